"""The sea network with the lattice over waters that can freeze, and where each of its legs lies among the ice cells.

Knows no ice: it turns hours per mile in each cell into hours on each leg.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path as FilePath

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

import geodata
from sim.errors import DAMAGED, DataError
from sim.geo.cells import HALF, CellGrid, readings
from sim.geo.geodesy import Floats, vectors
from sim.geo.graph import Ends, Graph, Ints, Product
from sim.geo.network import Demand, SeaNetwork
from sim.geo.network.places import Place
from sim.geo.network.search.corridor import Anchor, Outlook
from sim.geo.network.search.sight import Sight
from sim.geo.waters import inside_water

MAX_PRODUCTS = 6
MAX_OUTLOOKS = 8
BLOCK = 2000  # legs
NEAR_NM = 80.0  # how far a free position is joined to nodes of the lattice
ROUND_NM = 300.0  # round a place that is no node of the network all its legs are used


class Lattice:
    """Nodes and legs of the network with those of the lattice after them. `grid` are the cells.

    A search has the legs of the lattice, of the network those of its reduced graph, short ones in water that can freeze
    (the lattice does as well as the long ones), and round a place that is no node of the network all that are near.
    """

    def __init__(self, net: SeaNetwork, raw: dict[str, NDArray[np.generic]]) -> None:
        first, second, length_nm, bits = net.edge_arrays()
        self._net = net
        self._products: dict[tuple[int, tuple[int, ...], tuple[Place, ...]], Product] = {}
        self._graphs: dict[tuple[Place, ...], Graph] = {}
        self._outlooks: dict[tuple[object, ...], Outlook] = {}
        self.sight = Sight(net.free_water, net.node_lonlat)
        nodes, edges = (int(v) for v in raw["nodes"])
        if (nodes, edges) != (len(net.node_lonlat), len(first)):
            raise DataError("lattice.npz belongs to another network.npz; rebuild it with 'python -m geodata.build'")
        side = 2 * HALF + 1
        mask = np.unpackbits(raw["mask"].astype(np.uint8), count=side * side).astype(bool).reshape(side, side)
        self.grid = CellGrid.of_mask(mask)
        own = raw["lonlat"].astype(np.float64) / 1e5
        self.network_size = nodes
        self.lonlat = np.vstack([net.node_lonlat, own])
        self.xyz = vectors(self.lonlat)
        more_first = np.repeat(np.arange(len(own)), raw["count"].astype(np.int64)) + nodes
        more_bits = np.zeros(len(more_first), dtype=np.uint64)
        more_bits[raw["gated"].astype(np.int64)] = raw["gated_bits"].astype(np.uint64)
        self.first = np.concatenate([first, more_first])
        self.second = np.concatenate([second, raw["second"].astype(np.int64)])
        self.length_nm = np.concatenate([length_nm, raw["length"].astype(np.float64)])
        self.bits = np.concatenate([bits, more_bits])
        self.canal = np.concatenate([net.node_canal, np.full(len(own), -1, dtype=np.int64)])
        freezing = np.unpackbits(raw["freezing_edges"].astype(np.uint8), count=edges).astype(bool)
        self._long = freezing & (length_nm > NEAR_NM) & ~net.highway
        self._always = net.highway | (freezing & ~self._long)
        self._icy = np.concatenate([np.flatnonzero(freezing & ~self._long), np.arange(edges, len(self.first))])

    @classmethod
    def load(cls, net: SeaNetwork, path: FilePath | None = None) -> Lattice:
        """The shipped lattice. Raises DataError."""
        path = path or geodata.binary("lattice.npz")
        try:
            with path.open("rb") as file, np.load(file) as data:
                return cls(net, {k: data[k] for k in data.files})
        except DAMAGED as error:
            raise DataError(
                f"{path.name}: cannot be read ({error}); rebuild it with 'python -m geodata.build'"
            ) from error

    @cached_property
    def _stretches(self) -> tuple[NDArray[np.int32], Floats, Ints]:
        """Legs that touch freezing waters, as stretches within one cell: cell, share of the leg, first of each leg."""
        cells, shares, firsts, count = [], [], [], 0
        for k in range(0, len(self._icy), BLOCK):  # in blocks that stay near the processor
            leg = self._icy[k : k + BLOCK]
            read = readings(self.grid, self.xyz[self.first[leg]], self.xyz[self.second[leg]])
            new = np.ones(len(read.cell), dtype=bool)
            new[1:] = read.cell[1:] != read.cell[:-1]
            new[read.first[:-1]] = True
            begin = np.flatnonzero(new)
            cells.append(read.cell[begin])
            shares.append(np.add.reduceat(read.share, begin))
            firsts.append(np.searchsorted(begin, read.first[:-1]) + count)
            count += len(begin)
        return np.concatenate(cells), np.concatenate(shares), np.concatenate(firsts)

    def edge_hours(self, slowness: Floats, open_slowness: float) -> Floats:
        """Hours (e,) on each leg, of hours per nm in each cell (c,); `open_slowness` holds elsewhere.

        Where a cell's slowness is infinite, the legs through it take forever. The same with any price per nm.
        """
        cell, share, first = self._stretches
        by_number = np.append(slowness, open_slowness)  # OPEN is -1, the last
        hours = self.length_nm * open_slowness
        hours[self._icy] = np.maximum(self.length_nm[self._icy], 1e-6) * np.add.reduceat(by_number[cell] * share, first)
        return hours

    def miles(self, legs: Ints, more: Sequence[Ints] = ()) -> tuple[Ints, Ints, csr_array]:
        """Cells (c,) that some legs (m,) touch, and `more`; the column of every cell and of open water, the last; and the
        miles (m, c + 1) of each leg in each column."""
        at, first = self._rows(legs)
        cell, share, _ = self._stretches
        length = np.where(first[:-1] < first[1:], np.maximum(self.length_nm[legs], 1e-6), self.length_nm[legs])
        touched = np.zeros(self.grid.size + 1, dtype=bool)  # OPEN is -1, the last
        touched[cell[at]] = True
        for others in more:
            touched[others] = True
        cells = np.flatnonzero(touched[:-1])
        column = np.full(self.grid.size + 1, len(cells), dtype=np.int32)
        column[cells] = np.arange(len(cells), dtype=np.int32)
        count = np.diff(first)
        miles = np.repeat(length, count) * share[at]
        open_sea = np.flatnonzero(count == 0)
        whole = np.maximum(count, 1)
        indptr = np.concatenate([[0], np.cumsum(whole)])
        columns, data = np.empty(indptr[-1], dtype=np.int32), np.empty(indptr[-1])
        columns[indptr[open_sea]], data[indptr[open_sea]] = len(cells), length[open_sea]
        into = np.arange(len(at)) + np.repeat(indptr[:-1] - first[:-1], count)
        columns[into], data[into] = column[cell[at]], miles
        return cells, column, csr_array((data, columns, indptr.astype(np.int32)), shape=(len(legs), len(cells) + 1))

    def _rows(self, legs: Ints) -> tuple[Ints, Ints]:
        """Stretches of some legs, leg after leg, and (m + 1,) where those of each begin; none in open water."""
        cell, _, firsts = self._stretches
        begin = np.append(firsts, len(cell))
        icy = self._icy_number[legs]
        there = icy >= 0
        count = np.where(there, begin[icy + 1] - begin[icy], 0)
        first = np.concatenate([[0], np.cumsum(count)])
        return np.arange(first[-1]) + np.repeat(np.where(there, begin[icy], 0) - first[:-1], count), first

    @cached_property
    def _icy_number(self) -> Ints:
        out = np.full(len(self.first), -1, dtype=np.int64)
        out[self._icy] = np.arange(len(self._icy))
        return out

    def nearest(self, cells: Ints) -> Ints:
        """The node (c,) of the lattice nearest to each of some cells."""
        return self._nearest_node[cells]

    def arrival_at_cells(self, arrival: Floats) -> Floats:
        """Value (c,) at each cell of the nearest node of what is known at the nodes (n,)."""
        return arrival[self._nearest_node]

    @cached_property
    def _nearest_node(self) -> Ints:
        from scipy.spatial import KDTree

        own = np.arange(self.network_size, len(self.lonlat))
        return np.asarray(own[KDTree(self.xyz[own]).query(vectors(self.grid.lonlat))[1]])

    def graph(self, *places: Place) -> Graph:
        """The legs of a search between places. An entry's `leg` is its number among all legs."""
        loose = tuple(p for p in places if not p.listed)
        if loose not in self._graphs:
            if len(self._graphs) >= MAX_PRODUCTS:
                self._graphs.pop(next(iter(self._graphs)))
            legs = self._legs(loose)
            graph = Graph(len(self.lonlat), self.first[legs], self.second[legs], self.length_nm[legs], self.bits[legs])
            graph.leg = legs[graph.leg].astype(np.int32)
            self._graphs[loose] = graph
        return self._graphs[loose]

    def _legs(self, loose: tuple[Place, ...]) -> Ints:
        usable, count = self._always.copy(), len(self._always)
        for place in loose:
            near = self._net.may_be_near(place, ROUND_NM)
            usable |= near[self.first[:count]] & near[self.second[:count]] & ~self._long
        return np.concatenate([np.flatnonzero(usable), np.arange(count, len(self.first))])

    def product(self, closed: np.uint64, groups: Sequence[np.uint64], *places: Place) -> Product:
        """The graph as it is searched between places under closures (bits) and with passages to cross; kept for the
        next voyage."""
        key = (int(closed), tuple(int(g) for g in groups), tuple(p for p in places if not p.listed))
        if key not in self._products:
            if len(self._products) >= MAX_PRODUCTS:
                self._products.pop(next(iter(self._products)))
            self._products[key] = Product(self.graph(*places), closed, groups)
        return self._products[key]

    def outlook(self, demand: Demand, places: tuple[Place, Place], dearer: tuple[str, float]) -> Outlook:
        """Least miles between two places under a demand, kept for the next voyage; see `Outlook`."""
        off = demand.between(*places).off
        key = (int(demand.closed), tuple(int(g) for g in demand.groups), off, places, dearer)
        if key not in self._outlooks:
            if len(self._outlooks) >= MAX_OUTLOOKS:
                self._outlooks.pop(next(iter(self._outlooks)))
            ends = [Anchor(self.grid, p.sea, self.ends(self._net, p), self.xyz) for p in places]
            kept_off = inside_water(off, self.grid.lonlat) if off else np.zeros(self.grid.size, dtype=bool)
            product = self.product(demand.closed, demand.groups, *places)
            self._outlooks[key] = Outlook(self, product, (ends[0], ends[1]), kept_off, dearer)
        return self._outlooks[key]

    def ends(self, net: SeaNetwork, place: Place) -> Ends:
        """How a place hangs on the lattice: as on the network, and for a free position also on lattice nodes nearby."""
        from sim.geo.geodesy import NM_PER_RADIAN, lengths_nm

        if place.listed:
            return place.ends
        at = vectors(place.sea)
        own = np.arange(self.network_size, len(self.lonlat))
        near = own[self.xyz[own] @ at > np.cos(NEAR_NM / NM_PER_RADIAN)]
        near = near[net.seen_from(place.sea, self.lonlat[near])] if len(near) else near
        bits = net.passages.crossed(np.broadcast_to(at, (len(near), 3)), self.xyz[near])
        return Ends(
            np.concatenate([place.ends.nodes, near]),
            np.concatenate([place.ends.length_nm, lengths_nm(place.sea, self.lonlat[near])]),
            np.concatenate([place.ends.bits, bits]),
        )
