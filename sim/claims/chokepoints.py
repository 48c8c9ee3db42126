"""The method for supply through choke points: trade flows by volume, and what closing each choke point does to them.

The flows, their ships and routes are those of `sim.study.exposure`; nothing here knows of stocks or other suppliers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, cast

from sim.claims.register import Claim, Finding, SeaRoutes, Verdict, shown
from sim.study.exposure import Exposure, Loss, exposure
from sim.study.trade import ClosureSet, Flow, read_flows

if TYPE_CHECKING:
    from sim.geo.network import SeaNetwork

ANY: Final = "any"  # the closure of all choke points at once: what it touches passes one of them


def choke_points(
    claim: Claim, net: SeaRoutes, *, importer: str, commodities: list[str], choke_points: list[str],
    closures: dict[str, list[str]], flows: list[Flow] | None = None,
) -> Finding:  # fmt: skip
    """What share of an importer's seaborne supply passes a choke point, by volume, and what closing each one costs.

    `computed` is the percent of the first of the `commodities`. Flows of unknown origin count as passing none, so that
    it is a lower bound. Rule: holds where the share of every commodity is over half and every closure cuts off all
    that it touches; holds_if where that is so for some commodity, or some closure only lengthens the routes;
    does_not_hold where no commodity has a share over half.
    """
    mine = [f for f in flows or read_flows() if f.importer == importer and f.commodity in commodities]
    if not any(f.by_sea for f in mine):
        return Finding(None, "not_checkable", f"no flow by sea to {importer}: it would take its trade by origin")
    sets = [ClosureSet(name, name, tuple(shut)) for name, shut in closures.items()]
    found = exposure(cast("SeaNetwork", net), mine, [ClosureSet(ANY, ANY, tuple(choke_points)), *sets])
    kinds = [kind for kind in commodities if any(f.commodity == kind for f in mine)]
    shares = {kind: _seaborne_share(mine, _loss(found, ANY, kind)) for kind in kinds}
    over = [kind for kind in kinds if shares[kind][0] > 50.0]
    losses = [_loss(found, s.id, kinds[0]) for s in sets]
    cuts_all = all(x.touched and x.unreachable >= x.touched for x in losses)
    verdict: Verdict = "does_not_hold" if not over else "holds" if cuts_all and len(over) == len(kinds) else "holds_if"
    told = "; ".join(f"{kind} {low:.0f} to {high:.0f} %" for kind, (low, high) in shares.items())
    costs = "; ".join(f"{s.name}: {_told(x)}" for s, x in zip(sets, losses, strict=True))
    condition = f"by sea through a choke point: {told} (the range is what has no known origin); closing {costs}"
    return Finding(shares[kinds[0]][0], verdict, condition, _all_routes(mine, found, kinds))


def _loss(found: Exposure, closure: str, commodity: str) -> Loss:
    return next(x for x in found.losses(closure) if x.commodity == commodity)


def _seaborne_share(flows: list[Flow], loss: Loss) -> tuple[float, float]:
    """Percent of the volume by sea that is touched: least, and most, with what has no known origin."""
    mine = [f for f in flows if f.commodity == loss.commodity]
    seaborne = sum(f.volume for f in mine if f.mode != "pipeline")
    unknown = sum(f.volume for f in mine if f.mode == "other")
    return 100.0 * loss.touched / seaborne, 100.0 * (loss.touched + unknown) / seaborne


def _told(loss: Loss) -> str:
    """What a closure does, in percent of all imports of the commodity."""
    cut, moved = loss.unreachable, loss.touched - loss.unreachable
    parts = [f"no other route for {100.0 * cut / loss.volume:.0f} % of imports"] if cut else []
    if moved > 0 and loss.extra_nm is not None:
        longer = f"{loss.extra_nm:+,.0f} nm and {loss.extra_ships:.0f} more ships"
        parts.append(f"{longer} for {100.0 * moved / loss.volume:.0f} %")
    return " and ".join(parts) or "crossed by none"


def _all_routes(flows: list[Flow], found: Exposure, kinds: list[str]) -> str:
    """Shares of all imports, pipelines counted, and the year of the flows."""
    years = sorted({f.year for f in flows})
    shares = ", ".join(f"{kind} {100.0 * _loss(found, ANY, kind).touched_share:.0f} %" for kind in kinds)
    mt = sum(f.volume for f in flows if f.commodity == kinds[0] and f.mode != "pipeline") / 1e6
    span = f"{years[0]}" if len(years) == 1 else f"{years[0]} to {years[-1]}"
    return f"Of all imports, pipelines counted: {shares}. Flows of {span}, {shown(mt)} Mt of {kinds[0]} by sea."


METHODS: dict[str, Callable[..., Finding]] = {"choke_points": choke_points}
