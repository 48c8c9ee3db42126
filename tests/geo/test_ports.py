"""Ports: found by forgiving names, each with its source, each on the water that it should be on."""

from __future__ import annotations

import csv
import os
import pickle
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely

import geodata
from geodata.build.port_sources import CODE
from sim import SeaNetwork
from sim.errors import DataError, PlaceError
from sim.geo.geodesy import NM_PER_RADIAN, angles, vectors
from sim.geo.land import land_polygons, on_land
from sim.geo.ports import Port, PortTable, country_codes, plain, read_ports

CASPIAN = {"Baku", "Aktau", "Turkmenbashi", "Astrakhan", "Bandar Anzali", "Makhachkala"}
ARCTIC = [
    "Murmansk",
    "Arkhangelsk",
    "Sabetta",
    "Dudinka",
    "Dikson",
    "Tiksi",
    "Pevek",
    "Provideniya",
    "Kirkenes",
    "Tromso",
    "Nome",
    "Churchill",
]
TABLE = PortTable.load()
BY_HAND = TABLE.all.ends[0]
NAMES = Path(__file__).with_name("port_names.csv")  # what every name meant before the ports of the lists were added
PUB_151 = Path(os.environ.get("NORTHABOUT_DISTANCES", "")) / "pub151_train.csv"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Pusan", "Busan"),
        ("busan", "Busan"),
        ("KRPUS", "Busan"),
        ("kr pus", "Busan"),
        ("Dairen", "Dalian"),
        ("DALIAN", "Dalian"),
        ("St. Petersburg", "St Petersburg"),
        ("st petersburg", "St Petersburg"),
        ("Tromsø", "Tromso"),
        ("TROMSO", "Tromso"),
        ("hong-kong", "Hong Kong"),
        ("  Rotterdam ", "Rotterdam"),
        ("Göteborg", "Gothenburg"),
        ("Le Havre", "Le Havre"),
        ("Port Said", "Port Said"),
    ],
)
def test_names_forgive_case_accents_and_variants(text: str, name: str) -> None:
    assert TABLE.all[TABLE.find(text)].name == name


def test_every_port_is_found_by_its_key_and_with_its_country() -> None:
    names = Counter((plain(p.name), p.country) for p in TABLE.all)
    for k, port in enumerate(TABLE.all):
        assert TABLE.find(port.key) == k
        if port.country and names[plain(port.name), port.country] == 1:
            found = TABLE.all[TABLE.find(f"{port.name}, {port.country}")]
            assert found.country == port.country and plain(port.name) in {
                plain(n) for n in (found.name, *found.aliases)
            }


def test_no_name_changed_its_port_when_the_lists_were_added() -> None:
    with NAMES.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 1_800
    changed = []
    for row in rows:
        try:
            found = TABLE.all[TABLE.find(row["text"])].key
        except PlaceError as error:
            found = "" if "times in the world" in str(error) else str(error)
        if found != row["key"]:
            changed.append((row["text"], row["key"], found))
    assert changed == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Aarhus", "DKAAR"), ("Aarhus, Denmark", "DKAAR"), ("Aarhus DK", "DKAAR"), ("aarhus, dk", "DKAAR"),
        ("Kobenhavn, Denmark", "DKCPH"), ("Quanzhou", "CNQZL"), ("Semarang", "IDSRG"), ("Palermo", "ITPMO"),
        ("Malaga", "ESAGP"), ("Cork", "IEORK"), ("Hakodate", "JPHKD"), ("Brest", "FRBES"), ("Sfax", "TNSFA"),
        ("Helsingborg", "SEHEL"), ("Portland, Maine, U.S.A.", "USPWM"), ("Newcastle, Australia", "AUNTL"),
        ("Newcastle, England", "GBNCL"), ("Corfu", "GRCFU"), ("Port of Antwerp", "BEANR"), ("Dover", "GBDVR"),
        ("Saint John's, Canada", "CASJF"), ("Ajaccio, Corsica", "FRAJA"), ("Nuuk (Godthab), Greenland", "GLGOH"),
        ("Cartagena, Spain", "ESCAR"), ("Cartagena, Colombia", "COCTG"), ("Tampa, Florida, USA", "USTPA"),
        ("Johor", "MYJHB"), ("Nha Trang", "VNNHA"), ("Durres, AL", "ALDRZ"), ("GAETA", "GAETA"), ("Gaeta", "ITGAE"),
    ],
)  # fmt: skip
def test_ports_of_the_lists_and_names_with_a_country(text: str, key: str) -> None:
    assert TABLE.all[TABLE.find(text)].key == key


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Plymouth", "GB"), ("Aberdeen", "GB"), ("Portsmouth", "GB"), ("Belfast", "GB"), ("Falmouth", "GB"),
        ("Cadiz", "ES"), ("Rota", "ES"), ("Bayonne", "FR"), ("Ensenada", "MX"), ("Lagos", "NG"), ("Boston", "US"),
        ("Hamilton", "BM"), ("Kingston", "JM"), ("Barcelona", "ES"), ("Vancouver", "CA"), ("Savannah", "US"),
    ],
)  # fmt: skip
def test_a_small_port_never_hides_a_big_one_of_its_name(name: str, country: str) -> None:
    assert TABLE.all[TABLE.find(name)].country == country
    assert sum(plain(name) in {plain(w) for w in (p.name, *p.aliases)} for p in TABLE.all) > 1 or name in SINGLE


SINGLE = {"Boston", "Hamilton", "Vancouver", "Savannah", "Lagos", "Kingston"}


def test_a_country_that_has_no_such_port_does_not_give_another_one() -> None:
    for text in ("Rotterdam, Japan", "Aarhus NO", "Palermo, Denmark"):
        with pytest.raises(PlaceError, match="unknown port"):
            TABLE.find(text)


def test_most_names_of_publication_151_mean_the_port_that_is_there() -> None:
    if not PUB_151.is_file():
        pytest.skip("NORTHABOUT_DISTANCES names no folder with pub151_train.csv")
    with PUB_151.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    places = {r[f"port_{s}"]: (float(r[f"lon_{s}"]), float(r[f"lat_{s}"])) for r in rows for s in "ab"}
    right = wrong = 0
    for name, place in places.items():
        try:
            port = TABLE.all[TABLE.find(name)]
        except PlaceError:
            continue
        near = float(angles(vectors(place), vectors((port.lon, port.lat)))) * NM_PER_RADIAN <= 20
        right, wrong = right + near, wrong + (not near)
    assert right > 0.87 * len(places)
    assert wrong < 0.01 * len(places)


def test_every_row_of_the_lists_can_be_read_and_stands_where_it_may() -> None:
    """The rows are read when they are asked for: here all of them are."""
    ports = TABLE.all[BY_HAND:]
    assert len(TABLE.all) >= 2_900 and len(read_ports(geodata.table("ports.csv"))) == BY_HAND
    codes = {code for row in country_codes().values() for code in row}
    faults = [p.key for p in TABLE.all if p.country and p.country not in codes]
    faults += [p.key for p in ports if p.locode and not CODE.fullmatch(p.locode)]
    faults += [p.key for p in ports if p.locode and p.locode[:2] != p.country]
    faults += [p.key for p in ports if p.kind != "port" or (p.sea is None) != (p.approach_nm is None)]
    faults += [p.key for p in ports if p.sea is not None and p.confidence != "C"]
    assert faults == []
    positions = Counter((p.lat, p.lon) for p in ports)
    assert len([at for at, n in positions.items() if n > 1]) < 0.01 * len(ports)


def test_the_ports_of_the_lists_are_near_water() -> None:
    """Every berth, or the sea point of one up a river, is at sea or within 3 nm of the coast of the map."""
    ports = TABLE.all[BY_HAND:]
    places = np.array([p.sea or (p.lon, p.lat) for p in ports])
    dry = on_land(places)
    boundary = shapely.STRtree(rings := [r for p in land_polygons() for r in (p.exterior, *p.interiors)])
    far = []
    for port, (lon, lat) in ((p, at) for p, at, d in zip(ports, places, dry, strict=True) if d):
        wide = 3.2 / 60 / np.cos(np.radians(lat))
        box = shapely.box(lon - wide, lat - 3.2 / 60, lon + wide, lat + 3.2 / 60)
        if not any(shapely.intersects(rings[k], box) for k in boundary.query(box)):
            far.append(port.key)
    assert far == []


def test_the_readme_tells_how_many_ports_there_are() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert f"Of the {len(TABLE.all):,} ports {BY_HAND} were reviewed by hand" in " ".join(readme.split())


def test_a_network_with_ports_of_a_user_goes_to_another_process(tmp_path: Path) -> None:
    path = write(tmp_path / "mine.csv", "name,country,lat,lon\nRotterdam,XX,10,-40\n")
    table = PortTable.load()
    table.add(read_ports(path)[0])
    again = pickle.loads(pickle.dumps(table))
    assert again.all[again.find("Rotterdam")].lon == -40
    assert again.all[again.find("NLRTM")].country == "NL"
    assert {p.country for p in again.search("rotterdam")} >= {"NL", "XX"}


def test_ports_are_looked_up_quickly() -> None:
    """Far below what a look-up may cost, so that a busy machine passes: the list in some 50 ms, a hint in some 20."""
    start = time.process_time()
    table = PortTable.load()
    table.find("Dalian")
    assert time.process_time() - start < 0.4
    start = time.process_time()
    for _ in range(5):
        table.near("Roterdam")
    assert time.process_time() - start < 1.0


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("Roterdam", "Rotterdam"),
        ("Shangai", "Shanghai"),
        ("Murmnsk", "Murmansk"),
        ("Quanzou", "Quanzhou"),
        ("Palermoo", "Palermo"),
        ("Hambrug", "Hamburg"),
    ],
)
def test_a_near_miss_suggests_the_port(typo: str, meant: str) -> None:
    with pytest.raises(PlaceError, match=f"unknown port '{typo}' .did you mean.*{meant}"):
        TABLE.find(typo)


def test_a_name_of_several_ports_asks_which() -> None:
    twice = next(p.name for p in TABLE.all if sum(plain(q.name) == plain(p.name) for q in TABLE.all) > 1)
    with pytest.raises(PlaceError, match=r"is named \d times in the world: say which of"):
        TABLE.find(twice)
    for port in (p for p in TABLE.all if plain(p.name) == plain(twice)):
        assert TABLE.all[TABLE.find(f"{port.name} {port.country}")] is port


def test_search_finds_by_part_of_a_name_and_by_country() -> None:
    assert {p.name for p in TABLE.search("rotter")} == {"Rotterdam"}
    norway = TABLE.search("NO")
    assert norway == TABLE.search("norway") and len(norway) > 100
    assert norway[0] in TABLE.all[:BY_HAND]  # those reviewed by hand first
    assert TABLE.search("bergen")[0].name == "Bergen"
    assert {"Tromso", "Kirkenes"} <= {p.name for p in norway}


def test_ports_of_the_reference_distances_are_known() -> None:
    with geodata.table("reference_distances.csv").open(newline="", encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["check"] == "yes"]
    assert len(rows) > 50
    unknown = []
    for name in {r[c] for r in rows for c in ("origin", "destination")}:
        try:
            TABLE.find(name)
        except PlaceError as error:
            unknown.append(str(error))
    assert unknown == []


def test_there_are_ports_enough_and_the_arctic_ones_among_them() -> None:
    assert sum(p.kind == "port" for p in TABLE.all) >= 300
    assert len({p.key for p in TABLE.all}) == len(TABLE.all)
    for name in ARCTIC:
        assert TABLE.all[TABLE.find(name)].lat > 58


def test_each_row_has_a_source() -> None:
    assert [p.key for p in TABLE.all if len(p.source) < 5 or p.confidence not in {"A", "B", "C"}] == []


def test_only_the_ports_of_the_caspian_sea_are_cut_off_from_the_ocean(
    net: SeaNetwork, stored_ports: list[Port]
) -> None:
    cut_off = {p.name for p in stored_ports if not net.place(p.key).connected}
    assert cut_off == CASPIAN & {p.name for p in stored_ports}


def test_the_connected_mark_means_a_way_to_the_ocean(net: SeaNetwork, stored_ports: list[Port]) -> None:
    """Independent of the mark in the file: who reaches Rotterdam with nothing closed."""
    home = int(net.place("Rotterdam").ends.nodes[0])
    reached = np.isfinite(net.graph.distances_from([home], np.uint64(0))[0])
    for port in stored_ports:
        place = net.place(port.key)
        assert reached[place.ends.nodes].any() == place.connected, port.key


def test_ports_behind_the_arctic_passages(net: SeaNetwork) -> None:
    for name in ("Sabetta", "Dudinka", "Dikson", "Tiksi", "Pevek"):
        assert net.place(name).arctic, name
    for name in ("Murmansk", "Arkhangelsk", "Kirkenes", "Tromso", "Nome", "Provideniya", "Churchill", "Rotterdam"):
        assert not net.place(name).arctic, name


def test_a_port_lies_near_its_sea_point(net: SeaNetwork, stored_ports: list[Port]) -> None:
    """Within its counted approach; without a counted one (berths on a canal, headlands) within the clearance.

    Farther than 60 nm are ports up a river, whose approach is counted from a table, and a few at the head of a gulf.
    """
    wrong, deep = [], []
    for port in stored_ports:
        place = net.place(port.key)
        away = float(angles(vectors((port.lon, port.lat)), vectors(place.sea))) * NM_PER_RADIAN
        if away > max(5.0 if port.kind == "port" else 20.0, place.approach_nm * 1.01 + 0.5):
            wrong.append((port.key, round(away, 1), round(place.approach_nm, 1)))
        if away > 160 and port.approach_nm is None:
            deep.append((port.key, round(away, 1)))
        assert 0 <= place.approach_nm < 1000
        assert np.allclose(place.way[0], (port.lon, port.lat), atol=2e-5)
    assert wrong == []
    assert len(deep) < 0.01 * len(stored_ports), deep
    assert max((away for _, away in deep), default=0.0) < 220, deep  # the head of the Gulf of Bone


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_port_of_the_user_can_be_routed(tmp_path: Path) -> None:
    csv_file = write(
        tmp_path / "mine.csv",
        "name,country,lat,lon,aliases,sea_lat,sea_lon,approach_nm\n"
        "Ny Øyhavn,NO,71.6,26.0,Newport North,,,\n"
        "Upriver,XX,52.2,4.2,,52.1,3.6,77\n"
        "Rotterdam,XX,10,-40,,,,\n",
    )
    net = SeaNetwork.load(csv_file)
    for name in ("Ny Oyhavn", "newport north"):
        route = net.route(name, "Murmansk")
        assert route.status == "ok"
        assert 150 < route.distance_nm < 330
        assert np.allclose(route.lonlat[0], (26.0, 71.6))
    upriver = net.route("Upriver", "Murmansk")
    assert upriver.leg_tags[0] == "approach"
    assert upriver.leg_nm[0] == pytest.approx(77, abs=1)
    assert net.route("Rotterdam", "Lisbon").distance_nm > 1700  # now the one in the middle of the Atlantic
    assert net.route("NLRTM", "Lisbon").distance_nm < 1300
    assert SeaNetwork.load().route("Rotterdam", "Lisbon").distance_nm < 1300  # and only in that network


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,lat,lon\nX,1,2\n", "columns missing: country"),
        ("name,country,lat,lon\nX,,91,2\n", "mine.csv:2: lat is 91, allowed is -90 to 90"),
        ("name,country,lat,lon\nX,,1,2\nY,,1,200\n", "mine.csv:3: lon is 200"),
        ("name,country,lat,lon\nX,,north,2\n", "lat is 'north', allowed is a number, -90 to 90"),
        ("name,country,lat,lon\n,,1,2\n", "mine.csv:2: name is empty"),
        ("name,country,lat,lon,approach_nm\nX,,1,2,-5\n", "approach_nm is -5, allowed is 0 to 2000"),
        ("name,country,lat,lon\nX,,nan,2\n", "lat is nan, allowed is -90 to 90"),
    ],
)
def test_a_faulty_table_says_where_and_what(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_ports(write(tmp_path / "mine.csv", text))


def test_a_missing_table_is_an_error_of_data(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.csv: (cannot be read|no such file)"):
        read_ports(tmp_path / "none.csv")
