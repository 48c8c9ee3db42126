"""The departure calendar and the navigable season as text, CSV, JSON and frames."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from sim.report.files import csv_text
from sim.report.layout import MONTHS, counted, cut, signed, table_blocks, text_table, wrapped
from sim.report.reasons import closer_text
from sim.report.years.money import COLUMNS as MONEY_COLUMNS
from sim.report.years.money import calendar_notes, money_dict, money_text, sailed_money
from sim.voyage.voyage import ClosedBy

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.study.calendar import Calendar, Closure, Period, RouteYear, Summary
    from sim.study.sailing.sailed import Sailed
    from sim.study.seasons import Season, SeasonTable

LABEL = 20  # characters of a route's name above its column
SAVED = "saved"
CSV_COLUMNS = (
    "depart", "route", "status", "cause", "closed_by", "sea", "days", "arrive", "distance_nm", "fuel_t",
    "ice_delay_days", "saved_days", "low_confidence_nm", "reason",
)  # fmt: skip
HIGHEST_FIRST = -1


def calendar_text(calendar: Calendar) -> str:
    """The table that `northabout calendar` prints, at most 100 columns: a row a departure, then each route's year."""
    lines = wrapped(f"{calendar.scenario}: {calendar.description}")
    lines += wrapped(
        f"{calendar.origin} - {calendar.destination}, {calendar.ship}, departures of {calendar.year} "
        f"every {counted(calendar.every_days, 'day')}"
    )
    lines += wrapped(f"ice: {calendar.ice}") if calendar.ice else ["no ice is modelled"]
    saved = any(r.label != calendar.baseline for r in calendar.routes)
    told = f"days at sea; {SAVED}: days less than '{calendar.baseline}' on the same departure"
    lines += ["", *wrapped(told if saved else "days at sea")]
    for block in _blocks(calendar):
        lines += ["", block]
    for route in calendar.routes:
        lines += ["", *_summary(calendar, route)]
    notes = calendar_notes(calendar)
    return "\n".join([*lines, *([""] if notes else []), *notes])


def _blocks(calendar: Calendar) -> list[str]:
    """The table of departures; side by side no more alternatives than fit into the width."""
    days = ["departs", *(f"{s.depart:%Y-%m-%d}" for s in calendar.routes[0].departures)]
    groups = []
    for route in calendar.routes:
        columns = [[cut(route.label, LABEL), *(_cell(s) for s in route.departures)]]
        if route.label != calendar.baseline:
            columns.append([SAVED, *(_saved(s) for s in route.departures)])
        groups.append(columns)
    return table_blocks(groups, days)


def _cell(sailed: Sailed) -> str:
    if sailed.days is not None:
        return f"{sailed.days:.1f}"
    return "no route" if sailed.status == "unreachable" else sailed.status


def _saved(sailed: Sailed) -> str:
    return "" if sailed.saved_days is None else signed(sailed.saved_days, 1)


def _summary(calendar: Calendar, route: RouteYear) -> list[str]:
    """A route's year: when it is open, how long it takes, what it saves, and why it is closed."""
    summary = calendar.summary(route)
    lines = wrapped(f"{route.label}: {_open_text(summary)}")
    for period in summary.periods:
        if ends := _ends_text(period):
            lines += wrapped(ends, "  ", "    ")
    if summary.best is not None and summary.worst is not None:
        lines += wrapped(_range_text(summary.best, summary.worst), "  ", "    ")
    if summary.saving_share is not None and summary.best is not None:
        base = next(r for r in calendar.routes if r.label == calendar.baseline)
        if not any(s.open for s in base.departures):
            lines += wrapped(f"no saving is known: the baseline '{calendar.baseline}' is never open", "  ", "    ")
        else:
            days = f"{counted(calendar.saving_days, 'day')} or more against '{calendar.baseline}'"
            share = f"saves {days} in {100 * summary.saving_share:.0f} % of the year"
            lines += wrapped(share if summary.saving_share else f"never saves {days}", "  ", "    ")
    if summary.money is not None:
        lines += money_text(summary.money, summary.open_departures, calendar.baseline)
    unsure = sum(s.low_confidence_nm > 0 for s in route.departures)
    if unsure:
        said = f"{counted(unsure, 'departure')} through ice that rows of low confidence admit"
        lines += wrapped(said, "  ", "    ")
    for closure in summary.closures:
        lines += _closure_text(closure, summary.departures)
    return lines


def _open_text(summary: Summary) -> str:
    if not summary.open_departures:
        return f"open on none of {counted(summary.departures, 'departure')}"
    if summary.open_departures == summary.departures:
        return f"open all year ({counted(summary.departures, 'departure')})"
    return (
        f"open on {summary.open_departures} of {counted(summary.departures, 'departure')}, "
        f"{100 * summary.open_share:.0f} % of the year: {periods_text(summary.periods)}"
    )


def _ends_text(period: Period) -> str:
    """What bounds an open period on either side, ice or rules; empty where neither does."""
    ends = [
        f"{when} {day_text(day)} closed {closer_text(closer)}"
        for when, day, closer in (("before", period.first, period.before), ("after", period.last, period.after))
        if closer is not None
    ]
    return "; ".join(ends)


def periods_text(periods: tuple[Period, ...]) -> str:
    """First and last departure of each period: '2 Jul - 8 Oct, 5 Nov'."""
    ends = [(day_text(p.first), day_text(p.last), p.departures) for p in periods]
    return ", ".join(first if count == 1 else f"{first} - {last}" for first, last, count in ends)


def day_text(day: date) -> str:
    """A day of any year: 2 Jul."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def months_text(months: tuple[int, ...]) -> str:
    """Months (1 to 12) in runs that may pass New Year: (1, 2, 6, 12) is 'Dec - Feb, Jun'."""
    if len(months) == 12:
        return "all months"
    there = set(months)
    firsts = [m for m in months if (m - 2) % 12 + 1 not in there]
    runs = []
    for first in firsts:
        length = next(k for k in range(1, 13) if (first + k - 1) % 12 + 1 not in there)
        last = (first + length - 2) % 12
        runs.append(MONTHS[first - 1] if length == 1 else f"{MONTHS[first - 1]} - {MONTHS[last]}")
    wraps = bool(runs) and 1 in there and 12 in there
    return ", ".join([runs[-1], *runs[:-1]] if wraps else runs)


def _range_text(best: Sailed, worst: Sailed) -> str:
    if best.days is None or worst.days is None:
        return ""
    if f"{best.days:.1f}" == f"{worst.days:.1f}":
        return f"{best.days:.1f} days on each of them"
    return (
        f"{best.days:.1f} days at best ({day_text(best.depart)}), {worst.days:.1f} at worst ({day_text(worst.depart)})"
    )


def _closure_text(closure: Closure, departures: int) -> list[str]:
    """Why a route is closed, grouped by cause, with the words of its first departure."""
    if closure.status == "unreachable":
        return wrapped(f"no feasible route: {closure.reason}", "  ", "    ")
    seas = ", ".join(f"{sea} {count}" for sea, count in closure.seas)
    head = f"{closure.status}, {closure.cause}" if closure.cause != closure.status else closure.status
    lines = wrapped(
        f"{head}: {counted(closure.departures, 'departure')} of {months_text(closure.months)} ({seas})", "  ", "    "
    )
    return lines + wrapped(f"first: {closure.reason}", "    ", "      ")


def calendar_rows(calendar: Calendar) -> list[dict[str, Any]]:
    """A row of values a departure and alternative, in the order of time."""
    return [
        sailed_dict(route.departures[k], calendar.costed) | {"route": route.label}
        for k in range(len(calendar.routes[0].departures))
        for route in calendar.routes
    ]


def calendar_csv(calendar: Calendar) -> str:
    """The calendar as CSV, a row a departure and alternative."""
    names = columns_of(calendar)
    return csv_text(names, [[told.get(c) for c in names] for told in calendar_rows(calendar)])


def columns_of(calendar: Calendar) -> tuple[str, ...]:
    """The columns of a calendar's CSV: with money where the scenario has costs."""
    return (*CSV_COLUMNS, *MONEY_COLUMNS) if calendar.costed else CSV_COLUMNS


def calendar_frame(calendar: Calendar) -> DataFrame:
    """The calendar with the columns of its CSV; what does not exist is missing."""
    return departures_frame(calendar_rows(calendar), columns_of(calendar))


def departures_frame(rows: list[dict[str, Any]], columns: Sequence[str]) -> DataFrame:
    """Departures as a frame with so many columns."""
    from pandas import DataFrame, to_datetime

    frame = DataFrame(rows).reindex(columns=list(columns))
    for column in ("depart", "arrive"):
        frame[column] = to_datetime(frame[column], utc=True)
    return frame


def calendar_dict(calendar: Calendar) -> dict[str, Any]:
    """The document of `northabout calendar --json`."""
    out: dict[str, Any] = {"scenario": calendar.scenario, "description": calendar.description}
    out |= {"from": calendar.origin, "to": calendar.destination, "ship": calendar.ship}
    if calendar.ice:
        out["ice"] = calendar.ice
    out |= {"year": calendar.year, "every_days": calendar.every_days, "baseline": calendar.baseline}
    alternatives = [
        {"route": r.label} | summary_dict(s) | {"calendar": [sailed_dict(d, calendar.costed) for d in r.departures]}
        for r, s in zip(calendar.routes, calendar.summaries, strict=True)
    ]
    return out | {"saving_days": calendar.saving_days, "alternatives": alternatives}


def summary_dict(summary: Summary) -> dict[str, Any]:
    """An alternative over the year, as JSON values."""
    money = {} if summary.money is None else {"money": money_dict(summary.money)}
    return {
        "departures": summary.departures,
        "open_departures": summary.open_departures,
        "open_share": _rounded(summary.open_share),
        "open_periods": [
            {
                "first": p.first.isoformat(), "last": p.last.isoformat(), "departures": p.departures,
                "before": p.before and p.before.value, "after": p.after and p.after.value,
            }
            for p in summary.periods
        ],
        "best": _extreme(summary.best),
        "worst": _extreme(summary.worst),
        "saving_share": _rounded(summary.saving_share),
        "closures": [
            {
                "status": c.status, "cause": c.cause, "closed_by": c.closed_by and c.closed_by.value,
                "departures": c.departures, "months": list(c.months), "seas": dict(c.seas), "reason": c.reason,
            }
            for c in summary.closures
        ],
        "median_days": _rounded(summary.median_days), **money,
    }  # fmt: skip


def sailed_dict(sailed: Sailed, costed: bool = False) -> dict[str, Any]:
    """A departure as JSON values: null where there is no route, absent where a thing is not modelled."""
    money = sailed_money(sailed) if costed else {}
    out: dict[str, Any] = {"depart": _day(sailed), "status": sailed.status, "reason": sailed.reason}
    if not sailed.open:
        closer = sailed.closed_by and sailed.closed_by.value
        out |= {"cause": sailed.cause, "closed_by": closer, "sea": sailed.sea or None}
        return out | {"days": None, "arrive": None} | money
    out |= {
        "days": _rounded(sailed.days),
        "arrive": None if sailed.arrive is None else sailed.arrive.isoformat(timespec="seconds"),
    }
    out |= {"distance_nm": _rounded(sailed.distance_nm, 1), "ice_delay_days": _rounded(sailed.ice_delay_days)}
    if sailed.fuel_t is not None:
        out["fuel_t"] = _rounded(sailed.fuel_t, 1)
    out["low_confidence_nm"] = _rounded(sailed.low_confidence_nm, 1)
    return out | {"saved_days": _rounded(sailed.saved_days)} | money


def _extreme(sailed: Sailed | None) -> dict[str, Any] | None:
    return None if sailed is None else {"depart": _day(sailed), "days": _rounded(sailed.days)}


def _rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None else round(value, digits)


def _day(sailed: Sailed) -> str:
    return sailed.depart.date().isoformat()


def seasons_text(table: SeasonTable) -> str:
    """The navigable season by class and decade, at most 100 columns: alone, and with an icebreaker."""
    lines = wrapped("Days a year on which the Northern Sea Route is open on its whole length, by ice class and decade")
    lines += wrapped(f"pathway {table.pathway}; {table.ice}", rest="")
    lines += wrapped(f"rules: {table.rules}", rest="")
    lines += wrapped(f"tracks, of which one must be open: {', '.join(table.tracks)}", rest="")
    lines += wrapped(
        "after the slash, where fewer: days on which one hull, the same for all classes, can also proceed "
        f"({table.hull})",
        rest="",
    )
    titles = ((False, "without icebreaker"), (True, "with icebreaker where it is needed"))
    for escorted, title in titles:
        lines += wrapped(f"{title}, the season ends {_enders(table, escorted)}", rest="  ")
    for escorted, title in titles:
        rows = [
            [name, *(_season(table.at(name, d, escorted)) for d in table.decades)]
            for name in table.classes[::HIGHEST_FIRST]
        ]
        warm = ["C", *(f"{w:.1f}" for w in table.warming_c)]
        body = text_table(["class", *table.decades], [*rows, warm], right=range(1, len(table.decades) + 1))
        lines += ["", title, body]
    lines += ["", *wrapped("C: human-induced warming since 1850-1900. The ice is that of one moment, not of a voyage.")]
    return "\n".join([*lines, *_unsure(table)])


def _season(season: Season) -> str:
    more = f"/{season.moving_days}" if season.moving_days != season.days else ""
    return f"{season.days}{more}"


def _enders(table: SeasonTable, escorted: bool) -> str:
    """What ends the seasons, ice or rules, with the classes and decades."""
    told = []
    for closer in ClosedBy:
        classes: dict[tuple[str, ...], list[str]] = {}
        for name in table.classes:
            own = tuple(d for d in table.decades if table.at(name, d, escorted).after == closer)
            if own:
                classes.setdefault(own, []).append(name)
        groups = [
            ", ".join(names) + ("" if own == table.decades else f" in the {own[0]}" + _to(own))
            for own, names in classes.items()
        ]
        if groups:
            told.append(f"{closer_text(closer)}: {'; '.join(groups)}")
    return " | ".join(told) or "for no class"


def _to(decades: tuple[str, ...]) -> str:
    return f" to {decades[-1]}" if len(decades) > 1 else ""


def _unsure(table: SeasonTable) -> list[str]:
    """A line on the rows of the admission table that are not verified."""
    unsure = {(s.ice_class, s.decade) for s in table.seasons if s.low_confidence}
    if not unsure:
        return []
    sure = {c: [d for d in table.decades if (c, d) not in unsure] for c in table.classes}
    but = "; ".join(f"{c} in the {', '.join(decades)}" for c, decades in sure.items() if decades)
    return wrapped("Admission rests on rows of low confidence" + (f", but for {but}." if but else "."))


def seasons_dict(table: SeasonTable) -> dict[str, Any]:
    """The document of `northabout seasons --json`."""
    return {
        "pathway": table.pathway,
        "ice": table.ice,
        "rules": table.rules,
        "reference_hull": table.hull,
        "tracks": list(table.tracks),
        "warming_c": {d: round(w, 3) for d, w in zip(table.decades, table.warming_c, strict=True)},
        "seasons": [season_dict(s) for s in table.seasons],
    }


def season_dict(season: Season) -> dict[str, Any]:
    """One season as JSON values; its ends are of any year of the decade, so they come without one."""
    return {
        "ice_class": season.ice_class,
        "decade": season.decade,
        "escorted": season.escorted,
        "days": season.days,
        "moving_days": season.moving_days,
        "ice_days": season.ice_days,
        "opens": None if season.opens is None else f"{season.opens:%m-%d}",
        "closes": None if season.closes is None else f"{season.closes:%m-%d}",
        "before": season.before and season.before.value,
        "after": season.after and season.after.value,
        "low_confidence": season.low_confidence,
    }


def seasons_frame(table: SeasonTable) -> DataFrame:
    """A row a class, decade and escort."""
    from pandas import DataFrame

    return DataFrame([season_dict(s) for s in table.seasons])
