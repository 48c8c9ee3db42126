"""How a ship goes in ice: what the rules allow, what the hull manages, alone and behind an icebreaker.

One function of arrays for everything: the router asks it for all cells of the sea, the voyage for the pieces of a path.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.geo.geodesy import Floats
from sim.ice import admission, polaris, types
from sim.ice.admission import AdmissionTable, Ruling
from sim.ice.classes import IceClass
from sim.ice.field import IceField, IceSampler
from sim.ice.types import ICE_FROM
from sim.ship.ice_speed import attainable_kn, class_limit_kn, escorted_kn
from sim.ship.icebreakers import Icebreaker
from sim.ship.power import hull_of
from sim.ship.vessel import Ship
from sim.voyage.policy import RISKS, IcePolicy
from sim.voyage.shelf import Shelf

SLOW_ALONE = 0.5  # a ship is escorted where alone it makes less than this share of the convoy's speed (assumption)
# Leads, convoys and recommended tracks: miles sailed in ice and on NSR water exceed the shortest open way by a share,
# and by another one times the concentration; least squares over the voyages of sailed_miles.csv (benchmarks/voyages.py)
SAILED_MORE, SAILED_MORE_IN_ICE = 0.038, 0.094
HEADWAY_KN = 2.0  # slower than this a ship is beset: the speed at which icebreaking capability is quoted (assumption)
RULINGS, PLACES = 4096, 96  # that are kept
CHOSEN = ("rio", "level", "speed_kn", "bar", "low")  # of a going, what an escort changes

Ints = NDArray[np.int64]


class Bar(IntEnum):
    """Why a ship cannot go on at a place; OPEN where it can."""

    OPEN = 0
    UNKNOWN = 1  # the ice file says nothing here
    NOT_ADMITTED = 2
    RISK = 3
    BESET = 4
    SHALLOW = 5


@dataclass(frozen=True)
class Going:
    """How a ship goes at n places; all arrays are (n,).

    Concentration, floe thickness in m, RIO, POLARIS level (0 normal, 1 elevated, 2 special), speed in kn (0 where
    barred), escorted or not, `bar` (values of Bar), `low`: the verdict rests on an admission row of low confidence,
    and `area` of the rules, -1 outside.
    RIO and level are those of the path sailed: with the credit where escorted.
    """

    concentration: Floats
    thickness_m: Floats
    rio: Floats
    level: NDArray[np.int8]
    speed_kn: Floats
    escorted: NDArray[np.bool_]
    bar: NDArray[np.int8]
    low: NDArray[np.bool_]
    area: NDArray[np.int64]


class Places:
    """Places (n, 2) of lon, lat degrees with all that does not change with the day: the area of the rules, the escort
    on offer, the depth on a shelf, and the ice field bound to them."""

    def __init__(self, lonlat: Floats, field: IceField, shelf: Shelf | None = None) -> None:
        self.lonlat = lonlat
        self.shallow = np.empty(0, dtype=np.int64) if shelf is None else np.flatnonzero(shelf.too_shallow(lonlat))
        self.sampler: IceSampler = field.sampler(lonlat)
        self.area, self.offered = _rules_at(np.ascontiguousarray(lonlat, dtype=np.float64).tobytes())


@dataclass(frozen=True)
class Navigator:
    """A ship with an ice class under a policy. `open_kn` is the speed that it keeps in open water; `admission` None:
    the area's rules are not applied; `icebreaker` None: one of the newest leads."""

    ship: Ship
    ice_class: IceClass
    policy: IcePolicy
    open_kn: float
    admission: AdmissionTable | None = None
    icebreaker: Icebreaker | None = None

    def going(self, places: Places, day: Floats | float) -> Going:
        """How the ship goes at places, on days since 1970-01-01 UTC: one for all, or (n,)."""
        concentration, thickness = places.sampler.on(day)
        when = np.broadcast_to(np.asarray(day, dtype=np.float64), concentration.shape)
        unknown = np.isnan(concentration) | (np.isnan(thickness) & (concentration >= ICE_FROM))
        ruled = (places.area >= 0) & (self.admission is not None)
        rows = np.flatnonzero(unknown | (concentration >= ICE_FROM) | ruled)
        out = self.open_water(len(concentration))
        out.concentration[:], out.thickness_m[:], out.area[:] = concentration, thickness, places.area
        if len(rows) == 0:
            return self._shut(out, places)
        at = self._at(places, rows, concentration[rows], thickness[rows], when[rows], bool(unknown.any()))
        alone = self._alone(at)
        for name in CHOSEN:
            getattr(out, name)[rows] = getattr(alone, name)
        if self.policy.escort != "none":
            self._lead(out, rows, at, alone)
        out.bar[unknown] = Bar.UNKNOWN
        return self._shut(out, places)

    def _at(self, places: Places, rows: Ints, c: Floats, h: Floats, day: Floats, unknown: bool) -> _At:
        """The ice at places, rows (r,) of them, on days; none where it is unknown."""
        if unknown:
            c, h = np.nan_to_num(c), np.nan_to_num(h)
        if self.admission is None:
            none = np.zeros(0, dtype=np.int8)
            return _At(c, h, day, places.area[rows], places.offered[rows], none, none.astype(bool))
        severity = types.severity(c, h, self.policy.old_ice_fraction)
        return _At(c, h, day, places.area[rows], places.offered[rows], severity, self.admission.ice_free(c, h))

    def sailed_ratio(self, going: Going) -> Floats:
        """Miles sailed for each mile (n,) of the shortest open way."""
        out = np.ones(len(going.concentration))
        if self.policy.sailed_miles == "shortest":
            return out
        concentration = np.nan_to_num(going.concentration)
        rows = (concentration >= ICE_FROM) | (going.area >= 0)
        out[rows] += SAILED_MORE + SAILED_MORE_IN_ICE * concentration[rows]
        return out

    def open_ratio(self, places: Places) -> Floats:
        """The same as if there were no ice."""
        return np.where(places.area >= 0, self.least_ratio, 1.0)

    @property
    def least_ratio(self) -> float:
        """The least that `sailed_ratio` is on water where the rules hold."""
        return 1.0 if self.policy.sailed_miles == "shortest" else 1.0 + SAILED_MORE

    @staticmethod
    def _shut(out: Going, places: Places) -> Going:
        """No way over shallow water, whatever the ice, and no speed where the ship is barred."""
        out.bar[places.shallow] = Bar.SHALLOW
        out.speed_kn[out.bar != Bar.OPEN] = 0.0
        return out

    def open_water(self, size: int) -> Going:
        """Going where no place has ice."""
        zero = np.zeros(size)
        return Going(
            zero, zero.copy(), np.full(size, 30.0), np.zeros(size, np.int8), np.full(size, self.open_kn),
            np.zeros(size, bool), np.zeros(size, np.int8), np.zeros(size, bool), np.full(size, -1),
        )  # fmt: skip

    def ruling(self, going: Going, k: int, day: float) -> Ruling | None:
        """The ruling of the admission table on place k; None where no rule is applied."""
        area = int(going.area[k])
        if self.admission is None or area < 0:
            return None
        barred = going.bar[k] != Bar.OPEN
        mode = "icebreaker" if going.escorted[k] or (barred and self.policy.escort != "none") else "independent"
        c, h = going.concentration[k], going.thickness_m[k]
        severity = int(types.severity(c, h, self.policy.old_ice_fraction))
        ice_free = bool(self.admission.ice_free(c, h))
        whole = float(np.floor(day))  # rules change by the day
        return _ruling(self.admission, self.ice_class, whole, area, severity, mode, self.ship.double_acting, ice_free)

    def _lead(self, out: Going, rows: Ints, at: _At, alone: Going) -> None:
        """Change the going at places, rows (n,) of it, where the ship goes behind an icebreaker."""
        if self.policy.escort != "always":  # never where no escort is on offer or wanted
            wanted = (alone.bar != Bar.OPEN) | (alone.level > 0) | (alone.speed_kn < SLOW_ALONE * self.open_kn)
            led = np.flatnonzero(at.offered & wanted)
            rows, at = rows[led], at.part(led)
            alone = Going(*(getattr(alone, name)[led] for name in Going.__dataclass_fields__))
        escorted = self._escorted(at, alone)
        pick = self._pick_escorted(at, alone, escorted)
        for name in CHOSEN:
            getattr(out, name)[rows[pick]] = getattr(escorted, name)[pick]
        out.escorted[rows] = pick

    def _pick_escorted(self, at: _At, alone: Going, escorted: Going) -> NDArray[np.bool_]:
        """Where the ship goes behind an icebreaker."""
        if self.policy.escort == "always":
            return np.asarray(at.offered & (at.concentration >= ICE_FROM) | (alone.bar == Bar.NOT_ADMITTED))
        # where the ship can go on neither alone nor escorted, the latter is what to speak of
        alone_barred = alone.bar != Bar.OPEN
        slow = alone.speed_kn < SLOW_ALONE * escorted.speed_kn
        better = (escorted.bar == Bar.OPEN) & (escorted.speed_kn >= alone.speed_kn)
        return np.asarray(at.offered & (alone_barred | (((alone.level > 0) | slow) & better)))

    def _rio(self, at: _At) -> Floats:
        fixed = {"standard": False, "decayed": True}.get(self.policy.decayed)
        return polaris.rio_of(
            at.concentration,
            at.thickness_m,
            self.ice_class,
            decayed=polaris.decay_season(at.day) if fixed is None else fixed,
            old_ice_fraction=self.policy.old_ice_fraction,
        )

    def _alone(self, at: _At) -> Going:
        speed = attainable_kn(hull_of(self.ship), at.concentration, at.thickness_m, open_water_kn=self.open_kn)
        speed = np.minimum(speed, class_limit_kn(self.ice_class, at.concentration, at.thickness_m))
        return self._judged(at, speed, "independent", self._rio(at))

    def _escorted(self, at: _At, alone: Going) -> Going:
        """Behind an icebreaker: no slower than alone, but where the rules demand it."""
        speed = escorted_kn(
            hull_of(self.ship),
            at.concentration,
            at.thickness_m,
            open_water_kn=self.open_kn,
            icebreaker=self.icebreaker,
            convoy_cap_kn=self.policy.convoy_cap_kn,
        )
        speed = np.where(alone.bar == Bar.OPEN, np.maximum(speed, alone.speed_kn), speed)
        rio = np.minimum(alone.rio + polaris.ESCORT_CREDIT, polaris.RIO_BOUNDS[1])
        going = self._judged(at, speed, "icebreaker", rio)
        going.bar[~at.offered] = Bar.NOT_ADMITTED
        return going

    def _judged(self, at: _At, speed: Floats, mode: str, rio: Floats) -> Going:
        """Rules and speed at places, in one mode."""
        c, h = at.concentration, at.thickness_m
        level = polaris.level(rio, self.ice_class)
        limit = polaris.speed_limit_kn(level, self.ice_class, allow_special=self.policy.max_risk == "special")
        bar = np.zeros(len(c), dtype=np.int8)
        bar[speed < min(HEADWAY_KN, self.open_kn)] = Bar.BESET
        bar[level > RISKS.index(self.policy.max_risk)] = Bar.RISK
        low = np.zeros(len(c), dtype=bool)
        if self.admission is not None:
            allowed, confidence = self.admission.allowed(
                self.ice_class,
                at.day,
                at.area,
                at.severity,
                mode,
                double_acting=self.ship.double_acting,
                ice_free=at.ice_free,
            )
            bar[~allowed] = Bar.NOT_ADMITTED
            low = (at.area >= 0) & (confidence != admission.VERIFIED) & (confidence != admission.PARTLY)
        return Going(
            c, h, rio, level, np.minimum(speed, limit), np.full(len(c), mode == "icebreaker"), bar, low, at.area
        )


@lru_cache(maxsize=PLACES)
def _rules_at(places: bytes) -> tuple[Ints, NDArray[np.bool_]]:
    """Area of the rules (n,) and escort on offer (n,) at places (n, 2), as bytes."""
    lonlat = np.frombuffer(places).reshape(-1, 2)
    return admission.seas(lonlat), admission.escort_offered(lonlat)


@lru_cache(maxsize=RULINGS)
def _ruling(
    table: AdmissionTable,
    ice_class: IceClass,
    day: float,
    area: int,
    severity: int,
    mode: str,
    double_acting: bool,
    ice_free: bool,
) -> Ruling:
    """See `AdmissionTable.ruling`."""
    return table.ruling(ice_class, day, area, severity, mode, double_acting=double_acting, ice_free=ice_free)


class _At(NamedTuple):
    """Ice, day, area of the rules and escort on offer at n places; and what the rules call the ice, where any hold."""

    concentration: Floats
    thickness_m: Floats
    day: Floats
    area: NDArray[np.int64]
    offered: NDArray[np.bool_]
    severity: NDArray[np.int8]
    ice_free: NDArray[np.bool_]

    def part(self, rows: Ints) -> _At:
        """Some of the places."""
        ruled = rows[: len(self.severity)]  # none where no rules hold
        return _At(
            self.concentration[rows], self.thickness_m[rows], self.day[rows], self.area[rows], self.offered[rows],
            self.severity[ruled], self.ice_free[ruled],
        )  # fmt: skip
