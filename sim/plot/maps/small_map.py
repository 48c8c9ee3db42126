"""A comparison in a notebook: its table and a small map of its routes, light enough for a page."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.plot.maps.map import COAST, LAND, SEA
from sim.plot.paper import INK
from sim.report.comparison_view import table_of
from sim.report.formats.lines import Style, styles_of
from sim.report.layout import cut, table_html

if TYPE_CHECKING:
    from sim.geo.geodesy import Floats
    from sim.scenario.compare import Comparison

WIDTH, HEIGHT = 420, 280  # pixels
LEAST_DEG: Final = 4.0  # across the map
MOST: Final = 10_000  # characters of the whole
ROUGH: Final = (1.2, 1.8, 2.6, 3.6, 5.0, 8.0)  # pixels that the coast may be off, until it is short enough
LEAST_AREA: Final = 9.0  # square pixels of an island, at a coast of 1 pixel


def comparison_html(comparison: Comparison) -> str:
    """The table as HTML, with a small map of the routes: the Pole in its middle, or a part of that.

    At most 10,000 characters, as long as the table and the reasons are not longer by themselves.
    """
    header, rows = table_of(comparison)
    scenario, lines = comparison.scenario, _lines(comparison)
    ends = f"{comparison.origin.name} - {comparison.destination.name}, {comparison.ship.name}"
    reasons = [f"{o.label}: {cut(o.reason, 200)}" for o in comparison.outcomes if not o.feasible]
    key = "".join(
        f'<span style="color:{style.colour}">&#9632;</span> {escape(cut(label, 40))} ' for label, style in lines.items()
    )
    parts = [f"<b>{escape(cut(scenario.name, 80))}</b>: {escape(cut(scenario.description, 300))}<br>{escape(ends)}"]
    parts += [table_html(header, rows), *(f"<br>{escape(r)}" for r in reasons)]
    if lines:
        room = MOST - sum(len(part) + 1 for part in parts) - len(key) - 30
        parts += [small_map(comparison, lines, room), f"<br>{key}"]
    return "<div>" + "\n".join(parts) + "</div>"


def _lines(comparison: Comparison) -> dict[str, Style]:
    """The line of each route that is sailed, wide ones first."""
    labels = [o.label for o in comparison.outcomes]
    named = [a.route for a in comparison.scenario.alternatives]
    styled = zip(comparison.outcomes, styles_of(labels, named), strict=True)
    return dict(sorted(((o.label, s) for o, s in styled if o.feasible), key=lambda pair: -pair[1].width))


def small_map(comparison: Comparison, lines: dict[str, Style], room: int) -> str:
    """The routes on a coast as SVG of at most so many characters, azimuthal equidistant about the Pole: no seam."""
    ends = np.array([[p.lon, p.lat] for p in (comparison.origin, comparison.destination)])
    drawn = {o.label: np.vstack(o.route.drawn(120.0)) for o in comparison.outcomes if o.label in lines}
    every = np.vstack([ends, *drawn.values()])
    turn = float(np.angle(np.exp(1j * np.deg2rad(every[:, 0])).mean()))
    flat = _polar(every, turn)
    middle = (flat.min(axis=0) + flat.max(axis=0)) / 2
    across = np.maximum(1.15 * np.ptp(flat, axis=0), LEAST_DEG)
    scale = float(min(WIDTH / across[0], HEIGHT / across[1]))  # pixels a degree

    def pixels(lonlat: Floats) -> Floats:
        return np.asarray((_polar(lonlat, turn) - middle) * (scale, -scale) + (WIDTH / 2, HEIGHT / 2))

    shapes = []
    for label, line in drawn.items():
        style = lines[label]
        width = 0.8 * style.width
        dash = "" if style.dash == "solid" else ",".join(f"{v * width:.1f}" for v in style.dash[1])
        look = f'stroke="{style.colour}" stroke-width="{width:.1f}"' + (f' stroke-dasharray="{dash}"' if dash else "")
        shapes.append(
            f'<path d="{_stroke(_thinned(pixels(line)))}" {look}><title>{escape(cut(label, 60))}</title></path>'
        )
    dots = [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3.5" fill="{INK}" stroke="#FFF"/>' for x, y in pixels(ends)]
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img"><rect width="100%" height="100%" fill="{SEA}"/>'
    rest = f'<g fill="none">{"".join(shapes)}</g>{"".join(dots)}</svg>'
    coast = ""
    for rough in ROUGH:
        found = f'<path d="{_coast(pixels, scale, rough)}" fill="{LAND}" stroke="{COAST}" stroke-width=".4"/>'
        if len(head) + len(found) + len(rest) <= room:
            coast = found
            break
    return head + coast + rest


def _polar(lonlat: Floats, turn: float) -> Floats:
    """Degrees from the Pole, x to the right and y upward, with the meridian `turn` (radians) downward."""
    angle, radius = np.deg2rad(lonlat[:, 0]) - turn, 90.0 - lonlat[:, 1]
    return np.column_stack([radius * np.sin(angle), -radius * np.cos(angle)])


def _coast(pixels: Any, scale: float, rough: float) -> str:
    """The coast within the small map as an SVG path that is off by no more than so many pixels."""
    import shapely

    from sim.geo.land import land_polygons

    rings = shapely.simplify(np.array(land_polygons()), 0.5 * rough / scale, preserve_topology=False)
    flat = shapely.transform(rings[~shapely.is_empty(rings) & (shapely.bounds(rings)[:, 1] > -60)], pixels)
    flat = flat[shapely.area(flat) > LEAST_AREA * rough]
    inside = shapely.get_parts(shapely.clip_by_rect(shapely.make_valid(flat), -2, -2, WIDTH + 2, HEIGHT + 2))
    inside = shapely.get_parts(shapely.simplify(inside, rough))
    rings = [np.array(p.exterior.coords) for p in inside if p.geom_type == "Polygon" and p.area > LEAST_AREA * rough]
    return "".join(_stroke(_thinned(ring)) + "z" for ring in rings)


def _stroke(line: Floats) -> str:
    """A line of whole pixels as an SVG path of steps."""
    x, y = (int(v) for v in line[0])
    steps = [f"{int(dx)}{'' if dy < 0 else ' '}{int(dy)}" for dx, dy in np.diff(line, axis=0)]
    return f"M{x} {y}l" + "".join(s if k == 0 or s.startswith("-") else f" {s}" for k, s in enumerate(steps))


def _thinned(line: Floats) -> Floats:
    """Points of a line in pixels that are needed: none is the same pixel as the one before, none lies on a straight."""
    import shapely

    whole = np.round(shapely.get_coordinates(shapely.simplify(shapely.LineString(line), 0.6)))
    return np.asarray(whole[np.r_[True, np.any(np.diff(whole, axis=0) != 0, axis=1)]])
