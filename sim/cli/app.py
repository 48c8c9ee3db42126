"""The command `northabout`: parse, call, print. Heavy imports wait inside the commands."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from sim import __version__
from sim.cli.ice import register as register_ice
from sim.cli.output import Progress, say, show, tell_warnings
from sim.cli.studies import register as register_money
from sim.errors import DataError, NorthaboutError, ScenarioError, UsageError, did_you_mean

if TYPE_CHECKING:
    from sim.geo.network import SeaNetwork

EXIT_CODES = "Exit codes: 0 done; 1 ran, but no alternative is feasible; 2 usage; 3 invalid scenario; 4 data missing."
INTERRUPTED, INTERNAL = 130, 70
_NEGATIVE = re.compile(r"-\d[\d.]*\s*[,; ]")
_ClickException: Any = typer.BadParameter.__mro__[2]  # typer brings its own click, or uses the installed one


class _Command(TyperCommand):
    """A command whose arguments may begin with a negative latitude: '-33.9,18.4' is a position, no option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [f" {a}" if _NEGATIVE.match(a) else a for a in args])


app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Compare sea routes: miles and days by Suez, the Cape, the Northern Sea Route and any other road, and what "
    "changes with the ice and when a passage closes.",
    epilog=EXIT_CODES,
)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Closed = Annotated[list[str] | None, typer.Option("--close", metavar="ID", help="A closed passage (repeatable).")]
Draft = Annotated[float | None, typer.Option("--draft", metavar="M", help="Draft in metres.")]
Beam = Annotated[float | None, typer.Option("--beam", metavar="M", help="Beam in metres.")]
Length = Annotated[float | None, typer.Option("--length", metavar="M", help="Length overall in metres.")]
PortsFile = Annotated[Path | None, typer.Option("--ports", metavar="FILE", help="CSV with own ports.")]
Via = Annotated[str, typer.Option(help="usual, suez, cape, nsr, nwp, transpolar, panama or any.")]
From = Annotated[str, typer.Argument(metavar="FROM", help="Port name, UN/LOCODE or 'lat,lon'.")]
To = Annotated[str, typer.Argument(metavar="TO", help="Port name, UN/LOCODE or 'lat,lon'.")]
OutDir = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Also write JSON, CSV and GeoJSON there.")]
Legs = Annotated[bool, typer.Option("--legs", help="Also print every leg of every voyage.")]
OutFile = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the route as GeoJSON.")]
OutMap = Annotated[Path | None, typer.Option("--out", metavar="FILE", help=".png, .svg or .pdf.")]
CsvFile = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the matrix as CSV.")]
Origins = Annotated[str, typer.Option("--from", metavar="A,B", help="Origins; positions are parted by ';'.")]
Destinations = Annotated[str, typer.Option("--to", metavar="C,D", help="Destinations.")]
ScenarioFile = Annotated[Path, typer.Argument(metavar="SCENARIO.yaml", help="Scenario file.")]
ScenarioFiles = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scenario files.")]
MapSource = Annotated[Path, typer.Argument(metavar="SCENARIO|RESULT", help="Scenario, or comparison.json of a run.")]
Projection = Annotated[str, typer.Option(help="polar or world.")]
ClaimId = Annotated[str | None, typer.Argument(metavar="[ID]", help="One claim; all of them if absent.")]
PortText = Annotated[str | None, typer.Argument(metavar="[TEXT]", help="Part of a name or code; a country code.")]


def _positive(value: float | None, name: str) -> float | None:
    if value is not None and not 0 < value <= 1000:
        raise UsageError(f"{name} is {value:g}, allowed is more than 0 and at most 1000 metres")
    return value


def _network(ports: Path | None, via: str, closed: Iterable[str]) -> SeaNetwork:
    """The network, with the names of the command line checked."""
    from sim.geo.network import SeaNetwork
    from sim.scenario.checks import passage_ids

    net = SeaNetwork.load(ports)
    net.passages.road(via)
    for word in closed:
        passage_ids(net.passages, word)
    return net


def _version(wanted: bool) -> None:
    if wanted:
        show(f"northabout {__version__}")
        raise typer.Exit(0)


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None: ...


@app.command()
def run(scenario: ScenarioFile, out: OutDir = None, legs: Legs = False, as_json: AsJson = False) -> None:
    """Simulate every alternative of a scenario and compare them with its baseline."""
    if out is not None and out.exists() and not out.is_dir():
        raise UsageError(f"{out}: is a file; --out names a folder, which is made if it is not there")
    from sim.report.comparison import comparison_dict, result_files
    from sim.report.comparison_view import comparison_text
    from sim.report.files import json_text, make_folder, write_all
    from sim.report.voyages import legs_text
    from sim.scenario.compare import run_file

    try:
        comparison = run_file(scenario)
    except UsageError as error:
        raise ScenarioError([f"{scenario}: {error}"]) from error
    if out is not None:
        files = result_files(comparison)
        make_folder(out)
        write_all({out / name: text.encode() for name, text in files.items()})
        say(f"wrote {', '.join(files)} to {out}")
    show(json_text(comparison_dict(comparison)) if as_json else comparison_text(comparison))
    if legs and not as_json:
        show("\n" + legs_text(comparison))
    if not comparison.feasible:
        say("no alternative is feasible")
        raise typer.Exit(1)


@app.command(cls=_Command)
def route(
    origin: From,
    destination: To,
    via: Via = "usual",
    close: Closed = None,
    draft: Draft = None,
    beam: Beam = None,
    length: Length = None,
    ports: PortsFile = None,
    out: OutFile = None,
    as_json: AsJson = False,
) -> None:
    """The shortest route between two places."""
    from sim.report.files import check_target, json_text, write_whole
    from sim.report.listings import route_dict, route_feature, route_text

    origin, destination, closed = origin.strip(), destination.strip(), close or []
    size: dict[str, Any] = {"draft_m": _positive(draft, "--draft"), "beam_m": _positive(beam, "--beam")}
    size["length_m"] = _positive(length, "--length")
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


@app.command(cls=_Command)
def distances(
    from_: Origins,
    to: Destinations,
    via: Via = "usual",
    close: Closed = None,
    draft: Draft = None,
    ports: PortsFile = None,
    csv: CsvFile = None,
    as_json: AsJson = False,
) -> None:
    """Distances between many places, in nautical miles."""
    import numpy as np

    from sim.report.files import check_target, json_text, write_whole
    from sim.report.listings import matrix_csv, matrix_dict, matrix_text

    origins, destinations, closed = _several(from_), _several(to), close or []
    draft_m = _positive(draft, "--draft")
    if csv is not None:
        check_target(csv)
    matrix = _network(ports, via, closed).distances(origins, destinations, via=via, closed=closed, draft_m=draft_m)
    if csv is not None:
        write_whole(csv, matrix_csv(origins, destinations, matrix).encode())
        say(f"wrote {csv}")
    if as_json:
        show(json_text(matrix_dict(origins, destinations, via, matrix)))
    else:
        show(matrix_text(origins, destinations, matrix))
    if not np.isfinite(matrix).any():
        say("no place can be reached")
        raise typer.Exit(1)


def _several(text: str) -> list[str]:
    """Places of a list: separated by ';' where one is there (positions hold commas), else by commas."""
    from sim.geo.network.places import parse_position

    if ";" not in text and parse_position(text):
        return [text.strip()]
    found = [p.strip() for p in text.split(";" if ";" in text else ",") if p.strip()]
    if not found:
        raise UsageError("the list of places is empty")
    return found


@app.command()
def claims(claim: ClaimId = None, as_json: AsJson = False) -> None:
    """The documents' claims, computed, with their verdicts.

    Days saved are sailed in ice too: for the ship of the case, or, where one claim is asked for, by class and decade.
    """
    from sim.claims.evaluate import evaluate_all
    from sim.claims.ice import IceSailors
    from sim.geo.network import SeaNetwork
    from sim.report.claims import claim_dict, claims_text
    from sim.report.files import json_text

    net = SeaNetwork.load()
    if claim is None:
        results = evaluate_all(net)
    else:
        with IceSailors(Progress("voyages in ice")) as sail:
            results = evaluate_all(net, claim, sail=sail, whole=True)
    show(json_text([claim_dict(r) for r in results]) if as_json else claims_text(results, full=claim is not None))


@app.command("map")
def map_(source: MapSource, projection: Projection = "world", out: OutMap = None) -> None:
    """Draw the routes of a scenario."""
    from sim.plot.map import PROJECTIONS, SUFFIXES, save
    from sim.plot.picture import picture_of
    from sim.report.files import check_target

    if projection not in PROJECTIONS:
        hint = did_you_mean(projection, PROJECTIONS)
        raise UsageError(f"unknown projection '{projection}'{hint}; allowed: {', '.join(PROJECTIONS)}")
    target = out or Path(f"{source.stem}-{projection}.png")
    if target.suffix.lower() not in SUFFIXES:
        hint = did_you_mean(target.suffix, SUFFIXES)
        raise UsageError(f"{target}: '{target.suffix}' is no kind of map{hint}; allowed: {', '.join(SUFFIXES)}")
    check_target(target)
    try:
        picture = picture_of(source)
    except UsageError as error:
        raise ScenarioError([f"{source}: {error}"]) from error
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        said = f"{source}: is no result of 'northabout run --out' ({type(error).__name__}: {error})"
        raise ScenarioError([said]) from error
    save(picture, projection, target)
    say(f"wrote {target}")
    if not any(line.status == "ok" for line in picture.lines):
        say("no alternative is feasible")
        raise typer.Exit(1)


@app.command()
def check(files: ScenarioFiles) -> None:
    """Check scenario files without running them; every problem is listed with its line.

    All files are checked; the worst exit code of them wins (4: a file is missing, 3: one is invalid).
    """
    from sim.scenario.schema import load_scenario

    worst = 0
    for path in files:
        try:
            scenario = load_scenario(path)
        except (ScenarioError, DataError) as error:
            say(str(error))
            worst = max(worst, error.exit_code)
        else:
            count = len(scenario.alternatives)
            show(f"{path}: good ({scenario.name}, {count} alternative{'s' if count > 1 else ''})")
    if worst:
        raise typer.Exit(worst)


@app.command()
def schema() -> None:
    """The JSON Schema of scenario files, for editors."""
    from sim.report.files import json_text
    from sim.scenario.schema import schema as scenario_schema

    show(json_text(scenario_schema()))


@app.command()
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


@app.command()
def passages(as_json: AsJson = False) -> None:
    """List the passages with their limits, and the named roads."""
    from sim.geo.passages import PassageTable
    from sim.report.files import json_text
    from sim.report.listings import passage_dict, passages_text

    table = PassageTable.load()
    show(json_text([passage_dict(p) for p in table.all]) if as_json else passages_text(table))


register_ice(app)
register_money(app)


def main() -> None:
    """Entry point: errors that a user can cause become one message and the documented exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    tell_warnings()
    sys.exit(_guarded())


def _guarded() -> int:
    """Run the command; its exit code."""
    try:
        status = app(prog_name="northabout", standalone_mode=False)
        code = status if isinstance(status, int) else 0
        if code == INTERRUPTED:
            say("interrupted")
        return code
    except ScenarioError as error:
        say(str(error))
        return error.exit_code
    except NorthaboutError as error:
        say(f"error: {error}")
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        say("interrupted")
        return INTERRUPTED
    except _ClickException as error:
        error.show()
        return int(error.exit_code)
    except Exception as error:
        if os.environ.get("NORTHABOUT_TRACEBACK"):
            raise
        said = " ".join(str(error).split())
        say(f"internal error: {type(error).__name__}: {said}\nNORTHABOUT_TRACEBACK=1 shows where; please report it")
        return INTERNAL


if __name__ == "__main__":
    main()
