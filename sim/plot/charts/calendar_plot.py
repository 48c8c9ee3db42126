"""The departure calendar and the navigable season as pictures: what is open when, how long it takes, what it saves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.plot.figure import DPI, FONT, drawable, picture_bytes, tell_gap, write_picture
from sim.plot.labels import Box
from sim.plot.look import PLAIN, Look
from sim.plot.paper import FAINT, INK, MARGIN, RED, SOFT, Entry, Paper, clean, frame_below
from sim.plot.study.sheet import shade as shade_of
from sim.report.calendar import periods_text
from sim.report.formats.lines import Style, styles_of
from sim.report.layout import MONTHS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.study.calendar import Calendar, RouteYear, Summary
    from sim.study.seasons import SeasonTable

SHADE, GRID = "#5B6B78", "#D9E0E5"
CLOSED, BESET = "#C9CFD4", "#AEB7BE"
LANE, LANES = 13.0, 104.0  # points: height of a bar that shows when a route is open, and of all bars at most
BETWEEN = 3.0  # two bars
LEAST_SIZE = 4.5  # of words in and beside a bar
LEFT, RIGHT, CAPTION, TICKS = 38.0, 38.0, 17.0, 17.0  # points around the panels, and for words above and below them
NOTHING = (-1.0, 1.0)  # the scale of a panel without figures
UPPER = 0.56  # share of the panels' height that the days at sea take
SOURCE = "Made by northabout."
SHADED = (
    " A line stops where no voyage arrives. Shaded: a route is closed; the bars show which, and why (grey: closed by "
    "the rules, the risk or for want of data; hatched: the ship is stopped by the ice)."
)
PANELS = ((False, "Without icebreaker"), (True, "With icebreaker where it is needed"))
YEAR_DAYS = 365
NAMES, GAP, HEAD, FOOT = 34.0, 16.0, 26.0, 14.0  # points: for the classes, between the panels, above and below them
LARGE, SMALL = 9.0, 6.5


def save_calendar(calendar: Calendar, path: Path, look: Look = PLAIN, dpi: int = DPI) -> None:
    """Write the picture as .png, .svg or .pdf, whole or not at all, the same bytes each time. Raises UsageError."""
    write_picture(lambda: draw_calendar(calendar, look), path, *_told(calendar), dpi)


def calendar_picture(calendar: Calendar, suffix: str = ".png", look: Look = PLAIN, dpi: int = DPI) -> bytes:
    """The bytes of the picture as a file with a suffix, to be written together with other files."""
    return picture_bytes(lambda: draw_calendar(calendar, look), suffix, *_told(calendar), dpi)


def _told(calendar: Calendar) -> tuple[str, str]:
    return clean(_title(calendar)), clean(_subtitle(calendar))


def draw_calendar(calendar: Calendar, look: Look = PLAIN) -> Figure:
    """The picture as a figure of 12 x 7.5 inches, or as `look` asks."""
    paper = Paper(look)
    summaries = [calendar.summary(route) for route in calendar.routes]
    lines = styles_of([r.label for r in calendar.routes], [r.named or r.label for r in calendar.routes])
    style = [how if s.open_departures else None for how, s in zip(lines, summaries, strict=True)]
    entries = [
        _entry(route, summary, how) for route, summary, how in zip(calendar.routes, summaries, style, strict=True)
    ]  # fmt: skip
    lanes = [k for k, s in enumerate(summaries) if s.open_departures < s.departures]
    source = SOURCE + (SHADED if lanes else "")
    room = frame_below(paper, clean(_title(calendar)), clean(_subtitle(calendar), 400), source, entries)
    upper, bars, lower = _split(room, len(lanes))
    days, saved = (_panel(paper, calendar, box) for box in (upper, lower))
    for k in lanes:
        for start, stop, _ in _stretches(calendar, calendar.routes[k]):
            for axes in (days, saved):
                axes.axvspan(start, stop, color=SHADE, alpha=0.16 / len(lanes) + 0.02, lw=0, zorder=0)
    if lanes:
        _lanes(paper, calendar, bars, [(calendar.routes[k], style[k]) for k in lanes])
    shown = [(route, how) for route, how in zip(calendar.routes, style, strict=True) if how is not None]
    _days_at_sea(paper, days, calendar, shown)
    _days_saved(paper, saved, calendar, shown)
    for axes, box in ((days, upper), (saved, lower)):
        _ticks(paper, axes, box, months=axes is saved)
    return paper.figure


def _title(calendar: Calendar) -> str:
    return f"{calendar.origin} - {calendar.destination}: departures of {calendar.year}"


def _subtitle(calendar: Calendar) -> str:
    ice = f"Ice: {calendar.ice}" if calendar.ice else "No ice is modelled"
    return f"{calendar.ship[0].upper()}{calendar.ship[1:]}. {ice}."


def _entry(route: RouteYear, summary: Summary, how: Style | None) -> Entry:
    label = clean(route.label, 40)
    if summary.best is None or summary.worst is None or how is None:
        causes = ", ".join(dict.fromkeys(c.cause for c in summary.closures))
        return Entry(label, f"never open: {causes}", None)
    best, worst = f"{summary.best.days:.1f}", f"{summary.worst.days:.1f}"
    days = f"{best} d" if best == worst else f"{best} - {worst} d"
    whole = summary.open_departures == summary.departures
    return Entry(label, f"{days}, {'all year' if whole else periods_text(summary.periods)}", how)


def _split(room: Box, lanes: int) -> tuple[Box, Box, Box]:
    """Boxes of the days at sea, of the bars beneath, and of the days saved."""
    x0, y0, x1, y1 = room
    x0, x1, y0, y1 = x0 + LEFT, x1 - RIGHT, y0 + TICKS, y1 - CAPTION
    bars = lanes * (_lane(lanes) + BETWEEN) + (5.0 if lanes else 0.0)
    high = y1 - y0 - bars - CAPTION - 8
    middle = y1 - UPPER * high
    return (x0, middle, x1, y1), (x0, middle - bars, x1, middle - 5), (x0, y0, x1, y0 + (1 - UPPER) * high)


def _lane(lanes: int) -> float:
    """Height of one of so many bars, points."""
    return min(LANE, LANES / max(lanes, 1) - BETWEEN)


def _panel(paper: Paper, calendar: Calendar, box: Box) -> Axes:
    axes = paper.axes(box)
    axes.set_axis_on()
    axes.set_xlim(0, sum(calendar.weights_days))
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(FAINT)
    axes.grid(axis="y", color=GRID, lw=0.6, zorder=0.5)
    axes.set_axisbelow(True)
    return axes


def _runs(
    calendar: Calendar, route: RouteYear, shown: Callable[[Any], float | None]
) -> list[tuple[list[float], list[float]]]:
    """Days of the year and values of departures in a row that have one."""
    out: list[tuple[list[float], list[float]]] = [([], [])]
    for k, sailed in enumerate(route.departures):
        value = shown(sailed)
        if value is None:
            out.append(([], []))
        else:
            out[-1][0].append(float(k * calendar.every_days))
            out[-1][1].append(value)
    return [run for run in out if run[0]]


def _stretches(calendar: Calendar, route: RouteYear) -> list[tuple[float, float, str]]:
    """When a route is not open, in days of the year, and its status: from midway between two departures to midway."""
    out: list[tuple[float, float, str]] = []
    end = float(sum(calendar.weights_days))
    for k, sailed in enumerate(route.departures):
        start = max(0.0, (k - 0.5) * calendar.every_days)
        stop = end if k == len(route.departures) - 1 else (k + 0.5) * calendar.every_days
        if out and out[-1][2] == sailed.status and out[-1][1] == start:
            out[-1] = (out[-1][0], stop, sailed.status)
        else:
            out.append((start, stop, sailed.status))
    return [s for s in out if s[2] != "ok"]


def _lanes(paper: Paper, calendar: Calendar, box: Box, routes: Sequence[tuple[RouteYear, Style | None]]) -> None:
    """A bar for each route that is not always open: its colour where it is, else grey with the reason."""
    from matplotlib.patches import Rectangle

    x0, y0, x1, _ = box
    end = float(sum(calendar.weights_days))
    lane = _lane(len(routes))
    size = min(8.0, 0.75 * lane)

    def bar(start: float, stop: float, y: float, **how: Any) -> float:
        left, right = (x0 + (x1 - x0) * v / end for v in (start, stop))
        paper.add(Rectangle((left, y), right - left, lane, transform=paper.points, **how))
        return right - left

    for row, (route, style) in enumerate(routes):
        y = y0 + (len(routes) - 1 - row) * (lane + BETWEEN)
        foot = y + 0.5 * lane - 0.36 * size
        name = paper.elided(clean(route.label, 40), x0 - 8, size, "bold")
        if size >= LEAST_SIZE:
            paper.text(x0 - 4, foot, name, size, ha="right", weight="bold")
        bar(0, end, y, fc=style.colour if style else "white", ec="none", zorder=1)
        for start, stop, status in _stretches(calendar, route):
            colour = BESET if status == "beset" else CLOSED
            hatch: dict[str, Any] = {"hatch": "////", "ec": "#98A3AB", "lw": 0} if status == "beset" else {"ec": "none"}
            wide = bar(start, stop, y, fc=colour, zorder=2, **hatch)
            said = "no route" if status == "unreachable" else status
            if size >= LEAST_SIZE and paper.size(said, size)[0] + 4 < wide:
                middle = x0 + (x1 - x0) * (start + stop) / 2 / end
                paper.text(middle, foot, said, size, ha="center", halo=colour, zorder=4)


def _days_at_sea(paper: Paper, axes: Axes, calendar: Calendar, shown: Sequence[tuple[RouteYear, Style]]) -> None:
    values = [s.days for route, _ in shown for s in route.departures if s.days is not None]
    _caption(paper, axes, "Days at sea, by day of departure")
    if not values:
        axes.set_ylim(*NOTHING)
        axes.set_yticks([])
        _note(axes, "no route is open on any day")
        return
    low, high = min(values), max(values)
    pad = max(0.12 * (high - low), 1.0)
    axes.set_ylim(max(low - pad, 0.0), high + pad)
    for route, style in shown:
        _line(axes, _runs(calendar, route, lambda s: s.days), style)


def _days_saved(paper: Paper, axes: Axes, calendar: Calendar, shown: Sequence[tuple[RouteYear, Style]]) -> None:
    others = [(route, style) for route, style in shown if route.label != calendar.baseline]
    values = [s.saved_days for route, _ in others for s in route.departures if s.saved_days is not None]
    base = clean(calendar.baseline, 30)
    _caption(paper, axes, f"Days saved against {base} on the same departure")
    if not values:
        open_ = any(route.label == calendar.baseline for route, _ in shown)
        axes.set_ylim(*NOTHING)
        axes.set_yticks([])
        _note(axes, "nothing to compare it with" if open_ else f"not known: {base} is open on no day")
        return
    low, high = min(*values, 0.0), max(*values, calendar.saving_days)
    pad = 0.14 * (high - low)
    axes.set_ylim(low - pad, high + pad)
    axes.axhline(0, color=INK, lw=1.0, zorder=1)
    axes.axhline(calendar.saving_days, color=INK, lw=0.9, ls=(0, (5, 3)), zorder=1)
    for value, text in ((0.0, "as " + base), (calendar.saving_days, f"{calendar.saving_days:g} days")):
        _margin_note(paper, axes, value, text)
    for route, style in others:
        _line(axes, _runs(calendar, route, lambda s: s.saved_days), style)


def _line(axes: Axes, runs: Sequence[tuple[list[float], list[float]]], style: Style) -> None:
    """Lines with gaps; a departure that stands alone is a dot."""
    for x, y in runs:
        if len(x) == 1:
            axes.plot(x, y, "o", color=style.colour, ms=style.width + 1.5, zorder=4, clip_on=False)
        else:
            axes.plot(x, y, color="white", lw=style.width + 1.6, zorder=3, solid_capstyle="round")
            axes.plot(x, y, color=style.colour, lw=style.width, ls=style.dash, zorder=4, dash_capstyle="butt")


def _caption(paper: Paper, axes: Axes, text: str) -> None:
    box = paper.box_of(axes)
    paper.text(box[0], box[3] + 4.5, text, 9, weight="bold", color=SOFT)


def _margin_note(paper: Paper, axes: Axes, value: float, text: str) -> None:
    """A few words to the right of a panel, at a value."""
    box, (low, high) = paper.box_of(axes), axes.get_ylim()
    y = box[1] + (box[3] - box[1]) * (value - low) / (high - low)
    paper.text(box[2] + 4, y - 2.7, paper.elided(text, RIGHT + MARGIN - 8, 7.5), 7.5, color=SOFT)


def _note(axes: Axes, text: str) -> None:
    shown, families, _ = drawable(text)
    tell_gap(text)
    axes.text(
        0.5, 0.5, shown, transform=axes.transAxes, ha="center", va="center", size=10, color=SOFT,
        family=list(families), parse_math=False,
    )  # fmt: skip


def _ticks(paper: Paper, axes: Axes, box: Box, months: bool) -> None:
    """Months at their first days, named in their middles, and figures on the left."""
    from matplotlib.ticker import MaxNLocator

    year_days = int(axes.get_xlim()[1])
    year = 2024 if year_days == 366 else 2023
    firsts = [(date(year, m, 1) - date(year, 1, 1)).days for m in range(1, 13)]
    axes.set_xticks(firsts, [""] * 12)
    if axes.get_ylim() != NOTHING:
        axes.yaxis.set_major_locator(MaxNLocator(nbins=7, integer=True))
    for first in firsts[1:]:
        axes.axvline(first, color=GRID, lw=0.5, zorder=0.4)
    axes.tick_params(length=3, color=FAINT, labelsize=8, labelcolor=SOFT, labelfontfamily=FONT)
    if months:
        x0, y0, x1, _ = box
        for k, (first, after) in enumerate(zip(firsts, [*firsts[1:], year_days], strict=True)):
            middle = x0 + (x1 - x0) * (first + after) / 2 / year_days
            paper.text(middle, y0 - 12, MONTHS[k], 8.5, ha="center", color=SOFT)


def save_seasons(table: SeasonTable, path: Path, look: Look = PLAIN, dpi: int = DPI) -> None:
    """Write the picture as .png, .svg or .pdf, whole or not at all, the same bytes each time. Raises UsageError."""
    write_picture(lambda: draw_seasons(table, look), path, season_title(table), _season_subtitle(table), dpi)


def draw_seasons(table: SeasonTable, look: Look = PLAIN) -> Figure:
    """The picture as a figure of 12 x 7.5 inches, or as `look` asks.

    A row a class, the strongest on top, a column a decade; the row of the ship's own class is marked.
    """
    paper = Paper(look)
    source = (
        f"Made by northabout. Days on which one of the tracks ({', '.join(table.tracks)}) is open on its whole length. "
        f"Rules: {table.rules}. Small figures, where they are lower: days on which the hull of the ship, the same for "
        f"all classes, can also proceed ({table.hull})."
    )
    if any(s.low_confidence for s in table.seasons):
        source += " Admission rests for the most part on rows of low confidence."
    x0, y0, x1, y1 = frame_below(
        paper, season_title(table), clean(_season_subtitle(table), 400), clean(source, 600), ()
    )
    wide = (x1 - x0 - NAMES - GAP) / 2
    for k, (escorted, title) in enumerate(PANELS):
        left = x0 + NAMES + k * (wide + GAP)
        _season_panel(paper, table, escorted, title, (left, y0 + FOOT, left + wide, y1 - HEAD))
    high = y1 - HEAD - y0 - FOOT
    for row, name in enumerate(reversed(table.classes)):
        y = y1 - HEAD - (row + 0.5) * high / len(table.classes) - 0.36 * LARGE
        paper.text(x0 + NAMES - 6, y, name, LARGE, ha="right", weight="bold")
    paper.text(x0 + NAMES - 6, y0 + FOOT - 11, "warming", SMALL, ha="right", color=SOFT)
    return paper.figure


def season_title(table: SeasonTable) -> str:
    """Whose season it is: that of the ship whose draft and hull decide where it can sail."""
    return "Northern Sea Route: days a year on which it is open" + (f", {clean(table.ship, 80)}" if table.ship else "")


def _season_subtitle(table: SeasonTable) -> str:
    own = f"Boxed: its own ice class, {table.ice_class}. " if table.ice_class in table.classes else ""
    return (
        f"{own}By ice class and decade on {table.pathway}, with the human-induced warming of each decade since "
        f"1850-1900. "
        f"Ice: {table.ice}."
    )


def _season_panel(paper: Paper, table: SeasonTable, escorted: bool, title: str, box: Box) -> None:
    """The cells of one panel, with the decades above and their warming below."""
    from matplotlib.patches import Rectangle

    x0, y0, x1, y1 = box
    wide, high = (x1 - x0) / len(table.decades), (y1 - y0) / len(table.classes)
    paper.axes(box)  # a notebook shows no figure without axes
    paper.text(x0, y1 + 15, title, 9.5, weight="bold", color=SOFT)
    for column, (decade, warming) in enumerate(zip(table.decades, table.warming_c, strict=True)):
        middle = x0 + (column + 0.5) * wide
        paper.text(middle, y1 + 4, decade, 7.5, ha="center", color=SOFT)
        paper.text(middle, y0 - 11, f"{warming:.1f} °C", SMALL, ha="center", color=SOFT)
        for row, name in enumerate(reversed(table.classes)):
            season = table.at(name, decade, escorted)
            colour, ink = shade(season.days)
            corner = x0 + column * wide, y1 - (row + 1) * high
            cell = Rectangle(corner, wide, high, fc=colour, ec="white", lw=1.2, transform=paper.points)
            paper.add(cell)
            base = corner[1] + high / 2 - 0.36 * LARGE
            if season.moving_days != season.days:
                base += 0.42 * LARGE
                paper.text(middle, base - 1.25 * SMALL - 1, f"{season.moving_days}", SMALL, ha="center", color=ink)
            paper.text(middle, base, f"{season.days}", LARGE, ha="center", color=ink)
    if table.ice_class in table.classes:
        row = len(table.classes) - 1 - table.classes.index(table.ice_class)
        how: dict[str, Any] = {"fc": "none", "ec": RED, "lw": 1.8, "transform": paper.points, "zorder": 4}
        own = Rectangle((x0, y1 - (row + 1) * high), x1 - x0, high, **how)
        own.set_gid("own-class")
        paper.add(own)


def shade(days: int) -> tuple[str, str]:
    """Colour of a cell of so many days a year, and of the ink that can be read on it."""
    return shade_of(days / YEAR_DAYS)
