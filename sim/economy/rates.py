"""Dated rates: rows of a table that hold from one day to another, each with its source and a confidence.

`RateTable.at` gives the row of a day. On a day without a row the nearest one is used, which the answer says and which
lowers its confidence to C; `strict` refuses it instead.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final

import geodata
from sim import tables
from sim.economy.prices.days import PriceDay
from sim.errors import DataError, UsageError, did_you_mean
from sim.tables import CELLS, WHERE, Filled, Grade

GRADES: Final = ("A", "B", "C")
GIVEN: Final = "given, not from a table"


class Missing(StrEnum):
    """Why a line of a ledger has no amount: the total without it is incomplete."""

    NO_TARIFF = "no tariff in the tables"
    NO_SIZE = "the ship's size in the unit of the tariff is not known"
    NO_COUNTRY = "an end of the voyage has no country"
    NOT_GIVEN = "what it depends on is not given"


@dataclass(frozen=True)
class Charge:
    """One line of a ledger: what it is for, US dollars to the cent (a rebate is negative), and where it is from.

    `formula` holds the inputs as text, `valid_from` the first day of the row that it rests on (None where the row has
    no date or the figure was given), `confidence` the lowest of all its inputs, `note` what a reader must know.
    `prices` are the dates of its market prices, and `missing` says why a line that ought to be there has no amount.
    """

    what: str
    amount_usd: float
    formula: str
    source: str
    valid_from: dt.date | None
    confidence: str
    note: str = ""
    prices: tuple[PriceDay, ...] = ()
    missing: Missing | None = None

    @property
    def off_date(self) -> tuple[PriceDay, ...]:
        """The prices that are not of the voyage's month."""
        return tuple(p for p in self.prices if not p.fits)


@dataclass(frozen=True)
class Rate:
    """One row. `valid_from` or `valid_to` None is an open end; a row with neither holds always."""

    where: Annotated[str, WHERE]
    cells: Annotated[Mapping[str, str], CELLS]
    source: Filled
    confidence: Grade
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise DataError(f"valid_to {self.valid_to} is before valid_from {self.valid_from}")

    def text(self, column: str) -> str:
        return self.cells.get(column, "")

    def number(self, column: str) -> float:
        """The number in a column. Raises DataError where there is none."""
        text = self.text(column)
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise DataError(f"{self.where}: {column} is '{text[:40]}', it needs a number")
        return value

    def holds(self, day: dt.date) -> bool:
        """Whether the row is valid on a day; both ends are within."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def days_from(self, day: dt.date) -> int:
        """Days between a day and the nearest one on which the row is valid."""
        if self.valid_from is not None and day < self.valid_from:
            return (self.valid_from - day).days
        return (day - self.valid_to).days if self.valid_to is not None and day > self.valid_to else 0

    @property
    def period(self) -> str:
        """The validity in words."""
        start = f"from {self.valid_from}" if self.valid_from else "always"
        return f"{start} to {self.valid_to}" if self.valid_to else start


@dataclass(frozen=True)
class Found:
    """The row that a question gave; `remark` says that it is not of that day, else it is empty."""

    rate: Rate
    remark: str = ""

    @property
    def confidence(self) -> str:
        """Of the row; C where it is used outside its dates."""
        return "C" if self.remark else self.rate.confidence

    @property
    def note(self) -> str:
        """Remark and note of the row."""
        return join_notes(self.remark, self.rate.note)


@dataclass(frozen=True)
class RateTable:
    """Rows of one kind. `what` names them in messages."""

    what: str
    rows: tuple[Rate, ...]

    @classmethod
    def load(cls, name: str) -> RateTable:
        """A shipped table by its file name. Raises DataError that names file, line and column."""
        return _shipped(name)

    def where(self, what: str = "", /, **cells: str) -> RateTable:
        """The rows whose cells have these values; a cell may list several, parted by ';'."""

        def fits(row: Rate) -> bool:
            return all(value in row.text(column).split(";") for column, value in cells.items())

        return RateTable(what or self.what, tuple(r for r in self.rows if fits(r)))

    def only(self, test: Callable[[Rate], bool]) -> RateTable:
        """The rows that pass a test."""
        return RateTable(self.what, tuple(r for r in self.rows if test(r)))

    def values(self, column: str) -> tuple[str, ...]:
        """All values of a column, in the order of the table."""
        return tuple(dict.fromkeys(v for r in self.rows for v in r.text(column).split(";") if v))

    def held(self, date: dt.date) -> tuple[Rate, ...]:
        """The rows that are valid on a day; none is an answer."""
        day = as_date(date)
        return tuple(r for r in self.rows if r.holds(day))

    def at(self, date: dt.date | None, strict: bool = False) -> Found:
        """The row of a day, or the nearest in time, which the remark says; without a day the newest row.

        Raises DataError where the table has no such row at all, and with `strict` where none is valid on the day.
        """
        if not self.rows:
            raise DataError(f"{self.what}: there is no rate in the tables")
        if date is None:
            return Found(max(self.rows, key=lambda r: r.valid_from or dt.date.min))
        day = as_date(date)
        best = min(self.rows, key=lambda r: (r.days_from(day), -(r.valid_from or dt.date.min).toordinal()))
        if best.holds(day):
            return Found(best)
        if strict:
            raise DataError(f"{self.what}: no rate for {day}; the nearest is valid {best.period}")
        return Found(best, f"no rate for {day}: the nearest is used, valid {best.period}")


def worst(*grades: str) -> str:
    """The lowest of confidences A, B and C; empty ones are passed over."""
    return max((g for g in grades if g), default="C")


def join_notes(*notes: str) -> str:
    """Notes in one line, each once."""
    return "; ".join(dict.fromkeys(n for n in notes if n))


def as_date(date: dt.date) -> dt.date:
    """A calendar day of a date or a time. Raises UsageError for anything else."""
    if isinstance(date, dt.datetime):
        return date.date()
    if not isinstance(date, dt.date):
        raise UsageError(f"date is {date!r}, wanted is a datetime.date")
    return date


def checked(what: str, value: float, low: float, high: float) -> float:
    """A number between two bounds, both allowed. Raises UsageError; what is no number or NaN is refused too."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not low <= number <= high:
        raise UsageError(f"{what} is {value!r}, allowed is {low:,g} to {high:,g}")
    return number


def known(what: str, word: str, names: Iterable[str]) -> str:
    """A name, if it is one of the known. Raises UsageError with the nearest ones."""
    allowed = list(names)
    if word not in allowed:
        raise UsageError(f"unknown {what} '{word}'{did_you_mean(str(word), allowed)}; allowed: {', '.join(allowed)}")
    return word


@lru_cache(maxsize=16)
def _shipped(name: str) -> RateTable:
    return read_rates(geodata.table(name))


def read_rates(path: Path) -> RateTable:
    """All rows of a CSV with at least source and confidence. Raises DataError."""
    return RateTable(path.stem, tables.rows(path, Rate))
