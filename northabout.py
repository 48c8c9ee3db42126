"""Sea routes and Arctic scenarios: the public names, each imported when it is first used.

import northabout
northabout.route("Dalian", "Rotterdam", via="nsr")
northabout.run("scenarios/08-yong-sheng-2013.yaml")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim import __version__

if TYPE_CHECKING:
    from sim.api import (
        break_even,
        departure_calendar,
        distances,
        equidistance,
        evaluate_claims,
        exposure,
        ice_climate,
        open_ice,
        passages,
        ports,
        route,
        run,
        stability_corridor,
        vessels,
    )
    from sim.geo.network import SeaNetwork
    from sim.geo.route import Route
    from sim.ice import polaris
    from sim.scenario.compare import Comparison
    from sim.scenario.load import load_scenario
    from sim.scenario.schema import Scenario
    from sim.ship.vessel import Ship as Vessel

__all__ = [
    "Comparison", "Route", "Scenario", "SeaNetwork", "Vessel", "__version__", "break_even", "departure_calendar",
    "distances", "equidistance", "evaluate_claims", "exposure", "ice_climate", "load_scenario", "open_ice", "passages",
    "polaris", "ports", "route", "run", "stability_corridor", "vessels",
]  # fmt: skip
_ELSEWHERE = {
    "Comparison": "sim.scenario.compare:Comparison",
    "Route": "sim.geo.route:Route",
    "Scenario": "sim.scenario.schema:Scenario",
    "SeaNetwork": "sim.geo.network:SeaNetwork",
    "Vessel": "sim.ship.vessel:Ship",
    "load_scenario": "sim.scenario.load:load_scenario",
    "polaris": "sim.ice.polaris:",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in __all__:
        raise AttributeError(f"module 'northabout' has no attribute '{name}'")
    module, attribute = _ELSEWHERE.get(name, f"sim.api:{name}").split(":")
    found = import_module(module)
    globals()[name] = value = getattr(found, attribute) if attribute else found
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


if __name__ == "__main__":
    from sim.cli import main

    main()
