"""Maps of sea roads: Pole in the middle, or the whole world, or a window where all roads are short.

Plain matplotlib and pyproj: nothing is downloaded, and the same picture gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import UsageError, did_you_mean
from sim.geo.sphere import Floats
from sim.show import graticule
from sim.show.coast import land_on, land_path
from sim.show.files import check_target, write_whole
from sim.show.labels import REACH_MUST, Board, Box, Placed, Wanted, place, resampled
from sim.show.paper import INK, SOFT, Entry, Paper, Style, clean, frame_below, frame_beside, styles
from sim.show.projection import Drawn, Sheet, bring, choose_sheet, joined

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PROJECTIONS = ("polar", "world")
SUFFIXES = (".png", ".svg", ".pdf")
SEA, LAND, COAST, EDGE, RED = "#EAF2F7", "#DDD7CC", "#B3A998", "#6F8391", "#B3121D"
EXIT_WIDTH = 96.0  # points: what is written where a road leaves the sheet is broken to this
EXIT_REACH = (3.0, 7.0, 12.0, 18.0, 26.0, 36.0, 50.0, 70.0, 100.0)
CLOSED_REACH = tuple(distance + 3.0 for distance in REACH_MUST)  # a cross is wider than a dot
NEAR_NM = 120.0  # a passage this near to a road is one of its own


@dataclass(frozen=True)
class MapLine:
    """One road."""

    label: str
    lonlat: tuple[np.ndarray, ...]  # pieces (n, 2) of lon, lat degrees, densified and cut at 180
    distance_nm: float | None
    days: float | None  # None: not modelled
    status: str  # "ok" or a short reason; a road that is not ok has no pieces and is struck out in the legend


@dataclass(frozen=True)
class MapMark:
    """A named place: "port", "passage", or "closed" for a closed passage."""

    name: str
    lon: float
    lat: float
    kind: str


@dataclass(frozen=True)
class Picture:
    """What a map shows."""

    title: str
    subtitle: str
    lines: tuple[MapLine, ...]
    marks: tuple[MapMark, ...]
    source: str


@dataclass(frozen=True)
class _Road:
    """A road that is drawn."""

    name: str
    style: Style
    drawn: Drawn


def draw(picture: Picture, projection: str) -> Figure:
    """A picture as a figure of 12 x 7.5 inches.

    Raises UsageError for a projection that does not exist.
    """
    if projection not in PROJECTIONS:
        hint = did_you_mean(projection, PROJECTIONS)
        raise UsageError(f"unknown projection '{projection}'{hint}: allowed are {', '.join(PROJECTIONS)}")
    import matplotlib.style

    # A reader's own matplotlibrc must not change a map.
    with matplotlib.style.context("default"):
        return _drawn(picture, projection)


def save(picture: Picture, projection: str, out: Path, dpi: int = 150) -> None:
    """Write a picture as .png, .svg or .pdf, whole or not at all, the same bytes each time.

    Raises UsageError for another suffix, a projection that does not exist, or a file that cannot be written.
    """
    import matplotlib
    import matplotlib.style

    out = Path(out)
    suffix = out.suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(f"cannot write a map as '{out.name}': allowed suffixes are {', '.join(SUFFIXES)}")
    check_target(out)
    figure = draw(picture, projection)
    drawn = io.BytesIO()
    fixed = {"svg.hashsalt": "northabout", "svg.fonttype": "path", "path.simplify": True, "pdf.fonttype": 42}
    with matplotlib.style.context("default"), matplotlib.rc_context(fixed):
        figure.savefig(drawn, format=suffix[1:], dpi=dpi, metadata=_metadata(picture, suffix))
    write_whole(out, drawn.getvalue())


def _metadata(picture: Picture, suffix: str) -> dict[str, Any]:
    """Title and a description for those who cannot see the map; no date, which would change the bytes."""
    title = clean(picture.title)
    roads = "; ".join(f"{e.label} {e.detail}".strip() for e in _entries(picture, [None] * len(picture.lines)))
    places = ", ".join(clean(m.name, 60) for m in picture.marks)
    text = ". ".join(t for t in (clean(picture.subtitle), roads, places, clean(picture.source)) if t)
    if suffix == ".pdf":
        return {"Title": title, "Subject": text, "CreationDate": None}
    if suffix == ".svg":
        return {"Title": title, "Description": text, "Date": None}
    return {"Title": title, "Description": text}


def _entries(picture: Picture, style: Sequence[Style | None]) -> list[Entry]:
    """The legend: miles and days of each road, or why it is closed."""
    out = []
    for line, how in zip(picture.lines, style, strict=True):
        if line.status != "ok":
            reason = clean(line.status, 90)
            detail = reason if reason.casefold().startswith("closed") else f"closed: {reason}"
            out.append(Entry(clean(line.label, 60), detail, None))
            continue
        figures = [f"{line.distance_nm:,.0f} nm"] if line.distance_nm is not None else []
        figures += [f"{line.days:.1f} d"] if line.days is not None else []
        out.append(Entry(clean(line.label, 60), "   ".join(figures), how))
    return out


def _drawn(picture: Picture, projection: str) -> Figure:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    paper = Paper()
    open_ = [k for k, line in enumerate(picture.lines) if line.status == "ok"]
    style: list[Style | None] = [None] * len(picture.lines)
    for k, one in zip(open_, styles(len(open_)), strict=True):
        style[k] = one
    texts = clean(picture.title), clean(picture.subtitle, 400), clean(picture.source, 500), _entries(picture, style)
    room = frame_beside(paper, *texts) if projection == "polar" else frame_below(paper, *texts)
    longest = [(k, road) for k in open_ for road in joined(picture.lines[k].lonlat)]
    ports = np.array([(m.lon, m.lat) for m in picture.marks if m.kind == "port"], dtype=float).reshape(-1, 2)
    inner = _inset(room, projection)
    aspect = (inner[2] - inner[0]) / (inner[3] - inner[1])
    sheet = choose_sheet(projection, [road for _, road in longest], ports, aspect)
    axes = paper.axes(_fit(sheet, inner))
    x0, y0, x1, y1 = sheet.bounds
    axes.set_xlim(x0, x1)
    axes.set_ylim(y0, y1)
    outline = Outline(np.array(sheet.outline.exterior.coords), closed=True)
    # The fills reach a hair beyond the rim: the edge, drawn last, covers it.
    axes.add_patch(PathPatch(outline, fc=SEA, ec="none", zorder=0, clip_on=False))
    axes.add_patch(PathPatch(land_path(land_on(sheet)), fc=LAND, ec=COAST, lw=0.35, zorder=2, gid="land"))
    axes.add_patch(PathPatch(outline, fc="none", ec=EDGE, lw=1.0, zorder=8, clip_on=False, gid="edge"))
    roads = [
        _Road(clean(picture.lines[k].label, 40), one, bring(sheet, road))
        for k, road in longest
        if (one := style[k]) is not None
    ]
    _roads(axes, roads)
    _Names(paper, axes, sheet, room, roads, picture.marks).write()
    return paper.figure


def _inset(room: Box, projection: str) -> Box:
    """Room for the map itself: degrees stand around it, and beside a polar map where its roads lead."""
    x0, y0, x1, y1 = room
    if projection == "polar":
        return x0 + 30, y0 + 34, x1 - 30, y1 - 34
    return x0 + 24, y0 + 16, x1 - 14, y1 - 8


def _fit(sheet: Sheet, box: Box) -> Box:
    """The largest box of the sheet's shape in the middle of a box."""
    x0, y0, x1, y1 = box
    left, low, right, high = sheet.bounds
    scale = min((x1 - x0) / (right - left), (y1 - y0) / (high - low))
    half_x, half_y = scale * (right - left) / 2, scale * (high - low) / 2
    middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
    return middle_x - half_x, middle_y - half_y, middle_x + half_x, middle_y + half_y


def _roads(axes: Axes, roads: Sequence[_Road]) -> None:
    """White casings beneath all roads; then the roads, wide below narrow."""
    from matplotlib.lines import Line2D

    for layer, road in enumerate(roads):
        for piece in road.drawn.pieces:
            x, y = piece.T
            casing = Line2D(x, y, color="white", lw=road.style.width + 1.8, zorder=4, alpha=0.9)
            casing.set_gid(f"casing-{layer}")
            casing.set_solid_capstyle("round")
            line = Line2D(x, y, color=road.style.colour, lw=road.style.width, ls=road.style.dash, zorder=5 + 0.01 * layer)
            line.set_gid(f"road-{layer}")
            line.set_solid_capstyle("butt")
            line.set_dash_capstyle("butt")
            line.set_solid_joinstyle("round")
            axes.add_line(casing)
            axes.add_line(line)


class _Names:
    """Everything on a map that is text: ports first, then where roads lead, passages, degrees, seas."""

    def __init__(
        self,
        paper: Paper,
        axes: Axes,
        sheet: Sheet,
        room: Box,
        roads: Sequence[_Road],
        marks: Sequence[MapMark],
    ) -> None:
        self.paper, self.axes, self.sheet, self.roads = paper, axes, sheet, roads
        self._to_points = axes.transData + paper.points.inverted()
        places = np.array([(m.lon, m.lat) for m in marks], dtype=float).reshape(-1, 2)
        xy = sheet.project(places) if len(places) else places
        shown = sheet.inside(xy) if len(xy) else np.zeros(0, dtype=bool)
        self.marks = [m for m, s in zip(marks, shown, strict=True) if s]
        self.beyond = [m for m, s in zip(marks, shown, strict=True) if not s]
        self.at = self.points(xy[shown]) if len(xy) else np.zeros((0, 2))
        self.xy = xy[shown] if len(xy) else xy
        lines = [resampled(self.points(p), 3.0) for road in roads for p in road.drawn.pieces]
        self.board = Board(room, np.vstack(lines) if lines else np.zeros((0, 2)), self.at)
        self.on_sheet = lambda p: sheet.inside(self._to_points.inverted().transform(p))

    def points(self, xy: Floats) -> Floats:
        """Places on paper of places on the sheet."""
        return np.asarray(self._to_points.transform(np.atleast_2d(xy)))

    def write(self) -> None:
        order = sorted(range(len(self.marks)), key=self._rank)
        firm = [k for k in order if self.marks[k].kind != "passage"]
        for k in order:
            self._mark(k)
        self.board.on_sheet = self.on_sheet
        self._labels(firm)
        self._exits()
        self.board.on_sheet = self.on_sheet
        self._labels([k for k in order if k not in firm])
        self.board.on_sheet = None
        graticule.draw(self.paper, self.axes, self.sheet, self.board, self.points)
        graticule.seas(self.paper, self.sheet, self.board, self.points)

    def _rank(self, k: int) -> tuple[int, int]:
        """Ports, closed passages, passages that a road uses, other passages."""
        kind = {"port": 0, "closed": 1}.get(self.marks[k].kind, 2)
        if kind == 2 and not self._on_road(k):
            kind = 3
        return kind, k

    def _on_road(self, k: int) -> bool:
        lines = self.board.lines
        return bool(len(lines) and np.hypot(*(lines - self.at[k]).T).min() < 9.0)

    def _mark(self, k: int) -> None:
        x, y = self.xy[k]
        kind = self.marks[k].kind
        if kind == "closed":
            self.axes.plot([x], [y], "x", ms=8, mew=4.6, color="white", zorder=9, clip_on=False)
            self.axes.plot([x], [y], "x", ms=7, mew=2.2, color=RED, zorder=9.1, clip_on=False)
        elif kind == "port":
            self.axes.plot([x], [y], "o", ms=7, mfc=INK, mec="white", mew=1.3, zorder=10, clip_on=False)
        else:
            self.axes.plot([x], [y], "o", ms=4.2, mfc="white", mec=INK, mew=0.9, zorder=9, clip_on=False)

    def _labels(self, which: Sequence[int]) -> None:
        looks: dict[int, dict[str, Any]] = {}
        wanted = []
        for k in which:
            mark = self.marks[k]
            name = clean(mark.name, 48)
            if mark.kind == "port":
                look: dict[str, Any] = {"size": 9.0, "weight": "bold", "color": INK}
            elif mark.kind == "closed":
                name = name if "closed" in name.casefold() else f"{name} (closed)"
                look = {"size": 7.6, "weight": "bold", "color": RED}
            else:
                look = {"size": 7.2, "weight": "normal", "color": INK}
            looks[k] = {"text": name, **look}
            size = self.paper.size(name, look["size"], look["weight"])
            at = float(self.at[k][0]), float(self.at[k][1])
            reach = CLOSED_REACH if mark.kind == "closed" else None
            wanted.append(Wanted(str(k), at, size, must=mark.kind != "passage", reach=reach))
        for placed in place(wanted, self.board):
            look = looks[int(placed.wanted.key)]
            self._set(placed, look.pop("text"), look.pop("size"), **look)

    def _set(self, placed: Placed, text: str, size: float, **how: Any) -> None:
        """A placed label, with its leader line if it stands far from its mark."""
        if placed.leader is not None:
            (x0, y0), (x1, y1) = placed.wanted.at, placed.leader
            self.paper.line([x0, x1], [y0, y1], color=SOFT, lw=0.6, zorder=2.5)
        x, y = placed.middle
        out = self.paper.text(x, y, text, size, ha="center", va="center", halo="#FFFFFFD8", **how)
        out.set_gid(f"label-{placed.wanted.key}")

    def _exits(self) -> None:
        """Arrows at the rim where roads go on, with the next place that lies on them."""
        from matplotlib.patches import FancyArrowPatch

        middle = self.points(np.zeros((1, 2)))[0]
        groups: list[tuple[Floats, dict[str, list[str]]]] = []
        for road in self.roads:
            for way in road.drawn.exits:
                start = self.points(way.xy)[0]
                outward = (start - middle) / np.hypot(*(start - middle))
                ahead = way.direction / max(float(np.hypot(*way.direction)), 1e-9)
                ahead = (ahead + outward) / max(float(np.hypot(*(ahead + outward))), 1e-9)
                tip = start + 15.0 * ahead
                how = {"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0, "mutation_scale": 6 + 1.6 * road.style.width}
                arrow = FancyArrowPatch(
                    tuple(start), tuple(tip), color=road.style.colour, lw=road.style.width * 0.8, transform=self.paper.points, **how
                )
                self.paper.figure.add_artist(arrow)
                self.board.leaders.append(np.linspace(start, tip, 10))
                near = next((g for g in groups if np.hypot(*(g[0] - tip)) < 26.0), None)
                if near is None:
                    near = (tip, {})
                    groups.append(near)
                names = near[1].setdefault(self._next_place(way.beyond), [])
                names += [road.name] if road.name not in names else []
        self.board.on_sheet = lambda p: ~self.on_sheet(p)
        for n, (tip, goals) in enumerate(groups):
            text = "\n".join(row for goal, names in goals.items() for row in self._goal(goal, names))
            one = Wanted(f"exit-{n}", (float(tip[0]), float(tip[1])), self.paper.size(text, 7.2), must=True, reach=EXIT_REACH, line_cost=4.0)
            for placed in place([one], self.board):
                self._set(placed, text, 7.2, color=SOFT, style="normal")

    def _goal(self, goal: str, names: Sequence[str]) -> list[str]:
        """Which roads go on to where; in lines no wider than there is room beside a polar map."""
        roads = clean(", ".join(names), 60)
        text = f"{roads}: to {goal}" if goal else roads
        if not goal or self.paper.size(text, 7.2)[0] <= EXIT_WIDTH:
            return self.paper.broken(text, EXIT_WIDTH, 7.2)
        return [row for part in (f"{roads}: to", goal) for row in self.paper.broken(part, EXIT_WIDTH, 7.2)]

    def _next_place(self, beyond: Floats) -> str:
        """The first place on the road beyond the rim that is not on the sheet, or nothing."""
        from sim.geo.drawing import NM_PER_RADIAN
        from sim.geo.sphere import angles, vectors

        path = vectors(beyond)
        best = (len(path), 1e9, "")
        for mark in self.beyond:
            away = angles(path, vectors([mark.lon, mark.lat])) * NM_PER_RADIAN
            if away.min() < NEAR_NM:
                best = min(best, (int(np.argmax(away < NEAR_NM)), float(away.min()), clean(mark.name, 40)))
        return best[2]
