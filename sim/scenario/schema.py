"""The scenario file, format 1, and what it means once ports and passages are looked up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from sim.economy.plan import MAX_WORD, Costs
from sim.errors import did_you_mean
from sim.scenario.yaml_text import brief
from sim.voyage.policy import Escort, IcePolicy

YEARS = (1900, 2200)
ICE_YEARS = (1979, 2100)
MAX_USE = 6  # passages that one route can be made to cross
DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?")
PASSAGE = "a passage, by id, name or alias: 'northabout passages' lists them"
OF_CLIMATE = ("year", "pathway", "epoch", "season", "seed")
OF_FILE = (
    "variable",
    "select",
    "units",
    "thickness_file",
    "thickness_variable",
    "thickness_kind",
    "repeat_yearly",
    "any_date",
)


def moment(value: object) -> datetime:
    """The moment that a date of a file means, UTC unless it says otherwise. Raises ValueError."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    how = "write a date as 2025-08-15 or 2025-08-15T06:00"
    if value is None:
        raise ValueError(f"value is empty; {how}")
    text = value.strip() if isinstance(value, str) else ""
    if not DATE.fullmatch(text):
        raise ValueError(f"'{brief(value)}' is no date; {how}")
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"'{text}' is no date ({error}); {how}") from None
    if not YEARS[0] <= found.year <= YEARS[1]:
        raise ValueError(f"the year {found.year} is outside {YEARS[0]} to {YEARS[1]}")
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _one_line(text: str) -> str:
    """A text without blank ends that can stand on one line of a table or a file name."""
    text = text.strip()
    if not text:
        raise ValueError("is empty")
    if not text.isprintable():
        raise ValueError("must be one line without control characters")
    return text


def _flat(text: str) -> str:
    return _one_line(" ".join(text.split())) if text.strip() else ""


Name = Annotated[str, Field(strict=True, min_length=1, max_length=MAX_WORD)]  # of a thing in a file, as it is
Word = Annotated[str, Field(strict=True, min_length=1, max_length=MAX_WORD), AfterValidator(_one_line)]
Speed = Annotated[float, Field(strict=True, ge=0.1, le=60, description="knots")]
Metres = Annotated[float, Field(strict=True, gt=0, le=1000, description="metres")]
Hours = Annotated[float, Field(strict=True, ge=0, le=8760, description="hours")]
Ships = Annotated[float, Field(strict=True, ge=0, le=10_000, description="ships a day")]
Year = Annotated[int, Field(strict=True, ge=ICE_YEARS[0], le=ICE_YEARS[1])]
Moment = Annotated[datetime, WithJsonSchema({"type": "string", "pattern": f"^{DATE.pattern}$"})]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Voyage(_Part):
    """From where to where, and when."""

    from_: Word = Field(alias="from", description="port name, UN/LOCODE, 'lat,lon' or '51 57.3 N 4 8.5 E'")
    to: Word = Field(description="port name, UN/LOCODE, 'lat,lon' or '51 57.3 N 4 8.5 E'")
    depart: Moment = Field(
        description="date (2025-08-15) or date and time (2025-08-15T06:00), UTC unless it says otherwise"
    )

    @field_validator("depart", mode="before")
    @classmethod
    def _date(cls, value: object) -> object:
        return moment(value)


class Vessel(_Part):
    """The particulars of the ship that matter for the route and the time."""

    type: Word | None = Field(None, description="a ship of the table, by id or name: 'northabout vessels' lists them")
    name: Word | None = Field(
        None, description="how the ship is called in tables; the table's name or 'ship' if absent"
    )
    speed_kn: Speed | None = Field(None, description="knots in open water; the service speed of the type if absent")
    ice_class: Word | None = Field(None, description="Arc4, 1A, PC7, none and so on; the type's own if absent")
    draft_m: Metres | None = None
    beam_m: Metres | None = None
    length_m: Metres | None = None
    air_draft_m: Metres | None = None
    sea_margin: Annotated[float, Field(strict=True, ge=1, le=2)] = Field(
        1.0, description="factor on the power in open water; 1.15 where the consumption is that of calm water"
    )

    @model_validator(mode="after")
    def _some_speed(self) -> Vessel:
        if self.type is None and self.speed_kn is None:
            raise PydanticCustomError("ship", "give 'speed_kn' or 'type'", {})
        if self.type is None and self.sea_margin != 1:
            raise PydanticCustomError("ship", "'sea_margin' needs 'type': without one no fuel is known", {})
        return self


class Alternative(_Part):
    """One route: a named route, or a name with own lists of passages to use and avoid."""

    route: Word = Field(description="usual, suez, cape, nsr, nwp, transpolar, panama or any")
    name: Word | None = Field(None, description="how the route is called in tables; the route's name if absent")
    use: tuple[Word, ...] = Field((), max_length=MAX_USE, description="passages to cross, each once")
    avoid: tuple[Word, ...] = Field((), max_length=64, description="passages not to cross")
    speed_kn: Speed | None = Field(None, description="the ship's speed on this route, if another")
    escort: Escort | None = Field(None, description="icebreaker escort on this route, if another than in 'ice'")

    @property
    def label(self) -> str:
        """What the alternative is called in tables."""
        return self.name or self.route


class Closure(_Part):
    """A passage that is closed: always, or from one date to another, or for all but some ships a day."""

    passage: Word = Field(description=PASSAGE)
    reason: Annotated[str, Field(strict=True, max_length=500), AfterValidator(_flat)] = Field(
        "", description="why it is closed, for tables"
    )
    from_: Moment | None = Field(None, alias="from", description="date of the beginning; closed at all times if absent")
    until: Moment | None = Field(None, description="date of the end; for good if absent")
    ships_per_day: Ships = Field(0.0, description="ships that go through meanwhile; 0 is closed")
    normal_ships_per_day: Ships | None = Field(None, description="ships that can go through at other times")
    arrivals_per_day: Ships | None = Field(None, description="ships that come; with the two others a queue forms")
    news_h: Hours = Field(0.0, description="hours until ships at sea hear of it")

    _dates = field_validator("from_", "until", mode="before")(lambda value: None if value is None else moment(value))

    @property
    def timed(self) -> bool:
        """True for a closure with a beginning: ships may be under way when it comes."""
        return self.from_ is not None


class Wait(_Part):
    """Hours that a ship waits where its route crosses a passage."""

    passage: Word = Field(description=PASSAGE)
    wait_h: Hours = Field(description="hours, on routes that cross it")


class WaterSpeed(_Part):
    """Speed within a named water."""

    water: Word = Field(description="a named water, such as nsr or baltic_sea")
    speed_kn: Speed = Field(description="knots within it")


def label_problems(labels: list[str], baseline: str | None) -> Iterable[tuple[int | None, str]]:
    """Labels that are duplicated (with the place of the second), and a baseline that is none of them (None)."""
    for k, label in enumerate(labels):
        if label in labels[:k]:
            yield k, f"'{label}' is duplicated (also alternative #{labels.index(label) + 1}); give one another name"
    if baseline is not None and baseline not in labels:
        yield None, f"'{baseline}' is none of the alternatives{did_you_mean(baseline, labels)}: {', '.join(labels)}"


class Ice(IcePolicy):
    """The ice that the ship meets. Without a file it is the built-in climate of the voyage's year."""

    year: Year | None = Field(None, description="year of the ice climate, 1979 to 2100; the voyage's own if absent")
    pathway: Name | None = Field(None, description="SSP1-1.9, SSP1-2.6, SSP2-4.5, SSP3-7.0 or SSP5-8.5")
    epoch: Name | None = Field(None, description="a decade such as 2030s, in place of a year")
    season: Literal["mild", "normal", "severe", "own", "random"] | None = Field(
        None, description="own is a past year's own anomaly (the default of past years), else normal"
    )
    seed: Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)] | None = Field(None, description="of a random season")
    field: Literal["single_year", "mean"] = Field(
        "single_year", description="a typical single year has more ice on the route than the mean of many"
    )
    file: Name | None = Field(None, description="NetCDF with ice concentration, beside the scenario file")
    variable: Name | None = Field(None, description="name of the concentration in the file")
    select: dict[Name, Name | Annotated[int, Field(strict=True)]] | None = Field(
        None, max_length=6, description="labels of further dimensions, or a date where the file has several years"
    )
    units: Literal["1", "%"] | None = Field(None, description="of the concentration, where the file says nothing right")
    thickness_file: Name | None = Field(None, description="NetCDF with ice thickness, if another")
    thickness_variable: Name | None = Field(None, description="name of the thickness in its file")
    thickness_kind: Literal["floe", "grid_mean"] | None = Field(None, description="what the thickness is a mean of")
    repeat_yearly: Annotated[bool, Field(strict=True)] = Field(False, description="a file of one year serves all years")
    any_date: Annotated[bool, Field(strict=True)] = Field(False, description="a file of one date serves all dates")
    admission: Name = Field(
        "nsr",
        description="nsr: the rules in force on the day; rules_2013, rules_2020, practice_2023: those on any day; "
        "ice_only: none; or an own CSV beside the scenario file",
    )

    @model_validator(mode="before")
    @classmethod
    def _fitting(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        faults = []
        if data.get("file") is not None:
            faults += [
                f"{k} goes with the built-in climate, not with a file" for k in OF_CLIMATE if data.get(k) is not None
            ]
        else:
            faults += [f"{k} goes with a file" for k in OF_FILE if data.get(k) not in (None, False)]
            if data.get("year") is not None and data.get("epoch") is not None:
                faults.append("give a year or an epoch, not both")
            if (data.get("season") == "random") != (data.get("seed") is not None):
                faults.append("a random season needs a seed, and a seed a random season")
        if faults:
            raise PydanticCustomError("ice_keys", "{said}", {"said": "; ".join(faults)})
        return data


class Scenario(_Part):
    """A scenario file of format 1."""

    _folder: Path | None = PrivateAttr(None)

    format: Literal[1] = Field(description="version of the format")
    name: Word = Field(description="short name, for tables and files")
    description: Word = Field(description="what the scenario asks, in one line")
    voyage: Voyage
    vessel: Vessel
    alternatives: tuple[Alternative, ...] = Field(min_length=1, max_length=20)
    baseline: Word | None = Field(
        None, description="label of the alternative that the others are compared with; the first if absent"
    )
    closures: tuple[Closure, ...] = Field((), max_length=64)
    waits: tuple[Wait, ...] = Field((), max_length=64)
    speeds: tuple[WaterSpeed, ...] = Field((), max_length=64)
    canal_speed_limits: Annotated[bool, Field(strict=True)] = Field(
        True, description="sail canals at their speed limit"
    )
    ports_file: Word | None = Field(None, description="CSV of own ports, beside the scenario file")
    ice: Ice | None = Field(None, description="the ice to sail in; without this section no ice is modelled")
    costs: Costs | None = Field(None, description="prices of the ledger; without this section nothing is costed")
    patience_days: Annotated[float, Field(strict=True, ge=0, le=3650)] | None = Field(
        None, description="longest wait at a closed passage, days; without end if absent"
    )
    objective: Literal["time", "fuel", "distance"] = Field("time", description="what the route through ice minimises")

    @model_validator(mode="after")
    def _labels(self) -> Scenario:
        problems = list(label_problems([a.label for a in self.alternatives], self.baseline))
        if self.ice is not None and self.vessel.type is None:
            raise PydanticCustomError("ship", "a ship in ice needs 'type'", {})
        if self.ice is None and any(a.escort for a in self.alternatives):
            raise PydanticCustomError("ship", "an escort needs the section 'ice'", {})
        if problems:
            raise PydanticCustomError("labels", "{said}", {"said": "; ".join(text for _, text in problems)})
        return self

    @property
    def folder(self) -> Path | None:
        """Where the files that it names lie: the folder of its own file; None where it is made in Python."""
        return self._folder

    @property
    def baseline_label(self) -> str:
        """Label of the alternative that the others are compared with."""
        return self.baseline or self.alternatives[0].label
