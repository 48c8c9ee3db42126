"""Comparisons, routes and claims as text, CSV and GeoJSON."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from sim.show.files import csv_text, text_table

if TYPE_CHECKING:
    from sim.geo.route import Route
    from sim.scenario.claims import ClaimResult
    from sim.scenario.compare import Comparison


def signed(value: float, digits: int) -> str:
    """A difference with its sign, and 0 without one."""
    text = f"{value:+,.{digits}f}"
    return f"{0:.{digits}f}" if float(text.replace(",", "")) == 0 else text


def comparison_text(comparison: Comparison) -> str:
    """The table that `northabout run` prints."""
    scenario = comparison.scenario
    rows = []
    for o in comparison.outcomes:
        if o.timing is None:
            rows.append([o.label, "-", "-", "-", "-", "-"])
            continue
        base = o.label == scenario.baseline_label or not o.versus
        rows.append(
            [
                o.label,
                f"{o.route.distance_nm:,.0f}",
                f"{o.timing.days:.1f}",
                o.timing.arrive.strftime("%Y-%m-%d"),
                "" if base else signed(o.versus["distance_nm"], 0),
                "" if base else signed(o.versus["days"], 1),
            ]
        )
    header = ["route", "nm", "days", "arrives", f"nm vs {scenario.baseline_label}", "days"]
    lines = [
        f"{scenario.name}: {scenario.description}",
        f"{comparison.origin.name} - {comparison.destination.name}, {scenario.vessel.name}, "
        f"{scenario.vessel.speed_kn:g} kn, departs {scenario.voyage.depart:%Y-%m-%d}",
    ]
    if scenario.closures:
        lines.append("closed: " + ", ".join(c.passage + (f" ({c.reason})" if c.reason else "") for c in scenario.closures))
    lines += ["", text_table(header, rows, right=(1, 2, 4, 5)), ""]
    for o in comparison.outcomes:
        road = ", ".join(o.route.passages) or "open sea" if o.feasible else f"no route: {o.route.reason}"
        lines += textwrap.wrap(f"{o.label}: {road}", width=110, subsequent_indent="  ")
        if o.timing is not None and o.timing.water_nm:
            lines += [f"  of these {nm:,.0f} nm in {water}" for water, nm in o.timing.water_nm.items()]
    return "\n".join(lines)


def comparison_csv(comparison: Comparison) -> str:
    """The comparison as CSV, a row an alternative."""
    header = ["route", "status", "reason", "distance_nm", "days", "depart", "arrive", "vs_distance_nm", "vs_days", "passages"]
    rows = []
    for o in comparison.as_dict()["alternatives"]:
        versus = o.get("vs_baseline", {})
        rows.append(
            [
                o["route"], o["status"], o["reason"], o.get("distance_nm"), o.get("days"), o.get("depart"), o.get("arrive"),
                versus.get("distance_nm"), versus.get("days"), " ".join(o["passages"]),
            ]
        )  # fmt: skip
    return csv_text(header, rows)


def route_dict(route: Route) -> dict[str, Any]:
    """The JSON of `northabout route`."""
    out: dict[str, Any] = {"status": route.status, "reason": route.reason}
    if route.status == "ok":
        out["distance_nm"] = round(route.distance_nm, 1)
    out |= {"passages": list(route.passages), "geometry": route.geojson()}
    return out


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


VERDICTS = {"holds": "HOLDS", "holds_if": "HOLDS IF", "does_not_hold": "DOES NOT HOLD", "not_checkable": "NOT CHECKABLE"}


def claims_text(results: list[ClaimResult], full: bool) -> str:
    """Claims with their verdicts: a line each, or whole."""
    lines: list[str] = []
    for r in results:
        lines.append(f"{VERDICTS[r.verdict]:14s} {r.id}: claimed {r.claimed} {r.unit}, computed {r.computed}".rstrip())
        if full:
            parts = (("quote", r.quote), ("document", r.document), ("condition", r.condition), ("note", r.note))
            for label, text in parts:
                if text:
                    lines += textwrap.wrap(f"{label}: {text}", width=110, initial_indent="    ", subsequent_indent="      ")
        elif r.condition:
            lines += textwrap.wrap(r.condition, width=110, initial_indent="    ", subsequent_indent="    ", max_lines=2)
    count = {v: sum(r.verdict == v for r in results) for v in VERDICTS}
    lines += ["", ", ".join(f"{n} {VERDICTS[v].lower()}" for v, n in count.items() if n)]
    return "\n".join(lines)
