"""Ports of the lists: joined by the build, as they would be joined when asked for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import geodata
from sim import SeaNetwork
from sim.errors import DataError
from sim.geo.network.store import read_berths

NET = SeaNetwork.load()
BERTHS = read_berths(geodata.binary("berths.npz"), len(NET.node_lonlat))
assert BERTHS is not None
LISTED = [k for k, p in enumerate(NET.ports.all) if not NET.has_node(p)]
SAMPLE = [LISTED[k] for k in np.random.default_rng(5).choice(len(LISTED), 12, replace=False).tolist()]


def test_berths_of_another_network_are_refused() -> None:
    with pytest.raises(DataError, match=r"another network.*geodata\.build"):
        read_berths(geodata.binary("berths.npz"), len(NET.node_lonlat) + 1)


def test_nearly_all_ports_of_the_lists_are_joined() -> None:
    """The others lie on lakes and rivers of the map, or farther inland than its water reaches."""
    assert len(BERTHS.keys) >= 0.98 * len(LISTED)
    assert BERTHS.sees.shape == (len(BERTHS.keys), len(BERTHS.keys))
    assert (BERTHS.sees == BERTHS.sees.T).all() and not BERTHS.sees.diagonal().any()


@pytest.mark.parametrize("row", SAMPLE)
def test_a_port_is_joined_as_it_would_be_now(row: int) -> None:
    port = NET.ports.all[row]
    if port.key not in BERTHS.keys:
        pytest.skip(f"{port.name} has no connection to the sea")
    stored, now = NET.place(port.key), NET._places._added(port)
    assert stored.approach_nm == pytest.approx(now.approach_nm, abs=0.02)
    assert stored.sea == pytest.approx(now.sea, abs=2e-5)
    legs = dict(zip(stored.ends.nodes.tolist(), stored.ends.length_nm.tolist(), strict=True))
    other = dict(zip(now.ends.nodes.tolist(), now.ends.length_nm.tolist(), strict=True))
    common = legs.keys() & other.keys()
    assert len(common) >= 0.98 * max(len(legs), len(other)), "rounding may hide a corner or two"
    assert all(legs[n] == pytest.approx(other[n], abs=0.02) for n in common)
    assert (stored.arctic, stored.connected) == (now.arctic, now.connected)


def test_routes_between_ports_of_the_lists_need_no_obstacles(fresh_network: Callable[[], SeaNetwork]) -> None:
    net = fresh_network()
    a, b, c = (net.ports.all[k].key for k in SAMPLE[:3])
    found = [net.route(a, b).distance_nm, net.route(b, c).distance_nm]
    assert all(np.isfinite(found))
    assert "_packed" not in vars(net.free_water)


def test_a_matrix_of_ports_of_the_lists_is_that_of_the_routes() -> None:
    names = [NET.ports.all[k].key for k in SAMPLE[:5]]
    matrix = NET.distances(names, names)
    for i, a in enumerate(names):
        for k, b in enumerate(names):
            assert matrix[i, k] == pytest.approx(0.0 if i == k else NET.route(a, b).distance_nm, abs=0.01)
