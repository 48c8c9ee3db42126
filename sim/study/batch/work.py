"""The work of one process: sails the draws of a part. Network and lattice are loaded once, ice and ships kept."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar

from sim.errors import NorthaboutError, ScenarioError
from sim.geo.network import SeaNetwork
from sim.geo.route import Route
from sim.scenario.checks import inside_folder
from sim.scenario.convert import as_studied, closed_of
from sim.scenario.schema import Alternative, Scenario
from sim.scenario.simulate import Sailing
from sim.study.batch.checksums import code_and_data
from sim.study.batch.plan import Plan, scenario_problems
from sim.study.batch.rows import Row, clean, columns, failed, inputs, outputs, with_savings
from sim.study.batch.spec import Study
from sim.study.batch.vary.keys import Value, with_values
from sim.study.sailing.sailed import Found, outcome_of
from sim.voyage.ice_route import IceRouter

SAILINGS, VOYAGES = 4, 256  # of scenarios and of sailed voyages that are kept
Columns = dict[str, list[Any]]
Item = TypeVar("Item")


class Kept(OrderedDict[Any, Any]):
    """The last so many things that were made, by their keys."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def made(self, key: Any, make: Callable[[], Item]) -> Item:
        """The thing of a key, made where it is not kept."""
        if key in self:
            self.move_to_end(key)
        else:
            self[key] = make()
            if len(self) > self.most:
                self.popitem(last=False)
        found: Item = self[key]
        return found


class Bench:
    """A study bound to the network in one process. Several threads of it take turns."""

    def __init__(self, study: Study, plan: Plan) -> None:
        self.study, self.plan, self.lock = study, plan, Lock()
        ports = study.base.get("ports_file")
        self.net = SeaNetwork.load(None if ports is None else inside_folder(ports, study.folder))
        self.router = IceRouter(self.net)
        self.sailings, self.routes = Kept(SAILINGS), Kept(SAILINGS)
        self.voyages, self.escorts = Kept(VOYAGES), Kept(VOYAGES)

    def part(self, number: int) -> Columns:
        """The rows of a part by columns, in the order of draws and alternatives."""
        names = columns(self.study.variations)
        with self.lock:
            rows = [row for draw in self.plan.draws_of(number) for row in self.draw(draw)]
        return {name: [row[name] for row in rows] for name in names}

    def draw(self, number: int) -> list[Row]:
        """The rows of a draw."""
        study = self.study
        values = study.draws.values(number)
        sailed = self._outputs(values)
        rows = [
            clean(inputs(number, label, values, study.variations) | own)
            for label, own in zip(study.labels, sailed, strict=True)
        ]
        return with_savings(rows, study.baseline)

    def _outputs(self, values: dict[str, Value]) -> list[Row]:
        """What comes of each alternative; a voyage that fails is a row with its reason."""
        data = with_values(self.study.base, values)
        faults = scenario_problems(data)
        if faults:
            return [failed("; ".join(faults), None) for _ in self.study.labels]
        scenario = as_studied(Scenario.model_validate(data))
        depart = scenario.voyage.depart
        data["voyage"] = {k: v for k, v in data["voyage"].items() if k != "depart"}
        key = json.dumps([data, depart.year], sort_keys=True)
        try:
            sailing = self.sailings.made(key, lambda: self._sailing(scenario))
        except Exception as error:
            return [failed(_said(error), depart) for _ in self.study.labels]
        return [
            self._one(sailing, k, depart, self._voyage_key(data, depart, key)) for k in range(len(self.study.labels))
        ]

    def _sailing(self, scenario: Scenario) -> Sailing:
        """A scenario bound to the network, with the shortest routes of those that ask for the same ones."""
        voyage, vessel = scenario.voyage, scenario.vessel
        sizes = (vessel.type, vessel.draft_m, vessel.beam_m, vessel.length_m, vessel.air_draft_m)
        asked = (voyage.from_, voyage.to, sizes, tuple(closed_of(scenario)))
        routes: dict[Alternative, Route] = self.routes.made(asked, dict)
        if len(routes) > VOYAGES:  # alternatives whose speed varies: each is one of its own
            routes.clear()
        return Sailing(scenario, self.net, self.study.folder, self.router, routes)

    def _voyage_key(self, data: dict[str, Any], depart: datetime, key: str) -> str:
        """Under which the voyages of a draw are kept: prices do not change them, unless captains weigh money."""
        weighed = any(c.get("from") is not None for c in data.get("closures") or ())
        free = {k: v for k, v in data.items() if k != "costs"}
        return f"{depart.isoformat()} {key if weighed else json.dumps([free, depart.year], sort_keys=True)}"

    def _one(self, sailing: Sailing, number: int, depart: datetime, key: str) -> Row:
        def keep(sail: Callable[[], Found]) -> Found:
            return self.voyages.made((key, number), lambda: checked(sail))

        def checked(sail: Callable[[], Found]) -> Found:
            if fault := self.escorts.made(key, lambda: _escort_fault(sailing)):
                raise ScenarioError([fault])
            return sail()

        try:
            return outputs(sailing, number, outcome_of(sailing, number, depart, keep=keep), depart)
        except MemoryError:
            raise
        except Exception as error:
            return failed(_said(error), depart)


def _escort_fault(sailing: Sailing) -> str:
    """What is wrong with the escort that a scenario asks for; nothing where it is offered."""
    try:
        sailing.check_escort()
    except ScenarioError as error:
        return str(error)
    return ""


def _said(error: Exception) -> str:
    return str(error) if isinstance(error, NorthaboutError) else f"{type(error).__name__}: {error}"


def bench_of(study: Study, plan: Plan) -> Bench:
    """The bench of a process, for `sim.study.pool`."""
    return Bench(study, plan)


def part_of(bench: Bench, number: int) -> tuple[str, Columns]:
    """A part, with the checksum of the program that made it: a worker elsewhere may have another one."""
    return code_and_data().both, bench.part(number)
