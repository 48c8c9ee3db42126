"""Run a scenario: every alternative routed and timed, and compared with the baseline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sim.geo.network import SeaNetwork
from sim.geo.places import Place
from sim.geo.route import Route
from sim.scenario.model import Alternative, Scenario, load_scenario, ports_path
from sim.voyage.plan import SpeedPlan, Timing, time_on


@dataclass(frozen=True)
class Outcome:
    """One alternative of a scenario. `timing` is None where there is no route."""

    label: str
    route: Route
    timing: Timing | None
    versus: dict[str, float]

    @property
    def feasible(self) -> bool:
        return self.route.status == "ok"

    def as_dict(self) -> dict[str, Any]:
        """The alternative as JSON values: null where there is no route, absent where a thing is not modelled."""
        out: dict[str, Any] = {"route": self.label, "status": self.route.status, "reason": self.route.reason}
        if self.timing is not None:
            out |= {
                "distance_nm": round(self.route.distance_nm, 1),
                "days": round(self.timing.days, 3),
                "sailing_days": round(self.timing.sailing_days, 3),
                "wait_days": round(self.timing.wait_days, 3),
                "depart": _moment(self.timing.depart),
                "arrive": _moment(self.timing.arrive),
            }
        else:
            out |= dict.fromkeys(("distance_nm", "days", "depart", "arrive"))
        out["passages"] = list(self.route.passages)
        if self.timing is not None and self.timing.water_nm:
            out["water_nm"] = {k: round(v, 1) for k, v in self.timing.water_nm.items()}
        if self.versus:
            out["vs_baseline"] = {k: round(v, 3) for k, v in self.versus.items()}
        return out


@dataclass(frozen=True)
class Comparison:
    """All alternatives of a scenario, in the file's order."""

    scenario: Scenario
    origin: Place
    destination: Place
    outcomes: tuple[Outcome, ...]

    @property
    def feasible(self) -> bool:
        """True where at least one alternative has a route."""
        return any(o.feasible for o in self.outcomes)

    @property
    def closed(self) -> tuple[str, ...]:
        return tuple(c.passage for c in self.scenario.closures)

    def as_dict(self) -> dict[str, Any]:
        """The comparison as JSON values (the contract of `northabout run --json`)."""
        return {
            "scenario": self.scenario.name,
            "description": self.scenario.description,
            "from": self.origin.name,
            "to": self.destination.name,
            "baseline": self.scenario.baseline_label,
            "alternatives": [o.as_dict() for o in self.outcomes],
        }


def _moment(value: datetime) -> str:
    return value.replace(microsecond=0).isoformat()


def run_file(path: Path) -> Comparison:
    """Run a scenario file with the shipped network. Raises DataError and ScenarioError."""
    scenario = load_scenario(path)
    return run(scenario, SeaNetwork.load(ports_path(scenario, path.parent)))


def run(scenario: Scenario, net: SeaNetwork) -> Comparison:
    """Route and time every alternative of a scenario."""
    origin, destination = net.place(scenario.voyage.from_), net.place(scenario.voyage.to)
    found = [(a.label, *_sailed(scenario, a, net, origin, destination)) for a in scenario.alternatives]
    base = next((timing, route) for label, route, timing in found if label == scenario.baseline_label)
    outcomes = []
    for label, route, timing in found:
        versus: dict[str, float] = {}
        if timing is not None and base[0] is not None:
            versus = {"distance_nm": route.distance_nm - base[1].distance_nm, "days": timing.days - base[0].days}
        outcomes.append(Outcome(label, route, timing, versus))
    return Comparison(scenario, origin, destination, tuple(outcomes))


def _sailed(
    scenario: Scenario, alternative: Alternative, net: SeaNetwork, origin: Place, destination: Place
) -> tuple[Route, Timing | None]:
    vessel = scenario.vessel
    route = net.route(
        origin,
        destination,
        via=alternative.route,
        use=alternative.use,
        avoid=alternative.avoid,
        closed=[c.passage for c in scenario.closures],
        draft_m=vessel.draft_m,
        beam_m=vessel.beam_m,
        length_m=vessel.length_m,
        air_draft_m=vessel.air_draft_m,
    )
    if route.status != "ok":
        return route, None
    waits: dict[str, float] = {}
    for wait in scenario.waits:
        waits |= dict.fromkeys(net.passages.resolve(wait.passage), wait.wait_h)
    plan = SpeedPlan(
        speed_kn=alternative.speed_kn or vessel.speed_kn,
        waters_kn={s.water: s.speed_kn for s in scenario.speeds},
        waits_h=waits,
        canal_limits=scenario.canal_speed_limits,
    )
    return route, time_on(route, plan, scenario.voyage.depart, net.passages)
