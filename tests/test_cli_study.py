"""`northabout study` as a user runs it: both spellings, the plan, the results, and how it ends."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from sim import cli

STUDY = """\
format: 1
name: gulf
description: Two speeds and two days
base:
  voyage: {from: Ras Tanura, to: Rotterdam, depart: 2025-02-10}
  vessel: {speed_kn: 12}
  alternatives: [{route: suez}, {route: cape}]
vary:
  vessel.speed_kn: [11, 12]
  voyage.depart: [2025-02-10, 2025-03-10]
method: grid
"""


def ran(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Exit code of a command."""
    monkeypatch.setattr(sys, "argv", ["northabout", "study", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "gulf.yaml"
    path.write_text(STUDY)
    return path


def test_both_spellings_and_the_report(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran(monkeypatch, file, "--out", tmp_path / "a") == 0
    out = capsys.readouterr()
    assert out.out == f"{tmp_path / 'a' / 'voyages.parquet'}: 8 voyages (8 ok)\n"
    assert "8 of 8 voyages" in out.err and "a second" in out.err
    assert ran(monkeypatch, "run", "--out", tmp_path / "b", file, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["draws"], told["voyages"], told["sailed"], told["statuses"]) == (4, 8, 8, {"ok": 8})
    assert (tmp_path / "a" / "voyages.parquet").read_bytes() == (tmp_path / "b" / "voyages.parquet").read_bytes()
    assert ran(monkeypatch, "report", tmp_path / "a") == 0
    assert "gulf" in capsys.readouterr().out


def test_a_study_of_random_seasons_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Seeds of draws are large numbers; the report takes them as it finds them."""
    file = tmp_path / "season.yaml"
    file.write_text(
        "format: 1\nname: season\ndescription: What of September?\n"
        "base:\n  voyage: {from: Murmansk, to: Yokohama, depart: 2030-09-01}\n  vessel: {type: mpp_19k_1a}\n"
        "  alternatives: [{route: suez}, {route: nsr}]\n  ice: {season: random}\n"
        f"vary:\n  ice.seed: [1, {2**63 - 1}]\nmethod: grid\n"
    )
    assert ran(monkeypatch, file, "--out", tmp_path / "out") == 0
    assert ran(monkeypatch, "report", tmp_path / "out", "--out", tmp_path / "told", "--threshold", "5") == 0
    assert "Probability that 5 days or more are saved against 'suez'" in capsys.readouterr().out
    assert {"report.xlsx", "saved.png", "saved.csv"} <= {p.name for p in (tmp_path / "told").iterdir()}


def test_a_dry_run_prints_the_plan_and_writes_nothing(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran(monkeypatch, file, "--dry-run", "--workers", 2) == 0
    text = capsys.readouterr().out
    assert "voyages         4 draws x 2 = 8" in text
    assert "measured now" in text
    assert "draw, alternative, vessel.speed_kn, voyage.depart, status" in text
    assert ran(monkeypatch, "--dry-run", file, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["draws"], told["voyages"], told["parts"]) == (4, 8, 1)
    assert told["seconds"] == pytest.approx(8 / told["voyages_a_second"])
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["FILE"], 2, "--out DIR is missing"),
        (["FILE", "--out", "FILE"], 2, "is a file; --out names a folder"),
        (["FILE", "--out", "DIR", "--workers", 0], 2, "workers is 0, allowed is 1 to 64"),
        (["FILE", "--out", "DIR", "--workers", 2, "--dask", "x"], 2, "give --workers or --dask, not both"),
        (["FILE", "--out", "DIR", "--limit", 7], 3, "are 8 voyages, about"),
        (["FILE", "--out", "DIR", "--limit", 0], 2, "--limit"),
        (["absent.yaml", "--out", "DIR"], 4, "no such file"),
        (["FILE", "--out", "DIR", "--base", "absent.yaml"], 4, "absent.yaml: no such file"),
        (["report", "DIR"], 4, "there is no such folder"),
        (["FILE", "--out", "DIR", "--wrong"], 2, "No such option"),
    ],
    ids=str,
)
def test_a_wrong_call_ends_with_its_code_and_writes_nothing(
    file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[object],
    code: int,
    said: str,
) -> None:
    names = {"FILE": file, "DIR": tmp_path / "out"}
    assert ran(monkeypatch, *(names.get(str(a), a) for a in arguments)) == code
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [file]


def test_a_study_in_which_nothing_arrives_ends_with_1(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(STUDY.replace("vary:", "  closures: [{passage: strait_of_hormuz}]\nvary:"))
    assert ran(monkeypatch, file, "--out", tmp_path / "out") == 1
    out = capsys.readouterr()
    assert "8 unreachable" in out.out
    assert "no voyage is feasible" in out.err


def test_the_help_shows_both(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(monkeypatch, "--help") == 0
    text = capsys.readouterr().out
    assert "study STUDY.yaml --out DIR" in text and "report" in text
