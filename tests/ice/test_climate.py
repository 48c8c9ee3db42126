"""The built-in ice climate: reference values, no seams in space and time, and what must be true of any ice."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import geodata
from sim.errors import UsageError
from sim.ice.climate import (
    MONTHS,
    ClimateField,
    concentration_stations,
    mid_months,
    plane_km,
    thickness_stations,
)
from sim.ice.field import day_number

MAR, APR, SEP, OCT = 2, 3, 8, 9
PLACES = {
    "Vilkitsky Strait": (103.5, 77.95),
    "Sannikov Strait": (139.0, 74.4),
    "Long Strait": (178.0, 70.2),
    "Kara Gate": (58.0, 70.4),
    "Lancaster Sound": (-81.0, 74.2),
    "North Pole": (33.3, 90.0),
    "North Cape": (25.8, 71.6),
}
# Published with the stations: concentration at (month, warming, z), then thickness in April at 1 and 2 C
VECTORS = {
    "Vilkitsky Strait": (0.9229, 0.0859, 0.3633, 0.0071, 0.3296, 1.689, 1.183),
    "Sannikov Strait": (0.9680, 0.0000, 0.3590, 0.0036, 0.3224, 1.918, 1.375),
    "Long Strait": (0.9799, 0.0212, 0.1188, 0.0000, 0.0976, 2.118, 1.446),
    "Kara Gate": (0.7849, 0.0000, 0.0000, 0.0000, 0.0000, 1.021, 0.715),
    "Lancaster Sound": (0.9567, 0.0217, 0.2782, 0.0282, 0.2581, 1.615, 1.226),
    "North Pole": (0.9968, 0.9153, 0.9276, 0.6650, 0.9150, 2.405, 1.658),
    "North Cape": (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
}
CASES = ((MAR, 1.0, 0.0), (SEP, 1.0, 0.0), (OCT, 1.0, 0.0), (OCT, 2.0, 0.0), (OCT, 1.3, 1.0))

arctic = st.tuples(st.floats(-180, 180), st.floats(45, 90))
warmings = st.floats(0.3, 5.0)
anomalies = st.floats(-2.5, 2.5)
days = st.floats(-5_000, 40_000)


def monthly(place: tuple[float, float], warming: float, z: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    sic, thick = ClimateField(warming, z).sampler(np.array([place])).monthly()
    return sic[:, 0], thick[:, 0]


def day_of(*date: int) -> float:
    return day_number(datetime(*date, tzinfo=UTC))


@pytest.mark.parametrize("name", VECTORS)
def test_reference_values(name: str) -> None:
    *sic, thick_1, thick_2 = VECTORS[name]
    for (month, warming, z), value in zip(CASES, sic, strict=True):
        assert monthly(PLACES[name], warming, z)[0][month] == pytest.approx(value, abs=5.001e-5)
    for warming, value in ((1.0, thick_1), (2.0, thick_2)):
        assert monthly(PLACES[name], warming)[1][APR] == pytest.approx(value, abs=5.001e-4)


@pytest.mark.parametrize(("z", "factor"), [(1.0, 1.15), (-1.0, 0.85), (2.0, 1.30)])
def test_ice_is_thicker_in_a_heavy_year(z: float, factor: float) -> None:
    assert monthly(PLACES["Vilkitsky Strait"], 1.0, z)[1][APR] == pytest.approx(1.689 * factor, abs=7e-4)


def test_at_a_station_the_field_is_the_table() -> None:
    stations, floes = concentration_stations(), thickness_stations()
    sic = ClimateField(1.0).sampler(stations.lonlat[:-24]).monthly()[0]
    assert sic == pytest.approx(stations.value[:-24].T / 100, abs=2e-6)
    ice, thick = ClimateField(1.0).sampler(floes.lonlat[:-24]).monthly()
    assert thick[ice > 0] == pytest.approx(floes.value[:-24].T[ice > 0], rel=1e-9)
    assert (thick[ice == 0] == 0).all()


@pytest.mark.parametrize(
    ("file", "rows"),
    [("ice_stations", 363), ("ice_thickness_stations", 64), ("ice_warming", 45), ("ice_pathways", 61)],
)
def test_every_row_has_a_source(file: str, rows: int) -> None:
    with geodata.table(f"{file}.csv").open(newline="", encoding="utf-8") as text:
        table = list(csv.DictReader(text))
    assert len(table) == rows
    assert all(row["source"] and row["confidence"] in {"A", "B", "C"} for row in table)


def test_every_sea_of_a_station_has_its_factors() -> None:
    for stations, names in ((concentration_stations(), ("kappa", "spread")), (thickness_stations(), ("lambda",))):
        for name in names:
            assert stations.factors[name].shape == stations.value.shape
            assert (stations.factors[name] >= 0).all()  # else warmth could bring ice
    assert concentration_stations().factors["kappa"][:300].any(axis=1).all()


def test_the_stations_span_triangles_without_gaps() -> None:
    rng = np.random.default_rng(5)
    places = np.column_stack([rng.uniform(-180, 180, 20_000), rng.uniform(40.5, 90, 20_000)])
    for stations in (concentration_stations(), thickness_stations()):
        corners = stations.corners(places)
        assert corners.inside.all()
        assert corners.weight.min() > -1e-6
        assert corners.weight.sum(axis=1) == pytest.approx(1.0)
        rebuilt = np.einsum("nk,nkd->nd", corners.weight, plane_km(stations.lonlat)[corners.station])
        assert rebuilt == pytest.approx(plane_km(places), abs=1e-4)


@pytest.mark.parametrize("lat", [39.99, 20.0, 0.0, -60.0, -90.0])
def test_there_is_no_ice_south_of_the_ring(lat: float) -> None:
    places = np.array([[lon, lat] for lon in (-180.0, -60.0, 7.5, 140.0)])
    sic, thick = ClimateField(0.3, 3.0).sampler(places).on(day_of(2030, 3, 1))
    assert not sic.any()
    assert not thick.any()


@pytest.mark.parametrize("lon", [0.0, 7.5, 15.0, 180.0, -172.5])
def test_the_ring_itself_is_free_of_ice_and_no_step(lon: float) -> None:
    sic = ClimateField(0.3, 3.0).sampler(np.array([[lon, lat] for lat in (39.999, 40.0, 40.001)])).monthly()[0]
    assert (sic < 1e-3).all()


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(25.8, 71.6), (33.8, 69.5), (4.05, 51.98), (140.5, 41.4), (104.0, 1.2)],
    ids=["North Cape", "off Murmansk", "Rotterdam", "Tsugaru", "Singapore"],
)
def test_waters_that_never_freeze(lon: float, lat: float) -> None:
    sampler = ClimateField(0.35, 2.0).sampler(np.array([[lon, lat]]))
    for values in sampler.monthly():
        assert not values.any()


def test_murmansk_lies_inland_of_the_field() -> None:
    """The port is between stations of the open Barents Sea and of the White Sea: a trace in winter, never more."""
    sic = monthly((33.06, 68.97), 1.0)[0]
    assert sic.max() < 0.1
    assert not sic[6:9].any()


@given(lat=st.floats(40, 90), warming=warmings, z=anomalies)
def test_180_west_is_180_east(lat: float, warming: float, z: float) -> None:
    east, west = ClimateField(warming, z).sampler(np.array([[180.0, lat], [-180.0, lat]])).monthly()[0].T
    assert (east == west).all()


@given(place=arctic, turns=st.integers(-3, 3), day=days)
def test_a_full_turn_changes_nothing(place: tuple[float, float], turns: int, day: float) -> None:
    places = np.array([place, (place[0] + 360 * turns, place[1])])
    sic, thick = ClimateField(1.2).sampler(places).on(day)
    assert sic[0] == pytest.approx(sic[1], abs=1e-8)
    if min(sic) > 1e-5:
        assert thick[0] == pytest.approx(thick[1], rel=1e-8)


@given(lon=st.floats(-180, 180), other=st.floats(-180, 180), warming=warmings)
def test_the_pole_is_one_place(lon: float, other: float, warming: float) -> None:
    sic, thick = ClimateField(warming).sampler(np.array([[lon, 90.0], [other, 90.0]])).monthly()
    assert sic[:, 0] == pytest.approx(sic[:, 1], abs=1e-12)
    assert thick[:, 0] == pytest.approx(thick[:, 1], abs=1e-12)


@given(
    x=st.floats(-4_500, 4_500),
    y=st.floats(-4_500, 4_500),
    bearing=st.floats(0, 2 * np.pi),
    warming=warmings,
    z=anomalies,
)
def test_a_kilometre_further_there_is_nearly_the_same_ice(
    x: float, y: float, bearing: float, warming: float, z: float
) -> None:
    assume(np.hypot(x, y) < 4_500)
    check_neighbours(np.array([[x, y], [x + np.cos(bearing), y + np.sin(bearing)]]), warming, z)


@pytest.mark.parametrize("warming", [0.4, 1.0, 2.0, 4.0])
@pytest.mark.parametrize("z", [-2.0, 0.0, 2.0])
def test_no_step_across_180_the_pole_or_any_edge_of_a_triangle(warming: float, z: float) -> None:
    rng = np.random.default_rng(9)
    line = np.linspace(-3_000, 3_000, 6_001)[:, None]
    check_neighbours(line * [1.0, 0.0], warming, z)  # 180, the pole, Greenwich
    for _ in range(4):
        angle, away = rng.uniform(0, np.pi), rng.uniform(-1_500, 1_500)
        along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
        check_neighbours(line * along + away * across, warming, z)


def check_neighbours(xy: np.ndarray, warming: float, z: float) -> None:
    """Places (n, 2) of the plane, each about a kilometre from the next."""
    lat = 90 - 2 * np.rad2deg(np.arcsin(np.hypot(xy[:, 0], xy[:, 1]) / (2 * 6371.0)))
    places = np.column_stack([np.rad2deg(np.arctan2(xy[:, 1], xy[:, 0])), lat])
    sic, thick = ClimateField(warming, z).sampler(places).monthly()
    assert np.abs(np.diff(sic, axis=1)).max() < 0.06
    ice = (sic[:, 1:] > 0) & (sic[:, :-1] > 0)
    assert np.abs(np.where(ice, np.diff(thick, axis=1), 0.0)).max() < 0.06


@given(place=arctic, warming=warmings, more=st.floats(0, 2), z=anomalies)
def test_warmth_never_brings_ice(place: tuple[float, float], warming: float, more: float, z: float) -> None:
    cool, warm = monthly(place, warming, z), monthly(place, min(warming + more, 5.0), z)
    assert (warm[0] <= cool[0] + 1e-12).all()
    assert (warm[1] <= cool[1] + 1e-12).all()


@given(place=arctic, warming=warmings, z=anomalies, more=st.floats(0, 2))
def test_a_heavier_season_never_has_less_ice(place: tuple[float, float], warming: float, z: float, more: float) -> None:
    light, heavy = monthly(place, warming, z), monthly(place, warming, z + more)
    assert (heavy[0] >= light[0] - 1e-12).all()
    assert (heavy[1] >= light[1] - 1e-12).all()


@given(place=arctic, warming=warmings, z=anomalies, day=days)
def test_values_are_possible(place: tuple[float, float], warming: float, z: float, day: float) -> None:
    sic, thick = ClimateField(warming, z).sampler(np.array([place])).on(day)
    assert 0 <= sic[0] <= 1
    assert (thick[0] > 0) == (sic[0] > 0)
    assert thick[0] < 8


@pytest.mark.parametrize("year", [1972, 2023, 2024, 2100])
def test_mid_months_hold_the_monthly_values(year: int) -> None:
    places = np.array(list(PLACES.values()))
    sampler = ClimateField(1.1, 0.5).sampler(places)
    sic, thick = sampler.monthly()
    for month in range(12):
        first, after = day_of(year, month + 1, 1), day_of(year + month // 11, (month + 1) % 12 + 1, 1)
        on = sampler.on((first + after) / 2)
        assert on[0] == pytest.approx(sic[month], abs=1e-12)
        assert on[1] == pytest.approx(thick[month], abs=1e-12)


@pytest.mark.parametrize("year", [2023, 2024])
def test_days_run_on_without_steps(year: int) -> None:
    """From December before to January after, through a leap day: no day changes more than its month does."""
    sampler = ClimateField(1.3).sampler(np.array(list(PLACES.values())))
    sic = sampler.monthly()[0]
    months = np.abs(np.diff(sic, axis=0, append=sic[:1])).max(axis=0)
    start = datetime(year - 1, 12, 1, tzinfo=UTC)
    series = np.array([sampler.on(day_number(start + timedelta(hours=6 * k)))[0] for k in range(4 * 430)])
    assert np.abs(np.diff(series, axis=0)).max(axis=0) == pytest.approx(months / 29.5 / 4, rel=0.06, abs=1e-9)


def test_december_runs_into_january() -> None:
    sampler = ClimateField(1.0).sampler(np.array([PLACES["Kara Gate"]]))
    sic = sampler.monthly()[0][:, 0]
    assert sic[11] != sic[0]
    assert sampler.on(day_of(2025, 1, 1))[0][0] == pytest.approx((sic[11] + sic[0]) / 2)
    night = [sampler.on(day_of(2025, 1, 1) + step)[0][0] for step in (-1e-6, 1e-6)]
    assert night[0] == pytest.approx(night[1], abs=1e-6)


def test_a_leap_day_lies_between_february_and_march() -> None:
    before, after, share = mid_months(np.array([day_of(2024, 2, 29), day_of(2023, 2, 28), day_of(2024, 2, 15, 12)]))
    assert before.tolist() == [1, 1, 1] and after.tolist() == [2, 2, 2]
    assert share == pytest.approx([13.5 / 30, 13 / 29.5, 0.0])


@given(st.lists(days, min_size=7, max_size=7))
def test_a_day_for_each_place_is_the_same_as_one_day_for_all(each: list[float]) -> None:
    sampler = ClimateField(1.4, -0.3).sampler(np.array(list(PLACES.values())))
    sic, thick = sampler.on(np.array(each))
    for k, day in enumerate(each):
        one = sampler.on(day)
        assert (sic[k], thick[k]) == pytest.approx((one[0][k], one[1][k]), abs=1e-12)


def test_monthly_arrays_are_the_callers_own() -> None:
    sampler = ClimateField(1.0).sampler(np.array([PLACES["North Pole"]]))
    for values in sampler.monthly():
        values[:] = 7.0
    assert sampler.monthly()[0].max() <= 1
    assert sampler.monthly()[1].max() < 7


def test_no_places_have_no_ice() -> None:
    sampler = ClimateField(1.0).sampler(np.zeros((0, 2)))
    assert sampler.monthly()[0].shape == (12, 0)
    for day in (20_000.0, np.zeros(0)):
        assert [len(v) for v in sampler.on(day)] == [0, 0]


@pytest.mark.parametrize(
    ("warming", "z", "words"),
    [
        (0.2, 0.0, "0.2, allowed: 0.3 to 5"),
        (5.1, 0.0, "5.1"),
        (np.nan, 0.0, "nan"),
        (1.0, 7.0, "z .*7, allowed: -6 to 6"),
    ],
)
def test_levels_out_of_range(warming: float, z: float, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        ClimateField(warming, z)


def test_places_and_days_that_cannot_be() -> None:
    field = ClimateField(1.0)
    with pytest.raises(UsageError, match=r"lon 74, lat 103.*lon, lat"):
        field.sampler(np.array([[178.0, 70.0], [74.0, 103.0]]))
    with pytest.raises(UsageError, match="finite"):
        field.sampler(np.array([[0.0, 80.0]])).on(np.nan)
    with pytest.raises(UsageError, match=r"shape \(2,\).* 3 places"):
        field.sampler(np.zeros((3, 2))).on(np.zeros(2))


def test_a_field_says_what_it_is() -> None:
    assert "1.50 C" in ClimateField(1.5, 1.0).label and "+1.0" in ClimateField(1.5, 1.0).label
    assert ClimateField(1.5, label="mine").label == "mine"
    assert any("PIOMAS" in source for source in ClimateField(1.5).sources)
    assert len(MONTHS) == 12


@given(order=st.permutations(range(12)))
def test_months_are_those_of_the_year_in_whatever_order_they_are_asked_for(order: list[int]) -> None:
    places = np.array([[170.0, 70.0], [60.0, 77.0], [-170.0, 63.0], [0.0, 50.0], [100.0, 88.0]])
    field = ClimateField(1.5, 0.5)
    sic, thick = field.sampler(places).monthly()
    asked = field.sampler(places)
    for month in order:
        first, after = day_of(2031, month + 1, 1), day_of(2031 + month // 11, (month + 1) % 12 + 1, 1)  # half-way
        found = asked.on(np.full(len(places), (first + after) / 2))
        assert found[0] == pytest.approx(sic[month], abs=1e-12)
        assert found[1] == pytest.approx(thick[month], abs=1e-12)
