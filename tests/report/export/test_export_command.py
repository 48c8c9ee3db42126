"""`northabout export` as a person uses it: every kind of result, and messages for what cannot be."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

import northabout
from sim.cli import main
from sim.errors import UsageError
from sim.report.export.layers import layers
from sim.report.export.read import of_documents, of_path
from sim.report.export.record import Exported


def command(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    """The exit code of the command."""
    monkeypatch.setattr(sys, "argv", ["northabout", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


SHORT = """\
format: 1
name: short
description: a short voyage
voyage: {from: Rotterdam, to: Hamburg, depart: 2025-08-15}
vessel: {type: cont_3600_1a}
alternatives: [{route: usual}]
"""


def a_route(coordinates: str, nm: str = "5", kind: str = "LineString") -> str:
    geometry = f'{{"type": "{kind}", "coordinates": {coordinates}}}'
    return f'{{"status": "ok", "distance_nm": {nm}, "passages": [], "geometry": {geometry}}}'


SPOILT = (
    "", "[]", "{}", "\x00", '{"alternatives": 3}', '{"alternatives": [{"route": "x"}]}',
    '{"type": "Feature", "properties": {}, "geometry": null}', a_route("[0, 0]", kind="Point"), a_route("[[0, 0]]"),
    a_route("[[0, 0], [NaN, 5]]"), a_route("[[0, 0], [1, 5]]", '"far"'), a_route("[[0, 0], [1, 95]]"),
)  # fmt: skip


@pytest.fixture
def folder(documents: tuple[dict[str, Any], dict[str, Any]], tmp_path: Path) -> Path:
    """The folder of a run."""
    stored, legs = documents
    out = tmp_path / "my run"
    out.mkdir()
    (out / "comparison.json").write_text(json.dumps(stored), encoding="utf-8")
    (out / "legs.geojson").write_text(json.dumps(legs), encoding="utf-8")
    return out


def test_a_stored_result_is_the_record_of_the_one_in_memory(folder: Path, told: Exported) -> None:
    assert of_path(folder) == of_path(folder / "comparison.json") == told


def test_a_folder_is_exported_beside_where_one_stands(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command(monkeypatch, "export", folder, "--format", "gpx", "--route", "panama") == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "wrote my run.gpx\n"
    assert (tmp_path / "my run.gpx").read_text(encoding="utf-8").count("<rte>") == 1


@pytest.mark.parametrize("own", ["comparison.json", "legs.geojson"])
def test_a_result_is_not_written_over_by_its_export(
    own: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / own).read_bytes()
    for result in (folder, folder / "comparison.json"):
        assert command(monkeypatch, "export", result, "--out", folder / own) == 2
        assert "is the result itself" in capsys.readouterr().err
    assert (folder / own).read_bytes() == before


def test_legs_of_another_run_are_left_alone(folder: Path) -> None:
    """Their dates would be those of another voyage."""
    file = folder / "comparison.json"
    file.write_text(file.read_text("utf-8").replace("2025-08-15T00:00:00", "2025-08-14T00:00:00"), encoding="utf-8")
    assert of_path(folder).tracks[0].hours is not None  # a day in port: the same arrival
    file.write_text(file.read_text("utf-8").replace("2025-09-", "2025-10-"), encoding="utf-8")
    assert [t.hours for t in of_path(folder).tracks] == [None, None]


def test_a_closure_for_some_time_has_its_dates_and_the_ships_that_pass(
    documents: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    term = {"passage": "panama_canal", "from": "2025-07-01T00:00:00+00:00"}
    later = term | {"from": "2025-08-01T00:00:00+00:00", "until": "2025-09-01T00:00:00+00:00", "ships_per_day": 24.0}
    terms = {"closures": ["panama_canal", "suez_canal"], "closure_terms": [term, later]}
    told = of_documents(documents[0] | terms, documents[1])
    shut = [(c.passage, c.begin and c.begin.month, c.end and c.end.month, c.ships_per_day) for c in told.closures[:3]]
    assert sorted(shut, key=str) == [
        ("panama_canal", 7, None, None), ("panama_canal", 8, 9, 24.0), ("suez_canal", None, None, None),
    ]  # fmt: skip
    (layer,) = (one for one in layers(told) if one.name == "closures")
    assert [row[-1] for row in layer.rows].count(24.0) == 1


def test_what_is_on_standard_input_is_exported(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    stored = (folder / "comparison.json").read_bytes()
    route = a_route("[[3, 52], [5, 54]]", "140").encode()
    for given, name in ((SHORT.encode(), "short.gpx"), (route, "route.gpx"), (stored, "name-b-north-x-1-1.gpx")):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        assert command(monkeypatch, "export", "-", "--format", "gpx") == 0
        assert capsys.readouterr().err.splitlines()[-1] == f"wrote {name}"
        assert (tmp_path / name).is_file()


@pytest.mark.parametrize("given", SPOILT)
def test_rubbish_on_standard_input_ends_with_3(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
    assert command(monkeypatch, "export", "-", "--format", "gpx") == 3
    assert capsys.readouterr().err.startswith("standard input")
    assert not list(tmp_path.iterdir())


def test_closed_routes_are_told_and_left_out(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "x.rtz"
    assert command(monkeypatch, "export", folder, "--out", out) == 0
    said = capsys.readouterr().err
    assert "none: left out, unreachable: " in said
    assert sorted(p.name for p in tmp_path.glob("*.rtz")) == ["x-name-b-north-x-1-1.rtz", "x-panama.rtz"]
    assert command(monkeypatch, "export", folder, "--out", tmp_path / "none.gpx", "--route", "none") == 1
    assert "no alternative is feasible" in capsys.readouterr().err
    assert not (tmp_path / "none.gpx").exists()


def test_a_scenario_is_run_and_exported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = tmp_path / "short.yaml"
    scenario.write_text(SHORT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert command(monkeypatch, "export", scenario, "--format", "geojson") == 0
    assert capsys.readouterr().err == "wrote short.geojson\n"
    layers = {f["properties"]["layer"] for f in json.loads((tmp_path / "short.geojson").read_text())["features"]}
    assert layers >= {"route", "legs", "waypoints"}


def test_the_json_and_the_geojson_of_a_route_are_exported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stored, drawn = tmp_path / "route.json", tmp_path / "drawn.geojson"
    assert command(monkeypatch, "route", "Yokohama", "Vancouver", "--json", "--out", drawn) == 0
    stored.write_text(capsys.readouterr().out, encoding="utf-8")
    for given in (stored, drawn):
        out = tmp_path / f"{given.stem}.gpx"
        assert command(monkeypatch, "export", given, "--out", out) == 0
        assert "<name>Yokohama - Vancouver: route</name>" in out.read_text(encoding="utf-8")
    assert command(monkeypatch, "export", stored, "--format", "netcdf", "--out", tmp_path / "x.nc") == 2
    assert "route has no dates" in capsys.readouterr().err
    assert not (tmp_path / "x.nc").exists()
    shut = {
        "status": "unreachable",
        "reason": "hormuz is closed",
        "distance_nm": None,
        "passages": [],
        "geometry": None,
    }
    stored.write_text(json.dumps(shut), encoding="utf-8")
    assert command(monkeypatch, "export", stored, "--format", "gpx") == 1
    assert "route: left out, unreachable: hormuz is closed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--format", "gpxx"], 2, "--format is 'gpxx' (did you mean gpx"),
        (["--format", "shapefile"], 2, "did you mean gpkg?), allowed: gpkg, gpx, kml, rtz, geojson, netcdf, xlsx"),
        ([], 2, "--format is missing, allowed: gpkg"),
        (["--out", "x.kmz"], 2, "x.kmz: '.kmz' is no kind of file to export to (did you mean .kml"),
        (["--format", "kml", "--out", "x.gpx"], 2, "--format is kml, but x.gpx is gpx; leave one of them out"),
        (["--format", "nc"], 2, "did you mean netcdf?"),
        (["--format", "gpx", "--out", "-"], 2, "nothing of this goes to standard output"),
        (["--format", "gpx", "--out", "x" * 300], 2, "cannot be written (File name too long)"),
        (["--out", "there/x.gpx"], 2, "there/x.gpx: cannot be written, there is no folder 'there'"),
        (["--format", "gpx", "--tolerance", "5"], 2, "--tolerance is 5, allowed is 0.25 to 2 degrees"),
        (["--format", "gpx", "--route", "panamax"], 2, "no route 'panamax' in this result (did you mean panama?)"),
    ],
)
def test_what_cannot_be_is_told(
    words: list[str], code: int, said: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert command(monkeypatch, "export", folder, *words) == code
    assert said in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["my run"]


@pytest.mark.parametrize("text", SPOILT)
def test_another_file_is_no_result(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "comparison.json"
    file.write_text(text, encoding="utf-8")
    assert command(monkeypatch, "export", file, "--out", tmp_path / "x.gpx") == 3
    assert "comparison.json: is no result of 'northabout run --out'" in capsys.readouterr().err
    assert not (tmp_path / "x.gpx").exists()


@pytest.mark.parametrize("name", ["not-there.json", "not-there.yaml", ".", "x" * 300])
def test_a_result_that_is_not_there(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(monkeypatch, "export", tmp_path / name, "--out", tmp_path / "x.gpx") == 4
    said = {".": "there is no comparison.json", "x" * 300: "File name too long"}
    assert said.get(name, "no such file") in capsys.readouterr().err


def test_a_result_is_not_replaced_by_itself(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "comparison.json"
    before = file.read_bytes()
    assert command(monkeypatch, "export", file, "--out", file) == 2
    assert "is the result itself" in capsys.readouterr().err
    assert file.read_bytes() == before


def test_legs_of_another_run_are_not_taken(documents: tuple[dict[str, Any], dict[str, Any]]) -> None:
    stored, legs = documents
    features = [f for f in legs["features"] if f["properties"]["leg"] > 1]
    record = of_documents(stored, {"features": features})
    assert all(t.legs == () and t.hours is None for t in record.tracks)
    assert all(t.figures["days"] > 0 for t in record.tracks)


def test_python_writes_routes_by_name(tmp_path: Path) -> None:
    route = northabout.route("Rotterdam", "Hamburg")
    (path,) = route.export(tmp_path / "a.rtz", ends=("Rotterdam", "Hamburg"), name="home", tolerance_deg=2)
    assert path == tmp_path / "a.rtz"
    with pytest.raises(UsageError, match="no route 'suez' in this result"):
        route.export(tmp_path / "b.gpx", routes="suez")
    with pytest.raises(UsageError, match="did you mean gpkg"):
        route.export(tmp_path / "b.gpk", format="gpgk")
    with pytest.raises(UsageError, match="no route is open"):
        northabout.route("Ras Tanura", "Rotterdam", closed="hormuz").export(tmp_path / "c.gpx")
