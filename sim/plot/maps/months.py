"""The ice month by month: a small polar map each, all on one sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.errors import UsageError
from sim.ice.field import IceField, moment_of
from sim.plot.figure import DPI, write_picture
from sim.plot.labels import Box
from sim.plot.look import PLAIN, Look
from sim.plot.maps import ice_map
from sim.plot.maps.coast import land_on, land_path
from sim.plot.maps.map import COAST, EDGE, LAND
from sim.plot.maps.projection import Sheet, polar_sheet
from sim.plot.paper import MARGIN, SOFT, Paper, clean, frame_below
from sim.plot.results import COAST as COAST_SOURCE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RIM_LAT: Final = 60.0  # degrees
POINTS: Final = 230  # across a panel
KEY: Final = 26.0  # points below the panels
GAP, CAPTION = 10.0, 14.0  # points between panels, and above each for its month
SIZE_IN: Final = (12.0, 9.5)


def months_words(field: IceField, days: Sequence[float]) -> tuple[str, str]:
    """The title of the picture and the line beneath it."""
    years = sorted({moment_of(day).year for day in days})
    told = f"{years[0]}" if len(years) == 1 else f"{years[0]}-{years[-1]}"
    return f"Sea ice month by month, {told}", clean(f"{field.label[:1].upper()}{field.label[1:]}.", 400)


def draw_months(field: IceField, days: Sequence[float], look: Look = PLAIN) -> Figure:
    """The ice of a field on some days (since 1970-01-01 UTC), a panel each, in the order given.

    Raises UsageError for no day and for more than 12.
    """
    import matplotlib.style

    if not 1 <= len(days) <= 12:
        raise UsageError(f"{len(days)} months are asked for, allowed are 1 to 12")
    if look.size is None and look.ax is None and len(days) > 4:
        look = replace(look, size=SIZE_IN)
    with matplotlib.style.context("default"):
        paper = Paper(look)
        source = f"{ice_map.WARNING} Ice: {'; '.join(field.sources)}. {COAST_SOURCE}"
        x0, y0, x1, y1 = frame_below(paper, *months_words(field, days), clean(source, 600), ())
        boxes = _boxes((x0, y0 + KEY, x1, y1), len(days))
        sheet = polar_sheet([], np.array([[105.0, 63.0]]), look.centre_deg)
        sheet = _cropped(sheet)
        land = land_path(land_on(sheet))
        for box, day in zip(boxes, days, strict=True):
            _panel(paper, box, sheet, land, ice_map.IceLayer(field, day, pale=False))
        _key(paper, y0 + 4)
    return paper.figure


def save_months(field: IceField, days: Sequence[float], path: Path, look: Look = PLAIN, dpi: int = DPI) -> None:
    """Write the picture as .png, .svg or .pdf, whole or not at all, the same bytes each time. Raises UsageError."""
    write_picture(lambda: draw_months(field, days, look), Path(path), *months_words(field, days), dpi)


def _cropped(sheet: Sheet) -> Sheet:
    """The sheet with its rim at 60 N."""
    from shapely import Polygon

    radius = abs(float(sheet.proj(0.0, RIM_LAT)[1]))
    around = np.linspace(0, 2 * np.pi, 361)[:-1]
    outline = Polygon(radius * np.column_stack([np.cos(around), np.sin(around)]))
    return replace(sheet, outline=outline, rim_lat=RIM_LAT, kept={})


def _boxes(room: Box, count: int) -> list[Box]:
    """Square panels as large as they can be, in rows from the upper left."""
    x0, y0, x1, y1 = room

    def side(columns: int) -> float:
        rows = -(-count // columns)
        return min((x1 - x0 - (columns - 1) * GAP) / columns, (y1 - y0 - (rows - 1) * GAP) / rows - CAPTION)

    columns = max(range(1, count + 1), key=side)
    edge, rows = side(columns), -(-count // columns)
    step_x = min((x1 - x0) / columns, edge + 4 * GAP)
    left = (x0 + x1 - columns * step_x) / 2 + (step_x - edge) / 2
    top = y1 - (y1 - y0 - rows * (edge + CAPTION) - (rows - 1) * GAP) / 2
    out = []
    for k in range(count):
        row, column = divmod(k, columns)
        x, y = left + column * step_x, top - row * (edge + CAPTION + GAP) - CAPTION
        out.append((x, y - edge, x + edge, y))
    return out


def _panel(paper: Paper, box: Box, sheet: Sheet, land: Any, layer: ice_map.IceLayer) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    axes = paper.axes(box)
    x0, y0, x1, y1 = sheet.bounds
    axes.set_xlim(x0, x1)
    axes.set_ylim(y0, y1)
    outline = Outline(np.array(sheet.outline.exterior.coords), closed=True)
    water = PathPatch(outline, fc=layer.water, ec="none", zorder=0, clip_on=False)
    axes.add_artist(water)
    ice_map.draw_ice(axes, sheet, layer, water, POINTS)
    axes.add_artist(PathPatch(land, fc=LAND, ec=COAST, lw=0.25, zorder=2, gid="land"))
    axes.add_artist(PathPatch(outline, fc="none", ec=EDGE, lw=0.8, zorder=8, clip_on=False, gid="edge"))
    when = moment_of(layer.day)
    told = f"{when.day} {when:%B}"
    paper.text((box[0] + box[2]) / 2, box[3] + 4, told, 8.5, ha="center", weight="bold", color=SOFT)


def _key(paper: Paper, y: float) -> None:
    """The shades with their percents and the lines, in a row."""
    x = 4.0 if paper.inset else MARGIN
    colours = (ice_map.WATER, *ice_map.SHADES)
    bounds = (0.0, *ice_map.LEVELS, 1.0)
    step = min(34.0, (paper.width - 2 * x) / 18)
    for k, colour in enumerate(colours):
        ice_map.swatch(paper, (x + k * step, y + 8, x + (k + 1) * step, y + 17), colour)
    for k, bound in enumerate(bounds):
        text = f"{100 * bound:.0f}" + (" %" if bound == 1.0 else "")
        paper.text(x + k * step, y, text, 6.5, color=SOFT, ha="center" if k else "left")
    at = ice_map.sample(paper, x + 6 * step + 36, y + 9, "ice edge, 15 %", color=ice_map.EDGE_LINE, lw=1.1)
    for thick, dash in ice_map.THICKNESS_M:
        at = ice_map.sample(paper, at, y + 9, f"floes of {thick:g} m", color=ice_map.THICK_LINE, lw=1.0, ls=dash)
