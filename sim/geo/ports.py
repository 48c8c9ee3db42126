"""Ports: names that forgive case, accents and common variants, and what a user adds by CSV."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import geodata
from sim import tables
from sim.errors import PlaceError, did_you_mean
from sim.tables import Filled, LonLat, Read, Within


def _code(text: str) -> str:
    return text.replace(" ", "").upper()


@dataclass(frozen=True)
class Port:
    """A port or a navigation point. Degrees; `approach_nm` leads from the sea point to the berths."""

    name: Filled
    country: Annotated[str, Read(str.upper)]
    lat: Annotated[float, Within(-90, 90)]
    lon: Annotated[float, Within(-180, 180)]
    locode: Annotated[str, Read(_code)] = ""
    kind: str = "port"
    sea: Annotated[tuple[float, float] | None, LonLat("sea_lon", "sea_lat")] = None
    approach_nm: Annotated[float | None, Within(0, 2000)] = None
    aliases: tuple[str, ...] = ()
    source: str = ""
    confidence: str = ""

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
    return list(tables.rows(path, Port, known_only=True))


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
