"""Attributed sentences: the verdict is on the attribution, and what came of it stands beside."""

from __future__ import annotations

from typing import Any

import pytest

from sim.claims import evaluate as evaluating
from sim.claims.evaluate import Claim, ClaimResult, evaluate, fact, facts, load_claims
from sim.claims.register import ClaimOutcome, Fact
from sim.errors import DataError
from sim.report.claims import claim_dict, claims_frame, claims_text
from tests.claims.test_claims import FakeRoutes, claim

REGISTER = {c.id: c for c in load_claims()}
PLAN: dict[str, Any] = {"kind": "plan", "said": ["trade_plan"], "due": 2020}
SAYS: dict[str, Any] = {"kind": "figure", "said": ["railway_cost_misharin"]}
USD = {"unit": "billion USD"}


def judged(claimed: float, parameters: dict[str, Any], **more: Any) -> ClaimResult:
    return evaluate(claim("attributed", claimed, **{"with": parameters}, **more), FakeRoutes())


def came(name: str) -> ClaimOutcome:
    outcome = evaluate(REGISTER[name], FakeRoutes()).outcome
    assert outcome
    return outcome


def test_the_outcome_does_not_touch_the_verdict() -> None:
    for came in ([], ["trade_2020"], ["trade_2023"], ["trade_2018", "trade_2020", "trade_2023"]):
        assert judged(200, PLAN | {"came": came}, **USD).verdict == "holds"
        assert judged(150, PLAN | {"came": came}, **USD).verdict == "does_not_hold"


@pytest.mark.parametrize(
    ("claimed", "names", "due", "status", "year", "reached"),
    [
        (200, ["trade_2018", "trade_2020"], 2020, "missed", 2020, None),
        (200, ["trade_2023", "trade_2020"], 2020, "late", 2020, 2023),
        (200, ["trade_2020", "trade_2023"], 2023, "met", 2023, 2023),
        (100, ["trade_2018", "trade_2020"], 2020, "met", 2020, 2018),
        (200, ["trade_2023"], 2020, "late", 2023, 2023),
    ],
)
def test_what_came_of_a_plan(
    claimed: float, names: list[str], due: int, status: str, year: int, reached: int | None
) -> None:
    outcome = judged(claimed, PLAN | {"came": names, "due": due}, **USD).outcome
    assert outcome and (outcome.status, outcome.year, outcome.reached) == (status, year, reached)
    assert outcome.value == pytest.approx(
        fact({2018: "trade_2018", 2020: "trade_2020", 2023: "trade_2023"}[year]).value
    )


@pytest.mark.parametrize(("planned", "status"), [(2018, "late"), (2019, "met"), (2021, "met")])
def test_a_planned_year_is_late_only_after_it(planned: int, status: str) -> None:
    plan = {"kind": "plan", "said": ["power_of_siberia_planned_start"], "came": ["power_of_siberia_first_gas"]}
    outcome = judged(planned, plan, unit="year").outcome
    assert outcome and outcome.status == status


@pytest.mark.parametrize(
    ("others", "status"),
    [
        (["railway_cost_misharin"], "agree"),
        (["railway_cost_beijing"], "differ"),
        (["railway_cost_misharin", "railway_cost_beijing"], "mixed"),
    ],
)
def test_what_other_sources_say(others: list[str], status: str) -> None:
    outcome = judged(153, SAYS | {"came": others}, **USD).outcome
    assert outcome and outcome.status == status and len(outcome.sources) == len(others)


def test_the_six_attributed_sentences() -> None:
    """What a source said or a plan was is one question; how it turned out is another."""
    assert came("gas_deal_start_2018").value == 2019
    assert (came("trade_200_bn_2020").value, came("trade_200_bn_2020").reached) == (107.76, 2023)
    assert came("gas_deal_38_bcm").reached == 2025
    assert came("oil_reserves_80").value == 103
    assert came("gas_reserves_1688").value == pytest.approx(32.3 * 35.3147)
    assert came("railway_153_bn").status == "differ"


def test_no_figure_checks_itself() -> None:
    """The press report that spread 230 billion is shown and is no evidence; nothing else has that figure."""
    got = evaluate(REGISTER["railway_230_bn"], FakeRoutes())
    assert got.verdict == "not_checkable" and got.computed is None
    assert "not counted: 230" in got.condition and "it would take an estimate" in got.condition


def test_a_figure_from_memory_never_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    """With all its facts from memory no claim of the register holds or does not."""
    known = {name: Fact(**(vars(f) | {"confidence": "C"})) for name, f in facts().items()}
    for module in (evaluating, evaluating.attribution, evaluating.arithmetic, evaluating.counts):
        for name, stand_in in (("facts", lambda: known), ("fact", known.get), ("figure_of", known.get)):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, stand_in)
    seen = 0
    for c in REGISTER.values():
        if any(isinstance(v, (str, list)) and evaluating.from_memory(c) for v in c.parameters.values()):
            got = evaluate(c, FakeRoutes())
            assert got.verdict == "not_checkable", c.id
            assert "it would take" in got.condition + got.note, c.id
            seen += 1
    assert seen > 20


def test_the_outcome_is_told_in_text_json_and_frame() -> None:
    results = [evaluate(REGISTER[i], FakeRoutes()) for i in ("trade_200_bn_2020", "six_day_drill")]
    told = claim_dict(results[0])["outcome"]
    assert told["status"] == "late" and told["reached"] == 2023 and len(told["sources"]) == 3
    assert "outcome" not in claim_dict(results[1])
    frame = claims_frame(results)
    assert frame["outcome"][0] == "late" and frame["outcome"].isna()[1] and frame["outcome_value"][0] == 107.76
    short, full = claims_text(results, full=False), claims_text(results, full=True)
    assert "outcome: later than planned: 107.8 billion USD in 2020, reached in 2023" in short
    assert "240.1" in full and "240.1" not in short


def test_years_are_told_without_separator() -> None:
    text = claims_text([evaluate(REGISTER["gas_deal_start_2018"], FakeRoutes())], full=False)
    assert "claimed 2018, computed 2018" in text and "later than planned: 2019" in text


def test_a_wrong_unit_of_a_record_is_named() -> None:
    with pytest.raises(DataError, match="no conversion from 'billion USD' to 'km'"):
        judged(153, SAYS | {"came": []})


def test_the_register_knows_what_is_attributed() -> None:
    """Each attributed claim says by which words of the sentence it is one, a plan or a figure."""
    kinds: dict[str, list[Claim]] = {}
    for c in REGISTER.values():
        if c.method == "attributed":
            kinds.setdefault(str(c.parameters["kind"]), []).append(c)
            assert "kind" in c.sources, c.id
    assert set(kinds) == {"plan", "figure"} and len(kinds["plan"]) == 4
