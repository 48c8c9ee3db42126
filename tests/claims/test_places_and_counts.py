"""Choke points by volume, the place of a sighting, counts, ranks and the retreat of the ice."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sim.claims.evaluate import ClaimResult, Place, Verdict, evaluate, fact, load_claims
from sim.claims.routes import strait_between
from sim.geo.route import Crossing, Route
from sim.study.trade import Flow
from tests.claims.test_claims import FakeRoutes, claim

REGISTER = {c.id: c for c in load_claims()}
TSUSHIMA = (129.33, 34.40)
GATES = ["korea_strait_west", "tsushima_strait_east"]


def result(method: str, claimed: float | str, parameters: dict[str, Any], **more: Any) -> ClaimResult:
    return evaluate(claim(method, claimed, **{"with": parameters}, **more), FakeRoutes())


# ---- Choke points ----------------------------------------------------------------------------------------------------


def flow(name: str, origin: str, volume: float, commodity: str = "crude oil", mode: str = "sea") -> Flow:
    ends = ((origin,), ("Ningbo",), "tank_aframax") if mode == "sea" else ((), (), "")
    return Flow(name, name, "CN", commodity, volume, "t", 2023, *ends, mode=mode, confidence="A")


def choked(net: Any, flows: list[Flow], **more: Any) -> ClaimResult:
    parameters: dict[str, Any] = {
        "importer": "CN", "commodities": ["crude oil", "LNG"], "choke_points": ["strait_of_hormuz", "malacca_strait"],
        "closures": {"Hormuz": ["strait_of_hormuz"]}, "flows": flows,
    }  # fmt: skip
    return evaluate(claim("choke_points", "x", **{"with": parameters | more}), net)


def test_choke_points_go_by_volume_not_by_number_of_routes(net: Any) -> None:
    """Two small flows pass none, one large flow passes Hormuz: 80 of 100 parts, though a third of the routes."""
    flows = [flow("gulf", "Ras Tanura", 80), flow("a", "Kozmino", 10), flow("b", "De-Kastri", 10)]
    got = choked(net, flows)
    assert got.computed == pytest.approx(80) and got.verdict == "holds"
    assert "no other route for 80 % of imports" in got.condition
    turned = [flow("gulf", "Ras Tanura", 20), flow("a", "Kozmino", 40), flow("b", "De-Kastri", 40)]
    assert choked(net, turned).computed == pytest.approx(20) and choked(net, turned).verdict == "does_not_hold"


def test_pipelines_are_no_sea_and_unknown_origins_a_range(net: Any) -> None:
    flows = [
        flow("gulf", "Ras Tanura", 60), flow("a", "Kozmino", 20), flow("rest", "", 20, mode="other"),
        flow("pipe", "", 100, mode="pipeline"),
    ]  # fmt: skip
    got = choked(net, flows)
    assert got.computed == pytest.approx(60) and "crude oil 60 to 80 %" in got.condition
    assert "Of all imports, pipelines counted: crude oil 30 %" in got.note


def test_a_commodity_below_half_leaves_only_an_if(net: Any) -> None:
    flows = [flow("gulf", "Ras Tanura", 80), flow("a", "Kozmino", 20), flow("gas", "Kozmino", 50, "LNG")]
    assert choked(net, flows).verdict == "holds_if"
    assert choked(net, flows, importer="JP").verdict == "not_checkable"


# ---- The place of a sighting -----------------------------------------------------------------------------------------


def test_the_island_lies_between_korea_and_japan() -> None:
    assert strait_between(GATES, TSUSHIMA, 45) == {"KR", "JP"}
    assert strait_between(["korea_strait_west"], TSUSHIMA, 45) == {"KR"}
    assert strait_between(["tsugaru_strait"], TSUSHIMA, 45) == set()  # not at this island
    assert strait_between(GATES, (133.0, 36.2), 45) == set()  # Oki


class SightRoutes(FakeRoutes):
    """Lengths of 600 nm; a route from the sea passes the strait on the way to the ports of `beyond`."""

    def __init__(self, *beyond: str) -> None:
        super().__init__({"usual": 600})
        self.beyond = beyond

    def route(
        self, origin: Place, destination: Place, *, via: str = "usual", closed: frozenset[str] = frozenset()
    ) -> Route:
        gates = (Crossing("korea_strait_west", 60.0),) if destination in self.beyond else ()
        return Route("ok", "", 600.0, gates)


@pytest.mark.parametrize(
    ("changed", "beyond", "verdict", "words"),
    [
        ({}, ("Qingdao",), "holds_if", "strait between KR and JP .korea_strait_west. still ahead"),
        ({}, ("Qingdao", "Vladivostok"), "does_not_hold", "beyond the strait"),
        ({}, (), "does_not_hold", "does not pass the strait"),
        ({"azimuth_deg": 315}, ("Qingdao",), "does_not_hold", "on land"),
        ({"azimuth_deg": 225}, ("Qingdao",), "does_not_hold", "outside the named sea"),
        ({"start": [133.0, 36.2]}, ("Qingdao",), "does_not_hold", "no strait between KR and JP"),
        ({"lands": ["KR", "RU"]}, ("Qingdao",), "does_not_hold", "no strait between KR and RU: JP and KR"),
    ],
)
def test_a_sighting_is_tested_by_its_place(
    changed: dict[str, Any], beyond: tuple[str, ...], verdict: Verdict, words: str
) -> None:
    c = REGISTER["tsushima_150_km_northeast"]
    got = evaluate(c.model_copy(update={"parameters": c.parameters | changed}), SightRoutes(*beyond))
    assert got.verdict == verdict
    assert re.search(words, got.condition)
    if not changed:
        assert got.computed == "35.35 N 130.50 E"


# ---- Counts, ranks, years --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "other", "verdict"),
    [
        (["icebreakers_china_polar"], ["icebreakers_canada_low"], "does_not_hold"),
        (["icebreakers_canada_low"], ["icebreakers_us_polar", "icebreakers_us_all"], "holds"),
        (["icebreakers_china_all"], ["icebreakers_us_polar", "icebreakers_us_all"], "holds_if"),
        (["icebreakers_china_polar"], ["icebreakers_us_polar"], "holds"),
    ],
)
def test_more_by_every_count_by_some_or_by_none(own: list[str], other: list[str], verdict: Verdict) -> None:
    assert result("outnumbers", "more", {"own": own, "other": other}).verdict == verdict


def test_a_rank_by_a_year() -> None:
    asked = {"fact": "net_importer_since", "others": ["crude_importer_since"]}
    assert [result("since_year", y, asked, unit="year").verdict for y in (2012, 2013, 2016)] == [
        "does_not_hold", "holds", "holds",
    ]  # fmt: skip


def test_growth_is_rising_at_every_step() -> None:
    assert result("grew", "more", {"facts": ["trade_2023", "trade_2018"]}).verdict == "holds"
    assert result("grew", "more", {"facts": ["trade_2018", "trade_2014"]}).computed == pytest.approx(
        100 * (107.06 / 95.4 - 1)
    )
    fallen = ["nsidc_september_area_2013", "nsidc_september_area_2019"]
    assert result("grew", "more", {"facts": fallen}).verdict == "does_not_hold"


def test_gas_of_pipeline_and_lng_in_cubic_feet() -> None:
    """(190 + 14.9) bcm of 35.3147 billion cubic feet a billion cubic metres."""
    got = evaluate(REGISTER["gas_exported_tcf_2015"], FakeRoutes())
    assert got.computed == pytest.approx(204.9 * 35.3147 / 1000) and got.verdict == "holds"


def test_the_ice_recedes_by_decades_and_not_by_single_years() -> None:
    c = REGISTER["ice_caps_recede"]
    got = evaluate(c, FakeRoutes())
    assert isinstance(got.computed, float)
    # -13 % a decade by NSIDC's own trend of the same month
    assert got.verdict == "holds" and got.computed == pytest.approx(fact("nsidc_september_trend").value, abs=4)
    assert "the lowest area is 2.41 million km2 (2012" in got.note
    back = c.model_copy(update={"parameters": c.parameters | {"decades": [2010, 1990]}})
    assert evaluate(back, FakeRoutes()).verdict == "does_not_hold"
