"""The one reader of tables: rows of a CSV as frozen dataclasses, and every fault told with file, line and column.

The fields of the dataclass are the columns; their types say how a cell is read:

    str                         text, may be empty            Filled                      text that may not
    float, int                  a number, not empty           ... | None                  empty is None
    bool                        yes or no                     date                        such as 2024-01-15
    tuple[str, ...]             several, apart by ';'         tuple[tuple[float, float], ...]   'lon lat;lon lat'
    a dataclass                 its fields are columns of the same row

`Annotated` adds what a type cannot say: `From` (another column, or several), `Within` (bounds), `OneOf` (words),
`LonLat` (a position, or several, of two columns each), `Read` (an own function), `NEEDED`, and `LINE`, `WHERE`, `CELLS`
and `UNREAD` for fields that are no cell. A field with a default is optional: its column may be missing, its cell empty.

No pydantic: to import it and to build 600 rows of ports costs 0.22 s, of the 0.5 s that a network takes to load.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints, overload

from sim.errors import DataError, NorthaboutError, did_you_mean

T = TypeVar("T")
Made = TypeVar("Made")
MAX_BYTES: Final = 20_000_000
SHOWN: Final = 20  # faults of a table that a message lists
CUT: Final = 40  # letters of a wrong cell that a message shows
FLAGS: Final = MappingProxyType({"yes": True, "no": False})


class From:
    """The field is read from these columns instead of the one of its own name; several go to `Read` together."""

    def __init__(self, *columns: str) -> None:
        self.columns = columns


@dataclass(frozen=True)
class Within:
    """A number from `low` to `high`, both allowed; `above` excludes the lower end."""

    low: float = -math.inf
    high: float = math.inf
    above: bool = False

    def __str__(self) -> str:
        if self.above:
            return f"more than {self.low:g}"
        if math.isinf(self.low) and math.isinf(self.high):
            return "a number"
        return f"{self.low:g} or more" if math.isinf(self.high) else f"{self.low:g} to {self.high:g}"

    def holds(self, value: float) -> bool:
        """Whether a number is within; NaN and infinity never are."""
        return math.isfinite(value) and (self.low < value if self.above else self.low <= value) and value <= self.high


class OneOf:
    """A text that is one of some words; or the value that a word stands for."""

    def __init__(self, words: Iterable[str] | Mapping[str, Any]) -> None:
        self.values = dict(words) if isinstance(words, Mapping) else {w: w for w in words}


class LonLat:
    """A position of two columns, lon and lat in degrees, or several positions of two columns each."""

    def __init__(self, *columns: str) -> None:
        self.columns = columns


@dataclass(frozen=True)
class Read:
    """An own function of the text; `wanted` is what a message says to be allowed, where the function's own does not."""

    function: Callable[..., Any]
    wanted: str = ""


class _Mark:
    pass


NEEDED, LINE, WHERE, CELLS, UNREAD = _Mark(), _Mark(), _Mark(), _Mark(), _Mark()
Filled = Annotated[str, NEEDED]
Grade = Annotated[str, OneOf("ABC")]  # confidence: A, B or C


class Fault(ValueError):
    """What is wrong with a row, in words that name the column."""


@dataclass(frozen=True)
class _Field:
    """How one field is filled: `read` takes the texts of `columns`, stripped."""

    name: str
    columns: tuple[str, ...]
    read: Callable[..., Any]
    default: Callable[[], Any] | None = None
    needed: bool = False
    mark: _Mark | None = None

    @property
    def optional(self) -> bool:
        return self.default is not None and not self.needed

    def value(self, cells: Mapping[str, str], line: int, where: str) -> Any:
        if self.mark is not None:
            return {LINE: line, WHERE: where, CELLS: MappingProxyType(dict(cells))}[self.mark]
        texts = [cells.get(c, "") for c in self.columns] if len(self.columns) > 1 else (cells.get(self.columns[0], ""),)
        if not any(texts):
            if self.needed:
                raise Fault(f"{self.columns[0]} is empty, it needs a value")
            if self.default is not None:
                return self.default()
        return self.read(*texts)


@dataclass(frozen=True)
class _Group:
    """A dataclass within a row."""

    row: Any
    parts: tuple[_Field | _Group, ...] = field(default=())
    name: str = ""

    def value(self, cells: Mapping[str, str], line: int, where: str) -> Any:
        return self.row(**{p.name: p.value(cells, line, where) for p in self.parts})

    def fields(self) -> Iterator[_Field]:
        for part in self.parts:
            if isinstance(part, _Group):
                yield from part.fields()
            else:
                yield part


@overload
def rows(path: Path, row: type[T], *, unique: str = "", known_only: bool = False) -> tuple[T, ...]: ...
@overload
def rows(
    path: Path, row: type[T], *, then: Callable[[T], Made], unique: str = "", known_only: bool = False
) -> tuple[Made, ...]: ...
def rows(
    path: Path,
    row: type[Any],
    *,
    then: Callable[[Any], Any] | None = None,
    unique: str = "",
    known_only: bool = False,
) -> tuple[Any, ...]:
    """All rows of a CSV, each as a `row`, or as what `then` makes of it. UTF-8, with or without a byte order mark.

    `unique` is a column in which no value may be duplicated; `known_only` refuses columns that no field reads. What the
    dataclass or `then` raises is told with the line. Raises DataError that lists the first faults.
    """
    plan = _plan(row)  # type: ignore[arg-type]
    faults: list[str] = []
    out: list[Any] = []
    lines: dict[str, int] = {}
    for line, cells in _records(path, plan, known_only):
        where = f"{path.name}:{line}"
        try:
            if cells is None:
                raise Fault("it has more cells than the first line has columns")
            if unique and (first := lines.setdefault(cells.get(unique, ""), line)) != line:
                raise Fault(f"{unique} '{cells[unique][:CUT]}' is duplicated, it is in line {first} already")
            made = plan.value(cells, line, where)
            out.append(made if then is None else then(made))
        except (ValueError, NorthaboutError) as error:
            faults.append(f"{where}: {error}")
    stop_at(faults)
    return tuple(out)


class Lazy(Sequence[T]):
    """Rows of tables that end at `ends`: texts (`cells`) at once, dataclasses and their faults when asked for."""

    def __init__(self, paths: Iterable[Path], row: type[T]) -> None:
        self._row = row  # not its plan, which no other process could be sent
        self._where: list[tuple[str, int]] = []
        self.cells: list[dict[str, str]] = []
        self.ends: list[int] = []
        plan = _plan(row)  # type: ignore[arg-type]
        blank = {c: "" for f in plan.fields() for c in f.columns}
        for path in paths:
            for line, cells in _records(path, plan, known_only=True):
                self._where.append((path.name, line))
                self.cells.append(blank | (cells or {}))
            self.ends.append(len(self.cells))
        self._made: list[T | None] = [None] * len(self.cells)

    def __len__(self) -> int:
        return len(self._made)

    @overload
    def __getitem__(self, k: int) -> T: ...
    @overload
    def __getitem__(self, k: slice) -> list[T]: ...
    def __getitem__(self, k: int | slice) -> T | list[T]:
        if isinstance(k, slice):
            return [self[i] for i in range(*k.indices(len(self)))]
        if (made := self._made[k]) is None:
            name, line = self._where[k]
            try:
                made = _plan(self._row).value(self.cells[k], line, f"{name}:{line}")  # type: ignore[arg-type]
            except (ValueError, NorthaboutError) as error:
                raise DataError(f"{name}:{line}: {error}") from error
            self._made[k] = made
        return made

    def append(self, row: T, cells: Mapping[str, str]) -> int:
        """Add a row that is made already, and to no copy of this table; returns its number."""
        self._made, self.cells = [*self._made, row], [*self.cells, dict(cells)]
        return len(self._made) - 1


def stop_at(faults: list[str]) -> None:
    """Raise a DataError that lists the first faults, if there are any."""
    if faults:
        more = [f"and {len(faults) - SHOWN} more"] if len(faults) > SHOWN else []
        raise DataError("\n".join([*faults[:SHOWN], *more]))


def positions(text: str) -> tuple[tuple[float, float], ...]:
    """Positions of 'lon lat;lon lat', degrees. Raises ValueError."""
    return tuple((_number(lon), _number(lat)) for lon, lat in (p.split() for p in text.split(";")))


def several(text: str) -> tuple[str, ...]:
    """Words apart by ';', without empty ones."""
    return tuple(w for word in text.split(";") if (w := word.strip()))


def _records(path: Path, plan: _Group, known_only: bool) -> Iterator[tuple[int, dict[str, str] | None]]:
    """Line and stripped cells of each row, None where there are more cells than columns; the first line is checked."""
    if not path.is_file():
        raise DataError(f"{path}: " + ("is not a regular file" if path.exists() else "no such file"))
    if path.stat().st_size > MAX_BYTES:
        raise DataError(f"{path}: {path.stat().st_size:,} bytes, at most {MAX_BYTES:,} are read")
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file)
            names = [c.strip() for c in next(reader, [])]
            _check_columns(path, names, plan, known_only)
            for record in filter(None, reader):
                whole = len(record) <= len(names)
                yield reader.line_num, dict(zip(names, map(str.strip, record), strict=False)) if whole else None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path.name}: cannot be read as CSV ({error})") from error


def _check_columns(path: Path, names: list[str], plan: _Group, known_only: bool) -> None:
    read = [(c, f) for f in plan.fields() for c in f.columns]
    columns = list(dict.fromkeys(c for c, _ in read))
    needed = list(dict.fromkeys(c for c, f in read if not f.optional))
    faults = []
    for name in names if known_only else []:
        if name not in columns:
            hint = did_you_mean(name, columns)
            faults.append(f"{path.name}:1: unknown column '{name}'{hint}; allowed: {', '.join(columns)}")
    faults += [f"{path.name}:1: column '{n}' is duplicated" for n in dict.fromkeys(names) if names.count(n) > 1]
    if missing := [c for c in needed if c not in names]:
        faults.append(f"{path.name}:1: columns missing: {', '.join(missing)}; needed: {', '.join(needed)}")
    stop_at(faults)


@lru_cache(maxsize=64)
def _plan(row: Any, name: str = "") -> _Group:
    """How a dataclass is read from a row; made once."""
    hints = get_type_hints(row, include_extras=True)
    parts = (_part(f, hints[f.name]) for f in fields(row))
    return _Group(row, tuple(p for p in parts if p is not None), name)


def _part(of: Any, hint: Any) -> _Field | _Group | None:
    kind, marks = (hint.__origin__, hint.__metadata__) if get_origin(hint) is Annotated else (hint, ())
    if UNREAD in marks or not of.init:
        return None
    for mark in (LINE, WHERE, CELLS):
        if mark in marks:
            return _Field(of.name, (), str, mark=mark)
    if is_dataclass(kind) and not any(isinstance(m, Read) for m in marks):
        return _plan(kind, of.name)  # type: ignore[arg-type]
    default: Callable[[], Any] | None = None
    if of.default is not MISSING:
        default = lambda: of.default  # noqa: E731
    elif of.default_factory is not MISSING:
        default = of.default_factory
    named = next((m.columns for m in marks if isinstance(m, From | LonLat)), (of.name,))
    if get_origin(kind) in (Union, types.UnionType) and type(None) in get_args(kind):
        kind = next(a for a in get_args(kind) if a is not type(None))
        if default is None and NEEDED not in marks:  # the column is there, the cell may be empty
            read = _reader(kind, marks, named)
            return _Field(of.name, named, lambda *texts: read(*texts) if any(texts) else None)
    return _Field(of.name, named, _reader(kind, marks, named), default, NEEDED in marks)


def _reader(kind: Any, marks: tuple[Any, ...], columns: tuple[str, ...]) -> Callable[..., Any]:
    """A function of the texts of the columns. Raises Fault."""
    own = next((m for m in marks if isinstance(m, Read)), None)
    words = next((m for m in marks if isinstance(m, OneOf)), None)
    bounds = next((m for m in marks if isinstance(m, Within)), Within())
    column = columns[0]
    if own is not None:
        return _own(own, columns)
    if any(isinstance(m, LonLat) for m in marks):
        return _pairs(columns)
    if words is not None or kind is bool:
        return _word(column, words.values if words is not None else FLAGS)
    if kind in (float, int):
        return lambda text: _bounded(column, text, bounds, whole=kind is int)
    if kind is str:
        return str
    if kind is dt.date:
        return _own(Read(dt.date.fromisoformat, "a day such as 2024-01-15"), columns)
    if get_args(kind) == (str, ...):
        return several
    if get_args(kind) == (tuple[float, float], ...):
        return _own(Read(positions, "positions in degrees such as '10.5 60;11 61'"), columns)
    raise TypeError(f"{column}: no way to read {kind}")


def _own(own: Read, columns: tuple[str, ...]) -> Callable[..., Any]:
    def read(*texts: str) -> Any:
        try:
            return own.function(*texts)
        except Fault:
            raise
        except (ValueError, NorthaboutError) as error:
            told = f", allowed is {own.wanted}" if own.wanted else f": {error}"
            raise Fault(f"{_shown(columns[0], texts[0])}{told}") from error

    return read


def _word(column: str, values: Mapping[str, Any]) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        if text not in values:
            raise Fault(f"{_shown(column, text)}{did_you_mean(text, values)}, allowed is {', '.join(values)}")
        return values[text]

    return read


def _pairs(columns: tuple[str, ...]) -> Callable[..., Any]:
    limits = (Within(-180, 180), Within(-90, 90))

    def read(*texts: str) -> Any:
        for a, b in ((k, k ^ 1) for k in range(len(texts))):
            if texts[a] and not texts[b]:
                raise Fault(f"{columns[b]} is empty, it belongs together with {columns[a]}")
        flat = [_bounded(c, t, limits[k % 2]) for k, (c, t) in enumerate(zip(columns, texts, strict=True))]
        pairs = tuple(zip(flat[::2], flat[1::2], strict=True))
        return pairs if len(pairs) > 1 else pairs[0]

    return read


def _bounded(column: str, text: str, bounds: Within, whole: bool = False) -> float:
    try:
        value = float(text)
    except ValueError:
        limits = "" if bounds == Within() else f", {bounds}"
        raise Fault(f"{_shown(column, text)}, allowed is a number{limits}") from None
    if not bounds.holds(value):
        raise Fault(f"{column} is {value:g}, allowed is {bounds}")
    if whole and value != int(value):
        raise Fault(f"{column} is {value:g}, allowed is a whole number")
    return int(value) if whole else value


def _number(text: str) -> float:
    """A finite number. Raises ValueError."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"'{text[:CUT]}' is no number")
    return value


def _shown(column: str, text: str) -> str:
    return f"{column} is '{text[:CUT]}'" if text else f"{column} is empty"


__all__ = [
    "CELLS", "LINE", "MAX_BYTES", "NEEDED", "UNREAD", "WHERE", "Fault", "Filled", "From", "Grade", "Lazy", "LonLat",
    "OneOf", "Read", "Within", "positions", "rows", "several", "stop_at",
]  # fmt: skip
