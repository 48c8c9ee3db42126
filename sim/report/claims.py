"""Claims with their verdicts as text, JSON and a frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sim.report.layout import text_table, wrapped

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.claims.chances import Chance
    from sim.claims.register import ClaimOutcome, ClaimResult, IceRow

VERDICTS = {
    "holds": "HOLDS",
    "holds_if": "HOLDS IF",
    "does_not_hold": "DOES NOT HOLD",
    "not_checkable": "NOT CHECKABLE",
}

OUTCOMES = {
    "met": "the plan was met",
    "late": "later than planned",
    "missed": "the plan was not met",
    "agree": "other sources agree",
    "differ": "other sources differ",
    "mixed": "some other sources agree",
}


def claim_dict(result: ClaimResult) -> dict[str, Any]:
    """A claim as JSON values, in the order of its fields; `in_ice` and `outcome` are absent where there are none."""
    names = (
        "id", "document", "quote", "claimed", "computed", "unit", "verdict", "condition", "note",
    )  # fmt: skip
    out = {name: getattr(result, name) for name in names}
    out |= {"in_ice": [_row_dict(row) for row in result.in_ice]} if result.in_ice else {}
    return out | ({"outcome": _outcome_dict(result.outcome)} if result.outcome else {})


def _outcome_dict(outcome: ClaimOutcome) -> dict[str, Any]:
    """What came of a claim, as JSON values; `reached` is null where it was not, or where nothing was to be reached."""
    names = ("status", "value", "unit", "year", "reached")
    return {name: getattr(outcome, name) for name in names} | {"sources": list(outcome.sources)}


def _row_dict(row: IceRow) -> dict[str, Any]:
    """A case sailed in ice as JSON values."""
    names = ("vessel", "speed_kn", "ice_class", "escort", "decade", "pathway")
    departures = [
        {
            "depart": d.depart.isoformat(),
            "status": d.status,
            "days_saved": None if d.days_saved is None else round(d.days_saved, 3),
            "reason": d.reason,
        }
        for d in row.departures
    ]
    return {name: getattr(row.case, name) for name in names} | {
        "ice": row.ice,
        "least_days": row.case.least_days,
        "departures": departures,
        "share_of_year": round(row.share_of_year, 3),
    }


def claims_frame(results: list[ClaimResult]) -> DataFrame:
    """A row a claim; `outcome`, `outcome_value` and `outcome_year` are empty where nothing is told beside it."""
    from pandas import DataFrame

    return DataFrame([_flat(r) for r in results])


def _flat(result: ClaimResult) -> dict[str, Any]:
    told = {k: v for k, v in claim_dict(result).items() if k not in ("in_ice", "outcome")}
    came = result.outcome
    names = (("outcome", "status"), ("outcome_value", "value"), ("outcome_year", "year"))
    return told | {column: getattr(came, name) if came else None for column, name in names}


def claims_text(results: list[ClaimResult], full: bool) -> str:
    """Claims with their verdicts: a line each, or whole."""
    lines: list[str] = []
    for r in results:
        lines += wrapped(f"{VERDICTS[r.verdict]:14s} {r.id}: {claimed_text(r)}", rest=" " * 15)
        if full:
            parts = (("quote", r.quote), ("document", r.document), ("condition", r.condition), ("note", r.note))
            came = outcome_text(r.outcome) if r.outcome else ""
            for label, text in (*parts, ("outcome", came)):
                lines += wrapped(f"{label}: {text}", "    ", "      ") if text else []
            lines += _in_ice(r.in_ice) if r.in_ice else []
        else:
            lines += wrapped(r.condition, "    ", "    ", max_lines=2) if r.condition else []
            came = outcome_text(r.outcome, cited=False) if r.outcome else ""
            lines += wrapped(f"outcome: {came}", "    ", "      ") if came else []
    count = {v: sum(r.verdict == v for r in results) for v in VERDICTS}
    lines += ["", ", ".join(f"{n} {VERDICTS[v].lower()}" for v, n in count.items() if n)]
    return "\n".join(lines)


def outcome_text(outcome: ClaimOutcome, *, cited: bool = True) -> str:
    """What came of a claim in words, with the sources where they are `cited`."""
    from sim.claims.register import shown

    value = f"{outcome.value:.0f}" if outcome.unit == "year" else f"{shown(outcome.value)} {outcome.unit}"
    here = value if outcome.unit == "year" else f"{value} in {outcome.year}"
    when = f", reached in {outcome.reached}" if outcome.reached not in (None, outcome.year) else ""
    text = f"{OUTCOMES[outcome.status]}: {here}{when}"
    return f"{text} ({'; '.join(outcome.sources)})" if cited else text


def _in_ice(rows: tuple[IceRow, ...]) -> list[str]:
    """Days saved in ice: a row a ship and decade, a column a month. At most 12 columns of 4, so that it fits."""
    case = rows[0].case
    told = (
        f"in ice: days saved by {case.shorter} against {case.longer} departing on day {case.day} of each month, "
        f"{case.vessel} at {case.speed_kn:g} kn in open water on both routes, one hull for all classes, today's rules "
        "of admission; '-': closed or beset; esc: escorted by an icebreaker where needed; best: most days saved; "
        f"year: share of the year with {case.least_days:g} days or more, a departure standing for its month"
    )
    header = ["class", "years", *(f"{d.depart:%b}" for d in rows[0].departures), "best", "year"]
    cells = [
        [
            row.case.ice_class + ("" if row.case.escort == "none" else " esc"),
            row.case.decade,
            *(_saved_cell(d.days_saved) for d in row.departures),
            _saved_cell(row.best_days),
            f"{100 * row.share_of_year:.0f} %",
        ]
        for row in rows
    ]
    table = text_table(header, cells, right=range(2, len(header)))
    ices = dict.fromkeys(row.ice for row in sorted(rows, key=lambda row: row.case.decade))
    kinds = [line for ice in ices for line in wrapped(f"ice: {ice}", "    ", "      ")]
    return ["", *wrapped(told, "    ", "    "), "", *table.splitlines(), "", *kinds]


def chances_text(rows: Sequence[Chance]) -> str:
    """In how many years a claim is true: a row a class, escort and decade, at most 100 columns."""
    first = rows[0]
    told = (
        f"{first.claim}: departures that save {first.least_days:g} days or more, on {first.departures} departures of "
        f"each of {first.years} years with seasons drawn at random, pathway {first.pathway}, today's rules; esc: "
        "escorted where not admitted alone, at risk alone, or slower than half the convoy, so that a weak ship, always "
        "escorted, may be quicker than a strong one alone; open: departures on which the route is open; true: those of "
        "all that save so much, and within which bounds at 95 %; years: years with at least one such departure; weeks: "
        "in which a departure does, in the middle year, and in the worst and best of twenty"
    )
    header = ["class", "years", "open", "true", "at 95 %", "years", "at 95 %", "weeks", "of 20"]
    cells = [
        [
            row.ice_class + ("" if row.escort == "none" else " esc"), row.decade, _percent(row.open_share),
            _percent(row.share), _bounds(row.share_low, row.share_high), _percent(row.years_share),
            _bounds(row.years_low, row.years_high), f"{row.weeks_median:.0f}",
            f"{row.weeks_low:.0f} - {row.weeks_high:.0f}",
        ]
        for row in rows
    ]  # fmt: skip
    lines = [*wrapped(told), "", *text_table(header, cells, right=range(2, len(header))).splitlines(), ""]
    return "\n".join([*lines, *wrapped(f"source: {first.source}")])


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _bounds(low: float, high: float) -> str:
    return f"{100 * low:.0f} - {100 * high:.0f}"


def chance_dict(row: Chance) -> dict[str, Any]:
    """A row of the study of a claim as JSON values, in the order of its fields."""
    return asdict(row)


def _saved_cell(days: float | None) -> str:
    """Days in 4 characters."""
    if days is None:
        return "-"
    return f"{days:.1f}" if days > -9.95 else f"{days:.0f}"


def claimed_text(result: ClaimResult) -> str:
    """What is claimed and what is computed, each with the unit where it is a number."""
    from sim.claims.register import shown

    def one(value: float | int | str | None) -> str:
        if value is None or isinstance(value, str):
            return "nothing" if value is None else f"'{value}'"
        return f"{value:.0f}" if result.unit == "year" else f"{shown(value)} {result.unit}".rstrip()

    return f"claimed {one(result.claimed)}, computed {one(result.computed)}"
