"""The first scenario: valid as it is and with every comment opened, whatever it is asked to hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import UsageError
from sim.geo.ports import PortTable
from sim.scenario.load import load_scenario, problems_of, scenario_of
from sim.scenario.schema import Scenario
from sim.scenario.starter import _quoted, starter
from sim.scenario.yaml_text import parse_document
from sim.units import MONTH_NAMES


@pytest.fixture(scope="module", autouse=True)
def _one_list_of_ports() -> Iterator[None]:
    """Read the shipped ports once: these scenarios add none to it but one test's."""
    load, kept = PortTable.load, PortTable.load()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PortTable, "load", lambda: kept)
        yield
    assert PortTable.load == load


def problems(text: str, folder: Path = Path("/nonexistent")) -> list[str]:
    return [said for _, said in problems_of(parse_document(text, "s"), folder)]


def opened(text: str, key: str) -> str:
    """The text with the commented lines of a key, or of a section, opened once."""
    lines, within, indent = [], False, ""
    for line in text.splitlines():
        found = re.match(r"(\s*)# (.*)", line)
        if found and (begins := re.match(rf"{key}:", found[2])):
            within, indent = bool(begins), found[1]
        elif within and not (found and found[1] == indent and re.match(r"  ", found[2])):
            within = False
        lines.append(indent + found[2] if within and found else line)
    return "\n".join(lines) + "\n"


def commented(text: str) -> list[str]:
    return re.findall(r"^ *# ([a-z_]+):", text, re.MULTILINE)


def test_every_section_is_shown() -> None:
    text = starter("first")
    keys = set(re.findall(r"^(?:# )?([a-z_]+):", text, re.MULTILINE))
    assert keys == {f.alias or key for key, f in Scenario.model_fields.items()}
    assert "\t" not in text
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize("whole", [False, True])
def test_each_comment_is_valid_once_it_is_opened(whole: bool, tmp_path: Path) -> None:
    (tmp_path / "own-ports.csv").write_text("name,country,lat,lon\nHere,NO,70,20\n")
    text = starter("first", ice=whole, costs=whole)
    assert problems(text) == []
    keys = commented(text)
    assert {"closures", "waits", "speeds", "ports_file", "patience_days", "draft_m"} <= set(keys)
    for key in keys:
        changed = opened(text, key)
        assert changed != text, key
        assert problems(changed, tmp_path) == [], key
        for inner in set(commented(changed)) - set(keys):  # of a section that was a comment
            assert problems(opened(changed, inner), tmp_path) == [], (key, inner)


def test_it_holds_what_is_asked_for() -> None:
    text = starter(
        "mine", origin="Shanghai", destination="NLRTM", depart="2031-01-02T03:00", ship="Bulk_Panamax",
        routes=["Suez", "any", "suez"], ice=True, costs=True,
    )  # fmt: skip
    found = scenario_of(parse_document(text, "s").data)
    assert (found.voyage.from_, found.voyage.to, found.voyage.depart.hour) == ("Shanghai", "NLRTM", 3)
    assert (found.vessel.type, [a.route for a in found.alternatives]) == ("bulk_panamax", ["suez", "any"])
    assert (found.ice is not None, found.costs is not None, found.baseline) == (True, True, "suez")


@settings(max_examples=40)
@given(name=st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=40))
def test_any_name_comes_back(name: str) -> None:
    assert parse_document(f"name: {_quoted(name)}\n", "s").data == {"name": name}


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"origin": "Shangai"}, "did you mean Shanghai"), ({"destination": "95,10"}, "95"),
        ({"ship": "panamax"}, "did you mean bulk_panamax"), ({"routes": ["northern"]}, "did you mean nsr"),
        ({"depart": "soon"}, "'soon' is no date"), ({"origin": "NLRTM"}, "must be two places"),
        ({"depart": "2150-01-01", "ice": True}, "2100"),
    ],
)  # fmt: skip
def test_what_does_not_exist_is_told_with_the_nearest(how: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        starter("first", **how)  # type: ignore[arg-type]


def test_the_file_is_read_as_any_other(tmp_path: Path) -> None:
    path = tmp_path / "first.yaml"
    path.write_text(starter("first"), encoding="utf-8")
    assert load_scenario(path).voyage.depart.strftime("%B") in MONTH_NAMES
