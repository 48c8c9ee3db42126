"""Arguments and options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from sim.cli.shell import complete
from sim.errors import UsageError
from sim.geo.joins import MOST_JOIN_NM

if TYPE_CHECKING:
    from sim.plot.look import Look

_NEGATIVE = re.compile(r"-\s*[\d.°]")  # no option begins so

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Closed = Annotated[
    list[str] | None,
    typer.Option("--close", metavar="ID", help="A closed passage (repeatable).", autocompletion=complete.passages),
]
Draft = Annotated[float | None, typer.Option("--draft", metavar="M", help="Draft in metres.")]
PortsFile = Annotated[Path | None, typer.Option("--ports", metavar="FILE", help="CSV with own ports.")]
Via = Annotated[
    str,
    typer.Option(help="usual, suez, cape, nsr, nwp, transpolar, panama or any.", autocompletion=complete.routes),
]
ScenarioFile = Annotated[
    Path,
    typer.Argument(
        metavar="SCENARIO.yaml", help="Scenario file; - is standard input.", autocompletion=complete.scenario_files
    ),
]
Years = Annotated[
    str | None,
    typer.Option("--year", metavar="Y", help="2030, 2027-2050, 2027-2050/5 or 2027,2030; the scenario's if absent."),
]
MOST_EVERY = 92  # days between two departures of a calendar
Every = Annotated[int, typer.Option(metavar="DAYS", help=f"Days between departures, 1 to {MOST_EVERY}.")]
Processes = Annotated[int, typer.Option("--workers", metavar="N", help="Processes that sail.")]
Title = Annotated[str | None, typer.Option(metavar="TEXT", help="Title of the picture.")]
Size = Annotated[str | None, typer.Option(metavar="WxH", help="Width and height, inches; 12x7.5 if absent.")]
Dpi = Annotated[int, typer.Option(metavar="N", help="Dots an inch of a .png.")]
Extent = Annotated[str | None, typer.Option(metavar="W,S,E,N", help="What the map shows, degrees: 100,-10,260,60.")]
Centre = Annotated[float | None, typer.Option(metavar="LON", help="Meridian in the middle of the map; Pacific: 180.")]
Labels = Annotated[bool, typer.Option("--labels/--no-labels", help="Names on the map.")]
ShowIce = Annotated[bool, typer.Option("--ice/--no-ice", help="The ice beneath the routes.")]
OutMap = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Map: .png, .svg or .pdf.")]


def given_look(
    title: str | None = None,
    size: str | None = None,
    extent: str | None = None,
    centre: float | None = None,
    labels: bool = True,
    ice: bool = True,
) -> Look:
    """How a picture is asked for. Raises UsageError for what is not allowed."""
    from sim.plot.look import Look, numbers

    inches = None if size is None else numbers(size, 2, "--size", "x")
    window = None if extent is None else numbers(extent, 4, "--extent")
    return Look(
        title, None if inches is None else (inches[0], inches[1]), labels, ice, centre,
        None if window is None else (window[0], window[1], window[2], window[3]),
    )  # fmt: skip


def given_months(text: str) -> list[int]:
    """Months of a year as a list, such as all, 3,9, 6-11 or June-August. Raises UsageError."""
    from sim.units import MONTH_NAMES, month_of

    if text.strip().casefold() == "all":
        return list(range(1, len(MONTH_NAMES) + 1))
    out: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        begin = month_of(first, "--months")
        out += range(begin, (month_of(last, "--months") if dash else begin) + 1)
    if not out or len(set(out)) < len(out):
        raise UsageError(f"--months is '{text}', allowed are months of 1 to 12 such as 3,9 or 6-11, each once")
    return out


class PositionCommand(TyperCommand):
    """A command whose arguments may begin with a negative latitude: '-33.9,18.4' or "-33°54', 18°25'" is no option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [f" {a}" if _NEGATIVE.match(a) else a for a in args])


def inland_nm(value: float) -> float:
    """How far a position may lie inland, as given. Raises UsageError that names the option."""
    if not 0 <= value <= MOST_JOIN_NM:
        raise UsageError(f"--join is {value:g}, allowed is 0 to {MOST_JOIN_NM:g} nm")
    return value


def named(path: Path | None) -> str:
    """A file as messages name it: `-` is standard input."""
    return "standard input" if str(path) == "-" else str(path)


def check_once(paths: Iterable[Path]) -> None:
    """Raise UsageError where standard input would be read twice."""
    if sum(str(path) == "-" for path in paths) > 1:
        raise UsageError("'-' is standard input, which can be read only once; give it once")


def check_folder(out: Path | None) -> None:
    """Raise UsageError where results cannot go into a folder: early, before the work that fills it."""
    from sim.report import files

    if out is not None:
        files.check_folder(out)


def given_years(text: str | None) -> int | tuple[int, ...] | None:
    """One year, or several as a range or a list. Raises UsageError."""
    from sim.study.sailing.span import years_of

    if text is None:
        return None
    years = years_of(text, "--year")
    return years[0] if text.strip().isdigit() else years


def check_every(every: int) -> None:
    """Raise UsageError for days between departures that no calendar has."""
    if not 1 <= every <= MOST_EVERY:
        raise UsageError(f"--every is {every}, allowed is 1 to {MOST_EVERY} days")


def check_workers(workers: int) -> None:
    """Raise UsageError for a number of processes that is not allowed, before anything is read."""
    from sim.study.pool import Workers

    Workers(workers)
