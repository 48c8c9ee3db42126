"""What a year of risk costs: how often passages close and for how long, times the flows that use them.

Expected trade disrupted = rate a year x mean length in years x share that does not pass x value that uses the passage.
Expected loss = the same part of a year's extra cost of the way round, or of waiting, whichever is less for a pair of
ports; where there is no way round, of waiting. Lengths are taken as exponential, so that cargo that comes during a
closure of mean m days waits m days on average. Reference: J. Verschuur, J. Lumma, J. W. Hall, Systemic impacts of
disruptions at maritime chokepoints, Nat. Commun. 16, 10421 (2025).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import geodata
from sim import tables
from sim.errors import DataError, did_you_mean
from sim.study.straits.rounds import AT, Round
from sim.study.straits.sea.ways import OPEN
from sim.tables import NEEDED, Filled, Grade, Within
from sim.units import DAYS_PER_YEAR

if TYPE_CHECKING:
    from sim.geo.passages import PassageTable

INTEREST: Final = 0.08  # a year, on goods under way: assumed, confidence C
UNVERIFIED: Final = "unverified"  # a row whose source or note says so is a parameter


@dataclass(frozen=True)
class Hazard:
    """How often something closes a passage: `events` in so many `years`, for `mean_days`, to a `share` of the ships."""

    passage: Filled
    hazard: Filled
    events: Annotated[float, Within(0.0, 1e6)]
    years: Annotated[float, Within(0.0, 1e6, above=True)]
    mean_days: Annotated[float, Within(0.0, 36525.0, above=True)]
    share: Annotated[float, Within(0.0, 1.0, above=True)]
    source: Annotated[str, NEEDED]
    confidence: Annotated[Grade, NEEDED]
    note: str = ""

    @property
    def rate_per_year(self) -> float:
        """Events a year."""
        return self.events / self.years

    @property
    def verified(self) -> bool:
        """Whether it has a source, and is not a parameter from memory."""
        return UNVERIFIED not in self.source and UNVERIFIED not in self.note

    @property
    def closed_share(self) -> float:
        """Expected part of a year's traffic that does not pass."""
        return self.rate_per_year * self.mean_days / DAYS_PER_YEAR * self.share


@dataclass(frozen=True)
class PastClosure:
    """A closure of the past: from when, how many days, to which share of the ships, by what."""

    passage: Filled
    begin: Filled
    days: Annotated[float, Within(0.0, 36525.0, above=True)]
    share: Annotated[float, Within(0.0, 1.0, above=True)]
    hazard: Filled
    source: Annotated[str, NEEDED]
    confidence: Annotated[Grade, NEEDED]
    note: str = ""


@dataclass(frozen=True)
class Reference:
    """What a publication gives for the world: chokepoints, trade disrupted and lost, USD a year."""

    source: str
    chokepoints: int
    disrupted_usd: float
    loss_usd: float


VERSCHUUR_2025: Final = Reference("Verschuur et al. 2025, Nat Commun 16:10421", 24, 192e9, 10.7e9)


@dataclass(frozen=True)
class HazardLoss:
    """Expected USD a year of a hazard: trade disrupted, and lost by the way round, waiting and interest."""

    hazard: Hazard
    disrupted_usd: float
    loss_usd: float


@dataclass(frozen=True)
class AnnualRisk:
    """All hazards, the dearest first, and the publication to set the sums beside. Hazards are added up as if no two
    closed the same voyage at once."""

    losses: tuple[HazardLoss, ...]
    reference: Reference = VERSCHUUR_2025

    @property
    def disrupted_usd(self) -> float:
        """Trade disrupted, USD a year."""
        return math.fsum(x.disrupted_usd for x in self.losses)

    @property
    def loss_usd(self) -> float:
        """Lost, USD a year."""
        return math.fsum(x.loss_usd for x in self.losses)

    @property
    def unverified_usd(self) -> float:
        """Part of the trade disrupted that hangs on rows from memory, USD a year."""
        return math.fsum(x.disrupted_usd for x in self.losses if not x.hazard.verified)


def read_hazards(passages: PassageTable, path: Path | None = None) -> tuple[Hazard, ...]:
    """Hazards of a table in the columns of geodata/tables/chokepoint_hazards.csv. Raises DataError with the line."""
    where = Path(path) if path is not None else geodata.table("chokepoint_hazards.csv")
    seen: set[tuple[str, str]] = set()

    def known(row: Hazard) -> Hazard:
        if row.passage not in passages:
            raise DataError(f"unknown passage '{row.passage}'{did_you_mean(row.passage, passages.ids)}")
        if (row.passage, row.hazard) in seen:
            raise DataError(f"hazard '{row.hazard}' of {row.passage} is duplicated")
        seen.add((row.passage, row.hazard))
        return row

    return tables.rows(where, Hazard, then=known)


def read_past_closures() -> tuple[PastClosure, ...]:
    """The closures of geodata/tables/past_closures.csv."""
    return tables.rows(geodata.table("past_closures.csv"), PastClosure)


def annual_risk(rounds: Sequence[Round], hazards: Iterable[Hazard]) -> AnnualRisk:
    """Expected disruption and loss of a year, hazard by hazard, for round voyages whose ways have a cost."""
    losses = []
    for hazard in hazards:
        shut = frozenset({hazard.passage})
        mine = [one for one in rounds if shut & one.crossed(OPEN)]
        value = math.fsum(one.volume * one.usd for one in mine if shut & set(one.legs(OPEN)[0].route.passages))
        lost = math.fsum(min(_turn_usd(one, shut), _wait_usd(one, hazard.mean_days)) for one in mine)
        losses.append(HazardLoss(hazard, hazard.closed_share * value, hazard.closed_share * max(lost, 0.0)))
    return AnnualRisk(tuple(sorted(losses, key=lambda x: (-x.disrupted_usd, x.hazard.passage, x.hazard.hazard))))


def _turn_usd(one: Round, shut: frozenset[str]) -> float:
    """The way round for a whole year, with the interest on the goods; infinite where there is none."""
    usual, now = one.legs(OPEN)[0], one.legs(shut)[0]
    if not all(leg.ok for leg in one.legs(shut)):
        return math.inf
    interest = one.volume * one.usd * INTEREST * (now.days - usual.days) / DAYS_PER_YEAR
    return float(one.harm(shut)[AT["cost_usd"]]) + interest


def _wait_usd(one: Round, mean_days: float) -> float:
    """Waiting, if all of a year's cargo had to: hire of the ships and interest on the goods for `mean_days` each."""
    hire = float(one.ship.economics.get("charter_usd_day_base") or 0.0)
    return mean_days * (one.voyages * hire + one.volume * one.usd * INTEREST / DAYS_PER_YEAR)
