"""How near to land a ship goes: a law of the width of the water.

Let d be the distance of a place to land and R the radius of the largest disc of water that holds the place (half the
local width; opening of the sea by discs, G. Matheron, Random Sets and Integral Geometry, 1975). A ship sails where
d >= min(open clearance, share * R): off an open coast it keeps the open clearance, in a channel a share of the half
width, so that no channel is shut by its banks. R is taken from a ladder of radii, each twice the one before.

Water that the law opens beyond the open clearance comes in pieces, one for each stretch of water between two rungs of
the ladder. A piece is let out into the wider water by twice its radius: where a strait opens like a funnel, the wider
water's clearance would else cut it off.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from geodata.build.land import polygons_of
from geodata.build.width.windows import Around, Window, metres

ARC = 8  # corners of a quarter circle
SLIVER = 0.5  # pieces smaller than the square of this share of their clearance are dropped
SEAM_DEG = 1e-5
ISLET_NM, ISLET = 1.0, 0.1  # land of less extent than this, or than this share of the radius, makes no narrows

_state: dict[str, Any] = {}


@dataclass(frozen=True)
class WidthRule:
    """The law's figures: `open_nm` off an open coast, `share` of the half width in a channel, the least radius of a
    channel `narrowest_nm`, the radius from which on water is open `widest_nm`, and by which share of its clearance a
    shore may be simplified."""

    open_nm: float
    share: float
    narrowest_nm: float
    widest_nm: float
    simplify_share: float
    reach: float = 2.0  # how far a piece is let out into the wider water, in its radius

    @property
    def rungs(self) -> tuple[float, ...]:
        """Radii in nm, the last one that at which a channel counts as open water."""
        out = [self.narrowest_nm]
        while out[-1] < self.widest_nm:
            out.append(out[-1] * 2)
        return tuple(out)

    def clearance(self, radius_nm: float) -> float:
        """Distance kept off land, nm, where the half width is at least `radius_nm`."""
        return self.open_nm if radius_nm >= self.widest_nm else min(self.open_nm, self.share * radius_nm)


@dataclass(frozen=True)
class Piece:
    """Water between two rungs of the ladder: the half width is at least `radius_nm` and less than twice that.

    `water` is where the law lets a ship sail, `let_out` the same with its way into the wider water.
    """

    radius_nm: float
    water: Polygon
    let_out: BaseGeometry


def _extent(polygon: Polygon) -> float:
    west, south, east, north = polygon.bounds
    return float(np.hypot(east - west, north - south))


class Ladder:
    """The land round one window, and what no disc of each radius reaches."""

    def __init__(self, window: Window, rule: WidthRule, land: Around) -> None:
        self.window, self.rule = window, rule
        # what lies within twice the largest radius shapes the window, and pieces are let out into it
        parts = [window.charted(p) for _, p in land.within(window.frame(2.3 * rule.rungs[-1]))]
        self.land = shapely.union_all(parts)
        self._shut: dict[float, BaseGeometry] = {}
        self._closed: dict[float, BaseGeometry] = {}
        self._grown: dict[float, BaseGeometry] = {}

    @property
    def empty(self) -> bool:
        return bool(self.land.is_empty)

    def closed(self, radius_nm: float) -> BaseGeometry:
        """Land with the water that no disc of this radius reaches (the closing of the land)."""
        if radius_nm not in self._closed:
            r = metres(radius_nm)
            least = metres(max(ISLET_NM, ISLET * radius_nm)) if radius_nm > self.rule.narrowest_nm else 0.0
            coast = shapely.union_all([p for p in polygons_of(self.land) if _extent(p) > least]).simplify(0.02 * r)
            # a little less back than out: else arcs made of chords would eat into straight coasts
            grown = coast.buffer(r, quad_segs=ARC).buffer(-0.999 * r, quad_segs=ARC)
            self._closed[radius_nm] = shapely.union(grown.simplify(0.01 * r), coast)
        return self._closed[radius_nm]

    def shut(self, radius_nm: float) -> BaseGeometry:
        """Where a ship does not sail if it needs this half width and keeps its clearance."""
        if radius_nm not in self._shut:
            self._shut[radius_nm] = shapely.union(self.closed(radius_nm), self._near(radius_nm))
        return self._shut[radius_nm]

    def opened(self) -> tuple[list[Polygon], list[tuple[float, Polygon]]]:
        """The obstacles of open water, and the pieces of each rung, within the window."""
        *narrow, top = self.rule.rungs
        tolerance = metres(self.rule.open_nm * self.rule.simplify_share)
        pieces = []
        for radius, wider in zip(narrow, self.rule.rungs[1:], strict=True):
            least = (SLIVER * metres(self.rule.clearance(radius))) ** 2
            water = shapely.difference(self.closed(wider), self.shut(radius))
            for part in polygons_of(water):
                if part.area > least:
                    pieces += [(radius, p) for p in self.window.mapped(part)]
        return self.window.mapped(self.shut(top).simplify(tolerance)), pieces

    def _near(self, radius_nm: float) -> BaseGeometry:
        """Land with the clearance of a channel of this half width."""
        if radius_nm not in self._grown:
            c = metres(self.rule.clearance(radius_nm))
            self._grown[radius_nm] = self.land.simplify(0.05 * c).buffer(c, quad_segs=ARC // 2)
        return self._grown[radius_nm]

    def let_out(self, radius_nm: float, water: BaseGeometry) -> list[Polygon]:
        """A piece with its way into the wider water, within the window.

        The width counts as growing with distance from the piece at most: at a distance of r beyond it no more clearance
        is asked for than in a channel of half width r. A mouth that opens at once would else be cut off.
        """
        own = self.window.charted(water)
        core, at = own.buffer(1.0), metres(self.rule.clearance(radius_nm)) * self.rule.simplify_share
        wide = [shapely.difference(own.buffer(metres(self.rule.reach * radius_nm), quad_segs=4), self.shut(radius_nm))]
        for wider in self.rule.rungs[:-1]:
            if wider > self.rule.reach * radius_nm:
                zone = own.simplify(0.05 * metres(wider)).buffer(metres(wider), quad_segs=4)
                wide.append(shapely.difference(zone, self._near(wider)))
        whole = shapely.union_all(wide)
        # across a spit lies other water, which is none of the piece
        joined = shapely.union_all([p for p in polygons_of(whole) if p.intersects(core)])
        return self.window.mapped(joined.simplify(at))


def _begin(rule: WidthRule, land: list[Polygon]) -> None:
    _state.update(rule=rule, land=Around(land))


def _opened(window: Window) -> tuple[list[Polygon], list[tuple[float, Polygon]]] | None:
    ladder = Ladder(window, _state["rule"], _state["land"])
    return None if ladder.empty else ladder.opened()


def _begin_pieces(rule: WidthRule, land: list[Polygon], pieces: list[tuple[float, Polygon]]) -> None:
    _state.update(rule=rule, land=Around(land), radius=[r for r, _ in pieces], pieces=Around([p for _, p in pieces]))


def _let_out(window: Window) -> list[tuple[int, Polygon]]:
    """Numbers of the pieces near a window, and what they are within it when they are let out."""
    rule: WidthRule = _state["rule"]
    near = _state["pieces"].within(window.frame(rule.reach * rule.rungs[-2]))
    if not near:
        return []
    ladder = Ladder(window, rule, _state["land"])
    return [(k, p) for k, part in near for p in ladder.let_out(_state["radius"][k], part)]


def _merged(polygons: list[Polygon]) -> BaseGeometry:
    return shapely.union_all(polygons, grid_size=SEAM_DEG)


def _told(what: str, done: Iterator[Any], count: int) -> Iterator[Any]:
    begun = time.monotonic()
    for k, found in enumerate(done):
        if k % 50 == 0:
            print(f"  {what}: window {k} of {count}, {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
        yield found


def opened_water(
    land: list[Polygon], rule: WidthRule, windows: list[Window], workers: int = 2
) -> tuple[list[Polygon], list[Piece]]:
    """Obstacles of open water, and the pieces of narrower water that the law opens in them."""
    shut: list[Polygon] = []
    by_rung: dict[float, list[Polygon]] = {r: [] for r in rule.rungs[:-1]}
    with ProcessPoolExecutor(workers, initializer=_begin, initargs=(rule, land)) as pool:
        for found in _told("widths", pool.map(_opened, windows, chunksize=2), len(windows)):
            if found is not None:
                shut += found[0]
                for radius, piece in found[1]:
                    by_rung[radius].append(piece)
    pieces = [(r, p) for r, parts in by_rung.items() for p in polygons_of(_merged(parts))]
    print(f"  {len(pieces)} pieces of narrow water", file=sys.stderr, flush=True)
    parts_of: list[list[Polygon]] = [[] for _ in pieces]
    with ProcessPoolExecutor(workers, initializer=_begin_pieces, initargs=(rule, land, pieces)) as pool:
        for near in _told("pieces", pool.map(_let_out, windows, chunksize=2), len(windows)):
            for k, part in near:
                parts_of[k].append(part)
    return polygons_of(_merged(shut)), [
        Piece(r, p, _merged(parts)) for (r, p), parts in zip(pieces, parts_of, strict=True) if parts
    ]
