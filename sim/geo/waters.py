"""Named waters: seas and sea areas as polygons of geodata/tables/waters.csv."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

import geodata
from sim import tables
from sim.errors import UsageError, did_you_mean
from sim.geo.geodesy import Floats
from sim.tables import Filled, From

OVERLAPPING = ("nsr",)  # lies over the seas: no sea of its own


@dataclass(frozen=True)
class _Water:
    id: Filled
    name: Filled
    polygon: Annotated[tuple[tuple[float, float], ...], From("polygon_lon_lat")]


@lru_cache(maxsize=1)
def named_waters() -> dict[str, tuple[str, Floats]]:
    """Named waters: id to (name, polygon corners (n, 2) lon, lat degrees, longitudes possibly above 180)."""
    found = tables.rows(geodata.table("waters.csv"), _Water, unique="id")
    return {w.id: (w.name, np.array(w.polygon)) for w in found}


def check_water(name: str) -> None:
    """Raise UsageError for a water that is not in the table."""
    if name not in named_waters():
        raise UsageError(
            f"unknown water '{name}'{did_you_mean(name, named_waters())}; known: {', '.join(named_waters())}"
        )


@lru_cache(maxsize=64)
def _prepared(water: str) -> tuple[Any, tuple[float, float, float, float]]:
    """The polygon of a water, made ready for many questions, and its least and largest degrees."""
    from shapely import Polygon, prepare

    polygon = Polygon(named_waters()[water][1])
    prepare(polygon)
    return polygon, polygon.bounds


def inside_water(water: str, lonlat: Floats) -> NDArray[np.bool_]:
    """True for positions (n, 2) within a named water."""
    from shapely import intersects_xy

    polygon, (west, south, east, north) = _prepared(water)
    out = np.zeros(len(lonlat), dtype=bool)
    lon, lat = lonlat.T
    high = (lat >= south) & (lat <= north)
    for turn in (0.0, 360.0):
        near = np.flatnonzero(high & (lon + turn >= west) & (lon + turn <= east))
        if len(near):
            out[near] |= intersects_xy(polygon, lon[near] + turn, lat[near])
    return out


def seas(lonlat: Floats) -> NDArray[np.int64]:
    """Number of the sea (n,) that each position lies in, in the order of `sea_ids`; -1 in the open ocean."""
    out = np.full(len(lonlat), -1, dtype=np.int64)
    for k, water in enumerate(sea_ids()):
        free = np.flatnonzero(out < 0)
        out[free[inside_water(water, lonlat[free])]] = k
    return out


def sea_ids() -> tuple[str, ...]:
    """Ids of the named waters that do not overlap others."""
    return tuple(w for w in named_waters() if w not in OVERLAPPING)


def sea_name(number: int) -> str:
    """Id of a sea by its number; empty in the open ocean."""
    return sea_ids()[number] if number >= 0 else ""
