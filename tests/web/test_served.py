"""The server of the live map: what it answers, and everything that it refuses."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from sim.cli.app import app
from sim.errors import UsageError
from sim.geo.network import SeaNetwork
from sim.report.comparison import stored_dict
from sim.scenario.compare import run
from sim.scenario.load import scenario_of

httpx = pytest.importorskip("httpx")
pytest.importorskip("starlette")
pytest.importorskip("uvicorn")

from sim.web.page import BUILT, served_policy  # noqa: E402
from sim.web.served.answers import Answers  # noqa: E402
from sim.web.served.guard import hosts_of  # noqa: E402
from sim.web.served.listen import listening, port_of  # noqa: E402
from sim.web.served.question import BARE, Asker, Question, Refused, read_json  # noqa: E402
from sim.web.served.site import MAX_BODY, site  # noqa: E402
from sim.web.served.worker import Stopped, Worker  # noqa: E402

ROOT = Path(__file__).parents[2]
PORT = 8040
OWN = f"http://127.0.0.1:{PORT}"
JSON = {"content-type": "application/json"}
PAGE = b"<!doctype html><p>the page"


class Client:
    """Requests to a site, without a socket."""

    def __init__(self, asgi: Any) -> None:
        self.asgi = asgi

    def __call__(self, method: str, path: str, headers: Any = None, **how: Any) -> Any:
        async def ask() -> Any:
            transport = httpx.ASGITransport(app=self.asgi, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=OWN) as client:
                return await client.request(method, path, headers=headers, **how)

        return asyncio.run(ask())

    def ask(self, path: str, **question: Any) -> Any:
        return self("POST", path, json={k.rstrip("_"): v for k, v in question.items()})


@pytest.fixture(scope="session")
def answers(net: SeaNetwork) -> Answers:
    return Answers(net, scenario_of(BARE), ROOT)


@pytest.fixture(scope="session")
def client(answers: Answers) -> Client:
    return Client(site(PAGE, served_policy(), answers, hosts_of(PORT), print))


def problems(answer: Any) -> list[dict[str, Any]]:
    told = answer.json()["problems"]
    assert all(set(p) == {"what", "where", "allowed"} and p["what"] for p in told)
    return list(told)


# -- answers


def test_the_page_and_the_headers_of_every_answer(client: Client) -> None:
    page = client("GET", "/")
    assert (page.status_code, page.content) == (200, PAGE)
    for answer in (page, client("GET", "/no"), client("PUT", "/"), client("GET", "/", {"host": "evil.example"})):
        assert answer.headers["content-security-policy"] == served_policy()
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "server" not in answer.headers
        assert not any(name.startswith("access-control") for name in answer.headers)


def test_the_policy_lets_the_pages_own_program_run_and_ask_this_server_alone() -> None:
    digest = base64.b64encode(hashlib.sha256((BUILT / "explore.js").read_bytes()).digest()).decode()
    parts = dict(part.split(" ", 1) for part in served_policy().split("; "))
    assert parts["script-src"] == f"'sha256-{digest}'"
    assert (parts["connect-src"], parts["default-src"], parts["frame-ancestors"]) == ("'self'", "'none'", "'none'")


def test_a_voyage_is_answered_as_run_tells_it(client: Client, net: SeaNetwork) -> None:
    asked = {"from": "Shanghai", "to": "Hamburg", "depart": "2035-10-05", "routes": ["nsr"], "ice_class": "Arc5"}
    answer = client("POST", "/voyage", json={**asked, "season": "severe", "speed_kn": 14.0, "closures": ["tsugaru"]})
    assert answer.status_code == 200, answer.text
    scenario = {
        **BARE, "voyage": {"from": "Shanghai", "to": "Hamburg", "depart": "2035-10-05"},
        "vessel": {"type": "mpp_19k_1a", "ice_class": "Arc5", "speed_kn": 14.0}, "alternatives": [{"route": "nsr"}],
        "ice": {"escort": "when_needed", "season": "severe"}, "closures": [{"passage": "tsugaru"}],
    }  # fmt: skip
    expected = json.loads(json.dumps(stored_dict(run(scenario_of(scenario), net))))
    assert answer.json() == expected
    (told,) = expected["alternatives"]
    assert told["status"] == "ok"
    assert min(told["days"], told["distance_nm"], told["fuel_t"], told["cost_usd"]) > 0
    assert told["geometry"]["type"] in ("LineString", "MultiLineString")


def test_a_winter_is_closed_with_its_reason(client: Client) -> None:
    answer = client.ask("/voyage", depart="2030-03-15", routes=["nsr"], ice_class="none", escort="none")
    (told,) = answer.json()["alternatives"]
    assert told["status"] in ("closed", "beset")
    assert told["reason"]
    assert told["days"] is None
    assert told["blocked_at"]
    corridor = client.ask("/corridor", depart="2030-03-15", routes=["nsr"], ice_class="none", escort="none").json()
    assert (corridor["status"], corridor["outlines"], corridor["days"]) == (told["status"], [], None)
    assert corridor["reason"] == told["reason"]


def test_a_corridor_has_outlines_of_its_cells(client: Client) -> None:
    asked = {"depart": "2030-09-15", "routes": ["nsr"], "allowance_days": 0.5}
    corridor = client("POST", "/corridor", json=asked).json()
    assert corridor["status"] == "ok"
    assert corridor["allowance_days"] == 0.5
    assert corridor["area_km2"] > 1e6
    for polygon in corridor["outlines"]:
        for ring in polygon:
            assert ring[0] == ring[-1]
            assert all(-180 <= lon <= 180 and 40 < lat <= 90 for lon, lat in ring)


def test_the_scenario_that_is_served_stays_where_nothing_else_is_asked(net: SeaNetwork) -> None:
    own = {"route": "nsr", "name": "north", "speed_kn": 11.0, "escort": "always"}
    ice = {"season": "own", "year": 2013, "max_risk": "special"}
    scenario = scenario_of({**BARE, "alternatives": [own, {"route": "suez"}], "ice": ice, "baseline": "suez"})
    asker = Asker(scenario, ROOT, net)
    assert asker.read(b"{}").scenario.model_dump() == scenario.model_dump()
    (only,) = asker.read(b'{"routes": ["north"]}').scenario.alternatives
    assert only == scenario.alternatives[0]
    changed = asker.read(b'{"depart": "2040-09-01", "speed_kn": 12.5}').scenario
    assert changed.voyage.depart.year == 2040
    assert changed.vessel.speed_kn == 12.5
    assert all(a.speed_kn is None for a in changed.alternatives)
    assert changed.ice is not None
    assert (changed.ice.year, changed.ice.season, changed.ice.max_risk) == (None, None, "special")
    assert changed.voyage.from_ == scenario.voyage.from_


# -- refusals


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8040", "127.0.0.1", "127.0.0.1:80", "[::1]:8040", "0.0.0.0:8040", ""]
)
def test_another_host_is_refused(client: Client, host: str) -> None:
    answer = client("GET", "/", {"host": host})
    assert answer.status_code == 421
    assert problems(answer)[0]["where"] == "host"


@pytest.mark.parametrize("host", ["127.0.0.1:8040", "localhost:8040", "LocalHost:8040"])
def test_the_own_hosts_are_served(client: Client, host: str) -> None:
    assert client("GET", "/", {"host": host}).status_code == 200
    assert client("GET", "/", {"host": host, "origin": f"http://{host}".lower()}).status_code == 200


def test_two_hosts_are_refused(client: Client) -> None:
    assert client("GET", "/", [("host", "127.0.0.1:8040"), ("host", "evil.example")]).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"}, {"origin": "null"}, {"origin": "https://127.0.0.1:8040"},
        {"origin": "http://localhost:8040"}, {"origin": "http://127.0.0.1:8041"}, {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)  # fmt: skip
def test_another_page_is_refused(client: Client, headers: dict[str, str]) -> None:
    answer = client("POST", "/voyage", {**JSON, **headers}, content=b"{}")
    assert answer.status_code == 403
    assert problems(answer)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "CONNECT", "PROPFIND"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    for path in ("/", "/voyage"):
        answer = client(method, path)
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    "path",
    ["/explore.html", "/..%2f..%2fetc/passwd", "/../pyproject.toml", "/static/", "/index.html", "/voyage/", "/%00"],
)
def test_nothing_else_is_there(client: Client, path: str) -> None:
    assert client("GET", path).status_code == 404
    assert client("POST", path, JSON, content=b"{}").status_code == 404


def test_a_voyage_is_posted_and_the_page_is_got(client: Client) -> None:
    assert client("GET", "/voyage").status_code == 405
    assert client("POST", "/", JSON, content=b"{}").status_code == 405


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"])
def test_a_body_of_another_type_is_refused(client: Client, kind: str) -> None:
    answer = client("POST", "/voyage", {"content-type": kind}, content=b"{}")
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"3", b"null", b"\xff", b'{"from": NaN}', b'{"from": "Dalian", "from": "Busan"}',
        b"[" * 9000, b'{"speed_kn": ' + b"9" * 6000 + b"}", b'{"a":' * 2500,
    ],
)  # fmt: skip
def test_what_is_no_object_of_json_is_refused(client: Client, body: bytes) -> None:
    answer = client("POST", "/voyage", JSON, content=body)
    assert answer.status_code == 400
    assert "body" in problems(answer)[0]["what"]


def test_a_body_that_is_too_big_is_refused(client: Client) -> None:
    big = json.dumps({"from": "x" * MAX_BODY}).encode()
    assert client("POST", "/voyage", JSON, content=big).status_code == 413

    async def pieces() -> Any:
        for _ in range(40):
            yield b" " * 1024

    assert client("POST", "/voyage", JSON, content=pieces()).status_code == 413
    assert client("POST", "/voyage", {**JSON, "content-length": "nine"}, content=b"{}").status_code == 413


@pytest.mark.parametrize(
    ("question", "where", "words"),
    [
        ({"from": "Dalin"}, "from", "Dalian"),
        ({"to": "Dalian"}, "to", "where the voyage begins"),
        ({"depart": "tomorrow"}, "depart", "2025-08-15"),
        ({"depart": "2131-08-15"}, "depart", "1979 to 2100"),
        ({"routes": ["nrs"]}, "routes", "nsr"),
        ({"routes": []}, "routes", "at least 1"),
        ({"routes": ["nsr"] * 13}, "routes", "at most 12"),
        ({"ice_class": "Arc44"}, "ice_class", "Arc4"),
        ({"speed_kn": 99}, "speed_kn", "0.1 to 60 knots"),
        ({"speed_kn": "12"}, "speed_kn", "must be a number"),
        ({"season": "sever"}, "season", "severe"),
        ({"season": "own", "depart": "2050-08-15"}, "season", "mild, normal, severe"),
        ({"pathway": "SSP9"}, "pathway", "SSP2-4.5"),
        ({"escort": "maybe"}, "escort", "when_needed"),
        ({"escort": "always", "routes": ["suez"]}, "", "escort is asked for on 'suez'"),
        ({"closures": ["malaca_strait"]}, "closures", "malacca_strait"),
        ({"ship": "dinghy"}, "ship", "dinghy"),
        ({"file": "/etc/passwd"}, "file", "unknown key"),
        ({"ice": {"file": "x.nc"}}, "ice", "unknown key"),
        ({"ports_file": "../ports.csv"}, "ports_file", "unknown key"),
        ({"allowance_days": 0}, "allowance_days", "more than 0"),
    ],
)  # fmt: skip
def test_bad_questions_are_told_with_what_where_and_allowed(
    client: Client, question: dict[str, Any], where: str, words: str
) -> None:
    answer = client("POST", "/voyage", json=question)
    assert answer.status_code == 422, answer.text
    told = [p for p in problems(answer) if p["where"] == where]
    assert told, answer.text
    assert words in told[0]["what"]
    assert told[0]["allowed"] or where == ""


def test_a_corridor_of_several_routes_is_refused(client: Client) -> None:
    answer = client.ask("/corridor", routes=["nsr", "suez"])
    assert (answer.status_code, problems(answer)[0]["where"]) == (422, "routes")


def test_no_key_of_a_question_is_one_of_a_file() -> None:
    words = {"file", "folder", "path", "admission", "out", "thickness_file", "ports_file"}
    assert not words & {f.alias or name for name, f in Question.model_fields.items()}


@given(st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["from", "to", "depart", "routes", "speed_kn", "closures", "season", "x"]), inner, max_size=3),
    max_leaves=6,
))  # fmt: skip
def test_any_json_is_read_or_refused(value: Any) -> None:
    body = json.dumps(value).encode()
    try:
        fine = isinstance(read_json(body), dict)
    except Refused as refused:
        fine = refused.status == 400 and bool(refused.problems)
    assert fine


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "x" * 10_000, "\u202egnp.live", "Dalian\x00", "{{7*7}}"])
def test_hostile_names_come_back_as_data(client: Client, name: str) -> None:
    answer = client.ask("/voyage", from_=name)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/json"
    assert len(answer.content) < 4000
    assert problems(answer)[0]["where"] == "from"


def test_a_fault_of_the_program_is_told_without_a_traceback() -> None:
    class Broken:
        def voyage(self, body: bytes, stop: Event) -> dict[str, Any]:
            raise ZeroDivisionError("by nought")

        corridor = voyage

    said: list[str] = []
    broken: Any = Broken()
    answer = Client(site(PAGE, "default-src 'none'", broken, hosts_of(PORT), said.append))("POST", "/voyage", json={})
    assert answer.status_code == 500
    assert problems(answer)[0]["what"] == "internal error: ZeroDivisionError: by nought"
    assert said == ["internal error: ZeroDivisionError: by nought"]


# -- one at a time


async def _here() -> bool:
    return False


def test_one_at_a_time_and_a_bounded_queue() -> None:
    go, running, most = Event(), [0], [0]

    def job(stop: Event) -> int:
        running[0] += 1
        most[0] = max(most[0], running[0])
        go.wait(5)
        running[0] -= 1
        return 7

    async def crowd() -> list[Any]:
        worker = Worker(waiting=2)
        first = asyncio.create_task(worker.do(job, _here))
        await asyncio.sleep(0.1)  # it is begun
        others = [asyncio.create_task(worker.do(job, _here)) for _ in range(4)]
        await asyncio.sleep(0.1)
        go.set()
        return await asyncio.gather(first, *others, return_exceptions=True)

    found = asyncio.run(crowd())
    assert found[:3] == [7, 7, 7]
    assert [e.status for e in found[3:]] == [503, 503]
    assert most == [1]


def test_what_takes_too_long_or_is_left_is_stopped() -> None:
    stopped = Event()

    def job(stop: Event) -> None:
        assert stop.wait(5)
        stopped.set()
        raise Stopped

    async def left() -> bool:
        return True

    for worker, gone in ((Worker(limit_s=0.05), _here), (Worker(), left)):
        stopped.clear()
        with pytest.raises(Refused) as told:
            asyncio.run(worker.do(job, gone))
        assert told.value.status == 503
        assert stopped.wait(5)
        assert asyncio.run(worker.do(lambda stop: "next", _here)) == "next"


# -- the command


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--serve", "--out", "p.html"], "--serve writes nothing"),
        (["--port", "80"], "goes with --serve"),
        (["--serve", "--port", "70000"], "1 to 65535"),
        (["--serve", "--port", "-1"], "1 to 65535"),
    ],
)
def test_bad_arguments(arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["explore", *arguments])
    assert isinstance(result.exception, UsageError)
    assert message in str(result.exception)
    assert not list(tmp_path.iterdir())


def test_without_the_packages_it_says_how_to_install_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    result = CliRunner().invoke(app, ["explore", "--serve"])
    assert isinstance(result.exception, UsageError)
    assert "northabout[serve]" in str(result.exception)


def test_a_port_in_use_is_told_and_another_is_free() -> None:
    taken = listening(0)
    try:
        port = port_of(taken)
        assert taken.getsockname()[0] == "127.0.0.1"
        with pytest.raises(UsageError, match=f"port {port} of 127.0.0.1 is in use"):
            listening(port)
    finally:
        taken.close()


SERVER = """
import sys
from sim.web.served.guard import hosts_of
from sim.web.served.serve import serve
from sim.web.served.site import site

class Slow:
    def voyage(self, body, stop):
        stop.wait(60)
        return {}
    corridor = voyage

say = lambda text: print(text, file=sys.stderr, flush=True)
show = lambda text: print(text, flush=True)
serve(lambda port: site(b"the page", "default-src 'none'", Slow(), hosts_of(port), say), 0, show, say)
"""


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server in its own process, whose voyages take a minute."""
    started = subprocess.Popen(
        [sys.executable, "-c", SERVER], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert started.stdout
    address = started.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:")
    yield started, int(address.rstrip("/").rpartition(":")[2])
    started.kill()
    started.communicate(timeout=10)


def talk(port: int, raw: bytes) -> bytes:
    """What the server answers to bytes, until it closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(raw)
        out = b""
        while piece := line.recv(65_536):
            out += piece
        return out


def test_bytes_on_the_line(running: tuple[subprocess.Popen[str], int]) -> None:
    _, port = running
    own = f"Host: 127.0.0.1:{port}\r\nConnection: close\r\n".encode()
    status: Callable[[bytes], bytes] = lambda raw: talk(port, raw).split(b"\r\n")[0].split(b" ")[1]  # noqa: E731
    page = talk(port, b"GET / HTTP/1.1\r\n" + own + b"\r\n")
    assert page.endswith(b"the page")
    assert b"\r\nserver:" not in page.lower()
    assert status(b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n") == b"421"
    assert status(b"GET http://evil.example/ HTTP/1.1\r\n" + own + b"\r\n") in (b"400", b"404")
    assert status(b"GET / HTTP/1.0\r\n\r\n") == b"421"
    assert status(b"GET / HTTP/1.1\r\n" + own + b"X: " + b"x" * 30_000) in (b"400", b"431")
    assert status(b"nonsense\r\n\r\n") == b"400"


def test_an_interrupt_ends_it_at_once_and_cleanly(running: tuple[subprocess.Popen[str], int]) -> None:
    process, port = running
    body = (
        b"POST /voyage HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(body % port + b"Content-Length: 2\r\n\r\n{}")
        time.sleep(0.3)  # a voyage is under way
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert time.monotonic() - begun < 5
    assert process.returncode == 0
    assert "Traceback" not in said
    assert said.rstrip().endswith("ended")
