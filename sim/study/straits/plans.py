"""What a closure of unknown end asks of the ships of trade flows: to wait, to turn, or to wait so long and turn."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from sim.study.straits.hazards import INTEREST
from sim.study.straits.rounds import Round
from sim.study.straits.sea.ways import OPEN, Closed
from sim.study.straits.waiting import Duration, Patience, patience
from sim.study.trade import Flow
from sim.units import DAYS_PER_YEAR


@dataclass(frozen=True)
class WaitingPlan:
    """A laden ship of a flow between two ports before what is closed: what a day of waiting costs (hire, and interest
    on its cargo), what turning costs (the dearer way, and interest for its days; never less than nothing, infinite
    where there is none), and what patience is best."""

    flow: Flow
    ends: tuple[str, str]
    extra_days: float
    wait_usd_day: float
    turn_usd: float
    patience: Patience


def waiting_plans(rounds: Iterable[Round], shut: Closed, duration: Duration) -> tuple[WaitingPlan, ...]:
    """Of the pairs of ports whose usual laden route crosses what is closed, in their order."""
    return tuple(_plan(one, shut, duration) for one in rounds if shut & set(one.legs(OPEN)[0].route.passages))


def _plan(one: Round, shut: Closed, duration: Duration) -> WaitingPlan:
    usual, now = one.legs(OPEN)[0], one.legs(shut)[0]
    hire = float(one.ship.economics.get("charter_usd_day_base") or 0.0)
    interest = one.cargo * one.usd * INTEREST / DAYS_PER_YEAR
    turn, extra = math.inf, math.inf
    if now.ok:
        extra = now.days - usual.days
        turn = max((now.cost_usd or 0.0) - (usual.cost_usd or 0.0) + interest * extra, 0.0)
    day = hire + interest
    return WaitingPlan(one.flow, one.ends, extra, day, turn, patience(duration, day, turn))
