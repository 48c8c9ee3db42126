"""The ranking of straits as text, CSV and JSON, and as the command prints and writes it."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from sim.cli import main
from sim.report.trade.chokepoints import HEADER

FLOWS = (
    "id,name,origins,destinations,importer,commodity,mode,volume,unit,year,vessel_id,draft_m,cargo,routes,backhaul,source,"
    "confidence,note\n"
    "crude,Gulf - Ningbo,Ras Tanura,Ningbo,CN,crude oil,sea,27000000,t,2023,tank_vlcc,20.4,270000,usual,no,test,C,\n"
    "oman,Oman - Ningbo,Mina al Fahal,Ningbo,CN,crude oil,sea,1000000,t,2023,tank_vlcc,20.4,270000,usual,no,test,C,\n"
)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.csv"
    path.write_text(FLOWS)
    return path


def ran(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["northabout", "chokepoints", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_text_csv_and_json_agree(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], own: Path, tmp_path: Path
) -> None:
    asked = ("--flows", str(own), "--rank", "cut_off", "--sets", "2", "--importer", "CHN")
    told: dict[str, str] = {}
    for form in ("text", "csv", "json"):
        assert ran(monkeypatch, *asked, "--format", form) == 0
        told[form] = capsys.readouterr().out
        out = tmp_path / f"found.{form}"
        assert ran(monkeypatch, *asked, "--format", form, "--out", str(out)) == 0
        assert capsys.readouterr().out == ""
        assert out.read_text() == told[form]  # the same bytes again
    document: dict[str, Any] = json.loads(told["json"])
    rows = list(csv.DictReader(io.StringIO(told["csv"])))
    assert tuple(rows[0]) == HEADER
    assert [r["passages"].split() for r in rows] == [s["passages"] for s in document["sets"]]
    first = document["sets"][0]
    assert first["passages"] == ["strait_of_hormuz"] and first["cut_t"] == float(rows[0]["cut_t"]) == 27e6
    assert document["importer"] == "CN" and document["supply"]["t"] == 28e6
    assert document["cuts"]["smallest"] == ["strait_of_hormuz"]
    assert "strait_of_hormuz       96 %       96 %" in told["text"]
    assert "by no set, or not in whole" in told["text"] and "Oman - Ningbo" in told["text"]
    assert all(len(line) <= 100 for line in told["text"].splitlines())


def test_other_questions(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], own: Path) -> None:
    flows = ("--flows", str(own))
    assert ran(monkeypatch, *flows, "--risk", "--json") == 0
    risk = json.loads(capsys.readouterr().out)
    assert risk["reference"]["disrupted_usd"] == 192e9 and 0 < risk["reference"]["ratio_disrupted"] < 1
    assert any(not h["verified"] for h in risk["hazards"])
    assert ran(monkeypatch, *flows, "--risk") == 0
    assert "war ?" in capsys.readouterr().out
    assert ran(monkeypatch, *flows, "--wait", "hormuz", "--duration", "exponential:30", "--json") == 0
    plans = json.loads(capsys.readouterr().out)["plans"]
    assert [p["turn_usd"] for p in plans] == [None] and plans[0]["best_days"] is None
    assert ran(monkeypatch, *flows, "--wait", "malacca", "--duration", "exponential:1") == 0
    assert "to the end" in capsys.readouterr().out
    assert ran(monkeypatch, "--transits") == 0
    assert "26,434" in capsys.readouterr().out
    assert ran(monkeypatch, "--transits", "--json") == 0
    assert json.loads(capsys.readouterr().out)["queues"][0]["seen_waiting"] == 369


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--rank", "days"], 2, "rank is 'days'"),
        (["--rank", "cut-of"], 2, "did you mean cut_off"),
        (["--sets", "9"], 2, "allowed is 1 to 5"),
        (["--top", "0"], 2, "allowed is 1 to 1000"),
        (["--importer", "CHX"], 2, "no flow to 'CHX'"),
        (["--goods", "crude"], 2, "did you mean crude oil"),
        (["--format", "jsn"], 2, "did you mean json"),
        (["--format", "csv", "--json"], 2, "do not go together"),
        (["--risk", "--transits"], 2, "do not go together"),
        (["--risk", "--format", "csv"], 2, "of the ranking alone"),
        (["--hazards", "x.csv"], 2, "--hazards goes with --risk"),
        (["--wait", "hormuzz"], 2, "did you mean hormuz"),
        (["--wait", "hormuz", "--duration", "exponental:3"], 2, "did you mean exponential"),
        (["--wait", "sunda"], 2, "no past closure"),
        (["--risk", "--hazards", "no-such.csv"], 4, "no such file"),
        (["--flows", "no-such.csv"], 4, "no such file"),
        (["--out", "no/such/folder.txt"], 2, "there is no folder"),
    ],
)
def test_bad_arguments_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], own: Path, arguments: list[str], code: int,
    said: str,
) -> None:  # fmt: skip
    flows = [] if "--flows" in arguments else ["--flows", str(own)]
    assert ran(monkeypatch, *flows, *arguments) == code
    told = capsys.readouterr()
    assert said in told.err and "Traceback" not in told.err and told.out == ""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("27000000", "-1", "own.csv:2: flow 'crude': volume is -1"),
        ("27000000", "nan", "own.csv:2: volume is nan"),
        ("commodity,mode", "comodity,mode", "own.csv:1: columns missing: commodity"),
        ("\noman", "\ncrude", "own.csv:3: id 'crude' is duplicated, it is in line 2"),
        ("tank_vlcc,20.4", "tank_vlc,20.4", "did you mean tank_vlcc"),
        ("Ras Tanura,", "Ras Tanuraa,", "did you mean Ras Tanura"),
    ],
)
def test_bad_flows_are_told_with_their_place(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], own: Path, old: str, new: str, said: str
) -> None:
    own.write_text(FLOWS.replace(old, new))
    assert ran(monkeypatch, "--flows", str(own), "--rank", "ship_days") in (2, 4)
    told = capsys.readouterr()
    assert said in told.err and "Traceback" not in told.err and told.out == ""
