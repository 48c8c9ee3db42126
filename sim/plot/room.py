"""The stability corridor on a polar map: shaded water beneath the land and the routes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.geo.geodesy import Floats
from sim.plot.maps.projection import Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import Patch

    from sim.study.sailing.stability import StabilityCorridor

FILL: Final = "#8E3B8E"
EDGE: Final = "#5B1A5B"


@dataclass(frozen=True)
class Room:
    """Water to shade: polygons, of each the outer ring (n, 2) of lon, lat degrees and its holes; `caption` tells what
    it is."""

    polygons: tuple[tuple[Floats, ...], ...]
    caption: str


def room_of(corridor: StabilityCorridor) -> Room:
    """A corridor as it is drawn."""
    days = f"{corridor.allowance_days:g} day{'' if corridor.allowance_days == 1 else 's'}"
    told = f"Shaded: water within {days} of the best by {corridor.label}."
    return Room(tuple(tuple(rings) for rings in corridor.outlines()), told if len(corridor.lonlat) else "")


def draw_room(axes: Axes, sheet: Sheet, room: Room, outline: Patch) -> None:
    """Shade the water on a sheet, kept to its outline."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    rings = [sheet.project(ring) for polygon in room.polygons for ring in polygon]
    if not rings:
        return
    whole = Path(np.vstack(rings), np.concatenate([_codes(len(ring)) for ring in rings]))
    for fill, edge, alpha in ((FILL, "none", 0.3), ("none", EDGE, 1.0)):
        patch = PathPatch(whole, fc=fill, ec=edge, alpha=alpha, lw=0.8, ls=(0, (4, 2.5)), zorder=1.5, gid="corridor")
        axes.add_artist(patch)
        patch.set_clip_path(outline)


def _codes(count: int) -> np.ndarray:
    from matplotlib.path import Path

    return np.array([Path.MOVETO, *[Path.LINETO] * (count - 2), Path.CLOSEPOLY], dtype=Path.code_type)
