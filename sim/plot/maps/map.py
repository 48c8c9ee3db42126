"""Maps of sea routes: Pole in the middle, or the whole world, or a window where all routes are short.

Plain matplotlib and pyproj: nothing is downloaded, and the same picture gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import UsageError, did_you_mean
from sim.plot.figure import SUFFIXES, write_picture
from sim.plot.labels import Box
from sim.plot.maps.coast import land_on, land_path
from sim.plot.maps.names import DrawnRoute, Names
from sim.plot.maps.picture import MapLine, MapMark, Picture
from sim.plot.maps.projection import Sheet, bring, choose_sheet, joined
from sim.plot.paper import Entry, Paper, Style, clean, frame_below, frame_beside, styles

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


PROJECTIONS = ("polar", "world")
__all__ = ["PROJECTIONS", "SUFFIXES", "MapLine", "MapMark", "Picture", "draw", "save"]
SEA, LAND, COAST, EDGE = "#EAF2F7", "#DDD7CC", "#B3A998", "#6F8391"


def draw(picture: Picture, projection: str) -> Figure:
    """A picture as a figure of 12 x 7.5 inches.

    Raises UsageError for a projection that does not exist.
    """
    if projection not in PROJECTIONS:
        hint = did_you_mean(projection, PROJECTIONS)
        raise UsageError(f"unknown projection '{projection}'{hint}: allowed are {', '.join(PROJECTIONS)}")
    import matplotlib.style

    # A reader's own matplotlibrc must not change a map.
    with matplotlib.style.context("default"):
        return _drawn(picture, projection)


def save(picture: Picture, projection: str, out: Path, dpi: int = 150) -> None:
    """Write a picture as .png, .svg or .pdf, whole or not at all, the same bytes each time.

    Raises UsageError for another suffix, a projection that does not exist, or a file that cannot be written.
    """
    title, description = metadata(picture, projection)
    write_picture(lambda: draw(picture, projection), Path(out), title, description, dpi)


def _told(picture: Picture, projection: str) -> tuple[str, str]:
    """Subtitle and source; those of a map with ice say which ice it is."""
    if picture.ice is None or projection != "polar":
        return clean(picture.subtitle, 400), clean(picture.source, 500)
    from sim.plot.maps.ice_map import captions

    subtitle, source = captions(picture.ice, picture.subtitle, picture.source)
    return clean(subtitle, 500), clean(source, 600)


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
            plain = any(word in reason.casefold() for word in ("closed", "no route", "no route"))
            detail = reason if plain else f"closed: {reason}"
            out.append(Entry(clean(line.label, 60), detail, None))
            continue
        figures = [f"{line.distance_nm:,.0f} nm"] if line.distance_nm is not None else []
        figures += [f"{line.days:.1f} d"] if line.days is not None else []
        out.append(Entry(clean(line.label, 60), "   ".join(figures), how))
    return out


def _drawn(picture: Picture, projection: str) -> Figure:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    paper = Paper()
    open_ = [k for k, line in enumerate(picture.lines) if line.status == "ok"]
    style: list[Style | None] = [None] * len(picture.lines)
    for k, how in zip(open_, styles(len(open_)), strict=True):
        style[k] = how
    texts = clean(picture.title), *_told(picture, projection), _entries(picture, style)
    room = frame_beside(paper, *texts) if projection == "polar" else frame_below(paper, *texts)
    longest = [(k, route) for k in open_ for route in joined(picture.lines[k].lonlat)]
    ports = np.array([(m.lon, m.lat) for m in picture.marks if m.kind == "port"], dtype=float).reshape(-1, 2)
    inner = _inset(room, projection)
    aspect = (inner[2] - inner[0]) / (inner[3] - inner[1])
    sheet = choose_sheet(projection, [route for _, route in longest], ports, aspect)
    axes = paper.axes(_fit(sheet, inner))
    x0, y0, x1, y1 = sheet.bounds
    axes.set_xlim(x0, x1)
    axes.set_ylim(y0, y1)
    outline = Outline(np.array(sheet.outline.exterior.coords), closed=True)
    # The fills reach a hair beyond the rim: the edge, drawn last, covers it.
    water = PathPatch(outline, fc=SEA, ec="none", zorder=0, clip_on=False)
    axes.add_artist(water)
    ice = picture.ice if sheet.kind == "polar" else None
    if ice is not None:
        from sim.plot.maps import ice_map

        water.set_facecolor(ice.water)
        ice_map.legend(paper, ice, ice_map.draw_ice(axes, sheet, ice, water))
    axes.add_artist(PathPatch(land_path(land_on(sheet)), fc=LAND, ec=COAST, lw=0.35, zorder=2, gid="land"))
    axes.add_artist(PathPatch(outline, fc="none", ec=EDGE, lw=1.0, zorder=8, clip_on=False, gid="edge"))
    routes = [
        DrawnRoute(clean(picture.lines[k].label, 40), one, bring(sheet, route))
        for k, route in longest
        if (one := style[k]) is not None
    ]
    draw_routes(axes, routes)
    Names(paper, axes, sheet, room, routes, picture.marks).write()
    if ice is not None:
        ice_map.recolour_names(paper)
    return paper.figure


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
        for piece in route.drawn.pieces:
            x, y = piece.T
            casing = Line2D(x, y, color="white", lw=route.style.width + 1.8, zorder=4, alpha=0.9)
            casing.set_gid(f"casing-{layer}")
            casing.set_solid_capstyle("round")
            line = Line2D(
                x, y, color=route.style.colour, lw=route.style.width, ls=route.style.dash, zorder=5 + 0.01 * layer
            )
            line.set_gid(f"route-{layer}")
            line.set_solid_capstyle("butt")
            line.set_dash_capstyle("butt")
            line.set_solid_joinstyle("round")
            axes.add_line(casing)
            axes.add_line(line)
