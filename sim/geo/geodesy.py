"""Positions, vectors and lengths. Lengths are geodesics of WGS84 (Karney, by pyproj), in nautical miles.

Legs are great circles of geodetic latitude: such a circle stays within a few kilometres of the geodesic between the
same ends, so that every test for land is made on the curve that is drawn, and only the length is ellipsoidal.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.units import METRES_PER_NM

if TYPE_CHECKING:
    from pyproj import Geod

Floats = NDArray[np.float64]
RADIUS_KM = 6371.0  # of the sphere; for areas and nearness, not for lengths
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


def vectors(lonlat: ArrayLike) -> Floats:
    """Unit vectors (n, 3) of lon, lat degrees (n, 2)."""
    rad = np.deg2rad(np.asarray(lonlat, dtype=np.float64))
    lon, lat = rad[..., 0], rad[..., 1]
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


def lonlat(xyz: ArrayLike) -> Floats:
    """Lon, lat degrees (n, 2) of vectors (n, 3) of any length."""
    v = np.asarray(xyz, dtype=np.float64)
    lon = np.arctan2(v[..., 1], v[..., 0])
    lat = np.arctan2(v[..., 2], np.hypot(v[..., 0], v[..., 1]))
    return np.asarray(np.rad2deg(np.stack([lon, lat], axis=-1)))


def angles(a: Floats, b: Floats) -> Floats:
    """Angle between unit vectors, radians, exact for small angles (by the chord between them)."""
    d = a - b
    chord = np.sqrt(d[..., 0] ** 2 + d[..., 1] ** 2 + d[..., 2] ** 2)
    return np.asarray(2 * np.arcsin(np.minimum(chord / 2, 1.0)))


def between(a: Floats, b: Floats, share: Floats | float, angle: Floats | None = None) -> Floats:
    """Points (n, 3) at shares (n,), 0 to 1, of the great circles from unit vectors a to b (n, 3), which are less than
    half a circle apart. `angle` (n,) is the angle between them, if it is known."""
    # for the shortest legs the chord is as good and does not divide by nothing
    whole = np.maximum(angles(a, b) if angle is None else angle, 1e-12)
    second = np.asarray(share * whole)
    first = np.sin(whole - second)
    second = np.sin(second)
    scale = 1.0 / np.sin(whole)
    first *= scale
    second *= scale
    out = np.asarray(a * first[..., None])
    out += b * second[..., None]
    return out


def dots(across: Floats, v: Floats) -> Floats:
    """Dot products (n,) of vectors (3, n) with one (3,), without the threads of a matrix product: beside another
    process these cost more than they save."""
    out = across[0] * v[0]
    part = across[1] * v[1]
    out += part
    np.multiply(across[2], v[2], out=part)
    out += part
    return np.asarray(out)


def cross(a: Floats, b: Floats) -> Floats:
    """Cross product along the last axis (faster than numpy.cross for many rows)."""
    a, b = np.broadcast_arrays(a, b)
    out = np.empty(a.shape)
    out[..., 0] = a[..., 1] * b[..., 2] - a[..., 2] * b[..., 1]
    out[..., 1] = a[..., 2] * b[..., 0] - a[..., 0] * b[..., 2]
    out[..., 2] = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return out
