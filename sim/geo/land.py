"""Land polygons of Natural Earth 1:10m, read from one compact file.

Corners are stored as differences of integers of 1e-5 degrees; rings and polygons by their lengths.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
from numpy.typing import NDArray

import geodata
from sim import tables
from sim.errors import DAMAGED, DataError
from sim.geo.geodesy import Floats
from sim.tables import Filled, From

if TYPE_CHECKING:
    from shapely import Polygon, STRtree

SCALE = 1e5
FEW = 200  # places that are looked up one by one: the polygons need not be prepared for them


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


def corners_of(delta: np.ndarray) -> Floats:
    """Corners (n, 2) of packed ones, lon, lat degrees."""
    return np.asarray(np.cumsum(delta, axis=0, dtype=np.int64) / SCALE)


def unpack_polygons(delta: np.ndarray, ring_sizes: np.ndarray, polygon_rings: np.ndarray) -> list[Polygon]:
    """Polygons of packed arrays, lon, lat degrees."""
    from shapely import Polygon

    rings = np.split(corners_of(delta), np.cumsum(ring_sizes)[:-1])
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


@dataclass(frozen=True)
class _Danger:
    id: Filled
    polygon: Annotated[tuple[tuple[float, float], ...], From("polygon_lon_lat")]


def danger_polygons() -> list[Polygon]:
    """Reefs and shoals of geodata/tables/dangers.csv, which ships keep out of."""
    from shapely import Polygon

    return [Polygon(d.polygon) for d in tables.rows(geodata.table("dangers.csv"), _Danger, unique="id")]


@lru_cache(maxsize=1)
def land_tree() -> STRtree:
    """Search tree over `land_polygons`."""
    from shapely import STRtree

    return STRtree(list(land_polygons()))


def on_land(lonlat: Floats) -> NDArray[np.bool_]:
    """True for each lon, lat (n, 2) that lies on land.

    Asks each polygon about all places near it, which is some 200 times as fast for many places as the other way about.
    """
    import shapely

    places = np.atleast_2d(lonlat)
    out = np.zeros(len(places), dtype=bool)
    if len(places) < FEW:
        out[land_tree().query(shapely.points(places), predicate="intersects")[0]] = True
        return out
    land = np.array(land_polygons())
    polygon, place = shapely.STRtree(shapely.points(places)).query(shapely.box(*shapely.bounds(land).T))
    if not len(polygon):
        return out
    order = np.argsort(polygon, kind="stable")
    which, first = np.unique(polygon[order], return_index=True)
    for k, near in zip(which, np.split(place[order], first[1:]), strict=True):
        shapely.prepare(land[k])
        out[near] |= shapely.intersects_xy(land[k], places[near])
    return out
