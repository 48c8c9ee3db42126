"""Closures in time with costs: dollars decide, the ledger is that of the way really sailed, odd closures are told."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import SeaNetwork
from sim.errors import ScenarioError
from sim.plot.maps.picture import of_comparison
from sim.report.comparison import comparison_csv
from sim.report.comparison_view import comparison_text
from sim.scenario.compare import Outcome, run
from sim.scenario.load import load_scenario
from sim.scenario.schema import Scenario

DEPART = datetime(2024, 3, 1, tzinfo=UTC)
CLOSES = 15  # days from departure: the ship is in the Gulf of Aden, four days from the canal


def sailed(net: SeaNetwork, days: float | None, costs: dict[str, Any] | None = None, **more: Any) -> Outcome:
    """Shanghai to Rotterdam by Suez at 16 knots; the canal closes after 15 days, for some days."""
    begin = DEPART + timedelta(days=more.pop("first", CLOSES))
    end = {} if days is None else {"until": begin + timedelta(days=days)}
    data = {
        "format": 1, "name": "c", "description": "c", "alternatives": [{"route": "suez"}],
        "voyage": {"from": "Shanghai", "to": "Rotterdam", "depart": DEPART}, "vessel": {"type": "cont_4400"},
        "closures": [] if days == 0 else [{"passage": "suez_canal", "from": begin, **end}], **more,
    }  # fmt: skip
    if costs is not None:
        data["costs"] = {"carbon": False} | costs
    return run(Scenario.model_validate(data), net).outcomes[0]


def total(outcome: Outcome) -> float:
    assert outcome.ledger is not None
    assert outcome.ledger.total_usd == pytest.approx(sum(x.amount_usd for x in outcome.ledger.lines), abs=1e-6)
    return outcome.ledger.total_usd


def names(outcome: Outcome) -> str:
    assert outcome.ledger is not None
    return " ".join(line.what for line in outcome.ledger.lines)


def choice(outcome: Outcome) -> str:
    assert outcome.voyage is not None
    assert len(outcome.voyage.events) == 1
    return outcome.voyage.events[0].choice


@pytest.mark.parametrize(("days", "wanted"), [(8, "waits"), (60, "diverts"), (None, "diverts")])
def test_the_ledger_is_that_of_the_way_that_was_sailed(net: SeaNetwork, days: float | None, wanted: str) -> None:
    outcome = sailed(net, days, {})
    assert choice(outcome) == wanted
    assert ("Suez" in names(outcome)) == (wanted == "waits")
    assert outcome.voyage is not None
    event = outcome.voyage.events[0]
    worth = event.worth_waiting if wanted == "waits" else event.worth_diverting
    assert worth == pytest.approx(total(outcome), abs=0.02)


def test_a_wait_costs_its_hire(net: SeaNetwork) -> None:
    costs = {"charter_usd_day": 60_000.0, "fuel_usd_t": 0.0}
    free, held = sailed(net, 0, costs), sailed(net, 8, costs)
    assert free.voyage is not None
    assert held.voyage is not None
    waited = held.voyage.wait_days - free.voyage.wait_days
    assert waited > 0
    assert total(held) - total(free) == pytest.approx(60_000 * waited, abs=0.05)


def test_the_choice_changes_exactly_where_the_costs_cross(net: SeaNetwork) -> None:
    low, high = 6.0, 60.0
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (middle, high) if choice(sailed(net, middle, {})) == "waits" else (low, middle)
    last = sailed(net, low, {}).voyage
    assert last is not None
    event = last.events[0]
    assert event.worth_waiting == pytest.approx(event.worth_diverting, rel=0.001)


def test_money_and_time_may_choose_differently(net: SeaNetwork) -> None:
    """A ship that costs nothing a day, on dear fuel, waits where one in a hurry turns."""
    days = 30
    assert choice(sailed(net, days)) == "diverts"
    assert choice(sailed(net, days, {"hire": "none", "fuel_usd_t": 2000.0})) == "waits"


def test_who_gives_up_waiting_pays_no_toll(net: SeaNetwork) -> None:
    costs = {"hire": "none", "fuel_usd_t": 2000.0}
    outcome = sailed(net, 30, costs, patience_days=3.0)
    assert choice(outcome) == "waits, then diverts"
    assert "Suez" not in names(outcome)
    assert outcome.voyage is not None
    assert outcome.voyage.wait_days == pytest.approx(3, abs=0.01)
    total(outcome)


@settings(max_examples=6)
@given(st.floats(0.5, 60), st.floats(0, 20), st.sampled_from(["charter", "owned"]))
def test_a_closure_never_shortens_and_never_cheapens_the_best_route(
    net: SeaNetwork, days: float, first: float, hire: str
) -> None:
    """Of the route that was best without it; a ship that turns for a route that is cheaper anyway is none such."""
    shut = sailed(net, days, {"hire": hire}, first=first)
    assert total(shut) >= min(open_costs(net, hire)) - 0.01


@cache
def open_costs(net: SeaNetwork, hire: str) -> tuple[float, float]:
    """By Suez and by the Cape, with nothing closed."""
    cape = sailed(net, 0, {"hire": hire}, alternatives=[{"route": "cape"}])
    return total(sailed(net, 0, {"hire": hire})), total(cape)


@settings(max_examples=6)
@given(st.floats(0.5, 60), st.floats(0.1, 20), st.floats(0, 24))
def test_a_longer_closure_never_cheapens(net: SeaNetwork, days: float, more: float, first: float) -> None:
    shorter = sailed(net, days, {}, first=first)
    assert shorter.voyage is not None
    if shorter.voyage.events:
        assert total(sailed(net, days + more, {}, first=first)) >= total(shorter) - 0.01


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        (["from: 2024-03-10", "until: 2024-03-01"], 10, "not after the beginning"),
        (["until: 2024-03-01"], 9, "goes with 'from'"),
        (["from: 2024-03-10", "ships_per_day: 5"], 10, "needs 'normal_ships_per_day' and 'arrivals_per_day'"),
        (["from: 2024-03-10", "normal_ships_per_day: 5"], 8, "go together"),
        (["from: 2024-03-10", "normal_ships_per_day: 50", "arrivals_per_day: 60"], 8, "never clear"),
        (["from: 2024-03-10", "news_h: -1"], 10, "closures #1.news_h"),
    ],
)
def test_odd_closures_are_told_with_their_line(tmp_path: Path, lines: list[str], line: int, said: str) -> None:
    file = tmp_path / "case.yaml"
    head = (
        "format: 1\nname: c\ndescription: c\nvoyage: {from: Shanghai, to: Rotterdam, depart: 2024-03-01}\n"
        "vessel: {speed_kn: 14}\nalternatives: [{route: suez}]\nclosures:\n  - passage: suez_canal\n"
    )
    file.write_text(head + "".join(f"    {x}\n" for x in lines), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    assert any(p.startswith(f"{file}:{line}: ") and said in p for p in caught.value.problems), caught.value.problems


def test_what_each_road_costs_is_told_and_marked_where_a_charge_is_missing(net: SeaNetwork) -> None:
    """Boxes by Suez lack the surcharge on deck until it is given; Panama and the Cape lack nothing."""
    base = {
        "alternatives": [{"route": "panama"}, {"route": "suez"}, {"route": "cape"}],
        "voyage": {"from": "Shanghai", "to": "New York", "depart": DEPART},
        "closures": [{"passage": "panama", "from": DEPART, "until": DEPART + timedelta(days=60)}],
    }  # fmt: skip
    data = {"format": 1, "name": "c", "description": "c", "vessel": {"type": "cont_4400"}, **base}
    for more, whole in (({}, False), ({"suez_surcharge_share": 0.2}, True)):
        comparison = run(Scenario.model_validate(data | {"costs": {"carbon": False} | more}), net)
        told = comparison.to_dict()["alternatives"][0]
        met = told["closures_met"][0]
        assert met["complete_if_waiting"] is True
        complete = {r["route"]: r["complete"] for r in met["routes"]}
        assert complete == {"suez": whole, "cape": True}
        assert met["complete_if_diverting"] is complete[met["route"]]
        assert told["sailed_by"] == met["route"] == comparison.outcomes[0].sailed_by
        text = comparison_text(comparison)
        assert f"panama, then {met['route']}" in text
        said = " ".join(text.split())
        assert ("USD ! by suez" in said and "! lacks a charge that has no figure" in said) is not whole
        rows = list(csv.DictReader(io.StringIO(comparison_csv(comparison))))
        assert [r["sailed_by"] for r in rows] == [met["route"], "suez", "cape"]
        legend = [line.label for line in of_comparison(comparison).lines]
        assert legend == [f"panama, then {met['route']}", "suez", "cape"]
