"""Two results side by side: what differs, whichever way they are given, and nothing else."""

from __future__ import annotations

import csv
import io
import json
import math
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import UsageError
from sim.report.formats.between import COLUMNS, FIGURES, between, between_in, check_format
from sim.report.layout import as_in_files, fit

FIGURE = st.one_of(st.none(), st.floats(0, 1e9, allow_nan=False), st.integers(0, 10**6))
ROUTE = st.fixed_dictionaries(
    {"route": st.sampled_from(["suez", "cape", "nsr"]), "status": st.sampled_from(["ok", "closed"])},
    optional={"days": FIGURE, "distance_nm": FIGURE, "cost_usd": FIGURE, "passages": st.lists(st.sampled_from("abc"))},
)
RESULT = st.fixed_dictionaries(
    {"scenario": st.just("s"), "alternatives": st.lists(ROUTE, max_size=3, unique_by=lambda r: str(r["route"]))},
    optional={"inputs": st.dictionaries(st.sampled_from("xyz"), FIGURE)},
)
NAMES = ("one", "other")


def result(**of_suez: Any) -> dict[str, Any]:
    suez = {"route": "suez", "status": "ok", "days": 35.5, "distance_nm": 10881.0, "cost_usd": 1_000_000.0, **of_suez}
    nsr = {"route": "nsr", "status": "closed", "reason": "ice", "days": None}
    return {"scenario": "s", "alternatives": [suez, nsr], "inputs": {"vessel": {"speed_kn": 12}, "waits": [{"h": 1}]}}


@settings(max_examples=25)
@given(RESULT)
def test_a_result_is_the_same_as_itself(found: dict[str, Any]) -> None:
    both = between(found, found, NAMES)
    assert both.changes == ()
    assert "both are the same" in between_in(both, "table")
    assert json.loads(between_in(both, "json"))["same"] is True


@settings(max_examples=25)
@given(RESULT, RESULT)
def test_the_other_way_round_every_difference_changes_its_sign(a: dict[str, Any], b: dict[str, Any]) -> None:
    there = {(c.part, c.key): c for c in between(a, b, NAMES).compared}
    back = {(c.part, c.key): c for c in between(b, a, NAMES).compared}
    assert there.keys() == back.keys()
    for at, change in there.items():
        assert (change.a, change.b) == (back[at].b, back[at].a)
        if change.difference is not None:
            assert math.isclose(change.difference, -(back[at].difference or 0.0))


@settings(max_examples=25)
@given(RESULT, RESULT)
def test_all_formats_tell_the_same_changes(a: dict[str, Any], b: dict[str, Any]) -> None:
    found = between(a, b, NAMES)
    rows = list(csv.reader(io.StringIO(between_in(found, "csv"))))
    told = json.loads(between_in(found, "json"))["compared"]
    assert rows[0] == list(COLUMNS)
    assert (
        [r[:2] for r in rows[1:]] == [[c["part"], c["key"]] for c in told] == [[c.part, c.key] for c in found.changes]
    )
    assert all(c.key in FIGURES or c.part == "inputs" for c in found.changes)


def test_what_changed_is_told_with_its_difference() -> None:
    other = result(days=39.0, reason="")
    other["inputs"] = {"vessel": {"speed_kn": 11}, "waits": [{"h": 1}], "ice": {"season": "mild"}}
    other["alternatives"][1] = {"route": "cape", "status": "ok", "days": 46.0}
    found = {(c.part, c.key): (c.a, c.b, c.difference) for c in between(result(), other, NAMES).changes}
    assert found == {
        ("inputs", "vessel.speed_kn"): (12, 11, -1.0), ("inputs", "ice.season"): (None, "mild", None),
        ("suez", "days"): (35.5, 39.0, 3.5), ("nsr", "status"): ("closed", None, None),
        ("nsr", "reason"): ("ice", None, None), ("cape", "status"): (None, "ok", None),
        ("cape", "days"): (None, 46.0, None),
    }  # fmt: skip
    table = between_in(between(result(), other, NAMES), "table")
    assert "+3.5" in table
    assert "10,881" not in table
    assert "10,881" in between_in(between(result(), other, NAMES), "table", whole=True)
    assert "| suez | days | 35.5 | 39.0 | +3.5 |" in between_in(between(result(), other, NAMES), "markdown")


def test_a_table_is_as_wide_as_text_and_shows_where_long_values_differ() -> None:
    way = [f"strait_{k}" for k in range(9)]
    a = result(route="suez by a name that is long", passages=way, from_nm=1)
    b = result(route="suez by a name that is long", passages=[*way[:7], "malacca"])
    for told, month in ((a, "08"), (b, "09")):
        told["inputs"]["closures"] = [{"normal_ships_per_day": 3.0 + int(month), "until": f"2025-{month}-01T00:00:00Z"}]
    for columns, most in ((100, 100), (140, 140), (60, 100)):
        with as_in_files():
            fit(columns)
            table = between_in(between(a, b, NAMES), "table").splitlines()
        assert max(map(len, table)) <= most
        shown = next(line for line in table if " passages " in line)
        assert "strait_7" in shown and "malacca" in shown
        assert any("2025-08-01 00:00" in line and "2025-09-01 00:00" in line for line in table)


@pytest.mark.parametrize("kind", ["table", "markdown"])
def test_names_of_a_stored_result_do_not_drive_the_terminal(kind: str) -> None:
    bad = {
        "scenario": "s",
        "alternatives": [{"route": "\x1b[2Jx", "status": "ok\x9b", "days": 1}],
        "ship": "a\nb\u202e",
    }
    text = between_in(between(bad, result(), ("a\x1b[0m", "b")), kind)
    assert not [c for c in text if unicodedata.category(c)[0] == "C" and c != "\n"]


def test_results_of_which_one_holds_no_inputs_are_compared_by_their_heads() -> None:
    old = result() | {"ship": "A", "closures": ["suez_canal"]}
    del old["inputs"]
    found = between(old, result() | {"ship": "B", "closures": []}, NAMES).changes
    assert [(c.key, c.a, c.b) for c in found] == [("ship", "A", "B"), ("closures", "suez_canal", None)]


def test_an_unknown_format_is_told() -> None:
    with pytest.raises(UsageError, match=r"--format is 'jsn' \(did you mean json\?\), allowed: table, json"):
        check_format("jsn")
