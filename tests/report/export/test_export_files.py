"""Every format read back by another program's library: the same length, ends, names and dates, and rules of formats."""

from __future__ import annotations

import json
import re
import time
import unicodedata
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely
import xarray as xr

from sim.geo.geodesy import Floats, way_nm
from sim.report.export.layers import layers
from sim.report.export.record import Exported, RouteTrack, one_line
from sim.report.export.track import joined
from sim.report.export.waypoints import waypoints
from sim.report.export.write import FORMATS, files

gpxpy = pytest.importorskip("gpxpy")
lxml = pytest.importorskip("lxml.etree")
fastkml = pytest.importorskip("fastkml")
HERE = Path(__file__).parent
# as in conftest.py, and what is left of it
HOSTILE = "</name><b>& \"north\" 'x' ]]> =1+1\n\u202e\u05e9\u05dc\u05d5\u05dd\x07 \u0645\u06cc\u200c\u0631\u0648\u062f"
CLEAN = "</name><b>& \"north\" 'x' ]]> =1+1 \u05e9\u05dc\u05d5\u05dd \u0645\u06cc\u200c\u0631\u0648\u062f"


@pytest.fixture(scope="session")
def timed(told: Exported, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[Path]], dict[str, float]]:
    """The files of every format, and the CPU time that each took, seconds."""
    folder = tmp_path_factory.mktemp("export")
    waypoints(told.tracks[0])  # which reads the coast
    out, took = {}, {}
    for kind, suffix in FORMATS.items():
        begin = time.process_time()
        content = files(told, kind, folder / f"made{suffix}")
        took[kind] = time.process_time() - begin
        for path, data in content.items():
            path.write_bytes(data)
        out[kind] = list(content)
    return out, took


@pytest.fixture(scope="session")
def made(timed: tuple[dict[str, list[Path]], dict[str, float]]) -> dict[str, list[Path]]:
    return timed[0]


def seamless_nm(pieces: list[Floats]) -> float:
    return sum(way_nm(p) for p in pieces)


def pieces_of(geometry: Any) -> list[Floats]:
    return [np.array(part.coords)[:, :2] for part in shapely.get_parts(geometry)]


def same_ends(pieces: list[Floats], track: RouteTrack) -> None:
    for found, at in ((pieces[0][0], track.line[0]), (pieces[-1][-1], track.line[-1])):
        assert abs((found[0] - at[0] + 180) % 360 - 180) < 2e-5
        assert abs(found[1] - at[1]) < 2e-5


def within_180(pieces: list[Floats]) -> None:
    """Cut at 180: no piece jumps from one side to the other."""
    for piece in pieces:
        assert np.abs(piece[:, 0]).max() <= 180
        assert np.abs(np.diff(piece[:, 0])).max() < 180


# -- GeoPackage and GeoJSON


def test_geopackage_has_five_layers_with_the_lines_of_the_result(told: Exported, made: dict[str, list[Path]]) -> None:
    (path,) = made["gpkg"]
    assert [name for name, _ in pyogrio.list_layers(path)] == ["route", "legs", "waypoints", "passages", "closures"]
    routes = geopandas.read_file(path, layer="route")
    assert routes.crs.to_epsg() == 4326
    assert list(routes["route"]) == [t.label for t in told.tracks] == ["panama", CLEAN]
    for track, row in zip(told.tracks, routes.itertuples(), strict=True):
        pieces = pieces_of(row.geometry)
        within_180(pieces)
        same_ends(pieces, track)
        assert len(pieces) == (2 if track.label == "panama" else 1)
        assert seamless_nm(pieces) == pytest.approx(way_nm(track.line), rel=1e-3)
        assert row.distance_nm == track.figures["distance_nm"]
        assert row.depart_utc.to_pydatetime() == track.depart
    legs = geopandas.read_file(path, layer="legs")
    for track in told.tracks:
        own = legs[legs["route"] == track.label]
        assert own["distance_nm"].sum() == pytest.approx(track.figures["distance_nm"], abs=0.5)
        assert own.geometry.map(lambda g: seamless_nm(pieces_of(g))).sum() == pytest.approx(
            way_nm(track.line), rel=1e-3
        )
    closures = geopandas.read_file(path, layer="closures")
    assert list(closures["passage"]) == ["panama_canal", "panama_canal"]
    assert closures["choice"].to_list()[1] == "waits"
    assert closures["from_utc"].iloc[1].to_pydatetime() == datetime(2025, 8, 25, tzinfo=UTC)
    names = [name for kind in layers(told) for name in kind.columns]
    assert not [n for n in names if not re.fullmatch(r"[a-z][a-z0-9_]*[a-z]", n)]


def test_geopackage_is_the_same_bytes_later(told: Exported, made: dict[str, list[Path]], tmp_path: Path) -> None:
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    time.sleep(1.1)
    for kind in ("gpkg", "netcdf", "xlsx"):
        path = tmp_path / f"made{FORMATS[kind]}"
        assert files(told, kind, path)[path] == made[kind][0].read_bytes(), kind
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") == before


def test_geojson_keeps_the_rules_of_rfc_7946(told: Exported, made: dict[str, list[Path]]) -> None:
    (path,) = made["geojson"]
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["type"] == "FeatureCollection"
    assert "crs" not in document
    ids = [f["id"] for f in document["features"]]
    assert len(set(ids)) == len(ids)
    routes = [f for f in document["features"] if f["properties"]["layer"] == "route"]
    for track, feature in zip(told.tracks, routes, strict=True):
        pieces = pieces_of(shapely.geometry.shape(feature["geometry"]))
        within_180(pieces)
        same_ends(pieces, track)
        assert seamless_nm(pieces) == pytest.approx(way_nm(track.line), rel=1e-3)
        assert feature["properties"]["name"] == track.title
    read = geopandas.read_file(path)
    assert len(read) == len(document["features"])


# -- chart plotters


def test_gpx_is_read_by_gpxpy_and_keeps_the_schema(told: Exported, made: dict[str, list[Path]]) -> None:
    (path,) = made["gpx"]
    schema = lxml.XMLSchema(lxml.parse(HERE / "gpx-1.1.xsd"))
    schema.assertValid(lxml.parse(path))
    read = gpxpy.parse(path.read_text(encoding="utf-8"))
    assert not read.tracks
    assert len(read.routes) == len(told.tracks)
    guids = re.findall(r"<opencpn:guid>(.*?)</opencpn:guid>", path.read_text(encoding="utf-8"))
    assert len(set(guids)) == len(guids) == sum(len(r.points) + 1 for r in read.routes)
    for track, route in zip(told.tracks, read.routes, strict=True):
        points = np.array([(p.longitude, p.latitude) for p in route.points])
        assert way_nm(points) == pytest.approx(way_nm(track.line), rel=1e-3)
        same_ends([points], track)
        names = [p.name for p in route.points]
        assert len(set(names)) == len(names)
        assert names[0] == "001 Yokohama"
        assert route.name == f"Yokohama - New York: {track.title}"
        times = [p.time for p in route.points]
        assert times == sorted(times)
        assert times[0] == track.depart
        # OpenCPN: the speed at a point is that of the leg that leads to it, along a rhumb line
        told_kn = [
            e.get("planned_speed") for p in route.points for e in p.extensions if e.tag.endswith("rte_properties")
        ]
        assert told_kn[0] is None
        kn = [float(v) for v in told_kn[1:] if v is not None]
        assert len(kn) == len(points) - 1
        nm = [w.leg_nm or 0 for w in waypoints(track)[1:]]
        days = float(np.sum(np.array(nm) / np.array(kn))) / 24
        assert days == pytest.approx(track.figures["days"] - track.figures.get("wait_days", 0), rel=2e-3)


def test_rtz_keeps_the_rules_of_the_format(told: Exported, made: dict[str, list[Path]]) -> None:
    schema = lxml.XMLSchema(lxml.parse(HERE / "rtz-1.2.xsd"))
    assert [p.name for p in made["rtz"]] == ["made-panama.rtz", "made-name-b-north-x-1-1.rtz"]
    for track, path in zip(told.tracks, made["rtz"], strict=True):
        schema.assertValid(lxml.parse(path))
        assert path.stat().st_size <= 400_000
        ns = {"r": "http://www.cirm.org/RTZ/1/2"}
        root = lxml.parse(path).getroot()
        assert root.find("r:routeInfo", ns).get("routeName") == path.stem
        listed = root.findall("r:waypoints/r:waypoint", ns)
        assert [int(w.get("id")) for w in listed] == list(range(1, len(listed) + 1))
        assert {w.get("revision") for w in listed} == {"0"}
        assert listed[0].find("r:leg", ns) is None  # no leg leads to the first
        assert all(w.find("r:leg", ns).get("geometryType") == "Loxodrome" for w in listed[1:])
        at = np.array([[float(w[0].get("lon")), float(w[0].get("lat"))] for w in listed])
        assert at[:, 0].max() < 180
        assert way_nm(at) == pytest.approx(way_nm(track.line), rel=1e-3)
        same_ends([at], track)
        timed = root.findall(".//r:scheduleElement", ns)
        assert len(timed) == len(listed)
        assert timed[0].get("etd")
        assert timed[0].get("eta") is None
        etas = [datetime.fromisoformat(t.get("eta")) for t in timed[1:]]
        assert etas == sorted(etas)
        assert track.depart is not None
        assert (etas[-1] - track.depart).total_seconds() / 86400 == pytest.approx(track.figures["days"], abs=2e-3)
        stays = [t.get("stay") for t in timed if t.get("stay")]
        assert bool(stays) == (track.label == "panama")


# -- globes, models and spreadsheets


def placemarks(features: Any) -> Iterator[Any]:
    for one in features:
        if hasattr(one, "features"):
            yield from placemarks(one.features)
        else:
            yield one


def test_kml_is_valid_and_its_text_is_no_markup(told: Exported, made: dict[str, list[Path]]) -> None:
    (path,) = made["kml"]
    schema = Path(fastkml.__file__).parent / "schema" / "ogckml22.xsd"
    lxml.XMLSchema(lxml.parse(schema)).assertValid(lxml.parse(path))
    read = fastkml.KML.parse(path)
    document = read.features[0]
    assert document.name == CLEAN
    assert document.description == "&lt;script&gt;alert(1)&lt;/script&gt; second line"  # shown as what it is, not run
    folders = [f for f in document.features if f.name != "Closed passages"]
    assert [f.name for f in folders] == [t.title for t in told.tracks]
    for track, folder in zip(told.tracks, folders, strict=True):
        line = next(placemarks(folder.features[0].features))
        pieces = pieces_of(shapely.geometry.shape(line.geometry))
        within_180(pieces)
        same_ends(pieces, track)
        assert seamless_nm(pieces) == pytest.approx(way_nm(track.line), rel=1e-3)
        assert line.times.begin.dt == track.depart
        assert "<b>" not in line.description.replace("<br>", "")
    assert b"clampToGround" in path.read_bytes()


def test_netcdf_is_a_trajectory_in_time(told: Exported, made: dict[str, list[Path]]) -> None:
    (path,) = made["netcdf"]
    with xr.open_dataset(path) as read:
        assert read.attrs["featureType"] == "trajectory"
        assert read["trajectory"].attrs["cf_role"] == "trajectory_id"
        assert list(read["trajectory"].values) == [t.label for t in told.tracks]
        start = 0
        for track, size in zip(told.tracks, read["row_size"].values.tolist(), strict=True):
            own = read.isel(obs=slice(start, start + size))
            start += size
            at = np.column_stack([own["longitude"], own["latitude"]])
            assert way_nm(at) == pytest.approx(way_nm(track.line), rel=1e-3)
            same_ends([at], track)
            moments = own["time"].values
            assert np.all(np.diff(moments) >= np.timedelta64(0))
            days = (moments[-1] - moments[0]) / np.timedelta64(1, "D")
            assert days == pytest.approx(track.figures["days"], abs=2e-3)
            assert float(own["distance_nm"][-1]) == pytest.approx(track.figures["distance_nm"], abs=0.5)
            assert (own["speed_kn"].values == 0).any() == (track.label == "panama")  # it waits there
        assert start == read.sizes["obs"]


def test_netcdf_passes_the_check_of_the_conventions(made: dict[str, list[Path]]) -> None:
    pytest.importorskip("compliance_checker")
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from compliance_checker.cf.cf_1_8 import CF1_8Check
        from compliance_checker.runner import CheckSuite

        suite = CheckSuite()
        suite.checkers = {"cf:1.8": CF1_8Check}
        groups, errors = suite.run_all(suite.load_dataset(str(made["netcdf"][0])), ["cf:1.8"])["cf:1.8"]
    assert not errors
    assert len(groups) > 15
    assert [(g.name, g.msgs) for g in groups if g.value[0] < g.value[1]] == []


def test_the_workbook_has_every_layer_and_no_formula(told: Exported, made: dict[str, list[Path]]) -> None:
    book = openpyxl.load_workbook(made["xlsx"][0])
    assert book.sheetnames == ["route", "legs", "waypoints", "passages", "closures"]
    for layer in layers(told):
        header, *rows = list(book[layer.name].iter_rows(min_row=2))
        assert [c.value for c in header] == list(layer.columns)
        assert len(rows) == len(layer.rows)
        assert not [c for row in rows for c in row if c.data_type == "f"]
    depart = book["route"].cell(3, [c.value for c in book["route"][2]].index("depart_utc") + 1).value
    assert told.tracks[0].depart is not None
    assert depart == told.tracks[0].depart.replace(tzinfo=None)


# -- all


def test_names_are_kept_or_cleaned_in_every_file(made: dict[str, list[Path]]) -> None:
    assert one_line(HOSTILE) == CLEAN
    assert not [c for c in CLEAN if unicodedata.category(c)[0] == "C" and c != "\u200c"]
    for kind in ("gpx", "kml", "geojson"):
        text = made[kind][0].read_text(encoding="utf-8")
        assert "\u202e" not in text, kind
        assert "\x07" not in text, kind
    for kind in ("gpx", "kml", "rtz"):
        for path in made[kind]:
            assert lxml.parse(path).getroot() is not None


def test_every_export_is_quick(timed: tuple[dict[str, list[Path]], dict[str, float]]) -> None:
    """CPU time of each format, on top of loading the result and the coast: at most a second."""
    took = timed[1]
    print({kind: f"{seconds:.2f} s" for kind, seconds in took.items()})
    assert max(took.values()) <= 1.0


def test_files_are_small(made: dict[str, list[Path]]) -> None:
    for paths in made.values():
        for path in paths:
            assert path.stat().st_size < 1_500_000
    assert len(zlib.compress(made["kml"][0].read_bytes())) < 150_000


def test_joined_lines_have_no_seam() -> None:
    cut = {"type": "MultiLineString", "coordinates": [[[170, 10], [180, 11]], [[-180, 11], [-170, 12]]]}
    assert joined(cut).tolist() == [[170, 10], [180, 11], [190, 12]]
    back = {"type": "MultiLineString", "coordinates": [[[-170, 10], [-180, 11]], [[180, 11], [170, 12]]]}
    assert joined(back).tolist() == [[-170, 10], [-180, 11], [-190, 12]]


def test_a_route_alone_has_neither_ship_nor_dates(tmp_path: Path) -> None:
    import northabout

    route = northabout.route("Yokohama", "Vancouver")
    for kind in ("gpx", "xlsx"):
        (path,) = route.export(tmp_path / f"alone{FORMATS[kind]}")
        assert path.stat().st_size > 1000
    read = gpxpy.parse((tmp_path / "alone.gpx").read_text(encoding="utf-8"))
    assert read.routes[0].name == "Yokohama - Vancouver: route"
    assert way_nm(np.array([(p.longitude, p.latitude) for p in read.routes[0].points])) == pytest.approx(
        way_nm(route.lonlat), rel=1e-3
    )
    book = openpyxl.load_workbook(tmp_path / "alone.xlsx")
    assert book.sheetnames == ["route", "waypoints"]
