"""NetCDF files of ice: finding the variables, and their units."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.errors import DataError, UsageError, did_you_mean
from sim.geo.geodesy import Floats
from sim.ice.files.access import Attributes, listed, named

if TYPE_CHECKING:
    import xarray as xr

CONCENTRATION = "sea_ice_area_fraction"
THICKNESS = "sea_ice_thickness"
# in lower case; names of one letter or of any ice come last, and count only where no other is found
CONCENTRATION_NAMES = re.compile(
    r"cdr_seaice_conc(_monthly)?|seaice_conc_(monthly_)?cdr|ice_conc|siconca?|sic|aice(_[dhm]|_1)?|a_ice|([fn]\d\d_)?icecon|"
    r"sea_?ice_?(concentration|conc|fraction|area_fraction|cover|area)?|iceconc|icefrac|soicecov|ileadfra|fice|icec|"
    r"asi ice concentration"
)
GENERIC_NAMES = re.compile(r"z|ice|ci")
THICKNESS_NAMES = re.compile(
    r"sithick|hice|sivol|heff|hiday|hi(_[dhm]|_1)?|[mh]_ice|sit|sea_?ice_?thickness|ice_?thickness|iicethic|sithic"
)
# thickness spread over the whole cell, ice and water: ROMS, CMIP6 volume, PIOMAS, CICE, FESOM
GRID_MEAN_NAMES = re.compile(r"hice|sivol|heff|hiday|hi(_[dhm]|_1)?|m_ice")
SHARE_UNITS = {"", "1", "1.0", "-", "none", "fraction", "dimensionless", "unitless", "0-1", "(0 - 1)", "(0-1)"}
PERCENT_UNITS = {"%", "percent", "percentage", "pct", "per cent"}
LENGTH_UNITS = {"": 1.0, "m": 1.0, "meter": 1.0, "meters": 1.0, "metre": 1.0, "metres": 1.0, "cm": 0.01, "mm": 0.001}
SHARE_TOLERANCE: Final = 1e-4  # rounding of packed numbers; the codes for land of NSIDC-0803 begin at 1.004
THICKEST_M: Final = 40.0  # more is no thickness of ice


def gridded(data: xr.Dataset) -> list[str]:
    """Names of the variables that could be fields: numbers on two dimensions or more."""
    return [str(n) for n, v in data.variables.items() if v.dtype.kind in "iuf" and v.ndim >= 2]


def _known(data: xr.Dataset, variable: str, key: str, file: str) -> str:
    if variable in data.variables and data[variable].dtype.kind in "iuf":
        return variable
    problem = "holds no numbers" if variable in data.variables else "is not in the file"
    hint = did_you_mean(variable, map(str, data.variables))
    raise UsageError(f"{file}: {key} '{variable}' {problem}{hint}; its fields are: {listed(gridded(data))}")


def _candidates(data: xr.Dataset, standard: str, *patterns: re.Pattern[str]) -> list[str]:
    """Names that may be meant, those of the first test that any passes: standard name and pattern, either alone."""
    fields = [str(n) for n, v in data.variables.items() if v.dtype.kind in "iuf" and v.ndim >= 1]
    right = [n for n in fields if named(data[n].attrs, "standard_name").lower() == standard]
    for names in (right, fields):
        for pattern in patterns:
            if found := [n for n in names if pattern.fullmatch(n.lower())]:
                return found
        if names is right and right:
            return right
    return []


def find_concentration(data: xr.Dataset, variable: str | None, file: str) -> str:
    """Name of the concentration: the user's, else by standard name, else by the names that products use.

    Raises UsageError for an unknown name or several candidates, DataError where there is none.
    """
    if variable is not None:
        return _known(data, variable, "variable", file)
    found = _candidates(data, CONCENTRATION, CONCENTRATION_NAMES, GENERIC_NAMES)
    if len(found) > 1:
        raise UsageError(f"{file}: several concentrations: {listed(found)}; say which one with 'variable'")
    if not found:
        raise DataError(
            f"{file}: no ice concentration: no variable has the standard_name {CONCENTRATION} or a usual name "
            f"(ice_conc, siconc, cdr_seaice_conc, aice, ...); its fields are: {listed(gridded(data))}. "
            "If one of them is the concentration, name it with 'variable'"
        )
    return found[0]


def find_thickness(data: xr.Dataset, variable: str | None, file: str, needed: bool = False) -> str | None:
    """Name of the thickness, or None where there is none and none is needed, or where the user says 'none'.

    Raises UsageError for an unknown name or several candidates, DataError where it is needed and missing.
    """
    if variable is not None:
        return None if variable.lower() == "none" else _known(data, variable, "thickness_variable", file)
    found = _candidates(data, THICKNESS, THICKNESS_NAMES)
    if len(found) > 1:
        raise UsageError(
            f"{file}: several thicknesses: {listed(found)}; say which one with 'thickness_variable', or 'none'"
        )
    if not found and needed:
        raise DataError(
            f"{file}: no ice thickness: no variable has the standard_name {THICKNESS} or a usual name (sithick, hice, "
            f"sivol, heff, ...); its fields are: {listed(gridded(data))}. Name one with 'thickness_variable'"
        )
    return found[0] if found else None


def is_grid_mean(name: str, attributes: Attributes) -> bool:
    """Whether a thickness is of the whole cell (ice volume over cell area), not of the floes.

    By `cell_methods` (CF conventions, section 7.3.3), then the variable's name, then words of its long name.
    """
    methods = re.search(r"where (sea_ice|sea|ocean)", named(attributes, "cell_methods").lower())
    if methods:
        return methods[1] != "sea_ice"
    long_name = named(attributes, "long_name").lower()
    return bool(GRID_MEAN_NAMES.fullmatch(name.lower()) or re.search(r"volume|effective|in cell|grid.?cell", long_name))


def percent_units(units: str, name: str, file: str) -> bool:
    """Whether units are per cent (or else a share of 1). Raises DataError for other units."""
    plain = units.strip().lower()
    if plain in PERCENT_UNITS or plain in SHARE_UNITS:
        return plain in PERCENT_UNITS
    raise DataError(
        f"{file}: variable '{name}' is in '{units}', which is no concentration; allowed are % and 1. "
        "Name another with 'variable', or set 'units' if the file is wrong"
    )


def metres(units: str, name: str, file: str) -> float:
    """Metres of one unit of a thickness. Raises DataError for units that are no length."""
    try:
        return LENGTH_UNITS[units.strip().lower()]
    except KeyError:
        raise DataError(
            f"{file}: variable '{name}' is in '{units}', which is no thickness; allowed are m, cm and mm"
        ) from None


def looks_percent(values: Floats) -> bool:
    """Whether values said to be shares are per cent: more different ones between 1.5 and 100 than up to 1.

    Counting different values keeps a handful of codes for land and coast above 1 from looking like per cent.
    """
    different = np.unique(values[np.isfinite(values)])
    small = np.count_nonzero((different > 0) & (different <= 1 + SHARE_TOLERANCE))
    large = np.count_nonzero((different > 1.5) & (different <= 100 + 100 * SHARE_TOLERANCE))
    return bool(large > small)
