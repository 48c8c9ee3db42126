"""Triangles between points against Delaunay's of scipy, and laws of the shares."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.ice.climate import Stations, concentration_stations, plane_km, thickness_stations
from sim.ice.triangles import Triangles


@pytest.mark.parametrize("stations", [concentration_stations, thickness_stations])
def test_the_stations_have_the_triangles_of_scipy(stations: Callable[[], Stations]) -> None:
    from scipy.spatial import Delaunay

    at = plane_km(stations().lonlat)
    ours, theirs = stations().triangles, Delaunay(at)
    assert {tuple(sorted(t)) for t in ours.corner.tolist()} == {tuple(sorted(t)) for t in theirs.simplices.tolist()}
    places = np.vstack([np.random.default_rng(5).uniform(-6500, 6500, (4000, 2)), at])
    found, share = ours.shares(places)
    assert np.array_equal(found >= 0, theirs.find_simplex(places) >= 0)
    assert 1000 < np.count_nonzero(found < 0) < 4000
    inside = found >= 0
    back = np.einsum("nk,nkd->nd", share[inside], at[ours.corner[found[inside]]])
    assert np.abs(back - places[inside]).max() < 1e-8
    assert (share[~inside] == 0).all()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), count=st.integers(3, 40))
def test_places_are_mixed_of_the_corners_round_them(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    at = rng.uniform(-100, 100, (count, 2))
    triangles = Triangles.between(at)
    places = rng.uniform(-120, 120, (200, 2))
    found, share = triangles.shares(places)
    assert np.abs(share[found >= 0].sum(axis=1) - 1).max(initial=0) < 1e-12
    assert share.min() >= -1e-12
    plane = at @ [2.0, -3.0] + 5.0  # what is linear comes back
    mixed = (plane[triangles.corner[found]] * share).sum(axis=1)
    assert np.allclose(mixed[found >= 0], places[found >= 0] @ [2.0, -3.0] + 5.0, atol=1e-7)
    corners, own = triangles.shares(at)  # a point has the whole share of itself
    assert (corners >= 0).all() and np.allclose((at[triangles.corner[corners]] * own[:, :, None]).sum(axis=1), at)
