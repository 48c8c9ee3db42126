"""Which corners of the obstacles a point sees along great circles.

The method is a sweep by azimuth: only segments that span a target's direction can hide it. A coarse depth
buffer drops the targets that nearby coast hides at once; the rest are tested exactly with triple products.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.geo.geodesy import Floats, angles, azimuths, cross, vectors

BINS = 1440
TOUCH = 1e-12  # triple products below this are a touch, not a crossing (about 1 mm at 30 nm)

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Obstacles:
    """Closed rings of obstacles as one list of corners.

    `lonlat` (m, 2) degrees; `following` and `previous` (m,) index the neighbours on the same ring. Land lies to the
    left of the path from a corner to its following one.
    """

    lonlat: Floats
    following: Ints
    previous: Ints

    @cached_property
    def xyz(self) -> Floats:
        return vectors(self.lonlat)

    @cached_property
    def normal(self) -> Floats:
        """Normals of the segments from each corner to its following one, not scaled."""
        return cross(self.xyz, self.xyz[self.following])

    @cached_property
    def half(self) -> Floats:
        """Half the angle that the segment from each corner spans."""
        return angles(self.xyz, self.xyz[self.following]) / 2

    @cached_property
    def seam(self) -> Bools:
        """Segments that lie on the cut at 180 degrees: they are not a shore."""
        on = np.abs(np.abs(self.lonlat[:, 0]) - 180.0) < 1e-9
        return on & on[self.following]

    @cached_property
    def convex(self) -> Bools:
        """Corners at which a taut line can bend."""
        turn = np.einsum("ij,ij->i", self.normal[self.previous], self.xyz[self.following])
        at_cut = self.seam | self.seam[self.previous]
        return np.asarray((turn > 0) & ~at_cut)


def _one_side(before: Floats, after: Floats) -> Bools:
    """True where both neighbours of a corner lie on one side of a line through it, or on it: `before` and `after` are
    the triple products of the line with the segments to the corner and from it."""
    return np.asarray((before * after <= 0) | (np.abs(before) < 1e-10) | (np.abs(after) < 1e-10))


def _hidden(p: Floats, q: Floats, a: Floats, b: Floats, n_ab: Floats) -> Bools:
    """True where the arc p-q (n, 3) properly crosses the arc a-b (n, 3)."""
    n_pq = cross(p, q)
    s_a = np.einsum("ij,ij->i", n_pq, a)
    s_b = np.einsum("ij,ij->i", n_pq, b)
    s_p = n_ab @ p if p.ndim == 1 else np.einsum("ij,ij->i", n_ab, p)
    s_q = np.einsum("ij,ij->i", n_ab, q)
    crossing = (s_a * s_b < 0) & (s_p * s_q < 0)
    crossing &= (np.abs(s_a) > TOUCH) & (np.abs(s_b) > TOUCH)
    # the two great circles meet twice, in opposite points: both arcs must hold the same one
    meet = cross(n_pq, n_ab)
    same = np.sign(np.einsum("ij,ij->i", meet, a + b)) == np.sign(np.einsum("ij,ij->i", meet, p + q))
    return np.asarray(crossing & same)


def _entered(obstacles: Obstacles, p: Floats, q: Floats, corners: Ints) -> Bools:
    """True where the arc p-q (n, 3) goes exactly through a corner from outside to inside: it crosses no segment."""
    at = obstacles.xyz[corners]
    n_pq = cross(p, q)
    s_at, s_before, s_after = (
        np.einsum("ij,ij->i", n_pq, x)
        for x in (at, obstacles.xyz[obstacles.previous[corners]], obstacles.xyz[obstacles.following[corners]])
    )
    within = (np.einsum("ij,ij->i", cross(p, at), n_pq) > 0) & (np.einsum("ij,ij->i", cross(at, q), n_pq) > 0)
    opposite = (s_before * s_after < 0) & (np.abs(s_before) > TOUCH) & (np.abs(s_after) > TOUCH)
    return np.asarray((np.abs(s_at) <= TOUCH) & within & opposite)


def _spans(start: Floats, stop: Floats, sorted_azimuths: Floats) -> tuple[Ints, Ints]:
    """Rows of the sorted azimuths in [start, stop] for each segment, as (segment, row) pairs."""
    lo = np.searchsorted(sorted_azimuths, start, side="left")
    hi = np.searchsorted(sorted_azimuths, stop, side="right")
    count = np.maximum(hi - lo, 0)
    segment = np.repeat(np.arange(len(start)), count)
    first = np.repeat(lo - np.concatenate([[0], np.cumsum(count)[:-1]]), count)
    return segment, first + np.arange(len(segment))


@dataclass(frozen=True)
class _Shores:
    """Segments as one point sees them: their ends, the azimuths that they span, and how near and far they lie."""

    first: Ints
    second: Ints
    start: Floats
    stop: Floats
    near: Floats
    far: Floats

    def within(self, reach: float) -> _Shores:
        """Those that begin nearer than `reach`."""
        k = self.near < reach
        return _Shores(self.first[k], self.second[k], self.start[k], self.stop[k], self.near[k], self.far[k])


def _shores(obstacles: Obstacles, point: Floats, at_corner: int | None) -> _Shores:
    azimuth = azimuths(point, obstacles.xyz)
    distance = angles(np.broadcast_to(point, obstacles.xyz.shape), obstacles.xyz)
    first = np.flatnonzero(~obstacles.seam)
    if at_corner is not None:
        first = first[(first != at_corner) & (first != obstacles.previous[at_corner])]
    second = obstacles.following[first]
    width = (azimuth[second] - azimuth[first] + np.pi) % (2 * np.pi) - np.pi
    start = np.where(width >= 0, azimuth[first], azimuth[second])
    half = obstacles.half[first]
    near = np.minimum(distance[first], distance[second]) - half
    far = np.maximum(distance[first], distance[second])
    far += np.where(far + half > np.pi / 2, half, 0.0)  # past 90 degrees the middle lies farther away than the ends
    return _Shores(first, second, start, start + np.abs(width), near, far)


def _hidden_at_once(shores: _Shores, azimuth: Floats, distance: Floats) -> Bools:
    """Targets behind a coarse depth buffer: a bin that one segment wholly spans hides what lies behind the segment."""
    step = 2 * np.pi / BINS
    depth = np.full(BINS, np.inf)
    begin = np.ceil((shores.start + np.pi) / step - 1e-9).astype(int)
    end = np.floor((shores.stop + np.pi) / step + 1e-9).astype(int)
    count = np.maximum(end - begin, 0)
    wide = np.flatnonzero(count)
    segment = np.repeat(wide, count[wide])
    offset = np.arange(len(segment)) - np.repeat(np.cumsum(count[wide]) - count[wide], count[wide])
    np.minimum.at(depth, (begin[segment] + offset) % BINS, shores.far[segment])
    own = np.minimum(((azimuth + np.pi) / step).astype(int), BINS - 1)
    return np.asarray(distance > depth[own] + 1e-9)


def visible(
    obstacles: Obstacles,
    point: Floats,
    targets: Floats,
    *,
    at_corner: int | None = None,
    target_corners: Ints | None = None,
) -> Bools:
    """Which targets (n, 3) a point (3,) sees past the obstacles.

    Where the point or the targets are corners, only taut lines count: both neighbours of the corner on one side.
    `target_corners` is -1 for a target that is no corner.
    """
    seen = np.ones(len(targets), dtype=bool)
    if target_corners is not None:
        bent = np.flatnonzero(target_corners >= 0)
        side = obstacles.normal @ point
        corners = target_corners[bent]
        seen[bent] = _one_side(side[obstacles.previous[corners]], side[corners])
    if at_corner is not None:
        before, after = obstacles.normal[obstacles.previous[at_corner]], obstacles.normal[at_corner]
        seen &= _one_side(targets @ before, targets @ after)
        if target_corners is not None:
            seen &= target_corners != at_corner
    rows = np.flatnonzero(seen)
    if len(rows) == 0:
        return seen

    shores = _shores(obstacles, point, at_corner)
    azimuth = azimuths(point, targets[rows])
    distance = angles(np.broadcast_to(point, targets[rows].shape), targets[rows])
    gone = _hidden_at_once(shores, azimuth, distance)
    seen[rows[gone]] = False
    left = np.flatnonzero(~gone)
    if len(left) == 0:
        return seen

    left = left[np.argsort(azimuth[left])]
    rows, azimuth, distance = rows[left], azimuth[left], distance[left]
    shores = shores.within(float(distance.max()))
    twice = np.concatenate([azimuth, azimuth + 2 * np.pi])
    segment, row = _spans(shores.start - 1e-9, shores.stop + 1e-9, twice)
    row %= len(rows)
    closer = shores.near[segment] < distance[row]
    segment, row = segment[closer], row[closer]
    first, second = shores.first[segment], shores.second[segment]
    if target_corners is not None:  # a segment does not hide its own ends
        own = target_corners[rows[row]]
        other = (first != own) & (second != own)
        row, first, second = row[other], first[other], second[other]
    q = targets[rows[row]]
    hit = _hidden(point, q, obstacles.xyz[first], obstacles.xyz[second], obstacles.normal[first])
    hit |= _entered(obstacles, point, q, first)
    seen[rows[np.unique(row[hit])]] = False
    return seen
