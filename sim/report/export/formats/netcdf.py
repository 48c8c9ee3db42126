"""NetCDF by the CF conventions: trajectories (`featureType`), one behind the other (contiguous ragged array)."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.geo.geodesy import Floats
    from sim.report.export.record import Exported, RouteTrack

CONVENTIONS: Final = "CF-1.8"
TIME_UNITS: Final = "seconds since 1970-01-01 00:00:00"
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
COORDINATES: Final = "time latitude longitude"
# variable of each point: attributes
POINTS: Final[dict[str, dict[str, str]]] = {
    "time": {"standard_name": "time", "long_name": "time", "units": TIME_UNITS, "calendar": "standard", "axis": "T"},
    "latitude": {"standard_name": "latitude", "long_name": "latitude", "units": "degrees_north", "axis": "Y"},
    "longitude": {"standard_name": "longitude", "long_name": "longitude", "units": "degrees_east", "axis": "X"},
    "distance_nm": {"long_name": "distance sailed along the route from the start", "units": "nautical_mile"},
    "speed_kn": {
        "standard_name": "platform_speed_wrt_ground", "long_name": "speed on the leg at this point",
        "units": "knot",
    },
    "concentration": {
        "standard_name": "sea_ice_area_fraction", "long_name": "mean ice concentration on the leg", "units": "1",
    },
    "thickness_m": {
        "standard_name": "sea_ice_thickness", "long_name": "mean thickness of the floes on the leg", "units": "m",
    },
}  # fmt: skip
ROUTES: Final[dict[str, dict[str, str]]] = {
    "route_distance_nm": {"long_name": "length of the route from berth to berth", "units": "nautical_mile"},
    "route_days": {"long_name": "time from departure to arrival", "units": "days"},
}


def netcdf(told: Exported) -> bytes:
    """The tracks as trajectories. Raises UsageError where one has no dates: a trajectory is a course in time."""
    undated = [t.label for t in told.tracks if t.hours is None]
    if undated:
        raise UsageError(
            f"NetCDF holds courses in time, and {', '.join(undated)} has no dates; it needs the result of a run with "
            "its legs (legs.geojson beside comparison.json)"
        )
    import netCDF4

    columns = [_points(track) for track in told.tracks]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "made.nc"
        with netCDF4.Dataset(file, "w", format="NETCDF4") as data:
            _about(data, told)
            data.createDimension("route", len(told.tracks))
            data.createDimension("obs", sum(len(c["time"]) for c in columns))
            _routes(data, told, [len(c["time"]) for c in columns])
            for name, attributes in POINTS.items():
                made = data.createVariable(name, "f8", ("obs",), compression="zlib")
                made.setncatts(attributes)
                if name not in COORDINATES.split():
                    made.coordinates = COORDINATES
                made[:] = np.concatenate([c[name] for c in columns])
        return file.read_bytes()


def _about(data: Any, told: Exported) -> None:
    data.setncatts(
        {
            "Conventions": CONVENTIONS, "featureType": "trajectory", "title": told.name,
            "summary": told.description or told.name, "institution": "northabout", "source": "simulated voyages",
            "history": "made by northabout export", "references": "docs/export.md",
            "comment": f"ship: {told.ship or 'none'}; simulated, not for navigation",
        }
    )  # fmt: skip


def _routes(data: Any, told: Exported, sizes: list[int]) -> None:
    """The variables of each trajectory: its name, how many points it has, and its figures."""
    name = data.createVariable("trajectory", str, ("route",))
    name.setncatts({"cf_role": "trajectory_id", "long_name": "name of the route"})
    for k, track in enumerate(told.tracks):
        name[k] = track.label
    size = data.createVariable("row_size", "i4", ("route",))
    size.setncatts({"long_name": "number of points of the route", "sample_dimension": "obs", "units": "1"})
    size[:] = sizes
    for variable, attributes in ROUTES.items():
        made = data.createVariable(variable, "f8", ("route",))
        made.setncatts(attributes)
        made[:] = [float(t.figures[variable.removeprefix("route_")]) for t in told.tracks]


def _points(track: RouteTrack) -> dict[str, Floats]:
    """The columns (n,) of a track's points. A ship that waits has two points at one place."""
    assert track.hours is not None and track.depart is not None
    reach = np.arange(len(track.line))
    waits = np.flatnonzero(track.wait_h > 0)
    order = np.sort(np.r_[reach, waits])
    again = np.r_[False, order[1:] == order[:-1]]
    hours = track.hours[order] + np.where(again, track.wait_h[order], 0.0)
    leg = _legs_at(track, order)
    out = {
        "time": (track.depart - EPOCH).total_seconds() + np.round(hours * 3600),
        "latitude": track.line[order, 1],
        "longitude": (track.line[order, 0] + 180) % 360 - 180,
        "distance_nm": track.at_nm[order],
    }
    for name in ("speed_kn", "concentration", "thickness_m"):
        values = np.array([float(one.values[name]) for one in track.legs])
        out[name] = values[leg]
    out["speed_kn"] = np.where(again, 0.0, out["speed_kn"])
    return out


def _legs_at(track: RouteTrack, order: NDArray[np.int64]) -> NDArray[np.int64]:
    """The leg that each point ends or lies in."""
    ends = np.cumsum([float(leg.values["distance_nm"]) for leg in track.legs])
    return np.minimum(np.searchsorted(ends, track.at_nm[order] - 1e-6), len(ends) - 1).astype(np.int64)
