"""The reader of tables: what each kind of cell gives, and that every fault is told with file, line and column."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, dataclass, field
from pathlib import Path
from typing import Annotated

import pytest

from sim import tables
from sim.errors import DataError, UsageError
from sim.tables import CELLS, LINE, NEEDED, UNREAD, WHERE, Filled, From, Grade, LonLat, OneOf, Read, Within


@dataclass(frozen=True)
class Inner:
    wide_m: Annotated[float, Within(0, above=True)]

    def __post_init__(self) -> None:
        if self.wide_m == 13:
            raise UsageError("wide_m is 13, which brings bad luck")


@dataclass(frozen=True)
class Thing:
    id: Filled
    count: int
    length_m: Annotated[float | None, From("loa_m"), Within(1, 500)]
    open: bool
    since: dt.date | None
    grade: Grade
    names: tuple[str, ...]
    line_lonlat: tuple[tuple[float, float], ...]
    sea: Annotated[tuple[float, float] | None, LonLat("sea_lon", "sea_lat")]
    inner: Inner
    twice: Annotated[tuple[str, str], From("id", "grade"), Read(lambda a, b: (a, b))]
    size: Annotated[int, OneOf({"small": 1, "big": 2})] = 1
    note: str = "-"
    must: Annotated[str, NEEDED] = ""
    line: Annotated[int, LINE] = 0
    where: Annotated[str, WHERE] = ""
    cells: Annotated[Mapping[str, str], CELLS] = field(default_factory=dict)
    own: Annotated[object, UNREAD] = None


HEAD = "id,count,loa_m,open,since,grade,names,line_lonlat,sea_lon,sea_lat,wide_m,must"
GOOD = "a,7,12.5,yes,2024-02-29,B,x; y ;;z,1 2;-3.5 4,10,20,3,m"


def read(folder: Path, *lines: str, head: str = HEAD, **how: object) -> tuple[Thing, ...]:
    path = folder / "things.csv"
    path.write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
    return tables.rows(path, Thing, **how)  # type: ignore[call-overload, no-any-return]


def changed(column: str, text: str) -> str:
    cells = GOOD.split(",")
    cells[HEAD.split(",").index(column)] = text
    return ",".join(cells)


def test_every_kind_of_cell(tmp_path: Path) -> None:
    one, two = read(tmp_path, GOOD, "b,1,,no,,C,,9 9,,,1e2,n")
    assert (one.id, one.count, one.length_m, one.open, one.since) == ("a", 7, 12.5, True, dt.date(2024, 2, 29))
    assert (one.grade, one.names, one.line_lonlat, one.sea) == ("B", ("x", "y", "z"), ((1, 2), (-3.5, 4)), (10, 20))
    assert (one.inner, one.twice, one.size, one.note, one.must) == (Inner(3), ("a", "B"), 1, "-", "m")
    assert (one.line, one.where, one.cells["wide_m"], one.own) == (2, "things.csv:2", "3", None)
    assert type(one.count) is int
    assert (two.length_m, two.open, two.since, two.names, two.sea, two.line) == (None, False, None, (), None, 3)
    with pytest.raises(FrozenInstanceError):
        one.id = "b"  # type: ignore[misc]


def test_optional_columns_and_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "things.csv"
    path.write_text(f"\ufeff{HEAD},size,note\n{GOOD},big,\n", encoding="utf-8")
    (thing,) = tables.rows(path, Thing)
    assert (thing.id, thing.size, thing.note) == ("a", 2, "-")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (changed("id", " "), "things.csv:2: id is empty, it needs a value"),
        (changed("must", ""), "things.csv:2: must is empty, it needs a value"),
        (changed("count", "2.5"), "things.csv:2: count is 2.5, allowed is a whole number"),
        (changed("count", ""), "things.csv:2: count is empty, allowed is a number"),
        (changed("count", "many"), "things.csv:2: count is 'many', allowed is a number"),
        (changed("loa_m", "0.5"), "things.csv:2: loa_m is 0.5, allowed is 1 to 500"),
        (changed("loa_m", "inf"), "things.csv:2: loa_m is inf, allowed is 1 to 500"),
        (changed("loa_m", "nan"), "things.csv:2: loa_m is nan, allowed is 1 to 500"),
        (changed("wide_m", "0"), "things.csv:2: wide_m is 0, allowed is more than 0"),
        (changed("wide_m", "13"), "things.csv:2: wide_m is 13, which brings bad luck"),
        (changed("open", "Yes"), "things.csv:2: open is 'Yes' (did you mean yes?), allowed is yes, no"),
        (changed("grade", "D"), "things.csv:2: grade is 'D', allowed is A, B, C"),
        (changed("since", "2023-02-29"), "things.csv:2: since is '2023-02-29', allowed is a day such as 2024-01-15"),
        (changed("line_lonlat", "1 2;3"), "things.csv:2: line_lonlat is '1 2;3', allowed is positions in degrees"),
        (changed("line_lonlat", "1 nan"), "things.csv:2: line_lonlat is '1 nan', allowed is positions in degrees"),
        (changed("sea_lat", "91"), "things.csv:2: sea_lat is 91, allowed is -90 to 90"),
        (changed("sea_lon", "181"), "things.csv:2: sea_lon is 181, allowed is -180 to 180"),
        (changed("sea_lat", ""), "things.csv:2: sea_lat is empty, it belongs together with sea_lon"),
        (changed("sea_lon", ""), "things.csv:2: sea_lon is empty, it belongs together with sea_lat"),
        (GOOD + ",more", "things.csv:2: it has more cells than the first line has columns"),
        (changed("count", "9" * 400), "things.csv:2: count is inf, allowed is a number"),
    ],
)
def test_a_fault_is_told_with_file_line_and_column(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(DataError) as found:
        read(tmp_path, line)
    assert str(found.value).startswith(message)


def test_all_faults_are_listed_up_to_twenty(tmp_path: Path) -> None:
    with pytest.raises(DataError) as found:
        read(tmp_path, changed("open", "?"), GOOD, changed("count", "?"))
    assert [line.split(": ")[0] for line in str(found.value).splitlines()] == ["things.csv:2", "things.csv:4"]
    with pytest.raises(DataError, match=r"and 5 more$") as found:
        read(tmp_path, *[changed("open", "?")] * 25)
    assert len(str(found.value).splitlines()) == 21


def test_a_value_of_a_unique_column_may_not_be_duplicated(tmp_path: Path) -> None:
    assert len(read(tmp_path, GOOD, GOOD)) == 2
    with pytest.raises(DataError, match=r"things\.csv:3: id 'a' is duplicated, it is in line 2 already"):
        read(tmp_path, GOOD, GOOD, unique="id")


def test_columns_that_are_missing_unknown_or_duplicated(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"things\.csv:1: columns missing: count; needed: id, count, loa_m, "):
        read(tmp_path, head=HEAD.replace("count", "cuont"))
    with pytest.raises(DataError, match=r"things\.csv:1: unknown column 'cuont' \(did you mean count.*\); allowed: id"):
        read(tmp_path, head=HEAD.replace("count", "cuont"), known_only=True)
    with pytest.raises(DataError, match=r"things\.csv:1: column 'id' is duplicated"):
        read(tmp_path, head=HEAD + ",id")
    assert read(tmp_path, GOOD + ",1", head=HEAD + ",unasked")[0].id == "a"


def test_what_then_raises_is_told_with_the_line(tmp_path: Path) -> None:
    def then(thing: Thing) -> str:
        if thing.id == "b":
            raise ValueError("not this one")
        return thing.id

    assert read(tmp_path, GOOD, then=then) == ("a",)
    with pytest.raises(DataError, match=r"things\.csv:3: not this one"):
        read(tmp_path, GOOD, changed("id", "b"), then=then)


def test_a_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match="no such file"):
        tables.rows(tmp_path / "none.csv", Thing)
    with pytest.raises(DataError, match="is not a regular file"):
        tables.rows(tmp_path, Thing)
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match=r"bytes\.csv: cannot be read as CSV"):
        tables.rows(tmp_path / "bytes.csv", Thing)
    monkeypatch.setattr(tables, "MAX_BYTES", 10)
    with pytest.raises(DataError, match="at most 10 are read"):
        read(tmp_path, GOOD)


@dataclass(frozen=True)
class Small:
    id: Filled
    count: int
    note: str = "-"


def test_lazy_rows_are_made_and_refused_when_they_are_asked_for(tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text("id,count\na,1\nb,many\n", encoding="utf-8")
    second.write_text("count,id,note\n3, c ,seen\n4,d,x,too many\n", encoding="utf-8")
    rows = tables.Lazy([first, second], Small)
    assert (len(rows), rows.ends) == (4, [2, 4])
    assert rows.cells[0] == {"id": "a", "count": "1", "note": ""}
    assert rows[0] == Small("a", 1) and rows[2] == Small("c", 3, "seen")
    assert rows[0] is rows[0]
    assert rows[::2] == [Small("a", 1), Small("c", 3, "seen")]
    with pytest.raises(DataError, match=r"first\.csv:3: count is 'many'"):
        rows[1]
    with pytest.raises(DataError, match=r"second\.csv:3: "):
        rows[3]
    assert rows.append(Small("e", 5), {"id": "e"}) == 4
    assert rows[4] == rows[-1] == Small("e", 5)
    again = pickle.loads(pickle.dumps(rows))
    assert [again[k] for k in (0, 2, 4)] == [rows[k] for k in (0, 2, 4)]


def test_lazy_rows_refuse_a_table_with_other_columns(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,count,colour\na,1,red\n", encoding="utf-8")
    with pytest.raises(DataError, match="unknown column 'colour'"):
        tables.Lazy([path], Small)
    path.write_text("id\na\n", encoding="utf-8")
    with pytest.raises(DataError, match="columns missing: count"):
        tables.Lazy([path], Small)
