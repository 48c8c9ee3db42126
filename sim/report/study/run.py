"""What is said of a study's plan and of its run; its tables and pictures are written elsewhere."""

from __future__ import annotations

from typing import Any

from sim.report.layout import wrapped
from sim.study.batch.engine import Progress, StudyRun
from sim.study.batch.plan import Plan
from sim.study.batch.rows import columns
from sim.study.batch.spec import Study
from sim.study.batch.vary.variation import Variation


def duration_text(seconds: float) -> str:
    """A time for readers: seconds, minutes, hours or days."""
    for unit, size in (("days", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"


def progress_text(now: Progress) -> str:
    """How far a run is, with its rate and the time that is left."""
    kept = f", {now.kept:,} of them from earlier" if now.kept else ""
    left = now.seconds_left
    rate = "" if left is None else f", {now.rate:.1f} a second"
    rest = f", {duration_text(left)} left" if left is not None and now.voyages < now.total else ""
    return f"{now.voyages:,} of {now.total:,} voyages{kept}{rate}{rest}"


def plan_text(study: Study, plan: Plan, workers: int) -> str:
    """The plan of a study: what varies, how many voyages, which columns, how long."""
    draws = study.draws
    head = f"{draws.method}, seed {draws.seed}" if draws.method in ("monte_carlo", "sobol") else draws.method
    rate = f"{plan.rate:.1f} voyages a second and process, {'measured now' if plan.timed else 'a usual rate'}"
    lines = [
        f"{study.name}: {study.description}",
        f"method          {head}",
        *(f"varied          {_varied(v)}" for v in study.variations),
        f"alternatives    {', '.join(study.labels)}; baseline {study.baseline}",
        f"voyages         {plan.draws:,} draws x {plan.alternatives} = {plan.voyages:,}",
        f"parts           {plan.parts:,} of {plan.part_draws:,} draws",
        f"time            about {duration_text(plan.seconds(workers))} on {workers} process"
        f"{'es' if workers > 1 else ''} ({rate})",
        *wrapped(f"columns         {', '.join(columns(study.variations))}", rest=" " * 16),
    ]
    return "\n".join(lines)


def _varied(v: Variation) -> str:
    told = v.told()
    if v.form == "seed":
        return f"{v.key}: one for each draw" + (", since the season is random" if v.implied else "")
    if v.values:
        shown = ", ".join("none" if x is None else f"{x:g}" if isinstance(x, float) else str(x) for x in v.values[:6])
        return f"{v.key}: {v.form} of {len(v.values)}: {shown}{', ...' if len(v.values) > 6 else ''}"
    more = "".join(f", {k} {told[k]}" for k in ("mode", "mean", "sd") if k in told)
    return f"{v.key}: {v.form}, {told['low']} to {told['high']}{more}"


def plan_dict(study: Study, plan: Plan, workers: int) -> dict[str, Any]:
    """The same as JSON values."""
    return {
        "study": study.name, "method": study.draws.method, "vary": [v.told() for v in study.variations],
        "alternatives": list(study.labels), "baseline": study.baseline, "draws": plan.draws, "voyages": plan.voyages,
        "parts": plan.parts, "part_draws": plan.part_draws, "columns": list(columns(study.variations)),
        "voyages_a_second": plan.rate, "workers": workers, "seconds": plan.seconds(workers),
    }  # fmt: skip


def run_text(done: StudyRun) -> str:
    """What a run has left: the file, and what became of its voyages."""
    counts = ", ".join(f"{count:,} {status}" for status, count in done.statuses.items())
    return f"{done.path}: {done.plan.voyages:,} voyages ({counts})"


def run_dict(done: StudyRun) -> dict[str, Any]:
    """The same as JSON values."""
    return {
        "file": str(done.path), "draws": done.plan.draws, "voyages": done.plan.voyages, "sailed": done.sailed,
        "kept": done.kept, "seconds": done.seconds, "statuses": dict(done.statuses),
    }  # fmt: skip
