"""Time on a route: speeds at sea, in canals and in named waters, and waits at passages."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np

import geodata
from sim.errors import UsageError, did_you_mean
from sim.geo.drawing import densified
from sim.geo.passages import PassageTable
from sim.geo.route import Route
from sim.geo.sphere import Floats
from sim.units import HOURS_PER_DAY

SAMPLE_NM = 5.0  # legs are cut at least this finely where a named water has a speed of its own


@dataclass(frozen=True)
class SpeedPlan:
    """How fast a ship goes. `waters_kn` holds in named waters, `waits_h` at passages that the route crosses."""

    speed_kn: float
    waters_kn: Mapping[str, float]
    waits_h: Mapping[str, float]
    canal_limits: bool = True


@dataclass(frozen=True)
class Timing:
    """Days of a voyage, with what they are made of. `water_nm` are the miles in each named water with its own speed."""

    days: float
    sailing_days: float
    wait_days: float
    canal_days: float
    water_nm: Mapping[str, float]
    depart: datetime
    arrive: datetime


@lru_cache(maxsize=1)
def named_waters() -> dict[str, tuple[str, Floats]]:
    """Named waters: id to (name, polygon corners (n, 2) lon, lat degrees, longitudes possibly above 180)."""
    with geodata.table("waters.csv").open(newline="", encoding="utf-8") as file:
        return {
            r["id"]: (r["name"], np.array([[float(v) for v in p.split()] for p in r["polygon_lon_lat"].split(";")]))
            for r in csv.DictReader(file)
        }


def check_water(name: str) -> None:
    """Raise UsageError for a water that is not in the table."""
    if name not in named_waters():
        raise UsageError(
            f"unknown water '{name}'{did_you_mean(name, named_waters())}; known: {', '.join(named_waters())}"
        )


def inside_water(water: str, lonlat: Floats) -> np.ndarray:
    """True for positions (n, 2) within a named water."""
    from shapely import Polygon, contains_xy, prepare

    polygon = Polygon(named_waters()[water][1])
    prepare(polygon)
    east = lonlat + np.array([360.0, 0.0])
    return np.asarray(contains_xy(polygon, lonlat) | contains_xy(polygon, east))


def time_on(route: Route, plan: SpeedPlan, depart: datetime, table: PassageTable) -> Timing:
    """Time that a route takes. Where two named waters overlap, the slower speed holds."""
    sailing_h = canal_h = 0.0
    water_nm = dict.fromkeys(plan.waters_kn, 0.0)
    for k, (length, tag) in enumerate(zip(route.leg_nm, route.leg_tags, strict=True)):
        if tag in table and plan.canal_limits:
            limit = table[tag].speed_limit_kn
            canal_h += length / min(plan.speed_kn, limit or plan.speed_kn)
            continue
        if not plan.waters_kn:
            sailing_h += length / plan.speed_kn
            continue
        middle = _middles(densified(route.lonlat[k : k + 2], SAMPLE_NM))
        slowest = np.full(len(middle), np.inf)
        part = length / len(middle)
        for water, speed_kn in plan.waters_kn.items():
            within = inside_water(water, middle)
            slowest[within] = np.minimum(slowest[within], speed_kn)
            water_nm[water] += part * float(within.sum())
        speed = np.where(np.isinf(slowest), plan.speed_kn, slowest)
        sailing_h += float((part / speed).sum())
    wait_h = sum(plan.waits_h.get(p, 0.0) for p in route.passages)
    hours = sailing_h + canal_h + wait_h
    return Timing(
        days=hours / HOURS_PER_DAY,
        sailing_days=(sailing_h + canal_h) / HOURS_PER_DAY,
        wait_days=wait_h / HOURS_PER_DAY,
        canal_days=canal_h / HOURS_PER_DAY,
        water_nm=water_nm,
        depart=depart,
        arrive=depart + timedelta(hours=hours),
    )


def _middles(line: Floats) -> Floats:
    """Middles of the pieces of a finely cut line."""
    from sim.geo.sphere import lonlat, vectors

    xyz = vectors(line)
    return lonlat(xyz[:-1] + xyz[1:])
