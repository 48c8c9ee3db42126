"""The table of ports made from public lists: what is one port, what is left out, and that it can be made again."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import geodata
from geodata.build.port_sources import FILES, REPAIRS, RIVERS, Listed, named, repaired
from geodata.build.ports import (
    GRADED,
    Coast,
    Known,
    core,
    index_graded,
    like,
    made,
    on_the_map,
    proper,
    sea_ports_graded,
    searoute_graded,
    text_of,
)
from sim.geo.ports import Port

HERE = Listed("1", "Nowhere", "FR", 48.4, -4.5, "FRNWH")


def known(*ports: Port) -> Known:
    return Known(ports)


def test_the_table_can_be_made_again_byte_for_byte() -> None:
    raw = geodata.FOLDER / "raw"
    if not all((raw / FILES[name]).is_file() for name in GRADED):
        pytest.skip("the archives of the lists are not in geodata/raw")
    pytest.importorskip("pyarrow")
    assert text_of(made(raw).rows) == geodata.table("ports_world.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "country", "bare", "aliases"),
    [
        ("Hakodate Ko", "JP", "Hakodate", {"Hakodate Ko"}),
        ("Porto Di Palermo", "IT", "Palermo", {"Porto di Palermo"}),
        ("Port Of Memphis", "US", "Memphis", {"Port of Memphis"}),
        ("Rade De Brest", "FR", "Rade de Brest", {"Brest"}),
        ("Puerto Ilo", "PE", "Puerto Ilo", {"Ilo"}),
        ("Port Arthur", "US", "Port Arthur", set()),
        ("Chicoutimi (Port Saguenay)", "CA", "Chicoutimi (Port Saguenay)", {"Chicoutimi", "Port Saguenay"}),
        ("Kuching, Sarawak", "MY", "Kuching, Sarawak", {"Kuching"}),
        ("Dover Harbor", "GB", "Dover Harbor", {"Dover"}),
    ],
)
def test_the_name_that_people_use_comes_first_or_is_an_alias(
    name: str, country: str, bare: str, aliases: set[str]
) -> None:
    port = named(replace(HERE, name=name, country=country))
    assert (port.name, set(port.aliases)) == (bare, aliases)


def test_names_are_compared_without_the_words_of_lists() -> None:
    assert core("Acajutla Offshore Terminal") == core("Port of Acajutla") == "acajutla"
    assert core("Port Harbour") == "portharbour"  # nothing else is left
    assert like(["Bayuquan"], ["Yingkou", "Bayuquan Port"])
    assert not like(["North Sydney"], ["Sydney"])
    assert like(["Helsingborg"], ["Helsingor"]) and not like(["Helsingborg"], ["Helsingor"], 1.0)


def test_a_port_is_known_by_its_code_or_by_its_name_near_by() -> None:
    brest = Port("Brest", "FR", 48.38, -4.49, "FRBES")
    near = replace(HERE, locode="", name="Rade de Brest", aliases=("Brest",))
    assert known(brest).same(near, 5.0) == 0
    assert known(brest).same(replace(near, lat=48.8), 5.0) is None  # 25 nm away, by name alone
    assert known(brest).same(replace(near, lat=48.6), 20.0) == 0  # the same name in one country
    assert known(brest).same(replace(HERE, locode="FRBES", lat=48.8), 5.0) == 0  # the same code
    assert known(brest).same(replace(HERE, locode="FRBES", lat=10.0), 5.0) is None  # a wrong code
    assert known(brest).same(replace(HERE, locode="FRBES", lat=10.0), 20.0) == 0  # of a list that goes by code
    helsingor = Port("Helsingor", "DK", 56.033, 12.617, "DKHLS")
    assert known(helsingor).same(Listed("1", "Helsingborg", "SE", 56.044, 12.692, "SEHEL"), 20.0) is None


@pytest.mark.parametrize("code", ["DEHAM", "FRBES", "FR01X", "FRB", ""])
def test_a_code_of_another_port_or_country_is_dropped(code: str) -> None:
    listed = known(Port("Brest", "FR", 48.38, -4.49, "FRBES"))
    assert proper(replace(HERE, locode=code), listed).locode == ""
    assert proper(HERE, listed) == HERE
    twin = proper(replace(HERE, name="Brest", locode=code), listed)
    assert (twin.name, twin.aliases) == ("Brest (48.4 N)", ("Brest",))  # its key would be that of another


def test_ports_inland_get_a_sea_point_or_are_left_out() -> None:
    coast = Coast()
    assert on_the_map(HERE, False, True, coast) == (None, None)
    savannah = replace(HERE, lat=32.083, lon=-81.083)
    found = on_the_map(savannah, True, True, coast)
    assert not isinstance(found, str)
    sea, approach = found
    assert sea is not None and approach is not None
    assert 10 <= approach <= 16
    assert isinstance(on_the_map(savannah, True, False, coast), str)  # perhaps the position of a town
    chicago = replace(HERE, lat=41.88, lon=-87.6)
    assert on_the_map(chicago, True, True, coast) == "more than 12 nm from the sea of the map"
    assert on_the_map(replace(HERE, lat=-64.8, lon=-64.0), False, True, coast) != (None, None)
    given = on_the_map(replace(chicago, sea=(48.33, -69.25), approach_nm=1200.0), True, True, coast)
    assert given == ((-69.25, 48.33), 1200.0)


def test_the_distance_to_the_coast_is_that_of_the_nearest_point() -> None:
    coast = Coast()
    shore = coast.nearest(-81.083, 32.083, 12.0)
    assert shore is not None
    lon, lat, away = shore
    assert np.hypot((lon + 81.083) * np.cos(np.radians(32.083)), lat - 32.083) * 60 == pytest.approx(away, rel=1e-6)
    assert coast.nearest(-81.083, 32.083, away * 0.99) is None
    assert coast.nearest(-87.6, 41.88, 12.0) is None


def test_grades_say_what_speaks_for_a_position() -> None:
    beside, far = replace(HERE, lon=-4.52), replace(HERE, lat=48.6)
    assert index_graded(HERE, [], beside).confidence == "A"
    assert index_graded(HERE, [], far).confidence == index_graded(HERE, [], None).confidence == "B"
    assert searoute_graded(replace(HERE, grain="minutes"), [], None).confidence == "B"
    assert searoute_graded(HERE, [replace(beside, name="Port of Nowhere")], None).confidence == "B"
    assert searoute_graded(HERE, [replace(beside, name="Elsewhere")], None).confidence == "C"
    assert searoute_graded(replace(HERE, grain="hundredths"), [], None).confidence == ""
    assert searoute_graded(replace(HERE, country="US"), [], None).confidence == ""
    assert sea_ports_graded(HERE, [beside], None).confidence == "B"
    assert sea_ports_graded(HERE, [far], None).confidence == ""
    assert sea_ports_graded(replace(HERE, trusted=True), [], None).confidence == "C"
    assert set(GRADED) == set(FILES) - {RIVERS}


def test_repairs_are_of_known_kinds_and_say_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with REPAIRS.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {r["list"] for r in rows} == {"wpi", "searoute", "sea-ports"}
    assert [r for r in rows if len(r["why"]) < 8] == []
    keys = [(r["list"], r["index"], r["what"], r["value"]) for r in rows]
    assert sorted({k for k in keys if keys.count(k) > 1}) == []
    own = tmp_path / "repairs.csv"
    own.write_text("list,index,what,value,why\nwpi,1,position,-3 114.5,sign lost\nwpi,1,main,,the larger one\n")
    monkeypatch.setattr("geodata.build.port_sources.REPAIRS", own)
    port = repaired([HERE, replace(HERE, index="2")], "wpi")[0]
    assert (port.lat, port.lon, port.main, port.notes) == (-3.0, 114.5, True, ("sign lost",))
    own.write_text("list,index,what,value,why\nwpi,7,out,,not there\n")
    with pytest.raises(SystemExit, match="wpi has no port 7"):
        repaired([HERE], "wpi")
