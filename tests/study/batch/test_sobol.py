"""Shares of variance against functions whose shares are known in closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.errors import UsageError
from sim.geo.geodesy import Floats
from sim.study.batch.draw import Draws
from sim.study.batch.sobol import Shares, matrices, shares
from sim.study.batch.vary.variation import Variation

# Ishigami and Homma 1990 with a = 7, b = 0.1: V1 = (1 + b pi4 / 5)2 / 2, V2 = a2 / 8, V13 = b2 pi8 8 / 225
V1 = 0.5 * (1 + 0.1 * math.pi**4 / 5) ** 2
V2 = 49 / 8
V13 = 0.01 * math.pi**8 * 8 / 225
VARIANCE = V1 + V2 + V13
FIRST = np.array([V1, V2, 0]) / VARIANCE
TOTAL = np.array([V1 + V13, V2, V13]) / VARIANCE


def ishigami(x: Floats) -> Floats:
    return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def drawn(samples: int, seed: int, d: int = 3) -> Floats:
    """Inputs (n (d + 2), d) of a Sobol study."""
    variations = tuple(Variation(f"x{k}", "number", "uniform", low=-math.pi, high=math.pi) for k in range(d))
    study = Draws("sobol", variations, samples, seed, (None,) * d)
    return np.array([list(study.values(k).values()) for k in range(study.count)], dtype=float)


def found(samples: int, seed: int = 1) -> Shares:
    return shares(*matrices(ishigami(drawn(samples, seed)), 3))


def test_the_known_shares_add_up() -> None:
    assert pytest.approx(0.3139, abs=1e-4) == FIRST[0]
    assert pytest.approx(0.4424, abs=1e-4) == FIRST[1]
    assert pytest.approx(0.2437, abs=1e-4) == TOTAL[2]


def test_shares_of_ishigami() -> None:
    of = found(2048)
    assert of.first == pytest.approx(FIRST, abs=0.02)
    assert of.total == pytest.approx(TOTAL, abs=0.02)
    assert of.variance == pytest.approx(VARIANCE, rel=0.02)
    assert (of.rows, of.dropped) == (2048, 0)


def test_the_errors_are_those_of_the_estimates() -> None:
    """Over 20 seeds the estimates scatter no more than their errors say, and more samples scatter less."""
    few = [found(128, seed) for seed in range(20)]
    off = np.array([f.total - TOTAL for f in few]) / np.array([f.total_error for f in few])
    assert np.abs(off).max() < 5
    assert (np.array([np.abs(f.first - FIRST) / f.first_error for f in few]) < 5).all()
    assert (found(2048).total_error < 0.5 * few[0].total_error).all()


def test_an_additive_function_has_no_more_in_total_than_alone() -> None:
    x = drawn(512, 3)
    of = shares(*matrices(x @ np.array([3.0, 2.0, 0.0]) + 1e6, 3))
    assert of.first == pytest.approx([9 / 13, 4 / 13, 0], abs=0.02)
    assert of.total == pytest.approx([9 / 13, 4 / 13, 0], abs=0.02)
    assert of.total[2] == pytest.approx(0, abs=1e-9)


def test_a_row_with_a_null_is_left_out_whole_and_counted() -> None:
    a, b, ab = (np.array(m) for m in matrices(ishigami(drawn(256, 1)), 3))
    kept = np.ones(256, dtype=bool)
    kept[[3, 50, 51]] = False
    a[3], b[50], ab[51, 2] = np.nan, np.inf, np.nan
    of = shares(a, b, ab)
    assert (of.rows, of.dropped) == (253, 3)
    plain = shares(a[kept], b[kept], ab[kept])
    assert of.first.tolist() == plain.first.tolist()
    assert of.total_error.tolist() == plain.total_error.tolist()


def test_where_nothing_varies_there_are_no_shares() -> None:
    of = shares(np.full(16, 5.0), np.full(16, 5.0), np.full((16, 2), 5.0))
    assert of.variance == 0
    assert np.isnan([*of.first, *of.total]).all()


@pytest.mark.parametrize(
    ("a", "b", "ab", "said"),
    [
        (np.zeros(9), np.zeros(8), np.zeros((9, 2)), r"wanted are \(n,\), \(n,\) and \(n, d\)"),
        (np.zeros(9), np.zeros(9), np.zeros(9), r"wanted are"),
        (np.zeros(9), np.zeros(9), np.zeros((9, 0)), r"wanted are"),
        (np.full(9, np.nan), np.zeros(9), np.zeros((9, 2)), "0 whole rows of 9 are too few"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(a: Floats, b: Floats, ab: Floats, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        shares(a, b, ab)


def test_values_that_do_not_fill_the_matrices_are_refused() -> None:
    with pytest.raises(UsageError, match="11 values of 3 inputs: wanted is a multiple of 5"):
        matrices(np.zeros(11), 3)
