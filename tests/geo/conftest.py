"""What the tests of the sea network share: the network, its ports, and pairs of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim import SeaNetwork
from sim.geo.ports import Port

Pairs = Callable[[int, int], list[tuple[str, str]]]


@pytest.fixture(scope="session")
def stored_ports(net: SeaNetwork) -> list[Port]:
    """Ports that are nodes of the network file: all of the tables once it is rebuilt for them."""
    keys = set(net._s.port_keys)
    return [p for p in net.ports.all if p.key in keys]


@pytest.fixture(scope="session")
def ocean_ports(net: SeaNetwork, stored_ports: list[Port]) -> list[Port]:
    """Ports of the world ocean: all but those of the Caspian Sea."""
    return [p for p in stored_ports if p.kind == "port" and net.place(p.key).connected]


@pytest.fixture(scope="session")
def port_pairs(ocean_ports: list[Port]) -> Pairs:
    """Random pairs of different ocean ports, as keys: `port_pairs(count, seed)`."""

    def pick(count: int, seed: int) -> list[tuple[str, str]]:
        rng = np.random.default_rng(seed)
        picked = [rng.choice(len(ocean_ports), 2, replace=False) for _ in range(count)]
        return [(ocean_ports[a].key, ocean_ports[b].key) for a, b in picked]

    return pick
