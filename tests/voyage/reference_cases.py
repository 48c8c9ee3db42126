"""Real voyages as cases: what each source says of ship, date and escort, and the defaults for what it does not say.

The reported figures are in geodata/tables/reference_voyages.csv. No figure here was chosen for one voyage: a ship has
the service speed of its type, a year has its own season, and all else is `DEFAULTS`.
"""

from __future__ import annotations

import csv
import math
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

import geodata
from sim import SeaNetwork, tables
from sim.geo.drawing import densified
from sim.geo.geodesy import lengths_nm
from sim.geo.route import Route
from sim.scenario.schema import Scenario
from sim.scenario.simulate import Sailing
from sim.units import HOURS_PER_DAY
from sim.voyage.ice_route import IceRouter
from sim.voyage.voyage import Voyage

TOLERANCE = 0.20  # of the days, as asked of every row that is marked for calibration
DEFAULTS: Mapping[str, Any] = {"field": "single_year", "escort_wait_h": 12.0}
UNKNOWN = "when_needed"  # escort where the source says nothing of it
FLEET = ("mpp_19k_1a", "tank_lr1_1a", "bulk_panamax_1a")  # Arc4, as most ships of 2013
NORTH_CAPE, BERING_STRAIT = (25.8, 71.4), (-168.8, 65.9)
Made = Callable[[Sailing], Sailing]  # a change of the ship, for the study of what matters


@dataclass(frozen=True)
class SailedMiles:
    """A row of sailed_miles.csv: miles sailed in the NSR, those of the shortest open way, mean concentration."""

    voyage: str
    sailed_nm: float
    way_nm: float
    concentration: float
    source: str
    confidence: str

    @property
    def more(self) -> float:
        """Miles beyond the shortest open way, as a share of it."""
        return self.sailed_nm / self.way_nm - 1


@dataclass(frozen=True)
class Fit:
    """Share of miles beyond the shortest open way: base + slope x concentration, least squares over the rows."""

    rows: tuple[SailedMiles, ...]
    base: float
    slope: float

    @property
    def rms(self) -> float:
        """Root mean square of what the fit is off."""
        off = (self.base + self.slope * r.concentration - r.more for r in self.rows)
        return math.sqrt(statistics.fmean(x * x for x in off))


def fit_of_sailed_miles() -> Fit:
    """The fit to the voyages of sailed_miles.csv."""
    found = tuple(tables.rows(geodata.table("sailed_miles.csv"), SailedMiles, unique="voyage"))
    slope, base = statistics.linear_regression([r.concentration for r in found], [r.more for r in found])
    return Fit(found, base, slope)


@dataclass(frozen=True)
class Case:
    """A row of the table as a voyage that can be sailed.

    `departures` are several where the row is a mean. `measure` is what is compared: `nsr` days in the water area,
    `ice` days in ice within it, `days` of the whole voyage, `cape` days between the Bering Strait and the North Cape,
    or `kn`, the mean speed in the water area. `escort`, `rules` and `icebreaker` are the keys `escort`, `admission` and
    `icebreaker` of a scenario. `assumed` is what the source does not say; `fails` tells why the row cannot be met.
    """

    row: str
    origin: str
    destination: str
    departures: tuple[str, ...]
    ships: tuple[str, ...]
    measure: str
    escort: str
    assumed: str
    ice_class: str | None = None
    rules: str = "nsr"
    wait_h: float | None = None
    icebreaker: str | None = None
    fails: str = ""


CASES = (
    Case(
        "V10", "Sabetta", "Rudong", ("2018-06-26",), ("lng_yamalmax",), "nsr", "none",
        "admitted by the permit that this voyage shows: the letter of the rules of 2013 refuses it before July",
        fails="2,360 nm in 11 days are 8.9 kn where the source says 12.8 kn: waiting, or close ice at the end of June "
        "that a monthly mean does not have (in the melt the satellites read 10 to 30 points too little)",
    ),
    Case(
        "V11", "Sabetta", "Tianjin", ("2019-07-06",), ("lng_yamalmax",), "ice", "none",
        "departure: 16 days before the report of 25 July, and some for the berth",
    ),
    Case(
        "V13", "Murmansk", "Map Ta Phut", ("2011-07-19",), ("tank_lr1_1a",), "nsr", "always",
        "1A; departure from Murmansk so that the ship is off Novaya Zemlya 8 days before 29 July",
    ),
    Case(
        "V17", "Qingdao", "Reykjavik", ("2012-07-11",), ("cargo_arc7_norilsk",), "nsr", UNKNOWN,
        "Arc6 for CCS A-2; a cargo ship of like hull and power; departure so that it is in the Chukchi Sea on 22 July",
        ice_class="Arc6",
        fails="a research ship that stops for science; the table says: not for speed",
    ),
    Case(
        "V24", "Vysotsk", "Caofeidian", ("2023-08-14",), ("lng_174k",), "days", UNKNOWN,
        "Ice2, from memory; Vysotsk lies beside Portovaya",
        ice_class="Ice2",
        fails="33 days for 8,500 nm are 10.7 kn, three quarters of it in open ocean where this type serves at 17 kn: "
        "slow steaming or waiting that the source does not tell",
    ),
    Case(
        "V25a", "Murmansk", "Busan", ("2013-07-05", "2013-07-18"), FLEET, "kn", UNKNOWN,
        "three Arc4 ships, eastbound",
    ),
    Case(
        "V25b", "Murmansk", "Busan", ("2013-08-05", "2013-08-18"), FLEET, "kn", UNKNOWN,
        "three Arc4 ships, eastbound",
    ),
    Case(
        "V31", "Taicang", "Rotterdam", ("2013-08-10",), ("mpp_19k_1a",), "cape", UNKNOWN, "day of departure, as T02",
    ),
    Case("V32", "Sabetta", "Rudong", ("2018-07-05",), ("lng_yamalmax",), "nsr", "none", "day of departure"),
    Case(
        "V33", "Sabetta", "Rudong", ("2020-05-19",), ("lng_yamalmax",), "nsr", "always",
        "voyage and day; speed under way", wait_h=0.0, icebreaker="Yamal",
    ),
    Case(
        "V34", "Rudong", "Sabetta", ("2021-01-28",), ("lng_yamalmax",), "nsr", "always",
        "voyage and day; speed under way", wait_h=0.0, icebreaker="50 Let Pobedy",
    ),
    Case(
        "V35", "Hammerfest", "Busan", ("2011-09-14",), ("gc_12700_1a",), "cape", UNKNOWN,
        "day; a cargo ship of like size and speed", ice_class="1A Super",
    ),
    Case(
        "T01", "Hammerfest", "Busan", ("2017-08-05",), ("lng_yamalmax",), "nsr", "none",
        "day of departure; Busan for Boryeong",
    ),
    Case("T02", "Taicang", "Rotterdam", ("2013-08-10",), ("mpp_19k_1a",), "days", UNKNOWN, "day of departure"),
    Case("T03", "Sabetta", "Rudong", ("2023-01-05",), ("lng_yamalmax",), "kn", "always",
         "voyage and day; speed under way, so without the wait for the convoy", wait_h=0.0),
    Case(
        "T04", "Sabetta", "Rudong", ("2021-01-05",), ("lng_yamalmax",), "nsr", "none",
        "day; admitted by the permits that the voyages of that winter show",
    ),
    Case(
        "T05", "Shanghai", "Rotterdam", ("2024-09-10",), ("cont_4890_ice1",), "kn", UNKNOWN, "voyage, day and ship",
    ),
)  # fmt: skip
BY_ROW = {case.row: case for case in CASES}
CALIBRATION = tuple(case for case in CASES if case.row.startswith("V"))


@lru_cache(maxsize=1)
def rows() -> dict[str, dict[str, str]]:
    """Rows of the table by id."""
    with geodata.table("reference_voyages.csv").open(newline="", encoding="utf-8") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def reported(case: Case) -> float:
    """The figure that a case is compared with: days, or knots."""
    column = {"days": "total_days_num", "kn": "nsr_speed_kn_num"}.get(case.measure, "nsr_days_num")
    return float(rows()[case.row][column])


class Sea:
    """The network and its lattice, loaded once."""

    def __init__(self) -> None:
        self.net = SeaNetwork.load()
        self.router = IceRouter(self.net)

    def sailed(
        self,
        origin: str,
        destination: str,
        depart: str,
        ship: str,
        *,
        ice_class: str | None = None,
        changed: Made | None = None,
        speed_kn: float | None = None,
        **ice: Any,
    ) -> tuple[Route, Voyage]:
        """A voyage by the Northern Sea Route under the defaults and the keys of the section `ice` given."""
        vessel = {"type": ship, "ice_class": ice_class, "speed_kn": speed_kn}
        scenario = Scenario.model_validate(
            {
                "format": 1,
                "name": "reference",
                "description": "a reported voyage",
                "voyage": {"from": origin, "to": destination, "depart": depart},
                "vessel": {key: value for key, value in vessel.items() if value is not None},
                "alternatives": [{"route": "nsr"}],
                "ice": {**DEFAULTS, **ice},
            }
        )
        sailing = Sailing(scenario, self.net, Path(), self.router)
        sailing = changed(sailing) if changed else sailing
        route, voyage = sailing.sailed(scenario.alternatives[0])
        assert voyage is not None, route.reason
        return route, voyage

    def voyages(self, case: Case, changed: Made | None = None, **ice: Any) -> list[Voyage]:
        """All voyages of a case; keys of `ice` go before its own."""
        how = {"escort": case.escort, "admission": case.rules, **ice}
        if case.wait_h is not None:
            how = {"escort_wait_h": case.wait_h, **how}
        if case.icebreaker is not None:
            how = {"icebreaker": case.icebreaker, **how}
        return [
            self.sailed(
                case.origin, case.destination, day, ship, ice_class=case.ice_class, changed=changed, **how
            )[1]
            for ship in case.ships
            for day in case.departures
        ]  # fmt: skip


def ice_days(voyage: Voyage) -> float:
    """Days under way in ice."""
    return sum(leg.hours for leg in voyage.legs if leg.concentration > 0) / HOURS_PER_DAY


def hours_at(voyage: Voyage, place: tuple[float, float]) -> float:
    """Hours after departure at which a voyage is nearest to a place of lon, lat degrees."""
    best, found, at = math.inf, math.nan, 0.0
    for leg in voyage.legs:
        line = densified(leg.lonlat, 5.0)
        steps = np.append(0.0, np.cumsum(lengths_nm(line[:-1], line[1:])))
        off = lengths_nm(line, np.broadcast_to(np.array(place), line.shape))
        k = int(off.argmin())
        if off[k] < best:
            best, found = float(off[k]), at + leg.hours * float(steps[k]) / max(float(steps[-1]), 1e-9)
        at += leg.hours + leg.wait_h
    return found


def cape_days(voyage: Voyage) -> float:
    """Days between the Bering Strait and the North Cape."""
    return abs(hours_at(voyage, NORTH_CAPE) - hours_at(voyage, BERING_STRAIT)) / HOURS_PER_DAY


def computed(case: Case, voyages: list[Voyage]) -> float:
    """The figure of a case, of its voyages: mean days, or miles by days in knots; nan where the ice ends one."""
    if any(v.blocked for v in voyages):
        return float("nan")
    if case.measure == "kn":
        return sum(v.nsr_sailed_nm for v in voyages) / sum(v.nsr_days for v in voyages) / HOURS_PER_DAY
    value = {"nsr": lambda v: v.nsr_days, "ice": ice_days, "days": lambda v: v.days, "cape": cape_days}[case.measure]
    return sum(map(value, voyages)) / len(voyages)


def longer(case: Case, figure: float) -> float:
    """Share by which the computed voyage takes longer than the reported one; of a speed too, time is what counts."""
    return reported(case) / figure - 1 if case.measure == "kn" else figure / reported(case) - 1
