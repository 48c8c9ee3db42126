"""Which narrow waters are worth their corners: those that ships use, and those that hold a port.

The law of the width (geodata.build.width.ladder) opens every bay and every notch of a coast, and nearly all of them
lead nowhere. A piece stays where the shortest way between two ports of the coast, or from one end of a named water to
the other, leads through it (geodata.build.width.traffic). What only holds a port stays where it is far from wider
water: the port's approach bridges the rest.
"""

from __future__ import annotations

import sys
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from shapely import Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from geodata.build.land import polygons_of
from geodata.build.width.ladder import Piece
from geodata.build.width.traffic import NO_CONTACT, OPEN, Through, Traffic, contacts_of
from sim.geo.geodesy import Floats, way_nm
from sim.geo.network.raw.raster import squeeze

APPROACH_NM = 25.0  # a port's approach bridges so many miles to wider water
WIDE_NM, WIDE_APPROACH_NM = 4.0, 8.0  # but in a gulf or sound of this half width only so many
REACH_NM = 500.0  # ports of one coast
FAR_NM = 2000.0  # main ports of one part of the world
MIN_USERS = 20  # a piece is on ways of so many ports
UNNAMED_NM = 1.0  # what is narrower than twice this is for waters with a name: few use it whom nobody told of it
ROUNDS = 3  # few pieces change after these
DETOUR = 1.5  # a way from end to end of a named water that is so much longer than its line does not lead through it
LEAST_AREA = 1e-10  # square degrees: less is a touch

Line = tuple[tuple[float, float], ...]  # lon, lat degrees

_state: dict[str, Any] = {}


def parts(shape: BaseGeometry) -> list[Polygon]:
    """Polygons of a shape that are more than a touch."""
    return [p for p in polygons_of(shape) if p.area > LEAST_AREA]


class Channels:
    """Pieces of narrow water in obstacles of open water, and where they meet."""

    def __init__(self, shut: list[Polygon], pieces: list[Piece], ports: Floats) -> None:
        self.shut, self.pieces = shut, pieces
        self.alive = np.zeros(len(pieces), dtype=bool)
        self._shut_tree = STRtree(shut)
        self._water_tree = STRtree([p.water for p in pieces])
        self.meets = self._meeting()
        self._contacts = contacts_of(self.meets)
        self._of_piece: list[list[int]] = [[] for _ in pieces]
        for c, (k, j, _) in enumerate(self._contacts):
            for piece in {k, j} - {OPEN}:
                self._of_piece[piece].append(c)
        self._ports = ports
        self._held: list[set[int]] = [set() for _ in pieces]

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

    def _away_nm(self, port: int, water: BaseGeometry) -> float:
        """Miles from a port to a water."""
        lon, lat = self._ports[port]
        there = shapely.shortest_line(shapely.Point(lon, lat), water).coords[1]
        return float(np.hypot((there[0] - lon) * squeeze(lat), there[1] - lat)) * 60

    def _leads_to(self, contact: int, k: int) -> bool:
        """Whether there is water behind a contact of a piece."""
        if contact == NO_CONTACT:
            return False
        a, b, _ = self._contacts[contact]
        other = b if a == k else a
        return other == OPEN or bool(self.alive[other])

    def _bridged(self, k: int) -> bool:
        """Whether the ports of a piece are near enough to its neighbours; these are then the neighbour's."""
        if not self._held[k]:
            return True
        meets = [self._contacts[c] for c in self._of_piece[k] if self._leads_to(c, k)]
        if not meets:
            return False
        wider = shapely.union_all([p for *_, p in meets])
        bridged = APPROACH_NM if self.pieces[k].radius_nm < WIDE_NM else WIDE_APPROACH_NM
        if max(self._away_nm(port, wider) for port in sorted(self._held[k])) > bridged:
            return False
        heirs = {a if b == k else b for a, b, _ in meets} - {OPEN}
        if heirs:
            self._held[max(heirs, key=lambda j: (self.pieces[j].radius_nm, -j))] |= self._held[k]
        return True

    def keep(self, ways: Iterable[Through], named: Iterable[Through], homes: Mapping[int, int]) -> None:
        """Keep the pieces that some ways lead through, less those at the end of which lies no port, or a port near
        enough to what is left; pieces of named ways stay. `homes` are the pieces in which ports lie, by port."""
        for port, piece in homes.items():
            self._held[piece].add(port)
        fixed = {way.piece for way in named}
        self.alive[sorted(fixed)] = True
        through: list[list[Through]] = [[] for _ in self.pieces]
        for way in sorted(ways):
            self.alive[way.piece] = True
            if way.before != way.after:
                through[way.piece].append(way)
        queue = deque(sorted(np.flatnonzero(self.alive).tolist(), key=lambda k: (self.pieces[k].radius_nm, k)))
        waiting = set(queue)
        while queue:
            k = queue.popleft()
            waiting.discard(k)
            leads = any(self._leads_to(w.before, k) and self._leads_to(w.after, k) for w in through[k])
            if leads or k in fixed or not self._bridged(k):
                continue
            self.alive[k] = False
            ends = {j for c in self._of_piece[k] for j in self._contacts[c][:2]} - {OPEN}
            again = sorted({j for j in ends if self.alive[j]} - waiting)
            queue += again
            waiting |= set(again)

    def kept(self) -> list[Piece]:
        """The pieces that are needed."""
        return [p for p, alive in zip(self.pieces, self.alive, strict=True) if alive]


def _begin(traffic: Traffic, matrix: csr_array, ports: int, main: int) -> None:
    _state.update(traffic=traffic, matrix=matrix, ports=ports, main=main)


def _ways(port: int) -> set[Through]:
    traffic: Traffic = _state["traffic"]
    found = traffic.ways(_state["matrix"], port, np.arange(_state["ports"]), REACH_NM)
    if port < _state["main"]:
        found |= traffic.ways(_state["matrix"], port, np.arange(_state["main"]), FAR_NM)
    return found


def ways_in(traffic: Traffic, ports: int) -> tuple[set[Through], dict[int, int]]:
    """Ways from the ocean to the first so many places of the graph, which are ports, and to every sea; and the piece in
    which each port's way ends, if it does."""
    found = traffic.ways_in(ports)
    homes = {port: way.piece for port, own in enumerate(found[:ports]) for way in own if way.after == NO_CONTACT}
    return set().union(*found), homes


def ways_between(
    traffic: Traffic, ports: int, main: int, always: Iterable[int], never: NDArray[np.bool_], workers: int = 2
) -> set[Through]:
    """Ways between ports, which are the first places of the graph and the first of them the main ones, through pieces
    that enough of them use. What few use is left out and the ways are sought again, until all have users enough or
    `ROUNDS` are over. Pieces that stay anyhow are open `always`, others (p,) `never`."""
    fixed = np.zeros(len(traffic.pieces), dtype=bool)
    fixed[sorted(set(always))] = True
    allowed = fixed | (np.array([piece.radius_nm >= UNNAMED_NM for piece in traffic.pieces], dtype=bool) & ~never)
    ways: set[Through] = set()
    enough = fixed
    for _ in range(ROUNDS):
        ways = set()
        users: Counter[int] = Counter()
        state = (traffic, traffic.matrix(allowed), ports, main)
        with ProcessPoolExecutor(workers, initializer=_begin, initargs=state) as pool:
            for found in pool.map(_ways, range(ports), chunksize=50):
                ways |= found
                users.update({way.piece for way in found})
        enough = fixed | np.array([users[k] >= MIN_USERS for k in range(len(traffic.pieces))], dtype=bool)
        print(f"  {len(users)} pieces have ways, {(allowed & enough).sum()} users enough", file=sys.stderr, flush=True)
        if set(users) <= set(np.flatnonzero(enough).tolist()):
            break
        allowed &= enough
    return {way for way in ways if enough[way.piece]}


def ways_along(traffic: Traffic, ports: int, lines: Sequence[Line]) -> set[Through]:
    """Ways along lines of named waters; their ends are the places of the graph after the ports, two by two."""
    out: set[Through] = set()
    matrix = traffic.matrix()
    for k, line in enumerate(lines):
        first = ports + 2 * k
        out |= traffic.ways(matrix, first, np.array([first + 1]), DETOUR * way_nm(np.array(line)))
    return out


def with_channels(shut: list[Polygon], pieces: list[Piece]) -> list[Polygon]:
    """Obstacles of open water less the pieces of narrow water."""
    tree = STRtree([p.let_out for p in pieces])
    out = []
    for polygon in shut:
        near = sorted(tree.query(polygon, predicate="intersects").tolist())
        cut = shapely.union_all([pieces[k].let_out for k in near]) if near else Polygon()
        out += polygons_of(shapely.difference(polygon, cut) if near else polygon)
    return out
