"""Simulated voyages against real ones: days within 20 % of the reported, and what is faster than what."""

from __future__ import annotations

import math

import pytest

from sim.voyage.voyage import Cause
from tests.voyage.reference_cases import (
    BY_ROW,
    CALIBRATION,
    CASES,
    FLEET,
    TOLERANCE,
    UNKNOWN,
    Case,
    Sea,
    computed,
    longer,
    reported,
    rows,
)

TEXT = tuple(case for case in CASES if case not in CALIBRATION)
SEASON = ("2019-07-10", "2019-08-10", "2019-09-10", "2019-10-10", "2019-11-10")


@pytest.fixture(scope="module")
def sea() -> Sea:
    return Sea()


def marked(case: Case) -> object:
    """The case, expected to fail where the data are the reason."""
    marks = [pytest.mark.xfail(reason=case.fails, strict=True)] if case.fails else []
    return pytest.param(case, id=case.row, marks=marks)


def days_in_nsr(sea: Sea, ship: str, depart: str, **how: object) -> float:
    """Days in the water area eastward from Murmansk; inf where the ice ends the voyage."""
    voyage = sea.sailed("Murmansk", "Busan", depart, ship, **how)[1]
    return math.inf if voyage.blocked else voyage.nsr_days


def test_every_row_has_a_source_a_confidence_and_a_case_or_a_reason() -> None:
    cases = {*BY_ROW, "V27", "T06", "T07", "T08"}  # those with a test of their own below
    assert {name for name, row in rows().items() if row["case"] == "yes"} == cases
    for row in rows().values():
        assert row["source"]
        assert row["confidence"] in {"A", "B", "C"}
        assert bool(row["why_not"]) == (row["case"] == "no")


@pytest.mark.parametrize("case", [marked(c) for c in CALIBRATION])
def test_calibration_rows_are_met_within_a_fifth(sea: Sea, case: Case) -> None:
    assert abs(longer(case, computed(case, sea.voyages(case)))) <= TOLERANCE


@pytest.mark.parametrize("case", [marked(c) for c in TEXT])
def test_voyages_named_in_texts_are_met_within_a_fifth(sea: Sea, case: Case) -> None:
    assert abs(longer(case, computed(case, sea.voyages(case)))) <= TOLERANCE


@pytest.mark.xfail(
    reason="a model with a speed law of its own and with weather: its fastest transit makes about 9 kn, where ships in "
    "ice-free water are reported with 14 to 17; here ice that slows a ship so much is mostly refused",
    strict=True,
)
def test_another_model_has_the_same_range_of_days(sea: Sea) -> None:
    fastest, slowest = (float(d) for d in rows()["V27"]["nsr_days"].split("-"))
    found = [days_in_nsr(sea, ship, day, escort=UNKNOWN) for ship in ("tank_lr1_1a", "lng_yamalmax") for day in SEASON]
    possible = [d for d in found if math.isfinite(d)]
    assert min(possible) >= fastest * (1 - TOLERANCE)
    assert max(possible) <= slowest * (1 + TOLERANCE)


@pytest.mark.parametrize("row", ["V10", "T03", "T04"])
def test_the_rules_of_the_day_let_pass_what_was_let_pass(sea: Sea, row: str) -> None:
    """Alone in June 2018 and January 2021, behind an icebreaker in January 2023."""
    assert not any(v.blocked for v in sea.voyages(BY_ROW[row], admission="nsr"))


def test_the_carrier_led_home_in_february_2021_was_admitted(sea: Sea) -> None:
    """Christophe de Margerie off Cape Dezhnev on 7 February behind 50 Let Pobedy, by whichever rules."""
    for rules in ("nsr", "rules_2013", "rules_2020"):
        _, led = sea.sailed("Rudong", "Sabetta", "2021-01-28", "lng_yamalmax", escort="always", admission=rules)
        assert led.blocked is None and led.escort_nm > 1000


def test_the_letter_of_2013_refuses_the_carriers_that_sailed_alone(sea: Sea) -> None:
    for row in ("V10", "T04"):
        for voyage in sea.voyages(BY_ROW[row], admission="rules_2013"):
            assert voyage.blocked is not None and voyage.blocked.cause == Cause.NOT_ADMITTED


@pytest.mark.parametrize("ship", FLEET)
@pytest.mark.parametrize("escort", ["when_needed", "always"])
def test_july_is_slower_than_august_2013(sea: Sea, ship: str, escort: str) -> None:
    july, august = (days_in_nsr(sea, ship, f"2013-{month}-05", escort=escort) for month in ("07", "08"))
    assert math.isfinite(july)
    assert july > august


@pytest.mark.parametrize("depart", ["2013-06-10", "2013-06-25", "2013-07-10"])
def test_a_higher_class_is_faster_in_early_summer(sea: Sea, depart: str) -> None:
    """Alone, at the same service speed, whatever the rules say."""
    arc7 = days_in_nsr(sea, "lng_yamalmax", depart, admission="none")
    arc4 = days_in_nsr(sea, "tank_lr1_1a", depart, admission="none")
    assert math.isfinite(arc7)
    assert arc7 < arc4 - 0.5


def test_a_heavier_year_is_slower_and_ends_earlier(sea: Sea) -> None:
    """Ships were beset in November 2021, and not a year before; this one, alone, stops or creeps at less than half."""
    days = {
        year: [days_in_nsr(sea, "mpp_19k_1a", f"{year}-{d}", admission="none") for d in ("10-10", "11-05")]
        for year in (2020, 2021)
    }
    assert math.isfinite(days[2020][1])
    assert days[2021][1] > 2 * days[2020][1]
    assert days[2020][0] < days[2021][0]


def test_a_convoy_keeps_the_speed_that_was_reported(sea: Sea) -> None:
    """10 kn behind the Arktika are the speed of convoys in close ice; led they are no slower than alone."""
    case = BY_ROW["T03"]
    assert computed(case, sea.voyages(case)) == pytest.approx(reported(case), rel=0.1)


LENGTHS = [
    ("T06", ("Sabetta", "Rudong", "2018-07-05", "lng_yamalmax")),
    ("T07", ("Sabetta", "Rudong", "2021-01-05", "lng_yamalmax")),
    ("T01", ("Hammerfest", "Busan", "2017-08-05", "lng_yamalmax")),
]


@pytest.mark.parametrize(("row", "voyage"), LENGTHS)
def test_miles_sailed_are_those_of_ships_and_the_way_is_shorter(
    sea: Sea, row: str, voyage: tuple[str, str, str, str]
) -> None:
    """4 %: the spread of the lengths published for one segment. The fit knows T01 and T06."""
    found, reported_nm = sea.sailed(*voyage, admission="none")[1], float(rows()[row]["nsr_distance_nm_num"])
    assert found.nsr_sailed_nm == pytest.approx(reported_nm, rel=0.04)
    assert 0.88 < found.nsr_nm / reported_nm < 0.97
