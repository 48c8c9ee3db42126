"""Break-evens of several years: each is that of its year, and both cost the same there."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sim import SeaNetwork
from sim.errors import ScenarioError, UsageError
from sim.report.years.breakevens import breakevens_text
from sim.scenario.compare import run
from sim.scenario.schema import Scenario
from sim.study.breakeven import break_even
from sim.study.sailing.breakevens import BreakEvenYears, break_even_years
from sim.study.sailing.span import moved

NOWHERE = Path("/nonexistent")
TANKER: dict[str, Any] = {
    "format": 1, "name": "b", "description": "b", "vessel": {"type": "tank_aframax"},
    "voyage": {"from": "Ras Tanura", "to": "Rotterdam", "depart": "2024-02-29"},
    "alternatives": [{"route": "suez"}, {"route": "cape"}], "costs": {"hire": "none"},
}  # fmt: skip


@cache
def net() -> SeaNetwork:
    return SeaNetwork.load()


def scenario(**changes: Any) -> Scenario:
    return Scenario.model_validate(TANKER | changes)


@cache
def bunker() -> BreakEvenYears:
    return break_even_years(scenario(), net(), NOWHERE, "bunker", "2023-2027/2")


def test_each_year_is_the_break_even_of_that_year() -> None:
    assert [f"{d}" for d in bunker().departs] == ["2023-02-28", "2025-02-28", "2027-02-28"]
    for year, found in zip(bunker().years, bunker().found, strict=True):
        assert found == break_even(moved(scenario(), year), net(), NOWHERE, "bunker")


def test_both_cost_the_same_at_the_value_of_each_year() -> None:
    assert bunker().feasible
    for year, found in zip(bunker().years, bunker().found, strict=True):
        (value,) = found.at
        there = moved(scenario(costs={"hire": "none", "fuel_usd_t": value}), year)
        suez, cape = (o.cost_usd for o in run(there, net()).outcomes)
        assert suez == pytest.approx(cape, rel=1e-4)
    assert len({round(f.at[0], 1) for f in bunker().found}) > 1  # carbon is dearer from year to year


def test_more_workers_find_the_same() -> None:
    assert break_even_years(scenario(), net(), NOWHERE, "bunker", "2023-2027/2", workers=2) == bunker()


def test_text_json_and_frame_have_a_row_a_year() -> None:
    lines = breakevens_text(bunker()).splitlines()
    assert max(map(len, lines)) <= 100
    for day, found in zip(bunker().departs, bunker().found, strict=True):
        (row,) = [line for line in lines if line.startswith(f"{day} ")]
        assert f"{found.at[0]:,.4g}" in row and row.split()[-2:] == ["cape", "suez"]
    told = json.loads(json.dumps(bunker().to_dict(), allow_nan=False))
    assert [(y["year"], y["break_even"]) for y in told["years"]] == [
        (year, [float(f"{v:.6g}") for v in found.at])
        for year, found in zip(bunker().years, bunker().found, strict=True)
    ]
    frame = bunker().to_frame()
    assert frame["year"].tolist() == [2023, 2025, 2027] and frame["value"].notna().all()
    nowhere = break_even_years(scenario(), net(), NOWHERE, "bunker", [2025], bounds=(2900.0, 3000.0))
    assert not nowhere.feasible and nowhere.to_frame()["value"].isna().all()
    assert "nowhere" in breakevens_text(nowhere)


def test_bad_years_and_escorts_are_told() -> None:
    with pytest.raises(UsageError, match="runs backwards"):
        break_even_years(scenario(), net(), NOWHERE, "bunker", "2030-2029")
    icy = scenario(ice={})
    with pytest.raises(UsageError, match="2101 is out of range"):
        break_even_years(icy, net(), NOWHERE, "bunker", "2100,2101")
    led = scenario(ice={}, alternatives=[{"route": "suez", "escort": "always"}, {"route": "cape"}])
    with pytest.raises(ScenarioError, match="where no icebreaker escorts ships"):
        break_even(led, net(), NOWHERE, "bunker")


def test_the_function_that_people_call_takes_years() -> None:
    import northabout

    assert northabout.break_even(TANKER, "bunker", year="2023-2027/2") == bunker()
    assert northabout.break_even(TANKER, "bunker", year=2025) == bunker().found[1]
