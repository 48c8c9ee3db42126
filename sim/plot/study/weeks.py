"""Pictures of a year of weeks: the fan of days at sea, and how probable it is that a route is open."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from sim.plot.labels import Box
from sim.plot.look import PLAIN, Look
from sim.plot.paper import SOFT, Paper, clean
from sim.plot.study.sheet import (
    CAPTION,
    GRID,
    Words,
    begun,
    boxes,
    entries_of,
    months_below,
    panel,
    percents,
    route_styles,
    week_days,
    words_of,
)
from sim.report.formats.lines import Style
from sim.report.study.views import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.study.findings.findings import Findings
    from sim.study.findings.openness import Fan, Open

STRIP = 13.0  # points: height of the strip that shows the share open
MOST_ROWS = 3  # panels below each other before they stand side by side
CAUSES: Final = (("by_ice", "ice"), ("by_rule", "rule"), ("by_both", "both"), ("by_other", "other"))
CAUSE_COLOURS: Final = {"ice": "#9CC3DA", "rule": "#AEB4B9", "both": "#5B6B78", "other": "#E4D9C4"}
FAN_SOURCE = (
    "Bands: 5 to 95 % and 25 to 75 % of the open voyages; line: median. Strip: share of the draws that is open."
)


def fan_words(found: Findings) -> Words:
    """The words of the picture of fans."""
    return words_of(found, "Days at sea by week of departure", "Of the voyages that are open.")


def draw_fans(found: Findings, look: Look = PLAIN) -> Figure:
    """A panel an alternative: bands of days at sea over the year, and below it the share open."""
    style = route_styles(found)
    labels = [a for a in found.plan.alternatives if any(f.alternative == a and f.open.count for f in found.fans)]
    paper, room = begun(fan_words(found), FAN_SOURCE, look=look)
    columns = 1 if len(labels) <= MOST_ROWS else 2
    values = [d for f in found.fans for d in f.days if d is not None]
    low, high = min(values), max(values)
    pad = max(0.06 * (high - low), 0.5)
    places = boxes(room, -(-len(labels) // columns), columns, gap_x=44.0)
    for label, box in zip(labels, places, strict=False):
        upper = (box[0], box[1] + STRIP + 3, box[2], box[3])
        strip = (box[0], box[1], box[2], box[1] + STRIP)
        own = [f for f in found.fans if f.alternative == label]
        count, of = sum(f.open.count for f in own), sum(f.open.draws for f in own)
        axes = panel(paper, upper, f"{clean(label, 40)}: days at sea; open in {percent(count / of)} % of the draws")
        axes.set_ylim(low - pad, high + pad)
        axes.grid(axis="y", color=GRID, lw=0.6, zorder=0.5)
        months_below(paper, axes, upper, named=False)
        axes.tick_params(axis="x", length=0)
        axes.spines["bottom"].set_visible(False)
        for run in _runs(own):
            _fan(axes, run, style[label])
        _strip(paper, strip, own, style[label])
    return paper.figure


def _runs(fans: list[Fan]) -> list[list[Fan]]:
    """Weeks in a row with an open voyage."""
    there = [f for f in fans if f.days[2] is not None]
    cuts = [0, *(k + 1 for k, (a, b) in enumerate(pairwise(there)) if b.week != a.week + 1), len(there)]
    return [there[a:b] for a, b in pairwise(cuts) if b > a]


def _fan(axes: Axes, run: list[Fan], style: Style) -> None:
    """Bands through the middles of weeks, level over the halves at the ends."""
    ends = [week_days(f.week) for f in run]
    x = [ends[0][0], *((a + b) / 2 for a, b in ends), ends[-1][1]]
    days = [[d if d is not None else float("nan") for d in f.days] for f in (run[0], *run, run[-1])]
    for low, high, alpha in ((0, 4, 0.18), (1, 3, 0.38)):
        how: dict[str, Any] = {"color": style.colour, "alpha": alpha, "lw": 0, "zorder": 2}
        axes.fill_between(x, [d[low] for d in days], [d[high] for d in days], **how)
    axes.plot(x, [d[2] for d in days], color=style.colour, lw=1.8, zorder=3, solid_capstyle="butt")


def _strip(paper: Paper, box: Box, fans: list[Fan], style: Style) -> None:
    axes = panel(paper, box)
    months_below(paper, axes, box)
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 1], ["", "100 %"])
    axes.tick_params(axis="y", labelsize=6)
    for f in fans:
        start, stop = week_days(f.week)
        axes.bar(start, f.open.share or 0.0, stop - start, align="edge", color=style.colour, alpha=0.75, lw=0)


def open_words(found: Findings) -> Words:
    """The words of the picture of what is open."""
    return words_of(found, "How probable it is that a route is open, and what closes it", "By week of departure.")


def draw_open(found: Findings, look: Look = PLAIN) -> Figure:
    """Above: the probability of each alternative over the year. Below: what closes those that are not always open."""
    style = route_styles(found)
    labels = list(found.plan.alternatives)
    whole = {o.alternative: o for o in found.open if o.group == type(o.group)()}
    told = [f"{percent(whole[a].open.share)} %" for a in labels]
    source = (
        "Bands: 95 % intervals of Wilson, where a route is not always open or closed. Below: what closes the route, in "
        "shares of all draws of the week."
    )
    paper, room = begun(open_words(found), source, entries_of(labels, style, told), look=look)
    weeks = [o for o in found.open if o.group.week]
    shut = [a for a in labels if whole[a].open.count < whole[a].open.draws][:3]
    places = boxes(room, 1 + len(shut), 1)
    axes = panel(paper, places[0], "Probability that the route is open")
    percents(axes)
    axes.set_ylim(0, 1.02)
    months_below(paper, axes, places[0])
    for label in labels:
        own = [o for o in weeks if o.alternative == label and o.group.ice_class is None]
        _line(axes, own, style[label])
    for label, box in zip(shut, places[1:], strict=True):
        _causes(
            paper, box, label, [o for o in weeks if o.alternative == label and o.group.ice_class is None], style[label]
        )
    return paper.figure


def _line(axes: Axes, own: list[Open], style: Style) -> None:
    middles = [sum(week_days(int(o.group.week or 1))) / 2 for o in own]
    low, share, high = ([getattr(o.open, n) or 0.0 for o in own] for n in ("low", "share", "high"))
    if 0 < sum(o.open.count for o in own) < sum(o.open.draws for o in own):  # the others would hide these
        axes.fill_between(middles, low, high, color=style.colour, alpha=0.16, lw=0, zorder=2)
    axes.plot(middles, share, color=style.colour, lw=style.width, ls=style.dash, zorder=3, clip_on=False)


def _causes(paper: Paper, box: Box, label: str, own: list[Open], style: Style) -> None:
    """Stacked shares of the weeks: open, and closed by what."""
    axes = panel(paper, box, f"{clean(label, 40)}: what closes it")
    percents(axes)
    months_below(paper, axes, box)
    for o in own:
        start, stop = week_days(int(o.group.week or 1))
        base, n = 0.0, max(o.open.draws, 1)
        for field, cause in CAUSES:
            share = getattr(o, field) / n
            axes.bar(start, share, stop - start, bottom=base, align="edge", color=CAUSE_COLOURS[cause], lw=0, zorder=2)
            base += share
        axes.bar(
            start, 1 - base, stop - start, bottom=base, align="edge", color=style.colour, alpha=0.22, lw=0, zorder=2
        )
    _key(paper, box, style)


def _key(paper: Paper, box: Box, style: Style) -> None:
    """What the colours mean, to the right above the panel."""
    from matplotlib.patches import Rectangle

    x = box[2]
    for name, colour, alpha in [("open", style.colour, 0.22), *((c, CAUSE_COLOURS[c], 1.0) for _, c in CAUSES[::-1])]:
        x -= paper.size(name, CAPTION - 1)[0]
        paper.text(x, box[3] + 5, name, CAPTION - 1, color=SOFT)
        x -= 11
        how: dict[str, Any] = {"fc": colour, "alpha": alpha, "lw": 0, "transform": paper.points}
        paper.add(Rectangle((x, box[3] + 4.5), 8, 7, **how))
        x -= 12
