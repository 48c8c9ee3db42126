"""The map of the ice alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sim.ice.field import IceField, moment_of
from sim.plot.content import MapLine, MapMark, Picture
from sim.plot.ice_layer import IceLayer
from sim.plot.map import check_suffix, save
from sim.study.ice_summary import STRAITS, plain_name

COAST: Final = "Coast: Natural Earth 1:10m (public domain)."


def save_ice_map(
    field: IceField,
    day: float,
    path: Path,
    *,
    title: str = "",
    lines: Sequence[MapLine] = (),
    dpi: int = 150,
) -> None:
    """Write the ice of a field on a day as a polar map, .png, .svg or .pdf, the same bytes each time.

    `day`: days since 1970-01-01 UTC. `lines`: roads to draw over it. Raises UsageError for another suffix or a file
    that cannot be written.
    """
    from sim.geo.passages import PassageTable

    straits = [p for p in PassageTable.load().all if p.id in STRAITS]
    marks = tuple(MapMark(plain_name(p.name), *p.label_at, "passage") for p in straits)
    name = title or f"Sea ice on {moment_of(day):%Y-%m-%d}"
    picture = Picture(name, "", tuple(lines), marks, COAST, IceLayer(field, day, pale=False))
    save(picture, "polar", Path(path), dpi)


__all__ = ["check_suffix", "save_ice_map"]
