"""What one voyage costs in round figures: fuel, hire and canal, at the base rates of the tables."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Final

from sim.economy import tolls
from sim.economy.fuels import FuelTable
from sim.errors import DataError, UsageError
from sim.geo.route import Route
from sim.ship.vessel import Ship

PRICE_DAY: Final = dt.date(2025, 10, 29)  # flows are of a year, not of a day: one price of fuel for all


def freight_usd(route: Route, ship: Ship, days: float, fuel_t: float) -> float:
    """Fuel at the price of `PRICE_DAY`, charter at the base rate, and Suez dues, USD for one laden voyage one way.

    No insurance, carbon, escort or Panama toll: a round figure for many flows, not the ledger of a voyage. Raises
    UsageError for a ship without a charter rate.
    """
    hire = ship.economics.get("charter_usd_day_base")
    if hire is None:
        raise UsageError(f"ship '{ship.name}' has no charter rate in the table")
    fuel = FuelTable.load()
    total = float(hire) * days + fuel.price(fuel.for_ship(ship), date=PRICE_DAY).usd_t * fuel_t
    if "suez_canal" in route.passages:
        with suppress(DataError):  # a type without a tariff: the round figure goes without
            total += sum(line.amount_usd for line in tolls.suez_toll(ship))
    return total
