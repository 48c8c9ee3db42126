"""Transits as counted, beside the queue that `sim.voyage.queue` gives for the same closure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Final

import geodata
from sim import tables
from sim.tables import NEEDED, Filled, Grade, Read, Within
from sim.voyage.queue import TimedClosure

MOMENT: Final = Read(dt.datetime.fromisoformat, "a time such as 2021-03-28T12:00")


@dataclass(frozen=True)
class ObservedTransits:
    """Ships through a passage in a year that begins on a day (Panama counts fiscal years, from October)."""

    passage: Filled
    year: int
    begins: dt.date
    transits: Annotated[int, Within(0, 10_000_000)]
    source: Annotated[str, NEEDED]
    confidence: Annotated[Grade, NEEDED]
    note: str = ""

    @property
    def per_day(self) -> float:
        """Ships a day."""
        last = self.begins.replace(year=self.begins.year + 1)
        return self.transits / (last - self.begins).days


@dataclass(frozen=True)
class ObservedQueue:
    """A closure with the ships seen waiting at a moment, and the day on which the queue was gone (None: not told)."""

    passage: Filled
    begin: Annotated[dt.datetime, MOMENT]
    end: Annotated[dt.datetime | None, MOMENT]
    capacity_per_day: Annotated[float, Within(0.0, 1e5)]
    normal_per_day: Annotated[float, Within(0.0, 1e5)]
    arrivals_per_day: Annotated[float, Within(0.0, 1e5)]
    seen_on: Annotated[dt.datetime, MOMENT]
    seen_waiting: Annotated[float, Within(0.0, 1e5)]
    seen_cleared: dt.date | None
    source: Annotated[str, NEEDED]
    confidence: Annotated[Grade, NEEDED]
    note: str = ""

    @property
    def closure(self) -> TimedClosure:
        """As the simulation has it."""
        return TimedClosure(
            frozenset({self.passage}), self.begin, self.end, self.capacity_per_day, self.normal_per_day,
            self.arrivals_per_day,
        )  # fmt: skip

    @property
    def waiting(self) -> float:
        """Ships that wait at the moment in the simulation."""
        return self.closure.waiting(self.seen_on)

    @property
    def cleared(self) -> dt.date | None:
        """The day on which the simulated queue is gone; None where the closure has no end."""
        found = self.closure.cleared()
        return None if found is None else found.date()


def read_transits() -> tuple[ObservedTransits, ...]:
    """The counts of geodata/tables/observed_transits.csv."""
    return tables.rows(geodata.table("observed_transits.csv"), ObservedTransits)


def read_queues() -> tuple[ObservedQueue, ...]:
    """The queues of geodata/tables/observed_queues.csv."""
    return tables.rows(geodata.table("observed_queues.csv"), ObservedQueue)
