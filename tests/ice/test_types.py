"""Types of ice by thickness, the mix behind a mean thickness, light to heavy, and dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import UsageError
from sim.ice import types
from sim.ice.field import day_number

share = st.floats(0, 1)
metres = st.floats(0, 6)


@pytest.mark.parametrize(
    ("thickness_m", "name"),
    [
        (0.0, "new ice"), (0.09, "new ice"), (0.10, "grey ice"), (0.149, "grey ice"), (0.15, "grey-white ice"),
        (0.30, "thin first-year ice, 1st stage"), (0.50, "thin first-year ice, 2nd stage"),
        (0.69, "thin first-year ice, 2nd stage"), (0.70, "medium first-year ice below 1 m"),
        (0.99, "medium first-year ice below 1 m"), (1.00, "medium first-year ice"), (1.20, "thick first-year ice"),
        (1.99, "thick first-year ice"), (2.00, "second-year ice"), (2.49, "second-year ice"),
        (2.50, "light multi-year ice"), (3.00, "heavy multi-year ice"), (9.0, "heavy multi-year ice"),
    ],
)  # fmt: skip
def test_types_by_thickness(thickness_m: float, name: str) -> None:
    assert types.NAMES[int(types.type_of(thickness_m))] == name


def test_twelve_types_and_an_unknown() -> None:
    assert len(types.NAMES) == len(set(types.NAMES)) == 12
    assert types.type_of([np.nan, 1.0]).tolist() == [-1, 7]


@given(share, metres, share)
def test_shares_add_up_to_the_water(c: float, h: float, old: float) -> None:
    mix = types.shares(c, h, old)
    assert mix.sum() == pytest.approx(1)
    assert mix[0] == pytest.approx(1 - c)
    assert (mix >= 0).all()


def test_the_mix_of_a_mean_thickness() -> None:
    mix = types.shares(0.8, 0.8)  # 0.4, 0.8 and 1.2 m
    expected = np.zeros(12)
    expected[[0, 4, 6, 8]] = 0.2, 0.2, 0.4, 0.2
    assert mix == pytest.approx(expected)
    assert sum(types.WEIGHTS) == 1
    assert np.dot(types.PARTS, types.WEIGHTS) == 1  # the split keeps the volume of the ice


def test_old_ice_is_a_share_of_the_ice() -> None:
    mix = types.shares(0.5, 1.0, 0.4)
    assert mix[types.SECOND_YEAR :].sum() == pytest.approx(0.2)
    # parts of 1.5, 3.0 and 4.5 m: only the thinnest is young enough to be made older
    assert types.shares(1.0, 3.0, 1.0)[types.SECOND_YEAR :] == pytest.approx([0.25, 0, 0.75])


def test_unknown_ice_has_no_shares() -> None:
    assert np.isnan(types.shares([np.nan, 0.5], [1.0, np.nan])).all()


@pytest.mark.parametrize("wrong", [-0.1, 1.1])
def test_a_share_has_bounds(wrong: float) -> None:
    with pytest.raises(UsageError, match="allowed is 0 to 1"):
        types.shares(0.5, 1.0, wrong)


@pytest.mark.parametrize(
    ("c", "h", "old", "expected"),
    [
        (0.0, 0.0, 0.0, 0), (0.04, 3.0, 1.0, 0), (0.39, 2.0, 0.0, 0), (0.40, 0.30, 0.0, 1), (1.0, 0.29, 0.0, 0),
        (0.69, 2.0, 0.0, 1), (0.70, 1.2, 0.0, 2), (0.70, 1.19, 0.0, 1), (1.0, 1.5, 0.0, 2), (0.5, 0.5, 0.4, 2),
        (0.5, 0.5, 0.39, 1), (0.25, 0.5, 0.8, 2), (0.25, 0.5, 0.7, 0), (1.0, 0.01, 0.0, 0),
        (np.nan, 1.0, 0.0, -1), (0.5, np.nan, 0.0, -1),
    ],
)  # fmt: skip
def test_light_medium_heavy(c: float, h: float, old: float, expected: int) -> None:
    assert types.severity(c, h, old) == expected


@given(st.tuples(share, share), st.tuples(metres, metres), st.tuples(share, share))
def test_more_thicker_older_ice_is_never_lighter(
    c: tuple[float, float], h: tuple[float, float], old: tuple[float, float]
) -> None:
    less, more = zip(*(sorted(pair) for pair in (c, h, old)), strict=True)
    assert types.severity(*less) <= types.severity(*more)


def test_ice_free_water() -> None:
    c, h = [0.0, 0.049, 0.05, 1.0, np.nan, np.nan], [0.0, 2.0, 1.0, 0.019, 1.0, 0.0]
    assert types.ice_free(c, h).tolist() == [True, True, False, True, False, False]


@given(st.datetimes(datetime(1850, 1, 1), datetime(2260, 1, 1)))
def test_dates_are_those_of_the_calendar(moment: datetime) -> None:
    number = day_number(moment.replace(tzinfo=UTC))
    assert types.month_and_day(number) == 100 * moment.month + moment.day


def test_dates_at_the_ends_of_the_calendar_kept_ready() -> None:
    start = date(1970, 1, 1)
    for end in types.CALENDAR:
        for number in (end - 1, end):
            when = start + timedelta(days=number)
            assert types.month_and_day(float(number)) == 100 * when.month + when.day
    assert types.month_and_day(np.array([-0.001, 0.0, 59.5])).tolist() == [1231, 101, 301]


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_a_day_that_is_none_is_refused(wrong: float) -> None:
    with pytest.raises(UsageError, match="days since 1970"):
        types.month_and_day([0.0, wrong])
