"""Ways between places near each other, over the water of the raw coast."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import SeaNetwork
from sim.geo.geodesy import lengths_nm
from sim.geo.land import on_land
from sim.geo.network.places import NEAR_NM
from sim.geo.network.raw.local import LocalWater
from sim.geo.network.raw.raster import land_shape
from sim.geo.ports import Port

# Pub. 151, or the length of the river between the two (Rosario - San Lorenzo).
PUBLISHED = [
    ("Seattle", "Tacoma", 21), ("Seattle", "Vancouver", 126), ("Rosario", "San Lorenzo", 16),
    ((34.9833, 32.8167), (35.5167, 33.9), 76), ((-2.45, 50.57), (-1.4, 50.9), 57),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "published"), PUBLISHED)
def test_published_lengths(net: SeaNetwork, a: object, b: object, published: float) -> None:
    assert net.route(a, b).distance_nm == pytest.approx(published, rel=0.12)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def near_pairs(ocean_ports: list[Port]) -> list[tuple[Port, Port]]:
    at = np.array([(p.lon, p.lat) for p in ocean_ports])
    out = []
    for k, port in enumerate(ocean_ports):
        away = lengths_nm(at[k], at[k + 1 :])
        out += [(port, ocean_ports[k + 1 + m]) for m in np.flatnonzero((away > 0) & (away < NEAR_NM))]
    return out


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_laws_of_near_pairs(net: SeaNetwork, near_pairs: list[tuple[Port, Port]], data: st.DataObject) -> None:
    a, b = data.draw(st.sampled_from(near_pairs))
    route = net.route(a.key, b.key, via="any")
    straight = lengths_nm(np.array([a.lon, a.lat]), np.array([[b.lon, b.lat]]))[0]
    assert route.distance_nm >= straight - 0.1
    assert route.distance_nm == pytest.approx(net.route(b.key, a.key, via="any").distance_nm, abs=1e-3)
    assert net.distances([a.key], [b.key], via="any")[0, 0] == pytest.approx(route.distance_nm, abs=1e-3)
    assert route.leg_nm.sum() == pytest.approx(route.distance_nm, abs=1e-3)
    for passage in route.passages:
        closed = net.route(a.key, b.key, via="any", closed=passage)
        assert passage not in closed.passages
        assert closed.distance_nm >= route.distance_nm - 1e-3


def test_a_local_way_stays_off_the_land(net: SeaNetwork, near_pairs: list[tuple[Port, Port]]) -> None:
    """Between the first and the last mile, on ways that do not use the channel of a river."""
    rng = np.random.default_rng(5)
    seen = 0
    for k in rng.permutation(len(near_pairs))[:50]:
        a, b = (net.place(p.key) for p in near_pairs[k])
        way = net.local_water.way(a, b, 0)
        if way is None or a.channel or b.channel or len(way.lonlat) < 4:
            continue
        for start, stop in zip(way.lonlat[1:-2], way.lonlat[2:-1], strict=True):
            along = start + (stop - start) * np.linspace(0.02, 0.98, 25)[:, None]
            # on both sides: a way may follow a shore, whose corners are rounded to a metre
            beside = np.array([0.0, 3e-4])
            inside = on_land(along + beside) & on_land(along - beside)
            assert abs(stop[0] - start[0]) > 180 or inside.mean() < 0.05, (a, b)
        seen += 1
    assert seen > 5


def test_stored_ways_are_those_of_the_search(net: SeaNetwork, near_pairs: list[tuple[Port, Port]]) -> None:
    fresh = LocalWater(land_shape(), net.passages, {p.key: p for p in net.ports.all}, {})
    for k in np.random.default_rng(6).choice(len(near_pairs), 8, replace=False):
        a, b = (net.place(p.key) for p in near_pairs[k])
        stored, found = (water.way(a, b, 0) for water in (net.local_water, fresh))
        assert (stored is None) == (found is None)
        assert stored is None or found is None or stored.nm == pytest.approx(found.nm)


def test_two_arms_of_a_river_are_not_one_channel(net: SeaNetwork) -> None:
    """Antwerp and Ghent have one sea point and lengths of 66 and 59 nm; the berths are 25 nm apart."""
    apart = net.route("Antwerp", "Ghent").distance_nm
    assert apart > lengths_nm(np.array([4.32, 51.28]), np.array([[3.75, 51.1]]))[0]
