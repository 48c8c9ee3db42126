"""The command `northabout`. `main` is its entry point; what it needs is imported when it runs."""

from __future__ import annotations


def main() -> None:
    """Run the command of `sys.argv` and exit with the documented code."""
    from sim.cli.app import main as run

    run()
