"""Break-even: at the value found the two alternatives are equal, by their own ledgers."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from sim.economy.plan import Costs
from sim.economy.rates import Missing
from sim.errors import UsageError
from sim.geo.network import SeaNetwork
from sim.geo.waters import named_waters
from sim.report.files import json_text
from sim.report.studies import breakeven_text
from sim.scenario.compare import run
from sim.scenario.schema import Alternative, Scenario
from sim.study.breakeven import KEYS, break_even, key_of

HERE = Path(__file__).parent


def scenario(**changes: Any) -> Scenario:
    """A tanker from the Gulf to Rotterdam, by Suez or round the Cape, with costs and without ice."""
    data: dict[str, Any] = {
        "format": 1, "name": "b", "description": "b", "vessel": {"type": "tank_aframax"},
        "voyage": {"from": "Ras Tanura", "to": "Rotterdam", "depart": "2025-02-10"},
        "alternatives": [{"route": "suez"}, {"route": "cape"}], "costs": {"carbon": False},
    }  # fmt: skip
    return Scenario.model_validate(data | changes)


def cost(net: SeaNetwork, **costs: Any) -> dict[str, float]:
    outcomes = run(scenario(costs={"carbon": False, **costs}), net, HERE).outcomes
    return {o.label: o.ledger.total_usd for o in outcomes if o.ledger is not None}


@pytest.mark.parametrize(
    ("on", "key"), [("bunker", "fuel_usd_t"), ("hire", "charter_usd_day"), ("toll_surcharge", "suez_surcharge_share")]
)
def test_both_cost_the_same_at_the_value_found(net: SeaNetwork, on: str, key: str) -> None:
    low, high = (0.0, 1.0) if on == "toll_surcharge" else (0.0, 3000.0) if on == "bunker" else (0.0, 400_000.0)
    start = scenario(costs={"carbon": False, "charter_usd_day": 3000.0, "fuel_usd_t": 250.0} | (
        {} if on != "toll_surcharge" else {"fuel_usd_t": 300.0}))  # fmt: skip
    found = break_even(start, net, HERE, on, bounds=(low, high))
    assert start.costs is not None
    fixed = {k: v for k, v in start.costs.model_dump(exclude_defaults=True).items() if k != key}
    if not found.at:
        signs = {d > 0 for _, d in found.samples if d is not None}
        assert len(signs) == 1
        return
    both = cost(net, **{k: v for k, v in fixed.items() if k != "carbon"}, **{key: found.at[0]})
    assert both["suez"] == pytest.approx(both["cape"], rel=1e-4)


def test_fuel_decides_between_suez_and_the_cape(net: SeaNetwork) -> None:
    """With cheap fuel the toll is saved by going round; with dear fuel the canal pays."""
    found = break_even(scenario(costs={"carbon": False, "hire": "none"}), net, HERE, "bunker")
    assert len(found.at) == 1
    cheap, dear = (cost(net, hire="none", fuel_usd_t=found.at[0] * x) for x in (0.9, 1.1))
    assert cheap["cape"] < cheap["suez"]
    assert dear["suez"] < dear["cape"]


def test_speed_at_which_days_are_equal(net: SeaNetwork) -> None:
    found = break_even(scenario(), net, HERE, "speed", measure="days", bounds=(10.0, 30.0))
    quick = scenario(alternatives=[{"route": "suez"}, {"route": "cape", "speed_kn": found.at[0]}])
    days = [o.voyage.days for o in run(quick, net, HERE).outcomes if o.voyage is not None]
    assert days[0] == pytest.approx(days[1], abs=1e-3)


def test_speed_in_the_ice_at_which_the_saving_is_gone(net: SeaNetwork) -> None:
    """The claims say 5.4 kn for 2,055 nm between the Arctic gates; the water area of the law is a little longer."""
    summer = Scenario.model_validate(
        {
            "format": 1, "name": "n", "description": "n", "vessel": {"speed_kn": 12.7},
            "voyage": {"from": "Dalian", "to": "Rotterdam", "depart": "2025-08-15"},
            "alternatives": [{"route": "suez"}, {"route": "nsr"}], "canal_speed_limits": False,
        }
    )  # fmt: skip
    found = break_even(summer, net, HERE, "nsr_speed", measure="days")
    assert len(found.at) == 1
    assert 4.5 < found.at[0] < 6.5


def test_totals_with_missing_lines_are_marked_in_table_csv_and_json(net: SeaNetwork) -> None:
    """A floating unit has no Panama tariff in the tables; by Suez and the Cape her totals are complete."""
    bulk = {
        "vessel": {"type": "bulk_panamax"}, "voyage": {"from": "Shanghai", "to": "New York", "depart": "2025-02-10"},
        "alternatives": [{"route": "suez"}, {"route": "panama"}, {"route": "cape"}],
        "costs": {"suez_type": "special_floating_unit"},
    }  # fmt: skip
    gap = break_even(scenario(**bulk), net, HERE, "hire", between=("suez", "panama"))
    assert gap.missing == (("panama", "Panama toll", Missing.NO_TARIFF),)
    text = breakeven_text(gap)
    assert "!: the total of panama is incomplete: Panama toll (no tariff in the tables)" in text
    assert text.count(" !") >= len(gap.samples)
    told = json.loads(json_text(gap.to_dict()))
    assert told["complete"] is False and not any(row["complete"] for row in told["samples"])
    assert told["missing"] == [{"alternative": "panama", "what": "Panama toll", "why": "no tariff in the tables"}]
    rows = list(csv.DictReader(io.StringIO(gap.to_frame().to_csv(index=False))))
    assert [r["complete"] for r in rows] == ["False"] * len(gap.samples)

    whole = break_even(scenario(**bulk), net, HERE, "hire", between=("suez", "cape"))
    assert not whole.missing and " !" not in breakeven_text(whole)
    assert whole.to_dict()["complete"] is True and whole.to_frame()["complete"].all()


def test_bad_questions_are_told(net: SeaNetwork) -> None:
    with pytest.raises(UsageError, match="did you mean bunker"):
        key_of("bunkr")
    with pytest.raises(UsageError, match="none of the alternatives"):
        break_even(scenario(), net, HERE, "bunker", between=("suez", "nrs"))
    with pytest.raises(UsageError, match="and itself"):
        break_even(scenario(), net, HERE, "bunker", between=("suez", "suez"))
    with pytest.raises(UsageError, match="must be the smaller"):
        break_even(scenario(), net, HERE, "bunker", bounds=(5.0, 1.0))
    with pytest.raises(UsageError, match="no section 'costs'"):
        break_even(scenario(costs=None), net, HERE, "bunker")
    with pytest.raises(UsageError, match="changes money, not days"):
        break_even(scenario(), net, HERE, "bunker", measure="days")


def test_every_key_exists() -> None:
    known = {"costs": Costs.model_fields, "alternatives": Alternative.model_fields, "speeds": named_waters()}
    for key, low, high in KEYS.values():
        section, name = key.split(".")
        assert name in known[section]
        assert low < high
