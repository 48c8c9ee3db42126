"""Routes as lines to draw: the ends stay, the steps are short, and a cut at 180 degrees loses nothing."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from shapely.geometry import LineString, shape

from sim.geo.drawing import cut_line, densified, geojson_line
from sim.geo.geodesy import NM_PER_RADIAN, Floats, angles, vectors

OVER_180 = np.array([[170.0, 40.0], [-170.0, 45.0], [165.0, -10.0], [-120.0, 0.0]])
OVER_POLE = np.array([[20.0, 80.0], [-150.0, 82.0], [-40.0, 75.0], [140.0, 85.0]])
ALONG_180 = np.array([[179.0, 10.0], [180.0, 20.0], [-180.0, 30.0], [-179.0, 40.0]])
ONE_SIDE = np.array([[0.0, 0.0], [60.0, 40.0], [120.0, -30.0]])
LINES = pytest.mark.parametrize(
    "corners", [OVER_180, OVER_POLE, ALONG_180, ONE_SIDE], ids=["180", "pole", "on", "side"]
)

CORNERS = hnp.arrays(np.float64, st.tuples(st.integers(2, 6), st.just(2)), elements=st.floats(-1, 1, width=32)).map(
    lambda unit: unit * [180.0, 89.0]
)


def nm(line: Floats) -> float:
    """Great-circle length of a line."""
    xyz = vectors(line)
    return float(angles(xyz[:-1], xyz[1:]).sum() * NM_PER_RADIAN)


def steps_nm(line: Floats) -> Floats:
    xyz = vectors(line)
    return np.asarray(angles(xyz[:-1], xyz[1:]) * NM_PER_RADIAN)


def antipodal(corners: Floats) -> bool:
    return bool((steps_nm(corners) > 179.9 * 60).any())


@LINES
@pytest.mark.parametrize("step", [2.0, 30.0, 500.0])
def test_densified_keeps_corners_and_length(corners: Floats, step: float) -> None:
    line = densified(corners, step)
    assert (line[0] == corners[0]).all()
    assert (line[-1] == corners[-1]).all()
    assert steps_nm(line).max() <= step * (1 + 1e-9)
    assert nm(line) == pytest.approx(nm(corners), rel=1e-12)
    away = angles(vectors(line)[None], vectors(corners)[:, None])
    assert away.min(axis=1).max() < 1e-9  # every corner is still a point of the line


@given(CORNERS)
def test_densified_lies_on_the_great_circle(corners: Floats) -> None:
    if antipodal(corners):
        return
    line = densified(corners, 100.0)
    assert steps_nm(line).max(initial=0.0) <= 100.0 * (1 + 1e-9)
    assert nm(line) == pytest.approx(nm(corners), abs=1e-4)


def test_densified_leaves_a_single_point_and_a_leg_of_no_length_alone() -> None:
    assert densified(np.array([[3.0, 4.0]])).tolist() == [[3.0, 4.0]]
    assert densified(np.array([[3.0, 4.0], [3.0, 4.0]])).tolist() == [[3.0, 4.0], [3.0, 4.0]]


def holds_together(pieces: list[Floats]) -> None:
    """Within -180..180, no jump, no point twice in a row, and each piece goes on where the last one ended: at 180
    degrees on the other side, or at a pole."""
    for piece in pieces:
        assert len(piece) >= 2
        assert np.abs(piece[:, 0]).max() <= 180
        assert np.abs(piece[:, 1]).max() <= 90
        assert np.abs(np.diff(piece[:, 0])).max() <= 180 + 1e-9
        assert np.abs(np.diff(piece, axis=0)).max(axis=1).min() > 0
    for before, after in itertools.pairwise(pieces):
        assert after[0, 1] == pytest.approx(before[-1, 1], abs=1e-9)
        if abs(before[-1, 1]) < 90:
            assert {float(before[-1, 0]), float(after[0, 0])} == {-180.0, 180.0}


@LINES
def test_cut_line_keeps_everything(corners: Floats) -> None:
    line = densified(corners, 30.0)
    pieces = cut_line(line)
    holds_together(pieces)
    assert sum(nm(p) for p in pieces) == pytest.approx(nm(line), rel=1e-9)
    assert np.allclose(vectors(pieces[0][0]), vectors(corners[0]))
    assert np.allclose(vectors(pieces[-1][-1]), vectors(corners[-1]))


@given(CORNERS)
def test_cut_line_keeps_the_length_of_any_line(corners: Floats) -> None:
    if antipodal(corners):
        return
    line = densified(corners, 60.0)
    if nm(line) < 1:
        return
    pieces = cut_line(line)
    holds_together(pieces)
    assert sum(nm(p) for p in pieces) == pytest.approx(nm(line), rel=1e-9, abs=1e-5)


def test_cut_line_counts_of_pieces() -> None:
    assert len(cut_line(densified(ONE_SIDE))) == 1
    assert len(cut_line(densified(OVER_180))) == 4
    assert len(cut_line(np.array([[170.0, 10.0], [180.0, 10.0]]))) == 1  # ends on the line, does not cross it
    assert len(cut_line(np.array([[-180.0, 10.0], [-170.0, 10.0]]))) == 1


@pytest.mark.parametrize(
    "corners",
    [
        [(180, 50), (-170, 50)], [(-180, 50), (-170, 50)], [(-180, 50), (170, 50)], [(170, 50), (-180, 50)],
        [(180, 50), (180, 40)], [(180, 50), (-180, 40)], [(179.9999999, 50), (-179.9999999, 40)],
        [(170, 50), (180, 50), (170, 40)], [(170, 50), (-180, 50), (170, 40)],
        [(-170, 0), (180, 0), (180, 9), (-170, 9)],
        [(170, 0), (180, 0), (180, 9), (-170, 9)], [(170, 0), (-180, 0), (180, 9), (170, 9)],
    ],
    ids=str,
)  # fmt: skip
def test_lines_that_begin_end_touch_or_run_on_180(corners: list[tuple[float, float]]) -> None:
    """Only the one that goes over to the other side is cut, and there is no part without length."""
    told = geojson_line(np.array(corners, dtype=float))
    assert told is not None
    over = {np.sign(lon) for lon, _ in corners if abs(lon) < 179}
    assert told["type"] == ("MultiLineString" if len(over) == 2 else "LineString")
    assert shape(told).is_valid
    pieces = [np.array(p) for p in (told["coordinates"] if len(over) == 2 else [told["coordinates"]])]
    holds_together(pieces)
    assert sum(nm(p) for p in pieces) == pytest.approx(nm(np.array(corners, dtype=float)), abs=0.01)


@pytest.mark.parametrize("pole", [90.0, -90.0])
def test_over_the_pole_a_line_comes_along_one_meridian_and_goes_on_along_the_other(pole: float) -> None:
    lat = pole - np.sign(pole) * 10
    uneven = pole - np.sign(pole) * 7
    for corners in ([(30, lat), (-150, lat)], [(30, lat), (77, pole), (-150, lat)], [(30, lat), (-150, uneven)]):
        one, other = cut_line(densified(np.array(corners, dtype=float)))
        assert np.allclose(one[:, 0], 30)
        assert np.allclose(other[:, 0], -150)
        assert one[-1].tolist() == [pytest.approx(30), pole]
        assert nm(one) + nm(other) == pytest.approx(60 * (180 - abs(lat) - abs(corners[-1][1])))
    (to_pole,) = cut_line(densified(np.array([(30, lat), (-99, pole)], dtype=float)))
    assert np.allclose(to_pole[:, 0], 30)


@given(st.floats(-180, 180), st.floats(89, 90), st.floats(-180, 180), st.floats(80, 90), st.sampled_from([1, -1]))
def test_near_a_pole_no_step_turns_far(lon: float, lat: float, lon2: float, lat2: float, south: int) -> None:
    """A line drawn on a flat map keeps to the great circle: without short steps it would pass the pole on the wrong
    side by miles."""
    line = densified(np.array([[lon, lat * south], [lon2, lat2 * south]]))
    middle = line[1:-1]
    turn = np.abs((np.diff(middle[:, 0]) + 180) % 360 - 180)
    assert (turn[steps_nm(middle) > 0.002] <= 5.0 + 1e-6).all()


EDGES = st.sampled_from([180.0, -180.0, 179.9999999, -179.9999999, 179.999997, -179.999996, 0.0])
LON, LAT = (
    st.one_of(EDGES, st.floats(-180, 180)),
    st.one_of(st.sampled_from([90.0, -90.0, 89.9999999]), st.floats(-90, 90)),
)
CLOSE = st.tuples(st.floats(-3e-5, 3e-5), st.floats(-3e-5, 3e-5))


@given(st.lists(st.tuples(LON, LAT), min_size=1, max_size=5), CLOSE)
def test_the_geojson_of_any_line_is_valid(corners: list[tuple[float, float]], nudge: tuple[float, float]) -> None:
    """RFC 7946: within -180 to 180 and -90 to 90, cut where it crosses 180 degrees, each part with a length."""
    lon, lat = corners[0]
    line = np.array([*corners, ((lon + nudge[0] + 180) % 360 - 180, max(min(lat + nudge[1], 90.0), -90.0))])
    if antipodal(line):
        return
    told = geojson_line(line, 200.0)
    if told is None:
        assert nm(line) < 1e-3
        return
    assert shape(told).is_valid
    pieces = [np.array(p) for p in ([told["coordinates"]] if told["type"] == "LineString" else told["coordinates"])]
    assert (len(pieces) == 1) == (told["type"] == "LineString")
    for piece in pieces:
        assert len(piece) >= 2
        assert np.abs(piece).max(axis=0).tolist() <= [180, 90]
        assert np.abs(np.diff(piece[:, 0])).max() <= 180
        assert np.abs(np.diff(piece, axis=0)).max(axis=1).min() > 0
    ends = vectors(np.array([pieces[0][0], pieces[-1][-1]]))
    assert angles(ends, vectors(line[[0, -1]])).max() < 1e-6
    assert sum(nm(p) for p in pieces) == pytest.approx(nm(line), rel=1e-4, abs=0.1)


def test_a_line_without_length_has_no_geometry_and_a_line_of_centimetres_has_one() -> None:
    assert geojson_line(np.array([[3.0, 4.0], [3.0, 4.0]])) is None
    assert geojson_line(np.array([[180.0, 4.0], [-180.0, 4.0]])) is None
    assert geojson_line(np.empty((0, 2))) is None
    short = geojson_line(np.array([[3.0, 4.0], [3.0, 4.000001]]))
    assert short is not None and shape(short).is_valid


def test_a_piece_does_not_cross_the_map() -> None:
    """The picture of a voyage over the Pacific has no stroke through Africa."""
    greenwich = LineString([(0, -89), (0, 89)])
    for piece in cut_line(densified(np.array([[140.0, 35.0], [-125.0, 40.0]]))):
        assert not LineString(piece).intersects(greenwich)
