"""Ice on a map: shading by concentration, the ice edge, lines of equal floe thickness, and what explains them.

The field is read at points of the map's own plane, so that neither the pole nor 180 degrees is a seam.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.geo.geodesy import Floats
from sim.ice.climate import smoothed
from sim.ice.field import IceField, moment_of
from sim.plot.labels import Box
from sim.plot.maps.projection import Sheet, relative
from sim.plot.paper import COLUMN, MARGIN, SOFT, Paper
from sim.study.ice_summary import EDGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import Patch

LEVELS: Final = (EDGE, 0.3, 0.5, 0.7, 0.9)
# One hue from water to white ice, in even steps of lightness (CIE L*): read alike by all eyes, and in print.
WATER: Final = "#7FB0D0"
SHADES: Final = ("#9BC2DB", "#B5D2E5", "#CFE2EE", "#E8F1F7", "#FFFFFF")
PALE_WATER: Final = "#B5D3E5"  # beneath routes
PALE_SHADES: Final = ("#C5DDEB", "#D4E6F0", "#E3EFF6", "#F1F7FA", "#FFFFFF")
EDGE_LINE: Final = "#0B5A8A"
THICK_LINE: Final = "#4A3B76"
UNKNOWN: Final = "#C9C9C9"
SEA_NAME: Final = "#2A5A7A"
THICKNESS_M: Final = ((1.0, (0, (1.0, 1.6))), (2.0, (0, (4.5, 1.4, 1.0, 1.4))))
POINTS: Final = 460  # across the sheet: some 17 km, finer than the 25 km of satellite grids
SMOOTH_M: Final = 130e3  # of a built-in climate, whose stations lie some 200 to 400 km apart in the pack
WARNING: Final = "Not an ice forecast, not for navigation."
BAR_HEIGHT = 96.0  # points that the legend needs


@dataclass(frozen=True)
class IceLayer:
    """Ice to draw: a field on a day (since 1970-01-01 UTC); `pale` and without thickness as a background of routes."""

    field: IceField
    day: float
    pale: bool = True

    @property
    def caption(self) -> str:
        """Which ice, of which day."""
        when = moment_of(self.day)
        return f"Ice of {when.day} {when:%B %Y}: {self.field.label}."

    @property
    def water(self) -> str:
        """Colour of water without ice."""
        return PALE_WATER if self.pale else WATER

    @property
    def shades(self) -> tuple[str, ...]:
        """Colours of ice from `LEVELS` on."""
        return PALE_SHADES if self.pale else SHADES


@dataclass(frozen=True)
class Drawn:
    """What of the ice is on the sheet, for the legend."""

    unknown: bool
    thickness_m: tuple[float, ...]


def draw_ice(axes: Axes, sheet: Sheet, layer: IceLayer, outline: Patch, points: int = POINTS) -> Drawn:
    """Shading and lines beneath the land of a sheet, kept to its outline; read at so many points across it."""
    x, y, concentration, thickness_m = _read(sheet, layer, points)
    known = np.isfinite(concentration)
    unknown = bool((~known & _on_sheet(sheet, x, y)).any())
    sets: list[Any] = []
    if unknown:
        sets.append(axes.contourf(x, y, (~known).astype(float), levels=[0.5, 1.5], colors=[UNKNOWN], zorder=0.4))
    # Painted over one another, so that no gap shows between two shades.
    full = np.ma.masked_invalid(concentration)
    for k, (level, shade) in enumerate(zip(LEVELS, layer.shades, strict=True)):
        if (full > level).any():
            sets.append(axes.contourf(x, y, full, levels=[level, 2.0], colors=[shade], zorder=0.5 + 0.01 * k))
            sets[-1].set_gid(f"ice-{100 * level:.0f}")
    if (full > EDGE).any():
        sets.append(axes.contour(x, y, full, levels=[EDGE], colors=[EDGE_LINE], linewidths=[1.1], zorder=0.8))
        sets[-1].set_gid("ice-edge")
    shown = []
    for thick, dash in () if layer.pale else THICKNESS_M:
        there = np.ma.masked_where(~known | ~(concentration > EDGE) | ~np.isfinite(thickness_m), thickness_m)
        if there.count() and there.min() < thick < there.max():
            how: dict[str, Any] = {"linestyles": [dash], "linewidths": [0.9], "colors": [THICK_LINE], "zorder": 0.9}
            sets.append(axes.contour(x, y, there, levels=[thick], **how))
            sets[-1].set_gid(f"thickness-{thick:g}")
            shown.append(thick)
    for one in sets:
        one.set_clip_path(outline)
    return Drawn(unknown, tuple(shown))


def _on_sheet(sheet: Sheet, x: Floats, y: Floats) -> np.ndarray:
    """True where the points (m, n) of columns x (n,) and rows y (m,) are on the sheet."""
    xs, ys = np.meshgrid(x, y)
    return sheet.inside(np.column_stack([xs.ravel(), ys.ravel()])).reshape(xs.shape)


def _read(sheet: Sheet, layer: IceLayer, points: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Columns x (n,) and rows y (m,) in metres, concentration and thickness (m, n) there; 0 far off the sheet."""
    x0, y0, x1, y1 = sheet.bounds
    step = (x1 - x0) / (points - 1)
    x: Floats = x0 + step * np.arange(-1.0, points + 1)
    y: Floats = y0 + step * np.arange(-1.0, int((y1 - y0) / step) + 3)
    xs, ys = np.meshgrid(x, y)
    radius = (x1 - x0) / 2 + 2 * step
    near = np.hypot(xs - (x0 + x1) / 2, ys - (y0 + y1) / 2) < radius
    if sheet.kind != "polar":  # a window is seen to its corners
        near = np.ones(xs.shape, dtype=bool)
    lon, lat = sheet.proj(xs[near], ys[near], inverse=True)
    lonlat = np.column_stack([relative(np.asarray(lon) + sheet.lon_0, 0.0), lat])
    concentration, thickness_m = np.zeros(xs.shape), np.zeros(xs.shape)
    concentration[near], thickness_m[near] = layer.field.sampler(lonlat).on(layer.day)
    if layer.field.kind != "file":
        concentration, thickness_m = smoothed(concentration, thickness_m, SMOOTH_M / step)
    return x, y, concentration, thickness_m


def legend(paper: Paper, layer: IceLayer, drawn: Drawn) -> None:
    """A bar of the shades with its unit and samples of the lines, where the text beside a polar map leaves room."""
    room = free_column(paper)
    if room[3] - room[1] < BAR_HEIGHT:
        return
    x, top = MARGIN, min(room[1] + BAR_HEIGHT + 6, room[3])
    paper.text(x, top - 9, "Ice concentration", 8.5, weight="bold").set_gid("ice-legend")
    colours = (layer.water, *layer.shades)
    bounds = (0.0, *LEVELS, 1.0)
    wide, low, high = COLUMN - 34, top - 29, top - 17
    # Even steps, since the classes matter and not their widths.
    step = wide / len(colours)
    for k, colour in enumerate(colours):
        swatch(paper, (x + k * step, low, x + (k + 1) * step, high), colour)
    for k, bound in enumerate(bounds):
        text = f"{100 * bound:.0f}" + (" %" if bound == 1.0 else "")
        paper.text(x + k * step, low - 9, text, 7, color=SOFT, ha="center" if k else "left")
    line = low - 24
    at = sample(paper, x, line, "ice edge, 15 %", color=EDGE_LINE, lw=1.1)
    if drawn.unknown:
        swatch(paper, (at, line - 1, at + 20, line + 7), UNKNOWN)
        paper.text(at + 26, line, "unknown", 7.5, color=SOFT)
    at, line = x, line - 14
    for thick, dash in THICKNESS_M:
        if thick in drawn.thickness_m:
            at = sample(paper, at, line, f"floes of {thick:g} m", color=THICK_LINE, lw=1.0, ls=dash)
    paper.taken.append((x, line - 3, x + COLUMN, top))


def swatch(paper: Paper, box: Box, colour: str) -> None:
    """A box of a colour."""
    from matplotlib.patches import Rectangle

    x0, y0, x1, y1 = box
    how: dict[str, Any] = {"fc": colour, "ec": SOFT, "lw": 0.5, "transform": paper.points}
    paper.add(Rectangle((x0, y0), x1 - x0, y1 - y0, **how))


def sample(paper: Paper, x: float, y: float, text: str, **how: Any) -> float:
    """A piece of a line and what it means; returns where the next may begin."""
    paper.line([x, x + 24], [y + 2.7, y + 2.7], dash_capstyle="butt", **how)
    paper.text(x + 30, y, text, 7.5, color=SOFT)
    return x + 30 + paper.size(text, 7.5)[0] + 14


def free_column(paper: Paper) -> Box:
    """The widest gap between the texts in the column beside a polar map."""
    boxes = sorted((low, high) for x0, low, _, high in paper.taken if x0 < MARGIN + COLUMN)
    best, reach = (0.0, 0.0), 0.0
    for low, high in boxes:
        if low - reach > best[1] - best[0] and reach > 0:
            best = reach, low
        reach = max(reach, high)
    return MARGIN, best[0], MARGIN + COLUMN, best[1]


def recolour_names(paper: Paper) -> None:
    """The names of seas in a colour that is legible on ice and on water: their own is for a paler sea."""
    for text in paper.texts:
        if str(text.get_gid() or "").startswith("sea-"):
            text.set_color(SEA_NAME)


def captions(layer: IceLayer | None, subtitle: str, source: str) -> tuple[str, str]:
    """Subtitle and source with what must be said of the ice."""
    if layer is None:
        return subtitle, source
    told = f"{WARNING} Ice: {'; '.join(layer.field.sources)}."
    return f"{subtitle} {layer.caption}".strip(), f"{told} {source}".strip()
