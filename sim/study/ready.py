"""What every worker needs, imported once in the process that workers are forked from; see `sim.study.pool`.

Reads no file of the user's and makes nothing that depends on the work: a worker that was begun anew has the same
results.
"""

from __future__ import annotations

import scipy.optimize
import scipy.sparse.csgraph
import scipy.spatial
import shapely

from sim.geo.network import lattice, sea_network
from sim.ice import admission, climate
from sim.scenario import simulate
from sim.study import calendar
from sim.study.batch import work
from sim.voyage import ice_route

__all__ = [
    "admission",
    "calendar",
    "climate",
    "ice_route",
    "lattice",
    "scipy",
    "sea_network",
    "shapely",
    "simulate",
    "work",
]
