"""Ways between places that are near each other: over the water of the raw coast, within the clearance of the network.

Two berths in one bay, estuary or river need not go out to sea and back. The search knows land, dangers and gates; it is
made where the way over the network is much longer than the straight line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

import numpy as np
import shapely
from scipy.ndimage import distance_transform_edt
from scipy.sparse.csgraph import dijkstra

from sim.geo.drawing import cut_line, densified
from sim.geo.geodesy import Floats, vectors, way_nm
from sim.geo.land import danger_polygons
from sim.geo.network.places import LocalWay, Place
from sim.geo.network.raw.approach import SNAP_NM
from sim.geo.network.raw.raster import (
    Box,
    Grid,
    Raster,
    Shape,
    crossings_of,
    links,
    on_globe,
    squeeze,
    straightened,
    traced,
)
from sim.geo.passages import Passage, PassageTable
from sim.geo.ports import Port

ONE_CHANNEL_NM = 5.0  # channels whose sea points are nearer to each other than this lead to one river
OFF_NM, NEAR_SHORE = 4.0, 3.0  # a mile nearer to the shore than this costs up to so much more: ships keep off
CELLS = 40_000
FINEST_DEG = 0.0025
SAME_BANK_NM = 3.0
KEPT = 4096  # ways


class End(NamedTuple):
    """Where a search may begin: the last position of `way` (k, 2), with `nm` counted up to it."""

    way: Floats
    nm: float


class LocalWater:
    """Searches over the raw coast between places that are near each other. `ports` by key; `stored` are ways made
    before, under their keys."""

    def __init__(
        self, land: Shape, table: PassageTable, ports: Mapping[str, Port], stored: Mapping[str, LocalWay | None]
    ) -> None:
        self._land, self._table, self._ports, self._stored = land, table, ports, stored
        self._kept: dict[str, LocalWay | None] = {}

    @cached_property
    def _dangers(self) -> Shape:
        merged = shapely.union_all(danger_polygons())  # a raster counts shores: the polygons must not overlap
        return Shape(list(shapely.get_parts(merged)))

    @cached_property
    def _gates(self) -> list[_Gate]:
        return [_Gate(p, bit) for bit, p in enumerate(self._table.all)]

    def way(self, start: Place, goal: Place, closed: int) -> LocalWay | None:
        """The shortest way near the straight line that crosses no closed passage (bits); None where there is none."""
        if (goal.lat, goal.lon) < (start.lat, start.lon):
            turned = self.way(goal, start, closed)
            return None if turned is None else turned.turned
        key, shut = self.key(start, goal, closed)
        if key in self._stored:
            return self._stored[key]
        if key not in self._kept:
            if len(self._kept) >= KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = self._found(start, goal, shut)
        return self._kept[key]

    def key(self, start: Place, goal: Place, closed: int) -> tuple[str, list[_Gate]]:
        """All that a way depends on, and the gates near it that are shut."""
        box = _window(start, goal)
        shut = [g for k, g in enumerate(self._gates) if (g.canal or closed >> k & 1) and g.reaches(box)]
        # the line of a channel is its port's own: its ends and its length tell which it is
        words = [
            f"{end.way[[0, -1]].round(6).tolist()} {len(end.way)} {end.nm:.4f}"
            for p in (start, goal)
            for end in self._ends(p)
        ]
        return "; ".join([*words, *(self._table.ids[g.bit] for g in shut)]), shut

    def _found(self, start: Place, goal: Place, shut: list[_Gate]) -> LocalWay | None:
        heads, tails = self._ends(start), self._ends(goal)
        along = along_channel(heads, tails)
        if along is not None:
            return self._lawful(along, shut)
        dangers = self._dangers_but(heads + tails)
        straight = self._straight(heads[0], tails[0], dangers)
        lawful = None if straight is None else self._lawful(straight, shut)
        return lawful or self._searched(heads, tails, _window(start, goal), dangers, shut)

    def _lawful(self, way: tuple[Floats, Floats], shut: list[_Gate]) -> LocalWay | None:
        """A way with its passages; None where it crosses a shut one."""
        xyz = vectors(way[0])
        bits = int(np.bitwise_or.reduce(self._table.crossed(xyz[:-1], xyz[1:])))
        return None if any(bits >> g.bit & 1 for g in shut) else LocalWay(*way, bits)

    def _ends(self, place: Place) -> list[End]:
        """The berth or the position, and the sea point of a channel whose length is given."""
        at = np.array([[place.lon, place.lat]])
        port = place.port or self._ports.get(place.berth)
        before = 0.0 if place.join is None else place.join.nm
        near = at if place.join is None else np.vstack([at, [(place.join.lon, place.join.lat)]])
        ends = [End(near, before)]
        if place.channel and port is not None and port.sea is not None and port.approach_nm is not None:
            to_sea = int(np.argmin(np.hypot(*(place.way - port.sea).T)))
            ends.append(End(np.vstack([at, place.way[1 : to_sea + 1]]), before + port.approach_nm))
        return ends

    def _dangers_but(self, ends: list[End]) -> Shape:
        """Dangers in which no end lies: who begins in a shoal has a way out of it."""
        spots = [shapely.Point(e.way[-1]) for e in ends]
        return Shape([p for p in self._dangers.polygons if not any(p.intersects(s) for s in spots)])

    def _straight(self, head: End, tail: End, dangers: Shape) -> tuple[Floats, Floats] | None:
        line = _unwrapped(np.vstack([head.way[-1:], tail.way[-1:]]))
        drawn = shapely.LineString(_unwrapped(densified(line, 8.0)))
        if self._land.touches(drawn) or dangers.touches(drawn):
            return None
        return _whole(head, line, tail)

    def _searched(
        self, heads: list[End], tails: list[End], box: Box, dangers: Shape, shut: list[_Gate]
    ) -> LocalWay | None:
        cell = max(np.sqrt((box.north - box.south) ** 2 / CELLS * _aspect(box)), FINEST_DEG)
        grid = Grid.over(box, cell, cell / squeeze((box.north + box.south) / 2))
        shores = [self._land.raster(grid), dangers.raster(grid)]
        water = ~(shores[0].covered | shores[1].covered)
        off = distance_transform_edt(water, sampling=cell * 60)
        price = 1 + NEAR_SHORE * np.clip(1 - off / OFF_NM, 0, 1)
        graph = links(water, grid, [*shores, _barriers(shut, grid)], price)
        best, found = np.inf, None
        for head in heads:
            first = _nearest(water, grid, head)
            if first is None:
                continue
            dist, before = dijkstra(graph, indices=first[0], return_predecessors=True)
            for tail in tails:
                last = _nearest(water, grid, tail)
                if last is None or not np.isfinite(dist[last[0]]):
                    continue
                total = float(dist[last[0]]) * 60 + first[1] + last[1] + head.nm + tail.nm
                if total < best:
                    best, found = total, (head, traced(before, first[0], last[0]), tail)
        if found is None:
            return None
        head, cells, tail = found
        line = grid.lonlat[cells]
        ends = (
            _unwrapped(np.vstack([line[:1], head.way[-1:]]))[1:],
            _unwrapped(np.vstack([line[:1], tail.way[-1:]]))[1:],
        )
        on_water = [not self._land.touches(shapely.Point(e[0])) for e in ends]
        line = np.vstack([*([ends[0]] if on_water[0] else []), line, *([ends[1]] if on_water[1] else [])])
        line = straightened(
            line,
            self._land,
            dangers,
            *(Shape.lines(g.lines) for g in shut),
            price=lambda line: _priced(line, grid, price),
        )
        return self._lawful(_whole(head, on_globe(line), tail), shut)


def along_channel(heads: list[End], tails: list[End]) -> tuple[Floats, Floats] | None:
    """The way between two berths on one river: channels of given length (second ends) from one sea point.

    The channel of the upper port leads past the lower one, so that the difference of their lengths lies between them.
    A difference much less than the straight line tells of two arms of a river.
    """
    if len(heads) < 2 or len(tails) < 2:
        return None
    apart = way_nm(np.vstack([heads[1].way[-1:], tails[1].way[-1:]]))
    straight = way_nm(np.vstack([heads[1].way[:1], tails[1].way[:1]]))
    along = abs(heads[1].nm - tails[1].nm)
    if apart > ONE_CHANNEL_NM or straight > 1.1 * along + SAME_BANK_NM:
        return None
    line = _down(heads[1], tails[1]) if heads[1].nm >= tails[1].nm else _down(tails[1], heads[1])[::-1]
    return line, _counted(line, max(along, straight))


def _counted(line: Floats, nm: float) -> Floats:
    """What each leg (n - 1,) of a line counts that counts `nm` in all, as it is drawn."""
    drawn = np.array([way_nm(line[k : k + 2]) for k in range(len(line) - 1)])
    return np.asarray(drawn * (nm / max(drawn.sum(), 1e-6)))


def _down(upper: End, lower: End) -> Floats:
    """The line of a channel from its berth to a berth farther down."""
    past = int(np.argmin(np.hypot(*(upper.way - lower.way[0]).T)))
    return np.vstack([upper.way[: max(past, 1)], lower.way[:1]])


def _unwrapped(line: Floats) -> Floats:
    """Longitudes (n,) without a jump at 180 degrees, near the first one."""
    out = np.array(line, dtype=np.float64)
    out[:, 0] = out[0, 0] + (out[:, 0] - out[0, 0] + 180) % 360 - 180
    return out


def _window(start: Place, goal: Place) -> Box:
    """Both places with room around them."""
    ends = _unwrapped(np.array([[start.lon, start.lat], [goal.lon, goal.lat]]))
    room = max(0.4 * way_nm(ends), 10.0) / 60
    wide = room / squeeze(float(np.abs(ends[:, 1]).max()))
    (west, south), (east, north) = ends.min(axis=0), ends.max(axis=0)
    return Box(west - wide, max(south - room, -89.9), east + wide, min(north + room, 89.9))


def _aspect(box: Box) -> float:
    return (box.east - box.west) * squeeze((box.north + box.south) / 2) / (box.north - box.south)


class _Gate:
    """The gate of a passage on the map: segments (n, 4) along its great circle, and their bounds."""

    def __init__(self, passage: Passage, bit: int) -> None:
        self.bit, self.canal = bit, passage.kind == "canal"
        cut = cut_line(densified(np.array(passage.gate), 8.0))
        self.lines = np.vstack([np.column_stack([line[:-1], line[1:]]) for line in cut])
        self.low = np.minimum(self.lines[:, :2], self.lines[:, 2:]).min(axis=0)
        self.high = np.maximum(self.lines[:, :2], self.lines[:, 2:]).max(axis=0)

    def reaches(self, box: Box) -> bool:
        """Whether it reaches into a window."""
        if self.high[1] < box.south or self.low[1] > box.north:
            return False
        return any(self.low[0] + turn <= box.east and self.high[0] + turn >= box.west for turn in box.turns)


def _barriers(shut: Iterable[_Gate], grid: Grid) -> Raster:
    return crossings_of(np.vstack([np.empty((0, 4)), *(g.lines for g in shut)]), grid)


def _nearest(water: np.ndarray, grid: Grid, end: End) -> tuple[int, float] | None:
    """The water cell nearest to an end and its distance, nm; None where water is too far away."""
    lon, lat = _unwrapped(np.vstack([[(grid.xs[len(grid.xs) // 2], 0.0)], end.way[-1:]]))[1]
    away = np.where(water, grid.away(float(lon), float(lat)), np.inf)
    k = int(np.argmin(away))
    reach = max(SNAP_NM, 90 * (grid.ys[1] - grid.ys[0]))
    return (k, float(away.flat[k])) if away.flat[k] <= reach else None


def _priced(line: Floats, grid: Grid, price: Floats) -> Floats:
    """What the legs of a line (n, 2) cost on the grid (n - 1,), in degrees of latitude."""
    step = np.array([grid.xs[1] - grid.xs[0], grid.ys[1] - grid.ys[0]])
    a, b = line[:-1], line[1:]
    length = np.hypot((b[:, 0] - a[:, 0]) * np.cos(np.deg2rad((a[:, 1] + b[:, 1]) / 2)), b[:, 1] - a[:, 1])
    count = np.maximum(np.ceil(2 * length / step[1]), 1).astype(int)
    leg = np.repeat(np.arange(len(a)), count)
    share = (np.arange(len(leg)) - np.repeat(np.cumsum(count) - count, count) + 0.5) / count[leg]
    along = a[leg] + (b - a)[leg] * share[:, None]
    col, row = np.rint((along - [grid.xs[0], grid.ys[0]]) / step).astype(int).T
    sampled = price[np.clip(row, 0, len(grid.ys) - 1), np.clip(col, 0, len(grid.xs) - 1)]
    return np.asarray(length * np.bincount(leg, sampled) / count)


def _whole(head: End, line: Floats, tail: End) -> tuple[Floats, Floats]:
    """A way with what was counted before and after it: positions (n, 2), lengths (n - 1,)."""
    middle = np.vstack([head.way[-1:], line, tail.way[-1:]])
    own = np.array([way_nm(middle[k : k + 2]) for k in range(len(middle) - 1)])
    whole = np.vstack([head.way[:-1], middle, tail.way[-2::-1]])
    length = np.concatenate([_counted(head.way, head.nm), own, _counted(tail.way, tail.nm)[::-1]])
    kept = length > 1e-9
    return whole[np.r_[True, kept]], length[kept]
