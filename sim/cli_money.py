"""The commands about money and blockades: breakeven, exposure. Heavy imports wait inside them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli_text import say, show
from sim.errors import ScenarioError, UsageError

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
ScenarioFile = Annotated[Path, typer.Argument(metavar="SCENARIO.yaml", help="Scenario file.")]
On = Annotated[str, typer.Option("--on", metavar="KEY", help="bunker, hire, carbon, escort, toll_surcharge, speed ...")]
Between = Annotated[str | None, typer.Option(metavar="A,B", help="Two alternatives; else the baseline and the next.")]
Bounds = Annotated[str | None, typer.Option("--range", metavar="LOW,HIGH", help="Where to look.")]
Of = Annotated[str, typer.Option("--of", metavar="WHAT", help="cost or days.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the program."""
    app.command()(breakeven)


def breakeven(
    scenario: ScenarioFile,
    on: On,
    between: Between = None,
    of: Of = "cost",
    bounds: Bounds = None,
    as_json: AsJson = False,
) -> None:
    """The price, speed or toll at which two alternatives of a scenario cost (or take) the same."""
    from sim.geo.network import SeaNetwork
    from sim.scenario.breakeven import break_even
    from sim.scenario.model import load_scenario, ports_path
    from sim.show.breakeven_text import breakeven_text
    from sim.show.files import json_text

    measure: Any = of
    if of not in ("cost", "days"):
        raise UsageError(f"--of is '{of}', allowed: cost, days")
    loaded = load_scenario(scenario)
    pair = None if between is None else tuple(x.strip() for x in between.split(","))
    if pair is not None and len(pair) != 2:
        raise UsageError(f"--between is '{between}', wanted are two alternatives, as suez,nsr")
    net = SeaNetwork.load(ports_path(loaded, scenario.parent))
    try:
        found = break_even(loaded, net, scenario.parent, on, between=pair, measure=measure, bounds=_bounds(bounds))
    except ScenarioError as error:
        raise ScenarioError([f"{scenario}: {p}" for p in error.problems]) from error
    show(json_text(found.as_dict()) if as_json else breakeven_text(found))
    if not found.at:
        say(f"no break-even between {found.low:g} and {found.high:g}")
        raise typer.Exit(1)


def _bounds(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        low, high = (float(x) for x in text.split(","))
    except ValueError:
        raise UsageError(f"--range is '{text}', wanted are two numbers, as 100,2000") from None
    return low, high
