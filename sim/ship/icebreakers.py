"""The icebreakers that lead ships on the Northern Sea Route: how fast each goes in level ice, and who is in service.

The speed in level ice is a line between two points of the table: the speed in open water, and the slow speed at which
the thickest ice is broken. A convoy is slower than its leader alone: ships keep together, and at most CONVOY_LIGHT_KN
were seen in light ice, about CONVOY_CLOSE_KN in close ice from CLOSE_ICE_M on (Arktika with Arc7 carriers, January
2023, 0.7 to 1.5 m).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Annotated, Final

import numpy as np
from numpy.typing import ArrayLike

import geodata
from sim import tables
from sim.errors import UsageError, did_you_mean
from sim.geo.geodesy import Floats
from sim.tables import Filled, Grade, OneOf, Within

CONVOY_LIGHT_KN: Final = 13.0
CONVOY_CLOSE_KN: Final = 10.0
CLOSE_ICE_M: Final = 0.7
WINTER_ICE_M: Final = 1.5  # close ice by which icebreakers are put in order
# Ice of a lower concentration counts as thinner close ice, C h: of 1, 1.25, 1.5 and 2 the exponent that is least off
# the days of real voyages (benchmarks/voyages.py --study)
CONCENTRATION_EXPONENT: Final = 1.0
NEWEST_PROJECT: Final = "22220"


@dataclass(frozen=True)
class Icebreaker:
    """An icebreaker: `open_water_kn` without ice, `ice_kn` in the thickest level ice that it breaks, `ice_m`.

    `line` tells the heavy icebreakers of the whole route from those of shallow draft; `beam_m` is the breadth of the
    channel; in service from `commissioned` to `withdrawn`.
    """

    name: Filled
    project: Filled
    line: Annotated[bool, OneOf({"1": True, "0": False})]
    power_mw: Annotated[float, Within(0, above=True)]
    open_water_kn: Annotated[float, Within(0, above=True)]
    ice_m: Annotated[float, Within(0, above=True)]
    ice_kn: Annotated[float, Within(0)]
    beam_m: Annotated[float, Within(0, above=True)]
    commissioned: date
    withdrawn: date | None
    source: Filled
    confidence: Grade
    note: str = ""

    def speed_kn(self, thickness_m: ArrayLike) -> Floats:
        """Speed in kn in close level ice of a thickness (...) in m; 0 where it stops."""
        slope = (self.open_water_kn - self.ice_kn) / self.ice_m
        return np.maximum(self.open_water_kn - slope * np.asarray(thickness_m, dtype=np.float64), 0.0)

    def in_service(self, day: date) -> bool:
        """Whether it is in service on a day."""
        return self.commissioned <= day and (self.withdrawn is None or day <= self.withdrawn)


def close_ice_m(concentration: ArrayLike, thickness_m: ArrayLike) -> Floats:
    """Thickness in m of the close ice that slows a ship as much: C h, (...); C is 0 to 1."""
    c, h = np.asarray(concentration, dtype=np.float64), np.asarray(thickness_m, dtype=np.float64)
    return np.asarray(c**CONCENTRATION_EXPONENT * h)


def convoy_kn(
    icebreaker: Icebreaker, concentration: ArrayLike, thickness_m: ArrayLike, most_kn: float = CONVOY_LIGHT_KN
) -> Floats:
    """Speed in kn of a convoy, (...): that of its icebreaker, of ships that keep together in such ice, or `most_kn`,
    whichever is least."""
    close_m = close_ice_m(concentration, thickness_m)
    share = np.clip(close_m / CLOSE_ICE_M, 0.0, 1.0)
    together = CONVOY_LIGHT_KN - (CONVOY_LIGHT_KN - CONVOY_CLOSE_KN) * share
    return np.minimum(np.minimum(icebreaker.speed_kn(close_m), together), most_kn)


@lru_cache(maxsize=1)
def icebreakers() -> dict[str, Icebreaker]:
    """The icebreakers of icebreakers.csv by name, in the order of their commissioning within each project."""
    return {b.name: b for b in tables.rows(geodata.table("icebreakers.csv"), Icebreaker, unique="name")}


def icebreaker(name: str) -> Icebreaker:
    """An icebreaker by name. Raises UsageError that names the nearest."""
    known = {key.casefold(): b for key, b in icebreakers().items()}
    if (found := known.get(name.strip().casefold())) is None:
        raise UsageError(
            f"unknown icebreaker '{name}'{did_you_mean(name, list(icebreakers()))}; known: {', '.join(icebreakers())}"
        )
    return found


def in_service(day: date) -> tuple[Icebreaker, ...]:
    """The line icebreakers in service on a day."""
    return tuple(b for b in icebreakers().values() if b.line and b.in_service(day))


@lru_cache(maxsize=256)
def leader(day: date) -> Icebreaker:
    """Who leads where no icebreaker is named: the middle one of the line icebreakers in service on a day, by speed in
    winter ice, the slower one of two. Before the first was in service, it is the first."""
    there = sorted(in_service(day), key=lambda b: (float(b.speed_kn(WINTER_ICE_M)), b.commissioned))
    return there[(len(there) - 1) // 2] if there else next(iter(icebreakers().values()))


@lru_cache(maxsize=1)
def newest() -> Icebreaker:
    """An icebreaker of the newest project."""
    return next(b for b in icebreakers().values() if b.project == NEWEST_PROJECT)
