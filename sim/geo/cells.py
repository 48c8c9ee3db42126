"""Equal-area cells over the waters that can freeze, and how many miles of a leg lie in each of them.

The cells are squares of `CELL_KM` on the Lambert azimuthal equal-area plane about the north pole: the same plane for
the pole and for 180 degrees, so that neither is a seam.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.geo.geodesy import NM_PER_RADIAN, RADIUS_KM, Floats, angles, between, vectors
from sim.geo.graph import Ints

CELL_KM = 25.0
HALF = 195  # cells from the pole to 45 N
STEP_NM = 6.0  # legs are read at least this finely: less than half a cell
OPEN = -1  # the number of all water that cannot freeze


def plane_km(xyz: Floats) -> Floats:
    """Positions (n, 2) in km on the plane, of unit vectors (n, 3). x runs to 0 E, y to 90 E; the pole is (0, 0)."""
    scale = RADIUS_KM * np.sqrt(2.0 / np.maximum(1.0 + xyz[..., 2], 1e-9))
    return np.asarray(xyz[..., :2] * scale[..., None])


def from_plane(xy: Floats) -> Floats:
    """Lon, lat degrees (n, 2) of positions (n, 2) in km on the plane."""
    half = np.clip(np.hypot(xy[..., 0], xy[..., 1]) / (2 * RADIUS_KM), 0.0, 1.0)
    return np.stack([np.rad2deg(np.arctan2(xy[..., 1], xy[..., 0])), 90.0 - 2 * np.rad2deg(np.arcsin(half))], axis=-1)


@dataclass(frozen=True)
class CellGrid:
    """The cells in use.

    `number` (2 HALF + 1, 2 HALF + 1) holds the number of the cell at a place of the plane, or OPEN; `lonlat` (c, 2) are
    the middles of the cells.
    """

    number: NDArray[np.int32]
    lonlat: Floats

    @classmethod
    def of_mask(cls, mask: NDArray[np.bool_]) -> CellGrid:
        """Cells where a mask of the whole plane is true."""
        number = np.full(mask.shape, OPEN, dtype=np.int32)
        number[mask] = np.arange(int(mask.sum()))
        where = np.argwhere(mask)
        return cls(number, from_plane((where - HALF).astype(np.float64) * CELL_KM))

    @property
    def size(self) -> int:
        return len(self.lonlat)

    def at(self, xyz: Floats) -> NDArray[np.int32]:
        """Cell numbers (n,) of unit vectors (n, 3)."""
        k = np.rint(plane_km(xyz) / CELL_KM).astype(np.int64) + HALF
        inside = ((k >= 0) & (k <= 2 * HALF)).all(axis=-1) & (xyz[..., 2] > 0)
        k = np.clip(k, 0, 2 * HALF)
        return np.where(inside, self.number[k[..., 0], k[..., 1]], OPEN).astype(np.int32)


@dataclass(frozen=True)
class Readings:
    """Legs read piece by piece: pieces `first[k]` to `first[k + 1]` belong to leg k; `cell` (s,) is where a piece lies,
    `share` (s,) its share of the leg, `middle` (s, 3) the unit vector of its middle."""

    first: Ints
    cell: NDArray[np.int32]
    share: Floats
    middle: Floats

    @property
    def leg(self) -> Ints:
        """Number of the leg of each piece."""
        return np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))


def readings(grid: CellGrid | None, start: Floats, stop: Floats, step_nm: float = STEP_NM) -> Readings:
    """Great-circle legs from `start` to `stop` (n, 3) cut into equal pieces of at most `step_nm`.

    Without a grid no piece lies in a cell.
    """
    angle = angles(start, stop)
    count = np.maximum(np.ceil(angle * NM_PER_RADIAN / step_nm), 1).astype(np.int64)
    first = np.concatenate([[0], np.cumsum(count)])
    leg = np.repeat(np.arange(len(count)), count)
    part = (np.arange(first[-1]) - first[leg] + 0.5) / count[leg]
    middle = between(start.take(leg, axis=0), stop.take(leg, axis=0), part, angle.take(leg))
    cell = np.full(len(leg), OPEN, dtype=np.int32) if grid is None else grid.at(middle)
    return Readings(first, cell, 1.0 / count[leg], middle)


def readings_of_way(grid: CellGrid | None, lonlat: Floats, step_nm: float = STEP_NM) -> Readings:
    """Readings of the legs of a polyline (n, 2) of lon, lat degrees."""
    xyz = vectors(lonlat)
    return readings(grid, xyz[:-1], xyz[1:], step_nm)
