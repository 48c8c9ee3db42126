"""The second fuel method: the table of the IMO Fourth GHG Study's figures beside the cube law's, and its shape."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import UsageError
from sim.ship.power import ENGINE_OFF_LOAD, fuel_4ghg, load_4ghg, main_fuel_tpd
from sim.ship.vessel import Ship, VesselTable

TABLE = VesselTable.load()
SHIPS = st.sampled_from(TABLE.all)


@pytest.mark.parametrize(
    ("ship_id", "speed_kn", "by_study", "by_cube"),
    [("cont_4400", 16, 61.7, 39.4), ("cont_14000", 17, 126.4, 92.9), ("bulk_panamax", 13, 41.3, 25.9),
     ("tank_suezmax", 12.5, 57.2, 38.8)],
)  # fmt: skip
def test_the_two_methods_at_service_speed(ship_id: str, speed_kn: float, by_study: float, by_cube: float) -> None:
    """Figures worked out apart from this program, with the public implementation of the study."""
    ship = TABLE.find(ship_id)
    assert float(fuel_4ghg(ship, speed_kn)) == pytest.approx(by_study, abs=0.06)
    assert float(main_fuel_tpd(ship, speed_kn)) == pytest.approx(by_cube, abs=0.06)


def test_specific_consumption_is_least_at_78_percent_load() -> None:
    ship = TABLE.find("bulk_panamax")
    speeds = np.linspace(5, 13.4, 2000)
    load = load_4ghg(ship, speeds)
    best = load[np.argmin(fuel_4ghg(ship, speeds) / load)]
    assert best == pytest.approx(0.78, abs=0.005)
    at_best = float(np.min(fuel_4ghg(ship, speeds) / load))
    assert ship.main_power_kw is not None
    assert at_best == pytest.approx(1.003 * 175 * ship.main_power_kw * 24e-6, rel=1e-3)


def test_large_container_ships_need_three_quarters_of_the_power() -> None:
    ship = TABLE.find("cont_20000")
    small = replace(ship, capacity=14_500.0)
    assert float(load_4ghg(ship, 15)) == pytest.approx(0.75 * float(load_4ghg(small, 15)))


def test_less_draft_needs_less_power() -> None:
    ship = TABLE.find("tank_suezmax")
    assert ship.draft_m is not None
    ratio = float(load_4ghg(ship, 10, draft_m=ship.draft_m / 2)) / float(load_4ghg(ship, 10))
    assert ratio == pytest.approx(0.5 ** (2 / 3))


@given(SHIPS, st.floats(0, 30), st.floats(0, 30))
def test_faster_never_burns_less(ship: Ship, a: float, b: float) -> None:
    slow, fast = sorted((a, b))
    assert float(fuel_4ghg(ship, slow)) <= float(fuel_4ghg(ship, fast)) + 1e-9
    assert float(load_4ghg(ship, fast)) <= 1


@given(SHIPS)
def test_nothing_at_rest(ship: Ship) -> None:
    assert float(fuel_4ghg(ship, 0.0)) == 0


def test_the_rule_that_takes_a_slow_engine_as_off_is_an_option() -> None:
    ship = TABLE.find("cont_4400")
    assert float(load_4ghg(ship, 9.0)) < ENGINE_OFF_LOAD < float(load_4ghg(ship, 9.5))
    assert float(fuel_4ghg(ship, 9.0)) > 5
    assert float(fuel_4ghg(ship, 9.0, engine_off_below=ENGINE_OFF_LOAD)) == 0
    assert float(fuel_4ghg(ship, 9.5, engine_off_below=ENGINE_OFF_LOAD)) == float(fuel_4ghg(ship, 9.5))


def test_speeds_broadcast_and_unknown_stays_unknown() -> None:
    ship = TABLE.find("cont_4400")
    out = fuel_4ghg(ship, np.array([[10.0, np.nan], [16.0, 40.0]]))
    assert out.shape == (2, 2) and np.isnan(out[0, 1])
    assert out[1, 1] == pytest.approx(36560 * 175 * (0.455 - 0.710 + 1.280) * 24e-6)


def test_bad_input() -> None:
    ship = TABLE.find("cont_4400")
    with pytest.raises(UsageError, match="speed_kn is -1"):
        fuel_4ghg(ship, -1.0)
    with pytest.raises(UsageError, match="draft_m is 99"):
        fuel_4ghg(ship, 10.0, draft_m=99)
    with pytest.raises(UsageError, match="engine_off_below"):
        fuel_4ghg(ship, 10.0, engine_off_below=7)
    with pytest.raises(UsageError, match="no fuel figures"):
        fuel_4ghg(Ship.generic(12.0), 10.0)
