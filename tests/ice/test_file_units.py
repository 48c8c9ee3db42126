"""Concentrations whose units are not what the file says, and variables under further names."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sim.errors import DataError
from sim.ice.field import day_number
from sim.ice.files import open_ice_file
from sim.ice.files.field import FileField
from tests.ice.netcdf_files import Array, plain, write

NORTH = np.array([[100.0, 80.0]])
LAT, LON = np.arange(60, 91, 2.0), np.arange(-180, 180, 6.0)


def at(year: int, month: int, day: float = 16) -> float:
    return day_number(datetime(year, month, 1, tzinfo=UTC)) + day - 1


def around_the_pole(path: Path, fields: list[Array], times: list[float], dtype: str = "f8", **own: Any) -> Path:
    """A file of the whole Arctic in per cent by its own word, of one field (16, 60) on each date."""
    return write(
        path,
        {"time": len(times), "lat": len(LAT), "lon": len(LON)},
        {
            "siconc": (dtype, ("time", "lat", "lon"), np.stack(fields), {"units": "%"} | own),
            "lat": ("f8", ("lat",), LAT, {"units": "degrees_north"}),
            "lon": ("f8", ("lon",), LON, {"units": "degrees_east"}),
            "time": ("f8", ("time",), times, {"units": "days since 1970-01-01"}),
        },
    )


def north_of(latitude: float, value: float) -> Array:
    """Ice north of a latitude, a little less with each degree of longitude."""
    return np.where(LAT[:, None] > latitude, value, 0.0) * (1 - np.arange(len(LON)) / 1000)


def share(field: FileField, day: float, place: Array = NORTH) -> float:
    return float(field.sampler(place).on(day)[0][0])


@pytest.mark.parametrize(
    ("times", "fields"),
    [
        ([at(2020, 3)], [north_of(70, 0.9)]),
        ([at(2010, 1), at(2010, 2)], [north_of(66, 1.0), north_of(64, 1.0)]),
        ([at(2020, 9), at(2021, 4)], [north_of(82, 0.8), north_of(68, 0.9)]),
        ([at(2020, m) for m in range(1, 13)], [north_of(66 + m, 0.95) for m in range(1, 13)]),
    ],
)
def test_fractions_said_to_be_per_cent_are_fractions_in_winter(
    times: list[float], fields: list[Array], tmp_path: Path
) -> None:
    field = open_ice_file(around_the_pole(tmp_path / "a.nc", fields, times))
    assert share(field, times[-1], np.array([[-180.0, 90.0]])) == pytest.approx(fields[-1][-1, 0])
    assert any("said to be in %" in n and "taken as a fraction of 1" in n for n in field.notes)


def test_packed_fractions_said_to_be_per_cent_keep_their_codes_of_land(tmp_path: Path) -> None:
    stored = np.rint(north_of(70, 0.9) * 250).astype("u1")
    stored[:, :3] = [251, 253, 254]
    field = open_ice_file(around_the_pole(tmp_path / "a.nc", [stored], [at(2020, 3)], "u1", scale_factor=0.004))
    assert share(field, at(2020, 3)) == pytest.approx(0.9, abs=0.05)
    values = field._concentration.values(0)
    assert np.isnan(values.reshape(16, 60)[:, :3]).all() and np.nanmax(values) <= 0.9


def test_one_winter_date_in_per_cent_makes_a_summer_with_little_ice_per_cent(tmp_path: Path) -> None:
    """September comes first and has at most 0.9 %."""
    times, fields = [at(2044, 9), at(2045, 3)], [north_of(80, 0.9), north_of(70, 95.0)]
    field = open_ice_file(around_the_pole(tmp_path / "a.nc", fields, times))
    assert share(field, times[0]) < 0.0091
    assert share(field, times[1]) > 0.8
    assert not field.notes


def test_a_september_of_at_most_1_per_cent_is_never_read_as_ice_without_a_question(tmp_path: Path) -> None:
    for year in (2012, 2040, 2090):
        path = around_the_pole(tmp_path / f"{year}.nc", [north_of(70, 0.9)], [at(year, 9)])
        with pytest.raises(DataError, match=r"no value is above 0\.9 on the 1 dates looked at.*Say which with 'units'"):
            open_ice_file(path)
        assert share(open_ice_file(path, units="%"), at(year, 9)) < 0.01
        assert share(open_ice_file(path, units="1"), at(year, 9)) > 0.7


def test_a_little_ice_where_there_never_is_any_stays_per_cent(tmp_path: Path) -> None:
    """Half of one per cent between Iceland and Norway in August."""
    stored = np.where((LAT[:, None] < 65) & (np.abs(LON) < 7), 0.5, 0.0)
    field = open_ice_file(around_the_pole(tmp_path / "a.nc", [stored], [at(2020, 8)]))
    assert share(field, at(2020, 8), np.array([[0.0, 62.0]])) == 0.005
    assert any("taken as per cent, as said" in n for n in field.notes)


def test_a_trace_is_no_ice_either_way(tmp_path: Path) -> None:
    field = open_ice_file(around_the_pole(tmp_path / "a.nc", [north_of(70, 0.01)], [at(2020, 9)]))
    assert share(field, at(2020, 9)) < 0.0002 and any("no ice to speak of" in n for n in field.notes)


@pytest.mark.parametrize(("any_date", "repeat_yearly"), [(True, False), (False, True)])
def test_fractions_are_seen_without_a_year_too(any_date: bool, repeat_yearly: bool, tmp_path: Path) -> None:
    path = around_the_pole(tmp_path / "a.nc", [north_of(78, 0.9)], [at(2005, 3)])
    field = open_ice_file(path, any_date=any_date, repeat_yearly=repeat_yearly)
    assert share(field, at(2050, 3)) == pytest.approx(0.86, abs=0.05)


def test_a_user_who_says_the_units_is_believed(tmp_path: Path) -> None:
    path = around_the_pole(tmp_path / "a.nc", [north_of(70, 0.9)], [at(2020, 3)])
    assert share(open_ice_file(path, units="%"), at(2020, 3)) < 0.01
    assert share(open_ice_file(path, units="1"), at(2020, 3)) > 0.8
    assert not open_ice_file(path, units="%").notes


def test_a_later_date_that_shows_other_units_is_refused_when_it_is_read(tmp_path: Path) -> None:
    """Without units: September has at most 0.9, a fraction or per cent; March has 95."""
    times, fields = [at(2044, 9), at(2045, 3)], [north_of(80, 0.9), north_of(70, 95.0)]
    path = around_the_pole(tmp_path / "a.nc", fields, times, units="")
    field = open_ice_file(path)
    with pytest.raises(DataError, match=r"'siconc' has values up to 95 on 2045-03-16.*say what it is with 'units'"):
        share(field, times[1])
    assert share(open_ice_file(path, units="%"), times[1]) > 0.8


@pytest.mark.parametrize(
    ("names", "floe"),
    [(("aice_h", "hi_h"), 2.0), (("a_ice", "m_ice"), 2.0), (("aice_d", "hi_d"), 2.0), (("aice", "h_ice"), 1.0)],
)
def test_names_of_cice_and_fesom(names: tuple[str, str], floe: float, tmp_path: Path) -> None:
    extra = {names[1]: ("f8", ("time", "lat", "lon"), np.ones((1, 6, 8)), {"units": "m"})}
    path = plain(tmp_path / "a.nc", np.full((1, 6, 8), 0.5), name=names[0], extra=extra)
    concentration, thickness = open_ice_file(path).sampler(np.array([[62.0, 71.0]])).on(19727.5)
    assert_allclose([concentration[0], thickness[0]], [0.5, floe])
