"""The command that draws a scenario: its routes, the Northern Sea Route close up, ice and speed, costs, a turn."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import typer

from sim.cli.options import Centre, Dpi, Extent, Labels, OutMap, ShowIce, Size, Title, given_look, named
from sim.cli.output import say
from sim.cli.shell import complete
from sim.cli.shell.runs import plain
from sim.errors import ScenarioError, UsageError, did_you_mean

if TYPE_CHECKING:
    from sim.plot.look import Look

Loaded = TypeVar("Loaded")
PROJECTIONS: Final = ("polar", "world", "auto")
VIEWS: Final = ("routes", "nsr", "profile", "costs", "turn")
MapSource = Annotated[
    Path,
    typer.Argument(
        metavar="SCENARIO|RESULT",
        help="Scenario, or comparison.json of a run; - is standard input.",
        autocompletion=complete.result_files,
    ),
]
Projection = Annotated[
    str, typer.Option(help="world, polar or auto.", autocompletion=complete.choice("world", "polar", "auto"))
]
View = Annotated[
    str,
    typer.Option(
        autocompletion=complete.choice("routes", "nsr", "profile", "costs", "turn"),
        help="routes; nsr: the Northern Sea Route close up with ice and dates; profile: ice, speed and RIO along the "
        "routes; costs: bars; turn: where a ship turns from a closure.",
    ),
]
Shaded = Annotated[
    str | None,
    typer.Option("--corridor", metavar="ROUTE", help="Shade the water on which it takes at most a day more (polar)."),
]


def register(app: typer.Typer) -> None:
    """Add the command of this module to the program."""
    app.command("map")(map_)


def map_(
    source: MapSource,
    projection: Projection = "world",
    view: View = "routes",
    title: Title = None,
    size: Size = None,
    dpi: Dpi = 150,
    extent: Extent = None,
    centre: Centre = None,
    labels: Labels = True,
    ice: ShowIce = True,
    corridor: Shaded = None,
    out: OutMap = None,
) -> None:
    """Draw the routes of a scenario, or another view of it."""
    from sim.plot.look import check_dpi

    for word, known, what in ((projection, PROJECTIONS, "projection"), (view, VIEWS, "view")):
        if word not in known:
            raise UsageError(f"unknown {what} '{word}'{did_you_mean(word, known)}; allowed: {', '.join(known)}")
    if corridor is not None and (projection != "polar" or view != "routes" or source.suffix.lower() == ".json"):
        raise UsageError("--corridor goes with a scenario file and --projection polar")
    look = given_look(title, size, extent, centre, labels, ice)
    check_dpi(dpi)
    if out is not None:
        _target(out, source, view)
    if view == "routes":
        feasible = _routes(source, projection, out, dpi, look, corridor)
    else:
        feasible = _view(source, view, out, dpi, look)
    if not feasible:
        say("no alternative is feasible")
        raise typer.Exit(1)


def _target(out: Path | None, source: Path, what: str) -> Path:
    """Where the picture goes. Raises UsageError where nothing can be written there."""
    from sim.plot.figure import SUFFIXES
    from sim.report.files import check_target

    target = out or Path(f"{plain(source) if str(source) == '-' else source.stem}-{what}.png")
    if target.suffix.lower() not in SUFFIXES:
        hint = did_you_mean(target.suffix, SUFFIXES)
        raise UsageError(f"{target}: '{target.suffix}' is no kind of map{hint}; allowed: {', '.join(SUFFIXES)}")
    check_target(target)
    return target


def _loaded(source: Path, load: Callable[[Path], Loaded]) -> Loaded:
    """What a scenario or result holds. Raises ScenarioError for what is wrong with it."""
    try:
        return load(source)
    except UsageError as error:
        raise ScenarioError([f"{named(source)}: {error}"]) from error
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        from sim.report.formats.stored import NO_RESULT, fault

        raise ScenarioError([f"{named(source)}: {NO_RESULT} ({fault(error)})"]) from error


def _routes(source: Path, projection: str, out: Path | None, dpi: int, look: Look, corridor: str | None) -> bool:
    from sim.plot.maps.map import fitting, save
    from sim.plot.maps.picture import picture_of, picture_with_room

    picture = _loaded(source, picture_of if corridor is None else partial(picture_with_room, label=corridor))
    projection, note = fitting(picture, projection)
    target = _target(out, source, projection)
    if note:
        say(f"note: {note}")
    save(picture, projection, target, dpi, look)
    say(f"wrote {target}")
    return any(line.status == "ok" for line in picture.lines)


def _view(source: Path, view: str, out: Path | None, dpi: int, look: Look) -> bool:
    from sim.plot.figure import write_picture
    from sim.scenario.compare import run_file

    target = _target(out, source, view)
    if source.suffix.lower() == ".json":
        raise UsageError(f"{source}: a stored result holds no voyages; --view {view} needs the scenario")
    comparison = _loaded(source, run_file)
    pictures, told = comparison.plot, f"{comparison.origin.name} - {comparison.destination.name}"
    how = {name: getattr(look, name) for name in ("title", "size", "labels", "ice", "centre_deg", "extent")}
    draw = {"nsr": pictures.nsr, "profile": pictures.profile, "costs": pictures.costs, "turn": pictures.turning}[view]
    how |= {"folder": source.parent} if view == "nsr" else {}
    write_picture(lambda: draw(**how), target, look.title or f"{told}: {view}", comparison.scenario.description, dpi)
    say(f"wrote {target}")
    return bool(comparison.feasible)
