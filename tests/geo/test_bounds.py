"""Bounds by landmarks: never above the true distance, and a search within them finds what a whole search finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import SeaNetwork
from sim.geo.graph import Ends, Graph
from sim.geo.network import bounds as module
from sim.geo.network.bounds import Bounds, landmark_steps, shortest

BARRED = np.uint64(4)


def lattice(seed: int, side: int = 12) -> tuple[Graph, Bounds]:
    """A square lattice with random lengths of 20-60 nm; about one leg in five crosses some of three passages."""
    rng = np.random.default_rng(seed)
    at = np.arange(side * side).reshape(side, side)
    first = np.concatenate([at[:, :-1].ravel(), at[:-1].ravel()])
    second = np.concatenate([at[:, 1:].ravel(), at[1:].ravel()])
    bits = np.where(rng.random(len(first)) < 0.2, rng.integers(1, 8, len(first)), 0).astype(np.uint64)
    graph = Graph(at.size, first, second, rng.uniform(20, 60, len(first)), bits)
    everywhere = np.arange(at.size)
    reached = np.flatnonzero(np.isfinite(graph.distances_from([0], BARRED)[0]))
    free, behind = landmark_steps(graph, everywhere, np.uint64(0)), landmark_steps(graph, reached, BARRED)
    return graph, Bounds(free, BARRED, behind)


def ends(rng: np.random.Generator, size: int) -> Ends:
    nodes = rng.choice(size, int(rng.integers(1, 4)), replace=False)
    return Ends(nodes, rng.uniform(0, 30, len(nodes)), rng.choice([0, 0, 0, 1, 4], len(nodes)).astype(np.uint64))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("closed", [0, 2, 4, 7])
def test_no_bound_is_above_the_true_distance(seed: int, closed: int) -> None:
    graph, bounds = lattice(seed)
    end = ends(np.random.default_rng(seed + 100), graph.size)
    usable = (end.bits & np.uint64(closed)) == 0
    true = (graph.distances_from(end.nodes, np.uint64(closed)) + end.length_nm[:, None])[usable]
    low = bounds.lowest_nm(end, np.uint64(closed))
    assert (low <= true.min(axis=0, initial=np.inf)).all()


def test_bounds_are_worth_their_room() -> None:
    graph, bounds = lattice(1)
    true = graph.distances_from([0], np.uint64(0))[0]
    assert np.median(bounds.lowest_nm(Ends.at(0), np.uint64(0))[1:] / true[1:]) > 0.8


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 7), st.integers(0, 10_000), st.integers(0, 7), st.sampled_from([(), (1,), (1, 2)]))
def test_a_search_within_bounds_finds_what_a_whole_search_finds(
    seed: int, draw: int, closed: int, groups: tuple[int, ...]
) -> None:
    graph, bounds = lattice(seed)
    rng = np.random.default_rng(draw)
    start, goal, shut = ends(rng, graph.size), ends(rng, graph.size), np.uint64(closed)
    must = [np.uint64(g) for g in groups if not g & closed]
    whole = graph.shortest_using(start, goal, shut, must) if must else graph.shortest(start, goal, shut)
    found = shortest(graph, bounds, start, goal, shut, must)
    assert (found is None) == (whole is None)
    if found is not None and whole is not None:
        assert found.length_nm == pytest.approx(whole.length_nm, abs=1e-6)
        legs = graph.edges(found.nodes)[0]
        at_ends = [
            float(e.length_nm[np.flatnonzero(e.nodes == n)[0]])
            for e, n in ((start, found.nodes[0]), (goal, found.nodes[-1]))
        ]
        assert sum(legs) + sum(at_ends) == pytest.approx(found.length_nm, abs=1e-6), "the nodes are those of the path"


def test_most_searches_stay_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the shipped network: the bounds are good enough that few nodes are looked at."""
    net = SeaNetwork.load()
    sizes: list[int] = []
    part = Graph.part

    def counted(self: Graph, nodes: np.ndarray) -> tuple[Graph, np.ndarray]:
        sizes.append(len(nodes))
        return part(self, nodes)

    monkeypatch.setattr(module.Graph, "part", counted)
    rng = np.random.default_rng(7)
    places = [net.place(p.key) for p in (net.ports.all[int(k)] for k in rng.choice(500, 80, replace=False))]
    arctic = net.passages.bits(net.passages.arctic)
    for a, b in zip(places[::2], places[1::2], strict=True):
        whole = net.graph.shortest(a.ends, b.ends, arctic)
        found = shortest(net.graph, net._s.bounds, a.ends, b.ends, arctic)
        assert (found is None) == (whole is None)
        if found is not None and whole is not None:
            assert found.length_nm == pytest.approx(whole.length_nm, abs=1e-4)
    assert np.median(sizes) < 0.15 * net.graph.size
