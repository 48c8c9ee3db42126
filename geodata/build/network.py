"""Assemble the shipped network: corners, canals and ports as nodes, legs as edges, passages as bits."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
from shapely import Polygon

from geodata.build.graph import joins, taut_edges
from sim import tables
from sim.geo.geodesy import Floats, lengths_nm, vectors, way_nm
from sim.geo.graph import Bits, Ints
from sim.geo.network.obstacles import bend_corners, curved, rings_of
from sim.geo.network.raw.approach import Coast, find_approach
from sim.geo.network.raw.raster import Shape
from sim.geo.passages import PassageTable, crosses
from sim.geo.ports import Port
from sim.tables import Filled, From, Grade

LonLat = tuple[float, float]
ROUNDED_DEG = 1e-4


@dataclass(frozen=True)
class Canal:
    """A canal as a chain of links from sea to sea; `ports` lie on it at a distance from its first point."""

    id: str
    length_nm: float
    lonlat: Floats
    ports: dict[str, float]


@dataclass(frozen=True)
class Nodes:
    """Nodes in their order: corners, canal points, ports. Lon, lat degrees; `canal` is a canal's row or -1."""

    lonlat: Floats
    corners: int
    port_start: int
    canal: Ints


@dataclass(frozen=True)
class Edges:
    """Legs between nodes: numbers of both ends (e,), lengths in nm, passages crossed as bits."""

    first: Ints
    second: Ints
    length_nm: Floats
    bits: Bits


@dataclass(frozen=True)
class Berth:
    """A port on the network: the way (n, 2) from the berth to the sea point, and its counted length."""

    way: Floats
    approach_nm: float


def read_canals(path: Path) -> list[Canal]:
    """Canals of geodata/tables/canals.csv."""
    with path.open(newline="", encoding="utf-8") as file:
        return [
            Canal(
                r["id"],
                float(r["length_nm"]),
                np.array([[float(v) for v in p.split()] for p in r["fairway_lon_lat"].split(";")]),
                {k: float(v) for k, v in (p.split(":") for p in r["ports_at_nm"].split(";") if p.strip())},
            )
            for r in csv.DictReader(file)
        ]


@dataclass(frozen=True)
class Channel:
    """A row of channels.csv: the way drawn from a berth to its sea point; `note` where its length is not the published
    one."""

    locode: Filled
    lonlat: Annotated[tuple[LonLat, ...], From("line_lon_lat")]
    source: Filled
    confidence: Grade
    note: str = ""


def read_channels(path: Path) -> dict[str, Floats]:
    """The lines (n, 2) of geodata/tables/channels.csv by the key of their port."""
    return {row.locode: np.array(row.lonlat) for row in tables.rows(path, Channel, unique="locode")}


class Water:
    """Free water and raw coast, as the assembly asks for them."""

    def __init__(self, land: Sequence[Polygon], obstacles: Sequence[Polygon]) -> None:
        self.coast = Coast(Shape(land), curved(obstacles))

    def way_out(self, lonlat: LonLat, snap_nm: float = 3.0) -> Floats | None:
        """The way from a place to free water (just the place where it is free)."""
        if self.coast.free(lonlat):
            return np.array([lonlat])
        found = find_approach(lonlat, self.coast, snap_nm)
        if found is None:  # what is nearest may be a speck of a river that the grid cuts; farther down it is wider
            found = find_approach(lonlat, self.coast, 2 * snap_nm, inland=True)
        return None if found is None else found.lonlat


def berth(port: Port, water: Water, channels: Mapping[str, Floats]) -> Berth | None:
    """How a port reaches free water; None where it cannot.

    A port with a sea point is drawn along its line of channels.csv. Counted are the published miles, not the line.
    """
    place = (port.lon, port.lat)
    if port.sea is None:
        way = water.way_out(place)
        return None if way is None else Berth(way, way_nm(way) if port.kind == "port" else 0.0)
    out = water.way_out(port.sea)
    if out is None:
        return None
    line = channels.get(port.key, np.array([place, port.sea]))
    if not np.allclose(line[[0, -1]], [place, port.sea], rtol=0, atol=ROUNDED_DEG):
        raise ValueError(f"channels.csv: the line of {port.key} does not lead from its berth to its sea point")
    counted = port.approach_nm if port.approach_nm is not None else way_nm(line)
    return Berth(np.vstack([line[:-1], out]), counted + way_nm(out))


def chain(canal: Canal, water: Water) -> tuple[Floats, Floats, dict[str, int]]:
    """Points (n, 2) of a canal with its ways out to free water, lengths (n - 1,) of its links, and the point of
    each port on it."""
    step = np.array([way_nm(canal.lonlat[k : k + 2]) for k in range(len(canal.lonlat) - 1)])
    scale = canal.length_nm / step.sum()
    at = np.concatenate([[0.0], np.cumsum(step)]) * scale
    stops = np.unique(np.concatenate([at, list(canal.ports.values())]))
    points = np.column_stack([np.interp(stops, at, canal.lonlat[:, k]) for k in (0, 1)])
    ports = {code: int(np.argmin(np.abs(stops - nm))) for code, nm in canal.ports.items()}
    before, after = water.way_out(tuple(points[0])), water.way_out(tuple(points[-1]))
    if before is None or after is None:
        raise ValueError(f"canal {canal.id}: an end does not reach free water")
    head, tail = before[:0:-1], after[1:]
    whole = np.vstack([head, points, tail])
    links = np.concatenate(
        [
            [way_nm(before[k : k + 2]) for k in range(len(head))][::-1],
            np.diff(stops),
            [way_nm(after[k : k + 2]) for k in range(len(tail))],
        ]
    )
    return whole, links, {code: k + len(head) for code, k in ports.items()}


def assemble(
    obstacles: list[Polygon],
    land: Sequence[Polygon],
    ports: list[Port],
    canals: list[Canal],
    channels: Mapping[str, Floats],
    table: PassageTable,
) -> tuple[Nodes, Edges, list[Berth | None]]:
    """Nodes and edges of the whole network. Ports that reach no free water get no berth."""
    rings = rings_of(obstacles)
    corners = bend_corners(rings)
    print(f"  {len(rings.lonlat)} obstacle corners, {len(corners)} of them bend a route", file=sys.stderr)
    water = Water(land, obstacles)
    lonlat, count = [rings.lonlat[corners]], len(corners)

    links: list[tuple[int, int, float, int]] = []
    canal_ends: list[int] = []
    canal_rows: list[Ints] = []
    on_canal: dict[str, int] = {}
    for canal in canals:
        points, lengths, at = chain(canal, water)
        bits = _canal_bits(canal.id, points, table)
        links += [(count + k, count + k + 1, float(lengths[k]), int(bits[k])) for k in range(len(lengths))]
        canal_ends += [count, count + len(points) - 1]
        canal_rows.append(np.full(len(points), table.ids.index(canal.id)))
        on_canal |= {code: count + k for code, k in at.items() if code not in on_canal}
        lonlat.append(points)
        count += len(points)

    berths = [_berth_on(port, water, channels, lonlat, on_canal) for port in ports]
    port_start = count
    lonlat.append(np.array([b.way[-1] if b else (0.0, -90.0) for b in berths]))
    places = np.vstack(lonlat)

    first, second = taut_edges(rings, corners)
    extra_nodes = np.array(canal_ends + [port_start + k for k in range(len(ports))])
    extra = places[extra_nodes]
    usable = np.array(
        [True] * len(canal_ends) + [b is not None and p.key not in on_canal for b, p in zip(berths, ports, strict=True)]
    )
    own, seen = joins(rings, corners, extra)
    to = np.where(seen < len(corners), seen, extra_nodes[np.maximum(seen - len(corners), 0)])
    fine = usable[own] & ((seen < len(corners)) | usable[np.maximum(seen - len(corners), 0)])
    first, second = np.concatenate([first, extra_nodes[own[fine]]]), np.concatenate([second, to[fine]])
    length = lengths_nm(places[first], places[second])
    xyz = vectors(places)
    inner = _approach_bits(berths, port_start, table)
    bits = table.crossed(xyz[first], xyz[second]) | inner[first] | inner[second]

    links += [(port_start + k, on_canal[p.key], 0.01, 0) for k, p in enumerate(ports) if p.key in on_canal]
    more = np.array([(a, b) for a, b, _, _ in links], dtype=np.int64).reshape(-1, 2)
    edges = Edges(
        np.concatenate([first, more[:, 0]]),
        np.concatenate([second, more[:, 1]]),
        np.concatenate([length, [n for _, _, n, _ in links]]),
        np.concatenate([bits, np.array([b for *_, b in links], dtype=np.uint64)]),
    )
    nothing = np.full(len(corners), -1), np.full(len(ports), -1)
    canal_of = np.concatenate([nothing[0], *canal_rows, nothing[1]])
    return Nodes(places, len(corners), port_start, canal_of), edges, berths


def _approach_bits(berths: list[Berth | None], port_start: int, table: PassageTable) -> Bits:
    """Passages that lie between a berth and its sea point, for every node: each leg of the port crosses them."""
    out = np.zeros(port_start + len(berths), dtype=np.uint64)
    for k, found in enumerate(berths):
        if found is not None and len(found.way) > 1:
            xyz = vectors(found.way)
            out[port_start + k] = np.bitwise_or.reduce(table.crossed(xyz[:-1], xyz[1:]))
    return out


def _berth_on(
    port: Port, water: Water, channels: Mapping[str, Floats], lonlat: list[Floats], on_canal: dict[str, int]
) -> Berth | None:
    """The berth of a port, which is a point of a canal where the port lies on one."""
    if port.key in on_canal:
        return Berth(np.array([[port.lon, port.lat], _row(lonlat, on_canal[port.key])]), 0.0)
    found = berth(port, water, channels)
    if found is None:
        print(f"  {port.key} {port.name}: no way to free water", file=sys.stderr)
    return found


def _row(blocks: list[Floats], k: int) -> Floats:
    return np.asarray(np.vstack(blocks)[k])


def _canal_bits(canal_id: str, points: Floats, table: PassageTable) -> Bits:
    xyz = vectors(points)
    hit = crosses(table[canal_id], xyz[:-1], xyz[1:])
    if hit.sum() != 1:
        raise ValueError(f"canal {canal_id}: its fairway crosses its gate {hit.sum()} times")
    return np.where(hit, table.bits([canal_id]), np.uint64(0)).astype(np.uint64)
