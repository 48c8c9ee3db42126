"""Labels without overlap: positions around a mark are tried, best first; ports must find one, the rest may drop out.

All lengths are in points of the sheet of paper, y upward. Nothing here knows a projection or matplotlib.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.geo.geodesy import Floats

GAP = 1.5  # clear space around a label
LEADER_FROM = 13.0  # a label whose edge is farther from its mark than this gets a leader line
REACH = (5.0, 9.0, 15.0, 23.0, 33.0, 45.0)  # distances tried for every label
REACH_MUST = (*REACH, 60.0, 80.0, 110.0, 150.0)  # and for one that may not drop out
DIRECTIONS = 16
AMBIGUOUS_COST, PUSH_COST = 8.0, 20.0  # of standing nearer to another mark, and of being moved onto the paper
EDGE_COST, OFF_COST = 9.0, 3.0  # of each corner of a label across the edge of the sheet, and beyond it

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Wanted:
    """A label to place: its anchor, its width and height, and whether it may be left out."""

    key: str
    at: tuple[float, float]
    size: tuple[float, float]
    must: bool = False
    reach: tuple[float, ...] | None = None
    centred: bool = False  # a name that lies on its anchor, or nowhere: seas, degrees
    line_cost: float = 2.0


@dataclass(frozen=True)
class Placed:
    """A label's box, and the end of its leader line if it has one."""

    wanted: Wanted
    box: Box
    leader: tuple[float, float] | None = None

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the label."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2


@dataclass
class Board:
    """What is on the sheet already."""

    frame: Box
    lines: Floats = field(default_factory=lambda: np.zeros((0, 2)))  # points along the routes, a few points apart
    marks: Floats = field(default_factory=lambda: np.zeros((0, 2)))
    boxes: list[Box] = field(default_factory=list)
    leaders: list[Floats] = field(default_factory=list)  # sampled points of each
    on_sheet: Callable[[Floats], np.ndarray] | None = None
    mark_radius: float = 3.5

    def hits(self, box: Box, own: tuple[float, float] | None = None) -> int:
        """Labels, marks and leaders that a box would cover."""
        wide = grown(box, GAP)
        count = sum(overlap(wide, other) for other in self.boxes)
        marks = self.marks
        if own is not None and len(marks):
            marks = marks[np.hypot(*(marks - own).T) > 0.5]
        count += int(np.count_nonzero(within(grown(box, self.mark_radius), marks)))
        return count + sum(bool(within(wide, leader).any()) for leader in self.leaders)

    def outside(self, box: Box) -> bool:
        """True if a part of a box is off the paper."""
        x0, y0, x1, y1 = self.frame
        return box[0] < x0 or box[1] < y0 or box[2] > x1 or box[3] > y1

    def add(self, placed: Placed) -> None:
        """Keep the room of a label for it."""
        self.boxes.append(placed.box)
        if placed.leader is not None:
            self.leaders.append(_sampled(placed.wanted.at, placed.leader))


def place(wanted: Sequence[Wanted], board: Board) -> list[Placed]:
    """Place labels in the order given; those that find no room are left out, unless they must be shown."""
    out = []
    for one in wanted:
        found = _best(one, board)
        if found is not None:
            board.add(found)
            out.append(found)
    return out


def _best(one: Wanted, board: Board) -> Placed | None:
    """The cheapest position that covers nothing; for a label that must be shown, else the least bad one."""
    best: tuple[float, Placed] | None = None
    for cost, candidate in _candidates(one):
        if board.outside(candidate.box):
            if not one.must:
                continue
            candidate, cost = _pushed(candidate, board.frame), cost + PUSH_COST
        if best is not None and cost >= best[0]:  # what is added from here on only makes it dearer
            continue
        hits = board.hits(candidate.box, one.at)
        if candidate.leader is not None:
            hits += _leader_hits(one, candidate.leader, board)
        if hits and not one.must:
            continue
        cost += 400.0 * hits
        if best is not None and cost >= best[0]:
            continue
        cost += _soft_cost(one, candidate, board)
        if best is None or cost < best[0]:
            best = cost, candidate
    if best is None or (one.centred and best[0] > 0):
        return None
    return best[1]


def _pushed(candidate: Placed, frame: Box) -> Placed:
    """A position moved onto the paper, for a label that must be shown."""
    (x0, y0, x1, y1), (left, low, right, high) = candidate.box, frame
    dx = max(left - x0, 0.0) or min(right - x1, 0.0)
    dy = max(low - y0, 0.0) or min(high - y1, 0.0)
    return _leading(candidate.wanted, (x0 + dx, y0 + dy, x1 + dx, y1 + dy))


def _leading(one: Wanted, box: Box) -> Placed:
    """A label in a box, with a leader line if the box is far from the mark."""
    x, y = one.at
    end = float(np.clip(x, box[0], box[2])), float(np.clip(y, box[1], box[3]))
    return Placed(one, box, end if np.hypot(end[0] - x, end[1] - y) > LEADER_FROM else None)


def _soft_cost(one: Wanted, candidate: Placed, board: Board) -> float:
    """What a position hides that may be hidden: routes, and the sheet's edge."""
    cost = one.line_cost * float(np.count_nonzero(within(grown(candidate.box, 1.5), board.lines)))
    if candidate.leader is not None and len(board.lines):
        path = _sampled(one.at, candidate.leader)[4:]
        near = np.hypot(path[:, None, 0] - board.lines[None, :, 0], path[:, None, 1] - board.lines[None, :, 1])
        cost += 0.6 * float(np.count_nonzero(near.min(axis=1, initial=99.0) < 1.5)) if len(path) else 0.0
    if len(board.marks):
        gaps = _gaps(candidate.box, board.marks)
        own = _gaps(candidate.box, np.array([one.at]))[0]
        others = gaps[np.hypot(*(board.marks - one.at).T) > 0.5]
        # A name that stands nearer to another mark would be read as that mark's.
        cost += AMBIGUOUS_COST if len(others) and others.min() < own + 1.0 and candidate.leader is None else 0.0
    if board.on_sheet is not None:
        x0, y0, x1, y1 = grown(candidate.box, GAP)
        corners = np.array([[x0, y0], [x0, y1], [x1, y0], [x1, y1]])
        off = int(np.count_nonzero(~board.on_sheet(corners)))
        # Across the edge is worse than beyond it.
        cost += EDGE_COST * min(off, 4 - off) + OFF_COST * off
    return cost


def _leader_hits(one: Wanted, leader: tuple[float, float], board: Board) -> int:
    """Labels and leaders that a leader line would cross, and marks that it would run through."""
    path = _sampled(one.at, leader)
    count = sum(bool(within(box, path).any()) for box in board.boxes)
    others = board.marks[np.hypot(*(board.marks - one.at).T) > 0.5] if len(board.marks) else board.marks
    for points in (others, *board.leaders):
        if len(points):
            gap = np.hypot(path[:, None, 0] - points[None, :, 0], path[:, None, 1] - points[None, :, 1])
            count += bool((gap < 2.5).any())
    return count


def _candidates(one: Wanted) -> list[tuple[float, Placed]]:
    """Positions with their own cost: near is better than far, beside is better than above or below."""
    (x, y), (w, h) = one.at, one.size
    if one.centred:
        return [(0.0, Placed(one, (x - w / 2, y - h / 2, x + w / 2, y + h / 2)))]
    out = []
    for distance in one.reach or (REACH_MUST if one.must else REACH):
        for k in range(DIRECTIONS):
            angle = 2 * np.pi * k / DIRECTIONS
            ux, uy = float(np.cos(angle)), float(np.sin(angle))
            # The box slides along the mark: beside it to the right and left, centred above and below.
            cx = x + ux * distance + np.clip(ux * 1.6, -1, 1) * w / 2
            cy = y + uy * distance + np.clip(uy * 1.6, -1, 1) * h / 2
            box = (float(cx - w / 2), float(cy - h / 2), float(cx + w / 2), float(cy + h / 2))
            cost = 0.45 * distance + 1.2 * abs(uy) + (0.8 if ux < -0.1 else 0.0)
            out.append((cost, _leading(one, box)))
    return out


def overlap(a: Box, b: Box) -> bool:
    """True if two boxes share more than an edge."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def grown(box: Box, by: float) -> Box:
    """A box with a margin."""
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def within(box: Box, points: Floats) -> np.ndarray:
    """True for each point (n, 2) in a box."""
    if not len(points):
        return np.zeros(0, dtype=bool)
    x, y = points[:, 0], points[:, 1]
    return np.asarray((x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3]))


def _sampled(a: tuple[float, float], b: tuple[float, float]) -> Floats:
    count = max(int(np.hypot(b[0] - a[0], b[1] - a[1]) / 1.5), 2)
    share = np.linspace(0, 1, count)[:, None]
    return np.asarray(np.array(a) + share * (np.array(b) - np.array(a)))


def _gaps(box: Box, points: Floats) -> Floats:
    """Distance of points (n, 2) from a box."""
    x0, y0, x1, y1 = box
    dx = np.maximum(np.maximum(x0 - points[:, 0], points[:, 0] - x1), 0.0)
    dy = np.maximum(np.maximum(y0 - points[:, 1], points[:, 1] - y1), 0.0)
    return np.asarray(np.hypot(dx, dy))


def resampled(line: Floats, step: float) -> Floats:
    """Points (m, 2) along a line (n, 2), `step` apart."""
    length = np.r_[0, np.cumsum(np.hypot(*np.diff(line, axis=0).T))]
    if length[-1] <= step:
        return line
    at = np.arange(0, length[-1], step)
    return np.column_stack([np.interp(at, length, line[:, 0]), np.interp(at, length, line[:, 1])])
