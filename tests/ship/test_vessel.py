"""Ships: every row has a source and plausible figures, and a name that is not there is helped."""

from __future__ import annotations

import pickle
import re
from dataclasses import FrozenInstanceError, fields, replace
from pathlib import Path

import pytest

import geodata
from sim.errors import DataError, UsageError
from sim.ship.vessel import IceHull, Ship, VesselTable, read_hulls, read_vessels

TABLE = VesselTable.load()
IDS = [s.id for s in TABLE.all]


def test_each_row_has_a_source_and_a_confidence() -> None:
    assert [s.id for s in TABLE.all if len(s.source) < 10 or s.confidence not in {"A", "B", "C"}] == []
    assert [s.id for s in TABLE.all if len(s.hull_source) < 10 or s.hull_confidence not in {"A", "B", "C"}] == []


def test_a_derived_hull_is_called_an_assumption() -> None:
    derived = [s for s in TABLE.all if s.hull_source.startswith("assumption")]
    assert len(derived) > 15
    assert {s.hull_confidence for s in derived} == {"C"}


def test_ids_and_names_are_unique_and_the_needed_ships_are_there() -> None:
    assert len(set(IDS)) == len(IDS) == len({s.name for s in TABLE.all})
    assert {
        "lng_yamalmax",
        "bulk_handymax_1a",
        "cont_3600_1a",
        "cargo_arc7_norilsk",
        "mpp_19k_1a",
        "mpp_36k_ice",
    } <= set(IDS)


@pytest.mark.parametrize("ship", TABLE.all, ids=IDS)
def test_the_figures_are_plausible(ship: Ship) -> None:
    assert ship.length_m and ship.beam_m and ship.draft_m and ship.dwt_t and ship.gt and ship.main_power_kw
    assert 90 <= ship.length_m <= 400
    assert 4.5 <= ship.length_m / ship.beam_m <= 9.5
    assert 1.8 <= ship.beam_m / ship.draft_m <= 4.5
    # displacement is at most a full box of sea water, and the cargo is most of it
    box_t = 1.025 * ship.length_m * ship.beam_m * ship.draft_m
    assert 0.3 * box_t < ship.dwt_t < 0.86 * box_t
    assert 10 <= ship.service_speed_kn <= (ship.design_speed_kn or 0) <= 25
    assert 130 <= (ship.sfoc_g_kwh or 0) <= 200
    assert 2.5 <= ship.speed_exponent <= 4
    assert ship.has_fuel
    assert ship.ice_class.name in {"none", "Ice1", "Ice2", "Ice3", *(f"Arc{k}" for k in range(4, 10))}
    assert (ship.ice_class.name == "none") == (ship.ice_class_text == "none")
    for column in ("scnt_est", "newbuild_musd", "opex_usd_day", "charter_usd_day_base", "payload_share"):
        value = ship.economics[column]
        assert isinstance(value, float) and value > 0, column
    assert isinstance(ship.economics["suez_type"], str)


@pytest.mark.parametrize("ship", TABLE.all, ids=IDS)
def test_the_hull_belongs_to_the_ship(ship: Ship) -> None:
    hull = ship.hull
    assert hull is not None and ship.length_m and ship.beam_m and ship.draft_m and ship.main_power_kw
    assert 0.9 * ship.length_m < hull.length_m < ship.length_m
    assert hull.beam_m == pytest.approx(ship.beam_m, rel=0.07)
    assert hull.draft_m == pytest.approx(ship.draft_m, rel=0.05)
    assert hull.power_kw == pytest.approx(ship.main_power_kw, rel=0.25)  # see the notes of type hulls
    assert hull.propeller_diameter_m < 0.75 * hull.draft_m
    assert hull.parallel_length_m + hull.bow_length_m < hull.length_m
    assert 0.3 < hull.bow_waterplane_m2 / (hull.beam_m * hull.bow_length_m) < 0.6
    assert ship.service_speed_kn <= hull.open_water_kn <= 27
    assert ship.double_acting == (hull.resistance_factor_astern is not None)
    assert hull.best_resistance_factor <= hull.resistance_factor


def test_a_better_class_has_a_better_bow() -> None:
    def factors(start: str) -> list[float]:
        return [s.hull.resistance_factor for s in TABLE.all if s.hull and s.ice_class.name.startswith(start)]

    assert (
        max(factors("Arc7")) < min(factors("Arc4")) <= max(factors("Arc4")) < min(factors("Ice")) < min(factors("none"))
    )


@pytest.mark.parametrize("text", ["lng_yamalmax", "LNG-Yamalmax", "  lng yamalmax "])
def test_a_ship_is_found_by_id_or_name_in_any_spelling(text: str) -> None:
    ship = TABLE.find("lng_yamalmax")
    assert TABLE.find(text) is ship
    assert TABLE.find(ship.name.upper()) is ship


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("lng_yamalmx", "did you mean lng_yamalmax"),
        ("Christophe de Margerie", "did you mean lng_yamalmax"),
        ("Yong Sheng", "did you mean mpp_19k_1a"),
        ("bulk_capsize", "did you mean bulk_capesize"),
        ("qqqq", "unknown ship 'qqqq'; allowed: cont_4400, "),
        ("", "unknown ship ''; allowed: cont_4400"),
    ],
)
def test_an_unknown_ship_names_the_nearest(text: str, hint: str) -> None:
    with pytest.raises(UsageError, match=re.escape(hint)):
        TABLE.find(text)


def test_a_generic_ship_knows_no_fuel() -> None:
    ship = Ship.generic(14, draft_m=9.5, beam_m=30, length_m=190, name="Mine")
    assert (ship.service_speed_kn, ship.draft_m, ship.beam_m, ship.length_m) == (14, 9.5, 30, 190)
    assert ship.main_power_kw is ship.main_fuel_service_tpd is ship.default_fuel is ship.hull is None
    assert not ship.has_fuel and not ship.double_acting
    for speed in (0.0, -3.0, float("nan"), float("inf")):
        with pytest.raises(UsageError, match="speed_kn of ship 'ship' is"):
            Ship.generic(speed)
    assert Ship.generic(14, hull=TABLE.find("lng_yamalmax").hull).double_acting


def test_ships_are_frozen_hashable_and_travel_to_other_processes() -> None:
    ship = TABLE.find("bulk_handy")
    with pytest.raises(FrozenInstanceError):
        ship.name = "x"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(ship)) == ship
    assert hash(ship) == hash(replace(ship))


@pytest.mark.parametrize("name", [f.name for f in fields(IceHull)])
def test_a_hull_refuses_figures_that_cannot_be(name: str) -> None:
    hull = TABLE.find("lng_yamalmax").hull
    assert hull is not None
    for value in (0, -1.0, float("nan")):
        with pytest.raises(UsageError, match=name):
            replace(hull, **{name: value})


def changed(tmp_path: Path, name: str, column: str, value: str) -> Path:
    """A shipped table with one cell of its first row changed."""
    import csv

    with geodata.table(name).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows[0][column] = value
    path = tmp_path / name
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("beam_m", "wide", r"vessels\.csv:2: beam_m is 'wide', allowed is a number, 1 or more"),
        ("beam_m", "", r"vessels\.csv:2: beam_m is empty"),
        ("dwt_t", "-5", r"vessels\.csv:2: dwt_t is -5, allowed is 0 or more"),
        ("main_power_kw", "nan", "main_power_kw is nan"),
        ("source", "", "source is empty"),
        ("double_acting", "maybe", "double_acting is 'maybe', allowed is yes, no"),
        ("id", "cont_8600", r"vessels\.csv:3: id 'cont_8600' is duplicated"),
    ],
)
def test_a_faulty_table_says_where_and_what(tmp_path: Path, column: str, value: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_vessels(changed(tmp_path, "vessels.csv", column, value))


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("stem_angle_deg", "95", r"hulls\.csv:2: stem_angle_deg of an ice hull is 95"),
        ("propellers", "4", "propellers of an ice hull is 4, allowed is 1, 2 or 3"),
        ("vessel_id", "cont_8600", "vessel_id 'cont_8600' is duplicated"),
    ],
)
def test_a_faulty_hull_says_where_and_what(tmp_path: Path, column: str, value: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_hulls(changed(tmp_path, "hulls.csv", column, value))


def test_a_missing_table_is_an_error_of_data(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.csv: no such file"):
        read_vessels(tmp_path / "none.csv")


def test_a_generic_ship_holds_an_ice_class_in_any_spelling() -> None:
    assert {Ship.generic(14, ice_class=text).ice_class.name for text in ("Arc4", "arc 4", "LU4")} == {"Arc4"}
    assert Ship.generic(14).ice_class.name == "none"
    with pytest.raises(UsageError, match=r"unknown ice class 'Ark4'.*did you mean Arc4"):
        Ship.generic(14, ice_class="Ark4")
