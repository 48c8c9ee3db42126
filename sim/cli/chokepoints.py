"""The command about straits: chokepoints. Heavy imports wait inside it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import AsJson
from sim.cli.output import say, show
from sim.errors import UsageError, did_you_mean

Flows = Annotated[Path | None, typer.Option("--flows", metavar="FILE", help="Own flows, as in trade_flows.csv.")]
Importer = Annotated[str | None, typer.Option(metavar="CC", help="Only flows to a country: CN, CHN or its name.")]
Goods = Annotated[str | None, typer.Option(metavar="NAME", help="Only one commodity, as 'crude oil'.")]
RankBy = Annotated[str, typer.Option("--rank", metavar="BY", help="cost, ship_days or cut_off.")]
Sets = Annotated[int, typer.Option("--sets", metavar="N", help="Passages of the largest sets, 1 to 5.")]
Top = Annotated[int, typer.Option("--top", metavar="N", help="How many sets of each size.")]
Format = Annotated[str, typer.Option("--format", metavar="F", help="text, csv or json.")]
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
    form: Format = "text",
    out: OutFile = None,
    as_json: AsJson = False,
) -> None:
    """Which straits matter most to trade flows, alone and together, and which sets cut supply off."""
    from sim.economy.freight import freight_missing, freight_usd
    from sim.geo.network import SeaNetwork
    from sim.report.files import check_target, json_text, write_whole
    from sim.report.trade.chokepoints import chokepoints_csv, chokepoints_dict, chokepoints_text
    from sim.study.straits.chokepoints import chokepoints as ranked
    from sim.study.trade import read_flows

    kind = _form(form, as_json)
    if out is not None:
        check_target(out)
    own = None if flows is None else read_flows(flows)
    found = ranked(
        SeaNetwork.load(), own, importer=importer, goods=goods, rank=rank, largest=sets, top=top, cost=freight_usd,
        left_out=freight_missing,
    )  # fmt: skip
    texts = {
        "text": lambda: chokepoints_text(found, top),
        "csv": lambda: chokepoints_csv(found),
        "json": lambda: json_text(chokepoints_dict(found)),
    }
    text = texts[kind]()
    if out is None:
        show(text)
    else:
        write_whole(out, (text if text.endswith("\n") else text + "\n").encode())
        say(f"wrote {out}")


def _form(form: str, as_json: bool) -> str:
    if form not in FORMATS:
        raise UsageError(f"--format is '{form}'{did_you_mean(form, FORMATS)}, allowed: {', '.join(FORMATS)}")
    return "json" if as_json else form
