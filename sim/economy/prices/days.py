"""The row of a price for a day: of that day or month where there is one, else the nearest in time, which is told.

A market price holds for its own month: a mean of the month, or the price of a day in it. A wider row, such as the mean
of a year, holds for all its days, but a row of the month comes before it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol, TypeVar

from sim.errors import DataError

MONTH_DAYS: Final = 31  # a row no longer than this is of a month, or of a part of one
SHOWN: Final = 12  # spells of months that a message lists


class Dated(Protocol):
    """A row with a first and a last day; None is an open end."""

    @property
    def valid_from(self) -> dt.date | None: ...
    @property
    def valid_to(self) -> dt.date | None: ...


Row = TypeVar("Row", bound=Dated)


@dataclass(frozen=True)
class PriceDay:
    """The date of a price that a line rests on: `what` it is of, the period of its row, and the days between.

    `gap_days` is 0 within the period, and None where the row has no date at all. `fits` tells whether the price is one
    of the voyage's own month (or of a wider period that holds the day).
    """

    what: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    gap_days: int | None
    fits: bool


def dated_row(what: str, rows: Sequence[Row], day: dt.date | None, *, strict: bool = False, key: str = "") -> Row:
    """The row for a day as `row_of` takes it; with `strict` only one that fits.

    Without a day the newest row. Raises DataError, which names the months that there are, and the `key` of a scenario
    that would give the price.
    """
    if not rows:
        raise DataError(f"{what}: there is no price in the tables")
    if day is None:
        return max(rows, key=lambda r: r.valid_from or dt.date.min)
    found = row_of(rows, day)
    if strict and not price_day(what, found, day).fits:
        near = f"{found.valid_from:%Y-%m-%d}" if found.valid_from else "one without a date"
        raise DataError(
            f"{what}: there is no price of {day:%Y-%m}, and 'costs.prices' is strict; the nearest is of {near}; "
            f"there are prices of {months_text(rows, day)}; give {key or 'the price'} or take 'prices: nearest'"
        )
    return found


def row_of(rows: Iterable[Row], day: dt.date) -> Row:
    """The row of the day or its month, the shortest first; else one that holds the day; else the nearest in time."""

    def rank(row: Row) -> tuple[int, int, int]:
        away, length = _away(row, day), _length(row)
        recent = -(row.valid_from or dt.date.min).toordinal()
        if away == 0 and length <= MONTH_DAYS:
            return 0, length, recent
        if _same_month(row, day):
            return 1, away, recent
        return (2, length, recent) if away == 0 else (3, away, recent)

    return min(rows, key=rank)


def price_day(what: str, row: Dated, day: dt.date | None) -> PriceDay:
    """The date of a row's price, seen from a day; without a day it fits."""
    if day is None:
        return PriceDay(what, row.valid_from, row.valid_to, 0, True)
    if row.valid_from is None:
        return PriceDay(what, None, row.valid_to, None, False)
    away = _away(row, day)
    return PriceDay(what, row.valid_from, row.valid_to, away, away == 0 or _same_month(row, day))


def undated(what: str) -> PriceDay:
    """A price without a date."""
    return PriceDay(what, None, None, None, False)


def months_text(rows: Iterable[Dated], day: dt.date | None = None) -> str:
    """The months that rows are of, as spells: 2013-01 to 2016-09, 2018-11. Of many those nearest to a day."""
    months: set[int] = set()
    for row in rows:
        if row.valid_from is not None:
            last = row.valid_to or row.valid_from
            months |= set(range(_month(row.valid_from), _month(last) + 1))
    listed = sorted(months)
    starts = [m for k, m in enumerate(listed) if k == 0 or listed[k - 1] != m - 1]
    ends = [a for a, b in pairwise(listed) if b != a + 1] + listed[-1:]
    spells = list(zip(starts, ends, strict=True))
    at = _month(day or dt.date.max)
    near = sorted(sorted(spells, key=lambda s: max(s[0] - at, at - s[1]))[:SHOWN])
    told = [_name(a) if a == b else f"{_name(a)} to {_name(b)}" for a, b in near]
    more = f" and {len(spells) - SHOWN} spells more" if len(spells) > SHOWN else ""
    return (", ".join(told) or "no month") + more


def _month(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


def _name(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02d}"


def _same_month(row: Dated, day: dt.date) -> bool:
    """Whether a row that is no longer than a month begins or ends in the month of a day."""
    if row.valid_from is None or _length(row) > MONTH_DAYS:
        return False
    return _month(day) in (_month(row.valid_from), _month(row.valid_to or row.valid_from))


def _length(row: Dated) -> int:
    """Days of a row; a row without a last day is of its first day."""
    if row.valid_from is None:
        return dt.date.max.toordinal()
    return ((row.valid_to or row.valid_from) - row.valid_from).days + 1


def _away(row: Dated, day: dt.date) -> int:
    """Days between a day and the row's period."""
    if row.valid_from is None:
        return dt.date.max.toordinal()
    if day < row.valid_from:
        return (row.valid_from - day).days
    return max((day - (row.valid_to or row.valid_from)).days, 0)
