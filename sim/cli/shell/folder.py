"""The folder of `--out`: filled, and what was removed from it and left in it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sim.cli.output import say
from sim.errors import SHOWN


def fill(folder: Path, files: Mapping[str, bytes], command: str, source: str) -> None:
    """Write the files of a command; see `sim.report.formats.folder.fill_folder`. Raises UsageError."""
    from sim.report.formats.folder import fill_folder

    done = fill_folder(folder, files, command, source)
    say(f"wrote {', '.join(done.written)} to {folder}")
    if done.removed:
        say(f"removed {', '.join(done.removed)} of an earlier run from {folder}")
    if done.foreign:
        say(f"left as it is in {folder}, not of this run: {_some(done.foreign)}")


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
