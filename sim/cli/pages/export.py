"""The command `export`: a result as a file for another program. Heavy imports wait inside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.output import say
from sim.errors import ScenarioError, UsageError

if TYPE_CHECKING:
    from sim.report.export.record import Exported

STORED = (".json", ".geojson")
Source = Annotated[
    Path,
    typer.Argument(
        metavar="RESULT", help="comparison.json or the folder of 'run --out', JSON of 'route', or a scenario to run."
    ),
]
Format = Annotated[
    str | None, typer.Option("--format", metavar="KIND", help="gpkg, gpx, kml, rtz, geojson, netcdf or xlsx.")
]
OutFile = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="The file; one named like the result, here, if absent.")
]
Routes = Annotated[
    list[str] | None, typer.Option("--route", metavar="NAME", help="An alternative (repeatable); all if absent.")
]
Tolerance = Annotated[
    float,
    typer.Option("--tolerance", metavar="DEG", help="How far the course between waypoints may be off, 0.25 to 2."),
]


def register(app: typer.Typer) -> None:
    """Add the command of this module to the program."""
    app.command()(export)


def export(
    result: Source, kind: Format = None, out: OutFile = None, route: Routes = None, tolerance: Tolerance = 1.0
) -> None:
    """Write a result for another program: GIS, chart plotter, ECDIS, globe or spreadsheet.

    Routes that are closed are left out. RTZ holds one route: of several each gets a file of its own.
    """
    from sim.report.export.read import DAMAGED, NO_RESULT
    from sim.report.export.waypoints import check_tolerance
    from sim.report.export.write import FORMATS, check_format, chosen, files
    from sim.report.files import check_target, write_all

    kind = check_format(kind, out)
    check_tolerance(tolerance)
    target = out or Path(f"{_stem(result)}{FORMATS[kind]}")
    check_target(target)
    if target.exists() and result.exists() and target.samefile(result):
        raise UsageError(f"{target}: is the result itself, --out names another file")
    told = chosen(_read(result), route or [])
    for one in told.left_out:
        say(f"{one.label}: left out, {one.status}: {one.reason}")
    if not told.tracks:
        say("no alternative is feasible")
        raise typer.Exit(1)
    try:
        made = files(told, kind, target, tolerance)
    except DAMAGED as error:  # values of a stored result that are of another kind
        if not _stored(result):
            raise
        raise ScenarioError([f"{result}: {NO_RESULT} ({type(error).__name__}: {error})"]) from error
    write_all(made)
    say(f"wrote {', '.join(map(str, made))}")


def _stem(result: Path) -> str:
    """The name of the file where none is given: that of the scenario, of the folder or of the JSON."""
    if result.is_dir():
        return result.resolve().name or "result"
    parent = result.resolve().parent.name
    return parent if result.name == "comparison.json" and parent else result.stem


def _stored(result: Path) -> bool:
    return result.is_dir() or result.suffix.lower() in STORED


def _read(result: Path) -> Exported:
    """What is exported, of a stored result or of a scenario, which is run. Raises DataError, ScenarioError."""
    from sim.report.export.read import of_comparison, of_file

    if _stored(result):
        return of_file(result)
    from sim.scenario.compare import run_file

    try:
        return of_comparison(run_file(result))
    except UsageError as error:
        raise ScenarioError([f"{result}: {error}"]) from error
