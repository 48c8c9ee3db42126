"""A map of where one route is nearer than another: nm saved as colours, the line of equidistance, main ports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.geo.geodesy import Floats
from sim.plot.figure import picture_bytes, write_picture
from sim.plot.labels import Box
from sim.plot.look import PLAIN, Look
from sim.plot.maps.coast import land_on, land_path
from sim.plot.maps.ice_map import recolour_names
from sim.plot.maps.map import COAST, EDGE, LAND, draw_routes
from sim.plot.maps.names import DrawnRoute, Names
from sim.plot.maps.picture import MapMark
from sim.plot.maps.projection import Drawn, Sheet, bring, joined, region_sheet, relative
from sim.plot.paper import INK, SOFT, Entry, Paper, clean, frame_below
from sim.report.formats.lines import Style, styles_of
from sim.report.layout import signed
from sim.report.studies import main_ports, route_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.study.equidistance import Nearer

STEP_NM: Final = 1000.0  # a shade
# Brown where the first route is nearer, blue where the second is; each shade darker than the one nearer to the line.
BROWN: Final = ("#FAF1E4", "#F1DDC1", "#E6C79D", "#D9AF77", "#CA9653", "#B97E33")
BLUE: Final = ("#E3F0F8", "#CBE2EF", "#AFD1E3", "#8CBDD6", "#66A7C8", "#438FB8")
LINE: Final = Style("#000000", "solid", 2.0)
POINTS: Final = 520  # across the sheet
BLANK: Final = "#E2E4E6"  # sea to which one of the routes does not lead
LEAST_LINE: Final = 0.02  # share of the sheet's width: a shorter line of equal distance is an island's, not the sea's
ASPECT: Final = 1.8  # of the window, about
EQUAL_NM: Final = 250.0  # two routes that differ by no more are about equally long
BAR: Final = 74.0  # points for the colour bar
SOURCE: Final = (
    "Made by northabout. Shortest routes without ice, WGS84; shades are interpolated between computed positions. "
    "Grey sea: not reached by both routes. "
    "Coast: Natural Earth 1:10m (public domain)."
)


def save_nearer(field: Nearer, path: Path) -> None:
    """Write the map as .png, .svg or .pdf, whole or not at all, the same bytes each time. Raises UsageError."""
    write_picture(lambda: draw_nearer(field), path, _title(field), _subtitle(field))


def nearer_picture(field: Nearer, suffix: str) -> bytes:
    """The bytes of the map as a file with a suffix, to be written together with other files."""
    return picture_bytes(lambda: draw_nearer(field), suffix, _title(field), _subtitle(field))


def _title(field: Nearer) -> str:
    return f"From {field.origin}: where {route_name(field.shorter)} is nearer than {route_name(field.longer)}"


def _lines(field: Nearer) -> list[Style]:
    """How the two routes are drawn: as in every picture."""
    return styles_of([field.longer, field.shorter])


def _subtitle(field: Nearer) -> str:
    one, other = route_name(field.longer), route_name(field.shorter)
    if abs(field.balance.saved_nm) > EQUAL_NM:
        every = all((p.saved_nm > 0) == (field.balance.saved_nm > 0) for p in field.ports)
        where = f"at every port of {field.region.name}" if every else "at most of them"
        what = "saved" if field.balance.saved_nm > 0 else "lost"
        return (
            f"At the ports: nm saved by {other}, {'more' if field.balance.saved_nm > 0 else 'less'} than 0 {where}. "
            f"Nearest to equal is {field.balance.name}: {field.balance.longer_nm:,.0f} nm by {one}, "
            f"{field.balance.shorter_nm:,.0f} nm by {other}, {abs(field.balance.saved_nm):,.0f} nm {what}."
        )
    return (
        f"At the ports: nm saved by {other}; below 0 it is the longer route. Both are about equally long to "
        f"{field.balance.name}. Every mile farther out by {one} from there is a mile more by {one} and up to a mile "
        f"less by {other}, so that the saving grows by up to two."
    )


def draw_nearer(field: Nearer, look: Look = PLAIN) -> Figure:
    """The map as a figure of 12 x 7.5 inches, or as `look` asks."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    paper = Paper(look)
    styles = _lines(field)
    b = field.balance
    lengths = b.longer_nm, b.shorter_nm
    entries = [
        Entry(f"to {b.name} by {_short(via)}", f"{nm:,.0f} nm", style)
        for via, nm, style in zip((field.longer, field.shorter), lengths, styles, strict=True)
    ]
    entries += [Entry("equidistance", "", LINE)] if _has_line(field) else []
    x0, y0, x1, y1 = frame_below(paper, clean(_title(field)), clean(_subtitle(field), 400), SOURCE, entries)
    room = (x0, y0, x1 - BAR, y1)
    box = (x0 + 24, y0 + 14, x1 - BAR - 6, y1 - 4)
    sheet = _sheet(field, (box[2] - box[0]) / (box[3] - box[1]))
    axes = paper.axes(box)
    left, low, right, high = sheet.bounds
    axes.set_xlim(left, right)
    axes.set_ylim(low, high)
    outline = Outline(np.array(sheet.outline.exterior.coords), closed=True)
    water = PathPatch(outline, fc=BLANK, ec="none", zorder=0, clip_on=False)
    axes.add_artist(water)
    _shades(axes, sheet, field, water)
    axes.add_artist(PathPatch(land_path(land_on(sheet)), fc=LAND, ec=COAST, lw=0.35, zorder=2, gid="land"))
    axes.add_artist(PathPatch(outline, fc="none", ec=EDGE, lw=1.0, zorder=8, clip_on=False, gid="edge"))
    routes = []
    for via, route, style in zip((field.longer, field.shorter), field.routes, styles, strict=True):
        for line in joined(route.drawn()):
            name = route_name(via)
            # Where they come from is in the title: arrows over the rim would only crowd it.
            routes.append(DrawnRoute(name[0].upper() + name[1:], style, Drawn(bring(sheet, line).pieces, ())))
    draw_routes(axes, routes)
    start = MapMark(field.origin, *field.origin_lonlat, "port")
    names = Names(paper, axes, sheet, room, routes, (start, *_marks(field)))
    on_line = sheet.project(field.equal_line())
    on_line = names.points(on_line[sheet.inside(on_line)])
    # Names keep clear of the line of equal distance as of the routes, more firmly.
    names.board.lines = np.vstack([names.board.lines, *[on_line] * 4])
    names.write()
    recolour_names(paper)
    _without_degrees_above(paper, box[3])
    _bar(paper, field, (x1 - BAR + 22, y0 + 30, x1 - BAR + 36, y1 - 44))
    return paper.figure


def _has_line(field: Nearer) -> bool:
    """True where the line of equal distance lies on the map."""
    line, sheet = field.equal_line(), _sheet(field, ASPECT)
    return len(line) > 0 and bool(sheet.inside(sheet.project(line)).any())


def _sheet(field: Nearer, aspect: float) -> Sheet:
    """A window on the region's ports, of the shape of the paper."""
    return region_sheet(np.array([(p.lon, p.lat) for p in field.ports]), aspect)


def _without_degrees_above(paper: Paper, top: float) -> None:
    """Take off the degrees of parallels that leave by the upper edge: they would lie across it."""
    for text in list(paper.texts):
        if str(text.get_gid() or "").startswith("degree-") and text.get_position()[1] > top - 8.0:
            text.remove()


def _marks(field: Nearer) -> tuple[MapMark, ...]:
    return tuple(MapMark(f"{p.name} {signed(p.saved_nm, 0)}", p.lon, p.lat, "port") for p in main_ports(field))


def _shades(axes: Axes, sheet: Sheet, field: Nearer, outline: Any) -> None:
    """The field beneath the land, and the line of equal distance."""
    left, low, right, high = sheet.bounds
    step = (right - left) / (POINTS - 1)
    x = left + step * np.arange(-1.0, POINTS + 1)
    y = low + step * np.arange(-1.0, int((high - low) / step) + 3)
    xs, ys = np.meshgrid(x, y)
    lon, lat = sheet.proj(xs.ravel(), ys.ravel(), inverse=True)
    lonlat = np.column_stack([relative(np.asarray(lon) + sheet.lon_0, 0.0), lat])
    value = np.ma.masked_invalid(field.at(lonlat).reshape(xs.shape))
    edges = STEP_NM * np.arange(-len(BROWN), len(BLUE) + 1)
    edges[0], edges[-1] = -1e6, 1e6
    sets: list[Any] = [
        axes.contourf(x, y, value, levels=edges, colors=[*BROWN[::-1], *BLUE], zorder=0.5, antialiased=False)
    ]
    sets[0].set_gid("saved")
    if value.count() and value.min() < 0 < value.max():
        found = axes.contour(x, y, value, levels=[0.0])
        lines = [np.asarray(part) for path in found.get_paths() for part in path.to_polygons(closed_only=False)]
        found.remove()
        for line in lines:
            if float(np.hypot(*np.diff(line, axis=0).T).sum()) > LEAST_LINE * sheet.width:
                sets += _equal(axes, line)
    for one in sets:
        one.set_clip_path(outline)


def _equal(axes: Axes, line: Floats) -> list[Any]:
    """A piece of the line of equal distance, on a white casing."""
    from matplotlib.lines import Line2D

    out = []
    for colour, width, gid in (("white", LINE.width + 1.8, "casing"), (LINE.colour, LINE.width, "equal")):
        out.append(Line2D(*line.T, color=colour, lw=width, zorder=1.5))
        out[-1].set_gid(gid)
        axes.add_line(out[-1])
    return out


def _bar(paper: Paper, field: Nearer, box: Box) -> None:
    """The shades with their nm, and which end means which route."""
    from matplotlib.patches import Rectangle

    x0, y0, x1, y1 = box
    shades = (*BROWN[::-1], *BLUE)
    high = (y1 - y0) / len(shades)
    for k, colour in enumerate(shades):
        how: dict[str, Any] = {"fc": colour, "ec": SOFT, "lw": 0.4, "transform": paper.points}
        paper.add(Rectangle((x0, y0 + k * high), x1 - x0, high, **how))
        if k:
            nm = STEP_NM * (k - len(BROWN))
            heavy = nm == 0
            text = signed(nm, 0)
            paper.text(x1 + 4, y0 + k * high - 2.6, text, 7.0, color=INK if heavy else SOFT,
                       weight="bold" if heavy else "normal")  # fmt: skip
    zero = y0 + len(BROWN) * high
    paper.line([x0, x1], [zero, zero], color=LINE.colour, lw=LINE.width)
    middle = (x0 + x1) / 2 + 8
    for y, rows in ((y1 + 6, (_short(field.shorter), "nearer, nm")), (y0 - 24, (_short(field.longer), "nearer, nm"))):
        for k, row in enumerate(reversed(rows)):
            paper.text(middle, y + 9 * k, row, 7.5, ha="center", weight="bold" if k else "normal", color=INK)


def _short(via: str) -> str:
    return {"suez": "Suez", "cape": "the Cape", "nsr": "NSR", "nwp": "NWP"}.get(via, via)
