"""What a study will do, before it does it: combinations that make no scenario, counts, parts, and how long it takes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pydantic import ValidationError

from sim.errors import ScenarioError
from sim.scenario.checks import consistency_problems
from sim.scenario.load import problems_of
from sim.scenario.schema import Scenario
from sim.scenario.yaml_text import At, Document, brief, key_path
from sim.study.batch.spec import Study
from sim.study.batch.vary.keys import Value, with_values
from sim.study.batch.vary.variation import Variation

LIMIT = 200_000  # voyages, unless more are asked for
PART_VOYAGES = 16  # at least so many in a part
MOST_PARTS = 1000
MOST_PAIRS = 3000  # combinations of two values that are looked at
MAX_PROBLEMS = 30
# voyages a second and process where nothing is timed: measured on one core of 2024, see docs/decisions/0026
RATE_ICE, RATE_OPEN = 6.0, 120.0


@dataclass(frozen=True)
class Plan:
    """What a study will do: `draws` of `alternatives` each make `voyages`, in `parts` files of `part_draws` draws.

    `rate` are voyages a second and process, `timed` whether it was measured; else it is a usual one.
    """

    draws: int
    alternatives: int
    part_draws: int
    rate: float
    timed: bool = False

    @property
    def voyages(self) -> int:
        return self.draws * self.alternatives

    @property
    def parts(self) -> int:
        """Files that it is done in, each whole or not there."""
        return -(-self.draws // self.part_draws)

    def seconds(self, workers: int = 1) -> float:
        """How long the voyages take on so many processes."""
        return self.voyages / self.rate / max(workers, 1)

    def draws_of(self, part: int) -> range:
        """Numbers of the draws of a part."""
        return range(part * self.part_draws, min((part + 1) * self.part_draws, self.draws))

    def rows_of(self, part: int) -> int:
        """Rows of a part."""
        return len(self.draws_of(part)) * self.alternatives


def plan_of(study: Study, limit: int = LIMIT) -> Plan:
    """The plan of a study. Raises ScenarioError for too many voyages and for values that make no scenario."""
    count, labels = study.draws.count, len(study.labels)
    voyages = count * labels
    rate = RATE_OPEN if study.base.get("ice") is None else RATE_ICE
    if voyages > limit:
        raise ScenarioError([_oversized(study, count, labels, limit, rate)])
    problems = list(dict.fromkeys(_problems(study)))
    if problems:
        more = len(problems) - MAX_PROBLEMS
        told = problems if more <= 0 else [*problems[:MAX_PROBLEMS], f"{study.file}: and {more:,} problems more"]
        raise ScenarioError(told)
    part = max(-(-PART_VOYAGES // labels), -(-count // MOST_PARTS))
    if study.draws.method == "sobol":  # the rows of a sample share voyages
        block = len(study.draws.dimensions) + 2
        part = -(-part // block) * block
    return Plan(count, labels, part, rate)


def _oversized(study: Study, count: int, labels: int, limit: int, rate: float) -> str:
    sizes = ""
    if study.draws.method == "grid":
        sizes = " (" + " x ".join(f"{len(v.values):,}" for v in study.draws.dimensions) + ")"
    hours = count * labels / rate / 3600
    size, unit = (24.0, "days") if hours >= 48 else (1.0, "hours") if hours >= 2 else (1 / 60, "minutes")
    line = study.lines.get(("vary",), 1)
    total = f"{count:,} draws{sizes} of {labels} alternative{'s' if labels > 1 else ''} are {count * labels:,} voyages"
    time = f"about {hours / size:,.1f} {unit} on one process"
    return f"{study.file}:{line}: vary: {total}, {time}; at most {limit:,} are allowed, --limit raises that"


def _problems(study: Study) -> Iterator[str]:
    """What is wrong with single values, then with two of them together."""
    whole = study.draws.method != "one_at_a_time"
    bases = zip(study.variations, study.draws.base, strict=True)
    first = {v.key: next(iter(v.checked()), base) if whole else base for v, base in bases}
    others = {(of, text) for of, text in _faults(study, first)}
    good = True
    for v in study.variations:
        for k, value in enumerate(v.checked()):
            of_first = value == first[v.key] and type(value) is type(first[v.key])
            for of, text in _faults(study, first | {v.key: value}, named=v.kind == "text" or of_first):
                # what is wrong with another key as it is by itself is told where that key is looked at
                if of == v.key or (of_first and of == "") or (of, text) not in others:
                    good = False
                    yield f"{_place(study, v, k)} = {brief(value)}: {text}"
    if whole and good:
        yield from _of_pairs(study, first)


def _faults(study: Study, values: dict[str, Value], *, named: bool = True) -> list[tuple[str, str]]:
    """What is wrong with a scenario of some values: the varied key of each fault ("" for none of them), and a text.

    Names are looked up only where they may have changed (`named`): that takes most of the time.
    """
    if not named and not scenario_problems(with_values(study.base, _fit(values))):
        return []
    keys = ["", *values]
    lines: dict[At, int] = {(): 0}
    for number, key in enumerate(values, start=1):
        lines[tuple(int(part) if part.isdecimal() else part for part in key.split("."))] = number
    data = with_values(study.base, _fit(values))
    found = problems_of(Document("scenario", data, lines), study.folder)
    if found:
        return [(keys[number], text) for number, text in found]
    labels = tuple(a.label for a in Scenario.model_validate(data).alternatives)
    if labels != study.labels:
        return [("", "changes what an alternative is called; give it a 'name' in the base")]
    return []


def _fit(values: dict[str, Value]) -> dict[str, Value]:
    """Values with a seed only where the season is random."""
    if "ice.seed" in values and values.get("ice.season", "random") != "random":
        return values | {"ice.seed": None}
    if "ice.seed" in values and values["ice.seed"] is None:
        return values | {"ice.seed": 0}
    return values


def _place(study: Study, v: Variation, number: int) -> str:
    return study.place(v.key, number) if v.form == "list" else study.place(v.key)


def _of_pairs(study: Study, first: Mapping[str, Value]) -> Iterator[str]:
    """Two values that are good alone and make no scenario together."""
    looked = 0
    for a, b in combinations([v for v in study.variations if v.checked()], 2):
        ones, others = a.checked(), b.checked()
        if len(ones) * len(others) > MOST_PAIRS - looked:
            ones, others = _ends(ones), _ends(others)
        for x in ones:
            for y in others:
                looked += 1
                for text in scenario_problems(with_values(study.base, _fit(dict(first) | {a.key: x, b.key: y}))):
                    yield f"{study.place(b.key)} = {brief(y)} with {a.key} = {brief(x)}: {text}"


def _ends(values: tuple[Value, ...]) -> tuple[Value, ...]:
    return tuple(dict.fromkeys((values[0], values[-1])))


def scenario_problems(data: dict[str, Any]) -> list[str]:
    """What makes no scenario of data whose names are known: its types, and parts that do not fit together."""
    try:
        Scenario.model_validate(data)
    except ValidationError as error:
        return [f"{key_path(tuple(e['loc']))}: {e['msg']}".removeprefix(": ") for e in error.errors(include_url=False)]
    return [f"{key_path(at)}: {text}" for at, text in consistency_problems(data)]


def timed(plan: Plan, seconds: float, voyages: int) -> Plan:
    """The plan with the rate of voyages that were sailed in some seconds."""
    rate = voyages / max(seconds, 1e-6)
    return Plan(plan.draws, plan.alternatives, plan.part_draws, rate if math.isfinite(rate) else plan.rate, True)
