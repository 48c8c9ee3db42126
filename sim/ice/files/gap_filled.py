"""A user's ice field, its gaps filled from the built-in climate.

Where a file has no thickness, the climate's floes of that year are taken; days that its thickness does not cover are an
error. Where it has no concentration, the water is open if the climate knows no ice there even in a severe year; else it
stays unknown, and nobody sails there.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.geo.geodesy import Floats
from sim.ice.climate import ClimateField
from sim.ice.field import FieldKind
from sim.ice.files.field import FileField

NO_ICE: Final = 0.15  # concentration of a severe year's climate below which water counts as open: the ice edge
SEVERE_Z: Final = 2.0
THIN_M: Final = 0.05  # floes where the climate has none at all


class GapFilledField:
    """See the module. `climate` is the climate of the file's year, an `IceField`."""

    def __init__(self, field: FileField, climate: ClimateField) -> None:
        self.field, self.climate = field, climate
        self.severe = ClimateField(climate.warming_c, SEVERE_Z)
        self.kind: FieldKind = "file"
        self.label = f"{field.label}; thickness where missing: {climate.label}"
        self.sources = (*field.sources, *climate.sources)

    @property
    def notes(self) -> list[str]:
        """What was decided for the user when the file was opened and read."""
        return self.field.notes

    def require(self, day: float) -> None:
        """Raise DataError where the file has no date for a day since 1970-01-01 UTC."""
        self.field.require(day, day)

    def sampler(self, lonlat: Floats) -> _Sampler:
        """The field bound to places (n, 2) of lon, lat degrees."""
        return _Sampler(self, lonlat)


class _Sampler:
    def __init__(self, whole: GapFilledField, lonlat: Floats) -> None:
        self._file, self._own = whole.field, whole.field.sampler(lonlat)
        self._climate, self._severe = whole.climate.sampler(lonlat), whole.severe.sampler(lonlat)

    def on(self, day: Floats | float) -> tuple[Floats, Floats]:
        """Concentration (n,) and floe thickness (n,) in m, nan where the ice is not known."""
        c, h = (x.copy() for x in self._own.on(day))
        without = np.isnan(c)
        if without.any():
            c[without & (self._severe.on(day)[0] < NO_ICE)] = 0.0
            h[c == 0] = 0.0
        # a thickness of other dates is no gap: the ice stays unknown, and the voyage is told
        thin = np.isnan(h) & ~np.isnan(c) & ~self._file.thickness_missing(day)
        if thin.any():
            h[thin] = np.maximum(self._climate.on(day)[1][thin], THIN_M)
        return c, h
