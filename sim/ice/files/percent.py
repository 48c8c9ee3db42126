"""Whether a concentration said to be in per cent is a fraction: by its values, then by what ice there can be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import DataError
from sim.geo.geodesy import Floats
from sim.ice.field import day_number, moment_of
from sim.ice.files.variables import SHARE_TOLERANCE

if TYPE_CHECKING:
    import xarray as xr

    from sim.ice.files.dates import Dates
    from sim.ice.files.field import Series

CODES: Final = (1 + SHARE_TOLERANCE, 2.56)  # where the codes of bytes lie that were scaled to fractions
MOST_CODES: Final = 5
A_TRACE: Final = 0.02  # as a fraction or as per cent no ice to speak of
ICE_EDGE: Final = 0.15
KINDS_Z: Final = (-2.0, 2.0)  # of the mildest and the most severe year
MUCH: Final = 0.5  # concentration that even a mild year has, where the file would have at most 1 %
NONE: Final = 0.02  # concentration that even a severe year keeps below, where the file would have more than 15 %
ASKED_CELLS: Final = 2000
PRESENT_YEARS: Final = (1979, 2100)


def is_fraction(series: Series, data: xr.Dataset) -> bool:
    """Whether values said to be per cent are fractions. Raises DataError where that cannot be told."""
    if _surely_percent(series.tried(data)):
        return False
    looked = _two_of_each_month(series.dates)
    stored = [series.stored(data, int(series.dates.index[k])) for k in looked]
    if _surely_percent(np.concatenate(stored)):
        return False
    top = max(float(v[v <= 1 + SHARE_TOLERANCE].max(initial=0.0)) for v in stored)
    name, where = f"{series.name}: said to be in %, but no value is above {top:.3g}", series.path.name
    if top <= A_TRACE:
        series.said.append(f"{name}; taken as per cent, as said: no ice to speak of")
        return False
    asked = [_asked(series, v, int(k)) for v, k in zip(stored, looked, strict=True)]
    if any(mild >= MUCH for mild, _ in asked):
        series.said.append(f"{name}, where there is far more ice even in a mild year; taken as a fraction of 1")
        return True
    if all(severe < NONE for _, severe in asked):
        series.said.append(f"{name}; taken as per cent, as said: even in a severe year there is no more")
        return False
    raise DataError(
        f"{where}: '{series.name}' is said to be in %, but no value is above {top:.3g} on the {len(looked)} dates "
        "looked at; that may be a fraction of 1, or very little ice. Say which with 'units': 1 or %"
    )


def _surely_percent(values: Floats) -> bool:
    """Whether values above 1 are more, or larger, than codes of land can be, or no value is between."""
    different = np.unique(values[np.isfinite(values)])
    below = int(np.count_nonzero((different > 0) & (different <= CODES[0])))
    above = different[(different > CODES[0]) & (different <= 100 * CODES[0])]
    few = len(above) <= min(MOST_CODES, below) and (above <= CODES[1]).all()
    return not (below and few)


def _two_of_each_month(dates: Dates) -> NDArray[np.int64]:
    """Places among some dates: the first and the last of each calendar month."""
    if dates.kind != "dated":
        return np.unique(dates.index, return_index=True)[1][:24]
    months = np.array([moment_of(d).month for d in dates.centre])
    ends = [np.flatnonzero(months == m)[[0, -1]] for m in np.unique(months)]
    return np.unique(np.concatenate(ends))


def _asked(series: Series, stored: Floats, place: int) -> tuple[float, float]:
    """Mean concentration of a mild year where a date has ice, and of a severe one where it would have 15 %.

    0 and 0 where it has no ice. Without a date, the least and the most of all months.
    """
    from sim.ice.climate import ClimateField
    from sim.ice.pathways import warming_c

    dates = series.dates
    year = moment_of(float(dates.centre[place])).year if dates.kind == "dated" else 2020
    warming = warming_c(min(max(year, PRESENT_YEARS[0]), PRESENT_YEARS[1]))
    undated = dates.kind == "always" and dates.start[place] == dates.stop[place]
    day = float(dates.centre[place])
    if dates.kind == "yearly":
        day = day_number(datetime(2001, 1, 1, tzinfo=UTC)) + day % 365
    found = []
    for z, least in zip(KINDS_Z, (0.0, ICE_EDGE), strict=True):
        cells = np.flatnonzero((stored > least) & (stored <= CODES[0]))
        cells = cells[np.unique(np.linspace(0, len(cells) - 1, min(len(cells), ASKED_CELLS)).astype(int))]
        if not len(cells):
            found.append(0.0)
            continue
        sampler = ClimateField(warming, z).sampler(series.grid.lonlat[cells])
        months = sampler.monthly()[0].mean(axis=1)
        bound = float(months.min() if z < 0 else months.max())
        found.append(bound if undated else float(sampler.on(day)[0].mean()))
    return found[0], found[1]
