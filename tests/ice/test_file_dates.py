"""Dates of ice files that are no plain dates: labels of months, years of models, calendars of other spelling."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import DataError, UsageError
from sim.ice.field import day_number
from sim.ice.files import open_ice_file
from sim.ice.files.field import FileField
from sim.ice.files.times import days_of
from tests.ice.netcdf_files import plain, write

KARA = np.array([[62.0, 71.0]])


def at(year: int, month: int, day: float = 1) -> float:
    return day_number(datetime(year, month, 1, tzinfo=UTC)) + day - 1


def labelled(path: Path, labels: list[Any] | None, months: list[int], dim: str = "month", **own: Any) -> Path:
    """A file along a dimension with labels; a slice holds a twentieth for each month of its `months`."""
    stored = np.stack([np.full((6, 8), m / 20) for m in months])
    variables: dict[str, Any] = {
        "sic": ("f8", (dim, "lat", "lon"), stored, {"units": "1"}),
        "lat": ("f8", ("lat",), 70 + 0.5 * np.arange(6), {}),
        "lon": ("f8", ("lon",), 60 + 0.5 * np.arange(8), {}),
    }
    if labels is not None:
        text = isinstance(labels[0], str)
        values = np.array(labels, object) if text else np.array(labels, "f8")
        variables[own.pop("label_name", dim)] = (str if text else "f8", (dim,), values, own)
    return write(path, {dim: len(months), "lat": 6, "lon": 8}, variables)


def month_shares(field: FileField) -> list[float]:
    """Twentieths at the middle of each month of 2031."""
    sampler = field.sampler(KARA)
    middles = [(at(2031, m) + (at(2031, m + 1) if m < 12 else at(2032, 1))) / 2 for m in range(1, 13)]
    return [20 * float(sampler.on(day)[0][0]) for day in middles]


FROM_DECEMBER = [12, *range(1, 12)]
NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
FULL = ["June", "July", "AUGUST", "Sept", "October", "nov", "dec.", "January", "February", "march", "April", "May"]


@pytest.mark.parametrize(
    ("labels", "months", "dim", "own"),
    [
        (FROM_DECEMBER, FROM_DECEMBER, "month", {}),
        (list(range(12, 0, -1)), list(range(12, 0, -1)), "mon", {}),
        ([NAMES[m - 1] for m in FROM_DECEMBER], FROM_DECEMBER, "month", {}),
        (FULL, [6, 7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5], "month", {}),
        (["M12", *(f"M{m:02}" for m in range(1, 12))], FROM_DECEMBER, "month", {}),
        ([11, *range(11)], FROM_DECEMBER, "month", {}),
        ([m - 0.5 for m in FROM_DECEMBER], FROM_DECEMBER, "month", {}),
        (FROM_DECEMBER, FROM_DECEMBER, "time_counter", {}),
        (FROM_DECEMBER, FROM_DECEMBER, "time", {"units": "month"}),
        ([m - 1 for m in FROM_DECEMBER], FROM_DECEMBER, "time", {"units": "months"}),
        (FROM_DECEMBER, FROM_DECEMBER, "time", {"label_name": "month"}),
        (None, list(range(1, 13)), "month", {}),
    ],
)
def test_labels_of_months_count_whatever_their_order(
    labels: list[Any] | None, months: list[int], dim: str, own: dict[str, Any], tmp_path: Path
) -> None:
    field = open_ice_file(labelled(tmp_path / "a.nc", labels, months, dim, **own))
    assert month_shares(field) == pytest.approx(list(range(1, 13)), abs=0.03)


def test_what_was_taken_for_months_is_said(tmp_path: Path) -> None:
    assert open_ice_file(labelled(tmp_path / "a.nc", FROM_DECEMBER, FROM_DECEMBER)).notes == []
    for file, labels, dim, note in [
        ("b.nc", None, "month", "dimension 'month' has no labels: taken as January to December"),
        ("c.nc", list(range(12)), "month", "labels of 'month': 0 to 11, taken as January to December"),
        ("d.nc", list(range(1, 13)), "time", "'time' counts 1 to 12 without a date: taken as the months of a year"),
    ]:
        assert open_ice_file(labelled(tmp_path / file, labels, list(range(1, 13)), dim)).notes == [note]


def test_a_few_months_are_those_and_no_others(tmp_path: Path) -> None:
    field = open_ice_file(labelled(tmp_path / "a.nc", ["Sep", "Oct", "Mar"], [9, 10, 3]))
    shares = month_shares(field)
    assert shares[8:10] == pytest.approx([9, 10], abs=0.03) and shares[2] == pytest.approx(3)
    assert np.isnan([*shares[3:8], *shares[10:], *shares[:2]]).all()


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (
            ["DJF", "MAM", "JJA", "SON"],
            "labels of the dimension 'month' are no months: DJF, MAM, JJA, SON; allowed",
        ),
        ([202000 + m for m in range(1, 13)], "are no months: 202001, 202002"),
        ([*range(1, 12), np.nan], "are no months: 1, 2"),
        ([1, 2, 3, 3, 5, 6, 7, 8, 9, 10, 11, 12], "on the dimension 'month' month 3 is duplicated"),
        (["Jan", "Fev", "Mar"], "are no months: Jan, Fev, Mar"),
    ],
)
def test_labels_that_are_no_months_are_refused(labels: list[Any], message: str, tmp_path: Path) -> None:
    path = labelled(tmp_path / "a.nc", labels, list(range(1, len(labels) + 1)))
    with pytest.raises(DataError, match=message):
        open_ice_file(path)


def test_a_season_can_be_selected(tmp_path: Path) -> None:
    path = labelled(tmp_path / "a.nc", ["DJF", "MAM", "JJA", "SON"], [1, 4, 7, 10])
    frozen = open_ice_file(path, select={"month": "JJA"}, any_date=True)
    assert frozen.sampler(KARA).on(0.0)[0][0] == pytest.approx(7 / 20)


def test_a_time_that_merely_counts_is_no_month(tmp_path: Path) -> None:
    for labels, own in [(list(range(12)), {}), (list(range(1, 13)), {"units": "days"}), ([1, 2, 3], {})]:
        path = labelled(tmp_path / "a.nc", labels, list(range(1, len(labels) + 1)), "time", **own)
        with pytest.raises(UsageError, match="has a further dimension 'time'"):
            open_ice_file(path)


def test_the_months_of_a_selected_year_are_of_that_year(tmp_path: Path) -> None:
    stored = np.stack([[np.full((6, 8), (y + m) / 20) for m in FROM_DECEMBER] for y in (0, 4)])
    path = write(
        tmp_path / "a.nc",
        {"year": 2, "month": 12, "lat": 6, "lon": 8},
        {
            "sic": ("f8", ("year", "month", "lat", "lon"), stored, {"units": "1"}),
            "lat": ("f8", ("lat",), 70 + 0.5 * np.arange(6), {}),
            "lon": ("f8", ("lon",), 60 + 0.5 * np.arange(8), {}),
            "year": ("i4", ("year",), [2019, 2020], {}),
            "month": ("i4", ("month",), FROM_DECEMBER, {}),
        },
    )
    field = open_ice_file(path, select={"year": 2020})
    assert field.sampler(KARA).on(at(2020, 9, 16))[0][0] == pytest.approx(13 / 20)
    assert not field.covers(at(2019, 9, 16))
    assert open_ice_file(path, select={"year": 2020}, repeat_yearly=True).covers(at(2050, 9, 16))


@pytest.mark.parametrize(
    "calendar", ["THIRTY_DAY_MONTHS", "360_DAY", "360 day", "360", "No_Leap", "365_days", "NOLEAP", "Gregorian", "366"]
)
def test_calendars_of_other_spelling(calendar: str, tmp_path: Path) -> None:
    length = {"3": 30.0, "T": 30.0}.get(calendar[0], 365 / 12)
    if calendar in ("365_days", "366"):
        length = 365 / 12
    stored = np.stack([np.full((6, 8), m / 20) for m in range(1, 13)])
    times = length * (np.arange(12) + 0.5)
    time = {"units": "days since 2031-01-01", "calendar": calendar}
    field = open_ice_file(plain(tmp_path / "a.nc", stored, times=times, time=time))
    assert month_shares(field) == pytest.approx(list(range(1, 13)), abs=0.03)


def test_an_unknown_calendar_names_the_nearest(tmp_path: Path) -> None:
    path = plain(tmp_path / "a.nc", np.full((1, 6, 8), 0.5), time={"calendar": "noleaps"})
    with pytest.raises(DataError, match=r"unknown calendar \(did you mean noleap\?\); known: standard"):
        open_ice_file(path)


@pytest.mark.parametrize("calendar", ["standard", "noleap", "360_day", "proleptic_gregorian"])
@pytest.mark.parametrize("start", ["2030-07-01", "2031-01-01 00:00:00"])
def test_months_since_count_calendar_months(calendar: str, start: str, tmp_path: Path) -> None:
    first = 6 if start.startswith("2030") else 0
    time = {"units": f"months since {start}", "calendar": calendar}
    stored = np.stack([np.full((6, 8), m / 20) for m in range(1, 13)])
    for shift in (0.0, 0.5):
        path = plain(tmp_path / f"{shift}.nc", stored, times=first + np.arange(12) + shift, time=time)
        assert month_shares(open_ice_file(path)) == pytest.approx(list(range(1, 13)), abs=0.03)


def test_months_since_over_many_years() -> None:
    found = days_of(np.array([0, 1, 13.5, -1]), "months since 1999-01-01", "standard")
    assert found == pytest.approx([at(1999, 1), at(1999, 2), at(2000, 2, 15.5), at(1998, 12)])


def test_years_since_are_refused(tmp_path: Path) -> None:
    path = plain(tmp_path / "a.nc", np.full((1, 6, 8), 0.5), times=[50.0], time={"units": "years since 1970-01-01"})
    with pytest.raises(DataError, match=r"dates in 'time' cannot be read \(units 'years since 1970-01-01'"):
        open_ice_file(path)


@pytest.mark.parametrize("reference", ["0000-01-01", "0000-01-01 00:00:00", "0-1-1"])
@pytest.mark.parametrize("calendar", ["noleap", "", "360_day"])
def test_a_climatology_of_year_0_must_be_meant_for_every_year(reference: str, calendar: str, tmp_path: Path) -> None:
    stored = np.stack([np.full((6, 8), m / 20) for m in range(1, 13)])
    times = (30 if calendar == "360_day" else 365 / 12) * (np.arange(12) + 0.5)
    time = {"units": f"days since {reference}", **({"calendar": calendar} if calendar else {})}
    path = plain(tmp_path / "a.nc", stored, times=times, time=time)
    with pytest.raises(UsageError, match=r"dates are of the year 0, .*; set repeat_yearly"):
        open_ice_file(path)
    assert month_shares(open_ice_file(path, repeat_yearly=True)) == pytest.approx(list(range(1, 13)), abs=0.03)


@pytest.mark.parametrize("year", [0, 1])
def test_a_climatology_stamped_at_the_ends_of_its_months(year: int, tmp_path: Path) -> None:
    """CESM: the mean of January 0001 is stamped 0001-02-01 00:00."""
    lengths = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    stored = np.stack([np.full((6, 8), m / 20) for m in range(1, 13)])
    time = {"units": f"days since {year:04}-01-01", "calendar": "noleap"}
    field = open_ice_file(plain(tmp_path / "a.nc", stored, times=np.cumsum(lengths), time=time), repeat_yearly=True)
    assert month_shares(field) == pytest.approx(list(range(1, 13)), abs=0.03)
    assert any("ends of the months" in note for note in field.notes)


def test_a_year_1_does_not_cover_today_and_says_so(tmp_path: Path) -> None:
    stored = np.full((12, 6, 8), 0.5)
    time = {"units": "days since 0001-01-01", "calendar": "noleap"}
    field = open_ice_file(plain(tmp_path / "a.nc", stored, times=365 / 12 * (np.arange(12) + 0.5), time=time))
    with pytest.raises(DataError, match=r"no ice for 2024-01-05; it covers 0001-01-01 to 0001-12-31.*repeat_yearly"):
        field.require(19727.0, 19727.0)


def test_real_dates_from_a_year_0_that_the_calendar_lacks_are_refused(tmp_path: Path) -> None:
    path = plain(tmp_path / "a.nc", np.full((1, 6, 8), 0.5), times=[739_000.0], time={"units": "days since 0000-01-01"})
    with pytest.raises(DataError, match="has no year 0 to count from"):
        open_ice_file(path)


@pytest.mark.parametrize("value", [1e9, -1e7, 4e6])
def test_dates_beyond_all_years_are_refused(value: float, tmp_path: Path) -> None:
    path = plain(tmp_path / "a.nc", np.full((1, 6, 8), 0.5), times=[value])
    with pytest.raises(DataError, match="dates in 'time' cannot be read"):
        open_ice_file(path)
