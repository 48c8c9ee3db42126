"""The claims register: what the two documents say, and what computing says about it.

The file `claims.yaml` holds no verdict. Every verdict follows from one of these rules:

1. `holds`: the sentence is true as written, within its tolerance.
2. `holds_if`: it is true for its own subject, alternative and unit, under a value that the sentence leaves open
   (speed, season, year, source of a count); `condition` gives that value, computed.
3. `does_not_hold`: anything else; `condition` says what would make it right (other ports, alternative or unit).
4. `not_checkable`: there is no independent figure to hold against it; `computed` is then only arithmetic on the
   sentence's own numbers, and only arithmetic that contradicts itself is refuted.

A sentence that attributes ("according to", "the plan is") is judged as attributed: did the source say so, was it the
plan? What other sources say, or what came of the plan, is told beside the verdict (`ClaimOutcome`), no part of it.
A figure from memory (confidence C) never decides alone: what rests on such figures is `not_checkable`.

A claim of days saved may name the ice that it is sailed in (`in_ice`). Then its verdict without ice stands only as far
as ice lets it: `holds` needs every departure of the case to save at least the claimed figure less the tolerance,
`holds_if` some of them, and none is `does_not_hold`.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

import geodata
from sim import tables
from sim.errors import DataError, UsageError, did_you_mean
from sim.geo.geodesy import Floats
from sim.geo.route import Route
from sim.ice.classes import ice_class
from sim.result import Result
from sim.tables import Filled, Grade
from sim.values import Valued
from sim.voyage.policy import Escort

Verdict = Literal["holds", "holds_if", "does_not_hold", "not_checkable"]
OutcomeStatus = Literal["met", "late", "missed", "agree", "differ", "mixed"]
Place = str | tuple[float, float]

ROUNDING_SLACK = 1e-9  # relative: a figure exactly at its tolerance counts as within


class SeaRoutes(Protocol):
    """What the claims ask of a sea network; `sim.SeaNetwork` has it. Places are port names or (lon, lat) degrees."""

    def route(
        self, origin: Place, destination: Place, *, via: str = "usual", closed: frozenset[str] = frozenset()
    ) -> Route:
        """Shortest route between two places."""
        ...

    def distances(self, origins: list[Place], destinations: list[Place], *, via: str = "usual") -> Floats:
        """Lengths (n, m) nm of the shortest routes; inf where there is none."""
        ...


class Tolerance(BaseModel):
    """How near counts as holding: percent of the claimed figure or an absolute amount in its unit, with the reason."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    percent: float | None = Field(default=None, ge=0)
    absolute: float | None = Field(default=None, ge=0)
    reason: str = Field(min_length=1)

    @model_validator(mode="after")
    def _one_kind(self) -> Tolerance:
        if (self.percent is None) == (self.absolute is None):
            raise ValueError("give exactly one of percent and absolute")
        return self

    def allowed(self, claimed: float) -> float:
        """Largest deviation from a claimed figure that still holds, in its unit."""
        if self.absolute is not None:
            return self.absolute
        return abs(claimed) * (self.percent or 0.0) / 100.0


class IceShip(BaseModel):
    """An ice class, and whether an icebreaker leads the ship."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ice_class: str = Field(min_length=1)
    escort: Escort

    @field_validator("ice_class")
    @classmethod
    def _one_spelling(cls, name: str) -> str:
        try:
            return ice_class(name).name
        except UsageError as error:
            raise ValueError(str(error)) from error


class IceShipOfDecade(IceShip):
    """The ship of the case, in the decade of the case."""

    decade: str = Field(min_length=1)


class InIce(BaseModel):
    """The ice in which a claim of days saved is sailed: the case that decides, and the table of ships and decades.

    `speed_kn` is that of open water on both routes; `day` is the day of the month of the monthly departures.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    vessel: str = Field(min_length=1)
    speed_kn: float = Field(gt=0)
    day: int = Field(ge=1, le=28)
    pathway: str = Field(min_length=1)
    case: IceShipOfDecade
    ships: tuple[IceShip, ...] = Field(min_length=1)
    decades: tuple[str, ...] = Field(min_length=1)
    sources: dict[str, str]

    @model_validator(mode="after")
    def _sourced(self) -> InIce:
        missing = sorted(set(type(self).model_fields) - {"sources"} - set(self.sources))
        if missing:
            raise ValueError(f"no source for {', '.join(missing)}")
        return self


ALL_MONTHS = tuple(range(1, 13))
ROUTES = ("origin", "destination", "longer", "shorter")  # what `in_ice` needs of a claim's parameters


class Claim(BaseModel):
    """One quantitative sentence of a document and how it is computed."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    document: str = Field(min_length=1)
    quote: str = Field(min_length=1)
    claimed: int | float | str
    unit: str
    method: str
    parameters: dict[str, Any] = Field(default_factory=dict, alias="with")
    sources: dict[str, str] = Field(default_factory=dict)
    tolerance: Tolerance
    note: str = ""
    in_ice: InIce | None = None

    @model_validator(mode="after")
    def _routes_for_ice(self) -> Claim:
        if self.in_ice is not None:
            missing = [name for name in ROUTES if not isinstance(self.parameters.get(name), str)]
            if missing or self.unit != "days" or isinstance(self.claimed, str):
                raise ValueError(f"in_ice needs a figure in days and the parameters {', '.join(ROUTES)}")
        return self

    @property
    def figure(self) -> float:
        """The claimed figure. Raises DataError where the claim is a statement without one."""
        if isinstance(self.claimed, str):
            raise DataError(f"claim {self.id}: method {self.method} needs a number, claimed is '{self.claimed}'")
        return float(self.claimed)

    def near(self, computed: float) -> bool:
        """Whether a computed figure is within the tolerance of the claimed one."""
        allowed = self.tolerance.allowed(self.figure)
        return abs(computed - self.figure) <= allowed + ROUNDING_SLACK * max(abs(self.figure), 1.0)


@dataclass(frozen=True)
class ClaimOutcome:
    """What is told beside the verdict of an attributed sentence, in the claim's unit.

    Of a plan: `met`, `late` or `missed`, with the `value` of `year`, the last one known by when it was due, and the
    year in which it was `reached`. Of a figure: whether other sources `agree` or `differ`, or both (`mixed`), with the
    first of them. `sources` cites the figures.
    """

    status: OutcomeStatus
    value: float
    unit: str
    year: int
    reached: int | None
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """What a method found out: the computed figure or words, the verdict by the rules above, and when it holds.

    `most_kn` is the highest speed at which a claim of days saved is right to the figure, where it was solved for.
    """

    computed: float | str | None
    verdict: Verdict
    condition: str = ""
    note: str = ""
    most_kn: float | None = None
    outcome: ClaimOutcome | None = None


@dataclass(frozen=True)
class IceCase:
    """A question to the ice: one ship in one decade, departing on `day` of each of the `months` (1 to 12).

    `longer` and `shorter` are named routes; `least_days` is the saving that counts as holding.
    """

    origin: str
    destination: str
    longer: str
    shorter: str
    vessel: str
    speed_kn: float
    ice_class: str
    escort: Escort
    decade: str
    pathway: str
    day: int
    least_days: float
    months: tuple[int, ...] = ALL_MONTHS

    @property
    def year(self) -> int:
        """The middle of the decade: the rules are those on the days of this year."""
        return int(self.decade.removesuffix("s")) + 5

    @property
    def departs(self) -> tuple[date, ...]:
        return tuple(date(self.year, month, self.day) for month in self.months)


@dataclass(frozen=True)
class IceDeparture:
    """One departure on the shorter route. `days_saved` is None, and `reason` told, where `status` is not ok."""

    depart: date
    status: str
    days_saved: float | None
    reason: str = ""


@dataclass(frozen=True)
class IceRow:
    """A case sailed. `ice` says in a line which ice it is."""

    case: IceCase
    ice: str
    departures: tuple[IceDeparture, ...]

    @property
    def holding(self) -> tuple[bool, ...]:
        """Of each departure, whether it saves enough."""
        least = self.case.least_days * (1.0 - ROUNDING_SLACK)
        return tuple(d.days_saved is not None and d.days_saved >= least for d in self.departures)

    @property
    def share_of_year(self) -> float:
        """Share of the days of the year, 0 to 1, for which the claim holds: a departure stands for its month."""
        held = [d.depart for d, holds in zip(self.departures, self.holding, strict=True) if holds]
        return sum(monthrange(d.year, d.month)[1] for d in held) / (366 if isleap(self.case.year) else 365)

    @property
    def best_days(self) -> float | None:
        """The largest saving; None where the route is never open."""
        return max((d.days_saved for d in self.departures if d.days_saved is not None), default=None)


@dataclass(frozen=True, eq=False, repr=False)
class ClaimResult(Valued, Result):
    """A claim with what was computed; the fields of the JSON of `northabout claims`.

    `in_ice` are the rows sailed in ice, the case that decides among them; empty where none is. `outcome` is what
    came of what an attributed sentence says; None for other sentences.
    """

    id: str
    document: str
    quote: str
    claimed: int | float | str
    computed: float | str | None
    unit: str
    verdict: Verdict
    condition: str
    note: str
    in_ice: tuple[IceRow, ...] = ()
    outcome: ClaimOutcome | None = None


@dataclass(frozen=True)
class Fact:
    """An independent figure with its source, from `claim_facts.csv`."""

    id: Filled
    value: float
    unit: str
    year: int
    source: Filled
    confidence: Grade
    note: str

    @property
    def cited(self) -> str:
        """The figure as it is published, with year and source."""
        value = f"{self.value:.0f}" if self.unit == "year" else f"{given(self.value)} {self.unit}"
        return f"{value} ({self.year}; {self.source})"


def given(value: float) -> str:
    """A figure as it was given, thousands separated."""
    return f"{value:,.10g}"


def shown(value: float) -> str:
    """A computed number for a sentence: thousands separated, decimals only where they say something."""
    if value == round(value) and abs(value) < 1e15:
        return f"{value:,.0f}"
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"


@lru_cache(maxsize=1)
def facts(path: Path | None = None) -> dict[str, Fact]:
    """Independent figures by id. Raises DataError where the table cannot be read."""
    return {f.id: f for f in tables.rows(path or geodata.table("claim_facts.csv"), Fact, unique="id")}


def fact(name: str) -> Fact:
    """One independent figure. Raises DataError for an unknown id."""
    known = facts()
    if name not in known:
        raise DataError(f"claim_facts.csv has no fact '{name}'{did_you_mean(name, known)}")
    return known[name]


def load_claims(path: Path | None = None) -> list[Claim]:
    """Claims of the register, in its order. Raises DataError that lists every fault."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    file = path or geodata.table("claims.yaml")
    try:
        rows = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    except (OSError, YAMLError) as error:
        raise DataError(f"{file.name}: cannot be read ({error})") from error
    if not isinstance(rows, list):
        raise DataError(f"{file.name}: a list of claims is needed")
    claims: list[Claim] = []
    problems: list[str] = []
    for number, row in enumerate(rows, 1):
        name = row.get("id", f"number {number}") if isinstance(row, dict) else f"number {number}"
        try:
            claims.append(Claim.model_validate(row))
        except ValidationError as error:
            problems += [f"claim {name}: {'.'.join(map(str, e['loc'])) or 'claim'}: {e['msg']}" for e in error.errors()]
    ids = [c.id for c in claims]
    problems += [f"claim {i}: the id is used twice" for i in sorted({i for i in ids if ids.count(i) > 1})]
    if problems:
        raise DataError(f"{file.name}: " + "; ".join(problems))
    return claims
