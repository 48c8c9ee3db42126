"""Years in words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise


def span_text(years: Sequence[int]) -> str:
    """Years in words: 2030, 2027 to 2050, 2027 to 2047 every 5 years, or all of them."""
    steps = {b - a for a, b in pairwise(years)}
    if len(years) < 3 or len(steps) > 1:
        return ", ".join(map(str, years))
    step = steps.pop()
    return f"{years[0]} to {years[-1]}" + ("" if step == 1 else f" every {step} years")
