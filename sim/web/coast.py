"""Land in a page: two levels of detail, simplified from the land of the routes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.geo.graph import Ints
from sim.geo.land import land_polygons
from sim.web.packing import Bundle

if TYPE_CHECKING:
    from shapely import Polygon

STEPS: Final = 100.0  # of a degree
LEVELS: Final = {"coarse": (0.25, 0.3), "fine": (0.035, 0.008)}  # degrees that a shore may move; least area, degrees^2


def add_coast(bundle: Bundle) -> None:
    """Enter the rings of the land, the outer ones clockwise and holes the other way about, each without its last
    corner, which is its first."""
    for name, (tolerance, least) in LEVELS.items():
        rings, sizes = [], []
        for polygon in land_polygons():
            for simple in _simplified(polygon, tolerance, least):
                own = [_ring(r.coords) for r in (simple.exterior, *simple.interiors)]
                kept = [r for r in own if len(r) > 2]
                if len(own[0]) > 2:
                    sizes.append(len(kept))
                    rings += kept
        bundle.array(f"{name}_polygon", np.array(sizes), "uint16")
        bundle.array(f"{name}_ring", np.array([len(r) for r in rings]), "uint16")
        bundle.steps(f"{name}_lonlat", np.vstack(rings), "int32")


def _simplified(polygon: Polygon, tolerance: float, least: float) -> Iterator[Polygon]:
    from shapely import get_parts, polygons
    from shapely.geometry.polygon import orient

    if polygon.area * _shrink(polygon) < least:
        return
    for part in get_parts(polygon.simplify(tolerance).buffer(0)):
        if part.geom_type == "Polygon" and part.area * _shrink(part) >= least:
            holes = [r for r in part.interiors if polygons(r).area * _shrink(part) >= least]
            yield orient(type(part)(part.exterior, holes), sign=-1.0)


def _shrink(polygon: Polygon) -> float:
    """What a square degree is worth at a polygon's latitude."""
    _, south, _, north = polygon.bounds
    return float(np.cos(np.deg2rad((south + north) / 2)))


def _ring(coords: object) -> Ints:
    """Corners (n, 2) in steps, without those that rounding lets coincide, and those at the south pole: round it a shore
    runs by itself, and a ring through it would be no ring on a globe."""
    steps = np.rint(np.asarray(coords)[:-1] * STEPS).astype(np.int64)
    polar = steps[:, 1] <= -89.9 * STEPS
    if polar.any():
        steps = np.roll(steps, -int(np.flatnonzero(polar)[-1]) - 1, axis=0)[: len(steps) - int(polar.sum())]
        seam = np.abs(steps[:, 0]) == 180 * STEPS
        first, last = np.flatnonzero(~seam)[[0, -1]]
        steps = steps[first : last + 1]
    return np.asarray(steps[np.any(steps != np.roll(steps, 1, axis=0), axis=1)])
