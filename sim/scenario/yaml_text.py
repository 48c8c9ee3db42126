"""YAML text to plain data with the line of every value. YAML is data here: no tags, no aliases, sizes bounded.

The text is read twice: its events are held against the bounds before anything is built of them, and the nodes that
`ruamel.yaml` then composes carry the marks from which the lines are read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.errors import DataError, ScenarioError

MAX_BYTES = 1_000_000
MAX_DEPTH = 12
MAX_VALUES = 20_000
MAX_SHOWN = 60
MAX_DIGITS = 30  # of a whole number; none of a scenario is longer
MAX_DECIMALS = 400  # characters of a number with a point
BOM = b"\xef\xbb\xbf"
At = tuple[str | int, ...]
Lines = dict[At, int]

_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"([-+]?)\.(?:inf|Inf|INF)")


@dataclass
class Document:
    """A file as plain data: the line (from 1) of every key path, and what is wrong that did not stop the reading.

    `problems` are (line, text), `refused` the key paths whose values were told among them. `name` is the file as the
    user wrote it.
    """

    name: str
    data: Any = None
    lines: Lines = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)
    refused: set[At] = field(default_factory=set)

    def line(self, at: At) -> int:
        """Line of a key path, or of the nearest section around it."""
        while at and at not in self.lines:
            at = at[:-1]
        return self.lines.get(at, 1)


def brief(value: object) -> str:
    """A value for a message: on one line, printable and not too long."""
    text = value if isinstance(value, str) else _shown(value)
    text = printable(text[: MAX_SHOWN + 1])
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."


def _shown(value: object) -> str:
    try:
        return repr(value)
    except ValueError:  # a whole number of more digits than Python prints
        return "a number of very many digits"


def key_path(at: At) -> str:
    """A key path for readers: `alternatives #2.route` is the route of the second alternative."""
    return "".join(f" #{part + 1}" if isinstance(part, int) else f".{brief(part)}" for part in at).removeprefix(".")


def printable(text: str) -> str:
    """A text with escapes in place of control characters."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def read_document(path: Path) -> Document:
    """Data of a YAML 1.2 file; a path '-' is standard input, and a pipe is read as well.

    Raises DataError where there is no such file, ScenarioError where it is no usable YAML.
    """
    name = "standard input" if str(path) == "-" else str(path)
    try:
        content = _content(path)
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from error
    return document_of(content, name)


def document_of(content: bytes, name: str) -> Document:
    """As `read_document`, of the bytes of a file; `name` stands in the messages. Raises ScenarioError."""
    if len(content) > MAX_BYTES:
        raise ScenarioError([f"{name}: is longer than a scenario can be; at most {MAX_BYTES:,} bytes are read"])
    try:
        text = content.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ScenarioError([f"{name}:{line}: is not UTF-8 text (byte 0x{content[error.start]:02x})"]) from None
    return parse_document(text, name)


def _content(path: Path) -> bytes:
    """The bytes of a file, a pipe or standard input, at most one more than `MAX_BYTES`."""
    if str(path) == "-":
        import sys

        return sys.stdin.buffer.read(MAX_BYTES + 1)
    if not (path.is_file() or path.is_fifo()):
        raise DataError(f"{path}: " + ("is a folder, not a file" if path.is_dir() else _absent(path)))
    # a pipe that has no writer must not hold the program up: it is opened without waiting, and is then empty
    with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:  # noqa: PTH123
        os.set_blocking(file.fileno(), True)
        return file.read(MAX_BYTES + 1)


def _absent(path: Path) -> str:
    return "is not a regular file" if path.exists() else "no such file"


def parse_document(text: str, name: str) -> Document:
    """As `read_document`, of a text; `name` stands in the messages. Raises ScenarioError."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError

    document = Document(name)
    bounds = _Bounds(document)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            bounds.take(event)
        root = YAML(typ="safe", pure=True).compose(text)
    except ScenarioError:
        raise
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        parts = " ".join(brief(part) for part in (error.context, error.problem) if part)
        raise _refused(document, line, f"is not YAML: {parts}{_hint(text, line)}") from None
    except Exception as error:  # the parser has some twenty more ways to refuse a text, asserts among them
        said = str(error).splitlines()
        raise _refused(document, bounds.line, f"is not YAML: {brief(said[0] if said else repr(error))}") from None
    if root is not None:
        document.data = _Reader(document).value(root, ())
    if document.data is None:
        raise ScenarioError([f"{name}:1: is empty: no 'format: 1' and no sections in it"])
    return document


def _refused(document: Document, line: int, text: str) -> ScenarioError:
    """The end of reading, with the problems that were found before."""
    found = [*document.problems, (line, text)]
    return ScenarioError([f"{document.name}:{at}: {what}" for at, what in found])


def _hint(text: str, line: int) -> str:
    """What a faulty line probably suffers from."""
    rows = text.splitlines()
    row = rows[line - 1] if line <= len(rows) else ""
    indent = row[: len(row) - len(row.lstrip())]
    return "; indent with spaces, not with tabs" if "\t" in indent else ""


class _Bounds:
    """What a text may hold, event by event, before anything is built of it: so that nothing nests or grows too far."""

    def __init__(self, document: Document) -> None:
        self.document, self.line = document, 1
        self.documents = self.values = self.depth = 0

    def take(self, event: Any) -> None:
        """Look at the next event. Raises ScenarioError where reading on makes no sense."""
        from ruamel.yaml import events

        self.line = event.start_mark.line + 1
        opens = isinstance(event, events.MappingStartEvent | events.SequenceStartEvent)
        if isinstance(event, events.DocumentStartEvent):
            self._start(event)
        elif isinstance(event, events.AliasEvent):
            raise self._stop(f"aliases (*{brief(str(event.anchor))}) are not allowed; write the value again")
        elif isinstance(event, events.MappingEndEvent | events.SequenceEndEvent):
            self.depth -= 1
        elif opens or isinstance(event, events.ScalarEvent):
            self._count(event)
        if opens:
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise self._stop(f"nested deeper than {MAX_DEPTH} levels")

    def _stop(self, text: str) -> ScenarioError:
        return _refused(self.document, self.line, text)

    def _start(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            raise self._stop("a second document begins here ('---'); a file holds one scenario")
        if getattr(event, "version", None) not in (None, (1, 2)):
            self.document.problems.append(
                (self.line, "the file asks for another YAML than 1.2; leave the line '%YAML' out")
            )

    def _count(self, event: Any) -> None:
        self.values += 1
        if self.values > MAX_VALUES:
            raise self._stop(f"more than {MAX_VALUES:,} values are no scenario")
        if event.tag is not None:
            self.document.problems.append(
                (self.line, f"tag '{brief(str(event.tag))}' is not allowed; write the plain value")
            )


class _Reader:
    """Plain data of composed nodes, with the line of every key path and the faults of keys and numbers."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def value(self, node: Any, at: At) -> Any:
        """The data of a node at a key path."""
        from ruamel.yaml import nodes

        self.document.lines.setdefault(at, node.start_mark.line + 1)
        if isinstance(node, nodes.MappingNode):
            return self._section(node, at)
        if isinstance(node, nodes.SequenceNode):
            return [self.value(item, (*at, k)) for k, item in enumerate(node.value)]
        return self._scalar(node, at)

    def _problem(self, node: Any, text: str) -> None:
        self.document.problems.append((node.start_mark.line + 1, text))

    def _section(self, node: Any, at: At) -> dict[str, Any]:
        from ruamel.yaml import nodes

        out: dict[str, Any] = {}
        lines = self.document.lines
        for key, value in node.value:
            if not isinstance(key, nodes.ScalarNode):
                kind = "list" if isinstance(key, nodes.SequenceNode) else "section"
                self._problem(key, f"a key must be a word, here it is a {kind}")
                continue
            text = self._whole(key, str(key.value))
            if _plain(key) and not isinstance(plain_value(text), str):
                self._problem(key, f"a key must be a word, here it is '{brief(text)}'")
            elif text in out:
                self._problem(key, f"key '{brief(text)}' is duplicated (first on line {lines[*at, text]})")
            else:
                lines[*at, text] = key.start_mark.line + 1
                out[text] = self.value(value, (*at, text))
        return out

    def _scalar(self, node: Any, at: At) -> Any:
        text = self._whole(node, str(node.value))
        if not _plain(node):
            return text
        value = plain_value(text)
        if isinstance(value, str) and (_INT.fullmatch(text) or _FLOAT.fullmatch(text)):
            said = f"{key_path(at)}: the number {brief(text)} has {len(text):,} digits"
            self._problem(node, f"{said}, at most {MAX_DIGITS} are read")
            self.document.refused.add(at)
            return float("nan")
        return value

    def _whole(self, node: Any, text: str) -> str:
        """A text whose escapes in pairs, as JSON writes them, are the characters that they mean."""
        if not any("\ud800" <= c <= "\udfff" for c in text):
            return text
        try:
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self._problem(
                node,
                f"'{brief(text)}' holds half a character (an escape from \\ud800 to \\udfff without its other half)",
            )
            return text.encode("utf-8", "replace").decode()


def _plain(node: Any) -> bool:
    """True for a scalar without quotes."""
    return node.style not in ("'", '"', "|", ">")


def plain_value(text: str) -> Any:
    """Value of an unquoted scalar by the core schema of YAML 1.2: `NO`, `yes`, `12:30` and dates are text."""
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text[0] in "tT"
    if len(text) <= MAX_DIGITS and _INT.fullmatch(text):
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if len(text) <= MAX_DECIMALS and not _INT.fullmatch(text) and _FLOAT.fullmatch(text):
        return float(text)
    if match := _INFINITE.fullmatch(text):
        return float(match[1] + "inf")
    if text in (".nan", ".NaN", ".NAN"):
        return float("nan")
    return text


def entries(data: Any, *keys: str) -> Iterator[tuple[At, str]]:
    """Texts under a key path, with their paths, whatever else the data may be; '*' stands for every item of a list."""
    found: list[tuple[At, Any]] = [((), data)]
    for key in keys:
        deeper: list[tuple[At, Any]] = []
        for at, value in found:
            if key == "*" and isinstance(value, list):
                deeper += [((*at, k), item) for k, item in enumerate(value)]
            elif key != "*" and isinstance(value, dict) and key in value:
                deeper.append(((*at, key), value[key]))
        found = deeper
    yield from ((at, value) for at, value in found if isinstance(value, str))
