"""How a position inland is joined to navigable water."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

JOIN_NM = 25.0  # the default limit of a join: within it lie all berths of Pub. 151 that the map shows inland
MOST_JOIN_NM = 100.0


@dataclass(frozen=True)
class Join:
    """An estimated part of a route, over what the map shows as land: nm, counted in the route's length.

    "channel": from the position to the berth of a listed port (its key is `port`), whose channel is then used;
    "water": from the position to the nearest water that leads to the sea. `lon`, `lat`: where the estimated part ends.
    """

    place: str
    kind: Literal["channel", "water"]
    nm: float
    lon: float
    lat: float
    port: str = ""
