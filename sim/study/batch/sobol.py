"""Shares of variance by the inputs: first and total order, of the matrices of Saltelli.

First order: Saltelli et al. 2010 (Comput. Phys. Commun. 181:259-270), table 2 (b). Total order: Jansen 1999 (Comput.
Phys. Commun. 117:35-43), table 2 (f) there. The variance is that of A and B together. Errors are standard deviations
over bootstrap samples of the rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.errors import UsageError
from sim.geo.geodesy import Floats

BOOTSTRAPS = 200
LEAST_ROWS = 8


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares of the variance: `first` (d,) of each input alone, `total` (d,) with all that it takes part in.

    `first_error`, `total_error` (d,) are one standard deviation. `rows` were used, `dropped` were left out since one of
    their values was null; `variance` is that of the values. All shares are NaN where nothing varies.
    """

    first: Floats
    total: Floats
    first_error: Floats
    total_error: Floats
    rows: int
    dropped: int
    variance: float


def shares(a: Floats, b: Floats, ab: Floats, *, bootstraps: int = BOOTSTRAPS, seed: int = 0) -> Shares:
    """Shares of the variance of a function's values: `a` (n,), `b` (n,), and `ab` (n, d), of A with column j of B.

    A row with NaN anywhere is left out of all estimates and counted: what is then estimated holds where the voyage is
    open. Raises UsageError for shapes that do not fit and for fewer than 8 rows that are left.
    """
    a, b, ab = (np.asarray(x, dtype=np.float64) for x in (a, b, ab))
    if a.ndim != 1 or b.shape != a.shape or ab.ndim != 2 or len(ab) != len(a) or not ab.shape[1]:
        said = f"a {a.shape}, b {b.shape}, ab {ab.shape}"
        raise UsageError(f"arrays of a Sobol study: {said}; wanted are (n,), (n,) and (n, d)")
    whole = np.isfinite(a) & np.isfinite(b) & np.isfinite(ab).all(axis=1)
    a, b, ab = a[whole], b[whole], ab[whole]
    if len(a) < LEAST_ROWS:
        raise UsageError(
            f"{len(a)} whole rows of {len(whole)} are too few for shares of variance; at least {LEAST_ROWS}"
        )
    first, total, variance = _estimates(a, b, ab)
    random = np.random.default_rng(seed)
    again = [_estimates(a[k], b[k], ab[k])[:2] for k in random.integers(0, len(a), (bootstraps, len(a)))]
    errors = np.std(np.array(again), axis=0) if again else np.full((2, ab.shape[1]), np.nan)
    return Shares(first, total, errors[0], errors[1], len(a), int((~whole).sum()), variance)


def matrices(values: Floats, inputs: int) -> tuple[Floats, Floats, Floats]:
    """`a` (n,), `b` (n,) and `ab` (n, d) of the values (n (d + 2),) of one alternative of a Sobol study, by its draws.

    `inputs` is d, the number of keys that vary. Raises UsageError for a number of values that does not fit.
    """
    rows = inputs + 2
    if inputs < 1 or len(values) % rows:
        raise UsageError(f"{len(values)} values of {inputs} inputs: wanted is a multiple of {rows}")
    table = np.asarray(values, dtype=np.float64).reshape(-1, rows)
    return table[:, 0], table[:, 1], table[:, 2:]


def _estimates(a: Floats, b: Floats, ab: Floats) -> tuple[Floats, Floats, float]:
    """First and total order (d,), and the variance."""
    both = np.concatenate([a, b])
    mean, variance = float(both.mean()), float(both.var())
    if variance <= 1e-24 * max(mean * mean, 1e-300):
        nothing = np.full(ab.shape[1], np.nan)
        return nothing, nothing.copy(), 0.0
    a, b, ab = a - mean, b - mean, ab - mean  # the first order is a product: about the mean it scatters least
    first = (b[:, None] * (ab - a[:, None])).mean(axis=0) / variance
    total = ((a[:, None] - ab) ** 2).mean(axis=0) / (2 * variance)
    return first, total, variance
