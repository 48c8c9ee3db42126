"""Read what is exported: of a comparison or a route in memory, and of the files that `run` and `route` write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.errors import ScenarioError, UsageError
from sim.geo.geodesy import Floats
from sim.report.export.record import (
    ClosedPassage,
    Exported,
    LeftOut,
    PassageMet,
    RouteTrack,
    TrackLeg,
    moment_of,
    one_line,
)
from sim.report.export.track import along, joined, vertices_at_gates
from sim.report.formats.lines import named_routes
from sim.report.formats.stored import NO_ROUTE, STDIN, fault, opened, read_json, result_file

if TYPE_CHECKING:
    from sim.geo.passages import Passage, PassageTable
    from sim.geo.route import Route
    from sim.scenario.compare import Comparison, Progress

FIGURES: Final = (
    "distance_nm", "sailed_nm", "days", "wait_days", "depart", "arrive", "fuel_t", "co2_t", "cost_usd",
)  # fmt: skip
MOMENTS: Final = ("depart", "arrive")
LEGS = "legs.geojson"
SAME_NM, SAME_TIME = 0.5, timedelta(minutes=5)  # legs that differ by more from their route are those of another run
DAMAGED = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def of_comparison(comparison: Comparison) -> Exported:
    """What is exported of a comparison."""
    from sim.report.comparison import stored_dict
    from sim.report.voyages import legs_geojson

    return of_documents(stored_dict(comparison), legs_geojson(comparison))


def of_route(route: Route, name: str = "route", ends: tuple[str, str] | None = None) -> Exported:
    """What is exported of a route: it has neither ship nor dates. `ends` are the names of its two places; where they
    are not given, those of the ports that lie there, else their positions."""
    from sim.report.listings import route_dict

    return of_route_document(route_dict(route), name, ends)


def of_path(path: Path, progress: Progress | None = None) -> Exported:
    """What is exported of what a path names: a stored result, the JSON of a route, or a scenario, which is run; `-` is
    any of them on standard input. Legs and their dates are read from legs.geojson beside a stored result.

    Raises DataError, ScenarioError, and UsageError for a scenario that cannot be sailed.
    """
    found = opened(path, progress, lines=True, routes=True)
    if not isinstance(found, dict):
        return of_comparison(found)
    file = result_file(path)
    beside = None if file is None else file.parent / LEGS
    try:
        if "alternatives" in found:
            return of_documents(found, read_json(beside) if beside is not None and beside.is_file() else None)
        if found.get("type") == "Feature":
            told = found["properties"] | {"geometry": found["geometry"]}
            return of_route_document(told, "route", (str(told["from"]), str(told["to"])))
        return of_route_document(found, "route")
    except (*DAMAGED, UsageError) as error:
        raise ScenarioError([f"{file or STDIN}: {NO_ROUTE} ({fault(error)})"]) from error


def of_documents(document: Mapping[str, Any], legs: Mapping[str, Any] | None) -> Exported:
    """The record of a comparison.json and of the legs.geojson that was written with it, if there is one.

    Raises KeyError, TypeError, ValueError or IndexError for other documents.
    """
    from sim.geo.passages import PassageTable

    table = PassageTable.load()
    ends = one_line(document["from"]), one_line(document["to"])
    by_route: dict[str, list[Mapping[str, Any]]] = {}
    for feature in () if legs is None else legs["features"]:
        by_route.setdefault(str(feature["properties"]["route"]), []).append(feature)
    told = zip(document["alternatives"], named_routes(document), strict=True)
    tracks = [_track(a, by_route.get(str(a["route"]), ()), ends, table, name) for a, name in told if _open(a)]
    return Exported(
        one_line(document["scenario"]),
        one_line(document["description"]),
        one_line(document.get("ship", "")),
        tuple(tracks),
        tuple(_left_out(a) for a in document["alternatives"] if not _open(a)),
        tuple(_closures(document, table)),
    )


def of_route_document(told: Mapping[str, Any], name: str, ends: tuple[str, str] | None = None) -> Exported:
    """The record of the JSON of `northabout route`. Raises as `of_documents`."""
    from sim.geo.passages import PassageTable

    alternative = dict(told) | {"route": name}
    if not _open(alternative):
        return Exported(one_line(name), "", "", (), (_left_out(alternative),), ())
    named = ends or _port_names(joined(told["geometry"]))
    first, last = one_line(named[0]), one_line(named[1])
    track = _track(alternative, (), (first, last), PassageTable.load())
    return Exported(one_line(name), f"{first} - {last}", "", (track,), (), ())


def _open(alternative: Mapping[str, Any]) -> bool:
    return alternative["status"] == "ok" and alternative["geometry"] is not None


def _left_out(alternative: Mapping[str, Any]) -> LeftOut:
    reason = alternative["reason"] or "it has no length"
    return LeftOut(one_line(alternative["route"]), str(alternative["status"]), one_line(reason))


def _port_names(line: Floats) -> tuple[str, str]:
    """The ports at the ends of a line, or the positions of these as text."""
    from sim.geo.ports import PortTable
    from sim.report.reasons import place_text

    ports = PortTable.load().all
    at: dict[tuple[float, float], int] = {}
    for k, cells in enumerate(ports.cells):  # a port is made only where it is wanted
        at.setdefault((round(float(cells["lon"]), 3), round(float(cells["lat"]), 3)), k)

    def name(position: Floats) -> str:
        lon, lat = float(position[0] + 180) % 360 - 180, float(position[1])
        row = at.get((round(lon, 3), round(lat, 3)))
        return place_text(lon, lat) if row is None else ports[row].name

    return name(line[0]), name(line[-1])


def _track(
    alternative: Mapping[str, Any],
    features: Sequence[Mapping[str, Any]],
    ends: tuple[str, str],
    table: PassageTable,
    named: str = "",
) -> RouteTrack:
    """An alternative of a named route that is sailed."""
    from sim.report.reasons import sailed_text

    label = one_line(alternative["route"])
    figures = {name: alternative[name] for name in FIGURES if alternative.get(name) is not None}
    figures |= {name: float(value) for name, value in figures.items() if name not in MOMENTS}
    depart = _moment(figures.get("depart")) if "days" in figures else None
    nm = float(figures["distance_nm"])
    ordered = sorted(features, key=lambda f: int(f["properties"]["leg"]))
    if not _are_of(ordered, nm, depart, _moment(figures.get("arrive"))):
        ordered = []
    passages = tuple(p for p in alternative["passages"] if p in table)
    if "panama_canal" in passages:  # one canal, whose locks of two sizes are two passages
        passages = tuple(p for p in passages if p != "panama_canal_panamax")
    legs = [TrackLeg(f["properties"], joined(f["geometry"])) for f in ordered if f["geometry"] is not None]
    line, at_nm, hours, wait_h = along(legs, depart) if legs and depart else along_line(alternative, nm)
    line, place, found = vertices_at_gates(line, [table[p] for p in passages])
    where = np.arange(len(at_nm), dtype=np.float64)
    waits = np.zeros(len(line))
    waits[np.searchsorted(place, where)] = wait_h  # the vertices that were there already
    return RouteTrack(
        label, sailed_text(label, one_line(alternative.get("sailed_by") or "")), ends, figures, line,
        np.interp(place, where, at_nm), None if hours is None else _later(place, where, hours, wait_h), waits,
        depart, tuple(legs), tuple(_met(table[p], k) for p, k in zip(passages, found, strict=True)), named,
    )  # fmt: skip


def _are_of(legs: Sequence[Mapping[str, Any]], nm: float, depart: datetime | None, arrive: datetime | None) -> bool:
    """Whether legs are those of a route of this length and voyage: another run may have left them there."""
    if not legs or abs(sum(float(f["properties"]["distance_nm"]) for f in legs) - nm) > SAME_NM:
        return False
    first, last = legs[0]["properties"], legs[-1]["properties"]
    early = depart is not None and moment_of(first["start"]) < depart - SAME_TIME
    done = moment_of(last["end"]) + timedelta(hours=float(last["wait_h"]))
    return not early and (arrive is None or abs(done - arrive) <= SAME_TIME)


def along_line(alternative: Mapping[str, Any], nm: float) -> tuple[Floats, Floats, None, Floats]:
    """The line of a route without legs, with the miles from its start."""
    from sim.geo.geodesy import lengths_nm

    line = joined(alternative["geometry"])
    far = np.r_[0.0, np.cumsum(lengths_nm(line[:-1], line[1:]))]
    return line, far * (nm / far[-1]), None, np.zeros(len(line))


def _later(place: Floats, where: Floats, hours: Floats, wait_h: Floats) -> Floats:
    """Hours at places between vertices: a ship leaves a vertex after its wait there."""
    before = np.clip(np.floor(place).astype(int), 0, len(where) - 2)
    left = hours[before] + wait_h[before]
    share = place - before
    return np.asarray(np.where(share > 0, left + share * (hours[before + 1] - left), hours[before]))


def _met(passage: Passage, at: int) -> PassageMet:
    from sim.study.ice_summary import plain_name

    return PassageMet(passage.id, plain_name(passage.name), at)


def _closures(document: Mapping[str, Any], table: PassageTable) -> Iterable[ClosedPassage]:
    """What is closed, each passage once for each time, then as the ships met it."""
    from sim.study.ice_summary import plain_name

    terms: dict[str, list[Mapping[str, Any]]] = {}
    for term in document.get("closure_terms", ()):  # of those that have dates, or let some ships pass
        for passage_id in table.expand([term["passage"]]):
            terms.setdefault(passage_id, []).append(term)
    for shut in sorted(table.expand(document.get("closures", ())), key=table.ids.index):
        for term in terms.get(shut, [{}]):
            ships = term.get("ships_per_day")
            yield ClosedPassage(
                shut, plain_name(table[shut].name), table[shut].gate, begin=_moment(term.get("from")),
                end=_moment(term.get("until")), ships_per_day=None if ships is None else float(ships),
            )  # fmt: skip
    for alternative in document["alternatives"]:
        for event in alternative.get("closures_met", ()):
            passage = table[event["passage"]]
            yield ClosedPassage(
                passage.id, plain_name(passage.name), passage.gate, one_line(alternative["route"]),
                _moment(event["from"]), _moment(event["until"]), _moment(event["decided"]), str(event["choice"]),
                float(event["wait_days"]),
            )  # fmt: skip


def _moment(text: str | None) -> datetime | None:
    return None if text is None else moment_of(text)
