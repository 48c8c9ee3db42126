"""The Northern Sea Route close up: the ice, and the dates of the voyages along their tracks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.errors import UsageError
from sim.plot.maps.picture import MapMark, Picture, of_comparison
from sim.report.reasons import sailed_text

if TYPE_CHECKING:
    from sim.scenario.compare import Comparison
    from sim.voyage.voyage import Voyage

MOST_DATES: Final = 9  # of a voyage
SOUTH, WEST, EAST = 65.0, 25.0, 195.0  # degrees: about the window, in which dates are told


def nsr_picture(comparison: Comparison, folder: Path | None = None) -> Picture:
    """The picture of the Northern Sea Route: what `of_comparison` shows, with dates along the tracks, without
    the routes that do not come there.

    Raises UsageError where no voyage goes there.
    """
    picture = of_comparison(comparison, folder)
    dates: list[MapMark] = []
    for o in comparison.outcomes:
        if o.voyage is not None:
            dates += date_marks(o.voyage, sailed_text(o.label, o.sailed_by))
    if not dates:
        raise UsageError("no voyage goes by the Northern Sea Route: a view of it would be empty")
    title = f"{picture.title}: the Northern Sea Route"
    lines = tuple(one for one in picture.lines if not one.lonlat or any(_within(p).any() for p in one.lonlat))
    return replace(picture, title=title, lines=lines, marks=(*picture.marks, *dates))


def date_marks(voyage: Voyage, label: str) -> list[MapMark]:
    """Where a ship is at the beginnings (UTC) of days within the window, at most so many and evenly apart."""
    inside = [leg for leg in voyage.legs if leg.hours > 0 and _within(leg.lonlat).any()]
    if not inside:
        return []
    first, last = inside[0].start, inside[-1].end
    day = datetime(first.year, first.month, first.day, tzinfo=first.tzinfo or UTC) + timedelta(days=1)
    days = max(int((last - day).total_seconds() // 86400) + 1, 0)
    step = max(-(-days // MOST_DATES), 1)
    out = []
    for k in range(0, days, step):
        moment = day + timedelta(days=k)
        leg = next((leg for leg in inside if leg.start <= moment <= leg.end), None)
        if leg is None:
            continue
        hours = min((moment - leg.start).total_seconds() / 3600, leg.hours)
        lon, lat = along(leg.lonlat, hours / leg.hours)
        if _within(np.array([[lon, lat]])).all():
            out.append(MapMark(f"{moment.day} {moment:%b}", lon, lat, "date", label))
    return out


def along(lonlat: np.ndarray, share: float) -> tuple[float, float]:
    """The place at a share 0 to 1 of the length of a line (n, 2) of lon, lat degrees, along great circles."""
    from sim.geo.geodesy import angles, between, vectors
    from sim.geo.geodesy import lonlat as places

    xyz = vectors(lonlat)
    far = np.r_[0.0, np.cumsum(angles(xyz[:-1], xyz[1:]))]
    at = share * far[-1]
    k = int(np.clip(np.searchsorted(far, at) - 1, 0, len(lonlat) - 2))
    part = (at - far[k]) / max(far[k + 1] - far[k], 1e-12)
    lon, lat = places(between(xyz[k], xyz[k + 1], np.asarray(part)))
    return float(lon), float(lat)


def _within(lonlat: np.ndarray) -> np.ndarray:
    lon = lonlat[:, 0] % 360.0
    return np.asarray((lonlat[:, 1] >= SOUTH) & (lon >= WEST) & (lon <= EAST))
