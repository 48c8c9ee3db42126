"""From nodes to a route: the corners, lengths, passages and canals along a path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sim.geo.geodesy import Floats, lengths_nm, vectors, way_nm
from sim.geo.graph import Bits, Ends, Ints, Path
from sim.geo.network.places import LocalWay, Place
from sim.geo.passages import PassageTable, crosses, where_crossed
from sim.geo.route import Crossing, Route

APPROACH = "approach"


class Edges(Protocol):
    """What knows the edges between nodes."""

    def edges(self, nodes: Ints) -> tuple[Floats, Bits]:
        """Lengths (k - 1,) in nm and passage bits (k - 1,) of the edges from each of some nodes (k,) to the next."""


@dataclass(frozen=True)
class SeaLine:
    """A path between two sea points: corners (k, 2) between them, the canal's row (or -1) of each of these corners, and
    length (nm) and passage bits of the k + 1 legs."""

    corners: Floats
    canal: Ints
    legs: tuple[tuple[float, int], ...]


def sea_line(
    start: Place, goal: Place, path: Path, graph: Edges, lonlat: Floats, canal: Ints, table: PassageTable
) -> SeaLine:
    """The corners and legs of a path over nodes `lonlat` (n, 2); a path without nodes is one straight leg."""
    nodes = np.array(path.nodes, dtype=np.int64)
    if len(nodes) == 0:
        xyz = vectors(np.vstack([start.sea, goal.sea]))
        crossed = int(table.crossed(xyz[:1], xyz[1:])[0]) | start.way_bits | goal.way_bits
        return SeaLine(np.empty((0, 2)), nodes, ((way_nm(np.vstack([start.sea, goal.sea])), crossed),))
    inner = zip(*(values.tolist() for values in graph.edges(nodes)), strict=True)
    legs = (_end_leg(start.ends, int(nodes[0])), *inner, _end_leg(goal.ends, int(nodes[-1])))
    return SeaLine(lonlat[nodes], canal[nodes], legs)


def described(start: Place, goal: Place, line: SeaLine, table: PassageTable) -> Route:
    """The route along a line: approaches added, passages in order."""
    whole = np.vstack([start.way, line.corners, goal.way[::-1]])
    legs = [*_shared_out(start.way, start.approach_nm)]
    tags = [APPROACH] * (len(start.way) - 1)
    canal = np.concatenate([[-1], line.canal, [-1]])
    xyz = vectors(np.vstack([start.sea, line.corners, goal.sea]))
    crossings = [*_on_way(start.way, legs, 0.0, start.way_bits, table)]
    at = start.approach_nm
    last = len(line.legs) - 1
    for k, (length, crossed) in enumerate(line.legs):
        known = (start.way_bits if k == 0 else 0) | (goal.way_bits if k == last else 0)
        for bit in _bits_of(crossed & ~known):
            passage = table.all[bit]
            crossings.append(Crossing(passage.id, at + length * where_crossed(passage, xyz[k], xyz[k + 1])))
        legs.append(length)
        same = canal[k] >= 0 and canal[k] == canal[k + 1]
        tags.append(table.ids[canal[k]] if same else "")
        at += length
    into = [*_shared_out(goal.way, goal.approach_nm)[::-1]]
    crossings += _on_way(goal.way[::-1], into, at, goal.way_bits, table)
    legs += into
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
        joins=tuple(p.join for p in (start, goal) if p.join is not None),
    )


def local_route(start: Place, goal: Place, way: LocalWay, table: PassageTable) -> Route:
    """The route along a way over the raw coast, all of which is approach."""
    crossings = _on_way(way.lonlat, way.leg_nm.tolist(), 0.0, way.bits, table)
    return Route(
        status="ok",
        reason="",
        distance_nm=way.nm,
        crossings=tuple(sorted(crossings, key=lambda c: c.at_nm)),
        lonlat=way.lonlat,
        leg_nm=way.leg_nm,
        leg_tags=(APPROACH,) * len(way.leg_nm),
        joins=tuple(p.join for p in (start, goal) if p.join is not None),
    )


def _on_way(way: Floats, lengths: Sequence[float], at: float, bits: int, table: PassageTable) -> list[Crossing]:
    """The passages (bits) that an approach crosses; it begins `at` nm from the start of the route."""
    out = []
    xyz = vectors(way)
    begins = at + np.concatenate([[0.0], np.cumsum(lengths)])
    for bit in _bits_of(bits):
        passage = table.all[bit]
        k = int(np.argmax(crosses(passage, xyz[:-1], xyz[1:])))
        share = where_crossed(passage, xyz[k], xyz[k + 1])
        out.append(Crossing(passage.id, float(begins[k] + lengths[k] * share)))
    return out


def _shared_out(way: Floats, total_nm: float) -> Sequence[float]:
    """A counted length shared over the pieces of a path."""
    own: list[float] = lengths_nm(way[:-1], way[1:]).tolist() if len(way) > 1 else []
    drawn = sum(own)
    return [total_nm * x / drawn for x in own] if drawn > 0 else own


def _end_leg(ends: Ends, node: int) -> tuple[float, int]:
    rows = np.flatnonzero(ends.nodes == node)
    k = rows[np.argmin(ends.length_nm[rows])]
    return float(ends.length_nm[k]), int(ends.bits[k])


def _bits_of(bits: int) -> list[int]:
    out = []
    while bits:
        out.append((bits & -bits).bit_length() - 1)
        bits &= bits - 1
    return out
