"""Cells of equal area round the pole, and legs read in them piece by piece."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Proj

from sim.geo.cells import (
    CELL_KM,
    HALF,
    OPEN,
    STEP_NM,
    CellGrid,
    from_plane,
    plane_km,
    readings,
    readings_of_way,
)
from sim.geo.geodesy import NM_PER_RADIAN, RADIUS_KM, Floats, angles, lonlat, vectors

SIDE = 2 * HALF + 1
LONS = st.floats(-180, 180)
NORTH = st.floats(45, 90)


@pytest.fixture(scope="module")
def whole() -> CellGrid:
    """All cells of the plane in use."""
    return CellGrid.of_mask(np.ones((SIDE, SIDE), dtype=bool))


def random_places(count: int, south: float = 46.0, seed: int = 0) -> Floats:
    rng = np.random.default_rng(seed)
    lat = np.rad2deg(np.arcsin(rng.uniform(np.sin(np.deg2rad(south)), 1, count)))
    return np.column_stack([rng.uniform(-180, 180, count), lat])


# -- the plane


@given(LONS, NORTH)
def test_there_and_back(lon: float, lat: float) -> None:
    xyz = vectors((lon, lat))
    back = from_plane(plane_km(xyz))
    assert angles(vectors(back), xyz) * RADIUS_KM < 1e-3  # a metre


@given(st.floats(-4000, 4000), st.floats(-4000, 4000))
def test_back_and_there(x: float, y: float) -> None:
    assert plane_km(vectors(from_plane(np.array([x, y])))) == pytest.approx([x, y], abs=1e-3)


def test_the_pole_and_180_are_no_seams() -> None:
    assert plane_km(vectors((0.0, 90.0))) == pytest.approx([0, 0], abs=1e-9)
    east, west = plane_km(vectors([(179.9999, 75.0), (-179.9999, 75.0)]))
    assert np.hypot(*(east - west)) < 0.02
    assert plane_km(vectors((0.0, 80.0)))[1] == pytest.approx(0, abs=1e-9)
    assert plane_km(vectors((90.0, 80.0)))[0] == pytest.approx(0, abs=1e-9)


def test_the_plane_is_the_one_of_proj() -> None:
    place = random_places(200)
    theirs = Proj(proj="laea", lat_0=90, lon_0=0, R=RADIUS_KM * 1000)(*place.T)
    x, y = plane_km(vectors(place)).T * 1000
    # PROJ draws 0 E downwards and 90 E to the right
    assert np.abs(np.array(theirs) - [y, -x]).max() < 1


def test_cells_have_one_area(whole: CellGrid) -> None:
    """As many random places of the sphere fall into every ring of cells as its area says."""
    place = random_places(200_000)
    cell = whole.at(vectors(place))
    assert (cell != OPEN).all()
    away = np.hypot(*((np.argwhere(whole.number >= 0) - HALF) * CELL_KM).T)
    rings = np.arange(0, 4500, 500.0)
    of_cells = np.histogram(away, rings)[0]
    hits = np.histogram(away[cell], rings)[0]
    total = 2 * np.pi * RADIUS_KM**2 * (1 - np.sin(np.deg2rad(46.0)))
    expected = of_cells * CELL_KM**2 / total * len(place)
    assert hits == pytest.approx(expected, abs=4 * np.sqrt(expected).max())
    assert (np.abs(hits / expected - 1) < 4 / np.sqrt(expected)).all()


# -- cells


def test_the_middle_of_a_cell_lies_in_it(whole: CellGrid) -> None:
    assert whole.size == SIDE**2
    inner = whole.lonlat[:, 1] > 45
    assert (whole.at(vectors(whole.lonlat))[inner] == np.flatnonzero(inner)).all()


def test_a_place_is_nearer_to_its_cell_than_half_a_diagonal(whole: CellGrid) -> None:
    place = random_places(20_000)
    middle = whole.lonlat[whole.at(vectors(place))]
    assert (np.abs(plane_km(vectors(place)) - plane_km(vectors(middle))) <= CELL_KM / 2 + 1e-6).all()
    away = angles(vectors(place), vectors(middle)) * RADIUS_KM
    # off the pole a square of the plane is stretched by at most 1 / cos(22 degrees)
    assert away.max() <= CELL_KM / np.sqrt(2) / np.cos(np.deg2rad(22.5)) + 0.01


def test_a_mask_numbers_its_cells_and_leaves_the_rest_open() -> None:
    mask = np.zeros((SIDE, SIDE), dtype=bool)
    mask[HALF, HALF] = mask[HALF + 40, HALF] = True  # the pole, and 1000 km towards Greenwich
    grid = CellGrid.of_mask(mask)
    assert grid.size == 2
    assert grid.lonlat[0, 1] == pytest.approx(90)
    assert grid.lonlat[1, 0] == pytest.approx(0)
    towards = 90 - np.rad2deg(2 * np.arcsin(1000 / (2 * RADIUS_KM)))
    assert grid.lonlat[1, 1] == pytest.approx(towards)
    asked = vectors([(77.0, 89.95), (0.0, towards), (90.0, towards), (0.0, 50.0)])
    assert grid.at(asked).tolist() == [0, 1, OPEN, OPEN]


@pytest.mark.parametrize("place", [(0, 44.0), (45, 0.0), (120, -10.0), (0, -89.9), (30, -90.0), (180, -75.0)])
def test_far_places_lie_in_no_cell(whole: CellGrid, place: tuple[float, float]) -> None:
    assert whole.at(vectors(place)[None]).tolist() == [OPEN]


# -- readings


def legs(seed: int, count: int = 200, most_deg: float = 12.0) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    start = vectors(random_places(count, 55.0, seed))
    stop = start + rng.normal(0, np.deg2rad(most_deg) / 3, (count, 3)) * rng.uniform(0, 1, (count, 1))
    return start, stop / np.linalg.norm(stop, axis=1, keepdims=True)


@pytest.mark.parametrize("seed", range(5))
def test_pieces_make_up_their_leg(whole: CellGrid, seed: int) -> None:
    start, stop = legs(seed)
    read = readings(whole, start, stop)
    count = len(start)
    assert read.leg[[0, -1]].tolist() == [0, count - 1]
    assert np.bincount(read.leg, weights=read.share) == pytest.approx(np.ones(count))
    away = angles(start, stop) * NM_PER_RADIAN
    assert (away[read.leg] * read.share <= STEP_NM + 1e-9).all()
    # and they are not cut finer than needed
    pieces = np.diff(read.first)
    assert (pieces <= away / STEP_NM + 1).all()
    assert (read.cell == whole.at(read.middle)).all()


@pytest.mark.parametrize("seed", range(5))
def test_middles_lie_on_the_great_circle_in_order(whole: CellGrid, seed: int) -> None:
    start, stop = legs(seed)
    read = readings(whole, start, stop)
    assert np.linalg.norm(read.middle, axis=1) == pytest.approx(np.ones(len(read.middle)))
    normal = np.cross(start, stop)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    off = np.abs(np.einsum("ij,ij->i", read.middle, normal[read.leg]))
    assert off.max() * NM_PER_RADIAN < 1e-6
    from_start = angles(read.middle, start[read.leg])
    whole_angle = angles(start, stop)[read.leg]
    order = np.arange(len(read.leg)) - read.first[read.leg]
    assert from_start == pytest.approx(whole_angle * (order + 0.5) * read.share, abs=1e-12)


def test_a_leg_over_the_pole_is_read_at_the_pole(whole: CellGrid) -> None:
    read = readings_of_way(whole, np.array([[30.0, 85.0], [-150.0, 85.0]]))
    pole = int(whole.at(vectors((0.0, 90.0))[None])[0])
    assert pole in read.cell
    assert len(read.cell) == 100  # 600 nm in pieces of 6
    lon = lonlat(read.middle)[:, 0]
    assert lon[:50] == pytest.approx(np.full(50, 30.0), abs=1e-6)
    assert lon[50:] == pytest.approx(np.full(50, -150.0), abs=1e-6)


def test_a_leg_over_180_stays_there(whole: CellGrid) -> None:
    read = readings_of_way(whole, np.array([[178.0, 70.0], [-178.0, 70.0]]))
    lon, lat = lonlat(read.middle).T
    assert (np.abs(lon) >= 178).all()
    assert (lat > 69.99).all()
    assert np.diff(read.first).tolist() == [14]  # 82 nm


def test_the_shortest_legs_do_no_harm(whole: CellGrid) -> None:
    here = vectors([(60.0, 75.0)])
    for stop in (here, vectors([(60.0, 75.0 + 1e-13)]), vectors([(60.0, 75.0 + 1e-7)])):
        read = readings(whole, here, stop)
        assert read.share.tolist() == [1.0]
        assert np.isfinite(read.middle).all()
        assert read.cell.tolist() == whole.at(here).tolist()


def test_without_a_grid_no_piece_lies_in_a_cell() -> None:
    assert set(readings_of_way(None, np.array([[0.0, 75.0], [20.0, 80.0]])).cell.tolist()) == {OPEN}
