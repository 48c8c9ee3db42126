"""The path of least time, fuel or miles that the ice leaves open, while the ice changes under way.

Ice changes slowly, so a search at the dates of the last search settles quickly: solve, read the date at each cell,
weigh again, solve again, until the arrival moves by less than an hour. Where no ice is met the answer is the shortest
path by distance: ice can only slow a ship, so nothing is quicker than the shortest path at full speed, but for the
longer miles on the water of the Northern Sea Route, round which no path is sought that no ice asks for.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cached_property

import numpy as np

from sim.geo.geodesy import vectors
from sim.geo.network import Demand, SeaNetwork
from sim.geo.network.depth import Depths
from sim.geo.network.describe import described
from sim.geo.network.lattice import Lattice
from sim.geo.network.places import Place
from sim.geo.route import Route
from sim.units import HOURS_PER_DAY
from sim.voyage.sail import IceSea, sail, timed
from sim.voyage.search.rounds import EVERYWHERE, OBJECTIVES, Objective, Search
from sim.voyage.voyage import ClosedBy, SpeedPlan, Voyage

AGAIN = 1  # further searches, on the dates of the voyage that the last one led to
RETRIES = 6  # cells found shut on arrival, that the search believed open


class IceRouter:
    """Paths through ice on one network. Lattice and depths are read when the first path needs them."""

    search_kind: type[Search] = Search

    def __init__(self, net: SeaNetwork) -> None:
        self.net = net

    @cached_property
    def lattice(self) -> Lattice:
        return Lattice.load(self.net)

    @cached_property
    def depths(self) -> Depths:
        return Depths.load(self.net.passages)

    def voyage(
        self,
        start: Place,
        goal: Place,
        demand: Demand,
        shortest: Route,
        plan: SpeedPlan,
        ice: IceSea,
        depart: datetime,
        objective: Objective = "time",
        explain: bool = True,
        within_days: float = EVERYWHERE,
    ) -> tuple[Route, Voyage]:
        """The best open path between two places under a demand, and the voyage along it.

        `shortest` is the shortest route by distance under the same demand. Where nothing is open, the voyage is blocked
        and the route is the one with the fewest barred miles; not to `explain` saves the search without the rules.
        Where only a voyage of fewer days than `within_days` is wanted, others may be told as blocked, anywhere.
        """
        table, ship = self.net.passages, ice.navigator.ship
        straight = sail(shortest, plan, depart, table, ship, ice)
        spared = straight.ice_nm if objective == "fuel" else straight.ice_delay_days + straight.escort_wait_days
        if straight.blocked is None and spared * HOURS_PER_DAY < 1e-6:
            return shortest, straight
        open_paths = [(shortest, straight)] if straight.blocked is None else []
        delay = (
            straight.ice_delay_days if straight.blocked is None else 0.0
        )  # a guess, which costs time where it is bad
        limit_h = within_days * HOURS_PER_DAY if objective == "time" else EVERYWHERE
        for aim in dict.fromkeys((objective, "time")):
            search = self._search(start, goal, demand, ice, depart, aim, delay, limit_h)
            open_paths += self._open_paths(search, start, goal, plan, ice, depart)
        if not open_paths and within_days < EVERYWHERE:
            return shortest, straight
        if not open_paths:
            line = search.line(np.zeros(ice.grid.size, dtype=bool), through_bars=True)
            if line is None:
                return shortest, straight
            route = described(start, goal, line, table)
            voyage, legs = timed(route, plan, depart, table, ship, ice)
            if voyage.blocked is None:
                # the ship comes to the bars so late that they are open: what is best is sought on the dates of this way
                search.late(legs.clock)
                open_paths = [(route, voyage), *self._open_paths(search, start, goal, plan, ice, depart)]
        if open_paths:
            route, voyage = min(open_paths, key=lambda path: _price(path[0], path[1], objective))
            shoal = None if ice.shelf is None or route is shortest else ice.shelf.first_on(ice.grid, shortest.lonlat)
            return route, replace(voyage, kept_off=shoal)
        if explain and voyage.blocked is not None and voyage.blocked.closed_by == ClosedBy.BOTH:
            # the ice bars this way; whether it bars all of them is known when they are looked for without the rules
            free = self._search(start, goal, demand, ice.unruled, depart, "time", delay)
            if self._open_paths(free, start, goal, plan, ice.unruled, depart, enough=1):
                voyage = replace(voyage, blocked=replace(voyage.blocked, closed_by=ClosedBy.RULE))
        return route, voyage

    def _search(
        self,
        start: Place,
        goal: Place,
        demand: Demand,
        ice: IceSea,
        depart: datetime,
        objective: Objective,
        delay_days: float,
        within_h: float = EVERYWHERE,
    ) -> Search:
        spare_nm = delay_days * HOURS_PER_DAY * ice.navigator.open_kn
        ends = start, goal
        return self.search_kind(self.net, self.lattice, ends, demand, ice, depart, objective, spare_nm, within_h)

    def _open_paths(
        self,
        search: Search,
        start: Place,
        goal: Place,
        plan: SpeedPlan,
        ice: IceSea,
        depart: datetime,
        enough: int = AGAIN + 1,
    ) -> list[tuple[Route, Voyage]]:
        """Paths that a search finds open, each on the dates of the one before; no more than are `enough`."""
        table, ship = self.net.passages, ice.navigator.ship
        out: list[tuple[Route, Voyage]] = []
        shut = np.zeros(ice.grid.size, dtype=bool)
        for _ in range(RETRIES):
            line = search.line(shut)
            if line is None:
                break
            route = described(start, goal, line, table)
            found, legs = timed(route, plan, depart, table, ship, ice)
            if found.blocked is None:
                out.append((route, found))
                if len(out) >= enough or not search.late(legs.clock):
                    break
                continue
            cell = int(ice.grid.at(vectors((found.blocked.lon, found.blocked.lat))))
            if cell < 0 or shut[cell]:
                break
            shut[cell] = True
        return out


def _price(route: Route, voyage: Voyage, objective: Objective) -> float:
    if objective == "fuel" and voyage.fuel_t is not None:
        return voyage.fuel_t
    if objective == "distance":
        return route.distance_nm
    return voyage.days


__all__ = ["OBJECTIVES", "IceRouter", "Objective"]
