"""Water on a fine local grid: which cells are covered by polygons, and which neighbours a shore parts.

Rows and columns are counted where the shore crosses them, so that nothing is clipped: the edge of a window is no shore,
a window may lie across 180 degrees, and a spit thinner than a cell still parts the cells on its two sides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import shapely
import shapely.affinity
from numpy.typing import NDArray
from scipy.sparse import csr_array
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from sim.geo.geodesy import Floats
from sim.geo.land import land_polygons

Bools = NDArray[np.bool_]
Counts = NDArray[np.int32]
MOST_NORTHERN = 89.9  # no land lies farther north


class Box(NamedTuple):
    """A window in degrees; `west` may lie below -180 or `east` beyond 180."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, lon: float, lat: float, half: float) -> Box:
        """A window of `half` degrees of latitude to each side, as wide as high on the water."""
        wide = min(half / squeeze(lat), 179.0)
        return cls(lon - wide, max(lat - half, -MOST_NORTHERN), lon + wide, min(lat + half, MOST_NORTHERN))

    @property
    def turns(self) -> list[float]:
        """By how many degrees the map is moved, once for each of its copies that the window touches."""
        return [t for t in (-360.0, 0.0, 360.0) if self.west < 180 + t and self.east > -180 + t]


def squeeze(lat: float) -> float:
    """Length of a degree of longitude in degrees of latitude."""
    return max(float(np.cos(np.deg2rad(lat))), 0.03)


class Grid(NamedTuple):
    """Centres of cells: longitudes (c,) and latitudes (r,) at equal steps."""

    xs: Floats
    ys: Floats

    @classmethod
    def over(cls, box: Box, cell: float, wide: float) -> Grid:
        """Cells of `cell` degrees of latitude and `wide` of longitude."""
        return cls(np.arange(box.west, box.east, wide), np.arange(box.south, box.north, cell))

    @property
    def lonlat(self) -> Floats:
        """Centres (r x c, 2), row by row."""
        return np.stack(np.meshgrid(self.xs, self.ys), axis=-1).reshape(-1, 2)

    def around(self, row: int, col: int, degrees: float) -> tuple[slice, slice]:
        """Rows and columns up to so many degrees of latitude from a cell, as far on the water to the sides as up and
        down."""
        high = int(degrees / (self.ys[1] - self.ys[0])) + 1
        wide = int(degrees / (self.xs[1] - self.xs[0]) / squeeze(float(np.abs(self.ys).max()))) + 1
        return slice(max(row - high, 0), row + high + 1), slice(max(col - wide, 0), col + wide + 1)

    def away(self, lon: float, lat: float) -> Floats:
        """Distance (r, c) of each centre from a position, nm (in the plane)."""
        return np.hypot((self.xs - lon)[None, :] * squeeze(lat), (self.ys - lat)[:, None]) * 60


def _passed(low: Floats, high: Floats, start: float, step: float, count: int) -> tuple[NDArray[np.int64], Floats]:
    """Lines of a grid that each stretch from low to high passes: (stretch, line) pairs."""
    first = np.clip(np.ceil((low - start) / step), 0, count).astype(np.int64)
    last = np.clip(np.ceil((high - start) / step), 0, count).astype(np.int64)
    many = np.maximum(last - first, 0)
    stretch = np.repeat(np.arange(len(low)), many)
    return stretch, np.arange(len(stretch)) - np.repeat(np.cumsum(many) - many, many) + first[stretch]


def _scanned(ends: Floats, along: Floats, across: Floats, inner: bool) -> Counts:
    """How often segments (n, 4: u0, v0, u1, v1) cross each line v = along between two neighbouring points u = across.

    Entry [k, j] counts the crossings of line k before point j and after the point before it (all before it for j = 0,
    none of them where `inner`).
    """
    u0, v0, u1, v1 = ends.T
    step_v, step_u = along[1] - along[0], across[1] - across[0]
    segment, line = _passed(np.minimum(v0, v1), np.maximum(v0, v1), along[0], step_v, len(along))
    v = along[0] + line * step_v
    at = u0[segment] + (v - v0[segment]) * (u1[segment] - u0[segment]) / (v1[segment] - v0[segment])
    place = np.ceil((at - across[0]) / step_u)
    kept = place < len(across)
    if inner:
        kept &= place > 0
    cell = line[kept] * len(across) + np.maximum(place[kept], 0).astype(np.int64)
    counted = np.bincount(cell.astype(np.int64), minlength=len(along) * len(across))
    return counted.reshape(len(along), len(across)).astype(np.int32)


@dataclass(frozen=True)
class Raster:
    """A grid with the cells that polygons cover (r, c), and how often their shores cross the way from each cell's left
    (`beside`) and lower (`below`) neighbour."""

    covered: Bools
    beside: Counts
    below: Counts

    def part(self, rows: slice, cols: slice) -> Raster:
        """Some rows and columns."""
        return Raster(self.covered[rows, cols], self.beside[rows, cols], self.below[rows, cols])


class Shape:
    """Polygons within -180..180 degrees that do not overlap, as they are asked for by windows."""

    def __init__(self, polygons: Sequence[BaseGeometry]) -> None:
        self.polygons = list(polygons)

    @cached_property
    def _tree(self) -> STRtree:
        return STRtree(self.polygons)

    @cached_property
    def edges(self) -> Floats:
        """Edges (n, 4) of all rings."""
        return segments(self.polygons)

    @cached_property
    def _bands(self) -> tuple[Floats, NDArray[np.int64], Floats]:
        """Edges by the whole degree of latitude of their southern end, where each degree begins, counted from 90 S, and
        the edges that reach beyond the next one."""
        south, north = (np.floor(f(self.edges[:, 1], self.edges[:, 3])) + 90 for f in (np.minimum, np.maximum))
        long = north - south > 1
        order = np.argsort(south[~long], kind="stable")
        return self.edges[~long][order], np.searchsorted(south[~long][order], np.arange(182)), self.edges[long]

    def edges_between(self, south: float, north: float) -> Floats:
        """Edges (n, 4) that touch latitudes from `south` to `north`, and some more."""
        edges, begin, long = self._bands
        first, last = max(int(np.floor(south)) + 89, 0), min(int(np.floor(north)) + 91, 181)
        return np.concatenate([edges[begin[first] : begin[last]], long])

    def within(self, box: Box) -> list[BaseGeometry]:
        """Parts of the polygons within a window, moved to its longitudes."""
        out = []
        for turn in box.turns:
            window = shapely.box(box.west - turn, box.south, box.east - turn, box.north)
            for k in self._tree.query(window, predicate="intersects"):
                part = shapely.intersection(self.polygons[k], window)
                out.append(shapely.affinity.translate(part, xoff=turn) if turn else part)
        return out

    def touches(self, shape: BaseGeometry) -> bool:
        """Whether a shape, which may reach across 180 degrees, touches a polygon."""
        for turn in Box(*shape.bounds).turns:
            moved = shapely.affinity.translate(shape, xoff=-turn) if turn else shape
            for k in self._tree.query(moved):
                shapely.prepare(self.polygons[k])  # once: the many corners of a continent need an index
                if self.polygons[k].intersects(moved):
                    return True
        return False

    @classmethod
    def lines(cls, edges: Floats) -> Shape:
        """Segments (n, 4) that bound nothing, as a shape to keep off."""
        return cls(list(shapely.linestrings(edges.reshape(-1, 2, 2))))

    def raster(self, grid: Grid) -> Raster:
        """The polygons on a grid."""
        return crossings_of(self.edges_between(grid.ys[0], grid.ys[-1]), grid)


@lru_cache(maxsize=1)
def land_shape() -> Shape:
    """The land of the map."""
    return Shape(land_polygons())


def crossings_of(edges: Floats, grid: Grid) -> Raster:
    """Segments (n, 4) on a grid; `covered` has a meaning where they are whole rings."""
    size = len(grid.ys), len(grid.xs)
    beside, below = np.zeros(size, np.int32), np.zeros(size[::-1], np.int32)
    covered = np.zeros(size, dtype=bool)
    west, east, south, north = grid.xs[0], grid.xs[-1], grid.ys[0], grid.ys[-1]
    low, high = np.minimum(edges[:, 1], edges[:, 3]), np.maximum(edges[:, 1], edges[:, 3])
    band = edges[(high >= south) & (low <= north)]
    for turn in Box(west, south, east, north).turns:
        moved = band + np.array([turn, 0.0, turn, 0.0])
        moved = moved[np.minimum(moved[:, 0], moved[:, 2]) <= east]
        crossed = _scanned(moved, grid.ys, grid.xs, inner=False)
        covered |= np.cumsum(crossed, axis=1) % 2 == 1
        crossed[:, 0] = 0
        beside += crossed
        near = moved[np.maximum(moved[:, 0], moved[:, 2]) >= west]
        below += _scanned(near[:, [1, 0, 3, 2]], grid.xs, grid.ys, inner=True)
    return Raster(covered, beside, below.T)


def segments(polygons: Sequence[BaseGeometry]) -> Floats:
    """Edges (n, 4) of the rings of polygons."""
    if len(polygons) == 0:
        return np.empty((0, 4))
    corners, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(polygons)), return_index=True)
    same = ring[:-1] == ring[1:]
    return np.asarray(np.column_stack([corners[:-1], corners[1:]])[same])


def links(open_cell: Bools, grid: Grid, barriers: Iterable[Raster], price: Floats | None = None) -> csr_array:
    """Links between open neighbouring cells (8 neighbours) that no shore parts; lengths in degrees of latitude.

    A link costs the mean of the prices (r, c) of its cells, where these are given.
    """
    beside = open_cell[:, 1:] & open_cell[:, :-1]
    below = open_cell[1:] & open_cell[:-1]
    for shore in barriers:
        beside &= shore.beside[:, 1:] == 0
        below &= shore.below[1:] == 0
    rows, cols = open_cell.shape
    number = np.arange(rows * cols, dtype=np.int32).reshape(rows, cols)
    up = (beside[:-1] & below[:, 1:]) | (below[:, :-1] & beside[1:])  # from a cell to its upper right, by either side
    down = (beside[1:] & below[:, 1:]) | (below[:, :-1] & beside[:-1])  # from a cell to its lower right
    dy = grid.ys[1] - grid.ys[0]
    dx = (grid.xs[1] - grid.xs[0]) * np.maximum(np.cos(np.deg2rad(grid.ys)), 0.03)
    slant = np.hypot(dy, (dx[1:] + dx[:-1]) / 2)
    kinds = (
        (number[:, :-1], number[:, 1:], beside, dx),
        (number[:-1], number[1:], below, np.full(rows - 1, dy)),
        (number[:-1, :-1], number[1:, 1:], up, slant),
        (number[1:, :-1], number[:-1, 1:], down, slant),
    )
    a = np.concatenate([first[ok] for first, _, ok, _ in kinds])
    b = np.concatenate([second[ok] for _, second, ok, _ in kinds])
    length = np.concatenate([np.broadcast_to(w[:, None], ok.shape)[ok] for _, _, ok, w in kinds])
    if price is not None:
        length = length * (price.flat[a] + price.flat[b]) / 2
    return csr_array((np.r_[length, length], (np.r_[a, b], np.r_[b, a])), shape=(rows * cols, rows * cols))


def straightened(line: Floats, *shapes: Shape, price: Callable[[Floats], Floats] | None = None) -> Floats:
    """A grid path without the corners that it does not need: the straight line stays off the shapes, and is no dearer
    than the path, where `price` gives the prices (n - 1,) of the legs of a line (n, 2)."""

    def worse(at: int, ahead: int) -> bool:
        straight = line[[at, ahead]]
        if price is not None and price(straight)[0] > 1.001 * (spent[ahead] - spent[at]):
            return True
        return any(shape.touches(shapely.LineString(straight)) for shape in shapes)

    for _ in range(2):  # from the start, and then from the end
        spent = np.zeros(len(line)) if price is None else np.concatenate([[0.0], np.cumsum(price(line))])
        keep, at = [0], 0
        while at < len(line) - 1:
            ahead = len(line) - 1
            while ahead > at + 1 and worse(at, ahead):
                ahead = at + max((ahead - at) // 2, 1)
            keep.append(ahead)
            at = ahead
        line = line[keep][::-1]
    return line


def on_globe(line: Floats) -> Floats:
    """Positions (n, 2) of a window that may lie across 180 degrees, with longitudes of -180 to 180."""
    out = np.array(line, dtype=np.float64)
    out[:, 0] = np.where(np.abs(out[:, 0]) > 180, (out[:, 0] + 180) % 360 - 180, out[:, 0])
    return out


def traced(before: Counts, first: int, last: int) -> list[int]:
    """The cells of a way found, from the first to the last, by the predecessor (c,) of each cell."""
    way = [last]
    while way[-1] != first:
        way.append(int(before[way[-1]]))
    return way[::-1]
