"""Where a route begins and ends: a port of the table, or a position at sea."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

import geodata
from sim.errors import DAMAGED, DataError
from sim.geo.geodesy import NM_PER_RADIAN, Floats, angles, lengths_nm, vectors
from sim.geo.graph import Bits, Ends, Ints
from sim.geo.joins import Join
from sim.geo.passages import PassageTable
from sim.values import Valued

if TYPE_CHECKING:
    from sim.geo.network.raw.approach import Approach, Coast
    from sim.geo.ports import Port
    from sim.geo.visibility import Obstacles


NEAR_NM = 160.0  # great circle between places for which a local way is looked for
DETOUR, DETOUR_NM = 1.15, 3.0  # a way over the network longer than this share and this much more is doubted
SHORTER = 0.9  # a local way is taken where it is shorter than this share: keeping clear of the shore costs a little


@dataclass(frozen=True, eq=False, repr=False)
class Place(Valued):
    """One end of a route.

    `way` (k, 2) leads from the place to its sea point; `approach_nm` is its counted length, `way_bits` the passages
    that it crosses; `ends` hang the sea point on the network; `arctic` tells that it lies behind the Arctic passages.
    `berth` is the key of the listed port whose channel and node the place uses, `channel` tells that the length of that
    channel is a given one, and `join` how a place inland was joined to the water (an estimate).
    """

    name: str
    lon: float
    lat: float
    way: Floats
    approach_nm: float
    ends: Ends
    arctic: bool
    connected: bool
    port: Port | None = field(default=None, compare=False)
    berth: str = ""
    channel: bool = False
    join: Join | None = None
    way_bits: int = 0
    stored: int = field(default=-1, compare=False)  # row among the ports that the build has joined, -1: none

    def __repr__(self) -> str:
        return f"Place({self.name}, {self.lat:g}, {self.lon:g})"

    @property
    def listed(self) -> bool:
        """True for a place at a node of a listed port, not for a position or a port that a user added."""
        return self.berth != ""

    @property
    def sea(self) -> Floats:
        return np.asarray(self.way[-1])


@dataclass(frozen=True)
class LocalWay:
    """A way (n, 2) of lon, lat degrees between two places, with the length (n - 1,) of its legs in nm and the passages
    that it crosses, as bits."""

    lonlat: Floats
    leg_nm: Floats
    bits: int

    @property
    def nm(self) -> float:
        return float(self.leg_nm.sum())

    @property
    def turned(self) -> LocalWay:
        """The way back."""
        return LocalWay(self.lonlat[::-1], self.leg_nm[::-1], self.bits)


def doubtful(straight_nm: Floats | float, network_nm: Floats | float) -> np.ndarray:
    """Whether ways over the network are so long that a local way is looked for."""
    straight, found = np.asarray(straight_nm), np.asarray(network_nm)
    return np.asarray((straight < NEAR_NM) & (found > DETOUR * straight + DETOUR_NM))


class Points(NamedTuple):
    """Nodes in free water that are no corners: ends of canals, and sea points of ports with the passages that lie
    between them and the berths."""

    nodes: Ints
    lonlat: Floats
    bits: Bits


NO_POINTS = Points(np.empty(0, np.int64), np.empty((0, 2)), np.empty(0, np.uint64))


class FreeWater:
    """Free positions joined to the network: the obstacles, loaded when the first position is asked for."""

    def __init__(
        self, corner_lonlat: Floats, table: PassageTable, path: Path | None = None, points: Points = NO_POINTS
    ) -> None:
        self._corner_lonlat = corner_lonlat
        self._table = table
        self._points = points
        self._path = path or geodata.binary("obstacles.npz")

    @cached_property
    def _packed(self) -> dict[str, np.ndarray]:
        try:
            with self._path.open("rb") as file, np.load(file) as data:
                return {name: data[name] for name in ("delta", "ring_sizes", "polygon_rings")}
        except DAMAGED as error:
            raise DataError(f"{self._path.name}: cannot be read ({error})") from error

    @cached_property
    def obstacles(self) -> Obstacles:
        """Rings of the obstacles, land to the left."""
        from sim.geo.land import corners_of
        from sim.geo.network.obstacles import rings_between

        packed = self._packed
        return rings_between(corners_of(packed["delta"]), packed["ring_sizes"], packed["polygon_rings"])

    @cached_property
    def corners(self) -> Ints:
        """Rows of the obstacles' corners that are the network's first nodes, in their order."""
        from sim.geo.network.obstacles import bend_corners

        corners = bend_corners(self.obstacles)
        if len(corners) != len(self._corner_lonlat) or not np.allclose(
            self.obstacles.lonlat[corners], self._corner_lonlat, atol=2e-5
        ):
            raise DataError(
                "obstacles.npz and network.npz do not belong together; rebuild with 'python -m geodata.build'"
            )
        return corners

    @cached_property
    def coast(self) -> Coast:
        """Land and obstacles, as the search for an approach asks for them."""
        from sim.geo.land import unpack_polygons
        from sim.geo.network.obstacles import curved
        from sim.geo.network.raw.approach import Coast
        from sim.geo.network.raw.raster import land_shape

        return Coast(land_shape(), curved(unpack_polygons(**self._packed)))

    def is_free(self, lonlat: Floats) -> bool:
        """True for a position outside all obstacles."""
        return self.coast.free(lonlat)

    def approach(self, lon: float, lat: float) -> Approach | None:
        """The way from a position to free water; None where there is none or the position lies inland."""
        from sim.geo.network.raw.approach import find_approach

        return find_approach((lon, lat), self.coast)

    def inland_approach(self, lon: float, lat: float, join_nm: float) -> Approach | None:
        """The way from a position inland to free water, over land to the nearest water that leads to it."""
        from sim.geo.network.raw.approach import find_approach

        return find_approach((lon, lat), self.coast, join_nm, inland=True)

    def nearest_water(self, lon: float, lat: float) -> tuple[float, float, float]:
        """Nearest free water: lon, lat and distance in nm."""
        rings = self.obstacles
        away = angles(np.broadcast_to(vectors((lon, lat)), rings.xyz.shape), rings.xyz) * NM_PER_RADIAN
        shore = ~rings.seam
        k = int(np.argmin(np.where(shore, away, np.inf)))
        return float(rings.lonlat[k, 0]), float(rings.lonlat[k, 1]), float(away[k])

    @cached_property
    def _targets(self) -> tuple[Ints, Floats, Floats, Ints]:
        """Nodes (n,) that a position may see, their positions (n, 2) and unit vectors (n, 3), and their rows among the
        obstacles' corners (-1: no corner)."""
        corners, points = self.corners, self._points
        nodes = np.concatenate([np.arange(len(corners)), points.nodes]).astype(np.int64)
        there = np.vstack([self._corner_lonlat, points.lonlat])
        xyz = np.vstack([self.obstacles.xyz[corners], vectors(points.lonlat)])
        return nodes, there, xyz, np.concatenate([corners, np.full(len(points.nodes), -1)])

    def ends(self, sea: Floats) -> Ends:
        """Corners that a position in free water sees, taut, and other nodes that it sees."""
        from sim.geo.visibility import visible

        rings, points = self.obstacles, self._points
        at = vectors(sea)
        nodes, there, xyz, of_corner = self._targets
        seen = np.flatnonzero(visible(rings, at, xyz, target_corners=of_corner))
        bits = self._table.crossed(np.broadcast_to(at, (len(seen), 3)), xyz[seen])
        more = seen >= len(self.corners)
        bits[more] |= points.bits[seen[more] - len(self.corners)]
        return Ends(nodes[seen], lengths_nm(sea, there[seen]), bits)

    def sees(self, position: Floats, others: Floats) -> np.ndarray:
        """Which positions (n, 2) one position sees."""
        from sim.geo.visibility import visible

        return visible(self.obstacles, vectors(position), vectors(others))
