"""Comparisons, routes and claims as text, CSV and GeoJSON."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from sim.report.files import csv_text, cut, text_table
from sim.report.ledgers import ledgers_text, notes_text
from sim.report.voyages import ice_summary, ice_table
from sim.units import KM_PER_NM

if TYPE_CHECKING:
    from sim.claims.evaluate import ClaimResult, IceRow
    from sim.geo.passages import Passage, PassageTable
    from sim.geo.ports import Port
    from sim.geo.route import Route
    from sim.scenario.compare import Comparison, Outcome
    from sim.scenario.schema import Closure
    from sim.voyage.voyage import Event, Voyage

WIDTH = 100  # columns of text output
NO_WAY = {"unreachable": "no route", "closed": "closed", "beset": "beset", "ok": "no route"}


def wrapped(text: str, first: str = "", rest: str = "  ", max_lines: int | None = None) -> list[str]:
    """A text as lines of at most `WIDTH` columns; words such as ids are not broken."""
    how: dict[str, Any] = {"break_on_hyphens": False, "max_lines": max_lines, "placeholder": " ..."}
    return textwrap.wrap(text, width=WIDTH, initial_indent=first, subsequent_indent=rest, **how)


def signed(value: float, digits: int) -> str:
    """A difference with its sign, and 0 without one."""
    text = f"{value:+,.{digits}f}"
    return f"{0:.{digits}f}" if float(text.replace(",", "")) == 0 else text


def comparison_text(comparison: Comparison) -> str:
    """The table that `northabout run` prints."""
    scenario = comparison.scenario
    lines = wrapped(f"{scenario.name}: {scenario.description}")
    lines += wrapped(
        f"{comparison.origin.name} - {comparison.destination.name}, {comparison.ship.name}, "
        f"{comparison.speed_kn:g} kn, departs {scenario.voyage.depart:%Y-%m-%d}"
    )
    if comparison.ice:
        lines += wrapped(f"ice: {comparison.ice}; ice class {comparison.ship.ice_class_ru}")
    elif any(p in comparison.arctic for o in comparison.outcomes for p in o.route.passages):
        lines += wrapped("ice is not modelled here: a section 'ice' in the scenario adds it")
    if scenario.closures:
        shut = (_closure(c) for c in scenario.closures)
        lines += wrapped("closed: " + ", ".join(shut))
    fuel = any(o.feasible and o.voyage and o.voyage.fuel_t is not None for o in comparison.outcomes)
    header = ["route", "nm", "days", "arrives", "diff nm", "diff days", *(["fuel t", "diff t"] if fuel else [])]
    rows = [_row(o, scenario.baseline_label, fuel) for o in comparison.outcomes]
    lines += ["", text_table(header, rows, right=(1, 2, 4, 5, 6, 7)), ""]
    for o, alternative in zip(comparison.outcomes, scenario.alternatives, strict=True):
        speed = f" at {alternative.speed_kn:g} kn" if alternative.speed_kn else ""
        road = ", ".join(o.route.passages) or "open sea" if o.feasible else f"{NO_WAY[o.status]}: {o.reason}"
        lines += wrapped(f"{o.label}{speed}: {road}")
        if o.feasible and o.voyage is not None:
            lines += _about_voyage(o.voyage)
    if costs := ledgers_text(comparison):
        lines += ["", costs, "", *(line for note in notes_text(comparison) for line in wrapped(note))]
    if comparison.feasible and not any(o.versus for o in comparison.outcomes):
        lines += ["", *wrapped(f"no differences: the baseline '{scenario.baseline_label}' has no route")]
    return "\n".join(lines)


def _closure(closure: Closure) -> str:
    """A closure as `run` names it: its passage, dates and reason."""
    dates = ""
    if closure.from_ is not None:
        until = f" to {closure.until:%Y-%m-%d}" if closure.until else " on"
        dates = f" from {closure.from_:%Y-%m-%d}{until}"
        dates += f", {closure.ships_per_day:g} ships a day" if closure.ships_per_day else ""
    return closure.passage + dates + (f" ({closure.reason})" if closure.reason else "")


def _about_event(event: Event) -> str:
    """What the ship did about a closure, and what the other choice would have taken."""
    from sim.report.reasons import choice_text, place_text

    where = place_text(*event.lonlat)
    said = f"{event.passage} closed: on {event.moment:%Y-%m-%d}, at {where}, the ship {choice_text(event.choice)}"
    if event.wait_h:
        said += f" ({event.wait_h / 24:.1f} days)"
    money = event.worth_unit == "usd"
    days = [
        f"{value:,.0f} USD by {how}" if money else f"{value:.1f} days by {how}"
        for value, how in ((event.worth_waiting, "waiting"), (event.worth_diverting, "another road"))
        if value is not None
    ]
    return f"{said}; the voyage {'costs' if money else 'takes'} {', '.join(days)}" if days else said


def _about_voyage(voyage: Voyage) -> list[str]:
    """Lines beneath a road: waters with a speed of their own, waits, ice."""
    parts = [f"{nm:,.0f} nm in {water}" for water, nm in voyage.water_nm.items() if nm >= 0.5]
    told = ["of these " + ", ".join(parts)] if parts else []
    told += [f"waiting: {voyage.wait_days:.1f} days"] if voyage.wait_days else []
    lines = wrapped("; ".join(told), "  ") if told else []
    for event in voyage.events:
        lines += wrapped(_about_event(event), "  ", "    ")
    if summary := ice_summary(voyage):
        lines += wrapped(summary, "  ")
        lines += ["", *("  " + line for line in ice_table(voyage).splitlines()), ""]
    return lines


def _row(outcome: Outcome, baseline: str, fuel: bool) -> list[str]:
    """The table's row of an alternative."""
    label = cut(outcome.label, 40)
    more = ["", ""] if fuel else []
    if outcome.voyage is None or not outcome.feasible:
        return [label, "-", "-", NO_WAY[outcome.status], "", "", *more]
    versus = ["", ""]
    if outcome.label == baseline:
        versus = ["baseline", ""]
    elif outcome.versus:
        versus = [signed(outcome.versus["distance_nm"], 0), signed(outcome.versus["days"], 1)]
    voyage = outcome.voyage
    if fuel and voyage.fuel_t is not None:
        difference = outcome.versus.get("fuel_t") if outcome.label != baseline else None
        more = [f"{voyage.fuel_t:,.0f}", "" if difference is None else signed(difference, 0)]
    return [
        label,
        f"{outcome.route.distance_nm:,.0f}",
        f"{voyage.days:.1f}",
        f"{voyage.arrive:%Y-%m-%d}",
        *versus,
        *more,
    ]


def comparison_csv(comparison: Comparison) -> str:
    """The comparison as CSV, a row an alternative."""
    header = [
        "route", "status", "reason", "distance_nm", "days", "depart", "arrive", "fuel_t", "co2_t", "cost_usd",
        "vs_distance_nm", "vs_days", "vs_fuel_t", "vs_cost_usd", "passages", "ice_nm", "ice_delay_days",
        "escort_nm", "nsr_nm", "nsr_days", "lowest_rio",
    ]  # fmt: skip
    rows = []
    for o in comparison.as_dict()["alternatives"]:
        versus = o.get("vs_baseline", {})
        rows.append(
            [
                o["route"], o["status"], o["reason"], o.get("distance_nm"), o.get("days"), o.get("depart"),
                o.get("arrive"), o.get("fuel_t"), o.get("co2_t"), o.get("cost_usd"),
                versus.get("distance_nm"), versus.get("days"), versus.get("fuel_t"), versus.get("cost_usd"),
                " ".join(o["passages"]),
                *(o.get("ice", {}).get(k) for k in header[-6:]),
            ]
        )  # fmt: skip
    return csv_text(header, rows)


def route_dict(route: Route) -> dict[str, Any]:
    """The JSON of `northabout route`; an unreachable place has null for its distance and geometry."""
    return {
        "status": route.status,
        "reason": route.reason,
        "distance_nm": round(route.distance_nm, 1) if route.status == "ok" else None,
        "passages": list(route.passages),
        "geometry": route.geojson(),
    }


def routes_geojson(comparison: Comparison) -> dict[str, Any]:
    """All routes of a comparison as a GeoJSON feature collection."""
    features = [
        {
            "type": "Feature",
            "properties": {k: v for k, v in o.as_dict().items() if k != "vs_baseline"},
            "geometry": o.route.geojson(),
        }
        for o in comparison.outcomes
    ]
    return {"type": "FeatureCollection", "features": features}


VERDICTS = {
    "holds": "HOLDS",
    "holds_if": "HOLDS IF",
    "does_not_hold": "DOES NOT HOLD",
    "not_checkable": "NOT CHECKABLE",
}


def claims_text(results: list[ClaimResult], full: bool) -> str:
    """Claims with their verdicts: a line each, or whole."""
    lines: list[str] = []
    for r in results:
        lines += wrapped(f"{VERDICTS[r.verdict]:14s} {r.id}: {_figures(r)}", rest=" " * 15)
        if full:
            parts = (("quote", r.quote), ("document", r.document), ("condition", r.condition), ("note", r.note))
            for label, text in parts:
                lines += wrapped(f"{label}: {text}", "    ", "      ") if text else []
            lines += _in_ice(r.in_ice) if r.in_ice else []
        elif r.condition:
            lines += wrapped(r.condition, "    ", "    ", max_lines=2)
    count = {v: sum(r.verdict == v for r in results) for v in VERDICTS}
    lines += ["", ", ".join(f"{n} {VERDICTS[v].lower()}" for v, n in count.items() if n)]
    return "\n".join(lines)


def _in_ice(rows: tuple[IceRow, ...]) -> list[str]:
    """Days saved in ice: a row a ship and decade, a column a month. At most 12 columns of 4, so that it fits."""
    case = rows[0].case
    told = (
        f"in ice: days saved by {case.shorter} against {case.longer} departing on day {case.day} of each month, "
        f"{case.vessel} at {case.speed_kn:g} kn in open water on both roads, one hull for all classes, today's rules "
        "of admission; '-': closed or beset; led: behind an icebreaker where needed; best: most days saved; "
        f"year: share of the year with {case.least_days:g} days or more, a departure standing for its month"
    )
    header = ["class", "years", *(f"{d.depart:%b}" for d in rows[0].departures), "best", "year"]
    cells = [
        [
            row.case.ice_class + ("" if row.case.escort == "none" else " led"),
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


def _saved_cell(days: float | None) -> str:
    """Days in 4 characters."""
    if days is None:
        return "-"
    return f"{days:.1f}" if days > -9.95 else f"{days:.0f}"


def _figures(result: ClaimResult) -> str:
    """What is claimed and what is computed, each with the unit where it is a number."""
    from sim.claims.evaluate import shown

    def one(value: float | int | str | None) -> str:
        if value is None or isinstance(value, str):
            return "nothing" if value is None else f"'{value}'"
        return f"{shown(value)} {result.unit}".rstrip()

    return f"claimed {one(result.claimed)}, computed {one(result.computed)}"


def route_text(route: Route) -> str:
    """The lines that `northabout route` prints of a route."""
    length = f"{route.distance_nm:,.1f} nm ({route.distance_nm * KM_PER_NM:,.0f} km)"
    return "\n".join([length, *wrapped("by " + (", ".join(route.passages) or "open sea"))])


def matrix_text(origins: list[str], destinations: list[str], rows: list[list[float | None]]) -> str:
    """A distance matrix, in several tables where it is too wide for one."""
    cells = [["-" if v is None else f"{v:,.1f}" for v in row] for row in rows]
    first = max(len(o) for o in ["nm", *origins])
    blocks: list[list[int]] = [[]]
    used = first
    for k, name in enumerate(destinations):
        width = 2 + max(len(name), *(len(row[k]) for row in cells))
        if blocks[-1] and used + width > WIDTH:
            blocks.append([])
            used = first
        blocks[-1].append(k)
        used += width
    tables = [
        text_table(
            ["nm", *(destinations[k] for k in block)],
            [[o, *(row[k] for k in block)] for o, row in zip(origins, cells, strict=True)],
            right=range(1, len(block) + 1),
        )
        for block in blocks
    ]
    closed = ["", "-: no way"] if any(v is None for row in rows for v in row) else []
    return "\n".join(["\n\n".join(tables), *closed])


def port_dict(port: Port) -> dict[str, Any]:
    """A port as JSON values."""
    names = ("locode", "name", "country", "lat", "lon")
    return {name: getattr(port, name) for name in names} | {"aliases": list(port.aliases)}


def ports_text(ports: list[Port]) -> str:
    """The list that `northabout ports` prints."""
    rows = [[p.locode, cut(p.name, 26), p.country, f"{p.lat:.2f}", f"{p.lon:.2f}"] for p in ports]
    room = WIDTH - len(text_table(["locode", "name", "country", "lat", "lon"], rows).splitlines()[1]) - 2
    full = [[*row, cut(", ".join(p.aliases), room)] for row, p in zip(rows, ports, strict=True)]
    return text_table(["locode", "name", "country", "lat", "lon", "also"], full, right=(3, 4))


LIMITS = ("max_draft_m", "max_beam_m", "max_length_m", "max_air_draft_m", "speed_limit_kn", "wait_h")


def passage_dict(passage: Passage) -> dict[str, Any]:
    """A passage as JSON values; limits that are not known are absent."""
    out: dict[str, Any] = {k: getattr(passage, k) for k in ("id", "name", "kind", "arctic")}
    out["gate_lon_lat"] = [list(g) for g in passage.gate]
    out |= {k: getattr(passage, k) for k in LIMITS if getattr(passage, k) is not None}
    return out | {"source": passage.source, "confidence": passage.confidence}


def passages_text(table: PassageTable) -> str:
    """The list that `northabout passages` prints."""
    header = ["id", "name", "kind", "draft", "beam", "length", "air", "conf"]
    rows = []
    for p in table.all:
        limits = ["" if (v := getattr(p, k)) is None else f"{v:g}" for k in LIMITS[:4]]
        rows.append([p.id, cut(p.name, 32), p.kind, *limits, p.confidence])
    lines = [text_table(header, rows, right=(3, 4, 5, 6)), ""]
    lines += wrapped("Largest draft, beam, length and air draft in metres; where nothing stands, no limit is known.")
    lines += ["", "roads:", *(f"  {r.name:10s}  {r.title}" for r in table.roads.values())]
    return "\n".join(lines)
