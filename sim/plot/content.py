"""What a map shows: roads, marks, and ice beneath them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.plot.ice_layer import IceLayer


@dataclass(frozen=True)
class MapLine:
    """One road."""

    label: str
    lonlat: tuple[np.ndarray, ...]  # pieces (n, 2) of lon, lat degrees, densified and cut at 180
    distance_nm: float | None
    days: float | None  # None: not modelled
    status: str  # "ok" or a short reason; a road that is not ok has no pieces and is struck out in the legend


@dataclass(frozen=True)
class MapMark:
    """A named place: "port", "passage", or "closed" for a closed passage."""

    name: str
    lon: float
    lat: float
    kind: str


@dataclass(frozen=True)
class Picture:
    """What a map shows."""

    title: str
    subtitle: str
    lines: tuple[MapLine, ...]
    marks: tuple[MapMark, ...]
    source: str
    ice: IceLayer | None = None  # drawn beneath the land of a polar map
