"""The search for a path through ice without a corridor: Dijkstra over the whole lattice, the going in all of its cells,
and a view from every corner to all that a direct leg may lead to. The quick search must have its answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import numpy as np

from sim.geo.geodesy import Floats
from sim.geo.graph import Ends, Ints, Path, memberships
from sim.geo.network.describe import SeaLine
from sim.scenario.schema import Scenario
from sim.voyage.ice_route import IceRouter
from sim.voyage.search.rounds import FEW_ROUNDS, ROUNDS, SETTLED_H, Search, Settled

EAST = ("Dalian", "Shanghai", "Yokohama", "Busan", "Vladivostok", "Petropavlovsk-Kamchatsky", "Vancouver", "Singapore")
WEST = ("Rotterdam", "Murmansk", "Hamburg", "Kirkenes", "Sabetta", "Reykjavik", "New York", "Gdansk")
CLASSES = ("Arc4", "Arc5", "Arc7", "PC5", "PC7", "IA")


class WholeSearch(Search):
    """See the module."""

    def line(self, shut: np.ndarray, through_bars: bool = False) -> SeaLine | None:
        """As `Search.line`."""
        begin, before, path = self._arrival, np.inf, None
        kept_off, places = self.outlook.kept_off, self.ice.cells
        near = self.lattice.leg_cells.near
        for _ in range(FEW_ROUNDS if through_bars else ROUNDS):
            dates = self._arrival
            going = self.ice.navigator.going(places, self._days(dates, near))
            price = np.where(kept_off, np.inf, self._slowness(going, shut, through_bars))
            path, found = self._over_all(price, self.open_slowness)
            moved = self._move(found)
            length = np.inf if path is None else path.length_nm
            if abs(length - before) < SETTLED_H or (path is None and moved < SETTLED_H):
                break
            before = length
        if path is None:
            self._arrival = begin
            return None
        if self.objective != "time":
            price = self._prices(going, price)
            path, _ = self._over_all(price, self._open_price())
        return self._straight(Settled(np.arange(self.ice.grid.size), dates, going, price, path), shut, through_bars)

    def _over_all(self, per_nm: Floats, unit: float) -> tuple[Path | None, Floats]:
        prices, column = np.append(per_nm, unit), np.arange(len(per_nm) + 1)
        start, goal = (anchor.priced(prices, column) for anchor in self.outlook.anchors)
        assert isinstance(start, Ends)
        path, price = self.outlook.product.search(self.lattice.leg_cells.leg_prices(per_nm, unit), start, goal)
        arrival = np.take_along_axis(price, self.outlook.layer[None], axis=0)[0]
        if path is not None:
            along = np.array(path.nodes, dtype=np.int64)
            arrival[along] = price[self._layers_on(along), along]
        return path, arrival

    def _layers_on(self, nodes: Ints) -> Ints:
        """The layers (m,) of the states that a path over some nodes is in."""
        product = self.outlook.product
        start, (_, bits) = self.outlook.ends[0], self.outlook.graph.edges(nodes)
        first = start.bits[start.nodes == nodes[0]][:1]
        return np.bitwise_or.accumulate(memberships(np.concatenate([first, bits]), product.groups))

    def _seen(self, start: Floats, others: Floats, k: int) -> bool:
        return bool(self.net.seen_from(start, others)[k])


class WholeRouter(IceRouter):
    """A router that searches so."""

    search_kind = WholeSearch


def random_cases(count: int, seed: int = 7, few: bool = False) -> Iterator[dict[str, Any]]:
    """Scenarios of one alternative: ports on either side of the Arctic, dates (three of four in the season), classes,
    escort, objective, route, closures and speed at random. `few`: a port in the east, two in the west, none closed, so
    that what is kept for places serves again."""
    draw = Random(seed)
    for _ in range(count):
        ends = [draw.choice(EAST[:1] if few else EAST), draw.choice(WEST[:2] if few else WEST)]
        if draw.random() < 0.4:
            ends.reverse()
        year, winter = 2020 + draw.randrange(30), draw.random() < 0.25
        first = date(year, 1, 1) if winter else date(year, 6, 15)
        depart = first + timedelta(days=draw.randrange(365 if winter else 150))
        route = draw.choice(["nsr", "nsr", "nsr", *(() if few else ("transpolar", "nwp")), "any"])
        closed = [] if few else draw.choice([[], [], ["vilkitsky_strait"], ["sannikov_strait"], ["suez_canal"]])
        yield {
            "format": 1, "name": "case", "description": "a case at random",
            "objective": draw.choice(["time", "time", "fuel", "distance"]),
            "closures": [{"passage": passage} for passage in closed],
            "voyage": {"from": ends[0], "to": ends[1], "depart": depart.isoformat()},
            "vessel": {
                "type": "mpp_19k_1a", "ice_class": draw.choice(CLASSES), "speed_kn": draw.choice([12.0, 14.0, 16.0]),
            },
            "alternatives": [{"route": route}], "baseline": route,
            "ice": {
                "escort": draw.choice(["none", "when_needed", "always"]),
                "besetting": draw.choice(["off", "expected"]),
            },
        }  # fmt: skip


def random_scenarios(count: int, seed: int = 7, few: bool = False) -> list[Scenario]:
    """The same, read."""
    return [Scenario.model_validate(case) for case in random_cases(count, seed, few)]
