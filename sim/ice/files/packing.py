"""How stored numbers become values, by what a file declares and by what products mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.geo.geodesy import Floats
from sim.ice.files.access import Attributes, named


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
