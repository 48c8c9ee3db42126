"""Where the base samples of a Sobol study stand among its draws.

The d + 2 rows A, B and A with each key's column from B of a base sample stand together, sample by sample, or each of
them is a block of all n samples. Which it is shows in the values: a row AB has those of A but for its key's own.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.study.findings.table import Column, StudyTable

SEED: Final = "ice.seed"  # left empty where the season of a draw is not random, whatever was drawn
MOST_UNLIKE = 0.1  # share of values that may not be those that the order wants


def base_rows(table: StudyTable) -> NDArray[np.int64] | None:
    """The draws of a Sobol study as (d + 2, n): A, B, then A with each key's column from B, in the order of the keys.

    None for a study of another method, and where the draws are in neither order or some are missing.
    """
    own, size = table.of(table.plan.baseline), len(table.plan.vary) + 2
    count = len(own)
    if table.plan.method != "sobol" or not count or count % size or not np.array_equal(own["draw"], np.arange(count)):
        return None
    numbers = np.arange(count, dtype=np.int64)
    found = min((numbers.reshape(-1, size).T, numbers.reshape(size, -1)), key=lambda rows: _unlike(own, rows))
    return found if _unlike(own, found) <= MOST_UNLIKE else None


def _unlike(own: StudyTable, rows: NDArray[np.int64]) -> float:
    """Share of the values in the rows AB that are not those of A, or of B for the key's own."""
    keys = [v.key for v in own.plan.vary]
    compared = [k for k in keys if k != SEED] or keys
    wrong = [
        np.mean(_differ(own[key][rows[2 + k]], own[key][rows[1 if keys[k] == key else 0]]))
        for k in range(len(keys))
        for key in compared
    ]
    return float(np.mean(wrong))


def _differ(a: Column, b: Column) -> Column:
    return np.array((a != b) & ~((a != a) & (b != b)))


def base_sample(table: StudyTable) -> StudyTable:
    """The rows that are a sample of what may happen: of a Sobol study those of A and B (the others repeat their
    values), of another study all."""
    rows = base_rows(table)
    return table if rows is None else table.where(np.isin(table["draw"], rows[:2]))
