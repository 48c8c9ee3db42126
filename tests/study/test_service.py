"""A year of service: sums and laws in open water, waiting and turning to the baseline, calls, and the command."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import sim.cli.many.service
from sim.errors import NorthaboutError, PlaceError, ScenarioError, UsageError
from sim.geo.network import SeaNetwork
from sim.geo.route import Route
from sim.report.layout import WIDTH
from sim.report.study.service import LEG_COLUMNS, relay_text, service_dict, service_text
from sim.scenario.load import scenario_of
from sim.scenario.schema import Alternative, Scenario
from sim.scenario.simulate import Sailing
from sim.study.relay import relay
from sim.study.service import Service, Way, _days_tried, service
from sim.voyage.voyage import Block, Cause, Voyage

NOTHING = Path("/nonexistent")
BASE: dict[str, Any] = {
    "format": 1, "name": "shuttle", "description": "Bulk from Dalian to Rotterdam",
    "voyage": {"from": "Dalian", "to": "Rotterdam", "depart": "2025-03-01"}, "vessel": {"type": "bulk_panamax"},
    "alternatives": [{"route": "suez"}, {"route": "nsr"}, {"route": "cape"}],
}  # fmt: skip


def scenario(**changes: Any) -> Scenario:
    return scenario_of({**BASE, **changes})


def served(net: SeaNetwork, changes: dict[str, Any] | None = None, **how: Any) -> Service:
    return service(scenario(**(changes or {})), net, NOTHING, **how)


@pytest.fixture(scope="module")
def plain(net: SeaNetwork) -> Service:
    return served(net, {"costs": {}}, flow=1_000_000)


# -- laws in open water


def test_legs_follow_each_other_without_a_gap(plain: Service) -> None:
    for year in plain.years:
        assert year.legs[0].ready == datetime(2025, 1, 1, tzinfo=UTC)
        for leg in year.legs:
            assert leg.depart - leg.ready == timedelta(days=leg.port_days + leg.wait_days)
            assert (leg.arrive - leg.depart).total_seconds() == pytest.approx(86_400 * leg.sea_days, abs=1)
        for leg, after in zip(year.legs, year.legs[1:], strict=False):
            assert (leg.destination, leg.arrive) == (after.origin, after.ready)


def test_round_trips_by_hand(net: SeaNetwork, plain: Service) -> None:
    """Without ice each trip lasts as long: 2 x (port + sea) days, and 365 days hold 365 of them divided by that."""
    for year in plain.years:
        trip = sum(leg.port_days + leg.sea_days for leg in year.legs[:2])
        assert year.round_trips == pytest.approx(365 / trip, rel=1e-6)
        assert year.trips == int(year.round_trips)
        assert year.sea_days + year.port_days + year.wait_days == pytest.approx(365)
        assert year.carried == pytest.approx(year.round_trips * 81_076 * 0.95)
        assert year.ships == -(-1_000_000 // (year.carried or 1))
    suez = next(y for y in plain.years if y.alternative == "suez")
    sailed = Sailing(scenario(), net, NOTHING).sailed(scenario().alternatives[0])[1]
    assert sailed is not None
    assert suez.legs[0].sea_days == pytest.approx(sailed.days)


def test_cost_of_a_tonne_is_that_of_the_legs(plain: Service) -> None:
    for year in plain.years:
        assert plain.cargo is not None
        cost = sum(leg.cost_usd or 0 for leg in year.legs)
        assert year.usd_per_unit == pytest.approx(cost / (plain.cargo * len(year.legs) / 2))
        co2 = sum(leg.co2_t or 0 for leg in year.legs)
        assert year.co2_kg_per_unit == pytest.approx(1000 * co2 / (plain.cargo * len(year.legs) / 2))


def test_days_in_port_cost_hire(net: SeaNetwork) -> None:
    """Five days more in port at 10,000 USD a day are 50,000 USD a leg more, where only the hire counts days."""
    costs = {"costs": {"charter_usd_day": 10_000.0}, "alternatives": [{"route": "suez"}]}
    few, many = (served(net, costs, port_days=d).years[0].legs[0] for d in (1.0, 6.0))
    assert (many.cost_usd or 0) - (few.cost_usd or 0) == pytest.approx(50_000, abs=1)


@settings(max_examples=5)
@given(st.floats(0, 59), st.floats(0.5, 1))
def test_longer_stays_and_larger_flows(net: SeaNetwork, port_days: float, more: float) -> None:
    one = {"alternatives": [{"route": "suez"}]}
    few, many = (served(net, one, port_days=d, flow=400_000).years[0] for d in (port_days, port_days + more))
    assert many.round_trips < few.round_trips
    assert (many.ships or 0) >= (few.ships or 0)


def test_a_shorter_route_makes_more_trips_and_needs_fewer_ships(plain: Service) -> None:
    by = {y.alternative: y for y in plain.years}
    assert by["nsr"].round_trips > by["suez"].round_trips > by["cape"].round_trips
    assert (by["nsr"].ships or 0) <= (by["suez"].ships or 0) <= (by["cape"].ships or 0)


def test_an_order_of_calls_is_a_loop(net: SeaNetwork) -> None:
    found = served(net, {"alternatives": [{"route": "nsr"}]}, calls=["Dalian", "Murmansk", "Zeebrugge"])
    names = [(leg.origin, leg.destination, leg.route) for leg in found.years[0].legs[:3]]
    assert [n[0] for n in names] == list(found.calls)
    assert names[-1][1] == found.calls[0]
    ways = [leg.way for leg in found.years[0].legs[:3]]
    assert ways == [Way.OWN, Way.USUAL, Way.OWN]  # the NSR does not join Murmansk and Zeebrugge
    assert found.years[0].usual_legs == sum(leg.way == Way.USUAL for leg in found.years[0].legs)


def test_no_leg_goes_round_the_world(net: SeaNetwork) -> None:
    """Suez joins Sabetta and Murmansk, round Asia and Africa: on a voyage of several calls the usual route is taken."""
    one = {"alternatives": [{"route": "suez"}]}
    found = served(net, one, calls=["Sabetta", "Murmansk", "Shanghai"])
    legs = found.years[0].legs[:3]
    assert [leg.way for leg in legs] == [Way.USUAL, Way.OWN, Way.OWN]
    assert legs[0].distance_nm < 1500


def test_the_same_twice(net: SeaNetwork, plain: Service) -> None:
    assert served(net, {"costs": {}}, flow=1_000_000) == plain


# -- waiting and turning to the baseline


@pytest.fixture
def gated(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[datetime], bool]]:
    """Alternatives that are open on some days alone, by their labels."""
    gates: dict[str, Callable[[datetime], bool]] = {}
    sailed = Sailing.sailed

    def do(
        self: Sailing, alternative: Alternative, depart: datetime | None = None, *, explain: bool = True
    ) -> tuple[Route, Voyage | None]:
        route, voyage = sailed(self, alternative, depart, explain=explain)
        when = depart or self.scenario.voyage.depart
        if voyage is not None and alternative.label in gates and not gates[alternative.label](when):
            block = Block(Cause.BESET, "kara_sea", 70.0, 75.0, when)
            return route.ended("beset", block.cause.value), replace(voyage, blocked=block, arrive=None)
        return route, voyage

    monkeypatch.setattr(Sailing, "sailed", do)
    return gates


TWO = {"alternatives": [{"route": "suez"}, {"route": "nsr"}]}


def test_a_ship_waits_where_that_is_sooner(net: SeaNetwork, gated: dict[str, Callable[[datetime], bool]]) -> None:
    gated["nsr"] = lambda when: when >= datetime(2025, 1, 8, tzinfo=UTC)
    leg = served(net, TWO, port_days=2.0).years[1].legs[0]
    assert (leg.way, leg.wait_days, leg.depart) == (Way.WAITED, 5.0, datetime(2025, 1, 8, tzinfo=UTC))
    assert leg.ready == datetime(2025, 1, 1, tzinfo=UTC)


def test_a_ship_takes_the_baseline_where_that_is_sooner(
    net: SeaNetwork, gated: dict[str, Callable[[datetime], bool]]
) -> None:
    gated["nsr"] = lambda when: when >= datetime(2025, 2, 20, tzinfo=UTC)
    year = served(net, TWO).years[1]
    assert (year.legs[0].way, year.legs[0].route, year.legs[0].wait_days) == (Way.BASELINE, "suez", 0.0)
    assert year.baseline_legs >= 1
    assert year.first_own is not None and year.first_own >= datetime(2025, 2, 20, tzinfo=UTC)


def test_a_ship_does_not_wait_for_a_slower_way(net: SeaNetwork, gated: dict[str, Callable[[datetime], bool]]) -> None:
    """The alternative loses five days at a strait: where it opens so late that it arrives after the baseline, the ship
    takes that, though its bare miles would be sooner there."""
    slow = TWO | {"waits": [{"passage": "vilkitsky_strait", "wait_h": 120}]}
    suez, nsr = (y.legs[0].sea_days for y in served(net, slow).years)
    for late, way in ((-0.5, Way.WAITED), (0.5, Way.BASELINE), (4.5, Way.BASELINE)):
        opens = datetime(2025, 1, 3, tzinfo=UTC) + timedelta(days=suez - nsr + late)
        first = opens.replace(hour=0, minute=0, second=0, microsecond=0)
        gated["nsr"] = lambda when, first=first: when >= first  # type: ignore[misc]
        leg = served(net, slow).years[1].legs[0]
        waited = (first - datetime(2025, 1, 3, tzinfo=UTC)).days
        assert leg.way == (Way.WAITED if waited + nsr < suez else Way.BASELINE)
        assert leg.way == way or abs(waited + nsr - suez) < 1


def test_service_is_never_slower_than_by_the_baseline(
    net: SeaNetwork, gated: dict[str, Callable[[datetime], bool]]
) -> None:
    gated["nsr"] = lambda when: 7 <= when.month <= 10
    suez, nsr = served(net, TWO).years
    assert nsr.round_trips > suez.round_trips
    assert nsr.own_legs + nsr.baseline_legs == sum(leg.depart.year == 2025 for leg in nsr.legs)


def test_a_longer_season_makes_no_fewer_trips(net: SeaNetwork, gated: dict[str, Callable[[datetime], bool]]) -> None:
    trips = []
    for months in ((8, 8), (7, 9), (6, 10), (1, 12)):
        gated["nsr"] = lambda when, months=months: months[0] <= when.month <= months[1]  # type: ignore[misc]
        trips.append(served(net, TWO).years[1].round_trips)
    assert trips == sorted(trips)


def test_without_a_baseline_a_ship_waits_for_months(
    net: SeaNetwork, gated: dict[str, Callable[[datetime], bool]]
) -> None:
    gated["nsr"] = lambda when: when >= datetime(2025, 6, 17, tzinfo=UTC)
    year = served(net, {"alternatives": [{"route": "nsr"}]}).years[0]
    assert year.legs[0].depart == datetime(2025, 6, 17, tzinfo=UTC)
    assert year.wait_days == pytest.approx(165)


def test_a_ship_that_never_gets_away_is_told(net: SeaNetwork, gated: dict[str, Callable[[datetime], bool]]) -> None:
    gated["nsr"] = lambda when: False
    found = served(net, {"alternatives": [{"route": "nsr"}]})
    year = found.years[0]
    assert (year.legs, year.trips, year.round_trips, year.carried) == ((), 0, 0, 0)
    assert year.stuck is not None and year.stuck.block is not None
    assert not found.feasible
    assert "ends at Dalian on 3 Jan 2025: within a year no way to Rotterdam opens" in service_text(found)


def test_waits_are_tried_by_days_then_by_weeks() -> None:
    assert list(_days_tried(10, lambda d: False)) == list(range(1, 11))
    assert list(_days_tried(100, lambda d: d >= 50)) == [*range(1, 15), *range(50, 57)]
    assert list(_days_tried(100, lambda d: False)) == list(range(1, 15))


# -- a transshipment

HUB = ["Sabetta", "Murmansk", "Zeebrugge"]
LNG = {"vessel": {"type": "lng_yamalmax"}, "alternatives": [{"route": "usual"}], "costs": {}}


def test_two_ships_are_two_services(net: SeaNetwork) -> None:
    found = relay(scenario(**LNG), net, NOTHING, calls=HUB, at="Murmansk", vessel="lng_174k", flow=5_000_000)
    first = served(net, LNG, calls=HUB[:2], flow=5_000_000)
    onward = served(net, {**LNG, "vessel": {"type": "lng_174k"}}, calls=HUB[1:], flow=5_000_000)
    assert (found.first, found.onward) == (first, onward)
    both, a, b = found.together[0], first.years[0], onward.years[0]
    assert both.usd_per_unit == pytest.approx((a.usd_per_unit or 0) + (b.usd_per_unit or 0))
    assert both.onward_per_first == pytest.approx((a.carried or 0) / (b.carried or 1))
    assert (both.first_ships, both.onward_ships) == (a.ships, b.ships)
    assert max(map(len, relay_text(found).splitlines())) <= WIDTH
    assert set(found.to_frame()["ship"]) == {first.ship, onward.ship}


def test_neither_ship_goes_round_the_world(net: SeaNetwork) -> None:
    """Suez joins Sabetta and Murmansk, but on the way to Shanghai the first ship takes the short way to the hub."""
    calls = ["Sabetta", "Murmansk", "Shanghai"]
    by_suez = scenario(**(LNG | {"alternatives": [{"route": "suez"}]}))
    found = relay(by_suez, net, NOTHING, calls=calls, at="Murmansk", vessel="lng_174k")
    assert {leg.way for leg in found.first.years[0].legs} == {Way.USUAL}
    assert {leg.way for leg in found.onward.years[0].legs} == {Way.OWN}


@pytest.mark.parametrize(
    ("at", "vessel", "said"),
    [
        ("Rotterdam", "lng_174k", "'Rotterdam' is none of the calls between the first and the last: Murmansk"),
        ("Sabetta", "lng_174k", "'Sabetta' is none of the calls"),
        ("Murmansk", "lng_174", "lng_174k"),
        ("Murmansk", "bulk_panamax", "carries m3 and 'Bulk panamax.*' t: take ships of one unit"),
    ],
)
def test_what_no_transshipment_can_be(net: SeaNetwork, at: str, vessel: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        relay(scenario(**LNG), net, NOTHING, calls=HUB, at=at, vessel=vessel)


# -- what cannot be


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"calls": ["Dalian"]}, "1 calls, allowed are 2 to 10 ports"),
        ({"calls": ["Dalian", "Dalian"]}, "'Dalian' and the call after it are the same place"),
        ({"port_days": -1.0}, "port_days is -1, allowed is 0 to 60 days"),
        ({"port_days": float("nan")}, "port_days is nan"),
        ({"flow": 0.0}, "flow is 0, allowed is more than 0 a year"),
        ({"flow": float("inf")}, "flow is inf"),
        ({"year": 1600}, "year is 1600, allowed is 1900 to 2199, nearest 1900"),
    ],
)
def test_what_no_service_can_be(net: SeaNetwork, how: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        served(net, **how)


def test_a_flow_needs_a_ship_with_a_capacity(net: SeaNetwork) -> None:
    with pytest.raises(UsageError, match="flow needs a ship of the table"):
        served(net, {"vessel": {"speed_kn": 12.0}}, flow=1000.0)


def test_a_place_that_is_none(net: SeaNetwork) -> None:
    with pytest.raises(PlaceError, match="Rotterdm"):
        served(net, calls=["Dalian", "Rotterdm"])


def test_boxes_are_carried_in_boxes(net: SeaNetwork) -> None:
    found = served(net, {"vessel": {"type": "cont_4400"}, "alternatives": [{"route": "suez"}]}, flow=100_000)
    assert (found.cargo, found.unit) == (4380 * 0.85, "TEU")
    assert "TEU one way" in service_text(found)


# -- text, files and the command


def test_text_is_no_wider_than_a_page(plain: Service) -> None:
    assert max(map(len, service_text(plain).splitlines())) <= WIDTH


def test_results_write_themselves(plain: Service) -> None:
    told = json.loads(json.dumps(service_dict(plain), allow_nan=False))
    assert told == json.loads(json.dumps(plain.to_dict()))
    frame = plain.to_frame()
    assert list(frame.columns) == list(LEG_COLUMNS)
    assert len(frame) == sum(len(y.legs) for y in plain.years)


def call(*arguments: object) -> tuple[int, str, str]:
    app = typer.Typer()
    sim.cli.many.service.register(app)
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    if isinstance(result.exception, NorthaboutError):
        return result.exception.exit_code, result.stdout, str(result.exception)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shuttle.yaml"
    path.write_text(json.dumps({**BASE, "costs": {}}), encoding="utf-8")
    return path


def test_command(file: Path, plain: Service, tmp_path: Path) -> None:
    out = tmp_path / "legs.csv"
    code, shown, err = call(file, "--flow", 1_000_000, "--csv", out)
    assert (code, shown, err) == (0, service_text(plain) + "\n", f"wrote {out}\n")
    rows = list(csv.reader(out.read_text(encoding="utf-8").splitlines()))
    assert rows[0] == list(LEG_COLUMNS)
    assert len(rows) == 1 + sum(len(y.legs) for y in plain.years)
    assert json.loads(call(file, "--json", "--flow", 1_000_000)[1]) == json.loads(json.dumps(service_dict(plain)))


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--calls", "Dalian,,Rotterdam"), 2, "--calls is 'Dalian,,Rotterdam', wanted are ports"),
        (("--calls", "Dalian,Rotterdm"), 2, "Rotterdm"),
        (("--calls", "Dalian"), 2, "1 calls, allowed are 2 to 10"),
        (("--year", "9999"), 2, "year is 9999"),
        (("--port-days", "99"), 2, "port_days is 99"),
        (("--onward", "Murmansk"), 2, "--onward is 'Murmansk', wanted are a call and a ship"),
        (("--onward", "Murmansk=lng_174k"), 2, "--onward goes with --calls of three ports or more"),
        (("--csv", "nowhere/legs.csv"), 2, "there is no folder 'nowhere'"),
    ],
)
def test_command_refuses(file: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    got, out, err = call(file, *arguments)
    assert (got, out) == (code, "")
    assert said in err


def test_command_tells_faults_of_the_scenario(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(json.dumps({**BASE, "vessel": {"type": "bulk_panmax"}}), encoding="utf-8")
    code, _, err = call(path)
    assert code == ScenarioError.exit_code
    assert "bulk_panmax" in err


@pytest.mark.slow
def test_a_year_in_the_ice(net: SeaNetwork) -> None:
    """Yong Sheng's ship in 2013: by the NSR in summer alone, and no slower than by Suez."""
    ice = {"vessel": {"type": "mpp_19k_1a"}, "ice": {"escort": "when_needed"}, **TWO}
    suez, nsr = served(net, ice, year=2013).years
    assert nsr.round_trips > suez.round_trips
    assert nsr.first_own is not None and nsr.last_own is not None
    assert 6 <= nsr.first_own.month <= nsr.last_own.month <= 11
    assert any(leg.ice_nm > 0 for leg in nsr.legs)
