"""Waypoints: the bounds that are stated hold for every leg, of the routes of ships and of lines from anywhere."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import northabout
from sim.errors import UsageError
from sim.geo.drawing import densified
from sim.geo.geodesy import Floats, angles, between, lengths_nm, lonlat, vectors, way_nm
from sim.geo.land import land_polygons, land_tree, on_land
from sim.report.export.coast import under
from sim.report.export.read import of_route
from sim.report.export.record import Exported, RouteTrack
from sim.report.export.track import seamless
from sim.report.export.waypoints import (
    NOISE_NM,
    OFF_NM,
    TURN_DEG,
    Waypoint,
    check_tolerance,
    rhumb_line,
    waypoints,
)

EARTH_NM = 3437.7468


def track_of(corners: Floats) -> RouteTrack:
    """A track in space along great circles through corners, as a stored result would hold it."""
    line = seamless(np.round(densified(corners), 5))
    at = np.r_[0.0, np.cumsum(lengths_nm(line[:-1], line[1:]))]
    figures = {"distance_nm": float(at[-1])}
    return RouteTrack("x", "x", ("A", "B"), figures, line, at, None, np.zeros(len(line)), None, (), ())


def rows_of(points: tuple[Waypoint, ...], line: Floats) -> list[float]:
    """Where on a line each waypoint lies, as a number of vertices from its start, by geometry alone."""
    xyz, out, start = vectors(line), [0.0], 0
    for point in points[1:-1]:
        p = vectors(np.array([point.lon, point.lat]))
        a, b = xyz[start:-1], xyz[start + 1 :]
        beyond = angles(a, p[None]) + angles(p[None], b) - angles(a, b)  # 0 on the piece from a to b
        hit = int(np.flatnonzero(beyond < 2e-8 + beyond.min())[0])
        whole = float(angles(a[hit], b[hit]))
        share = float(angles(a[hit], p)) / whole if whole > 0 else 0.0
        start += hit
        out.append(start + min(share, 1.0))
    return [*out, len(line) - 1.0]


def worst(track: RouteTrack, points: tuple[Waypoint, ...]) -> tuple[float, float]:
    """By how many degrees the course of a leg differs most from that of the track beside it, less what is known of the
    course of short pieces; and how many miles a leg passes to its side at most."""
    course_deg = side_nm = 0.0
    xyz = vectors(track.line)
    for (a, b), (m, n) in zip(pairwise(points), pairwise(rows_of(points, track.line)), strict=True):
        rhumb = rhumb_line(np.array([a.lon, a.lat]), np.array([a.lon + (b.lon - a.lon + 180) % 360 - 180, b.lat]), 1.0)
        near = vectors(rhumb)
        for k in range(int(m), int(np.ceil(n))):
            begin, end = max(m, k) - k, min(n, k + 1) - k
            nm = float(angles(xyz[k], xyz[k + 1])) * EARTH_NM * (end - begin)
            if nm < 0.01:
                continue
            share = np.linspace(begin, end, 5)
            at = between(xyz[[k] * 5], xyz[[k + 1] * 5], share)
            side_nm = max(side_nm, float(np.arccos(np.minimum((at @ near.T).max(axis=1).min(), 1.0))) * EARTH_NM)
            step = lonlat(at)
            x, y = np.deg2rad(np.unwrap(step[:, 0], period=360)), np.arctanh(np.sin(np.deg2rad(step[:, 1])))
            courses = np.rad2deg(np.arctan2(np.diff(x), np.diff(y)))
            assert b.course_deg is not None
            off = np.abs((courses - b.course_deg + 180) % 360 - 180).max()
            course_deg = max(course_deg, float(off) - np.rad2deg(np.arctan(NOISE_NM / nm)))
    return course_deg, side_nm


@pytest.mark.parametrize("tolerance", [0.5, 2.0])
def test_the_legs_of_a_voyage_keep_the_bounds(told: Exported, tolerance: float) -> None:
    for track in told.tracks:
        points = waypoints(track, tolerance)
        course_deg, side_nm = worst(track, points)
        assert course_deg <= tolerance + TURN_DEG
        assert side_nm <= OFF_NM * 1.02 + 1.0 / 2  # half a step of the line that is measured with
        assert sum(p.leg_nm or 0 for p in points) == pytest.approx(way_nm(track.line), rel=1e-3)
        assert len({p.name for p in points}) == len(points)


def test_a_greater_tolerance_needs_fewer_waypoints_than_the_track_has_points(told: Exported) -> None:
    for track in told.tracks:
        counts = [len(waypoints(track, t)) for t in (0.25, 1.0, 2.0)]
        assert counts == sorted(counts, reverse=True)
        assert counts[1] < len(track.line) / 1.5


def test_no_leg_leads_over_land_but_in_canals_and_channels(told: Exported) -> None:
    lines = []
    for track in told.tracks:
        open_sea = [(a, b) for a, b in pairwise(waypoints(track)) if not b.on_land]
        assert len(open_sea) > 50
        for a, b in open_sea:
            east = a.lon + (b.lon - a.lon + 180) % 360 - 180
            lines.append(rhumb_line(np.array([a.lon, a.lat]), np.array([east, b.lat]), 0.5)[1:-1])
    places = np.vstack(lines)
    places[:, 0] = (places[:, 0] + 180) % 360 - 180
    assert not on_land(places).any()


def test_a_leg_goes_round_an_islet_that_only_the_test_for_land_sees() -> None:
    polygons = np.array(land_polygons(), dtype=object)
    west, south, east, north = shapely.bounds(polygons).T
    small = np.flatnonzero((east - west < 0.2) & (np.abs(south) < 60) & (np.abs(east) < 179))
    around = shapely.box(west[small] - 0.5, south[small] - 0.5, east[small] + 0.5, north[small] + 0.5)
    islet = next(k for k, box in zip(small, around, strict=True) if len(land_tree().query(box)) == 1)
    ring = np.array(polygons[islet].exterior.coords)
    lon, lat = ring[np.argmax(ring[:, 1])]
    over = np.array([[lon - 0.3, lat - 0.1 / 60], [lon, lat + 0.1 / 60], [lon + 0.3, lat - 0.1 / 60]])
    assert under(over[[0, 2]]).any()
    assert not under(over).any()
    round_it = waypoints(track_of(over), 2.0)
    assert len(round_it) == 3
    at = np.array([[p.lon, p.lat] for p in round_it])
    assert not any(on_land(rhumb_line(a, b, 0.02)).any() for a, b in pairwise(at))
    assert len(waypoints(track_of(over + np.array([0.0, 0.25])), 2.0)) == 2  # the same bend with no land near it


def test_times_and_speeds_at_waypoints_are_those_of_the_voyage(told: Exported) -> None:
    for track in told.tracks:
        points = waypoints(track)
        first, last = points[0], points[-1]
        assert first.arrive is not None and last.arrive is not None and track.depart is not None
        assert first.leave == track.depart
        days = (last.arrive - track.depart).total_seconds() / 86400
        assert days == pytest.approx(track.figures["days"], abs=2e-3)
        hours = waits = 0.0
        for a, b in pairwise(points):
            assert a.arrive is not None and a.leave is not None and b.arrive is not None and b.leg_nm is not None
            assert a.arrive <= a.leave <= b.arrive
            assert b.speed_kn is not None and 1 < b.speed_kn < 30
            hours += b.leg_nm / b.speed_kn
            waits += (a.leave - a.arrive).total_seconds() / 3600
        assert (hours + waits) / 24 == pytest.approx(days, abs=2e-3)
        assert waits / 24 == pytest.approx(track.figures.get("wait_days", 0.0), abs=2e-3)


SEA = st.tuples(st.floats(-180, 180), st.floats(-89.5, 89.5))


@given(st.lists(SEA, min_size=2, max_size=4, unique=True), st.sampled_from([0.5, 1.0, 2.0]))
@settings(max_examples=6)
def test_any_line_keeps_the_bounds(corners: list[tuple[float, float]], tolerance: float) -> None:
    given_line = np.array(corners)
    legs = angles(vectors(given_line[:-1]), vectors(given_line[1:]))
    if legs.min() < 0.01 or legs.max() > 3.1:
        return  # no line, or between opposite places
    track = track_of(given_line)
    points = waypoints(track, tolerance)
    assert (points[0].lon, points[0].lat) == pytest.approx(tuple(np.round(given_line[0], 5)), abs=2e-5)
    assert (points[-1].lat) == pytest.approx(given_line[-1][1], abs=2e-5)
    assert sum(p.leg_nm or 0 for p in points) == pytest.approx(way_nm(track.line), rel=1e-3)
    far_from_poles = [p for p in points if abs(p.lat) > 89.9]
    if not far_from_poles:
        assert worst(track, points)[0] <= tolerance + TURN_DEG


def test_a_small_bend_is_left_out_and_a_large_one_is_kept() -> None:
    north = [[-30.0, 18.0], [-30.0, 20.0]]
    assert len(waypoints(track_of(np.array([*north, [-29.99, 22.0]])))) == 2
    bent = waypoints(track_of(np.array([*north, [-29.9, 22.0]])))
    assert [(p.lon, p.lat) for p in bent[1:-1]] == [(-30.0, 20.0)]


def test_a_great_circle_over_an_ocean_is_broken_into_rhumb_lines() -> None:
    track = track_of(np.array([[150.0, 40.0], [-130.0, 45.0]]))
    points = waypoints(track)
    assert 20 < len(points) < 60
    assert {np.sign(p.lon) for p in points} == {-1.0, 1.0}
    straight = rhumb_line(np.array([150.0, 40.0]), np.array([230.0, 45.0]))
    assert way_nm(straight) > 1.01 * way_nm(track.line)  # what one leg would have cost
    assert sum(p.leg_nm or 0 for p in points) < 1.0005 * way_nm(track.line)


def test_a_route_of_the_arctic_keeps_the_bounds() -> None:
    (track,) = of_route(northabout.route("Dalian", "Rotterdam", via="nsr")).tracks
    points = waypoints(track)
    course_deg, side_nm = worst(track, points)
    assert course_deg <= 1.0 + TURN_DEG
    assert side_nm <= OFF_NM * 1.02 + 1.0 / 2
    assert sum(p.leg_nm or 0 for p in points) == pytest.approx(way_nm(track.line), rel=1e-3)
    assert [p.passage for p in points if p.passage] == list(northabout.route("Dalian", "Rotterdam", via="nsr").passages)
    assert track.ends == ("Dalian", "Rotterdam")


@pytest.mark.parametrize("east", [False, True])
def test_a_line_over_the_pole(east: bool) -> None:
    track = track_of(np.array([[170.0, 82.0], [-10.0 if not east else -9.0, 82.0]]))
    points = waypoints(track)
    assert sum(p.leg_nm or 0 for p in points) == pytest.approx(way_nm(track.line), rel=1e-3)
    assert len(points) < 250


@pytest.mark.parametrize("lon", [180.0, -180.0, 179.99999999, 540.0])
def test_a_waypoint_on_180_degrees_is_at_minus_180(lon: float) -> None:
    line = np.array([[lon - 5, -50.0], [lon, -55.0], [lon + 1, -50.0]])
    track = replace(track_of(np.array([[0.0, 0.0], [1.0, 1.0]])), line=line, at_nm=np.arange(3.0), wait_h=np.zeros(3))
    assert [p.lon for p in waypoints(track) if p.lat == -55.0] == [-180.0]


@pytest.mark.parametrize("degrees", [0.0, 0.1, 2.5, -1.0, float("nan")])
def test_a_tolerance_out_of_bounds_is_refused(degrees: float) -> None:
    with pytest.raises(UsageError, match=r"--tolerance is .*allowed is 0.25 to 2 degrees"):
        check_tolerance(degrees)
