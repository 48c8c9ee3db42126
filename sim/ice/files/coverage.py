"""What of the sea a file leaves out: a hole around the pole, and open water that is missing where it could be 0."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.geo.geodesy import Floats
from sim.ice.files.grid import COAST_KM, Grid

KM_PER_DEGREE: Final = 111.2
AROUND: Final = 8  # parts of the circle around a hole that must all have values
RIM_DEGREES: Final = 3.0
HOLE_FROM: Final = 75.0  # no hole of a satellite reaches further south
ASKED_CELLS: Final = 300
WATER_FROM: Final = 50.0  # degrees north; what is missing further south has no ice
MOST: Final = 0.5
LEAST_MISSING: Final = 0.1  # share of all cells, less is coast
LEAST_CELLS: Final = 10
NO_ICE: Final = 0.01  # concentration


def coverage_notes(name: str, grid: Grid, values: Floats) -> list[str]:
    """What a user must know of the places without a value among the cells (m,) of one date."""
    known = np.isfinite(values)
    out = []
    if (north := _hole(grid, known)) is not None:
        out.append(f"{name}: no values north of {north:.1f} N, a hole around the pole: unknown, no voyage crosses it")
    if _water_is_missing(grid, values, known):
        out.append(
            f"{name}: open water is missing, not 0, in most of the sea: it counts as open only where the climate has "
            "no ice even in a severe year, elsewhere as unknown"
        )
    return out


def _hole(grid: Grid, known: NDArray[np.bool_]) -> float | None:
    """The latitude at which a hole around the pole begins, None without one."""
    lon, lat = grid.lonlat.T
    if not known.any():
        return None
    north = float(lat[known].max())
    reach_km = float(grid.reach_km[known][lat[known].argmax()])
    rim = known & (lat >= north - RIM_DEGREES)
    parts = np.unique(((lon[rim] + 180) / 360 * AROUND).astype(int) % AROUND)
    is_hole = (
        north >= HOLE_FROM and (90 - north) * KM_PER_DEGREE > max(COAST_KM, 1.05 * reach_km) and len(parts) == AROUND
    )
    return north if is_hole else None


def _water_is_missing(grid: Grid, values: Floats, known: NDArray[np.bool_]) -> bool:
    """Whether most of the sea without ice has no value; of some cells, since the land must be looked up."""
    from sim.geo.land import on_land

    free = np.flatnonzero((~known | (values <= NO_ICE)) & (grid.lonlat[:, 1] >= WATER_FROM))
    if np.mean(~known) < LEAST_MISSING or known[free].mean() > MOST:
        return False
    asked = free[np.unique(np.linspace(0, len(free) - 1, min(len(free), ASKED_CELLS)).astype(int))]
    sea = asked[~on_land(grid.lonlat[asked])]
    return len(sea) >= LEAST_CELLS and bool(known[sea].mean() < 1 - MOST)
