"""Admission to the Northern Sea Route: verified rows, dates, seas, order of the classes, own tables."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geodata
from sim.errors import DataError, UsageError
from sim.ice import admission
from sim.ice.admission import CONFIDENCES, SEAS, AdmissionTable, escort_offered, seas
from sim.ice.classes import ADMISSION_ROWS
from sim.ice.field import day_number

LIGHT, MEDIUM, HEAVY = 0, 1, 2
EVERYWHERE = list(range(7))
KARA = [0, 1]
ALONE, LED = "independent", "icebreaker"


def day(year: int, month: int, of_month: int, hour: int = 12, minute: int = 0) -> float:
    return day_number(datetime(year, month, of_month, hour, minute, tzinfo=UTC))


@pytest.fixture(scope="module")
def table() -> AdmissionTable:
    return AdmissionTable.load()


def admitted(table: AdmissionTable, ship: str, when: float, ice: int, mode: str, *, double: bool = False) -> list[int]:
    """Seas that admit a ship."""
    yes, _ = table.allowed(ship, when, np.arange(7), ice, mode, double_acting=double)
    return np.flatnonzero(yes).tolist()


# 2013 Rules, Annex 2, table 1 (consultant.ru): "Net", Ice1, Ice2, Ice3 with SP (alone) and PL (led): seas with a plus
# under T (heavy), S (medium), L (light), 1 July to 15 November
TABLE_1: list[tuple[str, str, list[int], list[int], list[int]]] = [
    ("none", ALONE, [], [], []),
    ("none", LED, [], [], EVERYWHERE),
    ("Ice1", ALONE, [], [], EVERYWHERE),
    ("Ice1", LED, [], [], EVERYWHERE),
    ("Ice2", ALONE, [], [], EVERYWHERE),
    ("Ice2", LED, [], KARA, EVERYWHERE),
    ("Ice3", ALONE, [], [], EVERYWHERE),
]


@pytest.mark.parametrize(("ship", "mode", "heavy", "medium", "light"), TABLE_1)
def test_the_rows_that_were_read_in_the_rules(
    table: AdmissionTable, ship: str, mode: str, heavy: list[int], medium: list[int], light: list[int]
) -> None:
    summer, winter = day(2018, 9, 1), day(2018, 12, 1)
    for ice, expected in ((HEAVY, heavy), (MEDIUM, medium), (LIGHT, light)):
        assert admitted(table, ship, summer, ice, mode) == expected
        assert admitted(table, ship, winter, ice, mode) == []
        for when in (summer, winter):
            _, grade = table.allowed(ship, when, np.arange(7), ice, mode)
            assert {CONFIDENCES[g] for g in grade} == {"verified"}


def test_ice3_behind_an_icebreaker_goes_through_heavy_ice_of_the_south_west_kara_sea(table: AdmissionTable) -> None:
    assert 0 in admitted(table, "Ice3", day(2018, 9, 1), HEAVY, LED)
    _, grade = table.allowed("Ice3", day(2018, 9, 1), np.arange(7), HEAVY, LED)
    assert {CONFIDENCES[g] for g in grade} == {"low confidence"}  # the rest of the line was not seen


@pytest.mark.parametrize("ship", ["none", "Ice1", "Ice2", "Ice3"])
@pytest.mark.parametrize("year", [2018, 2019, 2020])
def test_the_season_of_the_light_classes_ends_to_the_minute(table: AdmissionTable, ship: str, year: int) -> None:
    moments = [
        day(year, 6, 30, 23, 59), day(year, 7, 1, 0), day(year, 11, 15, 23, 59), day(year, 11, 16, 0),
        day(year, 12, 31, 23, 59), day(year, 1, 1, 0), day(year, 2, 28), day(year, 3, 1, 0),
    ]  # fmt: skip
    yes, _ = table.allowed(ship, moments, 0, LIGHT, LED)
    assert yes.tolist() == [False, True, True, False, False, False, False, False]


def test_a_leap_day_is_winter(table: AdmissionTable) -> None:
    for year in (2016, 2020, 2024):
        yes, grade = table.allowed("Arc4", [day(year, 2, 28), day(year, 2, 29), day(year, 3, 1)], 0, MEDIUM, LED)
        assert yes.tolist() == [True, True, True]
        assert len(set(grade.tolist())) == 1
        assert not table.allowed("Ice1", day(year, 2, 29), 0, LIGHT, LED)[0]


def test_press_on_arc7(table: AdmissionTable) -> None:
    assert admitted(table, "Arc7", day(2018, 7, 1, 0), HEAVY, ALONE) == EVERYWHERE
    assert admitted(table, "Arc7", day(2018, 11, 30, 23, 59), HEAVY, ALONE) == EVERYWHERE
    for ice in (MEDIUM, HEAVY):
        for when in (day(2018, 12, 1, 0), day(2019, 1, 15), day(2019, 6, 30, 23, 59)):
            assert admitted(table, "Arc7", when, ice, ALONE) == []


@pytest.mark.parametrize("ship", ["Arc7", "Arc8"])
def test_double_acting_ships_since_february_2024(table: AdmissionTable, ship: str) -> None:
    """Notice on nsr.rosatom.ru: alone in any ice from 1 June to 31 December and from 1 to 31 January."""
    for when in (day(2024, 6, 1, 0), day(2024, 12, 31, 23), day(2025, 1, 1, 0), day(2025, 1, 31, 23, 59)):
        for ice in (LIGHT, MEDIUM, HEAVY):
            yes, grade = table.allowed(ship, when, np.arange(7), ice, double_acting=True)
            assert yes.all()
            assert {CONFIDENCES[g] for g in grade} == {"verified"}


def test_double_acting_matters_only_within_its_dates(table: AdmissionTable) -> None:
    for when in (day(2025, 2, 1, 0), day(2025, 5, 31, 23, 59), day(2023, 3, 15), day(2017, 12, 15), day(2018, 3, 1)):
        assert admitted(table, "Arc7", when, HEAVY, ALONE, double=True) == []
    assert admitted(table, "Arc7", day(2025, 1, 15), HEAVY, ALONE) == []
    assert admitted(table, "Arc4", day(2025, 1, 15), HEAVY, ALONE, double=True) == []


def test_after_2020_the_kinds_of_ice_of_2013_are_a_model(table: AdmissionTable) -> None:
    before, after = day(2020, 9, 17, 23), day(2020, 9, 18, 0)
    sea, ice = (a.ravel() for a in np.meshgrid(np.arange(7), np.arange(3)))
    for ship in ADMISSION_ROWS:
        for mode in admission.MODES:
            old, new = (table.allowed(ship, when, sea, ice, mode) for when in (before, after))
            assert np.array_equal(old[0], new[0])
            assert {CONFIDENCES[g] for g in new[1]} <= {"low confidence", "partly verified"}  # nothing was read in them


@pytest.mark.parametrize("mode", [ALONE, LED])
@pytest.mark.parametrize("ship", ADMISSION_ROWS)
def test_since_2020_no_day_of_the_year_shuts_arc4_and_above(table: AdmissionTable, ship: str, mode: str) -> None:
    """A permit knows no closing day: from Arc4 up the kind of ice decides, but for Arc7 alone in heavy ice."""
    year = day(2035, 1, 1) + np.arange(365)
    for ice in (LIGHT, MEDIUM, HEAVY):
        for sea in EVERYWHERE:
            yes, _ = table.allowed(ship, year, sea, ice, mode)
            of_2013, _ = AdmissionTable.load(regime="rules_2013").allowed(ship, year, sea, ice, mode)
            if ship in ("none", "Ice1", "Ice2", "Ice3"):
                assert np.array_equal(yes, of_2013)
            elif (ship, ice, mode) == ("Arc7", HEAVY, ALONE):
                assert yes.any() and not yes.all()
            else:
                assert yes.all() or not yes.any()
                assert (yes >= of_2013).all()


def test_the_carriers_of_january_2018_june_2018_and_january_2021_sailed_by_permit(table: AdmissionTable) -> None:
    by_letter, by_permit = (AdmissionTable.load(regime=r) for r in ("rules_2013", "rules_2020"))
    for when, ice in ((day(2018, 1, 15), HEAVY), (day(2018, 6, 28), MEDIUM), (day(2021, 1, 10), HEAVY)):
        assert admitted(table, "Arc7", when, ice, ALONE, double=True) == EVERYWHERE
        assert admitted(by_permit, "Arc7", when, ice, ALONE, double=True) == EVERYWHERE
        assert admitted(by_letter, "Arc7", when, ice, ALONE, double=True) == []
        assert "permits of" in table.ruling("Arc7", when, "Laptev W", ice, double_acting=True).rule


def test_the_rules_of_one_time_hold_on_any_day() -> None:
    old, new = (AdmissionTable.load(regime=r) for r in ("rules_2013", "rules_2020"))
    for year in (2014, 2018, 2035):
        assert admitted(old, "Arc5", day(year, 12, 1), MEDIUM, ALONE) == []
        assert admitted(new, "Arc5", day(year, 12, 1), MEDIUM, ALONE) == EVERYWHERE
    assert CONFIDENCES[int(old.allowed("Ice1", day(2035, 8, 1), 0, LIGHT)[1])] == "outside the dates of the table"
    assert not any("2020 Rules" in row.rule for row in old.rows)


def test_the_notice_of_2024_ended_the_season_of_light_classes(table: AdmissionTable) -> None:
    for ship, last in (("none", 15), ("Ice1", 20), ("Ice3", 20)):
        yes, _ = table.allowed(ship, [day(2024, 10, last, 23), day(2024, 10, last + 1, 0)], 3, LIGHT, LED)
        assert yes.tolist() == [True, False]
        assert table.allowed(ship, [day(y, 11, 15) for y in (2023, 2025)], 3, LIGHT, LED)[0].all()


def test_the_practice_since_2023_takes_open_water_as_ice_free() -> None:
    """WMO: open water has less than 1/10 of ice. Nothing else differs from the rules of 2020."""
    rules, practice = (AdmissionTable.load(regime=r) for r in ("rules_2020", "practice_2023"))
    ice = np.array([0.0, 0.049, 0.05, 0.099, 0.1, np.nan])
    assert rules.ice_free(ice, 0.5).tolist() == [True, True, False, False, False, False]
    assert practice.ice_free(ice, 0.5).tolist() == [True, True, True, True, False, False]
    assert [(r.ice_class, r.period, r.admitted) for r in rules.rows] == [
        (r.ice_class, r.period, r.admitted) for r in practice.rows
    ]


def test_a_permit_tells_what_a_ship_without_class_may(table: AdmissionTable) -> None:
    """Of 30 May 2024: alone in ice-free water, in light ice with an icebreaker; not so sure before 2020."""
    for when, told in ((day(2023, 9, 1), "partly verified"), (day(2019, 9, 1), "low confidence")):
        free = table.ruling("none", when, 3, LIGHT, ice_free=True)
        assert (free.admitted, free.confidence) == (True, told)
        assert not table.ruling("none", when, 3, LIGHT).admitted
        assert table.ruling("none", when, 3, LIGHT, LED).admitted


def test_unknown_rules_are_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"unknown rules 'rules_2021' .did you mean rules_20[12][03].*known: nsr, "):
        AdmissionTable.load(regime="rules_2021")


def test_before_the_rules_the_first_of_them_stand_in_and_say_so(table: AdmissionTable) -> None:
    yes, grade = table.allowed("Ice1", [day(1995, 8, 1), day(1995, 12, 1)], 3, LIGHT)
    assert yes.tolist() == [True, False]
    assert {CONFIDENCES[g] for g in grade} == {"outside the dates of the table"}
    _, first = table.allowed("Ice1", day(2013, 1, 17, 0), 3, LIGHT)
    assert CONFIDENCES[int(first)] == "partly verified"  # the wording of 2013 was not seen, that of 2017 was
    assert table.allowed("Ice1", day(2090, 8, 1), 3, LIGHT)[0]


def test_the_table_has_a_row_for_every_class_day_sea_and_mode(table: AdmissionTable) -> None:
    days = np.concatenate([day(y, 1, 1) + np.arange(366) for y in (2014, 2018, 2021, 2025)])
    for ship in ADMISSION_ROWS:
        for mode in admission.MODES:
            for sea in EVERYWHERE:
                _, grade = table.allowed(ship, days, sea, LIGHT, mode)
                assert grade.max() <= CONFIDENCES.index("low confidence")


whens = st.floats(day(2013, 2, 1), day(2040, 1, 1))
areas = st.integers(0, 6)
ices = st.integers(0, 2)


@given(whens, areas, ices, st.sampled_from(admission.MODES), st.booleans(), st.booleans())
def test_a_higher_class_is_never_refused_where_a_lower_is_admitted(
    when: float, sea: int, ice: int, mode: str, double: bool, free: bool
) -> None:
    table = AdmissionTable.load()
    verdicts = [
        bool(table.allowed(c, when, sea, ice, mode, double_acting=double, ice_free=free)[0]) for c in ADMISSION_ROWS
    ]
    assert verdicts == sorted(verdicts)


@given(whens, areas, ices, st.sampled_from(ADMISSION_ROWS), st.booleans())
def test_neither_an_icebreaker_nor_lighter_ice_nor_good_propulsors_shut_a_ship_out(
    when: float, sea: int, ice: int, ship: str, double: bool
) -> None:
    table = AdmissionTable.load()

    def ask(ice: int, mode: str, double: bool, free: bool = False) -> bool:
        return bool(table.allowed(ship, when, sea, ice, mode, double_acting=double, ice_free=free)[0])

    assert ask(ice, LED, double) >= ask(ice, ALONE, double)
    assert ask(ice, ALONE, True) >= ask(ice, ALONE, False)
    assert ask(ice, ALONE, double, free=True) >= ask(LIGHT, ALONE, double) >= ask(ice, ALONE, double)


def test_a_ship_without_class_sails_alone_only_where_there_is_no_ice(table: AdmissionTable) -> None:
    summer, winter = day(2018, 9, 1), day(2018, 12, 1)
    yes, grade = table.allowed("none", [summer, summer, winter, winter], 0, LIGHT, ice_free=[False, True, False, True])
    assert yes.tolist() == [False, True, False, False]
    assert [CONFIDENCES[g] for g in grade] == ["verified", "low confidence", "verified", "verified"]


def test_outside_the_water_area_and_in_unknown_ice(table: AdmissionTable) -> None:
    yes, grade = table.allowed("none", day(2018, 12, 1), [-1, 0, -1], [HEAVY, -1, -1])
    assert yes.tolist() == [True, False, True]
    assert [CONFIDENCES[g] for g in grade] == ["no rule outside the NSR", "ice unknown", "no rule outside the NSR"]
    yes, grade = table.allowed("Arc9", day(2018, 8, 1), 0, -1)
    assert not yes and CONFIDENCES[int(grade)] == "ice unknown"


def test_arrays_and_single_questions_agree(table: AdmissionTable) -> None:
    rng = np.random.default_rng(3)
    n = 300
    when = day(2012, 6, 1) + rng.random(n) * 5000
    sea, ice, free = rng.integers(-1, 7, n), rng.integers(-1, 3, n), rng.random(n) < 0.2
    yes, grade = table.allowed("Arc7", when, sea, ice, double_acting=True, ice_free=free)
    assert yes.shape == grade.shape == (n,)
    for k in range(n):
        one = table.allowed("Arc7", when[k], sea[k], ice[k], double_acting=True, ice_free=free[k])
        assert (bool(one[0]), int(one[1])) == (bool(yes[k]), int(grade[k]))
    assert 0 < yes.sum() < n


def test_other_class_systems_are_admitted_as_their_equals(table: AdmissionTable) -> None:
    for foreign, own in (("1A", "Arc4"), ("PC4", "Arc6"), ("IC", "Ice2"), ("L1", "Arc4"), ("PC3", "Arc7")):
        for ice in (LIGHT, MEDIUM, HEAVY):
            for when in (day(2018, 8, 1), day(2019, 2, 1)):
                assert admitted(table, foreign, when, ice, LED) == admitted(table, own, when, ice, LED)


def test_a_ruling_is_the_verdict_and_its_row(table: AdmissionTable) -> None:
    barred = table.ruling("Arc4", day(2018, 8, 1), "Laptev W", HEAVY)
    assert (barred.ice_class.name, barred.mode, barred.severity, barred.area) == ("Arc4", ALONE, "heavy", "Laptev W")
    assert (barred.period, barred.rule) == ("1 Jul - 30 Nov", "2013 Rules, Annex 2")
    assert (barred.admitted, barred.confidence, barred.ice_free) == (False, "low confidence", False)
    led = table.ruling("Ice2", day(2018, 8, 1), 1, MEDIUM, LED)
    assert (led.mode, led.admitted, led.period, led.confidence) == (LED, True, "1 Jul - 15 Nov", "verified")
    astern = table.ruling("Arc7", day(2025, 1, 5), np.int64(6), HEAVY, double_acting=True)
    assert astern.double_acting and astern.admitted
    assert (astern.area, astern.period) == ("Chukchi", "1 Jun - 31 Jan")
    assert astern.rule == "2020 Rules, amendment of February 2024"
    winter = table.ruling("none", day(2019, 1, 5), 0, LIGHT, ice_free=True)
    assert winter.ice_free and not winter.admitted and winter.period == "16 Nov - 30 Jun"
    assert table.ruling("1A", day(2019, 1, 5), 0, LIGHT).ice_class.admission_row == "Arc4"
    outside = table.ruling("1A", day(2019, 1, 5), -1, LIGHT)
    assert outside.admitted and (outside.area, outside.period, outside.rule) == ("", "", "")
    assert outside.confidence == "no rule outside the NSR"


def test_a_ruling_says_what_allowed_says(table: AdmissionTable) -> None:
    rng = np.random.default_rng(2)
    for _ in range(300):
        when, sea, ice = (
            day(2018, 1, 1) + float(rng.integers(0, 2500)),
            int(rng.integers(-1, 7)),
            int(rng.integers(-1, 3)),
        )
        ship, free = str(rng.choice(["none", "Ice2", "Arc4", "Arc7"])), bool(rng.random() < 0.2)
        yes, grade = table.allowed(ship, when, sea, ice, LED, ice_free=free)
        found = table.ruling(ship, when, sea, ice, LED, ice_free=free)
        assert (found.admitted, found.confidence) == (bool(yes), CONFIDENCES[int(grade)])


def test_wrong_questions_are_refused(table: AdmissionTable) -> None:
    with pytest.raises(UsageError, match=r"unknown mode 'icebraker' .did you mean icebreaker"):
        table.allowed("Arc4", 0.0, 0, 0, "icebraker")
    with pytest.raises(UsageError, match="sea is 7, allowed is -1 to 6"):
        table.allowed("Arc4", 0.0, [0, 7], 0)
    with pytest.raises(UsageError, match="severity is -2, allowed is -1 to 2"):
        table.allowed("Arc4", 0.0, 0, -2)
    with pytest.raises(UsageError, match="severity is of type float64"):
        table.allowed("Arc4", 0.0, 0, np.nan)
    with pytest.raises(UsageError, match=r"unknown sea 'Laptev' .did you mean Laptev"):
        table.ruling("Arc4", 0.0, "Laptev", 0)
    with pytest.raises(UsageError, match="days since 1970"):
        table.allowed("Arc4", np.nan, 0, 0)


PLACES = [
    ("Murmansk", 33.06, 68.97, None), ("Arkhangelsk routes", 39.8, 65.2, None),
    ("west of the Kara Gate", 57.0, 70.4, None),
    ("east of the Kara Gate", 59.5, 70.4, "Kara SW"), ("Sabetta", 72.09, 71.28, "Kara SW"),
    ("off Dikson", 79.5, 73.3, "Kara SW"),
    ("off Nordenskiold Archipelago", 96.0, 76.7, "Kara NE"), ("Vilkitsky Strait, west", 102.5, 77.9, "Kara NE"),
    ("Vilkitsky Strait, east", 105.5, 77.9, "Laptev W"), ("Khatanga Gulf", 111.0, 74.5, "Laptev W"),
    ("Tiksi", 128.98, 71.66, "Laptev E"),
    ("west of Sannikov Strait", 137.5, 74.4, "Laptev E"), ("Sannikov Strait", 141.5, 74.4, "East Siberian SW"),
    ("Dmitry Laptev Strait", 142.5, 73.0, "East Siberian SW"), ("Ambarchik", 162.2, 69.75, "East Siberian SW"),
    ("Pevek", 170.28, 69.7, "East Siberian NE"), ("Long Strait, west", 176.5, 69.9, "East Siberian NE"),
    ("Long Strait, east", -179.0, 69.9, "Chukchi"), ("off Cape Dezhnev", -169.5, 66.2, "Chukchi"),
    ("Bering Strait, south", -169.5, 65.0, None), ("Bering Strait, American side", -168.0, 66.5, None),
    ("North Pole", 90.0, 89.9, None), ("Rotterdam", 4.0, 52.0, None),
    ("far north of the Laptev Sea", 115.0, 83.5, "Laptev W"),
]  # fmt: skip


@pytest.mark.parametrize(("lon", "lat", "sea"), [p[1:] for p in PLACES], ids=[p[0] for p in PLACES])
def test_seas_of_known_places(lon: float, lat: float, sea: str | None) -> None:
    for turn in (0, 360, -360):
        found = int(seas([(lon + turn, lat)])[0]) if -180 <= lon + turn < 360 else None
        assert found is None or (SEAS[found] if found >= 0 else None) == sea


def test_the_seas_lie_from_west_to_east_and_fill_the_water_area() -> None:
    lon, lat = np.meshgrid(np.arange(50, 192, 0.5), np.arange(66, 86, 0.25))
    found = seas(np.column_stack([lon.ravel(), lat.ravel()])).reshape(lon.shape)
    assert set(np.unique(found)) == {-1, *EVERYWHERE}
    for line in found:
        inside = line[line >= 0]
        assert (np.diff(inside) >= 0).all()
    with geodata.table("nsr_areas.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [r["name"] for r in rows] == list(SEAS)
    for r in rows[:-1]:
        assert (np.diff([float(p.split()[1]) for p in r["east_border_lon_lat"].split(";")]) > 0).all()


def test_where_icebreakers_lead_ships() -> None:
    places = [(115.0, 77.0), (-179.0, 69.9), (23.0, 64.5), (-100.0, 74.3), (0.0, 88.0), (33.0, 70.5), (4.0, 52.0)]
    assert escort_offered(places).tolist() == [True, True, True, False, False, False, False]


@pytest.mark.parametrize("name", ["nsr_admission", "nsr_areas", "ice_classes", "escort_waters", "polaris_riv"])
def test_each_row_has_a_source_and_memory_is_graded_c(name: str) -> None:
    with geodata.table(f"{name}.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for r in rows:
        assert r["source"] and r["confidence"] in {"A", "B", "C"}
        assert r["confidence"] == "C" or "memory" not in r["source"]


HEAD = "ice_class,period,mode,sea,heavy,medium,light,confidence,source\n"


def own(tmp_path: Path, *lines: str, head: str = HEAD) -> Path:
    path = tmp_path / "own.csv"
    path.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_an_own_table_replaces_the_shipped_one(tmp_path: Path) -> None:
    table = AdmissionTable.load(
        own(
            tmp_path,
            "Arc4,all year,independent,all,0,1,1,A,me",
            "Arc5,1 Nov - 31 Jan,icebreaker,Kara SW; Chukchi,1,1,1,B,me",
        )
    )
    when = np.array([day(1960, 2, 29), day(2024, 2, 29), day(2300, 7, 1)])
    yes, grade = table.allowed("Arc4", when, 4, MEDIUM)
    assert yes.all() and {CONFIDENCES[g] for g in grade} == {"verified"}
    assert not table.allowed("Arc4", when, 4, HEAVY)[0].any()
    assert table.allowed("Arc4", when, 4, HEAVY, ice_free=True)[0].all()  # as light ice, where no column says
    assert admitted(table, "Arc5", day(2024, 12, 31), HEAVY, LED) == [0, 6]
    yes, grade = table.allowed("Arc5", day(2024, 2, 1), 0, LIGHT, LED)
    assert not yes and CONFIDENCES[int(grade)] == "no row in the table"
    unknown = table.ruling("Arc6", day(2024, 2, 1), 0, LIGHT)
    assert (unknown.admitted, unknown.confidence, unknown.period) == (False, "no row in the table", "")


def test_an_own_row_for_double_acting_ships_opens_what_a_surer_row_shuts(tmp_path: Path) -> None:
    rows = ("0,Arc4,all year,independent,all,0,0,1,A,me", "1,Arc4,all year,independent,all,1,1,1,C,me")
    table = AdmissionTable.load(own(tmp_path, *rows, head="double_acting," + HEAD))
    for double, ice, expected in ((False, HEAVY, (False, 0)), (True, HEAVY, (True, 2)), (True, LIGHT, (True, 0))):
        yes, grade = table.allowed("Arc4", 0.0, 0, ice, double_acting=double)
        assert (bool(yes), int(grade)) == expected


def test_validity_dates_of_an_own_table(tmp_path: Path) -> None:
    rest = "Arc4,all year,independent,all,{},{},{},A,me"
    path = own(
        tmp_path,
        "2020-01-01,2020-12-31," + rest.format(0, 0, 0),
        "2021-01-01,2021-12-31," + rest.format(0, 0, 1),
        head="valid_from,valid_to," + HEAD,
    )
    table = AdmissionTable.load(path)
    when = [
        day(2019, 12, 31),
        day(2020, 1, 1, 0),
        day(2020, 12, 31, 23),
        day(2021, 1, 1, 0),
        day(2021, 12, 31),
        day(2022, 1, 1),
    ]
    yes, grade = table.allowed("Arc4", when, 0, LIGHT)
    assert yes.tolist() == [False, False, False, True, True, True]
    outside = CONFIDENCES.index("outside the dates of the table")
    assert grade.tolist() == [outside, 0, 0, 0, 0, outside]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Arc44,all year,independent,all,0,1,1,A,me", "own.csv:2: ice_class is 'Arc44' .did you mean Arc4"),
        ("Arc4,July 1 - 15 Nov,independent,all,0,1,1,A,me", "own.csv:2: period is 'July 1 - 15 Nov', allowed"),
        ("Arc4,31 Nov - 15 Dec,independent,all,0,1,1,A,me", "own.csv:2: period .* Nov has no day 31"),
        (
            "Arc4,1 Jly - 15 Dec,independent,all,0,1,1,A,me",
            "own.csv:2: period .* 'Jly': no month .did you mean July",
        ),
        ("Arc4,all year,alone,all,0,1,1,A,me", "own.csv:2: mode is 'alone', allowed is independent, icebreaker"),
        ("Arc4,all year,independent,Kara,0,1,1,A,me", "own.csv:2: sea is 'Kara' .did you mean Kara"),
        ("Arc4,all year,independent,all,x,1,1,A,me", "own.csv:2: heavy is 'x', allowed is 0, 1"),
        ("Arc4,all year,independent,all,0,1,1,high,me", "own.csv:2: confidence is 'high', allowed is A, B, C"),
        ("Arc4,all year,independent,all,0,1,1,A,", "own.csv:2: source is empty"),
        ("Arc4,all year,independent", "own.csv:2: sea is empty, allowed is"),
        ("", "own.csv: no rows"),
    ],
)
def test_bad_rows_of_an_own_table(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        AdmissionTable.load(own(tmp_path, line))


def test_all_bad_rows_are_listed_with_their_lines(tmp_path: Path) -> None:
    bad = "Arc4,never,independent,all,0,1,1,A,me"
    good = "Arc5,all year,independent,all,0,1,1,A,me"
    with pytest.raises(DataError) as found:
        AdmissionTable.load(own(tmp_path, bad, good, bad))
    assert [line.split(": ")[0] for line in str(found.value).splitlines()] == ["own.csv:2", "own.csv:4"]


def test_two_rows_for_one_cell_are_a_fault(tmp_path: Path) -> None:
    path = own(
        tmp_path,
        "Arc4,1 Jul - 30 Nov,independent,all,0,1,1,A,me",
        "Arc4,1 Dec - 30 Jun,independent,all,0,0,1,A,me",
        "Arc4,30 Jun - 1 Jul,independent,Chukchi,0,0,1,A,me",
    )
    with pytest.raises(DataError, match=r"own\.csv:4: a cell has a verdict already, from line 3"):
        AdmissionTable.load(path)


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("ice_class,period,mode,sea,heavy,medium,light,confidence\n", "columns missing: source"),
        (HEAD.replace("light", "lihgt"), "unknown column 'lihgt' .did you mean light"),
    ],
)
def test_wrong_columns_of_an_own_table(tmp_path: Path, head: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        AdmissionTable.load(own(tmp_path, "Arc4,all year,independent,all,0,1,1,A,me", head=head))


def test_a_table_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        AdmissionTable.load(tmp_path / "none.csv")
    with pytest.raises(DataError, match="not a regular file"):
        AdmissionTable.load(tmp_path)
    path = tmp_path / "bytes.csv"
    path.write_bytes(b"\xff\xfe\x00ice")
    with pytest.raises(DataError, match="cannot be read as CSV"):
        AdmissionTable.load(path)
    path = own(tmp_path, "2021-02-30," + "Arc4,all year,independent,all,0,1,1,A,me", head="valid_from," + HEAD)
    with pytest.raises(DataError, match="valid_from is '2021-02-30', allowed is a day such as"):
        AdmissionTable.load(path)
