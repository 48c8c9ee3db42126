"""EU ETS and FuelEU: scope by port, phase-in by year, and the penalty against figures worked out by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.economy.carbon import (
    allowance_price_eur,
    berth_scope,
    ets_bill,
    ets_phase_in,
    fueleu_bill,
    fueleu_target_gco2e_mj,
    is_eea,
    leg_scopes,
    scope_share,
)
from sim.economy.emissions import Emissions, FuelUse, emissions
from sim.economy.fuels import FuelTable
from sim.errors import UsageError

TABLE = FuelTable.load()
VLSFO, MGO, LNG = (TABLE.find(f) for f in ("VLSFO", "MGO", "LNG_OTTO_MS"))
DATES = st.dates(dt.date(2015, 1, 1), dt.date(2060, 1, 1))
TONNES = st.floats(0, 1e5)
Y2026 = dt.date(2026, 8, 1)


def test_eea() -> None:
    inside = ["NL", "nlrtm", "NO", "IS", "ESLPA", "RE", "MT", "BEANR"]
    outside = ["GB", "GBFXT", "RUMMK", "TR", "MA", "GL", "FO", "GI", "CN", "UA"]
    assert all(map(is_eea, inside)) and not any(map(is_eea, outside))


@pytest.mark.parametrize("word", ["Netherlands", "CHINA", "X", "", "ZZ", "12", "AT"])
def test_what_is_no_place_with_a_sea_port(word: str) -> None:
    with pytest.raises(UsageError, match="no country code"):
        is_eea(word)


def test_scope_of_a_plain_voyage() -> None:
    assert scope_share("CN", "NL") == scope_share("NLRTM", "CNDLC") == 0.5
    assert scope_share("NO", "NL") == 1
    assert scope_share("CN", "RU") == 0
    assert berth_scope("NLRTM") == 1 and berth_scope("CN") == 0


def test_a_call_at_murmansk_leaves_only_the_last_leg() -> None:
    assert leg_scopes("CNDLC", "NLRTM", ["RUMMK"]) == (0.0, 0.5)
    assert scope_share("CN", "NL", ["RU"], leg_weights=[7000, 1600]) == pytest.approx(0.5 * 1600 / 8600)
    with pytest.raises(UsageError, match="leg_weights is missing"):
        scope_share("CN", "NL", ["RU"])
    with pytest.raises(UsageError, match="one for each of the 2 legs"):
        scope_share("CN", "NL", ["RU"], leg_weights=[1])
    assert leg_scopes("CNDLC", "NLRTM", ["GRPIR", "GBFXT"]) == (0.5, 0.5, 0.5)
    assert leg_scopes("CNDLC", "NLRTM", ["GRPIR", "ESALG"]) == (0.5, 1.0, 1.0)


@pytest.mark.parametrize("port", ["MAPTM", "EGPSE", "EGPSD", "maptm"])
def test_a_transhipment_call_does_not_end_a_container_voyage(port: str) -> None:
    assert scope_share("CNSHA", "NLRTM", [port]) == 0.5
    assert leg_scopes("CNSHA", "NLRTM", [port], container_ship=False) == (0.0, 0.5)
    assert leg_scopes("GRPIR", "NLRTM", [port]) == (1.0, 1.0)
    assert leg_scopes("CNSHA", "NLRTM", ["MACAS"]) == (0.0, 0.5)


@given(st.lists(st.sampled_from(["CN", "RU", "NL", "NO", "MAPTM", "GB", "EGPSE"]), min_size=2, max_size=6))
def test_scope_is_the_same_both_ways(stops: list[str]) -> None:
    there = leg_scopes(stops[0], stops[-1], stops[1:-1])
    back = leg_scopes(stops[-1], stops[0], stops[-2:0:-1])
    assert there == back[::-1] and len(there) == len(stops) - 1
    assert 0 <= scope_share(stops[0], stops[-1], stops[1:-1], leg_weights=[1] * len(there)) <= 1


@pytest.mark.parametrize(
    ("day", "share"),
    [("2023-12-31", 0), ("2024-01-01", 0.4), ("2024-12-31", 0.4), ("2025-01-01", 0.7), ("2025-12-31", 0.7),
     ("2026-01-01", 1), ("2035-05-05", 1)],
)  # fmt: skip
def test_phase_in(day: str, share: float) -> None:
    assert ets_phase_in(dt.date.fromisoformat(day)) == share


def test_bill_by_hand() -> None:
    """1,000 t of VLSFO, Dalian-Rotterdam: 3,114 t CO2 x 0.5 x 0.7 x 75 EUR in 2025."""
    bill = ets_bill(emissions(FuelUse(VLSFO, 1000)), dt.date(2025, 8, 1), scope=0.5, price=75, usd_per_eur=1.1)
    assert bill.owed_t == pytest.approx(1089.9)
    assert bill.cost_eur == pytest.approx(81_742.5) and bill.cost_usd == pytest.approx(89_916.75)
    charge = bill.charge()
    assert charge.amount_usd == 89_916.75 and "0.7 phase-in" in charge.formula and charge.confidence == "A"


def test_other_gases_count_from_2026() -> None:
    e = emissions(FuelUse(LNG, 1000))
    old = ets_bill(e, dt.date(2025, 12, 31), scope=1)
    new = ets_bill(e, dt.date(2026, 1, 1), scope=1)
    assert old.verified_t == pytest.approx(e.co2_t)
    assert new.verified_t == pytest.approx(2750 * 0.969 + 31 * 28 + 0.11 * 0.969 * 265)


def test_a_tonne_of_fuel_costs_what_the_market_said_in_late_2025() -> None:
    """276 to 284 USD per t of fuel at full scope (ENGINE, late 2025), at about 76 EUR and 1.16 USD/EUR."""
    bill = ets_bill(emissions(FuelUse(VLSFO, 1)), Y2026, scope=1, price=76, usd_per_eur=1.16)
    assert 276 <= bill.cost_usd <= 284


def test_ice_class_relief_ends_with_2030() -> None:
    e = emissions(FuelUse(VLSFO, 100))
    for year, factor in ((2024, 0.95), (2030, 0.95), (2031, 1.0)):
        day = dt.date(year, 12, 31)
        plain, relieved = (ets_bill(e, day, scope=0.5, ice_class_relief=r).owed_t for r in (False, True))
        assert relieved == pytest.approx(factor * plain)


def test_small_ships_and_certified_fuel_owe_nothing() -> None:
    e = emissions(FuelUse(VLSFO, 100))
    assert ets_bill(e, Y2026, scope=1, gt=4999).cost_eur == 0 < ets_bill(e, Y2026, scope=1, gt=5000).cost_eur
    bio = emissions(FuelUse(TABLE.find("BIODIESEL").certified(14.9), 100))
    assert ets_bill(bio, dt.date(2025, 1, 1), scope=1).owed_t == 0
    assert fueleu_bill(FuelUse(VLSFO, 100), Y2026, scope=1, gt=4999).penalty_eur == 0


@given(DATES, TONNES, st.floats(0, 1), st.floats(0, 2000), st.floats(0, 2000))
def test_a_dearer_allowance_is_never_cheaper(when: dt.date, fuel_t: float, scope: float, a: float, b: float) -> None:
    e = emissions(FuelUse(VLSFO, fuel_t))
    cheap, dear = (ets_bill(e, when, scope=scope, price=p).cost_usd for p in sorted((a, b)))
    assert 0 <= cheap <= dear
    assert ets_bill(e, when, scope=scope, price=0).charge().amount_usd == 0


@given(DATES)
def test_zero_fuel_owes_nothing(when: dt.date) -> None:
    assert ets_bill(Emissions(), when, scope=1).cost_usd == 0
    bill = fueleu_bill(FuelUse(VLSFO), when, scope=1)
    assert bill.penalty_eur == 0 and bill.charge().amount_usd == 0


@pytest.mark.parametrize(
    ("year", "target"),
    [(2025, 89.3368), (2029, 89.3368), (2030, 85.6904), (2035, 77.9418), (2040, 62.9004), (2045, 34.6408),
     (2050, 18.232), (2070, 18.232)],
)  # fmt: skip
def test_fueleu_targets(year: int, target: float) -> None:
    assert fueleu_target_gco2e_mj(dt.date(year, 6, 1)) == pytest.approx(target, abs=1e-4)
    assert fueleu_target_gco2e_mj(dt.date(2024, 12, 31)) is None


def test_fueleu_costs_62_eur_per_tonne_of_vlsfo() -> None:
    """(91.74 - 89.34) / 91.74 x 40.5 / 41 x 2400 EUR; half of it for Dalian-Rotterdam."""
    full = fueleu_bill(FuelUse(VLSFO, 1), Y2026, scope=1)
    half = fueleu_bill(FuelUse(VLSFO, 1), Y2026, scope=scope_share("CNDLC", "NLRTM"))
    assert full.penalty_eur == pytest.approx(62, abs=0.5) and half.penalty_eur == pytest.approx(31, abs=0.3)
    assert full.balance_tco2e == pytest.approx((89.3368 - 91.7442) * 40_500 / 1e6, rel=1e-4)
    again = fueleu_bill(FuelUse(VLSFO, 1), Y2026, scope=1, deficit_years=3)
    assert again.penalty_eur == pytest.approx(1.2 * full.penalty_eur)


def test_fueleu_knows_surplus_mixes_and_its_first_year() -> None:
    gas = fueleu_bill(FuelUse(TABLE.find("LNG_DIESEL"), 100), Y2026, scope=1)
    assert gas.penalty_eur == 0 and gas.balance_tco2e > 0 and gas.said
    assert fueleu_bill(FuelUse(VLSFO, 100), dt.date(2024, 6, 1), scope=1).penalty_eur == 0
    mixed = fueleu_bill([FuelUse(VLSFO, 100), FuelUse(TABLE.find("LNG_DIESEL"), 100)], Y2026, scope=1)
    assert mixed.penalty_eur == 0  # the gas makes up for the oil
    with pytest.raises(UsageError, match="E_METHANOL has no certificate"):
        fueleu_bill([FuelUse(VLSFO, 1), FuelUse(TABLE.find("E_METHANOL"), 1)], Y2026, scope=1)


@given(DATES, TONNES, st.floats(0, 20), st.floats(0.01, 1))
def test_the_penalty_is_linear_in_fuel_and_scope(when: dt.date, fuel_t: float, factor: float, scope: float) -> None:
    one = fueleu_bill(FuelUse(MGO, fuel_t), when, scope=1).penalty_eur
    assert fueleu_bill(FuelUse(MGO, fuel_t).scaled(factor), when, scope=scope).penalty_eur == pytest.approx(
        one * factor * scope, rel=1e-6, abs=1e-6
    )


@given(TONNES, st.integers(2025, 2059))
def test_later_years_never_ask_less(fuel_t: float, year: int) -> None:
    now, later = (fueleu_bill(FuelUse(VLSFO, fuel_t), dt.date(y, 6, 1), scope=1).penalty_eur for y in (year, year + 1))
    assert now <= later + 1e-9


def test_prices() -> None:
    late = dt.date(2025, 12, 31)
    assert [allowance_price_eur(case, late)[0] for case in ("low", "BASE", "high")] == [60, 84.5, 100]
    for price in (-1, 2001, float("nan")):
        with pytest.raises(UsageError, match="price of an allowance"):
            ets_bill(Emissions(), Y2026, scope=1, price=price)
    with pytest.raises(UsageError, match="did you mean base"):
        allowance_price_eur("bass")
    for scope in (-0.1, 1.1):
        with pytest.raises(UsageError, match="scope is"):
            ets_bill(Emissions(), Y2026, scope=scope)
    with pytest.raises(UsageError, match="exchange rate"):
        ets_bill(Emissions(), Y2026, scope=1, usd_per_eur=-1)
    with pytest.raises(UsageError, match="deficit_years"):
        fueleu_bill(FuelUse(VLSFO, 1), Y2026, scope=1, deficit_years=0)
