"""Whether a round voyage is left a way: over the waters and gates of the network, or by its routes where these demand
passages."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sim.geo.passages import ShipSize
from sim.study.straits.cuts import Cut, WayLeft
from sim.study.straits.rounds import Round
from sim.study.straits.sea.reach import Waters
from sim.study.straits.sea.search import Searches

if TYPE_CHECKING:
    from sim.geo.network import SeaNetwork
    from sim.geo.network.given import Demand
    from sim.geo.network.places import Place


@cache
def _waters(net: SeaNetwork) -> Waters:
    return Waters(net)


def ways_left(net: SeaNetwork, one: Round) -> WayLeft:
    """The passages of some way out with a set closed, or of one back where that is crossed; None where either is gone.

    Where a way is left with all passages closed, nothing cuts it: then it is always told, and crosses nothing.
    """
    start, goal = (net.place(word) for word in one.ends)
    known: dict[Cut, Cut | None] = {}

    def left(closed: Cut) -> Cut | None:
        if closed not in known:
            found: Cut = frozenset()
            for a, b, draft_m in ((start, goal, one.drafts_m[0]), (goal, start, one.drafts_m[1])):
                size = ShipSize(draft_m, one.ship.beam_m, one.ship.length_m, one.ship.air_draft_m)
                way = _way(net, one, (a, b), size, closed)
                if way is None:
                    known[closed] = None
                    return None
                found = found | way
            known[closed] = found
        return known[closed]

    everything = frozenset(net.passages.ids)
    if left(everything) is not None:
        return lambda closed: ()
    return left


def _way(net: SeaNetwork, one: Round, ends: tuple[Place, Place], size: ShipSize, closed: Cut) -> Cut | None:
    """The passages of a way by one of the flow's routes; None where there is none."""
    for via in one.flow.routes:
        demand = net.demand(via, closed, size, (), (), ends[0].arctic or ends[1].arctic).between(*ends)
        if demand.groups or demand.off:
            found = _by_search(net, ends, demand)
        else:
            found = _waters(net).way(ends[0].ends, ends[1].ends, int(demand.closed))
        if found is not None:
            return frozenset(p for k, p in enumerate(net.passages.ids) if found >> k & 1)
    return None


def _by_search(net: SeaNetwork, ends: tuple[Place, Place], demand: Demand) -> int | None:
    path = Searches(net).path(*ends, demand)
    if path is None:
        return None
    return int(net.passages.bits(net.described(*ends, path).passages))
