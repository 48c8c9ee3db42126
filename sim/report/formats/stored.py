"""Results as they are kept: the document of a comparison.json, its folder, or a scenario that is run to have one."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.errors import SHOWN, DataError, ScenarioError, UsageError

if TYPE_CHECKING:
    from sim.scenario.compare import Comparison, Progress

RESULT: Final = "comparison.json"
STDIN: Final = "standard input"
SUFFIXES: Final = (".json", ".geojson")  # of stored results; other files are scenarios
MOST_DIGITS: Final = 18  # of a whole number: it is exact in all formats that hold whole numbers
WRITES_ONE: Final = "'northabout run --out' writes one"
NO_RESULT: Final = "is no result of 'northabout run --out'"
NO_FIGURES: Final = f"{NO_RESULT} or 'run --json'"
NO_ROUTE: Final = f"{NO_RESULT}, 'route --json' or 'route --out'"


def opened(
    path: Path, progress: Progress | None = None, *, lines: bool = False, routes: bool = False
) -> Comparison | dict[str, Any]:
    """What a path names: the document of a result, from its file or its folder, or the comparison of a scenario.

    `-` is either of them on standard input; files that it names lie in the working folder. With `lines` a document has
    the lines of its routes, which `run --json` does not print; with `routes` it may also be that of one route, as
    `northabout route` writes it. Raises DataError, and ScenarioError for what is none of these.
    """
    from sim.scenario.compare import run, run_file

    if str(path) == "-":
        text = sys.stdin.buffer.read()
        found = parsed(text)
        if isinstance(found, dict) and "voyage" not in found:
            return _document(found, STDIN, lines, routes)
        from sim.geo.network import SeaNetwork
        from sim.scenario.load import ports_path, scenario_in
        from sim.scenario.yaml_text import document_of

        scenario = scenario_in(document_of(text, STDIN), Path())
        return run(scenario, SeaNetwork.load(ports_path(scenario, Path())), Path(), progress)
    file = result_file(path)
    if file is None:
        return run_file(path, progress)
    return _document(read_json(file), str(file), lines, routes)


def result_file(path: Path) -> Path | None:
    """The file of a stored result: a path to it, or the one in a folder; None for a scenario and for standard input.

    Raises DataError for a folder without one, and for a path that no file can have.
    """
    try:
        is_folder = path.is_dir()
        if is_folder and not (path / RESULT).is_file():
            inside = sorted(found.parent.name for found in path.glob(f"*/{RESULT}"))
            more = f" and {len(inside) - SHOWN} more" if len(inside) > SHOWN else ""
            hint = f"name one of those in it: {', '.join(inside[:SHOWN])}{more}" if inside else WRITES_ONE
            raise DataError(f"{path}: there is no {RESULT} in this folder; {hint}")
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from error
    return path / RESULT if is_folder else path if path.suffix.lower() in SUFFIXES else None


def read_json(path: Path) -> Any:
    """The value of a JSON file. Raises DataError where it is missing, ScenarioError where it is no JSON."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror or error})") from error
    found = parsed(content)
    if found is None:
        raise ScenarioError([f"{path}: {NO_RESULT} (it is no JSON, or has numbers that are none)"])
    return found


def parsed(content: bytes) -> Any:
    """The value of a JSON text; None for what is none, and where a number is none or too large."""
    try:
        return json.loads(content.decode("utf-8-sig"), parse_int=_whole, parse_float=_real, parse_constant=_real)
    except (ValueError, RecursionError):
        return None


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError(f"a whole number has at most {MOST_DIGITS} digits")
    return int(text)


def _real(text: str) -> float:
    if not math.isfinite(value := float(text)):
        raise ValueError(f"'{text[:MOST_DIGITS]}' is no finite number")
    return value


def fault(error: Exception) -> str:
    """What an error says of a document that is none."""
    if isinstance(error, KeyError):
        return f"it has no '{error.args[0]}'" if error.args else "something is missing in it"
    return str(error) if isinstance(error, UsageError) else f"{type(error).__name__}: {error}"


def _document(found: Any, name: str, lines: bool, routes: bool) -> dict[str, Any]:
    """A document that has the parts of a result. Raises ScenarioError."""
    listed = found.get("alternatives") if isinstance(found, dict) else None
    if routes and isinstance(found, dict) and listed is None and _is_route(found):
        return dict(found)
    if not isinstance(listed, list) or not all(_is_alternative(a) for a in listed):
        none = NO_ROUTE if routes else NO_RESULT if lines else NO_FIGURES
        raise ScenarioError([f"{name}: {none} (no alternatives{' and no route' if routes else ''} in it)"])
    if lines and any("geometry" not in a for a in listed):
        raise ScenarioError(
            [f"{name}: has no lines of its routes; 'northabout run --out' writes them, 'run --json' does not"]
        )
    return dict(found)


def _is_alternative(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(value.get(key), str) for key in ("route", "status"))


def _is_route(value: Mapping[str, Any]) -> bool:
    return value.get("type") == "Feature" or isinstance(value.get("status"), str)
