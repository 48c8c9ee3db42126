"""Several scenarios run one after the other: a summary with a row each, and all of them in a format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.report.comparison import CSV_COLUMNS, comparison_dict, comparison_rows
from sim.report.files import csv_text, json_text
from sim.report.formats.sheet import Sheet
from sim.report.layout import text_table

if TYPE_CHECKING:
    from sim.scenario.compare import Comparison

COLUMNS = ("scenario", "feasible", "fastest", "nm", "days", "arrives", "cheapest", "USD")
RIGHT = (3, 4, 7)
FAILED = {3: "invalid", 4: "data missing"}


@dataclass(frozen=True)
class Ran:
    """A scenario file that was run: its comparison, or None with what is wrong; and the exit code of it alone."""

    file: str
    comparison: Comparison | None
    problems: tuple[str, ...]
    exit_code: int


def several_in(done: Sequence[Ran], kind: str) -> str:
    """All of them in a format; the table is the summary alone. What could not be run stands in JSON and the table."""
    if kind == "json":
        return json_text([ran_dict(r) for r in done])
    if kind == "csv":
        rows = [[r.file, *row] for r in done if r.comparison for row in comparison_rows(r.comparison)]
        return csv_text(("file", *CSV_COLUMNS), [[_cell(v) for v in row] for row in rows])
    if kind in ("markdown", "latex"):
        from sim.report.formats.write import comparison_in

        return "\n".join(comparison_in(r.comparison, kind) for r in done if r.comparison)
    sheet = summary(done)
    return text_table(sheet.header, sheet.rows, right=RIGHT)


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def ran_dict(ran: Ran) -> dict[str, Any]:
    """A scenario as JSON values: its file and what `run --json` prints of it alone, or its problems."""
    if ran.comparison is None:
        return {"file": ran.file, "exit_code": ran.exit_code, "problems": list(ran.problems)}
    return {"file": ran.file, "exit_code": ran.exit_code, **comparison_dict(ran.comparison)}


def summary(done: Sequence[Ran]) -> Sheet:
    """A row a scenario: how many alternatives arrive, the fastest, and the cheapest of those that are costed whole."""
    return Sheet("summary", f"{len(done)} scenarios", COLUMNS, tuple(_row(r) for r in done))


def _row(ran: Ran) -> tuple[str, ...]:
    if ran.comparison is None:
        return (ran.file, FAILED.get(ran.exit_code, "failed"), *[""] * 6)
    arrived = [o for o in ran.comparison.outcomes if o.feasible]
    count = f"{len(arrived)} of {len(ran.comparison.outcomes)}"
    if not arrived:
        return (ran.comparison.scenario.name, count, "none", *["-"] * 2, *[""] * 3)
    first = min(arrived, key=lambda o: o.days)
    paid = [o for o in arrived if o.ledger is not None and o.ledger.complete]
    cheap = min(paid, key=lambda o: o.cost_usd, default=None)
    money = ("", "") if cheap is None else (cheap.label, f"{cheap.cost_usd:,.0f}")
    told = (first.label, f"{first.distance_nm:,.0f}", f"{first.days:.1f}", f"{first.arrive:%Y-%m-%d}")
    return (ran.comparison.scenario.name, count, *told, *money)
