"""Warm voyages by the Northern Sea Route: CPU time, states searched, and the answers beside those of the whole lattice.

`python benchmarks/voyage_speed.py [-n CASES]`: the times of twelve weekly departures of one ship through the
season by the quick search and by the whole one (tests/voyage/whole_search.py), in turn, and their ratio; then CASES
voyages at random (200), whose days, causes and routes are compared. CPU times, since other work may run beside.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).parents[1]
sys.path.insert(0, str(HERE))

from sim import SeaNetwork  # noqa: E402
from sim.geo.network.search.corridor import LADDER_NM  # noqa: E402
from sim.geo.route import Route  # noqa: E402
from sim.scenario.convert import as_studied  # noqa: E402
from sim.scenario.schema import Scenario  # noqa: E402
from sim.scenario.simulate import Sailing  # noqa: E402
from sim.voyage.ice_route import IceRouter  # noqa: E402
from sim.voyage.voyage import Voyage  # noqa: E402
from tests.voyage.whole_search import WholeRouter, random_scenarios  # noqa: E402

FIRST, WEEKS = datetime(2030, 7, 15, tzinfo=UTC), 12
ARC5 = {
    "format": 1, "name": "arc5", "description": "Dalian to Rotterdam by the Northern Sea Route",
    "voyage": {"from": "Dalian", "to": "Rotterdam", "depart": "2030-08-10"},
    "vessel": {"type": "mpp_19k_1a", "ice_class": "Arc5"},
    "alternatives": [{"route": "nsr"}], "baseline": "nsr", "ice": {"escort": "when_needed"},
}  # fmt: skip


def milliseconds(sailing: Sailing, depart: datetime) -> float:
    """CPU time of one voyage."""
    begun = time.process_time()
    sailing.sailed(sailing.scenario.alternatives[0], depart)
    return (time.process_time() - begun) * 1000


def times(net: SeaNetwork, quick: IceRouter, whole: IceRouter) -> None:
    """Print the times of both searches, one after the other."""
    scenario = as_studied(Scenario.model_validate(ARC5))
    both = [Sailing(scenario, net, HERE, router) for router in (quick, whole)]
    departs = [FIRST + timedelta(days=7 * k) for k in range(WEEKS)]
    for sailing in both:
        for depart in departs[:2]:
            sailing.sailed(scenario.alternatives[0], depart)
    found = [[milliseconds(sailing, depart) for sailing in both] for depart in departs for _ in range(3)]
    for name, values in zip(("corridor", "whole lattice"), zip(*found, strict=True), strict=True):
        print(f"warm voyage, {name:14s} median {statistics.median(values):6.1f} ms, most {max(values):6.1f} ms")
    print(f"ratio, median of {len(found)} pairs {statistics.median(b / a for a, b in found):6.1f}")


def sizes(quick: IceRouter) -> None:
    """Print how many states the corridors of the last two places have, of all."""
    outlook = next(reversed(quick.lattice.outlooks.values()))
    for nm in LADDER_NM:
        size = outlook.corridor(nm).size
        print(f"corridor of {nm:5.0f} nm: {size:6d} states, {len(outlook.corridor(nm).cells):6d} cells")


def outcome(found: tuple[Route, Voyage | None]) -> tuple[str, object, float]:
    """Status, what bars the way, and days (0 without)."""
    route, voyage = found
    block = None if voyage is None or voyage.blocked is None else voyage.blocked
    said = None if block is None else (block.cause, block.closed_by, block.sea)
    return route.status, said, 0.0 if voyage is None or block is not None else voyage.days


def compared(net: SeaNetwork, quick: IceRouter, whole: IceRouter, count: int) -> None:
    """Print how far both searches differ on voyages at random."""
    apart, other, spent = [], 0, [0.0, 0.0]
    for scenario in map(as_studied, random_scenarios(count)):
        said = []
        for k, router in enumerate((quick, whole)):
            begun = time.process_time()
            said.append(outcome(Sailing(scenario, net, HERE, router).sailed(scenario.alternatives[0])))
            spent[k] += time.process_time() - begun
        other += said[0][:2] != said[1][:2]
        apart.append(abs(said[0][2] - said[1][2]))
    print(f"{count} voyages at random: {other} of another status or cause, days apart by {max(apart):.6f} at most,")
    print(f"{sum(a > 0.01 for a in apart)} by more than 0.01; CPU {spent[0]:.0f} s and {spent[1]:.0f} s, each pair new")


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=200, help="voyages at random")
    options = parser.parse_args()
    net = SeaNetwork.load()
    quick, whole = IceRouter(net), WholeRouter(net)
    times(net, quick, whole)
    sizes(quick)
    if options.n:
        compared(net, quick, whole, options.n)


if __name__ == "__main__":
    main()
