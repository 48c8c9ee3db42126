"""Why there is no route: the least that would have to change.

A ship that is over every limit of several passages could do with the widest of them: to name the limit of a passage
that is merely on the shortest path would be no reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sim.geo.passages import Hindrance, PassageTable, ShipSize

Crossed = Callable[[frozenset[str]], tuple[str, ...] | None]


def hindrances(
    table: PassageTable, closed: Iterable[str], avoid: Iterable[str], ship: ShipSize
) -> dict[str, tuple[Hindrance, ...]]:
    """All passages that are shut to a ship, each with every cause."""
    found: dict[str, tuple[Hindrance, ...]] = {p: (Hindrance(p, "closed"),) for p in table.expand(closed)}
    found |= {p: (Hindrance(p, "avoided"),) for p in table.expand(avoid) if p not in found}
    for p, over in table.refused(ship).items():
        found[p] = (*found.get(p, ()), *over)
    return found


def least_change(shut: dict[str, tuple[Hindrance, ...]], crossed: Crossed) -> tuple[Hindrance, ...] | None:
    """The hindrances without which there would be a route; none of them can be left out.

    `crossed` gives the passages of the shortest route with a set of passages shut, None where there is none. From all
    open, the passages are shut again where a route is left, those first that ask for most: those closed, then those
    that the ship is over by the largest factor. So what stays open is the least that has to change. None where there is
    no route with all open.
    """
    way = crossed(frozenset())
    if way is None:
        return None
    again: set[str] = set()
    for p in sorted(shut, key=lambda p: _asks(shut[p]), reverse=True):
        if p in way:  # else the route that was found stays
            other = crossed(frozenset(again | {p}))
            if other is None:
                continue
            way = other
        again.add(p)
    return tuple(h for p in dict.fromkeys(way) if p in shut for h in shut[p])


def _asks(causes: tuple[Hindrance, ...]) -> tuple[float, float]:
    """How much would have to change for a passage to open: a closure, and the largest excess of a size."""
    excess = [h.excess for h in causes if h.size_m is not None]
    return float(len(causes) - len(excess)), max(excess, default=0.0)
