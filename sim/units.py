"""Units of the whole program. Names carry them: _nm, _kn, _h, _days, _m, _km."""

from __future__ import annotations

from numbers import Real
from typing import Final

from sim.errors import UsageError, did_you_mean

METRES_PER_NM: Final = 1852.0
KM_PER_NM: Final = 1.852
KM_PER_STATUTE_MILE: Final = 1.609344
HOURS_PER_DAY: Final = 24.0
DAYS_PER_YEAR: Final = 365.25
LARGEST_M: Final = 1000.0  # no ship is longer
MONTH_NAMES: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def km_from_nm(distance_nm: float) -> float:
    """Kilometres of a length in nautical miles."""
    return distance_nm * KM_PER_NM


def sailing_days(distance_nm: float, speed_kn: float) -> float:
    """Days under way at a constant speed in knots."""
    return distance_nm / (speed_kn * HOURS_PER_DAY)


def metres(value: object, name: str) -> float | None:
    """A size of a ship, m; None is unknown. Raises UsageError, with the name of the size, for what is no such size."""
    if value is None:
        return None
    if not isinstance(value, Real) or isinstance(value, bool):
        raise UsageError(f"{name} is {value!r}, a number of metres is needed")
    size = float(value)
    if not 0 < size <= LARGEST_M:  # refuses nan too
        raise UsageError(f"{name} is {size:g}, allowed is more than 0 and at most {LARGEST_M:g} metres")
    return size


def month_of(text: object, name: str = "month") -> int:
    """The month, 1 to 12, that a number (3, "03") or an English name (March, mar, Sept) means. Raises UsageError.

    >>> month_of("Mar"), month_of("03"), month_of(3)
    (3, 3, 3)
    """
    word = str(text).strip()
    if word.isascii() and word.isdigit() and len(word) <= 2 and 1 <= int(word) <= len(MONTH_NAMES):
        return int(word)
    found = [k for k, full in enumerate(MONTH_NAMES, 1) if full.casefold().startswith(word.casefold().rstrip("."))]
    if len(found) == 1 and len(word) >= 3:
        return found[0]
    raise UsageError(
        f"{name} is '{word[:40]}': no month{did_you_mean(word[:40], MONTH_NAMES)}; "
        f"allowed: 1 to 12, or a name such as {MONTH_NAMES[2]} or {MONTH_NAMES[2][:3]}"
    )
