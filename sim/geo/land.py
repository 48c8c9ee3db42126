"""Land polygons of Natural Earth 1:10m, read from one compact file.

Corners are stored as differences of integers of 1e-5 degrees; rings and polygons by their lengths.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import geodata
from sim.errors import DAMAGED, DataError
from sim.geo.geodesy import Floats

if TYPE_CHECKING:
    from shapely import Polygon, STRtree

SCALE = 1e5


def pack_polygons(polygons: Iterable[Polygon]) -> dict[str, np.ndarray]:
    """Arrays that `unpack_polygons` turns back into the same polygons, rounded to 1e-5 degrees."""
    rings, per_polygon = [], []
    for polygon in polygons:
        own = [polygon.exterior, *polygon.interiors]
        per_polygon.append(len(own))
        rings += [np.rint(np.array(r.coords)[:-1] * SCALE).astype(np.int32) for r in own]
    flat = np.vstack(rings)
    return {
        "delta": np.diff(flat, axis=0, prepend=np.zeros((1, 2), np.int32)).astype(np.int32),
        "ring_sizes": np.array([len(r) for r in rings], np.int32),
        "polygon_rings": np.array(per_polygon, np.int32),
    }


def unpack_polygons(delta: np.ndarray, ring_sizes: np.ndarray, polygon_rings: np.ndarray) -> list[Polygon]:
    """Polygons of packed arrays, lon, lat degrees."""
    from shapely import Polygon

    corners = np.cumsum(delta, axis=0, dtype=np.int64) / SCALE
    rings = np.split(corners, np.cumsum(ring_sizes)[:-1])
    out, at = [], 0
    for count in polygon_rings:
        shell, *holes = rings[at : at + count]
        out.append(Polygon(shell, holes))
        at += count
    return out


@lru_cache(maxsize=1)
def land_polygons(path: Path | None = None) -> tuple[Polygon, ...]:
    """All land, as polygons within -180..180 degrees that do not overlap."""
    file = path or geodata.binary("land.npz")
    try:
        with file.open("rb") as stream, np.load(stream) as data:
            return tuple(unpack_polygons(data["delta"], data["ring_sizes"], data["polygon_rings"]))
    except DAMAGED as error:
        raise DataError(f"{file.name}: cannot be read ({error}); rebuild it with 'python -m geodata.build'") from error


@lru_cache(maxsize=1)
def land_tree() -> STRtree:
    """Search tree over `land_polygons`."""
    from shapely import STRtree

    return STRtree(list(land_polygons()))


def on_land(lonlat: Floats) -> np.ndarray:
    """True for each lon, lat (n, 2) that lies on land."""
    from shapely import points

    pairs = land_tree().query(points(np.atleast_2d(lonlat)), predicate="intersects")
    out = np.zeros(len(np.atleast_2d(lonlat)), dtype=bool)
    out[pairs[0]] = True
    return out
