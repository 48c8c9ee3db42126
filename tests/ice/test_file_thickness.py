"""A thickness of other dates than the concentration is never left out without a word."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import DataError
from sim.ice.climate import ClimateField
from sim.ice.field import day_number
from sim.ice.files import open_ice_file
from sim.ice.files.gap_filled import GapFilledField
from tests.ice.netcdf_files import Array, plain
from tests.ice.test_file_dates import labelled

KARA = np.array([[62.0, 71.0]])
SCENARIO = """format: 1
name: t
description: t
voyage: {from: Dalian, to: Rotterdam, depart: 2013-08-15}
vessel: {type: mpp_19k_1a, speed_kn: 12.7}
alternatives: [{route: nsr}]
ice: {file: c.nc, thickness_file: h.nc}
"""


def at(year: int, month: int, day: float = 1) -> float:
    return day_number(datetime(year, month, 1, tzinfo=UTC)) + day - 1


def of_dates(path: Path, times: Array | list[float], thick: bool = False, **more: Any) -> Path:
    own = {"name": "sithick", "own": {"units": "m"}} if thick else {}
    return plain(path, np.full((len(times), 6, 8), 0.5), times=np.asarray(times), **own, **more)


AUGUST = at(2013, 8) + np.arange(31)


@pytest.mark.parametrize(
    "times",
    [
        AUGUST - 3652,
        AUGUST + 365,
        [at(2013, 7, 31)],
        [at(2013, 9, 1)],
        [at(2012, m, 16) for m in range(1, 13)],
        [at(2013, 6, 16), at(2013, 10, 16)],
    ],
)
def test_a_thickness_without_a_date_of_the_concentration_is_refused(times: list[float], tmp_path: Path) -> None:
    path = of_dates(tmp_path / "c.nc", AUGUST)
    other = of_dates(tmp_path / "h.nc", times, thick=True)
    message = (
        r"h\.nc: has thickness \('sithick'\) of .*, the concentration in c\.nc is of 2013-08-01 to 2013-08-31: no date "
        "is in both.*repeat_yearly.*any_date.*thickness_variable: none"
    )
    with pytest.raises(DataError, match=message):
        open_ice_file(path, thickness_path=other)


@pytest.mark.parametrize(
    "times",
    [
        AUGUST,
        AUGUST[5:7],
        [at(2013, 8, 20)],
        [at(2013, m, 16) for m in range(1, 13)],
        [at(2013, 7, 20), at(2013, 9, 1)],
    ],
)
def test_a_thickness_with_a_date_of_the_concentration_is_taken(times: list[float], tmp_path: Path) -> None:
    path = of_dates(tmp_path / "c.nc", AUGUST)
    assert open_ice_file(path, thickness_path=of_dates(tmp_path / "h.nc", times, thick=True)).has_thickness


def test_years_that_stand_for_all_have_all_dates_in_common(tmp_path: Path) -> None:
    months = [at(2005, m, 16) for m in range(1, 13)]
    path = of_dates(tmp_path / "c.nc", [at(2013, m, 16) for m in range(1, 13)])
    other = of_dates(tmp_path / "h.nc", months, thick=True)
    field = open_ice_file(path, thickness_path=other, repeat_yearly=True)
    field.require(at(2030, 1), at(2031, 6))
    frozen = open_ice_file(
        of_dates(tmp_path / "c1.nc", [at(2013, 3)]),
        thickness_path=of_dates(tmp_path / "h1.nc", [at(2003, 9)], thick=True),
        any_date=True,
    )
    frozen.require(at(2030, 1), at(2031, 6))
    summer = of_dates(tmp_path / "h2.nc", [at(2005, m, 16) for m in (7, 8)], thick=True)
    field = open_ice_file(path, thickness_path=summer, repeat_yearly=True)
    field.require(at(2030, 7), at(2030, 8, 30))
    with pytest.raises(DataError, match=r"h2\.nc: has no thickness for 2030-09-01"):
        field.require(at(2030, 8, 1), at(2030, 9, 4))
    winter = of_dates(tmp_path / "c3.nc", [at(2013, m, 16) for m in (1, 2, 3)])
    with pytest.raises(DataError, match="no date is in both"):
        open_ice_file(winter, thickness_path=summer, repeat_yearly=True)


def test_months_of_no_year_meet_dates_of_any_year(tmp_path: Path) -> None:
    path = labelled(tmp_path / "c.nc", [6, 7, 8], [6, 7, 8])
    august = of_dates(tmp_path / "h.nc", AUGUST, thick=True)
    assert open_ice_file(path, thickness_path=august).has_thickness
    with pytest.raises(DataError, match="is of every year: no date is in both"):
        open_ice_file(path, thickness_path=of_dates(tmp_path / "i.nc", [at(2013, 3)], thick=True))


def test_the_days_of_a_voyage_need_a_thickness_too(tmp_path: Path) -> None:
    field = open_ice_file(
        of_dates(tmp_path / "c.nc", AUGUST), thickness_path=of_dates(tmp_path / "h.nc", AUGUST[:10], thick=True)
    )
    field.require(at(2013, 8, 2), at(2013, 8, 10))
    said = r"h\.nc: has no thickness for 2013-08-11; 'sithick' covers 2013-08-01 to 2013-08-10\."
    message = said + r".*any_date.*or take the climate"
    with pytest.raises(DataError, match=message):
        field.require(at(2013, 8, 2), at(2013, 8, 20))


def test_the_climate_does_not_stand_in_for_dates(tmp_path: Path) -> None:
    """Ice without a thickness takes that of the climate; on days that the thickness does not cover it is unknown."""
    path, climate = of_dates(tmp_path / "c.nc", AUGUST), ClimateField(1.0)
    other = of_dates(tmp_path / "h.nc", AUGUST[:10], thick=True)
    filled = GapFilledField(open_ice_file(path, thickness_path=other), climate).sampler(KARA)
    assert filled.on(at(2013, 8, 5))[1][0] == 0.5
    assert np.isnan(filled.on(at(2013, 8, 20))[1][0]) and filled.on(at(2013, 8, 20))[0][0] == 0.5
    assert np.isnan(filled.on(np.array([at(2013, 8, 20)]))[1][0])
    without = GapFilledField(open_ice_file(path), climate).sampler(KARA)
    assert without.on(at(2013, 8, 20))[1][0] > 0


@pytest.mark.parametrize(("days", "text"), [(10, "has no thickness for 2013-0[89]-"), (75, "")])
def test_a_voyage_beyond_the_thickness_ends_with_a_message(days: int, text: str, tmp_path: Path) -> None:
    from sim.scenario.compare import run_file

    lat, lon = np.arange(50, 90.1, 1.0), np.arange(-180, 180, 1.0)
    for file, name, count in (("c.nc", "siconc", 75), ("h.nc", "sithick", days)):
        ice = np.where(lat > 75, 0.3, 0.0)[:, None] if name == "siconc" else np.full((len(lat), 1), 0.3)
        stored = np.broadcast_to(ice + 0 * lon, (count, len(lat), len(lon)))
        units = {"units": "1" if name == "siconc" else "m"}
        write_around(tmp_path / file, name, stored, lat, lon, at(2013, 8) + np.arange(count), units)
    path = tmp_path / "s.yaml"
    path.write_text(SCENARIO)
    if text:
        with pytest.raises(DataError, match=text):
            run_file(path)
    else:
        assert run_file(path).outcomes[0].status == "ok"


def write_around(
    path: Path, name: str, stored: Array, lat: Array, lon: Array, times: Array, own: dict[str, str]
) -> None:
    from tests.ice.netcdf_files import write

    write(
        path,
        {"time": len(times), "lat": len(lat), "lon": len(lon)},
        {
            name: ("f4", ("time", "lat", "lon"), stored, own),
            "lat": ("f8", ("lat",), lat, {"units": "degrees_north"}),
            "lon": ("f8", ("lon",), lon, {"units": "degrees_east"}),
            "time": ("f8", ("time",), times, {"units": "days since 1970-01-01"}),
        },
    )
