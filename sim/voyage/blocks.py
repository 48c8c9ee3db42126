"""Why and where the ice ends a voyage, in a sentence."""

from __future__ import annotations

from sim.geo.geodesy import Floats
from sim.geo.waters import sea_name, seas
from sim.ice.field import moment_of
from sim.voyage.navigation import HEADWAY_KN, Bar, Going, Navigator
from sim.voyage.voyage import Block

_STATUS = {Bar.BESET: "beset"}


def block_at(navigator: Navigator, going: Going, k: int, lonlat: Floats, day: float) -> Block:
    """The end of a voyage at piece k, reached on a day number."""
    bar = Bar(int(going.bar[k]))
    moment = moment_of(day)
    where = f"{sea_name(int(seas(lonlat[None])[0])).replace('_', ' ').title() or 'open sea'} at {place_text(lonlat)}"
    ice = f"{going.concentration[k] * 10:.1f}/10 of ice {going.thickness_m[k]:.2f} m thick"
    when = f"{moment:%Y-%m-%d}"
    if bar == Bar.UNKNOWN:
        said = f"the ice file says nothing of {where} on {when}"
    elif bar == Bar.NOT_ADMITTED:
        said = f"{where} on {when}: {navigator.rule_text(going, k, day)} ({ice})"
    elif bar == Bar.RISK:
        said = (
            f"{where} on {when}: {ice} gives {navigator.ice_class} a RIO of {going.rio[k]:.1f}, "
            f"over the risk that is accepted ({navigator.policy.max_risk})"
        )
    else:
        said = f"{where} on {when}: {ice} stops the ship (less than {HEADWAY_KN:g} kn at full power)"
    return Block(_STATUS.get(bar, "closed"), said, float(lonlat[0]), float(lonlat[1]), moment)


def place_text(lonlat: Floats) -> str:
    """A position for readers: 77.9 N, 104.2 E."""
    lon, lat = float(lonlat[0]), float(lonlat[1])
    return f"{abs(lat):.1f} {'N' if lat >= 0 else 'S'}, {abs(lon):.1f} {'E' if lon >= 0 else 'W'}"
