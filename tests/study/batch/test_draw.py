"""Draws: a function of the study and the number alone, whatever else is drawn."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.study.batch.draw import Draws, Method, seed_of
from sim.study.batch.vary.variation import Variation

SPEED = Variation("vessel.speed_kn", "number", "uniform", low=10.0, high=14.0)
PRICE = Variation("costs.fuel_usd_t", "number", "triangular", low=300.0, high=900.0, middle=500.0)
CLASSES = Variation("vessel.ice_class", "text", "list", ("Arc4", "Arc7"))
DATES = Variation("voyage.depart", "moment", "list", ("2030-01-01T00:00Z", "2030-02-01T00:00Z", "2030-03-01T00:00Z"))
SEASON = Variation("ice.season", "text", "list", ("mild", "random"))
SEED = Variation("ice.seed", "integer", "seed", implied=True)


def draws(method: Method, *variations: Variation, samples: int = 1, seed: int = 1) -> Draws:
    return Draws(method, variations, samples, seed, (None,) * len(variations))


@given(st.integers(0, 2**32 - 1), st.integers(0, 60), st.integers(61, 10_000))
def test_a_draw_of_monte_carlo_does_not_depend_on_how_many_there_are(seed: int, number: int, more: int) -> None:
    few = draws("monte_carlo", SPEED, CLASSES, SEED, samples=61, seed=seed)
    many = draws("monte_carlo", SPEED, CLASSES, SEED, samples=more, seed=seed)
    assert few.values(number) == many.values(number)


def test_draws_differ_by_number_and_by_seed_and_fill_the_range() -> None:
    found = [draws("monte_carlo", SPEED, SEED, samples=500).values(k) for k in range(500)]
    speeds = np.array([v["vessel.speed_kn"] for v in found], dtype=float)
    assert len(set(speeds)) == len({v["ice.seed"] for v in found}) == 500
    # mean 12, standard deviation 4 / sqrt(12); four standard errors
    assert abs(speeds.mean() - 12) < 4 * 4 / np.sqrt(12 * 500)
    other = draws("monte_carlo", SPEED, SEED, samples=500, seed=2).values(0)
    assert other["vessel.speed_kn"] != found[0]["vessel.speed_kn"]
    assert other["ice.seed"] != found[0]["ice.seed"]


def test_a_grid_has_every_combination_once_and_departures_fastest() -> None:
    grid = draws("grid", DATES, CLASSES, SEASON)
    found = [tuple(grid.values(k).values()) for k in range(grid.count)]
    assert grid.count == 12
    assert set(found) == set(product(DATES.values, CLASSES.values, SEASON.values))
    assert [f[0] for f in found[:3]] == list(DATES.values)
    assert [f[1:] for f in found[:6]] == [("Arc4", "mild")] * 3 + [("Arc4", "random")] * 3
    with pytest.raises(IndexError):
        grid.values(12)


def test_a_seed_goes_with_random_seasons_only() -> None:
    grid = draws("grid", SEASON, SEED)
    assert grid.values(0) == {"ice.season": "mild", "ice.seed": None}
    assert grid.values(1) == {"ice.season": "random", "ice.seed": seed_of(1, 1)}


def test_a_sobol_block_changes_one_column_at_a_time() -> None:
    sobol = draws("sobol", SPEED, PRICE, SEED, samples=8)
    assert sobol.count == 8 * 5
    for sample in range(8):
        a, b, *mixed = (tuple(sobol.values(sample * 5 + k).values()) for k in range(5))
        assert all(x != y for x, y in zip(a, b, strict=True))
        for j, row in enumerate(mixed):
            assert row == (*a[:j], b[j], *a[j + 1 :])
    # of a scrambled Sobol sequence one point lies in each eighth of the range
    speeds = [float(sobol.values(k * 5)["vessel.speed_kn"] or 0) for k in range(8)]
    assert sorted(int((x - 10) / 0.5) for x in speeds) == list(range(8))
    assert draws("sobol", SPEED, PRICE, SEED, samples=8).values(17) == sobol.values(17)
    assert draws("sobol", SPEED, PRICE, SEED, samples=8, seed=2).values(17) != sobol.values(17)


def test_one_at_a_time_changes_one_key_of_the_base() -> None:
    base = ("2030-08-01T00:00Z", 12.0, "normal", None)
    steps = Draws("one_at_a_time", (DATES, SPEED, SEASON, SEED), 1, 1, base)
    found = [steps.values(k) for k in range(steps.count)]
    assert steps.count == 1 + 3 + 2 + 2
    assert found[0] == {"voyage.depart": base[0], "vessel.speed_kn": 12.0, "ice.season": "normal", "ice.seed": None}
    for values in found[1:]:
        changed = [k for k in values if k != "ice.seed" and values[k] != found[0][k]]
        assert len(changed) == 1
    assert [f["vessel.speed_kn"] for f in found[4:6]] == [pytest.approx(10.2), pytest.approx(13.8)]  # 5 and 95 %
    assert found[7]["ice.seed"] == seed_of(1, 0)
    assert steps.steps_told() == [
        {"key": "voyage.depart", "draws": [1, 2, 3]},
        {"key": "vessel.speed_kn", "draws": [4, 5]},
        {"key": "ice.season", "draws": [6, 7]},
    ]
