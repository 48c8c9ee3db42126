"""A comparison for readers: the text that `northabout run` prints, and HTML with a small map for a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from sim.report.formats.ledgers import ledgers_text, notes_text
from sim.report.layout import cut, signed, table_html, text_table, wrapped
from sim.report.listings import join_text, joins_of
from sim.report.reasons import choice_text, creep_text, place_text, sailed_text, shoal_text
from sim.report.voyages import ice_summary, ice_table

if TYPE_CHECKING:
    from sim.geo.geodesy import Floats
    from sim.scenario.compare import Comparison, Outcome
    from sim.scenario.schema import Closure
    from sim.voyage.voyage import Event, Voyage

NO_WAY = {"unreachable": "no route", "closed": "closed", "beset": "beset", "ok": "no route"}
MAP_WIDTH, MAP_HEIGHT = 420, 280  # pixels of the map in a notebook
LEAST_DEG = 4.0  # across the map
LINES: Final = ("#E59A00", "#C8400A", "#00609E", "#14183F", "#1C9A77", "#7B1E5B")


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


def _about_event(event: Event) -> str:
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
        lines += wrapped(_about_event(event), "  ", "    ")
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


def comparison_html(comparison: Comparison) -> str:
    """The table as HTML, with a small map of the routes: the Pole in its middle, or a part of that."""
    header, rows = table_of(comparison)
    scenario, colours = comparison.scenario, _colours(comparison)
    ends = f"{comparison.origin.name} - {comparison.destination.name}, {comparison.ship.name}"
    reasons = [f"{o.label}: {cut(o.reason, 300)}" for o in comparison.outcomes if not o.feasible]
    key = "".join(
        f'<span style="color:{colour}">&#9632;</span> {escape(cut(label, 40))} ' for label, colour in colours.items()
    )
    parts = [f"<b>{escape(cut(scenario.name, 80))}</b>: {escape(cut(scenario.description, 300))}<br>{escape(ends)}"]
    parts += [table_html(header, rows), *(f"<br>{escape(r)}" for r in reasons)]
    parts += [small_map(comparison, colours), f"<br>{key}"] if colours else []
    return "<div>" + "\n".join(parts) + "</div>"


def _colours(comparison: Comparison) -> dict[str, str]:
    """The colour of each route that is sailed."""
    labels = [o.label for o in comparison.outcomes if o.feasible]
    return {label: LINES[k % len(LINES)] for k, label in enumerate(labels)}


def small_map(comparison: Comparison, colours: dict[str, str]) -> str:
    """The routes on a coast as SVG, azimuthal equidistant about the Pole: no seam, and light enough for a page."""
    import numpy as np

    ends = np.array([[p.lon, p.lat] for p in (comparison.origin, comparison.destination)])
    lines = {o.label: np.vstack(o.route.drawn()) for o in comparison.outcomes if o.label in colours}
    every = np.vstack([ends, *lines.values()])
    turn = float(np.angle(np.exp(1j * np.deg2rad(every[:, 0])).mean()))
    flat = _polar(every, turn)
    middle = (flat.min(axis=0) + flat.max(axis=0)) / 2
    across = np.maximum(1.15 * np.ptp(flat, axis=0), LEAST_DEG)
    scale = float(min(MAP_WIDTH / across[0], MAP_HEIGHT / across[1]))  # pixels a degree

    def pixels(lonlat: Floats) -> Floats:
        return np.asarray((_polar(lonlat, turn) - middle) * (scale, -scale) + (MAP_WIDTH / 2, MAP_HEIGHT / 2))

    shapes = [f'<path d="{_coast(pixels, 1.0 / scale)}" fill="#DDD7CC" stroke="#B3A998" stroke-width=".4"/>']
    for label, line in lines.items():
        points = " ".join(f"{x:.0f},{y:.0f}" for x, y in _thinned(pixels(line)))
        look = f'fill="none" stroke="{colours[label]}" stroke-width="2"'
        shapes.append(f'<polyline points="{points}" {look}><title>{escape(cut(label, 60))}</title></polyline>')
    shapes += [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3.5" fill="#1F2A33" stroke="#FFF"/>' for x, y in pixels(ends)]
    size = f'width="{MAP_WIDTH}" height="{MAP_HEIGHT}" viewBox="0 0 {MAP_WIDTH} {MAP_HEIGHT}"'
    background = '<rect width="100%" height="100%" fill="#EAF2F7"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">{background}{"".join(shapes)}</svg>'


def _polar(lonlat: Floats, turn: float) -> Floats:
    """Degrees from the Pole, x to the right and y upward, with the meridian `turn` (radians) downward."""
    import numpy as np

    angle, radius = np.deg2rad(lonlat[:, 0]) - turn, 90.0 - lonlat[:, 1]
    return np.column_stack([radius * np.sin(angle), -radius * np.cos(angle)])


def _coast(pixels: Any, pixel_deg: float) -> str:
    """The coast within the small map as an SVG path, as coarse as its pixels."""
    import numpy as np
    import shapely

    from sim.geo.land import land_polygons

    rough = shapely.simplify(np.array(land_polygons()), pixel_deg, preserve_topology=False)
    flat = shapely.transform(rough[~shapely.is_empty(rough) & (shapely.bounds(rough)[:, 1] > -60)], pixels)
    flat = flat[shapely.area(flat) > 12.0]
    inside = shapely.get_parts(shapely.clip_by_rect(shapely.make_valid(flat), -2, -2, MAP_WIDTH + 2, MAP_HEIGHT + 2))
    rings = [np.array(p.exterior.coords) for p in inside if p.geom_type == "Polygon"]
    return "".join("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in _thinned(ring)) + "Z" for ring in rings)


def _thinned(line: Floats) -> Floats:
    """Points of a line in pixels that are not the same pixel as the one before."""
    import numpy as np

    whole = np.round(line)
    return np.asarray(whole[np.r_[True, np.any(np.diff(whole, axis=0) != 0, axis=1)]])
