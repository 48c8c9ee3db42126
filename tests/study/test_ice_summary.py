"""The state of the ice: means against figures worked out by hand, sums that add up, and what warming and seasons do."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest
import shapely

from sim.errors import UsageError
from sim.geo.geodesy import Floats, vectors
from sim.geo.land import on_land
from sim.geo.waters import named_waters, sea_ids
from sim.ice.climate import ClimateField
from sim.ice.field import FieldKind, day_number
from sim.ice.pathways import climate_field
from sim.study.ice_summary import (
    OTHER,
    STRAIT_STEP_KM,
    STRAITS,
    IceState,
    _waters,
    area_ice,
    day_of,
    ice_state,
    near_line,
    plain_name,
)

NAN = float("nan")


class Fake:
    """Ice as a function of lon, lat: concentration and thickness."""

    kind: FieldKind = "file"
    label = "made up"
    sources: tuple[str, ...] = ("nowhere",)

    def __init__(self, of: Callable[[Floats], tuple[Floats, Floats]]) -> None:
        self.of = of

    def sampler(self, lonlat: Floats) -> Fake:
        bound = Fake(self.of)
        bound.at = lonlat  # type: ignore[attr-defined]
        return bound

    def on(self, day: Floats | float) -> tuple[Floats, Floats]:
        return self.of(self.at)  # type: ignore[attr-defined]


def even(concentration: float, thickness_m: float) -> Fake:
    return Fake(lambda at: (np.full(len(at), concentration), np.full(len(at), thickness_m)))


@pytest.fixture(scope="module")
def september() -> IceState:
    return ice_state(climate_field(year=2012), day_of(2012, 9))


@pytest.fixture(scope="module")
def march() -> IceState:
    return ice_state(climate_field(year=2012), day_of(2012, 3))


def test_an_area_by_hand() -> None:
    # Six cells of 625 km2; the last lies elsewhere, the fifth is not known.
    concentration = np.array([0.0, 0.1, 0.5, 0.9, NAN, 1.0])
    thickness_m = np.array([0.0, 3.0, 1.0, 2.0, NAN, 9.0])
    inside = np.array([True] * 5 + [False])
    found = area_ice("a", "A", inside, concentration, thickness_m, 0.625)
    assert found.area_1000km2 == pytest.approx(3.125)
    assert found.unknown_share == pytest.approx(0.2)
    assert found.concentration == pytest.approx(1.5 / 4)
    assert found.max_concentration == pytest.approx(0.9)
    assert found.over_15 == pytest.approx(2 / 4)
    assert found.ice_area_1000km2 == pytest.approx(1.5 * 0.625)
    assert found.thickness_m == pytest.approx((0.5 * 1 + 0.9 * 2) / 1.4)  # 0.1 of 3 m lies beyond the edge
    assert found.max_thickness_m == pytest.approx(2.0)


def test_ice_of_unknown_thickness_has_an_area_and_no_thickness() -> None:
    found = area_ice("a", "A", np.ones(2, dtype=bool), np.array([0.4, 0.6]), np.array([NAN, NAN]), 1.0)
    assert found.concentration == pytest.approx(0.5)
    assert found.thickness_m is None
    half = area_ice("a", "A", np.ones(2, dtype=bool), np.array([0.4, 0.6]), np.array([NAN, 1.5]), 1.0)
    assert half.thickness_m == pytest.approx(1.5)


def test_a_sea_of_which_nothing_is_known_has_no_figures() -> None:
    state = ice_state(Fake(lambda at: (np.where(at[:, 1] > 82, 0.8, NAN), np.full(len(at), 2.0))), day_of(2030, 9))
    kara = state.area("kara_sea")
    assert (kara.unknown_share, kara.concentration, kara.over_15, kara.ice_area_1000km2) == (1.0, None, None, None)
    assert 0 < state.area("central_arctic_ocean").unknown_share < 1
    assert state.whole.concentration == pytest.approx(0.8)
    assert "NaN" not in json.dumps(state.to_dict())


def test_seas_are_the_named_waters_that_can_freeze_in_their_order(september: IceState) -> None:
    found = [a.id for a in september.seas]
    assert found[-1] == OTHER
    assert found[:-1] == [s for s in sea_ids() if s in found]
    assert {"barents_sea", "kara_sea", "laptev_sea", "east_siberian_sea", "chukchi_sea", "baltic_sea"} < set(found)
    assert not {"red_sea", "malacca_strait", "nsr"} & set(found)
    assert [a.name for a in september.seas[:-1]] == [named_waters()[s][0] for s in found[:-1]]
    assert [a.id for a in september.straits] == [*STRAITS, "north_cape_murmansk"]


@pytest.mark.parametrize("when", ["september", "march"])
def test_the_seas_add_up_to_the_whole(when: str, request: pytest.FixtureRequest) -> None:
    state: IceState = request.getfixturevalue(when)
    whole = state.whole
    assert sum(a.area_1000km2 for a in state.seas) == pytest.approx(whole.area_1000km2)
    assert sum(a.ice_area_1000km2 or 0 for a in state.seas) == pytest.approx(whole.ice_area_1000km2)
    for name in ("concentration", "over_15"):
        weighted = sum((getattr(a, name) or 0) * a.area_1000km2 for a in state.seas) / whole.area_1000km2
        assert weighted == pytest.approx(getattr(whole, name))
    assert whole.max_thickness_m == max(a.max_thickness_m or 0 for a in state.seas)


def test_even_ice_is_even_everywhere() -> None:
    state = ice_state(even(0.6, 1.2), day_of(2030, 9))
    for area in (*state.seas, *state.straits, state.nsr, state.whole):
        assert area.concentration == pytest.approx(0.6)
        assert area.over_15 == 1.0
        assert area.thickness_m == pytest.approx(1.2)
        assert area.unknown_share == 0.0


def test_areas_of_seas_are_about_those_of_atlases(september: IceState) -> None:
    # 1000 km2. Jakobsson 2002, hypsometry of the Arctic Ocean: Kara 926, Laptev 498, East Siberian 987 with the
    # slope; Baltic without Kattegat 393 (HELCOM). Cells are 25 km, so islands and gulfs are coarse.
    for name, area in (("kara_sea", 926), ("laptev_sea", 498), ("baltic_sea", 393)):
        assert september.area(name).area_1000km2 == pytest.approx(area, rel=0.2)


def test_a_strait_has_the_size_of_its_gate(september: IceState) -> None:
    # Long Strait is 140 to 220 km wide, and a part of the disc round its middle is land.
    disc = np.pi * 111.0**2 / 1000
    assert 0.6 * disc < september.area("long_strait").area_1000km2 < disc
    assert september.area("long_strait").name == "Long Strait"


def test_points_near_a_line_fill_their_area() -> None:
    points = near_line(np.array([[100.0, 78.0]]), 100.0)
    assert len(points) * STRAIT_STEP_KM**2 == pytest.approx(np.pi * 100.0**2, rel=0.02)
    away = np.arccos(np.clip(vectors(points) @ vectors(np.array([100.0, 78.0])), -1, 1)) * 6371
    assert 95 < away.max() <= 100.0


def test_land_is_left_out() -> None:
    assert not on_land(_waters().lonlat[::400]).any()


def test_no_cell_is_counted_twice_at_180_or_the_pole() -> None:
    places = _waters().lonlat
    assert len(np.unique(np.round(vectors(places), 9), axis=0)) == len(places)
    assert (np.abs(places[:, 0]) > 179).any() and (places[:, 1] > 89.5).any()
    assert shapely.get_num_points(shapely.linestrings(vectors(places))) == len(places)


def test_september_has_less_than_march(september: IceState, march: IceState) -> None:
    for late, early in zip(september.seas, march.seas, strict=True):
        assert late.concentration is not None and early.concentration is not None
        assert late.concentration <= early.concentration
    assert (september.whole.ice_area_1000km2 or 0) < 0.5 * (march.whole.ice_area_1000km2 or 0)


def test_warmer_is_less_and_a_heavy_year_more() -> None:
    for month in (3, 6, 9, 12):
        cold, warm, heavy = (
            ice_state(ClimateField(t, z), day_of(2030, month)) for t, z in ((1.0, 0.0), (2.0, 0.0), (1.0, 1.0))
        )
        for c, w, h in zip(cold.seas, warm.seas, heavy.seas, strict=True):
            assert (w.concentration or 0) <= (c.concentration or 0) <= (h.concentration or 0)
        assert (warm.whole.ice_area_1000km2 or 0) < (cold.whole.ice_area_1000km2 or 0)


def test_the_mean_climate_has_the_observed_ice_of_the_hemisphere() -> None:
    # G02135 v3, area of ice, means of 2007-2016 in million km2: from memory, to a tenth or so. The area and not the
    # extent: beyond the edge of a mean year lies the ice of some years, so that the extent of a mean is too large.
    states = [ice_state(climate_field(year=2012, season="normal", single_year=False), day_of(2012, m)) for m in (9, 3)]
    for state, area in zip(states, (3.3, 12.6), strict=True):
        assert (state.whole.ice_area_1000km2 or 0) / 1000 == pytest.approx(area, rel=0.15)


def test_north_cape_is_free_all_year_and_vilkitsky_is_not(march: IceState) -> None:
    assert march.area("north_cape_murmansk").over_15 == 0
    assert (march.area("vilkitsky_strait").concentration or 0) > 0.9


@pytest.mark.parametrize(
    ("field", "kind", "z"),
    [
        (climate_field(year=2030), "single_year", 0.8),
        (climate_field(year=2030, single_year=False), "mean", 0.0),
        (ClimateField(1.4, -0.5), "climate", -0.5),
        (even(0.5, 1.0), "file", None),
    ],
)
def test_the_state_says_which_ice_it_is(field: ClimateField | Fake, kind: str, z: float | None) -> None:
    told = ice_state(field, day_of(2030, 9, 20)).to_dict()
    assert (told["date"], told["kind"], told.get("z")) == ("2030-09-20", kind, z)
    assert told["ice"] == field.label and told["sources"] == list(field.sources)
    assert ("warming_c" in told) == (kind != "file")


def test_an_unknown_water_names_the_nearest(september: IceState) -> None:
    with pytest.raises(UsageError, match="laptev_sea"):
        september.area("laptef_sea")
    assert september.area("whole") is september.whole and september.area("nsr") is september.nsr


def test_days() -> None:
    assert day_of(2030, 9, 1) == day_number(datetime(2030, 9, 1, 12, tzinfo=UTC))
    assert day_of(2030, 9) == day_number(datetime(2030, 9, 16, tzinfo=UTC))
    for wrong, said in (((2030, 13), "allowed: 1 to 12"), ((2030, 2, 29), "1 to 28"), ((20, 1), "nearest 1900")):
        with pytest.raises(UsageError, match=said):
            day_of(*wrong)


def test_names_without_brackets() -> None:
    assert plain_name("Long (De Long) Strait") == "Long Strait"
    assert plain_name("Kara Gate (Karskiye Vorota)") == "Kara Gate"
