"""The command `northabout`: parse, call, print. Heavy imports wait inside the commands."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.errors import NorthaboutError, UsageError, did_you_mean

if TYPE_CHECKING:
    from sim.scenario.compare import Comparison

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Compare sea routes: miles and days by Suez, the Cape, the Northern Sea Route and any other road, and what "
    "changes when a passage closes.",
    epilog="Exit codes: 0 done; 1 ran, but no alternative is feasible; 2 usage; 3 invalid scenario; 4 data missing.",
)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Closed = Annotated[list[str] | None, typer.Option("--close", metavar="ID", help="A passage that is closed (repeatable).")]
Draft = Annotated[float | None, typer.Option("--draft", metavar="M", help="Draft in metres; closes shallower passages.")]
Beam = Annotated[float | None, typer.Option("--beam", metavar="M", help="Beam in metres.")]
Length = Annotated[float | None, typer.Option("--length", metavar="M", help="Length overall in metres.")]
PortsFile = Annotated[Path | None, typer.Option("--ports", metavar="FILE", help="CSV with own ports.")]
VIA_HELP = "usual, suez, cape, nsr, nwp, transpolar, panama or any."


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _print(text: str) -> None:
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def _positive(value: float | None, name: str) -> float | None:
    if value is not None and not 0 < value <= 1000:
        raise UsageError(f"{name} is {value:g}, allowed is more than 0 and at most 1000 metres")
    return value


@app.command()
def run(
    scenario: Annotated[Path, typer.Argument(metavar="SCENARIO.yaml", help="Scenario file.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Also write JSON, CSV and GeoJSON there.")] = None,
    as_json: AsJson = False,
) -> None:
    """Simulate every alternative of a scenario and compare them with its baseline."""
    from sim.scenario.compare import run_file
    from sim.show.files import json_text
    from sim.show.tables import comparison_text

    comparison = run_file(scenario)
    _print(json_text(comparison.as_dict()) if as_json else comparison_text(comparison))
    if out is not None:
        _write_results(comparison, out)
    if not comparison.feasible:
        _say("no alternative is feasible")
        raise typer.Exit(1)


def _write_results(comparison: Comparison, out: Path) -> None:
    from sim.show.files import json_text, write_whole
    from sim.show.tables import comparison_csv, routes_geojson

    geojson = routes_geojson(comparison)
    result = comparison.as_dict() | {"closures": list(comparison.closed)}
    for alternative, feature in zip(result["alternatives"], geojson["features"], strict=True):
        alternative["geometry"] = feature["geometry"]
    files = {
        "comparison.json": json_text(result),
        "comparison.csv": comparison_csv(comparison),
        "routes.geojson": json_text(geojson),
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{out}: cannot be made a folder ({error.strerror})") from error
    for name, text in files.items():
        write_whole(out / name, text.encode())
    _say(f"wrote {', '.join(files)} to {out}")


@app.command(context_settings={"ignore_unknown_options": True})
def route(
    origin: Annotated[str, typer.Argument(metavar="FROM", help="Port name, UN/LOCODE or 'lat,lon'.")],
    destination: Annotated[str, typer.Argument(metavar="TO", help="Port name, UN/LOCODE or 'lat,lon'.")],
    via: Annotated[str, typer.Option(help=VIA_HELP)] = "usual",
    close: Closed = None,
    draft: Draft = None,
    beam: Beam = None,
    length: Length = None,
    ports: PortsFile = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the route as GeoJSON.")] = None,
    as_json: AsJson = False,
) -> None:
    """The shortest route between two places."""
    for text in (origin, destination):
        if text.startswith("--"):
            raise UsageError(f"unknown option '{text}'; 'northabout route --help' lists the options")
    from sim.geo.network import SeaNetwork
    from sim.show.files import json_text, write_whole
    from sim.show.tables import route_dict

    net = SeaNetwork.load(ports)
    found = net.route(
        origin,
        destination,
        via=via,
        closed=close or (),
        draft_m=_positive(draft, "--draft"),
        beam_m=_positive(beam, "--beam"),
        length_m=_positive(length, "--length"),
    )
    answer = route_dict(found)
    if as_json:
        _print(json_text(answer))
    elif found.status == "ok":
        _print(f"{found.distance_nm:,.1f} nm ({found.distance_nm * 1.852:,.0f} km)")
        _print("by " + (", ".join(found.passages) or "open sea"))
    else:
        _say(f"unreachable: {found.reason}")
    if found.status != "ok":
        raise typer.Exit(1)
    if out is not None:
        properties = {k: v for k, v in answer.items() if k != "geometry"} | {"from": origin, "to": destination}
        feature = {"type": "Feature", "properties": properties, "geometry": answer["geometry"]}
        write_whole(out, json_text(feature).encode())
        _say(f"wrote {out}")


@app.command()
def distances(
    from_: Annotated[str, typer.Option("--from", metavar="A,B", help="Origins; ports with commas, or positions with ';'.")],
    to: Annotated[str, typer.Option("--to", metavar="C,D", help="Destinations.")],
    via: Annotated[str, typer.Option(help=VIA_HELP)] = "usual",
    close: Closed = None,
    draft: Draft = None,
    ports: PortsFile = None,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the matrix as CSV.")] = None,
    as_json: AsJson = False,
) -> None:
    """Distances between many places, in nautical miles."""
    import math

    from sim.geo.network import SeaNetwork
    from sim.show.files import csv_text, json_text, text_table, write_whole

    net = SeaNetwork.load(ports)
    origins, destinations = _several(from_), _several(to)
    matrix = net.distances(origins, destinations, via=via, closed=close or (), draft_m=_positive(draft, "--draft"))
    rows = [[round(float(v), 1) if math.isfinite(v) else None for v in row] for row in matrix]
    if as_json:
        _print(json_text({"from": origins, "to": destinations, "via": via, "distance_nm": rows}))
    else:
        cells = [[o, *["unreachable" if v is None else f"{v:,.1f}" for v in row]] for o, row in zip(origins, rows, strict=True)]
        _print(text_table(["nm", *destinations], cells, right=range(1, len(destinations) + 1)))
    if csv is not None:
        write_whole(csv, csv_text(["from", *destinations], [[o, *r] for o, r in zip(origins, rows, strict=True)]).encode())
        _say(f"wrote {csv}")
    if not any(v is not None for row in rows for v in row):
        raise typer.Exit(1)


def _several(text: str) -> list[str]:
    """Places of a list: separated by ';' where one is there (positions hold commas), else by commas."""
    found = [p.strip() for p in text.split(";" if ";" in text else ",") if p.strip()]
    if not found:
        raise UsageError("the list of places is empty")
    return found


@app.command()
def claims(
    claim: Annotated[str | None, typer.Argument(metavar="[ID]", help="One claim; all of them if absent.")] = None,
    as_json: AsJson = False,
) -> None:
    """The documents' claims, computed, with their verdicts."""
    from sim.geo.network import SeaNetwork
    from sim.scenario.claims import evaluate_all
    from sim.show.files import json_text
    from sim.show.tables import claims_text

    results = evaluate_all(SeaNetwork.load(), claim)
    _print(json_text([r.as_dict() for r in results]) if as_json else claims_text(results, full=claim is not None))


@app.command("map")
def map_(
    source: Annotated[Path, typer.Argument(metavar="SCENARIO|RESULT", help="Scenario file, or comparison.json of a run.")],
    projection: Annotated[str, typer.Option(help="polar or world.")] = "world",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help=".png, .svg or .pdf.")] = None,
) -> None:
    """Draw the routes of a scenario."""
    from sim.show.map import PROJECTIONS, save
    from sim.show.picture import picture_of

    if projection not in PROJECTIONS:
        hint = did_you_mean(projection, PROJECTIONS)
        raise UsageError(f"unknown projection '{projection}'{hint}; allowed: {', '.join(PROJECTIONS)}")
    picture = picture_of(source)
    target = out or Path(f"{source.stem}-{projection}.png")
    save(picture, projection, target)
    _say(f"wrote {target}")
    if not any(line.status == "ok" for line in picture.lines):
        raise typer.Exit(1)


@app.command()
def check(files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scenario files.")]) -> None:
    """Check scenario files without running them; every problem is listed with its line."""
    from sim.errors import ScenarioError
    from sim.scenario.model import load_scenario

    worst = 0
    for path in files:
        try:
            scenario = load_scenario(path)
        except ScenarioError as error:
            _say("\n".join(error.problems))
            worst = max(worst, error.exit_code)
        else:
            _print(f"{path}: good ({scenario.name}, {len(scenario.alternatives)} alternatives)")
    if worst:
        raise typer.Exit(worst)


@app.command()
def schema() -> None:
    """The JSON Schema of scenario files, for editors."""
    from sim.scenario.model import schema as scenario_schema
    from sim.show.files import json_text

    _print(json_text(scenario_schema()))


@app.command()
def ports(
    text: Annotated[str | None, typer.Argument(metavar="[TEXT]", help="Part of a name, code or alias; a country code.")] = None,
    own: PortsFile = None,
    as_json: AsJson = False,
) -> None:
    """List the ports."""
    from sim.geo.ports import PortTable, read_ports
    from sim.show.files import json_text, text_table

    table = PortTable.load()
    for port in read_ports(own) if own else []:
        table.add(port)
    found = table.search(text) if text else table.all
    if not found:
        names = [p.name for p in table.all]
        raise UsageError(f"no port matches '{text}'{did_you_mean(text or '', names)}")
    fields: list[tuple[str, Callable[[Any], Any]]] = [
        ("locode", lambda p: p.locode), ("name", lambda p: p.name), ("country", lambda p: p.country),
        ("lat", lambda p: p.lat), ("lon", lambda p: p.lon), ("aliases", lambda p: list(p.aliases)),
    ]  # fmt: skip
    if as_json:
        _print(json_text([{k: get(p) for k, get in fields} for p in found]))
        return
    rows = [[p.locode, p.name, p.country, f"{p.lat:.2f}", f"{p.lon:.2f}", ", ".join(p.aliases)[:60]] for p in found]
    _print(text_table(["locode", "name", "country", "lat", "lon", "also"], rows, right=(3, 4)))


@app.command()
def passages(as_json: AsJson = False) -> None:
    """List the passages with their limits, and the named roads."""
    from sim.geo.passages import PassageTable
    from sim.show.files import json_text, text_table

    table = PassageTable.load()
    limits = ("max_draft_m", "max_beam_m", "max_length_m", "max_air_draft_m", "speed_limit_kn", "wait_h")
    if as_json:
        rows = [
            {"id": p.id, "name": p.name, "kind": p.kind, "arctic": p.arctic, "gate_lon_lat": [list(g) for g in p.gate]}
            | {k: getattr(p, k) for k in limits if getattr(p, k) is not None}
            | {"source": p.source, "confidence": p.confidence}
            for p in table.all
        ]
        _print(json_text(rows))
        return
    cells = [
        [p.id, p.name, p.kind, *["" if (v := getattr(p, k)) is None else f"{v:g}" for k in limits[:4]], p.confidence]
        for p in table.all
    ]
    _print(text_table(["id", "name", "kind", "draft m", "beam m", "length m", "air m", "conf."], cells, right=(3, 4, 5, 6)))
    _print("\nroads: " + "; ".join(f"{r.name} ({r.title})" for r in table.roads.values()))


def main() -> None:
    """Entry point: errors that a user can cause become one message and the documented exit code."""
    try:
        app()
    except NorthaboutError as error:
        lines = str(error).splitlines() or [type(error).__name__]
        _say("\n".join(["error: " + lines[0], *lines[1:]]))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        _say("interrupted")
        sys.exit(130)


if __name__ == "__main__":
    main()
