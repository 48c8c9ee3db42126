"""No drawn route goes over land, but for canals and the approaches of ports."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from pyproj import Geod

from sim import SeaNetwork
from sim.geo.drawing import cut_line, densified
from sim.geo.geodesy import Floats
from sim.geo.land import land_polygons
from sim.geo.route import Route

Pairs = Callable[[int, int], list[tuple[str, str]]]
GEOD = Geod(ellps="WGS84")
STEP_NM = 2.0
CHUNK = 40  # points of a line tested at a time


class Land:
    """Length of lines over land. Legs that several routes share are looked at once."""

    def __init__(self) -> None:
        self.polygons = np.array(land_polygons())
        shapely.prepare(self.polygons)
        self.tree = shapely.STRtree(self.polygons)
        self.known: dict[tuple[float, ...], float] = {}

    def km_over(self, lines: list[Floats]) -> float:
        parts = [piece[k : k + CHUNK + 1] for piece in lines for k in range(0, len(piece) - 1, CHUNK)]
        strings = np.array([shapely.LineString(p) for p in parts])
        line, polygon = self.tree.query(strings)
        hit = shapely.intersects(self.polygons[polygon], strings[line])
        km = 0.0
        for k, p in zip(line[hit], polygon[hit], strict=True):
            km += GEOD.geometry_length(shapely.intersection(strings[k], self.polygons[p])) / 1000
        return km

    def km_of_sea_legs(self, route: Route) -> float:
        """Of the legs that are neither canal nor approach, drawn with a point every 2 nm."""
        km = 0.0
        for k, tag in enumerate(route.leg_tags):
            if tag or route.leg_nm[k] <= 0.0101:  # or the link of a berth on a canal
                continue
            leg = route.lonlat[k : k + 2]
            key = tuple(leg.ravel())
            if key not in self.known:
                self.known[key] = self.km_over(cut_line(densified(leg, STEP_NM)))
            km += self.known[key]
        return km


@pytest.fixture(scope="module")
def land() -> Land:
    return Land()


def offenders(net: SeaNetwork, land: Land, pairs: list[tuple[str, str]], **wishes: str) -> dict[str, float]:
    """Kilometres over land of each route that has any."""
    found = {}
    for a, b in pairs:
        route = net.route(a, b, **wishes)  # type: ignore[arg-type]
        km = land.km_of_sea_legs(route)
        if km > 0:
            found[f"{a}-{b}"] = round(km, 3)
    return found


def test_the_measure_sees_land(land: Land) -> None:
    over_spain = np.array([[-9.9, 40.0], [0.5, 40.0]])
    assert 700 < land.km_over(cut_line(densified(over_spain, STEP_NM))) < 900
    over_wrangel = np.array([[178.0, 71.2], [-177.0, 71.2]])
    assert 100 < land.km_over(cut_line(densified(over_wrangel, STEP_NM))) < 200


def test_500_routes_keep_off_the_land(net: SeaNetwork, land: Land, port_pairs: Pairs) -> None:
    assert offenders(net, land, port_pairs(500, 50)) == {}


@pytest.mark.parametrize("via", ["any", "nsr", "nwp", "transpolar", "cape", "panama"])
def test_routes_of_all_names_keep_off_the_land(net: SeaNetwork, land: Land, via: str) -> None:
    pairs = [("Dalian", "Rotterdam"), ("Yokohama", "Hamburg"), ("Los Angeles", "Murmansk"), ("Busan", "New York")]
    assert offenders(net, land, pairs, via=via) == {}


def test_the_line_that_is_shown_is_the_line_that_was_tested(net: SeaNetwork, port_pairs: Pairs) -> None:
    for a, b in [*port_pairs(10, 51), ("Yokohama", "Los Angeles")]:
        route = net.route(a, b)
        shown = np.vstack(route.drawn(STEP_NM))
        tested = np.vstack(cut_line(densified(route.lonlat, STEP_NM)))
        assert shown.shape == tested.shape
        assert np.allclose(shown, tested)


@pytest.mark.slow
def test_3000_routes_keep_off_the_land(net: SeaNetwork, land: Land, port_pairs: Pairs) -> None:
    assert offenders(net, land, port_pairs(3000, 52), via="any") == {}
