"""Every example runs alone, quietly, and says something that can be checked; the page on scenario files is true."""

from __future__ import annotations

import csv
import dataclasses
import importlib.metadata
import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim.geo.passages import PassageTable
from sim.geo.places import Place
from sim.geo.route import Crossing, Route
from sim.scenario.claims import Claim, ClaimResult
from sim.scenario.compare import Outcome
from sim.scenario.model import Scenario, load_scenario
from sim.show.frames import ports_frame, routes_frame
from sim.voyage.plan import SpeedPlan
from sim.voyage.voyage import Voyage
from sim.voyage.waters import named_waters

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("[0-9]*.py"))
PAGE = ROOT / "docs" / "scenario-file.md"
NAMES = ROOT / "docs" / "nomenclature.md"
PNG = b"\x89PNG\r\n\x1a\n"


def _environment() -> dict[str, str]:
    """The environment of an example: the repository on the path only where the package is not installed."""
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    try:
        importlib.metadata.version("northabout")
    except importlib.metadata.PackageNotFoundError:
        env["PYTHONPATH"] = str(ROOT)
    return env


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, Path]]:
    """What each example printed, and the folder that it wrote into; run once for all tests."""
    out = {}
    for script in EXAMPLES:
        folder = tmp_path_factory.mktemp(script.stem)
        done = subprocess.run(
            [sys.executable, str(script), str(folder)],
            capture_output=True,
            text=True,
            env=_environment(),
            cwd=folder,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{script.name}: {done.stderr}"
        # The very first run of matplotlib on a machine says that it builds its font cache.
        loud = [line for line in done.stderr.splitlines() if not line.startswith("Matplotlib ")]
        assert not loud, f"{script.name} wrote to stderr: {done.stderr}"
        out[script.stem[:2]] = (done.stdout, folder)
    return out


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_there_are_five_short_examples() -> None:
    assert [p.name[:2] for p in EXAMPLES] == ["01", "02", "03", "04", "05"]
    for path in EXAMPLES:
        assert len(path.read_text(encoding="utf-8").splitlines()) < 80, path.name


def test_first_route(made: dict[str, tuple[str, Path]]) -> None:
    text, folder = made["01"]
    features = json.loads((folder / "dalian-rotterdam.geojson").read_text())["features"]
    nm = {f["properties"]["road"]: f["properties"]["distance_nm"] for f in features}
    # reference_distances.csv has 10,926 to 11,013 nm for this voyage by Suez.
    assert nm["suez"] == pytest.approx(10_950, rel=0.02)
    assert nm["nsr"] < nm["suez"] < nm["cape"]
    assert re.search(r"\d  Bering Strait", text)
    assert {f["geometry"]["type"] for f in features} == {"LineString", "MultiLineString"}


def test_route_map(made: dict[str, tuple[str, Path]]) -> None:
    text, folder = made["02"]
    for name in ("own-polar.png", "own-world.png"):
        picture = (folder / name).read_bytes()
        assert picture.startswith(PNG)
        width, height = int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])
        assert (width, height) == (1200, 750)
        assert len(picture) > 50_000
    assert "lies on land" in text


def test_closures(made: dict[str, tuple[str, Path]]) -> None:
    _, folder = made["03"]
    rows = {(r["from"], r["closed"]): r for r in _rows(folder / "closures.csv")}
    assert rows["Ras Tanura", "strait_of_hormuz"]["status"] == "unreachable"
    assert rows["Ras Tanura", "strait_of_hormuz"]["extra_nm"] == ""
    extra = {key: float(r["extra_nm"]) for key, r in rows.items() if r["status"] == "ok"}
    assert min(extra.values()) >= -0.01  # closing can only lengthen
    assert 2_000 < extra["Shanghai", "suez_canal"] < 4_000
    assert extra["Shanghai", "malacca_strait + sunda_strait"] > extra["Shanghai", "malacca_strait"] > 0
    days = float(rows["Shanghai", "suez_canal"]["extra_days_at_14_kn"])
    assert days == pytest.approx(extra["Shanghai", "suez_canal"] / (14 * 24), abs=0.01)


def test_distance_matrix(made: dict[str, tuple[str, Path]]) -> None:
    text, folder = made["04"]
    rows = _rows(folder / "suez-nsr.csv")
    assert len(rows) == 12 * 8
    for r in rows:
        assert float(r["suez_nm"]) - float(r["nsr_nm"]) == pytest.approx(float(r["saved_nm"]), abs=0.11)
    best = max(rows, key=lambda r: float(r["saved_nm"]))
    assert (best["from"], best["to"]) == ("Petropavlovsk-Kamchatskiy", "Murmansk")
    assert f"most: {best['from']} - {best['to']}, {float(best['saved_nm']):,.0f} nm" in text
    worst = min(rows, key=lambda r: float(r["saved_nm"]))
    assert (worst["from"], worst["to"]) == ("Singapore", "Piraeus")
    points = json.loads((folder / "ports.geojson").read_text())["features"]
    assert len(points) == 20
    assert all(p["geometry"]["type"] == "Point" for p in points)


def test_check_a_claim(made: dict[str, tuple[str, Path]]) -> None:
    text, folder = made["05"]
    solved = re.search(r"10 days are saved at ([\d.]+) kn: ([\d.]+) days", text)
    assert solved
    assert float(solved[2]) == pytest.approx(10, abs=0.001)
    result = json.loads((folder / "ten-days.json").read_text())
    nsr = next(a for a in result["alternatives"] if a["route"] == "nsr")
    # At that speed the miles saved alone make 10 days; the canal's speed limit makes Suez a little slower still.
    miles = -nsr["vs_baseline"]["distance_nm"] / (24 * float(solved[1]))
    assert miles == pytest.approx(10, abs=0.01)
    assert 0 < -nsr["vs_baseline"]["days"] - miles < 0.5
    assert nsr["depart"].startswith("2025-09-01")


def _page_example(tmp_path: Path) -> Scenario:
    blocks = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert len(blocks) == 1
    file = tmp_path / "example.yaml"
    file.write_text(blocks[0], encoding="utf-8")
    ports = re.search(r"^```csv\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert ports
    (tmp_path / "own-ports.csv").write_text(ports[1], encoding="utf-8")
    return load_scenario(file)


def test_example_of_the_scenario_page_is_valid_and_shows_every_key(tmp_path: Path) -> None:
    scenario = _page_example(tmp_path)
    for part in (scenario, scenario.voyage, scenario.vessel):
        assert part.model_fields_set == set(type(part).model_fields)
    for parts in (scenario.alternatives, scenario.closures, scenario.waits, scenario.speeds):
        used = set().union(*(part.model_fields_set for part in parts))
        assert used == set(type(parts[0]).model_fields)


def test_scenario_page_names_every_key_road_and_water() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for model in (Scenario, *(Scenario.model_fields[k].annotation for k in ("voyage", "vessel"))):
        for key, info in model.model_fields.items():  # type: ignore[union-attr]
            assert f"`{info.alias or key}`" in text
    for name in (*PassageTable.load().roads, *named_waters()):
        assert f"`{name}`" in text


@pytest.mark.parametrize(
    "kind", [Route, Crossing, Place, Outcome, Voyage, SpeedPlan, Claim, ClaimResult], ids=lambda kind: kind.__name__
)
def test_nomenclature_names_every_field(kind: type) -> None:
    text = NAMES.read_text(encoding="utf-8")
    fields = Claim.model_fields if kind is Claim else [f.name for f in dataclasses.fields(kind)]
    missing = [name for name in fields if not re.search(rf"[`.( ]{name}[`,)(]", text)]
    assert not missing


def test_nomenclature_names_every_column_of_the_frames() -> None:
    text = NAMES.read_text(encoding="utf-8")
    assert all(f"`{column}`" in text for column in (*routes_frame({}).columns, *ports_frame([]).columns))


def test_scenario_page_example_runs(tmp_path: Path) -> None:
    from sim import SeaNetwork
    from sim.scenario.compare import run

    comparison = run(_page_example(tmp_path), SeaNetwork.load(tmp_path / "own-ports.csv"))
    assert comparison.feasible
    assert all(math.isfinite(o.voyage.days) for o in comparison.outcomes if o.voyage)
