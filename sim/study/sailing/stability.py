"""The stability corridor of an alternative: the water through the ice that costs a ship at most a day, say.

A narrow corridor means that the voyage hangs on one strait or one lead: a little more ice there, and it is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.errors import UsageError, did_you_mean
from sim.geo.cells import CELL_KM, from_plane, plane_km
from sim.geo.geodesy import Floats, vectors
from sim.geo.graph import Ints
from sim.geo.route import Route
from sim.result import Result
from sim.scenario.compare import Outcome
from sim.scenario.simulate import Sailing
from sim.values import Valued
from sim.voyage.legs import clock_of
from sim.voyage.stability.water import UsableWater, WaterSearch

if TYPE_CHECKING:
    from sim.scenario.schema import Alternative, Scenario

MOST_DAYS: Final = 10.0
CORNER_KM: Final = 100.0  # between corners of an outline: a side of the plane is no great circle


@dataclass(frozen=True, eq=False, repr=False)
class StabilityCorridor(Valued, Result):
    """The water that a ship can use on a route within `allowance_days` more than the best.

    `lonlat` (k, 2) degrees are the middles of cells of 25 km of the waters that can freeze, `extra_days` (k,) by how
    much the quickest voyage over each is longer than the quickest of all, which is `route` and takes `days`. Where that
    is not open, `status` and `reason` tell why, `days` is NaN and there are no cells. Open sea that never freezes is
    not looked at, and closures with a date are left out.
    """

    label: str
    status: str
    reason: str
    depart: datetime
    allowance_days: float
    days: float
    lonlat: Floats
    extra_days: Floats
    route: Route

    def __repr__(self) -> str:
        told = f"{self.area_km2:,.0f} km2" if self.status == "ok" else self.status
        return f"StabilityCorridor({self.label}, {self.depart:%Y-%m-%d}: {told})"

    @property
    def area_km2(self) -> float:
        """Its area; cells at a shore count whole."""
        return len(self.lonlat) * CELL_KM**2

    @cached_property
    def steps(self) -> Ints:
        """The cells (k, 2) in steps of `CELL_KM` from the pole, on the plane of sim.geo.cells."""
        return np.rint(plane_km(vectors(self.lonlat)) / CELL_KM).astype(np.int64).reshape(-1, 2)

    def outlines(self) -> list[list[Floats]]:
        """Polygons round all cells: of each the outer ring (n, 2) of lon, lat degrees, clockwise as seen from above,
        and its holes the other way about. A ring ends where it began."""
        from shapely import box, get_parts, segmentize, union_all
        from shapely.geometry.polygon import orient

        x, y = self.steps.T
        merged = union_all(box(x - 0.5, y - 0.5, x + 0.5, y + 0.5)).simplify(0.0)
        parts = [orient(p, sign=-1.0) for p in get_parts(merged) if p.geom_type == "Polygon"]
        whole = [segmentize(p, CORNER_KM / CELL_KM) for p in parts]
        return [[from_plane(np.asarray(r.coords) * CELL_KM) for r in (p.exterior, *p.interiors)] for p in whole]


def stability_corridor(
    sailing: Sailing, label: str | None = None, depart: datetime | None = None, allowance_days: float = 1.0
) -> StabilityCorridor:
    """The stability corridor of an alternative by its label, the first if absent; by default on the scenario's own day.

    Raises UsageError where the scenario has no ice, for an unknown label and an allowance beyond 0 to 10 days.
    """
    if not 0 < allowance_days <= MOST_DAYS:
        raise UsageError(f"the allowance is {allowance_days:g} days, allowed is more than 0 and at most {MOST_DAYS:g}")
    if sailing.scenario.ice is None:
        raise UsageError("a stability corridor is one through ice: give the scenario the section 'ice'")
    alternative = _alternative(sailing.scenario, label)
    start = depart or sailing.scenario.voyage.depart
    sailing = _quickest(sailing)
    outcome = Outcome(alternative.label, *sailing.sailed(alternative, start), {})
    water = UsableWater(np.empty(0, np.int64), np.empty(0), float("inf"))
    if outcome.voyage is not None and outcome.feasible:
        leaves = start + timedelta(days=outcome.voyage.port_wait_days)
        ice = sailing.ice_sea(alternative, leaves)
        ends = sailing.origin, sailing.destination
        search = WaterSearch(
            sailing.net, sailing.router.lattice, ends, sailing.demand(alternative), ice, leaves, "time", 0.0
        )
        search.late(clock_of(outcome.voyage.legs))
        water = search.water(allowance_days, outcome.route.lonlat)
    middles = sailing.router.lattice.grid.lonlat[water.cells]
    return StabilityCorridor(
        outcome.label, outcome.status, outcome.reason, start, allowance_days, outcome.days, middles, water.extra_days,
        outcome.route,
    )  # fmt: skip


def _alternative(scenario: Scenario, label: str | None) -> Alternative:
    by_label = {a.label: a for a in scenario.alternatives}
    if label is None:
        return scenario.alternatives[0]
    if label not in by_label:
        raise UsageError(f"'{label}' is none of the alternatives{did_you_mean(label, by_label)}: {', '.join(by_label)}")
    return by_label[label]


def _quickest(sailing: Sailing) -> Sailing:
    """The same for the quickest voyage, without closures that have a date."""
    scenario = sailing.scenario
    lasting = tuple(c for c in scenario.closures if not c.timed)
    if lasting == scenario.closures and scenario.objective == "time":
        return sailing
    changed = scenario.model_copy(update={"closures": lasting, "objective": "time"})
    return Sailing(changed, sailing.net, sailing.folder, sailing.router)
