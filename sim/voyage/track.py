"""A route cut into the pieces on which ice is read, with all about them that depends neither on day nor on ship.

Voyages take the same routes again and again, so that the last ones are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.geo.cells import OPEN, STEP_NM, CellGrid, readings_of_way
from sim.geo.geodesy import Floats
from sim.geo.geodesy import lonlat as to_lonlat
from sim.geo.graph import Ints
from sim.geo.passages import PassageTable
from sim.geo.route import Route
from sim.geo.waters import inside_water, seas

KEPT = 64


@dataclass(frozen=True, eq=False)
class Track:
    """A route in pieces of at most `STEP_NM`; all arrays (n,), `middle` (n, 2) lon, lat degrees.

    `leg` is the piece's leg of the route, `cell` that in which ice is read on it, OPEN in canals and where there is
    none, and `canal` tells that it lies in a canal.
    """

    leg: Ints
    length_nm: Floats
    middle: Floats
    cell: NDArray[np.int32]
    canal: NDArray[np.bool_]
    _inside: dict[str, NDArray[np.bool_]] = field(default_factory=dict, repr=False)

    def inside(self, water: str) -> NDArray[np.bool_]:
        """Which pieces lie in a named water."""
        if water not in self._inside:
            self._inside[water] = inside_water(water, self.middle)
        return self._inside[water]

    @cached_property
    def sea(self) -> Ints:
        """The sea of each piece, as `sim.geo.waters.seas` numbers them."""
        return seas(self.middle)

    @cached_property
    def icy(self) -> Ints:
        """Pieces in cells."""
        return np.flatnonzero(self.cell != OPEN)


@dataclass(frozen=True)
class _Way:
    """What a track is of; two are the same where their keys are."""

    key: tuple[object, ...]
    route: Route = field(compare=False)
    table: PassageTable = field(compare=False)
    grid: CellGrid | None = field(compare=False)


def track_of(route: Route, table: PassageTable, grid: CellGrid | None) -> Track:
    """The pieces of a route; without a grid none of them lies in a cell."""
    drawn = route.lonlat.tobytes(), route.leg_nm.tobytes(), route.leg_tags
    return _track(_Way((*drawn, id(table), id(grid)), route, table, grid))  # a way that is kept keeps both alive


@lru_cache(maxsize=KEPT)
def _track(way: _Way) -> Track:
    route = way.route
    read = readings_of_way(way.grid, route.lonlat, STEP_NM)
    leg = read.leg
    canal = np.array([tag in way.table for tag in route.leg_tags], dtype=bool)[leg]
    cell = np.where(canal, OPEN, read.cell).astype(np.int32)
    return Track(leg, route.leg_nm[leg] * read.share, to_lonlat(read.middle), cell, canal)
