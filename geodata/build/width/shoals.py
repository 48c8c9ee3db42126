"""Narrow waters that are too shallow for ships, by ETOPO1 (NOAA).

The grid is the copy at 0.1 degrees that the Python package pybacktrack 1.5.0 carries. It is fetched with pip into the
raw folder if it is not there, and its checksum is compared with the record in geodata/sources.json.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from geodata.build.port_sources import PIP, fetched
from geodata.build.width.ladder import Piece
from sim.geo.geodesy import Floats

PACKAGE = "pybacktrack"
WHEEL = "pybacktrack-1.5.0-py3-none-any.whl"
GRID = "pybacktrack/bundle_data/topography/ETOPO1_0.1.grd"
SHOAL_M = 8.0  # water of a smaller depth is none that ships of the sea pass through
UNKNOWN_M = 1.5  # fjords and sounds without soundings stand in the grid with a depth of 1 m
LEAST_NM = 2.0  # half width of a water that samples 6 nm apart can tell of
KNOWN = 0.5  # a figure needs soundings in this share of a water's samples


def wheel(folder: Path) -> Path:
    """The package in a raw folder."""
    return fetched(PACKAGE, folder / WHEEL, [*PIP, f"{PACKAGE}==1.5.0"])


def samples(archive: Path, south: float = -90.0) -> tuple[Floats, Floats]:
    """Positions (n, 2) of the grid's samples north of a parallel and their depths (n,) in m, below 0 on land."""
    from netCDF4 import Dataset

    with zipfile.ZipFile(archive) as packed, Dataset("etopo1", memory=packed.read(GRID)) as grid:
        lon, lat = np.asarray(grid["lon"][:-1]), np.asarray(grid["lat"][:])  # 360 E is 0 E again
        rows = np.flatnonzero((lat > south) & (lat < 90.0))
        height = np.asarray(grid["z"][rows, :-1], dtype=np.float64)
    at = np.stack(np.meshgrid(lon, lat[rows]), axis=-1).reshape(-1, 2)
    return at, -height.ravel()


def shoals(pieces: Sequence[Piece], lonlat: Floats, depth_m: Floats) -> NDArray[np.bool_]:
    """Which pieces (p,) of narrow water are shoals: half of the soundings in them are less than `SHOAL_M`.

    `lonlat` (n, 2) and `depth_m` (n,) are samples. Water without enough of them is taken as deep.
    """
    places = np.column_stack([(lonlat[:, 0] + 180.0) % 360.0 - 180.0, lonlat[:, 1]])
    tree = STRtree([p.water for p in pieces])
    sample, piece = tree.query(shapely.points(places), predicate="intersects")
    wet = depth_m[sample] > 0
    sample, piece = sample[wet], piece[wet]
    sounded = depth_m[sample] > UNKNOWN_M
    wide = np.array([p.radius_nm >= LEAST_NM for p in pieces], dtype=bool)
    all_of, known, low = (
        np.bincount(piece[chosen], minlength=len(pieces))
        for chosen in (np.ones(len(piece), dtype=bool), sounded, sounded & (depth_m[sample] < SHOAL_M))
    )
    return wide & (known > 0) & (known >= KNOWN * all_of) & (low > 0.5 * known)
