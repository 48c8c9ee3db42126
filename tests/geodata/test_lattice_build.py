"""The shipped lattice is what its builder makes: a rebuild of a sample of its nodes."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial import KDTree
from shapely import Polygon

import geodata
from geodata.build import lattice as builder
from sim.geo.cells import CELL_KM, CellGrid, plane_km
from sim.geo.geodesy import Floats, angles, vectors
from sim.geo.land import unpack_polygons
from sim.geo.network.obstacles import rings_of
from sim.geo.network.store import Stored, read

SAMPLE = 60


@pytest.fixture(scope="module")
def shipped() -> dict[str, NDArray[np.generic]]:
    with np.load(geodata.binary("lattice.npz")) as data:
        return {k: data[k] for k in data.files}


@pytest.fixture(scope="module")
def network() -> Stored:
    return read(geodata.binary("network.npz"))


@pytest.fixture(scope="module")
def obstacles() -> list[Polygon]:
    with np.load(geodata.binary("obstacles.npz")) as data:
        return unpack_polygons(data["delta"], data["ring_sizes"], data["polygon_rings"])


@pytest.fixture(scope="module")
def mask() -> NDArray[np.bool_]:
    return builder.cell_mask()


@pytest.fixture(scope="module")
def nodes(obstacles: list[Polygon], mask: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.int64]]:
    return builder.lattice_nodes(obstacles, CellGrid.of_mask(mask))


def test_the_nodes_are_those_that_are_shipped(
    shipped: dict[str, NDArray[np.generic]], nodes: tuple[Floats, NDArray[np.int64]]
) -> None:
    assert np.array_equal(np.rint(nodes[0] * 1e5).astype(np.int32), shipped["lonlat"])


def test_nodes_stand_on_a_square_grid(nodes: tuple[Floats, NDArray[np.int64]]) -> None:
    lonlat, at = nodes
    assert plane_km(vectors(lonlat)) == pytest.approx((at + 0.5) * builder.SPACING_KM, abs=0.01)
    assert len(np.unique(at, axis=0)) == len(at)


def test_shipped_cells_can_freeze(shipped: dict[str, NDArray[np.generic]], mask: NDArray[np.bool_]) -> None:
    stored = np.unpackbits(shipped["mask"].astype(np.uint8), count=mask.size).astype(bool).reshape(mask.shape)
    assert not (stored & ~mask).any()
    assert stored.sum() > 0.5 * mask.sum()


def test_a_node_freezes_where_the_coldest_climate_says(nodes: tuple[Floats, NDArray[np.int64]]) -> None:
    """Nodes stand where it freezes, and up to 200 km beyond, so that a way can bend round the edge of the ice."""
    assert 0.6 < builder.freezing(nodes[0]).mean() < 0.99
    grid = CellGrid.of_mask(builder.cell_mask())
    frozen = plane_km(vectors(grid.lonlat[builder.freezing(grid.lonlat)]))
    away = KDTree(frozen).query(plane_km(vectors(nodes[0])))[0]
    assert 100 < away.max() < 200 + builder.SPACING_KM
    assert not builder.freezing(np.array([[-20.0, 60.0], [0.0, 50.0], [-150.0, 50.0]])).any()
    assert builder.freezing(np.array([[0.0, 90.0], [130.0, 75.0], [-85.0, 60.0], [145.0, 55.0], [25.0, 65.0]])).all()


def test_a_sample_is_joined_as_it_is_shipped(
    shipped: dict[str, NDArray[np.generic]],
    network: Stored,
    obstacles: list[Polygon],
    nodes: tuple[Floats, NDArray[np.int64]],
) -> None:
    lonlat, at = nodes
    number = {(int(i), int(j)): k for k, (i, j) in enumerate(at)}
    half = builder._HALF_STENCIL
    ahead = [
        np.array([number[n] for a, b in half if (n := (i + a, j + b)) in number], dtype=np.int64)
        for i, j in at.tolist()
    ]
    usable = network.connected & (network.canal < 0)
    others = np.where(usable[:, None], vectors(network.lonlat), 0.0)
    builder._begin(rings_of(obstacles), vectors(lonlat), ahead, others)
    starts = np.concatenate([[0], np.cumsum(shipped["count"].astype(np.int64))])
    second = shipped["second"].astype(np.int64)
    size = len(network.lonlat)
    sample = np.random.default_rng(7).choice(len(lonlat), SAMPLE, replace=False)
    for k in sample:
        own, theirs = builder._joined(int(k))
        stored = second[starts[k] : starts[k + 1]]
        assert sorted([*theirs.tolist(), *(own + size).tolist()]) == sorted(stored.tolist()), lonlat[k]


def test_stored_numbers_fit_their_type(shipped: dict[str, NDArray[np.generic]], network: Stored) -> None:
    assert shipped["nodes"].tolist() == [len(network.lonlat), len(network.first)]
    most = len(network.lonlat) + len(shipped["lonlat"])
    assert most <= np.iinfo(np.uint16).max
    assert shipped["second"].dtype == np.uint16
    assert shipped["second"].astype(np.int64).max() < most
    assert shipped["count"].astype(np.int64).sum() == len(shipped["second"]) == len(shipped["length"])


def test_the_stencil_knows_32_directions_once() -> None:
    half = builder._HALF_STENCIL
    both = {d for a, b in half for d in ((a, b), (-a, -b))}
    assert len(both) == 32
    turned = np.sort(np.rad2deg([np.arctan2(b, a) for a, b in both]) % 360)
    gaps = np.diff(np.append(turned, turned[0] + 360))
    assert gaps.max() < 18.5
    assert (1 / np.cos(np.deg2rad(gaps.max() / 2)) - 1) < 0.014


def test_every_leg_is_short_and_there_once(
    shipped: dict[str, NDArray[np.generic]], network: Stored, nodes: tuple[Floats, NDArray[np.int64]]
) -> None:
    size = len(network.lonlat)
    first = np.repeat(np.arange(len(nodes[0])), shipped["count"].astype(np.int64)) + size
    second = shipped["second"].astype(np.int64)
    pairs = np.sort(np.column_stack([first, second]), axis=1)
    assert len(np.unique(pairs, axis=0)) == len(pairs)
    xyz = vectors(np.vstack([network.lonlat, nodes[0]]))
    away_km = angles(xyz[first], xyz[second]) * 6371
    to_network = second < size
    assert away_km[to_network].max() <= builder.REACH_NM * 6371 * np.pi / 180 / 60 + 0.01  # of the sphere
    # a square of the plane is wider on the sphere by at most 1 / cos(22 degrees)
    assert away_km[~to_network].max() <= np.hypot(3, 2) * builder.SPACING_KM / np.cos(np.deg2rad(22.5)) + 1
    assert CELL_KM < builder.SPACING_KM
