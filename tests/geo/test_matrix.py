"""Distance matrices say what routes say, pair by pair."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import northabout
from sim import SeaNetwork
from sim.errors import PassageError, PlaceError, PlacesNotUsed, UsageError
from sim.geo.network import Locatable

Pairs = Callable[[int, int], list[tuple[str, str]]]
NEARLY = 0.01  # nm: lengths are stored to seven digits, so that equally long ways may change places
FREE: list[Locatable] = [(-30.0, 40.0), "35, 125", (179.5, 10.0), (75.0, 77.0), (57.5, -18.0)]


def agree(net: SeaNetwork, origins: list[Locatable], goals: list[Locatable], **wishes: object) -> None:
    table = net.distances(origins, goals, **wishes)  # type: ignore[arg-type]
    assert table.shape == (len(origins), len(goals))
    for i, a in enumerate(origins):
        for j, b in enumerate(goals):
            if a == b:
                assert table[i, j] == 0
                continue
            route = net.route(a, b, **wishes)  # type: ignore[arg-type]
            assert table[i, j] == pytest.approx(route.distance_nm, abs=NEARLY), (a, b, wishes)
            assert np.isfinite(table[i, j]) == (route.status == "ok")


@pytest.mark.parametrize(
    "wishes",
    [
        {},
        {"via": "any"},
        {"closed": ["suez_canal"]},
        {"closed": ["suez_canal", "panama", "gibraltar", "sunda_strait"]},
        {"closed": ["strait_of_hormuz", "oresund", "great_belt", "little_belt", "kiel_canal"]},
        {"via": "any", "closed": ["malacca_strait", "bering_strait", "dover_strait"]},
        {"draft_m": 21.0},
        {"beam_m": 60.0, "closed": ["suez_canal"]},
    ],
    ids=str,
)
@pytest.mark.parametrize("count", [3, pytest.param(8, marks=pytest.mark.slow)])
def test_ports(net: SeaNetwork, port_pairs: Pairs, wishes: dict[str, object], count: int) -> None:
    pairs = port_pairs(count, 40)
    origins: list[Locatable] = [*(a for a, _ in pairs), "Sabetta", "Tiksi", "Ras Tanura", "Baku"]
    goals: list[Locatable] = [*(b for _, b in pairs[: count // 2]), "Rotterdam", "Dikson", "Baku", "St Petersburg"]
    agree(net, origins, goals, **wishes)


@pytest.mark.parametrize("via", ["suez", "cape", "panama", "nsr", "nwp", "transpolar"])
def test_named_routes(net: SeaNetwork, via: str) -> None:
    origins: list[Locatable] = ["Dalian", "Yokohama", "Sabetta", "Los Angeles"]
    goals: list[Locatable] = ["Rotterdam", "Murmansk", "Houston"]
    agree(net, origins, goals, via=via)
    agree(net, origins[:3], goals[:2], via=via, closed=["malacca_strait", "kara_gate"])


@pytest.mark.parametrize(
    "wishes", [{}, {"via": "any"}, {"via": "suez"}, {"closed": ["suez_canal", "malacca_strait"]}], ids=str
)
def test_free_positions(net: SeaNetwork, wishes: dict[str, object]) -> None:
    agree(net, [*FREE, "Dalian"], [*FREE[:3], "Rotterdam", "Sabetta"], **wishes)


def test_positions_that_see_each_other(net: SeaNetwork) -> None:
    """The straight leg between free positions is no leg of the network."""
    near: list[Locatable] = [(-30.0, 40.0), (-31.0, 41.0), (-20.0, 20.0), (-45.0, 30.0)]
    agree(net, near, near)


def test_one_row_one_column_and_a_port_given_twice(net: SeaNetwork) -> None:
    assert net.distances(["Dalian"], ["Rotterdam"])[0, 0] == pytest.approx(net.route("Dalian", "Rotterdam").distance_nm)
    table = net.distances(["Dalian", "Dalian"], ["Rotterdam", "Dalian", "Rotterdam"])
    assert (table[0] == table[1]).all()
    assert table[0, 0] == table[0, 2]
    assert table[0, 1] == 0


def test_turned_round(net: SeaNetwork, port_pairs: Pairs) -> None:
    pairs = port_pairs(20, 41)
    a, b = [p for p, _ in pairs], [q for _, q in pairs[:6]]
    assert np.allclose(net.distances(a, b), net.distances(b, a).T, atol=NEARLY)


def test_unreachable_is_infinite(net: SeaNetwork) -> None:
    table = net.distances(["Baku", "Ras Tanura"], ["Rotterdam", "Aktau"], closed=["hormuz"])
    assert np.isinf(table[0, 0])
    assert np.isinf(table[1]).all()
    assert 0 < table[0, 1] < 600


def one_corner_position(net: SeaNetwork) -> tuple[float, float]:
    """A position in free water from which just one corner of the network is in sight."""
    rng = np.random.default_rng(0)
    net.place((-30.0, 40.0))
    water = net.free_water
    degree = np.diff(net.graph.indptr)[: len(water.corners)]
    for k in np.argsort(degree, kind="stable")[:2500]:
        if degree[k] == 0:
            continue
        for _ in range(3):
            lonlat = water._corner_lonlat[k] + rng.normal(0, 0.03, 2)
            if water.is_free(lonlat) and len(water.ends(lonlat).nodes) == 1:
                return float(lonlat[0]), float(lonlat[1])
    raise AssertionError("no such position on this map: look at more corners")


def test_a_port_of_the_user_that_sees_a_single_corner(net: SeaNetwork, tmp_path: Path) -> None:
    """It hangs on the network by one leg, which counts, in a route and in a matrix."""
    lon, lat = one_corner_position(net)
    file = tmp_path / "mine.csv"
    file.write_text(f"name,country,lat,lon\nNarrows,XX,{lat!r},{lon!r}\n")
    own = SeaNetwork.load(file)
    for goal in ("Rotterdam", "Yokohama"):
        wanted = net.route((lon, lat), goal).distance_nm
        assert own.route("Narrows", goal).distance_nm == pytest.approx(wanted, abs=NEARLY)
        assert own.distances(["Narrows"], [goal])[0, 0] == pytest.approx(wanted, abs=NEARLY)


def test_one_place_or_word_is_taken_as_several(net: SeaNetwork) -> None:
    assert net.distances("Dalian", ["Busan"])[0, 0] == net.distances(["Dalian"], "Busan")[0, 0]
    assert net.distances((121.65, 38.92), ["Busan"]).shape == (1, 1)
    by_word = net.route("Dalian", "Rotterdam", closed="suez_canal", use="dover_strait")
    assert by_word == net.route("Dalian", "Rotterdam", closed=["suez_canal"], use=["dover_strait"])
    assert "suez_canal" not in by_word.passages


@pytest.mark.parametrize("kind", [np.float64, np.float32, np.int64])
def test_a_pair_of_numpy_scalars_is_one_place(net: SeaNetwork, kind: type) -> None:
    pair = (kind(-30), kind(40))
    assert net.distances(pair, np.array([[0, 0], [-20, 50]])).shape == (1, 2)
    assert net.route(pair, "Rotterdam") == net.route((-30.0, 40.0), "Rotterdam")


@pytest.mark.parametrize("what", [5, None, (1.0,), (1.0, 2.0, 3.0), ("a", "b"), b"Dalian", [[1, 2], [3, 4]], {}])
def test_what_is_no_place_is_told(net: SeaNetwork, what: Any) -> None:
    with pytest.raises(PlaceError, match="is no place"):
        net.place(what)


def test_words_that_are_none_and_what_is_no_word(net: SeaNetwork) -> None:
    plain = net.route("Dalian", "Rotterdam")
    assert net.route("Dalian", "Rotterdam", closed=None, use=(), avoid=[]) == plain  # type: ignore[arg-type]
    assert net.route("Dalian", "Rotterdam", closed=iter({"suez_canal"})) != plain
    for bad in (5, [5], ["suez", None]):
        with pytest.raises(UsageError, match=r"closed has .*, allowed are words for passages"):
            net.route("Dalian", "Rotterdam", closed=bad)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("a", "b", "shape"), [([], ["Rotterdam"], (0, 1)), (["Dalian", "Busan"], [], (2, 0)), ([], [], (0, 0))]
)
def test_a_matrix_of_no_places(net: SeaNetwork, a: list[str], b: list[str], shape: tuple[int, int]) -> None:
    assert net.distances(a, b).shape == northabout.distances(np.array(a), b, via="nsr").shape == shape
    with pytest.raises(PassageError, match="unknown passage"):
        net.distances(a, b, closed="suezz")
    with pytest.raises(PassageError, match="unknown route"):
        net.distances(a, b, via="polar")


def test_bad_places_of_a_matrix_are_marked_where_that_is_asked(net: SeaNetwork) -> None:
    origins: list[Any] = ["Dalian", "Atlantis Harbour", (100.0, 62.0), "Baku"]
    goals: list[Any] = ["Rotterdam", "91, 200", "Busan"]
    with pytest.raises(PlaceError, match="Atlantis Harbour"):
        net.distances(origins, goals)
    with pytest.warns(PlacesNotUsed) as told:
        table = net.distances(origins, goals, errors="nan")
    assert np.isnan(table).tolist() == [[False, True, False], [True] * 3, [True] * 3, [False, True, False]]
    assert (table[[0, 3]][:, [0, 2]] == net.distances(["Dalian", "Baku"], ["Rotterdam", "Busan"])).all()
    assert len(told) == 1
    message = told[0].message
    assert isinstance(message, PlacesNotUsed)
    assert list(message.problems) == ["Atlantis Harbour", "(100.0, 62.0)", "91, 200"]
    assert all(word in str(message) for word in ("unknown port 'Atlantis", "lies on land", "outside -90 to 90"))
    with pytest.warns(PlacesNotUsed):
        assert np.isnan(northabout.distances("Atlantis", goals[:1], errors="nan")).all()


def test_good_places_give_no_warning_and_another_word_is_refused(net: SeaNetwork) -> None:
    assert (net.distances("Dalian", "Busan", errors="nan") == net.distances("Dalian", "Busan")).all()
    with pytest.raises(UsageError, match="errors is 'ignore', allowed: raise, nan"):
        net.distances("Dalian", "Busan", errors="ignore")  # type: ignore[arg-type]


def test_a_long_list_of_bad_places_is_told_short() -> None:
    message = PlacesNotUsed({str(k): f"unknown port '{k}'" for k in range(40)})
    assert str(message).endswith("unknown port '4'; and 35 more")
