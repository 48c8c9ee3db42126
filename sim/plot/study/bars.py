"""Pictures of bars: what decides, the tornado, and what a tonne of cargo costs and emits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from sim.plot.figure import FONT
from sim.plot.labels import Box
from sim.plot.look import PLAIN, Look
from sim.plot.paper import FAINT, INK, SOFT, Paper, clean
from sim.plot.study.sheet import GRID, TICK, Words, begun, boxes, entries_of, panel, route_styles, words_of
from sim.report.formats.lines import Style
from sim.report.study.views import value_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.study.findings.cargo import PerTonne
    from sim.study.findings.decides import Decides
    from sim.study.findings.findings import Findings
    from sim.study.findings.tornado import Bar

NAMES: Final = {"open": "open or not", "days": "days", "saved_days": "days saved", "cost_usd": "cost"}
MOST_KEYS = 10
END_SIZE = 6.5  # of the words at the ends of a bar
KEY_WIDTH = 118.0  # points for the names of keys
MILLION = 1e6


def decides_words(found: Findings) -> Words:
    """The words of the picture of what decides."""
    more = "Solid: what a key decides alone (first order); pale: with all that it does together with others (total)."
    return words_of(found, "What decides: shares of the variance", more, found.draws)


def draw_decides(found: Findings, look: Look = PLAIN) -> Figure:
    """A column an alternative, a row a figure: bars of the keys' shares with their intervals."""
    shown = [d for d in found.decides if d.keys]
    style = route_styles(found)
    figures = [f for f in NAMES if any(d.figure == f for d in shown)]
    labels = [a for a in found.plan.alternatives if any(d.alternative == a for d in shown)]
    source = "Lines: 95 % intervals of a bootstrap. First order: Saltelli et al. 2010; total order: Jansen 1999."
    paper, room = begun(decides_words(found), source, entries_of(labels, style), look=look)
    at = {(d.figure, d.alternative): d for d in found.decides}
    places = boxes(room, len(figures), len(labels), left=KEY_WIDTH, gap_x=26)
    for k, box in enumerate(places):
        figure, label = figures[k // len(labels)], labels[k % len(labels)]
        if (d := at.get((figure, label))) is not None and d.untold is not None:
            paper.text(box[0], box[3] + 5, f"{clean(label, 30)}: {NAMES[figure]}", 8.5, color=SOFT)
            for row, line in enumerate(paper.broken(f"not told: {d.untold.value}", box[2] - box[0], 8.0)):
                paper.text(box[0], box[3] - 12 - 11 * row, line, 8.0, color=SOFT)
        elif d is not None:
            used = f", {d.rows_used:,} of {d.rows:,} rows" if d.rows_used < d.rows else ""
            axes = panel(paper, box, f"{clean(label, 30)}: {NAMES[figure]}{used}")
            _shares(axes, d, style[label])
        if k % len(labels) == 0:
            _names(paper, box, [v.key for v in found.plan.vary][:MOST_KEYS])
    return paper.figure


def _shares(axes: Axes, d: Decides, style: Style) -> None:
    keys = d.keys[:MOST_KEYS]
    axes.set_xlim(0, 1)
    axes.set_ylim(len(keys) - 0.5, -0.5)
    axes.set_yticks([])
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100 %"])
    axes.grid(axis="x", color=GRID, lw=0.6)
    for y, k in enumerate(keys):
        for value, low, high, at, alpha in (
            (k.first, k.first_low, k.first_high, y - 0.19, 0.95),
            (k.total, k.total_low, k.total_high, y + 0.19, 0.35),
        ):
            axes.barh(at, max(value, 0.0), 0.36, color=style.colour, alpha=alpha, lw=0)
            axes.plot([max(low, 0.0), min(max(high, 0.0), 1.0)], [at, at], color=INK, lw=0.9, zorder=3)


def _names(paper: Paper, box: Box, keys: Sequence[str]) -> None:
    """Names of keys to the left of a panel, in the order of its bars."""
    high = (box[3] - box[1]) / len(keys)
    size = min(8.0, 0.75 * high)
    for k, key in enumerate(keys):
        shown = paper.elided(clean(key, 60), KEY_WIDTH - 8, size)
        paper.text(box[0] - 6, box[3] - (k + 0.5) * high - 0.36 * size, shown, size, ha="right", color=SOFT)


def tornado_words(found: Findings) -> Words:
    """The words of the tornado."""
    more = "From the base to the key's low (pale) and its high (solid), all others as in the base."
    return words_of(found, "One key at a time: what moves the result", more, found.draws)


def draw_tornado(found: Findings, look: Look = PLAIN) -> Figure:
    """A column an alternative, a row a figure: bars from the base, the widest on top."""
    style = route_styles(found)
    figures = [f for f in NAMES if any(b.figure == f for b in found.tornado)]
    labels = [a for a in found.plan.alternatives if any(b.alternative == a for b in found.tornado)]
    source = (
        "Cost in million USD. At the ends of the bars: the values of the key; closed: the voyage does not arrive. "
        "Grey lines: how far its other values reach."
    )
    paper, room = begun(tornado_words(found), source, entries_of(labels, style), look=look)
    places = boxes(room, len(figures), len(labels), left=KEY_WIDTH, gap_x=KEY_WIDTH)
    for k, box in enumerate(places):
        figure, label = figures[k // len(labels)], labels[k % len(labels)]
        bars = [b for b in found.tornado if (b.figure, b.alternative) == (figure, label) and b.draws][:MOST_KEYS]
        if bars and bars[0].base is not None:
            base = bars[0].base / (MILLION if figure == "cost_usd" else 1)
            axes = panel(paper, box, f"{clean(label, 30)}: {NAMES[figure]}, base {base:,.2f}")
            _swings(paper, axes, box, bars, style[label])
            _names(paper, box, [b.key for b in bars])
        elif bars:
            paper.text(box[0], box[3] + 5, f"{clean(label, 30)}: {NAMES[figure]}, base closed", 8.5, color=FAINT)
    return paper.figure


def _swings(paper: Paper, axes: Axes, box: Box, bars: Sequence[Bar], style: Style) -> None:
    from matplotlib.ticker import MaxNLocator

    unit = MILLION if bars[0].figure == "cost_usd" else 1.0
    base = (bars[0].base or 0.0) / unit
    told = [_ends(b, base, unit) for b in bars]
    _room(paper, axes, box, [(_reach(b, base, unit), said) for b, said in zip(bars, told, strict=True)])
    axes.set_ylim(len(bars) - 0.5, -0.5)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4))
    axes.grid(axis="x", color=GRID, lw=0.6)
    for y, (b, said) in enumerate(zip(bars, told, strict=True)):
        inner = [base, *(v / unit for v in (b.low, b.high) if v is not None)]
        for end, bar in ((b.least, min(inner)), (b.greatest, max(inner))):
            if end is not None and abs(end / unit - bar) > 1e-9:
                axes.plot([end / unit, bar], [y, y], color=FAINT, lw=1.4, zorder=1.5)
        for figure, alpha in ((b.low, 0.4), (b.high, 0.95)):
            at = base if figure is None else figure / unit
            axes.barh(y, at - base, 0.62, left=base, color=style.colour, alpha=alpha, lw=0, zorder=2)
        for words, at, shift in zip(said, _reach(b, base, unit), (-3, 3), strict=True):
            how: dict[str, Any] = {"ha": "right" if shift < 0 else "left", "va": "center", "size": END_SIZE}
            how |= {"color": SOFT, "family": FONT, "parse_math": False, "clip_on": False}
            axes.annotate(words, (at, y), (shift, 0), textcoords="offset points", annotation_clip=False, **how)
    axes.axvline(base, color=INK, lw=1.0, zorder=3)


def _reach(b: Bar, base: float, unit: float) -> tuple[float, float]:
    """The ends of a bar and of the line of its other values."""
    ends = [base, *(v / unit for v in (b.low, b.high, b.least, b.greatest) if v is not None)]
    return min(ends), max(ends)


def _ends(b: Bar, base: float, unit: float) -> tuple[str, str]:
    """The values of a key to the left and to the right of its bar; nothing where they move nothing."""
    said: tuple[list[str], list[str]] = [], []
    sides = ((b.low, b.low_value, b.high), (b.high, b.high_value, b.low))
    for figure, value, other in sides if b.swing or b.closed else ():
        at = base if figure is None else figure / unit
        left = at < base or (at == base and other is not None and other / unit > base)
        said[0 if left else 1].append(value_text(value) + (": closed" if figure is None else ""))
    return ", ".join(said[0]), ", ".join(said[1])


def _room(paper: Paper, axes: Axes, box: Box, bars: Sequence[tuple[tuple[float, float], tuple[str, str]]]) -> None:
    """A scale on which all bars and the words at their ends have room."""
    low, high = min(r[0] for r, _ in bars), max(r[1] for r, _ in bars)
    left, right = (max(paper.size(said[k], END_SIZE)[0] for _, said in bars) + 8 for k in (0, 1))
    span = max(high - low, 0.02 * abs(low), 0.1)
    scale = span / max(box[2] - box[0] - left - right, 30.0)
    middle = (low + high) / 2
    axes.set_xlim(middle - span / 2 - left * scale, middle + span / 2 + right * scale)


def tonne_words(found: Findings) -> Words:
    """The words of the picture of a tonne of cargo."""
    return words_of(found, "Cost and CO2 of a tonne of cargo", "Median and range of 90 % of the open voyages.")


def draw_tonne(found: Findings, look: Look = PLAIN) -> Figure:
    """Left the cost, right the CO2: a line an alternative, in all and by ice class."""
    style = route_styles(found)
    source = "Figures: medians. Hollow: of some of the voyages the cost lacks a line, so that it is too low."
    labels = [a for a in found.plan.alternatives if any(p.alternative == a for p in found.per_tonne)]
    paper, room = begun(tonne_words(found), source, entries_of(labels, style), look=look)
    units = [u for u in ("usd", "kg") if any(p.unit == u for p in found.per_tonne)]
    places = boxes(room, 1, len(units), left=70, gap_x=40)
    for unit, box in zip(units, places, strict=True):
        own = [p for p in found.per_tonne if p.unit == unit and p.median is not None and p.group.decade is None]
        several = len({p.group.ice_class for p in own if p.group.ice_class is not None}) > 1
        own = [p for p in own if several or p.group.ice_class is None]
        own.sort(key=lambda p: (found.plan.alternatives.index(p.alternative),))
        axes = panel(paper, box, "USD per tonne of cargo" if unit == "usd" else "kg of CO2 per tonne of cargo")
        _ranges(axes, own, style)
        _row_names(paper, box, own, named=unit == units[0])
    return paper.figure


def _ranges(axes: Axes, own: Sequence[PerTonne], style: dict[str, Style]) -> None:
    axes.set_ylim(len(own) - 0.4, -0.6)
    axes.set_yticks([])
    axes.grid(axis="x", color=GRID, lw=0.6)
    axes.set_xlim(0, 1.14 * max(p.high or 0.0 for p in own))
    for y, p in enumerate(own):
        colour, whole = style[p.alternative].colour, p.group.ice_class is None
        axes.plot(
            [p.low or 0.0, p.high or 0.0],
            [y, y],
            color=colour,
            lw=7 if whole else 3.5,
            alpha=0.35,
            solid_capstyle="butt",
        )
        face = "white" if p.incomplete else colour
        axes.plot([p.median or 0.0], [y], "o", ms=7 if whole else 5, color=colour, mfc=face, mew=1.6, zorder=3)
        at = p.high or 0.0, y
        how: dict[str, Any] = {"size": TICK - 0.5, "color": SOFT, "family": FONT, "va": "center"}
        axes.annotate(f"{p.median:,.0f}", at, (4, -0.5), textcoords="offset points", **how)


def _row_names(paper: Paper, box: Box, own: Sequence[PerTonne], named: bool) -> None:
    high = (box[3] - box[1]) / (len(own) + 0.2)
    size = min(8.0, 0.75 * high)
    for k, p in enumerate(own if named else ()):
        whole = p.group.ice_class is None
        said = paper.elided(clean(p.alternative if whole else p.group.ice_class or "no class", 30), 62, size)
        y = box[3] - (k + 0.6) * high - 0.36 * size
        paper.text(box[0] - 6, y, said, size, ha="right", weight="bold" if whole else "normal", color=SOFT)
