"""Which narrow waters are worth their corners: those that lead through, and those that hold a port.

The law of the width (geodata.build.width.ladder) opens every bay and every notch of a coast. Nearly all of them lead
nowhere. A piece of narrow water is dropped where its neighbours meet close by without it: what it would add is a way
along the beach. Between two shores of different land a way round counts only if it is very near. A piece with a port
stays, unless wider water is so near that the port's approach bridges the rest.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from shapely import Polygon, STRtree, box
from shapely.geometry.base import BaseGeometry

from geodata.build.land import polygons_of
from geodata.build.width.ladder import ISLET, ISLET_NM, Piece
from sim.geo.geodesy import Floats
from sim.geo.network.raw.raster import squeeze
from sim.geo.visibility import Ints

PORT_REACH_DEG = 0.2  # a port within this of a piece may lie in it
APPROACH_NM = 12.0  # a port's approach bridges so many miles to wider water
AROUND = 0.6  # "close by": within this share of a piece's radius, and at least one mile
AROUND_LEAST_NM = 1.0
BESIDE = 2.2  # the same where one land alone lies beside the piece
SHORE = 2.0  # a land lies beside a piece if it is nearer than so many radii of the piece
LEAST_AREA = 1e-10  # square degrees: less is a touch
OPEN = -1  # the neighbour that is no piece


def parts(shape: BaseGeometry) -> list[Polygon]:
    """Polygons of a shape that are more than a touch."""
    return [p for p in polygons_of(shape) if p.area > LEAST_AREA]


def connected(shapes: Sequence[BaseGeometry]) -> Ints:
    """Number of the connected group of each shape."""
    touching = STRtree(shapes).query(np.array(shapes, dtype=object), predicate="intersects")
    joined = csr_array((np.ones(touching.shape[1]), tuple(touching)), shape=(len(shapes), len(shapes)))
    return np.asarray(connected_components(joined, directed=False)[1])


def _extent_nm(polygon: Polygon) -> float:
    west, south, east, north = polygon.bounds
    return float(np.hypot((east - west) * squeeze((south + north) / 2), north - south)) * 60


class Channels:
    """Pieces of narrow water in obstacles of open water, and where they meet."""

    def __init__(self, shut: list[Polygon], pieces: list[Piece], land: list[Polygon], ports: Floats) -> None:
        self.shut, self.pieces, self.land = shut, pieces, land
        self._land_tree = STRtree(land)
        self._extent_nm = np.array([_extent_nm(p) for p in land])
        self.alive = np.ones(len(pieces), dtype=bool)
        self._shut_tree = STRtree(shut)
        self._water_tree = STRtree([p.water for p in pieces])
        self._let_out_tree = STRtree([p.let_out for p in pieces])
        self._meets = self._meeting()
        self._ports = ports
        self._held = self._holding(shapely.points(ports))

    def _open_part(self, shape: BaseGeometry) -> BaseGeometry:
        """What of a shape lies in open water."""
        near = self._shut_tree.query(shape, predicate="intersects")
        for k in sorted(near.tolist()):
            shape = shapely.difference(shape, self.shut[k])
            if shape.is_empty:
                break
        return shape

    def _meeting(self) -> list[list[tuple[int, Polygon]]]:
        """For each piece its neighbours (OPEN or a piece), each with a part of water that both have."""
        out: list[list[tuple[int, Polygon]]] = [[] for _ in self.pieces]
        for k, piece in enumerate(self.pieces):
            out[k] += [(OPEN, p) for p in parts(self._open_part(piece.let_out))]
            near = self._water_tree.query(piece.let_out, predicate="intersects")
            for j in sorted(near.tolist()):
                if j == k:
                    continue
                for p in parts(shapely.intersection(piece.let_out, self.pieces[j].water)):
                    out[k].append((j, p))
                    out[j].append((k, p))
        return out

    def _holding(self, ports: list[shapely.Point]) -> list[set[int]]:
        """Ports that lie in or next to each piece: each in the nearest, among equals the widest."""
        out: list[set[int]] = [set() for _ in self.pieces]
        outside = set(range(len(ports))) - set(self._shut_tree.query(ports, predicate="intersects")[0].tolist())
        for k, port in enumerate(ports):
            near = self._let_out_tree.query(port, predicate="dwithin", distance=PORT_REACH_DEG)
            if k in outside or not len(near):
                continue
            away = np.array([self.pieces[j].let_out.distance(port) for j in near])
            nearest = sorted(near[away <= away.min() + 0.002].tolist())
            out[max(nearest, key=lambda j: self.pieces[j].radius_nm)].add(k)
        return out

    def _away_nm(self, port: int, water: BaseGeometry) -> float:
        """Miles from a port to a water."""
        lon, lat = self._ports[port]
        there = shapely.shortest_line(shapely.Point(lon, lat), water).coords[1]
        return float(np.hypot((there[0] - lon) * squeeze(lat), there[1] - lat)) * 60

    def _neighbours(self, k: int) -> list[tuple[int, Polygon]]:
        return [(j, p) for j, p in self._meets[k] if j == OPEN or self.alive[j]]

    def _meet_without(self, k: int, meets: list[tuple[int, Polygon]], within_nm: float) -> bool | None:
        """Whether a piece's neighbours reach each other without it near by; None where one of them lies farther off."""
        water = self.pieces[k].water
        narrow = squeeze((water.bounds[1] + water.bounds[3]) / 2)
        flat = shapely.transform(water, lambda xy: xy * [narrow, 1.0]).buffer(within_nm / 60, quad_segs=4)
        around = shapely.transform(flat, lambda xy: xy / [narrow, 1.0])
        shapes: list[BaseGeometry] = list(polygons_of(self._open_part(around)))
        for j in sorted(self._let_out_tree.query(around, predicate="intersects").tolist()):
            if j != k and self.alive[j]:
                shapes += polygons_of(shapely.intersection(self.pieces[j].let_out, around))
        if not shapes:
            return False
        group, tree = connected(shapes), STRtree(shapes)
        common: set[int] | None = None
        for _, part in meets:
            near = shapely.intersection(part, around)
            if near.is_empty:
                return None
            own = set(group[tree.query(near, predicate="intersects")].tolist())
            common = own if common is None else common & own
            if not common:
                return False
        return True

    def _lands_beside(self, k: int) -> int:
        """How many lands lie beside a piece, islets left out."""
        piece = self.pieces[k]
        narrow, reach = squeeze((piece.water.bounds[1] + piece.water.bounds[3]) / 2), SHORE * piece.radius_nm / 60
        near = self._land_tree.query(piece.water, predicate="dwithin", distance=reach / narrow)
        near = near[self._extent_nm[near] > max(ISLET_NM, ISLET * piece.radius_nm)]
        if len(near) < 2:
            return len(near)
        west, south, east, north = piece.water.bounds
        frame = box(west - reach / narrow, south - reach, east + reach / narrow, north + reach)
        flat = [
            shapely.transform(shapely.intersection(self.land[j], frame), lambda xy: xy * [narrow, 1.0]) for j in near
        ]
        water = shapely.transform(piece.water, lambda xy: xy * [narrow, 1.0])
        return int(shapely.dwithin(water, np.array(flat, dtype=object), reach).sum())

    def _leads_through(self, k: int, meets: list[tuple[int, Polygon]]) -> bool:
        if len(meets) < 2:
            return False
        radius = self.pieces[k].radius_nm
        if self._meet_without(k, meets, max(AROUND * radius, AROUND_LEAST_NM)):
            return False
        return self._lands_beside(k) > 1 or not self._meet_without(k, meets, max(BESIDE * radius, AROUND_LEAST_NM))

    def _bridged(self, k: int, meets: list[tuple[int, Polygon]]) -> bool:
        """Whether the ports of a piece are near enough to its neighbours; these are then the neighbour's."""
        if not self._held[k]:
            return True
        if not meets:
            return False
        wider = shapely.union_all([p for _, p in meets])
        if max(self._away_nm(port, wider) for port in sorted(self._held[k])) > APPROACH_NM:
            return False
        heirs = [j for j, _ in meets if j != OPEN]
        if heirs:
            self._held[max(heirs, key=lambda j: (self.pieces[j].radius_nm, -j))] |= self._held[k]
        return True

    def prune(self) -> None:
        """Drop the pieces that are not needed, the narrowest first; neighbours of what goes are looked at again."""
        begun = time.monotonic()
        queue = sorted(range(len(self.pieces)), key=lambda k: (-self.pieces[k].radius_nm, k))
        waiting, looked = set(queue), 0
        while queue:
            k = queue.pop()
            waiting.discard(k)
            meets = self._neighbours(k)
            looked += 1
            if looked % 10_000 == 0:
                print(f"  channels: {looked} looked at, {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
            if self._leads_through(k, meets) or not self._bridged(k, meets):
                continue
            self.alive[k] = False
            again = sorted({j for j, _ in self._meets[k] if j != OPEN and self.alive[j]} - waiting)
            queue += again
            waiting |= set(again)

    def kept(self) -> list[Piece]:
        """The pieces that are needed."""
        return [p for p, alive in zip(self.pieces, self.alive, strict=True) if alive]


def with_channels(shut: list[Polygon], pieces: list[Piece]) -> list[Polygon]:
    """Obstacles of open water less the pieces of narrow water."""
    tree = STRtree([p.let_out for p in pieces])
    out = []
    for polygon in shut:
        near = sorted(tree.query(polygon, predicate="intersects").tolist())
        cut = shapely.union_all([pieces[k].let_out for k in near]) if near else Polygon()
        out += polygons_of(shapely.difference(polygon, cut) if near else polygon)
    return out
