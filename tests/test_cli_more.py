"""The commands about ice, ships, money and blockades, run as a user would: what they print and how they end."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest

import geodata
from sim import cli

SCENARIO = """\
format: 1
name: s
description: s
voyage: {from: Ras Tanura, to: Rotterdam, depart: 2025-02-10}
vessel: {type: tank_aframax}
alternatives: [{route: suez}, {route: cape}]
costs: {hire: none, carbon: false}
"""
ICY = """\
format: 1
name: icy
description: icy
voyage: {from: Murmansk, to: Sabetta, depart: 2013-08-15}
vessel: {type: mpp_19k_1a}
alternatives: [{route: usual}]
ice: {escort: when_needed}
"""


def ran(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Exit code of a command."""
    monkeypatch.setattr(sys, "argv", ["northabout", *arguments])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)


def test_vessels_lists_searches_and_shows(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(monkeypatch, "vessels", "--json") == 0
    everything = json.loads(capsys.readouterr().out)
    assert ran(monkeypatch, "vessels", "arc7", "--json") == 0
    some = json.loads(capsys.readouterr().out)
    assert 1 < len(some) < len(everything)
    assert ran(monkeypatch, "vessels", "lng_yamalmax") == 0
    assert "45,000" in capsys.readouterr().out
    assert ran(monkeypatch, "vessels", "lng_yamalmex") == 2
    assert "lng_yamalmax" in capsys.readouterr().err


def test_ice_says_which_ice(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(monkeypatch, "ice", "--month", "9", "--year", "2030", "--json") == 0
    mean = json.loads(capsys.readouterr().out)
    assert ran(monkeypatch, "ice", "--month", "9", "--year", "2030", "--single-year", "--json") == 0
    single = json.loads(capsys.readouterr().out)
    assert (mean["kind"], single["kind"]) == ("mean", "single_year")
    assert single["whole"]["ice_area_1000km2"] > mean["whole"]["ice_area_1000km2"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ice", "--year", "2030"], "--month is missing"),
        (["ice", "--month", "13", "--year", "2030"], "allowed: 1 to 12"),
        (["ice", "--month", "3", "--year", "2101"], "1979 to 2100"),
        (["ice", "--month", "3", "--file", "x.nc", "--season", "mild"], "not with --file"),
        (["exposure", "--close", "hormuzz"], "did you mean hormuz"),
        (["nearer", "Rotterdam", "--than", "panama"], "allowed: suez, cape"),
    ],
)
def test_bad_arguments_end_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert ran(monkeypatch, *arguments) == 2
    assert said in capsys.readouterr().err


def test_calendar_prints_and_writes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "s.yaml").write_text(ICY)
    assert ran(monkeypatch, "calendar", str(tmp_path / "s.yaml"), "--every", "92", "--out", str(tmp_path / "o")) == 0
    assert "2013-01-01" in capsys.readouterr().out
    names = {p.name for p in (tmp_path / "o").iterdir()}
    assert names == {".northabout-files.json", "calendar.csv", "calendar.json", "calendar.png"}
    assert ran(monkeypatch, "calendar", str(tmp_path / "s.yaml"), "--every", "0") == 2


def test_seasons_are_those_of_the_scenario(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path, picture = tmp_path / "s.yaml", tmp_path / "s.png"
    path.write_text(ICY.replace("ice: {", "ice: {max_risk: special, admission: none, pathway: SSP5-8.5, "))
    assert ran(monkeypatch, "seasons", str(path), "--json", "--out", str(picture)) == 0
    own = json.loads(capsys.readouterr().out)
    assert own["rules"].endswith("up to 'special', no admission rules")
    assert own["pathway"] == "SSP5-8.5"
    assert picture.stat().st_size > 10_000
    assert ran(monkeypatch, "seasons") == 0
    said = capsys.readouterr().out
    assert "SSP2-4.5" in said and "admission rules of the NSR" in said
    assert ran(monkeypatch, "seasons", "--out", str(tmp_path / "s.jpg")) == 2


def test_breakeven_finds_the_price(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(SCENARIO)
    assert ran(monkeypatch, "breakeven", str(path), "--on", "bunker", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["break_even"]) == 1
    assert ran(monkeypatch, "breakeven", str(path), "--on", "bunker", "--range", "2000,3000") == 1
    assert "no break-even" in capsys.readouterr().err
    assert ran(monkeypatch, "breakeven", str(path), "--on", "bunkr") == 2


def test_exposure_of_own_flows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with geodata.table("trade_flows.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    own = tmp_path / "flows.csv"
    with own.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerow(rows[0])
    out = tmp_path / "e.csv"
    assert ran(monkeypatch, "exposure", "--flows", str(own), "--close", "hormuz", "--csv", str(out), "--json") == 0
    assert json.loads(capsys.readouterr().out)
    assert out.exists()
    own.write_text(own.read_text().replace("Ningbo;Qingdao;Dalian;Zhanjiang", "Baku"))
    assert ran(monkeypatch, "exposure", "--flows", str(own), "--close", "hormuz") != 0
    assert "no connection to the ocean" in capsys.readouterr().err
