"""Positions in ice files that are easily taken for others: rotated grids, kilometres without units, moving grids."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sim.errors import DataError
from sim.ice.files import open_ice_file
from tests.ice.netcdf_files import PSN_WKT, Array, pattern, psn, write

POLE_LAT, POLE_LON = 18.0, -140.72
ROTATED = {
    "grid_mapping_name": "rotated_latitude_longitude",
    "grid_north_pole_latitude": POLE_LAT,
    "grid_north_pole_longitude": POLE_LON,
}
DAY = 19727.5


def true_positions(lon: Array, lat: Array) -> Array:
    """Lon, lat degrees (rows, columns, 2) of the axes of a rotated grid, by spherical trigonometry."""
    x, y = np.deg2rad(np.meshgrid(lon, lat))
    pole = np.deg2rad(POLE_LAT)
    sine = np.sin(y) * np.sin(pole) + np.cos(y) * np.cos(pole) * np.cos(x)
    east = np.arctan2(np.cos(y) * np.sin(x), np.cos(y) * np.cos(x) * np.sin(pole) - np.sin(y) * np.cos(pole))
    return np.stack([POLE_LON + 180 + np.rad2deg(east), np.rad2deg(np.arcsin(sine))], axis=-1)


def rotated_file(
    path: Path,
    lat: dict[str, Any],
    lon: dict[str, Any],
    mapping: dict[str, Any] | None = ROTATED,
    names: tuple[str, str] = ("lat", "lon"),
    **extra: Any,
) -> tuple[Path, Array]:
    """The pattern on a rotated grid that holds the pole, and its true positions."""
    y, x = 1.0 * np.arange(14, 21), 1.0 * np.arange(-4, 5)
    row, column = names
    variables: dict[str, Any] = {
        "sic": (
            "f8",
            (row, column),
            pattern() / 100,
            {"units": "1", **({} if mapping is None else {"grid_mapping": "rp"})},
        ),
        row: ("f8", (row,), y, lat),
        column: ("f8", (column,), x, lon),
        **extra,
    }
    if mapping is not None:
        variables["rp"] = ("i4", (), None, mapping)
    return write(path, {row: 7, column: 9}, variables), true_positions(x, y)


GRID = ({"standard_name": "grid_latitude", "units": "degrees"}, {"standard_name": "grid_longitude", "units": "degrees"})


@pytest.mark.parametrize(
    ("axes", "names"),
    [
        (GRID, ("lat", "lon")),
        (GRID, ("rlat", "rlon")),
        (({"units": "degrees"}, {"units": "degrees"}), ("lat", "lon")),
        (({}, {}), ("latitude", "longitude")),
        (({}, {}), ("rlat", "rlon")),
        (
            ({"long_name": "latitude in rotated pole grid"}, {"long_name": "longitude in rotated pole grid"}),
            ("lat", "lon"),
        ),
        (({"units": "degrees"}, {"units": "degrees"}), ("y", "x")),
    ],
)
def test_the_axes_of_a_rotated_grid_become_true_positions(
    axes: tuple[dict[str, Any], dict[str, Any]], names: tuple[str, str], tmp_path: Path
) -> None:
    path, lonlat = rotated_file(tmp_path / "sic_20240105.nc", *axes, names=names)
    field = open_ice_file(path)
    assert_allclose(field.sampler(lonlat.reshape(-1, 2)).on(DAY)[0], pattern().ravel() / 100)
    assert np.isnan(field.sampler(np.array([[0.0, 17.0], [1.0, 40.0]])).on(DAY)[0]).all()


def test_a_rotated_grid_with_the_pole_s_own_meridian(tmp_path: Path) -> None:
    """north_pole_grid_longitude 10: the true pole lies 10 degrees east of the origin, 18 degrees north of it."""
    path, _ = rotated_file(tmp_path / "sic_20240105.nc", *GRID, {**ROTATED, "north_pole_grid_longitude": 4.0})
    found = open_ice_file(path)
    at_pole = found.sampler(np.array([[0.0, 89.99]])).on(DAY)[0][0]
    assert at_pole == pattern()[4, 8] / 100  # the row of 18, the column of 4


def test_true_positions_of_each_cell_count_more_than_rotated_axes(tmp_path: Path) -> None:
    lonlat = psn()[2]
    extra = {
        "xlat": ("f8", ("rlat", "rlon"), lonlat[..., 1], {"long_name": "latitude, no rotated one"}),
        "xlon": ("f8", ("rlat", "rlon"), lonlat[..., 0], {"standard_name": "longitude", "units": "degrees_east"}),
    }
    path, _ = rotated_file(tmp_path / "sic_20240105.nc", *GRID, names=("rlat", "rlon"), **extra)
    assert_allclose(open_ice_file(path).sampler(lonlat.reshape(-1, 2)).on(DAY)[0], pattern().ravel() / 100)


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        (
            None,
            "'lat' and 'lon' are degrees of a rotated grid, not true ones, and no variable has the",
        ),
        ({"grid_mapping_name": "rotated_latitude_longitude"}, "its pole cannot be read"),
        (
            {"grid_mapping_name": "rotated_latitude_longitude", "grid_south_pole_latitude": -30.0},
            "looked for grid",
        ),
    ],
)
def test_a_rotated_grid_without_its_pole_is_refused(
    mapping: dict[str, Any] | None, message: str, tmp_path: Path
) -> None:
    path, _ = rotated_file(tmp_path / "sic_20240105.nc", *GRID, mapping)
    with pytest.raises(DataError, match=message):
        open_ice_file(path)


def test_axes_that_are_true_and_rotated_at_once_are_refused(tmp_path: Path) -> None:
    axes = {"units": "degrees_north"}, {"units": "degrees_east"}
    path, _ = rotated_file(tmp_path / "sic_20240105.nc", *axes)
    with pytest.raises(DataError, match=r"'lat' is said to be a true latitude, but 'sic' to lie on a rotated grid"):
        open_ice_file(path)


# x and y without units


def projected(path: Path, x: Array, y: Array, units: tuple[str | None, str | None], crs: str = PSN_WKT) -> Path:
    own = [{} if u is None else {"units": u} for u in units]
    return write(
        path,
        {"y": len(y), "x": len(x)},
        {
            "sic": ("f8", ("y", "x"), pattern()[: len(y), : len(x)] / 100, {"grid_mapping": "crs"}),
            "x": ("f8", ("x",), x, own[0]),
            "y": ("f8", ("y",), y, own[1]),
            "crs": ("i4", (), None, {"crs_wkt": crs}),
        },
    )


@pytest.mark.parametrize(
    ("unit_m", "units", "note"),
    [
        (1.0, (None, None), ""),
        (1e3, (None, None), "'x' and 'y' have no units: up to 1262.5 in steps of 25, taken as km"),
        (1e3, ("km", None), "of 'x' and 'y' one has no units"),
        (1e3, (None, "kilometers"), "of 'x' and 'y' one has no units"),
        (1e3, ("km", "km"), ""),
        (1.0, ("", "1"), ""),
    ],
)
@pytest.mark.parametrize("crs_km", [False, True])
def test_metres_and_kilometres_are_told_apart(
    unit_m: float, units: tuple[str | None, str | None], note: str, crs_km: bool, tmp_path: Path
) -> None:
    crs = "+proj=stere +lat_0=90 +lat_ts=70 +lon_0=-45 +a=6378273 +b=6356889.449 +units=km" if crs_km else PSN_WKT
    x, y, lonlat = psn()
    field = open_ice_file(projected(tmp_path / "sic_20240105.nc", x / unit_m, y / unit_m, units, crs))
    assert_allclose(field.sampler(lonlat.reshape(-1, 2)).on(DAY)[0], pattern().ravel() / 100)
    assert any(note in n for n in field.notes) if note else not any("unit" in n for n in field.notes)


@pytest.mark.parametrize(
    ("x", "y", "units", "message"),
    [
        (np.arange(9.0), np.arange(7.0), (None, None), "'x' and 'y' have no units, and .* are counts"),
        (np.arange(1.0, 10), np.arange(7.0, 0, -1), (None, None), "are counts"),
        (10 + 0.25 * np.arange(9), 2 + 0.25 * np.arange(7), (None, None), "are no metres, or what is not certain"),
        (
            1062 + 25.0 * np.arange(9),
            187 + 25.0 * np.arange(7),
            ("m", "m"),
            "in m, but .* are a grid of 2.5",
        ),
    ],
)
def test_axes_of_no_certain_unit_are_refused(
    x: Array, y: Array, units: tuple[str | None, str | None], message: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=message):
        open_ice_file(projected(tmp_path / "sic_20240105.nc", x, y, units))


# Positions with dates


@pytest.mark.parametrize("listed", [False, True])
@pytest.mark.parametrize("moves", [False, True])
def test_positions_with_dates_are_read_if_they_stay(listed: bool, moves: bool, tmp_path: Path) -> None:
    lonlat = psn()[2].reshape(-1, 2) if listed else psn()[2]
    dims, shape = (("cell",), (63,)) if listed else (("y", "x"), (7, 9))
    there = np.stack([lonlat, lonlat + (0.5 if moves else 0.0)])
    share = np.stack([pattern().reshape(shape) / 100] * 2)
    path = write(
        tmp_path / "a.nc",
        {"time": 2, **dict(zip(dims, shape, strict=True))},
        {
            "aice": ("f8", ("time", *dims), share, {"units": "1", "coordinates": "TLON TLAT time"}),
            "TLAT": ("f8", ("time", *dims), there[..., 1], {"units": "degrees_north"}),
            "TLON": ("f8", ("time", *dims), there[..., 0], {"units": "degrees_east"}),
            "time": ("f8", ("time",), [19727.0, 19728.0], {"units": "days since 1970-01-01"}),
        },
    )
    if moves:
        with pytest.raises(DataError, match="the positions in 'TLAT' change along 'time'; a grid that moves"):
            open_ice_file(path)
    else:
        found = open_ice_file(path).sampler(lonlat.reshape(-1, 2)).on(19728.0)[0]
        assert_allclose(found, pattern().ravel() / 100)
