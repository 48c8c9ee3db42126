"""Laws of the stability corridor: it holds the best route, grows with its allowance, is none where all is shut."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import northabout
from sim.api import network
from sim.errors import UsageError
from sim.geo.cells import CELL_KM, OPEN, from_plane, readings_of_way
from sim.geo.network import SeaNetwork
from sim.scenario.load import scenario_of
from sim.scenario.schema import Scenario
from sim.scenario.simulate import Sailing
from sim.study.sailing.stability import StabilityCorridor, stability_corridor
from sim.voyage.ice_route import IceRouter

SCENARIO = {
    "format": 1, "name": "north", "description": "a ship of some ice class in autumn",
    "voyage": {"from": "Dalian", "to": "Rotterdam", "depart": "2030-10-01"}, "vessel": {"type": "mpp_19k_1a"},
    "alternatives": [{"route": "nsr"}, {"route": "suez"}, {"route": "transpolar"}], "ice": {"escort": "when_needed"},
}  # fmt: skip
ALLOWANCES = (0.1, 1.0, 3.0)


@pytest.fixture(scope="module")
def net() -> SeaNetwork:
    return network()


@pytest.fixture(scope="module")
def router(net: SeaNetwork) -> IceRouter:
    return IceRouter(net)


@pytest.fixture(scope="module")
def sailing(net: SeaNetwork, router: IceRouter) -> Sailing:
    return Sailing(scenario_of(SCENARIO), net, Path(), router)


@pytest.fixture(scope="module")
def corridors(sailing: Sailing) -> list[StabilityCorridor]:
    return [stability_corridor(sailing, "nsr", allowance_days=days) for days in ALLOWANCES]


def cells_of(corridor: StabilityCorridor) -> set[tuple[int, int]]:
    return {(int(x), int(y)) for x, y in corridor.steps}


def test_the_best_route_lies_in_it(sailing: Sailing, corridors: list[StabilityCorridor]) -> None:
    route, voyage = sailing.sailed(sailing.scenario.alternatives[0])
    assert voyage is not None
    grid = sailing.router.lattice.grid
    read = readings_of_way(grid, route.lonlat)
    sailed = np.unique(read.cell[read.cell != OPEN])
    assert len(sailed) > 100
    for corridor in corridors:
        assert corridor.days == voyage.days
        extra = {tuple(at): days for at, days in zip(corridor.lonlat.tolist(), corridor.extra_days, strict=True)}
        assert all(extra[tuple(at)] == 0 for at in grid.lonlat[sailed].tolist())


def test_it_grows_with_the_allowance_and_keeps_to_it(corridors: list[StabilityCorridor]) -> None:
    for small, large in pairwise(corridors):
        assert cells_of(small) < cells_of(large)
        assert small.area_km2 < large.area_km2
        known = dict(zip(map(tuple, large.lonlat.tolist()), large.extra_days, strict=True))
        for at, days in zip(small.lonlat.tolist(), small.extra_days, strict=True):
            assert known[tuple(at)] == pytest.approx(days, abs=1e-9)
    for corridor in corridors:
        assert corridor.extra_days.min() == 0
        assert corridor.extra_days.max() <= corridor.allowance_days


def test_corridors_are_the_level_sets_of_one_field(corridors: list[StabilityCorridor]) -> None:
    widest = corridors[-1]
    for corridor in corridors[:-1]:
        within = widest.extra_days <= corridor.allowance_days
        assert {tuple(x) for x in widest.steps[within].tolist()} == cells_of(corridor)


@pytest.mark.slow
@pytest.mark.parametrize(("lon", "lat"), [(119.62, 76.78), (50.76, 72.52), (143.13, 78.74)])
def test_a_voyage_by_way_of_a_cell_takes_as_many_days_more(
    net: SeaNetwork, router: IceRouter, corridors: list[StabilityCorridor], lon: float, lat: float
) -> None:
    """Two voyages, to a place in a cell and on from it, by the search that knows no corridor."""
    at, days = datetime(2030, 10, 1, tzinfo=UTC), 0.0
    for ends in ({"from": "Dalian", "to": f"{lat},{lon}"}, {"from": f"{lat},{lon}", "to": "Rotterdam"}):
        leaves = (at + timedelta(days=days)).isoformat(timespec="minutes")
        one = {**SCENARIO, "voyage": {**ends, "depart": leaves}, "alternatives": [{"route": "any"}]}
        sailing = Sailing(Scenario.model_validate(one), net, Path(), router)
        _, voyage = sailing.sailed(sailing.scenario.alternatives[0])
        assert voyage is not None
        days += voyage.days
    widest = corridors[-1]
    cell = int(np.argmin(np.abs(widest.lonlat - (lon, lat)).sum(axis=1)))
    assert days - widest.days == pytest.approx(widest.extra_days[cell], abs=0.05)


def test_there_is_none_where_the_route_is_closed(net: SeaNetwork, router: IceRouter) -> None:
    scenario = scenario_of({**SCENARIO, "vessel": {"type": "mpp_19k_1a", "ice_class": "none"}})
    corridor = stability_corridor(Sailing(scenario, net, Path(), router), "nsr", datetime(2030, 2, 15, tzinfo=UTC))
    assert corridor.status in ("closed", "beset")
    assert corridor.reason
    assert corridor.lonlat.shape == (0, 2)
    assert corridor.area_km2 == 0
    assert np.isnan(corridor.days)
    assert corridor.outlines() == []
    assert corridor.to_dict()["cells"] == []
    assert len(corridor.to_frame()) == 0


@pytest.mark.slow
def test_there_is_none_past_a_closed_strait(net: SeaNetwork, router: IceRouter) -> None:
    closed = scenario_of({**SCENARIO, "closures": [{"passage": "bering_strait"}]})
    corridor = stability_corridor(Sailing(closed, net, Path(), router), "nsr")
    assert corridor.status == "unreachable"
    assert len(corridor.lonlat) == 0


def test_outlines_hold_the_cells_and_nothing_else(corridors: list[StabilityCorridor]) -> None:
    from shapely import Polygon

    from sim.geo.cells import plane_km
    from sim.geo.geodesy import vectors

    corridor = corridors[1]
    area = 0.0
    for shell, *holes in corridor.outlines():
        rings = [plane_km(vectors(ring)) for ring in (shell, *holes)]
        polygon = Polygon(rings[0], rings[1:])
        assert polygon.is_valid
        assert not polygon.exterior.is_ccw
        area += polygon.area
    assert area == pytest.approx(corridor.area_km2, rel=1e-6)
    assert np.allclose(from_plane(corridor.steps * CELL_KM), corridor.lonlat)


def test_it_is_offered_in_python() -> None:
    found = northabout.stability_corridor(SCENARIO, "nsr", depart="2031-09-10", allowance_days=0.2)
    assert found.depart == datetime(2031, 9, 10, tzinfo=UTC)
    told = found.to_dict()
    assert told["route"] == "nsr"
    assert len(told["cells"]) == len(found.to_frame()) == len(found.lonlat)
    assert "km2" in repr(found)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"route": "nrs"}, "did you mean nsr"),
        ({"allowance_days": 0}, "more than 0"),
        ({"allowance_days": 11}, "at most 10"),
        ({"depart": "soon"}, "2025-08-15"),
    ],
)
def test_bad_questions(how: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        northabout.stability_corridor(SCENARIO, **how)  # type: ignore[arg-type]
    without = {k: v for k, v in SCENARIO.items() if k != "ice"}
    with pytest.raises(UsageError, match="section 'ice'"):
        northabout.stability_corridor(without)
