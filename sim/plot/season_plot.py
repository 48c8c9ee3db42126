"""The navigable season by ice class and decade as a picture: days a year, alone and with an icebreaker."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.plot.calendar_plot import write_figure
from sim.plot.labels import Box
from sim.plot.paper import INK, SOFT, Paper, clean, frame_below

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.study.seasons import SeasonTable

TITLE = "Northern Sea Route: days a year on which it is open"
PANELS = ((False, "Without icebreaker"), (True, "With icebreaker where it is needed"))
# Few to many days, each step darker than the one before it, so that it reads in grey too
RAMP = ("#F6F1E6", "#DCE6E4", "#A9CBD3", "#6BA5BC", "#33789F", "#174B77", "#14183F")
DARK = 0.225  # share of the light of white; on less of it white ink stands out more than black
YEAR_DAYS = 365
NAMES, GAP, HEAD, FOOT = 34.0, 16.0, 26.0, 14.0  # points: for the classes, between the panels, above and below them
LARGE, SMALL = 9.0, 6.5


def save_seasons(table: SeasonTable, path: Path) -> None:
    """Write the picture as .png, .svg or .pdf, whole or not at all, the same bytes each time. Raises UsageError."""
    write_figure(lambda: draw_seasons(table), path, TITLE, _subtitle(table))


def draw_seasons(table: SeasonTable) -> Figure:
    """The picture as a figure of 12 x 7.5 inches: a row a class, the strongest on top, a column a decade."""
    paper = Paper()
    source = (
        f"Made by northabout. Days on which one of the tracks ({', '.join(table.tracks)}) is open on its whole length. "
        f"Rules: {table.rules}. Small figures, where they are lower: days on which one hull, the same for all classes, "
        f"also makes way ({table.hull})."
    )
    if any(s.low_confidence for s in table.seasons):
        source += " Admission rests for the most part on rows of low confidence."
    x0, y0, x1, y1 = frame_below(paper, TITLE, clean(_subtitle(table), 400), clean(source, 600), ())
    wide = (x1 - x0 - NAMES - GAP) / 2
    for k, (escorted, title) in enumerate(PANELS):
        left = x0 + NAMES + k * (wide + GAP)
        _panel(paper, table, escorted, title, (left, y0 + FOOT, left + wide, y1 - HEAD))
    high = y1 - HEAD - y0 - FOOT
    for row, name in enumerate(reversed(table.classes)):
        y = y1 - HEAD - (row + 0.5) * high / len(table.classes) - 0.36 * LARGE
        paper.text(x0 + NAMES - 6, y, name, LARGE, ha="right", weight="bold")
    paper.text(x0 + NAMES - 6, y0 + FOOT - 11, "warming", SMALL, ha="right", color=SOFT)
    return paper.figure


def _subtitle(table: SeasonTable) -> str:
    return (
        f"By ice class and decade on {table.pathway}, with the human-induced warming of each decade since 1850-1900. "
        f"Ice: {table.ice}."
    )


def _panel(paper: Paper, table: SeasonTable, escorted: bool, title: str, box: Box) -> None:
    """The cells of one panel, with the decades above and their warming below."""
    from matplotlib.patches import Rectangle

    x0, y0, x1, y1 = box
    wide, high = (x1 - x0) / len(table.decades), (y1 - y0) / len(table.classes)
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
            paper.figure.add_artist(cell)
            base = corner[1] + high / 2 - 0.36 * LARGE
            if season.moving_days != season.days:
                base += 0.42 * LARGE
                paper.text(middle, base - 1.25 * SMALL - 1, f"{season.moving_days}", SMALL, ha="center", color=ink)
            paper.text(middle, base, f"{season.days}", LARGE, ha="center", color=ink)


def shade(days: int) -> tuple[str, str]:
    """Colour of a cell of so many days a year, and of the ink that can be read on it."""
    at = min(max(days / YEAR_DAYS, 0.0), 1.0) * (len(RAMP) - 1)
    low = min(int(at), len(RAMP) - 2)
    pairs = [(int(RAMP[low][k : k + 2], 16), int(RAMP[low + 1][k : k + 2], 16)) for k in (1, 3, 5)]
    rgb = [round(a + (b - a) * (at - low)) for a, b in pairs]
    linear = [(v / 255) ** 2.2 for v in rgb]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#" + "".join(f"{v:02X}" for v in rgb), INK if light > DARK else "white"
