"""The study file, format 1: read and checked, every problem with its line.

A study is a base scenario, the keys of it that vary, and a method of drawing. See docs/study-file.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.errors import ScenarioError, did_you_mean
from sim.scenario.checks import inside_folder
from sim.scenario.load import document_error, problems_of
from sim.scenario.schema import Scenario
from sim.scenario.yaml_text import At, Document, brief, read_document
from sim.study.batch.draw import METHODS, SAMPLED, SEASON, SEED, Draws, Method, seed_of
from sim.study.batch.vary.forms import Fault, variation
from sim.study.batch.vary.keys import LASTS, kind_of, value_at
from sim.study.batch.vary.variation import Variation, plain

KEYS = ("format", "name", "description", "base", "vary", "method", "samples", "seed")
NEEDED = ("format", "name", "description", "base", "vary", "method")
MAX_SEED = 2**32 - 1
MAX_SAMPLES = 10_000_000
MAX_KEYS = 60
OWN_FILES = ("ports_file", "ice.file", "ice.thickness_file", "ice.admission")  # keys that may name files of the user


@dataclass(frozen=True)
class Study:
    """A study: `base` is the data of its scenario, whose files lie in `folder`; `lines` are of the keys in `file`."""

    name: str
    description: str
    base: Mapping[str, Any]
    folder: Path
    draws: Draws
    file: str = "study"
    lines: Mapping[At, int] = field(default_factory=dict)

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the alternatives, in the order of the base."""
        return tuple(a.get("name") or a["route"] for a in self.base["alternatives"])

    @property
    def baseline(self) -> str:
        """Label of the alternative that the others are compared with."""
        return str(self.base.get("baseline") or self.labels[0])

    @property
    def variations(self) -> tuple[Variation, ...]:
        return self.draws.variations

    def place(self, key: str, *below: str | int) -> str:
        """Where a varied key stands, for a message: file, line and name."""
        at: At = ("vary", key, *below)
        while at and at not in self.lines:
            at = at[:-1]
        return f"{self.file}:{self.lines.get(at, 1)}: vary.{key}"


def load_study(path: str | Path, base: Path | None = None) -> Study:
    """Read and check a study file; `base` is a scenario file in place of the study's own.

    Raises DataError, or ScenarioError with every problem and its line. `sim.study.batch.plan` checks combinations.
    """
    path = Path(path)
    document = read_document(path)
    if not isinstance(document.data, dict):
        what = "a list" if isinstance(document.data, list) else f"the single value '{brief(document.data)}'"
        raise ScenarioError([f"{path}:1: a study is keys such as 'vary:', this is {what}"])
    return study_of(document, path.parent, base)


def study_of(document: Document, folder: Path, base: Path | None = None) -> Study:
    """A study of a document that has been read. Raises as `load_study`."""
    reader = _Reader(document)
    reader.keys()
    method, samples, seed = reader.method()
    scenario, home = reader.base(folder, base, seed)
    found = reader.vary(scenario) if scenario is not None else []
    if scenario is not None:
        found = reader.seeded(found, scenario, method)
    reader.fitting(found, method)
    if document.problems:
        raise document_error(document, document.problems)
    assert scenario is not None
    at_base = tuple(_at_base(v, scenario) for v in found)
    data = document.data
    return Study(
        data["name"].strip(), " ".join(data["description"].split()), scenario, home.resolve(),
        Draws(method, tuple(found), samples, seed, at_base), document.name, dict(document.lines),
    )  # fmt: skip


def _at_base(v: Variation, scenario: Mapping[str, Any]) -> Any:
    """The value of a key in the base, with the defaults of the schema."""
    if v.key.endswith(f".{LASTS}"):
        return value_at(scenario, v.key)
    found: Any = Scenario.model_validate(scenario)
    for part in v.key.split("."):
        if isinstance(found, tuple):
            found = found[int(part)]
        else:
            names = {f.alias or name: name for name, f in type(found).model_fields.items()}
            found = getattr(found, names[part])
    return plain(v.kind, found)


class _Reader:
    """Takes a document apart; what is wrong goes to its problems."""

    def __init__(self, document: Document) -> None:
        self.document, self.data = document, document.data

    def problem(self, at: At, text: str) -> None:
        self.document.problems.append((self.document.line(at), text))

    def keys(self) -> None:
        """The keys at the top."""
        for key in self.data:
            if key not in KEYS:
                self.problem((key,), f"unknown key '{brief(key)}'{did_you_mean(key, KEYS)}; allowed: {', '.join(KEYS)}")
        for key in NEEDED:
            if key not in self.data:
                self.problem((), f"key '{key}' is missing")
        version = self.data.get("format", 1)
        if type(version) is not int or version != 1:
            self.problem(("format",), f"format '{brief(version)}' is not known; this program reads format: 1")
        for key in ("name", "description"):
            text = self.data.get(key, "x")
            if not isinstance(text, str) or not 0 < len(text.strip()) <= 200:
                self.problem((key,), f"{key}: must be text of 1 to 200 characters, not '{brief(text)}'")

    def base(self, folder: Path, other: Path | None, seed: int) -> tuple[dict[str, Any] | None, Path]:
        """The data of the base scenario, and the folder of its files; None where it is not usable."""
        raw = self.data.get("base")
        if other is not None:
            return self._checked(read_document(other), other.parent, seed), other.parent
        if isinstance(raw, str):
            try:
                path = inside_folder(raw, folder)
            except ScenarioError:
                said = f"base: '{brief(raw)}' leaves the folder of the study; --base names a scenario anywhere"
                self.problem(("base",), said)
                return None, folder
            return self._checked(read_document(path), path.parent, seed), path.parent
        if not isinstance(raw, dict):
            if "base" in self.data:
                self.problem(("base",), "base: must be the file of a scenario, or the sections of one")
            return None, folder
        own = {k: self.data[k] for k in ("format", "name", "description") if isinstance(self.data.get(k), int | str)}
        lines = {at[1:]: line for at, line in self.document.lines.items() if at[:1] == ("base",)}
        refused = {at[1:] for at in self.document.refused if at[:1] == ("base",)}
        inline = Document(self.document.name, own | raw, lines, [], refused)
        return self._checked(inline, folder, seed, inline=True), folder

    def _checked(self, found: Document, folder: Path, seed: int, *, inline: bool = False) -> dict[str, Any] | None:
        """The data of a scenario without fault; a random season may be without a seed here, since draws have seeds."""
        data = found.data
        if not isinstance(data, dict):
            raise ScenarioError([f"{found.name}:1: a scenario is sections such as 'voyage:'"])
        ice = data.get("ice")
        if isinstance(ice, dict) and ice.get("season") == "random" and ice.get("seed") is None:
            ice = ice | {"seed": seed_of(seed, 0)}
        if isinstance(ice, dict):  # as in every study
            found.data = data = data | {"ice": ice if ice.get("besetting") else ice | {"besetting": "expected"}}
        problems = [*found.problems, *problems_of(found, folder)]
        if inline:
            self.document.problems += [(line, f"base: {text}") for line, text in problems]
        elif problems:
            raise document_error(found, problems)
        return None if problems else data

    def method(self) -> tuple[Method, int, int]:
        """Method, samples and seed."""
        raw = self.data.get("method", "grid")
        if raw not in METHODS:
            hint = did_you_mean(raw, METHODS) if isinstance(raw, str) else ""
            self.problem(("method",), f"method: '{brief(raw)}' is not known{hint}; allowed: {', '.join(METHODS)}")
        method: Method = raw if raw in METHODS else "grid"
        samples = self._count("samples", 1, MAX_SAMPLES)
        seed = self._count("seed", 0, MAX_SEED)
        if raw in SAMPLED:
            for key, value in (("samples", samples), ("seed", seed)):
                if value is None and key not in self.data:
                    self.problem(("method",), f"method: {method} needs '{key}'")
        elif "samples" in self.data and raw in METHODS:
            self.problem(
                ("samples",), f"samples: goes with {' and '.join(SAMPLED)}; {method} has as many as its values make"
            )
        if method == "sobol" and samples is not None and samples & (samples - 1):
            below = 1 << (samples.bit_length() - 1)
            self.problem(
                ("samples",), f"samples: {samples} is no power of 2, which sobol needs; nearest {below}, {2 * below}"
            )
        return method, samples or 1, seed or 0

    def _count(self, key: str, low: int, high: int) -> int | None:
        raw = self.data.get(key)
        if key not in self.data:
            return None
        if type(raw) is not int or not low <= raw <= high:
            self.problem((key,), f"{key}: is {brief(raw)}, allowed is a whole number, {low} to {high:,}")
            return None
        return raw

    def vary(self, scenario: Mapping[str, Any]) -> list[Variation]:
        """The variations, in the order of the file."""
        raw = self.data.get("vary")
        if not isinstance(raw, dict) or not raw:
            if "vary" in self.data:
                self.problem(("vary",), "vary: must be keys of the scenario, each with its values")
            return []
        if len(raw) > MAX_KEYS:
            self.problem(("vary",), f"vary: has {len(raw)} keys, at most {MAX_KEYS} are allowed")
            return []
        out = []
        for key, how in raw.items():
            around = [k for k in raw if k != key and key.startswith(f"{k}.")]
            if around:
                self.problem(
                    ("vary", key), f"vary.{key}: lies within '{around[0]}', which is varied too; vary one of them"
                )
                continue
            if key.endswith(f".{LASTS}") and key.replace(LASTS, "until") in raw:
                self.problem(("vary", key), f"vary.{key}: sets 'until', which is varied too; vary one of them")
                continue
            try:
                out.append(variation(key, kind_of(key, scenario), how))
            except ScenarioError as error:
                self.problem(("vary", key), f"vary.{key}: {error.problems[0]}")
            except Fault as fault:
                self.problem(("vary", key, *fault.at), f"vary.{key}: {fault.text}")
        return out

    def seeded(self, found: list[Variation], scenario: Mapping[str, Any], method: Method) -> list[Variation]:
        """The variations with a seed of its own for each draw, where a season is random and has none."""
        seasons = next((v.values for v in found if v.key == SEASON), (value_at(scenario, SEASON),))
        named = any(v.key == SEED for v in found)
        if "random" in seasons:
            return found if named else [*found, Variation(SEED, "integer", "seed", implied=True)]
        if named:
            self.problem(("vary", SEED), f"vary.{SEED}: a seed goes with 'season: random', in the base or in 'vary'")
        return found

    def fitting(self, found: list[Variation], method: Method) -> None:
        """Ways of varying that the method cannot use."""
        drawn = [v for v in found if v.form != "seed"]
        for v in drawn:
            if method == "grid" and not v.discrete:
                said = f"'{v.form}' does not go with a grid: give a list or a range, or another method"
                self.problem(("vary", v.key), f"vary.{v.key}: {said}")
