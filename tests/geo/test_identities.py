"""Distances that are known beforehand: the reference voyage, and what must be equal whatever the map."""

from __future__ import annotations

import pytest

from sim import SeaNetwork

EAST_ASIA = ["Shanghai", "Dalian", "Busan", "Yokohama", "Hong Kong", "Vladivostok"]


@pytest.mark.parametrize(
    ("via", "least", "most"), [("suez", 10_800, 11_050), ("nsr", 7_550, 8_150), ("cape", 13_900, 14_500)]
)
def test_dalian_rotterdam(net: SeaNetwork, via: str, least: float, most: float) -> None:
    assert least < net.route("Dalian", "Rotterdam", via=via).distance_nm < most


def test_dalian_rotterdam_in_order(net: SeaNetwork) -> None:
    nsr, suez, cape = (net.route("Dalian", "Rotterdam", via=via).distance_nm for via in ("nsr", "suez", "cape"))
    assert nsr < suez < cape
    assert net.route("Dalian", "Rotterdam").distance_nm == suez  # the usual route is Suez


def test_the_five_thousand_miles_of_the_documents_are_not_there(net: SeaNetwork) -> None:
    """The NSR saves some 3,000 nm on Suez, whatever else it does."""
    nsr, suez = (net.route("Dalian", "Rotterdam", via=via).distance_nm for via in ("nsr", "suez"))
    assert 2_700 < suez - nsr < 3_500


def test_with_suez_closed_a_ship_that_fits_takes_panama(net: SeaNetwork) -> None:
    route = net.route("Dalian", "Rotterdam", closed=["suez_canal"], beam_m=32)
    assert {"panama_canal", "panama_canal_panamax"} & set(route.passages)
    assert 13_300 < route.distance_nm < 13_900


def test_with_suez_closed_a_ship_that_does_not_fit_takes_the_cape(net: SeaNetwork) -> None:
    route = net.route("Dalian", "Rotterdam", closed=["suez_canal"], beam_m=60)
    assert "cape_of_good_hope" in route.passages
    assert not {"panama_canal", "panama_canal_panamax"} & set(route.passages)
    assert route.distance_nm == pytest.approx(net.route("Dalian", "Rotterdam", via="cape").distance_nm, abs=0.01)


def test_via_cape_is_the_cape(net: SeaNetwork) -> None:
    passages = net.route("Dalian", "Rotterdam", via="cape").passages
    assert "cape_of_good_hope" in passages
    assert "suez_canal" not in passages


def extra_of_the_cape(net: SeaNetwork, port: str) -> float:
    cape, suez = (net.route(port, "Rotterdam", via=via, use=["malacca_strait"]).distance_nm for via in ("cape", "suez"))
    return cape - suez


def test_the_cape_costs_every_port_of_east_asia_the_same(net: SeaNetwork) -> None:
    """All of them pass Malacca; the routes part beyond it, so where a voyage began no longer matters."""
    extra = [extra_of_the_cape(net, port) for port in EAST_ASIA]
    assert max(extra) - min(extra) <= 40
    assert extra == pytest.approx([3_430] * len(extra), abs=60)


def test_malacca_closed(net: SeaNetwork) -> None:
    """Round by Sunda or Lombok."""
    free = net.route("Shanghai", "Port Said")
    closed = net.route("Shanghai", "Port Said", closed=["malacca_strait"])
    assert "malacca_strait" in free.passages
    assert {"sunda_strait", "lombok_strait"} & set(closed.passages)
    assert 450 <= closed.distance_nm - free.distance_nm <= 620


def test_hormuz_closed(net: SeaNetwork) -> None:
    route = net.route("Ras Tanura", "Rotterdam", closed=["strait_of_hormuz"])
    assert route.status == "unreachable"
    assert "strait_of_hormuz" in route.reason
    assert net.route("Ras Tanura", "Kuwait", closed=["strait_of_hormuz"]).status == "ok"


def test_sunda_on_the_route_to_the_cape(net: SeaNetwork) -> None:
    """What the free choice (Sunda) saves on the Cape route from Shanghai by Malacca; NGA Pub. 151 gives 87 nm."""
    free = net.route("Shanghai", "Rotterdam", via="cape")
    by_malacca = net.route("Shanghai", "Rotterdam", via="cape", use=["malacca_strait"])
    assert "sunda_strait" in free.passages
    assert 50 <= by_malacca.distance_nm - free.distance_nm <= 130


def test_the_black_sea_has_one_door(net: SeaNetwork) -> None:
    assert {"dardanelles", "bosporus"} <= set(net.route("Rotterdam", "Constanta").passages)
    assert net.route("Rotterdam", "Constanta", closed=["bosporus"]).status == "unreachable"


BALTIC = ["great_belt", "little_belt", "oresund", "kiel_canal"]


def test_with_its_doors_shut_the_baltic_cannot_be_reached(net: SeaNetwork) -> None:
    assert net.route("Rotterdam", "St Petersburg", closed=BALTIC).status == "unreachable"


@pytest.mark.parametrize("door", ["great_belt", "oresund", "kiel_canal"])
def test_each_door_of_the_baltic_is_one(net: SeaNetwork, door: str) -> None:
    route = net.route("Rotterdam", "St Petersburg", closed=[b for b in BALTIC if b != door])
    assert route.status == "ok"
    assert door in route.passages


@pytest.mark.parametrize(
    ("a", "b", "most"),
    [
        ("Piraeus", "Valletta", 650),
        ("Gibraltar", "Istanbul", 1900),
        ("Copenhagen", "Gothenburg", 180),
        ("Rotterdam", "Hamburg", 330),
        ("Singapore", "Jakarta", 600),
        ("Vancouver", "Seattle", 160),
        ("Yokohama", "Kobe", 400),
    ],
)
def test_everyday_routes_are_open(net: SeaNetwork, a: str, b: str, most: float) -> None:
    """Ships go by the near channel: a bound well above what every table says, and below the way round."""
    assert net.route(a, b).distance_nm < most
