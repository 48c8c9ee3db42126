"""What the world is: tables with a source on every row and binaries that `geodata.build` makes from raw sources."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
TABLES = FOLDER / "tables"


def table(name: str) -> Path:
    """Path of a table."""
    return TABLES / name


def binary(name: str) -> Path:
    """Path of a built file."""
    return FOLDER / "built" / name
