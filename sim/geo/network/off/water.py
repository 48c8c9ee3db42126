"""The network for routes that keep off a named water: without its legs, and with the corners of its limit as nodes.

The network's nodes are corners of the coast, and a leg over the open ocean may cross a water that has no coast there.
Round such a water the shortest way bends at the corners of its limit: those that lie in the open ocean become nodes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.geo.geodesy import NM_PER_RADIAN, Floats, angles, cross, lengths_nm, lonlat, vectors
from sim.geo.graph import Bits, Ends, Graph, Ints
from sim.geo.network.places import Place
from sim.geo.passages import PassageTable
from sim.geo.waters import inside_water, named_waters

STEP_NM = 4.0  # between the points at which a leg is looked at
BLOCK = 4000  # legs at a time
OUTSIDE_NM = 5.0  # a corner is passed at this distance
OPEN_OCEAN_LAT = 73.9  # north of it the limit of the Northern Sea Route lies 200 nm off the land


class OffWater:
    """The network off one water. Nodes are those of the network, then the corners; `lonlat` (n, 2) degrees and `canal`
    (n,) are of all of them."""

    def __init__(
        self,
        water: str,
        nodes: tuple[Floats, Ints],
        edges: tuple[Ints, Ints, Floats, Bits],
        ends: Callable[[Floats], Ends],
        table: PassageTable,
    ) -> None:
        self.water = water
        own = corners_round(water)
        size = len(nodes[0])
        self.lonlat = np.vstack([nodes[0], own])
        self.canal = np.concatenate([nodes[1], np.full(len(own), -1, dtype=np.int64)])
        seen = [ends(corner) for corner in own]
        one, two = np.triu_indices(len(own), 1)
        xyz = vectors(own)
        parts = [
            edges,
            (
                np.repeat(np.arange(len(own)) + size, [len(e.nodes) for e in seen]),
                np.concatenate([e.nodes for e in seen]),
                np.concatenate([e.length_nm for e in seen]),
                np.concatenate([e.bits for e in seen]),
            ),
            (one + size, two + size, lengths_nm(own[one], own[two]), table.crossed(xyz[one], xyz[two])),
        ]
        first, second, length, bits = (np.concatenate(values) for values in zip(*parts, strict=True))
        kept = ~legs_over(water, self.lonlat[first], self.lonlat[second])
        self.graph = Graph(len(self.lonlat), first[kept], second[kept], length[kept], bits[kept])

    def ends(self, place: Place) -> Ends:
        """How a place hangs on this network."""
        if place.listed:
            return place.ends
        nodes = place.ends.nodes
        kept = ~legs_over(self.water, np.broadcast_to(place.sea, (len(nodes), 2)), self.lonlat[nodes])
        return Ends(nodes[kept], place.ends.length_nm[kept], place.ends.bits[kept])

    def hung(self, place: Place) -> Place:
        """The place with these ends."""
        return replace(place, ends=self.ends(place))


def corners_round(water: str) -> Floats:
    """Positions (n, 2), lon and lat degrees, just outside the corners of a water's limit in the open ocean."""
    limit = named_waters()[water][1]
    out = []
    for corner in limit[limit[:, 1] > OPEN_OCEAN_LAT]:
        at = vectors(corner)
        east = np.array([-at[1], at[0], 0.0]) / np.hypot(at[0], at[1])
        north = np.cross(at, east)
        turn = np.arange(0.0, 2 * np.pi, np.pi / 12)[:, None]
        away = np.sin(turn) * east + np.cos(turn) * north
        step = OUTSIDE_NM / NM_PER_RADIAN
        free = away[~inside_water(water, lonlat(at + step * away))]
        if len(free) > len(away) / 2:  # the limit turns round the water here; elsewhere no shortest way bends
            out.append(lonlat(at + step * free.sum(axis=0) / np.linalg.norm(free.sum(axis=0))))
    return np.array(out).reshape(-1, 2)


def legs_over(water: str, start: Floats, stop: Floats) -> NDArray[np.bool_]:
    """Which great-circle legs between positions (n, 2) of lon, lat degrees touch a named water."""
    out = np.zeros(len(start), dtype=bool)
    south, middle, radius = _cap(water)
    rows = np.flatnonzero(_may_touch(water, start, stop))
    for k in range(0, len(rows), BLOCK):
        row = rows[k : k + BLOCK]
        a, b = vectors(start[row]), vectors(stop[row])
        angle = np.maximum(angles(a, b), 1e-9)
        count = np.ceil(angle * NM_PER_RADIAN / STEP_NM).astype(np.int64) + 1
        leg = np.repeat(np.arange(len(row)), count)
        begin = np.repeat(np.cumsum(count) - count, count)
        share = (np.arange(len(leg)) - begin) / (count - 1)[leg]
        turn = angle[leg]
        at = np.sin((1 - share) * turn)[:, None] * a[leg] + np.sin(share * turn)[:, None] * b[leg]
        at /= np.sin(turn)[:, None]
        near = np.flatnonzero((at[:, 2] >= south) & (at @ middle >= np.cos(radius)))
        out[row[leg[near[inside_water(water, lonlat(at[near]))]]]] = True
    return out


def _cap(water: str) -> tuple[float, Floats, float]:
    """Sine of the least latitude of a water, and middle (3,) and radius (radians) of a cap that holds it."""
    corners = vectors(named_waters()[water][1])
    middle = corners.sum(axis=0)
    middle /= np.linalg.norm(middle)
    return float(corners[:, 2].min()), middle, float(np.arccos(np.clip((corners @ middle).min(), -1, 1)))


def _may_touch(water: str, start: Floats, stop: Floats) -> NDArray[np.bool_]:
    """Legs (n,) that come as far north as the water begins: most of the network's do not."""
    a, b = vectors(start), vectors(stop)
    normal = cross(a, b)
    normal /= np.maximum(np.linalg.norm(normal, axis=1), 1e-15)[:, None]
    climbs = cross(normal, a)[:, 2] > 0, cross(normal, b)[:, 2] > 0
    vertex = np.sqrt(np.maximum(1.0 - normal[:, 2] ** 2, 0.0))  # sine of the great circle's highest latitude
    highest = np.where(climbs[0] & ~climbs[1], vertex, np.maximum(a[:, 2], b[:, 2]))
    return np.asarray(highest >= _cap(water)[0])
