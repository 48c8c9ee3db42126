"""A ship on a route through time: sums agree, clocks agree, and times are those that a pencil finds."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from sim.geo.cells import STEP_NM
from sim.geo.geodesy import angles, vectors
from sim.geo.route import Route
from sim.ice.admission import AdmissionTable
from sim.ice.climate import ClimateField
from sim.ice.field import day_number
from sim.ship.ice_speed import attainable_kn
from sim.ship.power import fuel_tpd, hull_of
from sim.ship.vessel import Ship
from sim.voyage.policy import IcePolicy
from sim.voyage.sail import CONVOY_GAP_NM, _joins_convoy, sail
from sim.voyage.voyage import LEVELS, SUMS, Cause, SpeedPlan, Voyage
from tests.voyage.conftest import (
    DARING,
    NM_PER_RADIAN,
    OPEN_WATER,
    SUMMER,
    Made,
    Ruled,
    Waters,
    in_time,
    patch,
    uniform,
)

KARA_TO_LAPTEV = ("76.5,85", "77,125")  # by Vilkitsky, all of it in water that freezes
LEAP = datetime(2028, 2, 29, tzinfo=UTC)


def hours_at(ship: Ship, thickness_m: float, open_kn: float) -> float:
    """Speed in close ice by the closed form itself."""
    return float(attainable_kn(hull_of(ship), 1.0, thickness_m, open_water_kn=open_kn))


def backwards(route: Route) -> Route:
    from dataclasses import replace

    turned = tuple(
        replace(c, at_nm=route.distance_nm - c.at_nm) for c in sorted(route.crossings, key=lambda c: -c.at_nm)
    )
    return replace(
        route, lonlat=route.lonlat[::-1], leg_nm=route.leg_nm[::-1], leg_tags=route.leg_tags[::-1], crossings=turned
    )


@pytest.fixture(scope="module")
def icy_route(waters: Waters) -> Route:
    return waters.net.route(*KARA_TO_LAPTEV, via="any")


@pytest.fixture(scope="module")
def nsr(waters: Waters) -> Route:
    return waters.net.route("Murmansk", "Yokohama", via="nsr", draft_m=11.8)


# -- open water


@pytest.mark.parametrize(("ends", "via"), [(("Rotterdam", "Singapore"), "suez"), (("Murmansk", "Yokohama"), "nsr"),
                                           (("Dalian", "Rotterdam"), "cape"), (KARA_TO_LAPTEV, "any")])  # fmt: skip
@pytest.mark.parametrize("with_ice", [False, True])
def test_without_ice_days_are_miles_by_speed(
    waters: Waters, yamalmax: Ship, ends: tuple[str, str], via: str, with_ice: bool
) -> None:
    route = waters.net.route(*ends, via=via)
    plan = SpeedPlan(13.7, {}, {}, canal_limits=False)
    ice = waters.sea(yamalmax, OPEN_WATER, speed_kn=13.7) if with_ice else None
    voyage = sail(route, plan, SUMMER, waters.net.passages, yamalmax, ice)
    assert voyage.days == pytest.approx(route.distance_nm / 13.7 / 24, rel=1e-12)
    assert voyage.arrive - voyage.depart == timedelta(days=voyage.days)
    assert voyage.ice_nm == voyage.ice_delay_days == voyage.escort_nm == 0
    assert voyage.lowest_rio is None
    assert voyage.fuel_t == pytest.approx(float(fuel_tpd(yamalmax, 13.7)) * voyage.days)
    assert voyage.blocked is None


def test_a_ship_without_figures_has_no_fuel(waters: Waters, icy_route: Route) -> None:
    plan = SpeedPlan(12.0, {}, {})
    assert sail(icy_route, plan, SUMMER, waters.net.passages, Ship.generic(12.0)).fuel_t is None
    assert sail(icy_route, plan, SUMMER, waters.net.passages).fuel_t is None


def test_canals_at_their_limit(waters: Waters, yamalmax: Ship) -> None:
    route = waters.net.route("Rotterdam", "Singapore", via="suez")
    limit = waters.net.passages["suez_canal"].speed_limit_kn
    assert limit is not None
    assert limit < 14
    canal_nm = sum(nm for nm, tag in zip(route.leg_nm, route.leg_tags, strict=True) if tag == "suez_canal")
    assert 80 < canal_nm < 125  # the canal and its approaches are 104 nm from Port Said to Suez
    slow = waters.sail(route, yamalmax, OPEN_WATER, plan=SpeedPlan(14.0, {}, {}))
    fast = waters.sail(route, yamalmax, OPEN_WATER, plan=SpeedPlan(14.0, {}, {}, canal_limits=False))
    assert slow.canal_days * 24 == pytest.approx(canal_nm / limit)
    assert (slow.days - fast.days) * 24 == pytest.approx(canal_nm / limit - canal_nm / 14)
    creeping = waters.sail(route, yamalmax, OPEN_WATER, plan=SpeedPlan(5.0, {}, {}))
    assert creeping.days * 24 == pytest.approx(route.distance_nm / 5)  # no ship is made quicker by a limit


def test_ice_on_land_does_not_slow_a_canal(waters: Waters, yamalmax: Ship) -> None:
    route = waters.net.route("Rotterdam", "Gdansk", via="usual")
    assert "kiel_canal" in route.passages
    closed_ice = waters.sail(route, yamalmax, uniform(1.0, 1.0))
    assert closed_ice.canal_days == waters.sail(route, yamalmax, OPEN_WATER).canal_days


def test_waits_add_up(waters: Waters, yamalmax: Ship, nsr: Route) -> None:
    plan = SpeedPlan(14.0, {}, {"vilkitsky_strait": 30.0, "bering_strait": 6.5, "suez_canal": 99.0})
    voyage = waters.sail(nsr, yamalmax, OPEN_WATER, plan=plan)
    assert voyage.wait_days * 24 == pytest.approx(36.5)
    assert voyage.days == pytest.approx(voyage.sailing_days + voyage.wait_days)
    waited = [(leg.wait_h, leg.passages) for leg in voyage.legs if leg.wait_h]
    assert waited == [(30.0, ("vilkitsky_strait",)), (6.5, ("bering_strait",))]


def test_named_waters_have_their_speed(waters: Waters, yamalmax: Ship, nsr: Route) -> None:
    slow = waters.sail(nsr, yamalmax, OPEN_WATER, plan=SpeedPlan(14.0, {"nsr": 9.0}, {}))
    nm = slow.water_nm["nsr"]
    assert nm == pytest.approx(slow.nsr_nm)
    assert 2000 < nm < 2900  # AMSA 2009: 2,200 to 2,900 nm
    assert slow.days * 24 == pytest.approx(nm / 9 + (nsr.distance_nm - nm) / 14)
    overlapping = waters.sail(nsr, yamalmax, OPEN_WATER, plan=SpeedPlan(14.0, {"nsr": 9.0, "kara_sea": 7.0}, {}))
    assert overlapping.days > slow.days


# -- sums


VOYAGES: list[dict[str, Any]] = [
    {"field": OPEN_WATER, "policy": DARING},
    {"field": uniform(0.8, 0.9), "policy": DARING},
    {"field": ClimateField(1.0, 1.0), "policy": IcePolicy(escort="when_needed", escort_wait_h=12.0)},
    {"field": ClimateField(0.8, 1.0), "policy": Ruled(escort="always", admission=AdmissionTable.load())},
    {"field": patch(110, 77.5, 150, 0.7, 1.0), "policy": IcePolicy()},
]


@pytest.fixture(scope="module", params=range(len(VOYAGES)))
def case(request: pytest.FixtureRequest) -> dict[str, Any]:
    return VOYAGES[request.param]


@pytest.fixture(scope="module")
def voyage(case: dict[str, Any], waters: Waters, yamalmax: Ship, nsr: Route) -> Voyage:
    plan = SpeedPlan(14.0, {"barents_sea": 12.0}, {"bering_strait": 5.0})
    found = waters.sail(nsr, yamalmax, **case, plan=plan, depart=datetime(2025, 7, 20, tzinfo=UTC))
    assert found.blocked is None, found.blocked
    return found


def test_the_whole_is_the_sum_of_its_legs(voyage: Voyage, nsr: Route) -> None:
    legs = voyage.legs
    assert sum(leg.distance_nm for leg in legs) == pytest.approx(nsr.distance_nm, rel=1e-12)
    assert sum(leg.hours for leg in legs) / 24 == pytest.approx(voyage.sailing_days)
    assert sum(leg.wait_h for leg in legs) / 24 == pytest.approx(voyage.wait_days)
    assert voyage.days == pytest.approx(voyage.sailing_days + voyage.wait_days)
    assert voyage.fuel_t == pytest.approx(sum(leg.fuel_t or 0 for leg in legs))
    assert sum(leg.distance_nm for leg in legs if leg.escorted) == pytest.approx(voyage.escort_nm)
    assert sum(leg.distance_nm for leg in legs if leg.rio is not None) == pytest.approx(voyage.ice_nm)
    assert [p for leg in legs for p in leg.passages] == list(nsr.passages)


def test_days_in_seas_and_at_levels_add_up(voyage: Voyage) -> None:
    by_sea: dict[str, float] = {}
    by_level = dict.fromkeys(LEVELS, 0.0)
    for leg in voyage.legs:
        by_sea[leg.water] = by_sea.get(leg.water, 0.0) + (leg.hours + leg.wait_h) / 24
        if leg.rio is not None:
            by_level[leg.level] += leg.hours / 24
    by_sea.pop("", None)
    assert dict(voyage.sea_days) == pytest.approx(by_sea)
    assert dict(voyage.risk_days) == pytest.approx(by_level)
    assert voyage.nsr_days <= voyage.days
    rio = [leg.rio for leg in voyage.legs if leg.rio is not None]
    assert voyage.lowest_rio == (min(rio) if rio else None)


def test_the_delay_is_what_the_ice_costs(
    voyage: Voyage, case: dict[str, Any], waters: Waters, yamalmax: Ship, nsr: Route
) -> None:
    plan = SpeedPlan(14.0, {"barents_sea": 12.0}, {"bering_strait": 5.0})
    policy = DARING.model_copy(update={"sailed_miles": case["policy"].sailed_miles})
    free = waters.sail(nsr, yamalmax, OPEN_WATER, policy, plan=plan)
    assert voyage.ice_delay_days == pytest.approx(voyage.sailing_days - free.sailing_days, abs=1e-9)
    assert voyage.escort_wait_days == pytest.approx(voyage.wait_days - free.wait_days, abs=1e-9)
    assert voyage.ice_delay_days >= 0


def test_the_delay_holds_the_longer_miles_in_ice_but_not_those_of_the_open_nsr(
    waters: Waters, yamalmax: Ship, nsr: Route, icy_route: Route
) -> None:
    observed = DARING.model_copy(update={"sailed_miles": "observed"})
    for route in (nsr, icy_route):
        free = waters.sail(route, yamalmax, OPEN_WATER, observed)
        icy = waters.sail(route, yamalmax, uniform(0.4, 0.4), observed)
        assert free.ice_delay_days == 0
        assert icy.ice_delay_days == pytest.approx(icy.sailing_days - free.sailing_days, abs=1e-9)
        assert icy.sailed_nm > free.sailed_nm >= route.distance_nm - 1e-6
        assert icy.sailed_nm == pytest.approx(sum(leg.sailed_nm for leg in icy.legs))
    assert free.sailed_nm - icy_route.distance_nm == pytest.approx(free.nsr_sailed_nm - free.nsr_nm, rel=0.05)


# -- ice that stands still


@pytest.mark.parametrize("thickness_m", [0.3, 0.9, 1.2, 1.5, 2.0])
def test_uniform_ice_takes_miles_by_its_speed(
    waters: Waters, yamalmax: Ship, icy_route: Route, thickness_m: float
) -> None:
    voyage = waters.sail(icy_route, yamalmax, uniform(1.0, thickness_m))
    assert voyage.ice_nm == pytest.approx(icy_route.distance_nm)
    speed = hours_at(yamalmax, thickness_m, 14.0)
    assert voyage.days * 24 == pytest.approx(icy_route.distance_nm / speed, rel=1e-9)


def test_trials_speed_over_a_whole_voyage(waters: Waters, yamalmax: Ship, icy_route: Route) -> None:
    # 7.2 kn stern first in 1.5 m (Christophe de Margerie, Maritime Executive, 31 March 2017)
    voyage = waters.sail(icy_route, yamalmax, uniform(1.0, 1.5))
    assert voyage.days == pytest.approx(icy_route.distance_nm / 7.2 / 24, rel=0.01)


def test_half_ice_half_water(waters: Waters, yamalmax: Ship, nsr: Route) -> None:
    voyage = waters.sail(nsr, yamalmax, uniform(1.0, 1.2))
    speed = hours_at(yamalmax, 1.2, 14.0)
    assert 3000 < voyage.ice_nm < nsr.distance_nm - 500
    hours = voyage.ice_nm / speed + (nsr.distance_nm - voyage.ice_nm) / 14
    assert voyage.sailing_days * 24 == pytest.approx(hours)


@pytest.mark.parametrize("field", [ClimateField(1.3, 1.0), ClimateField(1.1, 0.0), patch(110, 77.5, 200, 0.8, 1.2)])
def test_there_and_back_take_the_same_time_in_still_ice(waters: Waters, yamalmax: Ship, nsr: Route, field: Any) -> None:
    day = day_number(datetime(2025, 6, 20, tzinfo=UTC))
    still = Made(lambda at, days: field.sampler(at).on(np.full(len(at), day)))
    for policy in (DARING, IcePolicy(max_risk="special", escort="always", escort_wait_h=10.0)):
        there = waters.sail(nsr, yamalmax, still, policy)
        back = waters.sail(backwards(nsr), yamalmax, still, policy)
        assert (there.blocked is None) == (back.blocked is None)
        assert there.ice_delay_days > 0.05
        assert back.days == pytest.approx(there.days, rel=1e-9)
        assert back.fuel_t == pytest.approx(there.fuel_t)
        assert back.escort_nm == pytest.approx(there.escort_nm)


# -- ice that changes


def test_a_year_later_is_the_same_voyage(waters: Waters, yamalmax: Ship, nsr: Route) -> None:
    field = ClimateField(1.0, 1.0)
    july = datetime(2025, 7, 10, tzinfo=UTC)
    this = waters.sail(nsr, yamalmax, field, depart=july)
    following = waters.sail(nsr, yamalmax, field, depart=july.replace(year=2026))
    assert this.ice_delay_days > 0.1
    assert following.days == pytest.approx(this.days, rel=1e-9)
    # 365 days on, over a leap day, the calendar is one day behind: a little more ice in a July that melts
    over = waters.sail(nsr, yamalmax, field, depart=july.replace(year=2027) + timedelta(days=365))
    assert over.depart == datetime(2028, 7, 9, tzinfo=UTC) < LEAP.replace(month=12)
    assert 0 < over.days - this.days < 0.3


def melting(day: Any) -> Any:
    """From 1.9 m to 0.6 m within twelve days, the whole sea at once."""
    return np.clip(1.9 - 1.3 * (day - day_number(SUMMER)) / 12, 0.6, 1.9)


def freezing(day: Any) -> Any:
    return np.clip(0.6 + 1.2 * (day - day_number(SUMMER)) / 4, 0.6, 1.8)


def weather(day: Any) -> Any:
    return 1.1 + 0.7 * np.sin(2 * np.pi * (day - day_number(SUMMER)) / 1.5)


@pytest.mark.parametrize("thickness", [melting, freezing, weather])
def test_clock_and_ice_agree(waters: Waters, yamalmax: Ship, icy_route: Route, thickness: Any) -> None:
    """In ice that is everywhere the same, the miles of each leg are the speed of its days, added up."""
    voyage = waters.sail(icy_route, yamalmax, in_time(thickness))

    def miles(start: datetime, end: datetime) -> float:
        def speed(day: float) -> float:
            return 24 * hours_at(yamalmax, float(thickness(day)), 14.0)

        return float(quad(speed, day_number(start), day_number(end), limit=300)[0])

    assert voyage.arrive is not None
    assert miles(voyage.depart, voyage.arrive) == pytest.approx(icy_route.distance_nm, rel=2e-3)
    assert len(voyage.legs) > 1
    for leg in voyage.legs:
        assert miles(leg.start, leg.end) == pytest.approx(leg.distance_nm, rel=0.01, abs=0.5)
    # and it is not the voyage in the ice of the first day
    first = icy_route.distance_nm / hours_at(yamalmax, float(thickness(day_number(SUMMER))), 14.0) / 24
    assert abs(voyage.days - first) > 0.1


def test_ice_that_comes_and_goes_each_day_ends(waters: Waters, yamalmax: Ship, nsr: Route) -> None:
    """No iteration may run on and on, and the time must be near that of a ship that looks around every mile."""
    field = in_time(lambda day: np.where(np.floor(day) % 2 == 0, 1.6, 0.0))
    voyage = waters.sail(nsr, yamalmax, field)
    slow = hours_at(yamalmax, 1.6, 14.0)
    assert nsr.lonlat[:, 1].max() > 75
    assert voyage.blocked is None
    # half of the ice days lie in the cells: the time is between that of no ice and of ice always
    fast_days, slow_days = nsr.distance_nm / 14 / 24, waters.sail(nsr, yamalmax, uniform(1.0, 1.6)).days
    assert fast_days < voyage.days < slow_days
    in_ice_h, out_h = voyage.ice_nm / slow, (nsr.distance_nm - voyage.ice_nm) / 14
    assert voyage.days * 24 == pytest.approx(in_ice_h + out_h, rel=1e-6)


def test_daily_ice_is_timed_as_by_a_march(waters: Waters, yamalmax: Ship, icy_route: Route) -> None:
    def thickness(day: Any) -> Any:
        return np.where(np.floor(day) % 2 == 0, 1.6, 0.0)

    voyage = waters.sail(icy_route, yamalmax, in_time(thickness))
    slow = hours_at(yamalmax, 1.6, 14.0)
    day, left = day_number(SUMMER), icy_route.distance_nm
    while left > 0:
        speed = slow if np.floor(day) % 2 == 0 else 14.0
        day, left = day + 0.01 / speed / 24 * 10, left - 0.1
    assert voyage.days == pytest.approx(day - day_number(SUMMER), rel=5e-3)


# -- ends before the port


def closing(when: datetime) -> Made:
    return in_time(lambda day: np.where(day < day_number(when), 0.0, 5.0))


def test_a_sea_that_closes_before_arrival_blocks(waters: Waters, yamalmax: Ship, icy_route: Route) -> None:
    open_days = icy_route.distance_nm / 14 / 24
    when = SUMMER + timedelta(days=open_days - 0.5)
    voyage = waters.sail(icy_route, yamalmax, closing(when))
    assert voyage.blocked is not None
    assert voyage.blocked.status == "beset"
    assert (voyage.blocked.cause, voyage.blocked.thickness_m) == (Cause.BESET, 5.0)
    assert abs((voyage.blocked.moment - when).total_seconds()) < 3600
    # half a day from the port
    left = waters.net.route((voyage.blocked.lon, voyage.blocked.lat), KARA_TO_LAPTEV[1], via="any").distance_nm
    assert left == pytest.approx(0.5 * 24 * 14, abs=10)


def test_a_voyage_that_is_blocked_does_not_look_finished(waters: Waters, yamalmax: Ship, nsr: Route) -> None:
    """By hand: a ship of 14 kn from Murmansk, whose sea freezes after 100 hours, has sailed 1400 nm."""
    plan = SpeedPlan(14.0, {"nsr": 14.0}, {})
    voyage = waters.sail(nsr, yamalmax, closing(SUMMER + timedelta(hours=100)), plan=plan)
    block = voyage.blocked
    assert block is not None
    for name in SUMS:
        assert math.isnan(getattr(voyage, name)), name
    assert voyage.arrive is voyage.fuel_t is voyage.lowest_rio is None
    for figures in (voyage.water_nm, voyage.sea_days, voyage.risk_days):
        assert figures and all(math.isnan(v) for v in figures.values())
    last = voyage.legs[-1]
    assert sum(leg.distance_nm for leg in voyage.legs) == pytest.approx(1400, abs=STEP_NM)
    assert timedelta(0) <= block.moment - last.end <= timedelta(hours=STEP_NM / 14)
    ends = np.array([last.lonlat[-1], [block.lon, block.lat]])
    assert angles(*vectors(ends)) * NM_PER_RADIAN <= STEP_NM / 2 + 0.1
    assert not any(leg.rio is not None for leg in voyage.legs)


def test_legs_before_a_block_are_those_of_the_open_voyage(waters: Waters, yamalmax: Ship, nsr: Route) -> None:
    plan = SpeedPlan(14.0, {}, {"kara_gate": 7.0, "vilkitsky_strait": 9.0})
    shut = waters.sail(nsr, yamalmax, closing(SUMMER + timedelta(hours=150)), plan=plan)
    free = waters.sail(nsr, yamalmax, OPEN_WATER, plan=plan)
    assert len(shut.legs) > 3
    for a, b in zip(shut.legs[:-1], free.legs, strict=False):
        assert (a.start, a.end, a.passages, a.wait_h, a.fuel_t) == (b.start, b.end, b.passages, b.wait_h, b.fuel_t)
        assert np.array_equal(a.lonlat, b.lonlat)


def test_a_ship_that_is_beset_in_port_has_no_legs(waters: Waters, yamalmax: Ship, icy_route: Route) -> None:
    voyage = waters.sail(icy_route, yamalmax, uniform(1.0, 5.0))
    assert voyage.blocked is not None and voyage.blocked.cause == Cause.BESET
    assert voyage.legs == () and math.isnan(voyage.days)


def test_one_that_closes_after_arrival_does_not(waters: Waters, yamalmax: Ship, icy_route: Route) -> None:
    when = SUMMER + timedelta(days=icy_route.distance_nm / 14 / 24 + 0.05)
    assert waters.sail(icy_route, yamalmax, closing(when)).blocked is None


def test_a_wait_can_cost_the_season(waters: Waters, yamalmax: Ship, icy_route: Route) -> None:
    when = SUMMER + timedelta(days=icy_route.distance_nm / 14 / 24 + 0.05)
    plan = SpeedPlan(14.0, {}, {"vilkitsky_strait": 5.0})
    assert "vilkitsky_strait" in icy_route.passages
    voyage = waters.sail(icy_route, yamalmax, closing(when), plan=plan)
    assert voyage.blocked is not None


def test_ice_is_read_before_the_wait_at_a_gate_and_after_it_beyond(
    waters: Waters, yamalmax: Ship, icy_route: Route
) -> None:
    """By hand: at 14 kn the gate is reached after at_nm / 14 hours; the sea freezes halfway through a wait of 60 h.

    The piece that ends at the gate is still sailed; the next one is read 60 h later, and its ice stops the ship.
    """
    at_nm = next(c.at_nm for c in icy_route.crossings if c.passage == "vilkitsky_strait")
    when = SUMMER + timedelta(hours=at_nm / 14 + 30)
    plan = SpeedPlan(14.0, {}, {"vilkitsky_strait": 60.0})
    voyage = waters.sail(icy_route, yamalmax, closing(when), plan=plan)
    block = voyage.blocked
    assert block is not None and voyage.legs[-1].passages == ("vilkitsky_strait",)
    sailed_nm = sum(leg.distance_nm for leg in voyage.legs)
    assert at_nm <= sailed_nm <= at_nm + STEP_NM
    hours = (block.moment - SUMMER).total_seconds() / 3600
    assert sailed_nm / 14 + 60 < hours < (sailed_nm + STEP_NM) / 14 + 60


def test_closed_is_told_from_beset(waters: Waters, yamalmax: Ship, box: Ship, icy_route: Route) -> None:
    beset = waters.sail(icy_route, box, uniform(1.0, 1.5), DARING).blocked
    risky = waters.sail(icy_route, box, uniform(1.0, 0.9), IcePolicy(max_risk="normal")).blocked
    refused = waters.sail(
        icy_route, box, uniform(1.0, 0.9), Ruled(max_risk="special", admission=AdmissionTable.load())
    ).blocked
    unknown = waters.sail(icy_route, box, uniform(np.nan, np.nan), DARING).blocked
    assert beset and risky and refused and unknown
    assert [b.status for b in (beset, risky, refused, unknown)] == ["beset", "closed", "closed", "closed"]
    assert [b.cause for b in (beset, risky, refused, unknown)] == [
        Cause.BESET, Cause.TOO_MUCH_RISK, Cause.NOT_ADMITTED, Cause.NO_ICE_DATA
    ]  # fmt: skip
    assert risky.max_risk == "normal" and risky.rio is not None and risky.rio < 0
    assert refused.ruling is not None and not refused.ruling.admitted
    assert refused.sea == "laptev_sea"  # the rules let Arc4 go in medium ice of the Kara Sea in August
    for block in (beset, risky, unknown):
        assert block.sea == "kara_sea"
        assert block.moment.date() == SUMMER.date()
        assert (block.lon, block.lat) == pytest.approx((85, 76.5), abs=0.3)


# -- escort


def test_a_convoy_is_waited_for_once(waters: Waters, yamalmax: Ship, icy_route: Route) -> None:
    policy = IcePolicy(max_risk="special", escort="always", escort_wait_h=20.0)
    voyage = waters.sail(icy_route, yamalmax, uniform(0.9, 0.8), policy)
    assert voyage.escort_nm == pytest.approx(icy_route.distance_nm)
    assert voyage.escort_wait_days * 24 == pytest.approx(20.0)
    assert voyage.wait_days * 24 == pytest.approx(20.0)


@pytest.mark.parametrize(("gap_nm", "waits"), [(50, 1), (300, 2)])
def test_after_a_long_way_alone_a_new_convoy(
    waters: Waters, yamalmax: Ship, icy_route: Route, gap_nm: float, waits: int
) -> None:
    """Two fields of ice on the way, with so much open water between."""
    nm_per_degree = 60 * np.cos(np.deg2rad(77.0))
    first, second = 100.0, 100.0 + gap_nm / nm_per_degree

    def ice(at: Any, day: Any) -> Any:
        inside = ((at[:, 0] < first) & (at[:, 0] > 90)) | (at[:, 0] > second)
        return inside * 0.9, inside * 0.8

    policy = IcePolicy(max_risk="special", escort="always", escort_wait_h=20.0)
    voyage = waters.sail(icy_route, yamalmax, Made(ice), policy)
    assert voyage.escort_wait_days * 24 == pytest.approx(20.0 * waits)


@given(pieces=st.lists(st.tuples(st.booleans(), st.integers(1, 90)), max_size=40))
def test_a_convoy_is_waited_for_once_on_each_stretch_that_is_far_from_the_last(
    pieces: list[tuple[bool, float]],
) -> None:
    escorted, length_nm = np.array([e for e, _ in pieces], dtype=bool), np.array([float(nm) for _, nm in pieces])
    expected, alone_nm = [], math.inf
    for led, nm in pieces:
        expected.append(float(led and alone_nm > CONVOY_GAP_NM))
        alone_nm = 0.0 if led else alone_nm + nm
    assert _joins_convoy(escorted, length_nm).tolist() == expected
