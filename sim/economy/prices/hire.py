"""Time charter rates: those of a month where a source has one, else the level that the table of ships gives."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sim.economy.prices.days import PriceDay, dated_row, price_day, undated
from sim.economy.rates import RateTable
from sim.errors import DataError, UsageError
from sim.ship.vessel import Ship


@dataclass(frozen=True)
class HireRate:
    """Dollars a day with their source, confidence and note; `priced` is None for a case that was chosen by name."""

    usd_day: float
    source: str
    confidence: str
    valid_from: dt.date | None = None
    note: str = ""
    priced: PriceDay | None = None

    @property
    def prices(self) -> tuple[PriceDay, ...]:
        return () if self.priced is None else (self.priced,)


def hire_rate(ship: Ship, day: dt.date, case: str = "base", *, strict: bool = False) -> HireRate:
    """The time charter rate of a ship of the table on a day.

    The base rate is that of the day's month (hire_rates.csv); where there is none it is the level of the table of
    ships, which has no date: rates move too far from month to month to take one of another year. Raises UsageError
    for a ship without a rate, DataError with `strict` where the month has none.
    """
    rows = RateTable.load("hire_rates.csv").where(f"hire of {ship.id or ship.name}", vessel=ship.id or "-").rows
    if case == "base" and rows:
        row = dated_row(f"hire of {ship.id}", rows, day, strict=strict, key="'costs.charter_usd_day'")
        priced = price_day("hire", row, day)
        if priced.fits:
            return HireRate(row.number("usd_day"), row.source, row.confidence, row.valid_from, row.note, priced)
    value = ship.economics.get(f"charter_usd_day_{case}")
    if value is None:
        raise UsageError(f"ship '{ship.name}' has no charter_usd_day_{case}; give it")
    if case == "base" and strict:
        raise DataError(
            f"hire of '{ship.name}': there is no rate of {day:%Y-%m}, and 'costs.prices' is strict; there are none of "
            "other months either; give 'costs.charter_usd_day' or take 'prices: nearest'"
        )
    grade = "C" if ship.confidence == "C" else "B"
    return HireRate(float(value), ship.source, grade, priced=undated("hire") if case == "base" else None)
