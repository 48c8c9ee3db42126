"""Sheets to draw on: a projection with its outline, and routes brought onto it without a streak across the map.

Longitudes go into a projection relative to the sheet's central meridian, so that +180 and -180 always mean the right
and the left edge, whatever that meridian is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.geo.drawing import cut_line
from sim.geo.geodesy import Floats, angles, lonlat, vectors

if TYPE_CHECKING:
    from pyproj import Proj
    from shapely import Polygon

Kind = Literal["polar", "world", "region"]

REGION_RADIUS_DEG = 20.0  # routes that fit in twice this are drawn on a regional sheet
REGION_MIN_HALF_M = 150_000.0  # no sheet is smaller than 300 km across: the coast has no more detail to show
BRIEF = 0.06  # share of the sheet's width within which a route that leaves it and returns just touches the rim
LONGEST_STEP = 0.03  # share of the sheet's width that one step of a route may jump before it is cut
POLAR_STEP_DEG = 0.05  # near a pole a 30 nm step can turn through any number of meridians


@dataclass(frozen=True)
class Sheet:
    """A projection and the part of its plane that is drawn; lengths in metres."""

    kind: Kind
    lon_0: float
    proj: Proj
    outline: Polygon
    rim_lat: float = -90.0  # polar: the parallel at the rim
    kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)  # what was computed for it

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top."""
        x0, y0, x1, y1 = self.outline.bounds
        return float(x0), float(y0), float(x1), float(y1)

    @property
    def width(self) -> float:
        """From the left to the right edge."""
        return self.bounds[2] - self.bounds[0]

    def project(self, points: Floats) -> Floats:
        """x, y metres (n, 2) of lon, lat degrees (n, 2)."""
        points = np.atleast_2d(np.asarray(points, dtype=np.float64))
        return self.project_relative(np.column_stack([relative(points[:, 0], self.lon_0), points[:, 1]]))

    def project_relative(self, points: Floats) -> Floats:
        """x, y metres (n, 2) of longitudes counted from the central meridian, -180..180, and latitudes."""
        x, y = self.proj(points[:, 0], points[:, 1])
        return np.column_stack([x, y])

    def inside(self, xy: Floats) -> np.ndarray:
        """True for each x, y (n, 2) on the sheet."""
        import shapely

        xy = np.atleast_2d(xy)
        return np.asarray(shapely.contains_xy(self.outline, xy[:, 0], xy[:, 1]), dtype=bool)


@dataclass(frozen=True)
class Exit:
    """Where a route leaves a sheet: the place on the rim, its direction outward, and the route beyond, lon, lat."""

    xy: Floats
    direction: Floats
    beyond: Floats


@dataclass(frozen=True)
class Drawn:
    """A route on a sheet: pieces (n, 2) in metres, and its exits."""

    pieces: tuple[Floats, ...]
    exits: tuple[Exit, ...]


def relative(lon: Floats, lon_0: float) -> Floats:
    """Longitudes counted from a meridian, -180..180; the far meridian keeps the side that it was given on."""
    shifted = np.asarray(lon, dtype=np.float64) - lon_0
    return np.where(np.abs(shifted) <= 180.0, shifted, (shifted + 180.0) % 360.0 - 180.0)


def joined(pieces: Iterable[Floats]) -> list[Floats]:
    """Pieces that were cut at 180 degrees put together again, so that dashes run on over the date line."""
    out: list[Floats] = []
    for piece in pieces:
        piece = np.asarray(piece, dtype=np.float64)
        if len(piece) < 2 or not np.isfinite(piece).all():
            continue
        if out and float(angles(vectors(out[-1][-1]), vectors(piece[0]))) < 1e-5:
            out[-1] = np.vstack([out[-1], piece[1:]])
        else:
            out.append(piece)
    return out


def choose_sheet(
    projection: str, routes: Sequence[Floats], places: Floats, aspect: float, centre_deg: float | None = None
) -> Sheet:
    """The sheet for routes (n, 2) and ports (m, 2), lon, lat degrees; `aspect` is a regional sheet's width / height.

    `centre_deg`: the meridian in its middle, of a polar sheet the one that points downward.
    """
    if projection == "polar":
        return polar_sheet(routes, places, centre_deg)
    if centre_deg is not None:
        return world_sheet(routes, np.zeros((0, 2)), centre_deg)
    points = np.vstack([*routes, places]) if len(routes) or len(places) else np.zeros((0, 2))
    if len(points):
        middle = vectors(points).mean(axis=0)
        if np.linalg.norm(middle) > 0.5 and np.rad2deg(
            angles(vectors(points), middle / np.linalg.norm(middle)).max()
        ) < (REGION_RADIUS_DEG):
            return region_sheet(points, aspect)
    return world_sheet(routes, points)


def extent_sheet(extent: tuple[float, float, float, float], aspect: float) -> Sheet:
    """A window on west, south, east, north (degrees), as wide as the paper needs it."""
    west, south, east, north = extent
    east = west + (east - west) % 360.0
    lons, lats = np.linspace(west, east, 41), np.linspace(south, north, 21)
    edge = [np.column_stack([lons, np.full(41, lat)]) for lat in (south, north)]
    edge += [np.column_stack([np.full(21, lon), lats]) for lon in (west, east)]
    middle = np.array([[(west + east) / 2, (south + north) / 2]])
    return region_sheet(np.vstack(edge), aspect, 0.5, middle)


def world_sheet(routes: Sequence[Floats], points: Floats, centre_deg: float | None = None) -> Sheet:
    """The whole world in Equal Earth, turned so that its seam cuts as few routes as possible, or about a meridian."""
    from pyproj import Proj
    from shapely import Polygon

    lat = np.linspace(-90, 90, 181)
    top = np.linspace(-180, 180, 181)
    edge = np.vstack(
        [
            np.column_stack([np.full(181, 180.0), lat]),
            np.column_stack([top[::-1], np.full(181, 90.0)]),
            np.column_stack([np.full(181, -180.0), lat[::-1]]),
            np.column_stack([top, np.full(181, -90.0)]),
        ]
    )
    proj = Proj("+proj=eqearth +ellps=WGS84 +over")
    x, y = proj(edge[:, 0], edge[:, 1])
    lon_0 = best_meridian(routes, points) if centre_deg is None else _turned(centre_deg)
    return Sheet("world", lon_0, proj, Polygon(np.column_stack([x, y])).buffer(0))


def best_meridian(routes: Sequence[Floats], points: Floats) -> float:
    """Central meridian, degrees: fewest cuts, then the route's farthest point nearest to the middle."""
    if not len(points):
        return 0.0

    def cost(lon_0: float) -> tuple[int, float]:
        rel = [relative(route[:, 0], lon_0) for route in routes]
        cuts = sum(int(np.count_nonzero(np.abs(np.diff(r)) > 180.0)) for r in rel)
        far = np.abs(relative(points[:, 0], lon_0))
        return cuts, float(np.round(far.max() + 0.5 * far.mean(), 6))

    # The usual European view wins where it is as good as any.
    return min((float(m) for m in range(-180, 180, 5)), key=lambda m: (*cost(m), abs(m - 10)))


def _turned(lon: float) -> float:
    """A longitude as -180..180."""
    return float(relative(np.array([lon]), 0.0)[0])


def polar_sheet(routes: Sequence[Floats], places: Floats, downward_deg: float | None = None) -> Sheet:
    """Polar stereographic, the Pole in the middle, the ports in the lower half, a parallel as its rim."""
    from pyproj import Proj
    from shapely import Polygon

    ends = places if len(places) else np.vstack([r[[0, -1]] for r in routes]) if len(routes) else np.zeros((0, 2))
    northern = ends[ends[:, 1] > 25.0] if len(ends) else ends
    lowest = float(northern[:, 1].min()) if len(northern) else 55.0
    rim_lat = _rim(float(np.clip(5.0 * np.floor((lowest - 3.0) / 5.0), 25.0, 55.0)), routes)
    proj = Proj("+proj=stere +lat_0=90 +lat_ts=75 +ellps=WGS84 +over")
    radius = abs(proj(0.0, rim_lat)[1])
    around = np.linspace(0, 2 * np.pi, 721)[:-1]
    outline = Polygon(radius * np.column_stack([np.cos(around), np.sin(around)]))
    down = _downward_meridian(northern if len(northern) else ends, routes)
    return Sheet("polar", down if downward_deg is None else _turned(downward_deg), proj, outline, rim_lat)


def _rim(highest: float, routes: Sequence[Floats]) -> float:
    """The parallel at the rim: up to 10 degrees lower than it could be, where fewer routes then leave and come back."""

    def cost(lat: float) -> float:
        cuts = sum(int(np.count_nonzero(np.diff(route[:, 1] > lat))) for route in routes)
        return cuts + 0.15 * (highest - lat)

    return min((highest, highest - 5.0, highest - 10.0), key=cost)


def _downward_meridian(ends: Floats, routes: Sequence[Floats]) -> float:
    """The meridian in the middle of the widest bundle of ends; where ends lie opposite, their left-right line."""
    if not len(ends):
        return 0.0
    unit = np.exp(1j * np.deg2rad(ends[:, 0]))
    mean = complex(unit.mean())
    if abs(mean) > 0.15:
        return float(np.round(np.rad2deg(np.angle(mean))))
    # Opposite ends: level them, on the side that has the routes in the lower half.
    level = float(np.rad2deg(np.angle(unit[0]))) + 90.0
    points = np.vstack(list(routes)) if len(routes) else ends
    below = np.cos(np.deg2rad(points[:, 0] - level)).mean()
    return float(relative(np.array([level if below >= 0 else level + 180.0]), 0.0)[0])


def region_sheet(
    points: Floats, aspect: float, margin: float | None = None, middle: Floats | None = None, upward: bool = False
) -> Sheet:
    """A window in Lambert's azimuthal equal-area projection around points, lon, lat degrees.

    `margin`: half the window as a share of the points' span, 0.62 across and 0.68 upward if absent; `middle` (1, 2) is
    the middle of the projection, that of the points if absent; `upward`: room beyond the points is all above them.
    """
    from pyproj import Proj
    from shapely import box

    lon_0, lat_0 = (float(v) for v in lonlat(vectors(points if middle is None else middle).mean(axis=0)))
    proj = Proj(f"+proj=laea +lat_0={lat_0:.4f} +lon_0=0 +ellps=WGS84")
    x, y = proj(relative(points[:, 0], lon_0), points[:, 1])
    half_x = max((margin or 0.62) * float(np.ptp(x)), REGION_MIN_HALF_M)
    half_y = max((margin or 0.68) * float(np.ptp(y)), REGION_MIN_HALF_M)
    low = (y.min() + y.max()) / 2 - half_y
    half_x, half_y = max(half_x, half_y * aspect), max(half_y, half_x / aspect)
    middle_x, middle_y = (x.min() + x.max()) / 2, low + half_y if upward else (y.min() + y.max()) / 2
    outline = box(middle_x - half_x, middle_y - half_y, middle_x + half_x, middle_y + half_y)
    return Sheet("region", lon_0, proj, outline)


def bring(sheet: Sheet, route: Floats) -> Drawn:
    """A route (n, 2) of lon, lat degrees as pieces on a sheet, cut at its seam or rim."""
    route = _fine_at_poles(route)
    if sheet.kind == "world":
        rel = np.column_stack([relative(route[:, 0], sheet.lon_0), route[:, 1]])
        pieces = [sheet.project_relative(piece) for piece in cut_line(rel)]
        return Drawn(tuple(p for piece in pieces for p in _without_streaks(sheet, piece)), ())
    return _clipped(sheet, route)


def _fine_at_poles(route: Floats) -> Floats:
    """Extra points where meridians crowd."""
    parts = []
    xyz = vectors(route)
    for k in range(len(route) - 1):
        parts.append(route[k : k + 1])
        if max(abs(route[k, 1]), abs(route[k + 1, 1])) < 80.0:
            continue
        count = int(np.ceil(np.rad2deg(float(angles(xyz[k], xyz[k + 1]))) / POLAR_STEP_DEG))
        share = np.arange(1, count)[:, None] / max(count, 1)
        if count > 1:
            parts.append(lonlat((1 - share) * xyz[k] + share * xyz[k + 1]))
    return np.vstack([*parts, route[-1:]])


def _without_streaks(sheet: Sheet, piece: Floats) -> list[Floats]:
    """Cut where one step jumps across the sheet: over the Pole, which is a line on a world map."""
    steps = np.hypot(*np.diff(piece, axis=0).T)
    parts = np.split(piece, np.flatnonzero(steps > LONGEST_STEP * sheet.width) + 1)
    return [p for p in parts if len(p) > 1]


def _clipped(sheet: Sheet, route: Floats) -> Drawn:
    """The pieces of a route inside a convex outline, and where it leaves."""
    xy = sheet.project(route)
    # A far point that the projection cannot show counts as outside.
    xy = np.where(np.isfinite(xy), xy, 10 * sheet.width)
    inside = sheet.inside(xy)
    change = np.flatnonzero(np.diff(inside.astype(int)))
    bounds = np.r_[0, change + 1, len(route)]
    pieces: list[Floats] = []
    exits: list[Exit] = []
    for start, stop in pairwise(bounds):
        first, last = start == 0, stop == len(route)
        # Where the route comes in before this run, and where it goes on after it.
        rim_in = None if first else _crossing(sheet, xy[start - 1], xy[start])
        rim_out = None if last else _crossing(sheet, xy[stop - 1], xy[stop])
        if inside[start]:
            ends = [p[None] for p in (rim_in, rim_out) if p is not None]
            piece = np.vstack([*ends[: not first], xy[start:stop], *ends[(not first) :]])
            pieces += [piece] if len(piece) > 1 else []
        elif rim_in is None or rim_out is None or not _brief(sheet, rim_in, rim_out, xy[start:stop]):
            beyond = route[start:stop]
            if rim_in is not None:
                exits.append(Exit(rim_in, rim_in - xy[start - 1], beyond))
            if rim_out is not None:
                exits.append(Exit(rim_out, rim_out - xy[stop], beyond[::-1]))
    return Drawn(tuple(pieces), tuple(exits))


def _brief(sheet: Sheet, start: Floats, stop: Floats, between: Floats) -> bool:
    """True if a route is back so soon that an arrow out of the sheet would mislead."""
    away = np.hypot(*(between - (start + stop) / 2).T)
    return bool(away.max() < BRIEF * sheet.width)


def _crossing(sheet: Sheet, one: Floats, other: Floats) -> Floats:
    """The point of the outline between two points, of which one is inside."""
    from shapely import LineString

    cut = sheet.outline.exterior.intersection(LineString([one, other]))
    if cut.is_empty:
        return np.asarray(one if sheet.inside(one)[0] else other)
    point = cut if cut.geom_type == "Point" else cut.centroid
    return np.array([point.x, point.y])
