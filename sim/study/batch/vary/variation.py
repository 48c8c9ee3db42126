"""How one key of a study varies: a list, a range or a distribution, each as values of a share from 0 to 1.

Distributions are drawn by their inverse distribution function, so that one uniform number makes one value whatever
the method of drawing. A date is drawn to the minute, a whole number to the unit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sim.scenario.schema import moment
from sim.study.batch.vary.keys import Kind, Value

Form = Literal["list", "range", "uniform", "triangular", "normal", "choice", "seed"]
TAILS = (0.05, 0.95)  # the shares at which one_at_a_time takes a distribution
SEED_BITS = 53  # of a uniform number that makes a seed
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Variation:
    """How one dotted key varies.

    `kind` is what the key holds, `form` how it varies. `values` are those of a list, a range or a choice, with
    `weights` of a choice. `low` and `high` bound a distribution; `middle` is the mode of a triangular, the mean of a
    normal one, `sd` its standard deviation; of dates they are minutes since 1970. `implied`: the study file does not
    name it, but a random season needs a seed of its own for each draw.
    """

    key: str
    kind: Kind
    form: Form
    values: tuple[Value, ...] = ()
    weights: tuple[float, ...] = ()
    low: float = 0.0
    high: float = 0.0
    middle: float = 0.0
    sd: float = 0.0
    implied: bool = False

    @property
    def discrete(self) -> bool:
        """Whether it has a list of values, which a grid needs."""
        return self.form in ("list", "range")

    def at(self, share: float) -> Value:
        """The value below which a share (0 to 1, 1 excluded) of the draws lies."""
        if self.form == "seed":
            return int(share * 2**SEED_BITS)
        if self.form == "choice":
            edge, whole = 0.0, math.fsum(self.weights)
            for value, weight in zip(self.values, self.weights, strict=True):
                edge += weight / whole
                if share < edge:
                    return value
            return next(v for v, w in zip(self.values[::-1], self.weights[::-1], strict=True) if w > 0)
        if self.values:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        return self._whole(self._quantile(share))

    def _quantile(self, share: float) -> float:
        low, high = self.low, self.high
        if self.form == "uniform":
            return low + share * (high - low + (self.kind == "integer"))
        if self.form == "triangular":
            mode = self.middle
            turn = (mode - low) / (high - low)
            if share < turn:
                return low + math.sqrt(share * (high - low) * (mode - low))
            return high - math.sqrt((1 - share) * (high - low) * (high - mode))
        from scipy.special import ndtr, ndtri

        first, last = (float(ndtr((x - self.middle) / self.sd)) for x in (low, high))
        return min(max(self.middle + self.sd * float(ndtri(first + share * (last - first))), low), high)

    def _whole(self, number: float) -> Value:
        """A number as a value of the key: a date of its minutes, a whole number within the bounds."""
        if self.kind == "moment":
            return date_text(number)
        if self.kind == "integer":
            whole = math.floor(number) if self.form == "uniform" else round(number)
            return int(min(max(whole, self.low), self.high))
        return float(number)

    def checked(self) -> tuple[Value, ...]:
        """The values that are held against the schema before anything runs: of a list all, else the ends."""
        if self.form == "seed":
            return ()
        if self.form == "range":
            return tuple(dict.fromkeys((self.values[0], self.values[-1])))
        return self.values or tuple(dict.fromkeys((self._whole(self.low), self._whole(self.high))))

    def ends(self) -> tuple[Value, ...]:
        """The values that one_at_a_time tries: all of a list, a range or a choice, else the tails."""
        return self.values or tuple(dict.fromkeys(map(self.at, TAILS)))

    def told(self) -> dict[str, Any]:
        """It as JSON values, for the manifest."""
        out: dict[str, Any] = {"key": self.key, "kind": self.form, "type": self.kind}
        if self.values:
            out["values"] = list(self.values)
        if self.form == "choice":
            out["weights"] = list(self.weights)
        if self.form in ("uniform", "triangular", "normal"):
            out |= {"low": self._whole(self.low), "high": self._whole(self.high)}
        if self.form == "triangular":
            out["mode"] = self._whole(self.middle)
        if self.form == "normal":
            mean = date_text(self.middle) if self.kind == "moment" else self.middle
            out |= {"mean": mean, "sd": self.sd / (1440 if self.kind == "moment" else 1)}
        return out | ({"implied": True} if self.implied else {})


def minutes(value: object) -> float:
    """Minutes since 1970 of a date of a file. Raises ValueError."""
    return (moment(value) - EPOCH) / timedelta(minutes=1)


def date_text(number: float) -> str:
    """A date of a file, to the minute, of minutes since 1970."""
    return (EPOCH + timedelta(minutes=round(number))).strftime("%Y-%m-%dT%H:%MZ")


def plain(kind: Kind, value: object) -> Value:
    """A value of a file as the key's kind. Raises ValueError that says what is wanted."""
    if value is None:
        return None
    if kind == "moment":
        return date_text(minutes(value))
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "number" and is_number:
        number = float(value)  # type: ignore[arg-type]
        if not math.isfinite(number):
            raise ValueError("must be a finite number")
        return number
    wanted = {"number": "a number", "integer": "a whole number", "boolean": "true or false", "text": "text"}[kind]
    types: dict[str, type] = {"integer": int, "boolean": bool, "text": str}
    if kind == "number" or not isinstance(value, types[kind]) or (kind == "integer" and isinstance(value, bool)):
        raise ValueError(f"must be {wanted}")
    return value  # type: ignore[return-value]
