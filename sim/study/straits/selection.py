"""The flows that are asked for, made ready: their round voyages, and what they are worth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import UsageError
from sim.ship.vessel import VesselTable
from sim.study.straits.goods import CargoValue, pick_goods, pick_importer, read_values, without_value
from sim.study.straits.rounds import Harm, Round, rounds_of
from sim.study.straits.sea.ways import Cost, LeftOut, Ways
from sim.study.trade import Flow, read_flows

if TYPE_CHECKING:
    from sim.geo.network import SeaNetwork


@dataclass(frozen=True)
class Selection:
    """Flows of an importer and goods, None for all; those by sea as round voyages. `volume` is of all, a year, in the
    `cut_*` fields; `no_value` are goods by sea without a value in USD."""

    flows: tuple[Flow, ...]
    importer: str | None
    goods: str | None
    ways: Ways
    rounds: tuple[Round, ...]
    volume: Harm
    no_value: tuple[str, ...]


def select(
    net: SeaNetwork,
    flows: Iterable[Flow] | None = None,
    *,
    importer: str | None = None,
    goods: str | None = None,
    vessels: VesselTable | None = None,
    cost: Cost | None = None,
    left_out: LeftOut | None = None,
    values: Iterable[CargoValue] | None = None,
) -> Selection:
    """The flows that are asked for, of the shipped tables where none are given. Raises UsageError, PlaceError."""
    every = tuple(flows if flows is not None else read_flows())
    doubled = [f.id for k, f in enumerate(every) if f.id in {g.id for g in every[:k]}]
    if doubled:
        raise UsageError(f"flow '{doubled[0]}' is duplicated")
    if not every:
        raise UsageError("there are no flows")
    code = None if importer is None else pick_importer(importer, every)
    mine = tuple(f for f in every if code in (None, f.importer))
    kind = None if goods is None else pick_goods(goods, mine)
    mine = tuple(f for f in mine if kind in (None, f.commodity))
    worth = tuple(values if values is not None else read_values())
    prices = {(v.commodity, v.unit): v.usd for v in worth}
    ways = Ways(net, cost, left_out)
    rounds = rounds_of(ways, mine, vessels or VesselTable.load(), prices)
    if not rounds:
        raise UsageError("no flow that was asked for goes by sea")
    volume = Harm(
        cut_t=sum(f.volume for f in mine if f.unit == "t"),
        cut_teu=sum(f.volume for f in mine if f.unit == "TEU"),
        cut_usd=sum(f.volume * prices.get((f.commodity, f.unit), 0.0) for f in mine),
    )
    return Selection(mine, code, kind, ways, rounds, volume, without_value(mine, worth))
