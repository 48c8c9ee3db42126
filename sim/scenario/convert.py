"""From the words of a scenario to what sails: the ship, its plan, the ice, the rules, the closures and the prices."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import DataError
from sim.geo.passages import PassageTable, ShipSize
from sim.ice.classes import ice_class
from sim.scenario.checks import admission_rules, inside_folder
from sim.scenario.schema import ICE_YEARS, Alternative, Scenario
from sim.ship.vessel import Ship, VesselTable
from sim.voyage.queue import TimedClosure
from sim.voyage.voyage import SpeedPlan

if TYPE_CHECKING:
    from sim.economy.plan import Costs
    from sim.ice.admission import AdmissionTable
    from sim.ice.field import IceField
    from sim.ship.icebreakers import Icebreaker
    from sim.voyage.policy import IcePolicy


def ship_of(scenario: Scenario) -> Ship:
    """The ship: of the table, with the scenario's own figures over it, or one known by its speed alone."""
    v = scenario.vessel
    sizes = {k: x for k in ("draft_m", "beam_m", "length_m", "air_draft_m") if (x := getattr(v, k)) is not None}
    if v.type is None:
        assert v.speed_kn is not None
        return Ship.generic(v.speed_kn, name=v.name or "ship", ice_class=v.ice_class or "none", **sizes)
    ship = VesselTable.load().find(v.type)
    if v.ice_class is not None:
        ship = replace(ship, ice_class=ice_class(v.ice_class), ice_class_text=v.ice_class)
    return replace(ship, name=v.name or ship.name, sea_margin=v.sea_margin, **sizes)


def ice_field_of(scenario: Scenario, folder: Path, departure: datetime | None = None) -> IceField:
    """The ice of a scenario, for a departure. Raises UsageError, DataError."""
    section = scenario.ice
    assert section is not None
    if section.file is not None:
        return _file_field(scenario, folder)
    from sim.ice.pathways import climate_field, last_past_year

    year = section.year if section.epoch is None else None
    if year is None and section.epoch is None:
        year = (departure or scenario.voyage.depart).year
    own = year is not None and year <= last_past_year()
    return climate_field(
        year=year,
        pathway=section.pathway,
        epoch=section.epoch,
        season=section.season or ("own" if own else "normal"),
        seed=section.seed,
        single_year=section.field == "single_year",
    )


def _file_field(scenario: Scenario, folder: Path) -> IceField:
    from sim.ice.files import open_ice_file
    from sim.ice.files.gap_filled import GapFilledField
    from sim.ice.pathways import climate_field

    section = scenario.ice
    assert section is not None and section.file is not None
    path = inside_folder(section.file, folder)
    thickness = None if section.thickness_file is None else inside_folder(section.thickness_file, folder)
    for file in (path, thickness):
        if file is not None and not file.exists():
            raise DataError(f"{file.name}: no such file in {folder}")
    field = open_ice_file(
        path,
        variable=section.variable,
        thickness_variable=section.thickness_variable,
        thickness_path=thickness,
        thickness_kind=section.thickness_kind,
        units=section.units,
        select=section.select,
        repeat_yearly=section.repeat_yearly,
        any_date=section.any_date,
    )
    year = min(max(scenario.voyage.depart.year, ICE_YEARS[0]), ICE_YEARS[1])
    return GapFilledField(field, climate_field(year=year, single_year=False))


def admission_of(scenario: Scenario, folder: Path) -> AdmissionTable | None:
    """The rules of the Northern Sea Route, or None where the scenario applies none."""
    assert scenario.ice is not None
    return admission_rules(scenario.ice.admission, folder)


def size_of(ship: Ship) -> ShipSize:
    """What of a ship a passage can refuse."""
    return ShipSize(ship.draft_m, ship.beam_m, ship.length_m, ship.air_draft_m)


def under_keel_of(scenario: Scenario, ship: Ship) -> float | None:
    """What a ship keeps under its keel on the shelf, m; None where no depth bars it, or no draft is known."""
    from sim.voyage.shelf import usual_under_keel_m

    section = scenario.ice
    if section is None or section.depth == "none" or ship.draft_m is None:
        return None
    return usual_under_keel_m(ship.draft_m) if section.under_keel_m is None else section.under_keel_m


def speed_of(scenario: Scenario, alternative: Alternative, ship: Ship) -> float:
    """Speed in open water on an alternative, kn."""
    return alternative.speed_kn or scenario.vessel.speed_kn or ship.service_speed_kn


def plan_of(scenario: Scenario, alternative: Alternative, ship: Ship, passages: PassageTable) -> SpeedPlan:
    """Speeds and waits on an alternative."""
    waits: dict[str, float] = {}
    for wait in scenario.waits:
        waits |= dict.fromkeys(passages.resolve(wait.passage), wait.wait_h)
    return SpeedPlan(
        speed_kn=speed_of(scenario, alternative, ship),
        waters_kn={s.water: s.speed_kn for s in scenario.speeds},
        waits_h=waits,
        canal_limits=scenario.canal_speed_limits,
    )


def closed_of(scenario: Scenario) -> list[str]:
    """Passages that are closed at all times: closures without a beginning."""
    return [c.passage for c in scenario.closures if not c.timed]


def timed_closures_of(scenario: Scenario, passages: PassageTable) -> list[TimedClosure]:
    """Closures with a beginning, which ships may meet under way."""
    return [
        TimedClosure(
            passages=passages.resolve(c.passage),
            begin=c.from_,
            end=c.until,
            capacity_per_day=c.ships_per_day,
            normal_per_day=c.normal_ships_per_day,
            arrivals_per_day=c.arrivals_per_day,
            news_h=c.news_h,
            reason=c.reason,
        )
        for c in scenario.closures
        if c.from_ is not None
    ]


def cost_plan_of(scenario: Scenario, passages: PassageTable) -> Costs | None:
    """The prices of a scenario; None without the section `costs`."""
    return None if scenario.costs is None else scenario.costs.resolved(passages)


def leader_of(scenario: Scenario, departure: datetime) -> Icebreaker:
    """The icebreaker that leads on a voyage: the one that is named, or the middle one of those in service."""
    from sim.ship.icebreakers import icebreaker, leader

    assert scenario.ice is not None
    return leader(departure.date()) if scenario.ice.icebreaker is None else icebreaker(scenario.ice.icebreaker)


def leader_line(scenario: Scenario, departure: datetime) -> str:
    """Who leads convoys, and how many line icebreakers are in service, in a line."""
    from sim.ship.icebreakers import in_service

    count = len(in_service(departure.date()))
    return f"{leader_of(scenario, departure).name} leads, {count} line icebreakers being in service"


def as_studied(scenario: Scenario) -> Scenario:
    """The scenario as a study takes it: with the expected delay of being beset, where the file says nothing of it."""
    ice = scenario.ice
    if ice is None or ice.besetting is not None:
        return scenario
    return scenario.model_copy(update={"ice": ice.model_copy(update={"besetting": "expected"})})


def policy_of(scenario: Scenario, alternative: Alternative) -> IcePolicy:
    """How an alternative takes the ice: the section's policy, with the alternative's own escort."""
    assert scenario.ice is not None
    if alternative.escort is None:
        return scenario.ice
    return scenario.ice.model_copy(update={"escort": alternative.escort})
