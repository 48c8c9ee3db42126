"""Find how icy each sea was in each month of the past: `python benchmarks/ice_years.py --data FOLDER --write`.

Prints the least squares behind `sim.ice.climate.EDGE_ENDS`; with `--write` makes geodata/tables/ice_years.csv anew.

The figure of a sea and month is the z at which the built-in climate, with the ice edge of one year, has the ice area
that NSIDC G02135 v3 gives for the sea. All seas of a month are solved together, since a triangle may reach over the
border of two seas. Where an area hardly depends on z (a frozen sea, or an open one) z stays near 0: its square counts
as much beside the misfit as (1 / PRIOR_Z)^2 beside (1 / AREA_ERROR)^2.
"""

from __future__ import annotations

import argparse
import csv
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from ice_field import DATA, SHAPE, epoch_fields, errors, psn25, regional_areas, regions, seen_fields

import geodata
from sim.geo.geodesy import Floats
from sim.ice.climate import (
    EDGE,
    EDGE_ENDS,
    MONTHS,
    TABLE_WARMING_C,
    ClimateField,
    Corners,
    concentration_stations,
    edge_of_one_year,
)
from sim.ice.pathways import sea_anomalies, warming_c

YEARS = range(1979, 2025)
# Code of each sea in the regional mask of G02135
CODES = {
    "Okhotsk": 2, "Bering": 3, "Hudson": 4, "St-Lawrence": 5, "Baffin": 6, "Greenland": 7, "Barents": 8, "Kara": 9,
    "Laptev": 10, "East-Siberian": 11, "Chukchi": 12, "Beaufort": 13, "CanadianArchipelago": 14, "Central-Arctic": 15,
}  # fmt: skip
AREA_ERROR = 0.03  # of a sea's whole area: error of the observed ice area and of the field's shape
PRIOR_Z = 1.5
# The satellites did not see the pole; G02135 leaves it out of the areas. Area in 1e6 km2 before a year and month
POLE_HOLE = (((1987, 7), 1.19), ((2008, 0), 0.31), ((9999, 0), 0.029))
POLE_SHARE = 0.97  # concentration taken for it
ROUNDS = 12
SOURCE = "own: z at which the field has the sea's ice area of the month in NSIDC G02135 v3"


@dataclass(frozen=True)
class _Cells:
    """Cells of the 25 km grid that lie in the seas: number of the sea (n,), area (n,) in 1e6 km2, their triangles."""

    sea: np.ndarray
    area: Floats
    corners: Corners

    def mix(self, values: Floats) -> Floats:
        """Values (n, ...) of the cells from those of the stations (s, ...)."""
        return np.asarray(np.einsum("nk,nk...->n...", self.corners.weight, values[self.corners.station]))

    def by_sea(self, values: Floats) -> Floats:
        """Sums over the seas of values (n,) times area."""
        return np.bincount(self.sea, self.area * values, len(CODES))


@lru_cache(maxsize=1)
def sea_cells(data: Path) -> _Cells:
    """The cells of all seas."""
    lonlat, area = psn25(data)
    mask = np.fromfile(data / "sect_fixed_n.msk", np.uint8)[-SHAPE[0] * SHAPE[1] :]
    known = np.isfinite(epoch_fields(data)[0][3]).all(axis=0) & np.isin(mask, list(CODES.values()))
    number = {code: k for k, code in enumerate(CODES.values())}
    sea = np.array([number[int(code)] for code in mask[known]])
    return _Cells(sea, area[known] / 1e6, concentration_stations().corners(lonlat[known]))


def observed(data: Path, year: int, month: int) -> Floats:
    """Ice area (s,) of the seas in 1e6 km2, with the unseen pole; nan where the record has a gap."""
    areas = regional_areas(data, tuple(CODES))
    out = np.array([areas[sea][year][month] for sea in CODES]) / 1e6
    out[-1] += POLE_SHARE * next(hole for until, hole in POLE_HOLE if (year, month) < until)
    return out


class Month:
    """One month of the climate as a function of the z of all seas."""

    def __init__(self, data: Path, month: int) -> None:
        stations, self.cells = concentration_stations(), sea_cells(data)
        share = stations.value[:, month] / 100
        self.logit = self.cells.mix(np.log((share + EDGE) / (1 + EDGE - share)))
        self.kappa = self.cells.mix(stations.factors["kappa"][:, month])
        of_sea = np.array([[sea == name for name in CODES] for sea in stations.sea])
        self.spread = self.cells.mix(stations.factors["spread"][:, month, None] * of_sea)

    def areas(self, warming: float, z: Floats) -> tuple[Floats, Floats]:
        """Ice area (s,) of the seas at their z (s,), and its derivatives (s, s)."""

        def concentration(logit: Floats) -> Floats:
            return edge_of_one_year(np.clip((1 + 2 * EDGE) / (1 + np.exp(-logit)) - EDGE, 0.0, 1.0))

        logit = self.logit - self.kappa * (warming - TABLE_WARMING_C) + self.spread @ z
        step = 1e-4
        slope = (concentration(logit + step) - concentration(logit - step)) / (2 * step)
        change = np.array([self.cells.by_sea(slope * self.spread[:, k]) for k in range(len(CODES))]).T
        return self.cells.by_sea(concentration(logit)), change

    def solve(self, warming: float, seen: Floats) -> Floats:
        """z (s,) of the seas at which they have the observed areas (s,); 0 where these are nan. Gauss-Newton."""
        known = np.isfinite(seen)
        error = AREA_ERROR * self.cells.by_sea(np.ones_like(self.logit))
        z = np.zeros(len(CODES))
        for _ in range(ROUNDS):
            area, change = self.areas(warming, z)
            off = np.where(known, (np.where(known, seen, 0.0) - area) / error, 0.0)
            slope = np.where(known[:, None], change / error[:, None], 0.0)
            step = np.linalg.solve(slope.T @ slope + np.eye(len(z)) / PRIOR_Z**2, slope.T @ off - z / PRIOR_Z**2)
            z = z + np.clip(step, -1, 1)
            if np.abs(step).max() < 1e-3:
                break
        return z


def anomalies(data: Path) -> Floats:
    """z (s, y, 12) of seas, years and months."""
    out = np.zeros((len(CODES), len(YEARS), len(MONTHS)))
    for month in range(len(MONTHS)):
        solver = Month(data, month)
        for k, year in enumerate(YEARS):
            out[:, k, month] = solver.solve(warming_c(year), observed(data, year, month))
    return out


def write(data: Path) -> None:
    """Make the table anew."""
    found = np.round(anomalies(data), 2) + 0.0
    with geodata.table("ice_years.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["sea", "year", *MONTHS, "source", "confidence"])
        for sea, years in zip(CODES, found, strict=True):
            for year, months in zip(YEARS, years, strict=True):
                writer.writerow([sea, year, *(f"{z:g}" for z in months), SOURCE, "B"])


def edge_fit(data: Path) -> list[tuple[float, float, float]]:
    """EDGE_ENDS (0 is none), and the RMSE of concentration over all fields of single months and days: north of 60 N,
    and in the corridor of the Northern Sea Route."""
    area = psn25(data)[1]
    fields = []
    for seen in seen_fields(data):
        field = ClimateField(warming_c(seen.year), sea_z=sea_anomalies(seen.year))
        model, there = np.atleast_2d(seen.model(field, data)), np.atleast_2d(seen.concentration)
        fields += [(m, t, seen.one_degree) for m, t in zip(model, there, strict=True)]
    out = []
    for ends in (0.0, 0.1, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5):
        row = []
        for region in ("all ocean > 60 N", "NSR corridor"):
            squares = []
            for model, seen, one_degree in fields:
                weight = np.ones(model.shape[-1]) if one_degree else area
                t = np.clip(model / ends, 0, 1) if ends else np.ones_like(model)
                squares.append(
                    errors(model * t * t * (3 - 2 * t), seen, weight, regions(data, one_degree)[region])[0] ** 2
                )
            row.append(float(np.sqrt(np.mean(squares))))
        out.append((ends, row[0], row[1]))
    return out


def main() -> None:
    """Print the fit of the edge, or write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the satellite files")
    parser.add_argument("--write", action="store_true", help="write geodata/tables/ice_years.csv")
    options = parser.parse_args()
    if options.write:
        write(options.data)
        return
    for ends, everywhere, corridor in edge_fit(options.data):
        mark = " <- in use" if ends == EDGE_ENDS else ""
        print(f"edge ends at {ends:.2f}: RMSE {everywhere:.4f} north of 60 N, {corridor:.4f} in the NSR corridor{mark}")


if __name__ == "__main__":
    main()
