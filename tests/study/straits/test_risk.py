"""Hazards, past closures, counted transits and plans: tables, arithmetic, and bad rows."""

from __future__ import annotations

import datetime as dt
import math
from functools import cache
from pathlib import Path

import pytest

from sim import SeaNetwork
from sim.economy.freight import freight_usd
from sim.errors import DataError
from sim.geo.passages import PassageTable
from sim.study.straits.hazards import (
    DAYS_PER_YEAR,
    INTEREST,
    Hazard,
    annual_risk,
    read_hazards,
    read_past_closures,
)
from sim.study.straits.observed import read_queues, read_transits
from sim.study.straits.plans import waiting_plans
from sim.study.straits.sea.ways import OPEN
from sim.study.straits.selection import Selection, select
from sim.study.straits.waiting import Exponential
from sim.study.trade import Flow

VLCC = Flow(
    "crude", "Gulf - Ningbo", "CN", "crude oil", 27e6, "t", 2023, ("Ras Tanura",), ("Ningbo",), "tank_vlcc",
    draft_m=20.4, cargo=270_000.0,
)  # fmt: skip
HEAD = "passage,hazard,events,years,mean_days,share,source,confidence,note\n"


@cache
def chosen() -> Selection:
    return select(SeaNetwork.load(), [VLCC], cost=freight_usd)


def test_a_year_of_risk_is_rate_times_length_times_flow() -> None:
    """Hormuz, no way round: 27 Mt at 597 USD; closed for 30 days once in 10 years to all ships."""
    hazard = Hazard("strait_of_hormuz", "war", 1, 10, 30, 1, "test", "C")
    found = annual_risk(chosen().rounds, [hazard])
    value = 27e6 * 597
    share = 0.1 * 30 / 365.25
    assert found.disrupted_usd == pytest.approx(share * value)
    hire = chosen().rounds[0].ship.economics["charter_usd_day_base"]
    a_year = 30 * (100 * float(hire) + value * INTEREST / DAYS_PER_YEAR)
    assert found.loss_usd == pytest.approx(share * a_year)
    assert found.unverified_usd == 0


def test_risk_grows_with_rate_and_length_and_takes_the_cheaper_of_waiting_and_turning() -> None:
    def loss(events: float, days: float) -> float:
        return annual_risk(chosen().rounds, [Hazard("malacca_strait", "x", events, 1, days, 1, "t", "C")]).loss_usd

    assert loss(2, 3) == pytest.approx(2 * loss(1, 3))
    assert loss(1, 0.2) / 0.2 < loss(1, 3) / 3  # waiting is cheaper for short ones
    assert loss(1, 30) / 30 == pytest.approx(loss(1, 300) / 300)  # turning costs as much a day, however long it lasts


def test_a_passage_that_no_way_crosses_costs_nothing() -> None:
    found = annual_risk(chosen().rounds, [Hazard("panama_canal", "drought", 1, 1, 300, 1, "t", "C")])
    assert (found.disrupted_usd, found.loss_usd) == (0, 0)


def test_shipped_hazards_follow_from_past_closures_and_name_what_is_unverified() -> None:
    table = PassageTable.load()
    past = read_past_closures()
    assert all(c.passage in table for c in past)
    for row in read_hazards(table):
        mine = [c for c in past if c.passage == row.passage and c.hazard in row.hazard]
        if row.source.startswith("past_closures.csv"):
            began = [c for c in mine if str(c.begin)[:4] in row.source]
            assert len(began) == row.events
            assert row.mean_days == pytest.approx(sum(c.days for c in began) / row.events, abs=0.05)
        else:
            assert not row.verified and row.confidence == "C"


def test_counts_of_transits_and_queues() -> None:
    """Suez halved in 2024; the queue behind the Ever Given is simulated within a fifth of what was seen."""
    suez = {t.year: t for t in read_transits() if t.passage == "suez_canal"}
    assert list(suez) == list(range(2019, 2026))
    assert suez[2024].per_day / suez[2023].per_day == pytest.approx(0.5, abs=0.005)
    panama = next(t for t in read_transits() if t.passage == "panama_canal" and t.year == 2024)
    assert panama.begins == dt.date(2023, 10, 1) and panama.per_day == pytest.approx(11_240 / 366)
    queue = next(q for q in read_queues() if q.passage == "suez_canal")
    assert queue.waiting == pytest.approx(queue.seen_waiting, rel=0.2)
    assert queue.cleared is not None and queue.seen_cleared is not None
    assert abs((queue.cleared - queue.seen_cleared).days) <= 4
    assert next(q for q in read_queues() if q.passage == "panama_canal").cleared is None


def test_a_plan_weighs_the_dearer_way_against_hire_and_interest() -> None:
    (plan,) = waiting_plans(chosen().rounds, frozenset({"malacca_strait"}), Exponential(3.0))
    one = chosen().rounds[0]
    usual, now = one.legs(OPEN)[0], one.legs(frozenset({"malacca_strait"}))[0]
    assert usual.cost_usd is not None and now.cost_usd is not None
    interest = 270_000 * 597 * INTEREST / DAYS_PER_YEAR
    assert plan.turn_usd == pytest.approx(now.cost_usd - usual.cost_usd + interest * (now.days - usual.days))
    assert plan.patience.wait_usd == pytest.approx(3.0 * plan.wait_usd_day)
    (gulf,) = waiting_plans(chosen().rounds, frozenset({"strait_of_hormuz"}), Exponential(3.0))
    assert math.isinf(gulf.turn_usd) and math.isinf(gulf.patience.best_days)
    assert waiting_plans(chosen().rounds, frozenset({"panama_canal"}), Exponential(3.0)) == ()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("suez_cannal,war,1,10,30,1,me,C,\n", r"own.csv:2: unknown passage 'suez_cannal' \(did you mean suez_canal"),
        ("suez_canal,war,-1,10,30,1,me,C,\n", r"own.csv:2: events is -1, allowed is 0 to"),
        ("suez_canal,war,1,0,30,1,me,C,\n", "own.csv:2: years is 0, allowed is more than 0"),
        ("suez_canal,war,1,10,1e9,1,me,C,\n", "own.csv:2: mean_days is 1e"),
        ("suez_canal,war,1,10,30,2,me,C,\n", "own.csv:2: share is 2"),
        ("suez_canal,war,1,10,30,1,,C,\n", "own.csv:2: source is empty"),
        ("suez_canal,war,x,10,30,1,me,C,\n", "own.csv:2: events is 'x'"),
        ("suez_canal,war,1,10,30,1,me,C,\n" * 2, "own.csv:3: hazard 'war' of suez_canal is duplicated"),
    ],
)
def test_bad_hazards_are_told_with_their_line(tmp_path: Path, rows: str, said: str) -> None:
    own = tmp_path / "own.csv"
    own.write_text(HEAD + rows)
    with pytest.raises(DataError, match=said):
        read_hazards(PassageTable.load(), own)


def test_columns_that_are_missing_are_told(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("passage,hazard\nsuez_canal,war\n")
    with pytest.raises(DataError, match=r"own.csv:1: columns missing: events, years"):
        read_hazards(PassageTable.load(), own)
