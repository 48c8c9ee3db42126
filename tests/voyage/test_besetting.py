"""Being beset is a probability with a mean and a spread; creeping is told, and ends a voyage when it lasts too long."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from sim.ice.field import day_number
from sim.ship.vessel import VesselTable
from sim.voyage import besetting
from sim.voyage.blocks import CREEP_KN, HELD_DAYS, WARN_DAYS, creep_of
from sim.voyage.navigation import Bar, Going, Navigator
from sim.voyage.policy import IcePolicy

SHIP = VesselTable.load().find("lng_yamalmax")
DAY = day_number(datetime(2030, 11, 5, tzinfo=UTC))


def ice(concentration: list[float], speed_kn: list[float], escorted: bool = False) -> Going:
    n = len(concentration)
    return Going(
        np.array(concentration), np.ones(n), np.zeros(n), np.zeros(n, np.int8), np.array(speed_kn),
        np.full(n, escorted), np.zeros(n, np.int8), np.zeros(n, bool), np.zeros(n, np.int64),
    )  # fmt: skip


def counting(how: str = "expected") -> Navigator:
    return Navigator(SHIP, SHIP.ice_class, IcePolicy.model_validate({"besetting": how}), 14.0)


def test_the_law_of_the_days_lost_has_the_published_span() -> None:
    """One to six days, 5th and 95th percentile, by drawing from the law that mean and mean square are said to be of."""
    sd = np.log(6.0) / (2 * 1.6449)
    drawn = np.exp(np.log(np.sqrt(6.0)) + sd * np.random.default_rng(1).standard_normal(400_000))
    assert np.percentile(drawn, [5, 95]) == pytest.approx([1.0, 6.0], rel=0.02)
    assert pytest.approx([drawn.mean(), (drawn**2).mean()], rel=0.01) == [besetting.MEAN, besetting.MEAN_SQUARE]


def test_mean_and_spread_are_those_of_a_compound_poisson_process() -> None:
    going, miles = ice([1.0, 0.85], [7.0, 3.5]), np.array([2_000.0, 1_000.0])
    found = besetting.of_voyage(counting(), going, miles)
    assert found is not None
    assert found.events == pytest.approx(2e-4 * (2_000 * 0.5 + 1_000 * 0.5 * 0.75))
    rng = np.random.default_rng(2)
    sd = np.log(6.0) / (2 * 1.6449)
    lost = [np.exp(np.log(6.0) / 2 + sd * rng.standard_normal(k)).sum() for k in rng.poisson(found.events, 40_000)]
    assert found.days == pytest.approx(np.mean(lost), rel=0.03)
    assert found.sd_days == pytest.approx(np.std(lost), rel=0.05)
    assert found.probability == pytest.approx(np.mean([x > 0 for x in lost]), abs=0.01)
    hours = besetting.hours_per_nm(counting(), going) * miles
    assert hours.sum() / 24 == pytest.approx(found.days)


def test_open_ice_fast_ships_and_barred_ones_are_not_beset_and_an_icebreaker_frees_in_hours() -> None:
    assert besetting.rate_per_nm(ice([0.0, 0.7, 1.0], [3.0, 3.0, 14.0]), 14.0).tolist() == [0.0, 0.0, 0.0]
    barred = ice([1.0], [0.0])
    barred.bar[0] = Bar.RISK
    assert besetting.rate_per_nm(barred, 14.0).tolist() == [0.0]
    alone, led = (
        besetting.of_voyage(counting(), ice([1.0], [7.0], escorted), np.array([500.0])) for escorted in (False, True)
    )
    assert alone is not None and led is not None
    assert led.days == pytest.approx(alone.days / 24)
    assert led.events == alone.events


def test_off_it_costs_nothing() -> None:
    assert besetting.of_voyage(counting("off"), ice([1.0], [3.0]), np.array([900.0])) is None
    assert besetting.hours_per_nm(counting("off"), ice([1.0], [3.0])).tolist() == [0.0]


@pytest.mark.parametrize(
    ("days", "warned", "held"),
    [(WARN_DAYS - 0.1, False, None), (WARN_DAYS + 0.1, True, None), (HELD_DAYS + 2, True, 3)],
)
def test_creeping_is_told_and_ends_a_voyage_when_it_lasts(days: float, warned: bool, held: int | None) -> None:
    """Five pieces, the second to the fourth of which are crept through; the day is that of the second."""
    going = ice([0.0, 1.0, 1.0, 1.0, 0.5], [14.0, 3.0, 3.0, 3.0, 12.0])
    hours = np.array([24.0, days * 8, days * 8, days * 8, 24.0])
    miles = hours * np.array([14.0, 3.0, 3.0, 3.0, 12.0])
    middle = DAY + (np.cumsum(hours) - hours / 2) / 24
    lonlat = np.array([[60.0, 72.0], [100.0, 77.0], [110.0, 77.0], [120.0, 76.0], [130.0, 75.0]])
    creep, at = creep_of(going, lonlat, middle, hours, miles, np.full(5, 14.0))
    assert at == held
    assert (creep is not None) == warned
    if creep is not None:
        assert (creep.begin.date().isoformat(), creep.sea, creep.lon) == ("2030-11-06", "kara_sea", 100.0)
        assert creep.days == pytest.approx(days)
        assert creep.nm == pytest.approx(days * 72)


def test_a_ship_that_is_meant_to_be_slow_does_not_creep() -> None:
    hours = np.full(3, 200.0)
    going = ice([1.0] * 3, [CREEP_KN - 1] * 3)
    slow = creep_of(going, np.tile([100.0, 77.0], (3, 1)), DAY + np.arange(3.0), hours, hours * 3, np.full(3, 3.0))
    assert slow == (None, None)
