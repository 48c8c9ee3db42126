"""The public face: `import northabout` is quick, holds what it says, and takes what a person gives."""

from __future__ import annotations

import ast
import doctest
import inspect
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import northabout
import sim.api
from sim.errors import PlaceError, ScenarioError

ROOT = Path(__file__).parents[1]
SCENARIO = ROOT / "scenarios" / "01-nsr-summer.yaml"


def fresh(code: str, *options: str) -> str:
    """What code prints in a fresh interpreter."""
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, *options, "-c", code], capture_output=True, text=True, check=True, env=env)
    return done.stdout.strip()


@pytest.mark.parametrize("name", northabout.__all__)
def test_every_name_is_there_and_documented(name: str) -> None:
    found = getattr(northabout, name)
    assert name == "__version__" or inspect.getdoc(found)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'rout'"):
        northabout.rout  # noqa: B018


def test_the_names_that_type_checkers_see_are_those_that_are_handed_out() -> None:
    tree = ast.parse(Path(northabout.__file__).read_text())
    seen = {a.asname or a.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for a in node.names}
    assert set(northabout.__all__) <= seen
    assert set(dir(northabout)) == set(northabout.__all__)


def test_import_loads_nothing_heavy() -> None:
    heavy = "numpy scipy shapely pyproj pandas geopandas matplotlib xarray pydantic ruamel typer"
    assert fresh(f"import northabout, sys; print(*[m for m in '{heavy}'.split() if m in sys.modules])") == ""


def test_the_program_runs_as_a_module() -> None:
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "northabout", "--version"], capture_output=True, text=True, check=True, env=env
    )
    assert done.stdout.strip() == f"northabout {northabout.__version__}"


def test_examples_in_the_docstrings_are_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for module in (sim.api,):
        result = doctest.testmod(module)
        assert result.attempted >= 8
        assert result.failed == 0
    from sim.scenario import load

    assert doctest.testmod(load).failed == 0


def test_one_word_or_several_mean_the_same() -> None:
    one = northabout.route("Dalian", "Rotterdam", closed="suez_canal")
    assert one == northabout.route("Dalian", "Rotterdam", closed=["suez_canal"])
    assert "suez_canal" not in one.passages


def test_one_place_or_several_on_either_side() -> None:
    both = northabout.distances(["Dalian"], ["Rotterdam", (4.05, 51.98)])
    assert both.shape == (1, 2)
    assert northabout.distances("Dalian", "Rotterdam")[0, 0] == both[0, 0]
    assert northabout.distances("Dalian", (4.05, 51.98))[0, 0] == both[0, 1]
    assert northabout.distances("Dalian", "51.98,4.05")[0, 0] == pytest.approx(both[0, 1])
    with pytest.raises(PlaceError, match="unknown port 'Daliann'"):
        northabout.distances("Daliann", "Rotterdam")


def test_a_scenario_is_a_path_a_text_a_mapping_or_a_scenario() -> None:
    told = {
        "format": 1, "name": "t", "description": "t", "vessel": {"speed_kn": 12},
        "voyage": {"from": "Dalian", "to": "Rotterdam", "depart": date(2025, 8, 15)},
        "alternatives": [{"route": "suez"}, {"route": "cape"}],
    }  # fmt: skip
    ran = northabout.run(told)
    assert [o.label for o in ran.outcomes] == ["suez", "cape"]
    for given in (str(SCENARIO), SCENARIO, northabout.load_scenario(SCENARIO)):
        assert northabout.run(given).scenario.name == "nsr-summer"
    with pytest.raises(ScenarioError, match=r"scenario: unknown key 'vesel'.*did you mean vessel"):
        northabout.run({**told, "vesel": {}})


def test_a_scenario_remembers_where_its_files_lie(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("name,country,lat,lon\nMy Quay,NL,51.98,4.05\n")
    text = SCENARIO.read_text().replace("to: Rotterdam", "to: My Quay") + "\nports_file: own.csv\n"
    (tmp_path / "s.yaml").write_text(text)
    scenario = northabout.load_scenario(tmp_path / "s.yaml")
    assert scenario.folder == tmp_path
    assert northabout.run(scenario).destination.name == "My Quay"


def test_ice_at_places() -> None:
    field = northabout.ice_climate(2030)
    concentration, thickness_m = field.sampler(np.array([[100.0, 78.0]])).on(21_990.0)
    assert 0 <= concentration[0] <= 1
    assert thickness_m[0] >= 0


def test_results_compare_hash_and_print_short() -> None:
    one, same = northabout.run(SCENARIO), northabout.run(SCENARIO)
    assert one == same
    assert hash(one) == hash(same)
    assert one.outcomes[0] != one.outcomes[1]
    assert len({*one.outcomes, *same.outcomes}) == len(one.outcomes)
    assert len(repr(one)) < 300
    found = northabout.exposure("hormuz", cost=False)
    assert found == northabout.exposure("hormuz", cost=False)
    assert len(repr(found)) < 300


@pytest.mark.parametrize(
    "made",
    [
        lambda: northabout.run(SCENARIO),
        lambda: northabout.run(SCENARIO).outcomes[0],
        lambda: northabout.route("Dalian", "Busan"),
        lambda: northabout.exposure("hormuz", cost=False),
        lambda: northabout.evaluate_claims("distance_5000_nm", in_ice=False)[0],
    ],
    ids=["comparison", "outcome", "route", "exposure", "claim"],
)
def test_every_result_can_be_written_and_shown(made: Callable[[], Any]) -> None:
    result = made()
    assert json.loads(json.dumps(result.to_dict())) == result.to_dict()
    assert len(result.to_frame()) >= 1
    shown = result._repr_html_()
    assert "<table" in shown
    assert len(shown) < 40_000
