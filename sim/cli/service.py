"""The command `service`: a year of a ship between ports. Heavy imports wait inside it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import AsJson, ScenarioFile
from sim.cli.output import Progress, say, show
from sim.errors import ScenarioError, UsageError

Year = Annotated[int | None, typer.Option("--year", metavar="Y", help="Year; the scenario's if absent.")]
Calls = Annotated[
    str | None, typer.Option(metavar="A,B,C", help="Ports of a round trip in their order; those of the scenario.")
]
PortDays = Annotated[float, typer.Option(metavar="D", help="Days at each call.")]
Flow = Annotated[
    float | None,
    typer.Option(metavar="TONNES", help="What has to be carried one way in a year (TEU, m3 of such ships)."),
]
CsvFile = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write all legs as CSV.")]


def register(app: typer.Typer) -> None:
    """Add the command of this module to the program."""
    app.command()(service)


def service(
    scenario: ScenarioFile,
    year: Year = None,
    calls: Calls = None,
    port_days: PortDays = 2.0,
    flow: Flow = None,
    csv: CsvFile = None,
    as_json: AsJson = False,
) -> None:
    """A year of service: round trips of one ship by every alternative, cargo carried, cost, ships for a flow."""
    from sim.geo.network import SeaNetwork
    from sim.report.files import check_target, json_text, write_whole
    from sim.report.study.service import service_csv, service_dict, service_text
    from sim.scenario.load import load_scenario, ports_path
    from sim.study.service import service as served

    if csv is not None:
        check_target(csv)
    ports = [] if calls is None else [c.strip() for c in calls.split(",")]
    if calls is not None and not all(ports):
        raise UsageError(f"--calls is '{calls}', wanted are ports, as Sabetta,Murmansk,Zeebrugge")
    loaded = load_scenario(scenario)
    net = SeaNetwork.load(ports_path(loaded, scenario.parent))
    for port in ports:
        net.place(port)  # an option that is wrong is no fault of the scenario
    try:
        found = served(
            loaded, net, scenario.parent, year=year, calls=ports, port_days=port_days, flow=flow,
            progress=Progress("alternatives"),
        )  # fmt: skip
    except ScenarioError as error:
        raise ScenarioError([f"{scenario}: {p}" for p in error.problems]) from error
    if csv is not None:
        write_whole(csv, service_csv(found).encode())
        say(f"wrote {csv}")
    show(json_text(service_dict(found)) if as_json else service_text(found))
    if not found.feasible:
        say("no alternative makes a round trip in the year")
        raise typer.Exit(1)
