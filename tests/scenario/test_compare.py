"""Running a scenario: what must hold of any comparison, and the shape of its JSON."""

from __future__ import annotations

import json
import math
from datetime import datetime, timedelta
from typing import Any

import pytest

from sim import SeaNetwork
from sim.scenario.compare import Comparison, Outcome, run
from sim.scenario.schema import Scenario

ROUTES = ("suez", "cape", "nsr", "panama", "usual")
BASE: dict[str, Any] = {
    "format": 1,
    "name": "base",
    "description": "Dalian to Rotterdam by every route",
    "voyage": {"from": "Dalian", "to": "Rotterdam", "depart": "2025-08-15"},
    "vessel": {"speed_kn": 14.0, "draft_m": 9.8, "beam_m": 23.7, "length_m": 160},
    "alternatives": [{"route": r} for r in ROUTES],
    "baseline": "suez",
}
CONTRACT = ["scenario", "baseline", "alternatives"]
CONTRACT_OF_ALTERNATIVE = {"route", "status", "reason", "distance_nm", "days", "depart", "arrive", "passages"}
NOT_MODELLED = {"fuel_t", "co2_t", "cost_usd"}


def compared(net: SeaNetwork, **changes: Any) -> Comparison:
    """The base scenario with sections exchanged; a section of keys is merged."""
    data = dict(BASE)
    for key, value in changes.items():
        data[key] = data[key] | value if isinstance(value, dict) else value
    return run(Scenario.model_validate(data), net)


def by_route(comparison: Comparison) -> dict[str, Outcome]:
    return {o.label: o for o in comparison.outcomes}


def sailed(outcome: Outcome) -> float:
    return outcome.voyage.sailed_nm if outcome.voyage else math.nan


def days(comparison: Comparison) -> dict[str, float]:
    return {o.label: o.voyage.days if o.voyage else math.inf for o in comparison.outcomes}


@pytest.fixture(scope="module")
def base(net: SeaNetwork) -> Comparison:
    return compared(net)


def test_every_route_is_there_in_the_order_of_the_file(base: Comparison) -> None:
    assert [o.label for o in base.outcomes] == list(ROUTES)
    assert base.feasible
    assert all(o.feasible for o in base.outcomes)


def test_the_usual_route_is_the_shortest_outside_the_arctic(base: Comparison) -> None:
    routes = by_route(base)
    shortest = min(routes[r].route.distance_nm for r in ("suez", "cape", "panama"))
    assert routes["usual"].route.distance_nm == pytest.approx(shortest, abs=0.1)


@pytest.mark.parametrize("slow", [13.9, 12.0, 8.0, 1.0, 0.1])
def test_a_slower_ship_is_never_faster(net: SeaNetwork, base: Comparison, slow: float) -> None:
    there = days(compared(net, vessel={"speed_kn": slow}))
    assert all(there[r] > days(base)[r] for r in ROUTES)


def test_an_alternatives_own_speed_counts_for_it_alone(net: SeaNetwork, base: Comparison) -> None:
    routes = [{"route": r} | ({"speed_kn": 7.0} if r == "nsr" else {}) for r in ROUTES]
    there = days(compared(net, alternatives=routes))
    assert there["nsr"] == pytest.approx(2 * days(base)["nsr"], rel=1e-9)
    assert all(there[r] == days(base)[r] for r in ROUTES if r != "nsr")


@pytest.mark.parametrize(
    "passage",
    ["malacca_strait", "suez_canal", "taiwan_strait", "sunda_strait", "cape_of_good_hope", "kara_gate", "dover"],
)
def test_a_closure_never_shortens(net: SeaNetwork, base: Comparison, passage: str) -> None:
    there = by_route(compared(net, closures=[{"passage": passage}]))
    closed = net.passages.resolve(passage)
    for route, before in by_route(base).items():
        after = there[route]
        assert after.route.distance_nm >= before.route.distance_nm - 1e-6
        assert not closed & set(after.route.passages)
        if not closed & set(before.route.passages):
            assert after.route.distance_nm == pytest.approx(before.route.distance_nm, abs=1e-6)


def test_more_closures_never_shorten(net: SeaNetwork) -> None:
    lengths = []
    shut: list[dict[str, str]] = []
    for passage in ("malacca_strait", "suez_canal", "sunda_strait", "panama", "cape_of_good_hope"):
        shut.append({"passage": passage})
        lengths.append(by_route(compared(net, closures=list(shut)))["usual"].route.distance_nm)
    assert lengths == sorted(lengths)


@pytest.mark.parametrize("wait_h", [0.0, 10.0, 24.0, 8760.0])
def test_a_wait_adds_exactly_itself(net: SeaNetwork, base: Comparison, wait_h: float) -> None:
    there = by_route(compared(net, waits=[{"passage": "suez_canal", "wait_h": wait_h}]))
    for route, before in by_route(base).items():
        timing, was = there[route].voyage, before.voyage
        assert timing
        assert was
        extra = wait_h / 24 if "suez_canal" in before.route.passages else 0.0
        assert timing.days == pytest.approx(was.days + extra, abs=1e-9)
        assert timing.wait_days == pytest.approx(extra, abs=1e-9)
        assert timing.sailing_days == was.sailing_days
        assert there[route].route.distance_nm == before.route.distance_nm


def test_a_water_at_the_ships_own_speed_changes_nothing(net: SeaNetwork, base: Comparison) -> None:
    there = compared(net, speeds=[{"water": "nsr", "speed_kn": 14.0}, {"water": "red_sea", "speed_kn": 14.0}])
    assert days(there) == pytest.approx(days(base), rel=1e-9)


def test_a_slow_water_slows_what_crosses_it_by_its_miles(net: SeaNetwork, base: Comparison) -> None:
    there = by_route(compared(net, speeds=[{"water": "nsr", "speed_kn": 7.0}]))
    was = by_route(base)
    for route in ROUTES:
        timing, before = there[route].voyage, was[route].voyage
        assert timing
        assert before
        extra = timing.water_nm["nsr"] * (1 / 7 - 1 / 14) / 24
        assert timing.days == pytest.approx(before.days + extra, rel=1e-6)
    nsr = there["nsr"].voyage
    assert nsr
    assert nsr.water_nm["nsr"] > 1500


def test_canal_limits_never_shorten_the_time(net: SeaNetwork, base: Comparison) -> None:
    free = days(compared(net, canal_speed_limits=False))
    limited = days(base)
    assert all(limited[r] >= free[r] for r in ROUTES)
    assert limited["suez"] > free["suez"]
    assert limited["cape"] == pytest.approx(free["cape"], abs=1e-9)
    crawl = {"speed_kn": 4.0}
    slow_free, slow = compared(net, vessel=crawl, canal_speed_limits=False), compared(net, vessel=crawl)
    assert days(slow) == pytest.approx(days(slow_free), rel=1e-9)


def test_arrival_is_departure_and_the_days(base: Comparison) -> None:
    for outcome in base.outcomes:
        timing = outcome.voyage
        assert timing
        assert timing.arrive - timing.depart == pytest.approx(timedelta(days=timing.days), abs=timedelta(seconds=1))
        assert timing.days == pytest.approx(timing.sailing_days + timing.wait_days)


def test_the_return_voyage_is_as_long(net: SeaNetwork, base: Comparison) -> None:
    back = by_route(compared(net, voyage={"from": "Rotterdam", "to": "Dalian"}))
    for route, there in by_route(base).items():
        assert back[route].route.distance_nm == pytest.approx(there.route.distance_nm, abs=0.01)
        assert back[route].route.passages == there.route.passages[::-1]


def test_differences_are_those_to_the_baseline(base: Comparison) -> None:
    routes = by_route(base)
    assert routes["suez"].versus == {"distance_nm": 0.0, "sailed_nm": 0.0, "days": 0.0}
    for o in routes.values():
        assert o.versus["distance_nm"] == pytest.approx(o.route.distance_nm - routes["suez"].route.distance_nm)
        assert o.versus["sailed_nm"] == pytest.approx(sailed(o) - sailed(routes["suez"]))
        assert o.versus["days"] == pytest.approx(days(base)[o.label] - days(base)["suez"])


def test_an_unreachable_baseline_leaves_no_differences(net: SeaNetwork) -> None:
    comparison = compared(net, closures=[{"passage": "suez_canal"}])
    assert comparison.feasible
    assert all(o.versus == {} for o in comparison.outcomes)


def test_too_deep_a_draft_is_refused_with_its_reason(net: SeaNetwork) -> None:
    routes = by_route(compared(net, vessel={"draft_m": 30.0}))
    assert routes["suez"].route.status == "unreachable"
    assert "draft 30 m is over the 20.12 m of suez_canal" in routes["suez"].route.reason
    assert routes["cape"].feasible


def test_json_has_the_keys_of_the_contract(base: Comparison) -> None:
    result = json.loads(json.dumps(base.to_dict(), allow_nan=False))
    assert [k for k in result if k in CONTRACT] == CONTRACT
    assert (result["scenario"], result["baseline"]) == ("base", "suez")
    for outcome in result["alternatives"]:
        assert set(outcome) >= CONTRACT_OF_ALTERNATIVE | {"vs_baseline"}
        assert set(outcome["vs_baseline"]) == {"distance_nm", "sailed_nm", "days"}
        assert not NOT_MODELLED & (set(outcome) | set(outcome["vs_baseline"]))
        depart, arrive = (datetime.fromisoformat(outcome[k]) for k in ("depart", "arrive"))
        assert arrive - depart == pytest.approx(timedelta(days=outcome["days"]), abs=timedelta(minutes=2))
        assert (outcome["status"], outcome["reason"]) == ("ok", "")


def test_json_of_a_route_that_does_not_exist_holds_a_reason_and_no_number(net: SeaNetwork) -> None:
    result = compared(net, closures=[{"passage": "suez_canal"}]).to_dict()
    suez = result["alternatives"][0]
    assert suez == {
        "route": "suez", "status": "unreachable", "reason": "no feasible route: suez_canal is closed",
        "distance_nm": None, "sailed_nm": None, "days": None, "depart": None, "arrive": None, "passages": [],
    }  # fmt: skip
    assert not any("vs_baseline" in a for a in result["alternatives"])


def test_a_closed_in_sea_is_unreachable_by_every_route(net: SeaNetwork) -> None:
    comparison = compared(net, voyage={"from": "Baku"})
    assert not comparison.feasible
    assert all("no connection to the ocean" in o.route.reason for o in comparison.outcomes)


def test_an_alternative_that_is_not_feasible_has_no_figures(net: SeaNetwork) -> None:
    """A reader's loop prints nan, and never the days of a voyage that did not arrive."""
    data = {
        "format": 1, "name": "winter", "description": "An ordinary ship in January",
        "voyage": {"from": "Dalian", "to": "Rotterdam", "depart": "2026-01-10"}, "vessel": {"type": "mpp_19k_1a"},
        "alternatives": [{"route": "cape"}, {"route": "nsr"}, {"route": "suez"}], "baseline": "cape",
        "closures": [{"passage": "suez_canal"}], "ice": {}, "costs": {},
    }  # fmt: skip
    cape, nsr, suez = run(Scenario.model_validate(data), net).outcomes
    figures = ("days", "distance_nm", "fuel_t", "co2_t", "cost_usd")
    for name in figures:
        assert getattr(cape, name) > 0, name
        assert math.isnan(getattr(nsr, name)) and math.isnan(getattr(suez, name)), name
    assert cape.depart == cape.voyage.depart and cape.arrive == cape.voyage.arrive
    for closed in (nsr, suez):
        assert closed.depart is closed.arrive is None and closed.ledger is None and not closed.versus
    assert nsr.block is not None and nsr.status == nsr.route.status == nsr.block.status != "ok"
    assert nsr.route.reason == nsr.block.cause and nsr.route.distance_nm == math.inf
    assert len(nsr.route.lonlat) == len(nsr.route.leg_nm) + 1 > 10  # the path that was tried
    assert suez.status == "unreachable" and suez.block is None
