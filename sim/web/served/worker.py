"""One thread that does what requests ask for, one at a time, with a bounded queue before it."""

from __future__ import annotations

import asyncio
import queue
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from threading import Event, Thread
from typing import Any, Final

from sim.web.served.question import Problem, Refused

WAITING: Final = 4  # requests that wait while one is answered
LIMIT_S: Final = 120.0
LOOK_S: Final = 0.25  # how often it is seen whether the one who asked has gone

Job = Callable[[Event], Any]


class Stopped(Exception):
    """A job ended early, since the one who asked has gone."""


class Worker:
    """Does jobs in their order. A job is told by an event that it is to stop; it looks at that now and then."""

    def __init__(self, waiting: int = WAITING, limit_s: float = LIMIT_S) -> None:
        self._limit_s = limit_s
        self._jobs: queue.Queue[tuple[Future[Any], Job, Event]] = queue.Queue(maxsize=waiting)
        # it must not keep the program alive: a voyage cannot be broken off in its middle
        Thread(target=self._work, name="voyages", daemon=True).start()

    async def do(self, job: Job, gone: Callable[[], Awaitable[bool]]) -> Any:
        """What a job gives. Raises Refused where the queue is full, where it takes too long, or where the one who
        asked has `gone`; and what the job raises."""
        future: Future[Any] = Future()
        stop = Event()
        try:
            self._jobs.put_nowait((future, job, stop))
        except queue.Full:
            raise Refused(503, Problem("the server is busy with other voyages; try again")) from None
        waited = asyncio.wrap_future(future)
        try:
            async with asyncio.timeout(self._limit_s):
                while not (await asyncio.wait([waited], timeout=LOOK_S))[0]:
                    if await gone():
                        raise Refused(503, Problem("the one who asked has gone"))
            return waited.result()
        except TimeoutError:
            said = f"no answer within {self._limit_s:g} s; ask for fewer routes"
            raise Refused(503, Problem(said)) from None
        except asyncio.CancelledError:
            raise Refused(503, Problem("the server ends")) from None
        finally:
            stop.set()
            waited.cancel()

    def _work(self) -> None:
        while True:
            future, job, stop = self._jobs.get()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(job(stop))
            except BaseException as error:
                future.set_exception(error)
            del future, job, stop
