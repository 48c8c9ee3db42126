"""Ice on maps and in tables: what is drawn and said, and the same bytes twice."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib.colors
import numpy as np
import pytest
from matplotlib.figure import Figure

from sim.errors import UsageError
from sim.geo.drawing import cut_line, densified
from sim.geo.geodesy import Floats
from sim.ice.climate import ClimateField
from sim.ice.field import FieldKind, day_number, moment_of
from sim.ice.pathways import climate_field
from sim.plot.maps.ice_map import PALE_SHADES, PALE_WATER, SHADES, WARNING, WATER, IceLayer
from sim.plot.maps.map import MapLine, MapMark, Picture, draw, save
from sim.plot.maps.picture import ice_day, ice_layer, of_comparison
from sim.plot.maps.projection import Kind
from sim.plot.results import save_ice_map
from sim.report.studies import ice_text
from sim.scenario.compare import Comparison, run
from sim.scenario.schema import Scenario
from sim.study.ice_summary import day_of, ice_state
from sim.voyage.voyage import Block, Cause, Voyage, VoyageLeg

SEPTEMBER = day_of(2030, 9)
ROUTE = MapLine(
    "NSR", tuple(cut_line(densified(np.array([[40.0, 72.0], [104.0, 77.9], [-169.0, 66.0]])))), 3000, 12, "ok"
)
PICTURE = Picture("Kara", "A voyage.", (ROUTE,), (MapMark("Bering Strait", -169, 66, "passage"),), "Coast: NE.")


def field() -> ClimateField:
    return climate_field(year=2030)


class Half:
    """Ice of 80 % where the longitude is above 0, without a thickness; nothing known south of 60 N."""

    kind: FieldKind = "file"
    label = "half"
    sources: tuple[str, ...] = ("nowhere",)

    def sampler(self, lonlat: Floats) -> Half:
        assert np.abs(lonlat[:, 0]).max() <= 180
        bound = Half()
        bound.at = lonlat  # type: ignore[attr-defined]
        return bound

    def on(self, day: Floats | float) -> tuple[Floats, Floats]:
        lon, lat = self.at.T  # type: ignore[attr-defined]
        sic = np.where(lon > 0, 0.8, 0.0)
        return np.where(lat < 60, np.nan, sic), np.full(len(lat), np.nan)


@cache
def september(kind: Kind = "polar") -> Figure:
    """The picture with the ice of a September; drawn once."""
    return draw(replace(PICTURE, ice=IceLayer(field(), SEPTEMBER)), kind)


@cache
def half() -> Figure:
    return draw(replace(PICTURE, ice=IceLayer(Half(), SEPTEMBER)), "polar")


def gids(figure: Figure) -> set[str]:
    things: list[Any] = [*figure.texts, *figure.axes[0].collections]
    return {str(g) for thing in things if (g := thing.get_gid())}


def texts(figure: Figure) -> str:
    return " ".join(t.get_text() for t in figure.texts)


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_a_map_is_written_with_the_same_bytes_twice(tmp_path: Path, suffix: str) -> None:
    one, two = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    save_ice_map(field(), SEPTEMBER, one, dpi=50)
    save_ice_map(field(), SEPTEMBER, two, dpi=50)
    assert one.read_bytes() == two.read_bytes()
    assert one.stat().st_size > 10_000
    if suffix == ".png":
        save_ice_map(field(), day_of(2030, 3), two, dpi=50)
        assert one.read_bytes() != two.read_bytes()


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"allowed suffixes are \.png, \.svg, \.pdf"):
        save_ice_map(field(), SEPTEMBER, tmp_path / "ice.gif")
    with pytest.raises(UsageError, match="folder"):
        save_ice_map(field(), SEPTEMBER, tmp_path / "none" / "ice.png")
    assert not list(tmp_path.iterdir())


def test_ice_is_drawn_only_where_there_is_ice() -> None:
    layer = IceLayer(field(), SEPTEMBER, pale=False)
    polar = gids(draw(replace(PICTURE, ice=layer), "polar"))
    assert {"ice-edge", "ice-15", "ice-legend"} <= polar
    assert not any(g.startswith(("ice-", "thickness-")) for g in gids(draw(PICTURE, "polar")))
    assert not any(g.startswith(("ice-", "thickness-")) for g in gids(september("world")))
    none = IceLayer(ClimateField(5.0, -6.0), SEPTEMBER)
    assert gids(draw(replace(PICTURE, ice=none), "polar")) & {"ice-edge", "ice-15", "ice-90"} == set()


def test_thickness_is_left_out_beneath_routes() -> None:
    march = day_of(2012, 3)
    full = gids(draw(replace(PICTURE, ice=IceLayer(field(), march, pale=False)), "polar"))
    assert {"thickness-1", "thickness-2"} <= full
    beneath = gids(draw(replace(PICTURE, ice=IceLayer(field(), march)), "polar"))
    assert not any(g.startswith("thickness") for g in beneath)


def test_a_map_says_which_ice_it_shows_and_what_it_is_not() -> None:
    told = re.sub(r"\s+", " ", texts(september()))
    assert WARNING in told and "16 September 2030" in told and "SSP2-4.5" in told and "z = +0.80" in told
    assert "PIOMAS" in told and "Coast: NE." in told and "A voyage." in told
    bare = texts(september("world"))
    assert WARNING not in bare and "SSP2-4.5" not in bare


def test_the_date_is_in_the_description_of_a_file(tmp_path: Path) -> None:
    out = tmp_path / "ice.svg"
    save(replace(PICTURE, ice=IceLayer(field(), SEPTEMBER)), "polar", out)
    assert "16 September 2030" in out.read_text(encoding="utf-8").split("</metadata>")[0]


def test_what_is_not_known_is_not_water() -> None:
    assert "unknown" in texts(half()) and "unknown" not in texts(september())


def test_the_edge_lies_where_the_field_has_15_percent_also_across_180_and_the_pole() -> None:
    edge = next(c for c in half().axes[0].collections if c.get_gid() == "ice-edge")
    paths: Any = edge.get_paths()
    points = np.vstack([p.vertices for p in paths])
    # Ice east of 0 up to 180: its edge is one line through the pole, and there is no other.
    reach = np.hypot(*points.T)
    assert reach.min() < 40_000 and reach.max() > 3e6
    angle = np.arctan2(points[:, 1], points[:, 0])[reach > 200_000]
    spread = np.abs(np.exp(2j * angle).mean())
    assert spread > 0.99


@pytest.mark.parametrize("colours", [(WATER, *SHADES), (PALE_WATER, *PALE_SHADES)])
def test_shades_grow_lighter_in_even_steps_of_one_hue(colours: tuple[str, ...]) -> None:
    rgb = np.array([matplotlib.colors.to_rgb(c) for c in colours])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    lightness = 116 * np.cbrt(linear @ [0.2126, 0.7152, 0.0722]) - 16
    steps = np.diff(lightness)
    assert steps.min() > 2.0 and steps.max() < 1.6 * steps.min()
    assert (np.diff(rgb, axis=1) >= 0).all()  # red below green below blue: blue at every step, and white at last


def test_the_legend_covers_no_text() -> None:
    entries = tuple(replace(ROUTE, label=f"route {k}", status="closed by ice " * 6, lonlat=()) for k in range(9))
    layer = IceLayer(field(), SEPTEMBER)
    others = [draw(replace(PICTURE, lines=lines, ice=layer), "polar") for lines in ((), (ROUTE, *entries[:3]))]
    for figure in (september(), *others):
        renderer: Any = figure.canvas
        boxes = [t.get_window_extent(renderer.get_renderer()) for t in figure.texts if t.get_position()[0] < 260]
        for k, box in enumerate(boxes):
            assert not any(box.shrunk(0.98, 0.7).overlaps(other.shrunk(0.98, 0.7)) for other in boxes[k + 1 :])
        assert "ice-legend" in gids(figure)
    full = draw(replace(PICTURE, lines=(ROUTE, *entries), ice=layer), "polar")
    assert "ice-legend" not in gids(full)


def leg(start_h: float, hours: float, nm: float, concentration: float, lonlat: list[list[float]]) -> VoyageLeg:
    depart = datetime(2030, 9, 1, tzinfo=UTC)
    values: dict[str, Any] = dict.fromkeys(VoyageLeg.__dataclass_fields__)
    begin = depart + timedelta(hours=start_h)
    values |= {
        "start": begin,
        "end": begin + timedelta(hours=hours),
        "lonlat": np.array(lonlat),
        "distance_nm": nm,
        "sailed_nm": nm,
    }
    return VoyageLeg(**values | {"concentration": concentration})


def voyage(*legs: VoyageLeg, blocked: Block | None = None) -> Voyage:
    return Voyage(9, 9, 0, 0, {}, legs[0].start, legs[-1].end, legs, blocked=blocked)


def test_the_day_of_the_ice_is_that_of_the_leg_with_most_of_it() -> None:
    south, kara = [[3.0, 55.0], [3.0, 60.0]], [[75.0, 75.0], [80.0, 76.0]]
    icy = voyage(leg(0, 48, 500, 0.0, south), leg(48, 24, 100, 0.5, kara), leg(72, 24, 10, 0.9, kara))
    assert moment_of(ice_day(icy) or 0) == datetime(2030, 9, 3, 12, tzinfo=UTC)
    open_ = voyage(leg(0, 48, 500, 0.0, south), leg(48, 24, 100, 0.0, kara))
    assert moment_of(ice_day(open_) or 0) == datetime(2030, 9, 3, tzinfo=UTC)
    assert ice_day(voyage(leg(0, 48, 500, 0.0, south))) is None
    stop = Block(Cause.BESET, "kara_sea", 75.0, 75.0, datetime(2030, 9, 5, tzinfo=UTC))
    assert ice_day(voyage(leg(0, 48, 500, 0.0, south), blocked=stop)) == day_number(stop.moment)


@pytest.fixture(scope="module")
def compared() -> Comparison:
    from sim import SeaNetwork

    data = {
        "format": 1, "name": "ice", "description": "A voyage in July",
        "voyage": {"from": "Murmansk", "to": "Rudong", "depart": "2025-07-05"},
        "vessel": {"type": "mpp_19k_1a", "ice_class": "Arc5"},
        "alternatives": [{"route": "suez"}, {"route": "nsr"}], "baseline": "suez",
        "ice": {"escort": "when_needed"},
    }  # fmt: skip
    return run(Scenario.model_validate(data), SeaNetwork.load())


def test_a_scenario_with_ice_shows_the_ice_of_its_own_voyage(compared: Comparison) -> None:
    layer = ice_layer(compared)
    assert layer is not None
    assert compared.ice.startswith(layer.field.label + "; ")  # the line of the run adds who leads the convoys
    north = compared.outcomes[1].voyage
    assert north is not None
    assert day_number(north.depart) < layer.day < day_number(north.arrive)
    assert of_comparison(compared).ice is not None


def test_a_scenario_without_ice_has_none(compared: Comparison) -> None:
    without = replace(compared, scenario=compared.scenario.model_copy(update={"ice": None}))
    assert ice_layer(without) is None
    assert of_comparison(without).ice is None
    south = replace(compared, outcomes=compared.outcomes[:1])
    assert ice_layer(south) is None


def test_the_table_fits_and_says_what_it_is() -> None:
    for state in (ice_state(field(), SEPTEMBER), ice_state(field(), day_of(2030, 3)), ice_state(Half(), SEPTEMBER)):
        told = ice_text(state)
        assert max(len(line) for line in told.splitlines()) <= 100
        for area in (*state.seas, *state.straits):
            assert area.name[:40] in told
        assert state.date in told and WARNING in told and state.sources[0].split()[0] in told
    assert "unknown" in told and "?" in told  # the last of them has no thickness, and gaps
    assert "unknown" not in ice_text(ice_state(field(), SEPTEMBER))


def test_the_table_speaks_of_the_typical_year_only_where_it_is_one() -> None:
    assert "local blockages" in ice_text(ice_state(field(), SEPTEMBER))
    assert "local blockages" not in ice_text(ice_state(climate_field(year=2030, single_year=False), SEPTEMBER))
