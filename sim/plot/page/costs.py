"""The parts of the cost of each alternative as bars, from the ledgers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sim.errors import UsageError
from sim.plot.look import PLAIN, Look
from sim.plot.paper import INK, SOFT, Entry, Paper, clean, frame_below
from sim.plot.study.sheet import GRID, panel
from sim.report.formats.lines import Style
from sim.report.reasons import sailed_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.economy.ledger import Ledger
    from sim.scenario.compare import Comparison

MOST_PARTS: Final = 8  # that have a colour of their own
OTHER: Final = "all other lines"
MILLION: Final = 1e6
LEFT, RIGHT = 128.0, 92.0  # points for the names of the alternatives, and for the totals
# none is that of a route; warm and cool by turns; the last is that of all other lines
COLOURS: Final = ("#77AADD", "#EE8866", "#44BB99", "#EEDD88", "#8A7FBF", "#FFAABB", "#BDC273", "#5E6B73", "#C9CFD3")
SOURCE: Final = "Made by northabout, from the ledgers. Left of zero: rebates. !: a line is missing, so it is too low."


@dataclass(frozen=True)
class CostBar:
    """An alternative: the USD of each part, in the order of the bar, and whether its ledger is complete."""

    label: str
    parts: Mapping[str, float]
    total_usd: float
    complete: bool


def cost_bars(comparison: Comparison) -> list[CostBar]:
    """The bars of the alternatives that have a ledger; their parts add up to the total."""
    costed = [(sailed_text(o.label, o.sailed_by), o.ledger) for o in comparison.outcomes if o.ledger is not None]
    names = _names([ledger for _, ledger in costed])
    out = []
    for label, ledger in costed:
        parts = dict.fromkeys(names, 0.0)
        for line in ledger.lines:
            if line.amount_usd:
                name = line.what if line.what in parts else OTHER
                parts[name] = parts.get(name, 0.0) + line.amount_usd
        out.append(CostBar(label, parts, ledger.total_usd, ledger.complete))
    return out


def _names(ledgers: Sequence[Ledger]) -> list[str]:
    """The lines with colours of their own: the largest in any ledger, in the order of the ledgers."""
    largest: dict[str, float] = {}
    for ledger in ledgers:
        for line in ledger.lines:
            largest[line.what] = max(largest.get(line.what, 0.0), abs(line.amount_usd))
    there = [name for name, usd in largest.items() if usd]
    kept = set(sorted(there, key=lambda name: -largest[name])[:MOST_PARTS])
    return [name for name in there if name in kept]


def cost_words(comparison: Comparison) -> tuple[str, str]:
    """The title of the picture and the line beneath it."""
    told = f"{comparison.origin.name} - {comparison.destination.name}. {comparison.scenario.description}."
    return "What the voyage costs, by the lines of the ledger", clean(told, 400)


def draw_costs(comparison: Comparison, look: Look = PLAIN) -> Figure:
    """A bar an alternative. Raises UsageError where nothing is costed."""
    bars = cost_bars(comparison)
    if not bars:
        raise UsageError("no alternative is costed: a section 'costs' in the scenario adds that")
    own = list(dict.fromkeys(name for bar in bars for name, usd in bar.parts.items() if usd and name != OTHER))
    colour = dict(zip(own, COLOURS, strict=False))
    colour |= {OTHER: COLOURS[-1]} if any(OTHER in bar.parts for bar in bars) else {}
    names = list(colour)
    paper = Paper(look)
    entries = [Entry(clean(name, 40), "", Style(colour[name], "solid", 9.0)) for name in names]
    x0, y0, x1, y1 = frame_below(paper, *cost_words(comparison), SOURCE, entries)
    box = (x0 + LEFT, y0 + 24, x1 - RIGHT, y1 - 8)
    axes = panel(paper, box)
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.set_yticks([])
    axes.grid(axis="x", color=GRID, lw=0.6)
    for y, bar in enumerate(bars):
        ends = {True: 0.0, False: 0.0}  # right and left of zero
        for name in names:
            usd = bar.parts.get(name, 0.0) / MILLION
            how: dict[str, Any] = {"left": ends[usd >= 0], "color": colour[name], "ec": "white", "lw": 0.5}
            axes.barh(y, usd, 0.62, zorder=2, **how)
            ends[usd >= 0] += usd
    axes.axvline(0, color=INK, lw=1.0, zorder=3)
    paper.text(box[2], y0 + 2, "million USD", 8, ha="right", color=SOFT)
    _beside(paper, box, bars)
    return paper.figure


def _beside(paper: Paper, box: tuple[float, float, float, float], bars: Sequence[CostBar]) -> None:
    """Names to the left of the bars and totals to the right."""
    high = (box[3] - box[1]) / (len(bars) + 0.2)
    size = min(9.5, 0.5 * high)
    for k, bar in enumerate(bars):
        y = box[3] - (k + 0.6) * high - 0.36 * size
        paper.text(
            box[0] - 8, y, paper.elided(clean(bar.label, 60), LEFT - 10, size, "bold"), size, ha="right", weight="bold"
        )
        paper.text(box[2] + 8, y, f"{bar.total_usd:,.0f} USD{'' if bar.complete else ' !'}", size, color=SOFT)
