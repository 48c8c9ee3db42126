"""Frames: one row an item, EPSG:4326, nothing turned into 0."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pandas
import pytest
from shapely.geometry import LineString, MultiLineString

from sim import SeaNetwork
from sim.geo.route import unreachable
from sim.report.comparison import comparison_frame
from sim.report.listings import ports_frame, routes_frame
from sim.scenario.compare import Comparison, run
from sim.scenario.schema import Scenario


@pytest.fixture(scope="module")
def comparison(net: SeaNetwork) -> Comparison:
    scenario = Scenario.model_validate(
        {
            "format": 1,
            "name": "frames",
            "description": "one route with a wait, one closed, one over 180 degrees",
            "voyage": {"from": "Dalian", "to": "Rotterdam", "depart": "2025-08-15T06:00"},
            "vessel": {"speed_kn": 14},
            "alternatives": [{"route": "cape"}, {"route": "suez"}, {"route": "nsr"}],
            "closures": [{"passage": "suez_canal"}],
            "waits": [{"passage": "vilkitsky_strait", "wait_h": 36}],
        }
    )
    return run(scenario, net)


def test_comparison_frame_has_a_row_for_each_alternative(comparison: Comparison) -> None:
    frame = comparison_frame(comparison)
    assert list(frame["route"]) == ["cape", "suez", "nsr"]
    assert frame.crs.to_epsg() == 4326
    for row, outcome in zip(frame.itertuples(), comparison.outcomes, strict=True):
        if outcome.voyage is None:
            continue
        assert row.distance_nm == outcome.route.distance_nm
        assert row.days == outcome.voyage.days
        assert row.arrive == outcome.voyage.arrive
    assert frame["wait_days"].iloc[2] == pytest.approx(1.5)
    assert frame["vs_days"].iloc[0] == 0
    assert frame["vs_distance_nm"].iloc[2] < -5000


def test_what_is_unreachable_is_missing_not_zero(comparison: Comparison) -> None:
    row = comparison_frame(comparison).iloc[1]
    assert row["status"] == "unreachable"
    assert "suez_canal is closed" in row["reason"]
    figures = ["distance_nm", "days", "sailing_days", "wait_days", "depart", "arrive", "vs_distance_nm", "vs_days"]
    assert pandas.isna(row[figures]).all()
    assert row.geometry is None
    lone = routes_frame({"none": unreachable("closed")})
    assert lone["distance_nm"].isna().all()
    assert lone.geometry.isna().all()


def test_moments_are_utc_even_where_none_is_known(net: SeaNetwork) -> None:
    raw = {
        "format": 1,
        "name": "zones",
        "description": "a departure in local time, and no route at all",
        "voyage": {"from": "Busan", "to": "Yokohama", "depart": "2025-08-15T06:00+09:00"},
        "vessel": {"speed_kn": 14},
        "alternatives": [{"route": "usual"}],
    }
    frame = comparison_frame(run(Scenario.model_validate(raw), net))
    assert frame["depart"].iloc[0].isoformat() == "2025-08-14T21:00:00+00:00"
    none = comparison_frame(
        run(
            Scenario.model_validate(
                raw | {"alternatives": [{"route": "cape"}], "closures": [{"passage": "cape_of_good_hope"}]}
            ),
            net,
        )
    )
    assert none["depart"].isna().all()
    assert none["depart"].dtype == frame["depart"].dtype


def test_routes_frame_lines_begin_and_end_at_the_ports(net: SeaNetwork) -> None:
    frame = routes_frame({v: net.route("Yokohama", "Los Angeles", via=v) for v in ("usual", "any")})
    line = frame.geometry.iloc[0]
    assert isinstance(line, MultiLineString)  # cut at 180
    start, goal = net.place("Yokohama"), net.place("Los Angeles")
    assert line.geoms[0].coords[0] == pytest.approx((start.lon, start.lat), abs=1e-4)
    assert line.geoms[-1].coords[-1] == pytest.approx((goal.lon, goal.lat), abs=1e-4)
    inside = routes_frame({"x": net.route("Yokohama", "Busan")})
    assert isinstance(inside.geometry.iloc[0], LineString)


def test_ports_frame_keeps_order_and_place(net: SeaNetwork) -> None:
    wanted = [net.ports.all[net.ports.find(name)] for name in ("Shanghai", "Rotterdam")]
    frame = ports_frame(wanted)
    assert list(frame["locode"]) == ["CNSHA", "NLRTM"]
    assert frame.crs.to_epsg() == 4326
    assert 121 < frame.geometry.x.iloc[0] < 123  # lon is x
    assert 51 < frame.geometry.y.iloc[1] < 53
    assert len(ports_frame([])) == 0


def test_frames_survive_a_file(comparison: Comparison, tmp_path: Path) -> None:
    target = tmp_path / "routes.gpkg"
    comparison_frame(comparison).to_file(target)
    back = geopandas.read_file(target)
    assert list(back["route"]) == ["cape", "suez", "nsr"]
    assert back["distance_nm"].isna().tolist() == [False, True, False]
    assert back.crs.to_epsg() == 4326
