"""Sail a scenario: each alternative, on any day, through its ice and its closures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import ScenarioError
from sim.geo.cells import readings_of_way
from sim.geo.geodesy import angles, lonlat, vectors
from sim.geo.network import Demand, SeaNetwork
from sim.geo.route import Route
from sim.ice.field import day_number
from sim.scenario.convert import (
    admission_of,
    closed_of,
    cost_plan_of,
    ice_field_of,
    leader_line,
    leader_of,
    plan_of,
    policy_of,
    ship_of,
    size_of,
    speed_of,
    timed_closures_of,
    under_keel_of,
)
from sim.scenario.schema import Alternative, Scenario
from sim.voyage.diversion import Means, NamedRoute, Worth, sail_under
from sim.voyage.sail import IceSea, sail
from sim.voyage.shelf import Shelf
from sim.voyage.voyage import Cause, Voyage, after_waiting

if TYPE_CHECKING:
    from sim.economy.ledger import Ledger
    from sim.economy.plan import Costs
    from sim.geo.network.places import Place
    from sim.ice.field import IceField
    from sim.ice.files.gap_filled import GapFilledField
    from sim.ship.vessel import Ship
    from sim.voyage.ice_route import IceRouter

ARCTIC_CIRCLE = 66.56  # degrees north
OTHER = "usual"  # the shortest other way, weighed beside the alternatives


class Seas:
    """The ice of a scenario, read once: its field for each year of departure, and how a ship sails in it between two
    places."""

    def __init__(self, scenario: Scenario, folder: Path, ends: tuple[Place, Place]) -> None:
        self.scenario, self.folder, self.ends = scenario, folder, ends
        self._fields: dict[int, IceField] = {}
        self._seas: dict[tuple[object, ...], IceSea] = {}

    def field(self, departure: datetime) -> IceField:
        """The ice for a departure."""
        if departure.year not in self._fields:
            self._fields[departure.year] = ice_field_of(self.scenario, self.folder, departure)
        return self._fields[departure.year]

    def sea(self, alternative: Alternative, departure: datetime, ship: Ship, router: IceRouter) -> IceSea:
        """The ice for an alternative: its speed and its escort decide how the ship goes in it."""
        from sim.voyage.navigation import Navigator

        policy, speed = policy_of(self.scenario, alternative), speed_of(self.scenario, alternative, ship)
        field, leader = self.field(departure), leader_of(self.scenario, departure)
        key = (id(field), policy.escort, speed, leader.name)
        if key not in self._seas:
            rules = admission_of(self.scenario, self.folder)
            navigator = Navigator(ship, ship.ice_class, policy, speed, rules, leader)
            self._seas[key] = IceSea(router.lattice.grid, field, navigator, self.shelf(ship, router))
        return self._seas[key]

    def shelf(self, ship: Ship, router: IceRouter) -> Shelf | None:
        """The depths that bar a ship; None where the scenario asks for none, or no draft is known."""
        under = under_keel_of(self.scenario, ship)
        return None if under is None else Shelf.between(self.ends, router.depths, ship.draft_m or 0.0, under)


class Sailing:
    """A scenario bound to a network, its ship and its ice: sails alternatives, on any day."""

    def __init__(
        self,
        scenario: Scenario,
        net: SeaNetwork,
        folder: Path,
        router: IceRouter | None = None,
        shortest: dict[Alternative, Route] | None = None,
    ) -> None:
        """`shortest` are routes that are known, shared by scenarios with the same ends, sizes and closed passages."""
        self.scenario, self.net, self.folder = scenario, net, folder
        self.ship = ship_of(scenario)
        self.origin, self.destination = net.place(scenario.voyage.from_), net.place(scenario.voyage.to)
        self._router = router
        self.seas = Seas(scenario, folder, (self.origin, self.destination))
        self._shortest: dict[Alternative, Route] = {} if shortest is None else shortest

    @cached_property
    def router(self) -> IceRouter:
        from sim.voyage.ice_route import IceRouter

        return self._router or IceRouter(self.net)

    def speed_kn(self, alternative: Alternative) -> float:
        """Speed in open water on an alternative."""
        return speed_of(self.scenario, alternative, self.ship)

    def shortest(self, alternative: Alternative) -> Route:
        """The shortest route of an alternative, whatever the ice."""
        size = size_of(self.ship)
        return self.net.route(
            self.origin,
            self.destination,
            via=alternative.route,
            use=alternative.use,
            avoid=alternative.avoid,
            closed=closed_of(self.scenario),
            draft_m=size.draft_m,
            beam_m=size.beam_m,
            length_m=size.length_m,
            air_draft_m=size.air_draft_m,
        )

    def sailed(
        self, alternative: Alternative, depart: datetime | None = None, *, explain: bool = True
    ) -> tuple[Route, Voyage | None]:
        """Route and voyage of an alternative; the voyage is None where there is no route.

        The route of a voyage that is blocked is closed or beset, too, and has no length. Not to `explain` saves time: a
        voyage that both ice and rules bar may then be told as closed by both where the rules alone close it.
        """
        start = depart or self.scenario.voyage.depart
        shortest = self.shortest_once(alternative)
        if shortest.status != "ok":
            return shortest, None
        route, voyage = self._when_open(alternative, shortest, start, explain)
        timed = timed_closures_of(self.scenario, self.net.passages)
        if timed and voyage.blocked is None:
            route, voyage = sail_under(route, timed, self._means(alternative, start))
        if voyage.blocked is not None:
            route = route.ended(voyage.blocked.status, voyage.blocked.cause.value)
        return route, voyage

    def _when_open(
        self, alternative: Alternative, shortest: Route, start: datetime, explain: bool
    ) -> tuple[Route, Voyage]:
        """The voyage of a day, or of the first later one on which ice and rules let it through, where the ship may wait
        in port for that."""
        found = self._through_ice(alternative, shortest, start, explain)
        most = 0.0 if self.scenario.ice is None else self.scenario.ice.wait_until_open_days
        for day in range(1, int(most) + 1):
            if found[1].blocked is None or found[1].blocked.cause == Cause.TOO_SHALLOW:
                break
            route, voyage = self._through_ice(alternative, shortest, start + timedelta(days=day), explain=False)
            if voyage.blocked is None:
                return route, after_waiting(voyage, day)
        return found

    def _through_ice(
        self,
        alternative: Alternative,
        shortest: Route,
        start: datetime,
        explain: bool,
        within_days: float = float("inf"),
    ) -> tuple[Route, Voyage]:
        """The path that the ice leaves open, or the shortest one without ice. Where an icebreaker helps when needed, it
        is not needed on a voyage that is quicker without it. See `IceRouter.voyage` for `within_days`."""
        plan = plan_of(self.scenario, alternative, self.ship, self.net.passages)
        if self.scenario.ice is None:
            return shortest, sail(shortest, plan, start, self.net.passages, self.ship)
        ice = self.ice_sea(alternative, start)
        found = self.router.voyage(
            self.origin, self.destination, self.demand(alternative), shortest, plan, ice, start,
            self.scenario.objective, explain, within_days,
        )  # fmt: skip
        unwanted = found[1].blocked is not None and within_days < np.inf
        if not unwanted and (from_file := _from_file(ice.field)) is not None:
            self._check_dates(from_file, *found)
        if ice.navigator.policy.escort == "when_needed" and found[1].blocked is None and found[1].escort_nm > 0:
            without = alternative.model_copy(update={"escort": "none"})
            alone = self._through_ice(without, shortest, start, False, found[1].days)
            return min(found, alone, key=lambda x: x[1].days if x[1].blocked is None else np.inf)
        return found

    def _means(self, alternative: Alternative, start: datetime) -> Means:
        """How this ship sails, finds other routes and weighs its choices."""
        plan = plan_of(self.scenario, alternative, self.ship, self.net.passages)
        escorts = {a.label: a.escort for a in self.scenario.alternatives} | {"": alternative.escort}

        def by(name: str) -> Alternative:
            """This alternative with the escort of the route that it takes."""
            return alternative.model_copy(update={"escort": escorts.get(name)})

        def sailed(route: Route, name: str, waits: dict[str, float]) -> Voyage:
            with_waits = {k: plan.waits_h.get(k, 0.0) + waits.get(k, 0.0) for k in {*plan.waits_h, *waits}}
            ice = None if self.scenario.ice is None else self.ice_sea(by(name), start)
            return sail(route, replace(plan, waits_h=with_waits), start, self.net.passages, self.ship, ice)

        def routes(place: tuple[float, float] | None, moment: datetime, closed: frozenset[str]) -> list[NamedRoute]:
            here = self.origin if place is None else self.net.place(place)
            ways = {a.label: a for a in self.scenario.alternatives}
            ways.setdefault(OTHER, Alternative.model_validate({"route": OTHER}))
            found: dict[tuple[object, ...], NamedRoute] = {}
            for name, way in ways.items():
                route = self._onward(way, by(name), here, moment, closed)
                found.setdefault((route.status, route.crossings, route.distance_nm), NamedRoute(name, route))
            return list(found.values())  # one way by two names counts once, by the first

        patience = self.scenario.patience_days
        unit = "days" if self.cost_plan is None else "usd"
        return Means(sailed, routes, self._worth, float("inf") if patience is None else patience, unit)

    def _onward(
        self, way: Alternative, own: Alternative, here: Place, moment: datetime, closed: frozenset[str]
    ) -> Route:
        """The route of an alternative from a place past closed passages, through what the ice leaves open then; `own`
        says how the ship goes in ice."""
        shut, size = [*closed_of(self.scenario), *closed], size_of(self.ship)
        found = self.net.route(
            here, self.destination, via=way.route, use=way.use, avoid=way.avoid, closed=shut, draft_m=size.draft_m,
            beam_m=size.beam_m, length_m=size.length_m, air_draft_m=size.air_draft_m,
        )  # fmt: skip
        if found.status != "ok" or self.scenario.ice is None:
            return found
        arctic = here.arctic or self.destination.arctic
        demand = self.net.demand(way.route, shut, size, way.use, way.avoid, arctic)
        plan, ice = plan_of(self.scenario, own, self.ship, self.net.passages), self.ice_sea(own, moment)
        return self.router.voyage(
            here, self.destination, demand, found, plan, ice, moment, self.scenario.objective, False
        )[0]  # fmt: skip

    def _worth(self, voyage: Voyage, route: Route) -> Worth:
        """What a captain weighs: money where it is counted, else days."""
        costed = self.ledger(route, voyage)
        return Worth(voyage.days) if costed is None else Worth(costed.total_usd, costed.complete)

    @cached_property
    def cost_plan(self) -> Costs | None:
        """The prices of the scenario; None without the section `costs`."""
        return cost_plan_of(self.scenario, self.net.passages)

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
            assert voyage.arrive is not None
            first, last = day_number(voyage.depart), day_number(voyage.arrive)
            if not any(field.field.covers(day) for day in np.arange(first, last + 1.0)):
                field.require(first)
            for day in _arctic_days(voyage):
                if field.field.covers(day) and field.field.thickness_missing(day):
                    field.require(day)

    def shortest_once(self, alternative: Alternative) -> Route:
        """The same, searched once."""
        if alternative not in self._shortest:
            self._shortest[alternative] = self.shortest(alternative)
        return self._shortest[alternative]

    def demand(self, alternative: Alternative) -> Demand:
        """What an alternative asks of the network."""
        return self.net.demand(
            alternative.route,
            closed_of(self.scenario),
            size_of(self.ship),
            alternative.use,
            alternative.avoid,
            self.origin.arctic or self.destination.arctic,
        )

    def ice_sea(self, alternative: Alternative, departure: datetime) -> IceSea:
        """The ice for an alternative on a departure, with how its ship goes in it."""
        return self.seas.sea(alternative, departure, self.ship, self.router)

    @property
    def under_keel_m(self) -> float | None:
        """What the ship keeps under its keel on the shelf; None where no depth bars it."""
        return under_keel_of(self.scenario, self.ship)

    @property
    def ice_label(self) -> str:
        """Which ice is sailed in, with what was decided on an ice file; empty without ice."""
        if self.scenario.ice is None:
            return ""
        field = self.seas.field(self.scenario.voyage.depart)
        from_file = _from_file(field)
        told = [] if from_file is None else from_file.notes
        if any((a.escort or self.scenario.ice.escort) != "none" for a in self.scenario.alternatives):
            told = [*told, leader_line(self.scenario, self.scenario.voyage.depart)]
        if self.scenario.ice.besetting == "expected":
            told = [*told, "the expected delay of being beset counts"]
        return "; ".join([field.label, *told])

    def check_escort(self) -> None:
        """Raise ScenarioError for an escort on a route where no icebreaker escorts ships."""
        section = self.scenario.ice
        if section is None:
            return
        asked = [a for a in self.scenario.alternatives if (a.escort or section.escort) != "none"]
        routes = [(a, r) for a in asked if (r := self.shortest_once(a)).status == "ok"]
        offered = {a.label: _escort_on(r) for a, r in routes}
        faults = [a.label for a, _ in routes if a.escort not in (None, "none") and not offered[a.label]]
        if section.escort != "none" and routes and not any(offered.values()):
            faults = faults or [a.label for a, _ in routes]
        if faults:
            raise ScenarioError(
                [
                    f"escort is asked for on {_listed(faults)}, where no icebreaker escorts ships; "
                    "it is offered on the Northern Sea Route (geodata/tables/escort_waters.csv)"
                ]
            )


def _from_file(field: IceField) -> GapFilledField | None:
    """The field as one of the user's files, if it is. Only then are the readers of files loaded."""
    if field.kind != "file":
        return None
    from sim.ice.files.gap_filled import GapFilledField

    assert isinstance(field, GapFilledField)
    return field


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


__all__ = ["Sailing", "admission_of", "ice_field_of", "ship_of"]
