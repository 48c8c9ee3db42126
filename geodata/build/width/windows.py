"""Windows of the world, each small enough for one flat chart: what is measured in miles round the coast is made there.

A chart is a stereographic one about the window's middle. It is conformal; within a window of 10 degrees its scale is
off by 0.4 % at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from shapely import Polygon, STRtree, box
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from geodata.build.land import polygons_of
from sim.geo.network.raw.raster import squeeze
from sim.units import METRES_PER_NM

SIDE_DEG = 10
SOUTH_DEG, NORTH_DEG = -60, 90  # no route leads through a strait of Antarctica
LONG_EDGE_DEG = 0.5  # edges are cut to this before they are charted: a straight edge of the map is none of the chart


def chart(lon: float, lat: float) -> Transformer:
    """A flat chart about a place, in metres: conformal, true to scale at its middle."""
    crs = CRS.from_proj4(f"+proj=stere +lat_0={lat} +lon_0={lon} +ellps=WGS84 +units=m")
    return Transformer.from_crs(CRS.from_epsg(4326), crs, always_xy=True)


@dataclass(frozen=True, order=True)
class Window:
    """A part of the world between meridians and parallels, degrees."""

    west: float
    south: float
    east: float
    north: float

    @cached_property
    def own_chart(self) -> Transformer:
        """From longitude and latitude to metres."""
        lon, lat = (self.west + self.east) / 2, (self.south + self.north) / 2
        return chart(lon, lat)

    def frame(self, margin_nm: float = 0.0) -> Polygon:
        """The window with a margin; its longitudes may pass 180 degrees."""
        margin = margin_nm / 60
        south, north = max(self.south - margin, -89.9), min(self.north + margin, 90.0)
        wide = min(margin / squeeze(max(abs(south), abs(north))), 40.0)
        return box(self.west - wide, south, self.east + wide, north)

    def charted(self, shape: BaseGeometry) -> BaseGeometry:
        """A shape of longitudes and latitudes in the chart's metres."""

        def forward(xy: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.column_stack(self.own_chart.transform(xy[:, 0], xy[:, 1]))

        return shapely.make_valid(shapely.transform(shapely.segmentize(shape, LONG_EDGE_DEG), forward))

    def mapped(self, shape: BaseGeometry) -> list[Polygon]:
        """A shape of the chart as polygons of longitudes and latitudes, cut at the window's edges."""
        middle = (self.west + self.east) / 2

        def back(xy: NDArray[np.float64]) -> NDArray[np.float64]:
            lon, lat = self.own_chart.transform(xy[:, 0], xy[:, 1], direction="INVERSE")
            return np.column_stack([middle + (lon - middle + 180) % 360 - 180, lat])

        if shape.is_empty:
            return []
        return polygons_of(shapely.intersection(shapely.make_valid(shapely.transform(shape, back)), self.frame()))


def world() -> list[Window]:
    """Windows about as wide as high that cover the seas in which the law of the width holds."""
    return belts(SOUTH_DEG, NORTH_DEG)


def belts(from_deg: int, to_deg: int) -> list[Window]:
    """Windows about as wide as high between two parallels."""
    out = []
    for south in range(from_deg, to_deg, SIDE_DEG):
        count = max(int(np.ceil(360 * np.cos(np.deg2rad(south + SIDE_DEG / 2)) / SIDE_DEG)), 6)
        edges = np.linspace(-180, 180, count + 1).tolist()
        out += [Window(w, south, e, south + SIDE_DEG) for w, e in pairwise(edges)]
    return out


class Around:
    """Shapes of the world as a window sees them, also past 180 degrees."""

    def __init__(self, shapes: Sequence[BaseGeometry]) -> None:
        self.shapes = list(shapes)
        self.tree = STRtree(self.shapes)

    def within(self, frame: Polygon) -> list[tuple[int, BaseGeometry]]:
        """Numbers of the shapes that touch a frame, and their parts in it."""
        out = []
        for turn in (-360.0, 0.0, 360.0):
            there = translate(frame, xoff=-turn)
            for k in sorted(self.tree.query(there, predicate="intersects").tolist()):
                part = shapely.intersection(self.shapes[k], there)
                if not part.is_empty:
                    out.append((k, translate(part, xoff=turn)))
        return out


def metres(nm: float) -> float:
    """Miles as the chart counts them."""
    return nm * METRES_PER_NM
