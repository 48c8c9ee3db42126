"""Where each leg of the lattice lies among the ice cells: the miles of a leg in a cell, and the node near a cell.

That never changes, so that it is built once and shipped (legs.npz); measured anew it takes a third of a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from sim.errors import DAMAGED, DataError
from sim.geo.cells import OPEN, CellGrid, readings
from sim.geo.geodesy import Floats, vectors
from sim.geo.graph import Ints

BLOCK = 2000  # legs
LEAST_NM = 1e-6  # a leg through a closed cell has some length


@dataclass(frozen=True)
class Stretches:
    """Legs that touch water that can freeze, as stretches within one cell: `cell` (s,) or OPEN, `pieces` (s,) of how
    many of the leg's equal pieces, `first` (l + 1,) stretch of each leg; and `near` (c,), the nearest node of the
    lattice's own to each cell."""

    cell: NDArray[np.int32]
    pieces: NDArray[np.integer[Any]]
    first: Ints
    near: Ints

    @cached_property
    def whole(self) -> Ints:
        """How many pieces (l,) each leg has."""
        return np.add.reduceat(self.pieces, self.first[:-1], dtype=np.int64)

    def of(self, legs: Ints) -> tuple[Ints, Ints]:
        """The stretches of some legs (m,), leg after leg, and (m + 1,) where those of each begin and all end."""
        count = self.first[legs + 1] - self.first[legs]
        first = np.concatenate([[0], np.cumsum(count)])
        return np.arange(first[-1]) + np.repeat(self.first[legs] - first[:-1], count), first

    def shares(self, stretch: Ints, first: Ints, legs: Ints) -> Floats:
        """The share (k,) of its leg that lies in each of the stretches (k,) of some legs, as `of` gives them."""
        return np.asarray(self.pieces[stretch] / np.repeat(self.whole[legs], np.diff(first)))

    @classmethod
    def measured(cls, grid: CellGrid, start: Floats, stop: Floats, own: Floats) -> Stretches:
        """The stretches of legs from `start` to `stop` (l, 3), in a lattice of nodes `own` (k, 3)."""
        from scipy.spatial import KDTree

        cells, pieces, firsts, count = [], [], [], 0
        for k in range(0, len(start), BLOCK):  # in blocks that stay near the processor
            read = readings(grid, start[k : k + BLOCK], stop[k : k + BLOCK])
            new = np.ones(len(read.cell), dtype=bool)
            new[1:] = read.cell[1:] != read.cell[:-1]
            new[read.first[:-1]] = True
            begin = np.flatnonzero(new)
            cells.append(read.cell[begin])
            pieces.append(np.diff(begin, append=len(read.cell)))
            firsts.append(np.searchsorted(begin, read.first[:-1]) + count)
            count += len(begin)
        near = np.asarray(KDTree(own).query(vectors(grid.lonlat))[1], dtype=np.int64)
        return cls(np.concatenate(cells), np.concatenate(pieces), np.append(np.concatenate(firsts), count), near)

    def pack(self) -> dict[str, NDArray[Any]]:
        """Arrays for the file."""
        return {
            "count": np.diff(self.first).astype(np.uint16),
            "cell": np.diff(self.cell, prepend=0).astype(np.int32),
            "pieces": self.pieces.astype(np.uint16),
            "near": self.near.astype(np.uint16),
        }

    @classmethod
    def read(cls, path: Path, legs: int, cells: int) -> Stretches:
        """The shipped stretches. Raises DataError where the file is damaged or belongs to another lattice."""
        try:
            with path.open("rb") as file, np.load(file) as data:
                raw = {k: data[k] for k in data.files}
            first = np.concatenate([[0], np.cumsum(raw["count"], dtype=np.int64)])
            cell, pieces, near = np.cumsum(raw["cell"], dtype=np.int32), raw["pieces"], raw["near"].astype(np.int64)
        except DAMAGED as error:
            raise DataError(
                f"{path.name}: cannot be read ({error}); rebuild it with 'python -m geodata.build'"
            ) from error
        if (len(first) - 1, len(near), len(cell), len(pieces)) != (legs, cells, first[-1], first[-1]):
            raise DataError(f"{path.name} belongs to another lattice.npz; rebuild it with 'python -m geodata.build'")
        return cls(cell, pieces, first, near)


class LegCells:
    """The legs (e,) of a lattice among the cells (c,) of a grid; `icy` (l,) are those that touch water that can freeze,
    `stretches` where they lie."""

    def __init__(self, grid: CellGrid, length_nm: Floats, icy: Ints, stretches: Stretches, network_size: int) -> None:
        self.grid, self.length_nm = grid, length_nm
        self.icy, self._at = icy, stretches
        self.near = stretches.near + network_size

    def leg_prices(self, per_nm: Floats, unit: float) -> Floats:
        """Price (e,) of each leg, of prices per nm in the cells (c,) and `unit` elsewhere; inf through one of inf."""
        by_number = np.append(per_nm, unit)  # OPEN is -1, the last
        out = self._counted_nm * unit
        other = by_number != unit
        if not other.any():
            return out
        at = self._at
        legs = np.flatnonzero(np.logical_or.reduceat(other[at.cell], at.first[:-1]))
        stretch, first = at.of(legs)
        each = np.add.reduceat(by_number[at.cell[stretch]] * at.shares(stretch, first, legs), first[:-1])
        out[self.icy[legs]] = self._counted_nm[self.icy[legs]] * each
        return out

    def miles(self, legs: Ints, more: Sequence[Ints] = ()) -> tuple[Ints, Ints, csr_array]:
        """Cells (c',) that some legs (m,) touch, and `more`; the column of every cell and of open water, the last; and
        the miles (m, c' + 1) of each leg in each column."""
        icy = self._icy_number[legs]
        row = np.flatnonzero(icy >= 0)
        at, first = self._at.of(icy[row])
        used = np.zeros(self.grid.size + 1, dtype=bool)
        used[self._at.cell[at]] = True
        for others in more:
            used[others] = True
        cells = np.flatnonzero(used[:OPEN]).astype(np.int64)
        column = np.full(self.grid.size + 1, len(cells), dtype=np.int64)
        column[cells] = np.arange(len(cells))
        count = np.ones(len(legs), dtype=np.int64)  # a leg in open water is one stretch
        count[row] = np.diff(first)
        indptr = np.concatenate([[0], np.cumsum(count)])
        columns, data = np.full(indptr[-1], len(cells), dtype=np.int32), np.repeat(self._counted_nm[legs], count)
        into = np.arange(len(at)) + np.repeat(indptr[row] - first[:-1], count[row])
        columns[into] = column[self._at.cell[at]]
        data[into] *= self._at.shares(at, first, icy[row])
        matrix = csr_array((data, columns, indptr.astype(np.int32)), shape=(len(legs), len(cells) + 1))
        return cells, column, matrix

    @cached_property
    def _counted_nm(self) -> Floats:
        """Lengths (e,) as they are priced."""
        out = self.length_nm.copy()
        out[self.icy] = np.maximum(out[self.icy], LEAST_NM)
        return out

    @cached_property
    def _icy_number(self) -> Ints:
        out = np.full(len(self.length_nm), -1, dtype=np.int64)
        out[self.icy] = np.arange(len(self.icy))
        return out
