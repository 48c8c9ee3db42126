"""Positions of cells from x, y and a projection, or from the axes of a rotated grid."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.errors import DataError
from sim.geo.geodesy import Floats
from sim.ice.files.access import FOREIGN, MAX_CELLS, MAX_VALUES, damaged, listed, named, quiet
from sim.ice.files.packing import packing_of

if TYPE_CHECKING:
    import xarray as xr
    from pyproj import CRS

AXES = {"x": re.compile(r"x|xc|xgrid|projection_x|easting"), "y": re.compile(r"y|yc|ygrid|projection_y|northing")}
CRS_TEXTS = ("crs_wkt", "spatial_ref", "proj4text", "proj4_string", "proj4", "srid")
LENGTH_M = {"m": 1.0, "meter": 1.0, "meters": 1.0, "metre": 1.0, "metres": 1.0, "cm": 0.01}
LENGTH_M |= {"km": 1e3, "kilometer": 1e3, "kilometers": 1e3, "kilometre": 1e3, "kilometres": 1e3}
LARGEST_KM: Final = 20_000.0  # no x or y of a grid of the northern hemisphere is more, false origins counted
SMALLEST_KM: Final = 100.0  # numbers below may as well be units of 100 km
FINEST_KM: Final = 0.5
ROTATED: Final = "rotated_latitude_longitude"
ROTATED_AXES = {
    "x": re.compile(r"rlon|grid_?longitude|rotated_?longitude|lon_?rot"),
    "y": re.compile(r"rlat|grid_?latitude|rotated_?latitude|lat_?rot"),
}


def projected_positions(
    data: xr.Dataset, name: str, path: Path, notes: list[str] | None = None
) -> tuple[tuple[str, ...], Floats]:
    """Horizontal dimensions and lon, lat degrees (rows, columns, 2) of the cells of a variable, from x and y.

    By the projection (CF conventions, section 5.6), whatever else the file holds. What was decided for the user goes to
    `notes`. Raises DataError.
    """
    dims = tuple(map(str, data[name].dims))
    x, y = (_axis(data, dims, axis) for axis in "xy")
    if x is None or y is None:
        raise DataError(
            f"{path.name}: variable '{name}' ({', '.join(dims) or 'a single number'}) has no positions: looked for "
            "latitudes and longitudes on its dimensions, then for x and y of a projection; the file holds: "
            f"{listed(data.variables)}"
        )
    horizontal = tuple(d for d in dims if d in (x.dims[0], y.dims[0]))
    check_size(data, horizontal, name, path)
    crs = crs_of(data, name, path)
    unit_m = crs.axis_info[0].unit_conversion_factor if crs.axis_info else 1.0
    east, north = (v / unit_m for v in _metres(x, y, path, notes if notes is not None else []))
    # to the latitudes of the projection's own ellipsoid, without a change of datum
    return horizontal, _transformed(crs, crs.geodetic_crs, east, north, horizontal[0] == y.dims[0], path)


def rotated_positions(
    data: xr.Dataset, name: str, path: Path, axes: tuple[xr.DataArray, xr.DataArray]
) -> tuple[tuple[str, ...], Floats]:
    """As `projected_positions`, from the two axes, longitudes first, of a grid with a pole of its own."""
    x, y = axes
    horizontal = tuple(str(d) for d in data[name].dims if d in (x.dims[0], y.dims[0]))
    check_size(data, horizontal, name, path)
    crs = _rotated_crs(data, name, path, f"'{y.name}' and '{x.name}'")
    east, north = (degrees_of(v, path) for v in axes)
    return horizontal, _transformed(crs, crs.source_crs, east, north, horizontal[0] == y.dims[0], path)


def _transformed(crs: CRS, base: CRS | None, east: Floats, north: Floats, rows_first: bool, path: Path) -> Floats:
    """Lon, lat degrees of the grid of two axes; rows (north) come first, or columns."""
    from pyproj import Transformer

    grid = np.meshgrid(east, north, indexing="xy" if rows_first else "ij")
    with quiet():
        try:
            lon, lat = Transformer.from_crs(crs, base, always_xy=True).transform(*grid)
        except FOREIGN as error:
            raise DataError(f"{path.name}: the projection cannot be inverted ({error})") from error
    out = np.stack([lon, lat], axis=-1)
    out[~np.isfinite(out).all(axis=-1)] = np.nan
    return out


def is_rotated(axis: xr.DataArray) -> bool:
    """Whether degrees say of themselves that they belong to a rotated grid."""
    standard = named(axis.attrs, "standard_name").lower()
    said = re.search(r"\brotated", named(axis.attrs, "long_name").lower())
    by_words = said is not None and axis.ndim == 1 and standard not in ("latitude", "longitude")
    return standard in ("grid_latitude", "grid_longitude") or by_words


def rotated_axes(data: xr.Dataset, name: str) -> tuple[xr.DataArray, xr.DataArray] | None:
    """The axes, longitudes first, of a variable on a grid that is said to be rotated; None where it is not."""
    dims = tuple(map(str, data[name].dims))
    lines = [v for n in data.variables if (v := data[n]).ndim == 1 and v.dims[0] in dims and v.dtype.kind in "iuf"]
    mapped = has_rotated_mapping(data, name)
    found = []
    for axis, word in (("x", "longitude"), ("y", "latitude")):
        tests: tuple[Callable[[xr.DataArray], bool], ...] = (
            lambda v, word=word: named(v.attrs, "standard_name").lower() == f"grid_{word}",  # type: ignore[misc]
            lambda v, word=word: is_rotated(v) and word in named(v.attrs, "long_name").lower(),  # type: ignore[misc]
            lambda v, axis=axis: ROTATED_AXES[axis].fullmatch(str(v.name).lower()) is not None,  # type: ignore[misc]
        )
        found.append(next((v for test in tests for v in lines if test(v)), _axis(data, dims, axis) if mapped else None))
    x, y = found
    return None if x is None or y is None or x.dims == y.dims else (x, y)


def has_rotated_mapping(data: xr.Dataset, name: str) -> bool:
    """Whether the projection that a variable names is that of a rotated grid."""
    mapping = _mapping(data, name)
    return mapping in data.variables and named(data[mapping].attrs, "grid_mapping_name").lower() == ROTATED


def _mapping(data: xr.Dataset, name: str) -> str:
    return named(data[name].attrs, "grid_mapping").split(":")[0].strip()


def _attributes(data: xr.Dataset, holder: str) -> dict[str, Any]:
    return {str(k): v.item() if hasattr(v, "item") and v.size == 1 else v for k, v in data[holder].attrs.items()}


def _rotated_crs(data: xr.Dataset, name: str, path: Path, axes: str) -> CRS:
    """The rotated pole that the variable names, else that of the file. Raises DataError."""
    from pyproj import CRS

    holders = [str(n) for n, v in data.variables.items() if named(v.attrs, "grid_mapping_name").lower() == ROTATED]
    own = _mapping(data, name)
    fault = f"no variable has the grid_mapping_name {ROTATED}"
    if holders:
        attributes = _attributes(data, own if own in holders else holders[0])
        # a text beside the attributes may be of the true latitudes
        plain = {k: v for k, v in attributes.items() if k not in CRS_TEXTS} | {"grid_mapping_name": ROTATED}
        with quiet():
            try:
                crs = CRS.from_cf(plain)
                if crs.is_derived and crs.source_crs is not None:
                    return crs
                fault = "its attributes give no pole"
            except FOREIGN as error:
                fault = f"its pole cannot be read, {type(error).__name__} {error}"
    raise DataError(
        f"{path.name}: {axes} are degrees of a rotated grid, not true ones, and {fault}: looked for "
        "grid_north_pole_latitude and grid_north_pole_longitude. Take a version with latitudes and longitudes of each "
        "cell"
    )


def crs_of(data: xr.Dataset, name: str, path: Path) -> CRS:
    """The projection: its text where there is one, since the single attributes are wrong in some products.

    NOAA/NSIDC G02202 v4 says a straight vertical longitude of 135 and has -45 in its texts. Raises DataError.
    """
    from pyproj import CRS

    mapping = _mapping(data, name)
    others = [str(n) for n, v in data.variables.items() if "grid_mapping_name" in v.attrs or "crs_wkt" in v.attrs]
    faults = []
    for holder in [n for n in (mapping, *others) if n in data.variables]:
        attributes = _attributes(data, holder)
        for text in (attributes.get(k) for k in CRS_TEXTS):
            with quiet():
                try:
                    if text and (crs := CRS.from_user_input(text)).is_projected:
                        return crs
                except FOREIGN as error:
                    faults.append(str(error))
        with quiet():
            try:
                return CRS.from_cf(attributes)
            except FOREIGN as error:
                faults.append(f"{type(error).__name__} {error}")
    fault = f" ({faults[-1][:150]})" if faults else ""
    raise DataError(
        f"{path.name}: x and y, but no latitudes and no usable projection{fault}: looked for a variable "
        f"'{mapping or 'crs'}' with crs_wkt, spatial_ref, proj4text or the attributes of CF"
    )


def _axis(data: xr.Dataset, dims: tuple[str, ...], axis: str) -> xr.DataArray | None:
    """The x or y of a projection on one of some dimensions, or None."""
    lines = [v for n in data.variables if (v := data[n]).ndim == 1 and v.dims[0] in dims and v.dtype.kind in "iuf"]
    tests: tuple[Callable[[xr.DataArray], bool], ...] = (
        lambda v: named(v.attrs, "standard_name") == f"projection_{axis}_coordinate",
        lambda v: AXES[axis].fullmatch(str(v.name).lower()) is not None,
        lambda v: named(v.attrs, "axis").lower() == axis,
    )
    return next((v for test in tests for v in lines if test(v)), None)


def _metres(x: xr.DataArray, y: xr.DataArray, path: Path, notes: list[str]) -> tuple[Floats, Floats]:
    """x and y in m. Without units their size decides, and a note says so. Raises DataError where it does not."""
    axes = x, y
    stored = [values_of(v, path) for v in axes]
    units = [_unit_m(v, path) for v in axes]
    names = " and ".join(f"'{v.name}'" for v in axes)
    most, step = _extent(stored)
    as_km = SMALLEST_KM <= most <= LARGEST_KM and step >= FINEST_KM
    span = f"up to {most:g} in steps of {step:g}"
    if units[0] is None and units[1] is None:
        counted = any(np.isin(v.min(), (0, 1)) and (np.abs(np.diff(v)) == 1).all() for v in stored if v.size > 2)
        if most <= LARGEST_KM and (counted or not as_km):
            raise DataError(
                f"{path.name}: {names} have no units, and {span} are {'counts' if counted else 'no metres'}, or what "
                "is not certain; give them the attribute units, m or km (ncatted -a units,x,c,c,km FILE)"
            )
        scale = 1e3 if as_km else 1.0
        if as_km:
            notes.append(f"{names} have no units: {span}, taken as km")
        return stored[0] * scale, stored[1] * scale
    if units[0] is None or units[1] is None:
        notes.append(f"of {names} one has no units: taken as those of the other")
    one, two = (next(u for u in pair if u is not None) for pair in (units, units[::-1]))
    if one == two == 1 and as_km:
        raise DataError(
            f"{path.name}: {names} are said to be in m, but {span} are a grid of {2 * most / 1e3:.3g} km; if they are "
            "km, correct their attribute units (ncatted -a units,x,o,c,km FILE)"
        )
    return stored[0] * one, stored[1] * two


def _extent(axes: list[Floats]) -> tuple[float, float]:
    """The largest size of the numbers of some axes, and the usual step between neighbours."""
    every = np.concatenate(axes)
    steps = np.concatenate([np.abs(np.diff(v)) for v in axes])
    good, known = every[np.isfinite(every)], steps[np.isfinite(steps)]
    return float(np.abs(good).max(initial=0.0)), float(np.median(known)) if known.size else float("inf")


def _unit_m(axis: xr.DataArray, path: Path) -> float | None:
    """Metres of the unit of x or y, None without one; "100 km" and "1000 m" are units too."""
    units = named(axis.attrs, "units").lower()
    if units in ("", "1", "none"):
        return None
    match = re.fullmatch(r"(\d*\.?\d*(?:e\d+)?)\s*([a-z]+)", units)
    if not match or match[2] not in LENGTH_M or match[1] == ".":
        raise DataError(
            f"{path.name}: '{axis.name}' is in '{units}'; allowed are m, km and a number of them ('100 km')"
        )
    return float(match[1] or 1) * LENGTH_M[match[2]]


def degrees_of(variable: xr.DataArray, path: Path) -> Floats:
    """Values of a coordinate in degrees."""
    values = values_of(variable, path)
    return np.rad2deg(values) if named(variable.attrs, "units").lower().startswith("rad") else values


def values_of(variable: xr.DataArray, path: Path) -> Floats:
    """Values of a coordinate, nan where missing. Raises DataError for a damaged file."""
    try:
        with quiet():
            return packing_of(variable.attrs, variable.dtype).values(variable.values)
    except FOREIGN as error:
        raise damaged(path, error) from error


def check_size(data: xr.Dataset, horizontal: tuple[str, ...], name: str, path: Path) -> None:
    """Refuses a grid that would fill the memory, before anything of it is read."""
    count = int(np.prod([data.sizes[d] for d in horizontal]))
    chunk = int(np.prod(data[name].encoding.get("chunksizes") or [1], dtype=np.float64))
    if count > MAX_CELLS or chunk > MAX_VALUES:
        raise DataError(
            f"{path.name}: '{name}' has {count:,} cells, stored in pieces of {chunk:,} values; at most {MAX_CELLS:,} "
            f"and {MAX_VALUES:,} are read. Cut out the Arctic, or take a coarser version"
        )
