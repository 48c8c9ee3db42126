"""The command `service`: a year of a ship between ports. Heavy imports wait inside it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.options import AsJson, ScenarioFile, named
from sim.cli.output import Progress, say, show
from sim.cli.shell import complete
from sim.errors import ScenarioError, UsageError

Year = Annotated[int | None, typer.Option("--year", metavar="Y", help="Year; the scenario's if absent.")]
Calls = Annotated[
    str | None,
    typer.Option(
        metavar="A,B,C",
        help="Ports of a round trip in their order; those of the scenario.",
        autocompletion=complete.several_ports,
    ),
]
PortDays = Annotated[float, typer.Option(metavar="D", help="Days at each call.")]
Flow = Annotated[
    float | None,
    typer.Option(metavar="TONNES", help="What has to be carried one way in a year (TEU, m3 of such ships)."),
]
Onward = Annotated[
    str | None, typer.Option(metavar="PORT=SHIP", help="At this call another ship of the table takes the cargo on.")
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
    onward: Onward = None,
    csv: CsvFile = None,
    as_json: AsJson = False,
) -> None:
    """A year of service: round trips of one ship by every alternative, cargo carried, cost, ships for a flow."""
    from sim.geo.network import SeaNetwork
    from sim.report.files import check_target, json_text, write_whole
    from sim.report.study import service as told
    from sim.scenario.load import load_scenario, ports_path
    from sim.study.relay import relay
    from sim.study.service import service as served

    if csv is not None:
        check_target(csv)
    ports = _ports(calls)
    hub = _hub(onward, ports)
    loaded = load_scenario(scenario)
    net = SeaNetwork.load(ports_path(loaded, scenario.parent))
    for port in ports:
        net.place(port)  # an option that is wrong is no fault of the scenario
    how: Any = {"year": year, "port_days": port_days, "flow": flow, "progress": Progress("alternatives")}
    try:
        if hub is None:
            found = served(loaded, net, scenario.parent, calls=ports, **how)
            text, as_csv, as_dict = told.service_text(found), told.service_csv(found), told.service_dict(found)
            feasible = found.feasible
        else:
            both = relay(loaded, net, scenario.parent, calls=ports, at=hub[0], vessel=hub[1], **how)
            text, as_csv, as_dict = told.relay_text(both), told.relay_csv(both), told.relay_dict(both)
            feasible = both.feasible
    except ScenarioError as error:
        raise ScenarioError([f"{named(scenario)}: {p}" for p in error.problems]) from error
    if csv is not None:
        write_whole(csv, as_csv.encode())
        say(f"wrote {csv}")
    show(json_text(as_dict) if as_json else text)
    if not feasible:
        say("no alternative makes a round trip in the year")
        raise typer.Exit(1)


def _ports(calls: str | None) -> list[str]:
    ports = [] if calls is None else [c.strip() for c in calls.split(",")]
    if calls is not None and not all(ports):
        raise UsageError(f"--calls is '{calls}', wanted are ports, as Sabetta,Murmansk,Zeebrugge")
    return ports


def _hub(onward: str | None, ports: list[str]) -> tuple[str, str] | None:
    """The port of a transshipment and the ship that goes on from there."""
    if onward is None:
        return None
    port, _, ship = (x.strip() for x in onward.partition("="))
    if not port or not ship:
        raise UsageError(f"--onward is '{onward}', wanted are a call and a ship, as Murmansk=lng_174k")
    if len(ports) < 3:
        raise UsageError("--onward goes with --calls of three ports or more, the transshipment among them")
    return port, ship
