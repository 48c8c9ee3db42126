"""A year of service: one ship that sails between ports all the year, by each alternative of a scenario.

A round trip goes from call to call in their order and from the last back to the first. The ship lies some days at each
call, then takes the alternative. Where that is closed on the day she waits in port until it opens or takes the
baseline, whichever arrives sooner. Trips that begin in the year are sailed to their end; the last of them counts by the
part of its days that lies in the year, so that the round trips of a year are no whole number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.errors import UsageError
from sim.result import Result
from sim.scenario.convert import as_studied
from sim.scenario.schema import ICE_YEARS, YEARS, Alternative, Scenario
from sim.scenario.simulate import Sailing
from sim.study.pool import Progress
from sim.units import sailing_days
from sim.values import Valued
from sim.voyage.voyage import Block, after_waiting

if TYPE_CHECKING:
    from sim.geo.network import SeaNetwork
    from sim.geo.route import Route
    from sim.voyage.voyage import Voyage

PORT_DAYS: Final = 2.0  # at each call, where nothing else is asked for
MOST_PORT_DAYS: Final = 60.0
CALLS: Final = (2, 10)  # least and most calls of a round trip
MOST_WAIT_DAYS: Final = 366
DAY_BY_DAY: Final = 14  # days of waiting that are tried one by one; a longer wait week by week, then within the week
WEEK: Final = 7
USUAL: Final = "usual"
MOST_DETOUR: Final = 3.0  # times the usual route, on a leg of a voyage of several calls
ROUNDING: Final = 1e-9  # of ships


class Way(StrEnum):
    """How the ship takes a leg: by the alternative at once or after waiting for it, by the baseline since the
    alternative is closed, or by the usual route since the alternative does not join the two ports or, of a voyage of
    three calls or more, is a detour of more than three times the usual route."""

    OWN = "alternative"
    WAITED = "after waiting"
    BASELINE = "baseline"
    USUAL = "usual"


@dataclass(frozen=True)
class ServiceLeg:
    """From one call to the next. `ready` is when the stay in port begins; `port_days` and `wait_days` (for the ice)
    lie before `depart`. `route` is the label of the alternative that is sailed. `cost_usd` and `co2_t` are of all days
    since `ready`, None without the section `costs`; `fuel_t` is of the sea alone, None where not known."""

    origin: str
    destination: str
    route: str
    way: Way
    ready: datetime
    depart: datetime
    arrive: datetime
    port_days: float
    wait_days: float
    sea_days: float
    distance_nm: float
    ice_nm: float
    fuel_t: float | None
    co2_t: float | None
    cost_usd: float | None
    cost_complete: bool


@dataclass(frozen=True)
class Stuck:
    """Where a year ends early: no way from a call is open within a year. `block` is what closes the alternative."""

    origin: str
    destination: str
    since: datetime
    block: Block | None


@dataclass(frozen=True)
class ShipYear:
    """One ship in service for a year by an alternative.

    `legs` are those of the trips that begin in the year. `round_trips` counts the last by its part in the year;
    `trips` are those that are whole. `sea_days`, `port_days`, `wait_days` are sums of the legs of the whole trips and
    of that part of the last. `own_legs`, `baseline_legs` and `usual_legs` count legs that begin in the year,
    `first_own` and `last_own` are departures by the alternative. `carried` is the cargo of one way in the year, in the
    `unit` of the service, None where the ship's capacity is not known. `usd_per_unit` and `co2_kg_per_unit` are of all
    trips for the cargo of one way, with an empty way back; a full one halves them. `ships` are needed for the flow,
    None without one.
    """

    alternative: str
    legs: tuple[ServiceLeg, ...]
    trips: int
    round_trips: float
    sea_days: float
    port_days: float
    wait_days: float
    own_legs: int
    baseline_legs: int
    usual_legs: int
    first_own: datetime | None
    last_own: datetime | None
    carried: float | None
    co2_kg_per_unit: float | None
    usd_per_unit: float | None
    cost_complete: bool
    ships: int | None
    stuck: Stuck | None


@dataclass(frozen=True, eq=False, repr=False)
class Service(Valued, Result):
    """A year of service by every alternative of a scenario. `cargo` is what one voyage carries, in `unit` (t, TEU, m3),
    None where the ship's capacity is not known; `flow` is what has to be carried one way in a year, None if not asked.
    """

    scenario: str
    description: str
    ship: str
    year: int
    calls: tuple[str, ...]
    port_days: float
    baseline: str
    ice: str
    cargo: float | None
    unit: str
    flow: float | None
    years: tuple[ShipYear, ...]

    @property
    def feasible(self) -> bool:
        """True where any alternative makes a whole round trip."""
        return any(y.trips for y in self.years)


def service(
    scenario: Scenario, net: SeaNetwork, folder: Path, *, year: int | None = None, calls: Sequence[str] = (),
    port_days: float = PORT_DAYS, flow: float | None = None, progress: Progress | None = None,
    part: bool = False,
) -> Service:  # fmt: skip
    """Sail every alternative of a scenario through a year, from 1 January 00:00 UTC at the first call.

    `calls` are the ports of a round trip in their order, those of the scenario if absent; `port_days` is the stay at
    each; `part` says that they are part of a longer voyage, so that no leg makes a great detour (as with three calls or
    more). The year is that of the scenario's departure if absent; the expected delay of being beset counts. Files that
    the scenario names lie in `folder`. Raises UsageError, PlaceError, ScenarioError, DataError.
    """
    year = scenario.voyage.depart.year if year is None else year
    ports = list(calls) or [scenario.voyage.from_, scenario.voyage.to]
    _check(scenario, year, ports, port_days, flow)
    line = _Line(as_studied(scenario), net, folder, year, ports, port_days, part or len(ports) > 2)
    cargo, unit = line.ship.usual_cargo
    if flow is not None and cargo is None:
        raise UsageError(f"flow needs a ship of the table: the capacity of '{line.ship.name}' is not known")
    years = []
    for k, alternative in enumerate(scenario.alternatives):
        trips, stuck = line.sailed(alternative)
        years.append(_ship_year(alternative.label, trips, stuck, year, cargo, flow))
        if progress is not None:
            progress(k + 1, len(scenario.alternatives))
    return Service(
        scenario=scenario.name, description=scenario.description, ship=line.ship.name, year=year,
        calls=tuple(line.names), port_days=port_days, baseline=scenario.baseline_label, ice=line.ice, cargo=cargo,
        unit=unit, flow=flow, years=tuple(years),
    )  # fmt: skip


def _check(scenario: Scenario, year: int, calls: Sequence[str], port_days: float, flow: float | None) -> None:
    """Raise UsageError for what no service can be."""
    climate = scenario.ice is not None and scenario.ice.file is None
    fixed = climate and scenario.ice is not None and (scenario.ice.year is not None or scenario.ice.epoch is not None)
    low, high = (ICE_YEARS[0], ICE_YEARS[1] - 1) if climate and not fixed else (YEARS[0], YEARS[1] - 1)
    if not low <= year <= high:
        why = "; the last trip may end in the year after" if year > high else ""
        raise UsageError(f"year is {year}, allowed is {low} to {high}, nearest {min(max(year, low), high)}{why}")
    if not CALLS[0] <= len(calls) <= CALLS[1]:
        raise UsageError(
            f"{len(calls)} calls, allowed are {CALLS[0]} to {CALLS[1]} ports, as Sabetta,Murmansk,Zeebrugge"
        )
    if not 0 <= port_days <= MOST_PORT_DAYS:  # refuses nan too
        raise UsageError(f"port_days is {port_days:g}, allowed is 0 to {MOST_PORT_DAYS:g} days")
    if flow is not None and not 0 < flow < math.inf:
        raise UsageError(f"flow is {flow:g}, allowed is more than 0 a year")


class _Line:
    """The legs between the calls of a round trip, each a scenario of its own bound to the network."""

    def __init__(
        self, scenario: Scenario, net: SeaNetwork, folder: Path, year: int, calls: Sequence[str], port_days: float,
        several: bool,
    ) -> None:  # fmt: skip
        self.start, self.end = (datetime(y, 1, 1, tzinfo=UTC) for y in (year, year + 1))
        self.scenario, self.port_days, self.several = scenario, port_days, several
        self.legs: list[Sailing] = []
        for origin, destination in zip(calls, [*calls[1:], calls[0]], strict=True):
            update = {"from_": origin, "to": destination, "depart": self.start}
            own = scenario.model_copy(update={"voyage": scenario.voyage.model_copy(update=update)})
            sailing = Sailing(own, net, folder, self.legs[0].router if self.legs and scenario.ice is not None else None)
            if (sailing.origin.lon, sailing.origin.lat) == (sailing.destination.lon, sailing.destination.lat):
                raise UsageError(f"calls: '{origin}' and the call after it are the same place")
            self.legs.append(sailing)
        self.ship, self.ice = self.legs[0].ship, self.legs[0].ice_label
        self.names = [leg.origin.name for leg in self.legs]

    def sailed(self, alternative: Alternative) -> tuple[list[list[ServiceLeg]], Stuck | None]:
        """The trips that begin in the year, and where they stop if no way is open."""
        trips: list[list[ServiceLeg]] = []
        ready = self.start
        while ready < self.end:
            trip: list[ServiceLeg] = []
            for sailing in self.legs:
                leg = self._leg(sailing, alternative, ready)
                if isinstance(leg, Stuck):
                    return trips, leg
                trip.append(leg)
                ready = leg.arrive
            trips.append(trip)
        return trips, None

    def _leg(self, sailing: Sailing, alternative: Alternative, ready: datetime) -> ServiceLeg | Stuck:
        """The next leg of a ship that comes into a call at a moment."""
        at_once = ready + timedelta(days=self.port_days)
        own = _joining(sailing, alternative, self.several)
        route, voyage = sailing.sailed(own, at_once, explain=False)
        if voyage is not None and voyage.blocked is None:
            way = Way.OWN if own is alternative else Way.USUAL
            return self._told(sailing, own.label, way, ready, 0, route, voyage)
        base = next(a for a in self.scenario.alternatives if a.label == self.scenario.baseline_label)
        other = None if base is alternative else self._open(sailing, _joining(sailing, base, self.several), at_once)
        waited = self._waited(sailing, own, at_once, other, voyage is None)
        if waited is not None:
            days, found = waited
            return self._told(sailing, own.label, Way.WAITED, ready, days, *found)
        if other is not None:
            return self._told(sailing, _joining(sailing, base, self.several).label, Way.BASELINE, ready, 0, *other)
        block = None if voyage is None else voyage.blocked
        return Stuck(sailing.origin.name, sailing.destination.name, at_once, block)

    def _open(self, sailing: Sailing, alternative: Alternative, depart: datetime) -> tuple[Route, Voyage] | None:
        """Route and voyage on a day, None where it is not open."""
        route, voyage = sailing.sailed(alternative, depart, explain=False)
        return None if voyage is None or voyage.blocked is not None else (route, voyage)

    def _waited(
        self, sailing: Sailing, own: Alternative, at_once: datetime, other: tuple[Route, Voyage] | None, no_route: bool
    ) -> tuple[int, tuple[Route, Voyage]] | None:
        """The first later day on which the alternative is open, and the voyage then, if it arrives before the other."""
        if no_route:
            return None
        most = MOST_WAIT_DAYS
        if other is not None:
            least = sailing_days(sailing.shortest_once(own).distance_nm, sailing.speed_kn(own))
            most = min(most, math.floor(other[1].days - least))
        for day in _days_tried(most, lambda d: self._open(sailing, own, at_once + timedelta(days=d)) is not None):
            found = self._open(sailing, own, at_once + timedelta(days=day))
            if found is not None:
                sooner = other is None or day + found[1].days < other[1].days
                return (day, found) if sooner else None
        return None

    def _told(
        self, sailing: Sailing, label: str, way: Way, ready: datetime, wait: int, route: Route, voyage: Voyage
    ) -> ServiceLeg:
        arrive = voyage.arrive
        assert arrive is not None
        in_port = voyage.port_wait_days  # what the scenario itself lets the ship wait
        whole = after_waiting(voyage, self.port_days + wait)
        ledger = sailing.ledger(route, whole)
        return ServiceLeg(
            origin=sailing.origin.name, destination=sailing.destination.name, route=label, way=way, ready=ready,
            depart=voyage.depart + timedelta(days=in_port), arrive=arrive, port_days=self.port_days,
            wait_days=wait + in_port, sea_days=voyage.days - in_port, distance_nm=route.distance_nm,
            ice_nm=voyage.ice_nm, fuel_t=voyage.fuel_t, co2_t=None if ledger is None else ledger.emitted.co2_t,
            cost_usd=None if ledger is None else ledger.total_usd,
            cost_complete=ledger is not None and ledger.complete,
        )  # fmt: skip


def _days_tried(most: int, is_open: Callable[[int], bool]) -> Iterator[int]:
    """Days of waiting in the order in which they are tried: one by one at first, then the ends of weeks, and the days
    of the first week at whose end it is open."""
    yield from range(1, min(most, DAY_BY_DAY) + 1)
    for end in range(DAY_BY_DAY + WEEK, most + 1, WEEK):
        if is_open(end):
            yield from range(end - WEEK + 1, end + 1)
            return


def _joining(sailing: Sailing, alternative: Alternative, several: bool) -> Alternative:
    """The alternative, or the usual route with its speed and escort where it does not join the two ports, or where it
    is the way of a longer voyage with `several` calls and so a detour on this leg."""
    own = sailing.shortest_once(alternative)
    usual = _usual(alternative)
    if own.status == "ok" and not (
        several and own.distance_nm > MOST_DETOUR * sailing.shortest_once(usual).distance_nm
    ):
        return alternative
    return usual


def _usual(alternative: Alternative) -> Alternative:
    given = {"route": USUAL, "speed_kn": alternative.speed_kn, "escort": alternative.escort}
    return Alternative.model_validate({k: v for k, v in given.items() if v is not None})


def _ship_year(
    label: str, trips: list[list[ServiceLeg]], stuck: Stuck | None, year: int, cargo: float | None, flow: float | None
) -> ShipYear:
    """The sums of a year."""
    end = datetime(year + 1, 1, 1, tzinfo=UTC)
    legs = [leg for trip in trips for leg in trip]
    begun = [leg for leg in legs if leg.depart < end]
    own = [leg.depart for leg in begun if leg.way in (Way.OWN, Way.WAITED)]
    parts = [_part(trip, end) for trip in trips]
    carried = None if cargo is None else cargo * sum(parts)
    moved = None if cargo is None else cargo * len(trips)
    cost, co2_t = _whole([leg.cost_usd for leg in legs]), _whole([leg.co2_t for leg in legs])
    return ShipYear(
        alternative=label, legs=tuple(legs), trips=sum(p == 1 for p in parts), round_trips=sum(parts),
        sea_days=_summed(trips, parts, "sea_days"), port_days=_summed(trips, parts, "port_days"),
        wait_days=_summed(trips, parts, "wait_days"), own_legs=len(own),
        baseline_legs=sum(leg.way == Way.BASELINE for leg in begun),
        usual_legs=sum(leg.way == Way.USUAL for leg in begun), first_own=min(own, default=None),
        last_own=max(own, default=None), carried=carried,
        co2_kg_per_unit=1000 * co2_t / moved if co2_t is not None and moved else None,
        usd_per_unit=cost / moved if cost is not None and moved else None,
        cost_complete=bool(legs) and all(leg.cost_complete for leg in legs),
        ships=math.ceil(flow / carried - ROUNDING) if flow is not None and carried else None, stuck=stuck,
    )  # fmt: skip


def _whole(values: Sequence[float | None]) -> float | None:
    """The sum of figures, None where one is not known or there is none."""
    known = [v for v in values if v is not None]
    return sum(known) if values and len(known) == len(values) else None


def _part(trip: list[ServiceLeg], end: datetime) -> float:
    """Share of the days of a trip that lie in the year: 1 for a whole one."""
    begin, last = trip[0].ready, trip[-1].arrive
    return min(1.0, (end - begin).total_seconds() / (last - begin).total_seconds())


def _summed(trips: list[list[ServiceLeg]], parts: list[float], name: str) -> float:
    """Days of one kind in the year: of the last trip by its part."""
    return float(sum(part * sum(getattr(leg, name) for leg in trip) for trip, part in zip(trips, parts, strict=True)))
