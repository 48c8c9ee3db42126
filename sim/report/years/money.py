"""Money in a calendar: what a route costs over the year and saves against the baseline, in words and as JSON values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sim.report.formats.ledgers import marks_text
from sim.report.layout import MONTHS, counted, wrapped
from sim.report.voyages import price_dict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.study.calendar import Calendar, Money, Summary
    from sim.study.sailing.sailed import Sailed

COLUMNS: Final = ("cost_usd", "cost_complete", "saved_usd", "saved_complete", "cost_off_date")


def money_text(money: Money, open_departures: int, baseline: str) -> list[str]:
    """The lines on money beneath a route's year: the median cost, the best saving and its day, the share cheaper."""
    if money.median_cost_usd is None:
        said = "the prices of no departure are known" if open_departures else ""
        return wrapped(said, "  ", "    ")
    total = f"{money.median_cost_usd:,.0f} USD{marks(money.cost_complete, money)}"
    lines = wrapped(f"costs {total} in the median of {counted(money.priced, 'departure')}", "  ", "    ")
    if money.priced < open_departures:
        gap = counted(open_departures - money.priced, "departure")
        lines += wrapped(f"not in it: {gap} whose month has no price in the tables (prices: strict)", "  ", "    ")
    best = money.best
    if best is not None and best.saved_usd is not None and money.cheaper_share is not None:
        day = f"{best.depart.day} {MONTHS[best.depart.month - 1]}"
        usd = f"{abs(best.saved_usd):,.0f} USD{marks(money.saved_complete, money)}"
        if best.saved_usd > 0:
            share = percent(money.cheaper_share)
            said = f"saves {usd} at best ({day}) against '{baseline}', cheaper in {share} of the year"
        else:
            said = f"never cheaper than '{baseline}', at best {usd} dearer ({day})"
        lines += wrapped(said, "  ", "    ")
    return lines


def percent(share: float) -> str:
    """A share in whole percent; a little is not nothing, and almost all is not all."""
    if 0 < share < 0.005:
        return "<1 %"
    return ">99 %" if 0.995 <= share < 1 else f"{100 * share:.0f} %"


def marks(complete: bool, money: Money) -> str:
    """The marks at a figure: ! where a line is missing, ~ where a price is of another month."""
    return f"{'' if complete else ' !'}{' ~' if money.off_date else ''}"


def notes_text(summaries: Mapping[str, Sequence[Summary]]) -> list[str]:
    """What the marks mean, of all years of each route."""
    gaps: dict[str, list[tuple[str, str]]] = {}
    far: dict[str, Any] = {}
    for label, found in summaries.items():
        for money in (s.money for s in found if s.money is not None):
            own = gaps.setdefault(label, [])
            own += [line for what, why in money.missing if (line := (what, why.value)) not in own]
            for price in money.off_date:
                if price.what not in far or (price.gap_days or 0) > (far[price.what].gap_days or 0):
                    far[price.what] = price
    return [line for text in marks_text(gaps, far.values(), "up to ") for line in wrapped(text)]


def calendar_notes(calendar: Calendar) -> list[str]:
    """The same of one calendar."""
    return notes_text({r.label: [s] for r, s in zip(calendar.routes, calendar.summaries, strict=True)})


def sailed_money(sailed: Sailed) -> dict[str, Any]:
    """The cost of one departure as JSON values: null where it is not open, or no price is known."""
    return {
        "cost_usd": _cents(sailed.cost_usd), "cost_complete": sailed.cost_complete,
        "saved_usd": _cents(sailed.saved_usd), "saved_complete": sailed.saved_complete,
        "cost_off_date": None if sailed.cost_usd is None else bool(sailed.off_date),
    }  # fmt: skip


def money_dict(money: Money) -> dict[str, Any]:
    """What a route costs over the year as JSON values."""
    best = money.best
    return {
        "priced": money.priced,
        "median_cost_usd": _cents(money.median_cost_usd),
        "best": best and {"depart": best.depart.date().isoformat(), "saved_usd": _cents(best.saved_usd)},
        "cheaper_share": None if money.cheaper_share is None else round(money.cheaper_share, 3),
        "cost_complete": money.cost_complete,
        "saved_complete": money.saved_complete,
        "missing": [{"what": what, "why": why.value} for what, why in money.missing],
        "off_date": [price_dict(p) for p in money.off_date],
    }


def _cents(usd: float | None) -> float | None:
    return None if usd is None else round(usd, 2) + 0.0  # + 0.0: a rounded -0.0 would be printed as such
