"""The commands about money and blockades: breakeven, exposure. Heavy imports wait inside them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.options import (
    AsJson,
    OutMap,
    PositionCommand,
    Processes,
    ScenarioFile,
    Years,
    check_workers,
    given_years,
    named,
)
from sim.cli.output import Progress, say, show
from sim.cli.shell import complete
from sim.errors import ScenarioError, UsageError

if TYPE_CHECKING:
    from sim.study.breakeven import BreakEven
    from sim.study.sailing.breakevens import BreakEvenYears

On = Annotated[str, typer.Option("--on", metavar="KEY", help="bunker, hire, carbon, escort, speed, nsr_speed ...")]
Between = Annotated[str | None, typer.Option(metavar="A,B", help="Two alternatives; else the baseline and the next.")]
Bounds = Annotated[str | None, typer.Option("--range", metavar="LOW,HIGH", help="Where to look.")]
Of = Annotated[str, typer.Option("--of", metavar="WHAT", help="cost or days.")]


Closed = Annotated[
    list[str] | None,
    typer.Option(
        "--close",
        metavar="SET",
        help="A closure set or passages joined by + (repeatable).",
        autocompletion=complete.closures,
    ),
]
Importer = Annotated[str, typer.Option(metavar="CC", help="Country whose imports are summed.")]
Full = Annotated[bool, typer.Option("--full", help="Every flow of every closure.")]
Flows = Annotated[Path | None, typer.Option("--flows", metavar="FILE", help="Own flows, as in trade_flows.csv.")]
NoCost = Annotated[bool, typer.Option("--no-cost", help="Leave out the extra cost.")]
CsvFile = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write all figures as CSV.")]
Origin = Annotated[str, typer.Argument(metavar="FROM", help="Port of Europe or Asia.", autocompletion=complete.ports)]
Than = Annotated[
    str,
    typer.Option("--than", metavar="ROUTE", help="suez or cape.", autocompletion=complete.choice("suez", "cape")),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the program."""
    app.command()(breakeven)
    app.command()(exposure)
    app.command(cls=PositionCommand)(nearer)


def breakeven(
    scenario: ScenarioFile,
    on: On,
    between: Between = None,
    of: Of = "cost",
    bounds: Bounds = None,
    year: Years = None,
    workers: Processes = 1,
    as_json: AsJson = False,
) -> None:
    """The price, speed or toll at which two alternatives of a scenario cost (or take) the same.

    With several years, such as --year 2027-2050, a row a year: the departure is on the scenario's day of each.
    """
    from sim.report.files import json_text
    from sim.report.studies import breakeven_text
    from sim.report.years.breakevens import breakevens_text
    from sim.study.breakeven import BreakEven

    measure: Any = of
    if of not in ("cost", "days"):
        raise UsageError(f"--of is '{of}', allowed: cost, days")
    check_workers(workers)
    years = given_years(year)
    pair = None if between is None else tuple(x.strip() for x in between.split(","))
    if pair is not None and len(pair) != 2:
        raise UsageError(f"--between is '{between}', wanted are two alternatives, as suez,nsr")
    how: dict[str, Any] = {"between": pair, "measure": measure, "bounds": _bounds(bounds)}
    found = _solved(scenario, on, years, workers, how)
    if isinstance(found, BreakEven):
        one, solved = found, bool(found.at)
        show(json_text(found.to_dict()) if as_json else breakeven_text(found))
    else:
        one, solved = found.found[0], found.feasible
        show(json_text(found.to_dict()) if as_json else breakevens_text(found))
    if not solved:
        say(f"no break-even between {one.low:g} and {one.high:g}")
        raise typer.Exit(1)


def _solved(
    scenario: Path, on: str, years: int | tuple[int, ...] | None, workers: int, how: dict[str, Any]
) -> BreakEven | BreakEvenYears:
    """The break-even of a scenario, or those of several years."""
    from sim.geo.network import SeaNetwork
    from sim.scenario.load import load_scenario, ports_path
    from sim.study.breakeven import break_even
    from sim.study.sailing.breakevens import break_even_years
    from sim.study.sailing.span import moved

    loaded, folder = load_scenario(scenario), scenario.parent
    net = SeaNetwork.load(ports_path(loaded, folder))
    try:
        if isinstance(years, tuple):
            more: Any = {"workers": workers, "progress": Progress("years")}
            return break_even_years(loaded, net, folder, on, years, **how, **more)
        return break_even(loaded if years is None else moved(loaded, years), net, folder, on, **how)
    except ScenarioError as error:
        raise ScenarioError([f"{named(scenario)}: {p}" for p in error.problems]) from error


def _bounds(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        low, high = (float(x) for x in text.split(","))
    except ValueError:
        raise UsageError(f"--range is '{text}', wanted are two numbers, as 100,2000") from None
    return low, high


def exposure(
    close: Closed = None,
    importer: Importer = "CN",
    full: Full = False,
    no_cost: NoCost = False,
    flows: Flows = None,
    csv: CsvFile = None,
    as_json: AsJson = False,
) -> None:
    """What closing straits and canals does to trade flows: cut off, longer, dearer, more ships."""
    from sim.economy.freight import freight_missing, freight_usd
    from sim.geo.network import SeaNetwork
    from sim.report.files import check_target, json_text, write_whole
    from sim.report.trade.exposure import exposure_csv, exposure_dict, exposure_text
    from sim.study.exposure import exposure as exposed
    from sim.study.trade import pick_closures, read_flows

    if csv is not None:
        check_target(csv)
    net = SeaNetwork.load()
    closures = pick_closures(close, net.passages) if close else None
    own = None if flows is None else read_flows(flows)
    how: Any = {"cost": None if no_cost else freight_usd, "left_out": freight_missing, "progress": Progress("flows")}
    found = exposed(net, own, closures, **how)
    if csv is not None:
        write_whole(csv, exposure_csv(found).encode())
        say(f"wrote {csv}")
    show(json_text(exposure_dict(found)) if as_json else exposure_text(found, importer=importer, full=full))


def nearer(
    origin: Origin, than: Than = "suez", out: OutMap = None, csv: CsvFile = None, as_json: AsJson = False
) -> None:
    """Where the Northern Sea Route is the shorter route from a port, without ice: miles saved, and a map."""
    from sim.geo.network import SeaNetwork
    from sim.plot.figure import check_suffix
    from sim.plot.maps.equidistance_map import nearer_picture
    from sim.report.files import check_target, json_text, write_all
    from sim.report.studies import nearer_csv, nearer_dict, nearer_text
    from sim.study.equidistance import nearer as field_of

    if than not in ("suez", "cape"):
        raise UsageError(f"--than is '{than}', allowed: suez, cape")
    for target in (out, csv):
        if target is not None:
            check_target(target)
    if out is not None:
        check_suffix(out)
    field = field_of(SeaNetwork.load(), origin, longer=than)
    files = {} if csv is None else {csv: nearer_csv(field).encode()}
    files |= {} if out is None else {out: nearer_picture(field, check_suffix(out))}
    write_all(files)
    for path in files:
        say(f"wrote {path}")
    show(json_text(nearer_dict(field)) if as_json else nearer_text(field))
