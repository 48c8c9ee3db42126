"""The part of the lattice on which a voyage between two places can lie, searched again and again under other prices.

No price per mile is below that of open water. So the miles of open water from the start to a node and on to the goal
bound from below what any path over that node costs (Dijkstra on the whole product graph, once for two places), and a
path that costs no more than a limit leads over nodes and legs whose bounds add up to at most that: the corridor.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sim.geo.cells import CellGrid, Readings, readings
from sim.geo.geodesy import Floats, vectors
from sim.geo.graph import TINY, Ends, Graph, Ints, Path, Product, memberships
from sim.geo.network.search.leg_cells import LegCells
from sim.geo.waters import inside_water

SLACK_NM = 1e-3  # the rounding of sums is less
LADDER_NM = (125.0, 175.0, 250.0, 350.0, 500.0, 700.0, 1000.0, 1400.0, 2000.0, float("inf"))  # beyond the least miles


@dataclass(frozen=True)
class Found:
    """What a search found: the cheapest path (None: there is none in the corridor), and the price (n,) of every node
    of the lattice: that of the state which a voyage over it would be in, inf where none leads to that."""

    path: Path | None
    arrival: Floats


class Anchor:
    """One end of a search: how its place hangs on the lattice, and where the legs to the nodes lie among the cells."""

    def __init__(self, grid: CellGrid, sea: Floats, ends: Ends, xyz: Floats) -> None:
        self.ends = ends
        self._read: Readings | None = None
        if len(ends.nodes) != 1 or ends.length_nm[0] != 0:
            at = np.broadcast_to(vectors(sea), (len(ends.nodes), 3))
            self._read = readings(grid, at, xyz[ends.nodes])

    @property
    def cells(self) -> Ints:
        """Cells that the legs touch."""
        return np.empty(0, np.int64) if self._read is None else np.unique(self._read.cell[self._read.cell >= 0])

    @property
    def touched(self) -> list[Ints]:
        """Cells that each of the legs touches."""
        if self._read is None:
            return [np.empty(0, np.int64) for _ in self.ends.nodes]
        each = (self._read.cell[a:b] for a, b in pairwise(self._read.first))
        return [np.unique(cells[cells >= 0]).astype(np.int64) for cells in each]

    def priced(self, per_nm: Floats, column: Ints) -> Ends:
        """The end with prices for lengths; `column` (all cells and open water) is the place in `per_nm` of each."""
        ends, read = self.ends, self._read
        if read is None:
            return ends
        each = np.add.reduceat(per_nm[column[read.cell]] * read.share, read.first[:-1])
        return Ends(ends.nodes, np.asarray(ends.length_nm * each), ends.bits)


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells (c,) at which something is read; one may come several times."""

    cells: Ints


class Gates:
    """All legs by which paths under a demand can cross the passages that they must: `cells` (c,) that these touch."""

    def __init__(self, leg_cells: LegCells, product: Product) -> None:
        graph = product.graph
        usable = (graph.bits & product.closed) == 0
        legs = [np.unique(graph.leg[usable & ((graph.bits & group) != 0)]) for group in product.groups]
        self.cells, _, self._miles = leg_cells.miles(np.concatenate([np.empty(0, np.int64), *legs]))
        self._first = np.cumsum([0, *map(len, legs)])
        self._times: dict[int, Cells] = {}

    def times(self, count: int) -> Cells:
        """The cells so many times one after the other: once for each of several dates."""
        if count not in self._times:
            self._times[count] = Cells(np.tile(self.cells, count))
        return self._times[count]

    def shut(self, per_nm: Floats, unit: float) -> bool:
        """Whether a passage that must be crossed cannot be, at prices per nm in the cells and `unit` elsewhere."""
        is_open = np.isfinite(self._miles @ np.append(per_nm, unit))
        return any(not is_open[a:b].any() for a, b in pairwise(self._first))


class Corridor:
    """The states of a product graph on which a path can lie that is longer than the least open-water miles by
    no more than `spare_nm`.

    A state is a node with the groups of passages crossed on the way to it. `cells` (c,) are the cells that the legs
    between the states touch, `near` (c,) the node whose dates each cell has, `kept_off` (c,) those in a water that is
    kept off.
    """

    def __init__(self, outlook: Outlook, spare_nm: float) -> None:
        leg_cells, product = outlook.leg_cells, outlook.product
        limit_nm = outlook.least_nm + spare_nm + SLACK_NM
        states = np.flatnonzero(np.isfinite(outlook.together) & (outlook.together <= limit_nm))
        self.spare_nm, self._product, self._anchors = spare_nm, product, outlook.anchors
        self._size = product.graph.size
        self._nodes = states % self._size
        self._number = np.full(product.layers * self._size, -1, dtype=np.int32)
        self._number[states] = np.arange(len(states), dtype=np.int32)
        row, to, leg = product.entries(states)
        bound = (
            outlook.from_start_by_state.ravel()[states][row] + leg_cells.length_nm[leg] + outlook.to_goal.ravel()[to]
        )
        on_path = np.flatnonzero((self._number[to] >= 0) & (bound <= limit_nm))
        row, leg = row[on_path], leg[on_path]
        self._indices = self._number[to[on_path]]
        self._indptr = np.searchsorted(row, np.arange(len(states) + 1)).astype(np.int32)
        used = np.zeros(len(leg_cells.length_nm), dtype=bool)
        used[leg] = True
        legs = np.flatnonzero(used)
        at = np.empty(len(used), dtype=np.int32)
        at[legs] = np.arange(len(legs), dtype=np.int32)
        self._leg = at[leg]
        start = outlook.anchors[0].ends
        free = (start.bits & product.closed) == 0
        to = self._number[start.nodes[free] + memberships(start.bits[free], product.groups) * self._size]
        self._begin = np.flatnonzero(free)[to >= 0]  # legs of the start that lead to a state
        self._dated = np.flatnonzero(outlook.layer[self._nodes] == states // self._size)  # one state for each node
        self._indices = np.concatenate([self._indices, to[to >= 0]])
        self._indptr = np.append(self._indptr, np.int32(len(self._indices)))
        self.cells, self._column, self._miles = leg_cells.miles(legs, [a.cells for a in outlook.anchors])
        self.near = leg_cells.near[self.cells]
        self.kept_off = outlook.kept_off[self.cells]

    @property
    def size(self) -> int:
        """How many states it has."""
        return len(self._nodes)

    def search(self, per_nm: Floats, unit: float) -> Found:
        """The cheapest path at prices per nm (c,) in the cells and `unit` elsewhere."""
        k = self.size
        prices = np.append(np.where(self.kept_off, np.inf, per_nm), unit)
        start, goal = (a.priced(prices, self._column) for a in self._anchors)
        weights, legs = np.empty(len(self._indices)), self._miles @ prices
        np.maximum(legs, TINY, out=legs)
        np.take(legs, self._leg, out=weights[: len(self._leg)], mode="clip")  # "raise" would copy
        np.maximum(start.length_nm[self._begin], TINY, out=weights[len(self._leg) :])
        matrix = csr_array((weights, self._indices, self._indptr), shape=(k + 1, k + 1))
        dist, before = dijkstra(matrix, indices=k, directed=True, return_predecessors=True)
        path, states = self._path(dist, before, goal)
        arrival = np.full(self._size, np.inf)
        arrival[self._nodes[self._dated]] = dist[self._dated]
        arrival[self._nodes[states]] = dist[states]
        return Found(path, arrival)

    def _path(self, price: Floats, before: Ints, goal: Ends) -> tuple[Path | None, Ints]:
        """The path, and the states (m,) on it."""
        p, size = self._product, self._size
        last = (p.layers - 1) & ~memberships(goal.bits, p.groups)
        at = self._number[goal.nodes + last * size]
        total = np.where((at >= 0) & ((goal.bits & p.closed) == 0), price[at] + goal.length_nm, np.inf)
        best = int(np.argmin(total))
        if not np.isfinite(total[best]):
            return None, np.empty(0, dtype=np.int64)
        states = [int(at[best])]
        while (state := int(before[states[-1]])) != self.size:
            states.append(state)
        along = np.array(states[::-1], dtype=np.int64)
        return Path(float(total[best]), tuple(self._nodes[along].tolist())), along


class Outlook:
    """Two places under a demand, with the least open-water miles between them and every node: all that does not change
    with date, ice and ship.

    `kept_off` (c,) are cells of a water that is kept off; `dearer` names a water of which every mile counts at least so
    many times.
    """

    def __init__(
        self,
        leg_cells: LegCells,
        product: Product,
        anchors: tuple[Anchor, Anchor],
        kept_off: NDArray[np.bool_],
        dearer: tuple[str, float],
    ) -> None:
        self.leg_cells, self.product, self.anchors, self.kept_off = leg_cells, product, anchors, kept_off
        self.from_start_by_state = self._miles(np.ones(len(kept_off)), anchors[0])
        water, ratio = dearer
        back = self._miles(np.where(inside_water(water, leg_cells.grid.lonlat), ratio, 1.0), anchors[1])
        every = product.layers - 1
        self.to_goal = back[[every & ~done for done in range(product.layers)]]
        self.together = (self.from_start_by_state + self.to_goal).ravel()
        start, size = self.ends[0], product.graph.size
        free = (start.bits & product.closed) == 0
        states = start.nodes[free] + memberships(start.bits[free], product.groups) * size
        self.least_nm = float((start.length_nm[free] + self.to_goal.ravel()[states]).min(initial=np.inf))
        self._corridors: dict[float, Corridor] = {}

    def _miles(self, per_nm: Floats, anchor: Anchor) -> Floats:
        """Miles (layers, n) from an end to every state in open water."""
        return self.product.prices(self.leg_cells.leg_prices(np.where(self.kept_off, np.inf, per_nm), 1.0), anchor.ends)

    @cached_property
    def gates(self) -> Gates:
        """The legs over the passages that must be crossed."""
        return Gates(self.leg_cells, self.product)

    @property
    def ends(self) -> tuple[Ends, Ends]:
        """How the two places hang on the lattice."""
        return self.anchors[0].ends, self.anchors[1].ends

    @property
    def graph(self) -> Graph:
        """The legs that are searched."""
        return self.product.graph

    @cached_property
    def layer(self) -> Ints:
        """For each node (n,) the layer of the state in which a voyage over it is: that of the least miles in all."""
        return np.asarray(self.together.reshape(self.product.layers, -1).argmin(axis=0))

    @cached_property
    def from_start(self) -> Floats:
        """Least open-water miles (n,) to every node in its `layer`; where none lead there, those to the farthest."""
        miles = np.take_along_axis(self.from_start_by_state, self.layer[None], axis=0)[0]
        finite = np.isfinite(miles)
        return np.asarray(np.where(finite, miles, miles[finite].max(initial=0.0)))

    @staticmethod
    def step(spare_nm: float) -> float:
        """The step of `LADDER_NM` that is wide enough."""
        return next(nm for nm in LADDER_NM if spare_nm <= nm)

    def corridor(self, spare_nm: float) -> Corridor:
        """The corridor of paths longer than the shortest by at most so much, as a step of `LADDER_NM`."""
        if spare_nm not in self._corridors:
            self._corridors[spare_nm] = Corridor(self, spare_nm)
        return self._corridors[spare_nm]
