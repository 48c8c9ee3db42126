"""The water of a page in a fine raster: points that the network's obstacles cover, for lines of sight over the rest."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.geo.geodesy import Floats
from sim.geo.graph import Ints
from sim.geo.network import SeaNetwork
from sim.web.packing import Bundle

STEP_DEG: Final = 0.1  # between points
COLUMNS: Final = round(360 / STEP_DEG) + 1  # from -180 to 180 degrees, both ends of the same place


def add_mask(bundle: Bundle, net: SeaNetwork) -> None:
    """Enter where along the rows of the raster, from south to north and west to east, obstacles begin and end: numbers
    of points, each from the one before."""
    obstacles = net.free_water.obstacles
    edges = covered(obstacles.lonlat, obstacles.lonlat[obstacles.following])
    bundle.array("mask", np.diff(edges, prepend=0), "uint32")
    bundle.value("mask_deg", STEP_DEG)


def covered(one: Floats, other: Floats) -> Ints:
    """Points (2 runs,) of the raster, row by row, at which runs of covered points begin and end (the first one after a
    run), of rings with sides from `one` to `other` (n, 2) in degrees: an odd number of sides lie west of a covered one.
    """
    swapped = one[:, 1] > other[:, 1]
    low, high = np.where(swapped[:, None], other, one), np.where(swapped[:, None], one, other)
    first, last = (np.ceil((y[:, 1] + 90) / STEP_DEG).astype(np.int64) for y in (low, high))
    count = last - first
    side = np.repeat(np.arange(len(one)), count)
    row = first[side] + np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    share = (row * STEP_DEG - 90 - low[side, 1]) / (high - low)[side, 1]
    lon = low[side, 0] + share * (high - low)[side, 0]
    runs = np.sort(row * COLUMNS + np.ceil((lon + 180) / STEP_DEG).astype(np.int64)).reshape(-1, 2)
    return np.asarray(runs[runs[:, 0] < runs[:, 1]].ravel())
