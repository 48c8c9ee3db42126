"""What is shipped is what the build makes: recorded checksums, and a rebuild of a sample of the sea network."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod
from shapely import Point

import geodata
from geodata.build.__main__ import write_arrays
from geodata.build.graph import sampled_edges
from geodata.build.land import MUST_BE_LAND, MUST_BE_WATER, check_land
from sim.errors import DataError
from sim.geo.geodesy import lengths_nm, vectors
from sim.geo.land import land_polygons, on_land, pack_polygons, unpack_polygons
from sim.geo.network.obstacles import bend_corners, rings_of
from sim.geo.network.store import Stored, pack, read
from sim.geo.passages import PassageTable
from sim.geo.visibility import Ints, Obstacles

BUILT = geodata.FOLDER / "built"
GEOD = Geod(ellps="WGS84")
MAX_MEGABYTES = 12


@pytest.fixture(scope="module")
def obstacles() -> Obstacles:
    with np.load(geodata.binary("obstacles.npz")) as data:
        return rings_of(unpack_polygons(data["delta"], data["ring_sizes"], data["polygon_rings"]))


@pytest.fixture(scope="module")
def corners(obstacles: Obstacles) -> Ints:
    return bend_corners(obstacles)


@pytest.fixture(scope="module")
def shipped() -> Stored:
    return read(geodata.binary("network.npz"))


# ---- files ---------------------------------------------------------------------------------------------------------


def test_every_built_file_has_its_recorded_checksum() -> None:
    record = json.loads((geodata.FOLDER / "sources.json").read_text(encoding="utf-8"))["built"]
    assert {p.name for p in BUILT.glob("*.npz")} == set(record)
    for name, row in record.items():
        assert hashlib.sha256((BUILT / name).read_bytes()).hexdigest() == row["sha256"], name
        assert row["from"]
        assert row["licence"]


def test_what_packs_badly_is_stored_and_read_as_it_was_written(tmp_path: Path) -> None:
    arrays = {"noise": np.random.default_rng(1).integers(0, 2**62, 40_000), "zeros": np.zeros(40_000)}
    path, again = tmp_path / "a.npz", tmp_path / "b.npz"
    write_arrays(path, arrays)
    write_arrays(again, arrays)
    assert path.read_bytes() == again.read_bytes()
    with zipfile.ZipFile(path) as archive:
        kinds = {info.filename: info.compress_type for info in archive.infolist()}
    assert kinds == {"noise.npy": zipfile.ZIP_STORED, "zeros.npy": zipfile.ZIP_DEFLATED}
    with np.load(path) as read_back:
        assert all((read_back[name] == array).all() for name, array in arrays.items())


def test_the_built_files_are_small() -> None:
    assert sum(p.stat().st_size for p in BUILT.iterdir()) <= MAX_MEGABYTES * 1e6


def test_a_written_file_depends_on_its_arrays_alone(tmp_path: Path) -> None:
    arrays = {"b": np.arange(5), "a": np.array([["x", "yz"]])}
    for name in ("one.npz", "two.npz"):
        write_arrays(tmp_path / name, dict(reversed(arrays.items())) if name == "two.npz" else arrays)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    with np.load(tmp_path / "one.npz") as data:
        assert (data["a"] == arrays["a"]).all()


def damaged() -> dict[str, bytes]:
    whole = geodata.binary("network.npz").read_bytes()
    middle = len(whole) // 2
    return {
        "no zip": b"no zip at all",
        "empty": b"",
        "cut off": whole[:middle],
        "a byte changed": whole[:middle] + bytes([whole[middle] ^ 0xFF]) + whole[middle + 1 :],
    }


@pytest.mark.parametrize("how", ["no zip", "empty", "cut off", "a byte changed"])
def test_a_damaged_network_is_an_error_of_data(tmp_path: Path, how: str) -> None:
    broken = tmp_path / "broken.npz"
    broken.write_bytes(damaged()[how])
    with pytest.raises(DataError, match=r"broken\.npz: cannot be read"):
        read(broken)


def test_a_missing_network_is_an_error_of_data(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.npz: cannot be read"):
        read(tmp_path / "none.npz")


def test_what_is_packed_is_read_back(shipped: Stored, tmp_path: Path) -> None:
    write_arrays(tmp_path / "again.npz", pack(shipped))
    assert (tmp_path / "again.npz").read_bytes() == geodata.binary("network.npz").read_bytes()


# ---- land ----------------------------------------------------------------------------------------------------------


def test_the_land_has_its_continents() -> None:
    check_land(list(land_polygons()))


@pytest.mark.parametrize("lost", ["North America", "Wrangel Island", "Greenland", "Antarctica"])
def test_the_check_of_the_land_notices_what_is_lost(lost: str) -> None:
    lon, lat = next((lon, lat) for name, lon, lat in MUST_BE_LAND if name == lost)
    kept = [p for p in land_polygons() if not p.intersects(Point(lon, lat))]
    assert len(kept) == len(land_polygons()) - 1
    with pytest.raises(ValueError, match=f"land: {lost} .* should be land"):
        check_land(kept)


def test_the_check_of_the_land_notices_a_drained_sea() -> None:
    _, lon, lat = MUST_BE_WATER[1]
    with pytest.raises(ValueError, match=r"land: Pacific .* should be water"):
        check_land([*land_polygons(), Point(lon, lat).buffer(1.0)])


def test_land_area_is_that_of_the_earth() -> None:
    """149 million km2 of land, with the ice of Antarctica and without the Caspian Sea (0.37 million)."""
    area = sum(abs(GEOD.geometry_area_perimeter(p)[0]) for p in land_polygons()) / 1e12
    assert 145 < area < 150


def test_land_lies_within_the_map_and_is_valid() -> None:
    for polygon in land_polygons():
        west, south, east, north = polygon.bounds
        assert -180 <= west < east <= 180
        assert -90 <= south < north <= 90
        assert polygon.is_valid


@pytest.mark.parametrize(("name", "lon", "lat", "wanted"), [
    *((n, x, y, True) for n, x, y in MUST_BE_LAND), *((n, x, y, False) for n, x, y in MUST_BE_WATER),
    ("Paris", 2.35, 48.85, True), ("English Channel", -1.0, 50.2, False), ("Lake-free Sahara", 5.0, 23.0, True),
])  # fmt: skip
def test_on_land(name: str, lon: float, lat: float, wanted: bool) -> None:
    assert on_land(np.array([[lon, lat]]))[0] == wanted, name


def test_polygons_survive_packing() -> None:
    some = [p for p in land_polygons() if p.interiors][:3] + list(land_polygons()[-5:])
    back = unpack_polygons(**pack_polygons(some))
    assert all(a.equals(b) for a, b in zip(some, back, strict=True))


# ---- network -------------------------------------------------------------------------------------------------------


def test_the_corners_of_the_network_are_those_of_the_obstacles(
    obstacles: Obstacles, corners: Ints, shipped: Stored
) -> None:
    assert np.allclose(obstacles.lonlat[corners], shipped.lonlat[: len(corners)], atol=1e-9)
    ports = shipped.port_node[shipped.port_node >= 0]
    assert ports.min() >= len(corners)


def test_a_sampled_rebuild_gives_the_shipped_edges(obstacles: Obstacles, corners: Ints, shipped: Stored) -> None:
    """Edges of a corner to corners of a higher number; corners of all latitudes, with many and with few edges."""
    rng = np.random.default_rng(7)
    order = np.argsort(obstacles.lonlat[corners, 1], kind="stable")
    rows = [int(rng.choice(part)) for part in np.array_split(order, 14)]
    checked = 0
    for k, rebuilt in zip(rows, sampled_edges(obstacles, corners, rows), strict=True):
        own = shipped.second[(shipped.first == k) & (shipped.second < len(corners))]
        assert sorted(rebuilt.tolist()) == sorted(own.tolist()), f"corner {k} at {shipped.lonlat[k]}"
        checked += len(own)
    assert checked > 50


def test_lengths_and_passages_of_edges_are_those_of_their_ends(shipped: Stored, corners: Ints) -> None:
    rng = np.random.default_rng(8)
    plain = np.flatnonzero((shipped.first < len(corners)) & (shipped.second < len(corners)))
    rows = np.concatenate([rng.choice(plain, 4000, replace=False), plain[shipped.bits[plain] != 0][::7]])
    first, second = shipped.first[rows], shipped.second[rows]
    assert np.allclose(
        shipped.length_nm[rows], lengths_nm(shipped.lonlat[first], shipped.lonlat[second]), atol=2e-3, rtol=2e-7
    )
    xyz = vectors(shipped.lonlat)
    bits = PassageTable.load().crossed(xyz[first], xyz[second])
    assert (bits == shipped.bits[rows]).all()


def test_edges_are_in_order_and_join_no_node_to_itself(shipped: Stored) -> None:
    assert (shipped.first < shipped.second).all()
    code = shipped.first * len(shipped.lonlat) + shipped.second
    assert (np.diff(code) > 0).all()
    same = shipped.length_nm == 0  # ports with one sea point, obstacles that touch, the two lanes of Panama
    assert (shipped.length_nm[~same] > 0).all()
    assert np.allclose(shipped.lonlat[shipped.first[same]], shipped.lonlat[shipped.second[same]])


def test_each_port_of_the_table_is_in_the_network(shipped: Stored) -> None:
    from sim.geo.ports import PortTable

    ports = PortTable.load().all
    # ports of the lists are joined when they are asked for, those reviewed by hand are nodes
    assert shipped.port_keys == [p.key for p in ports[: ports.ends[0]]]
    assert list(PassageTable.load().ids) == shipped.passage_ids
    nowhere = [key for key, node in zip(shipped.port_keys, shipped.port_node, strict=True) if node < 0]
    assert nowhere == []
