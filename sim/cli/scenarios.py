"""The commands about scenario files: check, schema. Heavy imports wait inside them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import check_once, named
from sim.cli.output import say, show
from sim.cli.shell import complete
from sim.errors import DataError, ScenarioError

ScenarioFiles = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...", help="Scenario files; - is standard input.", autocompletion=complete.scenario_files
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the program."""
    app.command()(check)
    app.command()(schema)


def check(files: ScenarioFiles) -> None:
    """Check scenario files without running them; every problem is listed with its line.

    All files are checked; the worst exit code of them wins (4: a file is missing, 3: one is invalid).
    """
    from sim.scenario.load import load_scenario

    check_once(files)
    worst = 0
    for path in files:
        try:
            scenario = load_scenario(path)
        except (ScenarioError, DataError) as error:
            say(str(error))
            worst = max(worst, error.exit_code)
        else:
            count = len(scenario.alternatives)
            show(f"{named(path)}: good ({scenario.name}, {count} alternative{'s' if count > 1 else ''})")
    if worst:
        raise typer.Exit(worst)


def schema() -> None:
    """The JSON Schema of scenario files, for editors."""
    from sim.report.files import json_text
    from sim.scenario.load import schema as scenario_schema

    show(json_text(scenario_schema()))
