"""The ways from berths to sea points set by hand: they follow water, and the published miles are counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

import geodata
from geodata.build.channels import (
    BEDS_NM,
    BY_HAND,
    MAP,
    MOST_POINTS,
    Repair,
    River,
    drawn,
    read_repairs,
    read_rivers,
    text_of,
    told,
)
from geodata.build.network import Channel, Water, berth, read_channels
from geodata.build.port_sources import FILES, RIVERS
from sim import tables
from sim.geo.drawing import densified
from sim.geo.geodesy import Floats, lengths_nm, way_nm
from sim.geo.land import land_polygons, unpack_polygons
from sim.geo.network.raw.approach import SNAP_NM
from sim.geo.network.raw.raster import Shape, land_shape
from sim.geo.ports import Port, PortTable, read_ports

TABLE = geodata.table("channels.csv")
ROWS = {row.locode: row for row in tables.rows(TABLE, Channel, unique="locode")}
PORTS = {port.key: port for port in read_ports(geodata.table("ports.csv")) if port.sea is not None}
LINES = read_channels(TABLE)
SHORTEST, LONGEST = 0.8, 1.25  # of the published length; rows with a note may differ more

# towns and ports on the way, from other tables or from the gazetteer, by the port whose ships pass them
PASSED = {
    "CAMTR": ("CAQUE", "CATRR", "CASOR", "CABEC"), "CNNKG": ("CNZHE", "CNJGY", "CNNTG", "CNZJG", "CNYZH"),
    "USBTR": ("USMSY", "USNEW"), "USPDX": ("USAST", "USLOG"), "FRURO": ("FRHON", "FRLEH"),
    "DEBRE": ("DEBRV", "DEBKE", "DENHA"), "DEHAM": ("DEBRB", "DESTA"), "ROGAL": ("ROSUL",), "RUIAA": ("RUDUD",),
    "FRBOD": ("FRPAP", "FRLVE", "FRBYE"), "CDMAT": ("CDBOA",), "FRNTE": ("FRMTX", "FRDON"),
    "BEANR": ("NLTNZ", "NLVLI"), "BEGNE": ("NLTNZ", "NLVLI"), "USPHL": ("USILG", "USCHT"), "GBLON": ("GBTIL", "GBGVS"),
    "GBGLW": ("GBGRK",), "PLSZZ": ("PLSWI",), "USTIW": ("USTWD",), "NLAMS": ("NLIJM", "NLVEL"), "RUKGD": ("RUBLT",),
    "USLCH": ("Cameron/US",), "USHOU": ("USHPY", "USGLS"), "NGPHC": ("NGBON", "NGOKR"), "RURND": ("RUAZO",),
}  # fmt: skip
ON_THE_AMAZON = {
    "Itacoatiara": (-58.44, -3.14), "Parintins": (-56.74, -2.63), "Obidos": (-55.52, -1.92), "Santarem": (-54.71, -2.42)
}  # fmt: skip


@pytest.fixture(scope="module")
def water() -> Water:
    with np.load(geodata.binary("obstacles.npz")) as data:
        return Water(land_polygons(), unpack_polygons(data["delta"], data["ring_sizes"], data["polygon_rings"]))


def off_nm(key: str, lonlat: tuple[float, float]) -> float:
    """How far the way of a port passes a position."""
    return float(lengths_nm(np.array(lonlat), densified(LINES[key], 0.5)).min())


# ---- the table -----------------------------------------------------------------------------------------------------


def test_every_port_with_a_sea_point_of_its_own_has_a_line() -> None:
    assert set(ROWS) == set(PORTS)


@pytest.mark.parametrize("key", sorted(ROWS))
def test_a_line_leads_from_the_berth_to_the_sea_point(key: str) -> None:
    port, line = PORTS[key], LINES[key]
    assert line[0] == pytest.approx((port.lon, port.lat), abs=1e-4)
    assert line[-1] == pytest.approx(port.sea, abs=1e-4)
    assert 2 <= len(line) <= MOST_POINTS
    assert (np.abs(np.diff(line, axis=0)).max(axis=1) > 0).all(), "a point stands twice"


@pytest.mark.parametrize("key", sorted(ROWS))
def test_a_line_is_about_as_long_as_is_published(key: str) -> None:
    published = PORTS[key].approach_nm
    assert published is not None
    fits = SHORTEST <= way_nm(LINES[key]) / published <= LONGEST
    assert fits != bool(ROWS[key].note), "a note tells why a length differs, and stands nowhere else"


@pytest.mark.parametrize("key", sorted(key for key, row in ROWS.items() if row.source == MAP))
def test_a_line_over_the_water_of_the_map_crosses_no_land(key: str) -> None:
    line, land = LINES[key], land_shape()
    ashore = land.touches(shapely.Point(line[0]))  # then the way begins at the water nearest to the berth
    assert not ashore or way_nm(line[:2]) <= SNAP_NM
    assert not land.touches(shapely.LineString(densified(line[1:] if ashore else line, 2.0)))


@pytest.mark.parametrize(("key", "other"), [(key, other) for key, others in PASSED.items() for other in others])
def test_a_line_passes_the_ports_on_its_river(key: str, other: str) -> None:
    ports = PortTable.load()
    port = ports.all[ports.find(other)]
    assert off_nm(key, (port.lon, port.lat)) < 3.0


@pytest.mark.parametrize("town", sorted(ON_THE_AMAZON))
def test_the_line_of_manaus_is_the_amazon(town: str) -> None:
    assert off_nm("BRMAO", ON_THE_AMAZON[town]) < 5.0


def test_what_was_set_by_hand_says_so() -> None:
    for row in ROWS.values():
        assert ("by hand, unverified" in row.source) == (row.confidence == "C"), row.locode
    used = {key for row in read_repairs() if row.what == "line" for key in row.locodes}
    assert {key for key, row in ROWS.items() if row.confidence == "C"} <= used <= set(PORTS)


@pytest.mark.slow
def test_the_table_can_be_made_again_byte_for_byte() -> None:
    wheel = geodata.FOLDER / "raw" / FILES[RIVERS]
    if not wheel.is_file():
        pytest.skip("the archive of the rivers is not in geodata/raw")
    land, rivers, repairs = land_shape(), read_rivers(wheel), read_repairs()
    made = [(port, drawn(port, land, rivers, repairs)) for port in PORTS.values()]
    assert text_of([(port, way) for port, way in made if way], repairs) == TABLE.read_text(encoding="utf-8")


# ---- the search ----------------------------------------------------------------------------------------------------

ISLAND = shapely.Polygon([(0, 0), (1, 0), (1, 1), (0, 1)])
BEND = ((0.5, 0.5), (0.5, 0.8), (0.8, 0.8), (0.8, 0.5), (1.1, 0.5))  # a river from the middle to the east coast
INLAND = Port("Middle", "XX", 0.5, 0.5, locode="XXMID", sea=(1.3, 0.5), approach_nm=80.0)


def river(*lonlat: tuple[float, float], name: str = "Bend") -> River:
    return River(name, shapely.LineString(lonlat))


def test_a_way_follows_the_bends_of_a_river_and_then_the_sea() -> None:
    found = drawn(INLAND, Shape([ISLAND]), [river(*BEND)], [])
    assert found is not None
    assert (found.lonlat[0] == (0.5, 0.5)).all() and (found.lonlat[-1] == (1.3, 0.5)).all()
    over = shapely.intersection(shapely.LineString(found.lonlat), ISLAND)
    assert over.hausdorff_distance(shapely.intersection(shapely.LineString(BEND), ISLAND)) < 2 * BEDS_NM[0] / 60
    assert way_nm(found.lonlat) == pytest.approx(way_nm(np.array([*BEND, (1.3, 0.5)])), rel=0.03)
    assert found.confidence == "B" and "river" in found.source


def test_there_is_no_way_without_a_river_or_with_one_that_does_not_reach_the_sea() -> None:
    land = Shape([ISLAND])
    assert drawn(INLAND, land, [], []) is None
    assert drawn(INLAND, land, [river(*BEND[:3])], []) is None


def test_a_stretch_by_hand_closes_a_gap_and_is_told() -> None:
    gap = Repair(("XXMID",), "line", "0.8 0.8;0.8 0.5;1.1 0.5", "lower reach")
    found = drawn(INLAND, Shape([ISLAND]), [river(*BEND[:3])], [gap])
    assert found is not None
    assert found.confidence == "C" and found.source.endswith("by hand, unverified: lower reach")
    assert drawn(INLAND, Shape([ISLAND]), [river(*BEND[:3])], [replace(gap, locodes=("XXOTH",))]) is None


def test_a_river_that_no_ship_takes_is_left_out() -> None:
    straight = river((0.5, 0.5), (1.1, 0.5), name="Bayou")
    shut = Repair(("XXMID",), "without", "Bayou", "closed")
    short = drawn(INLAND, Shape([ISLAND]), [river(*BEND), straight], [])
    long = drawn(INLAND, Shape([ISLAND]), [river(*BEND), straight], [shut])
    assert short is not None and long is not None
    assert way_nm(short.lonlat) < 50 < way_nm(long.lonlat)


def test_a_way_goes_round_land_without_touching_it() -> None:
    port = replace(INLAND, lon=-0.2)
    found = drawn(port, Shape([ISLAND]), [], [])
    assert found is not None and found.source == MAP
    assert not shapely.intersects(ISLAND, shapely.LineString(densified(found.lonlat, 1.0)))
    round_it = np.array([(-0.2, 0.5), (0, 0), (1, 0), (1.3, 0.5)])
    assert way_nm(found.lonlat) == pytest.approx(way_nm(round_it), rel=0.01)


def test_a_source_is_told_only_where_it_carries_the_way() -> None:
    far = river((0.1, 0.1), (0.2, 0.1)).line
    line: Floats = np.array([(0.5, 0.5), (1.3, 0.5)])
    assert told(line, Shape([ISLAND]), [far], []) == (MAP, "B")


def test_the_repairs_name_ports_with_a_sea_point() -> None:
    for row in read_repairs():
        assert set(row.locodes) <= set(PORTS), BY_HAND.name


# ---- the build -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["BRMAO", "CAMTR", "USSEA", "USTIW", "CNNKG"])
def test_a_berth_is_drawn_along_its_line_and_counts_the_published_miles(water: Water, key: str) -> None:
    port, line = PORTS[key], LINES[key]
    assert water.coast.free(port.sea or ())
    found = berth(port, water, LINES)
    assert found is not None
    assert found.way == pytest.approx(line, abs=1e-4)
    assert found.approach_nm == port.approach_nm


def test_a_line_changes_no_count_and_no_sea_point(water: Water) -> None:
    for port in PORTS.values():
        with_line, chord = berth(port, water, LINES), berth(port, water, {})
        assert with_line is not None and chord is not None
        assert with_line.approach_nm == chord.approach_nm
        assert (with_line.way[-1] == chord.way[-1]).all()


def test_a_line_that_was_made_for_another_berth_is_refused(water: Water) -> None:
    moved = replace(PORTS["BRMAO"], lat=-3.2)
    with pytest.raises(ValueError, match=r"channels\.csv: the line of BRMAO"):
        berth(moved, water, LINES)
