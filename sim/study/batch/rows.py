"""The columns of a study's results, and the rows of one voyage. What does not exist is None, never NaN or 0."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sim.ice.pathways import pathway_name
from sim.scenario.compare import Outcome
from sim.scenario.schema import moment
from sim.study.batch.vary.keys import Kind, Value
from sim.study.batch.vary.variation import Variation
from sim.study.sailing.sailed import Sailed

if TYPE_CHECKING:
    from sim.scenario.simulate import Sailing

Row = dict[str, Any]
ERROR = "error"
OPEN_SEA = "open_sea"
OF_SAILED = ("arrive", "days", "distance_nm", "fuel_t", "ice_delay_days", "cost_usd", "cost_complete")
TIME = "timestamp[ms, tz=UTC]"
OF_KIND: dict[Kind, str] = {
    "moment": TIME, "integer": "int64", "number": "double", "boolean": "bool", "text": "string",
}  # fmt: skip
OUTPUTS: dict[str, str] = {
    "status": "string", "cause": "string", "closed_by": "string", "place": "string", "reason": "string",
    "depart": TIME, "arrive": TIME, "year": "int16", "month": "int8", "pathway": "string", "season_z": "double",
    "ice_class": "string", "vessel": "string", "speed_kn": "double", "days": "double", "sailing_days": "double",
    "wait_days": "double", "distance_nm": "double", "sailed_nm": "double", "ice_nm": "double", "escort_nm": "double",
    "ice_delay_days": "double", "besetting_days": "double", "fuel_t": "double", "co2_t": "double",
    "cost_usd": "double", "cost_complete": "bool", "cargo_t": "double", "saved_days": "double", "saved_usd": "double",
}  # fmt: skip


def columns(variations: Sequence[Variation]) -> dict[str, str]:
    """Names and Arrow types of all columns, in order."""
    varied = {v.key: OF_KIND[v.kind] for v in variations}
    return {"draw": "int64", "alternative": "string", **varied, **OUTPUTS}


def inputs(draw: int, label: str, values: Mapping[str, Value], variations: Sequence[Variation]) -> Row:
    """The first columns of a row: what was drawn."""
    varied = {v.key: _typed(v.kind, values[v.key]) for v in variations}
    return {"draw": draw, "alternative": label, **varied, **dict.fromkeys(OUTPUTS)}


def _typed(kind: Kind, value: Value) -> Any:
    return moment(value) if kind == "moment" and value is not None else value


def failed(reason: str, depart: datetime | None) -> Row:
    """The outputs of a voyage that could not be sailed: why, and when it was to begin."""
    return {"status": ERROR, "reason": " ".join(reason.split()), **_when(depart)}


def _when(depart: datetime | None) -> Row:
    return {} if depart is None else {"depart": depart, "year": depart.year, "month": depart.month}


def outputs(sailing: Sailing, number: int, outcome: Outcome, depart: datetime) -> Row:
    """What came of one alternative, by its number."""
    alternative, ship, sailed = sailing.scenario.alternatives[number], sailing.ship, Sailed.of(outcome, depart)
    return {
        "status": sailed.status, **_closed(outcome, sailed), **_when(depart), **_ice_of(sailing, depart),
        "ice_class": ship.ice_class.name, "vessel": ship.id or ship.name, "speed_kn": sailing.speed_kn(alternative),
        **(_figures(sailing, outcome, sailed) if sailed.open else {}),
    }  # fmt: skip


def _closed(outcome: Outcome, sailed: Sailed) -> Row:
    """Why and where it ends before its port; nothing where it does not."""
    if sailed.open:
        return {}
    told: Row = {"cause": sailed.cause, "reason": sailed.reason}
    if (block := outcome.block) is not None:
        closed_by = None if sailed.closed_by is None else sailed.closed_by.value
        told |= {"closed_by": closed_by, "place": block.passage or block.sea or OPEN_SEA}
    return told


def _ice_of(sailing: Sailing, depart: datetime) -> Row:
    """Pathway and season of the built-in climate; nothing without ice or with an ice file."""
    section = sailing.scenario.ice
    if section is None or section.file is not None:
        return {}
    field: Any = sailing.seas.field(depart)
    return {"pathway": pathway_name(section.pathway), "season_z": field.thickness_z}


def _figures(sailing: Sailing, outcome: Outcome, sailed: Sailed) -> Row:
    """Time, miles, fuel and money of a voyage that arrived."""
    voyage, ledger, ship = outcome.voyage, outcome.ledger, sailing.ship
    assert voyage is not None
    cargo, unit = ship.usual_cargo
    return {
        **{name: getattr(sailed, name) for name in OF_SAILED}, "sailing_days": voyage.sailing_days,
        "wait_days": voyage.wait_days, "sailed_nm": voyage.sailed_nm, "ice_nm": voyage.ice_nm,
        "escort_nm": voyage.escort_nm, "besetting_days": None if voyage.besetting is None else voyage.besetting.days,
        "co2_t": None if ledger is None else ledger.emitted.co2_t,
        "cargo_t": cargo if unit == "t" else None,
    }  # fmt: skip


def with_savings(rows: list[Row], baseline: str) -> list[Row]:
    """The rows of one draw with what each saves against the baseline's."""
    base = next(r for r in rows if r["alternative"] == baseline)
    for row in rows:
        for out, of in (("saved_days", "days"), ("saved_usd", "cost_usd")):
            if row[of] is not None and base[of] is not None:
                row[out] = base[of] - row[of]
    return rows


def clean(row: Row) -> Row:
    """A row without NaN and infinity: what is no number does not exist."""
    return {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in row.items()}
