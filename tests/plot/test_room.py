"""The stability corridor on a polar map."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.errors import UsageError
from sim.plot.maps.map import draw, metadata
from sim.plot.maps.picture import MapLine, MapMark, Picture
from sim.plot.room import Room

LINE = MapLine("nsr", (np.array([[30.0, 72.0], [80.0, 77.0], [150.0, 74.0]]),), 3000.0, 9.0, "ok")
SQUARE = np.array([[60.0, 74.0], [60.0, 78.0], [100.0, 79.0], [100.0, 75.0], [60.0, 74.0]])
HOLE = np.array([[75.0, 76.0], [85.0, 76.5], [80.0, 77.5], [75.0, 76.0]])
ENDS = MapMark("A", 30.0, 72.0, "port"), MapMark("B", 150.0, 74.0, "port")


def picture(room: Room | None) -> Picture:
    return Picture("A - B", "made up.", (LINE,), ENDS, "made up", room=room)


@pytest.mark.parametrize(("projection", "count"), [("polar", 2), ("world", 0)])
def test_it_is_drawn_and_told_on_a_polar_map_alone(projection: str, count: int) -> None:
    shown = picture(Room(((SQUARE, HOLE),), "Shaded: water."))
    children = draw(shown, projection).axes[0].get_children()
    patches = [a for a in children if a.get_gid() == "corridor"]
    assert len(patches) == count
    assert ("Shaded: water." in metadata(shown, projection)[1]) == (projection == "polar")


def test_no_room_draws_nothing() -> None:
    for room in (None, Room((), "")):
        axes = draw(picture(room), "polar").axes[0]
        assert not [a for a in axes.get_children() if a.get_gid() == "corridor"]


@pytest.mark.parametrize(
    "arguments", [["s.yaml", "--corridor", "nsr"], ["r.json", "--corridor", "nsr", "--projection", "polar"]]
)
def test_what_it_goes_with_is_told(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["map", *arguments])
    assert isinstance(result.exception, UsageError)
    assert "--projection polar" in str(result.exception)
    assert not list(tmp_path.iterdir())
