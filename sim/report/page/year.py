"""The departure calendar of a scenario as tables of a report: when each alternative is open, and what closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.calendar import day_text, months_text, periods_text
from sim.report.page.sections import Table, number, told
from sim.report.reasons import closer_text, sea_text

if TYPE_CHECKING:
    from sim.study.calendar import Calendar
    from sim.study.sailing.sailed import Sailed

OPEN = ("alternative", "open on", "of departures", "open %", "open", "best days", "on", "worst days", "on", "saves %")
SHUT = ("alternative", "cause", "departures", "months", "seas", "first of them")


def year_tables(calendar: Calendar) -> tuple[Table, ...]:
    """When the alternatives are open; and what closes them on how many departures."""
    summaries = [(route.label, calendar.summary(route)) for route in calendar.routes]
    rows = [
        (
            told(label), number(s.open_departures, 0), number(s.departures, 0), number(100 * s.open_share, 0),
            told(periods_text(s.periods) if s.open_departures < s.departures else "all year"),
            number(None if s.best is None else s.best.days, 1), told(_day(s.best)),
            number(None if s.worst is None else s.worst.days, 1), told(_day(s.worst)),
            number(None if s.saving_share is None else 100 * s.saving_share, 0),
        )
        for label, s in summaries
    ]  # fmt: skip
    shares = f"saves %: share of the year in which {calendar.saving_days:g} days or more are saved against "
    note = f"{shares}{calendar.baseline}. Departures every {calendar.every_days} days of {calendar.year}."
    shut = [
        (
            told(label), told(f"{c.cause}{'' if c.closed_by is None else f', closed {closer_text(c.closed_by)}'}"),
            number(c.departures, 0), told(months_text(c.months)),
            told(", ".join(f"{sea_text(sea)} {count}" for sea, count in c.seas)), told(c.reason),
        )
        for label, s in summaries
        for c in s.closures
    ]  # fmt: skip
    out = [Table(OPEN, tuple(rows), (1, 2, 3, 5, 7, 9), "When each alternative is open", (note,))]
    return (*out, Table(SHUT, tuple(shut), (2,), "What closes it")) if shut else tuple(out)


def _day(sailed: Sailed | None) -> str:
    return "" if sailed is None else day_text(sailed.depart.date())
