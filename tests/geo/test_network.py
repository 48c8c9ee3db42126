"""What holds for every route, whatever the numbers are."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable

import numpy as np
import pytest
import shapely
from pyproj import Geod
from shapely.geometry import LineString

from sim import SeaNetwork
from sim.errors import PassageError, PlaceError, UsageError
from sim.geo.geodesy import Floats, angles, vectors
from sim.geo.passages import Passage
from sim.geo.ports import Port
from sim.geo.route import Route

Pairs = Callable[[int, int], list[tuple[str, str]]]
GEOD = Geod(ellps="WGS84")
NEARLY = 0.01  # nm: lengths are stored to seven digits, so that equally long ways may change places
ROUTES = ("suez", "cape", "nsr", "nwp", "transpolar", "panama")
AT_SEA = [(-30.0, 40.0), (125.0, 28.0), (179.9, 20.0), (-179.9, -40.0), (10.0, 74.0), (60.0, 5.0), (-90.0, -30.0)]


def geodesic_nm(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(GEOD.inv(*a, *b)[2]) / 1852.0


def sea_nm(net: SeaNetwork, a: str, b: str, route: Route) -> float:
    """Length between the sea points of two ports."""
    return route.distance_nm - net.place(a).approach_nm - net.place(b).approach_nm


# ---- symmetry ------------------------------------------------------------------------------------------------------


def test_the_way_back_is_as_long(net: SeaNetwork, port_pairs: Pairs) -> None:
    for a, b in port_pairs(25, 1):
        for via in ("usual", "any"):
            there, back = net.route(a, b, via=via), net.route(b, a, via=via)
            assert there.distance_nm == pytest.approx(back.distance_nm, abs=NEARLY)
    for a, b in port_pairs(3, 2):
        for via in ROUTES:
            assert net.route(a, b, via=via).distance_nm == pytest.approx(
                net.route(b, a, via=via).distance_nm, abs=NEARLY
            )


def test_the_way_back_crosses_the_passages_in_the_other_order(net: SeaNetwork) -> None:
    for via in ("usual", *ROUTES):
        there, back = net.route("Dalian", "Rotterdam", via=via), net.route("Rotterdam", "Dalian", via=via)
        assert set(there.passages) == set(back.passages)
        assert [c.at_nm for c in there.crossings] == pytest.approx(
            [back.distance_nm - c.at_nm for c in reversed(back.crossings)], abs=NEARLY
        )


@pytest.mark.parametrize("a", AT_SEA)
def test_a_turn_of_360_degrees_changes_nothing(net: SeaNetwork, a: tuple[float, float]) -> None:
    b = (4.05, 51.98)
    turned = (a[0] - 360 if a[0] > 0 else a[0] + 360, a[1])
    plain, shifted = net.route(a, b), net.route(turned, (b[0] - 360, b[1]))
    assert shifted.distance_nm == pytest.approx(plain.distance_nm, abs=NEARLY)
    assert shifted.passages == plain.passages
    assert np.abs(shifted.lonlat[:, 0]).max() <= 180


def test_the_two_sides_of_180_degrees_are_one(net: SeaNetwork) -> None:
    west, east = net.route((180.0, 20.0), "Yokohama"), net.route((-180.0, 20.0), "Yokohama")
    assert west.distance_nm == east.distance_nm
    over = net.route((179.0, 0.0), (-179.0, 0.0))
    assert over.distance_nm == pytest.approx(geodesic_nm((179, 0), (-179, 0)), abs=NEARLY)


# ---- bounds --------------------------------------------------------------------------------------------------------


def test_no_route_is_shorter_than_the_geodesic(net: SeaNetwork, port_pairs: Pairs) -> None:
    for a, b in port_pairs(150, 3):
        start, goal, route = net.place(a), net.place(b), net.route(a, b, via="any")
        assert sea_nm(net, a, b, route) >= geodesic_nm(tuple(start.sea), tuple(goal.sea)) - NEARLY
        snapped = 6.5  # two berths that lie on the map's land, or beside a canal's line, by 3 nm each
        assert route.distance_nm >= geodesic_nm((start.lon, start.lat), (goal.lon, goal.lat)) - snapped


@pytest.mark.parametrize(
    ("a", "b"), [((-35, 42), (-50, 30)), ((-150, 0), (-135, 45)), ((179, 25), (-175, 48)), ((62, -5), (80, -30))]
)
def test_in_the_open_sea_the_route_is_the_geodesic(
    net: SeaNetwork, a: tuple[float, float], b: tuple[float, float]
) -> None:
    route = net.route(a, b)
    assert route.distance_nm == pytest.approx(geodesic_nm(a, b), abs=1e-6)
    assert len(route.lonlat) == 2


def test_triangles(net: SeaNetwork, port_pairs: Pairs) -> None:
    """With every passage open a stop on the path never shortens a voyage."""
    rng = np.random.default_rng(4)
    keys = [k for pair in port_pairs(20, 4) for k in pair]
    table = net.distances(keys, keys, via="any")
    for a, b, c in (rng.choice(len(keys), 3, replace=False) for _ in range(400)):
        assert table[a, c] <= table[a, b] + table[b, c] + NEARLY


def test_a_named_route_is_never_shorter_than_any(net: SeaNetwork, port_pairs: Pairs) -> None:
    for a, b in port_pairs(6, 5):
        free = net.route(a, b, via="any").distance_nm
        for via in ("usual", *ROUTES):
            assert net.route(a, b, via=via).distance_nm >= free - NEARLY


def test_a_longer_list_of_wishes_never_shortens(net: SeaNetwork, port_pairs: Pairs) -> None:
    rng = np.random.default_rng(6)
    ids = net.passages.ids
    for a, b in port_pairs(60, 6):
        closed: list[str] = []
        last = net.route(a, b).distance_nm
        for p in rng.choice(ids, 4, replace=False):
            closed.append(str(p))
            longer = net.route(a, b, closed=closed).distance_nm
            assert longer >= last - NEARLY
            assert net.route(a, b, avoid=closed).distance_nm == longer
            last = longer


def test_closing_what_a_route_crosses_lengthens_and_what_it_does_not_changes_nothing(
    net: SeaNetwork, port_pairs: Pairs
) -> None:
    for a, b in port_pairs(30, 7):
        free = net.route(a, b)
        for p in free.passages:
            without = net.route(a, b, closed=[p])
            assert without.distance_nm >= free.distance_nm - NEARLY
            assert p not in without.passages
        others = [p for p in net.passages.ids if p not in free.passages]
        same = net.route(a, b, closed=others)
        assert same.distance_nm == pytest.approx(free.distance_nm, abs=NEARLY)


@pytest.mark.parametrize("size", ["draft_m", "beam_m", "length_m", "air_draft_m"])
def test_a_larger_ship_never_has_the_shorter_way(net: SeaNetwork, port_pairs: Pairs, size: str) -> None:
    steps: dict[str, list[float]] = {
        "draft_m": [5, 9, 12.5, 15, 18, 20, 21, 25],
        "beam_m": [15, 25, 33, 45, 60, 80],
        "length_m": [100, 200, 300, 400, 500],
        "air_draft_m": [20, 45, 57.95, 60, 68, 80],
    }
    for a, b in port_pairs(15, 8):
        last = net.route(a, b).distance_nm
        for metres in steps[size]:
            now = net.route(a, b, **{size: metres}).distance_nm  # type: ignore[arg-type]
            assert now >= last - NEARLY
            last = now


# ---- passages ------------------------------------------------------------------------------------------------------


class Gate:
    """A gate in a gnomonic chart round its middle, with shapely: independent of `sim.geo.passages.crosses`."""

    def __init__(self, passage: Passage) -> None:
        self.id = passage.id
        self.up = vectors(passage.gate).sum(axis=0)
        self.up /= np.linalg.norm(self.up)
        self.east = np.cross([0.0, 0.0, 1.0], self.up)
        self.east /= np.linalg.norm(self.east)
        self.line = LineString(self.charted(vectors(passage.gate)))
        shapely.prepare(self.line)

    def charted(self, xyz: Floats) -> Floats:
        return np.asarray(
            np.stack([xyz @ self.east, xyz @ np.cross(self.up, self.east)], axis=-1) / (xyz @ self.up)[..., None]
        )

    def crossings(self, fine: Floats) -> list[int]:
        """Rows of a fine line (n, 3) after which it crosses the gate."""
        ahead = fine @ self.up > 0.2
        rows = np.flatnonzero(ahead[:-1] & ahead[1:])
        if len(rows) == 0:
            return []
        legs = shapely.linestrings(np.stack([self.charted(fine[rows]), self.charted(fine[rows + 1])], axis=1))
        return [int(k) for k in rows[shapely.intersects(self.line, legs)]]


def fine_line(route: Route, step_nm: float = 20.0) -> tuple[Floats, Floats]:
    """Points (n, 3) of a route and their distance from its start, nm: linear along chords, so still great circles."""
    xyz = vectors(route.lonlat)
    points, at, done = [], [], 0.0
    for k, length in enumerate(route.leg_nm):
        share = np.linspace(0, 1, max(int(length / step_nm), 1), endpoint=False)
        angle = float(angles(xyz[k], xyz[k + 1]))
        if angle > 1e-12:
            weight = np.sin(np.stack([1 - share, share]) * angle) / np.sin(angle)
            points.append(weight[0][:, None] * xyz[k] + weight[1][:, None] * xyz[k + 1])
            at.append(done + share * length)
        done += float(length)
    return np.vstack([*points, xyz[-1:]]), np.concatenate([*at, [done]])


def crossed_by_its_line(net: SeaNetwork, route: Route) -> list[tuple[str, float]]:
    """Straits in the order in which the drawn line crosses them, with the distance from the start."""
    fine, at = fine_line(route)
    gates = [Gate(p) for p in net.passages.all if p.kind != "canal"]
    found = [(gate.id, (at[k] + at[k + 1]) / 2) for gate in gates for k in gate.crossings(fine)]
    return sorted(found, key=lambda item: item[1])


def canals_by_its_tags(net: SeaNetwork, route: Route) -> set[str]:
    return {t for t in route.leg_tags if t not in ("", "approach")}


@pytest.fixture(scope="module")
def varied_routes(net: SeaNetwork, port_pairs: Pairs) -> list[tuple[Route, tuple[str, ...]]]:
    """Routes with what was closed to them."""
    rng = np.random.default_rng(9)
    out: list[tuple[Route, tuple[str, ...]]] = [(net.route("Dalian", "Rotterdam", via=via), ()) for via in ROUTES]
    for a, b in port_pairs(60, 9):
        closed = tuple(str(p) for p in rng.choice(net.passages.ids, int(rng.integers(0, 8)), replace=False))
        via = str(rng.choice(["usual", "any", *ROUTES]))
        out.append((net.route(a, b, via=via, closed=closed), closed))
    return [(route, closed) for route, closed in out if route.status == "ok"]


def test_the_passages_of_a_route_are_those_that_its_line_crosses(
    net: SeaNetwork, varied_routes: list[tuple[Route, tuple[str, ...]]]
) -> None:
    assert len(varied_routes) > 25
    for route, closed in varied_routes:
        straits = [p for p in route.passages if net.passages[p].kind != "canal"]
        assert straits == [p for p, _ in crossed_by_its_line(net, route)]
        canals = {p for p in route.passages if net.passages[p].kind == "canal"}
        assert canals == canals_by_its_tags(net, route)
        assert not set(closed) & set(route.passages)


def test_a_crossing_lies_where_the_line_meets_the_gate(
    net: SeaNetwork, varied_routes: list[tuple[Route, tuple[str, ...]]]
) -> None:
    for route, _ in varied_routes:
        stated = {c.passage: c.at_nm for c in route.crossings}
        for passage, at in crossed_by_its_line(net, route):
            assert stated[passage] == pytest.approx(at, abs=25), (passage, route.lonlat[[0, -1]])
        assert all(0 <= c.at_nm <= route.distance_nm for c in route.crossings)
        assert list(route.crossings) == sorted(route.crossings, key=lambda c: c.at_nm)


def test_a_named_route_crosses_each_of_its_passages_once(net: SeaNetwork, port_pairs: Pairs) -> None:
    seen = 0
    for a, b in port_pairs(6, 10):
        for via in ROUTES:
            route, named = net.route(a, b, via=via), net.passages.route(via)
            if route.status != "ok":
                continue
            seen += 1
            for group in named.use:
                assert sum(p in group for p in route.passages) == 1
            in_arctic = net.place(a).arctic or net.place(b).arctic
            barred = named.avoid - (net.passages.arctic if in_arctic else frozenset())
            assert not barred & set(route.passages)
    assert seen > 10


def test_a_passage_in_an_approach_can_be_closed(net: SeaNetwork, stored_ports: list[Port]) -> None:
    """Dumai lies behind the gate of Malacca, seen from its sea point: every path of it crosses the gate."""
    seen = 0
    for port in stored_ports:
        place = net.place(port.key)
        way = vectors(place.way)
        crossed = net.passages.crossed(way[:-1], way[1:]) if len(way) > 1 else np.zeros(1, np.uint64)
        shut = [p for p in net.passages.ids if np.bitwise_or.reduce(crossed) & net.passages.bits([p])]
        if shut and place.listed:
            seen += 1
            assert net.route(port.key, "Cape Town", via="any", closed=shut[:1]).status == "unreachable", port.key
            assert shut[0] in net.route(port.key, "Cape Town", via="any").passages
    assert seen < 8


def test_what_is_used_is_crossed(net: SeaNetwork) -> None:
    for use in (["malacca_strait"], ["lombok"], ["sunda", "gibraltar"], ["panama"]):
        route = net.route("Shanghai", "Rotterdam", use=use)
        for word in use:
            assert len(net.passages.resolve(word) & set(route.passages)) == 1
    assert (
        net.route("Shanghai", "Rotterdam", use=["lombok"]).distance_nm > net.route("Shanghai", "Rotterdam").distance_nm
    )


def test_the_usual_route_keeps_out_of_the_arctic_unless_an_end_lies_there(net: SeaNetwork, port_pairs: Pairs) -> None:
    for a, b in port_pairs(80, 11):
        route = net.route(a, b)
        if not (net.place(a).arctic or net.place(b).arctic):
            assert not net.passages.arctic & set(route.passages)
    assert net.route("Sabetta", "Rotterdam").distance_nm < 3000
    assert "bering_strait" in net.route("Pevek", "Yokohama").passages


# ---- what a route says ---------------------------------------------------------------------------------------------


def test_legs_add_up(net: SeaNetwork, varied_routes: list[tuple[Route, tuple[str, ...]]]) -> None:
    for route, _ in varied_routes:
        assert len(route.leg_nm) == len(route.leg_tags) == len(route.lonlat) - 1
        assert route.leg_nm.sum() == pytest.approx(route.distance_nm, abs=1e-6)
        assert (route.leg_nm >= 0).all()
        assert np.abs(route.lonlat[:, 0]).max() <= 180
        lon, lat = route.lonlat.T
        own = np.asarray(GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2]) / 1852.0
        sea = np.array([t == "" for t in route.leg_tags])
        links = sea & (route.leg_nm < 0.0101)  # a berth on a canal hangs on the canal by a link of 0.01 nm
        assert np.allclose(route.leg_nm[sea & ~links], own[sea & ~links], atol=2e-3)
        canal = np.array([t not in ("", "approach") for t in route.leg_tags])
        assert (route.leg_nm[canal] >= own[canal] * 0.97).all()


def test_geojson_is_cut_at_180_and_keeps_the_ends(net: SeaNetwork) -> None:
    route = net.route("Yokohama", "Los Angeles")
    geometry = route.geojson()
    assert geometry is not None
    assert geometry["type"] == "MultiLineString"
    lines = [np.array(line) for line in json.loads(json.dumps(geometry))["coordinates"]]
    assert np.allclose(lines[0][0], route.lonlat[0], atol=1e-5)
    assert np.allclose(lines[-1][-1], route.lonlat[-1], atol=1e-5)
    assert all(np.abs(np.diff(line[:, 0])).max() < 180 for line in lines)
    assert net.route("Rotterdam", "Hamburg").geojson()["type"] == "LineString"  # type: ignore[index]
    assert net.route("Baku", "Rotterdam").geojson() is None


def test_no_way_is_a_status_with_a_reason_and_never_a_length_of_0(net: SeaNetwork) -> None:
    cases = [
        (net.route("Baku", "Rotterdam"), "Baku has no connection to the ocean"),
        (net.route("Rotterdam", "Aktau"), "Aktau has no connection to the ocean"),
        (net.route("Ras Tanura", "Rotterdam", closed=["hormuz"]), "strait_of_hormuz is closed"),
        (net.route("St Petersburg", "Rotterdam", draft_m=40.0), "draft 40 m is over"),
        (net.route("Rotterdam", "Hamburg", via="nsr"), "'nsr' does not join"),
    ]
    for route, reason in cases:
        assert route.status == "unreachable"
        assert reason in route.reason
        assert route.distance_nm == np.inf
        assert route.passages == route.leg_tags == ()
        assert len(route.lonlat) == len(route.leg_nm) == 0


def test_within_the_caspian_sea_there_are_routes(net: SeaNetwork) -> None:
    names = ["Baku", "Aktau", "Turkmenbashi", "Bandar Anzali"]
    for a, b in itertools.combinations(names, 2):
        route = net.route(a, b)
        assert route.status == "ok"
        assert 100 < route.distance_nm < 600
    assert net.route("Turkmenbashi", "Rotterdam").status == "unreachable"


def test_a_request_leaves_no_trace(net: SeaNetwork) -> None:
    """A network never changes: the same question has the same answer after any other."""
    before = net.route("Dalian", "Rotterdam")
    net.route("Dalian", "Rotterdam", closed=["suez", "panama"], draft_m=22)
    net.route((0.0, 0.0), "Rotterdam", via="cape")
    after = net.route("Dalian", "Rotterdam")
    assert after.distance_nm == before.distance_nm
    assert (after.lonlat == before.lonlat).all()


# ---- places --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ((10.0, 95.0), "outside -90 to 90"),
        ((51.9, 104.0), "swapped"),
        ((400.0, 10.0), "outside"),
        ((float("nan"), 1.0), "finite"),
        ("91, 5", "outside|swapped"),
        ((100.0, 62.0), "lies on land; the nearest sea is .* nm away"),
        ("Atlantis Harbour", "unknown port"),
        ("Rotterdam", "same place"),
    ],
)
def test_places_that_cannot_be_used(net: SeaNetwork, place: str | tuple[float, float], message: str) -> None:
    with pytest.raises(PlaceError, match=message):
        net.route(place, "Rotterdam")


def test_a_text_position_is_latitude_first(net: SeaNetwork) -> None:
    assert net.route("40,-30", "Rotterdam").distance_nm == net.route((-30.0, 40.0), "Rotterdam").distance_nm


def test_unknown_words(net: SeaNetwork) -> None:
    with pytest.raises(PassageError, match="unknown passage"):
        net.route("Dalian", "Rotterdam", closed=["suezz"])
    with pytest.raises(PassageError, match="unknown route"):
        net.route("Dalian", "Rotterdam", via="polar")
    with pytest.raises(UsageError, match="at most 6"):
        net.route("Dalian", "Rotterdam", use=list(net.passages.ids[:7]))


def test_a_position_beside_a_port_is_about_as_far_as_the_port(net: SeaNetwork) -> None:
    for name in ("Dalian", "Rotterdam", "Yokohama", "New York", "Cape Town", "Murmansk"):
        port = net.place(name)
        sea = (float(port.sea[0]), float(port.sea[1]))
        from_port = net.route(name, (-30.0, 0.0)).distance_nm - port.approach_nm
        assert net.route(sea, (-30.0, 0.0)).distance_nm == pytest.approx(from_port, abs=0.05), name


def test_places_on_the_cut_do_not_see_through_wrangel_island(net: SeaNetwork) -> None:
    """Wrangel Island lies on 180 degrees. Along the cut itself no shore would be crossed."""
    for a, b in (((180.0, 70.4), (180.0, 72.2)), ((-180.0, 70.4), (-180.0, 72.2)), ((-180.0, 70.4), (180.0, 72.2))):
        route = net.route(a, b, via="any")
        assert route.distance_nm > 1.8 * 60 + 15  # the island is some 80 nm wide: straight over it are 108 nm
        assert np.abs(route.lonlat[1:-1, 0]).max() < 179.5


# ---- the line to draw ----------------------------------------------------------------------------------------------


def test_the_geometry_of_a_route_is_its_line_to_draw(net: SeaNetwork) -> None:
    """Corners alone cross Australia on a flat map; the geometry keeps to the water, and is that of the GeoJSON."""
    australia = shapely.box(120, -30, 140, -20)
    route = net.route("Singapore", "Wellington", closed="torres")
    assert route.geometry is not None
    assert route.geometry.is_valid
    assert shapely.get_num_coordinates(route.geometry) > 2 * len(route.lonlat)
    assert not route.geometry.intersects(australia)
    assert route.geometry == route.to_frame().geometry.iloc[0] == shapely.from_geojson(json.dumps(route.geojson()))
    pacific = net.route("Yokohama", "Los Angeles")
    assert pacific.geometry is not None and pacific.geometry.geom_type == "MultiLineString"
    assert net.route("Baku", "Rotterdam").geometry is None


@pytest.mark.parametrize("a", [(180.0, 50.0), (-180.0, 50.0)])
@pytest.mark.parametrize("b", [(-170.0, 50.0), (170.0, 45.0), (180.0, 40.0), (-180.0, 30.0)])
def test_a_route_from_180_degrees_is_one_line(net: SeaNetwork, a: tuple[float, float], b: tuple[float, float]) -> None:
    for route in (net.route(a, b), net.route(b, a)):
        assert route.geometry is not None
        assert (route.geometry.geom_type, route.geometry.is_valid) == ("LineString", True)


def test_a_route_over_the_pole_has_a_valid_line(net: SeaNetwork) -> None:
    for b in ((-160.0, 80.0), (0.0, 90.0), (150.0, 84.0)):
        geometry = net.route((20.0, 82.0), b, via="any").geometry
        assert geometry is not None and geometry.is_valid
        assert shapely.bounds(geometry)[3] > 84


def test_the_northern_sea_route_leads_by_shokalsky_strait_where_vilkitsky_is_closed() -> None:
    net = SeaNetwork.load()
    usual = net.route("Yokohama", "Hamburg", via="nsr")
    other = net.route("Yokohama", "Hamburg", via="nsr", closed=["vilkitsky_strait"])
    assert "vilkitsky_strait" in usual.passages and other.status == "ok"
    assert {"shokalsky_strait", "red_army_strait"} & set(other.passages)
    assert "red_army_strait" in net.route("Dikson", "Tiksi", via="any", use=["red_army_strait"]).passages
    assert "matochkin_shar" in net.route("Dikson", "Murmansk", via="any", use=["matochkin_shar"]).passages
    all_three = ["vilkitsky_strait", "shokalsky_strait", "red_army_strait"]
    assert net.route("Yokohama", "Hamburg", via="nsr", closed=all_three).status != "ok"


def test_named_routes_leave_matochkin_shar_to_those_who_ask() -> None:
    """An end in the Arctic lifts the ban on the Arctic, and not that one."""
    net = SeaNetwork.load()
    assert "matochkin_shar" not in net.route("Murmansk", "Dikson").passages
    assert "matochkin_shar" not in net.route("Rotterdam", "Sabetta", closed=["kara_gate"]).passages
    assert "matochkin_shar" in net.route("Murmansk", "Dikson", via="any").passages


@pytest.mark.parametrize(("start", "stop"), [("Port Hedland", "Shanghai"), ("Fremantle", "Tokyo")])
def test_through_traffic_takes_lombok_strait_and_none_beside_it(start: str, stop: str) -> None:
    assert "lombok_strait" in SeaNetwork.load().route(start, stop).passages


def test_named_routes_leave_the_corinth_canal_to_those_who_ask() -> None:
    net = SeaNetwork.load()
    assert "corinth_canal" not in net.route("Naples", "Piraeus").passages
    assert "corinth_canal" in net.route("Patras", "Piraeus", via="any").passages
