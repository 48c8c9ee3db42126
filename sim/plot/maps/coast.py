"""The ground of a map: land as coarse as the sheet allows, without a seam at 180 degrees; degrees; names of seas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.geo.geodesy import Floats
from sim.geo.land import land_polygons
from sim.plot.labels import Board, Box, Wanted, place
from sim.plot.maps.projection import Sheet, relative
from sim.plot.paper import Paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from shapely import Polygon

PIXELS = 1700.0  # a map about as wide as this, in pixels, needs no finer coast
SNAP_M = 20.0  # the two sides of a cut meet within this after projecting
KM_PER_DEGREE = 111.2
LINE, TEXT, SEA_TEXT = "#C3D3DE", "#6F808C", "#8FAABD"
ARCTIC_CIRCLE = 66.56
ARCTIC_FROM = 57.0  # seas north of it find room where they can
SEAS = (
    ("ARCTIC OCEAN", -160.0, 84.0), ("NORTH ATLANTIC", -42.0, 33.0), ("SOUTH ATLANTIC", -18.0, -22.0),
    ("INDIAN OCEAN", 76.0, -20.0), ("NORTH PACIFIC", -165.0, 28.0), ("SOUTH PACIFIC", -125.0, -32.0),
    ("SOUTHERN OCEAN", 90.0, -58.0), ("BERING SEA", -177.0, 57.5), ("SEA OF OKHOTSK", 149.0, 54.5),
    ("BARENTS SEA", 40.0, 73.5), ("KARA SEA", 70.0, 75.0), ("LAPTEV SEA", 125.0, 76.0),
    ("EAST SIBERIAN SEA", 162.0, 73.0), ("CHUKCHI SEA", -171.0, 70.0), ("BEAUFORT SEA", -140.0, 72.5),
    ("GREENLAND SEA", -7.0, 76.0), ("NORWEGIAN SEA", 2.0, 68.0), ("BAFFIN BAY", -68.0, 73.5),
    ("LABRADOR SEA", -53.0, 58.5),
    ("HUDSON BAY", -85.5, 59.5), ("NORTH SEA", 3.0, 56.3), ("BALTIC SEA", 18.5, 56.5),
    ("MEDITERRANEAN SEA", 18.0, 34.3), ("ARABIAN SEA", 64.0, 16.0), ("SOUTH CHINA SEA", 114.0, 14.0),
)  # fmt: skip
Points = Callable[[Floats], Floats]


def land_on(sheet: Sheet) -> list[Polygon]:
    """Land polygons in metres on a sheet, within its outline; computed once for a sheet."""
    if "land" not in sheet.kept:
        sheet.kept["land"] = _land_on(sheet)
    return list(sheet.kept["land"])


def _land_on(sheet: Sheet) -> list[Polygon]:
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


def graticule(paper: Paper, axes: Axes, sheet: Sheet, board: Board, points: Points) -> None:
    """Meridians and parallels, and their degrees around the sheet where there is room."""
    meridians, parallels = _steps(sheet)
    west, south, east, north = window(sheet)
    top = 80.0 if sheet.kind == "polar" else north
    for lon in meridians:
        rel = float(relative(np.array([lon]), sheet.lon_0)[0])
        if west <= rel <= east:
            # Every quarter turn runs on to the Pole, so that it is found at once.
            end = 90.0 if lon % 90 == 0 else top
            _line(axes, sheet, np.column_stack([np.full(181, rel), np.linspace(south, end, 181)]))
    for lat in parallels:
        _line(axes, sheet, np.column_stack([np.linspace(west, east, 361), np.full(361, lat)]))
    if sheet.kind == "polar":
        circle = np.column_stack([np.linspace(-180, 180, 361), np.full(361, ARCTIC_CIRCLE)])
        _line(axes, sheet, circle, color="#9DB6C7", lw=0.7, ls=(0, (5, 3)))
        _polar_degrees(paper, sheet, board, points, meridians, parallels)
    else:
        _edge_degrees(paper, sheet, board, points, meridians, parallels)


def _steps(sheet: Sheet) -> tuple[list[float], list[float]]:
    """Meridians, -180..180, and parallels to draw."""
    if sheet.kind == "polar":
        return [float(v) for v in range(-180, 180, 30)], [float(v) for v in range(30, 90, 10) if v > sheet.rim_lat + 2]
    if sheet.kind == "world":
        return [float(v) for v in range(-180, 180, 30)], [float(v) for v in range(-60, 61, 30)]
    west, south, east, north = window(sheet)
    step_lat = next((s for s in (0.5, 1, 2, 5, 10) if (north - south) / s <= 7), 20)
    step_lon = next((s for s in (0.5, 1, 2, 5, 10, 15) if (east - west) / s <= 12), 30)
    first, last = np.ceil((west + sheet.lon_0) / step_lon), np.floor((east + sheet.lon_0) / step_lon)
    lons = {round(float((v * step_lon + 180) % 360 - 180), 6) for v in np.arange(first, last + 1)}
    lats = np.arange(np.ceil(south / step_lat), np.floor(north / step_lat) + 1) * step_lat
    return sorted(lons), [round(float(v), 6) for v in lats if abs(v) < 90]


def _line(axes: Axes, sheet: Sheet, rel: Floats, **how: Any) -> None:
    """A line of longitudes relative to the middle and latitudes, kept to the sheet."""
    from shapely import LineString, get_parts

    xy = sheet.project_relative(rel)
    style: dict[str, Any] = {"color": LINE, "lw": 0.55, "zorder": 3, "alpha": 0.9} | how
    for part in get_parts(LineString(xy[np.isfinite(xy).all(axis=1)]).intersection(sheet.outline)):
        x, y = np.array(part.coords).T
        axes.plot(x, y, **style)


def degrees(value: float, letters: str) -> str:
    """A degree with its letter; letters: positive, negative."""
    text = f"{abs(value):g}°"
    return text if value in (0.0, 180.0, -180.0) else text + letters[0 if value > 0 else 1]


def _set(paper: Paper, board: Board, wanted: list[tuple[str, Floats]], size: float = 6.6, **how: Any) -> None:
    """Text on its place, or left out where something stands."""
    ask = [Wanted(text, (float(at[0]), float(at[1])), paper.size(text, size), centred=True) for text, at in wanted]
    for placed in place(ask, board):
        x, y = placed.middle
        style = {"color": TEXT, "ha": "center", "va": "center"} | how
        paper.text(x, y, placed.wanted.key, size, **style).set_gid(f"degree-{placed.wanted.key}")


def _polar_degrees(
    paper: Paper, sheet: Sheet, board: Board, points: Points, meridians: list[float], parallels: list[float]
) -> None:
    """Longitudes around the rim; latitudes along the meridian that is freest."""
    middle = points(np.zeros((1, 2)))[0]
    rim = []
    for lon in meridians:
        at = points(sheet.project(np.array([[lon, sheet.rim_lat]])))[0]
        away = (at - middle) / np.hypot(*(at - middle))
        text = degrees(lon, "EW")
        width, height = paper.size(text, 6.6)
        rim.append((text, at + away * (4.0 + 0.5 * np.hypot(width * away[0], height * away[1]))))
    _set(paper, board, rim)

    def rows(rel: float) -> list[tuple[str, Floats]]:
        at = points(sheet.project_relative(np.array([[rel, lat] for lat in parallels])))
        return [(degrees(lat, "NS"), p) for lat, p in zip(parallels, at, strict=True)]

    def crowd(rel: float) -> int:
        count = 0
        for _, (x, y) in rows(rel):
            box: Box = (x - 12, y - 6, x + 12, y + 6)
            count += board.hits(box) + int(np.count_nonzero(np.hypot(*(board.lines - (x, y)).T) < 12))
        return count

    best = min((float(r) for r in range(-165, 180, 30)), key=lambda r: (crowd(r), abs(r)))
    _set(paper, board, rows(best), halo="#FFFFFFB0")


def _edge_degrees(
    paper: Paper, sheet: Sheet, board: Board, points: Points, meridians: list[float], parallels: list[float]
) -> None:
    """Longitudes below the sheet, latitudes to its left."""
    from shapely import LineString, get_coordinates

    west, south, east, north = window(sheet)
    out = []
    ring = sheet.outline.exterior
    for lat in parallels:
        path = sheet.project_relative(np.column_stack([np.linspace(west, east, 361), np.full(361, lat)]))
        path[[0, -1]] += (path[[0, -1]] - path[[1, -2]]) * 0.5  # past the edge, to meet it
        met = get_coordinates(LineString(path).intersection(ring))
        if len(met) and (sheet.kind == "world" or met[:, 0].min() < sheet.bounds[0] + 1.0):
            at = points(met[np.argmin(met[:, 0])])[0]
            text = degrees(lat, "NS")
            out.append((text, at - np.array([6.0 + paper.size(text, 6.6)[0] / 2, 0.0])))
    for lon in meridians:
        rel = float(relative(np.array([lon]), sheet.lon_0)[0])
        path = sheet.project_relative(np.column_stack([np.full(181, rel), np.linspace(south, north, 181)]))
        path[0] += (path[0] - path[1]) * 0.5
        met = get_coordinates(LineString(path).intersection(ring))
        x0, y0, x1, _ = sheet.bounds
        met = met[(met[:, 1] < y0 + 0.02 * (x1 - x0))] if len(met) else met
        if len(met) and abs(rel) < 179.0:
            out.append((degrees(lon, "EW"), points(met[0])[0] - np.array([0.0, 8.0])))
    _set(paper, board, out)


def sea_names(paper: Paper, sheet: Sheet, board: Board, points: Points) -> None:
    """Names of seas in quiet letters where they cover nothing: on one line or two, and moved a little if need be."""
    for name, lon, lat in SEAS:
        xy = sheet.project(np.array([[lon, lat]]))
        if not np.isfinite(xy).all() or not sheet.inside(xy)[0]:
            continue
        at = points(xy)[0]
        for text, size, (dx, dy) in _sea_forms(name, moved=lat > ARCTIC_FROM and sheet.kind != "world"):
            where = at + np.array([dx, dy])
            width, height = paper.size(text, size, style="italic")
            ask = Wanted(name, (float(where[0]), float(where[1])), (width + 6, height + 4), centred=True)
            room = replace(board, boxes=list(board.boxes), leaders=list(board.leaders))
            if not place([ask], room) or not _at_sea(sheet, points, where, (width, height)):
                continue
            place([ask], board)
            x, y = where
            how = {"color": SEA_TEXT, "style": "italic", "ha": "center", "va": "center", "multialignment": "center"}
            paper.text(x, y, text, size, **how).set_gid(f"sea-{name}")
            break


def _sea_forms(name: str, moved: bool) -> list[tuple[str, float, tuple[float, float]]]:
    """Ways to write the name of a sea, best first: the text, its size, and how far it is moved, points."""
    words = name.rsplit(" ", 1)
    forms = [(name, 7.0)] + ([("\n".join(words), 6.6), (name, 5.6), ("\n".join(words), 5.4)] if moved else [])
    steps = [(0.0, 0.0)]
    if moved:
        around = [k * np.pi / 4 for k in range(8)]
        steps += [(r * float(np.cos(a)), r * float(np.sin(a))) for r in (8.0, 16.0, 24.0) for a in around]
    return [(text, size, step) for text, size in forms for step in steps]


def _at_sea(sheet: Sheet, points: Points, at: Floats, size: tuple[float, float]) -> bool:
    """True if a text of a size in the middle of a place on paper covers no land and lies on the sheet."""
    import shapely

    x0, y0, x1, y1 = sheet.bounds
    low, high = points(np.array([[x0, y0], [x1, y1]]))
    corners = (at + np.array([[-0.5], [0.5]]) * size - low) / (high - low) * (x1 - x0, y1 - y0) + (x0, y0)
    box = shapely.box(*corners[0], *corners[1])
    if not shapely.contains(sheet.outline, box):
        return False
    if "tree" not in sheet.kept:
        sheet.kept["tree"] = shapely.STRtree(land_on(sheet))
    return not len(sheet.kept["tree"].query(box, predicate="intersects"))
