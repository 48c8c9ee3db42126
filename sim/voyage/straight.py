"""Straighten a way found on the lattice: leave out its corners wherever the direct leg is open and no dearer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.geo.describe import SeaLine
from sim.geo.geodesy import lengths_nm
from sim.geo.graph import Bits
from sim.geo.sphere import Floats, vectors

REACH = 16  # a direct leg leaves out fewer corners than this

Cost = Callable[[Floats, Floats, Floats], Floats]  # start (k, 3), stop (k, 3), length_nm (k,) -> cost (k,)
Seen = Callable[[Floats, Floats], NDArray[np.bool_]]  # from (2,), to (k, 2) lon, lat -> visible (k,)
Crossed = Callable[[Floats, Floats], Bits]  # start (k, 3), stop (k, 3) -> passages


def straightened(
    line: SeaLine, ends: tuple[Floats, Floats], free: NDArray[np.bool_], cost: Cost, seen: Seen, crossed: Crossed
) -> SeaLine:
    """The cheapest way over some of a line's corners, which crosses the same passages.

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
    best = np.full(last + 1, np.inf)
    best[0] = 0.0
    before = np.zeros(last + 1, dtype=np.int64)
    leg: dict[tuple[int, int], tuple[float, int]] = {(k, k + 1): line.legs[k] for k in range(last)}
    for i in range(last):
        options = [(i + 1, own[i])]
        skipped = np.flatnonzero(~may_go[i + 1 : min(i + REACH, last)])
        far = min(i + REACH, last, i + 1 + int(skipped[0]) if len(skipped) else last)
        if far > i + 1:
            to = np.arange(i + 2, far + 1)
            through = np.bitwise_or.accumulate(bits[i:far])[1:]
            hit = crossed(np.broadcast_to(xyz[i], (len(to), 3)), xyz[to])
            ok = (hit == through) & seen(points[i], points[to])
            to, hit = to[ok], hit[ok]
            if len(to):
                nm = lengths_nm(points[i], points[to])
                options += list(zip(to.tolist(), cost(np.broadcast_to(xyz[i], (len(to), 3)), xyz[to], nm), strict=True))
                leg |= {(i, int(j)): (float(n), int(b)) for j, n, b in zip(to, nm, hit, strict=True)}
        for j, price in options:
            if best[i] + price < best[j] - 1e-9:
                best[j], before[j] = best[i] + price, i
    kept = [last]
    while kept[-1] != 0:
        kept.append(int(before[kept[-1]]))
    kept.reverse()
    inner = np.array(kept[1:-1], dtype=np.int64)
    legs = tuple(leg[a, b] for a, b in zip(kept[:-1], kept[1:], strict=True))
    return SeaLine(line.corners[inner - 1], line.canal[inner - 1], legs)
