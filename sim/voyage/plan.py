"""How fast a ship goes where: its plan for a voyage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class SpeedPlan:
    """How fast a ship goes. `waters_kn` holds in named waters, `waits_h` at passages that the route crosses."""

    speed_kn: float
    waters_kn: Mapping[str, float]
    waits_h: Mapping[str, float]
    canal_limits: bool = True
