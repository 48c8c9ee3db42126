"""The command that makes the live map. Heavy imports wait inside it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.output import Progress, say
from sim.errors import ScenarioError, UsageError

Scenario = Annotated[
    Path | None, typer.Argument(metavar="[SCENARIO.yaml]", help="Its ports, ship, closures and voyages by month.")
]
Page = Annotated[Path, typer.Option("--out", metavar="FILE", help="The page to write.")]
Years = Annotated[
    str | None, typer.Option("--years", metavar="Y,Y", help="Years of ice; the scenario's, 2030 and 2050 if absent.")
]
Pathways = Annotated[
    str | None, typer.Option("--pathways", metavar="NAME,NAME", help="Pathways of later years; SSP2-4.5 if absent.")
]
Classes = Annotated[
    str | None, typer.Option("--classes", metavar="NAME,NAME", help="Ice classes of the ship; its own if absent.")
]


def register(app: typer.Typer) -> None:
    """Add the command of this module to the program."""
    app.command()(explore)


def explore(
    scenario: Scenario = None,
    out: Page = Path("explore.html"),
    years: Years = None,
    pathways: Pathways = None,
    classes: Classes = None,
) -> None:
    """Write a live map of the sea routes: one page that needs no network, to open in a browser or to mail.

    With a scenario it begins with its ports, ship and closures, and knows its voyages in each month of some years.
    """
    from sim.geo.network import SeaNetwork
    from sim.report.files import check_target, write_whole
    from sim.scenario.load import load_scenario, ports_path
    from sim.web import explore_page

    check_target(out)
    if out.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"{out}: a page ends in .html or .htm")
    asked_years = [_year(y) for y in _several(years)]
    loaded = None if scenario is None else load_scenario(scenario)
    folder = Path() if scenario is None else scenario.parent
    net = SeaNetwork.load(None if loaded is None else ports_path(loaded, folder))
    try:
        page = explore_page(
            net, loaded, folder, years=asked_years, pathways=_several(pathways), classes=_several(classes),
            progress=Progress("voyages"),
        )  # fmt: skip
    except UsageError as error:
        if scenario is None or years or pathways or classes:
            raise
        raise ScenarioError([f"{scenario}: {error}"]) from error
    write_whole(out, page)
    say(f"wrote {out} ({len(page) / 1e6:.2f} MB)")


def _several(text: str | None) -> list[str]:
    return [word.strip() for word in (text or "").split(",") if word.strip()]


def _year(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise UsageError(f"--years has '{text}', allowed are years from 1979 to 2100, parted by commas") from None
