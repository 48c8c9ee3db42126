"""Where and why the ice, its rules or the depth end a voyage."""

from __future__ import annotations

import math

import numpy as np

from sim.geo.geodesy import Floats
from sim.geo.waters import sea_name, seas
from sim.ice.field import moment_of
from sim.voyage.navigation import Bar, Going, Navigator
from sim.voyage.shelf import Shelf
from sim.voyage.voyage import Block, Cause

CAUSES = {
    Bar.UNKNOWN: Cause.NO_ICE_DATA,
    Bar.NOT_ADMITTED: Cause.NOT_ADMITTED,
    Bar.RISK: Cause.TOO_MUCH_RISK,
    Bar.BESET: Cause.BESET,
    Bar.SHALLOW: Cause.TOO_SHALLOW,
}


def block_at(
    navigator: Navigator, going: Going, k: int, lonlat: Floats, day: float, shelf: Shelf | None = None
) -> Block:
    """The end of a voyage at piece k, at a place (2,) reached on a day number."""
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
    )


def sea_at(lon: float, lat: float) -> str:
    """Id of the sea at a position; empty in the open ocean."""
    return sea_name(int(seas(np.array([[lon, lat]]))[0]))


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
