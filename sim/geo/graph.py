"""The sparse graph of the sea and the shortest paths through it.

An edge carries its length and a bit for every passage that it crosses. Closing passages sets the weights of their
edges to infinity in a copy: the graph itself never changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from sim.geo.geodesy import Floats

Ints = NDArray[np.int64]
Bits = NDArray[np.uint64]
INF = float("inf")
TINY = 1e-9  # a weight of 0 would be read as no edge
BLOCK = 64  # searches at a time


@dataclass(frozen=True)
class Ends:
    """How a place hangs on the graph: nodes, lengths (nm) and passages crossed on the path to each of them."""

    nodes: Ints
    length_nm: Floats
    bits: Bits

    @classmethod
    def at(cls, node: int) -> Ends:
        """A place that is a node itself."""
        return cls(np.array([node]), np.zeros(1), np.zeros(1, np.uint64))


@dataclass(frozen=True)
class Path:
    """Nodes of a path from one end to the other, and its length between them, nm; `off` is the water kept off by the
    network that the nodes are of, "" for the whole one."""

    length_nm: float
    nodes: tuple[int, ...]
    off: str = ""


class Graph:
    """Undirected edges as a symmetric CSR matrix. `first`, `second` (e,), `length_nm` (e,), `bits` (e,)."""

    def __init__(self, size: int, first: Ints, second: Ints, length_nm: Floats, bits: Bits) -> None:
        self.size = size
        count, row = len(first), np.concatenate([first, second])
        # numbers of 16 bits are sorted by counting, in a fifth of the time
        order = np.argsort(row.astype(np.uint16) if size <= 1 << 16 else row, kind="stable")
        leg = np.where(order < count, order, order - count)
        self.indices = np.concatenate([second, first]).astype(np.int32)[order]
        self.indptr = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=size))]).astype(np.int32)
        self.weights = length_nm[leg].astype(np.float64)
        self.bits = bits[leg].astype(np.uint64)
        self.leg = leg.astype(np.int32)  # which of the given edges an entry is

    def part(self, nodes: Ints) -> tuple[Graph, Ints]:
        """The graph between some nodes (ascending), numbered in their order, and the number there of every node (-1:
        none)."""
        number = np.full(self.size, -1, dtype=np.int64)
        number[nodes] = np.arange(len(nodes))
        at, start = self._rows_of(nodes)
        col = number[self.indices[at]]
        inside = np.flatnonzero(col >= 0)
        out = Graph.__new__(Graph)
        out.size, out.indices = len(nodes), col[inside].astype(np.int32)
        out.indptr = np.searchsorted(inside, start).astype(np.int32)
        kept = at[inside]
        out.weights, out.bits, out.leg = self.weights[kept], self.bits[kept], self.leg[kept]
        return out, number

    def _rows_of(self, nodes: Ints) -> tuple[Ints, Ints]:
        """Entries that leave some nodes (k,), node after node, and (k + 1,) where those of each begin and all end."""
        count = self.indptr[nodes + 1] - self.indptr[nodes]
        start = np.concatenate([[0], np.cumsum(count, dtype=np.int64)])
        return np.arange(start[-1]) + np.repeat(self.indptr[nodes] - start[:-1], count), start

    @cached_property
    def _gated(self) -> tuple[Ints, Bits]:
        rows = np.flatnonzero(self.bits)
        return rows, self.bits[rows]

    @cached_property
    def _rows(self) -> Ints:
        return np.repeat(np.arange(self.size), np.diff(self.indptr))

    @cached_property
    def _basins(self) -> tuple[Ints, Ints, Ints, Bits]:
        """The basin (n,) of every node, joined within by edges that cross no passage; and the edges over passages, as
        the basins (k,) that they join and their bits (k,), each kind once."""
        free, (gated, bits) = self.bits == 0, self._gated
        indptr = np.concatenate([[0], np.cumsum(free)])[self.indptr].astype(np.int32)
        inner = csr_array((self.weights[free], self.indices[free], indptr), shape=(self.size, self.size))
        basin = connected_components(inner, directed=True, connection="strong")[1].astype(np.int64)  # it is symmetric
        joints = np.stack([basin[self._rows[gated]], basin[self.indices[gated]], bits.view(np.int64)])
        first, second, crossed = np.unique(joints, axis=1)
        return basin, first, second, crossed.view(np.uint64)

    def joined(self, start: Ends, goal: Ends, closed: np.uint64) -> bool:
        """Whether any path, however long, leads from one end to another and crosses no closed passage."""
        basin, first, second, bits = self._basins
        ends = [np.unique(basin[e.nodes[(e.bits & closed) == 0]]) for e in (start, goal)]
        count, usable = int(basin.max(initial=-1)) + 1, (bits & closed) == 0
        matrix = csr_array((np.ones(usable.sum()), (first[usable], second[usable])), shape=(count, count))
        water = connected_components(matrix, directed=False)[1]
        return bool(np.isin(water[ends[0]], water[ends[1]]).any())

    def open_weights(self, closed: np.uint64) -> Floats:
        """Lengths with the edges of closed passages at infinity."""
        if not closed:
            return self.weights
        rows, bits = self._gated
        out = self.weights.copy()
        out[rows[(bits & closed) != 0]] = INF
        return out

    def edges(self, nodes: Sequence[int] | Ints) -> tuple[Floats, Bits]:
        """Lengths (k - 1,) in nm and passage bits (k - 1,) of the edges from each of some nodes (k,) to the next."""
        along = np.asarray(nodes, dtype=np.int64)
        at, start = self._rows_of(along[:-1])
        leg = np.repeat(np.arange(len(start) - 1), np.diff(start))
        hit = np.flatnonzero(self.indices[at] == along[1:][leg])
        hit = hit[np.lexsort([self.weights[at[hit]], leg[hit]])]  # the shortest of several between two nodes
        k = at[hit[np.unique(leg[hit], return_index=True)[1]]]
        return self.weights[k], self.bits[k]

    def distances_from(self, nodes: Sequence[int] | Ints, closed: np.uint64) -> Floats:
        """Distances (k, size) from nodes to all nodes, nm."""
        matrix = csr_array((self.open_weights(closed), self.indices, self.indptr), shape=(self.size, self.size))
        return np.asarray(dijkstra(matrix, indices=np.asarray(nodes), directed=True))

    def shortest(self, start: Ends, goal: Ends, closed: np.uint64, limit: float = INF) -> Path | None:
        """The shortest path between two ends that crosses no closed passage; None where there is none."""
        weights = self.open_weights(closed)
        size = self.size
        indices, indptr = self.indices, self.indptr
        source = int(start.nodes[0]) if len(start.nodes) == 1 and start.length_nm[0] == 0 else size
        if source == size:  # a place in the open sea becomes one more node
            free = (start.bits & closed) == 0
            indices = np.concatenate([indices, start.nodes[free]]).astype(np.int32)
            weights = np.concatenate([weights, start.length_nm[free]])
            indptr = np.append(indptr, len(indices)).astype(np.int32)
            size += 1
        matrix = csr_array((weights, indices, indptr), shape=(size, size))
        dist, before = dijkstra(matrix, indices=source, directed=True, return_predecessors=True, limit=limit)
        return _best_end(dist, before, source, self.size, goal, closed)

    def shortest_using(self, start: Ends, goal: Ends, closed: np.uint64, groups: Sequence[np.uint64]) -> Path | None:
        """As `shortest`, over one passage of each group, crossed once.

        The graph is copied once for every subset of groups that may already lie behind the ship; an edge that crosses
        a group leads from a copy without it to the copy with it (Dijkstra on the product graph).
        """
        matrix, layers = self.layered(closed, groups, start)
        source = layers * self.size
        dist, before = dijkstra(matrix, indices=source, directed=True, return_predecessors=True)
        return self.path_to(dist, before, source, goal, closed, groups)

    def path_to(
        self, dist: Floats, before: Ints, source: int, goal: Ends, closed: np.uint64, groups: Sequence[np.uint64]
    ) -> Path | None:
        """The path to an end, of the distances and predecessors of a search from the last node of `layered`."""
        layers, n = 1 << len(groups), self.size
        goal_sets = memberships(goal.bits, groups)
        layered = Ends(goal.nodes + (layers - 1 & ~goal_sets) * n, goal.length_nm, goal.bits)
        found = _best_end(dist, before, source, source, layered, closed)
        return None if found is None else Path(found.length_nm, tuple(k % n for k in found.nodes))

    def distances_using(
        self,
        sources: Sequence[int] | Ints,
        targets: Sequence[int] | Ints,
        closed: np.uint64,
        groups: Sequence[np.uint64],
    ) -> Floats:
        """Distances (k, m) between nodes over one passage of each group, crossed once, nm."""
        matrix, layers = self.layered(closed, groups)
        dist = np.asarray(dijkstra(matrix, indices=np.asarray(sources), directed=True))
        return dist[:, np.asarray(targets) + (layers - 1) * self.size]

    def distances_between(
        self, starts: Sequence[Ends], goals: Sequence[Ends], closed: np.uint64, groups: Sequence[np.uint64] = ()
    ) -> Floats:
        """Distances (k, m) between ends, over one passage of each group, nm: as `shortest` for each pair.

        No path leads through another of the given ends.
        """
        matrix, layers = self.layered(closed, groups)
        size, n = layers * self.size, self.size
        free = [(e.bits & closed) == 0 for e in starts]
        heads = [e.nodes[f] + memberships(e.bits[f], groups) * n for e, f in zip(starts, free, strict=True)]
        lengths = [np.maximum(e.length_nm[f], TINY) for e, f in zip(starts, free, strict=True)]
        tails = np.cumsum([len(h) for h in heads], dtype=np.int64) + len(matrix.indices)
        whole = csr_array(
            (
                np.concatenate([matrix.data, *lengths]),
                np.concatenate([matrix.indices, *heads]).astype(np.int32),
                np.concatenate([matrix.indptr[:size], [len(matrix.indices)], tails]).astype(np.int32),
            ),
            shape=(size + len(starts), size + len(starts)),
        )
        at_node = [len(e.nodes) == 1 and e.length_nm[0] == 0 and not e.bits[0] for e in starts]
        sources = np.where(
            at_node,
            [int(e.nodes[0]) if yes else 0 for e, yes in zip(starts, at_node, strict=True)],
            size + np.arange(len(starts)),
        )
        out = np.empty((len(starts), len(goals)))
        to = [e.nodes + (layers - 1 & ~memberships(e.bits, groups)) * n for e in goals]
        for k in range(0, len(starts), BLOCK):  # all distances of all starts at once would need too much memory
            dist = np.asarray(dijkstra(whole, indices=sources[k : k + BLOCK]))
            for m, (e, nodes) in enumerate(zip(goals, to, strict=True)):
                total = np.where((e.bits & closed) == 0, dist[:, nodes] + e.length_nm, INF)
                out[k : k + BLOCK, m] = total.min(axis=1, initial=INF)
        return out

    def layered(
        self, closed: np.uint64, groups: Sequence[np.uint64], start: Ends | None = None
    ) -> tuple[csr_array, int]:
        """The product graph of `shortest_using`, and its number of copies; `start` becomes its last node."""
        weights, n = self.open_weights(closed), self.size
        layers = 1 << len(groups)
        edge_sets = memberships(self.bits, groups)
        rows, cols, data = [], [], []
        for done in range(layers):
            ok = (edge_sets & done) == 0
            rows.append(self._rows[ok] + done * n)
            cols.append(self.indices[ok] + (done | edge_sets[ok]) * n)
            data.append(weights[ok])
        if start is not None:
            free = (start.bits & closed) == 0
            rows.append(np.full(int(free.sum()), layers * n))
            cols.append(start.nodes[free] + memberships(start.bits, groups)[free] * n)
            data.append(np.maximum(start.length_nm[free], 1e-9))  # an explicit 0 would be read as no edge
        size = layers * n + 1
        # scipy before 1.15 searches only matrices with 32-bit indices
        where = np.concatenate(rows).astype(np.int32), np.concatenate(cols).astype(np.int32)
        matrix = csr_array((np.concatenate(data), where), shape=(size, size))
        return matrix, layers


def memberships(bits: Bits, groups: Sequence[np.uint64]) -> Ints:
    """Which groups of passages legs cross, as bits of a number: bit k for group k."""
    out = np.zeros(len(bits), dtype=np.int64)
    for k, group in enumerate(groups):
        out |= ((bits & group) != 0).astype(np.int64) << k
    return out


def _best_end(dist: Floats, before: Ints, source: int, size: int, goal: Ends, closed: np.uint64) -> Path | None:
    total = np.where((goal.bits & closed) == 0, dist[goal.nodes] + goal.length_nm, INF)
    best = int(np.argmin(total))
    if not np.isfinite(total[best]):
        return None
    nodes = [int(goal.nodes[best])]
    while nodes[-1] != source:
        nodes.append(int(before[nodes[-1]]))
    if source >= size:  # the added node is no place of the graph
        nodes.pop()
    return Path(float(total[best]), tuple(nodes[::-1]))


class Product:
    """One copy of the graph for each set of passages already crossed, without the legs of closed passages.

    See `Graph.shortest_using`. The structure is kept; a search brings the weights (e,) of the graph's edges.
    """

    def __init__(self, graph: Graph, closed: np.uint64, groups: Sequence[np.uint64]) -> None:
        self.graph, self.closed, self.groups = graph, closed, tuple(groups)
        self.layers = 1 << len(groups)
        sets, usable = memberships(graph.bits, groups).astype(np.int32), (graph.bits & closed) == 0
        each = [usable & ((sets & done) == 0) if done else usable for done in range(self.layers)]
        size = sum(map(np.count_nonzero, each))
        self._indices, self._leg = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int32)
        # rows are sorted within a copy and copies follow each other: the order is that of a CSR matrix already
        first, begins = 0, [np.zeros(1, dtype=np.int64)]
        for done, ok in enumerate(each):
            at = np.flatnonzero(ok)
            last = first + len(at)
            self._indices[first:last] = graph.indices[at] + (done | sets[at]) * np.int32(graph.size)
            self._leg[first:last] = graph.leg[at]
            begins.append(first + np.searchsorted(at, graph.indptr[1:]))
            first = last
        self._indptr = np.concatenate(begins).astype(np.int32)

    def prices(self, weights: Floats, start: Ends) -> Floats:
        """The price (layers, n) of every node in every copy, by weights (e,) of the edges."""
        size = self.layers * self.graph.size
        dist = dijkstra(self._matrix(weights, start), indices=size, directed=True)
        return np.asarray(dist[:size].reshape(self.layers, self.graph.size))

    def entries(self, states: Ints) -> tuple[Ints, Ints, Ints]:
        """The entries (k,) that leave some states, state after state: the row among the states of each, the state that
        it leads to, and its leg."""
        count = self._indptr[states + 1] - self._indptr[states]
        first = np.cumsum(count, dtype=np.int64) - count
        row = np.repeat(np.arange(len(states)), count)
        at = np.arange(len(row)) + (self._indptr[states] - first)[row]
        return row, self._indices[at], self._leg[at]

    def search(self, weights: Floats, start: Ends, goal: Ends) -> tuple[Path | None, Floats]:
        """The cheapest path by weights (e,) of the edges, and the price (layers, n) of every node in every copy.

        Lengths of the ends are in the unit of the weights.
        """
        source = self.layers * self.graph.size
        matrix = self._matrix(weights, start)
        dist, before = dijkstra(matrix, indices=source, directed=True, return_predecessors=True)
        path = self.graph.path_to(dist, before, source, goal, self.closed, self.groups)
        return path, dist[:source].reshape(self.layers, self.graph.size)

    def _matrix(self, weights: Floats, start: Ends) -> csr_array:
        """The product graph under weights (e,) of the edges, the start its last node."""
        free = (start.bits & self.closed) == 0
        to = start.nodes[free] + memberships(start.bits, self.groups)[free] * self.graph.size
        size = len(self._leg)
        data = np.empty(size + len(to))
        np.take(np.maximum(weights, TINY), self._leg, out=data[:size], mode="clip")  # else it is copied once more
        np.maximum(start.length_nm[free], TINY, out=data[size:])
        indices = np.concatenate([self._indices, to.astype(np.int32)])
        indptr = np.append(self._indptr, np.int32(len(indices)))
        source = self.layers * self.graph.size
        return csr_array((data, indices, indptr), shape=(source + 1, source + 1))
