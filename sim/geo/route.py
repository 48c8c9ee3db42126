"""What a route is: the answer of the network, without ship, ice or money."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.geo.geodesy import Floats
from sim.geo.joins import Join
from sim.result import Exportable
from sim.values import Valued

if TYPE_CHECKING:
    from shapely import LineString, MultiLineString

    from sim.geo.passages import Hindrance

ANCHORAGE = ":anchorage"  # ends the id of an anchorage off a passage, where a ship waits and turns
RouteStatus = Literal["ok", "unreachable", "closed", "beset"]


@dataclass(frozen=True)
class Crossing:
    """A passage that a route crosses: its id and how far from the start its gate lies, nm."""

    passage: str
    at_nm: float


@dataclass(frozen=True, eq=False, repr=False)
class Route(Valued, Exportable):
    """The shortest path between two places.

    `lonlat` (n, 2) degrees are the corners of the path, ends included; between them the path is a great circle, so that
    a straight stroke on a map may lead over land. `geometry` is the line to draw.
    `leg_nm` (n - 1,) are the lengths of its legs (WGS84 geodesics; the published length in canals and port approaches);
    `leg_tags` says of each leg "" (at sea), "approach", or the id of the canal that it lies in.
    `joins` are estimated parts at ends that lie inland: they are in the length.
    A route that leads nowhere has a reason and an infinite length; it is never a length of 0. The network calls it
    unreachable: it has no corners, and its `hindrances` are the least that would have to change. A voyage calls it
    closed or beset: its corners are those of the path that was tried.
    """

    status: RouteStatus
    reason: str
    distance_nm: float
    crossings: tuple[Crossing, ...] = ()
    lonlat: Floats = field(default_factory=lambda: np.empty((0, 2)))
    leg_nm: Floats = field(default_factory=lambda: np.empty(0))
    leg_tags: tuple[str, ...] = ()
    hindrances: tuple[Hindrance, ...] = ()
    joins: tuple[Join, ...] = ()

    def __repr__(self) -> str:
        if self.status != "ok":
            return f"Route({self.status}: {self.reason})"
        return f"Route({self.distance_nm:,.1f} nm by {', '.join(self.passages) or 'open sea'})"

    @property
    def passages(self) -> tuple[str, ...]:
        """Ids of the passages in the order in which the route crosses them."""
        return tuple(c.passage for c in self.crossings if not c.passage.endswith(ANCHORAGE))

    def ended(self, status: RouteStatus, reason: str) -> Route:
        """The route as one on which no ship arrives: its corners are kept, its length is not."""
        return replace(self, status=status, reason=reason, distance_nm=float("inf"))

    def drawn(self, step_nm: float = 30.0) -> list[Floats]:
        """The path as smooth lines (n, 2) of lon, lat degrees: great circles with a corner at least every `step_nm`,
        cut at 180 degrees."""
        from sim.geo.drawing import cut_line, densified

        return cut_line(densified(self.lonlat, step_nm))

    def geojson(self) -> dict[str, Any] | None:
        """The path as a GeoJSON LineString or MultiLineString: great circles with a corner at least every 30 nm, cut at
        180 degrees; None where unreachable."""
        from sim.geo.drawing import geojson_line

        return geojson_line(self.lonlat)

    @cached_property
    def geometry(self) -> LineString | MultiLineString | None:
        """The same line as a shapely geometry of lon, lat degrees, to draw or to measure; None where unreachable."""
        told = self.geojson()
        if told is None:
            return None
        from shapely.geometry import shape

        return shape(told)


def unreachable(reason: str, hindrances: tuple[Hindrance, ...] = ()) -> Route:
    """A route that does not exist, with its reason."""
    return Route("unreachable", reason, float("inf"), hindrances=hindrances)
