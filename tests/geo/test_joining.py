"""How positions are joined to the network: the same answer by name and by coordinates, alone and in company."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import SeaNetwork
from sim.errors import PlaceError, UsageError
from sim.geo.land import land_polygons, on_land
from sim.geo.network.raw.approach import Coast, find_approach
from sim.geo.network.raw.raster import Box, Grid, Shape, land_shape, links
from sim.geo.ports import Port

HAIFA = (34.99, 32.82)


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_a_port_by_name_and_by_its_coordinates(net: SeaNetwork, ocean_ports: list[Port], data: st.DataObject) -> None:
    a, b = (data.draw(st.sampled_from(ocean_ports)) for _ in range(2))
    if (a.lon, a.lat) == (b.lon, b.lat):
        return
    by_name = net.route(a.key, b.key, via="any").distance_nm
    assert net.route((a.lon, a.lat), (b.lon, b.lat), via="any").distance_nm == pytest.approx(by_name, abs=1e-6)
    assert net.distances([(a.lon, a.lat)], [b.key], via="any")[0, 0] == pytest.approx(by_name, abs=1e-6)


def test_a_position_sees_the_ends_of_canals(net: SeaNetwork) -> None:
    beside = (HAIFA[0] - 0.3, HAIFA[1])  # at sea: no port's berth
    assert net.route(beside, "Port Said").distance_nm < net.route("Haifa", "Port Said").distance_nm + 5
    # to the clear water before the entrance, into it, and to Balboa in the canal (canals.csv)
    assert net.route((-78.522, 10.923), "Balboa").distance_nm == pytest.approx(120 + 6.5 + 39.6, abs=1)


@given(st.lists(st.sampled_from(["Haifa", "Dalian", "Suez", "Cristobal", "Rotterdam"]), unique=True))
@settings(max_examples=8, deadline=None)
def test_an_entry_does_not_depend_on_its_company(net: SeaNetwork, company: list[str]) -> None:
    alone = net.distances([(34.5, 32.7)], ["Port Said"])[0, 0]
    among = net.distances([(34.5, 32.7), *company, (34.0, 32.5)], ["Port Said", *company])[0, 0]
    assert among == pytest.approx(alone, abs=1e-6)
    assert net.route((34.5, 32.7), "Port Said").distance_nm == pytest.approx(alone, abs=1e-6)


@pytest.mark.parametrize("lonlat", [(179.9, 71.7), (-179.95, 70.7), (-179.95, 52.0), (179.98, -16.6), (180.0, 71.7)])
def test_water_within_the_clearance_at_180_degrees(net: SeaNetwork, lonlat: tuple[float, float]) -> None:
    place = net.place(lonlat)
    assert place.approach_nm < 60
    assert (np.abs(place.way[:, 0]) <= 180).all()
    assert net.route(lonlat, "Nome", via="any").status == "ok"


def test_the_edge_of_a_window_is_no_water() -> None:
    """A wall that the window cuts: no way leads along the window's edge."""
    shape = Shape([_box(-20.0, 0.0, 20.0, 1.0)])
    grid = Grid.over(Box(-1.0, 0.0, 1.0, 1.0), 0.1, 0.1)
    raster = shape.raster(grid)
    assert raster.covered[1:].all()
    coast = Coast(Shape([_box(-0.05, -20.0, 0.05, 20.0)]), [_box(-20.0, -20.0, 1.0, 20.0)])
    assert find_approach((-0.2, 0.0), coast) is None  # free water lies beyond a wall without an end


def test_a_spit_thinner_than_a_cell_parts_its_sides() -> None:
    grid = Grid.over(Box(-1.0, -1.0, 1.0, 1.0), 0.1, 0.1)
    raster = Shape([_box(0.021, -5.0, 0.022, 5.0)]).raster(grid)
    assert not raster.covered.any()
    from scipy.sparse.csgraph import connected_components

    count, _ = connected_components(links(~raster.covered, grid, [raster]))
    assert count == 2


@given(st.floats(-180, 180), st.floats(-75, 80))
@settings(max_examples=20, deadline=None)
def test_the_raster_is_the_map(lon: float, lat: float) -> None:
    grid = Grid.over(Box.around(lon, lat, 0.5), 0.1, 0.1)
    centres = grid.lonlat
    centres[:, 0] = (centres[:, 0] + 180) % 360 - 180
    assert (land_shape().raster(grid).covered.ravel() == on_land(centres)).all()


# Published positions of ports that the map of 1:10m shows inland: London, Hamburg, New Orleans, Bangkok, Bordeaux.
RIVERS = {
    "GBLON": (0.0167, 51.5), "DEHAM": (10.15, 53.5417), "USMSY": (-90.0583, 29.95), "THBKK": (100.5167, 13.7167),
    "FRBOD": (-0.5667, 44.85),
}  # fmt: skip


@pytest.mark.parametrize("key", RIVERS)
def test_a_position_on_a_river_uses_the_channel_of_its_port(net: SeaNetwork, key: str) -> None:
    place, port = net.place(RIVERS[key]), net.place(key)
    apart = place.approach_nm - port.approach_nm
    assert place.berth == key
    assert 0 <= apart < 10
    if place.join is not None:
        assert place.join.kind == "channel"
        assert place.join.port == key
        assert place.join.nm == pytest.approx(apart)
    route = net.route(RIVERS[key], "Gibraltar")
    assert route.distance_nm == pytest.approx(net.route(key, "Gibraltar").distance_nm + apart)


def test_a_position_inland_is_joined_to_water_up_to_the_limit(net: SeaNetwork) -> None:
    lubeck = (10.6908, 53.8789)
    place = net.place(lubeck)
    assert place.join is not None
    assert place.join.kind == "water"
    assert 3 < place.join.nm < 25
    assert place.approach_nm > place.join.nm
    assert net.route(lubeck, "Gdansk").joins == (place.join,)
    with pytest.raises(PlaceError, match="lies on land"):
        net.place(lubeck, join_nm=place.join.nm - 0.5)
    with pytest.raises(PlaceError, match="lies on land"):
        net.place((2.35, 48.85))  # Paris
    with pytest.raises(UsageError, match="join_nm"):
        net.place(lubeck, join_nm=-1)


@given(st.floats(-10, 30), st.floats(35, 65), st.floats(0, 60), st.floats(0, 40))
@settings(max_examples=20, deadline=None)
def test_a_wider_limit_answers_more(net: SeaNetwork, lon: float, lat: float, limit: float, more: float) -> None:
    def answered(join_nm: float) -> bool:
        try:
            return net.place((lon, lat), join_nm).join is not None or True
        except PlaceError:
            return False

    assert answered(limit) <= answered(limit + more)


def test_seas_without_a_way_out_stay_shut(net: SeaNetwork) -> None:
    assert net.route((51.0, 41.5), "Rotterdam").status == "unreachable"  # the Caspian Sea
    with pytest.raises(PlaceError):
        net.place((-87.0, 43.0))  # Lake Michigan


def _box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(west, south, east, north)


def test_the_land_is_loaded_once() -> None:
    assert len(land_shape().polygons) == len(land_polygons())
