"""A report as Markdown; its pictures are files beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sim.report.page.sections import Block, Image, Page, Part, Section, Source, Table

ESCAPED: Final = frozenset("\\|*_`<>[]#~&$")


def page_markdown(page: Page) -> str:
    """The text. Pictures are named, `page_images` has them."""
    several = len(page.parts) > 1
    lines = [f"# {escaped(page.title)}", ""] if several else []
    for one in page.first:
        lines += _section(one, 2)
    for part in page.parts:
        lines += _part(part, 2 if several else 1)
    return "\n".join(lines).rstrip() + "\n"


def page_images(page: Page) -> dict[str, bytes]:
    """The pictures of a page by the names of their files."""
    sections = [*page.first, *(s for p in page.parts for s in p.sections)]
    return {b.name: b.content for s in sections for b in s.blocks if isinstance(b, Image)}


def _part(part: Part, level: int) -> list[str]:
    lines = [f"{'#' * level} {escaped(part.name)}", "", paragraph(part.question), ""]
    lines += [paragraph(part.description), ""] if part.description else []
    lines += [*(f"- {paragraph(a)}" for a in part.answers), ""] if part.answers else []
    for one in part.sections:
        lines += _section(one, level + 1)
    return lines


def _section(section: Section, level: int) -> list[str]:
    lines = [f"{'#' * level} {escaped(section.title)}", ""]
    for block in section.blocks:
        lines += [*_block(block), ""]
    return lines


def _block(block: Block) -> list[str]:
    if isinstance(block, Table):
        above = [f"**{escaped(block.caption)}**", ""] if block.caption else []
        lines = table_lines(block.header, [[c.text for c in row] for row in block.rows], block.right)
        return [*above, *lines, *(x for note in block.notes for x in ("", paragraph(note)))]
    if isinstance(block, Image):
        return [f"![{escaped(block.title)}]({block.name})"]
    if isinstance(block, Source):
        fence = "`" * max(3, 1 + max((len(run) for run in _ticks(block.text)), default=0))
        return [f"{fence}{block.language}", *block.text.rstrip("\n").split("\n"), fence]
    return [paragraph(block.items[0])] if len(block.items) == 1 else [f"- {paragraph(item)}" for item in block.items]


def _ticks(text: str) -> list[str]:
    """Runs of back quotes in a text."""
    return "".join(c if c == "`" else " " for c in text).split()


def table_lines(header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """A table of texts, which are escaped."""
    rule = "|" + "|".join("---:" if k in right else "---" for k in range(len(header))) + "|"
    return [_row(header), rule, *map(_row, rows)]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(map(escaped, cells)) + " |"


def escaped(text: str) -> str:
    """Text on one line that Markdown shows as it is within a line: in a cell, a title, a link."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return "".join(f"\\{c}" if c in ESCAPED else c for c in flat)


def paragraph(text: str) -> str:
    """The same at the beginning of a line, where a sign or a number with a point would begin a list."""
    out = escaped(text)
    digits = len(out) - len(out.lstrip("0123456789"))
    if out[:1] in ("-", "+", "=") or (digits and out[digits : digits + 1] in (".", ")")):
        return f"{out[:digits]}\\{out[digits:]}"
    return out
