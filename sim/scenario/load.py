"""Scenario files: read, checked against the schema and against what must exist, every problem with its line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel, ValidationError

from sim.economy.plan import Costs, WarRisk
from sim.errors import ScenarioError, did_you_mean, meant, nearest, suggestion
from sim.scenario.checks import inside_folder, name_problems
from sim.scenario.schema import Alternative, Closure, Ice, Scenario, Vessel, Voyage, Wait, WaterSpeed
from sim.scenario.yaml_text import At, Document, brief, key_path, printable, read_document
from sim.synonyms import meanings

if TYPE_CHECKING:
    from sim.geo.network import SeaNetwork

MAX_PROBLEMS = 100
NOTHING = Path("/nonexistent")  # the folder of a scenario that is no file: it can name no other files
ALLOWED = {
    "speed_kn": "0.1 to 60 knots", "wait_h": "0 to 8760 hours", "_m": "more than 0 and at most 1000 metres",
    "ice.year": "1979 to 2100", "ice.seed": "0 to 9223372036854775807", "fraction": "0 to 1",
    "cap_kn": "1 to 25 knots",
}  # fmt: skip
TOLD_BY_NAMES = ("labels", "ship")  # sim.scenario.checks tells these also where the types have found other faults


class Fault(NamedTuple):
    """What is wrong with data: the key path, and a text that follows it; `whole` texts name the key themselves."""

    at: At
    text: str
    whole: bool = False

    def __str__(self) -> str:
        return self.text if self.whole else f"{key_path(self.at)}: {self.text}"


def schema() -> dict[str, Any]:
    """JSON Schema of the scenario file."""
    out = Scenario.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **out}


def load_scenario(path: str | Path) -> Scenario:
    """Read and check a scenario file, `-` for standard input.

    Raises DataError, or ScenarioError with every problem and its line.

    >>> load_scenario("scenarios/01-nsr-summer.yaml").baseline_label
    'suez'
    """
    path = Path(path)
    return scenario_in(read_document(path), path.parent)


def scenario_in(document: Document, folder: Path) -> Scenario:
    """The scenario of a document that has been read; files that it names lie in `folder`.

    Raises ScenarioError with every problem and its line.
    """
    data = document.data
    if not isinstance(data, dict):
        what = "a list" if isinstance(data, list) else f"the single value '{brief(data)}'"
        raise ScenarioError([f"{document.name}:1: a scenario is sections such as 'voyage:', this is {what}"])
    if "format" not in data and isinstance(data.get("scenario"), str) and "alternatives" in data:
        said = "is a result of 'northabout run', no scenario; 'northabout map' and 'northabout compare' read it"
        raise ScenarioError([f"{document.name}: {said}"])
    document.problems += problems_of(document, folder)
    if document.problems:
        raise document_error(document, document.problems)
    scenario = Scenario.model_validate(data)
    scenario._folder = folder
    return scenario


def scenario_of(data: Mapping[str, Any], folder: Path | None = None) -> Scenario:
    """A scenario of a mapping in the keys of a file; files that it names lie in `folder`.

    Raises ScenarioError with every problem.
    """
    document = Document("scenario", dict(data))
    found = [text for _, text in problems_of(document, folder or NOTHING)]
    if found:
        raise ScenarioError([f"scenario: {text}" for text in found])
    scenario = Scenario.model_validate(document.data)
    scenario._folder = folder
    return scenario


def ports_path(scenario: Scenario, folder: Path) -> Path | None:
    """The scenario's own ports file. Raises ScenarioError where it leaves the scenario's folder."""
    return None if scenario.ports_file is None else inside_folder(scenario.ports_file, folder)


def problems_of(document: Document, folder: Path) -> list[tuple[int, str]]:
    """The faults of a file's data, each with its line."""
    return [(document.line(f.at), str(f)) for f in faults_of(document.data, folder, document.refused)]


def faults_of(
    data: Mapping[str, Any], folder: Path, refused: Collection[At] = (), net: SeaNetwork | None = None
) -> list[Fault]:
    """What is wrong with data: by the schema, by names that must exist, and between its parts.

    What the schema finds at key paths that are `refused` already is not told again; `net` is the network with the
    data's own ports, where it is at hand.
    """
    version = data.get("format")
    if "format" in data and (type(version) is not int or version != 1):
        return [Fault(("format",), f"format '{brief(version)}' is not known; this program reads format: 1", True)]
    found = []
    try:
        Scenario.model_validate(data)
    except ValidationError as error:
        told = (e for e in error.errors(include_url=False) if e["type"] not in TOLD_BY_NAMES and not _hollow(e))
        found = [fault_of(e, _keys_at(tuple(e["loc"])[:-1])) for e in told if tuple(e["loc"]) not in refused]
    return found + [Fault(at, text) for at, text in name_problems(dict(data), folder, net)]


# -- messages


def document_error(document: Document, found: Iterable[tuple[int, str]]) -> ScenarioError:
    """All problems by line, one line of text each."""
    texts = [
        f"{document.name}:{line}: {printable(text)}" for line, text in sorted(dict.fromkeys(found), key=lambda f: f[0])
    ]
    more = len(texts) - MAX_PROBLEMS
    return ScenarioError(
        texts if more <= 0 else [*texts[:MAX_PROBLEMS], f"{document.name}: and {more:,} problems more"]
    )


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


def _hollow(error: Any) -> bool:
    """True for a list that counts as too short only because its entries have faults of their own."""
    given = error["input"]
    return error["type"] == "too_short" and isinstance(given, list) and len(given) >= error["ctx"]["min_length"]


def fault_of(error: Any, allowed: Sequence[str]) -> Fault:
    """One finding of pydantic as a fault; `allowed` are the keys where it found it."""
    at: At = tuple(error["loc"])
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    path = key_path(at)
    if kind == "extra_forbidden":
        hint = _hint(brief(at[-1]), list(allowed))
        return Fault(at, f"unknown key '{path}'{hint}; allowed here: {', '.join(allowed)}", True)
    if kind == "missing":
        return Fault(at, f"key '{path}' is missing", True)
    if kind == "ice_keys":
        return Fault(at, str(error["msg"]))
    if kind == "literal_error":
        words = re.findall(r"'([^']*)'", str(context["expected"])) or [str(context["expected"])]
        hint = did_you_mean(given, words) if isinstance(given, str) else ""
        return Fault(at, f"'{brief(given)}' is not known{hint}; allowed: {', '.join(words)}")
    if kind == "value_error":
        return Fault(at, str(error["msg"]).removeprefix("Value error, "))
    return Fault(at, _out_of_bounds(kind, path, given, context) or _wrong_type(error, path))


def _out_of_bounds(kind: str, path: str, given: Any, context: Mapping[str, Any]) -> str:
    """A number, a list or a text that is too big or too small; empty where it is none of these."""
    bounds = _bounds(path)
    if kind in ("greater_than", "greater_than_equal", "less_than_equal", "finite_number") and bounds:
        return f"is {brief(given)}, allowed is {bounds}"
    ends = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    end = next((f"{word} {context[key]:,.10g}" for key, word in ends.items() if key in context), "")
    if end:
        return f"is {brief(given)}, allowed is {end}"
    if kind in ("too_short", "too_long"):
        wanted = f"at least {context['min_length']}" if kind == "too_short" else f"at most {context['max_length']}"
        return f"has {context.get('actual_length', len(given))} entries, {wanted} must be there"
    if kind == "string_too_long":
        return f"has {len(given):,} characters, at most {context['max_length']} are allowed"
    return ""


def _wrong_type(error: Any, path: str) -> str:
    kind, given, bounds = error["type"], error["input"], _bounds(path)
    text = f"{_SAYS.get(kind, str(error['msg']))}{f', allowed is {bounds}' if bounds else ''}"
    if given is None:
        return f"{text}; value is empty"
    if isinstance(given, dict | list):
        return f"{text}, not a {'section' if isinstance(given, dict) else 'list'}"
    quotes = "; put it in quotes" if kind == "string_type" else ""
    return f"{text}, not '{brief(str(given).lower() if isinstance(given, bool) else given)}'{quotes}"


def _bounds(path: str) -> str:
    return next((text for end, text in ALLOWED.items() if path.endswith(end)), "")


PARTS: Mapping[str, type[BaseModel]] = {
    "voyage": Voyage, "vessel": Vessel, "alternatives": Alternative, "closures": Closure, "waits": Wait,
    "speeds": WaterSpeed, "ice": Ice, "costs": Costs, "costs.war_risk": WarRisk,
}  # fmt: skip


def _keys_at(at: At) -> list[str]:
    model = PARTS.get(str(at[0]), Scenario) if at else Scenario
    if at[:2] == ("costs", "war_risk"):
        model = WarRisk
    return _keys_of(model)


def _keys_of(model: type[BaseModel]) -> list[str]:
    return [f.alias or key for key, f in model.model_fields.items()]


def _hint(word: str, allowed: list[str]) -> str:
    """What an unknown key should have been: by its meaning here, in another section, else a key spelt alike."""
    found = meant(word, allowed)
    models: list[type[BaseModel]] = [Scenario, *PARTS.values()]
    if not found and allowed in map(_keys_of, models):
        paths = [f"{part}.{key}" for part, model in PARTS.items() for key in _keys_of(model)]
        found = [path for path in paths if path.rsplit(".", 1)[-1] == word.strip().casefold()]
        found = found or [m for m in meanings(word) if m in paths]
    return suggestion((found or nearest(word, allowed))[:3])
