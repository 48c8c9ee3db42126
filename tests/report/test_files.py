"""Files are written whole or not at all, one or several of them, whatever fails."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.errors import UsageError
from sim.report.files import write_all, write_whole

NAMES = ("a.csv", "b.json", "c.png")


def contents(folder: Path, text: str = "new") -> dict[Path, bytes]:
    return {folder / name: f"{text} {name}".encode() for name in NAMES}


def state(folder: Path) -> dict[str, str]:
    """Everything that lies in a folder, hidden files too."""
    return {p.name: p.read_text() for p in folder.iterdir()}


def failing(function: Callable[..., Any], at: int, error: BaseException) -> Callable[..., Any]:
    """A function that fails when it is called for the `at`-th time, counted from 1, and ever after."""
    calls = 0

    def called(*arguments: Any, **how: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls >= at:
            raise error
        return function(*arguments, **how)

    return called


def once(function: Callable[..., Any], at: int, error: BaseException) -> Callable[..., Any]:
    """A function that fails only when it is called for the `at`-th time."""
    calls = 0

    def called(*arguments: Any, **how: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at:
            raise error
        return function(*arguments, **how)

    return called


def test_all_are_written(tmp_path: Path) -> None:
    write_all(contents(tmp_path))
    write_all(contents(tmp_path, "newer"))
    assert state(tmp_path) == {name: f"newer {name}" for name in NAMES}


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("before", [{}, {"b.json": "old"}, dict.fromkeys(NAMES, "old")], ids=["none", "one", "all"])
def test_a_full_disk_leaves_all_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int, before: dict[str, str]
) -> None:
    for name, text in before.items():
        (tmp_path / name).write_text(text)
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(os, "fsync", failing(os.fsync, at, full))
    with pytest.raises(UsageError, match=f"{NAMES[at - 1]}: cannot be written .No space left"):
        write_all(contents(tmp_path))
    assert state(tmp_path) == before


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("before", [{}, {"a.csv": "old"}, dict.fromkeys(NAMES, "old")], ids=["none", "one", "all"])
@pytest.mark.parametrize("error", [OSError(errno.EACCES, "Permission denied"), KeyboardInterrupt()], ids=repr)
@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_cannot_be_put_in_place_takes_the_others_back(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    at: int,
    before: dict[str, str],
    error: BaseException,
    links: bool,
) -> None:
    for name, text in before.items():
        (tmp_path / name).write_text(text)
    if not links:
        monkeypatch.setattr(os, "link", failing(os.link, 1, OSError(errno.EPERM, "no links here")))
    monkeypatch.setattr(Path, "replace", once(Path.replace, at, error))
    with pytest.raises(UsageError if isinstance(error, OSError) else KeyboardInterrupt):
        write_all(contents(tmp_path))
    assert state(tmp_path) == before


def test_one_that_is_a_folder_stops_all(tmp_path: Path) -> None:
    (tmp_path / "c.png").mkdir()
    with pytest.raises(UsageError, match="is a folder"):
        write_all(contents(tmp_path))
    assert [p.name for p in tmp_path.iterdir()] == ["c.png"]


def test_a_link_stays_a_link_where_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "there").write_text("old")
    (tmp_path / "a.csv").symlink_to("there")
    monkeypatch.setattr(Path, "replace", once(Path.replace, 3, OSError(errno.EIO, "input/output error")))
    with pytest.raises(UsageError):
        write_all(contents(tmp_path))
    assert (tmp_path / "a.csv").is_symlink()
    assert state(tmp_path) == {"there": "old", "a.csv": "old"}


def test_the_mode_is_that_of_any_new_file(tmp_path: Path) -> None:
    write_whole(tmp_path / "x", b"1")
    (tmp_path / "y").write_bytes(b"1")
    assert (tmp_path / "x").stat().st_mode == (tmp_path / "y").stat().st_mode
