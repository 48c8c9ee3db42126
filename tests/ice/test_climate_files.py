"""The built-in ice climate against satellite files, where they are at hand: they are not part of the project."""

from __future__ import annotations

import csv
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from sim.ice.pathways import warming_c

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "ice"
FILES = (
    "derived_climatology_nt_piomas_25km.nc",
    "nsidc0051_monthly_2016",
    "seaice_conc_daily_icdr_nh_f18_20200930_v01r00_rg.nc",
    "seaice_conc_monthly_nh_202112_f17_v04r00.nc",
    "seaice_conc_daily_nh_20211231_f17_v04r00.nc",
    "NSIDC-0803_SEAICE_AMSR2_N_20240105_v2.0.nc",
    "N_Sea_Ice_Index_Regional_Monthly_Data_G02135_v3.0.xlsx",
    "piomas_heff.H2016",
)
pytestmark = [
    pytest.mark.skipif(not all((DATA / name).exists() for name in FILES), reason="no satellite files here"),
    pytest.mark.filterwarnings("ignore:numpy.ndarray size changed:RuntimeWarning"),  # compiled parts of netCDF4
]
SHARE = 0.10  # how far an error may lie from the published one


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    pytest.importorskip("netCDF4")
    spec = importlib.util.spec_from_file_location("ice_field", ROOT / "benchmarks" / "ice_field.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_errors_against_the_means_of_the_decades(bench: ModuleType) -> None:
    found = bench.epoch_errors(DATA)
    assert len(found) == 24
    for region, months, epoch, (rmse, bias), (own_rmse, own_bias) in found:
        where = f"{region}, {months}, {epoch}"
        assert own_rmse == pytest.approx(rmse, rel=SHARE), where
        assert own_bias == pytest.approx(bias, abs=0.005), where


def test_errors_against_single_fields(bench: ModuleType) -> None:
    found = bench.single_errors(DATA)
    assert len(found) == 30
    for region, figure in found:
        assert abs(figure.off) <= SHARE, (region, figure)


def test_errors_of_thickness(bench: ModuleType) -> None:
    for region, figure, _ in bench.thickness_errors(DATA):
        assert abs(figure.off) <= SHARE, (region, figure)
    rmse, bias = bench.piomas_2016(DATA)
    assert rmse == pytest.approx(0.33, rel=SHARE)
    assert bias == pytest.approx(-0.07, abs=0.03)


def test_windows_of_the_decades_on_the_grid(bench: ModuleType) -> None:
    """The model within the stated cells; the grid's own windows tell whether the tracks are sensible."""
    for name, epoch, (model, grid), (own_model, own_grid) in bench.grid_windows(DATA):
        assert abs(own_model - model) <= 5, (name, epoch)
        if (name, epoch) != ("nsr_coastal", "1980s"):  # one cell at 50 % decides between 0 and 26 days
            assert abs(own_grid - grid) <= 6, (name, epoch)


def test_windows_of_single_years_follow_the_ice_of_the_seas(bench: ModuleType) -> None:
    """A proxy: the windows that were observed are not at hand. The trend alone does not do it: see the second half.

    In 2003 the Kara Sea had a third of ice in September and the field closes the way at the Nordenskiold Archipelago;
    the proxy, a mean over the sea, calls it open.
    """
    proxy = bench.proxy_windows(DATA)
    for name, least in (("nsr_coastal", 0.45), ("nsr_northern", 0.6)):
        own, normal = (bench.year_windows(name, season=season) for season in ("own", "normal"))
        assert bench.correlation(own, proxy) >= 0.75
        assert bench.correlation(own, proxy, trend=False) >= least
        assert bench.correlation(normal, proxy, trend=False) < bench.correlation(own, proxy, trend=False) - 0.1
    own = bench.year_windows("nsr_coastal")
    assert 75 <= np.median(own[-10:]) <= 95  # observed median 78 days and a stated bias of +10


def test_the_window_of_2016_as_it_was(bench: ModuleType) -> None:
    seen = bench.months_of_2016(DATA)
    for name, near in (("nsr_coastal", 17), ("nsr_northern", 9)):  # the stated mean errors of a year
        observed = bench.window_of_months(bench.along(DATA, seen, name))
        assert abs(bench.year_windows(name)[-1] - observed) <= near, (name, observed)


def test_ice_area_by_warming(bench: ModuleType) -> None:
    for warming, month, figure in bench.area_shares(DATA):
        assert figure.computed == pytest.approx(figure.stated, abs=0.015), (warming, month)


def test_no_ice_where_none_was_ever_seen(bench: ModuleType) -> None:
    mean, most = bench.never_ice(DATA)
    assert mean <= 0.001
    assert most <= 0.14


def test_history_is_that_of_the_indicators_of_global_change() -> None:
    with (DATA / "igcc2024_anthropogenic_warming_walsh.csv").open(newline="", encoding="utf-8") as file:
        known = {int(float(row["time"])): float(row["anthropogenic_p50"]) for row in csv.DictReader(file)}
    for year in range(1979, 2025):
        assert warming_c(year) == pytest.approx(known[year], abs=0.0051), year
