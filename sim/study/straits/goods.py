"""What a unit of cargo is worth, and which flows are asked for: by importer and by goods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import geodata
from sim import tables
from sim.errors import UsageError, did_you_mean
from sim.geo.ports import plain
from sim.study.trade import Flow
from sim.tables import NEEDED, Filled, Grade, Within

ALPHA_3: Final = {"CHN": "CN", "JPN": "JP", "KOR": "KR", "IND": "IN", "EUR": "EU"}
EUROPE: Final = "EU"


@dataclass(frozen=True)
class CargoValue:
    """What a tonne or TEU of a commodity is worth, USD, in a year."""

    commodity: Filled
    unit: Filled
    usd: Annotated[float, Within(0.0, above=True)]
    year: int
    source: Annotated[str, NEEDED]
    confidence: Annotated[Grade, NEEDED]
    note: str = ""


@dataclass(frozen=True)
class _Country:
    code: Filled
    name: Filled
    also: tuple[str, ...] = ()


def read_values(path: Path | None = None) -> tuple[CargoValue, ...]:
    """Values of a table in the columns of geodata/tables/cargo_values.csv, the shipped one by default."""
    where = Path(path) if path is not None else geodata.table("cargo_values.csv")
    return tables.rows(where, CargoValue, unique="commodity")


def pick_importer(word: str, flows: Sequence[Flow]) -> str:
    """The code of an importer of some flows, by code (CN, CHN) or name (China). Raises UsageError."""
    codes = tuple(dict.fromkeys(f.importer for f in flows))
    names = {plain(c): c for c in codes} | {plain(a): c for a, c in ALPHA_3.items() if c in codes}
    for row in tables.rows(geodata.table("countries.csv"), _Country):
        if row.code in codes:
            names |= {plain(n): row.code for n in (row.name, *row.also)}
    if EUROPE in codes:
        names["europe"] = EUROPE
    found = names.get(plain(word.strip()))
    if found is None:
        raise UsageError(f"no flow to '{word}'{did_you_mean(word, names)}; allowed: {', '.join(codes)}")
    return found


def pick_goods(word: str, flows: Sequence[Flow]) -> str:
    """A commodity of some flows, in any case. Raises UsageError."""
    kinds = {f.commodity.casefold(): f.commodity for f in flows}
    found = kinds.get(" ".join(word.casefold().split()))
    if found is None:
        allowed = tuple(kinds.values())
        raise UsageError(f"no flow of '{word}'{did_you_mean(word, allowed)}; allowed: {', '.join(allowed)}")
    return found


def without_value(flows: Iterable[Flow], values: Iterable[CargoValue]) -> tuple[str, ...]:
    """Commodities of flows by sea that no row of the table gives a value in their unit."""
    known = {(v.commodity, v.unit) for v in values}
    return tuple(dict.fromkeys(f.commodity for f in flows if f.by_sea and (f.commodity, f.unit) not in known))
