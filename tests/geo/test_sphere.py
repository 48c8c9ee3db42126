"""Unit vectors and angles against a spherical geodesic of pyproj, at the poles and at 180 degrees."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from sim.geo.geodesy import angles, between, cross, dots, lonlat, vectors

SPHERE = Geod(a=1.0, b=1.0)
LON = st.floats(-180, 180)
LAT = st.floats(-90, 90)


@given(LON, LAT)
def test_a_position_survives_the_round_trip(lon: float, lat: float) -> None:
    there = vectors((lon, lat))
    assert np.linalg.norm(there) == pytest.approx(1.0, abs=1e-14)
    back = lonlat(there)
    assert back[1] == pytest.approx(lat, abs=1e-12)
    assert np.allclose(vectors(back), there, atol=1e-14)
    turn = (back[0] - lon + 180) % 360 - 180
    assert abs(turn) * np.cos(np.deg2rad(lat)) < 1e-12  # at a pole any longitude will do


@pytest.mark.parametrize(
    ("position", "xyz"),
    [
        ((0, 0), (1, 0, 0)),
        ((90, 0), (0, 1, 0)),
        ((180, 0), (-1, 0, 0)),
        ((-180, 0), (-1, 0, 0)),
        ((37, 90), (0, 0, 1)),
        ((-120, -90), (0, 0, -1)),
    ],
)
def test_positions_at_the_poles_and_at_180(position: tuple[float, float], xyz: tuple[float, float, float]) -> None:
    assert np.allclose(vectors(position), xyz, atol=1e-15)


@given(LON, LAT)
def test_a_turn_of_360_degrees_changes_nothing(lon: float, lat: float) -> None:
    assert np.allclose(vectors((lon + 360, lat)), vectors((lon, lat)), atol=1e-14)


@given(LON, LAT, LON, LAT)
def test_angles_are_those_of_a_sphere(lon1: float, lat1: float, lon2: float, lat2: float) -> None:
    _, _, distance = SPHERE.inv(lon1, lat1, lon2, lat2)
    a, b = vectors((lon1, lat1)), vectors((lon2, lat2))
    assert float(angles(a, b)) == pytest.approx(distance, abs=1e-7)


@pytest.mark.parametrize("tiny", [1e-12, 1e-9, 1e-5])
def test_small_angles_are_exact_and_nearly_opposite_points_good_to_a_foot(tiny: float) -> None:
    a, b = vectors((0, 0)), vectors((np.rad2deg(tiny), 0))
    assert float(angles(a, b)) == pytest.approx(tiny, rel=1e-3)
    assert np.pi - float(angles(a, -b)) == pytest.approx(tiny, rel=1e-3, abs=3e-8)


def test_cross_is_the_cross_product_of_numpy() -> None:
    a, b = np.random.default_rng(1).normal(size=(2, 50, 3))
    assert np.allclose(cross(a, b), np.cross(a, b))
    assert np.allclose(cross(a[0], b), np.cross(a[0], b))
    assert np.allclose(dots(b.T, a[0]), b @ a[0], atol=1e-15)


def test_points_between_by_hand() -> None:
    """A quarter of the equator from 0 to 90 E is 22.5 E; half of the path over the pole is the pole."""
    a, b = vectors([[0.0, 0.0]]), vectors([[90.0, 0.0]])
    assert lonlat(between(a, b, 0.25)) == pytest.approx(np.array([[22.5, 0.0]]))
    north = between(vectors((20.0, 80.0)), vectors((-160.0, 80.0)), 0.5)
    assert north == pytest.approx([0.0, 0.0, 1.0])
    assert between(a, a, 0.7) == pytest.approx(a)


@given(LON, LAT, LON, LAT, st.floats(0, 1))
def test_a_point_between_parts_the_way(lon: float, lat: float, lon2: float, lat2: float, share: float) -> None:
    a, b = vectors((lon, lat)), vectors((lon2, lat2))
    whole = float(angles(a, b))
    if whole > 3.1:
        return  # half a circle apart: no great circle is named
    middle = between(a, b, share)
    assert np.linalg.norm(middle) == pytest.approx(1.0, abs=1e-9)
    assert float(angles(a, middle)) == pytest.approx(share * whole, abs=1e-7)
    assert float(angles(middle, b)) == pytest.approx((1 - share) * whole, abs=1e-7)
