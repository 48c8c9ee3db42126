"""What the tests of voyages share: the network, its router, made-up ice fields and ships in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pytest
from pydantic import ConfigDict

from sim import SeaNetwork
from sim.geo.geodesy import Floats, vectors
from sim.geo.network.places import Place
from sim.geo.passages import ShipSize
from sim.geo.route import Route
from sim.ice.admission import AdmissionTable
from sim.ice.field import FieldKind, IceField
from sim.ship.vessel import Ship, VesselTable
from sim.voyage.ice_route import IceRouter, Objective
from sim.voyage.navigation import Navigator
from sim.voyage.policy import IcePolicy
from sim.voyage.sail import IceSea, sail
from sim.voyage.voyage import SpeedPlan, Voyage

NM_PER_RADIAN = 180 * 60 / np.pi
SUMMER = datetime(2025, 8, 1, tzinfo=UTC)


class Ruled(IcePolicy):
    """A policy together with rules of admission."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    admission: AdmissionTable | None = None


# neither risk nor rules: only the hull decides, on the shortest open way
DARING = IcePolicy(max_risk="special", sailed_miles="shortest")
Ice = Callable[[Floats, Floats], tuple[Floats, Floats]]


@dataclass
class Made:
    """Ice of a function of lon, lat degrees (n, 2) and days (n,): concentration and thickness in m, both (n,)."""

    ice: Ice
    kind: FieldKind = "file"
    label: str = "made up"
    sources: tuple[str, ...] = ("made up",)

    def sampler(self, lonlat: Floats) -> _MadeAt:
        return _MadeAt(self.ice, lonlat)


@dataclass(frozen=True)
class _MadeAt:
    ice: Ice
    lonlat: Floats

    def on(self, day: Floats | float) -> tuple[Floats, Floats]:
        return self.ice(self.lonlat, np.broadcast_to(np.asarray(day, dtype=np.float64), len(self.lonlat)))


def uniform(concentration: float, thickness_m: float) -> Made:
    """The same ice everywhere and always."""
    return Made(lambda at, day: (np.full(len(at), concentration), np.full(len(at), thickness_m)))


def patch(lon: float, lat: float, radius_nm: float, concentration: float, thickness_m: float) -> Made:
    """A round patch of ice in open water."""
    middle = vectors((lon, lat))

    def ice(at: Floats, day: Floats) -> tuple[Floats, Floats]:
        inside = vectors(at) @ middle > np.cos(radius_nm / NM_PER_RADIAN)
        return inside * concentration, inside * thickness_m

    return Made(ice)


def in_time(thickness_m: Callable[[Floats], Floats], concentration: float = 1.0) -> Made:
    """Ice that is the same everywhere, and as thick as a function of the day says; none where that is 0."""

    def ice(at: Floats, day: Floats) -> tuple[Floats, Floats]:
        thick = thickness_m(day)
        return np.where(thick > 0, concentration, 0.0), thick

    return Made(ice)


OPEN_WATER = uniform(0.0, 0.0)


@dataclass(frozen=True)
class Waters:
    """The network with its router, to send ships about."""

    net: SeaNetwork
    router: IceRouter

    def sea(self, ship: Ship, field: IceField, policy: IcePolicy = DARING, speed_kn: float | None = None) -> IceSea:
        rules = policy.admission if isinstance(policy, Ruled) else None
        navigator = Navigator(ship, ship.ice_class, policy, speed_kn or ship.service_speed_kn, rules)
        return IceSea(self.router.lattice.grid, field, navigator)

    def sail(
        self,
        route: Route,
        ship: Ship,
        field: IceField,
        policy: IcePolicy = DARING,
        depart: datetime = SUMMER,
        plan: SpeedPlan | None = None,
    ) -> Voyage:
        """The voyage along a route."""
        plan = plan or SpeedPlan(ship.service_speed_kn, {}, {})
        return sail(route, plan, depart, self.net.passages, ship, self.sea(ship, field, policy, plan.speed_kn))

    def go(
        self,
        ends: tuple[str | Place, str | Place],
        ship: Ship,
        field: IceField,
        policy: IcePolicy = DARING,
        *,
        via: str = "any",
        depart: datetime = SUMMER,
        objective: Objective = "time",
        closed: tuple[str, ...] = (),
        draft_m: float | None = None,
        waits_h: dict[str, float] | None = None,
    ) -> tuple[Route, Voyage]:
        """The best way between two places, and the voyage along it."""
        a, b = (self.net.place(end) for end in ends)
        draft_m = draft_m or ship.draft_m
        demand = self.net.demand(via, closed, ShipSize(draft_m=draft_m), (), (), a.arctic or b.arctic)
        shortest = self.net.route(a, b, via=via, closed=closed, draft_m=draft_m)
        assert shortest.status == "ok", shortest.reason
        plan = SpeedPlan(ship.service_speed_kn, {}, waits_h or {})
        return self.router.voyage(a, b, demand, shortest, plan, self.sea(ship, field, policy), depart, objective)


@pytest.fixture(scope="session")
def waters(net: SeaNetwork) -> Waters:
    return Waters(net, IceRouter(net))


@pytest.fixture(scope="session")
def ships() -> dict[str, Ship]:
    return {ship.id: ship for ship in VesselTable.load().all}


@pytest.fixture(scope="session")
def yamalmax(ships: dict[str, Ship]) -> Ship:
    """Arc7, double acting, 14 kn."""
    return ships["lng_yamalmax"]


@pytest.fixture(scope="session")
def box(ships: dict[str, Ship]) -> Ship:
    """A container ship, Arc4, 15 kn."""
    return ships["cont_3600_1a"]
