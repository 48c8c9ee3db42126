"""CII: the lines where they meet, the letters at their boundaries, and years without a row."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.economy.cii import attained_cii_g, cii, cii_line, reference_cii_g, required_cii_g, ship_cii
from sim.economy.fuels import rules
from sim.errors import DataError, UsageError
from sim.ship.vessel import Ship, VesselTable

TYPES = rules("cii_line").values("key")


@pytest.mark.parametrize(
    ("kind", "size", "by_hand"),
    [("bulk_carrier", 81_000, 4.199), ("container", 146_778, 5.902), ("tanker", 110_000, 4.412),
     ("LNG", 174_000, 9.827), ("general_cargo", 19_461, 12.68), ("cruise", 100_000, 11.31)],
)  # fmt: skip
def test_reference_by_hand(kind: str, size: float, by_hand: float) -> None:
    """With logarithms of base ten, from MEPC.353(78)."""
    assert reference_cii_g(kind, size) == pytest.approx(by_hand, rel=5e-4)


def test_lines_meet_and_caps_hold() -> None:
    assert reference_cii_g("general_cargo", 19_999) == pytest.approx(
        reference_cii_g("general_cargo", 20_000), rel=0.005
    )
    assert reference_cii_g("bulk_carrier", 400_000) == reference_cii_g("bulk_carrier", 279_000)
    assert reference_cii_g("vehicle", 75_000) == reference_cii_g("vehicle", 57_700)
    assert reference_cii_g("LNG", 30_000) == pytest.approx(reference_cii_g("LNG", 64_999))
    assert reference_cii_g("LNG", 100_000) == reference_cii_g("LNG", 266_000)


@given(st.sampled_from(TYPES), st.floats(1, 500_000))
def test_every_size_has_one_line(kind: str, size: float) -> None:
    assert cii_line(kind, size).text("key") == kind
    assert reference_cii_g(kind, size) > 0


@pytest.mark.parametrize(
    ("year", "cut"),
    [(2023, 5), (2024, 7), (2025, 9), (2026, 11), (2027, 13.625), (2028, 16.25), (2029, 18.875), (2030, 21.5)],
)
def test_reduction(year: int, cut: float) -> None:
    assert required_cii_g("tanker", 1e5, year) == pytest.approx((1 - cut / 100) * reference_cii_g("tanker", 1e5))


def test_a_year_without_a_row_says_so_or_is_refused() -> None:
    late = cii("tanker", 1e5, 1000, 5000, 2040)
    assert late.required_g == pytest.approx(required_cii_g("tanker", 1e5, 2030)) and "nearest" in late.said
    assert cii("tanker", 1e5, 1000, 5000, 2026).said == ""
    with pytest.raises(DataError, match="2040"):
        cii("tanker", 1e5, 1000, 5000, 2040, strict=True)


def test_letters_of_a_bulk_carrier() -> None:
    """0.86, 0.94, 1.06, 1.18 of what is required, MEPC.354(78)."""
    required = required_cii_g("bulk_carrier", 81_000, 2026)
    for ratio, letter in ((0.5, "A"), (0.859, "A"), (0.861, "B"), (0.95, "C"), (1.0, "C"), (1.07, "D"), (1.19, "E")):
        co2_t = ratio * required * 81_000 * 10_000 / 1e6
        found = cii("bulk_carrier", 81_000, co2_t, 10_000, 2026)
        assert found.letter == letter and found.ratio == pytest.approx(ratio)


@given(st.sampled_from(TYPES), st.floats(1000, 3e5), st.floats(0, 1e5), st.floats(0, 1e5))
def test_more_co2_never_betters_the_letter(kind: str, size: float, a: float, b: float) -> None:
    less, more = sorted((a, b))
    assert cii(kind, size, less, 8000, 2026).letter <= cii(kind, size, more, 8000, 2026).letter
    assert cii(kind, size, 0, 8000, 2026).letter == "A"


@pytest.mark.parametrize("ship", VesselTable.load().all, ids=lambda s: s.id)
def test_ships_of_the_table_land_near_their_line(ship: Ship) -> None:
    """At the register's service consumption alone a ship is within a factor of four of what 2026 asks for."""
    assert ship.main_fuel_service_tpd is not None
    cf = {"LNG": 2.75, "MGO": 3.206}.get(ship.default_fuel or "", 3.114)
    found = ship_cii(ship, ship.main_fuel_service_tpd * cf, ship.service_speed_kn * 24, 2026)
    assert 0.25 < found.ratio < 4


def test_attained_and_bad_input() -> None:
    assert attained_cii_g(1000, 50_000, 4000) == pytest.approx(5.0)
    assert attained_cii_g(1, 2, 0.5) == pytest.approx(1e6)  # half a mile is more than nothing
    with pytest.raises(UsageError, match="distance_nm is 0"):
        attained_cii_g(1, 1, 0)
    with pytest.raises(UsageError, match="co2_t is -1"):
        attained_cii_g(-1, 1, 1)
    with pytest.raises(UsageError, match="did you mean tanker"):
        cii_line("tankr", 1000)
    with pytest.raises(UsageError, match="size is 0"):
        cii_line("tanker", 0)
    with pytest.raises(UsageError, match="year"):
        required_cii_g("tanker", 1e5, 20260)
    with pytest.raises(UsageError, match="no CII type"):
        ship_cii(Ship.generic(12.0), 1, 1, 2026)


@pytest.mark.parametrize("left", ["cii_type", "cii_capacity"])
def test_a_ship_needs_its_type_and_its_capacity(left: str) -> None:
    ship = VesselTable.load().all[0]
    half = replace(ship, economics={left: ship.economics[left]})
    with pytest.raises(UsageError, match="no CII type or capacity"):
        ship_cii(half, 1, 1, 2026)
