"""What all tests share: settings of hypothesis, and one sea network.

Property tests have no deadline, since the machine decides the time, not the code. The shipped network is read once: it
never changes, and commands that are called within the tests take the one that is there. A test that looks at what a
network has loaded asks for a `fresh_network`.
"""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from sim import SeaNetwork
from sim.geo.joins import JOIN_NM

gc.set_threshold(100_000, 20, 20)  # seldom, as in a command
settings.register_profile("northabout", deadline=None, print_blob=True, derandomize=True)
settings.load_profile("northabout")

_load = SeaNetwork.load
_shipped = functools.cache(_load)


@functools.wraps(_load)
def _shared(ports_csv: Path | None = None, join_nm: float = JOIN_NM) -> SeaNetwork:
    if ports_csv or join_nm != JOIN_NM:
        return _load(ports_csv, join_nm)
    net = _shipped()
    assert len(net.ports.all) == net.ports.shipped, "ports were added to the network of all tests"
    return net


SeaNetwork.load = staticmethod(_shared)  # type: ignore[assignment]


@pytest.fixture(scope="session")
def net() -> SeaNetwork:
    """The network as shipped."""
    return _shipped()


@pytest.fixture(scope="session")
def fresh_network() -> Callable[[], SeaNetwork]:
    """Reads the network as shipped anew."""
    return _load


FIRST = (  # of the files those that take longest, so that no process is left alone with one of them
    "study/test_equidistance.py", "geo/test_graph.py", "geo/test_matrix.py", "study/test_exposure.py",
    "voyage/test_reference_voyages.py", "plot/test_equidistance_map.py", "plot/test_ice_map.py",
    "plot/maps/test_equidistance_map.py", "plot/maps/test_ice_map.py", "test_examples.py", "geo/test_network.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first."""
    here = Path(__file__).parent
    place = {name: k for k, name in enumerate(FIRST)}
    items.sort(key=lambda item: place.get(item.path.relative_to(here).as_posix(), len(FIRST)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """A file is run by one process, so that what its tests share is made once; None where another way is asked for."""
    from xdist.scheduler import LoadFileScheduling

    if config.getoption("dist") != "load":
        return None
    config.option.loadscopereorder = False
    return LoadFileScheduling(config, log)
