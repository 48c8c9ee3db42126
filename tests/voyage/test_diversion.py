"""A closure while the ship is at sea: what it chooses, where it turns, and that nothing is lost on the way."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.geo.network import SeaNetwork
from sim.geo.route import Crossing, Route
from sim.scenario.compare import run
from sim.scenario.schema import Scenario
from sim.scenario.simulate import Sailing
from sim.voyage.diversion import _gate_nm, cut, joined
from sim.voyage.voyage import Cause, Choice, Event, Voyage

DEPART = datetime(2021, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def route(net: SeaNetwork) -> Route:
    return net.route("Shanghai", "Rotterdam", via="suez")


def sailed(net: SeaNetwork, *closures: dict[str, Any], **more: Any) -> tuple[Route, Voyage]:
    """Shanghai to Rotterdam by Suez at 14 knots under closures, or with other parts of a scenario."""
    scenario = Scenario.model_validate(
        {
            "format": 1, "name": "c", "description": "c", "alternatives": [{"route": "suez"}],
            "voyage": {"from": "Shanghai", "to": "Rotterdam", "depart": DEPART}, "vessel": {"speed_kn": 14.0},
            "closures": list(closures), **more,
        }
    )  # fmt: skip
    found, voyage = Sailing(scenario, net, None).sailed(scenario.alternatives[0])  # type: ignore[arg-type]
    assert voyage is not None
    return found, voyage


def suez(first_day: float, days: float | None, **more: Any) -> dict[str, Any]:
    """A closure of the canal, beginning some days after departure."""
    begin = DEPART + timedelta(days=first_day)
    end = {} if days is None else {"until": begin + timedelta(days=days)}
    return {"passage": "suez_canal", "from": begin, **end, **more}


def event(voyage: Voyage) -> Event:
    assert len(voyage.events) == 1
    return voyage.events[0]


def at_canal(net: SeaNetwork) -> float:
    """Days from Shanghai to the canal's gate."""
    _, voyage = sailed(net)
    arrival = next(leg.end for leg in voyage.legs if "suez_canal" in leg.passages)
    return (arrival - DEPART).total_seconds() / 86400


def test_a_closure_that_is_over_changes_nothing(net: SeaNetwork) -> None:
    free, _ = sailed(net)
    found, voyage = sailed(net, suez(2, 6))
    assert not voyage.events
    assert np.array_equal(found.lonlat, free.lonlat)


def test_a_day_away_from_six_days_the_ship_waits(net: SeaNetwork) -> None:
    day = at_canal(net)
    _, free = sailed(net)
    found, voyage = sailed(net, suez(day - 1, 6))
    assert event(voyage).choice == "waits"
    assert event(voyage).wait_h == pytest.approx(5 * 24, abs=0.1)
    assert voyage.days == pytest.approx(free.days + 5, abs=0.01)
    assert voyage.wait_days == pytest.approx(5, abs=0.01)
    assert found.passages[-3:] == ("suez_canal", "gibraltar", "dover_strait")


def test_at_singapore_six_days_are_over_before_the_ship_comes(net: SeaNetwork) -> None:
    _, free = sailed(net)
    singapore = next(leg.end for leg in free.legs if "singapore_strait" in leg.passages)
    first = (singapore - DEPART).total_seconds() / 86400
    assert sailed(net, suez(first, 6))[1].days == pytest.approx(free.days)
    queued = sailed(net, suez(first, 6, normal_ships_per_day=80, arrivals_per_day=70))[1]
    assert event(queued).choice == "waits"
    assert 0 < queued.days - free.days < 6


@pytest.mark.parametrize("days_before", [1, 12])
def test_sixty_days_turn_the_ship(net: SeaNetwork, days_before: float) -> None:
    found, voyage = sailed(net, suez(at_canal(net) - days_before, 60))
    assert event(voyage).choice == "diverts"
    assert event(voyage).wait_h == voyage.wait_days == 0
    assert "cape_of_good_hope" in found.passages
    assert "suez_canal" not in found.passages
    assert event(voyage).worth_diverting == pytest.approx(voyage.days)


def test_the_choice_changes_where_the_days_cross(net: SeaNetwork) -> None:
    """The longest closure that is waited for takes as long as the other route, within an hour."""
    first = at_canal(net) - 5
    low, high = 6.0, 60.0
    for _ in range(11):
        middle = (low + high) / 2
        low, high = (middle, high) if event(sailed(net, suez(first, middle))[1]).choice == "waits" else (low, middle)
    crossing = event(sailed(net, suez(first, (low + high) / 2))[1])
    assert crossing.worth_waiting == pytest.approx(crossing.worth_diverting, abs=0.05)


def test_the_ship_keeps_its_course_until_the_news(net: SeaNetwork) -> None:
    first = at_canal(net) - 12
    early, late = (sailed(net, suez(first, 60, news_h=h))[1] for h in (0, 96))
    assert event(late).moment - event(early).moment == timedelta(hours=96)
    assert late.days > early.days


def test_patience_ends_a_wait(net: SeaNetwork) -> None:
    first = at_canal(net) - 1
    patient = sailed(net, suez(first, 15))[1]
    assert event(patient).choice == "waits"
    found, voyage = sailed(net, suez(first, 15), patience_days=4.0)
    assert event(voyage).choice == "waits, then diverts"
    assert voyage.wait_days == pytest.approx(4, abs=0.01)
    assert "cape_of_good_hope" in found.passages


def test_without_another_route_the_ship_is_stuck(net: SeaNetwork) -> None:
    shut = [{"passage": p, "from": DEPART} for p in ("suez_canal", "cape_of_good_hope", "panama", "drake_passage",
                                                      "magellan_strait")]  # fmt: skip
    found, voyage = sailed(net, *shut)
    assert voyage.blocked is not None
    assert (found.status, found.reason, found.distance_nm) == ("closed", "passage closed", math.inf)
    assert math.isnan(voyage.days) and voyage.arrive is None
    assert voyage.legs == ()  # closed from the day of departure: the ship does not leave
    assert (voyage.blocked.cause, voyage.blocked.status) == (Cause.PASSAGE_CLOSED, "closed")
    assert voyage.events[-1].choice == Choice.STUCK


def test_a_ship_that_is_stuck_at_sea_ends_where_the_news_reaches_it(net: SeaNetwork) -> None:
    """By hand: nine days at 14 knots are 3024 nm, in open water and through straits without a limit."""
    passages = ("suez_canal", "cape_of_good_hope", "panama", "drake_passage", "magellan_strait")
    shut = [{"passage": p, "from": DEPART, "news_h": 9 * 24} for p in passages]
    found, voyage = sailed(net, *shut)
    block = voyage.blocked
    assert block is not None and block.passage == "suez_canal"
    assert block.moment == event(voyage).moment == DEPART + timedelta(days=9)
    assert sum(leg.distance_nm for leg in voyage.legs) == pytest.approx(9 * 24 * 14)
    assert abs(voyage.legs[-1].end - block.moment) < timedelta(seconds=1)
    assert voyage.legs[-1].lonlat[-1] == pytest.approx((block.lon, block.lat))
    assert found.status == block.status == "closed" and len(found.leg_nm) > 10


def test_a_second_closure_is_met_on_the_other_route(net: SeaNetwork) -> None:
    first = at_canal(net) - 5
    _, voyage = sailed(net, suez(first, None), {**suez(first + 10, 30), "passage": "cape_of_good_hope"})
    assert [e.passage for e in voyage.events] == ["suez_canal", "cape_of_good_hope"]
    assert voyage.blocked is None


@settings(max_examples=15)
@given(st.floats(0, 25), st.floats(0.5, 50), st.floats(0.1, 20))
def test_a_longer_closure_never_helps(net: SeaNetwork, first: float, days: float, more: float) -> None:
    assert sailed(net, suez(first, days + more))[1].days >= sailed(net, suez(first, days))[1].days - 1e-6


@settings(max_examples=15)
@given(st.floats(0, 25), st.floats(0.5, 50))
def test_a_closure_never_shortens(net: SeaNetwork, first: float, days: float) -> None:
    assert sailed(net, suez(first, days))[1].days >= sailed(net)[1].days - 1e-6


@pytest.mark.parametrize(
    ("at_nm", "tags", "waits_nm"),
    [(105.0, ("", "suez_canal", ""), 98.0), (50.0, ("", "", ""), 48.0), (1.5, ("", "", ""), 0.0)],
)
def test_a_ship_waits_two_miles_before_the_gate_or_its_canal(
    at_nm: float, tags: tuple[str, ...], waits_nm: float
) -> None:
    """By hand: legs of 100, 10 and 100 nm, a gate within the canal of the second, in open water, and at the port."""
    lonlat = np.array([[0.0, 0.0], [0.0, 1.66], [0.0, 1.83], [0.0, 3.5]])
    legs_nm = np.array([100.0, 10.0, 100.0])
    route = Route("ok", "", 210.0, (Crossing("suez_canal", at_nm),), lonlat, legs_nm, tags)
    assert _gate_nm(route, "suez_canal") == pytest.approx(waits_nm)


@given(st.floats(1, 10_000))
def test_cutting_and_joining_loses_nothing(route: Route, at_nm: float) -> None:
    head = cut(route, at_nm)
    assert head.distance_nm == pytest.approx(at_nm)
    assert float(head.leg_nm.sum()) == pytest.approx(at_nm)
    assert len(head.lonlat) == len(head.leg_nm) + 1 == len(head.leg_tags) + 1
    whole = joined(head, head)
    assert whole.distance_nm == pytest.approx(2 * at_nm)
    assert len(whole.crossings) == 2 * len(head.crossings)


ICE_SHIP = {
    "voyage": {"from": "Shanghai", "to": "Rotterdam", "depart": datetime(2025, 8, 5, tzinfo=UTC)},
    "vessel": {"type": "mpp_19k_1a"}, "ice": {},
    "alternatives": [{"route": "suez"}, {"route": "nsr", "escort": "when_needed"}],
}  # fmt: skip


def test_every_road_of_the_scenario_is_weighed(net: SeaNetwork) -> None:
    """From the South China Sea by Panama and by Good Hope: each is worth what it takes, has the name that the scenario
    gives it, and a way of two names counts once."""
    ways = [{"route": "suez"}, {"route": "panama"}, {"route": "cape", "name": "round the Cape"}]
    found, voyage = sailed(net, suez(3, None), alternatives=ways)
    met = event(voyage)
    assert [o.route_name for o in met.options] == ["panama", "round the Cape"]
    assert met.route_name == "round the Cape" and "cape_of_good_hope" in found.passages
    assert met.worth_diverting == min(o.worth for o in met.options) == pytest.approx(voyage.days)
    longer = next(o.worth for o in met.options if o.route_name == "panama")
    assert longer > voyage.days
    # without that alternative it is the shortest other way
    other = event(sailed(net, suez(3, None), alternatives=ways[:2])[1])
    assert [o.route_name for o in other.options] == ["panama", "usual"] and other.route_name == "usual"
    assert other.worth_diverting == pytest.approx(met.worth_diverting)


def test_a_dearer_road_is_not_taken_though_it_is_shorter(net: SeaNetwork) -> None:
    """Shanghai - New York with Suez closed: by Panama with a toll for 1,000 TEU, not with one for 30,000."""
    base = {
        "voyage": {"from": "Shanghai", "to": "New York", "depart": DEPART}, "vessel": {"type": "cont_4400"},
        "alternatives": [{"route": "suez"}, {"route": "panama"}, {"route": "cape"}],
    }  # fmt: skip
    cheap, dear = (
        event(sailed(net, suez(0, None), **base, costs={"carbon": False, "panama_size": teu})[1])
        for teu in (1_000.0, 30_000.0)
    )
    assert (cheap.route_name, dear.route_name) == ("panama", "cape")
    assert {o.route_name for o in dear.options} == {"panama", "cape"}


def test_a_ship_in_port_takes_the_northern_road_as_it_was_planned(net: SeaNetwork) -> None:
    shut = {"passage": "suez_canal", "from": datetime(2025, 8, 1, tzinfo=UTC)}
    scenario = Scenario.model_validate(
        {"format": 1, "name": "c", "description": "c", "closures": [shut], **ICE_SHIP}
    )  # fmt: skip
    by_suez, by_nsr = run(scenario, net).outcomes
    assert by_suez.voyage is not None and event(by_suez.voyage).route_name == by_suez.sailed_by == "nsr"
    assert (by_suez.days, by_suez.distance_nm) == (by_nsr.days, by_nsr.distance_nm)


def test_a_ship_at_sea_turns_north_through_the_ice_of_its_day(net: SeaNetwork) -> None:
    shut = {"passage": "suez_canal", "from": datetime(2025, 8, 8, tzinfo=UTC)}
    found, voyage = sailed(net, shut, **ICE_SHIP)
    met = event(voyage)
    assert met.route_name == "nsr" and "bering_strait" in found.passages and voyage.ice_nm > 0
    assert {o.route_name for o in met.options} == {"nsr", "usual"}
    january = ICE_SHIP | {"voyage": {**ICE_SHIP["voyage"], "depart": datetime(2025, 1, 5, tzinfo=UTC)}}  # type: ignore[dict-item]
    winter = event(sailed(net, {**shut, "from": datetime(2025, 1, 8, tzinfo=UTC)}, **january)[1])
    assert winter.route_name == "usual" and [o.route_name for o in winter.options] == ["usual"]
