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


def files() -> dict[str, Path]:
    """The files of the shipped scenarios by their names, in order. Raises DataError where they are not there."""
    folder = next((f for f in FOLDERS if f.is_dir()), None)
    if folder is None:
        raise DataError("the shipped scenarios are missing; install the program again")
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def shipped() -> tuple[Shipped, ...]:
    """All shipped scenarios, by name. Raises DataError where they are not there."""
    return tuple(Shipped(name, _description(path), path) for name, path in files().items())


def short_names(name: str) -> tuple[str, ...]:
    """What a shipped scenario is called: its name, and the number and the words of it."""
    return (name, *name.split("-", 1))


def find_shipped(text: str) -> Path:
    """The file of the scenario that a name, its number or a part of its name means. Raises UsageError with the
    nearest."""
    known = files()
    word = text.strip().casefold().removesuffix(".yaml")
    found = [n for n in known if word in short_names(n)] or [n for n in known if word and word in n]
    if len(found) == 1:
        return known[found[0]]
    if found:
        raise UsageError(f"'{text}' may be any of {', '.join(found)}; say which")
    raise UsageError(f"no shipped scenario '{text}'{did_you_mean(word, known)}; 'northabout new --list' lists them")


def _description(path: Path) -> str:
    """The description of a file, read as text alone: the whole check is not needed for a list."""
    from sim.scenario.yaml_text import read_document

    data = read_document(path).data
    return str(data.get("description", "")) if isinstance(data, dict) else ""
