"""Which narrow waters ships use: those that a shortest way between two ports leads through.

The law of the width (geodata.build.width.ladder) opens every bay and every notch of a coast, and nearly all of them
lead nowhere. Here the water is made a coarse graph: squares of open water, and the pieces of narrow water cut into
parts a few radii long, joined where they meet. The shortest ways between ports on it tell which pieces are used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import KDTree
from shapely import LineString, Polygon, STRtree, box

from geodata.build.land import polygons_of
from geodata.build.width.ladder import Piece
from geodata.build.width.windows import Window
from sim.geo.geodesy import NM_PER_RADIAN, Floats, vectors
from sim.geo.graph import Ints
from sim.geo.network.raw.raster import squeeze

OPEN = -1  # the neighbour that is no piece
NO_CONTACT = -1
PART, PART_NM = 4.0, 16.0  # a part of a piece is so many radii long, and not more miles than this
MOUTH_NM = 12.0  # where pieces meet there is a place every so many miles
SQUARE_NM = 15.0  # of open water
STEP_NM = 34.0  # a step over open water: 16 directions
NEAR_NM = 20.0  # a mouth of a piece is joined to squares and other mouths within this
PLACE_REACH_NM = 12.0  # a place inland of open water lies at the parts within this, else at the nearest mouths
SEA = 10  # squares: what is smaller is a pocket of open water
SHORT = 16  # corners of a line of the shore
TOLL_NM = 2.0  # a way into a piece must be worth so much

Meets = Sequence[tuple[int, Polygon]]


class Through(NamedTuple):
    """A way through a piece, from one of its contacts to another; NO_CONTACT where it begins or ends in the piece."""

    piece: int
    before: int
    after: int


class Links(NamedTuple):
    """Edges of the coarse graph: nodes (e,), nodes (e,), nm (e,)."""

    first: Ints
    second: Ints
    nm: Floats


def contacts_of(meets: Sequence[Meets]) -> list[tuple[int, int, Polygon]]:
    """Where pieces meet each other or open water, each once: piece, neighbour, and the water that both have."""
    return [(k, j, p) for k, own in enumerate(meets) for j, p in own if j == OPEN or k < j]


def _nm(a: Floats, b: Floats) -> Floats:
    """Miles between places (n, 2) and (n, 2) near each other."""
    east = (a[:, 0] - b[:, 0] + 180) % 360 - 180
    return np.asarray(np.hypot(east * np.cos(np.deg2rad((a[:, 1] + b[:, 1]) / 2)), a[:, 1] - b[:, 1]) * 60)


def _split(water: Polygon, side_nm: float) -> list[Polygon]:
    """A water in parts of a length: it is halved until they are short enough."""
    west, south, east, north = water.bounds
    wide, high = (east - west) * squeeze((south + north) / 2), north - south
    if max(wide, high) * 60 <= side_nm:
        return [water]
    lon, lat = ((west + east) / 2, north) if wide > high else (east, (south + north) / 2)
    halves = [box(west, south, lon, lat), box(*((lon, south) if wide > high else (west, lat)), east, north)]
    return [part for h in halves for p in polygons_of(shapely.intersection(water, h)) for part in _split(p, side_nm)]


class Shore:
    """The shore of open water in short lines."""

    def __init__(self, shut: Sequence[Polygon]) -> None:
        rings = [np.array(r.coords) for p in shut for r in (p.exterior, *p.interiors)]
        self._tree = STRtree([LineString(xy[k : k + SHORT + 1]) for xy in rings for k in range(0, len(xy) - 1, SHORT)])

    def clear(self, a: Floats, b: Floats) -> NDArray[np.bool_]:
        """Which straight lines between places (n, 2) cross no shore; lines over 180 degrees are taken as clear."""
        out = np.ones(len(a), dtype=bool)
        flat = np.flatnonzero(np.abs(a[:, 0] - b[:, 0]) < 180)
        lines = shapely.linestrings(np.stack([a[flat], b[flat]], axis=1))
        out[flat[np.unique(self._tree.query(lines, predicate="intersects")[0])]] = False
        return out


def squares(shut: Sequence[Polygon], windows: Sequence[Window]) -> Floats:
    """Middles (n, 2) of squares of open water in windows."""
    rows = []
    for w in windows:
        for lat in np.arange(w.south + SQUARE_NM / 120, w.north, SQUARE_NM / 60):
            count = max(int((w.east - w.west) * 60 * np.cos(np.deg2rad(lat)) / SQUARE_NM), 1)
            lon = w.west + (np.arange(count) + 0.5) * (w.east - w.west) / count
            rows.append(np.column_stack([lon, np.full(count, lat)]))
    places = np.vstack(rows)
    inside = STRtree(shapely.points(places)).query(list(shut), predicate="contains")[1]
    return np.delete(places, np.unique(inside), axis=0)


def _pairs(places: Floats, reach_nm: float) -> tuple[Ints, Ints]:
    found = KDTree(vectors(places)).query_pairs(reach_nm / NM_PER_RADIAN, output_type="ndarray")
    return found[:, 0].astype(np.int64), found[:, 1].astype(np.int64)


class Traffic:
    """The coarse graph of open water, pieces and places (n, 2) of lon, lat degrees: ports, and ends of named waters."""

    def __init__(
        self,
        shut: list[Polygon],
        pieces: list[Piece],
        meets: Sequence[Meets],
        places: Floats,
        windows: Sequence[Window],
    ) -> None:
        self.shore, self.pieces = Shore(shut), pieces
        parts = [
            (k, p) for k, piece in enumerate(pieces) for p in _split(piece.water, min(PART * piece.radius_nm, PART_NM))
        ]
        self.part_piece = np.array([k for k, _ in parts], dtype=np.int64)
        shapes = np.array([p for _, p in parts], dtype=object)
        contacts = [
            (c, k, j, part)
            for c, (k, j, polygon) in enumerate(contacts_of(meets))
            for part in _split(polygon, MOUTH_NM)
        ]
        self.contact = np.array([c for c, *_ in contacts], dtype=np.int64)  # of each node, its number in contacts_of
        mouth = np.array([j == OPEN for _, _, j, _ in contacts])
        at_part = shapely.get_coordinates(shapely.point_on_surface(shapes))
        at_contact = shapely.get_coordinates(shapely.point_on_surface(np.array([p for *_, p in contacts])))
        open_water = squares(shut, windows)
        # nodes: parts, contacts, squares, places
        self.first_contact = len(parts)
        self.first_square = self.first_contact + len(contacts)
        self.first_place = self.first_square + len(open_water)
        self.lonlat = np.vstack([at_part, at_contact, open_water, places])
        mouths = self.first_contact + np.flatnonzero(mouth)
        self.links = [
            self._within_pieces(shapes),
            self._to_contacts(shapes, contacts),
            self._over_open_water(mouths),
            self._to_places(shapes, mouths, places, STRtree(shut)),
        ]

    def _link(self, first: Ints, second: Ints, toll: float = 0.0) -> Links:
        nm = _nm(self.lonlat[first], self.lonlat[second]) + toll
        return Links(np.asarray(first, np.int64), np.asarray(second, np.int64), np.maximum(nm, 0.01))

    def _within_pieces(self, shapes: NDArray[np.object_]) -> Links:
        a, b = STRtree(shapes).query(shapes, predicate="intersects")
        same = (a < b) & (self.part_piece[a] == self.part_piece[b])
        return self._link(a[same], b[same])

    def _to_contacts(self, shapes: NDArray[np.object_], contacts: Sequence[tuple[int, int, int, Polygon]]) -> Links:
        start = np.searchsorted(self.part_piece, np.arange(len(self.pieces) + 1))
        first, second = [], []
        for c, (_, k, j, _) in enumerate(contacts):
            at = shapely.Point(self.lonlat[self.first_contact + c])
            for piece in (k, j):
                if piece != OPEN:
                    own = slice(start[piece], start[piece + 1])
                    first.append(start[piece] + int(np.argmin(shapely.distance(shapes[own], at))))
                    second.append(self.first_contact + c)
        return self._link(np.array(first, np.int64), np.array(second, np.int64), TOLL_NM / 2)

    def _over_open_water(self, mouths: Ints) -> Links:
        open_nodes = np.concatenate([np.arange(self.first_square, self.first_place), mouths])
        square = len(open_nodes) - len(mouths)
        far, near = _pairs(self.lonlat[open_nodes[:square]], STEP_NM), _pairs(self.lonlat[open_nodes], NEAR_NM)
        mixed = near[1] >= square  # the others are among the far ones
        a, b = (open_nodes[np.concatenate([f, n[mixed]])] for f, n in zip(far, near, strict=True))
        clear = self.shore.clear(self.lonlat[a], self.lonlat[b])
        return self._link(a[clear], b[clear])

    def _to_places(self, shapes: NDArray[np.object_], mouths: Ints, places: Floats, shut: STRtree) -> Links:
        parts = STRtree(shapes)
        open_nodes = np.concatenate([np.arange(self.first_square, self.first_place), mouths])
        near_open = KDTree(vectors(self.lonlat[open_nodes]))
        inland = set(shut.query(shapely.points(places), predicate="intersects")[0].tolist())
        first, second = [], []
        for k, place in enumerate(places):
            point = shapely.Point(place)
            found = parts.query(point, predicate="dwithin", distance=PLACE_REACH_NM / 60) if k in inland else []
            if len(found):
                nodes = found[np.argsort(shapely.distance(shapes[found], point))[:3]]
            else:
                nodes = open_nodes[near_open.query(vectors(place), 5)[1]]
            first += nodes.tolist()
            second += [self.first_place + k] * len(nodes)
        return self._link(np.array(first, np.int64), np.array(second, np.int64))

    def matrix(self, pieces: NDArray[np.bool_] | None = None) -> csr_array:
        """Lengths of the steps, nm, through some of the pieces (p,) or all. Each place is a node that ways leave and,
        after all, another that they enter: no way leads through a place."""
        n, places = len(self.lonlat), len(self.lonlat) - self.first_place
        first, second, nm = (np.concatenate(c) for c in zip(*self.links[:-1], strict=True))
        node, place, away = self.links[-1]
        row = np.concatenate([first, second, place, node]).astype(np.int32)
        col = np.concatenate([second, first, node, place + places]).astype(np.int32)
        length = np.concatenate([nm, nm, away, away])
        # of several steps between two nodes the matrix would have the sum
        order = np.lexsort([length, col, row])
        row, col, length = row[order], col[order], length[order]
        good = np.r_[True, (np.diff(row) != 0) | (np.diff(col) != 0)]
        if pieces is not None:
            passable = np.ones(n + places, dtype=bool)
            passable[: self.first_contact] = pieces[self.part_piece]
            good &= passable[row] & passable[col]
        return csr_array((length[good], (row[good], col[good])), shape=(n + places, n + places))

    def ways(self, matrix: csr_array, place: int, goals: Ints, reach_nm: float) -> set[Through]:
        """Pieces that the shortest ways of a place to other places within reach lead through."""
        far, before = dijkstra(matrix, indices=self.first_place + place, limit=reach_nm, return_predecessors=True)
        at = len(self.lonlat) + goals
        return self._through(far, before, at[np.isfinite(far[at]) & (goals != place)])

    def seas(self) -> list[Ints]:
        """Squares of open water that meet, as nodes: the ocean first, then seas that only narrow waters join to it."""
        first, second, _ = self.links[2]
        squares = self.first_place - self.first_square
        both = (first >= self.first_square) & (second >= self.first_square)
        pair = first[both] - self.first_square, second[both] - self.first_square
        joined = coo_array((np.ones(both.sum(), dtype=bool), pair), shape=(squares, squares))
        count, label = connected_components(joined, directed=False)
        size = np.bincount(label, minlength=count)
        return [self.first_square + np.flatnonzero(label == k) for k in np.argsort(-size, kind="stable").tolist()]

    def ways_in(self, places: int) -> list[set[Through]]:
        """Pieces on the shortest ways from the ocean to each of the first so many places, and then to each sea that is
        no pocket; none where there is no way."""
        ocean, *others = self.seas()
        far, before, _ = dijkstra(self.matrix(), indices=ocean, return_predecessors=True, min_only=True)
        goals = [len(self.lonlat) + k for k in range(places)]
        goals += [int(sea[np.argmin(far[sea])]) for sea in others if len(sea) >= SEA]
        return [self._through(far, before, np.array([v])) if np.isfinite(far[v]) else set() for v in goals]

    def _through(self, far: Floats, before: Ints, goals: Ints) -> set[Through]:
        marked, at = np.zeros(len(far), dtype=bool), goals
        while len(at):
            at = np.unique(at[~marked[at]])
            marked[at] = True
            at = before[at]
            at = at[at >= 0]
        nodes = np.flatnonzero(marked)
        out: set[Through] = set()
        last: dict[int, int] = {}  # the contact by which the way came into the piece of a node
        for v in nodes[np.argsort(far[nodes])].tolist():
            u = int(before[v])
            came = last.get(u, NO_CONTACT)
            met = self.first_contact <= v < self.first_square
            contact = int(self.contact[v - self.first_contact]) if met else NO_CONTACT
            if 0 <= u < self.first_contact <= v:
                out.add(Through(int(self.part_piece[u]), came, contact))
            last[v] = contact if contact != NO_CONTACT else came if v < self.first_contact else NO_CONTACT
        return out
