"""The commands about places and routes: route, distances, ports, passages. Heavy imports wait inside them."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.options import AsJson, Closed, Draft, PortsFile, PositionCommand, Via, inland_nm
from sim.cli.output import say, show
from sim.cli.shell import complete
from sim.errors import PlaceError, PlacesNotUsed, UsageError, did_you_mean
from sim.geo.joins import JOIN_NM
from sim.units import metres

if TYPE_CHECKING:
    from sim.geo.network import SeaNetwork

END = "Port name, UN/LOCODE or position: 'lat,lon', '51 57.3 N 4 8.5 E'."
From = Annotated[str, typer.Argument(metavar="FROM", help=END, autocompletion=complete.ports)]
To = Annotated[str, typer.Argument(metavar="TO", help=END, autocompletion=complete.ports)]
Beam = Annotated[float | None, typer.Option("--beam", metavar="M", help="Beam in metres.")]
Length = Annotated[float | None, typer.Option("--length", metavar="M", help="Length overall in metres.")]
Inland = Annotated[
    float, typer.Option("--join", metavar="NM", help="How far inland of navigable water a position may lie.")
]
OutFile = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the route as GeoJSON.")]
CsvFile = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the matrix as CSV.")]
Origins = Annotated[
    str,
    typer.Option(
        "--from", metavar="A,B", help="Origins; positions are parted by ';'.", autocompletion=complete.several_ports
    ),
]
Destinations = Annotated[
    str, typer.Option("--to", metavar="C,D", help="Destinations.", autocompletion=complete.several_ports)
]
KeepGoing = Annotated[bool, typer.Option("--keep-going", help="Leave out places that cannot be used.")]
PortText = Annotated[
    str | None,
    typer.Argument(metavar="[TEXT]", help="Part of a name or code; a country.", autocompletion=complete.ports),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the program."""
    app.command(cls=PositionCommand)(route)
    app.command(cls=PositionCommand)(distances)
    app.command()(ports)
    app.command()(passages)


def route(
    origin: From,
    destination: To,
    via: Via = "usual",
    close: Closed = None,
    draft: Draft = None,
    beam: Beam = None,
    length: Length = None,
    join: Inland = JOIN_NM,
    ports: PortsFile = None,
    out: OutFile = None,
    as_json: AsJson = False,
) -> None:
    """The shortest route between two places."""
    from sim.report.files import check_target, json_text, write_whole
    from sim.report.listings import route_dict, route_feature, route_text

    origin, destination, closed = origin.strip(), destination.strip(), close or []
    size: dict[str, Any] = {"draft_m": metres(draft, "--draft"), "beam_m": metres(beam, "--beam")}
    size |= {"length_m": metres(length, "--length"), "join_nm": inland_nm(join)}
    if out is not None:
        check_target(out)
    found = _network(ports, via, closed).route(origin, destination, via=via, closed=closed, **size)
    if out is not None and found.status == "ok":
        write_whole(out, json_text(route_feature(found, origin, destination)).encode())
        say(f"wrote {out}")
    if as_json:
        show(json_text(route_dict(found)))
    elif found.status == "ok":
        show(route_text(found))
    if found.status != "ok":
        say(f"unreachable: {found.reason}")
        raise typer.Exit(1)


def distances(
    from_: Origins,
    to: Destinations,
    via: Via = "usual",
    close: Closed = None,
    draft: Draft = None,
    join: Inland = JOIN_NM,
    ports: PortsFile = None,
    csv: CsvFile = None,
    keep_going: KeepGoing = False,
    as_json: AsJson = False,
) -> None:
    """Distances between many places, in nautical miles."""
    import numpy as np

    from sim.report.files import check_target, json_text, write_whole
    from sim.report.listings import joins_of, matrix_csv, matrix_dict, matrix_text

    origins, destinations, closed = _several(from_), _several(to), close or []
    draft_m, join_nm = metres(draft, "--draft"), inland_nm(join)
    if csv is not None:
        check_target(csv)
    net = _network(ports, via, closed)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", PlacesNotUsed)
        matrix = net.distances(
            origins, destinations, via=via, closed=closed, draft_m=draft_m, join_nm=join_nm,
            errors="nan" if keep_going else "raise",
        )  # fmt: skip
    bad = {k: v for w in told if isinstance(w.message, PlacesNotUsed) for k, v in w.message.problems.items()}
    for problem in bad.values():
        say(f"left out: {problem}")
    joins = joins_of(net.place(p, join_nm) for p in (*origins, *destinations) if p not in bad)
    if csv is not None:
        write_whole(csv, matrix_csv(origins, destinations, matrix).encode())
        say(f"wrote {csv}")
    if as_json:
        show(json_text(matrix_dict(origins, destinations, via, matrix, joins, bad)))
    else:
        show(matrix_text(origins, destinations, matrix, joins))
    if not np.isfinite(matrix).any():
        say("no place can be reached")
        raise typer.Exit(1)


def _several(text: str) -> list[str]:
    """Places of a list: separated by ';' where one is there (positions hold commas), else by commas."""
    if _is_position(text):
        return [text.strip()]
    found = [p.strip() for p in text.split(";" if ";" in text else ",") if p.strip()]
    if not found:
        raise UsageError("the list of places is empty")
    return found


def _is_position(text: str) -> bool:
    """True for one position; several look like one that cannot be read."""
    from sim.geo.positions import parse_position

    try:
        return parse_position(text) is not None
    except PlaceError:
        return False


def ports(text: PortText = None, own: PortsFile = None, as_json: AsJson = False) -> None:
    """List the ports."""
    from sim.geo.ports import PortTable, read_ports
    from sim.report.files import json_text
    from sim.report.listings import port_dict, ports_text

    table = PortTable.load()
    for port in read_ports(own) if own else []:
        table.add(port)
    found = table.search(text) if text else table.all
    if not found:
        hint = did_you_mean(text or "", [w for p in table.all for w in (p.name, *p.aliases)])
        raise UsageError(f"no port matches '{text}'{hint}")
    show(json_text([port_dict(p) for p in found]) if as_json else ports_text(found))


def passages(as_json: AsJson = False) -> None:
    """List the passages with their limits, and the named routes."""
    from sim.geo.passages import PassageTable
    from sim.report.files import json_text
    from sim.report.listings import passage_dict, passages_text

    table = PassageTable.load()
    show(json_text([passage_dict(p) for p in table.all]) if as_json else passages_text(table))


def _network(ports: Path | None, via: str, closed: Iterable[str]) -> SeaNetwork:
    """The network, with the names of the command line checked."""
    from sim.geo.network import SeaNetwork
    from sim.scenario.checks import passage_ids

    net = SeaNetwork.load(ports)
    net.passages.route(via)
    for word in closed:
        passage_ids(net.passages, word)
    return net
