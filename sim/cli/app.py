"""The command `northabout`: its groups of commands, and how it ends."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import Annotated, Any

import typer

from sim import __version__
from sim.cli import claims, ice, maps, routes, scenarios, studies
from sim.cli.many import chokepoints, service, study
from sim.cli.output import fit_terminal, say, show, tell_warnings, working
from sim.cli.pages import explore, export, report
from sim.cli.shell import compare, new, runs
from sim.cli.shell.words import Commands, told_options
from sim.errors import NorthaboutError, ScenarioError, UsageError

EXIT_CODES = "Exit codes: 0 done; 1 ran, but no alternative is feasible; 2 usage; 3 invalid scenario; 4 data missing."
INTERRUPTED, INTERNAL = 130, 70
# what the system says of a path that is too long, a circle of links, or in a folder that may not be looked into
NO_PATH = (errno.ENAMETOOLONG, errno.ELOOP, errno.EACCES, errno.EPERM, errno.ENOTDIR)
_ClickException: Any = typer.BadParameter.__mro__[2]  # typer brings its own click, or uses the installed one

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Compare sea routes: miles and days by Suez, the Cape, the Northern Sea Route and any other route, and what "
    "changes with the ice and when a passage closes.",
    epilog=EXIT_CODES,
)


def _version(wanted: bool) -> None:
    if wanted:
        show(f"northabout {__version__}")
        raise typer.Exit(0)


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None: ...


# the order in which the help lists them
GROUPS = (
    runs, compare, scenarios, maps, new, routes, claims, ice, studies, study, service, chokepoints, report, explore,
    export,
)  # fmt: skip
for group in GROUPS:
    group.register(app)


def main() -> None:
    """Entry point: errors that a user can cause become one message and the documented exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    tell_warnings()
    fit_terminal()
    sys.exit(_guarded())


def _guarded() -> int:
    """Run the command; its exit code."""
    try:
        with working(" ".join(["northabout", *sys.argv[1:2]])):
            status = app(prog_name="northabout", standalone_mode=False)
        code = status if isinstance(status, int) else 0
        if code == INTERRUPTED:
            say("interrupted")
        return code
    except ScenarioError as error:
        say(str(error))
        return error.exit_code
    except NorthaboutError as error:
        say(f"error: {error}")
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        say("interrupted")
        return INTERRUPTED
    except _ClickException as error:
        told_options(error)
        error.show()
        return int(error.exit_code)
    except Exception as error:
        if isinstance(error, OSError) and error.filename is not None and error.errno in NO_PATH:
            say(f"error: {error.filename}: cannot be used ({error.strerror})")
            return UsageError.exit_code
        if os.environ.get("NORTHABOUT_TRACEBACK"):
            raise
        said = " ".join(str(error).split())
        say(f"internal error: {type(error).__name__}: {said}\nNORTHABOUT_TRACEBACK=1 shows where; please report it")
        return INTERNAL
