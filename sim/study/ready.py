"""What every worker needs, imported and read once in the process that workers are forked from; see `sim.study.pool`.

Reads the shipped data alone and makes nothing that depends on the work: a worker that begins anew has the same results.
What cannot be read is left to the workers, which tell of it.
"""

from __future__ import annotations

import pyproj
import scipy.sparse.csgraph
import shapely

from sim.errors import NorthaboutError
from sim.geo.network import lattice, sea_network, store
from sim.ice import admission, climate
from sim.scenario import simulate
from sim.study import calendar
from sim.study.batch import work
from sim.voyage import ice_route

__all__ = ["admission", "calendar", "ice_route", "prepare", "pyproj", "scipy", "shapely", "simulate", "work"]


def prepare() -> None:
    """Read the network, the lattice and the stations of the ice for the first voyage of a worker."""
    try:
        net = sea_network.SeaNetwork.load()
        lattice.Lattice.load(net).prepare()
        climate.concentration_stations()
        climate.thickness_stations()
    except NorthaboutError:
        return
    store.READY.append(net)


prepare()
