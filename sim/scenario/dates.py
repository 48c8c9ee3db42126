"""Dates in scenario files, and how much of a thing one may hold."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sim.scenario.yaml_text import brief

YEARS = (1900, 2200)
ICE_YEARS = (1979, 2100)
MAX_USE = 6  # passages that one route can be made to cross
MAX_WORD = 200  # characters
DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?")


def moment(value: object) -> datetime:
    """The moment that a date of a file means, UTC unless it says otherwise. Raises ValueError."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    how = "write a date as 2025-08-15 or 2025-08-15T06:00"
    if value is None:
        raise ValueError(f"value is empty; {how}")
    text = value.strip() if isinstance(value, str) else ""
    if not DATE.fullmatch(text):
        raise ValueError(f"'{brief(value)}' is no date; {how}")
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"'{text}' is no date ({error}); {how}") from None
    if not YEARS[0] <= found.year <= YEARS[1]:
        raise ValueError(f"the year {found.year} is outside {YEARS[0]} to {YEARS[1]}")
    return found if found.tzinfo else found.replace(tzinfo=UTC)
