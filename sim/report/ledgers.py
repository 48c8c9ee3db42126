"""Ledgers side by side, and each with its lines, as text and CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.files import csv_text, cut, text_table

if TYPE_CHECKING:
    from sim.economy.ledger import Ledger
    from sim.scenario.compare import Comparison

COLUMNS = ("route", "what", "usd", "formula", "confidence", "valid_from", "source", "note")


def ledgers_text(comparison: Comparison) -> str:
    """All lines of all ledgers, a column for each alternative; empty without costs."""
    costed = [(o.label, o.ledger) for o in comparison.outcomes if o.ledger is not None]
    if not costed:
        return ""
    names = list(dict.fromkeys(line.what for _, ledger in costed for line in ledger.lines if line.amount_usd))
    rows = [[_marked(name, costed), *(_sum(ledger, name) for _, ledger in costed)] for name in names]
    rows.append(["total", *(f"{ledger.total_usd:,.0f}" for _, ledger in costed)])
    rows.append(["per day", *(f"{ledger.usd_per_day:,.0f}" for _, ledger in costed)])
    if any(ledger.usd_per_unit for _, ledger in costed):
        unit = next(ledger.cargo_unit for _, ledger in costed)
        rows.append(
            [f"per {unit}", *(f"{ledger.usd_per_unit:,.2f}" if ledger.usd_per_unit else "" for _, ledger in costed)]
        )
    rows.append(["CO2, t", *(f"{ledger.emitted.co2_t:,.0f}" for _, ledger in costed)])
    if all(ledger.cii for _, ledger in costed):
        rows.append(["CII of this voyage", *(ledger.cii.letter if ledger.cii else "" for _, ledger in costed)])
    header = ["USD", *(cut(label, 20) for label, _ in costed)]
    return text_table(header, rows, right=tuple(range(1, len(header))))


def _marked(name: str, costed: list[tuple[str, Ledger]]) -> str:
    low = any(line.what == name for _, ledger in costed for line in ledger.low)
    return cut(name, 38) + (" *" if low else "")


def _sum(ledger: Ledger, name: str) -> str:
    found = [line.amount_usd for line in ledger.lines if line.what == name]
    return f"{sum(found):,.0f}" if found else ""


def notes_text(comparison: Comparison) -> list[str]:
    """What a reader must know of the ledgers: notes, and the star."""
    lines = [line for o in comparison.outcomes if o.ledger is not None for line in o.ledger.lines]
    out = ["*: rests on figures of low confidence"] if any(line.confidence == "C" for line in lines) else []
    return [*out, *dict.fromkeys(f"{line.what}: {line.note}" for line in lines if line.note)]


def ledgers_csv(comparison: Comparison) -> str:
    """All lines of all ledgers, a row each."""
    rows = [
        [o.label, c.what, f"{c.amount_usd:.2f}", c.formula, c.confidence, c.valid_from, c.source, c.note]
        for o in comparison.outcomes
        if o.ledger is not None
        for c in o.ledger.lines
    ]
    return csv_text(COLUMNS, rows)
