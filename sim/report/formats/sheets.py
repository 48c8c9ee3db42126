"""The sheets of a comparison: alternatives, ledger lines and legs, as values and as words for readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.report.comparison import CSV_COLUMNS, comparison_rows
from sim.report.comparison_view import table_of
from sim.report.formats.ledgers import LEDGER_COLUMNS, ledger_marks, ledger_rows, ledgers_table
from sim.report.formats.sheet import Sheet
from sim.report.voyages import LEG_COLUMNS, leg_rows

if TYPE_CHECKING:
    from sim.scenario.compare import Comparison


def value_sheets(comparison: Comparison) -> tuple[Sheet, ...]:
    """Every figure, in the columns of the CSV files: a sheet each for alternatives, ledger and legs that are there."""
    title = f"{comparison.scenario.name}: {comparison.scenario.description}"
    made = (
        Sheet("comparison", title, CSV_COLUMNS, _rows(comparison_rows(comparison))),
        Sheet("ledger", f"{title} - ledgers", LEDGER_COLUMNS, _rows(ledger_rows(comparison))),
        Sheet("legs", f"{title} - legs", LEG_COLUMNS, _rows(leg_rows(comparison))),
    )
    return tuple(s for s in made if s.rows)


def _rows(rows: list[list[Any]]) -> tuple[tuple[Any, ...], ...]:
    """Rows without empty words: a cell without a value is empty."""
    return tuple(tuple(None if v == "" else v for v in row) for row in rows)


def reader_sheets(comparison: Comparison) -> tuple[Sheet, ...]:
    """The tables that `run` prints, as words: the alternatives, and the ledgers where something is costed."""
    header, rows = table_of(comparison)
    ends = f"{comparison.origin.name} - {comparison.destination.name}"
    title = f"{comparison.scenario.name}: {ends}, {comparison.scenario.description}"
    out = [Sheet("comparison", title, tuple(header), tuple(map(tuple, rows)))]
    header, rows = ledgers_table(comparison, whole=True)
    if rows:
        out.append(
            Sheet("ledger", "Cost, USD", tuple(header), tuple(map(tuple, rows)), tuple(ledger_marks(comparison)))
        )
    return tuple(out)
