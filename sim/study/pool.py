"""Many voyages at once: one pool of workers over any `concurrent.futures.Executor`.

A worker builds what it needs (a scenario bound to the network, its ice) once and keeps it for all later jobs of the
same work. Work is told as two functions that can be pickled: `make` builds the context, `do` takes it and a job.
"""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from multiprocessing import get_context, parent_process
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from sim.errors import UsageError

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future
    from multiprocessing.context import BaseContext

Context = TypeVar("Context")
Job = TypeVar("Job")
Result = TypeVar("Result")
Progress = Callable[[int, int], None]  # jobs done, jobs in all

MOST_WORKERS = 64
ENOUGH = 4  # for voyages through ice: each reads the network and the lattice, so that more hardly pay
KEPT = 2  # contexts that a worker keeps
COLLECT_AFTER = 100_000  # objects of a worker, after which circles of them are looked for
MOST_AHEAD = 256  # of a given executor, whose size is not known
READY = "sim.study.ready"  # imported before workers are forked
AHEAD = 4  # jobs handed out for each worker before the first result is asked for
_CONTEXTS: dict[str, Any] = {}  # of this process, by the digest of their work
_BUILDING = Lock()  # threads of one process share its contexts


def processes() -> int:
    """How many processes pay for many voyages through ice on this machine."""
    return min(os.cpu_count() or 1, ENOUGH)


def begin() -> BaseContext:
    """How workers are begun. Told early, that what they need is imported beside what this process does itself.

    On Linux they are forked from a process of its own, which has imported that and does nothing else; so threads of
    this one do not matter. Elsewhere each is spawned.
    """
    if sys.platform != "linux":
        return get_context("spawn")
    from multiprocessing.forkserver import ensure_running

    context, known = get_context("forkserver"), os.environ.get("PYTHONPATH")
    context.set_forkserver_preload([READY])
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)  # so that it imports the same modules as this process
    try:
        ensure_running()  # returns at once, and does nothing where it runs
    finally:
        if known is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = known
    return context


class Workers:
    """Processes that do jobs, begun with the first of them and ended with `with`; or the executor that is given.

    `workers` 1 without an executor does the jobs in this process. Own processes import the script: one that asks for
    more than one needs `if __name__ == "__main__"`. A given executor (threads, `dask.distributed`'s
    `Client.get_executor()`) is used as it is and not shut down. Raises UsageError.
    """

    def __init__(self, workers: int = 1, executor: Executor | None = None) -> None:
        if isinstance(workers, bool) or not isinstance(workers, int) or not 1 <= workers <= MOST_WORKERS:
            raise UsageError(f"workers is {workers}, allowed is 1 to {MOST_WORKERS}")
        self.workers, self._given = workers, executor
        self._own: Executor | None = None

    @property
    def here(self) -> bool:
        """Whether the jobs are done in this process."""
        return self._given is None and self.workers == 1

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None = None, *_: object) -> Literal[False]:
        if self._own is not None:
            if kind is not None and not issubclass(kind, Exception):  # interrupted: the last jobs are not waited for
                for process in list((getattr(self._own, "_processes", None) or {}).values()):
                    process.terminate()
            self._own.shutdown(cancel_futures=True)
            self._own = None
        return False

    def map(
        self,
        do: Callable[[Context, Job], Result],
        make: Callable[[], Context],
        jobs: Sequence[Job],
        progress: Progress | None = None,
    ) -> Iterator[Result]:
        """Results in the order of the jobs, as they come; an error of a job is raised where its result would be."""
        executor = self._executor()
        results = _here(do, make, jobs) if executor is None else self._there(executor, do, make, jobs)
        for done, result in enumerate(results, start=1):
            if progress is not None:
                progress(done, len(jobs))
            yield result

    def unordered(
        self, do: Callable[[Context, Job], Result], make: Callable[[], Context], jobs: Sequence[Job]
    ) -> Iterator[tuple[Job, Result]]:
        """Each job with its result, as soon as it is done; an error of a job is raised."""
        executor = self._executor()
        if executor is None:
            yield from zip(jobs, _here(do, make, jobs), strict=True)
            return
        from concurrent.futures import FIRST_COMPLETED, wait

        key, work = _packed(do, make)
        ahead = AHEAD * self.workers if self._given is None else MOST_AHEAD
        left = iter(jobs)
        waiting: dict[Future[Any], Job] = {}
        try:
            while True:
                for job in islice(left, ahead - len(waiting)):
                    waiting[executor.submit(_done, key, do, work, job)] = job
                if not waiting:
                    return
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    yield waiting.pop(future), future.result()
        finally:
            if self._given is not None:  # own processes are ended with their jobs
                for future in waiting:
                    future.cancel()

    def _executor(self) -> Executor | None:
        if self._given is not None or self.workers == 1:
            return self._given
        if self._own is None:
            from concurrent.futures import ProcessPoolExecutor

            self._own = ProcessPoolExecutor(self.workers, begin(), initializer=_bound_to_parent)
        return self._own

    def _there(
        self, executor: Executor, do: Callable[[Any, Any], Any], make: Callable[[], Any], jobs: Sequence[Any]
    ) -> Iterator[Any]:
        key, work = _packed(do, make)
        ahead = AHEAD * self.workers if self._given is None else len(jobs)
        waiting: list[Future[Any]] = []
        try:
            for k in range(len(jobs)):
                while len(waiting) < min(k + ahead, len(jobs)):
                    waiting.append(executor.submit(_done, key, do, work, jobs[len(waiting)]))
                yield waiting[k].result()
        finally:
            for future in waiting:
                future.cancel()


def _here(do: Callable[[Context, Job], Result], make: Callable[[], Context], jobs: Sequence[Job]) -> Iterator[Result]:
    context = make() if jobs else None
    return (do(context, job) for job in jobs)  # type: ignore[arg-type]


def _packed(do: Callable[[Any, Any], Any], make: Callable[[], Any]) -> tuple[str, bytes]:
    """How a context is made, as bytes that travel and are opened once, and its key."""
    return hashlib.sha256(pickle.dumps((do, make))).hexdigest(), pickle.dumps(make)


def _bound_to_parent() -> None:
    """A worker leaves Ctrl-C to the process that began it, and ends with it, however that ends."""
    gc.set_threshold(COLLECT_AFTER, 20, 20)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()  # a parent that is killed cannot tell its workers
        os._exit(1)


def _done(key: str, do: Callable[[Any, Any], Any], work: bytes, job: Any) -> Any:
    """One job in a worker; its context is built where the worker has not done this work before.

    What it is made of may be a network, which takes a quarter of a second to read: `work` is opened only then.
    """
    with _BUILDING:
        if key not in _CONTEXTS:
            while len(_CONTEXTS) >= KEPT:
                _CONTEXTS.pop(next(iter(_CONTEXTS)))
            _CONTEXTS[key] = pickle.loads(work)()  # our own bytes: they never come from a file
        context = _CONTEXTS[key]
    return do(context, job)
