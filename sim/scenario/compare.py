"""Run a scenario: every alternative routed, sailed through time, and compared with the baseline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sim.geo.network import SeaNetwork
from sim.geo.network.places import Place
from sim.geo.route import Route
from sim.result import Exportable, Result, reason_text
from sim.scenario.load import NOTHING, load_scenario, ports_path
from sim.scenario.schema import Scenario
from sim.scenario.simulate import Sailing
from sim.ship.vessel import Ship
from sim.values import Valued
from sim.voyage.voyage import Block, Voyage

if TYPE_CHECKING:
    from sim.economy.ledger import Ledger

Progress = Callable[[int, int], None]  # alternatives done, alternatives in all


@dataclass(frozen=True, eq=False, repr=False)
class Outcome(Valued, Result):
    """One alternative of a scenario. `voyage` is None where there is no route; a blocked one has no days."""

    label: str
    route: Route
    voyage: Voyage | None
    versus: dict[str, float]
    ledger: Ledger | None = None

    def __repr__(self) -> str:
        if not self.feasible or self.voyage is None:
            return f"Outcome({self.label}: {self.status})"
        return f"Outcome({self.label}: {self.route.distance_nm:,.1f} nm in {self.voyage.days:.2f} days)"

    @property
    def feasible(self) -> bool:
        return self.voyage is not None and self.voyage.blocked is None

    @property
    def status(self) -> str:
        """ok, unreachable (no water leads there), closed (by rules, risk, missing data or a passage) or beset."""
        return self.route.status if self.block is None else self.block.status

    @property
    def block(self) -> Block | None:
        """What ends the voyage before its port; None where nothing does, and where there is no voyage."""
        return None if self.voyage is None else self.voyage.blocked

    @property
    def days(self) -> float:
        """Days from port to port; NaN where it is not feasible, as all of these."""
        return self._figure(None if self.voyage is None else self.voyage.days)

    @property
    def distance_nm(self) -> float:
        return self._figure(self.route.distance_nm)

    @property
    def fuel_t(self) -> float:
        """Tonnes of fuel; NaN also where the ship's consumption is not known."""
        return self._figure(None if self.voyage is None else self.voyage.fuel_t)

    @property
    def co2_t(self) -> float:
        """Tonnes of CO2; NaN also where nothing is costed."""
        return self._figure(None if self.ledger is None else self.ledger.emitted.co2_t)

    @property
    def cost_usd(self) -> float:
        """USD in all; NaN also where nothing is costed."""
        return self._figure(None if self.ledger is None else self.ledger.total_usd)

    @property
    def depart(self) -> datetime | None:
        """None where it is not feasible, as `arrive`."""
        return self.voyage.depart if self.voyage is not None and self.feasible else None

    @property
    def arrive(self) -> datetime | None:
        return self.voyage.arrive if self.voyage is not None and self.feasible else None

    @property
    def sailed_by(self) -> str:
        """The route that was really sailed: that of the last turn from a closed passage, else the alternative's own.

        Empty where it is not feasible.
        """
        if self.voyage is None or not self.feasible:
            return ""
        return next((e.route_name for e in reversed(self.voyage.events) if e.route_name), self.label)

    def _figure(self, value: float | None) -> float:
        return float("nan") if value is None or not self.feasible else value

    @property
    def reason(self) -> str:
        """Why it is not feasible, in a sentence; empty where it is."""
        return self.route.reason if self.block is None else reason_text(self.block)


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Valued, Exportable):
    """All alternatives of a scenario, in the file's order.

    `ice` says in a line which ice was sailed in, or nothing; `arctic` are the passages of the Arctic; `under_keel_m` is
    what the ship keeps under its keel on the shelf, None where no depth bars it.
    """

    scenario: Scenario
    origin: Place
    destination: Place
    outcomes: tuple[Outcome, ...]
    ship: Ship
    ice: str = ""
    arctic: frozenset[str] = frozenset()
    under_keel_m: float | None = None

    def __repr__(self) -> str:
        return f"Comparison({self.scenario.name}: {', '.join(map(repr, self.outcomes))})"

    @property
    def feasible(self) -> bool:
        """True where at least one alternative has a route."""
        return any(o.feasible for o in self.outcomes)

    @property
    def speed_kn(self) -> float:
        """Speed of the ship in open water where an alternative names no other."""
        return self.scenario.vessel.speed_kn or self.ship.service_speed_kn

    @property
    def closed(self) -> tuple[str, ...]:
        return tuple(c.passage for c in self.scenario.closures)


def run_file(path: str | Path, progress: Progress | None = None) -> Comparison:
    """Run a scenario file with the shipped network; `progress` as in `run`. Raises DataError and ScenarioError."""
    path = Path(path)
    scenario = load_scenario(path)
    return run(scenario, SeaNetwork.load(ports_path(scenario, path.parent)), path.parent, progress)


def run(scenario: Scenario, net: SeaNetwork, folder: Path = NOTHING, progress: Progress | None = None) -> Comparison:
    """Route and sail every alternative of a scenario. Files that it names lie in `folder`.

    `progress` is told after each alternative how many are done, and of how many.
    """
    sailing = Sailing(scenario, net, folder)
    sailing.check_escort()
    found = []
    for done, a in enumerate(scenario.alternatives, start=1):
        found.append((a.label, *sailing.sailed(a)))
        if progress is not None:
            progress(done, len(scenario.alternatives))
    return compared(sailing, found)


def compared(sailing: Sailing, found: list[tuple[str, Route, Voyage | None]]) -> Comparison:
    """The comparison of sailed alternatives with the baseline."""
    scenario = sailing.scenario
    outcomes = [Outcome(label, route, voyage, {}, sailing.ledger(route, voyage)) for label, route, voyage in found]
    base = next(o for o in outcomes if o.label == scenario.baseline_label)
    with_versus = tuple(Outcome(o.label, o.route, o.voyage, versus(o, base), o.ledger) for o in outcomes)
    return Comparison(
        scenario,
        sailing.origin,
        sailing.destination,
        with_versus,
        sailing.ship,
        sailing.ice_label,
        sailing.net.passages.arctic,
        sailing.under_keel_m,
    )


def versus(outcome: Outcome, base: Outcome) -> dict[str, float]:
    """Differences from the baseline; nothing where one of the two is not feasible."""
    a, b = outcome.voyage, base.voyage
    if not (outcome.feasible and base.feasible and a is not None and b is not None):
        return {}
    out = {
        "distance_nm": outcome.route.distance_nm - base.route.distance_nm,
        "sailed_nm": a.sailed_nm - b.sailed_nm,
        "days": a.days - b.days,
    }
    if a.fuel_t is not None and b.fuel_t is not None:
        out["fuel_t"] = a.fuel_t - b.fuel_t
    if outcome.ledger is not None and base.ledger is not None:
        out["co2_t"] = outcome.ledger.emitted.co2_t - base.ledger.emitted.co2_t
        out["cost_usd"] = outcome.ledger.total_usd - base.ledger.total_usd
        out["cost_complete"] = outcome.ledger.complete and base.ledger.complete
    return out
