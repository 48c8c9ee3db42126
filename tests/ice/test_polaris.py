"""POLARIS against the circular's tables and worked figures, and what must hold of any risk index."""

from __future__ import annotations

import csv
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geodata
from sim.errors import UsageError
from sim.ice import polaris
from sim.ice.field import day_number
from sim.ice.types import NAMES, shares

ROWS = ("PC1", "PC2", "PC3", "PC4", "PC5", "PC6", "PC7", "IA Super", "IA", "IB", "IC", "none")
# Table 1.3 of MSC.1/Circ.1519 read down: each ice type for PC1 ... PC7, IA Super, IA, IB, IC, none
BY_TYPE = {
    "ice free": (3,) * 12,
    "new ice": (3, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2, 1),
    "grey ice": (3, 3, 3, 3, 3, 2, 2, 2, 2, 2, 1, 0),
    "grey-white ice": (3, 3, 3, 3, 3, 2, 2, 2, 2, 1, 0, -1),
    "thin first-year ice, 1st stage": (2, 2, 2, 2, 2, 2, 1, 2, 1, 0, -1, -2),
    "thin first-year ice, 2nd stage": (2, 2, 2, 2, 2, 1, 1, 1, 0, -1, -2, -3),
    "medium first-year ice below 1 m": (2, 2, 2, 2, 1, 1, 0, 0, -1, -2, -3, -4),
    "medium first-year ice": (2, 2, 2, 2, 1, 0, -1, -1, -2, -3, -4, -5),
    "thick first-year ice": (2, 2, 2, 1, 0, -1, -2, -2, -3, -4, -5, -6),
    "second-year ice": (2, 1, 1, 0, -1, -2, -3, -3, -4, -5, -6, -7),
    "light multi-year ice": (1, 1, 0, -1, -2, -3, -3, -4, -5, -6, -7, -8),
    "heavy multi-year ice": (1, 0, -1, -2, -2, -3, -3, -4, -5, -6, -8, -8),
}
DECAYING = ("medium first-year ice below 1 m", "medium first-year ice", "thick first-year ice")
# pairs (stronger, weaker) that hold in every column; PC7 and IA Super cross in thin first-year ice
STRONGER = [
    ("PC1", "PC2"), ("PC2", "PC3"), ("PC3", "PC4"), ("PC4", "PC5"), ("PC5", "PC6"), ("PC6", "PC7"), ("PC6", "IA Super"),
    ("PC7", "IA"), ("IA Super", "IA"), ("IA", "IB"), ("IB", "IC"), ("IC", "none"),
]  # fmt: skip

share = st.floats(0, 1)
metres = st.floats(0, 6)
row = st.sampled_from(ROWS)


def day(year: int, month: int, of_month: int, hour: int = 0) -> float:
    return day_number(datetime(year, month, of_month, hour, tzinfo=UTC))


@pytest.mark.parametrize("k", range(12), ids=lambda k: NAMES[k])
def test_the_standard_table_column_by_column(k: int) -> None:
    assert tuple(BY_TYPE)[k] == NAMES[k]
    assert tuple(polaris.risk_index_values(c)[k] for c in ROWS) == BY_TYPE[NAMES[k]]


def test_decayed_ice_is_one_better_in_three_types_from_pc5_down() -> None:
    for place, name in enumerate(ROWS):
        standard, decayed = polaris.risk_index_values(name), polaris.risk_index_values(name, decayed=True)
        gain = [1 if place >= 4 and kind in DECAYING else 0 for kind in NAMES]
        assert [d - s for d, s in zip(decayed, standard, strict=True)] == gain, name


def test_rows_of_the_decayed_table_typed_from_table_1_4() -> None:
    assert polaris.risk_index_values("PC7", True) == (3, 2, 2, 2, 1, 1, 1, 0, -1, -3, -3, -3)
    assert polaris.risk_index_values("1a", True) == (3, 2, 2, 2, 1, 0, 0, -1, -2, -4, -5, -5)
    assert polaris.risk_index_values("PC4", True) == (3, 3, 3, 3, 2, 2, 2, 2, 1, 0, -1, -2)


def test_the_table_file_has_both_tables_whole_and_a_source_on_each_row() -> None:
    with geodata.table("polaris_riv.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(r["table"], r["season"]) for r in rows] == [("1.3", "standard")] * 12 + [("1.4", "decayed")] * 12
    assert all("MSC.1/Circ.1519" in r["source"] and r["confidence"] == "A" for r in rows)


@pytest.mark.parametrize(
    ("name", "as_row"),
    [("pc 7", "PC7"), ("Polar Class 7", "PC7"), ("Arc4", "PC7"), ("LU5", "PC6"), ("Arc6", "PC6"), ("Arc7", "PC4"),
     ("Arc8", "PC3"), ("Arc9", "PC2"), ("1A Super", "IA Super"), ("ia*", "IA Super"), ("Ice3", "IB"), ("Ice2", "IC"),
     ("Ice1", "none"), ("1D", "none"), ("Not ice strengthened", "none")],
)  # fmt: skip
def test_classes_use_the_row_that_their_table_names(name: str, as_row: str) -> None:
    assert polaris.risk_index_values(name) == polaris.risk_index_values(as_row)


def test_an_unknown_class_names_a_near_one() -> None:
    with pytest.raises(UsageError, match=r"'PC8'.*did you mean PC.*known: none, Ice1"):
        polaris.risk_index_values("PC8")


def mix(**tenths: float) -> np.ndarray:
    """Shares from tenths by the place of the type; the rest is ice free."""
    out = np.zeros(12)
    for place, value in tenths.items():
        out[int(place[1:])] = value / 10
    out[0] = 1 - out.sum()
    return out


@pytest.mark.parametrize(
    ("ice", "name", "expected"),
    [
        (mix(t6=9.3), "PC7", 2.1),  # 0.8 m ice over 0.93 of the water
        (mix(t6=9.3), "IA", -7.2),
        (mix(t8=10), "PC4", 10.0),
        (mix(t2=3), "none", 21.0),
        (mix(t2=3, t6=4), "IB", 10 * (0.3 * 2 + 0.4 * -2 + 0.3 * 3)),
        (mix(), "none", 30.0),
        (mix(t11=10), "none", -80.0),
    ],
)
def test_worked_index_outcomes(ice: np.ndarray, name: str, expected: float) -> None:
    assert polaris.rio(ice, polaris.risk_index_values(name)) == pytest.approx(expected, abs=1e-12)


def test_the_same_figures_from_concentration_and_thickness() -> None:
    def one(c: float, h: float, name: str) -> float:
        return float(polaris.rio_of(c, h, name, spread=False))

    assert one(0.93, 0.8, "PC7") == pytest.approx(2.1)
    assert one(0.93, 0.8, "IA") == pytest.approx(-7.2)
    assert one(1.0, 1.5, "PC4") == pytest.approx(10)
    assert one(0.3, 0.12, "none") == pytest.approx(21)
    # 0.4, 0.8 and 1.2 m: values 1, 0 and -2 of PC7 with weights 1/4, 1/2, 1/4
    assert float(polaris.rio_of(0.93, 0.8, "PC7")) == pytest.approx(9.3 * -0.25 + 0.7 * 3)


def test_half_of_the_ice_old() -> None:
    # 1.0 m is medium first-year (-1 for PC7), second-year is -3
    assert float(polaris.rio_of(1, 1.0, "PC7", old_ice_fraction=0.5, spread=False)) == pytest.approx(-20)
    # 2.6 m is light multi-year already (-5 for IA): counting it as old changes nothing
    assert float(polaris.rio_of(1, 2.6, "IA", old_ice_fraction=1, spread=False)) == pytest.approx(-50)


@given(share, metres, row, st.booleans(), share)
def test_the_fast_index_is_the_sum_over_types(c: float, h: float, name: str, decayed: bool, old: float) -> None:
    fast = polaris.rio_of(c, h, name, decayed=decayed, old_ice_fraction=old)
    slow = polaris.rio(shares(c, h, old), polaris.risk_index_values(name, decayed))
    assert float(fast) == pytest.approx(float(slow), abs=1e-9)
    assert polaris.RIO_BOUNDS[0] <= fast <= polaris.RIO_BOUNDS[1]


@given(share, metres, st.sampled_from(STRONGER), st.booleans(), share)
def test_a_stronger_class_never_has_a_lower_index(
    c: float, h: float, pair: tuple[str, str], decayed: bool, old: float
) -> None:
    strong, weak = (polaris.rio_of(c, h, n, decayed=decayed, old_ice_fraction=old) for n in pair)
    assert strong >= weak - 1e-9


@given(share, share, metres, row, st.booleans(), share)
def test_more_ice_never_raises_the_index(c1: float, c2: float, h: float, name: str, decayed: bool, old: float) -> None:
    less, more = sorted((c1, c2))
    index = polaris.rio_of([less, more], h, name, decayed=decayed, old_ice_fraction=old)
    assert index[1] <= index[0] + 1e-9


@given(share, metres, metres, row, share)
def test_thicker_ice_never_raises_the_index(c: float, h1: float, h2: float, name: str, old: float) -> None:
    index = polaris.rio_of(c, sorted((h1, h2)), name, old_ice_fraction=old)
    assert index[1] <= index[0] + 1e-9


def test_decayed_ice_may_break_the_order_of_thickness_only_below_pc4() -> None:
    # In table 1.4 thin ice of the 2nd stage is not better than medium ice: PC6 has 1 and 2. That is the circular's.
    h = np.linspace(0, 4, 801)
    rises = {n: float(np.diff(polaris.rio_of(1, h, n, decayed=True, spread=False)).max()) for n in ROWS}
    assert {n for n, rise in rises.items() if rise > 0} == {"PC6"}


@given(share, metres, row, share, share)
def test_decay_and_younger_ice_never_lower_the_index(c: float, h: float, name: str, o1: float, o2: float) -> None:
    young, old = sorted((o1, o2))
    fresh = polaris.rio_of(c, h, name, old_ice_fraction=young)
    assert polaris.rio_of(c, h, name, old_ice_fraction=young, decayed=True) >= fresh - 1e-9
    assert polaris.rio_of(c, h, name, old_ice_fraction=old) <= fresh + 1e-9


@pytest.mark.parametrize("name", ROWS)
def test_the_split_softens_the_steps_between_types(name: str) -> None:
    """Edges of all three parts meet at 2.0 m, where a step stays whole; else at least one part is not at an edge."""
    h = np.linspace(0.001, 5, 20_000)
    sharp = np.abs(np.diff(polaris.rio_of(1.0, h, name, spread=False)))
    soft = np.abs(np.diff(polaris.rio_of(1.0, h, name)))
    elsewhere = np.abs(h[1:] - 2.0) > 0.01
    assert soft.sum() <= sharp.sum() + 1e-9
    assert np.count_nonzero(soft) > np.count_nonzero(sharp)
    assert soft.max() <= sharp.max() + 1e-9 <= 10 + 2e-9
    assert soft[elsewhere].max() <= 7.5 + 1e-9


@pytest.mark.parametrize(
    ("index", "polar", "other"),
    [(30, 0, 0), (0, 0, 0), (-1e-12, 0, 0), (-0.001, 1, 2), (-10, 1, 2), (-10 - 1e-12, 1, 2), (-10.001, 2, 2),
     (-80, 2, 2), (np.nan, -1, -1)],
)  # fmt: skip
def test_levels_of_table_1_1(index: float, polar: int, other: int) -> None:
    for name in ("PC1", "PC7", "Arc4", "Arc9"):
        assert polaris.level(index, name) == polar
    for name in ("IA Super", "1A", "Ice2", "none"):
        assert polaris.level(index, name) == other


@given(st.floats(-80, 30), row)
def test_an_escort_never_raises_the_level(index: float, name: str) -> None:
    assert polaris.level(index + polaris.ESCORT_CREDIT, name) <= polaris.level(index, name)


def test_an_escort_lifts_the_worked_case_to_normal() -> None:
    index = polaris.rio_of(0.93, 0.8, "IA", spread=False)
    assert polaris.level(index, "IA") == 2
    assert float(index) + polaris.ESCORT_CREDIT == pytest.approx(2.8)
    assert polaris.level(index + polaris.ESCORT_CREDIT, "IA") == 0


def test_speed_limits_of_table_1_2() -> None:
    limits = {"PC1": 11, "PC2": 8, "PC3": 5, "PC4": 5, "PC5": 5, "PC6": 3, "PC7": 3, "Arc7": 5, "Arc4": 3}
    for name, limit in limits.items():
        closed = polaris.speed_limit_kn(np.array([0, 1, 2, -1]), name)
        assert closed[:3].tolist() == [np.inf, limit, 0]
        assert np.isnan(closed[3])
        assert polaris.speed_limit_kn(2, name, allow_special=True) == limit
    assert polaris.speed_limit_kn(2, "none") == 0
    assert polaris.speed_limit_kn(2, "none", allow_special=True) == 3


def test_unknown_ice_stays_unknown() -> None:
    c = np.array([np.nan, 0.5, np.nan, 0.5])
    h = np.array([1.0, np.nan, np.nan, 1.0])
    for decayed in (False, np.array([True, False, True, False])):
        index = polaris.rio_of(c, h, "PC7", decayed=decayed, old_ice_fraction=0.1)
        assert np.isnan(index).tolist() == [True, True, True, False]
        assert polaris.level(index, "PC7").tolist()[:3] == [-1, -1, -1]
    assert np.isnan(polaris.rio_of(0.5, 1.0, "PC7", old_ice_fraction=np.nan))


def test_places_may_have_any_shape_and_decay_one_by_one() -> None:
    rng = np.random.default_rng(7)
    c, h, melting = rng.random((4, 5, 6)), rng.random((4, 5, 6)) * 3, rng.random((4, 5, 6)) < 0.5
    mixed = polaris.rio_of(c, h, "IA", decayed=melting, old_ice_fraction=0.3)
    both = [polaris.rio_of(c, h, "IA", decayed=d, old_ice_fraction=0.3) for d in (False, True)]
    assert mixed.shape == (4, 5, 6)
    assert np.array_equal(mixed, np.where(melting, both[1], both[0]))
    assert (both[1] != both[0]).any()


def test_wrong_shares_are_refused() -> None:
    with pytest.raises(UsageError, match=r"old_ice_fraction is 1.5, allowed is 0 to 1"):
        polaris.rio_of(0.5, 1.0, "PC7", old_ice_fraction=1.5)
    with pytest.raises(UsageError, match="12 ice types"):
        polaris.rio(np.ones(11), polaris.risk_index_values("PC7"))


def test_concentrations_a_little_out_of_range_keep_the_bounds() -> None:
    assert polaris.rio_of([-0.01, 1.01], 9.0, "none").tolist() == [30, -80]


def test_the_decay_season_is_july_to_mid_september_in_every_year() -> None:
    for year in (2023, 2024):  # 2024 is a leap year
        days = [day(year, 6, 30, 23), day(year, 7, 1), day(year, 9, 15, 23), day(year, 9, 16), day(year, 1, 1)]
        assert polaris.decay_season(days).tolist() == [False, True, True, False, False]
        whole = polaris.decay_season(day(year, 1, 1) + np.arange(365))
        assert whole.sum() == 31 + 31 + 15
