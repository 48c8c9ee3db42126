"""Hold the ice of past years and of the future against what is published of windows and areas: a section of markdown.

`python benchmarks/ice_windows.py`; with `--fit` the least squares behind LOCAL_Z and SINGLE_YEAR_Z, in some minutes.

A window is measured in two ways, as the sources do. On a track: the longest time with at most 50 % of ice on its whole
length. Free: the days on which some way of passable cells leads from the Barents Sea to the Bering Strait, POLARIS
being kept, without the rules of admission.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

import geodata
from sim import tables
from sim.geo.cells import plane_km
from sim.geo.geodesy import Floats, vectors
from sim.ice import polaris
from sim.ice.classes import ice_class
from sim.ice.climate import ClimateField
from sim.ice.field import IceField, day_number
from sim.ice.pathways import LOCAL_Z, SINGLE_YEAR_Z, anomaly_z, climate_field, sea_anomalies, warming_c
from sim.ice.season import longest_window, track
from sim.study.ice_summary import _waters, day_of, ice_state
from sim.tables import Filled, Grade

YEARS = range(1996, 2025)
RECENT = range(2005, 2025)
TRACKS = {"coastal_50": "nsr_coastal", "northern_50": "nsr_northern"}
CLASSES = {"free_open_water": "none", "free_pc6": "PC6"}
MONTHS = {"area_september": 9, "area_march": 3}
LATE = "_late_century"
RISK = 1  # POLARIS: normal, and elevated for polar classes
OLD_Z = 1.0  # what was added to the season of every year, also a year's own, before
LOCAL = (0.0, 0.1, 0.15, 0.2, 0.25, 0.3)
TYPICAL = (0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
Of = Callable[[int], ClimateField]  # the field of a year


@dataclass(frozen=True)
class Published:
    """A figure of a source. `statistic` is over the years from the first to the last; `fit`: the rule is fitted to
    it."""

    id: Filled
    measure: Filled
    first_year: int
    last_year: int
    statistic: str
    value: float
    spread: float | None
    unit: Filled
    fit: bool
    source: Filled
    confidence: Grade

    @property
    def years(self) -> range:
        return range(self.first_year, self.last_year + 1)

    def of(self, found: Sequence[float]) -> float:
        """The same statistic of computed figures of the years."""
        return float(np.median(found) if self.statistic == "median" else np.mean(found))


@lru_cache(maxsize=1)
def published() -> tuple[Published, ...]:
    """The rows of ice_published.csv."""
    return tuple(tables.rows(geodata.table("ice_published.csv"), Published, unique="id"))


@dataclass(frozen=True)
class _Sea:
    """The water between the Barents Sea and the Bering Strait: cells (n, 2) of an image, and which are its ends."""

    lonlat: Floats
    pixel: NDArray[np.int64]
    west: NDArray[np.bool_]
    east: NDArray[np.bool_]


@lru_cache(maxsize=1)
def _sea() -> _Sea:
    """North of 66 N between 40 E and 168 W, and the Bering Strait."""
    lonlat = _waters().lonlat
    lon, lat = lonlat[:, 0] % 360, lonlat[:, 1]
    strait = (lat > 62) & (lat < 66.5) & (lon > 185) & (lon < 194)
    lonlat = lonlat[(lat > 66) & (lon > 40) & (lon < 192) | strait]
    lon, lat = lonlat[:, 0] % 360, lonlat[:, 1]
    pixel = np.rint(plane_km(vectors(lonlat)) / 25.0).astype(np.int64)
    return _Sea(lonlat, pixel - pixel.min(axis=0), (abs(lon - 45) < 3) & (lat > 70) & (lat < 78), lat < 66)


def free_days(field: IceField, year: int, name: str) -> int:
    """Days of a year on which cells that an ice class may pass join the Barents Sea to the Bering Strait."""
    sea, rank = _sea(), ice_class(name)
    sampler, start = field.sampler(sea.lonlat), day_number(datetime(year, 1, 1, tzinfo=UTC))
    image = np.zeros(sea.pixel.max(axis=0) + 1, dtype=bool)
    at = tuple(sea.pixel.T)
    count = 0
    for day in range(365):
        concentration, thickness_m = sampler.on(start + day + 0.5)
        image[at] = polaris.level(polaris.rio_of(concentration, thickness_m, rank, decayed=False), rank) <= RISK
        part = ndimage.label(image, np.ones((3, 3)))[0][at]
        count += bool(np.intersect1d(part[sea.west & (part > 0)], part[sea.east & (part > 0)]).size)
    return count


def measured(measure: str, year: int, field: ClimateField) -> float:
    """A window in days, or an area in 1e6 km2, of a year."""
    if measure in TRACKS:
        return longest_window(field, track(TRACKS[measure]).points()).days
    if measure in CLASSES:
        return free_days(field, year, CLASSES[measure])
    area = ice_state(field, day_of(year, MONTHS[measure])).whole.ice_area_1000km2
    assert area is not None
    return area / 1000


def old_rule(year: int, *, single_year: bool = True) -> ClimateField:
    """A past year as it was made before: one z for all seas, and 1 on top of it for a single year."""
    z = anomaly_z(year)
    return ClimateField(warming_c(year), z + (OLD_Z if single_year else 0.0), thickness_z=z)


def new_rule(year: int, *, single_year: bool = True) -> ClimateField:
    """A past year as it is made now."""
    return climate_field(year=year, season="own", single_year=single_year)


def own_year(year: int, more: float) -> ClimateField:
    """A past year with its own seasons, and more z in all seas."""
    own = {sea: z + more for sea, z in sea_anomalies(year).items()}
    return ClimateField(warming_c(year), more, thickness_z=anomaly_z(year), sea_z=own, one_year=True)


def typical_year(year: int, z: float) -> ClimateField:
    """A year of the same z in all seas."""
    return ClimateField(warming_c(year), z, thickness_z=0.0, one_year=True)


def computed(row: Published, field: Of) -> float:
    """What a rule gives for a row about past years."""
    return row.of([_measured(row.measure, year, field) for year in row.years])


@lru_cache(maxsize=4096)
def _measured(measure: str, year: int, field: Of) -> float:
    return measured(measure, year, field(year))


# --- the page


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of markdown."""
    return "\n".join("| " + " | ".join(row) + " |" for row in (heads, ["---"] * len(heads), *rows))


def page_past() -> str:
    """Windows and areas of past years: published, by the rule before, and now."""
    rows, off = [], []
    for row in published():
        if row.measure.endswith(LATE):
            continue
        area = row.measure in MONTHS
        before, now = (
            computed(row, (lambda year, rule=rule: rule(year, single_year=False)) if area else rule)
            for rule in (old_rule, new_rule)
        )
        digits = ".2f" if area else ".0f"
        years = f"{row.first_year}" + (f"-{row.last_year}" if row.last_year != row.first_year else "")
        spread = f" +- {row.spread:g}" if row.spread else ""
        shown = [f"{v:{digits}}" for v in (row.value, before, now)]
        rows.append([row.measure, years, row.statistic, shown[0] + spread, *shown[1:], row.confidence])
        if row.fit:
            off.append((before - row.value, now - row.value))
    rms = np.sqrt(np.mean(np.array(off) ** 2, axis=0))
    mean = np.mean(off, axis=0)
    return "\n\n".join(
        [
            table(["what", "years", "", "published", "before", "now", "confidence"], rows),
            f"Rows that the rule is fitted to ({len(off)}), root mean square: {rms[0]:.1f} days off before, "
            f"{rms[1]:.1f} now; mean {mean[0]:+.1f} and {mean[1]:+.1f}.\nAreas are those of the year's own season "
            "without local blockages, mid-month; the field is fitted to them sea by sea.",
        ]
    )


def page_decades() -> str:
    """Windows by decade, of past years and of typical ones, and the late century beside its source."""
    rows = []
    for decade in range(1980, 2020, 10):
        years = range(decade, decade + 10)
        cells = []
        for measure in (*TRACKS, "free_open_water"):
            found = [measured(measure, year, new_rule(year)) for year in years]
            typical = measured(measure, decade + 5, climate_field(epoch=f"{decade}s"))
            cells.append(f"{np.mean(found):.0f} +- {np.std(found, ddof=1):.0f}; {typical:.0f}")
        rows.append([f"{decade}s", *cells])
    late = climate_field(epoch="2090s", pathway="SSP5-8.5")
    for row in published():
        if row.measure.endswith(LATE):
            found = measured(row.measure.removesuffix(LATE), 2095, late)
            rows.append(
                [
                    f"2090s, SSP5-8.5, published {row.value:.0f} +- {row.spread:.0f}",
                    "",
                    "",
                    f"{row.measure}: {found:.0f}",
                ]
            )
    heads = ["own years: mean and spread; typical year", "coastal track", "northern track", "free, open water ship"]
    return table(heads, rows)


# --- the fit


def page_fit() -> str:
    """Misfit to the published windows by LOCAL_Z; and which z opens the ways for as long as the years are open."""
    fitted = [row for row in published() if row.fit]
    measures = (*TRACKS, "free_open_water")
    own = {z: lambda year, z=z: own_year(year, z) for z in LOCAL}
    lines = []
    for z, field in own.items():
        off = np.array([computed(row, field) - row.value for row in fitted])
        lines.append([f"{z:g}", f"{np.sqrt((off**2).mean()):.1f}", f"{off.mean():+.1f}", *(f"{o:+.0f}" for o in off)])
    parts = [table(["z added to own seasons", "rms", "mean", *(row.id for row in fitted)], lines)]
    years = {m: [_measured(m, year, own[LOCAL_Z]) for year in YEARS] for m in measures}
    recent = len(RECENT)
    want = np.array([np.mean(v[k:]) for v in years.values() for k in (0, -recent)])
    lines = [["own seasons", "", *(f"{v:.1f}" for v in want)]]
    for z in TYPICAL:
        found = {m: [measured(m, year, typical_year(year, z)) for year in YEARS] for m in measures}
        have = np.array([np.mean(v[k:]) for v in found.values() for k in (0, -recent)])
        lines.append([f"{z:g}", f"{np.sqrt(((have - want) ** 2).mean()):.1f}", *(f"{v:.1f}" for v in have)])
    heads = [f"{m}, {years[0]}-2024" for m in measures for years in (YEARS, RECENT)]
    return "\n\n".join([*parts, table(["z in all seas", "rms", *heads], lines)])


def main() -> None:
    """Print the section, or the fit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", action="store_true", help="the least squares")
    if parser.parse_args().fit:
        print(page_fit())
        return
    print(
        f"### Windows of past years and by decade against published\n\n{page_past()}\n\n{page_decades()}\n\n"
        f"z added to a year's own season {LOCAL_Z:g}, to any other {SINGLE_YEAR_Z:g}; before, {OLD_Z:g} to both."
    )


if __name__ == "__main__":
    main()
