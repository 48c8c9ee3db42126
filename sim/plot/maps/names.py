"""Marks and names on a map: ports first, then where routes lead, passages, degrees, seas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.geo.geodesy import NM_PER_RADIAN, Floats, angles, vectors
from sim.plot.labels import REACH_MUST, Board, Box, Placed, Wanted, place, resampled
from sim.plot.maps.coast import graticule, sea_names
from sim.plot.maps.projection import Drawn, Sheet
from sim.plot.paper import INK, RED, SOFT, Paper, clean
from sim.report.formats.lines import Style, closed_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.plot.maps.picture import MapMark

EXIT_WIDTH = 96.0  # points: what is written where a route leaves the sheet is broken to this
EXIT_REACH = (3.0, 7.0, 12.0, 18.0, 26.0, 36.0, 50.0, 70.0, 100.0)
CLOSED_REACH = tuple(distance + 3.0 for distance in REACH_MUST)  # a cross is wider than a dot
ARROW = 15.0  # points: its length
NEAR_NM = 120.0  # a passage this near to a route is one of its own


@dataclass(frozen=True)
class DrawnRoute:
    """A route that is drawn."""

    name: str
    style: Style
    drawn: Drawn
    shut: bool = False  # it leads no farther than to where it is closed

    @property
    def drawn_style(self) -> Style:
        """Its line on the map: that of a closed route is thin and dotted, in the route's own colour."""
        return closed_style(self.style) if self.shut else self.style


class Names:
    """Everything on a map that is text: ports first, then where routes lead, passages, degrees, seas."""

    def __init__(
        self, paper: Paper, axes: Axes, sheet: Sheet, room: Box, routes: Sequence[DrawnRoute], marks: Sequence[MapMark]
    ) -> None:
        self.paper, self.axes, self.sheet, self.routes = paper, axes, sheet, routes
        self._to_points: Any = axes.transData + paper.points.inverted()
        places = np.array([(m.lon, m.lat) for m in marks], dtype=float).reshape(-1, 2)
        xy = sheet.project(places) if len(places) else places
        shown = sheet.inside(xy) if len(xy) else np.zeros(0, dtype=bool)
        self.marks = [m for m, s in zip(marks, shown, strict=True) if s]
        self.beyond = [m for m, s in zip(marks, shown, strict=True) if not s]
        self.at = self.points(xy[shown]) if len(xy) else np.zeros((0, 2))
        self.xy = xy[shown] if len(xy) else xy
        lines = [resampled(self.points(p), 3.0) for route in routes for p in route.drawn.pieces]
        frame = (8.0, 8.0, paper.width - 8.0, paper.height - 8.0) if sheet.kind == "polar" else room
        routes_at = np.vstack(lines) if lines else np.zeros((0, 2))
        self.board = Board(frame, routes_at, self.at, boxes=list(paper.taken))

    def on_sheet(self, points: Floats) -> np.ndarray:
        """True for each place on paper (n, 2) that is on the sheet."""
        return self.sheet.inside(self._to_points.inverted().transform(points))

    def points(self, xy: Floats) -> Floats:
        """Places on paper of places on the sheet."""
        return np.asarray(self._to_points.transform(np.atleast_2d(xy)))

    def write(self) -> None:
        """Write everything, what matters most first."""
        order = sorted(range(len(self.marks)), key=self._rank)
        firm = [k for k in order if self.marks[k].kind not in ("passage", "date")]
        for k in firm:
            self._mark(k)
        if not self.paper.look.labels:
            return
        self.board.on_sheet = self.on_sheet
        self._labels(firm)
        room = self.board.frame
        if self.sheet.kind == "region":  # around a window there are degrees, and no room
            self.board.frame = self._window()
        self._exits()
        self.board.on_sheet = self.on_sheet
        self._labels([k for k in order if k not in firm])
        self.board.on_sheet, self.board.frame = None, room
        graticule(self.paper, self.axes, self.sheet, self.board, self.points)
        sea_names(self.paper, self.sheet, self.board, self.points)

    def _rank(self, k: int) -> tuple[int, int]:
        """Ports, closed passages, passages that a route uses, other passages."""
        kind = {"port": 0, "closed": 1, "limited": 1, "turn": 1, "date": 4}.get(self.marks[k].kind, 2)
        if kind == 2 and not self._on_route(k):
            kind = 3
        return kind, k

    def _on_route(self, k: int) -> bool:
        lines = self.board.lines
        return bool(len(lines) and np.hypot(*(lines - self.at[k]).T).min() < 9.0)

    def _mark(self, k: int) -> None:
        x, y = self.xy[k]
        kind = self.marks[k].kind
        if kind == "closed":
            self.axes.plot([x], [y], "x", ms=8, mew=4.6, color="white", zorder=9, clip_on=False)
            self.axes.plot([x], [y], "x", ms=7, mew=2.2, color=RED, zorder=9.1, clip_on=False)
        elif kind == "limited":
            self.axes.plot([x], [y], "o", ms=7.5, mfc="white", mec="white", mew=3.4, zorder=9, clip_on=False)
            self.axes.plot([x], [y], "o", ms=7, mfc="white", mec=RED, mew=2.0, zorder=9.1, clip_on=False)
        elif kind == "turn":
            self.axes.plot([x], [y], "D", ms=7, mfc=RED, mec="white", mew=1.3, zorder=9.2, clip_on=False)
        elif kind == "date":
            colour = self._colour(self.marks[k].said)
            self.axes.plot([x], [y], "o", ms=4.6, mfc=colour, mec="white", mew=0.9, zorder=9, clip_on=False)
        elif kind == "port":
            self.axes.plot([x], [y], "o", ms=7, mfc=INK, mec="white", mew=1.3, zorder=10, clip_on=False)
        else:
            self.axes.plot([x], [y], "o", ms=4.2, mfc="white", mec=INK, mew=0.9, zorder=9, clip_on=False)

    def _colour(self, name: str) -> str:
        """The colour of a route by its name on the map."""
        return next((r.style.colour for r in self.routes if r.name == clean(name, 40)), INK)

    def _labels(self, which: Sequence[int]) -> None:
        looks: dict[int, dict[str, Any]] = {}
        wanted = []
        for k in which:
            mark = self.marks[k]
            name = clean(mark.name, 48)
            if mark.kind == "port":
                look: dict[str, Any] = {"size": 9.0, "weight": "bold", "color": INK}
            elif mark.kind == "turn":
                look = {"size": 8.4, "weight": "bold", "color": RED}
            elif mark.kind == "date":
                look = {"size": 6.8, "weight": "normal", "color": self._colour(mark.said)}
            elif mark.kind in ("closed", "limited"):
                name = clean(f"{mark.name} ({mark.said or 'closed'})", 70)
                look = {"size": 7.6, "weight": "bold", "color": RED}
            else:
                look = {"size": 7.2, "weight": "normal", "color": INK}
            name = self.paper.elided(name, self.board.frame[2] - self.board.frame[0] - 6, look["size"], look["weight"])
            looks[k] = {"text": name, **look}
            size = self.paper.size(name, look["size"], look["weight"])
            at = float(self.at[k][0]), float(self.at[k][1])
            reach = CLOSED_REACH if mark.kind in ("closed", "limited") else None
            wanted.append(Wanted(str(k), at, size, must=mark.kind not in ("passage", "date"), reach=reach))
        for placed in place(wanted, self.board):
            k = int(placed.wanted.key)
            look = looks[k]
            if self.marks[k].kind in ("passage", "date"):
                self._mark(k)  # a passage without its name would be a dot that nobody can read
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
        """Arrows at the rim where routes go on, with the next place that lies on them; within the frame of a window."""
        middle = self.points(np.zeros((1, 2)))[0]
        groups: list[tuple[Floats, dict[str, list[str]]]] = []
        for route in self.routes:
            for way in route.drawn.exits:
                start = self.points(way.xy)[0]
                outward = (start - middle) / np.hypot(*(start - middle))
                ahead = way.direction / max(float(np.hypot(*way.direction)), 1e-9)
                ahead = (ahead + outward) / max(float(np.hypot(*(ahead + outward))), 1e-9)
                tip = start + ARROW * ahead
                if self.sheet.kind == "region":
                    start, tip = self._before(route, start), start
                self._arrow(start, tip, route.style)
                near = next((g for g in groups if np.hypot(*(g[0] - tip)) < 26.0), None)
                if near is None:
                    near = (tip, {})
                    groups.append(near)
                names = near[1].setdefault(self._next_place(way.beyond), [])
                names += [route.name] if route.name not in names else []
        if self.sheet.kind == "polar":
            self.board.on_sheet = lambda p: ~self.on_sheet(p)
        for n, (tip, goals) in enumerate(groups):
            text = "\n".join(row for goal, names in goals.items() for row in self._goal(goal, names))
            one = Wanted(
                f"exit-{n}",
                (float(tip[0]), float(tip[1])),
                self.paper.size(text, 7.2),
                must=True,
                reach=EXIT_REACH,
                line_cost=12.0 if self.sheet.kind == "region" else 4.0,
            )
            for placed in place([one], self.board):
                self._set(placed, text, 7.2, color=SOFT, style="normal")

    def _before(self, route: DrawnRoute, rim: Floats) -> Floats:
        """The place on paper of a route an arrow's length before it reaches the rim there."""
        for piece in map(self.points, route.drawn.pieces):
            for line in (piece, piece[::-1]):
                far = np.flatnonzero(np.hypot(*(line - rim).T) > ARROW)
                if np.hypot(*(line[-1] - rim)) < 0.5 and len(far):
                    back = line[far[-1]] - rim
                    return np.asarray(rim + ARROW * back / np.hypot(*back))
        return rim

    def _window(self) -> Box:
        """The frame of a window on paper."""
        x0, y0, x1, y1 = self.sheet.bounds
        (left, low), (right, high) = self.points(np.array([[x0, y0], [x1, y1]]))
        return float(left) + 3, float(low) + 3, float(right) - 3, float(high) - 3

    def _arrow(self, start: Floats, tip: Floats, style: Style) -> None:
        """An arrow over the rim, in the route's colour."""
        from matplotlib.patches import FancyArrowPatch

        how: dict[str, Any] = {"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0, "color": style.colour}
        how |= {"lw": 0.8 * style.width, "mutation_scale": 6 + 1.6 * style.width, "transform": self.paper.points}
        self.paper.add(FancyArrowPatch(tuple(start), tuple(tip), **how))
        self.board.leaders.append(np.linspace(start, tip, 10))

    def _goal(self, goal: str, names: Sequence[str]) -> list[str]:
        """Which routes go on to where; in lines no wider than there is room beside a polar map."""
        routes = clean(", ".join(names), 60)
        text = f"{routes}: to {goal}" if goal else routes
        if not goal or self.paper.size(text, 7.2)[0] <= EXIT_WIDTH:
            return self.paper.broken(text, EXIT_WIDTH, 7.2)
        return [row for part in (f"{routes}: to", goal) for row in self.paper.broken(part, EXIT_WIDTH, 7.2)]

    def _next_place(self, beyond: Floats) -> str:
        """The first place on the route beyond the rim that is not on the sheet, or nothing."""
        path = vectors(beyond)
        best = (len(path), 1e9, "")
        for mark in (m for m in self.beyond if m.kind != "date"):
            away = angles(path, vectors([mark.lon, mark.lat])) * NM_PER_RADIAN
            if away.min() < NEAR_NM:
                best = min(best, (int(np.argmax(away < NEAR_NM)), float(away.min()), clean(mark.name, 40)))
        return best[2]
