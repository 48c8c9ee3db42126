"""Obstacle polygons as rings of corners, the form in which visibility reads them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import Polygon

from sim.geo.sphere import Floats
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
