"""Water that ships keep clear of, by a law of the local width (docs/decisions/0019-clearance-by-width.md).

geodata.build.width.ladder says how near to land a ship goes, geodata.build.width.channels which narrow waters are
worth keeping.
Waters that are narrower than the map can tell but dredged or sailed all the same are drawn by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Polygon, STRtree, box
from shapely.geometry.base import BaseGeometry

from geodata.build.land import cut_at_180, polygons_of, unwrap
from geodata.build.width.channels import Channels, Line, ways_along, ways_between, ways_in, with_channels
from geodata.build.width.ladder import Piece, WidthRule, opened_water
from geodata.build.width.shoals import shoals
from geodata.build.width.traffic import Traffic
from geodata.build.width.windows import SOUTH_DEG, Around, Window, belts, metres, world
from sim.geo.geodesy import Floats
from sim.geo.network.raw.raster import squeeze

CUT_DEG = 1e-9
POLAR_DEG = -80  # nothing but Antarctica south of it
SHORT = 16  # corners of a line of the coast
LEAST_NM = 0.02  # corners that move a shore by less are dropped everywhere


@dataclass(frozen=True)
class Drawn:
    """A channel along a line of lon, lat degrees: within `half_width_nm` of it a ship keeps `clearance_nm` off land."""

    half_width_nm: float
    clearance_nm: float
    lonlat: tuple[tuple[float, float], ...]

    def window(self) -> Window:
        """The window of the channel."""
        xy = unwrap(np.array(self.lonlat))
        (west, south), (east, north) = xy.min(axis=0), xy.max(axis=0)
        reach = self.half_width_nm / 60
        wide = reach / squeeze(float(np.abs(xy[:, 1]).max()) + reach)
        return Window(float(west - wide), float(south - reach), float(east + wide), float(north + reach))


def channel(water: Drawn, land: list[Polygon], tree: STRtree) -> BaseGeometry:
    """The part of a narrow water in which ships sail, cut at 180 degrees."""
    window = water.window()
    xy = unwrap(np.array(water.lonlat))
    line = window.charted(LineString(xy)) if len(xy) > 1 else window.charted(shapely.Point(*xy[0]))
    frame = window.frame(2 * water.clearance_nm)
    near = [shapely.intersection(land[k], frame) for k in sorted(tree.query(frame, predicate="intersects").tolist())]
    clear = metres(water.clearance_nm)
    shore = shapely.union_all([window.charted(p) for p in near]).simplify(0.1 * clear).buffer(clear, quad_segs=4)
    open_part = line.buffer(metres(water.half_width_nm), quad_segs=4).difference(shore).simplify(0.1 * clear)
    return cut_at_180(shapely.union_all(window.mapped(open_part)))


@dataclass(frozen=True)
class Shipping:
    """What tells which narrow waters ships use: `ports` (n, 2) of lon, lat degrees, the first so many of them `main`
    ones; `lines` of named waters; and `soundings`, places (n, 2) and their depths (n,) in m."""

    ports: Floats
    main: int = 0
    lines: Sequence[Line] = ()
    soundings: tuple[Floats, Floats] = (np.empty((0, 2)), np.empty(0))


def used_channels(
    shut: list[Polygon], pieces: list[Piece], shipping: Shipping, windows: Sequence[Window]
) -> list[Piece]:
    """The pieces of narrow water that ways between ports and along the lines of named waters need."""
    if not pieces:
        return []
    ports, lines = shipping.ports, shipping.lines
    channels = Channels(shut, pieces, ports)
    ends = np.array([end for line in lines for end in (line[0], line[-1])]).reshape(-1, 2)
    traffic = Traffic(shut, pieces, channels.meets, np.vstack([ports, ends]), windows)
    print(f"  coarse graph of {len(traffic.lonlat)} places", file=sys.stderr, flush=True)
    named = ways_along(traffic, len(ports), lines)
    inward, homes = ways_in(traffic, len(ports))
    fixed = {way.piece for way in named | inward}
    ways = ways_between(traffic, len(ports), shipping.main, fixed, shoals(pieces, *shipping.soundings))
    channels.keep(ways | inward, named, homes)
    kept = channels.kept()
    print(f"  {len(kept)} pieces of narrow water are used", file=sys.stderr, flush=True)
    return kept


def antarctica(land: list[Polygon], open_nm: float) -> list[Polygon]:
    """Land south of the windows and the water within `open_nm` of it; the continent's inside without a coast."""
    around, out = Around(land), [shapely.segmentize(box(-180, -90, 180, POLAR_DEG), 10.0)]
    for window in belts(POLAR_DEG, SOUTH_DEG):
        parts = [window.charted(part) for _, part in around.within(window.frame(2 * open_nm))]
        grown = shapely.union_all(parts).buffer(metres(open_nm), quad_segs=4)
        out += window.mapped(grown)
    return out


def obstacles(
    land: list[Polygon],
    rule: WidthRule,
    waters: list[Drawn],
    dangers: list[Polygon],
    shipping: Shipping,
    windows: list[Window] | None = None,
) -> list[Polygon]:
    """Polygons that no leg may cross."""
    windows = windows or world()
    shut, pieces = opened_water(land, rule, windows)
    by_law = with_channels(shut, used_channels(shut, pieces, shipping, windows))
    tree = STRtree(land)
    drawn = shapely.union_all([channel(w, land, tree) for w in waters])
    whole = shapely.union_all([*by_law, *dangers, *antarctica(land, rule.open_nm)]).difference(drawn)
    coast = Coast(land)
    simple = [shapely.make_valid(simplified(p, coast, rule)) for p in polygons_of(whole)]
    return polygons_of(shapely.union_all(simple, grid_size=1e-5))


def simplified_ring(ring: Floats, tolerance_nm: Floats) -> Floats:
    """Drop corners of a closed ring that move it by less than the tolerance (n,) of its place."""
    out: list[Floats] = []
    start, last = 0, len(ring) - 1
    while start < last:
        stop = start + 1
        squeeze = max(np.cos(np.deg2rad(ring[start, 1])), 0.05)
        while (
            stop < last
            and stop - start < 400
            and tolerance_nm[stop] == tolerance_nm[start]
            and abs(ring[stop, 1] - ring[start, 1]) < 6
            and abs(ring[stop, 0] - ring[start, 0]) * squeeze < 6
        ):
            stop += 1
        chunk = ring[start : stop + 1]
        middle = chunk.mean(axis=0)
        scale = np.array([np.cos(np.deg2rad(middle[1])), 1.0])
        line = LineString((chunk - middle) * scale).simplify(tolerance_nm[start] / 60)
        corners = np.array(line.coords) / scale + middle
        corners[0], corners[-1] = chunk[0], chunk[-1]
        out.append(corners[:-1])
        start = stop
    return np.vstack([*out, out[0][:1]])


class Coast:
    """The coast of all land in short lines, to be asked how far away it is."""

    def __init__(self, land: list[Polygon]) -> None:
        rings = [np.array(r.coords) for p in land for r in (p.exterior, *p.interiors)]
        self._lines = np.array(
            [LineString(xy[k : k + SHORT + 1]) for xy in rings for k in range(0, len(xy) - 1, SHORT)], dtype=object
        )
        self._tree = STRtree(self._lines)

    def away_nm(self, xy: Floats) -> Floats:
        """Miles from places (n, 2) of lon, lat degrees to the coast nearest in the plane of the map."""
        places = shapely.points(xy)
        own, nearest = self._tree.query_nearest(places, all_matches=False)
        there = shapely.get_coordinates(shapely.shortest_line(places[own], self._lines[nearest])).reshape(-1, 2, 2)
        step = there[:, 1] - there[:, 0]
        step[:, 0] *= np.maximum(np.cos(np.deg2rad(xy[own, 1])), 0.03)
        out = np.full(len(xy), np.inf)
        out[own] = np.hypot(*step.T) * 60
        return out


def simplified(polygon: Polygon, coast: Coast, rule: WidthRule) -> Polygon:
    """A polygon without the corners that move its shore by less than a share of what it keeps off land there."""
    rings = []
    for ring in (polygon.exterior, *polygon.interiors):
        xy = np.array(ring.coords)
        away = np.clip(coast.away_nm(xy), LEAST_NM / rule.simplify_share, rule.open_nm)
        tolerance = rule.simplify_share * 2.0 ** np.floor(np.log2(away))  # in steps, so that stretches have one
        # a corner on the cut at 180 degrees must stay, or a gap opens between the halves of Chukotka
        tolerance[np.abs(np.abs(xy[:, 0]) - 180.0) < CUT_DEG] = 1e-6
        rings.append(simplified_ring(xy, tolerance))
    whole = [r for r in rings if len(r) > 3]
    return Polygon(whole[0], whole[1:]) if whole and len(rings[0]) > 3 else Polygon()
