"""The path from a berth to open water: a local search over a fine grid, for places inside the clearance.

Only the last miles of a route are made here. The water is that of the raw coast, not of the clearance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
import shapely.affinity
from numpy.typing import NDArray
from scipy.ndimage import binary_erosion
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely import Polygon, STRtree

from sim.geo.geodesy import Floats

OUT_DEG = 0.003  # how far beyond the edge of free water a sea point lies
WINDOWS_DEG = ((0.35, 0.0025), (0.9, 0.006), (2.5, 0.015), (5.0, 0.03))  # half width and cell, degrees of latitude


@dataclass(frozen=True)
class Approach:
    """A path (n, 2) of lon, lat degrees from a place to the sea point where free water begins."""

    lonlat: Floats
    snapped_nm: float  # from the place to the first water, over the map's land

    @property
    def sea(self) -> tuple[float, float]:
        return float(self.lonlat[-1, 0]), float(self.lonlat[-1, 1])


def clip(polygons: Sequence[Polygon], tree: STRtree, box: tuple[float, float, float, float]) -> list[Polygon]:
    """Parts of polygons within a lon, lat window."""
    window = shapely.box(*box)
    return [shapely.intersection(polygons[k], window) for k in tree.query(window, predicate="intersects")]


def _covered(parts: list[Polygon], xy: Floats) -> NDArray[np.bool_]:
    out = np.zeros(len(xy), dtype=bool)
    for part in parts:
        if not part.is_empty:
            shapely.prepare(part)
            out |= shapely.contains_xy(part, xy)
    return out


def _grid_graph(open_cell: NDArray[np.bool_], dx: float, dy: float) -> csr_array:
    """Links between open neighbouring cells (8 neighbours), lengths in degrees of latitude."""
    rows, cols = open_cell.shape
    number = np.arange(rows * cols).reshape(rows, cols)
    parts = []
    for step_r, step_c in ((0, 1), (1, 0), (1, 1), (1, -1)):
        a = number[: rows - step_r, max(-step_c, 0) : cols - max(step_c, 0)]
        b = number[step_r:, max(step_c, 0) : cols + min(step_c, 0)]
        both = open_cell.flat[a] & open_cell.flat[b]
        parts.append((a[both], b[both], np.full(int(both.sum()), np.hypot(step_r * dy, step_c * dx))))
    i, j, w = (np.concatenate([p[k] for p in parts]) for k in range(3))
    ends = np.r_[i, j].astype(np.int32), np.r_[j, i].astype(np.int32)
    return csr_array((np.r_[w, w], ends), shape=(rows * cols, rows * cols))


def _straightened(line: Floats, land: list[Polygon]) -> Floats:
    """Drop corners of a grid path where the straight line stays off the land."""
    solid = shapely.union_all(land) if land else Polygon()
    shapely.prepare(solid)
    keep, at = [0], 0
    while at < len(line) - 1:
        ahead = len(line) - 1
        while ahead > at + 1 and solid.intersects(shapely.LineString(line[[at, ahead]])):
            ahead = at + max((ahead - at) // 2, 1)
        keep.append(ahead)
        at = ahead
    return line[keep]


def _straight_out(
    lonlat: tuple[float, float], land_tree: STRtree, blocked: Sequence[Polygon], blocked_tree: STRtree
) -> Approach | None:
    """The straight path to the nearest free water, where no land lies on it: no other way can be shorter."""
    lon, lat = lonlat
    place = shapely.Point(lonlat)
    if len(land_tree.query(place, predicate="intersects")):
        return None
    half, squeeze = WINDOWS_DEG[1][0], max(np.cos(np.deg2rad(lat)), 0.03)
    window = shapely.box(lon - half / squeeze, lat - half, lon + half / squeeze, lat + half)
    inside = [shapely.intersection(blocked[k], window) for k in blocked_tree.query(window, predicate="intersects")]
    around = shapely.difference(window, shapely.union_all(inside))
    if around.is_empty:
        return None
    flat = shapely.affinity.scale(around, xfact=squeeze, yfact=1.0, origin=place)
    near = np.array(shapely.shortest_line(place, flat).coords[1])
    step = near - np.array(lonlat)
    length = float(np.hypot(*step))
    if length == 0:
        return None
    sea = np.array(lonlat) + step * (1 + OUT_DEG / length) / np.array([squeeze, 1.0])
    line = np.vstack([lonlat, sea])
    if len(land_tree.query(shapely.LineString(line), predicate="intersects")):
        return None
    if len(blocked_tree.query(shapely.Point(sea).buffer(OUT_DEG / 3), predicate="intersects")):
        return None
    return Approach(line, 0.0)


def find_approach(
    lonlat: tuple[float, float],
    land: Sequence[Polygon],
    land_tree: STRtree,
    blocked: Sequence[Polygon],
    blocked_tree: STRtree,
    snap_nm: float = 3.0,
) -> Approach | None:
    """The shortest water path from a place to water outside `blocked`; None where there is none within 5 degrees.

    A place on land starts from the nearest water within `snap_nm`.
    """
    straight = _straight_out(lonlat, land_tree, blocked, blocked_tree)
    if straight is not None:
        return straight
    lon, lat = lonlat
    squeeze = max(np.cos(np.deg2rad(lat)), 0.03)
    for half, cell in WINDOWS_DEG:
        box = (lon - half / squeeze, lat - half, lon + half / squeeze, min(lat + half, 89.9))
        xs = np.arange(box[0], box[2], cell / squeeze)
        ys = np.arange(box[1], box[3], cell)
        xy = np.stack(np.meshgrid(xs, ys), axis=-1)
        flat = xy.reshape(-1, 2)
        shore = clip(land, land_tree, box)
        water = ~_covered(shore, flat).reshape(xy.shape[:2])
        free = ~_covered(clip(blocked, blocked_tree, box), flat).reshape(xy.shape[:2])
        free = water & binary_erosion(free)  # a sea point has free water on all sides, not just a free grid cell
        away = np.hypot((flat[:, 0] - lon) * squeeze, flat[:, 1] - lat) * 60
        start = int(np.argmin(np.where(water.ravel(), away, np.inf)))
        if not water.flat[start] or away[start] > snap_nm or not free.any():
            continue
        dist, before = dijkstra(_grid_graph(water, cell, cell), indices=start, return_predecessors=True)
        goal = int(np.argmin(np.where(free.ravel(), dist, np.inf)))
        if not np.isfinite(dist[goal]) or not free.flat[goal]:
            continue
        way = [goal]
        while way[-1] != start:
            way.append(int(before[way[-1]]))
        line = _straightened(flat[way[::-1]], shore)
        return Approach(np.vstack([[lonlat], line]) if away[start] > 0.01 else line, float(away[start]))
    return None
