"""A first scenario: every section with its common keys; what is not needed is a comment that is valid once opened."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

from sim.errors import UsageError
from sim.scenario.load import NOTHING, problems_of
from sim.scenario.schema import moment
from sim.scenario.yaml_text import parse_document, plain_value

ORIGIN: Final = "Dalian"
DESTINATION: Final = "Rotterdam"
DEPART: Final = "2027-08-15"
SHIP: Final = "mpp_19k_1a"  # its ice class opens every route of the starter
ROUTES: Final = ("suez", "cape", "nsr")
COLUMN: Final = 34  # where the comments beside keys begin
_PLAIN = re.compile(r"[A-Za-z][\w.-]*(?: [\w.-]+)*")

# what stands after a tab is a comment beside its line
_VOYAGE = """\
# One voyage, one ship, alternative routes: 'northabout run FILE' sails and compares them.
# Take the '# ' in front of a key away to use it. All keys are in docs/scenario-file.md.
format: 1
name: {name}
description: {description}

voyage:
  from: {origin}\tport name, UN/LOCODE or "lat,lon"; 'northabout ports TEXT' finds ports
  to: {destination}
  depart: {depart}\ta date, or date and time in UTC: {day}T06:00

vessel:
  type: {ship}\t'northabout vessels' lists the ships; the keys below replace their figures
  # name: my ship\tin tables
  # speed_kn: 12.5\tin open water
  # ice_class: Arc4
  # draft_m: 9.5\tsizes close the passages that are too small
  # beam_m: 23.7
  # length_m: 160
  # air_draft_m: 38

alternatives:\tusual, suez, cape, nsr, nwp, transpolar, panama or any
{alternatives}
  # - route: suez
  #   name: suez at 11 knots\ttwo alternatives on one route need different names
  #   speed_kn: 11
baseline: {baseline}\tthe others are compared with this one
# objective: time\tthe route through ice of least time, fuel or distance
"""
_PASSAGES = """\
# closures:\t'northabout passages' lists the passages
#   - passage: bosporus\tclosed at all times
#     reason: closed for works
#   - passage: suez_canal\tclosed for some days: ships meet it under way
#     from: {year}-09-01
#     until: {year}-09-11
# patience_days: 30\tlongest wait at a closed passage

# waits:
#   - passage: suez_canal
#     wait_h: 12

# speeds:
#   - water: nsr\ta speed of its own within a named water
#     speed_kn: 10

# canal_speed_limits: true\tsail canals at their speed limit
# ports_file: own-ports.csv\ta table of own ports, beside this file
"""
_ICE = """\
ice:\twithout this section no ice is modelled
  season: normal\tmild, normal or severe
  escort: when_needed\tby icebreaker: none, when_needed or always
  # pathway: SSP2-4.5\tSSP1-1.9, SSP1-2.6, SSP2-4.5, SSP3-7.0 or SSP5-8.5
  # year: 2035\tof the ice; the year of the departure if absent
  # admission: nsr\tthe rules in force on the day; ice_only: no rules
  # max_risk: elevated\thighest POLARIS level to sail in: normal or elevated
  # wait_until_open_days: 21\thow long the ship may wait in port for the ice
"""
_COSTS = """\
costs:\twithout this section nothing is costed; what is absent comes from the tables
  hire: charter\tcharter, owned or none
  # charter_usd_day: 13000
  # fuel_usd_t: 540\tprice of the fuel, USD a tonne
  # arctic_fuel_usd_t: 720\twhere the rules ban heavy fuel
  # price_case: base\tlow, base or high: of prices that are not given here
  # carbon: true\tEU ETS and FuelEU
  # eua_eur_t: 75\tprice of an EU allowance
  # cargo_value_usd: 30000000\tits interest is counted
  # war_risk:
  #   - passage: bab_el_mandeb
  #     hull_share: 0.005\tof the hull value, for each crossing
"""


def starter(
    name: str,
    *,
    origin: str = ORIGIN,
    destination: str = DESTINATION,
    depart: str = DEPART,
    ship: str = SHIP,
    routes: Sequence[str] = ROUTES,
    ice: bool = False,
    costs: bool = False,
) -> str:
    """The text of a first scenario file, which is valid; `ice` and `costs` open these sections.

    Raises PlaceError, PassageError, UsageError, with the nearest names, for what does not exist.
    """
    from sim.geo.passages import PassageTable
    from sim.ship.vessel import VesselTable

    passages = PassageTable.load()
    try:
        when = moment(depart)
    except ValueError as error:
        raise UsageError(f"the departure: {error}") from None
    labels = list(dict.fromkeys(passages.route(r).name for r in routes)) or list(ROUTES)
    for place in (origin, destination):
        _check_place(place)
    described = f"{origin.strip()} to {destination.strip()} by {_listed(labels)}"
    given = {
        "name": name, "description": described, "origin": origin, "destination": destination, "depart": depart,
        "ship": VesselTable.load().find(ship).id, "baseline": labels[0],
    }  # fmt: skip
    filled = {key: _quoted(value.strip()) for key, value in given.items()}
    alternatives = "\n".join(f"  - route: {label}" for label in labels)
    parts = (
        _VOYAGE.format(**filled, alternatives=alternatives, day=f"{when:%Y-%m-%d}"), _PASSAGES.format(year=when.year),
        _ICE if ice else _closed(_ICE), _COSTS if costs else _closed(_COSTS),
    )  # fmt: skip
    text = _aligned("\n".join(parts))
    if found := problems_of(parse_document(text, name), NOTHING):
        raise UsageError("; ".join(said for _, said in found))
    return text


def _check_place(text: str) -> None:
    """Raise PlaceError, with the nearest names, for what is neither a position nor a port."""
    from sim.geo.ports import PortTable
    from sim.geo.positions import parse_position

    if parse_position(text) is None:
        PortTable.load().find(text)


def _listed(labels: Sequence[str]) -> str:
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"


def _quoted(value: str) -> str:
    """A text as a value of YAML: in quotes where it could mean something else."""
    is_date = re.fullmatch(r"\d{4}-\d\d-\d\d(T[\d:]+(Z|[+-][\d:]+)?)?", value) and isinstance(plain_value(value), str)
    is_word = _PLAIN.fullmatch(value) and isinstance(plain_value(value), str)
    return value if is_date or is_word else json.dumps(value, ensure_ascii=False)


def _closed(section: str) -> str:
    """A section as a comment."""
    return "".join(f"# {line}\n" for line in section.splitlines())


def _aligned(text: str) -> str:
    """The comments beside keys in one column."""
    lines = (line.partition("\t") for line in text.splitlines())
    return "".join(f"{key:{COLUMN - 2}s}  # {said}\n" if said else f"{key}\n" for key, _, said in lines)
