"""The record of a comparison: every figure of an alternative once, from which JSON, CSV, GeoJSON, frames and maps come.

Lengths are nm (WGS84), times days. What does not exist is null in JSON, empty in CSV, NaN, NaT or None in a frame and
never 0; what is not modelled is absent from JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sim.report.files import csv_text, json_text
from sim.report.formats.ledgers import ledgers_csv
from sim.report.listings import join_dict, joins_of, located
from sim.report.voyages import event_dict, ledger_dict, legs_csv, legs_geojson, moment_text

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from sim.scenario.compare import Comparison, Outcome
    from sim.scenario.schema import Closure
    from sim.voyage.voyage import Voyage

MOMENT: Final = "datetime64[us, UTC]"
ICE, VERSUS = "ice", "vs_baseline"  # groups of the JSON


@dataclass(frozen=True)
class Figure:
    """One figure of an alternative, by its name in JSON; in CSV and frames those of `VERSUS` have "vs_" before it.

    `get` gives it unrounded, or None where there is none. `digits` are those of JSON and CSV, None for what is no
    number. `always`: null in JSON where there is none, else absent. `flat`: one value, which a table can hold.
    """

    name: str
    unit: str
    digits: int | None
    get: Callable[[Outcome], Any]
    group: str = ""
    always: bool = False
    flat: bool = True

    @property
    def column(self) -> str:
        """Its name in CSV and frames."""
        return f"vs_{self.name}" if self.group == VERSUS else self.name


def sailed(outcome: Outcome) -> Voyage | None:
    """The voyage of an alternative, if it reaches its port."""
    return outcome.voyage if outcome.feasible else None


def _of_voyage(name: str) -> Callable[[Outcome], Any]:
    return lambda o: None if (voyage := sailed(o)) is None else getattr(voyage, name)


def _in_ice(name: str) -> Callable[[Outcome], Any]:
    """A figure of a voyage through ice; None where no risk was counted."""
    return lambda o: None if (voyage := sailed(o)) is None or not voyage.risk_days else getattr(voyage, name)


def _of_ledger(get: Callable[[Any], Any]) -> Callable[[Outcome], Any]:
    return lambda o: None if not o.feasible or o.ledger is None else get(o.ledger)


def _versus(name: str) -> Callable[[Outcome], Any]:
    return lambda o: o.versus.get(name)


def _passages(outcome: Outcome) -> tuple[str, ...]:
    """Passages of the route that is sailed; none where the ice ends the voyage on it."""
    return () if outcome.voyage is not None and not outcome.feasible else outcome.route.passages


def _blocked_at(outcome: Outcome) -> dict[str, Any] | None:
    block = None if outcome.voyage is None else outcome.voyage.blocked
    if block is None:
        return None
    return {"lon": round(block.lon, 3), "lat": round(block.lat, 3), "date": moment_text(block.moment)}


def _kept_off(outcome: Outcome) -> dict[str, Any] | None:
    """The shoal that the voyage avoids, or that ends it."""
    voyage = outcome.voyage
    shoal = None if voyage is None else voyage.kept_off if voyage.blocked is None else voyage.blocked.shoal
    if shoal is None:
        return None
    return {
        "water": shoal.sea, "lon": round(shoal.lon, 3), "lat": round(shoal.lat, 3), "depth_m": round(shoal.depth_m, 1),
    }  # fmt: skip


def _creep(outcome: Outcome) -> dict[str, Any] | None:
    """Where the ship creeps through ice, of a voyage that arrives or that ends so."""
    voyage = outcome.voyage
    creep = None if voyage is None else voyage.creep if voyage.blocked is None else voyage.blocked.creep
    if creep is None:
        return None
    return {
        "from": moment_text(creep.begin), "water": creep.sea, "lon": round(creep.lon, 3), "lat": round(creep.lat, 3),
        "days": round(creep.days, 3), "sailed_nm": round(creep.nm, 1),
    }  # fmt: skip


def _beset(name: str) -> Callable[[Outcome], Any]:
    """A figure of besetting; None where it is not counted."""
    return lambda o: None if (v := sailed(o)) is None or v.besetting is None else getattr(v.besetting, name)


def _closed_by(outcome: Outcome) -> str | None:
    """What ends the voyage: ice, rule or both; None where something else does."""
    block = outcome.block
    return None if block is None or block.closed_by is None else block.closed_by.value


def _closures_met(outcome: Outcome) -> list[dict[str, Any]] | None:
    return [event_dict(e) for e in outcome.voyage.events] or None if outcome.voyage is not None else None


FIGURES: Final = (
    Figure("route", "", None, lambda o: o.label, always=True),
    Figure("status", "", None, lambda o: o.status, always=True),
    Figure("reason", "", None, lambda o: o.reason, always=True),
    Figure("sailed_by", "", None, lambda o: o.sailed_by or None),
    Figure("closed_by", "", None, _closed_by),
    Figure("closures_met", "", None, _closures_met, flat=False),
    Figure("distance_nm", "nm", 1, lambda o: o.route.distance_nm if o.feasible else None, always=True),
    Figure("sailed_nm", "nm", 1, _of_voyage("sailed_nm"), always=True),
    Figure("days", "days", 3, _of_voyage("days"), always=True),
    Figure("sailing_days", "days", 3, _of_voyage("sailing_days")),
    Figure("wait_days", "days", 3, _of_voyage("wait_days")),
    Figure("depart", "UTC", None, _of_voyage("depart"), always=True),
    Figure("arrive", "UTC", None, _of_voyage("arrive"), always=True),
    Figure("port_wait_days", "days", 3, lambda o: (v := sailed(o)) and (v.port_wait_days or None)),
    Figure("creep", "", None, _creep, flat=False),
    Figure("fuel_t", "t", 1, _of_voyage("fuel_t")),
    Figure("co2_t", "t", 1, _of_ledger(lambda ledger: ledger.emitted.co2_t)),
    Figure("cost_usd", "USD", None, _of_ledger(lambda ledger: ledger.total_usd)),
    Figure("cost_complete", "", None, _of_ledger(lambda ledger: ledger.complete)),
    Figure("cost_off_date", "", None, _of_ledger(lambda ledger: bool(ledger.off_date))),
    Figure("passages", "", None, _passages, always=True),
    Figure("blocked_at", "", None, _blocked_at, flat=False),
    Figure("shoal", "", None, _kept_off, flat=False),
    Figure("water_nm", "nm", 1, lambda o: v.water_nm or None if (v := sailed(o)) else None, flat=False),
    Figure("sea_days", "days", 3, _of_voyage("sea_days"), flat=False),
    Figure("ice_nm", "nm", 1, _in_ice("ice_nm"), ICE, always=True),
    Figure("ice_delay_days", "days", 3, _in_ice("ice_delay_days"), ICE, always=True),
    Figure("escort_nm", "nm", 1, _in_ice("escort_nm"), ICE, always=True),
    Figure("escort_wait_days", "days", 3, _in_ice("escort_wait_days"), ICE, always=True),
    Figure("beset_probability", "", 4, _beset("probability"), ICE),
    Figure("beset_days", "days", 3, _beset("days"), ICE),
    Figure("beset_sd_days", "days", 3, _beset("sd_days"), ICE),
    Figure("nsr_nm", "nm", 1, _in_ice("nsr_nm"), ICE, always=True),
    Figure("nsr_sailed_nm", "nm", 1, _in_ice("nsr_sailed_nm"), ICE, always=True),
    Figure("nsr_days", "days", 3, _in_ice("nsr_days"), ICE, always=True),
    Figure("risk_days", "days", 3, _in_ice("risk_days"), ICE, always=True, flat=False),
    Figure("lowest_rio", "", 2, _in_ice("lowest_rio"), ICE, always=True),
    Figure("low_confidence_nm", "nm", 1, _in_ice("low_confidence_nm"), ICE, always=True),
    Figure("ledger", "", None, _of_ledger(lambda ledger: ledger_dict(ledger)), flat=False),
    Figure("distance_nm", "nm", 3, _versus("distance_nm"), VERSUS),
    Figure("sailed_nm", "nm", 3, _versus("sailed_nm"), VERSUS),
    Figure("days", "days", 3, _versus("days"), VERSUS),
    Figure("fuel_t", "t", 3, _versus("fuel_t"), VERSUS),
    Figure("co2_t", "t", 3, _versus("co2_t"), VERSUS),
    Figure("cost_usd", "USD", 3, _versus("cost_usd"), VERSUS),
    Figure("cost_complete", "", None, _versus("cost_complete"), VERSUS),
)
# The columns of comparison.csv, in the order that users parse
CSV_COLUMNS: Final = (
    "route", "status", "reason", "distance_nm", "days", "depart", "arrive", "fuel_t", "co2_t", "cost_usd",
    "vs_distance_nm", "vs_days", "vs_fuel_t", "vs_cost_usd", "passages", "ice_nm", "ice_delay_days",
    "escort_nm", "nsr_nm", "nsr_days", "lowest_rio", "cost_complete", "cost_off_date", "vs_cost_complete",
    "sailed_nm", "nsr_sailed_nm", "sailed_by", "vs_sailed_nm", "port_wait_days", "beset_days", "beset_sd_days",
)  # fmt: skip


def _plain(value: Any, digits: int | None) -> Any:
    """A value for JSON: rounded, moments as text, tuples as lists."""
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, Mapping):
        return dict(value) if digits is None else {k: round(v, digits) for k, v in value.items()}
    if isinstance(value, tuple):
        return list(value)
    return value if value is None or digits is None else round(value, digits)


def outcome_dict(outcome: Outcome) -> dict[str, Any]:
    """An alternative as JSON values."""
    out: dict[str, Any] = {}
    icy = (voyage := sailed(outcome)) is not None and bool(voyage.risk_days)
    for figure in FIGURES:
        value = figure.get(outcome)
        if figure.group == ICE and not icy:
            continue
        if value is not None or figure.always:
            part = out.setdefault(figure.group, {}) if figure.group else out
            part[figure.name] = _plain(value, figure.digits)
    return out


def comparison_dict(comparison: Comparison) -> dict[str, Any]:
    """The document of `northabout run --json`."""
    out: dict[str, Any] = {
        "scenario": comparison.scenario.name,
        "description": comparison.scenario.description,
        "from": comparison.origin.name,
        "to": comparison.destination.name,
        "ship": comparison.ship.name,
    }
    if comparison.ship.sea_margin != 1:
        out["sea_margin"] = comparison.ship.sea_margin
    if comparison.ice:
        out["ice"] = comparison.ice
    if comparison.under_keel_m is not None:
        out["draft_m"], out["under_keel_m"] = comparison.ship.draft_m, round(comparison.under_keel_m, 3)
    if joins := joins_of((comparison.origin, comparison.destination)):
        out["joins"] = [join_dict(j) for j in joins]
    return out | {
        "baseline": comparison.scenario.baseline_label,
        "alternatives": [outcome_dict(o) for o in comparison.outcomes],
    }


def stored_dict(comparison: Comparison) -> dict[str, Any]:
    """The document of comparison.json: that of `--json` with what is closed, the inputs and the routes' geometry."""
    inputs = comparison.scenario.model_dump(mode="json", by_alias=True, exclude_unset=True)
    out = comparison_dict(comparison) | {"closures": list(comparison.closed), "inputs": inputs}
    if any(c.timed or c.ships_per_day for c in comparison.scenario.closures):
        out["closure_terms"] = [_terms(c) for c in comparison.scenario.closures]
    for alternative, o in zip(out["alternatives"], comparison.outcomes, strict=True):
        alternative["geometry"] = o.route.geojson()
    return out


def _terms(closure: Closure) -> dict[str, Any]:
    """A closure as JSON values: its passage, and as far as there are any its dates and the ships that may pass."""
    out: dict[str, Any] = {"passage": closure.passage}
    for name, moment in (("from", closure.from_), ("until", closure.until)):
        out |= {} if moment is None else {name: moment_text(moment)}
    return out | ({"ships_per_day": closure.ships_per_day} if closure.ships_per_day else {})


def comparison_csv(comparison: Comparison) -> str:
    """The comparison as CSV, a row an alternative."""
    rows = comparison_rows(comparison)
    return csv_text(CSV_COLUMNS, [[str(v).lower() if isinstance(v, bool) else v for v in row] for row in rows])


def comparison_rows(comparison: Comparison) -> list[list[Any]]:
    """A row an alternative in the order of `CSV_COLUMNS`: rounded figures, passages as words apart by spaces."""
    flat = {f.column: f for f in FIGURES if f.flat}
    rows = []
    for o in comparison.outcomes:
        values = (_plain((f := flat[column]).get(o), f.digits) for column in CSV_COLUMNS)
        rows.append([" ".join(v) if isinstance(v, list) else v for v in values])
    return rows


def routes_geojson(comparison: Comparison) -> dict[str, Any]:
    """The routes of a comparison as a GeoJSON feature collection, with the figures of each."""
    features = [
        {"type": "Feature", "properties": {k: v for k, v in told.items() if k != VERSUS}, "geometry": geometry}
        for told, geometry in ((outcome_dict(o), o.route.geojson()) for o in comparison.outcomes)
    ]
    return {"type": "FeatureCollection", "features": features}


def comparison_frame(comparison: Comparison) -> GeoDataFrame:
    """A row for every alternative with all its figures, not rounded, and its route as a line cut at 180."""
    return outcomes_frame(comparison.outcomes)


def outcomes_frame(outcomes: Sequence[Outcome]) -> GeoDataFrame:
    """A row for every one of these alternatives."""
    columns = [f for f in FIGURES if f.flat]
    rows = [{f.column: _cell(f, o) for f in columns} for o in outcomes]
    frame = located(rows, [o.route.geojson() for o in outcomes])
    return frame.astype({"depart": MOMENT, "arrive": MOMENT} | {f.column: float for f in columns if _number(f)})


def _number(figure: Figure) -> bool:
    return bool(figure.unit not in ("", "UTC") or figure.digits is not None)


def _cell(figure: Figure, outcome: Outcome) -> Any:
    value = figure.get(outcome)
    if isinstance(value, tuple):
        return " ".join(value)
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def result_files(comparison: Comparison) -> dict[str, str]:
    """The files of `northabout run --out`, by name."""
    files = {
        "comparison.json": json_text(stored_dict(comparison)),
        "comparison.csv": comparison_csv(comparison),
        "routes.geojson": json_text(routes_geojson(comparison)),
        "legs.csv": legs_csv(comparison),
        "legs.geojson": json_text(legs_geojson(comparison)),
    }
    return files if comparison.scenario.costs is None else files | {"ledger.csv": ledgers_csv(comparison)}
