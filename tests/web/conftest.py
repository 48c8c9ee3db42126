"""A page for all tests of the live map, and routes of Python to hold against those of the page."""

from __future__ import annotations

import os
import random
import re
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from sim.geo.network import SeaNetwork
from sim.geo.network.places import NEAR_NM
from sim.geo.passages import ShipSize
from sim.scenario.load import scenario_of
from sim.scenario.schema import Scenario
from sim.web import explore_page

ROUTES = 200
WAIT_S = 240.0  # for another process that makes the page
HOSTILE = "</script><img src=x onerror=alert(1)>\u05d0\u05d1&amp;'\"<!--sea-->"
LONG = "<b onmouseover=alert(2)>" + "w" * 170


@dataclass(frozen=True)
class Asked:
    """A route as Python finds it: rows of ports in the page, what is asked for; `nm` is None where none leads there."""

    start: int
    goal: int
    via: str
    closed: tuple[str, ...]
    draft_m: float | None
    nm: float | None
    passages: tuple[str, ...]


def hostile_scenario() -> Scenario:
    return scenario_of({
        "format": 1, "name": HOSTILE, "description": LONG,
        "voyage": {"from": "Dalian", "to": "Rotterdam", "depart": "2025-08-15"},
        "vessel": {"name": "<i>ship</i>", "speed_kn": 12.7, "draft_m": 9.8, "beam_m": 23.7},
        "closures": [{"passage": "malacca_strait", "reason": "<script>alert(3)</script>"}],
        "alternatives": [{"route": "suez", "name": "<u>Suez</u>"}, {"route": "cape"}], "baseline": "cape",
    })  # fmt: skip


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> bytes:
    """The page without a scenario; of several test processes one makes it and the others wait for its file."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return explore_page(request.getfixturevalue("net"))
    made = tmp_path_factory.getbasetemp().parent / "explore.html"
    try:
        (made.parent / "explore.begun").touch(exist_ok=False)
    except FileExistsError:
        until = time.monotonic() + WAIT_S
        while not made.exists() and time.monotonic() < until:
            time.sleep(0.2)
        if made.exists():
            return made.read_bytes()
    content = explore_page(request.getfixturevalue("net"))
    own = made.with_suffix(f".{os.environ['PYTEST_XDIST_WORKER']}")
    own.write_bytes(content)
    own.replace(made)
    return content


@pytest.fixture(scope="session")
def hostile_page(net: SeaNetwork, page: bytes) -> bytes:
    """A page of a hostile scenario, with the network of the other page."""
    found = re.search(r'id="sea">([A-Za-z0-9+/=]+)</script>', page.decode())
    assert found
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("sim.web.page.sea_text", lambda _: found[1])
        return explore_page(net, hostile_scenario(), Path())


@pytest.fixture(scope="session")
def page_ports(net: SeaNetwork, page: bytes) -> list[str]:
    """Keys of the ports in the order of the page."""
    from sim.web.harbours import joined_ports

    return [net.ports.all[k].key for k, _ in joined_ports(net)]


def asked_routes(net: SeaNetwork, keys: list[str], count: int, seed: int = 12) -> list[Asked]:
    """So many routes between random ports, by random named routes, closures and drafts, and those that lead nowhere
    among them; `SeaNetwork.route` without the reasons why there is none, which take longer than the search."""
    draw = random.Random(seed)
    out: list[Asked] = []
    while sum(a.nm is not None for a in out) < count:
        start, goal = draw.sample(range(len(keys)), 2)
        via = draw.choice(list(net.passages.routes))
        closed = tuple(draw.sample(net.passages.ids, draw.choice([0, 0, 0, 1, 2, 3])))
        draft_m = draw.choice([None, None, None, 11.0, 14.5])
        ends = net.place(keys[start]), net.place(keys[goal])
        in_arctic = ends[0].arctic or ends[1].arctic
        demand = net.demand(via, closed, ShipSize(draft_m), (), (), in_arctic).between(*ends)
        path = net.path(*ends, demand)
        if path is None:
            out.append(Asked(start, goal, via, closed, draft_m, None, ()))
        elif path.length_nm > 2 * NEAR_NM:  # else the command may look for a way over the raw coast
            route = net.described(*ends, path)
            out.append(Asked(start, goal, via, closed, draft_m, route.distance_nm, route.passages))
    return out


def told_alike(passages: tuple[str, ...]) -> list[str]:
    """Passages, the two sets of locks of Panama as one: where both are open they are equally long."""
    return [p.removesuffix("_panamax") for p in passages]
