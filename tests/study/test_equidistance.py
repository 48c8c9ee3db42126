"""Where the Northern Sea Route is nearer: the field is that of single routes, and changes as geometry says."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from sim import SeaNetwork
from sim.errors import PassageError, PlaceError, UsageError
from sim.geo.geodesy import lengths_nm
from sim.geo.land import on_land
from sim.study.equidistance import REGIONS, Nearer, Region, _coast, nearer


@cache
def net() -> SeaNetwork:
    return SeaNetwork.load()


def field(origin: str = "Rotterdam", longer: str = "suez") -> Nearer:
    return _field(origin, longer)  # with both words: else the same field would be made twice


@cache
def _field(origin: str, longer: str) -> Nearer:
    return nearer(net(), origin, longer=longer, coarseness=1.0 if origin == "Dalian" else 3.0)


def saved(found: Nearer) -> dict[str, float]:
    return {p.name: p.saved_nm for p in found.ports}


CASES = [("Rotterdam", "suez"), ("Dalian", "suez"), ("Rotterdam", "cape")]


@pytest.mark.slow
@pytest.mark.parametrize(("origin", "longer"), CASES)
def test_ports_are_those_of_single_routes(origin: str, longer: str) -> None:
    found = field(origin, longer)
    for port in found.ports[::9]:
        for via, nm in ((longer, port.longer_nm), ("nsr", port.shorter_nm)):
            assert net().route(origin, port.key, via=via).distance_nm == pytest.approx(nm, abs=0.05), port.name


@pytest.mark.parametrize(("origin", "longer"), CASES)
def test_positions_are_those_of_single_routes(origin: str, longer: str) -> None:
    found = field(origin, longer)
    inside = found.region.holds(found.lonlat) & np.isfinite(found.saved_nm)
    for k in np.flatnonzero(inside)[:: max(1, int(inside.sum()) // 6)]:
        a, b = (net().route(origin, tuple(found.lonlat[k]), via=via).distance_nm for via in (longer, "nsr"))
        assert a - b == pytest.approx(found.saved_nm[k], abs=2.0), found.lonlat[k]


@pytest.mark.slow
def test_the_field_is_read_between_positions_as_single_routes_find_it() -> None:
    found = field()
    spots = np.array([(135.3, 20.1), (111.3, 14.6), (86.7, 9.3), (153.1, 33.4), (128.9, 5.2)])
    for spot, read in zip(spots, found.at(spots), strict=True):
        a, b = (net().route("Rotterdam", tuple(spot), via=via).distance_nm for via in ("suez", "nsr"))
        assert read == pytest.approx(a - b, abs=40)


@pytest.mark.parametrize(("origin", "longer"), CASES)
def test_on_the_line_both_routes_are_equally_long(origin: str, longer: str) -> None:
    found = field(origin, longer)
    line = found.equal_line()
    assert len(line) > 5 and found.region.holds(line).all()
    off, tried = [], 0
    for spot in line[~on_land(line)][:: max(1, len(line) // 12)]:
        try:
            a, b = (net().route(origin, tuple(spot), via=via).distance_nm for via in (longer, "nsr"))
        except PlaceError:
            continue
        tried += 1
        off.append(abs(a - b))
    # Between islands one position may stand for two seas; in open water the line is good to some tens of miles.
    assert tried >= 3 and np.median(off) < 25 and np.mean(np.array(off) < 60) >= 0.6


@pytest.mark.slow
def test_the_saving_grows_along_the_coast_of_asia_and_shrinks_along_that_of_europe() -> None:
    east = ["Jebel Ali", "Mumbai", "Colombo", "Singapore", "Ho Chi Minh City", "Hong Kong", "Shanghai", "Busan",
            "Yokohama", "Petropavlovsk-Kamchatskiy"]  # fmt: skip
    assert all(a < b for a, b in pairwise(saved(field())[n] for n in east))
    south = ["Murmansk", "Bergen", "Rotterdam", "Bilbao", "Lisbon", "Algeciras", "Genoa", "Piraeus", "Port Said"]
    assert all(a > b for a, b in pairwise(saved(field("Dalian"))[n] for n in south))


def test_figures_that_others_publish() -> None:
    """Yokohama - Rotterdam 11,205 and 7,350 nm (sjofartstidningen.se) is by a longer northern way than the shortest;
    INSROP, Arctic Yearbook: the north saves nothing south of Hong Kong to Singapore."""
    ports = saved(field())
    assert ports["Yokohama"] >= 11_205 - 7_350
    assert ports["Singapore"] < -500 and ports["Hong Kong"] > 500
    assert 2_400 < ports["Dalian"] < 3_600


def test_both_ways_are_equally_long() -> None:
    assert saved(field())["Dalian"] == pytest.approx(saved(field("Dalian"))["Rotterdam"], abs=0.05)


def test_the_cape_is_never_nearer_than_suez_for_asia_so_that_more_is_saved_against_it() -> None:
    suez, cape = saved(field()), saved(field("Rotterdam", "cape"))
    assert all(cape[n] > suez[n] - 1 for n in suez.keys() & cape.keys())


def test_two_neighbours_differ_by_no_more_than_twice_their_distance() -> None:
    """Each route can only be as much longer as the path between two positions that see each other."""
    found = field()
    inside = found.region.holds(found.lonlat) & np.isfinite(found.saved_nm)
    lonlat, values = found.lonlat[inside], found.saved_nm[inside]
    tried = 0
    for a, b in np.random.default_rng(4).choice(len(lonlat), (400, 2)):
        if a == b or not net().seen_from(lonlat[a], lonlat[b][None])[0]:
            continue
        tried += 1
        assert abs(values[a] - values[b]) <= 2 * float(lengths_nm(lonlat[a], lonlat[b][None])[0]) + 0.5
    assert tried > 15


def test_180_degrees_is_no_seam() -> None:
    found = field()
    lat = np.linspace(20, 50, 16)
    west, east = (found.at(np.column_stack([np.full(16, lon), lat])) for lon in (179.95, -179.95))
    assert np.isfinite(west).all() and np.abs(west - east).max() < 15


def test_where_a_route_does_not_lead_there_is_no_figure() -> None:
    mediterranean, caspian = (18.0, 35.0), (51.0, 41.0)
    assert np.isnan(field().at(np.array([mediterranean, caspian]))).all()
    assert not any(p.name in ("Baku", "Aktau") for p in field().ports)


def test_balance_is_the_port_nearest_to_equal_and_has_both_routes() -> None:
    found = field()
    assert abs(found.balance.saved_nm) == min(abs(p.saved_nm) for p in found.ports)
    assert "suez_canal" in found.routes[0].passages and "bering_strait" in found.routes[1].passages
    assert found.routes[0].distance_nm == pytest.approx(found.balance.longer_nm, abs=0.05)


def test_a_ship_too_deep_for_the_canal_has_nothing_to_compare() -> None:
    with pytest.raises(UsageError, match="do not both lead"):
        nearer(net(), "Dalian", draft_m=20.5)


def test_bad_input_is_refused() -> None:
    with pytest.raises(UsageError, match=r"unknown region 'Azia' \(did you mean Asia"):
        nearer(net(), "Rotterdam", region="Azia")
    with pytest.raises(PlaceError, match="did you mean Rotterdam"):
        nearer(net(), "Roterdam")
    with pytest.raises(PassageError, match="did you mean nsr"):
        nearer(net(), "Rotterdam", shorter="nssr")
    with pytest.raises(UsageError, match="are the same"):
        nearer(net(), "Rotterdam", longer="nsr")
    with pytest.raises(PlaceError, match="no connection to the ocean"):
        nearer(net(), next(p.name for p in net().ports.all if not net().place(p.key).connected))
    with pytest.raises(UsageError, match="do not both lead"):
        nearer(net(), "Rotterdam", region="Europe")
    for coarseness in (0.0, -1.0, float("nan"), 9.0):
        with pytest.raises(UsageError, match="coarseness"):
            nearer(net(), "Rotterdam", coarseness=coarseness)


def test_main_ports_are_in_the_table() -> None:
    for region in REGIONS.values():
        names = {p.name for p in net().ports.all}
        assert set(region.main_ports) <= names, set(region.main_ports) - names


def test_the_coast_reaches_fifteen_degrees_beyond_the_region() -> None:
    """Where the region ends its colours must not: corners around it count, those far off do not."""
    area = Region("box", 10.0, 20.0, 40.0, 50.0, 1.0, ())
    lonlat = np.array([[12.0, 30.0], [54.9, 30.0], [56.5, 30.0], [-4.9, 30.0], [20.0, 5.1], [20.0, 3.0], [21.0, 64.0]])
    net = SimpleNamespace(node_lonlat=lonlat, node_canal=np.array([-1, -1, -1, -1, -1, -1, 0]))
    found = _coast(net, area, 1.0)  # type: ignore[arg-type]
    assert sorted(map(tuple, found.tolist())) == [(-4.9, 30.0), (12.0, 30.0), (20.0, 5.1), (54.9, 30.0)]
