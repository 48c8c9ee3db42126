"""Trade flows and sets of passages that are closed together, from the shipped tables or a user's own."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import geodata
from sim import tables
from sim.errors import DataError, PassageError, did_you_mean
from sim.geo.passages import PassageTable
from sim.tables import NEEDED, Filled, From, OneOf, Read

UNITS: Final = ("t", "TEU")
MODES: Final = ("sea", "pipeline", "other")
CONFIDENCE: Final = ("A", "B", "C")


def _either(text: str) -> tuple[str, ...]:
    return tuple(w for word in text.split("|") if (w := word.strip()))


@dataclass(frozen=True)
class Flow:
    """A trade flow. `volume` a year in `unit`, parted equally over the pairs of its ports.

    `mode` is "sea", "pipeline", or "other" for what is known only in sum; the last two have no ports, ship or route,
    and no closure touches them. `draft_m` is the laden draft on this trade and `cargo` what one voyage carries, where
    they are not those of the ship. The flow takes the shortest of `routes`. `backhaul` goes in the ships of another
    flow.
    `importer` is a country code, or EU.
    """

    id: Filled
    name: str
    importer: str
    commodity: str
    volume: float
    unit: str
    year: int
    origins: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    ship_id: Annotated[str, From("vessel_id")] = ""
    mode: str = "sea"
    draft_m: float | None = None
    cargo: float | None = None
    routes: Annotated[tuple[str, ...], Read(_either)] = ("usual",)
    backhaul: Annotated[bool, NEEDED] = False
    source: Annotated[str, NEEDED] = ""
    confidence: Annotated[str, OneOf(CONFIDENCE), NEEDED] = ""
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
        ends = (self.origins, self.destinations, self.ship_id, self.routes)
        if self.by_sea and not all(ends):
            raise DataError(f"flow '{self.id}': a flow by sea needs origins, destinations, a vessel_id and routes")
        if not self.by_sea and any(ends[:3]):
            raise DataError(f"flow '{self.id}': mode '{self.mode}' has no ports and no vessel_id")


@dataclass(frozen=True)
class ClosureSet:
    """Passages that are closed together, by their ids or names."""

    id: Filled
    name: str
    passages: Annotated[tuple[str, ...], NEEDED]
    note: str = ""
    source: Annotated[str, NEEDED] = ""
    confidence: Annotated[str, OneOf(CONFIDENCE), NEEDED] = ""


def read_flows(path: Path | None = None) -> tuple[Flow, ...]:
    """Flows of a table in the columns of geodata/tables/trade_flows.csv, the shipped one by default.

    Raises DataError with file and line.
    """
    where = Path(path) if path is not None else geodata.table("trade_flows.csv")
    return tables.rows(where, Flow, unique="id")


def read_closures(path: Path | None = None) -> tuple[ClosureSet, ...]:
    """Closure sets of a table in the columns of geodata/tables/closure_sets.csv, the shipped one by default."""
    where = Path(path) if path is not None else geodata.table("closure_sets.csv")
    return tables.rows(where, ClosureSet, unique="id")


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
