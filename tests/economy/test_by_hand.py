"""Money by hand: each figure is worked out in a comment, from the rates that stand there."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.economy import carbon, nsr_tariff
from sim.economy.cii import cii, required_cii_g
from sim.economy.currency import exchange_rate
from sim.economy.fuels import FuelTable
from sim.economy.ledger import Ledger, ledger
from sim.economy.plan import Costs, WarRisk
from sim.economy.rates import read_rates
from sim.errors import DataError
from sim.geo.graph import Ends
from sim.geo.network.places import Place
from sim.geo.passages import PassageTable
from sim.geo.ports import PortTable
from sim.geo.route import Crossing, Route
from sim.ice.classes import ice_class
from sim.ship.vessel import Ship, VesselTable
from sim.voyage.voyage import Voyage, VoyageLeg

SHIPS = VesselTable.load()
BOX = SHIPS.find("cont_4400")  # 42,112 GT, 35,795 SCNT, 4,380 TEU, 85 % full; 55.7 million USD new
COASTER = SHIPS.find("mpp_19k_1a")  # 14,357 GT, Arc4
NOTHING = {
    "fuel_usd_t": 0, "arctic_fuel_usd_t": 0, "hire": "none", "carbon": False, "arctic_hull_share": 0,
    "ice_pilots": False,
}  # fmt: skip
KARA, LAPTEV = (62.0, 71.0), (115.0, 76.0)


def costs(**values: object) -> Costs:
    return Costs.model_validate({**NOTHING, **values})


def leg(start: str, *, at: tuple[float, float] = KARA, escorted: bool = False, fuel_t: float = 10.0) -> VoyageLeg:
    begin = dt.datetime.fromisoformat(start).replace(tzinfo=dt.UTC)
    return VoyageLeg(
        start=begin, end=begin + dt.timedelta(days=1), lonlat=np.array([at] * 2), distance_nm=240.0, sailed_nm=240.0,
        hours=24.0,
        wait_h=0.0, water="kara_sea", tag="", passages=(), concentration=0.5, thickness_m=1.0, rio=5.0, level="normal",
        escorted=escorted, low_confidence=False, rule="", fuel_t=fuel_t,
    )  # fmt: skip


def voyage(depart: str, *legs: VoyageLeg, days: float = 20.0, fuel_t: float = 1000.0) -> Voyage:
    """`days` at sea, of which one a leg in the ice of the NSR."""
    start = dt.datetime.fromisoformat(depart).replace(tzinfo=dt.UTC)
    return Voyage(
        days=days, sailing_days=days, wait_days=0.0, canal_days=0.0, water_nm={}, depart=start,
        arrive=start + dt.timedelta(days=days), legs=legs, fuel_t=fuel_t, ice_nm=240.0 * len(legs),
        nsr_nm=240.0 * len(legs), nsr_days=float(len(legs)),
    )  # fmt: skip


def place(name: str) -> Place:
    ports = PortTable.load()
    port = ports.all[ports.find(name)]
    return Place(port.name, port.lon, port.lat, np.array([[port.lon, port.lat]]), 0.0, Ends.at(0), False, True, port)


def book(
    v: Voyage, plan: Costs, *passages: str, ship: Ship = BOX, ends: tuple[str, str] = ("Shanghai", "Rotterdam")
) -> Ledger:
    crossings = tuple(Crossing(p, 100.0 * k) for k, p in enumerate(passages))
    return ledger(v, Route("ok", "", 5000.0, crossings), ship, plan, place(ends[0]), place(ends[1]))


def lines(b: Ledger) -> dict[str, float]:
    """Amounts by name; a name may stand only once."""
    assert len({line.what for line in b.lines}) == len(b.lines)
    return {line.what: line.amount_usd for line in b.lines}


# -- canals and straits


def test_one_payment_covers_both_turkish_straits() -> None:
    # net tonnage half of 42,112 GT = 21,056; x 4.42 USD to June 2024 = 93,067.52; x 5.07 from July = 106,753.92
    for passages in (("dardanelles", "bosporus"), ("bosporus", "dardanelles"), ("bosporus",)):
        assert lines(book(voyage("2024-06-30"), costs(), *passages)) == {"Turkish Straits dues": 93_067.52}
    assert lines(book(voyage("2024-07-01"), costs(), "bosporus")) == {"Turkish Straits dues": 106_753.92}


def test_suez_dues_surcharge_rebate_and_services() -> None:
    # laden: 5,000 x 11.04 + 5,000 x 7.58 + 10,000 x 5.89 + 15,795 x 4.13 = 217,233.35 SDR; x 2 = 434,466.70 USD
    # ballast: 5,000 x 9.40 + 5,000 x 6.45 + 10,000 x 5.00 + 15,795 x 3.51 = 184,690.45 SDR; x 2 = 369,380.90 USD
    plan = {"usd_per_sdr": 2.0, "suez_surcharge_share": 0.1, "suez_rebate_share": 0.03}
    assert lines(book(voyage("2024-03-01"), costs(**plan), "suez_canal")) == {
        "Suez Canal dues": 434_466.70, "Suez Canal surcharge": 43_446.67, "Suez Canal rebate": -13_034.00,
        "Suez Canal pilots, tugs, mooring, agency": 40_000.0,
    }  # fmt: skip
    ballast = lines(book(voyage("2024-03-01"), costs(**plan, laden=False), "suez_canal"))
    assert ballast["Suez Canal dues"] == 369_380.90
    # as dry bulk: 5,000 x 10.13 + 5,000 x 7.74 + 10,000 x 6.12 + 15,795 x 2.24 = 185,930.80 SDR
    bulk = lines(book(voyage("2024-03-01"), costs(**plan, suez_type="dry_bulk"), "suez_canal"))
    assert bulk["Suez Canal dues"] == 371_861.60


def test_a_rate_given_in_dollars_for_an_sdr_multiplies() -> None:
    dear, cheap = (
        lines(book(voyage("2024-03-01"), costs(usd_per_sdr=fx), "suez_canal"))["Suez Canal dues"] for fx in (3.0, 1.0)
    )
    assert (dear, cheap) == (651_700.05, 217_233.35)


def test_panama_by_its_locks_and_what_has_no_tariff() -> None:
    # 300,000 + 30 x 13,870 + 45 x 0.87 x 13,870 = 1,259,110.50; fresh water 10,000 + 5 % of it (a half cent is cut)
    big = SHIPS.find("cont_14000")
    assert lines(book(voyage("2025-03-01"), costs(), "panama_canal", ship=big)) == {
        "Panama toll, neopanamax locks (laden)": 1_259_110.50, "Panama Canal fresh water": 72_955.52,
    }  # fmt: skip
    # by the old locks, 32.25 m of beam are 'super': 100,000 + 40 x 4,380 + 35 x 0.85 x 4,380 = 405,505
    old_locks = book(voyage("2025-03-01"), costs(), "panama_canal_panamax")
    assert lines(old_locks)["Panama toll, panamax locks (laden)"] == 405_505.0
    assert old_locks.complete and old_locks.lines[0].formula.startswith("super: ")
    kiel = book(voyage("2025-03-01"), costs(), "kiel_canal")
    assert lines(kiel) == {"toll of kiel_canal": 0.0} and "not counted" in kiel.lines[0].note


def test_panama_of_a_ship_without_tariff_or_size_is_missing() -> None:
    odd = book(voyage("2025-03-01"), costs(suez_type="special_floating_unit"), "panama_canal")
    assert lines(odd) == {"Panama toll": 0.0} and not odd.complete
    with pytest.raises(DataError, match="no Panama tariff for special_floating_unit"):
        book(voyage("2025-03-01"), costs(suez_type="special_floating_unit", prices="strict"), "panama_canal")
    sizeless = book(voyage("2025-03-01"), costs(suez_type="lpg_carrier"), "panama_canal")
    assert sizeless.missing and "needs a size in m3" in sizeless.lines[0].note
    given = book(voyage("2025-03-01"), costs(suez_type="lpg_carrier", panama_size=84_000), "panama_canal")
    assert (
        given.complete and lines(given)["Panama toll, neopanamax locks (laden)"] == 531_000.0
    )  # 300,000 + 2.75 x 84,000


# -- the Northern Sea Route


def test_arctic_hull_premium_is_for_the_days_in_the_nsr() -> None:
    # 1 % of 36.5 million USD a year is 1,000 USD a day: 2 days of 20 in the NSR
    plan = costs(newbuild_usd=36.5e6, arctic_hull_share=0.01)
    assert lines(book(voyage("2024-08-01", leg("2024-08-05"), leg("2024-08-06")), plan)) == {"Arctic insurance": 2000.0}
    flat = costs(newbuild_usd=36.5e6, arctic_hull_share=0.01, arctic_premium_usd=5000)
    assert lines(book(voyage("2024-08-01", leg("2024-08-05")), flat)) == {"Arctic insurance": 6000.0}


def test_no_arctic_premium_off_the_nsr() -> None:
    plan = costs(newbuild_usd=36.5e6, arctic_hull_share=0.01, arctic_premium_usd=5000)
    assert (
        book(voyage("2024-08-01"), plan, "suez_canal").total_usd
        == book(voyage("2024-08-01"), costs(), "suez_canal").total_usd
    )
    assert lines(book(voyage("2024-08-01"), plan)) == {}


def test_the_escort_season_is_that_of_the_escorted_leg() -> None:
    # 14,357 GT: 1.6; Arc4: 1.0; one area: 1; summer 1.0, winter 2.5 (from 1 December); 100 RUB/USD
    # summer 223.42 x 1.6 = 357.47 RUB/GT: 5,132,196.79 RUB; winter x 2.5 = 893.68 RUB/GT: 12,830,563.76 RUB
    plan = costs(rub_per_usd=100)
    alone, escorted = leg("2024-11-29"), leg("2024-12-01", escorted=True)
    winter = book(voyage("2024-11-20", alone, escorted), plan, ship=COASTER)
    assert lines(winter) == {"NSR icebreaker escort": 128_305.64}
    summer = book(voyage("2024-11-20", leg("2024-11-30", escorted=True), leg("2024-12-01")), plan, ship=COASTER)
    assert lines(summer) == {"NSR icebreaker escort": 51_321.97}
    # twice the roubles for a dollar: half the dollars
    weak = book(voyage("2024-11-20", alone, escorted), costs(rub_per_usd=200), ship=COASTER)
    assert lines(weak) == {"NSR icebreaker escort": 64_152.82}
    # two areas: 1.2
    two = book(
        voyage("2024-11-20", leg("2024-11-28", escorted=True), leg("2024-11-29", at=LAPTEV, escorted=True)), plan,
        ship=COASTER,
    )  # fmt: skip
    # 223.42 x 1.6 x 1.2 = 428.97 (428.9664): 428.97 x 14,357 = 6,158,722.29 RUB
    assert lines(two) == {"NSR icebreaker escort": 61_587.22}


def test_ice_pilots_by_hand() -> None:
    # 10,001 to 20,000 GT: 543,600 RUB a voyage
    plan = costs(ice_pilots=True, rub_per_usd=100)
    assert lines(book(voyage("2024-08-01", leg("2024-08-05")), plan, ship=COASTER)) == {"NSR ice pilots": 5436.0}
    off_the_nsr = replace(voyage("2024-08-01", leg("2024-08-05")), nsr_nm=0.0)
    assert lines(book(off_the_nsr, plan, ship=COASTER)) == {}


def test_the_top_ton_of_a_class_of_tonnage_pays_its_rate() -> None:
    # 20,000 GT: 1.6; 20,001 GT: 1.2; Arc4, one area, summer: 357.47 and 268.10 RUB/GT
    for gt, rub in ((20_000, 357.47), (20_000.5, 268.10), (20_001, 268.10)):
        assert nsr_tariff.escort_rate(gt, "Arc4", 1, nsr_tariff.SUMMER).rub_per_gt == rub


# -- carbon


def test_allowances_by_scope_year_relief_and_euro() -> None:
    # 1,000 t of VLSFO x 3.114 = 3,114 t CO2; half in scope, 70 % in 2025; 80 EUR at 1.25 USD/EUR: 108,990 USD
    plan = costs(carbon=True, eua_eur_t=80, usd_per_eur=1.25)
    ets = "EU ETS allowances"
    assert lines(book(voyage("2025-06-01"), plan))[ets] == pytest.approx(108_990.00)
    # by Piraeus: half of one leg and all of the other, 0.75 together
    calling = costs(carbon=True, eua_eur_t=80, usd_per_eur=1.25, calls=["GRPIR"])
    assert lines(book(voyage("2025-06-01"), calling))[ets] == pytest.approx(163_485.00)
    within = book(voyage("2025-06-01"), plan, ends=("Hamburg", "Rotterdam"))
    assert lines(within)[ets] == pytest.approx(217_980.00)
    for name, usd in (("Arc4", 103_540.50), ("Arc7", 103_540.50), ("Ice3", 108_990.00)):  # 5 % off from IA
        assert lines(book(voyage("2025-06-01"), plan, ship=replace(BOX, ice_class=ice_class(name))))[ets] == usd
    # 1 January 2031: no relief any more; CH4 and N2O count too, for all alike
    late = [
        lines(book(voyage("2031-01-01"), plan, ship=replace(BOX, ice_class=ice_class(n))))[ets]
        for n in ("Arc4", "none")
    ]
    assert late[0] == late[1]


def test_small_ships_owe_nothing() -> None:
    plan = costs(carbon=True, eua_eur_t=80)
    assert lines(book(voyage("2025-06-01"), plan, ship=replace(BOX, gt=4_999.0))) == {}
    assert lines(book(voyage("2025-06-01"), plan, ship=replace(BOX, gt=5_000.0)))["EU ETS allowances"] > 0


def test_a_place_without_a_country_is_said_and_not_counted() -> None:
    sea = Place("60,10", 10.0, 60.0, np.array([[10.0, 60.0]]), 0.0, Ends.at(0), False, True, None)
    found = ledger(voyage("2025-06-01"), Route("ok", "", 1.0, ()), BOX, costs(carbon=True), sea, place("Rotterdam"))
    assert lines(found) == {"EU ETS": 0.0} and "no country" in found.lines[0].note


def test_scope_weighs_legs_by_their_emissions() -> None:
    # outside to EEA 0.5, EEA to EEA 1, EEA to outside 0.5; weights 1, 2, 1: (0.5 + 2 + 0.5) / 4
    assert carbon.leg_scopes("CN", "US", ("GR", "NL")) == (0.5, 1.0, 0.5)
    assert carbon.scope_share("CN", "US", ("GR", "NL"), leg_weights=(1, 2, 1)) == 0.75
    # a container ship's call at Port Said does not end the voyage: half of both legs, else of the second only
    assert carbon.leg_scopes("CN", "NL", ("EGPSE",)) == (0.5, 0.5)
    assert carbon.leg_scopes("CN", "NL", ("EGPSE",), container_ship=False) == (0.0, 0.5)


# -- the ship, the cargo and the ports


def test_hire_opex_capital_cargo_and_ports() -> None:
    assert lines(book(voyage("2024-03-01"), costs(hire="charter"))) == {"hire": 530_000.0}  # 20 x 26,500 of the table
    assert lines(book(voyage("2024-03-01"), costs(hire="charter", price_case="low"))) == {"hire": 360_000.0}
    # without interest: 55.7 million USD / 15 years / 365 days x 20 days = 203,470.32; opex 20 x 7,000
    free = lines(book(voyage("2024-03-01"), costs(hire="owned", capital_interest=0)))
    assert free == {"operating cost": 140_000.0, "capital": 203_470.32}
    # 10 % over one year: 36.5 million x 1.1 = 40.15 million a year, 110,000 USD a day
    year = lines(
        book(voyage("2024-03-01"), costs(hire="owned", capital_interest=0.1, capital_years=1, newbuild_usd=36.5e6))
    )
    assert year["capital"] == pytest.approx(2_200_000)
    # 7.3 million USD x 5 % / 365 = 1,000 USD a day
    goods = costs(cargo_value_usd=7.3e6, cargo_interest=0.05, port_usd=1234.5)
    assert lines(book(voyage("2024-03-01"), goods)) == {"in-transit inventory cost": 20_000.0, "ports": 1234.5}
    assert lines(book(voyage("2024-03-01"), costs(cargo_value_usd=7.3e6, cargo_interest=0))) == {}
    # 4,380 TEU x 0.85 = 3,723 aboard
    assert book(voyage("2024-03-01"), costs(port_usd=7446)).usd_per_unit == pytest.approx(2.0)


def test_war_risk_by_the_price_of_the_table() -> None:
    # 0.1 % of 55.7 million USD, twice; an entry for a passage that is not crossed costs nothing
    risks = [{"passage": "bab_el_mandeb", "hull_share": 0.001}, {"passage": "hormuz", "hull_share": 0.5}]
    found = lines(book(voyage("2024-03-01"), costs(war_risk=risks), "bab_el_mandeb", "gibraltar", "bab_el_mandeb"))
    assert found == {"war risk, bab_el_mandeb": 111_400.0}


def test_a_word_for_several_passages_insures_each_of_them() -> None:
    table = PassageTable.load()
    word = next(w for p in table.all for w in p.aliases if len(table.resolve(w)) > 1)
    plan = Costs(war_risk=(WarRisk(passage=word, hull_share=0.01),))
    assert plan.resolved(table).war_risk_share == dict.fromkeys(table.resolve(word), 0.01)
    one = sorted(table.resolve(word))[0]
    later = Costs(war_risk=(*plan.war_risk, WarRisk(passage=one, hull_share=0.02)))
    assert later.resolved(table).war_risk_share[one] == 0.02


def test_fuel_that_the_arctic_rules_replace_has_its_own_price() -> None:
    # 10 of 100 t are burnt in the Kara Sea: 90 t x 500 USD; 10 t of VLSFO (40.5 MJ/kg) are 9.4848 t of MGO (42.7)
    arctic = voyage("2024-08-01", leg("2024-08-05"), days=1.0, fuel_t=100.0)
    found = lines(book(arctic, costs(fuel_usd_t=500, arctic_fuel_usd_t=1000)))
    assert found == {"fuel VLSFO": 45_000.0, "fuel MGO in the Arctic": pytest.approx(9484.78, abs=0.5)}
    # all of it in the Arctic: one line, at the price of the fuel that is burnt
    whole = voyage("2024-08-01", leg("2024-08-05", fuel_t=100.0), days=1.0, fuel_t=100.0)
    found = lines(book(whole, costs(fuel_usd_t=500, arctic_fuel_usd_t=1000)))
    assert found == {"fuel MGO": pytest.approx(94_847.8, abs=5)}


# -- rates and letters


def test_of_two_rows_for_one_day_the_one_that_began_later_holds(tmp_path: Path) -> None:
    head = "valid_from,valid_to,usd,note,source,confidence\n"
    old, new = "2020-01-01,,1,,s,A\n", "2022-01-01,2022-12-31,2,,s,A\n"
    for text in (old + new, new + old):
        (tmp_path / "two.csv").write_text(head + text, encoding="utf-8")
        table = read_rates(tmp_path / "two.csv")
        days = (dt.date(2021, 12, 31), dt.date(2022, 1, 1), dt.date(2022, 12, 31), dt.date(2023, 1, 1))
        assert [table.at(day).rate.number("usd") for day in days] == [1, 2, 2, 1]
    # a day as far from the end of one row as from the start of the next: the next
    gap = "2020-01-01,2020-12-31,1,,s,A\n2021-01-02,,2,,s,A\n"
    (tmp_path / "gap.csv").write_text(head + gap, encoding="utf-8")
    found = read_rates(tmp_path / "gap.csv").at(dt.date(2021, 1, 1))
    assert found.rate.number("usd") == 2 and found.confidence == "C"


def test_a_ratio_on_a_bound_has_the_worse_letter() -> None:
    """MEPC.354(78), bulk carriers: A below 0.86 of what is required, E from 1.18."""
    required = required_cii_g("bulk_carrier", 81_000, 2026)
    for bound, worse in ((0.86, "B"), (0.94, "C"), (1.06, "D"), (1.18, "E")):
        at_bound = [
            found.letter
            for nm in range(5_000, 6_000)
            if (found := cii("bulk_carrier", 81_000, bound * required * 81_000 * nm / 1e6, nm, 2026)).ratio == bound
        ]
        assert len(at_bound) > 10 and set(at_bound) == {worse}


def test_roubles_are_divided_and_euros_multiplied() -> None:
    assert exchange_rate("RUB", given=80.0).usd == 1 / 80
    assert exchange_rate("EUR", given=1.25).usd == 1.25
    # 40,000 RUB/t at 80 RUB/USD: 500 USD/t
    assert FuelTable.load().price("MGO", 40_000.0, currency="RUB", rate=80.0).usd_t == 500


def test_a_call_at_port_said_passes_over_for_container_ships_alone() -> None:
    # to Rotterdam by Port Said: a container ship has half of both legs in scope, a bulk carrier half of the second
    plan = costs(carbon=True, eua_eur_t=80, usd_per_eur=1.25, calls=["EGPSE"])
    paid = [lines(book(voyage("2025-06-01"), plan, ship=SHIPS.find(s)))["EU ETS allowances"] for s in
            ("cont_4400", "bulk_panamax")]  # fmt: skip
    assert paid == [pytest.approx(108_990.00), pytest.approx(54_495.00)]
