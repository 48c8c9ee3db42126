"""How samples of depth become a figure of a cell."""

from __future__ import annotations

import numpy as np

from geodata.build.depth import figures, packed
from sim.geo.geodesy import Floats
from sim.geo.network.depth import place_of, unpacked

CELL = (130.0, 78.0)


def figure(depths_m: list[float]) -> float:
    """The figure of one cell with these samples."""
    lonlat: Floats = np.tile(CELL, (len(depths_m), 1))
    made = figures(lonlat, np.array(depths_m))
    assert np.isfinite(made).sum() <= 1
    return float(made[place_of(lonlat[:1])][0])


def test_one_wrong_sample_does_not_move_the_figure() -> None:
    even = [30.0] * 10
    assert figure(even) == 30.0
    assert figure([*even[1:], 1.0]) == 30.0
    assert figure([*even[1:], 4000.0]) == 30.0


def test_a_quarter_of_shallow_water_does() -> None:
    assert figure([30.0] * 6 + [9.0] * 3) == 9.0


def test_the_order_of_samples_is_of_no_matter() -> None:
    depths = [12.0, 40.0, 18.0, 25.0, 9.0, 31.0, 22.0]
    assert figure(depths) == figure(depths[::-1])
    assert min(depths) <= figure(depths) <= float(np.median(depths))


def test_deeper_samples_make_no_shallower_figure() -> None:
    rng = np.random.default_rng(5)
    for _ in range(50):
        depths = rng.uniform(1, 60, rng.integers(1, 20))
        deeper = depths + rng.uniform(0, 10, len(depths))
        assert figure(deeper.tolist()) >= figure(depths.tolist())


def test_land_is_no_depth_and_a_cell_of_coast_has_no_figure() -> None:
    assert figure([-5.0, -100.0, 20.0, 22.0, 24.0]) == 20.0
    assert np.isnan(figure([-5.0, -100.0, -7.0, 20.0]))
    assert np.isnan(figure([-5.0, 0.0]))


def test_stored_figures_are_not_deeper_than_the_true_ones() -> None:
    whole = np.full((391, 391), np.nan)
    whole[100, 100:106] = [0.04, 7.25, 19.999, 49.95, 50.0, 3000.0]
    back = unpacked(packed(whole))
    assert back[100, 100:106].tolist() == [0.1, 7.2, 19.9, 49.9, np.inf, np.inf]
    assert np.isinf(back[0, 0])
