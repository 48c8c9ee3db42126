"""Waypoints: as few turns as say where a track goes, with legs that a chart plotter draws.

A plotter joins waypoints by rhumb lines. A leg of thousands of miles along a great circle is therefore broken, and
corners that hardly turn are left out: from each waypoint the leg goes as far as it may.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.geo.geodesy import NM_PER_RADIAN, Floats, between, lengths_nm, lonlat, vectors
from sim.report.export.coast import under

if TYPE_CHECKING:
    from sim.report.export.record import PassageMet, RouteTrack

TOLERANCE_DEG, LEAST_DEG, MOST_DEG = 1.0, 0.25, 2.0  # by which the course of a leg may differ from that of the track
OFF_NM: Final = 0.5  # by which a leg may pass to the side of the track
TURN_DEG: Final = 0.2  # of course between the points at which a track is looked at
NOISE_NM: Final = 0.001  # positions of stored lines are rounded: courses of the shortest pieces are not known better
FARTHEST: Final = 600  # points that a leg may leave out
SAMPLE_NM: Final = 15.0  # between the points of a rhumb line that is tested for land
DIGITS: Final = 6  # decimals of a degree: a tenth of a metre
NEAREST_POLE: Final = np.sin(np.deg2rad(89.9999))


@dataclass(frozen=True)
class Waypoint:
    """A turn of a track, lon and lat in degrees.

    `name` is its number with the port, passage or sea that it is at; `passage` the id of the passage. The leg that
    leads to it has `leg_nm` (a rhumb line on WGS84), `course_deg` (true) and `speed_kn`, None at the start and where no
    voyage is known; `on_land` tells that the leg lies in a canal or a port's channel, over land on the map. `arrive`
    and `leave` are None without dates.
    """

    number: int
    name: str
    lon: float
    lat: float
    passage: str = ""
    leg_nm: float | None = None
    course_deg: float | None = None
    speed_kn: float | None = None
    arrive: datetime | None = None
    leave: datetime | None = None
    on_land: bool = False


def check_tolerance(degrees: float) -> float:
    """A tolerance that may be asked for. Raises UsageError."""
    if not LEAST_DEG <= degrees <= MOST_DEG:
        raise UsageError(f"--tolerance is {degrees:g}, allowed is {LEAST_DEG:g} to {MOST_DEG:g} degrees of course")
    return degrees


def waypoints(track: RouteTrack, tolerance_deg: float = TOLERANCE_DEG) -> tuple[Waypoint, ...]:
    """The waypoints of a track: both ends, each passage, each wait, each turn in canals and port channels, and what
    else is needed so that the rhumb lines between them keep these bounds.

    The course of a leg is within `tolerance_deg` of that of the track beside it, no leg passes more than `OFF_NM` to
    its side, and none touches land or a reef where the track touches none.
    """
    check_tolerance(tolerance_deg)
    fine, place = _refined(track.line)
    where = np.arange(len(track.line))
    land = under(fine)
    must = np.zeros(len(fine), dtype=bool)
    must[[0, -1]] = True
    must[:-1] |= land
    must[1:] |= land
    own = np.searchsorted(place, where)  # rows of the track's own vertices
    passages = {int(own[m.at]): m for m in track.met}
    must[list(passages)] = True
    must[own[track.wait_h > 0]] = True
    kept = _turns(fine, must, tolerance_deg)
    return tuple(_waypoint(track, fine, place, land, kept, k, passages) for k in range(len(kept)))


def _refined(line: Floats) -> tuple[Floats, Floats]:
    """A line (n, 2) with points more on its great circles, so that the course turns by little between two of them; and
    where each of them (m,) was, as a number of vertices from the start."""
    turn = np.abs(np.diff(line[:, 0]) * np.sin(np.deg2rad((line[:-1, 1] + line[1:, 1]) / 2)))
    parts = np.maximum(np.ceil(turn / TURN_DEG), 1).astype(int)
    begin = np.repeat(np.arange(len(parts)), parts)
    share = np.concatenate([np.arange(n) / n for n in parts])
    xyz = vectors(line)
    at = lonlat(between(xyz[begin], xyz[begin + 1], share))
    at[:, 0] = line[begin, 0] + (at[:, 0] - line[begin, 0] + 180) % 360 - 180
    at[share == 0] = line[:-1]
    return np.vstack([at, line[-1:]]), np.r_[begin + share, len(line) - 1.0]


def _flat(line: Floats) -> tuple[Floats, Floats]:
    """A line on Mercator's chart, where rhumb lines are straight: x and y (n,) in radians."""
    return np.deg2rad(line[:, 0]), np.arctanh(np.clip(np.sin(np.deg2rad(line[:, 1])), -NEAREST_POLE, NEAREST_POLE))


def _turns(line: Floats, must: NDArray[np.bool_], tolerance_deg: float) -> list[int]:
    """Rows of a line (n, 2) that are kept: from each the next one is the farthest that the bounds allow."""
    x, y = _flat(line)
    course = np.unwrap(np.arctan2(np.diff(x), np.diff(y)))
    length = np.maximum(lengths_nm(line[:-1], line[1:]), 1e-6)
    slack = np.deg2rad(tolerance_deg) + np.arctan(NOISE_NM / length)
    side = OFF_NM / NM_PER_RADIAN / np.maximum(np.cos(np.deg2rad(line[:, 1])), 1e-9)  # in x and y
    stops = np.flatnonzero(must)
    kept = [0]
    while (i := kept[-1]) < len(line) - 1:
        last = min(int(stops[np.searchsorted(stops, i, side="right")]), i + FARTHEST)
        kept.append(i + _farthest(line, x, y, course, slack, side, slice(i, last + 1)))
    return kept


def _farthest(line: Floats, x: Floats, y: Floats, course: Floats, slack: Floats, side: Floats, part: slice) -> int:
    """How many points further on a leg from the first point of a part may end."""
    i, last = part.start, part.stop - 1
    turned = course[i:last] - course[i]
    away = np.hypot(x[i + 1 : last + 1] - x[i], y[i + 1 : last + 1] - y[i])
    toward = np.arctan2(x[i + 1 : last + 1] - x[i], y[i + 1 : last + 1] - y[i]) - course[i]
    toward = (toward + np.pi) % (2 * np.pi) - np.pi
    # to pass a point closely enough a leg must keep within a wedge about it; the end of a leg itself is met
    wedge = np.arcsin(np.minimum(side[i + 1 : last + 1] / np.maximum(away, 1e-15), 1.0))
    wedge[wedge >= np.pi / 2] = np.pi
    low = np.maximum.accumulate(turned - slack[i:last])
    high = np.minimum.accumulate(turned + slack[i:last])
    low[1:] = np.maximum(low[1:], np.maximum.accumulate(toward - wedge)[:-1])
    high[1:] = np.minimum(high[1:], np.minimum.accumulate(toward + wedge)[:-1])
    good = np.flatnonzero((toward >= low) & (toward <= high)) + 1
    while len(good) and good[-1] > 1:
        if not under(rhumb_line(line[i], line[i + good[-1]])).any():
            return int(good[-1])
        good = good[: len(good) // 2]
    return 1


def rhumb_line(start: Floats, stop: Floats, step_nm: float = SAMPLE_NM) -> Floats:
    """The rhumb line (n, 2) between two positions (2,) whose longitudes differ by less than 180, with a point at least
    about every `step_nm`."""
    x, y = _flat(np.vstack([start, stop]))
    count = max(int(np.ceil(np.hypot(x[1] - x[0], y[1] - y[0]) * NM_PER_RADIAN / step_nm)), 1) + 1
    ys = np.linspace(y[0], y[1], count)
    line = np.column_stack([np.linspace(start[0], stop[0], count), np.rad2deg(np.arcsin(np.tanh(ys)))])
    line[0], line[-1] = start, stop
    return line


def _waypoint(
    track: RouteTrack,
    fine: Floats,
    place: Floats,
    land: NDArray[np.bool_],
    kept: list[int],
    k: int,
    passages: dict[int, PassageMet],
) -> Waypoint:
    """The k-th waypoint."""
    at = kept[k]
    met = passages.get(at)
    lon, lat = (round(float(fine[at, 0]), DIGITS) + 180) % 360 - 180, round(float(fine[at, 1]), DIGITS)
    lon = round(lon, DIGITS)  # never 180: formats have -180 for it
    seas = [track.sea(_miles(track, place[row])) for row in kept[max(k - 1, 0) : k + 1]]
    name = _name(track, k, k == len(kept) - 1, met, seas)
    out = Waypoint(k + 1, name, lon, lat, met.passage if met else "")
    legs: dict[str, Any] = {}
    if k:
        rhumb = rhumb_line(fine[kept[k - 1]], fine[at])
        x, y = _flat(rhumb[[0, -1]])
        legs["leg_nm"] = float(lengths_nm(rhumb[:-1], rhumb[1:]).sum())
        legs["course_deg"] = float(np.rad2deg(np.arctan2(x[1] - x[0], y[1] - y[0])) % 360)
        legs["on_land"] = bool(land[kept[k - 1] : at].any())
    if track.hours is not None and track.depart is not None:
        reach, leave = _times(track, place[at])
        legs["arrive"] = track.depart + timedelta(hours=round(reach * 3600) / 3600)
        legs["leave"] = track.depart + timedelta(hours=round(leave * 3600) / 3600)
        if k:
            under_way = reach - _times(track, place[kept[k - 1]])[1]
            legs["speed_kn"] = legs["leg_nm"] / under_way if under_way > 0 else None
    return replace(out, **legs)


def _times(track: RouteTrack, place: float) -> tuple[float, float]:
    """Hours since the departure at which the ship reaches and leaves a place between two vertices."""
    assert track.hours is not None
    before = min(int(place), len(track.hours) - 2)
    share = place - before
    left = track.hours[before] + track.wait_h[before]
    if share == 0:
        return float(track.hours[before]), float(left)
    reach = float(left + share * (track.hours[before + 1] - left))
    return reach, reach + (float(track.wait_h[before + 1]) if share == 1 else 0.0)


def _miles(track: RouteTrack, place: float) -> float:
    """Miles from the start at a place between two vertices."""
    return float(np.interp(place, np.arange(len(track.line)), track.at_nm))


def _name(track: RouteTrack, k: int, last: bool, met: PassageMet | None, seas: Sequence[str]) -> str:
    """The number of a waypoint and what lies there, port, passage or a sea that begins; `seas` are those of the one
    before and its own. Each has another name, since programs know waypoints by it."""
    begun = seas[-1] if seas[0] != seas[-1] else ""
    what = track.ends[0] if k == 0 else track.ends[1] if last else met.name if met else begun
    return f"{k + 1:03d} {what}".rstrip()
