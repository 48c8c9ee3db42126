"""Exposure: what closing passages does to trade flows, in miles, days, ships, fuel and, where asked, money.

A flow sails from its origins to its destinations, each pair with an equal part of the volume, by the shortest of its
routes, and back: tankers and bulk carriers empty, with less draft, the others as deep as they came. Nothing here knows
of stocks, pipelines that are not rows of the table, other suppliers or prices: it is the first day's geography.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from sim.errors import DataError, PlaceError, UsageError, did_you_mean
from sim.geo.route import Route, unreachable
from sim.result import Result
from sim.ship.vessel import Ship, VesselTable
from sim.study.trade import ClosureSet, Flow, read_closures, read_flows
from sim.units import HOURS_PER_DAY
from sim.values import Valued

if TYPE_CHECKING:
    from sim.geo.network import SeaNetwork

# All assumed, confidence C. Extra ships do not depend on the days in port: they cancel out.
SAILING_DAYS: Final = 350.0  # a year, for a ship between two dockings
BALLAST_DRAFT: Final = {"oil_tanker": 0.55, "bulk_carrier": 0.55}  # of the laden draft on the way back
PORT_DAYS: Final = {"oil_tanker": 5.0, "liquified_gas_tanker": 3.0, "container": 20.0}  # a round voyage, else 8
OTHER_PORT_DAYS: Final = 8.0
LNG_T_PER_M3: Final = 0.45

Cost = Callable[[Route, Ship, float, float], float]  # route, ship, days, fuel t -> USD of one voyage
LeftOut = Callable[[Route, Ship], tuple[str, ...]]  # route, ship -> dues that its cost leaves out


@dataclass(frozen=True)
class Trade:
    """A flow as it sails with everything open, ice-free. `distance_nm` and `days` are of the laden path, a mean over
    the pairs of ports; `voyages`, `ships` and `fuel_t` of a year. A flow in ships of another one needs none."""

    flow: Flow
    ship: Ship
    cargo: float
    distance_nm: float
    days: float
    voyages: float
    ships: float
    fuel_t: float
    passages: tuple[str, ...]


@dataclass(frozen=True)
class Effect:
    """What a closure does to a flow.

    `extra_nm`, `extra_days` are of the laden path, a mean over the pairs that find another route; None where none does
    or none is touched. `extra_ships` carry what still can be carried; `extra_fuel_t`, `extra_cost_usd` are of a year,
    the cost None without a function that knows it. `passages` are of the first other route, `reason` says why there is
    none. `cost_missing` are dues of one of the two routes that the cost leaves out: with any it is incomplete.
    """

    flow: Flow
    closure: ClosureSet
    touched_share: float
    unreachable_share: float
    extra_nm: float | None
    extra_days: float | None
    extra_ships: float
    extra_fuel_t: float
    extra_cost_usd: float | None
    passages: tuple[str, ...]
    reason: str
    cost_missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Loss:
    """What a closure does to a commodity: volumes a year, the mean extra path of what is rerouted, ships, fuel.

    `cost_missing` as of an `Effect`, of all flows.
    """

    commodity: str
    unit: str
    volume: float
    touched: float
    unreachable: float
    extra_nm: float | None
    extra_days: float | None
    extra_ships: float
    extra_fuel_t: float
    extra_cost_usd: float | None
    cost_missing: tuple[str, ...] = ()

    @property
    def touched_share(self) -> float:
        """Part of the volume whose usual route crosses what is closed."""
        return self.touched / self.volume if self.volume else 0.0

    @property
    def unreachable_share(self) -> float:
        """Part of the volume that no sea route reaches any more."""
        return self.unreachable / self.volume if self.volume else 0.0


@dataclass(frozen=True, eq=False, repr=False)
class Exposure(Valued, Result):
    """Flows, what they are with everything open, and what each closure does to each of them."""

    flows: tuple[Flow, ...]
    trades: tuple[Trade, ...]
    closures: tuple[ClosureSet, ...]
    effects: tuple[Effect, ...]
    sailing_days: float
    sea_margin: float

    @cached_property
    def _at(self) -> dict[tuple[str, str], Effect]:
        return {(e.flow.id, e.closure.id): e for e in self.effects}

    def effect(self, flow_id: str, closure_id: str) -> Effect:
        """What a closure does to a flow. Raises UsageError."""
        found = self._at.get((flow_id, closure_id))
        if found is None:
            known = [f.id for f in self.flows if not f.by_sea]
            told = f"'{flow_id}' does not sail" if flow_id in known else f"no flow '{flow_id}' with '{closure_id}'"
            names = [t.flow.id for t in self.trades] + [c.id for c in self.closures]
            raise UsageError(told + (did_you_mean(flow_id, names) or did_you_mean(closure_id, names)))
        return found

    def of_closure(self, closure_id: str) -> tuple[Effect, ...]:
        """The effects of a closure, in the order of the flows."""
        return tuple(e for e in self.effects if e.closure.id == closure_id)

    def importers(self) -> tuple[str, ...]:
        """Codes of the importers, in the order of the flows."""
        return tuple(dict.fromkeys(f.importer for f in self.flows))

    def losses(self, closure_id: str, importer: str | None = None) -> tuple[Loss, ...]:
        """What a closure does by commodity, of one importer or of all flows; pipelines and others count as volume."""
        mine = [f for f in self.flows if importer in (None, f.importer)]
        if not mine:
            known = self.importers()
            raise UsageError(f"no flow to '{importer}'{did_you_mean(str(importer), known)}; allowed: {known}")
        effects = [e for e in self.of_closure(closure_id) if importer in (None, e.flow.importer)]
        kinds = dict.fromkeys((f.commodity, f.unit) for f in mine)
        return tuple(_loss(*kind, [f for f in mine if (f.commodity, f.unit) == kind], effects) for kind in kinds)


def _loss(commodity: str, unit: str, flows: Sequence[Flow], effects: Sequence[Effect]) -> Loss:
    mine = [e for e in effects if (e.flow.commodity, e.flow.unit) == (commodity, unit)]
    moved = [(e.flow.volume * (e.touched_share - e.unreachable_share), e) for e in mine if e.extra_nm is not None]
    weight = sum(v for v, _ in moved)
    costs = [e.extra_cost_usd for e in mine if e.extra_cost_usd is not None]
    return Loss(
        commodity, unit, sum(f.volume for f in flows),
        touched=sum(e.flow.volume * e.touched_share for e in mine),
        unreachable=sum(e.flow.volume * e.unreachable_share for e in mine),
        extra_nm=sum(v * (e.extra_nm or 0.0) for v, e in moved) / weight if weight else None,
        extra_days=sum(v * (e.extra_days or 0.0) for v, e in moved) / weight if weight else None,
        extra_ships=sum(e.extra_ships for e in mine),
        extra_fuel_t=sum(e.extra_fuel_t for e in mine),
        extra_cost_usd=sum(costs) if costs else None,
        cost_missing=tuple(dict.fromkeys(name for e in mine for name in e.cost_missing)),
    )  # fmt: skip


def exposure(
    net: SeaNetwork,
    flows: Iterable[Flow] | None = None,
    closures: Iterable[ClosureSet] | None = None,
    *,
    vessels: VesselTable | None = None,
    cost: Cost | None = None,
    left_out: LeftOut | None = None,
    sailing_days: float = SAILING_DAYS,
    sea_margin: float = 1.0,
) -> Exposure:
    """What each closure does to each flow; the shipped tables where none are given. Ice-free.

    `cost` gives the USD of one voyage, one way, from its route, ship, days and fuel t; `left_out` names the dues of a
    route that are not in it. `sea_margin` multiplies the calm-water power. Raises UsageError, PlaceError, PassageError
    for what a table names wrongly and for a flow between seas that no water joins.
    """
    if not 0 < sailing_days <= 366:
        raise UsageError(f"sailing_days is {sailing_days:g}, allowed is more than 0 and at most 366")
    those = tuple(flows if flows is not None else read_flows())
    doubled = [f.id for k, f in enumerate(those) if f.id in {g.id for g in those[:k]}]
    if doubled:
        raise UsageError(f"flow '{doubled[0]}' is duplicated")
    sets = tuple(closures if closures is not None else read_closures())
    table = vessels or VesselTable.load()
    sea = _Sea(net, cost, left_out, sailing_days, sea_margin)
    shut = {c.id: net.passages.expand(c.passages) for c in sets}
    trades, effects = [], []
    for flow in those:
        if flow.by_sea:
            ship = _ship_of(flow, table)
            case = _Case(sea, flow, ship, cargo_of(flow, ship))
            trades.append(case.trade())
            effects += [case.effect(c, shut[c.id]) for c in sets]
    return Exposure(those, tuple(trades), sets, tuple(effects), sailing_days, sea_margin)


def _ship_of(flow: Flow, table: VesselTable) -> Ship:
    try:
        ship = table.find(flow.ship_id)
    except UsageError as error:
        raise UsageError(f"flow '{flow.id}': {error}") from error
    if not ship.has_fuel:
        raise UsageError(f"flow '{flow.id}': ship '{ship.id}' has no fuel figures")
    return ship


def cargo_of(flow: Flow, ship: Ship) -> float:
    """What a ship carries on one voyage, in the unit of the flow. Raises DataError where ship and unit do not fit."""
    if flow.cargo is not None:
        return flow.cargo
    share = float(ship.economics.get("payload_share", 1.0))
    if flow.unit == "TEU" and ship.capacity_unit == "TEU" and ship.capacity:
        return share * ship.capacity
    if flow.unit == "t" and ship.capacity_unit == "m3" and ship.capacity:
        return share * ship.capacity * LNG_T_PER_M3
    if flow.unit == "t" and ship.capacity_unit != "TEU" and ship.dwt_t:
        return share * ship.dwt_t
    raise DataError(
        f"flow '{flow.id}': ship '{ship.id}' does not carry cargo in {flow.unit}; name another or its cargo"
    )


@dataclass(frozen=True)
class _Leg:
    """One way of a ship: its route, days, fuel t, cost USD and the dues that are not in the cost."""

    route: Route
    days: float
    fuel_t: float
    cost_usd: float | None
    left_out: tuple[str, ...] = ()


class _Sea:
    """Routes, days and fuel of ships, each found once."""

    def __init__(
        self, net: SeaNetwork, cost: Cost | None, left_out: LeftOut | None, sailing_days: float, sea_margin: float
    ) -> None:
        self.net, self.cost, self.left_out = net, cost, left_out
        self.sailing_days, self.sea_margin = sailing_days, sea_margin
        self._found: dict[tuple[object, ...], _Leg] = {}

    def leg(self, flow: Flow, ends: tuple[str, str], ship: Ship, draft_m: float | None, shut: frozenset[str]) -> _Leg:
        """The path between two ports by the shortest of a flow's routes that keeps clear of what is shut."""
        key = (ends, ship.id, draft_m, flow.routes, shut)
        if key not in self._found:
            usual = self.leg(flow, ends, ship, draft_m, frozenset()) if shut else None
            if usual is not None and not shut & set(usual.route.passages):
                # Closing what a shortest route does not cross leaves it the shortest.
                self._found[key] = usual
            else:
                self._found[key] = self._sailed(self._shortest(flow, ends, ship, draft_m, shut), ship)
        return self._found[key]

    def _shortest(
        self, flow: Flow, ends: tuple[str, str], ship: Ship, draft_m: float | None, shut: frozenset[str]
    ) -> Route:
        best: Route | None = None
        reasons = []
        for via in flow.routes:
            try:
                found = self.net.route(
                    *ends, via=via, closed=shut, draft_m=draft_m, beam_m=ship.beam_m, length_m=ship.length_m,
                    air_draft_m=ship.air_draft_m,
                )  # fmt: skip
            except UsageError as error:
                kind = PlaceError if isinstance(error, PlaceError) else UsageError
                raise kind(f"flow '{flow.id}': {error}") from error
            reasons += [found.reason] if found.status != "ok" else []
            if found.status == "ok" and (best is None or found.distance_nm < best.distance_nm):
                best = found
        return best if best is not None else unreachable(" / ".join(dict.fromkeys(reasons)))

    def _sailed(self, route: Route, ship: Ship) -> _Leg:
        """Days and fuel at service speed in calm open water, in canals no faster than is allowed there."""
        from sim.ship.power import fuel_tpd

        if route.status != "ok":
            return _Leg(route, math.inf, math.inf, None)
        hours: dict[float, float] = {}
        for nm, tag in zip(route.leg_nm, route.leg_tags, strict=True):
            limit = self.net.passages[tag].speed_limit_kn if tag in self.net.passages else None
            speed = min(ship.service_speed_kn, limit or ship.service_speed_kn)
            hours[speed] = hours.get(speed, 0.0) + float(nm) / speed
        days = sum(hours.values()) / HOURS_PER_DAY
        margin = self.sea_margin
        fuel_t = sum(h / HOURS_PER_DAY * float(fuel_tpd(ship, v, sea_margin=margin)) for v, h in hours.items())
        cost_usd = self.cost(route, ship, days, fuel_t) if self.cost else None
        gaps = self.left_out(route, ship) if self.cost and self.left_out else ()
        return _Leg(route, days, fuel_t, cost_usd, gaps)


def _differ(one: _Leg, other: _Leg) -> tuple[str, ...]:
    """Dues that one of two ways leaves out and the other does not, in order."""
    return tuple(n for n in (*one.left_out, *other.left_out) if (n in one.left_out) != (n in other.left_out))


class _Case:
    """A flow with its ship: every pair of ports, out and back."""

    def __init__(self, sea: _Sea, flow: Flow, ship: Ship, cargo: float) -> None:
        self.sea, self.flow, self.ship, self.cargo = sea, flow, ship, cargo
        self.pairs = tuple((a, b) for a in flow.origins for b in flow.destinations)
        self.draft_m = flow.draft_m or ship.draft_m
        empty = BALLAST_DRAFT.get(ship.type, 1.0)
        self.back_draft_m = None if self.draft_m is None else empty * self.draft_m
        self.voyages = 0.0 if flow.backhaul else flow.volume / cargo / len(self.pairs)  # a year, of each pair
        self.usual = [self._both(pair, frozenset()) for pair in self.pairs]
        for (out, _), (a, b) in zip(self.usual, self.pairs, strict=True):
            if out.route.status != "ok":
                raise UsageError(f"flow '{flow.id}': no route from {a} to {b} although all is open: {out.route.reason}")

    def _both(self, pair: tuple[str, str], shut: frozenset[str]) -> tuple[_Leg, _Leg]:
        out = self.sea.leg(self.flow, pair, self.ship, self.draft_m, shut)
        back = self.sea.leg(self.flow, (pair[1], pair[0]), self.ship, self.back_draft_m, shut)
        return out, back

    def trade(self) -> Trade:
        """The flow with everything open."""
        n = len(self.pairs)
        port = PORT_DAYS.get(self.ship.type, OTHER_PORT_DAYS)
        outs = [out for out, _ in self.usual]
        at_work = sum(out.days + back.days + port for out, back in self.usual)
        return Trade(
            self.flow, self.ship, self.cargo,
            distance_nm=sum(o.route.distance_nm for o in outs) / n,
            days=sum(o.days for o in outs) / n,
            voyages=self.voyages * n,
            ships=self.voyages * at_work / self.sea.sailing_days,
            fuel_t=self.voyages * sum(out.fuel_t + back.fuel_t for out, back in self.usual),
            passages=outs[0].route.passages,
        )  # fmt: skip

    def effect(self, closure: ClosureSet, shut: frozenset[str]) -> Effect:
        """What a closure does to the flow."""
        n = len(self.pairs)
        touched = [bool(shut & set(out.route.passages)) for out, _ in self.usual]
        after = [self._both(pair, shut) for pair in self.pairs]
        lost = [out.route.status != "ok" or back.route.status != "ok" for out, back in after]
        both = [(u, a) for u, a, gone in zip(self.usual, after, lost, strict=True) if not gone]
        moved = [
            (u[0], a[0])
            for u, a, t, gone in zip(self.usual, after, touched, lost, strict=True)
            if t and not gone
        ]  # fmt: skip
        days = sum(a.days - u.days for usual, now in both for u, a in zip(usual, now, strict=True))
        fuel_t = sum(a.fuel_t - u.fuel_t for usual, now in both for u, a in zip(usual, now, strict=True))
        costs = [
            a.cost_usd - u.cost_usd
            for usual, now in both
            for u, a in zip(usual, now, strict=True)
            if a.cost_usd is not None and u.cost_usd is not None
        ]
        # What both routes leave out alike does not move the difference.
        gaps = (n for usual, now in both for u, a in zip(usual, now, strict=True) for n in _differ(u, a))
        return Effect(
            self.flow, closure,
            touched_share=sum(t or gone for t, gone in zip(touched, lost, strict=True)) / n,
            unreachable_share=sum(lost) / n,
            extra_nm=sum(a.route.distance_nm - u.route.distance_nm for u, a in moved) / len(moved) if moved else None,
            extra_days=sum(a.days - u.days for u, a in moved) / len(moved) if moved else None,
            extra_ships=self.voyages * days / self.sea.sailing_days,
            extra_fuel_t=self.voyages * fuel_t,
            extra_cost_usd=self.voyages * sum(costs) if self.sea.cost else None,
            passages=moved[0][1].route.passages if moved else (),
            reason=next((a.route.reason for legs in after for a in legs if a.route.status != "ok"), ""),
            cost_missing=tuple(dict.fromkeys(gaps)),
        )  # fmt: skip
