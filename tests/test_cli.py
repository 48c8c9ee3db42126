"""The command: exit codes, what goes where, and that no input brings a traceback or half a file."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import sim.cli

ROOT = Path(__file__).parents[1]
SCENARIOS = ROOT / "scenarios"
SUMMER = SCENARIOS / "01-nsr-summer.yaml"
HORMUZ = SCENARIOS / "06-hormuz-closed.yaml"
SHORT = """\
format: 1
name: short
description: From Rotterdam to Hamburg
voyage: {from: Rotterdam, to: Hamburg, depart: 2025-08-15}
vessel: {speed_kn: 12}
alternatives: [{route: usual}]
"""


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str


Call = Callable[..., Answer]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Call:
    """Call the command in an empty folder; whatever happens, no traceback and no part of a file is left."""
    monkeypatch.chdir(tmp_path)

    def do(*arguments: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["northabout", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            sim.cli.main()
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        assert "internal error" not in captured.err
        assert not [p for p in tmp_path.rglob("*") if ".part" in p.name]
        assert isinstance(ended.value.code, int)
        return Answer(ended.value.code, captured.out, captured.err)

    return do


def one_json(text: str) -> Any:
    """The value of a text that is exactly one JSON document."""
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


# -- usage


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rout"], "No such command 'rout'"),
        (["--halp"], "--halp"),
        (["route", "Dalian", "Rotterdam", "--drafft", "3"], "--draft"),
        (["route", "Dalian"], "Missing argument 'TO'"),
        (["route", "Dalian", "Rotterdam", "Hamburg"], "unexpected extra argument"),
        (["route", "Dalian", "Roterdam"], "unknown port 'Roterdam' (did you mean Rotterdam"),
        (["route", "Cartagena", "Rotterdam"], "port 'Cartagena' is named 2 times in the world: say which of COCTG"),
        (["route", "", "Rotterdam"], "unknown port ''"),
        (["route", "Rotterdam", "Rotterdam"], "from and to are the same place"),
        (["route", "NLRTM", "Rotterdam"], "from and to are the same place"),
        (["route", "50,-20", "50,340"], "from and to are the same place"),
        (["route", "48.85,2.35", "Rotterdam"], "lies on land; the nearest sea is"),
        (["route", "121.65,38.92", "Rotterdam"], "swapped? As latitude 38.92, longitude 121.65 it would be valid"),
        (["route", "-95,18.4", "Rotterdam"], "is outside -90 to 90"),
        (
            ["route", "Dalian", "Rotterdam", "--via", "seuz"],
            "unknown route 'seuz' (did you mean suez?); allowed: usual",
        ),
        (
            ["route", "Dalian", "Rotterdam", "--close", "suez_cnal"],
            "unknown passage 'suez_cnal' (did you mean suez_canal",
        ),
        (["route", "Dalian", "Rotterdam", "--draft", "-3"], "--draft is -3, allowed is more than 0"),
        (["route", "Dalian", "Rotterdam", "--draft", "0"], "--draft is 0"),
        (["route", "Dalian", "Rotterdam", "--draft", "nan"], "--draft is nan"),
        (["route", "Dalian", "Rotterdam", "--beam", "inf"], "--beam is inf"),
        (["route", "Dalian", "Rotterdam", "--draft", "deep"], "--draft"),
        (["route", "Dalian", "Rotterdam", "--out", "no/such/r.json"], "there is no folder 'no/such'"),
        (["route", "Dalian", "Rotterdam", "--out", "."], "is a folder"),
        (["route", "Dalian", "Rotterdam", "--out", "/dev/null"], "is no regular file"),
        (["route", "Dalian", "Rotterdam", "--out", "/dev/null/x"], "cannot be written"),
        (["route", "Dalian", "Rotterdam", "--out", "x" * 300], "cannot be written"),
        (["distances", "--from", "Dalian", "--to", ","], "the list of places is empty"),
        (["distances", "--from", "Dalian", "--to", "Roterdam"], "did you mean Rotterdam"),
        (["distances", "--from", "Dalian"], "Missing option '--to'"),
        (["distances", "--from", "Dalian", "--to", "Rotterdam", "--csv", "no/m.csv"], "there is no folder 'no'"),
        (["run", SUMMER, "--out", SUMMER], "--out names a folder"),
        (["run", SUMMER, "--out", "/dev/null/x"], "cannot be made a folder"),
        (
            ["map", SUMMER, "--projection", "wrold"],
            "unknown projection 'wrold' (did you mean world?); allowed: polar, world",
        ),
        (["map", SUMMER, "--out", "map.jpg"], "'.jpg' is no kind of map"),
        (["map", SUMMER, "--out", "no/map.png"], "there is no folder 'no'"),
        (["claims", "no_such_claim"], "no_such_claim"),
        (["ports", "Roterdam"], "no port matches 'Roterdam' (did you mean Rotterdam"),
    ],
    ids=lambda value: " ".join(map(str, value))[-40:] if isinstance(value, list) else "",
)
def test_wrong_usage_is_told_and_ends_with_2(call: Call, arguments: list[object], said: str) -> None:
    answer = call(*arguments)
    assert answer.code == 2, answer
    assert said in answer.err
    assert answer.out == ""
    assert len(answer.err) < 1500


def test_unknown_passages_never_suggest_words_of_the_inside(call: Call) -> None:
    for word in ("arctic", "artic", "@artic"):
        answer = call("route", "Dalian", "Rotterdam", "--close", word)
        assert answer.code == 2
        assert "@arctic" not in answer.err


def test_help_and_version(call: Call) -> None:
    answer = call("--help")
    assert answer.code == 0
    for command in ("run", "route", "distances", "claims", "map", "check", "schema", "ports", "passages"):
        assert f"  {command}  " in answer.out
        assert call(command, "--help").code == 0
    assert "Exit codes: 0 done; 1 ran" in answer.out
    assert call("--version").out.startswith("northabout ")
    assert call().code in (0, 2)  # as the version of typer has it


# -- route and distances


def test_route(call: Call) -> None:
    answer = call("route", "Dalian", "Rotterdam")
    assert (answer.code, answer.err) == (0, "")
    assert " nm (" in answer.out
    assert "suez_canal" in answer.out
    assert max(map(len, answer.out.splitlines())) <= 100


def test_route_as_json(call: Call) -> None:
    answer = call("route", "Dalian", "Rotterdam", "--via", "nsr", "--json")
    route = one_json(answer.out)
    assert answer.err == ""
    assert list(route) == ["status", "reason", "distance_nm", "passages", "joins", "geometry"]
    assert route["geometry"]["type"] == "MultiLineString"
    assert "bering_strait" in route["passages"]


@pytest.mark.parametrize("via", [[], ["--close", "suez", "--draft", "14.5"]])
def test_negative_latitudes_are_places(call: Call, via: list[str]) -> None:
    for arguments in (
        ["-33.9,18.4", "Rotterdam", *via],
        [*via, "Rotterdam", "-33.9,18.4"],
        ["--", "-33.9,18.4", "Santos"],
        ["-33°54', 18°24'", "Rotterdam", *via],
        ["Rotterdam", "-33°54' 18°24'", *via],
        ["°33 54 S 18 24 E", "Rotterdam"],
        ["-.9,2.5", "Rotterdam"],
    ):
        assert call("route", *arguments).code == 0
    answer = call("distances", "--from", "-33.9,18.4;-34.9,-57", "--to=-33.0,-71.7", "--json")
    assert one_json(answer.out)["from"] == ["-33.9,18.4", "-34.9,-57"]
    assert one_json(answer.out)["to"] == ["-33.0,-71.7"]


def test_positions_in_degrees_and_minutes(call: Call) -> None:
    wanted = one_json(call("route", "40.25,-30.5", "Rotterdam", "--json").out)["distance_nm"]
    for spelt in ("40 15 N 30 30 W", "40°15'N, 030°30'W", "30 30 W; 40 15 N"):
        assert one_json(call("route", spelt, "Rotterdam", "--json").out)["distance_nm"] == wanted
    answer = call("distances", "--from", "40°15'N, 030°30'W", "--to", "Rotterdam,50 N 20 W", "--json")
    assert one_json(answer.out)["distance_nm"][0][0] == wanted
    assert one_json(answer.out)["to"] == ["Rotterdam", "50 N 20 W"]
    answer = call("distances", "--from", "40 15 N, 30 30 W; -34°54', -57°", "--to", "Rotterdam", "--json")
    assert one_json(answer.out)["from"] == ["40 15 N, 30 30 W", "-34°54', -57°"]
    refused = call("route", "40 75 N 30 30 W", "Rotterdam")
    assert (refused.code, "75 minutes, allowed is less than 60" in refused.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["Baku", "Rotterdam"], "Baku has no connection to the ocean"),
        (["Ras Tanura", "Rotterdam", "--close", "hormuz"], "strait_of_hormuz is closed"),
        (["Dalian", "Rotterdam", "--via", "suez", "--draft", "25"], "draft 25 m is over the 20.12 m of suez_canal"),
        (["Dalian", "St Petersburg", "--draft", "100"], "draft 100 m is over"),
    ],
)
def test_no_route_is_an_answer_with_a_reason_and_ends_with_1(call: Call, arguments: list[str], reason: str) -> None:
    answer = call("route", *arguments, "--out", "route.json")
    assert (answer.code, answer.out) == (1, "")
    assert reason in answer.err
    assert not Path("route.json").exists()
    answer = call("route", *arguments, "--json")
    route = one_json(answer.out)
    assert answer.code == 1
    assert route["status"] == "unreachable"
    assert reason in route["reason"]
    assert route["geometry"] is None
    assert route["distance_nm"] is None


def test_route_is_written_whole(call: Call, tmp_path: Path) -> None:
    Path("r.geojson").write_text("old")
    assert call("route", "-33.9,18.4", "Santos", "--out", "r.geojson").code == 0
    feature = one_json(Path("r.geojson").read_text())
    assert feature["properties"]["from"] == "-33.9,18.4"
    assert feature["geometry"]["type"] == "LineString"
    assert [p.name for p in tmp_path.iterdir()] == ["r.geojson"]


def test_distances(call: Call) -> None:
    answer = call("distances", "--from", "Dalian,Baku", "--to", "Rotterdam,Hamburg", "--csv", "m.csv", "--json")
    matrix = one_json(answer.out)
    assert answer.code == 0
    assert matrix["distance_nm"][1] == [None, None]
    assert Path("m.csv").read_text().splitlines()[0] == "from,Rotterdam,Hamburg"
    assert Path("m.csv").read_text().splitlines()[2] == "Baku,,"
    text = call("distances", "--from", "Dalian,Baku", "--to", "Rotterdam,Hamburg").out
    assert "-: no route" in text
    many = "Rotterdam,Hamburg,Singapore,Santos,Houston,Los Angeles,Murmansk,Valparaiso,Dakar,Mumbai"
    text = call("distances", "--from", "Dalian", "--to", many).out
    assert max(map(len, text.splitlines())) <= 100
    assert all(name in text for name in many.split(","))
    assert call("distances", "--from", "Baku", "--to", "Rotterdam").code == 1


def test_distances_without_bad_places(call: Call) -> None:
    arguments = ("distances", "--from", "Dalian,Atlantis,Baku", "--to", "Rotterdam,51 75 N 4 E")
    assert call(*arguments).code == 2
    answer = call(*arguments, "--keep-going", "--json", "--csv", "m.csv")
    matrix = one_json(answer.out)
    assert answer.code == 0
    assert [v is None for row in matrix["distance_nm"] for v in row] == [False, True, True, True, True, True]
    assert list(matrix["unusable"]) == ["Atlantis", "51 75 N 4 E"]
    assert "left out: unknown port 'Atlantis'" in answer.err and "75 minutes" in answer.err
    assert Path("m.csv").read_text().splitlines()[2] == "Atlantis,,"
    text = call(*arguments, "--keep-going").out
    assert "-: no route" in text and "?: a place that cannot be used" in text
    assert call("distances", "--from", "Atlantis", "--to", "Rotterdam", "--keep-going").code == 1


# -- run


def test_run_prints_a_table_that_fits_the_page(call: Call) -> None:
    for file in sorted(SCENARIOS.glob("*.yaml")):
        answer = call("run", file)
        assert answer.code == (1 if file == HORMUZ else 0)
        assert max(map(len, answer.out.splitlines())) <= 100
        assert "baseline" in answer.out or file == HORMUZ


def test_run_as_json_is_one_document_also_when_nothing_is_feasible(call: Call) -> None:
    answer = call("run", HORMUZ, "--json")
    result = one_json(answer.out)
    assert answer.code == 1
    assert [k for k in result if k in ("scenario", "baseline", "alternatives")] == [
        "scenario",
        "baseline",
        "alternatives",
    ]
    assert all(a["status"] == "unreachable" and "strait_of_hormuz" in a["reason"] for a in result["alternatives"])
    assert "no alternative is feasible" in answer.err


def test_run_writes_its_files(call: Call, tmp_path: Path) -> None:
    answer = call("run", SUMMER, "--out", "a/b", "--json")
    assert answer.code == 0
    written = {p.name: p.read_text() for p in (tmp_path / "a" / "b").iterdir()}
    listed = set(one_json(written.pop(".northabout-files.json"))["files"])
    assert listed == set(written)
    assert set(written) == {"comparison.json", "comparison.csv", "routes.geojson", "legs.csv", "legs.geojson"}
    stored = one_json(written["comparison.json"])
    assert [a["distance_nm"] for a in stored["alternatives"]] == [
        a["distance_nm"] for a in one_json(answer.out)["alternatives"]
    ]
    assert len(one_json(written["routes.geojson"])["features"]) == 3
    assert written["comparison.csv"].startswith("route,status,reason,distance_nm")


def test_files_of_a_run_are_all_written_or_none(call: Call, tmp_path: Path) -> None:
    (tmp_path / "out" / "routes.geojson").mkdir(parents=True)
    answer = call("run", SUMMER, "--out", "out")
    assert answer.code == 2
    assert "routes.geojson: is a folder" in answer.err
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["routes.geojson"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("to: Hamburg", "to: Hambrug", ":4: voyage.to: unknown port 'Hambrug' (did you mean Hamburg"),
        ("to: Hamburg", "to: Rotterdam", ":4: voyage.to: 'Rotterdam' is where the voyage begins"),
        ("to: Hamburg", "to: '48.85,2.35'", ":4: voyage.to: position '48.85,2.35'"),
        ("2025-08-15", "2025-02-30", ":4: voyage.depart: '2025-02-30' is no date"),
        ("speed_kn: 12", "speed_kn: 12, speed: 3", ":5: unknown key 'vessel.speed' (did you mean speed_kn?)"),
        ("alternatives: [{route: usual}]", "alternatives: suez", ":6: alternatives: must be a list, not 'suez'"),
        ("usual}]", "usual}]\nbaseline: x", ":7: baseline: 'x' is none of the alternatives"),
        ("usual}]", "usual}, {route: usual}]", ":6: alternatives #2: 'usual' is duplicated"),
        ("usual}]", "usual}]\nports_file: ../p.csv", ":7: ports_file: '../p.csv' leaves the folder"),
    ],
)
def test_an_invalid_scenario_ends_with_3(call: Call, old: str, new: str, said: str) -> None:
    Path("s.yaml").write_text(SHORT.replace(old, new))
    for command in ("run", "check", "map"):
        answer = call(command, "s.yaml")
        assert (answer.code, answer.out) == (3, "")
        assert answer.err.startswith(f"s.yaml{said}")


def test_a_missing_scenario_ends_with_4(call: Call) -> None:
    for command in ("run", "check", "map"):
        answer = call(command, "none.yaml")
        assert (answer.code, answer.out) == (4, "")
        assert "none.yaml: no such file" in answer.err
    assert call("run", ".").code == 4
    assert call("ports", "--ports", "none.csv").code == 4


def test_a_voyage_from_a_closed_in_sea_ends_with_1(call: Call) -> None:
    Path("s.yaml").write_text(SHORT.replace("to: Hamburg", "to: Baku"))
    answer = call("run", "s.yaml", "--json")
    assert answer.code == 1
    assert "no connection to the ocean" in one_json(answer.out)["alternatives"][0]["reason"]


# -- check


def test_check_goes_on_after_bad_files_and_the_worst_code_wins(call: Call) -> None:
    Path("good.yaml").write_text(SHORT)
    Path("bad.yaml").write_text(SHORT.replace("12}", "fast}").replace("Hamburg,", "Hambrug,"))
    assert call("check", "good.yaml") == Answer(0, "good.yaml: good (short, 1 alternative)\n", "")
    answer = call("check", "bad.yaml", "good.yaml")
    assert answer.code == 3
    assert "good.yaml: good" in answer.out
    assert [line.split(": ")[0] for line in answer.err.splitlines()] == ["bad.yaml:4", "bad.yaml:5"]
    answer = call("check", "none.yaml", "bad.yaml", "good.yaml")
    assert answer.code == 4
    assert "none.yaml: no such file" in answer.err
    assert "bad.yaml:4" in answer.err
    assert "good.yaml: good" in answer.out


def test_check_of_all_kinds_of_rubbish(call: Call) -> None:
    rubbish = {
        "empty.yaml": b"", "comment.yaml": b"# no\n", "picture.yaml": b"\x89PNG\r\n\x1a\n\0", "list.yaml": b"- 1\n",
        "zero.yaml": b"\0" * 100, "json.yaml": b'{"a": 1}', "deep.yaml": b"[" * 100_000, "huge.yaml": b"a" * 3_000_000,
        "two.yaml": SHORT.encode() + b"---\n" + SHORT.encode(), "latin.yaml": "name: Tromsø".encode("latin-1"),
    }  # fmt: skip
    for name, content in rubbish.items():
        Path(name).write_bytes(content)
    answer = call("check", *rubbish)
    assert (answer.code, answer.out) == (3, "")
    assert {line.split(":")[0] for line in answer.err.splitlines()} == set(rubbish)


# -- map


def test_map_of_a_scenario_and_of_a_result(call: Call, tmp_path: Path) -> None:
    Path("s.yaml").write_text(SHORT)
    assert call("run", "s.yaml", "--out", "out").code == 0
    answer = call("map", "out/comparison.json", "--out", "m.svg")
    assert (answer.code, answer.out) == (0, "")
    assert (tmp_path / "m.svg").read_bytes().startswith(b"<?xml")


def test_a_picture_is_drawn_as_it_is_asked_for(call: Call, tmp_path: Path) -> None:
    Path("s.yaml").write_text(SHORT)
    look = ("--title", "My own", "--size", "8x6", "--centre", "180", "--no-labels")
    assert call("map", "s.yaml", *look, "--out", "m.svg").code == 0
    text = (tmp_path / "m.svg").read_text()
    assert 'width="576pt" height="432pt"' in text
    assert ">My own</text>" in text
    assert ">Hamburg</text>" not in text
    polar = call("map", "s.yaml", "--projection", "polar", "--out", "p.png")
    assert "no route goes north of 60 N" in polar.err
    for wrong, said in (
        (("--size", "big"), "--size is 'big', allowed are 2 numbers apart by 'x'"),
        (("--size", "90x5"), "the width is 90 inches, allowed is 7 to 40"),
        (("--extent", "0,50,10,40"), "south is 1 degree or more below north"),
        (("--dpi", "5"), "the dpi is 5, allowed is 50 to 600"),
        (("--view", "cost"), "unknown view 'cost' (did you mean costs?)"),
        (("--view", "costs"), "no alternative is costed"),
        (("--view", "turn"), "no ship meets a closure under way"),
        (("--view", "nsr"), "no voyage goes by the Northern Sea Route"),
        (("--view", "profile"), "no voyage meets ice"),
    ):
        answer = call("map", "s.yaml", *wrong, "--out", "no.png")
        assert (answer.code, answer.out) == (2, ""), answer
        assert said in answer.err
    assert not (tmp_path / "no.png").exists()


def result(line: object, **changes: object) -> str:
    """A result of one route with something in it exchanged."""
    geometry = {"type": "LineString", "coordinates": line}
    route = {"route": "a", "status": "ok", "passages": [], "distance_nm": 1, "days": 1, "geometry": geometry}
    whole = {"description": "d", "from": "a", "to": "b", "closures": [], "alternatives": [route]}
    return json.dumps(whole | {k: v for k, v in changes.items() if k in whole} | {"alternatives": [route | changes]})


FOREIGN = [
    "", "{", "[]", "3", "null", '"text"', "{}", '{"alternatives": 3}', '{"alternatives": [3]}', "[" * 100_000,
    '{"alternatives": [], "from": "a", "to": "b"}', '{"type": "FeatureCollection", "features": []}',
    result([1, "a"]), result([]), result(3), result([[0, 0], [1, float("nan")]]), result([[0, 0], [1, 1]], geometry=[]),
    result([[0, 0], [1, 1]], closures=["zz"]), result([[0, 0], [1, 1]], closures=3),
    result([[0, 0], [1, 1]], distance_nm="x"), result([[0, 0], [1, 1]], days=[]), result([[0, 0], [1, 1]], passages=3),
]  # fmt: skip


@pytest.mark.parametrize("content", FOREIGN, ids=range(len(FOREIGN)))
def test_a_result_of_another_program_is_told(call: Call, tmp_path: Path, content: str) -> None:
    Path("r.json").write_text(content)
    answer = call("map", "r.json")
    assert (answer.code, answer.out) == (3, ""), answer
    assert answer.err.startswith("r.json: ")
    assert [p.name for p in tmp_path.iterdir()] == ["r.json"]


# -- lists


def test_lists(call: Call) -> None:
    for command in ("ports", "passages"):
        answer = call(command)
        assert (answer.code, answer.err) == (0, "")
        assert max(map(len, answer.out.splitlines())) <= 100
        assert len(one_json(call(command, "--json").out)) > 50
    assert one_json(call("ports", "rotterdam", "--json").out)[0]["locode"] == "NLRTM"
    assert {p["country"] for p in one_json(call("ports", "NL", "--json").out)} == {"NL"}
    assert one_json(call("schema").out)["title"] == "Scenario"


def test_own_ports_on_the_command_line(call: Call) -> None:
    Path("own.csv").write_text("name,country,lat,lon\nBuoy,,54.2,5.0\n")
    assert "Buoy" in call("ports", "buoy", "--ports", "own.csv").out
    assert call("route", "Buoy", "Rotterdam", "--ports", "own.csv").code == 0
    Path("own.csv").write_text("name,lat\nBuoy,54\n")
    answer = call("route", "Buoy", "Rotterdam", "--ports", "own.csv")
    assert answer.code == 4
    assert "columns missing: country, lon" in answer.err


# -- the process


def process(*arguments: str, **how: Any) -> subprocess.Popen[bytes]:
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-m", "northabout", *arguments], env=env, stderr=subprocess.PIPE, **how)


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    running = process("ports", stdout=writer)
    os.close(writer)
    _, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_told() -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        running = process("ports", stdout=full)
        _, err = running.communicate(timeout=60)
    assert running.returncode == 2
    assert b"the output cannot be written" in err
    assert b"Traceback" not in err
    assert b"Exception" not in err


def test_text_is_utf_8_also_where_the_terminal_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    running = process("route", "Dalian", "Tromsø", stdout=subprocess.PIPE)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 0, err
    assert b" nm (" in out
    running = process("route", "Dalian", "Trømsöö", stdout=subprocess.PIPE)
    assert "Trømsöö".encode() in running.communicate(timeout=60)[1]


def test_an_interrupt_ends_quietly(tmp_path: Path) -> None:
    script = (
        "import signal, sys, time, sim.cli, sim.scenario.compare\n"
        # a shell starts its background jobs deaf to an interrupt
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "def slow(path, progress):\n    print('ready', flush=True)\n    time.sleep(30)\n"
        "sim.scenario.compare.run_file = slow\n"
        "sys.argv = ['northabout', 'run', 'x.yaml', '--out', 'out']\nsim.cli.main()\n"
    )
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    running = subprocess.Popen(
        [sys.executable, "-c", script], cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert running.stdout
    assert running.stdout.readline() == b"ready\n"
    time.sleep(0.2)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=30)
    assert (running.returncode, err.strip()) == (130, b"interrupted")
    assert list(tmp_path.iterdir()) == []


def test_a_fault_of_the_program_is_one_message_and_no_code_of_the_contract(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(path: Path, progress: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("sim.scenario.compare.run_file", broken)
    monkeypatch.setattr(sys, "argv", ["northabout", "run", "x.yaml"])
    with pytest.raises(SystemExit) as ended:
        sim.cli.main()
    assert ended.value.code == 70
    assert capsys.readouterr().err.startswith("internal error: ZeroDivisionError: oops\n")
