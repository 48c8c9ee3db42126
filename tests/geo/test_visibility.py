"""Who sees whom past obstacles, against two slow oracles.

The first draws everything in a gnomonic chart, where great circles are straight, and asks shapely. The second goes
through all pairs of legs and segments on the sphere one by one, and knows no horizon.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Point, Polygon

from sim.geo.geodesy import Floats, lonlat, vectors
from sim.geo.network.obstacles import bend_corners, rings_of
from sim.geo.visibility import Obstacles, visible

Bools = NDArray[np.bool_]
CENTRES = {
    "equator": (10.0, 0.0),
    "north sea": (3.0, 56.0),
    "over 180": (180.0, -17.0),
    "over 180 north": (-179.9, 66.0),
    "beside the pole": (70.0, 88.5),
    "pole": (0.0, 90.0),
    "south": (-40.0, -60.0),
}


@dataclass(frozen=True)
class Chart:
    """A gnomonic chart: great circles are straight lines in it."""

    lon: float
    lat: float

    @property
    def axes(self) -> tuple[Floats, Floats, Floats]:
        up = vectors((self.lon, self.lat))
        east = vectors((self.lon + 90, 0.0))
        return up, east, np.cross(up, east)

    def to(self, xyz: Floats) -> Floats:
        up, east, north = self.axes
        return np.stack([xyz @ east, xyz @ north], axis=-1) / (xyz @ up)[..., None]

    def back(self, xy: Floats) -> Floats:
        up, east, north = self.axes
        return lonlat(up + xy[..., :1] * east + xy[..., 1:] * north)


def obstacles_of(rings: list[Floats]) -> Obstacles:
    """Obstacles of rings (n, 2) of lon, lat with land to the left."""
    following, previous, count = [], [], 0
    for ring in rings:
        i = np.arange(len(ring))
        following.append(count + (i + 1) % len(ring))
        previous.append(count + (i - 1) % len(ring))
        count += len(ring)
    return Obstacles(np.vstack(rings), np.concatenate(following), np.concatenate(previous))


def random_shapes(rng: np.random.Generator, count: int, spread: float, size: float) -> list[Polygon]:
    """Stars and blobs that do not touch each other, in the plane of a chart."""
    out: list[Polygon] = []
    while len(out) < count:
        n = int(rng.integers(3, 12))
        turn = np.sort(rng.uniform(0, 2 * np.pi, n))
        radius = size * rng.uniform(0.25, 1.0, n)
        xy = rng.uniform(-spread, spread, 2) + np.column_stack([radius * np.cos(turn), radius * np.sin(turn)])
        shape = shapely.orient_polygons(Polygon(xy))
        if shape.is_valid and all(shape.distance(other) > size / 50 for other in out):
            out.append(shape)
    return out


def corners_of(shape: Polygon) -> Floats:
    return np.array(shape.exterior.coords)[:-1]


def side(a: Floats, b: Floats, c: Floats) -> float:
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def taut(ring: Floats, k: int, other: Floats) -> bool:
    """Both neighbours of corner k on one side of the line to another point (an edge of its own ring counts)."""
    a, b = side(ring[k], other, ring[k - 1]), side(ring[k], other, ring[(k + 1) % len(ring)])
    return a * b >= 0 or min(abs(a), abs(b)) < 1e-12


def clear(shapes: list[Polygon], p: Floats, q: Floats) -> bool:
    """Along a shore is clear, through the inside is not."""
    leg = LineString([p, q])
    return not any(leg.relate_pattern(s, "T********") for s in shapes)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("centre", CENTRES.values(), ids=CENTRES.keys())
def test_against_shapely_in_a_gnomonic_chart(centre: tuple[float, float], seed: int) -> None:
    rng = np.random.default_rng(seed)
    chart = Chart(*centre)
    size = (0.08, 0.01, 0.002)[seed % 3]  # of the earth's radius: 275, 34 and 7 nm
    shapes = random_shapes(rng, 12, 6 * size, size)
    rings = [corners_of(s) for s in shapes]
    obstacles = obstacles_of([chart.back(r) for r in rings])
    corners = np.arange(len(obstacles.lonlat))
    assert np.allclose(
        obstacles.convex, [side(r[k - 1], r[k], r[(k + 1) % len(r)]) > 0 for r in rings for k in range(len(r))]
    )

    free = [p for p in rng.uniform(-7 * size, 7 * size, (12, 2)) if not any(s.intersects(Point(p)) for s in shapes)]
    at = vectors(chart.back(np.array(free)))
    owner = [(r, k) for r in rings for k in range(len(r))]
    for i in range(len(free)):
        to_points = visible(obstacles, at[i], np.delete(at, i, axis=0))
        assert to_points.tolist() == [clear(shapes, free[i], q) for j, q in enumerate(free) if j != i]
        to_corners = visible(obstacles, at[i], obstacles.xyz, target_corners=corners)
        wanted = [taut(r, k, free[i]) and clear(shapes, free[i], r[k]) for r, k in owner]
        assert to_corners.tolist() == wanted
    for own in rng.choice(np.flatnonzero(obstacles.convex), 6, replace=False):
        ring, k = owner[own]
        seen = visible(obstacles, obstacles.xyz[own], obstacles.xyz, at_corner=int(own), target_corners=corners)
        wanted = [
            j != own and taut(ring, k, r[m]) and taut(r, m, ring[k]) and clear(shapes, ring[k], r[m])
            for j, (r, m) in enumerate(owner)
        ]
        assert seen.tolist() == wanted


def dots(a: Floats, b: Floats) -> Floats:
    return np.asarray((a * b).sum(axis=-1))


def clear_on_sphere(obstacles: Obstacles, p: Floats, q: Floats) -> bool:
    """Arc p-q crosses no segment: neither of the two points in which their great circles meet lies within both."""
    a, b = obstacles.xyz, obstacles.xyz[obstacles.following]
    n_pq, n_ab = np.cross(p, q), np.cross(a, b)
    meet = np.cross(n_pq, n_ab)
    for x in (meet, -meet):
        within_pq = (np.cross(p, x) @ n_pq > 0) & (np.cross(x, q) @ n_pq > 0)
        within_ab = (dots(np.cross(a, x), n_ab) > 0) & (dots(np.cross(x, b), n_ab) > 0)
        if (within_pq & within_ab).any():
            return False
    return True


def inside_any(obstacles: Obstacles, sizes: list[int], x: Floats) -> bool:
    """Within one of the rings (each within a hemisphere round its own middle)."""
    start = 0
    for size in sizes:
        ring = obstacles.xyz[start : start + size]
        start += size
        chart = Chart(*lonlat(ring.mean(axis=0)))
        if ring.mean(axis=0) @ x > 0 and Polygon(chart.to(ring)).intersects(Point(chart.to(x))):
            return True
    return False


@pytest.mark.parametrize("seed", range(4))
def test_against_all_pairs_on_the_whole_sphere(seed: int) -> None:
    """Continents anywhere, points anywhere, among them nearly opposite ones."""
    rng = np.random.default_rng(100 + seed)
    rings, sizes = [], []
    for centre in lonlat(rng.normal(size=(14, 3))):
        shape = random_shapes(rng, 1, 0.0, rng.uniform(0.05, 0.25))[0]
        rings.append(Chart(*centre).back(corners_of(shape)))
        sizes.append(len(rings[-1]))
    obstacles = obstacles_of(rings)
    anywhere = [v / np.linalg.norm(v) for v in rng.normal(size=(60, 3))]
    points = np.array([p for p in anywhere if not inside_any(obstacles, sizes, p)])
    mirrored = -points[:8] + rng.normal(size=(8, 3)) * 1e-3
    mirrored /= np.linalg.norm(mirrored, axis=1)[:, None]
    for p in points[:8]:
        targets = np.vstack([points[8:], mirrored])
        seen = visible(obstacles, p, targets)
        assert seen.tolist() == [clear_on_sphere(obstacles, p, q) for q in targets]


def square(lon: float, lat: float, half: float) -> Polygon:
    return shapely.box(lon - half, lat - half, lon + half, lat + half)


def sees(shapes: list[Polygon], a: tuple[float, float], b: tuple[float, float]) -> bool:
    return bool(visible(rings_of(shapes), vectors(a), vectors(b)[None])[0])


def test_an_island_hides_what_lies_behind_it_and_only_that() -> None:
    near, far = square(0, 0, 1), square(0, 10, 0.4)
    eye = vectors((0.1, -10))
    both, alone = rings_of([near, far]), rings_of([far])
    assert visible(alone, eye, alone.xyz, target_corners=np.arange(4)).sum() == 2
    rows = np.flatnonzero(np.isin(both.lonlat[:, 1], far.exterior.xy[1]))
    assert not visible(both, eye, both.xyz[rows], target_corners=rows).any()
    assert not sees([near], (0.1, -10), (0.2, 10))
    assert sees([near], (0.1, -10), (9, 10))
    assert sees([near], (0.1, -10), (0.2, -1.2))  # before the island


def test_an_obstacle_on_the_other_side_of_the_earth_hides_nothing() -> None:
    """The great circles meet there too, but the leg does not go that way."""
    assert sees([square(179, 0, 0.5)], (-5, 0.01), (5, -0.01))
    assert not sees([square(0, 0, 0.5)], (-5, 0.01), (5, -0.01))


def test_a_long_shore_beyond_the_horizon_bulges_away() -> None:
    """Past 90 degrees the middle of a segment is farther away than its ends: what lies before it is in sight."""
    shore = square(140, 0, 15)
    rings = rings_of([shore])
    assert sees([shore], (0, 0), (124.5, 0.3))
    for target in lonlat(vectors([(124.9, lat) for lat in np.arange(-14, 14.5, 0.7)])):
        seen = visible(rings, vectors((0, 0)), vectors(target)[None])[0]
        assert seen == clear_on_sphere(rings, vectors((0, 0)), vectors(target))


@pytest.mark.parametrize("half", [0.4, 4.0])
def test_a_leg_of_almost_half_the_earth(half: float) -> None:
    eye, target = (0.0, 5.0), (179.0, -4.0)
    over_north = [square(lon, 60, half) for lon in (40.0, 100.0)]
    assert sees(over_north, eye, target) == clear_on_sphere(rings_of(over_north), vectors(eye), vectors(target))
    middle = lonlat(vectors(eye) + vectors(target))
    assert not sees([square(float(middle[0]), float(middle[1]), half)], eye, target)


def test_over_180_degrees_the_cut_is_no_shore() -> None:
    """An island cut at 180 degrees: its halves hide what one island would, the cut itself bends no route."""
    halves = [
        Polygon([(179, -1), (180, -1), (180, 1), (179, 1)]),
        Polygon([(-180, -1), (-179, -1), (-179, 1), (-180, 1)]),
    ]
    rings = rings_of(halves)
    assert sorted(rings.lonlat[bend_corners(rings)].tolist()) == [[-179, -1], [-179, 1], [179, -1], [179, 1]]
    assert not sees(halves, (175, 0.1), (-175, -0.1))
    assert sees(halves, (175, 2), (-175, 2))
    assert not sees(halves, (179.5, 5), (-179.5, -5))


def test_a_lagoon_is_closed_from_within_and_without() -> None:
    ring = Polygon(square(0, 0, 4).exterior, [square(0, 0, 1).exterior])
    assert sees([ring], (-0.5, 0), (0.5, 0))
    assert not sees([ring], (0, 0), (8, 0.1))
    rings = rings_of([ring])
    assert len(bend_corners(rings)) == 4  # the corners of the lagoon are hollow


def test_a_taut_line_touches_a_square_at_its_two_silhouette_corners() -> None:
    rings = rings_of([square(0, 0, 1)])
    corners = np.arange(4)
    seen = visible(rings, vectors((-6, 0.3)), rings.xyz, target_corners=corners)
    assert sorted(rings.lonlat[seen].tolist()) == [[-1, -1], [-1, 1]]
    seen = visible(rings, vectors((-6, 4)), rings.xyz, target_corners=corners)
    assert sorted(rings.lonlat[seen].tolist()) == [[-1, -1], [1, 1]]


def test_from_a_corner_of_a_square_one_sees_its_neighbours_and_not_across() -> None:
    rings = rings_of([square(0, 0, 1)])
    for own in range(4):
        seen = visible(rings, rings.xyz[own], rings.xyz, at_corner=own, target_corners=np.arange(4))
        opposite = (own + 2) % 4
        assert not seen[own]
        assert not seen[opposite]
        assert seen.sum() == 2


def test_corners_south_of_all_shipping_bend_no_route() -> None:
    rings = rings_of([square(0, -70, 1), square(0, -50, 1)])
    assert (rings.lonlat[bend_corners(rings)][:, 1] > -62).all()
    assert len(bend_corners(rings)) == 4


def test_a_line_that_enters_an_island_exactly_at_a_corner() -> None:
    rhomb = Polygon([(0, -0.01), (0.01, 0), (0, 0.01), (-0.01, 0)])
    assert not sees([rhomb], (0.001, -5), (0.001, 5))
    assert not sees([rhomb], (0, -5), (0, 5))


def test_an_island_over_the_cut_bends_lines_at_its_outer_corners_alone() -> None:
    """By hand: of the eight corners of the two halves of a square, the four on the cut are none of the island."""
    west = np.array([[178.0, 66.0], [180.0, 66.0], [180.0, 68.0], [178.0, 68.0]])
    east = np.array([[-180.0, 66.0], [-178.0, 66.0], [-178.0, 68.0], [-180.0, 68.0]])
    island = obstacles_of([west, east])
    assert np.flatnonzero(island.seam).tolist() == [1, 7]  # up the cut in the west half, down it in the east half
    assert np.flatnonzero(island.convex).tolist() == [0, 3, 5, 6]


def test_land_lies_left_of_rings_whichever_way_they_are_drawn() -> None:
    """Outlines are turned counterclockwise and holes clockwise, and begin with the corner that was given first."""
    outline, hole = [(0, 0), (9, 0), (9, 9), (0, 9)], [(3, 3), (3, 6), (6, 6)]
    island = Polygon([(170, 1), (172, 3), (174, 1)])
    for shell in (outline, outline[::-1]):
        for inner in (hole, hole[::-1]):
            shape = Polygon(shell, [inner])
            rings = rings_of([shape, island])
            turned = [shapely.orient_polygons(p) for p in (shape, island)]
            wanted = [np.array(r.coords)[:-1] for p in turned for r in (p.exterior, *p.interiors)]
            assert np.array_equal(rings.lonlat, np.vstack(wanted))
            assert rings.following.tolist() == [1, 2, 3, 0, 5, 6, 4, 8, 9, 7]
            assert rings.previous.tolist() == [3, 0, 1, 2, 6, 4, 5, 9, 7, 8]
