"""From the words of a scenario to what sails: the ship, its plan, the ice and the rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import DataError, ScenarioError
from sim.geo.cells import readings_of_way
from sim.geo.network import Demand, SeaNetwork
from sim.geo.passages import ShipSize
from sim.geo.places import Place
from sim.geo.route import Route
from sim.geo.sphere import angles, lonlat, vectors
from sim.ice.field import day_number
from sim.ice.files.gap_filled import GapFilledField
from sim.scenario.fit import ICE_YEARS
from sim.scenario.model import Alternative, Scenario
from sim.scenario.names import inside_folder
from sim.ship.vessel import Ship, VesselTable
from sim.voyage.diversion import Means, sail_under
from sim.voyage.plan import SpeedPlan
from sim.voyage.queue import TimedClosure
from sim.voyage.sail import IceSea, sail
from sim.voyage.voyage import Voyage

if TYPE_CHECKING:
    from sim.economy.ledger import Ledger
    from sim.economy.plan import CostPlan
    from sim.ice.admission import AdmissionTable
    from sim.ice.field import IceField
    from sim.voyage.ice_route import IceRouter

ARCTIC_CIRCLE = 66.56  # degrees north


def ship_of(scenario: Scenario) -> Ship:
    """The ship: of the table, with the scenario's own figures over it, or one known by its speed alone."""
    v = scenario.vessel
    sizes = {k: x for k in ("draft_m", "beam_m", "length_m", "air_draft_m") if (x := getattr(v, k)) is not None}
    if v.type is None:
        assert v.speed_kn is not None
        return Ship.generic(v.speed_kn, name=v.name or "ship", ice_class_ru=v.ice_class or "none", **sizes)
    ship = VesselTable.load().find(v.type)
    return replace(ship, name=v.name or ship.name, ice_class_ru=v.ice_class or ship.ice_class_ru, **sizes)


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
    from sim.ice.admission import AdmissionTable

    assert scenario.ice is not None
    word = scenario.ice.admission
    if word == "none":
        return None
    return AdmissionTable.load() if word == "nsr" else AdmissionTable.load(inside_folder(word, folder))


class Sailing:
    """A scenario bound to a network, its ship and its ice: sails alternatives, on any day."""

    def __init__(self, scenario: Scenario, net: SeaNetwork, folder: Path, router: IceRouter | None = None) -> None:
        self.scenario, self.net, self.folder = scenario, net, folder
        self.ship = ship_of(scenario)
        self.origin, self.destination = net.place(scenario.voyage.from_), net.place(scenario.voyage.to)
        self._router = router
        self._seas: dict[tuple[object, ...], IceSea] = {}
        self._fields: dict[int, IceField] = {}

    @cached_property
    def router(self) -> IceRouter:
        from sim.voyage.ice_route import IceRouter

        return self._router or IceRouter(self.net)

    @property
    def size(self) -> ShipSize:
        """What of the ship a passage can refuse."""
        s = self.ship
        return ShipSize(s.draft_m, s.beam_m, s.length_m, s.air_draft_m)

    def speed_kn(self, alternative: Alternative) -> float:
        """Speed in open water on an alternative."""
        return alternative.speed_kn or self.scenario.vessel.speed_kn or self.ship.service_speed_kn

    def plan(self, alternative: Alternative) -> SpeedPlan:
        """Speeds and waits on an alternative."""
        waits: dict[str, float] = {}
        for wait in self.scenario.waits:
            waits |= dict.fromkeys(self.net.passages.resolve(wait.passage), wait.wait_h)
        return SpeedPlan(
            speed_kn=self.speed_kn(alternative),
            waters_kn={s.water: s.speed_kn for s in self.scenario.speeds},
            waits_h=waits,
            canal_limits=self.scenario.canal_speed_limits,
        )

    def shortest(self, alternative: Alternative) -> Route:
        """The shortest route of an alternative, whatever the ice."""
        size = self.size
        return self.net.route(
            self.origin,
            self.destination,
            via=alternative.route,
            use=alternative.use,
            avoid=alternative.avoid,
            closed=self.closed,
            draft_m=size.draft_m,
            beam_m=size.beam_m,
            length_m=size.length_m,
            air_draft_m=size.air_draft_m,
        )

    def sailed(
        self, alternative: Alternative, depart: datetime | None = None, *, explain: bool = True
    ) -> tuple[Route, Voyage | None]:
        """Route and voyage of an alternative; None where there is no road.

        Not to `explain` why the ice bars it saves time: the reason is then the one on the shortest way.
        """
        start = depart or self.scenario.voyage.depart
        shortest = self._shortest_once(alternative)
        if shortest.status != "ok":
            return shortest, None
        route, voyage = self._through_ice(alternative, shortest, start, explain)
        timed = self.timed_closures()
        if not timed or voyage.blocked is not None:
            return route, voyage
        return sail_under(route, timed, self._means(alternative, start))

    def _through_ice(
        self, alternative: Alternative, shortest: Route, start: datetime, explain: bool
    ) -> tuple[Route, Voyage]:
        """The way that the ice leaves open, or the shortest one without ice."""
        plan = self.plan(alternative)
        if self.scenario.ice is None:
            return shortest, sail(shortest, plan, start, self.net.passages, self.ship)
        ice = self.ice_sea(alternative, start)
        found = self.router.voyage(
            self.origin, self.destination, self._demand(alternative), shortest, plan, ice, start,
            self.scenario.objective, explain,
        )  # fmt: skip
        if isinstance(ice.field, GapFilledField):
            self._check_dates(ice.field, *found)
        return found

    @property
    def closed(self) -> list[str]:
        """Passages that are closed at all times."""
        return [c.passage for c in self.scenario.closures if not c.timed]

    def timed_closures(self) -> list[TimedClosure]:
        """Closures with a beginning, which ships may meet under way."""
        return [
            TimedClosure(
                passages=self.net.passages.resolve(c.passage),
                begin=c.from_,
                end=c.until,
                capacity_per_day=c.ships_per_day,
                normal_per_day=c.normal_ships_per_day,
                arrivals_per_day=c.arrivals_per_day,
                news_h=c.news_h,
                reason=c.reason,
            )
            for c in self.scenario.closures
            if c.from_ is not None
        ]

    def _means(self, alternative: Alternative, start: datetime) -> Means:
        """How this ship sails, finds another road and weighs its choices."""
        plan, size = self.plan(alternative), self.size
        ice = None if self.scenario.ice is None else self.ice_sea(alternative, start)

        def sailed(route: Route, waits: dict[str, float]) -> Voyage:
            with_waits = {k: plan.waits_h.get(k, 0.0) + waits.get(k, 0.0) for k in {*plan.waits_h, *waits}}
            return sail(route, replace(plan, waits_h=with_waits), start, self.net.passages, self.ship, ice)

        def reroute(place: tuple[float, float] | None, closed: frozenset[str]) -> Route:
            return self.net.route(
                place or self.origin, self.destination, closed=[*self.closed, *closed], draft_m=size.draft_m,
                beam_m=size.beam_m, length_m=size.length_m, air_draft_m=size.air_draft_m,
            )  # fmt: skip

        patience = self.scenario.patience_days
        unit = "days" if self.cost_plan is None else "usd"
        return Means(sailed, reroute, self._worth, float("inf") if patience is None else patience, unit)

    def _worth(self, voyage: Voyage, route: Route) -> float:
        """What a captain weighs: money where it is counted, else days."""
        costed = self.ledger(route, voyage)
        return voyage.days if costed is None else costed.total_usd

    @cached_property
    def cost_plan(self) -> CostPlan | None:
        """The prices of the scenario; None without the section `costs`."""
        section = self.scenario.costs
        if section is None:
            return None
        from sim.economy.plan import CostPlan

        given = section.model_dump(exclude={"war_risk"})
        risks = {p: w.hull_share for w in section.war_risk for p in self.net.passages.resolve(w.passage)}
        return CostPlan(**given, war_risk_share=risks)

    def ledger(self, route: Route, voyage: Voyage | None) -> Ledger | None:
        """The ledger of a voyage that arrived; None without the section `costs`."""
        if voyage is None or voyage.blocked is not None or self.cost_plan is None:
            return None
        from sim.economy.ledger import ledger

        return ledger(voyage, route, self.ship, self.cost_plan, self.origin, self.destination)

    def _check_dates(self, field: GapFilledField, route: Route, voyage: Voyage) -> None:
        """Raise DataError where the ice file does not know the days of a voyage over waters that can freeze."""
        if voyage.blocked is not None:
            field.require(day_number(voyage.blocked.moment))
        elif (readings_of_way(self.router.lattice.grid, route.lonlat).cell >= 0).any():
            first, last = day_number(voyage.depart), day_number(voyage.arrive)
            if not any(field.field.covers(day) for day in np.arange(first, last + 1.0)):
                field.require(first)
            for day in _arctic_days(voyage):
                if field.field.covers(day) and field.field.thickness_missing(day):
                    field.require(day)

    def _shortest_once(self, alternative: Alternative) -> Route:
        known: dict[Alternative, Route] = self.__dict__.setdefault("_shortest", {})
        if alternative not in known:
            known[alternative] = self.shortest(alternative)
        return known[alternative]

    def _demand(self, alternative: Alternative) -> Demand:
        return self.net.demand(
            alternative.route,
            self.closed,
            self.size,
            alternative.use,
            alternative.avoid,
            self.origin.arctic or self.destination.arctic,
        )

    def _field(self, departure: datetime) -> IceField:
        if departure.year not in self._fields:
            self._fields[departure.year] = ice_field_of(self.scenario, self.folder, departure)
        return self._fields[departure.year]

    def ice_sea(self, alternative: Alternative, departure: datetime) -> IceSea:
        """The ice for an alternative: its speed and its escort decide how the ship goes in it."""
        from sim.ice.classes import ice_class
        from sim.voyage.navigation import IcePolicy, Navigator

        section = self.scenario.ice
        assert section is not None
        escort = alternative.escort or section.escort
        speed = self.speed_kn(alternative)
        field = self._field(departure)
        key = (id(field), escort, speed)
        if key not in self._seas:
            policy = IcePolicy(
                escort=escort,
                max_risk=section.max_risk,
                decay=section.decayed,
                old_ice_fraction=section.old_ice_fraction,
                admission=admission_of(self.scenario, self.folder),
                convoy_cap_kn=section.convoy_cap_kn,
                escort_wait_h=section.escort_wait_h,
            )
            navigator = Navigator(self.ship, ice_class(self.ship.ice_class_ru), policy, speed)
            self._seas[key] = IceSea(self.router.lattice.grid, field, navigator)
        return self._seas[key]

    @property
    def ice_label(self) -> str:
        """Which ice is sailed in, with what was decided on an ice file; empty without ice."""
        if self.scenario.ice is None:
            return ""
        field = self._field(self.scenario.voyage.depart)
        notes = field.notes if isinstance(field, GapFilledField) else []
        return "; ".join([field.label, *notes])

    def check_escort(self) -> None:
        """Raise ScenarioError for an escort on a road where no icebreaker leads ships."""
        section = self.scenario.ice
        if section is None:
            return
        asked = [a for a in self.scenario.alternatives if (a.escort or section.escort) != "none"]
        routes = [(a, r) for a in asked if (r := self._shortest_once(a)).status == "ok"]
        offered = {a.label: _escort_on(r) for a, r in routes}
        faults = [a.label for a, _ in routes if a.escort not in (None, "none") and not offered[a.label]]
        if section.escort != "none" and routes and not any(offered.values()):
            faults = faults or [a.label for a, _ in routes]
        if faults:
            raise ScenarioError(
                [
                    f"escort is asked for on {_listed(faults)}, where no icebreaker leads ships; "
                    "it is offered on the Northern Sea Route (geodata/tables/escort_waters.csv)"
                ]
            )


def _arctic_days(voyage: Voyage) -> list[float]:
    """Days since 1970-01-01 UTC at which the corners of a voyage north of the Arctic Circle are passed, about."""
    out: list[float] = []
    for leg in voyage.legs:
        steps = angles(vectors(leg.lonlat[:-1]), vectors(leg.lonlat[1:]))
        share = np.append(0.0, np.cumsum(steps)) / max(float(steps.sum()), 1e-12)
        start = day_number(leg.start)
        days = start + share * leg.hours / 24
        out += days[leg.lonlat[:, 1] > ARCTIC_CIRCLE].tolist()
    return out


def _listed(labels: Iterable[str]) -> str:
    return ", ".join(f"'{label}'" for label in labels)


def _escort_on(route: Route) -> bool:
    from sim.ice.admission import escort_offered

    return bool(np.any(escort_offered(lonlat(readings_of_way(None, route.lonlat, 20.0).middle))))


__all__ = ["Place", "Sailing", "admission_of", "ice_field_of", "ship_of"]
