"""Shares of draws with their sampling error, quantiles, and the groups of draws that they are told for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Final

import numpy as np

from sim.errors import UsageError
from sim.study.findings.table import Flags, Floats, StudyTable, ordered

CONFIDENCE: Final = 0.95
QUANTILES: Final = (0.05, 0.25, 0.50, 0.75, 0.95)
KEYS: Final = ("month", "week", "year", "pathway", "ice_class", "decade")  # what draws are grouped by


@dataclass(frozen=True)
class Share:
    """A share of draws, 0 to 1, with the interval in which the probability lies at `CONFIDENCE`.

    `count` of `draws`; `share`, `low` and `high` are None where there is no draw.
    """

    count: int
    draws: int
    share: float | None
    low: float | None
    high: float | None


def share_of(count: int, draws: int, confidence: float = CONFIDENCE) -> Share:
    """A share with its interval of Wilson (1927): the probabilities p with |share - p| <= z sqrt(p (1 - p) / draws).

    Unlike share +- z sqrt(share (1 - share) / draws) it keeps within 0 and 1 and has a width at 0 of n. Wilson, E. B.
    (1927), Probable inference, the law of succession, and statistical inference, J. Am. Stat. Assoc. 22, 209-212.
    Raises UsageError for a count outside 0 to `draws` or a confidence outside 0 to 1.
    """
    if not 0 <= count <= draws:
        raise UsageError(f"count is {count}, allowed is 0 to {draws}, the draws")
    if not 0 < confidence < 1:
        raise UsageError(f"confidence is {confidence:g}, allowed is more than 0 and less than 1")
    if draws == 0:
        return Share(0, 0, None, None, None)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    p, zz = count / draws, z * z / draws
    middle = (p + zz / 2) / (1 + zz)
    half = z / (1 + zz) * sqrt(p * (1 - p) / draws + zz / (4 * draws))
    low = 0.0 if count == 0 else max(0.0, middle - half)
    high = 1.0 if count == draws else min(1.0, middle + half)
    return Share(count, draws, p, low, high)


def quantiles(values: Floats) -> tuple[float | None, ...]:
    """The `QUANTILES` of values (n,), between neighbours linearly (type 7 of Hyndman and Fan 1996); None of nothing."""
    if not len(values):
        return tuple(None for _ in QUANTILES)
    return tuple(float(v) for v in np.quantile(values, QUANTILES))


@dataclass(frozen=True)
class Group:
    """Draws of which a figure is told; a key that is None is not asked for. `month` and `week` are of the departure.

    `week` k begins on day 7 (k - 1) of the year. `year` and `decade` are of the ice.
    """

    month: str | None = None
    week: str | None = None
    year: str | None = None
    pathway: str | None = None
    ice_class: str | None = None
    decade: str | None = None


def groups(table: StudyTable, by: Sequence[str]) -> Iterator[tuple[Group, Flags]]:
    """The groups of rows by some of the `KEYS`, in reading order, each with its rows (n,); none for no rows there."""
    if not by:
        yield Group(), np.ones(len(table), dtype=bool)
        return
    columns = [_column(table, key) for key in by]
    ranks = [{name: k for k, name in enumerate(ordered(set(c), key))} for c, key in zip(columns, by, strict=True)]
    numbers = [np.array([rank[v] for v in c], dtype=np.int64) for c, rank in zip(columns, ranks, strict=True)]
    names = [list(rank) for rank in ranks]
    found, at = np.unique(np.stack(numbers), axis=1, return_inverse=True)
    at = np.asarray(at).reshape(-1)
    for k in range(found.shape[1]):
        picked = {key: names[j][found[j, k]] for j, key in enumerate(by)}
        yield Group(**picked), at == k


def _column(table: StudyTable, key: str) -> Sequence[str]:
    if key in ("pathway", "ice_class"):
        return [str(v) for v in table[key]]
    return [str(v) for v in getattr(table, key)]
