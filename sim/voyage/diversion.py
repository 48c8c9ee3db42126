"""A closure while the ship is at sea: it keeps its course until the news, then waits, or takes another road from where
it is, whichever is better; and it gives up waiting when its patience ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from sim.errors import PlaceError
from sim.geo.geodesy import between, vectors
from sim.geo.geodesy import lonlat as to_lonlat
from sim.geo.route import ROADS, Crossing, Route
from sim.units import HOURS_PER_DAY
from sim.voyage.blocks import sea_at
from sim.voyage.queue import TimedClosure
from sim.voyage.voyage import Block, Cause, Choice, Event, Voyage, ended

MOST_EVENTS = 5  # closures met on one voyage
STILL_NM = 1.0  # a ship that has sailed less is still in port


@dataclass(frozen=True)
class Means:
    """What a voyage under closures needs: to sail a route with extra waits at passages (hours), to find a road from a
    position on a day past closed passages, and what a voyage is worth (the less the better)."""

    sail: Callable[[Route, dict[str, float]], Voyage]
    reroute: Callable[[tuple[float, float] | None, frozenset[str]], Route]
    worth: Callable[[Voyage, Route], float]
    patience_days: float = float("inf")
    worth_unit: str = "days"


def sail_under(route: Route, closures: Sequence[TimedClosure], means: Means) -> tuple[Route, Voyage]:
    """The road really sailed and its voyage, for a route that was planned without the closures."""
    waits: dict[str, float] = {}
    events: list[Event] = []
    voyage = means.sail(route, waits)
    for _ in range(MOST_EVENTS):
        met = _first_met(voyage, closures, waits)
        if met is None:
            break
        passage, closure, arrival = met
        route, voyage, event = _decide(route, voyage, waits, passage, closure, arrival, closures, means)
        events.append(event)
        if event.choice == Choice.STUCK:
            break
        if event.choice == Choice.WAITS:
            waits[passage] = waits.get(passage, 0.0) + event.wait_h
            voyage = means.sail(route, waits)
    return route, replace(voyage, events=tuple(events))


def _first_met(
    voyage: Voyage, closures: Sequence[TimedClosure], waits: dict[str, float]
) -> tuple[str, TimedClosure, datetime] | None:
    """The first passage on the way at which the ship would have to wait, and has not yet been given the time."""
    for leg in voyage.legs:
        arrival = leg.end - timedelta(hours=leg.wait_h)
        for passage in leg.passages:
            for closure in closures:
                if passage in closure.passages and passage not in waits and closure.touches(arrival):
                    return passage, closure, arrival
    return None


def _decide(
    route: Route,
    voyage: Voyage,
    waits: dict[str, float],
    passage: str,
    closure: TimedClosure,
    arrival: datetime,
    closures: Sequence[TimedClosure],
    means: Means,
) -> tuple[Route, Voyage, Event]:
    """Wait, or another road from where the news reaches the ship."""
    moment = min(max(voyage.depart, closure.news), arrival)
    wait_h = closure.wait_h(arrival)
    patient_h = means.patience_days * HOURS_PER_DAY
    known = frozenset().union(*(c.passages for c in closures if c.news <= moment and c.shut(moment))) | closure.passages
    place, other = _other_road(route, voyage, moment, known, means)
    waiting = means.sail(route, waits | {passage: waits.get(passage, 0.0) + wait_h}) if np.isfinite(wait_h) else None
    diverting = None if other is None else means.sail(other, waits)
    a = None if waiting is None or waiting.blocked else means.worth(waiting, route)
    b = None if diverting is None or other is None or diverting.blocked else means.worth(diverting, other)

    def event(choice: Choice, hours: float) -> Event:
        return Event(
            passage, closure.begin, closure.end, closure.reason, moment, place, choice, hours, a, b, means.worth_unit
        )

    if a is not None and (b is None or a <= b):
        if wait_h <= patient_h:
            return route, voyage, event(Choice.WAITS, wait_h)
        late = _other_road(route, voyage, arrival, known, means, upto=passage)[1]
        if late is not None:
            waits[passage + ROADS] = patient_h
            return late, means.sail(late, waits), event(Choice.WAITS_THEN_DIVERTS, patient_h)
        return route, voyage, event(Choice.WAITS, wait_h)
    if b is not None and diverting is not None and other is not None:
        return other, diverting, event(Choice.DIVERTS, 0.0)
    block = Block(
        Cause.PASSAGE_CLOSED, sea_at(*place), *place, moment, passage=passage, closed_from=closure.begin
    )  # fmt: skip
    sailed_nm = _sailed_nm(route, voyage, moment)
    legs = means.sail(cut(route, sailed_nm), waits).legs if sailed_nm >= STILL_NM else ()
    return route, ended(voyage, block, legs), event(Choice.STUCK, 0.0)


def _other_road(
    route: Route,
    voyage: Voyage,
    moment: datetime,
    closed: frozenset[str],
    means: Means,
    upto: str | None = None,
) -> tuple[tuple[float, float], Route | None]:
    """Where the ship is, and what it has sailed joined to a road past closed passages; None without one."""
    sailed_nm = _sailed_nm(route, voyage, moment) if upto is None else _gate_nm(route, upto)
    if sailed_nm < STILL_NM:
        start = route.lonlat[0]
        found = means.reroute(None, closed)
        return (float(start[0]), float(start[1])), found if found.status == "ok" else None
    head = cut(route, sailed_nm)
    if upto is not None:
        head = replace(head, crossings=(*head.crossings, Crossing(upto + ROADS, head.distance_nm)))
    place = (float(head.lonlat[-1, 0]), float(head.lonlat[-1, 1]))
    try:
        found = means.reroute(place, closed)
    except PlaceError:  # within a canal or a river there is no turning
        return place, None
    return place, joined(head, found) if found.status == "ok" else None


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
