"""A comparison for readers: the text that `northabout run` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.formats.ledgers import ledgers_text, notes_text
from sim.report.layout import cut, signed, text_table, wrapped
from sim.report.listings import join_text, joins_of
from sim.report.reasons import choice_text, creep_text, place_text, sailed_text, shoal_text
from sim.report.voyages import ice_summary, ice_table

if TYPE_CHECKING:
    from sim.scenario.compare import Comparison, Outcome
    from sim.scenario.schema import Closure
    from sim.voyage.voyage import Event, Voyage

NO_WAY = {"unreachable": "no route", "closed": "closed", "beset": "beset", "ok": "no route"}


def comparison_text(comparison: Comparison) -> str:
    """The table that `northabout run` prints."""
    scenario = comparison.scenario
    lines = wrapped(f"{scenario.name}: {scenario.description}")
    lines += wrapped(
        f"{comparison.origin.name} - {comparison.destination.name}, {comparison.ship.name}, "
        f"{comparison.speed_kn:g} kn{_sea_margin(comparison)}, departs {scenario.voyage.depart:%Y-%m-%d}"
    )
    for join in joins_of((comparison.origin, comparison.destination)):
        lines += wrapped(join_text(join))
    if comparison.ice:
        lines += wrapped(f"ice: {comparison.ice}; ice class {comparison.ship.ice_class}{_under_keel(comparison)}")
    elif any(p in comparison.arctic for o in comparison.outcomes for p in o.route.passages):
        lines += wrapped("ice is not modelled here: a section 'ice' in the scenario adds it")
    if scenario.closures:
        shut = (_closure(c) for c in scenario.closures)
        lines += wrapped("closed: " + ", ".join(shut))
    header, rows = table_of(comparison)
    numbers = tuple(k for k, name in enumerate(header) if name not in ("route", "arrives"))
    lines += ["", text_table(header, rows, right=numbers), ""]
    for o, alternative in zip(comparison.outcomes, scenario.alternatives, strict=True):
        speed = f" at {alternative.speed_kn:g} kn" if alternative.speed_kn else ""
        told = o.reason if o.block is not None and o.block.closed_by else f"{NO_WAY[o.status]}: {o.reason}"
        route = ", ".join(o.route.passages) or "open sea" if o.feasible else told
        lines += wrapped(f"{sailed_text(o.label, o.sailed_by)}{speed}: {route}")
        if o.feasible and o.voyage is not None:
            lines += _about_voyage(o.voyage)
    if costs := ledgers_text(comparison):
        lines += ["", costs, "", *(line for note in notes_text(comparison) for line in wrapped(note))]
    if comparison.feasible and not any(o.versus for o in comparison.outcomes):
        lines += ["", *wrapped(f"no differences: the baseline '{scenario.baseline_label}' has no route")]
    return "\n".join(lines)


def table_of(comparison: Comparison) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of the table of alternatives: with the miles sailed where these are more than the way,
    and then with the difference of these."""
    voyages = [o.voyage for o in comparison.outcomes if o.feasible and o.voyage is not None]
    fuel = any(v.fuel_t is not None for v in voyages)
    sailed = any(v.sailed_nm - sum(leg.distance_nm for leg in v.legs) >= 0.5 for v in voyages)
    miles = ["nm", "sailed nm"] if sailed else ["nm"]
    more = ["fuel t", "diff t"] if fuel else []
    header = ["route", *miles, "days", "arrives", "diff sailed" if sailed else "diff nm", "diff days", *more]
    return header, [_row(o, comparison.scenario.baseline_label, fuel, sailed) for o in comparison.outcomes]


def _sea_margin(comparison: Comparison) -> str:
    """The margin on the power in open water, where there is one."""
    return f", sea margin {margin:g}" if (margin := comparison.ship.sea_margin) != 1 else ""


def _under_keel(comparison: Comparison) -> str:
    """What the ship keeps under its keel on the shelf."""
    if comparison.under_keel_m is None:
        return ""
    return f"; draft {comparison.ship.draft_m:g} m and {comparison.under_keel_m:.1f} m under the keel"


def _closure(closure: Closure) -> str:
    """A closure as `run` names it: its passage, dates and reason."""
    dates = ""
    if closure.from_ is not None:
        until = f" to {closure.until:%Y-%m-%d}" if closure.until else " on"
        dates = f" from {closure.from_:%Y-%m-%d}{until}"
        dates += f", {closure.ships_per_day:g} ships a day" if closure.ships_per_day else ""
    return closure.passage + dates + (f" ({closure.reason})" if closure.reason else "")


def event_text(event: Event) -> str:
    """What the ship did about a closure, and what each choice would have taken."""
    where = place_text(*event.lonlat)
    said = f"{event.passage} closed: on {event.moment:%Y-%m-%d}, at {where}, the ship {choice_text(event.choice)}"
    said += f" ({event.wait_h / 24:.1f} days)" if event.wait_h else ""
    said += f" by {event.route_name}" if event.route_name else ""
    waiting = [] if event.worth_waiting is None else [("waiting", event.worth_waiting, event.waiting_complete)]
    others = [(o.route_name, o.worth, o.complete) for o in event.options]
    money = event.worth_unit == "usd"
    told = [f"{_worth(value, whole, money)} by {how}" for how, value, whole in (*waiting, *others)]
    if not told:
        return said
    gap = "; ! lacks a charge that has no figure" if any(not whole for *_, whole in (*waiting, *others)) else ""
    return f"{said}; the voyage {'costs' if money else 'takes'} {', '.join(told)}{gap}"


def _worth(value: float, whole: bool, money: bool) -> str:
    """What a choice is worth; a sum that lacks a charge is marked."""
    return f"{value:,.0f} USD{'' if whole else ' !'}" if money else f"{value:.1f} days"


def _about_voyage(voyage: Voyage) -> list[str]:
    """Lines beneath a route: waters with a speed of their own, waits, ice."""
    parts = [f"{nm:,.0f} nm in {water}" for water, nm in voyage.water_nm.items() if nm >= 0.5]
    told = ["of these " + ", ".join(parts)] if parts else []
    in_port = f", {voyage.port_wait_days:.0f} of them in port until the ice opens" if voyage.port_wait_days else ""
    told += [f"waiting: {voyage.wait_days:.1f} days{in_port}"] if voyage.wait_days else []
    lines = wrapped("; ".join(told), "  ") if told else []
    for event in voyage.events:
        lines += wrapped(event_text(event), "  ", "    ")
    if voyage.kept_off is not None:
        lines += wrapped(f"keeps off {shoal_text(voyage.kept_off)}", "  ")
    if voyage.creep is not None:
        lines += wrapped(f"warning, the ship creeps and may be held: {creep_text(voyage.creep)}", "  ", "    ")
    if summary := ice_summary(voyage):
        lines += wrapped(summary, "  ")
        lines += ["", *("  " + line for line in ice_table(voyage).splitlines()), ""]
    return lines


def _row(outcome: Outcome, baseline: str, fuel: bool, sailed: bool) -> list[str]:
    """The table's row of an alternative."""
    label = cut(sailed_text(outcome.label, outcome.sailed_by), 40)
    more = ["", ""] if fuel else []
    if outcome.voyage is None or not outcome.feasible:
        return [label, *["-"] * (2 + sailed), NO_WAY[outcome.status], "", "", *more]
    versus = ["", ""]
    if outcome.label == baseline:
        versus = ["baseline", ""]
    elif outcome.versus:
        miles = outcome.versus["sailed_nm" if sailed else "distance_nm"]
        versus = [signed(miles, 0), signed(outcome.versus["days"], 1)]
    voyage = outcome.voyage
    if fuel and voyage.fuel_t is not None:
        difference = outcome.versus.get("fuel_t") if outcome.label != baseline else None
        more = [f"{voyage.fuel_t:,.0f}", "" if difference is None else signed(difference, 0)]
    return [
        label,
        f"{outcome.route.distance_nm:,.0f}",
        *([f"{voyage.sailed_nm:,.0f}"] if sailed else []),
        f"{voyage.days:.1f}",
        f"{voyage.arrive:%Y-%m-%d}",
        *versus,
        *more,
    ]
