"""The pool: results in the order of the jobs, with any executor; contexts built once; errors where they belong."""

from __future__ import annotations

import os
import pickle
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial

import pytest

import sim
from sim import SeaNetwork
from sim.errors import DataError, UsageError
from sim.study.pool import Workers, begin


def made(start: int) -> list[int]:
    """A context that counts how often it is used."""
    return [start, 0]


def added(context: list[int], job: int) -> tuple[int, int, int]:
    context[1] += 1
    return context[0] + job, context[1], os.getpid()


def failing(context: list[int], job: int) -> int:
    if job == 3:
        raise DataError(f"job {job} has no data")
    return context[0] + job


class AtOnce(Executor):
    """An executor without processes that remembers what it was given, as a scheduler elsewhere would be."""

    def __init__(self) -> None:
        self.jobs = 0

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        self.jobs += 1
        future: Future[object] = Future()
        try:
            future.set_result(pickle.loads(pickle.dumps(fn))(*pickle.loads(pickle.dumps(args)), **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def test_jobs_in_this_process_share_one_context() -> None:
    found = list(Workers().map(added, partial(made, 10), [1, 2, 3]))
    assert found == [(11, 1, os.getpid()), (12, 2, os.getpid()), (13, 3, os.getpid())]


@pytest.mark.parametrize("executor", [AtOnce(), ThreadPoolExecutor(2)], ids=["own", "threads"])
def test_any_executor_gives_the_results_in_order(executor: Executor) -> None:
    found = [r[0] for r in Workers(executor=executor).map(added, partial(made, 100), list(range(20)))]
    assert found == list(range(100, 120))


def test_processes_give_the_same_and_build_a_context_once_each() -> None:
    told: list[tuple[int, int]] = []
    with Workers(2) as workers:
        found = list(workers.map(added, partial(made, 5), list(range(12)), lambda done, of: told.append((done, of))))
        again = list(workers.map(added, partial(made, 5), [7]))
    assert [r[0] for r in found] == list(range(5, 17))
    assert told == [(k, 12) for k in range(1, 13)]
    processes = {r[2] for r in found}
    assert os.getpid() not in processes
    assert len(processes) <= 2
    # each process counts on in the one context that it has built, also for later work of the same kind
    assert sorted(r[1] for r in found if r[2] == found[0][2]) == list(
        range(1, 1 + sum(r[2] == found[0][2] for r in found))
    )
    assert again[0][0] == 12


def program(context: list[int], job: int) -> str:
    return sim.__file__


def test_workers_import_the_program_of_their_parent_and_leave_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "a path of the user's")
    begin()
    assert os.environ["PYTHONPATH"] == "a path of the user's"
    with Workers(2) as workers:
        assert set(workers.map(program, partial(made, 0), list(range(4)))) == {sim.__file__}


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_comes_where_its_result_would_be(workers: int) -> None:
    found: list[int] = []
    with Workers(workers) as pool:
        results = pool.map(failing, partial(made, 0), list(range(6)))
        found += [next(results) for _ in range(3)]
        with pytest.raises(DataError, match="job 3 has no data"):
            next(results)
    assert found == [0, 1, 2]


def test_a_given_executor_is_not_shut_down() -> None:
    given = AtOnce()
    with Workers(executor=given) as pool:
        list(pool.map(added, partial(made, 0), [1]))
    assert given.submit(len, "abc").result() == 3
    assert given.jobs == 2


def test_no_jobs_build_nothing() -> None:
    assert list(Workers().map(added, partial(pytest.fail, "built"), [])) == []


@pytest.mark.parametrize("workers", [0, -1, 65, 1.5, True])
def test_a_bad_number_of_workers_is_refused(workers: float) -> None:
    with pytest.raises(UsageError, match=r"workers is .*, allowed is 1 to 64"):
        Workers(workers)  # type: ignore[arg-type]


def test_a_loaded_network_travels_as_its_name_not_its_arrays() -> None:
    net = SeaNetwork.load()
    sent = pickle.dumps(net)
    assert len(sent) < 1000
    assert pickle.loads(sent).route("Dalian", "Busan").distance_nm == net.route("Dalian", "Busan").distance_nm


class Dear:
    """What is dear to open, as a network is: it counts how often that is done."""

    opened = 0

    def __reduce__(self) -> tuple[object, ...]:
        return opened_again, ()


def opened_again() -> Dear:
    Dear.opened += 1
    return Dear()


def made_of(dear: Dear) -> list[int]:
    return [0, 0]


def test_what_a_context_is_made_of_is_opened_once_for_all_jobs() -> None:
    Dear.opened = 0
    with Workers(1, AtOnce()) as pool:
        assert len(list(pool.map(added, partial(made_of, Dear()), range(20)))) == 20
    assert Dear.opened == 1
