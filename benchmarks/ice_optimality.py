"""Hold the way through ice against an independent solver on a fine grid; print a section of markdown.

`python benchmarks/ice_optimality.py [--spacing KM] [--fields N]`. The other solver shares with the program only the
question: which places are land, which cells of ice there are, and how fast the ship goes in each. It lays a square grid
over a gnomonic chart about the pole, on which great circles are straight, joins every point to its 48 nearest
directions, finds out with shapely which of these legs cross land, and searches with Dijkstra. The ice stands still at
the day of departure, so that both solve the same problem. The grid's way is a real one: the program's must not be much
slower. And a grid is never shorter than the true way, so a program that is much quicker would be wrong as well. Since a
grid knows few directions, its way is also drawn tight: corners are left out where the direct leg is free and quicker.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from math import gcd

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from scipy.ndimage import gaussian_filter
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

import geodata
from sim import SeaNetwork
from sim.geo.cells import CellGrid
from sim.geo.geodesy import Floats, vectors
from sim.geo.land import unpack_polygons
from sim.geo.passages import ShipSize
from sim.ice.admission import AdmissionTable
from sim.ice.climate import ClimateField
from sim.ice.field import FieldKind, IceField, day_number
from sim.ship.vessel import VesselTable
from sim.voyage.ice_route import IceRouter
from sim.voyage.navigation import Bar, Navigator
from sim.voyage.policy import Escort, IcePolicy
from sim.voyage.sail import IceSea
from sim.voyage.voyage import SpeedPlan

EARTH_KM = 6371.0
NM_KM = 1.852
GEOD = Geod(ellps="WGS84")
WIDEST = 4  # steps of the longest move along an axis
MOVES = [(a, b) for a in range(-WIDEST, WIDEST + 1) for b in range(WIDEST + 1)
         if gcd(a, b) == 1 and (b > 0 or a > 0)]  # fmt: skip
SAMPLES_PER_CELL = 5  # readings of a leg within the way from one ice cell to the next
FINE = 50  # the same, where a way is looked at closely
SKIP = 30  # corners that a tightened leg may leave out
# window of the chart, x to 0 E and y to 90 E, in earth radii: from the Barents Sea over the pole to the Bering Strait
NORTH_EAST = (-0.47, 0.42, -0.22, 0.45)
BARENTS, BERING = (60.0, 77.2), (-169.0, 66.6)  # off Cape Zhelaniya, and north of the strait
KARA_SEA = (62.0, 71.0)  # behind the Kara Gate, which is too narrow for the grid
# ways round that lie outside the window
ELSEWHERE = (
    "suez_canal", "panama_canal", "panama_canal_panamax", "cape_of_good_hope", "drake_passage", "magellan_strait",
    "lancaster_sound", "nares_strait", "jones_sound", "fury_hecla_strait",
)  # fmt: skip


class Frozen:
    """A field that stays as it is on one day."""

    def __init__(self, field: IceField, day: float) -> None:
        self.field, self.day = field, day
        self.kind, self.label, self.sources = field.kind, field.label, field.sources

    def sampler(self, lonlat: Floats) -> _Still:
        return _Still(self.field, lonlat, self.day)


class _Still:
    def __init__(self, field: IceField, lonlat: Floats, day: float) -> None:
        self._values = field.sampler(lonlat).on(day)

    def on(self, day: Floats | float) -> tuple[Floats, Floats]:
        concentration, thickness = self._values
        return concentration.copy(), thickness.copy()


class Floes:
    """Made-up ice with leads and thick floes, finer than the climate: what a user's file may look like."""

    kind: FieldKind = "file"
    label = "random field with leads"
    sources: tuple[str, ...] = ("made up",)

    def __init__(self, seed: int, grain_km: float = 60.0, step_km: float = 12.5) -> None:
        rng = np.random.default_rng(seed)
        self.step_km = step_km
        shape = (800, 800)
        coarse, fine = (
            gaussian_filter(rng.standard_normal(shape), size / step_km) for size in (4 * grain_km, grain_km)
        )
        coarse, fine = coarse / coarse.std(), fine / fine.std()
        self.concentration = np.clip(0.55 + 0.35 * coarse + 0.35 * fine, 0.0, 1.0)
        self.thickness_m = np.clip(0.9 + 0.5 * coarse + 0.35 * fine, 0.05, 2.4)

    def sampler(self, lonlat: Floats) -> _Still:
        return _FloesAt(self, lonlat)


class _FloesAt(_Still):
    def __init__(self, field: Floes, lonlat: Floats) -> None:
        flat = chart_of(lonlat) * EARTH_KM / field.step_km + 400
        i, j = np.clip(np.rint(flat).astype(np.int64), 0, 799).T
        self._values = field.concentration[i, j], field.thickness_m[i, j]


def chart_of(lonlat: Floats) -> Floats:
    """Gnomonic chart (n, 2) about the pole, in earth radii, of lon, lat degrees (n, 2) north of 30 N."""
    lon, colatitude = np.deg2rad(lonlat[..., 0]), np.deg2rad(90 - np.maximum(lonlat[..., 1], 5.0))
    r = np.tan(colatitude)
    return np.stack([r * np.cos(lon), r * np.sin(lon)], axis=-1)


def lonlat_of(xy: Floats) -> Floats:
    """Lon, lat degrees (n, 2) of the chart."""
    r = np.hypot(xy[..., 0], xy[..., 1])
    return np.stack([np.rad2deg(np.arctan2(xy[..., 1], xy[..., 0])), 90 - np.rad2deg(np.arctan(r))], axis=-1)


def lengths_nm(a: Floats, b: Floats) -> Floats:
    """Lengths (n,) in nm of legs of the chart, on WGS84."""
    p, q = lonlat_of(a), lonlat_of(b)
    return np.asarray(GEOD.inv(p[:, 0], p[:, 1], q[:, 0], q[:, 1])[2]) / 1000 / NM_KM


@dataclass(frozen=True)
class Legs:
    """Legs with the ice cells that they are read in: `cell` (s,) of the pieces, those of leg k from `first[k]`."""

    length_nm: Floats
    cell: NDArray[np.int32]
    first: NDArray[np.int64]

    def hours(self, per_nm: Floats, open_per_nm: float) -> Floats:
        """Hours (n,) of hours per nm in the cells, and elsewhere."""
        pieces = np.append(per_nm, open_per_nm)[self.cell]
        share = np.add.reduceat(pieces, self.first) / np.diff(np.append(self.first, len(self.cell)))
        return np.where(self.length_nm > 0, np.maximum(self.length_nm, 1e-9) * share, 0.0)


class GridSolver:
    """Quickest ways between two places on a grid. `closed` are gates (2, 2) of lon, lat that must not be crossed."""

    def __init__(
        self,
        cells: CellGrid,
        spacing_km: float,
        window: tuple[float, float, float, float] = NORTH_EAST,
        closed: Iterable[tuple[tuple[float, float], tuple[float, float]]] = (),
    ) -> None:
        self.cells, self.spacing, self.window = cells, spacing_km / EARTH_KM, window
        self.gates = shapely.union_all([shapely.LineString(chart_of(np.array(g))) for g in closed])
        shapely.prepare(self.gates)
        x0, x1, y0, y1 = window
        x, y = np.arange(x0, x1, self.spacing), np.arange(y0, y1, self.spacing)
        self.shape = len(x), len(y)
        self.points = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)
        self.water = ~shapely.intersects_xy(self.solid, self.points)

    @cached_property
    def solid(self) -> shapely.Geometry:
        """The obstacles that ships keep out of, on the chart; a hair smaller, since a way may touch them."""
        with np.load(geodata.binary("obstacles.npz")) as data:
            polygons = unpack_polygons(data["delta"], data["ring_sizes"], data["polygon_rings"])
        x0, x1, y0, y1 = self.window
        frame = shapely.box(x0 - 0.02, y0 - 0.02, x1 + 0.02, y1 + 0.02)
        north = shapely.box(-181, 45, 181, 91)
        parts = []
        for polygon in polygons:
            if polygon.bounds[3] > 45:
                top = polygon if polygon.bounds[1] > 45 else shapely.intersection(polygon, north)
                parts.append(shapely.make_valid(shapely.transform(top, chart_of)))
        near = [shapely.intersection(p, frame) for p in parts if p.intersects(frame)]
        out = shapely.union_all(near).buffer(-1e-8, join_style="mitre")
        shapely.prepare(out)
        return out

    def clear(self, a: Floats, b: Floats) -> NDArray[np.bool_]:
        """Which legs (n, 2) of the chart cross neither land nor a closed gate."""
        line = shapely.linestrings(np.stack([a, b], axis=1))
        hit = shapely.intersects(self.solid, line)
        if not self.gates.is_empty:
            hit |= shapely.intersects(self.gates, line)
        return np.asarray(~hit, dtype=np.bool_)

    def read(self, a: Floats, b: Floats, per_cell: int = SAMPLES_PER_CELL) -> Legs:
        """The cells of legs (n, 2) of the chart, read at equal parts."""
        length = lengths_nm(a, b)
        count = np.maximum(np.ceil(length * NM_KM * per_cell / 25.0), 1).astype(np.int64)
        first = np.concatenate([[0], np.cumsum(count)])
        leg = np.repeat(np.arange(len(count)), count)
        part = ((np.arange(first[-1]) - first[leg] + 0.5) / count[leg])[:, None]
        return Legs(length, self.cells.at(vectors(lonlat_of(a[leg] * (1 - part) + b[leg] * part))), first[:-1])

    @cached_property
    def _moves(self) -> tuple[NDArray[np.int32], NDArray[np.int32], Legs]:
        """Ends and readings of all legs of the grid."""
        m, n = self.shape
        number = np.arange(m * n, dtype=np.int32).reshape(m, n)
        firsts, seconds = [], []
        for dx, dy in MOVES:
            a = number[max(-dx, 0) : m - max(dx, 0), : n - dy].ravel()
            b = number[max(dx, 0) : m + min(dx, 0), dy:].ravel()
            both = self.water[a] & self.water[b]
            a, b = a[both], b[both]
            ok = self.clear(self.points[a], self.points[b])
            firsts.append(a[ok])
            seconds.append(b[ok])
        first, second = np.concatenate(firsts), np.concatenate(seconds)
        return first, second, self.read(self.points[first], self.points[second])

    @property
    def legs(self) -> int:
        return len(self._moves[0])

    def way(
        self, start: tuple[float, float], goal: tuple[float, float], per_nm: Floats, open_per_nm: float
    ) -> tuple[float, float, Floats]:
        """Hours of the grid's quickest way, hours of it drawn tight, and that way (n, 2) in lon, lat; inf for none."""
        first, second, legs = self._moves
        ends = chart_of(np.array([start, goal]))
        count = len(self.points)
        more = []
        for k, end in enumerate(ends):
            near = np.flatnonzero((np.abs(self.points - end).max(axis=1) < 3 * self.spacing) & self.water)
            from_end = np.broadcast_to(end, (len(near), 2))
            ok = self.clear(from_end, self.points[near])
            near, from_end = near[ok], from_end[ok]
            hours = self.read(from_end, self.points[near]).hours(per_nm, open_per_nm)
            more.append((np.full(len(near), count + k, np.int32), near.astype(np.int32), hours))
        rows = np.concatenate([first, *(e[0] for e in more)])
        columns = np.concatenate([second, *(e[1] for e in more)])
        hours = np.concatenate([legs.hours(per_nm, open_per_nm), *(e[2] for e in more)])
        open_legs = np.isfinite(hours)
        graph = csr_array((hours[open_legs], (rows[open_legs], columns[open_legs])), shape=(count + 2, count + 2))
        found, before = dijkstra(graph, directed=False, indices=count, return_predecessors=True)
        if not np.isfinite(found[count + 1]):
            return np.inf, np.inf, np.empty((0, 2))
        nodes = [count + 1]
        while nodes[-1] != count:
            nodes.append(int(before[nodes[-1]]))
        line = np.vstack([self.points, ends])[nodes[::-1]]
        tight, line = self._tightened(line, per_nm, open_per_nm)
        return float(found[count + 1]), tight, lonlat_of(line)

    def _tightened(self, line: Floats, per_nm: Floats, open_per_nm: float) -> tuple[float, Floats]:
        """The quickest way over some of a line's corners."""
        last = len(line) - 1
        best, before = np.full(last + 1, np.inf), np.zeros(last + 1, dtype=np.int64)
        best[0] = 0.0
        for i in range(last):
            to = np.arange(i + 1, min(i + SKIP, last) + 1)
            start = np.broadcast_to(line[i], (len(to), 2))
            hours = self.read(start, line[to]).hours(per_nm, open_per_nm)
            hours[1:][~self.clear(start[1:], line[to[1:]])] = np.inf
            better = best[i] + hours < best[to]
            best[to[better]], before[to[better]] = (best[i] + hours)[better], i
        kept = [last]
        while kept[-1]:
            kept.append(int(before[kept[-1]]))
        return float(best[last]), line[kept[::-1]]


@dataclass(frozen=True)
class Case:
    """One field, ship and voyage; `warming_c` None is the random field, whose seed is `month`."""

    ship: str
    month: int
    warming_c: float | None
    anomaly_z: float = 0.0
    escort: Escort = "none"
    rules: bool = False
    start: tuple[float, float] = BARENTS
    day: int = 15

    @property
    def name(self) -> str:
        field = f"random {self.month}" if self.warming_c is None else f"{self.warming_c:g} C, z {self.anomaly_z:+g}"
        return f"{field}, month {self.month}" if self.warming_c is not None else field


CASES = (
    Case("lng_yamalmax", 2, 1.3, 0.0),
    Case("lng_yamalmax", 2, 1.3, 1.0, "when_needed"),
    Case("lng_yamalmax", 4, 1.0, 0.0, "when_needed"),
    Case("lng_yamalmax", 6, 1.3, 0.0),
    Case("lng_yamalmax", 6, 0.6, 1.0),
    Case("lng_yamalmax", 7, 0.5, 1.0, "when_needed", True),
    Case("lng_yamalmax", 12, 1.3, 1.0),
    Case("cargo_arc7_norilsk", 2, 2.0, 0.0),
    Case("cargo_arc7_norilsk", 7, 1.0, 1.0, "always"),
    Case("cargo_arc7_norilsk", 11, 1.0, 1.0, start=KARA_SEA),
    Case("cont_3600_1a", 7, 1.0, 0.0, "when_needed", True),
    Case("cont_3600_1a", 8, 0.8, 0.0),
    Case("cont_3600_1a", 8, 1.0, 1.0),
    Case("cont_3600_1a", 10, 1.3, 0.0, day=25),
    Case("cont_3600_1a", 11, 1.3, 0.0, "when_needed"),
    Case("cont_3600_1a", 11, 2.0, 0.0, start=KARA_SEA),
    Case("cont_3600_1a", 9, 2.0, 0.0),
    Case("lng_yamalmax", 1, None),
    Case("lng_yamalmax", 2, None, escort="when_needed"),
    Case("cont_3600_1a", 3, None, escort="always"),
)


@dataclass(frozen=True)
class Result:
    """Hours by the program, by the grid, and by the grid drawn tight; inf where there is no way. `barred_nm` are miles
    of the program's way in corners of barred cells, which fall between its readings."""

    case: Case
    own_h: float
    grid_h: float
    tight_h: float
    open_h: float
    own_seconds: float
    barred_nm: float
    lonlat: Floats


class Bench:
    """The program and the grid with one network; a grid serves all ships whose draft closes the same gates."""

    def __init__(self, spacing_km: float, window: tuple[float, float, float, float] = NORTH_EAST) -> None:
        self.net = SeaNetwork.load()
        self.router = IceRouter(self.net)
        self.spacing_km, self.window = spacing_km, window
        self.grids: dict[int, GridSolver] = {}

    def grid(self, closed: np.uint64) -> GridSolver:
        gates = [p.gate for k, p in enumerate(self.net.passages.all) if int(closed) >> k & 1]
        if int(closed) not in self.grids:
            north = [g for g in gates if min(g[0][1], g[1][1]) > 60]
            self.grids[int(closed)] = GridSolver(self.router.lattice.grid, self.spacing_km, self.window, north)
        return self.grids[int(closed)]

    def run(self, case: Case, goal: tuple[float, float] = BERING) -> Result:
        """Both solvers on one case."""
        ship = VesselTable.load().find(case.ship)
        depart = datetime(2025, case.month if case.warming_c is not None else 3, case.day, tzinfo=UTC)
        field: IceField = Floes(case.month) if case.warming_c is None else ClimateField(case.warming_c, case.anomaly_z)
        day = day_number(depart)
        policy = IcePolicy(escort=case.escort, sailed_miles="shortest")  # as the grids sail
        rules = AdmissionTable.load() if case.rules else None
        speed = ship.service_speed_kn
        sea = IceSea(
            self.router.lattice.grid,
            Frozen(field, day),
            Navigator(ship, ship.ice_class, policy, speed, rules),
        )
        a, b = self.net.place(case.start), self.net.place(goal)
        demand = self.net.demand("any", ELSEWHERE, ShipSize(draft_m=ship.draft_m), (), (), True)
        shortest = self.net.route(a, b, via="any", closed=ELSEWHERE, draft_m=ship.draft_m)
        begun = time.perf_counter()
        route, voyage = self.router.voyage(a, b, demand, shortest, SpeedPlan(speed, {}, {}), sea, depart)
        seconds = time.perf_counter() - begun
        going = sea.navigator.going(sea.cells, day)
        per_nm = np.where(going.bar == Bar.OPEN, 1.0 / np.where(going.speed_kn > 0, going.speed_kn, 1.0), np.inf)
        grid = self.grid(demand.closed)
        grid_h, tight_h, _ = grid.way(case.start, goal, per_nm, 1.0 / speed)
        drawn = chart_of(route.lonlat)
        barred_nm = grid.read(drawn[:-1], drawn[1:], FINE).hours(np.isinf(per_nm).astype(np.float64), 0.0).sum()
        own_h = np.inf if voyage.blocked else voyage.sailing_days * 24
        return Result(case, own_h, grid_h, tight_h, shortest.distance_nm / speed, seconds, barred_nm, route.lonlat)


def row(r: Result) -> str:
    """One line of the table."""
    c = r.case

    def percent(other: float) -> str:
        if np.isfinite(r.own_h) and np.isfinite(other):
            return f"{(r.own_h / other - 1) * 100:+.2f} %"
        return "both barred" if r.own_h == other else f"cuts {r.barred_nm:.1f} nm of a barred cell"

    return (
        f"| {c.ship} | {c.name} | {c.escort}{', rules' if c.rules else ''} | {r.open_h:.1f} | {r.own_h:.1f} "
        f"| {r.grid_h:.1f} | {r.tight_h:.1f} | {percent(r.grid_h)} | {percent(r.tight_h)} | {r.own_seconds:.2f} |"
    )


def main() -> None:
    """Run the cases and print the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spacing", type=float, default=12.5, help="km between the points of the grid")
    parser.add_argument("--fields", type=int, default=len(CASES), help="how many of the cases")
    arguments = parser.parse_args()
    bench = Bench(arguments.spacing)
    print("## Ways through ice against an independent grid\n")
    print("| ship | ice | escort | open water, h | program, h | grid, h | grid tightened, h "
          "| against grid | against tightened | s |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|---|")
    results = []
    for case in CASES[: arguments.fields]:
        results.append(bench.run(case))
        print(row(results[-1]), flush=True)
    both = [r for r in results if np.isfinite(r.own_h) and np.isfinite(r.grid_h)]
    worst = max((r.own_h / r.tight_h - 1) * 100 for r in both)
    ship = VesselTable.load().find("cont_3600_1a")
    demand = bench.net.demand("any", ELSEWHERE, ShipSize(draft_m=ship.draft_m), (), (), True)
    exact = bench.net.route(BARENTS, BERING, via="any", draft_m=ship.draft_m).distance_nm
    none = np.ones(bench.router.lattice.grid.size)
    raw, tight, _ = bench.grid(demand.closed).way(BARENTS, BERING, none, 1.0)
    print(
        f"\nThe grid has {arguments.spacing:g} km between points, {2 * len(MOVES)} directions and "
        f"{bench.grid(demand.closed).legs:,} legs. On open water, where the network is exact ({exact:.1f} nm), it "
        f"finds {raw:.1f} nm ({(raw / exact - 1) * 100:+.2f} %), tightened {tight:.1f} nm "
        f"({(tight / exact - 1) * 100:+.2f} %): so much is its own error. "
        f"The program was slower than the tightened grid by at most {worst:+.2f} %."
    )


if __name__ == "__main__":
    main()
