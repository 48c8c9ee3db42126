"""The command about claims. Heavy imports wait inside it."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.options import AsJson
from sim.cli.output import Progress, show
from sim.errors import UsageError, did_you_mean

ClaimId = Annotated[str | None, typer.Argument(metavar="[ID]", help="One claim; all of them if absent.")]

InYears = Annotated[
    bool, typer.Option("--study", help="In how many years it is true, by class and decade, from a study of seasons.")
]


def register(app: typer.Typer) -> None:
    """Add the command of this module to the program."""
    app.command()(claims)


def claims(claim: ClaimId = None, study: InYears = False, as_json: AsJson = False) -> None:
    """The documents' claims, computed, with their verdicts.

    Days saved are sailed in ice too: for the ship of the case, or, where one claim is asked for, by class and decade.
    """
    from sim.claims.evaluate import evaluate_all
    from sim.claims.ice import IceSailor
    from sim.geo.network import SeaNetwork
    from sim.report.claims import claim_dict, claims_text
    from sim.report.files import json_text
    from sim.study.pool import processes

    if study:
        _chances(claim, as_json)
        return
    net = SeaNetwork.load()
    if claim is None:
        results = evaluate_all(net, sail=IceSailor(net), progress=Progress("claims"))
    else:
        with IceSailor(net, Progress("voyages in ice"), processes()) as sail:
            results = evaluate_all(net, claim, sail=sail, whole=True)
    show(json_text([claim_dict(r) for r in results]) if as_json else claims_text(results, full=claim is not None))


def _chances(claim: str | None, as_json: bool) -> None:
    """The kept study of a claim. Raises UsageError where none was made of it."""
    from sim.claims.chances import chances, chances_of_claim
    from sim.report.claims import chance_dict, chances_text
    from sim.report.files import json_text

    known = list(dict.fromkeys(c.claim for c in chances()))
    if claim is not None and claim not in known:
        raise UsageError(f"no study was made of '{claim}'{did_you_mean(claim, known)}; allowed: {', '.join(known)}")
    picked = [chances_of_claim(name) for name in (known if claim is None else [claim])]
    show(
        json_text([chance_dict(c) for rows in picked for c in rows])
        if as_json
        else "\n\n".join(map(chances_text, picked))
    )
