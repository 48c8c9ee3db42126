"""The ledgers of a comparison: a table for readers with its marks and notes, and rows of values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sim.report.files import csv_text
from sim.report.layout import cut, text_table
from sim.report.reasons import sailed_text
from sim.report.voyages import missing_dicts, note_text

if TYPE_CHECKING:
    from sim.economy.ledger import Ledger
    from sim.economy.prices.days import PriceDay
    from sim.economy.rates import Charge
    from sim.scenario.compare import Comparison

LEDGER_COLUMNS = (
    "route", "what", "usd", "missing", "formula", "confidence", "valid_from", "price_from", "price_to",
    "price_gap_days", "source", "note",
)  # fmt: skip


def ledgers_text(comparison: Comparison) -> str:
    """The table of the ledgers, empty without costs."""
    header, rows = ledgers_table(comparison)
    return text_table(header, rows, right=tuple(range(1, len(header)))) if rows else ""


def ledgers_table(comparison: Comparison, whole: bool = False) -> tuple[list[str], list[list[str]]]:
    """Header and rows of all lines of all ledgers, a column for each alternative; no row without costs.

    Long names are cut to the width of a terminal, unless they are asked for `whole`.
    """
    costed = [(sailed_text(o.label, o.sailed_by), o.ledger) for o in comparison.outcomes if o.ledger is not None]
    if not costed:
        return [], []
    names = list(
        dict.fromkeys(line.what for _, ledger in costed for line in ledger.lines if line.amount_usd or line.missing)
    )
    rows = [[_marked(name, costed, whole), *(_sum(ledger, name) for _, ledger in costed)] for name in names]
    rows.append(["total", *(_total(ledger) for _, ledger in costed)])
    rows.append(["per day", *(f"{ledger.usd_per_day:,.0f}" for _, ledger in costed)])
    if any(ledger.usd_per_unit for _, ledger in costed):
        unit = next(ledger.cargo_unit for _, ledger in costed)
        rows.append(
            [f"per {unit}", *(f"{ledger.usd_per_unit:,.2f}" if ledger.usd_per_unit else "" for _, ledger in costed)]
        )
    rows.append(["CO2, t", *(f"{ledger.emitted.co2_t:,.0f}" for _, ledger in costed)])
    if all(ledger.cii for _, ledger in costed):
        rows.append(["CII of this voyage", *(ledger.cii.letter if ledger.cii else "" for _, ledger in costed)])
    return ["USD", *(label if whole else cut(label, 20) for label, _ in costed)], rows


def _marked(name: str, costed: list[tuple[str, Ledger]], whole: bool) -> str:
    low = any(line.what == name for _, ledger in costed for line in ledger.low)
    return (name if whole else cut(name, 38)) + (" *" if low else "")


def _sum(ledger: Ledger, name: str) -> str:
    found = [line for line in ledger.lines if line.what == name]
    if any(line.missing for line in found):
        return "missing"
    return f"{sum(line.amount_usd for line in found):,.0f}" if found else ""


def _total(ledger: Ledger) -> str:
    """The total, marked where a line is missing (!) or a price is not of the month (~)."""
    return f"{ledger.total_usd:,.0f}{'' if ledger.complete else ' !'}{' ~' if ledger.off_date else ''}"


def ledger_marks(comparison: Comparison) -> list[str]:
    """What the marks at the lines and the totals mean."""
    costed = [(o.label, o.ledger) for o in comparison.outcomes if o.ledger is not None]
    out = ["*: rests on figures of low confidence"] if any(ledger.low for _, ledger in costed) else []
    gaps = {label: [(m["what"], m["why"]) for m in missing_dicts(ledger)] for label, ledger in costed}
    return [*out, *marks_text(gaps, (p for _, ledger in costed for _, p in ledger.off_date))]


def marks_text(gaps: Mapping[str, Iterable[tuple[str, str]]], far: Iterable[PriceDay], up_to: str = "") -> list[str]:
    """What the marks at totals mean: for each alternative the lines without an amount (!), and the prices of another
    month (~), whose days are those of one voyage or "up to " those of many."""
    told = {label: ", ".join(f"{what} ({why})" for what, why in lines) for label, lines in gaps.items()}
    out = [f"!: the total of {label} is incomplete: {lines}" for label, lines in told.items() if lines]
    days = [
        f"{p.what} {up_to}{p.gap_days:,} days away" if p.gap_days is not None else f"{p.what} undated"
        for p in dict.fromkeys(far)
    ]
    return [*out, f"~: prices that are not of the month of departure: {', '.join(days)}"] if days else out


def notes_text(comparison: Comparison) -> list[str]:
    """What a reader must know of the ledgers: notes, and the star."""
    lines = [line for o in comparison.outcomes if o.ledger is not None for line in o.ledger.lines]
    told = dict.fromkeys(f"{line.what}: {note}" for line in lines if (note := note_text(line)))
    return [*ledger_marks(comparison), *told]


def ledgers_csv(comparison: Comparison) -> str:
    """All lines of all ledgers as CSV, to the cent."""
    usd = LEDGER_COLUMNS.index("usd")
    rows = ledger_rows(comparison)
    return csv_text(
        LEDGER_COLUMNS,
        [[f"{v:.2f}" if k == usd and v is not None else v for k, v in enumerate(row)] for row in rows],
    )


def ledger_rows(comparison: Comparison) -> list[list[Any]]:
    """All lines of all ledgers, a row each in the order of `LEDGER_COLUMNS`."""
    return [[o.label, *_row(line)] for o in comparison.outcomes if o.ledger is not None for line in o.ledger.lines]


def _row(line: Charge) -> list[Any]:
    """A line as cells; of several prices the one whose date lies farthest away. A missing line has no amount."""
    usd, why = (None, line.missing.value) if line.missing else (line.amount_usd, "")
    dated = sorted(line.prices, key=lambda p: 10**9 if p.gap_days is None else p.gap_days)
    price = [dated[-1].valid_from, dated[-1].valid_to, dated[-1].gap_days] if dated else [None] * 3
    return [line.what, usd, why, line.formula, line.confidence, line.valid_from, *price, line.source, note_text(line)]
