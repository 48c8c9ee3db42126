"""The page of a picture of a study: its words, the colours of the routes, panels in rows and columns, cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sim.plot.figure import FONT
from sim.plot.labels import Box
from sim.plot.look import PLAIN, Look
from sim.plot.paper import FAINT, INK, SOFT, Entry, Paper, clean, frame_below
from sim.report.formats.lines import Style, styles_of
from sim.report.layout import MONTHS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.study.findings.findings import Findings

GRID: Final = "#D9E0E5"
SOURCE: Final = "Made by northabout."
LEFT, RIGHT, ABOVE, BELOW = 40.0, 12.0, 16.0, 18.0  # points around the panels of a page
GAP_X, GAP_Y = 26.0, 30.0  # between panels
CAPTION, TICK = 8.5, 7.5  # sizes of words
WEEK_DAYS, YEAR_DAYS = 7, 365
RAMP: Final = "YlGnBu"  # low to high, each step darker than the one before it, so that it reads in grey too
DARK: Final = 0.225  # share of the light of white; on less of it white ink stands out more than black


@dataclass(frozen=True)
class Words:
    """What a picture is called and what is told of it."""

    title: str
    subtitle: str


def words_of(found: Findings, what: str, more: str = "", draws: int | None = None) -> Words:
    """The title of a picture and the line beneath it; `draws` are those of the sample if absent."""
    plan = found.plan
    told = plan.description or plan.name
    drawn = f"{found.sample_draws if draws is None else draws:,} draws"
    end = "" if told.endswith((".", "?", "!")) else "."
    return Words(clean(what, 160), clean(f"{told}{end} {drawn}. {more}".strip(), 400))


def route_styles(found: Findings) -> dict[str, Style]:
    """How each alternative is drawn: the same in all pictures of a study."""
    labels = found.plan.alternatives
    return dict(zip(labels, styles_of(labels, found.plan.named), strict=True))


def begun(words: Words, source: str, entries: Sequence[Entry] = (), look: Look = PLAIN) -> tuple[Paper, Box]:
    """A page with its words and legend, and the box that is left on it, points."""
    paper = Paper(look)
    return paper, frame_below(paper, words.title, words.subtitle, clean(f"{SOURCE} {source}".strip(), 600), entries)


def entries_of(labels: Sequence[str], style: dict[str, Style], details: Sequence[str] = ()) -> list[Entry]:
    """Lines of the legend for routes."""
    told = details or [""] * len(labels)
    return [Entry(clean(a, 40), d, style[a]) for a, d in zip(labels, told, strict=True)]


def boxes(room: Box, rows: int, columns: int, left: float = LEFT, gap_x: float = GAP_X) -> list[Box]:
    """Panels of equal size in a room, row by row from the upper left."""
    x0, y0, x1, y1 = room[0] + left, room[1] + BELOW, room[2] - RIGHT, room[3] - ABOVE
    wide = (x1 - x0 - (columns - 1) * gap_x) / columns
    high = (y1 - y0 - (rows - 1) * GAP_Y) / rows
    lefts = [x0 + c * (wide + gap_x) for c in range(columns)]
    tops = [y1 - r * (high + GAP_Y) for r in range(rows)]
    return [(left, top - high, left + wide, top) for top in tops for left in lefts]


def panel(paper: Paper, box: Box, caption: str = "") -> Axes:
    """Axes with a line on the left and below, in the house's greys, and a caption above."""
    axes = paper.axes(box)
    axes.set_axis_on()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(FAINT)
    axes.set_axisbelow(True)
    axes.tick_params(length=3, color=FAINT, labelsize=TICK, labelcolor=SOFT, labelfontfamily=FONT)
    if caption:
        wide = box[2] - box[0] + 10
        paper.text(box[0], box[3] + 5, paper.elided(caption, wide, CAPTION, "bold"), CAPTION, weight="bold", color=SOFT)
    return axes


def months_below(paper: Paper, axes: Axes, box: Box, named: bool = True) -> None:
    """A year of weeks: months at their first days, named in their middles."""
    firsts = [(date(2023, m, 1) - date(2023, 1, 1)).days for m in range(1, 13)]
    axes.set_xlim(0, YEAR_DAYS)
    axes.set_xticks(firsts, [""] * 12)
    for first in firsts[1:]:
        axes.axvline(first, color=GRID, lw=0.5, zorder=0.4)
    narrow = (box[2] - box[0]) / 12 < 24
    for k, (first, after) in enumerate(zip(firsts, [*firsts[1:], YEAR_DAYS], strict=True) if named else ()):
        middle = box[0] + (box[2] - box[0]) * (first + after) / 2 / YEAR_DAYS
        paper.text(middle, box[1] - 11, MONTHS[k][:1] if narrow else MONTHS[k], TICK, ha="center", color=SOFT)


def week_days(week: int) -> tuple[float, float]:
    """First day of a week of departure and the day after its last, days of the year from 0."""
    return float((week - 1) * WEEK_DAYS), float(min(week * WEEK_DAYS, YEAR_DAYS))


def percents(axes: Axes) -> None:
    """A scale of 0 to 100 %."""
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    axes.grid(axis="y", color=GRID, lw=0.6, zorder=0.5)


def cell(paper: Paper, box: Box, share: float | None, said: str, size: float) -> None:
    """A cell of a heat map with a share 0 to 1, None without a value, and words in its middle."""
    from matplotlib.patches import Rectangle

    colour, ink = ("#F2F4F6", FAINT) if share is None else shade(share)
    x0, y0, x1, y1 = box
    patch: Any = Rectangle((x0, y0), x1 - x0, y1 - y0, fc=colour, ec="white", lw=0.8, transform=paper.points)
    paper.add(patch)
    if size > 0 and paper.size(said, size)[0] <= x1 - x0 - 1:
        paper.text((x0 + x1) / 2, (y0 + y1) / 2 - 0.36 * size, said, size, ha="center", color=ink)


def shade(share: float) -> tuple[str, str]:
    """Colour of a share 0 to 1, and of the ink that can be read on it."""
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    red, green, blue, _ = colormaps[RAMP](min(max(share, 0.0), 1.0))
    light = 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2
    return to_hex((red, green, blue)), INK if light > DARK else "white"
