"""What a file leaves out is said: a hole around the pole, and water that is missing where it could be 0."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.ice.climate import ClimateField
from sim.ice.files import open_ice_file
from sim.ice.files.gap_filled import GapFilledField
from tests.ice.netcdf_files import Array, write

LAT, LON = np.arange(50.5, 90, 1.0), np.arange(-180, 180, 4.0)
MARCH = 18336.0


def around_the_pole(path: Path, share: Array, lat: Array = LAT) -> Path:
    return write(
        path,
        {"time": 1, "lat": len(lat), "lon": len(LON)},
        {
            "siconc": ("f8", ("time", "lat", "lon"), share[None], {"units": "1", "_FillValue": -9.0}),
            "lat": ("f8", ("lat",), lat, {"units": "degrees_north"}),
            "lon": ("f8", ("lon",), LON, {"units": "degrees_east"}),
            "time": ("f8", ("time",), [MARCH], {"units": "days since 1970-01-01"}),
        },
    )


def ice_north_of(latitude: float, water: float = 0.0, lat: Array = LAT) -> Array:
    return np.where(lat > latitude, 0.9, water)[:, None] + 0 * LON


def test_a_whole_field_needs_no_note(tmp_path: Path) -> None:
    assert open_ice_file(around_the_pole(tmp_path / "a.nc", ice_north_of(72))).notes == []


@pytest.mark.parametrize("cut", [False, True])
def test_a_hole_around_the_pole_is_said(cut: bool, tmp_path: Path) -> None:
    """Whether its cells are missing or the grid ends before."""
    share, lat = ice_north_of(72), LAT
    if cut:
        share, lat = share[lat < 86], lat[lat < 86]
    else:
        share[lat > 86] = -9.0
    field = open_ice_file(around_the_pole(tmp_path / "a.nc", share, lat))
    assert field.notes == ["siconc: no values north of 85.5 N, a hole around the pole: unknown, no voyage crosses it"]
    filled = GapFilledField(field, ClimateField(1.2))
    assert filled.notes == field.notes
    assert np.isnan(filled.sampler(np.array([[10.0, 89.0]])).on(MARCH + 0.5)[0][0])


def test_a_field_of_one_sea_has_no_hole(tmp_path: Path) -> None:
    share = ice_north_of(72)
    share[:, np.abs(LON) > 60] = -9.0
    share[LAT > 84] = -9.0
    assert not any("hole" in note for note in open_ice_file(around_the_pole(tmp_path / "a.nc", share)).notes)


@pytest.mark.parametrize("zeros_at_the_edge", [False, True])
def test_water_that_is_missing_is_said(zeros_at_the_edge: bool, tmp_path: Path) -> None:
    share = ice_north_of(72, -9.0)
    if zeros_at_the_edge:
        share[(LAT < 72) & (LAT > 70)] = 0.0
    notes = open_ice_file(around_the_pole(tmp_path / "a.nc", share)).notes
    assert [n.partition(";")[0].partition(",")[0] for n in notes] == ["siconc: open water is missing"]
    assert "elsewhere as unknown" in notes[0]


def test_missing_land_is_not_missing_water(tmp_path: Path) -> None:
    from sim.geo.land import on_land

    share = ice_north_of(72)
    land = on_land(np.stack(np.meshgrid(LON, LAT), axis=-1).reshape(-1, 2)).reshape(share.shape)
    assert open_ice_file(around_the_pole(tmp_path / "a.nc", np.where(land, -9.0, share))).notes == []
    # all of the sea is ice, and all that is missing is land
    ice = np.where(land, -9.0, 0.9)
    assert open_ice_file(around_the_pole(tmp_path / "b.nc", ice)).notes == []


def test_the_notes_of_a_file_stand_in_the_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from sim.cli import main

    share = ice_north_of(72)
    share[LAT > 86] = -9.0
    path = around_the_pole(tmp_path / "a.nc", share)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "sys.argv", ["northabout", "ice", "--file", str(path), "--month", "3", "--day", "15", "--year", "2020"]
        )
        with pytest.raises(SystemExit):
            main()
    assert "note: siconc: no values north of 85.5 N" in capsys.readouterr().err
    (tmp_path / "s.yaml").write_text(
        "format: 1\nname: t\ndescription: t\nvoyage: {from: Murmansk, to: Rotterdam, depart: 2020-03-15}\n"
        "vessel: {type: mpp_19k_1a}\nalternatives: [{route: any}]\nice: {file: a.nc, any_date: true}\n"
    )
    from sim.scenario.compare import run_file

    assert "; siconc: no values north of 85.5 N" in run_file(tmp_path / "s.yaml").to_dict()["ice"]
