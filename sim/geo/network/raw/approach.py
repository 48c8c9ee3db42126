"""The path from a berth to open water: a local search over a fine grid, for places inside the clearance.

Only the last miles of a route are made here. The water is that of the raw coast, not of the clearance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
import shapely.affinity
from scipy.ndimage import binary_erosion, label
from scipy.sparse.csgraph import dijkstra
from shapely import Polygon

from sim.geo.geodesy import Floats
from sim.geo.network.raw.raster import Bools, Box, Grid, Raster, Shape, links, on_globe, squeeze, straightened, traced

OUT_DEG = 0.003  # how far beyond the edge of free water a sea point lies
WINDOWS_DEG = ((0.35, 0.0025), (0.9, 0.006), (2.5, 0.015), (5.0, 0.03))  # half width and cell, degrees of latitude
SNAP_NM = 3.0  # how far from water a position may lie on the map's land: the coast of 1:10m is no surer


@dataclass(frozen=True)
class Approach:
    """A path (n, 2) of lon, lat degrees from a place to the sea point where free water begins."""

    lonlat: Floats
    snapped_nm: float  # from the place to the first water, over the map's land

    @property
    def sea(self) -> tuple[float, float]:
        return float(self.lonlat[-1, 0]), float(self.lonlat[-1, 1])


class Coast:
    """The raw coast, and the obstacles (with edges along great circles) that bound free water."""

    def __init__(self, land: Shape, blocked: Sequence[Polygon]) -> None:
        self.land, self.blocked = land, Shape(blocked)

    def free(self, lonlat: Sequence[float] | Floats) -> bool:
        """True outside every obstacle."""
        return not self.blocked.touches(shapely.Point(lonlat))


def _straight_out(lonlat: tuple[float, float], coast: Coast) -> Approach | None:
    """The straight path to the nearest free water, where no land lies on it: no other way can be shorter."""
    lon, lat = lonlat
    place = shapely.Point(lonlat)
    if coast.land.touches(place):
        return None
    box = Box.around(lon, lat, WINDOWS_DEG[1][0])
    around = shapely.difference(shapely.box(*box), shapely.union_all(coast.blocked.within(box)))
    if around.is_empty:
        return None
    flat = shapely.affinity.scale(around, xfact=squeeze(lat), yfact=1.0, origin=place)
    near = np.array(shapely.shortest_line(place, flat).coords[1])
    step = near - np.array(lonlat)
    length = float(np.hypot(*step))
    if length == 0:
        return None
    sea = np.array(lonlat) + step * (1 + OUT_DEG / length) / np.array([squeeze(lat), 1.0])
    line = np.vstack([lonlat, sea])
    if coast.land.touches(shapely.LineString(line)) or coast.blocked.touches(shapely.Point(sea).buffer(OUT_DEG / 3)):
        return None
    return Approach(on_globe(line), 0.0)


def _first_water(water: Bools, free: Bools, away: Floats, snap_nm: float, inland: bool) -> int | None:
    """The cell from which a place starts: the nearest water within the snap; `inland`, of waters that lead to free
    water."""
    if inland:
        lakes, _ = label(water, structure=np.ones((3, 3)))
        water = np.isin(lakes, np.setdiff1d(lakes[free], [0]))
    start = int(np.argmin(np.where(water, away, np.inf)))
    return start if water.flat[start] and away.flat[start] <= snap_nm else None


def _way_out(water: Bools, free: Bools, shore: Raster, grid: Grid, start: int, first_deg: float) -> Floats | None:
    """The shortest way (n, 2) from a cell to free water, by the centres of cells; looked for up to `first_deg` degrees
    of latitude away at first."""
    row, col = divmod(start, len(grid.xs))
    for reach in (first_deg, np.inf):
        rows, cols = grid.around(row, col, reach) if np.isfinite(reach) else (slice(None), slice(None))
        part, goals = Grid(grid.xs[cols], grid.ys[rows]), free[rows, cols]
        first = (row - (rows.start or 0)) * len(part.xs) + col - (cols.start or 0)
        sea = links(water[rows, cols], part, [shore.part(rows, cols)])
        dist, before = dijkstra(sea, indices=first, return_predecessors=True)
        goal = int(np.argmin(np.where(goals.ravel(), dist, np.inf)))
        if goals.flat[goal] and dist[goal] < reach:  # what lies beyond the reach is no nearer
            return np.asarray(part.lonlat[traced(before, first, goal)])
    return None


def find_approach(
    lonlat: tuple[float, float], coast: Coast, snap_nm: float = SNAP_NM, *, inland: bool = False
) -> Approach | None:
    """The shortest water path from a place to free water; None where there is none within 5 degrees.

    A place on land starts from the nearest water within `snap_nm`: that of an enclosed lake leads nowhere, unless
    `inland` asks for the nearest water that does lead to the sea.
    """
    straight = None if inland else _straight_out(lonlat, coast)
    if straight is not None:
        return straight
    lon, lat = lonlat
    for half, cell in WINDOWS_DEG:
        if half * 60 < snap_nm:
            continue  # nearer water may lie outside the window
        grid = Grid.over(Box.around(lon, lat, half), cell, cell / squeeze(lat))
        shore = coast.land.raster(grid)
        water = ~shore.covered
        # a sea point has free water on all sides, not just a free grid cell
        free = water & binary_erosion(~coast.blocked.raster(grid).covered)
        if not free.any():
            continue
        away = grid.away(lon, lat)
        start = _first_water(water, free, away, snap_nm, inland)
        if start is None:
            continue
        cells = _way_out(water, free, shore, grid, start, 1.5 * float(away[free].min()) / 60)
        if cells is None:
            continue
        line = straightened(cells, coast.land)
        snapped = float(away.flat[start])
        return Approach(on_globe(np.vstack([[lonlat], line]) if snapped > 0.01 else line), snapped)
    return None
