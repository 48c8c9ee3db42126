"""Which corners of the obstacles a point sees along great circles.

The method is a sweep by azimuth: only segments that span a target's direction can hide it. A coarse depth
buffer drops the targets that nearby coast hides at once; the rest are tested exactly with triple products.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.geo.sphere import Floats, angles, azimuths, cross, vectors

BINS = 1440
TOUCH = 1e-12  # triple products below this are a touch, not a crossing (about 1 mm at 30 nm)

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Obstacles:
    """Closed rings of obstacles as one list of corners.

    `lonlat` (m, 2) degrees; `following` and `previous` (m,) index the neighbours on the same ring. Land lies to the
    left of the way from a corner to its following one.
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


def _tangent(obstacles: Obstacles, corners: Ints, other: Floats) -> Bools:
    """True where both neighbours of a corner lie on one side of the line to `other` (or on it)."""
    normal = cross(obstacles.xyz[corners], other)
    a = np.einsum("ij,ij->i", normal, obstacles.xyz[obstacles.previous[corners]])
    b = np.einsum("ij,ij->i", normal, obstacles.xyz[obstacles.following[corners]])
    return np.asarray((a * b >= 0) | (np.abs(a) < 1e-10) | (np.abs(b) < 1e-10))


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
    """
    seen = np.ones(len(targets), dtype=bool)
    if target_corners is not None:
        seen &= _tangent(obstacles, target_corners, np.broadcast_to(point, targets.shape))
    if at_corner is not None:
        here = np.full(len(targets), at_corner)
        seen &= _tangent(obstacles, here, targets)
        if target_corners is not None:
            seen &= target_corners != at_corner
    rows = np.flatnonzero(seen)
    if len(rows) == 0:
        return seen

    # azimuth spans of all segments, seen from the point
    az_all = azimuths(point, obstacles.xyz)
    dist_all = angles(np.broadcast_to(point, obstacles.xyz.shape), obstacles.xyz)
    segs = np.flatnonzero(~obstacles.seam)
    if at_corner is not None:
        segs = segs[(segs != at_corner) & (segs != obstacles.previous[at_corner])]
    ends = obstacles.following[segs]
    a0, a1 = az_all[segs], az_all[ends]
    width = (a1 - a0 + np.pi) % (2 * np.pi) - np.pi
    start = np.where(width >= 0, a0, a1)
    stop = start + np.abs(width)
    half = angles(obstacles.xyz[segs], obstacles.xyz[ends]) / 2
    near = np.minimum(dist_all[segs], dist_all[ends]) - half
    far = np.maximum(dist_all[segs], dist_all[ends])
    far += np.where(far + half > np.pi / 2, half, 0.0)  # past 90 degrees the middle lies farther away than the ends

    # coarse depth buffer: a bin wholly spanned by a segment hides what lies behind the segment
    depth = np.full(BINS, np.inf)
    step = 2 * np.pi / BINS
    first = np.ceil((start + np.pi) / step - 1e-9).astype(int)
    last = np.floor((stop + np.pi) / step + 1e-9).astype(int)
    count = np.maximum(last - first, 0)
    wide = np.flatnonzero(count)
    seg_of = np.repeat(wide, count[wide])
    offset = np.arange(len(seg_of)) - np.repeat(np.cumsum(count[wide]) - count[wide], count[wide])
    np.minimum.at(depth, (first[seg_of] + offset) % BINS, far[seg_of])

    t_az = azimuths(point, targets[rows])
    t_dist = angles(np.broadcast_to(point, targets[rows].shape), targets[rows])
    t_bin = np.minimum(((t_az + np.pi) / step).astype(int), BINS - 1)
    behind = t_dist > depth[t_bin] + 1e-9
    seen[rows[behind]] = False
    rows, t_az, t_dist = rows[~behind], t_az[~behind], t_dist[~behind]
    if len(rows) == 0:
        return seen

    order = np.argsort(t_az)
    rows, t_az, t_dist = rows[order], t_az[order], t_dist[order]
    # drop segments beyond every depth that still matters
    reach = t_dist.max()
    keep = near < reach
    segs, ends, start, stop, near = segs[keep], ends[keep], start[keep], stop[keep], near[keep]
    eps = 1e-9
    az2 = np.concatenate([t_az, t_az + 2 * np.pi])
    pair_seg, pair_row = _spans(start - eps, stop + eps, az2)
    pair_row %= len(rows)
    closer = near[pair_seg] < t_dist[pair_row]
    pair_seg, pair_row = pair_seg[closer], pair_row[closer]
    q = targets[rows[pair_row]]
    sa, sb = segs[pair_seg], ends[pair_seg]
    if target_corners is not None:  # a segment does not hide its own ends
        own = target_corners[rows[pair_row]]
        other = (sa != own) & (sb != own)
        pair_row, q, sa, sb = pair_row[other], q[other], sa[other], sb[other]
    hit = _hidden(point, q, obstacles.xyz[sa], obstacles.xyz[sb], obstacles.normal[sa])
    hit |= _entered(obstacles, point, q, sa)
    seen[rows[np.unique(pair_row[hit])]] = False
    return seen


def sees(obstacles: Obstacles, a: Floats, b: Floats) -> bool:
    """True where two points (3,) in free water see each other."""
    segs = np.flatnonzero(~obstacles.seam)
    p, q = np.broadcast_to(a, (len(segs), 3)), np.broadcast_to(b, (len(segs), 3))
    hit = _hidden(p, q, obstacles.xyz[segs], obstacles.xyz[obstacles.following[segs]], obstacles.normal[segs])
    return not (hit | _entered(obstacles, p, q, segs)).any()
