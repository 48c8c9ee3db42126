"""The claims that a scenario touches, as a section."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.report.claims import VERDICTS, claimed_text
from sim.report.layout import cut
from sim.report.page.sections import Section, Table, section, told, words

if TYPE_CHECKING:
    from sim.claims.touching import Touch

UNTOLD = "Without a verdict: not computed here, 'northabout claims ID' does it."
LONGEST = 320  # letters of a condition; 'northabout claims ID' gives it whole
HEADER = ("claim", "what is said", "verdict", "claimed and computed", "condition", "touches")


def claims_section(touches: Sequence[Touch]) -> Section | None:
    """The claims with their quotes, verdicts, and what they share with the scenario."""
    if not touches:
        return section("claims", "Claims touched", [words("No claim of the register is about these ends or passages.")])
    rows = [
        (
            told(t.claim.id), told(t.claim.quote),
            told("" if t.result is None else VERDICTS[t.result.verdict].lower()),
            told("" if t.result is None else claimed_text(t.result)),
            told("" if t.result is None else cut(t.result.condition, LONGEST)), told(shared_text(t)),
        )
        for t in touches
    ]  # fmt: skip
    if not any(t.result for t in touches):
        few = tuple((row[0], row[1], row[-1]) for row in rows)
        table = Table((HEADER[0], HEADER[1], HEADER[-1]), few, notes=(UNTOLD,))
        return section("claims", "Claims touched", [table])
    notes = ["Computed for the claims' own ships and speeds, without ice; 'northabout claims ID' also sails the ice."]
    if any(t.result is None for t in touches):
        notes.append(UNTOLD)
    return section("claims", "Claims touched", [Table(HEADER, tuple(rows), notes=tuple(notes))])


def shared_text(touch: Touch) -> str:
    """What a claim shares with the scenario."""
    ends = "same ends" if touch.same_ends else "its ports are among those of the claim" if touch.among_ends else ""
    routes = f"route {', '.join(touch.routes)}" if touch.routes else ""
    passages = f"closed: {', '.join(touch.passages)}" if touch.passages else ""
    return "; ".join(t for t in (ends, routes, passages) if t)
