"""The command `compare`: two results side by side. Heavy imports wait inside it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.options import AsJson, check_once, named
from sim.cli.output import Progress, say, show
from sim.cli.shell import complete
from sim.errors import ScenarioError, UsageError

HELP = "Scenario, comparison.json of a run, or its folder; - is standard input."
A = Annotated[Path, typer.Argument(metavar="A", help=HELP, autocompletion=complete.result_files)]
B = Annotated[Path, typer.Argument(metavar="B", help=HELP, autocompletion=complete.result_files)]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="KIND",
        help="table, csv, markdown or json.",
        autocompletion=complete.choice("table", "csv", "markdown", "json"),
    ),
]
All = Annotated[bool, typer.Option("--all", help="Also what is the same in both.")]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(compare)


def compare(a: A, b: B, kind: Format = None, whole: All = False, as_json: AsJson = False) -> None:
    """What differs between two results: days, miles, fuel and cost of each route, and the inputs.

    A scenario is run first. Ends with 1 where no alternative of either is feasible.
    """
    from sim.report.formats.between import between, between_in, check_format

    kind = check_format(kind or ("json" if as_json else "table"))
    if as_json and kind != "json":
        raise UsageError(f"--json prints JSON and --format is {kind}; leave one of them out")
    check_once((a, b))
    one, other = _document(a), _document(b)
    try:
        found = between(one, other, (_title(a, one), _title(b, other)))
    except RecursionError:
        raise ScenarioError([f"{named(a)}, {named(b)}: is no result of 'northabout run --out'"]) from None
    show(between_in(found, kind, whole))
    if not any(x["status"] == "ok" for d in (one, other) for x in d["alternatives"]):
        say("no alternative is feasible in either")
        raise typer.Exit(1)


def _document(path: Path) -> dict[str, Any]:
    """The document of a result; a scenario is run to have one."""
    from sim.report.comparison import stored_dict
    from sim.report.formats.stored import opened

    try:
        found = opened(path, Progress(f"{named(path)}: alternatives"))
    except UsageError as error:
        raise ScenarioError([f"{named(path)}: {error}"]) from error
    return found if isinstance(found, dict) else stored_dict(found)


def _title(path: Path, document: dict[str, Any]) -> str:
    return f"{named(path)} ({document.get('scenario', 'no name')})"
