"""What the page computes beside lengths, held against Python: queues, days, fuel and cost, and the shaded water."""

from __future__ import annotations

import base64
import gzip
import json
import math
import random
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sim.geo.network import SeaNetwork
from sim.scenario.compare import Outcome, run
from sim.scenario.load import scenario_of
from sim.scenario.schema import Scenario
from sim.units import HOURS_PER_DAY
from sim.voyage.queue import TimedClosure
from sim.web.bill import bill_values
from sim.web.queues import partly_closed, traffic

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="no node")

SRC = Path(__file__).parents[2] / "sim" / "web" / "js" / "src"
DEPART = datetime(2025, 8, 15, tzinfo=UTC)
DAYS_APART, SHARE_APART = 0.02, 0.001  # of days, and of fuel, carbon dioxide and dollars: areas are cut more coarsely
SHORTER_NM = 10.0  # than the best way: what water in the raster may seem to be
ALLOWANCES = (120, 300)  # nm
WAITS = 400
SHIPS: dict[
    str, tuple[tuple[str, str], dict[str, Any], dict[str, Any]]
] = {  # what is sailed in open water: ends, ship, costs
    "box": (("CNSHA", "USNYC"), {"type": "cont_8600"}, {"suez_surcharge_share": 0.33}),
    "bulk": (("CNDLC", "NLRTM"), {"type": "bulk_panamax", "speed_kn": 12.5}, {"hire": "owned"}),
    "lng": (("RUSAB", "CNSHA"), {"type": "lng_174k", "speed_kn": 16.0}, {"carbon": False, "port_usd": 90_000}),
    "turkish": (("ROCND", "GRPIR"), {"type": "tank_aframax", "speed_kn": 11.0}, {}),
}


def scenario(ends: tuple[str, str], vessel: dict[str, Any], routes: list[str], **more: Any) -> Scenario:
    return scenario_of({
        "format": 1, "name": "case", "description": "a case", "baseline": routes[0],
        "voyage": {"from": ends[0], "to": ends[1], "depart": "2025-08-15"}, "vessel": vessel,
        "alternatives": [{"route": r} for r in routes], **more,
    })  # fmt: skip


def random_waits(count: int) -> list[tuple[TimedClosure, float]]:
    """Closures of which some have no end, some no traffic and some let ships through, and hours of arrival."""
    draw, out = random.Random(4), []
    for _ in range(count):
        arrivals = draw.uniform(1, 80)
        normal = arrivals * draw.uniform(1.01, 3)
        known = draw.random() < 0.8
        begin = draw.uniform(-600, 200)
        out.append((
            TimedClosure(
                frozenset({"suez_canal"}), DEPART + timedelta(hours=begin),
                None if draw.random() < 0.3 else DEPART + timedelta(hours=begin + draw.uniform(1, 900)),
                draw.choice([0.0, draw.uniform(0.05, 1) * normal]) if known else 0.0,
                normal if known else None, arrivals if known else None,
            ),
            draw.uniform(-700, 1500),
        ))  # fmt: skip
    return out


def told(closure: TimedClosure) -> dict[str, float | None]:
    def hours(moment: datetime | None) -> float | None:
        return None if moment is None else (moment - DEPART) / timedelta(hours=1)

    return {
        "begin_h": hours(closure.begin), "end_h": hours(closure.end), "capacity": closure.capacity_per_day,
        "normal": closure.normal_per_day, "arrivals": closure.arrivals_per_day,
    }  # fmt: skip


def queue_cases() -> list[Scenario]:
    """One passage with a queue, at random, on a voyage by the usual route."""
    draw, out = random.Random(9), []
    ways = [
        (("CNDLC", "NLRTM"), "suez_canal"), (("CNSHA", "USNYC"), "panama_canal"), (("SAJED", "SGSIN"), "bab_el_mandeb"),
    ]  # fmt: skip
    for ends, passage in ways * 3:
        normal = draw.uniform(30, 100)
        begin = DEPART - timedelta(days=draw.randint(1, 40))
        until = begin + timedelta(days=draw.randint(45, 300))
        closure = {
            "passage": passage, "from": f"{begin:%Y-%m-%d}", "until": f"{until:%Y-%m-%d}",
            "ships_per_day": round(normal * draw.uniform(0.2, 0.9), 2), "normal_ships_per_day": round(normal, 2),
            "arrivals_per_day": round(normal * draw.uniform(0.5, 0.95), 2),
        }  # fmt: skip
        vessel = {"speed_kn": round(draw.uniform(10, 20), 1), "beam_m": 48.0}  # too wide for the old locks of Panama
        out.append(scenario(ends, vessel, ["usual"], closures=[closure]))
    return out


def question(net: SeaNetwork, keys: list[str], case: Scenario, via: str, bill: dict[str, Any] | None) -> dict[str, Any]:
    ports = [net.place(case.voyage.from_).port, net.place(case.voyage.to).port]
    assert ports[0] is not None
    assert ports[1] is not None
    flows = traffic(case, net.passages)
    return {
        "from": keys.index(ports[0].key), "to": keys.index(ports[1].key), "via": via, "bill": bill,
        "knots": case.vessel.speed_kn or (bill and bill["main"]["kn"]), "ship": {"beam_m": case.vessel.beam_m},
        "partly": [[p, how, flows[p]] for p, how in partly_closed(case, net.passages)],
        "countries": [p.locode[:2] for p in ports if p],
    }  # fmt: skip


@pytest.fixture(scope="module")
def priced() -> dict[str, Scenario]:
    return {name: scenario(ends, ship, ["usual", "cape"], costs=costs) for name, (ends, ship, costs) in SHIPS.items()}


@pytest.fixture(scope="module")
def answers(
    net: SeaNetwork, page: bytes, page_ports: list[str], priced: dict[str, Scenario],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Any]:  # fmt: skip
    """All that is asked of the page's modules, answered at once: reading the network takes a second."""
    folder = tmp_path_factory.mktemp("answers")
    for part in ("chart", "sea"):
        found = re.search(rf'id="{part}">([A-Za-z0-9+/=]+)</script>', page.decode())
        assert found
        (folder / part).write_bytes(gzip.decompress(base64.b64decode(found[1])))
    bills = {name: bill_values(case, net) for name, case in priced.items()}
    dalian, rotterdam = page_ports.index("CNDLC"), page_ports.index("NLRTM")
    way = {"from": dalian, "to": rotterdam, "closed": [], "allowances": ALLOWANCES}
    ends = [("SGSIN", "USNYC"), ("AUSYD", "JPYOK")]
    others = [{"from": page_ports.index(one), "to": page_ports.index(other), "via": "usual"} for one, other in ends]
    asked = {
        "waits": [[told(c), hour] for c, hour in random_waits(WAITS)],
        "voyages": [
            *(question(net, page_ports, case, "usual", None) for case in queue_cases()),
            *(question(net, page_ports, c, via, bills[n]) for n, c in priced.items() for via in ("usual", "cape")),
        ],
        "corridors": [
            way | {"via": "suez"},
            way | {"via": "nsr", "closed": ["kara_gate"]},
            *(way | {"allowances": ALLOWANCES[:1]} | other for other in ({"via": "panama"}, *others)),
        ],
    }
    (folder / "asked").write_text(json.dumps(asked))
    assert NODE
    files = [str(folder / name) for name in ("chart", "sea", "asked")]
    command = [NODE, str(Path(__file__).parent / "answers.mjs"), SRC.as_uri(), *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    out: dict[str, Any] = json.loads(done.stdout)
    return out


def test_ships_wait_as_long_as_in_python(answers: dict[str, Any]) -> None:
    waited = 0
    for (closure, hour), found in zip(random_waits(WAITS), answers["waits"], strict=True):
        expected = closure.wait_h(DEPART + timedelta(hours=hour))
        waited += expected > 0
        if math.isinf(expected):
            assert found is None
        else:
            assert found == pytest.approx(expected, rel=1e-9, abs=1e-5)
    assert waited > WAITS / 4


def test_a_ship_waits_or_goes_round_as_in_python(net: SeaNetwork, answers: dict[str, Any]) -> None:
    cases = queue_cases()
    chosen = set()
    for case, found in zip(cases, answers["voyages"], strict=False):
        (expected,) = run(case, net).outcomes
        assert found["status"] == expected.status, case
        assert expected.voyage is not None
        assert found["days"] == pytest.approx(expected.days, abs=DAYS_APART), (case.closures, found)
        assert found["wait"] == pytest.approx(expected.voyage.wait_days, abs=DAYS_APART)
        assert found["nm"] == pytest.approx(expected.distance_nm, abs=0.1)
        chosen |= {(e.choice, e.wait_h > HOURS_PER_DAY) for e in expected.voyage.events}
    assert len(chosen) >= 2, chosen  # some wait, some go round


def test_fuel_and_cost_are_those_of_a_run(
    net: SeaNetwork, priced: dict[str, Scenario], answers: dict[str, Any]
) -> None:
    found = iter(answers["voyages"][len(queue_cases()) :])
    seen = 0
    for name, case in priced.items():
        for expected in run(case, net).outcomes:
            page = next(found)
            assert page["status"] == expected.status, name
            if expected.status != "ok":
                continue
            seen += 1
            _alike(page, expected, name)
    assert seen >= 6


def _alike(page: dict[str, Any], expected: Outcome, name: str) -> None:
    for key, value in (("fuel_t", expected.fuel_t), ("co2_t", expected.co2_t), ("usd", expected.cost_usd)):
        assert page[key] == pytest.approx(value, rel=SHARE_APART), (name, expected.label, key)
    assert page["days"] == pytest.approx(expected.days, abs=DAYS_APART)
    assert expected.ledger is not None
    assert page["missing"] == [line.what for line in expected.ledger.missing]


def test_the_shaded_water_holds_the_best_way_and_grows_with_the_allowance(answers: dict[str, Any]) -> None:
    assert len(answers["corridors"]) == 5
    for found in answers["corridors"]:
        assert found["within"] == sorted({0, *found["within"]})[1:]
        assert found["lost"] == 0
        assert found["nodes"] is True
        assert found["off"] == 0, f"{found['off']} of {found['points']} points of the route are not shaded"
        assert found["best"] == pytest.approx(found["nm"], abs=80)  # without the approaches
        for most, allowance in zip(found["most"], ALLOWANCES, strict=False):
            assert most - allowance <= SHORTER_NM  # no water is nearer than by the best way
