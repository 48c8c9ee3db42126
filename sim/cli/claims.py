"""The command about claims. Heavy imports wait inside it."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.options import AsJson
from sim.cli.output import Progress, show

ClaimId = Annotated[str | None, typer.Argument(metavar="[ID]", help="One claim; all of them if absent.")]


def register(app: typer.Typer) -> None:
    """Add the command of this module to the program."""
    app.command()(claims)


def claims(claim: ClaimId = None, as_json: AsJson = False) -> None:
    """The documents' claims, computed, with their verdicts.

    Days saved are sailed in ice too: for the ship of the case, or, where one claim is asked for, by class and decade.
    """
    from sim.claims.evaluate import evaluate_all
    from sim.claims.ice import IceSailor, processes
    from sim.geo.network import SeaNetwork
    from sim.report.claims import claim_dict, claims_text
    from sim.report.files import json_text

    net = SeaNetwork.load()
    if claim is None:
        results = evaluate_all(net, sail=IceSailor(net))
    else:
        with IceSailor(net, Progress("voyages in ice"), processes()) as sail:
            results = evaluate_all(net, claim, sail=sail, whole=True)
    show(json_text([claim_dict(r) for r in results]) if as_json else claims_text(results, full=claim is not None))
