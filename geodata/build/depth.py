"""A depth for each equal-area cell, of ETOPO1 (NOAA): `python -m geodata.build.depth [--raw DIR]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import geodata
from geodata.build.__main__ import record_checksums, write_arrays
from geodata.build.width.shoals import samples, wheel
from sim.geo.cells import HALF, CellGrid
from sim.geo.geodesy import Floats, vectors
from sim.geo.network.depth import DEEP_M, STEPS_PER_M, Depths, unpacked
from sim.geo.passages import PassageTable

SOUTH = 44.0  # degrees: the cells end at 45 N
SHALLOW_SHARE = 0.25  # a quarter of the water of a cell is shallower than its figure
SEA_SHARE = 0.5  # a cell with less water is coast, which the clearance keeps ships off


def figures(lonlat: Floats, depth_m: Floats, share: float = SHALLOW_SHARE) -> Floats:
    """The depth (2 HALF + 1, 2 HALF + 1) in m that a share of the water of a cell does not have; nan without a figure.

    One wrong sample, or one rock, does not move it: a cell has about ten samples, and it is the third of them.
    """
    whole = CellGrid.of_mask(np.ones((2 * HALF + 1, 2 * HALF + 1), dtype=bool))
    cell = whole.at(vectors(lonlat))
    inside = cell >= 0
    cell, depth_m = cell[inside], depth_m[inside]
    all_of = np.bincount(cell, minlength=whole.size)
    wet = depth_m > 0
    cell, depth_m = cell[wet], depth_m[wet]
    order = np.lexsort((depth_m, cell))
    depth_m = depth_m[order]
    count = np.bincount(cell, minlength=whole.size)
    last = np.cumsum(count) - 1
    rank = np.floor((count - 1) * share).astype(np.int64)
    known = (count > 0) & (count >= SEA_SHARE * all_of)
    out = np.full(whole.size, np.nan)
    out[known] = depth_m[(last - count + 1 + rank)[known]]
    return out.reshape(whole.number.shape)


def packed(figure: Floats) -> NDArray[np.uint16]:
    """Figures as they are stored: steps of 0.1 m, 0 where there is none, no deeper than `DEEP_M`."""
    steps = np.floor(np.minimum(figure, DEEP_M) * STEPS_PER_M + 1e-6)
    return np.where(np.isnan(figure), 0, np.maximum(steps, 1)).astype(np.uint16)


def write(steps: NDArray[np.uint16]) -> None:
    """depth.npz: the figures, and the cells at straits, canals and narrow waters."""
    charted = Depths(unpacked(steps), PassageTable.load()).charted
    write_arrays(geodata.binary("depth.npz"), {"depth": steps, "charted": np.packbits(charted)})


def main() -> None:
    """Write depth.npz and its checksum."""
    parser = argparse.ArgumentParser(prog="python -m geodata.build.depth", description=__doc__)
    parser.add_argument("--raw", type=Path, default=geodata.FOLDER / "raw", help="folder of the raw archives")
    figure = figures(*samples(wheel(parser.parse_args().raw), SOUTH))
    write(packed(figure))
    record_checksums()
    print(f"{np.isfinite(figure).sum()} cells, {(figure < DEEP_M).sum()} of less than {DEEP_M:g} m", file=sys.stderr)


if __name__ == "__main__":
    main()
