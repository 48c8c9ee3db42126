"""What the command says: data to stdout, messages to stderr."""

from __future__ import annotations

import os
import sys
import warnings
from typing import Any, TextIO

from sim.errors import NameNotDrawn, UsageError


def _write(stream: TextIO, text: str) -> None:
    """Print, and go on quietly where the reader has gone away: `northabout ports | head` is no error."""
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


class Progress:
    """A line on stderr that counts, where a person looks on; silent in a pipe."""

    def __init__(self, what: str) -> None:
        self.what, self.seen = what, sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        if self.seen:
            end = "\n" if done >= total else ""
            sys.stderr.write(f"\r{self.what}: {done} of {total}{end}")
            sys.stderr.flush()
