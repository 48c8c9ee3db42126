"""Straighten a path found on the lattice: leave out its corners wherever the direct leg is open and no dearer."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.geo.geodesy import Floats, lengths_nm, vectors
from sim.geo.graph import Bits
from sim.geo.network.describe import SeaLine

REACH = 16  # a direct leg leaves out fewer corners than this

Cost = Callable[[Floats, Floats, Floats], Floats]  # start (k, 3), stop (k, 3), length_nm (k,) -> cost (k,)
Seen = Callable[[Floats, Floats], NDArray[np.bool_]]  # from (2,), to (k, 2) lon, lat -> visible (k,)
Crossed = Callable[[Floats, Floats], Bits]  # start (k, 3), stop (k, 3) -> passages


def straightened(
    line: SeaLine, ends: tuple[Floats, Floats], free: NDArray[np.bool_], cost: Cost, seen: Seen, crossed: Crossed
) -> SeaLine:
    """The cheapest path over some of a line's corners, which crosses the same passages.

    `ends` are the sea points (2,) before and after the corners (k, 2); `free` (k,) marks corners that may be left out.
    """
    points = np.vstack([ends[0], line.corners, ends[1]])
    last = len(points) - 1
    may_go = np.concatenate([[False], free, [False]])
    if not may_go.any():
        return line
    xyz = vectors(points)
    length = np.array([nm for nm, _ in line.legs])
    bits = np.array([b for _, b in line.legs], dtype=np.uint64)
    own = cost(xyz[:-1], xyz[1:], length)
    leg: dict[tuple[int, int], tuple[float, int]] = {(k, k + 1): line.legs[k] for k in range(last)}
    options: list[list[tuple[int, float]]] = [[(k + 1, float(own[k]))] for k in range(last)]
    pairs = _pairs(points, may_go, seen)
    if len(pairs):
        i, j = pairs[:, 0], pairs[:, 1]
        hit = crossed(xyz[i], xyz[j])
        through = np.array([np.bitwise_or.reduce(bits[a:b]) for a, b in pairs], dtype=np.uint64)
        i, j, hit = (x[hit == through] for x in (i, j, hit))
        nm = lengths_nm(points[i], points[j])
        for a, b, price, length_nm, passed in zip(i, j, cost(xyz[i], xyz[j], nm), nm, hit, strict=True):
            options[a].append((int(b), float(price)))
            leg[int(a), int(b)] = (float(length_nm), int(passed))
    best = np.full(last + 1, np.inf)
    best[0] = 0.0
    before = np.zeros(last + 1, dtype=np.int64)
    for k in range(last):
        for to, price in options[k]:
            if best[k] + price < best[to] - 1e-9:
                best[to], before[to] = best[k] + price, k
    kept = [last]
    while kept[-1] != 0:
        kept.append(int(before[kept[-1]]))
    kept.reverse()
    inner = np.array(kept[1:-1], dtype=np.int64)
    legs = tuple(leg[a, b] for a, b in pairwise(kept))
    return SeaLine(line.corners[inner - 1], line.canal[inner - 1], legs)


def _pairs(points: Floats, may_go: NDArray[np.bool_], seen: Seen) -> NDArray[np.int64]:
    """Direct legs (m, 2) between points, over at least one corner that may go and none that must stay."""
    last = len(points) - 1
    out = []
    for i in range(last - 1):
        must = np.flatnonzero(~may_go[i + 1 : last])
        far = min(i + REACH, i + 1 + int(must[0]) if len(must) else last)
        if far > i + 1:
            to = np.arange(i + 2, far + 1)
            out += [(i, int(j)) for j in to[seen(points[i], points[to])]]
    return np.array(out, dtype=np.int64).reshape(-1, 2)
