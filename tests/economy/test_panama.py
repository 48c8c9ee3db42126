"""Tolls of the Panama Canal against worked figures, what their authors announced, and bad input."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from sim.economy.canals.panama import LOCKS, panama_toll, pc_ums_t
from sim.economy.rates import RateTable
from sim.errors import DataError, UsageError
from sim.ship.vessel import VesselTable

SHIPS = VesselTable.load()
FEBRUARY_2025 = dt.date(2025, 2, 1)
ROWS = RateTable.load("panama_tolls.csv").where(kind="toll")


@pytest.mark.parametrize(("year", "usd"), [(2023, 534_900.0), (2024, 595_800.0), (2025, 656_700.0)])
def test_toll_of_an_lng_carrier(year: int, usd: float) -> None:
    day = dt.date(year, 6, 1)
    laden = panama_toll(SHIPS.find("lng_174k"), day)
    ballast = panama_toll(SHIPS.find("lng_174k"), day, laden=False)
    assert laden[0].amount_usd == usd and laden[0].confidence == "A"
    assert ballast[0].amount_usd == pytest.approx(0.85 * usd)


def test_fresh_water_follows_the_share() -> None:
    def water(share: float | None) -> float:
        return panama_toll(SHIPS.find("lng_174k"), FEBRUARY_2025, fresh_water_share=share)[1].amount_usd

    assert [water(0.0), water(0.1)] == [10_000, 75_670]
    assert water(0.0) < water(None) < water(0.1)


@pytest.mark.parametrize("ship", [s for s in SHIPS.all if s.economics.get("suez_type")], ids=lambda s: s.id)
@pytest.mark.parametrize("locks", LOCKS)
def test_every_ship_of_the_table_has_a_toll_in_both_locks(ship: object, locks: str) -> None:
    """Whether it fits them is asked of the passage; no ship goes through for nothing."""
    toll, water = panama_toll(ship, FEBRUARY_2025, locks=locks)  # type: ignore[arg-type]
    assert 25_000 < toll.amount_usd < 3_000_000 and water.amount_usd > 10_000
    assert f"{locks} locks" in toll.what


def test_the_old_locks_go_by_beam() -> None:
    def usd(beam_m: float) -> float:
        return panama_toll(date=FEBRUARY_2025, ship_type="dry_bulk", size=60_000, locks="panamax", beam_m=beam_m)[
            0
        ].amount_usd

    assert usd(27.73) == 60_000 + 1.65 * 60_000
    assert usd(27.74) == 100_000 + 1.50 * 60_000
    with pytest.raises(UsageError, match="goes by the beam of the ship: give beam_m"):
        panama_toll(date=FEBRUARY_2025, ship_type="dry_bulk", size=60_000, locks="panamax")
    with pytest.raises(UsageError, match="beam_m is 0"):
        usd(0)


def test_container_ships_pay_for_capacity_and_for_loaded_boxes() -> None:
    """The worked example of the proposal of 2022: 12,000 TEU, 10,800 loaded; 60,000 more than 1 million USD."""

    def usd(share: float, *, laden: bool = True, day: dt.date = dt.date(2023, 6, 1)) -> float:
        return panama_toll(date=day, laden=laden, ship_type="container", size=12_000, loaded_share=share)[0].amount_usd

    assert usd(0.9) == 300_000 + 30 * 12_000 + 40 * 10_800 == 1_092_000
    assert usd(0.9, laden=False) == usd(0.0) == 660_000
    with pytest.raises(UsageError, match=r"loaded_share is 1\.2"):
        usd(1.2)
    assert usd(0.9) < usd(0.9, day=dt.date(2024, 6, 1)) < usd(0.9, day=FEBRUARY_2025)


def test_bands_by_size_have_no_gap_and_no_overlap() -> None:
    for locks in LOCKS:
        for name in ROWS.where(locks=locks).values("ship_type"):
            for category in ROWS.where(locks=locks, ship_type=name).values("category"):
                rows = [r for r in ROWS.where(locks=locks, ship_type=name, category=category).rows if not r.valid_to]
                bands = sorted((r.number("size_from"), r.text("size_below")) for r in rows)
                assert bands[0][0] == 0 and bands[-1][1] == "", (name, category)
                assert all(float(a[1]) == b[0] for a, b in pairwise(bands)), (name, category)


def test_what_the_authority_announced_in_2022_comes_out() -> None:
    """An LPG carrier with 46,000 t of propane pays 5.20 USD a tonne more by 2025 than before, a tanker with 450,000
    barrels in the old locks 0.20 USD a barrel (bnnbloomberg.ca, 1 April 2022): so the tolls before are these less that.
    A tanker paid 5.50 USD for each of the first 10,000 PC/UMS t and 5.39 for the rest (the authority's guide)."""
    lpg = panama_toll(date=FEBRUARY_2025, ship_type="lpg_carrier", size=84_000)[0].amount_usd
    assert 250_000 < lpg - 5.20 * 46_000 < 330_000
    tons = 32_300.0  # 450,000 barrels of 0.86 are 61,500 t, on 70,000 dwt; 18,490 t for 40,000 dwt in the guide
    toll = panama_toll(date=FEBRUARY_2025, ship_type="crude_oil_tanker", size=tons, locks="panamax", beam_m=32.2)[0]
    before = 10_000 * 5.50 + (tons - 10_000) * 5.39
    assert (toll.amount_usd - before) / 450_000 == pytest.approx(0.20, abs=0.02)


@pytest.mark.parametrize(("dwt_t", "gt", "guide_t"), [(109_999, 62_245, 50_750), (49_990, 29_666, 23_107)])
def test_pc_ums_of_tankers_is_near_the_guide(dwt_t: float, gt: float, guide_t: float) -> None:
    """The authority's guide gives 46,136 t for 100,000 dwt and 18,490 t for 40,000: 0.4614 and 0.4622 t of dwt."""
    assert guide_t == pytest.approx(0.4614 * dwt_t, rel=0.005)
    assert pc_ums_t(gt) == pytest.approx(guide_t, rel=0.07)


def test_what_is_refused() -> None:
    with pytest.raises(DataError, match="no Panama tariff for special_floating_unit by the neopanamax locks"):
        panama_toll(date=FEBRUARY_2025, ship_type="special_floating_unit", size=1)
    with pytest.raises(DataError, match="no rate for 2019-06-01"):
        panama_toll(SHIPS.find("lng_174k"), dt.date(2019, 6, 1), strict=True)
    for change, message in (
        ({"size": -1.0}, "size in m3 is -1"), ({"locks": "neopanmax"}, "did you mean neopanamax"),
        ({"fresh_water_share": 0.2}, "fresh_water_share is 0.2"),
        ({"ship_type": "dry_bulk", "size": 1e9}, "size in dwt t"),
    ):  # fmt: skip
        with pytest.raises(UsageError, match=message):
            panama_toll(SHIPS.find("lng_174k"), FEBRUARY_2025, **change)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="PC/UMS t"):
        panama_toll(date=FEBRUARY_2025, ship_type="chemical_other_liquid_bulk")
    with pytest.raises(UsageError, match="gross tonnage is 1"):
        pc_ums_t(1)
