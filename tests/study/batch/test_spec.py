"""The study file and its plan: every fault with file and line before anything runs; sizes; the shipped studies."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.errors import DataError, ScenarioError
from sim.study.batch.plan import plan_of
from sim.study.batch.spec import Study, load_study

ROOT = Path(__file__).parents[3]
SHIPPED = sorted((ROOT / "scenarios" / "studies").glob("*.yaml"))
PAGE = ROOT / "docs" / "study-file.md"
HEAD = """\
format: 1
name: s
description: s
base:
  voyage: {from: Dalian, to: Rotterdam, depart: 2030-08-15}
  vessel: {type: mpp_19k_1a}
  alternatives: [{route: suez}, {route: nsr}]
  ice: {escort: when_needed}
"""


def loaded(tmp_path: Path, tail: str, head: str = HEAD) -> Study:
    file = tmp_path / "s.yaml"
    file.write_text(head + tail, encoding="utf-8")
    return load_study(file)


def planned(tmp_path: Path, tail: str) -> Study:
    study = loaded(tmp_path, tail)
    plan_of(study)
    return study


FAULTS = [
    ("vary: {ice.pathwy: [a]}\nmethod: grid\n", r"s.yaml:9: vary.ice.pathwy: unknown key .*did you mean ice.pathway"),
    ("vary: [1]\nmethod: grid\n", r"s.yaml:9: vary: must be keys of the scenario"),
    ("vary:\n  ice: [1]\n  ice.year: [2030]\nmethod: grid\n", r"s.yaml:11: vary.ice.year: lies within 'ice'"),
    ("vary: {ice.year: [2030]}\nmethod: gird\n", r"s.yaml:10: method: 'gird' is not known .did you mean grid"),
    ("vary: {ice.year: [2030]}\nmethod: sobol\n", r"method: sobol needs 'samples'\n.*method: sobol needs 'seed'"),
    ("vary: {ice.year: [2030]}\nmethod: grid\nsamples: 3\n", r"s.yaml:11: samples: goes with monte_carlo and sobol"),
    ("vary: {ice.year: [2030]}\nmethod: sobol\nsamples: 100\nseed: 1\n", r"100 is no power of 2.*nearest 64, 128"),
    (
        "vary: {ice.year: [2030]}\nmethod: monte_carlo\nsamples: 0\nseed: -1\n",
        r"samples: is 0.*\n.*seed: is -1, allowed",
    ),
    ("vary: {ice.year: [2030]}\nmethod: grid\nseeds: 3\n", r"s.yaml:11: unknown key 'seeds' .did you mean seed"),
    ("vary: {ice.year: {uniform: [2030, 2040]}}\nmethod: grid\n", r"'uniform' does not go with a grid"),
    ("vary: {ice.seed: [1, 2]}\nmethod: grid\n", r"a seed goes with 'season: random'"),
    (
        "vary:\n  ice.year:\n    - 2030\n    - 1900\nmethod: grid\n",
        r"s.yaml:12: vary.ice.year = 1900: ice.year: is 1900",
    ),
    (
        "vary: {vessel.speed_kn: {uniform: [9, 30]}}\nmethod: monte_carlo\nsamples: 1\nseed: 1\n",
        r"= 30.0: .*at most 14 kn",
    ),
    ("vary: {ice.pathway: [SSP9]}\nmethod: grid\n", r"s.yaml:9: vary.ice.pathway = SSP9: .*unknown pathway 'SSP9'"),
    ("vary: {alternatives.1.route: [cape]}\nmethod: grid\n", r"changes what an alternative is called"),
    (
        "vary: {ice.season: [own, mild], ice.year: [2020, 2030]}\nmethod: grid\n",
        r"'own' is known up to 2024, not for 2030",
    ),
    (
        "vary: {ice.year: [2020, 2030], ice.season: [mild, own]}\nmethod: grid\n",
        r"ice.year = 2030: .*'own' is known up to",
    ),
    ("vary: {closures.0.lasts_days: [3]}\nmethod: grid\n", r"entries count from 0, it is empty"),
    ("vary: {ice.year: [2030], ice.epoch: [2030s]}\nmethod: grid\n", r"give a year or an epoch, not both"),
]


@pytest.mark.parametrize(("tail", "said"), FAULTS, ids=lambda text: re.sub(r"\W+", " ", text)[:40])
def test_a_faulty_study_is_told_with_its_line(tmp_path: Path, tail: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        planned(tmp_path, tail)


def test_one_fault_is_told_once_and_where_it_stands(tmp_path: Path) -> None:
    tail = "vary:\n  vessel.speed_kn: {uniform: [9, 30]}\n  ice.pathway: [SSP9, SSP2-4.5]\nmethod: monte_carlo\n"
    with pytest.raises(ScenarioError) as error:
        planned(tmp_path, tail + "samples: 9\nseed: 1\n")
    assert [re.findall(r"yaml:(\d+): vary\.([\w.]+)", p)[0] for p in error.value.problems] == [
        ("10", "vessel.speed_kn"), ("11", "ice.pathway"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a\n", "a study is keys such as 'vary:', this is a list"),
        ("format: 2\n", "key 'vary' is missing"),
        ("format: 2\n", "format '2' is not known"),
        (HEAD.replace("Dalian", "Dalia"), r"s.yaml:5: base: voyage.from: unknown port 'Dalia' .did you mean Dalian"),
        (HEAD.replace("route: nsr", "rout: nsr"), r"s.yaml:7: base: unknown key 'alternatives #2.rout'"),
        (HEAD.replace("name: s\n", "name: ''\n"), "name: must be text of 1 to 200 characters"),
        (
            "format: 1\nname: s\ndescription: s\nbase: 5\nvary: {a: [1]}\nmethod: grid\n",
            "s.yaml:4: base: must be the file",
        ),
        ("format: 1\nname: s\ndescription: s\nbase: ../x.yaml\n", "leaves the folder of the study; --base names"),
    ],
    ids=range(8),
)
def test_a_file_that_is_no_study_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        loaded(tmp_path, "", text)


def test_how_long_a_closure_lasts_is_checked(tmp_path: Path) -> None:
    closed = HEAD + "  closures: [{passage: suez_canal, from: 2030-08-20}]\n"
    tail = "vary: {closures.0.from: [2030-08-20, 2030-09-20], closures.0.lasts_days: {uniform: [LOW, 90]}}\n"
    tail += "method: monte_carlo\nsamples: 9\nseed: 1\n"
    study = loaded(tmp_path, tail.replace("LOW", "1"), closed)
    assert plan_of(study).voyages == 18
    with pytest.raises(ScenarioError, match=r"s.yaml:10: vary.closures.0.lasts_days = -1.0: .*not after the beginning"):
        plan_of(loaded(tmp_path, tail.replace("LOW", "-1"), closed))
    with pytest.raises(ScenarioError, match=r"lasts_days = 1.0: .*'until'.* goes with 'from'|goes with 'from'"):
        plan_of(
            loaded(
                tmp_path,
                tail.replace("LOW", "1").replace("closures.0.from: [2030-08-20, 2030-09-20], ", ""),
                closed.replace(", from: 2030-08-20", ""),
            )
        )
    both = "vary: {closures.0.until: [2030-09-20], closures.0.lasts_days: [3]}\nmethod: grid\n"
    with pytest.raises(ScenarioError, match="sets 'until', which is varied too"):
        loaded(tmp_path, both, closed)


def test_a_base_is_a_file_beside_the_study_or_any_that_is_given(tmp_path: Path) -> None:
    scenario = "format: 1\nname: b\ndescription: b\nvoyage: {from: Dalian, to: Busan, depart: 2030-08-15}\n"
    scenario += "vessel: {speed_kn: 12}\nalternatives: [{route: usual}]\n"
    head = "format: 1\nname: s\ndescription: s\nbase: b.yaml\nvary: {vessel.speed_kn: [10, 12]}\nmethod: grid\n"
    with pytest.raises(DataError, match=r"b.yaml: no such file"):
        loaded(tmp_path, "", head)
    (tmp_path / "b.yaml").write_text(scenario)
    assert loaded(tmp_path, "", head).labels == ("usual",)
    other = tmp_path / "far" / "c.yaml"
    other.parent.mkdir()
    other.write_text(scenario.replace("{route: usual}", "{route: usual}, {route: any}"))
    study = load_study(tmp_path / "s.yaml", other)
    assert (study.labels, study.folder) == (("usual", "any"), other.parent)
    (tmp_path / "b.yaml").write_text(scenario.replace("Busan", "Busann"))
    with pytest.raises(ScenarioError, match=r"b.yaml:4: voyage.to: unknown port 'Busann'"):
        loaded(tmp_path, "", head)


def test_a_random_season_gives_each_draw_a_seed(tmp_path: Path) -> None:
    head = HEAD.replace("escort: when_needed", "season: random")
    study = loaded(tmp_path, "vary: {ice.year: [2030, 2031]}\nmethod: grid\n", head)
    seeds = [study.draws.values(k)["ice.seed"] for k in range(2)]
    assert len(set(seeds)) == 2 and None not in seeds
    told = [v.told() for v in study.variations]
    assert told[1] == {"key": "ice.seed", "kind": "seed", "type": "integer", "implied": True}
    same = loaded(tmp_path, "vary: {ice.year: [2030, 2031], ice.seed: [5, 6]}\nmethod: grid\n", head)
    assert [same.draws.values(k)["ice.seed"] for k in range(4)] == [5, 6, 5, 6]


def test_an_oversized_study_is_refused_with_its_count_and_time(tmp_path: Path) -> None:
    tail = "vary:\n  voyage.depart: {range: {from: 2030-01-01, to: 2049-12-31}}\n"
    study = loaded(tmp_path, tail + "  vessel.speed_kn: {range: {from: 10, to: 13, step: 0.1}}\nmethod: grid\n")
    said = r"s.yaml:9: vary: 226,455 draws .7,305 x 31. of 2 alternatives are 452,910 voyages, about [\d.,]+ hours"
    with pytest.raises(ScenarioError, match=said):
        plan_of(study)
    assert plan_of(study, 452_910).voyages == 452_910
    with pytest.raises(ScenarioError, match="at most 452,909 are allowed, --limit raises that"):
        plan_of(study, 452_909)


def test_parts_hold_every_draw_once_and_sobol_samples_whole(tmp_path: Path) -> None:
    tail = (
        "vary: {vessel.speed_kn: {uniform: [9, 13]}, ice.year: [2030, 2040]}\nmethod: METHOD\nsamples: 256\nseed: 1\n"
    )
    for method in ("monte_carlo", "sobol"):
        plan = plan_of(loaded(tmp_path, tail.replace("METHOD", method)))
        numbers = [k for part in range(plan.parts) for k in plan.draws_of(part)]
        assert numbers == list(range(plan.draws))
        assert sum(plan.rows_of(k) for k in range(plan.parts)) == plan.voyages
        assert method == "monte_carlo" or plan.part_draws % 4 == 0


@pytest.mark.parametrize("file", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_study_is_valid(file: Path) -> None:
    study = load_study(file)
    assert study.name == file.stem
    assert 0 < plan_of(study).voyages < 10_000


def test_there_is_a_shipped_study_of_each_method() -> None:
    assert sorted(load_study(f).draws.method for f in SHIPPED) == ["grid", "monte_carlo", "one_at_a_time", "sobol"]


def test_the_examples_of_the_page_are_valid_and_name_every_way(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert blocks
    for block in blocks:
        whole = block if block.startswith("format") else HEAD + block
        plan_of(loaded(tmp_path, "", whole))
    for word in (
        "range",
        "every_days",
        "step",
        "uniform",
        "triangular",
        "normal",
        "within",
        "choice",
        "ice.seed: random",
    ):
        assert any(word in block for block in blocks), word
    for method in ("grid", "monte_carlo", "sobol", "one_at_a_time"):
        assert f"`{method}`" in text
