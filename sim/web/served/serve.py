"""`northabout explore --serve`: the page, its answers and the server, put together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.geo.network import SeaNetwork
from sim.ice.pathways import SEASON_Z
from sim.scenario.load import scenario_of
from sim.web.page import explore_page, served_policy
from sim.web.served.answers import Answers
from sim.web.served.guard import hosts_of
from sim.web.served.question import BARE, Asker
from sim.web.served.site import Say, site

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from sim.scenario.schema import Scenario


def served_site(
    net: SeaNetwork, scenario: Scenario | None, folder: Path, port: int, say: Say, **choices: Any
) -> Starlette:
    """The program of the server on a port, with the page of a scenario; `choices` as in `explore_page`.

    Without a scenario the voyages are those of a ship of ice class Arc4. Raises UsageError, ScenarioError, DataError.
    """
    asked = scenario_of(BARE) if scenario is None else scenario
    answers = Answers(net, asked, folder)
    page = explore_page(net, scenario, folder, served=_form(asked, answers.asker), **choices)
    return site(page, served_policy(), answers, hosts_of(port), say)


def _form(scenario: Scenario, asker: Asker) -> dict[str, Any]:
    """What the form of the page offers."""
    words = {"routes": "routes", "ice_classes": "ice_class", "escorts": "escort", "pathways": "pathway"}
    lists = {name: list(asker.allowed(key)) for name, key in words.items()}
    return {"depart": scenario.voyage.depart.date().isoformat(), "seasons": list(SEASON_Z), **lists}


def serve(make: Callable[[int], Starlette], port: int, show: Callable[[str], None], say: Callable[[str], None]) -> None:
    """Listen on a port, make the site for it, show its address, and answer until interrupted. Raises UsageError."""
    from sim.web.served.listen import HOST, listening, port_of, run

    opened = listening(port)
    own = port_of(opened)
    try:
        made = make(own)
    except BaseException:
        opened.close()
        raise
    show(f"http://{HOST}:{own}/")
    say("serving to this machine alone; Ctrl-C ends it")
    run(made, opened)
    say("ended")
