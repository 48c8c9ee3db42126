"""The ban on heavy fuel oil in Arctic waters: its dates, whom it binds, and what is burnt instead."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.economy.arctic_fuel import arctic_fuel, arctic_uses, is_heavy
from sim.economy.emissions import FuelUse, emissions
from sim.economy.fuels import FuelTable
from sim.errors import UsageError

TABLE = FuelTable.load()
HFO, VLSFO, MGO = (TABLE.find(f) for f in ("HFO", "VLSFO", "MGO"))
NOW = dt.date(2026, 9, 1)
TONNES = st.floats(0.0, 1e4)


@pytest.mark.parametrize(
    ("day", "exempt", "burns"),
    [("2013-08-15", False, "VLSFO"), ("2024-06-30", False, "VLSFO"), ("2024-07-01", False, "MGO"),
     ("2024-07-01", True, "VLSFO"), ("2029-06-30", True, "VLSFO"), ("2029-07-01", True, "MGO"),
     ("2045-01-01", False, "MGO")],
)  # fmt: skip
def test_dates(day: str, exempt: bool, burns: str) -> None:
    choice = arctic_fuel(VLSFO, dt.date.fromisoformat(day), exempt=exempt)
    assert choice.fuel.id == burns and choice.changed == choice.carriage_banned == (burns == "MGO")
    assert choice.rule.confidence == "A" and "20" in choice.reason


@pytest.mark.parametrize("fuel_id", ["MGO", "LNG_OTTO_MS", "METHANOL", "BIODIESEL", "AMMONIA"])
def test_other_fuels_stay(fuel_id: str) -> None:
    assert arctic_fuel(TABLE.find(fuel_id), NOW).fuel.id == fuel_id


def test_what_is_heavy() -> None:
    """Denser than 900 kg/m3 or thicker than 180 mm2/s; a light VLSFO is not."""
    assert is_heavy(HFO) and is_heavy(VLSFO) and not is_heavy(MGO)
    assert not is_heavy(VLSFO, density_kg_m3=900) and is_heavy(VLSFO, density_kg_m3=900.1)
    assert is_heavy(VLSFO, density_kg_m3=890, viscosity_mm2_s=181)
    assert not is_heavy(VLSFO, density_kg_m3=890, viscosity_mm2_s=180)
    assert arctic_fuel(VLSFO, NOW, density_kg_m3=890).fuel is VLSFO


def test_options() -> None:
    assert arctic_fuel(VLSFO, NOW, apply_ban=False).fuel is VLSFO
    assert arctic_fuel(VLSFO, NOW, substitute="LNG_DIESEL").fuel.id == "LNG_DIESEL"
    with pytest.raises(UsageError, match="heavy fuel oil"):
        arctic_fuel(VLSFO, NOW, substitute="HFO")
    with pytest.raises(UsageError, match="did you mean MGO"):
        arctic_fuel(VLSFO, NOW, substitute="MG0")
    with pytest.raises(UsageError, match="density_kg_m3 is 9"):
        is_heavy(VLSFO, density_kg_m3=9)


@given(TONNES, TONNES, TONNES, st.floats(0, 1), st.booleans())
def test_the_switch_keeps_the_energy_and_the_share(m: float, a: float, b: float, share: float, whole: bool) -> None:
    use = FuelUse(VLSFO, m, a, b, share)
    parts = arctic_uses(use, arctic_fuel(VLSFO, NOW), whole_voyage=whole)
    before, after = emissions(use), emissions(parts)
    assert after.energy_mj == pytest.approx(before.energy_mj)
    assert after.fuel_t <= before.fuel_t + 1e-9  # a tonne of gas oil holds more
    heavy_in_the_arctic = sum(p.fuel_t * p.arctic_share for p in parts if p.fuel.residual)
    assert heavy_in_the_arctic == 0
    assert not whole or all(p.fuel is MGO for p in parts)


def test_soot_falls_with_gas_oil() -> None:
    use = FuelUse(VLSFO, 100, arctic_share=0.3)
    heavy, light = (emissions(arctic_uses(use, arctic_fuel(VLSFO, day))) for day in (dt.date(2020, 9, 1), NOW))
    assert heavy.black_carbon_arctic_t == pytest.approx(0.3 * 0.026)
    assert light.black_carbon_arctic_t == pytest.approx(0.3 * 100 * 40.5 / 42.7 * 0.04e-3)
    assert light.black_carbon_t - light.black_carbon_arctic_t == pytest.approx(0.7 * 0.026)


def test_nothing_changes_where_nothing_must() -> None:
    use = FuelUse(MGO, 10, 2, 1, 0.4)
    assert arctic_uses(use, arctic_fuel(MGO, NOW)) == (use,)
    outside = FuelUse(VLSFO, 10)
    assert arctic_uses(outside, arctic_fuel(VLSFO, NOW)) == (outside,)
