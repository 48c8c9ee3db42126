"""The scenario file: what is valid, and that every fault is told once, with its line and what is allowed."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.errors import DataError, ScenarioError
from sim.scenario.load import load_scenario, ports_path, schema
from sim.scenario.schema import Scenario

GOOD = """\
format: 1
name: good
description: A good scenario
voyage:
  from: Dalian
  to: Rotterdam
  depart: 2025-08-15
vessel:
  speed_kn: 12.7
  draft_m: 9.8
alternatives:
  - route: suez
  - route: nsr
    name: by Kara Gate
    use: [kara_gate]
baseline: suez
closures:
  - passage: bosporus
    reason: works
waits:
  - passage: suez_canal
    wait_h: 10
speeds:
  - water: nsr
    speed_kn: 9
"""


def changed(*swaps: tuple[str, str]) -> str:
    """The good scenario with pieces of its text exchanged."""
    text = GOOD
    for old, new in swaps:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return text


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "case.yaml"


def loaded(file: Path, text: str) -> Scenario:
    file.write_text(text, encoding="utf-8")
    return load_scenario(file)


def problems(file: Path, text: str) -> list[str]:
    """Problems as 'line: text'."""
    with pytest.raises(ScenarioError) as caught:
        loaded(file, text)
    assert caught.value.exit_code == 3
    assert all(p.startswith(f"{file}:") for p in caught.value.problems)
    return [p.removeprefix(f"{file}:") for p in caught.value.problems]


def test_the_good_scenario_is_good(file: Path) -> None:
    scenario = loaded(file, GOOD)
    assert scenario.voyage.from_ == "Dalian"
    assert scenario.voyage.depart == datetime(2025, 8, 15, tzinfo=UTC)
    assert [a.label for a in scenario.alternatives] == ["suez", "by Kara Gate"]
    assert scenario.canal_speed_limits is True
    assert scenario.vessel.beam_m is None


def test_windows_line_ends_and_byte_order_mark(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_scenario(file).name == "good"


def test_words_that_yaml_1_1_would_spoil_stay_words(file: Path) -> None:
    scenario = loaded(file, changed(("name: good", "name: NO"), ("reason: works", "reason: 12:30"), ("A good", "yes")))
    assert (scenario.name, scenario.closures[0].reason) == ("NO", "12:30")


def test_texts_are_flattened(file: Path) -> None:
    text = changed(("A good scenario", ">\n  folded\n  text\n"), ("reason: works", "reason: |\n      two\n      lines"))
    scenario = loaded(file, text)
    assert (scenario.description, scenario.closures[0].reason) == ("folded text", "two lines")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-08-15T06:00", datetime(2025, 8, 15, 6, tzinfo=UTC)),
        ("2025-08-15 06:00:30Z", datetime(2025, 8, 15, 6, 0, 30, tzinfo=UTC)),
        ("'2025-08-15T06:00+08:00'", datetime(2025, 8, 15, 6, tzinfo=timezone(timedelta(hours=8)))),
    ],
)
def test_dates(file: Path, text: str, moment: datetime) -> None:
    assert loaded(file, changed(("2025-08-15", text))).voyage.depart == moment


CASES: list[tuple[str, str, str]] = [
    # old, new, what is said
    ("to: Rotterdam", "to: Roterdam", "6: voyage.to: unknown port 'Roterdam' (did you mean Rotterdam"),
    (
        "to: Rotterdam",
        "to: Cartagena",
        "6: voyage.to: port 'Cartagena' is named 2 times in the world: say which of COCTG",
    ),
    (
        "to: Rotterdam",
        "to: '48.85,2.35'",
        "6: voyage.to: position '48.85,2.35' (latitude 48.85, longitude 2.35) lies on",
    ),
    ("to: Rotterdam", "to: '48.85,2.35'", "the nearest sea is"),
    ("from: Dalian", "from: '121.65,38.92'", "5: voyage.from: position '121.65,38.92': latitude 121.65 is outside"),
    ("from: Dalian", "from: '121.65,38.92'", "swapped? As latitude 38.92, longitude 121.65 it would be valid"),
    ("from: Dalian", "from: '38.9,500'", "5: voyage.from: position '38.9,500'"),
    ("from: Dalian", "from: 38 60 N 121 39 E", "5: voyage.from: position '38 60 N 121 39 E': 60 minutes"),
    ("from: Dalian", "from: N 38 55 S 121 39", "5: voyage.from: position 'N 38 55 S 121 39': N and S are not"),
    (
        "from: Dalian\n  to: Rotterdam",
        "from: 50 N 20 W\n  to: W20 N50",
        "6: voyage.to: 'W20 N50' is where the voyage begins",
    ),
    ("from: Dalian", "from: 38.9", "5: voyage.from: must be text, not '38.9'; put it in quotes"),
    (
        "from: Dalian",
        "from: NLRTM",
        "6: voyage.to: 'Rotterdam' is where the voyage begins; from and to must be two places",
    ),
    (
        "from: Dalian\n  to: Rotterdam",
        "from: 50,-20\n  to: 50,340",
        "6: voyage.to: '50,340' is where the voyage begins",
    ),
    ("from: Dalian", "frm: Dalian", "5: unknown key 'voyage.frm' (did you mean from?); allowed here: from, to, depart"),
    ("from: Dalian", "frm: Dalian", "4: key 'voyage.from' is missing"),
    ("from: Dalian", "from_: Dalian", "5: unknown key 'voyage.from_' (did you mean from?)"),
    ("vessel:", "vesel:", "8: unknown key 'vesel' (did you mean vessel?)"),
    ("  - route: suez", "  - rout: suez", "12: unknown key 'alternatives #1.rout' (did you mean route?)"),
    ("speed_kn: 12.7", "speed_kn: 12.7\n  2: x", "10: a key must be a word, here it is '2'"),
    ("speed_kn: 12.7", "speed_kn: 12.7\n  speed_kn: 13", "10: key 'speed_kn' is duplicated (first on line 9)"),
    ("[kara_gate]", "[kara_gat]", "15: alternatives #2.use #1: unknown passage 'kara_gat' (did you mean kara_gate?)"),
    ("passage: bosporus", "passage: arctic", "18: closures #1.passage: unknown passage 'arctic'"),
    ("passage: suez_canal", "passage: seuz", "21: waits #1.passage: unknown passage 'seuz' (did you mean suez"),
    ("water: nsr", "water: nrs", "24: speeds #1.water: unknown water 'nrs' (did you mean nsr"),
    ("route: nsr", "route: nrs", "13: alternatives #2.route: unknown route 'nrs' (did you mean nsr"),
    ("baseline: suez", "baseline: sueez", "16: baseline: 'sueez' is none of the alternatives (did you mean suez?)"),
    ("by Kara Gate", "suez", "13: alternatives #2: 'suez' is duplicated (also alternative #1)"),
    (
        "wait_h: 10\n",
        "wait_h: 10\n  - passage: Suez_Canal\n    wait_h: 2\n",
        "23: waits #2.passage: 'Suez_Canal' is duplicated",
    ),
    (
        "depart: 2025-08-15",
        "depart: 2025-02-30",
        "7: voyage.depart: '2025-02-30' is no date (day is out of range for mon",
    ),
    ("depart: 2025-08-15", "depart: '2025'", "7: voyage.depart: '2025' is no date; write a date as 2025-08-15 or 2025"),
    ("depart: 2025-08-15", "depart: 2025", "7: voyage.depart: '2025' is no date"),
    ("depart: 2025-08-15", "depart: 20250815", "7: voyage.depart: '20250815' is no date"),
    ("depart: 2025-08-15", "depart: 2025-W33-5", "7: voyage.depart: '2025-W33-5' is no date"),
    ("depart: 2025-08-15", "depart: soon", "7: voyage.depart: 'soon' is no date"),
    ("depart: 2025-08-15", "depart: [2025]", "7: voyage.depart: '[2025]' is no date"),
    ("depart: 2025-08-15", "depart: 9999-12-31", "7: voyage.depart: the year 9999 is outside 1900 to 2200"),
    ("depart: 2025-08-15", "depart:", "7: voyage.depart: value is empty; write a date as 2025-08-15"),
    (
        "speed_kn: 12.7",
        "speed_kn: fast",
        "9: vessel.speed_kn: must be a number, allowed is 0.1 to 60 knots, not 'fast'",
    ),
    ("speed_kn: 12.7", "speed_kn: '12.7'", "9: vessel.speed_kn: must be a number"),
    (
        "speed_kn: 12.7",
        "speed_kn: true",
        "9: vessel.speed_kn: must be a number, allowed is 0.1 to 60 knots, not 'true'",
    ),
    ("speed_kn: 12.7", "speed_kn: -3", "9: vessel.speed_kn: is -3, allowed is 0.1 to 60 knots"),
    ("speed_kn: 12.7", "speed_kn: 1e-300", "9: vessel.speed_kn: is 1e-300, allowed is"),
    ("speed_kn: 12.7", "speed_kn: .inf", "9: vessel.speed_kn: is inf, allowed is"),
    ("speed_kn: 12.7", "speed_kn: .nan", "9: vessel.speed_kn: is nan, allowed is"),
    ("speed_kn: 12.7", "speed_kn: 1e400", "9: vessel.speed_kn: is inf, allowed is"),
    ("speed_kn: 12.7", "speed_kn: " + "9" * 300, "9: vessel.speed_kn: "),
    ("speed_kn: 12.7", "speed_kn: " + "9" * 9000, "9: vessel.speed_kn: the number 9999"),
    (
        "speed_kn: 12.7",
        "speed_kn:",
        "9: vessel.speed_kn: must be a number, allowed is 0.1 to 60 knots; value is empty",
    ),
    (
        "speed_kn: 12.7",
        "speed_kn: {a: 1}",
        "9: vessel.speed_kn: must be a number, allowed is 0.1 to 60 knots, not a sec",
    ),
    ("draft_m: 9.8", "draft_m: 0", "10: vessel.draft_m: is 0, allowed is more than 0 and at most 1000 metres"),
    ("wait_h: 10", "wait_h: -1", "22: waits #1.wait_h: is -1, allowed is 0 to 8760 hours"),
    (
        "wait_h: 10",
        "wait_h: !!python/object:os.system 10",
        "22: tag 'tag:yaml.org,2002:python/object:os.system' is not all",
    ),
    ("name: good", "name: 2025", "2: name: must be text, not '2025'; put it in quotes"),
    ("name: good", "name: ''", "2: name: is empty"),
    ("name: good", "name: ' '", "2: name: is empty"),
    ("name: good", "name: " + "x" * 201, "2: name: has 201 characters, at most 200 are allowed"),
    ("name: good", 'name: "a\\e[31m"', "2: name: must be one line without control characters"),
    ("name: good", 'name: "a\\ud800"', "2: 'a\\ud800' holds half a character"),
    ("A good scenario", "|\n  two\n  lines", "3: description: must be one line"),
    ("baseline: suez", "canal_speed_limits: yes", "16: canal_speed_limits: must be true or false, not 'yes'"),
    ("format: 1", "format: 2", "1: format '2' is not known; this program reads format: 1"),
    ("format: 1", "format: true", "1: format 'True' is not known"),
    ("format: 1", "format: '1'", "1: format '1' is not known"),
    ("format: 1", "", "2: key 'format' is missing"),
    ("reason: works", "reason: [works]", "19: closures #1.reason: must be text, not a list"),
    ("passage: bosporus", "passage: ''", "18: closures #1.passage: is empty"),
]


@pytest.mark.parametrize(("old", "new", "said"), CASES, ids=[c[1].strip()[:30] + f" {k}" for k, c in enumerate(CASES)])
def test_bad_input_is_told(file: Path, old: str, new: str, said: str) -> None:
    found = problems(file, changed((old, new)))
    assert any(said in p for p in found), found
    assert all(p.isprintable() and len(p) < 1000 for p in found)


def section(name: str, value: str) -> str:
    """The good scenario with one section exchanged."""
    return re.sub(rf"^{name}:.*\n((?:[ -]+.*\n)*)", f"{name}: {value}\n", GOOD, flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (section("alternatives", "suez"), "11: alternatives: must be a list, not 'suez'"),
        (section("alternatives", "[]"), "11: alternatives: has 0 entries, at least 1 must be there"),
        (section("alternatives", "[suez]"), "11: alternatives #1: must be a section of keys, not 'suez'"),
        (
            section("alternatives", str([{"route": "suez", "name": str(k)} for k in range(21)])),
            "11: alternatives: has 21",
        ),
        (section("voyage", ""), "4: voyage: must be a section of keys; value is empty"),
        (section("voyage", "[1]"), "4: voyage: must be a section of keys, not a list"),
        (section("closures", "bosporus"), "17: closures: must be a list, not 'bosporus'"),
        (GOOD.replace("[kara_gate]", "kara_gate"), "15: alternatives #2.use: must be a list, not 'kara_gate'"),
        (
            GOOD.replace("[kara_gate]", str(["kara_gate"] * 7)),
            "15: alternatives #2.use: has 7 entries, at most 6 must be",
        ),
        (GOOD.replace("[kara_gate]", "[a1, b1, c1, d1, e1]"), "15: alternatives #2.use: 5 passages and 2 of the route"),
        ("- a\n- b\n", "1: a scenario is sections such as 'voyage:', this is a list"),
        ("just text\n", "1: a scenario is sections such as 'voyage:', this is the single value 'just text'"),
        ("12\n", "1: a scenario is sections"),
        ("", "1: is empty"),
        ("# a comment\n", "1: is empty"),
        (GOOD + "---\n" + GOOD, "26: a second document begins here"),
        (GOOD + "closures: " + "[" * 1000, "26: nested deeper than 12 levels"),
        (GOOD + GOOD, "26: key 'format' is duplicated (first on line 1)"),
    ],
)
def test_bad_structure_is_told(file: Path, text: str, said: str) -> None:
    found = problems(file, text)
    assert any(said in p for p in found), found


def test_a_passage_hint_is_never_a_word_of_the_inside(file: Path) -> None:
    for word in ("arctic", "@artic", "@arctc", "arktic"):
        found = problems(file, changed(("passage: bosporus", f"passage: '{word}'")))
        assert all("@" not in p.replace(f"'{word}'", "") for p in found), found


def test_every_problem_is_listed_in_the_order_of_the_lines(file: Path) -> None:
    text = changed(
        ("from: Dalian", "from: Dalien"), ("depart: 2025-08-15", "depart: soon"), ("speed_kn: 12.7", "speed: 12.7"),
        ("route: suez", "route: sues"), ("baseline: suez", "baseline: x\nbaseline: y"), ("bosporus", "bosporrus"),
    )  # fmt: skip
    lines = [int(p.split(":")[0]) for p in problems(file, text)]
    assert lines == [5, 7, 8, 9, 12, 16, 17, 19]


def test_a_flood_of_problems_is_cut(file: Path) -> None:
    found = problems(file, GOOD + "".join(f"key{k}: 1\n" for k in range(500)))
    assert len(found) == 101
    assert found[-1] == " and 400 problems more"


PORTS = "name,country,lat,lon,sea_lat,sea_lon,approach_nm\nMy terminal,NL,51.95,4.05,52.02,3.88,21.5\n"


def test_own_ports_are_found_beside_the_scenario(file: Path) -> None:
    (file.parent / "own.csv").write_text(PORTS)
    scenario = loaded(file, changed(("to: Rotterdam", "to: my terminal")) + "ports_file: own.csv\n")
    assert ports_path(scenario, file.parent) == (file.parent / "own.csv").resolve()


@pytest.mark.parametrize("name", ["../own.csv", "/etc/passwd", "sub/../../own.csv", "link.csv", "loop", "x" * 200])
def test_own_ports_cannot_lie_elsewhere(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "own.csv").write_text(PORTS)
    (folder / "link.csv").symlink_to(tmp_path / "own.csv")
    (folder / "loop").symlink_to("loop")
    found = problems(folder / "case.yaml", GOOD + f"ports_file: {name}\n")
    assert found[0].startswith("26: ports_file: ")
    if "own" in name or "link" in name or "etc" in name:
        assert f"'{name}' leaves the folder of the scenario" in found[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "own.csv:1: columns missing: name, country, lat, lon"),
        ("name,country,lat\nA,NL,1\n", "columns missing: lon"),
        (PORTS.replace("51.95", "north"), "own.csv:2: lat is 'north', allowed is a number, -90 to 90"),
        (PORTS.replace("51.95", "95"), "own.csv:2: lat is 95, allowed is -90 to 90"),
        (PORTS.replace("51.95", "nan"), "own.csv:2: lat is nan, allowed is -90 to 90"),
        (PORTS.replace("21.5", "-1"), "own.csv:2: approach_nm is -1, allowed is 0 to 2000"),
        (PORTS.replace("21.5", "far"), "own.csv:2: approach_nm is 'far', allowed is a number, 0 to 2000"),
        (PORTS.replace("52.02", ""), "own.csv:2: sea_lat is empty, it belongs together with sea_lon"),
        (PORTS.replace("My terminal", ""), "own.csv:2: name is empty, it needs a value"),
        (PORTS + 'x,"' + "y" * 200_000, "own.csv: cannot be read as CSV"),
        ("\x00\x00", "own.csv"),
    ],
)
def test_bad_own_ports_are_told(file: Path, content: str, said: str) -> None:
    (file.parent / "own.csv").write_text(content)
    found = problems(file, GOOD + "ports_file: own.csv\n")
    assert len(found) == 1
    assert found[0].startswith("26: ports_file: ")
    assert said in found[0]


def test_missing_and_unreadable_own_ports_are_told(file: Path) -> None:
    assert "no such file" in problems(file, GOOD + "ports_file: own.csv\n")[0]
    (file.parent / "own.csv").mkdir()
    assert "is not a regular file" in problems(file, GOOD + "ports_file: own.csv\n")[0]


def test_an_own_port_on_land_is_told_before_the_run(file: Path) -> None:
    (file.parent / "own.csv").write_text("name,country,lat,lon\nParis,FR,48.85,2.35\n")
    found = problems(file, changed(("to: Rotterdam", "to: Paris")) + "ports_file: own.csv\n")
    assert len(found) == 1
    assert found[0].startswith("6: voyage.to: position of port 'Paris'")


def test_a_missing_file_is_missing_data(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        load_scenario(tmp_path / "none.yaml")


def test_the_schema_describes_the_file() -> None:
    text = json.dumps(schema())
    top = schema()["properties"]
    assert {"format", "voyage", "vessel", "alternatives", "baseline", "closures", "waits", "speeds"} <= set(top)
    depart = schema()["$defs"]["Voyage"]["properties"]["depart"]
    assert re.search(depart["pattern"], "2025-08-15")
    assert re.search(depart["pattern"], "2025-08-15T06:00+08:00")
    assert not re.search(depart["pattern"], "2025")
    assert schema()["$defs"]["Voyage"]["required"] == ["from", "to", "depart"]
    assert '"additionalProperties": false' in text


def test_a_scenario_made_in_python_is_checked_too(file: Path) -> None:
    good = loaded(file, GOOD).model_dump(by_alias=True)
    assert Scenario.model_validate(good | {"baseline": None}).baseline_label == "suez"
    with pytest.raises(ValidationError, match="none of the alternatives"):
        Scenario.model_validate(good | {"baseline": "x"})
    with pytest.raises(ValidationError, match="duplicated"):
        Scenario.model_validate(good | {"alternatives": [{"route": "suez"}] * 2})


# -- any change of a good file gives a scenario or a message

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12),
        st.sampled_from(["suez", "Dalian", "nsr", "2025-08-15", "50,-20", "0,0", "@arctic", "../x", "kara_gate", 1, 0]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=4,
)  # fmt: skip
PLACES: list[tuple[Any, ...]] = [
    (), ("format",), ("name",), ("voyage",), ("voyage", "from"), ("voyage", "to"), ("voyage", "depart"), ("vessel",),
    ("vessel", "speed_kn"), ("vessel", "draft_m"), ("alternatives",), ("alternatives", 0), ("alternatives", 0, "route"),
    ("alternatives", 1, "use"), ("alternatives", 1, "name"), ("baseline",), ("closures",), ("closures", 0),
    ("closures", 0, "passage"), ("waits", 0, "wait_h"), ("speeds", 0, "water"), ("ports_file",), ("other",),
    ("canal_speed_limits",),
]  # fmt: skip


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "case.yaml"


def good_or_told(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    told = ""
    try:
        load_scenario(file)
    except (ScenarioError, DataError) as error:
        told = str(error)
    assert all(line.startswith(str(file)) for line in told.splitlines())


@pytest.fixture(scope="module")
def good_document(scratch: Path) -> Any:
    scratch.write_text(GOOD)
    return load_scenario(scratch).model_dump(by_alias=True, mode="json")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(PLACES), VALUES), min_size=1, max_size=3))
def test_any_value_anywhere_is_good_or_told(
    scratch: Path, good_document: Any, swaps: list[tuple[tuple[Any, ...], Any]]
) -> None:
    data: Any = deepcopy(good_document)
    for at, value in swaps:
        inner: Any = data
        try:
            for part in at[:-1]:
                inner = inner[part]
            inner[at[-1]] = value
        except (IndexError, KeyError, TypeError):
            data = value if not at else data
    good_or_told(scratch, json.dumps(data).encode())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_damage_to_the_text_is_good_or_told(scratch: Path, data: st.DataObject) -> None:
    content = GOOD.encode()
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        stop = min(len(content), start + data.draw(st.integers(0, 12)))
        piece = data.draw(
            st.one_of(st.binary(max_size=4), st.text(max_size=6).map(lambda t: t.encode("utf-8", "replace")))
        )
        content = content[:start] + piece + content[stop:]
    good_or_told(scratch, content)


@pytest.mark.parametrize(("key", "at"), [("speed_kn", "vessel.speed_kn"), ("draft_m", "vessel.draft_m")])
def test_a_number_of_hundreds_of_digits_is_told_once(tmp_path: Path, key: str, at: str) -> None:
    rest = "" if key == "speed_kn" else "speed_kn: 12, "
    text = (
        "format: 1\nname: n\ndescription: d\nvoyage: {from: Dalian, to: Rotterdam, depart: 2025-08-15}\n"
        f"vessel: {{type: mpp_19k_1a, {rest}{key}: 1{'0' * 310}}}\nalternatives: [{{route: suez}}]\n"
        "closures: [{passage: suez_canal, from: 2025-08-20, normal_ships_per_day: 1, arrivals_per_day: "
        f"1{'0' * 310}}}]\n"
    )
    (tmp_path / "s.yaml").write_text(text)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path / "s.yaml")
    assert [p.split(": ")[1] for p in caught.value.problems] == [at, "closures #1.arrivals_per_day"]
