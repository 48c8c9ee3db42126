"""Routes that keep off a named water: the transpolar route and the Northern Sea Route."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.geo.cells import readings_of_way
from sim.geo.geodesy import lonlat, vectors, way_nm
from sim.geo.network import SeaNetwork
from sim.geo.network.off.water import corners_round, legs_over
from sim.geo.passages import ShipSize
from sim.geo.route import Route
from sim.geo.waters import inside_water

NO_SIZE = ShipSize()
PAIRS = [("Rotterdam", "Shanghai"), ("Murmansk", "Busan"), ("Hammerfest", "Yokohama"), ("Reykjavik", "Vancouver")]


def nm_on_nsr(route: Route) -> float:
    """Miles of a route on the water of the Northern Sea Route."""
    read = readings_of_way(None, route.lonlat, 2.0)
    inside = inside_water("nsr", lonlat(read.middle))
    return float((route.leg_nm[read.leg] * read.share)[inside].sum())


@pytest.mark.parametrize(("origin", "destination"), PAIRS)
def test_the_transpolar_route_keeps_off_the_northern_sea_route(net: SeaNetwork, origin: str, destination: str) -> None:
    found = net.route(origin, destination, via="transpolar")
    assert found.status == "ok" and {"central_arctic", "bering_strait"} <= set(found.passages)
    assert nm_on_nsr(found) == 0.0
    assert found.distance_nm == pytest.approx(found.leg_nm.sum())
    length = sum(way_nm(found.lonlat[k : k + 2]) for k in range(len(found.lonlat) - 1))
    assert length == pytest.approx(found.distance_nm, rel=0.01)


@pytest.mark.parametrize(("origin", "destination"), PAIRS[:3])
def test_keeping_off_costs_less_than_half_a_percent(net: SeaNetwork, origin: str, destination: str) -> None:
    """Free of the ban the route has the same passages and is shorter, by what the American side of the strait costs."""
    banned = net.route(origin, destination, via="transpolar")
    start, goal = net.place(origin), net.place(destination)
    demand = net.demand("transpolar", (), NO_SIZE, (), (), start.arctic or goal.arctic)
    free = net.path(start, goal, replace(demand, off=""))
    assert free is not None
    shortest = free.length_nm + start.approach_nm + goal.approach_nm
    assert shortest <= banned.distance_nm < 1.005 * shortest
    assert nm_on_nsr(net.described(start, goal, free)) > 100


def test_an_end_on_the_water_lifts_the_ban(net: SeaNetwork) -> None:
    found = net.route("Sabetta", "Busan", via="transpolar")
    assert found.status == "ok" and nm_on_nsr(found) > 100


def test_a_matrix_has_the_lengths_of_the_routes(net: SeaNetwork) -> None:
    origins, goals = ["Rotterdam", "Sabetta", (5.0, 72.0)], ["Busan", "Yokohama", (-172.0, 62.0)]
    table = net.distances(origins, goals, via="transpolar")
    for i, a in enumerate(origins):
        for k, b in enumerate(goals):
            assert table[i, k] == pytest.approx(net.route(a, b, via="transpolar").distance_nm, abs=0.01), (a, b)


def test_other_routes_are_not_touched(net: SeaNetwork) -> None:
    assert [r.name for r in net.passages.routes.values() if r.keeps_off] == ["transpolar"]
    assert nm_on_nsr(net.route("Murmansk", "Busan", via="nsr")) > 1500


def test_legs_over_the_water_are_found_wherever_they_begin() -> None:
    """Against points ten times as dense; legs that only graze a corner by a mile may pass."""
    rng = np.random.default_rng(3)
    start, stop = (np.column_stack([rng.uniform(-180, 180, 400), rng.uniform(40, 90, 400)]) for _ in range(2))
    found = legs_over("nsr", start, stop)
    assert 50 < found.sum() < 350
    share = np.linspace(0, 1, 4000)[:, None]
    for k in range(len(start)):
        a, b = vectors(start[k]), vectors(stop[k])
        angle = np.arccos(a @ b)
        inside = inside_water("nsr", lonlat(np.sin((1 - share) * angle) * a + np.sin(share * angle) * b))
        assert found[k] == (inside.sum() > 3) or inside.mean() * angle * 3440 < 10


def test_the_corners_lie_just_outside() -> None:
    corners = corners_round("nsr")
    assert len(corners) >= 2 and not inside_water("nsr", corners).any()
    assert np.min(np.hypot(corners[:, 0] + 168.7, corners[:, 1] - 74.0)) < 0.2  # where the limit meets the American one
