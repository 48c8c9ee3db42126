"""Where one route is nearer than another: nm saved from one port to a whole coast, and the line of equal distance.

One search of the whole network per route gives the path from the port to every corner of the coast; a position takes
the best of the corners that it sees. So the figures are those of `SeaNetwork.route`, not of a grid. Ice-free. (The path
to a corner itself is not read off the search: all legs of the network go on round a corner, so it would be too long.)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.errors import PlaceError, UsageError, did_you_mean
from sim.geo.geodesy import Floats
from sim.geo.graph import Bits, Ends, memberships
from sim.geo.passages import ShipSize
from sim.geo.route import Route
from sim.result import Result
from sim.values import Valued

if TYPE_CHECKING:
    from sim.geo.network import Demand, Locatable, SeaNetwork
    from sim.geo.network.places import Place

LONGEST_EDGE_DEG = 8.0  # a longer side of a triangle spans what was not computed
COAST_DEG, NUDGE_DEG = 1.5, 0.05  # between positions along the coast; how far they are moved off it
AROUND_DEG, AROUND_STEP_DEG = 100.0, 6.0  # positions around a region, so that a map of it has no rim of its own


@dataclass(frozen=True)
class Region:
    """A part of the sea: lon from west to east (east may be above 180), lat from south to north, and its main ports."""

    name: str
    west: float
    south: float
    east: float
    north: float
    step_deg: float  # between the positions computed in open water
    main_ports: tuple[str, ...]

    def unwrapped(self, lon: Floats) -> Floats:
        """Longitudes with their seam opposite the region, so that 180 degrees is none."""
        low = (self.west + self.east) / 2 - 180.0
        return np.asarray((np.asarray(lon, dtype=np.float64) - low) % 360.0 + low)

    def holds(self, lonlat: Floats, margin_deg: float = 0.0) -> np.ndarray:
        """True for positions (n, 2) inside, or so many degrees around it."""
        lon, lat = self.unwrapped(lonlat[:, 0]), lonlat[:, 1]
        wide = (lon >= self.west - margin_deg) & (lon <= self.east + margin_deg)
        return np.asarray(wide & (lat >= self.south - margin_deg) & (lat <= self.north + margin_deg))


REGIONS: Final = {
    r.name: r
    for r in (
        Region("Asia", 48.0, -11.0, 165.0, 60.0, 2.0, (
            "Jebel Ali", "Mumbai", "Colombo", "Chennai", "Chittagong", "Singapore", "Jakarta", "Bangkok",
            "Ho Chi Minh City", "Manila", "Hong Kong", "Kaohsiung", "Shanghai", "Qingdao", "Dalian", "Busan",
            "Yokohama", "Vladivostok", "Petropavlovsk-Kamchatskiy", "Magadan",
        )),
        Region("Europe", -24.0, 30.0, 42.0, 71.0, 1.5, (
            "Murmansk", "Narvik", "Bergen", "Gothenburg", "Gdansk", "St Petersburg", "Hamburg", "Rotterdam",
            "Le Havre", "Bilbao", "Lisbon", "Algeciras", "Barcelona", "Genoa", "Piraeus", "Istanbul",
            "Constanta", "Reykjavik", "Dublin", "Port Said", "Casablanca", "Haifa", "Valletta", "Trieste",
        )),
    )
}  # fmt: skip


@dataclass(frozen=True)
class PortSaved:
    """A port and its two distances from the place that all is measured from, nm."""

    key: str
    name: str
    lon: float
    lat: float
    longer_nm: float
    shorter_nm: float

    @property
    def saved_nm(self) -> float:
        """How much nearer it is by the second route; below 0: farther."""
        return self.longer_nm - self.shorter_nm


@dataclass(frozen=True, eq=False, repr=False)
class Nearer(Valued, Result):
    """nm saved by the route `shorter` against the route `longer` from one place to a region.

    `lonlat` (n, 2) degrees and `saved_nm` (n,): positions computed, nan where one of the routes does not lead. `ports`
    are all of the region that both routes reach, by name. `balance` is the port nearest to equal distance, `routes` are
    the two routes to it.
    """

    origin: str
    origin_lonlat: tuple[float, float]
    region: Region
    longer: str
    shorter: str
    lonlat: Floats
    saved_nm: Floats
    ports: tuple[PortSaved, ...]
    balance: PortSaved
    routes: tuple[Route, Route]

    @cached_property
    def _triangles(self) -> tuple[Any, Floats, Floats]:
        """A triangulation of the positions that both routes reach, their lon, lat without a seam, and nm."""
        from scipy.spatial import Delaunay

        there = np.isfinite(self.saved_nm)
        flat = np.column_stack([self.region.unwrapped(self.lonlat[there, 0]), self.lonlat[there, 1]])
        return Delaunay(flat), flat, self.saved_nm[there]

    def at(self, lonlat: Floats) -> Floats:
        """nm saved (n,) at positions (n, 2), read between those computed; nan outside them, and where the nearest
        one is not reached by both routes. Land is not looked at."""
        from scipy.interpolate import LinearNDInterpolator
        from scipy.spatial import cKDTree

        triangles, _, values = self._triangles
        asked = np.column_stack([self.region.unwrapped(lonlat[:, 0]), lonlat[:, 1]])
        out = np.asarray(LinearNDInterpolator(triangles, values)(asked), dtype=np.float64)
        every = np.column_stack([self.region.unwrapped(self.lonlat[:, 0]), self.lonlat[:, 1]])
        # A degree of longitude is shorter in the north; half is near enough for "nearest".
        nearest = cKDTree(every * (0.7, 1.0)).query(asked * (0.7, 1.0))[1]
        return np.where(np.isfinite(self.saved_nm[nearest]), out, np.nan)

    def equal_line(self) -> Floats:
        """Positions (n, 2) at which both routes are equally long, where a side of a triangle meets 0."""
        from sim.geo.land import on_land

        triangles, flat, values = self._triangles
        corners = triangles.simplices
        sides = np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
        a, b = np.unique(np.sort(sides, axis=1), axis=0).T
        short = np.abs(flat[a] - flat[b]).max(axis=1) < LONGEST_EDGE_DEG
        a, b = (x[short & ((values[a] > 0) != (values[b] > 0))] for x in (a, b))
        # Over land the figures of two seas meet that have nothing to do with each other.
        steps = np.linspace(0.05, 0.95, 19)[:, None, None]
        between = (flat[a] + steps * (flat[b] - flat[a])).reshape(-1, 2)
        between[:, 0] = (between[:, 0] + 180.0) % 360.0 - 180.0
        wet = ~on_land(between).reshape(len(steps), len(a)).any(axis=0)
        a, b = a[wet], b[wet]
        share = (values[a] / (values[a] - values[b]))[:, None]
        met = flat[a] + share * (flat[b] - flat[a])
        met[:, 0] = (met[:, 0] + 180.0) % 360.0 - 180.0
        return np.asarray(met[self.region.holds(met)])


def nearer(
    net: SeaNetwork,
    origin: Locatable,
    *,
    region: str | None = None,
    longer: str = "suez",
    shorter: str = "nsr",
    draft_m: float | None = None,
    coarseness: float = 1.0,
) -> Nearer:
    """Where in a region the route `shorter` is nearer from a place than the route `longer`, and by how much. Ice-free.

    A draft closes the passages that refuse it. Without a `region` it is Asia for a place in Europe, and Europe for one
    elsewhere. Raises PlaceError, PassageError, and UsageError for an unknown region or one that the two routes do not
    both lead to. `coarseness` multiplies the steps between positions: 2 is a quarter of the work.
    """
    if not 0.5 <= coarseness <= 4.0:
        raise UsageError(f"coarseness is {coarseness:g}, allowed is 0.5 to 4")
    start = net.place(origin)
    area = _region(region, start)
    if longer == shorter:
        raise UsageError(f"the two routes are the same: '{longer}'")
    if not start.connected:
        raise PlaceError(f"{start.name} has no connection to the ocean")
    ways = [_Way(net, start, via, draft_m) for via in (longer, shorter)]
    ports, berths = _ports(net, area, start, ways)
    if not ports:
        raise UsageError(f"the routes '{longer}' and '{shorter}' do not both lead from {start.name} to {area.name}")
    balance = min(ports, key=lambda p: (abs(p.saved_nm), p.key))
    places = [*berths, *_open_sea(net, np.vstack([_coast(net, area, coarseness), _cells(area, coarseness)]))]
    long_nm, short_nm = (np.array([way.to(p) for p in places]) for way in ways)
    there = np.isfinite(long_nm) & np.isfinite(short_nm)
    saved = np.where(there, np.where(there, long_nm, 0.0) - np.where(there, short_nm, 0.0), np.nan)
    where, first = np.unique(np.array([p.sea for p in places]), axis=0, return_index=True)
    return Nearer(
        start.name, (start.lon, start.lat), area, longer, shorter, where, saved[first], ports, balance,
        (
            net.route(start, balance.key, via=longer, draft_m=draft_m),
            net.route(start, balance.key, via=shorter, draft_m=draft_m),
        ),
    )  # fmt: skip


def _region(name: str | None, start: Place) -> Region:
    if name is None:
        return REGIONS["Asia" if REGIONS["Europe"].holds(np.array([[start.lon, start.lat]]), 2.0)[0] else "Europe"]
    for region in REGIONS.values():
        if region.name.casefold() == name.strip().casefold():
            return region
    raise UsageError(f"unknown region '{name}'{did_you_mean(name, REGIONS)}; allowed: {', '.join(REGIONS)}")


class _Way:
    """Distances by one route from a place to everywhere."""

    def __init__(self, net: SeaNetwork, start: Place, via: str, draft_m: float | None) -> None:
        from scipy.sparse.csgraph import dijkstra

        self.start = start
        self.demand: Demand = net.demand(via, (), ShipSize(draft_m), (), (), start.arctic).between(start)
        self._off = net.off(self.demand.off) if self.demand.off else None
        graph = self._off.graph if self._off else net.graph
        self._size = graph.size
        matrix, self._layers = graph.layered(self.demand.closed, self.demand.groups, self._ends(start))
        self._nm: Floats = np.asarray(dijkstra(matrix, indices=self._layers * self._size, directed=True))

    def _ends(self, place: Place) -> Ends:
        return self._off.ends(place) if self._off else place.ends

    def to(self, place: Place) -> float:
        """nm to a place that is not the start itself, as `SeaNetwork.route` counts them."""
        ends = self._ends(place)
        if not len(ends.nodes):
            return float("inf")
        bits: Bits = ends.bits
        done = (self._layers - 1) & ~memberships(bits, self.demand.groups)
        total = self._nm[ends.nodes + done * self._size] + ends.length_nm
        total = np.where((bits & self.demand.closed) == 0, total, np.inf)
        return float(np.min(total)) + self.start.approach_nm + place.approach_nm


def _cells(area: Region, coarseness: float) -> Floats:
    """Positions (n, 2) off land: `step_deg` apart in a region and a little around it, fewer farther off."""
    from sim.geo.land import on_land

    wide = _grid(area, AROUND_DEG, coarseness * AROUND_STEP_DEG)
    near = _grid(area, 2.0, coarseness * area.step_deg)
    grid = np.vstack([near, wide[~area.holds(wide, 2.0)]])
    return np.asarray(grid[~on_land(grid)])


def _grid(area: Region, around_deg: float, step_deg: float) -> Floats:
    seam = (area.west + area.east) / 2 - 180.0
    lon = np.arange(max(area.west - around_deg, seam), min(area.east + around_deg, seam + 359.9) + 0.01, step_deg)
    lat = np.arange(max(area.south - around_deg, -60.0), min(area.north + around_deg, 84.0) + 0.01, step_deg)
    # A hair off whole degrees: on the cut of the map at 180 a leg would touch both halves of a shore.
    lon = (lon + 0.013 + 180.0) % 360.0 - 180.0
    return np.stack(np.meshgrid(lon, lat + 0.007), axis=-1).reshape(-1, 2)


def _coast(net: SeaNetwork, area: Region, coarseness: float) -> Floats:
    """Corners of the network (n, 2) in a region and a little around it, one in each square of `COAST_DEG`."""
    lonlat = net.node_lonlat[net.node_canal < 0]
    lonlat = lonlat[area.holds(lonlat, 15.0)]
    square = np.floor(np.column_stack([area.unwrapped(lonlat[:, 0]), lonlat[:, 1]]) / (coarseness * COAST_DEG))
    return np.asarray(lonlat[np.unique(square, axis=0, return_index=True)[1]])


def _open_sea(net: SeaNetwork, asked: Floats) -> list[Place]:
    """Places in free water at positions or a little beside them; none where all of that is shore."""
    turn = np.arange(8) * np.pi / 4
    beside = np.vstack([[(0.0, 0.0)], NUDGE_DEG * np.column_stack([np.cos(turn), np.sin(turn)])])
    out = []
    for at in asked:
        free = next((tried for tried in at + beside if net.free_water.is_free(tried)), None)
        if free is not None:
            out.append(net.place((float(free[0]), float(free[1]))))
    return out


def _ports(net: SeaNetwork, area: Region, start: Place, ways: list[_Way]) -> tuple[tuple[PortSaved, ...], list[Place]]:
    """The ports of a region that both routes reach, by name, and their places: those that are nodes of the network, for
    to join others would take minutes."""
    berths = []
    out = []
    for port in net.ports.all:
        if port.kind != "port" or not area.holds(np.array([[port.lon, port.lat]]))[0] or not net.has_node(port):
            continue
        try:
            place = net.place(port.key)
        except PlaceError:
            continue
        if (place.lon, place.lat) == (start.lon, start.lat):
            continue
        longer_nm, shorter_nm = (way.to(place) for way in ways)
        if np.isfinite(longer_nm) and np.isfinite(shorter_nm):
            berths.append(place)
            out.append(PortSaved(port.key, port.name, port.lon, port.lat, longer_nm, shorter_nm))
    return tuple(sorted(out, key=lambda p: (p.name, p.key))), berths
