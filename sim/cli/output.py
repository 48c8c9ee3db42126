"""What the command says: data to stdout, messages to stderr."""

from __future__ import annotations

import os
import shutil
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread
from typing import Any, TextIO

from sim.errors import NameNotDrawn, UsageError

QUIET_S = 2.0  # a command that says nothing for longer tells that it works
EVERY_S = 1.0  # between two looks at the clock


def _write(stream: TextIO, text: str) -> None:
    """Print, and go on quietly where the reader has gone away: `northabout ports | head` is no error."""
    STATUS.clear()
    try:
        stream.write(text if text.endswith("\n") else text + "\n")
        stream.flush()
    except BrokenPipeError:
        _silence(stream)
    except OSError as error:
        _silence(stream)
        raise UsageError(f"the output cannot be written ({error.strerror})") from error


def _silence(stream: TextIO) -> None:
    """Turn a stream that cannot be written to nowhere, so that nothing complains at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def say(text: str) -> None:
    """A message, to stderr."""
    _write(sys.stderr, text)


def show(text: str) -> None:
    """Data, to stdout."""
    _write(sys.stdout, text)


def tell_warnings() -> None:
    """Warnings of this program as one plain line on stderr, without the place in its code."""
    usual = warnings.formatwarning

    def plain(message: Any, category: type[Warning], *place: Any, **how: Any) -> str:
        own = issubclass(category, NameNotDrawn)
        return f"warning: {message}\n" if own else usual(message, category, *place, **how)

    warnings.formatwarning = plain


def fit_terminal() -> None:
    """Make text as wide as the terminal (or as COLUMNS says), where stdout is one; in a pipe it keeps its width."""
    if sys.stdout.isatty():
        from sim.report.layout import fit

        fit(shutil.get_terminal_size().columns)


class Status:
    """The last line of the terminal while a command works: how far it is, or only for how long."""

    def __init__(self) -> None:
        self.text, self.length, self.lock = "", 0, Lock()

    def draw(self, text: str) -> None:
        """Put a text in place of the line."""
        shown = text[: shutil.get_terminal_size().columns - 1]
        with self.lock:
            sys.stderr.write("\r" + shown.ljust(self.length))
            sys.stderr.flush()
            self.length = len(shown)

    def clear(self) -> None:
        """Take the line away, before something is printed."""
        with self.lock:
            if self.length:
                sys.stderr.write(f"\r{' ' * self.length}\r")
                sys.stderr.flush()
                self.length = 0


STATUS = Status()


@contextmanager
def working(command: str) -> Iterator[None]:
    """Tell on stderr, where a person looks on, that a command works which is silent for longer than `QUIET_S`.

    A command that serves pages is not at work: it says itself what it does.
    """
    if not sys.stderr.isatty() or "--serve" in sys.argv:
        yield
        return
    over, start = Event(), time.monotonic()

    def tick() -> None:
        pause = QUIET_S
        while not over.wait(pause):
            pause = EVERY_S
            STATUS.draw(f"{STATUS.text or f'{command}: working'}, {time.monotonic() - start:.0f} s")

    clock = Thread(target=tick, daemon=True)
    clock.start()
    try:
        yield
    finally:
        over.set()
        clock.join()
        STATUS.clear()


class Progress:
    """A line on stderr that counts, where a person looks on; silent in a pipe."""

    def __init__(self, what: str) -> None:
        self.what, self.seen = what, sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        if self.seen:
            STATUS.text = f"{self.what}: {done} of {total}" if done < total else ""
            STATUS.draw(f"{self.what}: {done} of {total}")
