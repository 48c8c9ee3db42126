"""The terminal: text as wide as it is, a line while a command works; and none of that in pipes and files."""

from __future__ import annotations

import io
import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.cli import output
from sim.cli.output import Progress, show, working
from sim.geo.passages import PassageTable
from sim.report import layout
from sim.report.listings import passages_text, vessels_text
from sim.ship.vessel import VesselTable

pty = pytest.importorskip("pty")
ROOT = Path(__file__).parents[1]
TEXT = "The quick brown fox jumps over the lazy dog, again and again. " * 8


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def narrow():
    """Text of 80 columns, as in a small terminal."""
    before = layout._columns.set(80)
    yield
    layout._columns.reset(before)


def widest(text: str) -> int:
    return max(map(len, text.splitlines()))


@pytest.mark.parametrize(("asked", "given"), [(20, 60), (80, 80), (100, 100), (120, 120), (500, 140)])
def test_lines_are_as_wide_as_the_terminal_within_bounds(asked: int, given: int, narrow: None) -> None:
    layout.fit(asked)
    lines = layout.wrapped(TEXT)
    assert given - 10 < widest("\n".join(lines)) <= given
    with layout.as_in_files():
        assert 90 < widest("\n".join(layout.wrapped(TEXT))) <= layout.WIDTH
    assert layout.width() == given


def test_long_tables_fit_a_narrow_terminal(narrow: None) -> None:
    assert widest(passages_text(PassageTable.load()).split("\nroutes:")[0]) <= 80
    assert widest(vessels_text(VesselTable.load())) <= 80


def test_a_table_too_wide_has_closer_columns_only_in_a_narrow_terminal(narrow: None) -> None:
    header, rows = ["a" * 30, "b" * 30, "c" * 17], [["1", "2", "3"]]
    assert layout.text_table(header, rows).splitlines()[0] == " ".join(header)
    assert layout.text_table(header[:2], [["1", "2"]]).splitlines()[0] == "  ".join(header[:2])
    with layout.as_in_files():
        assert (
            layout.text_table([*header, "d" * 90], [["1", "2", "3", "4"]]).splitlines()[0].startswith("  ".join(header))
        )


def in_terminal(*arguments: str, columns: int) -> tuple[int, str]:
    """Exit code and stdout of the command in a terminal; stderr is a pipe."""
    ours, theirs = pty.openpty()
    place = {**os.environ, "COLUMNS": str(columns), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "northabout", *arguments]
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, env=place, cwd=ROOT) as process:
        os.close(theirs)
        told = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            told += part
    os.close(ours)
    return process.returncode, told.decode().replace("\r\n", "\n")


def test_the_command_asks_the_terminal_and_not_in_a_pipe() -> None:
    code, narrow = in_terminal("passages", columns=80)
    assert (code, widest(narrow.split("\nroutes:")[0]) <= 80) == (0, True)
    piped = subprocess.run(
        [sys.executable, "-m", "northabout", "passages"], capture_output=True, text=True, check=True, cwd=ROOT,
        env={**os.environ, "COLUMNS": "70", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert piped.stdout == passages_text(PassageTable.load()) + "\n"
    assert piped.stderr == ""


# -- progress


def test_a_command_that_is_silent_for_long_tells_that_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "QUIET_S", 0.02)
    monkeypatch.setattr(output, "EVERY_S", 0.01)
    monkeypatch.setattr(sys, "stderr", told := Terminal())
    with working("northabout run"):
        time.sleep(0.2)
        Progress("routes")(1, 3)
        time.sleep(0.2)
        Progress("routes")(3, 3)
    lines = told.getvalue().split("\r")
    assert any(line.startswith("northabout run: working, ") for line in lines)
    assert any(line.startswith("routes: 1 of 3, ") for line in lines)
    assert lines[-1] == ""
    assert lines[-2].strip() == ""  # nothing is left on the line


def test_a_quick_command_and_a_pipe_tell_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "QUIET_S", 0.02)
    monkeypatch.setattr(sys, "stderr", piped := io.StringIO())
    with working("northabout run"):
        time.sleep(0.1)
        Progress("routes")(1, 3)
    assert piped.getvalue() == ""
    monkeypatch.setattr(output, "QUIET_S", 5.0)
    monkeypatch.setattr(sys, "stderr", told := Terminal())
    with working("northabout run"):
        pass
    assert told.getvalue() == ""


def test_the_line_goes_before_anything_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stderr", told := Terminal())
    Progress("routes")(1, 3)
    show("a table")
    assert told.getvalue() == f"\rroutes: 1 of 3\r{' ' * 14}\r"
    assert capsys.readouterr().out == "a table\n"
    output.STATUS.text = ""
