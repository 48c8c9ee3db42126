"""The departure calendar: the same voyage on many days of a year, by every alternative of a scenario."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import groupby
from math import inf
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from sim.errors import UsageError
from sim.geo.network import SeaNetwork
from sim.result import Result
from sim.scenario.convert import as_studied
from sim.scenario.schema import YEARS, Alternative, Scenario
from sim.scenario.simulate import Sailing, admission_of
from sim.study.pool import Progress, Workers
from sim.study.sailing.sailed import NEW_YEAR, Sailed, SailingYears, outcome_of
from sim.values import Valued
from sim.voyage.voyage import ClosedBy

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sim.economy.prices.days import PriceDay
    from sim.economy.rates import Missing
    from sim.voyage.ice_route import IceRouter

EVERY_DAYS, MOST_DAYS = 7, 366  # between two departures
SAVING_DAYS = 10.0  # the saving that documents claim of the Northern Sea Route
MOST_VOYAGES = 200_000

Job = tuple[int, datetime]  # number of the alternative, departure


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
class Money:
    """What a route costs over the year, USD; `priced` are its departures with a price.

    `median_cost_usd` is None where there is none. `best` is the departure that saves most against the baseline's of the
    same day (least where none saves), `cheaper_share` the share of the year in which the route is cheaper; both None
    for the baseline, or where the two are never open on the same day. `cost_complete` and `saved_complete`: no total
    (or none of both routes) lacks a line. `missing` are the lines without an amount; `off_date` the prices of another
    month than that of departure, of each thing the one that is farthest away.
    """

    priced: int
    median_cost_usd: float | None
    best: Sailed | None
    cheaper_share: float | None
    cost_complete: bool
    saved_complete: bool
    missing: tuple[tuple[str, Missing], ...]
    off_date: tuple[PriceDay, ...]


@dataclass(frozen=True)
class Summary:
    """A route over the year. Shares are of the days of the year, 0 to 1; a departure stands for those up to the next.

    `best`, `worst` and `median_days` are None where the route is never open, `saving_share` for the baseline, `money`
    where nothing is costed.
    """

    departures: int
    open_departures: int
    open_share: float
    periods: tuple[Period, ...]
    best: Sailed | None
    worst: Sailed | None
    saving_share: float | None
    closures: tuple[Closure, ...]
    median_days: float | None = None
    money: Money | None = None


@dataclass(frozen=True)
class RouteYear:
    """One alternative on all departures, in the order of time."""

    label: str
    departures: tuple[Sailed, ...]
    named: str = ""  # the named route that it is of


@dataclass(frozen=True, eq=False, repr=False)
class Calendar(Valued, Result):
    """All alternatives of a scenario on all departures of a year.

    `ship` and `ice` say in a line which (`ice` is empty without ice). `repeats`: the next year is like this one, so
    that periods run over New Year. `saving_days` is the saving whose share of the year is told. `costed`: each voyage
    has its price, as far as prices are known.
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
    costed: bool = False

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
            median_days=median(s.days or 0.0 for s in open_) if open_ else None,
            money=self._money(route) if self.costed else None,
        )

    def _money(self, route: RouteYear) -> Money:
        """What a route costs over the year; the baseline saves nothing against itself."""
        priced = [s for s in route.departures if s.cost_usd is not None]
        saving = [s for s in priced if s.saved_usd is not None and route.label != self.baseline]
        return Money(
            priced=len(priced),
            median_cost_usd=median(s.cost_usd or 0.0 for s in priced) if priced else None,
            best=max(saving, key=lambda s: s.saved_usd or 0.0, default=None),
            cheaper_share=self.share(route, lambda s: (s.saved_usd or 0.0) > 0) if saving else None,
            cost_complete=all(s.cost_complete for s in priced),
            saved_complete=all(s.saved_complete for s in saving),
            missing=tuple(dict.fromkeys(line for s in priced for line in s.missing)),
            off_date=_farthest(price for s in priced for price in s.off_date),
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
    in that year; being beset is counted with its expected delay, unless the scenario says otherwise. With a section
    `costs` each voyage is priced on its own day. Files that the scenario names lie in `folder`; `router` is one that is
    loaded already. `workers` are the processes that sail, or a given executor does (see `sim.study.pool`); two of them
    pay for a year of weeks through ice. Raises UsageError, ScenarioError, DataError.
    """
    years = [scenario.voyage.depart.year if year is None else year]
    pool = Workers(workers, executor)
    return calendars(
        scenario, net, folder, years, every_days=every_days, saving_days=saving_days, progress=progress, router=router,
        pool=pool,
    )[0]  # fmt: skip


def calendars(
    scenario: Scenario,
    net: SeaNetwork,
    folder: Path,
    years: Sequence[int],
    *,
    every_days: int,
    saving_days: float,
    progress: Progress | None,
    router: IceRouter | None,
    pool: Workers,
) -> tuple[Calendar, ...]:
    """The calendars of years, sailed by one pool. All that can be told of bad input is told before the first voyage."""
    if isinstance(every_days, bool) or not isinstance(every_days, int) or not 1 <= every_days <= MOST_DAYS:
        raise UsageError(f"every_days is {every_days}, allowed is a whole number of days, 1 to {MOST_DAYS}")
    for year in years:
        if not YEARS[0] <= year <= YEARS[1]:
            nearest = min(max(year, YEARS[0]), YEARS[1])
            raise UsageError(f"year is {year}, allowed is {YEARS[0]} to {YEARS[1]}, nearest {nearest}")
    scenario = as_studied(scenario)
    count = len(scenario.alternatives)
    departs = [_departures(year, every_days) for year in years]
    jobs = [(k, depart) for days in departs for depart in days for k in range(count)]
    if len(jobs) > MOST_VOYAGES:
        raise UsageError(f"{len(jobs):,} voyages are asked for, allowed are {MOST_VOYAGES:,}: fewer years or days")
    sailing_years = SailingYears(scenario, net, folder, router)
    sailing_years.of(years[0]).check_escort()
    empty = [_without_departures(sailing_years.of(year), year, every_days, saving_days) for year in years]
    if scenario.ice is not None:
        admission_of(scenario, folder)  # what cannot be read is told before any voyage
    make = (lambda: sailing_years) if pool.here else partial(SailingYears, scenario, net, folder)
    with pool:
        found = list(pool.map(_one_sailed, make, jobs, progress))
    out, at, base = [], 0, [a.label for a in scenario.alternatives].index(scenario.baseline_label)
    for made, days in zip(empty, departs, strict=True):
        own = found[at : at + len(days) * count]
        at += len(own)
        routes = zip(scenario.alternatives, (own[k::count] for k in range(count)), strict=True)
        sailed = (RouteYear(a.label, _saving(r, own[base::count]), a.route) for a, r in routes)
        out.append(replace(made, routes=tuple(sailed)))
    return tuple(out)


def _departures(year: int, every_days: int) -> list[datetime]:
    """Moments of departure of a year."""
    start = datetime(year, *NEW_YEAR, tzinfo=UTC)
    days = (date(year + 1, *NEW_YEAR) - start.date()).days
    return [start + timedelta(days=k) for k in range(0, days, every_days)]


def _without_departures(sailing: Sailing, year: int, every_days: int, saving_days: float) -> Calendar:
    """The calendar of a year before anything is sailed."""
    scenario = sailing.scenario
    return Calendar(
        scenario=scenario.name, description=scenario.description, origin=sailing.origin.name,
        destination=sailing.destination.name, ship=_ship_line(sailing, scenario.alternatives), ice=sailing.ice_label,
        baseline=scenario.baseline_label, year=year, every_days=every_days, saving_days=saving_days,
        repeats=_repeats(scenario), routes=(), costed=scenario.costs is not None,
    )  # fmt: skip


def _one_sailed(sailing_years: SailingYears, job: Job) -> Sailed:
    """One alternative, by its number, on one departure; without what it saves."""
    number, depart = job
    return Sailed.of(outcome_of(sailing_years.of(depart.year), number, depart, priced=False), depart)


def _saving(own: Sequence[Sailed], base: Sequence[Sailed]) -> tuple[Sailed, ...]:
    """Voyages with what they save against the baseline's of the same days."""
    return tuple(a.against(b) for a, b in zip(own, base, strict=True))


def _farthest(prices: Iterable[PriceDay]) -> tuple[PriceDay, ...]:
    """Of the prices of each thing the one whose date lies farthest from the departure; undated ones are farther."""
    out: dict[str, PriceDay] = {}
    for price in prices:
        known = out.get(price.what)
        if known is None or _gap(price) > _gap(known):
            out[price.what] = price
    return tuple(out.values())


def _gap(price: PriceDay) -> float:
    return inf if price.gap_days is None else price.gap_days


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


def _repeats(scenario: Scenario) -> bool:
    """Whether the ice of the next year is that of this one: not so for a file of dates."""
    ice = scenario.ice
    return ice is None or ice.file is None or ice.repeat_yearly or ice.any_date


def _ship_line(sailing: Sailing, alternatives: Sequence[Alternative]) -> str:
    ship = sailing.ship
    known = "" if ship.ice_class.name == "none" else f", {ship.ice_class}"
    speeds = sorted({sailing.speed_kn(a) for a in alternatives})
    return f"{ship.name}{known}, {' to '.join(f'{v:g}' for v in (speeds[0], speeds[-1])[: len(speeds)])} kn"
