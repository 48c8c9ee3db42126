"""Small NetCDF files in the layouts of the usual products, with known values at known places.

The positions come from the closed forms of Snyder (1987), USGS Professional Paper 1395, not from the library that the
program uses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

ROWS, COLUMNS = 7, 9
HUGHES = (6378273.0, 6356889.449)
WGS84 = (6378137.0, 6356752.314245179)
PSN_WKT = (
    'PROJCS["NSIDC Sea Ice Polar Stereographic North",GEOGCS["Hughes 1980",DATUM["Hughes_1980",SPHEROID["Hughes 1980",'
    '6378273,298.279411123064]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],'
    'PROJECTION["Polar_Stereographic"],PARAMETER["latitude_of_origin",70],PARAMETER["central_meridian",-45],'
    'PARAMETER["false_easting",0],PARAMETER["false_northing",0],UNIT["metre",1],AXIS["Easting",SOUTH],'
    'AXIS["Northing",SOUTH]]'
)


@dataclass
class Written:
    """A file, how to open it, and what it must say: concentrations (n,) at lon, lat (n, 2) on a day of 1970."""

    path: Path
    lonlat: Array
    share: Array
    day: float
    options: dict[str, Any] = field(default_factory=dict)


def write(
    path: Path,
    sizes: Mapping[str, int | None],
    variables: Mapping[str, tuple[str, tuple[str, ...], Any, dict[str, Any]]],
    attributes: Mapping[str, Any] | None = None,
    kind: str = "NETCDF4",
) -> Path:
    """A file of variables given as type, dimensions, numbers as stored (None: unwritten), attributes."""
    import netCDF4

    with netCDF4.Dataset(path, "w", format=kind) as data:
        data.setncatts(dict(attributes or {}))
        for name, size in sizes.items():
            data.createDimension(name, size)
        for name, (dtype, dims, numbers, own) in variables.items():
            fill = own.get("_FillValue")
            variable = data.createVariable(name, dtype, dims, fill_value=fill)
            variable.set_auto_maskandscale(False)
            variable.setncatts({k: v for k, v in own.items() if k != "_FillValue"})
            if numbers is not None:
                variable[...] = numbers
    return path


def stereographic(x: Array, y: Array, axes: tuple[float, float], lat_ts: float, lon_0: float) -> Array:
    """Lon, lat degrees of a north polar stereographic projection (Snyder, equations 20-16 to 20-18, 7-9)."""
    a, b = axes
    e = np.sqrt(1 - (b / a) ** 2)

    def t_of(lat: float) -> float:
        return float(np.tan(np.pi / 4 - lat / 2) / ((1 - e * np.sin(lat)) / (1 + e * np.sin(lat))) ** (e / 2))

    rho, ts = np.hypot(x, y), np.deg2rad(lat_ts)
    if lat_ts == 90:
        t = rho * np.sqrt((1 + e) ** (1 + e) * (1 - e) ** (1 - e)) / (2 * a)
    else:
        t = rho * t_of(ts) / (a * np.cos(ts) / np.sqrt(1 - (e * np.sin(ts)) ** 2))
    lat = np.pi / 2 - 2 * np.arctan(t)
    for _ in range(20):
        lat = np.pi / 2 - 2 * np.arctan(t * ((1 - e * np.sin(lat)) / (1 + e * np.sin(lat))) ** (e / 2))
    return np.stack([lon_0 + np.rad2deg(np.arctan2(x, -y)), np.rad2deg(lat)], axis=-1)


def equal_area(x: Array, y: Array, axes: tuple[float, float]) -> Array:
    """Lon, lat degrees of the polar azimuthal equal-area projection of EASE2 north (Snyder, 24-23, 3-12, 3-16)."""
    a, b = axes
    e = np.sqrt(1 - (b / a) ** 2)

    def q_of(sine: Array) -> Array:
        return (1 - e**2) * (sine / (1 - (e * sine) ** 2) - np.log((1 - e * sine) / (1 + e * sine)) / (2 * e))

    q = q_of(np.array(1.0)) - (np.hypot(x, y) / a) ** 2
    lat = np.arcsin(q / 2)
    for _ in range(30):
        s = np.sin(lat)
        lat = lat + (1 - (e * s) ** 2) ** 2 / (2 * np.cos(lat)) * (q - q_of(s)) / (1 - e**2)
    return np.stack([np.rad2deg(np.arctan2(x, -y)), np.rad2deg(lat)], axis=-1)


def pattern() -> Array:
    """Hundredths of ice (7, 9): no two neighbours alike, not its own mirror image, nor is any turn of it."""
    row, column = np.mgrid[0:ROWS, 0:COLUMNS]
    return (13 * row * row + 29 * column + 7 * row * column) % 101


def lines(x0: float, y0: float, step: float, down: bool = True) -> tuple[Array, Array]:
    """x (9,) and y (7,) of a grid from one corner."""
    return x0 + step * np.arange(COLUMNS), y0 + (-step if down else step) * np.arange(ROWS)


def psn() -> tuple[Array, Array, Array]:
    """x, y in m and lon, lat of a piece of NSIDC's 25 km grid in the Kara Sea."""
    x, y = lines(1_062_500.0, 187_500.0, 25_000.0)
    return x, y, stereographic(*np.meshgrid(x, y), HUGHES, 70.0, -45.0)


def known(path: Path, lonlat: Array, hundredths: Array, day: float, **options: Any) -> Written:
    """The cells that hold a value."""
    share = hundredths.ravel() / 100
    good = np.isfinite(share)
    return Written(path, lonlat.reshape(-1, 2)[good], share[good], day, options)


def with_codes(numbers: Array, *codes: int) -> tuple[Array, Array]:
    """The pattern with codes in its last row, and its hundredths with nan there."""
    stored, said = numbers.copy(), pattern().astype(float)
    stored[-1, : len(codes)] = codes
    said[-1, : len(codes)] = np.nan
    return stored, said


def cdr_v4(folder: Path) -> Written:
    """NOAA/NSIDC G02202 v4: no dimension coordinates, 2-D positions, a wrong meridian among the attributes."""
    x, y, lonlat = psn()
    stored, said = with_codes(pattern().astype("u1"), 251, 252, 253, 254, 255)
    spatial = "tdim", "y", "x"
    share = {"standard_name": "sea_ice_area_fraction", "units": "1", "scale_factor": np.float32(0.01)}
    share |= {"grid_mapping": "projection", "coordinates": "time ygrid xgrid", "_FillValue": np.uint8(255)}
    share |= {"flag_values": np.array([251, 252, 253, 254, 255], "u1")}
    turned = stored[::-1]
    path = write(
        folder / "seaice_conc_daily_nh_20211231_f17_v04r00.nc",
        {"tdim": 1, "y": ROWS, "x": COLUMNS},
        {
            "cdr_seaice_conc": ("u1", spatial, stored[None], share),
            "nsidc_bt_seaice_conc": ("u1", spatial, turned[None], share),
            "projection": (
                "S1",
                (),
                None,
                {
                    "grid_mapping_name": "polar_stereographic",
                    "spatial_ref": PSN_WKT,
                    "straight_vertical_longitude_from_pole": 135.0,
                },
            ),
            "latitude": ("f8", ("y", "x"), lonlat[..., 1], {"standard_name": "latitude", "units": "degrees_north"}),
            "longitude": ("f8", ("y", "x"), lonlat[..., 0], {"standard_name": "longitude", "units": "degrees_east"}),
            "xgrid": ("f4", ("x",), x, {"standard_name": "projection_x_coordinate", "units": "meters"}),
            "ygrid": ("f4", ("y",), y, {"standard_name": "projection_y_coordinate", "units": "meters"}),
            "time": (
                "f4",
                ("tdim",),
                [153_766.0],
                {"units": "days since 1601-01-01 00:00:00", "calendar": "gregorian"},
            ),
        },
    )
    return known(path, lonlat, said, 18992.5)


def psn_projected(folder: Path, file: str, name: str, stored: Array, own: dict[str, Any]) -> Path:
    """NSIDC's newer layout: x and y as dimension coordinates, and a projection instead of positions."""
    x, y, _ = psn()
    own = {"grid_mapping": "crs", "_FillValue": np.uint8(255), **own}
    return write(
        folder / file,
        {"time": None, "y": ROWS, "x": COLUMNS},
        {
            name: ("u1", ("time", "y", "x"), stored[None], own),
            "crs": ("S1", (), None, {"grid_mapping_name": "polar_stereographic", "crs_wkt": PSN_WKT}),
            "x": ("f8", ("x",), x, {"standard_name": "projection_x_coordinate", "units": "meters"}),
            "y": ("f8", ("y",), y, {"standard_name": "projection_y_coordinate", "units": "meters"}),
            "time": ("f8", ("time",), [19_727.0], {"standard_name": "time", "units": "days since 1970-01-01"}),
        },
    )


def cdr_v6(folder: Path) -> Written:
    stored, said = with_codes(pattern().astype("u1"), 255, 254)
    own = {"scale_factor": np.float32(0.01), "units": "1", "valid_range": np.array([0, 100], "u1")}
    own |= {"standard_name": "sea_ice_area_fraction"}
    path = psn_projected(folder, "sic_psn25_20240105_F17_v06r00.nc", "cdr_seaice_conc", stored, own)
    return known(path, psn()[2], said, 19727.5)


def nsidc_0803(folder: Path) -> Written:
    """Codes of 251 to 254 are 1.004 to 1.016 when unpacked."""
    full = np.rint(pattern() * 2.5).astype("u1")
    stored, said = with_codes(full, 251, 253, 254, 255)
    said = np.where(np.isnan(said), np.nan, stored * 0.4)
    own = {"scale_factor": 0.004, "add_offset": 0.0, "units": "1", "valid_range": np.array([0, 250], "u1")}
    own |= {"standard_name": "sea_ice_area_fraction", "flag_values": np.array([251, 252, 253, 254], "u1")}
    path = psn_projected(folder, "NSIDC-0803_SEAICE_AMSR2_N_20240105_v2.0.nc", "ICECON", stored, own)
    return known(path, psn()[2], said, 19727.5)


def nsidc_0051(folder: Path) -> Written:
    """No standard name, codes that are declared nowhere."""
    stored, _ = with_codes(np.rint(pattern() * 2.5).astype("u1"), 251, 253, 254, 255)
    said = np.where(stored > 250, np.nan, stored * 0.4)
    own = {"scale_factor": 0.004, "units": "1"}
    path = psn_projected(folder, "NSIDC0051_SEAICE_PS_N25km_20240105_v2.0.nc", "F17_ICECON", stored, own)
    return known(path, psn()[2], said, 19727.5)


def osi_saf(folder: Path) -> Written:
    """OSI-401: per cent in hundredths, kilometres, a second variable of the same standard name."""
    x, y = lines(1000.0, 200.0, 10.0)
    lonlat = stereographic(*np.meshgrid(x * 1e3, y * 1e3), HUGHES, 70.0, -45.0)
    stored, said = with_codes((pattern() * 100).astype("i4"), -999, -32767)
    own = {"standard_name": "sea_ice_area_fraction", "units": "%", "scale_factor": 0.01, "add_offset": 0.0}
    own |= {"_FillValue": np.int32(-999), "grid_mapping": "Polar_Stereographic_Grid", "coordinates": "lat lon"}
    own |= {"valid_min": np.int32(0), "valid_max": np.int32(10000)}
    error = own | {"standard_name": "sea_ice_area_fraction standard_error"}
    crs = {"grid_mapping_name": "polar_stereographic", "straight_vertical_longitude_from_pole": -45.0}
    crs |= {"latitude_of_projection_origin": 90.0, "standard_parallel": 70.0, "false_easting": 0.0}
    crs |= {"false_northing": 0.0, "semi_major_axis": HUGHES[0], "semi_minor_axis": HUGHES[1]}
    spatial = "time", "yc", "xc"
    path = write(
        folder / "ice_conc_nh_polstere-100_multi_202401051200.nc",
        {"time": 1, "yc": ROWS, "xc": COLUMNS},
        {
            "Polar_Stereographic_Grid": ("i4", (), None, crs),
            "time": ("f8", ("time",), [1_451_995_200.0], {
                "standard_name": "time", "units": "seconds since 1978-01-01 00:00:00", "axis": "T"}),
            "xc": ("f8", ("xc",), x, {"standard_name": "projection_x_coordinate", "units": "km"}),
            "yc": ("f8", ("yc",), y, {"standard_name": "projection_y_coordinate", "units": "km"}),
            "ice_conc": ("i4", spatial, stored[None], own),
            "raw_ice_conc_values": ("i4", spatial, stored[None, ::-1], own),
            "total_standard_error": ("i4", spatial, stored[None], error),
        },
    )  # fmt: skip
    return known(path, lonlat, said, 19727.5)


def osi_saf_ease2(folder: Path) -> Written:
    """OSI-450: EASE2, kilometres, only the attributes of CF for a projection; the pole is in the grid."""
    x, y = lines(-37.5, 87.5, 25.0)
    lonlat = equal_area(*np.meshgrid(x * 1e3, y * 1e3), WGS84)
    stored, said = with_codes((pattern() * 100).astype("i4"), -32767)
    own = {"standard_name": "sea_ice_area_fraction", "units": "%", "scale_factor": 0.01}
    own |= {"_FillValue": np.int32(-32767), "grid_mapping": "Lambert_Azimuthal_Grid"}
    crs = {"grid_mapping_name": "lambert_azimuthal_equal_area", "longitude_of_projection_origin": 0.0}
    crs |= {"latitude_of_projection_origin": 90.0, "false_easting": 0.0, "false_northing": 0.0}
    crs |= {"semi_major_axis": WGS84[0], "inverse_flattening": 298.257223563}
    path = write(
        folder / "ice_conc_nh_ease2-250_cdr-v3p0_201603011200.nc",
        {"time": 1, "yc": ROWS, "xc": COLUMNS},
        {
            "Lambert_Azimuthal_Grid": ("i4", (), None, crs),
            "time": ("f8", ("time",), [16_861.5], {"units": "days since 1970-01-01 00:00:00"}),
            "xc": ("f8", ("xc",), x, {"units": "km", "axis": "X"}),
            "yc": ("f8", ("yc",), y, {"units": "km", "axis": "Y"}),
            "ice_conc": ("i4", ("time", "yc", "xc"), stored[None], own),
        },
    )
    return known(path, lonlat, said, 16861.5)


def topaz(folder: Path, sphere_m: float = 6378273.0) -> Written:
    """CMEMS TOPAZ: x and y in units of 100 km on a sphere."""
    x, y = lines(8.0, -1.0, 0.125, down=False)
    lonlat = stereographic(*np.meshgrid(x * 1e5, y * 1e5), (sphere_m, sphere_m * (1 - 1e-13)), 90.0, -45.0)
    crs = {"grid_mapping_name": "polar_stereographic", "latitude_of_projection_origin": 90.0, "standard_parallel": 90.0}
    crs |= {"straight_vertical_longitude_from_pole": -45.0, "semi_major_axis": sphere_m, "semi_minor_axis": sphere_m}
    crs |= {"false_easting": 0.0, "false_northing": 0.0}
    share = {"standard_name": "sea_ice_area_fraction", "units": "1", "grid_mapping": "stereographic"}
    thick = {"standard_name": "sea_ice_thickness", "units": "m", "grid_mapping": "stereographic"}
    path = write(
        folder / "20240105_dm-metno-MODEL-topaz5-ARC.nc",
        {"time": 1, "y": ROWS, "x": COLUMNS},
        {
            "stereographic": ("i4", (), None, crs),
            "time": ("f8", ("time",), [19_727.5], {"units": "days since 1970-01-01"}),
            "x": ("f4", ("x",), x, {"standard_name": "projection_x_coordinate", "units": "100 km"}),
            "y": ("f4", ("y",), y, {"standard_name": "projection_y_coordinate", "units": "100 km"}),
            "siconc": ("f4", ("time", "y", "x"), pattern()[None] / 100, share | {"_FillValue": np.float32(1e20)}),
            "sithick": ("f4", ("time", "y", "x"), 2 + pattern()[None] / 100, thick),
        },
    )
    return known(path, lonlat, pattern().astype(float), 19727.5)


def bremen(folder: Path) -> Written:
    """AMSR2 of Bremen: a variable z in per cent, the date only in the file's name."""
    x, y, lonlat = psn()
    said = pattern().astype(float)
    said[-1, 3] = np.nan
    crs = {"grid_mapping_name": "polar_stereographic", "spatial_ref": PSN_WKT}
    path = write(
        folder / "asi-AMSR2-n6250-20240105-v5.4.nc",
        {"y": ROWS, "x": COLUMNS},
        {
            "polar_stereographic": ("S1", (), None, crs),
            "x": ("f8", ("x",), x, {"units": "m"}),
            "y": ("f8", ("y",), y, {"units": "m"}),
            "z": ("f4", ("y", "x"), said, {"grid_mapping": "polar_stereographic", "_FillValue": np.float32(np.nan)}),
        },
    )
    return known(path, lonlat, said, 19727.5)


def cmip6(folder: Path, months: int = 12, calendar: str = "365_day") -> Written:
    """CMIP6 SImon: per cent, curvilinear, longitudes 0 to 360, no leap days; March holds the pattern."""
    _, _, lonlat = psn()
    length = 30.0 if calendar == "360_day" else 365 / 12
    year = 360 if calendar == "360_day" else 365
    stored = np.stack([np.where(m == 2, pattern(), m) for m in range(months)]).astype("f4")
    stored[:, -1, :2] = 1e20
    said = pattern().astype(float)
    said[-1, :2] = np.nan
    own = {"standard_name": "sea_ice_area_fraction", "units": "%", "coordinates": "type latitude longitude"}
    place = {"_FillValue": 1e20}
    path = write(
        folder / "siconc_SImon_model_ssp245_202001-202012.nc",
        {"time": None, "j": ROWS, "i": COLUMNS},
        {
            "time": ("f8", ("time",), 170 * year + length * (np.arange(months) + 0.5), {
                "units": "days since 1850-01-01", "calendar": calendar, "standard_name": "time"}),
            "latitude": ("f8", ("j", "i"), lonlat[..., 1], place | {"standard_name": "latitude"}),
            "longitude": ("f8", ("j", "i"), lonlat[..., 0] % 360, place | {"standard_name": "longitude"}),
            "siconc": ("f4", ("time", "j", "i"), stored, own | {"_FillValue": np.float32(1e20)}),
        },
        {"frequency": "mon"},
    )  # fmt: skip
    return known(path, lonlat, said, 18337.5)  # the middle of March 2020


def roms(folder: Path) -> Written:
    """met.no Arctic-20km: kilometres on a sphere, thickness of the whole cell."""
    x, y = lines(100.0, -2800.0, 20.0, down=False)
    radius = 6371000.0
    lonlat = stereographic(*np.meshgrid(x * 1e3, y * 1e3), (radius, radius * (1 - 1e-13)), 60.0, 58.0)
    share = pattern() / 100
    crs = {"grid_mapping_name": "polar_stereographic"}
    crs |= {"proj4_string": "+proj=stere +a=6371000 +b=6371000 +lat_0=90 +lat_ts=60 +lon_0=58"}
    own = {"grid_mapping": "polar_stereographic", "time": "time"}
    spatial = "time", "Y", "X"
    thick = own | {"standard_name": "sea_ice_thickness", "units": "meter", "long_name": "average ice thickness in cell"}
    path = write(
        folder / "arctic20.nc",
        {"time": 2, "Y": ROWS, "X": COLUMNS},
        {
            "polar_stereographic": ("S1", (), None, crs),
            "X": ("f4", ("X",), x, {"units": "km", "axis": "X"}),
            "Y": ("f4", ("Y",), y, {"units": "km", "axis": "Y"}),
            "time": ("i8", ("time",), [0, 1], {"units": "days since 2016-02-01 12:00:00"}),
            "aice": ("f8", spatial, [share, share], own | {"standard_name": "sea_ice_area_fraction", "units": ""}),
            "hice": ("f8", spatial, [share * 1.5] * 2, thick),
        },
    )
    return known(path, lonlat, pattern().astype(float), 16832.5)


def one_degree(folder: Path) -> Written:
    """Regridded to one degree, 0 to 360, rows to the south, flags below zero that nothing declares."""
    lat, lon = 80.5 - np.arange(ROWS), 176.5 + np.arange(COLUMNS)
    stored, said = with_codes(pattern().astype(float) / 100, -1, -2, -5)
    path = write(
        folder / "icdr_20200930_rg.nc",
        {"time": 1, "lat": ROWS, "lon": COLUMNS},
        {
            "time": ("f8", ("time",), [18_535.0], {"units": "days since 1970-01-01"}),
            "lat": ("f8", ("lat",), lat, {"units": "degrees_north"}),
            "lon": ("f8", ("lon",), lon, {"units": "degrees_east"}),
            "seaice_conc_cdr": ("f4", ("time", "lat", "lon"), stored[None], {"units": "1"}),
        },
    )
    return known(path, np.stack(np.meshgrid(lon, lat), axis=-1), said, 18535.5)


def turned(folder: Path) -> Written:
    """A 1-D grid with longitudes first: the dimensions of the variable rule, not their usual order."""
    lat, lon = 70 + 0.5 * np.arange(ROWS), 40 + np.arange(COLUMNS)
    path = write(
        folder / "turned_20200930.nc",
        {"lat": ROWS, "lon": COLUMNS},
        {
            "lat": ("f8", ("lat",), lat, {"units": "degrees_north"}),
            "lon": ("f8", ("lon",), lon, {"units": "degrees_east"}),
            "sic": ("f4", ("lon", "lat"), pattern().T / 100, {"units": "1"}),
        },
    )
    return known(path, np.stack(np.meshgrid(lon, lat), axis=-1), pattern().astype(float), 18535.5)


def nersc(folder: Path) -> Written:
    """NetCDF 3, rows to the north, false easting and northing, several algorithms, missing only by valid_min."""
    x, y = lines(2_500_000.0, 1_000_000.0, 25_000.0, down=False)
    lonlat = stereographic(*np.meshgrid(x - 2e6, y - 2e6), WGS84, 90.0, 0.0)
    stored, said = with_codes(pattern().astype("i2"), -10000)
    own = {"standard_name": "sea_ice_area_fraction", "units": "%", "valid_min": np.int16(0), "valid_max": np.int16(100)}
    own |= {"grid_mapping": "polar_stereographic"}
    crs = {"grid_mapping_name": "polar_stereographic", "latitude_of_projection_origin": 90.0, "standard_parallel": 90.0}
    crs |= {"straight_vertical_longitude_from_pole": 0.0, "false_easting": 2e6, "false_northing": 2e6}
    crs |= {"semi_major_axis": WGS84[0], "inverse_flattening": 298.257223563}
    spatial = "time", "y", "x"
    path = write(
        folder / "arctic.nc",
        {"time": None, "y": ROWS, "x": COLUMNS},
        {
            "x": ("f4", ("x",), x, {"units": "m", "standard_name": "projection_x_coordinate"}),
            "y": ("f4", ("y",), y, {"units": "m", "standard_name": "projection_y_coordinate"}),
            "UMass_AES": ("i2", spatial, stored[None, ::-1], own),
            "Bootstrap": ("i2", spatial, stored[None], own),
            "time": ("f8", ("time",), [28_793.0], {"units": "days since 1900-1-1 0:0:0 +0", "calendar": "standard"}),
            "polar_stereographic": ("S1", (), None, crs),
        },
        kind="NETCDF3_CLASSIC",
    )
    return known(path, lonlat, said, 3226.5, variable="Bootstrap")


def cells(folder: Path) -> Written:
    """A model without rows: cells in a list, positions in radians."""
    _, _, lonlat = psn()
    flat = np.deg2rad(lonlat.reshape(-1, 2))
    path = write(
        folder / "icon.nc",
        {"time": 1, "ncells": ROWS * COLUMNS},
        {
            "time": ("f8", ("time",), [19_727.25], {"units": "days since 1970-01-01"}),
            "clat": ("f8", ("ncells",), flat[:, 1], {"units": "radian", "standard_name": "latitude"}),
            "clon": ("f8", ("ncells",), flat[:, 0], {"units": "radian", "standard_name": "longitude"}),
            "sic": (
                "f4",
                ("time", "ncells"),
                pattern().ravel()[None] / 100,
                {"units": "1", "coordinates": "clat clon"},
            ),
        },
    )
    return known(path, lonlat, pattern().astype(float), 19727.5)


LAYOUTS: dict[str, Callable[[Path], Written]] = {
    make.__name__: make
    for make in (
        cdr_v4, cdr_v6, nsidc_0803, nsidc_0051, osi_saf, osi_saf_ease2, topaz, bremen, cmip6, roms, one_degree, turned,
        nersc, cells,
    )
}  # fmt: skip


def plain(path: Path, stored: Any, dtype: str = "f8", own: Mapping[str, Any] | None = None, **more: Any) -> Path:
    """A file of one variable (dates, rows, columns) on a 1-D grid of half degrees from 70 N 60 E, for one fault each.

    `more`: `name`, `times` (days since 1970), `time` (its attributes), `extra` variables, `attributes`, `lat`.
    """
    stored = np.asarray(stored)
    count, rows, columns = stored.shape
    lat = more.get("lat", 70 + 0.5 * np.arange(rows))
    variables = {
        "lat": ("f8", ("lat",), lat, {"units": "degrees_north"}),
        "lon": ("f8", ("lon",), 60 + 0.5 * np.arange(columns), {"units": "degrees_east"}),
        more.get("name", "siconc"): (dtype, ("time", "lat", "lon"), stored, {"units": "1"} | dict(own or {})),
        "time": ("f8", ("time",), more.get("times", 19_727.0 + np.arange(count)), {
            "units": "days since 1970-01-01"} | more.get("time", {})),
        **more.get("extra", {}),
    }  # fmt: skip
    sizes = {"time": count, "lat": rows, "lon": columns, **more.get("sizes", {})}
    return write(path, sizes, variables, more.get("attributes"), more.get("kind", "NETCDF4"))
