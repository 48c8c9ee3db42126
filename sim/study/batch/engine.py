"""Run a study: what is missing in its folder is sailed, on any workers, and put together.

A part that is done is kept at once, in whatever order parts come; the final file has them in the order of their draws,
so that its bytes do not tell how many workers there were, or how often the run was ended and begun again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import DataError, ScenarioError
from sim.study.batch.checksums import code_and_data
from sim.study.batch.plan import LIMIT, Plan, plan_of, timed
from sim.study.batch.rows import ERROR
from sim.study.batch.spec import Study
from sim.study.batch.store import Store, manifest_of, statuses_of
from sim.study.batch.work import Bench, Columns, bench_of, part_of
from sim.study.pool import Workers

if TYPE_CHECKING:
    from concurrent.futures import Executor

TIMED_DRAWS = 4


@dataclass(frozen=True)
class Progress:
    """How far a run is: `voyages` of `total`, of them `kept` from earlier runs, after so many `seconds` of this one."""

    voyages: int
    total: int
    kept: int
    seconds: float

    @property
    def rate(self) -> float:
        """Voyages a second in this run."""
        return (self.voyages - self.kept) / max(self.seconds, 1e-6)

    @property
    def seconds_left(self) -> float | None:
        """None where nothing was sailed yet."""
        return (self.total - self.voyages) / self.rate if self.voyages > self.kept else None


@dataclass(frozen=True)
class StudyRun:
    """A study that is done: its file, how many of its voyages were sailed now and kept from earlier runs, in how many
    seconds, and how many ended in each status."""

    path: Path
    plan: Plan
    sailed: int
    kept: int
    seconds: float
    statuses: Mapping[str, int]

    @property
    def feasible(self) -> bool:
        """Whether any voyage arrives."""
        return bool(self.statuses.get("ok"))


Told = Callable[[Progress], None]


def run_study(
    study: Study,
    out: Path,
    *,
    workers: int = 1,
    executor: Executor | None = None,
    limit: int = LIMIT,
    progress: Told | None = None,
) -> StudyRun:
    """Sail what is missing of a study in a folder, which is made if it is not there.

    `workers` are processes; a given `executor` (see `sim.study.pool`) takes their place. `limit` is the most
    voyages that are begun. Raises ScenarioError, UsageError, DataError; what is done by then is kept.
    """
    pool = Workers(workers, executor)
    plan = plan_of(study, limit)
    manifest = manifest_of(study, plan)
    begun = time.monotonic()
    with Store(out, manifest, plan) as store:
        missing = store.missing()
        kept = plan.voyages - sum(plan.rows_of(k) for k in missing)
        done = kept
        tell = progress or (lambda _: None)
        tell(Progress(done, plan.voyages, kept, 0.0))
        with pool:
            for number, (program, found) in _parts(pool, study, plan, missing):
                if program != code_and_data().both:
                    raise DataError("a worker runs another version of the program or its data; install the same")
                store.write(number, found)
                done += plan.rows_of(number)
                tell(Progress(done, plan.voyages, kept, time.monotonic() - begun))
        path = store.finish()
    return StudyRun(path, plan, plan.voyages - kept, kept, time.monotonic() - begun, statuses_of(path))


def _parts(pool: Workers, study: Study, plan: Plan, missing: list[int]) -> Iterator[tuple[int, tuple[str, Columns]]]:
    """Parts as they are done; a worker that dies is told in plain words."""
    bare = replace(study, lines={}, file=study.name)  # what the rows depend on, and no more, travels
    try:
        yield from pool.unordered(part_of, partial(bench_of, bare, plan), missing)
    except BrokenExecutor as error:
        raise DataError("a worker process was ended, perhaps for want of memory; what is done is kept") from error


def timed_plan(study: Study, plan: Plan) -> Plan:
    """The plan with the rate of a few voyages that are sailed for it, spread over the draws."""
    bench = Bench(study, plan)
    numbers = sorted({k * (plan.draws - 1) // max(TIMED_DRAWS - 1, 1) for k in range(TIMED_DRAWS)})
    bench.draw(numbers[0])  # reads network, lattice and tables
    numbers = numbers[1:] or numbers
    begun = time.perf_counter()
    for number in numbers:
        rows = bench.draw(number)
        if all(row["status"] == ERROR for row in rows):
            raise ScenarioError([f"{study.file}: draw {number}: {rows[0]['reason']}"])
    return timed(plan, time.perf_counter() - begun, len(numbers) * plan.alternatives)
