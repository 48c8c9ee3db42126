"""From nodes to a route: the corners, lengths, passages and canals along a path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sim.geo.geodesy import Floats, vectors, way_nm
from sim.geo.graph import Ends, Graph, Ints, Path
from sim.geo.network.places import Place
from sim.geo.passages import PassageTable, where_crossed
from sim.geo.route import Crossing, Route

APPROACH = "approach"


@dataclass(frozen=True)
class SeaLine:
    """A path between two sea points: corners (k, 2) between them, the canal's row (or -1) of each of these corners, and
    length (nm) and passage bits of the k + 1 legs."""

    corners: Floats
    canal: Ints
    legs: tuple[tuple[float, int], ...]


def sea_line(
    start: Place, goal: Place, path: Path, graph: Graph, lonlat: Floats, canal: Ints, table: PassageTable
) -> SeaLine:
    """The corners and legs of a path over nodes `lonlat` (n, 2); a path without nodes is one straight leg."""
    nodes = np.array(path.nodes, dtype=np.int64)
    if len(nodes) == 0:
        xyz = vectors(np.vstack([start.sea, goal.sea]))
        crossed = table.crossed(xyz[:1], xyz[1:])
        return SeaLine(np.empty((0, 2)), nodes, ((way_nm(np.vstack([start.sea, goal.sea])), int(crossed[0])),))
    inner = [graph.edge(int(a), int(b)) for a, b in pairwise(nodes)]
    legs = (_end_leg(start.ends, int(nodes[0])), *inner, _end_leg(goal.ends, int(nodes[-1])))
    return SeaLine(lonlat[nodes], canal[nodes], legs)


def described(start: Place, goal: Place, line: SeaLine, table: PassageTable) -> Route:
    """The route along a line: approaches added, passages in order."""
    whole = np.vstack([start.way, line.corners, goal.way[::-1]])
    legs = [*_shared_out(start.way, start.approach_nm)]
    tags = [APPROACH] * (len(start.way) - 1)
    canal = np.concatenate([[-1], line.canal, [-1]])
    xyz = vectors(np.vstack([start.sea, line.corners, goal.sea]))
    crossings = []
    at = start.approach_nm
    for k, (length, crossed) in enumerate(line.legs):
        for bit in _bits_of(crossed):
            passage = table.all[bit]
            crossings.append(Crossing(passage.id, at + length * where_crossed(passage, xyz[k], xyz[k + 1])))
        legs.append(length)
        same = canal[k] >= 0 and canal[k] == canal[k + 1]
        tags.append(table.ids[canal[k]] if same else "")
        at += length
    legs += [*_shared_out(goal.way, goal.approach_nm)[::-1]]
    tags += [APPROACH] * (len(goal.way) - 1)
    leg_nm = np.array(legs)
    moved = np.r_[True, np.any(np.abs(np.diff(whole, axis=0)) > 0, axis=1)]
    kept = moved[1:] | (leg_nm > 0)
    return Route(
        status="ok",
        reason="",
        distance_nm=at + goal.approach_nm,
        crossings=tuple(sorted(crossings, key=lambda c: c.at_nm)),
        lonlat=whole[np.r_[True, kept]],
        leg_nm=leg_nm[kept],
        leg_tags=tuple(t for t, keep in zip(tags, kept, strict=True) if keep),
    )


def _shared_out(way: Floats, total_nm: float) -> Sequence[float]:
    """A counted length shared over the pieces of a path."""
    own = [way_nm(way[k : k + 2]) for k in range(len(way) - 1)]
    return [total_nm * x / sum(own) for x in own] if sum(own) > 0 else own


def _end_leg(ends: Ends, node: int) -> tuple[float, int]:
    rows = np.flatnonzero(ends.nodes == node)
    k = rows[np.argmin(ends.length_nm[rows])]
    return float(ends.length_nm[k]), int(ends.bits[k])


def _bits_of(bits: int) -> list[int]:
    return [k for k in range(64) if bits >> k & 1]
