"""The grid of an ice file: which of its cells speaks for a place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import DataError
from sim.geo.geodesy import RADIUS_KM, Floats, vectors
from sim.ice.files.positions import positions

if TYPE_CHECKING:
    import xarray as xr

Cells = NDArray[np.int64]

REACH_CELLS: Final = 1.5
COAST_KM: Final = 50.0  # how far a missing cell may borrow from its neighbours
LOWEST_LATITUDE: Final = 30.0  # no sea ice nearer to the equator; saves most of a global grid


@dataclass(frozen=True)
class Grid:
    """The cells of a file north of 30 degrees.

    `dims` are the horizontal dimensions of the variable, in its order. `lonlat` (m, 2) are the middles of the cells in
    degrees, `cell` (m,) their place in a flattened slice, `reach_km` (m,) 1.5 times their size. `tree` is a KD-tree of
    their unit vectors. `notes` are what was decided for the user.
    """

    dims: tuple[str, ...]
    lonlat: Floats
    cell: Cells
    reach_km: Floats
    tree: Any
    notes: tuple[str, ...] = ()

    def bound(self, places: Floats) -> Bound:
        """The grid bound to places (n, 2) of lon, lat degrees."""
        return Bound(self, places)


class Bound:
    """Which cell speaks for each of a set of places, for any set of cells with a value."""

    def __init__(self, grid: Grid, places: Floats) -> None:
        self._grid = grid
        self.count = len(places)
        self._known = np.flatnonzero(np.isfinite(places).all(axis=1))
        self._vectors = vectors(places[self._known])
        distance, self._nearest = _query(grid.tree, self._vectors)
        self._inside = distance <= grid.reach_km[self._nearest]

    def cells(self, valid: NDArray[np.bool_]) -> Cells:
        """For each place the cell (n,) among the m of the grid, -1 where none is near, of those with a value (m,).

        The nearest cell where it has a value; else the nearest with one, within its own reach, or within 50 km if the
        place lies in the grid: cells next to the coast are often land in the file.
        """
        out = np.full(self.count, -1, dtype=np.int64)
        direct = self._inside & valid[self._nearest]
        out[self._known[direct]] = self._nearest[direct]
        ask = np.flatnonzero(self._inside & ~direct)
        if len(ask) and valid.any():
            from scipy.spatial import cKDTree

            usable = np.flatnonzero(valid)
            tree = cKDTree(self._grid.tree.data[usable], balanced_tree=False, compact_nodes=False)
            distance, found = _query(tree, self._vectors[ask])
            near = distance <= np.maximum(COAST_KM, self._grid.reach_km[usable[found]])
            out[self._known[ask[near]]] = usable[found[near]]
        return out


def _query(tree: Any, points: Floats) -> tuple[Floats, Cells]:
    """Distance in km and number of the nearest point of a tree of unit vectors."""
    chord, index = tree.query(points)
    return 2 * RADIUS_KM * np.arcsin(np.minimum(chord / 2, 1.0)), np.asarray(index, dtype=np.int64)


def grid_of(data: xr.Dataset, name: str, path: Path) -> Grid:
    """The grid of a variable: from latitudes and longitudes of the file, else from x, y and a projection.

    Raises DataError where there are none, where they are of the southern hemisphere or too many.
    """
    notes: list[str] = []
    dims, lonlat = positions(data, name, path, notes)
    good = np.isfinite(lonlat).all(axis=-1)
    latitudes = lonlat[good][:, 1]
    if not good.any() or np.abs(latitudes).max() > 90.001:
        raise DataError(f"{path.name}: the latitudes and longitudes of '{name}' are no positions in degrees")
    if latitudes.max() <= 0:
        span = f"{latitudes.min():.1f} to {latitudes.max():.1f}"
        raise DataError(f"{path.name}: is of the southern hemisphere (latitudes {span}); an Arctic file is needed")
    if latitudes.max() < LOWEST_LATITUDE:
        raise DataError(f"{path.name}: ends at latitude {latitudes.max():.1f}; no cell lies north of 30 degrees")
    size_km = _sizes_km(vectors(lonlat))
    cell = np.flatnonzero((good & (lonlat[..., 1] >= LOWEST_LATITUDE)).ravel())
    used = lonlat.reshape(-1, 2)[cell]
    used[:, 0] = (used[:, 0] + 180) % 360 - 180
    from scipy.spatial import cKDTree

    tree = cKDTree(vectors(used), balanced_tree=False, compact_nodes=False)
    if size_km is None:  # cells in a list: the fourth neighbour stands where the next row would
        count = min(5, len(used))
        size_km = 2 * RADIUS_KM * np.arcsin(tree.query(tree.data, k=[count])[0][:, 0] / 2)
        return Grid(dims, used, cell, REACH_CELLS * size_km, tree, tuple(notes))
    return Grid(dims, used, cell, REACH_CELLS * size_km.ravel()[cell], tree, tuple(notes))


def _sizes_km(v: Floats) -> Floats | None:
    """Sizes of the cells (rows, columns) of unit vectors (rows, columns, 3), the longer side; None for a list.

    Of the steps to both neighbours the shorter counts, since at the seam of an ocean grid one of them is far away.
    """
    if v.ndim == 2:
        return None
    size = np.zeros(v.shape[:2])
    for axis in (0, 1):
        if v.shape[axis] < 2:
            continue
        chord = np.linalg.norm(np.diff(v, axis=axis), axis=-1)
        step = np.where(np.isfinite(chord), 2 * RADIUS_KM * np.arcsin(np.minimum(chord / 2, 1.0)), np.inf)
        edge = np.take(step, [0], axis=axis) * 0 + np.inf if step.size else step
        forward, backward = np.concatenate([step, edge], axis=axis), np.concatenate([edge, step], axis=axis)
        shorter = np.minimum(forward, backward)
        size = np.maximum(size, np.where(np.isfinite(shorter), shorter, 0.0))
    usual = float(np.median(size[size > 0])) if (size > 0).any() else COAST_KM / REACH_CELLS
    return np.where(size > 0, size, usual)
