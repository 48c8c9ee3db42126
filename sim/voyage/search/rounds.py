"""One search for a path through ice: prices at the dates of the last round, until the path settles.

The rounds look at a corridor of the lattice (see sim.geo.network.search.corridor). It holds the cheapest path where
that is no dearer than its limit. The dates of the next round must be true as well, round about the path, so that the
limit leaves room for `MARGIN_SHARE` of what the ice costs and `MARGIN_NM`; else the rounds begin anew in a wider
corridor, the widest of which is the whole lattice. Least fuel and fewest miles are sought there at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.geo.cells import readings
from sim.geo.geodesy import Floats
from sim.geo.graph import Ints, Path
from sim.geo.network import Demand
from sim.geo.network.describe import SeaLine, sea_line
from sim.geo.network.places import Place
from sim.geo.network.search.corridor import Cells, Corridor, Gates
from sim.ice.field import day_number
from sim.ice.types import ICE_FROM
from sim.ship.power import fuel_tpd, ice_power_share
from sim.units import HOURS_PER_DAY
from sim.voyage import besetting
from sim.voyage.legs import Clock
from sim.voyage.navigation import Bar, Going
from sim.voyage.sail import IceSea
from sim.voyage.search.straight import straightened

if TYPE_CHECKING:
    from sim.geo.network import SeaNetwork
    from sim.geo.network.lattice import Lattice

Objective = Literal["time", "fuel", "distance"]
OBJECTIVES: tuple[Objective, ...] = ("time", "fuel", "distance")
ROUNDS = 8
FEW_ROUNDS = 3  # for a path that is only to show where it is barred
SETTLED_H = 1.0
LATE_H = 6.0  # dates that are off by less do not matter: ice changes slowly
SHUT_FACTOR = 60.0  # how much dearer a barred mile is where the least barred path is looked for
EVERYWHERE = float("inf")
MARGIN_SHARE, MARGIN_NM = 1.0, 100.0  # of what ice costs a path, so that the dates round about it are true as well
DETOURS_NM = (500.0, EVERYWHERE)  # where a corridor has no way, one is sought in the next of these
LATER_DAYS = (5.0, 10.0, 20.0, 30.0, 45.0)  # later than in open water no ship is that comes to a passage at all
BARRED_NM = 1000.0  # how far beyond the least miles paths are looked for that are not to be sailed
DEARER_WATER = "nsr"  # every mile on it is sailed at least so many times as the navigator says


@dataclass(frozen=True)
class Settled:
    """The last round of a search: the cells (c,) that it looked at, the hours (n,) to the nodes that gave the dates,
    the going and the prices per nm (first hours) in the cells, and the path."""

    cells: Ints
    arrival: Floats
    going: Going
    prices: Floats
    path: Path | None


class Search:
    """The searches for one voyage. `spare_nm` guesses by how much its path costs more than the shortest open way; no
    path is wanted that takes as many hours as `within_h`."""

    def __init__(
        self,
        net: SeaNetwork,
        lattice: Lattice,
        ends: tuple[Place, Place],
        demand: Demand,
        ice: IceSea,
        depart: datetime,
        objective: Objective,
        spare_nm: float,
        within_h: float = EVERYWHERE,
    ) -> None:
        self.net, self.lattice, self.ends = net, lattice, ends
        self.ice, self.objective = ice, objective
        self.least_ratio = ice.navigator.least_ratio
        self.outlook = lattice.outlook(demand, ends, (DEARER_WATER, self.least_ratio))
        self.depart_day = day_number(depart)
        self.open_slowness = 1.0 / ice.navigator.open_kn
        self._spare_nm, self._needed_before_nm = spare_nm, 0.0
        self._before_h = EVERYWHERE  # of the path that the last search found
        self._arrival = self.outlook.from_start * self.open_slowness
        self._within_h = within_h
        self._lag = np.zeros(1), np.zeros(1)

    def line(self, shut: np.ndarray, through_bars: bool = False) -> SeaLine | None:
        """The settled path, straightened; None where none is open. `shut` (c,) are cells closed for good."""
        if not np.isfinite(self.outlook.least_nm):
            return None
        begin = self._arrival
        if not through_bars and (self._shut_for_long(shut) or not self._may_be_within(shut)):
            return None
        guess_nm = max(MARGIN_SHARE * self._spare_nm + MARGIN_NM, self._needed_before_nm)
        if self.objective != "time":  # what costs little fuel may take long
            guess_nm = EVERYWHERE
        corridor = self.outlook.corridor(BARRED_NM if through_bars else self.outlook.step(guess_nm))
        while True:
            self._arrival = begin
            settled, needed_nm = self._rounds(corridor, shut, through_bars)
            wide = corridor.spare_nm >= DETOURS_NM[0]
            if needed_nm <= corridor.spare_nm or (settled.path is None and wide and self._shut_now(shut)):
                break
            if settled.path is None:
                needed_nm = next(nm for nm in DETOURS_NM if nm > corridor.spare_nm)
            corridor = self.outlook.corridor(self.outlook.step(needed_nm))
        if settled.path is None:
            self._arrival = begin
            return None
        self._needed_before_nm, self._before_h = needed_nm, settled.path.length_nm
        if self.objective != "time":
            settled = self._cheapest(settled, corridor)
        return self._straight(settled, shut, through_bars)

    def late(self, clock: Clock) -> bool:
        """Take the waits and the approach of a voyage into the dates; True where they move by more than `LATE_H`."""
        hours, elapsed = clock.under_way_h, clock.elapsed_h
        before, self._lag = np.interp(hours, *self._lag), (hours, elapsed - hours)
        return float(np.abs(elapsed - hours - before).max()) > LATE_H

    def _may_be_within(self, shut: np.ndarray) -> bool:
        """Whether a path may take fewer hours than are wanted: whatever does lies in a corridor of their miles."""
        spare_nm = self._within_h / self.open_slowness - self.outlook.least_nm
        if not 0 < spare_nm <= BARRED_NM:
            return spare_nm > 0
        step_nm = min(self.outlook.step(spare_nm), BARRED_NM)
        begin = self._arrival
        settled, _ = self._rounds(self.outlook.corridor(step_nm), shut, through_bars=False, settle=True)
        self._arrival = begin
        return settled.path is not None and settled.path.length_nm < self._within_h

    def _rounds(
        self, corridor: Corridor, shut: np.ndarray, through_bars: bool, settle: bool = False
    ) -> tuple[Settled, float]:
        """The settled path in a corridor, and by how much it must go beyond the least miles for that to hold, nm.

        A path through bars, or one that is to `settle`, holds in any."""
        before, needed_nm = EVERYWHERE if through_bars or settle else self._before_h, 0.0
        places = self.ice.cells_of(corridor)
        for _ in range(FEW_ROUNDS if through_bars else ROUNDS):
            dates = self._arrival
            going = self.ice.navigator.going(places, self._days(dates, corridor.near))
            price = self._slowness(going, shut[corridor.cells], through_bars)
            found = corridor.search(price, self.open_slowness)
            length = np.inf if found.path is None else found.path.length_nm
            needed_nm = 0.0 if through_bars or settle else max(needed_nm, self._needed_nm(length))
            narrow = found.path is not None or corridor.spare_nm < DETOURS_NM[0]
            if needed_nm > corridor.spare_nm and narrow:
                break
            moved = self._move(found.arrival)
            if abs(length - before) < SETTLED_H or (found.path is None and moved < LATE_H):
                break
            before = length
        return Settled(corridor.cells, dates, going, price, found.path), needed_nm

    def _needed_nm(self, hours: float) -> float:
        """By how much a corridor must go beyond the least miles where the best path takes so many hours."""
        return MARGIN_SHARE * (hours / self.open_slowness - self.outlook.least_nm) + MARGIN_NM

    def _shut_now(self, shut: np.ndarray) -> bool:
        """Whether a passage that must be crossed is shut, so that there is no way."""
        return self.outlook.gates.shut(self._gate_prices(self.outlook.gates, shut), self.open_slowness)

    def _shut_for_long(self, shut: np.ndarray) -> bool:
        """Whether one is shut now and on all of `LATER_DAYS`: the dates of a ship that has to go far round."""
        gates = self.outlook.gates
        prices = self._gate_prices(gates, shut)
        if not gates.shut(prices, self.open_slowness):
            return False
        later = self._gate_prices(gates.times(len(LATER_DAYS)), shut, np.repeat(LATER_DAYS, len(gates.cells)))
        prices = np.vstack([prices, later.reshape(len(LATER_DAYS), -1)]).min(axis=0)
        return gates.shut(prices, self.open_slowness)

    def _gate_prices(self, gates: Gates | Cells, shut: np.ndarray, later_days: Floats | float = 0.0) -> Floats:
        """Hours per nm of the way in the cells of passages that must be crossed, some days later than the dates."""
        cells = gates.cells
        days = self._days(self._arrival, self.lattice.leg_cells.near[cells]) + later_days
        price = self._slowness(self.ice.navigator.going(self.ice.cells_of(gates), days), shut[cells], False)
        price[self.outlook.kept_off[cells]] = np.inf
        return price

    def _days(self, arrival: Floats, near: np.ndarray) -> Floats:
        """Day numbers at cells, by the hours (n,) to the nodes that they are near."""
        hours = arrival[near]
        return np.asarray(self.depart_day + (hours + np.interp(hours, *self._lag)) / HOURS_PER_DAY)

    def _move(self, found: Floats) -> float:
        """Take the hours (n,) to the nodes found by a round into the dates; by how many hours the latest moved."""
        known = np.isfinite(found)
        moved = float(np.abs(found - self._arrival)[known].max(initial=0.0))
        self._arrival = np.where(known, found, self._arrival)
        return moved

    def _cheapest(self, settled: Settled, corridor: Corridor) -> Settled:
        """The path of least fuel or miles on the dates of the quickest, with the prices per nm that it is chosen by."""
        prices = self._prices(settled.going, settled.prices)
        return replace(settled, prices=prices, path=corridor.search(prices, self._open_price()).path)

    def _slowness(self, going: Going, shut: np.ndarray, through_bars: bool) -> Floats:
        """Hours per nm of the way in each cell; inf where barred, or very many where bars are to be crossed."""
        barred = (going.bar != Bar.OPEN) | shut
        hours = 1.0 / np.where(barred, 1.0, self._speed_kn(going)) + besetting.hours_per_nm(self.ice.navigator, going)
        out = self.ice.navigator.sailed_ratio(going) * hours
        out[barred] = SHUT_FACTOR * self.open_slowness if through_bars else np.inf
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

    def _straight(self, settled: Settled, shut: np.ndarray, through_bars: bool) -> SeaLine | None:
        """The path's line without the corners of the lattice that it does not need."""
        if settled.path is None:
            return None
        lattice, outlook, path = self.lattice, self.outlook, settled.path
        start, goal = (replace(p, ends=e) for p, e in zip(self.ends, outlook.ends, strict=True))
        line = sea_line(start, goal, path, outlook.graph, lattice.lonlat, lattice.canal, self.net.passages)
        free = np.array([k >= lattice.network_size for k in path.nodes], dtype=bool)
        known = np.full(self.ice.grid.size + 1, np.nan)  # OPEN is -1, the last
        known[settled.cells] = np.where(outlook.kept_off[settled.cells], np.inf, settled.prices)
        known[-1] = self._open_price()

        def price(cells: np.ndarray) -> Floats:
            days = self._days(settled.arrival, lattice.leg_cells.near[cells])
            going = self.ice.navigator.going(self.ice.cells_at(cells), days)
            slowness = self._slowness(going, shut[cells], through_bars)
            slowness[outlook.kept_off[cells]] = np.inf
            return slowness if self.objective == "time" else self._prices(going, slowness)

        def cost(start: Floats, stop: Floats, length_nm: Floats) -> Floats:
            read = readings(self.ice.grid, start, stop)
            new = np.unique(read.cell[np.isnan(known[read.cell])])
            if len(new):
                known[new] = price(new)
            return np.asarray(length_nm * np.add.reduceat(known[read.cell] * read.share, read.first[:-1]))

        sea = self.ends[0].sea, self.ends[1].sea
        return straightened(line, sea, free, cost, self._seen, self.net.passages.crossed)

    def _seen(self, start: Floats, others: Floats, k: int) -> bool:
        """Whether a corner sees the k-th of those that a direct leg may lead to."""
        return self.lattice.sight.sees(start, others, k)
