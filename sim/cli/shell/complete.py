"""What the tab key offers: names from the tables, read as plain CSV so that a shell answers at once.

Each function takes the word begun and gives those that go on from it. Case is free, as it is for the commands.
Names of several words are offered with hyphens, which need no quotes and mean the same.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import geodata
from sim.units import MONTH_NAMES

SCENARIO_FILES = (".yaml", ".yml")
RESULT_FILES = (*SCENARIO_FILES, ".json")
SEASONS = ("mild", "normal", "severe", "own", "random")
_UNQUOTED = re.compile(r"[^\w.]+")  # what a word of a shell should not hold
Completer = Callable[[str], list[str]]


def _rows(name: str) -> Iterator[dict[str, str]]:
    with geodata.table(name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _going_on(incomplete: str, words: Iterable[str]) -> list[str]:
    """Words that begin as what is typed, in any case, with the typed part as it is: shells drop all others."""
    start = incomplete.casefold()
    found = dict.fromkeys(w for w in words if w.casefold().startswith(start))
    return [incomplete + w[len(incomplete) :] for w in found]


def _in_list(complete: Completer, incomplete: str) -> list[str]:
    """The last word of a list with commas goes on; those before it stay."""
    before, comma, last = incomplete.rpartition(",")
    return [before + comma + word for word in complete(last)]


def ports(incomplete: str) -> list[str]:
    """Ports by name or UN/LOCODE; before anything is typed those reviewed by hand."""
    if " " in incomplete:
        return []
    names: list[str] = []
    for table in ("ports.csv", "ports_world.csv") if incomplete else ("ports.csv",):
        for row in _rows(table):
            names.append(_UNQUOTED.sub("-", row["name"]).strip("-"))
            names += [row["locode"]] if incomplete.isupper() else []
    return _going_on(incomplete, names)


def several_ports(incomplete: str) -> list[str]:
    """Ports of a list with commas."""
    return _in_list(ports, incomplete)


def passages(incomplete: str) -> list[str]:
    """Ids of passages."""
    return _going_on(incomplete, (row["id"] for row in _rows("passages.csv")))


def closures(incomplete: str) -> list[str]:
    """Ids of closure sets and of passages."""
    return _going_on(incomplete, (row["id"] for table in ("closure_sets.csv", "passages.csv") for row in _rows(table)))


def routes(incomplete: str) -> list[str]:
    """Named routes, and `any`."""
    return _going_on(incomplete, (row["name"] for row in _rows("routes.csv")))


def ice_classes(incomplete: str) -> list[str]:
    """Ice classes of all societies."""
    return _going_on(incomplete, (row["name"] for row in _rows("ice_classes.csv")))


def several_ice_classes(incomplete: str) -> list[str]:
    """Ice classes of a list with commas."""
    return _in_list(ice_classes, incomplete)


def pathways(incomplete: str) -> list[str]:
    """Pathways of the future climate."""
    return _going_on(
        incomplete, (row["pathway"] for row in _rows("ice_pathways.csv") if row["pathway"] != "historical")
    )


def several_pathways(incomplete: str) -> list[str]:
    """Pathways of a list with commas."""
    return _in_list(pathways, incomplete)


def ships(incomplete: str) -> list[str]:
    """Ids of the ships of the table."""
    return _going_on(incomplete, (row["id"] for row in _rows("vessels.csv")))


def shipped(incomplete: str) -> list[str]:
    """Names of the shipped scenarios."""
    from sim.scenario.library import files

    return _going_on(incomplete, files())


def months(incomplete: str) -> list[str]:
    """Names of months."""
    return _going_on(incomplete, MONTH_NAMES)


def seasons(incomplete: str) -> list[str]:
    """Kinds of seasons."""
    return _going_on(incomplete, SEASONS)


def scenario_files(incomplete: str) -> list[str]:
    """Scenario files, and folders on the way to them."""
    return _files(incomplete, SCENARIO_FILES)


def result_files(incomplete: str) -> list[str]:
    """Scenario files, results, and folders on the way to them."""
    return _files(incomplete, RESULT_FILES)


def choice(*words: str) -> Completer:
    """One of some words."""
    return lambda incomplete: _going_on(incomplete, words)


def _files(incomplete: str, endings: tuple[str, ...]) -> list[str]:
    """Files of these endings that go on from a path; a folder that alone does is looked into at once."""
    folder, name = incomplete[: incomplete.rfind("/") + 1], incomplete[incomplete.rfind("/") + 1 :]
    try:
        there = sorted(p for p in Path(folder or ".").expanduser().iterdir() if p.name.startswith(name))
    except (OSError, RuntimeError):
        return []
    hidden = name.startswith(".")
    folders = [p.name for p in there if p.is_dir() and (hidden or not p.name.startswith("."))]
    files = [p.name for p in there if p.suffix.lower() in endings and p.is_file() and (hidden or p.name[0] != ".")]
    if len(folders) == 1 and not files:
        return _files(f"{folder}{folders[0]}/", endings) or [f"{folder}{folders[0]}/"]
    return [folder + f for f in files] + [f"{folder}{f}/" for f in folders]
