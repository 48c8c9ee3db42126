"""The scenarios that ship: each is valid, runs, and shows what its description promises."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from sim import SeaNetwork
from sim.scenario.compare import Comparison, Outcome, run
from sim.scenario.convert import timed_closures_of
from sim.scenario.load import load_scenario
from sim.scenario.schema import Scenario
from sim.voyage.voyage import Event, Voyage

FILES = sorted((Path(__file__).parents[1] / "scenarios").glob("*.yaml"))


@pytest.fixture(scope="module")
def results(net: SeaNetwork) -> dict[str, Comparison]:
    """Comparison of every scenario, by its name."""
    comparisons = [run(load_scenario(file), net, file.parent) for file in FILES]
    return {c.scenario.name: c for c in comparisons}


def routes(results: dict[str, Comparison], name: str) -> dict[str, Outcome]:
    return {o.label: o for o in results[name].outcomes}


def nm(outcome: Outcome) -> float:
    return outcome.route.distance_nm


def sailed(outcome: Outcome) -> Voyage:
    assert outcome.feasible
    assert outcome.voyage
    return outcome.voyage


def departing(scenario: Scenario, moment: str) -> Scenario:
    """The same scenario on another day."""
    voyage = scenario.voyage.model_copy(update={"depart": datetime.fromisoformat(moment + "T00:00:00+00:00")})
    return scenario.model_copy(update={"voyage": voyage})


def days(outcome: Outcome) -> float:
    assert outcome.voyage
    return outcome.voyage.days


def test_names_are_distinct_and_those_of_the_files(results: dict[str, Comparison]) -> None:
    assert len(results) == len(FILES) >= 16
    assert [f"{k:02d}-{name}.yaml" for k, name in enumerate(results, start=1)] == [f.name for f in FILES]


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_every_alternative_has_a_length_or_a_reason(results: dict[str, Comparison], file: Path) -> None:
    comparison = results[file.stem[3:]]
    assert 20 < len(comparison.scenario.description) < 120
    for outcome in comparison.outcomes:
        assert outcome.feasible != bool(outcome.reason)
        always = {c.passage for c in comparison.scenario.closures if not c.timed}
        assert not always & set(outcome.route.passages)


def test_nsr_summer(results: dict[str, Comparison]) -> None:
    got = routes(results, "nsr-summer")
    suez, cape, nsr = got["suez"], got["cape"], got["nsr"]
    assert nm(nsr) < nm(suez) < nm(cape)
    assert days(nsr) < days(suez) < days(cape)
    assert 10_800 < nm(suez) < 11_050
    assert 7_550 < nm(nsr) < 8_150
    assert 13_800 < nm(cape) < 14_600
    assert {"malacca_strait", "suez_canal", "bab_el_mandeb", "gibraltar"} <= set(suez.route.passages)
    assert "bering_strait" in nsr.route.passages
    assert nm(nsr) - nm(suez) == pytest.approx(nsr.versus["distance_nm"])


def test_nsr_autumn_is_slower_than_summer_and_still_the_fastest(results: dict[str, Comparison]) -> None:
    autumn, summer = routes(results, "nsr-autumn"), routes(results, "nsr-summer")
    assert nm(autumn["nsr"]) == pytest.approx(nm(summer["nsr"]))
    assert days(autumn["nsr"]) > days(summer["nsr"]) + 1
    assert days(autumn["nsr"]) < days(autumn["suez"])
    inner = autumn["nsr by Kara Gate and Sannikov Strait"]
    assert {"kara_gate", "sannikov_strait"} <= set(inner.route.passages)
    assert nm(inner) > nm(autumn["nsr"])
    assert inner.voyage
    assert inner.voyage.water_nm["nsr"] > 2_000


def test_suez_closed_leaves_panama_to_a_ship_that_fits(results: dict[str, Comparison]) -> None:
    got = routes(results, "suez-closed")
    assert got["suez"].route.status == "unreachable"
    assert "suez_canal is closed" in got["suez"].route.reason
    free = got["usual (free choice)"]
    assert free.route.passages == got["panama"].route.passages
    assert any(p.startswith("panama_canal") for p in free.route.passages)
    assert nm(free) == pytest.approx(nm(got["panama"]))
    assert nm(free) < nm(got["cape"])


def test_bab_el_mandeb_closed(results: dict[str, Comparison], net: SeaNetwork) -> None:
    got = routes(results, "bab-el-mandeb-closed")
    assert "bab_el_mandeb is closed" in got["suez"].route.reason
    assert "cape_of_good_hope" in got["usual (free choice)"].route.passages
    assert nm(got["cape by Malacca"]) > nm(got["usual (free choice)"])
    jeddah = net.route("Rotterdam", "Jeddah", closed={"bab_el_mandeb"})
    assert "suez_canal" in jeddah.passages


def test_malacca_closed(results: dict[str, Comparison]) -> None:
    got = routes(results, "malacca-closed")
    sunda = got["by Sunda (too shallow)"]
    assert sunda.route.status == "unreachable"
    assert "draft 20.4 m is over the 18 m of sunda_strait" in sunda.route.reason
    assert "lombok_strait" in got["by Lombok and Makassar"].route.passages
    assert nm(got["usual"]) <= nm(got["by Lombok and Makassar"])
    assert not {"malacca_strait", "sunda_strait"} & set(got["usual"].route.passages)


def test_hormuz_closed_shuts_the_gulf(results: dict[str, Comparison], net: SeaNetwork) -> None:
    comparison = results["hormuz-closed"]
    assert not comparison.feasible
    assert all("strait_of_hormuz is closed" in o.route.reason for o in comparison.outcomes)
    assert net.route("Yanbu", "Rotterdam", closed={"strait_of_hormuz"}).status == "ok"


def test_lng_from_sabetta(results: dict[str, Comparison]) -> None:
    got = routes(results, "lng-sabetta-jiangsu")
    assert 5_300 < nm(got["nsr"]) < 5_900
    assert 12_400 < nm(got["suez"]) < 13_300
    assert days(got["suez"]) - days(got["nsr"]) > 10
    assert "suez_canal" in got["suez"].route.passages
    assert "bering_strait" in got["nsr"].route.passages


def test_yong_sheng_takes_about_the_27_days_that_were_reported(results: dict[str, Comparison], net: SeaNetwork) -> None:
    got = routes(results, "yong-sheng-2013")
    nsr = sailed(got["nsr"])
    # COSCO by SASAC, 13 September 2013: 27 days, from Taicang; row T02 of reference_voyages.csv
    assert nsr.days == pytest.approx(27, rel=0.2)
    assert nsr.ice_nm > 100
    assert nsr.lowest_rio is not None
    assert nsr.lowest_rio >= 0
    assert sailed(got["suez"]).ice_nm == sailed(got["cape"]).ice_nm == 0
    # In ice the way is no shorter, and no quicker than on open water.
    dry = run(results["yong-sheng-2013"].scenario.model_copy(update={"ice": None}), net)
    open_route = next(o for o in dry.outcomes if o.label == "nsr")
    assert nm(got["nsr"]) >= nm(open_route) - 0.01
    assert nsr.days > days(open_route)
    assert days(got["suez"]) == pytest.approx(days(next(o for o in dry.outcomes if o.label == "suez")))


def test_christophe_de_margerie_alone(results: dict[str, Comparison]) -> None:
    got = routes(results, "christophe-de-margerie-2017")
    nsr = sailed(got["nsr"])
    # Maritime Executive, August 2017: 6.5 days from Cape Zhelaniya to Cape Dezhnev; row T01 of reference_voyages.csv
    assert nsr.nsr_days == pytest.approx(6.5, rel=0.2)
    assert nsr.escort_nm == 0
    assert nsr.ice_nm > 100
    assert "over the 30 m of sannikov_strait" in got["nsr by Sannikov Strait"].reason


def test_lng_in_january_needs_no_icebreaker_but_saves_fuel_behind_one(
    results: dict[str, Comparison], net: SeaNetwork
) -> None:
    got = routes(results, "lng-january-2030")
    led, alone = sailed(got["nsr behind icebreaker"]), sailed(got["nsr alone"])
    assert led.escort_nm > 2_000
    assert alone.escort_nm == 0
    assert led.fuel_t is not None
    assert alone.fuel_t is not None
    assert led.fuel_t < alone.fuel_t
    assert led.escort_wait_days == pytest.approx(0.5)
    assert sailed(got["suez"]).ice_nm > 0  # from Sabetta every route leads through the Kara Sea
    # Double-acting Arc7 ships may go alone until 31 January (nsr.rosatom.ru, February 2024), not after.
    later = run(departing(results["lng-january-2030"].scenario, "2030-02-10"), net)
    by_label = {o.label: o for o in later.outcomes}
    assert by_label["nsr behind icebreaker"].status == "ok"
    assert by_label["nsr alone"].status == "closed"
    assert "not admitted" in by_label["nsr alone"].reason


def test_bulk_carrier_without_ice_class_in_september_2050(results: dict[str, Comparison], net: SeaNetwork) -> None:
    got = routes(results, "bulk-2050")
    assert all(o.feasible for o in got.values())
    assert sailed(got["nsr"]).ice_nm == 0
    assert sailed(got["transpolar"]).ice_nm > 500
    assert nm(got["transpolar"]) < nm(got["nsr"]) < nm(got["nwp"]) < nm(got["suez"])
    # No class is admitted from 16 November to 30 June (Mintrans Order 7, 2013).
    winter = run(departing(results["bulk-2050"].scenario, "2050-12-01"), net)
    assert {o.label: o.status for o in winter.outcomes} == {
        "suez": "ok", "nsr": "closed", "nwp": "closed", "transpolar": "closed",
    }  # fmt: skip


def test_three_arctic_routes(results: dict[str, Comparison]) -> None:
    got = routes(results, "three-arctic-routes-2040s")
    assert all(o.feasible for o in got.values())
    assert nm(got["transpolar"]) < nm(got["nsr"]) < nm(got["nwp"]) < nm(got["suez"])
    polar, nsr = sailed(got["transpolar"]), sailed(got["nsr"])
    # Over the pole is the shortest way and not the cheapest: the ice there takes more power.
    assert polar.ice_nm > nsr.ice_nm
    assert polar.fuel_t is not None
    assert nsr.fuel_t is not None
    assert polar.fuel_t > nsr.fuel_t


def event(outcome: Outcome) -> Event:
    """The one closure that an alternative met under way."""
    events = sailed(outcome).events
    assert len(events) == 1
    return events[0]


def lines(outcome: Outcome) -> dict[str, float]:
    """Dollars by line of the ledger, which adds up."""
    assert outcome.ledger
    assert outcome.ledger.total_usd == pytest.approx(sum(c.amount_usd for c in outcome.ledger.lines), abs=1e-6)
    return {c.what: c.amount_usd for c in outcome.ledger.lines}


def total(outcome: Outcome) -> float:
    assert outcome.ledger
    return outcome.ledger.total_usd


def with_closure(scenario: Scenario, **changes: object) -> Scenario:
    """The same scenario with its closure changed."""
    closure = scenario.closures[0].model_copy(update=changes)
    return scenario.model_copy(update={"closures": (closure,)})


def test_ever_given_is_waited_for_and_the_queue_is_gone_as_reported(
    results: dict[str, Comparison], net: SeaNetwork
) -> None:
    comparison = results["ever-given-2021"]
    got = routes(results, "ever-given-2021")
    met = event(got["suez"])
    assert met.choice == "waits"
    assert 0 < met.wait_h / 24 < 6.5 + 422 / 59  # no longer than the closure and the whole queue
    assert total(got["suez"]) < total(got["cape"])
    assert "Suez Canal dues" in lines(got["suez"])
    # 422 ships waited, the last had gone on 3 April (Wikipedia, Suez Canal Authority)
    closure = timed_closures_of(comparison.scenario, net.passages)[0]
    cleared = closure.cleared()
    assert cleared is not None
    assert cleared.date().isoformat() in ("2021-04-03", "2021-04-04")
    # Had it been known to last two months, the ship would have turned.
    long = with_closure(comparison.scenario, until=datetime.fromisoformat("2021-05-29T00:00:00+00:00"))
    suez = run(long, net).outcomes[0]
    assert event(suez).choice == "diverts"
    assert "cape_of_good_hope" in suez.route.passages
    assert not [what for what in lines(suez) if "Suez" in what]


def test_red_sea_turns_a_ship_for_the_cape(results: dict[str, Comparison], net: SeaNetwork) -> None:
    got = routes(results, "red-sea-2024")
    suez, cape = got["suez"], got["cape"]
    assert event(suez).choice == "diverts"
    assert event(suez).moment.date().isoformat() == "2023-12-15"
    assert {"cape_of_good_hope", "malacca_strait"} <= set(suez.route.passages)
    assert not [what for what in lines(suez) if "Suez" in what or "war risk" in what]
    # Who leaves for the Cape at once is never later than who turns on the way.
    assert days(suez) >= days(cape)
    assert total(suez) >= total(cape)
    # Without the closure: Suez is 7 to 10 days quicker (Port Economics), and war risk counts once.
    free = run(results["red-sea-2024"].scenario.model_copy(update={"closures": ()}), net)
    by = {o.label: o for o in free.outcomes}
    assert 7 <= days(by["cape"]) - days(by["suez"]) <= 10
    hull = lines(by["suez"])["war risk, bab_el_mandeb"] / 0.007
    assert hull == pytest.approx(free.ship.economics["newbuild_musd"] * 1e6)


def test_war_risk_turns_the_balance_where_the_costs_cross(results: dict[str, Comparison], net: SeaNetwork) -> None:
    """The premium at which both routes cost the same follows from the two totals without it."""
    open_sea = results["red-sea-2024"].scenario.model_copy(update={"closures": ()})

    def difference(share: float) -> float:
        assert open_sea.costs
        risk = (open_sea.costs.war_risk[0].model_copy(update={"hull_share": share}),)
        costs = open_sea.costs.model_copy(update={"war_risk": risk})
        by = {o.label: o for o in run(open_sea.model_copy(update={"costs": costs}), net).outcomes}
        return total(by["suez"]) - total(by["cape"])

    hull = results["red-sea-2024"].ship.economics["newbuild_musd"] * 1e6
    crossing = -difference(0.0) / hull
    assert crossing > 0
    assert difference(crossing * 0.99) < 0 < difference(crossing * 1.01)


def test_panama_in_the_drought(results: dict[str, Comparison], net: SeaNetwork) -> None:
    got = routes(results, "panama-drought-2023")
    met = event(got["panama"])
    assert not sailed(got["suez"]).events
    # who waits by sea in early December: 6.7 to 12.2 days (8 December 2023)
    closure = timed_closures_of(results["panama-drought-2023"].scenario, net.passages)[0]
    wait = closure.wait_h(datetime.fromisoformat("2023-12-08T00:00:00+00:00")) / 24
    assert 6.7 < wait < 12.2
    # The captain takes what is cheaper, and the ledger of the way that was sailed is that figure.
    assert met.worth_waiting is not None
    assert met.worth_diverting is not None
    assert met.choice == ("waits" if met.worth_waiting <= met.worth_diverting else "diverts")
    assert total(got["panama"]) == pytest.approx(min(met.worth_waiting, met.worth_diverting), abs=0.02)
    # Every route is weighed: the Cape is longer than Suez and costs less, without its dues.
    costs = {o.route_name: o.worth for o in met.options}
    assert set(costs) == {"suez", "cape"} and met.worth_diverting == costs["cape"] < costs["suez"]
    assert got["panama"].sailed_by == ("panama" if met.choice == "waits" else "cape")
    # Had more ships gone through than came, nobody would have waited.
    wide = with_closure(results["panama-drought-2023"].scenario, ships_per_day=31.0)
    assert not sailed(run(wide, net).outcomes[0]).events


def test_suez_1967_turns_a_tanker_in_the_red_sea(results: dict[str, Comparison]) -> None:
    got = routes(results, "suez-1967")
    suez, cape = got["suez"], got["cape"]
    met = event(suez)
    assert met.choice == "diverts"
    assert met.moment.date().isoformat() == "1967-06-05"
    assert 12.5 < met.lonlat[1] < 28  # within the Red Sea
    assert suez.route.passages.count("bab_el_mandeb") == 2
    assert "suez_canal" not in suez.route.passages
    assert nm(suez) > nm(cape) + 1_000
    assert met.worth_waiting is not None
    assert met.worth_waiting > 365 * 7.9  # eight years
    assert suez.ledger is None
