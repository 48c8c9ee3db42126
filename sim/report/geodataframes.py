"""Comparisons, routes and ports as GeoDataFrames in EPSG:4326, for those who go on with geopandas.

Lengths are nm (WGS84), times days; what does not exist is NaN, NaT or an empty geometry (None), never 0. Lists of
passages are texts with spaces between the ids, so that every frame can be written to any vector file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from sim.geo.ports import Port
    from sim.geo.route import Route
    from sim.scenario.compare import Comparison

CRS = "EPSG:4326"
MOMENT = "datetime64[us, UTC]"
NAN = float("nan")


def comparison_frame(comparison: Comparison) -> GeoDataFrame:
    """A row for every alternative: figures, differences from the baseline, and the way as a line cut at 180."""
    rows: list[dict[str, Any]] = []
    for o in comparison.outcomes:
        t = o.voyage if o.feasible else None
        rows.append(
            _route_row(o.label, o.route)
            | {
                "days": t.days if t else NAN,
                "sailing_days": t.sailing_days if t else NAN,
                "wait_days": t.wait_days if t else NAN,
                "depart": t.depart.astimezone(UTC) if t else None,
                "arrive": t.arrive.astimezone(UTC) if t and t.arrive else None,
                "vs_distance_nm": o.versus.get("distance_nm", NAN),
                "vs_days": o.versus.get("days", NAN),
            }
        )
    frame = _frame(rows, [o.route for o in comparison.outcomes])
    return frame.astype({"depart": MOMENT, "arrive": MOMENT})


def routes_frame(routes: Mapping[str, Route]) -> GeoDataFrame:
    """A row for every route, under the name that it has in `routes`."""
    return _frame([_route_row(name, route) for name, route in routes.items()], list(routes.values()))


def ports_frame(ports: Iterable[Port]) -> GeoDataFrame:
    """A point for every port, with code, name, country and aliases."""
    from geopandas import GeoDataFrame
    from shapely import Point

    listed = list(ports)
    columns = {
        "locode": [p.locode for p in listed],
        "name": [p.name for p in listed],
        "country": [p.country for p in listed],
        "kind": [p.kind for p in listed],
        "aliases": ["; ".join(p.aliases) for p in listed],
        "source": [p.source for p in listed],
    }
    return GeoDataFrame(columns, geometry=[Point(p.lon, p.lat) for p in listed], crs=CRS)


def _route_row(name: str, route: Route) -> dict[str, Any]:
    return {
        "route": name,
        "status": route.status,
        "reason": route.reason,
        "distance_nm": route.distance_nm if route.status == "ok" else NAN,
        "passages": " ".join(route.passages),
    }


def _frame(rows: list[dict[str, Any]], routes: list[Route]) -> GeoDataFrame:
    from geopandas import GeoDataFrame
    from shapely.geometry import shape

    drawn = [route.geojson() for route in routes]
    return GeoDataFrame(rows, geometry=[shape(g) if g else None for g in drawn], crs=CRS)
