"""The picture of calendars of several years: years by weeks, a panel a route, with days saved or what closes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.plot.figure import DPI, picture_bytes, write_picture
from sim.plot.labels import Box
from sim.plot.look import PLAIN, Look
from sim.plot.paper import INK, SOFT, Paper, clean
from sim.plot.study.sheet import CAPTION, RAMP, TICK, YEAR_DAYS, begun, boxes, months_below, panel
from sim.plot.study.sheet import Words as Told
from sim.report.years.money import percent
from sim.report.years.span import span_text
from sim.voyage.voyage import ClosedBy

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.study.calendar import Calendar
    from sim.study.sailing.calendars import CalendarYears
    from sim.study.sailing.sailed import Sailed

Colour = tuple[float, float, float]
LOSS: Final = "OrRd"  # days lost, beside RAMP for days saved
CLOSED: Final = {ClosedBy.ICE: "#DCE1E5", ClosedBy.RULE: "#B3BBC1", ClosedBy.BOTH: "#87929A", None: "#5B6670"}
CLOSERS: Final = {ClosedBy.ICE: "ice", ClosedBy.RULE: "rules", ClosedBy.BOTH: "both", None: "other"}
ALONE: Final = "#E4D9C4"  # open, but nothing to compare it with
KEY = 26.0  # points: height of the line that explains the colours
STEPS, WIDE = 60, 150.0  # of a ramp in it, and its length in points
FAINTEST, DARKEST = 0.12, 0.8  # shares of a ramp at a difference of nothing, and at the largest
MOST_LABELS = 14  # years named in a panel
MOST_ROWS = 2  # panels below each other before they stand side by side


def years_picture(found: CalendarYears, suffix: str = ".png", look: Look = PLAIN, dpi: int = DPI) -> bytes:
    """The bytes of the picture as a file with a suffix, to be written together with other files."""
    words = _words(found)
    return picture_bytes(lambda: draw_years(found, look), suffix, words.title, words.subtitle, dpi)


def save_years(found: CalendarYears, path: Path) -> None:
    """Write the picture as .png, .svg or .pdf, whole or not at all, the same bytes each time. Raises UsageError."""
    words = _words(found)
    write_picture(lambda: draw_years(found), path, words.title, words.subtitle)


def draw_years(found: CalendarYears, look: Look = PLAIN) -> Figure:
    """The picture as a figure of 12 x 7.5 inches: years downward, the days of the year to the right."""
    labels = shown_labels(found)
    alone = len(found.labels) == 1
    base = clean(found.baseline, 30)
    told = "Colour: days at sea." if alone else f"Colour: days less at sea than by {base} on the same departure."
    line = "" if alone else f" Outlined: {found.saving_days:g} days or more are saved."
    paper, room = begun(
        _words(found), f"{told}{line} Grey: closed, by the ice, the rules, both, or something else.", look=look
    )
    shown = (_value(s, alone) for label in labels for c in found.calendars for s in _own(c, label))
    values = [v for v in shown if v is not None]
    scale = _Scale(values, alone)
    columns = 1 if len(labels) <= MOST_ROWS else 2
    places = boxes((room[0], room[1] + KEY, room[2], room[3]), -(-len(labels) // columns), columns, gap_x=44.0)
    for label, box in zip(labels, places, strict=False):
        _panel(paper, box, found, label, scale)
    _key(paper, (places[0][0], room[1] - 4, room[2], room[1] + KEY - 12), scale)
    return paper.figure


def shown_labels(found: CalendarYears) -> list[str]:
    """The routes with a panel: all but a baseline that is open on every day, for it saves nothing."""
    others = [a for a in found.labels if a != found.baseline]
    shut = any(not s.open for c in found.calendars for s in _own(c, found.baseline))
    return list(found.labels) if shut or not others else others


def _words(found: CalendarYears) -> Told:
    ice = "" if found.calendars[0].ice else " No ice is modelled."
    title = f"{found.origin} - {found.destination}: departures of {span_text(found.years)}"
    return Told(clean(title, 160), clean(f"{found.ship[0].upper()}{found.ship[1:]}.{ice} {found.description}.", 400))


def _own(calendar: Calendar, label: str) -> Sequence[Sailed]:
    return next(r.departures for r in calendar.routes if r.label == label)


def _value(sailed: Sailed, alone: bool) -> float | None:
    return sailed.days if alone else sailed.saved_days


class _Scale:
    """Colours of days saved (blue) and lost (red), both by the same measure; or of days at sea, where a route is
    alone."""

    def __init__(self, values: Sequence[float], alone: bool) -> None:
        self.alone = alone
        self.low, self.high = min(values, default=0.0), max(values, default=0.0)
        if not alone:
            self.low, self.high = min(self.low, 0.0), max(self.high, 0.0)

    def colour(self, value: float) -> Colour:
        from matplotlib import colormaps

        if self.alone:
            share, ramp = (value - self.low) / max(self.high - self.low, 1e-9), RAMP
        else:
            share, ramp = abs(value) / max(self.high, -self.low, 1e-9), RAMP if value >= 0 else LOSS
        red, green, blue, _ = colormaps[ramp](FAINTEST + (DARKEST - FAINTEST) * share)
        return red, green, blue

    def of(self, sailed: Sailed) -> Colour:
        """The colour of a departure."""
        from matplotlib.colors import to_rgb

        value = _value(sailed, self.alone)
        if value is not None:
            return self.colour(value)
        return to_rgb(ALONE if sailed.open else CLOSED[sailed.closed_by])


def _panel(paper: Paper, box: Box, found: CalendarYears, label: str, scale: _Scale) -> None:
    """A row a year, a column a departure."""
    import numpy as np

    summaries = found.summaries[label]
    mean = sum(s.open_share for s in summaries) / len(summaries)
    caption = f"{clean(label, 40)}: open on {percent(mean)} of the days"
    if label != found.baseline:
        saved = sum(s.saving_share or 0.0 for s in summaries) / len(summaries)
        caption += f", saves {found.saving_days:g} days on {percent(saved)}"
    axes = panel(paper, box, caption)
    months_below(paper, axes, box)
    for row, calendar in enumerate(found.calendars):
        edges = np.array(_edges(calendar))
        colours = np.array([[scale.of(s) for s in _own(calendar, label)]])
        axes.pcolormesh(edges, [row, row + 1], colours, antialiased=False, snap=True, zorder=1)
    _outline(axes, found, label)
    axes.set_ylim(len(found.years), 0)
    step = -(-len(found.years) // MOST_LABELS)
    rows = range(0, len(found.years), step)
    axes.set_yticks([k + 0.5 for k in rows], [str(found.years[k]) for k in rows], fontsize=TICK)


def _edges(calendar: Calendar) -> list[float]:
    """Ends of the departures in days of a year of 365: those of a leap year lie a little closer."""
    weights = calendar.weights_days
    return [YEAR_DAYS * days / sum(weights) for days in accumulate(weights, initial=0)]


def _outline(axes: Axes, found: CalendarYears, label: str) -> None:
    """A line around the departures that save as many days as are asked for."""
    from matplotlib.collections import LineCollection

    if label == found.baseline:
        return
    lines = list(_borders(found, label))
    for colour, wide in (("white", 3.0), (INK, 1.2)):  # dark alone would be lost on dark blue
        how: dict[str, Any] = {
            "colors": colour,
            "linewidths": wide,
            "capstyle": "projecting",
            "snap": False,
            "zorder": 3,
        }
        axes.add_collection(LineCollection(lines, **how))


def _borders(found: CalendarYears, label: str) -> Iterator[list[tuple[float, float]]]:
    """The edges between departures that save so much and those that do not."""
    above: list[bool] = []
    for row in range(len(found.calendars) + 1):
        calendar = found.calendars[min(row, len(found.calendars) - 1)]
        inside = row < len(found.calendars)
        many = [inside and _saves(s, found.saving_days) for s in _own(calendar, label)]
        ends = _edges(calendar)
        before = [*above, *([False] * (len(many) - len(above)))]
        for k, (a, b) in enumerate(zip(before, many, strict=False)):
            if a != b:
                yield [(ends[k], row), (ends[k + 1], row)]
        for k, (a, b) in enumerate(pairwise([False, *many, False])):
            if a != b:
                yield [(ends[k], row), (ends[k], row + 1)]
        above = many


def _saves(sailed: Sailed, days: float) -> bool:
    return sailed.saved_days is not None and sailed.saved_days >= days


def _key(paper: Paper, box: Box, scale: _Scale) -> None:
    """What the colours mean, in a line beneath the panels."""
    from matplotlib.patches import Rectangle

    x, y, _, _ = box
    high = 9.0

    def patch(left: float, wide: float, colour: Any) -> None:
        paper.add(Rectangle((left, y), wide, high, fc=colour, ec="none", transform=paper.points))

    def words(left: float, said: str, align: str = "left") -> float:
        paper.text(left, y + 1.5, said, CAPTION - 1, color=SOFT, ha=align)
        return left + paper.size(said, CAPTION - 1)[0]

    if scale.high > scale.low:
        unit = "days" if scale.alone else "days saved"
        x = words(x, f"{scale.low:+.1f}" if not scale.alone else f"{scale.low:.1f}") + 4
        for k in range(STEPS):
            value = scale.low + (scale.high - scale.low) * (k + 0.5) / STEPS
            patch(x + k * WIDE / STEPS, WIDE / STEPS + 0.3, scale.colour(value))
        last = f"{scale.high:+.1f} {unit}" if not scale.alone else f"{scale.high:.1f} {unit}"
        x = words(x + WIDE + 4, last) + 22
    x = words(x, "closed by:") + 6
    for closer, colour in CLOSED.items():
        patch(x, 11, colour)
        x = words(x + 14, CLOSERS[closer]) + 10
    if not scale.alone:
        patch(x + 8, 11, ALONE)
        words(x + 22, "open, the baseline is closed")
