"""The command `northabout`. `main` is its entry point; what it needs is imported when it runs."""

from __future__ import annotations

import gc

COLLECT_AFTER = 1_000_000  # objects: a command makes few circles, and to look for them takes more than they hold


def main() -> None:
    """Run the command of `sys.argv` and exit with the documented code."""
    gc.set_threshold(COLLECT_AFTER, 20, 20)
    from sim.cli.app import main as run

    try:
        run()
    finally:
        gc.freeze()  # else all that a command made is gone through once more before the process ends
