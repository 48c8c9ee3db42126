"""Departure calendars of several years: what is open when, and what it saves, from year to year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.geo.network import SeaNetwork
from sim.result import Result
from sim.scenario.schema import Scenario
from sim.study.calendar import EVERY_DAYS, SAVING_DAYS, Calendar, Summary, calendars
from sim.study.pool import Progress, Workers
from sim.study.sailing.span import years_of
from sim.values import Valued

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sim.voyage.ice_route import IceRouter


@dataclass(frozen=True, eq=False, repr=False)
class CalendarYears(Valued, Result):
    """The calendars of a scenario in several years, in the order of time; each is the one that `calendar` makes."""

    scenario: str
    description: str
    origin: str
    destination: str
    ship: str
    baseline: str
    every_days: int
    saving_days: float
    calendars: tuple[Calendar, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """The years, in the order of time."""
        return tuple(c.year for c in self.calendars)

    @property
    def labels(self) -> tuple[str, ...]:
        """The alternatives, in the order of the scenario."""
        return tuple(r.label for r in self.calendars[0].routes)

    @property
    def costed(self) -> bool:
        return self.calendars[0].costed

    @property
    def feasible(self) -> bool:
        """True where any route is open on any day of any year."""
        return any(c.feasible for c in self.calendars)

    @property
    def summaries(self) -> dict[str, tuple[Summary, ...]]:
        """Of each alternative its summary of each year."""
        found = [c.summaries for c in self.calendars]
        return {label: tuple(year[k] for year in found) for k, label in enumerate(self.labels)}


def calendar_years(
    scenario: Scenario,
    net: SeaNetwork,
    folder: Path,
    years: str | Iterable[int],
    *,
    every_days: int = EVERY_DAYS,
    saving_days: float = SAVING_DAYS,
    progress: Progress | None = None,
    router: IceRouter | None = None,
    workers: int = 1,
    executor: Executor | None = None,
) -> CalendarYears:
    """The calendars of several years, sailed by one pool over all of them.

    `years` as `sim.study.sailing.span.years_of` takes them, such as "2027-2050"; all else as
    `sim.study.calendar.calendar`. Raises UsageError, ScenarioError, DataError.
    """
    found = calendars(
        scenario, net, folder, years_of(years), every_days=every_days, saving_days=saving_days, progress=progress,
        router=router, pool=Workers(workers, executor),
    )  # fmt: skip
    first = found[0]
    return CalendarYears(
        scenario=first.scenario, description=first.description, origin=first.origin, destination=first.destination,
        ship=first.ship, baseline=first.baseline, every_days=every_days, saving_days=saving_days, calendars=found,
    )  # fmt: skip
