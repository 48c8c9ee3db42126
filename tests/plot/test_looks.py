"""Pictures as they are asked for: lines that never change, text that stays text, labels that stay at their dots."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from sim import SeaNetwork
from sim.cli.options import given_months
from sim.errors import UsageError
from sim.geo.geodesy import NM_PER_RADIAN, angles, vectors
from sim.ice.pathways import climate_field
from sim.plot.charts.calendar_plot import draw_seasons
from sim.plot.figure import picture_bytes
from sim.plot.look import LEAST_IN, MOST_IN, Look
from sim.plot.maps.closeup import MOST_DATES, along, nsr_picture
from sim.plot.maps.map import draw, fitting
from sim.plot.maps.months import draw_months
from sim.plot.maps.picture import MapLine, Picture, closure_text, of_comparison, with_names
from sim.plot.maps.turning import turning_picture
from sim.plot.page.costs import COLOURS
from sim.report.formats.lines import OWN, ROUTES, closed_style, named_routes, styles_of
from sim.scenario.compare import Comparison, run
from sim.scenario.schema import Scenario
from sim.study.ice_summary import day_of
from sim.study.seasons import seasons_of

ROOT = Path(__file__).resolve().parents[2]
RAW: dict[str, Any] = {
    "format": 1, "name": "a-slug-of-a-file", "description": "late autumn, and a canal that closes",
    "voyage": {"from": "Yokohama", "to": "Rotterdam", "depart": "2035-10-25"}, "vessel": {"type": "cont_3600_1a"},
    "alternatives": [{"route": "suez"}, {"route": "cape"}, {"route": "nsr", "escort": "when_needed"}],
    "baseline": "cape", "ice": {}, "costs": {},
    "closures": [
        {"passage": "suez_canal", "from": "2035-11-10"},
        {"passage": "panama_canal", "from": "2035-10-01", "until": "2036-01-01", "ships_per_day": 24,
         "normal_ships_per_day": 36, "arrivals_per_day": 30},
    ],
}  # fmt: skip
SHUT: dict[str, Any] = RAW | {
    "voyage": {"from": "Dalian", "to": "Rotterdam", "depart": "2021-04-01"},
    "alternatives": [{"route": "suez"}, {"route": "cape"}], "closures": [{"passage": "suez_canal"}],
}  # fmt: skip
SHUT = {k: v for k, v in SHUT.items() if k not in ("ice", "costs")}


@cache
def net() -> SeaNetwork:
    return SeaNetwork.load()


@cache
def ran() -> Comparison:
    return run(Scenario.model_validate(RAW), net())


@cache
def shut() -> Picture:
    return of_comparison(run(Scenario.model_validate(SHUT), net()))


@cache
def drawn(name: str) -> Figure:
    """A picture that no test changes."""
    if name == "shut":
        return draw(shut(), "world")
    return getattr(ran().plot, name)()  # type: ignore[no-any-return]


def words(figure: Figure) -> list[str]:
    return [t.get_text() for t in figure.texts]


def away_nm(one: tuple[float, float], line: np.ndarray) -> float:
    return float(angles(vectors(line), vectors(np.array(one))).min() * NM_PER_RADIAN)


def test_the_live_map_draws_the_routes_in_the_same_colours_and_dashes() -> None:
    css = (ROOT / "sim/web/js/src/explore.css").read_text(encoding="utf-8")
    scripts = "".join(p.read_text(encoding="utf-8") for p in sorted((ROOT / "sim/web/js/src").glob("*.js")))
    for name in ("usual", "suez", "cape", "panama", "nsr", "nwp", "transpolar"):
        colour = re.search(rf"--{name}: (#[0-9a-f]{{6}});", css)  # the first is that of the light page
        assert colour is not None and colour[1].casefold() == ROUTES[name].colour.casefold()
        dash = re.search(rf"{name}: {{ dash: \[([^\]]*)\], width: ([\d.]+)", scripts)
        assert dash is not None
        steps = [float(v) / float(dash[2]) for v in dash[1].split(",") if v.strip()]
        own = [] if ROUTES[name].dash == "solid" else list(ROUTES[name].dash[1])
        assert steps == pytest.approx(own, abs=0.06)


def test_a_route_has_one_colour_on_map_profile_and_closeup() -> None:
    for figure in map(drawn, ("map", "nsr", "profile")):
        seen = {
            str(line.get_color()) for axes in figure.axes for line in axes.lines
            if str(line.get_gid()).startswith("route-")
        }  # fmt: skip
        seen |= {str(a.get_color()) for a in figure.artists if isinstance(a, Line2D)}
        assert ROUTES["nsr"].colour in seen
        assert not (seen & {s.colour for n, s in ROUTES.items() if n not in ("suez", "cape", "nsr")})


def test_alternatives_by_one_named_route_have_its_colour_and_dashes_of_their_own() -> None:
    labels, named = ["nsr behind", "nsr alone", "suez", "by Lombok"], ["nsr", "nsr", "suez", "usual"]
    behind, alone, suez, lombok = styles_of(labels, named)
    assert (behind, suez) == (ROUTES["nsr"], ROUTES["suez"])
    assert alone.colour == behind.colour and alone.dash != behind.dash and alone.width > behind.width
    assert lombok.colour not in {s.colour for s in ROUTES.values()}
    assert styles_of(["nsr alone", "nsr"], ["nsr", "nsr"]) == [alone, behind], "the line of its own name comes first"
    assert styles_of(["suez", "suez"]) == [suez, suez]
    told = {"alternatives": [{"route": "a"}, {"route": "b"}]}
    assert named_routes(told) == ["a", "b"]
    assert named_routes(told | {"inputs": {"alternatives": [{"route": "nsr", "name": "a"}, {"route": "cape"}]}}) == [
        "nsr", "cape",
    ]  # fmt: skip


def test_parts_of_the_cost_have_no_colour_of_a_route() -> None:
    assert not set(COLOURS) & {style.colour for style in (*ROUTES.values(), *OWN)}
    assert len(set(COLOURS)) == len(COLOURS)


def test_a_legend_tells_names_and_not_ids() -> None:
    assert shut().lines[0].status == "no feasible route: Suez Canal is closed"
    assert with_names("gibraltar, dover_strait; too deep") == "Strait of Gibraltar, Dover Strait; too deep"


def test_a_ship_that_only_waits_has_no_other_line() -> None:
    waits = SHUT | {
        "voyage": {"from": "Singapore", "to": "Rotterdam", "depart": "2021-03-12"},
        "alternatives": [{"route": "suez"}],
        "closures": [{"passage": "suez_canal", "from": "2021-03-23", "until": "2021-03-29"}],
    }
    picture = turning_picture(run(Scenario.model_validate({k: v for k, v in waits.items() if k != "baseline"}), net()))
    assert "where the ship waits" in picture.title
    assert [line.status for line in picture.lines] == ["ok"]


def test_the_closeup_holds_its_words_and_arrows_and_only_the_routes_that_come_there() -> None:
    figure = drawn("nsr")
    assert [line.label for line in nsr_picture(ran()).lines] == ["nsr"]
    assert not {"suez", "cape"} & set(words(figure))
    axes = figure.axes[0]
    FigureCanvasAgg(figure).draw()
    room = axes.get_window_extent()
    labels = [t for t in figure.texts if str(t.get_gid()).startswith("label-")]
    assert any(": to " in t.get_text() for t in labels)
    for text in labels:
        box = text.get_window_extent()
        assert room.x0 < box.x0 and box.x1 < room.x1 and room.y0 < box.y0 and box.y1 < room.y1, text.get_text()
    arrows = [a for a in figure.artists if isinstance(a, FancyArrowPatch)]
    assert len(arrows) == 2
    for arrow in arrows:
        path = arrow.get_path()
        tip = arrow.get_transform().transform(path.vertices[path.codes != path.CLOSEPOLY])
        assert tip[:, 0].min() > room.x0 - 12 and tip[:, 0].max() < room.x1 + 12


def test_a_closed_route_leads_to_the_gate_and_is_drawn_so() -> None:
    suez = shut().lines[0]
    gate = next(m for m in shut().marks if m.kind == "closed")
    assert suez.status != "ok"
    assert away_nm((gate.lon, gate.lat), suez.lonlat[-1][-1:]) < 60
    figure = drawn("shut")
    lines = [line for line in figure.axes[0].lines if str(line.get_gid()).startswith("shut-")]
    assert {str(line.get_color()) for line in lines} == {ROUTES["suez"].colour}
    assert lines[0].get_linewidth() == closed_style(ROUTES["suez"]).width
    assert "Suez Canal (closed)" in words(figure)


def test_no_dot_is_without_its_name() -> None:
    for picture, name in ((shut(), "shut"), (of_comparison(ran()), "map"), (of_comparison(ran()), "nsr")):
        figure = drawn(name)
        passages = [d for d in figure.axes[0].lines if d.get_marker() == "o" and d.get_markersize() == 4.2]
        names = {m.name for m in picture.marks if m.kind == "passage"}
        assert len(passages) == len(names & set(words(figure))) > 0


def test_a_canal_that_some_ships_pass_is_not_called_closed() -> None:
    marks = {m.name: m for m in of_comparison(ran()).marks}
    assert marks["Panama Canal"].kind == "limited"
    assert marks["Panama Canal"].said == "24 ships a day from 2035-10-01 to 2036-01-01"
    assert marks["Suez Canal"].said == "closed from 2035-11-10"
    assert closure_text({"passage": "a"}) == "closed"


def test_titles_hold_no_slug_of_a_file() -> None:
    for figure in map(drawn, ("map", "nsr", "costs", "profile", "turning")):
        assert not any(RAW["name"] in text for text in words(figure))
        assert any("late autumn" in text or "Suez Canal closed" in text for text in words(figure))


def test_a_polar_map_without_anything_polar_becomes_one_of_the_world() -> None:
    south = Picture("a", "", (MapLine("x", (np.array([[0.0, 10.0], [20.0, 50.0]]),), 1.0, None, "ok"),), (), "")
    chosen, note = fitting(south, "polar")
    assert chosen == "world"
    assert "no route goes north of 60 N (the farthest: 50.0 N)" in note
    assert fitting(south, "auto") == ("world", "")
    assert fitting(of_comparison(ran()), "auto") == ("polar", "")
    assert fitting(of_comparison(ran()), "polar") == ("polar", "")


def test_text_stays_text_in_svg_and_pdf() -> None:
    svg = picture_bytes(lambda: drawn("shut"), ".svg", "t", "d")
    told = {t.text for t in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")}
    assert {"Rotterdam", "Dalian - Rotterdam", "Suez Canal (closed)"} <= told
    pdf = picture_bytes(lambda: drawn("shut"), ".pdf", "t", "d")
    assert b"/CIDFontType2" in pdf
    assert b"/Type3" not in pdf


class Probe(Artist):
    """Notes where a label and a dot are while a figure is saved, in points."""

    def __init__(self, axes: Any, label: Any) -> None:
        super().__init__()
        self.inner, self.label, self.seen = axes, label, []  # type: ignore[var-annotated]
        self.set_zorder(99)

    def draw(self, renderer: Any) -> None:
        dots = [line.get_xydata()[0] for line in self.inner.lines if line.get_marker() == "o"]
        at = self.inner.transData.transform(dots)
        x, y = self.label.get_transform().transform(self.label.get_position())
        scale = 72 / self.label.get_figure().dpi
        self.seen.append(float(np.hypot(*(at - (x, y)).T).min() * scale))


@pytest.mark.parametrize("own_axes", [False, True], ids=["page", "ax"])
def test_labels_stay_at_their_dots_however_a_figure_is_saved(own_axes: bool) -> None:
    if own_axes:
        figure = Figure(figsize=(9, 5), dpi=100)
        FigureCanvasAgg(figure)
        axes = figure.subplots(1, 2, width_ratios=(3, 1))[0]
        draw(shut(), "world", Look(ax=axes))
        inner, texts = axes.child_axes[0], axes.texts
    else:
        figure = draw(shut(), "world")
        inner, texts = figure.axes[0], figure.texts
    probe = Probe(inner, next(t for t in texts if t.get_text() == "Dalian"))
    figure.add_artist(probe)
    for how in ({"dpi": 40}, {"bbox_inches": "tight", "dpi": 70}, {"bbox_inches": "tight", "dpi": 30}):
        figure.savefig(io.BytesIO(), format="png", **how)
    assert max(probe.seen) < 60
    assert np.ptp(probe.seen) < 0.5
    figure.set_size_inches(1.5 * figure.get_size_inches())
    figure.savefig(io.BytesIO(), format="png", bbox_inches="tight", dpi=60)
    assert probe.seen[-1] < 1.6 * probe.seen[0]  # all grows together


@pytest.mark.slow
def test_all_words_of_a_picture_lie_in_the_axes_that_it_is_given() -> None:
    figure = Figure(figsize=(11, 5), dpi=100)
    canvas = FigureCanvasAgg(figure)
    axes = figure.subplots(1, 2)
    for one, plot in zip(axes, (ran().plot.map, ran().plot.costs), strict=True):
        assert plot(ax=one) is figure
    canvas.draw()
    for one in axes:
        room = one.get_window_extent()
        assert len(one.texts) > 4
        for text in one.texts:
            box = text.get_window_extent()
            assert box.x0 > room.x0 - 4 and box.x1 < room.x1 + 4, text.get_text()
            assert box.y0 > room.y0 - 4 and box.y1 < room.y1 + 4, text.get_text()


@pytest.mark.slow
def test_what_is_asked_for_is_drawn() -> None:
    bare = draw(of_comparison(ran()), "polar", Look(title="Mine", size=(9, 6), labels=False, ice=False))
    assert bare.get_size_inches().tolist() == [9.0, 6.0]
    assert "Mine" in words(bare)
    assert not {"Yokohama", "Bering Strait", "KARA SEA", "ice edge, 15 %"} & set(words(bare))
    pacific = draw(of_comparison(ran()), "world", Look(extent=(100, 0, 200, 60)))
    assert "Yokohama" in words(pacific)
    assert "Rotterdam" not in words(pacific)
    centred = draw(shut(), "world", Look(centre_deg=60))
    dots = [line for line in centred.axes[0].lines if line.get_marker() == "o"]
    dalian, rotterdam = (line.get_xdata()[0] for line in dots if line.get_markersize() == 7)
    assert rotterdam < 0 < dalian


@given(st.floats(-50, 90), st.floats(-50, 90))
def test_a_size_is_taken_or_told(width: float, height: float) -> None:
    good = LEAST_IN[0] <= width <= MOST_IN[0] and LEAST_IN[1] <= height <= MOST_IN[1]
    if good:
        assert Look(size=(width, height)).size == (width, height)
    else:
        with pytest.raises(UsageError, match="inches, allowed is"):
            Look(size=(width, height))


def test_other_wrong_looks_are_told() -> None:
    for wrong, said in (
        ({"title": " "}, "title"), ({"centre_deg": 400.0}, "longitude"), ({"extent": (0, 50, 10, 40)}, "south"),
        ({"extent": (0, 10, 200, 40)}, "from west to east"), ({"extent": (0, 0, 9, 9), "centre_deg": 1.0}, "both"),
    ):  # fmt: skip
        with pytest.raises(UsageError, match=said):
            Look(**wrong)  # type: ignore[arg-type]
    for text in ("0", "13", "5-3", "a", "3,3", "", "3-", "June-May", "Mai"):
        with pytest.raises(UsageError, match="--months"):
            given_months(text)
    assert given_months("6-8, 10") == given_months("June-Aug,October") == [6, 7, 8, 10]


def test_dates_lie_on_the_tracks_where_the_ship_is_then() -> None:
    marks = [m for m in nsr_picture(ran()).marks if m.kind == "date"]
    voyage = next(o.voyage for o in ran().outcomes if o.label == "nsr")
    assert voyage is not None
    assert 2 <= len(marks) <= MOST_DATES
    for mark in marks:
        leg = min(voyage.legs, key=lambda leg: away_nm((mark.lon, mark.lat), leg.lonlat[[0, -1]]))
        days = [f"{d.day} {d:%b}" for leg in voyage.legs for d in (leg.start, leg.end)]
        assert mark.said == "nsr"
        assert mark.name.split()[1] in " ".join(days)
        assert leg.hours >= 0


@given(st.floats(0, 1))
def test_along_a_line_shares_of_its_length_are_found(share: float) -> None:
    line = np.array([[170.0, 70.0], [179.0, 71.0], [-170.0, 72.0]])
    at = np.array(along(line, share))
    xyz = vectors(line)
    whole = float(angles(xyz[:-1], xyz[1:]).sum())
    first = float(angles(xyz[0], xyz[1]))
    here = vectors(at)
    gone = float(angles(xyz[0], here)) if share * whole <= first else first + float(angles(xyz[1], here))
    assert gone == pytest.approx(share * whole, abs=1e-6)


def test_the_turn_is_marked_where_the_ship_decides() -> None:
    picture = turning_picture(ran())
    voyage = ran().outcomes[0].voyage
    assert voyage is not None
    turn = next(m for m in picture.marks if m.kind == "turn")
    assert (turn.lon, turn.lat) == voyage.events[0].lonlat
    assert [line.route for line in picture.lines] == ["suez", "suez"]
    assert picture.lines[1].status != "ok"
    assert "Suez Canal closed: on 2035-11-" in picture.subtitle
    assert f"turns to {voyage.events[0].route_name}" in turn.name


def test_months_of_ice_are_panels_with_their_days() -> None:
    days = [day_of(2030, m, None) for m in (3, 9)]
    figure = draw_months(climate_field(year=2030), days)
    assert len(figure.axes) == 2
    assert {"16 March", "16 September", "Sea ice month by month, 2030"} <= set(words(figure))
    white = [any(str(c.get_gid()) == "ice-90" for c in axes.collections) for axes in figure.axes]
    assert white == [True, False]
    for wrong in ([], days * 7):
        with pytest.raises(UsageError, match="allowed are 1 to 12"):
            draw_months(climate_field(year=2030), wrong)


def test_a_notebook_gets_a_light_page_of_a_comparison() -> None:
    page = ran()._repr_html_()
    assert len(page) <= 10_000
    assert "<table" in page and "<svg" in page
    assert ROUTES["nsr"].colour in page
    assert "plot() of Comparison, .calendar(), .costs()" in repr(ran().plot)
    route = net().route("Dalian", "Rotterdam", via="suez")
    assert isinstance(route.plot(name="suez"), Figure)
    assert styles_of(["suez"]) == [ROUTES["suez"]]


def test_seasons_are_those_of_the_ship() -> None:
    table = seasons_of(Scenario.model_validate(RAW), ROOT)
    figure = draw_seasons(table)
    assert table.ice_class in table.classes
    assert table.ship == ran().ship.name
    assert any(table.ship in text for text in words(figure))
    assert sum(str(a.get_gid()) == "own-class" for a in figure.artists) == 2
