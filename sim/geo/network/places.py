"""Where a route begins and ends: a port of the table, or a position at sea."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import geodata
from sim.errors import DAMAGED, DataError, PlaceError
from sim.geo.geodesy import NM_PER_RADIAN, Floats, angles, lengths_nm, vectors
from sim.geo.graph import Ends
from sim.geo.passages import PassageTable
from sim.values import Valued

if TYPE_CHECKING:
    from sim.geo.ports import Port
    from sim.geo.visibility import Ints, Obstacles

SNAP_NM = 3.0  # how far from water a position may lie on the map's land: the coast of 1:10m is no surer


@dataclass(frozen=True, eq=False, repr=False)
class Place(Valued):
    """One end of a route.

    `way` (k, 2) leads from the place to its sea point; `approach_nm` is its counted length; `ends` hang the sea point
    on the network; `arctic` tells that it lies behind the Arctic passages.
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

    def __repr__(self) -> str:
        return f"Place({self.name}, {self.lat:g}, {self.lon:g})"

    @property
    def listed(self) -> bool:
        """True for a port that is a node of the network, not one that a user added."""
        return self.port is not None and len(self.ends.nodes) == 1 and float(self.ends.length_nm[0]) == 0.0

    @property
    def sea(self) -> Floats:
        return np.asarray(self.way[-1])


class FreeWater:
    """Free positions joined to the network: the obstacles, loaded when the first position is asked for."""

    def __init__(self, corner_lonlat: Floats, table: PassageTable, path: Path | None = None) -> None:
        self._corner_lonlat = corner_lonlat
        self._table = table
        self._path = path or geodata.binary("obstacles.npz")

    @cached_property
    def _polygons(self) -> list[object]:
        from sim.geo.land import unpack_polygons

        try:
            with self._path.open("rb") as file, np.load(file) as data:
                return list(unpack_polygons(data["delta"], data["ring_sizes"], data["polygon_rings"]))
        except DAMAGED as error:
            raise DataError(f"{self._path.name}: cannot be read ({error})") from error

    @cached_property
    def obstacles(self) -> Obstacles:
        """Rings of the obstacles, land to the left."""
        from sim.geo.network.obstacles import rings_of

        return rings_of(self._polygons)

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
    def _curved(self) -> list[object]:
        from sim.geo.network.obstacles import curved

        return list(curved(self._polygons))

    @cached_property
    def _tree(self) -> object:
        from shapely import STRtree

        return STRtree(self._curved)

    def is_free(self, lonlat: Floats) -> bool:
        """True for a position outside all obstacles."""
        from shapely import Point

        return len(self._tree.query(Point(*lonlat), predicate="intersects")) == 0  # type: ignore[attr-defined]

    def way_to_sea(self, lon: float, lat: float, what: str) -> Floats:
        """The path (k, 2) from a position to free water. Raises PlaceError where it lies on land."""
        if self.is_free(np.array([lon, lat])):
            return np.array([[lon, lat]])
        from sim.geo.land import land_polygons, land_tree, on_land
        from sim.geo.network.approach import find_approach

        found = find_approach((lon, lat), land_polygons(), land_tree(), self._curved, self._tree, SNAP_NM)
        if found is not None:
            return found.lonlat
        if on_land(np.array([[lon, lat]]))[0]:
            near_lon, near_lat, away = self.nearest_water(lon, lat)
            raise PlaceError(
                f"position {what} (latitude {lat:g}, longitude {lon:g}) lies on land; the nearest sea is "
                f"{away:.0f} nm away at {near_lat:.2f},{near_lon:.2f} (lat,lon). "
                f"Allowed: at sea, or within {SNAP_NM:g} nm of it"
            )
        raise PlaceError(
            f"position {what} (latitude {lat:g}, longitude {lon:g}) lies in water without a connection to the sea"
        )

    def nearest_water(self, lon: float, lat: float) -> tuple[float, float, float]:
        """Nearest free water: lon, lat and distance in nm."""
        rings = self.obstacles
        away = angles(np.broadcast_to(vectors((lon, lat)), rings.xyz.shape), rings.xyz) * NM_PER_RADIAN
        shore = ~rings.seam
        k = int(np.argmin(np.where(shore, away, np.inf)))
        return float(rings.lonlat[k, 0]), float(rings.lonlat[k, 1]), float(away[k])

    def ends(self, sea: Floats) -> Ends:
        """Corners that a position in free water sees, taut."""
        from sim.geo.visibility import visible

        rings, corners = self.obstacles, self.corners
        at = vectors(sea)
        seen = np.flatnonzero(visible(rings, at, rings.xyz[corners], target_corners=corners))
        there = self._corner_lonlat[seen]
        length = lengths_nm(sea, there)
        bits = self._table.crossed(np.broadcast_to(at, (len(seen), 3)), rings.xyz[corners[seen]])
        return Ends(seen.astype(np.int64), length, bits)

    def sees(self, a: Floats, b: Floats) -> bool:
        """True where two positions see each other."""
        from sim.geo.visibility import sees

        return sees(self.obstacles, vectors(a), vectors(b))
