"""Years as a person writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import UsageError
from sim.report.years.span import span_text
from sim.scenario.schema import YEARS, Scenario
from sim.study.sailing.span import moved, years_of

YEAR = st.integers(*YEARS)


@given(YEAR, YEAR, st.integers(1, 400))
def test_a_range_holds_both_ends_and_every_step(a: int, b: int, step: int) -> None:
    first, last = min(a, b), max(a, b)
    assert years_of(f"{first}-{last}") == tuple(range(first, last + 1))
    assert years_of(f" {first} - {last} / {step} ") == tuple(range(first, last + 1, step))


@given(st.sets(YEAR, min_size=1, max_size=9).flatmap(lambda s: st.permutations(sorted(s))))
def test_years_one_by_one_come_in_the_order_of_time(years: list[int]) -> None:
    assert years_of(",".join(map(str, years))) == years_of(years) == tuple(sorted(years))


def test_items_may_be_mixed() -> None:
    assert years_of("2050, 2027-2029,2030-2040/5") == (2027, 2028, 2029, 2030, 2035, 2040, 2050)
    assert years_of(2030) == years_of("2030") == (2030,)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("2050-2027", "--year is '2050-2027', the range runs backwards; write 2027-2050"),
        ("2027-2050/0", "the step is 0"),
        ("2027,2027", "--year names 2027 twice"),
        ("2027-2030,2029", "names 2029 twice"),
        ("1066", "--year is 1066, allowed is 1900 to 2200, nearest 1900"),
        ("2027-2999", "'2027-2999', allowed is 1900 to 2200"),
        ("2027..2050", "'2027..2050' is no year; allowed: 2030, a range as 2027-2050"),
        ("2027,", "'' is no year"),
        ("", "'' is no year"),
        ("2027-2050-5", "is no year"),
        ("٢٠٣٠-٢٠٤٠٠", "is no year"),
        ([], "names no year"),
        ([2030.5], "--year is 2030.5, wanted is a whole number"),
        ([True], "--year is True"),
    ],
)
def test_what_is_no_range_is_told(given: Any, words: str) -> None:
    with pytest.raises(UsageError) as error:
        years_of(given, "--year")
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("years", "text"),
    [
        ((2030,), "2030"), ((2030, 2040), "2030, 2040"), ((2027, 2028, 2029), "2027 to 2029"),
        ((2030, 2035, 2040), "2030 to 2040 every 5 years"), ((2030, 2035, 2041), "2030, 2035, 2041"),
    ],
)  # fmt: skip
def test_years_in_words(years: tuple[int, ...], text: str) -> None:
    assert span_text(years) == text


def test_a_departure_keeps_its_day_and_the_leap_day_gives_way() -> None:
    def departing(depart: str) -> Scenario:
        return Scenario.model_validate({
            "format": 1, "name": "s", "description": "s", "vessel": {"type": "mpp_19k_1a"},
            "voyage": {"from": "Dalian", "to": "Rotterdam", "depart": depart}, "alternatives": [{"route": "suez"}],
        })  # fmt: skip

    found = moved(departing("2024-08-15T06:30:00"), 2031)
    assert found.voyage.depart == datetime(2031, 8, 15, 6, 30, tzinfo=UTC)
    assert moved(departing("2024-02-29"), 2031).voyage.depart == datetime(2031, 2, 28, tzinfo=UTC)
    assert moved(departing("2024-02-29"), 2028).voyage.depart == datetime(2028, 2, 29, tzinfo=UTC)
    same = departing("2024-02-29")
    assert moved(same, 2024) is same
