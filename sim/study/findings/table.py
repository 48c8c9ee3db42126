"""The results of a study as read from its folder: what was asked, and a column of values for each figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import DAMAGED, DataError, UsageError, did_you_mean
from sim.ice.classes import ice_class
from sim.study.batch.draw import METHODS, SAMPLED
from sim.study.batch.rows import ERROR
from sim.study.batch.store import MANIFEST, VOYAGES, read_manifest
from sim.values import Valued

Column = NDArray[Any]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

OK = "ok"
STATUSES: Final = (OK, "closed", "beset", "unreachable", ERROR)
NUMBERS: Final = (
    "season_z", "speed_kn", "days", "sailing_days", "wait_days", "distance_nm", "sailed_nm", "ice_nm", "escort_nm",
    "ice_delay_days", "besetting_days", "fuel_t", "co2_t", "cost_usd", "cargo_t", "saved_days", "saved_usd",
)  # fmt: skip
WORDS: Final = ("alternative", "status", "cause", "closed_by", "place", "pathway", "ice_class", "vessel")
NEEDED: Final = ("draw", "alternative", "status", "depart", "year", "month", "days", "saved_days")
DAYS_A_WEEK = 7
ONCE_MORE = "run 'northabout study' again with the same file and folder: it goes on where it stopped"


@dataclass(frozen=True)
class Varied:
    """A key of the scenario that a study varies: its dotted name, and how (list, range, uniform and so on)."""

    key: str
    kind: str


@dataclass(frozen=True)
class StudyPlan:
    """What a study was asked: of its manifest. `alternatives` are labels, `baseline` is one of them, `named` are the
    named routes of the alternatives."""

    name: str
    description: str
    method: str
    samples: int | None
    seed: int | None
    baseline: str
    alternatives: tuple[str, ...]
    vary: tuple[Varied, ...]
    named: tuple[str, ...] = ()

    @property
    def sampled(self) -> bool:
        """Whether the draws are a sample of what may happen, so that a share of them has a sampling error."""
        return self.method in SAMPLED


@dataclass(frozen=True, eq=False)
class StudyTable(Valued):
    """Voyages of a study: a row a draw and alternative, (n,) arrays by the name of the column, in the order of draws.

    Numbers are float64 with NaN where there is none, words are objects with "" there, `depart` is datetime64[ms] UTC.
    """

    plan: StudyPlan
    columns: Mapping[str, Column]

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def __len__(self) -> int:
        return len(self.columns["draw"])

    def where(self, rows: Flags) -> StudyTable:
        """The rows that are marked in `rows` (n,)."""
        return StudyTable(self.plan, {name: column[rows] for name, column in self.columns.items()})

    def of(self, alternative: str) -> StudyTable:
        """The rows of an alternative, one a draw."""
        return self.where(np.asarray(self["alternative"] == alternative, dtype=bool))

    @property
    def others(self) -> tuple[str, ...]:
        """The alternatives that are compared with the baseline."""
        return tuple(a for a in self.plan.alternatives if a != self.plan.baseline)

    @cached_property
    def open(self) -> Flags:
        """Voyages that arrive, (n,)."""
        return np.asarray(self["status"] == OK, dtype=bool)

    @cached_property
    def failed(self) -> Flags:
        """Voyages that could not be computed, (n,): they say nothing of whether a route is open."""
        return np.asarray(self["status"] == ERROR, dtype=bool)

    @cached_property
    def decade(self) -> Column:
        """The decade of the ice that each voyage sails in, (n,) words: 2030s; "" where the year is not known."""
        return _worded(self["year"], lambda y: f"{int(y) // 10 * 10}s")

    @cached_property
    def month(self) -> Column:
        """The month of departure, (n,) words 1 to 12."""
        return _worded(self["month"], lambda m: f"{int(m)}")

    @cached_property
    def year(self) -> Column:
        """The year of the ice, (n,) words."""
        return _worded(self["year"], lambda y: f"{int(y)}")

    @cached_property
    def week(self) -> Column:
        """The week of departure, (n,) words 1 to 53: week 1 begins on 1 January, the last has one day or two."""
        day = self["depart"].astype("datetime64[D]")
        number = (day - day.astype("datetime64[Y]").astype("datetime64[D]")).astype(float)
        number[np.isnat(day)] = np.nan
        return _worded(number, lambda d: f"{int(d) // DAYS_A_WEEK + 1}")


def _worded(numbers: Floats, word: Callable[[float], str]) -> Column:
    """Words for numbers, "" for NaN; each value is worded once."""
    known = np.unique(numbers[~np.isnan(numbers)])
    out = np.full(len(numbers), "", dtype=object)
    for value in known:
        out[numbers == value] = word(float(value))
    return out


def ordered(names: set[str], by: str) -> list[str]:
    """Groups in the order in which they are read: classes weakest first, weeks and months by number, else by name."""
    if by == "ice_class":
        return sorted(names, key=lambda name: (_rank(name), name))
    return sorted(names, key=lambda name: (int(name) if name.isdigit() else -1, name))


def _rank(name: str) -> int:
    """The rank of an ice class; below all of them where the word is none."""
    try:
        return ice_class(name).rank
    except UsageError:
        return -1


def read_study(folder: Path) -> StudyTable:
    """The results of a study. Raises DataError where the folder holds none, where they are not complete or damaged."""
    plan = _plan(folder)
    path = folder / VOYAGES
    if not path.is_file():
        raise DataError(f"{folder}: the study '{plan.name}' has no {VOYAGES} yet; {ONCE_MORE}")
    columns = _columns(path, plan)
    table = StudyTable(plan, columns)
    if not len(table):
        raise DataError(f"{path}: holds no voyage")
    unknown = sorted({str(a) for a in columns["alternative"]} - set(plan.alternatives))
    if unknown:
        raise DataError(f"{path}: has voyages of '{unknown[0]}', which {MANIFEST} does not name")
    missing = sorted(set(plan.alternatives) - {str(a) for a in columns["alternative"]})
    if missing:
        raise DataError(f"{path}: has no voyage of '{missing[0]}', which {MANIFEST} names; {ONCE_MORE}")
    return table


def _plan(folder: Path) -> StudyPlan:
    """What the manifest of a folder says."""
    path = folder / MANIFEST
    if folder.exists() and not folder.is_dir():
        raise DataError(f"{folder}: is a file; the results of a study are a folder, the --out of 'northabout study'")
    if not folder.is_dir():
        raise DataError(f"{folder}: there is no such folder; 'northabout study STUDY.yaml --out {folder}' makes it")
    if not path.is_file():
        raise DataError(f"{folder}: is no folder of a study, it has no {MANIFEST}")
    manifest = read_manifest(folder)
    try:
        study = manifest["study"]
        plan = StudyPlan(
            name=_word(study["name"]), description=_word(study.get("description") or ""),
            method=_word(study["method"]), samples=_whole(study.get("samples")), seed=_whole(study.get("seed")),
            baseline=_word(study["baseline"]), alternatives=tuple(map(_word, study["alternatives"])),
            vary=tuple(Varied(_word(v["key"]), _word(v["kind"])) for v in study.get("vary") or ()),
            named=tuple(_word(a["route"]) for a in (study.get("base") or {}).get("alternatives") or ()),
        )  # fmt: skip
    except (*DAMAGED, TypeError, AttributeError) as error:
        raise DataError(f"{path}: cannot be read as the manifest of a study ({_said(error)})") from error
    if plan.method not in METHODS:
        hint = did_you_mean(plan.method, METHODS)
        raise DataError(f"{path}: study.method is '{plan.method}'{hint}, allowed: {', '.join(METHODS)}")
    if plan.named and len(plan.named) != len(plan.alternatives):
        raise DataError(f"{path}: study.base has {len(plan.named)} alternatives, not {len(plan.alternatives)}")
    if plan.baseline not in plan.alternatives:
        hint = did_you_mean(plan.baseline, plan.alternatives)
        listed = ", ".join(plan.alternatives)
        raise DataError(f"{path}: study.baseline is '{plan.baseline}'{hint}, none of the alternatives: {listed}")
    return plan


def _word(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _whole(value: object) -> int | None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise TypeError(f"{value!r} is no whole number")
    return value


def _said(error: BaseException) -> str:
    return f"no '{error.args[0]}'" if isinstance(error, KeyError) else " ".join(str(error).split())[:200]


def _columns(path: Path, plan: StudyPlan) -> dict[str, Column]:
    """The columns of a file of voyages, in the order of draws and alternatives."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        raw = pq.read_table(path)
    except (*DAMAGED, pa.ArrowException) as error:
        raise DataError(f"{path}: cannot be read as Parquet ({_said(error)})") from error
    needed = (*NEEDED, *(v.key for v in plan.vary))
    if absent := [name for name in needed if name not in raw.column_names]:
        raise DataError(f"{path}: has no column '{absent[0]}', which a study has")
    n, out = raw.num_rows, {}
    try:
        for name in dict.fromkeys((*needed, *NUMBERS, *WORDS)):
            there = raw.column(name) if name in raw.column_names else pa.nulls(n)
            out[name] = _values(name, there)
        out["cost_complete"] = _flags(raw.column("cost_complete") if "cost_complete" in raw.column_names else None, n)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise DataError(f"{path}: column '{name}' has values of another kind ({_said(error)})") from error
    odd = sorted({str(s) for s in out["status"]} - set(STATUSES))
    if odd:
        raise DataError(f"{path}: status is '{odd[0]}'{did_you_mean(odd[0], STATUSES)}, allowed: {', '.join(STATUSES)}")
    place = {label: k for k, label in enumerate(plan.alternatives)}
    number = np.array([place.get(a, len(place)) for a in out["alternative"]], dtype=np.int64)
    order = np.lexsort((number, out["draw"]))
    twice = np.flatnonzero((np.diff(out["draw"][order]) == 0) & (np.diff(number[order]) == 0))
    if len(twice):
        raise DataError(f"{path}: draw {out['draw'][order][twice[0]]} stands there twice for one alternative")
    return {name: column[order] for name, column in out.items()}


def _values(name: str, column: Any) -> Column:
    """A column of Arrow as an array: numbers, moments, or words ("" where there is none)."""
    import pyarrow as pa

    kind = column.type
    if name == "draw":
        if column.null_count:
            raise ValueError("a draw has no number")
        return np.asarray(column.to_numpy(), dtype=np.int64)
    if name == "depart":
        return np.asarray(column.cast(pa.timestamp("ms", tz="UTC")).to_numpy(), dtype="datetime64[ms]")
    number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    if name in NUMBERS or name in ("year", "month") or (name not in WORDS and number):
        return np.asarray(_floats(column), dtype=np.float64)
    return np.array(["" if v is None else _spelt(v) for v in column.to_pylist()], dtype=object)


def _spelt(value: object) -> str:
    """A value of a varied key as a word; a day without its midnight."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if (value.hour, value.minute) == (0, 0) else f"{value:%Y-%m-%d %H:%M}"
    return str(value)


def _floats(column: Any) -> Floats:
    """Numbers as float64, NaN where there is none; text is no number."""
    import pyarrow as pa

    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        raise TypeError("text where a number is needed")
    return np.asarray(column.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64)  # seeds may be larger


def _flags(column: Any, n: int) -> Flags:
    """True where the cost has every line; False where a line is missing, and where nothing is known of it."""
    if column is None:
        return np.zeros(n, dtype=bool)
    return np.array([bool(v) for v in column.to_pylist()], dtype=bool)
