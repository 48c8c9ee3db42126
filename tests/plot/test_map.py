"""Maps: what is drawn, where it is written, and that nothing streaks or overlaps."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely
from matplotlib.figure import Figure

from sim.errors import UsageError
from sim.geo.drawing import cut_line, densified
from sim.plot.labels import Board, Wanted, overlap, place
from sim.plot.maps.coast import land_on
from sim.plot.maps.map import PROJECTIONS, SUFFIXES, MapLine, MapMark, Picture, draw, save
from sim.plot.maps.projection import best_meridian, bring, choose_sheet, joined
from sim.plot.paper import Paper, clean
from sim.report.formats.lines import OWN, ROUTES, styles_of

EAST = [(121.65, 38.92), (122.5, 36.9), (122.9, 30.5), (118.5, 22.5), (110, 10), (104.5, 1.4)]
WEST = [(-6, 48.6), (1.5, 51), (4, 52)]
SUEZ = [*EAST, (100.5, 3.2), (95, 6), (80, 5.7), (51.5, 12), (45, 12.2), (43.3, 12.6), (33.9, 27.5), (32.5, 29.9)]
SUEZ += [(32.3, 31.3), (15, 35.5), (-5.6, 36), (-9.5, 37), *WEST]
CAPE = [*EAST, (105, -6), (40, -31), (20, -35), (-17.5, 15), (-9.7, 39), *WEST]
NORTH = [(121.65, 38.92), (129, 34.6), (140.5, 41.4), (158, 51), (171, 60), (-169, 66)]
NSR = [*NORTH, (178, 70), (140, 74.5), (104, 77.9), (68, 77), (20, 72), (3, 61), (4, 52)]
POLE = [*NORTH, (-169, 80), (11, 90), (11, 80), (3, 61), (4, 52)]
PASSAGES = (
    ("Malacca Strait", 101, 2.8),
    ("Suez Canal", 32.5, 30.2),
    ("Bab-el-Mandeb", 43.3, 12.6),
    ("Gibraltar", -5.6, 36),
    ("Cape of Good Hope", 18.5, -34.6),
    ("Bering Strait", -169, 66),
    ("Vilkitsky Strait", 104, 77.9),
    ("Sannikov Strait", 140, 74.5),
    ("Cape Zhelaniya", 68.6, 77),
    ("Sunda Strait", 105.2, -6),
)
PORTS = (MapMark("Dalian", 121.65, 38.92, "port"), MapMark("Rotterdam", 4.05, 51.98, "port"))


def route(label: str, corners: list[tuple[float, float]], miles: float, days: float | None) -> MapLine:
    return MapLine(label, tuple(cut_line(densified(np.array(corners, dtype=float)))), miles, days, "ok")


REFERENCE = Picture(
    "Dalian-Rotterdam: three sea routes",
    "16 kn",
    (route("Suez", SUEZ, 10926, 35.8), route("Cape", CAPE, 14087, 44.1), route("NSR", NSR, 8043, None)),
    (*PORTS, *(MapMark(n, x, y, "passage") for n, x, y in PASSAGES)),
    "Land: Natural Earth 1:10m",
)
CLOSED = replace(
    REFERENCE,
    lines=(
        MapLine("Suez", (), None, None, "blockade until June"),
        *REFERENCE.lines[1:],
        route("Pole", POLE, 7400, 30.0),
    ),
    marks=tuple(replace(m, kind="closed") if m.name == "Suez Canal" else m for m in REFERENCE.marks),
)
PACIFIC = Picture("a", "b", (route("Great circle", [(139.7, 34.8), (-120.6, 34.3)], 4700, None),), (), "c")
SHORT = Picture(
    "Rotterdam-Hamburg",
    "",
    (route("Coast", [(4, 52), (4.2, 53.3), (6, 53.9), (8, 54.05), (8.7, 53.9), (9.9, 53.55)], 305, 0.9),),
    (PORTS[1], MapMark("Hamburg", 9.93, 53.54, "port")),
    "",
)
PICTURES = {"reference": REFERENCE, "closed": CLOSED, "pacific": PACIFIC, "short": SHORT}
CASES = list(itertools.product(PICTURES, PROJECTIONS))


@cache
def figure(name: str, projection: str) -> Figure:
    return draw(PICTURES[name], projection)


def texts(drawn: Figure) -> list[str]:
    return [t.get_text() for t in drawn.texts]


def drawn_routes(drawn: Figure) -> list[np.ndarray]:
    return [np.asarray(line.get_xydata()) for line in drawn.axes[0].lines if str(line.get_gid()).startswith("route-")]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_file_is_written_whole_and_the_same_each_time(tmp_path: Path, suffix: str) -> None:
    first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix.upper()}"
    save(SHORT, "world", first)
    save(SHORT, "world", second)
    assert first.stat().st_size > 10_000
    assert first.read_bytes() == second.read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == [first.name, second.name]


def test_polar_map_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        save(SHORT, "polar", tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    assert (tmp_path / "a.svg").stat().st_size > 100_000


def test_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(self: Figure, target: object, **_: object) -> None:
        if hasattr(target, "write"):
            target.write(b"half")
        else:
            Path(str(target)).write_bytes(b"half")
        raise OSError("disk full")

    out = tmp_path / "map.png"
    out.write_bytes(b"old")
    monkeypatch.setattr(Figure, "savefig", half)
    with pytest.raises(OSError, match="disk full"):
        save(SHORT, "world", out)
    assert [p.name for p in tmp_path.iterdir()] == ["map.png"]
    assert out.read_bytes() == b"old"


@pytest.mark.parametrize("name", ["map.gif", "map", "map.svg.txt"])
def test_unknown_suffix_names_those_allowed(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"\.png, \.svg, \.pdf"):
        save(SHORT, "world", tmp_path / name)


def test_unknown_projection_names_those_allowed(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"did you mean polar.*polar, world"):
        save(SHORT, "poler", tmp_path / "map.png")


def test_missing_folder_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="folder"):
        save(SHORT, "world", tmp_path / "none" / "map.png")


@pytest.mark.parametrize(("name", "projection"), CASES)
def test_labels_do_not_overlap(name: str, projection: str) -> None:
    drawn = figure(name, projection)
    boxes = [(t.get_text(), t.get_window_extent()) for t in drawn.texts if t.get_gid()]
    for (a, one), (b, other) in itertools.combinations(boxes, 2):
        assert not overlap(one.extents, other.extents), f"{a!r} covers {b!r}"


@pytest.mark.parametrize(("name", "projection"), CASES)
def test_all_text_is_on_paper(name: str, projection: str) -> None:
    drawn = figure(name, projection)
    for text in drawn.texts:
        box = text.get_window_extent()
        assert box.x0 > 0, text
        assert box.y0 > 0, text
        assert box.x1 < drawn.bbox.width, text
        assert box.y1 < drawn.bbox.height, text


@pytest.mark.parametrize(("name", "projection"), CASES)
def test_no_route_streaks_across_the_map(name: str, projection: str) -> None:
    drawn = figure(name, projection)
    left, right = drawn.axes[0].get_xlim()
    routes = drawn_routes(drawn)
    assert routes
    for xy in routes:
        assert np.isfinite(xy).all()
        # 30 nm is 0.3 % of a polar map of this size, and of a regional one a tenth of it.
        limit = 0.03 if name != "short" or projection == "polar" else 0.15
        assert np.hypot(*np.diff(xy, axis=0).T).max() < limit * (right - left)


@pytest.mark.parametrize("projection", PROJECTIONS)
def test_ports_and_closed_passages_are_always_named(projection: str) -> None:
    shown = texts(figure("closed", projection))
    assert {"Dalian", "Rotterdam", "Suez Canal (closed)"} <= set(shown)


def test_legend_gives_miles_and_days_and_why_a_route_is_closed() -> None:
    assert "10,926 nm   35.8 d" in texts(figure("reference", "world"))
    assert "8,043 nm" in texts(figure("reference", "world"))
    for projection in PROJECTIONS:
        assert "closed: blockade until June" in texts(figure("closed", projection))


def test_routes_that_leave_a_polar_map_say_where_they_go() -> None:
    shown = " ".join(texts(figure("reference", "polar"))).replace("\n", " ")
    assert "Suez: to Malacca Strait" in shown
    assert "Cape: to Sunda Strait" in shown
    assert "Cape: to Cape of Good Hope" in shown
    assert "NSR: to" not in shown


def test_marks_of_mathematics_and_xml_stay_text(tmp_path: Path) -> None:
    odd = 'Port $x_1$ <b> & "q" \\frac{\x07\n'
    line = replace(SHORT.lines[0], label=odd)
    marks = (*SHORT.marks, MapMark(odd, 7.0, 54.3, "passage"), MapMark(odd, 5.0, 53.0, "closed"))
    picture = Picture(odd, odd, (line,), marks, odd)
    for projection in PROJECTIONS:
        drawn = draw(picture, projection)
        assert not any(t.get_parse_math() for t in drawn.texts)
        assert any('$x_1$ <b> & "q" \\frac{' in t for t in texts(drawn))
    save(picture, "world", tmp_path / "map.svg")
    root = ET.parse(tmp_path / "map.svg").getroot()
    title = next(e for e in root.iter() if e.tag.endswith("/elements/1.1/}title"))
    assert title.text == clean(odd)


def test_empty_picture_and_long_texts_are_drawn() -> None:
    nothing = Picture("", "", (), (), "")
    endless = replace(SHORT, title="word " * 200, subtitle="x" * 3000, source="y" * 3000, lines=SHORT.lines * 14)
    draw(nothing, "world")
    for projection in PROJECTIONS:
        draw(endless, projection)


def test_world_map_turns_so_that_no_route_is_cut() -> None:
    routes = [piece for line in REFERENCE.lines for piece in joined(line.lonlat)]
    assert len(routes) == 3
    assert 50 <= best_meridian(routes, np.vstack(routes)) <= 95
    sheet = choose_sheet("world", routes, np.zeros((0, 2)), 1.8)
    assert [len(bring(sheet, piece).pieces) for piece in routes] == [1, 1, 1]


def test_route_over_the_pole_is_one_piece_on_a_polar_map_and_two_on_a_world_map() -> None:
    (piece,) = joined(route("Pole", POLE, 1, None).lonlat)
    for projection, count in (("polar", 1), ("world", 2)):
        sheet = choose_sheet(projection, [piece], np.zeros((0, 2)), 1.8)
        assert len(bring(sheet, piece).pieces) == count


def test_polar_map_has_the_ports_in_its_lower_half() -> None:
    routes = [piece for line in REFERENCE.lines for piece in joined(line.lonlat)]
    ports = np.array([(m.lon, m.lat) for m in PORTS])
    sheet = choose_sheet("polar", routes, ports, 1.0)
    at = sheet.project(ports)
    assert (at[:, 1] < 0).all()
    assert sheet.inside(at).all()


def test_short_routes_are_drawn_in_a_window() -> None:
    (piece,) = joined(SHORT.lines[0].lonlat)
    sheet = choose_sheet("world", [piece], np.zeros((0, 2)), 1.8)
    assert sheet.kind == "region"
    assert sheet.width < 2_000_000
    assert sheet.inside(sheet.project(piece)).all()


@pytest.mark.parametrize("projection", PROJECTIONS)
def test_land_has_no_seam_at_180_degrees(projection: str) -> None:
    (piece,) = joined(PACIFIC.lines[0].lonlat)
    sheet = choose_sheet(projection, [piece], np.zeros((0, 2)), 1.8)
    land = land_on(sheet)
    assert all(p.is_valid for p in land)
    inland = np.array([[180.0, 67.5], [180.0, 71.2]])  # Chukotka and Wrangel Island
    for x, y in sheet.project(inland):
        spot = shapely.Point(x, y).buffer(2_000)
        assert any(p.contains(spot) for p in land)
    # The area of Chukotka's whole continent, not of its parts.
    widest = max(land, key=lambda p: p.area)
    assert widest.contains(shapely.Point(*sheet.project(np.array([[-172.0, 66.5]]))[0]))


def lightness(colour: str) -> float:
    """CIE L*."""
    rgb = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return float(116 * np.dot([0.2126, 0.7152, 0.0722], linear) ** (1 / 3) - 16)


def test_no_two_lines_look_alike_in_grey() -> None:
    every = [*ROUTES.values(), *OWN]
    assert len({s.colour for s in every}) == len(every)
    for a, b in itertools.combinations(every, 2):
        assert a.dash != b.dash or abs(lightness(a.colour) - lightness(b.colour)) > 7, (a, b)


def test_a_named_route_has_its_line_wherever_it_stands() -> None:
    names = list(ROUTES)
    for order in (names, names[::-1], ["mine", *names, "yours"]):
        styled = dict(zip(order, styles_of(order), strict=True))
        assert {n: styled[n] for n in names} == ROUTES
    assert styles_of(["mine", "Suez"]) == [OWN[0], ROUTES["suez"]]
    assert len(set(map(str, styles_of(["a", "b", "c", "d", "e"])))) == 5


def test_labels_that_need_not_be_shown_drop_out_where_there_is_no_room() -> None:
    board = Board((0.0, 0.0, 60.0, 30.0), marks=np.array([[30.0, 15.0], [31.0, 15.0]]))
    must = Wanted("port", (30.0, 15.0), (40.0, 12.0), must=True)
    may = Wanted("strait", (31.0, 15.0), (50.0, 14.0))
    assert [p.wanted.key for p in place([must, may], board)] == ["port"]


def test_text_breaks_at_spaces_and_hyphens() -> None:
    paper = Paper()
    assert paper.broken("Rotterdam-Hamburg via Kiel", 60, 10) == ["Rotterdam-", "Hamburg", "via Kiel"]
    assert "".join(paper.broken("x" * 40, 60, 10)) == "x" * 40
    assert paper.elided("A long name", 30, 10).endswith("…")
