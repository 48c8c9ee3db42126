"""What a voyage is, once it is sailed: legs in time, and their sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import exp
from typing import TYPE_CHECKING, Any, Literal

from sim.geo.geodesy import Floats
from sim.result import reason_text
from sim.voyage.shelf import Shoal

if TYPE_CHECKING:
    from sim.ice.admission import Ruling

NAN = float("nan")
SUMS = (
    "days", "sailing_days", "wait_days", "canal_days", "ice_nm", "ice_delay_days", "escort_nm", "escort_wait_days",
    "sailed_nm", "nsr_nm", "nsr_sailed_nm", "nsr_days", "low_confidence_nm",
)  # fmt: skip
LEVELS = ("normal", "elevated", "special")  # POLARIS: normal, elevated risk, special consideration


class Cause(StrEnum):
    """What ends a voyage before its port."""

    NO_ICE_DATA = "no ice data"
    NOT_ADMITTED = "not admitted"
    TOO_MUCH_RISK = "too much risk"
    BESET = "stopped by ice"
    PASSAGE_CLOSED = "passage closed"
    TOO_SHALLOW = "too shallow"


class ClosedBy(StrEnum):
    """What shuts a way: the ice (its risk, or more than the hull can do), the rules of admission, or both."""

    ICE = "ice"
    RULE = "rule"
    BOTH = "both"


class Choice(StrEnum):
    """What a ship does about a closure that it meets."""

    WAITS = "waits"
    DIVERTS = "diverts"
    WAITS_THEN_DIVERTS = "waits, then diverts"
    STUCK = "stuck"


@dataclass(frozen=True)
class SpeedPlan:
    """How fast a ship goes. `waters_kn` holds in named waters, `waits_h` at passages that the route crosses."""

    speed_kn: float
    waters_kn: Mapping[str, float]
    waits_h: Mapping[str, float]
    canal_limits: bool = True


@dataclass(frozen=True)
class VoyageLeg:
    """A part of the path on which nothing of note changes.

    `lonlat` (n, 2) degrees; `start`, `end` with the wait at its end; `hours` under way; `water` the sea ("" in the open
    ocean); `tag` "", "approach" or the canal's id; `passages` crossed at its end; means by miles of concentration and
    floe thickness (m); the lowest RIO (None without ice); the highest POLARIS level; `rule` the ruling of the
    admission rules where the RIO is lowest, None where none is applied; `fuel_t` None where not known. `sailed_nm` are
    the miles that the ship makes, `distance_nm` those of the shortest open way.
    """

    start: datetime
    end: datetime
    lonlat: Floats
    distance_nm: float
    sailed_nm: float
    hours: float
    wait_h: float
    water: str
    tag: str
    passages: tuple[str, ...]
    concentration: float
    thickness_m: float
    rio: float | None
    level: str
    escorted: bool
    low_confidence: bool
    rule: Ruling | None
    fuel_t: float | None

    @property
    def speed_kn(self) -> float:
        return self.sailed_nm / self.hours if self.hours > 0 else 0.0


@dataclass(frozen=True)
class Besetting:
    """What being beset does to a voyage: `events` expected, and mean and standard deviation of the days lost."""

    events: float
    days: float
    sd_days: float

    @property
    def probability(self) -> float:
        """That it happens at least once."""
        return 1.0 - exp(-self.events)


@dataclass(frozen=True)
class Creep:
    """Where a ship begins to creep through ice that nearly stops it: moment, sea id and lon, lat; and for how many days
    and miles sailed it creeps on the whole voyage."""

    begin: datetime
    sea: str
    lon: float
    lat: float
    days: float
    nm: float


@dataclass(frozen=True)
class Block:
    """Where, when and why a voyage ends before its port.

    `sea` is the id of the named sea, "" in the open ocean. Of the ice that ends it: concentration 0 to 1, floe
    thickness in m and RIO (None where not known), the ship's class, the highest POLARIS level that is accepted, the
    ruling on admission (None where no rule is applied), and `creep` where the ship made way until then, but hardly.
    `closed_by` tells ice from rules: RULE where the ship would get through if no rule were applied, ICE where no rule
    bars any of the way shown; None for other causes. Of a closure: the `passage`, and from when it is closed. Of
    shallow water: the `shoal`.
    """

    cause: Cause
    sea: str
    lon: float
    lat: float
    moment: datetime
    concentration: float | None = None
    thickness_m: float | None = None
    rio: float | None = None
    ice_class: str = ""
    max_risk: str = ""
    ruling: Ruling | None = None
    passage: str = ""
    closed_from: datetime | None = None
    shoal: Shoal | None = None
    creep: Creep | None = None
    closed_by: ClosedBy | None = None

    @property
    def status(self) -> Literal["closed", "beset"]:
        """Beset by ice, or closed: by rules, risk, depth, missing data or a passage."""
        return "beset" if self.cause == Cause.BESET else "closed"

    @property
    def reason(self) -> str:
        """All of it in a sentence."""
        return reason_text(self)


@dataclass(frozen=True)
class Option:
    """What the voyage is worth by a route; not `complete` where a charge that must be paid has no figure."""

    route_name: str
    worth: float
    complete: bool = True


@dataclass(frozen=True)
class Event:
    """A closure that a ship met, from `begin` to `end` (None: for good).

    At which passage, when and where (lon, lat) the ship decided, what it chose, the hours that it waited, and what each
    choice was worth in `worth_unit`, days or usd (None where there was no such choice). `route_name` is the route it
    took, "" where it did not turn; `options` are all routes that were weighed. `waiting_complete` says whether every
    charge of waiting has a figure.
    """

    passage: str
    begin: datetime
    end: datetime | None
    reason: str
    moment: datetime
    lonlat: tuple[float, float]
    choice: Choice
    wait_h: float
    worth_waiting: float | None
    worth_diverting: float | None
    worth_unit: str = "days"
    route_name: str = ""
    options: tuple[Option, ...] = ()
    waiting_complete: bool = True

    @property
    def diverting_complete(self) -> bool:
        """Whether every charge of the best other route has a figure."""
        return all(o.complete for o in self.options if o.worth == self.worth_diverting)


@dataclass(frozen=True)
class Voyage:
    """A sailed voyage.

    `water_nm` are the miles in each named water that has a speed of its own; `sea_days` the time in each sea; `ice_nm`
    the miles in ice and `ice_delay_days` what it costs in time; `risk_days` the time at each level in ice; `nsr_nm` and
    `nsr_days` the part within the Northern Sea Route's water area. `sailed_nm` and `nsr_sailed_nm` are the miles that
    the ship makes: in ice and on NSR water more than the way is long. `blocked` is what ends the voyage before its
    port: then all sums are NaN, what may be None is None, and the legs end at the last piece that could be sailed.
    `kept_off` is the first shoal on the shortest way, where the voyage takes another for it. `besetting` is None where
    it is not counted; `creep` where the ship creeps for days; `port_wait_days` is the part of `wait_days` that it waits
    in port for the ice to open.
    """

    days: float
    sailing_days: float
    wait_days: float
    canal_days: float
    water_nm: Mapping[str, float]
    depart: datetime
    arrive: datetime | None
    legs: Sequence[VoyageLeg] = ()
    fuel_t: float | None = None
    ice_nm: float = 0.0
    ice_delay_days: float = 0.0
    escort_nm: float = 0.0
    escort_wait_days: float = 0.0
    sailed_nm: float = 0.0
    nsr_nm: float = 0.0
    nsr_sailed_nm: float = 0.0
    nsr_days: float = 0.0
    sea_days: Mapping[str, float] = field(default_factory=dict)
    risk_days: Mapping[str, float] = field(default_factory=dict)
    lowest_rio: float | None = None
    low_confidence_nm: float = 0.0
    blocked: Block | None = None
    events: tuple[Event, ...] = ()
    kept_off: Shoal | None = None
    besetting: Besetting | None = None
    creep: Creep | None = None
    port_wait_days: float = 0.0


def ended(voyage: Voyage, block: Block, legs: Sequence[VoyageLeg]) -> Voyage:
    """A voyage that ends at a block, after some legs: a ship that does not arrive has no days, miles or fuel."""
    unmade: dict[str, Any] = dict.fromkeys(SUMS, NAN)
    unmade |= {name: dict.fromkeys(getattr(voyage, name), NAN) for name in ("water_nm", "sea_days", "risk_days")}
    unmade |= dict.fromkeys(("arrive", "fuel_t", "lowest_rio"))
    return replace(voyage, **unmade, legs=legs, blocked=block)


def after_waiting(voyage: Voyage, days: float) -> Voyage:
    """A voyage that was made ready some days before it could leave: it counts the days that it waited in port."""
    return replace(
        voyage,
        depart=voyage.depart - timedelta(days=days),
        days=voyage.days + days,
        wait_days=voyage.wait_days + days,
        port_wait_days=voyage.port_wait_days + days,
    )
