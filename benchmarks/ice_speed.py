"""Speed of voyages through ice: whole commands as fresh processes, and warm voyages by the Northern Sea Route."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from sim import SeaNetwork
from sim.scenario.load import load_scenario
from sim.scenario.simulate import Sailing

SCENARIO = Path(__file__).parents[1] / "scenarios" / "08-yong-sheng-2013.yaml"
COMMAND = str(Path(sys.executable).with_name("northabout"))
WARM = 40


def fresh(what: str, arguments: list[str], runs: int) -> None:
    """Seconds of a command as a fresh process: median and worst."""
    took = []
    for _ in range(runs):
        begun = time.perf_counter()
        subprocess.run([COMMAND, *arguments], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        took.append(time.perf_counter() - begun)
    print(f"{what:58s} {statistics.median(took):9.2f} {max(took):9.2f} s")


def warm() -> None:
    """Milliseconds of one voyage by the NSR, on departures through the season, open and closed ones."""
    from datetime import timedelta

    scenario = load_scenario(SCENARIO)
    sailing = Sailing(scenario, SeaNetwork.load(), SCENARIO.parent)
    nsr = next(a for a in scenario.alternatives if a.route == "nsr")
    took: dict[bool, list[float]] = {True: [], False: []}
    sailing.sailed(nsr)
    for k in range(WARM):
        begun = time.perf_counter()
        _, voyage = sailing.sailed(nsr, scenario.voyage.depart + timedelta(days=(k - WARM / 2) * 3))
        took[voyage is not None and voyage.blocked is None].append((time.perf_counter() - begun) * 1000)
    for is_open, values in took.items():
        if values:
            what = f"NSR voyage through ice, warm, {'open' if is_open else 'closed'} ({len(values)} departures)"
            print(f"{what:58s} {statistics.median(values):9.1f} {np.percentile(values, 90):9.1f} ms")


def main() -> None:
    """Print all of it."""
    print(f"{'':58s} {'median':>9s} {'p90/max':>9s}")
    fresh("run with 3 alternatives and built-in ice, fresh", ["run", str(SCENARIO)], 5)
    warm()
    fresh("calendar of 52 weeks x 3 routes, fresh", ["calendar", str(SCENARIO)], 1)


if __name__ == "__main__":
    main()
