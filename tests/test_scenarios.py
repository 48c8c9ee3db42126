"""The scenarios that ship: each is valid, runs, and shows what its description promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim import SeaNetwork
from sim.scenario.compare import Comparison, Outcome, run
from sim.scenario.model import load_scenario

FILES = sorted((Path(__file__).parents[1] / "scenarios").glob("*.yaml"))


@pytest.fixture(scope="module")
def net() -> SeaNetwork:
    return SeaNetwork.load()


@pytest.fixture(scope="module")
def results(net: SeaNetwork) -> dict[str, Comparison]:
    """Comparison of every scenario, by its name."""
    comparisons = [run(load_scenario(file), net) for file in FILES]
    return {c.scenario.name: c for c in comparisons}


def roads(results: dict[str, Comparison], name: str) -> dict[str, Outcome]:
    return {o.label: o for o in results[name].outcomes}


def nm(outcome: Outcome) -> float:
    return outcome.route.distance_nm


def days(outcome: Outcome) -> float:
    assert outcome.voyage
    return outcome.voyage.days


def test_names_are_distinct_and_those_of_the_files(results: dict[str, Comparison]) -> None:
    assert len(results) == len(FILES) >= 7
    assert [f"{k:02d}-{name}.yaml" for k, name in enumerate(results, start=1)] == [f.name for f in FILES]


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_every_alternative_has_a_length_or_a_reason(results: dict[str, Comparison], file: Path) -> None:
    comparison = results[file.stem[3:]]
    assert 20 < len(comparison.scenario.description) < 120
    for outcome in comparison.outcomes:
        assert outcome.feasible != bool(outcome.route.reason)
        assert not set(comparison.closed) & set(outcome.route.passages)


def test_nsr_summer(results: dict[str, Comparison]) -> None:
    got = roads(results, "nsr-summer")
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
    autumn, summer = roads(results, "nsr-autumn"), roads(results, "nsr-summer")
    assert nm(autumn["nsr"]) == pytest.approx(nm(summer["nsr"]))
    assert days(autumn["nsr"]) > days(summer["nsr"]) + 1
    assert days(autumn["nsr"]) < days(autumn["suez"])
    inner = autumn["nsr by Kara Gate and Sannikov Strait"]
    assert {"kara_gate", "sannikov_strait"} <= set(inner.route.passages)
    assert nm(inner) > nm(autumn["nsr"])
    assert inner.voyage
    assert inner.voyage.water_nm["nsr"] > 2_000


def test_suez_closed_leaves_panama_to_a_ship_that_fits(results: dict[str, Comparison]) -> None:
    got = roads(results, "suez-closed")
    assert got["suez"].route.status == "unreachable"
    assert "suez_canal is closed" in got["suez"].route.reason
    free = got["usual (free choice)"]
    assert free.route.passages == got["panama"].route.passages
    assert any(p.startswith("panama_canal") for p in free.route.passages)
    assert nm(free) == pytest.approx(nm(got["panama"]))
    assert nm(free) < nm(got["cape"])


def test_bab_el_mandeb_closed(results: dict[str, Comparison], net: SeaNetwork) -> None:
    got = roads(results, "bab-el-mandeb-closed")
    assert "bab_el_mandeb is closed" in got["suez"].route.reason
    assert "cape_of_good_hope" in got["usual (free choice)"].route.passages
    assert nm(got["cape by Malacca"]) > nm(got["usual (free choice)"])
    jeddah = net.route("Rotterdam", "Jeddah", closed={"bab_el_mandeb"})
    assert "suez_canal" in jeddah.passages


def test_malacca_closed(results: dict[str, Comparison]) -> None:
    got = roads(results, "malacca-closed")
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
    got = roads(results, "lng-sabetta-jiangsu")
    assert 5_300 < nm(got["nsr"]) < 5_900
    assert 12_400 < nm(got["suez"]) < 13_300
    assert days(got["suez"]) - days(got["nsr"]) > 10
    assert "suez_canal" in got["suez"].route.passages
    assert "bering_strait" in got["nsr"].route.passages
