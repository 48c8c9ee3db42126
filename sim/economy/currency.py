"""Exchange rates to the US dollar, as dated rows of geodata/tables/exchange_rates.csv."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sim.economy.prices.days import PriceDay, dated_row, price_day
from sim.economy.rates import GIVEN, RateTable, as_date, checked, known
from sim.errors import UsageError

# what a given rate may be, in the quote of the table; others may be anything above 0
LIMITS: Final = {"RUB": (1.0, 10_000.0), "SDR": (0.5, 3.0), "EUR": (0.3, 3.0)}
ANY: Final = (1e-9, 1e9)


@dataclass(frozen=True)
class ExchangeRate:
    """A rate as it is quoted: RUB per USD (`per_usd`), but USD per SDR and USD per EUR."""

    currency: str
    quote: float
    per_usd: bool
    source: str
    valid_from: dt.date | None
    confidence: str
    note: str = ""
    priced: PriceDay | None = None

    @property
    def usd(self) -> float:
        """US dollars for one unit of the currency."""
        return 1 / self.quote if self.per_usd else self.quote

    def __str__(self) -> str:
        unit = f"{self.currency}/USD" if self.per_usd else f"USD/{self.currency}"
        return f"{self.quote:g} {unit}" if self.currency != "USD" else "USD"

    @property
    def prices(self) -> tuple[PriceDay, ...]:
        """The date of the rate; none where it was given."""
        return () if self.priced is None else (self.priced,)

    @property
    def remark(self) -> str:
        """Note that names the currency, for the line of a ledger."""
        return f"{self.currency}: {self.note}" if self.note else ""


def currencies() -> tuple[str, ...]:
    """The codes that have a rate: USD and those of the table."""
    return ("USD", *RateTable.load("exchange_rates.csv").values("currency"))


def exchange_rate(
    currency: str, date: dt.date | None = None, *, given: float | None = None, strict: bool = False
) -> ExchangeRate:
    """The rate of a day, or a `given` one in the usual quote (RUB/USD, USD/SDR, USD/EUR), which needs no confidence.

    Without a date the newest row; without a row of the month or year the nearest in time, which `priced` tells. Raises
    UsageError for an unknown currency or an absurd given rate, DataError with `strict` where only another time has one.
    """
    code = known("currency", str(currency).strip().upper(), currencies())
    if code == "USD":
        if given not in (None, 1):
            raise UsageError(f"the rate of USD is {given!r}, allowed is 1")
        return ExchangeRate("USD", 1.0, False, "the currency of the ledger", None, "A")
    rows = RateTable.load("exchange_rates.csv").where(f"exchange rate of {code}", currency=code)
    per_usd = rows.rows[0].text("quoted") == "per_usd"
    if given is not None:
        name = f"exchange rate ({code} per USD)" if per_usd else f"exchange rate (USD per {code})"
        return ExchangeRate(code, checked(name, given, *LIMITS.get(code, ANY)), per_usd, GIVEN, None, "A")
    day = None if date is None else as_date(date)
    key = "'costs.rub_per_usd'" if per_usd else f"'costs.usd_per_{code.lower()}'"
    rate = dated_row(f"exchange rate of {code}", rows.rows, day, strict=strict, key=key)
    priced = price_day(code, rate, day)
    grade = rate.confidence if priced.fits else "C"
    return ExchangeRate(code, rate.number("rate"), per_usd, rate.source, rate.valid_from, grade, rate.note, priced)


def to_usd(amount: float, currency: str, date: dt.date | None = None, *, strict: bool = False) -> float:
    """US dollars, unrounded, of an amount in another currency at the rate of a day. Raises as `exchange_rate`."""
    return amount * exchange_rate(currency, date, strict=strict).usd
