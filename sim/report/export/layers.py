"""The layers of what is exported: route, legs, waypoints, passages and closures, as rows with geometries.

GeoPackage, GeoJSON, KML and XLSX are written from these, so that a column has one name and one meaning in all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from sim.geo.drawing import cut_line, geojson_line, geojson_pieces
from sim.report.export.record import moment_of, one_line
from sim.report.export.waypoints import TOLERANCE_DEG, waypoints
from sim.report.voyages import LEG_COLUMNS

if TYPE_CHECKING:
    from sim.report.export.record import ClosedPassage, Exported, RouteTrack

Kind = Literal["text", "real", "whole", "flag", "moment"]
GeometryType = Literal["MultiLineString", "Point"]
ROUTE: Final[Mapping[str, Kind]] = {
    "route": "text", "name": "text", "origin": "text", "destination": "text", "ship": "text", "distance_nm": "real",
    "sailed_nm": "real", "days": "real", "wait_days": "real", "depart_utc": "moment", "arrive_utc": "moment",
    "fuel_t": "real", "co2_t": "real", "cost_usd": "real", "passages": "text",
}  # fmt: skip
_LEG_KINDS: Final[Mapping[str, Kind]] = {
    "leg": "whole", "start": "moment", "end": "moment", "escort": "flag", "low_confidence": "flag", "route": "text",
    "water": "text", "tag": "text", "passages": "text", "level": "text", "rule": "text",
}  # fmt: skip
LEGS: Final[Mapping[str, Kind]] = {
    (f"{name}_utc" if name in ("start", "end") else name): _LEG_KINDS.get(name, "real") for name in LEG_COLUMNS
}
WAYPOINTS: Final[Mapping[str, Kind]] = {
    "route": "text", "number": "whole", "name": "text", "lon": "real", "lat": "real", "passage": "text",
    "leg_nm": "real", "course_deg": "real", "speed_kn": "real", "arrive_utc": "moment", "leave_utc": "moment",
}  # fmt: skip
PASSAGES: Final[Mapping[str, Kind]] = {
    "route": "text", "passage": "text", "name": "text", "lon": "real", "lat": "real", "from_start_nm": "real",
    "arrive_utc": "moment",
}  # fmt: skip
CLOSURES: Final[Mapping[str, Kind]] = {
    "passage": "text", "name": "text", "route": "text", "from_utc": "moment", "until_utc": "moment",
    "decided_utc": "moment", "choice": "text", "wait_days": "real", "ships_per_day": "real",
}  # fmt: skip


@dataclass(frozen=True)
class Layer:
    """A layer: `columns` by name with their kind, `rows` of values in that order, None where there is none, and a
    GeoJSON geometry (or None) for each row. `title` is for readers."""

    name: str
    title: str
    geometry: GeometryType
    columns: Mapping[str, Kind]
    rows: tuple[tuple[Any, ...], ...]
    geometries: tuple[dict[str, Any] | None, ...]


def layers(told: Exported, tolerance_deg: float = TOLERANCE_DEG) -> tuple[Layer, ...]:
    """The five layers; a layer without rows is there all the same."""
    tracks, title = told.tracks, told.name
    return (
        _layer("route", f"{title}: routes", "MultiLineString", ROUTE, (_route(t, told.ship) for t in tracks)),
        _layer("legs", f"{title}: legs", "MultiLineString", LEGS, (row for t in tracks for row in _legs(t))),
        _layer(
            "waypoints", f"{title}: waypoints", "Point", WAYPOINTS,
            (row for t in tracks for row in _waypoints(t, tolerance_deg)),
        ),
        _layer("passages", f"{title}: passages", "Point", PASSAGES, (row for t in tracks for row in _passages(t))),
        _layer("closures", f"{title}: closures", "MultiLineString", CLOSURES, map(_closure, told.closures)),
    )  # fmt: skip


Row = tuple[Mapping[str, Any], dict[str, Any] | None]


def _layer(name: str, title: str, geometry: GeometryType, columns: Mapping[str, Kind], given: Iterable[Row]) -> Layer:
    made = list(given)
    rows = tuple(tuple(_value(values.get(c), kind) for c, kind in columns.items()) for values, _ in made)
    return Layer(name, title, geometry, columns, rows, tuple(g for _, g in made))


def _value(value: Any, kind: Kind) -> Any:
    """A value of a kind; an empty text is none."""
    if value is None or value == "":
        return None
    if kind == "text":
        return one_line(" ".join(value) if isinstance(value, list | tuple) else value) or None
    if kind == "moment":
        return moment_of(value) if isinstance(value, str) else value
    return {"real": float, "whole": int, "flag": bool}[kind](value)


def _route(track: RouteTrack, ship: str) -> Row:
    figures = {f"{k}_utc" if k in ("depart", "arrive") else k: v for k, v in track.figures.items()}
    names = {
        "route": track.label,
        "name": track.title,
        "origin": track.ends[0],
        "destination": track.ends[1],
        "ship": ship,
    }
    return names | figures | {"passages": [m.passage for m in track.met]}, geojson_pieces(cut_line(track.line))


def _legs(track: RouteTrack) -> Iterable[Row]:
    for leg in track.legs:
        values = {f"{k}_utc" if k in ("start", "end") else k: v for k, v in leg.values.items()}
        yield values, geojson_pieces(cut_line(leg.line))


def _waypoints(track: RouteTrack, tolerance_deg: float) -> Iterable[Row]:
    for w in waypoints(track, tolerance_deg):
        legs = (("leg_nm", w.leg_nm, 2), ("course_deg", w.course_deg, 1), ("speed_kn", w.speed_kn, 2))
        values: dict[str, Any] = {"route": track.label, "number": w.number, "name": w.name, "lon": w.lon, "lat": w.lat}
        values |= {"passage": w.passage, "arrive_utc": w.arrive, "leave_utc": w.leave}
        yield values | {k: None if v is None else round(v, d) for k, v, d in legs}, _point(w.lon, w.lat)


def _passages(track: RouteTrack) -> Iterable[Row]:
    for met in track.met:
        lon = round(float((track.line[met.at, 0] + 180) % 360 - 180), 5)
        lat = round(float(track.line[met.at, 1]), 5)
        values = {"route": track.label, "passage": met.passage, "name": met.name, "lon": lon, "lat": lat}
        values |= {"from_start_nm": round(float(track.at_nm[met.at]), 1), "arrive_utc": track.moment(met.at)}
        yield values, _point(lon, lat)


def _closure(shut: ClosedPassage) -> Row:
    import numpy as np

    values: dict[str, Any] = {"passage": shut.passage, "name": shut.name, "route": shut.route, "from_utc": shut.begin}
    values |= {"until_utc": shut.end, "decided_utc": shut.decided, "choice": shut.choice, "wait_days": shut.wait_days}
    values["ships_per_day"] = shut.ships_per_day
    return values, geojson_line(np.array(shut.gate, dtype=np.float64))


def _point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}
