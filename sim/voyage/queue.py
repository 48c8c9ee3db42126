"""Closures in time, and the queue at a passage: who comes to a closed gate, and when it goes through.

Ships are a fluid: `arrivals_per_day` come all the time, `capacity_per_day` go through at most. While a passage is
closed, or takes fewer ships than come, a queue grows; afterwards it clears at the capacity that is left. First come,
first served.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sim.errors import UsageError
from sim.units import HOURS_PER_DAY


@dataclass(frozen=True)
class TimedClosure:
    """A passage that is closed, or takes fewer ships, from `begin` to `end` (None: for good).

    `capacity_per_day` is what it takes meanwhile (0: closed), `normal_per_day` what it takes otherwise, and
    `arrivals_per_day` how many ships come. Without the two last no queue is counted. `news_h` after the beginning ships
    at sea hear of it.
    """

    passages: frozenset[str]
    begin: datetime
    end: datetime | None = None
    capacity_per_day: float = 0.0
    normal_per_day: float | None = None
    arrivals_per_day: float | None = None
    news_h: float = 0.0
    reason: str = ""

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.begin:
            raise UsageError(f"closure of {self._named}: ends {self.end:%Y-%m-%d}, before it begins")
        for what, value in (("capacity", self.capacity_per_day), ("news_h", self.news_h)):
            if value < 0:
                raise UsageError(f"closure of {self._named}: {what} is {value:g}, allowed is 0 or more")
        if self.normal_per_day is not None and self.arrivals_per_day is not None:
            if self.normal_per_day <= self.arrivals_per_day:
                raise UsageError(
                    f"closure of {self._named}: {self.arrivals_per_day:g} ships a day come and {self.normal_per_day:g} "
                    "go through at best, so that no queue ever clears"
                )
        elif self.capacity_per_day > 0:
            raise UsageError(f"closure of {self._named}: a reduced capacity needs the normal one, and ships that come")

    @property
    def _named(self) -> str:
        return ", ".join(sorted(self.passages))

    @property
    def news(self) -> datetime:
        """When ships at sea hear of it."""
        return self.begin + timedelta(hours=self.news_h)

    def cleared(self) -> datetime | None:
        """When the queue is gone; None where the closure has no end."""
        if self.end is None:
            return None
        if self.normal_per_day is None or self.arrivals_per_day is None:
            return self.end
        days = self.waiting(self.end) / (self.normal_per_day - self.arrivals_per_day)
        return self.end + timedelta(days=days)

    def shut(self, moment: datetime) -> bool:
        """True where no ship at all goes through at a moment from the beginning on."""
        return self.capacity_per_day == 0 and (self.end is None or moment < self.end)

    def touches(self, arrival: datetime) -> bool:
        """True where a ship that comes then has to wait."""
        return self.wait_h(arrival) > 0

    def wait_h(self, arrival: datetime) -> float:
        """Hours that a ship waits which comes to the gate at a moment; inf where it never goes through."""
        if arrival < self.begin:
            return 0.0
        queue = self.waiting(arrival)
        shut_days = 0.0
        if self.end is None or arrival < self.end:
            left = float("inf") if self.end is None else _days(self.end - arrival)
            served = self.capacity_per_day * left if self.capacity_per_day else 0.0
            if self.capacity_per_day and queue <= served:
                return queue / self.capacity_per_day * HOURS_PER_DAY
            shut_days, queue = left, queue - served
        if self.normal_per_day is not None and queue > 0:
            shut_days += queue / self.normal_per_day
        return shut_days * HOURS_PER_DAY

    def waiting(self, moment: datetime) -> float:
        """Ships that wait at a moment from the beginning on."""
        if self.normal_per_day is None or self.arrivals_per_day is None:
            return 0.0
        until = moment if self.end is None else min(moment, self.end)
        grown = max(self.arrivals_per_day - self.capacity_per_day, 0.0) * _days(until - self.begin)
        if self.end is None or moment <= self.end:
            return grown
        return max(grown - (self.normal_per_day - self.arrivals_per_day) * _days(moment - self.end), 0.0)


def _days(span: timedelta) -> float:
    return span.total_seconds() / 86400.0
