"""The break-evens of several years as text, JSON and a frame: a row a year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.report.formats.ledgers import marks_text
from sim.report.layout import text_table, wrapped
from sim.report.studies import better_of, breakeven_dict
from sim.report.years.span import span_text

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.economy.prices.days import PriceDay
    from sim.study.breakeven import BreakEven
    from sim.study.sailing.breakevens import BreakEvenYears

CLOSED = "does not arrive"


def breakevens_text(years: BreakEvenYears) -> str:
    """A row a year: the values at which both are equal, and which is better below and above them."""
    one = years.found[0]
    same = "cost" if one.measure == "cost" else "take"
    lines = wrapped(
        f"{one.first} and {one.second}: {one.key} at which both {same} the same; departures of {span_text(years.years)}"
    )
    lines += [f"looked for from {one.low:,.6g} to {one.high:,.6g}", ""]
    rows = [
        [f"{day}", _roots(found), *_sides(found)] for day, found in zip(years.departs, years.found, strict=True)
    ]  # fmt: skip
    header = ["departs", one.key, f"better at {one.low:,.6g}", f"better at {one.high:,.6g}"]
    lines.append(text_table(header, rows, right=(1,)))
    gaps: dict[str, list[tuple[str, str]]] = {}
    far: dict[str, PriceDay] = {}
    for found in years.found:
        for label, what, why in found.missing:
            own = gaps.setdefault(label, [])
            own += [line for line in [(what, why.value)] if line not in own]
        for _, _, price in found.off_date:
            if price.what not in far or (price.gap_days or 0) > (far[price.what].gap_days or 0):
                far[price.what] = price
    return "\n".join([*lines, *(line for text in marks_text(gaps, far.values(), "up to ") for line in wrapped(text))])


def _roots(found: BreakEven) -> str:
    mark = f"{' !' if found.missing else ''}{' ~' if found.off_date else ''}"
    return (", ".join(f"{v:,.4g}" for v in found.at) or "nowhere") + mark


def _sides(found: BreakEven) -> tuple[str, str]:
    """The better alternative at either end of the range."""
    low, high = (CLOSED if d is None else better_of(found, d) for _, d in (found.samples[0], found.samples[-1]))
    return low, high


def breakevens_dict(years: BreakEvenYears) -> dict[str, Any]:
    """The document of `northabout breakeven --year 2027-2050 --json`: `years` are the documents of each year."""
    one = years.found[0]
    return {
        "key": one.key, "measure": one.measure, "alternatives": [one.first, one.second], "range": [one.low, one.high],
        "years": [
            {"year": day.year, "depart": day.isoformat()} | breakeven_dict(found)
            for day, found in zip(years.departs, years.found, strict=True)
        ],
    }  # fmt: skip


def breakevens_frame(years: BreakEvenYears) -> DataFrame:
    """A row a year and value at which both are equal; a year without one is a row without a value."""
    from pandas import DataFrame

    rows = [
        {"year": day.year, "depart": day.isoformat(), "value": value, "complete": not found.missing}
        for day, found in zip(years.departs, years.found, strict=True)
        for value in (found.at or (None,))
    ]
    frame = DataFrame(rows, columns=["year", "depart", "value", "complete"])
    return frame.astype({"year": int, "value": float, "complete": bool})
