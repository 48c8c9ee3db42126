"""One alternative sailed and priced on one day: what the calendar, the break-even and the studies of a file all do.

`outcome_of` does it. What came of it is an `Outcome`, with its legs and the lines of its ledger; a `Sailed` is the
short record of the same, as many voyages keep it and workers send it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from sim.errors import DataError
from sim.result import reason_text
from sim.scenario.compare import Outcome
from sim.scenario.simulate import Sailing
from sim.voyage.voyage import Block, ClosedBy, Voyage

if TYPE_CHECKING:
    from sim.economy.prices.days import PriceDay
    from sim.economy.rates import Missing
    from sim.geo.network import SeaNetwork
    from sim.geo.route import Route
    from sim.scenario.schema import Alternative, Scenario
    from sim.voyage.ice_route import IceRouter

NEW_YEAR = (1, 1)
OPEN_SEA = "open sea"
NO_ROUTE = "no feasible route"
KEPT_YEARS = 2  # of ice that a process keeps: jobs come in the order of time

Found = tuple["Route", Voyage | None]
Keep = Callable[[Callable[[], Found]], Found]


@dataclass(frozen=True)
class Sailed:
    """One alternative on one departure.

    `status` is ok, closed, beset or unreachable. `days` to `saved_days` are None where it is not ok; `fuel_t` also
    where the ship's consumption is not known, `saved_days` (the baseline's days less the own) also where the baseline
    is not open on that day. `low_confidence_nm` are the miles in ice that rest on admission rows of low confidence.
    `block` is what ends the voyage, `unreachable` the network's reason where there is no route.

    `cost_usd` to `saved_complete` are None where nothing is costed. `cost_complete` tells whether no line of the total
    is missing, `saved_complete` the same of both totals that `saved_usd` (the baseline's less the own) is made of;
    `missing` are the lines without an amount, `off_date` the prices that are not of the month of departure.
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
    cost_usd: float | None = None
    cost_complete: bool | None = None
    saved_usd: float | None = None
    saved_complete: bool | None = None
    missing: tuple[tuple[str, Missing], ...] = ()
    off_date: tuple[PriceDay, ...] = ()

    @classmethod
    def of(cls, outcome: Outcome, depart: datetime) -> Sailed:
        """The record of an outcome, without what it saves."""
        voyage, ledger = outcome.voyage, outcome.ledger
        if voyage is None:
            return cls(depart, outcome.status, unreachable=outcome.route.reason)
        if voyage.blocked is not None:
            return cls(depart, outcome.status, voyage.blocked)
        out = cls(
            depart=depart, status=outcome.status, days=voyage.days, distance_nm=outcome.route.distance_nm,
            fuel_t=voyage.fuel_t, ice_delay_days=voyage.ice_delay_days, low_confidence_nm=voyage.low_confidence_nm,
            arrive=voyage.arrive,
        )  # fmt: skip
        if ledger is None:
            return out
        missing = tuple((line.what, line.missing) for line in ledger.missing if line.missing is not None)
        prices = tuple(dict.fromkeys(price for _, price in ledger.off_date))
        return replace(
            out, cost_usd=ledger.total_usd, cost_complete=ledger.complete, missing=missing, off_date=prices
        )  # fmt: skip

    def against(self, base: Sailed) -> Sailed:
        """The same with what it saves against the baseline's of the same day."""
        out = self
        if self.days is not None and base.days is not None:
            out = replace(out, saved_days=base.days - self.days)
        if self.cost_usd is not None and base.cost_usd is not None:
            both = bool(self.cost_complete and base.cost_complete)
            out = replace(out, saved_usd=base.cost_usd - self.cost_usd, saved_complete=both)
        return out

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


def outcome_of(
    sailing: Sailing, number: int, depart: datetime | None = None, *, keep: Keep | None = None, priced: bool = True
) -> Outcome:
    """An alternative, by its number in the scenario, sailed on a day and priced; by default the scenario's own day.

    `keep` takes the function that sails and hands back what it finds, or what was found before: prices alone change no
    voyage. Where a price is not known for the day (`prices: strict`), DataError is raised, or the outcome is without a
    ledger if it need not be `priced`. Raises as `Sailing.sailed` and `Sailing.ledger`.
    """
    alternative = sailing.scenario.alternatives[number]

    def sail() -> Found:
        return sailing.sailed(alternative, depart)

    route, voyage = sail() if keep is None else keep(sail)
    try:
        ledger = sailing.ledger(route, voyage)
    except DataError:
        if priced:
            raise
        ledger = None
    return Outcome(alternative.label, route, voyage, {}, ledger)


def in_year(scenario: Scenario, year: int) -> Scenario:
    """The scenario itself, or one that departs on the first day of another year."""
    if scenario.voyage.depart.year == year:
        return scenario
    voyage = scenario.voyage.model_copy(update={"depart": datetime(year, *NEW_YEAR, tzinfo=UTC)})
    return scenario.model_copy(update={"voyage": voyage})


class SailingYears:
    """A scenario bound to the network in one process, year by year: all share the network, its lattice and the shortest
    routes; of the ice the last years are kept."""

    def __init__(self, scenario: Scenario, net: SeaNetwork, folder: Path, router: IceRouter | None = None) -> None:
        self.scenario, self.net, self.folder, self._given = scenario, net, folder, router
        self._shortest: dict[Alternative, Route] = {}
        self._kept: dict[int, Sailing] = {}
        self._lock = Lock()  # threads share it

    @cached_property
    def router(self) -> IceRouter | None:
        """The router of all years; None where it is not needed."""
        if self._given is not None or self.scenario.ice is None:
            return self._given
        from sim.voyage.ice_route import IceRouter

        return IceRouter(self.net)

    def of(self, year: int) -> Sailing:
        """The scenario in the ice of a year."""
        with self._lock:
            if year not in self._kept:
                while len(self._kept) >= KEPT_YEARS:
                    self._kept.pop(next(iter(self._kept)))
                scenario = in_year(self.scenario, year)
                self._kept[year] = Sailing(scenario, self.net, self.folder, self.router, self._shortest)
            return self._kept[year]
