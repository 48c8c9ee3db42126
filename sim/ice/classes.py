"""Ice classes: the Russian Register's, the Finnish-Swedish and the Polar Classes, and which rule row each one uses."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Annotated, Final

import geodata
from sim import tables
from sim.errors import UsageError, did_you_mean
from sim.tables import Filled, From, Grade, OneOf

# the classes that the admission table knows, weakest first; the place is the rank
ADMISSION_ROWS: Final = ("none", "Ice1", "Ice2", "Ice3", "Arc4", "Arc5", "Arc6", "Arc7", "Arc8", "Arc9")
# words before a class: of societies (their marks are aliases in the table) and of the trade; they may follow each other
PREFIXES: Final = (
    "iceclass", "class", "fsicr", "rmrs", "rs", "ice", "dnvgl", "dnv", "gl", "ccs", "lr", "bv", "abs", "nk", "rina",
)  # fmt: skip
NEAR: Final = 0.5  # likeness, 0 to 1, from which a spelling is offered
MOST_NEAR: Final = 3
# the older Russian marks (LU4, L1, UL, ULA) are often written in Cyrillic letters
LATIN: Final = str.maketrans("\u043b\u0443\u0430", "lua")


@dataclass(frozen=True)
class IceClass:
    """One ice class. `polaris_row` and `admission_row` name the rows of the rules that it is judged by.

    `system` is RS, PC, FSICR or '-'; `rank` orders the classes by admission row, 0 none to 9 Arc9; `pc` and `fsicr`
    are about equal classes, empty where none is named; `confidence` is A, B or C.
    """

    name: Filled
    system: Annotated[str, OneOf(("RS", "PC", "FSICR", "-"))]
    rank: Annotated[int, From("admission_row"), OneOf({row: rank for rank, row in enumerate(ADMISSION_ROWS)})]
    admission_row: Filled
    polaris_row: Filled
    rs_old: tuple[str, ...]
    fsicr: str
    pc: str
    aliases: tuple[str, ...]
    remark: str
    source: Filled
    confidence: Grade

    @property
    def is_polar(self) -> bool:
        """Judged as one of PC1 to PC7, which may run an elevated risk."""
        return self.polaris_row.startswith("PC")

    def __str__(self) -> str:
        return self.name

    def at_least(self, other: str | IceClass) -> bool:
        """Whether the class ranks with another or above it: by admission row, so across the systems."""
        return self.rank >= (other if isinstance(other, IceClass) else ice_class(other)).rank


def _plain(text: str) -> str:
    """Letters and digits only, in small Latin letters; the star of IA* is a word."""
    bare = unicodedata.normalize("NFKC", text).casefold().translate(LATIN).replace("*", "super")
    return "".join(c for c in bare if c.isalnum())


@lru_cache(maxsize=1)
def ice_classes() -> dict[str, IceClass]:
    """All ice classes by name, in the order of the table: RS, PC, FSICR."""
    return {c.name: c for c in tables.rows(geodata.table("ice_classes.csv"), IceClass, unique="name")}


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    return {_plain(s): c.name for c in ice_classes().values() for s in (c.name, *c.rs_old, *c.aliases)}


@lru_cache(maxsize=256)
def ice_class(name: str) -> IceClass:
    """The class of a name in any usual spelling: Arc4, 'arc 4', LU4, L1, IA, 1A, 'IA Super', 1A*, PC7, none.

    Marks of the societies are known too: DNV ICE-1A*, 'CCS B1', '1AS FS' of Lloyd's, 'GL E3', Icebreaker7 or LL7.

    Raises UsageError for an unknown name.
    """
    known = _spellings()
    if name.strip() == "-":  # what the register of ships writes for no class
        return ice_classes()["none"]
    for candidate in _without_prefixes(_plain(name)):
        if candidate in known:
            return ice_classes()[known[candidate]]
    raise UsageError(f"unknown ice class '{name}'{_nearest(name)}; known: {', '.join(ice_classes())}")


def _without_prefixes(key: str) -> list[str]:
    """A plain spelling, and what is left of it when the words before the class are taken off, one after the other.

    "Ice" is not taken off a single letter: ICE-E of DNV, for light ice, is weaker than the E of GL.
    """
    out = [key]
    for candidate in out:
        for prefix in PREFIXES:
            rest = candidate.removeprefix(prefix)
            if rest != candidate and rest not in out and not (prefix == "ice" and len(rest) == 1):
                out.append(rest)
    return out


def _nearest(name: str) -> str:
    """A hint at the nearest names: by the word as it is written, then by its plain form; nothing for an empty name."""
    written = {s: c.name for c in ice_classes().values() for s in (c.name, *c.rs_old, *c.aliases)}
    if hint := did_you_mean(name, list(written)):
        return hint
    near: dict[str, None] = {}
    for candidate in _without_prefixes(_plain(name)):
        if candidate:
            near |= dict.fromkeys(
                _spellings()[k] for k in get_close_matches(candidate, list(_spellings()), MOST_NEAR, NEAR)
            )
    return f" (did you mean {', '.join(list(near)[:MOST_NEAR])}?)" if near else ""
