"""The network's way is the shortest: an independent solver finds none that is shorter.

The solver knows neither corners nor taut lines. It lays a grid over a gnomonic chart of a window of the sea (great
circles are straight there), joins each cell to 32 neighbours where shapely finds no obstacle between, searches
with Dijkstra and then pulls the path tight, point by point. Its way is a real one through free water, so the network
must not be longer; and a grid that is fine enough comes close to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely.geometry.base import BaseGeometry

import geodata
from sim import SeaNetwork
from sim.geo.geodesy import Floats, angles, lonlat, vectors
from sim.geo.land import unpack_polygons

GEOD = Geod(ellps="WGS84")
NM_PER_RADIAN = 180 * 60 / np.pi
STEPS = [(1, 0), (1, 1), (2, 1), (1, 2), (3, 1), (1, 3), (3, 2), (2, 3)]
DIRECTIONS = [d for x, y in STEPS for d in ((x, y), (-y, x))]  # and back: 32 neighbours
CELLS = 240  # a side of the grid
LonLat = tuple[float, float]

# sea, from, to: lon, lat degrees
WINDOWS: list[tuple[str, LonLat, LonLat]] = [
    ("Java Sea to Banda Sea", (107.0, -5.0), (127.0, -5.2)),
    ("Banda Sea to Celebes Sea", (124.5, -5.5), (122.5, 3.0)),
    ("Caribbean", (-77.5, 17.0), (-66.0, 19.5)),
    ("Lesser Antilles", (-64.5, 13.5), (-57.0, 16.5)),
    ("Baltic", (19.0, 55.3), (20.5, 62.8)),
    ("Fiji, over 180 degrees", (176.0, -16.0), (-178.0, -19.5)),
    ("Aleutians, over 180 degrees", (174.0, 56.5), (-176.0, 48.0)),
    ("Novaya Zemlya", (50.0, 72.5), (66.0, 73.0)),
    ("Svalbard", (10.0, 76.0), (33.0, 78.5)),
    ("Japan", (136.0, 39.0), (146.0, 38.0)),
    ("Taiwan and Luzon", (118.0, 20.5), (124.0, 26.0)),
    ("Aegean", (22.4, 35.6), (24.7, 39.4)),
    ("Adriatic", (14.0, 43.6), (17.0, 38.5)),
    ("British Isles", (-7.0, 50.0), (0.5, 54.8)),
    ("Horn of Africa", (46.0, 12.0), (53.0, 7.0)),
    ("Cape Horn", (-63.0, -54.2), (-76.0, -54.2)),
    ("Madagascar", (42.0, -14.0), (52.0, -19.0)),
    ("Bass Strait", (140.0, -40.5), (152.0, -37.0)),
    ("New Zealand", (171.5, -41.0), (178.5, -42.0)),
    ("Newfoundland", (-62.0, 48.0), (-51.0, 51.5)),
]


@dataclass(frozen=True)
class Window:
    """Obstacles in a gnomonic chart round the middle of two positions."""

    up: Floats
    east: Floats
    half: float
    blocked: BaseGeometry

    def to(self, position: Floats) -> Floats:
        xyz = vectors(position)
        return np.asarray(
            np.stack([xyz @ self.east, xyz @ np.cross(self.up, self.east)], axis=-1) / (xyz @ self.up)[..., None]
        )

    def back(self, xy: Floats) -> Floats:
        return lonlat(self.up + xy[..., :1] * self.east + xy[..., 1:] * np.cross(self.up, self.east))

    def clear(self, a: Floats, b: Floats) -> NDArray[np.bool_]:
        """Which legs (n, 2) cross no obstacle."""
        hit = shapely.intersects(self.blocked, shapely.linestrings(np.stack([a, b], axis=1)))
        return np.asarray(~hit, dtype=np.bool_)

    def length_nm(self, way: Floats) -> float:
        lon, lat = self.back(way).T
        return float(GEOD.line_length(lon, lat)) / 1852.0


@pytest.fixture(scope="module")
def obstacles() -> list[shapely.Polygon]:
    with np.load(geodata.binary("obstacles.npz")) as data:
        return unpack_polygons(data["delta"], data["ring_sizes"], data["polygon_rings"])


def window(obstacles: list[shapely.Polygon], ends: Floats, route: Floats) -> Window:
    """As wide as one and a half times the path between the ends, and more where the network's route needs it."""
    up = vectors(ends).sum(axis=0)
    up /= np.linalg.norm(up)
    east = np.array([-up[1], up[0], 0.0]) / np.hypot(up[0], up[1])
    half = float(np.tan(angles(vectors(ends[0]), vectors(ends[1])) / 2 * 1.5))
    chart = Window(up, east, half, shapely.Polygon())
    half = max(half, 1.15 * float(np.abs(chart.to(route)).max()))
    lon, lat = lonlat(up)
    reach = np.rad2deg(np.arctan(half)) * 1.5 + 1
    wide = min(reach / max(np.cos(np.deg2rad(min(abs(lat) + reach, 89.9))), 0.01), 180.0)
    parts = []
    tree = shapely.STRtree(obstacles)
    for turn in (-360, 0, 360):
        box = shapely.box(lon - wide + turn, max(lat - reach, -90), lon + wide + turn, min(lat + reach, 90))
        for k in tree.query(box, predicate="intersects"):
            near = obstacles[k] if box.contains(obstacles[k]) else shapely.intersection(obstacles[k], box)
            parts.append(shapely.transform(near, chart.to))
    # by a millimetre smaller: a leg may touch a shore, as the network's legs do
    solid = shapely.union_all([shapely.make_valid(p) for p in parts]).buffer(-1e-9, join_style="mitre")
    shapely.prepare(solid)
    return Window(up, east, half, solid)


def grid_way(chart: Window, start: Floats, goal: Floats, cells: int = CELLS) -> Floats | None:
    """The shortest path over the grid, as points (n, 2) of the chart."""
    side = np.linspace(-chart.half, chart.half, cells)
    step = side[1] - side[0]
    points = np.stack(np.meshgrid(side, side, indexing="ij"), axis=-1)
    squares = shapely.box(*(points - step / 2).reshape(-1, 2).T, *(points + step / 2).reshape(-1, 2).T)
    near_land = shapely.intersects(chart.blocked, squares).reshape(cells, cells)
    water = ~shapely.intersects_xy(chart.blocked, points.reshape(-1, 2)).reshape(cells, cells)
    number = np.arange(cells * cells).reshape(cells, cells)
    flat = points.reshape(-1, 2)
    firsts, seconds = [], []
    for dx, dy in DIRECTIONS:
        a = number[max(-dx, 0) : cells - max(dx, 0), max(-dy, 0) : cells - max(dy, 0)]
        b = number[max(dx, 0) : cells + min(dx, 0), max(dy, 0) : cells + min(dy, 0)]
        both = water.flat[a] & water.flat[b]
        # a leg lies within the cells of the rectangle between its ends
        doubt = np.zeros(a.shape, dtype=bool)
        for i in range(0, dx, 1 if dx > 0 else -1) if dx else [0]:
            for j in [*range(0, dy, 1 if dy > 0 else -1), dy] if dy else [0]:
                for x, y in ((i, j), (i + (1 if dx > 0 else -1 if dx else 0), j)):
                    doubt |= near_land.flat[a + x * cells + y]
        ask = both & doubt
        both[ask] = chart.clear(flat[a[ask]], flat[b[ask]])
        firsts.append(a[both])
        seconds.append(b[both])
    extra = np.vstack([flat, start, goal])
    for k, end in enumerate((start, goal)):
        close = np.flatnonzero((np.abs(flat - end).max(axis=1) < 3 * step) & water.ravel())
        close = close[chart.clear(np.broadcast_to(end, (len(close), 2)), flat[close])]
        firsts.append(np.full(len(close), cells * cells + k))
        seconds.append(close)
    first, second = np.concatenate(firsts), np.concatenate(seconds)
    xyz = vectors(chart.back(extra))
    weight = angles(xyz[first], xyz[second])
    ends = np.asarray(first).astype(np.int32), np.asarray(second).astype(np.int32)
    graph = csr_array((weight, ends), shape=(len(extra), len(extra)))
    dist, before = dijkstra(graph, directed=False, indices=len(flat), return_predecessors=True)
    if not np.isfinite(dist[-1]):
        return None
    way = [len(extra) - 1]
    while way[-1] != len(flat):
        way.append(int(before[way[-1]]))
    return np.asarray(extra[way[::-1]])


def pulled(chart: Window, way: Floats) -> Floats:
    """The path with corners cut wherever the straight leg is clear, and then drawn tight between its neighbours."""

    def skip(line: Floats) -> Floats:
        at, keep = 0, [0]
        while at < len(line) - 1:
            ahead = np.arange(at + 1, len(line))
            free = chart.clear(np.broadcast_to(line[at], (len(ahead), 2)), line[ahead])
            at = int(ahead[np.flatnonzero(free)[-1]]) if free.any() else at + 1
            keep.append(at)
        return line[keep]

    line = skip(way)
    for _ in range(40):
        before = chart.length_nm(line)
        fine = [line[:1]]
        for k in range(1, len(line) - 1):  # slide a corner towards the straight line as far as both legs stay clear
            a, b, c = fine[-1][-1], line[k], line[k + 1]
            foot = a + np.clip((b - a) @ (c - a) / max((c - a) @ (c - a), 1e-30), 0, 1) * (c - a)
            low, high = 0.0, 1.0
            for _ in range(18):
                half = (low + high) / 2
                moved = b + half * (foot - b)
                free = chart.clear(np.array([a, moved]), np.array([moved, c])).all()
                low, high = (half, high) if free else (low, half)
            # and split the corner in two, so that the line can bend round a rounded cape
            moved = b + low * (foot - b)
            fine.append(np.array([moved + 0.25 * (a - moved), moved, moved + 0.25 * (c - moved)]))
        line = skip(np.vstack([*fine, line[-1:]]))
        if before - chart.length_nm(line) < 1e-3:
            break
    return line


@pytest.mark.parametrize(("sea", "a", "b"), WINDOWS, ids=[w[0] for w in WINDOWS])
def test_no_way_is_shorter_than_the_network(
    net: SeaNetwork, obstacles: list[shapely.Polygon], sea: str, a: LonLat, b: LonLat
) -> None:
    start, goal = net.place(a), net.place(b)
    assert len(start.way) == len(goal.way) == 1, f"{sea}: an end does not lie in free water"
    route = net.route(a, b, via="any", closed=["matochkin_shar"])  # too narrow for the grid
    assert not {t for t in route.leg_tags if t}
    chart = window(obstacles, np.array([a, b]), route.lonlat)
    own = chart.to(route.lonlat)
    assert chart.clear(own[:-1], own[1:]).all(), f"{sea}: the network's way crosses an obstacle"

    found = grid_way(chart, chart.to(np.array(a)), chart.to(np.array(b)))
    assert found is not None
    tight = pulled(chart, found)
    grid_nm, tight_nm = chart.length_nm(found), chart.length_nm(tight)
    print(f"{sea}: network {route.distance_nm:.2f}, grid {grid_nm:.2f}, pulled tight {tight_nm:.2f} nm")
    assert route.distance_nm <= tight_nm * 1.0005
    assert route.distance_nm <= grid_nm
    assert tight_nm <= route.distance_nm * 1.02, "the independent way is no measure: too long"


def test_the_windows_are_not_all_open_sea(net: SeaNetwork) -> None:
    bent = [sea for sea, a, b in WINDOWS if len(net.route(a, b, via="any").lonlat) > 3]
    assert len(bent) >= 12
