"""Trade flows and sets of passages that are closed together, from the shipped tables or a user's own."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geodata
from sim.errors import DataError, PassageError, did_you_mean
from sim.geo.passages import PassageTable

UNITS: Final = ("t", "TEU")
MODES: Final = ("sea", "pipeline", "other")
CONFIDENCE: Final = ("A", "B", "C")
FLOW_COLUMNS: Final = (
    "id", "name", "origins", "destinations", "importer", "commodity", "mode", "volume", "unit", "year", "vessel_id",
    "draft_m", "cargo", "roads", "backhaul", "source", "confidence", "note",
)  # fmt: skip
CLOSURE_COLUMNS: Final = ("id", "name", "passages", "source", "confidence", "note")


@dataclass(frozen=True)
class Flow:
    """A trade flow. `volume` a year in `unit`, parted equally over the pairs of its ports.

    `mode` is "sea", "pipeline", or "other" for what is known only in sum; the last two have no ports, ship or road, and
    no closure touches them. `draft_m` is the laden draft on this trade and `cargo` what one voyage carries, where they
    are not those of the ship. The flow takes the shortest of `roads`. `backhaul` goes in the ships of another flow.
    `importer` is a country code, or EU.
    """

    id: str
    name: str
    importer: str
    commodity: str
    volume: float
    unit: str
    year: int
    origins: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    ship_id: str = ""
    mode: str = "sea"
    draft_m: float | None = None
    cargo: float | None = None
    roads: tuple[str, ...] = ("usual",)
    backhaul: bool = False
    source: str = ""
    confidence: str = ""
    note: str = ""

    @property
    def by_sea(self) -> bool:
        """Whether ships carry it."""
        return self.mode == "sea"

    def __post_init__(self) -> None:
        for what, value in (("volume", self.volume), ("draft_m", self.draft_m), ("cargo", self.cargo)):
            if value is not None and not 0 < value < math.inf:
                raise DataError(f"flow '{self.id}': {what} is {value:g}, allowed is more than 0")
        for what, word, allowed in (("unit", self.unit, UNITS), ("mode", self.mode, MODES)):
            if word not in allowed:
                hint = did_you_mean(word, allowed)
                raise DataError(f"flow '{self.id}': {what} is '{word}'{hint}, allowed: {', '.join(allowed)}")
        ends = (self.origins, self.destinations, self.ship_id, self.roads)
        if self.by_sea and not all(ends):
            raise DataError(f"flow '{self.id}': a flow by sea needs origins, destinations, a vessel_id and roads")
        if not self.by_sea and any(ends[:3]):
            raise DataError(f"flow '{self.id}': mode '{self.mode}' has no ports and no vessel_id")


@dataclass(frozen=True)
class ClosureSet:
    """Passages that are closed together, by their ids or names."""

    id: str
    name: str
    passages: tuple[str, ...]
    note: str = ""


def read_flows(path: Path | None = None) -> tuple[Flow, ...]:
    """Flows of a table in the columns of geodata/tables/trade_flows.csv, the shipped one by default.

    Raises DataError with file and line.
    """
    where = Path(path) if path is not None else geodata.table("trade_flows.csv")
    return tuple(_flow(row, at) for row, at in _rows(where, FLOW_COLUMNS))


def read_closures(path: Path | None = None) -> tuple[ClosureSet, ...]:
    """Closure sets of a table in the columns of geodata/tables/closure_sets.csv, the shipped one by default."""
    where = Path(path) if path is not None else geodata.table("closure_sets.csv")
    out = []
    for row, at in _rows(where, CLOSURE_COLUMNS):
        if not _several(row["passages"]):
            raise DataError(f"{at}: passages is empty, it needs ids apart by ';'")
        out.append(ClosureSet(row["id"], row["name"], _several(row["passages"]), row["note"]))
    return tuple(out)


def pick_closures(
    words: Iterable[str], passages: PassageTable, known: Sequence[ClosureSet] | None = None
) -> tuple[ClosureSet, ...]:
    """Closure sets that words name: the id of a set, or passages joined by '+'. Raises PassageError."""
    sets = {c.id: c for c in (known if known is not None else read_closures())}
    out = []
    for word in words:
        key = word.strip().casefold().replace("-", "_")
        if key in sets:
            out.append(sets[key])
            continue
        parts = tuple(p.strip() for p in word.split("+") if p.strip())
        try:
            passages.expand(parts)
        except PassageError as error:
            hint = did_you_mean(key, sets)
            raise PassageError(f"{error}; closure sets: {', '.join(sets)}{hint}") from error
        if not parts:
            raise PassageError(f"'{word}' names no passage; closure sets: {', '.join(sets)}")
        out.append(ClosureSet("+".join(parts), " + ".join(parts), parts))
    return tuple(out)


def _rows(path: Path, columns: Sequence[str]) -> list[tuple[dict[str, str], str]]:
    """Rows with stripped cells and their place in the file."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            absent = [c for c in columns if c not in (reader.fieldnames or ())]
            if absent:
                raise DataError(f"{path.name}: column {absent[0]} is missing; columns: {', '.join(columns)}")
            rows = [({c: (r[c] or "").strip() for c in columns}, f"{path.name}:{reader.line_num}") for r in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path.name}: cannot be read as CSV ({error})") from error
    seen: set[str] = set()
    for row, at in rows:
        if not row["id"] or not row["source"] or row["confidence"] not in CONFIDENCE:
            raise DataError(f"{at}: id, source and confidence (A, B or C) must be given")
        if row["id"] in seen:
            raise DataError(f"{at}: id '{row['id']}' stands twice")
        seen.add(row["id"])
    return rows


def _flow(row: dict[str, str], at: str) -> Flow:
    if row["backhaul"] not in ("yes", "no"):
        raise DataError(f"{at}: backhaul is '{row['backhaul']}', allowed is yes or no")
    try:
        return Flow(
            id=row["id"], name=row["name"], importer=row["importer"], commodity=row["commodity"],
            volume=_number(row, "volume", at) or 0.0, unit=row["unit"], year=int(_number(row, "year", at) or 0),
            origins=_several(row["origins"]), destinations=_several(row["destinations"]), ship_id=row["vessel_id"],
            mode=row["mode"], draft_m=_number(row, "draft_m", at), cargo=_number(row, "cargo", at),
            roads=tuple(w.strip() for w in row["roads"].split("|") if w.strip()), backhaul=row["backhaul"] == "yes",
            source=row["source"], confidence=row["confidence"], note=row["note"],
        )  # fmt: skip
    except DataError as error:
        raise DataError(f"{at}: {error}") from error


def _number(row: dict[str, str], column: str, at: str) -> float | None:
    try:
        return float(row[column]) if row[column] else None
    except ValueError:
        raise DataError(f"{at}: {column} is '{row[column][:40]}', not a number") from None


def _several(text: str) -> tuple[str, ...]:
    return tuple(w.strip() for w in text.split(";") if w.strip())
