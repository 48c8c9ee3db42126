"""The state of the ice on a day: how much of each sea and strait it covers, and how thick it is.

Seas are counted in the equal-area cells of the ice grid whose middle is water, so that a mean over cells is a mean over
the sea. Straits are smaller than that: they are read at points `STRAIT_STEP_KM` apart.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

import geodata
from sim.errors import DAMAGED, DataError, UsageError, did_you_mean
from sim.geo.cells import CELL_KM, HALF, CellGrid, from_plane, plane_km
from sim.geo.drawing import densified
from sim.geo.geodesy import RADIUS_KM, Floats, angles, vectors
from sim.geo.land import on_land
from sim.ice.field import FieldKind, IceField, day_number, moment_of
from sim.result import Result
from sim.units import KM_PER_NM, month_of
from sim.values import Valued

EDGE: Final = 0.15  # the ice edge: concentration from which water counts as ice-covered
STRAIT_STEP_KM: Final = 5.0
STRAIT_MIN_KM: Final = 30.0
STRAITS: Final = (
    "kara_gate", "vilkitsky_strait", "sannikov_strait", "dmitry_laptev_strait", "long_strait", "bering_strait",
)  # fmt: skip
# Free of ice in every month on record: something to hold the rest against. Own track along the coast.
ICE_FREE: Final = ("north_cape_murmansk", "North Cape - Murmansk", ((25.8, 71.4), (31.0, 70.6), (33.6, 69.6)), 30.0)
WHOLE, NSR, OTHER = "whole", "nsr", "other_waters"
WHOLE_NAME, OTHER_NAME = "all waters that can freeze", "other waters"
YEARS: Final = (1900, 2200)

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class AreaIce:
    """The ice of one sea or strait. Areas in 1000 km2, shares and concentrations 0 to 1, floe thickness in m.

    `unknown_share` is the part of which the field knows nothing; all other figures are of the rest, None where there is
    no rest. `over_15` is the share with more than 15 % of ice; `ice_area_1000km2` counts the ice alone, without the
    water between the floes. `thickness_m` is the mean over the ice by its area, `max_thickness_m` the highest; both are
    of the water with more than 15 % of ice, None where there is none or its thickness is not known.
    """

    id: str
    name: str
    area_1000km2: float
    unknown_share: float
    concentration: float | None
    max_concentration: float | None
    over_15: float | None
    ice_area_1000km2: float | None
    thickness_m: float | None
    max_thickness_m: float | None


@dataclass(frozen=True, eq=False, repr=False)
class IceState(Valued, Result):
    """The ice of a field on a day.

    `kind` tells a typical single year, the mean of many years, another use of the climate and a file apart; `z` and
    `warming_c` are those of the built-in climate, None for a file. `seas`, each as far as it can freeze, do not overlap
    and add up to `whole`; the last of them are the waters without a name here, such as Hudson Bay and the Sea of
    Okhotsk. `nsr` is the water area of the Northern Sea Route and lies over the seas.
    """

    day: float
    label: str
    sources: tuple[str, ...]
    kind: FieldKind
    z: float | None
    warming_c: float | None
    seas: tuple[AreaIce, ...]
    straits: tuple[AreaIce, ...]
    nsr: AreaIce
    whole: AreaIce
    field: IceField | None = dataclass_field(default=None, repr=False, compare=False)  # what it was read from

    @property
    def date(self) -> str:
        """The day, as 2030-09-16."""
        return f"{moment_of(self.day):%Y-%m-%d}"

    def area(self, name: str) -> AreaIce:
        """A sea, a strait, "nsr" or "whole" by its id. Raises UsageError that names the nearest."""
        known = {a.id: a for a in (*self.seas, *self.straits, self.nsr, self.whole)}
        if name not in known:
            raise UsageError(f"unknown water '{name}'{did_you_mean(name, known)}; known: {', '.join(known)}")
        return known[name]


def day_of(year: int, month: int | str, day: int | None = None) -> float:
    """Days since 1970-01-01 UTC: noon of a day, or the middle of a month (9, "Sep"). Raises UsageError."""
    low, high = YEARS
    if not low <= year <= high:
        raise UsageError(f"year {year} is out of range; allowed: {low} to {high}, nearest {min(max(year, low), high)}")
    month = month_of(month)
    first, last = datetime(year, month, 1, tzinfo=UTC), monthrange(year, month)[1]
    if day is None:
        return day_number(first + timedelta(days=last / 2))
    if not 1 <= day <= last:
        raise UsageError(f"day {day} is out of range; {first:%B %Y} has 1 to {last}, nearest {min(max(day, 1), last)}")
    return day_number(first + timedelta(days=day - 0.5))


def ice_state(field: IceField, day: float) -> IceState:
    """The ice of every sea that can freeze, of the straits of the Northern Sea Route, and of all of them together.

    `day`: days since 1970-01-01 UTC. Raises DataError where the data of the program are damaged, and what the field
    raises.
    """
    waters, straits = _waters(), _straits()
    concentration, thickness_m = field.sampler(waters.lonlat).on(day)
    areas = {
        key: area_ice(key, name, inside, concentration, thickness_m, (CELL_KM**2) / 1000)
        for key, (name, inside) in waters.areas.items()
    }
    near, near_m = field.sampler(straits.lonlat).on(day)
    return IceState(
        day=float(day),
        label=field.label,
        sources=tuple(field.sources),
        kind=field.kind,
        z=_figure(field, "anomaly_z"),
        warming_c=_figure(field, "warming_c"),
        seas=tuple(a for key, a in areas.items() if key not in (NSR, WHOLE)),
        straits=tuple(
            area_ice(key, name, inside, near, near_m, STRAIT_STEP_KM**2 / 1000)
            for key, (name, inside) in straits.areas.items()
        ),
        nsr=areas[NSR],
        whole=areas[WHOLE],
        field=field,
    )


def _figure(field: IceField, name: str) -> float | None:
    """A figure that the built-in climate has and a file has not."""
    value = getattr(field, name, None)
    return None if value is None else float(value)


def area_ice(
    key: str, name: str, inside: Bools, concentration: Floats, thickness_m: Floats, cell_1000km2: float
) -> AreaIce:
    """The ice in the places (n,) that lie inside, each of the same area, of concentrations and floe thickness (n,)."""
    share, thick = concentration[inside], thickness_m[inside]
    known = np.isfinite(share)
    unknown = 1.0 - float(known.mean()) if len(known) else 1.0
    area = len(share) * cell_1000km2
    if not known.any():
        return AreaIce(key, name, area, unknown, None, None, None, None, None, None)
    share, thick = share[known], thick[known]
    iced = (share > EDGE) & np.isfinite(thick)
    return AreaIce(
        id=key,
        name=name,
        area_1000km2=area,
        unknown_share=unknown,
        concentration=float(share.mean()),
        max_concentration=float(share.max()),
        over_15=float((share > EDGE).mean()),
        ice_area_1000km2=float(share.sum()) * cell_1000km2,
        thickness_m=float(np.average(thick[iced], weights=share[iced])) if iced.any() else None,
        max_thickness_m=float(thick[iced].max()) if iced.any() else None,
    )


@dataclass(frozen=True)
class _Places:
    """Places (n, 2) of lon, lat degrees, all water and each of the same area; which lie in an area, by its id."""

    lonlat: Floats
    areas: Mapping[str, tuple[str, Bools]]


@lru_cache(maxsize=1)
def _waters() -> _Places:
    """The cells of the ice grid that are water, and the seas that they lie in."""
    from sim.geo.waters import inside_water, named_waters, sea_ids, seas

    cells = cell_grid().lonlat
    lonlat = cells[~on_land(cells)]
    sea, names = seas(lonlat), named_waters()
    areas = {key: (names[key][0], sea == k) for k, key in enumerate(sea_ids()) if (sea == k).any()}
    areas[OTHER] = OTHER_NAME, sea < 0
    areas[NSR] = names[NSR][0], inside_water(NSR, lonlat)
    areas[WHOLE] = WHOLE_NAME, np.ones(len(lonlat), dtype=bool)
    return _Places(lonlat, areas)


def cell_grid() -> CellGrid:
    """The cells of the shipped lattice, without the lattice. Raises DataError."""
    path, side = geodata.binary("lattice.npz"), 2 * HALF + 1
    try:
        with path.open("rb") as file, np.load(file) as data:
            bits = np.unpackbits(data["mask"].astype(np.uint8), count=side * side)
    except DAMAGED as error:
        raise DataError(f"{path.name}: cannot be read ({error}); rebuild it with 'python -m geodata.build'") from error
    return CellGrid.of_mask(bits.astype(bool).reshape(side, side))


@lru_cache(maxsize=1)
def _straits() -> _Places:
    """Points of water in the straits: as far from the middle of a gate as the gate reaches, or along a track."""
    from sim.geo.passages import PassageTable

    by_id = {p.id: p for p in PassageTable.load().all}
    found: list[tuple[str, str, Floats]] = []
    for key in STRAITS:
        gate = vectors(by_id[key].gate)
        half_km = max(float(angles(gate[0], gate[1])) * RADIUS_KM / 2, STRAIT_MIN_KM)
        found.append((key, plain_name(by_id[key].name), near_line(np.array([by_id[key].label_at]), half_km)))
    key, name, corners, reach_km = ICE_FREE
    found.append((key, name, near_line(densified(np.array(corners), STRAIT_STEP_KM / KM_PER_NM), reach_km)))
    lonlat = np.vstack([points for *_, points in found])
    of = np.repeat(np.arange(len(found)), [len(points) for *_, points in found])
    water = ~on_land(lonlat)
    lonlat, of = lonlat[water], of[water]
    return _Places(lonlat, {key: (name, of == k) for k, (key, name, _) in enumerate(found)})


def plain_name(name: str) -> str:
    """A name without what stands in brackets: "Long Strait" of "Long (De Long) Strait"."""
    return re.sub(r"\s*\(.*?\)", "", name)


def near_line(line: Floats, reach_km: float) -> Floats:
    """Equal-area points (m, 2) of lon, lat degrees, `STRAIT_STEP_KM` apart, within a distance of the points of a line
    (n, 2)."""
    from scipy.spatial import KDTree

    middle = plane_km(vectors(line))
    margin = 1.3 * reach_km + STRAIT_STEP_KM  # the plane keeps areas and stretches lengths
    low, high = (np.floor(v / STRAIT_STEP_KM) for v in (middle.min(axis=0) - margin, middle.max(axis=0) + margin))
    x, y = np.meshgrid(*(np.arange(a, b + 1) for a, b in zip(low, high, strict=True)), indexing="ij")
    lonlat = from_plane(np.stack([x.ravel(), y.ravel()], axis=-1) * STRAIT_STEP_KM)
    chord = KDTree(vectors(line)).query(vectors(lonlat))[0]
    return np.asarray(lonlat[chord <= 2 * np.sin(reach_km / RADIUS_KM / 2)])
