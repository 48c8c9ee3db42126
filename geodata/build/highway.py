"""The reduced graph: edges that a shortest way between two ports uses, with all passages open or some of them closed.

For every set of closures handled here the lane holds a shortest way of each pair of ports, so that a search on the
lane alone is exact (sim.geo.network uses no other sets without a search of the whole network).
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sim.geo.graph import Graph, Ints
from sim.geo.network.given import route_key
from sim.geo.passages import PassageTable

NONE = -9999  # scipy's mark of "no predecessor"
BATCH = 20
# Units that are often closed together with others: every pair of these is handled.
MAIN = (
    ("suez_canal",),
    ("panama_canal", "panama_canal_panamax"),
    ("malacca_strait",),
    ("sunda_strait",),
    ("lombok_strait",),
    ("bab_el_mandeb",),
    ("cape_of_good_hope",),
    ("gibraltar",),
)

_state: dict[str, Any] = {}


@dataclass(frozen=True)
class Lane:
    """Edges of the reduced graph as node pairs (first < second), and what it is exact for."""

    pairs: Ints
    exact_sets: frozenset[int]
    exact_routes: frozenset[str]


def closure_sets(table: PassageTable) -> list[tuple[int, ...]]:
    """Chains of closures below the usual route's own, each a tuple of bit sets to add one after the other: singles, and
    pairs and one triple of the main units."""
    singles = [(int(table.bits([p])),) for p in table.ids]
    units = [int(table.bits(u)) for u in MAIN]
    several = [(u,) for u in units if u.bit_count() > 1]
    pairs = [(a, b) for a in units for b in units if a < b]
    triple = tuple(int(table.bits([p])) for p in ("malacca_strait", "sunda_strait", "lombok_strait"))
    return [*singles, *several, *pairs, triple]


def _solve(
    graph: Graph, matrix: csr_array, sources: Ints, wanted: NDArray[np.bool_], goals: Ints
) -> tuple[set[int], Any]:
    """Edges (as codes) of the ways from sources to the wanted goals (s, t), and the passages on each of them."""
    n = graph.size
    _, before = dijkstra(matrix, indices=sources, directed=True, return_predecessors=True)
    marked = np.zeros(before.shape, dtype=bool)
    row, at = np.nonzero(wanted)
    at = goals[at]
    while len(row):
        key = np.unique(row * before.shape[1] + at)
        row, at = key // before.shape[1], key % before.shape[1]
        fresh = ~marked[row, at] & (before[row, at] != NONE)
        row, at = row[fresh], at[fresh]
        marked[row, at] = True
        at = before[row, at]
    row, at = np.nonzero(marked)
    a, b = before[row, at] % n, at % n
    codes = set(np.unique(np.minimum(a, b) * n + np.maximum(a, b)).tolist())
    return codes, _passages_on_way(before, n)[:, goals]


def _passages_on_way(before: NDArray[np.int32], n: int) -> NDArray[np.uint64]:
    """Passages crossed from the source to every node, by doubling the step along predecessors."""
    size = before.shape[1]
    root = before == NONE
    step = np.where(root, np.arange(size), before).astype(np.int64)
    table: dict[str, Any] = _state["bits_of_pair"]
    a, b = step % n, np.broadcast_to(np.arange(size) % n, step.shape)
    code = np.minimum(a, b) * n + np.maximum(a, b)
    k = np.minimum(np.searchsorted(table["code"], code), len(table["code"]) - 1)
    bits = np.where(table["code"][k] == code, table["bits"][k], np.uint64(0))
    for _ in range(9):  # ways have fewer than 512 legs
        bits = bits | np.take_along_axis(bits, step, axis=1)
        step = np.take_along_axis(step, step, axis=1)
    return bits


def _begin(graph: Graph, ports: Ints, sets: dict[int, list[tuple[int, ...]]], routes: list[Any]) -> None:
    rows = np.flatnonzero(graph.bits)
    a, b = np.searchsorted(graph.indptr, rows, side="right") - 1, graph.indices[rows].astype(np.int64)
    code = np.minimum(a, b) * graph.size + np.maximum(a, b)
    order = np.argsort(code)
    _state.update(graph=graph, ports=ports, sets=sets, routes=routes)
    _state["bits_of_pair"] = {"code": code[order], "bits": graph.bits[rows][order]}


def _batch(start: int) -> set[int]:
    """Edges for one batch of source ports and all closures."""
    graph: Graph = _state["graph"]
    ports: Ints = _state["ports"]
    own = ports[start : start + BATCH]
    later = np.arange(len(ports))[None, :] > np.arange(start, start + len(own))[:, None]
    codes: set[int] = set()
    n = graph.size
    for base, chains in _state["sets"].items():
        known: dict[int, tuple[NDArray[np.bool_], NDArray[np.uint64]]] = {}
        matrix = csr_array((graph.open_weights(np.uint64(base)), graph.indices, graph.indptr), shape=(n, n))
        found, on_way = _solve(graph, matrix, own, later, ports)
        codes |= found
        known[base] = (later, on_way)
        for chain in chains:
            closed = base
            for unit in chain:
                parent, closed = closed, closed | unit
                if closed in known:
                    continue
                wanted, above = known[parent]
                hit = wanted & ((above & np.uint64(unit)) != 0)
                rows = np.flatnonzero(hit.any(axis=1))
                new_bits = above.copy()
                if len(rows):
                    matrix = csr_array(
                        (graph.open_weights(np.uint64(closed)), graph.indices, graph.indptr), shape=(n, n)
                    )
                    found, bits = _solve(graph, matrix, own[rows], hit[rows], ports)
                    codes |= found
                    new_bits[rows] = np.where(hit[rows], bits, above[rows])
                known[closed] = (wanted, new_bits)
    for barred, groups in _state["routes"]:
        matrix, layers = graph.layered(np.uint64(barred), groups)
        found, _ = _solve(graph, matrix, own, later, ports + (layers - 1) * n)
        codes |= found
    return codes


def fast_lane(graph: Graph, ports: Ints, table: PassageTable, workers: int = 2) -> Lane:
    """The reduced graph between ports (nodes of the graph)."""
    begun = time.monotonic()
    sets: dict[int, list[tuple[int, ...]]] = {0: []}
    for route in (r for r in table.routes.values() if not r.use):
        sets.setdefault(int(table.bits(route.barred(table.arctic, True))), [])
        if table.arctic <= route.avoid:
            sets[int(table.bits(route.avoid))] = closure_sets(table)
    routes = [(int(table.bits(r.avoid)), [table.bits(g) for g in r.use]) for r in table.routes.values() if r.use]
    codes: set[int] = set()
    with ProcessPoolExecutor(workers, initializer=_begin, initargs=(graph, ports, sets, routes)) as pool:
        starts = range(0, len(ports), BATCH)
        for start, found in zip(starts, pool.map(_batch, starts), strict=True):
            codes |= found
            print(
                f"  port {start} of {len(ports)}, {len(codes)} edges, {time.monotonic() - begun:.0f} s", file=sys.stderr
            )
    exact = {base | closed for base, chains in sets.items() for closed in {0, *_prefixes(chains)}}
    code = np.array(sorted(codes), dtype=np.int64)
    pairs = np.column_stack([code // graph.size, code % graph.size])
    return Lane(pairs, frozenset(exact), frozenset(route_key(np.uint64(barred), groups) for barred, groups in routes))


def _prefixes(sets: list[tuple[int, ...]]) -> set[int]:
    """Every beginning of every chain as one set of bits."""
    out = set()
    for chain in sets:
        closed = 0
        for unit in chain:
            closed |= unit
            out.add(closed)
    return out
