"""What decides: Sobol shares of open, days, savings and cost of each alternative of a study that was drawn for them.

Whether a voyage is open is a figure of its own (1 or 0, every base row counts). Days, savings and cost exist for open
voyages alone: they are told of the base rows all of whose d + 2 voyages are open, and only where these are half of all
rows or more and at least `LEAST_ROWS`. That picks easy conditions out, so the rows used are told with the shares.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from sim.study.findings.blocks import base_rows
from sim.study.findings.sobol import Indices, indices
from sim.study.findings.table import Flags, Floats, StudyTable

FIGURES: Final = ("open", "days", "saved_days", "cost_usd")
LEAST_SHARE: Final = 0.5  # of the base rows that all figures must be known of
LEAST_ROWS: Final = 16
SEASONAL: Final = ("ice", "voyage")  # sections whose keys may change the season
SAME_Z: Final = 1e-9


class Untold(StrEnum):
    """Why no shares are told of a figure."""

    NO_VARIANCE = "does not vary"
    TOO_FEW_ROWS = "fewer than 16 base rows are known in all their draws"
    TOO_SMALL_SHARE = "less than half of the base rows are known in all their draws"


@dataclass(frozen=True)
class KeyShare:
    """Shares of the variance of a figure that one key decides: alone (`first`), and with all that it does together with
    others (`total`); standard errors and intervals at 95 % of a bootstrap over the base rows."""

    key: str
    first: float
    first_error: float
    first_low: float
    first_high: float
    total: float
    total_error: float
    total_low: float
    total_high: float


@dataclass(frozen=True)
class Decides:
    """What decides a `figure` (open, days, saved_days, cost_usd) of an alternative: a `KeyShare` a key, in the order of
    the study. `rows_used` of `rows` base rows count; `keys` is empty where `untold` says why."""

    alternative: str
    figure: str
    rows: int
    rows_used: int
    variance: float | None
    untold: Untold | None
    noise: bool
    keys: tuple[KeyShare, ...]


def decides(table: StudyTable) -> tuple[Decides, ...]:
    """The shares of each figure of each alternative; nothing for another method or for draws that are not whole."""
    rows = base_rows(table)
    if rows is None or rows.shape[1] < 2:
        return ()
    out = []
    for alternative in table.plan.alternatives:
        own = table.of(alternative)
        if not np.array_equal(own["draw"], np.arange(rows.size)):
            continue
        noise = _noise(own, own["season_z"][rows])
        for figure in FIGURES:
            if figure == "saved_days" and alternative == table.plan.baseline:
                continue
            values, known = _figure(own, figure)
            if known.any():
                out.append(_one(table, alternative, figure, values[rows], known[rows], noise))
    return tuple(out)


def _noise(own: StudyTable, z: Floats) -> bool:
    """Whether draws of A and AB that differ in a key that is not of the ice or the voyage have different seasons."""
    there = [k for k, v in enumerate(own.plan.vary) if not v.key.startswith(SEASONAL)]
    return any(bool((np.abs(z[2 + k] - z[0]) > SAME_Z).any()) for k in there)


def _figure(own: StudyTable, figure: str) -> tuple[Floats, Flags]:
    """Values of a figure, and where they are known."""
    if figure == "open":
        return own.open.astype(np.float64), ~own.failed
    values = own[figure]
    return values, own.open & np.isfinite(values)


def _one(table: StudyTable, alternative: str, figure: str, values: Floats, known: Flags, noise: bool) -> Decides:
    rows: Flags = np.asarray(known.all(axis=0), dtype=bool)
    n, used = len(rows), int(rows.sum())
    if used < max(LEAST_SHARE * n, LEAST_ROWS):
        why = Untold.TOO_SMALL_SHARE if used < LEAST_SHARE * n else Untold.TOO_FEW_ROWS
        return Decides(alternative, figure, n, used, None, why, noise, ())
    picked = values[:, rows]
    found = indices(picked[0], picked[1], picked[2:])
    if found.variance == 0:
        return Decides(alternative, figure, n, used, 0.0, Untold.NO_VARIANCE, noise, ())
    keys = tuple(_key(v.key, found, k) for k, v in enumerate(table.plan.vary))
    return Decides(alternative, figure, n, used, found.variance, None, noise, keys)


def _key(key: str, found: Indices, k: int) -> KeyShare:
    return KeyShare(
        key, float(found.first[k]), float(found.first_error[k]), float(found.first_low[k]), float(found.first_high[k]),
        float(found.total[k]), float(found.total_error[k]), float(found.total_low[k]), float(found.total_high[k]),
    )  # fmt: skip
