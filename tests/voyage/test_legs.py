"""The legs of a voyage: they follow each other in time and place, and on each nothing of note changes."""

from __future__ import annotations

import gc
import pickle
import weakref
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from pyproj import Geod

from sim.geo.cells import STEP_NM
from sim.geo.geodesy import angles, vectors
from sim.geo.route import Route
from sim.geo.waters import inside_water
from sim.ice.climate import ClimateField
from sim.ship.vessel import Ship
from sim.voyage.legs import clock_of
from sim.voyage.policy import IcePolicy
from sim.voyage.sail import sail, timed
from sim.voyage.voyage import LEVELS, SpeedPlan, Voyage, VoyageLeg
from tests.voyage.conftest import DARING, SUMMER, Waters, patch, uniform

GEOD = Geod(ellps="WGS84")


@pytest.fixture(scope="module")
def route(waters: Waters) -> Route:
    return waters.net.route("Rotterdam", "Yokohama", via="nsr", draft_m=11.8)


@pytest.fixture(scope="module")
def voyage(waters: Waters, route: Route, yamalmax: Ship) -> Voyage:
    policy = IcePolicy(escort="when_needed", escort_wait_h=6.0, max_risk="special")
    plan = SpeedPlan(14.0, {}, {"bering_strait": 3.0})
    depart = datetime(2025, 6, 25, tzinfo=UTC)
    return waters.sail(route, yamalmax, ClimateField(0.8, 1.0), policy, depart, plan)


def test_there_are_legs_of_every_kind(voyage: Voyage) -> None:
    assert voyage.blocked is None
    assert {leg.escorted for leg in voyage.legs} == {True, False}
    assert any(leg.rio is None for leg in voyage.legs)
    assert {leg.tag for leg in voyage.legs} >= {"", "approach"}
    assert len({leg.water for leg in voyage.legs}) > 5


def test_legs_follow_each_other_in_time(voyage: Voyage) -> None:
    legs = voyage.legs
    assert legs[0].start == voyage.depart
    assert abs(legs[-1].end - voyage.arrive) < timedelta(seconds=1)
    for a, b in pairwise(legs):
        assert abs(a.end - b.start) < timedelta(seconds=1)
    for leg in legs:
        hours = (leg.end - leg.start).total_seconds() / 3600
        assert hours == pytest.approx(leg.hours + leg.wait_h, abs=1e-3)
        assert leg.speed_kn == pytest.approx(leg.sailed_nm / leg.hours)
        assert leg.sailed_nm >= leg.distance_nm - 1e-9
        assert leg.speed_kn < 14 + 1e-9


def test_legs_follow_each_other_in_place(voyage: Voyage, route: Route) -> None:
    legs = voyage.legs
    assert legs[0].lonlat[0].tolist() == route.lonlat[0].tolist()
    assert legs[-1].lonlat[-1].tolist() == route.lonlat[-1].tolist()
    for a, b in pairwise(legs):
        assert a.lonlat[-1] == pytest.approx(b.lonlat[0])
    drawn = np.vstack([leg.lonlat for leg in legs])
    for corner in route.lonlat:
        assert angles(vectors(drawn), vectors(corner)).min() < 1e-9


def test_the_drawn_length_is_the_distance(voyage: Voyage) -> None:
    for leg in voyage.legs:
        if leg.tag == "approach":
            continue  # has a counted length
        drawn = GEOD.line_length(*leg.lonlat.T) / 1852
        assert drawn == pytest.approx(leg.distance_nm, rel=2e-3, abs=0.05)


def test_a_leg_lies_in_its_sea(voyage: Voyage) -> None:
    for leg in voyage.legs:
        if leg.water and leg.distance_nm > 3 * STEP_NM:
            ends = vectors(leg.lonlat)
            inner = ends[0] * 0.5 + ends[1] * 0.5
            from sim.geo.geodesy import lonlat

            assert inside_water(leg.water, lonlat(inner)[None])[0], leg.water


def test_a_new_leg_has_a_reason(voyage: Voyage) -> None:
    def state(leg: VoyageLeg) -> tuple[object, ...]:
        return leg.water, leg.tag, leg.rio is None, leg.level, leg.escorted

    for a, b in pairwise(voyage.legs):
        assert state(a) != state(b) or a.passages or a.wait_h


def test_passages_stand_at_the_end_of_their_leg(voyage: Voyage, route: Route) -> None:
    at, found = 0.0, []
    for leg in voyage.legs:
        at += leg.distance_nm
        found += [(p, at) for p in leg.passages]
    assert [p for p, _ in found] == list(route.passages)
    for (_, nm), crossing in zip(found, route.crossings, strict=True):
        assert abs(nm - crossing.at_nm) <= STEP_NM


def test_waits_stand_at_the_end(voyage: Voyage) -> None:
    bering = next(leg for leg in voyage.legs if "bering_strait" in leg.passages)
    assert bering.wait_h == pytest.approx(3.0)
    led = [k for k, leg in enumerate(voyage.legs) if leg.escorted]
    assert any(leg.wait_h == 6.0 for leg in voyage.legs)
    first = voyage.legs[led[0]]
    before = voyage.legs[led[0] - 1]
    assert 6.0 in (first.wait_h, before.wait_h)


def test_means_are_by_miles(waters: Waters, yamalmax: Ship) -> None:
    route = waters.net.route("76.5,85", "77,125", via="any")
    for leg in waters.sail(route, yamalmax, uniform(0.7, 0.9)).legs:
        assert leg.concentration == pytest.approx(0.7)
        assert leg.thickness_m == pytest.approx(0.9)
        assert leg.level in LEVELS
    # 0.7 of medium ice below 1 m for PC4: a quarter of it is thicker, see POLARIS table 1.3
    spotted = waters.sail(route, yamalmax, patch(104, 77.9, 60, 0.9, 1.5))
    icy = [leg for leg in spotted.legs if leg.rio is not None]
    assert 80 < sum(leg.distance_nm for leg in icy) < 130  # through the middle, 120 nm and the cells' edges
    assert all(leg.concentration == pytest.approx(0.9) for leg in icy)


def test_without_ice_legs_have_no_risk(waters: Waters, yamalmax: Ship, route: Route) -> None:
    plan = SpeedPlan(14.0, {}, {})
    for leg in sail(route, plan, SUMMER, waters.net.passages, yamalmax).legs:
        assert (leg.concentration, leg.thickness_m, leg.rio, leg.level) == (0.0, 0.0, None, "normal")
        assert not leg.escorted
    assert DARING.max_risk == "special"


# -- legs that are not asked for


def test_the_clock_is_that_of_the_legs(waters: Waters, yamalmax: Ship, route: Route) -> None:
    """Read before the legs are made, it has their sums: under way without the approach, and in all."""
    policy = IcePolicy(escort="when_needed", escort_wait_h=6.0, max_risk="special", besetting="expected")
    plan = SpeedPlan(14.0, {}, {"bering_strait": 3.0})
    ice = waters.sea(yamalmax, ClimateField(0.8, 1.0), policy, plan.speed_kn)
    voyage, legs = timed(route, plan, datetime(2025, 6, 25, tzinfo=UTC), waters.net.passages, yamalmax, ice)
    clock = legs.clock
    assert "_made" not in vars(legs)
    assert voyage.legs is legs
    assert len(clock.elapsed_h) == len(legs) > 20
    assert clock.under_way_h == pytest.approx(clock_of(tuple(legs)).under_way_h, abs=1e-9)
    assert clock.elapsed_h == pytest.approx(clock_of(tuple(legs)).elapsed_h, abs=1e-9)
    assert clock.elapsed_h[-1] == pytest.approx(24 * voyage.days)
    assert clock.under_way_h[-1] < clock.elapsed_h[-1]


def test_legs_are_a_sequence_that_travels(voyage: Voyage) -> None:
    made = tuple(voyage.legs)
    assert voyage.legs == made and made == voyage.legs and voyage.legs != made[1:]
    assert voyage.legs[0] is made[0] and voyage.legs[-2:] == made[-2:]
    travelled = pickle.loads(pickle.dumps(voyage.legs))
    assert [leg.start for leg in travelled] == [leg.start for leg in made]


def test_a_voyage_does_not_hold_the_ice_of_the_sea(waters: Waters, yamalmax: Ship, route: Route) -> None:
    """Studies keep voyages whose legs are not made; each would hold some ten megabytes of ice."""
    plan = SpeedPlan(14.0, {}, {})
    ice = waters.sea(yamalmax, ClimateField(0.8, 1.0), IcePolicy(escort="when_needed"), plan.speed_kn)
    held = weakref.ref(ice)
    voyage = sail(route, plan, datetime(2025, 6, 25, tzinfo=UTC), waters.net.passages, yamalmax, ice)
    del ice
    gc.collect()
    assert held() is None
    assert len(voyage.legs) > 5
