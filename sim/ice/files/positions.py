"""Where the cells of an ice file lie: by its latitudes and longitudes, else by x, y and a projection."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import DataError
from sim.geo.geodesy import Floats
from sim.ice.files.access import MAX_CELLS, named
from sim.ice.files.projections import (
    check_size,
    degrees_of,
    has_rotated_mapping,
    is_rotated,
    projected_positions,
    rotated_axes,
    rotated_positions,
    values_of,
)
from sim.ice.files.times import MONTH_DIMENSIONS, SINCE, TIME_DIMENSIONS

if TYPE_CHECKING:
    import xarray as xr

LATITUDES = re.compile(r"lat|lats|latitude|latitudes|nav_lat(_rho|_t)?|lat_rho|tlat|xlat|plat|yt_lat|geolat|gphit|clat")
LONGITUDES = re.compile(
    r"lon|lons|longitude|longitudes|nav_lon(_rho|_t)?|lon_rho|tlon|xlon|plon|xt_lon|geolon|glamt|clon"
)
LOOKED_AT = 50  # dates at which positions are compared with the first
TRUE_UNITS = {"latitude": "degrees?_?(north|n)", "longitude": "degrees?_?(east|e)"}


def positions(
    data: xr.Dataset, name: str, path: Path, notes: list[str] | None = None
) -> tuple[tuple[str, ...], Floats]:
    """Horizontal dimensions of a variable and lon, lat degrees (rows, columns, 2) of its cells, (n, 2) for a list.

    What was decided for the user goes to `notes`. Raises DataError where the file says neither latitudes nor a
    projection, and for grids that move.
    """
    dims = tuple(map(str, data[name].dims))
    pair = _latlon(data, name, dims)
    if pair is None or _axes_of_rotated(data, name, path, pair):
        rotated = rotated_axes(data, name) or (None if pair is None else pair[::-1])
        if rotated is not None:
            return rotated_positions(data, name, path, rotated)
        return projected_positions(data, name, path, notes)
    latitude, longitude = (_steady(data, v, path) for v in pair)
    horizontal = tuple(d for d in dims if d in latitude.dims or d in longitude.dims)
    check_size(data, horizontal, name, path)
    lat, lon = (degrees_of(v, path) for v in (latitude, longitude))
    if latitude.dims != longitude.dims:
        shape = [data.sizes[d] for d in horizontal]
        first = horizontal[0] in latitude.dims
        lat = np.broadcast_to(lat[:, None] if first else lat[None, :], shape)
        lon = np.broadcast_to(lon[None, :] if first else lon[:, None], shape)
    elif latitude.ndim == 2 and latitude.dims != horizontal:
        lat, lon = lat.T, lon.T
    return horizontal, np.stack([lon, lat], axis=-1)


def _axes_of_rotated(data: xr.Dataset, name: str, path: Path, pair: tuple[xr.DataArray, xr.DataArray]) -> bool:
    """Whether two axes are those of a rotated grid, since the variable names its pole. Raises DataError for a doubt."""
    if pair[0].dims == pair[1].dims or not has_rotated_mapping(data, name):
        return False
    for axis, word in zip(pair, ("latitude", "longitude"), strict=True):
        units = named(axis.attrs, "units").lower()
        if named(axis.attrs, "standard_name").lower() == word or re.fullmatch(TRUE_UNITS[word], units):
            raise DataError(
                f"{path.name}: '{axis.name}' is said to be a true {word}, but '{name}' to lie on a rotated grid "
                f"(grid_mapping {named(data[name].attrs, 'grid_mapping')}); if it is rotated, its standard_name is "
                f"grid_{word} and its units are degrees, else '{name}' must name no grid_mapping"
            )
    return True


def _dates_along(data: xr.Dataset, dims: tuple[str, ...]) -> set[str]:
    """Those of the dimensions of a variable that count dates."""
    lines = [v for v in data.variables.values() if v.ndim == 1 and SINCE.fullmatch(named(v.attrs, "units"))]
    along = {str(v.dims[0]) for v in lines}
    called = (TIME_DIMENSIONS, MONTH_DIMENSIONS)
    return {d for d in dims if d in along or any(pattern.fullmatch(d.lower()) for pattern in called)}


def _steady(data: xr.Dataset, variable: xr.DataArray, path: Path) -> xr.DataArray:
    """Positions without dimensions of dates, which may not change along them. Raises DataError."""
    dates = [d for d in map(str, variable.dims) if d in _dates_along(data, tuple(map(str, variable.dims)))]
    if not dates:
        return variable
    first = variable.isel(dict.fromkeys(dates, 0))
    if first.size > MAX_CELLS:
        raise DataError(f"{path.name}: '{variable.name}' has {first.size:,} cells; at most {MAX_CELLS:,} are read")
    start = values_of(first, path)
    for dim in dates:
        for place in np.unique(np.linspace(0, data.sizes[dim] - 1, LOOKED_AT).astype(int)):
            there = values_of(variable.isel(dict.fromkeys(dates, 0) | {dim: int(place)}), path)
            if not np.allclose(start, there, rtol=0, atol=1e-3, equal_nan=True):
                raise DataError(
                    f"{path.name}: the positions in '{variable.name}' change along '{dim}'; a grid that moves is not "
                    "read. Take a version on a fixed grid, or a file of one date"
                )
    return first


def _latlon(data: xr.Dataset, name: str, dims: tuple[str, ...]) -> tuple[xr.DataArray, xr.DataArray] | None:
    """Latitude and longitude of a variable: on the same dimensions if there are such, else each on its own."""
    said = named(data[name].attrs, "coordinates").split()
    ordered = [*(n for n in said if n in data.variables), *(str(n) for n in data.variables if n not in said)]
    dates = _dates_along(data, dims)

    def of_kind(standard: str, names: re.Pattern[str]) -> Iterator[xr.DataArray]:
        for test in ("standard", "unit", "name"):
            for n in ordered:
                v = data[n]
                if not set(v.dims) - dates or not set(v.dims) <= set(dims) or v.dtype.kind not in "iuf" or n == name:
                    continue
                units = named(v.attrs, "units").lower()
                if not is_rotated(v) and (
                    (test == "standard" and named(v.attrs, "standard_name").lower() == standard)
                    or (test == "unit" and re.fullmatch(TRUE_UNITS[standard], units))
                    or (test == "name" and names.fullmatch(n.lower()))
                ):
                    yield v

    def lying(v: xr.DataArray) -> tuple[str, ...]:
        return tuple(str(d) for d in v.dims if d not in dates)

    pairs = [(a, b) for a in of_kind("latitude", LATITUDES) for b in of_kind("longitude", LONGITUDES)]
    for same in (2, 1):
        for a, b in pairs:
            if len(lying(a)) == same and set(lying(a)) == set(lying(b)):
                return a, b if same == 1 else b.transpose(..., *lying(a))
    return next(((a, b) for a, b in pairs if len(lying(a)) == len(lying(b)) == 1), None)
