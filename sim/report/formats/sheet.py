"""A table of values, which every format is written from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Sheet:
    """A table of values: `name` of a file or a tab, `title` for readers, `header` of column names, rows of numbers,
    words, True, False and None; `notes` are sentences below it."""

    name: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[str, ...] = field(default=())
