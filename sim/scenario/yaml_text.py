"""YAML text to plain data with the line of every value. YAML is data here: no tags, no aliases, sizes bounded."""

from __future__ import annotations

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
BOM = b"\xef\xbb\xbf"
At = tuple[str | int, ...]
Lines = dict[At, int]

_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"([-+]?)\.(?:inf|Inf|INF)")
_MAX_DIGITS = 400  # no number of a scenario is longer; int() refuses 4,300 digits with an error of its own


@dataclass
class Document:
    """A file as plain data: the line (from 1) of every key path, and what is wrong that did not stop the reading.

    `problems` are (line, text). `name` is the file as the user wrote it.
    """

    name: str
    data: Any = None
    lines: Lines = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)

    def line(self, at: At) -> int:
        """Line of a key path, or of the nearest section around it."""
        while at and at not in self.lines:
            at = at[:-1]
        return self.lines.get(at, 1)


def brief(value: object) -> str:
    """A value for a message: on one line, printable and not too long."""
    text = value if isinstance(value, str) else repr(value)
    text = printable(text[: MAX_SHOWN + 1])
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."


def printable(text: str) -> str:
    """A text with escapes in place of control characters."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def read_document(path: Path) -> Document:
    """Data of a YAML 1.2 file.

    Raises DataError where there is no such file, ScenarioError where it is no usable YAML.
    """
    try:
        if not path.is_file():
            raise DataError(f"{path}: " + ("is a folder, not a file" if path.is_dir() else _absent(path)))
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            size = path.stat().st_size
            raise ScenarioError([f"{path}: {size:,} bytes are no scenario; at most {MAX_BYTES:,} are read"])
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from error
    try:
        text = content.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ScenarioError([f"{path}:{line}: is not UTF-8 text (byte 0x{content[error.start]:02x})"]) from None
    return parse_document(text, str(path))


def _absent(path: Path) -> str:
    return "is not a regular file" if path.exists() else "no such file"


def parse_document(text: str, name: str) -> Document:
    """As `read_document`, of a text; `name` stands in the messages. Raises ScenarioError."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError

    document = Document(name)
    builder = _Builder(document)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except ScenarioError:
        raise
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        parts = " ".join(brief(part) for part in (error.context, error.problem) if part)
        raise _refused(document, line, f"is not YAML: {parts}{_hint(text, line)}") from None
    except Exception as error:  # the parser has some twenty more ways to refuse a text, asserts among them
        said = str(error).splitlines()
        raise _refused(document, builder.line, f"is not YAML: {brief(said[0] if said else repr(error))}") from None
    if not builder.documents or document.data is None:
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


@dataclass
class _Level:
    """A mapping or list that is being read. `key` is the key that waits for its value."""

    at: At
    value: dict[str, Any] | list[Any]
    key: str | None = None
    skip: bool = False  # the next value belongs to a key that is refused


class _Builder:
    """Plain data out of parser events, without recursion: it stops at the first value that is nested too deep."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.documents = 0
        self.values = 0
        self.line = 1
        self.levels: list[_Level] = []

    def take(self, event: Any) -> None:
        """Take the next event. Raises ScenarioError where reading on makes no sense."""
        from ruamel.yaml import events

        self.line = event.start_mark.line + 1
        if isinstance(event, events.DocumentStartEvent):
            self._start(event)
        elif isinstance(event, events.AliasEvent):
            raise self._stop(f"aliases (*{brief(str(event.anchor))}) are not allowed; write the value again")
        elif isinstance(event, events.MappingStartEvent | events.SequenceStartEvent):
            self._open({} if isinstance(event, events.MappingStartEvent) else [], event)
        elif isinstance(event, events.MappingEndEvent | events.SequenceEndEvent):
            self._place(self.levels.pop().value)
        elif isinstance(event, events.ScalarEvent):
            self._scalar(event)

    def _stop(self, text: str) -> ScenarioError:
        return _refused(self.document, self.line, text)

    def _problem(self, text: str) -> None:
        self.document.problems.append((self.line, text))

    def _start(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            raise self._stop("a second document begins here ('---'); a file holds one scenario")
        if getattr(event, "version", None) not in (None, (1, 2)):
            self._problem("the file asks for another YAML than 1.2; leave the line '%YAML' out")

    def _count(self, event: Any) -> None:
        self.values += 1
        if self.values > MAX_VALUES:
            raise self._stop(f"more than {MAX_VALUES:,} values are no scenario")
        if event.tag is not None:
            self._problem(f"tag '{brief(str(event.tag))}' is not allowed; write the plain value")

    def _open(self, value: dict[str, Any] | list[Any], event: Any) -> None:
        self._count(event)
        if len(self.levels) >= MAX_DEPTH:
            raise self._stop(f"nested deeper than {MAX_DEPTH} levels")
        if self._wants_key():
            self._problem(f"a key must be a word, here it is a {'list' if isinstance(value, list) else 'section'}")
        self.levels.append(_Level(self._next_at(), value))

    def _scalar(self, event: Any) -> None:
        self._count(event)
        plain, text = bool(event.implicit[0]), self._whole(str(event.value))
        if self._wants_key():
            self._key(text, plain)
        else:
            self._next_at()
            self._place(self._read(text) if plain else text)

    def _whole(self, text: str) -> str:
        """A text whose escapes in pairs, as JSON writes them, are the characters that they mean."""
        if not any("\ud800" <= c <= "\udfff" for c in text):
            return text
        try:
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self._problem(
                f"'{brief(text)}' holds half a character (an escape from \\ud800 to \\udfff without its other half)"
            )
            return text.encode("utf-8", "replace").decode()

    def _wants_key(self) -> bool:
        level = self.levels[-1] if self.levels else None
        return level is not None and isinstance(level.value, dict) and level.key is None and not level.skip

    def _key(self, text: str, plain: bool) -> None:
        level, lines = self.levels[-1], self.document.lines
        at = (*level.at, text)
        if plain and not isinstance(plain_value(text), str):
            self._problem(f"a key must be a word, here it is '{brief(text)}'")
            level.skip = True
        elif at in lines:
            self._problem(f"key '{brief(text)}' is there twice (first on line {lines[at]})")
            level.skip = True
        else:
            lines[at] = self.line
            level.key = text

    def _next_at(self) -> At:
        """Path of the value that begins now; its line is noted."""
        if not self.levels:
            at: At = ()
        else:
            level = self.levels[-1]
            at = (*level.at, len(level.value) if isinstance(level.value, list) else level.key or "")
            if isinstance(level.value, dict) and level.key is None:
                return (*level.at, f"?{self.values}")  # under a refused key: nothing of it is kept
        self.document.lines.setdefault(at, self.line)
        return at

    def _place(self, value: Any) -> None:
        """Hang a finished value on the section around it."""
        if not self.levels:
            self.document.data = value
            return
        level = self.levels[-1]
        if isinstance(level.value, list):
            level.value.append(value)
        elif level.key is not None:
            level.value[level.key] = value
            level.key = None
        else:  # the value of a refused key, or a list or section that stands as a key
            level.skip = not level.skip

    def _read(self, text: str) -> Any:
        value = plain_value(text)
        if isinstance(value, str) and len(text) > _MAX_DIGITS and (_INT.fullmatch(text) or _FLOAT.fullmatch(text)):
            self._problem(f"the number {brief(text)} has {len(text):,} digits")
            return None
        return value


def plain_value(text: str) -> Any:
    """Value of an unquoted scalar by the core schema of YAML 1.2: `NO`, `yes`, `12:30` and dates are text."""
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text[0] in "tT"
    if len(text) <= _MAX_DIGITS:
        if _INT.fullmatch(text):
            return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        if _FLOAT.fullmatch(text):
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
