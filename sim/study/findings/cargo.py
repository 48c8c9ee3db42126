"""What a tonne of cargo costs and emits on each alternative, over the draws in which it is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.study.findings.counts import Group, groups
from sim.study.findings.table import StudyTable

SLICES: Final = ((), ("ice_class",), ("decade",))
RANGE: Final = (0.05, 0.5, 0.95)  # the 90 % range and the median
MEASURES: Final = (("cost_usd", "usd"), ("co2_t", "kg"))  # columns, and what is told for a tonne of cargo
KG_PER_T = 1000.0


@dataclass(frozen=True)
class PerTonne:
    """Cost (`unit` usd) or CO2 (kg) for each tonne of cargo: the median and the ends of the range of 90 %.

    `voyages` are those that are open and of which figure and cargo are known; `incomplete` are those of them whose
    cost lacks a line. All three figures are None where there is no such voyage.
    """

    alternative: str
    group: Group
    unit: str
    voyages: int
    incomplete: int
    low: float | None
    median: float | None
    high: float | None


def per_tonne(table: StudyTable) -> tuple[PerTonne, ...]:
    """Cost and CO2 a tonne of cargo of each alternative, in all, by ice class and by decade."""
    out = []
    for alternative in table.plan.alternatives:
        whole = table.of(alternative)
        for column, unit in MEASURES:
            with np.errstate(invalid="ignore", divide="ignore"):
                value = whole[column] / whole["cargo_t"] * (KG_PER_T if unit == "kg" else 1.0)
            known = whole.open & np.isfinite(value)
            if not known.any():
                continue
            for by in SLICES:
                for group, rows in groups(whole, by):
                    own = known & rows
                    lacking = int((own & ~whole["cost_complete"]).sum()) if unit == "usd" else 0
                    low, median, high = np.quantile(value[own], RANGE) if own.any() else (None, None, None)
                    out.append(
                        PerTonne(
                            alternative, group, unit, int(own.sum()), lacking, _number(low), _number(median),
                            _number(high),
                        )
                    )  # fmt: skip
    return tuple(out)


def _number(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]
