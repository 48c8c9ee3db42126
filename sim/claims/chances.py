"""In how many years a claim of days saved is true: by ice class, escort and decade, from a study of many seasons.

A season is drawn for each year (see `sim.ice.pathways`) and the ship departs every so many days of it; departures of
one year share its season, so the years are the independent draws and give the sampling error. The numbers are
computed by `scenarios/studies/days-saved-by-decade.yaml` and `benchmarks/chances.py`, and kept in
`geodata/tables/claim_chances.csv`, since some ten thousand voyages take minutes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import geodata
from sim import tables
from sim.geo.geodesy import Floats
from sim.study.findings.counts import share_of
from sim.tables import Filled, Within
from sim.units import DAYS_PER_YEAR

if TYPE_CHECKING:
    from pandas import DataFrame

Share = Annotated[float, Within(0.0, 1.0)]
Z_95 = 1.959964  # of the normal distribution: 95 % lie within
WEEKS = DAYS_PER_YEAR / 7


@dataclass(frozen=True)
class Chance:
    """How often a claim is true for one ship in one decade.

    `years` seasons were drawn, each with `departures` spread evenly over the year. `share` are the departures of all
    years that save at least `least_days`, with bounds of 95 % by the spread of the years; `years_share` the
    years with at least one such departure, with its Wilson interval of 95 %. `weeks_low`, `weeks_median` and
    `weeks_high` are the weeks of a year in which a departure does, at 5, 50 and 95 % of the years; `open_share` the
    departures on which the route is open at all.
    """

    claim: Filled
    ice_class: Filled
    escort: Filled
    decade: Filled
    pathway: Filled
    least_days: float
    years: Annotated[int, Within(1)]
    departures: Annotated[int, Within(1)]
    open_share: Share
    share: Share
    share_low: Share
    share_high: Share
    years_share: Share
    years_low: Share
    years_high: Share
    weeks_low: float
    weeks_median: float
    weeks_high: float
    source: Filled


@lru_cache
def chances(path: Path | None = None) -> tuple[Chance, ...]:
    """The chances that are kept, in the order of the table. Raises DataError."""
    return tables.rows(path or geodata.table("claim_chances.csv"), Chance)


def chances_of_claim(claim: str, path: Path | None = None) -> tuple[Chance, ...]:
    """Those of one claim; none where no study was made of it."""
    return tuple(c for c in chances(path) if c.claim == claim)


def computed(
    frame: DataFrame, claim: str, least_days: float, escorts: dict[str, str], pathway: str, source: str
) -> list[Chance]:
    """The chances of a claim from the voyages of a study: a row a ship, escort and decade.

    `frame` has the columns of a study's results with `vessel.ice_class`, `ice.epoch`, `ice.seed` and `voyage.depart`
    varied as a grid; `escorts` are the alternatives that count, with the escort that each stands for.
    """
    found = []
    for (ice_class, decade, label), own in frame.groupby(["vessel.ice_class", "ice.epoch", "alternative"], sort=True):
        if label not in escorts:
            continue
        saves = (own["saved_days"].fillna(-math.inf) >= least_days).to_numpy()
        each = own.assign(saves=saves).groupby("ice.seed")["saves"].mean().to_numpy()  # share of each year
        years, departures = len(each), len(own) // len(each)
        spread = Z_95 * float(each.std(ddof=1)) / math.sqrt(years) if years > 1 else 1.0
        share, any_of = float(each.mean()), int((each > 0).sum())
        within = share_of(any_of, years)
        bad, middle, good = _quantiles(each)
        found.append(
            Chance(
                claim, str(ice_class), escorts[label], str(decade), pathway, least_days, years, departures,
                float((own["status"] == "ok").mean()), share, max(0.0, share - spread), min(1.0, share + spread),
                any_of / years, within.low or 0.0, within.high or 0.0,
                WEEKS * bad, WEEKS * middle, WEEKS * good, source,
            )
        )  # fmt: skip
    classes, kinds = list(dict.fromkeys(frame["vessel.ice_class"])), list(escorts.values())
    return sorted(found, key=lambda c: (classes.index(c.ice_class), kinds.index(c.escort), c.decade))


def _quantiles(shares: Floats) -> tuple[float, float, float]:
    import numpy as np

    low, middle, high = np.quantile(shares, (0.05, 0.5, 0.95))
    return float(low), float(middle), float(high)
