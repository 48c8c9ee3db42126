"""Depths of the shelf: what charts and handbooks say of them, and where the figures must not speak."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.errors import DataError
from sim.geo.cells import CELL_KM, HALF, from_plane
from sim.geo.geodesy import lengths_nm
from sim.geo.land import on_land
from sim.geo.network.depth import DEEP_M, Depths, near_way, place_of
from sim.geo.passages import PassageTable
from sim.geo.waters import inside_water
from sim.units import KM_PER_NM


@pytest.fixture(scope="module")
def depths() -> Depths:
    return Depths.load(PassageTable.load())


def at(figures: np.ndarray, lon: float, lat: float) -> float:
    return float(figures[place_of(np.array([[lon, lat]]))][0])


@pytest.mark.parametrize(
    ("name", "lon", "lat"),
    [
        ("Norwegian Sea, more than 2,000 m", 0.0, 68.0),
        ("Greenland Sea, more than 2,000 m", -5.0, 75.0),
        ("Canada Basin, more than 3,000 m", -145.0, 75.0),
        ("Laptev Sea north of the shelf, more than 1,000 m", 125.0, 79.0),
        ("Vilkitsky Strait, up to 210 m (AMSA 2009)", 103.5, 77.95),
    ],
)
def test_deep_water_is_deep(depths: Depths, name: str, lon: float, lat: float) -> None:
    assert at(depths.raw_m, lon, lat) == np.inf, name


@pytest.mark.parametrize(
    ("name", "lon", "lat", "least_m", "most_m"),
    [
        ("Dmitry Laptev Strait, fairway of 7 m (CRREL 96-3)", 141.3, 73.05, 5.0, 16.0),
        ("Sannikov Strait, at least 13 m in the fairway (CRREL 96-3)", 140.5, 74.4, 12.0, 26.0),
        ("Long Strait, 20 to 45 m (INSROP)", 178.5, 70.0, 20.0, np.inf),
        ("Kara Gate, at least 21 m (AMSA 2009)", 58.2, 70.5, 20.0, np.inf),
        ("Bering Strait, 30 to 55 m", -169.0, 66.0, 30.0, np.inf),
        ("bar of the Gulf of Ob, which was dredged for ships of 12 m", 73.2, 72.4, 2.0, 12.0),
    ],
)
def test_shallow_water_is_as_charted(
    depths: Depths, name: str, lon: float, lat: float, least_m: float, most_m: float
) -> None:
    assert least_m <= at(depths.raw_m, lon, lat) <= most_m, name


def test_as_much_of_a_sea_is_shelf_as_handbooks_say(depths: Depths) -> None:
    """Great Soviet Encyclopedia: 72 % of the East Siberian Sea is shallower than 50 m, and its south is 10 to 20 m deep
    in the west and the middle. Of the Barents Sea, 230 m deep on average, little is shelf of that kind."""
    x, y = np.meshgrid(np.arange(-HALF, HALF + 1), np.arange(-HALF, HALF + 1), indexing="ij")
    lonlat = from_plane(np.stack([x.ravel(), y.ravel()], axis=-1) * CELL_KM)
    depth = depths.raw_m.ravel()
    water = ~on_land(lonlat)
    share = {
        sea: float(np.isfinite(depth[inside_water(sea, lonlat) & water]).mean())
        for sea in ("east_siberian_sea", "barents_sea")
    }
    assert share["east_siberian_sea"] > 0.7  # the polygon leaves out the deep north of it
    assert share["barents_sea"] < 0.2
    west = inside_water("east_siberian_sea", lonlat) & water & (lonlat[:, 0] < 160) & (lonlat[:, 1] < 73)
    assert 8 < np.median(depth[west]) < 20


def test_straits_and_narrow_waters_bar_no_ship(depths: Depths) -> None:
    for lon, lat in [(141.3, 73.05), (140.5, 74.4), (73.0, 72.6), (60.2, 69.66), (58.2, 70.5), (80.5, 72.9)]:
        assert at(depths.open_m, lon, lat) == np.inf, (lon, lat)
    assert at(depths.open_m, 139.0, 76.2) < 20, "open sea north of Kotelny: its gate is no strait"


def test_an_exception_reaches_no_farther_than_is_said(depths: Depths) -> None:
    lifted = np.isinf(depths.open_m) & np.isfinite(depths.raw_m)
    assert (lifted <= depths.charted).all()
    assert (np.isinf(depths.open_m) == (np.isinf(depths.raw_m) | depths.charted)).all()
    assert 0.05 < lifted.sum() / np.isfinite(depths.raw_m).sum() < 0.35


def test_near_a_way_is_near_every_part_of_it() -> None:
    way = np.array([[178.0, 72.0], [-170.0, 74.0]])
    rows, columns = near_way(way, 60.0)
    lonlat = from_plane((np.stack([rows, columns], axis=-1) - HALF) * CELL_KM)
    ends_km = np.array([lengths_nm(end, lonlat) for end in way]).min(axis=0) * KM_PER_NM
    assert ends_km.min() < CELL_KM
    assert ends_km.max() > 150, "the middle of a leg counts too"
    one = near_way(way[:1], 60.0)
    alone = from_plane((np.stack(one, axis=-1) - HALF) * CELL_KM)
    assert (lengths_nm(way[0], alone) * KM_PER_NM < 62.0).all()  # a plane of equal areas stretches a little
    assert 14 <= len(alone) <= 22  # a disc of 60 km has the area of 18 cells


def test_what_lies_beyond_the_cells_is_deep(depths: Depths) -> None:
    for lon, lat in [(104.0, 1.2), (0.0, -89.0), (180.0, 30.0), (-60.0, 10.0)]:
        assert at(depths.raw_m, lon, lat) == np.inf
    assert np.nanmin(depths.raw_m) > 0
    assert depths.raw_m[np.isfinite(depths.raw_m)].max() < DEEP_M


def test_a_damaged_file_says_how_to_rebuild_it(tmp_path: Path) -> None:
    for content in (b"", b"no zip"):
        path = tmp_path / "depth.npz"
        path.write_bytes(content)
        with pytest.raises(DataError, match=r"geodata\.build\.depth"):
            Depths.load(PassageTable.load(), path)
    np.savez(path, depth=np.zeros((3, 3), dtype=np.uint16))
    with pytest.raises(DataError, match="3, 3"):
        Depths.load(PassageTable.load(), path)


def test_the_cells_with_limits_of_their_own_are_shipped_as_they_are_found(depths: Depths) -> None:
    found = Depths(depths.raw_m, PassageTable.load()).charted
    assert np.array_equal(depths.charted, found) and 0.01 < found.mean() < 0.5
