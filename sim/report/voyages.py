"""Voyages through ice as text: what the ice did, sea by sea, and all legs."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from sim.report.files import text_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.scenario.compare import Comparison
    from sim.voyage.voyage import Voyage, VoyageLeg

HEADER = ("from", "water", "nm", "days", "kn", "ice /10", "thick m", "RIO", "risk", "escort")
RIGHT = (2, 3, 4, 5, 6, 7)
RANK = {"normal": 0, "elevated": 1, "special": 2}


def ice_summary(voyage: Voyage) -> str:
    """What the ice did to a voyage, in a line; empty where it met none."""
    if voyage.ice_nm < 0.5:
        return ""
    parts = [f"{voyage.ice_nm:,.0f} nm in ice, which costs {voyage.ice_delay_days:.1f} days"]
    spent = [f"{days:.1f} days {level}" for level, days in voyage.risk_days.items() if days >= 0.05]
    if spent:
        parts.append("POLARIS: " + ", ".join(spent))
    if voyage.escort_nm >= 0.5:
        wait = f", {voyage.escort_wait_days:.1f} days waiting for it" if voyage.escort_wait_days else ""
        parts.append(f"{voyage.escort_nm:,.0f} nm with icebreaker{wait}")
    if voyage.nsr_nm >= 0.5:
        speed = voyage.nsr_nm / voyage.nsr_days / 24
        parts.append(f"NSR {voyage.nsr_nm:,.0f} nm in {voyage.nsr_days:.1f} days ({speed:.1f} kn)")
    if voyage.low_confidence_nm >= 0.5:
        parts.append(f"{voyage.low_confidence_nm:,.0f} nm rest on admission rules of low confidence")
    return "; ".join(parts)


def ice_table(voyage: Voyage) -> str:
    """The part of a voyage in ice, a row for each sea, in order."""
    rows = []
    for water, group in groupby(voyage.legs, key=lambda leg: leg.water):
        legs = [leg for leg in group if leg.rio is not None]
        if sum(leg.distance_nm for leg in legs) >= 1:
            rows.append(_row(water, legs))
    return text_table(HEADER, rows, RIGHT) if rows else ""


def _row(water: str, legs: Sequence[VoyageLeg]) -> list[str]:
    nm = sum(leg.distance_nm for leg in legs)
    hours = sum(leg.hours + leg.wait_h for leg in legs)
    led = sum(leg.distance_nm for leg in legs if leg.escorted)
    rio = [leg.rio for leg in legs if leg.rio is not None]
    concentration = sum(leg.concentration * leg.distance_nm for leg in legs) / nm
    thickness = sum(leg.thickness_m * leg.distance_nm for leg in legs) / nm
    worst = max((leg.level for leg in legs), key=RANK.__getitem__)
    return [
        f"{legs[0].start:%Y-%m-%d}",
        water.replace("_", " ") or "open ocean",
        f"{nm:,.0f}",
        f"{hours / 24:.1f}",
        f"{nm / sum(leg.hours for leg in legs):.1f}",
        f"{concentration * 10:.1f}",
        f"{thickness:.1f}",
        f"{min(rio):.1f}",
        worst,
        "yes" if led > 0.95 * nm else "partly" if led else "no",
    ]


def legs_text(comparison: Comparison) -> str:
    """All legs of all voyages, a table for each alternative."""
    out = []
    for o in comparison.outcomes:
        if not o.feasible or o.voyage is None:
            continue
        rows = [
            [
                f"{leg.start:%m-%d %H:%M}", leg.tag or leg.water.replace("_", " ") or "open ocean",
                f"{leg.distance_nm:,.0f}", f"{leg.hours:.1f}", f"{leg.wait_h:.1f}" if leg.wait_h else "",
                f"{leg.speed_kn:.1f}",
                *(
                    ["", "", "", "", ""]
                    if leg.rio is None
                    else [
                        f"{leg.concentration * 10:.1f}", f"{leg.thickness_m:.1f}", f"{leg.rio:.1f}", leg.level,
                        "yes" if leg.escorted else "no",
                    ]
                ),
                ", ".join(leg.passages),
            ]
            for leg in o.voyage.legs
        ]  # fmt: skip
        header = ["start", "where", "nm", "h", "wait", "kn", "/10", "m", "RIO", "risk", "led", "passage"]
        out.append(f"{o.label}:\n" + text_table(header, rows, right=(2, 3, 4, 5, 6, 7, 8)))
    return "\n\n".join(out)
