"""The claims register: quotes, rules of the verdicts, methods on small cases, and the verdicts on the real network."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

import geodata
from sim.claims.evaluate import (
    Claim,
    ClaimResult,
    Place,
    Verdict,
    evaluate,
    evaluate_all,
    fact,
    facts,
    given,
    load_claims,
    methods,
    shown,
)
from sim.claims.ice import IceSailor
from sim.errors import DataError, UsageError
from sim.geo.route import Crossing, Route, unreachable

DOCUMENTS = ("000_cd57c8fdcd3027e7.txt", "002_a28db856ebc3583f.txt")
QUOTES = Path(__file__).parents[3] / "shared" / "facts" / "QUOTES.md"
REGISTER = load_claims()
BY_ID = {c.id: c for c in REGISTER}

RISING = {"output": 1, "output_later": 2, "years": 20, "per_year": 1}
DEAL = {"volume": 38, "years": 30, "facts": ["gas_deal_price_low", "gas_deal_price_high"]}
SUEZ_NM, NSR_NM, CAPE_NM = 10950.0, 8000.0, 14350.0


class FakeRoutes:
    """A sea network of fixed lengths. `cut` are sets of passages whose closing leaves no route."""

    def __init__(self, lengths: Mapping[str, float] | None = None, cut: tuple[frozenset[str], ...] = ()) -> None:
        self.lengths = {"usual": SUEZ_NM, "suez": SUEZ_NM, "nsr": NSR_NM, "cape": CAPE_NM, "any": NSR_NM}
        self.lengths |= dict(lengths or {})
        self.passages = {"usual": ("malacca_strait", "suez_canal"), "suez": ("malacca_strait", "suez_canal")}
        self.cut = cut

    def route(
        self, origin: Place, destination: Place, *, via: str = "usual", closed: frozenset[str] = frozenset()
    ) -> Route:
        length = self.lengths.get(via, math.inf)
        if any(gates <= closed for gates in self.cut) or not math.isfinite(length):
            return unreachable(f"no route {via}")
        gates = tuple(Crossing(p, 100.0) for p in self.passages.get(via, ()))
        if via == "nsr":
            gates = (Crossing("bering_strait", 3000.0), Crossing("kara_gate", 5300.0))
        if set(closed) & {g.passage for g in gates}:
            return Route("ok", "", CAPE_NM, ())
        return Route("ok", "", length, gates)

    def distances(self, origins: list[Place], destinations: list[Place], via: str = "usual") -> np.ndarray:
        extra = np.array([[1000.0 if d == "Murmansk" else 0.0 for d in destinations] for _ in origins])
        return np.full(extra.shape, self.lengths.get(via, math.inf)) + (2.2 * extra if via == "suez" else 0.0)


def claim(method: str, claimed: float | str = 10.0, **more: Any) -> Claim:
    """A claim for a test; tolerance of half a unit unless told."""
    row = {
        "id": "test", "document": DOCUMENTS[0], "quote": "A sentence.", "claimed": claimed, "unit": "km",
        "method": method, "tolerance": {"absolute": 0.5, "reason": "test"}, "with": {}, **more,
    }  # fmt: skip
    return Claim.model_validate(row)


def result(method: str, claimed: float | str, parameters: dict[str, Any], net: Any = None, **more: Any) -> ClaimResult:
    return evaluate(claim(method, claimed, **{"with": parameters}, **more), net or FakeRoutes())


# ---- The register ----------------------------------------------------------------------------------------------------


def test_register_is_complete() -> None:
    assert len(REGISTER) >= 45
    known = methods()
    for c in REGISTER:
        assert c.document in DOCUMENTS, c.id
        assert c.quote.strip() and c.method in known and c.tolerance.reason, c.id


def test_no_verdict_is_written_in_the_file() -> None:
    text = geodata.table("claims.yaml").read_text(encoding="utf-8")

    def keys(node: Any) -> list[str]:
        if isinstance(node, dict):
            return [str(k) for k in node] + [k for v in node.values() for k in keys(v)]
        return [k for v in node for k in keys(v)] if isinstance(node, list) else []

    forbidden = {"verdict", "computed", "condition", "expected"}
    assert not forbidden & set(keys(YAML(typ="safe", pure=True).load(text)))
    assert not re.search(r"holds_if|does_not_hold|not_checkable", text)


@pytest.mark.skipif(not QUOTES.exists(), reason="the list of quotes is not part of the distribution")
def test_quotes_are_verbatim() -> None:
    found: dict[str, set[str]] = {}
    name = ""
    for line in QUOTES.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            name = line[3:].strip()
        elif line.startswith("- "):
            found.setdefault(name, set()).add(line[2:])
    for c in REGISTER:
        assert c.quote in found[c.document], c.id
    used = {c.quote for c in REGISTER}
    left = [q for quotes in found.values() for q in sorted(quotes) if q not in used]
    assert not left, "sentences of the documents that no claim computes"


def _numbers(node: Any) -> list[str]:
    if isinstance(node, list):
        return [n for v in node for n in _numbers(v)]
    return [f"{node:,.10g}"] if isinstance(node, (int, float)) and not isinstance(node, bool) else []


def _strings(node: Any) -> list[str]:
    """Texts at any depth of lists; other values are passed over."""
    if isinstance(node, str):
        return [node]
    return [t for v in node for t in _strings(v)] if isinstance(node, list) else []


FACT_KEYS = {
    "fact", "facts", "existing", "factor", "others", "parts", "wholes", "pairs", "said", "came", "traced", "own",
    "other",
}  # fmt: skip


@pytest.mark.parametrize("c", REGISTER, ids=lambda c: c.id)
def test_every_parameter_has_an_origin(c: Claim) -> None:
    """A figure is in a quote or has a source; ids of facts exist; no source is left over."""
    quotes = " ".join(x.quote for x in REGISTER)
    known = facts()
    for name, value in c.parameters.items():
        if name in c.sources:
            continue
        if name in FACT_KEYS:
            assert all(f in known for f in _strings(value)), f"{c.id}.{name}"
            continue
        for number in _numbers(value):
            assert number in quotes or number.replace(",", "") in quotes, f"{c.id}.{name}: {number}"
    assert set(c.sources) <= set(c.parameters), c.id


def test_facts_have_sources_and_are_used() -> None:
    used = {t for c in REGISTER for v in c.parameters.values() for t in _strings(v)}
    assert set(facts()) <= used
    for f in facts().values():
        assert f.source and f.unit and f.confidence in {"A", "B", "C"} and 1990 < f.year < 2030, f.id
    with pytest.raises(DataError, match="did you mean trade_2018"):
        fact("trade_2081")


def test_unknown_id_suggests_and_extra_keys_are_errors(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean days_saved_10"):
        evaluate_all(FakeRoutes(), only="days_saved_1")
    file = tmp_path / "claims.yaml"
    file.write_text("- id: a\n  verdict: holds\n- 5\n")
    with pytest.raises(DataError, match="verdict"):
        load_claims(file)
    with pytest.raises(DataError, match="cannot be read"):
        load_claims(tmp_path / "none.yaml")


def test_wrong_method_or_parameter_is_named() -> None:
    with pytest.raises(DataError, match="did you mean ratio"):
        result("ratioo", 10, {})
    with pytest.raises(DataError, match="parameters of ratio"):
        result("ratio", 10, {"part": 1, "hole": 10})


def test_result_has_the_fields_of_the_json() -> None:
    row = result("ratio", 50, {"part": 1, "whole": 2}).to_dict()
    assert list(row) == ["id", "document", "quote", "claimed", "computed", "unit", "verdict", "condition", "note"]
    assert row["computed"] == 50 and row["verdict"] == "holds"


# ---- Rules and arithmetic --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("computed", "holds"), [(10.5, True), (9.5, True), (10.51, False), (9.49, False)])
def test_tolerance_at_its_boundary(computed: float, holds: bool) -> None:
    assert claim("ratio", 10.0).near(computed) is holds
    five = claim("ratio", 10.0, tolerance={"percent": 5, "reason": "about"})
    assert five.near(computed) is holds


def test_tolerance_is_exactly_one_kind() -> None:
    for bad in ({"reason": "x"}, {"percent": 1, "absolute": 1, "reason": "x"}, {"percent": -1, "reason": "x"}):
        with pytest.raises(ValueError, match="tolerance"):
            claim("ratio", tolerance=bad)


def test_a_statement_has_no_figure() -> None:
    with pytest.raises(DataError, match="needs a number"):
        result("ratio", "much", {"part": 1, "whole": 2})


@pytest.mark.parametrize(
    ("method", "claimed", "parameters", "computed", "verdict"),
    [
        ("ratio", 83.5, {"part": 8.1, "whole": 9.7}, 83.505, "holds"),
        ("ratio", 85, {"part": 8.1, "whole": 9.7}, 83.505, "does_not_hold"),
        ("ratio", "half", {"part": 4, "whole": 7, "at_least": 50}, 57.143, "holds"),
        ("ratio", "half", {"part": 1, "whole": 2, "at_least": 50}, 50.0, "does_not_hold"),
        ("conversion", 1609.344, {"value": 1000, "unit": "statute mile"}, 1609.344, "holds"),
        ("conversion", 1000, {"value": 1000, "unit": "statute mile"}, 1609.344, "does_not_hold"),
        ("proportion", 87.5, {"part": 4, "whole": 7, "of": 153, "scale": 1000}, 87.4286, "holds"),
        ("figures_agree", 4179, {"other": 4200}, 21.0, "does_not_hold"),
        ("supply_share", "all", {"need": 6, "exports": 12.3}, 48.78, "holds_if"),
        ("supply_share", "all", {"need": 13, "exports": 12.3}, 105.69, "does_not_hold"),
        ("export_share", "some", {"part": 8.1, "whole": 11.8}, 68.644, "not_checkable"),
        ("export_share", "some", {"part": 12, "whole": 11.8}, 101.695, "does_not_hold"),
        ("export_share", "some", {"part": 7.3, "whole": 22.4, "fact": "russia_gas_exported_2015"}, 32.589, "holds_if"),
        ("reserves_life", "x", RISING | {"reserves": 30}, 30, "holds"),
        ("reserves_life", "x", RISING | {"reserves": 29}, 30, "holds_if"),
        ("price", 400, DEAL, 399, "holds"),
        ("price", 300, DEAL, 399, "does_not_hold"),
        ("compare_fact", 3000, {"facts": ["power_of_siberia_russia"]}, 3000, "holds"),
    ],
)  # fmt: skip
def test_arithmetic(
    method: str, claimed: float | str, parameters: dict[str, Any], computed: float, verdict: Verdict
) -> None:
    got = result(method, claimed, parameters)
    assert got.computed == pytest.approx(computed, rel=1e-4)
    assert got.verdict == verdict


def test_published_figures_all_some_none_later_and_other_unit() -> None:
    costs = {"facts": ["railway_cost_misharin", "railway_cost_beijing"]}
    assert result("compare_fact", 153, costs, unit="billion USD").verdict == "holds_if"
    assert result("compare_fact", 200, costs, unit="billion USD").verdict == "does_not_hold"
    miles = result("compare_fact", 3000, {"facts": ["power_of_siberia_russia"]}, unit="statute mile")
    assert miles.verdict == "does_not_hold" and miles.computed == pytest.approx(1864.11, abs=0.01)
    assert "right if read in km" in miles.condition
    with pytest.raises(DataError, match="no conversion"):
        result("compare_fact", 3000, {"facts": ["power_of_siberia_russia"]}, unit="Tcf")


def test_a_sum_of_facts_in_the_unit_of_the_claim() -> None:
    stakes = {"facts": ["yamal_cnpc", "yamal_silk_road_fund"]}
    got = [result("sum_of_facts", n, stakes, unit="percent") for n in (30, 31)]
    assert [r.verdict for r in got] == ["holds", "does_not_hold"] and got[0].computed == pytest.approx(29.9)
    with pytest.raises(DataError, match="no conversion from 'percent' to 'km'"):
        result("sum_of_facts", 30, stakes)


def test_dates_count_both_ends_or_elapsed_days() -> None:
    spans = {"spans": BY_ID["ten_day_exercise"].parameters["spans"]}
    assert [result("date_span", n, spans).verdict for n in (11, 10, 9)] == ["holds", "holds_if", "does_not_hold"]


def test_growth_and_what_a_target_needs() -> None:
    now = result("growth", 26.2, {"now": 24.7, "facts": ["trade_q1_2016", "trade_april_2016"]})
    assert now.computed == pytest.approx(100 * (24.7 / 19.575 - 1)) and now.verdict == "holds"
    plan = {"kind": "plan", "said": ["trade_plan"], "came": ["trade_2020"], "due": 2020, "since": [2018, 100]}
    assert "121 in 2020 needed 10.0 % a year" in result("attributed", 121, plan, unit="billion USD").note


def test_border_line_is_a_lower_bound(tmp_path: Path) -> None:
    """Two pieces of one degree along the equator (111.319 km each); the gap between them is not counted."""
    line = np.array([[0.0, 0.0], [1.0, 0.0], [np.nan, np.nan], [50.0, 0.0], [51.0, 0.0]])
    file = tmp_path / "borders.npz"
    np.savez(file, test=line, long=np.array([[0.0, 0.0], [60.0, 0.0]]))
    wanted = {"fact": "border_russia_china", "line": "test", "file": str(file)}
    got = result("border_length", 4209, wanted)
    assert got.verdict == "holds" and "222.6 km" in got.note
    assert result("border_length", 4209, wanted | {"line": "long"}).verdict == "does_not_hold"
    assert "lower bound" not in result("border_length", 4209, wanted | {"line": "none"}).note
    assert result("border_length", 4200, wanted).verdict == "does_not_hold"


def test_geodesic_bounds_a_railway() -> None:
    c = BY_ID["railway_7000_km"]
    straight = re.search(r"geodesic is ([\d,]+) km", evaluate(c, FakeRoutes()).condition)
    assert straight and 5780 < float(straight[1].replace(",", "")) < 5830
    short = c.model_copy(update={"claimed": 5000, "tolerance": c.tolerance.model_copy(update={"percent": 90})})
    assert evaluate(short, FakeRoutes()).verdict == "does_not_hold"


def test_numbers_in_sentences() -> None:
    assert [shown(x) for x in (2962.4, 12.34, 5.0, 0.5, 1234567.0)] == ["2,962", "12.3", "5", "0.50", "1,234,567"]
    assert [given(x) for x in (4209.3, 8.1, 7000.0)] == ["4,209.3", "8.1", "7,000"]


# ---- Sea routes on a fake network ------------------------------------------------------------------------------------


def test_distance_as_written_and_perturbed() -> None:
    c = BY_ID["distance_5000_nm"]
    got = evaluate(c, FakeRoutes())
    assert got.verdict == "does_not_hold" and got.computed == pytest.approx(2950)
    assert "2,950 nm are 5,463 km, +9.3 % off, right within the tolerance" in got.condition
    assert "against cape: 6,350 nm longer, right as 'at least'" in got.condition
    assert "Dalian-Murmansk 5,150" in got.condition and "nearest miss" in got.condition
    assert "1.69 times" in got.note
    assert evaluate(c, FakeRoutes({"nsr": SUEZ_NM - 5000})).verdict == "holds"
    assert evaluate(c, FakeRoutes({"nsr": SUEZ_NM - 4500})).verdict == "holds"
    assert evaluate(c, FakeRoutes({"nsr": SUEZ_NM - 4499})).verdict == "does_not_hold"
    none = evaluate(c, FakeRoutes({"nsr": math.inf}))
    assert none.verdict == "not_checkable" and none.computed is None


def test_days_are_solved_for_the_speed() -> None:
    c = BY_ID["days_saved_10"]
    got = evaluate(c, FakeRoutes())
    assert got.verdict == "holds_if" and got.computed == pytest.approx(2950 / 24 / 13.5)
    assert "up to 12.3 kn" in got.condition and "equal speed" in got.condition
    assert "2,300 nm between the Arctic gates" in got.note
    slow = 2300 / (SUEZ_NM / 14 - (NSR_NM - 2300) / 14)
    assert f"sailed at {slow:.1f} kn" in got.note
    assert evaluate(c, FakeRoutes({"nsr": SUEZ_NM - 5000})).verdict == "does_not_hold"  # 20.8 kn
    assert evaluate(c, FakeRoutes({"nsr": SUEZ_NM - 1900})).verdict == "does_not_hold"  # 7.9 kn
    assert evaluate(c, FakeRoutes({"nsr": SUEZ_NM - 1920})).verdict == "holds_if"  # 8.0 kn
    one = c.model_copy(update={"parameters": c.parameters | {"reference_kn": [2950 / 240]}})
    assert evaluate(one, FakeRoutes()).verdict == "holds"


def test_the_two_claims_contradict_each_other() -> None:
    got = evaluate(BY_ID["distance_and_days_agree"], FakeRoutes())
    assert got.verdict == "does_not_hold" and got.computed == pytest.approx(5000 / 240)
    assert evaluate(BY_ID["distance_and_days_agree"], FakeRoutes({"nsr": SUEZ_NM - 5000})).verdict == "holds"


def test_must_is_false_while_another_route_exists() -> None:
    c = BY_ID["must_transit_malacca_suez"]
    got = evaluate(c, FakeRoutes())
    assert got.verdict == "does_not_hold" and got.computed == pytest.approx(CAPE_NM - SUEZ_NM)
    assert "suez_canal closed: +3,400 nm" in got.condition and "via panama: no route" in got.condition
    only = FakeRoutes(cut=(frozenset({"malacca_strait", "suez_canal"}),))
    assert evaluate(c, only).verdict == "holds"


def test_time_limit_of_a_passage() -> None:
    c = BY_ID["manila_qingdao_days_before"]
    assert evaluate(c, FakeRoutes({"usual": 1422})).verdict == "holds_if"
    assert evaluate(c, FakeRoutes({"usual": 18 * 24 * 7 + 1})).verdict == "does_not_hold"


def test_far_seas_by_distance() -> None:
    c = BY_ID["far_flung_seas"]
    assert evaluate(c, FakeRoutes({"usual": 1000})).verdict == "holds"
    assert evaluate(c, FakeRoutes({"usual": 999})).verdict == "does_not_hold"


# ---- The verdicts of the real network --------------------------------------------------------------------------------

EXPECTED: dict[str, Verdict] = {
    "must_transit_malacca_suez": "does_not_hold",
    "distance_5000_nm": "does_not_hold",
    "days_saved_10": "holds_if",
    "distance_and_days_agree": "does_not_hold",
    "choke_points_blockade": "holds_if",
    "oil_imports_by_sea_majority": "holds",
    "gas_imports_by_sea_majority": "holds_if",
    "manila_qingdao_days_before": "holds_if",
    "tsushima_150_km_northeast": "holds_if",
    "far_flung_seas": "holds_if",
    "mediterranean_no_coast": "holds",
    "border_4200_km": "holds",
    "border_2600_miles": "holds",
    "border_4179_km": "holds",
    "border_figures_agree": "holds",
    "power_of_siberia_3000_miles": "does_not_hold",
    "power_of_siberia_99_percent": "holds",
    "power_of_siberia_primary_supplier": "does_not_hold",
    "railway_7000_km": "holds",
    "yamal_stake_30": "holds",
    "oil_85_percent": "holds",
    "oil_85_takes_exports": "holds_if",
    "gas_needs_6_tcf": "holds_if",
    "oil_reserves_80": "holds",
    "gas_reserves_1688": "holds",
    "oil_forecast_within_reserves": "holds_if",
    "gas_forecast_within_reserves": "holds",
    "gas_reserves_largest": "holds_if",
    "oil_output_2015": "holds",
    "oil_exports_2015": "holds_if",
    "gas_exports_2015": "holds",
    "ice_caps_recede": "holds",
    "arctic_council_2011": "does_not_hold",
    "icebreakers_surpass_canada": "does_not_hold",
    "icebreakers_nearly_surpass_us": "holds_if",
    "gas_output_2015": "holds",
    "gas_exported_tcf_2015": "holds",
    "oil_supplier_2016": "holds",
    "net_oil_importer_2016": "holds",
    "gas_importer_growing": "holds",
    "gas_importer_fifth": "not_checkable",
    "investment_100_million": "not_checkable",
    "oil_exports_2035": "not_checkable",
    "gas_exports_2035": "not_checkable",
    "gas_deal_400_bn": "holds",
    "gas_deal_38_bcm": "holds",
    "gas_deal_start_2018": "holds",
    "gas_deal_400_bn_repeated": "holds",
    "railway_153_bn": "holds",
    "railway_4_trillion_rubles": "holds",
    "railway_over_half": "holds",
    "railway_230_bn": "not_checkable",
    "trade_jump_26_2": "holds",
    "trade_24_7_bn": "holds",
    "trade_95_3_bn_2014": "holds",
    "trade_100_bn": "holds",
    "trade_200_bn_2020": "holds",
    "six_day_drill": "holds",
    "drill_two_parts": "holds",
    "ten_day_exercise": "holds_if",
}


def test_every_claim_has_an_expected_verdict() -> None:
    assert set(EXPECTED) == set(BY_ID)


@pytest.mark.parametrize("c", [c for c in REGISTER if c.method not in {
    "route_difference", "solve_speed", "implied_speed", "closure_detour", "choke_points", "passage_time", "far_seas",
    "sighting", "no_port_on_sea",
}], ids=lambda c: c.id)  # fmt: skip
def test_verdicts_that_need_no_network(c: Claim) -> None:
    assert evaluate(c, FakeRoutes()).verdict == EXPECTED[c.id]


@pytest.fixture(scope="module")
def real() -> dict[str, ClaimResult]:
    from sim import SeaNetwork

    net = SeaNetwork.load()
    return {r.id: r for r in evaluate_all(net, sail=IceSailor(net))}


def test_verdicts_on_the_real_network(real: dict[str, ClaimResult]) -> None:
    assert {name: r.verdict for name, r in real.items()} == EXPECTED


def test_main_claims_on_the_real_network(real: dict[str, ClaimResult]) -> None:
    distance, days, must = (real[i] for i in ("distance_5000_nm", "days_saved_10", "must_transit_malacca_suez"))
    assert isinstance(distance.computed, float) and 2700 < distance.computed < 3300
    assert "Murmansk" in distance.condition and "right as 'at least'" in distance.condition
    speed = re.search(r"up to ([\d.]+) kn", days.condition)
    # 10 days at equal speed: the speed follows from the miles saved, whatever they are
    assert speed
    assert float(speed[1]) == pytest.approx(distance.computed / (10 * 24), abs=0.06)
    assert 12.0 <= float(speed[1]) <= 14.5
    # the shortest other route outside the Arctic is Panama, for a ship that fits its locks
    assert isinstance(must.computed, float) and 2400 < must.computed < 2800
    assert real["distance_and_days_agree"].computed == pytest.approx(5000 / 240)


def test_the_ice_opens_the_ten_days_from_july_to_october(real: dict[str, ClaimResult]) -> None:
    """The ship of the case in the 2020s: nothing in winter and spring, August and September for certain."""
    days = real["days_saved_10"]
    (row,) = days.in_ice
    held = {d.depart.month for d, holds in zip(row.departures, row.holding, strict=True) if holds}
    assert {8, 9} <= held <= {7, 8, 9, 10} and 0 < row.share_of_year < 0.4
    assert all(d.status in {"closed", "beset"} and d.reason for d in row.departures[:5])
    assert f"{len(held)} of 12 monthly departures" in days.condition
    assert "2020s" in days.condition and "typical single year" in days.note
    assert [name for name, r in real.items() if r.in_ice] == ["days_saved_10"]


def test_choke_points_on_the_real_network(real: dict[str, ClaimResult]) -> None:
    """EIA 2017: most of China's crude comes by Malacca, and what is loaded inside Hormuz has no other way out."""
    found = real["choke_points_blockade"]
    assert isinstance(found.computed, float) and 70 < found.computed < 95
    lng = re.search(r"LNG (\d+) to (\d+) %", found.condition)
    assert lng and int(lng[1]) < int(lng[2]) < 50
    assert re.search(r"Hormuz: no other route for 4\d %", found.condition)
    assert re.search(r"Malacca: \+[\d,]+ nm and \d+ more ships for 7\d %", found.condition)
