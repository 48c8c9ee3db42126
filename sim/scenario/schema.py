"""The scenario file, format 1, and what it means once ports and passages are looked up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from sim.economy.plan import Costs, WarRisk
from sim.errors import ScenarioError, did_you_mean
from sim.scenario.checks import MAX_USE, MAX_WORD, inside_folder, label_problems, name_problems
from sim.scenario.dates import DATE, moment
from sim.scenario.ice_section import Escort, Ice
from sim.scenario.yaml_text import At, Document, brief, printable, read_document

MAX_PROBLEMS = 100


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


Word = Annotated[str, Field(strict=True, min_length=1, max_length=MAX_WORD), AfterValidator(_one_line)]
Speed = Annotated[float, Field(strict=True, ge=0.1, le=60, description="knots")]
Metres = Annotated[float, Field(strict=True, gt=0, le=1000, description="metres")]
Hours = Annotated[float, Field(strict=True, ge=0, le=8760, description="hours")]
ALLOWED = {
    "speed_kn": "0.1 to 60 knots", "wait_h": "0 to 8760 hours", "_m": "more than 0 and at most 1000 metres",
    "ice.year": "1979 to 2100", "ice.seed": "0 to 9223372036854775807", "fraction": "0 to 1",
    "cap_kn": "1 to 25 knots",
}  # fmt: skip
TOLD_BY_NAMES = ("labels", "ship")  # sim.scenario.checks tells these also where the types have found other faults
Ships = Annotated[float, Field(strict=True, ge=0, le=10_000, description="ships a day")]
Moment = Annotated[datetime, WithJsonSchema({"type": "string", "pattern": f"^{DATE.pattern}$"})]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Voyage(_Part):
    """From where to where, and when."""

    from_: Word = Field(alias="from", description="port name, UN/LOCODE or 'lat,lon'")
    to: Word = Field(description="port name, UN/LOCODE or 'lat,lon'")
    depart: Moment = Field(
        description="date (2025-08-15) or date and time (2025-08-15T06:00), UTC unless it says otherwise"
    )

    @field_validator("depart", mode="before")
    @classmethod
    def _date(cls, value: object) -> object:
        return moment(value)


class Vessel(_Part):
    """The particulars of the ship that matter for the road and the time."""

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

    @model_validator(mode="after")
    def _some_speed(self) -> Vessel:
        if self.type is None and self.speed_kn is None:
            raise PydanticCustomError("ship", "give 'speed_kn' or 'type'", {})
        return self


class Alternative(_Part):
    """One road: a named route, or a name with own lists of passages to use and avoid."""

    route: Word = Field(description="usual, suez, cape, nsr, nwp, transpolar, panama or any")
    name: Word | None = Field(None, description="how the road is called in tables; the route's name if absent")
    use: tuple[Word, ...] = Field((), max_length=MAX_USE, description="passages to cross, each once")
    avoid: tuple[Word, ...] = Field((), max_length=64, description="passages not to cross")
    speed_kn: Speed | None = Field(None, description="the ship's speed on this road, if another")
    escort: Escort | None = Field(None, description="icebreaker escort on this road, if another than in 'ice'")

    @property
    def label(self) -> str:
        """What the alternative is called in tables."""
        return self.name or self.route


class Closure(_Part):
    """A passage that is closed: always, or from one date to another, or for all but some ships a day."""

    passage: Word
    reason: Annotated[str, Field(strict=True, max_length=500), AfterValidator(_flat)] = ""
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
    """Hours that a ship waits where its road crosses a passage."""

    passage: Word
    wait_h: Hours


class WaterSpeed(_Part):
    """Speed within a named water."""

    water: Word
    speed_kn: Speed


class Scenario(_Part):
    """A scenario file of format 1."""

    format: Literal[1]
    name: Word
    description: Word
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
    objective: Literal["time", "fuel", "distance"] = Field("time", description="what the way through ice makes least")

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
    def baseline_label(self) -> str:
        """Label of the alternative that the others are compared with."""
        return self.baseline or self.alternatives[0].label


def schema() -> dict[str, Any]:
    """JSON Schema of the scenario file."""
    out = Scenario.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **out}


def load_scenario(path: Path) -> Scenario:
    """Read and check a scenario file. Raises DataError, or ScenarioError with every problem and its line."""
    document = read_document(path)
    data, found = document.data, list(document.problems)
    if not isinstance(data, dict):
        what = "a list" if isinstance(data, list) else f"the single value '{brief(data)}'"
        raise ScenarioError([f"{path}:1: a scenario is sections such as 'voyage:', this is {what}"])
    version = data.get("format")
    if "format" in data and (type(version) is not int or version != 1):
        found.append(
            (document.line(("format",)), f"format '{brief(version)}' is not known; this program reads format: 1")
        )
        raise _error(document, found)
    scenario = None
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        found += [_told(e, document) for e in error.errors(include_url=False) if e["type"] not in TOLD_BY_NAMES]
    for at, text in name_problems(data, path.parent):
        found.append((document.line(at), f"{_path(at)}: {text}"))
    if found or scenario is None:
        raise _error(document, found)
    return scenario


def ports_path(scenario: Scenario, folder: Path) -> Path | None:
    """The scenario's own ports file. Raises ScenarioError where it leaves the scenario's folder."""
    return None if scenario.ports_file is None else inside_folder(scenario.ports_file, folder)


# -- messages


def _error(document: Document, found: Iterable[tuple[int, str]]) -> ScenarioError:
    """All problems by line, one line of text each."""
    texts = [
        f"{document.name}:{line}: {printable(text)}" for line, text in sorted(dict.fromkeys(found), key=lambda f: f[0])
    ]
    more = len(texts) - MAX_PROBLEMS
    return ScenarioError(
        texts if more <= 0 else [*texts[:MAX_PROBLEMS], f"{document.name}: and {more:,} problems more"]
    )


def _path(at: At) -> str:
    """A key path for readers: `alternatives #2.route` is the route of the second alternative."""
    return "".join(f" #{part + 1}" if isinstance(part, int) else f".{brief(part)}" for part in at).removeprefix(".")


_SAYS = {
    "missing": "is missing",
    "bool_type": "must be true or false",
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "model_type": "must be a section of keys",
    "model_attributes_type": "must be a section of keys",
    "string_type": "must be text",
    "tuple_type": "must be a list",
    "finite_number": "must be a finite number",
    "string_too_short": "is empty",
}


def _told(error: Any, document: Document) -> tuple[int, str]:
    """Line and text of one finding of pydantic."""
    at: At = tuple(error["loc"])
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    line, path = document.line(at), _path(at)
    if kind == "extra_forbidden":
        allowed = _keys_at(at[:-1])
        return line, f"unknown key '{path}'{did_you_mean(brief(at[-1]), allowed)}; allowed here: {', '.join(allowed)}"
    if kind == "missing":
        return line, f"key '{path}' is missing"
    if kind == "ice_keys":
        return line, f"{path}: {error['msg']}"
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", str(context["expected"])) or [str(context["expected"])]
        hint = did_you_mean(given, allowed) if isinstance(given, str) else ""
        return line, f"{path}: '{brief(given)}' is not known{hint}; allowed: {', '.join(allowed)}"
    if kind == "value_error":
        return line, f"{path}: {str(error['msg']).removeprefix('Value error, ')}"
    bounds = next((text for end, text in ALLOWED.items() if path.endswith(end)), "")
    if kind in ("greater_than", "greater_than_equal", "less_than_equal", "finite_number") and bounds:
        return line, f"{path}: is {brief(given)}, allowed is {bounds}"
    ends = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    end = next((f"{word} {context[key]:,.10g}" for key, word in ends.items() if key in context), "")
    if end:
        return line, f"{path}: is {brief(given)}, allowed is {end}"
    if kind in ("too_short", "too_long"):
        wanted = f"at least {context['min_length']}" if kind == "too_short" else f"at most {context['max_length']}"
        return line, f"{path}: has {context.get('actual_length', len(given))} entries, {wanted} must be there"
    if kind == "string_too_long":
        return line, f"{path}: has {len(given):,} characters, at most {context['max_length']} are allowed"
    text = f"{path}: {_SAYS.get(kind, str(error['msg']))}{f', allowed is {bounds}' if bounds else ''}"
    if given is None:
        return line, f"{text}; nothing stands here"
    if isinstance(given, dict | list):
        return line, f"{text}, not a {'section' if isinstance(given, dict) else 'list'}"
    quotes = "; put it in quotes" if kind == "string_type" else ""
    return line, f"{text}, not '{brief(str(given).lower() if isinstance(given, bool) else given)}'{quotes}"


def _keys_at(at: At) -> list[str]:
    parts: dict[str, type[BaseModel]] = {
        "voyage": Voyage, "vessel": Vessel, "alternatives": Alternative, "closures": Closure, "waits": Wait,
        "speeds": WaterSpeed, "ice": Ice, "costs": Costs,
    }  # fmt: skip
    model = parts.get(str(at[0]), Scenario) if at else Scenario
    if at[:2] == ("costs", "war_risk"):
        model = WarRisk
    return [f.alias or key for key, f in model.model_fields.items()]
