"""One key at a time: how far each moves a figure of the base draw, from its low to its high."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sim.study.findings.table import StudyTable

FIGURES: Final = ("days", "saved_days", "cost_usd")


@dataclass(frozen=True)
class Bar:
    """What one key does to a `figure` (days, saved_days, cost_usd) of an alternative.

    `base` is the figure of draw 0, at `base_value` of the key. Of a key with numbers `low_value` and `high_value` are
    its least and greatest value, of one with words those with the least and the greatest figure; `low` and `high` are
    the figures there, None where the voyage does not arrive. `least` and `greatest` are of the figures of all its
    values and the base, `swing` is their difference; `closed` of `draws` values leave the alternative closed. Values
    are None where the key is not set.
    """

    alternative: str
    figure: str
    key: str
    base: float | None
    base_value: float | str | None
    low_value: float | str | None
    low: float | None
    high_value: float | str | None
    high: float | None
    least: float | None
    greatest: float | None
    swing: float | None
    draws: int
    closed: int


def tornado(table: StudyTable) -> tuple[Bar, ...]:
    """The bars of each figure and alternative, the widest first; nothing for a study of another method."""
    if table.plan.method != "one_at_a_time":
        return ()
    out: list[Bar] = []
    for alternative in table.plan.alternatives:
        own = table.of(alternative)
        if not len(own) or own["draw"][0] != 0:
            continue
        owners = _owners(own)
        for figure in FIGURES:
            if figure == "saved_days" and alternative == table.plan.baseline:
                continue
            if not np.isfinite(own[figure]).any():
                continue
            bars = [_bar(own, alternative, figure, v.key, owners[v.key]) for v in table.plan.vary]
            out += sorted(bars, key=lambda bar: -(bar.swing or 0.0))
    return tuple(out)


def _owners(own: StudyTable) -> dict[str, list[int]]:
    """The rows in which each key is moved: those in which it differs from draw 0."""
    out: dict[str, list[int]] = {}
    for varied in own.plan.vary:
        column = own[varied.key]
        out[varied.key] = [k for k in range(1, len(own)) if not _same(column[k], column[0])]
    return out


def _same(a: Any, b: Any) -> bool:
    return bool(a == b or (a != a and b != b))


def _bar(own: StudyTable, alternative: str, figure: str, key: str, rows: list[int]) -> Bar:
    values = own[figure]
    base = _known(values[0]) if own.open[0] else None
    figures = {k: _known(values[k]) if own.open[k] else None for k in rows}
    there = [k for k in rows if figures[k] is not None]
    closed = sum(not own.open[k] for k in rows)
    column = own[key]
    low = high = None
    if rows and column.dtype.kind == "f":
        by_value = sorted(rows, key=lambda k: _or(float(column[k]), -np.inf))
        low, high = by_value[0], by_value[-1]
    elif there:
        by_figure = sorted(there, key=lambda k: figures[k] or 0.0)
        low, high = by_figure[0], by_figure[-1]
    elif rows:
        low, high = rows[0], rows[-1]
    reached = [f for f in (base, *figures.values()) if f is not None]
    least, greatest = (min(reached), max(reached)) if reached else (None, None)
    swing = None if least is None or greatest is None else greatest - least
    return Bar(
        alternative, figure, key, base, _value(column[0]), None if low is None else _value(column[low]),
        None if low is None else figures[low], None if high is None else _value(column[high]),
        None if high is None else figures[high], least, greatest, swing, len(rows), closed,
    )  # fmt: skip


def _known(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def _or(value: float, other: float) -> float:
    return value if value == value else other


def _value(value: Any) -> float | str | None:
    if isinstance(value, str):
        return value or None
    return _known(value)
