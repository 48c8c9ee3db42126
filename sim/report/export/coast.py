"""Which strokes of a chart touch land or a reef."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.geo.geodesy import Floats
from sim.geo.land import danger_polygons, land_polygons

if TYPE_CHECKING:
    from shapely import STRtree


@lru_cache(maxsize=1)
def _coast() -> tuple[NDArray[Any], STRtree]:
    """Land and reefs, and a search tree over them."""
    from shapely import STRtree

    polygons = np.array([*land_polygons(), *danger_polygons()], dtype=object)
    return polygons, STRtree(polygons)


def touched(lines: NDArray[Any]) -> NDArray[np.bool_]:
    """Which lines (n,) of lon, lat degrees within -180 to 180 touch land or a reef."""
    import shapely

    polygons, tree = _coast()
    out = np.zeros(len(lines), dtype=bool)
    line, polygon = tree.query(lines)
    for k in np.unique(polygon):
        shapely.prepare(polygons[k])
        near = line[polygon == k]
        out[near] |= shapely.intersects(polygons[k], lines[near])
    return out


def under(track: Floats) -> NDArray[np.bool_]:
    """Under which pieces (n - 1,) of a line (n, 2) there is land; its longitudes may go on beyond 180."""
    import shapely

    pieces = np.stack([track[:-1], track[1:]], axis=1)
    pieces[:, :, 0] -= 360 * np.round(pieces[:, :1, 0] / 360)
    out = touched(shapely.linestrings(pieces))
    over = np.flatnonzero(np.abs(pieces[:, :, 0]).max(axis=1) > 180)  # a piece across 180: its other side
    if len(over):
        other = pieces[over] - np.array([360.0, 0.0]) * np.sign(pieces[over].mean(axis=1)[:, None, :1])
        out[over] |= touched(shapely.linestrings(other))
    return out
