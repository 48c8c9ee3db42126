"""Years against pathways of warming: what an alternative saves, how often, and how often it is open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.study.findings.counts import Share, groups, share_of
from sim.study.findings.savings import comparable, saves
from sim.study.findings.table import StudyTable


@dataclass(frozen=True)
class PathwayYear:
    """An alternative in the ice of a year on a pathway ("" where the year has none: past ice is as it was).

    `median_days` is the median saving where it is open, None without one; `saves` the share of draws that save
    `threshold_days` or more, `open` the share in which it is open, both of the draws with an open baseline.
    """

    alternative: str
    year: int
    pathway: str
    threshold_days: float
    median_days: float | None
    saves: Share
    open: Share


def pathway_years(table: StudyTable, threshold_days: float) -> tuple[PathwayYear, ...]:
    """A row an alternative, year and pathway."""
    out = []
    for alternative in table.others:
        own, _ = comparable(table, alternative)
        if not len(own):
            continue
        enough = saves(own, threshold_days)
        for group, rows in groups(own, ("year", "pathway")):
            if not group.year:
                continue
            n, days = int(rows.sum()), own["saved_days"][rows & own.open]
            days = days[~np.isnan(days)]
            out.append(
                PathwayYear(
                    alternative, int(group.year), group.pathway or "", threshold_days,
                    float(np.median(days)) if len(days) else None, share_of(int(enough[rows].sum()), n),
                    share_of(int(own.open[rows].sum()), n),
                )
            )  # fmt: skip
    return tuple(out)
