"""Passages: gate lines across straits and canals, with limits and states.

A gate is the great circle between two points. A leg passes a gate where it crosses that arc. Canals are chains of
links in the network; only their own links pass their gate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

import geodata
from sim import tables
from sim.errors import DataError, PassageError, did_you_mean
from sim.geo.geodesy import Floats, angles, cross, vectors
from sim.tables import Filled, From, LonLat, Read
from sim.units import metres

Bits = NDArray[np.uint64]
Cause = Literal["closed", "avoided", "draft", "beam", "length", "air draft"]
MAX_PASSAGES = 64  # a passage is one bit of an edge
BLOCK = 20_000  # legs at a time
NEAR = 1e-9  # a leg whose plane passes a gate by more (radians, and less for short legs) does not meet it


@dataclass(frozen=True)
class ShipSize:
    """What of a ship a passage can refuse, metres; None is unknown and passes. Raises UsageError for no size."""

    draft_m: float | None = None
    beam_m: float | None = None
    length_m: float | None = None
    air_draft_m: float | None = None

    def __post_init__(self) -> None:
        for name in ("draft_m", "beam_m", "length_m", "air_draft_m"):
            object.__setattr__(self, name, metres(getattr(self, name), name))


@dataclass(frozen=True)
class Hindrance:
    """Why a passage does not let a ship through: it is shut to all, or a size of the ship is over its limit, metres."""

    passage: str
    cause: Cause
    size_m: float | None = None
    limit_m: float | None = None

    @property
    def excess(self) -> float:
        """The size as a multiple of the limit; infinite where the passage is shut to all."""
        return self.size_m / self.limit_m if self.size_m and self.limit_m else float("inf")

    def __str__(self) -> str:
        if self.size_m is None:
            return f"{self.passage} is {self.cause}"
        return f"{self.cause} {self.size_m:g} m is over the {self.limit_m:g} m of {self.passage}"


@dataclass(frozen=True)
class Passage:
    """One passage. Limits are None where none is known; lengths in metres, speeds in knots."""

    id: Filled
    name: Filled
    group: str
    kind: Filled
    gate: Annotated[tuple[tuple[float, float], tuple[float, float]], LonLat("lon1", "lat1", "lon2", "lat2")]
    transit_nm: float | None
    max_draft_m: float | None
    max_beam_m: float | None
    max_length_m: Annotated[float | None, From("max_loa_m")]
    max_air_draft_m: float | None
    speed_limit_kn: float | None
    wait_h: float | None
    arctic: bool
    aliases: tuple[str, ...]
    limits_source: str
    source: str
    confidence: str
    note: str

    @cached_property
    def gate_xyz(self) -> tuple[Floats, Floats, Floats]:
        """Unit vectors of the gate's ends, and the normal of its great circle."""
        g0, g1 = vectors(self.gate)
        return g0, g1, np.cross(g0, g1)

    @property
    def label_at(self) -> tuple[float, float]:
        """Lon, lat of the middle of the gate."""
        from sim.geo.geodesy import lonlat

        middle = lonlat(vectors(self.gate).sum(axis=0))
        return float(middle[0]), float(middle[1])

    def refuses(self, ship: ShipSize) -> tuple[Hindrance, ...]:
        """The limits that a ship is over; empty where it can pass."""
        limits: tuple[tuple[Cause, float | None, float | None], ...] = (
            ("draft", ship.draft_m, self.max_draft_m),
            ("beam", ship.beam_m, self.max_beam_m),
            ("length", ship.length_m, self.max_length_m),
            ("air draft", ship.air_draft_m, self.max_air_draft_m),
        )
        return tuple(
            Hindrance(self.id, cause, size, limit)
            for cause, size, limit in limits
            if size is not None and limit is not None and size > limit
        )


def read_passages(path: Path) -> list[Passage]:
    """Passages of a table in the columns of geodata/tables/passages.csv. Raises DataError."""
    return list(tables.rows(path, Passage, unique="id"))


@dataclass(frozen=True)
class NamedRoute:
    """A named route: each group in `use` must be crossed exactly once (by any one of its members), none in `avoid`.

    `instead` has for some groups another one that does as well where the first is shut or the other is asked for. An
    end of a voyage in the Arctic lifts the ban on the whole Arctic, but not on the passages of `avoid_always`. The
    named water that it `keeps_off` is not touched, unless an end lies in it.
    """

    name: str
    title: str
    use: tuple[frozenset[str], ...]
    avoid: frozenset[str]
    note: str = ""
    instead: Mapping[frozenset[str], frozenset[str]] = field(default_factory=dict)
    avoid_always: frozenset[str] = frozenset()
    keeps_off: str = ""

    def barred(self, arctic: frozenset[str], in_arctic: bool) -> frozenset[str]:
        """Passages that a voyage must not cross, with an end in the Arctic or not."""
        lifted = in_arctic and arctic <= self.avoid
        return (self.avoid - arctic) | self.avoid_always if lifted else self.avoid

    def required(self, asked: Sequence[frozenset[str]], shut: frozenset[str]) -> list[frozenset[str]]:
        """Groups to cross when some are asked for besides and some passages are shut."""
        out = []
        for group in self.use:
            other = self.instead.get(group, frozenset())
            if any(a <= other for a in asked):
                continue
            out.append(other if other and group <= shut else group)
        return [*out, *asked]


def _groups(text: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(g.split("|")) for g in tables.several(text))


@dataclass(frozen=True)
class _NamedRouteRow:
    """A row of routes.csv; `avoid` may hold words that stand for several passages."""

    name: Filled
    title: str
    use: Annotated[tuple[frozenset[str], ...], Read(_groups)]
    instead: Annotated[tuple[frozenset[str], ...], Read(_groups)]
    avoid: tuple[str, ...]
    note: str
    keeps_off: str = ""


class PassageTable:
    """All passages and named routes; a passage's bit is its place in the table."""

    def __init__(self, passages: Iterable[Passage], routes: Mapping[str, NamedRoute] | None = None) -> None:
        self.all = tuple(passages)
        if len(self.all) > MAX_PASSAGES:
            raise DataError(f"passages: {len(self.all)} rows, at most {MAX_PASSAGES} are possible")
        self.routes = dict(routes or {})
        self._index = {p.id: k for k, p in enumerate(self.all)}

    @classmethod
    def load(cls) -> PassageTable:
        """The shipped tables of passages and routes."""
        table = cls(read_passages(geodata.table("passages.csv")))
        for r in tables.rows(geodata.table("routes.csv"), _NamedRouteRow, unique="name"):
            instead = dict(zip(r.use[::-1], r.instead[::-1], strict=False))  # it stands for the last group
            always = table.expand(w for w in r.avoid if not w.startswith("@"))
            avoid = table.expand(r.avoid)
            table.routes[r.name] = NamedRoute(r.name, r.title, r.use, avoid, r.note, instead, always, r.keeps_off)
        return table

    def __getitem__(self, passage_id: str) -> Passage:
        return self.all[self._index[passage_id]]

    def __contains__(self, passage_id: str) -> bool:
        return passage_id in self._index

    @cached_property
    def ids(self) -> tuple[str, ...]:
        return tuple(p.id for p in self.all)

    @cached_property
    def arctic(self) -> frozenset[str]:
        """Passages of the Arctic, which the usual route does not take."""
        return frozenset(p.id for p in self.all if p.arctic)

    @cached_property
    def _words(self) -> dict[str, frozenset[str]]:
        words: dict[str, frozenset[str]] = {"@arctic": self.arctic}
        for p in self.all:
            for word in (p.id, p.name, *p.aliases):
                key = word.casefold().replace("-", "_").replace(" ", "_")
                words[key] = words.get(key, frozenset()) | {p.id}
        for p in self.all:  # an id always means that passage alone
            words[p.id] = frozenset({p.id})
        return words

    def resolve(self, word: str) -> frozenset[str]:
        """Ids that a word names: an id, a name or an alias, in any case. Raises PassageError."""
        key = word.strip().casefold().replace("-", "_").replace(" ", "_")
        found = self._words.get(key)
        if found is None:
            names = [w for w in (*self.ids, *self._words) if not w.startswith("@")]
            raise PassageError(f"unknown passage '{word}'{did_you_mean(word, names)}")
        return found

    def expand(self, words: Iterable[str]) -> frozenset[str]:
        """Ids that several words name together."""
        return frozenset().union(*(self.resolve(w) for w in words if w.strip()))

    def route(self, name: str) -> NamedRoute:
        """A named route. Raises PassageError."""
        found = self.routes.get(name.strip().casefold())
        if found is None:
            allowed = ", ".join(self.routes)
            raise PassageError(f"unknown route '{name}'{did_you_mean(name, self.routes)}; allowed: {allowed}")
        return found

    def bits(self, ids: Iterable[str]) -> np.uint64:
        """The set of passages as bits."""
        out = 0
        for passage_id in ids:
            out |= 1 << self._index[passage_id]
        return np.uint64(out)

    def refused(self, ship: ShipSize) -> dict[str, tuple[Hindrance, ...]]:
        """Passages that a ship cannot use, with the limits that it is over."""
        if ship == ShipSize():
            return {}
        found = {p.id: p.refuses(ship) for p in self.all}
        return {k: v for k, v in found.items() if v}

    @cached_property
    def _gates(self) -> tuple[Bits, Floats, Floats, Floats, Floats]:
        """Bits of the straits (g,), the ends and normals (g, 3) of their gates, and half the gates' chords (g,)."""
        straits = [(np.uint64(1 << bit), *p.gate_xyz) for bit, p in enumerate(self.all) if p.kind != "canal"]
        bits, *xyz = zip(*straits, strict=True) if straits else ([], [], [], [])
        first, second, normal = (np.array(x, dtype=np.float64).reshape(-1, 3) for x in xyz)
        return np.array(bits, dtype=np.uint64), first, second, normal, np.linalg.norm(first - second, axis=1) / 2

    def crossed(self, start: Floats, stop: Floats) -> Bits:
        """Bits of the straits (not canals) that great-circle legs from `start` to `stop` (n, 3) cross."""
        bits, first, second, normal, half = self._gates
        middle = (first + second) / 2
        out = np.zeros(len(start), dtype=np.uint64)
        for k in range(0, len(start), BLOCK):
            a, b = start[k : k + BLOCK], stop[k : k + BLOCK]
            plane = cross(a, b)
            away = np.abs(plane @ middle.T) - half * np.linalg.norm(plane, axis=1)[:, None]
            leg, gate = np.nonzero(((a @ normal.T > 0) != (b @ normal.T > 0)) & (away < NEAR))
            hit = _met(a[leg], b[leg], first[gate], second[gate], normal[gate])
            np.bitwise_or.at(out, k + leg[hit], bits[gate[hit]])
        return out


def _met(start: Floats, stop: Floats, first: Floats, second: Floats, normal: Floats) -> NDArray[np.bool_]:
    """Which legs (n, 3) whose ends lie on two sides of the great circle of a gate meet it between the gate's ends."""
    leg = cross(start, stop)
    meet = cross(leg, normal)
    meet *= np.where(np.einsum("ij,ij->i", meet, start + stop) < 0, -1.0, 1.0)[:, None]
    parted = (np.einsum("ij,ij->i", leg, first) > 0) != (np.einsum("ij,ij->i", leg, second) > 0)
    return np.asarray(parted & (np.einsum("ij,ij->i", meet, first + second) > 0))


def crosses(passage: Passage, start: Floats, stop: Floats) -> NDArray[np.bool_]:
    """Which legs (n, 3) cross the gate of a passage."""
    g0, g1, gate = passage.gate_xyz
    hit = np.asarray((start @ gate > 0) != (stop @ gate > 0))
    rows = np.flatnonzero(hit)
    if len(rows):
        wide = (len(rows), 3)
        ends = (np.broadcast_to(x, wide) for x in (g0, g1, gate))
        hit[rows] = _met(start[rows], stop[rows], *ends)
    return hit


def where_crossed(passage: Passage, start: Floats, stop: Floats) -> float:
    """Share of the leg from `start` to `stop` (3,) at which it meets the gate's great circle."""
    meet = cross(cross(start, stop), passage.gate_xyz[2])
    length = float(np.sqrt(meet @ meet))
    if length < 1e-15:
        return 0.5
    meet *= (1.0 if float(meet @ (start + stop)) > 0 else -1.0) / length
    return float(angles(start, meet) / angles(start, stop))
