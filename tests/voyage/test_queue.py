"""The queue at a closed passage: conservation of ships, order, and the week of the Ever Given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import UsageError
from sim.voyage.queue import TimedClosure

BEGIN = datetime(2021, 3, 23, 5, 40, tzinfo=UTC)
END = datetime(2021, 3, 29, 17, 0, tzinfo=UTC)


def suez(capacity: float = 0.0) -> TimedClosure:
    return TimedClosure(frozenset({"suez_canal"}), BEGIN, END, capacity, 97.0, 59.0)


def test_the_week_of_the_ever_given() -> None:
    """422 ships are reported to have queued, gone by 3 April; 59 a day is what 369 in 6.5 days come to."""
    closure = suez()
    assert closure.wait_h(BEGIN - timedelta(hours=1)) == 0
    days = (END - BEGIN).total_seconds() / 86400
    assert closure.wait_h(BEGIN) == pytest.approx(days * 24)
    cleared = closure.cleared()
    assert cleared is not None
    assert cleared.date().isoformat() in ("2021-04-08", "2021-04-09")  # 10 days at 97 a day; the canal took more


def test_without_figures_of_traffic_nobody_queues() -> None:
    closure = TimedClosure(frozenset({"suez_canal"}), BEGIN, END)
    assert closure.wait_h(END - timedelta(hours=5)) == pytest.approx(5)
    assert closure.wait_h(END + timedelta(seconds=1)) == 0
    touched = [closure.touches(END + timedelta(minutes=m)) for m in (-300, -10, 1)]
    assert touched == [True, True, False]  # ten minutes are a wait too


def test_a_closure_without_end_is_waited_for_forever() -> None:
    assert TimedClosure(frozenset({"suez_canal"}), BEGIN).wait_h(BEGIN) == float("inf")


@given(st.floats(0, 60), st.floats(0.01, 5), st.floats(0, 50))
def test_who_comes_later_goes_later(first_day: float, gap_days: float, capacity: float) -> None:
    closure = suez(capacity)
    a, b = (BEGIN + timedelta(days=d) for d in (first_day, first_day + gap_days))
    through = [t + timedelta(hours=closure.wait_h(t)) for t in (a, b)]
    assert through[1] >= through[0] - timedelta(milliseconds=1)


@given(st.floats(0, 30), st.floats(0, 57), st.floats(0.5, 10))
def test_more_capacity_never_means_more_waiting(day: float, capacity: float, more: float) -> None:
    moment = BEGIN + timedelta(days=day)
    assert suez(capacity + more).wait_h(moment) <= suez(capacity).wait_h(moment) + 1e-6


@given(st.floats(0.2, 20))
def test_ships_are_conserved(day: float) -> None:
    """Who comes at the end of a window has gone when all that came before it have: none appear or vanish."""
    closure = suez()
    came = BEGIN + timedelta(days=day)
    gone = came + timedelta(hours=closure.wait_h(came))
    if gone > END and closure.wait_h(came) > 0:
        served = 97.0 * (gone - END).total_seconds() / 86400
        assert served == pytest.approx(59.0 * (came - BEGIN).total_seconds() / 86400, rel=1e-6)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"end": BEGIN - timedelta(days=1)}, "before it begins"),
        ({"capacity_per_day": -1.0}, "allowed is 0 or more"),
        ({"normal_per_day": 50.0, "arrivals_per_day": 60.0}, "no queue ever clears"),
        ({"capacity_per_day": 5.0}, "needs the normal one"),
    ],
)
def test_bad_closures_are_told(changes: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        TimedClosure(**({"passages": frozenset({"suez_canal"}), "begin": BEGIN, "end": END} | changes))  # type: ignore[arg-type]
