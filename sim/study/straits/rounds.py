"""What closed passages do to the round voyages of trade flows: ship-days, fuel, money, and what is cut off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from sim.errors import UsageError
from sim.geo.geodesy import Floats
from sim.ship.vessel import Ship, VesselTable
from sim.study.straits.sea.carriage import cargo_of, carriers, drafts_m, port_pairs, ship_of
from sim.study.straits.sea.ways import OPEN, Closed, Leg, Ways, differ
from sim.study.trade import Flow


@dataclass(frozen=True)
class Harm:
    """What a closure for a whole year does, summed over flows.

    `ship_days`, `fuel_t` and `cost_usd` are what the carriage of all that still can be carried needs more, with the way
    back. `touched_*` is the volume whose usual laden route crosses what is closed, or that has no way; `cut_*` what has
    none: tonnes, TEU, and USD where the goods have a value.
    """

    ship_days: float = 0.0
    fuel_t: float = 0.0
    cost_usd: float = 0.0
    touched_t: float = 0.0
    cut_t: float = 0.0
    touched_teu: float = 0.0
    cut_teu: float = 0.0
    touched_usd: float = 0.0
    cut_usd: float = 0.0

    @classmethod
    def of(cls, values: Floats) -> Harm:
        """Of a row (9,) of values in the order of the fields; rounding leftovers are nothing."""
        return cls(*(0.0 if abs(v) < 1e-6 else float(v) for v in values))


COLUMNS: Final = tuple(f.name for f in fields(Harm))
AT: Final = {name: k for k, name in enumerate(COLUMNS)}
NOTHING: Final = np.zeros(len(COLUMNS))


class Round:
    """A pair of ports of a flow with its ship, out and back."""

    def __init__(
        self, ways: Ways, flow: Flow, ship: Ship, ends: tuple[str, str], share: float, voyages: float, usd: float
    ) -> None:
        self.ways, self.flow, self.ship, self.ends = ways, flow, ship, ends
        self.volume, self.voyages = flow.volume * share, voyages * share
        self.usd, self.cargo = usd, cargo_of(flow, ship)
        self.drafts_m = drafts_m(flow, ship)
        self._harm: dict[Closed, Floats] = {}
        out, back = self.legs(OPEN)
        for leg, (a, b), draft_m in ((out, ends, self.drafts_m[0]), (back, ends[::-1], self.drafts_m[1])):
            if not leg.ok:
                why = ways.reason(flow, (a, b), ship, draft_m, OPEN)
                raise UsageError(f"flow '{flow.id}': no route from {a} to {b} although all is open: {why}")

    def legs(self, shut: Closed) -> tuple[Leg, Leg]:
        """The ways out and back that keep clear of what is shut."""
        out = self.ways.leg(self.flow, self.ends, self.ship, self.drafts_m[0], shut)
        return out, self.ways.leg(self.flow, (self.ends[1], self.ends[0]), self.ship, self.drafts_m[1], shut)

    def crossed(self, shut: Closed) -> Closed:
        """Passages of the ways out and back."""
        out, back = self.legs(shut)
        return frozenset((*out.route.passages, *back.route.passages))

    def gaps(self, shut: Closed) -> tuple[str, ...]:
        """Dues that the extra cost leaves out."""
        now = self.legs(shut)
        if not (self.voyages and now[0].ok and now[1].ok):
            return ()
        return tuple(n for u, a in zip(self.legs(OPEN), now, strict=True) for n in differ(u, a))

    def harm(self, shut: Closed) -> Floats:
        """What a closure does, (9,) in the order of the fields of `Harm`."""
        if not shut & self.crossed(OPEN):
            return NOTHING
        if shut not in self._harm:
            self._harm[shut] = self._harmed(shut)
        return self._harm[shut]

    def _harmed(self, shut: Closed) -> Floats:
        usual, now = self.legs(OPEN), self.legs(shut)
        lost = not (now[0].ok and now[1].ok)
        touched = lost or bool(shut & set(usual[0].route.passages))
        volume, value = self.volume, self.volume * self.usd
        out = NOTHING.copy()
        if not lost:
            pairs = list(zip(usual, now, strict=True))
            out[AT["ship_days"]] = self.voyages * sum(a.days - u.days for u, a in pairs)
            out[AT["fuel_t"]] = self.voyages * sum(a.fuel_t - u.fuel_t for u, a in pairs)
            out[AT["cost_usd"]] = self.voyages * sum((a.cost_usd or 0.0) - (u.cost_usd or 0.0) for u, a in pairs)
        unit = "teu" if self.flow.unit == "TEU" else "t"
        for word, yes in (("touched", touched), ("cut", lost)):
            out[AT[f"{word}_{unit}"]] = volume * yes
            out[AT[f"{word}_usd"]] = value * yes
        return out


def rounds_of(
    ways: Ways, flows: Sequence[Flow], table: VesselTable, values_usd: Mapping[tuple[str, str], float]
) -> tuple[Round, ...]:
    """The round voyages of all flows by sea. A backhaul flow rides in the ships of the other direction: where those
    flows are here too, its ships are counted with them; else it has as many as its cargo fills.

    `values_usd` is the worth of a unit of cargo by commodity and unit.
    """
    out = []
    for flow in flows:
        if not flow.by_sea:
            continue
        ship = ship_of(flow, table)
        voyages = 0.0 if carriers(flow, flows) else flow.volume / cargo_of(flow, ship)
        pairs = port_pairs(flow)
        usd = values_usd.get((flow.commodity, flow.unit), 0.0)
        out += [Round(ways, flow, ship, ends, 1 / len(pairs), voyages, usd) for ends in pairs]
    return tuple(out)


def harm_of(rounds: Iterable[Round], shut: Closed) -> Floats:
    """What a closure does to several round voyages, (9,)."""
    return np.asarray(sum((r.harm(shut) for r in rounds), start=NOTHING))


def singles_and_pairs(rounds: Iterable[Round], ids: Sequence[str]) -> Floats:
    """What every passage (on the diagonal) and every pair does, (n, n, 9).

    A pair differs from its first passage only where the way round that crosses the second.
    """
    number = {p: k for k, p in enumerate(ids)}
    out = np.zeros((len(ids), len(ids), len(COLUMNS)))
    for one in rounds:
        usual = sorted(one.crossed(OPEN), key=number.__getitem__)
        mine = np.zeros_like(out)
        for p in usual:
            mine[number[p], :] = mine[:, number[p]] = one.harm(frozenset({p}))
        for p in usual:
            k = number[p]
            mine[k, k] = one.harm(frozenset({p}))
            for q in usual:
                if q != p:
                    mine[k, number[q]] = mine[number[q], k] = one.harm(frozenset({p, q}))
            for q in one.crossed(frozenset({p})) - set(usual):
                mine[k, number[q]] = mine[number[q], k] = one.harm(frozenset({p, q}))
        out += mine
    return out
