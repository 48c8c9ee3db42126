"""Checksums of the program and of its data: results that are to be put together must come from the same ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import geodata

CODE = Path(__file__).parents[2]  # sim/


@dataclass(frozen=True)
class Checksums:
    """SHA-256 of the program's modules and of its data: tables and built files."""

    code: str
    data: str

    @property
    def both(self) -> str:
        return f"{self.code} {self.data}"


@lru_cache(maxsize=1)
def code_and_data() -> Checksums:
    """The checksums of this installation."""
    home = Path(geodata.__file__).parent
    data = [p for folder in ("tables", "built") for p in (home / folder).rglob("*") if p.is_file()]
    return Checksums(_of(CODE.rglob("*.py"), CODE), _of(data, home))


def of_file(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _of(paths: Iterable[Path], home: Path) -> str:
    """SHA-256 of files, by their names and contents."""
    whole = hashlib.sha256()
    for name, path in sorted((p.relative_to(home).as_posix(), p) for p in paths):
        whole.update(f"{name}\0{of_file(path)}\n".encode())
    return whole.hexdigest()
