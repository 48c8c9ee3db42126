"""What computing says about the claims of the register (`sim.scenario.claim_register`)."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path

from sim.errors import DataError, UsageError, did_you_mean
from sim.scenario import claim_methods, claim_roads
from sim.scenario.claim_register import (
    Claim,
    ClaimResult,
    Fact,
    Finding,
    Place,
    SeaRoads,
    Tolerance,
    Verdict,
    fact,
    facts,
    given,
    load_claims,
    shown,
)

__all__ = [
    "Claim",
    "ClaimResult",
    "Fact",
    "Finding",
    "Place",
    "SeaRoads",
    "Tolerance",
    "Verdict",
    "evaluate",
    "evaluate_all",
    "fact",
    "facts",
    "given",
    "load_claims",
    "methods",
    "shown",
]


def methods() -> dict[str, Callable[..., Finding]]:
    """Methods by name. Each takes a claim, a sea network and the claim's parameters as keywords."""
    return {**claim_methods.METHODS, **claim_roads.METHODS}


def evaluate(claim: Claim, net: SeaRoads) -> ClaimResult:
    """Compute one claim. Raises DataError for an unknown method or parameters that it does not take."""
    known = methods()
    if claim.method not in known:
        raise DataError(f"claim {claim.id}: no method '{claim.method}'{did_you_mean(claim.method, known)}")
    method = known[claim.method]
    try:
        inspect.signature(method).bind(claim, net, **claim.parameters)
    except TypeError as error:
        raise DataError(f"claim {claim.id}: parameters of {claim.method}: {error}") from error
    found = method(claim, net, **claim.parameters)
    note = " ".join(part for part in (claim.note.strip(), found.note.strip()) if part)
    return ClaimResult(
        claim.id, claim.document, claim.quote, claim.claimed, found.computed, claim.unit, found.verdict,
        found.condition, note,
    )  # fmt: skip


def evaluate_all(net: SeaRoads, only: str | None = None, path: Path | None = None) -> list[ClaimResult]:
    """Compute every claim, or the one with the id `only`. Raises UsageError for an unknown id."""
    claims = load_claims(path)
    if only is not None:
        names = [c.id for c in claims]
        if only not in names:
            raise UsageError(
                f"no claim '{only}'{did_you_mean(only, names)}; 'northabout claims' lists all {len(names)}"
            )
        claims = [c for c in claims if c.id == only]
    return [evaluate(c, net) for c in claims]
