"""Ice from NetCDF: every layout gives back what was written, and every fault a message."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from sim.errors import DataError, UsageError
from sim.ice.field import IceField, day_number
from sim.ice.files import open_ice_file
from sim.ice.files.access import opened
from sim.ice.files.dates import year_day
from sim.ice.files.field import FileField
from sim.ice.files.times import days_of
from sim.ice.files.variables import looks_percent, packing_of
from tests.ice.netcdf_files import LAYOUTS, PSN_WKT, Array, cdr_v4, cmip6, pattern, plain, psn, roms, topaz, write

KARA = np.array([[62.0, 71.0]])  # a cell of `plain` in its third row, fifth column
UNITS = {"units": "days since 1970-01-01"}


def at(year: int, month: int, day: float = 1) -> float:
    return day_number(datetime(year, month, 1, tzinfo=UTC)) + day - 1


def share_at(field: FileField, place: Array, day: float) -> float:
    return float(field.sampler(place).on(day)[0][0])


def uniform(path: Path, values: list[float], times: list[float], **more: Any) -> Path:
    """A file with one value on each date."""
    return plain(path, np.stack([np.full((6, 8), v) for v in values]), times=np.array(times), **more)


# Layouts


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_gives_back_what_was_written_where_it_was_written(layout: str, tmp_path: Path) -> None:
    file = LAYOUTS[layout](tmp_path)
    field: IceField = open_ice_file(file.path, **file.options)
    share, _ = field.sampler(file.lonlat).on(file.day)
    assert_allclose(share, file.share, atol=1e-6)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_cells_lie_where_the_closed_form_says(layout: str, tmp_path: Path) -> None:
    file = LAYOUTS[layout](tmp_path)
    series = open_ice_file(file.path, **file.options)._concentration
    grid = series.grid
    values = series.values(int(series.dates.index[0]))
    assert np.isfinite(values).sum() == len(file.share)  # codes of land are no ice
    distance, _ = grid.tree.query(unit(file.lonlat))
    assert distance.max() < np.deg2rad(1e-5)
    assert len(grid.lonlat) == 63
    assert np.abs(grid.lonlat[:, 0]).max() <= 180


def unit(lonlat: Array) -> Array:
    lon, lat = np.deg2rad(lonlat).T
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


@pytest.mark.parametrize("positions", ["projection", "latitudes"])
def test_dimensions_may_stand_in_another_order(positions: str, tmp_path: Path) -> None:
    x, y, lonlat = psn()
    variables: dict[str, Any] = {
        "sic": ("f8", ("x", "y"), pattern().T / 100, {"grid_mapping": "crs"}),
        "x": ("f8", ("x",), x, {"units": "m"}),
        "y": ("f8", ("y",), y, {"units": "m"}),
        "crs": ("i4", (), None, {"spatial_ref": PSN_WKT}),
    }
    if positions == "latitudes":
        del variables["x"], variables["y"], variables["crs"]
        variables["lat"] = ("f8", ("y", "x"), lonlat[..., 1], {"units": "degrees_north"})
        variables["lon"] = ("f8", ("x", "y"), lonlat[..., 0].T, {"units": "degrees_east"})
    path = write(tmp_path / "sic_20240105.nc", {"y": 7, "x": 9}, variables)
    assert_allclose(open_ice_file(path).sampler(lonlat.reshape(-1, 2)).on(19727.5)[0], pattern().ravel() / 100)


def test_each_cell_reaches_as_far_as_it_is_wide(tmp_path: Path) -> None:
    lat = np.array([70.0, 70.1, 70.2, 70.3, 73.0, 76.0])
    field = open_ice_file(plain(tmp_path / "a.nc", np.full((1, 6, 8), 0.5), lat=lat))
    share = field.sampler(np.array([[61.0, 69.4], [61.0, 79.0]])).on(19727.0)[0]
    assert np.isnan(share[0]) and share[1] == 0.5


def test_the_text_of_a_projection_counts_more_than_its_wrong_attributes(tmp_path: Path) -> None:
    from sim.ice.files.projections import projected_positions

    with opened(cdr_v4(tmp_path).path) as data:
        _, lonlat = projected_positions(data, "cdr_seaice_conc", Path("v4"))
    assert_allclose(lonlat, psn()[2], atol=1e-8)


def test_a_place_off_the_middle_takes_the_cell_around_it(tmp_path: Path) -> None:
    file = cdr_v4(tmp_path)
    shifted = file.lonlat + np.array([0.15, 0.05])  # 6 to 7 km, of cells of 25 km
    assert_allclose(open_ice_file(file.path).sampler(shifted).on(file.day)[0], file.share, atol=1e-6)


def test_a_longitude_of_any_turn_is_the_same_place(tmp_path: Path) -> None:
    file = cdr_v4(tmp_path)
    field = open_ice_file(file.path)
    for turn in (-360.0, 360.0):
        assert_allclose(field.sampler(file.lonlat + np.array([turn, 0])).on(file.day)[0], file.share, atol=1e-6)


def test_far_from_the_grid_nothing_is_known(tmp_path: Path) -> None:
    field = open_ice_file(plain(tmp_path / "a.nc", np.full((1, 6, 8), 0.5)))
    # the southern edge is 70 N; a cell is half a degree of latitude, 55.6 km: 1.5 of them are 0.75 degrees
    inside, outside, unknown = [61.0, 69.3], [61.0, 69.2], [np.nan, 71.0]
    share, floe = field.sampler(np.array([inside, outside, unknown])).on(19727.0)
    assert share[0] == 0.5
    assert np.isnan(share[1:]).all() and np.isnan(floe).all()


def test_a_missing_cell_takes_the_nearest_with_a_value_within_50_km(tmp_path: Path) -> None:
    _, _, lonlat = psn()
    stored = np.full((7, 9), 255, "u1")
    stored[:, 0] = 40
    stored[3, 1] = 70  # the only known cell of the second column
    own = {"units": "1", "scale_factor": 0.01, "grid_mapping": "crs", "_FillValue": np.uint8(255)}
    path = write(
        tmp_path / "sic_20240105.nc",
        {"y": 7, "x": 9},
        {
            "sic": ("u1", ("y", "x"), stored, own),
            "lat": ("f8", ("y", "x"), lonlat[..., 1], {"units": "degrees_north"}),
            "lon": ("f8", ("y", "x"), lonlat[..., 0], {"units": "degrees_east"}),
        },
    )
    places = lonlat.reshape(-1, 2)
    share = open_ice_file(path).sampler(places).on(19727.5)[0]
    known = np.flatnonzero(stored.ravel() != 255)
    distance_km = 6371.0088 * np.arccos(np.clip(unit(places) @ unit(places[known]).T, -1, 1))
    nearest = stored.ravel()[known][distance_km.argmin(axis=1)] / 100
    assert_allclose(share, np.where(distance_km.min(axis=1) <= 50, nearest, np.nan))
    assert 10 < np.isfinite(share).sum() < 20


def test_the_order_of_places_does_not_matter(tmp_path: Path) -> None:
    file = LAYOUTS["osi_saf"](tmp_path)
    field = open_ice_file(file.path)
    assert_allclose(field.sampler(file.lonlat[::-1]).on(file.day)[0][::-1], file.share, atol=1e-6)


def test_no_places_are_no_fault(tmp_path: Path) -> None:
    file = roms(tmp_path)
    share, floe = open_ice_file(file.path).sampler(np.empty((0, 2))).on(file.day)
    assert share.shape == floe.shape == (0,)


def test_a_field_goes_to_another_process(tmp_path: Path) -> None:
    file = cmip6(tmp_path)
    field = pickle.loads(pickle.dumps(open_ice_file(file.path)))
    assert_allclose(field.sampler(file.lonlat).on(file.day)[0], file.share, atol=1e-6)


def test_what_it_says_of_itself(tmp_path: Path) -> None:
    field = open_ice_file(cdr_v4(tmp_path).path)
    assert field.label == "seaice_conc_daily_nh_20211231_f17_v04r00.nc (cdr_seaice_conc), 2021-12-31"
    assert field.sources == ("seaice_conc_daily_nh_20211231_f17_v04r00.nc: no title in the file",)
    assert field.times == [datetime(2021, 12, 31, 12, tzinfo=UTC)]
    assert field.notes == [] and not field.has_thickness


def test_loading_the_module_loads_no_library() -> None:
    code = "import sys, sim.ice.files; print(*{'xarray', 'netCDF4', 'scipy', 'pyproj', 'pandas'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == ""


# Stored numbers


@given(
    stored=st.lists(st.integers(0, 255), min_size=1, max_size=40),
    scale=st.sampled_from([0.01, 0.004, 0.005]),
    signed=st.booleans(),
)
def test_packed_bytes_unpack_or_are_missing(stored: list[int], scale: float, signed: bool) -> None:
    """Bytes that NetCDF 3 keeps signed, marked _Unsigned, are the same numbers."""
    top = round(1 / scale)
    kind = "i1" if signed else "u1"
    codes = np.array([251, 253], "u1").view(kind)
    attributes = {
        "scale_factor": scale,
        "_FillValue": np.array([255], "u1").view(kind)[0],
        "valid_range": np.array([0, top], "u1").view(kind),
        "flag_values": codes,
        "_Unsigned": "true",
    }
    numbers = np.array(stored, "u1").view(kind)
    values = packing_of(attributes, numbers.dtype).values(numbers)
    expected = [n * scale if n <= top else np.nan for n in stored]
    assert_allclose(values, expected, rtol=1e-12)


@given(st.lists(st.floats(-0.5, 2.0), min_size=1, max_size=30), st.sampled_from(["_FillValue", "missing_value"]))
def test_a_fill_value_never_becomes_ice(values: list[float], key: str) -> None:
    fill = np.float32(values[0])
    numbers = np.array(values, "f4")
    out = packing_of({key: fill}, numbers.dtype).values(numbers)
    assert np.isnan(out[numbers == fill]).all()
    assert (out[numbers != fill] == numbers[numbers != fill]).all()


def test_a_fill_value_of_more_digits_than_its_numbers_is_found() -> None:
    assert np.isnan(packing_of({"_FillValue": 1e20}, np.dtype("f4")).values(np.array([1e20], "f4")))[0]


def test_a_valid_range_in_units_of_the_values_is_understood() -> None:
    """[0, 100] beside hundredths of a per cent can only be meant in per cent: ice would end at 1 %."""
    attributes = {"scale_factor": 0.01, "valid_range": np.array([0, 100], "i2")}
    numbers = np.array([0, 100, 9900, 10100, -1], "i2")
    assert_allclose(packing_of(attributes, numbers.dtype, full=100.0).values(numbers), [0, 1, 99, np.nan, np.nan])
    floating = {"scale_factor": 0.004, "valid_range": np.array([0.0, 1.0])}
    assert_allclose(packing_of(floating, np.dtype("u1")).values(np.array([250, 251], "u1")), [1.0, np.nan])


def test_a_flag_inside_the_valid_range_is_a_value() -> None:
    attributes = {"valid_range": np.array([0, 100], "u1"), "flag_values": np.array([0, 100, 120], "u1")}
    assert_allclose(packing_of(attributes, np.dtype("u1")).values(np.array([0, 100, 120], "u1")), [0, 100, np.nan])


def test_attributes_of_text_are_numbers_too() -> None:
    attributes = {"flag_values": "110b, 120b", "scale_factor": "0.5"}
    assert_allclose(packing_of(attributes, np.dtype("i1")).values(np.array([3, 110, 120], "i1")), [1.5, np.nan, np.nan])


@given(st.lists(st.integers(0, 100), min_size=3, unique=True), st.lists(st.sampled_from([2.51, 2.52, 2.53, 2.54])))
def test_codes_of_land_do_not_turn_shares_into_per_cent(hundredths: list[int], codes: list[float]) -> None:
    values = np.array(hundredths, dtype=float)
    if sum(0 < h <= 100 for h in hundredths) >= len(set(codes)):
        assert not looks_percent(np.concatenate([values / 100, codes]))
    if sum(h > 1 for h in hundredths) > 1:
        assert looks_percent(values)


def test_values_in_per_cent_that_are_said_to_be_shares(tmp_path: Path) -> None:
    path = plain(tmp_path / "a.nc", pattern()[None, :6, :8])
    field = open_ice_file(path)
    assert_allclose(share_at(field, KARA, 19727.0), pattern()[2, 4] / 100)
    assert any("per cent" in note for note in field.notes)
    with pytest.raises(DataError, match="no value of 'siconc' lies between"):
        open_ice_file(uniform(tmp_path / "b.nc", [30.0], [0.0]), units="1")
    as_said = open_ice_file(uniform(tmp_path / "c.nc", [0.5], [19727.0], own={"units": "%"}), units="1")
    assert share_at(as_said, KARA, 19727.0) == 0.5


def test_a_few_impossible_values_are_missing_and_counted(tmp_path: Path) -> None:
    stored = np.full((1, 6, 8), 0.5)
    stored[0, 0, [0, 1, 5]] = [1.2, -0.3, -1e-6]
    field = open_ice_file(plain(tmp_path / "a.nc", stored))
    assert_allclose(field.sampler(np.array([[60.0, 70.0], [62.5, 70.0]])).on(19727.0)[0], [0.5, 0.0])
    assert field.notes == ["siconc: 2 values outside 0 to 1 taken as missing, on 1 dates"]


def test_a_concentration_of_this_year_in_netcdf_3_with_signed_bytes(tmp_path: Path) -> None:
    stored = np.array([0, 50, 100, 200, 250], "u1").repeat(8).reshape(1, 5, 8)
    own = {"scale_factor": 0.004, "_Unsigned": "true", "units": "1"}
    path = plain(tmp_path / "a.nc", stored.view("i1"), "i1", own, kind="NETCDF3_CLASSIC")
    places = np.stack([np.full(5, 61.0), 70 + 0.5 * np.arange(5)], axis=1)
    assert_allclose(open_ice_file(path).sampler(places).on(19727.0)[0], [0, 0.2, 0.4, 0.8, 1])


# Dates


def test_between_dates_ice_is_linear_and_ends_with_the_file(tmp_path: Path) -> None:
    field = open_ice_file(uniform(tmp_path / "a.nc", [0.2, 0.4, 0.9], [100.0, 101.0, 102.0]))
    for day, share in [(100.0, 0.2), (100.5, 0.2), (101.0, 0.3), (102.25, 0.775), (102.9, 0.9)]:
        assert share_at(field, KARA, day) == pytest.approx(share)
        assert field.covers(day)
    for day in (99.9, 103.0, np.nan):
        assert np.isnan(share_at(field, KARA, day))
        assert not field.covers(day)


def test_months_belong_to_their_middle(tmp_path: Path) -> None:
    times = [at(2020, m) for m in range(1, 13)]
    field = open_ice_file(uniform(tmp_path / "a.nc", [m / 20 for m in range(1, 13)], times))
    assert field.times is not None and field.times[1] == datetime(2020, 2, 15, 12, tzinfo=UTC)
    assert share_at(field, KARA, at(2020, 2, 15.5)) == pytest.approx(0.1)
    assert share_at(field, KARA, at(2020, 3, 1)) == pytest.approx(0.1 + 0.05 * 14.5 / 30)
    assert share_at(field, KARA, at(2020, 12, 31.9)) == pytest.approx(0.6)
    assert not field.covers(at(2021, 1)) and not field.covers(at(2019, 12, 31.9))


def test_bounds_tell_a_month_that_is_stamped_at_its_end(tmp_path: Path) -> None:
    bounds = np.array([[at(2020, 3), at(2020, 4)]])
    extra = {"time_bnds": ("f8", ("time", "two"), bounds, {})}
    path = uniform(tmp_path / "a.nc", [0.5], [at(2020, 4)], time={"bounds": "time_bnds"}, extra=extra, sizes={"two": 2})
    field = open_ice_file(path)
    assert field.covers(at(2020, 3, 2)) and not field.covers(at(2020, 4, 2))


def test_a_single_day_is_that_day_unless_any_date_is_asked_for(tmp_path: Path) -> None:
    path = uniform(tmp_path / "a.nc", [0.5], [19727.0])
    field = open_ice_file(path)
    assert [field.covers(d) for d in (19726.9, 19727.0, 19727.9, 19728.0)] == [False, True, True, False]
    frozen = open_ice_file(path, any_date=True)
    assert frozen.covers(0.0) and share_at(frozen, KARA, 5e4) == 0.5 and frozen.times is None


def test_a_year_can_stand_for_any_year(tmp_path: Path) -> None:
    values = [m / 20 for m in range(1, 13)]
    path = uniform(tmp_path / "a.nc", values, [at(2020, m) for m in range(1, 13)])
    once, always = open_ice_file(path), open_ice_file(path, repeat_yearly=True)
    for month, day in [(1, 17), (5, 3.25), (9, 30), (12, 10)]:
        assert share_at(always, KARA, at(2020, month, day)) == pytest.approx(share_at(once, KARA, at(2020, month, day)))
        assert share_at(always, KARA, at(2035, month, day)) == pytest.approx(
            share_at(once, KARA, at(2020, month, day)), abs=2e-3
        )
    assert not once.covers(at(2035, 5)) and all(always.covers(at(2035, m)) for m in range(1, 13))
    # over the turn of the year, halfway from mid-December to mid-January
    assert share_at(always, KARA, at(2034, 1)) == pytest.approx((0.6 + 0.05) / 2, abs=1e-3)


def test_a_climatology_of_months_without_a_year_repeats(tmp_path: Path) -> None:
    stored = np.stack([[np.full((6, 8), (e + m) / 20) for m in range(1, 13)] for e in (0, 4)])
    path = write(
        tmp_path / "a.nc",
        {"epoch": 2, "month": 12, "lat": 6, "lon": 8},
        {
            "sic": ("f8", ("epoch", "month", "lat", "lon"), stored, {"units": "1"}),
            "lat": ("f8", ("lat",), 70 + 0.5 * np.arange(6), {}),
            "lon": ("f8", ("lon",), 60 + 0.5 * np.arange(8), {}),
            "epoch": (str, ("epoch",), np.array(["1980s", "2010s"], object), {}),
        },
    )
    with pytest.raises(UsageError, match="'epoch'; choose with 'select' one of: 1980s, 2010s"):
        open_ice_file(path)
    field = open_ice_file(path, select={"epoch": "2010s"})
    assert share_at(field, KARA, at(1999, 7, 16.5)) == pytest.approx(11 / 20, abs=1e-3)
    may = open_ice_file(path, select={"epoch": "1980s", "month": 4}, any_date=True)  # the fifth, where it has no labels
    assert share_at(may, KARA, 0.0) == pytest.approx(5 / 20)
    with pytest.raises(UsageError, match=r"select 'epohc'.*did you mean epoch"):
        open_ice_file(path, select={"epohc": "2010s"})
    with pytest.raises(UsageError, match="has no '1970s' on its dimension 'epoch'"):
        open_ice_file(path, select={"epoch": "1970s"})


@pytest.mark.parametrize("calendar", ["365_day", "360_day", "standard"])
def test_months_of_model_calendars_are_real_months(calendar: str, tmp_path: Path) -> None:
    if calendar == "standard":
        path = uniform(tmp_path / "a.nc", [0.1, 0.2, 0.3], [at(2020, m, 16) for m in (1, 2, 3)])
    else:
        path = cmip6(tmp_path, calendar=calendar).path
    field = open_ice_file(path)
    assert field.times is not None
    assert [t.month for t in field.times] == list(range(1, len(field.times) + 1))
    assert field.times[1] == datetime(2020, 2, 15, 12, tzinfo=UTC)


@given(st.integers(-40000, 60000), st.sampled_from(["standard", "proleptic_gregorian"]))
def test_real_calendars_keep_the_day(day: int, calendar: str) -> None:
    assert days_of(np.array([day + 0.25]), "days since 1970-01-01", calendar)[0] == pytest.approx(day + 0.25, abs=1e-6)


def test_a_leap_day_of_a_360_day_year_is_a_day_of_february() -> None:
    """30 February, which only that calendar has."""
    found = days_of(np.array([59.5]), "days since 2021-01-01", "360_day")[0]
    assert at(2021, 2, 28) < found < at(2021, 3)


@given(st.integers(1950, 2090), st.floats(0, 364.99))
def test_days_of_the_year_run_from_0_to_365(year: int, day: float) -> None:
    first = at(year, 1)
    assert year_day(np.array([first + day]))[0] == pytest.approx(day, abs=1.0)
    assert year_day(np.array([first]))[0] == 0


def test_far_dates_are_not_joined(tmp_path: Path) -> None:
    """A file of March and September says nothing of June."""
    month = {"frequency": "mon"}
    path = uniform(tmp_path / "a.nc", [0.9, 0.1], [at(2020, 3, 16), at(2020, 9, 16)], attributes=month)
    field = open_ice_file(path)
    assert field.covers(at(2020, 3, 2)) and field.covers(at(2020, 9, 29))
    assert not field.covers(at(2020, 6)) and np.isnan(share_at(field, KARA, at(2020, 6)))


def test_dates_may_come_in_any_order_and_twice(tmp_path: Path) -> None:
    field = open_ice_file(uniform(tmp_path / "a.nc", [0.4, 0.2, 0.4], [101.0, 100.0, 101.0]))
    assert share_at(field, KARA, 101.0) == pytest.approx(0.3)
    assert field.times is not None and len(field.times) == 2


def test_many_days_at_once_are_as_one_by_one(tmp_path: Path) -> None:
    stored = np.random.default_rng(1).uniform(size=(9, 6, 8))
    stored[4, 2:4] = np.nan
    field = open_ice_file(plain(tmp_path / "a.nc", stored, times=np.arange(9.0)))
    rng = np.random.default_rng(2)
    places = np.stack([rng.uniform(59, 65, 50), rng.uniform(69, 74, 50)], axis=1)
    days = rng.uniform(-1, 10, 50)
    together = field.sampler(places).on(days)[0]
    alone = [share_at(field, places[i : i + 1], days[i]) for i in range(50)]
    assert_allclose(together, alone)
    assert 0 < np.isnan(together).sum() < 50
    with pytest.raises(ValueError, match="shape"):
        field.sampler(places).on(days[:3])


def test_each_date_is_read_once(tmp_path: Path) -> None:
    path = uniform(tmp_path / "a.nc", [0.2, 0.4], [100.0, 101.0])
    field = open_ice_file(path)
    sampler = field.sampler(KARA)
    sampler.on(100.9)
    path.unlink()
    assert field.sampler(KARA).on(100.5)[0][0] == pytest.approx(0.2)
    assert sampler.on(101.5)[0][0] == pytest.approx(0.4)


def test_the_date_of_a_name_is_used_and_said(tmp_path: Path) -> None:
    field = open_ice_file(LAYOUTS["bremen"](tmp_path).path)
    assert field.covers(19727.5) and not field.covers(19728.5)
    assert field.times == [datetime(2024, 1, 5, 12, tzinfo=UTC)]  # a day's mean belongs to its noon
    assert "the date 2024-01-05 is taken from the name of the file" in field.notes


def test_a_year_is_chosen_from_several(tmp_path: Path) -> None:
    times = [at(y, m) for y in (2020, 2021) for m in range(1, 13)]
    path = uniform(tmp_path / "a.nc", [0.2] * 12 + [0.6] * 12, times)
    with pytest.raises(UsageError, match=r"2020 to 2021; choose one with 'select', for instance time: \"2020\""):
        open_ice_file(path, repeat_yearly=True)
    assert share_at(open_ice_file(path, repeat_yearly=True, select={"time": 2021}), KARA, at(2050, 8)) == 0.6
    frozen = open_ice_file(path, any_date=True, select={"time": "2020-03"})
    assert share_at(frozen, KARA, at(2050, 8)) == 0.2


def test_a_voyage_outside_the_dates_is_told_what_to_do(tmp_path: Path) -> None:
    field = open_ice_file(uniform(tmp_path / "jan.nc", [0.5, 0.5], [19727.0, 19728.0]))
    field.require(19727.1, 19728.9)
    message = r"jan\.nc: has no ice for 2024-01-07; it covers 2024-01-05 to 2024-01-06\. .*repeat_yearly.*any_date"
    with pytest.raises(DataError, match=message):
        field.require(19727.5, 19740.0)


# Thickness


def test_a_mean_of_the_cell_becomes_a_thickness_of_floes(tmp_path: Path) -> None:
    """ROMS: 1.5 m on every floe was written as 1.5 m times the concentration."""
    file = roms(tmp_path)
    share, floe = open_ice_file(file.path).sampler(file.lonlat).on(file.day)
    assert_allclose(floe[share > 0.15], 1.5, rtol=1e-5)
    assert_allclose(floe[share == 0], 0)
    thin = (share > 0) & (share < 0.15)
    assert thin.any() and (floe[thin] < 1.5).all()  # a trace of ice is no thick floe


def test_a_thickness_of_floes_stays(tmp_path: Path) -> None:
    file = topaz(tmp_path)
    field = open_ice_file(file.path)
    share, floe = field.sampler(file.lonlat).on(file.day)
    assert field.has_thickness
    assert_allclose(floe, np.where(share > 0, 2 + file.share, 0), rtol=1e-6)
    means = open_ice_file(file.path, thickness_kind="grid_mean").sampler(file.lonlat).on(file.day)[1]
    assert_allclose(means, np.where(share > 0, (2 + file.share) / np.maximum(share, 0.15), 0), rtol=1e-6)


@pytest.mark.parametrize(
    ("name", "own", "floe"),
    [
        ("sithick", {}, 1.0),
        ("sivol", {"standard_name": "sea_ice_thickness"}, 2.0),
        ("hice", {}, 2.0),
        ("heff", {"units": "cm"}, 0.02),
        ("sithick", {"cell_methods": "area: mean where sea"}, 2.0),
        ("sivol", {"cell_methods": "time: mean area: mean where sea_ice"}, 1.0),
        ("sithick", {"long_name": "effective ice thickness"}, 2.0),
    ],
)
def test_what_kind_of_thickness_is_known(name: str, own: dict[str, Any], floe: float, tmp_path: Path) -> None:
    extra = {name: ("f8", ("time", "lat", "lon"), np.ones((1, 6, 8)), {"units": "m"} | own)}
    field = open_ice_file(uniform(tmp_path / "a.nc", [0.5], [19727.0], extra=extra))
    assert field.sampler(KARA).on(19727.0)[1][0] == pytest.approx(floe)
    without = open_ice_file(tmp_path / "a.nc", thickness_variable="none")
    assert np.isnan(without.sampler(KARA).on(19727.0)[1][0]) and not without.has_thickness


def test_floes_of_one_date_only_keep_their_thickness(tmp_path: Path) -> None:
    """Half way between ice and water there is half the ice, of the same floes."""
    thick = np.stack([np.full((6, 8), 2.0), np.full((6, 8), np.nan)])
    extra = {"sithick": ("f8", ("time", "lat", "lon"), thick, {"units": "m"})}
    thick[1, 1] = 0.0
    thick[:, 0] = np.array([0.0, 2.0])[:, None]
    thick[0, 3:] = 0.0
    share = np.array([0.8, 0.0])[:, None, None] * np.ones((2, 6, 8))
    field = open_ice_file(plain(tmp_path / "a.nc", share, times=np.array([100.0, 101.0]), extra=extra))
    found, floe = field.sampler(np.array([[62.0, 71.0], [62.0, 70.5], [62.0, 70.0], [62.0, 72.5]])).on(101.0)
    assert_allclose(found, 0.4)
    assert_allclose(floe, [2.0, 2.0, 2.0, np.nan])  # ice of no thickness is ice of unknown thickness


def test_thickness_from_a_second_file_on_another_grid(tmp_path: Path) -> None:
    path = uniform(tmp_path / "sic.nc", [0.5, 0.8], [100.0, 101.0])
    lat = 69.8 + 0.4 * np.arange(10)
    other = plain(
        tmp_path / "heff.nc", np.full((1, 10, 8), 1.2), name="heff", own={"units": "m"}, lat=lat, times=[100.0]
    )
    field = open_ice_file(path, thickness_path=other)
    assert field.sampler(KARA).on(100.25)[1][0] == pytest.approx(2.4)
    share, floe = field.sampler(KARA).on(101.6)  # the second file ends before
    assert share[0] == pytest.approx(0.8) and np.isnan(floe[0])
    assert len(field.sources) == 2 and "heff" in field.label
    with pytest.raises(DataError, match="no ice thickness"):
        open_ice_file(path, thickness_path=path)
    with pytest.raises(UsageError, match="exclude"):
        open_ice_file(path, thickness_path=other, thickness_variable="none")


# Faults


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        (b"", DataError, r"is empty \(0 bytes\)"),
        (b"lat,lon,ice\n70,60,0.5\n", DataError, "is not NetCDF but something else"),
        (b"<!DOCTYPE html><html>", DataError, "a web page; the download was refused"),
        (b"\x1f\x8b\x08" + b"0" * 90, DataError, "packed with gzip; unpack it first"),
        (b"GRIB" + b"0" * 90, DataError, "a GRIB file"),
        (b"\x0e\x03\x13\x01" + b"0" * 90, DataError, "an HDF4 file"),
        (b"CDF\x01", DataError, "cut off or damaged"),
        (b"CDF\x01" + b"\xff" * 200, DataError, "cut off or damaged"),
        (b"CDF\x07" + b"0" * 200, DataError, "is not NetCDF"),
        (b"\x89HDF\r\n\x1a\n", DataError, "cut off or damaged"),
        (b"\x89HDF\r\n\x1a\n" + b"\xff" * 2000, DataError, "cut off or damaged"),
    ],
)
def test_what_is_no_netcdf_is_named(content: bytes, error: type[Exception], message: str, tmp_path: Path) -> None:
    path = tmp_path / "ice.nc"
    path.write_bytes(content)
    with pytest.raises(error, match=message):
        open_ice_file(path)


def test_no_file(tmp_path: Path) -> None:
    plain(tmp_path / "sic_2020.nc", np.full((1, 6, 8), 0.5))
    with pytest.raises(UsageError, match=r"sic_202O\.nc': no such file \(did you mean sic_2020\.nc\?\)"):
        open_ice_file(tmp_path / "sic_202O.nc")
    with pytest.raises(UsageError, match="is a folder"):
        open_ice_file(tmp_path)
    with pytest.raises(UsageError, match="no such file"):
        open_ice_file(tmp_path / "nowhere" / "x.nc")


@pytest.mark.parametrize(
    "kind", ["NETCDF4", "NETCDF4_CLASSIC", "NETCDF3_CLASSIC", "NETCDF3_64BIT", "NETCDF3_64BIT_DATA"]
)
def test_a_file_that_is_cut_off_is_refused(kind: str, tmp_path: Path) -> None:
    """The library of NetCDF 3 reads zeros where the file ends: half of the ice would be open water."""
    path = plain(tmp_path / "a.nc", np.full((40, 6, 8), 0.5), kind=kind)
    assert share_at(open_ice_file(path), KARA, 19727.5) == 0.5
    whole = path.read_bytes()
    for size in (len(whole) - 1500, len(whole) * 2 // 3, 700, 40, 9):
        path.write_bytes(whole[:size])
        # version 5 may be cut off so early that it reads as a file of nothing
        with pytest.raises(DataError, match=r"cut off or damaged|a\.nc: holds no variables"):
            open_ice_file(path)


def test_a_damaged_head_neither_hangs_nor_traces_back(tmp_path: Path) -> None:
    """Byte 988 is of a length in the head: with it wrong, the library of NetCDF 3 alone never returns."""
    file = LAYOUTS["nersc"](tmp_path)
    whole = file.path.read_bytes()
    refused = 0
    for place in range(8, 1600, 20):
        file.path.write_bytes(whole[:place] + b"\xb3" + whole[place + 1 :])
        try:
            open_ice_file(file.path, **file.options)
        except (DataError, UsageError):
            refused += 1
    assert refused > 20


def test_damage_within_a_date_is_found_when_it_is_read(tmp_path: Path) -> None:
    import netCDF4

    path = tmp_path / "a.nc"
    with netCDF4.Dataset(path, "w") as data:
        for name, size in {"time": 2, "lat": 60, "lon": 80}.items():
            data.createDimension(name, size)
        data.createVariable("time", "f8", ("time",))[:] = [100.0, 101.0]
        data["time"].units = "days since 1970-01-01"
        data.createVariable("lat", "f8", ("lat",))[:] = 70 + 0.1 * np.arange(60)
        data.createVariable("lon", "f8", ("lon",))[:] = 60 + 0.1 * np.arange(80)
        share = data.createVariable(
            "siconc", "f8", ("time", "lat", "lon"), zlib=True, fletcher32=True, chunksizes=(1, 60, 80)
        )
        share[:] = np.random.default_rng(1).uniform(size=(2, 60, 80))
    field = open_ice_file(path)
    assert share_at(field, KARA, 100.2) > 0
    content = bytearray(path.read_bytes())
    middle = len(content) * 3 // 4
    content[middle : middle + 4000] = bytes(4000)
    path.write_bytes(content)
    with pytest.raises(DataError, match="cut off or damaged"):
        field.sampler(KARA).on(101.9)


def test_an_empty_netcdf(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no variables"):
        open_ice_file(write(tmp_path / "a.nc", {"x": 3}, {}))
    with pytest.raises(DataError, match="has 0 dates"):
        open_ice_file(plain(tmp_path / "b.nc", np.empty((0, 6, 8))))


def test_no_concentration(tmp_path: Path) -> None:
    path = plain(tmp_path / "a.nc", np.full((1, 6, 8), 270.0), name="sst", own={"units": "K"})
    with pytest.raises(
        DataError, match=r"no ice concentration: .*standard_name sea_ice_area_fraction.*fields are: sst\."
    ):
        open_ice_file(path)
    with pytest.raises(DataError, match="variable 'sst' is in 'K', which is no concentration; allowed are % and 1"):
        open_ice_file(path, variable="sst")
    with pytest.raises(
        UsageError, match=r"variable 'sts' is not in the file \(did you mean sst\?\); its fields are: sst"
    ):
        open_ice_file(path, variable="sts")


def test_thickness_in_other_units(tmp_path: Path) -> None:
    extra = {"sivol": ("f8", ("time", "lat", "lon"), np.ones((1, 6, 8)), {"units": "kg m-2"})}
    path = uniform(tmp_path / "a.nc", [0.5], [19727.0], extra=extra)
    with pytest.raises(DataError, match="variable 'sivol' is in 'kg m-2', which is no thickness"):
        open_ice_file(path)


def test_several_concentrations_ask_for_a_choice(tmp_path: Path) -> None:
    path = LAYOUTS["nersc"](tmp_path).path
    with pytest.raises(UsageError, match="several concentrations: Bootstrap, UMass_AES; say which one with 'variable'"):
        open_ice_file(path)
    extra = {n: ("f8", ("time", "lat", "lon"), np.ones((1, 6, 8)), {"units": "m"}) for n in ("hice", "sithick")}
    path = uniform(tmp_path / "a.nc", [0.5], [19727.0], extra=extra)
    with pytest.raises(UsageError, match="several thicknesses: hice, sithick; say which one with 'thickness_variable'"):
        open_ice_file(path)
    assert open_ice_file(path, thickness_variable="hice").has_thickness


def test_the_southern_hemisphere(tmp_path: Path) -> None:
    path = plain(tmp_path / "a.nc", np.full((1, 6, 8), 0.5), lat=-75.0 + np.arange(6))
    with pytest.raises(
        DataError, match=r"southern hemisphere \(latitudes -75\.0 to -70\.0\); an Arctic file is needed"
    ):
        open_ice_file(path)
    path = plain(tmp_path / "b.nc", np.full((1, 6, 8), 0.5), lat=10.0 + np.arange(6))
    with pytest.raises(DataError, match="no cell lies north of 30"):
        open_ice_file(path)


def test_a_global_grid_keeps_its_north(tmp_path: Path) -> None:
    field = open_ice_file(plain(tmp_path / "a.nc", np.full((1, 37, 8), 0.5), lat=np.linspace(-90, 90, 37)))
    assert field._concentration.grid.lonlat[:, 1].min() == 30
    share = field.sampler(np.array([[61.0, 75.0], [61.0, -75.0]])).on(19727.5)[0]
    assert share[0] == 0.5 and np.isnan(share[1])


def projected(path: Path, crs: dict[str, Any], units: str = "m") -> Path:
    x, y, _ = psn()
    return write(
        path,
        {"y": 7, "x": 9},
        {
            "sic": ("f8", ("y", "x"), pattern() / 100, {"grid_mapping": "crs"}),
            "x": ("f8", ("x",), x, {"units": units}),
            "y": ("f8", ("y",), y, {"units": units}),
            "crs": ("i4", (), None, crs),
        },
    )


def test_no_positions(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.nc",
        {"row": 7, "column": 9},
        {"sic": ("f8", ("row", "column"), pattern() / 100, {"units": "1"})},
    )
    with pytest.raises(DataError, match=r"'sic' \(row, column\) has no positions: looked for latitudes .*holds: sic"):
        open_ice_file(path)
    with pytest.raises(DataError, match=r"x and y, but no latitudes and no usable projection .*a variable 'crs' with"):
        open_ice_file(projected(tmp_path / "b.nc", {"comment": "x"}))


@pytest.mark.parametrize(
    "crs", [{"grid_mapping_name": "origami"}, {"crs_wkt": "PROJCS[broken"}, {"spatial_ref": "EPSG:0"}]
)
def test_a_projection_that_nothing_understands(crs: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no usable projection \(.*looked for"):
        open_ice_file(projected(tmp_path / "a.nc", crs))


def test_axes_in_other_units(tmp_path: Path) -> None:
    crs = {"proj4text": "+proj=stere +lat_0=90 +lat_ts=70 +lon_0=-45 +a=6378273 +b=6356889.449"}
    with pytest.raises(DataError, match=r"'x' is in 'furlong'; allowed are m, km and a number of them"):
        open_ice_file(projected(tmp_path / "a.nc", crs, "furlong"))
    field = open_ice_file(projected(tmp_path / "b_20240105.nc", crs))
    assert_allclose(field.sampler(psn()[2].reshape(-1, 2)).on(19727.5)[0], pattern().ravel() / 100)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (-0.4, "no value of 'siconc' lies between 0 and 1, they are -0.4 to -0.4"),
        (1.2, "no value of 'siconc' lies between 0 and 1"),
        (1e9, "no value of 'siconc' lies between 0 and 1"),
        (np.nan, "every value of 'siconc' is missing"),
    ],
)
def test_numbers_that_cannot_be_ice(value: float, message: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=re.escape(message)):
        open_ice_file(uniform(tmp_path / "a.nc", [value] * 3, [100.0, 101.0, 102.0]))


def test_a_first_date_without_data_is_no_fault(tmp_path: Path) -> None:
    field = open_ice_file(uniform(tmp_path / "a.nc", [np.nan, 0.5], [100.0, 101.0]))
    assert np.isnan(share_at(field, KARA, 100.2)) and share_at(field, KARA, 101.6) == 0.5
    assert np.isnan(share_at(field, KARA, 101.2))
    gap = open_ice_file(uniform(tmp_path / "b.nc", [0.5, np.nan], [100.0, 101.0]))
    assert share_at(gap, KARA, 100.5) == 0.5 and np.isnan(share_at(gap, KARA, 100.6))


def test_dates_that_cannot_be_read(tmp_path: Path) -> None:
    path = uniform(tmp_path / "a.nc", [0.5], [3.0], time={"units": "fortnights since 1970-01-01"})
    with pytest.raises(DataError, match=r"dates in 'time' cannot be read \(units 'fortnights since"):
        open_ice_file(path)
    path = uniform(tmp_path / "b.nc", [0.5], [3.0], time={"calendar": "mayan"})
    with pytest.raises(DataError, match="calendar 'mayan'"):
        open_ice_file(path)
    path = uniform(tmp_path / "c.nc", [0.5], [np.nan])
    with pytest.raises(DataError, match="a date is missing"):
        open_ice_file(path)


def test_a_file_without_any_date(tmp_path: Path) -> None:
    path = LAYOUTS["bremen"](tmp_path).path.rename(tmp_path / "ice.nc")
    with pytest.raises(UsageError, match="says no date; set any_date"):
        open_ice_file(path)
    assert open_ice_file(path, any_date=True).covers(0.0)


def test_choices_that_exclude_each_other(tmp_path: Path) -> None:
    path = uniform(tmp_path / "a.nc", [0.5, 0.5], [100.0, 101.0])
    with pytest.raises(UsageError, match="exclude each other"):
        open_ice_file(path, repeat_yearly=True, any_date=True)
    with pytest.raises(UsageError, match=r"any_date needs one date, the file has 2; .*time: \"1970-04-11\""):
        open_ice_file(path, any_date=True)
    with pytest.raises(UsageError, match="allowed are floe and grid_mean"):
        open_ice_file(path, thickness_kind="floes")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="no date '1999'; the file has 1970-04-11 to 1970-04-12"):
        open_ice_file(path, select={"time": "1999"})


def test_grids_that_would_fill_the_memory_are_refused_at_once(tmp_path: Path) -> None:
    own = {"standard_name": "sea_ice_area_fraction", "units": "1"}
    path = write(
        tmp_path / "a.nc",
        {"time": 1, "lat": 40_000, "lon": 50_000},
        {
            "siconc": ("u1", ("time", "lat", "lon"), None, own),
            "lat": ("f4", ("lat",), None, {"units": "degrees_north"}),
            "lon": ("f4", ("lon",), None, {"units": "degrees_east"}),
        },
    )
    with pytest.raises(DataError, match=r"'siconc' has 2,000,000,000 cells.*Cut out the Arctic"):
        open_ice_file(path)
    path = write(tmp_path / "b.nc", {"x": 3_000_000_000}, {"x": ("f8", ("x",), None, {})})
    with pytest.raises(DataError, match=r"'x' has 3,000,000,000 values"):
        open_ice_file(path)
