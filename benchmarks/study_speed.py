"""The speed of studies and of what they are made of, as a table: CPU and wall time of each in one run.

`python benchmarks/study_speed.py [--only voyage study run calendar chokepoints] [--draws N]`: a warm voyage by the
Northern Sea Route (median of 36), the voyages a second of scenarios/studies/ten-days-saved.yaml with one worker and
with two (N draws of two voyages, 100; without the start of the workers), and the commands `run`, `calendar` and
`chokepoints --sets 2` in a new process. CPU times are those to compare where other work runs beside.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

HERE = Path(__file__).parents[1]
sys.path.insert(0, str(HERE))

STUDY = HERE / "scenarios/studies/ten-days-saved.yaml"
SCENARIO = HERE / "scenarios/08-yong-sheng-2013.yaml"
COMMAND = "import sys; from sim.cli import main; sys.argv[0] = 'northabout'; main()"
VOYAGES = 2  # of a draw: Suez and the Northern Sea Route
PARTS = ("voyage", "study", "run", "calendar", "chokepoints")


class Spent(NamedTuple):
    """CPU time of this process and of those that it began, s, wall time, s, and the most memory of all at once, MB."""

    cpu: float
    wall: float
    memory_mb: float


class Watch(Thread):
    """Looks at this process and those that it began: their CPU time since then, s, and the memory of all, MB, what
    they share counted once."""

    EVERY_S = 0.5

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.memory_mb, self.over = 0.0, Event()
        self._begun, self._seen = self._looked()[0], dict[int, float]()

    @property
    def cpu(self) -> float:
        """CPU time of the processes that this one began, without what they had before."""
        return sum(cpu - self._begun.get(pid, 0.0) for pid, cpu in self._seen.items())

    def run(self) -> None:
        """Look until it is over."""
        while not self.over.wait(self.EVERY_S):
            cpu, held = self._looked()
            self._seen |= cpu
            self.memory_mb = max(self.memory_mb, held / 1e6)

    @staticmethod
    def _looked() -> tuple[dict[int, float], float]:
        """CPU time of each process but this one, and bytes of all."""
        import psutil

        cpu, held, own = dict[int, float](), 0.0, psutil.Process()
        for process in (own, *own.children(recursive=True)):
            with suppress(psutil.Error):
                times, memory = process.cpu_times(), process.memory_full_info()
                held += getattr(memory, "pss", memory.uss)
                if process.pid != own.pid:
                    cpu[process.pid] = times.user + times.system
        return cpu, held


def spent(do: Callable[[], object]) -> Spent:
    """What something costs in this process and in those that it began: as the system tells of those that were waited
    for, or as they were seen, whichever is more; what is seen lacks their last half second."""
    watch, begun, before = Watch(), time.perf_counter(), os.times()
    watch.start()
    do()
    wall, after = time.perf_counter() - begun, os.times()
    watch.over.set()
    watch.join()
    own, waited_for = sum(after[:2]) - sum(before[:2]), sum(after[2:4]) - sum(before[2:4])
    return Spent(own + max(watch.cpu, waited_for), wall, watch.memory_mb)


def told(name: str, cost: Spent, more: str = "") -> None:
    """Print a row."""
    print(f"{name:34s} CPU {cost.cpu:7.2f} s  wall {cost.wall:7.2f} s  {more}", flush=True)


def command(*arguments: str) -> Spent:
    """A command in a new process."""
    environment = os.environ | {"PYTHONPATH": str(HERE)}
    run = [sys.executable, "-c", COMMAND, *arguments]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return spent(lambda: subprocess.run(run, check=True, env=environment, **quiet))


def voyages() -> None:
    """Print the time of a warm voyage."""
    from datetime import timedelta

    from benchmarks.voyage_speed import ARC5, FIRST, WEEKS, milliseconds
    from sim import SeaNetwork
    from sim.scenario.convert import as_studied
    from sim.scenario.schema import Scenario
    from sim.scenario.simulate import Sailing

    sailing = Sailing(as_studied(Scenario.model_validate(ARC5)), SeaNetwork.load(), HERE)
    departs = [FIRST + timedelta(days=7 * k) for k in range(WEEKS)]
    milliseconds(sailing, departs[0])
    found = [milliseconds(sailing, depart) for depart in departs for _ in range(3)]
    print(f"{'warm voyage, median':34s} CPU {statistics.median(found):7.1f} ms  most {max(found):.1f} ms", flush=True)


def sailed(draws: int, workers: int) -> Spent:
    """A study of so many draws in a new process and a new folder."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.yaml"
        path.write_text(STUDY.read_text().replace("samples: 2000", f"samples: {draws}"))
        return command("study", str(path), "--out", str(Path(folder) / "out"), "--workers", str(workers))


def studies(draws: int) -> None:
    """Print the rate of one worker and of two; that of a study of a few draws is taken off as their start."""
    few, rates = 4, []
    for workers in (1, 2):
        start, whole = sailed(few, workers), sailed(few + draws, workers)
        wall, cpu = whole.wall - start.wall, whole.cpu - start.cpu
        rates.append(draws * VOYAGES / wall)
        rate = f"{rates[-1]:.1f} voyages/s, {draws * VOYAGES / cpu:.1f} per s of CPU, {whole.memory_mb:.0f} MB in all"
        told(f"study of {few + draws} draws, {workers} worker(s)", whole, rate)
    print(f"{'two workers to one':34s} {rates[1] / rates[0]:.2f}", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--draws", type=int, default=100, help="of the study")
    options = parser.parse_args()
    if "voyage" in options.only:
        voyages()
    if "study" in options.only:
        studies(options.draws)
    if "run" in options.only:
        each = [command("run", str(SCENARIO), "--json") for _ in range(5)]
        told("run, three alternatives, median", Spent(*map(statistics.median, zip(*each, strict=True))))
    if "calendar" in options.only:
        told("calendar, 53 x 3", command("calendar", str(SCENARIO), "--json"))
    if "chokepoints" in options.only:
        told("chokepoints --sets 2", command("chokepoints", "--sets", "2"))


if __name__ == "__main__":
    main()
