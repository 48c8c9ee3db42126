"""Legs of a voyage: pieces of the path joined as long as nothing of note changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from sim.geo.geodesy import Floats, between, lonlat, vectors
from sim.geo.route import ANCHORAGE, Route
from sim.geo.waters import sea_name
from sim.ice.admission import Ruling
from sim.ice.types import ICE_FROM
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


def legs_of(
    route: Route,
    parts: Piecewise,
    going: Going | None,
    depart: datetime,
    rule: Callable[[int], Ruling | None],
    upto: int | None = None,
) -> tuple[VoyageLeg, ...]:
    """The legs of a voyage in order, of the pieces before `upto` or of all; `rule` gives the ruling on a piece."""
    n = len(parts.leg)
    upto = n if upto is None else upto
    tags = np.array(route.leg_tags, dtype=object)[parts.leg]
    ends_nm = np.cumsum(parts.length_nm)
    crossed: dict[int, list[str]] = {}
    for c in route.crossings:
        crossed.setdefault(min(int(np.searchsorted(ends_nm, c.at_nm)), n - 1), []).append(c.passage)
    change = (parts.sea[1:] != parts.sea[:-1]) | (tags[1:] != tags[:-1]) | (parts.waits[:-1] > 0)
    if going is not None:
        icy = going.concentration >= ICE_FROM
        for state in (icy, going.level, going.escorted):
            change |= state[1:] != state[:-1]
    change[[k for k in crossed if k < n - 1]] = True
    change[upto - 1 : upto] = True
    first = np.concatenate([[0], np.flatnonzero(change) + 1])
    last = np.concatenate([first[1:], [n]])
    at = np.concatenate([[0.0], np.cumsum(parts.hours + parts.waits)])
    border = dict(zip(first.tolist(), _borders(route, parts, first), strict=True)) | {n: route.lonlat[-1:]}

    def line(a: int, b: int) -> Floats:
        """The path of pieces a to b: it begins and ends between two pieces, and turns at the route's corners."""
        return np.vstack([border[a], route.lonlat[parts.leg[a] + 1 : parts.leg[b - 1] + 1], border[b]])

    return tuple(
        _leg(line(a, b), parts, going, a, b, depart, (float(at[a]), float(at[b])), str(tags[a]), crossed, rule)
        for a, b in zip(first.tolist(), last.tolist(), strict=True)
        if b <= upto
    )


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


def _borders(route: Route, parts: Piecewise, pieces: NDArray[np.int64]) -> Floats:
    """Positions (k, 1, 2) before some pieces: corners of the route, or points between two middles on one leg."""
    before = np.maximum(pieces - 1, 0)
    corner = (parts.leg[pieces] != parts.leg[before]) | (pieces == 0)
    halfway = lonlat(between(vectors(parts.middle[before]), vectors(parts.middle[pieces]), 0.5))
    return np.where(corner[:, None], route.lonlat[parts.leg[pieces]], halfway)[:, None]
