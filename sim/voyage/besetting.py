"""Being beset: how often close ice holds a ship that makes way in it, for how long, and what that costs on average.

Events are a Poisson process along the miles sailed, as in Vanhatalo et al. 2021 (Cold Regions Science and Technology
184, 103238), who fit one to ships of the Northern Sea Route. Their coefficients were not at hand, so the rate is an
own assumption: none below CLOSE_FROM, and rising with the concentration and with the share of its speed that the ship
loses to the ice, which is where ice that presses can hold it. For how long: one to six days north-east of Severnaya
Zemlya when ice presses (SINTEF), taken as the 5th and 95th percentile of a lognormal law; behind an icebreaker, which
cuts a ship free, as many hours (assumption). No figure is fitted to a voyage.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from sim.geo.geodesy import Floats
from sim.units import HOURS_PER_DAY
from sim.voyage.navigation import Bar, Going, Navigator
from sim.voyage.voyage import Besetting

RATE_PER_NM: Final = 2e-4  # in 10/10 where a ship loses all its speed: one in 5,000 nm (assumption)
CLOSE_FROM: Final = 0.7
SPAN: Final = (1.0, 6.0)  # 5th and 95th percentile: days alone, hours behind an icebreaker
_LOG_SD: Final = math.log(SPAN[1] / SPAN[0]) / (2 * 1.6449)
MEAN: Final = math.sqrt(SPAN[0] * SPAN[1]) * math.exp(_LOG_SD**2 / 2)
MEAN_SQUARE: Final = MEAN**2 * math.exp(_LOG_SD**2)


def rate_per_nm(going: Going, open_kn: float) -> Floats:
    """Events for each mile sailed (n,); `open_kn` is the speed that the ship keeps in open water."""
    close = np.clip((np.nan_to_num(going.concentration) - CLOSE_FROM) / (1.0 - CLOSE_FROM), 0.0, 1.0)
    lost = np.clip(1.0 - going.speed_kn / open_kn, 0.0, 1.0)
    return np.asarray(np.where(going.bar == Bar.OPEN, RATE_PER_NM * close * lost, 0.0))


def hours_per_nm(navigator: Navigator, going: Going) -> Floats:
    """Hours that a ship loses on average for each mile sailed (n,); 0 where the policy does not count them."""
    if navigator.policy.besetting != "expected":
        return np.zeros(len(going.bar))
    each = np.where(going.escorted, MEAN, MEAN * HOURS_PER_DAY)
    return np.asarray(rate_per_nm(going, navigator.open_kn) * each)


def of_voyage(navigator: Navigator, going: Going, sailed_nm: Floats) -> Besetting | None:
    """Besetting on the pieces of a path (n,), of so many miles sailed each; None where the policy does not count it."""
    if navigator.policy.besetting != "expected":
        return None
    events = rate_per_nm(going, navigator.open_kn) * sailed_nm
    unit = np.where(going.escorted, 1.0 / HOURS_PER_DAY, 1.0)
    square = float((events * MEAN_SQUARE * unit**2).sum())
    return Besetting(float(events.sum()), float((events * MEAN * unit).sum()), math.sqrt(square))
