"""Ice in a page: how much of the sea it covers in each month, and the voyages of a scenario by date, ship and climate.

Both are made when the page is made, for a few years, pathways and ice classes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.errors import UsageError, did_you_mean
from sim.geo.cells import CELL_KM, from_plane, plane_km
from sim.geo.geodesy import RADIUS_KM, vectors
from sim.geo.network import SeaNetwork
from sim.ice.classes import ice_class
from sim.ice.field import day_number
from sim.ice.pathways import DEFAULT_PATHWAY, LAST_YEAR, climate_field, first_year, last_past_year, pathway_name
from sim.scenario.compare import Outcome
from sim.scenario.convert import as_studied, ship_of
from sim.scenario.simulate import Sailing
from sim.study.ice_summary import cell_grid
from sim.study.sailing.sailed import outcome_of
from sim.web.packing import Bundle

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

SIDE_KM: Final = 3 * CELL_KM  # of a drawn square
LIMITS: Final = (0.15, 0.40, 0.70, 0.90)  # concentration at which a darker shade begins; 0.15 is the edge of the ice
MID_MONTH: Final = 15
YEARS: Final = (2030, 2050)
MOST: Final = 2000  # voyages
OWN: Final = "own"
ASKED: Final = ("mild", OWN, "normal", "severe")  # seasons that may be asked for, from little ice to much
SHOWN: Final = ("mild", OWN, "severe")

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Choices:
    """The ice and the ships that a page knows: its `years`, `pathways`, `seasons` and ice `classes`; `seed` is that of
    a random season."""

    years: tuple[int, ...]
    pathways: tuple[str, ...]
    seasons: tuple[str, ...]
    classes: tuple[str, ...]
    seed: int | None = None

    @property
    def climates(self) -> tuple[tuple[int, str], ...]:
        """Each year with each pathway; a past year with the first alone, since it has none."""
        past = last_past_year()
        return tuple((y, p) for y in self.years for k, p in enumerate(self.pathways) if k == 0 or y > past)

    def season(self, number: int, year: int) -> tuple[str, int | None]:
        """A season in a year, and its seed: one of its own has a past year alone, a later one is normal instead."""
        name = self.seasons[number]
        if name == OWN:
            return (OWN if year <= last_past_year() else "normal"), None
        return name, self.seed if name == "random" else None


def choices(
    scenario: Scenario | None,
    years: Sequence[int] = (),
    pathways: Sequence[str] = (),
    classes: Sequence[str] = (),
    seasons: Sequence[str] = (),
) -> Choices:
    """What is asked for, or a scenario's own year, pathway, season and class, with two later years; without
    voyages through ice, mild and severe seasons too. Raises UsageError."""
    ice = None if scenario is None else scenario.ice
    own_year = 2025 if scenario is None else (ice and ice.year) or scenario.voyage.depart.year
    own_path = (ice and ice.pathway) or DEFAULT_PATHWAY
    own_class = "none" if scenario is None else ship_of(scenario).ice_class.name
    first = first_year()
    for year in years:
        if not first <= year <= LAST_YEAR:
            nearest = min(max(year, first), LAST_YEAR)
            raise UsageError(f"--years has {year}, allowed is {first} to {LAST_YEAR}, nearest {nearest}")
    own_season = (ice and ice.season) or OWN
    for season in seasons:
        if season not in ASKED:
            raise UsageError(
                f"--seasons has '{season}'{did_you_mean(season, ASKED)}; allowed: {', '.join(ASKED)}, parted by commas"
            )
    own = (own_year,) if first <= own_year <= LAST_YEAR else ()
    later = YEARS if not own or ice is None or ice.file is None else ()  # a file has its own years
    return Choices(
        tuple(sorted(set(years or (*own, *later)))),
        tuple(dict.fromkeys(pathway_name(p) for p in pathways or (own_path,))),
        _in_order(seasons or (SHOWN if ice is None else (own_season,))),
        tuple(dict.fromkeys(ice_class(c).name for c in classes or (own_class,))),
        None if ice is None else ice.seed,
    )


def _in_order(seasons: Sequence[str]) -> tuple[str, ...]:
    """Each once, from little ice to much; what is not asked for by name comes last."""
    order = (*ASKED, *seasons)
    return tuple(sorted(dict.fromkeys(seasons), key=order.index))


def add_cover(bundle: Bundle, chosen: Choices) -> None:
    """Enter squares of the sea and, for each climate and month, the shade of each: 0 open water to 4 close ice."""
    grid = cell_grid()
    square = np.unique(np.floor(plane_km(vectors(grid.lonlat)) / SIDE_KM + 0.5).astype(np.int64), axis=0)
    middle = from_plane(square.astype(np.float64) * SIDE_KM)
    bundle.value("square_km", SIDE_KM)
    bundle.value("radius_km", RADIUS_KM)
    bundle.steps("square", square, "int16")
    bundle.value("climates", [[y, "" if y <= last_past_year() else p] for y, p in chosen.climates])
    bundle.value("seasons", list(chosen.seasons))
    for k, (year, pathway) in enumerate(chosen.climates):
        for j in range(len(chosen.seasons)):
            season, seed = chosen.season(j, year)
            path = None if year <= last_past_year() else pathway
            sampler = climate_field(year=year, pathway=path, season=season, seed=seed).sampler(middle)
            days = [day_number(datetime(year, month, MID_MONTH, tzinfo=UTC)) for month in range(1, 13)]
            shades = np.array([np.digitize(sampler.on(day)[0], LIMITS) for day in days])
            bundle.array(f"shade_{k}_{j}", shades.ravel(), "uint8")


def add_voyages(
    bundle: Bundle, scenario: Scenario, net: SeaNetwork, folder: Path, chosen: Choices, progress: Progress | None
) -> None:
    """Enter the voyages of a scenario: for each climate, season, class and alternative, the twelve months."""
    from sim.voyage.ice_route import IceRouter

    count = len(chosen.climates) * len(chosen.seasons) * len(chosen.classes) * len(scenario.alternatives) * 12
    if count > MOST:
        raise UsageError(
            f"{count} voyages ({len(chosen.climates)} years and pathways, {len(chosen.seasons)} seasons, "
            f"{len(chosen.classes)} classes, "
            f"{len(scenario.alternatives)} alternatives, 12 months); allowed are {MOST}"
        )
    router = IceRouter(net)
    told: list[list[Any]] = []
    reasons: dict[str, int] = {"": 0}
    for climate, season, ice, sailing in _sailings(scenario, net, folder, chosen, router):
        year = chosen.climates[climate][0]
        for number in range(len(sailing.scenario.alternatives)):
            for month in range(1, 13):
                depart = datetime(year, month, MID_MONTH, tzinfo=UTC)
                outcome = outcome_of(sailing, number, depart, priced=False)
                told.append([climate, season, ice, number, month, *_told(outcome, reasons)])
                if progress is not None:
                    progress(len(told), count)
    bundle.value("voyages", told)
    bundle.value("reasons", list(reasons))


def _sailings(
    scenario: Scenario, net: SeaNetwork, folder: Path, chosen: Choices, router: Any
) -> Iterator[tuple[int, int, int, Sailing]]:
    """The scenario in each climate, season and class, with their numbers."""
    studied = as_studied(scenario)
    for (climate, (year, pathway)), number in product(enumerate(chosen.climates), range(len(chosen.seasons))):
        depart = datetime(year, 1, 1, tzinfo=UTC)
        voyage = studied.voyage.model_copy(update={"depart": depart})
        ice = studied.ice
        if ice is not None and ice.file is None:
            path = None if year <= last_past_year() else pathway
            season, seed = chosen.season(number, year)
            ice = ice.model_copy(
                update={"year": year, "epoch": None, "pathway": path, "season": season, "seed": seed}
            )  # fmt: skip
        for k, name in enumerate(chosen.classes):
            vessel = studied.vessel.model_copy(update={"ice_class": name})
            changed = studied.model_copy(update={"voyage": voyage, "ice": ice, "vessel": vessel})
            yield climate, number, k, Sailing(changed, net, folder, router)


def _told(outcome: Outcome, reasons: dict[str, int]) -> list[Any]:
    """Status, days, nm, tonnes of fuel and of CO2, USD (None where there are none), and the number of the reason."""

    def figure(value: float, digits: int) -> float | None:
        return round(value, digits) if np.isfinite(value) else None

    return [
        outcome.status, figure(outcome.days, 2), figure(outcome.distance_nm, 1), figure(outcome.fuel_t, 1),
        figure(outcome.co2_t, 1), figure(outcome.cost_usd, 0), reasons.setdefault(outcome.reason, len(reasons)),
    ]  # fmt: skip
