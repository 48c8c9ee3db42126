"""Warming, kinds of season, and how long a track is open."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import UsageError
from sim.geo.drawing import densified
from sim.geo.geodesy import way_nm
from sim.geo.land import on_land
from sim.ice import pathways
from sim.ice.climate import ClimateField
from sim.ice.field import day_number
from sim.ice.pathways import climate_field, epoch_warming_c, season_z, warming_c
from sim.ice.season import Window, longest_run, longest_window, route_maximum, track, tracks

WARMING = (0.65, 0.85, 1.03, 1.2, 1.3, 1.5, 2.0, 3.0, 4.0)
# Published with the stations, of tracks that were not: longest time with at most 50 % ice, days, at each warming
PUBLISHED = {
    ("nsr_coastal", 0.0): (59, 83, 103, 112, 115, 120, 128, 147, 168),
    ("nsr_coastal", 1.0): (0, 54, 79, 95, 102, 111, 123, 138, 161),
    ("nsr_northern", 0.0): (0, 53, 79, 91, 98, 105, 120, 141, 160),
    ("nsr_northern", 1.0): (0, 0, 40, 69, 79, 92, 111, 132, 155),
}


class Made:
    """A field whose concentration is a function of the day, the same everywhere."""

    kind, label, sources = "file", "made up", ()

    def __init__(self, of_day) -> None:  # type: ignore[no-untyped-def]
        self.of_day = of_day

    def sampler(self, lonlat: np.ndarray) -> Made:
        self.count = len(lonlat)
        return self

    def on(self, day: float) -> tuple[np.ndarray, np.ndarray]:
        sic = np.full(self.count, float(self.of_day(day)))
        return sic, sic


def window_days(warming: float, z: float, name: str, limit: float = 0.5) -> int:
    return longest_window(ClimateField(warming, z), track(name).points(), limit=limit).days


# --- warming


@pytest.mark.parametrize(
    ("year", "pathway", "value"),
    [
        (1979, None, 0.35),
        (2012, None, 1.0),
        (2024, "SSP5-8.5", 1.3),
        (2027, "SSP2-4.5", 1.4),
        (2030, "SSP5-8.5", 1.6),
        (2040, "SSP2-4.5", 1.75),
        (2050, "SSP1-1.9", 1.6),
        (2070, "SSP3-7.0", 2.85),
        (2090, "SSP1-2.6", 1.8),
        (2100, "SSP2-4.5", 2.875),
        (2100, "SSP1-1.9", 1.35),
        (2100, "SSP5-8.5", 4.9),
    ],
)
def test_warming_of_a_year(year: int, pathway: str | None, value: float) -> None:
    assert warming_c(year, pathway) == pytest.approx(value, abs=1e-9)


def test_the_pathways_part_in_the_order_of_their_names() -> None:
    names = pathways.pathways()
    assert names == ("SSP1-1.9", "SSP1-2.6", "SSP2-4.5", "SSP3-7.0", "SSP5-8.5")
    for year in (2045, 2060, 2100):
        values = [warming_c(year, name) for name in names]
        assert values == sorted(values) and len(set(values)) == len(values)


@given(year=st.integers(1979, 2100), name=st.sampled_from(pathways.pathways()))
def test_warming_has_no_steps_and_one_past(year: int, name: str) -> None:
    assert 0.3 <= warming_c(year, name) <= 5.0
    assert warming_c(min(year, 2024), name) == warming_c(min(year, 2024))
    assert abs(warming_c(min(year + 1, 2100), name) - warming_c(year, name)) <= 0.0501


@pytest.mark.parametrize("name", ["ssp245", "SSP2-45", "ssp2 4.5"])
def test_a_pathway_may_be_written_freely(name: str) -> None:
    assert pathways.pathway_name(name) == "SSP2-4.5"


def test_decades() -> None:
    assert pathways.epochs()[0] == "1980s" and pathways.epochs()[-1] == "2090s"
    assert epoch_warming_c("1990s") == pytest.approx(0.649)
    assert epoch_warming_c("2040s", "SSP2-4.5") == pytest.approx(1.8625)  # the mean of 1.5 + 0.025 k, k = 10 to 19
    assert epoch_warming_c("2090s", "SSP5-8.5") == pytest.approx(4.4 + 0.05 * 4.5)
    assert warming_c(2030) <= epoch_warming_c("2030s") <= warming_c(2039)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: warming_c(1978), r"1978.*1979 to 2100, nearest 1979"),
        (lambda: warming_c(2101), r"2101.*nearest 2100"),
        (lambda: warming_c(2030.5), r"2030.5 is no whole year"),
        (lambda: warming_c(2030, "SSP2-4"), r"'SSP2-4' \(did you mean SSP2-4.5.*allowed: SSP1-1.9"),
        (lambda: warming_c(2030, "historical"), r"unknown pathway 'historical'"),
        (lambda: pathways.anomaly_z(2025), r"2025.*1979 to 2024, nearest 2024"),
        (lambda: epoch_warming_c("2030"), r"'2030' \(did you mean 2030s"),
        (lambda: season_z("sever"), r"'sever' \(did you mean severe.*own, random"),
        (lambda: season_z("random"), r"seed None"),
        (lambda: season_z("mild", seed=3), r"belongs to season 'random'"),
        (lambda: season_z("random", seed=-1), r"whole number from 0"),
        (lambda: season_z("own"), r"needs a past year"),
        (lambda: climate_field(), r"either a year or an epoch"),
        (lambda: climate_field(year=2030, epoch="2030s"), r"either a year or an epoch"),
        (lambda: climate_field(year=2030, season="own"), r"past years only: year 2030"),
        (lambda: climate_field(year=2000, pathway="SSP9"), r"unknown pathway"),
        (lambda: track("nsr_costal"), r"'nsr_costal' \(did you mean nsr_coastal"),
        (lambda: longest_window(ClimateField(1.0), np.zeros((1, 2)), limit=50), r"limit of concentration 50, allowed"),
    ],
)
def test_errors_help(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UsageError, match=words):
        call()


# --- seasons


def test_seasons() -> None:
    assert [season_z(s) for s in ("mild", "normal", "severe")] == [-1, 0, 1]
    assert season_z("own", year=2007) == pytest.approx(-1.6)
    assert season_z("own", year=1996) == pytest.approx(1.4)


def test_random_seasons_are_repeatable_and_normal() -> None:
    draws = np.array([season_z("random", seed=seed) for seed in range(4_000)])
    assert season_z("random", seed=17, year=2044) == draws[17]
    assert abs(draws.mean()) < 0.06 and abs(draws.std() - 1) < 0.04
    assert np.mean(np.abs(draws) < 1) == pytest.approx(0.683, abs=0.025)


def test_labels_say_all() -> None:
    assert (
        climate_field(year=2030, pathway="SSP2-4.5").label
        == "climate of 2030 on SSP2-4.5 (1.50 C), normal season, typical single year (mean field at z = +0.80)"
    )
    assert "on SSP2-4.5 (1.50 C; the default pathway)" in climate_field(year=2030).label
    past = climate_field(year=2012, season="own", pathway="SSP5-8.5").label
    assert "2012 (1.00 C), own season by sea (z = -1.1 in the NSR)" in past
    assert "blockages of one year (z +0.15)" in past and "SSP" not in past
    assert (
        "mean of many years (mean field at z = -1.00)"
        in climate_field(epoch="2030s", season="mild", single_year=False).label
    )
    drawn = climate_field(epoch="1990s", season="random", seed=4).label
    assert "the 1990s (0.65 C), random season (seed 4" in drawn


def test_a_single_year_has_more_ice_than_the_mean() -> None:
    single, mean = climate_field(year=2040), climate_field(year=2040, single_year=False)
    assert single.anomaly_z - mean.anomaly_z == pathways.SINGLE_YEAR_Z > pathways.LOCAL_Z > 0
    assert single.warming_c == mean.warming_c == warming_c(2040)


# --- tracks and windows


@pytest.mark.parametrize("name", ["nsr_coastal", "nsr_northern", "nsr_high", "nwp"])
def test_tracks_lie_on_water(name: str) -> None:
    assert not on_land(densified(track(name).lonlat, 1.0)).any()
    assert track(name).source and track(name).confidence in {"A", "B", "C"}


def test_tracks_have_lengths_that_can_be() -> None:
    """Kara Gate to Bering Strait is about 2,500 nm; the way further north is shorter."""
    length = {name: way_nm(t.lonlat) for name, t in tracks().items()}
    assert 2_350 < length["nsr_coastal"] < 2_700
    assert length["nsr_northern"] < length["nsr_coastal"]
    step = way_nm(track("nwp").points()) / (len(track("nwp").points()) - 1)
    assert step * 1.852 <= 10.0


@pytest.mark.parametrize(("name", "z"), PUBLISHED)
def test_published_windows(name: str, z: float) -> None:
    found = np.array([window_days(warming, z, name) for warming in WARMING])
    assert np.abs(found - PUBLISHED[name, z]).max() <= 5, found.tolist()


@settings(max_examples=12)
@given(warming=st.floats(0.3, 4.5), more=st.floats(0, 0.5), z=st.floats(-2, 2), up=st.floats(0, 1))
def test_windows_grow_with_warmth_and_shrink_with_ice(warming: float, more: float, z: float, up: float) -> None:
    days = window_days(warming, z, "nsr_coastal")
    assert window_days(warming + more, z, "nsr_coastal") >= days
    assert window_days(warming, z + up, "nsr_coastal") <= days
    assert window_days(warming, z, "nsr_coastal", limit=0.5 + up / 2) >= days
    assert window_days(warming, z, "nsr_coastal", limit=0.5 - up / 2) <= days


def test_a_track_is_as_long_open_the_other_way() -> None:
    field, points = ClimateField(1.2, 1.0), track("nsr_coastal").points()
    assert longest_window(field, points) == longest_window(field, points[::-1])
    assert longest_window(field, points[:150]).days >= longest_window(field, points).days


def test_the_days_of_a_window_are_open_and_those_beside_it_are_not() -> None:
    field, points = climate_field(year=2035), track("nsr_coastal").points()
    window = longest_window(field, points, year=2035)
    assert window.opens and window.closes
    first, last = (day_number(datetime(d.year, d.month, d.day, 12, tzinfo=UTC)) for d in (window.opens, window.closes))
    assert last - first + 1 == window.days
    before, *inside, after = route_maximum(field, points, np.arange(first - 1, last + 2))
    assert max(inside) <= 0.5 < min(before, after)
    assert window.opens.month in (6, 7) and window.closes.month in (10, 11)


def test_windows_at_the_bounds() -> None:
    place = np.array([[100.0, 78.0]])
    assert longest_window(ClimateField(1.0), place, limit=1.0).days == 365
    assert longest_window(ClimateField(1.0), place, limit=1.0, year=2024).days == 366
    assert longest_window(ClimateField(0.5, 2.0), np.array([[0.0, 90.0]])) == Window(0, None, None)


def test_a_window_may_run_over_new_year() -> None:
    start = day_number(datetime(2023, 1, 1, tzinfo=UTC))
    closed = Made(lambda day: 50 <= day - start < 300)
    place = np.zeros((2, 2))
    found = longest_window(closed, place, year=2023)
    assert found == Window(115, date(2023, 10, 28), date(2023, 2, 19))
    assert longest_window(closed, place, year=2023, cyclic=False).days == 65


def test_what_is_not_known_is_closed() -> None:
    start = day_number(datetime(2023, 1, 1, tzinfo=UTC))
    half = Made(lambda day: 0.0 if day - start < 40 else np.nan)
    assert longest_window(half, np.zeros((1, 2)), year=2023) == Window(40, date(2023, 1, 1), date(2023, 2, 9))
    never = Made(lambda day: np.nan)
    assert longest_window(never, np.zeros((1, 2)), year=2023).days == 0


@given(st.lists(st.booleans(), min_size=1, max_size=40), st.booleans())
def test_longest_run_is_the_longest(flags: list[bool], cyclic: bool) -> None:
    count = len(flags)
    best = 0
    for first in range(count):
        run = 0
        while run < count and (cyclic or first + run < count) and flags[(first + run) % count]:
            run += 1
        best = max(best, run)
    length, start = longest_run(np.array(flags), cyclic=cyclic)
    assert length == best
    assert all(flags[(start + k) % count] for k in range(length))
