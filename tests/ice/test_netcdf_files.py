"""Real files of ice, kept beside the repository; where they are absent these tests are skipped."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sim.errors import DataError, UsageError
from sim.geo.geodesy import angles, vectors
from sim.ice.field import day_number
from sim.ice.files import open_ice_file
from sim.ice.files.access import opened
from sim.ice.files.field import FileField
from sim.ice.files.positions import positions
from sim.ice.files.projections import projected_positions
from tests.ice.netcdf_files import Array

FILES = Path(__file__).parents[2].parent / "shared" / "data" / "ice"
pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason="no real files beside the repository")

V4_DAY, V4_MONTH = "seaice_conc_daily_nh_20211231_f17_v04r00.nc", "seaice_conc_monthly_nh_202112_f17_v04r00.nc"
AMSR2 = "NSIDC-0803_SEAICE_AMSR2_N_20240105_v2.0.nc"
CMIP6 = "sic_SImon_CCCma-CanESM5_ssp245_r13i1p2f1_2020.nc"
ICDR = "seaice_conc_daily_icdr_nh_f18_20200930_v01r00_rg.nc"
NERSC, METNO = "nersc_arctic_sic_nansat.nc", "metno_arctic20_aice_hice_20160201-05_subset.nc"
CLIMATOLOGY = "derived_climatology_nt_piomas_25km.nc"
REGIONAL = "N_Sea_Ice_Index_Regional_Monthly_Data_G02135_v3.0.xlsx"
SHAPE = 448, 304
SEAS = {"Barents": 8, "Kara": 9, "Laptev": 10, "East-Siberian": 11, "Chukchi": 12}
# km2 of the regions of G02135, as its documentation lists them
AREAS_KM2 = {"Barents": 1.675e6, "Kara": 0.919e6, "Laptev": 0.872e6, "East-Siberian": 1.304e6, "Chukchi": 0.830e6}

DECODED: list[tuple[str, dict[str, Any], str, bool]] = [
    (V4_DAY, {}, "cdr_seaice_conc", False),
    (V4_DAY, {"variable": "nsidc_bt_seaice_conc"}, "nsidc_bt_seaice_conc", False),
    (V4_MONTH, {}, "cdr_seaice_conc_monthly", False),
    (AMSR2, {}, "ICECON", False),
    (CMIP6, {}, "siconc", False),
    (ICDR, {}, "seaice_conc_cdr", False),
    (NERSC, {"variable": "Bootstrap"}, "Bootstrap", False),
    (METNO, {}, "aice", True),
    (CLIMATOLOGY, {"select": {"epoch": "2010s"}}, "sic", True),
]


def field_of(name: str, **options: Any) -> FileField:
    return open_ice_file(FILES / name, **options)


def all_dates(field: FileField) -> Iterator[Array]:
    series = field._concentration
    for index in np.unique(series.dates.index):
        yield series.values(int(index))


def psn25(name: str, scale: float) -> Array:
    return np.fromfile(FILES / f"psn25{name}_v3.dat", "<i4").reshape(SHAPE) / scale


def stored(name: str, variable: str) -> Array:
    with opened(FILES / name) as data:
        return np.asarray(data[variable].values)


@pytest.mark.parametrize(("name", "options", "variable", "thick"), DECODED)
def test_every_file_is_ice_from_0_to_1(name: str, options: dict[str, Any], variable: str, thick: bool) -> None:
    field = field_of(name, **options)
    assert f"({variable}" in field.label and field.has_thickness == thick
    for share in all_dates(field):
        known = np.isfinite(share)
        assert share[known].min() == 0.0 and 0.8 < share[known].max() <= 1.0
        # part of the grid is land in all of them, and in none is most of the sea ice
        assert 0.3 < known.mean() < 1.0
        assert 0.02 < share[known].mean() < 0.7


@pytest.mark.parametrize(
    ("name", "variable", "top", "codes"),
    [
        (V4_DAY, "cdr_seaice_conc", 100, {251, 252, 253, 254}),
        (V4_MONTH, "cdr_seaice_conc_monthly", 100, {252, 253, 254}),
        (AMSR2, "ICECON", 250, {253, 254}),
    ],
)
def test_land_and_the_pole_hole_are_not_ice(name: str, variable: str, top: int, codes: set[int]) -> None:
    numbers = stored(name, variable)[0]
    assert codes & set(np.unique(numbers).tolist())
    share = next(all_dates(field_of(name)))
    assert len(share) == numbers.size  # the whole grid lies north of 30 degrees
    assert (np.isfinite(share) == (numbers.ravel() <= top)).all()
    assert_allclose(share[np.isfinite(share)], numbers[numbers <= top] / top, atol=1e-6)


@pytest.mark.parametrize(("name", "variable"), [(V4_DAY, "cdr_seaice_conc"), (AMSR2, "ICECON")])
def test_the_projection_agrees_with_the_tables_of_the_grid(name: str, variable: str) -> None:
    """psn25lats and psn25lons are rounded to 1e-5 degrees."""
    with opened(FILES / name) as data:
        dims, lonlat = projected_positions(data, variable, FILES / name)
    assert dims == ("y", "x")
    assert np.abs(lonlat[..., 1] - psn25("lats", 1e5)).max() < 1e-4
    turn = (lonlat[..., 0] - psn25("lons", 1e5) + 180) % 360 - 180
    assert np.abs(turn).max() < 1e-4


@pytest.mark.parametrize(
    ("name", "variable", "latitude", "longitude", "apart_deg"),
    [
        (CLIMATOLOGY, "sic", "lat", "lon", 1e-4),
        # the positions of this file lie 10 and 14 km from its x and y, less than a cell of 20 km: the positions count
        (METNO, "aice", "latitude", "longitude", 0.18),
    ],
)
def test_the_projection_agrees_with_the_positions_of_the_file(
    name: str, variable: str, latitude: str, longitude: str, apart_deg: float
) -> None:
    with opened(FILES / name) as data:
        _, projected = projected_positions(data, variable, FILES / name)
        _, taken = positions(data, variable, FILES / name)
        assert_allclose(taken[..., 1], data[latitude].values, atol=1e-9)
        assert_allclose(taken[..., 0], data[longitude].values, atol=1e-9)
    assert np.rad2deg(angles(vectors(projected), vectors(taken))).max() < apart_deg


def monthly_area_km2(sea: str, year: int, month: int) -> float:
    """Ice area of a sea by the Sea Ice Index (G02135 v3), read from the spreadsheet's own XML."""
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(FILES / REGIONAL) as book:
        sheets = ElementTree.fromstring(book.read("xl/workbook.xml")).find(f"{main}sheets")
        assert sheets is not None
        number = [s.get("name") for s in sheets].index(f"{sea}-Area-km^2") + 1
        page = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
    for row in page.iter(f"{main}row"):
        cells = {str(c.get("r")).rstrip("0123456789"): c.findtext(f"{main}v") for c in row}
        if row.get("r") not in ("1", "2") and float(cells.get("A") or 0) == year:
            return float(cells[chr(ord("A") + 2 * month - 1)] or np.nan)
    raise AssertionError(f"no {year} in the sheet of {sea}")


@pytest.mark.parametrize("sea", SEAS)
def test_the_ice_of_a_sea_agrees_with_the_sea_ice_index(sea: str) -> None:
    """AMSR2 of 5 January 2024 against the mean of the month by another sensor and algorithm."""
    mask = np.fromfile(FILES / "sect_fixed_n.msk", "u1")[-SHAPE[0] * SHAPE[1] :].reshape(SHAPE) == SEAS[sea]
    area = psn25("area", 1e3)[mask]
    assert area.sum() == pytest.approx(AREAS_KM2[sea], rel=0.01)
    places = np.stack([psn25("lons", 1e5)[mask], psn25("lats", 1e5)[mask]], axis=1)
    share, _ = field_of(AMSR2).sampler(places).on(day_number(datetime(2024, 1, 5, 12, tzinfo=UTC)))
    known = np.isfinite(share)
    assert known.mean() > 0.98
    mean = np.average(share[known], weights=area[known])
    assert mean == pytest.approx(monthly_area_km2(sea, 2024, 1) / AREAS_KM2[sea], abs=0.10)


def test_the_day_and_the_month_are_one_winter() -> None:
    """31 December and the mean of December, in the same cells, differ by the freezing of half a month."""
    field = field_of(V4_DAY)
    grid = field._concentration.grid
    assert grid.lonlat.shape == (448 * 304, 2)
    day, month = next(all_dates(field)), next(all_dates(field_of(V4_MONTH)))
    both = np.isfinite(day) & np.isfinite(month)
    assert np.corrcoef(day[both], month[both])[0, 1] > 0.95
    assert 0 < np.mean(day[both] - month[both]) < 0.1


def test_dates_of_the_files() -> None:
    day, month = field_of(V4_DAY), field_of(V4_MONTH)
    assert day.times == [datetime(2021, 12, 31, 12, tzinfo=UTC)]
    assert month.times == [datetime(2021, 12, 16, 12, tzinfo=UTC)]
    assert month.covers(day_number(datetime(2021, 12, 2, tzinfo=UTC)))
    assert not month.covers(day_number(datetime(2021, 11, 30, tzinfo=UTC)))
    model = field_of(CMIP6)
    assert model.times is not None
    assert [(t.year, t.month) for t in model.times] == [(2020, m) for m in range(1, 13)]
    forecast = field_of(METNO)
    assert forecast.times is not None and forecast.times[0] == datetime(2016, 2, 1, 12, tzinfo=UTC)
    nersc = field_of(NERSC, variable="Bristol").times
    assert nersc is not None and len(nersc) == 1


def test_a_model_year_repeats() -> None:
    field = field_of(CMIP6, repeat_yearly=True)
    kara, barents = np.array([[90.0, 77.0]]), np.array([[35.0, 71.0]])
    march, september = (day_number(datetime(2050, m, 15, tzinfo=UTC)) for m in (3, 9))
    assert field.sampler(kara).on(march)[0][0] > 0.8
    assert field.sampler(kara).on(september)[0][0] < 0.3
    assert field.sampler(barents).on(september)[0][0] < 0.05


def test_floes_of_the_forecast_are_as_thick_as_the_mean_over_the_share() -> None:
    field = field_of(METNO)
    grid = field._concentration.grid
    share, floe = field.sampler(grid.lonlat).on(day_number(datetime(2016, 2, 1, 12, tzinfo=UTC)))
    aice, hice = (stored(METNO, v)[0].ravel()[grid.cell] for v in ("aice", "hice"))
    ice = (aice > 0.15) & (hice > 0)
    assert ice.sum() > 100
    assert_allclose(share[ice], aice[ice], rtol=1e-6)
    assert_allclose(floe[ice], hice[ice] / aice[ice], rtol=1e-5)
    assert 0.1 < np.median(floe[ice]) < 2.0


def test_the_climatology_knows_seasons_and_epochs() -> None:
    laptev = np.array([[125.0, 76.0]])
    summer, winter = (day_number(datetime(2030, m, 15, tzinfo=UTC)) for m in (9, 3))
    eighties, tens = (field_of(CLIMATOLOGY, select={"epoch": e}).sampler(laptev) for e in ("1980s", "2010s"))
    assert tens.on(winter)[0][0] > 0.95 and 1.0 < tens.on(winter)[1][0] < 3.0
    assert tens.on(summer)[0][0] < eighties.on(summer)[0][0] < 0.9


def test_files_that_need_a_choice_or_have_no_field() -> None:
    with pytest.raises(UsageError, match="several concentrations: Bootstrap, Bristol, UMass_AES"):
        field_of(NERSC)
    with pytest.raises(UsageError, match="'epoch'; choose with 'select' one of: 1980s, 1990s, 2000s, 2010s"):
        field_of(CLIMATOLOGY)
    with pytest.raises(DataError, match="no ice concentration"):
        field_of("SeaIceArea__NorthernHemisphere__monthly__UHH__v2019_fv0.01.nc")
    with pytest.raises(DataError, match="is not NetCDF but a zip archive"):
        field_of(REGIONAL)
    with pytest.raises(DataError, match="is not NetCDF"):
        field_of("psn25lats_v3.dat")
