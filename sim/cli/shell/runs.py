"""The command `run`: one scenario, or several with a summary. Heavy imports wait inside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import AsJson, check_folder, check_once, named
from sim.cli.output import Progress, say, show
from sim.cli.shell import complete
from sim.cli.shell.folder import fill
from sim.errors import DataError, ScenarioError, UsageError

if TYPE_CHECKING:
    from sim.report.formats.several import Ran
    from sim.scenario.compare import Comparison

Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="SCENARIO.yaml...",
        help="Scenario files; - is standard input.",
        autocompletion=complete.scenario_files,
    ),
]
OutDir = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Also write JSON, CSV and GeoJSON there; a folder each of several."),
]
Legs = Annotated[bool, typer.Option("--legs", help="Also print every leg of every voyage.")]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="KIND",
        help="table, csv, markdown, latex or json; xlsx goes with --out.",
        autocompletion=complete.choice("table", "csv", "markdown", "latex", "json", "xlsx"),
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(run)


def run(scenario: Files, out: OutDir = None, legs: Legs = False, kind: Format = None, as_json: AsJson = False) -> None:
    """Simulate every alternative of a scenario and compare them with its baseline.

    Several scenarios are run one after the other, those that are invalid are told, and the worst exit code wins.
    """
    from sim.report.formats.several import Ran, several_in
    from sim.report.formats.write import check_format, comparison_in

    kind = check_format(kind or ("json" if as_json else "table"))
    if as_json and kind != "json":
        raise UsageError(f"--json prints JSON and --format is {kind}; leave one of them out")
    if kind == "xlsx" and out is None:
        raise UsageError("--format is xlsx, a file: name the folder for it with --out DIR")
    if legs and kind not in ("table", "json"):
        raise UsageError(f"--legs goes with the table, --format is {kind}; --out writes the legs as CSV")
    check_folder(out)
    if len(scenario) == 1:
        comparison = _ran(scenario[0])
        _write(comparison, out, kind)
        if kind != "xlsx":
            show(comparison_in(comparison, kind))
        _legs(comparison, legs and kind == "table")
        if not comparison.feasible:
            say("no alternative is feasible")
            raise typer.Exit(1)
        return
    check_once(scenario)
    done: list[Ran] = []
    for path, name in zip(scenario, names(scenario), strict=True):
        try:
            comparison = _ran(path)
        except (ScenarioError, DataError) as error:
            say(str(error))
            done.append(Ran(named(path), None, tuple(str(error).splitlines()), error.exit_code))
            continue
        _write(comparison, None if out is None else out / name, kind)
        done.append(Ran(named(path), comparison, (), 0 if comparison.feasible else 1))
        if kind == "table":
            show(comparison_in(comparison, kind) + "\n")
            _legs(comparison, legs)
    if kind != "xlsx":
        show(several_in(done, kind))
    if worst := max(r.exit_code for r in done):
        raise typer.Exit(worst)


def _ran(path: Path) -> Comparison:
    """A scenario file, run. Raises ScenarioError, DataError."""
    from sim.scenario.compare import run_file

    try:
        return run_file(path, Progress(f"{named(path)}: alternatives"))
    except UsageError as error:
        raise ScenarioError([f"{named(path)}: {error}"]) from error


def _write(comparison: Comparison, out: Path | None, kind: str) -> None:
    """The files of a run, into its folder."""
    from sim.report.comparison import result_files
    from sim.report.formats.folder import digest
    from sim.report.formats.write import comparison_file

    if out is None:
        return
    files = {name: text.encode() for name, text in result_files(comparison).items()}
    files |= comparison_file(comparison, kind)
    fill(out, files, "run", digest(comparison.scenario.model_dump_json()))


def _legs(comparison: Comparison, wanted: bool) -> None:
    from sim.report.voyages import legs_text

    if wanted:
        show("\n" + legs_text(comparison))


def names(sources: Sequence[Path]) -> list[str]:
    """The names of sources as beginnings of names of files or as folders, each another."""
    from sim.report.files import told_apart

    return told_apart(map(plain, sources))


def plain(source: Path) -> str:
    """The name of a scenario file or of a folder in letters, digits and hyphens."""
    from sim.report.files import plain_name

    return plain_name(source.stem if source.suffix.lower() in (".yaml", ".yml") else source.name, "scenario")
