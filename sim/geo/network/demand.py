"""What a route must do, as bits of passages."""

from __future__ import annotations

from collections.abc import Sequence
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

    @property
    def key(self) -> str:
        """What is asked for when nothing is closed, as `route_key`."""
        return route_key(self.barred, self.groups)


def route_key(barred: np.uint64, groups: Sequence[np.uint64]) -> str:
    """Passages barred and groups of which one must be crossed, as text: by it a reduced graph knows for what it was
    made, which a name alone does not tell when the table of routes changes."""
    return " ".join(f"{bits:x}" for bits in (int(barred), *sorted(int(g) for g in groups)))
