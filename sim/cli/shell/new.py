"""The command `new`: a first scenario file. Heavy imports wait inside it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.output import say, show
from sim.cli.shell import complete
from sim.errors import UsageError, did_you_mean

Name = Annotated[
    str | None, typer.Argument(metavar="[NAME]", help="Name of the scenario and its file; scenario.yaml if absent.")
]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="PORT", help="Where the voyage begins; Dalian.", autocompletion=complete.ports),
]
To = Annotated[
    str | None, typer.Option("--to", metavar="PORT", help="Where it ends; Rotterdam.", autocompletion=complete.ports)
]
Depart = Annotated[str | None, typer.Option("--depart", metavar="DATE", help="Its departure, as 2027-08-15.")]
Ship = Annotated[
    str | None,
    typer.Option("--ship", metavar="SHIP", help="A ship of 'northabout vessels'.", autocompletion=complete.ships),
]
Routes = Annotated[
    list[str] | None,
    typer.Option(
        "--route", metavar="ROUTE", help="An alternative (repeatable); suez, cape, nsr.", autocompletion=complete.routes
    ),
]
Ice = Annotated[bool, typer.Option("--ice", help="With ice; else that section is a comment.")]
Costs = Annotated[bool, typer.Option("--costs", help="With costs; else that section is a comment.")]
Like = Annotated[
    str | None,
    typer.Option(
        "--like",
        metavar="SHIPPED",
        help="A copy of a shipped scenario: its name, number or a part of it.",
        autocompletion=complete.shipped,
    ),
]
List = Annotated[bool, typer.Option("--list", help="Only list the shipped scenarios.")]
OutFile = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="The file, in place of NAME.yaml; - is standard output.")
]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(new)


def new(
    name: Name = None,
    origin: From = None,
    destination: To = None,
    depart: Depart = None,
    ship: Ship = None,
    route: Routes = None,
    ice: Ice = False,
    costs: Costs = False,
    like: Like = None,
    listed: List = False,
    out: OutFile = None,
) -> None:
    """Write a first scenario file with comments, to run and to change; or a copy of a shipped scenario.

    A NAME that is the name or the number of a shipped scenario, or both, means that scenario. No file is overwritten.
    """
    from sim.scenario.library import files, short_names

    given = {"origin": origin, "destination": destination, "depart": depart, "ship": ship, "routes": route}
    chosen: dict[str, Any] = {key: value for key, value in given.items() if value is not None and value != []} | {
        key: True for key, wanted in (("ice", ice), ("costs", costs)) if wanted
    }
    if listed:
        _list()
        return
    if name == "-" and out is None:
        name, out = None, Path("-")
    names = {short for one in files() for short in short_names(one)}
    if like is None and not chosen and name is not None and name.casefold().removesuffix(".yaml") in names:
        like, name = name, None
    if like is not None and chosen:
        raise UsageError("--like copies a scenario as it is; leave the other options out and change the file")
    target, content = _copy(like, name, out) if like is not None else _started(name, out, chosen)
    if str(target) == "-":
        show(content.decode())
        return
    _check(target)
    from sim.report.files import write_whole

    write_whole(target, content)
    say(f"wrote {target}; run it with: northabout run {shlex.quote(str(target))}")
    if like is None and name is not None and (hint := did_you_mean(name, files())):
        say(f"it is a new scenario; a shipped one is copied with --like{hint}")


def _list() -> None:
    from sim.report.layout import wrapped
    from sim.scenario.library import shipped

    for one in shipped():
        show("\n".join(wrapped(f"{one.name:32s}  {one.description}", rest=" " * 34)))


def _copy(like: str, name: str | None, out: Path | None) -> tuple[Path, bytes]:
    """The file of a copy of a shipped scenario, and its text."""
    from sim.scenario.library import find_shipped

    found = find_shipped(like)
    return out or (Path(found.name) if name is None else _file(name)), found.read_bytes()


def _started(name: str | None, out: Path | None, chosen: dict[str, Any]) -> tuple[Path, bytes]:
    """The file of a first scenario, and its text."""
    from sim.scenario.starter import starter

    target = out or _file(name or "scenario")
    title = Path(name).stem if name else ("scenario" if str(target) == "-" else target.stem)
    return target, starter(title, **chosen).encode()


def _file(name: str) -> Path:
    path = Path(name)
    return path if path.suffix.lower() in (".yaml", ".yml") else path.with_name(f"{path.name}.yaml")


def _check(target: Path) -> None:
    """Raise UsageError where no new file can be written."""
    from sim.report.files import check_target

    check_target(target)
    if target.exists():
        raise UsageError(f"{target}: is there already and is kept; --out names another file")
