"""Results as they are kept: the document of a comparison.json, its folder, or a scenario that is run to have one."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.errors import DataError, ScenarioError

if TYPE_CHECKING:
    from sim.scenario.compare import Comparison, Progress

RESULT: Final = "comparison.json"
STDIN: Final = "standard input"


def opened(path: Path, progress: Progress | None = None) -> Comparison | dict[str, Any]:
    """What a path names: the document of a result, from its file or its folder, or the comparison of a scenario.

    `-` is either of them on standard input; files that it names lie in the working folder. Raises DataError, and
    ScenarioError for what is neither.
    """
    from sim.scenario.compare import run, run_file

    if str(path) == "-":
        text = sys.stdin.buffer.read()
        found = _json(text)
        if isinstance(found, dict) and "voyage" not in found:
            return _document(found, STDIN)
        from sim.geo.network import SeaNetwork
        from sim.scenario.load import ports_path, scenario_in
        from sim.scenario.yaml_text import document_of

        scenario = scenario_in(document_of(text, STDIN), Path())
        return run(scenario, SeaNetwork.load(ports_path(scenario, Path())), Path(), progress)
    if path.is_dir():
        if not (path / RESULT).is_file():
            raise DataError(f"{path}: there is no {RESULT} in this folder; 'northabout run --out' writes one")
        path = path / RESULT
    if path.suffix.lower() == ".json":
        return read_result(path)
    return run_file(path, progress)


def read_result(path: Path) -> dict[str, Any]:
    """The document of a comparison.json. Raises DataError where it is missing, ScenarioError where it is none."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror or error})") from None
    found = _json(content)
    if found is None:
        raise ScenarioError([f"{path.name}: is no result of 'northabout run --out' (no JSON)"])
    return _document(found, path.name)


def _json(content: bytes) -> Any:
    """The value of a JSON text; None for what is none."""
    try:
        return json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        return None


def _document(found: Any, name: str) -> dict[str, Any]:
    """A document that has the parts of a result. Raises ScenarioError."""
    listed = found.get("alternatives") if isinstance(found, dict) else None
    if not isinstance(listed, list) or not all(_is_alternative(a) for a in listed):
        raise ScenarioError([f"{name}: is no result of 'northabout run --out' or 'run --json' (no alternatives in it)"])
    return dict(found)


def _is_alternative(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(value.get(key), str) for key in ("route", "status"))
