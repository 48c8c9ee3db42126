"""The scenarios that come with the program, to begin from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.errors import DataError, UsageError, did_you_mean

# in an installed program beside this module, in a checkout at its top
FOLDERS = (Path(__file__).parent / "shipped", Path(__file__).parents[2] / "scenarios")


@dataclass(frozen=True)
class Shipped:
    """A shipped scenario: its file's name without the suffix, what it asks in a line, and the file."""

    name: str
    description: str
    path: Path


def folder() -> Path:
    """Where the shipped scenarios are. Raises DataError where they are not there."""
    found = next((f for f in FOLDERS if f.is_dir()), None)
    if found is None:
        raise DataError("the shipped scenarios are missing; install the program again")
    return found


def shipped() -> tuple[Shipped, ...]:
    """All shipped scenarios, by name. Raises DataError where they are not there."""
    return tuple(Shipped(p.stem, _description(p), p) for p in sorted(folder().glob("*.yaml")))


def find_shipped(text: str) -> Shipped:
    """The scenario that a name, its number or a part of its name means. Raises UsageError with the nearest."""
    known = {s.name: s for s in shipped()}
    word = text.strip().casefold().removesuffix(".yaml")
    found = [s for name, s in known.items() if word in (name, *name.split("-", 1))]
    found = found or [s for name, s in known.items() if word and word in name]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"'{text}' may be any of {', '.join(s.name for s in found)}; say which")
    raise UsageError(f"no shipped scenario '{text}'{did_you_mean(word, known)}; 'northabout new --list' lists them")


def _description(path: Path) -> str:
    """The description of a file, read as text alone: the whole check is not needed for a list."""
    from sim.scenario.yaml_text import read_document

    data = read_document(path).data
    return str(data.get("description", "")) if isinstance(data, dict) else ""
