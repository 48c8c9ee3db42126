"""Positions as people write them: what is written is what is read, and what cannot be read says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import SeaNetwork
from sim.errors import PlaceError
from sim.geo.ports import PortTable
from sim.geo.positions import parse_position

MAASVLAKTE = (4 + 8.5 / 60, 51 + 57.3 / 60)
TABLE_BAY = (18 + 25 / 60, -33 - 54 / 60)


@pytest.mark.parametrize(
    "text",
    [
        "51 57.3 N 4 8.5 E", "51°57.3'N 004°08.5'E", "51°57'18\"N, 4°8'30\"E", "51.955N 4.1416667E",
        "4 8.5 E 51 57.3 N", "51 57.3 N; 4 8.5 E", "51 57.3 N, 4 8.5 E", "51 57.3 n 4 8.5 e", "51-57.3N 004-08.5E",
        "N51°57.3' E004°08.5'",
        "E 4 8.5 N 51 57.3", "51° 57.3' N / 4° 8.5' E", "51 57 18 N 4 8 30 E", "51°57'18''N 4°8'30''E",
        "51°57.3', 4°8.5'", "+51°57.3' +4°8.5'", "51.955,4.1416667", "51.955 4.1416667", "  51 57.3 N 4 8.5 E ",
        "51\u00b057\u203218\u2033N 4\u00b08\u203230\u2033E", "51\u00ba57\u201918\u201dN 4\u00ba8\u201930\u201dE",
        "51\u00b057.3'\u00a0N 4\u00b08.5'\u202fE", "\u00b051 57.3 N \u00b04 8.5 E",
    ],
)  # fmt: skip
def test_one_place_in_many_spellings(text: str) -> None:
    assert parse_position(text) == pytest.approx(MAASVLAKTE, abs=1e-6)


@pytest.mark.parametrize(
    "text",
    ["33 54 S 18 25 E", "-33.9,18.4166667", "-33°54', 18°25'", "-33°54' 18°25'", "\u221233.9, 18.4166667",
     "18 25 E, 33 54 S", "S33-54 E18-25"],
)  # fmt: skip
def test_south_is_negative(text: str) -> None:
    assert parse_position(text) == pytest.approx(TABLE_BAY, abs=1e-6)


def test_west_is_negative_and_half_a_degree_south_too() -> None:
    assert parse_position("0 30 S 70 15 W") == (-70.25, -0.5)
    assert parse_position("-0°30', -70°15'") == (-70.25, -0.5)


def split(value: float, parts: int) -> list[str]:
    """An angle in degrees, in degrees and minutes, or with seconds too; the last to 1e-5 degrees or finer."""
    unit = 60 ** (parts - 1)
    decimals = (5, 3, 2)[parts - 1]
    count = round(value * unit * 10**decimals)
    whole, rest = divmod(count, 10**decimals)
    figures = [f"{whole // 60**k % 60 if k < parts - 1 else whole // 60**k}" for k in range(parts - 1, -1, -1)]
    return [*figures[:-1], f"{figures[-1]}.{rest:0{decimals}d}"]


@given(
    st.floats(-180, 180), st.floats(-90, 90), st.integers(1, 3), st.sampled_from(["°'\"", "   ", "-  "]),
    st.sampled_from([" ", ", ", ";", ""]), st.booleans(), st.booleans(),
)  # fmt: skip
def test_what_is_written_is_read(
    lon: float, lat: float, parts: int, marks: str, between: str, turned: bool, before: bool
) -> None:
    ends = []
    for value, letters in ((lat, "NS"), (lon, "EW")):
        figures = "".join(f + m for f, m in zip(split(abs(value), parts), marks, strict=False)).rstrip(" -")
        letter = letters[value < 0]
        ends.append(letter + figures if before else figures + letter)
    found = parse_position(between.join(ends[::-1] if turned else ends))
    assert found == pytest.approx((lon, lat), abs=1e-4)


@given(st.floats(-180, 180), st.floats(-90, 90), st.sampled_from([",", " ", "; "]))
def test_degrees_are_latitude_first(lon: float, lat: float, between: str) -> None:
    assert parse_position(f"{lat:.5f}{between}{lon:.5f}") == pytest.approx((lon, lat), abs=1e-5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("51 60 N 4 8 E", "60 minutes, allowed is less than 60"),
        ("51 57 N 4 75.2 E", "75.2 minutes"),
        ("51°57'60\"N 4°8'30\"E", "60 seconds, allowed is less than 60"),
        ("51.5 57 N 4 8 E", "only the last .* can have decimals"),
        ("51 57.3 18 N 4 8 E", "only the last .* can have decimals"),
        ("51 N 4 N", "N and N are not a latitude and a longitude"),
        ("4 E 51 W", "E and W are not"),
        ("-33 54 S 18 25 E", "has a sign and the letter S"),
        ("33 54 S -18 25 W", "has a sign and the letter W"),
        ("95 N 4 E", "95 degrees N, allowed is at most 90"),
        ("90 0.1 S 4 E", "S, allowed is at most 90"),
        ("51 N 180 1 E", "E, allowed is at most 180"),
        ("51 57.3 4 8.5", "cannot be read; allowed are"),
        ("51 57.3, 4 8.5", "cannot be read"),
        ("51,955 N 4,1417 E", "cannot be read"),
        ("51 N 4", "cannot be read"),
        ("51 57.3 N", "cannot be read"),
        ("1,2,3", "cannot be read"),
        ("95,100", "outside -90 to 90"),
        ("100,62", "swapped"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, message: str) -> None:
    with pytest.raises(PlaceError, match=message) as caught:
        parse_position(text)
    assert text in str(caught.value)


@pytest.mark.parametrize("text", ["Cape 5 N", "Rotterdam", "NLRTM", "5 N", "ES2W4", "Pier 5, N", "E", "", "10", "12N"])
def test_a_name_is_no_position(text: str) -> None:
    assert parse_position(text) is None


def test_no_name_of_a_port_is_a_position() -> None:
    words = [w for p in PortTable.load().all for w in (p.name, p.key, *p.aliases)]
    assert [w for w in words if parse_position(w)] == []


def test_a_route_from_a_position_in_minutes(net: SeaNetwork) -> None:
    wanted = net.route((-30.5, 40.25), "Rotterdam").distance_nm
    assert net.route("40°15'N 030°30'W", "Rotterdam").distance_nm == wanted
    assert net.route("30 30 W 40 15 N", "Rotterdam").distance_nm == wanted
