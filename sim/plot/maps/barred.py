"""The line of a route that a closed passage bars: as it was meant, and as far as the gate where a ship has to stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from sim.scenario.compare import Comparison
    from sim.scenario.schema import Alternative


def barred_lines(comparison: Comparison) -> Callable[[int], tuple[np.ndarray, ...]]:
    """Gives the line (pieces (n, 2) of lon, lat degrees) of an alternative by its number; empty where it would not lead
    there without the closures either, as where the ship is too large for a passage."""

    def line(k: int) -> tuple[np.ndarray, ...]:
        if comparison.outcomes[k].route.status != "unreachable" or not comparison.closed:
            return ()
        return to_the_gate(comparison, comparison.scenario.alternatives[k])

    return line


def meant(comparison: Comparison, alternative: Alternative) -> tuple[np.ndarray, ...]:
    """The route of an alternative with everything open: pieces (n, 2) of lon, lat degrees; empty without one."""
    from sim.geo.network import SeaNetwork

    ship: Any = comparison.ship
    size: dict[str, Any] = {name: getattr(ship, name, None) for name in ("draft_m", "beam_m", "length_m")}
    ends = ((p.lon, p.lat) for p in (comparison.origin, comparison.destination))
    route = SeaNetwork.load().route(
        *ends, via=alternative.route, use=alternative.use, avoid=alternative.avoid, **size
    )  # fmt: skip
    return tuple(route.drawn()) if route.status == "ok" else ()


def to_the_gate(comparison: Comparison, alternative: Alternative) -> tuple[np.ndarray, ...]:
    """The route that was meant, cut where it first crosses what is closed; empty where it crosses nothing closed."""
    from sim.geo.geodesy import vectors
    from sim.geo.passages import PassageTable, crosses

    table = PassageTable.load()
    shut = [p for p in table.all if p.id in table.expand(comparison.closed)]
    out: list[np.ndarray] = []
    for piece in meant(comparison, alternative):
        xyz = vectors(piece)
        hits = [np.flatnonzero(crosses(p, xyz[:-1], xyz[1:])) for p in shut]
        first = min((int(h[0]) for h in hits if len(h)), default=None)
        if first is not None:
            return (*out, piece[: first + 2])
        out.append(piece)
    return ()
