"""Maps of sea routes: Pole in the middle, or the whole world, or a window where all routes are short.

Plain matplotlib and pyproj: nothing is downloaded, and the same picture gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.errors import UsageError, did_you_mean
from sim.plot.figure import DPI, SUFFIXES, write_picture
from sim.plot.labels import Box
from sim.plot.look import PLAIN, Look
from sim.plot.maps import ice_map
from sim.plot.maps.coast import ARCTIC_CIRCLE, land_on, land_path
from sim.plot.maps.names import DrawnRoute, Names
from sim.plot.maps.picture import MapLine, MapMark, Picture
from sim.plot.maps.projection import Sheet, bring, choose_sheet, extent_sheet, joined, region_sheet
from sim.plot.paper import Entry, Paper, clean, frame_below, frame_beside
from sim.plot.room import Room, draw_room
from sim.report.formats.lines import Style, styles_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.plot.maps.ice_map import IceLayer

PROJECTIONS = ("polar", "world")
VIEWS: Final = (*PROJECTIONS, "nsr")
LEAST_POLAR_LAT: Final = 60.0  # degrees: routes that all keep south of it are not drawn on a polar map
# The close-up holds these (lon, lat degrees): the Barents Sea, the Bering Strait and the coast between them.
NSR_CORNERS: Final = ((25.0, 66.0), (110.0, 69.5), (196.0, 65.0))
__all__ = ["PROJECTIONS", "SUFFIXES", "MapLine", "MapMark", "Picture", "draw", "save"]
SEA, LAND, COAST, EDGE = "#EAF2F7", "#DDD7CC", "#B3A998", "#6F8391"


def draw(picture: Picture, projection: str, look: Look = PLAIN) -> Figure:
    """A picture as a figure of 12 x 7.5 inches, or as `look` asks.

    Raises UsageError for a projection that does not exist.
    """
    if projection not in VIEWS:
        hint = did_you_mean(projection, PROJECTIONS)
        raise UsageError(f"unknown projection '{projection}'{hint}: allowed are {', '.join(PROJECTIONS)}")
    import matplotlib.style

    if not look.ice:
        picture = replace(picture, ice=None)
    # A reader's own matplotlibrc must not change a map.
    with matplotlib.style.context("default"):
        return _drawn(picture, projection, look)


def save(picture: Picture, projection: str, out: Path, dpi: int = DPI, look: Look = PLAIN) -> None:
    """Write a picture as .png, .svg or .pdf, whole or not at all, the same bytes each time.

    Raises UsageError for another suffix, a projection that does not exist, or a file that cannot be written.
    """
    title, description = metadata(picture, projection)
    write_picture(lambda: draw(picture, projection, look), Path(out), look.title or title, description, dpi)


def fitting(picture: Picture, projection: str) -> tuple[str, str]:
    """The projection that shows a picture, and a note where it is another than the one asked for.

    A polar map of routes that all keep south of 60 N has nothing in its middle: they are drawn on a map of the world.
    "auto" is polar where a route enters the Arctic.
    """
    north = max((float(p[:, 1].max()) for line in picture.lines for p in line.lonlat if len(p)), default=None)
    if projection == "auto":
        arctic = picture.ice is not None or (north is not None and north > ARCTIC_CIRCLE)
        return ("polar" if arctic else "world"), ""
    if projection == "polar" and north is not None and north < LEAST_POLAR_LAT and picture.ice is None:
        said = f"no route goes north of {LEAST_POLAR_LAT:g} N (the farthest: {north:.1f} N)"
        return "world", f"{said}: a map of the world is drawn, not a polar one"
    return projection, ""


def _told(picture: Picture, projection: str) -> tuple[str, str]:
    """Subtitle and source; those of a map with ice say which ice it is, those of a shaded map what is shaded."""
    subtitle = picture.subtitle
    if picture.room is not None and projection != "world":
        subtitle = f"{subtitle} {picture.room.caption}".strip()
    if picture.ice is None or projection == "world":
        return clean(subtitle, 500), clean(picture.source, 500)
    subtitle, source = ice_map.captions(picture.ice, subtitle, picture.source)
    return clean(subtitle, 600), clean(source, 600)


def metadata(picture: Picture, projection: str) -> tuple[str, str]:
    """Title and a description for those who cannot see the map."""
    routes = "; ".join(f"{e.label} {e.detail}".strip() for e in _entries(picture, [None] * len(picture.lines)))
    places = ", ".join(clean(m.name, 60) for m in picture.marks)
    subtitle, source = _told(picture, projection)
    return clean(picture.title), ". ".join(t for t in (subtitle, routes, places, source) if t)


def _entries(picture: Picture, style: Sequence[Style | None]) -> list[Entry]:
    """The legend: miles and days of each route, or why it is closed."""
    out = []
    for line, how in zip(picture.lines, style, strict=True):
        if line.status != "ok":
            reason = clean(line.status, 90)
            # A reason that says so itself need not say it twice.
            plain = any(word in reason.casefold() for word in ("closed", "no route", "no feasible route"))
            detail = reason if plain else f"closed: {reason}"
            out.append(Entry(clean(line.label, 60), detail, how if line.lonlat else None, shut=True))
            continue
        figures = [f"{line.distance_nm:,.0f} nm"] if line.distance_nm is not None else []
        figures += [f"{line.days:.1f} d"] if line.days is not None else []
        out.append(Entry(clean(line.label, 60), "   ".join(figures), how))
    return out


def _drawn(picture: Picture, projection: str, look: Look) -> Figure:
    paper = Paper(look)
    names = [line.route or line.label for line in picture.lines]
    style = styles_of(names, [line.named or name for line, name in zip(picture.lines, names, strict=True)])
    texts = clean(picture.title), *_told(picture, projection), _entries(picture, style)
    beside = projection == "polar" and not paper.inset and look.extent is None
    room = frame_beside(paper, *texts) if beside else frame_below(paper, *texts)
    inner = _inset(room, projection if beside else "world")
    sheet = _sheet(picture, projection, inner, look)
    axes = paper.axes(_fit(sheet, inner))
    ice = picture.ice if sheet.kind != "world" else None
    drawn_ice = ground(axes, sheet, ice, None if projection == "world" else picture.room)
    if ice is not None and drawn_ice is not None and beside:
        ice_map.legend(paper, ice, drawn_ice)
    routes = [
        DrawnRoute(clean(line.label, 40), how, bring(sheet, route), line.status != "ok")
        for line, how in zip(picture.lines, style, strict=True)
        for route in joined(line.lonlat)
    ]
    # Wide lines below narrow ones, those of closed routes on top.
    routes.sort(key=lambda r: (r.shut, -r.style.width))
    draw_routes(axes, routes)
    Names(paper, axes, sheet, room, routes, picture.marks).write()
    if ice is not None:
        ice_map.recolour_names(paper)
    return paper.figure


def _sheet(picture: Picture, projection: str, inner: Box, look: Look) -> Sheet:
    """The sheet for a picture in a box of the paper."""
    aspect = (inner[2] - inner[0]) / (inner[3] - inner[1])
    if look.extent is not None:
        return extent_sheet(look.extent, aspect)
    if projection == "nsr":
        return region_sheet(np.array(NSR_CORNERS), aspect, 0.5, np.array(NSR_CORNERS[1:2]), upward=True)
    routes = [route for line in picture.lines for route in joined(line.lonlat)]
    ports = np.array([(m.lon, m.lat) for m in picture.marks if m.kind == "port"], dtype=float).reshape(-1, 2)
    return choose_sheet(projection, routes, ports, aspect, look.centre_deg)


def ground(axes: Axes, sheet: Sheet, ice: IceLayer | None, shaded: Room | None = None) -> ice_map.Drawn | None:
    """Sea, ice, shaded water and land of a sheet; returns what of the ice there is."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    x0, y0, x1, y1 = sheet.bounds
    axes.set_xlim(x0, x1)
    axes.set_ylim(y0, y1)
    outline = Outline(np.array(sheet.outline.exterior.coords), closed=True)
    # The fills reach a hair beyond the rim: the edge, drawn last, covers it.
    water = PathPatch(outline, fc=SEA, ec="none", zorder=0, clip_on=False)
    axes.add_artist(water)
    drawn = None
    if ice is not None:
        water.set_facecolor(ice.water)
        drawn = ice_map.draw_ice(axes, sheet, ice, water)
    if shaded is not None:
        draw_room(axes, sheet, shaded, water)
    axes.add_artist(PathPatch(land_path(land_on(sheet)), fc=LAND, ec=COAST, lw=0.35, zorder=2, gid="land"))
    axes.add_artist(PathPatch(outline, fc="none", ec=EDGE, lw=1.0, zorder=8, clip_on=False, gid="edge"))
    return drawn


def _inset(room: Box, projection: str) -> Box:
    """Room for the map itself: degrees stand around it, and beside a polar map where its routes lead."""
    x0, y0, x1, y1 = room
    if projection == "polar":
        return x0 + 30, y0 + 34, x1 - 30, y1 - 34
    return x0 + 24, y0 + 16, x1 - 14, y1 - 8


def _fit(sheet: Sheet, box: Box) -> Box:
    """The largest box of the sheet's shape in the middle of a box."""
    x0, y0, x1, y1 = box
    left, low, right, high = sheet.bounds
    scale = min((x1 - x0) / (right - left), (y1 - y0) / (high - low))
    half_x, half_y = scale * (right - left) / 2, scale * (high - low) / 2
    middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
    return middle_x - half_x, middle_y - half_y, middle_x + half_x, middle_y + half_y


def draw_routes(axes: Axes, routes: Sequence[DrawnRoute]) -> None:
    """White casings beneath all routes; then the routes, wide below narrow."""
    from matplotlib.lines import Line2D

    for layer, route in enumerate(routes):
        style = route.drawn_style
        for piece in route.drawn.pieces:
            x, y = piece.T
            casing = Line2D(x, y, color="white", lw=style.width + 1.8, zorder=4, alpha=0.9)
            casing.set_gid(f"casing-{layer}")
            casing.set_solid_capstyle("round")
            line = Line2D(x, y, color=style.colour, lw=style.width, ls=style.dash, zorder=5 + 0.01 * layer)
            line.set_gid(f"{'shut' if route.shut else 'route'}-{layer}")
            line.set_solid_capstyle("butt")
            line.set_dash_capstyle("butt")
            line.set_solid_joinstyle("round")
            axes.add_line(casing)
            axes.add_line(line)
