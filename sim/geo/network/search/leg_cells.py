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
    pieces: Ints
    first: Ints
    near: Ints

    @cached_property
    def share(self) -> Floats:
        """Share (s,) of the leg that lies in each stretch."""
        whole = np.add.reduceat(self.pieces, self.first[:-1])
        return np.asarray(self.pieces / np.repeat(whole, np.diff(self.first)))

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
        return cls(cell, pieces.astype(np.int64), first, near)


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
        out = self.length_nm * unit
        each = np.add.reduceat(by_number[self._at.cell] * self._at.share, self._at.first[:-1])
        out[self.icy] = np.maximum(self.length_nm[self.icy], LEAST_NM) * each
        return out

    def miles(self, legs: Ints, more: Sequence[Ints] = ()) -> tuple[Ints, Ints, csr_array]:
        """Cells (c',) that some legs (m,) touch, and `more`; the column of every cell and of open water, the last; and
        the miles (m, c' + 1) of each leg in each column."""
        at, first = self._rows(legs)
        used = np.zeros(self.grid.size + 1, dtype=bool)
        used[self._at.cell[at]] = True
        for others in more:
            used[others] = True
        cells = np.flatnonzero(used[:OPEN]).astype(np.int64)
        column = np.full(self.grid.size + 1, len(cells), dtype=np.int64)
        column[cells] = np.arange(len(cells))
        count = np.diff(first)
        length = np.where(count > 0, np.maximum(self.length_nm[legs], LEAST_NM), self.length_nm[legs])
        indptr = np.concatenate([[0], np.cumsum(np.maximum(count, 1))]).astype(np.int32)
        columns, data = np.full(indptr[-1], len(cells), dtype=np.int32), np.repeat(length, np.maximum(count, 1))
        into = np.arange(len(at)) + np.repeat(indptr[:-1] - first[:-1], count)
        columns[into] = column[self._at.cell[at]]
        data[into] *= self._at.share[at]
        return cells, column, csr_array((data, columns, indptr), shape=(len(legs), len(cells) + 1))

    def _rows(self, legs: Ints) -> tuple[Ints, Ints]:
        """Stretches of some legs, leg after leg, and (m + 1,) where those of each begin; none in open water."""
        icy = self._icy_number[legs]
        count = np.where(icy >= 0, np.diff(self._at.first)[icy], 0)
        first = np.concatenate([[0], np.cumsum(count)])
        return np.arange(first[-1]) + np.repeat(self._at.first[icy] - first[:-1], count), first

    @cached_property
    def _icy_number(self) -> Ints:
        out = np.full(len(self.length_nm), -1, dtype=np.int64)
        out[self.icy] = np.arange(len(self.icy))
        return out
