"""Exposure as text, CSV and JSON: it fits, it says what it must, and the three agree."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from typing import Any

import pytest

from sim import SeaNetwork
from sim.errors import UsageError
from sim.geo.route import Route
from sim.report.files import json_text
from sim.report.trade.exposure import exposure_csv, exposure_dict, exposure_text
from sim.ship.vessel import Ship
from sim.study.exposure import Exposure, exposure
from sim.study.trade import read_closures, read_flows

FEW = ("cn_crude_saudi", "cn_crude_angola", "cn_crude_pipeline_russia", "cn_lng_qatar", "eu_box_china_north")
SOME = ("malacca", "hormuz", "panama")


def per_day(route: Route, ship: Ship, days: float, fuel_t: float) -> float:
    return 40_000 * days + 500 * fuel_t


@cache
def found(money: bool = False) -> Exposure:
    flows = [f for f in read_flows() if f.id in FEW]
    closures = [c for c in read_closures() if c.id in SOME]
    return exposure(SeaNetwork.load(), flows, closures, cost=per_day if money else None)


def test_money_stands_in_the_text_only_where_it_was_asked_for() -> None:
    assert "MUSD" in exposure_text(found(True)) and "MUSD" not in exposure_text(found())


def test_text_says_what_is_cut_off_and_what_is_left_out() -> None:
    text = exposure_text(found(), "CN", full=True)
    row = next(line for line in text.splitlines() if line.startswith("Hormuz"))
    crude = [f for f in read_flows() if f.id in FEW and f.commodity == "crude oil"]
    gulf = next(f.volume for f in crude if f.id == "cn_crude_saudi")
    share = f"{100 * gulf / sum(f.volume for f in crude):.0f} %"
    assert row.count(share) == 2 and "-" in row  # touched and cut off
    assert "by pipeline" in text and "touches nothing: Panama" in text
    assert "no feasible route: strait_of_hormuz is closed" in text and "lombok_strait" in text
    assert "North Europe" not in text and "North Europe" in exposure_text(found(), None, full=True)


def test_unknown_importer_names_those_allowed() -> None:
    with pytest.raises(UsageError, match="CN"):
        exposure_text(found(), "CH")


def test_csv_has_a_row_for_every_flow_and_closure() -> None:
    rows = list(csv.DictReader(io.StringIO(exposure_csv(found()))))
    assert len(rows) == 4 * 3  # the pipeline does not sail
    cut = next(r for r in rows if r["flow"] == "cn_crude_saudi" and r["closure"] == "hormuz")
    assert cut["unreachable_share"] == "1.0" and cut["extra_nm"] == "" and cut["extra_cost_usd"] == ""
    assert all(r["source"] and r["confidence"] in "ABC" for r in rows)


def test_json_is_one_document_and_agrees_with_the_csv() -> None:
    document: dict[str, Any] = json.loads(json_text(exposure_dict(found())))
    rows = list(csv.DictReader(io.StringIO(exposure_csv(found()))))
    values = {(c["id"], f["id"]): f for c in document["closures"] for f in c["flows"]}
    assert len(values) == len(rows)
    for r in rows:
        one = values[r["closure"], r["flow"]]
        assert (r["extra_nm"] or None) == (None if one["extra_nm"] is None else str(one["extra_nm"]))
        assert float(r["touched_share"]) == one["touched_share"] and "extra_cost_usd" not in one
    assert {f["id"] for f in document["flows"]} == set(FEW)
    assert all("extra_cost_usd" not in w for c in document["closures"] for w in c["commodities"])


def test_cost_is_there_when_it_is_known() -> None:
    document = exposure_dict(found(True))
    malacca = next(c for c in document["closures"] if c["id"] == "malacca")
    for flow in malacca["flows"]:
        assert flow["extra_cost_usd"] > 0
    crude = next(w for w in malacca["commodities"] if w["commodity"] == "crude oil")
    ids = {f.id for f in found(True).flows if f.commodity == "crude oil"}
    assert crude["extra_cost_usd"] == pytest.approx(
        sum(f["extra_cost_usd"] for f in malacca["flows"] if f["id"] in ids), abs=0.1
    )
