"""A comparison as a part of a report: what its sections hold, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.formats.ledgers import ledger_marks
from sim.report.page.closed import closed_section
from sim.report.page.figures import alternatives_tables, ice_tables, ledger_tables, passage_names, sources_tables
from sim.report.page.inputs import inputs_section, made_section
from sim.report.page.question import answers, facts, question_text
from sim.report.page.sections import Image, Page, Part, Section, Table, Words, section, words
from sim.report.page.touched import claims_section
from sim.report.page.year import year_tables

if TYPE_CHECKING:
    from sim.claims.touching import Touch
    from sim.scenario.compare import Comparison
    from sim.study.calendar import Calendar


def scenario_part(
    comparison: Comparison,
    pictures: Mapping[str, Image],
    touches: Sequence[Touch],
    folder: Path | None = None,
    calendar: Calendar | None = None,
) -> Part:
    """A scenario; `pictures` are those that were drawn of map, profile, calendar and costs, `calendar` its year where
    that was sailed."""
    year = () if calendar is None else year_tables(calendar)
    made = [
        section("result", "The alternatives", [*alternatives_tables(comparison), words(*_sailed(comparison))]),
        section("map", "Map", [pictures.get("map")]),
        section("profile", "Ice and speed along the route", [pictures.get("profile"), *_ice(comparison)]),
        section("calendar", "Departures through a year", [pictures.get("calendar"), *year]),
        section("costs", "Cost", [pictures.get("costs"), *ledger_tables(comparison), _notes(comparison)]),
        closed_section(comparison),
        section("ledger", "The ledgers with their sources", sources_tables(comparison)),
        claims_section(touches),
        inputs_section(comparison),
        made_section(comparison.scenario, folder),
    ]
    kept: tuple[Section, ...] = tuple(s for s in made if s is not None)
    scenario = comparison.scenario
    return Part(scenario.name, question_text(comparison), scenario.description, answers(comparison), kept)


def _ice(comparison: Comparison) -> tuple[Table | Words | None, ...]:
    """The tables of the ice that was sailed, or that there was none."""
    if comparison.scenario.ice is None:
        return ()
    return ice_tables(comparison) or (words("No voyage that reaches its port meets ice on this departure."),)


def _sailed(comparison: Comparison) -> list[str]:
    """How the voyages were sailed, and the passages of each."""
    routes = [(o.label, o.route.passages) for o in comparison.outcomes if o.feasible]
    through = [f"{label}: {', '.join(passage_names(ids)) or 'open sea'}." for label, ids in routes]
    return [*facts(comparison), *through]


def _notes(comparison: Comparison) -> Words | None:
    """What the marks at the totals mean."""
    return words(*ledger_marks(comparison))


def one_page(part: Part) -> Page:
    """A page of one scenario or study."""
    return Page(part.name, (part,))
