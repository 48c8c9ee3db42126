"""The network file: what `geodata.build` writes and `SeaNetwork.load` reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import DAMAGED, DataError
from sim.geo.geodesy import Floats
from sim.geo.graph import Bits, Ints
from sim.geo.network.bounds import Bounds
from sim.geo.network.places import LocalWay

FORMAT = 2
SCALE = 1e5

READY: list[Any] = []  # networks read ahead in a process that workers are forked from, for the first who asks


@dataclass(frozen=True)
class Stored:
    """Arrays of the network.

    Nodes: `lonlat` (n, 2) degrees; `arctic` (n,) lies behind the Arctic passages; `connected` (n,) belongs to the world
    ocean. Edges: `first`, `second`, `length_nm`, `bits` (e,); `highway` (e,) marks those of the reduced graph.
    Ports, in the order of ports.csv: `port_keys`, `port_node` (-1: no connection to the sea), `approach_nm`, and the
    paths from berth to sea point (`way`, `way_start`). `canal` (n,) is the row of the canal of a node, else -1.
    `exact_sets`: closures for which the reduced graph has every shortest path of ports; `exact_routes`: named routes of
    which it does, as `route_key`.
    """

    lonlat: Floats
    arctic: NDArray[np.bool_]
    connected: NDArray[np.bool_]
    first: Ints
    second: Ints
    length_nm: Floats
    bits: Bits
    highway: NDArray[np.bool_]
    port_keys: list[str]
    port_node: Ints
    approach_nm: Floats
    way: Floats
    way_start: Ints
    canal: Ints
    exact_sets: frozenset[int]
    exact_routes: frozenset[str]
    passage_ids: list[str]
    bounds: Bounds

    def edges(self, nodes: Sequence[int] | Ints) -> tuple[Floats, Bits]:
        """As `Graph.edges`, without a graph: lengths (k - 1,) in nm and bits (k - 1,) of edges between nodes (k,)."""
        along = np.asarray(nodes, dtype=np.int64)
        low, high = np.minimum(along[:-1], along[1:]), np.maximum(along[:-1], along[1:])
        row = np.searchsorted(self._codes, low * len(self.lonlat) + high)
        return self.length_nm[row], self.bits[row]

    @cached_property
    def _codes(self) -> Ints:
        """Edges as numbers: the network is stored in their order, each once and from its smaller node."""
        return np.asarray(self.first * len(self.lonlat) + self.second)


@dataclass(frozen=True)
class Berths:
    """Ports that are no nodes, in the order of their keys: how each is joined to the network.

    `way`, `way_start` and `approach_nm` as of the network's own ports; `nodes`, `node_start` are the nodes that the sea
    point sees and `bits` the passages on the way to each; `sees` (m, m) tells which sea points see each other.
    `network` has as many nodes.
    """

    network: int
    keys: list[str]
    way: Floats
    way_start: Ints
    approach_nm: Floats
    nodes: Ints
    node_start: Ints
    bits: Bits
    sees: NDArray[np.bool_]


ReadBerths = Callable[[], Berths | None]


def pack(s: Stored) -> dict[str, NDArray[Any]]:
    """Arrays for the file, small and exact to 1e-5 degrees and 0.001 nm."""
    gated = np.flatnonzero(s.bits)
    return {
        "format": np.array([FORMAT]),
        "lonlat": np.rint(s.lonlat * SCALE).astype(np.int32),
        "flags": (s.arctic.astype(np.uint8) | (s.connected.astype(np.uint8) << 1)),
        "count": np.bincount(s.first, minlength=len(s.lonlat)).astype(np.uint16),
        "second": s.second.astype(np.uint16),
        "length": s.length_nm.astype(np.float32),
        "gated": gated.astype(np.int32),
        "gated_bits": s.bits[gated],
        "highway": np.packbits(s.highway),
        "port_keys": np.array(s.port_keys),
        "port_node": s.port_node.astype(np.int32),
        "approach": s.approach_nm.astype(np.float32),
        "way": np.rint(s.way * SCALE).astype(np.int32),
        "way_start": s.way_start.astype(np.int32),
        "canal": s.canal.astype(np.int8),
        "exact_roads": np.array(sorted(s.exact_routes)),
        "exact_sets": np.array(sorted(s.exact_sets), dtype=np.uint64),
        "passages": np.array(s.passage_ids),
        "landmarks_free": s.bounds.free,
        "landmarks_barred": s.bounds.behind,
        "barred": np.array([s.bounds.barred]),
    }


def read(path: Path) -> Stored:
    """Read a network file. Raises DataError where it is missing, damaged or of another format."""
    try:
        with path.open("rb") as file, np.load(file) as data:
            raw = {k: data[k] for k in data.files}
        if int(raw["format"][0]) != FORMAT:
            raise DataError(f"{path.name}: format {int(raw['format'][0])}, this program reads {FORMAT}")
        return _unpack(raw)
    except DAMAGED as error:
        raise DataError(f"{path.name}: cannot be read ({error}); rebuild it with 'python -m geodata.build'") from error


def _unpack(raw: dict[str, NDArray[Any]]) -> Stored:
    count = len(raw["second"])
    bits = np.zeros(count, dtype=np.uint64)
    bits[raw["gated"]] = raw["gated_bits"]
    return Stored(
        lonlat=raw["lonlat"] / SCALE,
        arctic=(raw["flags"] & 1).astype(bool),
        connected=(raw["flags"] & 2).astype(bool),
        first=np.repeat(np.arange(len(raw["count"])), raw["count"]),
        second=raw["second"].astype(np.int64),
        length_nm=raw["length"].astype(np.float64),
        bits=bits,
        highway=np.unpackbits(raw["highway"], count=count).astype(bool),
        port_keys=raw["port_keys"].tolist(),
        port_node=raw["port_node"].astype(np.int64),
        approach_nm=raw["approach"].astype(np.float64),
        way=raw["way"] / SCALE,
        way_start=raw["way_start"].astype(np.int64),
        canal=raw["canal"].astype(np.int64),
        exact_routes=frozenset(raw["exact_roads"].tolist()),
        exact_sets=frozenset(int(v) for v in raw["exact_sets"]),
        passage_ids=raw["passages"].tolist(),
        bounds=Bounds(raw["landmarks_free"], np.uint64(raw["barred"][0]), raw["landmarks_barred"]),
    )


def pack_berths(b: Berths) -> dict[str, NDArray[Any]]:
    """Arrays for the file of ports that are no nodes."""
    gated = np.flatnonzero(b.bits)
    return {
        "network": np.array([b.network]),
        "keys": np.array(b.keys),
        "way": np.rint(b.way * SCALE).astype(np.int32),
        "way_count": np.diff(b.way_start).astype(np.uint16),
        "approach": b.approach_nm.astype(np.float32),
        "nodes": b.nodes.astype(np.uint16),
        "node_count": np.diff(b.node_start).astype(np.uint16),
        "gated": gated.astype(np.int32),
        "gated_bits": b.bits[gated],
        "sees": np.packbits(np.triu(b.sees, 1), axis=1),
    }


def read_berths(path: Path, network: int) -> Berths | None:
    """Read the file of ports that are no nodes of a network of so many; None where there is no file, since all can be
    searched anew. Raises DataError."""
    if not path.exists():
        return None
    try:
        with path.open("rb") as file, np.load(file) as data:
            raw = {k: data[k] for k in data.files}
    except DAMAGED as error:
        raise DataError(f"{path.name}: cannot be read ({error}); rebuild it with 'python -m geodata.build'") from error
    if int(raw["network"][0]) != network:
        raise DataError(f"{path.name} belongs to another network.npz; rebuild it with 'python -m geodata.build'")
    count = len(raw["keys"])
    later = np.unpackbits(raw["sees"], axis=1, count=count).astype(bool)
    bits = np.zeros(len(raw["nodes"]), dtype=np.uint64)
    bits[raw["gated"]] = raw["gated_bits"]
    return Berths(
        network=network,
        keys=raw["keys"].tolist(),
        way=raw["way"] / SCALE,
        way_start=np.concatenate([[0], np.cumsum(raw["way_count"], dtype=np.int64)]),
        approach_nm=raw["approach"].astype(np.float64),
        nodes=raw["nodes"].astype(np.int64),
        node_start=np.concatenate([[0], np.cumsum(raw["node_count"], dtype=np.int64)]),
        bits=bits,
        sees=later | later.T,
    )


def pack_ways(ways: dict[str, LocalWay | None]) -> dict[str, NDArray[Any]]:
    """Arrays of ways between places near each other, under their keys; None is a way without legs."""
    kept = [w or LocalWay(np.empty((0, 2)), np.empty(0), 0) for w in ways.values()]
    return {
        "key": np.array(list(ways)),
        "bits": np.array([w.bits for w in kept], dtype=np.uint64),
        "count": np.array([len(w.lonlat) for w in kept], dtype=np.uint16),
        "lonlat": np.rint(np.vstack([w.lonlat for w in kept]) * SCALE).astype(np.int32),
        "leg_nm": np.concatenate([w.leg_nm for w in kept]),
    }


def read_ways(path: Path) -> dict[str, LocalWay | None]:
    """Read a file of ways; none where there is no file, since every way can be searched anew. Raises DataError."""
    if not path.exists():
        return {}
    try:
        with path.open("rb") as file, np.load(file) as data:
            raw = {k: data[k] for k in data.files}
    except DAMAGED as error:
        raise DataError(f"{path.name}: cannot be read ({error}); rebuild it with 'python -m geodata.build'") from error
    at = np.concatenate([[0], np.cumsum(raw["count"], dtype=np.int64)])
    leg_at = np.concatenate([[0], np.cumsum(np.maximum(raw["count"].astype(np.int64) - 1, 0))])
    lonlat, out = raw["lonlat"] / SCALE, {}
    for k, key in enumerate(raw["key"].tolist()):
        way = LocalWay(lonlat[at[k] : at[k + 1]], raw["leg_nm"][leg_at[k] : leg_at[k + 1]], int(raw["bits"][k]))
        out[key] = way if len(way.lonlat) else None
    return out
