"""What the depths of the shelf change: cells, straits, ports and ways, in open water and in ice.

`python benchmarks/shelf_depth.py [--raw FOLDER] [--share SHARE]` prints the tables of decision 0020. With the folder of
the raw archives also those of other figures of a cell: SHARE of its water is shallower, 0.5 is the median.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

import geodata
from sim import SeaNetwork
from sim.geo.cells import readings_of_way
from sim.geo.geodesy import Floats, vectors
from sim.geo.network.depth import Depths, place_of, unpacked
from sim.geo.passages import ShipSize
from sim.geo.ports import read_ports
from sim.geo.route import Route
from sim.ice.field import FieldKind
from sim.scenario.schema import Scenario
from sim.scenario.simulate import Sailing
from sim.ship.vessel import Ship
from sim.voyage.ice_route import IceRouter
from sim.voyage.navigation import Navigator
from sim.voyage.policy import IcePolicy
from sim.voyage.sail import IceSea
from sim.voyage.shelf import Shelf, usual_under_keel_m
from sim.voyage.voyage import SpeedPlan, Voyage

WAYS = (
    ("Cape Zhelaniya", "Cape Dezhnev", "any"),
    ("Murmansk", "Yokohama", "nsr"),
    ("Dalian", "Rotterdam", "nsr"),
)
DRAFTS = (6.0, 8.0, 10.0, 12.0, 13.0, 14.5, 16.0, 18.2, 21.6)
NEEDED = (10.0, 11.5, 13.8, 16.0, 18.4, 20.0, 23.0)  # m: drafts with 15 % more, and round ones
SHIPS = ("mpp_19k_1a", "cont_3600_1a", "lng_yamalmax", "tank_lr1_1a", "bulk_panamax_1a", "tank_suezmax_1a")
SUMMER = datetime(2025, 9, 1, tzinfo=UTC)
IN_ICE = ("2013-09-10", "2024-09-10", "2035-08-25")
# where the depth is published: the tables of passages and ports say where
PLACES = (
    ("Vilkitsky Strait", 103.5, 77.95, "32 to 210 m, AMSA 2009"),
    ("Kara Gate", 58.2, 70.5, "at least 21 m, AMSA 2009"),
    ("Yugorsky Shar", 60.4, 69.7, "13 to 30 m, AMSA 2009"),
    ("Sannikov Strait", 140.5, 74.4, "at least 13 m, CRREL 96-3"),
    ("Dmitry Laptev Strait", 141.3, 73.05, "at least 6.7 m, CRREL 96-3"),
    ("Long Strait", 178.5, 70.0, "at least 20 m, INSROP"),
    ("Gulf of Ob, bar", 73.2, 72.4, "channel of 15 m, from memory"),
    ("Yenisei Gulf", 80.5, 73.0, "ships of 9 m to Dudinka"),
    ("north of Kotelny", 139.0, 76.2, "about 20 m on the usual track, from memory"),
)


class OpenWater:
    """No ice."""

    kind: FieldKind = "file"
    label = "open water"
    sources: tuple[str, ...] = ()

    def sampler(self, lonlat: Floats) -> _Nothing:
        return _Nothing(len(lonlat))


@dataclass(frozen=True)
class _Nothing:
    size: int

    def on(self, day: Floats | float) -> tuple[Floats, Floats]:
        return np.zeros(self.size), np.zeros(self.size)


class Sea:
    """The network, its lattice and depths."""

    def __init__(self, depths: Depths | None = None) -> None:
        self.net = SeaNetwork.load()
        self.router = IceRouter(self.net)
        self.depths = depths or self.router.depths
        self.router.__dict__["depths"] = self.depths  # the cached property

    def open_water(self, a: str, b: str, via: str, draft_m: float, with_shelf: bool = True) -> tuple[Route, Voyage]:
        """The shortest way in open water for a draft."""
        net, ship = self.net, Ship.generic(13.0, draft_m=draft_m)
        start, goal = net.place(a), net.place(b)
        shortest = net.route(start, goal, via=via, draft_m=draft_m)
        demand = net.demand(via, (), ShipSize(draft_m=draft_m), (), (), start.arctic or goal.arctic)
        under = usual_under_keel_m(draft_m)
        shelf = Shelf.between((start, goal), self.depths, draft_m, under) if with_shelf else None
        navigator = Navigator(ship, ship.ice_class, IcePolicy(), 13.0)
        sea = IceSea(self.router.lattice.grid, OpenWater(), navigator, shelf)
        plan = SpeedPlan(13.0, {}, {})
        return self.router.voyage(start, goal, demand, shortest, plan, sea, SUMMER, "distance")

    def in_ice(self, a: str, b: str, ship: str, day: str, **ice: object) -> tuple[Route, Voyage | None]:
        """A voyage by the Northern Sea Route in the ice of a day."""
        scenario = Scenario.model_validate(
            {
                "format": 1, "name": "depth", "description": "depth", "voyage": {"from": a, "to": b, "depart": day},
                "vessel": {"type": ship}, "alternatives": [{"route": "nsr"}], "ice": {"escort": "when_needed", **ice},
            }
        )  # fmt: skip
        return Sailing(scenario, self.net, Path(), self.router).sailed(scenario.alternatives[0])


def cells(sea: Sea) -> None:
    """How many cells are too shallow for what."""
    grid = sea.router.lattice.grid
    raw, kept = (m[place_of(grid.lonlat)] for m in (sea.depths.raw_m, sea.depths.open_m))
    north = grid.lonlat[:, 1] > 66.5
    print(f"\n{grid.size} cells, {int(north.sum())} of them north of 66.5 N\n\n| m | cells | bar ships | north |")
    print("|---|---|---|---|")
    for m in NEEDED:
        print(f"| {m:g} | {(raw < m).sum()} | {(kept < m).sum()} | {((kept < m) & north).sum()} |")


def straits(sea: Sea) -> None:
    """The figure of cells whose depth is published."""
    print("\n| where | of the cell | published | bars |\n|---|---|---|---|")
    for name, lon, lat, published in PLACES:
        at = place_of(np.array([[lon, lat]]))
        raw, kept = float(sea.depths.raw_m[at][0]), float(sea.depths.open_m[at][0])
        told = "50 m or more, or none" if np.isinf(raw) else f"{raw:.0f} m"
        print(f"| {name} | {told} | {published} | {'no' if np.isinf(kept) else 'yes'} |")


def ways(sea: Sea) -> None:
    """Lengths in open water."""
    print("\n| from | to | draft m | nm | with depth | more |\n|---|---|---|---|---|---|")
    for a, b, via in WAYS:
        for draft in DRAFTS:
            before, after = (sea.open_water(a, b, via, draft, shelf) for shelf in (False, True))
            nm = before[0].distance_nm
            if after[1].blocked is not None:
                print(f"| {a} | {b} | {draft:g} | {nm:,.1f} | {after[1].blocked.reason} | |")
            else:
                more = after[0].distance_nm - nm
                print(f"| {a} | {b} | {draft:g} | {nm:,.1f} | {after[0].distance_nm:,.1f} | {more / nm:.2%} |")


def least_m(sea: Sea, route: Route) -> float:
    """The least depth of cells on a way, in m."""
    cell = readings_of_way(sea.router.lattice.grid, route.lonlat).cell
    at = sea.router.lattice.grid.lonlat[cell[cell >= 0]]
    return float(sea.depths.open_m[place_of(at)].min(initial=np.inf))


def in_ice(sea: Sea) -> None:
    """Voyages through ice, with depth and without."""
    print("\n| ship | from | to | departs | days | least m | days with depth | least m |")
    print("|---|---|---|---|---|---|---|---|")
    for ship in SHIPS:
        for a, b, _ in WAYS[1:]:
            for day in IN_ICE:
                told = []
                for depth in ("none", "shelf"):
                    route, voyage = sea.in_ice(a, b, ship, day, depth=depth)
                    if voyage is None:
                        told.append("no route | ")
                    elif voyage.blocked is not None:
                        told.append(f"{voyage.blocked.cause.value} | ")
                    else:
                        told.append(f"{voyage.days:.2f} | {least_m(sea, route):.0f}")
                print(f"| {ship} | {a} | {b} | {day} | {told[0]} | {told[1]} |")


def ports(sea: Sea) -> None:
    """Ports that depth cuts off, or makes farther, by draft."""
    grid = sea.router.lattice.grid
    for draft in (6.0, 8.0, 10.0, 12.0, 14.5):
        cut, farther, count = [], [], 0
        for port in read_ports(geodata.table("ports.csv")):
            place = sea.net.place(port.key)
            if grid.at(vectors(place.sea)[None])[0] < 0 or not place.connected:
                continue
            goal = "Murmansk" if port.lat > 64 or port.lon > 120 else "Rotterdam"
            if port.name in (goal, "Narvik"):
                continue
            count += 1
            shortest = sea.net.route(place, goal, via="any", draft_m=draft)
            if shortest.status != "ok":
                continue
            before = shortest.distance_nm
            route, voyage = sea.open_water(port.key, goal, "any", draft)
            if voyage.blocked is not None:
                cut.append(port.name)
            elif route.distance_nm > before * 1.02:
                farther.append(f"{port.name} {route.distance_nm / before - 1:.0%}")
        print(f"\ndraft {draft:g} m, {count} ports: cut off {len(cut)} ({', '.join(cut)}); "
              f"more than 2 % farther {len(farther)} ({', '.join(farther)})", flush=True)  # fmt: skip


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", type=Path, help="folder of the raw archives")
    parser.add_argument("--share", type=float, default=0.25, help="share of a cell's water that is shallower")
    parser.add_argument("--only", nargs="*", default=["cells", "straits", "ways", "in_ice", "ports"])
    options = parser.parse_args()
    sea = Sea()
    if options.raw is not None:
        from geodata.build.depth import figures, packed, samples, wheel

        figure = figures(*samples(wheel(options.raw)), options.share)
        sea = Sea(Depths(unpacked(packed(figure)), sea.net.passages))
    for table in (cells, straits, ways, in_ice, ports):
        if table.__name__ in options.only:
            table(sea)


if __name__ == "__main__":
    main()
