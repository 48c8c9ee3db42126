"""The map of where one route is nearer: what it says, that names stand apart, and that its bytes do not change."""

from __future__ import annotations

import csv
import io
import itertools
import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from sim import SeaNetwork
from sim.errors import UsageError
from sim.plot.labels import overlap
from sim.plot.maps.equidistance_map import (
    BLANK,
    BLUE,
    BROWN,
    _subtitle,
    draw_nearer,
    save_nearer,
)
from sim.report.files import json_text
from sim.report.studies import main_ports, nearer_csv, nearer_dict, nearer_text
from sim.study.equidistance import Nearer, nearer


@cache
def field(origin: str) -> Nearer:
    return nearer(SeaNetwork.load(), origin, coarseness=3.0)


@cache
def figure(origin: str) -> Figure:
    return draw_nearer(field(origin))


ORIGINS = ("Rotterdam", "Dalian")


@pytest.mark.slow
@pytest.mark.parametrize("origin", ORIGINS)
def test_every_main_port_stands_with_what_it_saves(origin: str) -> None:
    texts = [t.get_text() for t in figure(origin).texts]
    for port in main_ports(field(origin)):
        assert f"{port.name} {port.saved_nm:+,.0f}" in texts
    assert len(main_ports(field(origin))) >= 15
    assert any(t.startswith(f"From {origin}: where the Northern Sea Route is nearer than Suez") for t in texts)


@pytest.mark.parametrize("origin", ORIGINS)
def test_names_do_not_overlap(origin: str) -> None:
    boxes = [(t.get_text(), t.get_window_extent()) for t in figure(origin).texts if t.get_gid()]
    assert len(boxes) > 15
    for (a, one), (b, other) in itertools.combinations(boxes, 2):
        assert not overlap(one.extents, other.extents), f"{a!r} covers {b!r}"


@pytest.mark.parametrize("origin", ORIGINS)
def test_nothing_stands_off_the_paper(origin: str) -> None:
    drawn = figure(origin)
    for text in drawn.texts:
        x0, y0, x1, y1 = text.get_window_extent().extents
        assert x0 >= 0 and y0 >= 0 and x1 <= drawn.bbox.width and y1 <= drawn.bbox.height, text.get_text()


@pytest.mark.parametrize("origin", ORIGINS)
def test_land_lies_on_the_shades_and_routes_on_land(origin: str) -> None:
    axes = figure(origin).axes[0]
    order = {str(a.get_gid()): a.get_zorder() for a in [*axes.collections, *axes.artists, *axes.patches, *axes.lines]}
    assert order["saved"] < order["equal"] < order["land"] < order["route-0"]


@pytest.mark.parametrize("origin", ORIGINS)
def test_the_line_parts_the_signs_of_the_ports(origin: str) -> None:
    """Ports of both signs are shown, and the line of equal distance runs past the port that is nearest to equal."""
    values = [p.saved_nm for p in main_ports(field(origin))]
    assert min(values) < 0 < max(values)
    axes = figure(origin).axes[0]
    lines = [np.asarray(a.get_xydata()) for a in axes.lines if a.get_gid() == "equal"]
    ends = [np.asarray(a.get_xydata())[-1] for a in axes.lines if str(a.get_gid()).startswith("route-")]
    wide = np.diff(axes.get_xlim())[0]
    away = min(float(np.hypot(*(line - end).T).min()) for line in lines for end in ends)
    assert away < 0.05 * wide


def test_shades_darken_away_from_the_line_and_differ_from_blank_sea() -> None:
    def light(colour: str) -> float:
        return float(np.dot(to_rgb(colour), (0.2126, 0.7152, 0.0722)))

    for shades in (BROWN, BLUE):
        assert all(light(a) > light(b) + 0.03 for a, b in itertools.pairwise(shades))
        assert max(abs(a - b) for a, b in zip(to_rgb(shades[0]), to_rgb(BLANK), strict=True)) > 0.06


def test_two_routes_that_differ_by_thousands_are_not_called_equal() -> None:
    near = field("Dalian")
    b = near.balance
    assert abs(b.saved_nm) < 250
    assert "about equally long" in _subtitle(near)
    assert any(t.get_text() == "equidistance" for t in draw_nearer(near).texts)
    ports = tuple(replace(p, longer_nm=p.longer_nm + 9000) for p in near.ports)
    far = replace(near, saved_nm=near.saved_nm + 9000, ports=ports, balance=replace(b, longer_nm=b.longer_nm + 9000))
    assert "equally" not in _subtitle(far)
    assert f"{b.longer_nm + 9000:,.0f} nm" in _subtitle(far)
    drawn = draw_nearer(far)
    assert not any(t.get_text() == "equidistance" for t in drawn.texts)
    assert not any(line.get_gid() == "equal" for line in drawn.axes[0].lines)


@pytest.mark.parametrize("suffix", [".png", *(pytest.param(s, marks=pytest.mark.slow) for s in (".svg", ".pdf"))])
def test_bytes_are_the_same_each_time(tmp_path: Path, suffix: str) -> None:
    for name in ("a", "b"):
        save_nearer(field("Dalian"), tmp_path / f"{name}{suffix}")
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()
    assert (tmp_path / f"a{suffix}").stat().st_size > 50_000


def test_unknown_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.png, \.svg, \.pdf"):
        save_nearer(field("Dalian"), tmp_path / "map.gif")


@pytest.mark.parametrize("origin", ORIGINS)
def test_text_csv_and_json_agree(origin: str) -> None:
    found = field(origin)
    text = nearer_text(found)
    assert max(len(line) for line in text.splitlines()) <= 100
    document = json.loads(json_text(nearer_dict(found)))
    rows = list(csv.DictReader(io.StringIO(nearer_csv(found))))
    assert len(rows) == len(document["ports"]) == len(found.ports)
    for row, port in zip(rows, document["ports"], strict=True):
        assert float(row["saved_nm"]) == port["saved_nm"]
        assert port["longer_nm"] - port["shorter_nm"] == pytest.approx(port["saved_nm"], abs=0.11)
    assert f"{found.balance.saved_nm:+,.0f}" in text and document["balance"] == found.balance.name
