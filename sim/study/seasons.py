"""The navigable season of the Northern Sea Route by ice class and decade.

A day counts where one of the tracks of ice_tracks.csv is open on its whole length at noon: everywhere on it the risk
(POLARIS) is within what is accepted, and the rules of the area admit the ship. So the season belongs to the rules and
the class. Whether one hull, the same for all classes, would also make way is told apart from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError, did_you_mean
from sim.geo.geodesy import Floats
from sim.geo.passages import PassageTable
from sim.ice import polaris, types
from sim.ice.admission import MODES, OUTSIDE, PARTLY, VERIFIED, AdmissionTable, escort_offered
from sim.ice.admission import seas as nsr_areas
from sim.ice.classes import ADMISSION_ROWS, IceClass
from sim.ice.classes import ice_class as class_of
from sim.ice.climate import ClimateField
from sim.ice.field import day_number
from sim.ice.pathways import climate_field, epoch_years, pathway_name
from sim.ice.season import longest_run, track
from sim.result import Result
from sim.ship.ice_speed import attainable_kn, escorted_kn
from sim.ship.power import hull_of
from sim.ship.vessel import Ship, VesselTable
from sim.values import Valued
from sim.voyage.navigation import HEADWAY_KN
from sim.voyage.policy import RISKS, Decay, Risk
from sim.voyage.voyage import ClosedBy

CLASSES = ADMISSION_ROWS  # a chain: each is at least as strong as the one before it
DECADES = ("2010s", "2020s", "2030s", "2040s", "2050s", "2060s", "2070s", "2080s", "2090s")
REFERENCE_SHIP = "mpp_19k_1a"  # the ship of the documents' claims
TRACKS = ("nsr_coastal", "nsr_northern")
COASTAL_STRAIT = {"nsr_coastal": "sannikov_strait"}  # a track's passage with the least depth
STEP_KM = 20.0  # finer than the field's grid of origin, 25 km
MID_DECADE = 5  # the rules are those on the days of this year of a decade
NOON = 0.5
ICE_FREE = len(types.SEVERITIES)  # behind light, medium, heavy

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Season:
    """One class in one decade, with or without an icebreaker.

    `days` of a year on which a track is open by the rules, of them `moving_days` on which the reference hull also makes
    way all along it. `opens` and `closes` are the ends of the longest stretch by the rules, None where there is none.
    `low_confidence`: some of it rests on rows of the admission table that are of low confidence. `ice_days` are the
    days of a track open without the rules of the area. `before` and `after`: ice, rules or both, which closes the day
    before it opens and the day after it closes (of one that never opens: the year); None for a season of all the year.
    """

    ice_class: str
    decade: str
    escorted: bool
    days: int
    moving_days: int
    opens: date | None
    closes: date | None
    low_confidence: bool
    ice_days: int = 0
    before: ClosedBy | None = None
    after: ClosedBy | None = None


@dataclass(frozen=True, eq=False, repr=False)
class SeasonTable(Valued, Result):
    """Seasons by class, decade and escort. `warming_c` (one a decade) is above 1850-1900; `ice` says which season it
    is; `rules` what is applied; `hull` is the ship, `ship` its name and `ice_class` the row of its own class, "" where
    no scenario names one; `tracks` are the ids of those that it may use."""

    pathway: str
    classes: tuple[str, ...]
    decades: tuple[str, ...]
    warming_c: tuple[float, ...]
    ice: str
    rules: str
    hull: str
    tracks: tuple[str, ...]
    seasons: tuple[Season, ...]
    ship: str = ""
    ice_class: str = ""

    def at(self, ice_class: str, decade: str, escorted: bool = False) -> Season:
        """One season. Raises UsageError for a class or decade that is not in the table."""
        name = class_of(ice_class).name
        for word, known in ((name, self.classes), (decade, self.decades)):
            if word not in known:
                raise UsageError(f"'{word}' is not in the table{did_you_mean(word, known)}; there: {', '.join(known)}")
        number = self.classes.index(name) * len(self.decades) + self.decades.index(decade)
        return self.seasons[2 * number + int(escorted)]


@dataclass(frozen=True)
class _Sheet:
    """The ice on the tracks through a year: (d, p) for days and places.

    `area` (p,) of the rules, `offered` (p,) escort, `first` (t,) the first place of each track, `kind` (d, p) light to
    heavy or ICE_FREE, `stops_*` (d, p) where the hull stops.
    """

    days: Floats
    area: NDArray[np.int64]
    offered: Bools
    first: NDArray[np.int64]
    concentration: Floats
    thickness_m: Floats
    kind: NDArray[np.int64]
    stops_alone: Bools
    stops_led: Bools

    def whole(self, passable: Bools) -> Bools:
        """Days (d,) on which all places of any one track are passable (d, p)."""
        return np.asarray(np.logical_and.reduceat(passable, self.first, axis=1).any(axis=1))


def seasons(
    pathway: str | None = None,
    *,
    classes: Sequence[str] = CLASSES,
    decades: Sequence[str] = DECADES,
    season: str = "normal",
    single_year: bool = True,
    max_risk: Risk = "elevated",
    decay: Decay = "standard",
    old_ice_fraction: float = 0.0,
    admission: AdmissionTable | None = None,
    with_admission: bool = True,
    ship: Ship | None = None,
) -> SeasonTable:
    """Days a year on which the Northern Sea Route is open on a whole track, by class and decade, alone and escorted.

    `pathway` None is SSP2-4.5. `single_year`: a typical single year (see sim.ice.pathways.SINGLE_YEAR_Z), not the mean
    of many years, which is open for about two weeks too long in the 2010s. `admission` None is the shipped table;
    `with_admission` False applies no rules of the area but POLARIS alone. `ship` lends the hull, and its draft says
    which tracks it may use. Raises UsageError.
    """
    if max_risk not in RISKS:
        raise UsageError(f"max_risk '{max_risk}'{did_you_mean(max_risk, RISKS)}; allowed: {', '.join(RISKS)}")
    if not classes or not decades:
        raise UsageError(f"{len(classes)} classes and {len(decades)} decades: a table of seasons needs one of each")
    pathway = pathway_name(pathway)
    years = [epoch_years(decade)[MID_DECADE] for decade in decades]
    ranks = [class_of(name) for name in classes]
    ship = ship or VesselTable.load().find(REFERENCE_SHIP)
    names = tracks_for(ship)
    rules = (admission or AdmissionTable.load()) if with_admission else None
    lonlat = [track(name).points(STEP_KM) for name in names]
    fields = [climate_field(epoch=d, pathway=pathway, season=season, single_year=single_year) for d in decades]
    grid: dict[tuple[int, int], tuple[Season, Season]] = {}
    for column, (decade, year, field) in enumerate(zip(decades, years, fields, strict=True)):
        open_water = types.ICE_FROM if rules is None else rules.open_water
        sheet = _sheet(field, lonlat, year, ship, old_ice_fraction, open_water)
        for row, rank in enumerate(ranks):
            judge = _Judge(rank, max_risk, decay, old_ice_fraction, rules)
            grid[row, column] = _two_seasons(sheet, judge, decade, year)
    kind = "" if season == "normal" else f", {season} season"
    typical = "typical single year" if single_year else "mean of many years, which is open too long"
    return SeasonTable(
        pathway=pathway,
        classes=tuple(rank.name for rank in ranks),
        decades=tuple(decades),
        warming_c=tuple(f.warming_c for f in fields),
        ice=f"{typical} (mean field at z = {fields[0].anomaly_z:+.2f}){kind}",
        rules=_rules_line(max_risk, decay, rules),
        hull=ship.name + (f", draft {ship.draft_m:g} m" if ship.draft_m else ""),
        tracks=names,
        seasons=tuple(s for row in range(len(ranks)) for column in range(len(decades)) for s in grid[row, column]),
        ship=ship.name,
    )


def seasons_of(scenario: Scenario, folder: Path) -> SeasonTable:
    """The seasons for the ship of a scenario, on its pathway and by its rules; for all classes and decades.

    An own admission table lies in `folder`. The ice is always the built-in climate of each decade, so a file, a year
    and the season of one year are of no account. Raises UsageError, DataError.
    """
    from sim.scenario.simulate import admission_of, ship_of

    ship, ice = ship_of(scenario), scenario.ice
    own = ship.ice_class.admission_row
    if ice is None:
        return replace(seasons(ship=ship), ice_class=own)
    rules = admission_of(scenario, folder)
    found = seasons(
        ice.pathway,
        season=ice.season if ice.season in ("mild", "severe") else "normal",
        single_year=ice.field == "single_year",
        max_risk=ice.max_risk,
        decay=ice.decayed,
        old_ice_fraction=ice.old_ice_fraction,
        admission=rules,
        with_admission=rules is not None,
        ship=ship,
    )
    return replace(found, ice_class=own)


def tracks_for(ship: Ship) -> tuple[str, ...]:
    """Tracks that a ship's draft fits: the coastal one leads through the Sannikov Strait."""
    table = PassageTable.load()
    limits = {name: table[strait].max_draft_m for name, strait in COASTAL_STRAIT.items()}
    deep = {name for name, most in limits.items() if most is not None and ship.draft_m and ship.draft_m > most}
    return tuple(name for name in TRACKS if name not in deep)


def _sheet(
    field: ClimateField, lonlat: Sequence[Floats], year: int, ship: Ship, old_ice_fraction: float, open_water: float
) -> _Sheet:
    start = day_number(datetime(year, 1, 1, tzinfo=UTC))
    count = round(day_number(datetime(year + 1, 1, 1, tzinfo=UTC)) - start)
    days = start + NOON + np.arange(count, dtype=np.float64)
    places = np.vstack(lonlat)
    sampler = field.sampler(places)
    ice = [sampler.on(float(day)) for day in days]
    c, h = np.array([x for x, _ in ice]), np.array([x for _, x in ice])
    hull = hull_of(ship)
    kind = types.severity(c, h, old_ice_fraction).astype(np.int64)
    kind[types.ice_free(c, h, open_water)] = ICE_FREE
    return _Sheet(
        days=days,
        area=nsr_areas(places),
        offered=escort_offered(places),
        first=np.concatenate([[0], np.cumsum([len(x) for x in lonlat])[:-1]]).astype(np.int64),
        concentration=c,
        thickness_m=h,
        kind=kind,
        stops_alone=attainable_kn(hull, c, h) < HEADWAY_KN,
        stops_led=escorted_kn(hull, c, h) < HEADWAY_KN,
    )


@dataclass(frozen=True)
class _Judge:
    """The rules for one class: the same as those of sim.voyage.navigation, with the hull left out."""

    rank: IceClass
    max_risk: Risk
    decay: Decay
    old_ice_fraction: float
    admission: AdmissionTable | None

    def by_ice(self, sheet: _Sheet) -> tuple[Bools, Bools]:
        """Where the risk is within what is accepted, alone and behind an icebreaker; both (d, p)."""
        decayed = {"standard": False, "decayed": True}.get(self.decay)
        rio = polaris.rio_of(
            sheet.concentration,
            sheet.thickness_m,
            self.rank,
            decayed=polaris.decay_season(sheet.days)[:, None] if decayed is None else decayed,
            old_ice_fraction=self.old_ice_fraction,
        )
        worst = RISKS.index(self.max_risk)
        alone = polaris.level(rio, self.rank) <= worst
        escorted = (polaris.level(rio + polaris.ESCORT_CREDIT, self.rank) <= worst) & sheet.offered
        return np.asarray(alone), np.asarray(escorted)

    def by_rules(self, sheet: _Sheet) -> tuple[Bools, Bools, tuple[bool, bool]]:
        """Where the ship is admitted, alone and behind an icebreaker; both (d, p). And whether that, alone and with
        icebreaker, rests on rows of low confidence."""
        if self.admission is None:
            everywhere = np.ones(sheet.concentration.shape, dtype=bool)
            return everywhere, everywhere & sheet.offered, (False, False)
        (free, unsure), (free_escorted, unsure_escorted) = (self._admitted(sheet, mode) for mode in MODES)
        return free, free_escorted & sheet.offered, (unsure, unsure or unsure_escorted)

    def _admitted(self, sheet: _Sheet, mode: str) -> tuple[Bools, bool]:
        """Where the table admits the ship (d, p), asked once for each day, area and kind of ice; and whether any row
        that is asked is of low confidence."""
        assert self.admission is not None
        areas = np.arange(OUTSIDE, int(sheet.area.max(initial=0)) + 1)
        kinds = np.arange(ICE_FREE + 1)
        day, area, kind = np.meshgrid(sheet.days, areas, kinds, indexing="ij")
        free = kind == ICE_FREE
        severity = np.where(free, types.LIGHT, kind)
        allowed, grade = self.admission.allowed(
            self.rank, day.ravel(), area.ravel(), severity.ravel(), mode, ice_free=free.ravel()
        )
        rows = np.arange(len(sheet.days))[:, None]
        at = rows, sheet.area - OUTSIDE, sheet.kind
        sure = (grade == VERIFIED) | (grade == PARTLY) | (area.ravel() == OUTSIDE)
        return np.asarray(allowed.reshape(day.shape)[at]), not bool(sure.reshape(day.shape)[at].all())


def _two_seasons(sheet: _Sheet, judge: _Judge, decade: str, year: int) -> tuple[Season, Season]:
    """The season alone and the one with an icebreaker at hand, who leads where the ship cannot go alone."""
    ice, ice_led = judge.by_ice(sheet)
    free, free_led, unsure = judge.by_rules(sheet)
    alone, escorted = ice & free, ice_led & free_led
    moving, moving_led = alone & ~sheet.stops_alone, escorted & ~sheet.stops_led
    out = []
    for with_icebreaker, passable, makes_way, by_ice, by_rules in (
        (False, alone, moving, ice, free),
        (True, alone | escorted, moving | moving_led, ice | ice_led, free | free_led),
    ):
        days, ice_days, rule_days = sheet.whole(passable), sheet.whole(by_ice), sheet.whole(by_rules)
        length, first = longest_run(days)
        ends = (first, first + length - 1)
        opens, closes = (date(year, 1, 1) + timedelta(days=k % len(days)) for k in ends) if length else (None, None)
        counts = int(days.sum()), int(sheet.whole(makes_way).sum())
        low = unsure[int(with_icebreaker)]
        before, after = (_closer(length, k % len(days), ice_days, rule_days) for k in (first - 1, first + length))
        season = Season(judge.rank.name, decade, with_icebreaker, *counts, opens, closes, low)
        out.append(replace(season, ice_days=int(ice_days.sum()), before=before, after=after))
    return out[0], out[1]


def _closer(length: int, k: int, ice_days: Bools, rule_days: Bools) -> ClosedBy | None:
    """What closes day k next to a season of a length; of one that never opens, what closes the year."""
    if length == len(ice_days):
        return None
    ice, rules = (bool(d[k] if length else d.any()) for d in (ice_days, rule_days))
    return ClosedBy.RULE if ice else ClosedBy.ICE if rules else ClosedBy.BOTH


def _rules_line(max_risk: Risk, decay: Decay, admission: AdmissionTable | None) -> str:
    table = {"standard": "", "decayed": " in decayed ice", "summer": " in decayed ice from July to mid-September"}
    said = f"POLARIS{table[decay]} with a risk up to '{max_risk}'"
    return said + (", and the admission rules of the NSR" if admission is not None else ", no admission rules")
