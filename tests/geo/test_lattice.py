"""The lattice over waters that can freeze: where it lies, what it joins, and hours on its legs."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Geod

import geodata
from sim import SeaNetwork
from sim.errors import DataError
from sim.geo.cells import HALF, OPEN
from sim.geo.geodesy import lonlat, vectors
from sim.geo.graph import Ints
from sim.geo.land import land_tree, on_land, unpack_polygons
from sim.geo.network.lattice import Lattice
from sim.geo.network.obstacles import curved
from sim.ice.climate import ClimateField

GEOD = Geod(ellps="WGS84")
LEGS = 3000


@pytest.fixture(scope="module")
def lattice(net: SeaNetwork) -> Lattice:
    return Lattice.load(net)


@pytest.fixture(scope="module")
def solid() -> shapely.STRtree:
    """Obstacles as ships keep out of them."""
    with np.load(geodata.binary("obstacles.npz")) as data:
        return shapely.STRtree(curved(unpack_polygons(data["delta"], data["ring_sizes"], data["polygon_rings"])))


@pytest.fixture(scope="module")
def sample(lattice: Lattice) -> Ints:
    """Legs of the lattice's own."""
    own = np.flatnonzero(lattice.first >= lattice.network_size)
    return np.random.default_rng(5).choice(own, LEGS, replace=False)


# -- what is there


def test_the_network_stays_as_it_is(net: SeaNetwork, lattice: Lattice) -> None:
    first, second, length_nm, _ = net.edge_arrays()
    n = len(first)
    assert (lattice.lonlat[: lattice.network_size] == net.node_lonlat).all()
    assert (lattice.first[:n] == first).all()
    assert (lattice.second[:n] == second).all()
    assert (lattice.length_nm[:n] == length_nm).all()


def test_nodes_lie_in_free_water(lattice: Lattice, solid: shapely.STRtree) -> None:
    own = lattice.lonlat[lattice.network_size :]
    assert len(own) > 5000
    assert not on_land(own).any()
    assert len(solid.query(shapely.points(own), predicate="intersects")[0]) == 0
    assert own[:, 1].min() > 43  # 45 N, and the margin of 200 km


def test_legs_cross_no_land(lattice: Lattice, sample: Ints) -> None:
    """Drawn as great circles: the plane's straight line is another one near the pole."""
    lines = []
    for k in sample:
        a, b = lattice.xyz[lattice.first[k]], lattice.xyz[lattice.second[k]]
        part = np.linspace(0, 1, 9)[:, None]
        at = lonlat(a * (1 - part) + b * part)
        if np.abs(np.diff(at[:, 0])).max() < 90:  # not over 180 or the pole
            lines.append(shapely.LineString(at))
    assert len(lines) > 0.9 * LEGS
    assert len(land_tree().query(lines, predicate="intersects")[0]) == 0


def test_lengths_are_geodesics(lattice: Lattice, sample: Ints) -> None:
    a, b = lattice.lonlat[lattice.first[sample]], lattice.lonlat[lattice.second[sample]]
    theirs = np.array([GEOD.inv(*p, *q)[2] for p, q in zip(a, b, strict=True)]) / 1852
    assert lattice.length_nm[sample] == pytest.approx(theirs, abs=1e-3)


def test_bits_are_the_passages_crossed(net: SeaNetwork, lattice: Lattice) -> None:
    own = np.flatnonzero(lattice.first >= lattice.network_size)
    a, b = lattice.xyz[lattice.first[own]], lattice.xyz[lattice.second[own]]
    crossed = net.passages.crossed(a, b)
    graph_bits = lattice.bits
    assert (graph_bits[own] == crossed).all()
    gates = [p.id for k, p in enumerate(net.passages.all) if (crossed >> np.uint64(k) & np.uint64(1)).any()]
    assert {"bering_strait", "vilkitsky_strait", "sannikov_strait", "long_strait", "central_arctic"} <= set(gates)


def test_every_node_is_joined(lattice: Lattice) -> None:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    size = len(lattice.lonlat)
    ends = lattice.first.astype(np.int32), lattice.second.astype(np.int32)
    part = connected_components(csr_array((np.ones(len(ends[0])), ends), shape=(size, size)), directed=False)[1]
    ocean = part[np.bincount(part).argmax() == part]
    own = part[lattice.network_size :]
    # the rest are waters of their own, such as the Caspian Sea
    assert (own == ocean[0]).mean() > 0.97


@pytest.mark.parametrize(("warming_c", "z", "most"), [(0.3, 2.0, 0.005), (0.6, 1.0, 0.003), (1.3, 1.0, 0.001),
                                                      (1.3, 2.0, 0.002), (5.0, 2.0, 0.001)])  # fmt: skip
def test_cells_cover_the_ice_of_every_climate(
    lattice: Lattice, solid: shapely.STRtree, warming_c: float, z: float, most: float
) -> None:
    """North of 45 N all but specks; what is south of it has no cells by design."""
    rng = np.random.default_rng(11)
    lat = np.rad2deg(np.arcsin(rng.uniform(np.sin(np.deg2rad(45)), 1, 12_000)))
    place = np.column_stack([rng.uniform(-180, 180, len(lat)), lat])
    free = np.ones(len(place), dtype=bool)
    free[solid.query(shapely.points(place), predicate="intersects")[0]] = False
    concentration, _ = ClimateField(warming_c, z).sampler(place).monthly()
    icy = free & (concentration.max(axis=0) > 0.02)
    covered = lattice.grid.at(vectors(place)) != OPEN
    print(f"{warming_c} C, z {z}: {(icy & ~covered).sum()} of {icy.sum()} icy places have no cell")
    assert icy.sum() > 1000
    assert (icy & ~covered).sum() <= most * icy.sum()


def test_cells_lie_on_the_plane(lattice: Lattice) -> None:
    assert lattice.grid.number.shape == (2 * HALF + 1, 2 * HALF + 1)
    assert lattice.grid.number.max() == lattice.grid.size - 1
    assert lattice.grid.lonlat[:, 1].min() > 43  # 45 N, and the margin of 200 km


# -- hours


def test_uniform_slowness_is_length_by_speed(lattice: Lattice) -> None:
    hours = lattice.leg_cells.leg_prices(np.full(lattice.grid.size, 0.08), 0.08)
    # no leg takes no time at all: it would count as none
    assert np.allclose(hours, lattice.length_nm * 0.08, rtol=1e-12, atol=1e-6)


def test_slowness_is_mixed_by_miles(lattice: Lattice) -> None:
    """A leg takes between its hours at the lowest and at the highest slowness on it, and exactly the mean of shares."""
    rng = np.random.default_rng(2)
    slowness = rng.uniform(0.05, 0.5, lattice.grid.size)
    hours = lattice.leg_cells.leg_prices(slowness, 0.05)
    assert (hours >= lattice.length_nm * 0.05 - 1e-6).all()
    assert (hours <= lattice.length_nm * 0.5 + 1e-6).all()
    twice = lattice.leg_cells.leg_prices(2 * slowness, 0.1)
    assert twice == pytest.approx(2 * hours, abs=1e-6)
    other = rng.uniform(0.05, 0.5, lattice.grid.size)
    both = lattice.leg_cells.leg_prices(slowness + other, 0.1)
    assert both == pytest.approx(hours + lattice.leg_cells.leg_prices(other, 0.05), abs=1e-6)


def test_far_from_ice_nothing_slows(net: SeaNetwork, lattice: Lattice) -> None:
    hours = lattice.leg_cells.leg_prices(np.full(lattice.grid.size, 9.0), 0.1)
    first, second, length_nm, _ = net.edge_arrays()
    south = (net.node_lonlat[first, 1] < 30) & (net.node_lonlat[second, 1] < 30)
    assert hours[: len(first)][south] == pytest.approx(0.1 * length_nm[south])
    own = hours[len(first) :]
    assert (own > 0.1 * lattice.length_nm[len(first) :] + 1e-6).mean() > 0.99


def test_a_leg_into_the_ice_is_slow_only_within(net: SeaNetwork, lattice: Lattice) -> None:
    """Some legs of the network lie partly in the cells: their hours tell which part."""
    first, second, length_nm, _ = net.edge_arrays()
    hours = lattice.leg_cells.leg_prices(np.full(lattice.grid.size, 1.0), 0.1)[: len(first)]
    inside = (hours - 0.1 * length_nm) / (0.9 * np.maximum(length_nm, 1e-3))
    partly = np.flatnonzero((inside > 0.2) & (inside < 0.8) & (length_nm > 100))
    assert len(partly) > 100
    for k in partly[:: len(partly) // 40]:
        a, b = lattice.xyz[first[k]], lattice.xyz[second[k]]
        angle = np.arccos(a @ b)
        part = (np.arange(2000) + 0.5)[:, None] / 2000
        at = (np.sin((1 - part) * angle) * a + np.sin(part * angle) * b) / np.sin(angle)
        assert inside[k] == pytest.approx((lattice.grid.at(at) != OPEN).mean(), abs=12 / length_nm[k])


def test_a_barred_cell_bars_the_legs_through_it_alone(lattice: Lattice) -> None:
    cell = int(lattice.grid.at(vectors((125.0, 77.0))[None])[0])
    assert cell != OPEN
    slowness = np.full(lattice.grid.size, 0.1)
    free = lattice.leg_cells.leg_prices(slowness, 0.1)
    slowness[cell] = np.inf
    hours = lattice.leg_cells.leg_prices(slowness, 0.1)
    assert not np.isnan(hours).any()
    barred = np.isinf(hours)
    assert 5 < barred.sum() < 2000
    assert hours[~barred] == pytest.approx(free[~barred])
    a, b = lattice.xyz[lattice.first[barred]], lattice.xyz[lattice.second[barred]]
    # every barred leg passes within a cell's diagonal of its middle
    middle = vectors(lattice.grid.lonlat[cell])
    normal = np.cross(a, b)
    off = np.abs(normal @ middle) / np.linalg.norm(normal, axis=1) * 6371
    assert off.max() < 25 * np.sqrt(2) / 2 + 1


def test_all_barred_leaves_no_hours_infinite_in_the_south(net: SeaNetwork, lattice: Lattice) -> None:
    hours = lattice.leg_cells.leg_prices(np.full(lattice.grid.size, np.inf), 0.1)
    assert not np.isnan(hours).any()
    assert np.isinf(hours[len(net.edge_arrays()[0]) :]).mean() > 0.99
    assert np.isfinite(hours).sum() > 50_000


def test_values_at_cells_come_from_the_nearest_node(lattice: Lattice) -> None:
    value = np.arange(len(lattice.lonlat), dtype=np.float64)
    at = value[lattice.leg_cells.near].astype(np.int64)
    own = lattice.xyz[lattice.network_size :]
    for cell in np.random.default_rng(1).choice(lattice.grid.size, 200, replace=False):
        middle = vectors(lattice.grid.lonlat[cell])
        assert own[at[cell] - lattice.network_size] @ middle >= (own @ middle).max() - 1e-12


# -- ends


def test_a_free_position_hangs_on_lattice_and_network(net: SeaNetwork, lattice: Lattice) -> None:
    place = net.place((125.0, 77.5))
    ends = lattice.ends(net, place)
    added = ends.nodes[ends.nodes >= lattice.network_size]
    assert len(added) > 8
    assert set(place.ends.nodes.tolist()) <= set(ends.nodes.tolist())
    theirs = [GEOD.inv(125.0, 77.5, *lattice.lonlat[k])[2] / 1852 for k in ends.nodes]
    assert ends.length_nm == pytest.approx(theirs, abs=1e-6)


def test_a_listed_port_hangs_on_its_own_node(net: SeaNetwork, lattice: Lattice) -> None:
    place = net.place("Murmansk")
    assert lattice.ends(net, place) is place.ends


def test_a_search_has_the_reduced_graph_and_round_a_loose_place_every_leg_nearby(
    net: SeaNetwork, lattice: Lattice
) -> None:
    port, loose = net.place("Murmansk"), net.place((-125.3, 48.0))
    own, more = np.unique(lattice.graph(port).leg), np.unique(lattice.graph(loose, port).leg)
    edges = len(net.edge_arrays()[0])
    assert np.isin(np.flatnonzero(net.highway), own).all()
    assert np.isin(own, more).all() and len(more) > len(own)
    assert np.isin(np.arange(edges, len(lattice.first)), own).all(), "all legs of the lattice itself"
    far = GEOD.inv(*np.full((2, len(net.node_lonlat)), [[-125.3], [48.0]]), *net.node_lonlat.T)[2] / 1852
    near = (far[lattice.first[:edges]] < 60) & (far[lattice.second[:edges]] < 60)
    assert near.any() and np.isin(np.flatnonzero(near), more).all()


def test_a_lattice_of_another_network_is_refused(net: SeaNetwork) -> None:
    with np.load(geodata.binary("lattice.npz")) as data:
        raw = {k: data[k] for k in data.files}
    raw["nodes"] = raw["nodes"] + 1
    with pytest.raises(DataError, match=r"another network.*geodata\.build"):
        Lattice(net, raw)
