"""A file's field completed by the climate: water is taken as open only where even a severe year has no ice."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.geo.geodesy import Floats
from sim.ice.climate import ClimateField
from sim.ice.files.gap_filled import NO_ICE, GapFilledField

LONLAT = np.stack(np.meshgrid(np.arange(-180.0, 180.0, 5.0), np.arange(60.0, 86.0, 2.0)), axis=-1).reshape(-1, 2)
AUGUST = 20317.0  # 17 August 2025


class Missing:
    """A file that has no value anywhere."""

    kind, label, sources = "file", "missing", ("made up",)

    def sampler(self, lonlat: Floats) -> Missing:
        return self

    def on(self, day: Any) -> tuple[Floats, Floats]:
        return np.full(len(LONLAT), np.nan), np.full(len(LONLAT), np.nan)

    def thickness_missing(self, day: Any) -> np.ndarray:
        return np.zeros(np.shape(day), dtype=bool)


def concentration(z: float) -> Floats:
    return ClimateField(1.3, z).sampler(LONLAT).on(AUGUST)[0]


def test_missing_water_is_open_where_a_year_of_two_deviations_has_no_ice() -> None:
    found, thickness_m = GapFilledField(Missing(), ClimateField(1.3)).sampler(LONLAT).on(AUGUST)  # type: ignore[arg-type]
    open_ = concentration(2.0) < NO_ICE
    assert np.array_equal(found == 0, open_) and np.isnan(found[~open_]).all()
    assert (thickness_m[open_] == 0).all()
    # the places that tell two deviations from fewer and from more are among them
    assert (~open_ & (concentration(1.7) < NO_ICE)).any() and (open_ & (concentration(2.3) >= NO_ICE)).any()
