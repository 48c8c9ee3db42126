"""Emission control areas: what of a line and of a voyage lies in them, and what is burnt there."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import SeaNetwork
from sim.economy.areas.emission import area_nm, area_uses, emission_areas, may_burn, voyage_areas
from sim.economy.emissions import FuelUse
from sim.economy.fuels import FuelTable
from sim.geo.geodesy import way_nm
from sim.voyage.voyage import VoyageLeg

FUELS = FuelTable.load()
VLSFO, HFO, MGO, LNG = (FUELS.find(f) for f in ("VLSFO", "HFO", "MGO", "LNG_OTTO_SS"))
LATE = dt.date(2025, 6, 1)
DOVER = np.array([[1.45, 51.0], [3.0, 52.0]])
SICILY = np.array([[12.0, 38.2], [8.0, 38.2]])


def leg(line: np.ndarray, start: str, fuel_t: float | None = 10.0, nm: float | None = None) -> VoyageLeg:
    begin = dt.datetime.fromisoformat(start).replace(tzinfo=dt.UTC)
    return VoyageLeg(
        start=begin, end=begin + dt.timedelta(days=1), lonlat=line,
        distance_nm=way_nm(line) if nm is None else nm, sailed_nm=way_nm(line) if nm is None else nm,
        hours=24.0, wait_h=0.0, water="", tag="", passages=(), concentration=0.0, thickness_m=0.0, rio=None,
        level="normal", escorted=False, low_confidence=False, rule=None, fuel_t=fuel_t,
    )  # fmt: skip


def test_outlines_are_sound_and_do_not_overlap() -> None:
    from shapely import Polygon, box

    shapes = [Polygon(a.polygon) for a in emission_areas()]
    assert all(s.is_valid and s.area > 1 for s in shapes)
    for k, a in enumerate(shapes):
        assert all(a.intersection(b).area < 0.05 for b in shapes[:k])
    assert not any(s.intersects(box(-180, 67, 180, 90)) for s in shapes), "none reaches the Arctic"
    assert all("outline by hand" in a.source and a.confidence == "C" for a in emission_areas())


@pytest.mark.parametrize(
    ("lon", "lat", "area"),
    [
        (1.5, 51.0, "north_sea"), (-4.5, 49.3, "north_sea"), (3, 61.5, "north_sea"), (9, 58, "north_sea"),
        (19, 56, "baltic"), (20, 63, "baltic"), (25, 59.8, "baltic"), (11.5, 56.5, "baltic"),
        (5, 38, "mediterranean"), (18, 35, "mediterranean"), (16, 43, "mediterranean"), (25, 39, "mediterranean"),
        (32, 32, "mediterranean"), (34.5, 32.5, "mediterranean"),
        (-73.5, 40, "north_america"), (-90, 27, "north_america"), (-119, 33, "north_america"),
        (-125.5, 48.4, "north_america"), (-63, 44, "north_america"), (-158, 21, "north_america"),
        (-165, 54, "north_america"), (-66, 18.7, "us_caribbean"),
        (-6, 49, ""), (2, 62.5, ""), (-7, 36, ""), (28, 40.7, ""), (31, 43, ""), (32.35, 31.4, ""), (33, 29, ""),
        (-60, 36, ""), (-76, 25, ""), (-75, 20, ""), (-130, 35, ""), (-175, 52, ""), (-95, 74, ""), (140, 35, ""),
        (-168.5, 66, ""),
    ],
)  # fmt: skip
def test_places_within_and_without(lon: float, lat: float, area: str) -> None:
    """By MARPOL Annex VI regulation 14: west of 5 W, the Marmara and Black Sea, the Bahamas and the Arctic are out."""
    for turn in (0, 360, -360):
        line = np.array([[lon + turn, lat], [lon + turn + 0.01, lat]])
        assert list(area_nm(line, LATE)) == ([area] if area else [])


def test_the_mediterranean_counts_from_may_2025_and_the_north_sea_from_2015() -> None:
    assert area_nm(SICILY, dt.date(2025, 4, 30)) == {}
    assert area_nm(SICILY, dt.date(2025, 5, 1))["mediterranean"] == pytest.approx(way_nm(SICILY), rel=1e-6)
    assert area_nm(DOVER, dt.date(2014, 12, 31)) == {}
    assert area_nm(DOVER, dt.date(2015, 1, 1))["north_sea"] == pytest.approx(way_nm(DOVER), rel=1e-6)


def test_shanghai_rotterdam_by_suez(net: SeaNetwork) -> None:
    """Counted by others: about 1,984 nm in the Mediterranean, 440 nm in the Channel from Ushant and the North Sea.

    The area begins 35 nm east of Ushant, at 5 W, and ends before Port Said.
    """
    route = net.route("Shanghai", "Rotterdam", via="suez")
    miles = area_nm(route.lonlat, LATE)
    assert set(miles) == {"mediterranean", "north_sea"}
    assert miles["mediterranean"] == pytest.approx(1984, rel=0.03)
    assert miles["north_sea"] == pytest.approx(440 - 35, rel=0.03)
    back = area_nm(route.lonlat[::-1], LATE)
    assert back == pytest.approx(miles, abs=5)


@given(st.floats(-30, 30), st.floats(30, 60), st.floats(-30, 30), st.floats(30, 60))
def test_no_more_miles_within_than_there_are(a: float, b: float, c: float, d: float) -> None:
    line = np.array([[a, b], [c, d]])
    assert sum(area_nm(line, LATE).values()) <= way_nm(line) * (1 + 1e-6) + 1e-6


def test_tonnes_go_with_miles_and_each_leg_with_its_day() -> None:
    half = np.array([[-5.0, 49.2], [-4.0, 49.2]])
    outside = np.array([[-6.0, 49.2], [-5.0, 49.2]])
    (part,) = voyage_areas([leg(np.vstack([outside, half[1:]]), "2025-06-01", 20.0)])
    assert part.area == "north_sea" and part.fuel_t == pytest.approx(10.0, rel=0.08)
    assert part.distance_nm == pytest.approx(way_nm(half), abs=3)
    legs = [leg(SICILY, "2025-04-30"), leg(SICILY, "2025-05-01"), leg(DOVER, "2025-05-10", None)]
    sea, channel = voyage_areas(legs)
    assert (sea.area, sea.fuel_t) == ("mediterranean", pytest.approx(10.0))
    assert channel.fuel_t is None
    assert voyage_areas([]) == ()


@pytest.mark.parametrize(
    ("fuel", "day", "scrubber", "allowed"),
    [
        (VLSFO, LATE, None, False), (MGO, LATE, None, True), (LNG, LATE, False, True), (VLSFO, LATE, True, True),
        (HFO, LATE, None, True), (HFO, LATE, False, False), (HFO, dt.date(2019, 12, 31), None, False),
    ],
)  # fmt: skip
def test_what_may_be_burnt(fuel: object, day: dt.date, scrubber: bool | None, allowed: bool) -> None:
    assert may_burn(fuel, day, scrubber) is allowed  # type: ignore[arg-type]


@given(st.floats(1, 5000), st.floats(0, 500), st.floats(0, 1), st.floats(0, 6000))
def test_the_energy_stays_and_so_does_the_arctic(main: float, auxiliary: float, arctic: float, inside: float) -> None:
    use = FuelUse(VLSFO, main, auxiliary, arctic_share=arctic)
    outside, clean = area_uses(use, inside)
    energy = sum(u.fuel.energy_mj(u.fuel_t) for u in (outside, clean) if u is not None)
    assert energy == pytest.approx(VLSFO.energy_mj(use.fuel_t))
    assert outside.fuel_t * outside.arctic_share == pytest.approx(use.fuel_t * arctic, rel=1e-6, abs=1e-6)
    assert clean is None or (clean.fuel is MGO and clean.arctic_share == 0)
