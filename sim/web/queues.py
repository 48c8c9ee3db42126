"""Partly closed passages in a page: those of a scenario, and the traffic from which queues form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sim.geo.passages import PassageTable
from sim.scenario.convert import timed_closures_of
from sim.study.straits.observed import read_queues
from sim.units import HOURS_PER_DAY
from sim.voyage.queue import TimedClosure

if TYPE_CHECKING:
    from datetime import datetime

    from sim.scenario.schema import Scenario

USUAL: Final = {"normal": 100.0, "arrivals": 80.0, "assumed": True}
"""Traffic of a passage of which none is known: four fifths of what can go through (assumption). A wait depends on the
ratios of ships alone."""
_DAY_S: Final = HOURS_PER_DAY * 3600


def traffic(scenario: Scenario | None, table: PassageTable) -> dict[str, dict[str, Any]]:
    """Ships a day that can go through a passage and that come, by its id: of a scenario's closures, else as counted
    (the canals, in geodata/tables/observed_queues.csv)."""
    out: dict[str, dict[str, Any]] = {}
    for seen in read_queues():
        for passage in table.expand([seen.passage]):
            out[passage] = {"normal": seen.normal_per_day, "arrivals": seen.arrivals_per_day}
    for closure in [] if scenario is None else timed_closures_of(scenario, table):
        for passage in closure.passages:
            out[passage] = {"normal": closure.normal_per_day, "arrivals": closure.arrivals_per_day}
    return dict(sorted(out.items()))


def partly_closed(scenario: Scenario, table: PassageTable) -> list[tuple[str, dict[str, float | None]]]:
    """Closures in time of a scenario as the page has them: passage, per cent of the normal traffic that goes through,
    days before departure at which that began, and its length in days (None: for good)."""
    depart = scenario.voyage.depart
    found = {p: _told(c, depart) for c in timed_closures_of(scenario, table) for p in c.passages}
    return sorted((p, told) for p, told in found.items() if told["share"] or told["lasts"] is not None)


def closed_for_good(scenario: Scenario, table: PassageTable) -> frozenset[str]:
    """Passages that no ship ever goes through once their closure has begun."""
    timed = timed_closures_of(scenario, table)
    return frozenset(p for c in timed if c.end is None and c.capacity_per_day == 0 for p in c.passages)


def _told(closure: TimedClosure, depart: datetime) -> dict[str, float | None]:
    lasts = None if closure.end is None else (closure.end - closure.begin).total_seconds() / _DAY_S
    return {
        "share": 100 * closure.capacity_per_day / (closure.normal_per_day or 1.0),
        "since": (depart - closure.begin).total_seconds() / _DAY_S, "lasts": lasts,
    }  # fmt: skip
