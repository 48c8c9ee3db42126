"""A report as one HTML file: everything in it is inside the file, and every text is escaped."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import Final

from sim.report.page.sections import Block, Cell, Image, Page, Part, Section, Source, Table
from sim.report.page.write.style import STYLE

# no script runs, and nothing is fetched: a page that is mailed stays what it is
POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def page_html(page: Page) -> str:
    """The file. It asks for nothing from anywhere; the same page gives the same bytes."""
    several = len(page.parts) > 1
    head = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{_text(page.title)}</title>",
        f"<style>{STYLE}</style>",
        "</head>",
        "<body>",
    ]
    body = [f'<header><h1 dir="auto">{_text(page.title)}</h1></header>'] if several else []
    body += ["<nav><ul>", *_contents(page), "</ul></nav>"]
    body += [line for one in page.first for line in _section(one, "all", 2)]
    for k, part in enumerate(page.parts, 1):
        body += _part(part, f"p{k}", several)
    return "\n".join([*head, *body, "</body>", "</html>"]) + "\n"


def _contents(page: Page) -> list[str]:
    """Links to the sections of one part, or to the parts of several."""
    if len(page.parts) == 1:
        return [f'<li><a href="#p1-{s.key}">{_text(s.title)}</a></li>' for s in page.parts[0].sections]
    return [f'<li dir="auto"><a href="#p{k}">{_text(p.name)}</a></li>' for k, p in enumerate(page.parts, 1)]


def _part(part: Part, anchor: str, several: bool) -> list[str]:
    """A scenario or a study; one that stands among others begins on a new sheet of paper."""
    level = 2 if several else 1
    lines = [f'<article id="{anchor}">', f'<h{level} dir="auto">{_text(part.name)}</h{level}>']
    lines.append(f'<p class="question" dir="auto">{_text(part.question)}</p>')
    if part.description:
        lines.append(f'<p dir="auto">{_text(part.description)}</p>')
    if part.answers:
        lines += ['<ul class="answers">', *(f'<li dir="auto">{_text(a)}</li>' for a in part.answers), "</ul>"]
    for one in part.sections:
        lines += _section(one, anchor, level + 1)
    return [*lines, "</article>"]


def _section(section: Section, anchor: str, level: int) -> list[str]:
    lines = [f'<section id="{anchor}-{section.key}" class="{section.key}">']
    lines.append(f"<h{level}>{_text(section.title)}</h{level}>")
    for block in section.blocks:
        lines += _block(block)
    return [*lines, "</section>"]


def _block(block: Block) -> list[str]:
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Image):
        data = b64encode(block.content).decode("ascii")
        source = f'src="data:{block.media};base64,{data}" alt="{_text(block.description)}"'
        return [f"<figure><img {source}></figure>"]
    if isinstance(block, Source):
        return [f'<pre dir="ltr"><code>{_text(block.text)}</code></pre>']
    return _words(block.items)


def _words(items: tuple[str, ...]) -> list[str]:
    if len(items) == 1:
        return [f'<p dir="auto">{_text(items[0])}</p>']
    return ["<ul>", *(f'<li dir="auto">{_text(item)}</li>' for item in items), "</ul>"]


def _table(table: Table) -> list[str]:
    """A table that may be scrolled where the window is narrow; its head is repeated on every sheet of paper."""
    wide = " wide" if len(table.header) > WIDE else ""
    lines = [f'<div class="scroll" tabindex="0"><table class="data{wide}">']
    if table.caption:
        lines.append(f'<caption dir="auto">{_text(table.caption)}</caption>')
    side = dict.fromkeys(table.right, ' class="n"')
    heads = (f'<th scope="col" dir="auto"{side.get(k, "")}>{_cell(Cell(t))}</th>' for k, t in enumerate(table.header))
    lines += ["<thead>", f"<tr>{''.join(heads)}</tr>", "</thead>", "<tbody>"]
    for row in table.rows:
        cells = [f'<th scope="row" dir="auto">{_cell(row[0])}</th>']
        cells += [f'<td dir="auto"{side.get(k) or _wordy(c)}>{_cell(c)}</td>' for k, c in enumerate(row) if k]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines += ["</tbody>", "</table></div>"]
    return lines + [line for note in table.notes for line in _words((note,))]


WIDE: Final = 7  # columns of a table that is set in smaller letters
SHORT: Final = 11  # letters of a cell on one line, such as a date
SENTENCE: Final = 60  # letters of a cell that has a column of some width
LONGEST: Final = 22  # letters of a word that is not broken in a cell


def _wordy(cell: Cell) -> str:
    """The class of a cell with a sentence in it, which is not to be squeezed, and of a short one, which stays whole."""
    return ' class="t"' if len(cell.text) > SENTENCE else ' class="s"' if len(cell.text) <= SHORT else ""


def _cell(cell: Cell) -> str:
    """A figure carries the value that it was made of."""
    if cell.value is None:
        long = any(len(word) > LONGEST for word in cell.text.split())
        return f'<span class="long">{_text(cell.text)}</span>' if long else _text(cell.text)
    return f'<data value="{_text(str(cell.value))}">{_text(cell.text)}</data>'


def _text(text: str) -> str:
    """Text as HTML shows it: escaped, without control characters, which HTML does not allow."""
    return escape("".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text))
