"""The tables of passages, named routes, canals and waters hold together, and the gates are watertight.

All rows of the collected passage facts are kept; none was dropped. Watertight means: with the gates taken out of
the water (sea minus land of Natural Earth 1:10m), two points lie on different pieces of water, and on one piece
without the gates. This is a flood fill without a raster: exact, and finer than any grid.
A gate does not seal an ocean: what stays open beside it is written in its note.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pytest
import shapely
from pyproj import Geod, Transformer
from shapely import LineString, Polygon

import geodata
from sim.geo.geodesy import Floats, lonlat, vectors
from sim.geo.land import land_polygons, land_tree, on_land

NM = 1852.0
GEOD = Geod(ellps="WGS84")
POLAR = Transformer.from_crs("EPSG:4326", "+proj=stere +lat_0=90 +lat_ts=75 +lon_0=0 +ellps=WGS84", always_xy=True)
Point = tuple[float, float]

# id lon lat: middle of the water of the gate as first collected (long open lines left out)
MIDS = """
    malacca_strait 101.84 2.23, singapore_strait 103.90 1.18, sunda_strait 105.88 -5.89,
    lombok_strait 115.88 -8.40, makassar_strait 119.51 0.80, ombai_strait 125.05 -8.59,
    bab_el_mandeb 43.34 12.59, strait_of_hormuz 56.48 26.77, gibraltar -5.60 35.92, dover_strait 1.51 51.02,
    bosporus 29.06 41.15, dardanelles 26.38 40.14, great_belt 10.96 55.34, little_belt 9.65 55.51,
    oresund 12.66 56.04, skagen 11.10 57.77, bohai_strait 120.97 38.28, taiwan_strait 119.72 24.64,
    luzon_strait 120.90 20.27, korea_strait_west 129.21 34.86, tsushima_strait_east 129.71 33.90,
    tsugaru_strait 140.31 41.36, la_perouse_strait 141.98 45.71, bering_strait -168.96 65.84,
    kara_gate 58.08 70.58, yugorsky_shar 60.34 69.69, matochkin_shar 55.15 73.40, cape_zhelaniya 64.56 78.72,
    vilkitsky_strait 103.96 77.99, shokalsky_strait 100.31 79.18, red_army_strait 96.04 80.15,
    dmitry_laptev_strait 141.34 73.09, eterikan_strait 140.84 73.88, sannikov_strait 139.98 74.53,
    long_strait 178.83 70.14, lancaster_sound -82.50 74.13, barrow_strait -94.28 74.39,
    mcclure_strait -118.43 74.73, prince_of_wales_strait -118.08 72.78, peel_sound -96.17 73.00,
    bellot_strait -94.60 72.00, victoria_strait -99.94 69.42, simpson_strait -97.60 68.53,
    dolphin_union_strait -115.14 69.10, magellan_strait -69.60 -52.50, torres_strait 142.42 -9.96,
    kerch_strait 36.64 45.30, balabac_strait 116.88 7.41
"""
LIMITS = {"max_draft_m", "max_beam_m", "max_loa_m", "max_air_draft_m", "speed_limit_kn"}
ROUTES = ["usual", "suez", "cape", "nsr", "nwp", "transpolar", "panama", "any"]
ARCTIC_GATES = [
    "bering_strait",
    "kara_gate",
    "yugorsky_shar",
    "matochkin_shar",
    "cape_zhelaniya",
    "central_arctic",
    "nares_strait",
    "jones_sound",
    "fury_hecla_strait",
    "lancaster_sound",
]


@lru_cache(maxsize=8)
def rows(name: str) -> tuple[dict[str, str], ...]:
    with geodata.table(name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def passages() -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in rows("passages.csv")}


def ends(row: dict[str, str]) -> tuple[Point, Point]:
    return (float(row["lon1"]), float(row["lat1"])), (float(row["lon2"]), float(row["lat2"]))


def points_of(text: str) -> list[Point]:
    return [(float(a), float(b)) for a, b in (pair.split() for pair in text.split(";"))]


def great_circle(a: Point, b: Point, step_nm: float = 1.0) -> Floats:
    va, vb = vectors([a, b])
    angle = float(np.arccos(np.clip(va @ vb, -1, 1)))
    t = np.linspace(0, 1, max(8, int(np.rad2deg(angle) * 60 / step_nm)) + 1)[:, None]
    return lonlat((np.sin((1 - t) * angle) * va + np.sin(t * angle) * vb) / np.sin(angle))


def length_nm(line: Iterable[Point]) -> float:
    lon, lat = np.array(list(line)).T
    return float(GEOD.line_length(lon, lat)) / NM


def land_within_nm(point: Point, reach_nm: float) -> bool:
    ring = [GEOD.fwd(*point, azimuth, reach_nm * NM)[:2] for azimuth in range(0, 360, 10)]
    return len(land_tree().query(Polygon(ring), predicate="intersects")) > 0


# ---- rows ----------------------------------------------------------------------------------------------------------


def test_ids_are_unique_and_fit_in_one_integer() -> None:
    ids = [row["id"] for row in rows("passages.csv")]
    assert len(ids) == len(set(ids)) <= 64


@pytest.mark.parametrize("row", rows("passages.csv"), ids=lambda row: row["id"])
def test_a_row_is_complete(row: dict[str, str]) -> None:
    assert row["kind"] in {"canal", "strait", "open"}
    assert row["arctic"] == ("yes" if row["group"] in {"NSR", "NWP", "TPP"} else "no")
    assert row["confidence"] in {"A", "B", "C"}
    assert row["name"] and row["source"] and row["source_year"].isdigit() and row["aliases"]
    assert all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in ends(row))
    limits = [float(row[key]) for key in LIMITS if row[key]]
    assert all(value > 0 for value in limits)
    assert row["limits_source"] in ({"cited", "assumption", "from memory"} if limits else {""})
    assert float(row["transit_nm"]) >= 0


@pytest.mark.parametrize("row", rows("passages.csv"), ids=lambda row: row["id"])
def test_gate_ends_lie_on_land_and_a_strait_crosses_water(row: dict[str, str]) -> None:
    if row["kind"] != "open":
        assert all(land_within_nm(end, 1.0) for end in ends(row))
    if row["kind"] != "canal":
        assert (~on_land(great_circle(*ends(row)))).any()


def test_gates_lie_where_they_were_collected() -> None:
    for item in MIDS.replace("\n", " ").split(","):
        name, lon, lat = item.split()
        line = great_circle(*ends(passages()[name]), step_nm=0.5)
        water = line[~on_land(line)]
        middle_lon, middle_lat = water[len(water) // 2]
        assert GEOD.inv(middle_lon, middle_lat, float(lon), float(lat))[2] / NM < 40, name


# ---- routes ---------------------------------------------------------------------------------------------------------


def test_routes_name_known_passages() -> None:
    assert [row["name"] for row in rows("routes.csv")] == ROUTES
    arctic = {name for name, row in passages().items() if row["arctic"] == "yes"}
    for row in rows("routes.csv"):
        use = {name for part in row["use"].split(";") for name in part.split("|") if name}
        avoid = {name for name in row["avoid"].split(";") if name}
        assert use <= set(passages())
        assert avoid <= set(passages()) | {"@arctic"}
        avoid |= arctic if "@arctic" in avoid else set()
        assert not use & avoid, row["name"]


# ---- canals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", rows("canals.csv"), ids=lambda row: row["id"])
def test_canal_runs_from_sea_to_sea_through_its_own_gate(row: dict[str, str]) -> None:
    fairway = points_of(row["fairway_lon_lat"])
    assert 4 <= len(fairway) <= 25
    assert not on_land(np.array([fairway[0], fairway[-1]])).any()
    assert not any(land_within_nm(end, 2.0) for end in (fairway[0], fairway[-1]))
    assert length_nm(fairway) == pytest.approx(float(row["length_nm"]), rel=0.05)
    crossed = {p for p, q in passages().items() if LineString(ends(q)).intersects(LineString(fairway))}
    lanes = {"panama_canal", "panama_canal_panamax"}
    assert crossed == (lanes if row["id"] in lanes else {row["id"]})
    ports = {port["locode"] for port in rows("ports.csv")}
    for item in filter(None, row["ports_at_nm"].split(";")):
        code, at = item.split(":")
        assert code in ports and 0 < float(at) < float(row["length_nm"])


def test_every_canal_has_a_fairway() -> None:
    assert {r["id"] for r in rows("canals.csv")} == {n for n, r in passages().items() if r["kind"] == "canal"}


# ---- waters --------------------------------------------------------------------------------------------------------


INSIDE = {
    "nsr": (75, 75), "barents_sea": (40, 74), "kara_sea": (75, 76), "laptev_sea": (125, 76),
    "east_siberian_sea": (160, 72), "chukchi_sea": (190, 69), "bering_sea": (182, 58), "nwp": (-100, 74.4),
    "central_arctic_ocean": (0, 88), "baltic_sea": (19, 57), "north_sea": (3, 56), "mediterranean": (18, 35),
    "black_sea": (34, 43), "red_sea": (38, 20), "gulf_of_aden": (47, 12.5), "persian_gulf": (51, 27),
    "malacca_strait": (100, 3.6), "south_china_sea": (113, 14),
}  # fmt: skip


@pytest.mark.parametrize("row", rows("waters.csv"), ids=lambda row: row["id"])
def test_water_is_a_simple_polygon_round_its_middle(row: dict[str, str]) -> None:
    polygon = Polygon(points_of(row["polygon_lon_lat"]))
    assert polygon.is_valid and row["source"]
    assert polygon.contains(shapely.Point(INSIDE[row["id"]]))


def test_every_expected_water_is_there() -> None:
    assert {row["id"] for row in rows("waters.csv")} == set(INSIDE)


# ---- watertight ----------------------------------------------------------------------------------------------------


def joined(pieces: list[Polygon], a: Point, b: Point) -> bool:
    where = [[k for k, piece in enumerate(pieces) if piece.contains(shapely.Point(p))] for p in (a, b)]
    assert len(where[0]) == len(where[1]) == 1, "a test point does not lie on the water"
    return where[0] == where[1]


def local_water(box: tuple[float, float, float, float], gates: Iterable[str]) -> list[Polygon]:
    area = shapely.box(*box)
    near = [land_polygons()[i].intersection(area) for i in land_tree().query(area, predicate="intersects")]
    lines = [LineString(great_circle(*ends(passages()[gate]))).buffer(1e-5) for gate in gates]
    return list(shapely.get_parts(area.difference(shapely.union_all([*near, *lines]))))


SEALS: list[tuple[str, tuple[float, float, float, float], Point, Point]] = [
    ("strait_of_hormuz", (45, 20, 62, 32), (51, 27), (59, 25)),
    ("bab_el_mandeb", (38, 8, 52, 22), (40, 16), (48, 12.5)),
    ("bosporus", (22, 38, 36, 48), (32, 43), (28, 40.7)),
    ("dardanelles", (22, 38, 36, 48), (28, 40.7), (25.3, 39.5)),
    ("gibraltar", (-12, 33, 2, 40), (-1, 36.5), (-9, 36)),
    ("kerch_strait", (33, 43, 40, 48), (36, 46), (35, 44.2)),
    ("skagen", (3, 53, 31, 66.5), (19, 57), (7, 57.5)),
    ("great_belt little_belt oresund", (3, 53, 31, 66.5), (19, 57), (7, 57.5)),
    ("bering_strait", (-180, 58, -150, 74), (-168, 68), (-172, 62)),
    ("malacca_strait", (94, -1, 103.4, 14), (98, 5), (102.9, 1.3)),
    ("singapore_strait", (103.0, 0.95, 104.2, 1.7), (103.3, 1.25), (104.15, 1.3)),
    ("bohai_strait", (116, 36, 125, 42), (119.5, 38.5), (123, 38)),
    ("torres_strait", (138, -13, 147, -8), (140, -10), (145, -10)),
    ("drake_passage magellan_strait", (-80, -75, -50, -45), (-78, -55), (-60, -55)),
    ("kara_gate yugorsky_shar matochkin_shar cape_zhelaniya", (30, 65, 100, 80), (45, 72), (75, 75)),
    ("vilkitsky_strait shokalsky_strait red_army_strait severnaya_zemlya_north",
     (60, 73, 135, 81.2), (80, 76), (120, 76)),
    ("dmitry_laptev_strait eterikan_strait sannikov_strait new_siberian_north",
     (115, 70, 170, 81.9), (125, 76), (155, 73)),
]  # fmt: skip


@pytest.mark.parametrize(("gates", "box", "a", "b"), SEALS, ids=lambda value: value if isinstance(value, str) else "")
def test_gates_seal(gates: str, box: tuple[float, float, float, float], a: Point, b: Point) -> None:
    assert joined(local_water(box, []), a, b)
    assert not joined(local_water(box, gates.split()), a, b)


def test_land_seals_suez_and_panama_without_the_canals() -> None:
    assert not joined(local_water((28, 25, 36, 34), []), (33, 32), (33, 28.9))
    assert not joined(local_water((-84, 6, -76, 12), []), (-80, 10.5), (-79.4, 8.4))


def to_polar(lon_lat: Floats) -> Floats:
    return np.column_stack(POLAR.transform(lon_lat[:, 0], lon_lat[:, 1]))


@lru_cache(maxsize=1)
def northern_water() -> shapely.Geometry:
    """Sea north of 55 N on the polar stereographic chart; land is widened by 2 m to close the seam at 180 degrees."""
    cap = shapely.box(-180, 50, 180, 90)
    land = [land_polygons()[i].intersection(cap) for i in land_tree().query(cap, predicate="intersects")]
    chart = [shapely.transform(shapely.segmentize(p, 1.0) if p.area > 50 else p, to_polar).buffer(2) for p in land]
    radius = abs(to_polar(np.array([[0.0, 55.0]]))[0, 1])
    return shapely.Point(0, 0).buffer(radius, 256).difference(shapely.union_all(chart))


def polar_pieces(gates: Iterable[str]) -> list[Polygon]:
    lines = [LineString(to_polar(great_circle(*ends(passages()[gate])))).buffer(20) for gate in gates]
    return list(shapely.get_parts(northern_water().difference(shapely.union_all(lines))))


INNER: list[Point] = [(75, 75), (130, 76), (-140, 75), (-105, 68.6), (0, 89)]
OUTER: list[Point] = [(40, 72), (-175, 62), (-65, 72), (-85, 60)]  # Barents, Bering, Baffin, Hudson


def chart(points: list[Point]) -> list[Point]:
    return [POLAR.transform(*p) for p in points]


def test_ten_gates_enclose_the_arctic() -> None:
    pieces = polar_pieces(ARCTIC_GATES)
    inner, outer = chart(INNER), chart(OUTER)
    assert all(joined(pieces, inner[0], p) for p in inner)
    assert not any(joined(pieces, inner[0], p) for p in outer)


@pytest.mark.parametrize("left_open", ARCTIC_GATES)
def test_each_of_the_ten_is_needed(left_open: str) -> None:
    pieces = polar_pieces(gate for gate in ARCTIC_GATES if gate != left_open)
    inner, outer = chart(INNER), chart(OUTER)
    assert any(joined(pieces, inner[0], p) for p in outer)
