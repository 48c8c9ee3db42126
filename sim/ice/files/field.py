"""A file as a field of ice: its variables by date, bound to places."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import DataError
from sim.geo.geodesy import Floats
from sim.ice.field import FieldKind, moment_of
from sim.ice.files.access import FOREIGN, damaged, opened, quiet
from sim.ice.files.dates import Slices
from sim.ice.files.grid import Grid
from sim.ice.files.packing import Packing, within
from sim.ice.files.times import iso_day
from sim.ice.files.variables import SHARE_TOLERANCE, looks_percent

if TYPE_CHECKING:
    from datetime import datetime

    import xarray as xr

    from sim.ice.files.times import Ints

CACHE_BYTES: Final = 256_000_000
KEPT_DATES: Final = 64  # that a sampler remembers
TRIED_DATES: Final = 6  # looked at for the first ice in a file
# what a user can do about dates
OTHER_DATES: Final = "repeat_yearly (one year for every year) or any_date (one date for every day)"
WITHOUT_THICKNESS: Final = "or take the climate's thickness (no thickness_file, or thickness_variable: none)"
LEAST_SHARE: Final = 0.15  # a mean thickness is divided by no less, or a trace of ice would be a thick floe


class Series:
    """One variable of a file: its grid, its dates, and its values by date, read when asked for and kept for a while.

    A value is a stored number unpacked, times `factor`, between 0 and `high`; what lies outside is missing and counted.
    """

    def __init__(self, path: Path, name: str, grid: Grid, slices: Slices, packing: Packing) -> None:
        self.path, self.name, self.grid, self.packing = path, name, grid, packing
        self.dates, self.said, self._slices = slices.dates, [*grid.notes, *slices.notes], slices
        self.factor, self.high, self.tolerance, self.units_given = 1.0, np.inf, 0.0, True
        self.shown = 0  # the slice that was looked at last to see what the variable is
        self._kept: OrderedDict[int, Floats] = OrderedDict()
        self._outside: dict[int, int] = {}

    def stored(self, data: xr.Dataset, index: int) -> Floats:
        """The cells (m,) of one date, unpacked, nan where the file declares them missing."""
        place = dict(self._slices.fixed)
        if self._slices.dim is not None:
            place[self._slices.dim] = index
        try:
            with quiet():
                flat = data[self.name].isel(place).values.ravel()[self.grid.cell]
        except FOREIGN as error:
            raise damaged(self.path, error) from error
        return self.packing.values(flat)

    def values(self, index: int) -> Floats:
        """The cells (m,) of one date, nan where missing. Raises DataError where the file is damaged there."""
        if index not in self._kept:
            with opened(self.path, check=False) as data:
                stored = self.stored(data, index)
            values, outside = within(stored * self.factor, self.high, self.tolerance)
            if outside:
                self._check_units(stored, index)
            self._kept[index], self._outside[index] = values, outside
            while len(self._kept) > max(2, CACHE_BYTES // (8 * len(stored))):
                self._kept.popitem(last=False)
        self._kept.move_to_end(index)
        return self._kept[index]

    def _check_units(self, stored: Floats, index: int) -> None:
        """Raises DataError for a date in per cent where the dates looked at before were fractions of 1."""
        if not self.units_given and self.high == self.factor == 1 and looks_percent(stored):
            dates = self.dates
            day = "" if dates.kind != "dated" else iso_day(moment_of(float(dates.centre[dates.index == index][0])))
            top = stored[stored <= 100 * (1 + SHARE_TOLERANCE)].max()
            raise DataError(
                f"{self.path.name}: '{self.name}' has values up to {top:.4g} on {day or 'some dates'}, those of other "
                "dates were taken as a fraction of 1; say what it is with 'units': 1 or %"
            )

    def notes(self) -> list[str]:
        """What was decided for the user, and how many values were dropped on the dates read so far."""
        dropped, dates = sum(self._outside.values()), len(self._outside)
        count = f"{self.name}: {dropped:,} values outside 0 to {self.high:g} taken as missing, on {dates} dates"
        return [*self.said, *([count] if dropped else [])]

    def tried(self, data: xr.Dataset) -> Floats:
        """Unpacked values of a few dates, enough to see some ice; all good ones together."""
        every = np.unique(self.dates.index)
        found = np.empty(0)
        for index in every[np.unique(np.linspace(0, len(every) - 1, TRIED_DATES).astype(int))]:
            stored = self.stored(data, int(index))
            found = np.concatenate([found, stored[np.isfinite(stored)]])
            self.shown = int(index)
            if (found > 0).any():
                break
        if not len(found):
            raise DataError(f"{self.path.name}: every value of '{self.name}' is missing on the dates looked at")
        return found

    def checked(self, data: xr.Dataset) -> None:
        """Raises DataError where no value can be meant, before a voyage finds out."""
        found = self.tried(data) * self.factor
        if np.isnan(within(found, self.high, self.tolerance)[0]).all():
            raise DataError(
                f"{self.path.name}: no value of '{self.name}' lies between 0 and {self.high:g}, they are "
                f"{found.min():.4g} to {found.max():.4g}; name another variable, or set 'units'"
            )


def check_dates(concentration: Series, thickness: Series) -> None:
    """Raises DataError where concentration and thickness have no date in common."""
    if not thickness.dates.meets(concentration.dates):
        raise DataError(
            f"{thickness.path.name}: has thickness ('{thickness.name}') of {thickness.dates.text()}, the concentration "
            f"in {concentration.path.name} is of {concentration.dates.text()}: no date is in both. Take a file of the "
            f"same dates, or set {OTHER_DATES}, {WITHOUT_THICKNESS}"
        )


class FileField:
    """Ice of a file, an `IceField`.

    `label` and `sources` say what it is. `times` are the moments that its slices belong to (mid-day, mid-month), or
    None for a field of every year or of any date. `has_thickness` tells whether there is a thickness; without one the
    sampler's thickness is nan wherever there is ice, and the caller decides what to take instead.
    """

    def __init__(
        self, concentration: Series, thickness: Series | None, grid_mean: bool, sources: tuple[str, ...]
    ) -> None:
        self._concentration, self._thickness, self._grid_mean = concentration, thickness, grid_mean
        self.kind: FieldKind = "file"
        self.sources = sources
        self.has_thickness = thickness is not None
        dates = concentration.dates
        self.times: list[datetime] | None = [moment_of(d) for d in dates.centre] if dates.kind == "dated" else None
        names = [s.name for s in (concentration, thickness) if s is not None]
        self.label = f"{concentration.path.name} ({', '.join(names)}), {dates.text()}"

    @property
    def notes(self) -> list[str]:
        """What was decided for the user: dates from a file's name, wrong units, values dropped on the dates read."""
        return list(
            dict.fromkeys(n for s in (self._concentration, self._thickness) if s is not None for n in s.notes())
        )

    def covers(self, day: float) -> bool:
        """Whether the file has a concentration for a day since 1970-01-01 UTC."""
        return self._concentration.dates.covers(day)

    def thickness_missing(self, day: Floats | float) -> NDArray[np.bool_]:
        """For days (any shape) since 1970-01-01 UTC, whether the file has a thickness but none of that day."""
        days = np.asarray(day, dtype=np.float64)
        if self._thickness is None:
            return np.zeros(days.shape, dtype=bool)
        return (self._thickness.dates.brackets(days.ravel())[0] < 0).reshape(days.shape)

    def require(self, first_day: float, last_day: float) -> None:
        """Raises DataError where concentration or thickness does not cover all days from one to another."""
        steps = np.append(np.arange(first_day, last_day, 1.0), last_day)
        for series, what in ((self._concentration, "ice"), (self._thickness, "thickness")):
            missing = np.empty(0) if series is None else series.dates.missing(steps)
            if series is not None and len(missing):
                said, without = ("it", "") if what == "ice" else (f"'{series.name}'", f", {WITHOUT_THICKNESS}")
                raise DataError(
                    f"{series.path.name}: has no {what} for {iso_day(moment_of(float(missing[0])))}; {said} covers "
                    f"{series.dates.text()}. Take a file of that date, or set {OTHER_DATES}{without}"
                )

    def sampler(self, lonlat: Floats) -> FileSampler:
        """The field bound to places (n, 2) of lon, lat degrees."""
        return FileSampler(self._concentration, self._thickness, self._grid_mean, np.asarray(lonlat, dtype=np.float64))


class FileSampler:
    """Ice of a file at n places, an `IceSampler`."""

    def __init__(self, concentration: Series, thickness: Series | None, grid_mean: bool, lonlat: Floats) -> None:
        self._count, self._grid_mean = len(lonlat), grid_mean
        self._concentration = _Bound(concentration, lonlat)
        self._thickness = None if thickness is None else _Bound(thickness, lonlat)

    def on(self, day: Floats | float) -> tuple[Floats, Floats]:
        """Concentration (n,) 0 to 1 and floe thickness (n,) m on days since 1970-01-01 UTC: one for all, or (n,).

        Both are nan where the file says nothing, both 0 where it says no ice; thickness alone is nan where there is ice
        of unknown thickness. Between two dates the concentration is linear; so is a thickness of the whole cell (which
        is then divided by the concentration), while that of floes is the mean of the dates on which there were floes.
        """
        days = np.asarray(day, dtype=np.float64)
        if days.ndim and days.shape != (self._count,):
            raise ValueError(f"days of shape {days.shape}, places of shape ({self._count},)")
        before, after, weight = self._concentration.around(days)
        # a weight of 0 must not bring in a missing neighbour
        share = np.where(weight > 0, before + weight * (after - before), before)
        return share, self._floe(share, days)

    def _floe(self, share: Floats, days: Floats) -> Floats:
        if self._thickness is None:
            return np.where(share == 0, 0.0, np.nan)
        before, after, weight = self._thickness.around(days)
        if self._grid_mean:
            mean = np.where(weight > 0, before + weight * (after - before), before)
            floe = mean / np.maximum(share, LEAST_SHARE)
        else:
            parts = np.stack([np.where(before > 0, 1 - weight, 0.0), np.where(after > 0, weight, 0.0)])
            total = parts.sum(axis=0)
            both = parts[0] * np.nan_to_num(before) + parts[1] * np.nan_to_num(after)
            floe = np.where(total > 0, both / np.where(total > 0, total, 1.0), np.nan)
        return np.where(share == 0, 0.0, np.where((share > 0) & (floe > 0), floe, np.nan))


class _Bound:
    """A variable at n places, by date."""

    def __init__(self, series: Series, lonlat: Floats) -> None:
        self._series, self._bound = series, series.grid.bound(lonlat)
        self._kept: OrderedDict[int, Floats] = OrderedDict()
        self._mask: tuple[bytes, Ints] | None = None

    def around(self, days: Floats) -> tuple[Floats, Floats, Floats]:
        """Values (n,) on the dates before and after each day, nan where there is none, and the weight of the latter."""
        one, two, weight = self._series.dates.brackets(np.atleast_1d(days))
        count = self._bound.count
        first, second = (self._gathered(np.broadcast_to(s, (count,))) for s in (one, two))
        return first, second, np.broadcast_to(weight, (count,))

    def _gathered(self, slices: Ints) -> Floats:
        out = np.full(self._bound.count, np.nan)
        for index in np.unique(slices[slices >= 0]):
            here = slices == index
            out[here] = self._at(int(index))[here]
        return out

    def _at(self, index: int) -> Floats:
        if index not in self._kept:
            values = self._series.values(index)
            valid = np.isfinite(values)
            key = valid.tobytes()  # land is the same on most dates, and with it the cells that stand in for it
            if self._mask is None or self._mask[0] != key:
                self._mask = key, self._bound.cells(valid)
            cells = self._mask[1]
            self._kept[index] = np.where(cells >= 0, values[np.maximum(cells, 0)], np.nan)
            while len(self._kept) > KEPT_DATES:
                self._kept.popitem(last=False)
        self._kept.move_to_end(index)
        return self._kept[index]
