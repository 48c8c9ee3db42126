"""The commands about ice and ships: vessels, ice, calendar, seasons. Heavy imports wait inside them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.options import (
    AsJson,
    Centre,
    Dpi,
    Every,
    Extent,
    Labels,
    OutMap,
    ScenarioFile,
    Size,
    Title,
    Years,
    check_every,
    check_folder,
    check_workers,
    given_look,
    given_months,
    given_years,
    named,
)
from sim.cli.output import Progress, say, show
from sim.cli.shell import complete
from sim.cli.shell.folder import fill
from sim.errors import ScenarioError, UsageError
from sim.units import month_of

if TYPE_CHECKING:
    from sim.plot.look import Look
    from sim.scenario.schema import Scenario
    from sim.study.calendar import Calendar
    from sim.study.sailing.calendars import CalendarYears

ShipName = Annotated[
    str | None,
    typer.Argument(metavar="[SHIP]", help="Id, or part of a name; all if absent.", autocompletion=complete.ships),
]
Month = Annotated[
    str | None,
    typer.Option("--month", metavar="M", help="Month: 1 to 12, or March, Mar.", autocompletion=complete.months),
]
Day = Annotated[int | None, typer.Option("--day", metavar="D", help="Day of the month; its middle if absent.")]
IceYear = Annotated[int, typer.Option("--year", metavar="Y", help="Year, 1979 to 2100.")]
Pathway = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="SSP1-1.9, SSP1-2.6, SSP2-4.5, SSP3-7.0, SSP5-8.5.", autocompletion=complete.pathways
    ),
]
Season = Annotated[
    str | None,
    typer.Option(metavar="KIND", help="mild, normal, severe, own or random.", autocompletion=complete.seasons),
]
Seed = Annotated[int | None, typer.Option(metavar="N", help="Seed of a random season.")]
SingleYear = Annotated[
    bool, typer.Option("--single-year", help="A typical single year, as ships meet it, not the mean of many.")
]
IceFile = Annotated[Path | None, typer.Option("--file", metavar="FILE", help="NetCDF in place of the climate.")]
Months = Annotated[
    str | None,
    typer.Option("--months", metavar="M,M-M|all", help="Several months, a panel each: all, 3,9 or June-Nov."),
]
Variable = Annotated[str | None, typer.Option(metavar="NAME", help="The concentration in the file.")]
OutDir = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Write CSV, JSON and a picture there.")]
SeasonScenario = Annotated[
    Path | None,
    typer.Argument(
        metavar="[SCENARIO.yaml]", help="Its ship, pathway and rules.", autocompletion=complete.scenario_files
    ),
]
OutPicture = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Picture: .png, .svg or .pdf.")]
CalendarProcesses = Annotated[
    int | None, typer.Option("--workers", metavar="N", help="Processes that sail; by itself all for a year in ice.")
]
MANY, DAYS = 100, 365  # voyages through ice that pay for more than one process; of a year


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the program."""
    app.command()(vessels)
    app.command()(ice)
    app.command()(calendar)
    app.command()(seasons)


def vessels(ship: ShipName = None, as_json: AsJson = False) -> None:
    """List the ships of the table, or all that is known of one."""
    from sim.report.files import json_text
    from sim.report.listings import vessel_dict, vessel_text, vessels_text
    from sim.ship.vessel import VesselTable

    table = VesselTable.load()
    word = (ship or "").casefold()
    listed = [s for s in table.all if word in f"{s.id} {s.name} {s.type} {s.ice_class}".casefold()]
    exact = [s for s in table.all if word in (s.id.casefold(), s.name.casefold())]
    if ship is None or (len(listed) > 1 and not exact):
        show(json_text([vessel_dict(s) for s in listed]) if as_json else vessels_text(VesselTable(listed)))
    else:
        found = listed[0] if len(listed) == 1 else table.find(ship)
        show(json_text(vessel_dict(found)) if as_json else vessel_text(found))


def ice(
    month: Month = None,
    year: IceYear = 2025,
    day: Day = None,
    pathway: Pathway = None,
    season: Season = None,
    seed: Seed = None,
    single_year: SingleYear = False,
    file: IceFile = None,
    variable: Variable = None,
    months: Months = None,
    title: Title = None,
    size: Size = None,
    dpi: Dpi = 150,
    extent: Extent = None,
    centre: Centre = None,
    labels: Labels = True,
    out: OutMap = None,
    as_json: AsJson = False,
) -> None:
    """The ice of a month in every sea, and a map of it with the ice edge; with --months a panel for each of several."""
    from sim.plot.figure import check_suffix
    from sim.plot.look import check_dpi
    from sim.plot.results import save_ice_map
    from sim.report.files import check_target, json_text
    from sim.report.studies import ice_dict, ice_text
    from sim.study.ice_summary import day_of, ice_state

    look = given_look(title, size, extent, centre, labels)
    check_dpi(dpi)
    if out is not None:
        check_suffix(out)
        check_target(out)
    if months is not None:
        if month is not None or day is not None:
            raise UsageError("--months goes without --month and --day: it names all months itself")
        several = [day_of(year, m, None) for m in given_months(months)]
        field = _field(year, pathway, season, seed, single_year, file, variable, several)
        _months(field, several, out, dpi, look, as_json)
        return
    if month is None:
        raise UsageError("--month is missing, allowed is 1 to 12, or a name such as March; --months all draws the year")
    when = day_of(year, month_of(month, "--month"), day)
    field = _field(year, pathway, season, seed, single_year, file, variable, [when])
    state = ice_state(field, when)
    show(json_text(ice_dict(state)) if as_json else ice_text(state))
    if out is not None:
        save_ice_map(field, when, out, dpi=dpi, look=look)
        say(f"wrote {out}")


def _months(field: Any, days: list[float], out: Path | None, dpi: int, look: Look, as_json: bool) -> None:
    """The ice of several months: printed, and drawn as a panel each."""
    from sim.plot.maps.months import save_months
    from sim.report.files import json_text
    from sim.report.studies import ice_dict, months_text
    from sim.study.ice_summary import ice_state

    states = [ice_state(field, day) for day in days]
    show(json_text([ice_dict(s) for s in states]) if as_json else months_text(states))
    if out is not None:
        save_months(field, days, out, look, dpi)
        say(f"wrote {out}")


def _field(
    year: int,
    pathway: str | None,
    season: str | None,
    seed: int | None,
    single_year: bool,
    file: Path | None,
    variable: str | None,
    days: list[float],
) -> Any:
    """The climate of a year, or the ice of a file."""
    if file is None:
        from sim.ice.pathways import climate_field, last_past_year

        if variable is not None:
            raise UsageError("--variable goes with --file")
        kind = season or ("own" if year <= last_past_year() else "normal")
        return climate_field(year=year, pathway=pathway, season=kind, seed=seed, single_year=single_year)
    if pathway is not None or season is not None or seed is not None or single_year:
        raise UsageError("--pathway, --season, --seed and --single-year go with the built-in climate, not with --file")
    from sim.ice.files import open_ice_file

    field = open_ice_file(file, variable=variable)
    field.require(min(days), max(days))
    for note in field.notes:
        say(f"note: {note}")
    return field


def calendar(
    scenario: ScenarioFile,
    every: Every = 7,
    year: Years = None,
    workers: CalendarProcesses = None,
    title: Title = None,
    size: Size = None,
    dpi: Dpi = 150,
    out: OutDir = None,
    as_json: AsJson = False,
) -> None:
    """Sail the scenario on every week of a year: what is open when, days, and days saved against the baseline.

    With several years, such as --year 2027-2050, a row a year. With costs also what is paid and saved.
    """
    from sim.plot.look import check_dpi
    from sim.report.files import json_text
    from sim.study.pool import begin, processes

    check_every(every)
    look = given_look(title, size)
    check_dpi(dpi)
    if workers is not None:
        check_workers(workers)
    years = given_years(year)
    check_folder(out)
    if workers != 1 and processes() > 1:
        begin()  # while this process reads the scenario and the network
    loaded, found = _sailed(scenario, every, years, workers)
    if out is not None:
        from sim.report.formats.folder import digest

        fill(out, _files(found, look, dpi), "calendar", digest(loaded.model_dump_json()))
    show(json_text(found.to_dict()) if as_json else _text(found))
    if not found.feasible:
        say("no alternative is feasible on any departure")
        raise typer.Exit(1)


def _sailed(
    scenario: Path, every: int, years: int | tuple[int, ...] | None, workers: int | None
) -> tuple[Scenario, Calendar | CalendarYears]:
    """A scenario and its calendar of a year or of several; many voyages through ice are sailed on all processors."""
    from sim.geo.network import SeaNetwork
    from sim.scenario.load import load_scenario, ports_path
    from sim.study import calendar as one
    from sim.study.pool import processes
    from sim.study.sailing import calendars as several

    loaded = load_scenario(scenario)
    net, folder = SeaNetwork.load(ports_path(loaded, scenario.parent)), scenario.parent
    if workers is None:
        voyages = DAYS / every * len(loaded.alternatives) * (len(years) if isinstance(years, tuple) else 1)
        workers = processes() if loaded.ice is not None and voyages >= MANY else 1
    how: Any = {"every_days": every, "progress": Progress("departures"), "workers": workers}
    try:
        if isinstance(years, tuple):
            return loaded, several.calendar_years(loaded, net, folder, years, **how)
        return loaded, one.calendar(loaded, net, folder, year=years, **how)
    except UsageError as error:
        raise ScenarioError([f"{named(scenario)}: {error}"]) from error


def _text(found: Calendar | CalendarYears) -> str:
    from sim.report.calendar import calendar_text
    from sim.report.years.calendars import calendars_text
    from sim.study.calendar import Calendar

    return calendar_text(found) if isinstance(found, Calendar) else calendars_text(found)


def _files(found: Calendar | CalendarYears, look: Look, dpi: int) -> dict[str, bytes]:
    """The files of a calendar, by name."""
    from sim.plot.charts.calendar_plot import calendar_picture
    from sim.plot.study.years import years_picture
    from sim.report.calendar import calendar_csv
    from sim.report.files import json_text
    from sim.report.years.calendars import calendars_csv, years_csv
    from sim.study.calendar import Calendar

    files = {"calendar.json": json_text(found.to_dict()).encode()}
    if isinstance(found, Calendar):
        files |= {
            "calendar.csv": calendar_csv(found).encode(),
            "calendar.png": calendar_picture(found, ".png", look, dpi),
        }
    else:
        files |= {"calendar.csv": calendars_csv(found).encode(), "years.csv": years_csv(found).encode()}
        files |= {"calendar.png": years_picture(found, ".png", look, dpi)}
    return dict(sorted(files.items()))


def seasons(scenario: SeasonScenario = None, out: OutPicture = None, as_json: AsJson = False) -> None:
    """Days a year on which the Northern Sea Route is open, by ice class and decade.

    For the ship, the pathway and the rules of a scenario; without one for the ship of the claims, SSP2-4.5 and the
    rules of the area.
    """
    from sim.plot.charts.calendar_plot import save_seasons
    from sim.plot.figure import check_suffix
    from sim.report.calendar import seasons_dict, seasons_text
    from sim.report.files import check_target, json_text
    from sim.scenario.load import load_scenario
    from sim.study.seasons import seasons as table_of
    from sim.study.seasons import seasons_of

    if out is not None:
        check_suffix(out)
        check_target(out)
    try:
        table = table_of() if scenario is None else seasons_of(load_scenario(scenario), scenario.parent)
    except UsageError as error:
        raise ScenarioError([f"{named(scenario)}: {error}"]) from error
    if out is not None:
        save_seasons(table, out)
        say(f"wrote {out}")
    show(json_text(seasons_dict(table)) if as_json else seasons_text(table))
