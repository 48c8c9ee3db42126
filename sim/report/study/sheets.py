"""The findings of a study as sheets: a name, columns and rows of values, which every format is written from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sim.report.formats.sheet import Sheet
from sim.study.findings.counts import QUANTILES, Group, Share
from sim.study.findings.findings import Findings

ALL = "all"  # of a key that a row is not told for
COMMON_YEAR = 2023
DIGITS = 4  # after the point, of figures
SHARE = ("share", "low", "high")
QUANTILE_NAMES = tuple(f"q{round(100 * q):02d}" for q in QUANTILES)


def sheets(found: Findings) -> tuple[Sheet, ...]:
    """All sheets of the findings, without those that have no row."""
    made = (
        _study(found), _compared(found), _saved(found), _curves(found), _open(found), _fans(found), _per_tonne(found),
        _pathways(found), _decides(found), _tornado(found),
    )  # fmt: skip
    return tuple(s for s in made if s.rows)


def sheet_dicts(sheet: Sheet) -> list[dict[str, Any]]:
    """The rows of a sheet by the names of its columns."""
    return [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows]


def _sheet(name: str, title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Sheet:
    return Sheet(name, title, tuple(header), tuple(tuple(map(_value, row)) for row in rows))


def _value(value: Any) -> Any:
    """A number of not too many digits, without a minus before nothing."""
    return round(value, DIGITS) + 0.0 if isinstance(value, float) else value


def _share(share: Share) -> tuple[float | None, float | None, float | None]:
    return share.share, share.low, share.high


def _group(group: Group, *keys: str) -> list[str]:
    """What a row is told for, `ALL` where a key is not asked for."""
    return [ALL if getattr(group, key) is None else getattr(group, key) or "-" for key in keys]


def _prefixed(prefix: str) -> tuple[str, ...]:
    return tuple(f"{prefix}_{name}" for name in SHARE)


def _study(found: Findings) -> Sheet:
    plan = found.plan
    rows: list[tuple[str, Any]] = [
        ("name", plan.name), ("description", plan.description), ("method", plan.method), ("samples", plan.samples),
        ("seed", plan.seed), ("draws", found.draws), ("sample_draws", found.sample_draws),
        ("failed_voyages", found.failed), ("baseline", plan.baseline), ("alternatives", ", ".join(plan.alternatives)),
        ("threshold_days", found.threshold_days), ("confidence", found.confidence),
    ]  # fmt: skip
    rows += [(f"vary {v.key}", v.kind) for v in plan.vary]
    return _sheet("study", "The study", ("item", "value"), rows)


def _compared(found: Findings) -> Sheet:
    header = ("alternative", "draws", "failed", "without_baseline", "used")
    rows = [(c.alternative, c.draws, c.failed, c.without_baseline, c.used) for c in found.compared]
    return _sheet("compared", "Draws that are compared with the baseline", header, rows)


def _saved(found: Findings) -> Sheet:
    header = (
        "alternative", "month", "ice_class", "decade", "threshold_days", "draws", "saving", *_prefixed("saves"),
        *_prefixed("open"), "median_saved_days",
    )  # fmt: skip
    rows = [
        (
            s.alternative, *_group(s.group, "month", "ice_class", "decade"), s.threshold_days, s.saves.draws,
            s.saves.count, *_share(s.saves), *_share(s.open), s.median_days,
        )
        for s in found.saved
    ]  # fmt: skip
    title = "Probability that the threshold or more is saved, by month of departure, ice class and decade"
    return _sheet("saved", title, header, rows)


def _curves(found: Findings) -> Sheet:
    header = ("alternative", "ice_class", "decade", "threshold_days", "draws", "saving", *_prefixed("saves"))
    rows = [
        (c.alternative, *_group(c.group, "ice_class", "decade"), x, s.draws, s.count, *_share(s))
        for c in found.curves
        for x, s in zip(c.threshold_days, c.saves, strict=True)
    ]
    return _sheet("saved_curve", "Probability that so many days or more are saved", header, rows)


def _open(found: Findings) -> Sheet:
    header = (
        "alternative", "week", "ice_class", "decade", "draws", "open", *_prefixed("open"), "closed_by_ice",
        "closed_by_rule", "closed_by_both", "closed_by_other", "failed",
    )  # fmt: skip
    rows = [
        (
            o.alternative, *_group(o.group, "week", "ice_class", "decade"), o.open.draws, o.open.count, *_share(o.open),
            o.by_ice, o.by_rule, o.by_both, o.by_other, o.failed,
        )
        for o in found.open
    ]  # fmt: skip
    title = "Probability that the route is open, by week of departure, ice class and decade, and what closes it"
    return _sheet("open", title, header, rows)


def _fans(found: Findings) -> Sheet:
    header = ("alternative", "week", "first_day", "draws", *_prefixed("open"), *(f"days_{q}" for q in QUANTILE_NAMES))
    rows = [(f.alternative, f.week, first_day(f.week), f.open.draws, *_share(f.open), *f.days) for f in found.fans]
    return _sheet("fan", "Days at sea by week of departure, of the open voyages", header, rows)


def first_day(week: int) -> str:
    """Month and day on which a week of departure begins, in a common year: 01-01, 01-08 ..."""
    return f"{date(COMMON_YEAR, 1, 1) + timedelta(days=7 * (week - 1)):%m-%d}"


def _per_tonne(found: Findings) -> Sheet:
    header = ("alternative", "ice_class", "decade", "per_tonne", "voyages", "cost_incomplete", "low", "median", "high")
    rows = [
        (
            p.alternative, *_group(p.group, "ice_class", "decade"), "cost_usd" if p.unit == "usd" else "co2_kg",
            p.voyages, p.incomplete, p.low, p.median, p.high,
        )
        for p in found.per_tonne
    ]  # fmt: skip
    return _sheet("per_tonne", "Cost and CO2 of a tonne of cargo: median and range of 90 %", header, rows)


def _pathways(found: Findings) -> Sheet:
    header = (
        "alternative", "year", "pathway", "threshold_days", "draws", "median_saved_days", *_prefixed("saves"),
        *_prefixed("open"),
    )  # fmt: skip
    rows = [
        (
            p.alternative, p.year, p.pathway or "-", p.threshold_days, p.saves.draws, p.median_days, *_share(p.saves),
            *_share(p.open),
        )
        for p in found.pathway_years
    ]  # fmt: skip
    return _sheet("years", "Years and pathways: days saved, how often, and how often the route is open", header, rows)


def _decides(found: Findings) -> Sheet:
    names = ("share", "error", "low", "high")
    header = (
        "alternative", "figure", "key", *(f"first_{n}" for n in names), *(f"total_{n}" for n in names), "rows",
        "rows_used", "noise", "untold",
    )  # fmt: skip
    rows: list[tuple[Any, ...]] = []
    for d in found.decides:
        tail = (d.rows, d.rows_used, d.noise, None if d.untold is None else d.untold.value)
        rows += [
            (
                d.alternative, d.figure, k.key, k.first, k.first_error, k.first_low, k.first_high, k.total,
                k.total_error, k.total_low, k.total_high, *tail,
            )
            for k in d.keys
        ]  # fmt: skip
        rows += [] if d.keys else [(d.alternative, d.figure, None, *[None] * 8, *tail)]
    return _sheet("decides", "What decides: shares of the variance", header, rows)


def _tornado(found: Findings) -> Sheet:
    header = (
        "alternative", "figure", "key", "base", "base_value", "low_value", "low", "high_value", "high", "least",
        "greatest", "swing", "values", "closed",
    )  # fmt: skip
    rows = [
        (
            b.alternative, b.figure, b.key, b.base, b.base_value, b.low_value, b.low, b.high_value, b.high, b.least,
            b.greatest, b.swing, b.draws, b.closed,
        )
        for b in found.tornado
    ]  # fmt: skip
    return _sheet("tornado", "One key at a time: figures at its low and its high", header, rows)
