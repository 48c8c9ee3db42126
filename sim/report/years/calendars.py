"""The calendars of several years as text, CSV, JSON and frames: a row a year, or a row a departure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sim.report.calendar import calendar_dict, calendar_rows, columns_of, day_text, departures_frame, periods_text
from sim.report.files import csv_text
from sim.report.layout import counted, cut, text_table, wrapped
from sim.report.years.money import marks, notes_text, percent
from sim.report.years.span import span_text
from sim.voyage.voyage import ClosedBy

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.study.calendar import Money, Summary
    from sim.study.sailing.calendars import CalendarYears

CLOSERS = {ClosedBy.ICE: "ice", ClosedBy.RULE: "rules", ClosedBy.BOTH: "both"}
PERIODS, CLOSED = 26, 30  # characters of two columns
YEAR_COLUMNS = (
    "year", "route", "departures", "open_departures", "open_from", "open_to", "open_periods", "open_share", "best_days",
    "best_depart", "median_days", "worst_days", "worst_depart", "saving_share", "closed_by_ice", "closed_by_rule",
    "closed_by_both", "closed_otherwise",
)  # fmt: skip
YEAR_MONEY_COLUMNS = (
    "priced", "median_cost_usd", "best_saved_usd", "best_saved_depart", "cheaper_share", "cost_complete",
    "saved_complete",
)  # fmt: skip


def calendars_text(found: CalendarYears) -> str:
    """The table that `northabout calendar --year 2027-2050` prints, at most 100 columns: of each route a row a year."""
    lines = wrapped(f"{found.scenario}: {found.description}")
    lines += wrapped(
        f"{found.origin} - {found.destination}, {found.ship}, departures of {span_text(found.years)} "
        f"every {counted(found.every_days, 'day')}"
    )
    lines += _ice_lines(found)
    lines += ["", "days at sea; shares of the days of the year; departures that are closed, both: by ice and by rules"]
    for label, summaries in found.summaries.items():
        lines += ["", *_route(found, label, summaries)]
    notes = notes_text(found.summaries)
    return "\n".join([*lines, *([""] if notes else []), *notes])


def _ice_lines(found: CalendarYears) -> list[str]:
    """The ice of the first and of the last year."""
    first, last = found.calendars[0].ice, found.calendars[-1].ice
    if not first:
        return ["no ice is modelled"]
    if first == last:
        return wrapped(f"ice: {first}")
    return [*wrapped(f"ice, first: {first}"), *wrapped(f"ice, last: {last}")]


def _route(found: CalendarYears, label: str, summaries: tuple[Summary, ...]) -> list[str]:
    """What is said of a route: its years in a line, a table of them, and one of money."""
    years, own = len(found.years), label == found.baseline
    ever = sum(s.open_departures > 0 for s in summaries)
    lines = wrapped(f"{label}: open on some day in {ever} of {counted(years, 'year')}")
    saving = [y for y, s in zip(found.years, summaries, strict=True) if s.saving_share]
    if not own and ever:
        told = f"saves {counted(found.saving_days, 'day')} or more against '{found.baseline}' on some day in "
        told += f"{len(saving)} of {counted(years, 'year')}" + (f", first in {saving[0]}" if saving else "")
        lines += wrapped(told, "  ", "    ")
    header = ["year", "open", "open %", "best", "median", *([] if own else [f"saves {found.saving_days:g} d %"])]
    rows = [
        [
            f"{year}", _open(s), _percent(s.open_share), _days(s.best.days if s.best else None), _days(s.median_days),
            *([] if own else [_percent(s.saving_share)]), cut(closed_text(s), CLOSED),
        ]
        for year, s in zip(found.years, summaries, strict=True)
    ]  # fmt: skip
    lines.append(text_table([*header, "closed by"], rows, right=range(2, len(header))))
    money = [(year, s.money) for year, s in zip(found.years, summaries, strict=True) if s.money is not None]
    return lines + (["", _money_table(found, label, money)] if money else [])


def _open(summary: Summary) -> str:
    if summary.open_departures == summary.departures:
        return "all year"
    return cut(periods_text(summary.periods), PERIODS) or "never"


def _percent(share: float | None) -> str:
    return "" if share is None else percent(share).removesuffix(" %")


def _days(days: float | None) -> str:
    return "" if days is None else f"{days:.1f}"


def closed_text(summary: Summary) -> str:
    """What closes a route in a year with the numbers of departures: 'ice 20, rules 9'."""
    counts: Counter[str] = Counter()
    for closure in summary.closures:
        word = closure.cause if closure.closed_by is None else CLOSERS[closure.closed_by]
        counts[word] += closure.departures
    return ", ".join(f"{word} {count}" for word, count in counts.most_common())


def _money_table(found: CalendarYears, label: str, money: list[tuple[int, Money]]) -> str:
    """The median cost of each year, and what the route saves."""
    rows = []
    for year, m in money:
        cost = "" if m.median_cost_usd is None else f"{m.median_cost_usd:,.0f}{marks(m.cost_complete, m)}"
        row = [f"{year}", cost]
        if label != found.baseline:
            known = m.best is not None and m.best.saved_usd is not None
            best = f"{m.best.saved_usd:+,.0f}{marks(m.saved_complete, m)}" if known and m.best else ""
            row += [best, day_text(m.best.depart) if m.best else "", _percent(m.cheaper_share)]
        rows.append(row)
    header = ["year", "median cost, USD"]
    header += [] if label == found.baseline else ["best saving, USD", "on", "cheaper %"]
    return text_table(header, rows, right=[k for k, name in enumerate(header) if k and name != "on"])


def calendars_csv(found: CalendarYears) -> str:
    """All departures as CSV, a row a departure and alternative: the year, then the columns of a calendar."""
    names = ("year", *columns_of(found.calendars[0]))
    return csv_text(names, [[row.get(n) for n in names] for row in _rows(found)])


def calendars_frame(found: CalendarYears) -> DataFrame:
    """The same as a frame."""
    return departures_frame(_rows(found), ("year", *columns_of(found.calendars[0])))


def _rows(found: CalendarYears) -> list[dict[str, Any]]:
    return [{"year": c.year} | row for c in found.calendars for row in calendar_rows(c)]


def years_csv(found: CalendarYears) -> str:
    """The table of years as CSV, a row a year and alternative."""
    names = (*YEAR_COLUMNS, *(YEAR_MONEY_COLUMNS if found.costed else ()))
    rows = [
        {"year": year, "route": label} | year_dict(summary)
        for k, year in enumerate(found.years)
        for label, summaries in found.summaries.items()
        for summary in (summaries[k],)
    ]
    return csv_text(names, [[row.get(n) for n in names] for row in rows])


def year_dict(summary: Summary) -> dict[str, Any]:
    """A route in a year as values; `open_from` and `open_to` are the ends of its longest period."""
    longest = max(summary.periods, key=lambda p: p.departures, default=None)
    closed = {c: sum(x.departures for x in summary.closures if x.closed_by == c) for c in (*ClosedBy, None)}
    out: dict[str, Any] = {
        "departures": summary.departures, "open_departures": summary.open_departures,
        "open_from": longest and longest.first.isoformat(), "open_to": longest and longest.last.isoformat(),
        "open_periods": len(summary.periods), "open_share": round(summary.open_share, 3),
        "median_days": _rounded(summary.median_days), "saving_share": _rounded(summary.saving_share),
        "closed_by_ice": closed[ClosedBy.ICE], "closed_by_rule": closed[ClosedBy.RULE],
        "closed_by_both": closed[ClosedBy.BOTH], "closed_otherwise": closed[None],
    }  # fmt: skip
    for name, sailed in (("best", summary.best), ("worst", summary.worst)):
        out[f"{name}_days"] = sailed and _rounded(sailed.days)
        out[f"{name}_depart"] = sailed and sailed.depart.date().isoformat()
    money = summary.money
    if money is None:
        return out
    best = money.best
    return out | {
        "priced": money.priced, "median_cost_usd": _rounded(money.median_cost_usd, 2),
        "best_saved_usd": best and _rounded(best.saved_usd, 2),
        "best_saved_depart": best and best.depart.date().isoformat(), "cheaper_share": _rounded(money.cheaper_share),
        "cost_complete": money.cost_complete, "saved_complete": money.saved_complete,
    }  # fmt: skip


def _rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None else round(value, digits) + 0.0


def calendars_dict(found: CalendarYears) -> dict[str, Any]:
    """The document of `northabout calendar --year 2027-2050 --json`: `years` are the documents of each year."""
    return {
        "scenario": found.scenario, "description": found.description, "from": found.origin, "to": found.destination,
        "ship": found.ship, "every_days": found.every_days, "baseline": found.baseline,
        "saving_days": found.saving_days, "years": [calendar_dict(c) for c in found.calendars],
    }  # fmt: skip
