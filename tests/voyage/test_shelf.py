"""Ships keep off water that is too shallow for them, and say so."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import SeaNetwork
from sim.geo.cells import readings_of_way
from sim.geo.network.depth import place_of
from sim.geo.passages import ShipSize
from sim.geo.route import Route
from sim.result import reason_text
from sim.scenario.schema import Scenario
from sim.scenario.simulate import Sailing
from sim.ship.vessel import Ship
from sim.voyage.navigation import Bar
from sim.voyage.sail import IceSea
from sim.voyage.shelf import Shelf, usual_under_keel_m
from sim.voyage.voyage import Cause, SpeedPlan, Voyage
from tests.voyage.conftest import OPEN_WATER, Waters

AUTUMN = "2013-09-10"  # the ice of that day lies north of the New Siberian Islands


def sailing(
    waters: Waters, ship: str, ends: tuple[str, str] = ("Murmansk", "Yokohama"), via: str = "nsr", **ice: Any
) -> Sailing:
    scenario = Scenario.model_validate(
        {
            "format": 1, "name": "shelf", "description": "shelf",
            "voyage": {"from": ends[0], "to": ends[1], "depart": AUTUMN}, "vessel": {"type": ship},
            "alternatives": [{"route": via}], "ice": {"escort": "when_needed", **ice},
        }
    )  # fmt: skip
    return Sailing(scenario, waters.net, Path(), waters.router)


def sailed(waters: Waters, ship: str, **ice: Any) -> tuple[Route, Voyage]:
    made = sailing(waters, ship, **ice)
    route, voyage = made.sailed(made.scenario.alternatives[0])
    assert voyage is not None
    return route, voyage


def least_m(waters: Waters, route: Route) -> float:
    """The least depth of the open cells on a way."""
    grid = waters.router.lattice.grid
    cell = readings_of_way(grid, route.lonlat).cell
    return float(waters.router.depths.open_m[place_of(grid.lonlat[cell[cell >= 0]])].min(initial=np.inf))


def shortest(
    waters: Waters, ends: tuple[str, str], draft_m: float, under_keel_m: float | None = None, via: str = "any"
) -> Voyage:
    """The way of fewest miles in open water for a draft."""
    net, (a, b) = waters.net, ends
    start, goal = net.place(a), net.place(b)
    ship = Ship.generic(13.0, draft_m=draft_m)
    under = usual_under_keel_m(draft_m) if under_keel_m is None else under_keel_m
    shelf = Shelf.between((start, goal), waters.router.depths, draft_m, under)
    sea = waters.sea(ship, OPEN_WATER)
    sea = IceSea(sea.grid, sea.field, sea.navigator, shelf)
    demand = net.demand(via, (), ShipSize(), (), (), True)
    route = net.route(start, goal, via=via)
    depart = datetime(2025, 9, 1, tzinfo=UTC)
    return waters.router.voyage(start, goal, demand, route, SpeedPlan(13.0, {}, {}), sea, depart, "distance")[1]


def miles(voyage: Voyage) -> float:
    return np.inf if voyage.blocked else sum(leg.distance_nm for leg in voyage.legs)


def test_a_tanker_of_16_m_keeps_off_the_shoals_north_of_the_new_siberian_islands(waters: Waters) -> None:
    before, _ = sailed(waters, "tank_suezmax_1a", depth="none")
    route, voyage = sailed(waters, "tank_suezmax_1a")
    assert least_m(waters, before) <= 10, "the case is worth a test only while the ice leads ships over shoals"
    assert least_m(waters, route) >= 1.15 * 16.28
    assert "new_siberian_north" in route.passages
    assert voyage.blocked is None


def test_the_scenario_says_what_stays_under_the_keel(waters: Waters) -> None:
    assert sailing(waters, "tank_suezmax_1a").under_keel_m == pytest.approx(0.15 * 16.28)
    assert sailing(waters, "gc_5000").under_keel_m == 1.5
    assert sailing(waters, "gc_5000", under_keel_m=4.0).under_keel_m == 4.0
    assert sailing(waters, "gc_5000", depth="none").under_keel_m is None
    under = sailing(waters, "gc_5000", under_keel_m=0.0)
    shelf = under.ice_sea(under.scenario.alternatives[0], datetime(2013, 9, 10, tzinfo=UTC)).shelf
    assert shelf is not None
    assert shelf.needed_m == 6.0


def test_a_deeper_ship_has_no_shorter_way(waters: Waters) -> None:
    for ends in [("Cape Zhelaniya", "Cape Dezhnev"), ("Sabetta", "Murmansk"), ("Tiksi", "Pevek")]:
        found = [miles(shortest(waters, ends, draft)) for draft in (4.0, 9.0, 12.0, 15.0, 18.0, 22.0)]
        assert np.isfinite(found[0]), ends
        for less, more in pairwise(found):
            assert more >= less - 1.5, (ends, found)  # straightening differs by a mile


def test_more_under_the_keel_has_no_shorter_way(waters: Waters) -> None:
    ends = "Murmansk", "Yokohama"
    found = [miles(shortest(waters, ends, 16.0, under, "nsr")) for under in (0.0, 3.0, 7.0)]
    assert found == sorted(found)
    assert found[-1] > found[0]


def test_ships_of_the_northern_sea_route_still_come_through_its_straits(waters: Waters) -> None:
    route, voyage = sailed(waters, "mpp_19k_1a", depth="shelf")
    assert voyage.blocked is None
    assert "vilkitsky_strait" in route.passages
    for ends in [("Sabetta", "Murmansk"), ("Dudinka", "Murmansk"), ("Tiksi", "Murmansk"), ("Pevek", "Murmansk")]:
        assert np.isfinite(miles(shortest(waters, ends, 9.0))), ends


def test_a_way_round_a_shoal_names_it(waters: Waters) -> None:
    voyage = shortest(waters, ("Sabetta", "Murmansk"), 10.0)
    assert voyage.kept_off is not None
    assert voyage.kept_off.sea == "kara_sea"
    assert voyage.kept_off.depth_m < 11.5
    assert (voyage.kept_off.draft_m, voyage.kept_off.under_keel_m) == (10.0, 1.5)
    assert shortest(waters, ("Sabetta", "Murmansk"), 3.0).kept_off is None


def test_where_no_deep_water_leads_the_reason_names_the_depth(waters: Waters) -> None:
    voyage = shortest(waters, ("Tiksi", "Murmansk"), 18.0)
    assert voyage.blocked is not None
    assert voyage.blocked.cause == Cause.TOO_SHALLOW
    assert voyage.blocked.status == "closed"
    shoal = voyage.blocked.shoal
    assert shoal is not None
    assert shoal.depth_m < 20.7
    said = reason_text(voyage.blocked)
    assert said == voyage.blocked.reason
    assert "Laptev Sea" in said
    assert f"{shoal.depth_m:.0f} m of water" in said
    assert "draft of 18 m and 2.7 m under the keel" in said


def test_no_draft_no_bar(net: SeaNetwork, waters: Waters) -> None:
    sea = waters.sea(Ship.generic(13.0), OPEN_WATER)
    assert sea.shelf is None
    assert not (sea.navigator.going(sea.cells, 0.0).bar == Bar.SHALLOW).any()


def test_shallow_cells_are_barred_whatever_the_ice(waters: Waters) -> None:
    ends = waters.net.place("Murmansk"), waters.net.place("Yokohama")
    shelf = Shelf.between(ends, waters.router.depths, 12.0, 1.8)
    sea = waters.sea(Ship.generic(13.0, draft_m=12.0), OPEN_WATER)
    sea = IceSea(sea.grid, sea.field, sea.navigator, shelf)
    going = sea.navigator.going(sea.cells, 0.0)
    shallow = waters.router.depths.open_m[place_of(sea.grid.lonlat)] < 13.8
    assert shallow.sum() > 500
    assert (going.bar[shallow] == Bar.SHALLOW).mean() > 0.98  # all but those at both ends
    assert (going.speed_kn[going.bar == Bar.SHALLOW] == 0).all()
    assert (going.bar[~shallow] == Bar.OPEN).all()


def test_water_near_either_end_bars_no_ship(waters: Waters) -> None:
    place = waters.net.place("Varandey")
    shelf = Shelf.between((place, place), waters.router.depths, 30.0, 0.0)
    away = Shelf(waters.router.depths, 30.0, 0.0)
    assert not shelf.too_shallow(place.way).any()
    assert away.too_shallow(np.array([[57.9, 69.2]])).any()
    lifted = away.barred & ~shelf.barred
    assert 0 < lifted.sum() <= 20
