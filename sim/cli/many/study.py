"""The command about many voyages: study, and its reports. Heavy imports wait inside them."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from sim.cli.many import study_report
from sim.cli.options import AsJson, Processes, check_folder
from sim.cli.output import STATUS, say, show
from sim.cli.shell import complete
from sim.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor

    from sim.study.batch.engine import Progress

LIMIT = 200_000
EVERY_S = 30.0  # between two lines of progress where nobody looks on

StudyFile = Annotated[
    Path,
    typer.Argument(
        metavar="STUDY.yaml", help="Study file; - is standard input.", autocompletion=complete.scenario_files
    ),
]
OutDir = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder of the results; made if not there.")]
Dask = Annotated[str | None, typer.Option("--dask", metavar="ADDRESS", help="A running Dask scheduler sails instead.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only print the plan: counts, columns, time.")]
Limit = Annotated[int, typer.Option("--limit", metavar="N", help="Most voyages of a study.", min=1)]
Base = Annotated[Path | None, typer.Option("--base", metavar="FILE", help="Scenario in place of the study's base.")]


class _Study(TyperGroup):
    """`northabout study FILE ...` runs a study; the first word of `northabout study report DIR` is a command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, "--help", "-h"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the program."""
    group = typer.Typer(
        cls=_Study, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False,
        help="Sail thousands of voyages of a study file: 'study STUDY.yaml --out DIR', then 'study report DIR'.",
    )  # fmt: skip
    group.command("run")(study)
    group.command()(study_report.report)
    app.add_typer(group, name="study")


def study(
    file: StudyFile,
    out: OutDir = None,
    workers: Processes = 1,
    dask: Dask = None,
    dry_run: DryRun = False,
    limit: Limit = LIMIT,
    base: Base = None,
    as_json: AsJson = False,
) -> None:
    """Sail all voyages of a study file; a run that was ended goes on where it stopped.

    The word 'run' may be left out: northabout study STUDY.yaml --out DIR.
    """
    if out is None and not dry_run:
        raise UsageError("--out DIR is missing; --dry-run needs none")
    if dask is not None and workers != 1:
        raise UsageError("give --workers or --dask, not both")
    check_folder(out)
    from sim.study.pool import begin

    if workers > 1:
        begin()  # while this process reads the study
    from sim.report.files import json_text
    from sim.report.study.run import plan_dict, plan_text, run_dict, run_text
    from sim.study.batch.engine import run_study, timed_plan
    from sim.study.batch.plan import plan_of
    from sim.study.batch.spec import load_study

    loaded = load_study(file, base)
    if dry_run:
        plan = timed_plan(loaded, plan_of(loaded, limit))
        show(json_text(plan_dict(loaded, plan, workers)) if as_json else plan_text(loaded, plan, workers))
        return
    assert out is not None
    with _ready(dask, out) as executor:
        done = run_study(loaded, out, workers=workers, executor=executor, limit=limit, progress=_Line())
    show(json_text(run_dict(done)) if as_json else run_text(done))
    if not done.feasible:
        say("no voyage is feasible")
        raise typer.Exit(1)


@contextmanager
def _ready(address: str | None, out: Path) -> Iterator[Executor | None]:
    """The executor of a Dask scheduler, if one is asked for; an interrupt says how to go on."""
    from sim.study.batch.remote import dask_executor

    try:
        if address is None:
            yield None
        else:
            with dask_executor(address) as executor:
                yield executor
    except KeyboardInterrupt:
        say(f"\nwhat is done is kept in {out}; the same command goes on")
        raise


class _Line:
    """Progress on stderr: one line that changes where a person looks on, else a line now and then."""

    def __init__(self) -> None:
        self.seen, self.last = sys.stderr.isatty(), time.monotonic()

    def __call__(self, now: Progress) -> None:
        from sim.report.study.run import progress_text

        over = now.voyages >= now.total
        if not self.seen and not over and (now.voyages == now.kept or time.monotonic() - self.last < EVERY_S):
            if now.kept and now.voyages == now.kept:
                say(progress_text(now))
            return
        self.last, text = time.monotonic(), progress_text(now)
        if self.seen and not over:
            STATUS.text = text
            STATUS.draw(text)
        else:
            STATUS.text = ""
            say(text)
