"""Shares of the variance of a figure that each input decides: Sobol indices, estimated from Saltelli's draws.

A function of d independent inputs is computed on two samples A and B of n rows, and for each input k on A with column
k taken from B. First order: Saltelli, A., Annoni, P., Azzini, I., Campolongo, F., Ratto, M., Tarantola, S. (2010),
Variance based sensitivity analysis of model output, Comput. Phys. Commun. 181, 259-270, table 2 (b). Total order:
Jansen, M. J. W. (1999), Analysis of variance designs for model output, Comput. Phys. Commun. 117, 35-43.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.errors import UsageError
from sim.study.findings.counts import CONFIDENCE
from sim.study.findings.table import Floats
from sim.values import Valued

REPEATS: Final = 1000  # resamples for the errors
SEED: Final = 20_100
AT_ONCE: Final = 2_000_000  # counts of resamples in memory at a time
FLAT: Final = 1e-12  # a variance that is smaller than this part of the mean square is rounding


@dataclass(frozen=True, eq=False)
class Indices(Valued):
    """First- and total-order shares of the variance, (d,) each, with standard errors and intervals at `CONFIDENCE`.

    The shares of a finite sample may be a little below 0 or above 1; all are NaN where the figure does not vary.
    """

    first: Floats
    first_error: Floats
    first_low: Floats
    first_high: Floats
    total: Floats
    total_error: Floats
    total_low: Floats
    total_high: Floats
    variance: float


def indices(a: Floats, b: Floats, ab: Floats, *, repeats: int = REPEATS, seed: int = SEED) -> Indices:
    """Sobol indices of a figure on A (n,), on B (n,) and on A with each column from B (d, n).

    The errors are of a bootstrap over the n rows, each with all its d + 2 values, and depend on `seed` alone. Raises
    UsageError for arrays whose shapes do not fit, for fewer than two rows and for values that are not finite.
    """
    a, b, ab = (np.asarray(x, dtype=np.float64) for x in (a, b, ab))
    n = len(a)
    if a.ndim != 1 or b.shape != a.shape or ab.ndim != 2 or ab.shape[1:] != a.shape:
        raise UsageError(f"shapes are {a.shape}, {b.shape} and {ab.shape}, wanted are (n,), (n,) and (d, n)")
    if n < 2 or repeats < 2:
        raise UsageError(f"{n} rows and {repeats} resamples, two of each at least are needed")
    if not all(np.isfinite(x).all() for x in (a, b, ab)):
        raise UsageError("a value is not finite: leave its row out of all blocks")
    middle = float(np.mean([a, b]))
    a, b, ab = a - middle, b - middle, ab - middle  # the estimates do not change, their errors are least
    terms = np.vstack([a + b, a * a + b * b, b * (ab - a), 0.5 * (a - ab) ** 2])  # (2 + 2 d, n)
    first, total, variance = _estimates(terms.mean(axis=1)[:, None])
    resampled_first, resampled_total, _ = _estimates(_resampled(terms, repeats, seed))
    if variance[0] <= FLAT * (middle**2 + float(variance[0])):
        nothing = np.full(len(ab), np.nan)
        return Indices(nothing, nothing, nothing, nothing, nothing, nothing, nothing, nothing, 0.0)
    tail = (1 - CONFIDENCE) / 2
    f_low, f_high = np.quantile(resampled_first, (tail, 1 - tail), axis=1)
    t_low, t_high = np.quantile(resampled_total, (tail, 1 - tail), axis=1)
    return Indices(
        first[:, 0], resampled_first.std(axis=1, ddof=1), f_low, f_high,
        total[:, 0], resampled_total.std(axis=1, ddof=1), t_low, t_high, float(variance[0]),
    )  # fmt: skip


def _estimates(means: Floats) -> tuple[Floats, Floats, Floats]:
    """First- and total-order shares (d, m) and the variance (m,) of m means of the terms (2 + 2 d, m)."""
    d = (len(means) - 2) // 2
    variance = means[1] / 2 - (means[0] / 2) ** 2  # of the 2 n values of A and B
    with np.errstate(invalid="ignore", divide="ignore"):
        first, total = means[2 : 2 + d] / variance, means[2 + d :] / variance
    flat = variance <= 0
    first[:, flat], total[:, flat] = 0.0, 0.0
    return first, total, variance


def _resampled(terms: Floats, repeats: int, seed: int) -> Floats:
    """Means of the terms (k, n) over resamples of the n rows, (k, repeats)."""
    n = terms.shape[1]
    random = np.random.default_rng(seed)
    out = []
    step = max(1, AT_ONCE // n)
    for start in range(0, repeats, step):
        counts = random.multinomial(n, np.full(n, 1.0 / n), size=min(step, repeats - start))
        out.append(terms @ counts.T.astype(np.float64) / n)
    return np.concatenate(out, axis=1)
