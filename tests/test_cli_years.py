"""`calendar` and `breakeven` over years, run as a user would: what they print, write and refuse."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest

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


def ran(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Exit code of a command."""
    monkeypatch.setattr(sys, "argv", ["northabout", *arguments])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "s.yaml").write_text(SCENARIO)
    return tmp_path / "s.yaml"


def test_a_calendar_of_years_prints_and_writes_the_same_bytes_each_time(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], path: Path, tmp_path: Path
) -> None:
    wanted = ["calendar", str(path), "--year", "2025-2035/5", "--every", "92"]
    assert ran(monkeypatch, *wanted, "--out", str(tmp_path / "a")) == 0
    said = capsys.readouterr()
    assert "departures of 2025 to 2035 every 5 years every 92 days" in " ".join(said.out.split())
    assert "wrote calendar.csv, calendar.json, calendar.png, years.csv" in said.err
    assert ran(monkeypatch, *wanted, "--out", str(tmp_path / "b"), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    names = [".northabout-files.json", "calendar.csv", "calendar.json", "calendar.png", "years.csv"]
    assert sorted(p.name for p in (tmp_path / "a").iterdir()) == names
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert told == json.loads((tmp_path / "a" / "calendar.json").read_text())
    assert [y["year"] for y in told["years"]] == [2025, 2030, 2035]
    with (tmp_path / "a" / "years.csv").open(newline="") as file:
        assert len(list(csv.DictReader(file))) == 6


def test_one_year_is_the_calendar_that_it_was(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], path: Path
) -> None:
    assert ran(monkeypatch, "calendar", str(path), "--year", "2030", "--every", "92") == 0
    out = capsys.readouterr().out
    assert "2030-01-01" in out and "costs " in out and "in the median of 4 departures" in out
    assert ran(monkeypatch, "calendar", str(path), "--year", "2030", "--every", "92", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["year"] == 2030 and told["alternatives"][1]["money"]["priced"] == 4
    assert {"cost_usd", "saved_usd", "cost_complete"} <= set(told["alternatives"][1]["calendar"][0])


def test_a_break_even_of_years(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], path: Path) -> None:
    assert ran(monkeypatch, "breakeven", str(path), "--on", "bunker", "--year", "2025,2030") == 0
    out = capsys.readouterr().out
    assert "2025-02-10 " in out and "2030-02-10 " in out
    assert ran(monkeypatch, "breakeven", str(path), "--on", "bunker", "--year", "2030", "--json") == 0
    one = json.loads(capsys.readouterr().out)
    assert ran(monkeypatch, "breakeven", str(path), "--on", "bunker", "--year", "2030-2030", "--json") == 0
    (same,) = json.loads(capsys.readouterr().out)["years"]
    assert one == {k: v for k, v in same.items() if k not in ("year", "depart")}
    never = ["breakeven", str(path), "--on", "bunker", "--year", "2025,2030", "--range", "2900,3000"]
    assert ran(monkeypatch, *never) == 1
    assert "no break-even between 2900 and 3000" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["calendar"], ["breakeven", "--on", "bunker"]])
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--year", "2050-2027"], "--year is '2050-2027', the range runs backwards; write 2027-2050"),
        (["--year", "2027-2050/0"], "the step is 0"),
        (["--year", "next"], "'next' is no year; allowed: 2030, a range as 2027-2050"),
        (["--year", "1066"], "--year is 1066, allowed is 1900 to 2200, nearest 1900"),
        (["--year", "2027,2027"], "--year names 2027 twice"),
        (["--workers", "0"], "workers is 0, allowed is 1 to 64"),
    ],
)
def test_bad_years_end_with_2_and_leave_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], path: Path, tmp_path: Path,
    command: list[str], options: list[str], said: str,
) -> None:  # fmt: skip
    out = ["--out", str(tmp_path / "o")] if command == ["calendar"] else []
    assert ran(monkeypatch, command[0], str(path), *command[1:], *options, *out) == 2
    error = capsys.readouterr().err
    assert said in error and "Traceback" not in error
    assert not (tmp_path / "o").exists()


def test_years_without_ice_are_told_with_the_scenario(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], path: Path
) -> None:
    path.write_text(SCENARIO + "ice: {}\n")
    for command, code in ((["calendar"], 3), (["breakeven", "--on", "bunker"], 2)):
        assert ran(monkeypatch, command[0], str(path), *command[1:], "--year", "2095-2105") == code
        error = capsys.readouterr().err
        assert "2101 is out of range; allowed: 1979 to 2100" in error and "Traceback" not in error
