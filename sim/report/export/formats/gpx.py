"""GPX 1.1: a route (`rte`) of waypoints for each track, with the speeds that OpenCPN reads.

OpenCPN draws rhumb lines between the points of a route, adds up their lengths, and takes the planned speed that stands
at a point for the leg that leads there. It knows routes and points by their `guid`.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from sim.report.export.formats.xml import add, document, guid, utc
from sim.report.export.waypoints import TOLERANCE_DEG, Waypoint, waypoints

if TYPE_CHECKING:
    from sim.report.export.record import Exported, RouteTrack

GPX, OPENCPN = "http://www.topografix.com/GPX/1/1", "http://www.opencpn.org"
SCHEMA: Final = f"{GPX} http://www.topografix.com/GPX/1/1/gpx.xsd"
SYMBOLS: Final = {"port": "anchor", "passage": "triangle", "turn": "diamond"}


def gpx(told: Exported, tolerance_deg: float = TOLERANCE_DEG) -> bytes:
    """The tracks as routes of one document."""
    root = ElementTree.Element(
        "gpx",
        {
            "xmlns": GPX, "xmlns:opencpn": OPENCPN, "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": SCHEMA, "version": "1.1", "creator": "northabout",
        },
    )  # fmt: skip
    about = add(root, "metadata")
    add(about, "name", told.name)
    add(about, "desc", told.description)
    for number, track in enumerate(told.tracks, 1):
        _route(root, told, track, number, waypoints(track, tolerance_deg))
    return document(root)


def _route(
    root: ElementTree.Element, told: Exported, track: RouteTrack, number: int, points: tuple[Waypoint, ...]
) -> None:
    key = (told.name, track.label, track.ends, track.depart)
    rte = add(root, "rte")
    add(rte, "name", f"{track.ends[0]} - {track.ends[1]}: {track.title}")
    add(rte, "desc", f"{track.figures['distance_nm']:,.1f} nm. Simulated, not for navigation.")
    add(rte, "src", "northabout")
    add(rte, "number", str(number))
    extensions = add(rte, "extensions")
    add(extensions, "opencpn:guid", guid("route", *key))
    add(extensions, "opencpn:viz", "1")
    add(extensions, "opencpn:start", track.ends[0])
    add(extensions, "opencpn:end", track.ends[1])
    if track.depart is not None:
        hours = float(track.figures["days"]) * 24
        add(extensions, "opencpn:planned_speed", f"{float(track.figures['distance_nm']) / hours:.2f}")
        add(extensions, "opencpn:planned_departure", utc(track.depart))
        add(extensions, "opencpn:time_display", "UTC")
    for point in points:
        _point(rte, point, key, point.number in (1, len(points)))


def _point(rte: ElementTree.Element, point: Waypoint, key: tuple[object, ...], port: bool) -> None:
    """A point of a route; the elements of a point have a fixed order."""
    rtept = add(rte, "rtept", lat=f"{point.lat:.6f}", lon=f"{point.lon:.6f}")
    if point.arrive is not None:
        add(rtept, "time", utc(point.arrive))
    add(rtept, "name", point.name)
    kind = "port" if port else "passage" if point.passage else "turn"
    add(rtept, "sym", SYMBOLS[kind])
    add(rtept, "type", "WPT")
    extensions = add(rtept, "extensions")
    add(extensions, "opencpn:guid", guid("point", *key, point.number, point.lon, point.lat))
    add(extensions, "opencpn:viz_name", "0" if kind == "turn" else "1")
    plan = {}
    if point.speed_kn is not None:
        plan["planned_speed"] = f"{point.speed_kn:.2f}"
    if point.leave is not None and (point.number == 1 or point.leave != point.arrive):
        plan["etd"] = f"{point.leave.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
    if plan:
        add(extensions, "opencpn:rte_properties", **plan)
