"""Water that ships keep clear of: land grown by a clearance, less in named narrow waters.

Rule (docs/decisions/0003-clearance.md): a ship keeps `open_nm` off any land, `narrow_nm` in waters that the
table narrow_waters.csv calls narrow, and `tight_nm` in those that it calls tight.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

import geodata
from geodata.build.land import cut_at_180, polygons_of, unwrap
from geodata.build.width.obstacles import simplified_ring
from geodata.build.width.windows import chart
from sim.units import METRES_PER_NM

TILE_DEG = 10.0


@dataclass(frozen=True)
class ClearanceRule:
    """Distances that a route keeps off land, nm."""

    open_nm: float
    narrow_nm: float
    tight_nm: float
    simplify_share: float = 0.1  # corners may be cut by this share of the clearance


@dataclass(frozen=True)
class NarrowWater:
    """A fairway (lon, lat degrees) along which a smaller clearance holds, out to `half_width_nm`."""

    id: str
    kind: str  # narrow | tight
    half_width_nm: float
    lonlat: tuple[tuple[float, float], ...]


def narrow_waters() -> list[NarrowWater]:
    """Rows of geodata/tables/narrow_waters.csv."""
    with geodata.table("narrow_waters.csv").open(newline="", encoding="utf-8") as file:
        return [
            NarrowWater(
                r["id"],
                r["kind"],
                float(r["half_width_nm"]),
                tuple((float(lon), float(lat)) for lon, lat in (p.split() for p in r["fairway_lon_lat"].split(";"))),
            )
            for r in csv.DictReader(file)
        ]


def _grow(shape: BaseGeometry, distance_nm: float, share: float) -> BaseGeometry:
    """Buffer a small lon/lat shape by a distance on a local conformal chart."""
    west, south, east, north = shape.bounds
    lon0, lat0 = (west + east) / 2, (south + north) / 2
    flat = chart(lon0, lat0)

    def forward(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(flat.transform(xy[:, 0], xy[:, 1]))

    def back(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = flat.transform(xy[:, 0], xy[:, 1], direction="INVERSE")
        return np.column_stack([lon0 + (lon - lon0 + 180) % 360 - 180, lat])

    grown = shapely.transform(shape, forward).buffer(distance_nm * METRES_PER_NM, quad_segs=4)
    return shapely.transform(grown.simplify(share * distance_nm * METRES_PER_NM), back)


def tiles(polygons: Iterable[Polygon]) -> Iterator[BaseGeometry]:
    """Land cut into pieces small enough for one flat chart."""
    for polygon in polygons:
        west, south, east, north = polygon.bounds
        if max(east - west, north - south) <= TILE_DEG:
            yield polygon
            continue
        for lon in np.arange(np.floor(west / TILE_DEG) * TILE_DEG, east, TILE_DEG):
            for lat in np.arange(np.floor(south / TILE_DEG) * TILE_DEG, north, TILE_DEG):
                piece = shapely.intersection(polygon, box(lon, lat, lon + TILE_DEG, lat + TILE_DEG))
                yield from polygons_of(piece)


def grown_land(polygons: list[Polygon], distance_nm: float, share: float) -> BaseGeometry:
    """Land with every point within `distance_nm` of it, cut at 180 degrees."""
    pieces = []
    for tile in tiles(polygons):
        if tile.bounds[3] <= -78.0:
            pieces.append(tile)  # inner Antarctica: no chart needed, no ship comes near
            continue
        pieces.append(cut_at_180(_grow(tile, distance_nm, share)))
    return shapely.union_all(pieces, grid_size=1e-5)


def fairway(water: NarrowWater) -> BaseGeometry:
    """The area in which the smaller clearance of a narrow water holds."""
    xy = unwrap(np.array(water.lonlat))
    line = LineString(xy) if len(xy) > 1 else shapely.Point(*xy[0])
    return cut_at_180(_grow(line, water.half_width_nm, 0.05))


def _simplified_polygon(polygon: Polygon, areas: dict[str, BaseGeometry], rule: ClearanceRule) -> Polygon:
    rings = []
    for ring in (polygon.exterior, *polygon.interiors):
        xy = np.array(ring.coords)
        tolerance = np.full(len(xy), rule.open_nm)
        for kind in ("narrow", "tight"):
            tolerance[shapely.contains_xy(areas[kind], xy)] = getattr(rule, f"{kind}_nm")
        # a corner on the cut at 180 degrees must stay, or a gap opens between the halves of Chukotka
        tolerance[np.abs(xy[:, 0]) == 180.0] = 1e-6
        rings.append(simplified_ring(xy, tolerance * rule.simplify_share))
    whole = [r for r in rings if len(r) > 3]
    return Polygon(whole[0], whole[1:]) if whole else Polygon()


def obstacles(
    land: list[Polygon], rule: ClearanceRule, waters: list[NarrowWater], dangers: list[Polygon]
) -> list[Polygon]:
    """Polygons that no leg may cross: land with its clearance, and charted reefs and shoals as they are."""
    kinds = ("open", "narrow", "tight")
    grown = {kind: grown_land(land, getattr(rule, f"{kind}_nm"), rule.simplify_share / 3) for kind in kinds}
    return ease(grown, rule, waters, dangers)


def ease(
    grown: dict[str, BaseGeometry], rule: ClearanceRule, waters: list[NarrowWater], dangers: list[Polygon]
) -> list[Polygon]:
    """Land grown by the open clearance, replaced by the smaller ones within the narrow waters."""
    areas = {kind: shapely.union_all([fairway(w) for w in waters if w.kind == kind]) for kind in ("narrow", "tight")}
    for area in areas.values():
        shapely.prepare(area)
    eased = grown["open"].difference(areas["narrow"]).union(grown["narrow"])
    eased = eased.union(shapely.union_all(dangers)).difference(areas["tight"]).union(grown["tight"])
    simple = [_simplified_polygon(p, areas, rule) for p in polygons_of(eased)]
    return polygons_of(shapely.union_all([shapely.make_valid(p) for p in simple], grid_size=1e-5))
