"""Paths between listed ports under many closures: the same as the network's, on fewer nodes.

With some of the passages closed, or none, the distances from both ends to all nodes are found once. A path no longer
than U leads only over nodes whose two distances add up to at most U, and closing more does not shorten anything. The
reduced graph, which holds some of the edges, gives such a U. The sum bounds best where the passages whose closing
lengthens ways by thousands of miles are closed for the distances too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.geo.geodesy import Floats
from sim.geo.graph import Ends, Path

if TYPE_CHECKING:
    from sim.geo.network import SeaNetwork
    from sim.geo.network.given import Demand
    from sim.geo.network.places import Place

SLACK_NM: Final = 1e-6  # rounding of sums
FAR: Final = ("suez_canal", "bab_el_mandeb", "gibraltar", "cape_of_good_hope", "panama_canal", "panama_canal_panamax")


class Searches:
    """Paths of a network; distances from a port are kept."""

    def __init__(self, net: SeaNetwork) -> None:
        self.net = net
        self._far = net.passages.bits(p for p in FAR if p in net.passages)
        self._from: dict[tuple[int, int], Floats] = {}

    def path(self, start: Place, goal: Place, demand: Demand) -> Path | None:
        """As `SeaNetwork.path`: the shortest path between two places, without their approaches; None where none is."""
        if any(not int(group) & ~int(demand.closed) for group in demand.groups):
            return None  # all of what it must cross is closed
        if demand.groups or demand.off or not (start.listed and goal.listed):
            return self.net.path(start, goal, demand)
        most = self._bound(start, goal, demand)
        if not np.isfinite(most):
            return self.net.path(start, goal, demand)
        graph = self.net.graph
        together = self._distances(start, demand) + self._distances(goal, demand)
        nodes = np.flatnonzero(together <= most + SLACK_NM)
        part, number = graph.part(nodes)
        head, tail = (Ends.at(int(number[p.ends.nodes[0]])) for p in (start, goal))
        found = part.shortest(head, tail, demand.closed)
        if found is None:
            return self.net.path(start, goal, demand)
        return Path(found.length_nm, tuple(nodes[list(found.nodes)].tolist()))

    def _bound(self, start: Place, goal: Place, demand: Demand) -> float:
        """A length that the shortest path does not exceed; inf where the reduced graph has no path."""
        graph, number = self.net.fast
        a, b = (int(number[p.ends.nodes[0]]) for p in (start, goal))
        if a < 0 or b < 0:
            return float("inf")
        found = graph.shortest(Ends.at(a), Ends.at(b), demand.closed)
        return float("inf") if found is None else found.length_nm

    def _distances(self, place: Place, demand: Demand) -> Floats:
        closed = demand.barred | (demand.closed & self._far)
        key = int(place.ends.nodes[0]), int(closed)
        if key not in self._from:
            self._from[key] = self.net.graph.distances_from([key[0]], closed)[0]
        return self._from[key]
