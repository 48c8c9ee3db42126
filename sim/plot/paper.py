"""The sheet of paper around a map: title, legend, source, and text that is measured before it is set.

Places on paper are in points (1/72 inch) from the lower left corner. Names are never read as mathematics.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sim.plot.figure import drawable, page, tell_gap
from sim.plot.labels import Box
from sim.plot.look import PLAIN, Look
from sim.report.formats.lines import Style, closed_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Transform

MARGIN = 28.0
COLUMN = 236.0  # width of the text column beside a polar map
BREAKS = re.compile(r"[^\s-]*(?:-+|\s+|$)(?<=.)")  # words with what ends them: spaces or hyphens
INK, SOFT, FAINT, RED = "#1F2A33", "#55636E", "#8A97A1", "#B3121D"
MEASURE_DPI = 150


@dataclass(frozen=True)
class Entry:
    """One line of the legend; `style` None: a route that is not drawn, for the reason in `detail`; `shut`: one that is
    drawn no farther than to where it is closed."""

    label: str
    detail: str
    style: Style | None
    shut: bool = False


def clean(text: str, longest: int = 300) -> str:
    """One line of printable characters: control characters have no place in a picture, nor in XML."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


KERN, SPACE = 0.3, 0.5  # more than a word and a space add to a line beside the words, as shares of the size
_WIDTHS: dict[tuple[str, float, str, str], float] = {}  # of texts, measured once


class Paper:
    """A page of its own, or the axes of a reader, to write on in points.

    All places are shares of the page or of the axes, so that nothing moves against the rest when the figure is saved
    in another size or cut to what is drawn on it.
    """

    def __init__(self, look: Look = PLAIN) -> None:
        from matplotlib.transforms import Affine2D

        self.look = look
        self._widths = _WIDTHS
        self.taken: list[Box] = []  # where text stands beside or around the map
        self._boxes: dict[int, Box] = {}
        self._host: Any
        if look.ax is None:
            self.figure: Figure = page(look.size)
            self._host, frame = self.figure, self.figure.transFigure
            width, height = self.figure.get_size_inches()
        else:
            self._host, frame = look.ax, look.ax.transAxes
            self.figure = _root(look.ax)
            width, height = _emptied(look.ax)
        self.width, self.height = 72.0 * float(width), 72.0 * float(height)
        self.points: Transform = Affine2D().scale(1 / self.width, 1 / self.height) + frame

    @property
    def inset(self) -> bool:
        """True in the axes of a reader, where there is room for little text."""
        return self.look.ax is not None

    @property
    def texts(self) -> list[Any]:
        """All that is written, without the rims beneath it."""
        return [t for t in self._host.texts if t.get_gid() != "halo"]

    def add(self, artist: Any) -> None:
        """Put something on the paper that is in `points`."""
        self._host.add_artist(artist)
        artist.set_clip_on(False)

    def box_of(self, axes: Axes) -> Box:
        """Where axes lie on the paper, points."""
        return self._boxes[id(axes)]

    def size(self, text: str, size: float, weight: str = "normal", style: str = "normal") -> tuple[float, float]:
        """Width and height of text, points; lines apart by newlines."""
        lines = text.split("\n")
        return max(self._width(line, size, weight, style) for line in lines), size * (1.2 * len(lines) - 0.05)

    def _width(self, line: str, size: float, weight: str, style: str) -> float:
        from matplotlib.font_manager import FontProperties

        key = line, size, weight, style
        if key not in self._widths:
            shown, families, _ = drawable(line)
            how: dict[str, Any] = {"family": list(families), "size": size, "weight": weight, "style": style}
            pixels = _measure().get_text_width_height_descent(shown, FontProperties(**how), False)[0]
            self._widths[key] = pixels * 72 / MEASURE_DPI
        return self._widths[key]

    def text(self, x: float, y: float, text: str, size: float, **how: Any) -> Any:
        """Text at a place in points."""
        halo = how.pop("halo", None)
        shown, families, _ = drawable(text)
        tell_gap(text)
        style: dict[str, Any] = {"color": INK, "ha": "left", "va": "baseline", "linespacing": 1.2} | how
        style |= {"size": size, "transform": self.points, "parse_math": False, "family": list(families)}
        if halo:
            self._halo(x, y, shown, style | {"color": halo})
        return self._host.text(x, y, shown, **style)

    def _halo(self, x: float, y: float, shown: str, style: dict[str, Any]) -> None:
        """A pale rim beneath a text. It is a drawing of its own, so that the text itself stays text in a file."""
        from matplotlib.patheffects import Stroke
        from matplotlib.text import Text

        rim = Text(x, y, shown, gid="halo", **style)
        rim.set_path_effects([Stroke(linewidth=2.2, foreground=style["color"])])
        self._host.add_artist(rim)

    def line(self, xs: Sequence[float], ys: Sequence[float], **how: Any) -> Any:
        """A line through places in points."""
        from matplotlib.lines import Line2D

        out = Line2D(xs, ys, transform=self.points, **how)
        self.add(out)
        return out

    def axes(self, box: Box) -> Axes:
        """Axes without frame or ticks in a box in points."""
        x0, y0, x1, y1 = box
        share = x0 / self.width, y0 / self.height, (x1 - x0) / self.width, (y1 - y0) / self.height
        out: Axes = self._host.inset_axes(share, zorder=0) if self.inset else self.figure.add_axes(share)
        out.set_axis_off()
        self._boxes[id(out)] = box
        return out

    def fitted(self, text: str, width: float, sizes: Sequence[float], lines: int, weight: str = "normal") -> Fitted:
        """Text broken to a width, in the first of the sizes that needs no more than so many lines."""
        for size in sizes:
            broken = self.broken(text, width, size, weight)
            if len(broken) <= lines and (size == sizes[-1] or self._whole(text, width, size, weight)):
                return Fitted(self._balanced(text, width, size, weight, broken), size)
        return Fitted([*broken[: lines - 1], self.elided(broken[lines - 1] + "…", width, size, weight)], size)

    def _balanced(self, text: str, width: float, size: float, weight: str, broken: list[str]) -> list[str]:
        """The same number of lines, none of them a single word where that can be helped."""
        for share in (0.72, 0.79, 0.86, 0.93):
            trial = self.broken(text, share * width, size, weight)
            whole = all(self.size(word, size, weight)[0] <= share * width for word in text.split())
            if whole and 1 < len(trial) == len(broken):
                return trial
        return broken

    def elided(self, text: str, width: float, size: float, weight: str = "normal") -> str:
        """Text as it is, or its beginning and an ellipsis where it is wider than a width."""
        if self.size(text, size, weight)[0] <= width:
            return text
        text = text.rstrip("…")
        room = width - self.size("…", size, weight)[0]
        return text[: self._fit(text, room, size, weight)].rstrip() + "…"

    def _fit(self, text: str, width: float, size: float, weight: str) -> int:
        """How many characters of a text fit in a width."""
        return bisect_right(range(1, len(text) + 1), width, key=lambda n: self.size(text[:n], size, weight)[0])

    def _whole(self, text: str, width: float, size: float, weight: str) -> bool:
        """True if no word is wider than a width."""
        return all(self.size(word.rstrip(), size, weight)[0] <= width for word in BREAKS.findall(text))

    def broken(self, text: str, width: float, size: float, weight: str = "normal") -> list[str]:
        """Lines no wider than a width: broken at spaces, else after hyphens, else within a word."""
        out: list[str] = []
        line, most = "", 0.0  # and what it is at most as wide as, by its words: few lines have to be measured
        words = re.findall(r"\S+\s*", text)
        narrow = [self.size(word.rstrip(), size, weight)[0] <= width for word in words]
        for word in (p for w, n in zip(words, narrow, strict=True) for p in ([w] if n else BREAKS.findall(w))):
            trial, bare = line + word, word.rstrip()
            room = self.size(bare, size, weight)[0] + (KERN + SPACE * (len(word) - len(bare))) * size
            if most + room <= width or self.size(trial.rstrip(), size, weight)[0] <= width:
                line, most = trial, most + room
                continue
            out += [line.rstrip()] if line else []
            line, most = word, room
            while len(line) > 1 and self.size(line.rstrip(), size, weight)[0] > width:
                cut = max(self._fit(line, width, size, weight), 1)
                out.append(line[:cut])
                line = line[cut:]
        return [*out, line.rstrip()] if line.strip() or not out else out


@lru_cache(maxsize=1)
def _measure() -> Any:
    """A renderer that text is measured with, whatever a reader's figure is drawn by."""
    from matplotlib.backends import backend_agg

    agg: Any = backend_agg
    return agg.RendererAgg(8, 8, MEASURE_DPI)


def _root(axes: Axes) -> Figure:
    """The figure that axes lie on, at last."""
    found: Any = axes.figure
    while getattr(found, "figure", found) is not found:
        found = found.figure
    return found  # type: ignore[no-any-return]


def _emptied(axes: Axes) -> tuple[float, float]:
    """Axes without frame and ticks that keep their shape; returns their width and height, inches."""
    root = _root(axes)
    box = axes.get_window_extent()
    width, height = box.width / root.dpi, box.height / root.dpi
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_box_aspect(height / width)
    return width, height


@dataclass(frozen=True)
class Fitted:
    """Lines of text and the size in which they fit."""

    lines: list[str]
    size: float


def frame_below(paper: Paper, title: str, subtitle: str, source: str, entries: Sequence[Entry]) -> Box:
    """Title above, legend and source below; returns the box that is left for the map.

    In the axes of a reader the words are small, and a line each.
    """
    small = paper.inset
    left = 4.0 if small else MARGIN
    wide = (paper.width - 2 * left) * (0.97 if small else 1.0)  # letters are wider on some screens than measured
    titles, rows_most = ((11, 10, 9, 8), 1) if small else ((19, 17, 15, 13), 2)
    y = paper.height - (2.0 if small else 12.0)
    y = _lines(
        paper, paper.fitted(clean(paper.look.title or title), wide, titles, rows_most, "bold"), left, y, weight="bold"
    )
    y = _lines(paper, paper.fitted(subtitle, wide, (7,) if small else (10, 9, 8), rows_most), left, y - 3, color=SOFT)
    credit = paper.fitted(source, wide, (5.5,) if small else (6.5, 6), rows_most)
    bottom = (2.0 if small else 11.0) + 8.0 * len(credit.lines)
    _lines(paper, credit, left, bottom, color=FAINT)
    size = 7.0 if small else 9.0 if len(entries) <= 8 else 7.5
    widths = [_entry_width(paper, e, size) for e in entries]
    columns = max(1, min(len(entries), int(wide // (max(widths, default=wide) + 22))))
    rows = -(-len(entries) // columns)
    columns = -(-len(entries) // max(rows, 1)) or 1  # rows of one length, as far as possible
    step = size * 1.85
    used = max(widths, default=0.0) + 22
    first = left + (wide - used * columns + 22) / 2 if columns > 1 or len(entries) == 1 else left
    for k, entry in enumerate(entries):
        column, row = k % columns, k // columns
        _entry(paper, entry, max(first, left) + column * used, bottom + 11 + (rows - 1 - row) * step, size, wide)
    return left, bottom + 10 + rows * step + (4 if small else 14), paper.width - left, y - 6


def frame_beside(paper: Paper, title: str, subtitle: str, source: str, entries: Sequence[Entry]) -> Box:
    """All text in a column to the left; returns the box that is left for the map."""
    y = paper.height - 34.0
    title = clean(paper.look.title or title)
    y = _lines(paper, paper.fitted(title, COLUMN, (21, 18, 16, 14, 12), 4, "bold"), MARGIN, y, weight="bold")
    y = _lines(paper, paper.fitted(subtitle, COLUMN, (10, 9, 8), 6), MARGIN, y - 5, color=SOFT)
    credit = paper.fitted(source, COLUMN, (6.5, 6), 6)
    foot = 20.0 + 8.0 * len(credit.lines)
    _lines(paper, credit, MARGIN, foot, color=FAINT)
    y -= 10
    room = (y - 12 - foot - 10) / max(len(entries), 1)
    size = 9.5 if room >= 34 else 8.5 if room >= 26 else 7.0
    for entry in entries:
        y -= 22 if size > 9 else min(room * 0.62, 18)
        rows = _entry(paper, entry, MARGIN, y, size, COLUMN, stacked=True)
        y -= 1.2 * size * (rows - 1)
        y -= 13 if size > 9 else min(room * 0.38, 11)
    return MARGIN + COLUMN + 8, 8.0, paper.width - 8, paper.height - 8


def _lines(paper: Paper, fitted: Fitted, x: float, top: float, **how: Any) -> float:
    """Set lines downward from a height; returns the height below them."""
    for line in fitted.lines:
        top -= fitted.size * 1.0
        paper.text(x, top, line, fitted.size, **how)
        width = paper.size(line, fitted.size, how.get("weight", "normal"))[0]
        paper.taken.append((x, top - 0.25 * fitted.size, x + width, top + fitted.size))
        top -= fitted.size * 0.24
    return top


SAMPLE = 40.0  # length of the line sample in a legend entry


def _entry_width(paper: Paper, entry: Entry, size: float) -> float:
    label = paper.size(entry.label, size, "bold")[0]
    return SAMPLE + 8 + label + 8 + paper.size(entry.detail, size)[0]


def _entry(paper: Paper, entry: Entry, x: float, y: float, size: float, wide: float, stacked: bool = False) -> int:
    """A sample of the route's line, its name, and its figures after the name or, stacked, in rows beneath it.

    Returns how many rows.
    """
    middle = y + 0.36 * size
    at = x + SAMPLE + 8
    room = wide - SAMPLE - 8
    wide = room if stacked else 0.5 * room
    fits = (s for s in (size, size - 0.8, size - 1.6) if paper.size(entry.label, s, "bold")[0] <= wide)
    named = next(fits, size)
    label = paper.elided(entry.label, wide, named, "bold")
    width = paper.size(label, named, "bold")[0]
    if entry.style is None:
        paper.line([x, x + SAMPLE], [middle, middle], color=FAINT, lw=1.6, alpha=0.7)
        paper.line([at - 2, at + width + 2], [middle, middle], color=SOFT, lw=1.0, zorder=5)
    else:
        style = closed_style(entry.style) if entry.shut else entry.style
        how = {"color": style.colour, "lw": style.width, "ls": style.dash}
        end = x + SAMPLE - (7 if entry.shut else 0)
        paper.line([x, end], [middle, middle], dash_capstyle="butt", solid_capstyle="butt", **how)
        if entry.shut:
            paper.line([end + 2], [middle], marker="x", ms=6, mew=1.8, color=RED)
    paper.text(at, y, label, named, weight="bold", color=INK if entry.style else FAINT)
    grey = SOFT if entry.style else FAINT
    rows = [entry.detail]
    if entry.style is None or entry.shut:
        rows = paper.fitted(entry.detail, room, (size - 0.5,), 2).lines
    if stacked:
        widest = max(width, *(paper.size(row, size - 0.5)[0] for row in rows))
        paper.taken.append((x, y - (1.35 * len(rows) + 0.3) * size, at + widest, y + size))
        for row, detail in enumerate(rows):
            paper.text(at, y - (1.35 + 1.2 * row) * size, detail, size - 0.5, color=grey)
    else:
        detail = paper.elided(entry.detail, room - width - 8, size)
        paper.text(at + width + 8, y, detail, size, color=grey)
    return len(rows)
