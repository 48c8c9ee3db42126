"""Every example runs alone, quietly, and says something that can be checked; the page on scenario files is true."""

from __future__ import annotations

import csv
import dataclasses
import importlib.metadata
import json
import math
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from sim.claims.chances import Chance
from sim.claims.evaluate import Claim, ClaimResult
from sim.claims.register import IceCase, IceDeparture, IceRow
from sim.claims.touching import Touch
from sim.economy.ledger import Ledger
from sim.economy.plan import Costs, WarRisk
from sim.economy.rates import Charge
from sim.geo.network.places import Place
from sim.geo.passages import PassageTable
from sim.geo.route import Crossing, Route
from sim.geo.waters import named_waters
from sim.ice.admission import Ruling
from sim.ice.classes import IceClass
from sim.plot.page.costs import CostBar
from sim.plot.page.profile import Row as ProfileRow
from sim.plot.page.profile import Track
from sim.report.calendar import CSV_COLUMNS
from sim.report.comparison import comparison_csv
from sim.report.export.layers import Layer
from sim.report.export.record import ClosedPassage, Exported, LeftOut, PassageMet, RouteTrack, TrackLeg
from sim.report.export.waypoints import Waypoint
from sim.report.formats.between import Between, Change
from sim.report.formats.folder import Filled
from sim.report.formats.ledgers import LEDGER_COLUMNS
from sim.report.formats.several import Ran
from sim.report.formats.sheet import Sheet
from sim.report.listings import ports_frame, routes_frame
from sim.report.page.figures import Line as ReportLine
from sim.report.page.sections import Cell, Image, Page, Part, Section, Source, Table, Words
from sim.report.voyages import LEG_COLUMNS as COLUMNS
from sim.report.voyages import event_dict, ledger_dict
from sim.report.years.calendars import YEAR_COLUMNS, YEAR_MONEY_COLUMNS
from sim.report.years.money import COLUMNS as MONEY_COLUMNS
from sim.scenario.compare import Comparison, Outcome
from sim.scenario.load import load_scenario
from sim.scenario.schema import OF_FILE, Ice, Scenario
from sim.ship.ice_speed import Icebreaker
from sim.ship.vessel import IceHull, Ship
from sim.study.batch.checksums import Checksums
from sim.study.batch.draw import Draws
from sim.study.batch.engine import Progress, StudyRun
from sim.study.batch.plan import Plan
from sim.study.batch.results import StudyResults
from sim.study.batch.spec import Study
from sim.study.batch.vary.variation import Variation
from sim.study.breakeven import BreakEven
from sim.study.calendar import Calendar, Closure, Money, Period, RouteYear, Summary
from sim.study.findings.cargo import PerTonne
from sim.study.findings.counts import Group, Share
from sim.study.findings.decides import Decides, KeyShare
from sim.study.findings.findings import Findings
from sim.study.findings.openness import Fan, Open
from sim.study.findings.pathways import PathwayYear
from sim.study.findings.savings import Compared, Saved, SavedCurve
from sim.study.findings.table import StudyPlan, StudyTable, Varied
from sim.study.findings.tornado import Bar
from sim.study.ice_summary import AreaIce, IceState
from sim.study.relay import Relay, RelayYear
from sim.study.sailing.breakevens import BreakEvenYears
from sim.study.sailing.calendars import CalendarYears
from sim.study.sailing.sailed import Sailed
from sim.study.sailing.stability import StabilityCorridor
from sim.study.seasons import Season, SeasonTable
from sim.study.service import Service, ServiceLeg, ShipYear, Stuck
from sim.voyage.diversion import Means
from sim.voyage.navigation import Going, Navigator
from sim.voyage.policy import IcePolicy
from sim.voyage.queue import TimedClosure
from sim.voyage.sail import IceSea
from sim.voyage.voyage import Block, Choice, Event, SpeedPlan, Voyage, VoyageLeg

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("[0-9]*.py"))
LONG = ("09", "10", "11")  # a calendar, a study, a year of service: run by 'make docs' and among the slow tests
PAGE = ROOT / "docs" / "scenario-file.md"
NAMES = ROOT / "docs" / "nomenclature.md"
PNG = b"\x89PNG\r\n\x1a\n"


def _environment() -> dict[str, str]:
    """The environment of an example: the repository on the path only where the package is not installed."""
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    try:
        importlib.metadata.version("northabout")
    except importlib.metadata.PackageNotFoundError:
        env["PYTHONPATH"] = str(ROOT)
    return env


def _printed(script: Path, folder: Path) -> str:
    """What an example prints that is run alone with a folder to write into."""
    done = subprocess.run(
        [sys.executable, str(script), str(folder)],
        capture_output=True,
        text=True,
        env=_environment(),
        cwd=folder,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{script.name}: {done.stderr}"
    # The very first run of matplotlib on a machine says that it builds its font cache.
    loud = [line for line in done.stderr.splitlines() if not line.startswith("Matplotlib ")]
    assert not loud, f"{script.name} wrote to stderr: {done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, Path]]:
    """What each example printed, and the folder that it wrote into; run once for all tests."""
    out = {}
    for script in EXAMPLES:
        if script.stem[:2] not in LONG:
            folder = tmp_path_factory.mktemp(script.stem)
            out[script.stem[:2]] = (_printed(script, folder), folder)
    return out


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_examples_are_numbered_short_and_in_the_format_of_the_gallery() -> None:
    assert [p.name[:2] for p in EXAMPLES] == [f"{k:02}" for k in range(1, len(EXAMPLES) + 1)]
    for path in EXAMPLES:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 90, path.name
        assert lines[0] == '"""' and lines[2] == "=" * len(lines[1]), f"{path.name}: title and a line beneath it"
        assert f"``python examples/{path.name} [FOLDER]``" in lines
        assert sum(line == "# %%" for line in lines) >= 2, f"{path.name}: parts with words of their own"


def test_every_example_has_a_picture_for_the_gallery(made: dict[str, tuple[str, Path]]) -> None:
    for number, (_, folder) in made.items():
        assert list(folder.glob("*.png")), number
    for number in LONG:
        assert "savefig(" in next(p for p in EXAMPLES if p.name.startswith(number)).read_text(encoding="utf-8")


def test_first_route(made: dict[str, tuple[str, Path]]) -> None:
    text, folder = made["01"]
    features = json.loads((folder / "dalian-rotterdam.geojson").read_text())["features"]
    nm = {f["properties"]["route"]: f["properties"]["distance_nm"] for f in features}
    # reference_distances.csv has 10,926 to 11,013 nm for this voyage by Suez.
    assert nm["suez"] == pytest.approx(10_950, rel=0.02)
    assert nm["nsr"] < nm["suez"] < nm["cape"]
    assert re.search(r"\d  Bering Strait", text)
    assert {f["geometry"]["type"] for f in features} == {"LineString", "MultiLineString"}


def test_route_map(made: dict[str, tuple[str, Path]]) -> None:
    text, folder = made["02"]
    for name in ("own-polar.png", "own-world.png"):
        picture = (folder / name).read_bytes()
        assert picture.startswith(PNG)
        width, height = int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])
        assert (width, height) == (1200, 750)
        assert len(picture) > 50_000
    assert "lies on land" in text


def test_closures(made: dict[str, tuple[str, Path]]) -> None:
    _, folder = made["03"]
    rows = {(r["from"], r["closed"]): r for r in _rows(folder / "closures.csv")}
    assert rows["Ras Tanura", "strait_of_hormuz"]["status"] == "unreachable"
    assert rows["Ras Tanura", "strait_of_hormuz"]["extra_nm"] == ""
    extra = {key: float(r["extra_nm"]) for key, r in rows.items() if r["status"] == "ok"}
    assert min(extra.values()) >= -0.01  # closing can only lengthen
    assert 2_000 < extra["Shanghai", "suez_canal"] < 4_000
    assert extra["Shanghai", "malacca_strait + sunda_strait"] > extra["Shanghai", "malacca_strait"] > 0
    days = float(rows["Shanghai", "suez_canal"]["extra_days_at_14_kn"])
    assert days == pytest.approx(extra["Shanghai", "suez_canal"] / (14 * 24), abs=0.01)


def test_distance_matrix(made: dict[str, tuple[str, Path]]) -> None:
    text, folder = made["04"]
    rows = _rows(folder / "suez-nsr.csv")
    assert len(rows) == 12 * 8
    for r in rows:
        assert float(r["suez_nm"]) - float(r["nsr_nm"]) == pytest.approx(float(r["saved_nm"]), abs=0.11)
    best = max(rows, key=lambda r: float(r["saved_nm"]))
    assert (best["from"], best["to"]) == ("Petropavlovsk-Kamchatskiy", "Murmansk")
    assert f"most: {best['from']} - {best['to']}, {float(best['saved_nm']):,.0f} nm" in text
    worst = min(rows, key=lambda r: float(r["saved_nm"]))
    assert (worst["from"], worst["to"]) == ("Singapore", "Piraeus")
    points = json.loads((folder / "ports.geojson").read_text())["features"]
    assert len(points) == 20
    assert all(p["geometry"]["type"] == "Point" for p in points)


def test_check_a_claim(made: dict[str, tuple[str, Path]]) -> None:
    text, folder = made["05"]
    solved = re.search(r"10 days are saved at ([\d.]+) kn: ([\d.]+) days", text)
    assert solved
    assert float(solved[2]) == pytest.approx(10, abs=0.001)
    result = json.loads((folder / "ten-days.json").read_text())
    nsr = next(a for a in result["alternatives"] if a["route"] == "nsr")
    # At that speed the miles sailed alone make 10 days, and the shortest ways of a scenario without ice some more; the
    # canal's speed limit makes Suez a little slower still.
    miles = -nsr["vs_baseline"]["distance_nm"] / (24 * float(solved[1]))
    assert 10 < miles < 10.4
    assert 0 < -nsr["vs_baseline"]["days"] - miles < 0.5
    assert nsr["depart"].startswith("2025-09-01")


def test_ice_voyage(made: dict[str, tuple[str, Path]]) -> None:
    text, folder = made["06"]
    rows = {r["depart"][5:]: r for r in _rows(folder / "departures.csv")}
    assert [r["status"] == "ok" for r in rows.values()].count(True) >= 3
    # A ship of Arc4 is not let in, or not through, in early summer; since 2020 ice and no date ends its autumn.
    assert rows["06-01"]["status"] in ("closed", "beset")
    assert rows["06-01"]["reason"] and not rows["06-01"]["days"]
    saved = {day: float(r["saved_days"]) for day, r in rows.items() if r["status"] == "ok"}
    assert max(saved, key=lambda day: saved[day]) in ("08-01", "09-01")
    assert re.search(r"RIO +[\d.]+ normal", text)


def test_ice_field(made: dict[str, tuple[str, Path]]) -> None:
    text, folder = made["07"]
    at = {(r["place"], int(r["year"]), int(r["month"])): float(r["concentration"]) for r in _rows(folder / "ice.csv")}
    assert len(at) == 3 * 4 * 3
    for (place, year, month), share in at.items():
        assert 0 <= share <= 1
        later = [s for (p, y, m), s in at.items() if (p, m) == (place, month) and y > year]
        assert all(s <= share for s in later), "a warmer year has no more ice"
    assert at["North Pole", 2050, 3] > 0.9
    windows = re.findall(r"^  (\d{4}) +(\d+) +(\d+)  ", text, re.MULTILINE)
    assert [int(year) for year, *_ in windows] == [1985, 2013, 2030, 2050]
    assert all(int(single) < int(mean) for _, mean, single in windows)
    rio = {name: float(value) for name, value in re.findall(r"^(none|Arc4|Arc7) +(-?[\d.]+)", text, re.MULTILINE)}
    # 9/10 of ice of 0.10 m by table 1.3: a quarter of it is new ice, the rest grey, a quarter grey-white.
    assert rio == {"none": 3.0, "Arc4": 21.0, "Arc7": 30.0}


def test_closure_and_cost(made: dict[str, tuple[str, Path]]) -> None:
    text, folder = made["08"]
    totals = {name: float(usd.replace(",", "")) for name, usd in re.findall(r"^(suez|cape) .* ([\d,]+)$", text, re.M)}
    lines = _rows(folder / "ledger.csv")
    for name, total in totals.items():
        assert sum(float(r["usd"]) for r in lines if r["route"] == name) == pytest.approx(total, abs=1)
    weighed = re.search(r"the ship waits, [\d.]+ days\n  waiting is worth ([\d,]+), turning ([\d,]+) usd", text)
    assert weighed and _whole(weighed[1]) < _whole(weighed[2]), "what is cheaper was chosen"
    assert (folder / "map.png").read_bytes().startswith(PNG)


def _whole(text: str) -> int:
    return int(text.replace(",", ""))


def _long(number: str, folder: Path) -> str:
    return _printed(next(p for p in EXAMPLES if p.name.startswith(number)), folder)


@pytest.mark.slow
def test_calendar(tmp_path: Path) -> None:
    text = _long("09", tmp_path)
    rows = [r for r in _rows(tmp_path / "calendar.csv") if r["route"] == "nsr"]
    is_open = [r for r in rows if r["status"] == "ok"]
    assert f"open on {len(is_open)} of {len(rows)} departures" in text
    assert len(rows) == 14  # 365 days, every 28th
    assert all(r["days"] == "" for r in rows if r["status"] != "ok")
    best = max(is_open, key=lambda r: float(r["saved_days"]))
    assert best["depart"][5:7] in ("07", "08", "09")
    assert (tmp_path / "calendar.png").read_bytes().startswith(PNG)


@pytest.mark.slow
def test_study(tmp_path: Path) -> None:
    assert "44 voyages of suez, nsr" in _long("10", tmp_path)
    assert (tmp_path / "study.png").read_bytes().startswith(PNG)


@pytest.mark.slow
def test_service_year(tmp_path: Path) -> None:
    rows = re.findall(r"^(\S.*\S) +([\d.]+) +(\d+) +(\d+) +(\d+)  (\d+)$", _long("11", tmp_path), re.M)
    assert len(rows) == 2
    for _, trips, sea, port, wait, ships in rows:
        assert sum(map(int, (sea, port, wait))) == pytest.approx(365, abs=2)
        assert float(trips) > 0 and int(ships) >= 1


def _blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def _page_examples(tmp_path: Path) -> list[Scenario]:
    """The page's scenario, then the same with each of the page's other sections 'ice' in place of its own."""
    whole, *sections = _blocks("yaml")
    (tmp_path / "own-ports.csv").write_text(_blocks("csv")[0], encoding="utf-8")
    out = []
    for k, section in enumerate([None, *sections]):
        text = whole if section is None else re.sub(r"^ice:.*\n(?: +.*\n)+", section, whole, flags=re.MULTILINE)
        file = tmp_path / f"example-{k}.yaml"
        file.write_text(text, encoding="utf-8")
        out.append(load_scenario(file))
    return out


def test_examples_of_the_scenario_page_are_valid_and_show_every_key(tmp_path: Path) -> None:
    scenario, *others = _page_examples(tmp_path)
    assert len(others) == 2
    for part in (scenario, scenario.voyage, scenario.vessel):
        assert part.model_fields_set == set(type(part).model_fields)
    assert scenario.costs is not None
    assert scenario.costs.model_fields_set == set(Costs.model_fields) - {"fuel_usd_mmbtu"}  # in place of fuel_usd_t
    assert scenario.costs.war_risk[0].model_fields_set == set(WarRisk.model_fields)
    for parts in (scenario.alternatives, scenario.closures, scenario.waits, scenario.speeds):
        used = set().union(*(part.model_fields_set for part in parts))
        assert used == set(type(parts[0]).model_fields)
    sections = [s.ice for s in (scenario, *others) if s.ice is not None]
    shown = set().union(*(section.model_fields_set for section in sections))
    # One date and the dates of one year cannot be in one file: the page names any_date beside repeat_yearly.
    assert set(Ice.model_fields) - shown == {"any_date"}
    assert "any_date: true" in _blocks("yaml")[2]
    assert set(OF_FILE) - {"any_date"} <= sections[2].model_fields_set


def test_scenario_page_gives_every_default_of_ice() -> None:
    rows = _defaults("ice")
    assert set(rows) == set(Ice.model_fields)
    for key, info in Ice.model_fields.items():
        if info.default is not None:
            assert rows[key] == _shown(info.default), key


def test_scenario_page_gives_every_default_of_costs() -> None:
    rows = _defaults("costs")
    assert set(rows) == set(Costs.model_fields)
    for key, info in Costs.model_fields.items():
        if info.default is not None:
            assert rows[key] == ("none" if info.default == () else _shown(info.default)), key


def _shown(default: object) -> str:
    return f"{default:g}" if isinstance(default, float) else str(default).lower()


def _defaults(section: str) -> dict[str, str]:
    """The keys of a section's tables on the page, each with its default."""
    found = re.findall(r"^\| `(\w+)` \|[^|]*\| ([^|]*) \|", _of(section), re.MULTILINE)
    return {key: said.strip("`") for key, said in found}


def _of(section: str) -> str:
    text = PAGE.read_text(encoding="utf-8")
    start = text.index(f"\n### `{section}`")
    return text[start : text.index("\n### ", start + 1)]


def test_scenario_page_names_every_key_route_and_water() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for model in (Scenario, Ice, Costs, *(Scenario.model_fields[k].annotation for k in ("voyage", "vessel"))):
        for key, info in model.model_fields.items():  # type: ignore[union-attr]
            assert f"`{info.alias or key}`" in text
    for name in (*PassageTable.load().routes, *named_waters()):
        assert f"`{name}`" in text


NAMED = (
    Route, Crossing, Place, Comparison, Outcome, Voyage, VoyageLeg, Block, Event, SpeedPlan, Claim, ClaimResult, IceRow,
    IceCase, IceDeparture, IcePolicy, Going, Navigator, IceSea, Ship, IceHull, Icebreaker, IceClass, AreaIce, IceState,
    Season, SeasonTable, Calendar, CalendarYears, RouteYear, Sailed, Summary, Money, Period, Closure, Ledger, Charge,
    Ruling, TimedClosure, Means, Checksums, Draws, Progress, StudyRun, Plan, StudyResults, Study, Variation, StudyTable,
    StudyPlan, Varied, Findings, Share, Group, Compared, Saved, SavedCurve,
    Open, Fan, PerTonne, PathwayYear, Decides, KeyShare, Bar, Sheet, Service, ShipYear, ServiceLeg, Stuck,
    Relay, RelayYear, Chance, Page, Part, Section, Table, Cell, Image, Words, Source, Touch, Track, CostBar,
    ProfileRow, ReportLine,
    BreakEven, BreakEvenYears, StabilityCorridor, Exported, RouteTrack, TrackLeg, PassageMet, ClosedPassage, LeftOut,
    Waypoint, Layer,
    Ran, Change, Between, Filled,
)  # fmt: skip


@pytest.mark.parametrize("kind", NAMED, ids=lambda kind: kind.__name__)
def test_nomenclature_names_every_field(kind: type) -> None:
    text = NAMES.read_text(encoding="utf-8")
    fields = getattr(kind, "model_fields", None) or [f.name for f in dataclasses.fields(kind)]
    missing = [name for name in fields if not re.search(rf"[`.( ]{name}[`,)(]", text)]
    assert not missing


def test_nomenclature_names_every_column_of_the_frames() -> None:
    text = NAMES.read_text(encoding="utf-8")
    assert all(f"`{column}`" in text for column in (*routes_frame({}).columns, *ports_frame([]).columns))


def test_nomenclature_names_every_column_and_key_of_the_files(tmp_path: Path) -> None:
    from sim import SeaNetwork
    from sim.scenario.compare import run

    text = NAMES.read_text(encoding="utf-8")
    comparison = run(_page_examples(tmp_path)[1], SeaNetwork.load(tmp_path / "own-ports.csv"), tmp_path)
    keys = {"blocked_at", *comparison.to_dict()}
    nsr = next(o for o in comparison.outcomes if o.label.startswith("nsr"))
    assert nsr.ledger is not None
    keys |= {*ledger_dict(nsr.ledger), *ledger_dict(nsr.ledger)["lines"][0], *LEDGER_COLUMNS}
    now = datetime(2025, 8, 15, tzinfo=UTC)
    met = Event("suez_canal", now, None, "", now, (32.0, 30.0), Choice.WAITS, 1.0, None, None)
    keys |= {*event_dict(met), *event_dict(dataclasses.replace(met, worth_unit="usd"))}
    for alternative in comparison.to_dict()["alternatives"]:
        keys |= {*alternative, *alternative.get("ice", {}), *alternative.get("vs_baseline", {})}
    header = comparison_csv(comparison).splitlines()[0].split(",")
    names = sorted({*keys, *header, *COLUMNS, *CSV_COLUMNS, *MONEY_COLUMNS, *YEAR_COLUMNS, *YEAR_MONEY_COLUMNS})
    assert not [name for name in names if not re.search(rf"[`.( ]{name}[`,)(\[]", text)]


def test_scenario_page_examples_run(tmp_path: Path) -> None:
    from sim import SeaNetwork
    from sim.scenario.compare import run

    examples = _page_examples(tmp_path)
    _own_ice(tmp_path)
    net = SeaNetwork.load(tmp_path / "own-ports.csv")
    for scenario in examples:
        comparison = run(scenario, net, tmp_path)
        assert comparison.feasible
        assert all(math.isfinite(o.voyage.days) for o in comparison.outcomes if o.voyage)
        nsr = next(o for o in comparison.outcomes if o.label.startswith("nsr"))
        assert nsr.voyage
        if scenario.ice and scenario.ice.file:
            assert nsr.feasible
            # The file has 2/10 of ice of 0.4 m on the whole of its grid.
            legs = [leg for leg in nsr.voyage.legs if leg.rio is not None and leg.water == "laptev_sea"]
            assert legs
            assert all(leg.concentration == pytest.approx(0.2, abs=0.001) for leg in legs)
            assert all(leg.thickness_m == pytest.approx(0.4, abs=0.001) for leg in legs)


def _own_ice(folder: Path) -> None:
    """The two files that the page's last example names: a year of thin, scattered ice north of 66 N."""
    import netCDF4

    for name, variable, standard, values in (
        ("own-ice.nc", "siconc", "sea_ice_area_fraction", (90.0, 20.0)),
        ("own-thickness.nc", "sithick", "sea_ice_thickness", (2.0, 0.4)),
    ):
        with netCDF4.Dataset(folder / name, "w") as file:
            for dim, size in (("time", 12), ("lat", 24), ("lon", 360), ("epoch", 2)):
                file.createDimension(dim, size)
            time = file.createVariable("time", "f8", ("time",))
            time.units, time.calendar = "days since 2020-01-01", "standard"
            time[:] = [15 + 30.5 * month for month in range(12)]
            for axis, begin, unit in (("lat", 66.5, "degrees_north"), ("lon", 0.5, "degrees_east")):
                places = file.createVariable(axis, "f8", (axis,))
                places.units, places.standard_name = unit, {"lat": "latitude", "lon": "longitude"}[axis]
                places[:] = begin + 1.0 * np.arange(len(places))
            file.createVariable("epoch", str, ("epoch",))[:] = np.array(["1980s", "2010s"], dtype=object)
            of = ("epoch", "time", "lat", "lon") if variable == "siconc" else ("time", "lat", "lon")
            ice = file.createVariable(variable, "f4", of)
            ice.standard_name, ice.units = standard, "%" if variable == "siconc" else "m"
            ice[:] = values[1]
            if variable == "siconc":
                ice[0] = values[0]
