"""POLARIS, the risk index of the IMO for ships in ice: MSC.1/Circ.1519 of 6 June 2016.

It gives a level of risk for planning. It is no permission (1.4), and glacier ice needs a distance of its own (1.7.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Final

import numpy as np
from numpy.typing import ArrayLike

import geodata
from sim import tables
from sim.errors import UsageError
from sim.geo.geodesy import Floats
from sim.ice.classes import IceClass, ice_class
from sim.ice.types import (
    EDGES_M,
    ICE_FREE,
    NAMES,
    PARTS,
    SECOND_YEAR,
    UNKNOWN,
    WEIGHTS,
    Bools,
    Small,
    checked_share,
    month_and_day,
    type_of,
)
from sim.tables import Filled, From, OneOf, Read

COLUMNS: Final = (  # of polaris_riv.csv, in the order of `NAMES`
    "ice_free", "new_ice", "grey_ice", "grey_white_ice", "thin_fy_1st", "thin_fy_2nd", "medium_fy_lt1m", "medium_fy",
    "thick_fy", "second_year", "light_my_lt2p5m", "heavy_my",
)  # fmt: skip
NORMAL, ELEVATED, SPECIAL = 0, 1, 2
LEVELS: Final = ("normal operation", "elevated operational risk", "operation subject to special consideration")
RIO_BOUNDS: Final = (-80.0, 30.0)
ELEVATED_FROM: Final = -10.0
ESCORT_CREDIT: Final = 10.0  # added to the index under escort when a voyage is planned (1.6.4), not on the spot
ROUNDING: Final = 1e-9  # a sum of tenths that is -10 or 0 must not fall below by rounding
# Table 1.2, recommended speed limits in elevated risk; all classes below PC5 3 kn
SPEED_LIMITS_KN: Final = {"PC1": 11.0, "PC2": 8.0, "PC3": 5.0, "PC4": 5.0, "PC5": 5.0}
SPEED_LIMIT_BELOW_PC5_KN: Final = 3.0
# Assumption: table 1.4 may be used from 1 July to 15 September. The circular asks for qualified judgement (1.1.3).
DECAY_FROM, DECAY_TO = 701, 915  # month and day


def _whole(*texts: str) -> tuple[int, ...]:
    return tuple(int(text) for text in texts)


@dataclass(frozen=True)
class _Row:
    ice_class: Filled
    decayed: Annotated[bool, From("season"), OneOf({"standard": False, "decayed": True})]
    values: Annotated[tuple[int, ...], From(*COLUMNS), Read(_whole)]


@lru_cache(maxsize=1)
def _tables() -> dict[tuple[str, bool], tuple[int, ...]]:
    found = tables.rows(geodata.table("polaris_riv.csv"), _Row)
    return {(r.ice_class, r.decayed): r.values for r in found}


def _class(name: str | IceClass) -> IceClass:
    return name if isinstance(name, IceClass) else ice_class(name)


def risk_index_values(ice_class: str | IceClass, decayed: bool = False) -> tuple[int, ...]:
    """The 12 risk index values of a class, in the order of `types.NAMES`: table 1.3, or 1.4 for decayed ice.

    Any spelling that `classes.ice_class` knows. Raises UsageError for an unknown class.
    """
    return _tables()[_class(ice_class).polaris_row, bool(decayed)]


def rio(fractions: ArrayLike, riv: ArrayLike) -> Floats:
    """Risk index outcome (...) of shares (..., 12) of the water, sum 1, ice-free water included; values (12,).

    RIO = sum of C_i RIV_i with C_i in tenths, -80 to 30. nan where a share is nan.
    """
    share, value = np.asarray(fractions, dtype=np.float64), np.asarray(riv, dtype=np.float64)
    if share.shape[-1:] != (len(NAMES),) or value.shape != (len(NAMES),):
        raise UsageError(f"shares {share.shape}, values {value.shape}: both need {len(NAMES)} ice types, the last axis")
    return np.asarray(10 * (share @ value))


@lru_cache(maxsize=64)
def _steps(row: str, spread: bool) -> tuple[Floats, Floats]:
    """Mean value of the ice by mean thickness: edges (k,) m, and values (2 new or old, 2 standard or decayed, k + 1).

    The mean over the parts is constant between the edges of all parts, so that one search replaces three.
    """
    parts, weights = (PARTS, WEIGHTS) if spread else ((1.0,), (1.0,))
    edges = np.unique([edge / part for edge in EDGES_M for part in parts])
    between = np.concatenate([[0.0], (edges[1:] + edges[:-1]) / 2, [edges[-1] + 1]])
    values = np.zeros((2, 2, len(between)))
    for decayed in (False, True):
        riv = np.array(_tables()[row, decayed], dtype=np.float64)
        for part, weight in zip(parts, weights, strict=True):
            column = type_of(part * between)
            values[0, int(decayed)] += weight * riv[column]
            values[1, int(decayed)] += weight * riv[np.maximum(column, SECOND_YEAR)]
    return edges, values


def rio_of(
    concentration: ArrayLike,
    thickness_m: ArrayLike,
    ice_class: str | IceClass,
    *,
    decayed: ArrayLike = False,
    old_ice_fraction: ArrayLike = 0.0,
    spread: bool = True,
) -> Floats:
    """Risk index outcome (...) of ice of a concentration 0 to 1 and a mean thickness in m, both (...).

    `decayed` (bool, one or for each place) takes table 1.4; `old_ice_fraction` (0 to 1 of the ice) counts as
    second-year or older; `spread` splits the ice into 0.5, 1 and 1.5 of the mean thickness, which softens the steps
    between types. The same as `rio(types.shares(...), risk_index_values(...))`, without the array of types.
    nan where an input is nan.
    """
    c = np.clip(np.asarray(concentration, dtype=np.float64), 0, 1)
    h = np.asarray(thickness_m, dtype=np.float64)
    row = _class(ice_class).polaris_row
    edges, values = _steps(row, spread)
    place = np.searchsorted(edges, h, side="right")
    melting = np.asarray(decayed, dtype=bool)
    if melting.ndim:  # the tables stand one behind the other
        place = place + melting * (len(edges) + 1)
        young, aged = values[0].ravel(), values[1].ravel()
    else:
        young, aged = values[0, int(melting)], values[1, int(melting)]
    value = young[place]
    old = checked_share("old_ice_fraction", old_ice_fraction)
    if old.ndim or old != 0:
        value = value + old * (aged[place] - value)
    free = float(_tables()[row, False][ICE_FREE])
    return np.asarray(np.where(np.isnan(h), np.nan, 10 * (free + c * (value - free))))


def level(rio: ArrayLike, ice_class: str | IceClass) -> Small:
    """Level of risk (...): 0 normal, 1 elevated, 2 special consideration (table 1.1); -1 where the index is nan.

    PC1 to PC7 run an elevated risk from -10 up to 0. Any other class needs special consideration below 0.
    """
    index = np.asarray(rio, dtype=np.float64)
    floor = ELEVATED_FROM if _class(ice_class).is_polar else 0.0
    out = np.where(index >= -ROUNDING, NORMAL, np.where(index >= floor - ROUNDING, ELEVATED, SPECIAL))
    return np.where(np.isnan(index), UNKNOWN, out).astype(np.int8)


def speed_limit_kn(level: ArrayLike, ice_class: str | IceClass, *, allow_special: bool = False) -> Floats:
    """Speed limit (...) in knots: inf in normal operation, table 1.2 in elevated risk, nan where the level is -1.

    Assumption: special consideration is closed, 0 kn, unless `allow_special`; then the limit of elevated risk holds.
    """
    limit = SPEED_LIMITS_KN.get(_class(ice_class).polaris_row, SPEED_LIMIT_BELOW_PC5_KN)
    by_level = np.array([np.inf, limit, limit if allow_special else 0.0, np.nan])
    return np.asarray(by_level[np.asarray(level, dtype=np.int64)])


def decay_season(day: ArrayLike) -> Bools:
    """Where days (...) since 1970-01-01 UTC lie from 1 July to 15 September: table 1.4 may be used. An assumption."""
    date = month_and_day(day)
    return np.asarray((date >= DECAY_FROM) & (date <= DECAY_TO))
