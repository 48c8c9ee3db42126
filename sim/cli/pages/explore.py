"""The command that makes the live map. Heavy imports wait inside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from sim.cli.options import named
from sim.cli.output import Progress, say, show
from sim.cli.shell import complete
from sim.errors import ScenarioError, UsageError

if TYPE_CHECKING:
    from starlette.applications import Starlette

PAGE: Final = "explore.html"

Scenario = Annotated[
    Path | None,
    typer.Argument(
        metavar="[SCENARIO.yaml]",
        help="Its ports, ship, closures and voyages by month.",
        autocompletion=complete.scenario_files,
    ),
]
Page = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="The page to write; explore.html if absent.")]
Years = Annotated[
    str | None, typer.Option("--years", metavar="Y,Y", help="Years of ice; the scenario's, 2030 and 2050 if absent.")
]
Pathways = Annotated[
    str | None,
    typer.Option(
        "--pathways",
        metavar="NAME,NAME",
        help="Pathways of later years; SSP2-4.5 if absent.",
        autocompletion=complete.several_pathways,
    ),
]
Classes = Annotated[
    str | None,
    typer.Option(
        "--classes",
        metavar="NAME,NAME",
        help="Ice classes of the ship; its own if absent.",
        autocompletion=complete.several_ice_classes,
    ),
]
Seasons = Annotated[
    str | None,
    typer.Option("--seasons", metavar="NAME,NAME", help="mild, own, normal, severe; the scenario's own if absent."),
]
Serve = Annotated[
    bool, typer.Option("--serve", help="Hand the page out on this machine, and sail any date that it asks for.")
]
Port = Annotated[
    int | None, typer.Option("--port", metavar="N", help="Of --serve; 8040 if absent, 0 for any free one.")
]


def register(app: typer.Typer) -> None:
    """Add the command of this module to the program."""
    app.command()(explore)


def explore(
    scenario: Scenario = None,
    out: Page = None,
    years: Years = None,
    pathways: Pathways = None,
    classes: Classes = None,
    seasons: Seasons = None,
    serve: Serve = False,
    port: Port = None,
) -> None:
    """Write a live map of the sea routes: one page that needs no network, to open in a browser or to mail.

    With a scenario it begins with its ports, ship and closures, and knows its voyages in each month of some years. With
    --serve nothing is written: the page is at the address that is printed, until Ctrl-C, and sails any date.
    """
    target = out or Path(PAGE)
    if serve:
        _check_serving(out)
    elif port is not None:
        raise UsageError("--port goes with --serve")
    else:
        _check_page(target)
    choices = {
        "years": [_year(y) for y in _several(years)], "pathways": _several(pathways), "classes": _several(classes),
        "seasons": _several(seasons),
    }  # fmt: skip
    make = _Maker(scenario, choices)
    if serve:
        from sim.web.served.listen import PORT
        from sim.web.served.serve import serve as serve_on

        serve_on(make.site, PORT if port is None else port, show, say)
        return
    from sim.report.files import write_whole

    page = make.page()
    write_whole(target, page)
    say(f"wrote {target} ({len(page) / 1e6:.2f} MB)")


class _Maker:
    """The page of a scenario file, or of none, and the site around it, with choices of the command line."""

    def __init__(self, path: Path | None, choices: dict[str, Any]) -> None:
        from sim.geo.network import SeaNetwork
        from sim.scenario.load import load_scenario, ports_path

        self.path, self.choices = path, choices
        self.scenario = None if path is None else load_scenario(path)
        self.folder = Path() if path is None else path.parent
        self.net = SeaNetwork.load(None if self.scenario is None else ports_path(self.scenario, self.folder))

    def page(self) -> bytes:
        from sim.web import explore_page

        with self._faults_of_the_scenario():
            return explore_page(self.net, self.scenario, self.folder, progress=Progress("voyages"), **self.choices)

    def site(self, port: int) -> Starlette:
        from sim.web.served.serve import served_site

        how = self.choices | {"progress": Progress("voyages")}
        with self._faults_of_the_scenario():
            return served_site(self.net, self.scenario, self.folder, port, say, **how)

    @contextmanager
    def _faults_of_the_scenario(self) -> Iterator[None]:
        """What cannot be used is a fault of the file where nothing was chosen on the command line."""
        try:
            yield
        except UsageError as error:
            if self.path is None or any(self.choices.values()):
                raise
            raise ScenarioError([f"{named(self.path)}: {error}"]) from error


def _check_serving(out: Path | None) -> None:
    from sim.web.served.listen import check_installed

    if out is not None:
        raise UsageError("--serve writes nothing: leave --out away, or --serve")
    check_installed()


def _check_page(out: Path) -> None:
    from sim.report.files import check_target

    check_target(out)
    if out.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"{out}: a page ends in .html or .htm")


def _several(text: str | None) -> list[str]:
    return [word.strip() for word in (text or "").split(",") if word.strip()]


def _year(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise UsageError(f"--years has '{text}', allowed are years from 1979 to 2100, parted by commas") from None
