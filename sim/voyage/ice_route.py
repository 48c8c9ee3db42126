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
from typing import Literal

import numpy as np

from sim.geo.cells import readings
from sim.geo.geodesy import Floats, vectors
from sim.geo.graph import Ends, Path
from sim.geo.network import Demand, SeaNetwork
from sim.geo.network.depth import Depths
from sim.geo.network.describe import APPROACH, SeaLine, described, sea_line
from sim.geo.network.lattice import Lattice
from sim.geo.network.places import Place
from sim.geo.route import Route
from sim.geo.waters import inside_water
from sim.ice.field import day_number
from sim.ice.types import ICE_FROM
from sim.ship.power import fuel_tpd, ice_power_share
from sim.units import HOURS_PER_DAY
from sim.voyage import besetting
from sim.voyage.navigation import Bar, Going
from sim.voyage.sail import IceSea, sail
from sim.voyage.straight import straightened
from sim.voyage.voyage import ClosedBy, SpeedPlan, Voyage

Objective = Literal["time", "fuel", "distance"]
OBJECTIVES: tuple[Objective, ...] = ("time", "fuel", "distance")
ROUNDS = 8
FEW_ROUNDS = 3  # for a path that is only to show where it is barred
SETTLED_H = 1.0
AGAIN = 1  # further searches, on the dates of the voyage that the last one led to
LATE_H = 6.0  # dates that are off by less do not matter: ice changes slowly
RETRIES = 6  # cells found shut on arrival, that the search believed open
SHUT_FACTOR = 60.0  # how much dearer a barred mile is where the least barred path is looked for


class IceRouter:
    """Paths through ice on one network. Lattice and depths are read when the first path needs them."""

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
    ) -> tuple[Route, Voyage]:
        """The best open path between two places under a demand, and the voyage along it.

        `shortest` is the shortest route by distance under the same demand. Where nothing is open, the voyage is blocked
        and the route is the one with the fewest barred miles; not to `explain` saves the search for that one.
        """
        table, ship = self.net.passages, ice.navigator.ship
        straight = sail(shortest, plan, depart, table, ship, ice)
        spared = straight.ice_nm if objective == "fuel" else straight.ice_delay_days + straight.escort_wait_days
        if straight.blocked is None and spared * HOURS_PER_DAY < 1e-6:
            return shortest, straight
        open_paths = [(shortest, straight)] if straight.blocked is None else []
        for aim in dict.fromkeys((objective, "time")):
            search = _Search(self, start, goal, demand, ice, depart, aim)
            open_paths += self._open_paths(search, start, goal, plan, ice, depart)
        if open_paths:
            route, voyage = min(open_paths, key=lambda path: _price(path[1], objective))
            shoal = None if ice.shelf is None or route is shortest else ice.shelf.first_on(ice.grid, shortest.lonlat)
            return route, replace(voyage, kept_off=shoal)
        if not explain:
            return shortest, straight
        line = search.line(np.zeros(ice.grid.size, dtype=bool), through_bars=True)
        if line is None:
            return shortest, straight
        route = described(start, goal, line, table)
        voyage = sail(route, plan, depart, table, ship, ice)
        if voyage.blocked is not None and voyage.blocked.closed_by == ClosedBy.BOTH:
            # the ice bars this way; whether it bars all of them is known when they are looked for without the rules
            free = _Search(self, start, goal, demand, ice.unruled, depart, "time")
            if self._open_paths(free, start, goal, plan, ice.unruled, depart):
                voyage = replace(voyage, blocked=replace(voyage.blocked, closed_by=ClosedBy.RULE))
        return route, voyage

    def _open_paths(
        self, search: _Search, start: Place, goal: Place, plan: SpeedPlan, ice: IceSea, depart: datetime
    ) -> list[tuple[Route, Voyage]]:
        """Paths that a search finds open, each on the dates of the one before."""
        table, ship = self.net.passages, ice.navigator.ship
        out: list[tuple[Route, Voyage]] = []
        shut = np.zeros(ice.grid.size, dtype=bool)
        for _ in range(RETRIES):
            line = search.line(shut)
            if line is None:
                break
            route = described(start, goal, line, table)
            found = sail(route, plan, depart, table, ship, ice)
            if found.blocked is None:
                out.append((route, found))
                if len(out) > AGAIN or not search.late(found):
                    break
                continue
            cell = int(ice.grid.at(_unit(found.blocked.lon, found.blocked.lat)))
            if cell < 0 or shut[cell]:
                break
            shut[cell] = True
        return out


def _unit(lon: float, lat: float) -> Floats:
    return vectors((lon, lat))


def _price(voyage: Voyage, objective: Objective) -> float:
    if objective == "fuel" and voyage.fuel_t is not None:
        return voyage.fuel_t
    if objective == "distance":
        return sum(leg.distance_nm for leg in voyage.legs)
    return voyage.days


class _Search:
    """The searches for one voyage."""

    def __init__(
        self,
        router: IceRouter,
        start: Place,
        goal: Place,
        demand: Demand,
        ice: IceSea,
        depart: datetime,
        objective: Objective,
    ) -> None:
        self.net, self.lattice = router.net, router.lattice
        self.ice, self.objective, self.demand = ice, objective, demand
        self.start, self.goal = start, goal
        self.product = self.lattice.product(demand.closed, demand.groups, start, goal)
        self.ends = self.lattice.ends(self.net, start), self.lattice.ends(self.net, goal)
        self.depart_day = day_number(depart)
        self.open_slowness = 1.0 / ice.navigator.open_kn
        self.kept_off = np.zeros(ice.grid.size, dtype=bool)
        if water := demand.between(start, goal).off:
            self.kept_off = inside_water(water, ice.grid.lonlat)
        self._first: Floats | None = None
        self._known: Floats | None = None
        self._lag = np.zeros(1), np.zeros(1)

    def line(self, shut: np.ndarray, through_bars: bool = False) -> SeaLine | None:
        """The settled path, straightened; None where none is open. `shut` (c,) are cells closed for good."""
        arrival = self._open_arrival() if self._known is None else self._known
        path, before = None, np.inf
        for _ in range(FEW_ROUNDS if through_bars else ROUNDS):
            hours = self.lattice.arrival_at_cells(arrival)
            day = self.depart_day + (hours + np.interp(hours, *self._lag)) / HOURS_PER_DAY
            going = self.ice.navigator.going(self.ice.cells, day)
            price = self._slowness(going, shut, through_bars)
            path, found = self._solve(price, self.open_slowness)
            known = np.isfinite(found)
            moved = float(np.abs(found - arrival)[known].max(initial=0.0))
            arrival = np.where(known, found, arrival)
            length = np.inf if path is None else path.length_nm
            if abs(length - before) < SETTLED_H or (path is None and moved < SETTLED_H):
                break
            before = length
        if path is None:
            return None
        self._known = arrival  # a further search begins where this one ended
        if self.objective != "time":
            price = self._prices(going, price)
            path, _ = self._solve(price, self._open_price())
            if path is None:
                return None
        return self._straight(path, price)

    def late(self, voyage: Voyage) -> bool:
        """Take the waits and the approach of a voyage into the dates; True where they move by more than `LATE_H`."""
        hours = np.cumsum([0.0 if leg.tag == APPROACH else leg.hours for leg in voyage.legs])
        elapsed = np.cumsum([leg.hours + leg.wait_h for leg in voyage.legs])
        before, self._lag = np.interp(hours, *self._lag), (hours, elapsed - hours)
        return float(np.abs(elapsed - hours - before).max()) > LATE_H

    def _open_arrival(self) -> Floats:
        """Hours to every node in open water: the dates to begin with."""
        if self._first is None:
            open_water = np.where(self.kept_off, np.inf, self.open_slowness)
            _, arrival = self._solve(open_water, self.open_slowness)
            finite = np.isfinite(arrival)
            self._first = np.where(finite, arrival, arrival[finite].max())
        return self._first

    def _slowness(self, going: Going, shut: np.ndarray, through_bars: bool) -> Floats:
        """Hours per nm of the way in each cell; inf where barred, or very many where bars are to be crossed."""
        barred = (going.bar != Bar.OPEN) | shut
        hours = 1.0 / np.where(barred, 1.0, self._speed_kn(going)) + besetting.hours_per_nm(self.ice.navigator, going)
        out = self.ice.navigator.sailed_ratio(going) * hours
        out[barred] = SHUT_FACTOR * self.open_slowness if through_bars else np.inf
        out[self.kept_off] = np.inf
        return np.asarray(out)

    def _speed_kn(self, going: Going) -> Floats:
        """Speed in each cell; 0 where barred."""
        return np.where(going.concentration >= ICE_FROM, going.speed_kn, self.ice.navigator.open_kn)

    def _prices(self, going: Going, slowness: Floats) -> Floats:
        """Tonnes of fuel, or miles, per nm in each cell."""
        if self.objective == "distance":
            return np.where(np.isfinite(slowness), 1.0, np.inf)
        ship = self.ice.navigator.ship
        speed = self._speed_kn(going)
        rate = fuel_tpd(ship, speed)
        for escorted in (False, True):
            rows = np.flatnonzero(
                (going.concentration >= ICE_FROM) & (going.escorted == escorted) & np.isfinite(slowness)
            )
            if len(rows):
                share = ice_power_share(
                    ship,
                    going.concentration[rows],
                    going.thickness_m[rows],
                    speed[rows],
                    escorted=escorted,
                    icebreaker=self.ice.navigator.icebreaker,
                )
                rate[rows] = fuel_tpd(ship, speed[rows], np.nan_to_num(share, nan=1.0))
        return np.asarray(rate / HOURS_PER_DAY * slowness)

    def _open_price(self) -> float:
        if self.objective == "distance":
            return 1.0
        if self.objective == "fuel":
            ship, speed = self.ice.navigator.ship, self.ice.navigator.open_kn
            return float(fuel_tpd(ship, speed)) / HOURS_PER_DAY / speed
        return self.open_slowness

    def _solve(self, per_nm: Floats, unit: float) -> tuple[Path | None, Floats]:
        """The cheapest path at prices per nm in the cells and `unit` elsewhere, and the price (n,) to all nodes."""
        start, goal = (
            self._weighed(ends, place, per_nm, unit)
            for ends, place in zip(self.ends, (self.start, self.goal), strict=True)
        )
        return self.product.search(self.lattice.edge_hours(per_nm, unit), start, goal)

    def _weighed(self, ends: Ends, place: Place, per_nm: Floats, unit: float) -> Ends:
        """Ends of a place with prices in place of lengths."""
        if len(ends.nodes) == 1 and ends.length_nm[0] == 0:
            return ends
        at = np.broadcast_to(_unit(*place.sea), (len(ends.nodes), 3))
        return Ends(
            ends.nodes, self._leg_prices(at, self.lattice.xyz[ends.nodes], ends.length_nm, per_nm, unit), ends.bits
        )

    def _leg_prices(self, start: Floats, stop: Floats, length_nm: Floats, per_nm: Floats, unit: float) -> Floats:
        read = readings(self.ice.grid, start, stop)
        by_number = np.append(per_nm, unit)
        return np.asarray(length_nm * np.add.reduceat(by_number[read.cell] * read.share, read.first[:-1]))

    def _straight(self, path: Path, per_nm: Floats) -> SeaLine:
        """The path's line without the corners of the lattice that it does not need."""
        lattice = self.lattice
        start, goal = (replace(p, ends=e) for p, e in zip((self.start, self.goal), self.ends, strict=True))
        line = sea_line(start, goal, path, self.product.graph, lattice.lonlat, lattice.canal, self.net.passages)
        free = np.array([k >= lattice.network_size for k in path.nodes], dtype=bool)
        unit = self._open_price()

        def cost(start: Floats, stop: Floats, length_nm: Floats) -> Floats:
            return self._leg_prices(start, stop, length_nm, per_nm, unit)

        sea = self.start.sea, self.goal.sea
        return straightened(line, sea, free, cost, self.net.seen_from, self.net.passages.crossed)
