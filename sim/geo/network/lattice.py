"""The sea network with the lattice over waters that can freeze, and where each of its legs lies among the ice cells.

Knows no ice: it turns hours per mile in each cell into hours on each leg.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path as FilePath

import numpy as np
from numpy.typing import NDArray

import geodata
from sim.errors import DAMAGED, DataError
from sim.geo.cells import HALF, CellGrid
from sim.geo.geodesy import vectors
from sim.geo.graph import Ends, Graph, Ints, Product
from sim.geo.network import Demand, SeaNetwork
from sim.geo.network.places import Place
from sim.geo.network.search.corridor import Anchor, Outlook
from sim.geo.network.search.leg_cells import LegCells, Stretches
from sim.geo.network.search.sight import Sight
from sim.geo.waters import inside_water

MAX_PRODUCTS = 6
MAX_OUTLOOKS = 8
NEAR_NM = 80.0  # how far a free position is joined to nodes of the lattice
ROUND_NM = 300.0  # round a place that is no node of the network all its legs are used


class Lattice:
    """Nodes and legs of the network with those of the lattice after them. `grid` are the cells.

    A search has the legs of the lattice, of the network those of its reduced graph, short ones in water that can freeze
    (the lattice does as well as the long ones), and round a place that is no node of the network all that are near.
    """

    def __init__(self, net: SeaNetwork, raw: dict[str, NDArray[np.generic]], shipped: bool = False) -> None:
        first, second, length_nm, bits = net.edge_arrays()
        self._net, self._shipped = net, shipped
        self._products: dict[tuple[int, tuple[int, ...], tuple[Place, ...]], Product] = {}
        self._graphs: dict[tuple[Place, ...], Graph] = {}
        self.outlooks: dict[tuple[object, ...], Outlook] = {}
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
        """The shipped lattice, read once for a network, or another one. Raises DataError."""
        if path is None:
            net.lattice = net.lattice or cls._read(net, geodata.binary("lattice.npz"), shipped=True)
            return net.lattice
        return cls._read(net, path, shipped=False)

    @classmethod
    def _read(cls, net: SeaNetwork, file_path: FilePath, shipped: bool) -> Lattice:
        try:
            with file_path.open("rb") as file, np.load(file) as data:
                return cls(net, {k: data[k] for k in data.files}, shipped=shipped)
        except DAMAGED as error:
            raise DataError(
                f"{file_path.name}: cannot be read ({error}); rebuild it with 'python -m geodata.build'"
            ) from error

    def prepare(self) -> None:
        """Make now what all voyages between listed places share."""
        self.graph()
        self.sight.prepare()
        assert self.leg_cells.near.size

    @cached_property
    def leg_cells(self) -> LegCells:
        """Where the legs lie among the cells: as shipped, or measured for another lattice. Raises DataError."""
        if self._shipped:
            stretches = Stretches.read(geodata.binary("legs.npz"), len(self._icy), self.grid.size)
        else:
            stretches = self.measured()
        return LegCells(self.grid, self.length_nm, self._icy, stretches, self.network_size)

    def measured(self) -> Stretches:
        """The legs in water that can freeze, measured anew."""
        legs, own = self._icy, self.xyz[self.network_size :]
        return Stretches.measured(self.grid, self.xyz[self.first[legs]], self.xyz[self.second[legs]], own)

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
        if key not in self.outlooks:
            if len(self.outlooks) >= MAX_OUTLOOKS:
                self.outlooks.pop(next(iter(self.outlooks)))
            ends = [Anchor(self.grid, p.sea, self.ends(self._net, p), self.xyz) for p in places]
            kept_off = inside_water(off, self.grid.lonlat) if off else np.zeros(self.grid.size, dtype=bool)
            product = self.product(demand.closed, demand.groups, *places)
            self.outlooks[key] = Outlook(self.leg_cells, product, (ends[0], ends[1]), kept_off, dearer)
        return self.outlooks[key]

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
