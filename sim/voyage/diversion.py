"""A closure while the ship is at sea: it keeps its course until the news, then waits, or takes another route from where
it is, whichever of all is the best; and it gives up waiting when its patience ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from sim.errors import PlaceError
from sim.geo.geodesy import between, vectors
from sim.geo.geodesy import lonlat as to_lonlat
from sim.geo.route import ANCHORAGE, Crossing, Route
from sim.units import HOURS_PER_DAY
from sim.voyage.blocks import sea_at
from sim.voyage.queue import TimedClosure
from sim.voyage.voyage import Block, Cause, Choice, Event, Option, Voyage, ended

MOST_EVENTS = 5  # closures met on one voyage
STILL_NM = 1.0  # a ship that has sailed less is still in port


@dataclass(frozen=True)
class NamedRoute:
    """A route on from where a ship is: its name, and the route by it, ok or not."""

    name: str
    route: Route


@dataclass(frozen=True)
class Worth:
    """What a voyage is worth, the less the better; not `complete` where something that must be paid is not counted."""

    value: float
    complete: bool = True


@dataclass(frozen=True)
class Means:
    """What a voyage under closures needs: to sail a route by a named route ("" as planned) with extra waits at passages
    (hours), to find all routes from a position (None: from port) at a moment past closed passages, and what a voyage is
    worth."""

    sail: Callable[[Route, str, dict[str, float]], Voyage]
    routes: Callable[[tuple[float, float] | None, datetime, frozenset[str]], Sequence[NamedRoute]]
    worth: Callable[[Voyage, Route], Worth]
    patience_days: float = float("inf")
    worth_unit: str = "days"


@dataclass
class _Course:
    """What the ship is doing: by which route ("" as planned), on which route, with which waits (hours), and the voyage
    that this gives."""

    route_name: str
    route: Route
    waits: dict[str, float]
    voyage: Voyage


@dataclass(frozen=True)
class _Tried:
    """A route that the ship can take, sailed to the end."""

    onward: NamedRoute
    voyage: Voyage
    worth: Worth | None  # None: it does not arrive by it


def sail_under(route: Route, closures: Sequence[TimedClosure], means: Means) -> tuple[Route, Voyage]:
    """The route really sailed and its voyage, for a route that was planned without the closures."""
    course = _Course("", route, {}, means.sail(route, "", {}))
    events: list[Event] = []
    for _ in range(MOST_EVENTS):
        met = _first_met(course.voyage, closures, course.waits)
        if met is None:
            break
        event = _decide(course, *met, closures, means)
        events.append(event)
        if event.choice == Choice.STUCK:
            break
    return course.route, replace(course.voyage, events=tuple(events))


def _first_met(
    voyage: Voyage, closures: Sequence[TimedClosure], waits: dict[str, float]
) -> tuple[str, TimedClosure, datetime] | None:
    """The first passage on the path at which the ship would have to wait, and has not yet been given the time."""
    for leg in voyage.legs:
        arrival = leg.end - timedelta(hours=leg.wait_h)
        for passage in leg.passages:
            for closure in closures:
                if passage in closure.passages and passage not in waits and closure.touches(arrival):
                    return passage, closure, arrival
    return None


def _decide(
    course: _Course,
    passage: str,
    closure: TimedClosure,
    arrival: datetime,
    closures: Sequence[TimedClosure],
    means: Means,
) -> Event:
    """Wait, or the best other route from where the news reaches the ship. Changes the course to what it chooses."""
    voyage, waits = course.voyage, course.waits
    moment = min(max(voyage.depart, closure.news), arrival)
    wait_h, patient_h = closure.wait_h(arrival), means.patience_days * HOURS_PER_DAY
    known = frozenset().union(*(c.passages for c in closures if c.news <= moment and c.shut(moment))) | closure.passages
    place, tried = _onward_routes(course, moment, known, means)
    best = _best(tried)
    waiting = None
    if np.isfinite(wait_h):
        waiting = means.sail(course.route, course.route_name, waits | {passage: waits.get(passage, 0.0) + wait_h})
    stay = None if waiting is None or waiting.blocked else means.worth(waiting, course.route)
    options = tuple(Option(t.onward.name, t.worth.value, t.worth.complete) for t in tried if t.worth is not None)

    def event(choice: Choice, hours: float, route_name: str = "") -> Event:
        return Event(
            passage, closure.begin, closure.end, closure.reason, moment, place, choice, hours,
            None if stay is None else stay.value, None if best is None or best.worth is None else best.worth.value,
            means.worth_unit, route_name, options, stay is None or stay.complete,
        )  # fmt: skip

    if stay is not None and (best is None or best.worth is None or stay.value <= best.worth.value):
        late = _best(_onward_routes(course, arrival, known, means, passage)[1]) if wait_h > patient_h else None
        if late is not None:
            waits[passage + ANCHORAGE] = patient_h
            _take(course, late.onward, means)
            return event(Choice.WAITS_THEN_DIVERTS, patient_h, late.onward.name)
        waits[passage] = waits.get(passage, 0.0) + wait_h
        course.voyage = means.sail(course.route, course.route_name, waits)
        return event(Choice.WAITS, wait_h)
    if best is not None:
        _take(course, best.onward, means)
        return event(Choice.DIVERTS, 0.0, best.onward.name)
    block = Block(
        Cause.PASSAGE_CLOSED, sea_at(*place), *place, moment, passage=passage, closed_from=closure.begin
    )  # fmt: skip
    sailed_nm = _sailed_nm(course.route, voyage, moment)
    legs = means.sail(cut(course.route, sailed_nm), course.route_name, waits).legs if sailed_nm >= STILL_NM else ()
    course.voyage = ended(voyage, block, legs)
    return event(Choice.STUCK, 0.0)


def _take(course: _Course, onward: NamedRoute, means: Means) -> None:
    """Turn to a route."""
    course.route_name, course.route = onward.name, onward.route
    course.voyage = means.sail(onward.route, onward.name, course.waits)


def _best(tried: Sequence[_Tried]) -> _Tried | None:
    """The route of the least worth, of equal ones the first; None where the ship arrives by none."""
    return min((t for t in tried if t.worth is not None), key=lambda t: t.worth.value if t.worth else 0.0, default=None)


def _onward_routes(
    course: _Course, moment: datetime, closed: frozenset[str], means: Means, upto: str | None = None
) -> tuple[tuple[float, float], list[_Tried]]:
    """Where the ship is, and every route on from there, joined to what it has sailed and sailed to the end.

    With `upto` it is where a ship waits for that passage, and there it has waited as long as its patience lasts.
    """
    route = course.route
    sailed_nm = _sailed_nm(route, course.voyage, moment) if upto is None else _gate_nm(route, upto)
    head = None if sailed_nm < STILL_NM else cut(route, sailed_nm)
    if head is not None and upto is not None:
        head = replace(head, crossings=(*head.crossings, Crossing(upto + ANCHORAGE, head.distance_nm)))
    start = (route if head is None else head).lonlat[0 if head is None else -1]
    place = (float(start[0]), float(start[1]))
    waits = course.waits if upto is None else course.waits | {upto + ANCHORAGE: means.patience_days * HOURS_PER_DAY}
    try:
        found = means.routes(None if head is None else place, moment, closed)
    except PlaceError:  # within a canal or a river there is no turning
        return place, []
    out = []
    for onward in found:
        if onward.route.status == "ok":
            whole = onward if head is None else NamedRoute(onward.name, joined(head, onward.route))
            voyage = means.sail(whole.route, whole.name, waits)
            worth = None if voyage.blocked is not None else means.worth(voyage, whole.route)
            out.append(_Tried(whole, voyage, worth))
    return place, out


def _gate_nm(route: Route, passage: str) -> float:
    """How far along a route a ship waits for a passage: just before its gate, or before its canal."""
    at_nm = next(c.at_nm for c in route.crossings if c.passage == passage)
    starts = np.cumsum(route.leg_nm) - route.leg_nm
    canal = [float(start) for start, tag in zip(starts, route.leg_tags, strict=True) if tag == passage]
    return max(min([at_nm, *canal]) - 2 * STILL_NM, 0.0)


def _sailed_nm(route: Route, voyage: Voyage, moment: datetime) -> float:
    """How far along a route the ship is at a moment."""
    done = 0.0
    for leg in voyage.legs:
        under_way = leg.end - timedelta(hours=leg.wait_h)
        if moment <= leg.start:
            break
        if moment >= under_way:
            done += leg.distance_nm
            continue
        share = (moment - leg.start).total_seconds() / max((under_way - leg.start).total_seconds(), 1e-9)
        done += leg.distance_nm * share
        break
    return min(done, route.distance_nm)


def cut(route: Route, at_nm: float) -> Route:
    """The first part of a route, `at_nm` long."""
    ends = np.cumsum(route.leg_nm)
    k = min(int(np.searchsorted(ends, at_nm)), len(ends) - 1)
    before = float(ends[k - 1]) if k else 0.0
    share = min(max((at_nm - before) / max(float(route.leg_nm[k]), 1e-9), 0.0), 1.0)
    start, stop = vectors(route.lonlat[k : k + 2])
    point = to_lonlat(between(start, stop, share))
    return Route(
        status="ok",
        reason="",
        distance_nm=at_nm,
        crossings=tuple(c for c in route.crossings if c.at_nm <= at_nm),
        lonlat=np.vstack([route.lonlat[: k + 1], point]),
        leg_nm=np.append(route.leg_nm[:k], at_nm - before),
        leg_tags=route.leg_tags[: k + 1],
    )


def joined(head: Route, tail: Route) -> Route:
    """Two routes one after the other; the second begins where the first ends."""
    return Route(
        status="ok",
        reason="",
        distance_nm=head.distance_nm + tail.distance_nm,
        crossings=(*head.crossings, *(Crossing(c.passage, c.at_nm + head.distance_nm) for c in tail.crossings)),
        lonlat=np.vstack([head.lonlat, tail.lonlat[1:]]),
        leg_nm=np.concatenate([head.leg_nm, tail.leg_nm]),
        leg_tags=(*head.leg_tags, *tail.leg_tags),
    )
