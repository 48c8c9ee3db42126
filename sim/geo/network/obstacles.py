"""Obstacle polygons as rings of corners, the form in which visibility reads them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import Polygon

from sim.geo.geodesy import Floats
from sim.geo.visibility import Ints, Obstacles

SOUTH_OF_SHIPPING = -62.0  # corners of Antarctica carry no route between ports


def rings_of(polygons: Sequence[Polygon]) -> Obstacles:
    """Obstacle corners with land on the left of each ring."""
    corners: list[Floats] = []
    following: list[Ints] = []
    previous: list[Ints] = []
    count = 0
    for polygon in polygons:
        turned = shapely.orient_polygons(polygon)
        for ring in (turned.exterior, *turned.interiors):
            xy = np.array(ring.coords)[:-1]
            i = np.arange(len(xy))
            corners.append(xy)
            following.append(count + (i + 1) % len(xy))
            previous.append(count + (i - 1) % len(xy))
            count += len(xy)
    return Obstacles(np.vstack(corners), np.concatenate(following), np.concatenate(previous))


def bend_corners(obstacles: Obstacles) -> Ints:
    """Corners at which a route can bend."""
    return np.flatnonzero(obstacles.convex & (obstacles.lonlat[:, 1] > SOUTH_OF_SHIPPING))


def curved(polygons: Sequence[Polygon], step_nm: float = 8.0) -> list[Polygon]:
    """Polygons whose long edges follow the great circle in the lon, lat plane.

    Visibility takes edges for great circles; a test in the plane must see the same shore. At 70 N an edge of 60 nm
    bulges by 0.35 nm.
    """
    from sim.geo.drawing import densified

    def ring(coords: Floats) -> Floats:
        away = np.hypot(*(np.diff(coords, axis=0) * [[np.cos(np.deg2rad(coords[:, 1].mean())), 1.0]]).T) * 60
        if away.max() <= step_nm or coords[:, 1].min() < -80:
            return coords
        parts = [
            densified(coords[k : k + 2], step_nm)[:-1] if away[k] > step_nm else coords[k : k + 1]
            for k in range(len(coords) - 1)
        ]
        return np.vstack([*parts, coords[-1:]])

    out = []
    for polygon in polygons:
        shell, *holes = [ring(np.array(r.coords)) for r in (polygon.exterior, *polygon.interiors)]
        if np.abs(np.diff(shell[:, 0])).max() > 180:  # an edge along the cut: keep the plane form
            out.append(polygon)
            continue
        bent = Polygon(shell, holes)
        out.append(bent if bent.is_valid else shapely.make_valid(bent))
    return out
