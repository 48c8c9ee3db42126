"""Every result as JSON values, a frame and HTML: one record, so that the three say the same."""

from __future__ import annotations

import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import geopandas
import pandas
import pytest

from sim import SeaNetwork
from sim.geo.passages import PassageTable
from sim.report import results
from sim.report.comparison import FIGURES, comparison_csv, comparison_dict, routes_geojson, stored_dict
from sim.report.comparison_view import comparison_text
from sim.scenario.compare import Comparison, run
from sim.scenario.schema import Scenario
from sim.ship.vessel import VesselTable
from sim.study.breakeven import BreakEven
from sim.study.ice_summary import day_of, ice_state

RAW: dict[str, Any] = {
    "format": 1,
    "name": "<script>alert(1)</script>",
    "description": "two routes in ice, <b>one</b> closed",
    "voyage": {"from": "Dalian", "to": "Rotterdam", "depart": "2025-09-05"},
    "vessel": {"type": "mpp_19k_1a", "speed_kn": 12.7},
    "alternatives": [{"route": "suez"}, {"route": "nsr", "name": "nsr & <i>ice</i>"}, {"route": "cape"}],
    "closures": [{"passage": "cape_of_good_hope", "reason": "a <test>"}],
    "ice": {"season": "normal"},
    "costs": {},
}


@pytest.fixture(scope="module")
def comparison(net: SeaNetwork) -> Comparison:
    return run(Scenario.model_validate(RAW), net)


def test_json_csv_geojson_and_frame_hold_the_same_figures(comparison: Comparison) -> None:
    told = json.loads(json.dumps(results.to_dict(comparison), allow_nan=False))
    frame = results.to_frame(comparison)
    table = pandas.read_csv(io.StringIO(comparison_csv(comparison)))
    drawn = routes_geojson(comparison)["features"]
    assert len(frame) == len(table) == len(drawn) == len(told["alternatives"]) == 3
    for k, one in enumerate(told["alternatives"]):
        values = one | one.get("ice", {}) | {f"vs_{name}": v for name, v in one.get("vs_baseline", {}).items()}
        for figure in FIGURES:
            if not figure.flat or figure.unit in ("", "UTC"):
                continue
            said, cell = values.get(figure.column), frame[figure.column].iloc[k]
            assert (said is None) == pandas.isna(cell), figure.column
            if said is not None:
                assert cell == pytest.approx(said, abs=0.51 * 10.0 ** -(3 if figure.digits is None else figure.digits))
            if figure.column in table:
                assert (
                    pandas.isna(table[figure.column].iloc[k]) if said is None else table[figure.column].iloc[k] == said
                )
        assert drawn[k]["properties"] == {name: v for name, v in one.items() if name != "vs_baseline"}


def test_a_frame_has_fuel_cost_and_ice(comparison: Comparison) -> None:
    frame = results.to_frame(comparison)
    nsr = frame.iloc[1]
    assert nsr["fuel_t"] > 100
    assert nsr["cost_usd"] > 100_000
    assert nsr["co2_t"] > 3 * nsr["fuel_t"]
    assert nsr["nsr_nm"] > 1000
    assert nsr["vs_cost_usd"] == pytest.approx(nsr["cost_usd"] - frame.iloc[0]["cost_usd"])
    assert frame.iloc[2][["fuel_t", "cost_usd", "ice_nm", "nsr_days"]].isna().all()


def test_what_the_ice_ends_is_missing_and_its_status_told(net: SeaNetwork) -> None:
    raw = RAW | {"voyage": {"from": "Dalian", "to": "Rotterdam", "depart": "2025-02-05"}, "closures": []}
    frame = results.to_frame(run(Scenario.model_validate(raw), net))
    nsr = frame.iloc[1]
    assert nsr["status"] in ("closed", "beset")
    assert nsr["reason"]
    assert nsr[["distance_nm", "days", "arrive", "fuel_t", "cost_usd", "vs_days"]].isna().all()


def test_the_stored_document_adds_closures_and_geometry(comparison: Comparison) -> None:
    stored = stored_dict(comparison)
    assert stored.pop("closures") == ["cape_of_good_hope"]
    assert [a["route"] for a in stored.pop("inputs")["alternatives"]] == ["suez", "nsr", "cape"]
    geometries = [a.pop("geometry") for a in stored["alternatives"]]
    assert stored == comparison_dict(comparison)
    assert [g is None for g in geometries] == [False, False, True]


class Tags(HTMLParser):
    """The tags of a page and its visible text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_ends_that_lie_inland_are_told(net: SeaNetwork, comparison: Comparison) -> None:
    """London Bridge and Hamburg, by their rivers: a part of the length is an estimate."""
    raw = RAW | {"voyage": RAW["voyage"] | {"from": "51.5,-0.05", "to": "Hamburg"}}
    raw["alternatives"], raw["baseline"] = [{"route": "usual"}], "usual"
    raw.pop("closures", None)
    inland = run(Scenario.model_validate(raw), net)
    assert "51.5,-0.05 lies inland on the map" in " ".join(comparison_text(inland).split())
    (told,) = comparison_dict(inland)["joins"]
    assert (told["place"], told["kind"], told["port"]) == ("51.5,-0.05", "channel", "GBLON")
    assert "joins" not in comparison_dict(comparison)


def test_html_of_a_comparison_is_small_and_escaped(comparison: Comparison) -> None:
    page = comparison._repr_html_()
    assert len(page) <= 10_000
    assert len(re.sub(r"<svg.*</svg>", "", page, flags=re.DOTALL)) < 5000
    read = Tags(page)
    assert not {"script", "i", "test"} & set(read.tags)
    assert "<script>alert(1)</script>" in read.text
    assert "nsr & <i>ice</i>" in read.text
    assert {"table", "svg", "path"} <= set(read.tags)
    assert read.tags.count("path") == 3  # the coast and two routes: the closed route is not drawn
    assert f"{comparison.outcomes[0].route.distance_nm:,.0f}" in read.text


def test_html_without_any_route_has_no_map(net: SeaNetwork) -> None:
    raw = RAW | {"alternatives": [{"route": "cape"}]}
    read = Tags(run(Scenario.model_validate(raw), net)._repr_html_())
    assert "svg" not in read.tags
    assert "cape_of_good_hope" in read.text


def test_smaller_results_have_all_three_forms(net: SeaNetwork) -> None:
    from sim.ice.pathways import climate_field

    day = day_of(2030, 9)
    found = [
        net.route("Dalian", "Rotterdam"), net.ports.all[0], PassageTable.load().all[0], VesselTable.load().all[0],
        ice_state(climate_field(year=2030), day),
        BreakEven("costs.fuel_usd_t", "cost", "suez", "nsr", 1.0, 2.0, (), ((1.0, None), (2.0, 3.5))),
    ]  # fmt: skip
    for one in found:
        assert json.dumps(results.to_dict(one), allow_nan=False)
        assert len(results.to_frame(one)) >= 1
        assert results.html(one).startswith("<table>")
    assert pandas.isna(results.to_frame(found[-1])["difference"].iloc[0])
    assert isinstance(results.to_frame(found[0]), geopandas.GeoDataFrame)


def test_a_voyage_and_a_ledger_too(comparison: Comparison) -> None:
    outcome = comparison.outcomes[1]
    legs = results.to_frame(outcome.voyage)
    assert outcome.voyage is not None
    assert legs["distance_nm"].sum() == pytest.approx(outcome.route.distance_nm, abs=1)
    assert legs.crs.to_epsg() == 4326
    assert outcome.ledger is not None
    assert results.to_frame(outcome.ledger)["usd"].sum() == pytest.approx(outcome.ledger.total_usd)
    assert results.to_dict(outcome)["days"] == round(outcome.voyage.days, 3)


def test_frames_with_all_figures_survive_a_file(comparison: Comparison, tmp_path: Path) -> None:
    target = tmp_path / "all.gpkg"
    results.to_frame(comparison).to_file(target)
    back = geopandas.read_file(target)
    assert back["cost_usd"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize("function", [results.to_dict, results.to_frame, results.html])
def test_what_is_no_result_is_refused(function: Any) -> None:
    with pytest.raises(TypeError, match="str is no result"):
        function("a text")
