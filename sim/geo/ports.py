"""Ports: names that forgive case, accents and common variants, and what a user adds by CSV.

Two tables are shipped: ports.csv, reviewed by hand, and ports_world.csv, made from public lists. A row becomes a Port
when somebody asks for it: to make all three thousand takes longer than to load the network.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import geodata
from sim import tables
from sim.errors import PlaceError
from sim.tables import Filled, LonLat, Read, Within

SHIPPED = ("ports.csv", "ports_world.csv")
SHOWN = 8  # ports of one name that a message lists
NEAR = 0.6  # how like a name must be to be suggested, from 0 to 1
OWN = 0.06  # so much nearer counts a name of a port listed by hand: it is the likelier one


def _code(text: str) -> str:
    return text.replace(" ", "").upper()


@dataclass(frozen=True)
class Port:
    """A port or a navigation point. Degrees; `approach_nm` leads from the sea point to the berths.

    `main` marks the port that is meant where several have its name.
    """

    name: Filled
    country: Annotated[str, Read(str.upper)]
    lat: Annotated[float, Within(-90, 90)]
    lon: Annotated[float, Within(-180, 180)]
    locode: Annotated[str, Read(_code)] = ""
    kind: str = "port"
    sea: Annotated[tuple[float, float] | None, LonLat("sea_lon", "sea_lat")] = None
    approach_nm: Annotated[float | None, Within(0, 2000)] = None
    main: bool = False
    aliases: tuple[str, ...] = ()
    source: str = ""
    confidence: str = ""

    @property
    def key(self) -> str:
        """What names the port without doubt."""
        return self.locode or f"{self.name}/{self.country}"


@dataclass(frozen=True)
class Country:
    """A country or territory with ports: its code of ISO 3166, its name, other names and parts that addresses name."""

    code: Filled
    name: Filled
    also: tuple[str, ...] = ()
    source: str = ""


AROUND = re.compile(r"^port of\s+|\s+(harbou?r|gang|port|bay)$", re.IGNORECASE)
_BARE = {c: None for c in range(128) if not chr(c).isalnum()}


def plain(text: str) -> str:
    """A name without case, accents, punctuation and spaces."""
    if text.isascii():
        return text.lower().translate(_BARE)
    bare = unicodedata.normalize("NFKD", text.replace("ø", "o").replace("Ø", "o").replace("ł", "l").replace("ß", "ss"))
    return "".join(c for c in bare.casefold() if c.isalnum())


def read_ports(path: Path) -> list[Port]:
    """Ports of a CSV table. Raises DataError with file, line and column of what is wrong."""
    return list(tables.rows(path, Port, known_only=True))


@lru_cache(maxsize=1)
def country_codes() -> dict[str, tuple[str, ...]]:
    """The codes that a country's code or name stands for; a name may stand for several."""
    out: dict[str, list[str]] = {}
    for row in tables.rows(geodata.table("countries.csv"), Country):
        for word in (row.code, row.name, *row.also):
            out.setdefault(plain(word), []).append(row.code)
    return {word: tuple(codes) for word, codes in out.items()}


class PortTable:
    """Ports by name, alias or UN/LOCODE; those reviewed by hand come first."""

    def __init__(self, ports: tables.Lazy[Port], by_word: Mapping[str, list[int]] | None = None) -> None:
        """`by_word` are the rows of each word, if they are known."""
        self.all = ports
        self._by_hand = ports.ends[0]
        self.shipped = len(ports)  # from here on the ports are the user's own
        self._by_word: dict[str, list[int]] = {} if by_word is None else dict(by_word)
        for k in range(len(ports)) if by_word is None else ():
            for word in self._words(k):
                self._by_word.setdefault(word, []).append(k)

    def _words(self, k: int) -> set[str]:
        """What a port is called: its code, name and aliases, bare."""
        cells = self.all.cells[k]
        return {plain(w) for w in (cells["locode"], cells["name"], *cells["aliases"].split(";")) if w}

    @classmethod
    def load(cls) -> PortTable:
        """The shipped ports; the tables are read once, and every table may be added to."""
        shipped = _shipped()
        return cls(copy(shipped.all), shipped._by_word)

    def add(self, port: Port) -> int:
        """Enter a user's port; a name that exists already is then the user's."""
        texts = {"name": port.name, "country": port.country, "locode": port.locode, "aliases": ";".join(port.aliases)}
        k = self.all.append(port, texts)
        self._by_word |= {word: [k] for word in self._words(k)}
        return k

    def find(self, text: str) -> int:
        """Row of the port that a text names, alone or with its country: "Aarhus", "DKAAR", "Aarhus, Denmark",
        "Aarhus DK". Raises PlaceError where none or more than one is meant."""
        rows = self._by_word.get(plain(text), []) or self._with_country(text)
        if len(rows) > 1:
            rows = self._meant(rows, text)
        if len(rows) == 1:
            return rows[0]
        if not rows:
            raise PlaceError(f"unknown port '{text}'{self.hint(text)}; 'northabout ports TEXT' searches the list")
        ports = [self.all[k] for k in rows]
        choice = ", ".join(f"{p.key} ({p.name}, {p.country})" for p in ports[:SHOWN])
        more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
        raise PlaceError(f"port '{text}' is named {len(rows)} times in the world: say which of {choice}{more}")

    def _meant(self, rows: list[int], text: str) -> list[int]:
        """The ports that a name of several means first: of that key, by hand, marked as the main one, named so."""
        if exact := [k for k in rows if self.all[k].key == text.strip()]:
            return exact
        by_hand = [k for k in rows if k < self._by_hand]
        rows = by_hand or [k for k in rows if self.all[k].main] or rows
        names = {plain(text), *(plain(name) for name, _ in _addressed(text))}
        return [k for k in rows if plain(self.all[k].name) in names] or rows

    def _with_country(self, text: str) -> list[int]:
        """Ports of a text that names the country too, or writes Saint as St."""
        for name, codes in _addressed(text):
            for word in _spellings(name):
                rows = [k for k in self._by_word.get(word, ()) if not codes or self.all[k].country in codes]
                if rows:
                    return rows
        return []

    def hint(self, text: str) -> str:
        """A hint ' (did you mean ...?)', or nothing where no name is near."""
        found = self.near(text)
        return f" (did you mean {', '.join(found)}?)" if found else ""

    def near(self, text: str, count: int = 3) -> list[str]:
        """Names closest to a misspelt one, best first: only those that share a third of its pairs of letters are
        compared, which is some 20 times as fast."""
        name, codes = next(_addressed(text))
        word = plain(name)
        pairs = {word[k : k + 2] for k in range(len(word) - 1)}
        compare = difflib.SequenceMatcher(b=word, autojunk=False)
        best: dict[str, float] = {}
        for other, rows in self._by_word.items():
            if 3 * sum(pair in other for pair in pairs) < len(pairs) or abs(len(other) - len(word)) > len(word):
                continue
            cells = self.all.cells[rows[0]]
            if codes and cells["country"].upper() not in codes:
                continue
            if other == plain(cells["locode"]) and not text.isupper():
                continue  # a name is meant, no code
            own = OWN if rows[0] < self._by_hand or rows[0] >= self.shipped else 0.0
            compare.set_seq1(other)
            if compare.quick_ratio() >= NEAR and (like := compare.ratio()) >= NEAR:
                shown = self._written(rows[0], other)
                best[shown] = max(best.get(shown, 0.0), like + own)
        return sorted(best, key=lambda name: (-best[name], name))[:count]

    def _written(self, k: int, word: str) -> str:
        """How a port's table writes the name that a bare word stands for."""
        port = self.all[k]
        return next((n for n in (port.name, *port.aliases, port.locode) if plain(n) == word), port.name)

    def nearest(self, lon: float, lat: float) -> Port:
        """The port nearest to a place in the plane of the map, of several the first by name."""

        def away(k: int) -> tuple[float, str]:
            cells = self.all.cells[k]
            return abs(float(cells["lon"]) - lon) + abs(float(cells["lat"]) - lat), cells["name"]

        return self.all[min(range(self.shipped), key=away)]

    def search(self, text: str) -> list[Port]:
        """Ports of a country, or those whose name, alias or code contains a text: those called so first, then those
        whose name begins so."""
        word = plain(text)
        codes = country_codes().get(word, ())
        of_country = [k for k, c in enumerate(self.all.cells) if c["country"].upper() in codes]
        if of_country and (len(text.strip()) == 2 or word not in self._by_word):
            return [self.all[k] for k in of_country]
        ranks = []
        for k in range(len(self.all)):
            if own := [w for w in self._words(k) if word in w]:
                ranks.append((min(0 if w == word else 1 if w.startswith(word) else 2 for w in own), k))
        return [self.all[k] for _, k in sorted(ranks)]


def _addressed(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Ways to read a text as a name and the codes of its country, the likeliest first; without codes: any country."""
    codes = country_codes()
    head, _, tail = text.rpartition("/")  # a key
    if head and len(tail) == 2:
        yield head, (tail.upper(),)
    parts = [p.strip() for p in text.split(",")]
    if len(parts) > 1 and (country := codes.get(plain(parts[-1]))):
        yield " ".join(parts[:-1]), country
        yield parts[0], country  # a state or an island stands between
    words = text.split()
    for k in range(len(words) - 1, max(len(words) - 4, 0), -1):
        if country := codes.get(plain(" ".join(words[k:]))):
            yield " ".join(words[:k]).rstrip(","), country
    yield text, ()


def _spellings(name: str) -> Iterator[str]:
    """A name as it is, without a word around it, with St for Saint or the other way about, each half of one with
    brackets."""
    yield plain(name)
    yield plain(AROUND.sub("", name))
    other = re.sub(r"\bst\b\.?", "saint", name, flags=re.IGNORECASE)
    if other == name:
        other = re.sub(r"\bsaint\b", "st", name, flags=re.IGNORECASE)
    yield plain(other)
    if inner := re.fullmatch(r"(.+?)\s*\((.+)\)", name.strip()):
        yield from (plain(inner[1]), plain(inner[2]))


@lru_cache(maxsize=1)
def _shipped() -> PortTable:
    return PortTable(tables.Lazy([geodata.table(name) for name in SHIPPED], Port))
