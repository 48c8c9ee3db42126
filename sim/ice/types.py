"""What the ice is: WMO types by thickness, light to heavy for the rules, and the day of the year.

Thickness alone cannot tell old ice from ridged first-year ice. For the coastal waters of the Northern Sea Route ice up
to 2.0 m is taken as thick first-year, and the share of old ice is given apart (`old_ice_fraction`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import UsageError
from sim.geo.geodesy import Floats

Bools = NDArray[np.bool_]
Small = NDArray[np.int8]
Ints = NDArray[np.int64]

# the twelve columns of MSC.1/Circ.1519, tables 1.3 and 1.4, in their order
NAMES: Final = (
    "ice free", "new ice", "grey ice", "grey-white ice", "thin first-year ice, 1st stage",
    "thin first-year ice, 2nd stage", "medium first-year ice below 1 m", "medium first-year ice",
    "thick first-year ice", "second-year ice", "light multi-year ice", "heavy multi-year ice",
)  # fmt: skip
ICE_FREE, NEW_ICE, THICK_FIRST_YEAR, SECOND_YEAR, HEAVY_MULTI_YEAR = 0, 1, 8, 9, 11
# Lower edges of the types from grey ice on, m. To 1.2 m: WMO, as in LR Rules part 8 ch. 1 table 1.2.1, and the split
# of POLARIS at 1.0 m. The last three are assumptions for the coastal waters of the Northern Sea Route.
EDGES_M: Final = (0.10, 0.15, 0.30, 0.50, 0.70, 1.00, 1.20, 2.00, 2.50, 3.00)

# A mean thickness hides a mix. Assumption: a quarter of the ice has half the mean, a quarter has half as much again.
PARTS: Final = (0.5, 1.0, 1.5)
WEIGHTS: Final = (0.25, 0.5, 0.25)

LIGHT, MEDIUM, HEAVY, UNKNOWN = 0, 1, 2, -1
SEVERITIES: Final = ("light", "medium", "heavy")
ICE_FROM: Final = 0.10  # concentration; less is open water (WMO nomenclature), for the speed and the voyage
NO_ICE: Final = 0.05  # concentration; less counts as ice-free for rules that say so, and mean none (assumption)
ICE_FREE_BELOW_M: Final = 0.02  # thickness

CALENDAR: Final = (-36524, 84371)  # days of the years 1870 to 2200, kept ready


def type_of(thickness_m: ArrayLike) -> Small:
    """Column of `NAMES`, 1 to 11, of ice (...) m thick; -1 where that is nan. An edge belongs to the thicker."""
    thickness = np.asarray(thickness_m, dtype=np.float64)
    column = np.searchsorted(EDGES_M, thickness, side="right") + NEW_ICE
    return np.where(np.isnan(thickness), UNKNOWN, column).astype(np.int8)


def checked_share(name: str, value: ArrayLike) -> Floats:
    """A share (...), from 0 to 1. Raises UsageError for anything else but nan."""
    share = np.asarray(value, dtype=np.float64)
    if bool(np.any((share < 0) | (share > 1))):
        wrong = share[(share < 0) | (share > 1)].ravel()[0]
        raise UsageError(f"{name} is {wrong:g}, allowed is 0 to 1")
    return share


def shares(concentration: ArrayLike, thickness_m: ArrayLike, old_ice_fraction: ArrayLike = 0.0) -> Floats:
    """Share of the water under each of the twelve types, (..., 12), sum 1; nan where anything is unknown.

    The ice is split into `PARTS` of the mean thickness. Of each part the `old_ice_fraction` (0 to 1 of the ice, not of
    the water) counts as second-year ice, or as what its thickness says where that is older.
    """
    c, h, old = np.broadcast_arrays(
        np.clip(np.asarray(concentration, dtype=np.float64), 0, 1),
        np.asarray(thickness_m, dtype=np.float64),
        checked_share("old_ice_fraction", old_ice_fraction),
    )
    out = np.zeros((*c.shape, len(NAMES)))
    out[..., ICE_FREE] = 1 - c
    columns = np.arange(len(NAMES))
    for part, weight in zip(PARTS, WEIGHTS, strict=True):
        young = type_of(part * h)[..., None]
        out += np.where(columns == young, (weight * c * (1 - old))[..., None], 0)
        out += np.where(columns == np.maximum(young, SECOND_YEAR), (weight * c * old)[..., None], 0)
    out[np.isnan(c) | np.isnan(h) | np.isnan(old)] = np.nan
    return out


def ice_free(concentration: ArrayLike, thickness_m: ArrayLike, below: float = NO_ICE) -> Bools:
    """Where a ship meets no ice to speak of: `below` a share of the water, or under 2 cm thick. nan is not ice free."""
    c, h = np.asarray(concentration, dtype=np.float64), np.asarray(thickness_m, dtype=np.float64)
    return np.asarray((c < below) | ((h < ICE_FREE_BELOW_M) & ~np.isnan(c)))


def severity(concentration: ArrayLike, thickness_m: ArrayLike, old_fraction: ArrayLike = 0.0) -> Small:
    """Ice of the admission rules: 0 light, 1 medium, 2 heavy, -1 unknown; (...). `old_fraction` is a share of the ice.

    The rules take the type from forecasts by region. Assumption for a single place: light below 0.4 of the water or
    below 0.30 m; heavy from 0.7 and 1.2 m, or from 0.2 of the water under old ice; else medium. Ice free is light.
    """
    c = np.asarray(concentration, dtype=np.float64)
    h = np.asarray(thickness_m, dtype=np.float64)
    old = checked_share("old_fraction", old_fraction)
    light = (c < 0.4) | (h < 0.30)
    heavy = ((c >= 0.7) & (h >= 1.2)) | (c * old >= 0.2)
    kind = np.where(heavy, HEAVY, np.where(light, LIGHT, MEDIUM))
    kind = np.where(ice_free(c, h), LIGHT, kind)
    return np.where(np.isnan(c) | np.isnan(h) | np.isnan(old), UNKNOWN, kind).astype(np.int8)


@lru_cache(maxsize=1)
def _calendar() -> Ints:
    """Month and day of all days of `CALENDAR`, since turning many days into dates one by one is slow."""
    return _dates(np.arange(*CALENDAR))


def _dates(number: Ints) -> Ints:
    date = number.astype("datetime64[D]")
    months = date.astype("datetime64[M]")
    of_month: Ints = (date - months).astype(np.int64) + 1
    return 100 * (months.astype(np.int64) % 12 + 1) + of_month


def month_and_day(day: ArrayLike) -> Ints:
    """100 month + day of the month of days (...) since 1970-01-01 UTC: 1115 is 15 November.

    Raises UsageError where a day is not finite.
    """
    number = np.asarray(day, dtype=np.float64)
    if not bool(np.all(np.isfinite(number))):
        raise UsageError("a day is not a number; wanted are days since 1970-01-01 UTC")
    whole = np.floor(number).astype(np.int64)
    if whole.size and (whole.min() < CALENDAR[0] or whole.max() >= CALENDAR[1]):
        return _dates(whole)
    return np.asarray(_calendar()[whole - CALENDAR[0]])
