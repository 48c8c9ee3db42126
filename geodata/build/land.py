"""Natural Earth land and country polygons from the TopoJSON of the npm package `world-atlas`.

The rings of that package are stitched across 180 degrees and some of them touch themselves. A ring is
therefore unwrapped first (no jump in longitude), a ring that winds round the pole is closed through the
pole, the result is cut into the range -180..180, and only then repaired.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon, box, make_valid, set_precision, unary_union
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

Arcs = list[NDArray[np.float64]]

# Places that a careless repair has been seen to lose: (name, lon, lat), all on land.
MUST_BE_LAND = (
    ("North America", -100.0, 45.0),
    ("Chukotka west of 180", 178.0, 67.5),
    ("Chukotka east of 180", -175.0, 66.5),
    ("Wrangel Island", 179.5, 71.2),
    ("Wrangel Island east", -179.3, 71.2),
    ("Viti Levu, Fiji", 178.0, -17.8),
    ("Vanua Levu, Fiji", 179.2, -16.6),
    ("Antarctica", 0.0, -80.0),
    ("South Pole", 0.0, -89.9),
    ("Greenland", -40.0, 72.0),
    ("Eurasia", 60.0, 55.0),
    ("Africa", 20.0, 10.0),
)
MUST_BE_WATER = (("North Pole", 0.0, 89.9), ("Pacific", -150.0, 0.0), ("Caspian Sea", 51.0, 41.5))


def read_topology(path: Path) -> tuple[dict[str, Any], Arcs]:
    """Return the topology object and its arcs as arrays of (lon, lat) degrees."""
    topology = json.loads(path.read_text())
    scale = np.array(topology["transform"]["scale"])
    origin = np.array(topology["transform"]["translate"])
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + origin for arc in topology["arcs"]]
    return topology, arcs


def _ring(arcs: Arcs, ids: list[int]) -> NDArray[np.float64]:
    parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in ids]
    return np.vstack([parts[0], *[p[1:] for p in parts[1:]]])


def unwrap(ring: NDArray[np.float64]) -> NDArray[np.float64]:
    """Remove jumps over 180 degrees; a ring that winds round a pole is closed through that pole."""
    lon = np.rad2deg(np.unwrap(np.deg2rad(ring[:, 0])))
    out = np.column_stack([lon, ring[:, 1]])
    if abs(lon[-1] - lon[0]) > 180.0:
        pole = 90.0 if ring[:, 1].mean() > 0 else -90.0
        out = np.vstack([out, [lon[-1], pole], [lon[0], pole]])
    return out


def cut_at_180(shape: BaseGeometry) -> BaseGeometry:
    """Cut an unwrapped shape into pieces within -180..180 degrees."""
    west, _, east, _ = shape.bounds
    pieces = []
    for turn in range(int(np.floor((west + 180) / 360)), int(np.floor((east + 180) / 360)) + 1):
        window = box(-180 + 360 * turn, -90, 180 + 360 * turn, 90)
        pieces.append(translate(shape.intersection(window), xoff=-360.0 * turn))
    return unary_union(pieces)


def polygons_of(shape: BaseGeometry) -> list[Polygon]:
    """The polygons of any geometry, without its points and lines."""
    if isinstance(shape, Polygon):
        return [] if shape.is_empty else [shape]
    return [p for part in getattr(shape, "geoms", []) for p in polygons_of(part)]


def decode_geometry(geometry: dict[str, Any], arcs: Arcs) -> list[Polygon]:
    """Valid polygons, cut at 180 degrees, of one TopoJSON geometry."""
    if geometry["type"] == "GeometryCollection":
        return [p for part in geometry["geometries"] for p in decode_geometry(part, arcs)]
    groups = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    out = []
    for rings in groups:
        shell, *holes = [unwrap(_ring(arcs, ids)) for ids in rings]
        for hole in holes:
            hole[:, 0] += 360 * np.round((shell[:, 0].mean() - hole[:, 0].mean()) / 360)
        out += polygons_of(cut_at_180(make_valid(Polygon(shell, holes))))
    return out


def land(path: Path) -> list[Polygon]:
    """All land polygons of `land-10m.json`, non-overlapping, within -180..180 degrees."""
    topology, arcs = read_topology(path)
    merged = polygons_of(set_precision(unary_union(decode_geometry(topology["objects"]["land"], arcs)), 1e-5))
    check_land(merged)
    return sorted(merged, key=lambda p: (-p.area, p.bounds))


def check_land(polygons: list[Polygon]) -> None:
    """Raise ValueError where a continent or an island that must be there is lost."""
    from shapely import Point, STRtree

    tree = STRtree(polygons)
    for places, wanted in ((MUST_BE_LAND, True), (MUST_BE_WATER, False)):
        for name, lon, lat in places:
            if (len(tree.query(Point(lon, lat), predicate="intersects")) > 0) is not wanted:
                raise ValueError(f"land: {name} ({lat}, {lon}) should be {'land' if wanted else 'water'}")


def country(path: Path, name: str) -> MultiPolygon:
    """The polygons of one country of `countries-10m.json` by its `name` property."""
    topology, arcs = read_topology(path)
    for geometry in topology["objects"]["countries"]["geometries"]:
        if geometry["properties"]["name"] == name:
            return MultiPolygon(decode_geometry(geometry, arcs))
    raise KeyError(name)


def shared_border(path: Path, first: str, second: str) -> list[NDArray[np.float64]]:
    """Border lines between two countries: the arcs that both of them use, (n, 2) lon, lat each."""
    topology, arcs = read_topology(path)
    used: dict[str, set[int]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        if name in (first, second):
            groups = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
            used[name] = {i if i >= 0 else ~i for rings in groups for ids in rings for i in ids}
    return [arcs[i] for i in sorted(used[first] & used[second])]
