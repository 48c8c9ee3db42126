"""Emission control areas: where the sulphur of fuel is limited to 0.10 %, and what of a voyage lies there.

MARPOL Annex VI regulation 14.4. The areas are polygons of geodata/tables/emission_areas.csv, each with the day from
which the limit of 0.10 % holds; an area may have several rows. Longitudes may go below -180 or above 180.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Annotated, Any, Final

import numpy as np

import geodata
from sim import tables
from sim.economy.emissions import FuelUse
from sim.economy.fuels import Fuel, FuelTable
from sim.economy.rates import as_date
from sim.geo.drawing import densified
from sim.geo.geodesy import Floats, lengths_nm
from sim.tables import Filled, From, Grade
from sim.voyage.voyage import VoyageLeg

LIMIT_PCT: Final = 0.1  # of sulphur, by mass, within an area
SCRUBBED_PCT: Final = 0.5  # fuel with more needs a scrubber everywhere from 2020, and then may be burnt in an area too
CAP_DAY: Final = dt.date(2020, 1, 1)
STEP_NM: Final = 5.0  # of the line that is cut with the outlines
SUBSTITUTE: Final = "MGO"


@dataclass(frozen=True)
class EmissionArea:
    """A row of the table: an area or a part of one, and from when 0.10 % is its limit."""

    id: Filled
    name: Filled
    begin: dt.date
    polygon: Annotated[tuple[tuple[float, float], ...], From("polygon_lon_lat")]
    source: Filled
    confidence: Grade
    note: str = ""


@dataclass(frozen=True)
class AreaPart:
    """What of a voyage lies in one area: miles, and tonnes of the ship's own fuel; None where that is not known."""

    area: str
    name: str
    distance_nm: float
    fuel_t: float | None
    confidence: str = "C"


@lru_cache(maxsize=1)
def emission_areas() -> tuple[EmissionArea, ...]:
    """All rows of the table. Raises DataError."""
    return tables.rows(geodata.table("emission_areas.csv"), EmissionArea)


@lru_cache(maxsize=32)
def _prepared(row: int) -> Any:
    from shapely import Polygon, prepare

    polygon = Polygon(emission_areas()[row].polygon)
    prepare(polygon)
    return polygon


def area_nm(line: Floats, when: dt.date) -> dict[str, float]:
    """Miles of a line (n, 2) of lon, lat degrees in each area that holds on a day; areas that it misses are left out.

    The line is cut along its great circles into pieces of at most 5 nm, and a piece counts where its middle lies.
    """
    if len(line) < 2:
        return {}
    points = densified(np.asarray(line, dtype=np.float64), STEP_NM)
    nm = lengths_nm(points[:-1], points[1:])
    turn = (points[1:, 0] - points[:-1, 0] + 180.0) % 360.0 - 180.0
    middle = np.column_stack([points[:-1, 0] + turn / 2, (points[1:, 1] + points[:-1, 1]) / 2])
    inside: dict[str, Any] = {}
    for k, area in enumerate(emission_areas()):
        if area.begin <= as_date(when):
            hit = _within(k, middle)
            inside[area.id] = inside[area.id] | hit if area.id in inside else hit
    return {name: float(nm[hit].sum()) for name, hit in inside.items() if hit.any()}


def _within(row: int, points: Floats) -> Any:
    from shapely import intersects_xy

    polygon = _prepared(row)
    lon = (points[:, 0] + 180.0) % 360.0 - 180.0
    return np.any([intersects_xy(polygon, lon + turn, points[:, 1]) for turn in (-360.0, 0.0, 360.0)], axis=0)


def voyage_areas(legs: Sequence[VoyageLeg]) -> tuple[AreaPart, ...]:
    """Miles and tonnes of a voyage in each area, in the order in which she comes to them.

    The limit of the day on which a leg begins holds for it; its fuel is spread evenly over its miles.
    """
    miles: dict[str, float] = {}
    tonnes: dict[str, float | None] = {}
    for leg in legs:
        found = area_nm(leg.lonlat, leg.start.date())
        drawn = float(lengths_nm(leg.lonlat[:-1], leg.lonlat[1:]).sum()) if found else 0.0
        for area, nm in found.items():
            share = min(nm / drawn, 1.0) if drawn > 0 else 0.0
            miles[area] = miles.get(area, 0.0) + share * leg.distance_nm
            before = tonnes.get(area, 0.0)
            tonnes[area] = None if leg.fuel_t is None or before is None else before + share * leg.fuel_t
    rows = {a.id: a for a in emission_areas()}
    return tuple(AreaPart(area, rows[area].name, nm, tonnes[area], rows[area].confidence) for area, nm in miles.items())


def may_burn(fuel: Fuel, when: dt.date, scrubber: bool | None = None) -> bool:
    """Whether a ship may burn a fuel within an area: one of 0.10 % sulphur, or any with a scrubber.

    None: a ship that burns fuel of more than 0.5 % from 2020 has one, since the world's limit asks for it.
    """
    if fuel.sulphur_pct <= LIMIT_PCT:
        return True
    return fuel.sulphur_pct > SCRUBBED_PCT and as_date(when) >= CAP_DAY if scrubber is None else scrubber


def area_uses(use: FuelUse, inside_t: float) -> tuple[FuelUse, FuelUse | None]:
    """A use of fuel outside the areas, and the gas oil of the same energy that is burnt inside in its place.

    `inside_t` are tonnes of the ship's own fuel, all of it outside the Arctic; None where there are none.
    """
    total = use.main_t + use.auxiliary_t + use.boiler_t
    inside_t = min(inside_t, total * (1.0 - use.arctic_share))
    if total <= 0 or inside_t <= 0:
        return use, None
    share = inside_t / total
    oil = FuelTable.load().find(SUBSTITUTE)
    ratio = share * oil.same_energy_t(use.fuel, 1.0)
    instead = FuelUse(oil, use.main_t * ratio, use.auxiliary_t * ratio, use.boiler_t * ratio)
    arctic = min(use.arctic_share / (1.0 - share), 1.0) if share < 1.0 else 0.0
    return replace(use.scaled(1.0 - share), arctic_share=arctic), instead
