"""Routes as lines to draw: densified great circles, cut at 180 degrees."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sim.geo.geodesy import NM_PER_RADIAN, Floats, angles, between, lonlat, vectors


def densified(corners: Floats, step_nm: float = 30.0) -> Floats:
    """Great circles through corners (n, 2) lon, lat degrees, with a point at least every `step_nm`."""
    if len(corners) < 2:
        return np.asarray(corners, dtype=np.float64)
    xyz = vectors(corners)
    parts = []
    for a, b in pairwise(xyz):
        angle = float(angles(a, b))
        count = max(int(np.ceil(angle * NM_PER_RADIAN / step_nm)), 1)
        share = np.arange(count) / count
        parts.append(between(a[None], b[None], share))
    out = lonlat(np.vstack([*parts, xyz[-1:]]))
    out[0], out[-1] = corners[0], corners[-1]
    return out


def cut_line(line: Floats) -> list[Floats]:
    """Cut a line (n, 2) of lon, lat degrees where it crosses 180 degrees."""
    lon = np.rad2deg(np.unwrap(np.deg2rad(line[:, 0])))
    turn = np.floor((lon + 180.0) / 360.0)
    pieces: list[Floats] = []
    start = 0
    first: Floats | None = None
    for k in np.flatnonzero(np.diff(turn)).tolist():
        lat = _lat_at_180(line[k], line[k + 1])
        out_lon = 180.0 if turn[k + 1] > turn[k] else -180.0
        piece = np.column_stack([lon[start : k + 1] - 360 * turn[k], line[start : k + 1, 1]])
        pieces.append(_join(first, piece, np.array([[out_lon, lat]])))
        first, start = np.array([[-out_lon, lat]]), k + 1
    tail = np.column_stack([lon[start:] - 360 * turn[start], line[start:, 1]])
    pieces.append(_join(first, tail, None))
    return [p for p in pieces if len(p) > 1]


def _lat_at_180(a: Floats, b: Floats) -> float:
    """Latitude at which the great circle of a leg crosses 180 degrees: where its chord meets the plane y = 0."""
    u, v = vectors(a), vectors(b)
    away_u, away_v = abs(u[1]), abs(v[1])
    if away_u + away_v < 1e-15:  # along 180 degrees itself
        return float(a[1])
    return float(lonlat(away_v * u + away_u * v)[1])


def _join(first: Floats | None, middle: Floats, last: Floats | None) -> Floats:
    parts = [p for p in (first, middle, last) if p is not None]
    joined = np.vstack(parts)
    keep = np.r_[True, np.any(np.abs(np.diff(joined, axis=0)) > 1e-9, axis=1)]
    return joined[keep]
