"""What one voyage costs in round figures: fuel, hire and canal, at the base rates of the tables."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Final

from sim.economy import tolls
from sim.economy.canals import panama
from sim.economy.fuels import FuelTable
from sim.errors import DataError, UsageError
from sim.geo.route import Route
from sim.ship.vessel import Ship

PRICE_DAY: Final = dt.date(2025, 10, 29)  # flows are of a year, not of a day: one price of fuel for all


def freight_usd(route: Route, ship: Ship, days: float, fuel_t: float) -> float:
    """Fuel at the price of `PRICE_DAY`, charter at the base rate, Suez dues and Panama tolls, USD for one laden voyage.

    No insurance, carbon or escort: a round figure for many flows, not the ledger of a voyage. `freight_missing` names
    the dues of its passages that it leaves out. Raises UsageError for a ship without a charter rate.
    """
    hire = ship.economics.get("charter_usd_day_base")
    if hire is None:
        raise UsageError(f"ship '{ship.name}' has no charter rate in the table")
    fuel = FuelTable.load()
    total = float(hire) * days + fuel.price(fuel.for_ship(ship), date=PRICE_DAY).usd_t * fuel_t
    if "suez_canal" in route.passages:
        with suppress(DataError):  # a type without a tariff: the round figure goes without
            total += sum(line.amount_usd for line in tolls.suez_toll(ship))
    return total + sum(_panama_usd(p, ship) or 0.0 for p in route.passages if p in panama.PASSAGES)


def _panama_usd(passage: str, ship: Ship) -> float | None:
    """The toll of one transit; None for a ship without a tariff or a size."""
    try:
        return sum(line.amount_usd for line in panama.panama_toll(ship, locks=panama.PASSAGES[passage]))
    except (DataError, UsageError):
        return None


def freight_missing(route: Route, ship: Ship) -> tuple[str, ...]:
    """Dues that a route would have to pay and that `freight_usd` leaves out: with any, its figure is incomplete."""
    out = []
    for passage in dict.fromkeys(route.passages):
        if passage == "suez_canal":
            out += _suez_missing(ship)
        elif passage in panama.PASSAGES:
            out += ["Panama toll"] if _panama_usd(passage, ship) is None else []
        elif passage in tolls.TURKISH:
            out.append("Turkish Straits dues")
        elif passage in tolls.NO_TARIFF:
            out.append(f"toll of {passage}")
    return tuple(dict.fromkeys(out))


def _suez_missing(ship: Ship) -> list[str]:
    """Boxes on deck pay a surcharge that no figure of a ship tells; a type without a tariff pays nothing here."""
    try:
        tolls.suez_toll(ship)
    except DataError:
        return ["Suez Canal dues"]
    return ["Suez Canal surcharge"] if ship.economics.get("suez_type") == "container" else []
