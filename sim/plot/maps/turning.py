"""Where ships under way turn from a passage that closes: the route as it was meant, and the one that is sailed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.errors import UsageError
from sim.geo.passages import PassageTable
from sim.plot.maps.barred import meant
from sim.plot.maps.picture import MapLine, MapMark, Picture, of_comparison
from sim.report.comparison_view import event_text
from sim.study.ice_summary import plain_name

if TYPE_CHECKING:
    from sim.scenario.compare import Comparison
    from sim.voyage.voyage import Event


def turning_picture(comparison: Comparison) -> Picture:
    """The picture of the first alternative whose voyage meets a closure under way.

    Raises UsageError where none does.
    """
    number = next((k for k, o in enumerate(comparison.outcomes) if o.voyage is not None and o.voyage.events), None)
    if number is None:
        raise UsageError(
            "no ship meets a closure under way: 'closures' with a date 'from' within the voyage are needed"
        )
    outcome, alternative = comparison.outcomes[number], comparison.scenario.alternatives[number]
    whole = of_comparison(comparison)
    line = whole.lines[number]
    voyage = outcome.voyage
    events = () if voyage is None else voyage.events
    turned = any(e.route_name for e in events)
    planned = meant(comparison, alternative) if turned else ()  # a ship that waits sails on as it was meant
    lines = [line]
    if planned:
        label = f"{outcome.label}, as it was meant"
        lines.append(
            MapLine(label, planned, None, None, "closed while the ship is under way", outcome.label, line.named)
        )
    marks = [m for m in whole.marks if m.kind != "passage" or _near(m, line)]
    turns = [MapMark(_said(e), *e.lonlat, "turn") for e in events]
    names = {p.id: plain_name(p.name) for p in PassageTable.load().all}
    told = ". ".join(event_text(replace(e, passage=names.get(e.passage, e.passage))) for e in events)
    title = f"{whole.title}: {'where the ship turns' if turned else 'where the ship waits'}"
    return replace(whole, title=title, ice=None, subtitle=f"{told}.", lines=tuple(lines), marks=(*marks, *turns))


def _said(event: Event) -> str:
    done = f"turns to {event.route_name}" if event.route_name else "waits"
    return f"{event.moment.day} {event.moment:%b %Y}: {done}"


def _near(mark: MapMark, line: MapLine) -> bool:
    """True for a mark that lies on a line, to within 100 nm."""
    import numpy as np

    from sim.geo.geodesy import NM_PER_RADIAN, angles, vectors

    at = vectors(np.array([mark.lon, mark.lat]))
    return any(float(angles(vectors(p), at).min()) * NM_PER_RADIAN < 100.0 for p in line.lonlat if len(p))
