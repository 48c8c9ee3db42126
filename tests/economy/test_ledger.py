"""The ledger: its lines add up, nothing costs nothing, and each price moves its own lines in the right direction."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.economy import nsr_tariff
from sim.economy.ledger import Ledger, ledger
from sim.economy.plan import Costs, WarRisk
from sim.errors import DataError, UsageError
from sim.geo.graph import Ends
from sim.geo.network.places import Place
from sim.geo.ports import PortTable
from sim.geo.route import Crossing, Route
from sim.ice.classes import ice_class
from sim.ship.vessel import Ship, VesselTable
from sim.voyage.voyage import Voyage, VoyageLeg

SHIPS = ("cont_4400", "bulk_panamax", "tank_aframax", "lng_174k", "mpp_19k_1a", "tank_lr1_1a")
PASSAGES = ("suez_canal", "bab_el_mandeb", "malacca_strait", "bosporus", "dardanelles", "kiel_canal", "panama_canal")
FREE = Costs(
    fuel_usd_t=0.0, arctic_fuel_usd_t=0.0, hire="none", carbon=False, arctic_hull_share=0.0, escort_usd=0.0,
    ice_pilots=False,
)  # fmt: skip
# a point of each area of the tariff: lon, lat
AREAS = {"Kara SW": (62.0, 71.0), "Kara NE": (85.0, 76.0), "Laptev W": (115.0, 76.0), "Chukchi": (-175.0, 69.0)}


@lru_cache
def place(name: str) -> Place:
    ports = PortTable.load()
    port = ports.all[ports.find(name)]
    return Place(port.name, port.lon, port.lat, np.array([[port.lon, port.lat]]), 0.0, Ends.at(0), False, True, port)


@lru_cache
def ship_named(name: str) -> Ship:
    return VesselTable.load().find(name)


def leg(area: str | None, start: dt.datetime, *, fuel_t: float = 10.0, escorted: bool = False) -> VoyageLeg:
    """A day at sea, in ice within an area of the Northern Sea Route."""
    at = np.array([AREAS[area] if area else (0.0, 0.0)] * 2)
    return VoyageLeg(
        start=start, end=start + dt.timedelta(days=1), lonlat=at, distance_nm=240.0, sailed_nm=240.0,
        hours=24.0, wait_h=0.0,
        water="kara_sea" if area else "", tag="", passages=(), concentration=0.5 if area else 0.0,
        thickness_m=1.0 if area else 0.0, rio=5.0 if area else None, level="normal", escorted=escorted,
        low_confidence=False, rule="", fuel_t=fuel_t,
    )  # fmt: skip


def voyage(days: float = 20.0, fuel_t: float = 600.0, depart: str = "2024-03-01", *legs: VoyageLeg) -> Voyage:
    start = dt.datetime.fromisoformat(depart).replace(tzinfo=dt.UTC)
    ice = [x for x in legs if x.rio is not None]
    return Voyage(
        days=days, sailing_days=days, wait_days=0.0, canal_days=0.0, water_nm={}, depart=start,
        arrive=start + dt.timedelta(days=days), legs=legs, fuel_t=fuel_t, ice_nm=240.0 * len(ice),
        nsr_nm=240.0 * len(ice), nsr_days=float(len(ice)),
    )  # fmt: skip


def arctic(*escorted: str, alone: tuple[str, ...] = (), depart: str = "2024-08-01") -> Voyage:
    start = dt.datetime.fromisoformat(depart).replace(tzinfo=dt.UTC)
    legs = [leg(a, start, escorted=True) for a in escorted] + [leg(a, start) for a in alone]
    return voyage(20.0, 600.0, depart, *legs)


def costed(
    v: Voyage, plan: Costs, passages: tuple[str, ...] = (), ship: str | Ship = "cont_4400", ends: str = "CN-NL"
) -> Ledger:
    names = {"CN": "Shanghai", "NL": "Rotterdam", "DE": "Hamburg", "KR": "Busan", "GB": "Felixstowe"}
    a, b = (place(names[code]) for code in ends.split("-"))
    crossings = tuple(Crossing(p, 100.0 * k) for k, p in enumerate(passages))
    found = ship_named(ship) if isinstance(ship, str) else ship
    return ledger(v, Route("ok", "", 5000.0, crossings), found, plan, a, b)


def changed(plan: Costs, **values: object) -> Costs:
    """A plan with other values, which are not checked again."""
    return plan.model_copy(update=values)


def usd(book: Ledger, start: str) -> float:
    """Sum of the lines whose name begins so."""
    return sum(line.amount_usd for line in book.lines if line.what.startswith(start))


def cents(value: float) -> int:
    assert value * 100 == pytest.approx(round(value * 100), abs=1e-3), "more than cents"
    return round(value * 100)


money = st.floats(0, 1e8)
shares = st.floats(0, 1)
plans = st.builds(
    Costs,
    fuel_usd_t=st.none() | st.floats(0, 2000),
    arctic_fuel_usd_t=st.none() | st.floats(0, 2000),
    price_case=st.sampled_from(["low", "base", "high"]),
    hire=st.sampled_from(["charter", "owned", "none"]),
    capital_interest=st.just(0.0) | st.floats(1e-4, 1),
    laden=st.booleans(),
    panama_size=st.just(4000.0),
    suez_surcharge_share=st.none() | shares,
    suez_rebate_share=st.none() | shares,
    escort_usd=st.none() | money,
    carbon=st.booleans(),
    eua_eur_t=st.none() | st.floats(0, 500),
    war_risk=st.lists(st.builds(WarRisk, passage=st.sampled_from(PASSAGES), hull_share=shares), max_size=3).map(tuple),
    arctic_premium_usd=money,
    cargo_value_usd=money,
    cargo_interest=shares,
    port_usd=money,
)
ways = st.lists(st.sampled_from(PASSAGES), max_size=5).map(tuple)
fleet = st.sampled_from(SHIPS)
starts = st.sampled_from(["2006-06-01", "2015-01-01", "2023-05-05", "2024-03-01", "2026-02-01", "2040-01-01"])


@st.composite
def voyages(draw: st.DrawFn) -> Voyage:
    depart = draw(starts)
    begin = dt.datetime.fromisoformat(depart).replace(tzinfo=dt.UTC)
    legs = [
        leg(a, begin, fuel_t=draw(st.floats(0, 30)), escorted=draw(st.booleans()))
        for a in draw(st.lists(st.sampled_from([None, *AREAS]), max_size=4))
    ]
    return voyage(draw(st.floats(5, 80)), draw(st.floats(120, 5000)), depart, *legs)


@settings(max_examples=60)
@given(voyages(), plans, ways, fleet)
def test_lines_sum_to_the_total_to_the_cent(v: Voyage, plan: Costs, way: tuple[str, ...], ship: str) -> None:
    book = costed(v, plan, way, ship)
    assert cents(book.total_usd) == sum(cents(line.amount_usd) for line in book.lines)
    assert book.usd_per_day * v.days == pytest.approx(book.total_usd)
    assert book.usd_per_unit is not None
    assert book.cargo is not None
    assert book.usd_per_unit * book.cargo == pytest.approx(book.total_usd)


@settings(max_examples=60)
@given(voyages(), plans, ways, fleet)
def test_every_line_says_where_it_is_from(v: Voyage, plan: Costs, way: tuple[str, ...], ship: str) -> None:
    book = costed(v, plan, way, ship)
    assert all(line.what and line.formula and line.source for line in book.lines)
    assert {line.confidence for line in book.lines} <= {"A", "B", "C"}
    assert set(book.low) == {line for line in book.lines if line.confidence == "C"}


@given(voyages(), fleet, st.sampled_from(["malacca_strait", "bab_el_mandeb", "gibraltar"]))
def test_zero_prices_give_zero_cost(v: Voyage, ship: str, strait: str) -> None:
    assert costed(v, FREE, (strait,), ship).total_usd == 0.0


@settings(max_examples=60)
@given(voyages(), plans, ways, fleet, st.floats(0, 1500), st.floats(0, 500))
def test_dearer_fuel_never_lowers_a_cost(
    v: Voyage, plan: Costs, way: tuple[str, ...], ship: str, price: float, more: float
) -> None:
    for key in ("fuel_usd_t", "arctic_fuel_usd_t"):
        cheap, dear = (costed(v, changed(plan, **{key: p}), way, ship) for p in (price, price + more))
        assert dear.total_usd >= cheap.total_usd


@given(st.floats(1, 100), st.floats(1.1, 5), st.floats(0, 200_000))
def test_hire_is_linear_in_days_and_in_the_rate(days: float, factor: float, rate: float) -> None:
    plan = changed(FREE, hire="charter", charter_usd_day=rate)
    once = costed(voyage(days), plan).total_usd
    assert once == pytest.approx(rate * days, abs=0.006)
    assert costed(voyage(days * factor), plan).total_usd == pytest.approx(once * factor, abs=0.04)
    dearer = changed(plan, charter_usd_day=rate * factor)
    assert costed(voyage(days), dearer).total_usd == pytest.approx(once * factor, abs=0.04)


def test_capital_is_the_annuity_of_the_price() -> None:
    """36.5 million USD at 7 % over 15 years: 0.109795 a year (any table of annuities), so 10,979.46 USD a day."""
    plan = changed(FREE, hire="owned", newbuild_usd=36.5e6, opex_usd_day=8406.0)
    book = costed(voyage(10.0), plan)
    assert usd(book, "capital") == pytest.approx(10 * 10_979.46, rel=1e-5)
    assert usd(book, "operating cost") == pytest.approx(84_060)
    free_money = costed(voyage(365.0), changed(plan, capital_interest=0.0, capital_years=10.0))
    assert usd(free_money, "capital") == pytest.approx(3.65e6)


@given(st.sampled_from(["charter", "owned", "none"]), fleet, plans)
def test_hire_or_opex_and_capital_never_both(hire: str, ship: str, plan: Costs) -> None:
    given_all = changed(plan, hire=hire, charter_usd_day=100.0, opex_usd_day=100.0, newbuild_usd=1e7)
    names = {line.what for line in costed(voyage(), given_all, (), ship).lines}
    wanted = {"charter": {"hire"}, "owned": {"operating cost", "capital"}, "none": set()}[hire]
    assert names & {"hire", "operating cost", "capital"} == wanted


@given(st.integers(0, 4), st.floats(0.0001, 1))
def test_war_risk_counts_crossings(times: int, share: float) -> None:
    plan = changed(FREE, war_risk=(WarRisk(passage="bab_el_mandeb", hull_share=share),), newbuild_usd=5e7)
    book = costed(voyage(), plan, ("bab_el_mandeb",) * times + ("malacca_strait",))
    assert book.total_usd == pytest.approx(5e7 * share * times, abs=0.01)


def test_red_sea_premium_of_a_published_level() -> None:
    """0.7 % of 100 million USD is the 700,000 USD that was quoted in December 2023."""
    plan = changed(FREE, war_risk=(WarRisk(passage="bab_el_mandeb", hull_share=0.007),), newbuild_usd=1e8)
    assert costed(voyage(), plan, ("bab_el_mandeb",)).total_usd == pytest.approx(700_000)


# -- escort


def test_escort_is_charged_only_for_areas_where_the_ship_is_led() -> None:
    plan = changed(FREE, escort_usd=None, rub_per_usd=90.0)
    ship = VesselTable.load().find("mpp_19k_1a")
    assert ship.gt is not None
    assert costed(arctic(alone=tuple(AREAS)), plan, (), "mpp_19k_1a").total_usd == 0
    for led in (("Kara SW",), ("Kara SW", "Kara NE"), ("Kara SW", "Kara NE", "Laptev W", "Chukchi")):
        rest = tuple(a for a in AREAS if a not in led)
        book = costed(arctic(*led, alone=rest), plan, (), "mpp_19k_1a")
        wanted = nsr_tariff.escort_fee(ship.gt, "Arc4", len(led), dt.date(2024, 8, 1), 90.0)
        assert book.total_usd == wanted.amount_usd
    twice = costed(arctic("Kara SW", "Kara SW"), plan, (), "mpp_19k_1a")
    assert twice.total_usd == costed(arctic("Kara SW"), plan, (), "mpp_19k_1a").total_usd


def test_a_price_of_escort_counts_only_where_there_is_escort() -> None:
    plan = changed(FREE, escort_usd=123_456.0)
    assert costed(arctic("Laptev W"), plan).total_usd == 123_456
    assert costed(arctic(alone=("Laptev W",)), plan).total_usd == 0
    assert costed(voyage(), plan).total_usd == 0


def test_escort_index_scales_the_tariff() -> None:
    once, twice = (
        costed(arctic("Kara NE"), changed(FREE, escort_usd=None, escort_index=k), (), "mpp_19k_1a").total_usd
        for k in (1.0, 2.5)
    )
    assert once > 0
    assert twice == pytest.approx(2.5 * once, rel=1e-4)


def test_ice_pilots_are_for_voyages_with_ice() -> None:
    plan = changed(FREE, ice_pilots=True)
    assert usd(costed(arctic(alone=("Kara NE",)), plan, (), "mpp_19k_1a"), "NSR ice pilots") > 0
    assert costed(voyage(), plan, (), "mpp_19k_1a").total_usd == 0


# -- fuel in the Arctic and carbon


def test_heavy_fuel_gives_way_in_the_arctic_from_july_2024() -> None:
    """The energy stays: 100 t of VLSFO (40.5 MJ/kg) are 94.8 t of MGO (42.7 MJ/kg)."""
    plan = changed(FREE, fuel_usd_t=500.0, arctic_fuel_usd_t=800.0)
    legs = [leg("Kara NE", dt.datetime(2024, 8, 1, tzinfo=dt.UTC), fuel_t=100.0)]
    after = costed(voyage(20.0, 600.0, "2024-08-01", *legs), plan)
    before = costed(voyage(20.0, 600.0, "2024-06-01", *legs), plan)
    exempt = costed(voyage(20.0, 600.0, "2024-08-01", *legs), changed(plan, hfo_exempt=True))
    assert before.total_usd == exempt.total_usd == 300_000
    assert usd(after, "fuel VLSFO") == pytest.approx(250_000)
    assert usd(after, "fuel MGO") == pytest.approx(100 * 800 * 40.5 / 42.7, rel=0.02)


def allowances(depart: str, ends: str = "CN-NL", ship: str = "cont_4400") -> float:
    plan = changed(FREE, carbon=True, eua_eur_t=75.0, usd_per_eur=1.0)
    return usd(costed(voyage(30.0, 1000.0, depart), plan, (), ship, ends), "EU ETS")


def test_eu_ets_is_phased_in_by_year() -> None:
    """Directive (EU) 2023/959: 40 % for 2024, 70 % for 2025, all from 2026; half of a voyage from outside."""
    assert allowances("2023-12-31") == 0
    co2_t = 1000 * 3.114  # of heavy fuel oil and VLSFO, MEPC.364(79)
    assert allowances("2024-01-01") == pytest.approx(co2_t * 0.5 * 0.4 * 75, rel=1e-4)
    assert allowances("2025-06-01") == pytest.approx(co2_t * 0.5 * 0.7 * 75, rel=1e-4)
    # from 2026 with methane and nitrous oxide, which add less than 3 % for oil
    assert 1 < allowances("2026-06-01") / (co2_t * 0.5 * 75) < 1.03


def test_eu_ets_counts_all_within_half_across_and_nothing_outside() -> None:
    within, across = allowances("2025-06-01", "DE-NL"), allowances("2025-06-01", "CN-NL")
    assert within == pytest.approx(2 * across, abs=0.02)
    assert allowances("2025-06-01", "NL-CN") == across
    assert allowances("2025-06-01", "CN-KR") == allowances("2025-06-01", "CN-GB") == 0


def test_a_call_outside_leaves_the_last_leg() -> None:
    plan = changed(FREE, carbon=True, eua_eur_t=75.0)
    direct, calling = (usd(costed(voyage(), changed(plan, calls=c)), "EU ETS") for c in ((), ("RUMMK",)))
    assert calling == pytest.approx(direct / 2, abs=0.02)


def test_the_price_of_allowances_counts() -> None:
    cheap, dear = (usd(costed(voyage(), changed(FREE, carbon=True, eua_eur_t=e)), "EU ETS") for e in (50.0, 100.0))
    assert 0 < cheap * 2 == pytest.approx(dear, abs=0.02)


# -- years without a tariff


def test_a_year_without_tariff_uses_the_nearest_and_says_so() -> None:
    book = costed(voyage(20.0, 600.0, "2002-03-01"), FREE, ("suez_canal",))
    dues = next(line for line in book.lines if line.what == "Suez Canal dues")
    assert "no rate for 2002-03-01" in dues.note
    assert "the nearest is used" in dues.note
    assert dues.confidence == "C"
    assert dues in book.low


@pytest.mark.parametrize("way", [("suez_canal",), ("bosporus",)])
def test_a_year_without_tariff_is_refused_with_strict(way: tuple[str, ...]) -> None:
    old = voyage(20.0, 600.0, "2002-03-01")
    assert costed(old, FREE, way).total_usd > 0
    with pytest.raises(DataError, match="no rate for 2002-03-01; the nearest is valid"):
        costed(old, changed(FREE, prices="strict"), way)
    assert costed(old, changed(FREE, prices="strict")).total_usd == 0


# -- what is refused


def test_a_ship_known_by_its_speed_alone_has_no_costs() -> None:
    with pytest.raises(UsageError, match="need a 'type'"):
        costed(replace(voyage(), fuel_t=None), FREE, (), Ship.generic(14.0))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"fuel": "VLSFOO"}, "unknown fuel 'VLSFOO' .did you mean VLSFO"),
        ({"fuel_usd_t": -1.0}, "price of VLSFO.*-1"),
        ({"fuel_usd_t": 1e6}, "price of VLSFO.*allowed is 0 to 10,000"),
        ({"fuel_usd_t": float("nan")}, "price of VLSFO"),
        ({"usd_per_sdr": 0.01}, "allowed is 0.5 to 3"),
        ({"suez_rebate_share": 1.5}, "rebate_share is 1.5"),
    ],
)
def test_absurd_figures_are_refused(changes: dict[str, float], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        costed(voyage(), changed(FREE, **changes), ("suez_canal",))


@pytest.mark.parametrize(
    ("spellings", "relieved"),
    [
        (("Arc4", "arc4", "arc 4", "LU4", "L1"), True),
        (("IA", "1A", "1a", "ice class 1A"), True),
        (("IA Super", "1A Super", "IAS", "1A*"), True),
        (("Arc5", "LU5", "UL"), True),
        (("Arc6",), True),
        (("Arc7", "LU7", "ULA"), True),
        (("Arc8",), True),
        (("Arc9",), True),
        (("PC7", "Polar Class 7"), True),
        (("PC1",), True),
        (("Ice3", "L2", "LU3"), False),
        (("IB", "1B"), False),
        (("Ice2",), False),
        (("IC", "1C"), False),
        (("Ice1",), False),
        (("II", "1D"), False),
        (("none", "no class", "-"), False),
    ],
)
def test_the_ets_relief_goes_by_the_rank_of_the_class_not_by_its_spelling(
    spellings: tuple[str, ...], relieved: bool
) -> None:
    """IA, IA Super or equivalent: 5 % off until 2030, Directive 2003/87/EC art. 12(3-e)."""
    plan = changed(FREE, carbon=True)
    full = usd(costed(voyage(), plan, ship=of_class("none")), "EU ETS")
    paid = {usd(costed(voyage(), plan, ship=of_class(s)), "EU ETS") for s in spellings}
    assert full > 1000
    assert len(paid) == 1
    assert paid.pop() == pytest.approx(full * (0.95 if relieved else 1.0), abs=0.01)


def test_the_escort_tariff_goes_by_the_class_not_by_its_spelling() -> None:
    plan = changed(FREE, escort_usd=None)
    v = arctic("Kara SW", "Laptev W")
    paid = [usd(costed(v, plan, ship=of_class(s)), "NSR icebreaker") for s in ("Arc4", "1A", "PC7")]

    assert paid[0] > 1000 and len(set(paid)) == 1
    dearer = usd(costed(v, plan, ship=of_class("Ice3")), "NSR icebreaker")
    assert dearer / paid[0] == pytest.approx(1.7, rel=1e-3)  # the factors of the table are 1.7 and 1.0


def of_class(name: str) -> Ship:
    return replace(ship_named("cont_4400"), ice_class=ice_class(name), ice_class_text=name)
