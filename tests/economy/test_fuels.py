"""Fuels and prices: what names mean, what a price may be, and published cases."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import geodata
from sim.economy.fuels import Fuel, FuelTable, fuel_charge, fuel_cost_usd
from sim.errors import DataError, UsageError
from sim.ship.vessel import Ship, VesselTable

TABLE = FuelTable.load()
FUELS = st.sampled_from(TABLE.all)
TONNES = st.floats(0, 1e5)


@pytest.mark.parametrize(
    ("text", "fuel_id"),
    [("mgo", "MGO"), ("Marine gas oil", "MGO"), ("lng_otto_ms", "LNG_OTTO_MS"), ("ME-GI", "LNG_DIESEL"),
     ("e-methanol", "E_METHANOL"), (" VLSFO ", "VLSFO"), ("HSFO", "HFO")],
)  # fmt: skip
def test_names(text: str, fuel_id: str) -> None:
    assert TABLE.find(text).id == fuel_id


@pytest.mark.parametrize(
    ("text", "hint"),
    [("MG0", "MGO"), ("vlsfoo", "VLSFO"), ("metanol", "METHANOL"), ("LNG", "LNG_OTTO_SS"), ("", "HFO")],
)
def test_an_unknown_fuel_names_the_nearest(text: str, hint: str) -> None:
    with pytest.raises(UsageError, match=f"unknown fuel.*{hint}"):
        TABLE.find(text)


@pytest.mark.parametrize("ship", VesselTable.load().all, ids=lambda s: s.id)
def test_every_ship_of_the_table_has_a_fuel(ship: Ship) -> None:
    fuel = TABLE.for_ship(ship)
    assert ship.default_fuel is not None and fuel.id.startswith(ship.default_fuel)


def test_plain_lng_is_told_by_the_engine() -> None:
    ships = VesselTable.load()
    assert TABLE.for_ship(ships.find("lng_yamalmax")).id == "LNG_OTTO_MS"
    assert TABLE.for_ship(ships.find("lng_174k")).id == "LNG_OTTO_SS"
    assert TABLE.for_ship(ships.find("lng_yamalmax"), "MGO").id == "MGO"
    with pytest.raises(UsageError, match="has no fuel"):
        TABLE.for_ship(Ship.generic(12.0))


@given(FUELS)
def test_low_base_high_are_in_order(fuel: Fuel) -> None:
    low, base, high = (TABLE.price(fuel, case) for case in ("low", "base", "high"))
    assert 0 < low.usd_t < base.usd_t < high.usd_t
    assert all(p.source and p.confidence in "ABC" and p.valid_from for p in (low, base, high))


def test_prices_of_two_days_in_2025() -> None:
    """Ship & Bunker of 14 May (G4) and MABUX of week 44."""
    assert [TABLE.price(f, "2025-05-G4").usd_t for f in ("HFO", "VLSFO", "MGO")] == [428.5, 498.5, 649.5]
    assert [TABLE.price(f, "2025-10-world").usd_t for f in ("HFO", "VLSFO", "MGO")] == [446, 512, 786]


def test_lr2_saves_what_was_published() -> None:
    """Suez for the Cape, February 2025: 16 days less at about 42 t a day, a saving of about 345,000 USD (Argus)."""
    assert fuel_cost_usd(42 * 16, TABLE.price("HFO", date=dt.date(2025, 2, 19))) == pytest.approx(345_000, rel=0.01)


def test_own_price_in_dollars_and_euros() -> None:
    assert TABLE.price("MGO", 700).usd_t == 700
    euro = TABLE.price("MGO", 700, currency="eur", rate=1.2)
    assert euro.usd_t == pytest.approx(840)
    dated = TABLE.price("MGO", 700, currency="EUR", date=dt.date(2025, 6, 1))
    assert 700 < dated.usd_t < 875 and "EUR" in dated.note


@pytest.mark.parametrize("value", [-1, -1e-9, 10_001, 1e12, float("nan"), float("inf")])
def test_negative_and_absurd_prices_are_refused(value: float) -> None:
    with pytest.raises(UsageError, match="price"):
        TABLE.price("MGO", value)
    with pytest.raises(UsageError, match="price"):
        fuel_cost_usd(1.0, value)


def test_unknown_case_and_currency_name_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"'hgih' of MGO \(did you mean high"):
        TABLE.price("MGO", "hgih")
    with pytest.raises(UsageError, match=r"'EURO' \(did you mean EUR\?\)"):
        TABLE.price("MGO", 500, currency="EURO")
    with pytest.raises(UsageError, match="fuel_t is -1"):
        fuel_cost_usd(-1.0, 500.0)


@given(TONNES, st.floats(0, 10_000), st.floats(0, 10_000))
def test_dearer_is_never_cheaper(fuel_t: float, a: float, b: float) -> None:
    cheap, dear = sorted((a, b))
    assert fuel_cost_usd(fuel_t, cheap) <= fuel_cost_usd(fuel_t, dear)


@given(TONNES)
def test_zero_price_and_zero_fuel_cost_nothing(fuel_t: float) -> None:
    assert fuel_cost_usd(fuel_t, 0) == 0
    assert fuel_cost_usd(0, TABLE.price("HFO")) == 0


def test_line_of_a_ledger() -> None:
    charge = fuel_charge("fuel, main engine", 27.63, TABLE.price("VLSFO", date=dt.date(2025, 10, 29)), confidence="C")
    assert charge.amount_usd == 14_146.56  # 27.63 x 512
    assert (
        charge.confidence == "C" and "27.6 t VLSFO x 512.00 USD/t (base)" in charge.formula and "MABUX" in charge.source
    )


@given(FUELS, FUELS, TONNES)
def test_exchange_of_fuels_keeps_the_energy(a: Fuel, b: Fuel, fuel_t: float) -> None:
    assert a.energy_mj(a.same_energy_t(b, fuel_t)) == pytest.approx(b.energy_mj(fuel_t))


def test_certificates() -> None:
    biodiesel = TABLE.find("BIODIESEL").certified(14.9)
    assert biodiesel.wtt_gco2e_mj == pytest.approx(14.9 - 1000 * 2.834 / 37)
    with pytest.raises(UsageError, match="MGO is fossil"):
        TABLE.find("MGO").certified(10)
    with pytest.raises(UsageError, match="E_METHANOL"):
        TABLE.find("E_METHANOL").certified(30)  # above 28.2 it saves less than 70 %


def test_a_price_of_no_fuel_is_an_error_in_the_table(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("fuels.csv", "fuel_prices.csv"):
        (tmp_path / name).write_text(geodata.table(name).read_text(encoding="utf-8"), encoding="utf-8")
    with (tmp_path / "fuel_prices.csv").open("a", encoding="utf-8") as file:
        file.write("COAL,base,2025-01-01,,90,,a joke,C\n")
    monkeypatch.setattr(geodata, "table", lambda name: tmp_path / name)
    with pytest.raises(DataError, match="COAL"):
        FuelTable.load.__wrapped__(FuelTable)


@pytest.mark.parametrize("name", ["fuels.csv", "fuel_prices.csv", "carbon_rules.csv", "eea_countries.csv"])
def test_every_row_has_source_and_confidence_and_memory_is_owned(name: str) -> None:
    with geodata.table(name).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        assert row["source"] and row["confidence"] in ("A", "B", "C"), row
        assert "memory" not in row["source"] or row["confidence"] != "A", row
