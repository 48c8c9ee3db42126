"""Closures of unknown end: to wait or to turn, what each costs on average, and how long patience pays.

A ship before a closed passage waits at `wait_usd_day`, or turns and pays `turn_usd` more for the way round. With a
patience of t days it waits until the passage opens, and turns after t days in vain:

    E[cost(t)] = wait_usd_day * E[min(D, t)] + turn_usd * P(D > t)

of a duration D. Its derivative is S(t) * (wait_usd_day - turn_usd * h(t)), S the survival function and h the hazard
rate of the end: waiting pays while the chance that the closure ends now exceeds wait_usd_day / turn_usd. An exponential
duration has no memory, h = 1 / mean: wait to the end, or turn at once. Whoever knew D would pay
min(wait_usd_day * D, turn_usd); what a plan costs more than that on average is its regret. (The rent-or-buy problem:
R. M. Karp, On-line algorithms versus off-line algorithms, IFIP 1992.)
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from sim.errors import UsageError, did_you_mean

KINDS: Final = ("exponential", "lognormal", "uniform")
FORMS: Final = "exponential:MEAN, lognormal:MEDIAN,SIGMA, uniform:LOW,HIGH, in days"
LONGEST_DAYS: Final = 36525.0
MOST_SIGMA: Final = 5.0
STEPS: Final = 400  # of the search for the best patience, over the logarithm of time
NARROW: Final = 60  # halvings after it


class Duration(Protocol):
    """How long a closure may last."""

    @property
    def mean_days(self) -> float:
        """Mean length, days."""

    def survival(self, days: float) -> float:
        """P(D > days)."""

    def capped_mean_days(self, days: float) -> float:
        """E[min(D, days)]."""

    def patience_days(self) -> tuple[float, ...]:
        """Patience at which the expected cost may be least inside, besides none and any; empty where there is none."""


def _need(what: str, value: float, low: float, high: float) -> None:
    if not low < value <= high:
        raise UsageError(f"{what} of a closure is {value:g}, allowed is more than {low:g} and at most {high:g}")


@dataclass(frozen=True)
class Exponential:
    """A constant chance per day that the closure ends."""

    mean_days: float

    def __post_init__(self) -> None:
        _need("mean days", self.mean_days, 0.0, LONGEST_DAYS)

    def survival(self, days: float) -> float:
        """P(D > days)."""
        return math.exp(-days / self.mean_days)

    def capped_mean_days(self, days: float) -> float:
        """E[min(D, days)]."""
        return -self.mean_days * math.expm1(-days / self.mean_days)

    def patience_days(self) -> tuple[float, ...]:
        """None: no patience or any is best."""
        return ()


@dataclass(frozen=True)
class Lognormal:
    """The logarithm is normal with median and standard deviation `sigma`: the longer it lasts, the longer it will."""

    median_days: float
    sigma: float

    def __post_init__(self) -> None:
        _need("median days", self.median_days, 0.0, LONGEST_DAYS)
        _need("sigma", self.sigma, 0.0, MOST_SIGMA)

    @property
    def mean_days(self) -> float:
        """Mean length, days."""
        return self.median_days * math.exp(self.sigma**2 / 2)

    def _below(self, days: float, shift: float = 0.0) -> float:
        if days <= 0:
            return 0.0
        z = math.log(days / self.median_days) / self.sigma - shift
        return 0.5 * math.erfc(-z / math.sqrt(2))

    def survival(self, days: float) -> float:
        """P(D > days)."""
        return 1.0 if days <= 0 else 0.5 * math.erfc(math.log(days / self.median_days) / self.sigma / math.sqrt(2))

    def capped_mean_days(self, days: float) -> float:
        """E[min(D, days)]."""
        if math.isinf(days):
            return self.mean_days
        return self.mean_days * self._below(days, self.sigma) + days * self.survival(days)

    def patience_days(self) -> tuple[float, ...]:
        """A grid, from 6 standard deviations below the median to 6 above."""
        reach = 6 * self.sigma
        return tuple(self.median_days * math.exp(reach * (2 * k / STEPS - 1)) for k in range(STEPS + 1))


@dataclass(frozen=True)
class Uniform:
    """Every length from `low_days` to `high_days` is as likely."""

    low_days: float
    high_days: float

    def __post_init__(self) -> None:
        if not 0 <= self.low_days < self.high_days <= LONGEST_DAYS:
            raise UsageError(
                f"days of a closure are {self.low_days:g} to {self.high_days:g}, allowed is 0 to {LONGEST_DAYS:g}, the "
                "lower one first"
            )

    @property
    def mean_days(self) -> float:
        """Mean length, days."""
        return (self.low_days + self.high_days) / 2

    def survival(self, days: float) -> float:
        """P(D > days)."""
        return min(max((self.high_days - days) / (self.high_days - self.low_days), 0.0), 1.0)

    def capped_mean_days(self, days: float) -> float:
        """E[min(D, days)]."""
        inside = min(max(days, self.low_days), self.high_days)
        below = (inside**2 - self.low_days**2) / 2 / (self.high_days - self.low_days)
        return below + min(days, self.high_days) * self.survival(days)

    def patience_days(self) -> tuple[float, ...]:
        """None: the chance of an end grows, so that whoever waits at all waits to the end."""
        return ()


@dataclass(frozen=True)
class Past:
    """One of the lengths of past closures, each as likely."""

    days: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.days:
            raise UsageError("there is no past closure to take a length from")
        for value in self.days:
            _need("days", value, 0.0, LONGEST_DAYS)

    @property
    def mean_days(self) -> float:
        """Mean length, days."""
        return sum(self.days) / len(self.days)

    def survival(self, days: float) -> float:
        """P(D > days)."""
        return sum(d > days for d in self.days) / len(self.days)

    def capped_mean_days(self, days: float) -> float:
        """E[min(D, days)]."""
        return sum(min(d, days) for d in self.days) / len(self.days)

    def patience_days(self) -> tuple[float, ...]:
        """The lengths themselves: the cost grows between them and falls at them."""
        return tuple(sorted(set(self.days)))


@dataclass(frozen=True)
class Patience:
    """To wait to the end, to turn at once, and the best patience: expected USD of a ship, and the regret of each.

    `best_days` is 0 for turning at once and infinite for waiting to the end; `known_usd` is what is paid on average by
    whoever knows the end.
    """

    wait_usd: float
    turn_usd: float
    best_days: float
    best_usd: float
    known_usd: float

    @property
    def wait_regret_usd(self) -> float:
        """What waiting costs more than knowing the end."""
        return self.wait_usd - self.known_usd

    @property
    def turn_regret_usd(self) -> float:
        """What turning costs more than knowing the end."""
        return self.turn_usd - self.known_usd

    @property
    def best_regret_usd(self) -> float:
        """What the best patience costs more than knowing the end."""
        return self.best_usd - self.known_usd


def expected_usd(duration: Duration, wait_usd_day: float, turn_usd: float, patience_days: float) -> float:
    """Expected cost of a patience, USD; infinite patience waits to the end."""
    if math.isinf(patience_days):
        return wait_usd_day * duration.mean_days
    left = duration.survival(patience_days)
    return wait_usd_day * duration.capped_mean_days(patience_days) + (turn_usd * left if left else 0.0)


def patience(duration: Duration, wait_usd_day: float, turn_usd: float) -> Patience:
    """The two plans and the best between them. `turn_usd` is infinite where there is no way round.

    Raises UsageError for costs that are negative or no numbers.
    """
    if not 0 <= wait_usd_day < math.inf or not turn_usd >= 0:
        raise UsageError(f"waiting costs {wait_usd_day:g} USD a day and turning {turn_usd:g} USD, allowed is 0 or more")

    def cost(days: float) -> float:
        return expected_usd(duration, wait_usd_day, turn_usd, days)

    wait = cost(math.inf)
    inside = duration.patience_days()
    plans = [(turn_usd, 0.0), (wait, math.inf), *((cost(t), t) for t in inside)]
    best_usd, best = min(plans)
    if isinstance(duration, Lognormal) and 0 < best < math.inf:
        best = _narrowed(cost, best, math.exp(12 * duration.sigma / STEPS))
        best_usd = min(best_usd, cost(best))
    free = math.inf if wait_usd_day == 0 else turn_usd / wait_usd_day
    known = wait if math.isinf(free) else wait_usd_day * duration.capped_mean_days(free)
    return Patience(wait, turn_usd, best, best_usd, known)


def _narrowed(cost: _Cost, near: float, factor: float) -> float:
    """The place of the least cost between `near` / factor and `near` * factor."""
    low, high = near / factor, near * factor
    for _ in range(NARROW):
        a, b = low + (high - low) / 3, high - (high - low) / 3
        low, high = (low, b) if cost(a) <= cost(b) else (a, high)
    return (low + high) / 2


class _Cost(Protocol):
    def __call__(self, days: float, /) -> float: ...


def parse_duration(text: str, past: Iterable[float] = ()) -> Duration:
    """A duration of a text such as 'exponential:20'; 'past' takes the lengths given. Raises UsageError."""
    kind, _, rest = text.strip().partition(":")
    kind = kind.strip().casefold()
    if kind == "past" and not rest:
        return Past(tuple(past))
    if kind not in KINDS:
        raise UsageError(f"duration is '{text}'{did_you_mean(kind, (*KINDS, 'past'))}, allowed: {FORMS}, or past")
    try:
        numbers = [float(word) for word in rest.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != (1 if kind == "exponential" else 2) or not all(map(math.isfinite, numbers)):
        raise UsageError(f"duration is '{text}', allowed: {FORMS}, or past")
    if kind == "exponential":
        return Exponential(numbers[0])
    return Lognormal(*numbers) if kind == "lognormal" else Uniform(*numbers)
