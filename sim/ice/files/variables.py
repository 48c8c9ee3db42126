"""NetCDF files of ice: finding the variables, their units, and how their stored numbers become values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

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


# -- how stored numbers become values, by what a file declares and by what products mean


@dataclass(frozen=True)
class Packing:
    """How stored numbers become values: value = stored x `scale` + `offset`.

    Stored numbers in `missing`, or outside `stored_range`, are no values; nor are values outside `range`.
    """

    unsigned: bool
    missing: tuple[float, ...]
    stored_range: tuple[float, float]
    range: tuple[float, float]
    scale: float
    offset: float

    def values(self, stored: NDArray[Any]) -> Floats:
        """Values of the shape of `stored`, nan where missing."""
        if self.unsigned and stored.dtype.kind == "i":
            stored = stored.view(stored.dtype.str.replace("i", "u"))
        numbers = stored.astype(np.float64)
        good = np.isfinite(numbers) & (numbers >= self.stored_range[0]) & (numbers <= self.stored_range[1])
        for code in self.missing:
            # a float32 of 1e20 is not the float64 of 1e20
            good &= numbers != (float(np.float32(code)) if stored.dtype == np.float32 else code)
        out = numbers * self.scale + self.offset
        good &= (out >= self.range[0]) & (out <= self.range[1])
        return np.where(good, out, np.nan)


def packing_of(attributes: Attributes, dtype: np.dtype[Any], full: float = np.nan) -> Packing:
    """The packing that attributes declare (CF conventions, section 8.1; NetCDF user's guide, appendix A).

    `full` is the value of full ice in the units of the file: it shows a valid range of the stored numbers that was
    written in units of the values.
    """
    unsigned = dtype.kind == "u" or named(attributes, "_Unsigned").lower() == "true"
    wrap = 2.0 ** (8 * dtype.itemsize) if unsigned and dtype.kind != "f" else 0.0

    def numbers(key: str) -> list[float]:
        raw = attributes.get(key)
        parts = raw.replace(",", " ").split() if isinstance(raw, str) else np.ravel([] if raw is None else raw)
        try:
            found = [float(str(part).rstrip("bBsSlLfFuU")) for part in parts]
        except ValueError:
            return []
        return [v + wrap if v < 0 and wrap else v for v in found]

    scale, offset = (numbers("scale_factor") or [1.0])[0], (numbers("add_offset") or [0.0])[0]
    low, high = numbers("valid_min"), numbers("valid_max")
    if len(both := numbers("valid_range")) == 2:
        low, high = [both[0]], [both[1]]
    limits = (low[0] if low else -np.inf, high[0] if high else np.inf)
    of_values = False
    if dtype.kind != "f" and (scale != 1 or offset != 0):
        keys = [k for k in ("valid_range", "valid_min", "valid_max") if k in attributes]
        top = limits[1] * scale + offset
        of_values = any(np.asarray(attributes[k]).dtype.kind == "f" for k in keys)
        of_values |= bool(np.isfinite(top) and top < 0.5 * full)
    flags = numbers("flag_values")
    if not of_values and np.isfinite(limits).all():  # a flag within the valid range is a value
        flags = [v for v in flags if not limits[0] <= v <= limits[1]]
    open_range = (-np.inf, np.inf)
    return Packing(
        unsigned,
        tuple({*numbers("_FillValue"), *numbers("missing_value"), *flags}),
        open_range if of_values else limits,
        limits if of_values else open_range,
        scale,
        offset,
    )


def within(values: Floats, high: float, tolerance: float) -> tuple[Floats, int]:
    """Values between 0 and `high`, nan outside, and how many were outside by more than the tolerance."""
    wrong = (values < -tolerance) | (values > high + tolerance)
    return np.where(wrong, np.nan, np.clip(values, 0.0, high)), int(np.count_nonzero(wrong))
