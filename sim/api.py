"""The functions that `import northabout` offers: paths, texts and dates as a person gives them, results as values.

Each works on the shipped network, which is read once. Who needs a network of his own takes `SeaNetwork`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from sim.errors import UsageError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import numpy as np
    from numpy.typing import NDArray

    from sim.claims.register import ClaimResult
    from sim.geo.network import Locatable, SeaNetwork
    from sim.geo.network.given import OnError
    from sim.geo.passages import Passage
    from sim.geo.ports import Port
    from sim.geo.route import Route
    from sim.ice.climate import ClimateField
    from sim.ice.files.field import FileField
    from sim.scenario.compare import Comparison
    from sim.scenario.schema import Scenario
    from sim.ship.vessel import Ship
    from sim.study.breakeven import BreakEven
    from sim.study.calendar import Calendar
    from sim.study.equidistance import Nearer
    from sim.study.exposure import Exposure
    from sim.study.sailing.breakevens import BreakEvenYears
    from sim.study.sailing.calendars import CalendarYears
    from sim.study.sailing.stability import StabilityCorridor

    Given = str | Path | Mapping[str, Any] | Scenario


@lru_cache(maxsize=1)
def network() -> SeaNetwork:
    """The shipped sea network, read once."""
    from sim.geo.network import SeaNetwork

    return SeaNetwork.load()


def route(
    origin: Locatable,
    destination: Locatable,
    *,
    via: str = "usual",
    closed: str | Iterable[str] = (),
    use: str | Iterable[str] = (),
    avoid: str | Iterable[str] = (),
    draft_m: float | None = None,
    beam_m: float | None = None,
    length_m: float | None = None,
    air_draft_m: float | None = None,
    join_nm: float = 25.0,
) -> Route:
    """The shortest route between two places, WGS84 nautical miles.

    Places are port names, UN/LOCODEs, texts such as "lat,lon" and "51 57.3 N 4 8.5 E", or (lon, lat) degrees. `via` is
    usual, suez, cape, nsr, nwp, transpolar, panama or any; `closed`, `avoid` and `use` are passages, one or several. A
    position inland is joined to water or a port's channel up to `join_nm` away: an estimate, told in `joins`. Where no
    route is feasible the status of the result is "unreachable", with the reason; its length is inf. Raises PlaceError,
    PassageError, UsageError.

    >>> route("Dalian", "Rotterdam").passages[:3]
    ('taiwan_strait', 'singapore_strait', 'malacca_strait')
    >>> route("Ras Tanura", "Rotterdam", closed="hormuz").status
    'unreachable'
    """
    return network().route(
        origin, destination, via=via, closed=closed, use=use, avoid=avoid, draft_m=draft_m, beam_m=beam_m,
        length_m=length_m, air_draft_m=air_draft_m, join_nm=join_nm,
    )  # fmt: skip


def distances(
    origins: Locatable | Sequence[Locatable],
    destinations: Locatable | Sequence[Locatable],
    *,
    via: str = "usual",
    closed: str | Iterable[str] = (),
    draft_m: float | None = None,
    beam_m: float | None = None,
    length_m: float | None = None,
    air_draft_m: float | None = None,
    errors: OnError = "raise",
    join_nm: float = 25.0,
) -> NDArray[np.float64]:
    """Distances (n, m) in nm between places; inf where no route leads, 0 to the place itself.

    One place or a list of them on either side, as in `route`. With `errors` "nan" a place that cannot be used does not
    raise: its distances are nan, and the warning `PlacesNotUsed` has the reasons. Raises PlaceError, PassageError,
    UsageError.

    >>> distances("Dalian", ["Rotterdam", "Hamburg"], via="nsr").shape
    (1, 2)
    """
    return network().distances(
        origins, destinations, via=via, closed=closed, draft_m=draft_m, beam_m=beam_m, length_m=length_m,
        air_draft_m=air_draft_m, errors=errors, join_nm=join_nm,
    )  # fmt: skip


def ports(text: str | None = None) -> tuple[Port, ...]:
    """Ports of the list: all, those of a country, by code or name, or those whose name, alias or code holds a text.

    >>> ports("Rotterdam")[0].locode
    'NLRTM'
    """
    table = network().ports
    return tuple(table.all if text is None else table.search(text))


def passages() -> tuple[Passage, ...]:
    """The passages: straits, canals and capes with their gates, limits and sources.

    >>> next(p for p in passages() if p.id == "suez_canal").speed_limit_kn > 0
    True
    """
    return network().passages.all


def vessels(text: str | None = None) -> tuple[Ship, ...]:
    """The ships of the table: all, or those whose id, name, type or ice class holds a text. Sizes m, speeds kn.

    >>> vessels("mpp_19k_1a")[0].ice_class.name
    'Arc4'
    """
    from sim.ship.vessel import VesselTable

    word = (text or "").casefold()
    return tuple(s for s in VesselTable.load().all if word in f"{s.id} {s.name} {s.type} {s.ice_class}".casefold())


def ice_climate(
    year: int | None = None,
    *,
    pathway: str | None = None,
    epoch: str | None = None,
    season: str = "normal",
    seed: int | None = None,
    single_year: bool = True,
) -> ClimateField:
    """The built-in ice climate of a year (1979 to 2100) or of a decade such as epoch="2030s".

    `season` is mild, normal, severe, own (of a past year) or random (with a seed). `single_year` is a typical single
    year, as ships meet it, else the mean of many. Bind it to places with `.sampler(lonlat).on(day)`: concentration 0
    to 1 and floe thickness m, (n,) each. Raises UsageError. Own fit to NSIDC and PIOMAS (docs/method.md).

    >>> ice_climate(2030).sampler([[100.0, 78.0]]).on(22000)[0].shape
    (1,)
    """
    from sim.ice.pathways import climate_field

    return climate_field(year=year, pathway=pathway, epoch=epoch, season=season, seed=seed, single_year=single_year)


def open_ice(path: str | Path, **options: Any) -> FileField:
    """The ice of a NetCDF file, as a field that is read when it is asked; options as in `sim.ice.files.open_ice_file`.

    Raises UsageError for a path or choice that cannot be used, DataError for a file without usable ice.
    """
    from sim.ice.files import open_ice_file

    return open_ice_file(path, **options)


def run(scenario: Given) -> Comparison:
    """Route and sail every alternative of a scenario, and compare them with its baseline.

    A scenario is the path of a YAML file, a mapping in its keys, or a `Scenario`. Raises ScenarioError with every
    problem, DataError.

    >>> [o.label for o in run("scenarios/01-nsr-summer.yaml").outcomes]
    ['suez', 'cape', 'nsr']
    """
    from sim.scenario import compare

    taken, folder = _scenario(scenario)
    return compare.run(taken, _network_of(taken, folder), folder)


def stability_corridor(
    scenario: Given, route: str | None = None, *, depart: str | date | None = None, allowance_days: float = 1.0
) -> StabilityCorridor:
    """The water through the ice that a ship can use on a route within some days more than the best.

    `route` is the label of an alternative, the first if absent; `depart` another day than the scenario's, whose ice
    then is that of its year. Raises as `run`, and UsageError.

    >>> stability_corridor("scenarios/08-yong-sheng-2013.yaml", "nsr").status
    'ok'
    """
    from sim.scenario.schema import moment
    from sim.scenario.simulate import Sailing
    from sim.study.sailing.stability import stability_corridor as corridor

    taken, folder = _scenario(scenario)
    try:
        start = None if depart is None else moment(_plain(depart))
    except ValueError as error:
        raise UsageError(f"depart: {error}") from None
    return corridor(Sailing(taken, _network_of(taken, folder), folder), route, start, allowance_days)


@overload
def departure_calendar(
    scenario: Given, *, year: int | None = None, every_days: int = 7, workers: int = 1, executor: Executor | None = None
) -> Calendar: ...
@overload
def departure_calendar(
    scenario: Given, *, year: str | Iterable[int], every_days: int = 7, workers: int = 1,
    executor: Executor | None = None,
) -> CalendarYears: ...  # fmt: skip
def departure_calendar(
    scenario: Given,
    *,
    year: int | str | Iterable[int] | None = None,
    every_days: int = 7,
    workers: int = 1,
    executor: Executor | None = None,
) -> Calendar | CalendarYears:
    """Sail a scenario on departures through a year: what is open when, days at sea, days and money saved.

    A text or several years ("2027-2050", "2027-2050/5", "2027,2030" or [2027, 2030]) give `CalendarYears`, one year or
    none a `Calendar`. `workers` processes share the voyages, or a given executor does. Raises as `run`, and UsageError.
    """
    from sim.study.calendar import calendar
    from sim.study.sailing.calendars import calendar_years

    taken, folder = _scenario(scenario)
    net = _network_of(taken, folder)
    how: Any = {"every_days": every_days, "workers": workers, "executor": executor}
    if year is None or isinstance(year, int):
        return calendar(taken, net, folder, year=year, **how)
    return calendar_years(taken, net, folder, year, **how)


@overload
def break_even(
    scenario: Given, on: str, *, between: tuple[str, str] | None = None, measure: str = "cost",
    bounds: tuple[float, float] | None = None, year: int | None = None, workers: int = 1,
    executor: Executor | None = None,
) -> BreakEven: ...  # fmt: skip
@overload
def break_even(
    scenario: Given, on: str, *, between: tuple[str, str] | None = None, measure: str = "cost",
    bounds: tuple[float, float] | None = None, year: str | Iterable[int], workers: int = 1,
    executor: Executor | None = None,
) -> BreakEvenYears: ...  # fmt: skip
def break_even(
    scenario: Given,
    on: str,
    *,
    between: tuple[str, str] | None = None,
    measure: str = "cost",
    bounds: tuple[float, float] | None = None,
    year: int | str | Iterable[int] | None = None,
    workers: int = 1,
    executor: Executor | None = None,
) -> BreakEven | BreakEvenYears:
    """The value of a key (bunker, hire, carbon, speed ...) at which two alternatives cost, or take, the same.

    `measure` is cost (USD) or days. In another `year` the scenario departs on its own day of that year; a text or
    several years, as in `departure_calendar`, give `BreakEvenYears`, shared by `workers` processes or a given executor.
    Raises as `run`, and UsageError.
    """
    from sim.study import breakeven
    from sim.study.sailing.breakevens import break_even_years
    from sim.study.sailing.span import moved, years_of

    if measure not in ("cost", "days"):
        raise UsageError(f"measure is '{measure}', allowed: cost, days")
    taken, folder = _scenario(scenario)
    net = _network_of(taken, folder)
    how: Any = {"between": between, "measure": measure, "bounds": bounds}
    if year is None or isinstance(year, int):
        dated = taken if year is None else moved(taken, *years_of(year))
        return breakeven.break_even(dated, net, folder, on, **how)
    return break_even_years(taken, net, folder, on, year, **how, workers=workers, executor=executor)


def exposure(closed: str | Iterable[str] = (), *, cost: bool = True) -> Exposure:
    """What closing passages does to the trade flows of the table; all closure sets of the table where none is named.

    A closure is the id of a set, or passages joined by '+'. Raises PassageError.

    >>> exposure("hormuz").closures[0].id
    'hormuz'
    """
    from sim.economy.freight import freight_missing, freight_usd
    from sim.study import exposure as study
    from sim.study.trade import pick_closures

    words = (closed,) if isinstance(closed, str) else tuple(closed)
    closures = pick_closures(words, network().passages) if words else None
    return study.exposure(network(), None, closures, cost=freight_usd if cost else None, left_out=freight_missing)


def equidistance(origin: Locatable, *, than: str = "suez", coarseness: float = 1.0) -> Nearer:
    """Where the Northern Sea Route is shorter than another route from a port, without ice, and the equidistance line.

    `coarseness` 2 is a quarter of the work. Raises PlaceError, UsageError.
    """
    from sim.study.equidistance import nearer

    return nearer(network(), origin, longer=than, coarseness=coarseness)


def evaluate_claims(claim: str | None = None, *, in_ice: bool = True) -> list[ClaimResult]:
    """The documents' claims, computed, with their verdicts: all, or the one with an id.

    `in_ice` also sails the claims of days saved in the ice that they name. Raises UsageError for an unknown id.

    >>> evaluate_claims("distance_5000_nm", in_ice=False)[0].verdict
    'does_not_hold'
    """
    from sim.claims.evaluate import IceSailor, evaluate_all

    return evaluate_all(network(), claim, sail=IceSailor(network()) if in_ice else None)


# -- what users give


def _plain(value: Any) -> Any:
    """Dates as the text that a scenario file has; all else as it is."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _scenario(given: Given) -> tuple[Scenario, Path]:
    """A scenario and the folder of the files that it names."""
    from sim.scenario.load import NOTHING, load_scenario, scenario_of
    from sim.scenario.schema import Scenario

    if isinstance(given, str | Path):
        taken = load_scenario(given)
    else:
        taken = given if isinstance(given, Scenario) else scenario_of(_plain(given))
    return taken, taken.folder or NOTHING


def _network_of(scenario: Scenario, folder: Path) -> SeaNetwork:
    """The shared network, or one with the scenario's own ports."""
    from sim.geo.network import SeaNetwork
    from sim.scenario.load import ports_path

    own = ports_path(scenario, folder)
    return network() if own is None else SeaNetwork.load(own)
