"""The page: whole however it is saved, and with names in any script drawn or told."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from PIL import Image

from sim import SeaNetwork
from sim.errors import NameNotDrawn
from sim.plot import figure as pages
from sim.plot import results
from sim.plot.maps.picture import of_comparison, of_document
from sim.plot.paper import Paper, frame_below
from sim.report.comparison import stored_dict
from sim.scenario.compare import Comparison, run
from sim.scenario.schema import Scenario
from sim.study.breakeven import BreakEven
from sim.study.ice_summary import day_of, ice_state
from sim.study.seasons import seasons

CHINESE = "上海 port"


@cache
def network() -> SeaNetwork:
    return SeaNetwork.load()


@cache
def compared() -> Comparison:
    raw: dict[str, Any] = {
        "format": 1,
        "name": "small",
        "description": "one route and one that is closed",
        "voyage": {"from": "Busan", "to": "Yokohama", "depart": "2025-08-15"},
        "vessel": {"speed_kn": 14},
        "alternatives": [{"route": "usual"}, {"route": "cape"}],
        "closures": [{"passage": "cape_of_good_hope"}],
    }
    return run(Scenario.model_validate(raw), network())


@cache
def page() -> Figure:
    return results.plot(seasons(classes=("Ice1", "Arc4"), decades=("2020s", "2050s")))


def pixels(figure: Figure, **how: Any) -> np.ndarray:
    out = io.BytesIO()
    figure.canvas.print_figure(out, format="png", **how)
    return np.array(Image.open(out))


@pytest.fixture
def _fresh() -> Iterator[None]:
    """Nothing remembered of fonts, neither before nor after."""
    kept = (pages.drawable, pages.tell_gap, pages.installed, pages._family_with)
    for one in kept:
        one.cache_clear()
    yield
    for one in kept:
        one.cache_clear()


@pytest.mark.parametrize("draw", [page, lambda: results.plot(compared())], ids=["seasons", "map"])
def test_a_tight_box_changes_no_pixel(draw: Any) -> None:
    whole, tight = pixels(draw()), pixels(draw(), bbox_inches="tight")
    assert whole.shape == (1125, 1800, 4)
    assert np.array_equal(whole, tight)
    with matplotlib.rc_context({"savefig.bbox": "tight"}):
        assert np.array_equal(whole, pixels(draw()))
    assert draw().axes  # a notebook shows no figure without


def test_another_canvas_adds_a_margin_and_moves_nothing() -> None:
    figure = results.plot(seasons(classes=("Arc4",), decades=("2020s",)))
    whole = pixels(figure)
    FigureCanvasAgg(figure)
    with matplotlib.rc_context({"text.hinting": "none"}):  # as a page is drawn by its own canvas
        padded = pixels(figure, bbox_inches="tight")
    rim = (padded.shape[0] - whole.shape[0]) // 2
    assert rim > 0
    assert np.array_equal(padded[rim:-rim, rim:-rim], whole)


def test_a_page_shows_itself_without_a_backend() -> None:
    shown = Image.open(io.BytesIO(page()._repr_png_()))  # type: ignore[attr-defined]
    assert shown.size == (1152, 720)


@pytest.mark.usefixtures("_fresh")
def test_a_name_that_no_font_has_is_replaced_and_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "installed", lambda: ())
    with pytest.warns(NameNotDrawn, match="上海 port.*no installed font has 上海") as told:
        written = [Paper().text(0, 0, CHINESE, 9) for _ in range(2)]
    assert [t.get_text() for t in written] == ["?? port"] * 2
    assert len(told) == 1
    assert pages.drawable(CHINESE) == ("?? port", ("DejaVu Sans",), "上海")
    assert pages.drawable("Ａbo") == ("Abo", ("DejaVu Sans",), "")  # noqa: RUF001  a wide A has a plain form
    for name in ("Göteborg", "Салехард", "Ηράκλειο", "دبي", "−7 °C …"):  # noqa: RUF001
        assert pages.drawable(name) == (name, ("DejaVu Sans",), "")


@pytest.mark.usefixtures("_fresh")
def test_no_box_is_drawn_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "installed", lambda: ())
    paper = Paper()
    with pytest.warns(NameNotDrawn):
        frame_below(paper, CHINESE, "มหาสมุทร", "", ())
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of a missing glyph
        pixels(paper.figure)
    assert "?? port" in [t.get_text() for t in paper.figure.texts]


def own_font(path: Path, characters: str) -> None:
    """A font with a square for each of these characters."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    names = [".notdef", *(f"c{ord(c):x}" for c in characters)]
    pen = TTGlyphPen(None)
    for k, point in enumerate([(100, 0), (100, 700), (800, 700), (800, 0)]):
        (pen.lineTo if k else pen.moveTo)(point)
    pen.closePath()
    square = pen.glyph()
    made = FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder(names)
    made.setupCharacterMap({ord(c): f"c{ord(c):x}" for c in characters})
    made.setupGlyf(dict.fromkeys(names, square))
    made.setupHorizontalMetrics(dict.fromkeys(names, (900, 100)))
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({"familyName": "Northabout Squares", "styleName": "Regular"})
    made.setupOS2(usWeightClass=400)
    made.setupPost()
    made.save(path)


@pytest.mark.usefixtures("_fresh")
def test_an_installed_font_lends_its_letters(tmp_path: Path) -> None:
    own_font(tmp_path / "squares.ttf", "上海")
    before = list(fontManager.ttflist)
    fontManager.addfont(tmp_path / "squares.ttf")
    try:
        assert pages.drawable(CHINESE) == (CHINESE, ("DejaVu Sans", "Northabout Squares"), "")
        paper = Paper()
        wide = paper.size(CHINESE, 20)[0]
        frame_below(paper, CHINESE, "", "", ())
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            drawn = pixels(paper.figure)
        assert wide == pytest.approx(2 * 18 + paper.size(" port", 20)[0], abs=2)  # two squares of 0.9 em
        assert (drawn[:120, :200, 0] < 128).sum() > 1000
    finally:
        fontManager.ttflist[:] = before


def test_a_stored_result_and_its_scenario_give_one_picture() -> None:
    stored = of_document(json.loads(json.dumps(stored_dict(compared()))))
    fresh = of_comparison(compared())
    assert (stored.title, stored.source, stored.ice) == (fresh.title, fresh.source, None)
    assert [(x.label, x.status, x.distance_nm, x.days) for x in stored.lines] == [
        (x.label, x.status, x.distance_nm, x.days) for x in fresh.lines
    ]
    for a, b in zip(stored.lines, fresh.lines, strict=True):
        assert all(np.array_equal(p, q) for p, q in zip(a.lonlat, b.lonlat, strict=True))
    assert [(m.name, m.kind) for m in stored.marks] == [(m.name, m.kind) for m in fresh.marks]
    assert fresh.subtitle.startswith(stored.subtitle[:-1])


def test_plot_draws_a_route_and_the_ice_and_refuses_the_rest() -> None:
    from sim.ice.pathways import climate_field

    route = results.plot(network().route("Dalian", "Rotterdam", via="nsr"), projection="polar")
    texts = [t.get_text() for t in route.texts]
    assert any(t.startswith("7,") and t.endswith(" nm") for t in texts)
    state = ice_state(climate_field(year=2030), day_of(2030, 9))
    assert any("2030-09-16" in t.get_text() for t in results.plot(state).texts)
    with pytest.raises(TypeError, match="BreakEven has no picture"):
        results.plot(BreakEven("k", "cost", "a", "b", 0.0, 1.0, (), ()))
