"""Ports: names that forgive case, accents and common variants, and what a user adds by CSV."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import geodata
from sim.errors import DataError, PlaceError, did_you_mean

MAX_BYTES = 20_000_000
REQUIRED = ("name", "country", "lat", "lon")
COLUMNS = (
    *REQUIRED, "locode", "kind", "sea_lat", "sea_lon", "approach_nm", "aliases", "source", "confidence",
)  # fmt: skip


@dataclass(frozen=True)
class Port:
    """A port or a navigation point. Degrees; `approach_nm` leads from the sea point to the berths."""

    locode: str
    name: str
    country: str
    kind: str
    lon: float
    lat: float
    sea: tuple[float, float] | None
    approach_nm: float | None
    aliases: tuple[str, ...]
    source: str
    confidence: str

    @property
    def key(self) -> str:
        """What names the port without doubt."""
        return self.locode or f"{self.name}/{self.country}"


def plain(text: str) -> str:
    """A name without case, accents, punctuation and spaces."""
    bare = unicodedata.normalize("NFKD", text.replace("ø", "o").replace("Ø", "o").replace("ł", "l").replace("ß", "ss"))
    return "".join(c for c in bare.casefold() if c.isalnum())


def read_ports(path: Path) -> list[Port]:
    """Ports of a CSV table. Raises DataError with file, line and column of what is wrong."""
    if not path.is_file():
        raise DataError(f"{path}: " + ("is not a regular file" if path.exists() else "no such file"))
    if path.stat().st_size > MAX_BYTES:
        raise DataError(f"{path}: {path.stat().st_size:,} bytes, at most {MAX_BYTES:,} are read")
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            for column in reader.fieldnames or []:
                if column not in COLUMNS:
                    hint = did_you_mean(column, COLUMNS)
                    raise DataError(f"{path.name}:1: unknown column '{column}'{hint}; allowed: {', '.join(COLUMNS)}")
            missing = [c for c in REQUIRED if c not in (reader.fieldnames or [])]
            if missing:
                raise DataError(f"{path.name}: columns missing: {', '.join(missing)}; needed: {', '.join(REQUIRED)}")
            return [_port(row, f"{path.name}:{reader.line_num}") for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path.name}: cannot be read as CSV ({error})") from error


def _degrees(row: dict[str, str], column: str, limit: float, where: str) -> float | None:
    return _number(row, column, -limit, limit, where, "a number of degrees")


def _number(row: dict[str, str], column: str, low: float, high: float, where: str, what: str) -> float | None:
    text = (row.get(column) or "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise DataError(f"{where}: {column} is '{text[:40]}', not {what}") from None
    if not low <= value <= high:
        raise DataError(f"{where}: {column} is {value:g}, allowed is {low:g} to {high:g}")
    return value


def _port(row: dict[str, str], where: str) -> Port:
    lon, lat = _degrees(row, "lon", 180, where), _degrees(row, "lat", 90, where)
    name = (row.get("name") or "").strip()
    if lon is None or lat is None or not name:
        raise DataError(f"{where}: name, lat and lon must not be empty")
    sea_lon, sea_lat = _degrees(row, "sea_lon", 180, where), _degrees(row, "sea_lat", 90, where)
    if (sea_lon is None) != (sea_lat is None):
        raise DataError(f"{where}: sea_lat and sea_lon belong together, one of them is empty")
    approach = _number(row, "approach_nm", 0, 2000, where, "a number of nautical miles")
    return Port(
        locode=(row.get("locode") or "").replace(" ", "").upper(),
        name=name,
        country=(row.get("country") or "").strip().upper(),
        kind=(row.get("kind") or "port").strip() or "port",
        lon=lon,
        lat=lat,
        sea=(sea_lon, sea_lat) if sea_lon is not None and sea_lat is not None else None,
        approach_nm=approach,
        aliases=tuple(a.strip() for a in (row.get("aliases") or "").split(";") if a.strip()),
        source=(row.get("source") or "").strip(),
        confidence=(row.get("confidence") or "").strip(),
    )


class PortTable:
    """Ports by name, alias or UN/LOCODE."""

    def __init__(self, ports: Iterable[Port]) -> None:
        self.all = list(ports)
        self._by_word: dict[str, list[int]] = {}
        self._by_name: dict[str, list[int]] = {}
        for k, port in enumerate(self.all):
            self._enter(k, port)

    @classmethod
    def load(cls) -> PortTable:
        """The shipped ports."""
        return cls(read_ports(geodata.table("ports.csv")))

    def _enter(self, k: int, port: Port) -> None:
        self._by_name.setdefault(plain(port.name), []).append(k)
        for word in {plain(w) for w in (port.locode, port.name, f"{port.name} {port.country}", *port.aliases) if w}:
            self._by_word.setdefault(word, []).append(k)

    def add(self, port: Port) -> int:
        """Enter a user's port; a name that exists already is then the user's."""
        k = len(self.all)
        self.all.append(port)
        for word in {plain(w) for w in (port.locode, port.name, *port.aliases) if w}:
            self._by_word[word] = [k]
        return k

    def find(self, text: str) -> int:
        """Row of the port that a text names. Raises PlaceError where none or more than one is meant."""
        word = plain(text)
        rows = self._by_word.get(word, [])
        if len(rows) > 1:
            by_name = [k for k in self._by_name.get(word, []) if k in rows]
            rows = by_name or rows
        if len(rows) == 1:
            return rows[0]
        if rows:
            choice = ", ".join(f"{self.all[k].key} ({self.all[k].name}, {self.all[k].country})" for k in rows)
            raise PlaceError(f"port '{text}' is named {len(rows)} times in the world: say which of {choice}")
        names = [p.name for p in self.all] + [a for p in self.all for a in p.aliases]
        raise PlaceError(f"unknown port '{text}'{did_you_mean(text, names)}; 'northabout ports TEXT' searches the list")

    def search(self, text: str) -> list[Port]:
        """Ports of a country code, or those whose name, alias or code contains a text."""
        word = plain(text)
        of_country = [p for p in self.all if p.country and word == p.country.casefold()]
        return of_country or [
            p
            for p in self.all
            if word in plain(p.name) or word in p.locode.casefold() or any(word in plain(a) for a in p.aliases)
        ]
