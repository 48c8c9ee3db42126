"""Who is admitted to the Northern Sea Route: a dated table by ice class, period, sea and ice, and the seas themselves.

The Rules of 2013 (Mintrans Order 7, Annex 2) bar by date, sea and kind of ice. Those of 2020 admit by permit: what is
known of permits is in the table, else the kinds of ice of 2013 stand in, without their dates from Arc4 up. A scenario
applies the rules in force on the day, or those of one time on any day. Each verdict carries the confidence of its row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

import geodata
from sim import tables
from sim.errors import DataError, UsageError, did_you_mean
from sim.geo.geodesy import Floats
from sim.geo.waters import inside_water
from sim.ice import types
from sim.ice.classes import ADMISSION_ROWS, IceClass, ice_class
from sim.ice.types import ICE_FROM, NO_ICE, SEVERITIES, UNKNOWN, Bools, Ints, Small, month_and_day
from sim.tables import LINE, Fault, Filled, From, OneOf, Read
from sim.units import month_of

NO_RULES: Final = ("ice_only", "none")  # words for a voyage that only the ice may end
REGIMES: Final = ("nsr", "rules_2013", "rules_2020", "practice_2023")  # `nsr`: the rules in force on the day
# Of the water, under less ice than this it counts as ice-free: in the practice since 2023 open water as WMO defines it
OPEN_WATER: Final = {"practice_2023": ICE_FROM}
SEAS: Final = ("Kara SW", "Kara NE", "Laptev W", "Laptev E", "East Siberian SW", "East Siberian NE", "Chukchi")
OUTSIDE: Final = -1  # of the NSR water area, where no admission rule holds
MODES: Final = ("independent", "icebreaker")
GRADES: Final = ("A", "B", "C")
CONFIDENCES: Final = (
    "verified", "partly verified", "low confidence", "outside the dates of the table", "no row in the table",
    "no rule outside the NSR", "ice unknown",
)  # fmt: skip
VERIFIED, PARTLY, LOW, UNDATED, NO_ROW, NO_RULE, NO_ICE_DATA = range(len(CONFIDENCES))
FLAGS: Final = {"0": False, "1": True}
MONTH_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
PERIOD: Final = re.compile(r"(\d{1,2}) ([A-Za-z]+) ?- ?(\d{1,2}) ([A-Za-z]+)")
DATES: Final = 1232  # 100 month + day is below
ICE_FREE_COLUMN: Final = 3  # behind light, medium, heavy
EPOCH: Final = date(1970, 1, 1)
ALWAYS: Final = 10**7  # days from 1970; an open end of validity


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
    regimes: tuple[str, ...] = ()  # whose rules it belongs to; none: of every one
    ice_free_confidence: int | None = None  # where that of ice-free water, which no column of the Rules has, is another

    def confidence_in(self, column: int) -> int:
        """Confidence of one verdict."""
        own = self.ice_free_confidence if column == ICE_FREE_COLUMN else None
        return self.confidence if own is None else own


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
    of the whole table. `verdict` and `confidence` are (row, light medium heavy ice-free). Water under a share of ice of
    less than `open_water` counts as ice-free.
    """

    rows: tuple[Row, ...]
    starts: Ints
    ends: tuple[int, int]
    grid: NDArray[np.int16]
    verdict: Bools
    confidence: Small
    open_water: float = NO_ICE

    @classmethod
    def load(cls, path: Path | None = None, regime: str = "nsr") -> AdmissionTable:
        """The rules of a regime of the shipped table, or of a CSV in its columns. Raises UsageError for a regime that
        does not exist, DataError that lists the bad rows with their lines."""
        if regime not in REGIMES:
            raise UsageError(f"unknown rules '{regime}'{did_you_mean(regime, REGIMES)}; known: {', '.join(REGIMES)}")
        return _read(path, regime) if path else _shipped(regime)

    def ice_free(self, concentration: ArrayLike, thickness_m: ArrayLike) -> Bools:
        """Where these rules take the water as ice-free (see `types.ice_free`)."""
        return types.ice_free(concentration, thickness_m, self.open_water)

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


@lru_cache(maxsize=len(REGIMES))
def _shipped(regime: str) -> AdmissionTable:
    return _read(geodata.table("nsr_admission.csv"), regime)


def _read(path: Path, regime: str) -> AdmissionTable:
    """Read and check a table. Raises DataError."""
    found = [r for r in tables.rows(path, _Line, then=_row, known_only=True) if not r.regimes or regime in r.regimes]
    if not found:
        raise DataError(f"{path.name}: no rows")
    table, faults = _table(found, OPEN_WATER.get(regime, NO_ICE))
    tables.stop_at([f"{path.name}:{fault}" for fault in faults])
    return table


def _regimes(text: str) -> tuple[str, ...]:
    """Regimes of names apart by ';'."""
    for name in (names := tables.several(text)):
        if name not in REGIMES:
            raise Fault(f"regime is '{name[:40]}'{did_you_mean(name, REGIMES)}, allowed is {', '.join(REGIMES)}")
    return names


def _dates_of(period: str) -> tuple[int, int]:
    """First and last date of '16 Nov - 30 Jun' as 100 month + day; the last may be smaller. Or 'all year'."""
    if period == "all year":
        return 101, 1231
    found = PERIOD.fullmatch(period)
    if not found:
        raise Fault(f"period is '{period[:40]}', allowed is such as '1 Jul - 15 Nov' or 'all year'")
    ends = []
    for day, name in (found.group(1, 2), found.group(3, 4)):
        try:
            month = month_of(name)
        except UsageError as error:
            raise Fault(f"period is '{period[:40]}': {error}") from None
        if not 1 <= int(day) <= MONTH_DAYS[month - 1]:
            raise Fault(f"period is '{period}': {name} has no day {day}")
        ends.append(100 * month + int(day))
    return ends[0], ends[1]


def _areas(text: str) -> tuple[int, ...]:
    """Places in `SEAS` of names apart by ';', or of all."""
    names = tuple(s.strip() for s in text.split(";"))
    if names == ("all",):
        return tuple(range(len(SEAS)))
    for name in names:
        if name not in SEAS and not name:
            raise Fault(f"sea is empty, allowed is all or {', '.join(SEAS)}")
        if name not in SEAS:
            raise Fault(f"sea is '{name[:40]}'{did_you_mean(name, SEAS)}, allowed is all or {', '.join(SEAS)}")
    return tuple(SEAS.index(name) for name in names)


@dataclass(frozen=True)
class _Line:
    """A row as it is written, in the order of its columns."""

    line: Annotated[int, LINE]
    ice_class: Annotated[str, OneOf(ADMISSION_ROWS)]
    period: Filled
    dates: Annotated[tuple[int, int], From("period"), Read(_dates_of)]
    mode: Annotated[str, OneOf(MODES)]
    sea: Annotated[tuple[int, ...], Read(_areas)]
    heavy: Annotated[bool, OneOf(FLAGS)]
    medium: Annotated[bool, OneOf(FLAGS)]
    light: Annotated[bool, OneOf(FLAGS)]
    confidence: Annotated[str, OneOf(GRADES)]
    source: Filled
    valid_from: date | None = None
    valid_to: date | None = None
    double_acting: Annotated[bool, OneOf(FLAGS)] = False
    ice_free: Annotated[bool | None, OneOf(FLAGS)] = None
    rule: str = ""
    note: str = ""
    regime: Annotated[tuple[str, ...], Read(_regimes)] = ()
    ice_free_confidence: Annotated[str, OneOf(("", *GRADES))] = ""


def _row(r: _Line) -> Row:
    """A row of the table. Raises Fault for an empty time of validity."""
    if r.valid_from and r.valid_to and r.valid_from > r.valid_to:
        raise Fault(f"valid_from {r.valid_from} is after valid_to {r.valid_to}")
    first = (r.valid_from - EPOCH).days if r.valid_from else -ALWAYS
    last = (r.valid_to - EPOCH).days if r.valid_to else ALWAYS
    return Row(
        line=r.line, ice_class=r.ice_class, double_acting=r.double_acting, period=r.period, dates=r.dates,
        days=(first, last), mode=r.mode, seas=r.sea,
        admitted=(r.light, r.medium, r.heavy, r.light if r.ice_free is None else r.ice_free),
        confidence=GRADES.index(r.confidence), rule=r.rule, source=r.source, note=r.note,
        regimes=r.regime,
        ice_free_confidence=GRADES.index(r.ice_free_confidence) if r.ice_free_confidence else None,
    )  # fmt: skip


def _table(rows: list[Row], open_water: float) -> tuple[AdmissionTable, list[str]]:
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
            faults.append(f"{r.line}: a cell has a verdict already, from line {rows[taken].line}")
        cells[at] = number
    table = AdmissionTable(
        rows=tuple(rows),
        starts=starts,
        ends=(first, last),
        grid=grid,
        verdict=np.array([r.admitted for r in rows]),
        confidence=np.array([[r.confidence_in(c) for c in range(4)] for r in rows], dtype=np.int8),
        open_water=open_water,
    )
    return table, faults


@dataclass(frozen=True)
class _Area:
    id: Filled
    east_border: Annotated[tuple[tuple[float, float], ...], From("east_border_lon_lat")] = ()


@lru_cache(maxsize=1)
def _area_borders() -> tuple[Floats, ...]:
    """East borders (k, 2) of the areas but the last, west to east, from south to north."""
    found = tables.rows(geodata.table("nsr_areas.csv"), _Area, unique="id")
    return tuple(np.array(area.east_border) for area in found[:-1])


def seas(lonlat: ArrayLike) -> Ints:
    """Area of the NSR (n,) at positions (n, 2) of lon, lat degrees: place in `SEAS`, -1 outside the NSR water area.

    The borders between the areas are approximate, see nsr_areas.csv; those of the Rules were not seen.
    """
    place = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
    lon, lat = place[:, 0] % 360, place[:, 1]
    east_of = [lon > np.interp(lat, border[:, 1], border[:, 0]) for border in _area_borders()]
    return np.where(inside_water("nsr", place), np.sum(east_of, axis=0), OUTSIDE).astype(np.int64)


@dataclass(frozen=True)
class _EscortWater:
    water: Filled
    offered: bool


@lru_cache(maxsize=1)
def _escort_waters() -> tuple[str, ...]:
    found = tables.rows(geodata.table("escort_waters.csv"), _EscortWater, unique="water")
    return tuple(w.water for w in found if w.offered)


def escort_offered(lonlat: ArrayLike) -> Bools:
    """Whether icebreakers escort ships at positions (n, 2) of lon, lat degrees, by escort_waters.csv; (n,)."""
    place = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
    return np.asarray(np.any([inside_water(water, place) for water in _escort_waters()], axis=0))
