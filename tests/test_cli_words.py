"""Words that people guess: the right key, option, command or name is told, wherever they write it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import sim.cli
from sim.errors import ScenarioError, did_you_mean
from sim.scenario.load import PARTS, _keys_of, scenario_of
from sim.scenario.schema import Scenario
from sim.synonyms import SYNONYMS, bare

GOOD = {
    "format": 1, "name": "short", "description": "From Rotterdam to Hamburg",
    "voyage": {"from": "Rotterdam", "to": "Hamburg", "depart": "2025-08-15"},
    "vessel": {"type": "bulk_panamax"}, "alternatives": [{"route": "usual"}],
}  # fmt: skip
PATHS = {f"{part}.{key}" for part, model in PARTS.items() for key in _keys_of(model)} | set(_keys_of(Scenario))


def problems(section: str, key: str, value: object = "x") -> str:
    data = {**GOOD, key: value} if not section else {**GOOD, section: {**dict(GOOD.get(section, {})), key: value}}
    with pytest.raises(ScenarioError) as found:
        scenario_of(data)
    return "\n".join(found.value.problems)


def test_the_table_is_written_as_it_is_looked_up_and_names_keys_that_exist() -> None:
    assert [word for word in SYNONYMS if word != bare(word)] == []
    dotted = {path for found in SYNONYMS.values() for path in found if "." in path and not path.startswith("SSP")}
    assert dotted - PATHS == set()


@pytest.mark.parametrize("word", [w for w, found in SYNONYMS.items() if any(m in PATHS for m in found)])
def test_a_guessed_key_at_the_top_is_answered_with_the_key_of_its_section(word: str) -> None:
    if word in PATHS:
        return  # it is a key itself
    first = next(m for m in SYNONYMS[word] if m in PATHS)
    assert f"unknown key '{word}' (did you mean " in (told := problems("", word))
    assert first in told.split("(did you mean ")[1].split("?)")[0] or word in {p.rsplit(".", 1)[-1] for p in PATHS}


@pytest.mark.parametrize(
    ("section", "word", "meant"),
    [
        ("", "origin", "voyage.from"), ("", "to", "voyage.to"), ("", "ship", "vessel"), ("", "routes", "alternatives"),
        ("", "ssp", "ice.pathway"), ("", "fuel_price", "costs.fuel_usd_t"), ("", "Fuel Price", "costs.fuel_usd_t"),
        ("", "draft_m", "vessel.draft_m"), ("voyage", "departure", "depart"), ("vessel", "draught", "draft_m"),
        ("voyage", "when", "depart"), ("costs", "bunker", "fuel_usd_t"), ("ice", "month", "voyage.depart"),
        ("vessel", "fuel_price", "costs.fuel_usd_t"), ("voyage", "frm", "from"), ("costs", "co2-price", "eua_eur_t"),
    ],
)  # fmt: skip
def test_the_key_that_is_meant(section: str, word: str, meant: str) -> None:
    assert f"(did you mean {meant}" in problems(section, word)


@pytest.mark.parametrize(
    ("word", "meant"), [("handymax", "bulk_supramax"), ("Panamax", "bulk_panamax"), ("capesize", "bulk_capesize")]
)
def test_kinds_of_ships(word: str, meant: str) -> None:
    assert f"(did you mean {meant}" in problems("vessel", "type", word)


def test_one_fault_in_the_only_alternative_is_one_problem() -> None:
    told = problems("", "alternatives", [{"route": "suez", "speed": 12}])
    assert told.count("\n") == 0
    assert "(did you mean speed_kn?)" in told
    assert "(did you mean route?)" in problems("", "alternatives", [{"via": "suez"}])


def test_only_names_that_exist_are_suggested_and_spelling_comes_after_meaning() -> None:
    assert did_you_mean("origin", ["--from", "--to"]) == " (did you mean --from?)"
    assert did_you_mean("origin", ["aaa"]) == ""
    assert did_you_mean("suex", ["suez", "cape"]) == " (did you mean suez?)"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["help"], "(did you mean --help?)"),
        (["version"], "(did you mean --version?)"),
        (["simulate", "x.yaml"], "No such command 'simulate' (did you mean run?)"),
        (["distances", "--origin", "Dalian"], "--from"),
        (["route", "Dalian", "Rotterdam", "--closed", "suez"], "--close"),
        (["route", "Dalian", "Rotterdam", "--draught", "12"], "--draft"),
        (["route", "Dalian", "Rotterdam", "--via", "northern sea route"], "(did you mean nsr?)"),
        (["run", "x.yaml", "--output", "d"], "--out"),
        (["breakeven", "SUMMER", "--on", "fuel_price"], "(did you mean "),
    ],
)
def test_guessed_commands_and_options_end_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    summer = str(Path(__file__).parents[1] / "scenarios" / "01-nsr-summer.yaml")
    monkeypatch.setattr(sys, "argv", ["northabout", *(summer if a == "SUMMER" else a for a in arguments)])
    with pytest.raises(SystemExit) as ended:
        sim.cli.main()
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
