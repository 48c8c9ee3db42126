"""Dated rates: the row of a day, the nearest one, and what a table must hold; exchange rates."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.economy import currency
from sim.economy.rates import GRADES, RateTable, join_notes, read_rates, worst
from sim.errors import DataError, UsageError

HEAD = "kind,valid_from,valid_to,usd,note,source,confidence\n"
OLD = "x;y,2020-01-01,2020-12-31,1,,an order,A\n"
NEW = "x,2023-01-01,,2,since then,another,B\n"


@pytest.fixture
def table(tmp_path: Path) -> RateTable:
    return read(tmp_path, OLD + NEW)


def read(folder: Path, rows: str) -> RateTable:
    path = folder / "made_up.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    return read_rates(path)


@pytest.mark.parametrize(
    ("day", "usd", "dated"),
    [
        ("2019-12-31", 1, False), ("2020-01-01", 1, True), ("2020-12-31", 1, True), ("2021-01-01", 1, False),
        ("2021-12-30", 1, False), ("2022-12-31", 2, False), ("2023-01-01", 2, True), ("2099-01-01", 2, True),
    ],
)  # fmt: skip
def test_row_of_a_day_or_the_nearest(table: RateTable, day: str, usd: float, dated: bool) -> None:
    date = dt.date.fromisoformat(day)
    found = table.at(date)
    assert found.rate.number("usd") == usd
    assert (found.remark == "") is dated
    assert found.confidence == (found.rate.confidence if dated else "C")
    if dated:
        assert table.at(date, strict=True) == found
    else:
        assert day in found.remark and str(found.rate.valid_from) in found.note
        with pytest.raises(DataError, match=f"no rate for {day}; the nearest is valid from"):
            table.at(date, strict=True)


def test_without_a_day_the_newest_row(table: RateTable) -> None:
    assert table.at(None).rate.number("usd") == 2
    assert table.at(None).note == "since then"


def test_rows_are_chosen_by_cells_that_may_list_values(table: RateTable) -> None:
    assert len(table.where(kind="x").rows) == 2
    assert len(table.where(kind="y").rows) == 1
    assert table.values("kind") == ("x", "y")
    with pytest.raises(DataError, match="there is no rate"):
        table.where("the z", kind="z").at(dt.date(2024, 1, 1))


def test_held_rows_are_never_stretched(table: RateTable) -> None:
    assert table.held(dt.date(2021, 6, 1)) == ()
    assert len(table.held(dt.date(2020, 6, 1))) == 1


def test_a_time_is_its_day_and_a_text_is_refused(table: RateTable) -> None:
    assert table.at(dt.datetime(2020, 12, 31, 23, 0)).remark == ""
    with pytest.raises(UsageError, match=r"wanted is a datetime\.date"):
        table.at("2020-01-01")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("x,2020-13-01,,1,,s,A\n", "made_up.csv:2: valid_from is '2020-13-01'"),
        ("x,2020-02-01,2020-01-01,1,,s,A\n", "valid_to 2020-01-01 is before"),
        ("x,2020-01-01,,1,,,A\n", "source is empty"),
        ("x,2020-01-01,,1,,s,D\n", "confidence is 'D', allowed is A, B, C"),
        ("x,2020-01-01,,1,,s,A,more\n", "made_up.csv:2: it has more cells than the first line"),
        ("x,2020-01-01,,1\n", "made_up.csv:2: source is empty"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read(tmp_path, row)


def test_a_number_that_is_none_is_named(tmp_path: Path) -> None:
    rows = read(tmp_path, "x,2020-01-01,,many,,s,A\n")
    with pytest.raises(DataError, match="usd is 'many', it needs a number"):
        rows.rows[0].number("usd")


def test_confidence_and_notes_add_up() -> None:
    assert [worst("A", "B"), worst("B", "", "C"), worst("A")] == ["B", "C", "A"]
    assert join_notes("a", "", "b", "a") == "a; b"


@pytest.mark.parametrize("name", ["exchange_rates", "suez_tolls", "panama_tolls", "other_tolls", "nsr_tariffs"])
def test_shipped_tables_have_sources_confidences_and_honest_memory(name: str) -> None:
    rows = RateTable.load(f"{name}.csv").rows
    assert rows
    for row in rows:
        assert row.source and row.confidence in GRADES, row.where
        assert "memory" not in row.source or row.confidence == "C", row.where
        assert row.text("source_year").isdigit(), row.where


def test_no_two_exchange_rates_hold_on_one_day() -> None:
    table = RateTable.load("exchange_rates.csv")
    for code in table.values("currency"):
        rows = table.where(currency=code)
        for row in rows.rows:
            assert row.valid_from and row.valid_to, f"{row.where}: an open end would hold for ever"
            for day in (row.valid_from, row.valid_to):
                spans = [(r.valid_to - r.valid_from).days for r in rows.held(day) if r.valid_to and r.valid_from]
                assert len(set(spans)) == len(spans), f"{row.where}: two rows of one length hold on {day}"


def test_quotes_are_the_usual_way_round() -> None:
    day = dt.date(2024, 6, 1)
    assert currency.exchange_rate("RUB", day).usd == pytest.approx(1 / 90)
    assert currency.exchange_rate("SDR", day).usd == 1.33
    assert 1.0 < currency.exchange_rate("eur", day).usd < 1.2
    assert currency.to_usd(499_700, "SDR", day) == pytest.approx(664_601)
    assert currency.to_usd(5.0, "USD", day) == 5.0
    assert str(currency.exchange_rate("RUB", day)) == "90 RUB/USD"


def test_rates_lie_where_daily_ones_were_read() -> None:
    """IMF: USD per SDR 1.342 on 2023-12-26, 1.298 on 2025-01-17, 1.366 on 2025-10-20; Bank of Russia 2013: 31-33."""
    for day, usd in ((dt.date(2023, 12, 26), 1.342), (dt.date(2025, 1, 17), 1.298), (dt.date(2025, 10, 20), 1.366)):
        assert currency.exchange_rate("SDR", day).usd == pytest.approx(usd, rel=0.03)
    assert 31 < currency.exchange_rate("RUB", dt.date(2013, 8, 15)).quote < 33


def test_a_year_without_a_rate_is_said_or_refused() -> None:
    late = dt.date(2031, 1, 1)
    rate = currency.exchange_rate("RUB", late)
    assert rate.priced is not None and not rate.priced.fits
    assert rate.confidence == "C" and rate.priced.gap_days == (late - dt.date(2025, 12, 31)).days
    with pytest.raises(DataError, match=r"exchange rate of RUB: there is no price of 2031-01.*'costs.rub_per_usd'"):
        currency.exchange_rate("RUB", late, strict=True)
    assert currency.exchange_rate("RUB", late, given=120.0, strict=True).quote == 120.0


@pytest.mark.parametrize("word", ["RUBB", "ERU", "", "pound"])
def test_an_unknown_currency_is_refused(word: str) -> None:
    with pytest.raises(UsageError, match=r"unknown currency .*allowed: USD, RUB, SDR, EUR"):
        currency.exchange_rate(word)


def test_the_nearest_currency_is_named() -> None:
    with pytest.raises(UsageError, match="did you mean EUR"):
        currency.exchange_rate("EURO")


@pytest.mark.parametrize("value", [0.0, -1.33, math.nan, math.inf, 133.0])
def test_an_absurd_rate_is_refused(value: float) -> None:
    with pytest.raises(UsageError, match="USD per SDR"):
        currency.exchange_rate("SDR", given=value)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2060, 1, 1)), st.sampled_from(["RUB", "SDR", "EUR"]))
def test_every_day_has_a_rate_that_is_dated_or_marked(day: dt.date, code: str) -> None:
    rate = currency.exchange_rate(code, day)
    assert rate.usd > 0
    rows = RateTable.load("exchange_rates.csv").where(currency=code)
    assert rate.priced is not None
    assert bool(rows.held(day)) is rate.priced.fits is (rate.priced.gap_days == 0)
