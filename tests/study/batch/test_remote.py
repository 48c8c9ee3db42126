"""A real Dask scheduler with two workers on this machine, one of which is killed in mid-run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.errors import UsageError
from sim.study.batch import remote
from sim.study.batch.engine import Progress, run_study
from sim.study.batch.remote import dask_executor
from sim.study.batch.spec import load_study

ROOT = Path(__file__).parents[3]
STUDY = """\
format: 1
name: open
description: open
base:
  voyage: {from: Ras Tanura, to: Rotterdam, depart: 2025-02-10}
  vessel: {type: tank_aframax}
  alternatives: [{route: suez}, {route: cape}]
vary:
  voyage.depart: {uniform: [2025-01-01, 2026-01-01]}
  vessel.speed_kn: {uniform: [10, 14]}
method: monte_carlo
samples: 160
seed: 11
"""
Cluster = tuple[str, list["subprocess.Popen[bytes]"]]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Address of a scheduler, and its two workers."""
    pytest.importorskip("distributed")
    folder = tmp_path_factory.mktemp("dask")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    told = folder / "scheduler.json"

    def started(name: str, *arguments: str) -> subprocess.Popen[bytes]:
        shared = ["--scheduler-file", str(told), "--no-dashboard"]
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{name}", *shared, *arguments],
            env=env, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    running = [started("dask_scheduler", "--host", "127.0.0.1", "--port", "0")]
    try:
        for _ in range(600):
            if told.exists():
                break
            time.sleep(0.05)
        local = ["--local-directory", str(folder), "--nthreads", "1", "--no-nanny"]
        running += [started("dask_worker", *local) for _ in range(2)]
        address = json.loads(told.read_text())["address"]
        yield address, running[1:]
    finally:
        for process in running:
            process.kill()
            process.wait()


def test_a_worker_that_is_killed_changes_no_byte(cluster: Cluster, tmp_path: Path) -> None:
    from distributed import Client

    address, workers = cluster
    (tmp_path / "study.yaml").write_text(STUDY)
    study = load_study(tmp_path / "study.yaml")
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    killed: list[int] = []

    def kill_one(now: Progress) -> None:
        if now.voyages > now.kept and not killed:
            workers[0].kill()
            killed.append(now.voyages)

    with dask_executor(address) as executor:
        done = run_study(study, tmp_path / "far", executor=executor, progress=kill_one)
    assert 0 < killed[0] < 320
    assert done.statuses == {"ok": 320}
    assert done.path.read_bytes() == run_study(study, tmp_path / "here").path.read_bytes()


def test_where_no_scheduler_answers_it_is_said_how_to_start_one(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(remote, "WAIT_S", 0.5)
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        with (
            pytest.raises(UsageError, match=r"no scheduler answers there .*'dask scheduler' starts one"),
            dask_executor(address),
        ):
            pass


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"pip install 'northabout\[dask\]'"), dask_executor("tcp://127.0.0.1:8786"):
        pass
