"""The command about straits: chokepoints. Heavy imports wait inside it."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.options import AsJson
from sim.cli.output import say, show
from sim.cli.shell import complete
from sim.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from sim.geo.network import SeaNetwork
    from sim.study.straits.selection import Selection

Flows = Annotated[Path | None, typer.Option("--flows", metavar="FILE", help="Own flows, as in trade_flows.csv.")]
Importer = Annotated[str | None, typer.Option(metavar="CC", help="Only flows to a country: CN, CHN or its name.")]
Goods = Annotated[str | None, typer.Option(metavar="NAME", help="Only one commodity, as 'crude oil'.")]
RankBy = Annotated[str, typer.Option("--rank", metavar="BY", help="cost, ship_days or cut_off.")]
Sets = Annotated[int, typer.Option("--sets", metavar="N", help="Passages of the largest sets, 1 to 5.")]
Top = Annotated[int, typer.Option("--top", metavar="N", help="How many sets of each size.")]
Risk = Annotated[bool, typer.Option("--risk", help="Instead: what a year of risk costs, by hazard.")]
HazardFile = Annotated[Path | None, typer.Option("--hazards", metavar="FILE", help="Own hazards for --risk.")]
Wait = Annotated[
    str | None,
    typer.Option(
        "--wait", metavar="SET", help="Instead: wait or turn before a closure.", autocompletion=complete.closures
    ),
]
Length = Annotated[
    str,
    typer.Option("--duration", metavar="D", help="past, exponential:MEAN, lognormal:MEDIAN,SIGMA or uniform:A,B."),
]
Transits = Annotated[bool, typer.Option("--transits", help="Instead: transits as counted, queues beside simulated.")]
Format = Annotated[str, typer.Option("--format", metavar="F", help="text, csv (of the ranking) or json.")]
OutFile = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it to a file.")]
FORMATS = ("text", "csv", "json")


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(chokepoints)


def chokepoints(
    flows: Flows = None,
    importer: Importer = None,
    goods: Goods = None,
    rank: RankBy = "cost",
    sets: Sets = 3,
    top: Top = 10,
    risk: Risk = False,
    hazards: HazardFile = None,
    wait: Wait = None,
    duration: Length = "past",
    transits: Transits = False,
    form: Format = "text",
    out: OutFile = None,
    as_json: AsJson = False,
) -> None:
    """Which straits matter most to trade flows, alone and together, and which sets cut supply off."""
    from sim.report.files import check_target, write_whole
    from sim.report.layout import as_in_files

    kind = _form(form, as_json, others=risk or transits or wait is not None)
    if risk + transits + (wait is not None) > 1:
        raise UsageError("--risk, --wait and --transits do not go together")
    if hazards is not None and not risk:
        raise UsageError("--hazards goes with --risk")
    if out is not None:
        check_target(out)
    with nullcontext() if out is None else as_in_files():
        if transits:
            text = _transits(kind)
        elif risk:
            text = _risk(kind, flows, importer, goods, hazards)
        elif wait is not None:
            text = _waiting(kind, flows, importer, goods, wait, duration)
        else:
            text = _ranking(kind, flows, importer, goods, rank, sets, top)
    if out is None:
        show(text)
    else:
        write_whole(out, (text if text.endswith("\n") else text + "\n").encode())
        say(f"wrote {out}")


def _form(form: str, as_json: bool, others: bool) -> str:
    if form not in FORMATS:
        raise UsageError(f"--format is '{form}'{did_you_mean(form, FORMATS)}, allowed: {', '.join(FORMATS)}")
    if as_json and form == "csv":
        raise UsageError("--json and --format csv do not go together")
    if others and form == "csv":
        raise UsageError("--format csv is of the ranking alone; allowed: text, json")
    return "json" if as_json else form


def _ranking(
    kind: str, flows: Path | None, importer: str | None, goods: str | None, rank: str, sets: int, top: int
) -> str:
    from sim.economy.freight import freight_missing, freight_usd
    from sim.geo.network import SeaNetwork
    from sim.report.files import json_text
    from sim.report.trade.chokepoints import chokepoints_csv, chokepoints_dict, chokepoints_text
    from sim.study.straits.chokepoints import chokepoints as ranked
    from sim.study.trade import read_flows

    own = None if flows is None else read_flows(flows)
    found = ranked(
        SeaNetwork.load(), own, importer=importer, goods=goods, rank=rank, largest=sets, top=top, cost=freight_usd,
        left_out=freight_missing,
    )  # fmt: skip
    if kind == "json":
        return json_text(chokepoints_dict(found))
    return chokepoints_csv(found) if kind == "csv" else chokepoints_text(found, top)


def _selected(flows: Path | None, importer: str | None, goods: str | None) -> tuple[SeaNetwork, Selection]:
    from sim.economy.freight import freight_missing, freight_usd
    from sim.geo.network import SeaNetwork
    from sim.study.straits.selection import select
    from sim.study.trade import read_flows

    net = SeaNetwork.load()
    own = None if flows is None else read_flows(flows)
    return net, select(net, own, importer=importer, goods=goods, cost=freight_usd, left_out=freight_missing)


def _risk(kind: str, flows: Path | None, importer: str | None, goods: str | None, hazards: Path | None) -> str:
    from sim.report.files import json_text
    from sim.report.trade.risk import risk_dict, risk_text
    from sim.study.straits.hazards import annual_risk, read_hazards

    net, chosen = _selected(flows, importer, goods)
    found = annual_risk(chosen.rounds, read_hazards(net.passages, hazards))
    return json_text(risk_dict(found)) if kind == "json" else risk_text(found)


def _waiting(kind: str, flows: Path | None, importer: str | None, goods: str | None, wait: str, length: str) -> str:
    from sim.report.files import json_text
    from sim.report.trade.risk import waiting_list, waiting_text
    from sim.study.straits.hazards import read_past_closures
    from sim.study.straits.plans import waiting_plans
    from sim.study.straits.waiting import parse_duration
    from sim.study.trade import pick_closures

    net, chosen = _selected(flows, importer, goods)
    closure = pick_closures([wait], net.passages)[0]
    shut = net.passages.expand(closure.passages)
    spread = parse_duration(length, [c.days for c in read_past_closures() if c.passage in shut])
    plans = waiting_plans(chosen.rounds, shut, spread)
    if kind == "json":
        told: dict[str, Any] = {
            "closed": sorted(shut), "duration": length, "mean_days": spread.mean_days, "plans": waiting_list(plans),
        }  # fmt: skip
        return json_text(told)
    return waiting_text(plans, closure.name, length, spread.mean_days)


def _transits(kind: str) -> str:
    from sim.report.files import json_text
    from sim.report.trade.risk import transits_dict, transits_text
    from sim.study.straits.observed import read_queues, read_transits

    found = read_transits(), read_queues()
    return json_text(transits_dict(*found)) if kind == "json" else transits_text(*found)
