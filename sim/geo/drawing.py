"""Routes as lines to draw: dense great circles, cut at 180 degrees and at the poles (RFC 7946, section 3.1.9)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.geo.geodesy import NM_PER_RADIAN, Floats, angles, between, lonlat, vectors

Ints = NDArray[np.int64]
STEP_NM = 30.0  # between points of a drawn line, at most
TURN_DEG = 5.0  # of longitude between them, at most: near a pole a short step turns far
LEAST_NM = 0.001  # no step is halved below this, however far it turns
ON_DEG = 1e-6  # nearer to 180 degrees than this a point lies on it, and belongs to either side
POLE_DEG = 1e-7  # nearer to a pole than this a point has no longitude of its own
DIGITS = (5, 9)  # decimals of a degree in GeoJSON: about a metre; more for a line that is shorter than that


def densified(corners: Floats, step_nm: float = STEP_NM) -> Floats:
    """Great circles through corners (n, 2) lon, lat degrees, with a point at least every `step_nm`; near a pole
    they lie closer."""
    if len(corners) < 2:
        return np.asarray(corners, dtype=np.float64)
    xyz = vectors(corners)
    points, _ = along(xyz[:-1], xyz[1:], step_nm)
    out = lonlat(np.vstack([points, xyz[-1:]]))
    out[0], out[-1] = corners[0], corners[-1]
    return out


def along(a: Floats, b: Floats, step_nm: float) -> tuple[Floats, Ints]:
    """Points (m, 3) of the drawn great circles from unit vectors a to b (n, 3), leg after leg, each with its start and
    without its end; and how many (n,) each leg has."""
    length = angles(a, b) * NM_PER_RADIAN
    count = np.maximum(np.ceil(length / step_nm).astype(np.int64), 1)
    leg = np.repeat(np.arange(len(a)), count + 1)  # with the end, to see how far the last step turns
    last = np.cumsum(count + 1) - 1
    share = (np.arange(len(leg)) - (last - count)[leg]) * (1.0 / count)[leg]
    share[last] = 1.0
    points = between(a[leg], b[leg], share)
    turn = np.abs((np.diff(lonlat(points)[:, 0]) + 180) % 360 - 180)
    within = np.delete(np.arange(len(leg) - 1), last[:-1])
    far = within[(turn[within] > TURN_DEG) & (length[leg[within]] > 0)]
    points = np.delete(points, last, axis=0)
    for k in np.unique(leg[far])[::-1].tolist():  # from the last, so that what lies before keeps its place
        begin = int(last[k] - count[k] - k)
        part = between(a[k : k + 1], b[k : k + 1], _shares(a[k], b[k], step_nm))
        points = np.vstack([points[:begin], part, points[begin + count[k] :]])
        count[k] = len(part)
    return points, count


def _shares(a: Floats, b: Floats, step_nm: float) -> Floats:
    """Where on the great circle from a to b (3,) a drawn line has its points: shares from 0, the end left out."""
    length = float(angles(a, b)) * NM_PER_RADIAN
    share = np.linspace(0.0, 1.0, max(int(np.ceil(length / step_nm)), 1) + 1)
    while length > 0:
        lon = lonlat(between(a[None], b[None], share))[:, 0]
        turn = np.abs((np.diff(lon) + 180) % 360 - 180)
        wide = np.flatnonzero((turn > TURN_DEG) & (np.diff(share) * length > LEAST_NM))
        if len(wide) == 0:
            break
        share = np.insert(share, wide + 1, (share[wide] + share[wide + 1]) / 2)
    return np.asarray(share[:-1])


def cut_line(line: Floats) -> list[Floats]:
    """Cut a line (n, 2) of lon, lat degrees where it crosses 180 degrees or a pole.

    The pieces lie within -180 to 180, have two points or more and no two equal ones in a row. A line that only touches
    180 degrees, or runs along it, is not cut there. A line without length has no piece.
    """
    pieces = [piece for stretch in _between_poles(line) for piece in _cut_at_180(stretch)]
    return [kept for piece in pieces if len(kept := _without_repeats(piece)) > 1]


def geojson_line(corners: Floats, step_nm: float = STEP_NM) -> dict[str, Any] | None:
    """The great circles through corners (n, 2) lon, lat degrees as a GeoJSON LineString or MultiLineString, cut at 180
    degrees; None where they have no length."""
    return geojson_pieces(cut_line(densified(corners, step_nm)) if len(corners) > 1 else [])


def geojson_pieces(pieces: list[Floats]) -> dict[str, Any] | None:
    """The pieces (n, 2) of a line as it is drawn, as a GeoJSON LineString or MultiLineString; None without any."""
    for digits in DIGITS:
        rounded = [_without_repeats(np.round(piece, digits), 0.0) for piece in pieces]
        lines = [piece.tolist() for piece in rounded if len(piece) > 1]
        if len(lines) == 1:
            return {"type": "LineString", "coordinates": lines[0]}
        if lines:
            return {"type": "MultiLineString", "coordinates": lines}
    return None


def _between_poles(line: Floats) -> list[Floats]:
    """A line cut at the poles that it crosses: there it comes along one meridian and goes on along another."""
    lon = (line[:, 0] + 180.0) % 360.0 - 180.0
    lon = np.where((lon == -180.0) & (line[:, 0] > 0), 180.0, lon)
    lat, polar = line[:, 1], 90.0 - np.abs(line[:, 1]) < POLE_DEG
    away = np.flatnonzero(~polar)
    if len(away) == 0:
        return []
    pieces: list[Floats] = []
    piece = [(lon[away[0]], lat[0])] if polar[0] else []
    for k, n in zip(away, [*away[1:], None], strict=True):
        piece.append((lon[k], lat[k]))
        if n is None:
            break
        top = np.copysign(90.0, lat[k])
        opposite = abs(abs(lon[n] - lon[k]) - 180.0) < 0.01 and 90.0 - abs(lat[[k, n]]).min() < 0.01
        if n > k + 1 or opposite:
            pieces.append(np.array([*piece, (lon[k], top)]))
            piece = [(lon[n], top)]
    if polar[-1]:
        piece.append((piece[-1][0], lat[-1]))
    return [*pieces, np.array(piece)]


def _cut_at_180(line: Floats) -> list[Floats]:
    """Cut a line within -180 to 180, (n, 2) degrees. A point on 180 degrees goes with what comes before it."""
    on = 180.0 - np.abs(line[:, 0]) < ON_DEG
    sides = np.where(line[:, 0] < 0, -1.0, 1.0)
    side = sides[np.flatnonzero(~on)[0]] if not on.all() else 1.0
    pieces: list[Floats] = []
    piece: list[tuple[float, float]] = []
    for k, (lon, lat) in enumerate(line):
        if on[k]:
            piece.append((180.0 * side, lat))
            continue
        left = None
        if k and on[k - 1] and sides[k] != side:
            left = line[k - 1, 1]
        elif k and not on[k - 1] and abs(lon - line[k - 1, 0]) > 180.0:
            left = _lat_at_180(line[k - 1], line[k])
            piece.append((180.0 * side, left))
        side = sides[k]
        if left is not None:
            pieces.append(np.array(piece))
            piece = [(180.0 * side, left)]
        piece.append((lon, lat))
    return [*pieces, np.array(piece)]


def _lat_at_180(a: Floats, b: Floats) -> float:
    """Latitude at which the great circle of a leg crosses 180 degrees: where its chord meets the plane y = 0."""
    u, v = vectors(a), vectors(b)
    away_u, away_v = abs(u[1]), abs(v[1])
    return float(lonlat(away_v * u + away_u * v)[1])


def _without_repeats(piece: Floats, apart_deg: float = 1e-9) -> Floats:
    """A line without points that repeat the one before."""
    keep = np.r_[True, np.any(np.abs(np.diff(piece, axis=0)) > apart_deg, axis=1)]
    return np.asarray(piece[keep])
