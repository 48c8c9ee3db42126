"""The quick search: the answers of the one over the whole lattice, and bounds that hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import SeaNetwork
from sim.geo.network.lattice import MAX_OUTLOOKS, Lattice
from sim.geo.network.search.corridor import LADDER_NM, Outlook
from sim.geo.network.search.leg_cells import LegCells
from sim.geo.passages import ShipSize
from sim.ice.climate import ClimateField
from sim.scenario.convert import as_studied, plan_of
from sim.scenario.schema import Scenario
from sim.scenario.simulate import Sailing
from sim.ship.vessel import VesselTable
from sim.voyage.ice_route import IceRouter
from sim.voyage.navigation import SAILED_MORE, Bar, Navigator
from sim.voyage.policy import IcePolicy
from sim.voyage.sail import IceSea
from sim.voyage.search.rounds import Search
from sim.voyage.voyage import Voyage
from tests.voyage.whole_search import WholeRouter, random_scenarios

DAYS = 0.01
PLAIN = ("nsr", 1.0)
ARC4: dict[str, Any] = {
    "format": 1, "name": "arc4", "description": "Dalian to Rotterdam by the Northern Sea Route",
    "voyage": {"from": "Dalian", "to": "Rotterdam", "depart": "2030-08-10"}, "vessel": {"type": "mpp_19k_1a"},
    "alternatives": [{"route": "nsr"}], "baseline": "nsr", "ice": {"escort": "none"},
}  # fmt: skip


@pytest.fixture(scope="module")
def quick(net: SeaNetwork) -> IceRouter:
    return IceRouter(net)


@pytest.fixture(scope="module")
def whole(net: SeaNetwork) -> WholeRouter:
    return WholeRouter(net)


@pytest.fixture(scope="module")
def lattice(quick: IceRouter) -> Lattice:
    return quick.lattice


def outlook(
    net: SeaNetwork, lattice: Lattice, via: str = "nsr", ends: tuple[str, str] = ("Dalian", "Rotterdam")
) -> Outlook:
    demand = net.demand(via, (), ShipSize(), (), (), in_arctic=False)
    return lattice.outlook(demand, (net.place(ends[0]), net.place(ends[1])), PLAIN)


# -- the same answers


def same(net: SeaNetwork, quick: IceRouter, whole: IceRouter, scenario: Scenario) -> None:
    found: list[Voyage | None] = []
    for router in (quick, whole):
        found.append(Sailing(scenario, net, Path(), router).sailed(scenario.alternatives[0])[1])
    mine, theirs = found
    assert mine is not None and theirs is not None
    assert (mine.blocked is None) == (theirs.blocked is None)
    if mine.blocked is not None and theirs.blocked is not None:
        assert (mine.blocked.cause, mine.blocked.closed_by) == (theirs.blocked.cause, theirs.blocked.closed_by)
        assert (mine.blocked.sea, mine.blocked.moment) == (theirs.blocked.sea, theirs.blocked.moment)
    else:
        assert mine.days == pytest.approx(theirs.days, abs=DAYS)
        assert mine.fuel_t == pytest.approx(theirs.fuel_t, rel=2e-3)


@pytest.mark.parametrize("number", range(25))
def test_a_voyage_at_random_is_that_of_the_whole_lattice(
    net: SeaNetwork, quick: IceRouter, whole: WholeRouter, number: int
) -> None:
    same(net, quick, whole, as_studied(random_scenarios(25, seed=11, few=True)[number]))


@pytest.mark.slow
def test_two_hundred_voyages_at_random_are_those_of_the_whole_lattice(
    net: SeaNetwork, quick: IceRouter, whole: WholeRouter
) -> None:
    for scenario in random_scenarios(200):
        same(net, quick, whole, as_studied(scenario))


def season(month: int, escort: str = "when_needed") -> Scenario:
    return Scenario.model_validate(
        {
            "format": 1, "name": "season", "description": "a ship in each month",
            "voyage": {"from": "Yokohama", "to": "Rotterdam", "depart": f"2030-{month:02d}-10"},
            "vessel": {"type": "mpp_19k_1a", "ice_class": "Arc7"},
            "alternatives": [{"route": "nsr"}], "baseline": "nsr", "ice": {"escort": escort},
        }
    )  # fmt: skip


@pytest.mark.parametrize("month", [3, 7, 10])
def test_in_every_season(net: SeaNetwork, quick: IceRouter, whole: WholeRouter, month: int) -> None:
    same(net, quick, whole, as_studied(season(month)))


def test_what_was_searched_before_changes_nothing(net: SeaNetwork, quick: IceRouter) -> None:
    scenario = as_studied(season(8))
    fresh = Sailing(scenario, net, Path(), IceRouter(net)).sailed(scenario.alternatives[0])[1]
    used = Sailing(scenario, net, Path(), quick).sailed(scenario.alternatives[0])[1]
    again = Sailing(scenario, net, Path(), quick).sailed(scenario.alternatives[0])[1]
    assert fresh is not None and used is not None and again is not None
    assert fresh.days == used.days == again.days
    assert [leg.lonlat.tolist() for leg in fresh.legs] == [leg.lonlat.tolist() for leg in again.legs]


# -- corridors


def test_corridors_grow_with_their_step_and_lie_in_each_other(net: SeaNetwork, lattice: Lattice) -> None:
    found = outlook(net, lattice)
    corridors = [found.corridor(nm) for nm in LADDER_NM]
    sizes = [c.size for c in corridors]
    assert sizes == sorted(sizes) and sizes[0] < sizes[-1] / 5
    for narrow, wide in pairwise(corridors):
        assert np.isin(narrow.cells, wide.cells).all()


def test_in_open_water_every_corridor_has_the_shortest_way(net: SeaNetwork, lattice: Lattice) -> None:
    found = outlook(net, lattice)
    for nm in LADDER_NM:
        corridor = found.corridor(nm)
        path = corridor.search(np.ones(len(corridor.cells)), 1.0).path
        assert path is not None
        assert path.length_nm == pytest.approx(found.least_nm, abs=1e-3)


@pytest.mark.parametrize("seed", range(4))
def test_a_way_within_the_limit_is_that_of_all_states(net: SeaNetwork, lattice: Lattice, seed: int) -> None:
    found, rng = outlook(net, lattice), np.random.default_rng(seed)
    price = 1 + np.where(rng.random(lattice.grid.size) < 0.2, rng.exponential(0.3, lattice.grid.size), 0.0)
    every = found.corridor(float("inf"))
    best = every.search(price[every.cells], 1.0).path
    assert best is not None
    narrow = found.corridor(found.step(best.length_nm - found.least_nm))
    path = narrow.search(price[narrow.cells], 1.0).path
    assert path is not None
    assert path.length_nm == pytest.approx(best.length_nm, abs=1e-6)
    assert path.nodes == best.nodes


def test_a_shut_passage_leaves_no_way(net: SeaNetwork, lattice: Lattice) -> None:
    found = outlook(net, lattice)
    gates, free = found.gates, np.ones(len(found.gates.cells))
    assert not gates.shut(free, 1.0)
    assert gates.shut(np.full(len(gates.cells), np.inf), 1.0)
    per_nm = np.ones(lattice.grid.size)
    per_nm[gates.cells] = np.inf
    every = found.corridor(float("inf"))
    shut = every.search(per_nm[every.cells], 1.0)
    assert shut.path is None
    # what lies behind is not dated by a shorter way there over which the voyage could not go on
    near = np.argmin(np.linalg.norm(lattice.lonlat - (4.0, 70.0), axis=1))
    assert found.from_start_by_state[:, near].min() < found.from_start[near] - 100
    assert np.isinf(shut.arrival[near])
    free = every.search(np.ones(len(every.cells)), 1.0).arrival[near]
    assert free == pytest.approx(found.from_start[near], abs=1e-3)


def test_what_is_shut_for_long_is_not_searched(net: SeaNetwork, quick: IceRouter) -> None:
    """In winter, when a strait that must be crossed is shut on all later dates too, no path is looked for; nor is it in
    a summer in which the strait is shut for good, while the same summer with the strait open has one."""
    scenario = as_studied(Scenario.model_validate(ARC4))
    sailing, way = Sailing(scenario, net, Path(), quick), scenario.alternatives[0]
    ice, never = sailing.ice_sea(way, scenario.voyage.depart), np.zeros(quick.lattice.grid.size, dtype=bool)

    def search(depart: datetime) -> Search:
        ends, demand = (sailing.origin, sailing.destination), sailing.demand(way)
        return Search(net, quick.lattice, ends, demand, ice, depart, "time", 0.0)

    winter, summer = search(datetime(2030, 1, 20, tzinfo=UTC)), search(datetime(2030, 8, 20, tzinfo=UTC))
    gates, straits = summer.outlook.gates, never.copy()
    straits[gates.cells] = True
    assert gates.times(3).cells.tolist() == gates.cells.tolist() * 3
    assert summer.line(never) is not None
    made = len(summer.outlook._corridors)
    summer.outlook._corridors.clear()
    assert made and winter.line(never) is None and summer.line(straits) is None
    assert not summer.outlook._corridors


def test_the_kept_outlooks_are_few(net: SeaNetwork) -> None:
    lattice = Lattice.load(net)
    for port in (
        "Rotterdam",
        "Hamburg",
        "Murmansk",
        "Kirkenes",
        "Gdansk",
        "Reykjavik",
        "Sabetta",
        "New York",
        "Bergen",
    ):
        outlook(net, lattice, "any", ("Yokohama", port))
    assert len(lattice.outlooks) == MAX_OUTLOOKS


# -- no mile is cheaper than the bounds have it


@pytest.mark.parametrize("escort", ["none", "when_needed", "always"])
@pytest.mark.parametrize("month", range(12))
def test_no_mile_is_quicker_than_in_open_water(lattice: Lattice, month: int, escort: str) -> None:
    ship = next(s for s in VesselTable.load().all if s.id == "mpp_19k_1a")
    policy = IcePolicy(escort=escort, besetting="expected", max_risk="special")
    navigator = Navigator(ship, ship.ice_class, policy, 14.0)
    sea = IceSea(lattice.grid, ClimateField(1.6), navigator)
    places = sea.cells_at(np.arange(0, lattice.grid.size, 7))
    going = navigator.going(places, 20_000.0 + 30.4 * month)
    is_open = going.bar == Bar.OPEN
    assert is_open.any()
    assert (going.speed_kn[is_open] <= 14.0 + 1e-9).all()
    ratio = navigator.sailed_ratio(going)
    assert (ratio >= navigator.open_ratio(places) - 1e-12).all()
    assert (navigator.open_ratio(places)[places.area >= 0] == 1 + SAILED_MORE).all()


# -- where legs lie


def test_the_shipped_stretches_are_those_measured(lattice: Lattice) -> None:
    measured, shipped = lattice.measured(), lattice.leg_cells
    again = LegCells(lattice.grid, lattice.length_nm, shipped.icy, measured, lattice.network_size)
    assert (again.near == shipped.near).all()
    price = np.random.default_rng(3).uniform(1, 3, lattice.grid.size)
    assert (again.leg_prices(price, 1.0) == shipped.leg_prices(price, 1.0)).all()


def test_miles_in_cells_are_the_length_of_the_leg(lattice: Lattice) -> None:
    legs = np.random.default_rng(2).choice(len(lattice.first), 3000, replace=False)
    cells, column, miles = lattice.leg_cells.miles(legs)
    assert np.asarray(miles.sum(axis=1)).ravel() == pytest.approx(lattice.length_nm[legs], abs=1e-5)
    assert (column[cells] == np.arange(len(cells))).all()
    price = np.random.default_rng(3).uniform(1, 3, lattice.grid.size)
    assert miles @ np.append(price[cells], 2.0) == pytest.approx(
        lattice.leg_cells.leg_prices(price, 2.0)[legs], abs=1e-6
    )


# -- lines of sight


def test_kept_lines_of_sight_are_those_of_the_network(net: SeaNetwork, lattice: Lattice) -> None:
    rng = np.random.default_rng(4)
    own = np.arange(lattice.network_size, len(lattice.lonlat))
    north = np.flatnonzero(lattice.lonlat[: lattice.network_size, 1] > 66)
    hidden = 0
    for node in [*rng.choice(own, 40), *rng.choice(north, 20)]:
        near = np.flatnonzero(lattice.xyz @ lattice.xyz[node] > np.cos(np.deg2rad(4)))
        others = lattice.lonlat[rng.choice(near[near != node], 9)]
        seen = net.seen_from(lattice.lonlat[node], others)
        for _ in range(2):
            assert [lattice.sight.sees(lattice.lonlat[node], others, k) for k in range(9)] == seen.tolist()
        hidden += int((~seen).sum())
    assert hidden > 50


# -- no more than is asked for


@pytest.mark.parametrize("depart", ["2030-08-20", "2030-07-15", "2030-11-10"])
def test_a_voyage_that_is_quicker_than_asked_is_found_and_another_is_not(
    net: SeaNetwork, quick: IceRouter, depart: str
) -> None:
    scenario = as_studied(Scenario.model_validate(ARC4 | {"voyage": ARC4["voyage"] | {"depart": depart}}))
    sailing, way = Sailing(scenario, net, Path(), quick), scenario.alternatives[0]
    shortest, plan = sailing.shortest_once(way), plan_of(scenario, way, sailing.ship, net.passages)
    start = scenario.voyage.depart

    def found(within_days: float) -> Voyage:
        ends, demand, ice = (sailing.origin, sailing.destination), sailing.demand(way), sailing.ice_sea(way, start)
        return quick.voyage(*ends, demand, shortest, plan, ice, start, within_days=within_days)[1]

    best = found(float("inf"))
    if best.blocked is not None:
        assert found(40.0).blocked is not None
        return
    assert found(best.days + 0.25).days == best.days
    late = found(best.days - 0.25)
    assert late.blocked is not None or late.days >= best.days


def test_an_icebreaker_that_is_not_needed_is_not_waited_for(net: SeaNetwork, quick: IceRouter) -> None:
    """With an escort when needed no voyage takes more days than without one, though those of the latter are sought
    only where they may be fewer."""
    for week in range(0, 16, 3):
        depart = (date(2030, 7, 20) + timedelta(days=7 * week)).isoformat()
        days = []
        for escort in ("when_needed", "none"):
            data = ARC4 | {"voyage": ARC4["voyage"] | {"depart": depart}, "ice": {"escort": escort}}
            scenario = as_studied(Scenario.model_validate(data))
            voyage = Sailing(scenario, net, Path(), quick).sailed(scenario.alternatives[0])[1]
            assert voyage is not None
            days.append(np.inf if voyage.blocked is not None else voyage.days)
        assert days[0] <= days[1]
