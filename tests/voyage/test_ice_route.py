"""The way through ice: the shortest where there is none, round the ice where that is quicker, and never through a bar.

An independent solver on a grid (benchmarks/ice_optimality.py) finds no way that is much quicker.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.geo.cells import STEP_NM
from sim.geo.geodesy import lonlat, vectors
from sim.ice.admission import AdmissionTable
from sim.ice.climate import ClimateField
from sim.ice.field import day_number
from sim.ship.vessel import Ship
from sim.voyage.ice_route import OBJECTIVES
from sim.voyage.policy import Escort, IcePolicy
from sim.voyage.voyage import Cause, Voyage
from tests.voyage.conftest import OPEN_WATER, SUMMER, Made, Ruled, Waters, in_time, patch, uniform

ROOT = Path(__file__).parents[2]
PAIRS = [
    (("Murmansk", "Yokohama"), "nsr"),
    (("Rotterdam", "Yokohama"), "any"),
    (("Rotterdam", "Singapore"), "suez"),
    (("Murmansk", "Pevek"), "any"),
    (("Sabetta", "Busan"), "nsr"),
    (("80,10", "75,160"), "any"),
    (("77.5,66", "66.5,-169"), "any"),
    (("88,120", "72,-175"), "any"),
    (("76,70", "Rotterdam"), "any"),
    (("Tiksi", "Arkhangelsk"), "any"),
    (("Halifax", "Yokohama"), "nwp"),
    (("St Petersburg", "Lulea"), "usual"),
]
ARCTIC = ("77.5,66", "66.5,-169")


# -- without ice


@pytest.mark.parametrize(("ends", "via"), PAIRS, ids=[f"{a} {b}" for (a, b), _ in PAIRS])
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_without_ice_the_shortest_way(
    waters: Waters, yamalmax: Ship, ends: tuple[str, str], via: str, objective: Any
) -> None:
    route, voyage = waters.go(ends, yamalmax, OPEN_WATER, via=via, objective=objective)
    shortest = waters.net.route(*ends, via=via, draft_m=yamalmax.draft_m)
    assert route.lonlat.tolist() == shortest.lonlat.tolist()
    assert route.distance_nm == shortest.distance_nm
    assert voyage.days * 24 == pytest.approx(route.distance_nm / 14, rel=0.02)  # canals are slower


def test_a_search_in_open_water_finds_the_shortest_way_too(waters: Waters, yamalmax: Ship) -> None:
    """A far speck of ice near the port forces a search; the rest is open water and must be sailed as by the network."""
    for ends in (ARCTIC, ("Murmansk", "Yokohama")):
        via = "nsr" if ends[0] == "Murmansk" else "any"
        shortest = waters.net.route(*ends, via=via, draft_m=yamalmax.draft_m)
        at = shortest.lonlat[np.argmax(shortest.lonlat[:, 1])]
        route, voyage = waters.go(ends, yamalmax, patch(at[0], at[1], 12, 0.9, 1.6), via=via)
        straight = waters.sail(shortest, yamalmax, patch(at[0], at[1], 12, 0.9, 1.6))
        assert straight.ice_delay_days > 0
        assert shortest.distance_nm - 1e-6 <= route.distance_nm <= 1.01 * shortest.distance_nm
        assert voyage.days <= straight.days


# -- round the ice


AROUND = "80,150", "80,-170"  # in the Arctic Ocean, far from land and from where the lattice ends


def middle_of(waters: Waters, ends: tuple[str, str]) -> tuple[float, float]:
    a, b = (waters.net.place(end) for end in ends)
    lon, lat = lonlat(vectors((a.lon, a.lat)) + vectors((b.lon, b.lat)))
    return float(lon), float(lat)


@pytest.mark.parametrize("radius_nm", [50, 100, 150])
def test_a_patch_in_the_way_is_gone_round(waters: Waters, yamalmax: Ship, radius_nm: float) -> None:
    """Round a disk the shortest way is tangent, arc, tangent."""
    field = patch(*middle_of(waters, AROUND), radius_nm, 1.0, 4.0)
    route, voyage = waters.go(AROUND, yamalmax, field)
    shortest = waters.net.route(*AROUND, via="any")
    assert waters.sail(shortest, yamalmax, field).blocked is not None
    assert voyage.ice_nm == pytest.approx(0, abs=1e-6)
    # flat geometry: d from an end to the middle; the cells of the disk reach up to half a diagonal of 25 km beyond it
    d = shortest.distance_nm / 2

    def around(r: float) -> float:
        return float(2 * (np.sqrt(d * d - r * r) + r * np.arcsin(r / d)))

    assert around(radius_nm - 7) < route.distance_nm < around(radius_nm + 9.5) * 1.013


@pytest.mark.parametrize("thickness_m", [0.3, 1.0, 1.6, 2.0])
def test_a_patch_never_makes_slower_than_the_way_through(waters: Waters, yamalmax: Ship, thickness_m: float) -> None:
    field = patch(*middle_of(waters, AROUND), 100, 1.0, thickness_m)
    through = waters.sail(waters.net.route(*AROUND, via="any"), yamalmax, field)
    around = waters.go(AROUND, yamalmax, patch(*middle_of(waters, AROUND), 100, 1.0, 4.0))[1]
    voyage = waters.go(AROUND, yamalmax, field)[1]
    assert voyage.sailing_days <= through.sailing_days + 1e-9
    assert voyage.sailing_days <= around.sailing_days * 1.002 + 1e-9


def test_thin_ice_is_not_gone_round(waters: Waters, yamalmax: Ship) -> None:
    route, _ = waters.go(AROUND, yamalmax, patch(*middle_of(waters, AROUND), 150, 1.0, 0.9))
    shortest = waters.net.route(*AROUND, via="any")
    assert route.distance_nm < 1.02 * shortest.distance_nm


@pytest.mark.parametrize(
    ("field", "month"), [(ClimateField(1.3, 1.0), 6), (ClimateField(0.8, 1.0), 8), (ClimateField(1.0, 0.0), 11)]
)
@pytest.mark.parametrize("escort", ["none", "when_needed"])
def test_never_slower_than_the_straight_way(
    waters: Waters, box: Ship, yamalmax: Ship, field: Any, month: int, escort: Escort
) -> None:
    depart = datetime(2025, month, 5, tzinfo=UTC)
    for ship in (box, yamalmax):
        policy = IcePolicy(escort=escort, max_risk="special", escort_wait_h=0.0)
        route, voyage = waters.go(("Murmansk", "Yokohama"), ship, field, policy, via="nsr", depart=depart)
        shortest = waters.net.route("Murmansk", "Yokohama", via="nsr", draft_m=ship.draft_m)
        straight = waters.sail(shortest, ship, field, policy, depart)
        if straight.blocked is None:
            assert voyage.blocked is None
            assert voyage.sailing_days <= straight.sailing_days + 1e-9
        assert route.distance_nm >= shortest.distance_nm - 1e-6


@settings(max_examples=12)
@given(st.floats(0.2, 2.2), st.floats(0.2, 2.2))
def test_thicker_ice_takes_longer(waters: Waters, yamalmax: Ship, one: float, other: float) -> None:
    thin, thick = sorted((one, other))
    days = [waters.go(ARCTIC, yamalmax, banded(h))[1] for h in (thin, thick)]
    if days[1].blocked is None:
        assert days[0].blocked is None
        # the lattice has 32 directions and two searches may take different ones
        assert days[0].sailing_days <= days[1].sailing_days * 1.003 + 1e-6


def banded(thickness_m: float) -> Made:
    """Bands of thicker and thinner ice across the route."""

    def ice(at: Any, day: Any) -> Any:
        wave = 0.6 + 0.4 * np.sin(np.deg2rad(at[:, 0] * 12)) * np.cos(np.deg2rad(at[:, 1] * 40))
        return np.full(len(at), 0.9), thickness_m * wave

    return Made(ice)


# -- objectives


ESCORTS: tuple[Escort, ...] = ("none", "when_needed")
CASES: list[tuple[str, Any, int, Escort]] = [
    ("lng_yamalmax", ClimateField(1.3, 0.0), 6, "none"),
    ("lng_yamalmax", ClimateField(0.6, 1.0), 8, "none"),
    ("cont_3600_1a", ClimateField(1.3, 0.0), 6, "when_needed"),
    ("cont_3600_1a", ClimateField(1.0, 1.0), 10, "when_needed"),
    ("cargo_arc7_norilsk", ClimateField(1.0, 0.5), 6, "when_needed"),
    ("cargo_arc7_norilsk", ClimateField(1.0, 1.0), 12, "always"),
    ("cont_3600_1a", ClimateField(0.6, 1.0), 10, "when_needed"),
]


@pytest.fixture(scope="module", params=range(len(CASES)), ids=[f"{c[0]} {c[2]} {c[3]}" for c in CASES])
def aims(request: pytest.FixtureRequest, waters: Waters, ships: dict[str, Ship]) -> dict[str, tuple[Any, Voyage]]:
    """Route and voyage by objective."""
    name, field, month, escort = CASES[request.param]
    depart = datetime(2025, month, 10, tzinfo=UTC)
    return {
        o: waters.go(
            ("Murmansk", "Yokohama"),
            ships[name],
            field,
            IcePolicy(escort=escort),
            via="nsr",
            depart=depart,
            objective=o,
        )
        for o in OBJECTIVES
    }


def test_what_one_aim_can_sail_all_can(aims: dict[str, tuple[Any, Voyage]]) -> None:
    assert len({v.blocked is None for _, v in aims.values()}) == 1


def test_least_fuel_is_least(aims: dict[str, tuple[Any, Voyage]]) -> None:
    assert not any(v.blocked for _, v in aims.values())
    fuel = {o: v.fuel_t for o, (_, v) in aims.items()}
    assert fuel["fuel"] is not None
    assert all(fuel["fuel"] <= (other or 0) + 0.01 for other in fuel.values()), fuel


def test_least_time_is_least(aims: dict[str, tuple[Any, Voyage]]) -> None:
    assert not any(v.blocked for _, v in aims.values())
    days = {o: v.sailing_days for o, (_, v) in aims.items()}
    # ice changes on the way, and the search reads each cell once, on the day of the quickest way there
    assert days["time"] <= min(days.values()) * 1.01, days


def test_an_icebreaker_saves_time_under_way(waters: Waters, ships: dict[str, Ship]) -> None:
    """Who may call an icebreaker is under way no longer than who may not; the wait for the convoy comes on top."""
    depart = datetime(2025, 5, 10, tzinfo=UTC)
    ends, field = ("Murmansk", "Yokohama"), ClimateField(1.3, 0.0)
    for name in ("lng_yamalmax", "cargo_arc7_norilsk"):
        days = {}
        for escort in ESCORTS:
            policy = IcePolicy(escort=escort, escort_wait_h=24.0)
            voyage = waters.go(ends, ships[name], field, policy, via="nsr", depart=depart)[1]
            days[escort] = voyage.days - voyage.escort_wait_days
        assert days["when_needed"] <= days["none"] * 1.005, name


def test_least_miles_are_least(aims: dict[str, tuple[Any, Voyage]]) -> None:
    assert not any(v.blocked for _, v in aims.values())
    miles = {o: r.distance_nm for o, (r, _) in aims.items()}
    assert miles["distance"] <= min(miles.values()) + 1e-6, miles


def test_fuel_is_saved_where_no_time_is(waters: Waters, yamalmax: Ship) -> None:
    """In thin ice a strong ship keeps its speed at the price of fuel: the aim of least fuel goes round."""
    ends, middle = AROUND, middle_of(waters, AROUND)
    field = patch(*middle, 50, 1.0, 0.55)
    shortest = waters.net.route(*ends, via="any")
    through = waters.sail(shortest, yamalmax, field)
    assert through.ice_delay_days == pytest.approx(0, abs=1e-6)
    _, voyage = waters.go(ends, yamalmax, field, objective="fuel")
    around = waters.go(ends, yamalmax, patch(*middle, 50, 1.0, 4.0))[0]  # the way round, forced
    saved = (through.fuel_t or 0) - (waters.sail(around, yamalmax, field).fuel_t or 0)
    assert saved > 0, "the case is none"
    assert voyage.fuel_t is not None
    assert voyage.fuel_t <= (through.fuel_t or 0) - 0.9 * saved


# -- limits and closures


LIGHT = uniform(0.6, 1.3)  # slows every ship, bars none of those here: so that there is a search


@pytest.mark.parametrize(
    ("draft_m", "gate", "without"),
    [(10.0, "sannikov_strait", "new_siberian_north"), (14.0, "new_siberian_north", "sannikov_strait")],
)
def test_draft_decides_between_sannikov_and_the_north(
    waters: Waters, yamalmax: Ship, draft_m: float, gate: str, without: str
) -> None:
    for field in (OPEN_WATER, LIGHT):
        route, voyage = waters.go(("74.5,130", "Pevek"), yamalmax, field, draft_m=draft_m)
        assert voyage.blocked is None
        assert gate in route.passages
        assert without not in route.passages
        assert "dmitry_laptev_strait" not in route.passages


@pytest.mark.parametrize(("draft_m", "through"), [(6.0, True), (6.5, True), (6.8, False), (9.0, False)])
def test_dmitry_laptev_is_for_small_ships(waters: Waters, yamalmax: Ship, draft_m: float, through: bool) -> None:
    for field in (OPEN_WATER, LIGHT):
        route, _ = waters.go(("72.6,139", "71.8,150"), yamalmax, field, draft_m=draft_m)
        assert ("dmitry_laptev_strait" in route.passages) == through


@pytest.mark.parametrize(
    "closed",
    [("vilkitsky_strait",), ("vilkitsky_strait", "shokalsky_strait"), ("sannikov_strait", "long_strait"),
     ("kara_gate", "yugorsky_shar")],
)  # fmt: skip
def test_closed_passages_are_not_crossed(waters: Waters, yamalmax: Ship, closed: tuple[str, ...]) -> None:
    free, free_voyage = waters.go(("Arkhangelsk", "Yokohama"), yamalmax, LIGHT, via="any")
    route, voyage = waters.go(("Arkhangelsk", "Yokohama"), yamalmax, LIGHT, via="any", closed=closed)
    assert not set(closed) & set(route.passages)
    assert voyage.sailing_days >= free_voyage.sailing_days - 1e-9
    if set(closed) & set(free.passages):
        assert voyage.sailing_days > free_voyage.sailing_days


@pytest.mark.parametrize("field", [OPEN_WATER, LIGHT, ClimateField(0.8, 1.0)])
def test_the_route_crosses_what_it_must_once(waters: Waters, yamalmax: Ship, field: Any) -> None:
    route, _ = waters.go(("Murmansk", "Yokohama"), yamalmax, field, via="nsr")
    assert route.passages.count("bering_strait") == 1
    assert route.passages.count("vilkitsky_strait") == 1
    assert not set(route.passages) & {"central_arctic", "severnaya_zemlya_north", "lancaster_sound", "suez_canal"}


def test_crossings_are_those_of_the_line(waters: Waters, yamalmax: Ship) -> None:
    """What the route says it crosses is what its drawn legs cross."""
    for field in (LIGHT, ClimateField(0.8, 1.0), banded(1.8)):
        route, _ = waters.go(("Murmansk", "Yokohama"), yamalmax, field, via="nsr")
        xyz = vectors(route.lonlat)
        bits = waters.net.passages.crossed(xyz[:-1], xyz[1:])
        crossed = {p.id for k, p in enumerate(waters.net.passages.all) if (bits >> np.uint64(k) & np.uint64(1)).any()}
        assert crossed == set(route.passages)
        assert sum(route.leg_nm) == pytest.approx(route.distance_nm)


def test_the_way_crosses_no_land(waters: Waters, yamalmax: Ship, optimality: ModuleType, coarse: Any) -> None:
    """By shapely on a chart where great circles are straight."""
    solver = coarse.grid(np.uint64(0))
    for ends in (ARCTIC, ("76.5,85", "72,160")):
        for field in (LIGHT, banded(1.8), ClimateField(0.6, 1.0)):
            route, _ = waters.go(ends, yamalmax, field)
            drawn = optimality.chart_of(route.lonlat)
            assert solver.clear(drawn[:-1], drawn[1:]).all()
            assert len(drawn) > 2


# -- no way


def test_thick_ice_everywhere_blocks_with_a_reason(waters: Waters, yamalmax: Ship) -> None:
    for objective in OBJECTIVES:
        route, voyage = waters.go(
            ("Rotterdam", "Yokohama"), yamalmax, uniform(1.0, 5.0), via="nsr", objective=objective
        )
        assert voyage.blocked is not None
        assert voyage.blocked.status == "beset"
        assert (voyage.blocked.cause, voyage.blocked.thickness_m) == (Cause.BESET, 5.0)
        assert route.status == "ok"
        assert voyage.blocked.moment > SUMMER


@pytest.mark.parametrize("ends", [ARCTIC, ("88,120", "72,-175"), ("76,70", "Rotterdam")])
def test_a_ship_that_begins_in_barred_ice_is_told_so(waters: Waters, yamalmax: Ship, ends: tuple[str, str]) -> None:
    _, voyage = waters.go(ends, yamalmax, uniform(1.0, 5.0))
    assert voyage.blocked is not None
    assert voyage.blocked.moment.date() == SUMMER.date()


def test_a_wall_is_not_passed_and_a_gap_is_found(waters: Waters, yamalmax: Ship) -> None:
    """A wall of ice along 120 E from the coast to the pole and beyond; then with a gap of 3 degrees in it."""

    def wall(gap: Callable[[Any], Any]) -> Made:
        def ice(at: Any, day: Any) -> Any:
            east = (at[:, 0] > 117) & (at[:, 0] < 123) | (at[:, 1] > 87)
            west = (at[:, 0] < -57) & (at[:, 0] > -63)
            shut = (east & ~gap(at[:, 1])) | west
            return shut * 1.0, shut * 5.0

        return Made(ice)

    shut = waters.go(ARCTIC, yamalmax, wall(lambda lat: np.zeros(len(lat), bool)), closed=("panama_canal", "suez_canal",
                     "panama_canal_panamax", "cape_of_good_hope", "drake_passage", "magellan_strait"))[1]  # fmt: skip
    assert shut.blocked is not None
    route, voyage = waters.go(ARCTIC, yamalmax, wall(lambda lat: (lat > 80) & (lat < 83)))
    assert voyage.blocked is None
    assert voyage.ice_delay_days == pytest.approx(0)
    xyz = vectors(route.lonlat)
    lon, lat = lonlat(np.vstack([np.linspace(a, b, 200) for a, b in pairwise(xyz)])).T
    at_wall = lat[(lon > 117.5) & (lon < 122.5)]
    assert len(at_wall)
    assert at_wall.min() > 79.6
    assert at_wall.max() < 83.4


def test_a_sea_that_closes_on_the_way_is_gone_round_or_told(waters: Waters, yamalmax: Ship) -> None:
    """From the third day on the coast is shut: the ship, who knows it, keeps to the north from the beginning."""
    shut_from = day_number(SUMMER) + 3

    def ice(at: Any, day: Any) -> Any:
        shut = (day >= shut_from) & (at[:, 1] < 77.5) & (at[:, 0] > 115) & (at[:, 0] < 155)
        return np.where(shut, 1.0, 0.0), np.where(shut, 5.0, 0.0)

    ends = "76.5,85", "72,160"
    route, voyage = waters.go(ends, yamalmax, Made(ice))
    straight = waters.sail(waters.net.route(*ends, via="any", draft_m=11.8), yamalmax, Made(ice))
    assert straight.blocked is not None
    assert voyage.blocked is None
    assert voyage.ice_nm == pytest.approx(0, abs=1e-6)
    assert route.lonlat[:, 1].max() > 77


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_ice_that_comes_and_goes_each_day_ends(waters: Waters, yamalmax: Ship, objective: Any) -> None:
    field = in_time(lambda day: np.where(np.floor(day - day_number(SUMMER)) % 2 == 0, 0.0, 5.0))
    _, voyage = waters.go(ARCTIC, yamalmax, field, objective=objective)
    # open on the first day, shut on the second: a ship in it then is beset
    assert voyage.blocked is not None
    assert voyage.blocked.status == "beset"
    assert timedelta(hours=22) < voyage.blocked.moment - SUMMER < timedelta(hours=26)


def test_the_rules_can_shut_the_route(waters: Waters, ships: dict[str, Ship]) -> None:
    policy = Ruled(admission=AdmissionTable.load())
    depart = datetime(2025, 1, 10, tzinfo=UTC)
    _, voyage = waters.go(("Murmansk", "Yokohama"), ships["bulk_handy"], OPEN_WATER, policy, via="nsr", depart=depart)
    assert voyage.blocked is not None
    assert voyage.blocked.status == "closed"
    assert voyage.blocked.cause == Cause.NOT_ADMITTED
    august = waters.go(("Murmansk", "Yokohama"), ships["bulk_handy"], OPEN_WATER, policy, via="nsr")[1]
    assert august.blocked is None


def test_a_place_in_a_closed_in_sea_can_have_ice(waters: Waters, ships: dict[str, Ship]) -> None:
    """The north of the Caspian Sea freezes too."""
    _, voyage = waters.go(("45.5,50.5", "42,50.5"), ships["cargo_arc7_norilsk"], uniform(0.9, 0.8))
    assert voyage.blocked is None
    assert voyage.days > 0


# -- an independent solver


@pytest.fixture(scope="module")
def optimality() -> ModuleType:
    spec = importlib.util.spec_from_file_location("ice_optimality", ROOT / "benchmarks" / "ice_optimality.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def coarse(optimality: ModuleType) -> Any:
    return optimality.Bench(25.0)


@pytest.mark.parametrize("number", [0, 11, 17])
def test_an_independent_grid_finds_nothing_much_quicker(optimality: ModuleType, coarse: Any, number: int) -> None:
    """February for an Arc7 ship, August for an Arc4 one, and a random field with leads. A grid of 25 km."""
    found = coarse.run(optimality.CASES[number])
    print(optimality.row(found))
    assert np.isfinite(found.own_h)
    assert found.own_h <= found.tight_h * 1.01
    # and a real way on the grid is never much quicker or much slower: else the two do not solve one problem
    assert found.grid_h <= found.own_h * 1.02
    assert found.own_h > found.open_h


@pytest.mark.slow
def test_an_independent_fine_grid_finds_nothing_much_quicker(optimality: ModuleType) -> None:
    bench = optimality.Bench(12.5)
    over = {}
    for case in optimality.CASES:
        found = bench.run(case)
        assert np.isfinite(found.own_h) or not np.isfinite(found.grid_h), case
        if not np.isfinite(found.own_h):
            continue
        # the corner of a barred cell can lie between two readings, and that can be the only way
        assert found.barred_nm <= STEP_NM, case
        if found.barred_nm == 0 or np.isfinite(found.grid_h):
            over[case] = found.own_h / found.tight_h - 1
            assert found.own_h >= found.tight_h * 0.99, case
    assert max(over.values()) < 0.02
    assert float(np.median(list(over.values()))) < 0.003
