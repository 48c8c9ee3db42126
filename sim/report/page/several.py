"""Several scenarios side by side: the figures of their alternatives, a column a scenario, before the scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sim.report.comparison import outcome_dict
from sim.report.page.figures import Line, figure, status_of
from sim.report.page.sections import Cell, Page, Part, Section, Table, told

if TYPE_CHECKING:
    from sim.scenario.compare import Comparison

MOST: Final = 4  # scenarios side by side
TITLE: Final = "Scenarios side by side"
MEASURES: Final = (
    Line("Days from port to port", ("days",), 1),
    Line("Distance, nm", ("distance_nm",), 0),
    Line("Fuel, t", ("fuel_t",), 0),
    Line("CO2, t", ("co2_t",), 0),
    Line("Cost, USD", ("cost_usd",), 0),
    Line("Days against the baseline", ("vs_baseline", "days"), 1, True),
    Line("USD against the baseline", ("vs_baseline", "cost_usd"), 0, True),
)


def several_page(parts: Sequence[Part], comparisons: Sequence[Comparison]) -> Page:
    """A page of several parts with the table of all scenarios first; studies have no column in it."""
    tables = side_by_side(comparisons) if len(comparisons) > 1 else ()
    first = (Section("several", "Alternatives by scenario", tables),) if tables else ()
    return Page(TITLE if first else "Report", tuple(parts), first)


def side_by_side(comparisons: Sequence[Comparison]) -> tuple[Table, ...]:
    """Alternatives down, scenarios across, a table a figure: those that any scenario has a figure for."""
    every = [(c, {d["route"]: d for d in map(outcome_dict, c.outcomes)}) for c in comparisons]
    out = []
    for measure in MEASURES:
        for k in range(0, len(every), MOST):
            block = every[k : k + MOST]
            if any(figure(d, measure).value is not None for _, found in block for d in found.values()):
                out.append(_table(measure, block))
    return tuple(out)


def _table(measure: Line, block: Sequence[tuple[Comparison, Mapping[str, Mapping[str, Any]]]]) -> Table:
    known = [(label, figure(d, measure).value) for _, found in block for label, d in found.items()]
    labels = dict.fromkeys(label for label, value in known if value is not None)
    rows = [
        (told(label), *(_cell(found.get(label), measure, c.scenario.baseline_label) for c, found in block))
        for label in labels
    ]
    header = ("alternative", *(c.scenario.name for c, _ in block))
    return Table(header, tuple(rows), tuple(range(1, len(header))), measure.name)


def _cell(document: Mapping[str, Any] | None, measure: Line, baseline: str) -> Cell:
    """The figure, or why there is none: not asked in this scenario, not open, or the baseline itself."""
    if document is None:
        return Cell("")
    if document["status"] != "ok":
        return Cell(status_of(document, baseline))
    if measure.path[0] == "vs_baseline" and document["route"] == baseline:
        return Cell("baseline")
    return figure(document, measure)
