"""Scenarios with ice as users write them: what the seasons, years, rules and escorts do, and what is told of faults."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import geodata
import sim.cli

BASE = """\
format: 1
name: ice
description: From Murmansk to Yokohama in ice
voyage:
  from: Murmansk
  to: Yokohama
  depart: {depart}
vessel:
  type: {ship}
alternatives:
  - route: nsr
{more}ice:{ice}
"""
JULY, NOVEMBER, FEBRUARY, AUGUST = "2025-07-05", "2025-11-10", "2025-02-10", "2025-08-20"


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)

    @property
    def first(self) -> dict[str, Any]:
        found: dict[str, Any] = self.document["alternatives"][0]
        return found


Run = Callable[..., Answer]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Write a scenario and run it. `ice` is a flow mapping without braces; `more` follows the alternatives."""
    monkeypatch.chdir(tmp_path)

    def do(ice: str = "", *, ship: str = "lng_yamalmax", depart: str = JULY, more: str = "", text: str = "") -> Answer:
        path = tmp_path / "case.yaml"
        path.write_text(
            text or BASE.format(depart=depart, ship=ship, more=more, ice=f" {{{ice}}}"), encoding="utf-8"
        )  # fmt: skip
        monkeypatch.setattr(sys, "argv", ["northabout", "run", str(path), "--json"])
        with pytest.raises(SystemExit) as ended:
            sim.cli.main()
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        assert "internal error" not in captured.err
        assert isinstance(ended.value.code, int)
        return Answer(ended.value.code, captured.out, captured.err)

    return do


def days(answer: Answer) -> float:
    assert answer.code == 0, answer.err
    value = answer.first["days"]
    assert isinstance(value, float)
    return value


# -- which ice


def test_an_empty_section_is_the_climate_of_the_voyage(run: Run) -> None:
    answer = run()
    assert days(answer) > 0
    assert "2025" in answer.document["ice"]
    assert set(answer.first["ice"]) >= {"ice_nm", "ice_delay_days", "escort_nm", "risk_days", "lowest_rio"}
    assert answer.document["ice"] == run("year: 2025").document["ice"]


def test_a_section_without_keys_is_an_empty_one(run: Run) -> None:
    bare = BASE.format(depart=JULY, ship="lng_yamalmax", more="", ice="")
    answer = run(text=bare)
    assert answer.code in (0, 3)
    if answer.code == 3:  # YAML reads nothing as null: then it must be told so
        assert "case.yaml:11" in answer.err and "ice" in answer.err
    else:
        assert "ice" not in answer.document


def test_without_the_section_there_is_no_ice(run: Run) -> None:
    text = BASE.format(depart=JULY, ship="lng_yamalmax", more="", ice="").replace("ice:\n", "")
    answer = run(text=text)
    assert answer.code == 0
    assert "ice" not in answer.first
    assert answer.first["days"] < days(run("season: severe"))


@pytest.mark.parametrize(("ship", "depart"), [("lng_yamalmax", JULY), ("cont_3600_1a", "2025-11-01")])
def test_seasons_are_in_order(run: Run, ship: str, depart: str) -> None:
    mild, normal, severe = (
        days(run(f"season: {s}, max_risk: special, admission: none", ship=ship, depart=depart))
        for s in ("mild", "normal", "severe")
    )
    assert mild < normal < severe


def test_later_years_have_less_ice(run: Run) -> None:
    by_year = [days(run(f"year: {y}, season: normal, max_risk: special, admission: none")) for y in (2000, 2030, 2050)]
    assert by_year[0] > by_year[1] > by_year[2]
    warm = days(run("year: 2090, pathway: SSP5-8.5, season: normal, max_risk: special, admission: none"))
    cool = days(run("year: 2090, pathway: SSP1-1.9, season: normal, max_risk: special, admission: none"))
    assert warm < cool


def test_pathways_have_a_default_and_free_spelling(run: Run) -> None:
    default = run("year: 2050")
    assert "SSP2-4.5" in default.document["ice"]
    assert days(run("year: 2050, pathway: ssp245")) == days(default)


def test_a_decade_lies_between_its_years(run: Run) -> None:
    options = "season: normal, max_risk: special, admission: none"
    decade = run(f"epoch: 2030s, {options}")
    assert "2030s" in decade.document["ice"]
    ends = [days(run(f"year: {y}, {options}")) for y in (2030, 2039)]
    assert min(ends) <= days(decade) <= max(ends)
    assert days(run(f"epoch: 1990s, {options}")) > days(decade)


def test_the_mean_field_has_less_ice_than_a_single_year(run: Run) -> None:
    options = "season: normal, max_risk: special, admission: none"
    assert days(run(f"field: mean, {options}")) < days(run(options))


def test_a_random_season_is_its_seed(run: Run) -> None:
    first, again, other = (run(f"season: random, seed: {s}") for s in (1, 1, 2))
    assert first.out == again.out
    assert first.document["ice"] != other.document["ice"]
    assert days(first) != days(other)


# -- rules and escort


def own_rules(tmp_path: Path, flag: str) -> None:
    """The shipped table with one verdict for all."""
    with geodata.table("nsr_admission.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row |= {"heavy": flag, "medium": flag, "light": flag, "ice_free": flag, "source": "made up"}
    with (tmp_path / "own.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_own_rules_decide(run: Run, tmp_path: Path) -> None:
    own_rules(tmp_path, "1")
    assert days(run("admission: own.csv", ship="cont_3600_1a", depart=AUGUST)) == days(
        run("admission: none", ship="cont_3600_1a", depart=AUGUST)
    )
    own_rules(tmp_path, "0")
    shut = run("admission: own.csv", ship="cont_3600_1a", depart=AUGUST)
    assert shut.code == 1
    assert shut.first["status"] == "closed"
    assert "not admitted" in shut.first["reason"]
    assert shut.first["days"] is None


@pytest.mark.parametrize("depart", ["2018-06-26", "2021-01-05", "2021-02-05"])
def test_carriers_that_sailed_alone_are_admitted_by_permit_and_not_by_the_letter(run: Run, depart: str) -> None:
    """Vladimir Rusanov and Eduard Toll, June 2018; Christophe de Margerie, January 2021, and one more by February."""
    for rules in ("nsr", "rules_2020", "ice_only"):
        assert run(f"admission: {rules}", depart=depart).first["status"] == "ok"
    letter = run("admission: rules_2013", depart=depart).first
    assert letter["status"] == "closed" and "not admitted (2013 Rules, Annex 2" in letter["reason"]


@pytest.mark.parametrize(
    ("ice", "ship", "depart", "closer", "words"),
    [
        (
            "admission: rules_2013, escort: when_needed",
            "mpp_19k_1a",
            "2035-12-20",
            "rule",
            "by the rules, the ice would allow it: Kara Sea",
        ),
        ("admission: nsr", "bulk_handy", FEBRUARY, "both", "by the rules and by the ice: Barents Sea"),
        ("admission: ice_only", "bulk_handy", FEBRUARY, "ice", "by the ice: Barents Sea"),
    ],
)
def test_it_is_told_whether_ice_or_rules_close_the_way(
    run: Run, ice: str, ship: str, depart: str, closer: str, words: str
) -> None:
    shut = run(ice, ship=ship, depart=depart).first
    assert shut["status"] in ("closed", "beset") and shut["closed_by"] == closer
    assert words in shut["reason"]


@pytest.mark.parametrize(("origin", "depart"), [("Murmansk", "2050-08-25"), ("Rotterdam", "2050-06-01")])
def test_the_transpolar_route_keeps_off_the_northern_sea_route_in_ice(run: Run, origin: str, depart: str) -> None:
    text = BASE.format(depart=depart, ship="lng_yamalmax", more="", ice=" {}")
    text = text.replace("route: nsr", "route: transpolar").replace("from: Murmansk", f"from: {origin}")
    polar = run(text=text).first
    assert polar["status"] == "ok" and polar["ice"]["ice_nm"] > 500
    assert polar["ice"]["nsr_nm"] < 15  # half a cell of the ice where the limit cuts it


def test_a_voyage_that_arrives_is_closed_by_nothing(run: Run) -> None:
    assert "closed_by" not in run(depart=AUGUST).first


def test_a_word_for_no_rules_may_be_spelled_in_two_ways(run: Run) -> None:
    told = [run(f"admission: {word}", depart=FEBRUARY).document for word in ("none", "ice_only")]
    assert told[0] == told[1]


def test_the_rules_shut_the_winter_to_a_light_ship(run: Run) -> None:
    shut = run(ship="bulk_handy", depart=FEBRUARY)
    assert shut.code == 1
    assert shut.first["status"] == "closed"
    assert shut.first["blocked_at"]["date"].startswith("2025-02")
    assert 45 < shut.first["blocked_at"]["lon"] < 191
    open_water = run("admission: none, year: 2090, pathway: SSP5-8.5", ship="bulk_handy", depart="2025-09-10")
    assert open_water.code == 0


def test_an_escort_for_one_alternative(run: Run) -> None:
    more = "  - {route: nsr, name: led, escort: always}\n  - {route: nsr, name: helped, escort: when_needed}\n"
    answer = run("season: normal, year: 2010, admission: none, max_risk: special, escort_wait_h: 24", more=more)
    assert answer.code == 0, answer.err
    alone, led, helped = answer.document["alternatives"]
    assert alone["ice"]["escort_nm"] == 0
    assert alone["ice"]["escort_wait_days"] == 0
    assert led["ice"]["escort_nm"] > 0
    assert led["ice"]["escort_wait_days"] >= 1
    assert helped["ice"]["escort_nm"] <= led["ice"]["escort_nm"]


def test_an_alternative_without_the_escort_of_the_section(run: Run) -> None:
    answer = run("season: severe, year: 2000, admission: none, escort: always",
                 more="  - {route: nsr, name: alone, escort: none}\n")  # fmt: skip
    led, alone = answer.document["alternatives"]
    assert led["ice"]["escort_nm"] > 0
    if alone["status"] == "ok":
        assert alone["ice"]["escort_nm"] == 0


def test_an_escort_where_none_is_offered(run: Run) -> None:
    answer = run(more="  - {route: suez, name: south, escort: always}\n")
    assert answer.code == 3
    assert "'south'" in answer.err
    assert "no icebreaker" in answer.err
    assert "Northern Sea Route" in answer.err
    assert answer.out == ""


def test_an_escort_of_the_section_is_for_the_routes_that_have_one(run: Run) -> None:
    more = "  - {route: suez}\n"
    answer = run("escort: when_needed", more=more)
    assert answer.code == 0, answer.err
    assert answer.document["alternatives"][1]["ice"]["escort_nm"] == 0
    text = BASE.format(depart=JULY, ship="lng_yamalmax", more="", ice=" {escort: always}").replace("nsr", "suez")
    assert run(text=text).code == 3


# -- faults


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("type: lng_yamalmax", "type: lng_yamalmaks", 9, "did you mean lng_yamalmax"),
        ("type: lng_yamalmax", "type: lng_yamalmax\n  ice_class: Ark7", 10, "did you mean Arc7"),
        ("ice: {}", "ice: {pathway: SSP2-4.6}", 12, "did you mean SSP2-4.5"),
        ("ice: {}", "ice: {epoch: 2031s}", 12, "2030s"),
        ("ice: {}", "ice: {year: 1950}", 12, "1979 to 2100"),
        ("ice: {}", "ice: {year: 2101}", 12, "1979 to 2100"),
        ("ice: {}", "ice: {season: sevre}", 12, "did you mean severe"),
        ("ice: {}", "ice: {escort: sometimes}", 12, "allowed: none, when_needed, always"),
        ("ice: {}", "ice: {max_rsk: special}", 12, "did you mean max_risk"),
        ("ice: {}", "ice: {season: random}", 12, "a random season needs a seed"),
        ("ice: {}", "ice: {seed: 3}", 12, "a seed a random season"),
        ("ice: {}", "ice: {year: 2030, epoch: 2030s}", 12, "not both"),
        ("ice: {}", "ice: {variable: siconc}", 12, "variable goes with a file"),
        ("ice: {}", "ice: {file: a.nc, season: mild}", 12, "season goes with the built-in climate"),
        ("ice: {}", "ice: {old_ice_fraction: 1.5}", 12, "allowed is 0 to 1"),
        ("ice: {}", "ice: {convoy_cap_kn: 0}", 12, "1 to 25 knots"),
        ("ice: {}", "ice: {admission: nowhere.csv}", 12, "nowhere.csv"),
        ("ice: {}", "ice: {admission: rules_202}", 12, "did you mean rules_2020"),
        ("ice: {}", "ice: {admission: iceonly}", 12, "did you mean ice_only"),
        ("ice: {}", "ice: {admission: practice}", 12, "did you mean practice_2023"),
        ("ice: {}", "ice: {admission: NSRR}", 12, "allowed: ice_only, nsr, rules_2013, rules_2020, practice_2023, or"),
        ("ice: {}", "ice: {file: ../a.nc}", 12, "a.nc"),
        ("ice: {}", "ice: {}\nobjective: tyme", 13, "did you mean time"),
        ("type: lng_yamalmax", "speed_kn: 14", 8, "'type'"),
    ],
)
def test_a_fault_is_told_with_its_line(run: Run, old: str, new: str, line: int, said: str) -> None:
    text = BASE.format(depart=JULY, ship="lng_yamalmax", more="", ice=" {}")
    assert old in text
    answer = run(text=text.replace(old, new))
    assert answer.code == 3
    assert f"case.yaml:{line}:" in answer.err
    assert said in answer.err
    assert answer.out == ""


def test_a_file_that_is_not_there(run: Run) -> None:
    answer = run("file: missing.nc")
    assert answer.code == 4
    assert "missing.nc" in answer.err
    assert answer.out == ""


def test_a_file_that_is_no_netcdf(run: Run, tmp_path: Path) -> None:
    (tmp_path / "text.nc").write_text("no ice here", encoding="utf-8")
    answer = run("file: text.nc")
    assert answer.code == 4
    assert "text.nc" in answer.err


def test_an_escort_without_ice(run: Run) -> None:
    text = BASE.format(depart=JULY, ship="lng_yamalmax", more="  - {route: nsr, name: led, escort: always}\n", ice="")
    answer = run(text=text.replace("ice:\n", ""))
    assert answer.code == 3
    assert "case.yaml:12:" in answer.err
    assert "'ice'" in answer.err


def test_a_departure_outside_the_climate(run: Run) -> None:
    """The voyage's own year is the climate's: one that no climate knows needs `year` or `epoch`."""
    answer = run(depart="2150-07-05")
    assert answer.code in (2, 3)
    assert "2150" in answer.err
    assert "2100" in answer.err
    assert run("year: 2100", depart="2150-07-05").code == 0


def test_every_fault_at_once(run: Run) -> None:
    answer = run("year: 1900, escort: maybe, pathway: SSP9", ship="lng_yamalmaks")
    assert answer.code == 3
    for word in ("year", "escort", "pathway", "lng_yamalmaks"):
        assert word in answer.err
    assert answer.err.count("case.yaml:") == 4


def test_objectives_from_a_file(run: Run) -> None:
    found = {}
    for objective in ("time", "fuel", "distance"):
        ice = " {year: 2000, season: severe, max_risk: special, admission: none}\nobjective: " + objective
        text = BASE.format(depart=JULY, ship="cargo_arc7_norilsk", more="", ice=ice)
        answer = run(text=text)
        assert answer.code == 0, answer.err
        found[objective] = answer.first
    assert found["time"]["sailing_days"] == min(f["sailing_days"] for f in found.values())
    assert found["distance"]["distance_nm"] == min(f["distance_nm"] for f in found.values())
