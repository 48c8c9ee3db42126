"""Distance matrices: every origin to every destination in one pass."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sim.geo.geodesy import Floats, lengths_nm, vectors
from sim.geo.graph import Bits, Ends, Graph, Ints
from sim.geo.passages import ShipSize

if TYPE_CHECKING:
    from sim.geo.network.demand import Demand
    from sim.geo.network.places import Place
    from sim.geo.passages import PassageTable


class Sea(Protocol):
    """What a matrix asks of the sea network."""

    passages: PassageTable

    @property
    def graph(self) -> Graph:
        """The whole network."""

    @property
    def fast(self) -> tuple[Graph, Ints]:
        """The reduced graph, and the number in it of each node of the whole network (-1: none)."""

    def fast_is_exact(self, demand: Demand) -> bool:
        """Whether the reduced graph holds every shortest path between listed ports."""

    def demand(
        self,
        via: str,
        closed: Iterable[str],
        ship: ShipSize,
        use: Iterable[str],
        avoid: Iterable[str],
        in_arctic: bool,
    ) -> Demand:
        """Closures and required passages as bits."""

    def edge_arrays(self) -> tuple[Ints, Ints, Floats, Bits]:
        """First and second node, length (nm) and passage bits of every edge."""

    def seen_from(self, sea: Floats, others: Floats) -> np.ndarray:
        """Which positions (n, 2) in free water one position sees."""


def distance_matrix(
    net: Sea, starts: list[Place], goals: list[Place], via: str, closed: tuple[str, ...], ship: ShipSize
) -> Floats:
    """Distances (n, m), nm. Routes that bar the Arctic open it to pairs with an end in it, so these are made apart."""
    net.passages.route(via)  # a wrong word is told also where there is no place
    net.passages.expand(closed)
    out = np.empty((len(starts), len(goals)))
    ends = [np.array([p.arctic for p in places], dtype=bool) for places in (starts, goals)]
    north = ends[0][:, None] | ends[1][None, :]
    for in_arctic in (False, True):
        wanted = north == in_arctic
        rows, cols = np.flatnonzero(wanted.any(axis=1)), np.flatnonzero(wanted.any(axis=0))
        if len(rows) == 0:
            continue
        demand = net.demand(via, closed, ship, (), (), in_arctic)
        block = _block(net, [starts[k] for k in rows], [goals[k] for k in cols], demand)
        part = wanted[np.ix_(rows, cols)]
        out[np.ix_(rows, cols)] = np.where(part, block, out[np.ix_(rows, cols)])
    return out


def _block(net: Sea, starts: list[Place], goals: list[Place], demand: Demand) -> Floats:
    listed = all(p.listed for p in [*starts, *goals])
    graph, number = net.fast if listed and net.fast_is_exact(demand) else (net.graph, None)
    places = list({id(p): p for p in [*starts, *goals]}.values())
    if listed:
        at = {id(p): int(p.ends.nodes[0]) if number is None else int(number[p.ends.nodes[0]]) for p in places}
    else:
        graph, at = _with_places(net, places)
    from_nodes, to_nodes = [at[id(p)] for p in starts], [at[id(p)] for p in goals]
    turned = len(goals) < len(starts)
    heads, tails = (to_nodes, from_nodes) if turned else (from_nodes, to_nodes)
    sources, back = np.unique(heads, return_inverse=True)
    if demand.groups:
        dist = graph.distances_using(sources, tails, demand.closed, demand.groups)
    else:
        dist = graph.distances_from(sources, demand.closed)[:, tails]
    block = dist[back].T if turned else dist[back]
    approaches = np.array([p.approach_nm for p in starts])[:, None] + np.array([p.approach_nm for p in goals])[None, :]
    same = np.array([[(a.lon, a.lat) == (b.lon, b.lat) for b in goals] for a in starts]).reshape(block.shape)
    return np.where(same, 0.0, block + approaches)


def _with_places(net: Sea, places: list[Place]) -> tuple[Graph, dict[int, int]]:
    """The network with free places as further nodes, joined to corners, ports and each other."""
    base = net.graph
    listed = [p.listed for p in places]
    at = {id(p): int(p.ends.nodes[0]) for p, yes in zip(places, listed, strict=True) if yes}
    loose = [p for p, yes in zip(places, listed, strict=True) if not yes]
    first, second, length, bits = net.edge_arrays()
    firsts, seconds, lengths, marks = [first], [second], [length], [bits]
    for k, p in enumerate(loose):
        at[id(p)] = base.size + k
        _append(firsts, seconds, lengths, marks, p.ends, base.size + k)
        others = [q for q in places if id(q) in at and q is not p]
        if not others:
            continue
        to = np.array([q.sea for q in others])
        seen = net.seen_from(p.sea, to)
        there = to[seen]
        straight = lengths_nm(p.sea, there)
        crossed = net.passages.crossed(np.broadcast_to(vectors(p.sea), (len(there), 3)), vectors(there))
        nodes = np.array([at[id(q)] for q, yes in zip(others, seen, strict=True) if yes], dtype=np.int64)
        _append(firsts, seconds, lengths, marks, Ends(nodes, straight, crossed), base.size + k)
    size = base.size + len(loose)
    return Graph(
        size, np.concatenate(firsts), np.concatenate(seconds), np.concatenate(lengths), np.concatenate(marks)
    ), at


def _append(
    firsts: list[np.ndarray], seconds: list[np.ndarray], lengths: list[np.ndarray], marks: list[np.ndarray],
    ends: Ends, node: int,
) -> None:  # fmt: skip
    firsts.append(np.full(len(ends.nodes), node))
    seconds.append(ends.nodes)
    lengths.append(ends.length_nm)
    marks.append(ends.bits)
