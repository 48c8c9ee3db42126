"""The method for sentences that attribute: a figure to a source, or a plan to those who made it.

The verdict is on the attribution alone. What other sources say, or what came of the plan, is a value of its own beside
it (`ClaimOutcome`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from sim.claims.arithmetic import converted
from sim.claims.register import Claim, ClaimOutcome, Fact, Finding, OutcomeStatus, SeaRoutes, Verdict, fact, given

Attributed = Literal["figure", "plan"]


def attributed(
    claim: Claim,
    net: SeaRoutes,
    *,
    kind: Attributed,
    said: list[str],
    came: list[str],
    due: int | None = None,
    since: list[float] | None = None,
    traced: list[str] | None = None,
    needs: str = "",
) -> Finding:
    """Whether the source said so, or it was the plan, by records of it that do not hang on the sentence (`said`).

    `came` are the figures of other sources, or what came of a plan that was `due` in a year. `traced` are figures from
    which the sentence itself may have its own: shown, but no evidence for it. Without a record, or with one from memory
    alone, the verdict is not_checkable, and `needs` says what would make it checkable. `since`, a year and its figure,
    gives the growth a year that the plan needed.
    """
    named = [fact(name) for name in said]
    records = [f for f in named if f.confidence != "C"]
    others = [*(f for f in named if f.confidence == "C"), *(fact(name) for name in traced or [])]
    results = [fact(name) for name in came]
    outcome = (plan_outcome if kind == "plan" else figure_outcome)(claim, results, due) if results else None
    note = _growth(claim, since, due)
    if not records:
        lead = "no independent record of it"
        shown = f"; not counted: {_cited(others)}" if others else ""
        return Finding(None, "not_checkable", f"{lead}{shown}; it would take {needs}", note, outcome=outcome)
    values = [converted(f.value, f.unit, claim.unit) for f in records]
    agree = [f for f, v in zip(records, values, strict=True) if claim.near(v)]
    verdict: Verdict = "does_not_hold" if not agree else "holds" if len(agree) == len(records) else "holds_if"
    lead = "the plan was" if kind == "plan" else "the source said"
    condition = f"{lead}: {_cited(agree or records)}"
    return Finding(values[0], verdict, condition, note, outcome=outcome)


def figure_outcome(claim: Claim, results: list[Fact], due: int | None = None) -> ClaimOutcome:
    """Whether the figures of other sources agree with the claimed one; the first of them is told."""
    values = [converted(f.value, f.unit, claim.unit) for f in results]
    near = [claim.near(v) for v in values]
    status: OutcomeStatus = "agree" if all(near) else "mixed" if any(near) else "differ"
    return ClaimOutcome(status, values[0], claim.unit, results[0].year, None, tuple(f.cited for f in results))


def plan_outcome(claim: Claim, results: list[Fact], due: int | None = None) -> ClaimOutcome:
    """What came of a plan: by when it was reached, and the last figure known by then.

    A plan in years ("starting in 2018") is late where the year is later; any other is reached with its figure, less the
    tolerance, and late where that is after `due`.
    """
    known = sorted(results, key=lambda f: f.year)
    values = {f.id: converted(f.value, f.unit, claim.unit) for f in known}
    if claim.unit == "year":
        first = known[0]
        late = values[first.id] > claim.figure
        sources = tuple(f.cited for f in known)
        status: OutcomeStatus = "late" if late else "met"
        return ClaimOutcome(status, values[first.id], "year", first.year, int(values[first.id]), sources)
    enough = [f for f in known if claim.near(values[f.id]) or values[f.id] > claim.figure]
    in_time = [f for f in known if due is None or f.year <= due]
    told = in_time[-1] if in_time else known[0]
    reached = enough[0].year if enough else None
    status = "missed" if reached is None else "met" if due is None or reached <= due else "late"
    return ClaimOutcome(status, values[told.id], claim.unit, told.year, reached, tuple(f.cited for f in known))


def _growth(claim: Claim, since: list[float] | None, due: int | None) -> str:
    if since is None or due is None:
        return ""
    year, start = since
    needed = 100.0 * ((claim.figure / start) ** (1.0 / (due - year)) - 1.0)
    return f"From {given(start)} in {year:.0f}, {given(claim.figure)} in {due} needed {needed:.1f} % a year."


def _cited(figures: list[Fact]) -> str:
    return "; ".join(f.cited for f in figures)


METHODS: dict[str, Callable[..., Finding]] = {"attributed": attributed}
