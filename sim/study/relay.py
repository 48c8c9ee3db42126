"""A transshipment: one ship serves the calls up to a port, another takes the cargo on from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError, did_you_mean
from sim.result import Result
from sim.scenario.convert import ship_of
from sim.scenario.schema import Scenario, Vessel
from sim.ship.vessel import VesselTable
from sim.study.pool import Progress
from sim.study.service import PORT_DAYS, Service, ShipYear, service
from sim.values import Valued

if TYPE_CHECKING:
    from sim.geo.network import SeaNetwork


@dataclass(frozen=True)
class RelayYear:
    """Both ships together by an alternative: cost and CO2 of a unit of cargo from the first call to the last, None if
    one of them is not known; how many ships of the second kind serve one of the first; ships of both for the flow."""

    alternative: str
    usd_per_unit: float | None
    co2_kg_per_unit: float | None
    cost_complete: bool
    onward_per_first: float | None
    first_ships: int | None
    onward_ships: int | None


@dataclass(frozen=True, eq=False, repr=False)
class Relay(Valued, Result):
    """Two services that meet at a port: `first` up to it, `onward` from it. What handling and storing the cargo costs
    there is not counted."""

    at: str
    first: Service
    onward: Service
    together: tuple[RelayYear, ...]

    @property
    def feasible(self) -> bool:
        """True where both ships make a whole round trip by one alternative."""
        return any(a.trips and b.trips for a, b in zip(self.first.years, self.onward.years, strict=True))


def relay(
    scenario: Scenario, net: SeaNetwork, folder: Path, *, calls: Sequence[str], at: str, vessel: str,
    year: int | None = None, port_days: float = PORT_DAYS, flow: float | None = None, progress: Progress | None = None,
) -> Relay:  # fmt: skip
    """Two services over the same calls: the scenario's ship up to the port `at`, a ship of the table from there on.

    Both go by every alternative of the scenario, and the second as the table has it: with its own speed, class and
    draught. Raises UsageError, PlaceError, ScenarioError, DataError.
    """
    places = [net.place(c).name for c in calls]
    hub = net.place(at).name
    if hub not in places[1:-1]:
        between = ", ".join(places[1:-1]) or "none"
        raise UsageError(
            f"'{at}' is none of the calls between the first and the last{did_you_mean(at, places[1:-1])}: {between}"
        )
    k = places.index(hub, 1)
    other = Vessel.model_validate({"type": VesselTable.load().find(vessel).id})
    second = scenario.model_copy(update={"vessel": other})
    ships = ship_of(scenario), ship_of(second)
    units = [ship.usual_cargo[1] or "cargo of no known unit" for ship in ships]
    if units[0] != units[1]:
        names = [ship.name for ship in ships]
        raise UsageError(f"'{names[0]}' carries {units[0]} and '{names[1]}' {units[1]}: take ships of one unit")
    how: Any = {"year": year, "port_days": port_days, "flow": flow, "progress": progress, "part": True}
    first = service(scenario, net, folder, calls=calls[: k + 1], **how)
    onward = service(second, net, folder, calls=calls[k:], **how)
    together = tuple(_together(a, b) for a, b in zip(first.years, onward.years, strict=True))
    return Relay(hub, first, onward, together)


def _together(a: ShipYear, b: ShipYear) -> RelayYear:
    return RelayYear(
        alternative=a.alternative, usd_per_unit=_sum(a.usd_per_unit, b.usd_per_unit),
        co2_kg_per_unit=_sum(a.co2_kg_per_unit, b.co2_kg_per_unit),
        cost_complete=a.cost_complete and b.cost_complete,
        onward_per_first=None if not a.carried or not b.carried else a.carried / b.carried,
        first_ships=a.ships, onward_ships=b.ships,
    )  # fmt: skip


def _sum(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a + b
