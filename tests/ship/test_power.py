"""Fuel: the table's own points, published consumption, and what ice adds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.economy.rates import RateTable
from sim.errors import UsageError
from sim.ship.ice_speed import attainable_kn, escorted_kn
from sim.ship.power import (
    SEA_MARGIN,
    auxiliary_fuel_tpd,
    fuel_tpd,
    full_power_kn,
    hull_of,
    ice_power_share,
    main_fuel_tpd,
    max_main_fuel_tpd,
    open_water_share,
)
from sim.ship.vessel import Ship, VesselTable

TABLE = VesselTable.load()
IDS = [s.id for s in TABLE.all]
SHIPS = st.sampled_from(TABLE.all)
SPEEDS = st.floats(0, 30)
ICE = st.tuples(st.floats(0, 1), st.floats(0, 3))


@pytest.mark.parametrize("ship", TABLE.all, ids=IDS)
def test_the_law_goes_through_both_points_of_the_table(ship: Ship) -> None:
    """The service point exactly; the design point, which the law is not fitted to, within 0.5 %."""
    assert float(main_fuel_tpd(ship, ship.service_speed_kn)) == pytest.approx(ship.main_fuel_service_tpd, rel=1e-12)
    assert ship.design_speed_kn is not None
    assert float(main_fuel_tpd(ship, ship.design_speed_kn)) == pytest.approx(ship.main_fuel_design_tpd, rel=0.005)


def test_yong_sheng_saves_what_was_published() -> None:
    """252 t over 2,780 nm at 12.7 kn (arcticportal.org 2015, after COSCO and Vessel Finder)."""
    ship = TABLE.find("mpp_19k_1a")
    assert float(main_fuel_tpd(ship, 12.7)) * 2780 / 12.7 / 24 == pytest.approx(252, abs=1)


@pytest.mark.parametrize(
    ("ship_id", "speed_kn", "plain", "with_margin"),
    [("cont_4400", 16, 39.4, 45.4), ("cont_14000", 17, 92.9, 107.1), ("bulk_panamax", 13, 25.9, 29.9),
     ("tank_suezmax", 12.5, 38.8, 44.7)],
)  # fmt: skip
def test_sea_margin(ship_id: str, speed_kn: float, plain: float, with_margin: float) -> None:
    ship = TABLE.find(ship_id)
    assert float(main_fuel_tpd(ship, speed_kn)) == pytest.approx(plain, abs=0.05)
    assert float(main_fuel_tpd(ship, speed_kn, sea_margin=SEA_MARGIN)) == pytest.approx(with_margin, rel=0.005)


def standard_ratios(margin: float) -> dict[str, float]:
    """The table's fuel, brought to the dwt of standard ships by the power 2/3, over what these are described with."""
    out = {}
    for row in RateTable.load("standard_ships.csv").rows:
        ship = replace(TABLE.find(row.text("vessel_id")), sea_margin=margin)
        assert ship.dwt_t is not None
        like = float(fuel_tpd(ship, row.number("speed_kn"))) * (row.number("dwt_t") / ship.dwt_t) ** (2 / 3)
        out[row.text("id")] = like / row.number("fuel_tpd")
    return out


def test_the_table_is_consumption_in_service_so_the_usual_margin_would_count_twice() -> None:
    """Charter descriptions are of ships in service in fair weather. Without a margin the table is 3 % above them; with
    the usual one of 15 % it would be 17 % above, and above each of them."""
    plain, usual = standard_ratios(1.0), standard_ratios(SEA_MARGIN)
    assert len(plain) == 5 and all(0.97 < r < 1.08 for r in plain.values())
    assert np.mean(list(plain.values())) == pytest.approx(1.027, abs=0.002)
    assert all(r > 1.11 for r in usual.values())


def test_a_ship_s_own_margin_is_that_of_every_function() -> None:
    plain = TABLE.find("bulk_panamax")
    ship = replace(plain, sea_margin=1.15)
    assert float(main_fuel_tpd(ship, 13)) == pytest.approx(1.15 * float(main_fuel_tpd(plain, 13)))
    assert float(main_fuel_tpd(ship, 13, sea_margin=1.0)) == pytest.approx(float(main_fuel_tpd(plain, 13)))
    assert float(fuel_tpd(ship, 13)) - auxiliary_fuel_tpd(ship) == pytest.approx(1.15 * float(main_fuel_tpd(plain, 13)))
    assert float(open_water_share(ship, 40)) == 1.0  # never more than full power
    icy = TABLE.find("tank_lr1_1a")
    own, more = (float(ice_power_share(replace(icy, sea_margin=m), 0.5, 0.4, 8.0)) for m in (1.0, 1.15))
    assert own < more <= 1.15 * own


def test_half_the_speed_needs_an_eighth_of_the_fuel() -> None:
    ship = TABLE.find("bulk_capesize")
    assert float(main_fuel_tpd(ship, 6.0)) == pytest.approx(float(main_fuel_tpd(ship, 12.0)) / 8)


def test_fuel_is_bounded_by_full_power() -> None:
    """18,660 kW at 175 g/kWh burn 78.4 t a day, however fast the ship is asked to go."""
    ship = TABLE.find("bulk_capesize")
    assert max_main_fuel_tpd(ship) == pytest.approx(18660 * 175 * 24 / 1e6)
    assert float(main_fuel_tpd(ship, 40.0)) == max_main_fuel_tpd(ship)
    assert 14.8 < full_power_kn(ship) < 17
    assert float(open_water_share(ship, full_power_kn(ship))) == pytest.approx(1)


@pytest.mark.parametrize("ship", TABLE.all, ids=IDS)
def test_the_design_point_is_near_the_continuous_rating(ship: Ship) -> None:
    """Design speed at 75 to 90 % of the rating is usual; half and over 100 % would be a wrong row."""
    assert ship.design_speed_kn is not None
    assert 0.55 < float(open_water_share(ship, ship.design_speed_kn)) <= 1


def test_auxiliary_engines_and_boilers() -> None:
    """860 kW at 195 g/kWh and 300 kW at 340 g/kWh: 6.47 t a day; on gas 2,650 kW at 156 and 150 kW at 285: 10.95."""
    assert auxiliary_fuel_tpd(TABLE.find("tank_vlcc")) == pytest.approx(4.0248 + 2.448)
    assert auxiliary_fuel_tpd(TABLE.find("lng_yamalmax")) == pytest.approx(9.9216 + 1.026)
    assert auxiliary_fuel_tpd(TABLE.find("gc_5000")) == pytest.approx(180 * 185 * 24e-6)


@given(ship=SHIPS)
def test_at_rest_only_the_auxiliary_engines_burn(ship: Ship) -> None:
    assert float(main_fuel_tpd(ship, 0.0)) == 0
    assert float(fuel_tpd(ship, 0.0)) == auxiliary_fuel_tpd(ship)


@given(ship=SHIPS, speeds=st.tuples(SPEEDS, SPEEDS))
def test_faster_never_burns_less(ship: Ship, speeds: tuple[float, float]) -> None:
    slow, fast = main_fuel_tpd(ship, sorted(speeds))
    assert 0 <= slow <= fast <= max_main_fuel_tpd(ship)


def test_full_power_in_ice_burns_the_most() -> None:
    ship = TABLE.find("lng_yamalmax")
    assert float(main_fuel_tpd(ship, 2.5, 1.0)) == max_main_fuel_tpd(ship) == pytest.approx(168.5, abs=0.1)
    assert float(fuel_tpd(ship, 2.5, 0.5)) == pytest.approx(84.24 + auxiliary_fuel_tpd(ship))


@given(ship=SHIPS, ice=ICE)
def test_the_speed_of_full_power_needs_full_power(ship: Ship, ice: tuple[float, float]) -> None:
    hull = hull_of(ship)
    alone = attainable_kn(hull, *ice)
    if 0 < float(alone) < 0.999 * hull.open_water_kn:
        assert float(ice_power_share(ship, *ice, alone)) == pytest.approx(1, abs=1e-6)


@given(ship=SHIPS, ice=ICE, speed_kn=SPEEDS, escorted=st.booleans())
def test_ice_never_saves_fuel(ship: Ship, ice: tuple[float, float], speed_kn: float, escorted: bool) -> None:
    share = float(ice_power_share(ship, *ice, speed_kn, escorted=escorted))
    assert float(open_water_share(ship, speed_kn)) <= share <= 1
    assert float(ice_power_share(ship, 0.0, ice[1], speed_kn)) == float(open_water_share(ship, speed_kn))


@given(ship=SHIPS, ice=ICE, more=st.floats(0, 1), speed_kn=SPEEDS, escorted=st.booleans())
def test_power_grows_with_ice_and_with_speed(
    ship: Ship, ice: tuple[float, float], more: float, speed_kn: float, escorted: bool
) -> None:
    c, h = ice
    base = float(ice_power_share(ship, c, h, speed_kn, escorted=escorted)) - 1e-9
    assert base <= float(ice_power_share(ship, c, h + more, speed_kn, escorted=escorted))
    assert base <= float(ice_power_share(ship, min(1.0, c + more), h, speed_kn, escorted=escorted))
    assert base <= float(ice_power_share(ship, c, h, speed_kn + 3 * more, escorted=escorted))


def test_a_convoy_saves_power() -> None:
    """At one speed and in the same ice the channel needs less power than the unbroken ice."""
    ship = TABLE.find("bulk_handymax_1a")
    speed = escorted_kn(hull_of(ship), 1.0, 1.0, open_water_kn=12.9)
    assert float(speed) > 3
    assert float(ice_power_share(ship, 1.0, 1.0, speed, escorted=True)) <= 1
    assert float(ice_power_share(ship, 1.0, 0.5, 3.0, escorted=True)) < float(ice_power_share(ship, 1.0, 0.5, 3.0))


def test_shapes_and_gaps() -> None:
    ship = TABLE.find("mpp_19k_1a")
    speeds = np.array([[0.0, 5.0, np.nan], [12.0, 14.0, 60.0]])
    for fuel in (main_fuel_tpd(ship, speeds), fuel_tpd(ship, speeds), fuel_tpd(ship, speeds, 0.4)):
        assert fuel.shape == (2, 3)
        assert np.array_equal(np.isnan(fuel), np.isnan(speeds))
    share = ice_power_share(ship, np.array([0.0, 1.0, np.nan]), np.full((2, 1), 0.4), 4.0)
    assert share.shape == (2, 3)
    assert np.array_equal(np.isnan(share[0]), [False, False, True])
    assert main_fuel_tpd(ship, np.ones(4), np.full((3, 1), 0.5)).shape == (3, 4)


def test_a_ship_without_figures_is_an_error() -> None:
    ship = Ship.generic(14, name="Mine")
    for call in (max_main_fuel_tpd, auxiliary_fuel_tpd, lambda s: fuel_tpd(s, 10.0)):
        with pytest.raises(UsageError, match="ship 'Mine' has no fuel figures"):
            call(ship)
    with pytest.raises(UsageError, match="ship 'Mine' has no hull"):
        ice_power_share(ship, 1.0, 1.0, 5.0)
    with pytest.raises(UsageError, match="speed_kn is -1"):
        fuel_tpd(TABLE.all[0], [-1.0, 5.0])
    with pytest.raises(UsageError, match="power_share is"):
        fuel_tpd(TABLE.all[0], 5.0, 1.2)
    with pytest.raises(UsageError, match="sea_margin is 0"):
        fuel_tpd(TABLE.all[0], 5.0, sea_margin=0)
