"""Obstacle polygons as rings of corners, the form in which visibility reads them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import Polygon

from sim.geo.geodesy import Floats, lonlat, vectors
from sim.geo.visibility import Ints, Obstacles

SOUTH_OF_SHIPPING = -62.0  # corners of Antarctica carry no route between ports


def rings_of(polygons: Sequence[Polygon]) -> Obstacles:
    """Obstacle corners with land on the left of each ring."""
    rings = [[np.array(r.coords)[:-1] for r in (p.exterior, *p.interiors)] for p in polygons]
    flat = [ring for of_polygon in rings for ring in of_polygon]
    return rings_between(np.vstack(flat), np.array([len(r) for r in flat]), np.array([len(r) for r in rings]))


def rings_between(corners: Floats, ring_sizes: Ints, polygon_rings: Ints) -> Obstacles:
    """The same, of the corners (n, 2) of all rings, how many each ring (r,) has, and how many rings each polygon (p,):
    its outline and its holes."""
    begin = np.concatenate([[0], np.cumsum(ring_sizes)])
    i = np.arange(begin[-1])
    after, before = i + 1, i - 1
    after[begin[1:] - 1], before[begin[:-1]] = begin[:-1], begin[1:] - 1
    hole = np.ones(len(ring_sizes), dtype=bool)
    hole[np.cumsum(polygon_rings) - polygon_rings] = False
    away = corners - np.repeat(corners[begin[:-1]], ring_sizes, axis=0)  # a large ring loses no digits
    twice = np.add.reduceat(away[:, 0] * away[after, 1] - away[after, 0] * away[:, 1], begin[:-1])
    turned = np.repeat((twice > 0) == hole, ring_sizes)
    source = np.where(turned, np.repeat(begin[:-1] + begin[1:], ring_sizes) - i, i)
    source[begin[:-1]] = begin[:-1]  # a ring that is turned round begins with the same corner
    return Obstacles(corners[source], after, before)


def bend_corners(obstacles: Obstacles) -> Ints:
    """Corners at which a route can bend."""
    return np.flatnonzero(obstacles.convex & (obstacles.lonlat[:, 1] > SOUTH_OF_SHIPPING))


def curved(polygons: Sequence[Polygon], step_nm: float = 8.0) -> list[Polygon]:
    """Polygons whose long edges follow the great circle in the lon, lat plane.

    Visibility takes edges for great circles; a test in the plane must see the same shore. At 70 N an edge of 60 nm
    bulges by 0.35 nm.
    """
    from sim.geo.drawing import along

    rings = [[np.array(r.coords) for r in (p.exterior, *p.interiors)] for p in polygons]
    flat = [ring for of_polygon in rings for ring in of_polygon]
    long = [_long_edges(ring, step_nm) for ring in flat]
    ends = [np.vstack([ring[k + n] for ring, k in zip(flat, long, strict=True)]) for n in (0, 1)]
    points, count = along(vectors(ends[0]), vectors(ends[1]), step_nm)
    begin = np.concatenate([[0], np.cumsum(count)])
    more = np.delete(lonlat(points), begin[:-1], axis=0)  # the corners themselves stay as they are
    first, leg = 0, 0
    bent = []
    for ring, k in zip(flat, long, strict=True):
        added = count[leg : leg + len(k)] - 1
        bent.append(np.insert(ring, np.repeat(k + 1, added), more[first : first + added.sum()], axis=0))
        first, leg = first + int(added.sum()), leg + len(k)
    out, lines = [], iter(bent)
    for polygon, of_polygon in zip(polygons, rings, strict=True):
        shell, *holes = [next(lines) for _ in of_polygon]
        if np.abs(np.diff(shell[:, 0])).max() > 180:  # an edge along the cut: keep the plane form
            out.append(polygon)
            continue
        made = Polygon(shell, holes)
        out.append(made if made.is_valid else shapely.make_valid(made))
    return out


def _long_edges(ring: Floats, step_nm: float) -> Ints:
    """Edges (k,) of a ring (n, 2) that are longer than a step, by the plane at its mean latitude; none at the pole."""
    if ring[:, 1].min() < -80:
        return np.empty(0, dtype=np.int64)
    away = np.hypot(*(np.diff(ring, axis=0) * [[np.cos(np.deg2rad(ring[:, 1].mean())), 1.0]]).T) * 60
    return np.flatnonzero(away > step_nm)
