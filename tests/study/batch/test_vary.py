"""How a key varies: distributions against their laws, ranges by hand, and every fault told with its place."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.study.batch.vary.forms import Fault, variation
from sim.study.batch.vary.keys import Kind, kind_of, leaves, value_at, with_values
from sim.study.batch.vary.variation import Variation, date_text, minutes, plain

BASE: dict[str, Any] = {
    "voyage": {"from": "Dalian", "to": "Rotterdam", "depart": "2030-08-15"},
    "vessel": {"type": "mpp_19k_1a"},
    "alternatives": [{"route": "suez"}, {"route": "nsr", "use": ["kara_gate"]}],
    "closures": [{"passage": "suez_canal", "from": "2030-08-20"}],
    "ice": {"escort": "when_needed"},
}
SHARES = st.floats(0, 1, exclude_max=True)
NUMBERS = [
    {"uniform": [2.0, 5.0]},
    {"triangular": [2.0, 2.5, 5.0]},
    {"triangular": [2.0, 2.0, 5.0]},
    {"triangular": [2.0, 5.0, 5.0]},
    {"normal": [3.0, 1.0], "within": [2.0, 5.0]},
    {"normal": [9.0, 1.0], "within": [2.0, 5.0]},
]


@pytest.mark.parametrize("raw", NUMBERS, ids=str)
@given(shares=st.tuples(SHARES, SHARES))
def test_a_distribution_rises_and_keeps_its_bounds(raw: dict[str, Any], shares: tuple[float, float]) -> None:
    v = variation("vessel.speed_kn", "number", raw)
    low, high = (v.at(share) for share in sorted(shares))
    assert isinstance(low, float) and isinstance(high, float)
    assert 2.0 <= low <= high <= 5.0


@pytest.mark.parametrize(
    ("raw", "mean", "sd"),
    [
        ({"uniform": [2.0, 5.0]}, 3.5, 3 / math.sqrt(12)),
        # mean (a + m + b) / 3; variance (a2 + m2 + b2 - am - ab - mb) / 18
        ({"triangular": [0.0, 1.0, 5.0]}, 2.0, math.sqrt((0 + 1 + 25 - 0 - 0 - 5) / 18)),
        ({"normal": [4.0, 0.5], "within": [0.0, 8.0]}, 4.0, 0.5),
        # half of a normal distribution: mean sd sqrt(2 / pi)
        ({"normal": [0.0, 1.0], "within": [0.0, 40.0]}, math.sqrt(2 / math.pi), math.sqrt(1 - 2 / math.pi)),
    ],
    ids=str,
)
def test_mean_and_deviation_are_those_of_the_distribution(raw: dict[str, Any], mean: float, sd: float) -> None:
    v = variation("vessel.speed_kn", "number", raw)
    found = np.array([v.at((k + 0.5) / 20_000) for k in range(20_000)], dtype=float)
    assert found.mean() == pytest.approx(mean, rel=1e-3)
    assert found.std() == pytest.approx(sd, rel=2e-3)


def test_whole_numbers_of_a_uniform_are_equally_frequent_ends_included() -> None:
    v = variation("ice.year", "integer", {"uniform": [2030, 2033]})
    counts = np.unique([v.at((k + 0.5) / 400) for k in range(400)], return_counts=True)
    assert counts[0].tolist() == [2030, 2031, 2032, 2033]
    assert counts[1].tolist() == [100] * 4


def test_a_choice_comes_as_often_as_it_weighs() -> None:
    v = variation("ice.season", "text", {"choice": {"mild": 1, "normal": 2, "severe": 0, "random": 1}})
    found = [v.at((k + 0.5) / 400) for k in range(400)]
    assert [found.count(x) for x in ("mild", "normal", "severe", "random")] == [100, 200, 0, 100]
    assert v.at(1 - 2**-53) == "random"
    numbers = variation(
        "vessel.speed_kn", "number", {"choice": [{"value": 12, "weight": 3}, {"value": 13.5, "weight": 1}]}
    )
    assert [numbers.at(x) for x in (0.0, 0.74, 0.76)] == [12.0, 12.0, 13.5]
    assert variation("ice.year", "integer", {"choice": {"2030": 1}}).values == (2030,)


@pytest.mark.parametrize(
    ("kind", "given_", "values"),
    [
        ("integer", {"from": 2030, "to": 2033}, (2030, 2031, 2032, 2033)),
        ("integer", {"from": 2030, "to": 2050, "step": 10}, (2030, 2040, 2050)),
        ("number", {"from": 0.1, "to": 0.7, "step": 0.1}, (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)),
        ("number", {"from": 1, "to": 2, "step": 5}, (1.0,)),
        (
            "moment",
            {"from": "2028-02-27", "to": "2028-03-01"},
            tuple(f"2028-{d}T00:00Z" for d in ("02-27", "02-28", "02-29", "03-01")),
        ),
        (
            "moment",
            {"from": "2030-01-01T06:00", "to": "2030-01-20", "every_days": 14},
            ("2030-01-01T06:00Z", "2030-01-15T06:00Z"),
        ),
    ],
    ids=str,
)
def test_a_range_has_both_ends(kind: Kind, given_: dict[str, Any], values: tuple[object, ...]) -> None:
    v = variation("x", kind, {"range": given_})
    assert v.values == values
    assert v.discrete
    assert v.checked() == tuple(dict.fromkeys((values[0], values[-1])))


@given(st.integers(-30_000_000, 60_000_000))
def test_dates_go_to_minutes_and_back(number: int) -> None:
    assert minutes(date_text(number)) == number


def test_dates_are_drawn_to_the_minute_in_utc() -> None:
    v = variation("voyage.depart", "moment", {"uniform": ["2030-01-01", "2030-01-02T00:00+01:00"]})
    assert v.at(0.0) == "2030-01-01T00:00Z"
    assert v.at(0.5) == "2030-01-01T11:30Z"
    assert v.checked() == ("2030-01-01T00:00Z", "2030-01-01T23:00Z")
    assert plain("moment", "2030-08-15T06:00+08:00") == "2030-08-14T22:00Z"


def test_a_list_holds_values_of_its_kind_and_none() -> None:
    assert variation("costs.escort_usd", "number", [None, 0, 90000]).values == (None, 0.0, 90000.0)
    assert variation("costs.carbon", "boolean", [True, False]).values == (True, False)


FAULTS: list[tuple[Kind, Any, str, tuple[str | int, ...]]] = [
    ("number", 5, "must be a list of values, or one of range, uniform", ()),
    ("number", {}, "must be a list of values", ()),
    ("number", [], "the list is empty", ()),
    ("number", ["a"], "must be a number, not 'a'", (0,)),
    ("number", [1, True], "must be a number, not 'True'", (1,)),
    ("number", [float("nan")], "must be a finite number", (0,)),
    ("integer", [2030.5], "must be a whole number, not '2030.5'", (0,)),
    ("boolean", ["yes"], "must be true or false, not 'yes'", (0,)),
    ("text", [3], "must be text, not '3'", (0,)),
    ("moment", ["soon"], "'soon' is no date", (0,)),
    ("number", [1, 2, 1.0], "'1.0' is duplicated .also #1.; weights go with 'choice'", (2,)),
    ("number", {"unifrom": [1, 2]}, "'unifrom' is not known .did you mean uniform", ()),
    ("number", {"uniform": [1, 2], "within": [1, 2]}, "'within' does not go with 'uniform'", ("within",)),
    ("number", {"uniform": [2, 1]}, "low is 2 and high 1: low must be less", ("uniform",)),
    ("number", {"uniform": [1]}, r"must be \[low, high\]", ("uniform",)),
    ("number", {"uniform": [None, 1]}, "value is empty", ("uniform", 0)),
    ("number", {"triangular": [1, 9, 3]}, "the mode 9 does not lie between", ("triangular", 1)),
    ("number", {"normal": [1, 2]}, "needs 'within', so that its ends can be checked", ()),
    (
        "number",
        {"normal": [1, 0], "within": [0, 2]},
        "the standard deviation is 0, allowed is more than 0",
        ("normal", 1),
    ),
    ("number", {"normal": [90, 1], "within": [0, 2]}, "more than 6 standard deviations outside", ("within",)),
    ("text", {"uniform": ["a", "b"]}, "'uniform' is for numbers and dates; 'k' holds text", ()),
    ("number", {"range": [1, 2]}, "must be a section of from, to, step", ("range",)),
    ("number", {"range": {"from": 1, "to": 2}}, "key 'step' is missing", ("range",)),
    ("number", {"range": {"form": 1, "to": 2}}, "unknown key 'form' .did you mean from", ("range", "form")),
    (
        "moment",
        {"range": {"from": "2030-01-01", "to": "2030-02-01", "step": 2}},
        "unknown key 'step'",
        ("range", "step"),
    ),
    ("number", {"range": {"from": 2, "to": 1, "step": 1}}, "'to' is 1, before 'from'", ("range", "to")),
    ("number", {"range": {"from": 1, "to": 2, "step": 0}}, "is 0, allowed is more than 0", ("range", "step")),
    ("number", {"range": {"from": 0, "to": 1, "step": 1e-9}}, "has 1,000,000,001 values, at most 100,000", ("range",)),
    ("text", {"choice": {}}, "must be values with weights", ("choice",)),
    ("text", {"choice": {"a": -1, "b": 2}}, "the weight of 'a' is -1, allowed is 0 and more", ("choice", "a")),
    ("text", {"choice": {"a": 0}}, "all weights are 0", ("choice",)),
    ("text", {"choice": [{"value": "a"}]}, "each entry must be {value: V, weight: W}", ("choice", 0)),
]


@pytest.mark.parametrize(("kind", "raw", "said", "at"), FAULTS, ids=lambda x: str(x)[:40])
def test_a_faulty_variation_is_told_with_its_place(kind: Kind, raw: Any, said: str, at: tuple[str | int, ...]) -> None:
    with pytest.raises(Fault, match=said) as error:
        variation("k", kind, raw)
    assert error.value.at == at


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("voyage.depart", "moment"), ("voyage.from", "text"), ("vessel.speed_kn", "number"), ("ice.year", "integer"),
        ("ice.season", "text"), ("ice.besetting", "text"), ("ice.any_date", "boolean"), ("patience_days", "number"),
        ("closures.0.from", "moment"), ("closures.0.ships_per_day", "number"), ("alternatives.1.speed_kn", "number"),
        ("alternatives.1.use.0", "text"), ("objective", "text"), ("canal_speed_limits", "boolean"),
    ],
)  # fmt: skip
def test_a_key_has_the_kind_of_the_schema(key: str, kind: Kind) -> None:
    assert kind_of(key, BASE) == kind
    assert key in set(leaves(BASE))


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("pathwy", "unknown key 'pathwy' .did you mean ice.pathway"),
        ("speed_kn", "did you mean vessel.speed_kn, alternatives.0.speed_kn"),
        ("vessel.speed", "did you mean vessel.speed_kn"),
        ("vessel.type.x", "unknown key"),
        ("qqqq", "'northabout schema' lists the keys"),
        ("ice", "'ice' is a section; vary single values of it: ice.decayed"),
        ("closures", "'closures' is a list; vary single values of it: closures.0.passage"),
        ("alternatives.1.use", "is a list"),
        ("closures.1.from", "which has 1; entries count from 0, allowed: closures.0"),
        ("closures.first.from", "'closures.first' is no entry"),
        ("alternatives.-1.speed_kn", "is no entry"),
        ("waits.0.wait_h", "which has 0; entries count from 0, it is empty"),
        ("costs.fuel_usd_t", "the base has no section 'costs'"),
        ("format", "cannot be varied: 'format' is always 1"),
        ("baseline", "cannot be varied"),
        ("ports_file", "cannot be varied"),
        ("", "unknown key"),
        ("ice.", "unknown key"),
    ],
)
def test_a_faulty_key_is_told_with_the_nearest(key: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        kind_of(key, BASE)


def test_values_are_put_into_a_copy_and_none_takes_a_key_out() -> None:
    before = repr(BASE)
    found = with_values(BASE, {"closures.0.from": "2031-01-01", "ice.escort": None, "patience_days": 3.0})
    assert repr(BASE) == before
    assert value_at(found, "closures.0.from") == "2031-01-01"
    assert value_at(found, "patience_days") == 3.0
    assert "escort" not in found["ice"]
    assert value_at(found, "waits.x") is None
    assert with_values(BASE, {"alternatives.1.use.0": "vilkitsky_strait"})["alternatives"][1]["use"] == [
        "vilkitsky_strait"
    ]
    assert with_values(BASE, {"alternatives.1.use.0": None})["alternatives"][1]["use"] == []


def test_a_closure_lasts_some_days_from_its_beginning() -> None:
    assert kind_of("closures.0.lasts_days", BASE) == "number"
    found = with_values(BASE, {"closures.0.lasts_days": 2.5, "closures.0.from": "2031-01-01T06:00+06:00"})
    assert found["closures"][0]["until"] == "2031-01-03T12:00:00Z"
    assert value_at(found, "closures.0.lasts_days") == 2.5
    assert "until" not in with_values(found, {"closures.0.lasts_days": None})["closures"][0]
    assert value_at(BASE, "closures.0.lasts_days") is None


def test_a_seed_is_the_word_random_or_numbers() -> None:
    assert variation("ice.seed", "integer", "random").form == "seed"
    seeds = {Variation("ice.seed", "integer", "seed").at(k / 1000) for k in range(1000)}
    assert len(seeds) == 1000
    with pytest.raises(Fault):
        variation("ice.year", "integer", "random")
