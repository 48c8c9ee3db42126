"""Stored times and labels of months, as days since 1970-01-01 UTC."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import DataError, did_you_mean
from sim.geo.geodesy import Floats
from sim.ice.files.access import FOREIGN, damaged, listed, named, quiet

if TYPE_CHECKING:
    import xarray as xr

Ints = NDArray[np.int64]

CALENDARS: Final = (
    "standard", "gregorian", "proleptic_gregorian", "julian", "noleap", "365_day", "360_day", "all_leap", "366_day",
)  # fmt: skip
# spellings of models and tools, without what is no letter or figure
SPELLINGS: Final = {
    "": "standard", "thirtydaymonths": "360_day", "thirtyday": "360_day", "360": "360_day", "360days": "360_day",
    "365": "noleap", "365days": "noleap", "noleapyear": "noleap", "nonleap": "noleap", "366": "all_leap",
    "366days": "all_leap", "greg": "gregorian", "gregoriancalendar": "gregorian",
} | {name.replace("_", ""): name for name in CALENDARS}  # fmt: skip
LEAPING: Final = ("standard", "gregorian", "julian")  # calendars without a year 0
SINCE = re.compile(r"\s*\w+\s+since\s+\S+.*")
MONTHS_SINCE = re.compile(r"\s*mon(?:th)?s?\s+since\s+(.*)", re.IGNORECASE)
YEAR_0 = re.compile(r".*\bsince\s+[-+]?0+-.*", re.IGNORECASE)
FIRST_DAY: Final = -719_162.0  # 0001-01-01, the first that Python has a date for
SHIFT_DAYS: Final = 5 * 146_097.0  # 2000 years of the Gregorian calendar

MONTH_DIMENSIONS = re.compile(r"mon|month|months|imonth|month_?(of_?year|number|name)|climatological_month")
TIME_DIMENSIONS = re.compile(r"t|time|times|time_counter|tdim|ntime|date")
MONTH_UNITS = re.compile(r"mon|months?|(calendar_)?months?([ _](of|in)[ _](the[ _])?year|[ _]number)?")
MONTH_NAMES: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip


def calendar_of(text: str) -> str:
    """The calendar that a file means, as cftime calls it. Raises ValueError that names the nearest."""
    plain = re.sub(r"[^a-z0-9]", "", text.lower())
    if plain not in SPELLINGS:
        raise ValueError(f"unknown calendar{did_you_mean(text.lower(), CALENDARS)}; known: {', '.join(CALENDARS)}")
    return SPELLINGS[plain]


def days_of(values: NDArray[Any], units: str, calendar: str) -> Floats:
    """Days since 1970-01-01 UTC of stored times, of any shape; "months since" count calendar months.

    Dates of model calendars (365 days, 360 days) keep their month and their share of it, so that the middle of a model
    month is the middle of the real one. Raises what cftime raises, and ValueError for what is no date.
    """
    import cftime

    numbers, calendar = np.asarray(values, dtype=np.float64), calendar_of(calendar)
    if not np.isfinite(numbers).all():
        raise ValueError("a date is missing")
    zero = {"has_year_zero": True} if YEAR_0.fullmatch(units) and calendar in LEAPING else {}
    rule = {"calendar": calendar, "only_use_cftime_datetimes": True, "only_use_python_datetimes": False, **zero}
    months = MONTHS_SINCE.fullmatch(units)
    if months:
        start = cftime.num2date(0, f"days since {months[1]}", **rule)
        counted = start.year * 12 + start.month - 1 + _share_of_month(start) + numbers.ravel()
    else:
        moments = np.ravel(cftime.num2date(values, units, **rule))
        counted = np.array([m.year * 12 + m.month - 1 + _share_of_month(m) for m in moments])
    if counted.size and not (counted.min() >= 0 and counted.max() < 9999 * 12):
        raise ValueError("dates before the year 0 or after 9998")
    month = np.floor(counted + 1e-9)
    first, following = (
        (m.astype(np.int64) - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]").astype(np.float64)
        for m in (month, month + 1)
    )
    days = first + (counted - month) * (following - first)
    if zero and days.size and days.max() > FIRST_DAY + 2 * 366:
        raise ValueError(f"the calendar '{calendar}' has no year 0 to count from, so its dates are not certain")
    return np.asarray(days.reshape(numbers.shape))


def _share_of_month(moment: Any) -> float:
    day = (moment.hour + (moment.minute + (moment.second + moment.microsecond / 1e6) / 60) / 60) / 24
    return float((moment.day - 1 + day) / moment.daysinmonth)


def stamps_of(data: xr.Dataset, time: xr.DataArray, path: Path) -> tuple[Floats, Floats | None]:
    """Days (k,) of a variable of times, and their bounds (k, 2) where the file has them. Raises DataError."""
    units, calendar = named(time.attrs, "units"), named(time.attrs, "calendar")
    try:
        with quiet():
            stamps = days_of(np.atleast_1d(time.values), units, calendar)
            bounds = None
            bounds_name = named(time.attrs, "bounds")
            if bounds_name in data.variables and data[bounds_name].size == 2 * time.size:
                bounds = days_of(data[bounds_name].values.reshape(-1, 2), units, calendar)
    except FOREIGN as error:
        raise DataError(
            f"{path.name}: the dates in '{time.name}' cannot be read (units '{units}', calendar "
            f"'{calendar or 'standard'}': {error})"
        ) from error
    return stamps, bounds


def ends_of_months(stamps: Floats) -> bool:
    """Whether times of a model stand at the ends of its months: whole years from 1 February to 1 January.

    CESM stamps a mean with the end of its month. Real years are taken as they stand; those before 1000 are a model's.
    """
    days = np.rint(stamps).astype(np.int64).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    if len(stamps) % 12 or not len(stamps) or stamps[-1] > FIRST_DAY + 1000 * 365:
        return False
    sharp = (np.abs(stamps - np.rint(stamps)) < 1e-3) & (days == months.astype("datetime64[D]"))
    running = np.diff(months.astype(np.int64)) == 1
    return bool(sharp.all() and running.all() and months.astype(np.int64)[0] % 12 == 1)


def months_of(data: xr.Dataset, dim: str, path: Path) -> tuple[Ints, str] | None:
    """The months (k,), 1 to 12, along a dimension without dates, and a note; None for a dimension of something else.

    A dimension called month needs labels that are months, or twelve places without labels; one called time needs labels
    from 1 to 12 too. Raises DataError for labels of a dimension called month that are none.
    """
    called_month, count = MONTH_DIMENSIONS.fullmatch(dim.lower()), data.sizes[dim]
    if count < 2 or not (called_month or TIME_DIMENSIONS.fullmatch(dim.lower())):
        return None
    holder = _labels_variable(data, dim)
    if holder is None:
        if not called_month or count != 12:
            return None
        return np.arange(1, 13), f"dimension '{dim}' has no labels: taken as January to December"
    labels = _labels(data, holder, path)
    units = named(data[holder].attrs, "units").lower()
    say_months = called_month or MONTH_UNITS.fullmatch(units) or MONTH_DIMENSIONS.fullmatch(holder.lower())
    months, note = _months(labels)
    if not say_months and (months is None or note or units not in ("", "1") or set(months.tolist()) != {*range(1, 13)}):
        return None
    if months is None:
        raise DataError(
            f"{path.name}: the labels of the dimension '{dim}' are no months: {', '.join(labels[:12])}; allowed are 1 "
            "to 12, 0 to 11 and names (Jan, January). Or choose one label with 'select', and set any_date"
        )
    twice = np.unique(months[[int((months == m).sum()) > 1 for m in months]])
    if len(twice):
        raise DataError(f"{path.name}: on the dimension '{dim}' month {listed(twice)} is duplicated")
    plain = "" if called_month else f"'{dim}' counts 1 to 12 without a date: taken as the months of a year"
    return months, f"labels of '{dim}': {note}" if note else plain


def _labels_variable(data: xr.Dataset, dim: str) -> str | None:
    """The variable that labels a dimension: its own, else one called month."""
    along = [str(n) for n, v in data.variables.items() if v.dims[:1] == (dim,) and (v.ndim == 1 or v.dtype.kind == "S")]
    return next((n for n in along if n == dim), next((n for n in along if MONTH_DIMENSIONS.fullmatch(n.lower())), None))


def _labels(data: xr.Dataset, holder: str, path: Path) -> list[str]:
    try:
        with quiet():
            values = data[holder].values
    except FOREIGN as error:
        raise damaged(path, error) from error
    if values.ndim == 2:  # letters
        values = np.array([b"".join(row.tolist()) for row in values])
    texts = [v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v) for v in values.tolist()]
    return [t.strip().strip("\0").removesuffix(".0") for t in texts]


def _months(labels: list[str]) -> tuple[Ints | None, str]:
    """Months of labels, and a note where they do not count from 1; None where they are no months."""
    names = [_named_month(text) for text in labels]
    if all(names):
        return np.array(names, dtype=np.int64), ""
    try:
        numbers = np.array([float(re.sub(r"^[mM](?=\d)", "", text)) for text in labels])
    except ValueError:
        return None, ""
    counts = (0.0, ""), (1.0, "0 to 11, taken as January to December"), (0.5, "0.5 is taken as the middle of January")
    for shift, note in counts:
        months = numbers + shift
        # counted from 0 only where there is a 0: 1 to 11 would fit both
        fits = np.isfinite(months).all() and (months == np.floor(months)).all() and months.min() >= 1
        if fits and months.max() <= 12:
            return months.astype(np.int64), note
    return None, ""


def _named_month(text: str) -> int:
    """1 to 12 of an English name or its first three letters, else 0."""
    plain = text.lower().rstrip(".")
    short = len(plain) == 3 or plain == "sept"
    return next((i for i, name in enumerate(MONTH_NAMES, 1) if plain == name or (short and name.startswith(plain))), 0)


def iso_day(moment: datetime) -> str:
    """A day as 2024-01-05, with four figures for the years of models too."""
    return moment.date().isoformat()
