"""Ways of ships with any passages closed, each searched once.

Closing what a shortest way does not cross leaves it the shortest. So a way with a set of passages closed is found by
closing, one after the other, those of the set that the best way crosses: what is searched are only sets that change
something, and all other sets lead to one of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sim.errors import PlaceError, UsageError
from sim.geo.network.describe import local_route
from sim.geo.passages import ShipSize
from sim.geo.route import Route, unreachable
from sim.ship.power import fuel_tpd
from sim.ship.vessel import Ship
from sim.study.straits.sea.search import Searches
from sim.study.trade import Flow
from sim.units import HOURS_PER_DAY

if TYPE_CHECKING:
    from sim.geo.graph import Path
    from sim.geo.network import SeaNetwork
    from sim.geo.network.given import Demand
    from sim.geo.network.places import Place

Cost = Callable[[Route, Ship, float, float], float]  # route, ship, days, fuel t -> USD of one voyage
LeftOut = Callable[[Route, Ship], tuple[str, ...]]  # route, ship -> dues that its cost leaves out
Closed = frozenset[str]
OPEN: Closed = frozenset()
NO_WAY: Final = unreachable("")


@dataclass(frozen=True)
class Leg:
    """One way of a ship: its route, days, fuel t, cost USD and the dues that are not in the cost."""

    route: Route
    days: float
    fuel_t: float
    cost_usd: float | None
    left_out: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is a way."""
        return self.route.status == "ok"


class Ways:
    """Routes, days and fuel of ships, each found once."""

    def __init__(
        self, net: SeaNetwork, cost: Cost | None = None, left_out: LeftOut | None = None, sea_margin: float = 1.0
    ) -> None:
        self.net, self.cost, self.left_out, self.sea_margin = net, cost, left_out, sea_margin
        self._legs: dict[tuple[object, ...], dict[Closed, Leg]] = {}
        self._routes: dict[tuple[str, ...], dict[Closed, Route]] = {}
        self._paths: dict[tuple[object, ...], Path | None] = {}
        self._sailings: dict[tuple[str, int], Leg] = {}
        self._searches = Searches(net)
        self._too_small: dict[ShipSize, Closed] = {}
        self._places: dict[str, Place] = {}

    @property
    def searches(self) -> int:
        """Paths searched so far."""
        return len(self._paths)

    def leg(self, flow: Flow, ends: tuple[str, str], ship: Ship, draft_m: float | None, shut: Closed) -> Leg:
        """The way between two ports by the shortest of a flow's routes that keeps clear of what is shut.

        Raises UsageError, PlaceError, PassageError that name the flow.
        """
        found = self._legs.setdefault((ends, ship.id, draft_m, flow.routes), {})
        if shut not in found:
            found[shut] = self._sailed(self._shortest(flow, ends, ship, draft_m, shut), ship)
        return found[shut]

    def reason(self, flow: Flow, ends: tuple[str, str], ship: Ship, draft_m: float | None, shut: Closed) -> str:
        """Why there is no way, as the network tells it."""
        told = (
            self.net.route(
                *ends, via=via, closed=shut, draft_m=draft_m, beam_m=ship.beam_m, length_m=ship.length_m,
                air_draft_m=ship.air_draft_m,
            ).reason
            for via in flow.routes
        )  # fmt: skip
        return " / ".join(dict.fromkeys(told))

    def _shortest(self, flow: Flow, ends: tuple[str, str], ship: Ship, draft_m: float | None, shut: Closed) -> Route:
        best: Route | None = None
        for via in flow.routes:
            try:
                found = self._route(ends, via, ShipSize(draft_m, ship.beam_m, ship.length_m, ship.air_draft_m), shut)
            except UsageError as error:
                kind = PlaceError if isinstance(error, PlaceError) else UsageError
                raise kind(f"flow '{flow.id}': {error}") from error
            if found.status == "ok" and (best is None or found.distance_nm < best.distance_nm):
                best = found
        return best if best is not None else NO_WAY

    def _route(self, ends: tuple[str, str], via: str, size: ShipSize, shut: Closed) -> Route:
        """As `SeaNetwork.route`, without the reason where there is none. A passage that refuses the ship is closed to
        it, so that ships of any size share the searches."""
        key = (*ends, via)
        closed = shut | self._refused(size)
        known = self._routes.setdefault(key, {})
        now = OPEN
        while closed not in known:
            if now not in known:
                known[now] = self._searched(ends, via, now)
            crossed = [p for p in known[now].passages if p in closed]
            if not crossed:  # with no way at all nothing is crossed, and closing more opens none
                known[closed] = known[now]
                break
            now = now | {crossed[0]}
        return known[closed]

    def _refused(self, size: ShipSize) -> Closed:
        if size not in self._too_small:
            self._too_small[size] = frozenset(self.net.passages.refused(size))
        return self._too_small[size]

    def _searched(self, ends: tuple[str, str], via: str, shut: Closed) -> Route:
        start, goal = (self._place(word) for word in ends)
        if (start.lon, start.lat) == (goal.lon, goal.lat):
            raise PlaceError(f"from and to are the same place: {start.name}")
        demand = self.net.demand(via, shut, ShipSize(), (), (), start.arctic or goal.arctic).between(start, goal)
        path = self._path(start, goal, demand, ends)
        length = math.inf if path is None else start.approach_nm + path.length_nm + goal.approach_nm
        near = self.net.local_way(start, goal, demand, length)
        if near is not None:
            return local_route(start, goal, near, self.net.passages)
        return NO_WAY if path is None else self.net.described(start, goal, path)

    def _path(self, start: Place, goal: Place, demand: Demand, ends: tuple[str, str]) -> Path | None:
        """The path of the network; one that was found the other way round is turned."""
        key = (*ends, int(demand.closed), demand.groups, demand.off)
        turned = (ends[1], ends[0], *key[2:])
        if turned in self._paths:
            path = self._paths[turned]
            return None if path is None else replace(path, nodes=path.nodes[::-1])
        if key not in self._paths:
            self._paths[key] = self._searches.path(start, goal, demand)
        return self._paths[key]

    def _place(self, word: str) -> Place:
        if word not in self._places:
            self._places[word] = self.net.place(word)
        return self._places[word]

    def _sailed(self, route: Route, ship: Ship) -> Leg:
        key = ship.id, id(route)  # routes are kept, so that no other gets the number of one
        if key not in self._sailings:
            self._sailings[key] = self._measured(route, ship)
        return self._sailings[key]

    def _measured(self, route: Route, ship: Ship) -> Leg:
        """Days and fuel at service speed in calm open water, in canals no faster than is allowed there."""
        if route.status != "ok":
            return Leg(route, math.inf, math.inf, None)
        hours: dict[float, float] = {}
        for nm, tag in zip(route.leg_nm.tolist(), route.leg_tags, strict=True):
            limit = self.net.passages[tag].speed_limit_kn if tag in self.net.passages else None
            speed = min(ship.service_speed_kn, limit or ship.service_speed_kn)
            hours[speed] = hours.get(speed, 0.0) + nm / speed
        days = sum(hours.values()) / HOURS_PER_DAY
        margin = self.sea_margin
        fuel_t = sum(h / HOURS_PER_DAY * float(fuel_tpd(ship, v, sea_margin=margin)) for v, h in hours.items())
        cost_usd = self.cost(route, ship, days, fuel_t) if self.cost else None
        gaps = self.left_out(route, ship) if self.cost and self.left_out else ()
        return Leg(route, days, fuel_t, cost_usd, gaps)


def differ(one: Leg, other: Leg) -> tuple[str, ...]:
    """Dues that one of two ways leaves out and the other does not, in order."""
    return tuple(n for n in (*one.left_out, *other.left_out) if (n in one.left_out) != (n in other.left_out))
