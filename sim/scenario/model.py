"""The scenario file, format 1, and what it means once ports and passages are looked up."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from sim.errors import NorthaboutError, ScenarioError, did_you_mean
from sim.scenario.yaml_text import Lines, read_yaml

Word = Annotated[str, Field(min_length=1, max_length=200)]
Speed = Annotated[float, Field(gt=0, le=60, description="knots")]
Metres = Annotated[float, Field(gt=0, le=1000, description="metres")]
Hours = Annotated[float, Field(ge=0, le=8760, description="hours")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Voyage(_Part):
    """From where to where, and when."""

    from_: Word = Field(alias="from", description="port name, UN/LOCODE or 'lat,lon'")
    to: Word = Field(description="port name, UN/LOCODE or 'lat,lon'")
    depart: datetime = Field(description="date (2025-08-15) or date and time (2025-08-15T06:00), UTC unless it says otherwise")

    @field_validator("depart", mode="before")
    @classmethod
    def _date(cls, value: object) -> object:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            raise ValueError(f"'{value}' is no date; write it as 2025-08-15 or 2025-08-15T06:00") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Vessel(_Part):
    """The particulars of the ship that matter for the road and the time."""

    name: Word = "ship"
    speed_kn: Speed
    draft_m: Metres | None = None
    beam_m: Metres | None = None
    length_m: Metres | None = None
    air_draft_m: Metres | None = None


class Alternative(_Part):
    """One road: a named route, or a name with own lists of passages to use and avoid."""

    route: Word = Field(description="usual, suez, cape, nsr, nwp, transpolar, panama or any")
    name: Word | None = Field(None, description="how the road is called in tables; the route's name if absent")
    use: tuple[Word, ...] = Field((), max_length=6, description="passages to cross, each once")
    avoid: tuple[Word, ...] = Field((), max_length=64)
    speed_kn: Speed | None = Field(None, description="the ship's speed on this road, if another")

    @property
    def label(self) -> str:
        return self.name or self.route


class Closure(_Part):
    """A passage that is closed."""

    passage: Word
    reason: Annotated[str, Field(max_length=500)] = ""


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
    baseline: Word | None = Field(None, description="label of the alternative that the others are compared with; the first if absent")
    closures: tuple[Closure, ...] = Field((), max_length=64)
    waits: tuple[Wait, ...] = Field((), max_length=64)
    speeds: tuple[WaterSpeed, ...] = Field((), max_length=64)
    canal_speed_limits: bool = Field(True, description="sail canals at their speed limit")
    ports_file: Word | None = Field(None, description="CSV of own ports, beside the scenario file")

    @model_validator(mode="after")
    def _labels(self) -> Scenario:
        labels = [a.label for a in self.alternatives]
        twice = sorted({x for x in labels if labels.count(x) > 1})
        if twice:
            raise ValueError(f"alternatives: '{twice[0]}' is there twice; give one of them another name")
        if self.baseline is not None and self.baseline not in labels:
            raise ValueError(f"baseline: '{self.baseline}' is none of the alternatives {', '.join(labels)}")
        return self

    @property
    def baseline_label(self) -> str:
        return self.baseline or self.alternatives[0].label


def schema() -> dict[str, Any]:
    """JSON Schema of the scenario file."""
    out = Scenario.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **out}


def load_scenario(path: Path) -> Scenario:
    """Read and check a scenario file. Raises DataError, or ScenarioError with every problem and its line."""
    data, lines = read_yaml(path)
    if not isinstance(data, dict):
        raise ScenarioError([f"{path.name}:1: a scenario is a list of sections such as 'voyage:', not a single value"])
    if "format" in data and data["format"] != 1:
        raise ScenarioError([f"{path.name}:{lines[('format',)]}: format {data['format']!r} is not known; this program reads 1"])
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        raise ScenarioError([_told(e, lines, path.name) for e in error.errors()]) from None
    problems = _unknown_names(scenario, lines, path)
    if problems:
        raise ScenarioError(problems)
    return scenario


def ports_path(scenario: Scenario, folder: Path) -> Path | None:
    """The scenario's own ports file. Raises ScenarioError where it leaves the scenario's folder."""
    if scenario.ports_file is None:
        return None
    target = (folder / scenario.ports_file).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise ScenarioError([f"ports_file: '{scenario.ports_file}' leaves the folder of the scenario"])
    return target


def _line(lines: Lines, at: tuple[Any, ...]) -> int:
    while at and at not in lines:
        at = at[:-1]
    return lines.get(at, 1)


def _told(error: Any, lines: Lines, name: str) -> str:
    at = tuple("from" if part == "from_" else part for part in error["loc"])
    where = f"{name}:{_line(lines, at)}"
    path = ".".join(str(p) for p in at)
    if error["type"] == "extra_forbidden":
        hint = did_you_mean(str(at[-1]), _keys_at(at[:-1]))
        return f"{where}: unknown key '{path}'{hint}; allowed here: {', '.join(_keys_at(at[:-1]))}"
    if error["type"] == "missing":
        return f"{where}: key '{path}' is missing"
    message = str(error["msg"]).removeprefix("Value error, ")
    given = "" if isinstance(error["input"], dict | list) else f" (given: {error['input']!r})"
    return f"{where}: {path + ': ' if path else ''}{message[0].lower() + message[1:]}{given}"


def _keys_at(at: tuple[Any, ...]) -> list[str]:
    parts: dict[str, type[BaseModel]] = {
        "voyage": Voyage, "vessel": Vessel, "alternatives": Alternative, "closures": Closure, "waits": Wait,
        "speeds": WaterSpeed,
    }  # fmt: skip
    model = parts.get(str(at[0]), Scenario) if at else Scenario
    return [f.alias or key for key, f in model.model_fields.items()]


def _unknown_names(scenario: Scenario, lines: Lines, path: Path) -> list[str]:
    """Problems with the names of ports, passages, routes and waters."""
    from sim.geo.passages import PassageTable
    from sim.geo.places import parse_position
    from sim.geo.ports import PortTable, read_ports
    from sim.voyage.plan import check_water

    table = PassageTable.load()
    problems: list[str] = []

    def attempt(at: tuple[Any, ...], action: Any, *args: Any) -> None:
        try:
            action(*args)
        except NorthaboutError as error:
            problems.append(f"{path.name}:{_line(lines, at)}: {'.'.join(map(str, at))}: {error}")

    ports = PortTable.load()
    own: list[Any] = []
    attempt(("ports_file",), lambda: own.extend(_own_ports(scenario, path.parent, read_ports)))
    for port in own:
        ports.add(port)
    for key, text in (("from", scenario.voyage.from_), ("to", scenario.voyage.to)):
        attempt(("voyage", key), lambda t=text: parse_position(t) or ports.find(t))
    for k, a in enumerate(scenario.alternatives):
        attempt(("alternatives", k, "route"), table.road, a.route)
        for field in ("use", "avoid"):
            for j, word in enumerate(getattr(a, field)):
                attempt(("alternatives", k, field, j), table.resolve, word)
    for k, c in enumerate(scenario.closures):
        attempt(("closures", k, "passage"), table.resolve, c.passage)
    for k, w in enumerate(scenario.waits):
        attempt(("waits", k, "passage"), table.resolve, w.passage)
    for k, s in enumerate(scenario.speeds):
        attempt(("speeds", k, "water"), check_water, s.water)
    return problems


def _own_ports(scenario: Scenario, folder: Path, reader: Any) -> list[Any]:
    path = ports_path(scenario, folder)
    return reader(path) if path else []
