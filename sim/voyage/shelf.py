"""Which water is too shallow for a ship: that of less depth than its draft and what it keeps under the keel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.geo.cells import OPEN, CellGrid, readings_of_way
from sim.geo.geodesy import Floats
from sim.geo.geodesy import lonlat as to_lonlat
from sim.geo.network.depth import Depths, near_way, place_of
from sim.geo.waters import sea_name, seas

if TYPE_CHECKING:
    from sim.geo.network.places import Place

# What owners ask of their masters on shallow open water; see docs/decisions/0020-shelf-depth.md.
UNDER_KEEL_SHARE: Final = 0.15  # of the draft
LEAST_UNDER_KEEL_M: Final = 1.5
END_KM: Final = 50.0  # from either end of a voyage and its approach: channels, which the grid does not have


def usual_under_keel_m(draft_m: float) -> float:
    """What a ship keeps under its keel where the scenario does not say, m."""
    return max(UNDER_KEEL_SHARE * draft_m, LEAST_UNDER_KEEL_M)


@dataclass(frozen=True)
class Shoal:
    """Water that is too shallow for a ship, where a way meets it; m, degrees. `sea` is "" in the open ocean."""

    sea: str
    lon: float
    lat: float
    depth_m: float
    draft_m: float
    under_keel_m: float


@dataclass(frozen=True)
class Shelf:
    """The depths as they bar one ship on one voyage. `ways` (n, 2) are its ends: the approaches from berth to sea."""

    depths: Depths
    draft_m: float
    under_keel_m: float
    ways: tuple[Floats, ...] = ()

    @classmethod
    def between(cls, ends: Sequence[Place], depths: Depths, draft_m: float, under_keel_m: float) -> Shelf:
        """The shelf for a ship between two places."""
        return cls(depths, draft_m, under_keel_m, tuple(end.way for end in ends))

    @property
    def needed_m(self) -> float:
        """The least depth that the ship sails over."""
        return self.draft_m + self.under_keel_m

    @cached_property
    def barred(self) -> NDArray[np.bool_]:
        """Cells of the plane that are too shallow."""
        mask = self.depths.open_m < self.needed_m
        for way in self.ways:
            mask[near_way(way, END_KM)] = False
        return mask

    def too_shallow(self, lonlat: Floats) -> NDArray[np.bool_]:
        """True for positions (n, 2) in such cells."""
        return np.asarray(self.barred[place_of(lonlat)])

    def shoal_at(self, lon: float, lat: float) -> Shoal:
        """The shoal of a cell."""
        at = np.array([[lon, lat]])
        depth = float(self.depths.open_m[place_of(at)][0])
        return Shoal(sea_name(int(seas(at)[0])), lon, lat, depth, self.draft_m, self.under_keel_m)

    def first_on(self, grid: CellGrid, lonlat: Floats) -> Shoal | None:
        """The first shoal in the cells of a grid on a way (n, 2); None where it has none."""
        read = readings_of_way(grid, lonlat)
        middle = to_lonlat(read.middle)
        met = np.flatnonzero((read.cell != OPEN) & self.too_shallow(middle))
        return self.shoal_at(*map(float, middle[met[0]])) if len(met) else None
