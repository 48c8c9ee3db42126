"""Take the picture of the live map that README.md begins with: `make readme` runs it where Chromium is at hand.

The page is that of a scenario, its view is told by an address, and the picture is what a window of 1400 by 800 pixels
shows.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from sim import SeaNetwork
from sim.scenario.load import load_scenario
from sim.web import explore_page

ROOT = Path(__file__).resolve().parents[1]
SCENARIO = ROOT / "scenarios" / "08-yong-sheng-2013.yaml"
OUT = ROOT / "docs" / "images" / "explore.png"
WIDTH, HEIGHT = 1400, 800
READY_MS = 60_000
VIEW = {
    "from": "Dalian", "to": "Rotterdam", "kn": "12.7", "close": "malacca_strait", "map": "globe", "lon": "62",
    "lat": "27", "month": "8", "ice": "1", "hide": "usual,panama,nwp,transpolar",
}  # fmt: skip
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    """Write the picture; without a browser say so and leave the one that is there."""
    browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print(f"{OUT.relative_to(ROOT)} is left as it is: no playwright (make browser)", file=sys.stderr)
        return 0
    if browser is None:
        print(f"{OUT.relative_to(ROOT)} is left as it is: no Chromium (make browser)", file=sys.stderr)
        return 0
    content = explore_page(SeaNetwork.load(), load_scenario(SCENARIO), SCENARIO.parent)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "explore.html"
        file.write_bytes(content)
        opened = playwright.chromium.launch(executable_path=browser, args=FLAGS)
        page = opened.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(f"{file.as_uri()}#{urlencode(VIEW)}")
        page.wait_for_selector("html[data-ready=yes]", timeout=READY_MS)
        page.wait_for_function("() => northabout.rows.every((r) => r.status !== 'wait')", timeout=READY_MS)
        page.wait_for_timeout(800)  # the fine coast is drawn at rest
        picture = page.screenshot()
        opened.close()
    OUT.write_bytes(_packed(picture))
    print(f"{OUT.relative_to(ROOT)}: {OUT.stat().st_size / 1000:.0f} kB")
    return 0


def _packed(picture: bytes) -> bytes:
    """A picture without transparency, packed as tightly as PNG can."""
    from PIL import Image

    out = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())
