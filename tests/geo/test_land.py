"""Land by position: few and many places are looked up in two ways, which must agree."""

from __future__ import annotations

import numpy as np
import pytest

from sim.geo.land import FEW, on_land


@pytest.mark.parametrize(
    ("lon", "lat", "land"),
    [(37.6, 55.8, True), (5.0, 0.0, False), (-100.0, 40.0, True), (180.0, 71.2, True), (0.0, 90.0, False),
     (49.9, 40.4, True), (104.0, 77.9, False), (0.0, -85.0, True)],
)  # fmt: skip
def test_known_places(lon: float, lat: float, land: bool) -> None:
    """Moscow, the Gulf of Guinea, Nebraska, Wrangel Island on 180 E, the pole, Baku, Vilkitsky Strait, Antarctica."""
    assert on_land(np.array([[lon, lat]])).tolist() == [land]
    assert on_land(np.tile([lon, lat], (FEW, 1))).tolist() == [land] * FEW


def test_many_places_are_as_few() -> None:
    shore = np.column_stack([np.linspace(-180, 180, 3 * FEW), np.full(3 * FEW, 71.0)])
    alone = np.concatenate([on_land(part) for part in np.array_split(shore, 6)])
    assert np.array_equal(on_land(shore), alone)
    assert alone.any() and not alone.all()
