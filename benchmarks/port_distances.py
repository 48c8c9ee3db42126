"""Distances between ports against a published list, beside the peers searoute and scgraph.

python benchmarks/port_distances.py LIST.csv [--worst 30] [--no-peers]

The list has the columns port_a, lon_a, lat_a, port_b, lon_b, lat_b, distance_nm, as of NGA Pub. 151 (Distances Between
Ports). All three programs get the same positions. A peer that is not installed is left out. Printed are the median and
the 95th percentile of the absolute error in per cent by bands of the published distance, the median signed error, and
how many pairs have no answer; then the same without ports that the list itself puts in the wrong place.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from sim import SeaNetwork
from sim.errors import NorthaboutError, PlaceError
from sim.geo.geodesy import Floats, lengths_nm
from sim.geo.ports import PortTable

BANDS_NM = ((0, 400), (400, 800), (800, 1500), (1500, 3000), (3000, float("inf")))
OFF_NM = 20.0
Position = tuple[float, float]


@dataclass(frozen=True)
class Pair:
    """Two ports of the list, lon, lat degrees, and their published distance."""

    names: tuple[str, str]
    ends: tuple[Position, Position]
    nm: float


def read(path: Path) -> list[Pair]:
    """The pairs of a list."""
    with path.open(newline="", encoding="utf-8") as file:
        return [
            Pair(
                (r["port_a"], r["port_b"]),
                ((float(r["lon_a"]), float(r["lat_a"])), (float(r["lon_b"]), float(r["lat_b"]))),
                float(r["distance_nm"]),
            )
            for r in csv.DictReader(file)
        ]


def own(pairs: list[Pair]) -> Floats:
    """Distances of this program, nm; nan where it refuses."""
    net = SeaNetwork.load()
    places = {}
    out = np.full(len(pairs), np.nan)
    for k, pair in enumerate(pairs):
        try:
            for end in pair.ends:
                if end not in places:
                    places[end] = net.place(end)
            found = net.route(*(places[end] for end in pair.ends))
        except NorthaboutError:
            continue
        out[k] = found.distance_nm if found.status == "ok" else np.nan
        if sys.stderr.isatty() and k % 50 == 0:
            print(f"\r{k} of {len(pairs)}", end="", file=sys.stderr, flush=True)
    return out


def searoute_nm(a: Position, b: Position) -> float:
    """The distance of searoute, nm."""
    import searoute

    return float(searoute.searoute(list(a), list(b), units="naut")["properties"]["length"])


def scgraph_nm(a: Position, b: Position) -> float:
    """The distance of scgraph's marnet, nm."""
    from scgraph.geographs.marnet import marnet_geograph

    found = marnet_geograph.get_shortest_path(
        origin_node={"longitude": a[0], "latitude": a[1]}, destination_node={"longitude": b[0], "latitude": b[1]},
        output_units="km",
    )  # fmt: skip
    return float(found["length"]) / 1.852


def peer(pairs: list[Pair], one: Callable[[Position, Position], float]) -> Floats | None:
    """Distances of a peer, nm; None where it is not installed."""
    try:
        return np.array([one(*p.ends) for p in pairs])
    except ImportError:
        return None


def misplaced(pairs: list[Pair]) -> dict[str, float]:
    """Ports of the list that lie farther than `OFF_NM` from the port of that name in this program's table, and how
    far: their positions are misprints of the list, or another place is meant."""
    ports, out = PortTable.load(), {}
    for name, (lon, lat) in sorted({end for p in pairs for end in zip(p.names, p.ends, strict=True)}):
        try:
            port = ports.all[ports.find(name)]
        except PlaceError:
            continue
        off = float(lengths_nm(np.array([lon, lat]), np.array([[port.lon, port.lat]]))[0])
        if off > OFF_NM:
            out[name] = off
    return out


def table(pairs: list[Pair], found: dict[str, Floats]) -> None:
    """Print the errors by bands."""
    nm = np.array([p.nm for p in pairs])
    print(f"| published distance, nm | pairs | {' | '.join(f'{n}: median, 95th, signed' for n in found)} |")
    print("|" + "---|" * (len(found) + 2))
    for low, high in BANDS_NM:
        rows = (nm >= low) & (nm < high)
        cells = []
        for got in found.values():
            error = 100 * (got[rows] / nm[rows] - 1)
            error = error[np.isfinite(error)]
            cells.append(
                f"{np.median(np.abs(error)):.2f}, {np.percentile(np.abs(error), 95):.1f}, {np.median(error):+.2f}"
            )
        name = f"{low:,}-{high:,.0f}" if np.isfinite(high) else f"over {low:,}"
        print(f"| {name} | {rows.sum()} | {' | '.join(cells)} |")
    print(f"| not answered | {len(pairs)} | {' | '.join(str(int((~np.isfinite(g)).sum())) for g in found.values())} |")


def main() -> None:
    """Print the table, and the worst pairs if asked."""
    parser = argparse.ArgumentParser(description="Errors of port distances against a published list.")
    parser.add_argument("list", type=Path)
    parser.add_argument("--worst", type=int, default=0, help="print so many of the worst pairs")
    parser.add_argument("--no-peers", action="store_true")
    given = parser.parse_args()
    pairs = read(given.list)
    programs = {"northabout": own, "searoute": partial(peer, one=searoute_nm), "scgraph": partial(peer, one=scgraph_nm)}
    if given.no_peers:
        programs = {"northabout": own}
    found = {name: got for name, run in programs.items() if (got := run(pairs)) is not None}
    table(pairs, found)
    off = misplaced(pairs)
    good = [k for k, p in enumerate(pairs) if not off.keys() & set(p.names)]
    if len(good) < len(pairs):
        print(f"\nWithout ports whose positions in the list lie {OFF_NM:g} nm or more from the port of that name:")
        print("; ".join(f"{name} ({nm:.0f} nm)" for name, nm in off.items()) + "\n")
        table([pairs[k] for k in good], {name: got[good] for name, got in found.items()})
    error = 100 * (found["northabout"] / np.array([p.nm for p in pairs]) - 1)
    for k in np.argsort(-np.abs(np.nan_to_num(error, nan=1e9)))[: given.worst]:
        print(f"{error[k]:+8.1f} %  {pairs[k].nm:6.0f} nm  {' - '.join(pairs[k].names)}")


if __name__ == "__main__":
    main()
