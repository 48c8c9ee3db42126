"""The figures of a comparison as tables: figures by alternatives, the ledger, the ice by seas. All from the JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sim.report.comparison import outcome_dict
from sim.report.comparison_view import NO_WAY
from sim.report.layout import signed
from sim.report.page.sections import Cell, Table, number, told
from sim.report.reasons import sailed_text
from sim.report.voyages import ICE_HEADER, ICE_RIGHT, ice_rows
from sim.study.ice_summary import plain_name

if TYPE_CHECKING:
    from sim.scenario.compare import Comparison

MOST_COLUMNS: Final = 4  # alternatives side by side, so that their names have room on A4


@dataclass(frozen=True)
class Line:
    """A row of the table: what it is called, where it stands in the JSON of an alternative, digits, and its sign."""

    name: str
    path: tuple[str, ...]
    digits: int | None
    sign: bool = False


LINES: Final = (
    Line("Distance, nm", ("distance_nm",), 0),
    Line("Miles sailed, nm", ("sailed_nm",), 0),
    Line("Days from port to port", ("days",), 1),
    Line("of these waiting", ("wait_days",), 1),
    Line("Departs", ("depart",), None),
    Line("Arrives", ("arrive",), None),
    Line("Fuel, t", ("fuel_t",), 0),
    Line("CO2, t", ("co2_t",), 0),
    Line("Cost, USD", ("cost_usd",), 0),
    Line("Miles in ice, nm", ("ice", "ice_nm"), 0),
    Line("Days lost to ice", ("ice", "ice_delay_days"), 1),
    Line("Miles with icebreaker, nm", ("ice", "escort_nm"), 0),
    Line("Lowest RIO", ("ice", "lowest_rio"), 1),
    Line("Probability of being beset", ("ice", "beset_probability"), 2),
    Line("Expected days beset", ("ice", "beset_days"), 1),
    Line("Miles on the NSR, nm", ("ice", "nsr_nm"), 0),
    Line("Days on the NSR", ("ice", "nsr_days"), 1),
    Line("Against the baseline: nm", ("vs_baseline", "distance_nm"), 0, True),
    Line("Against the baseline: days", ("vs_baseline", "days"), 1, True),
    Line("Against the baseline: fuel, t", ("vs_baseline", "fuel_t"), 0, True),
    Line("Against the baseline: CO2, t", ("vs_baseline", "co2_t"), 0, True),
    Line("Against the baseline: USD", ("vs_baseline", "cost_usd"), 0, True),
)


def at(document: Mapping[str, Any], path: Sequence[str]) -> Any:
    """The value at a path of the JSON; None where it is not there."""
    value: Any = document
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def figure(document: Mapping[str, Any], line: Line) -> Cell:
    """The figure of an alternative; a cost that lacks a line or has a price of another month is marked."""
    value = at(document, line.path)
    if value is None:
        return Cell("-")
    if line.digits is None:
        return Cell(str(value)[:16].replace("T", " "), value)
    text = signed(value, line.digits) if line.sign else f"{value:,.{line.digits}f}"
    return Cell(text + _marks(document, line), value)


def _marks(document: Mapping[str, Any], line: Line) -> str:
    if line.path == ("cost_usd",):
        incomplete = not document.get("cost_complete", True)
        return (" !" if incomplete else "") + (" ~" if document.get("cost_off_date") else "")
    if line.path == ("vs_baseline", "cost_usd"):
        return "" if at(document, ("vs_baseline", "cost_complete")) else " !"
    return ""


def passage_names(ids: Iterable[str]) -> list[str]:
    """Passages as readers know them: Bab-el-Mandeb."""
    from sim.geo.passages import PassageTable

    names = {p.id: plain_name(p.name) for p in PassageTable.load().all}
    return [names.get(one, one) for one in ids]


def label_of(document: Mapping[str, Any]) -> str:
    """What an alternative is called, with the route that it took in the end."""
    return sailed_text(document["route"], document.get("sailed_by") or "")


def status_of(document: Mapping[str, Any], baseline: str) -> str:
    """What came of an alternative in a word."""
    if document["status"] != "ok":
        return NO_WAY[document["status"]]
    return "sailed, baseline" if document["route"] == baseline else "sailed"


def alternatives_tables(comparison: Comparison) -> tuple[Table, ...]:
    """Figures down and alternatives across, several tables where these are many."""
    documents = [outcome_dict(o) for o in comparison.outcomes]
    blocks = [documents[k : k + MOST_COLUMNS] for k in range(0, len(documents), MOST_COLUMNS)]
    tables = [_block(block, _lines(block), comparison.scenario.baseline_label) for block in blocks]
    if notes := _notes(documents):
        last = tables[-1]
        tables[-1] = Table(last.header, last.rows, last.right, last.caption, notes)
    return tuple(tables)


def _lines(documents: Sequence[Mapping[str, Any]]) -> list[Line]:
    return [line for line in LINES if _told(documents, line)]


def _told(documents: Sequence[Mapping[str, Any]], line: Line) -> bool:
    """Whether a row says anything; the miles sailed only where they are not the distance."""
    if line.path == ("sailed_nm",):
        return any(abs((d["sailed_nm"] or 0) - (d["distance_nm"] or 0)) >= 0.5 for d in documents)
    values = [at(d, line.path) for d in documents]
    return any(values) if not line.sign else any(v is not None for v in values)


def _block(documents: Sequence[Mapping[str, Any]], lines: Sequence[Line], baseline: str) -> Table:
    rows = [(told("Result"), *(told(status_of(d, baseline)) for d in documents))]
    rows += [(told(line.name), *(figure(d, line) for d in documents)) for line in lines]
    header = ("", *(label_of(d) for d in documents))
    return Table(header, tuple(rows), tuple(range(1, len(header))))


def _notes(documents: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """What the marks and words mean."""
    out = []
    if any(d.get("cost_complete") is False for d in documents):
        out.append("!: the cost lacks a line, so that it is too low; the ledger says which.")
    if any(d.get("cost_off_date") for d in documents):
        out.append("~: a price in the cost is not of the month of departure; the ledger says which.")
    if any(at(d, ("ice", "lowest_rio")) is not None for d in documents):
        out.append("RIO: risk index outcome of POLARIS; below 0 the risk is elevated.")
    return tuple(out)


def ledger_tables(comparison: Comparison) -> tuple[Table, ...]:
    """The ledgers: lines down and alternatives across; none without costs."""
    documents = [d for d in map(outcome_dict, comparison.outcomes) if "ledger" in d]
    blocks = [documents[k : k + MOST_COLUMNS] for k in range(0, len(documents), MOST_COLUMNS)]
    return tuple(_ledger(block) for block in blocks)


def _ledger(documents: Sequence[Mapping[str, Any]]) -> Table:
    ledgers = [d["ledger"] for d in documents]
    names = dict.fromkeys(line["what"] for one in ledgers for line in one["lines"] if line["usd"] or line["missing"])
    low = {name for one in ledgers for name in one["low_confidence"]}
    rows = [(told(name + (" *" if name in low else "")), *(_sum(one, name) for one in ledgers)) for name in names]
    rows.append((told("Total, USD"), *(figure(d, _TOTAL) for d in documents)))
    rows.append((told("USD per day"), *(number(one["usd_per_day"], 0) for one in ledgers)))
    if any(one["usd_per_unit"] for one in ledgers):
        unit = next(one["unit"] for one in ledgers)
        rows.append((told(f"USD per {unit}"), *(number(one["usd_per_unit"], 2) for one in ledgers)))
    if any(one["cii"] for one in ledgers):
        rows.append((told("CII of this voyage"), *(told((one["cii"] or {}).get("letter", "-")) for one in ledgers)))
    header = ("USD", *(label_of(d) for d in documents))
    return Table(header, tuple(rows), tuple(range(1, len(header))))


_TOTAL: Final = Line("Total, USD", ("cost_usd",), 0)


def _sum(ledger: Mapping[str, Any], name: str) -> Cell:
    """The lines of one name in a ledger together."""
    found = [line for line in ledger["lines"] if line["what"] == name]
    if any(line["missing"] for line in found):
        return Cell("missing")
    return number(round(sum(line["usd"] for line in found), 2), 0) if found else Cell("")


def sources_tables(comparison: Comparison) -> tuple[Table, ...]:
    """Every line of every ledger with its inputs and its source, a table an alternative."""
    header = ("line", "USD", "how it is computed", "source", "grade", "note")
    out = []
    for o in comparison.outcomes:
        document = outcome_dict(o)
        rows = [
            (
                told(line["what"]), Cell("missing") if line["usd"] is None else number(line["usd"], 2),
                told(line["formula"]), told(_source(line)), told(line["confidence"]),
                told("; ".join(t for t in (line["missing"], line["note"]) if t)),
            )
            for line in document.get("ledger", {}).get("lines", ())
        ]  # fmt: skip
        if rows:
            out.append(Table(header, tuple(rows), (1,), f"{label_of(document)}: lines and sources"))
    return tuple(out)


def _source(line: Mapping[str, Any]) -> str:
    since = f" (valid from {line['valid_from']})" if line["valid_from"] else ""
    return f"{line['source']}{since}"


def ice_tables(comparison: Comparison) -> tuple[Table, ...]:
    """The part of each voyage in ice, a row for each sea."""
    out = []
    for o in comparison.outcomes:
        if o.feasible and o.voyage is not None and (rows := ice_rows(o.voyage)):
            cells = tuple(tuple(map(told, row)) for row in rows)
            label = sailed_text(o.label, o.sailed_by)
            out.append(Table(ICE_HEADER, cells, ICE_RIGHT, f"{label}: the ice that was sailed, sea by sea"))
    return tuple(out)
