"""What a voyage costs, in a page: what each day, tonne and passage adds to the ledger of a ship.

The ledger of a voyage in open water is a sum over its days, its fuel (outside and inside emission control areas and
Arctic waters), its days in the Northern Sea Route and its passages. So the page needs no tariffs and no rules: what
each of them adds is the difference of two ledgers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.economy.areas.emission import emission_areas
from sim.economy.carbon import is_eea
from sim.economy.ledger import ARCTIC_WATERS, ledger
from sim.economy.plan import Costs
from sim.economy.tolls import TURKISH
from sim.errors import DataError, UsageError
from sim.geo.network import SeaNetwork
from sim.geo.passages import PassageTable
from sim.geo.route import Crossing, Route
from sim.geo.waters import named_waters
from sim.scenario.convert import cost_plan_of, ship_of
from sim.ship.power import auxiliary_fuel_tpd, main_fuel_tpd, max_main_fuel_tpd
from sim.ship.vessel import Ship, VesselTable
from sim.voyage.voyage import Voyage, VoyageLeg

if TYPE_CHECKING:
    from sim.economy.ledger import Ledger
    from sim.scenario.schema import Scenario

REFERENCE: Final = "bulk_panamax"  # the ship of a page that has none of which fuel is known
DAY: Final = datetime(2025, 8, 15, tzinfo=UTC)  # whose prices a page without a scenario has
ENDS: Final = ("CNDLC", "NLRTM")  # a port outside the EEA and one within, for its rules
DAYS, MAIN_T, LEG_T = 100.0, 1000.0, 100.0  # of the voyages that are compared: long, so that cents do not matter


@dataclass(frozen=True)
class _Trip:
    """A voyage of which nothing is known but what its ledger asks."""

    days: float = DAYS
    main_t: float = MAIN_T
    area_t: float = 0.0
    arctic_t: float = 0.0
    nsr_days: float = 0.0
    passages: tuple[str, ...] = ()
    ends: tuple[str, str] = (ENDS[0], ENDS[0])


@dataclass(frozen=True)
class _Costing:
    """A ship, its prices, and a day on which they are taken."""

    net: SeaNetwork
    ship: Ship
    plan: Costs
    day: datetime

    def ledger(self, trip: _Trip) -> Ledger:
        """The ledger of a trip. Raises UsageError and DataError as `sim.economy.ledger.ledger`."""
        areas = [a for a in emission_areas() if a.begin <= self.day.date()]
        legs = []
        if trip.area_t and areas:
            legs.append(self._leg(_within(areas[0].polygon), "", trip.area_t))
        if trip.arctic_t:
            legs.append(self._leg((100.0, 75.5), ARCTIC_WATERS[0], trip.arctic_t))
        fuel_t = trip.main_t + auxiliary_fuel_tpd(self.ship) * trip.days
        voyage = Voyage(
            days=trip.days, sailing_days=trip.days, wait_days=0.0, canal_days=0.0, water_nm={}, depart=self.day,
            arrive=self.day, legs=tuple(legs), fuel_t=fuel_t, nsr_nm=2.0 if trip.nsr_days else 0.0,
            nsr_days=trip.nsr_days,
        )  # fmt: skip
        route = Route("ok", "", 1000.0, tuple(Crossing(p, 0.0) for p in trip.passages))
        start, goal = (self.net.place(end) for end in trip.ends)
        return ledger(voyage, route, self.ship, self.plan, start, goal)

    def _leg(self, place: tuple[float, float], water: str, fuel_t: float) -> VoyageLeg:
        line = np.array([place, (place[0] + 0.02, place[1])])
        return VoyageLeg(
            start=self.day, end=self.day, lonlat=line, distance_nm=1.0, sailed_nm=1.0, hours=1.0, wait_h=0.0,
            water=water, tag="", passages=(), concentration=0.0, thickness_m=0.0, rio=None, level="normal",
            escorted=False, low_confidence=False, rule=None, fuel_t=fuel_t,
        )  # fmt: skip


def bill_values(scenario: Scenario | None, net: SeaNetwork) -> dict[str, Any]:
    """The ship, and what its days, tonnes and passages cost, as values for a page; `usd` is None where a price that it
    needs is not known."""
    own = None if scenario is None else ship_of(scenario)
    ship = own if own is not None and own.has_fuel else VesselTable.load().find(REFERENCE)
    given = None if scenario is None or own is not ship else cost_plan_of(scenario, net.passages)
    day = DAY if scenario is None else scenario.voyage.depart
    costing = _Costing(net, ship, given or Costs.model_validate({}), day)
    base = costing.ledger
    out: dict[str, Any] = {
        "ship": ship.name, "reference": ship is not own, "priced": given is not None, "day": f"{day:%Y-%m}",
        "main": {
            "kn": ship.service_speed_kn, "tpd": float(main_fuel_tpd(ship, ship.service_speed_kn)),
            "exponent": ship.speed_exponent, "most_tpd": max_main_fuel_tpd(ship),
        },
        "aux_tpd": auxiliary_fuel_tpd(ship), "waters": _waters(day), "eea": sorted(_eea(net)), "usd": None,
    }  # fmt: skip
    try:
        base(_Trip())
    except (UsageError, DataError):
        return out
    out["co2"] = _shares(costing, (ENDS[0], ENDS[0]), "co2")
    out["usd"] = [[_shares(costing, (start, goal), "usd") for goal in ENDS] for start in ENDS]
    out["passages"] = _passages(costing, net.passages)
    return out


def _within(polygon: Sequence[tuple[float, float]]) -> tuple[float, float]:
    from shapely import Polygon

    point = Polygon(polygon).representative_point()
    return float(point.x), float(point.y)


def _figure(found: Ledger, what: str) -> float:
    return found.total_usd if what == "usd" else found.emitted.co2_t


def _shares(costing: _Costing, ends: tuple[str, str], what: str) -> dict[str, float]:
    """What a day, a tonne of the main engine, a tonne within the areas or in the Arctic (in place of one elsewhere), a
    day in the Northern Sea Route and the voyage itself add."""
    base = _Trip(ends=ends)

    def added(by: float, **changes: Any) -> float:
        return (_figure(costing.ledger(replace(base, **changes)), what) - whole) / by

    whole = _figure(costing.ledger(base), what)
    out = {
        "day": added(DAYS, days=2 * DAYS), "main": added(MAIN_T, main_t=2 * MAIN_T), "area": added(LEG_T, area_t=LEG_T),
        "arctic": added(LEG_T, arctic_t=LEG_T), "nsr_day": added(DAYS, nsr_days=2 * DAYS) - added(DAYS, nsr_days=DAYS),
    }  # fmt: skip
    out["once"] = whole - out["day"] * DAYS - out["main"] * MAIN_T
    out["nsr_once"] = added(1.0, nsr_days=DAYS) - out["nsr_day"] * DAYS
    return {name: round(value, 6) + 0.0 for name, value in out.items()}  # no -0.0


def _passages(costing: _Costing, table: PassageTable) -> dict[str, Any]:
    """Dollars of each passage that costs any, lines without an amount, and what both Turkish Straits cost less than
    their sum."""
    base = costing.ledger(_Trip())
    usd, missing = {}, {}
    for passage in table.ids:
        found = costing.ledger(_Trip(passages=(passage,)))
        if more := round(found.total_usd - base.total_usd, 2):
            usd[passage] = more
        if lines := [line.what for line in found.missing if line.what not in {m.what for m in base.missing}]:
            missing[passage] = lines
    both = costing.ledger(_Trip(passages=tuple(TURKISH))).total_usd - base.total_usd
    less = round(sum(usd.get(p, 0.0) for p in TURKISH) - both, 2)
    return {"usd": usd, "missing": missing, "together": list(TURKISH), "less": less}


def _waters(day: datetime) -> dict[str, list[list[list[float]]]]:
    """Outlines: of the emission control areas of a day, each area's together, of Arctic waters, and of the NSR."""

    def flat(polygon: Any) -> list[float]:
        return [round(float(v), 2) for v in np.asarray(polygon).ravel()]

    areas: dict[str, list[list[float]]] = {}
    for area in emission_areas():
        if area.begin <= day.date():
            areas.setdefault(area.id, []).append(flat(area.polygon))
    known = named_waters()
    return {
        "area": list(areas.values()), "arctic": [[flat(known[w][1]) for w in ARCTIC_WATERS]],
        "nsr": [[flat(known["nsr"][1])]],
    }  # fmt: skip


def _eea(net: SeaNetwork) -> set[str]:
    return {p.country for p in net.ports.all if p.locode and is_eea(p.locode[:2])}
