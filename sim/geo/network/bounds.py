"""Searches that look only where a shortest path can lie.

The distances from a few landmarks to all nodes bound the distance between any two places from below, by the triangle
inequality (ALT; A. V. Goldberg, C. Harrelson, Computing the Shortest Path: A* Search Meets Graph Theory, SODA 2005).
A path no longer than U leads over nodes whose bounds to both ends add up to at most U: only these are searched.
Closing passages lengthens paths, so that bounds of the open network hold for any closures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.geo.geodesy import Floats
from sim.geo.graph import Ends, Graph, Ints, Path

STEP_NM = 0.5  # distances from landmarks are stored in this unit, rounded down
FAR = 65535  # not reached
LANDMARKS = 16
FIRST_SHARE, FIRST_NM = 1.01, 10.0  # the first guess at the length: the bound, this share and so much more
GROWTH = 1.2
TELLING = 2  # landmarks behind each end that are asked
MOST = 0.5  # of all nodes: where more may lie on the path, the whole graph is searched

Steps = NDArray[np.uint16]


def landmark_steps(graph: Graph, among: Ints, closed: np.uint64) -> Steps:
    """Distances (k, n) in steps from landmarks to all nodes; each landmark is the node among `among` that is farthest
    from those before it."""
    rows: list[Floats] = []
    nearest = graph.distances_from(among[:1], closed)[0]
    while len(rows) < LANDMARKS:
        reached = np.where(np.isfinite(nearest[among]), nearest[among], -1.0)
        far = graph.distances_from([int(among[int(np.argmax(reached))])], closed)[0]
        nearest = far if not rows else np.minimum(nearest, far)
        rows.append(far)
    steps = np.floor(np.array(rows) / STEP_NM)
    return np.where(np.isfinite(steps), np.minimum(steps, FAR - 1), FAR).astype(np.uint16)


@dataclass(frozen=True)
class Bounds:
    """Distances from landmarks with nothing closed (`free`), and with the passages `barred` closed (`behind`)."""

    free: Steps
    barred: np.uint64
    behind: Steps

    def part(self, nodes: Ints) -> Bounds:
        """The bounds of some nodes, for a graph that holds these alone."""
        return Bounds(self.free[:, nodes], self.barred, self.behind[:, nodes])

    @cached_property
    def _free_nm(self) -> NDArray[np.float32]:
        return _miles(self.free)

    @cached_property
    def _behind_nm(self) -> NDArray[np.float32]:
        return _miles(self.behind)

    def _of(self, closed: np.uint64) -> NDArray[np.float32]:
        """Miles (k, n) from landmarks to nodes; inf where there is no way."""
        return self._behind_nm if closed & self.barred == self.barred else self._free_nm

    def _span(self, end: Ends, closed: np.uint64) -> tuple[Floats, Floats]:
        """Miles (k,) from an end to each landmark over the node that is best for it, and what a path from the landmark
        to a node behind the end cannot save, over whichever node it comes."""
        nodes, length = end.nodes, end.length_nm
        if (end.bits & closed).any():
            usable = (end.bits & closed) == 0
            nodes, length = nodes[usable], length[usable]
        at = self._of(closed)[:, nodes].astype(np.float64)
        return (at + length).min(axis=1, initial=np.inf), (at - length).max(axis=1, initial=-np.inf)

    def telling(self, start: Ends, goal: Ends, closed: np.uint64) -> Ints:
        """The landmarks (k,) that tell most about paths from one end to another: those behind either of them."""
        (near_start, far_start), (near_goal, far_goal) = self._span(start, closed), self._span(goal, closed)
        ahead, back = (
            np.where(np.isfinite(near) & np.isfinite(far), near - np.where(np.isfinite(far), far, 0), -np.inf)
            for near, far in ((near_goal, far_start), (near_start, far_goal))
        )
        return np.unique(np.concatenate([np.argsort(-ahead)[:TELLING], np.argsort(-back)[:TELLING]]))

    def lowest_nm(self, end: Ends, closed: np.uint64, landmarks: Ints | None = None) -> NDArray[np.float32]:
        """For every node (n,) a length that no path from an end to it falls short of; inf where there is none. It is
        told by some landmarks, or by all."""
        miles = self._of(closed)
        out = np.zeros(miles.shape[1], dtype=np.float32)
        near, far = self._span(end, closed)
        if not np.isfinite(near).any():
            return out
        spare = np.empty_like(out)
        for k in range(len(miles)) if landmarks is None else landmarks.tolist():
            if np.isfinite(far[k]):
                np.maximum(out, np.subtract(miles[k], np.float32(far[k]), out=spare), out=out)
            if np.isfinite(near[k]):
                np.maximum(out, np.subtract(np.float32(near[k]), miles[k], out=spare), out=out)
        out -= np.float32(STEP_NM + 0.01)  # rounding of both, and of 32 bits
        return np.asarray(np.maximum(out, 0, out=out))


def _miles(steps: Steps) -> NDArray[np.float32]:
    return np.where(steps == FAR, np.float32(np.inf), steps * np.float32(STEP_NM))


def _least(low: NDArray[np.float32], end: Ends) -> float:
    return float((low[end.nodes] + end.length_nm).min(initial=np.inf))


def shortest(
    graph: Graph, bounds: Bounds, start: Ends, goal: Ends, closed: np.uint64, groups: Sequence[np.uint64] = ()
) -> Path | None:
    """As `Graph.shortest`, or `Graph.shortest_using` where there are groups, on the nodes that matter."""
    landmarks = bounds.telling(start, goal, closed)
    from_start, from_goal = (bounds.lowest_nm(end, closed, landmarks) for end in (start, goal))
    together = from_start + from_goal
    limit = FIRST_SHARE * max(_least(from_start, goal), _least(from_goal, start)) + FIRST_NM
    while np.isfinite(limit):
        nodes = np.flatnonzero(together <= limit)
        if len(nodes) > MOST * graph.size:
            break
        path = _within(graph, nodes, start, goal, closed, groups)
        if path is not None and path.length_nm <= limit:
            return path
        if path is None and not graph.joined(start, goal, closed):
            return None
        limit = GROWTH * limit if path is None else path.length_nm
    if groups:
        return graph.shortest_using(start, goal, closed, groups)
    return graph.shortest(start, goal, closed)


def _within(
    graph: Graph, nodes: Ints, start: Ends, goal: Ends, closed: np.uint64, groups: Sequence[np.uint64]
) -> Path | None:
    part, number = graph.part(nodes)
    head, tail = _renumbered(start, number), _renumbered(goal, number)
    if not (len(head.nodes) and len(tail.nodes)):
        return None
    found = part.shortest_using(head, tail, closed, groups) if groups else part.shortest(head, tail, closed)
    return None if found is None else Path(found.length_nm, tuple(nodes[list(found.nodes)].tolist()))


def _renumbered(end: Ends, number: Ints) -> Ends:
    there = number[end.nodes]
    return Ends(there[there >= 0], end.length_nm[there >= 0], end.bits[there >= 0])
