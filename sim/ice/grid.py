"""Where the cells of an ice file lie, and which of them speaks for a place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import DataError
from sim.geo.geodesy import RADIUS_KM, Floats, vectors
from sim.ice.netcdf_read import FOREIGN, MAX_CELLS, MAX_VALUES, damaged, listed, named, packing_of, quiet

if TYPE_CHECKING:
    import xarray as xr
    from pyproj import CRS

Cells = NDArray[np.int64]

REACH_CELLS: Final = 1.5
COAST_KM: Final = 50.0  # how far a missing cell may borrow from its neighbours
LOWEST_LATITUDE: Final = 30.0  # no sea ice nearer to the equator; saves most of a global grid
LATITUDES = re.compile(r"lat|lats|latitude|latitudes|nav_lat(_rho|_t)?|lat_rho|tlat|xlat|plat|yt_lat|geolat|gphit|clat")
LONGITUDES = re.compile(
    r"lon|lons|longitude|longitudes|nav_lon(_rho|_t)?|lon_rho|tlon|xlon|plon|xt_lon|geolon|glamt|clon"
)
AXES = {"x": re.compile(r"x|xc|xgrid|projection_x|easting"), "y": re.compile(r"y|yc|ygrid|projection_y|northing")}
CRS_TEXTS = ("crs_wkt", "spatial_ref", "proj4text", "proj4_string", "proj4", "srid")
LENGTH_M = {"m": 1.0, "meter": 1.0, "meters": 1.0, "metre": 1.0, "metres": 1.0, "": 1.0, "cm": 0.01}
LENGTH_M |= {"km": 1e3, "kilometer": 1e3, "kilometers": 1e3, "kilometre": 1e3, "kilometres": 1e3}


@dataclass(frozen=True)
class Grid:
    """The cells of a file north of 30 degrees.

    `dims` are the horizontal dimensions of the variable, in its order. `lonlat` (m, 2) are the middles of the cells in
    degrees, `cell` (m,) their place in a flattened slice, `reach_km` (m,) 1.5 times their size. `tree` is a KD-tree of
    their unit vectors.
    """

    dims: tuple[str, ...]
    lonlat: Floats
    cell: Cells
    reach_km: Floats
    tree: Any

    def bound(self, places: Floats) -> Bound:
        """The grid bound to places (n, 2) of lon, lat degrees."""
        return Bound(self, places)


class Bound:
    """Which cell speaks for each of a set of places, for any set of cells with a value."""

    def __init__(self, grid: Grid, places: Floats) -> None:
        self._grid = grid
        self.count = len(places)
        self._known = np.flatnonzero(np.isfinite(places).all(axis=1))
        self._vectors = vectors(places[self._known])
        distance, self._nearest = _query(grid.tree, self._vectors)
        self._inside = distance <= grid.reach_km[self._nearest]

    def cells(self, valid: NDArray[np.bool_]) -> Cells:
        """For each place the cell (n,) among the m of the grid, -1 where none is near, of those with a value (m,).

        The nearest cell where it has a value; else the nearest with one, within its own reach, or within 50 km if the
        place lies in the grid: cells next to the coast are often land in the file.
        """
        out = np.full(self.count, -1, dtype=np.int64)
        direct = self._inside & valid[self._nearest]
        out[self._known[direct]] = self._nearest[direct]
        ask = np.flatnonzero(self._inside & ~direct)
        if len(ask) and valid.any():
            from scipy.spatial import cKDTree

            usable = np.flatnonzero(valid)
            tree = cKDTree(self._grid.tree.data[usable], balanced_tree=False, compact_nodes=False)
            distance, found = _query(tree, self._vectors[ask])
            near = distance <= np.maximum(COAST_KM, self._grid.reach_km[usable[found]])
            out[self._known[ask[near]]] = usable[found[near]]
        return out


def _query(tree: Any, points: Floats) -> tuple[Floats, Cells]:
    """Distance in km and number of the nearest point of a tree of unit vectors."""
    chord, index = tree.query(points)
    return 2 * RADIUS_KM * np.arcsin(np.minimum(chord / 2, 1.0)), np.asarray(index, dtype=np.int64)


def grid_of(data: xr.Dataset, name: str, path: Path) -> Grid:
    """The grid of a variable: from latitudes and longitudes of the file, else from x, y and a projection.

    Raises DataError where there are none, where they are of the southern hemisphere or too many.
    """
    dims, lonlat = positions(data, name, path)
    good = np.isfinite(lonlat).all(axis=-1)
    latitudes = lonlat[good][:, 1]
    if not good.any() or np.abs(latitudes).max() > 90.001:
        raise DataError(f"{path.name}: the latitudes and longitudes of '{name}' are no positions in degrees")
    if latitudes.max() <= 0:
        span = f"{latitudes.min():.1f} to {latitudes.max():.1f}"
        raise DataError(f"{path.name}: is of the southern hemisphere (latitudes {span}); an Arctic file is needed")
    if latitudes.max() < LOWEST_LATITUDE:
        raise DataError(f"{path.name}: ends at latitude {latitudes.max():.1f}; no cell lies north of 30 degrees")
    size_km = _sizes_km(vectors(lonlat))
    cell = np.flatnonzero((good & (lonlat[..., 1] >= LOWEST_LATITUDE)).ravel())
    used = lonlat.reshape(-1, 2)[cell]
    used[:, 0] = (used[:, 0] + 180) % 360 - 180
    from scipy.spatial import cKDTree

    tree = cKDTree(vectors(used), balanced_tree=False, compact_nodes=False)
    if size_km is None:  # cells in a list: the fourth neighbour stands where the next row would
        count = min(5, len(used))
        size_km = 2 * RADIUS_KM * np.arcsin(tree.query(tree.data, k=[count])[0][:, 0] / 2)
        return Grid(dims, used, cell, REACH_CELLS * size_km, tree)
    return Grid(dims, used, cell, REACH_CELLS * size_km.ravel()[cell], tree)


def _sizes_km(v: Floats) -> Floats | None:
    """Sizes of the cells (rows, columns) of unit vectors (rows, columns, 3), the longer side; None for a list.

    Of the steps to both neighbours the shorter counts, since at the seam of an ocean grid one of them is far away.
    """
    if v.ndim == 2:
        return None
    size = np.zeros(v.shape[:2])
    for axis in (0, 1):
        if v.shape[axis] < 2:
            continue
        chord = np.linalg.norm(np.diff(v, axis=axis), axis=-1)
        step = np.where(np.isfinite(chord), 2 * RADIUS_KM * np.arcsin(np.minimum(chord / 2, 1.0)), np.inf)
        edge = np.take(step, [0], axis=axis) * 0 + np.inf if step.size else step
        forward, backward = np.concatenate([step, edge], axis=axis), np.concatenate([edge, step], axis=axis)
        shorter = np.minimum(forward, backward)
        size = np.maximum(size, np.where(np.isfinite(shorter), shorter, 0.0))
    usual = float(np.median(size[size > 0])) if (size > 0).any() else COAST_KM / REACH_CELLS
    return np.where(size > 0, size, usual)


def positions(data: xr.Dataset, name: str, path: Path) -> tuple[tuple[str, ...], Floats]:
    """Horizontal dimensions of a variable and lon, lat degrees (rows, columns, 2) of its cells, (n, 2) for a list.

    Raises DataError where the file says neither latitudes nor a projection.
    """
    dims = tuple(map(str, data[name].dims))
    pair = _latlon(data, name, dims)
    if pair is None:
        return projected_positions(data, name, path)
    latitude, longitude = pair
    horizontal = tuple(d for d in dims if d in latitude.dims or d in longitude.dims)
    _check_size(data, horizontal, name, path)
    lat, lon = (_degrees(v, path) for v in pair)
    if latitude.dims != longitude.dims:
        shape = [data.sizes[d] for d in horizontal]
        first = horizontal[0] in latitude.dims
        lat = np.broadcast_to(lat[:, None] if first else lat[None, :], shape)
        lon = np.broadcast_to(lon[None, :] if first else lon[:, None], shape)
    elif latitude.ndim == 2 and latitude.dims != horizontal:
        lat, lon = lat.T, lon.T
    return horizontal, np.stack([lon, lat], axis=-1)


def projected_positions(data: xr.Dataset, name: str, path: Path) -> tuple[tuple[str, ...], Floats]:
    """As `positions`, from x, y and the projection (CF conventions, section 5.6), whatever else the file holds."""
    dims = tuple(map(str, data[name].dims))
    x, y = (_axis(data, dims, axis) for axis in "xy")
    if x is None or y is None:
        raise DataError(
            f"{path.name}: variable '{name}' ({', '.join(dims) or 'a single number'}) has no positions: looked for "
            "latitudes and longitudes on its dimensions, then for x and y of a projection; the file holds: "
            f"{listed(data.variables)}"
        )
    horizontal = tuple(d for d in dims if d in (x.dims[0], y.dims[0]))
    _check_size(data, horizontal, name, path)
    crs = crs_of(data, name, path)
    unit_m = crs.axis_info[0].unit_conversion_factor if crs.axis_info else 1.0
    east, north = (_values(v, path) * _unit_m(v, path) / unit_m for v in (x, y))
    grid = np.meshgrid(east, north, indexing="xy" if horizontal[0] == y.dims[0] else "ij")
    from pyproj import Transformer

    with quiet():
        try:
            # to the latitudes of the projection's own ellipsoid, without a change of datum
            lon, lat = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True).transform(*grid)
        except FOREIGN as error:
            raise DataError(f"{path.name}: the projection cannot be inverted ({error})") from error
    out = np.stack([lon, lat], axis=-1)
    out[~np.isfinite(out).all(axis=-1)] = np.nan
    return horizontal, out


def crs_of(data: xr.Dataset, name: str, path: Path) -> CRS:
    """The projection: its text where there is one, since the single attributes are wrong in some products.

    NOAA/NSIDC G02202 v4 says a straight vertical longitude of 135 and has -45 in its texts. Raises DataError.
    """
    from pyproj import CRS

    mapping = named(data[name].attrs, "grid_mapping").split(":")[0].strip()
    others = [str(n) for n, v in data.variables.items() if "grid_mapping_name" in v.attrs or "crs_wkt" in v.attrs]
    faults = []
    for holder in [n for n in (mapping, *others) if n in data.variables]:
        attributes = {
            str(k): v.item() if hasattr(v, "item") and v.size == 1 else v for k, v in data[holder].attrs.items()
        }
        for text in (attributes.get(k) for k in CRS_TEXTS):
            with quiet():
                try:
                    if text and (crs := CRS.from_user_input(text)).is_projected:
                        return crs
                except FOREIGN as error:
                    faults.append(str(error))
        with quiet():
            try:
                return CRS.from_cf(attributes)
            except FOREIGN as error:
                faults.append(f"{type(error).__name__} {error}")
    fault = f" ({faults[-1][:150]})" if faults else ""
    raise DataError(
        f"{path.name}: x and y, but no latitudes and no usable projection{fault}: looked for a variable "
        f"'{mapping or 'crs'}' with crs_wkt, spatial_ref, proj4text or the attributes of CF"
    )


def _latlon(data: xr.Dataset, name: str, dims: tuple[str, ...]) -> tuple[xr.DataArray, xr.DataArray] | None:
    """Latitude and longitude of a variable: on the same dimensions if there are such, else each on its own."""
    said = named(data[name].attrs, "coordinates").split()
    ordered = [*(n for n in said if n in data.variables), *(str(n) for n in data.variables if n not in said)]

    def of_kind(standard: str, unit: str, names: re.Pattern[str]) -> Iterator[xr.DataArray]:
        for test in ("standard", "unit", "name"):
            for n in ordered:
                v = data[n]
                if not v.dims or not set(v.dims) <= set(dims) or v.dtype.kind not in "iuf" or n == name:
                    continue
                units = named(v.attrs, "units").lower()
                if (
                    (test == "standard" and named(v.attrs, "standard_name").lower() == standard)
                    or (test == "unit" and re.fullmatch(unit, units))
                    or (test == "name" and names.fullmatch(n.lower()))
                ):
                    yield v

    latitudes = list(of_kind("latitude", "degrees?_?(north|n)", LATITUDES))
    longitudes = list(of_kind("longitude", "degrees?_?(east|e)", LONGITUDES))
    pairs = [(a, b) for a in latitudes for b in longitudes]
    for same in (2, 1):
        for a, b in pairs:
            if a.ndim == same and set(a.dims) == set(b.dims):
                return a, b.transpose(*a.dims)
    return next(((a, b) for a, b in pairs if a.ndim == b.ndim == 1), None)


def _axis(data: xr.Dataset, dims: tuple[str, ...], axis: str) -> xr.DataArray | None:
    """The x or y of a projection on one of some dimensions, or None."""
    lines = [v for n in data.variables if (v := data[n]).ndim == 1 and v.dims[0] in dims and v.dtype.kind in "iuf"]
    tests: tuple[Callable[[xr.DataArray], bool], ...] = (
        lambda v: named(v.attrs, "standard_name") == f"projection_{axis}_coordinate",
        lambda v: AXES[axis].fullmatch(str(v.name).lower()) is not None,
        lambda v: named(v.attrs, "axis").lower() == axis,
    )
    return next((v for test in tests for v in lines if test(v)), None)


def _unit_m(axis: xr.DataArray, path: Path) -> float:
    """Metres of the unit of x or y; "100 km" and "1000 m" are units too."""
    units = named(axis.attrs, "units").lower()
    match = re.fullmatch(r"(\d*\.?\d*(?:e\d+)?)\s*([a-z]*)", units)
    if not match or match[2] not in LENGTH_M or match[1] == ".":
        raise DataError(
            f"{path.name}: '{axis.name}' is in '{units}'; allowed are m, km and a number of them ('100 km')"
        )
    return float(match[1] or 1) * LENGTH_M[match[2]]


def _degrees(variable: xr.DataArray, path: Path) -> Floats:
    values = _values(variable, path)
    return np.rad2deg(values) if named(variable.attrs, "units").lower().startswith("rad") else values


def _values(variable: xr.DataArray, path: Path) -> Floats:
    try:
        with quiet():
            return packing_of(variable.attrs, variable.dtype).values(variable.values)
    except FOREIGN as error:
        raise damaged(path, error) from error


def _check_size(data: xr.Dataset, horizontal: tuple[str, ...], name: str, path: Path) -> None:
    """Refuse a grid that would fill the memory, before anything of it is read."""
    count = int(np.prod([data.sizes[d] for d in horizontal]))
    chunk = int(np.prod(data[name].encoding.get("chunksizes") or [1], dtype=np.float64))
    if count > MAX_CELLS or chunk > MAX_VALUES:
        raise DataError(
            f"{path.name}: '{name}' has {count:,} cells, stored in pieces of {chunk:,} values; at most {MAX_CELLS:,} "
            f"and {MAX_VALUES:,} are read. Cut out the Arctic, or take a coarser version"
        )
