"""Habits of the shell as a user has them: several scenarios, standard input, a first scenario, two results compared."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import sim.cli
from sim.geo.network import SeaNetwork
from sim.scenario.starter import starter
from sim.scenario.yaml_text import document_of

ROOT = Path(__file__).parents[1]
SHORT = """\
format: 1
name: short
description: From Rotterdam to Hamburg
voyage: {from: Rotterdam, to: Hamburg, depart: 2025-08-15}
vessel: {speed_kn: 12}
alternatives: [{route: usual}]
"""
SHUT = SHORT.replace("name: short", "name: shut").replace("Rotterdam, to: Hamburg", "Ras Tanura, to: Rotterdam")
SHUT += "closures: [{passage: hormuz}]\n"
BAD = SHORT.replace("speed_kn", "speed")
NAN = b'{"alternatives": [{"route": "a", "status": "ok", "days": NaN, "geometry": null}]}'
LARGE = NAN.replace(b"NaN", b"9" * 400)
Called = tuple[int, str, str]
Call = Callable[..., Called]


@pytest.fixture(scope="module", autouse=True)
def _one_network() -> Iterator[None]:
    """Read the shipped network once, not once a command."""
    load, kept = SeaNetwork.load, SeaNetwork.load()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SeaNetwork, "load", lambda ports=None: load(ports) if ports else kept)
        yield


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Call:
    """Call the command in a folder with three scenarios; `given` is its standard input."""
    monkeypatch.chdir(tmp_path)
    for name, text in (("short", SHORT), ("shut", SHUT), ("bad", BAD)):
        Path(f"{name}.yaml").write_text(text)

    def do(*arguments: object, given: bytes = b"") -> Called:
        monkeypatch.setattr(sys, "argv", ["northabout", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        with pytest.raises(SystemExit) as ended:
            sim.cli.main()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert "internal error" not in err
        assert isinstance(ended.value.code, int)
        return ended.value.code, out, err

    return do


# -- several scenarios


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (["short.yaml", "short.yaml"], 0), (["short.yaml", "shut.yaml"], 1), (["shut.yaml", "bad.yaml"], 3),
        (["bad.yaml", "none.yaml", "short.yaml"], 4),
    ],
)  # fmt: skip
def test_several_scenarios_are_all_run_and_the_worst_code_wins(call: Call, files: list[str], code: int) -> None:
    ended, out, _ = call("run", *files)
    assert ended == code
    summary = out.split("scenario  ")[-1].splitlines()
    assert len(summary) == 2 + len(files)
    if "short.yaml" in files:
        assert any(line.startswith("short") and " 1 of 1 " in line for line in summary)


def test_several_go_into_a_folder_each(call: Call, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "short.yaml").write_text(SHORT)
    code, out, err = call("run", "short.yaml", "more/short.yaml", "bad.yaml", "--out", "out", "--json")
    assert code == 3
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["short", "short-2"]
    one, other = ((tmp_path / "out" / n / "comparison.csv").read_bytes() for n in ("short", "short-2"))
    assert one == other
    told = json.loads(out)
    assert [(r["file"], r["exit_code"]) for r in told] == [("short.yaml", 0), ("more/short.yaml", 0), ("bad.yaml", 3)]
    assert told[0]["alternatives"][0]["status"] == "ok"
    assert "did you mean speed_kn" in told[2]["problems"][0]
    assert err.count("did you mean speed_kn") == 1
    code, _, err = call("export", "out", "--format", "gpx")
    assert (code, "name one of those in it: short, short-2" in err) == (4, True), err


def test_several_as_csv_have_one_header(call: Call) -> None:
    code, out, _ = call("run", "short.yaml", "shut.yaml", "--format", "csv")
    lines = out.splitlines()
    assert code == 1
    assert lines[0].startswith("file,route,status,")
    assert [line.split(",")[:3] for line in lines[1:]] == [
        ["short.yaml", "usual", "ok"], ["shut.yaml", "usual", "unreachable"],
    ]  # fmt: skip


# -- a folder that was used before


def test_what_an_earlier_run_left_is_removed_and_told_and_the_rest_is_named(call: Call, tmp_path: Path) -> None:
    assert call("run", "short.yaml", "--out", "out", "--format", "markdown")[0] == 0
    (tmp_path / "out" / "notes.txt").write_text("mine")
    code, _, err = call("run", "shut.yaml", "--out", "out")
    assert code == 1
    assert "removed comparison.md of an earlier run from out" in err
    assert "not of this run: notes.txt" in err
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        "comparison.csv", "comparison.json", "legs.csv", "legs.geojson", "routes.geojson", "notes.txt",
        ".northabout-files.json",
    }  # fmt: skip


# -- standard input


def test_a_scenario_on_standard_input_finds_its_files_in_the_working_folder(call: Call, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("name,country,lat,lon\nMy terminal,DE,54.18,7.9\n")
    text = SHORT + "ports_file: own.csv\n"
    code, out, err = call("check", "-", given=text.encode())
    assert (code, out) == (0, "standard input: good (short, 1 alternative)\n"), err
    code, _, err = call("check", "-", given=text.replace("own.csv", "other.csv").encode())
    assert (code, "other.csv" in err) == (3, True)


def test_a_result_on_standard_input(call: Call, tmp_path: Path) -> None:
    call("run", "short.yaml", "--out", "out")
    kept = (tmp_path / "out" / "comparison.json").read_bytes()
    assert call("map", "-", "--out", "m.svg", given=kept)[0] == 0
    code, _, err = call("run", "-", given=kept)
    assert (code, err.count("\n")) == (3, 1)
    assert "standard input: is a result of 'northabout run', no scenario" in err
    printed = call("run", "short.yaml", "--json")[1].encode()
    for given in (kept, printed):
        code, out, _ = call("compare", "-", "out", given=given)
        assert (code, out.splitlines()[-1]) == (0, "both are the same")
    for command in (["map", "-", "--out", "n.svg"], ["export", "-", "--format", "gpx"]):
        code, _, err = call(*command, given=printed)
        assert (code, "has no lines of its routes" in err) == (3, True), err
        assert "Error" not in err


@pytest.mark.parametrize("command", ["run", "check", "map", "calendar", "seasons", "service", "explore", "report"])
def test_what_is_wrong_on_standard_input_is_told_as_such(call: Call, command: str) -> None:
    code, out, err = call(command, "-", given=BAD.encode())
    assert (code, out) == (3, "")
    assert err.startswith("standard input:5: ")


@pytest.mark.parametrize("command", ["run", "check", "report", "compare"])
def test_standard_input_is_read_once(call: Call, command: str) -> None:
    code, _, err = call(command, "-", "-", given=SHORT.encode())
    assert code == 2
    assert "standard input, which can be read only once" in err


@pytest.mark.parametrize(
    "given", [b"", b"{", b"[]", b"3", b"\xff", b'{"alternatives": 3}', b'{"a": 1}', b"[" * 9999, NAN, LARGE]
)
@pytest.mark.parametrize("command", [["map", "-"], ["compare", "-", "short.yaml"]])
def test_rubbish_on_standard_input_ends_with_3(call: Call, command: list[str], given: bytes) -> None:
    code, out, err = call(*command, given=given)
    assert (code, out) == (3, "")
    assert err.startswith("standard input")


# -- compare


def test_compare_runs_scenarios_and_reads_results(call: Call, tmp_path: Path) -> None:
    Path("slow.yaml").write_text(SHORT.replace("speed_kn: 12", "speed_kn: 10"))
    call("run", "short.yaml", "--out", "out")
    code, table, _ = call("compare", "out", "slow.yaml")
    assert code == 0
    assert [line.split()[:2] for line in table.splitlines()[5:]] == [
        ["inputs", "vessel.speed_kn"], ["usual", "days"], ["usual", "arrive"],
    ]  # fmt: skip
    told = json.loads(call("compare", "out/comparison.json", "slow.yaml", "--json")[1])
    kept = json.loads((tmp_path / "out" / "comparison.json").read_text())
    days = next(c for c in told["compared"] if c["key"] == "days")
    assert days["a"] == kept["alternatives"][0]["days"]
    assert days["difference"] == pytest.approx(days["a"] * 0.2, rel=0.15)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["none", "short.yaml"], 4, "none: no such file"), ([".", "short.yaml"], 4, "there is no comparison.json"),
        (["bad.yaml", "short.yaml"], 3, "did you mean speed_kn"), (["shut.yaml", "shut.yaml"], 1, "in either"),
        (["short.yaml", "short.yaml", "--format", "xlsx"], 2, "allowed: table"),
        (["short.yaml", "short.yaml", "--format", "csv", "--json"], 2, "leave one of them out"),
    ],
)  # fmt: skip
def test_compare_ends_with_the_documented_codes(call: Call, arguments: list[str], code: int, said: str) -> None:
    ended, _, err = call("compare", *arguments)
    assert (ended, said in err) == (code, True), err


@pytest.mark.parametrize(
    "words",
    [
        ["run", "short.yaml", "--out"], ["calendar", "short.yaml", "--out"], ["route", "Rotterdam", "Hamburg", "--out"],
        ["report", "short.yaml", "--out"], ["distances", "--from", "Rotterdam", "--to", "Hamburg", "--csv"],
    ],
)  # fmt: skip
def test_no_file_or_folder_is_named_like_standard_output(call: Call, tmp_path: Path, words: list[str]) -> None:
    code, _, err = call(*words, "-")
    assert (code, "'-' is no name" in err) == (2, True), err
    assert not (tmp_path / "-").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["map"], ["compare", "short.yaml"], ["report"], ["run", "short.yaml", "--out"],
        ["ice", "--month", "3", "--file"], ["calendar", "short.yaml", "--out"], ["study", "report"],
    ],
)  # fmt: skip
@pytest.mark.parametrize("suffix", ["", ".json"])
def test_a_path_that_no_file_can_have_is_no_fault_of_the_program(call: Call, words: list[str], suffix: str) -> None:
    code, out, err = call(*words, "x" * 300 + suffix)
    assert code in (2, 4)
    assert (out, err.endswith("(File name too long)\n")) == ("", True), err


# -- new


def test_new_writes_a_scenario_that_runs_and_overwrites_nothing(call: Call, tmp_path: Path) -> None:
    code, out, err = call("new", "my first", "--from", "Rotterdam", "--to", "Hamburg", "--route", "usual")
    assert (code, out) == (0, "")
    assert err == "wrote my first.yaml; run it with: northabout run 'my first.yaml'\n"
    assert call("run", "my first.yaml")[0] == 0
    before = (tmp_path / "my first.yaml").read_bytes()
    code, _, err = call("new", "my first")
    assert (code, "is there already and is kept" in err) == (2, True)
    assert (tmp_path / "my first.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "Roterdam"], "did you mean Rotterdam"), (["--route", "norhtern"], "unknown route"),
        (["--ship", "handymax"], "did you mean bulk_supramax"),
        (["--like", "08", "--ice"], "copies a scenario as it is"),
        (["--ship", ""], "unknown ship ''"), (["--from", ""], "port"),
        (["--like", "nothing"], "no shipped scenario"), (["--out", "no/such/folder.yaml"], "cannot be written"),
    ],
)  # fmt: skip
def test_new_tells_what_is_wrong_and_writes_nothing(
    call: Call, tmp_path: Path, arguments: list[str], said: str
) -> None:
    before = set(tmp_path.iterdir())
    code, out, err = call("new", *arguments)
    assert (code, out, said in err) == (2, "", True), err
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", ["-", "--", "+", "1:2:", "T", "2027-08", "NO", "a: b", "# a", "{}", "it's", "~"])
def test_any_name_is_that_of_a_valid_scenario(name: str) -> None:
    assert document_of(starter(name).encode(), "").data["name"] == name


def test_new_copies_and_lists_the_shipped_scenarios(call: Call, tmp_path: Path) -> None:
    shipped = (ROOT / "scenarios" / "08-yong-sheng-2013.yaml").read_bytes()
    for name in ("08", "yong-sheng-2013"):
        assert call("new", name)[0] == 0
        assert (tmp_path / "08-yong-sheng-2013.yaml").read_bytes() == shipped
        (tmp_path / "08-yong-sheng-2013.yaml").unlink()
    assert call("new", "mine", "--like", "yong")[0] == 0
    assert (tmp_path / "mine.yaml").read_bytes() == shipped
    assert "08-yong-sheng-2013 " in call("new", "--list")[1]
    text = call("new", "--out", "-")[1]
    assert call("new", "-")[1] == text
    assert call("check", "-", given=text.encode())[0] == 0


# -- months and python -m


def test_ice_of_a_month_by_its_name(call: Call) -> None:
    assert call("ice", "--month", "March", "--year", "2030")[:2] == call("ice", "--month", "03", "--year", "2030")[:2]
    code, _, err = call("ice", "--month", "Mrach")
    assert (code, "did you mean March" in err) == (2, True)


def test_python_m_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "northabout", "--version"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("northabout ")
