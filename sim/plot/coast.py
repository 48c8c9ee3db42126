"""Land for a sheet: as coarse as the sheet allows, and with no seam where Natural Earth is cut at 180 degrees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.geo.geodesy import Floats
from sim.geo.land import land_polygons
from sim.plot.projection import Sheet, relative

if TYPE_CHECKING:
    from shapely import Polygon

PIXELS = 1700.0  # a map about as wide as this, in pixels, needs no finer coast
SNAP_M = 20.0  # the two sides of a cut meet within this after projecting
KM_PER_DEGREE = 111.2


def land_on(sheet: Sheet) -> list[Polygon]:
    """Land polygons in metres on a sheet, within its outline."""
    import shapely

    pixel_m = sheet.width / PIXELS
    rel, at_cut = _turned(sheet, pixel_m)
    rel = shapely.segmentize(rel, 0.5)
    flat = shapely.transform(rel, sheet.project_relative)
    flat = np.concatenate([flat[~at_cut], _healed(flat[at_cut])])
    flat = shapely.simplify(flat, 0.45 * pixel_m, preserve_topology=False)
    flat = flat[~shapely.is_empty(flat)]
    bad = ~shapely.is_valid(flat)
    flat[bad] = shapely.buffer(flat[bad], 0)
    outline = sheet.outline
    shapely.prepare(outline)
    within = shapely.contains_properly(outline, flat)
    flat[~within] = shapely.intersection(flat[~within], outline)
    parts = shapely.get_parts(flat)
    parts = parts[(shapely.get_dimensions(parts) == 2) & (shapely.area(parts) > (1.2 * pixel_m) ** 2)]
    return list(parts)


def _turned(sheet: Sheet, pixel_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Polygons in longitudes relative to the sheet's middle, cut at its seam, and whether each lies along a cut."""
    import shapely

    polygons = np.array(land_polygons())
    bounds = shapely.bounds(polygons)
    scale = np.cos(np.deg2rad((bounds[:, 1] + bounds[:, 3]) / 2))
    large = shapely.area(polygons) * scale * KM_PER_DEGREE**2 > (1.5 * pixel_m / 1000) ** 2
    polygons, bounds = polygons[large], bounds[large]
    seam = sheet.lon_0 - 180.0 if sheet.lon_0 >= 0 else sheet.lon_0 + 180.0
    split = (bounds[:, 0] < seam) & (bounds[:, 2] > seam)
    west = shapely.intersection(polygons[split], shapely.box(-180, -90, seam, 90))
    east = shapely.intersection(polygons[split], shapely.box(seam, -90, 180, 90))
    whole = _areas(np.concatenate([polygons[~split], west, east]))
    # The middle of each part tells on which side of the seam it lies.
    bounds = shapely.bounds(whole)
    offset = (bounds[:, 0] + bounds[:, 2]) / 2 - sheet.lon_0
    shift = -sheet.lon_0 - 360.0 * (offset > 180) + 360.0 * (offset < -180)
    count = shapely.get_num_coordinates(whole)
    corners = shapely.get_coordinates(whole)
    corners[:, 0] += np.repeat(shift, count)
    rel = shapely.set_coordinates(whole, corners)
    rel = _windowed(rel, sheet)
    return rel, _along_cut(rel, sheet)


def _areas(geometries: np.ndarray) -> np.ndarray:
    import shapely

    parts = shapely.get_parts(geometries)
    return np.asarray(parts[(shapely.get_dimensions(parts) == 2) & ~shapely.is_empty(parts)])


def _windowed(polygons: np.ndarray, sheet: Sheet) -> np.ndarray:
    """Only what can be on the sheet: what lies behind a projection's horizon must not reach it."""
    import shapely

    if sheet.kind == "world":
        return polygons
    west, south, east, north = window(sheet)
    bounds = shapely.bounds(polygons)
    near = (bounds[:, 0] < east) & (bounds[:, 2] > west) & (bounds[:, 1] < north) & (bounds[:, 3] > south)
    polygons, bounds = polygons[near], bounds[near]
    cut = (bounds[:, 0] < west) | (bounds[:, 2] > east) | (bounds[:, 1] < south) | (bounds[:, 3] > north)
    clipped = shapely.intersection(polygons[cut], shapely.box(west, south, east, north))
    return np.concatenate([polygons[~cut], _areas(clipped)])


def window(sheet: Sheet) -> tuple[float, float, float, float]:
    """West, south, east, north, in longitudes relative to the middle, that hold the sheet with a margin."""
    if sheet.kind == "polar":
        return -180.0, sheet.rim_lat - 3.0, 180.0, 90.0
    if sheet.kind == "world":
        return -180.0, -90.0, 180.0, 90.0
    edge = np.array(sheet.outline.segmentize(sheet.width / 200).exterior.coords)
    lon, lat = sheet.proj(edge[:, 0], edge[:, 1], inverse=True)
    lon, lat = np.asarray(lon), np.asarray(lat)
    for pole in (90.0, -90.0):
        if sheet.inside(sheet.project_relative(np.array([[0.0, pole]])))[0]:
            south, north = (float(lat.min()) - 1.0, 90.0) if pole > 0 else (-90.0, float(lat.max()) + 1.0)
            return -180.0, south, 180.0, north
    margin = 1.0
    return (
        max(float(lon.min()) - margin, -180.0),
        max(float(lat.min()) - margin, -90.0),
        min(float(lon.max()) + margin, 180.0),
        min(float(lat.max()) + margin, 90.0),
    )


def _along_cut(rel: np.ndarray, sheet: Sheet) -> np.ndarray:
    """True for polygons with an edge on a meridian at which the source or the seam cut them, inside the sheet."""
    import shapely

    bounds = shapely.bounds(rel)
    cuts = [float(relative(np.array([180.0]), sheet.lon_0)[0]), float(relative(np.array([-180.0]), sheet.lon_0)[0])]
    if sheet.kind != "world":
        cuts += [-180.0, 180.0]
    sides = bounds[:, [0, 2]]
    return np.asarray(np.any([np.abs(sides - cut) < 1e-6 for cut in cuts], axis=(0, 2)), dtype=bool)


def _healed(parts: np.ndarray) -> np.ndarray:
    """The parts of land that were cut apart, joined."""
    import shapely

    if not len(parts):
        return parts
    bad = ~shapely.is_valid(parts)
    parts[bad] = shapely.buffer(parts[bad], 0)
    return _areas(np.array([shapely.union_all(parts, grid_size=SNAP_M)]))


def land_path(polygons: list[Polygon]) -> Any:
    """One matplotlib path of polygons with holes."""
    from matplotlib.path import Path

    corners: list[Floats] = []
    codes: list[np.ndarray] = []
    for polygon in polygons:
        for ring in (polygon.exterior, *polygon.interiors):
            points = np.array(ring.coords)[:, :2]
            code = np.full(len(points), Path.LINETO, dtype=Path.code_type)
            code[0], code[-1] = Path.MOVETO, Path.CLOSEPOLY
            corners.append(points)
            codes.append(code)
    if not corners:
        return Path(np.zeros((0, 2)))
    return Path(np.vstack(corners), np.concatenate(codes))
