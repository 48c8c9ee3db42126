"""Which corners of the obstacles a point sees along great circles.

The method is a sweep by direction: only segments that span a target's direction can hide it. A coarse depth buffer
drops the targets that nearby coast hides at once; the rest are tested exactly with triple products.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.geo.geodesy import Floats, angles, cross, dots, vectors

TURN = 4.0  # one turn of the measure of directions
BINS = 4096
BIN = TURN / BINS
LONG = 2  # bins: longer segments are not sorted out by them
FEW = 4  # targets that are tested one by one
CHORD_SLACK = 1e-7  # chords of dot products are off by less: radians, 0.0003 nm
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
    def across(self) -> Floats:
        """The same (3, m)."""
        return np.ascontiguousarray(self.xyz.T)

    @cached_property
    def normal(self) -> Floats:
        """Normals of the segments from each corner to its following one, not scaled."""
        return cross(self.xyz, self.xyz[self.following])

    @cached_property
    def normal_across(self) -> Floats:
        """The same (3, m)."""
        return np.ascontiguousarray(self.normal.T)

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
    def shoreless(self) -> Ints:
        """Rows of these."""
        return np.flatnonzero(self.seam)

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


def hides(obstacles: Obstacles, point: Floats, targets: Floats, segment: Ints, row: Ints) -> Bools:
    """Which targets (n, 3) one of the segments given for them, as (segment, row) pairs, hides from a point (3,).

    A segment hides a target where the arc to it properly crosses the segment, or goes exactly through its first corner
    from outside to inside, so that it crosses no segment.
    """
    lines = cross(point, targets)
    first = np.einsum("ij,ij->i", lines[row], obstacles.xyz[segment])
    normal = obstacles.normal[segment]
    parted = (normal @ point) * np.einsum("ij,ij->i", normal, targets[row]) < 0
    k = np.flatnonzero(parted & (np.abs(first) > TOUCH))
    a, s, line, q = first[k], segment[k], lines[row[k]], targets[row[k]]
    second = obstacles.xyz[obstacles.following[s]]
    b = np.einsum("ij,ij->i", line, second)
    # the two great circles meet twice, in opposite points: both arcs must hold the same one
    meet = cross(line, obstacles.normal[s])
    ends = np.sign(np.einsum("ij,ij->i", meet, obstacles.xyz[s] + second))
    same = ends == np.sign(np.einsum("ij,ij->i", meet, point + q))
    crossed = row[k[(a * b < 0) & (np.abs(b) > TOUCH) & same]]

    k = np.flatnonzero(np.abs(first) <= TOUCH)
    s, line, at = segment[k], lines[row[k]], obstacles.xyz[segment[k]]
    before, after = (
        np.einsum("ij,ij->i", line, obstacles.xyz[x[s]]) for x in (obstacles.previous, obstacles.following)
    )
    within = (np.einsum("ij,ij->i", cross(point, at), line) > 0) & (
        np.einsum("ij,ij->i", cross(at, targets[row[k]]), line) > 0
    )
    opposite = (before * after < 0) & (np.abs(before) > TOUCH) & (np.abs(after) > TOUCH)
    hidden = np.zeros(len(targets), dtype=bool)
    hidden[crossed] = hidden[row[k[within & opposite]]] = True
    return hidden


def _directions(point: Floats, across: Floats) -> tuple[Floats, Floats]:
    """Directions (n,) from a point (3,) to others (3, n), in the measure below, and their chords.

    A direction is told by where it meets a diamond around the point, -2 to 2 counterclockwise from west: it grows with
    the angle, opposite directions are 2 apart, and no arc tangent is needed.
    """
    east = np.array([-point[1], point[0], 0.0])
    norm = np.linalg.norm(east)
    east = east / norm if norm > 1e-12 else np.array([0.0, 1.0, 0.0])
    x, y, chord = dots(across, east), dots(across, np.cross(point, east)), dots(across, -2 * point)
    round_it = np.abs(x)
    round_it += np.abs(y)
    np.maximum(round_it, 1e-300, out=round_it)
    x /= round_it
    chord += 2
    np.sqrt(np.maximum(chord, 0, out=chord), out=chord)
    return np.copysign(np.subtract(1, x, out=x), y, out=x), chord


@dataclass(frozen=True)
class _Shores:
    """All segments (m,) as one point sees them: the directions that they span, and the chords between which they lie;
    those that hide nothing from it lie at infinity."""

    start: Floats
    stop: Floats
    near: Floats
    far: Floats

    @classmethod
    def of(cls, obstacles: Obstacles, point: Floats, at_corner: int | None) -> _Shores:
        """The segments from each corner to its following one."""
        around, chord = _directions(point, obstacles.across)
        after, far = around[obstacles.following], chord[obstacles.following]
        width = after - around
        np.add(width, TURN, out=width, where=width < -TURN / 2)
        np.subtract(width, TURN, out=width, where=width >= TURN / 2)
        start = np.where(width >= 0, around, after)
        stop = start + np.abs(width, out=width)
        near = np.minimum(chord, far)
        near -= obstacles.half
        np.maximum(chord, far, out=far)
        bulge = far > np.sqrt(2) - obstacles.half  # past 90 degrees the middle lies farther away than the ends
        far[bulge] += obstacles.half[bulge]
        none = obstacles.shoreless
        if at_corner is not None:
            none = np.append(none, [at_corner, obstacles.previous[at_corner]])
        near[none] = far[none] = np.inf
        return cls(start, stop, near, far)


def _depths(shores: _Shores) -> Floats:
    """A coarse depth buffer: the nearest far end of a segment that spans a bin wholly."""
    depth = np.full(BINS, np.inf)
    wide = np.flatnonzero(shores.stop - shores.start > BIN)
    begin = np.ceil((shores.start[wide] + TURN / 2) / BIN + 1e-9).astype(np.int64)
    end = np.floor((shores.stop[wide] + TURN / 2) / BIN - 1e-9).astype(np.int64)
    count = np.maximum(end - begin, 0)
    segment = np.repeat(np.arange(len(wide)), count)
    offset = np.arange(len(segment)) - np.repeat(np.cumsum(count) - count, count)
    np.minimum.at(depth, (begin[segment] + offset) % BINS, shores.far[wide[segment]])
    return depth


def _spans(start: Floats, stop: Floats, ordered: Floats) -> tuple[Ints, Ints]:
    """Rows of the ordered directions in [start, stop] for each segment, as (segment, row) pairs."""
    lo = np.searchsorted(ordered, start, side="left")
    hi = np.searchsorted(ordered, stop, side="right")
    count = np.maximum(hi - lo, 0)
    segment = np.repeat(np.arange(len(start)), count)
    first = np.repeat(lo - np.concatenate([[0], np.cumsum(count)[:-1]]), count)
    return segment, first + np.arange(len(segment))


def _swept(shores: _Shores, point: Floats, targets: Floats) -> tuple[Bools, Ints, Ints]:
    """Which targets (n, 3) are hidden at once, and (segment, target) pairs of what may hide the others."""
    around, chord = _directions(point, np.ascontiguousarray(targets.T))
    own = np.minimum(((around + TURN / 2) / BIN).astype(np.int64), BINS - 1)
    gone = chord > _depths(shores)[own] + CHORD_SLACK
    left = np.flatnonzero(~gone)
    if len(left) == 0:
        return gone, left, left
    left = left[np.argsort(around[left])]
    around, chord = around[left], chord[left] + CHORD_SLACK
    useful = np.flatnonzero(shores.near < chord.max())
    first = ((shores.start[useful] + TURN / 2) / BIN).astype(np.int64) % BINS
    reach = _reach(own[left], chord)[first]
    reach[shores.stop[useful] - shores.start[useful] > LONG * BIN] = np.inf
    useful = useful[shores.near[useful] < reach]
    twice = np.concatenate([around, around + TURN])
    k, row = _spans(shores.start[useful] - 1e-9, shores.stop[useful] + 1e-9, twice)
    segment, row = useful[k], row % len(left)
    closer = shores.near[segment] < chord[row]
    return gone, segment[closer], left[row[closer]]


def _reach(own: Ints, chord: Floats) -> Floats:
    """How far off (BINS,) the farthest target lies that a segment can touch which begins in a bin and is no longer than
    `LONG` bins."""
    farthest = np.full(BINS, -np.inf)
    np.maximum.at(farthest, own, chord)
    return np.asarray(np.maximum.reduce([np.roll(farthest, -k) for k in range(-1, LONG + 2)]))


def _one_by_one(obstacles: Obstacles, point: Floats, targets: Floats) -> tuple[Ints, Ints]:
    """(segment, target) pairs of what may hide a few targets (n, 3): segments with an end on each side of the line."""
    beside = np.array([dots(obstacles.across, line) for line in cross(point, targets)]).reshape(-1, len(obstacles.xyz))
    may = (beside * beside[:, obstacles.following] <= 0) | (np.abs(beside) <= TOUCH)
    may[:, obstacles.shoreless] = False
    row, segment = np.nonzero(may)
    return segment, row


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
    side = dots(obstacles.normal_across, point)
    if target_corners is not None:
        bent = np.flatnonzero(target_corners >= 0)
        corners = target_corners[bent]
        seen[bent] = _one_side(side[obstacles.previous[corners]], side[corners])
    if at_corner is not None:
        before, after = obstacles.normal[obstacles.previous[at_corner]], obstacles.normal[at_corner]
        seen &= _one_side(targets @ before, targets @ after)
        if target_corners is not None:
            seen &= target_corners != at_corner
    rows = np.flatnonzero(seen)
    sought = targets[rows]
    if len(rows) <= FEW and at_corner is None:
        segment, row = _one_by_one(obstacles, point, sought)
    else:
        gone, segment, row = _swept(_Shores.of(obstacles, point, at_corner), point, sought)
        seen[rows[gone]] = False
    if target_corners is not None:  # a segment does not hide its own ends
        own = target_corners[rows[row]]
        other = (segment != own) & (obstacles.following[segment] != own)
        segment, row = segment[other], row[other]
    seen[rows[hides(obstacles, point, sought, segment, row)]] = False
    return seen
