"""Speed beside the peers searoute and scgraph, all in one run: `make bench`.

Times are medians of warm calls in this process; whole commands are timed as fresh processes. Ratios within the run are
what counts, the machine decides the rest.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

import geodata
from sim import SeaNetwork
from sim.errors import PlaceError
from sim.geo.ports import SHIPPED, Port, PortTable
from sim.tables import Lazy

PAIRS = 200
CLOSABLE = ("suez_canal", "panama", "malacca_strait", "bab_el_mandeb", "gibraltar", "sunda_strait", "bering_strait",
            "taiwan_strait", "dover_strait", "cape_of_good_hope", "strait_of_hormuz", "kiel_canal")  # fmt: skip


def timed(calls: list[Callable[[], object]]) -> list[float]:
    """Milliseconds of each call, after one warm-up of the first."""
    calls[0]()
    out = []
    for call in calls:
        begun = time.perf_counter()
        call()
        out.append((time.perf_counter() - begun) * 1000)
    return out


def line(what: str, values: list[float], unit: str = "ms") -> None:
    """One row: median and the 90th percentile."""
    print(f"{what:58s} {statistics.median(values):9.2f} {np.percentile(values, 90):9.2f} {unit}")


def process(what: str, command: list[str], runs: int = 5) -> None:
    """Wall time of a fresh process."""
    out = []
    for _ in range(runs + 1):
        begun = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        out.append(time.perf_counter() - begun)
    line(what, out[1:], "s")


def peers(pairs: list[tuple[tuple[float, float], tuple[float, float]]]) -> None:
    """The same pairs of ports by the peers; a peer that is not installed is left out."""
    try:
        import searoute
    except ImportError:
        print("searoute is not installed")
    else:
        line("searoute: one route", timed([lambda p=p: searoute.searoute(list(p[0]), list(p[1])) for p in pairs]))
    try:
        from scgraph.geographs.marnet import marnet_geograph
    except ImportError:
        print("scgraph is not installed")
        return

    def one(a: tuple[float, float], b: tuple[float, float]) -> object:
        return marnet_geograph.get_shortest_path(
            origin_node={"longitude": a[0], "latitude": a[1]}, destination_node={"longitude": b[0], "latitude": b[1]}
        )

    line("scgraph: one route", timed([lambda p=p: one(*p) for p in pairs]))


def placed(net: SeaNetwork, port: Port) -> bool:
    """Whether a port of the lists has water that leads to it."""
    try:
        return net.place(port.key).connected
    except PlaceError:
        return False


def port_list() -> None:
    """What the ports of public lists cost a start, and the wheel."""
    by_hand, more = (geodata.table(name) for name in SHIPPED)
    for what, paths in (("reviewed by hand", [by_hand]), ("all", [by_hand, more])):
        line(f"northabout: table of ports, {what}", timed([lambda p=paths: PortTable(Lazy(p, Port))] * 9))
        size = sum(len(zlib.compress(path.read_bytes())) for path in paths) / 1000
        print(f"{f'northabout: in the wheel, {what}':58s} {size:9.0f} {'':9s} kB")


def main() -> None:
    """Print the table."""
    net = SeaNetwork.load()
    rng = np.random.default_rng(1)
    ports = [p for p in net.ports.all if p.kind == "port" and net.has_node(p) and net.place(p.key).connected]
    listed = [p for p in net.ports.all if p.kind == "port" and not net.has_node(p)]
    listed = [listed[int(k)] for k in rng.choice(len(listed), PAIRS, replace=False) if placed(net, listed[int(k)])]

    def some(of: list[Port]) -> list[tuple[Port, Port]]:
        drawn = (rng.choice(len(of), 2, replace=False) for _ in range(PAIRS))
        return [(of[int(j)], of[int(k)]) for j, k in drawn]

    pairs, more = some(ports), some(listed)
    shut = [set(rng.choice(CLOSABLE, size=int(rng.integers(0, 3)), replace=False).tolist()) for _ in pairs]
    print(f"{'what':58s} {'median':>9s} {'90 %':>9s}")
    line("northabout: one route, reviewed ports", timed([lambda p=p: net.route(p[0].key, p[1].key) for p in pairs]))
    line(
        "northabout: the same, 0-2 passages closed, other each call",
        timed([lambda p=p, c=c: net.route(p[0].key, p[1].key, closed=c) for p, c in zip(pairs, shut, strict=True)]),
    )
    line("northabout: one route, ports of the lists", timed([lambda p=p: net.route(p[0].key, p[1].key) for p in more]))
    peers([((a.lon, a.lat), (b.lon, b.lat)) for a, b in pairs])

    sea = [np.asarray(net.place(p.key).sea) for p in ports]
    loose = []
    for k in range(40):
        i, j = rng.integers(len(sea), size=2)
        nudge = rng.uniform(-0.02, 0.02, size=(2, 2))
        a, b = tuple(sea[i] + nudge[0]), tuple(sea[j] + nudge[1])
        if i != j:
            loose.append(lambda a=a, b=b: net.route(a, b))
        del k
    line("northabout: one route, free coordinates", timed(loose))
    keys = [p.key for p in ports[:300]]
    line(f"northabout: {len(keys)} x {len(keys)} matrix", timed([lambda: net.distances(keys, keys)] * 3))
    line(
        f"northabout: {len(keys)} x {len(keys)} matrix, Suez and Malacca closed",
        timed([lambda: net.distances(keys, keys, closed={"suez_canal", "malacca_strait"})] * 3),
    )
    line(
        f"northabout: {len(keys)} x {len(keys)} matrix, whole network (draft 14.5 m)",
        timed([lambda: net.distances(keys, keys, draft_m=14.5)] * 2),
    )
    program = str(Path(sys.executable).with_name("northabout"))
    base = [program] if Path(program).exists() else [sys.executable, "-m", "northabout"]
    process("northabout route Dalian Rotterdam, fresh process", [*base, "route", "Dalian", "Rotterdam"])
    process("northabout --help, fresh process", [*base, "--help"])
    port_list()
    process(
        "searoute: import and first route, fresh process",
        [sys.executable, "-c", "import searoute as s; s.searoute([121.65, 38.92], [4.05, 51.98])"],
    )
    process(
        "scgraph: import and first route, fresh process",
        [sys.executable, "-c", "from scgraph.geographs.marnet import marnet_geograph as m; m.get_shortest_path("
         "{'latitude': 38.92, 'longitude': 121.65}, {'latitude': 51.98, 'longitude': 4.05})"],
    )  # fmt: skip


if __name__ == "__main__":
    main()
