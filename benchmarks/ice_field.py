"""Hold the built-in ice climate against satellite files and stated figures; print them as a section of markdown.

The files are not shipped: `python benchmarks/ice_field.py --data FOLDER`. Sections whose files are absent are left out.
"""

from __future__ import annotations

import argparse
import re
import time
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from sim.geo.geodesy import Floats
from sim.ice.climate import ClimateField, concentration_stations, mid_months, plane_km, thickness_stations
from sim.ice.field import day_number
from sim.ice.pathways import LOCAL_Z, SINGLE_YEAR_Z, climate_field, warming_c
from sim.ice.season import longest_run, longest_window, track

DATA = Path(__file__).parents[2] / "shared" / "data" / "ice"
SHAPE = (448, 304)
CORRIDOR_KM = 150.0
JUL_NOV = slice(6, 11)
WARMING = (0.65, 0.85, 1.03, 1.2, 1.3, 1.5, 2.0, 3.0, 4.0)
# Longest windows with at most 50 % ice that were stated with the fitted field, days, by track and z
STATED_WINDOWS = {
    ("nsr_coastal", 0.0): (59, 83, 103, 112, 115, 120, 128, 147, 168),
    ("nsr_coastal", 1.0): (0, 54, 79, 95, 102, 111, 123, 138, 161),
    ("nsr_northern", 0.0): (0, 53, 79, 91, 98, 105, 120, 141, 160),
    ("nsr_northern", 1.0): (0, 0, 40, 69, 79, 92, 111, 132, 155),
}
EPOCHS = {"1980s": (1980, 1989), "1990s": (1990, 1999), "2000s": (2000, 2009), "2010-16": (2010, 2016)}
# Stated RMSE and bias of concentration by region and epoch
STATED_EPOCHS = {
    ("all ocean > 60 N", "year"): ((0.067, 0.001), (0.063, -0.007), (0.052, 0.001), (0.051, 0.009)),
    ("NSR corridor", "year"): ((0.062, -0.006), (0.064, -0.015), (0.051, -0.012), (0.043, 0.016)),
    ("NSR corridor", "Jul-Nov"): ((0.075, -0.004), (0.079, -0.025), (0.063, -0.015), (0.052, 0.024)),
    ("NSR coastal", "year"): ((0.059, 0.003), (0.054, -0.009), (0.047, -0.012), (0.035, 0.011)),
    ("NWP corridor", "year"): ((0.062, 0.004), (0.061, -0.009), (0.054, 0.0), (0.045, 0.009)),
    ("Bering + Okhotsk + Barents", "year"): ((0.069, 0.003), (0.065, -0.002), (0.051, -0.001), (0.052, 0.004)),
}
STATED_GRID_WINDOWS = {
    "nsr_coastal": ((21, 0), (59, 55), (83, 70), (103, 96)),
    "nsr_northern": ((0, 0), (0, 0), (51, 52), (79, 74)),
}
STATED_THICKNESS = {
    "all ocean > 60 N": (0.29, 0.32, 0.26, 0.21),
    "NSR corridor": (0.29, 0.26, 0.24, 0.17),
}
REGIONS = ("all ocean > 60 N", "NSR corridor", "NSR coastal", "NWP corridor", "Bering + Okhotsk + Barents")
STATED_SINGLE = {
    "NSIDC-0051, 12 months of 2016": (0.126, 0.155, 0.130, 0.128, 0.108),
    "NRT CDR 2020-09-30": (0.213, 0.173, 0.099, 0.211, 0.029),
    "NRT CDR 2020-09-30, z = -1.1": (0.229, 0.112, 0.078, 0.250, 0.028),
    "CDR month 2021-12": (0.166, 0.187, 0.211, 0.163, 0.219),
    "CDR day 2021-12-31": (0.182, 0.170, 0.206, 0.134, 0.270),
    "AMSR2 day 2024-01-05": (0.130, 0.082, 0.084, 0.118, 0.167),
}
STATED_AREA = {1.5: (0.95, 0.59), 2.0: (0.91, 0.32), 3.0: (0.83, 0.05), 4.0: (0.76, 0.0)}
SEA_AREAS_M_KM2 = {"Kara": 0.919, "Laptev": 0.872, "East-Siberian": 1.304, "Chukchi": 0.830}
PROXY_YEARS = tuple(range(1996, 2017))
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Figure:
    """A stated figure beside the computed one."""

    name: str
    stated: float
    computed: float

    @property
    def off(self) -> float:
        """Share by which the computed one is larger than the stated one."""
        return self.computed / self.stated - 1 if self.stated else float("inf") * (self.computed != 0)


def read_grid(data: Path, name: str, divisor: float) -> Floats:
    """A file of the 25 km polar stereographic grid, (448, 304)."""
    return np.fromfile(data / name, "<i4").reshape(SHAPE) / divisor


@lru_cache(maxsize=1)
def psn25(data: Path) -> tuple[Floats, Floats]:
    """Lon, lat (n, 2) degrees and area (n,) in km2 of all cells of the 25 km grid."""
    lat, lon = read_grid(data, "psn25lats_v3.dat", 1e5), read_grid(data, "psn25lons_v3.dat", 1e5)
    return np.column_stack([lon.ravel(), lat.ravel()]), read_grid(data, "psn25area_v3.dat", 1e3).ravel()


@lru_cache(maxsize=8)
def regions(data: Path, one_degree: bool = False) -> dict[str, Bools]:
    """Cells of each region, on the 25 km grid or on that of `one_degree_cells`."""
    lonlat, _ = psn25(data)
    mask = np.fromfile(data / "sect_fixed_n.msk", np.uint8)[-SHAPE[0] * SHAPE[1] :]
    if one_degree:
        nearest = cKDTree(plane_km(lonlat)).query(plane_km(one_degree_cells()))[1]
        lonlat, mask = one_degree_cells(), mask[nearest]
    near = {
        name: cKDTree(plane_km(track(name).points())).query(plane_km(lonlat))[0] <= CORRIDOR_KM
        for name in ("nsr_coastal", "nsr_northern", "nsr_high", "nwp")
    }
    return {
        "all ocean > 60 N": lonlat[:, 1] > 60,
        "NSR corridor": near["nsr_coastal"] | near["nsr_northern"] | near["nsr_high"],
        "NSR coastal": near["nsr_coastal"],
        "NWP corridor": near["nwp"],
        "Bering + Okhotsk + Barents": np.isin(mask, (2, 3, 8)),  # codes of the regional mask of G02135
    }


@lru_cache(maxsize=1)
def one_degree_cells() -> Floats:
    """Lon, lat (n, 2) of the regridded near-real-time file: 51 latitudes of 360 longitudes."""
    lon, lat = np.meshgrid(np.arange(0.5, 360), np.arange(39.5, 90))
    return np.column_stack([lon.ravel(), lat.ravel()])


def errors(model: Floats, seen: Floats, weights: Floats, cells: Bools) -> tuple[float, float]:
    """Weighted RMSE and bias of (m, n) or (n,) over the cells where `seen` is known."""
    model, seen = np.atleast_2d(model)[:, cells], np.atleast_2d(seen)[:, cells]
    weight = np.where(np.isfinite(seen), weights[..., cells], 0.0)
    off = np.nan_to_num(model - seen)
    return float(np.sqrt((off**2 * weight).sum() / weight.sum())), float((off * weight).sum() / weight.sum())


# --- what the files hold


def epoch_fields(data: Path) -> tuple[Floats, Floats]:
    """Concentration and effective thickness in m, both (4 epochs, 12, n)."""
    import netCDF4

    with netCDF4.Dataset(data / "derived_climatology_nt_piomas_25km.nc") as file:
        return tuple(np.ma.filled(file[name][:], np.nan).reshape(4, 12, -1) for name in ("sic", "heff"))


def months_of_2016(data: Path) -> Floats:
    """NSIDC-0051 monthly concentration (12, n) of 2016; land, coast and missing are nan."""
    out = []
    for month in range(1, 13):
        raw = np.fromfile(data / "nsidc0051_monthly_2016" / f"nt_2016{month:02}_f17_v1.1_n.bin", np.uint8)[300:]
        out.append(np.where(raw <= 250, raw / 250.0, np.nan))
    return np.array(out)


def packed(data: Path, file: str, variable: str, scale: float, last: int) -> Floats:
    """Concentration (n,) of a packed variable whose codes above `last` are flags."""
    import netCDF4

    with netCDF4.Dataset(data / file) as opened:
        opened.set_auto_maskandscale(False)
        raw = opened[variable][0].ravel()
    return np.where(raw <= last, raw * scale, np.nan)


@dataclass(frozen=True)
class Seen:
    """Observed concentration (n,) of a `day` at noon or of a `month` (0 is January), or (12, n) of all months, in a
    `year`; on the 25 km grid or on that of `one_degree_cells`."""

    name: str
    year: int
    concentration: Floats
    month: int | None = None
    day: str = ""
    one_degree: bool = False

    def model(self, field: ClimateField, data: Path) -> Floats:
        """What a field has at the same places and time."""
        sampler = field.sampler(one_degree_cells() if self.one_degree else psn25(data)[0])
        if self.day:
            return sampler.on(day_number(datetime.fromisoformat(self.day).replace(tzinfo=UTC)) + 0.5)[0]
        return sampler.monthly()[0] if self.month is None else sampler.monthly()[0][self.month]


def seen_fields(data: Path) -> list[Seen]:
    """The months of 2016, a month and three days of later years."""
    import netCDF4

    with netCDF4.Dataset(data / "seaice_conc_daily_icdr_nh_f18_20200930_v01r00_rg.nc") as file:
        nrt = np.ma.filled(file["seaice_conc_cdr"][0], np.nan).ravel()
    nrt = np.where((nrt < 0) | (nrt > 1), np.nan, nrt)
    cdr = "seaice_conc_{}_v04r00.nc".format
    month = packed(data, cdr("monthly_nh_202112_f17"), "cdr_seaice_conc_monthly", 0.01, 100)
    day = packed(data, cdr("daily_nh_20211231_f17"), "cdr_seaice_conc", 0.01, 100)
    amsr = packed(data, "NSIDC-0803_SEAICE_AMSR2_N_20240105_v2.0.nc", "ICECON", 0.004, 250)
    return [
        Seen("NSIDC-0051, 12 months of 2016", 2016, months_of_2016(data)),
        Seen("NRT CDR 2020-09-30", 2020, nrt, day="2020-09-30", one_degree=True),
        Seen("CDR month 2021-12", 2021, month, month=11),
        Seen("CDR day 2021-12-31", 2021, day, day="2021-12-31"),
        Seen("AMSR2 day 2024-01-05", 2024, amsr, day="2024-01-05"),
    ]


def single_fields(data: Path) -> list[tuple[str, Floats, Floats, bool]]:
    """Name, concentration of the mean field and the observed one, and whether on the 1 degree grid, of every field."""
    out = []
    for seen in seen_fields(data):
        for z in (0.0, -1.1) if seen.year == 2020 else (0.0,):
            model = seen.model(ClimateField(warming_c(seen.year), z), data)
            name = seen.name + (f", z = {z:g}" if z else "")
            out.append((name, model, seen.concentration, seen.one_degree))
    return out


@lru_cache(maxsize=4)
def regional_areas(data: Path, seas: tuple[str, ...] = tuple(SEA_AREAS_M_KM2)) -> dict[str, dict[int, list[float]]]:
    """Monthly ice area in km2 by sea and year, of the G02135 workbook."""
    out = {}
    with zipfile.ZipFile(data / "N_Sea_Ice_Index_Regional_Monthly_Data_G02135_v3.0.xlsx") as book:
        names = re.findall(r'<sheet [^>]*name="([^"]*)"', book.read("xl/workbook.xml").decode())
        for sea in seas:
            text = book.read(f"xl/worksheets/sheet{names.index(f'{sea}-Area-km^2') + 1}.xml").decode()
            cells = dict(re.findall(r'<c r="([A-Z]+\d+)"[^>]*><v>([^<]*)</v>', text))
            rows = [k for k in range(4, 80) if f"A{k}" in cells]
            out[sea] = {int(cells[f"A{k}"]): [float(cells.get(f"{c}{k}", "nan")) for c in "BDFHJLNPRTVX"] for k in rows}
    return out


# --- comparisons


def epoch_warming(epoch: str) -> float:
    """Mean warming in C of the years of an epoch of the files."""
    first, last = EPOCHS[epoch]
    return float(np.mean([warming_c(year) for year in range(first, last + 1)]))


def epoch_errors(data: Path) -> list[tuple[str, str, str, tuple[float, float], tuple[float, float]]]:
    """Region, months, epoch, stated and computed (RMSE, bias) of concentration."""
    cells, area = psn25(data)
    seen = epoch_fields(data)[0]
    out = []
    for e, epoch in enumerate(EPOCHS):
        model = ClimateField(epoch_warming(epoch)).sampler(cells).monthly()[0]
        for (region, months), stated in STATED_EPOCHS.items():
            part = JUL_NOV if months == "Jul-Nov" else slice(None)
            found = errors(model[part], seen[e][part], area, regions(data)[region])
            out.append((region, months, epoch, stated[e], found))
    return out


def single_errors(data: Path) -> list[tuple[str, Figure]]:
    """Region and RMSE of every single field."""
    area = psn25(data)[1]
    out = []
    for name, model, seen, one_degree in single_fields(data):
        weight = np.cos(np.deg2rad(one_degree_cells()[:, 1])) if one_degree else area
        for region, stated in zip(REGIONS, STATED_SINGLE[name], strict=True):
            found = errors(model, seen, weight, regions(data, one_degree)[region])[0]
            out.append((region, Figure(name, stated, found)))
    return out


def thickness_errors(data: Path) -> list[tuple[str, Figure, float]]:
    """Region, RMSE and bias in m of floe thickness where ice covers 30 % or more, by epoch, weighted by its area."""
    cells, area = psn25(data)
    sic, effective = epoch_fields(data)
    out = []
    for e, epoch in enumerate(EPOCHS):
        floe = floe_thickness(sic[e], effective[e])
        model = ClimateField(epoch_warming(epoch)).sampler(cells).floes_m()
        for region, stated in STATED_THICKNESS.items():
            rmse, bias = errors(model, floe, area * sic[e], regions(data)[region])
            out.append((region, Figure(epoch, stated[e], rmse), bias))
    return out


def floe_thickness(sic: Floats, effective_m: Floats) -> Floats:
    """Mean floe thickness (12, n), m: nan below 30 % ice; in June to October not above April-May of the cell."""
    with np.errstate(invalid="ignore", divide="ignore"):
        floe = np.where(sic >= 0.3, effective_m / sic, np.nan)
    spring = np.fmax(floe[3], floe[4])
    summer = slice(5, 10)
    floe[summer] = np.where(np.isfinite(spring), np.minimum(floe[summer], spring), floe[summer])
    return floe


def piomas_2016(data: Path) -> tuple[float, float]:
    """RMSE and bias in m on the NSR corridor, November to May of 2016, floes of PIOMAS and NSIDC-0051."""
    grid = np.array((data / "piomas_grid.dat.txt").read_text(encoding="ascii").split(), dtype=np.float64)
    lonlat = np.column_stack([grid[:43200], grid[43200:86400]])
    effective = np.fromfile(data / "piomas_heff.H2016", "<f4").reshape(12, -1)
    cells, area = psn25(data)
    corridor = regions(data)["NSR corridor"]
    nearest = cKDTree(plane_km(lonlat)).query(plane_km(cells[corridor]))[1]
    sic = months_of_2016(data)[:, corridor]
    with np.errstate(invalid="ignore", divide="ignore"):
        floe = np.where(sic >= 0.3, effective[:, nearest] / sic, np.nan)
    floe[floe == 0] = np.nan  # land of the PIOMAS grid
    model = ClimateField(warming_c(2016)).sampler(cells[corridor]).floes_m()
    winter = [10, 11, 0, 1, 2, 3, 4]
    every = np.ones(corridor.sum(), dtype=bool)
    return errors(model[winter], floe[winter], area[corridor] * sic[winter], every)


def windows() -> list[tuple[str, float, float, int, int]]:
    """Track, z, warming, stated and computed days of the longest window."""
    out = []
    for (name, z), stated in STATED_WINDOWS.items():
        points = track(name).points()
        for warming, days in zip(WARMING, stated, strict=True):
            out.append((name, z, warming, days, longest_window(ClimateField(warming, z), points).days))
    return out


def window_of_months(monthly: Floats) -> int:
    """Longest window in days of monthly values (12, n) of places, days between mid-months."""
    before, after, share = mid_months(np.arange(19358.5, 19358.5 + 365))  # the days of 2023
    most = [((1 - s) * monthly[b] + s * monthly[a]).max() for b, a, s in zip(before, after, share, strict=True)]
    return longest_run(np.array(most) <= 0.5)[0]


def along(data: Path, seen: Floats, name: str) -> Floats:
    """Values (12, p) of the nearest known cells to a track, of fields (12, n)."""
    known = np.flatnonzero(np.isfinite(seen).all(axis=0))
    nearest = cKDTree(plane_km(psn25(data)[0][known])).query(plane_km(track(name).points()))[1]
    return seen[:, known[nearest]]


def grid_windows(data: Path) -> list[tuple[str, str, tuple[int, int], tuple[int, int]]]:
    """Track, epoch, stated and computed (model, grid) windows in days."""
    seen = epoch_fields(data)[0]
    out = []
    for name, stated in STATED_GRID_WINDOWS.items():
        for e, epoch in enumerate(EPOCHS):
            model = longest_window(ClimateField(epoch_warming(epoch)), track(name).points()).days
            out.append((name, epoch, stated[e], (model, window_of_months(along(data, seen[e], name)))))
    return out


def year_windows(name: str, *, season: str = "own") -> Floats:
    """Modelled windows in days of PROXY_YEARS, as typical single years."""
    points = track(name).points()
    found = [longest_window(climate_field(year=year, season=season), points).days for year in PROXY_YEARS]
    return np.array(found, dtype=np.float64)


def proxy_windows(data: Path, limit: float = 0.5) -> Floats:
    """Observed proxy: the longest time in days with at most `limit` mean ice in the worst of the four seas."""
    areas = regional_areas(data)
    out = []
    for year in PROXY_YEARS:
        share = [np.array(areas[sea][year]) / (size * 1e6) for sea, size in SEA_AREAS_M_KM2.items()]
        out.append(window_of_months(np.array(share).T))
    return np.array(out, dtype=np.float64)


def correlation(a: Floats, b: Floats, *, trend: bool = True) -> float:
    """Pearson correlation; without `trend` of what is left beside straight lines in time."""
    if not trend:
        years = np.array(PROXY_YEARS, dtype=np.float64)
        a, b = (v - np.polyval(np.polyfit(years, v, 1), years) for v in (a, b))
    return float(np.corrcoef(a, b)[0, 1])


def area_shares(data: Path) -> list[tuple[float, str, Figure]]:
    """Ice area of the northern hemisphere in March and September against that at 1.0 C."""
    cells, area = psn25(data)
    sea = np.isfinite(epoch_fields(data)[0][3]).all(axis=0)
    base = ClimateField(1.0).sampler(cells[sea]).monthly()[0] @ area[sea]
    out = []
    for warming, stated in STATED_AREA.items():
        share = ClimateField(warming).sampler(cells[sea]).monthly()[0] @ area[sea] / base
        for month, name, value in ((2, "March", stated[0]), (8, "September", stated[1])):
            out.append((warming, name, Figure(name, value, float(share[month]))))
    return out


def never_ice(data: Path) -> tuple[float, float]:
    """Mean and highest modelled concentration at 1.03 C where the grid has no ice in any month of any epoch."""
    seen = epoch_fields(data)[0]
    cells = psn25(data)[0][(seen == 0).all(axis=(0, 1))]
    model = ClimateField(epoch_warming("2010-16")).sampler(cells).monthly()[0]
    return float(model.mean()), float(model.max())


def speeds() -> list[tuple[str, float]]:
    """Times in ms of reading, binding 25,000 places and asking for a day."""
    rng = np.random.default_rng(1)
    places = np.column_stack([rng.uniform(-180, 180, 25_000), rng.uniform(45, 90, 25_000)])

    def best(what: Callable[[], object], times: int) -> float:
        spent = []
        for _ in range(times):
            start = time.perf_counter()
            what()
            spent.append(time.perf_counter() - start)
        return 1e3 * min(spent)

    def load() -> None:
        concentration_stations.cache_clear()
        thickness_stations.cache_clear()
        concentration_stations(), thickness_stations()

    sampler = ClimateField(1.5, 1.0).sampler(places)
    days = np.full(len(places), 20_000.25)
    return [
        ("read and triangulate", best(load, 3)),
        ("bind 25,000 places", best(lambda: ClimateField(1.5, 1.0).sampler(places), 3)),
        ("one day, 25,000 places", best(lambda: sampler.on(20_000.25), 20)),
        ("a day for each of 25,000 places", best(lambda: sampler.on(days), 20)),
    ]


# --- the page


def grid(title: str, heads: Iterable[str], rows: dict[str, list[str]]) -> list[str]:
    """A titled table of markdown; the keys of `rows` are the first column."""
    columns = ["", *heads]
    lines = [columns, ["---"] * len(columns), *([name, *cells] for name, cells in rows.items())]
    return [f"### {title}", "", *("| " + " | ".join(line) + " |" for line in lines), ""]


def page_windows() -> list[str]:
    """All cells of the table of windows."""
    found = windows()
    worst = max(found, key=lambda r: abs(r[4] - r[3]))
    rows: dict[str, list[str]] = {}
    for name, z, _, stated, days in found:
        rows.setdefault(f"{name}, z {z:+.0f}", []).append(f"{stated} -> {days}")
    title = "Windows with at most 50 % ice along the whole track, days, stated -> computed"
    return [
        *grid(title, [f"{w:g} C" for w in WARMING], rows),
        f"Worst cell: {worst[0]} at {worst[2]:g} C, z {worst[1]:+.0f}: {worst[4] - worst[3]:+d} days; "
        f"mean difference {np.mean([abs(r[4] - r[3]) for r in found]):.1f} days of {len(found)} cells.",
    ]


def page_files(data: Path) -> list[str]:
    """Concentration and thickness against the files."""
    means: dict[str, list[str]] = {}
    for region, months, _, s, f in epoch_errors(data):
        means.setdefault(f"{region}, {months}", []).append(f"{s[0]:.3f} ({s[1]:+.3f}) -> {f[0]:.3f} ({f[1]:+.3f})")
    single: dict[str, list[str]] = {}
    for _, figure in single_errors(data):
        single.setdefault(figure.name, []).append(f"{figure.stated:.3f} -> {figure.computed:.3f}")
    thick: dict[str, list[str]] = {}
    for region, figure, bias in thickness_errors(data):
        thick.setdefault(region, []).append(f"{figure.stated:.2f} -> {figure.computed:.2f} ({bias:+.2f})")
    rmse, bias = piomas_2016(data)
    return [
        *grid("Concentration against epoch means, RMSE (bias), stated -> computed", EPOCHS, means),
        *grid("Single fields, RMSE, stated -> computed", REGIONS, single),
        *grid("Floe thickness where ice covers 30 % or more, RMSE (bias) in m, stated -> computed", EPOCHS, thick),
        f"PIOMAS, November-May 2016, NSR: RMSE {rmse:.2f} m (stated 0.33), bias {bias:+.2f} m (stated -0.07).",
    ]


def page_years(data: Path) -> list[str]:
    """Windows of epochs and years."""
    epochs: dict[str, list[str]] = {}
    for name, _, s, f in grid_windows(data):
        epochs.setdefault(name, []).append(f"{s[0]}/{s[1]} -> {f[0]}/{f[1]}")
    proxy = proxy_windows(data)
    years: dict[str, list[str]] = {}
    last = []
    for name in STATED_GRID_WINDOWS:
        for season in ("own", "normal"):
            model = year_windows(name, season=season)
            r, rest = correlation(model, proxy), correlation(model, proxy, trend=False)
            years[f"{name}, {season} season"] = [f"{r:.2f}", f"{rest:.2f}", f"{(model - proxy).mean():+.0f}"]
        seen = window_of_months(along(data, months_of_2016(data), name))
        last.append(f"{name} {seen} (model {year_windows(name)[-1]:.0f})")
    heads = ("r", "r beside the trend", "model minus proxy, days")
    return [
        *grid("Windows of the epochs, days, model/grid, stated -> computed", EPOCHS, epochs),
        *grid("Windows of the years 1996-2016 as single years against a proxy", heads, years),
        f"z added to a year's own season {LOCAL_Z:+.2f}, to a normal one {SINGLE_YEAR_Z:+.2f}.",
        "",
        "The observed windows of the years are not at hand. Proxy: longest time with at most 50 % mean ice in the",
        "worst of the Kara, Laptev, East Siberian and Chukchi seas, G02135 monthly areas. z comes from the same areas",
        "(August to October): the correlation shows that warming and z become windows as they should, not that they",
        "foresee one.",
        "",
        f"Observed along the tracks in the months of 2016 (NSIDC-0051), days: {', '.join(last)}.",
    ]


def page_rest(data: Path) -> list[str]:
    """Ice area by warming, and waters without ice."""
    rows: dict[str, list[str]] = {}
    for warming, _, figure in area_shares(data):
        rows.setdefault(f"{warming:g} C", []).append(f"{figure.stated:.2f} -> {figure.computed:.2f}")
    mean, most = never_ice(data)
    return [
        *grid("Ice area against that at 1.0 C, stated -> computed", ("March", "September"), rows),
        f"Cells that never have ice: mean {mean:.4f} (stated .001), highest {most:.2f} (stated .14).",
    ]


def main() -> None:
    """Print the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the satellite files")
    data = parser.parse_args().data
    parts = [["## Ice climate", ""], page_windows()]
    if data.is_dir():
        parts += [page_files(data), page_years(data), page_rest(data)]
    parts.append(grid("Speed", ["ms"], {what: [f"{ms:.2f}"] for what, ms in speeds()}))
    print("\n\n".join("\n".join(part) for part in parts))


if __name__ == "__main__":
    main()
