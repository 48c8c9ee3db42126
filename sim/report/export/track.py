"""Lines of stored results, joined again where they were cut at 180 degrees, and where on them the ship is when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.geo.geodesy import Floats, between, lengths_nm, lonlat, vectors
from sim.geo.passages import crosses, where_crossed
from sim.report.export.record import moment_of

if TYPE_CHECKING:
    from sim.geo.passages import Passage
    from sim.report.export.record import TrackLeg

SAME_DEG = 2e-5  # points nearer to each other are one: coordinates are rounded to half of it


def joined(geometry: Mapping[str, Any]) -> Floats:
    """The line (n, 2) of a GeoJSON LineString or MultiLineString in one piece: its longitudes go on beyond 180.

    Raises ValueError for another geometry.
    """
    kind = geometry["type"]
    if kind not in ("LineString", "MultiLineString"):
        raise ValueError(f"a track is a LineString or a MultiLineString, this is a {kind}")
    pieces = geometry["coordinates"] if kind == "MultiLineString" else [geometry["coordinates"]]
    return seamless(np.vstack([np.asarray(piece, dtype=np.float64)[:, :2] for piece in pieces]))


def seamless(line: Floats) -> Floats:
    """A line (n, 2) without jumps of longitude and without a point that repeats the one before. Raises ValueError for
    what is no line on the earth."""
    if not np.isfinite(line).all() or np.abs(line[:, 1]).max() > 90 or np.abs(line[:, 0]).max() > 360:
        raise ValueError("a position lies within -90 to 90 degrees of latitude and -360 to 360 of longitude")
    turned = np.column_stack([np.unwrap(line[:, 0], period=360.0), line[:, 1]])
    apart = np.r_[True, np.any(np.abs(np.diff(turned, axis=0)) > SAME_DEG, axis=1)]
    apart[-1] = True
    kept = turned[apart]
    if len(kept) > 2 and not np.any(np.abs(kept[-1] - kept[-2]) > SAME_DEG):
        kept = np.delete(kept, -2, axis=0)
    if len(kept) < 2:
        raise ValueError("a track has two or more positions")
    return np.asarray(kept)


def along(legs: Sequence[TrackLeg], depart: datetime) -> tuple[Floats, Floats, Floats, Floats]:
    """The line (n, 2) of the legs of a voyage; for each vertex the miles from the start, the hours since the departure
    and the hours of waiting (n,). Within a leg the ship goes at one speed."""
    lines, at_nm, hours, waits = [], [], [], []
    far = 0.0
    for k, leg in enumerate(legs):
        own = lengths_nm(leg.line[:-1], leg.line[1:])
        share = np.r_[0.0, np.cumsum(own) / max(float(own.sum()), 1e-12)]
        start = (moment_of(leg.values["start"]) - depart).total_seconds() / 3600
        wait = np.zeros(len(share))
        wait[-1] = float(leg.values["wait_h"])
        first = 1 if k else 0  # a leg begins where the one before ends
        lines.append(leg.line[first:])
        at_nm.append((far + share * float(leg.values["distance_nm"]))[first:])
        hours.append((start + share * float(leg.values["hours"]))[first:])
        waits.append(wait[first:])
        far += float(leg.values["distance_nm"])
    hours[0][0], waits[0][0] = 0.0, hours[0][0] + waits[0][0]  # days in port until the ice opens
    whole = np.vstack(lines)
    whole = np.column_stack([np.unwrap(whole[:, 0], period=360.0), whole[:, 1]])
    return whole, np.concatenate(at_nm), np.concatenate(hours), np.concatenate(waits)


def vertices_at_gates(line: Floats, passages: Sequence[Passage]) -> tuple[Floats, Floats, tuple[int, ...]]:
    """A line (n, 2) with a vertex more where it crosses the gate of each passage, in the order of these; where each
    vertex (m,) was on the line, as a number of vertices from its start; and the rows of the passages' vertices."""
    xyz = vectors(line)
    found: list[float] = []
    after = 0
    for passage in passages:
        hit = np.flatnonzero(crosses(passage, xyz[after:-1], xyz[after + 1 :])) + after
        if len(hit):
            after = int(hit[0])
            share = where_crossed(passage, xyz[after], xyz[after + 1])
            found.append(after + min(max(share, 0.0), 1.0))
        else:  # a canal, whose gate its line may miss: the vertex nearest to it
            nearest = int(np.argmax(xyz @ vectors(passage.label_at)))
            found.append(float(nearest))
    place = np.union1d(np.arange(len(line), dtype=np.float64), found)
    before = np.minimum(np.floor(place).astype(int), len(line) - 2)
    share = place - before
    at = lonlat(between(xyz[before], xyz[before + 1], share))
    at[:, 0] = line[before, 0] + (at[:, 0] - line[before, 0] + 180) % 360 - 180
    old = share == 0
    at[old], at[-1] = line[before[old]], line[-1]
    return at, place, tuple(int(k) for k in np.searchsorted(place, found))
