"""Chokepoints: which passages, alone and together, matter most to trade flows, and which sets cut them off.

Singles and pairs are computed for all passages. Larger sets by ship-days or cost are searched: each of the `BEAM`
worst sets of one passage fewer is tried with every passage that its ways then cross, so that what is found is a lower
bound of the worst. By what is cut off the sets are exact.
A closure is for a whole year; ways are the shortest in miles, ice-free, so that a closure can also save money.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np

from sim.errors import UsageError, did_you_mean
from sim.geo.geodesy import Floats
from sim.result import Result
from sim.ship.vessel import VesselTable
from sim.study.straits.cuts import Cut, Cuts
from sim.study.straits.goods import CargoValue
from sim.study.straits.leaving import ways_left
from sim.study.straits.rounds import AT, Harm, Round, harm_of, singles_and_pairs
from sim.study.straits.sea.carriage import SAILING_DAYS
from sim.study.straits.sea.ways import OPEN, Cost, LeftOut
from sim.study.straits.selection import select
from sim.study.trade import Flow
from sim.values import Valued

if TYPE_CHECKING:
    from sim.geo.network import SeaNetwork

Rank = Literal["cost", "ship_days", "cut_off"]
RANKS: Final[tuple[str, ...]] = get_args(Rank)
LARGEST: Final = 5  # passages of a set
MOST_TOP: Final = 1000
BEAM: Final = 4
TRIES: Final = 3  # sets looked at for each that is shown
TELLING: Final = 1e-6  # share of a value by which a passage must make a set worse to count


@dataclass(frozen=True)
class ClosedSet:
    """Passages closed together for a year, and what that does. `cost_missing` are dues that the cost leaves out."""

    passages: tuple[str, ...]
    harm: Harm
    cost_missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class FlowCuts:
    """Which part of a flow has no way with all passages closed, and a smallest set that leaves that part none; empty
    where the open sea leads round all passages."""

    flow: Flow
    cuttable_share: float
    smallest: tuple[str, ...]


@dataclass(frozen=True)
class ImporterCuts:
    """What can be cut off of the flows of an importer, or of all, by passages alone.

    `smallest` is a smallest set that leaves no way to anything that passages can cut off; `cuttable` and `supply` are
    by sea, t, TEU and USD a year in the `cut_*` fields.
    """

    smallest: tuple[str, ...]
    cuttable: Harm
    supply: Harm
    flows: tuple[FlowCuts, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Chokepoints(Valued, Result):
    """The ranking. `flows` are all that were asked for, also those that do not sail; `volume` is theirs, t, TEU and USD
    a year in the `cut_*` fields. `sets` holds for each number of passages the worst, worst first; with one passage all
    that change anything. `no_value` are goods without a value in USD."""

    flows: tuple[Flow, ...]
    importer: str | None
    goods: str | None
    rank: Rank
    volume: Harm
    sets: dict[int, tuple[ClosedSet, ...]]
    cuts: ImporterCuts
    no_value: tuple[str, ...]
    searches: int
    sailing_days: float = SAILING_DAYS

    def single(self, passage: str) -> ClosedSet:
        """What closing one passage does; nothing where no way crosses it."""
        return next((s for s in self.sets[1] if s.passages == (passage,)), ClosedSet((passage,), Harm()))


def chokepoints(
    net: SeaNetwork,
    flows: Iterable[Flow] | None = None,
    *,
    importer: str | None = None,
    goods: str | None = None,
    rank: str = "cost",
    largest: int = 3,
    top: int = 10,
    vessels: VesselTable | None = None,
    cost: Cost | None = None,
    left_out: LeftOut | None = None,
    values: Iterable[CargoValue] | None = None,
    sailing_days: float = SAILING_DAYS,
) -> Chokepoints:
    """The passages whose closing hurts most, alone and in sets of up to `largest`, and the smallest cuts.

    Flows and values are the shipped ones where none are given; `cost` and `left_out` as in `exposure`. Raises
    UsageError, PlaceError, PassageError, DataError for what a flow names wrongly.
    """
    measure = _checked(rank, largest, top, cost is not None)
    chosen = select(
        net, flows, importer=importer, goods=goods, vessels=vessels, cost=cost, left_out=left_out, values=values
    )
    rounds = chosen.rounds
    study = _Search(rounds, net.passages.ids, measure, top)
    cuts = Cuts([ways_left(net, one) for one in rounds], net.passages.ids)
    sets = study.singles_and_pairs(largest)
    if measure == "cut_off":
        sets |= study.heaviest(cuts, largest)
    else:
        sets |= study.searched(largest)
    return Chokepoints(
        chosen.flows, chosen.importer, chosen.goods, measure, chosen.volume, dict(sorted(sets.items())),
        _cut_off(rounds, cuts), chosen.no_value, chosen.ways.searches, sailing_days,
    )  # fmt: skip


def _checked(rank: str, largest: int, top: int, money: bool) -> Rank:
    for word in get_args(Rank):
        if rank.replace("-", "_") == word:
            measure: Rank = word
            break
    else:
        raise UsageError(f"rank is '{rank}'{did_you_mean(rank, RANKS)}, allowed: {', '.join(RANKS)}")
    if not 1 <= largest <= LARGEST:
        raise UsageError(f"the largest set is of {largest} passages, allowed is 1 to {LARGEST}")
    if not 1 <= top <= MOST_TOP:
        raise UsageError(f"top is {top}, allowed is 1 to {MOST_TOP}")
    if measure == "cost" and not money:
        raise UsageError("rank is 'cost', and no cost is computed; allowed without it: ship_days, cut_off")
    return measure


class _Search:
    """Sets of passages and what closing them does."""

    def __init__(self, rounds: Sequence[Round], ids: Sequence[str], rank: Rank, top: int) -> None:
        self.rounds, self.ids, self.rank, self.top = rounds, ids, rank, top
        self._number = {p: k for k, p in enumerate(ids)}
        self._worse: dict[Cut, float] = {}

    def value(self, harm: Floats) -> float:
        """What is ranked by; by what is cut off, USD first, and tonnes and TEU where goods have no value."""
        if self.rank == "cut_off":
            return float(harm[AT["cut_usd"]] + 1e-3 * (harm[AT["cut_t"]] + harm[AT["cut_teu"]]))
        return float(harm[AT["cost_usd" if self.rank == "cost" else "ship_days"]])

    def of(self, closed: Cut) -> float:
        """The value of a set."""
        if closed not in self._worse:
            self._worse[closed] = self.value(harm_of(self.rounds, closed))
        return self._worse[closed]

    def counts(self, closed: Cut) -> bool:
        """Whether every passage of a set makes it worse than the set without it."""
        least = TELLING * abs(self.of(closed)) + TELLING
        return self.of(closed) > 0 and all(self.of(closed) - self.of(closed - {p}) > least for p in closed)

    def told(self, closed: Cut) -> ClosedSet:
        names = tuple(sorted(closed, key=self._number.__getitem__))
        gaps = dict.fromkeys(n for one in self.rounds for n in one.gaps(closed))
        return ClosedSet(names, Harm.of(harm_of(self.rounds, closed)), tuple(gaps))

    def singles_and_pairs(self, largest: int) -> dict[int, tuple[ClosedSet, ...]]:
        """All passages that change anything, and the worst pairs in which both count."""
        all_of = singles_and_pairs(self.rounds, self.ids)
        self._worse[OPEN] = 0.0
        number = range(len(self.ids))
        for k in number:
            for m in range(k, len(self.ids)):
                self._worse[frozenset({self.ids[k], self.ids[m]})] = self.value(all_of[k, m])
        singles = [frozenset({self.ids[k]}) for k in number if np.any(np.abs(all_of[k, k]) > TELLING)]
        out = {1: tuple(map(self.told, self._ordered(singles)))}
        if largest > 1:
            pairs = [c for c in self._worse if len(c) == 2 and self.counts(c)]
            out[2] = tuple(map(self.told, self._ordered(pairs)[: self.top]))
        return out

    def _ordered(self, sets: Iterable[Cut]) -> list[Cut]:
        return sorted(sets, key=lambda c: (-self.of(c), sorted(c)))

    def searched(self, largest: int) -> dict[int, tuple[ClosedSet, ...]]:
        """The worst sets of three passages and more that the search finds."""
        out: dict[int, tuple[ClosedSet, ...]] = {}
        best = self._ordered(c for c in self._worse if len(c) == 2 and self.counts(c))[:BEAM]
        for size in range(3, largest + 1):
            grown = {c | {p} for c in best for p in self._crossed(c)}
            found = self._ordered(c for c in grown if self.counts(c))
            out[size] = tuple(map(self.told, found[: self.top]))
            best = found[:BEAM]
        return out

    def _crossed(self, closed: Cut) -> Cut:
        """Passages that some way crosses with a set closed: closing others changes nothing."""
        return frozenset().union(*(one.crossed(closed) for one in self.rounds)) - closed

    def heaviest(self, cuts: Cuts, largest: int) -> dict[int, tuple[ClosedSet, ...]]:
        """The sets of two passages and more that cut off most, of each size, exact."""
        worth = [self.value(_supply([one])) for one in self.rounds]
        out = {}
        for size in range(2, largest + 1):
            got: list[Cut] = []
            seen: list[Cut] = []
            while len(got) < self.top and len(seen) < TRIES * self.top:
                closed, weight = cuts.heaviest(worth, size, seen)
                if not closed or weight <= 0:
                    break
                seen.append(closed)
                got += [closed] if len(closed) == size and self.counts(closed) else []
            out[size] = tuple(map(self.told, got))
        return out


def _supply(rounds: Iterable[Round]) -> Floats:
    """The volume of some round voyages, as if all of it were cut off."""
    out = np.zeros(len(AT))
    for one in rounds:
        unit = "teu" if one.flow.unit == "TEU" else "t"
        out[AT[f"cut_{unit}"]] += one.volume
        out[AT["cut_usd"]] += one.volume * one.usd
    return out


def _cut_off(rounds: Sequence[Round], cuts: Cuts) -> ImporterCuts:
    """What can be cut off at all, and by which smallest sets."""
    told: list[FlowCuts] = []
    for flow in dict.fromkeys(one.flow for one in rounds):
        mine = [k for k, one in enumerate(rounds) if one.flow == flow]
        can = [k for k in mine if k in cuts.can]
        told.append(FlowCuts(flow, len(can) / len(mine), _sorted(cuts.smallest(can)) if can else ()))
    smallest = _sorted(cuts.smallest(cuts.can)) if cuts.can else ()
    cuttable = Harm.of(_supply(rounds[k] for k in cuts.can))
    return ImporterCuts(smallest, cuttable, Harm.of(_supply(rounds)), tuple(told))


def _sorted(cut: Cut | None) -> tuple[str, ...]:
    return tuple(sorted(cut or ()))


__all__ = ["RANKS", "Chokepoints", "ClosedSet", "FlowCuts", "ImporterCuts", "Rank", "chokepoints"]
