"""Who is admitted to the Northern Sea Route: a dated table by ice class, period, sea and ice, and the seas themselves.

The table follows the Rules of 2013 (Mintrans Order 7, Annex 2). The Rules of 2020 admit by permit; for them the signs
of 2013 stand in as a model, with low confidence. Every verdict carries the confidence of the row that it rests on.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

import geodata
from sim.errors import DataError, UsageError, did_you_mean
from sim.geo.geodesy import Floats
from sim.geo.waters import inside_water
from sim.ice.classes import ADMISSION_ROWS, IceClass, ice_class
from sim.ice.types import SEVERITIES, UNKNOWN, Bools, Ints, Small, month_and_day

SEAS: Final = ("Kara SW", "Kara NE", "Laptev W", "Laptev E", "East Siberian SW", "East Siberian NE", "Chukchi")
OUTSIDE: Final = -1  # of the NSR water area, where no admission rule holds
MODES: Final = ("independent", "icebreaker")
GRADES: Final = ("A", "B", "C")
CONFIDENCES: Final = (
    "verified", "partly verified", "low confidence", "outside the dates of the table", "no row in the table",
    "no rule outside the NSR", "ice unknown",
)  # fmt: skip
VERIFIED, PARTLY, LOW, UNDATED, NO_ROW, NO_RULE, NO_ICE_DATA = range(len(CONFIDENCES))
REQUIRED: Final = ("ice_class", "period", "mode", "sea", "heavy", "medium", "light", "confidence", "source")
COLUMNS: Final = ("valid_from", "valid_to", "double_acting", *REQUIRED, "ice_free", "rule", "note")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTH_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
PERIOD: Final = re.compile(r"(\d{1,2}) ([A-Z][a-z]{2}) ?- ?(\d{1,2}) ([A-Z][a-z]{2})")
DATES: Final = 1232  # 100 month + day is below
ICE_FREE_COLUMN: Final = 3  # behind light, medium, heavy
ALWAYS: Final = 10**7  # days from 1970; an open end of validity
MAX_BYTES: Final = 20_000_000
SHOWN: Final = 20  # faults of a table that a message lists


@dataclass(frozen=True)
class Row:
    """One row: `admitted` in light, medium, heavy ice and in ice-free water; `seas` are places in `SEAS`.

    `dates` are first and last date of the year as 100 month + day, `days` first and last day of validity since 1970.
    """

    line: int
    ice_class: str
    double_acting: bool
    period: str
    dates: tuple[int, int]
    days: tuple[int, int]
    mode: str
    seas: tuple[int, ...]
    admitted: tuple[bool, bool, bool, bool]
    confidence: int
    rule: str
    source: str
    note: str

    def confidence_in(self, column: int) -> int:
        """Confidence of one verdict. Ice-free water is in no column of the Rules: where no ice is admitted, a guess."""
        guess = column == ICE_FREE_COLUMN and self.admitted[3] and not any(self.admitted[:3])
        return max(self.confidence, LOW) if guess else self.confidence


@dataclass(frozen=True)
class Ruling:
    """One verdict on one ship at one place and day, as values.

    `mode` is independent or icebreaker, `severity` light, medium, heavy or unknown (of no account where `ice_free`),
    `area` the sea of the Rules ("" outside the NSR, where none holds), `period` and `rule` those of the row that
    decides ("" without one), `confidence` one of `CONFIDENCES`.
    """

    ice_class: IceClass
    double_acting: bool
    mode: str
    severity: str
    ice_free: bool
    area: str
    period: str
    admitted: bool
    rule: str
    confidence: str


@dataclass(frozen=True, eq=False)
class AdmissionTable:
    """Rows, and `grid` (class, double acting, mode, version, date, sea): the row that holds, -1 for none.

    A version is a time in which the same rows are valid; `starts` are their first days, `ends` the first and last day
    of the whole table. `verdict` and `confidence` are (row, light medium heavy ice-free).
    """

    rows: tuple[Row, ...]
    starts: Ints
    ends: tuple[int, int]
    grid: NDArray[np.int16]
    verdict: Bools
    confidence: Small

    @classmethod
    def load(cls, path: Path | None = None) -> AdmissionTable:
        """The shipped table, or a CSV in its columns. Raises DataError that lists the bad rows with their lines."""
        return _read(path) if path else _shipped()

    def allowed(
        self,
        ice_class: str | IceClass,
        day: ArrayLike,
        sea: ArrayLike,
        severity: ArrayLike,
        mode: str = "independent",
        *,
        double_acting: bool = False,
        ice_free: ArrayLike = False,
    ) -> tuple[Bools, Small]:
        """Whether a ship is admitted, and the index in `CONFIDENCES` of that verdict; both (n,).

        `day` since 1970-01-01 UTC, `sea` as `seas` gives it, `severity` 0 light, 1 medium, 2 heavy, -1 unknown,
        `ice_free` (as `types.ice_free`): scalars or (n,). Outside the NSR all are admitted. Unknown ice and
        cells without a row are refused. Before and after the table's dates the nearest of them holds.
        `double_acting` ships may also use the rows made for them.
        """
        day, area, ice, free = np.broadcast_arrays(
            np.asarray(day, dtype=np.float64), np.asarray(sea), np.asarray(severity), np.asarray(ice_free, dtype=bool)
        )
        _within("sea", area, len(SEAS))
        _within("severity", ice, len(SEVERITIES))
        column = np.where(free, ICE_FREE_COLUMN, ice)
        row, undated = self._row_at(ice_class, day, area, column, mode, double_acting)
        yes = self.verdict[row, column] & (row >= 0)
        grade = np.where(row >= 0, self.confidence[row, column], NO_ROW)
        grade = np.where(undated & (grade < UNDATED), UNDATED, grade)
        unknown = column == UNKNOWN
        yes, grade = yes & ~unknown, np.where(unknown, NO_ICE_DATA, grade)
        outside = area == OUTSIDE
        return yes | outside, np.where(outside, NO_RULE, grade).astype(np.int8)

    def ruling(
        self,
        ice_class: str | IceClass,
        day: float,
        sea: int | np.signedinteger | str,
        severity: int,
        mode: str = "independent",
        *,
        double_acting: bool = False,
        ice_free: bool = False,
    ) -> Ruling:
        """One verdict of `allowed`, with the row that it rests on."""
        area, severity = _sea_index(sea) if isinstance(sea, str) else int(sea), int(severity)
        yes, grade = self.allowed(ice_class, day, area, severity, mode, double_acting=double_acting, ice_free=ice_free)
        column = np.array(ICE_FREE_COLUMN if ice_free else severity)
        number, _ = self._row_at(ice_class, np.array(float(day)), np.array(area), column, mode, double_acting)
        row = self.rows[int(number)] if number >= 0 and area != OUTSIDE else None
        return Ruling(
            ice_class=_class(ice_class),
            double_acting=double_acting,
            mode=mode,
            severity=SEVERITIES[severity] if severity != UNKNOWN else "unknown",
            ice_free=ice_free,
            area=SEAS[area] if area != OUTSIDE else "",
            period=row.period if row else "",
            admitted=bool(yes),
            rule=row.rule if row else "",
            confidence=CONFIDENCES[int(grade)],
        )

    def _row_at(
        self, ice_class: str | IceClass, day: Floats, sea: Ints, column: Ints, mode: str, double_acting: bool
    ) -> tuple[Ints, Bools]:
        """Number (n,) of the row that decides, -1 for none, and where the day is outside the table."""
        if mode not in MODES:
            raise UsageError(f"unknown mode '{mode}'{did_you_mean(mode, MODES)}; allowed: {', '.join(MODES)}")
        number = ADMISSION_ROWS.index(_class(ice_class).admission_row)
        when = month_and_day(day)
        whole = np.floor(day)
        held = np.clip(whole, *self.ends)
        version = np.searchsorted(self.starts, held, side="right") - 1
        cells = self.grid[number, :, MODES.index(mode)].reshape(2, -1)
        place = (version * DATES + when) * len(SEAS) + sea  # outside the NSR some other cell: the caller drops it
        row = cells[0, place].astype(np.int64)
        if double_acting:  # their own row counts where it admits and the ordinary one does not, or is less sure
            own = cells[1, place].astype(np.int64)
            refused = (row < 0) | ~self.verdict[row, column]
            surer = self.confidence[own, column] < self.confidence[row, column]
            row = np.where((own >= 0) & self.verdict[own, column] & (refused | surer), own, row)
        return row, held != whole


def _class(name: str | IceClass) -> IceClass:
    return name if isinstance(name, IceClass) else ice_class(name)


def _within(what: str, value: NDArray[np.generic], count: int) -> None:
    if value.dtype.kind not in "iu":
        raise UsageError(f"{what} is of type {value.dtype}; wanted are whole numbers from -1 to {count - 1}")
    numbers = value.astype(np.int64)
    if numbers.size and (numbers.min() < -1 or numbers.max() >= count):
        wrong = numbers.max() if numbers.max() >= count else numbers.min()
        raise UsageError(f"{what} is {wrong}, allowed is -1 to {count - 1}")


def _sea_index(name: str) -> int:
    if name not in SEAS:
        raise UsageError(f"unknown sea '{name}'{did_you_mean(name, SEAS)}; allowed: {', '.join(SEAS)}")
    return SEAS.index(name)


@lru_cache(maxsize=1)
def _shipped() -> AdmissionTable:
    return _read(geodata.table("nsr_admission.csv"))


def _read(path: Path) -> AdmissionTable:
    """Read and check a table. Raises DataError."""
    if not path.is_file():
        raise DataError(f"{path}: " + ("is not a regular file" if path.exists() else "no such file"))
    if path.stat().st_size > MAX_BYTES:
        raise DataError(f"{path}: {path.stat().st_size:,} bytes, at most {MAX_BYTES:,} are read")
    rows, faults = [], []
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            names = list(reader.fieldnames or [])
            for name in (n for n in names if n not in COLUMNS):
                faults.append(f"line 1: unknown column '{name}'{did_you_mean(name, COLUMNS)}")
            missing = [c for c in REQUIRED if c not in names]
            if missing:
                faults.append(f"line 1: columns missing: {', '.join(missing)}")
            for record in [] if faults else reader:
                try:
                    rows.append(_row({k: (v or "").strip() for k, v in record.items() if k}, reader.line_num))
                except ValueError as error:
                    faults.append(f"line {reader.line_num}: {error}")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path.name}: cannot be read as CSV ({error})") from error
    if not rows and not faults:
        faults.append("no rows")
    _stop_at(faults, path)
    table, faults = _table(rows)
    _stop_at(faults, path)
    return table


def _stop_at(faults: list[str], path: Path) -> None:
    if faults:
        more = [f"and {len(faults) - SHOWN} more"] if len(faults) > SHOWN else []
        raise DataError("\n".join(f"{path.name}: {fault}" for fault in [*faults[:SHOWN], *more]))


def _one_of(what: str, value: str, names: Iterable[str]) -> str:
    names = tuple(names)
    if value not in names:
        raise ValueError(f"{what} is '{value[:40]}'{did_you_mean(value, names)}, allowed is {', '.join(names)}")
    return value


def _row(r: dict[str, str], line: int) -> Row:
    """A row of text. Raises ValueError with what is wrong."""
    places = [s.strip() for s in r["sea"].split(";")]
    areas = range(len(SEAS)) if places == ["all"] else [SEAS.index(_one_of("sea", s, SEAS)) for s in places]
    light, medium, heavy = (_flag(r, c) for c in ("light", "medium", "heavy"))
    first, last = _day(r, "valid_from", -ALWAYS), _day(r, "valid_to", ALWAYS)
    if first > last:
        raise ValueError(f"valid_from {r['valid_from']} is after valid_to {r['valid_to']}")
    if not r["source"]:
        raise ValueError("source is empty")
    return Row(
        line=line,
        ice_class=_one_of("ice_class", r["ice_class"], ADMISSION_ROWS),
        double_acting=_flag(r, "double_acting", False),
        period=r["period"],
        dates=_dates_of(r["period"]),
        days=(first, last),
        mode=_one_of("mode", r["mode"], MODES),
        seas=tuple(areas),
        admitted=(light, medium, heavy, _flag(r, "ice_free", light)),
        confidence=GRADES.index(_one_of("confidence", r["confidence"], GRADES)),
        rule=r.get("rule", ""),
        source=r["source"],
        note=r.get("note", ""),
    )


def _flag(r: dict[str, str], column: str, default: bool | None = None) -> bool:
    text = r.get(column, "")
    if not text and default is not None:
        return default
    return _one_of(column, text, ("0", "1")) == "1"


def _day(r: dict[str, str], column: str, default: int) -> int:
    text = r.get(column, "")
    if not text:
        return default
    try:
        return (date.fromisoformat(text) - date(1970, 1, 1)).days
    except ValueError:
        raise ValueError(f"{column} is '{text[:40]}', wanted is a date such as 2013-01-17") from None


def _dates_of(period: str) -> tuple[int, int]:
    """First and last date of '16 Nov - 30 Jun' as 100 month + day; the last may be smaller. Or 'all year'."""
    if period == "all year":
        return 101, 1231
    found = PERIOD.fullmatch(period)
    if not found:
        raise ValueError(f"period is '{period[:40]}', wanted is such as '1 Jul - 15 Nov' or 'all year'")
    ends = []
    for day, name in (found.group(1, 2), found.group(3, 4)):
        month = MONTHS.index(_one_of("month", name, MONTHS))
        if not 1 <= int(day) <= MONTH_DAYS[month]:
            raise ValueError(f"period is '{period}': {name} has no day {day}")
        ends.append(100 * (month + 1) + int(day))
    return ends[0], ends[1]


def _table(rows: list[Row]) -> tuple[AdmissionTable, list[str]]:
    """The table of its rows, and two rows for one cell as faults."""
    first, last = min(r.days[0] for r in rows), max(r.days[1] for r in rows)
    starts = np.unique([s for r in rows for s in (r.days[0], r.days[1] + 1) if s <= last])
    shape = (len(ADMISSION_ROWS), 2, len(MODES), len(starts), DATES, len(SEAS))
    grid = np.full(shape, -1, dtype=np.int16)
    dates, faults = np.arange(DATES), []
    for number, r in enumerate(rows):
        a, b = r.dates
        inside = (dates >= a) & (dates <= b) if a <= b else (dates >= a) | (dates <= b)
        versions = np.flatnonzero((starts >= r.days[0]) & (starts <= r.days[1]))
        cells = grid[ADMISSION_ROWS.index(r.ice_class), int(r.double_acting), MODES.index(r.mode)]
        at = np.ix_(versions, np.flatnonzero(inside), np.array(r.seas))
        taken = cells[at].max()
        if taken >= 0:
            faults.append(f"line {r.line}: a cell has a verdict already, from line {rows[taken].line}")
        cells[at] = number
    table = AdmissionTable(
        rows=tuple(rows),
        starts=starts,
        ends=(first, last),
        grid=grid,
        verdict=np.array([r.admitted for r in rows]),
        confidence=np.array([[r.confidence_in(c) for c in range(4)] for r in rows], dtype=np.int8),
    )
    return table, faults


def _corners(text: str) -> Floats:
    return np.array([[float(v) for v in p.split()] for p in text.split(";")])


@lru_cache(maxsize=1)
def _area_borders() -> tuple[Floats, ...]:
    """East borders (k, 2) of the areas but the last, west to east, from south to north."""
    with geodata.table("nsr_areas.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return tuple(_corners(r["east_border_lon_lat"]) for r in rows[:-1])


def seas(lonlat: ArrayLike) -> Ints:
    """Area of the NSR (n,) at positions (n, 2) of lon, lat degrees: place in `SEAS`, -1 outside the NSR water area.

    The borders between the areas are approximate, see nsr_areas.csv; those of the Rules were not seen.
    """
    place = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
    lon, lat = place[:, 0] % 360, place[:, 1]
    east_of = [lon > np.interp(lat, border[:, 1], border[:, 0]) for border in _area_borders()]
    return np.where(inside_water("nsr", place), np.sum(east_of, axis=0), OUTSIDE).astype(np.int64)


@lru_cache(maxsize=1)
def _escort_waters() -> tuple[str, ...]:
    with geodata.table("escort_waters.csv").open(newline="", encoding="utf-8") as file:
        return tuple(r["water"] for r in csv.DictReader(file) if r["offered"] == "yes")


def escort_offered(lonlat: ArrayLike) -> Bools:
    """Whether icebreakers escort ships at positions (n, 2) of lon, lat degrees, by escort_waters.csv; (n,)."""
    place = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
    return np.asarray(np.any([inside_water(water, place) for water in _escort_waters()], axis=0))
