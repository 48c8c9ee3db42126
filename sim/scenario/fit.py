"""Whether the parts of a scenario fit together: a ship of which too little is known, years without ice, odd closures.

The checks look at the raw data, so that they speak up also where the types have found fault.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sim.errors import NorthaboutError
from sim.scenario.dates import moment
from sim.scenario.yaml_text import At

ICE_YEARS = (1979, 2100)
Found = tuple[At, str]


def fit_problems(data: dict[str, Any]) -> Iterable[Found]:
    """Faults of single parts and between them, each with its key path."""
    return [*_ship_problems(data), *_ice_problems(data), *_closure_problems(data)]


def _section(data: dict[str, Any], key: str) -> dict[str, Any]:
    found = data.get(key)
    return found if isinstance(found, dict) else {}


def _ship_problems(data: dict[str, Any]) -> Iterable[Found]:
    """A ship of which too little is known, and an escort where there is no ice."""
    vessel, alternatives = data.get("vessel"), data.get("alternatives")
    if isinstance(vessel, dict) and vessel.get("type") is None:
        if "speed_kn" not in vessel:
            yield ("vessel", "speed_kn"), "is missing; give it, or 'type': a ship of 'northabout vessels'"
        elif vessel["speed_kn"] is None:
            yield (
                ("vessel", "speed_kn"),
                "must be a number, allowed is 0.1 to 60 knots; nothing stands here",
            )
        if data.get("costs") is not None:
            yield ("costs",), "fuel and hire are known of ships of the table: give 'vessel.type' ('northabout vessels')"
        if data.get("ice") is not None:
            said = "in ice a ship's hull and engine count: give 'type', a ship of 'northabout vessels'"
            yield ("vessel",), said
    for k, a in enumerate(alternatives if isinstance(alternatives, list) else []):
        if isinstance(a, dict) and a.get("escort") is not None and data.get("ice") is None:
            yield ("alternatives", k, "escort"), "an escort needs the section 'ice'"


def _ice_problems(data: dict[str, Any]) -> Iterable[Found]:
    """Years and seasons that the ice climate does not know, and speeds that a ship of the table does not make."""
    ice, voyage, vessel = (_section(data, k) for k in ("ice", "voyage", "vessel"))
    if isinstance(data.get("ice"), dict) and ice.get("file") is None and ice.get("epoch") is None:
        from sim.ice.pathways import last_past_year

        year, at = ice.get("year"), ("ice", "year")
        if year is None:
            year, at = _year_of(voyage.get("depart")), ("voyage", "depart")
        if type(year) is int and at[0] == "voyage" and not ICE_YEARS[0] <= year <= ICE_YEARS[1]:
            yield (
                at,
                f"the ice climate knows {ICE_YEARS[0]} to {ICE_YEARS[1]}, not {year}; give 'year' in the section 'ice'",
            )
        elif type(year) is int and ice.get("season") == "own" and year > last_past_year():
            yield (
                ("ice", "season"),
                f"'own' is known up to {last_past_year()}, not for {year}; allowed: mild, normal, severe",
            )
    if isinstance(vessel.get("type"), str):
        yield from _too_fast(data, vessel)


def _year_of(value: object) -> int | None:
    try:
        return None if value is None else moment(value).year
    except ValueError:
        return None


def _too_fast(data: dict[str, Any], vessel: dict[str, Any]) -> Iterable[Found]:
    """Speeds over what full power gives."""
    from sim.ship.vessel import VesselTable

    try:
        ship = VesselTable.load().find(vessel["type"])
    except NorthaboutError:
        return
    top = max(ship.design_speed_kn or 0.0, ship.hull.open_water_kn if ship.hull else 0.0)
    alternatives = data.get("alternatives")
    given: list[tuple[At, Any]] = [(("vessel", "speed_kn"), vessel.get("speed_kn"))]
    for k, a in enumerate(alternatives if isinstance(alternatives, list) else []):
        given.append((("alternatives", k, "speed_kn"), a.get("speed_kn") if isinstance(a, dict) else None))
    for at, speed in given:
        if isinstance(speed, int | float) and not isinstance(speed, bool) and 0 < top < speed:
            yield at, f"is {speed:g}, {ship.id} makes at most {top:g} knots"


def _closure_problems(data: dict[str, Any]) -> Iterable[Found]:
    """Closures whose dates or numbers do not fit together."""
    closures = data.get("closures")
    for k, c in enumerate(closures if isinstance(closures, list) else []):
        if not isinstance(c, dict):
            continue
        at = ("closures", k)
        if c.get("from") is None:
            for key in ("until", "ships_per_day", "normal_ships_per_day", "arrivals_per_day", "news_h"):
                if c.get(key) not in (None, 0):
                    yield (*at, key), "goes with 'from': a closure without a beginning holds at all times"
            continue
        try:
            begin, end = (None if c.get(x) is None else moment(c[x]) for x in ("from", "until"))
        except ValueError:
            continue  # told by the model already
        if begin is not None and end is not None and end <= begin:
            yield (*at, "until"), f"is {c['until']}, not after the beginning ({c['from']})"
        through, come, meanwhile = (c.get(x) for x in ("normal_ships_per_day", "arrivals_per_day", "ships_per_day"))
        if (through is None) != (come is None):
            yield at, "'normal_ships_per_day' and 'arrivals_per_day' go together: a queue needs both"
        elif isinstance(through, int | float) and isinstance(come, int | float) and through <= come:
            yield at, f"{come:g} ships a day come and {through:g} go through at best: the queue would never clear"
        if through is None and isinstance(meanwhile, int | float) and meanwhile > 0:
            yield (*at, "ships_per_day"), "a reduced capacity needs 'normal_ships_per_day' and 'arrivals_per_day'"
