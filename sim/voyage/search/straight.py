"""Straighten a path found on the lattice: leave out its corners wherever the direct leg is open and no dearer.

Whether a leg is open is asked last, and only of the legs of the cheapest path: where one is not, it is left out and the
path sought again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.geo.geodesy import Floats, lengths_nm, vectors
from sim.geo.graph import Bits
from sim.geo.network.describe import SeaLine

REACH = 16  # a direct leg leaves out fewer corners than this

Cost = Callable[[Floats, Floats, Floats], Floats]  # start (k, 3), stop (k, 3), length_nm (k,) -> cost (k,)
Seen = Callable[[Floats, Floats, int], bool]  # from (2,), to (k, 2) lon, lat, which of these -> visible
Crossed = Callable[[Floats, Floats], Bits]  # start (k, 3), stop (k, 3) -> passages


def straightened(
    line: SeaLine, ends: tuple[Floats, Floats], free: NDArray[np.bool_], cost: Cost, seen: Seen, crossed: Crossed
) -> SeaLine:
    """The cheapest path over some of a line's corners, which crosses the same passages.

    `ends` are the sea points (2,) before and after the corners (k, 2); `free` (k,) marks corners that may be left out.
    """
    points = np.vstack([ends[0], line.corners, ends[1]])
    may_go = np.concatenate([[False], free, [False]])
    if not may_go.any():
        return line
    bits = np.array([b for _, b in line.legs], dtype=np.uint64)
    own = cost(vectors(points[:-1]), vectors(points[1:]), np.array([nm for nm, _ in line.legs]))
    direct, farthest = _direct(points, may_go, bits, cost, crossed)
    while True:
        kept = _cheapest(own, direct)
        bold = [pair for pair in pairwise(kept) if pair in direct and not direct[pair].seen]
        if not bold:
            break
        for i, j in bold:
            direct[i, j].seen = True
            if not seen(points[i], points[i + 2 : farthest[i] + 1], j - i - 2):
                del direct[i, j]
    inner = np.array(kept[1:-1], dtype=np.int64)
    legs = tuple(direct[pair].leg if pair in direct else line.legs[pair[0]] for pair in pairwise(kept))
    return SeaLine(line.corners[inner - 1], line.canal[inner - 1], legs)


@dataclass
class _Direct:
    """A direct leg: its price, its length (nm) and passages, and whether it is known to be open."""

    price: float
    leg: tuple[float, int]
    seen: bool = False


def _direct(
    points: Floats, may_go: NDArray[np.bool_], bits: Bits, cost: Cost, crossed: Crossed
) -> tuple[dict[tuple[int, int], _Direct], list[int]]:
    """Direct legs by the points that they join, over at least one corner that may go and none that must stay, which
    cross the passages of the way that they leave out; and the farthest point that one from each point may lead to."""
    last = len(points) - 1
    must = np.append(np.flatnonzero(~may_go[1:last]) + 1, last)
    farthest = [min(i + REACH, int(must[np.searchsorted(must, i + 1)])) for i in range(last - 1)]
    pairs = np.array([(i, j) for i, far in enumerate(farthest) for j in range(i + 2, far + 1)], dtype=np.int64)
    if not len(pairs):
        return {}, farthest
    i, j = pairs.T
    xyz = vectors(points)
    hit = crossed(xyz[i], xyz[j])
    through, crossings = np.zeros(len(pairs), dtype=np.uint64), np.append(0, np.cumsum(bits != 0))
    for k in np.flatnonzero(crossings[j] > crossings[i]).tolist():
        through[k] = np.bitwise_or.reduce(bits[i[k] : j[k]])
    i, j, hit = (x[hit == through] for x in (i, j, hit))
    nm = lengths_nm(points[i], points[j])
    price = cost(xyz[i], xyz[j], nm)
    each = zip(i.tolist(), j.tolist(), price.tolist(), nm.tolist(), hit.tolist(), strict=True)
    return {(a, b): _Direct(p, (length_nm, passed)) for a, b, p, length_nm, passed in each}, farthest


def _cheapest(own: Floats, direct: dict[tuple[int, int], _Direct]) -> list[int]:
    """The corners of the cheapest path over the legs of a line, priced (k,), and direct ones; of equals that of more
    corners."""
    last = len(own)
    best = [0.0] + [float("inf")] * last
    before = [0] * (last + 1)
    options: list[list[tuple[int, float]]] = [[(k + 1, float(own[k]))] for k in range(last)]
    for (a, b), leg in direct.items():
        options[a].append((b, leg.price))
    for k in range(last):
        for to, price in options[k]:
            if best[k] + price < best[to] - 1e-9:
                best[to], before[to] = best[k] + price, k
    kept = [last]
    while kept[-1] != 0:
        kept.append(before[kept[-1]])
    return kept[::-1]
