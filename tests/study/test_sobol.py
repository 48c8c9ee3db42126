"""Sobol shares: functions whose shares are known, laws, and errors that are what they say."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import qmc

from sim.errors import UsageError
from sim.study.findings.sobol import Indices, indices
from sim.study.findings.table import Floats

Function = Callable[[Floats], Floats]


def ishigami(u: Floats) -> Floats:
    """Ishigami and Homma (1990) with a = 7 and b = 0.1, of (n, 3) inputs 0 to 1."""
    x = (2 * u - 1) * np.pi
    out: Floats = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    return out


def blocks(function: Function, n: int, d: int, seed: int = 1, random: bool = False) -> tuple[Floats, Floats, Floats]:
    """The function on A, on B and on A with each column from B."""
    u = np.random.default_rng(seed).random((n, 2 * d)) if random else qmc.Sobol(2 * d, seed=seed).random(n)
    a, b = u[:, :d], u[:, d:]
    mixed = []
    for k in range(d):
        block = a.copy()
        block[:, k] = b[:, k]
        mixed.append(function(block))
    return function(a), function(b), np.array(mixed)


def shares(function: Function, n: int, d: int, seed: int = 1, random: bool = False) -> Indices:
    return indices(*blocks(function, n, d, seed, random))


# Ishigami, a = 7, b = 0.1: V = a2/8 + b pi4/5 + b2 pi8/18 + 1/2 = 13.845; first and total shares by its parts
PI = np.pi
PARTS = {"1": 0.5 * (1 + 0.1 * PI**4 / 5) ** 2, "2": 49 / 8, "13": 0.01 * PI**8 * (1 / 18 - 1 / 50)}
VARIANCE = sum(PARTS.values())
FIRST = [PARTS["1"] / VARIANCE, PARTS["2"] / VARIANCE, 0.0]
TOTAL = [(PARTS["1"] + PARTS["13"]) / VARIANCE, PARTS["2"] / VARIANCE, PARTS["13"] / VARIANCE]


def test_the_known_shares_are_those_of_the_papers() -> None:
    assert pytest.approx([0.3139, 0.4424, 0.0], abs=1e-4) == FIRST
    assert pytest.approx([0.5576, 0.4424, 0.2437], abs=1e-4) == TOTAL


def test_ishigami() -> None:
    found = shares(ishigami, 8192, 3)
    assert found.first == pytest.approx(FIRST, abs=0.01)
    assert found.total == pytest.approx(TOTAL, abs=0.01)
    assert found.variance == pytest.approx(VARIANCE, rel=0.02)


def test_a_sum_decides_by_the_variance_of_each_term() -> None:
    """y = 3 u1 + 2 u2 + u3 + 40: shares 9, 4 and 1 of 14, and none together with others."""
    found = shares(lambda u: u @ np.array([3.0, 2.0, 1.0]) + 40, 4096, 3)
    assert found.first == pytest.approx([9 / 14, 4 / 14, 1 / 14], abs=0.01)
    assert found.total == pytest.approx(found.first, abs=0.01)


def test_a_product_of_centred_inputs_decides_together_alone() -> None:
    found = shares(lambda u: (u[:, 0] - 0.5) * (u[:, 1] - 0.5), 4096, 2)
    assert found.first == pytest.approx([0, 0], abs=0.03)
    assert found.total == pytest.approx([1, 1], abs=0.03)


def test_an_input_without_effect_has_no_share_at_all() -> None:
    found = shares(lambda u: u[:, 0], 256, 2)
    assert found.first[1] == found.total[1] == 0
    assert found.first_error[1] == found.total_error[1] == 0


@given(st.floats(-1e4, 1e4), st.floats(0.01, 1e3))
def test_shares_do_not_depend_on_the_unit_or_the_origin(shift: float, scale: float) -> None:
    a, b, ab = blocks(ishigami, 128, 3)
    one = indices(a, b, ab, repeats=20)
    other = indices(a * scale + shift, b * scale + shift, ab * scale + shift, repeats=20)
    assert other.first == pytest.approx(one.first, abs=1e-6)
    assert other.total == pytest.approx(one.total, abs=1e-6)
    assert other.total_error == pytest.approx(one.total_error, abs=1e-6)


def test_the_bootstrap_error_is_that_of_repeated_samples() -> None:
    """Over 200 random samples of 256 rows: the mean error told is the spread of the estimates, within 15 %."""
    runs = [indices(*blocks(ishigami, 256, 3, seed, random=True), repeats=200) for seed in range(200)]
    for name in ("first", "total"):
        spread = np.std([getattr(r, name) for r in runs], axis=0)
        told = np.mean([getattr(r, f"{name}_error") for r in runs], axis=0)
        assert told == pytest.approx(spread, rel=0.15)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    runs = [indices(*blocks(ishigami, 512, 3, seed, random=True), repeats=300) for seed in range(150)]
    held = np.mean([(r.total_low <= TOTAL) & (np.array(TOTAL) <= r.total_high) for r in runs], axis=0)
    assert (held >= 0.88).all()


def test_more_rows_narrow_the_errors() -> None:
    few, many = shares(ishigami, 256, 3), shares(ishigami, 4096, 3)
    assert (many.first_error < 0.5 * few.first_error).all()
    assert (many.total_error < 0.5 * few.total_error).all()


def test_the_same_twice() -> None:
    assert shares(ishigami, 256, 3) == shares(ishigami, 256, 3)


def test_what_does_not_vary_has_no_shares() -> None:
    flat = np.full(64, 1e6)
    found = indices(flat, flat, np.stack([flat, flat]))
    assert found.variance == 0
    assert np.isnan(found.first).all() and np.isnan(found.total_error).all()


@pytest.mark.parametrize(
    ("shapes", "said"),
    [(((4,), (5,), (2, 4)), "shapes"), (((4,), (4,), (2, 3)), "shapes"), (((1,), (1,), (2, 1)), "1 rows")],
)
def test_arrays_that_do_not_fit_are_refused(shapes: tuple[tuple[int, ...], ...], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        indices(*(np.zeros(s) for s in shapes))


def test_values_that_are_not_finite_are_refused() -> None:
    a = np.array([1.0, np.nan, 2.0])
    with pytest.raises(UsageError, match="not finite"):
        indices(a, a, a[None])
