"""Several years, as a person writes them: 2027-2050, 2027-2050/5, or 2027,2030,2040."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sim.errors import UsageError
from sim.scenario.schema import YEARS, Scenario

ITEM = re.compile(r"(\d{1,4})(?:\s*-\s*(\d{1,4})(?:\s*/\s*(\d{1,4}))?)?")
FORMS = "allowed: 2030, a range as 2027-2050 or 2027-2050/5 (every fifth), or several as 2027,2030,2040"
LAST_OF_FEBRUARY = 28  # where there is no leap day


def years_of(given: int | str | Iterable[int], name: str = "year") -> tuple[int, ...]:
    """The years that are meant, in the order of time, each once.

    A text is a year, a range with both ends, a range with a step, or several of these with commas between; else years
    are given as numbers. `name` is what the messages call it. Raises UsageError for what is no year, a range that runs
    backwards, a step of 0, a year that comes twice, and one outside the years of scenarios.
    """
    if isinstance(given, str):
        years = [year for item in given.split(",") for year in _item(item.strip(), given, name)]
    else:
        years = [given] if isinstance(given, int) else list(given)
    if not years:
        raise UsageError(f"{name} names no year; {FORMS}")
    for year in years:
        if isinstance(year, bool) or not isinstance(year, int):
            raise UsageError(f"{name} is {year!r}, wanted is a whole number; {FORMS}")
        if not YEARS[0] <= year <= YEARS[1]:
            nearest = min(max(year, YEARS[0]), YEARS[1])
            raise UsageError(f"{name} is {year}, allowed is {YEARS[0]} to {YEARS[1]}, nearest {nearest}")
    twice = [year for k, year in enumerate(years) if year in years[:k]]
    if twice:
        raise UsageError(f"{name} names {twice[0]} twice")
    return tuple(sorted(years))


def _item(item: str, given: str, name: str) -> Sequence[int]:
    """The years of one item between commas."""
    match = ITEM.fullmatch(item)
    if match is None:
        raise UsageError(f"{name} is '{given}', '{item}' is no year; {FORMS}")
    first, last, step = (None if x is None else int(x) for x in match.groups())
    assert first is not None
    if last is None:
        return (first,)
    if last < first:
        raise UsageError(f"{name} is '{given}', the range runs backwards; write {last}-{first}")
    if step == 0:
        raise UsageError(f"{name} is '{given}', the step is 0, allowed is 1 or more years")
    if not YEARS[0] <= first <= last <= YEARS[1]:
        raise UsageError(f"{name} is '{given}', allowed is {YEARS[0]} to {YEARS[1]}")
    return range(first, last + 1, step or 1)


def moved(scenario: Scenario, year: int) -> Scenario:
    """The scenario with its departure on the same day and hour of another year, 28 February where there is no 29."""
    depart = scenario.voyage.depart
    if depart.year == year:
        return scenario
    try:
        there = depart.replace(year=year)
    except ValueError:  # 29 February
        there = depart.replace(year=year, day=LAST_OF_FEBRUARY)
    voyage = scenario.voyage.model_copy(update={"depart": there})
    return scenario.model_copy(update={"voyage": voyage})
