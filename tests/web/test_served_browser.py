"""The served page in Chromium: a voyage on any date, its line and its corridor. 'make browser' runs it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.geo.network import SeaNetwork
from sim.scenario.compare import run
from sim.scenario.load import scenario_of
from tests.web.chromium import CHROMIUM, FLAGS, HEIGHT, WIDTH
from tests.web.conftest import HOSTILE

sync_api = pytest.importorskip("playwright.sync_api", reason="no playwright: make browser")
pytest.importorskip("uvicorn", reason="no uvicorn: pip install 'northabout[serve]'")
pytestmark = [
    pytest.mark.browser, pytest.mark.slow,  # 'make browser' runs it: the server makes a page of its own
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: make browser"),
]  # fmt: skip

ROOT = Path(__file__).parents[2]
SCENARIO = {
    "format": 1, "name": HOSTILE, "description": "served to the tests",
    "voyage": {"from": "Dalian", "to": "Rotterdam", "depart": "2030-09-15"},
    "vessel": {"type": "mpp_19k_1a", "name": "<b>ship</b>"},
    "alternatives": [{"route": "nsr", "name": "<img src=x onerror=alert(1)>"}, {"route": "suez"}], "baseline": "suez",
    "ice": {"escort": "when_needed"}, "costs": {},
}  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The command as a person runs it; it ends cleanly when it is interrupted."""
    file = tmp_path_factory.mktemp("served") / "scenario.yaml"
    file.write_text(json.dumps(SCENARIO), encoding="utf-8")  # JSON is YAML
    command = [sys.executable, "-m", "northabout", "explore", str(file), "--years", "2030", "--serve", "--port", "0"]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert server.stdout
    told = server.stdout.readline().strip()
    assert told.startswith("http://127.0.0.1:"), server.communicate(timeout=10)
    yield told
    server.send_signal(signal.SIGINT)
    _, said = server.communicate(timeout=30)
    assert server.returncode == 0, said
    assert said.rstrip().endswith("ended")


@pytest.fixture
def page(address: str) -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        said: list[str] = []
        asked: list[str] = []
        page.on("console", lambda m: said.append(m.text))
        page.on("pageerror", lambda e: said.append(str(e)))
        page.on("dialog", lambda d: (said.append(d.message), d.dismiss()))
        page.on("request", lambda r: asked.append(r.url))
        page.goto(address)
        page.wait_for_selector("html[data-ready=yes]", timeout=60_000)
        yield page
        refusals = [text for text in said if "422" in text]  # the browser itself tells of an answer that is an error
        assert [text for text in said if text not in refusals] == []
        assert all(url.startswith((address, "blob:", "data:")) for url in asked), asked
        browser.close()


def sail(page: Any) -> None:
    page.click("#sail button")
    page.wait_for_selector("[data-sailed], #sailed [role=alert]", timeout=60_000)


def test_a_date_is_sailed_and_its_corridor_shaded(page: Any, net: SeaNetwork) -> None:
    page.fill("#sail-depart", "2031-10-05")
    page.select_option("#sail-ice_class", "Arc5")
    sail(page)
    scenario = scenario_of({
        "format": 1, "name": "the same", "description": "the same", "alternatives": [{"route": "nsr"}],
        "voyage": {"from": "Dalian", "to": "Rotterdam", "depart": "2031-10-05"}, "ice": {"escort": "when_needed"},
        "vessel": {"type": "mpp_19k_1a", "ice_class": "Arc5"}, "costs": {},
    })  # fmt: skip
    (expected,) = run(scenario, net).outcomes
    first = page.locator("[data-sailed]").first
    assert first.get_attribute("data-status") == "ok"
    told = first.inner_text()
    assert f"{expected.days:.1f} days" in told
    assert f"{expected.distance_nm:,.0f} nm" in told
    assert "<img src=x onerror=alert(1)>" in told  # as text
    assert f"{expected.days:.1f} days" in page.text_content("#said")
    assert page.get_attribute("#said", "aria-live") == "polite"
    assert page.evaluate("northabout.picture.scene(false).sailed.length") >= 1
    assert page.evaluate("northabout.picture.scene(false).stable.length") == 0
    button = first.locator(".stable")
    before = page.screenshot(clip={"x": 0, "y": 0, "width": 700, "height": HEIGHT})
    button.click()
    page.wait_for_selector(".stable[aria-pressed=true]", timeout=60_000)
    assert "at most a day more" in page.text_content("#said")
    assert page.evaluate("northabout.picture.scene(false).stable.length") >= 1
    page.wait_for_timeout(300)
    assert page.screenshot(clip={"x": 0, "y": 0, "width": 700, "height": HEIGHT}) != before
    button.click()
    assert page.evaluate("northabout.picture.scene(false).stable.length") == 0
    page.click("#swap")  # what was sailed is no longer between the ends
    page.wait_for_timeout(300)
    assert page.evaluate("northabout.picture.scene(false).sailed") is None


def test_what_is_refused_is_told(page: Any) -> None:
    page.evaluate("document.getElementById('speed').max = 60")
    page.evaluate("northabout.change({ speed: 45 })")
    sail(page)
    assert "at most" in page.inner_text("#sailed [role=alert]")
    assert page.get_attribute("#sail button", "aria-busy") is None


def test_every_control_has_a_name_and_the_keyboard_reaches_it(page: Any) -> None:
    unnamed = page.evaluate(
        "[...document.querySelectorAll('#sail input, #sail select')].filter((e) => !e.labels.length).map((e) => e.id)"
    )
    assert unnamed == []
    page.focus("#sail-pathway")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Sail it"
