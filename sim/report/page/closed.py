"""What closes each alternative and why, and where those that are open come nearest to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.page.figures import passage_names
from sim.report.page.sections import Section, Table, Words, number, section, told, words
from sim.report.reasons import (
    block_text,
    choice_text,
    creep_text,
    place_text,
    ruling_text,
    sailed_text,
    sea_text,
    shoal_text,
)

if TYPE_CHECKING:
    from sim.scenario.compare import Comparison, Outcome
    from sim.voyage.voyage import VoyageLeg

HEADER = ("alternative", "result", "cause", "where", "when", "why")
NEAREST = ("alternative", "lowest RIO", "where", "when", "ice /10", "thick m", "admission")


def closed_section(comparison: Comparison) -> Section | None:
    """What closes the routes: closures of the scenario, closures met, blocks; of those that are open the hardest."""
    rows = [row for o in comparison.outcomes if (row := _row(o)) is not None]
    table = Table(HEADER, tuple(tuple(map(told, row)) for row in rows)) if rows else None
    said = None if rows else words("Every alternative reaches its port on this departure.")
    return section(
        "closed",
        "What closes the routes, and why",
        [_closures(comparison), table, said, _met(comparison), _hardest(comparison), _narrow(comparison)],
    )


def _row(o: Outcome) -> tuple[str, ...] | None:
    """Why an alternative is not sailed."""
    label = sailed_text(o.label, o.sailed_by)
    if o.feasible:
        return None
    block = o.block
    if block is None:
        return label, o.status, "no route", "", "", o.reason
    by = "" if block.closed_by is None else f" (closed by {_closer(block.closed_by.value)})"
    where = f"{sea_text(block.sea)}, {place_text(block.lon, block.lat)}"
    return label, o.status, f"{block.cause.value}{by}", where, f"{block.moment:%Y-%m-%d}", block_text(block)


def _closer(value: str) -> str:
    return {"ice": "the ice", "rule": "the rules", "both": "the ice and the rules"}[value]


def _closures(comparison: Comparison) -> Table | None:
    """The passages that the scenario closes."""
    rows = [
        (
            told(passage_names([c.passage])[0]), told(f"{c.from_:%Y-%m-%d}" if c.from_ else "always"),
            told(f"{c.until:%Y-%m-%d}" if c.until else "-"), number(c.ships_per_day, 0), told(c.reason),
        )
        for c in comparison.scenario.closures
    ]  # fmt: skip
    header = ("passage", "closed from", "until", "ships a day", "reason")
    return Table(header, tuple(rows), (3,), "Closed in this scenario") if rows else None


def _met(comparison: Comparison) -> Table | None:
    """What each ship did about a closure that it met at sea."""
    rows = [
        (
            told(sailed_text(o.label, o.sailed_by)), told(passage_names([e.passage])[0]), told(f"{e.moment:%Y-%m-%d}"),
            told(place_text(*e.lonlat)), told(choice_text(e.choice) + (f" by {e.route_name}" if e.route_name else "")),
            number(e.wait_h / 24, 1),
        )
        for o in comparison.outcomes
        for e in (o.voyage.events if o.voyage is not None else ())
    ]  # fmt: skip
    header = ("alternative", "passage", "decided", "at", "the ship", "days waited")
    return Table(header, tuple(rows), (5,), "Closures met on the way") if rows else None


def _hardest(comparison: Comparison) -> Table | None:
    """Of each voyage through ice the leg with the lowest RIO: there it would be closed first."""
    rows = []
    for o in comparison.outcomes:
        legs = [leg for leg in (o.voyage.legs if o.voyage and o.feasible else ()) if leg.rio is not None]
        if legs:
            leg = min(legs, key=_rio)
            rows.append(
                (
                    told(sailed_text(o.label, o.sailed_by)), number(leg.rio, 1), told(sea_text(leg.water)),
                    told(f"{leg.start:%Y-%m-%d}"), number(leg.concentration * 10, 1), number(leg.thickness_m, 2),
                    told(ruling_text(leg.rule)),
                )
            )  # fmt: skip
    return Table(NEAREST, tuple(rows), (1, 4, 5), "Open, but hardest here") if rows else None


def _rio(leg: VoyageLeg) -> float:
    return 0.0 if leg.rio is None else leg.rio


def _narrow(comparison: Comparison) -> Words | None:
    """Shoals that are kept off, and ice in which a ship creeps."""
    said = []
    for o in comparison.outcomes:
        if o.feasible and o.voyage is not None:
            label = sailed_text(o.label, o.sailed_by)
            said += [f"{label} keeps off {shoal_text(o.voyage.kept_off)}."] if o.voyage.kept_off else []
            said += [f"{label} creeps: {creep_text(o.voyage.creep)}."] if o.voyage.creep else []
    return words(*said)
