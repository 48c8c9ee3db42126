"""Routes as lines to draw: the ends stay, the steps are short, and a cut at 180 degrees loses nothing."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from shapely.geometry import LineString

from sim.geo.drawing import cut_line, densified
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
    """Within -180..180, no jump, and each piece goes on at 180 degrees where the last one ended."""
    for piece in pieces:
        assert len(piece) >= 2
        assert np.abs(piece[:, 0]).max() <= 180 + 1e-9
        assert np.abs(np.diff(piece[:, 0])).max() <= 180 + 1e-9
    for before, after in itertools.pairwise(pieces):
        assert abs(before[-1, 0]) == pytest.approx(180, abs=1e-9)
        assert abs(after[0, 0]) == pytest.approx(180, abs=1e-9)
        assert after[0, 1] == pytest.approx(before[-1, 1], abs=1e-9)


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


def test_a_piece_does_not_cross_the_map() -> None:
    """The picture of a voyage over the Pacific has no stroke through Africa."""
    greenwich = LineString([(0, -89), (0, 89)])
    for piece in cut_line(densified(np.array([[140.0, 35.0], [-125.0, 40.0]]))):
        assert not LineString(piece).intersects(greenwich)
