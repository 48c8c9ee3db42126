"""What every result that has a picture can do: `plot`, a matplotlib figure of it.

The drawing of a kind is registered when the first result of that kind is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import singledispatch
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.plot.look import DPI, PLAIN, Look

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.geo.route import Route
    from sim.ice.field import IceField
    from sim.plot.maps.picture import MapLine, Picture
    from sim.scenario.compare import Comparison
    from sim.study.ice_summary import IceState

AT_PORT_DEG = 0.01
COAST = "Coast: Natural Earth 1:10m (public domain)."


def plot(result: Any, **options: Any) -> Figure:
    """A result as a matplotlib figure of 12 x 7.5 inches, which a notebook shows and `savefig` writes.

    All take the fields of a `Look`: `title`, `size`, `labels`, `ice`, `centre_deg`, `extent`, and `ax`, matplotlib axes
    to draw into. A route and a comparison take `projection`, "world", "polar" or "auto"; a comparison also `folder`, in
    which the ice file of its scenario lies. Raises TypeError for what has no picture, UsageError for a value that is
    not allowed.
    """
    for one in type(result).__mro__:
        if one.__module__ in _HOMES:
            _register(one.__module__)
    look, rest = looked(options)
    return _draw(result, look=look, **rest)


@singledispatch
def _draw(result: Any, **_: Any) -> Figure:
    """The drawing of a kind of result."""
    raise TypeError(f"{type(result).__name__} has no picture")


def looked(options: Mapping[str, Any]) -> tuple[Look, dict[str, Any]]:
    """What of some options is a `Look`, and the rest of them."""
    names = [f.name for f in fields(Look)]
    return Look(**{k: options[k] for k in names if k in options}), {k: v for k, v in options.items() if k not in names}


class Pictures:
    """The pictures of a result: called, its own one."""

    def __init__(self, result: Any) -> None:
        self._result = result

    def __call__(self, **options: Any) -> Figure:
        return plot(self._result, **options)

    def __repr__(self) -> str:
        names = [n for n in dir(self) if not n.startswith("_")]
        return f"plot() of {type(self._result).__name__}" + "".join(f", .{n}()" for n in names)


def route_figure(route: Route, *, projection: str = "world", name: str = "route", look: Look = PLAIN) -> Figure:
    """The map of a route; that of an unreachable one has no line, and the reason in its legend.

    `name` is what it is called in the legend; that of a named route, such as nsr, gives it its line.
    """
    from sim.plot.maps.map import draw, fitting
    from sim.plot.maps.picture import SOURCE, MapLine, MapMark, Picture, passage_marks

    reached = route.status == "ok"
    line = MapLine(
        name,
        tuple(route.drawn()) if reached else (),
        route.distance_nm if reached else None,
        None,
        "ok" if reached else route.reason,
    )
    places: list[list[float]] = route.lonlat[[0, -1]].tolist() if len(route.lonlat) else []
    ends = [MapMark(place_name(lon, lat), lon, lat, "port") for lon, lat in places]
    marks = (*ends, *passage_marks(set(route.passages), (), (line,)))
    named = " - ".join(mark.name for mark in ends) or "No route"
    picture = Picture(named, "", (line,), marks, SOURCE)
    return draw(picture, fitting(picture, projection)[0], look)


def place_name(lon: float, lat: float) -> str:
    """The listed port at a place, or its position: 51.9 N, 4.1 E."""
    from sim.geo.ports import PortTable

    port = PortTable.load().nearest(lon, lat)
    if abs(port.lon - lon) + abs(port.lat - lat) < AT_PORT_DEG:
        return port.name
    return f"{abs(lat):.1f} {'N' if lat >= 0 else 'S'}, {abs(lon):.1f} {'E' if lon >= 0 else 'W'}"


def comparison_figure(
    comparison: Comparison, *, projection: str = "world", folder: Path | None = None, look: Look = PLAIN
) -> Figure:
    """The map of a comparison, the one that `northabout map` draws."""
    from sim.plot.maps.map import draw, fitting
    from sim.plot.maps.picture import of_comparison

    picture = of_comparison(comparison, folder)
    return draw(picture, fitting(picture, projection)[0], look)


def state_figure(state: IceState, look: Look = PLAIN) -> Figure:
    """The polar map of the ice of a state. Raises UsageError for a state that has lost its field."""
    from sim.plot.maps.map import draw

    if state.field is None:
        raise UsageError(f"the state of {state.date} does not hold its ice field; ice_state() makes one that does")
    return draw(ice_picture(state.field, state.day), "polar", look)


def ice_picture(field: IceField, day: float, title: str = "", lines: Sequence[MapLine] = ()) -> Picture:
    """The ice of a field on a day (since 1970-01-01 UTC), with the straits of the NSR and with routes over it."""
    from sim.geo.passages import PassageTable
    from sim.ice.field import moment_of
    from sim.plot.maps.ice_map import IceLayer
    from sim.plot.maps.picture import MapMark, Picture
    from sim.study.ice_summary import STRAITS, plain_name

    straits = [p for p in PassageTable.load().all if p.id in STRAITS]
    marks = tuple(MapMark(plain_name(p.name), *p.label_at, "passage") for p in straits)
    name = title or f"Sea ice on {moment_of(day):%Y-%m-%d}"
    return Picture(name, "", tuple(lines), marks, COAST, IceLayer(field, day, pale=False))


def save_ice_map(
    field: IceField,
    day: float,
    path: Path,
    *,
    title: str = "",
    lines: Sequence[MapLine] = (),
    dpi: int = DPI,
    look: Look = PLAIN,
) -> None:
    """Write the ice of a field on a day as a polar map, .png, .svg or .pdf, the same bytes each time.

    `day`: days since 1970-01-01 UTC. `lines`: routes to draw over it. Raises UsageError for another suffix or a file
    that cannot be written.
    """
    from sim.plot.maps.map import save

    save(ice_picture(field, day, title, lines), "polar", Path(path), dpi, look)


def _register(module: str) -> None:
    """Register the drawing of the results of a module."""
    kind, home, drawing = _HOMES[module]
    _draw.register(getattr(import_module(module), kind), getattr(import_module(home), drawing))


_HOMES = {  # of a module: its kind of result, and where it is drawn by which function
    "sim.geo.route": ("Route", "sim.plot.results", "route_figure"),
    "sim.scenario.compare": ("Comparison", "sim.plot.results", "comparison_figure"),
    "sim.study.calendar": ("Calendar", "sim.plot.charts.calendar_plot", "draw_calendar"),
    "sim.study.sailing.calendars": ("CalendarYears", "sim.plot.study.years", "draw_years"),
    "sim.study.seasons": ("SeasonTable", "sim.plot.charts.calendar_plot", "draw_seasons"),
    "sim.study.ice_summary": ("IceState", "sim.plot.results", "state_figure"),
    "sim.study.findings.findings": ("Findings", "sim.plot.study.pictures", "draw_study"),
    "sim.study.equidistance": ("Nearer", "sim.plot.maps.equidistance_map", "draw_nearer"),
}
