"""Text for a terminal: tables, wrapped lines, signed figures, positions."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from html import escape
from typing import Any, Final

WIDTH: Final = 100  # columns of text in files and pipes
NARROWEST, WIDEST = 60, 140  # columns of text in a terminal
_columns: ContextVar[int] = ContextVar("columns", default=WIDTH)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def width() -> int:
    """Columns that text takes: `WIDTH`, or those of the terminal that the command prints to."""
    return _columns.get()


def fit(columns: int) -> None:
    """Make text as wide as a terminal, from `NARROWEST` to `WIDEST`."""
    _columns.set(min(max(columns, NARROWEST), WIDEST))


@contextmanager
def as_in_files() -> Iterator[None]:
    """Text as wide as in files, whatever terminal looks on: a file has the same bytes everywhere."""
    before = _columns.set(WIDTH)
    try:
        yield
    finally:
        _columns.reset(before)


def text_table(header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """A table of aligned columns; columns in `right` are aligned to the right.

    In a terminal narrower than `WIDTH` a table that is too wide for it has one blank between its columns, not two. Own
    and not rich's, which pads every line, reads "[nsr]" in a name as markup and takes 0.1 s more to start.
    """
    widths = [max(len(str(line[k])) for line in [header, *rows]) for k in range(len(header))]
    tight = width() < WIDTH and sum(widths) + 2 * (len(widths) - 1) > width()

    def one(line: Sequence[str]) -> str:
        padded = zip(line, widths, strict=True)
        cells = [str(v).rjust(w) if k in right else str(v).ljust(w) for k, (v, w) in enumerate(padded)]
        return (" " if tight else "  ").join(cells).rstrip()

    return "\n".join([one(header), one(["-" * w for w in widths]), *[one(r) for r in rows]])


def table_blocks(columns: Sequence[Sequence[Sequence[str]]], first: Sequence[str]) -> list[str]:
    """Tables side by side no wider than `width()`: `columns` are groups of columns that stay together, each column with
    its header; `first` is the column that begins every table. All but the first are aligned to the right."""
    start = max(map(len, first))
    blocks: list[list[Sequence[str]]] = [[]]
    used = start
    for group in columns:
        wide = sum(2 + max(map(len, column)) for column in group)
        if blocks[-1] and used + wide > width():
            blocks.append([])
            used = start
        blocks[-1] += group
        used += wide
    return [
        text_table(
            [first[0], *(c[0] for c in block)],
            [[name, *(c[k] for c in block)] for k, name in enumerate(first) if k],
            right=range(1, len(block) + 1),
        )
        for block in blocks
    ]


def wrapped(text: str, first: str = "", rest: str = "  ", max_lines: int | None = None) -> list[str]:
    """A text as lines of at most `width()` columns; words such as ids are not broken."""
    how: dict[str, Any] = {"break_on_hyphens": False, "max_lines": max_lines, "placeholder": " ..."}
    return textwrap.wrap(text, width=width(), initial_indent=first, subsequent_indent=rest, **how)


def signed(value: float, digits: int) -> str:
    """A difference with its sign, and 0 without one."""
    text = f"{value:+,.{digits}f}"
    return f"{0:.{digits}f}" if float(text.replace(",", "")) == 0 else text


def cut(text: str, longest: int) -> str:
    """A text that is at most `longest` characters long, with '...' where something is left out."""
    return text if len(text) <= longest else text[: longest - 3].rstrip() + "..."


def counted(number: float, noun: str) -> str:
    """A number with its noun: 1 day, 2 days."""
    return f"{number:g} {noun}{'' if number == 1 else 's'}"


def table_html(header: list[str], rows: list[list[str]]) -> str:
    """An HTML table of texts, which are escaped."""
    lines = ["<tr>" + "".join(f"<th>{escape(v)}</th>" for v in header) + "</tr>"]
    lines += ["<tr>" + "".join(f"<td>{escape(v)}</td>" for v in row) + "</tr>" for row in rows]
    return "<table>\n" + "\n".join(lines) + "\n</table>"
