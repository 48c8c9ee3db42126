"""Break-evens of several years: the value at which two alternatives are equal, from year to year."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim.geo.network import SeaNetwork
from sim.result import Result
from sim.scenario.convert import ice_field_of
from sim.scenario.schema import Scenario
from sim.study.breakeven import BreakEven, Measure, break_even
from sim.study.pool import Progress, Workers
from sim.study.sailing.span import moved, years_of
from sim.values import Valued

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sim.voyage.ice_route import IceRouter

Ask = Callable[..., BreakEven]


@dataclass(frozen=True, eq=False, repr=False)
class BreakEvenYears(Valued, Result):
    """The break-evens of a scenario that departs on the same day of several years, in the order of time.

    `departs` are the days of departure, `found` what `break_even` finds for each.
    """

    departs: tuple[date, ...]
    found: tuple[BreakEven, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """The years, in the order of time."""
        return tuple(d.year for d in self.departs)

    @property
    def feasible(self) -> bool:
        """True where there is a break-even in any year."""
        return any(f.at for f in self.found)


def break_even_years(
    scenario: Scenario,
    net: SeaNetwork,
    folder: Path,
    on: str,
    years: str | Iterable[int],
    *,
    between: tuple[str, str] | None = None,
    measure: Measure = "cost",
    bounds: tuple[float, float] | None = None,
    progress: Progress | None = None,
    workers: int = 1,
    executor: Executor | None = None,
) -> BreakEvenYears:
    """Solve for the value of a key in each of several years, with the departure on the scenario's day of that year.

    `years` as `sim.study.sailing.span.years_of` takes them; 29 February is 28 February in other years. All else as
    `sim.study.breakeven.break_even`; the years are shared by `workers` processes or a given executor. Raises
    UsageError, ScenarioError, DataError.
    """
    asked = [moved(scenario, year) for year in years_of(years)]
    for one in asked if scenario.ice is not None else ():
        ice_field_of(one, folder, one.voyage.depart)  # a year without ice is told before any voyage
    ask = partial(break_even, net=net, folder=folder, on=on, between=between, measure=measure, bounds=bounds)
    with Workers(workers, executor) as pool:
        found = tuple(pool.map(_solved, partial(_Bench, net, ask, scenario.ice is not None), asked, progress))
    return BreakEvenYears(tuple(s.voyage.depart.date() for s in asked), found)


class _Bench:
    """What all years share in one process: the question, the network and its lattice."""

    def __init__(self, net: SeaNetwork, ask: Ask, ice: bool) -> None:
        self.ask = ask
        self.router: IceRouter | None = None
        if ice:
            from sim.voyage.ice_route import IceRouter

            self.router = IceRouter(net)


def _solved(bench: _Bench, scenario: Scenario) -> BreakEven:
    return bench.ask(scenario, router=bench.router)
