"""Legs of a voyage: pieces of the path joined as long as nothing of note changes.

Most voyages of a study are asked for their days alone, so that legs are made when the first of them is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

from sim.geo.geodesy import Floats, between, lonlat, vectors
from sim.geo.network.describe import APPROACH
from sim.geo.route import ANCHORAGE, Route
from sim.geo.waters import sea_name
from sim.ice.admission import Ruling
from sim.ice.types import ICE_FROM
from sim.values import key_of
from sim.voyage.navigation import Going
from sim.voyage.voyage import LEVELS, VoyageLeg


@dataclass(frozen=True)
class Piecewise:
    """Each piece of a path (n,): its leg of the route, length, miles sailed, middle (n, 2), hours under way, wait, sea,
    fuel."""

    leg: NDArray[np.int64]
    length_nm: Floats
    sailed_nm: Floats
    middle: Floats
    hours: Floats
    waits: Floats
    sea: NDArray[np.int64]
    fuel: Floats | None


@dataclass(frozen=True)
class Clock:
    """Hours under way from the end of the approach, and hours since departure, both (k,), at the ends of the legs."""

    under_way_h: Floats
    elapsed_h: Floats


def clock_of(legs: Sequence[VoyageLeg]) -> Clock:
    """The clock of legs that are made."""
    under_way = [0.0 if leg.tag == APPROACH else leg.hours for leg in legs]
    return Clock(np.cumsum(under_way), np.cumsum([leg.hours + leg.wait_h for leg in legs]))


class Legs(Sequence[VoyageLeg]):
    """The legs of a voyage in order, of the pieces before `upto` or of all; `rule` gives the ruling on a piece."""

    def __init__(
        self,
        route: Route,
        parts: Piecewise,
        going: Going | None,
        depart: datetime,
        rule: Callable[[int], Ruling | None],
        upto: int | None = None,
    ) -> None:
        self._route, self._parts, self._going, self._depart, self._rule = route, parts, going, depart, rule
        self._upto = len(parts.leg) if upto is None else upto

    @overload
    def __getitem__(self, k: int) -> VoyageLeg: ...
    @overload
    def __getitem__(self, k: slice) -> tuple[VoyageLeg, ...]: ...
    def __getitem__(self, k: int | slice) -> VoyageLeg | tuple[VoyageLeg, ...]:
        return self._made[k]

    def __len__(self) -> int:
        return len(self._made)

    def __eq__(self, other: object) -> bool:
        return bool(key_of(self) == key_of(other)) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(key_of(self))

    def __reduce__(self) -> tuple[object, ...]:
        return tuple, (self._made,)  # what travels is what was made

    @property
    def clock(self) -> Clock:
        """Hours at the ends of the legs, which need not be made for it."""
        ends = self._borders[1] - 1
        under_way = np.where(self._tags == APPROACH, 0.0, self._parts.hours)
        return Clock(np.cumsum(under_way)[ends], np.cumsum(self._parts.hours + self._parts.waits)[ends])

    @cached_property
    def _tags(self) -> NDArray[np.object_]:
        return np.array(self._route.leg_tags, dtype=object)[self._parts.leg]

    @cached_property
    def _crossed(self) -> dict[int, list[str]]:
        """Passages by the pieces at whose ends they are crossed."""
        ends_nm, out = np.cumsum(self._parts.length_nm), dict[int, list[str]]()
        for c in self._route.crossings:
            out.setdefault(min(int(np.searchsorted(ends_nm, c.at_nm)), len(ends_nm) - 1), []).append(c.passage)
        return out

    @cached_property
    def _borders(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The first piece (k,) of each leg, and the one after its last."""
        parts, going, tags, n = self._parts, self._going, self._tags, len(self._parts.leg)
        change = (parts.sea[1:] != parts.sea[:-1]) | (tags[1:] != tags[:-1]) | (parts.waits[:-1] > 0)
        if going is not None:
            icy = going.concentration >= ICE_FROM
            for state in (icy, going.level, going.escorted):
                change |= state[1:] != state[:-1]
        change[[k for k in self._crossed if k < n - 1]] = True
        change[self._upto - 1 : self._upto] = True
        first = np.concatenate([[0], np.flatnonzero(change) + 1])
        return first, np.concatenate([first[1:], [n]])

    @cached_property
    def _made(self) -> tuple[VoyageLeg, ...]:
        route, parts, (first, last) = self._route, self._parts, self._borders
        at = np.concatenate([[0.0], np.cumsum(parts.hours + parts.waits)])
        border = dict(zip(first.tolist(), _places_before(route, parts, first), strict=True))
        border[len(parts.leg)] = route.lonlat[-1:]

        def line(a: int, b: int) -> Floats:
            """The path of pieces a to b: it begins and ends between two pieces, and turns at the route's corners."""
            return np.vstack([border[a], route.lonlat[parts.leg[a] + 1 : parts.leg[b - 1] + 1], border[b]])

        return tuple(
            _leg(
                line(a, b), parts, self._going, a, b, self._depart, (float(at[a]), float(at[b])), str(self._tags[a]),
                self._crossed, self._rule,
            )
            for a, b in zip(first.tolist(), last.tolist(), strict=True)
            if b <= self._upto
        )  # fmt: skip


def _leg(
    line: Floats,
    parts: Piecewise,
    going: Going | None,
    a: int,
    b: int,
    depart: datetime,
    at: tuple[float, float],
    tag: str,
    crossed: dict[int, list[str]],
    rule: Callable[[int], Ruling | None],
) -> VoyageLeg:
    nm = parts.length_nm[a:b]
    total = float(nm.sum())
    concentration = thickness = 0.0
    rio, level, escorted, low, ruling = None, 0, False, False, None
    if going is not None:
        c, h = going.concentration[a:b], going.thickness_m[a:b]
        icy = c >= ICE_FROM
        if icy.any():
            concentration = float(np.nansum(c * nm) / max(total, 1e-9))
            thickness = float(np.nansum((h * nm)[icy]) / max(float(nm[icy].sum()), 1e-9))
            rio, level = float(going.rio[a:b].min()), int(going.level[a:b].max())
            ruling = rule(a + int(np.argmin(going.rio[a:b])))
            escorted, low = bool(going.escorted[a:b].any()), bool(going.low[a:b].any())
    return VoyageLeg(
        start=depart + timedelta(hours=at[0]),
        end=depart + timedelta(hours=at[1]),
        lonlat=line,
        distance_nm=total,
        sailed_nm=float(parts.sailed_nm[a:b].sum()),
        hours=float(parts.hours[a:b].sum()),
        wait_h=float(parts.waits[a:b].sum()),
        water=sea_name(int(parts.sea[a])),
        tag=tag,
        passages=tuple(p for k in range(a, b) for p in crossed.get(k, ()) if not p.endswith(ANCHORAGE)),
        concentration=concentration,
        thickness_m=thickness,
        rio=rio,
        level=LEVELS[level],
        escorted=escorted,
        low_confidence=low,
        rule=ruling,
        fuel_t=None if parts.fuel is None else float(parts.fuel[a:b].sum()),
    )


def _places_before(route: Route, parts: Piecewise, pieces: NDArray[np.int64]) -> Floats:
    """Positions (k, 1, 2) before some pieces: corners of the route, or points between two middles on one leg."""
    before = np.maximum(pieces - 1, 0)
    corner = (parts.leg[pieces] != parts.leg[before]) | (pieces == 0)
    halfway = lonlat(between(vectors(parts.middle[before]), vectors(parts.middle[pieces]), 0.5))
    return np.where(corner[:, None], route.lonlat[parts.leg[pieces]], halfway)[:, None]
