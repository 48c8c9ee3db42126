"""The line of a route that a closed passage bars: as far as the gate, where the ship would have to stop."""

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
        outcome = comparison.outcomes[k]
        if outcome.route.status != "unreachable" or not comparison.closed:
            return ()
        return to_the_gate(comparison, comparison.scenario.alternatives[k])

    return line


def to_the_gate(comparison: Comparison, alternative: Alternative) -> tuple[np.ndarray, ...]:
    """The route of an alternative with everything open, cut where it first crosses what is closed."""
    from sim.geo.geodesy import vectors
    from sim.geo.network import SeaNetwork
    from sim.geo.passages import crosses

    net = SeaNetwork.load()
    ship: Any = comparison.ship
    size: dict[str, Any] = {name: getattr(ship, name, None) for name in ("draft_m", "beam_m", "length_m")}
    ends = ((p.lon, p.lat) for p in (comparison.origin, comparison.destination))
    route = net.route(*ends, via=alternative.route, use=alternative.use, avoid=alternative.avoid, **size)
    shut = [p for p in net.passages.all if p.id in net.passages.expand(comparison.closed)]
    out: list[np.ndarray] = []
    for piece in route.drawn() if route.status == "ok" else ():
        xyz = vectors(piece)
        hits = [np.flatnonzero(crosses(p, xyz[:-1], xyz[1:])) for p in shut]
        first = min((int(h[0]) for h in hits if len(h)), default=None)
        if first is None:
            out.append(piece)
            continue
        if first or not out:
            out.append(piece[: first + 2])
        return tuple(out)
    return ()
