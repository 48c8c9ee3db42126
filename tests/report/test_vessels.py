"""Ships as text and JSON: widths, units, sources, and that nothing unknown is shown as a figure."""

from __future__ import annotations

import json

import pytest

from sim.report.listings import vessel_dict, vessel_text, vessels_text
from sim.ship.vessel import Ship, VesselTable

TABLE = VesselTable.load()
IDS = [s.id for s in TABLE.all]


def test_the_list_names_every_ship_and_fits() -> None:
    text = vessels_text(TABLE)
    lines = text.splitlines()
    assert max(map(len, lines)) <= 100
    assert [line.split()[0].rstrip("*") for line in lines[2 : 2 + len(IDS)]] == IDS
    row = next(line for line in lines if line.startswith("lng_yamalmax "))
    for figure in ("80,200", "299.0", "50.1", "11.8", "14.0", "48.1", "Arc7"):
        assert f" {figure} " in row, figure


def test_assumed_rows_are_marked() -> None:
    marked = {line.split("*")[0] for line in vessels_text(TABLE).splitlines() if "* " in line[:22]}
    assert marked == {s.id for s in TABLE.all if s.confidence == "C"} != set()


@pytest.mark.parametrize("ship", TABLE.all, ids=IDS)
def test_a_sheet_has_units_and_sources_and_fits(ship: Ship) -> None:
    text = vessel_text(ship)
    assert max(map(len, text.splitlines())) <= 100
    flat = " ".join(text.split())
    assert f"{ship.length_m:g} m" in flat
    assert f"{ship.main_fuel_service_tpd:g} t/day" in flat
    assert " ".join(ship.source.split()) in flat
    assert " ".join(ship.hull_source.split()) in flat
    assert f"confidence {ship.confidence}" in flat
    assert "None" not in text and "nan" not in text.split()
    assert ("double acting" in text) == ship.double_acting == ("factor astern  " in text)


def test_a_ship_of_a_scenario_shows_only_what_is_known() -> None:
    text = vessel_text(Ship.generic(14.5, name="Mine", draft_m=9))
    assert "14.5 kn" in text and "9 m" in text
    for absent in ("beam", "t/day", "kW", "hull", "None"):
        assert absent not in text
    out = vessel_dict(Ship.generic(14.5, name="Mine", draft_m=9))
    assert out["service_speed_kn"] == 14.5
    assert {"beam_m", "main_power_kw", "hull", "economics", "default_fuel"} & set(out) == set()


@pytest.mark.parametrize("ship", TABLE.all, ids=IDS)
def test_a_ship_is_json(ship: Ship) -> None:
    out = json.loads(json.dumps(vessel_dict(ship), allow_nan=False))
    assert out["id"] == ship.id
    assert out["source"] and out["confidence"] and out["hull_source"]
    assert out["hull"]["length_m"] > 0
    assert ("resistance_factor_astern" in out["hull"]) == ship.double_acting
    assert out["economics"]["suez_type"]
