"""The command `export`: a result as a file for another program. Heavy imports wait inside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import named
from sim.cli.output import Progress, say
from sim.cli.shell import complete
from sim.cli.shell.runs import plain
from sim.errors import ScenarioError, UsageError

if TYPE_CHECKING:
    from sim.report.export.record import Exported

KINDS = ("gpkg", "gpx", "kml", "rtz", "geojson", "netcdf", "xlsx")
Source = Annotated[
    Path,
    typer.Argument(
        metavar="RESULT",
        help="comparison.json or the folder of 'run --out', JSON of 'route', or a scenario; - is standard input.",
        autocompletion=complete.result_files,
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="KIND",
        help="gpkg, gpx, kml, rtz, geojson, netcdf or xlsx.",
        autocompletion=complete.choice(*KINDS),
    ),
]
OutFile = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="The file; one named like the result, here, if absent.")
]
Routes = Annotated[
    list[str] | None,
    typer.Option(
        "--route",
        metavar="NAME",
        help="An alternative (repeatable); all if absent.",
        autocompletion=complete.routes,
    ),
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
    from sim.report.export.read import DAMAGED
    from sim.report.export.waypoints import check_tolerance
    from sim.report.export.write import FORMATS, check_format, chosen, files
    from sim.report.files import check_target, write_all
    from sim.report.formats.stored import NO_ROUTE, fault

    kind = check_format(kind, out)
    check_tolerance(tolerance)
    if out is not None or str(result) != "-":
        _check_target(out or Path(f"{_stem(result)}{FORMATS[kind]}"), result)
    told = chosen(_read(result), route or [])
    for one in told.left_out:
        say(f"{one.label}: left out, {one.status}: {one.reason}")
    if not told.tracks:
        say("no alternative is feasible")
        raise typer.Exit(1)
    target = out or Path(f"{plain(Path(told.name)) if str(result) == '-' else _stem(result)}{FORMATS[kind]}")
    check_target(target)
    try:
        made = files(told, kind, target, tolerance)
    except DAMAGED as error:  # values of a stored result that are of another kind
        if not _may_be_stored(result):
            raise
        raise ScenarioError([f"{named(result)}: {NO_ROUTE} ({fault(error)})"]) from error
    write_all(made)
    say(f"wrote {', '.join(map(str, made))}")


def _check_target(target: Path, result: Path) -> None:
    """Raise UsageError where no file can be written, or one of the result would be replaced."""
    from sim.report.export.read import LEGS
    from sim.report.files import check_target
    from sim.report.formats.stored import result_file

    check_target(target)
    file = None if str(result) == "-" else result_file(result) or result
    if file is None or not target.exists():
        return
    if any(own.exists() and target.samefile(own) for own in (file, file.with_name(LEGS))):
        raise UsageError(f"{target}: is the result itself, --out names another file")


def _stem(result: Path) -> str:
    """The name of the file where none is given: that of the scenario, of the folder or of the JSON."""
    from sim.report.formats.stored import RESULT, result_file

    file = result_file(result)
    return (file.resolve().parent.name or "result") if file is not None and file.name == RESULT else result.stem


def _may_be_stored(result: Path) -> bool:
    from sim.report.formats.stored import result_file

    return str(result) == "-" or result_file(result) is not None


def _read(result: Path) -> Exported:
    """What is exported, of a stored result or of a scenario, which is run. Raises DataError, ScenarioError."""
    from sim.report.export.read import of_path

    try:
        return of_path(result, Progress(f"{named(result)}: alternatives"))
    except UsageError as error:
        raise ScenarioError([f"{named(result)}: {error}"]) from error
