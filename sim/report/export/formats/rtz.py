"""RTZ 1.2, the route exchange format of ECDIS (IEC 61174, annex on route exchange): a file holds one route."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from sim.errors import UsageError
from sim.report.export.formats.xml import add, document, utc
from sim.report.export.record import one_line
from sim.report.export.waypoints import OFF_NM, TOLERANCE_DEG, Waypoint, waypoints

if TYPE_CHECKING:
    from sim.report.export.record import Exported, RouteTrack

RTZ: Final = "http://www.cirm.org/RTZ/1/2"
MOST_BYTES: Final = 400 * 1024  # that a file may have
IN_CHANNEL_NM: Final = 0.1  # cross-track limit in canals and the channels of ports
RADIUS_NM: Final = 0.5  # of turns
SPEED: Final = "{:.2f}"


def rtz(told: Exported, track: RouteTrack, name: str, tolerance_deg: float = TOLERANCE_DEG) -> bytes:
    """One track; `name` is that of the route, which is to be that of the file. Raises UsageError where it is too long
    for the format."""
    points = waypoints(track, tolerance_deg)
    root = ElementTree.Element("route", {"xmlns": RTZ, "version": "1.2"})
    about = {"routeName": one_line(name), "routeAuthor": "northabout", "routeStatus": "simulated, not for navigation"}
    if told.ship:
        about["vesselName"] = told.ship
    add(root, "routeInfo", **about)
    listed = add(root, "waypoints")
    add(add(listed, "defaultWaypoint", radius=f"{RADIUS_NM:.2f}"), "leg", geometryType="Loxodrome")
    for point in points:
        _waypoint(listed, point)
    if points[0].leave is not None:
        _schedule(root, points)
    out = document(root)
    if len(out) > MOST_BYTES:
        raise UsageError(
            f"route '{track.label}': {len(points)} waypoints make {len(out) // 1024} kB of RTZ, at most "
            f"{MOST_BYTES // 1024} are allowed; a greater --tolerance gives fewer"
        )
    return out


def _waypoint(listed: ElementTree.Element, point: Waypoint) -> None:
    """A waypoint with the leg that leads to it; the first has none."""
    made = add(listed, "waypoint", id=str(point.number), revision="0", name=point.name)
    add(made, "position", lat=f"{point.lat:.6f}", lon=f"{point.lon:.6f}")
    if point.number == 1:
        return
    side = f"{IN_CHANNEL_NM if point.on_land else OFF_NM:.2f}"
    leg = {"starboardXTD": side, "portsideXTD": side, "geometryType": "Loxodrome"}
    if point.speed_kn is not None:
        leg |= {"speedMin": SPEED.format(point.speed_kn), "speedMax": SPEED.format(point.speed_kn)}
    add(made, "leg", **leg)


def _schedule(root: ElementTree.Element, points: tuple[Waypoint, ...]) -> None:
    """When the ship is at each waypoint; a wait is a stay."""
    schedule = add(add(root, "schedules"), "schedule", id="1", name="northabout")
    calculated = add(schedule, "calculated")
    for point in points:
        assert point.arrive is not None and point.leave is not None
        told = {"waypointId": str(point.number)}
        if point.number > 1:
            told["eta"] = utc(point.arrive)
        if point.number == 1 or (point.leave != point.arrive and point.number < len(points)):
            told["etd"] = utc(point.leave)
        if point.leave != point.arrive:
            told["stay"] = _duration(point.leave - point.arrive)
        if point.speed_kn is not None:
            told["speed"] = SPEED.format(point.speed_kn)
        add(calculated, "scheduleElement", **told)


def _duration(wait: timedelta) -> str:
    """A time as XML has it: P1DT2H3M4S."""
    minutes, seconds = divmod(wait.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"P{wait.days}DT{hours}H{minutes}M{seconds}S"
