"""Costs of whole scenarios: the laws that hold on any route, the shape of the output, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import SeaNetwork
from sim.economy.tolls import suez_toll
from sim.errors import DataError, ScenarioError, UsageError
from sim.report.comparison import comparison_csv
from sim.report.comparison_view import comparison_text
from sim.report.formats.ledgers import ledgers_csv, ledgers_text, notes_text
from sim.scenario.compare import Comparison, run, run_file
from sim.scenario.load import load_scenario
from sim.scenario.schema import Scenario
from sim.ship.power import auxiliary_fuel_tpd
from sim.ship.vessel import VesselTable

BASE: dict[str, Any] = {
    "format": 1, "name": "base", "description": "Shanghai to Rotterdam, costed",
    "voyage": {"from": "Shanghai", "to": "Rotterdam", "depart": "2024-03-01"}, "vessel": {"type": "cont_4400"},
    "alternatives": [{"route": "suez"}, {"route": "cape"}],
}  # fmt: skip
NOTHING = {"fuel_usd_t": 0.0, "eca_fuel_usd_t": 0.0, "hire": "none", "carbon": False}
TEXT = """\
format: 1
name: base
description: Shanghai to Rotterdam, costed
voyage: {from: Shanghai, to: Rotterdam, depart: 2024-03-01}
vessel: {type: cont_4400}
alternatives:
  - route: suez
costs:
"""


def compared(net: SeaNetwork, costs: dict[str, Any], **changes: Any) -> Comparison:
    data = {**BASE, **changes, "costs": costs}
    return run(Scenario.model_validate(data), net)


def totals(comparison: Comparison) -> dict[str, float]:
    return {o.label: o.ledger.total_usd for o in comparison.outcomes if o.ledger is not None}


prices = st.fixed_dictionaries(
    {},
    optional={
        "fuel": st.sampled_from(["HFO", "VLSFO", "MGO", "METHANOL"]),
        "price_case": st.sampled_from(["low", "base", "high"]),
        "hire": st.sampled_from(["charter", "owned", "none"]),
        "carbon": st.booleans(),
        "laden": st.booleans(),
        "cargo_value_usd": st.floats(0, 1e9),
        "port_usd": st.floats(0, 1e6),
        "suez_surcharge_share": st.floats(0, 1),
        "war_risk": st.just([{"passage": "bab_el_mandeb", "hull_share": 0.01}]),
    },
)
kinds = st.sampled_from(["cont_4400", "bulk_panamax", "tank_mr", "lng_174k", "mpp_19k_1a"])


@settings(max_examples=12)
@given(prices, kinds, st.floats(0, 1000), st.floats(0, 500))
def test_dearer_fuel_never_lowers_a_cost(
    net: SeaNetwork, costs: dict[str, Any], ship: str, price: float, more: float
) -> None:
    cheap, dear = (
        totals(compared(net, costs | {"fuel_usd_t": p}, vessel={"type": ship})) for p in (price, price + more)
    )
    assert len(cheap) == 2
    assert all(dear[route] >= cheap[route] for route in cheap)


@settings(max_examples=12)
@given(prices, kinds)
def test_every_output_has_the_same_lines_and_total(net: SeaNetwork, costs: dict[str, Any], ship: str) -> None:
    comparison = compared(net, costs, vessel={"type": ship})
    rows = list(csv.DictReader(io.StringIO(ledgers_csv(comparison))))
    said = json.loads(json.dumps(comparison.to_dict()))["alternatives"]
    for alternative in said:
        mine = [r for r in rows if r["route"] == alternative["route"]]
        book = alternative["ledger"]
        told = [(r["what"], float(r["usd"]) if r["usd"] else None, r["missing"] or None) for r in mine]
        assert told == [(x["what"], x["usd"], x["missing"]) for x in book["lines"]]
        in_cents = sum(round(100 * x["usd"]) for x in book["lines"] if x["missing"] is None)
        assert round(100 * book["total_usd"]) == round(100 * alternative["cost_usd"]) == in_cents
        assert set(book["low_confidence"]) == {x["what"] for x in book["lines"] if x["confidence"] == "C"}
    difference = said[1]["vs_baseline"]["cost_usd"]
    assert difference == pytest.approx(said[1]["cost_usd"] - said[0]["cost_usd"], abs=0.006)


def test_zero_prices_give_zero_cost_on_a_route_without_canal(net: SeaNetwork) -> None:
    got = totals(compared(net, NOTHING))
    assert got["cape"] == 0
    assert got["suez"] > 0  # the canal's dues are left


def test_the_canals_dues_are_the_only_difference_that_zero_prices_leave(net: SeaNetwork) -> None:
    suez = compared(net, NOTHING).outcomes[0].ledger
    assert suez
    assert all(line.what.startswith("Suez Canal") for line in suez.lines if line.amount_usd)


def test_without_the_section_nothing_is_costed(net: SeaNetwork) -> None:
    comparison = run(Scenario.model_validate(BASE), net)
    assert totals(comparison) == {}
    assert ledgers_text(comparison) == ""
    assert not {"cost_usd", "co2_t", "ledger"} & set(comparison.to_dict()["alternatives"][0])


def test_hire_counts_waits(net: SeaNetwork) -> None:
    costs = NOTHING | {"hire": "charter", "charter_usd_day": 24_000.0}
    before = totals(compared(net, costs))
    after = totals(compared(net, costs, waits=[{"passage": "suez_canal", "wait_h": 36.0}]))
    assert after["suez"] - before["suez"] == pytest.approx(36_000, abs=0.02)
    assert after["cape"] == before["cape"]


def test_war_risk_of_a_group_counts_each_passage_that_is_crossed(net: SeaNetwork) -> None:
    risk = [{"passage": p, "hull_share": 0.001} for p in ("bab_el_mandeb", "panama", "malacca_strait")]
    got = totals(compared(net, NOTHING | {"war_risk": risk, "newbuild_usd": 1e8}))
    without = totals(compared(net, NOTHING))
    assert got["suez"] - without["suez"] == pytest.approx(200_000, abs=0.02)


def test_ballast_pays_less(net: SeaNetwork) -> None:
    laden, ballast = (totals(compared(net, NOTHING | {"laden": x}))["suez"] for x in (True, False))
    assert 0 < ballast < laden


def test_the_table_shows_all_routes_and_their_totals(net: SeaNetwork) -> None:
    comparison = compared(net, {})
    text = ledgers_text(comparison)
    for total in totals(comparison).values():
        assert f"{total:,.0f}" in text


# -- published cases


def test_yong_sheng_at_its_own_distances_and_speed() -> None:
    """arcticportal.org 2015: 2,780 nm shorter at 12.7 kn, 9.12 days and 252 t saved."""
    ship = VesselTable.load().find("mpp_19k_1a")
    assert ship.service_speed_kn == pytest.approx(12.7)
    assert ship.main_fuel_service_tpd is not None
    saved_days = (10_711 - 7_931) / (24 * ship.service_speed_kn)
    assert saved_days == pytest.approx(9.12, abs=0.005)
    assert saved_days * ship.main_fuel_service_tpd == pytest.approx(252, abs=5)


def test_lr2_by_suez_or_the_cape_in_february_2025() -> None:
    """Argus Media 2025-02-19: a fee around 520,000 USD; 16 days at 32,000 USD and 345,000 USD of fuel saved."""
    ship = VesselTable.load().find("tank_aframax")
    day = date(2025, 2, 15)
    lines = suez_toll(ship, day, True, 0.25, 0.0, ship_type="petroleum_products_tanker", usd_per_sdr=1.33)
    toll = sum(line.amount_usd for line in lines)
    assert toll == pytest.approx(520_000, rel=0.05)
    net_saving = 345_000 + 16 * 32_000 - toll
    assert 300_000 * 0.85 <= net_saving <= 337_000 * 1.15


def test_lr2_on_our_routes_saves_about_sixteen_days(net: SeaNetwork) -> None:
    """At the service speed of the table; both routes end within a day of the source's difference."""
    comparison = compared(
        net, {}, voyage={"from": "Ras Tanura", "to": "Rotterdam", "depart": "2025-02-15"},
        vessel={"type": "tank_aframax"},
    )  # fmt: skip
    suez, cape = (o.voyage for o in comparison.outcomes)
    assert suez is not None
    assert cape is not None
    assert cape.days - suez.days == pytest.approx(16, abs=1)


# -- the file


def problems(tmp_path: Path, *lines: str, head: str = TEXT) -> list[str]:
    file = tmp_path / "case.yaml"
    file.write_text(head + "".join(f"  {line}\n" for line in lines), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    assert caught.value.exit_code == 3
    return [p.removeprefix(f"{file}:") for p in caught.value.problems]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("fuel_usd_t: -5", "costs.fuel_usd_t"),
        ("fuel_usd_t: 10001", "costs.fuel_usd_t"),
        ("fuel_usd_t: .nan", "costs.fuel_usd_t"),
        ("fuel_usd_t: '500'", "costs.fuel_usd_t"),
        ("eua_eur_t: 1e9", "costs.eua_eur_t"),
        ("charter_usd_day: -1", "costs.charter_usd_day"),
        ("suez_rebate_share: 75", "costs.suez_rebate_share"),
        ("usd_per_sdr: 0", "costs.usd_per_sdr"),
        ("capital_years: 0", "costs.capital_years"),
        ("price_case: medium", "allowed: low, base, high"),
        ("hire: chartered", "did you mean charter?"),
        ("fule: HFO", "did you mean fuel?"),
        ("war_risk: [{passage: bab_el_mandeb, share: 0.1}]", "allowed here: passage, hull_share"),
        ("fuel: VLSFOO", "did you mean VLSFO"),
        ("fuel_usd_mmbtu: 12", "costs.fuel_usd_mmbtu: is for LNG, the ship burns VLSFO: give 'fuel_usd_t'"),
        ("fuel_usd_mmbtu: 191", "costs.fuel_usd_mmbtu"),
    ],
)
def test_bad_figures_are_told_with_their_line(tmp_path: Path, line: str, said: str) -> None:
    found = problems(tmp_path, "port_usd: 1", line)
    assert all(text.startswith("10: ") for text in found)
    assert any(said in text for text in found)


def test_an_unknown_passage_of_war_risk_is_told(tmp_path: Path) -> None:
    found = problems(tmp_path, "war_risk:", "  - passage: bab_el_mandebb", "    hull_share: 0.1")
    assert len(found) == 1
    assert found[0].startswith("10: ")
    assert "did you mean bab_el_mandeb?" in found[0]


def test_costs_need_a_ship_of_the_table(tmp_path: Path) -> None:
    head = TEXT.replace("{type: cont_4400}", "{speed_kn: 14}")
    found = problems(tmp_path, "port_usd: 1", head=head)
    assert len(found) == 1
    assert found[0].startswith("8: costs: ")
    assert "vessel.type" in found[0]


def test_a_day_without_tariff_is_said_or_refused(tmp_path: Path) -> None:
    file = tmp_path / "old.yaml"
    old = TEXT.replace("2024-03-01", "2002-03-01")
    file.write_text(old + "  prices: nearest\n", encoding="utf-8")
    book = run_file(file).outcomes[0].ledger
    assert book
    assert any("no rate for 2002-03-01: the nearest is used" in line.note for line in book.low)
    file.write_text(old + "  prices: strict\n  fuel_usd_t: 0\n  hire: none\n  carbon: false\n", encoding="utf-8")
    with pytest.raises(DataError, match="no rate for 2002-03-01; the nearest is valid"):
        run_file(file)


def test_a_month_without_a_price_is_told_at_line_and_total_or_refused(tmp_path: Path) -> None:
    """October 2025 has a price of VLSFO, March 2024 has none: the nearest is of 30 January."""
    file = tmp_path / "dated.yaml"
    given_rest = "  carbon: false\n  charter_usd_day: 20000\n  usd_per_sdr: 1.33\n"
    file.write_text(TEXT + given_rest, encoding="utf-8")
    comparison = run_file(file)
    told = comparison.to_dict()["alternatives"][0]
    (fuel,) = (x for x in told["ledger"]["lines"] if x["what"] == "fuel VLSFO")
    (price,) = fuel["prices"]
    assert (price["from"], price["gap_days"], price["fits"]) == ("2024-01-30", 31, False)
    assert "2024-01-30" in fuel["note"] and fuel["confidence"] == "C"
    assert told["cost_off_date"] is True
    assert [x["line"] for x in told["ledger"]["off_date"]][:1] == ["fuel VLSFO"]
    assert " ~" in ledgers_text(comparison)
    row = next(r for r in csv.DictReader(io.StringIO(ledgers_csv(comparison))) if r["what"] == "fuel VLSFO")
    assert (row["price_from"], row["price_gap_days"]) == ("2024-01-30", "31")

    file.write_text(TEXT + given_rest + "  prices: strict\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"price of VLSFO: there is no price of 2024-03.*'costs.fuel_usd_t'"):
        run_file(file)
    dated = TEXT.replace("2024-03-01", "2025-10-30") + given_rest + "  prices: strict\n"
    file.write_text(dated, encoding="utf-8")
    book = run_file(file).outcomes[0].ledger
    assert book and not book.off_date


def test_a_given_price_wins_and_is_not_flagged(net: SeaNetwork) -> None:
    costs = {
        "fuel_usd_t": 500.0, "eca_fuel_usd_t": 700.0, "charter_usd_day": 20_000.0, "eua_eur_t": 70.0,
        "usd_per_eur": 1.1, "usd_per_sdr": 1.3, "prices": "strict",
    }  # fmt: skip
    for o in compared(net, costs).outcomes:
        assert o.ledger is not None and not o.ledger.off_date
        assert next(x for x in o.ledger.lines if x.what.startswith("fuel")).formula.endswith("500 USD/t (own)")


def test_a_missing_line_marks_the_total_in_every_output(net: SeaNetwork) -> None:
    """A floating unit has no Panama tariff in the tables; Suez has one for her."""
    comparison = compared(
        net, {"suez_type": "special_floating_unit"}, vessel={"type": "bulk_panamax"},
        alternatives=[{"route": "panama"}, {"route": "suez"}],
        voyage={"from": "Shanghai", "to": "New York", "depart": "2024-03-01"},
    )  # fmt: skip
    panama, suez = comparison.to_dict()["alternatives"]
    assert panama["cost_complete"] is False and suez["cost_complete"] is True
    assert panama["ledger"]["missing"] == [{"what": "Panama toll", "why": "no tariff in the tables"}]
    (line,) = (x for x in panama["ledger"]["lines"] if x["what"] == "Panama toll")
    assert line["usd"] is None
    total = next(row for row in ledgers_text(comparison).splitlines() if row.startswith("total"))
    assert total.count("!") == 1
    assert any(n.startswith("!: the total of panama is incomplete: Panama toll") for n in notes_text(comparison))
    rows = list(csv.DictReader(io.StringIO(comparison_csv(comparison))))
    assert {r["route"]: r["cost_complete"] for r in rows} == {"panama": "false", "suez": "true"}
    assert suez["vs_baseline"]["cost_complete"] is False  # the baseline lacks its toll
    assert [r["vs_cost_complete"] for r in rows] == ["false", "false"]


def test_boxes_on_deck_are_missing_until_their_surcharge_is_given(net: SeaNetwork) -> None:
    first, second = (compared(net, costs).outcomes[0].ledger for costs in ({}, {"suez_surcharge_share": 0.0}))
    assert first and [x.what for x in first.missing] == ["Suez Canal surcharge"]
    assert second and second.complete


def test_gas_oil_is_burnt_in_emission_control_areas(net: SeaNetwork) -> None:
    """The Mediterranean counts from May 2025: more gas oil by Suez then, and the same energy in all."""
    voyage = {"from": "Shanghai", "to": "Rotterdam"}
    early, late = (compared(net, {}, voyage=voyage | {"depart": d}).outcomes for d in ("2025-03-01", "2025-06-01"))
    for before, after, label in zip(early, late, ("suez", "cape"), strict=True):
        assert before.ledger and after.ledger
        mine = {p.area: p for p in after.ledger.areas}
        assert set(mine) == ({"north_sea", "mediterranean"} if label == "suez" else {"north_sea"})
        oil = [
            {x.what: x for x in book.lines}["fuel MGO in emission control areas"]
            for book in (before.ledger, after.ledger)
        ]
        tonnes = [float(x.formula.split(" t ")[0].replace(",", "")) for x in oil]
        assert (tonnes[1] > 3 * tonnes[0]) is (label == "suez")
        own_t = sum(p.fuel_t or 0.0 for p in mine.values())
        assert tonnes[1] == pytest.approx(own_t * 40.5 / 42.7, rel=1e-3)  # heating values of VLSFO and MGO
        assert after.voyage and after.voyage.fuel_t
        assert after.ledger.emitted.fuel_t == pytest.approx(after.voyage.fuel_t - own_t + tonnes[1], rel=1e-4)


def test_clean_ships_burn_their_own_fuel_there(net: SeaNetwork) -> None:
    for costs in ({"fuel": "MGO"}, {"scrubber": True}, {"fuel": "HFO"}):
        for o in compared(net, costs).outcomes:
            assert o.ledger and o.ledger.areas
            assert [x.what for x in o.ledger.lines if x.what.startswith("fuel")] == [
                f"fuel {costs.get('fuel', 'VLSFO')}"
            ]
    unscrubbed = compared(net, {"fuel": "HFO", "scrubber": False}).outcomes[0].ledger
    assert unscrubbed and any(x.what == "fuel MGO in emission control areas" for x in unscrubbed.lines)


def test_the_price_for_the_areas_moves_their_line_alone(net: SeaNetwork) -> None:
    cheap, dear = (compared(net, {"eca_fuel_usd_t": p}).outcomes[0].ledger for p in (700.0, 800.0))
    assert cheap and dear
    changed = {a.what for a, b in zip(cheap.lines, dear.lines, strict=True) if a.amount_usd != b.amount_usd}
    assert changed == {"fuel MGO in emission control areas"}
    assert dear.total_usd > cheap.total_usd


def test_lng_is_priced_by_its_higher_heating_value(net: SeaNetwork) -> None:
    """12 USD/MMBtu x 52 MMBtu/t = 624 USD/t, as 624 USD/t themselves; by the lower value of FuelEU it would be 558."""
    ship = {"type": "lng_174k"}
    mmbtu, tonne = (
        compared(net, {**NOTHING, "fuel_usd_t": None} | price, vessel=ship).outcomes[0].ledger
        for price in ({"fuel_usd_mmbtu": 12.0}, {"fuel_usd_t": 624.0})
    )
    assert mmbtu and tonne and mmbtu.total_usd == tonne.total_usd
    line = next(x for x in mmbtu.lines if x.what.startswith("fuel LNG"))
    assert "624 USD/t (own)" in line.formula and line.note == "12 USD/MMBtu x 52 MMBtu/t, higher heating value"
    with pytest.raises(ValueError, match="give 'fuel_usd_t' or 'fuel_usd_mmbtu', not both"):
        compared(net, {"fuel_usd_t": 624.0, "fuel_usd_mmbtu": 12.0}, vessel=ship)
    with pytest.raises(UsageError, match="is for LNG, the ship burns VLSFO"):
        compared(net, {"fuel_usd_mmbtu": 12.0})


def test_a_sea_margin_costs_fuel_and_is_told(net: SeaNetwork) -> None:
    plain, rough = (compared(net, {}, vessel={"type": "tank_mr"} | more) for more in ({}, {"sea_margin": 1.15}))
    for a, b in zip(plain.outcomes, rough.outcomes, strict=True):
        assert a.days == b.days and a.voyage and b.voyage
        auxiliary = auxiliary_fuel_tpd(plain.ship) * a.voyage.days
        assert b.fuel_t - auxiliary == pytest.approx(1.15 * (a.fuel_t - auxiliary), rel=1e-9)
    assert rough.to_dict()["sea_margin"] == 1.15 and "sea_margin" not in plain.to_dict()
    assert "kn, sea margin 1.15, departs" in " ".join(comparison_text(rough).split())


@pytest.mark.parametrize(("line", "said"), [("sea_margin: 0.9", "sea_margin"), ("sea_margin: 2.5", "sea_margin")])
def test_a_bad_sea_margin_is_told(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "case.yaml"
    for head in (f"type: tank_mr, {line}", "speed_kn: 12, sea_margin: 1.1"):
        file.write_text(
            "format: 1\nname: m\ndescription: m\nvoyage: {from: Dalian, to: Rotterdam, depart: 2025-08-15}\n"
            f"vessel: {{{head}}}\nalternatives: [{{route: suez}}]\n", encoding="utf-8",
        )  # fmt: skip
        with pytest.raises(ScenarioError) as caught:
            load_scenario(file)
        assert len(caught.value.problems) == 1 and said in caught.value.problems[0]
