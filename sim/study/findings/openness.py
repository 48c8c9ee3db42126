"""How probable it is that a route is open, what closes it, and the fan of days by week of departure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.study.findings.counts import Group, Share, groups, quantiles, share_of
from sim.study.findings.table import StudyTable

SLICES: Final = ((), ("week",), ("ice_class",), ("decade",), ("ice_class", "decade"), ("week", "ice_class", "decade"))
CLOSERS: Final = ("ice", "rule", "both")


@dataclass(frozen=True)
class Open:
    """How often an alternative is open in a group of draws, and what closes it in the others.

    `open` is the share of the draws that did not fail; `failed` are those that did. `by_ice`, `by_rule` and `by_both`
    are draws that the ice, the rules or both close, `by_other` those that something else does (a closed passage, no
    route, no data).
    """

    alternative: str
    group: Group
    open: Share
    failed: int
    by_ice: int
    by_rule: int
    by_both: int
    by_other: int


@dataclass(frozen=True)
class Fan:
    """Days at sea of the draws of a week in which an alternative is open: quantiles 5, 25, 50, 75 and 95 %.

    None where it is never open; `open` is the share of the week's draws in which it is.
    """

    alternative: str
    week: int
    open: Share
    days: tuple[float | None, ...]


def open_shares(table: StudyTable) -> tuple[Open, ...]:
    """The probability that each alternative is open, by week of departure, ice class and decade, alone and together."""
    out = []
    for alternative in table.plan.alternatives:
        whole = table.of(alternative)
        sound = ~whole.failed
        closer = {name: sound & ~whole.open & (whole["closed_by"] == name) for name in CLOSERS}
        for by in SLICES:
            for group, rows in groups(whole, by):
                here, opened = int((rows & sound).sum()), int((rows & whole.open).sum())
                ice, rule, both = (int((rows & closer[name]).sum()) for name in CLOSERS)
                other = here - opened - ice - rule - both
                failed = int((rows & whole.failed).sum())
                out.append(Open(alternative, group, share_of(opened, here), failed, ice, rule, both, other))
    return tuple(out)


def fans(table: StudyTable) -> tuple[Fan, ...]:
    """The fan of days of each alternative, a row a week in which anything departs."""
    out = []
    for alternative in table.plan.alternatives:
        whole = table.of(alternative)
        for group, rows in groups(whole, ("week",)):
            opened, here = rows & whole.open, int((rows & ~whole.failed).sum())
            if not group.week or not here:
                continue
            days = whole["days"][opened]
            share = share_of(int(opened.sum()), here)
            out.append(Fan(alternative, int(group.week), share, quantiles(days[~np.isnan(days)])))
    return tuple(out)
