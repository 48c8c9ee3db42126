"""What a report holds, as values: pages of sections of tables, pictures and sentences. Writers make text of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its `text`, and the `value` of the JSON that it was made of; None where it is words."""

    text: str
    value: int | float | str | None = None


@dataclass(frozen=True)
class Table:
    """A table with a `caption` above it; the columns in `right` are aligned to the right. `notes` stand below."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    right: tuple[int, ...] = ()
    caption: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Image:
    """A picture: the `name` of its file, what it shows in a few words and for those who cannot see it, its bytes."""

    name: str
    title: str
    description: str
    content: bytes

    @property
    def media(self) -> str:
        """Its media type."""
        return {"svg": "image/svg+xml", "png": "image/png"}[self.name.rsplit(".", 1)[-1]]


@dataclass(frozen=True)
class Words:
    """A paragraph, or where there are several `items` a list of them."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """Text that is shown letter by letter, such as a file in `language`."""

    text: str
    language: str = "yaml"


Block = Table | Image | Words | Source


@dataclass(frozen=True)
class Section:
    """A part of a page with a title; the `key` is the same in every report."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Part:
    """One scenario or study: its name, what it asks in a sentence and as its file says, what came out, sections."""

    name: str
    question: str
    description: str
    answers: tuple[str, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Page:
    """A report: what comes first where there are several parts, and the parts."""

    title: str
    parts: tuple[Part, ...]
    first: tuple[Section, ...] = field(default=())


def section(key: str, title: str, blocks: Sequence[Block | None]) -> Section | None:
    """A section of the blocks that are there; None where none is."""
    kept = tuple(b for b in blocks if b is not None)
    return Section(key, title, kept) if kept else None


def words(*items: str) -> Words | None:
    """A paragraph or a list of the texts that are not empty; None where all are."""
    kept = tuple(t for t in items if t)
    return Words(kept) if kept else None


def number(value: float | None, digits: int, none: str = "-") -> Cell:
    """A figure with its thousands apart; `none` where there is none."""
    return Cell(none) if value is None else Cell(f"{value:,.{digits}f}", value)


def told(value: Any) -> Cell:
    """Words as a cell."""
    return Cell("" if value is None else str(value))
