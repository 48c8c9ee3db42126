"""What a route is: the answer of the network, without ship, ice or money."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from sim.geo.geodesy import Floats
from sim.result import Result
from sim.values import Valued

ROADS = ":roads"  # ends the id of an anchorage off a passage, where a ship waits and turns
RouteStatus = Literal["ok", "unreachable", "closed", "beset"]


@dataclass(frozen=True)
class Crossing:
    """A passage on the way: its id and how far from the start the route crosses its gate, nm."""

    passage: str
    at_nm: float


@dataclass(frozen=True, eq=False, repr=False)
class Route(Valued, Result):
    """The shortest way between two places.

    `lonlat` (n, 2) degrees are the corners of the way, ends included; between them the way is a great circle.
    `leg_nm` (n - 1,) are the lengths of its legs (WGS84 geodesics; the published length in canals and port approaches);
    `leg_tags` says of each leg "" (at sea), "approach", or the id of the canal that it lies in.
    A route that leads nowhere has a reason and an infinite length; it is never a length of 0. The network calls it
    unreachable: it has no corners. A voyage calls it closed or beset: its corners are those of the path that was tried.
    """

    status: RouteStatus
    reason: str
    distance_nm: float
    crossings: tuple[Crossing, ...] = ()
    lonlat: Floats = field(default_factory=lambda: np.empty((0, 2)))
    leg_nm: Floats = field(default_factory=lambda: np.empty(0))
    leg_tags: tuple[str, ...] = ()

    def __repr__(self) -> str:
        if self.status != "ok":
            return f"Route({self.status}: {self.reason})"
        return f"Route({self.distance_nm:,.1f} nm by {', '.join(self.passages) or 'open sea'})"

    @property
    def passages(self) -> tuple[str, ...]:
        """Ids of the passages in the order in which the route crosses them."""
        return tuple(c.passage for c in self.crossings if not c.passage.endswith(ROADS))

    def ended(self, status: RouteStatus, reason: str) -> Route:
        """The route as one on which no ship arrives: its corners are kept, its length is not."""
        return replace(self, status=status, reason=reason, distance_nm=float("inf"))

    def drawn(self, step_nm: float = 30.0) -> list[Floats]:
        """The way as smooth lines (n, 2) of lon, lat degrees: great circles with a corner at least every `step_nm`,
        cut at 180 degrees."""
        from sim.geo.drawing import cut_line, densified

        return cut_line(densified(self.lonlat, step_nm))

    def geojson(self) -> dict[str, Any] | None:
        """GeoJSON geometry (LineString or MultiLineString, cut at 180 degrees); None where unreachable."""
        lines = [np.round(line, 5).tolist() for line in self.drawn()] if len(self.lonlat) else []
        if not lines:
            return None
        if len(lines) == 1:
            return {"type": "LineString", "coordinates": lines[0]}
        return {"type": "MultiLineString", "coordinates": lines}


def unreachable(reason: str) -> Route:
    """A route that does not exist, with its reason."""
    return Route("unreachable", reason, float("inf"))
