"""The draws of a study: which values each has. A draw is a function of the study and its number alone.

`grid` takes all combinations, the departure fastest, the last of the other keys next. `monte_carlo` draws number i
from a generator of (seed, i). `sobol` takes a scrambled Sobol sequence of the seed in 2 d dimensions for the matrices
A and B of Saltelli et al. (2010, Comput. Phys. Commun. 181:259-270) and orders the rows by sample: A, B, then A with
the column j of B, for each of the d keys. `one_at_a_time` begins with the base and changes one key at a time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal

import numpy as np

from sim.geo.geodesy import Floats
from sim.study.batch.vary.keys import Value
from sim.study.batch.vary.variation import Variation

Method = Literal["grid", "monte_carlo", "sobol", "one_at_a_time"]
METHODS: tuple[Method, ...] = ("grid", "monte_carlo", "sobol", "one_at_a_time")
SAMPLED: tuple[Method, ...] = ("monte_carlo", "sobol")  # their draws are a sample of what may happen
DEPART = "voyage.depart"
SEED, SEASON = "ice.seed", "ice.season"


@dataclass(frozen=True)
class Draws:
    """What each draw of a study varies: `base` are the values of the keys where a draw leaves them alone."""

    method: Method
    variations: tuple[Variation, ...]
    samples: int
    seed: int
    base: tuple[Value, ...]

    @property
    def dimensions(self) -> tuple[Variation, ...]:
        """The keys that are drawn as such: all but a seed that only a Sobol study draws as a number of its own."""
        return tuple(v for v in self.variations if v.form != "seed" or self.method == "sobol")

    @cached_property
    def count(self) -> int:
        """Number of draws."""
        if self.method == "grid":
            return math.prod(len(v.values) for v in self.dimensions)
        if self.method == "one_at_a_time":
            return 1 + len(self._steps)
        return self.samples * (len(self.dimensions) + 2 if self.method == "sobol" else 1)

    def values(self, number: int) -> dict[str, Value]:
        """The value of every varied key in a draw, in the order of the study; a seed only where a season is random."""
        if not 0 <= number < self.count:
            raise IndexError(f"draw {number} of {self.count}")
        if self.method == "grid":
            found = self._of_grid(number)
        elif self.method == "one_at_a_time":
            found = self._of_steps(number)
        else:
            shares = self._shares(number)
            found = {v.key: v.at(float(share)) for v, share in zip(self.dimensions, shares, strict=True)}
        return self._in_order(found, number)

    def _in_order(self, found: dict[str, Value], number: int) -> dict[str, Value]:
        out: dict[str, Value] = {}
        for v, base in zip(self.variations, self.base, strict=True):
            if v.form != "seed" or v.key in found:
                out[v.key] = found[v.key]
            elif self.method == "one_at_a_time":  # one season for all, so that only the key makes the difference
                out[v.key] = seed_of(self.seed, 0) if base is None else base
            else:
                out[v.key] = seed_of(self.seed, number)
        if SEED in out and SEASON in out and out[SEASON] != "random":
            out[SEED] = None
        return out

    @cached_property
    def _order(self) -> tuple[Variation, ...]:
        """Keys of a grid from the slowest to the fastest."""
        return tuple(sorted(self.dimensions, key=lambda v: v.key == DEPART))

    def _of_grid(self, number: int) -> dict[str, Value]:
        out: dict[str, Value] = {}
        for v in reversed(self._order):
            number, place = divmod(number, len(v.values))
            out[v.key] = v.values[place]
        return out

    @cached_property
    def _steps(self) -> tuple[tuple[str, Value], ...]:
        """Key and value of the draws after the base."""
        return tuple((v.key, value) for v in self.dimensions for value in v.ends())

    def _of_steps(self, number: int) -> dict[str, Value]:
        out = {v.key: base for v, base in zip(self.variations, self.base, strict=True) if v.form != "seed"}
        return out if number == 0 else out | dict([self._steps[number - 1]])

    def steps_told(self) -> list[dict[str, Any]]:
        """Of one_at_a_time: the numbers of the draws that change each key; draw 0 is the base."""
        out: dict[str, list[int]] = {v.key: [] for v in self.dimensions}
        for number, (key, _) in enumerate(self._steps, start=1):
            out[key].append(number)
        return [{"key": key, "draws": draws} for key, draws in out.items()]

    def _shares(self, number: int) -> Floats:
        """Uniform numbers (d,) of a draw."""
        size = len(self.dimensions)
        if self.method == "monte_carlo":
            return np.asarray(np.random.default_rng(np.random.SeedSequence((self.seed, number))).random(size))
        sample, row = divmod(number, size + 2)
        both = _sequence(self.samples, size, self.seed)[sample]
        first, second = both[:size], both[size:]
        if row < 2:
            return np.asarray(second if row else first)
        out = np.array(first)
        out[row - 2] = second[row - 2]
        return out


def seed_of(seed: int, number: int) -> int:
    """The seed of the random season of a draw, 0 to 2^53 - 1: spreadsheets and JSON keep such numbers to the unit."""
    return int(np.random.SeedSequence((seed, number, 1)).generate_state(1, np.uint64)[0] >> np.uint64(11))


@lru_cache(maxsize=2)
def _sequence(samples: int, size: int, seed: int) -> Floats:
    """A scrambled Sobol sequence (n, 2 d)."""
    from scipy.stats import qmc

    return np.asarray(qmc.Sobol(2 * size, scramble=True, seed=np.random.default_rng(seed)).random(samples))
