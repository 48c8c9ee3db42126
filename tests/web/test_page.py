"""The page of the live map as a file: what is in it, that it is the same again, and its search outside a browser."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.errors import UsageError
from sim.geo.network import SeaNetwork
from sim.scenario.load import load_scenario
from sim.web.coast import add_coast
from sim.web.ice_cover import add_cover, choices
from sim.web.mask import COLUMNS, covered
from sim.web.packing import Bundle
from sim.web.page import explore_page
from sim.web.queues import closed_for_good, partly_closed, traffic
from tests.web.conftest import HOSTILE, asked_routes, told_alike

WEB = Path(__file__).parents[2] / "sim" / "web"
MOST_BYTES = 2_000_000
NODE = shutil.which("node")


def data_of(page: bytes, part: str) -> tuple[dict[str, Any], bytes]:
    """The header of one of the page's two streams, and its bytes after that."""
    found = re.search(rf'id="{part}">([A-Za-z0-9+/=]+)</script>', page.decode())
    assert found
    raw = gzip.decompress(base64.b64decode(found[1]))
    size = int.from_bytes(raw[:4], "little")
    return json.loads(raw[4 : 4 + size]), raw[4 + size :]


def array(page: bytes, part: str, name: str) -> np.ndarray:
    head, rest = data_of(page, part)
    kind, at, count = head["arrays"][name]
    return np.frombuffer(rest, np.dtype(kind), count, at)


def test_a_bundle_holds_what_was_entered() -> None:
    bundle = Bundle()
    bundle.array("a", np.array([1, 2, 255]), "uint8")
    bundle.steps("b", np.array([[5, 7], [9, 2]]), "int16")
    bundle.value("word", "Ångström")
    raw = bundle.bytes()
    size = int.from_bytes(raw[:4], "little")
    head = json.loads(raw[4 : 4 + size])
    assert (4 + size) % 8 == 0
    assert head == {"arrays": {"a": ["uint8", 0, 3], "b": ["int16", 8, 4]}, "word": "Ångström"}
    assert np.frombuffer(raw, np.int16, 4, 4 + size + 8).tolist() == [5, 4, 7, -5]


def test_numbers_that_a_type_does_not_hold_are_refused() -> None:
    with pytest.raises(ValueError, match="many: numbers outside uint8"):
        Bundle().array("many", np.array([256]), "uint8")


def test_the_page_is_small_and_fetches_nothing(page: bytes) -> None:
    assert len(page) <= MOST_BYTES
    text = page.decode()
    assert "default-src 'none'" in text
    program = re.sub(r'<script type="application/octet-stream".*?</script>', "", text, flags=re.DOTALL)
    addresses = set(re.findall(r"https?://[^\s\"'`<>)]+", program))
    assert addresses == {"http://www.w3.org/2000/svg"}  # the name of a format, not an address that is asked


def test_the_licences_travel_with_the_page(page: bytes) -> None:
    text = page.decode()
    for line in (WEB / "built" / "LICENSES.txt").read_text().splitlines():
        assert line in text


def test_the_page_has_the_network_whole(net: SeaNetwork, page: bytes) -> None:
    head, _ = data_of(page, "sea")
    first, *_ = net.edge_arrays()
    counts = array(page, "sea", "edge_count")
    assert counts.sum() >= len(first)
    assert len(counts) >= len(net.node_lonlat)
    assert head["passage_ids"] == list(net.passages.ids)
    assert {r["name"] for r in head["routes"]} == set(net.passages.routes)
    assert {"Dalian", "Rotterdam", "Singapore"} <= set(head["port_names"])
    assert len(head["port_names"]) > 3900


def test_the_same_again(net: SeaNetwork, page: bytes) -> None:
    assert explore_page(net) == page


def test_what_a_scenario_says_stays_text(hostile_page: bytes) -> None:
    text = hostile_page.decode()
    assert "<img src=x" not in text
    assert "&lt;/script&gt;&lt;img" in text
    assert text.count("</script>") == 3
    head, _ = data_of(hostile_page, "chart")
    assert head["scenario"]["name"] == HOSTILE
    assert head["scenario"]["closed"] == ["malacca_strait"]
    assert (head["scenario"]["from"], head["scenario"]["to"]) == ("CNDLC", "NLRTM")


def test_land_is_where_it_is_and_round_the_right_way() -> None:
    bundle = Bundle()
    add_coast(bundle)
    raw = bundle.bytes()
    size = int.from_bytes(raw[:4], "little")
    head = json.loads(raw[4 : 4 + size])

    def read(name: str) -> np.ndarray:
        kind, at, count = head["arrays"][name]
        return np.frombuffer(raw, np.dtype(kind), count, 4 + size + at)

    for level in ("coarse", "fine"):
        lonlat = np.cumsum(read(f"{level}_lonlat").reshape(2, -1), axis=1).T / 100
        rings = np.split(lonlat, np.cumsum(read(f"{level}_ring"))[:-1])
        outer = rings[0:1] + [rings[k] for k in np.cumsum(read(f"{level}_polygon"))[:-1]]
        south = max((r for r in outer if r[:, 1].max() < -60), key=len)
        assert np.ptp(south[:, 0]) > 300  # round the pole, without a corner at it
        assert south[:, 1].min() > -89
        for ring in outer:
            if np.ptp(ring[:, 0]) < 300:
                x, y = ring.T
                assert (x * np.roll(y, -1) - np.roll(x, -1) * y).sum() < 0, level


def test_ice_covers_the_pole_in_march_and_less_in_september(page: bytes) -> None:
    head, _ = data_of(page, "chart")
    assert head["seasons"] == ["mild", "own", "severe"]
    for k in range(len(head["climates"])):
        shades = [array(page, "chart", f"shade_{k}_{j}").reshape(12, -1) for j in range(3)]
        for shade in shades:
            assert shade.max() == 4
            assert (shade[2] > 0).sum() > (shade[8] > 0).sum()
        if k > 0:  # a past year's own season is neither
            mild, normal, severe = ((shade[8] > 0).sum() for shade in shades)
            assert mild < normal < severe
    years = [y for y, _ in head["climates"]]
    cover = [(array(page, "chart", f"shade_{k}_1").reshape(12, -1)[8] > 0).sum() for k in range(len(years))]
    assert years == sorted(years)
    assert cover[-1] < cover[0]  # less ice in September 2050 than in 2025


def test_choices_of_years_pathways_and_classes() -> None:
    chosen = choices(None, [2050, 2013, 2050], ["ssp5-8.5", "SSP1-2.6"], ["PC7"])
    assert chosen.years == (2013, 2050)
    assert chosen.climates == ((2013, "SSP5-8.5"), (2050, "SSP5-8.5"), (2050, "SSP1-2.6"))
    assert choices(load_scenario(WEB.parents[1] / "scenarios" / "16-suez-1967.yaml")).years == (
        2030,
        2050,
    )  # no ice is known of 1967
    with pytest.raises(UsageError, match="1979 to 2100, nearest 1979"):
        choices(None, [1812])
    with pytest.raises(UsageError):
        choices(None, [], ["SSP9"])
    add_cover(bundle := Bundle(), chosen)
    assert len(bundle.text()) < 100_000
    assert chosen.seasons == ("mild", "own", "severe")
    assert [chosen.season(1, year) for year in (2013, 2050)] == [("own", None), ("normal", None)]
    assert choices(None, seasons=["severe", "mild", "severe"]).seasons == ("mild", "severe")


def test_seasons_of_a_scenario_are_its_own_unless_asked_for(hostile_page: bytes) -> None:
    named = load_scenario(WEB.parents[1] / "scenarios" / "10-lng-january-2030.yaml")
    assert named.ice is not None
    random = named.model_copy(update={"ice": named.ice.model_copy(update={"season": "random", "seed": 7})})
    chosen = choices(random)
    assert chosen.seasons == ("random",)
    assert chosen.season(0, 2050) == ("random", 7)
    assert choices(named, seasons=["severe"]).season(0, 2050) == ("severe", None)


def test_closures_in_time_are_partly_closed_passages(net: SeaNetwork) -> None:
    drought = load_scenario(WEB.parents[1] / "scenarios" / "15-panama-drought-2023.yaml")
    ((passage, how),) = partly_closed(drought, net.passages)
    assert passage == "panama_canal"
    assert how == {"share": pytest.approx(100 * 24 / 36), "since": 2.0, "lasts": 117.0}
    assert traffic(drought, net.passages)["panama_canal"] == {"normal": 36.0, "arrivals": 30.0}
    assert set(traffic(None, net.passages)) >= {"panama_canal", "suez_canal"}
    attacks = load_scenario(WEB.parents[1] / "scenarios" / "14-red-sea-2024.yaml")
    open_ended = [c for c in attacks.closures if c.timed and c.until is None and not c.ships_per_day]
    assert len(closed_for_good(attacks, net.passages)) >= len(open_ended)


def test_the_shipped_program_is_what_its_sources_give() -> None:
    lines = (WEB / "built" / "sha256.txt").read_text().splitlines()
    named = {name: sum_ for sum_, name in (line.split("  ") for line in lines)}
    sources = {f"js/src/{p.name}" for p in (WEB / "js" / "src").iterdir()}
    assert sources <= set(named)
    for name, recorded in named.items():
        found = hashlib.sha256((WEB / name).read_bytes()).hexdigest()
        assert found == recorded, f"{name} has changed: run 'make web'"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--out", "page.txt"], 2, "page.txt: a page ends in .html or .htm"),
        (["--years", "soon", "--out", "p.html"], 2, "--years has 'soon'"),
        (["--years", "1500", "--out", "p.html"], 2, "--years has 1500"),
        (["--seasons", "mlid", "--out", "p.html"], 2, "did you mean mild"),
        (["--pathways", "SSP2-4.6", "--out", "p.html"], 2, "SSP2-4.5"),
        (["nothing.yaml", "--out", "p.html"], 4, "nothing.yaml"),
        (["--out", "no/folder/p.html"], 2, "there is no folder"),
    ],
)
def test_bad_input_is_told(
    arguments: list[str], code: int, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["explore", *arguments])
    assert getattr(result.exception, "exit_code", result.exit_code) == code
    assert message in str(result.exception)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(NODE is None, reason="no node")
def test_the_programs_own_tests() -> None:
    assert NODE
    done = subprocess.run([NODE, "--test"], cwd=WEB / "js", capture_output=True, text=True, check=False)
    if "ERR_MODULE_NOT_FOUND" in done.stdout:
        pytest.skip("d3-geo is not installed: make web")
    assert done.returncode == 0, done.stdout


SCRIPT = """
import { readFileSync } from 'node:fs';
import { unpacked } from '%(src)s/bytes.js';
import { Sea } from '%(src)s/sea.js';
const raw = readFileSync(process.argv[1]), bytes = new Uint8Array(raw);
const sea = new Sea(unpacked(bytes));
console.log(JSON.stringify(JSON.parse(readFileSync(process.argv[2])).map(([i, j, via, closed, draft_m]) => {
  const r = sea.route(via, sea.portPlace(i), sea.portPlace(j), sea.bitsOf(closed), { draft_m });
  return [r.status === 'ok' ? r.nm : null, r.passages ?? []];
})));
"""


@pytest.mark.skipif(NODE is None, reason="no node")
def test_routes_are_as_long_as_those_of_python(
    net: SeaNetwork, page: bytes, page_ports: list[str], tmp_path: Path
) -> None:
    assert NODE
    asked = asked_routes(net, page_ports, 12, seed=5)
    found = re.search(r'id="sea">([A-Za-z0-9+/=]+)</script>', page.decode())
    assert found
    (tmp_path / "sea").write_bytes(gzip.decompress(base64.b64decode(found[1])))
    (tmp_path / "asked").write_text(json.dumps([astuple(a) for a in asked]))
    script = SCRIPT % {"src": (WEB / "js" / "src").as_uri()}
    command = [NODE, "--input-type=module", "-e", script, str(tmp_path / "sea"), str(tmp_path / "asked")]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    for a, (nm, passages) in zip(asked, told, strict=True):
        assert (nm is None) == (a.nm is None), a
        if a.nm is not None:
            assert nm == pytest.approx(a.nm, abs=0.01), a
            assert told_alike(tuple(passages)) == told_alike(a.passages)


def test_a_mask_covers_the_points_within_rings_and_none_of_their_holes() -> None:
    outer = np.array([(10.05, 20.05), (11.05, 20.05), (11.05, 21.05), (10.05, 21.05)])
    hole = np.array([(10.35, 20.35), (10.35, 20.65), (10.65, 20.65), (10.65, 20.35)])
    speck = np.array([(50.01, 0.04), (50.05, 0.09), (50.09, 0.06)])  # between the points
    rings = (outer, hole, speck)
    runs = covered(np.vstack(rings), np.vstack([np.roll(r, -1, axis=0) for r in rings])).reshape(-1, 2)
    found = {divmod(k, COLUMNS) for start, end in runs.tolist() for k in range(start, end)}
    expected = {(r, c) for r in range(1101, 1111) for c in range(1901, 1911)}
    expected -= {(r, c) for r in range(1104, 1107) for c in range(1904, 1907)}
    assert found == expected
