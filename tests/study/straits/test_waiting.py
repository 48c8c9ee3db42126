"""Waiting against turning: closed forms, laws for any duration, and bad input."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from sim.errors import UsageError
from sim.study.straits.waiting import (
    Duration,
    Exponential,
    Lognormal,
    Past,
    Uniform,
    expected_usd,
    parse_duration,
    patience,
)

DAYS = st.floats(0.1, 1000.0)
USD = st.floats(1.0, 1e6)
DURATIONS = st.one_of(
    st.builds(Exponential, DAYS),
    st.builds(Lognormal, DAYS, st.floats(0.05, 3.0)),
    st.builds(lambda a, b: Uniform(a, a + b), DAYS, DAYS),
    st.builds(Past, st.lists(DAYS, min_size=1, max_size=6).map(tuple)),
)


@pytest.mark.parametrize(
    ("duration", "law"),
    [
        (Exponential(12.0), stats.expon(scale=12.0)),
        (Lognormal(6.0, 1.5), stats.lognorm(1.5, scale=6.0)),
        (Uniform(2.0, 30.0), stats.uniform(2.0, 28.0)),
    ],
)
def test_survival_and_capped_means_are_those_of_the_laws(duration: Duration, law: stats.rv_frozen) -> None:
    assert duration.mean_days == pytest.approx(law.mean())
    assert duration.capped_mean_days(math.inf) == pytest.approx(law.mean())
    for days in (0.5, 2.0, 7.0, 29.0, 100.0):
        assert duration.survival(days) == pytest.approx(law.sf(days), abs=1e-12)
        assert duration.capped_mean_days(days) == pytest.approx(integrate.quad(law.sf, 0, days, points=[2, 30])[0])


@given(DAYS, USD, USD)
def test_an_exponential_closure_is_waited_for_or_turned_from_at_once(mean: float, day: float, turn: float) -> None:
    """It has no memory: the cost of a patience t is wait + (turn - wait) * exp(-t / mean), monotone in t."""
    found = patience(Exponential(mean), day, turn)
    assert found.best_days in (0.0, math.inf)
    assert found.best_usd == pytest.approx(min(day * mean, turn))
    for days in (0.3 * mean, mean, 4 * mean):
        told = day * mean + (turn - day * mean) * math.exp(-days / mean)
        assert expected_usd(Exponential(mean), day, turn, days) == pytest.approx(told)
    assert found.known_usd == pytest.approx(day * mean * -math.expm1(-turn / day / mean))


@given(DURATIONS, USD, USD, st.floats(0.0, 2000.0))
def test_no_patience_is_better_than_the_best(duration: Duration, day: float, turn: float, days: float) -> None:
    found = patience(duration, day, turn)
    assert found.best_usd <= min(found.wait_usd, found.turn_usd) * (1 + 1e-9)
    assert found.best_usd <= expected_usd(duration, day, turn, days) * (1 + 2e-4)
    assert expected_usd(duration, day, turn, found.best_days) == pytest.approx(found.best_usd, rel=1e-9)
    assert -1e-9 * found.best_usd <= found.best_regret_usd <= min(found.wait_regret_usd, found.turn_regret_usd) + 1e-6


def test_the_longer_a_lognormal_closure_lasts_the_longer_it_will() -> None:
    """At the best patience the chance of an end equals waiting / turning; it falls afterwards."""
    found = patience(Lognormal(6.0, 1.5), 35_000.0, 500_000.0)
    law = stats.lognorm(1.5, scale=6.0)
    assert law.pdf(found.best_days) / law.sf(found.best_days) == pytest.approx(0.07, rel=1e-4)
    assert found.best_days == pytest.approx(9.59, abs=0.01)


def test_past_closures_of_days_and_years_say_to_wait_as_long_as_the_short_ones() -> None:
    found = patience(Past((3.0, 6.4, 149.0, 2922.0)), 35_000.0, 500_000.0)
    assert found.best_days == 6.4
    assert found.best_usd == pytest.approx(35_000 * (3 + 3 * 6.4) / 4 + 500_000 / 2)


def test_without_a_way_round_there_is_only_waiting() -> None:
    found = patience(Lognormal(6.0, 1.5), 100.0, math.inf)
    assert (found.best_days, found.best_regret_usd) == (math.inf, 0.0)
    assert found.best_usd == pytest.approx(100 * Lognormal(6.0, 1.5).mean_days)


def test_a_way_round_for_nothing_is_taken_at_once() -> None:
    assert patience(Exponential(3.0), 10.0, 0.0).best_days == 0.0
    assert patience(Exponential(3.0), 0.0, 5.0).best_usd == 0.0


def test_a_duration_is_read_from_a_text() -> None:
    assert parse_duration("exponential:20") == Exponential(20.0)
    assert parse_duration(" Lognormal: 6, 1.5 ") == Lognormal(6.0, 1.5)
    assert parse_duration("uniform:2,30") == Uniform(2.0, 30.0)
    assert parse_duration("past", [1.0, 2.0]) == Past((1.0, 2.0))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("exponental:20", "did you mean exponential"),
        ("exponential", "allowed: exponential:MEAN"),
        ("exponential:-1", "mean days of a closure is -1"),
        ("exponential:nan", "allowed: exponential:MEAN"),
        ("exponential:1e9", "at most 36525"),
        ("lognormal:6", "lognormal:MEDIAN,SIGMA"),
        ("lognormal:6,9", "sigma of a closure is 9"),
        ("uniform:9,3", "the lower one first"),
        ("past", "no past closure"),
    ],
)
def test_a_duration_that_is_none_is_told(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse_duration(text)


def test_a_negative_cost_is_told() -> None:
    with pytest.raises(UsageError, match="allowed is 0 or more"):
        patience(Exponential(3.0), -1.0, 5.0)
