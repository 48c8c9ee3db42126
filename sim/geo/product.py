"""The product of a graph with the passages that a way must cross, made once and searched with many weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sim.geo.graph import Ends, Graph, Ints, Path, memberships
from sim.geo.sphere import Floats

TINY = 1e-9  # a weight of 0 would be read as no edge


class Product:
    """One copy of the graph for each set of passages already crossed, without the legs of closed passages.

    See `Graph.shortest_using`. The structure is kept; a search brings the weights (e,) of the graph's edges.
    """

    def __init__(self, graph: Graph, closed: np.uint64, groups: Sequence[np.uint64]) -> None:
        self.graph, self.closed, self.groups = graph, closed, tuple(groups)
        self.layers = 1 << len(groups)
        rows = np.repeat(np.arange(graph.size), np.diff(graph.indptr))
        sets = memberships(graph.bits, groups)
        usable = (graph.bits & closed) == 0
        of: list[Ints] = []
        row: list[Ints] = []
        col: list[Ints] = []
        for done in range(self.layers):
            ok = np.flatnonzero(usable & ((sets & done) == 0))
            of.append(ok)
            row.append(rows[ok] + done * graph.size)
            col.append(graph.indices[ok] + (done | sets[ok]) * graph.size)
        count = np.bincount(np.concatenate(row), minlength=self.layers * graph.size)
        # rows are sorted within a copy and copies follow each other: the order is that of a CSR matrix already
        self._indptr = np.concatenate([[0], np.cumsum(count)]).astype(np.int32)
        self._indices = np.concatenate(col).astype(np.int32)
        self._leg = graph.leg[np.concatenate(of)]

    def search(self, weights: Floats, start: Ends, goal: Ends) -> tuple[Path | None, Floats]:
        """The cheapest way by weights (e,) of the edges, and the price (n,) of every node, whatever was crossed.

        Lengths of the ends are in the unit of the weights.
        """
        free = (start.bits & self.closed) == 0
        to = start.nodes[free] + memberships(start.bits, self.groups)[free] * self.graph.size
        data = np.concatenate([np.maximum(weights[self._leg], TINY), np.maximum(start.length_nm[free], TINY)])
        indices = np.concatenate([self._indices, to.astype(np.int32)])
        indptr = np.append(self._indptr, np.int32(len(indices)))
        source = self.layers * self.graph.size
        matrix = csr_array((data, indices, indptr), shape=(source + 1, source + 1))
        dist, before = dijkstra(matrix, indices=source, directed=True, return_predecessors=True)
        path = self.graph.path_to(dist, before, source, goal, self.closed, self.groups)
        return path, dist[:source].reshape(self.layers, self.graph.size).min(axis=0)
