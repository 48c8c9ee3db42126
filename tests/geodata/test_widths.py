"""The law of the width on drawn coasts: what an open coast, a channel, a bay and a funnel keep clear."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import LineString, Point, Polygon, box
from shapely.affinity import translate

from geodata.build.width import channels
from geodata.build.width.channels import Line, with_channels
from geodata.build.width.ladder import Ladder, Piece, WidthRule, opened_water
from geodata.build.width.obstacles import Coast, Drawn, Shipping, antarctica, obstacles, simplified, used_channels
from geodata.build.width.shoals import shoals
from geodata.build.width.windows import Around, Window, world

RULE = WidthRule(open_nm=8.0, share=0.25, narrowest_nm=0.5, widest_nm=32.0, simplify_share=0.3)
HERE = Window(-3.0, -3.0, 3.0, 3.0)
NM = 1 / 60  # degrees, near the equator
NO_PORT = np.empty((0, 2))


ALONG = ((-1.7, 0.0), (1.7, 0.0))  # a named water from west to east


def shut(land: list[Polygon], ports: np.ndarray = NO_PORT, lines: tuple[Line, ...] = ()) -> shapely.Geometry:
    return shapely.union_all(obstacles(land, RULE, [], [], Shipping(ports, lines=lines), [HERE]))


def clear_nm(water: shapely.Geometry, land: list[Polygon], line: LineString) -> float:
    """How near to land the free part of a line comes, nm."""
    return float(line.difference(water).distance(shapely.union_all(land))) / NM


def strait(width_nm: float, length_nm: float = 60.0) -> list[Polygon]:
    """Two lands with a channel from west to east between them, that opens at 45 degrees to both seas."""
    half, reach = width_nm / 2 * NM, length_nm / 2 * NM
    top = Polygon(
        [(-reach, half), (reach, half), (reach + 1, half + 1), (reach + 1, 2), (-reach - 1, 2), (-reach - 1, half + 1)]
    )
    return [top, shapely.transform(top, lambda xy: xy * [1, -1])]


def test_rungs_double_until_the_open_clearance() -> None:
    assert RULE.rungs == (0.5, 1, 2, 4, 8, 16, 32)
    assert [RULE.clearance(r) for r in RULE.rungs] == [0.125, 0.25, 0.5, 1, 2, 4, 8]


def test_an_open_coast_keeps_the_open_clearance() -> None:
    land = [box(-1, -1, 1, 0)]
    assert clear_nm(shut(land), land, LineString([(0, 0), (0, 2)])) == pytest.approx(8, rel=0.05)


@pytest.mark.parametrize("width", [1.2, 2.5, 5, 10, 20, 40])
def test_a_channel_is_open_and_keeps_a_share_of_its_half_width(width: float) -> None:
    land = strait(width)
    water = shut(land, lines=(ALONG,))
    assert not water.intersects(LineString([(-1.7, 0), (1.7, 0)])), "its middle line is free from sea to sea"
    rung = max(r for r in RULE.rungs if r <= width / 2)
    found = clear_nm(water, land, LineString([(0, -width / 2 * NM), (0, width / 2 * NM)]))
    assert found == pytest.approx(RULE.clearance(rung), rel=0.35)  # a shore may be simplified by 0.3 of it


def test_water_narrower_than_the_least_is_shut() -> None:
    assert shut(strait(0.8)).intersects(LineString([(-1.7, 0), (1.7, 0)]))


def test_a_channel_leaves_the_coasts_beside_it_alone() -> None:
    """What opens the channel is let out into the sea beyond it, but not along the outer coasts."""
    land = strait(2.5)
    outer = LineString([(1.3, 0.82), (1.5, 0.62)])  # square to the shore, 68 nm from the channel
    assert clear_nm(shut(land, lines=(ALONG,)), land, outer) > 5


@pytest.mark.parametrize("slope", [0.05, 0.25, 0.5, 1.0])
def test_a_funnel_is_open_to_the_wider_water(slope: float) -> None:
    """From a mouth that opens at once to one that opens slowly."""
    top = Polygon([(-0.1 - slope, 0.9), (-0.1, 0.02), (0.1, 0.02), (0.1 + slope, 0.9), (1.1, 1.5), (-1.1, 1.5)])
    land = [top, shapely.transform(top, lambda xy: xy * [1, -1])]
    assert not shut(land, lines=(((-1.3, 0.0), (1.3, 0.0)),)).intersects(LineString([(-1.2, 0), (1.2, 0)]))


def bay(mouth_nm: float) -> list[Polygon]:
    """Land with a bay 40 nm deep that opens to the north."""
    half = mouth_nm / 2 * NM
    return [shapely.difference(box(-1.5, -1.5, 1.5, 0), box(-half, -40 * NM, half, 1))]


AWAY = (1.0, 0.5)  # a second port, on the open coast


def test_a_bay_without_a_port_is_filled_and_one_with_a_port_far_from_the_sea_is_not() -> None:
    land = bay(6)
    inner = Point(0, -30 * NM)
    assert shut(land).intersects(inner)
    assert not shut(land, np.array([[0, -38 * NM], AWAY])).intersects(inner)
    near = shut(land, np.array([[0, -10 * NM], AWAY]))
    assert near.intersects(inner), "its approach bridges eighteen miles to open water"


def test_two_bays_behind_one_mouth_stay_joined_where_the_inner_one_has_a_port() -> None:
    half = 2 * NM
    water = shapely.union_all([box(-half, -20 * NM, half, 1), box(-half, -20 * NM, 60 * NM, -16 * NM)])
    land = [shapely.difference(box(-1.5, -1.5, 1.5, 0), water)]
    free = shut(land, np.array([[58 * NM, -18 * NM], AWAY]))
    assert not free.intersects(LineString([(0, 0.3), (0, -18 * NM), (34 * NM, -18 * NM)]))


def island(side_nm: float, off_nm: float) -> list[Polygon]:
    """A straight coast with a square island before it."""
    half, off = side_nm / 2 * NM, off_nm * NM
    return [box(-2.5, -1, 2.5, 0), box(-half, off, half, off + 2 * half)]


@pytest.mark.parametrize(("side", "open_"), [(40.0, True), (0.6, False)])
def test_a_water_stays_where_ships_between_two_ports_save_by_it(side: float, open_: bool) -> None:
    """Inside a long island the way is shorter; inside a rock it saves nothing."""
    land = island(side, 4.0)
    water = shut(land, np.array([[end + 0.01 * k, 0.02] for end in (-2.0, 1.9) for k in range(10)]))
    assert water.intersects(LineString([(0, 0.001), (0, 4 * NM)]).interpolate(0.5, normalized=True)) != open_


@pytest.mark.parametrize("main", [0, 20])
def test_long_ways_count_between_main_ports_alone(main: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "REACH_NM", 100.0)  # the ports lie 235 nm apart
    ports = np.array([[end + 0.01 * k, 0.02] for end in (-2.0, 1.9) for k in range(10)])
    water = shapely.union_all(obstacles(island(40.0, 4.0), RULE, [], [], Shipping(ports, main), [HERE]))
    assert water.contains(Point(0.0, 2.0 * NM)) == (main == 0)


def test_land_is_never_free() -> None:
    rng = np.random.default_rng(3)
    land = [Point(x, y).buffer(r) for x, y, r in rng.uniform([-1.5, -1.5, 0.01], [1.5, 1.5, 0.3], (40, 3))]
    land = [p for p in shapely.get_parts(shapely.union_all(land)) if isinstance(p, Polygon)]
    uncovered = shapely.union_all(land).difference(shut(land))
    assert uncovered.area == pytest.approx(0, abs=1e-9)


def test_the_law_holds_across_180_degrees() -> None:
    """The same strait, at 0 and at 180 degrees, is open and as wide."""

    def moved(shape: Polygon) -> list[Polygon]:
        west = shapely.intersection(shape, box(-180, -90, 0, 90))
        east = shapely.intersection(shape, box(0, -90, 180, 90))
        return [translate(west, 180), translate(east, -180)]

    windows = [Window(177, -3, 180, 3), Window(-180, -3, -177, 3)]
    land = [half for p in strait(5) for half in moved(p)]
    parts, pieces = opened_water(land, RULE, windows)
    kept = used_channels(parts, pieces, Shipping(NO_PORT, lines=[((178.5, 0.0), (-178.5, 0.0))]), windows)
    found = shapely.union_all(with_channels(parts, kept))
    for lon in (179.9, -179.9, 179.99999):
        assert not found.intersects(Point(lon, 0))
        assert found.intersects(Point(lon, 2.4 * NM))


def test_a_channel_drawn_by_hand_is_cut_through_land() -> None:
    land = strait(0.8)
    water = Drawn(4.0, 0.1, ((-0.7, 0.0), (0.7, 0.0)))
    found = shapely.union_all(obstacles(land, RULE, [water], [], Shipping(NO_PORT), [HERE]))
    assert not found.intersects(LineString([(-1.7, 0), (1.7, 0)]))
    assert found.intersects(Point(0, 0.35 * NM))


def test_windows_cover_the_world_once() -> None:
    area = sum((w.east - w.west) * (w.north - w.south) for w in world())
    assert area == pytest.approx(360 * 150)
    assert not any(a.frame().overlaps(b.frame()) for a in world()[:40] for b in world()[:40])


def test_shapes_are_seen_across_180_degrees() -> None:
    around = Around([box(178, 0, 180, 1), box(-180, 0, -178, 1)])
    found = around.within(Window(176, -1, 180, 2).frame(60))
    assert {k for k, _ in found} == {0, 1}
    assert max(p.bounds[2] for _, p in found) > 180


def test_the_closing_of_a_ladder_holds_the_land() -> None:
    land = strait(10)
    ladder = Ladder(HERE, RULE, Around(land))
    for radius in RULE.rungs:
        assert (
            shapely.union_all([HERE.charted(p) for p in land])
            .difference(ladder.closed(radius).buffer(0.03 * radius * 1852))
            .is_empty
        )
    middle = HERE.charted(Point(0, 0))
    assert [bool(ladder.closed(r).intersects(middle)) for r in RULE.rungs] == [False] * 4 + [True] * 3


def test_simplifying_moves_a_shore_by_less_than_its_share() -> None:
    land = [box(-1, -1, 1, 0)]
    rough = Polygon([(x, 8 * NM + 0.5 * NM * np.sin(40 * x)) for x in np.linspace(-1, 1, 400)] + [(1, 0), (-1, 0)])
    found = simplified(rough, Coast(land), RULE)
    assert len(found.exterior.coords) < 40
    assert found.hausdorff_distance(rough) < 0.3 * 8 * NM


def test_a_narrow_water_of_few_metres_is_a_shoal_and_an_unsounded_one_is_not() -> None:
    pieces = [Piece(4.0, water := box(k, 0.0, k + 0.5, 0.5), water) for k in range(4)] + [
        Piece(1.0, box(9, 0, 9.1, 0.1), box(9, 0, 9.1, 0.1))
    ]
    at = np.array([(k + dx, 0.2) for k in (0, 1, 2) for dx in (0.1, 0.2, 0.3)] + [(9.05, 0.05)])
    depth = np.array([5.0, 6.0, 40.0, 30.0, 6.0, 40.0, 1.0, 1.0, 5.0, 3.0])  # 1 m stands for "no sounding"
    assert shoals(pieces, at, depth).tolist() == [True, False, False, False, False]
    assert shoals(pieces, at + np.array([360.0, 0.0]), depth).tolist() == shoals(pieces, at, depth).tolist()


def test_land_south_of_the_windows_is_kept_clear_of_too() -> None:
    land = [box(10, -72, 20, -66), box(-180, -90, 180, -84), box(179, -70, 180, -69), box(-180, -70, -179, -69)]
    clear = shapely.union_all(antarctica(land, 8.0))
    assert all(clear.covers(p) for p in land)
    north = [shapely.Point(15, -66 + nm * NM) for nm in (7.5, 8.5)]
    west = [shapely.Point(10 - nm * NM / np.cos(np.deg2rad(69)), -69) for nm in (7.5, 8.5)]
    assert [clear.covers(p) for p in (*north, *west)] == [True, False, True, False]
    over_180 = LineString([(179.5, -69.5), (180, -69.5)]), LineString([(-180, -69.5), (-179.5, -69.5)])
    assert all(clear.covers(line) for line in over_180)
