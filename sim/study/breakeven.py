"""Break-even: the value of one key of a scenario at which two alternatives cost, or take, the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import ValidationError

from sim.economy.prices.days import PriceDay
from sim.economy.rates import Missing
from sim.errors import UsageError, did_you_mean
from sim.geo.network import SeaNetwork
from sim.geo.route import Route
from sim.result import Result
from sim.scenario.convert import as_studied
from sim.scenario.schema import Alternative, Scenario
from sim.scenario.simulate import Sailing
from sim.study.sailing.sailed import Found, outcome_of
from sim.values import Valued

if TYPE_CHECKING:
    from sim.voyage.ice_route import IceRouter

Measure = Literal["cost", "days"]
SAMPLES = 9  # of the range, between which roots are looked for
# what may be solved for, and where it is looked for: short name, key, range
KEYS: dict[str, tuple[str, float, float]] = {
    "bunker": ("costs.fuel_usd_t", 50.0, 3000.0),
    "hire": ("costs.charter_usd_day", 0.0, 400_000.0),
    "carbon": ("costs.eua_eur_t", 0.0, 1000.0),
    "escort": ("costs.escort_usd", 0.0, 5_000_000.0),
    "escort_index": ("costs.escort_index", 0.0, 50.0),
    "toll_surcharge": ("costs.suez_surcharge_share", 0.0, 1.0),
    "toll_rebate": ("costs.suez_rebate_share", 0.0, 1.0),
    "cargo": ("costs.cargo_value_usd", 0.0, 5e9),
    "speed": ("alternatives.speed_kn", 5.0, 20.0),
    "nsr_speed": ("speeds.nsr", 3.0, 20.0),
}


@dataclass(frozen=True, eq=False, repr=False)
class BreakEven(Valued, Result):
    """Values at which two alternatives are equal, and what lies around them.

    `at` are the roots within `low` to `high`; `samples` the values tried with the difference (the second alternative
    less the first, USD or days; None where one of them does not arrive). `missing` are lines without an amount, each
    with its alternative and the reason: costs without them are incomplete. `off_date` are alternatives, lines and
    prices that are not of the month of departure.
    """

    key: str
    measure: Measure
    first: str
    second: str
    low: float
    high: float
    at: tuple[float, ...]
    samples: tuple[tuple[float, float | None], ...]
    missing: tuple[tuple[str, str, Missing], ...] = ()
    off_date: tuple[tuple[str, str, PriceDay], ...] = ()


def key_of(word: str) -> tuple[str, float, float]:
    """Key and usual range that a short name or a key means. Raises UsageError."""
    if word in KEYS:
        return KEYS[word]
    found = next((v for v in KEYS.values() if v[0] == word), None)
    if found is None:
        names = [*KEYS, *(v[0] for v in KEYS.values())]
        raise UsageError(f"cannot solve for '{word}'{did_you_mean(word, names)}; allowed: {', '.join(KEYS)}")
    return found


def break_even(
    scenario: Scenario,
    net: SeaNetwork,
    folder: Path,
    on: str,
    *,
    between: tuple[str, str] | None = None,
    measure: Measure = "cost",
    bounds: tuple[float, float] | None = None,
    router: IceRouter | None = None,
) -> BreakEven:
    """Solve for the value of a key at which two alternatives are equal; by default the baseline and the next one.

    A speed is that of the second alternative. `router` is one that is loaded already. Raises UsageError for unknown
    names, a range that is none, or a scenario without costs where cost is asked for.
    """
    from scipy.optimize import brentq

    key, low, high = key_of(on)
    low, high = bounds or (low, high)
    if not low < high:
        raise UsageError(f"the range is {low:g} to {high:g}, the first must be the smaller")
    if measure == "cost" and scenario.costs is None:
        raise UsageError("the scenario has no section 'costs': nothing is costed; add 'costs: {}' or ask for days")
    if measure == "days" and key.startswith("costs."):
        raise UsageError(f"'{key}' changes money, not days; ask for cost")
    first, second = _pair(scenario, between)
    trial = _Trial(scenario, net, folder, key, first, second, measure, router)
    values = np.linspace(low, high, SAMPLES)
    found = [(float(v), trial(float(v))) for v in values]
    roots = []
    for (a, fa), (b, fb) in pairwise(found):
        if fa is None or fb is None:
            continue
        if fa == 0:
            roots.append(a)
        elif fa * fb < 0:
            roots.append(float(brentq(lambda v: trial(v) or 0.0, a, b, xtol=1e-6 * (high - low))))
    gaps = tuple((label, *line) for label in (first, second) for line in trial.missing.get(label, ()))
    far = tuple((label, *line) for label in (first, second) for line in trial.off_date.get(label, ()))
    return BreakEven(key, measure, first, second, low, high, tuple(roots), tuple(found), gaps, far)


def _pair(scenario: Scenario, between: tuple[str, str] | None) -> tuple[str, str]:
    labels = [a.label for a in scenario.alternatives]
    if between is None:
        others = [x for x in labels if x != scenario.baseline_label]
        if not others:
            raise UsageError("a break-even needs two alternatives, the scenario has one")
        return scenario.baseline_label, others[0]
    for word in between:
        if word not in labels:
            raise UsageError(f"'{word}' is none of the alternatives{did_you_mean(word, labels)}: {', '.join(labels)}")
    if between[0] == between[1]:
        raise UsageError(f"a break-even is between two alternatives, not '{between[0]}' and itself")
    return between


class _Trial:
    """The difference between two alternatives at a value of a key."""

    def __init__(
        self,
        scenario: Scenario,
        net: SeaNetwork,
        folder: Path,
        key: str,
        first: str,
        second: str,
        measure: Measure,
        router: IceRouter | None,
    ) -> None:
        self.scenario, self.folder, self.net = as_studied(scenario), folder, net
        self.section, self.name = key.split(".")
        self.first, self.second, self.measure = first, second, measure
        self._sailed: dict[int, Found] = {}
        self._shortest: dict[Alternative, Route] = {}  # of all values: no key changes a size, an end or a closure
        sailing = Sailing(self.scenario, net, folder, router, self._shortest)
        sailing.check_escort()
        self._router = None if scenario.ice is None else sailing.router
        self.missing: dict[str, dict[tuple[str, Missing], None]] = {}  # by alternative, of all values tried
        self.off_date: dict[str, dict[tuple[str, PriceDay], None]] = {}

    def __call__(self, value: float) -> float | None:
        try:
            scenario = self._with(value)
        except ValidationError as error:
            raise UsageError(
                f"{self.section}.{self.name}: {value:g} is not allowed ({error.errors()[0]['msg']})"
            ) from None
        sailing = Sailing(scenario, self.net, self.folder, self._router, self._shortest)
        if self.section != "costs" or any(c.timed for c in scenario.closures):
            self._sailed.clear()  # prices alone change no route
        labels = [a.label for a in scenario.alternatives]
        worth = [self._worth(sailing, labels.index(label)) for label in (self.first, self.second)]
        return None if worth[0] is None or worth[1] is None else worth[1] - worth[0]

    def _worth(self, sailing: Sailing, number: int) -> float | None:
        def keep(sail: Callable[[], Found]) -> Found:
            if number not in self._sailed:
                self._sailed[number] = sail()
            return self._sailed[number]

        found = outcome_of(sailing, number, keep=keep)
        if not found.feasible:
            return None
        if self.measure == "days":
            return found.days
        if (costed := found.ledger) is None:
            return None
        gaps = {(c.what, c.missing): None for c in costed.missing if c.missing}
        self.missing.setdefault(found.label, {}).update(gaps)
        self.off_date.setdefault(found.label, {}).update({(c.what, p): None for c, p in costed.off_date})
        return costed.total_usd

    def _with(self, value: float) -> Scenario:
        data = self.scenario.model_dump(by_alias=True, exclude_none=True)
        if self.section == "costs":
            data["costs"] = {**data.get("costs", {}), self.name: value}
        elif self.section == "speeds":  # a speed in a named water, such as that in ice
            others = [s for s in data.get("speeds", ()) if s["water"] != self.name]
            data["speeds"] = [*others, {"water": self.name, "speed_kn": value}]
        else:
            for alternative in data["alternatives"]:
                if (alternative.get("name") or alternative["route"]) == self.second:
                    alternative[self.name] = value
        return Scenario.model_validate(data)
