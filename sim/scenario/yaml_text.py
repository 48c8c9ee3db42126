"""YAML text to plain data with the line of every value. YAML is data here: no tags, no aliases, sizes bounded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.errors import DataError, ScenarioError

MAX_BYTES = 1_000_000
MAX_DEPTH = 12
Lines = dict[tuple[str | int, ...], int]


def read_yaml(path: Path) -> tuple[Any, Lines]:
    """Data of a YAML 1.2 file and the line (from 1) of every key path.

    Raises DataError where there is no such file, ScenarioError where it is no usable YAML.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise DataError(f"{path}: is not a file")
        if size > MAX_BYTES:
            raise ScenarioError([f"{path.name}: {size:,} bytes, at most {MAX_BYTES:,} are read"])
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ScenarioError([f"{path.name}: is not UTF-8 text (byte {error.start})"]) from None
    return parse_yaml(text, path.name)


def parse_yaml(text: str, name: str) -> tuple[Any, Lines]:
    """As `read_yaml`, of a text; `name` stands in the messages."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.events import AliasEvent

    yaml = YAML(typ="safe", pure=True)
    try:
        for event in yaml.parse(text):
            if isinstance(event, AliasEvent):
                raise ScenarioError([f"{name}:{event.start_mark.line + 1}: aliases (*{event.anchor}) are not allowed"])
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f":{mark.line + 1}" if mark else ""
        raise ScenarioError([f"{name}{where}: is not YAML: {error.problem or error.context}"]) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise ScenarioError([f"{name}: is not YAML: {str(error).splitlines()[0] if str(error) else type(error).__name__}"]) from None
    if root is None:
        raise ScenarioError([f"{name}: is empty"])
    lines: Lines = {}
    problems: list[str] = []
    data = _plain(root, (), lines, problems, name)
    if problems:
        raise ScenarioError(problems)
    return data, lines


def _plain(node: Any, at: tuple[str | int, ...], lines: Lines, problems: list[str], name: str) -> Any:
    from ruamel.yaml import nodes

    line = node.start_mark.line + 1
    lines.setdefault(at, line)
    if len(at) > MAX_DEPTH:
        problems.append(f"{name}:{line}: nested deeper than {MAX_DEPTH} levels")
        return None
    if isinstance(node, nodes.MappingNode):
        out: dict[str, Any] = {}
        for key_node, value in node.value:
            key = str(key_node.value) if isinstance(key_node, nodes.ScalarNode) else ""
            key_line = key_node.start_mark.line + 1
            if not key:
                problems.append(f"{name}:{key_line}: a key must be a word")
            elif key in out:
                problems.append(f"{name}:{key_line}: key '{key}' is there twice (first on line {lines[(*at, key)]})")
            else:
                lines[(*at, key)] = key_line
                out[key] = _plain(value, (*at, key), lines, problems, name)
        return out
    if isinstance(node, nodes.SequenceNode):
        return [_plain(v, (*at, k), lines, problems, name) for k, v in enumerate(node.value)]
    return _scalar(node, line, problems, name)


def _scalar(node: Any, line: int, problems: list[str], name: str) -> Any:
    """A scalar by its YAML 1.2 core tag; dates stay text until the model reads them."""
    tag, text = str(node.tag).rsplit(":", 1)[-1], str(node.value)
    try:
        if tag == "null":
            return None
        if tag == "bool":
            return text.casefold() == "true"
        if tag == "int":
            return int(text.replace("_", ""), 0)
        if tag == "float":
            return float(text.replace("_", ""))
    except ValueError:
        return text
    if tag in ("str", "timestamp"):
        return text
    problems.append(f"{name}:{line}: tag '{node.tag}' is not allowed")
    return None
