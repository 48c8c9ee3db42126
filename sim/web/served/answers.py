"""The answers to questions: voyages as `northabout run` tells them, and the corridor of a route."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any, Final

import numpy as np

from sim.errors import NorthaboutError, ScenarioError
from sim.geo.network import SeaNetwork
from sim.report.comparison import stored_dict
from sim.report.years.stability import corridor_dict
from sim.scenario.compare import compared
from sim.scenario.schema import Scenario
from sim.scenario.simulate import Sailing
from sim.study.sailing.stability import stability_corridor
from sim.voyage.ice_route import IceRouter
from sim.web.served.question import Asked, Asker, Problem, Refused
from sim.web.served.worker import Stopped

DIGITS: Final = 3  # of degrees in outlines


class Answers:
    """Sails what is asked for on one network, whose lattice is read once. Not for several threads."""

    def __init__(self, net: SeaNetwork, scenario: Scenario, folder: Path) -> None:
        self.net, self.folder = net, folder
        self.asker = Asker(scenario, folder, net)
        self.router = IceRouter(net)

    def voyage(self, body: bytes, stop: Event) -> dict[str, Any]:
        """The document of a run for a question: each route with its figures and its line. Raises Refused, Stopped."""
        asked = self.asker.read(body)
        try:
            sailing = self._sailing(asked)
            found = []
            for alternative in asked.scenario.alternatives:
                if stop.is_set():
                    raise Stopped
                found.append((alternative.label, *sailing.sailed(alternative)))
            return stored_dict(compared(sailing, found))
        except NorthaboutError as error:
            raise _told(error) from error

    def corridor(self, body: bytes, stop: Event) -> dict[str, Any]:
        """The stability corridor of the one route of a question, with its outlines as rings of lon, lat degrees for
        the page's projections. Raises Refused, Stopped."""
        asked = self.asker.read(body)
        if len(asked.scenario.alternatives) != 1:
            labels = tuple(a.label for a in asked.scenario.alternatives)
            raise Refused(422, Problem("routes: a corridor is of one route", "routes", labels))
        try:
            sailing = self._sailing(asked)
            if stop.is_set():
                raise Stopped
            found = stability_corridor(sailing, allowance_days=asked.question.allowance_days)
        except NorthaboutError as error:
            raise _told(error) from error
        outlines = [[np.round(ring, DIGITS).tolist() for ring in rings] for rings in found.outlines()]
        line = np.round(found.route.lonlat, DIGITS).tolist() if found.status == "ok" else []
        told = {k: v for k, v in corridor_dict(found).items() if k != "cells"}
        return told | {"outlines": outlines, "line": line}

    def _sailing(self, asked: Asked) -> Sailing:
        sailing = Sailing(asked.scenario, self.net, self.folder, self.router)
        if asked.question.escort is not None:  # else it is the scenario's, of which the question may leave a part
            sailing.check_escort()
        return sailing


def _told(error: NorthaboutError) -> Refused:
    texts = error.problems if isinstance(error, ScenarioError) else [str(error)]
    return Refused(422, *(Problem(" ".join(text.split())) for text in texts))
