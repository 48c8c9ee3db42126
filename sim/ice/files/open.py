"""Ice from the user's own NetCDF file: concentration, and floe thickness where there is one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sim.errors import UsageError
from sim.ice.files.access import named, opened
from sim.ice.files.coverage import coverage_notes
from sim.ice.files.dates import Select, Slices, slices_of
from sim.ice.files.field import FileField, Series, check_dates
from sim.ice.files.grid import Grid, grid_of
from sim.ice.files.packing import packing_of, within
from sim.ice.files.percent import is_fraction
from sim.ice.files.variables import (
    SHARE_TOLERANCE,
    THICKEST_M,
    find_concentration,
    find_thickness,
    is_grid_mean,
    looks_percent,
    metres,
    percent_units,
)

if TYPE_CHECKING:
    import xarray as xr

ThicknessKind = Literal["floe", "grid_mean"]


def open_ice_file(
    path: str | Path,
    *,
    variable: str | None = None,
    thickness_variable: str | None = None,
    thickness_path: str | Path | None = None,
    thickness_kind: ThicknessKind | None = None,
    units: str | None = None,
    select: Select | None = None,
    repeat_yearly: bool = False,
    any_date: bool = False,
) -> FileField:
    """Open a NetCDF file as a field of ice. Reads the coordinates and one date; the others when they are needed.

    `variable` and `thickness_variable` name the variables where the file leaves a choice; `thickness_variable` 'none'
    leaves the thickness out. `thickness_path` is a second file, under the same rules of dates, with a grid of its own.
    `thickness_kind` says whether the thickness is of the 'floe' or a 'grid_mean' over ice and water, where names and
    attributes of the file are wrong; `units` ('%' or '1') does so for the concentration. `select` maps further
    dimensions to a label, or the dimension of time to the beginning of a date ('2020', '2020-03').
    `repeat_yearly`: the dates of one year stand for every year. `any_date`: the only date stands for every day.

    Raises UsageError (a path that is no file, an unknown name, a choice that is missing) and DataError (a file that is
    damaged, or holds no usable concentration), with what was looked for, what was found and what to do.
    """
    if repeat_yearly and any_date:
        raise UsageError(
            "repeat_yearly and any_date exclude each other: one keeps the days of the year, the other none"
        )
    if thickness_kind not in (None, "floe", "grid_mean"):
        raise UsageError(f"thickness_kind '{thickness_kind}': allowed are floe and grid_mean")
    rules = _Rules(dict(select or {}), repeat_yearly, any_date)
    file = Path(path)
    thickness, mean = None, False
    with opened(file) as data:
        name = find_concentration(data, variable, file.name)
        sources = [_source(data, file)]
        concentration = _concentration(data, name, file, rules, units)
        found = None
        if thickness_path is None:
            found = find_thickness(data, thickness_variable, file.name)
        if found is not None:
            thickness = _thickness(data, found, file, rules, concentration.grid)
            mean = is_grid_mean(found, data[found].attrs)
    if thickness_path is not None:
        second = Path(thickness_path)
        with opened(second) as data:
            found = find_thickness(data, thickness_variable, second.name, needed=True)
            if found is None:
                raise UsageError("thickness_variable 'none' and a file of thickness exclude each other")
            thickness = _thickness(data, found, second, rules, None)
            mean = is_grid_mean(found, data[found].attrs)
            sources.append(_source(data, second))
    if thickness is not None:
        check_dates(concentration, thickness)
    return FileField(
        concentration, thickness, thickness_kind == "grid_mean" if thickness_kind else mean, tuple(sources)
    )


class _Rules:
    """What the user said of dates and further dimensions."""

    def __init__(self, select: dict[str, str | int], repeat_yearly: bool, any_date: bool) -> None:
        self.select, self.repeat_yearly, self.any_date = select, repeat_yearly, any_date

    def slices(self, data: xr.Dataset, name: str, grid: Grid, path: Path, strict: bool) -> Slices:
        """How to cut a variable into dates; not `strict`: selections that it has no dimension for are left out."""
        select = {k: v for k, v in self.select.items() if strict or k in data[name].dims}
        return slices_of(
            data, name, grid.dims, path, select=select, repeat_yearly=self.repeat_yearly, any_date=self.any_date
        )


def _concentration(data: xr.Dataset, name: str, path: Path, rules: _Rules, units: str | None) -> Series:
    said = named(data[name].attrs, "units") if units is None else units
    percent = percent_units(said, name, path.name)
    grid = grid_of(data, name, path)
    packing = packing_of(data[name].attrs, data[name].dtype, 100.0 if percent else 1.0)
    series = Series(path, name, grid, rules.slices(data, name, grid, path, strict=True), packing)
    if units is None and not percent and looks_percent(series.tried(data)):
        series.said.append(f"{name}: said to be in '{said}', but its values are per cent; divided by 100")
        percent = True
    elif units is None and percent and is_fraction(series, data):
        percent, series.packing = False, packing_of(data[name].attrs, data[name].dtype, 1.0)
    series.units_given = units is not None
    series.factor, series.high, series.tolerance = 0.01 if percent else 1.0, 1.0, SHARE_TOLERANCE
    series.checked(data)
    shown = within(series.stored(data, series.shown) * series.factor, 1.0, SHARE_TOLERANCE)[0]
    series.said += coverage_notes(name, grid, shown)
    return series


def _thickness(data: xr.Dataset, name: str, path: Path, rules: _Rules, grid: Grid | None) -> Series:
    """A thickness; on the grid of the concentration if it has its dimensions, else on its own."""
    if grid is None or not set(grid.dims) <= set(data[name].dims):
        grid = grid_of(data, name, path)
    series = Series(
        path,
        name,
        grid,
        rules.slices(data, name, grid, path, strict=False),
        packing_of(data[name].attrs, data[name].dtype),
    )
    series.factor, series.high = metres(named(data[name].attrs, "units"), name, path.name), THICKEST_M
    series.tolerance = SHARE_TOLERANCE
    series.checked(data)
    return series


def _source(data: xr.Dataset, path: Path) -> str:
    """One line on where a file is from, by its own words."""
    words = [named(data.attrs, key) for key in ("title", "id", "product_version")]
    return f"{path.name}: " + (", ".join(w for w in words if w) or "no title in the file")
