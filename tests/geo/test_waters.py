"""Named waters: known places lie in them, no place lies in two seas, and 180 degrees is no border."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import UsageError
from sim.geo.waters import OVERLAPPING, check_water, inside_water, named_waters, sea_ids, sea_name, seas

# middles of seas, read off a chart: lon, lat
KNOWN = {
    "barents_sea": [(38.0, 74.0), (45.0, 70.0)],
    "kara_sea": [(66.0, 74.0), (85.0, 77.0)],
    "laptev_sea": [(120.0, 76.0), (130.0, 74.0)],
    "east_siberian_sea": [(155.0, 73.0), (165.0, 71.5)],
    "chukchi_sea": [(-172.0, 69.0), (-165.0, 69.5)],
    "bering_sea": [(-175.0, 58.0), (179.9, 57.0), (-179.9, 57.0)],
    "central_arctic_ocean": [(0.0, 88.0), (120.0, 85.0), (-150.0, 80.0), (180.0, 82.0)],
    "baltic_sea": [(20.0, 58.0), (20.0, 63.5), (27.0, 60.0)],
    "north_sea": [(3.0, 56.0)],
    "mediterranean": [(18.0, 35.0), (5.0, 40.0)],
    "black_sea": [(34.0, 43.0)],
    "red_sea": [(38.0, 20.0)],
    "gulf_of_aden": [(48.0, 12.5)],
    "persian_gulf": [(52.0, 26.5)],
    "malacca_strait": [(99.5, 4.5)],
    "south_china_sea": [(113.0, 14.0)],
}
OPEN_OCEAN = [(-30.0, 30.0), (75.0, -10.0), (-150.0, 0.0), (150.0, 30.0), (0.0, -60.0), (-40.0, 50.0)]


@pytest.mark.parametrize(("sea", "place"), [(s, p) for s, places in KNOWN.items() for p in places])
def test_known_places_lie_in_their_sea(sea: str, place: tuple[float, float]) -> None:
    assert sea_name(int(seas(np.array([place]))[0])) == sea
    assert inside_water(sea, np.array([place]))[0]


def test_the_open_ocean_has_no_name() -> None:
    numbers = seas(np.array(OPEN_OCEAN))
    assert (numbers == -1).all()
    assert {sea_name(int(k)) for k in numbers} == {""}


def test_no_place_lies_in_two_seas() -> None:
    rng = np.random.default_rng(3)
    lat = np.rad2deg(np.arcsin(rng.uniform(-0.2, 1, 20_000)))
    place = np.column_stack([rng.uniform(-180, 180, len(lat)), lat])
    claims = np.sum([inside_water(sea, place) for sea in sea_ids()], axis=0)
    # rough polygons may overlap where they meet, in a sliver at most
    assert (claims > 1).mean() < 0.002
    assert (claims == 1).mean() > 0.05


def test_the_route_area_lies_over_the_seas() -> None:
    assert OVERLAPPING == ("nsr",)
    assert "nsr" not in sea_ids()
    assert inside_water("nsr", np.array(KNOWN["laptev_sea"])).all()
    assert not inside_water("nsr", np.array([*KNOWN["barents_sea"], *KNOWN["bering_sea"]])).any()


def test_longitudes_of_both_kinds_are_one_place() -> None:
    east, west = np.array([[179.999, 75.0], [190.0, 68.0]]), np.array([[-180.001, 75.0], [-170.0, 68.0]])
    for water in named_waters():
        assert (inside_water(water, east[1:]) == inside_water(water, west[1:])).all(), water
        both = inside_water(water, np.array([[180.0, 75.0], [-180.0, 75.0]]))
        assert both[0] == both[1], water


def test_an_unknown_water_is_told_with_the_nearest() -> None:
    check_water("kara_sea")
    with pytest.raises(UsageError, match=r"unknown water 'kara_see'.*did you mean kara_sea"):
        check_water("kara_see")
