"""Two routes of the network side by side, by the miles that ships sail and by the shortest open ways."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.claims.register import Finding, Place, SeaRoutes, shown
from sim.geo.route import Route

EAST_END = ("bering_strait",)
WEST_ENDS = ("kara_gate", "yugorsky_shar", "matochkin_shar", "cape_zhelaniya", "franz_josef_north")
READ_EVERY_NM = 20.0


def route(
    net: SeaRoutes, origin: Place, destination: Place, via: str = "usual", closed: frozenset[str] = frozenset()
) -> Route:
    """A route of the network."""
    return net.route(origin, destination, via=via, closed=closed)


def usable(route: Route) -> bool:
    """Whether a route exists."""
    return route.status == "ok" and math.isfinite(route.distance_nm)


@dataclass(frozen=True)
class Pair:
    """Two routes, and by how many nm the first is longer: of the miles that ships sail, and of the shortest ways; nan
    where one of them does not exist. `sailed_nm` are the miles of each."""

    longer: Route
    shorter: Route
    sailed_nm: tuple[float, float]

    @property
    def saved_nm(self) -> float:
        """Miles sailed that the shorter route saves; the claims stand on them."""
        return self.sailed_nm[0] - self.sailed_nm[1]

    @property
    def way_saved_nm(self) -> float:
        """The same of the shortest ways, which no ship on the Northern Sea Route has sailed."""
        return self.longer.distance_nm - self.shorter.distance_nm

    def lengths(self, longer: str, shorter: str) -> str:
        """Both lengths for readers, with that of the way where ships sail more."""
        names = (longer, self.longer, self.sailed_nm[0]), (shorter, self.shorter, self.sailed_nm[1])
        return ", ".join(f"{name} {_both_lengths(route, nm)}" for name, route, nm in names)


def _both_lengths(route: Route, sailed: float) -> str:
    if sailed - route.distance_nm < 0.5:
        return f"{shown(sailed)} nm"
    return f"{shown(sailed)} nm sailed ({shown(route.distance_nm)} nm by the shortest open way)"


def sailed_nm(route: Route) -> float:
    """Miles that a ship makes on a route without ice: on the water of the Northern Sea Route more than the way."""
    from sim.geo.cells import readings_of_way
    from sim.geo.geodesy import lonlat
    from sim.geo.waters import inside_water
    from sim.voyage.navigation import SAILED_MORE

    if not usable(route) or not len(route.leg_nm):
        return route.distance_nm
    read = readings_of_way(None, route.lonlat, READ_EVERY_NM)
    nm = route.leg_nm[read.leg] * read.share
    return route.distance_nm + SAILED_MORE * float(nm[inside_water("nsr", lonlat(read.middle))].sum())


def both_routes(net: SeaRoutes, origin: str, destination: str, longer: str, shorter: str) -> Pair:
    """Two routes by their names."""
    a, b = route(net, origin, destination, longer), route(net, origin, destination, shorter)
    there = usable(a) and usable(b)
    return Pair(a, b, (sailed_nm(a), sailed_nm(b)) if there else (float("nan"), float("nan")))


def no_route(*routes: Route) -> Finding:
    """A finding where a comparison lacks a route."""
    reasons = "; ".join(r.reason for r in routes if not usable(r))
    return Finding(None, "not_checkable", f"no such route: {reasons}")


def arctic_part_nm(route: Route) -> float | None:
    """Length between the first western gate of the Northern Sea Route and the Bering Strait, nm; None without gates."""
    east = [c.at_nm for c in route.crossings if c.passage in EAST_END]
    west = [c.at_nm for c in route.crossings if c.passage in WEST_ENDS]
    return max(abs(e - w) for e in east for w in west) if east and west else None
