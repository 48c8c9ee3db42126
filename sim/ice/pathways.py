"""How warm it is in a year of the past or on a pathway, how icy a season is, and the ice climate that follows.

Warming is human-induced, C above 1850-1900. History: Indicators of Global Climate Change 2024 (Forster et al. 2025).
Future: best estimates of IPCC AR6 WGI Table SPM.1, 20-year means centred on 2030, 2050 and 2090, joined by straight
lines from 2024; after 2090 the slope of 2050-2090 goes on. The very likely range is about -0.4 to +0.5 C in 2050.

z counts standard deviations of a sea's yearly ice about its trend with warming. The same z in all seas at once is
rarer than in one: about one year in 18 is beyond +1, and one beyond -1. A past year has a z of its own in every sea and
month, from ice_years.csv.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Final

import numpy as np

import geodata
from sim import tables
from sim.errors import UsageError, did_you_mean
from sim.geo.geodesy import Floats
from sim.ice.climate import MONTHS, WARMING_RANGE_C, ClimateField, Months, seas
from sim.tables import Filled, From

HISTORY: Final = "historical"
DEFAULT_PATHWAY: Final = "SSP2-4.5"
LAST_YEAR: Final = 2100
LOCAL_Z: Final = 0.15
"""What the field of a past year's own season lacks: blockages within a sea. Least squares of the windows of 2010-2019
and 1996-2016 against ten published ones."""
SINGLE_YEAR_Z: Final = 0.8
"""What turns the mean field into a typical single year: LOCAL_Z, and that seas are not icy together, so that one of
them closes a way which all of them on average leave open. The mean field at this z is as long open as the years of
1996-2024 with their own seasons are on average."""
SEASON_Z: Final = {"mild": -1.0, "normal": 0.0, "severe": 1.0}
OWN_YEARS: Final = "a season of its 'own' is known for past years only: year"
SEASONS: Final = (*SEASON_Z, "own", "random")


@dataclass(frozen=True)
class _Year:
    pathway: Filled
    year: int
    warming_c: Annotated[float, From("T_degC")]
    z_nsr: float | None


@dataclass(frozen=True)
class _SeaYear:
    sea: Filled
    year: int
    months: Months


@lru_cache(maxsize=1)
def _sea_years() -> dict[int, dict[str, Floats]]:
    """Year -> sea -> z (12,) of the months."""
    out: dict[int, dict[str, Floats]] = {}
    for row in tables.rows(geodata.table("ice_years.csv"), _SeaYear):
        out.setdefault(row.year, {})[row.sea] = np.array(row.months)
    return out


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, dict[int, float]], dict[int, float]]:
    """Warming in C by pathway and year, and the observed z by year."""
    warming: dict[str, dict[int, float]] = {}
    anomaly: dict[int, float] = {}
    for row in tables.rows(geodata.table("ice_pathways.csv"), _Year):
        warming.setdefault(row.pathway, {})[row.year] = row.warming_c
        if row.z_nsr is not None:
            anomaly[row.year] = row.z_nsr
    return warming, anomaly


def pathways() -> tuple[str, ...]:
    """Names of the pathways of the future, coolest first."""
    return tuple(name for name in _tables()[0] if name != HISTORY)


def first_year() -> int:
    """The first year with a known warming."""
    return min(_tables()[0][HISTORY])


def last_past_year() -> int:
    """The last year of history; later ones need a pathway."""
    return max(_tables()[0][HISTORY])


def epochs() -> tuple[str, ...]:
    """Names of the decades: "1980s" to "2090s"."""
    return tuple(f"{year}s" for year in range(-(-first_year() // 10) * 10, LAST_YEAR - 9, 10))


def pathway_name(pathway: str | None) -> str:
    """The name as it is in the table: case and punctuation are free ("ssp245"). None is the default, SSP2-4.5."""
    if pathway is None:
        return DEFAULT_PATHWAY
    by_plain = {_plain(name): name for name in pathways()}
    if _plain(pathway) not in by_plain:
        hint = did_you_mean(pathway, pathways())
        raise UsageError(f"unknown pathway '{pathway}'{hint}; allowed: {', '.join(pathways())}")
    return by_plain[_plain(pathway)]


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


def _known_year(year: int, first: int, last: int, what: str) -> int:
    """The year as int, if it is whole and within bounds. Raises UsageError that names the nearest."""
    if isinstance(year, bool) or not isinstance(year, int | np.integer):
        raise UsageError(f"{what} {year!r} is no whole year; allowed: {first} to {last}")
    if not first <= year <= last:
        raise UsageError(
            f"{what} {year} is out of range; allowed: {first} to {last}, nearest {min(max(year, first), last)}"
        )
    return int(year)


def warming_c(year: int, pathway: str | None = None) -> float:
    """Human-induced warming in C above 1850-1900 in a year, 1979 to 2100.

    The past is the same on every pathway. Raises UsageError for an unknown pathway or a year out of range.
    """
    name = pathway_name(pathway)
    past, future = _tables()[0][HISTORY], _tables()[0][name]
    year = _known_year(year, first_year(), LAST_YEAR, "year")
    if year in past:
        return past[year]
    (year_a, warming_a), (year_b, warming_b) = sorted(future.items())[-2:]
    beyond = warming_b + (warming_b - warming_a) / (year_b - year_a) * (LAST_YEAR - year_b)
    known = {last_past_year(): past[last_past_year()], **future, LAST_YEAR: beyond}
    low, high = WARMING_RANGE_C
    return min(max(float(np.interp(year, list(known), list(known.values()))), low), high)


def epoch_years(epoch: str) -> range:
    """The ten years of a decade such as "2030s". Raises UsageError for one that is not known."""
    if epoch not in epochs():
        hint = did_you_mean(epoch, epochs())
        raise UsageError(f"unknown epoch '{epoch}'{hint}; allowed: {', '.join(epochs())}")
    return range(int(epoch[:-1]), int(epoch[:-1]) + 10)


def epoch_warming_c(epoch: str, pathway: str | None = None) -> float:
    """Warming in C, mean over the ten years of a decade; years after history lie on the pathway."""
    return float(np.mean([warming_c(year, pathway) for year in epoch_years(epoch)]))


def anomaly_z(year: int) -> float:
    """Observed anomaly of August-October ice in the four seas of the NSR, in standard deviations, 1979 to 2024."""
    known = _tables()[1]
    return known[_known_year(year, min(known), max(known), OWN_YEARS)]


def sea_anomalies(year: int) -> dict[str, Floats]:
    """Observed anomaly (12,) of the ice of each sea in the months of a past year, in standard deviations.

    0 in seas without a record. Raises UsageError.
    """
    known = _sea_years()
    found = known[_known_year(year, min(known), max(known), OWN_YEARS)]
    return {sea: found.get(sea, np.zeros(len(MONTHS))) for sea in seas()}


def season_z(season: str, *, year: int | None = None, seed: int | None = None) -> float:
    """z of a season: mild -1, normal 0, severe +1; `own` is that of a past year; `random` is drawn from N(0, 1).

    The draw depends on nothing but `seed`: years and pathways compare at equal luck. Raises UsageError.
    """
    if season not in SEASONS:
        raise UsageError(f"unknown season '{season}'{did_you_mean(season, SEASONS)}; allowed: {', '.join(SEASONS)}")
    if (season == "random") != (seed is not None):
        raise UsageError(f"season '{season}' with seed {seed}: a seed belongs to season 'random', and it needs one")
    if season == "own":
        if year is None:
            raise UsageError(
                "season 'own' needs a past year; an epoch has none: allowed are mild, normal, severe, random"
            )
        return anomaly_z(year)
    if seed is not None:
        if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
            raise UsageError(f"seed {seed!r}: allowed is a whole number from 0")
        return float(np.random.default_rng(seed).standard_normal())
    return SEASON_Z[season]


def climate_field(
    *,
    year: int | None = None,
    pathway: str | None = None,
    epoch: str | None = None,
    season: str = "normal",
    seed: int | None = None,
    single_year: bool = True,
) -> ClimateField:
    """The ice climate of a year, or of a decade such as "2030s", in one kind of season.

    A future year without `pathway` is on SSP2-4.5. `season`: see `season_z`; a year's `own` is that of every sea and
    month. `single_year` adds what a ship meets in one year and the mean of many has not: SINGLE_YEAR_Z, or LOCAL_Z to a
    year's own season, which knows already how icy each sea was. Floes are no thicker for it, since it stands for
    blockages. One year, whether own or typical, has a sharp ice edge. `kind` and `label` of the field say all of this.
    Raises UsageError.
    """
    if (year is None) == (epoch is None):
        raise UsageError(f"an ice climate needs either a year or an epoch; given: year {year}, epoch {epoch}")
    z = season_z(season, year=year, seed=seed)
    name = pathway_name(pathway)
    if year is not None:
        warming, last, when = warming_c(year, name), year, str(int(year))
    else:
        assert epoch is not None
        warming, last, when = epoch_warming_c(epoch, name), epoch_years(epoch)[-1], f"the {epoch}"
    if last > last_past_year():
        given = f"{warming:.2f} C" if pathway is not None else f"{warming:.2f} C; the default pathway"
        when = f"{when} on {name} ({given})"
    else:
        when = f"{when} ({warming:.2f} C)"
    own = {} if season != "own" or year is None else sea_anomalies(year)
    more = 0.0 if not single_year else LOCAL_Z if own else SINGLE_YEAR_Z
    return ClimateField(
        warming, z + more, f"climate of {when}, {_season_words(season, z, seed)}, {_kind_words(season, z, more)}",
        thickness_z=z, sea_z={sea: months + more for sea, months in own.items()}, one_year=single_year or bool(own),
        kind="single_year" if single_year else "mean",
    )  # fmt: skip


def _season_words(season: str, z: float, seed: int | None) -> str:
    if season == "own":
        return f"own season by sea (z = {z:+.1f} in the NSR)"
    return f"{season} season" if season != "random" else f"random season (seed {seed}, z = {z:+.2f})"


def _kind_words(season: str, z: float, more: float) -> str:
    """Which kind of year, with the z that makes it."""
    if season == "own":
        return f"blockages of one year (z {more:+.2f})" if more else "without local blockages"
    return f"{'typical single year' if more else 'mean of many years'} (mean field at z = {z + more:+.2f})"
