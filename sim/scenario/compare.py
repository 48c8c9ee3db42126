"""Run a scenario: every alternative routed, sailed through time, and compared with the baseline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sim.economy.ledger import Ledger
from sim.geo.network import SeaNetwork
from sim.geo.network.places import Place
from sim.geo.route import Route
from sim.result import reason_text
from sim.scenario.schema import Scenario, load_scenario, ports_path
from sim.scenario.simulate import Sailing
from sim.ship.vessel import Ship
from sim.voyage.voyage import Block, Event, Voyage

NOTHING = Path("/nonexistent")  # the folder of a scenario that is no file: it can name no other files


@dataclass(frozen=True)
class Outcome:
    """One alternative of a scenario. `voyage` is None where there is no route; a blocked one has no days."""

    label: str
    route: Route
    voyage: Voyage | None
    versus: dict[str, float]
    ledger: Ledger | None = None

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

    def _figure(self, value: float | None) -> float:
        return float("nan") if value is None or not self.feasible else value

    @property
    def reason(self) -> str:
        """Why it is not feasible, in a sentence; empty where it is."""
        return self.route.reason if self.block is None else reason_text(self.block)

    def as_dict(self) -> dict[str, Any]:
        """The alternative as JSON values: null where it is not feasible, absent where a thing is not modelled."""
        out: dict[str, Any] = {"route": self.label, "status": self.status, "reason": self.reason}
        voyage = self.voyage
        if voyage is not None and voyage.events:
            out["closures_met"] = [event_dict(e) for e in voyage.events]
        if voyage is None or voyage.arrive is None:
            out |= dict.fromkeys(("distance_nm", "days", "depart", "arrive"))
            out["passages"] = list(self.route.passages) if voyage is None else []
            if voyage is not None and (block := voyage.blocked) is not None:
                out["blocked_at"] = {
                    "lon": round(block.lon, 3), "lat": round(block.lat, 3), "date": _moment(block.moment),
                }  # fmt: skip
            return out
        out |= {
            "distance_nm": round(self.route.distance_nm, 1),
            "days": round(voyage.days, 3),
            "sailing_days": round(voyage.sailing_days, 3),
            "wait_days": round(voyage.wait_days, 3),
            "depart": _moment(voyage.depart),
            "arrive": _moment(voyage.arrive),
        }
        if voyage.fuel_t is not None:
            out["fuel_t"] = round(voyage.fuel_t, 1)
        if self.ledger is not None:
            out["co2_t"] = round(self.ledger.emitted.co2_t, 1)
            out["cost_usd"] = self.ledger.total_usd
        out["passages"] = list(self.route.passages)
        if voyage.water_nm:
            out["water_nm"] = {k: round(v, 1) for k, v in voyage.water_nm.items()}
        out["sea_days"] = {k: round(v, 3) for k, v in voyage.sea_days.items()}
        if voyage.risk_days:
            out["ice"] = ice_dict(voyage)
        if self.ledger is not None:
            out["ledger"] = ledger_dict(self.ledger)
        if self.versus:
            out["vs_baseline"] = {k: round(v, 3) for k, v in self.versus.items()}
        return out


def ledger_dict(ledger: Ledger) -> dict[str, Any]:
    """A ledger as JSON values: lines, totals, and what is emitted."""
    emitted, per_unit = ledger.emitted, ledger.usd_per_unit
    full = emitted.well_to_wake_co2e_t()
    return {
        "lines": [
            {
                "what": c.what, "usd": c.amount_usd, "formula": c.formula, "source": c.source,
                "valid_from": None if c.valid_from is None else c.valid_from.isoformat(),
                "confidence": c.confidence, "note": c.note,
            }
            for c in ledger.lines
        ],
        "total_usd": ledger.total_usd,
        "usd_per_day": round(ledger.usd_per_day, 2),
        "usd_per_unit": None if per_unit is None else round(per_unit, 2),
        "unit": ledger.cargo_unit,
        "fuel_t": round(emitted.fuel_t, 1),
        "co2_t": round(emitted.co2_t, 1),
        "well_to_wake_co2e_t": None if full is None else round(full, 1),
        "black_carbon_kg": round(emitted.black_carbon_t * 1000, 2),
        "cii": None if ledger.cii is None else {
            "attained_g": round(ledger.cii.attained_g, 3), "required_g": round(ledger.cii.required_g, 3),
            "letter": ledger.cii.letter,
        },
        "low_confidence": [c.what for c in ledger.low],
    }  # fmt: skip


def event_dict(event: Event) -> dict[str, Any]:
    """A closure that a ship met, as JSON values."""
    unit = event.worth_unit
    return {
        "passage": event.passage,
        "from": _moment(event.begin),
        "until": None if event.end is None else _moment(event.end),
        "decided": _moment(event.moment),
        "lon": round(event.lonlat[0], 3),
        "lat": round(event.lonlat[1], 3),
        "choice": event.choice,
        "wait_days": round(event.wait_h / 24, 3),
        f"{unit}_if_waiting": None if event.worth_waiting is None else round(event.worth_waiting, 3),
        f"{unit}_if_diverting": None if event.worth_diverting is None else round(event.worth_diverting, 3),
    }


def ice_dict(voyage: Voyage) -> dict[str, Any]:
    """What the ice did to a voyage, as JSON values."""
    return {
        "ice_nm": round(voyage.ice_nm, 1),
        "ice_delay_days": round(voyage.ice_delay_days, 3),
        "escort_nm": round(voyage.escort_nm, 1),
        "escort_wait_days": round(voyage.escort_wait_days, 3),
        "nsr_nm": round(voyage.nsr_nm, 1),
        "nsr_days": round(voyage.nsr_days, 3),
        "risk_days": {k: round(v, 3) for k, v in voyage.risk_days.items()},
        "lowest_rio": None if voyage.lowest_rio is None else round(voyage.lowest_rio, 2),
        "low_confidence_nm": round(voyage.low_confidence_nm, 1),
    }


@dataclass(frozen=True)
class Comparison:
    """All alternatives of a scenario, in the file's order.

    `ice` says in a line which ice was sailed in, or nothing; `arctic` are the passages of the Arctic.
    """

    scenario: Scenario
    origin: Place
    destination: Place
    outcomes: tuple[Outcome, ...]
    ship: Ship
    ice: str = ""
    arctic: frozenset[str] = frozenset()

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

    def as_dict(self) -> dict[str, Any]:
        """The comparison as JSON values (the contract of `northabout run --json`)."""
        out: dict[str, Any] = {
            "scenario": self.scenario.name,
            "description": self.scenario.description,
            "from": self.origin.name,
            "to": self.destination.name,
            "ship": self.ship.name,
        }
        if self.ice:
            out["ice"] = self.ice
        return out | {
            "baseline": self.scenario.baseline_label,
            "alternatives": [o.as_dict() for o in self.outcomes],
        }


def _moment(value: datetime) -> str:
    return value.replace(microsecond=0).isoformat()


def run_file(path: Path) -> Comparison:
    """Run a scenario file with the shipped network. Raises DataError and ScenarioError."""
    scenario = load_scenario(path)
    return run(scenario, SeaNetwork.load(ports_path(scenario, path.parent)), path.parent)


def run(scenario: Scenario, net: SeaNetwork, folder: Path = NOTHING) -> Comparison:
    """Route and sail every alternative of a scenario. Files that it names lie in `folder`."""
    sailing = Sailing(scenario, net, folder)
    sailing.check_escort()
    found = [(a.label, *sailing.sailed(a)) for a in scenario.alternatives]
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
    )


def versus(outcome: Outcome, base: Outcome) -> dict[str, float]:
    """Differences from the baseline; nothing where one of the two is not feasible."""
    a, b = outcome.voyage, base.voyage
    if not (outcome.feasible and base.feasible and a is not None and b is not None):
        return {}
    out = {"distance_nm": outcome.route.distance_nm - base.route.distance_nm, "days": a.days - b.days}
    if a.fuel_t is not None and b.fuel_t is not None:
        out["fuel_t"] = a.fuel_t - b.fuel_t
    if outcome.ledger is not None and base.ledger is not None:
        out["co2_t"] = outcome.ledger.emitted.co2_t - base.ledger.emitted.co2_t
        out["cost_usd"] = outcome.ledger.total_usd - base.ledger.total_usd
    return out
