"""Edges of the sea network: taut great-circle legs between corners that see each other."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np
import shapely
from shapely import Polygon

from sim.geo.geodesy import Floats, vectors
from sim.geo.visibility import Ints, Obstacles, visible

POCKET_SQ_NM = 3000.0  # enclosed waters smaller than this are closed bays, not seas

_state: dict[str, Any] = {}


def without_pockets(polygons: list[Polygon]) -> list[Polygon]:
    """Obstacles whose enclosed small waters are filled: no leg can reach them, ports there have an approach."""
    out = []
    for polygon in polygons:
        seas = [h for h in polygon.interiors if _area_sq_nm(h) >= POCKET_SQ_NM]
        out.append(Polygon(polygon.exterior, seas))
    merged = shapely.union_all(out)
    return [p for p in getattr(merged, "geoms", [merged]) if isinstance(p, Polygon)]


def _area_sq_nm(ring: Any) -> float:
    lat = float(np.array(ring.coords)[:, 1].mean())
    return float(Polygon(ring).area) * 3600 * float(np.cos(np.deg2rad(lat)))


def _begin(obstacles: Obstacles, corners: Ints) -> None:
    _state["obstacles"], _state["corners"] = obstacles, corners
    _state["xyz"] = obstacles.xyz[corners]


def _edges_from(k: int) -> Ints:
    seen = visible(
        _state["obstacles"],
        _state["xyz"][k],
        _state["xyz"][k + 1 :],
        at_corner=int(_state["corners"][k]),
        target_corners=_state["corners"][k + 1 :],
    )
    return np.flatnonzero(seen) + k + 1


def sampled_edges(obstacles: Obstacles, corners: Ints, rows: list[int]) -> list[Ints]:
    """Edges of a few corners to corners of a higher number: a rebuild in the small."""
    _begin(obstacles, corners)
    return [_edges_from(k) for k in rows]


def taut_edges(obstacles: Obstacles, corners: Ints, workers: int = 2) -> tuple[Ints, Ints]:
    """All taut legs between corners, as pairs of rows of `corners` (first < second)."""
    begun = time.monotonic()
    found: list[Ints] = []
    with ProcessPoolExecutor(workers, initializer=_begin, initargs=(obstacles, corners)) as pool:
        for k, ahead in enumerate(pool.map(_edges_from, range(len(corners)), chunksize=200)):
            found.append(ahead)
            if k % 2000 == 0:
                print(f"  corner {k} of {len(corners)}, {time.monotonic() - begun:.0f} s", file=sys.stderr)
    return np.repeat(np.arange(len(corners)), [len(f) for f in found]), np.concatenate(found)


def _begin_points(obstacles: Obstacles, corners: Ints, points: Floats) -> None:
    _begin(obstacles, corners)
    _state["points"] = vectors(points)


def _joins_of(k: int) -> Ints:
    obstacles, at = _state["obstacles"], _state["points"]
    to_corners = np.flatnonzero(visible(obstacles, at[k], _state["xyz"], target_corners=_state["corners"]))
    later = np.flatnonzero(visible(obstacles, at[k], at[k + 1 :])) + k + 1 + len(_state["corners"])
    return np.concatenate([to_corners, later])


def joins(obstacles: Obstacles, corners: Ints, points: Floats, workers: int = 2) -> tuple[Ints, Ints]:
    """Taut legs from points in free water to corners, and to later points: pairs (point, node), nodes being corners
    first and then points."""
    with ProcessPoolExecutor(workers, initializer=_begin_points, initargs=(obstacles, corners, points)) as pool:
        own = list(pool.map(_joins_of, range(len(points)), chunksize=100))
    return np.repeat(np.arange(len(points)), [len(o) for o in own]), np.concatenate(own)
