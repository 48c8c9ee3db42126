"""How a trade flow is carried: its ship, what a voyage carries, and the drafts out and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sim.errors import DataError, UsageError
from sim.ship.vessel import Ship, VesselTable
from sim.study.trade import Flow

# All assumed, confidence C. Extra ships do not depend on the days in port: they cancel out.
SAILING_DAYS: Final = 350.0  # a year, for a ship between two dockings
BALLAST_DRAFT: Final = {"oil_tanker": 0.55, "bulk_carrier": 0.55}  # of the laden draft on the way back
PORT_DAYS: Final = {"oil_tanker": 5.0, "liquified_gas_tanker": 3.0, "container": 20.0}  # a round voyage, else 8
OTHER_PORT_DAYS: Final = 8.0
LNG_T_PER_M3: Final = 0.45


def ship_of(flow: Flow, table: VesselTable) -> Ship:
    """The ship of a flow. Raises UsageError where it is unknown or has no fuel figures."""
    try:
        ship = table.find(flow.ship_id)
    except UsageError as error:
        raise UsageError(f"flow '{flow.id}': {error}") from error
    if not ship.has_fuel:
        raise UsageError(f"flow '{flow.id}': ship '{ship.id}' has no fuel figures")
    return ship


def cargo_of(flow: Flow, ship: Ship) -> float:
    """What a ship carries on one voyage, in the unit of the flow. Raises DataError where ship and unit do not fit."""
    if flow.cargo is not None:
        return flow.cargo
    share = float(ship.economics.get("payload_share", 1.0))
    if flow.unit == "TEU" and ship.capacity_unit == "TEU" and ship.capacity:
        return share * ship.capacity
    if flow.unit == "t" and ship.capacity_unit == "m3" and ship.capacity:
        return share * ship.capacity * LNG_T_PER_M3
    if flow.unit == "t" and ship.capacity_unit != "TEU" and ship.dwt_t:
        return share * ship.dwt_t
    raise DataError(
        f"flow '{flow.id}': ship '{ship.id}' does not carry cargo in {flow.unit}; name another or its cargo"
    )


def drafts_m(flow: Flow, ship: Ship) -> tuple[float | None, float | None]:
    """Drafts out and back, m: tankers and bulk carriers return empty, the others as deep as they came."""
    laden = flow.draft_m or ship.draft_m
    return laden, None if laden is None else BALLAST_DRAFT.get(ship.type, 1.0) * laden


def port_pairs(flow: Flow) -> tuple[tuple[str, str], ...]:
    """Every origin with every destination; each pair carries an equal part of the flow."""
    return tuple((a, b) for a in flow.origins for b in flow.destinations)


def carriers(flow: Flow, flows: Sequence[Flow]) -> tuple[Flow, ...]:
    """The flows of the other direction in whose ships a backhaul flow may ride: same goods, both ways between some of
    its ports, not backhaul themselves. Empty where it is no backhaul, or where none of these flows is theirs."""
    if not flow.backhaul:
        return ()
    return tuple(
        other
        for other in flows
        if not other.backhaul
        and other.unit == flow.unit
        and other.commodity == flow.commodity
        and set(other.origins) & set(flow.destinations)
        and set(other.destinations) & set(flow.origins)
    )
