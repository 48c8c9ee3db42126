"""A year of risk, plans before a closure, and counted transits as text and JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.report.layout import cut, text_table, wrapped

if TYPE_CHECKING:
    from sim.study.straits.hazards import AnnualRisk
    from sim.study.straits.observed import ObservedQueue, ObservedTransits
    from sim.study.straits.plans import WaitingPlan

RISK_NOTE = (
    "Disrupted: rate x length x share x value that uses the passage. Lost: the same part of a year's way round or "
    "waiting, whichever is less, with 8 % interest a year on the goods. Values of goods: cargo_values.csv. ?: a row "
    "from memory, unverified."
)
WHY = (
    "The reference counts all of the world's trade, of which these flows are a part; its hazards come from models and "
    "counts of events, these from a few past closures, of which the longest weighs most; its losses hold insurance and "
    "trade that is lost, these do not."
)
WAIT_NOTE = (
    "USD of one laden voyage. A day: hire and interest on the cargo. Regret: more than with the end known. Best "
    "patience: wait so many days, then turn."
)


def risk_text(risk: AnnualRisk) -> str:
    """The expected annual disruption and loss, and the publication beside it."""
    rows = [
        [
            x.hazard.passage, x.hazard.hazard + ("" if x.hazard.verified else " ?"), f"{x.hazard.rate_per_year:.3f}",
            f"{x.hazard.mean_days:,.1f}", f"{100 * x.hazard.share:.0f} %", f"{x.disrupted_usd / 1e6:,.0f}",
            f"{x.loss_usd / 1e6:,.1f}",
        ]
        for x in risk.losses
    ]  # fmt: skip
    header = ["passage", "hazard", "a year", "days", "share", "disrupted MUSD", "lost MUSD"]
    ref = risk.reference
    ratios = f"{risk.disrupted_usd / ref.disrupted_usd:.3f} and {risk.loss_usd / ref.loss_usd:.3f}"
    first = risk.losses[0].disrupted_usd / risk.disrupted_usd if risk.disrupted_usd else 0.0
    whole = (
        f"in all {risk.disrupted_usd / 1e9:,.2f} bn USD a year disrupted, {100 * first:.0f} % of it by the first "
        f"hazard and {risk.unverified_usd / 1e9:,.2f} on rows from memory, and {risk.loss_usd / 1e9:,.3f} bn lost; "
        f"{ref.source}: {ref.disrupted_usd / 1e9:,.0f} and {ref.loss_usd / 1e9:,.1f} bn at {ref.chokepoints} "
        f"chokepoints; ratio {ratios}"
    )
    lines = ["Expected in a year", "", text_table(header, rows, right=range(2, 7)), "", *wrapped(whole), ""]
    return "\n".join([*lines, *wrapped(f"{WHY} {RISK_NOTE}", rest="")])


def risk_dict(risk: AnnualRisk) -> dict[str, Any]:
    """The risk as JSON."""
    ref = risk.reference
    return {
        "disrupted_usd": round(risk.disrupted_usd, 1), "loss_usd": round(risk.loss_usd, 1),
        "unverified_usd": round(risk.unverified_usd, 1),
        "reference": {
            "source": ref.source, "chokepoints": ref.chokepoints, "disrupted_usd": ref.disrupted_usd,
            "loss_usd": ref.loss_usd, "ratio_disrupted": round(risk.disrupted_usd / ref.disrupted_usd, 6),
            "ratio_loss": round(risk.loss_usd / ref.loss_usd, 6),
        },
        "hazards": [
            {
                "passage": x.hazard.passage, "hazard": x.hazard.hazard,
                "rate_per_year": round(x.hazard.rate_per_year, 6),
                "mean_days": x.hazard.mean_days, "share": x.hazard.share, "disrupted_usd": round(x.disrupted_usd, 1),
                "loss_usd": round(x.loss_usd, 1), "verified": x.hazard.verified, "source": x.hazard.source,
                "confidence": x.hazard.confidence, "note": x.hazard.note,
            }
            for x in risk.losses
        ],
    }  # fmt: skip


def waiting_text(plans: Sequence[WaitingPlan], closed: str, duration: str, mean_days: float) -> str:
    """To wait or to turn before a closure, flow by flow."""
    lines = wrapped(f"{closed} closed for an unknown time ({duration}, mean {mean_days:,.1f} days)")
    if not plans:
        return "\n".join([*lines, "", "no laden route crosses it"])
    header = ["from - to", "a day", "wait", "turn", "regret", "regret", "best patience", "costs", "regret"]
    rows = [
        [
            cut(f"{p.ends[0]} - {p.ends[1]}", 34), _kusd(p.wait_usd_day), _kusd(p.patience.wait_usd),
            _kusd(p.turn_usd), _kusd(p.patience.wait_regret_usd), _kusd(p.patience.turn_regret_usd),
            _days(p.patience.best_days), _kusd(p.patience.best_usd), _kusd(p.patience.best_regret_usd),
        ]
        for p in plans
    ]  # fmt: skip
    table = text_table(header, rows, right=range(1, 9))
    return "\n".join([*lines, "", table, "", *wrapped(f"Thousand {WAIT_NOTE}", rest="")])


def _kusd(value: float) -> str:
    return "no way" if math.isinf(value) else f"{value / 1e3:,.0f}"


def _days(value: float) -> str:
    return "to the end" if math.isinf(value) else "turn at once" if value == 0 else f"{value:,.1f} days"


def _finite(value: float, digits: int = 2) -> float | None:
    return round(value, digits) if math.isfinite(value) else None


def waiting_list(plans: Sequence[WaitingPlan]) -> list[dict[str, Any]]:
    """The plans as JSON: null for a way or an end that there is not."""
    return [
        {
            "flow": p.flow.id, "from": p.ends[0], "to": p.ends[1], "extra_days": _finite(p.extra_days, 3),
            "wait_usd_day": round(p.wait_usd_day, 2), "wait_usd": _finite(p.patience.wait_usd),
            "turn_usd": _finite(p.turn_usd), "wait_regret_usd": _finite(p.patience.wait_regret_usd),
            "turn_regret_usd": _finite(p.patience.turn_regret_usd), "best_days": _finite(p.patience.best_days, 3),
            "best_usd": _finite(p.patience.best_usd), "best_regret_usd": _finite(p.patience.best_regret_usd),
        }
        for p in plans
    ]  # fmt: skip


def transits_text(transits: Sequence[ObservedTransits], queues: Sequence[ObservedQueue]) -> str:
    """Counted transits, and seen queues beside the simulated ones."""
    rows = [[t.passage, str(t.year), f"{t.transits:,}", f"{t.per_day:.1f}", t.confidence, t.note] for t in transits]
    lines = [
        "Transits as counted",
        "",
        text_table(["passage", "year", "ships", "a day", "", ""], rows, right=(1, 2, 3)),
    ]
    seen = [
        [
            q.passage, f"{q.seen_on:%Y-%m-%d}", f"{q.seen_waiting:,.0f}", f"{q.waiting:,.0f}",
            f"{q.seen_cleared or '-'}", f"{q.cleared or '-'}",
        ]
        for q in queues
    ]  # fmt: skip
    header = ["passage", "on", "seen waiting", "simulated", "seen cleared", "simulated"]
    return "\n".join([*lines, "", "Queues seen, and as simulated", "", text_table(header, seen, right=(2, 3))])


def transits_dict(transits: Sequence[ObservedTransits], queues: Sequence[ObservedQueue]) -> dict[str, Any]:
    """Counted transits and queues as JSON."""
    return {
        "transits": [
            {
                "passage": t.passage, "year": t.year, "begins": f"{t.begins}", "ships": t.transits,
                "per_day": round(t.per_day, 2), "source": t.source, "confidence": t.confidence, "note": t.note,
            }
            for t in transits
        ],
        "queues": [
            {
                "passage": q.passage, "on": q.seen_on.isoformat(), "seen_waiting": q.seen_waiting,
                "simulated_waiting": round(q.waiting, 1), 
                "seen_cleared": str(q.seen_cleared) if q.seen_cleared else None,
                "simulated_cleared": str(q.cleared) if q.cleared else None, "source": q.source, "note": q.note,
            }
            for q in queues
        ],
    }  # fmt: skip
