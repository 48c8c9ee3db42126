"""The two headline claims, before and now, with the reason of each change: a section of markdown.

Before: at commit 57b2f3e, before miles sailed, dated icebreakers, permits and the seasons of past years.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sim import SeaNetwork
from sim.claims.evaluate import evaluate_all
from sim.claims.ice import IceSailor
from sim.claims.register import IceRow
from sim.units import HOURS_PER_DAY

SPEED_KN = 13.5


def row_of(rows: tuple[IceRow, ...], ice_class: str, escort: str, decade: str) -> IceRow:
    """The row of a class, an escort and a decade."""
    return next(r for r in rows if (r.case.ice_class, r.case.escort, r.case.decade) == (ice_class, escort, decade))


def figures() -> list[float]:
    """The figures of today, in the order of headline_before.csv."""
    net = SeaNetwork.load()
    (distance,) = evaluate_all(net, "distance_5000_nm")
    with IceSailor(net) as sail:
        (days,) = evaluate_all(net, "days_saved_10", sail=sail, whole=True)
    assert isinstance(distance.computed, float)
    alone, led = (row_of(days.in_ice, "Arc4", escort, "2020s") for escort in ("none", "when_needed"))
    saved = distance.computed
    return [
        saved, saved / SPEED_KN / HOURS_PER_DAY, saved / (10 * HOURS_PER_DAY), alone.best_days or float("nan"),
        100 * alone.share_of_year, 100 * led.share_of_year,
    ]  # fmt: skip


def main() -> None:
    """Print the section."""
    with (Path(__file__).parent / "headline_before.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    lines = [
        "## The two headline claims, before and now", "",
        "Dalian - Rotterdam, nsr against suez: 5,000 nm shorter, 10 days saved.", "",
        "| figure | unit | before | now | why it moved |", "|---|---|---|---|---|",
    ]  # fmt: skip
    for row, now in zip(rows, figures(), strict=True):
        digits = 1 if row["unit"] in ("days", "kn") else 0
        lines.append(
            f"| {row['figure']} | {row['unit']} | {float(row['before']):,.{digits}f} | {now:,.{digits}f} "
            f"| {row['reason']} |"
        )
    print("\n".join(lines))


if __name__ == "__main__":
    main()
