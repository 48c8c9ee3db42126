"""The sea network: routes between places, with passages to use, to avoid and closed."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

import numpy as np

import geodata
from sim.errors import PlaceError, PlacesNotUsed, UsageError
from sim.geo.geodesy import Floats, lengths_nm, vectors, way_nm
from sim.geo.graph import Bits, Ends, Graph, Ints, Path
from sim.geo.joins import JOIN_NM
from sim.geo.network.bounds import Bounds, shortest
from sim.geo.network.describe import APPROACH, described, local_route, sea_line
from sim.geo.network.given import Demand, Locatable, OnError, located, several
from sim.geo.network.joining import Places
from sim.geo.network.matrix import distance_matrix
from sim.geo.network.places import SHORTER, FreeWater, LocalWay, Place, doubtful
from sim.geo.network.refusal import hindrances, least_change
from sim.geo.network.store import READY, ReadBerths, Stored, read, read_berths, read_ways
from sim.geo.passages import Hindrance, PassageTable, ShipSize
from sim.geo.ports import Port, PortTable, read_ports
from sim.geo.positions import check_position, parse_position
from sim.geo.route import Route, unreachable

if TYPE_CHECKING:
    from sim.geo.network.lattice import Lattice
    from sim.geo.network.off.water import OffWater
    from sim.geo.network.raw.local import LocalWater


class SeaNetwork:
    """Routes over the world's sea. It never changes: closures belong to a call.

    Places are (lon, lat) degrees, port names, UN/LOCODEs, or texts such as "lat,lon" and "51 57.3 N 4 8.5 E".
    """

    def __init__(
        self,
        stored: Stored,
        ports: PortTable,
        passages: PassageTable,
        join_nm: float = JOIN_NM,
        read_berths: ReadBerths | None = None,
    ) -> None:
        self.ports = ports
        self.passages = passages
        self._s = stored
        self._places = Places(stored, ports, passages, read_berths)
        self._join_nm = join_nm
        self._off: dict[str, OffWater] = {}
        self._shipped_ports: int | None = None  # how many, of a network as shipped
        self.lattice: Lattice | None = None  # as shipped, once it is read

    def __reduce_ex__(self, protocol: Any) -> Any:
        """A network as shipped travels to another process as that, not as its arrays."""
        if self._shipped_ports == len(self.ports.all):
            return SeaNetwork.load, (None, self._join_nm)
        return super().__reduce_ex__(protocol)

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "lattice": None}

    @classmethod
    def load(cls, ports_csv: FilePath | None = None, join_nm: float = JOIN_NM) -> SeaNetwork:
        """The shipped network, with the ports of a user's CSV added. Raises DataError.

        `join_nm` is how far a position may lie inland of navigable water, or of a port with a channel of its own.
        """
        if READY and ports_csv is None and join_nm == JOIN_NM:
            return READY.pop()  # type: ignore[no-any-return]
        stored = read(geodata.binary("network.npz"))
        berths = partial(read_berths, geodata.binary("berths.npz"), len(stored.lonlat))
        net = cls(stored, PortTable.load(), PassageTable.load(), join_nm, berths)
        if list(net.passages.ids) != net._s.passage_ids:
            raise UsageError("network.npz is of another passages.csv; rebuild it with 'python -m geodata.build'")
        net._shipped_ports = len(net.ports.all)
        for port in read_ports(ports_csv) if ports_csv else []:
            net.ports.add(port)
        return net

    # -- graphs

    @cached_property
    def graph(self) -> Graph:
        """The whole network."""
        s = self._s
        return Graph(len(s.lonlat), s.first, s.second, s.length_nm, s.bits)

    @cached_property
    def _fast(self) -> tuple[Graph, Ints, Ints]:
        """The reduced graph: edges that some shortest path between ports uses; numbers to and from the network."""
        s = self._s
        rows = np.flatnonzero(s.highway)
        nodes = np.unique(np.concatenate([s.first[rows], s.second[rows], s.port_node[s.port_node >= 0]]))
        number = np.full(len(s.lonlat), -1, dtype=np.int64)
        number[nodes] = np.arange(len(nodes))
        graph = Graph(len(nodes), number[s.first[rows]], number[s.second[rows]], s.length_nm[rows], s.bits[rows])
        return graph, number, nodes

    @cached_property
    def _fast_bounds(self) -> Bounds:
        return self._s.bounds.part(self._fast[2])

    @property
    def fast(self) -> tuple[Graph, Ints]:
        """The reduced graph and the number in it of each node of the whole network (-1: none)."""
        return self._fast[0], self._fast[1]

    def off(self, water: str) -> OffWater:
        """The network off a named water."""
        if water not in self._off:
            from sim.geo.network.off.water import OffWater

            nodes = self._s.lonlat, self._s.canal
            self._off[water] = OffWater(water, nodes, self.edge_arrays(), self.free_water.ends, self.passages)
        return self._off[water]

    def fast_is_exact(self, demand: Demand) -> bool:
        """True where the reduced graph holds every shortest path between listed ports."""
        if demand.off:
            return False
        if demand.groups:
            return demand.closed == demand.barred and demand.key in self._s.exact_routes
        return int(demand.closed) in self._s.exact_sets

    @property
    def node_lonlat(self) -> Floats:
        """Lon, lat degrees (n, 2) of the nodes."""
        return self._s.lonlat

    @property
    def node_arctic(self) -> np.ndarray:
        """Which nodes (n,) lie behind the Arctic passages."""
        return self._s.arctic

    @property
    def node_canal(self) -> Ints:
        """The row of the canal (n,) that a node belongs to, else -1."""
        return self._s.canal

    @property
    def highway(self) -> np.ndarray:
        """Which edges (e,) belong to the reduced graph."""
        return self._s.highway

    def may_be_near(self, place: Place, nm: float) -> np.ndarray:
        """Which nodes (n,) may lie within so many miles of a place: all that do, and some more."""
        return np.asarray(self._s.bounds.lowest_nm(place.ends, np.uint64(0)) <= nm)

    def edge_arrays(self) -> tuple[Ints, Ints, Floats, Bits]:
        """First and second node, length (nm) and passage bits of every edge."""
        return self._s.first, self._s.second, self._s.length_nm, self._s.bits

    def seen_from(self, sea: Floats, others: Floats) -> np.ndarray:
        """Which positions (n, 2) in free water one position sees."""
        return self.free_water.sees(sea, others)

    def places_seen(self, place: Place, others: Sequence[Place]) -> np.ndarray:
        """Which of other places (n,) a place sees from its sea point; none of them is a node."""
        return self._places.seen_from(place, others)

    # -- places

    @property
    def free_water(self) -> FreeWater:
        """Free water, and the nodes that a position in it sees."""
        return self._places.water

    def place(self, what: Locatable, join_nm: float | None = None) -> Place:
        """The place that a name, code or position means; a position inland is joined from up to `join_nm` away (None:
        as the network was loaded). Raises PlaceError, UsageError."""
        if isinstance(what, Place):
            return what
        limit = self._join_nm if join_nm is None else join_nm
        if isinstance(what, str):
            position = parse_position(what)
            if position is None:
                return self._places.port(self.ports.find(what))
            return self._places.position(*position, f"'{what}'", limit)
        try:
            lon, lat = (float(v) for v in what)
        except (TypeError, ValueError):
            raise PlaceError(f"{what!r} is no place; a place is a name, a code, 'lat,lon' or (lon, lat)") from None
        check_position(lon, lat, f"({lon:g}, {lat:g})")
        return self._places.position(lon, lat, f"({lon:g}, {lat:g}) [lon, lat]", limit)

    def has_node(self, port: Port) -> bool:
        """Whether a port is a node of the network; others are joined to it when they are asked for."""
        return self._places.has_node(port)

    # -- routes

    def demand(
        self,
        via: str,
        closed: Iterable[str],
        ship: ShipSize,
        use: Iterable[str],
        avoid: Iterable[str],
        in_arctic: bool,
    ) -> Demand:
        """Closures and required passages as bits. An end `in_arctic` lifts a route's ban on the whole Arctic."""
        route = self.passages.route(via)
        own = route.barred(self.passages.arctic, in_arctic)
        shut = self.passages.expand(closed) | self.passages.expand(avoid) | frozenset(self.passages.refused(ship))
        required = route.required([self.passages.resolve(u) for u in use], shut)
        barred = self.passages.bits(own)
        groups = tuple(self.passages.bits(g) for g in required)
        if len(groups) > 6:
            raise UsageError(f"{len(groups)} passages to use, at most 6 are possible in one route")
        return Demand(route, barred, barred | self.passages.bits(shut), groups, route.keeps_off)

    def route(
        self,
        origin: Locatable,
        destination: Locatable,
        *,
        via: str = "usual",
        closed: str | Iterable[str] = (),
        use: str | Iterable[str] = (),
        avoid: str | Iterable[str] = (),
        draft_m: float | None = None,
        beam_m: float | None = None,
        length_m: float | None = None,
        air_draft_m: float | None = None,
        join_nm: float | None = None,
    ) -> Route:
        """The shortest route by a named route.

        `closed` and `avoid` name passages that it must not cross, `use` passages that it must cross (each once, in any
        order). A ship's size closes the passages that refuse it. A position up to `join_nm` inland is joined to the
        water, which the route's `joins` tell. Raises PlaceError, PassageError, UsageError.
        """
        start, goal = self.place(origin, join_nm), self.place(destination, join_nm)
        if (start.lon, start.lat) == (goal.lon, goal.lat):
            raise PlaceError(f"from and to are the same place: {start.name}")
        ship = ShipSize(draft_m, beam_m, length_m, air_draft_m)
        closed, use, avoid = several(closed, "closed"), several(use, "use"), several(avoid, "avoid")
        demand = self.demand(via, closed, ship, use, avoid, start.arctic or goal.arctic).between(start, goal)
        path = self.path(start, goal, demand)
        found = float("inf") if path is None else start.approach_nm + path.length_nm + goal.approach_nm
        near = self.local_way(start, goal, demand, found)
        if near is not None:
            return local_route(start, goal, near, self.passages)
        if path is None:
            return self._without_route(start, goal, demand, hindrances(self.passages, closed, avoid, ship))
        return self.described(start, goal, path)

    def local_way(self, start: Place, goal: Place, demand: Demand, network_nm: float) -> LocalWay | None:
        """The way over the raw coast between two places near each other, where it is much shorter than `network_nm`."""
        straight = float(lengths_nm(np.array([start.lon, start.lat]), np.array([[goal.lon, goal.lat]]))[0])
        if not doubtful(straight, network_nm):
            return None
        way = self.local_water.way(start, goal, int(demand.closed))
        if way is None or way.nm >= SHORTER * network_nm or any(not np.uint64(way.bits) & g for g in demand.groups):
            return None
        return way

    @cached_property
    def local_water(self) -> LocalWater:
        """Searches over the raw coast between places near each other."""
        from sim.geo.network.raw.local import LocalWater
        from sim.geo.network.raw.raster import land_shape

        stored = read_ways(geodata.binary("local.npz"))
        return LocalWater(land_shape(), self.passages, {p.key: p for p in self.ports.all}, stored)

    def path(self, start: Place, goal: Place, demand: Demand) -> Path | None:
        """The shortest path of the network between two places, without their approaches; None where there is none."""
        if demand.off:
            off = self.off(demand.off)
            found = off.graph.shortest_using(off.ends(start), off.ends(goal), demand.closed, demand.groups)
            return None if found is None else replace(found, off=demand.off)
        if start.listed and goal.listed:
            settled, path = self._fast_solve(start, goal, demand)
            if settled:
                return path
        direct = self._direct(start, goal, demand)
        if direct is not None:
            return direct
        if not (len(start.ends.nodes) and len(goal.ends.nodes)):
            return None
        return shortest(self.graph, self._s.bounds, start.ends, goal.ends, demand.closed, demand.groups)

    def _fast_solve(self, start: Place, goal: Place, demand: Demand) -> tuple[bool, Path | None]:
        """Lazy closures on the reduced graph: solve with fewer closures than asked for; a path that crosses none of the
        others is the answer, since closing more can only lengthen it."""
        graph, number, nodes = self._fast
        a, b = Ends.at(int(number[start.ends.nodes[0]])), Ends.at(int(number[goal.ends.nodes[0]]))
        named = demand.key in self._s.exact_routes
        current = int(demand.barred)  # begin with as little closed as may be
        while True:
            exact = named and current == int(demand.barred) if demand.groups else current in self._s.exact_sets
            if not exact:
                return False, None
            path = shortest(graph, self._fast_bounds, a, b, np.uint64(current), demand.groups)
            if path is None:
                return True, None
            crossed = int(np.bitwise_or.reduce(graph.edges(path.nodes)[1], initial=0)) & int(demand.closed)
            if not crossed:
                return True, Path(path.length_nm, tuple(int(nodes[k]) for k in path.nodes))
            current |= crossed & -crossed

    def _direct(self, start: Place, goal: Place, demand: Demand) -> Path | None:
        """The straight leg between two places that are no nodes of the network (else it is a leg of an end)."""
        if start.listed or goal.listed:
            return None
        crossed = self.passages.crossed(vectors(start.sea)[None], vectors(goal.sea)[None])[0]
        crossed |= np.uint64(start.way_bits | goal.way_bits)
        if crossed & demand.closed or any(not crossed & g for g in demand.groups):
            return None
        if not self._places.seen_from(start, [goal])[0]:
            return None
        return Path(way_nm(np.vstack([start.sea, goal.sea])), ())

    def described(self, start: Place, goal: Place, path: Path) -> Route:
        """The route along a path of the network."""
        if path.off:
            off = self.off(path.off)
            line = sea_line(start, goal, path, off.graph, off.lonlat, off.canal, self.passages)
        else:
            line = sea_line(start, goal, path, self._s, self._s.lonlat, self._s.canal, self.passages)
        return described(start, goal, line, self.passages)

    def _without_route(
        self, start: Place, goal: Place, demand: Demand, shut: dict[str, tuple[Hindrance, ...]]
    ) -> Route:
        """The route that does not exist, with the reason."""
        for place in (start, goal):
            if not place.connected:
                return unreachable(f"{place.name} has no connection to the ocean")

        def crossed(closed: frozenset[str]) -> tuple[str, ...] | None:
            barred = demand.barred | self.passages.bits(closed)
            path = self.path(start, goal, replace(demand, closed=barred))
            return None if path is None else self.described(start, goal, path).passages

        least = least_change(shut, crossed)
        if least is None:
            return unreachable(self._not_joined(start, goal, demand))
        return unreachable("no feasible route: " + "; ".join(map(str, least)), least)

    def _not_joined(self, start: Place, goal: Place, demand: Demand) -> str:
        """Why a route does not join two places although nothing on it is closed."""
        table = self.passages
        groups = [[p for p in table.ids if table.bits([p]) & g] for g in demand.groups]
        left_out = [p for g in groups for p in g if table.bits([p]) & demand.barred]
        if left_out:
            return f"the route '{demand.route.name}' leaves out {', '.join(left_out)}, which it is asked to use"
        names = " and ".join(" or ".join(g) for g in groups) or "the passages asked for"
        return (
            f"the route '{demand.route.name}' does not join {start.name} and {goal.name} (it must cross {names} once)"
        )

    # -- many to many

    def distances(
        self,
        origins: Locatable | Sequence[Locatable],
        destinations: Locatable | Sequence[Locatable],
        *,
        via: str = "usual",
        closed: str | Iterable[str] = (),
        draft_m: float | None = None,
        beam_m: float | None = None,
        length_m: float | None = None,
        air_draft_m: float | None = None,
        errors: OnError = "raise",
        join_nm: float | None = None,
    ) -> Floats:
        """Distances (n, m) in nm between places by a named route: inf where there is no way, 0 to the place itself.

        A place that cannot be used raises PlaceError; with `errors` "nan" its row or column is nan, and a warning
        `PlacesNotUsed` tells which and why.
        """
        ship = ShipSize(draft_m, beam_m, length_m, air_draft_m)

        def place(what: Locatable) -> Place:
            return self.place(what, join_nm)

        starts, problems = located(place, origins, errors)
        goals, more = located(place, destinations, errors)
        if problems | more:
            warnings.warn(PlacesNotUsed(problems | more), stacklevel=2)
        found = distance_matrix(
            self, [p for p in starts if p], [p for p in goals if p], via, several(closed, "closed"), ship
        )
        out = np.full((len(starts), len(goals)), np.nan)
        out[np.ix_([p is not None for p in starts], [p is not None for p in goals])] = found
        return out


__all__ = ["APPROACH", "Bits", "Demand", "Locatable", "SeaNetwork"]
