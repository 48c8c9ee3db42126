"""The engine: a study of one draw is a run; the file tells nothing of workers, interruptions and order."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest

from sim import SeaNetwork
from sim.errors import DataError, UsageError
from sim.scenario.compare import run
from sim.scenario.load import scenario_of
from sim.study.batch import plan as plans
from sim.study.batch.engine import Progress, run_study
from sim.study.batch.plan import plan_of
from sim.study.batch.results import load
from sim.study.batch.rows import OUTPUTS, clean
from sim.study.batch.spec import Study, load_study
from sim.study.batch.store import Store, differences, manifest_of, read_manifest
from sim.study.batch.vary.keys import with_values
from sim.study.batch.work import Bench

ROOT = Path(__file__).parents[3]
ICY = """\
format: 1
name: icy
description: icy
base:
  voyage: {from: Murmansk, to: Sabetta, depart: 2030-10-20}
  vessel: {type: mpp_19k_1a}
  alternatives: [{route: usual}, {route: usual, name: alone, escort: none}]
  ice: {escort: when_needed, season: severe}
  costs: {}
vary:
  voyage.depart: [2030-10-20, 2030-08-20]
  vessel.ice_class: [none]
method: grid
"""
OPEN = """\
format: 1
name: open
description: open
base:
  voyage: {from: Ras Tanura, to: Rotterdam, depart: 2025-02-10}
  vessel: {type: tank_aframax}
  alternatives: [{route: suez}, {route: cape}]
  waits: [{passage: suez_canal, wait_h: 10}]
  costs: {hire: none, carbon: false}
vary:
  voyage.depart: {uniform: [2025-01-01, 2026-01-01]}
  waits.0.wait_h: {triangular: [0, 10, 90]}
  costs.fuel_usd_t: {normal: [500, 80], within: [200, 900]}
method: monte_carlo
samples: 24
seed: 11
"""


def study_in(folder: Path, text: str) -> Study:
    file = folder / "study.yaml"
    file.write_text(text, encoding="utf-8")
    return load_study(file)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "PART_VOYAGES", 8)


@pytest.fixture(scope="module")
def icy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Path]:
    folder = tmp_path_factory.mktemp("icy")
    study = study_in(folder, ICY)
    run_study(study, folder / "out")
    return study, folder / "out"


class LastFirst(Executor):
    """An executor that does the jobs in the reverse of the order in which they come."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Any], Any]] = []

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        future: Future[Any] = Future()
        future.set_running_or_notify_cancel()
        self.waiting.append((future, lambda: fn(*args, **kwargs)))
        if len(self.waiting) == 6:  # as many as the study has parts
            for waiting, job in reversed(self.waiting):
                waiting.set_result(job())
        return future


def test_every_draw_is_the_run_of_its_scenario(icy: tuple[Study, Path]) -> None:
    study, out = icy
    rows = load(out).table().to_pylist()
    net = SeaNetwork.load()
    assert len(rows) == 2 * 2
    for number in range(2):
        comparison = run(scenario_of(with_values(study.base, study.draws.values(number))), net)
        base = next(o for o in comparison.outcomes if o.label == "usual")
        for row, outcome in zip(rows[number * 2 : number * 2 + 2], comparison.outcomes, strict=True):
            assert (row["draw"], row["alternative"], row["status"]) == (number, outcome.label, outcome.status)
            voyage, ledger = outcome.voyage, outcome.ledger
            block = outcome.block
            assert row["cause"] == (None if block is None else block.cause.value)
            assert (row["reason"] or "") == outcome.reason
            if not outcome.feasible:
                assert all(
                    row[k] is None for k in ("days", "distance_nm", "fuel_t", "cost_usd", "arrive", "saved_days")
                )
                continue
            assert voyage and ledger and voyage.besetting
            assert row["days"] == outcome.days
            assert row["distance_nm"] == outcome.distance_nm
            for name in ("sailing_days", "wait_days", "sailed_nm", "ice_nm", "escort_nm", "ice_delay_days", "fuel_t"):
                assert row[name] == getattr(voyage, name), name
            assert row["besetting_days"] == voyage.besetting.days
            assert (row["co2_t"], row["cost_usd"]) == (outcome.co2_t, outcome.cost_usd)
            assert row["cost_complete"] == ledger.complete
            assert row["cargo_t"] == ledger.cargo
            assert row["depart"] == comparison.scenario.voyage.depart
            assert abs((row["arrive"] - voyage.arrive).total_seconds()) <= 0.001
            assert (row["saved_days"] is None) == (not base.feasible)
            if base.feasible:
                assert row["saved_days"] == base.days - outcome.days
                assert row["saved_usd"] == base.cost_usd - outcome.cost_usd
    assert {r["status"] for r in rows} > {"ok"}  # both kinds were looked at


def test_columns_and_kinds_are_those_of_the_manifest(icy: tuple[Study, Path]) -> None:
    study, out = icy
    results = load(out)
    table = results.table()
    names = ["draw", "alternative", "voyage.depart", "vessel.ice_class", *OUTPUTS]
    assert table.schema.names == names == [c["name"] for c in results.manifest["schema"]]
    assert [str(f.type) for f in table.schema] == [c["type"] for c in results.manifest["schema"]]
    assert results.varied == ("voyage.depart", "vessel.ice_class")
    told = results.manifest["study"]
    assert (told["baseline"], told["alternatives"]) == ("usual", ["usual", "alone"])
    assert told["base"]["ice"]["besetting"] == "expected"
    assert [v["kind"] for v in told["vary"]] == ["list", "list"]
    assert not any(isinstance(x, float) and not math.isfinite(x) for row in table.to_pylist() for x in row.values())
    frame = results.frame()
    assert len(frame) == 4
    assert set(frame["season_z"]) == {1.0}
    assert set(frame["pathway"]) == {"SSP2-4.5"}
    assert study.labels == tuple(frame["alternative"][:2])


@pytest.mark.usefixtures("small_parts")
def test_the_file_tells_nothing_of_order_and_interruptions(tmp_path: Path) -> None:
    study = study_in(tmp_path, OPEN)
    assert plan_of(study).parts == 6
    told: list[Progress] = []
    done = run_study(study, tmp_path / "a", progress=told.append)
    whole = done.path.read_bytes()
    assert (done.sailed, done.kept, done.statuses) == (48, 0, {"ok": 48})
    assert [t.voyages for t in told] == [0, 8, 16, 24, 32, 40, 48]
    assert told[0].seconds_left is None and told[-1].seconds_left == 0
    assert not (tmp_path / "a" / "parts").exists()
    run_study(study, tmp_path / "b", executor=LastFirst())
    assert (tmp_path / "b" / "voyages.parquet").read_bytes() == whole
    rows = load(tmp_path / "a").table().to_pylist()
    assert [(r["draw"], r["alternative"]) for r in rows] == [(k, a) for k in range(24) for a in ("suez", "cape")]
    for suez, cape in zip(rows[::2], rows[1::2], strict=True):
        assert (suez["saved_days"], suez["saved_usd"]) == (0, 0)
        assert cape["saved_days"] == suez["days"] - cape["days"] < 0
        assert cape["saved_usd"] == suez["cost_usd"] - cape["cost_usd"]

    def stop_after_two(now: Progress) -> None:
        if now.voyages == 16:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_study(study, tmp_path / "c", progress=stop_after_two)
    parts = sorted((tmp_path / "c" / "parts").iterdir())
    assert [p.name for p in parts] == ["part-00000.parquet", "part-00001.parquet"]
    with pytest.raises(DataError, match=r"the study is not finished .2 of 6 parts."):
        load(tmp_path / "c")
    parts[0].write_bytes(parts[0].read_bytes()[:-20])  # a damaged part is sailed again
    (tmp_path / "c" / "parts" / "part-00003.parquet.tmp").write_bytes(b"half")
    again = run_study(study, tmp_path / "c")
    assert (again.sailed, again.kept) == (40, 8)
    assert again.path.read_bytes() == whole
    before = again.path.stat().st_mtime_ns
    last = run_study(study, tmp_path / "c")  # a finished study is left alone
    assert (last.sailed, last.kept, last.path.stat().st_mtime_ns) == (0, 48, before)


def test_more_samples_leave_the_first_rows_as_they_were(tmp_path: Path) -> None:
    few = study_in(tmp_path, OPEN.replace("samples: 24", "samples: 3"))
    many = study_in(tmp_path, OPEN.replace("samples: 24", "samples: 5"))
    rows = [load(run_study(s, tmp_path / n).path.parent).table().to_pylist() for s, n in ((few, "a"), (many, "b"))]
    assert rows[0] == rows[1][: len(rows[0])]


def test_prices_do_not_sail_a_voyage_again_unless_captains_weigh_money(tmp_path: Path) -> None:
    text = OPEN.replace("  voyage.depart: {uniform: [2025-01-01, 2026-01-01]}\n", "").replace(
        "  waits.0.wait_h: {triangular: [0, 10, 90]}\n", ""
    )
    for closure, count in (("", 2), ("  closures: [{passage: suez_canal, from: 2025-02-12, until: 2025-02-20}]\n", 6)):
        study = study_in(tmp_path, text.replace("vary:", closure + "vary:").replace("samples: 24", "samples: 3"))
        bench = Bench(study, plan_of(study))
        rows = [row for k in range(3) for row in bench.draw(k)]
        assert len(bench.voyages) == count
        assert len({row["cost_usd"] for row in rows}) == 6
        fresh = Bench(study, plan_of(study)).draw(2)
        assert fresh == rows[4:]


@pytest.mark.parametrize(
    "varied",
    [
        "closures.0.passage: [suez_canal, bab_el_mandeb, bosporus]",
        "vessel.draft_m: [14, 30, 12]",
        "vessel.speed_kn: [10, 12, 14]",
        "voyage.to: [Rotterdam, Singapore, Busan]",
        "alternatives.0.avoid.0: [suez_canal, malacca_strait, bosporus]",
    ],
)
def test_what_draws_share_changes_none_of_them(tmp_path: Path, varied: str) -> None:
    text = OPEN[: OPEN.index("  waits:")].replace("{route: suez}", "{route: usual, avoid: [bosporus]}")
    text += f"  closures: [{{passage: bosporus}}]\nvary: {{{varied}}}\nmethod: grid\n"
    study = study_in(tmp_path, text)
    plan = plan_of(study)
    bench = Bench(study, plan)
    rows = [bench.draw(k) for k in (0, 1, 2, 0)]
    assert rows[:3] == [Bench(study, plan).draw(k) for k in range(3)]
    assert rows[3] == rows[0]
    assert len({(r[0]["days"], r[0]["status"]) for r in rows}) > 1


def test_a_voyage_that_fails_is_a_row_with_its_reason(tmp_path: Path) -> None:
    text = ICY.replace("escort: none}", "escort: always}").replace("Murmansk, to: Sabetta", "Dalian, to: Busan")
    study = study_in(tmp_path, text)
    done = run_study(study, tmp_path / "out")
    rows = load(tmp_path / "out").table().to_pylist()
    assert done.statuses == {"error": 4}
    assert not done.feasible
    assert "where no icebreaker escorts ships" in rows[0]["reason"]
    assert rows[0]["depart"] is not None and rows[0]["days"] is None and rows[0]["saved_days"] is None


def test_nulls_stand_for_what_is_no_number_and_for_defaults(tmp_path: Path) -> None:
    assert clean({"a": math.nan, "b": -math.inf, "c": 0.0, "d": None}) == {"a": None, "b": None, "c": 0.0, "d": None}
    varied = ICY[: ICY.index("vary:")] + "vary:\n  ice.besetting: [null, 'off']\nmethod: grid\n"
    study = study_in(tmp_path, varied.replace("2030-10-20", "2030-08-20"))
    rows = load(run_study(study, tmp_path / "out").path.parent).table().to_pylist()
    assert [r["ice.besetting"] for r in rows] == [None, None, "off", "off"]
    assert [r["besetting_days"] is None for r in rows] == [False, False, True, True]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("seed: 11", "seed: 12", "study.seed is 11 there and 12 here"),
        ("samples: 24", "samples: 25", "study.samples is 24 there and 25 here; study.draws"),
        ("normal: [500, 80]", "normal: [510, 80]", "study.vary.2.mean is 500.0 there and 510.0 here"),
        ("hire: none", "hire: charter", "study.base.costs.hire is none there and charter here"),
    ],
)
def test_a_folder_of_another_study_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    study, other = study_in(tmp_path, OPEN), study_in(tmp_path, OPEN.replace(old, new))
    plan = plan_of(study)
    with Store(tmp_path / "out", manifest_of(study, plan), plan):
        pass
    before = (tmp_path / "out" / "manifest.json").read_bytes()
    with pytest.raises(UsageError, match=said):
        run_study(other, tmp_path / "out")
    assert (tmp_path / "out" / "manifest.json").read_bytes() == before


def test_another_program_is_refused_and_so_is_a_second_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = study_in(tmp_path, OPEN)
    plan = plan_of(study)
    manifest = manifest_of(study, plan)
    with Store(tmp_path / "out", manifest, plan), pytest.raises(UsageError, match="another run of this study"):
        run_study(study, tmp_path / "out")
    changed = json.loads(json.dumps(manifest))
    changed["checksums"]["code"] = "0" * 64
    with pytest.raises(UsageError, match=r"checksums.code is .* there and 000000000000... here"):
        Store(tmp_path / "out", changed, plan).__enter__()
    monkeypatch.setattr("sim.study.batch.engine.part_of", _by_another_program)
    with pytest.raises(DataError, match="a worker runs another version"):
        run_study(study, tmp_path / "out")


def _by_another_program(bench: Bench, number: int) -> tuple[str, dict[str, list[Any]]]:
    return "0 0", bench.part(number)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("manifest.json", "{}", "is no manifest of a study"),
        ("manifest.json", "[", "cannot be read"),
        ("voyages.parquet", "x", "holds results without a manifest"),
    ],
)
def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, name: str, content: str, said: str) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text(content)
    with pytest.raises((UsageError, DataError), match=said):
        run_study(study_in(tmp_path, OPEN), tmp_path / "out")
    assert (tmp_path / "out" / name).read_text() == content


def test_results_that_do_not_fit_their_manifest_are_refused(icy: tuple[Study, Path], tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"manifest.json: no such file"):
        load(tmp_path)
    manifest = read_manifest(icy[1])
    manifest["study"]["voyages"] = 5
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "voyages.parquet").write_bytes((icy[1] / "voyages.parquet").read_bytes())
    with pytest.raises(DataError, match="4 rows, wanted are 5"):
        load(tmp_path)
    (tmp_path / "voyages.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match="cannot be read"):
        load(tmp_path)


def test_differences_of_manifests_by_hand() -> None:
    assert differences({"a": 1, "b": {"c": [1, 2]}}, {"a": 1, "b": {"c": [1, 2]}}) == []
    assert differences({"a": 1}, {"a": 2, "b": None}) == ["a is 1 there and 2 here"]
    assert differences({"b": {"c": [1, 2]}}, {"b": {"c": [1, 3]}}) == ["b.c.1 is 2 there and 3 here"]
    assert differences({"b": [1]}, {"b": [1, 2]}) == ["b differs"]


def command(*arguments: object) -> Sequence[str]:
    return [sys.executable, "-c", "import sim.cli; sim.cli.main()", "study", *map(str, arguments)]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a run that nobody ended."""
    folder = tmp_path_factory.mktemp("whole")
    return run_study(study_in(folder, OPEN.replace("samples: 24", "samples: 64")), folder / "out").path.read_bytes()


@pytest.mark.parametrize(
    "end",
    [pytest.param(signal.SIGKILL, id="kill -9"), pytest.param(signal.SIGINT, id="Ctrl-C", marks=pytest.mark.slow)],
)
def test_a_run_that_is_ended_goes_on_with_the_same_bytes(tmp_path: Path, end: signal.Signals, whole: bytes) -> None:
    study = study_in(tmp_path, OPEN.replace("samples: 24", "samples: 64"))
    out = tmp_path / "out"
    process = subprocess.Popen(
        command(tmp_path / "study.yaml", "--out", out, "--workers", 2),
        env=environment(), stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    for _ in range(2400):
        if len(list((out / "parts").glob("*.parquet"))) >= 2 or process.poll() is not None:
            break
        time.sleep(0.025)
    os.kill(process.pid, end)
    said = process.communicate(timeout=60)[1]
    kept = len(list((out / "parts").glob("*.parquet")))
    assert 2 <= kept < 8
    assert end == signal.SIGKILL or ("what is done is kept in" in said and process.returncode == 130)
    assert "Traceback" not in said
    again = run_study(study, out)
    assert again.kept >= 2 * 16
    assert again.path.read_bytes() == whole
    _gone(process.pid)


def _gone(group: int) -> None:
    """All processes of a group have ended, the workers of a process that was killed among them."""
    for _ in range(200):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("workers outlive the process that began them")
