"""Units of the whole program. Names carry them: _nm, _kn, _h, _days, _m, _km."""

from __future__ import annotations

from typing import Final

METRES_PER_NM: Final = 1852.0
KM_PER_NM: Final = 1.852
KM_PER_STATUTE_MILE: Final = 1.609344
HOURS_PER_DAY: Final = 24.0


def km_from_nm(distance_nm: float) -> float:
    """Kilometres of a length in nautical miles."""
    return distance_nm * KM_PER_NM


def sailing_days(distance_nm: float, speed_kn: float) -> float:
    """Days under way at a constant speed in knots."""
    return distance_nm / (speed_kn * HOURS_PER_DAY)
