"""What a map shows: routes, marks and ice beneath them, of a scenario or of a stored result."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import ScenarioError
from sim.report.formats.lines import named_routes
from sim.report.formats.stored import NO_RESULT, STDIN, fault, opened, result_file
from sim.report.reasons import sailed_text
from sim.study.ice_summary import plain_name

if TYPE_CHECKING:
    from sim.geo.passages import Passage
    from sim.plot.maps.ice_map import IceLayer
    from sim.plot.room import Room
    from sim.scenario.compare import Comparison
    from sim.voyage.voyage import Voyage

SOURCE = "Coast: Natural Earth 1:10m (public domain). Lengths: WGS84 geodesics, northabout."


@dataclass(frozen=True)
class MapLine:
    """One route."""

    label: str
    lonlat: tuple[np.ndarray, ...]  # pieces (n, 2) of lon, lat degrees, densified and cut at 180
    distance_nm: float | None
    days: float | None  # None: not modelled
    status: str  # "ok" or a short reason; the pieces of a route that is not ok lead to where it is closed
    route: str = ""  # the alternative's own name, by which it is drawn; that of `label` if absent
    named: str = ""  # the named route that the alternative is of, which gives it its colour; `route` if absent


@dataclass(frozen=True)
class MapMark:
    """A named place: "port", "passage", "closed" for a closed passage or the end of a closed route, "limited" for a
    passage that is closed to some ships or for some time only, "turn" where a ship turns, "date" for a date on the
    track of the route `said`; else `said` is what is told of it beside its name."""

    name: str
    lon: float
    lat: float
    kind: str
    said: str = ""


@dataclass(frozen=True)
class Picture:
    """What a map shows."""

    title: str
    subtitle: str
    lines: tuple[MapLine, ...]
    marks: tuple[MapMark, ...]
    source: str
    ice: IceLayer | None = None  # drawn beneath the land of a polar map
    room: Room | None = None  # the stability corridor, on a polar map too


def picture_of(path: Path) -> Picture:
    """The picture of a scenario file or of a result: see `opened`. Raises DataError, ScenarioError."""
    found = opened(path, lines=True)
    if not isinstance(found, dict):
        return of_comparison(found, path.parent)
    try:
        return of_document(found)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise ScenarioError([f"{result_file(path) or STDIN}: {NO_RESULT} ({fault(error)})"]) from None


def picture_with_room(path: Path, label: str) -> Picture:
    """The picture of a scenario file, with the stability corridor of one of its alternatives.

    Raises DataError, ScenarioError, UsageError.
    """
    from sim.geo.network import SeaNetwork
    from sim.plot.room import room_of
    from sim.scenario.compare import run
    from sim.scenario.load import load_scenario, ports_path
    from sim.scenario.simulate import Sailing
    from sim.study.sailing.stability import stability_corridor

    scenario, folder = load_scenario(path), path.parent
    net = SeaNetwork.load(ports_path(scenario, folder))
    corridor = stability_corridor(Sailing(scenario, net, folder), label)
    return replace(of_comparison(run(scenario, net, folder), folder), room=room_of(corridor))


def of_comparison(comparison: Comparison, folder: Path | None = None) -> Picture:
    """The picture of a comparison, with the ice that it was sailed in. An ice file that it names lies in `folder`."""
    from sim.report.comparison import stored_dict

    ends = tuple(MapMark(p.name, p.lon, p.lat, "port") for p in (comparison.origin, comparison.destination))
    from sim.plot.maps.barred import barred_lines

    return of_document(
        stored_dict(comparison), speed_kn=comparison.speed_kn, ends=ends, ice=ice_layer(comparison, folder),
        barred=barred_lines(comparison),
    )  # fmt: skip


def of_document(
    document: Mapping[str, Any],
    *,
    speed_kn: float | None = None,
    ends: tuple[MapMark, ...] = (),
    ice: IceLayer | None = None,
    barred: Callable[[int], tuple[np.ndarray, ...]] | None = None,
) -> Picture:
    """The picture of the document of a comparison.json, and of what it does not hold: speed, ports and ice.

    `barred` gives the line of an alternative (by its number) that has none, as far as it can be sailed.

    Raises KeyError, TypeError, ValueError or IndexError for another document.
    """
    named = named_routes(document)
    lines = tuple(_line(a, name) for a, name in zip(document["alternatives"], named, strict=True))
    first = next((line.lonlat for line in lines if line.lonlat and line.status == "ok"), ())
    if first and not ends:
        places = (document["from"], first[0][0]), (document["to"], first[-1][-1])
        ends = tuple(MapMark(str(name), float(at[0]), float(at[1]), "port") for name, at in places)
    crossed = {str(p) for a in document["alternatives"] for p in a["passages"]}
    terms = document.get("closure_terms") or [{"passage": word} for word in document.get("closures", ())]
    if barred is not None:
        lines = tuple(line if line.lonlat else replace(line, lonlat=barred(k)) for k, line in enumerate(lines))
    marks = [*passage_marks(crossed, terms, lines), *_ends(document["alternatives"])]
    ship = str(document.get("ship", ""))
    ship += f", {speed_kn:g} kn" if speed_kn is not None else ""
    title = f"{document['from']} - {document['to']}"
    subtitle = f"{document['description']}." + (f" {ship[0].upper()}{ship[1:]}." if ship else "")
    return Picture(title, subtitle, lines, (*ends, *marks), SOURCE, ice)


def ice_layer(comparison: Comparison, folder: Path | None = None) -> IceLayer | None:
    """The ice on the day on which a ship meets most of it; None without ice or where no ship goes near it."""
    section = comparison.scenario.ice
    if section is None or (section.file is not None and folder is None):
        return None
    days = (ice_day(o.voyage) for o in comparison.outcomes if o.voyage is not None)
    day = next((d for d in days if d is not None), None)
    if day is None:
        return None
    from sim.plot.maps.ice_map import IceLayer
    from sim.scenario.load import NOTHING
    from sim.scenario.simulate import ice_field_of

    return IceLayer(ice_field_of(comparison.scenario, folder or NOTHING), day)


def ice_day(voyage: Voyage) -> float | None:
    """The day (since 1970-01-01 UTC) in the middle of the leg with the most miles of ice; without ice that on which the
    ship enters the Northern Sea Route; of a blocked voyage that on which the ice ends it."""
    from sim.geo.waters import inside_water
    from sim.ice.field import day_number

    if voyage.blocked is not None:
        return day_number(voyage.blocked.moment)
    most = max(voyage.legs, key=lambda leg: leg.concentration * leg.distance_nm, default=None)
    if most is not None and most.concentration * most.distance_nm > 0:
        return (day_number(most.start) + day_number(most.end)) / 2
    entry = next((leg for leg in voyage.legs if inside_water("nsr", leg.lonlat).any()), None)
    return None if entry is None else day_number(entry.start)


def passage_marks(
    crossed: set[str], closures: Sequence[Mapping[str, Any]], lines: tuple[MapLine, ...]
) -> list[MapMark]:
    """Passages to name: where a route crosses the gate, or in the middle of the gate where none does.

    `closures` are the terms of what is closed: `passage`, and where there are any `from`, `until` and `ships_per_day`.
    """
    from sim.geo.passages import PassageTable

    table = PassageTable.load()
    shut = {one: terms for terms in closures for one in table.expand((str(terms["passage"]),))}
    shown = crossed | set(shut)
    out = []
    for p in table.all:
        if p.id not in shown or (p.id == "panama_canal_panamax" and "panama_canal" in shown):
            continue
        lon, lat = _crossing(p, lines) or p.label_at
        terms = shut.get(p.id)
        if terms is None:
            out.append(MapMark(plain_name(p.name), lon, lat, "passage"))
            continue
        passed = p.id in crossed or bool(terms.get("ships_per_day"))
        out.append(MapMark(plain_name(p.name), lon, lat, "limited" if passed else "closed", closure_text(terms)))
    return out


def with_names(reason: str) -> str:
    """A reason as a reader of a picture needs it: passages by their names, not by their ids."""
    from sim.geo.passages import PassageTable

    names = {p.id: plain_name(p.name) for p in PassageTable.load().all}
    return re.sub(r"\b[a-z]+(?:_[a-z]+)*\b", lambda word: names.get(word[0], word[0]), reason)


def closure_text(terms: Mapping[str, Any]) -> str:
    """What a closure lets through, and when, in a few words: "closed", "24 ships a day from 2023-11-03"."""
    ships = terms.get("ships_per_day")
    said = f"{ships:g} ships a day" if ships else "closed"
    said += f" from {str(terms['from'])[:10]}" if terms.get("from") else ""
    return said + (f" to {str(terms['until'])[:10]}" if terms.get("until") else "")


def _ends(alternatives: Sequence[Mapping[str, Any]]) -> list[MapMark]:
    """Where the ice or the rules end voyages before their ports."""
    out: list[MapMark] = []
    for a in alternatives:
        at = a.get("blocked_at")
        if at is not None and a.get("status") != "ok":
            out.append(
                MapMark(str(a["route"]), at["lon"], at["lat"], "closed", f"{a['status']} {str(at['date'])[:10]}")
            )
    return out


def _crossing(passage: Passage, lines: tuple[MapLine, ...]) -> tuple[float, float] | None:
    """Where the first of the lines crosses a gate: lon, lat."""
    from sim.geo.geodesy import lonlat, vectors
    from sim.geo.passages import crosses

    for line in lines:
        for piece in line.lonlat:
            xyz = vectors(piece)
            hit = np.flatnonzero(crosses(passage, xyz[:-1], xyz[1:]))
            if len(hit):
                middle = lonlat(xyz[hit[0]] + xyz[hit[0] + 1])
                return float(middle[0]), float(middle[1])
    return None


def _line(alternative: Any, named: str) -> MapLine:
    """An alternative of a named route as a line; one that does not arrive leads to where the voyage ends, if known."""
    geometry, reached = alternative["geometry"], alternative["status"] == "ok"
    pieces: list[Any] = []
    if geometry is not None:
        pieces = geometry["coordinates"] if geometry["type"] == "MultiLineString" else [geometry["coordinates"]]
    lonlat = tuple(np.array(p, dtype=np.float64) for p in pieces)
    if not reached:
        at = alternative.get("blocked_at")
        lonlat = () if at is None else until(lonlat, (at["lon"], at["lat"]))
    nm, days = (None if alternative.get(k) is None else float(alternative[k]) for k in ("distance_nm", "days"))
    return MapLine(
        sailed_text(str(alternative["route"]), str(alternative.get("sailed_by") or "")),
        lonlat,
        nm,
        days,
        "ok" if reached else with_names(str(alternative["reason"])),
        str(alternative["route"]),
        named,
    )


def until(pieces: tuple[np.ndarray, ...], at: tuple[float, float]) -> tuple[np.ndarray, ...]:
    """Pieces (n, 2) of a line as far as the point of it that is nearest to a place, and on to that place."""
    from sim.geo.geodesy import angles, vectors

    goal = vectors(np.array(at, dtype=np.float64))
    nearest = [angles(vectors(p), goal) for p in pieces if len(p)]
    if not nearest:
        return ()
    k = int(np.argmin([a.min() for a in nearest]))
    last = pieces[k][: int(np.argmin(nearest[k])) + 1]
    near = last[-1]
    if abs(near[0] - at[0]) < 180:  # on the same side of the date line
        last = np.vstack([last, at])
    return (*pieces[:k], last) if len(last) > 1 else pieces[:k]
