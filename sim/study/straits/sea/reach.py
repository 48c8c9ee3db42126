"""Which ports can be reached at all: waters that hang together without any passage, and the passages between them."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from sim.geo.graph import Ends
    from sim.geo.network import SeaNetwork


class Waters:
    """The network as waters (connected parts without a gate) and legs between them, each with its passages as bits."""

    def __init__(self, net: SeaNetwork) -> None:
        first, second, _, bits = net.edge_arrays()
        size = len(net.node_lonlat)
        free = bits == 0
        matrix = coo_array((np.ones(int(free.sum())), (first[free], second[free])), shape=(size, size))
        _, self._water = connected_components(matrix, directed=False)
        a, b = self._water[first[~free]].astype(np.uint64), self._water[second[~free]].astype(np.uint64)
        links = np.unique(np.stack([np.minimum(a, b), np.maximum(a, b), bits[~free]], axis=1), axis=0)
        masks: dict[tuple[int, int], list[int]] = {}
        for x, y, mask in links.tolist():
            if x != y:
                masks.setdefault((x, y), []).append(mask)
        self._next: dict[int, list[tuple[int, int]]] = {}
        for (x, y), all_masks in masks.items():
            for mask in _least(all_masks):
                self._next.setdefault(x, []).append((y, mask))
                self._next.setdefault(y, []).append((x, mask))

    def way(self, start: Ends, goal: Ends, closed: int) -> int | None:
        """The passages, as bits, of a way that crosses few of them and none that is closed; None where there is no way.

        Of the legs alone, each passage counted as often as legs cross it, so that the number is not always the least.
        """
        ends: dict[int, int] = {}
        for water, mask in self._at(goal, closed):
            ends[water] = min(ends.get(water, mask), mask, key=int.bit_count)
        queue = [(mask.bit_count(), mask, water) for water, mask in self._at(start, closed)]
        heapq.heapify(queue)
        done: set[int] = set()
        best: tuple[int, int] | None = None
        while queue:
            count, mask, water = heapq.heappop(queue)
            if best is not None and count >= best[0]:
                break
            if water in done:
                continue
            done.add(water)
            if water in ends:
                whole = mask | ends[water]
                best = min(best or (whole.bit_count(), whole), (whole.bit_count(), whole))
            for other, more in self._next.get(water, ()):
                if other not in done and not more & closed:
                    heapq.heappush(queue, ((mask | more).bit_count(), mask | more, other))
        return None if best is None else best[1]

    def _at(self, end: Ends, closed: int) -> list[tuple[int, int]]:
        """Waters in which an end lies, with the passages on the way to each."""
        at = zip(self._water[end.nodes].tolist(), end.bits.tolist(), strict=True)
        return sorted({(water, mask) for water, mask in at if not mask & closed})


def _least(masks: list[int]) -> list[int]:
    """Sets of passages, as bits, that hold no other of the sets."""
    return [m for m in masks if not any(o != m and o & m == o for o in masks)]
