"""Exposure: what closing passages does to trade flows, in miles, days, ships, fuel and, where asked, money.

A flow sails from its origins to its destinations, each pair with an equal part of the volume, by the shortest of its
routes, and back: tankers and bulk carriers empty, with less draft, the others as deep as they came. Nothing here knows
of stocks, pipelines that are not rows of the table, other suppliers or prices: it is the first day's geography.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sim.errors import UsageError, did_you_mean
from sim.result import Result
from sim.ship.vessel import Ship, VesselTable
from sim.study.pool import Progress
from sim.study.straits.sea.carriage import (
    BALLAST_DRAFT,
    OTHER_PORT_DAYS,
    PORT_DAYS,
    SAILING_DAYS,
    cargo_of,
    drafts_m,
    port_pairs,
    ship_of,
)
from sim.study.straits.sea.ways import Cost, LeftOut, Leg, Ways, differ
from sim.study.trade import ClosureSet, Flow, read_closures, read_flows
from sim.values import Valued

if TYPE_CHECKING:
    from sim.geo.network import SeaNetwork


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
    `shared_ships` are the ships more that a backhaul flow fills: they are counted with the flow of the other direction.
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
    shared_ships: float = 0.0


@dataclass(frozen=True)
class Loss:
    """What a closure does to a commodity: volumes a year, the mean extra path of what is rerouted, ships, fuel.

    `cost_missing` and `shared_ships` as of an `Effect`, of all flows.
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
    shared_ships: float = 0.0

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
        shared_ships=sum(e.shared_ships for e in mine),
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
    progress: Progress | None = None,
) -> Exposure:
    """What each closure does to each flow; the shipped tables where none are given. Ice-free.

    `cost` gives the USD of one voyage, one way, from its route, ship, days and fuel t; `left_out` names the dues of a
    route that are not in it. `sea_margin` multiplies the calm-water power. `progress` is told how many flows are done,
    and of how many. Raises UsageError, PlaceError, PassageError
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
    ways = Ways(net, cost, left_out, sea_margin)
    shut = {c.id: net.passages.expand(c.passages) for c in sets}
    trades, effects = [], []
    for done, flow in enumerate(those, start=1):
        if flow.by_sea:
            ship = ship_of(flow, table)
            case = _Case(ways, flow, ship, cargo_of(flow, ship), sailing_days)
            trades.append(case.trade())
            effects += [case.effect(c, shut[c.id]) for c in sets]
        if progress is not None:
            progress(done, len(those))
    return Exposure(those, tuple(trades), sets, tuple(effects), sailing_days, sea_margin)


class _Case:
    """A flow with its ship: every pair of ports, out and back."""

    def __init__(self, ways: Ways, flow: Flow, ship: Ship, cargo: float, sailing_days: float) -> None:
        self.ways, self.flow, self.ship, self.cargo, self.sailing_days = ways, flow, ship, cargo, sailing_days
        self.pairs = port_pairs(flow)
        self.draft_m, self.back_draft_m = drafts_m(flow, ship)
        filled = flow.volume / cargo / len(self.pairs)  # voyages a year, of each pair
        self.voyages, self.shared = (0.0, filled) if flow.backhaul else (filled, 0.0)
        self.usual = [self._both(pair, frozenset()) for pair in self.pairs]
        for (out, _), (a, b) in zip(self.usual, self.pairs, strict=True):
            if not out.ok:
                why = self._why((a, b), frozenset(), self.draft_m)
                raise UsageError(f"flow '{flow.id}': no route from {a} to {b} although all is open: {why}")

    def _both(self, pair: tuple[str, str], shut: frozenset[str]) -> tuple[Leg, Leg]:
        out = self.ways.leg(self.flow, pair, self.ship, self.draft_m, shut)
        back = self.ways.leg(self.flow, (pair[1], pair[0]), self.ship, self.back_draft_m, shut)
        return out, back

    def _why(self, ends: tuple[str, str], shut: frozenset[str], draft_m: float | None) -> str:
        return self.ways.reason(self.flow, ends, self.ship, draft_m, shut)

    def _first_reason(self, after: Sequence[tuple[Leg, Leg]], shut: frozenset[str]) -> str:
        """Why the first pair of ports without a way has none."""
        for (a, b), (out, back) in zip(self.pairs, after, strict=True):
            if not out.ok:
                return self._why((a, b), shut, self.draft_m)
            if not back.ok:
                return self._why((b, a), shut, self.back_draft_m)
        return ""

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
            ships=self.voyages * at_work / self.sailing_days,
            fuel_t=self.voyages * sum(out.fuel_t + back.fuel_t for out, back in self.usual),
            passages=outs[0].route.passages,
        )  # fmt: skip

    def effect(self, closure: ClosureSet, shut: frozenset[str]) -> Effect:
        """What a closure does to the flow."""
        n = len(self.pairs)
        touched = [bool(shut & set(out.route.passages)) for out, _ in self.usual]
        after = [self._both(pair, shut) for pair in self.pairs]
        lost = [not (out.ok and back.ok) for out, back in after]
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
        gaps = (n for usual, now in both for u, a in zip(usual, now, strict=True) for n in differ(u, a))
        return Effect(
            self.flow, closure,
            touched_share=sum(t or gone for t, gone in zip(touched, lost, strict=True)) / n,
            unreachable_share=sum(lost) / n,
            extra_nm=sum(a.route.distance_nm - u.route.distance_nm for u, a in moved) / len(moved) if moved else None,
            extra_days=sum(a.days - u.days for u, a in moved) / len(moved) if moved else None,
            extra_ships=self.voyages * days / self.sailing_days,
            extra_fuel_t=self.voyages * fuel_t,
            extra_cost_usd=self.voyages * sum(costs) if self.ways.cost else None,
            passages=moved[0][1].route.passages if moved else (),
            reason=self._first_reason(after, shut),
            cost_missing=tuple(dict.fromkeys(gaps)),
            shared_ships=self.shared * days / self.sailing_days,
        )  # fmt: skip


__all__ = [
    "BALLAST_DRAFT", "PORT_DAYS", "SAILING_DAYS", "Cost", "Effect", "Exposure", "LeftOut", "Loss", "Trade", "cargo_of",
    "exposure",
]  # fmt: skip
