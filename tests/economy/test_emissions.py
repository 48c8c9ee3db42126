"""Emissions: the factors of FuelEU, published savings, slip by consumer, and linearity."""

from __future__ import annotations

from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.economy.emissions import Emissions, FuelUse, emissions, gwp
from sim.economy.fuels import FuelTable
from sim.economy.rates import RateTable
from sim.errors import UsageError

TABLE = FuelTable.load()
TONNES = st.floats(0, 1e5)
USES = st.builds(FuelUse, st.sampled_from(TABLE.all), TONNES, TONNES, TONNES, st.floats(0, 1))
KNOWN = st.sampled_from([f for f in TABLE.all if f.wtt_gco2e_mj is not None])


@pytest.mark.parametrize(
    ("fuel", "published", "within"),
    [("HFO", 91.74, 0.005), ("MGO", 90.77, 0.005), ("LNG_DIESEL", 76.1, 0.05), ("LNG_OTTO_SS", 82.9, 0.05),
     ("LNG_OTTO_MS", 89.2, 0.05), ("METHANOL", 103.2, 0.05), ("VLSFO", 91.74, 0.005), ("LFO", 91.39, 0.005)],
)  # fmt: skip
def test_well_to_wake_as_fueleu_publishes_it(fuel: str, published: float, within: float) -> None:
    intensity = emissions(FuelUse(TABLE.find(fuel), main_t=100)).fueleu_intensity_gco2e_mj
    assert intensity == pytest.approx(published, abs=within)


def test_the_published_column_of_the_table() -> None:
    for row in RateTable.load("fuels.csv").rows:
        intensity = emissions(FuelUse(TABLE.find(row.text("id")), main_t=1)).fueleu_intensity_gco2e_mj
        published = row.text("wtw_published_gco2e_mj")
        assert (intensity is None) == (not published)
        if intensity is not None:
            assert intensity == pytest.approx(float(published), abs=0.006), row.text("id")


def test_yong_sheng_saves_785_t_of_co2() -> None:
    """252 t of fuel at 3.114 (arcticportal.org 2015)."""
    assert emissions(FuelUse(TABLE.find("HFO"), main_t=252)).co2_t == pytest.approx(785, abs=0.5)
    assert emissions(FuelUse(TABLE.find("VLSFO"), main_t=252)).co2_t == pytest.approx(785, abs=0.5)


def test_black_carbon_of_a_tonne_in_the_arctic() -> None:
    """0.26 g/kg x 6,200: 1.6 t CO2e over 20 years for each tonne of HFO; elsewhere 1,200."""
    there = emissions(FuelUse(TABLE.find("HFO"), main_t=1, arctic_share=1))
    assert there.black_carbon_co2e_t("AR5_20") == pytest.approx(1.612)
    assert there.black_carbon_co2e_t("AR5_20", arctic=False) == pytest.approx(0.312)
    half = emissions(FuelUse(TABLE.find("HFO"), main_t=1, arctic_share=0.5))
    assert half.black_carbon_co2e_t("AR5_20") == pytest.approx((1.612 + 0.312) / 2)
    plain, with_soot = (there.tank_to_wake_co2e_t("AR5_20", black_carbon=b) for b in (False, True))
    assert with_soot - plain == pytest.approx(1.612)


def test_slip_is_of_the_consumer() -> None:
    gas = TABLE.find("LNG_DIESEL")
    main, auxiliary, boiler = (emissions(FuelUse(gas, **{k: 100.0})) for k in ("main_t", "auxiliary_t", "boiler_t"))
    assert (main.ch4_slip_t, auxiliary.ch4_slip_t, boiler.ch4_slip_t) == pytest.approx((0.2, 3.1, 0))
    assert main.co2_t == pytest.approx(275 * 0.998)
    assert main.co2_full_t == boiler.co2_t == pytest.approx(275)
    assert emissions(FuelUse(TABLE.find("MGO"), 5, 5, 5)).ch4_slip_t == 0


def test_methane_weighs_more_over_twenty_years() -> None:
    otto = emissions(FuelUse(TABLE.find("LNG_OTTO_MS"), main_t=100))
    oil = emissions(FuelUse(TABLE.find("MGO"), main_t=100 * 49.1 / 42.7))
    century = otto.tank_to_wake_co2e_t("AR5_100"), oil.tank_to_wake_co2e_t("AR5_100")
    twenty = otto.tank_to_wake_co2e_t("AR5_20"), oil.tank_to_wake_co2e_t("AR5_20")
    assert century[0] < century[1] and twenty[0] > twenty[1]


@given(USES)
def test_zero_fuel_gives_zero_of_everything(use: FuelUse) -> None:
    assert astuple(emissions(use.scaled(0))) == (0.0,) * 11
    assert emissions([]) == Emissions()


@given(USES, st.floats(0, 50))
def test_linear_in_fuel(use: FuelUse, factor: float) -> None:
    one, more = astuple(emissions(use)), astuple(emissions(use.scaled(factor)))
    for a, b in zip(one, more, strict=True):
        if a is not None and b is not None:
            assert b == pytest.approx(factor * a, rel=1e-9, abs=1e-12)


@given(st.lists(USES, max_size=4))
def test_a_sum_of_uses_is_the_sum_of_their_emissions(uses: list[FuelUse]) -> None:
    total = Emissions()
    for use in uses:
        total = total + emissions(use)
    assert astuple(emissions(uses)) == pytest.approx(astuple(total))


@given(USES)
def test_parts_stay_below_the_whole(use: FuelUse) -> None:
    e = emissions(use)
    assert 0 <= e.co2_t <= e.co2_full_t
    assert 0 <= e.ch4_slip_t <= e.ch4_t and 0 <= e.black_carbon_arctic_t <= e.black_carbon_t
    assert e.co2_zero_rated_t == 0


def test_without_certificate_the_well_is_unknown_and_with_it_the_sum_is_its_figure() -> None:
    plain = TABLE.find("BIODIESEL")
    assert emissions(FuelUse(plain, 10)).well_to_wake_co2e_t() is None
    assert (emissions(FuelUse(plain, 10)) + emissions(FuelUse(TABLE.find("MGO"), 1))).well_to_wake_co2e_t() is None
    e = emissions(FuelUse(plain.certified(14.9), 10))
    assert e.co2_zero_rated_t == e.co2_t > 0
    gases = 1000 * (5e-5 * 25 + 1.8e-4 * 298) / 37
    assert e.fueleu_intensity_gco2e_mj == pytest.approx(14.9 + gases)


def test_bad_input() -> None:
    mgo = TABLE.find("MGO")
    with pytest.raises(UsageError, match="main_t of MGO is -1"):
        FuelUse(mgo, main_t=-1)
    with pytest.raises(UsageError, match="arctic_share"):
        FuelUse(mgo, 1, arctic_share=1.1)
    with pytest.raises(UsageError, match="boiler_t"):
        FuelUse(mgo, boiler_t=float("nan"))
    with pytest.raises(UsageError, match="AR5_100"):
        gwp("AR5_10", "CH4")
    with pytest.raises(UsageError, match="AR5"):
        emissions(FuelUse(mgo, 1)).tank_to_wake_co2e_t("GWP100")
    with pytest.raises(UsageError, match="unknown gwp"):
        gwp("AR5_100", "SF6")
