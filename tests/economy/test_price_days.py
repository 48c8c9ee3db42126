"""Which dated row a day is priced with: its own month, else the nearest, and what is said of it."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

import geodata
from sim.economy.carbon import allowance_price_eur
from sim.economy.currency import exchange_rate
from sim.economy.fuels import FuelTable
from sim.economy.prices.days import dated_row, months_text, price_day, row_of, undated
from sim.economy.prices.hire import hire_rate
from sim.errors import DataError
from sim.ship.vessel import VesselTable

TABLE = FuelTable.load()
DAYS = st.dates(dt.date(2005, 1, 1), dt.date(2045, 1, 1))


@dataclass(frozen=True)
class Row:
    valid_from: dt.date | None
    valid_to: dt.date | None = None


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def row(first: str, last: str = "") -> Row:
    return Row(day(first), day(last) if last else None)


SPOT, MONTH, YEAR = row("2024-05-03"), row("2024-05-01", "2024-05-31"), row("2024-01-01", "2024-12-31")


@pytest.mark.parametrize(
    ("when", "wanted"),
    [("2024-05-03", SPOT), ("2024-05-04", MONTH), ("2024-06-01", YEAR), ("2024-04-30", YEAR), ("2025-01-01", YEAR)],
)
def test_the_day_comes_before_its_month_and_the_month_before_the_year(when: str, wanted: Row) -> None:
    assert row_of([YEAR, SPOT, MONTH], day(when)) is wanted


def test_a_day_in_the_month_holds_for_it_and_no_other() -> None:
    assert [price_day("x", SPOT, day(d)).fits for d in ("2024-04-30", "2024-05-01", "2024-05-31", "2024-06-01")] == [
        False, True, True, False,
    ]  # fmt: skip
    assert [price_day("x", SPOT, day(d)).gap_days for d in ("2024-05-01", "2024-05-31", "2024-06-03")] == [2, 28, 31]


def test_a_year_is_no_month_of_its_neighbour() -> None:
    assert not price_day("x", YEAR, day("2025-01-01")).fits
    assert price_day("x", YEAR, day("2025-01-01")).gap_days == 1


@given(DAYS, st.lists(st.dates(dt.date(2010, 1, 1), dt.date(2030, 1, 1)), min_size=1, max_size=8))
def test_no_row_lies_nearer_than_the_one_that_is_taken(when: dt.date, days: list[dt.date]) -> None:
    rows = [Row(d) for d in days]
    gap = price_day("x", row_of(rows, when), when).gap_days
    assert (
        gap == min(abs((when - d).days) for d in days if (d.year, d.month) == (when.year, when.month))
        if any((d.year, d.month) == (when.year, when.month) for d in days)
        else gap == min(abs((when - d).days) for d in days)
    )


def test_strict_names_what_there_is() -> None:
    rows = [row("2013-01-01", "2013-01-31"), row("2013-02-10"), row("2015-12-31")]
    assert months_text(rows) == "2013-01 to 2013-02, 2015-12"
    with pytest.raises(DataError, match=r"of 2014-06.*nearest is of 2013-02-10.*2013-01 to 2013-02, 2015-12.*'key'"):
        dated_row("a price", rows, day("2014-06-01"), strict=True, key="'key'")
    assert dated_row("a price", rows, day("2013-02-28"), strict=True) is rows[1]
    with pytest.raises(DataError, match="no price in the tables"):
        dated_row("a price", [], day("2014-06-01"))


@pytest.mark.parametrize(
    ("when", "usd"),
    [("2026-05-20", 838), ("2024-05-03", 665), ("2025-02-24", 591), ("2025-10-30", 512), ("2025-02-01", 591)],
)
def test_vlsfo_of_the_days_that_sources_give(when: str, usd: float) -> None:
    """Singapore in May 2026 (General Index), MABUX 2024-05-03, Ship & Bunker G20 2025-02-24, MABUX week 44 of 2025."""
    price = TABLE.price("VLSFO", date=day(when))
    assert price.usd_t == usd
    assert price.priced is not None and price.priced.fits


def test_a_far_day_lowers_the_confidence_and_says_how_far() -> None:
    price = TABLE.price("VLSFO", date=day("2040-01-01"))
    assert price.priced is not None and not price.priced.fits
    assert price.usd_t == 838 and price.confidence == "C"
    assert price.priced.gap_days == (day("2040-01-01") - day("2026-05-31")).days


@given(DAYS, st.sampled_from(TABLE.all))
def test_every_day_has_a_price_that_fits_or_is_told(when: dt.date, fuel: object) -> None:
    price = TABLE.price(fuel, date=when)  # type: ignore[arg-type]
    assert price.priced is not None and price.usd_t > 0
    assert price.priced.fits or (price.confidence == "C" and price.priced.gap_days)


def test_bunkers_of_2013_cost_what_studies_paid() -> None:
    """380 cSt was about 600 USD/t at Singapore in August 2013 and under 250 in early 2016, by all accounts."""
    assert 560 < TABLE.price("HFO", date=day("2013-08-15")).usd_t < 650
    assert TABLE.price("HFO", date=day("2016-02-15")).usd_t < 250
    assert TABLE.price("VLSFO", date=day("2013-08-15")).confidence == "C"


def test_allowances_and_exchange_by_their_day() -> None:
    assert allowance_price_eur("base", day("2024-01-20"))[0] == 59.8
    assert allowance_price_eur("base", day("2025-12-20"))[0] == 84.5
    with pytest.raises(DataError, match=r"no price of 2024-09.*'costs.eua_eur_t'"):
        allowance_price_eur("base", day("2024-09-01"), strict=True)
    assert exchange_rate("SDR", day("2025-10-25"), strict=True).quote == 1.366
    assert exchange_rate("RUB", day("2025-01-25"), strict=True).quote == 102
    assert exchange_rate("EUR", day("2013-08-15"), strict=True).quote == 1.33
    with pytest.raises(DataError, match=r"'costs.usd_per_eur'"):
        exchange_rate("EUR", day("2026-02-01"), strict=True)


def test_hire_is_of_the_month_or_a_level_without_a_date() -> None:
    box = VesselTable.load().find("cont_8600")
    dated = hire_rate(box, day("2024-08-20"))
    assert dated.usd_day == 100_000 and dated.priced is not None and dated.priced.fits
    level = hire_rate(box, day("2025-08-20"))
    assert level.usd_day == box.economics["charter_usd_day_base"] and level.priced == undated("hire")
    with pytest.raises(DataError, match=r"hire of cont_8600: there is no price of 2025-08.*'costs.charter_usd_day'"):
        hire_rate(box, day("2025-08-20"), strict=True)
    with pytest.raises(DataError, match=r"give 'costs.charter_usd_day'"):
        hire_rate(VesselTable.load().find("mpp_19k_1a"), day("2025-08-20"), strict=True)
    assert hire_rate(box, day("2025-08-20"), "high").priced is None


@pytest.mark.parametrize("name", ["fuel_prices.csv", "hire_rates.csv", "exchange_rates.csv"])
def test_rows_own_up_to_memory_and_guesses(name: str) -> None:
    with geodata.table(name).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    ships = {s.id for s in VesselTable.load().all}
    for r in rows:
        assert r["source"] and r["confidence"] in ("A", "B", "C"), r
        told = f"{r['note']} {r['source']}"
        assert not any(w in told for w in ("memory", "derived", "inferred", "assum")) or r["confidence"] == "C", r
        assert "memory" not in told or "from memory, unverified" in told, r
        assert "vessel" not in r or r["vessel"] in ships


def test_no_fuel_has_two_prices_of_one_period() -> None:
    for (fuel, case), rows in TABLE.prices.items():
        periods = [(p.valid_from, p.valid_to or p.valid_from) for p in rows]
        assert len(set(periods)) == len(periods), (fuel, case)
