"""Ice and speed along the routes of a comparison: concentration, thickness, speed and RIO by miles from the port."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from sim.errors import UsageError
from sim.plot.labels import Box
from sim.plot.look import PLAIN, Look
from sim.plot.paper import FAINT, INK, SOFT, Entry, Paper, clean, frame_below
from sim.plot.study.sheet import GRID, panel
from sim.report.formats.lines import Style, styles_of
from sim.report.reasons import sailed_text, sea_text
from sim.voyage.voyage import VoyageLeg

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.scenario.compare import Comparison

MOST: Final = 3  # routes side by side
BEYOND_NM: Final = 150.0  # of open water that is shown before and after the ice
SEAS_HIGH, GAP_X, GAP_Y, LEFT = 12.0, 34.0, 19.0, 42.0  # points
SEA_SIZE: Final = 6.5
STEPS: Final = (1, 2, 2.5, 5, 10)  # of ticks
BANDS: Final = ("#E4ECF1", "#F3F6F8")
RISK: Final = {"elevated": "#F4D9A8", "special": "#E8A79B"}
SOURCE: Final = (
    "Made by northabout. Each step is a leg of the voyage: means over its miles, the lowest RIO. Shaded: POLARIS risk, "
    "yellow elevated, red special consideration; below a RIO of 0 the risk is elevated."
)


@dataclass(frozen=True)
class Track:
    """The part of a voyage in and about the ice: legs with the miles from the port at their beginnings and ends.

    `route` is the alternative's own name, `label` also tells what it turned to. `blocked` where the voyage ends there.
    """

    label: str
    route: str
    legs: tuple[VoyageLeg, ...]
    edges_nm: tuple[float, ...]
    blocked: bool


@dataclass(frozen=True)
class Row:
    """A panel: what it shows, of a leg, and the least height of its scale."""

    name: str
    value: Callable[[VoyageLeg], float | None]
    least: float


ROWS: Final = (
    Row("Ice, tenths", lambda leg: 10 * leg.concentration, 1.0),
    Row("Thickness of floes, m", lambda leg: leg.thickness_m, 0.2),
    Row("Speed, kn", lambda leg: leg.speed_kn if leg.hours > 0 else None, 10.0),
    Row("RIO", lambda leg: leg.rio, 1.0),
)


def tracks(comparison: Comparison) -> list[Track]:
    """The voyages that meet ice, each from some open water before it to some after it."""
    out = []
    for o in comparison.outcomes:
        legs = () if o.voyage is None else o.voyage.legs
        icy = [k for k, leg in enumerate(legs) if leg.rio is not None and leg.concentration > 0]
        if o.voyage is None or not icy:
            continue
        ends = [0.0]
        for leg in legs:
            ends.append(ends[-1] + leg.distance_nm)
        low, high = ends[icy[0]] - BEYOND_NM, ends[icy[-1] + 1] + BEYOND_NM
        shown = [k for k in range(len(legs)) if ends[k + 1] > low and ends[k] < high and legs[k].distance_nm > 0]
        edges = [max(ends[shown[0]], low), *(min(ends[k + 1], high) for k in shown)]
        label = sailed_text(o.label, o.sailed_by)
        out.append(Track(label, o.label, tuple(legs[k] for k in shown), tuple(edges), o.voyage.blocked is not None))
    return out


def profile_words(comparison: Comparison) -> tuple[str, str]:
    """The title of the picture and the line beneath it."""
    more = len(tracks(comparison)) - MOST
    left = f" {more} more routes meet ice and are not shown." if more > 0 else ""
    told = f"{comparison.scenario.description}. {comparison.ship.name}, ice class {comparison.ship.ice_class}."
    return "Ice and speed along the route", clean(f"{told} By miles from {comparison.origin.name}.{left}", 400)


def draw_profile(comparison: Comparison, look: Look = PLAIN) -> Figure:
    """A column a route, a row a figure. Raises UsageError where no voyage meets ice."""
    found = tracks(comparison)
    if not found:
        raise UsageError("no voyage meets ice, so that there is nothing to show along the routes")
    shown = found[:MOST]
    paper = Paper(look)
    labels = [o.label for o in comparison.outcomes]
    named = [a.route for a in comparison.scenario.alternatives]
    lines = dict(zip(labels, styles_of(labels, named), strict=True))
    how = [lines[t.route] for t in shown]
    entries = [Entry(clean(t.label, 40), _detail(t), s) for t, s in zip(shown, how, strict=True)]
    room = frame_below(paper, *profile_words(comparison), SOURCE, entries)
    wide = (room[2] - room[0] - LEFT - 10 - (len(shown) - 1) * GAP_X) / len(shown)
    for k, (track, style) in enumerate(zip(shown, how, strict=True)):
        left = room[0] + LEFT + k * (wide + GAP_X)
        _column(paper, (left, room[1] + 27, left + wide, room[3] - 4), track, style, _tops(shown), k == 0)
    return paper.figure


def _detail(track: Track) -> str:
    icy = sum(leg.distance_nm for leg in track.legs if leg.concentration > 0)
    return f"{icy:,.0f} nm in ice" + (", ends in it" if track.blocked else "")


def _tops(shown: Sequence[Track]) -> list[tuple[float, float]]:
    """The scales of the rows, the same in all columns."""
    out = []
    for row in ROWS:
        values = [v for t in shown for leg in t.legs if (v := row.value(leg)) is not None]
        low, high = min([0.0, *values]), max([row.least, *values])
        pad = 0.08 * (high - low)
        out.append((low - (pad if low < 0 else 0.0), high + pad))
    return out


def _column(
    paper: Paper, box: Box, track: Track, style: Style, scales: Sequence[tuple[float, float]], first: bool
) -> None:
    """The panels of a route with the names of the seas above them."""
    x0, y0, x1, y1 = box
    top = y1 - SEAS_HIGH
    high = (top - y0 - len(ROWS) * GAP_Y) / len(ROWS)
    for k, (row, scale) in enumerate(zip(ROWS, scales, strict=True)):
        upper = top - GAP_Y - k * (high + GAP_Y) + 2
        one = (x0, upper - high, x1, upper)
        axes = panel(paper, one, row.name)
        axes.set_xlim(track.edges_nm[0], track.edges_nm[-1])
        axes.set_ylim(*scale)
        axes.grid(axis="y", color=GRID, lw=0.6, zorder=0.5)
        last = k == len(ROWS) - 1
        _ticks(axes, last)
        _steps(axes, track, row, style, shaded=last)
    _seas(paper, (x0, top, x1, y1), track)
    if first:
        paper.text(x0, y0 - 23, "nm from the port", 7.5, color=SOFT)


def _ticks(axes: Axes, named: bool) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True, steps=STEPS))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, steps=STEPS))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:,.0f}" if named else ""))


def _steps(axes: Axes, track: Track, row: Row, style: Style, shaded: bool) -> None:
    """The value of each leg as a step; a gap where it has none."""
    values = [row.value(leg) for leg in track.legs]
    edges = track.edges_nm
    nan = float("nan")
    how: dict[str, Any] = {"color": style.colour, "ls": style.dash, "lw": 1.6, "baseline": None, "zorder": 3}
    axes.stairs([nan if v is None else v for v in values], edges, **how)
    if row.name == "RIO":
        axes.axhline(0, color=INK, lw=0.9, zorder=2)
    else:
        axes.stairs([v or 0.0 for v in values], edges, color=style.colour, alpha=0.15, fill=True, lw=0, zorder=2)
    for leg, a, b in zip(track.legs, edges, edges[1:], strict=False):
        if shaded and leg.rio is not None and leg.level in RISK:
            axes.axvspan(a, b, color=RISK[leg.level], lw=0, zorder=0.2)
    if track.blocked:
        axes.axvline(edges[-1], color=INK, lw=2.0, zorder=4, clip_on=False)


def _seas(paper: Paper, box: Box, track: Track) -> None:
    """Bands of the seas with their names, as far as these fit."""
    from matplotlib.patches import Rectangle

    x0, y0, x1, y1 = box
    scale = (x1 - x0) / (track.edges_nm[-1] - track.edges_nm[0])
    pieces = list(zip(track.legs, track.edges_nm, track.edges_nm[1:], strict=False))
    for k, (sea, group) in enumerate(groupby(pieces, key=lambda piece: piece[0].water)):
        spans = list(group)
        left, right = (x0 + (at - track.edges_nm[0]) * scale for at in (spans[0][1], spans[-1][2]))
        how: dict[str, Any] = {"fc": BANDS[k % 2], "ec": "none", "transform": paper.points, "zorder": 0}
        paper.add(Rectangle((left, y0), right - left, y1 - y0, **how))
        name = sea_text(sea)
        if paper.size(name, SEA_SIZE)[0] + 2 <= right - left:
            middle = (left + right) / 2
            paper.text(middle, y0 + 3.4, name, SEA_SIZE, ha="center", color=SOFT if sea else FAINT)
