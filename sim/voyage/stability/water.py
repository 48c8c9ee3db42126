"""Which water lets a ship arrive within some days of the best: two searches over the whole lattice tell it.

One gives the hours from the start to every node, the other those from every node to the goal, both at the prices of the
dates on which the ship comes there. The quickest path over a leg takes the hours to its one end, over the leg, and on
from its other; a cell of the ice is as quick as the quickest of the legs that touch it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.geo.cells import OPEN, readings_of_way
from sim.geo.geodesy import Floats
from sim.geo.graph import Ends, Ints, memberships
from sim.units import HOURS_PER_DAY
from sim.voyage.search.rounds import ROUNDS, SETTLED_H, Search


class UsableWater(NamedTuple):
    """Cells (k,) of the ice grid, in their order, and by how many days (k,) the quickest path over each is longer than
    the best; `best_days` of that path, without waits and approaches, inf where none is open."""

    cells: Ints
    extra_days: Floats
    best_days: float


class WaterSearch(Search):
    """A search that keeps all hours in place of one path."""

    def water(self, allowance_days: float, sailed: Floats) -> UsableWater:
        """The cells on paths that take at most so many days more than the best. `sailed` (n, 2) is the best route,
        without the corners of the lattice: the cells on it are as quick as it is."""
        forth, back, per_nm = self._hours()
        start, goal = self._priced(per_nm)
        best_h = self._least_h(forth, goal)
        if not np.isfinite(best_h):
            return UsableWater(np.empty(0, np.int64), np.empty(0), float("inf"))
        limit_h = best_h + allowance_days * HOURS_PER_DAY
        quickest = self._over_legs(forth, back, per_nm, limit_h)
        self._over_ends(quickest, start, back, 0)
        self._over_ends(quickest, goal, forth, 1)
        read = readings_of_way(self.ice.grid, sailed)
        quickest[np.unique(read.cell[read.cell != OPEN])] = best_h
        cells = np.flatnonzero(quickest <= limit_h)
        return UsableWater(cells, np.maximum(quickest[cells] - best_h, 0.0) / HOURS_PER_DAY, best_h / HOURS_PER_DAY)

    def _hours(self) -> tuple[Floats, Floats, Floats]:
        """Hours (layers, n) from the start to every state, and from it on to the goal, and those per nm (c,) in the
        cells at which both settle."""
        near, places = self.lattice.leg_cells.near, self.ice.cells
        shut, product = np.zeros(self.ice.grid.size, dtype=bool), self.outlook.product
        before = np.inf
        for _ in range(ROUNDS):
            going = self.ice.navigator.going(places, self._days(self._arrival, near))
            per_nm = np.where(self.outlook.kept_off, np.inf, self._slowness(going, shut, through_bars=False))
            weights = self.lattice.leg_cells.leg_prices(per_nm, self.open_slowness)
            start, goal = self._priced(per_nm)
            forth = product.prices(weights, start)
            least = self._least_h(forth, goal)
            moved = self._move(forth.min(axis=0))
            if abs(least - before) < SETTLED_H or (not np.isfinite(least) and moved < SETTLED_H):
                break
            before = least
        every = product.layers - 1
        back = product.prices(weights, goal)[[every & ~done for done in range(product.layers)]]
        return forth, back, per_nm

    def _priced(self, per_nm: Floats) -> tuple[Ends, Ends]:
        prices, column = np.append(per_nm, self.open_slowness), np.arange(len(per_nm) + 1)  # OPEN is -1, the last
        start, goal = (anchor.priced(prices, column) for anchor in self.outlook.anchors)
        return start, goal

    def _least_h(self, forth: Floats, goal: Ends) -> float:
        return float(self._at_end(goal, forth, 1).min(initial=np.inf))

    def _at_end(self, end: Ends, hours: Floats, side: int) -> Floats:
        """Hours (k,) of the whole way over each leg of an end: 0 the start, 1 the goal; `hours` (layers, n) are those
        from the states beyond it."""
        product = self.outlook.product
        crossed = memberships(end.bits, product.groups)
        state = crossed if side == 0 else product.layers - 1 & ~crossed
        return np.where((end.bits & product.closed) == 0, hours[state, end.nodes] + end.length_nm, np.inf)

    def _over_ends(self, quickest: Floats, end: Ends, hours: Floats, side: int) -> None:
        for cells, whole in zip(self.outlook.anchors[side].touched, self._at_end(end, hours, side), strict=True):
            quickest[cells] = np.minimum(quickest[cells], whole)

    def _over_legs(self, forth: Floats, back: Floats, per_nm: Floats, limit_h: float) -> Floats:
        """Hours (c,) of the quickest path over a leg that touches each cell; inf where none keeps to the limit."""
        product, leg_cells = self.outlook.product, self.lattice.leg_cells
        weights = leg_cells.leg_prices(per_nm, self.open_slowness)
        states = np.flatnonzero((forth + back).ravel() <= limit_h)
        row, to, leg = product.entries(states)
        whole = forth.ravel()[states][row] + weights[leg] + back.ravel()[to]
        within = whole <= limit_h
        over = np.full(len(weights), np.inf)
        np.minimum.at(over, leg[within], whole[within])
        legs = np.flatnonzero(np.isfinite(over))
        cells, _, miles = leg_cells.miles(legs)
        where = miles.tocoo()
        icy = where.col < len(cells)
        out = np.full(leg_cells.grid.size, np.inf)
        np.minimum.at(out, cells[where.col[icy]], over[legs][where.row[icy]])
        return out
