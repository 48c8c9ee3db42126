"""Straits are open: every passage and every named water has a way through it, and the way taken uses it."""

from __future__ import annotations

import pytest

from geodata.build import waters
from geodata.build.waters import check_effect, narrow_waters, through_gate, without_effect
from sim import SeaNetwork
from sim.geo.passages import PassageTable

NET = SeaNetwork.load()
TABLE = PassageTable.load()
STRAITS = [p.id for p in TABLE.all if p.kind == "strait"]
ROUND_NM = 3.0  # a way round a closed gate is longer by so much at least


def test_every_passage_and_every_named_water_has_an_effect() -> None:
    assert without_effect(NET) == []


@pytest.mark.parametrize("passage", STRAITS)
def test_the_way_from_one_side_of_a_gate_to_the_other_crosses_it(passage: str) -> None:
    one, other = (through_gate(TABLE[passage])[k] for k in (0, -1))
    open_ = NET.route(one, other, via="any")
    assert passage in open_.passages
    closed = NET.route(one, other, via="any", closed=[passage])
    assert passage not in closed.passages
    assert closed.status != "ok" or closed.distance_nm > open_.distance_nm + ROUND_NM


@pytest.mark.parametrize(
    ("start", "stop", "published"),
    [
        ("Naples", "Piraeus", 667), ("Naples", "Taranto", 395), ("Livorno", "Taranto", 634), ("Seattle", "Nome", 2288),
        ("Vancouver", "Dutch Harbor", 1724), ("Piraeus", "Thessaloniki", 259),
        pytest.param("Manila", "Cebu", 404, marks=pytest.mark.xfail(strict=True, reason="6 % too short")),
    ],
)  # fmt: skip
def test_ways_through_straits_that_were_shut(start: str, stop: str, published: float) -> None:
    """NGA Pub. 151; before the law of the width these were 10 to 70 per cent longer."""
    assert NET.route(start, stop).distance_nm == pytest.approx(published, rel=0.05)


def test_a_water_without_effect_ends_the_build(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    over_land = waters.NarrowWater("apennines", "by_width", 8.0, ((11.6, 41.5), (14.8, 43.2)))
    monkeypatch.setattr(waters, "narrow_waters", lambda: [*narrow_waters()[:3], over_land])
    with pytest.raises(SystemExit, match="have no effect"):
        check_effect(NET)
    assert "apennines" in capsys.readouterr().err
