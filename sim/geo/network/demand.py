"""What a route must do, as bits of passages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.geo.passages import NamedRoute


@dataclass(frozen=True)
class Demand:
    """What a route must do: passages barred as bits, and groups of which one passage must be crossed."""

    route: NamedRoute
    barred: np.uint64  # by the named route itself
    closed: np.uint64  # the route's, and all other closures
    groups: tuple[np.uint64, ...]
