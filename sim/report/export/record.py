"""What is exported: the tracks of a result with their legs, passages and closures, whatever the format.

A track is made from the documents that are also files (comparison.json with legs.geojson beside it, or the JSON of a
route), so that a stored result gives the same file as one in memory.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sim.geo.geodesy import Floats
from sim.values import Valued


@dataclass(frozen=True, eq=False)
class TrackLeg(Valued):
    """A leg of a voyage: its `values` by the columns of legs.csv, `line` (n, 2) lon, lat degrees without a cut."""

    values: Mapping[str, Any]
    line: Floats


@dataclass(frozen=True)
class PassageMet:
    """A passage that a track crosses, at the vertex `at` of its line."""

    passage: str
    name: str
    at: int


@dataclass(frozen=True)
class ClosedPassage:
    """A closed passage: for the whole result (`route` is empty) or as the ship of a route met it.

    `begin` and `end` are when it is closed, None where it has no such date, and `ships_per_day` those that pass all the
    same, None where there are none; `decided` is when the ship knew, `choice`
    what it did and `wait_days` how long it waited.
    """

    passage: str
    name: str
    gate: tuple[tuple[float, float], tuple[float, float]]
    route: str = ""
    begin: datetime | None = None
    end: datetime | None = None
    decided: datetime | None = None
    choice: str = ""
    wait_days: float | None = None
    ships_per_day: float | None = None


@dataclass(frozen=True, eq=False)
class RouteTrack(Valued):
    """One route as a line in space and, where it is sailed, in time.

    `line` (n, 2) are lon, lat degrees, close enough together for straight strokes, without a jump at 180: longitudes
    go on beyond it. `at_nm` (n,) are miles from the start as the result counts them, `hours` (n,) the hours since
    `depart` at which the ship reaches a vertex and `wait_h` (n,) those that it waits there; without a voyage `hours` is
    None. `figures` are those of comparison.csv that exist. `ends` are the names of the two ports, `named` is the named
    route that the alternative is of.
    """

    label: str
    title: str
    ends: tuple[str, str]
    figures: Mapping[str, Any]
    line: Floats
    at_nm: Floats
    hours: Floats | None
    wait_h: Floats
    depart: datetime | None
    legs: tuple[TrackLeg, ...]
    met: tuple[PassageMet, ...]
    named: str = ""

    def moment(self, at: int) -> datetime | None:
        """When the ship reaches a vertex, to the second; None without a voyage."""
        if self.hours is None or self.depart is None:
            return None
        return self.depart + timedelta(seconds=round(float(self.hours[at]) * 3600))

    def sea(self, at_nm: float) -> str:
        """The named sea at some miles from the start; empty in the open ocean and where no legs are known."""
        far = 0.0
        for leg in self.legs:
            far += float(leg.values["distance_nm"])
            if at_nm < far:
                return str(leg.values["water"] or "").replace("_", " ").title()
        return ""


@dataclass(frozen=True)
class LeftOut:
    """A route that no ship sails: its name, status and the reason."""

    label: str
    status: str
    reason: str


@dataclass(frozen=True)
class Exported:
    """All that a file may hold. `left_out` are the routes on which no ship arrives; no file has their lines."""

    name: str
    description: str
    ship: str
    tracks: tuple[RouteTrack, ...]
    left_out: tuple[LeftOut, ...]
    closures: tuple[ClosedPassage, ...]


def moment_of(text: str) -> datetime:
    """A moment of a document; one without an offset is in UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


JOINERS = "\u200c\u200d"  # marks within words of Persian and of Indian scripts


def one_line(text: object) -> str:
    """A text on one line without control characters and without marks that turn the direction of writing: no XML may
    hold the first, and the others let a name rewrite what stands beside it. Letters of all scripts are kept."""
    spaced = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in str(text))
    return " ".join("".join(c for c in spaced if c in JOINERS or unicodedata.category(c)[0] != "C").split())
