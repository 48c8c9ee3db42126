"""A line drawn tight: never dearer, never over land, over the same passages, and corners of the land stay."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.geo.geodesy import Floats, lengths_nm, lonlat, way_nm
from sim.geo.graph import Bits
from sim.geo.network.describe import SeaLine
from sim.voyage.search.straight import REACH, Seen, straightened

ZIGZAG = np.array([[10.0, 75.3], [12.0, 74.8], [14.0, 75.2], [16.0, 74.9], [18.0, 75.1]])
ENDS = np.array([8.0, 75.0]), np.array([20.0, 75.0])


def line(corners: Floats, ends: tuple[Floats, Floats] = ENDS, bits: dict[int, int] | None = None) -> SeaLine:
    whole = np.vstack([ends[0], corners, ends[1]])
    length = lengths_nm(whole[:-1], whole[1:])
    legs = tuple((float(nm), (bits or {}).get(k, 0)) for k, nm in enumerate(length))
    return SeaLine(corners, np.full(len(corners), -1, dtype=np.int64), legs)


def miles(start: Floats, stop: Floats, length_nm: Floats) -> Floats:
    return length_nm


def clear(start: Floats, stop: Floats, k: int) -> bool:
    return True


def none(start: Floats, stop: Floats) -> Bits:
    return np.zeros(len(stop), dtype=np.uint64)


def length(found: SeaLine, ends: tuple[Floats, Floats] = ENDS) -> float:
    return way_nm(np.vstack([ends[0], found.corners, ends[1]]))


def test_a_zigzag_in_open_water_becomes_one_leg() -> None:
    found = straightened(line(ZIGZAG), ENDS, np.ones(5, bool), miles, clear, none)
    assert len(found.corners) == 0
    assert len(found.legs) == 1
    assert found.legs[0][0] == pytest.approx(way_nm(np.vstack(ENDS)))
    assert found.legs[0][0] < length(line(ZIGZAG)) - 1


@pytest.mark.parametrize("kept", range(5))
def test_a_corner_that_is_not_free_stays(kept: int) -> None:
    free = np.arange(5) != kept
    canals = replace(line(ZIGZAG), canal=np.arange(5))
    found = straightened(canals, ENDS, free, miles, clear, none)
    assert found.corners.tolist() == [ZIGZAG[kept].tolist()]
    assert found.canal.tolist() == [kept]
    assert sum(nm for nm, _ in found.legs) == pytest.approx(length(found))


def test_without_free_corners_nothing_changes() -> None:
    given_line = line(ZIGZAG)
    assert straightened(given_line, ENDS, np.zeros(5, bool), miles, clear, none) is given_line


def test_a_leg_over_land_is_not_taken() -> None:
    def land(start: Floats, stop: Floats, k: int) -> bool:
        # an island under the straight line from 12.5 to 15 E: it must be passed on the north, by the third corner
        return not (start[0] < 13.9 and stop[k, 0] > 14.1)

    found = straightened(line(ZIGZAG), ENDS, np.ones(5, bool), miles, land, none)
    assert found.corners.tolist() == [ZIGZAG[2].tolist()]


def test_a_dear_leg_is_not_taken() -> None:
    def cost(start: Floats, stop: Floats, length_nm: Floats) -> Floats:
        south = np.minimum(lonlat(start)[:, 1], lonlat(stop)[:, 1]) < 75.05
        long = length_nm > 60
        return np.where(south & long, 10 * length_nm, length_nm)

    given_line = line(ZIGZAG)
    found = straightened(given_line, ENDS, np.ones(5, bool), cost, clear, none)
    assert len(found.corners)


def test_the_same_passages_are_crossed() -> None:
    def gate(start: Floats, stop: Floats) -> Bits:
        """A gate at 15 E that ends at 75 N: only legs that pass it south of there cross it."""
        a, b = lonlat(start), lonlat(stop)
        share = (15 - a[:, 0]) / (b[:, 0] - a[:, 0])
        lat = a[:, 1] + share * (b[:, 1] - a[:, 1])
        return np.where((share > 0) & (share < 1) & (lat < 75.0), 4, 0).astype(np.uint64)

    detour = np.array([[14.0, 74.5], [15.9, 74.5]])
    given_line = line(detour, bits={1: 4})
    free = np.ones(2, bool)
    found = straightened(given_line, ENDS, free, miles, clear, gate)
    assert np.bitwise_or.reduce([b for _, b in found.legs]) == 4
    assert length(found) < length(given_line)  # one corner is enough to stay in the gate
    assert len(straightened(line(detour), ENDS, free, miles, clear, none).corners) == 0


@given(st.integers(0, 10_000), st.integers(1, 40))
def test_never_dearer_and_never_more_corners(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    corners = np.column_stack([np.linspace(8.2, 19.8, count), 75 + rng.normal(0, 0.3, count)])
    free = rng.random(count) < 0.8
    price = rng.uniform(0.5, 2.0, 20)

    def cost(start: Floats, stop: Floats, length_nm: Floats) -> Floats:
        middle = lonlat(start + stop)[:, 1]
        return np.asarray(length_nm * price[np.clip((middle - 74) * 10, 0, 19).astype(int)])

    def total(found: SeaLine) -> float:
        whole = np.vstack([ENDS[0], found.corners, ENDS[1]])
        from sim.geo.geodesy import vectors

        xyz = vectors(whole)
        return float(cost(xyz[:-1], xyz[1:], np.array([nm for nm, _ in found.legs])).sum())

    def half_blind(start: Floats, stop: Floats, k: int) -> bool:
        return int(abs(stop[k, 0] - start[0]) * 1e4) % 3 > 0

    sees: Seen = half_blind
    given_line = line(corners)
    found = straightened(given_line, ENDS, free, cost, sees, none)
    assert total(found) <= total(given_line) + 1e-6
    left = [c in corners.tolist() for c in found.corners.tolist()]
    assert all(left)
    assert {tuple(c) for c in corners[~free].tolist()} <= {tuple(c) for c in found.corners.tolist()}
    assert len(found.legs) == len(found.corners) + 1
    # a leg leaves out no more corners than it may
    at = [-1, *[corners.tolist().index(c) for c in found.corners.tolist()], count]
    assert max(np.diff(at)) <= REACH
