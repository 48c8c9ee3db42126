"""The departure calendar: the same voyage on many days of a year, by every alternative of a scenario."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import UsageError
from sim.geo.network import SeaNetwork
from sim.result import Result, reason_text
from sim.scenario.compare import Outcome
from sim.scenario.convert import as_studied
from sim.scenario.schema import YEARS, Alternative, Scenario
from sim.scenario.simulate import Sailing, admission_of
from sim.study.pool import Progress, Workers
from sim.values import Valued
from sim.voyage.voyage import Block, ClosedBy

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sim.voyage.ice_route import IceRouter

EVERY_DAYS, MOST_DAYS = 7, 366  # between two departures
SAVING_DAYS = 10.0  # the saving that documents claim of the Northern Sea Route
NEW_YEAR = (1, 1)
OPEN_SEA = "open sea"
NO_ROUTE = "no feasible route"

Job = tuple[int, datetime]  # number of the alternative, departure


@dataclass(frozen=True)
class Sailed:
    """One alternative on one departure.

    `status` is ok, closed, beset or unreachable. `days` to `saved_days` are None where it is not ok; `fuel_t` also
    where the ship's consumption is not known, `saved_days` (the baseline's days less the own) also where the baseline
    is not open on that day. `low_confidence_nm` are the miles in ice that rest on admission rows of low confidence.
    `block` is what ends the voyage, `unreachable` the network's reason where there is no route.
    """

    depart: datetime
    status: str
    block: Block | None = None
    unreachable: str = ""
    days: float | None = None
    distance_nm: float | None = None
    fuel_t: float | None = None
    ice_delay_days: float | None = None
    low_confidence_nm: float = 0.0
    arrive: datetime | None = None
    saved_days: float | None = None

    @property
    def open(self) -> bool:
        return self.status == "ok"

    @property
    def cause(self) -> str:
        """What ends the voyage: a value of `sim.voyage.voyage.Cause`, or `NO_ROUTE`; empty where it is open."""
        if self.block is not None:
            return self.block.cause.value
        return "" if self.open else NO_ROUTE

    @property
    def closed_by(self) -> ClosedBy | None:
        """Ice or rules, or both: what ends the voyage; None where it is open or something else does."""
        return None if self.block is None else self.block.closed_by

    @property
    def sea(self) -> str:
        """Where it ends, for readers; empty where it is open or there is no route."""
        return "" if self.block is None else self.block.sea.replace("_", " ").title() or OPEN_SEA

    @property
    def reason(self) -> str:
        """Why it is not open, in a sentence."""
        return self.unreachable if self.block is None else reason_text(self.block)


@dataclass(frozen=True)
class Period:
    """Departures in a row: the first, the last, and how many. One that runs over New Year ends before it begins.

    `before` and `after` are what closes the departure before the first and the one after the last, ice or rules; None
    where something else does, or there is no such departure.
    """

    first: date
    last: date
    departures: int
    before: ClosedBy | None = None
    after: ClosedBy | None = None


@dataclass(frozen=True)
class Closure:
    """Departures that one cause closes: their `months` (1 to 12), `seas` with their numbers of departures, most first;
    `first` is the first of them. `closed_by` tells whether each was closed by ice, rules or both."""

    cause: str
    departures: int
    months: tuple[int, ...]
    seas: tuple[tuple[str, int], ...]
    first: Sailed

    @property
    def status(self) -> str:
        return self.first.status

    @property
    def closed_by(self) -> ClosedBy | None:
        """Ice or rules, or both."""
        return self.first.closed_by

    @property
    def reason(self) -> str:
        """The first of them in a sentence."""
        return self.first.reason


@dataclass(frozen=True)
class Summary:
    """A route over the year. Shares are of the days of the year, 0 to 1; a departure stands for those up to the next.

    `best` and `worst` are None where the route is never open, `saving_share` for the baseline.
    """

    departures: int
    open_departures: int
    open_share: float
    periods: tuple[Period, ...]
    best: Sailed | None
    worst: Sailed | None
    saving_share: float | None
    closures: tuple[Closure, ...]


@dataclass(frozen=True)
class RouteYear:
    """One alternative on all departures, in the order of time."""

    label: str
    departures: tuple[Sailed, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Calendar(Valued, Result):
    """All alternatives of a scenario on all departures of a year.

    `ship` and `ice` say in a line which (`ice` is empty without ice). `repeats`: the next year is like this one, so
    that periods run over New Year. `saving_days` is the saving whose share of the year is told.
    """

    scenario: str
    description: str
    origin: str
    destination: str
    ship: str
    ice: str
    baseline: str
    year: int
    every_days: int
    saving_days: float
    repeats: bool
    routes: tuple[RouteYear, ...]

    @property
    def summaries(self) -> tuple[Summary, ...]:
        """Each route over the year, in the order of the routes."""
        return tuple(self.summary(route) for route in self.routes)

    @property
    def feasible(self) -> bool:
        """True where any route is open on any day."""
        return any(s.open for route in self.routes for s in route.departures)

    @property
    def weights_days(self) -> tuple[int, ...]:
        """Days of the year that each departure stands for: up to the next, the last up to New Year."""
        days = (date(self.year + 1, *NEW_YEAR) - date(self.year, *NEW_YEAR)).days
        return tuple(min(self.every_days, days - k) for k in range(0, days, self.every_days))

    def share(self, route: RouteYear, counted: Callable[[Sailed], bool]) -> float:
        """Share of the year, 0 to 1, in which a departure is one that counts."""
        weights = self.weights_days
        return sum(w for w, s in zip(weights, route.departures, strict=True) if counted(s)) / sum(weights)

    def summary(self, route: RouteYear) -> Summary:
        """One route over the year."""
        open_ = [s for s in route.departures if s.open]
        saving = None
        if route.label != self.baseline:
            saving = self.share(route, lambda s: s.saved_days is not None and s.saved_days >= self.saving_days)
        return Summary(
            departures=len(route.departures),
            open_departures=len(open_),
            open_share=self.share(route, lambda s: s.open),
            periods=_open_periods(route.departures, cyclic=self.repeats),
            best=min(open_, key=lambda s: s.days or 0.0, default=None),
            worst=max(open_, key=lambda s: s.days or 0.0, default=None),
            saving_share=saving,
            closures=closures(route.departures),
        )


def calendar(
    scenario: Scenario,
    net: SeaNetwork,
    folder: Path,
    *,
    every_days: int = EVERY_DAYS,
    year: int | None = None,
    saving_days: float = SAVING_DAYS,
    progress: Progress | None = None,
    router: IceRouter | None = None,
    workers: int = 1,
    executor: Executor | None = None,
) -> Calendar:
    """Sail every alternative on departures through a year, from 1 January 00:00 UTC every `every_days`.

    The year is that of the scenario's departure if absent. The ice is that of the scenario's section for a departure
    in that year; being beset is counted with its expected delay, unless the scenario says otherwise. Files that the
    scenario names lie in `folder`; `router` is one that is loaded already. `workers` are the processes that sail, or a
    given executor does (see `sim.study.pool`); two of them pay for a year of weeks through ice. Raises UsageError,
    ScenarioError, DataError.
    """
    if isinstance(every_days, bool) or not isinstance(every_days, int) or not 1 <= every_days <= MOST_DAYS:
        raise UsageError(f"every_days is {every_days}, allowed is a whole number of days, 1 to {MOST_DAYS}")
    year = scenario.voyage.depart.year if year is None else year
    if not YEARS[0] <= year <= YEARS[1]:
        nearest = min(max(year, YEARS[0]), YEARS[1])
        raise UsageError(f"year is {year}, allowed is {YEARS[0]} to {YEARS[1]}, nearest {nearest}")
    pool, here = Workers(workers, executor), workers == 1 and executor is None
    scenario = as_studied(_in_year(scenario, year))
    sailing = Sailing(scenario, net, folder, router)
    sailing.check_escort()
    ice = sailing.ice_label
    if scenario.ice is not None:
        admission_of(scenario, folder)  # what cannot be read is told before any voyage
    start = datetime(year, *NEW_YEAR, tzinfo=UTC)
    count = -(-(datetime(year + 1, *NEW_YEAR, tzinfo=UTC) - start).days // every_days)
    departs = [start + timedelta(days=k * every_days) for k in range(count)]
    jobs = [(k, depart) for depart in departs for k in range(len(scenario.alternatives))]
    make = (lambda: sailing) if here else partial(Sailing, scenario, net, folder)
    with pool:
        found = list(pool.map(_one_sailed, make, jobs, progress))
    labels = [a.label for a in scenario.alternatives]
    base = found[labels.index(scenario.baseline_label) :: len(labels)]
    routes = tuple(RouteYear(a, tuple(map(_saving, found[k :: len(labels)], base))) for k, a in enumerate(labels))
    return Calendar(
        scenario=scenario.name, description=scenario.description, origin=sailing.origin.name,
        destination=sailing.destination.name, ship=_ship_line(sailing, scenario.alternatives), ice=ice,
        baseline=scenario.baseline_label, year=year, every_days=every_days, saving_days=saving_days,
        repeats=_repeats(scenario), routes=routes,
    )  # fmt: skip


def _one_sailed(sailing: Sailing, job: Job) -> Sailed:
    """One alternative, by its number, on one departure; without what it saves."""
    number, depart = job
    alternative = sailing.scenario.alternatives[number]
    outcome = Outcome(alternative.label, *sailing.sailed(alternative, depart), {})
    voyage = outcome.voyage
    if voyage is None:
        return Sailed(depart, outcome.status, unreachable=outcome.route.reason)
    if voyage.blocked is not None:
        return Sailed(depart, outcome.status, voyage.blocked)
    return Sailed(
        depart=depart, status=outcome.status, days=voyage.days, distance_nm=outcome.route.distance_nm,
        fuel_t=voyage.fuel_t, ice_delay_days=voyage.ice_delay_days, low_confidence_nm=voyage.low_confidence_nm,
        arrive=voyage.arrive,
    )  # fmt: skip


def _saving(sailed: Sailed, base: Sailed) -> Sailed:
    """A voyage with the days that it saves against the baseline's of the same day."""
    if sailed.days is None or base.days is None:
        return sailed
    return replace(sailed, saved_days=base.days - sailed.days)


def closures(departures: Iterable[Sailed]) -> tuple[Closure, ...]:
    """What closes a route, the most frequent cause first."""
    out = []
    shut = [s for s in departures if not s.open]
    for kind, count in Counter(map(_kind_of_closure, shut)).most_common():
        own = [s for s in shut if _kind_of_closure(s) == kind]
        where = Counter(s.sea for s in own if s.sea).most_common()
        months = tuple(sorted({s.depart.month for s in own}))
        out.append(Closure(own[0].cause, count, months, tuple(where), own[0]))
    return tuple(out)


def _kind_of_closure(sailed: Sailed) -> tuple[str, str, ClosedBy | None]:
    return sailed.status, sailed.cause, sailed.closed_by


def _open_periods(departures: Sequence[Sailed], *, cyclic: bool) -> tuple[Period, ...]:
    """The runs of open departures, with what closes the departures at their ends."""
    place = {s.depart.date(): k for k, s in enumerate(departures)}

    def closer(k: int) -> ClosedBy | None:
        inside = 0 <= k < len(departures)
        return departures[k % len(departures)].closed_by if inside or cyclic else None

    found = periods(list(place), [s.open for s in departures], cyclic=cyclic)
    return tuple(replace(p, before=closer(place[p.first] - 1), after=closer(place[p.last] + 1)) for p in found)


def periods(days: Sequence[date], flags: Iterable[bool], *, cyclic: bool = True) -> tuple[Period, ...]:
    """Runs of marked departures among `days`, in the order of time. `cyclic` joins the year's end to its beginning."""
    runs = [[d for d, _ in run] for marked, run in groupby(zip(days, flags, strict=True), key=lambda p: p[1]) if marked]
    if cyclic and len(runs) > 1 and runs[0][0] == days[0] and runs[-1][-1] == days[-1]:
        runs = [*runs[1:-1], runs[-1] + runs[0]]
    return tuple(Period(run[0], run[-1], len(run)) for run in runs)


def _in_year(scenario: Scenario, year: int) -> Scenario:
    """The scenario itself, or one that departs on the first day of another year."""
    if scenario.voyage.depart.year == year:
        return scenario
    voyage = scenario.voyage.model_copy(update={"depart": datetime(year, *NEW_YEAR, tzinfo=UTC)})
    return scenario.model_copy(update={"voyage": voyage})


def _repeats(scenario: Scenario) -> bool:
    """Whether the ice of the next year is that of this one: not so for a file of dates."""
    ice = scenario.ice
    return ice is None or ice.file is None or ice.repeat_yearly or ice.any_date


def _ship_line(sailing: Sailing, alternatives: Sequence[Alternative]) -> str:
    ship = sailing.ship
    known = "" if ship.ice_class.name == "none" else f", {ship.ice_class}"
    speeds = sorted({sailing.speed_kn(a) for a in alternatives})
    return f"{ship.name}{known}, {' to '.join(f'{v:g}' for v in (speeds[0], speeds[-1])[: len(speeds)])} kn"
