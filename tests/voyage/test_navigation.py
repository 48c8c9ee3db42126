"""How a ship goes in ice: open water exactly, more ice is never quicker, and every reason to stop is told apart."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from sim.geo.geodesy import Floats
from sim.ice.admission import AdmissionTable
from sim.ice.classes import ice_class, ice_classes
from sim.ice.field import day_number
from sim.ice.types import ICE_FROM
from sim.ship.icebreakers import icebreaker
from sim.ship.vessel import Ship, VesselTable
from sim.voyage.navigation import HEADWAY_KN, SAILED_MORE, SAILED_MORE_IN_ICE, Bar, Going, Navigator, Places
from sim.voyage.policy import RISKS, Decay, Escort, IcePolicy
from tests.voyage.conftest import DARING, Made, Ruled, uniform
from tests.voyage.reference_cases import fit_of_sailed_miles

SHIPS = {s.id: s for s in VesselTable.load().all}
KARA, BARENTS, BALTIC, POLE = (70.0, 75.0), (40.0, 75.0), (20.0, 62.0), (0.0, 89.0)
FEBRUARY, AUGUST = (day_number(datetime(2025, m, 10, tzinfo=UTC)) for m in (2, 8))
UNDER_2013 = day_number(datetime(2015, 2, 10, tzinfo=UTC))  # an Arc7 needs an icebreaker
RULES = AdmissionTable.load()
CONCENTRATION = np.linspace(0.0, 1.0, 21)
THICKNESS = np.linspace(0.0, 4.0, 81)


def going(
    concentration: ArrayLike,
    thickness_m: ArrayLike,
    policy: IcePolicy = DARING,
    *,
    ship: Ship = SHIPS["lng_yamalmax"],
    at: tuple[float, float] = KARA,
    day: float = FEBRUARY,
    name: str = "",
    open_kn: float | None = None,
) -> Going:
    """How a ship goes in many kinds of ice at one place."""
    c, h = np.broadcast_arrays(np.atleast_1d(concentration), np.atleast_1d(thickness_m))
    field = Made(lambda lonlat, days: (c.astype(np.float64), h.astype(np.float64)))
    rules = policy.admission if isinstance(policy, Ruled) else None
    kind = ice_class(name) if name else ship.ice_class
    navigator = Navigator(ship, kind, policy, open_kn or ship.service_speed_kn, rules)
    return navigator.going(Places(np.tile(at, (len(c), 1)), field), day)


def grid(policy: IcePolicy, ship: Ship = SHIPS["lng_yamalmax"], name: str = "", day: float = FEBRUARY) -> Going:
    """All pairs of `CONCENTRATION` and `THICKNESS`, as rows of the one and columns of the other."""
    c, h = np.meshgrid(CONCENTRATION, THICKNESS, indexing="ij")
    return going(c.ravel(), h.ravel(), policy, ship=ship, name=name, day=day)


def test_miles_sailed_are_fitted_to_those_that_ships_report() -> None:
    fit = fit_of_sailed_miles()
    assert (round(fit.base, 3), round(fit.slope, 3)) == (SAILED_MORE, SAILED_MORE_IN_ICE)
    assert fit.rms < 0.025


def test_more_miles_in_ice_and_on_the_water_of_the_nsr_alone() -> None:
    ship = SHIPS["lng_yamalmax"]
    observed, shortest = (DARING.model_copy(update={"sailed_miles": how}) for how in ("observed", "shortest"))
    for at, c, wanted in (
        (KARA, 0.0, 1 + SAILED_MORE),
        (KARA, 0.5, 1 + SAILED_MORE + SAILED_MORE_IN_ICE / 2),
        (BALTIC, 0.0, 1.0),
        (BALTIC, 1.0, 1 + SAILED_MORE + SAILED_MORE_IN_ICE),
    ):
        found = going(c, 0.3, observed, at=at)
        for policy, ratio in ((observed, wanted), (shortest, 1.0)):
            navigator = Navigator(ship, ship.ice_class, policy, ship.service_speed_kn)
            assert navigator.sailed_ratio(found) == pytest.approx([ratio])


def table(values: Floats) -> Floats:
    return np.asarray(values).reshape(len(CONCENTRATION), len(THICKNESS))


# -- open water and known speeds


@pytest.mark.parametrize("escort", ["none", "when_needed", "always"])
@pytest.mark.parametrize("place", [KARA, BARENTS, BALTIC, POLE])
def test_open_water_is_sailed_at_the_open_speed(escort: Escort, place: tuple[float, float]) -> None:
    found = going(
        [0.0, 0.02, 0.049], [0.0, 1.0, 3.0], IcePolicy(escort=escort, escort_wait_h=5), at=place, open_kn=13.3
    )
    assert found.speed_kn.tolist() == [13.3] * 3
    assert not found.escorted.any()
    assert (found.bar == Bar.OPEN).all()
    assert (found.level == 0).all()


@pytest.mark.parametrize(
    ("thickness_m", "speed_kn"), [(0.8, 12.8), (1.0, 11.2), (1.2, 9.6), (1.5, 7.2), (1.8, 4.9), (2.1, 2.8)]
)
def test_a_yamalmax_breaks_level_ice_as_computed_elsewhere(thickness_m: float, speed_kn: float) -> None:
    # stern first at full power; 7.2 kn in 1.5 m is from the trials of Christophe de Margerie (Maritime Executive, 2017)
    assert going(1.0, thickness_m).speed_kn[0] == pytest.approx(speed_kn, abs=0.06)


def test_thin_ice_does_not_make_a_slow_ship_quicker() -> None:
    assert going(1.0, 0.3, open_kn=11.0).speed_kn.tolist() == [11.0]


@pytest.mark.parametrize(("name", "limit_kn"), [("Arc7", 5.0), ("PC1", 11.0), ("PC2", 8.0), ("PC5", 5.0), ("PC6", 3.0)])
def test_elevated_risk_limits_the_speed(name: str, limit_kn: float) -> None:
    """MSC.1/Circ.1519 table 1.2; Arc7 counts as PC4."""
    found = grid(IcePolicy(), ship=SHIPS["cont_6000_arc7"], name=name)
    elevated = found.level == 1
    assert (found.speed_kn[elevated] <= limit_kn).all()
    if elevated.any():
        assert found.speed_kn[elevated].max() > 0.9 * limit_kn or found.thickness_m[elevated].min() > 1.5
    assert found.speed_kn[found.level == 0].max() == SHIPS["cont_6000_arc7"].service_speed_kn


# -- monotone


@pytest.mark.parametrize("escort", ["none", "always"])
@pytest.mark.parametrize("rules", [False, True])
@pytest.mark.parametrize("ship", ["lng_yamalmax", "cont_3600_1a", "bulk_handy", "cargo_arc7_norilsk"])
@pytest.mark.parametrize("risk", RISKS)
def test_more_ice_is_never_quicker(escort: Escort, rules: bool, ship: str, risk: str) -> None:
    policy = Ruled(escort=escort, max_risk=risk, admission=RULES if rules else None)  # type: ignore[arg-type]
    # what has less than 2 cm is ice-free water for the rules: no ice of which there could be more
    found = grid(policy, ship=SHIPS[ship])
    speed = table(found.speed_kn)[:, 1:]
    assert (np.diff(speed, axis=1) <= 1e-9).all(), "thicker"
    assert (np.diff(speed, axis=0) <= 1e-9).all(), "closer"


def test_more_ice_is_never_quicker_where_escort_is_called_for() -> None:
    speed = table(grid(IcePolicy(escort="when_needed"), ship=SHIPS["cont_3600_1a"]).speed_kn)
    # a master who creeps calls the icebreaker: heavier ice must not bring it where lighter ice does not
    assert np.diff(speed, axis=1).max() < 7.5  # half the ship's speed
    assert np.diff(speed, axis=0).max() < 7.5


@pytest.mark.parametrize("ship", ["lng_yamalmax", "cont_3600_1a", "bulk_handy", "cargo_arc7_norilsk", "cont_6000_arc7"])
@pytest.mark.parametrize("rules", [False, True])
def test_an_escort_when_needed_is_never_slower_than_none(ship: str, rules: bool) -> None:
    admission = RULES if rules else None
    for day in (FEBRUARY, AUGUST):
        alone = grid(Ruled(admission=admission), ship=SHIPS[ship], day=day)
        led = grid(Ruled(escort="when_needed", admission=admission), ship=SHIPS[ship], day=day)
        assert (led.speed_kn >= alone.speed_kn - 1e-9).all()
        assert ((led.bar == Bar.OPEN) >= (alone.bar == Bar.OPEN)).all()
        same = ~led.escorted
        assert (led.speed_kn[same] == alone.speed_kn[same]).all()


@pytest.mark.parametrize("escort", ["none", "when_needed", "always"])
def test_daring_more_never_bars_more(escort: Escort) -> None:
    gained = []
    for ship in ("lng_yamalmax", "cont_3600_1a", "bulk_handy"):
        opened = [
            grid(IcePolicy(escort=escort, max_risk=risk), ship=SHIPS[ship]).bar == Bar.OPEN for risk in RISKS
        ]  # fmt: skip
        assert (opened[0] <= opened[1]).all()
        assert (opened[1] <= opened[2]).all()
        gained.append(opened[0].sum() < opened[2].sum())
    assert all(gained) if escort == "none" else any(gained)  # behind an icebreaker the hull may stop first


CHAINS = [
    ("none", "Ice1", "Ice2", "Ice3", "Arc4", "Arc5"),
    ("Arc4", "Arc5", "Arc6", "Arc7", "Arc8", "Arc9"),
    ("PC7", "PC6", "PC5", "PC4", "PC3", "PC2", "PC1"),
    ("II", "IC", "IB", "IA", "IA Super"),
]


@pytest.mark.parametrize("chain", CHAINS, ids=[c[0] for c in CHAINS])
@pytest.mark.parametrize("risk", RISKS)
def test_a_higher_class_is_never_barred_more(chain: tuple[str, ...], risk: str) -> None:
    """The same hull with another class."""
    known = ice_classes()
    names = [n for n in chain if n in known or ice_class(n)]
    for rules, day in ((False, FEBRUARY), (True, FEBRUARY), (True, AUGUST)):
        policy = Ruled(max_risk=risk, admission=RULES if rules else None)  # type: ignore[arg-type]
        opened = [grid(policy, ship=SHIPS["cont_6000_arc7"], name=n, day=day).bar == Bar.OPEN for n in names]
        for lower, higher, a, b in zip(names[:-1], names[1:], opened[:-1], opened[1:], strict=True):
            assert (a <= b).all(), f"{higher} is barred where {lower} is not ({risk}, rules {rules})"


def test_decayed_ice_is_never_a_higher_risk() -> None:
    decays: tuple[Decay, ...] = ("standard", "decayed")
    hard, soft = (grid(IcePolicy(decayed=d)) for d in decays)
    assert (soft.rio >= hard.rio).all()
    box = SHIPS["cont_3600_1a"]
    hard, soft = (grid(IcePolicy(decayed=d), ship=box, name="PC7") for d in decays)
    assert (soft.rio > hard.rio).any()
    summer = grid(IcePolicy(decayed="summer"), ship=box, name="PC7", day=AUGUST)
    winter = grid(IcePolicy(decayed="summer"), ship=box, name="PC7", day=FEBRUARY)
    assert (summer.rio == soft.rio).all()
    assert (winter.rio == hard.rio).all()


@given(st.floats(0, 1), st.floats(0, 1))
def test_old_ice_is_never_a_lower_risk(less: float, more: float) -> None:
    low, high = sorted((less, more))
    young, old = (grid(IcePolicy(old_ice_fraction=f)) for f in (low, high))
    assert (old.rio <= young.rio + 1e-9).all()


# -- reasons


def test_unknown_ice_is_a_bar_of_its_own() -> None:
    nan = np.nan
    found = going([nan, nan, 0.5, 0.01, 1.0], [nan, 1.0, nan, nan, 9.0], IcePolicy(escort="when_needed"))
    assert found.bar[:4].tolist() == [Bar.UNKNOWN, Bar.UNKNOWN, Bar.UNKNOWN, Bar.OPEN]
    assert found.bar[4] not in (Bar.UNKNOWN, Bar.OPEN)
    assert found.speed_kn.tolist() == [0.0, 0.0, 0.0, 14.0, 0.0]
    assert not np.isnan(found.speed_kn).any()


def test_every_bar_can_be_met() -> None:
    box = SHIPS["cont_3600_1a"]
    met = {
        Bar.OPEN: going(0.3, 0.2, IcePolicy(), ship=box),
        Bar.UNKNOWN: going(np.nan, np.nan, IcePolicy(), ship=box),
        Bar.NOT_ADMITTED: going(1.0, 0.8, Ruled(admission=AdmissionTable.load(regime="rules_2013")), ship=box),
        Bar.RISK: going(1.0, 1.4, IcePolicy(), ship=box),
        Bar.BESET: going(1.0, 1.2, DARING, ship=box),
    }
    assert set(met) | {Bar.SHALLOW} == set(Bar)  # for that see test_shelf.py
    for bar, found in met.items():
        assert found.bar.tolist() == [bar]
        assert (found.speed_kn[0] > 0) == (bar == Bar.OPEN)


def test_a_ship_that_stands_is_beset_and_one_that_creeps_is_not() -> None:
    found = grid(DARING, ship=SHIPS["cont_3600_1a"])
    beset = found.bar == Bar.BESET
    assert 0 < beset.sum() < beset.size
    assert (found.speed_kn[~beset] >= HEADWAY_KN).all()
    slow = going(0.0, 0.0, DARING, open_kn=0.5)
    assert slow.bar.tolist() == [Bar.OPEN]
    assert slow.speed_kn.tolist() == [0.5]


def test_admission_holds_in_the_area_alone() -> None:
    plain, box = IcePolicy(), SHIPS["bulk_handy"]
    ruled = Ruled(admission=RULES)
    # no ice class: only from July to 15 November, and in ice only behind an icebreaker (Order 7 of 2013, Annex 2)
    for c, h in ((0.0, 0.0), (0.3, 0.2)):
        assert going(c, h, plain, ship=box).bar.tolist() == [Bar.OPEN]
        assert going(c, h, ruled, ship=box).bar.tolist() == [Bar.NOT_ADMITTED]
        for place in (BARENTS, BALTIC, POLE):
            assert going(c, h, ruled, ship=box, at=place).bar.tolist() == [Bar.OPEN]
    assert going(0.0, 0.0, ruled, ship=box, day=AUGUST).bar.tolist() == [Bar.OPEN]
    assert going(0.3, 0.2, ruled, ship=box, day=AUGUST).bar.tolist() == [Bar.NOT_ADMITTED]
    led = ruled.model_copy(update={"escort": "when_needed"})
    found = going(0.3, 0.2, led, ship=box, day=AUGUST)
    assert found.bar.tolist() == [Bar.OPEN]
    assert found.escorted.tolist() == [True]


def test_an_escort_only_where_it_is_offered() -> None:
    always = IcePolicy(escort="always")
    for place, offered in ((KARA, True), (BALTIC, True), (BARENTS, False), (POLE, False)):
        found = going([0.5, 0.0], [0.3, 0.0], always, at=place)
        assert found.escorted.tolist() == [offered, False], place


def test_a_convoy_keeps_its_cap_where_the_ship_is_not_faster_alone() -> None:
    alone = grid(IcePolicy(escort="none"))
    for cap in (6.0, 10.0, 12.0):
        found = grid(IcePolicy(escort="always", convoy_cap_kn=cap))
        full = (found.concentration >= 0.1) & (found.thickness_m >= 0.05)
        most = np.maximum(cap, np.where(alone.bar == Bar.OPEN, alone.speed_kn, 0.0))
        assert (found.speed_kn <= most + 1e-9)[full].all()
        assert (found.speed_kn >= np.where(alone.bar == Bar.OPEN, alone.speed_kn, 0.0) - 1e-9).all()
        assert (found.speed_kn[full] > alone.speed_kn[full]).any()


def test_where_the_rules_demand_an_icebreaker_the_ship_keeps_to_the_convoy() -> None:
    demanded = Ruled(escort="always", admission=RULES, convoy_cap_kn=6.0)
    free = IcePolicy(escort="always", convoy_cap_kn=6.0)
    assert going(0.9, 0.5, demanded, day=UNDER_2013).speed_kn.tolist() == [6.0]
    assert going(0.9, 0.5, free, day=UNDER_2013).speed_kn[0] > 12.0


def test_behind_an_older_icebreaker_heavy_ice_is_slower_and_light_ice_is_not() -> None:
    ship, speed = SHIPS["lng_yamalmax"], {}
    for name in ("Yamal", "Arktika"):
        field = Made(lambda lonlat, days: (np.array([0.2, 1.0]), np.array([0.3, 1.6])))
        policy = IcePolicy(escort="always", max_risk="special")
        navigator = Navigator(ship, ship.ice_class, policy, 14.0, RULES, icebreaker(name))
        speed[name] = navigator.going(Places(np.tile(KARA, (2, 1)), field), UNDER_2013).speed_kn
    assert speed["Yamal"][0] == pytest.approx(speed["Arktika"][0])
    assert 6.5 < speed["Yamal"][1] < 8.5 < speed["Arktika"][1] <= 10.0


def test_the_credit_of_an_escort_is_ten() -> None:
    alone = grid(DARING)
    led = grid(DARING.model_copy(update={"escort": "always"}))
    rows = led.escorted
    assert led.rio[rows] == pytest.approx(np.minimum(alone.rio[rows] + 10, 30))


def test_confidence_is_low_only_where_a_rule_decides() -> None:
    ruled = Ruled(admission=RULES)
    assert not going(0.5, 0.5, ruled, at=POLE).low.any()
    assert not grid(IcePolicy()).low.any()
    assert going(1.0, 0.5, ruled, at=KARA).low.any()  # the Rules of 2020 have no table; the signs of 2013 stand in


def test_days_may_be_one_for_each_place() -> None:
    navigator = Navigator(SHIPS["bulk_handy"], ice_class("none"), IcePolicy(), 12.0, RULES)
    places = Places(np.array([KARA, KARA]), uniform(0.0, 0.0))
    found = navigator.going(places, np.array([FEBRUARY, AUGUST]))
    assert found.bar.tolist() == [Bar.NOT_ADMITTED, Bar.OPEN]


def test_no_place_is_no_trouble() -> None:
    found = going(np.zeros(0), np.zeros(0), Ruled(escort="when_needed", admission=RULES))
    assert len(found.speed_kn) == 0


def test_what_is_returned_is_not_the_field() -> None:
    """A caller may write into a result without changing the field."""
    c, h = np.array([0.5, 0.01]), np.array([0.5, 0.5])
    field = Made(lambda lonlat, day: (c, h))
    navigator = Navigator(SHIPS["lng_yamalmax"], ice_class("Arc7"), IcePolicy(), 14.0)
    found = navigator.going(Places(np.array([KARA, KARA]), field), FEBRUARY)
    found.concentration[:] = 9
    found.thickness_m[:] = 9
    assert c.tolist() == [0.5, 0.01]
    assert h.tolist() == [0.5, 0.5]
    assert ICE_FROM == 0.10


@pytest.mark.parametrize("escort", ["when_needed", "always"])
def test_an_escort_that_is_not_offered_opens_nothing(escort: Escort) -> None:
    """Ice in which an Arc4 ship is beset alone and led is not: without an icebreaker there it stays beset."""
    box, policy = SHIPS["cont_3600_1a"], IcePolicy(escort=escort, max_risk="special")
    led, alone = (going(1.0, 1.2, policy, ship=box, at=place) for place in (KARA, BARENTS))
    assert (led.bar.tolist(), led.escorted.tolist()) == ([Bar.OPEN], [True])
    assert (alone.bar.tolist(), alone.escorted.tolist()) == ([Bar.BESET], [False])
    assert alone.speed_kn.tolist() == [0.0]


def test_rules_that_ask_for_an_icebreaker_bar_where_there_is_none() -> None:
    """A ship without ice class in August: admitted behind an icebreaker, which this sea has not."""
    places = Places(np.array([KARA, KARA]), uniform(0.3, 0.2))
    places.offered = np.array([True, False])
    ship = SHIPS["bulk_handy"]
    for escort in ("when_needed", "always"):
        found = Navigator(ship, ice_class("none"), IcePolicy(escort=escort), 12.0, RULES).going(places, AUGUST)
        assert found.bar.tolist() == [Bar.OPEN, Bar.NOT_ADMITTED], escort
        assert found.speed_kn[1] == 0
