"""The executor of a Dask scheduler that is running already, here or on other machines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.errors import DataError, UsageError

if TYPE_CHECKING:
    from concurrent.futures import Executor

WAIT_S = 10


@contextmanager
def dask_executor(address: str) -> Iterator[Executor]:
    """An executor for `sim.study.pool`. The workers need the same version of this program and of Python.

    Raises UsageError where Dask is not installed or no scheduler answers, DataError where its workers are lost.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise UsageError("--dask needs the package 'distributed': pip install 'northabout[dask]'") from error
    try:
        client = distributed.Client(address, timeout=WAIT_S, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:  # a time-out is an OSError
        said = " ".join(str(error).split())[:200]
        raise UsageError(
            f"--dask is '{address}': no scheduler answers there ({said}); 'dask scheduler' starts one"
        ) from error
    try:
        if not client.scheduler_info()["workers"]:
            raise UsageError(f"--dask is '{address}': the scheduler has no workers; 'dask worker {address}' starts one")
        yield client.get_executor(pure=False)
    except Exception as error:
        if type(error).__module__.split(".")[0] == "distributed":
            raise DataError(
                f"the Dask scheduler gave up ({error}); what is done is kept, the same command goes on"
            ) from error
        raise
    finally:
        client.close(timeout=WAIT_S)
