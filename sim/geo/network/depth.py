"""How deep the shelf is: a figure for each equal-area cell, and the cells in which it says nothing of the way of ships.

A coarse grid of depths is wrong in every strait and channel, which are narrower than its samples are apart. There the
limits of the passages hold instead. So no figure is used within `MARGIN_KM` of the gates of straits and of canals, and
of the fairways of the named narrow waters.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path as FilePath
from typing import Annotated, Final

import numpy as np
from numpy.typing import NDArray

import geodata
from sim import tables
from sim.errors import DAMAGED, DataError
from sim.geo.cells import CELL_KM, HALF, plane_km, readings_of_way
from sim.geo.geodesy import Floats, vectors
from sim.geo.geodesy import lonlat as to_lonlat
from sim.geo.passages import PassageTable
from sim.tables import Filled, From
from sim.units import KM_PER_NM

DEEP_M: Final = 50.0  # as deep as this is deep for every ship
STEPS_PER_M: Final = 10  # of the stored figures
MARGIN_KM: Final = 25.0  # a cell
_STEP_NM = 6.0  # less than half a cell, along fairways
_SOUTH = 40.0  # degrees: farther south there are no cells


@dataclass(frozen=True)
class _Fairway:
    """A row of narrow_waters.csv or of canals.csv."""

    id: Filled
    lonlat: Annotated[tuple[tuple[float, float], ...], From("fairway_lon_lat")]
    half_width_nm: float = 0.0


class Depths:
    """Depths in m of the cells of the plane, (2 HALF + 1, 2 HALF + 1); inf where deep, and where nothing is known."""

    def __init__(self, depth_m: Floats, passages: PassageTable, charted: NDArray[np.bool_] | None = None) -> None:
        """`charted` as the build has found it, None to find it here."""
        self.raw_m = depth_m
        self._passages, self._charted = passages, charted

    @classmethod
    def load(cls, passages: PassageTable, path: FilePath | None = None) -> Depths:
        """The shipped depths. Raises DataError."""
        path = path or geodata.binary("depth.npz")
        try:
            with path.open("rb") as file, np.load(file) as data:
                depth_m, charted = unpacked(data["depth"]), np.unpackbits(data["charted"])
                return cls(depth_m, passages, charted[: depth_m.size].reshape(depth_m.shape).astype(bool))
        except DAMAGED as error:
            raise DataError(
                f"{path.name}: cannot be read ({error}); rebuild it with 'python -m geodata.build.depth'"
            ) from error

    @cached_property
    def charted(self) -> NDArray[np.bool_]:
        """Cells at straits, canals and narrow waters, whose own limits hold."""
        if self._charted is not None:
            return self._charted
        gates = [_Fairway(p.id, p.gate) for p in self._passages.all if p.kind != "open"]
        narrow = tables.rows(geodata.table("narrow_waters.csv"), _Fairway)
        canals = tables.rows(geodata.table("canals.csv"), _Fairway)
        mask = np.zeros(self.raw_m.shape, dtype=bool)
        for way in (*gates, *narrow, *canals):
            if max(lat for _, lat in way.lonlat) > _SOUTH:
                mask[near_way(np.array(way.lonlat), way.half_width_nm * KM_PER_NM + MARGIN_KM)] = True
        return mask

    @cached_property
    def open_m(self) -> Floats:
        """The depths as they bar ships: inf at straits, canals and narrow waters."""
        return np.where(self.charted, np.inf, self.raw_m)


def unpacked(steps: NDArray[np.generic]) -> Floats:
    """Depths in m of stored steps. Raises ValueError."""
    if steps.shape != (2 * HALF + 1, 2 * HALF + 1):
        raise ValueError(f"{steps.shape} cells")
    depth = steps.astype(np.float64) / STEPS_PER_M
    out = np.where((depth == 0) | (depth >= DEEP_M), np.inf, depth)
    out[[0, -1], :] = out[:, [0, -1]] = np.inf  # the rim stands for all that lies beyond it
    return out


def place_of(lonlat: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row and column of the cells at positions (n, 2); those beyond the plane come to its rim."""
    k = np.clip(np.rint(plane_km(vectors(lonlat)) / CELL_KM).astype(np.int64) + HALF, 0, 2 * HALF)
    return k[..., 0], k[..., 1]


def near_way(lonlat: Floats, within_km: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row and column of the cells whose middle lies within a distance of a polyline (n, 2), or a position (1, 2)."""
    points = (
        lonlat if len(lonlat) == 1 else np.vstack([lonlat, to_lonlat(readings_of_way(None, lonlat, _STEP_NM).middle)])
    )
    xy = plane_km(vectors(points)) / CELL_KM + HALF
    reach = within_km / CELL_KM
    step = np.arange(-int(np.ceil(reach)) - 1, int(np.ceil(reach)) + 2)
    cell = np.rint(xy).astype(np.int64)[:, None, :] + np.stack(np.meshgrid(step, step), axis=-1).reshape(1, -1, 2)
    close = np.hypot(*np.moveaxis(cell - xy[:, None, :], -1, 0)) <= reach
    inside = ((cell >= 0) & (cell <= 2 * HALF)).all(axis=-1)
    k = cell[close & inside]
    return k[:, 0], k[:, 1]
