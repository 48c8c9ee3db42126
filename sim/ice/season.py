"""The navigable season: for how long a track is open at a stretch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Final

import numpy as np
from numpy.typing import NDArray

import geodata
from sim import tables
from sim.errors import UsageError, did_you_mean
from sim.geo.drawing import densified
from sim.geo.geodesy import Floats
from sim.ice.field import IceField, day_number
from sim.tables import Filled, From, Grade, Read
from sim.units import KM_PER_NM

LIMIT: Final = 0.5  # concentration that still counts as open
STEP_KM: Final = 10.0  # tracks are read at least this finely; the field's grid of origin has 25 km
NOON: Final = 0.5


def _corners(text: str) -> Floats:
    return np.array(tables.positions(text)).reshape(-1, 2)


@dataclass(frozen=True)
class Track:
    """A way through the ice. `lonlat` (n, 2) degrees are its corners, joined by great circles."""

    id: Filled
    name: Filled
    lonlat: Annotated[Floats, From("polyline_lon_lat"), Read(_corners, "positions such as '10.5 60;11 61'")]
    source: Filled
    confidence: Grade
    note: str

    def points(self, step_km: float = STEP_KM) -> Floats:
        """Places (n, 2) of lon, lat degrees along the track, at most `step_km` apart."""
        return densified(self.lonlat, step_km / KM_PER_NM)


@dataclass(frozen=True)
class Window:
    """The longest time that a track is open: `days`, the first and the last day of it (None where it never is).

    A window that runs over New Year ends before it begins.
    """

    days: int
    opens: date | None
    closes: date | None


@lru_cache(maxsize=1)
def tracks() -> dict[str, Track]:
    """The tracks of ice_tracks.csv by id."""
    return {t.id: t for t in tables.rows(geodata.table("ice_tracks.csv"), Track, unique="id")}


def track(name: str) -> Track:
    """A track by id. Raises UsageError that names the nearest."""
    known = tracks()
    if name not in known:
        raise UsageError(f"unknown track '{name}'{did_you_mean(name, known)}; allowed: {', '.join(known)}")
    return known[name]


def route_maximum(field: IceField, lonlat: Floats, days: Floats) -> Floats:
    """The highest concentration (d,) among places (n, 2) on each of the days (d,) since 1970-01-01 UTC.

    nan where the field knows nothing at one of the places.
    """
    sampler = field.sampler(lonlat)
    return np.array([sampler.on(float(day))[0].max() for day in days])


def longest_run(is_open: NDArray[np.bool_], *, cyclic: bool = True) -> tuple[int, int]:
    """Length and first index of the longest run of True; the earliest of equals. Length 0 where there is none.

    `cyclic` joins the end to the beginning; a run is never longer than the array.
    """
    count = len(is_open)
    line = np.r_[is_open, is_open] if cyclic else is_open
    edges = np.flatnonzero(np.diff(np.r_[False, line, False].astype(np.int8)))
    if not len(edges):
        return 0, 0
    first, after = edges[::2], edges[1::2]
    best = int(np.argmax(after - first))
    return min(int(after[best] - first[best]), count), int(first[best])


def longest_window(
    field: IceField, lonlat: Floats, *, limit: float = LIMIT, year: int = 2023, cyclic: bool = True
) -> Window:
    """The longest stretch of days of a calendar year on which no place (n, 2) has more ice than `limit`, 0 to 1.

    Days are read at noon UTC. `cyclic` lets the stretch run over New Year, as in a climate that repeats; for a field of
    real dates set it False. Days on which the field knows nothing count as closed. Raises UsageError.
    """
    if not 0 <= limit <= 1:
        raise UsageError(f"limit of concentration {limit:g}, allowed: 0 to 1")
    start = datetime(year, 1, 1, tzinfo=UTC)
    count = (datetime(year + 1, 1, 1, tzinfo=UTC) - start).days
    most = route_maximum(field, lonlat, day_number(start) + NOON + np.arange(count, dtype=np.float64))
    length, first = longest_run(most <= limit, cyclic=cyclic)
    if not length:
        return Window(0, None, None)
    opens, closes = (start.date() + timedelta(days=day % count) for day in (first, first + length - 1))
    return Window(length, opens, closes)
