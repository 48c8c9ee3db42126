"""What computing says about the claims of the register (`sim.claims.register`)."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sim.claims import arithmetic, attribution, chokepoints, counts, routes
from sim.claims.ice import IceSailor, Sail, sailed_in_ice
from sim.claims.register import (
    Claim,
    ClaimOutcome,
    ClaimResult,
    Fact,
    Finding,
    IceRow,
    Place,
    SeaRoutes,
    Tolerance,
    Verdict,
    fact,
    facts,
    given,
    load_claims,
    shown,
)
from sim.errors import DataError, UsageError, did_you_mean
from sim.study.pool import Progress

__all__ = [
    "Claim",
    "ClaimOutcome",
    "ClaimResult",
    "Fact",
    "Finding",
    "IceRow",
    "IceSailor",
    "Place",
    "Sail",
    "SeaRoutes",
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

SHOWN_ONLY = frozenset({"others", "existing", "came", "traced"})  # parameters whose facts take no part in the verdict
WEIGHS_FACTS = frozenset({"compare_fact", "attributed"})  # methods that leave figures from memory out by themselves


def methods() -> dict[str, Callable[..., Finding]]:
    """Methods by name. Each takes a claim, a sea network and the claim's parameters as keywords."""
    rooms = (arithmetic, attribution, chokepoints, counts, routes)
    return {name: method for room in rooms for name, method in room.METHODS.items()}


def from_memory(claim: Claim) -> list[Fact]:
    """Facts of confidence C on which a claim rests. Those that a method only shows (`SHOWN_ONLY`) do not count."""
    names = [t for key, value in claim.parameters.items() if key not in SHOWN_ONLY for t in _texts(value)]
    known = facts()
    return [known[name] for name in names if name in known and known[name].confidence == "C"]


def _texts(node: object) -> list[str]:
    if isinstance(node, str):
        return [node]
    return [t for part in node for t in _texts(part)] if isinstance(node, list) else []


def _sure(claim: Claim, found: Finding) -> Finding:
    """The finding, without its verdict where a figure from memory would have a part in it."""
    weak = from_memory(claim) if found.verdict in {"holds", "holds_if", "does_not_hold"} else []
    if not weak or claim.method in WEIGHS_FACTS:
        return found
    told = "; ".join(f.cited for f in weak)
    condition = f"rests on a figure from memory: {told}; it would take a published one"
    return replace(found, verdict="not_checkable", condition=condition, note=f"{found.note} {found.condition}".strip())


def evaluate(claim: Claim, net: SeaRoutes, sail: Sail | None = None, whole: bool = False) -> ClaimResult:
    """Compute one claim. Raises DataError for an unknown method or parameters that it does not take.

    `sail`, such as `IceSailor(net)`, sails the claim in the ice that it names: its case, or the `whole` table of ships
    and decades. Without it the answer is the one without ice, and says so.
    """
    known = methods()
    if claim.method not in known:
        raise DataError(f"claim {claim.id}: no method '{claim.method}'{did_you_mean(claim.method, known)}")
    method = known[claim.method]
    try:
        inspect.signature(method).bind(claim, net, **claim.parameters)
    except TypeError as error:
        raise DataError(f"claim {claim.id}: parameters of {claim.method}: {error}") from error
    found = _sure(claim, method(claim, net, **claim.parameters))
    rows: tuple[IceRow, ...] = ()
    if claim.in_ice is not None and found.verdict != "not_checkable":
        if sail is None:
            found = replace(found, note=f"{found.note} No ice is sailed here.")
        else:
            found, rows = sailed_in_ice(claim, found, sail, whole)
    note = " ".join(part for part in (claim.note.strip(), found.note.strip()) if part)
    return ClaimResult(
        claim.id, claim.document, claim.quote, claim.claimed, found.computed, claim.unit, found.verdict,
        found.condition, note, rows, found.outcome,
    )  # fmt: skip


def evaluate_all(
    net: SeaRoutes, only: str | None = None, path: Path | None = None, *, sail: Sail | None = None, whole: bool = False,
    progress: Progress | None = None,
) -> list[ClaimResult]:  # fmt: skip
    """Compute every claim, or the one with the id `only`. Raises UsageError for an unknown id.

    `sail`, such as `IceSailor(net)`, sails them in the ice that they name; `whole`: see `evaluate`. `progress` is told
    after each claim how many are done, and of how many.
    """
    claims = load_claims(path)
    if only is not None:
        names = [c.id for c in claims]
        if only not in names:
            raise UsageError(
                f"no claim '{only}'{did_you_mean(only, names)}; 'northabout claims' lists all {len(names)}"
            )
        claims = [c for c in claims if c.id == only]
    results = []
    for done, claim in enumerate(claims, start=1):
        results.append(evaluate(claim, net, sail, whole))
        if progress is not None:
            progress(done, len(claims))
    return results
