"""Shortest ways on small graphs against a search in plain Python, and the reduced graph against the whole network."""

from __future__ import annotations

import heapq
from collections.abc import Callable

import numpy as np
import pytest

from sim import SeaNetwork
from sim.geo.graph import INF, Ends, Graph, Product
from sim.geo.passages import ShipSize
from sim.geo.route import Route

Pairs = Callable[[int, int], list[tuple[str, str]]]
Edges = list[tuple[int, int, float, int]]
NEARLY = 0.01  # nm: lengths are stored to seven digits, so that equally long ways may change places

BUSY = [
    "suez_canal",
    "panama_canal",
    "panama_canal_panamax",
    "malacca_strait",
    "singapore_strait",
    "sunda_strait",
    "lombok_strait",
    "bab_el_mandeb",
    "cape_of_good_hope",
    "gibraltar",
    "taiwan_strait",
    "dover_strait",
    "bering_strait",
    "central_arctic",
    "vilkitsky_strait",
    "magellan_strait",
    "drake_passage",
]


def random_graph(rng: np.random.Generator, size: int = 14, count: int = 34) -> tuple[Graph, Edges]:
    """Random lengths; about half of the edges cross one or two of five passages."""
    pairs = sorted({(int(min(p)), int(max(p))) for p in rng.integers(0, size, (count, 2)) if p[0] != p[1]})
    bits = [int(rng.choice([0, 0, 0, 1, 2, 4, 8, 16, 3, 20])) for _ in pairs]
    edges = [(a, b, float(rng.uniform(1, 10)), k) for (a, b), k in zip(pairs, bits, strict=True)]
    first, second, length, mask = (np.array(c) for c in zip(*edges, strict=True))
    return Graph(size, first, second, length, mask.astype(np.uint64)), edges


def plain_search(edges: Edges, start: int, goal: int, closed: int, groups: tuple[int, ...] = ()) -> float:
    """Dijkstra over (node, groups crossed), where each group must be crossed once: written to be read."""
    best = {(start, 0): 0.0}
    queue = [(0.0, start, 0)]
    every = (1 << len(groups)) - 1
    while queue:
        far, at, done = heapq.heappop(queue)
        if (at, done) == (goal, every):
            return far
        for a, b, length, bits in edges:
            if at not in (a, b) or bits & closed:
                continue
            now = sum(1 << k for k, g in enumerate(groups) if bits & g)
            if now & done:
                continue  # a second time
            state = (b if at == a else a, done | now)
            if far + length < best.get(state, INF):
                best[state] = far + length
                heapq.heappush(queue, (far + length, *state))
    return INF


@pytest.mark.parametrize("seed", range(12))
def test_shortest_ways_of_small_graphs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    graph, edges = random_graph(rng)
    for _ in range(12):
        start, goal = (int(v) for v in rng.choice(graph.size, 2, replace=False))
        closed = int(rng.integers(0, 32)) if rng.random() < 0.7 else 0
        path = graph.shortest(Ends.at(start), Ends.at(goal), np.uint64(closed))
        wanted = plain_search(edges, start, goal, closed)
        assert (path.length_nm if path else INF) == pytest.approx(wanted)
        assert graph.distances_from([start], np.uint64(closed))[0, goal] == pytest.approx(wanted)
        if path:
            lengths, crossed = graph.edges(path.nodes)
            assert (path.nodes[0], path.nodes[-1]) == (start, goal)
            assert lengths.sum() == pytest.approx(wanted)
            assert not (crossed & np.uint64(closed)).any()


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("groups", [(1,), (2, 8), (1 | 4, 16), (1, 2, 4)])
def test_ways_over_one_passage_of_each_group(seed: int, groups: tuple[int, ...]) -> None:
    rng = np.random.default_rng(seed)
    graph, edges = random_graph(rng)
    bits = [np.uint64(g) for g in groups]
    for _ in range(6):
        start, goal = (int(v) for v in rng.choice(graph.size, 2, replace=False))
        closed = int(rng.choice([0, 0, 8, 20]))
        path = graph.shortest_using(Ends.at(start), Ends.at(goal), np.uint64(closed), bits)
        wanted = plain_search(edges, start, goal, closed, groups)
        assert (path.length_nm if path else INF) == pytest.approx(wanted)
        matrix = graph.distances_using([start], [goal], np.uint64(closed), bits)
        assert matrix[0, 0] == pytest.approx(wanted)


def test_a_place_that_hangs_on_the_graph_counts_its_legs_and_their_passages() -> None:
    graph = Graph(3, np.array([0, 1]), np.array([1, 2]), np.array([5.0, 7.0]), np.array([0, 2], dtype=np.uint64))
    ends = Ends(np.array([0, 1]), np.array([1.0, 8.0]), np.array([4, 0], dtype=np.uint64))
    for start, goal in ((ends, Ends.at(2)), (Ends.at(2), ends)):
        found = [graph.shortest(start, goal, np.uint64(closed)) for closed in (0, 4, 2)]
        assert [p.length_nm if p else INF for p in found] == [13.0, 15.0, INF]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("groups", [(), (1,), (2, 8)])
def test_the_product_graph_finds_what_a_plain_search_finds(seed: int, groups: tuple[int, ...]) -> None:
    rng = np.random.default_rng(seed)
    graph, edges = random_graph(rng)
    for closed in (0, 8, 20):
        product = Product(graph, np.uint64(closed), [np.uint64(g) for g in groups])
        start, goal = (int(v) for v in rng.choice(graph.size, 2, replace=False))
        path, prices = product.search(np.array([e[2] for e in edges]), Ends.at(start), Ends.at(goal))
        price = prices.min(axis=0)
        assert (path.length_nm if path else INF) == pytest.approx(plain_search(edges, start, goal, closed, groups))
        assert price.shape == (graph.size,) and price[start] == pytest.approx(0, abs=1e-6)


def test_the_product_graph_keeps_to_the_open_legs_of_a_place() -> None:
    graph = Graph(3, np.array([0, 1]), np.array([1, 2]), np.array([5.0, 7.0]), np.array([0, 2], dtype=np.uint64))
    ends = Ends(np.array([0, 1]), np.array([1.0, 8.0]), np.array([4, 0], dtype=np.uint64))
    for start, goal in ((ends, Ends.at(2)), (Ends.at(2), ends)):
        found = [Product(graph, np.uint64(c), ()).search(np.array([5.0, 7.0]), start, goal)[0] for c in (0, 4, 2)]
        assert [p.length_nm if p else INF for p in found] == pytest.approx([13.0, 15.0, INF])


def test_closing_leaves_the_graph_as_it_was() -> None:
    graph, _ = random_graph(np.random.default_rng(5))
    before = graph.weights.copy()
    graph.shortest(Ends.at(0), Ends.at(5), np.uint64(31))
    assert np.isinf(graph.open_weights(np.uint64(31))).any()
    assert (graph.weights == before).all()


# ---- the reduced graph -----------------------------------------------------------------------------------------------


def random_closure(net: SeaNetwork, rng: np.random.Generator) -> tuple[str, ...]:
    """None to five passages, the busy ones more often."""
    names = BUSY if rng.random() < 0.6 else list(net.passages.ids)
    return tuple(rng.choice(names, int(rng.integers(0, 6)), replace=False))


def check(net: SeaNetwork, a: str, b: str, via: str, closed: tuple[str, ...]) -> Route:
    """A route is as long as a search of the whole network says."""
    start, goal = net.place(a), net.place(b)
    demand = net.demand(via, closed, ShipSize(), (), (), start.arctic or goal.arctic)
    whole = net.graph.shortest(start.ends, goal.ends, demand.closed)
    wanted = whole.length_nm + start.approach_nm + goal.approach_nm if whole else INF
    found = net.route(a, b, via=via, closed=closed)
    assert found.distance_nm == pytest.approx(wanted, abs=NEARLY), (a, b, via, closed)
    assert (found.status == "ok") == (whole is not None)
    return found


def check_random_closures(net: SeaNetwork, pairs: list[tuple[str, str]], seed: int) -> int:
    """Returns how many cases had a route."""
    rng = np.random.default_rng(seed)
    routes = [check(net, a, b, str(rng.choice(["usual", "any"])), random_closure(net, rng)) for a, b in pairs]
    return sum(r.status == "ok" for r in routes)


def check_closing_in(net: SeaNetwork, pairs: list[tuple[str, str]], seed: int) -> int:
    """Close one passage after another that the route crosses, up to six; returns how many cases had a route."""
    rng = np.random.default_rng(seed)
    cases = 0
    for a, b in pairs:
        via, closed = str(rng.choice(["usual", "any"])), tuple[str, ...]()
        for _ in range(7):
            route = check(net, a, b, via, closed)
            cases += route.status == "ok"
            if not route.passages:
                break
            closed = (*closed, str(rng.choice(route.passages)))
    return cases


def test_the_fast_lane_gives_the_answers_of_the_whole_network(net: SeaNetwork, port_pairs: Pairs) -> None:
    assert check_random_closures(net, port_pairs(50, 20), 21) > 30


def test_the_fast_lane_when_more_and_more_is_closed(net: SeaNetwork, port_pairs: Pairs) -> None:
    """Sets of closures that the lane was not made for: the whole network has to be asked."""
    assert check_closing_in(net, port_pairs(14, 24), 25) > 38


@pytest.mark.slow
def test_the_fast_lane_gives_the_answers_of_the_whole_network_many_times(net: SeaNetwork, port_pairs: Pairs) -> None:
    check_random_closures(net, port_pairs(8000, 22), 23)
    check_closing_in(net, port_pairs(2500, 26), 27)


@pytest.mark.parametrize("count", [2, pytest.param(12, marks=pytest.mark.slow)])
@pytest.mark.parametrize("via", ["suez", "cape", "panama", "nsr", "nwp", "transpolar"])
def test_named_routes_on_the_fast_lane(net: SeaNetwork, port_pairs: Pairs, via: str, count: int) -> None:
    for a, b in port_pairs(count, 30):
        start, goal = net.place(a), net.place(b)
        for closed in ((), ("malacca_strait", "sunda_strait")):
            demand = net.demand(via, closed, ShipSize(), (), (), start.arctic or goal.arctic).between(start, goal)
            graph = net.off(demand.off).graph if demand.off else net.graph
            whole = graph.shortest_using(start.ends, goal.ends, demand.closed, demand.groups)
            wanted = whole.length_nm + start.approach_nm + goal.approach_nm if whole else INF
            assert net.route(a, b, via=via, closed=closed).distance_nm == pytest.approx(wanted, abs=NEARLY), (
                a,
                b,
                closed,
            )


def test_the_fast_lane_is_a_part_of_the_network(net: SeaNetwork) -> None:
    lane, number = net.fast
    assert lane.size < net.graph.size / 2
    assert len(lane.weights) < len(net.graph.weights) / 4
    nodes = np.flatnonzero(number >= 0)
    assert number[nodes].tolist() == list(range(lane.size))
    rng = np.random.default_rng(0)
    for k in rng.choice(len(lane.weights), 200):
        a = int(np.searchsorted(lane.indptr, k, side="right") - 1)
        length, bits = net.graph.edges([nodes[a], nodes[lane.indices[k]]])
        assert (length[0], bits[0]) == (lane.weights[k], lane.bits[k])


def test_edges_are_the_same_with_and_without_a_graph(net: SeaNetwork) -> None:
    first, second, _, _ = net.edge_arrays()
    rng = np.random.default_rng(3)
    for row in rng.choice(len(first), 300).tolist():
        step = [first[row], second[row]][:: rng.choice([-1, 1])]
        assert [v.tolist() for v in net._s.edges(step)] == [v.tolist() for v in net.graph.edges(step)]


@pytest.mark.parametrize("seed", range(8))
def test_ends_are_joined_where_a_plain_search_finds_a_way(seed: int) -> None:
    rng = np.random.default_rng(seed)
    graph, edges = random_graph(rng, count=18)
    for _ in range(30):
        start, goal = (int(v) for v in rng.choice(graph.size, 2, replace=False))
        closed = int(rng.integers(0, 32))
        found = graph.joined(Ends.at(start), Ends.at(goal), np.uint64(closed))
        assert found == (plain_search(edges, start, goal, closed) < INF)


def test_ends_are_joined_by_open_legs_alone() -> None:
    graph = Graph(3, np.array([0, 1]), np.array([1, 2]), np.array([5.0, 7.0]), np.array([0, 2], dtype=np.uint64))
    ends = Ends(np.array([0, 2]), np.array([1.0, 8.0]), np.array([4, 8], dtype=np.uint64))
    told = [graph.joined(ends, Ends.at(1), np.uint64(closed)) for closed in (0, 2, 4, 2 | 4, 4 | 8)]
    assert told == [True, True, True, False, False]
