"""Lengths on the WGS84 ellipsoid (Karney's geodesics, by pyproj). The one place where metres become nautical miles."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.geo.sphere import Floats
from sim.units import METRES_PER_NM

if TYPE_CHECKING:
    from pyproj import Geod

NM_PER_RADIAN = 180 * 60 / np.pi  # on the sphere of one minute of arc a mile; for nearness, not for lengths


@lru_cache(maxsize=1)
def wgs84() -> Geod:
    """The ellipsoid."""
    from pyproj import Geod

    return Geod(ellps="WGS84")


def lengths_nm(start: Floats, stop: Floats) -> Floats:
    """Geodesic lengths (n,) in nm between positions (n, 2) of lon, lat degrees; one start (2,) serves for all."""
    a, b = np.broadcast_arrays(start, stop)
    return np.asarray(wgs84().inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2]) / METRES_PER_NM


def way_nm(way: Floats) -> float:
    """Length of a polyline (n, 2) of lon, lat degrees, nm; 0 for a single point."""
    return float(wgs84().line_length(way[:, 0], way[:, 1])) / METRES_PER_NM if len(way) > 1 else 0.0
