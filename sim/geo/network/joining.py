"""How a port or a position is joined to the network: by its channel, by a way over raw water, or from inland."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from sim.errors import PlaceError, UsageError
from sim.geo.geodesy import NM_PER_RADIAN, Floats, lengths_nm, vectors, way_nm
from sim.geo.graph import Bits, Ends, Ints
from sim.geo.joins import MOST_JOIN_NM, Join
from sim.geo.network.places import FreeWater, Place, Points
from sim.geo.network.store import Berths, ReadBerths, Stored
from sim.geo.passages import PassageTable
from sim.geo.ports import Port, PortTable

SAME_NM = 0.05  # a position nearer than this to the berth of a listed port is that port
AT_PORT_NM = 1.0  # a position nearer than this to a port with a channel of its own uses the channel
KEPT = 512  # positions


class Places:
    """Places on a network, made when they are asked for and kept."""

    def __init__(
        self, stored: Stored, ports: PortTable, passages: PassageTable, read_berths: ReadBerths | None = None
    ) -> None:
        """Ports that are no nodes are read when the first of them is asked for."""
        self._s, self._ports, self._passages, self._read_berths = stored, ports, passages, read_berths
        self._row_of_key = {key: k for k, key in enumerate(stored.port_keys)}
        self._listed: dict[int, Place] = {}
        self._free: dict[tuple[float, float, float], Place] = {}

    @cached_property
    def _berths(self) -> Berths | None:
        return None if self._read_berths is None else self._read_berths()

    @cached_property
    def _row_of_berth(self) -> dict[str, int]:
        return {key: k for k, key in enumerate(self._berths.keys)} if self._berths else {}

    @cached_property
    def water(self) -> FreeWater:
        """Free water around the network's corners."""
        return FreeWater(self._s.lonlat[: self._corner_count], self._passages, points=self._points)

    @property
    def _corner_count(self) -> int:
        first_extra = np.flatnonzero(self._s.canal >= 0)
        starts = [int(first_extra[0])] if len(first_extra) else []
        used = self._s.port_node[self._s.port_node >= 0]
        return min([*starts, int(used.min()) if len(used) else len(self._s.lonlat)])

    def _way(self, row: int) -> Floats:
        return self._s.way[self._s.way_start[row] : self._s.way_start[row + 1]]

    @cached_property
    def _on_canal(self) -> set[int]:
        """Rows of ports that lie on a canal: their node is a point of it."""
        canal = {tuple(p) for p in self._s.lonlat[self._s.canal >= 0].tolist()}
        return {
            row for row, node in enumerate(self._s.port_node.tolist())
            if node >= 0 and tuple(self._s.lonlat[node].tolist()) in canal
        }  # fmt: skip

    @cached_property
    def _points(self) -> Points:
        """Ends of canals, and sea points of ports."""
        s = self._s
        before, after = np.r_[-1, s.canal[:-1]], np.r_[s.canal[1:], -1]
        canal_ends = np.flatnonzero((s.canal >= 0) & ((before != s.canal) | (after != s.canal)))
        rows = [k for k, node in enumerate(s.port_node.tolist()) if node >= 0 and k not in self._on_canal]
        nodes = np.concatenate([canal_ends, s.port_node[rows]]).astype(np.int64)
        bits = np.concatenate([np.zeros(len(canal_ends), dtype=np.uint64), self._all_crossed(rows)])
        return Points(nodes, s.lonlat[nodes], bits)

    def _all_crossed(self, rows: list[int]) -> Bits:
        """Passages (k,) that the ways of some ports cross: as `_crossed`, of all at once."""
        ways = [self._way(k) for k in rows]
        steps = np.array([max(len(way) - 1, 0) for way in ways], dtype=np.int64)
        out = np.zeros(len(rows), dtype=np.uint64)
        some = np.flatnonzero(steps)
        if len(some):
            xyz = [vectors(ways[k]) for k in some.tolist()]
            each = self._passages.crossed(np.vstack([v[:-1] for v in xyz]), np.vstack([v[1:] for v in xyz]))
            out[some] = np.bitwise_or.reduceat(each, np.cumsum(steps[some]) - steps[some])
        return out

    def _crossed(self, way: Floats) -> int:
        """Passages that a way crosses, as bits."""
        if len(way) < 2:
            return 0
        xyz = vectors(way)
        return int(np.bitwise_or.reduce(self._passages.crossed(xyz[:-1], xyz[1:])))

    # -- ports

    def has_node(self, port: Port) -> bool:
        """Whether a port is a node of the network."""
        return port.key in self._row_of_key

    def port(self, k: int) -> Place:
        """The place of a row of the port table. Raises PlaceError."""
        if k not in self._listed:
            port = self._ports.all[k]
            row = self._row_of_key.get(port.key)
            if row is not None and k < len(self._s.port_keys):
                self._listed[k] = self._shipped(port, row)
            elif k < self._ports.shipped and port.key in self._row_of_berth:
                self._listed[k] = self._joined_before(port, self._row_of_berth[port.key])
            else:
                self._listed[k] = self._added(port)
        return self._listed[k]

    def _shipped(self, port: Port, row: int) -> Place:
        node = int(self._s.port_node[row])
        if node < 0:
            raise PlaceError(f"port '{port.name}' ({port.key}) has no connection to the sea on the map")
        way = self._way(row)
        return Place(
            port.name, port.lon, port.lat, way, float(self._s.approach_nm[row]), Ends.at(node),
            bool(self._s.arctic[node]), bool(self._s.connected[node]), port, port.key, port.sea is not None,
            way_bits=self._crossed(way),
        )  # fmt: skip

    def _joined_before(self, port: Port, row: int) -> Place:
        """A port that is no node, as the build has joined it."""
        b = self._berths
        assert b is not None
        way = b.way[b.way_start[row] : b.way_start[row + 1]]
        there = slice(b.node_start[row], b.node_start[row + 1])
        nodes = b.nodes[there]
        ends = Ends(nodes, lengths_nm(way[-1], self._s.lonlat[nodes]), b.bits[there])
        nm = float(b.approach_nm[row])
        return self._hung(port.name, port.lon, port.lat, way, nm, ends, port=port, stored=row)

    def seen_from(self, place: Place, others: Sequence[Place]) -> np.ndarray:
        """Which of other places (n,) a place sees from its sea point; none of them is a node."""
        rows = np.array([p.stored for p in others], dtype=np.int64)
        if place.stored >= 0 and self._berths is not None:
            out = (rows >= 0) & self._berths.sees[place.stored, rows]
            rest = np.flatnonzero(rows < 0)
        else:
            out, rest = np.zeros(len(others), dtype=bool), np.arange(len(others))
        if len(rest):
            out[rest] = self.water.sees(place.sea, np.array([others[k].sea for k in rest.tolist()]))
        return np.asarray(out)

    def _added(self, port: Port) -> Place:
        start = port.sea or (port.lon, port.lat)
        found = self._way_out(*start)
        if found is None:
            raise self._refusal(*start, f"of port '{port.name}'", 0.0)
        way = np.vstack([[(port.lon, port.lat)], found]) if port.sea else found
        counted = way_nm(way) if port.approach_nm is None else port.approach_nm + way_nm(found)
        return self._joined(port.name, port.lon, port.lat, way, counted, port=port)

    # -- positions

    def position(self, lon: float, lat: float, what: str, join_nm: float) -> Place:
        """The place of a position; one inland is joined from up to `join_nm` away. Raises PlaceError, UsageError."""
        if not 0 <= join_nm <= MOST_JOIN_NM:
            raise UsageError(f"join_nm is {join_nm:g}; allowed: 0 to {MOST_JOIN_NM:g} nm")
        lon = (lon + 180) % 360 - 180
        if lon == -180:  # exactly on the cut of the map a leg would touch both halves of a shore and cross neither
            lon = 179.9999999
        key = (lon, lat, join_nm)
        if key not in self._free:
            if len(self._free) >= KEPT:
                self._free.pop(next(iter(self._free)))
            self._free[key] = self._position(lon, lat, what, join_nm)
        return self._free[key]

    def _position(self, lon: float, lat: float, what: str, join_nm: float) -> Place:
        name = f"{lat:g},{lon:g}"
        away = self._away_nm(lon, lat)
        nearest = int(np.argmin(away))
        if away[nearest] <= SAME_NM:
            return self._at_port(name, lon, lat, nearest, float(away[nearest]))
        away = np.where(self._own_channel, away, np.inf)
        nearest = int(np.argmin(away))
        if away[nearest] <= AT_PORT_NM and not self.water.is_free(np.array([lon, lat])):
            return self._at_port(name, lon, lat, nearest, float(away[nearest]))
        way = self._way_out(lon, lat)
        if way is not None:
            return self._joined(name, lon, lat, way, way_nm(way))
        found = self.water.inland_approach(lon, lat, join_nm)
        if away[nearest] <= min(join_nm, np.inf if found is None else found.snapped_nm):
            return self._at_port(name, lon, lat, nearest, float(away[nearest]))
        if found is None:
            raise self._refusal(lon, lat, what, join_nm)
        first = found.lonlat[1]
        join = Join(name, "water", found.snapped_nm, float(first[0]), float(first[1]))
        return self._joined(name, lon, lat, found.lonlat, way_nm(found.lonlat), join=join)

    @cached_property
    def _rows(self) -> Ints:
        """Rows of the port table that are nodes of the network."""
        rows = [self._row_of_key.get(p.key, -1) for p in self._ports.all[: len(self._s.port_keys)]]
        return np.array([k for k, row in enumerate(rows) if row >= 0 and self._s.port_node[row] >= 0], dtype=np.int64)

    @cached_property
    def _berth_lonlat(self) -> Floats:
        return np.array([(self._ports.all[k].lon, self._ports.all[k].lat) for k in self._rows])

    @cached_property
    def _berth_xyz(self) -> Floats:
        return vectors(self._berth_lonlat)

    def _away_nm(self, lon: float, lat: float) -> Floats:
        """Distances (n,) of a position from the berths of these ports, nm; inf for those too far to join."""
        out = np.full(len(self._rows), np.inf)
        near = np.flatnonzero(self._berth_xyz @ vectors((lon, lat)) > np.cos(1.01 * MOST_JOIN_NM / NM_PER_RADIAN))
        out[near] = lengths_nm(np.array([lon, lat]), self._berth_lonlat[near])
        return out

    @cached_property
    def _own_channel(self) -> np.ndarray:
        """Which of these ports have a channel of their own, or lie on a canal."""
        ports = [self._ports.all[k] for k in self._rows]
        return np.array([p.sea is not None or self._row_of_key[p.key] in self._on_canal for p in ports])

    def _at_port(self, name: str, lon: float, lat: float, which: int, away_nm: float) -> Place:
        """A position that uses the channel of a listed port."""
        port = self.port(int(self._rows[which]))
        way = np.vstack([[(lon, lat)], port.way]) if away_nm > 0 else port.way
        join = Join(name, "channel", away_nm, port.lon, port.lat, port.berth) if away_nm > AT_PORT_NM else None
        return Place(
            name, lon, lat, way, away_nm + port.approach_nm, port.ends, port.arctic, port.connected,
            berth=port.berth, channel=port.channel, join=join, way_bits=port.way_bits,
        )  # fmt: skip

    def _way_out(self, lon: float, lat: float) -> Floats | None:
        """The way (k, 2) to free water of a position that lies on water, or as near to it as the map is good."""
        if self.water.is_free(np.array([lon, lat])):
            return np.array([[lon, lat]])
        found = self.water.approach(lon, lat)
        return None if found is None else found.lonlat

    def _refusal(self, lon: float, lat: float, what: str, join_nm: float) -> PlaceError:
        from sim.geo.land import on_land
        from sim.geo.network.raw.approach import SNAP_NM

        where = f"position {what} (latitude {lat:g}, longitude {lon:g})"
        allowed = max(SNAP_NM, join_nm)
        if not on_land(np.array([[lon, lat]]))[0]:
            return PlaceError(f"{where} lies in water without a connection to the sea")
        near_lon, near_lat, away = self.water.nearest_water(lon, lat)
        return PlaceError(
            f"{where} lies on land; the nearest sea is {away:.0f} nm away at {near_lat:.2f},{near_lon:.2f} (lat,lon). "
            f"Allowed: at sea, or within {allowed:g} nm of water that leads to it"
        )

    def _joined(
        self, name: str, lon: float, lat: float, way: Floats, nm: float, *,
        port: Port | None = None, join: Join | None = None,
    ) -> Place:  # fmt: skip
        """A place whose way ends in free water, hung on all nodes that its sea point sees."""
        seen = self.water.ends(way[-1])
        ends = Ends(seen.nodes, seen.length_nm, seen.bits | np.uint64(self._crossed(way)))
        return self._hung(name, lon, lat, way, nm, ends, port=port, join=join)

    def _hung(
        self, name: str, lon: float, lat: float, way: Floats, nm: float, ends: Ends, *,
        port: Port | None = None, join: Join | None = None, stored: int = -1,
    ) -> Place:  # fmt: skip
        inside = ends.bits & self._passages.bits(self._passages.arctic) == 0
        nodes: Ints = ends.nodes[inside] if inside.any() else ends.nodes
        arctic = bool(len(nodes)) and bool(self._s.arctic[nodes].all())
        connected = bool(self._s.connected[ends.nodes].any())
        channel = port is not None and port.sea is not None
        return Place(
            name, lon, lat, way, nm, ends, arctic, connected, port,
            channel=channel, join=join, way_bits=self._crossed(way), stored=stored,
        )  # fmt: skip


__all__ = ["Places"]
