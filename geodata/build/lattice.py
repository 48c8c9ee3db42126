"""The lattice over waters that can freeze: nodes between which a ship can bend its way round the ice.

The network's legs are taut round land; round ice they are not, so these waters get nodes of their own, `SPACING_KM`
apart, each joined to its 32 nearest directions and to the corners, ports and canal ends nearby that it sees.
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation
from shapely import Polygon, STRtree

from sim.geo.cells import CELL_KM, HALF, CellGrid, from_plane, readings, readings_of_way
from sim.geo.geodesy import NM_PER_RADIAN, Floats, lengths_nm, vectors
from sim.geo.network.obstacles import curved, rings_of
from sim.geo.network.store import Stored
from sim.geo.passages import PassageTable
from sim.geo.visibility import Obstacles, visible
from sim.ice.climate import ClimateField

SPACING_KM = 40.0
REACH_NM = 80.0  # how far a node of the lattice is joined to nodes of the network
# A climate colder than any since 1979, in a year of much ice: what never freezes in it needs no lattice.
COLDEST_C, SEVERE_Z, LIMIT = 0.3, 2.0, 0.02
MARGIN_CELLS = 8  # 200 km beyond
BLOCK = 20_000  # legs
_HALF_STENCIL = [(1, 0), (0, 1), (1, 1), (1, -1), (2, 1), (1, 2), (2, -1), (1, -2), (3, 1), (1, 3), (3, -1), (1, -3),
                 (3, 2), (2, 3), (3, -2), (2, -3)]  # fmt: skip

_state: dict[str, Any] = {}


def freezing(lonlat: Floats) -> NDArray[np.bool_]:
    """True where ice is possible in some month of the coldest climate."""
    concentration, _ = ClimateField(COLDEST_C, SEVERE_Z).sampler(lonlat).monthly()
    return np.asarray(concentration.max(axis=0) > LIMIT)


def cell_mask() -> NDArray[np.bool_]:
    """Mask of the plane's cells that can freeze (land included where ice stands round it)."""
    x, y = np.meshgrid(np.arange(-HALF, HALF + 1), np.arange(-HALF, HALF + 1), indexing="ij")
    lonlat = from_plane(np.stack([x.ravel(), y.ravel()], axis=-1).astype(np.float64) * CELL_KM)
    frozen: NDArray[np.bool_] = freezing(lonlat) & (lonlat[:, 1] > 45)
    # a margin, so that a way can bend round the edge of the ice, and for files with more ice than the climate has
    return np.asarray(binary_dilation(frozen.reshape(x.shape), iterations=MARGIN_CELLS), dtype=bool)


def lattice_nodes(obstacles: list[Polygon], grid: CellGrid) -> tuple[Floats, NDArray[np.int64]]:
    """Nodes in free water that can freeze: lon, lat degrees (n, 2) and their rows and columns (n, 2)."""
    reach = int(HALF * CELL_KM / SPACING_KM)
    i, j = np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1), indexing="ij")
    at = np.stack([i.ravel(), j.ravel()], axis=-1)
    lonlat: Floats = np.round(from_plane((at + 0.5).astype(np.float64) * SPACING_KM), 5)
    inside = grid.at(vectors(lonlat)) >= 0
    at, lonlat = at[inside], lonlat[inside]
    tree = STRtree(curved(obstacles))
    hit = tree.query(shapely.points(lonlat), predicate="intersects")[0]
    free = np.ones(len(lonlat), dtype=bool)
    free[hit] = False
    return lonlat[free], at[free]


def _touched(grid: CellGrid, start: Floats, stop: Floats, used: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which legs (e,) touch a cell; the cells are marked in `used`. In blocks: long legs are read every few miles."""
    out = np.zeros(len(start), dtype=bool)
    for k in range(0, len(start), BLOCK):
        read = readings(grid, start[k : k + BLOCK], stop[k : k + BLOCK])
        out[k : k + BLOCK] = np.maximum.reduceat(read.cell >= 0, read.first[:-1])
        used[read.cell] = True
    return out


def _near(grid: CellGrid, used: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mask of the cells that legs touch, and of their neighbours; cells deep inland are left out."""
    used[-1] = False  # the place of OPEN
    mask = used[grid.number]
    wide = mask.copy()
    for axis in (0, 1):
        for step in (-1, 1):
            wide |= np.roll(wide, step, axis)
    return np.asarray(wide & (grid.number >= 0))


def _begin(obstacles: Obstacles, xyz: Floats, ahead: list[NDArray[np.int64]], others: Floats) -> None:
    _state.update(obstacles=obstacles, xyz=xyz, ahead=ahead, others=others)


def _joined(k: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Lattice nodes and network nodes that lattice node k sees."""
    xyz, own = _state["xyz"], _state["xyz"][k]
    ahead = _state["ahead"][k]
    near = np.flatnonzero(_state["others"] @ own > np.cos(REACH_NM / NM_PER_RADIAN))
    seen = visible(_state["obstacles"], own, np.vstack([xyz[ahead], _state["others"][near]]))
    return ahead[seen[: len(ahead)]], near[seen[len(ahead) :]]


def stored_lattice(s: Stored, obstacles: list[Polygon], table: PassageTable, workers: int = 2) -> dict[str, Any]:
    """Arrays of lattice.npz: cells, nodes, legs between them and to the network, and which legs of the network touch
    water that can freeze."""
    begun = time.monotonic()
    grid = CellGrid.of_mask(cell_mask())
    lonlat, at = lattice_nodes(obstacles, grid)
    number = {(int(i), int(j)): k for k, (i, j) in enumerate(at)}
    ahead = [
        np.array([number[n] for a, b in _HALF_STENCIL if (n := (i + a, j + b)) in number], dtype=np.int64)
        for i, j in at.tolist()
    ]
    xyz, network = vectors(lonlat), vectors(s.lonlat)
    usable = s.connected & (s.canal < 0)
    others = np.where(usable[:, None], network, 0.0)
    print(f"  {grid.size} cells, {len(lonlat)} lattice nodes", file=sys.stderr)
    own: list[NDArray[np.int64]] = []
    to_network: list[NDArray[np.int64]] = []
    with ProcessPoolExecutor(workers, initializer=_begin, initargs=(rings_of(obstacles), xyz, ahead, others)) as pool:
        for k, (mine, theirs) in enumerate(pool.map(_joined, range(len(lonlat)), chunksize=50)):
            own.append(mine)
            to_network.append(theirs)
            if k % 1000 == 0:
                print(f"  lattice node {k}, {time.monotonic() - begun:.0f} s", file=sys.stderr)
    count = np.array([len(a) + len(b) for a, b in zip(own, to_network, strict=True)])
    second = np.concatenate([np.r_[b, a + len(s.lonlat)] for a, b in zip(own, to_network, strict=True)])
    first = np.repeat(np.arange(len(lonlat)), count) + len(s.lonlat)
    places, vector = np.vstack([s.lonlat, lonlat]), np.vstack([network, xyz])
    bits = table.crossed(vector[first], vector[second])
    gated = np.flatnonzero(bits)
    used = np.zeros(grid.size + 1, dtype=bool)
    touched = _touched(grid, network[s.first], network[s.second], used)
    _touched(grid, vector[first], vector[second], used)
    used[readings_of_way(grid, s.way).cell] = True
    return {
        "mask": np.packbits(_near(grid, used)),
        "lonlat": np.rint(lonlat * 1e5).astype(np.int32),
        "count": count.astype(np.uint16),
        "second": second.astype(np.uint16),
        "length": lengths_nm(places[first], places[second]).astype(np.float32),
        "gated": gated.astype(np.int32),
        "gated_bits": bits[gated],
        "freezing_edges": np.packbits(touched),
        "nodes": np.array([len(s.lonlat), len(s.first)]),
    }
