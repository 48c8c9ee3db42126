"""Distance matrices: every origin to every destination in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sim.geo.geodesy import NM_PER_RADIAN, Floats, lengths_nm, vectors
from sim.geo.graph import Graph, Ints
from sim.geo.network.places import NEAR_NM, LocalWay, doubtful
from sim.geo.passages import ShipSize

if TYPE_CHECKING:
    from sim.geo.network.given import Demand
    from sim.geo.network.off.water import OffWater
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

    def off(self, water: str) -> OffWater:
        """The network off a named water."""

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

    def local_way(self, start: Place, goal: Place, demand: Demand, network_nm: float) -> LocalWay | None:
        """The way over the raw coast between two places near each other, where it is much shorter."""

    def places_seen(self, place: Place, others: Sequence[Place]) -> np.ndarray:
        """Which of other places (n,) a place sees; none of them is a node."""


def distance_matrix(
    net: Sea, starts: list[Place], goals: list[Place], via: str, closed: tuple[str, ...], ship: ShipSize
) -> Floats:
    """Distances (n, m), nm. Routes that bar the Arctic open it to pairs with an end in it, so these are made apart."""
    net.passages.route(via)  # a wrong word is told also where there is no place
    net.passages.expand(closed)
    out = np.empty((len(starts), len(goals)))
    north, south = [], []
    for places in (starts, goals):
        arctic = np.array([p.arctic for p in places], dtype=bool)
        north.append(np.flatnonzero(arctic))
        south.append(np.flatnonzero(~arctic))
    everywhere = np.arange(len(goals))
    for in_arctic, rows, cols in (
        (False, south[0], south[1]),
        (True, north[0], everywhere),
        (True, south[0], north[1]),
    ):
        if len(rows) and len(cols):
            demand = net.demand(via, closed, ship, (), (), in_arctic)
            out[np.ix_(rows, cols)] = _block(net, [starts[k] for k in rows], [goals[k] for k in cols], demand)
    return out


def _block(net: Sea, starts: list[Place], goals: list[Place], demand: Demand) -> Floats:
    if demand.off:
        return _block_off(net, starts, goals, demand)
    if all(p.listed for p in [*starts, *goals]):
        block = _listed_block(net, starts, goals, demand)
    else:
        block = _loose_block(net, starts, goals, demand)
    approaches = np.array([p.approach_nm for p in starts])[:, None] + np.array([p.approach_nm for p in goals])[None, :]
    block = block + approaches
    same = np.array([[(a.lon, a.lat) == (b.lon, b.lat) for b in goals] for a in starts]).reshape(block.shape)
    for i, k in _doubted(starts, goals, np.where(same, 0.0, block)):
        way = net.local_way(starts[i], goals[k], demand, float(block[i, k]))
        if way is not None:
            block[i, k] = way.nm
    return np.where(same, 0.0, block)


def _block_off(net: Sea, starts: list[Place], goals: list[Place], demand: Demand) -> Floats:
    """Between places of a route that keeps off a water, but for pairs with an end in it."""
    out = np.empty((len(starts), len(goals)))
    off = net.off(demand.off)
    free, lifted = replace(demand, off=""), [[not demand.between(a, b).off for b in goals] for a in starts]
    hung = [[off.hung(p) for p in places] for places in (starts, goals)]
    for i, a in enumerate(starts):
        for k, b in enumerate(goals):
            if lifted[i][k]:
                out[i, k] = _block(net, [a], [b], free)[0, 0]
    rows = [i for i in range(len(starts)) if not all(lifted[i])]
    cols = [k for k in range(len(goals)) if not all(row[k] for row in lifted)]
    if rows and cols:
        block = off.graph.distances_between(
            [hung[0][i].ends for i in rows], [hung[1][k].ends for k in cols], demand.closed, demand.groups
        )
        block += np.array([starts[i].approach_nm for i in rows])[:, None] + [goals[k].approach_nm for k in cols]
        for i, row in zip(rows, block, strict=True):
            same = [(starts[i].lon, starts[i].lat) == (goals[k].lon, goals[k].lat) for k in cols]
            out[i, cols] = np.where([lifted[i][k] for k in cols], out[i, cols], np.where(same, 0.0, row))
    return out


def _doubted(starts: list[Place], goals: list[Place], block: Floats) -> Ints:
    """Pairs (k, 2) near each other whose distances (n, m) over the network are long for that."""
    a, b = (np.array([(p.lon, p.lat) for p in places]) for places in (starts, goals))
    near = vectors(a) @ vectors(b).T > np.cos(1.01 * NEAR_NM / NM_PER_RADIAN)
    pairs = np.argwhere(near & doubtful(0.0, block))
    straight = lengths_nm(a[pairs[:, 0]], b[pairs[:, 1]])
    return np.asarray(pairs[doubtful(straight, block[pairs[:, 0], pairs[:, 1]])])


def _listed_block(net: Sea, starts: list[Place], goals: list[Place], demand: Demand) -> Floats:
    """Between sea points that are nodes."""
    graph, number = net.fast if net.fast_is_exact(demand) else (net.graph, np.arange(net.graph.size))
    from_nodes, to_nodes = ([int(number[p.ends.nodes[0]]) for p in places] for places in (starts, goals))
    turned = len(goals) < len(starts)
    heads, tails = (to_nodes, from_nodes) if turned else (from_nodes, to_nodes)
    sources, back = np.unique(heads, return_inverse=True)
    if demand.groups:
        dist = graph.distances_using(sources, tails, demand.closed, demand.groups)
    else:
        dist = graph.distances_from(sources, demand.closed)[:, tails]
    return np.asarray(dist[back].T if turned else dist[back])


def _loose_block(net: Sea, starts: list[Place], goals: list[Place], demand: Demand) -> Floats:
    """Between sea points of which some are no nodes: each pair as `route` finds it, whatever the others are."""
    turned = len(goals) < len(starts)
    heads, tails = (goals, starts) if turned else (starts, goals)
    between = net.graph.distances_between(
        [p.ends for p in heads], [p.ends for p in tails], demand.closed, demand.groups
    )
    block = between.T if turned else between
    return np.asarray(np.minimum(block, _straight(net, starts, goals, demand)))


def _straight(net: Sea, starts: list[Place], goals: list[Place], demand: Demand) -> Floats:
    """Straight legs (n, m) between sea points that are no nodes and see each other, nm; inf elsewhere."""
    out = np.full((len(starts), len(goals)), np.inf)
    loose = np.array([k for k, p in enumerate(goals) if not p.listed], dtype=np.int64)
    if not len(loose):
        return out
    seas = np.array([goals[k].sea for k in loose])
    marks = np.array([goals[k].way_bits for k in loose], dtype=np.uint64)
    for i, p in enumerate(starts):
        if p.listed:
            continue
        bits = net.passages.crossed(np.broadcast_to(vectors(p.sea), (len(seas), 3)), vectors(seas))
        bits |= marks | np.uint64(p.way_bits)
        open_leg = (bits & demand.closed) == 0
        for group in demand.groups:
            open_leg &= (bits & group) != 0
        good = np.flatnonzero(open_leg)
        good = good[net.places_seen(p, [goals[k] for k in loose[good]])] if len(good) else good
        out[i, loose[good]] = lengths_nm(p.sea, seas[good])
    return out
