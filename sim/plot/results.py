"""What every result that has a picture can do: `plot`, a matplotlib figure of it.

The drawing of a kind is registered when the first result of that kind is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.geo.route import Route
    from sim.scenario.compare import Comparison

AT_PORT_DEG = 0.01


@singledispatch
def plot(result: Any, **options: Any) -> Figure:
    """A result as a matplotlib figure of 12 x 7.5 inches, which a notebook shows and `savefig` writes.

    A route and a comparison take `projection`, "world" or "polar"; a comparison also `folder`, in which the ice file of
    its scenario lies. Raises TypeError for what has no picture, UsageError for a projection that does not exist.
    """
    for one in type(result).__mro__:
        if one.__module__ in _HOMES:
            _HOMES[one.__module__]()
    draw = plot.dispatch(type(result))
    if draw is plot.dispatch(object):
        raise TypeError(f"{type(result).__name__} has no picture")
    return draw(result, **options)


def route_figure(route: Route, *, projection: str = "world", title: str = "") -> Figure:
    """The map of a route; that of an unreachable one has no line, and the reason in its legend."""
    from sim.plot.map import draw
    from sim.plot.picture import SOURCE, MapLine, MapMark, Picture, passage_marks

    reached = route.status == "ok"
    line = MapLine(
        "route",
        tuple(route.drawn()) if reached else (),
        route.distance_nm if reached else None,
        None,
        "ok" if reached else route.reason,
    )
    places: list[list[float]] = route.lonlat[[0, -1]].tolist() if len(route.lonlat) else []
    ends = [MapMark(place_name(lon, lat), lon, lat, "port") for lon, lat in places]
    marks = (*ends, *passage_marks(set(route.passages), (), (line,)))
    named = " - ".join(mark.name for mark in ends) or "No route"
    return draw(Picture(title or named, "", (line,), marks, SOURCE), projection)


def place_name(lon: float, lat: float) -> str:
    """The listed port at a place, or its position: 51.9 N, 4.1 E."""
    from sim.geo.ports import PortTable

    port = min(PortTable.load().all, key=lambda p: (abs(p.lon - lon) + abs(p.lat - lat), p.name))
    if abs(port.lon - lon) + abs(port.lat - lat) < AT_PORT_DEG:
        return port.name
    return f"{abs(lat):.1f} {'N' if lat >= 0 else 'S'}, {abs(lon):.1f} {'E' if lon >= 0 else 'W'}"


def comparison_figure(comparison: Comparison, *, projection: str = "world", folder: Path | None = None) -> Figure:
    """The map of a comparison, the one that `northabout map` draws."""
    from sim.plot.map import draw
    from sim.plot.picture import of_comparison

    return draw(of_comparison(comparison, folder), projection)


def _route() -> None:
    from sim.geo.route import Route

    plot.register(Route, route_figure)


def _comparison() -> None:
    from sim.scenario.compare import Comparison

    plot.register(Comparison, comparison_figure)


def _calendar() -> None:
    from sim.plot.calendar_plot import draw_calendar
    from sim.study.calendar import Calendar

    plot.register(Calendar, draw_calendar)


def _seasons() -> None:
    from sim.plot.calendar_plot import draw_seasons
    from sim.study.seasons import SeasonTable

    plot.register(SeasonTable, draw_seasons)


def _ice() -> None:
    from sim.plot.ice_map import state_figure
    from sim.study.ice_summary import IceState

    plot.register(IceState, state_figure)


def _equidistance() -> None:
    from sim.plot.equidistance_map import draw_nearer
    from sim.study.equidistance import Nearer

    plot.register(Nearer, draw_nearer)


# Where a kind of result lives, and what registers its drawing
_HOMES: dict[str, Callable[[], None]] = {
    "sim.geo.route": _route, "sim.scenario.compare": _comparison, "sim.study.calendar": _calendar,
    "sim.study.seasons": _seasons, "sim.study.ice_summary": _ice, "sim.study.equidistance": _equidistance,
}  # fmt: skip
