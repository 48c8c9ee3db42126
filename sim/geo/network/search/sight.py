"""Whether two positions in free water see each other: the coast near the line between them is tested, and what was
found is kept, since voyages turn at the same corners again and again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.geo.geodesy import NM_PER_RADIAN, Floats, vectors
from sim.geo.visibility import FEW, hides, visible

if TYPE_CHECKING:
    from sim.geo.graph import Ints
    from sim.geo.network.places import FreeWater

SHORT_NM = 10.0  # segments of the coast up to so long are sorted by place
FAR_NM = 600.0  # for longer lines all of the coast is looked at
MOST_KEPT = 50_000


class Sight:
    """Lines of sight past the obstacles of free water, of which `corner_lonlat` (n, 2) are corners, and other nodes."""

    def __init__(self, water: FreeWater, corner_lonlat: Floats) -> None:
        self._water, self._corner_lonlat = water, corner_lonlat
        self._kept: dict[tuple[bytes, bytes, bool], bool] = {}

    def sees(self, start: Floats, others: Floats, k: int) -> bool:
        """Whether a position (2,) of lon, lat degrees sees the k-th of others (n, 2) along the great circle.

        From a corner of the coast all of them are looked at in one sweep, which is shy of the shore that the corner
        belongs to; elsewhere the line alone is tested, with the same answer.
        """
        lon, lat = self._corners
        first, last = np.searchsorted(lon, start[0], side="left"), np.searchsorted(lon, start[0], side="right")
        at_corner = bool((lat[first:last] == start[1]).any())
        swept = at_corner and len(others) > FEW  # fewer are tested one by one there too
        here, stop = start.tobytes(), others[k]
        if (here, stop.tobytes(), swept) not in self._kept:
            while len(self._kept) >= MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            seen = self._water.sees(start, others) if at_corner else self._line(*vectors([start, stop]))
            for to, clear in zip(others if at_corner else [stop], seen.tolist(), strict=True):
                self._kept[here, to.tobytes(), swept] = clear
        return self._kept[here, stop.tobytes(), swept]

    def prepare(self) -> None:
        """Sort the coast now."""
        assert self._shores and self._corners

    @cached_property
    def _corners(self) -> tuple[Floats, Floats]:
        """Longitudes and latitudes (k,) of the corners, from west to east."""
        order = np.argsort(self._corner_lonlat[:, 0], kind="stable")
        return self._corner_lonlat[order, 0], self._corner_lonlat[order, 1]

    def _line(self, start: Floats, stop: Floats) -> NDArray[np.bool_]:
        """Whether the line between two unit vectors (3,) is clear; (1,)."""
        middle, reach = start + stop, float(np.linalg.norm(stop - start)) / 2
        if reach * 2 > FAR_NM / NM_PER_RADIAN:
            return visible(self._water.obstacles, start, stop[None])
        # chords of the sphere: that from the middle of the line to that of a segment which touches it
        more = SHORT_NM / NM_PER_RADIAN
        near = self._shores.near(middle / np.linalg.norm(middle), reach + more, np.cross(start, stop), more)
        segment = np.concatenate([near, self._shores.long])
        return ~hides(self._water.obstacles, start, stop[None], segment, np.zeros(len(segment), dtype=np.int64))

    @cached_property
    def _shores(self) -> _Shores:
        rings = self._water.obstacles
        is_short = (2 * rings.half * NM_PER_RADIAN <= SHORT_NM) & ~rings.seam
        short = np.flatnonzero(is_short)
        middle = rings.xyz[short] + rings.xyz[rings.following[short]]
        middle /= np.linalg.norm(middle, axis=1)[:, None]
        order = np.argsort(middle[:, 2], kind="stable")
        return _Shores(middle[order], short[order], np.flatnonzero(~is_short & ~rings.seam))


@dataclass(frozen=True)
class _Shores:
    """Segments of the coast: the middles (s, 3) of short ones from south to north, their rows (s,), and those of long
    ones (l,)."""

    middle: Floats
    short: Ints
    long: Ints

    def near(self, at: Floats, reach: float, plane: Floats, beside: float) -> Ints:
        """Rows of the short segments whose middle is no farther than `reach`, a chord, from a unit vector (3,), and no
        farther than `beside` off the great circle in the plane to which a vector (3,) stands upright."""
        low, high = np.searchsorted(self.middle[:, 2], [at[2] - reach, at[2] + reach])
        middle = self.middle[low:high]
        close = (middle @ at >= 1 - reach**2 / 2) & (np.abs(middle @ plane) <= beside * float(np.linalg.norm(plane)))
        return self.short[low:high][close]
