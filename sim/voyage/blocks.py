"""Where and why the ice, its rules or the depth end a voyage."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from sim.geo.geodesy import Floats
from sim.geo.waters import sea_name, seas
from sim.ice.field import FieldKind, moment_of
from sim.ice.types import ICE_FROM
from sim.units import HOURS_PER_DAY
from sim.voyage.navigation import Bar, Going, Navigator, Places
from sim.voyage.shelf import Shelf
from sim.voyage.voyage import Block, Cause, ClosedBy, Creep

CAUSES = {
    Bar.UNKNOWN: Cause.NO_ICE_DATA,
    Bar.NOT_ADMITTED: Cause.NOT_ADMITTED,
    Bar.RISK: Cause.TOO_MUCH_RISK,
    Bar.BESET: Cause.BESET,
    Bar.SHALLOW: Cause.TOO_SHALLOW,
}


# Speed below which a ship is said to creep: ships of low class in elevated risk keep to 3 kn (POLARIS table 1.2). After
# so many days of it a voyage is warned of; after so many more the ice is taken to hold the ship (assumptions).
CREEP_KN = 4.0
WARN_DAYS, HELD_DAYS = 3.0, 14.0


def creep_of(
    going: Going, lonlat: Floats, day: Floats, hours: Floats, sailed_nm: Floats, plan_kn: Floats
) -> tuple[Creep | None, int | None]:
    """The creeping of a ship over the pieces of a path, and the piece on which the ice holds it; None without one.

    Of each piece: middle (n, 2), day number at its middle, hours under way, miles sailed, and the speed of the plan.
    """
    speed = sailed_nm / np.maximum(hours, 1e-12)
    slow = (going.concentration >= ICE_FROM) & (going.bar == Bar.OPEN) & (speed < np.minimum(CREEP_KN, 0.99 * plan_kn))
    spent = np.cumsum(hours * slow) / HOURS_PER_DAY
    if not slow.any() or spent[-1] < WARN_DAYS:
        return None, None
    first = int(np.flatnonzero(slow)[0])
    held = int(np.searchsorted(spent, HELD_DAYS)) if spent[-1] >= HELD_DAYS else None
    until = len(slow) if held is None else held + 1
    creep = Creep(
        moment_of(float(day[first]) - float(hours[first]) / 2 / HOURS_PER_DAY),
        sea_at(float(lonlat[first, 0]), float(lonlat[first, 1])),
        float(lonlat[first, 0]),
        float(lonlat[first, 1]),
        float(spent[until - 1]),
        float((sailed_nm * slow)[:until].sum()),
    )
    return creep, held


def block_at(
    navigator: Navigator,
    going: Going,
    k: int,
    lonlat: Floats,
    day: float,
    shelf: Shelf | None = None,
    creep: Creep | None = None,
    closer: ClosedBy | None = None,
) -> Block:
    """The end of a voyage at piece k, at a place (2,) reached on a day number; `closer` as `closed_by` gives it."""
    cause = CAUSES[Bar(int(going.bar[k]))]
    if shelf is not None and cause == Cause.TOO_SHALLOW:
        shoal = shelf.shoal_at(float(lonlat[0]), float(lonlat[1]))
        return Block(cause, shoal.sea, shoal.lon, shoal.lat, moment_of(day), shoal=shoal)
    known = cause != Cause.NO_ICE_DATA
    return Block(
        cause=cause,
        sea=sea_at(float(lonlat[0]), float(lonlat[1])),
        lon=float(lonlat[0]),
        lat=float(lonlat[1]),
        moment=moment_of(day),
        concentration=_known(going.concentration[k]) if known else None,
        thickness_m=_known(going.thickness_m[k]) if known else None,
        rio=_known(going.rio[k]) if known else None,
        ice_class=navigator.ice_class.name,
        max_risk=navigator.policy.max_risk,
        ruling=navigator.ruling(going, k, day),
        creep=creep,
        closed_by=closer,
    )


@dataclass
class _KnownIce:
    """Ice that is known already as a field: concentration and floe thickness (n,)."""

    concentration: Floats
    thickness_m: Floats
    kind: FieldKind = "climate"
    label: str = ""
    sources: tuple[str, ...] = ()

    def sampler(self, lonlat: Floats) -> _KnownIce:
        return self

    def on(self, day: Floats | float) -> tuple[Floats, Floats]:
        return self.concentration, self.thickness_m


def closed_by(navigator: Navigator, going: Going, k: int, lonlat: Floats, day: Floats) -> ClosedBy | None:
    """Ice or rules: what bars a way of n pieces, at places (n, 2) on day numbers (n,), which ends at piece k.

    The whole way is judged, for the first bar is not always the only one: once more in the same ice without the rules,
    and by whether any piece is not admitted. None where it is neither that ends it.
    """
    if Bar(int(going.bar[k])) not in (Bar.NOT_ADMITTED, Bar.RISK, Bar.BESET):
        return None
    ice = _KnownIce(going.concentration.copy(), going.thickness_m.copy())
    free = replace(navigator, admission=None).going(Places(lonlat, ice), day)
    by_ice = np.isin(free.bar, (Bar.RISK, Bar.BESET)).any()
    if not (going.bar == Bar.NOT_ADMITTED).any():
        return ClosedBy.ICE
    return ClosedBy.BOTH if by_ice else ClosedBy.RULE


def sea_at(lon: float, lat: float) -> str:
    """Id of the sea at a position; empty in the open ocean."""
    return sea_name(int(seas(np.array([[lon, lat]]))[0]))


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
