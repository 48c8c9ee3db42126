"""The errors of the program. A message says what, the value, what is allowed, and the nearest valid name."""

from __future__ import annotations

import difflib
import zipfile
import zlib
from collections.abc import Iterable

from sim.synonyms import bare, meanings

SHOWN = 5  # problems in one message
# what reading a missing, cut-off or corrupt array file raises
DAMAGED = (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error)


class NorthaboutError(Exception):
    """Base of all errors that a user can cause; `exit_code` is what the command ends with."""

    exit_code = 2


class UsageError(NorthaboutError):
    """An argument that cannot be used."""


class PlaceError(UsageError):
    """A port or position that is unknown, ambiguous or on land."""


class PassageError(UsageError):
    """A passage or route name that does not exist."""


class ScenarioError(NorthaboutError):
    """An invalid scenario file; `problems` lists every fault with its place in the file."""

    exit_code = 3

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[list[str]]]:
        """Made again from its problems, so that it comes back whole from another process."""
        return type(self), (self.problems,)


class DataError(NorthaboutError):
    """Data that the program needs is missing or damaged."""

    exit_code = 4


def nearest(word: str, names: Iterable[str], count: int = 3) -> list[str]:
    """Valid names closest to a misspelt one, best first."""
    known = {name.casefold(): name for name in names}
    found = difflib.get_close_matches(word.casefold(), known, n=count, cutoff=0.6)
    return [known[key] for key in found]


def meant(word: str, names: Iterable[str]) -> list[str]:
    """Valid names that a word stands for by the table of synonyms, likeliest first; a path counts by its end too."""
    known = {bare(name): name for name in names}
    by_end = (known.get(bare(m)) or known.get(bare(m.rsplit(".", 1)[-1])) for m in meanings(word))
    return list(dict.fromkeys(name for name in by_end if name is not None))


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """A hint ' (did you mean ...?)' at what the word stands for, else at names spelt alike; or nothing."""
    names = list(names)
    return suggestion(meant(word, names) or nearest(word, names))


def suggestion(found: Iterable[str]) -> str:
    """A hint ' (did you mean ...?)' at these names; nothing where there are none."""
    listed = ", ".join(found)
    return f" (did you mean {listed}?)" if listed else ""


class PlacesNotUsed(UserWarning):
    """Places of a list that cannot be used: `problems` gives the reason of each, by the place as text."""

    def __init__(self, problems: dict[str, str]) -> None:
        listed = list(problems.values())
        more = f"; and {len(listed) - SHOWN} more" if len(listed) > SHOWN else ""
        super().__init__(f"places that cannot be used: {'; '.join(listed[:SHOWN])}{more}")
        self.problems = problems


class NameNotDrawn(UserWarning):
    """A name in a picture has characters that no installed font has."""
