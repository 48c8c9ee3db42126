"""How probable it is that an alternative saves a number of days against the baseline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.study.findings.counts import Group, Share, groups, share_of
from sim.study.findings.table import Flags, StudyTable

SLICES: Final = (
    (), ("month",), ("ice_class",), ("decade",), ("ice_class", "decade"), ("month", "ice_class", "decade"),
)  # fmt: skip
CURVES: Final = ((), ("ice_class",), ("decade",), ("ice_class", "decade"))
STEPS = 60  # of a curve, at most


@dataclass(frozen=True)
class Saved:
    """How often an alternative saves `threshold_days` or more against the baseline, in a group of draws.

    `saves` is the share that does, of the draws in which the baseline is open and neither voyage failed; an alternative
    that is closed saves nothing. `open` is the share of the same draws in which it is open. `median_days` is the median
    saving of the open ones, None without one.
    """

    alternative: str
    group: Group
    threshold_days: float
    saves: Share
    open: Share
    median_days: float | None


@dataclass(frozen=True)
class SavedCurve:
    """The probability of a saving of x days or more, for each x of `threshold_days`: it never rises with x."""

    alternative: str
    group: Group
    threshold_days: tuple[float, ...]
    saves: tuple[Share, ...]


@dataclass(frozen=True)
class Compared:
    """Draws of an alternative: `draws` in all, of these `failed` (an error on either side) and `without_baseline` (the
    baseline is not open, so that no saving is known); the rest, `used`, is what the probabilities are of."""

    alternative: str
    draws: int
    failed: int
    without_baseline: int
    used: int


def comparable(table: StudyTable, alternative: str) -> tuple[StudyTable, Compared]:
    """The draws of an alternative that can be compared with the baseline, and how many cannot."""
    own, base = table.of(alternative), table.of(table.plan.baseline)
    at = np.searchsorted(base["draw"], own["draw"])
    there = at < len(base)
    at = np.where(there, at, 0)
    there &= base["draw"][at] == own["draw"]
    failed: Flags = own.failed | (there & base.failed[at])
    absent: Flags = ~failed & ~(there & base.open[at])
    used: Flags = ~failed & ~absent
    told = Compared(alternative, len(own), int(failed.sum()), int(absent.sum()), int(used.sum()))
    return own.where(used), told


def saves(table: StudyTable, threshold_days: float) -> Flags:
    """Rows whose voyage saves a number of days or more, (n,); a voyage without a saving does not."""
    with np.errstate(invalid="ignore"):
        return np.asarray(table["saved_days"] >= threshold_days, dtype=bool)


def saved_shares(table: StudyTable, threshold_days: float) -> tuple[Saved, ...]:
    """The probability of each alternative by month of departure, ice class and decade, alone and together."""
    out = []
    for alternative in table.others:
        own, _ = comparable(table, alternative)
        enough = saves(own, threshold_days)
        for by in SLICES:
            if by and not len(own):
                continue
            for group, rows in groups(own, by):
                n = int(rows.sum())
                days = own["saved_days"][rows & own.open]
                days = days[~np.isnan(days)]
                out.append(
                    Saved(
                        alternative, group, threshold_days, share_of(int(enough[rows].sum()), n),
                        share_of(int(own.open[rows].sum()), n), float(np.median(days)) if len(days) else None,
                    )
                )  # fmt: skip
    return tuple(out)


def saved_curves(table: StudyTable, threshold_days: float) -> tuple[SavedCurve, ...]:
    """The same for a row of thresholds from the least to the greatest saving of the study, by class and decade."""
    days = table["saved_days"][np.asarray(table["alternative"] != table.plan.baseline, dtype=bool)]
    days = days[~np.isnan(days)]
    if not len(days):
        return ()
    low, high = min(float(days.min()), threshold_days, 0.0), max(float(days.max()), threshold_days)
    step = _step((high - low) / STEPS)
    first, last = int(np.floor(low / step)), int(np.ceil(high / step))
    xs = sorted({round(k * step, 6) for k in range(first, last + 1)} | {threshold_days})
    out = []
    for alternative in table.others:
        own, _ = comparable(table, alternative)
        for by in CURVES if len(own) else ():
            for group, rows in groups(own, by):
                saved = own["saved_days"][rows]
                with np.errstate(invalid="ignore"):
                    counts = [int((saved >= x).sum()) for x in xs]
                out.append(SavedCurve(alternative, group, tuple(xs), tuple(share_of(c, len(saved)) for c in counts)))
    return tuple(out)


def _step(least: float) -> float:
    """A round step that is no smaller than `least`: 0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5 ..."""
    size = 10.0 ** np.floor(np.log10(max(least, 1e-3)))
    return float(next(m * size for m in (1.0, 2.0, 2.5, 5.0, 10.0) if m * size >= least * (1 - 1e-9)))
