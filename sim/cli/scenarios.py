"""The commands about scenario files: run, check, schema, new. Heavy imports wait inside them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import AsJson, ScenarioFile, check_folder
from sim.cli.output import say, show
from sim.errors import DataError, ScenarioError, UsageError

if TYPE_CHECKING:
    pass

OutDir = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Also write JSON, CSV and GeoJSON there.")]
Legs = Annotated[bool, typer.Option("--legs", help="Also print every leg of every voyage.")]
Format = Annotated[
    str | None,
    typer.Option("--format", metavar="KIND", help="table, csv, markdown, latex or json; xlsx goes with --out."),
]
ScenarioFiles = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scenario files.")]
NewName = Annotated[str | None, typer.Argument(metavar="[NAME]", help="A shipped scenario; all are listed if absent.")]
NewFile = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where to write it; its own name here.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the program."""
    app.command()(run)
    app.command()(check)
    app.command()(schema)
    app.command()(new)


def run(
    scenario: ScenarioFile, out: OutDir = None, legs: Legs = False, kind: Format = None, as_json: AsJson = False
) -> None:
    """Simulate every alternative of a scenario and compare them with its baseline."""
    from sim.report.formats.write import check_format, comparison_file, comparison_in

    kind = check_format(kind or ("json" if as_json else "table"))
    if as_json and kind != "json":
        raise UsageError(f"--json prints JSON and --format is {kind}; leave one of them out")
    if kind == "xlsx" and out is None:
        raise UsageError("--format is xlsx, a file: name the folder for it with --out DIR")
    if legs and kind not in ("table", "json"):
        raise UsageError(f"--legs goes with the table, --format is {kind}; --out writes the legs as CSV")
    check_folder(out)
    from sim.report.comparison import result_files
    from sim.report.files import make_folder, write_all
    from sim.report.voyages import legs_text
    from sim.scenario.compare import run_file

    try:
        comparison = run_file(scenario)
    except UsageError as error:
        raise ScenarioError([f"{scenario}: {error}"]) from error
    if out is not None:
        files = {name: text.encode() for name, text in result_files(comparison).items()}
        files |= comparison_file(comparison, kind)
        make_folder(out)
        write_all({out / name: content for name, content in files.items()})
        say(f"wrote {', '.join(files)} to {out}")
    if kind != "xlsx":
        show(comparison_in(comparison, kind))
    if legs and kind == "table":
        show("\n" + legs_text(comparison))
    if not comparison.feasible:
        say("no alternative is feasible")
        raise typer.Exit(1)


def check(files: ScenarioFiles) -> None:
    """Check scenario files without running them; every problem is listed with its line.

    All files are checked; the worst exit code of them wins (4: a file is missing, 3: one is invalid).
    """
    from sim.scenario.load import load_scenario

    worst = 0
    for path in files:
        try:
            scenario = load_scenario(path)
        except (ScenarioError, DataError) as error:
            say(str(error))
            worst = max(worst, error.exit_code)
        else:
            count = len(scenario.alternatives)
            show(f"{path}: good ({scenario.name}, {count} alternative{'s' if count > 1 else ''})")
    if worst:
        raise typer.Exit(worst)


def schema() -> None:
    """The JSON Schema of scenario files, for editors."""
    from sim.report.files import json_text
    from sim.scenario.load import schema as scenario_schema

    show(json_text(scenario_schema()))


def new(name: NewName = None, out: NewFile = None) -> None:
    """Begin from a shipped scenario: list them, or write one as a file of your own."""
    from sim.report.files import check_target, write_whole
    from sim.report.layout import wrapped
    from sim.scenario.library import find_shipped, shipped

    if name is None:
        if out is not None:
            raise UsageError("--out needs the NAME of a shipped scenario; 'northabout new' lists them")
        for one in shipped():
            show("\n".join(wrapped(f"{one.name:32s}  {one.description}", rest=" " * 34)))
        return
    found = find_shipped(name)
    target = out or Path(found.path.name)
    check_target(target)
    if target.exists():
        raise UsageError(f"{target}: is there already and is kept; --out names another file")
    write_whole(target, found.path.read_bytes())
    say(f"wrote {target}; run it with 'northabout run {target}'")
