"""Triangles between points of a plane, and which of them a place lies in.

The triangles are those of Delaunay, as GEOS lays them. Places are looked up by squares: each square of a chart knows
the triangles that may touch it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.geo.geodesy import Floats

Ints = NDArray[np.int64]

SQUARES: Final = 96  # a side
ROUNDING: Final = 100 * float(np.finfo(np.float64).eps)  # a share below 0 by no more than this is on the edge


@dataclass(frozen=True)
class Triangles:
    """Triangles `corner` (t, 3), rows of the points `at` (p, 2) of a plane, anticlockwise."""

    at: Floats
    corner: Ints

    @classmethod
    def between(cls, at: Floats) -> Triangles:
        """Delaunay's triangles of points (p, 2), which differ from each other; at least 3, not all on a line."""
        from shapely import MultiPoint, delaunay_triangles, get_coordinates

        rows = {point: row for row, point in enumerate(map(tuple, at.tolist()))}
        rings = get_coordinates(delaunay_triangles(MultiPoint(at))).reshape(-1, 4, 2)[:, :3]
        corner = np.array([[rows[tuple(point)] for point in ring] for ring in rings.tolist()], dtype=np.int64)
        first = corner.argmin(axis=1)  # the same triangles in the same order, whatever made them
        corner = np.take_along_axis(corner, (first[:, None] + np.arange(3)) % 3, axis=1)
        one, two, three = (at[corner[:, k]] for k in range(3))
        a, b = two - one, three - one
        clockwise = a[:, 0] * b[:, 1] < a[:, 1] * b[:, 0]
        corner[clockwise] = corner[clockwise][:, [0, 2, 1]]
        return cls(at, corner[np.lexsort(corner.T[::-1])])

    def shares(self, places: Floats) -> tuple[Ints, Floats]:
        """The triangle (n,) that places (n, 2) lie in, -1 outside of all, and the shares (n, 3) of its corners there:
        barycentric coordinates with the sum of 1, and 0 outside."""
        place, triangle = self._candidates(places)
        share = self._shares_in(places[place], triangle)
        inside = np.flatnonzero((share >= -ROUNDING).all(axis=1))[::-1]  # the first of several is written last
        found, out = np.full(len(places), -1, dtype=np.int64), np.zeros((len(places), 3))
        found[place[inside]], out[place[inside]] = triangle[inside], share[inside]
        return found, out

    def _shares_in(self, places: Floats, triangle: Ints) -> Floats:
        """Barycentric coordinates (n, 3) of places (n, 2), each in a triangle (n,) of its own."""
        origin, inverse = self._affine
        x, y = (places - origin[triangle]).T
        into = inverse[triangle]
        one, two = into[:, 0, 0] * x + into[:, 0, 1] * y, into[:, 1, 0] * x + into[:, 1, 1] * y
        return np.stack([one, two, 1 - one - two], axis=1)

    @cached_property
    def _affine(self) -> tuple[Floats, Floats]:
        """The last corner (t, 2) of each triangle, and the matrix (t, 2, 2) from the plane to shares of the others."""
        one, two, three = (self.at[self.corner[:, k]] for k in range(3))
        return three, np.linalg.inv(np.stack([one - three, two - three], axis=2))

    @cached_property
    def _chart(self) -> tuple[Floats, Floats, Ints, Ints]:
        """Low corner (2,) and size (2,) of the squares, the triangles that may touch them, square after square, and
        where those of each begin and all end."""
        low, size = self.at.min(axis=0), np.ptp(self.at, axis=0) / SQUARES
        ends = self.at[self.corner]
        first, last = (self._square(edge, low, size) for edge in (ends.min(axis=1), ends.max(axis=1)))
        wide, high = (last - first + 1).T
        triangle = np.repeat(np.arange(len(self.corner)), wide * high)
        step = np.arange(len(triangle)) - np.repeat(np.cumsum(wide * high) - wide * high, wide * high)
        x = first[triangle, 0] + step % wide[triangle]
        y = first[triangle, 1] + step // wide[triangle]
        square = y * SQUARES + x
        order = np.argsort(square, kind="stable")
        begin = np.concatenate([[0], np.cumsum(np.bincount(square, minlength=SQUARES * SQUARES))])
        return low, size, triangle[order], begin

    @staticmethod
    def _square(places: Floats, low: Floats, size: Floats) -> Ints:
        """Column and row (n, 2) of the squares of places (n, 2); the nearest outside of the chart."""
        return np.clip(np.floor((places - low) / size), 0, SQUARES - 1).astype(np.int64)

    def _candidates(self, places: Floats) -> tuple[Ints, Ints]:
        """Rows (k,) of places, ascending, each with a triangle (k,) that it may lie in."""
        low, size, triangle, begin = self._chart
        column, row = self._square(places, low, size).T
        square = row * SQUARES + column
        count = begin[square + 1] - begin[square]
        first = np.cumsum(count) - count
        at = np.arange(count.sum()) + np.repeat(begin[square] - first, count)
        return np.repeat(np.arange(len(places)), count), triangle[at]
