"""The reduced graph on a map of four nodes: it holds what named routes need, and knows for which it was made."""

from __future__ import annotations

import numpy as np

from geodata.build.highway import fast_lane
from sim import SeaNetwork
from sim.geo.graph import Graph
from sim.geo.network.given import route_key
from sim.geo.passages import NamedRoute, PassageTable, ShipSize

TABLE = PassageTable.load()


def test_the_ways_of_a_named_route_are_kept_under_its_key() -> None:
    """The short way from 0 to 3 is over node 1; the named route has to go over node 2, by the Shokalsky Strait."""
    bits = [TABLE.bits(p) for p in (["bering_strait"], [], ["bering_strait"], ["shokalsky_strait"])]
    graph = Graph(4, np.array([0, 1, 0, 2]), np.array([1, 3, 2, 3]), np.array([1.0, 1, 3, 3]), np.array(bits))
    use = (frozenset({"bering_strait"}), frozenset({"vilkitsky_strait", "shokalsky_strait"}))
    table = PassageTable(TABLE.all, {"north": NamedRoute("north", "", use, frozenset({"suez_canal"}))})
    lane = fast_lane(graph, np.array([0, 3]), table, workers=1)
    assert {tuple(pair) for pair in lane.pairs.tolist()} == {(0, 1), (1, 3), (0, 2), (2, 3)}
    assert lane.exact_routes == {route_key(TABLE.bits(["suez_canal"]), [TABLE.bits(g) for g in use])}


def test_a_key_tells_routes_apart_by_what_they_ask_for() -> None:
    net = SeaNetwork.load()
    plain = net.demand("nsr", (), ShipSize(), (), (), False)
    assert plain.key == net.demand(" NSR ", ["suez"], ShipSize(20.0), (), (), False).key  # closures are no part of it
    others = [
        net.demand("nsr", (), ShipSize(), ["kara_gate"], (), False),
        net.demand("nwp", (), ShipSize(), (), (), False),
        net.demand("suez", (), ShipSize(), (), (), False),
        net.demand("suez", (), ShipSize(), (), (), True),  # an end in the Arctic lifts the ban on it
    ]
    assert len({plain.key, *(d.key for d in others)}) == 5
    assert route_key(np.uint64(1), [np.uint64(2), np.uint64(4)]) == route_key(
        np.uint64(1), [np.uint64(4), np.uint64(2)]
    )
