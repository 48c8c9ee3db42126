"""All that is found in the results of a study."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.errors import UsageError
from sim.result import Result
from sim.study.calendar import SAVING_DAYS
from sim.study.findings.blocks import base_sample
from sim.study.findings.cargo import PerTonne, per_tonne
from sim.study.findings.counts import CONFIDENCE
from sim.study.findings.decides import Decides, decides
from sim.study.findings.openness import Fan, Open, fans, open_shares
from sim.study.findings.pathways import PathwayYear, pathway_years
from sim.study.findings.savings import Compared, Saved, SavedCurve, comparable, saved_curves, saved_shares
from sim.study.findings.table import StudyPlan, StudyTable
from sim.study.findings.tornado import Bar, tornado
from sim.values import Valued

MOST_DAYS = 1000.0


@dataclass(frozen=True, eq=False, repr=False)
class Findings(Valued, Result):
    """What the results of a study say.

    `threshold_days` is the saving that counts, `confidence` that of all intervals. `draws` are those of the study,
    `sample_draws` those that the probabilities and ranges are of (of a Sobol study the two base blocks); `failed` are
    voyages that could not be computed. `decides` is empty but for method sobol, `tornado` but for one_at_a_time.
    """

    plan: StudyPlan
    threshold_days: float
    confidence: float
    draws: int
    sample_draws: int
    failed: int
    compared: tuple[Compared, ...]
    saved: tuple[Saved, ...]
    curves: tuple[SavedCurve, ...]
    open: tuple[Open, ...]
    fans: tuple[Fan, ...]
    per_tonne: tuple[PerTonne, ...]
    pathway_years: tuple[PathwayYear, ...]
    decides: tuple[Decides, ...]
    tornado: tuple[Bar, ...]

    @property
    def feasible(self) -> bool:
        """True where any alternative is open in any draw."""
        return any(o.open.count for o in self.open)


def findings(table: StudyTable, threshold_days: float = SAVING_DAYS) -> Findings:
    """All findings of a study. Raises UsageError for a threshold that is no number of days."""
    if not -MOST_DAYS <= threshold_days <= MOST_DAYS:  # refuses nan too
        raise UsageError(f"threshold is {threshold_days:g}, allowed is {-MOST_DAYS:g} to {MOST_DAYS:g} days")
    sample = base_sample(table)
    return Findings(
        plan=table.plan,
        threshold_days=threshold_days,
        confidence=CONFIDENCE,
        draws=len(np.unique(table["draw"])),
        sample_draws=len(np.unique(sample["draw"])),
        failed=int(table.failed.sum()),
        compared=tuple(comparable(sample, a)[1] for a in table.others),
        saved=saved_shares(sample, threshold_days),
        curves=saved_curves(sample, threshold_days),
        open=open_shares(sample),
        fans=fans(sample),
        per_tonne=per_tonne(sample),
        pathway_years=pathway_years(sample, threshold_days),
        decides=decides(table),
        tornado=tornado(table),
    )
