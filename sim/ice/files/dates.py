"""The dates of an ice file: which slice stands for which day, and what lies between two of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.errors import DataError, UsageError, did_you_mean
from sim.geo.geodesy import Floats
from sim.ice.field import day_number, moment_of
from sim.ice.files.access import damaged, listed, named
from sim.ice.files.times import (
    FIRST_DAY,
    SHIFT_DAYS,
    SINCE,
    Ints,
    ends_of_months,
    iso_day,
    months_of,
    stamps_of,
)

if TYPE_CHECKING:
    import xarray as xr

Select = Mapping[str, str | int]

LONGEST_GAP_DAYS: Final = 45.0  # neighbours further apart are not joined: September does not follow March
MAX_DATES: Final = 50_000
YEAR_DAYS: Final = 365.0
MONTH_DAYS = (27.0, 32.0)
YEAR_0_NOTE: Final = "its year 0 is called 2000 here"


@dataclass(frozen=True)
class Dates:
    """Days since 1970-01-01 UTC that the k slices of a file stand for, in order of time.

    `centre` (k,) is the day that a slice's values belong to, `start` and `stop` (k,) are the ends of its own day or
    month, `index` (k,) its place in the file. `kind` is 'dated', 'yearly' (days are then of a year of 365 days, with
    the neighbours of both ends repeated) or 'always' (one slice for every day).
    """

    centre: Floats
    start: Floats
    stop: Floats
    index: Ints
    kind: str

    def brackets(self, day: Floats) -> tuple[Ints, Ints, Floats]:
        """For days (n,): slices (n,) before and after, -1 for none, and the weight (n,) of the one after."""
        if self.kind == "always":
            zero = np.zeros(len(day), dtype=np.int64)
            return self.index[zero], self.index[zero], np.zeros(len(day))
        day = year_day(day) if self.kind == "yearly" else day
        after = np.searchsorted(self.centre, day, side="right")
        left, right = np.maximum(after - 1, 0), np.minimum(after, len(self.centre) - 1)
        gap = self.centre[right] - self.centre[left]
        joined = (after > 0) & (after < len(self.centre)) & (gap <= LONGEST_GAP_DAYS)
        weight = np.where(joined, (day - self.centre[left]) / np.where(gap > 0, gap, 1.0), 0.0)
        in_left = (day >= self.start[left]) & (day < self.stop[left])
        in_right = (day >= self.start[right]) & (day < self.stop[right])
        alone = np.where(in_left, left, np.where(in_right, right, -1))
        one, two = np.where(joined, left, alone), np.where(joined, right, alone)
        return self._slices(one), self._slices(two), weight

    def _slices(self, place: Ints) -> Ints:
        return np.where(place >= 0, self.index[np.maximum(place, 0)], -1)

    def covers(self, day: float) -> bool:
        """Whether the file says something of a day."""
        return bool(np.isfinite(day)) and bool(self.brackets(np.array([day]))[0][0] >= 0)

    def missing(self, day: Floats) -> Floats:
        """Those of some days (n,) of which the file says nothing."""
        return day[self.brackets(day)[0] < 0]

    def meets(self, other: Dates) -> bool:
        """Whether there is a day of which both say something."""
        if "always" in (self.kind, other.kind):
            return True
        for one, two in ((self, other), (other, self)):
            if one.kind == "dated" or two.kind == "yearly":
                days = np.concatenate([one.centre, one.start, one.stop - 1e-3])
                if one.kind == "yearly":
                    days = day_number(datetime(2001, 1, 1, tzinfo=UTC)) + days[(days >= 0) & (days < YEAR_DAYS)]
                if len(two.missing(days)) < len(days):
                    return True
        return False

    def text(self) -> str:
        """The dates in a few words."""
        if self.kind == "always":
            return "any date"
        if self.kind == "yearly":
            return "every year"
        first, last = moment_of(self.start[0]), moment_of(self.stop[-1]) - timedelta(seconds=1)
        return iso_day(first) if first.date() == last.date() else f"{iso_day(first)} to {iso_day(last)}"


def year_day(day: Floats) -> Floats:
    """Days of the year, 0 to 365, the same for the same date of any year up to the leap day."""
    years = np.floor(day).astype("datetime64[D]").astype("datetime64[Y]")
    first, following = (y.astype("datetime64[D]").astype(np.float64) for y in (years, years + 1))
    return np.asarray((day - first) / (following - first) * YEAR_DAYS)


@dataclass(frozen=True)
class Slices:
    """How to cut one date out of a variable: fixed places on other dimensions, and the dates along `dim`."""

    fixed: dict[str, int]
    dim: str | None
    dates: Dates
    notes: tuple[str, ...]


def slices_of(
    data: xr.Dataset, name: str, horizontal: tuple[str, ...], path: Path,
    *, select: Select, repeat_yearly: bool, any_date: bool,
) -> Slices:  # fmt: skip
    """The dates of a variable, and the places on its further dimensions that the user selected.

    Raises UsageError where a choice is missing or impossible, DataError where the dates cannot be read.
    """
    further = [str(d) for d in data[name].dims if d not in horizontal]
    times = {d: t for d in further if (t := _time_variable(data, d)) is not None}
    months: dict[str, tuple[Ints, str]] = {}
    if not times:
        months = {d: m for d in further if d not in select and (m := months_of(data, d, path)) is not None}
    dim = next(iter([*times, *months]), None)
    unknown = [k for k in select if k not in further]
    if unknown:
        hint = did_you_mean(unknown[0], further)
        raise UsageError(f"{path.name}: select '{unknown[0]}': '{name}' has no such dimension{hint}; {listed(further)}")
    fixed = {d: _place(data, d, select.get(d), path) for d in further if d != dim}
    if dim in times:
        dates, notes = _decoded(data, name, times[dim], path)
    elif dim is not None:
        dates, notes, of_year = _labelled(*months[dim], year=_year(data, fixed))
        repeat_yearly |= not of_year
    else:
        dates, notes = _undated(data, name, path, any_date)
    if YEAR_0_NOTE in notes and not (repeat_yearly or any_date):
        raise UsageError(
            f"{path.name}: its dates are of the year 0, those of a climatology or of a model; set repeat_yearly (one "
            "year for every year), or any_date (one date for every day)"
        )
    if dim is not None and dim in select:
        dates = _chosen(dates, str(select[dim]), path)
    if any_date:
        if len(dates.index) > 1:
            raise UsageError(
                f"{path.name}: any_date needs one date, the file has {len(dates.index)}; {_select(dim, dates)}"
            )
        dates = Dates(dates.centre, dates.start, dates.stop, dates.index, "always")
    elif repeat_yearly:
        dates = _yearly(dates, dim, path)
    return Slices(fixed, dim, dates, notes)


def _labelled(months: Ints, note: str, year: int | None) -> tuple[Dates, tuple[str, ...], bool]:
    """Dates of labelled months, of the year that was selected; False where they are of no year."""
    order = np.argsort(months)
    dates = _monthly(np.array([day_number(datetime(year or 2001, m, 1, tzinfo=UTC)) for m in months[order].tolist()]))
    return replace(dates, index=order), (note,) if note else (), year is not None


def _year(data: xr.Dataset, fixed: Mapping[str, int]) -> int | None:
    """The year that a place on a dimension called year stands for."""
    for dim, place in fixed.items():
        if re.fullmatch(r"years?|yr", dim.lower()) and dim in data.variables and data[dim].dims == (dim,):
            text = str(data[dim].values[place]).removesuffix(".0")
            return int(text) if re.fullmatch(r"[12]\d{3}", text) else None
    return None


def _select(dim: str | None, dates: Dates) -> str:
    return f"say which with 'select', for instance {dim}: \"{iso_day(moment_of(dates.centre[0]))}\""


def _place(data: xr.Dataset, dim: str, chosen: str | int | None, path: Path) -> int:
    """The place on a dimension that is neither horizontal nor time: the only one, or the one selected by its label."""
    count = data.sizes[dim]
    labels = [str(i) for i in range(min(count, 1000))]
    if dim in data.variables and data[dim].dims == (dim,):
        labels = [str(v.decode() if isinstance(v, bytes) else v).removesuffix(".0") for v in data[dim].values[:1000]]
    if chosen is None and count == 1:
        return 0
    if chosen is not None and str(chosen) in labels:
        return labels.index(str(chosen))
    what = "has a further dimension" if chosen is None else f"has no '{chosen}' on its dimension"
    raise UsageError(f"{path.name}: {what} '{dim}'; choose with 'select' one of: {', '.join(labels[:12])}")


def _time_variable(data: xr.Dataset, dim: str | None) -> xr.DataArray | None:
    """The dates along a dimension (None: a single date), the one of standard name 'time' first."""
    wanted = () if dim is None else (dim,)
    found = [v for n in data.variables if (v := data[n]).dims == wanted and SINCE.fullmatch(named(v.attrs, "units"))]
    tests: tuple[Callable[[xr.DataArray], bool], ...] = (
        lambda v: named(v.attrs, "standard_name") == "time",
        lambda v: str(v.name) == dim,
        lambda v: "time" in str(v.name).lower(),
    )
    return next((v for test in tests for v in found if test(v)), found[0] if found and dim is not None else None)


def _decoded(data: xr.Dataset, name: str, time: xr.DataArray, path: Path) -> tuple[Dates, tuple[str, ...]]:
    if time.size > MAX_DATES or time.size == 0:
        raise DataError(f"{path.name}: has {time.size:,} dates; 1 to {MAX_DATES:,} can be read")
    stamps, bounds = stamps_of(data, time, path)
    notes: tuple[str, ...] = ()
    if bounds is None and ends_of_months(np.sort(stamps)):
        stamps, notes = stamps - 1.0, (f"'{time.name}' stands at the ends of the months that it is taken for",)
    if (stamps if bounds is None else bounds.mean(axis=1)).min() < FIRST_DAY:
        stamps, bounds = stamps + SHIFT_DAYS, None if bounds is None else bounds + SHIFT_DAYS
        notes += (YEAR_0_NOTE,)
    order = np.argsort(stamps, kind="stable")
    order = order[np.append(True, np.diff(stamps[order]) > 1e-6)]  # a date given twice counts once
    stamps, bounds = stamps[order], None if bounds is None else bounds[order]
    kind = _resolution(data, name, stamps, bounds)
    if kind == "month":
        middle = stamps if bounds is None else bounds.mean(axis=1)
        dates = _monthly(middle)
        if (np.diff(dates.centre) > 0).all():
            return Dates(dates.centre, dates.start, dates.stop, order, "dated"), notes
    if kind == "day":
        day = np.floor(stamps + 1e-6)
        if (np.diff(day) > 0).all():
            return Dates(day + 0.5, day, day + 1, order, "dated"), notes
    half = (float(np.median(np.diff(stamps))) if len(stamps) > 1 else 1.0) / 2
    half = min(half, LONGEST_GAP_DAYS / 2)
    return Dates(stamps, stamps - half, stamps + half, order, "dated"), notes


def _resolution(data: xr.Dataset, name: str, stamps: Floats, bounds: Floats | None) -> str:
    """Whether a slice is of a 'month', a 'day' or something 'other': by bounds, by what the file says, by the steps."""
    if bounds is not None and (width := float(np.median(np.diff(bounds, axis=1)))) > 0:
        return "month" if MONTH_DAYS[0] <= width <= MONTH_DAYS[1] else "day" if 0.9 <= width <= 1.1 else "other"
    step = float(np.median(np.diff(stamps))) if len(stamps) > 1 else np.nan
    if len(stamps) > 1 and step < MONTH_DAYS[0]:
        return "day" if 0.9 <= step <= 1.1 else "other"
    said = {named(data.attrs, k) for k in ("time_coverage_resolution", "time_coverage_duration", "frequency")}
    if said & {"P1M", "P01M", "mon", "monthly", "month"} or re.search(r"month", name.lower()):
        return "month"
    return "month" if MONTH_DAYS[0] <= step <= MONTH_DAYS[1] else "day"


def _next_month(first: datetime) -> datetime:
    return (first + timedelta(days=31)).replace(day=1)


def _monthly(days: Floats) -> Dates:
    """Slices that stand for the calendar months in which the days lie; their values belong to mid-month."""
    firsts = [moment_of(d + 1e-6).replace(day=1, hour=0, minute=0, second=0, microsecond=0) for d in days]
    start = np.array([day_number(f) for f in firsts])
    stop = np.array([day_number(_next_month(f)) for f in firsts])
    return Dates((start + stop) / 2, start, stop, np.arange(len(days)), "dated")


def _yearly(dates: Dates, dim: str | None, path: Path) -> Dates:
    """Dates of one year as dates of any year, with those of the years before and after for the turn of the year."""
    years = sorted({moment_of(d).year for d in dates.centre})
    if len(years) > 1:
        raise UsageError(
            f"{path.name}: repeat_yearly needs the dates of one year, the file has {years[0]} to {years[-1]}; "
            f"choose one with 'select', for instance {dim}: \"{years[0]}\""
        )
    centre = year_day(dates.centre)
    own = [centre - (dates.centre - dates.start), centre + (dates.stop - dates.centre)]
    turns = np.repeat([-YEAR_DAYS, 0.0, YEAR_DAYS], len(centre))
    centre, start, stop = (np.tile(v, 3) + turns for v in (centre, *own))
    return Dates(centre, start, stop, np.tile(dates.index, 3), "yearly")


def _chosen(dates: Dates, text: str, path: Path) -> Dates:
    """The slices whose date begins with a text: a year, a month or a day."""
    stamps = [iso_day(moment_of(d)) for d in dates.centre]
    keep = np.array([s.startswith(text) for s in stamps])
    if not keep.any():
        raise UsageError(f"{path.name}: no date '{text}'; the file has {dates.text()}")
    return Dates(dates.centre[keep], dates.start[keep], dates.stop[keep], dates.index[keep], dates.kind)


def _undated(data: xr.Dataset, name: str, path: Path, any_date: bool) -> tuple[Dates, tuple[str, ...]]:
    """The date of a file without a dimension of time: a single time, else what its attributes or its name say."""
    index = np.zeros(1, dtype=np.int64)
    if (time := _time_variable(data, None)) is not None:
        return _decoded(data, name, time, path)
    said = re.match(r"(\d{4})-?(\d\d)-?(\d\d)?", named(data.attrs, "time_coverage_start"))
    origin = "the attribute time_coverage_start"
    if not said:
        said = re.search(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)?(?!\d)", path.stem)
        origin = "the name of the file"
    if said:
        try:
            day = day_number(datetime(int(said[1]), int(said[2]), int(said[3] or 1), tzinfo=UTC))
        except ValueError as error:
            raise damaged(path, error) from error
        monthly = said[3] is None or _resolution(data, name, np.array([day]), None) == "month"
        at = np.array([day])
        dates = _monthly(at) if monthly else Dates(at + 0.5, at, at + 1.0, index, "dated")
        return dates, (f"the date {dates.text()} is taken from {origin}",)
    if any_date:
        return Dates(np.zeros(1), np.zeros(1), np.zeros(1), index, "always"), ()
    raise UsageError(f"{path.name}: says no date; set any_date to use it for every day")
