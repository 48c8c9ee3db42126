"""Make ports_world.csv, the ports that nobody has reviewed: `python -m geodata.build.ports [--raw DIR]`.

Figures come from three lists, whose checksums are in geodata/sources.json: the World Port Index of the National
Geospatial-Intelligence Agency (public domain), as far as PyPI's harborly 1.1.4 carries it, for a fifth of it is
missing there; and after it the lists of PyPI's searoute 1.6.0 (Apache 2.0) and of npm's sea-ports 0.0.9 (MIT). Ports of
ports.csv are not repeated, what the map cannot reach is left out, and what was found wrong by eye is put right in
port_repairs.csv. The same archives and tables give the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import io
import re
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely

import geodata
from geodata.build import port_sources as lists
from geodata.build.port_sources import CODE, HARBORLY, SEA_PORTS, SEAROUTE, Listed
from sim.geo.geodesy import NM_PER_RADIAN, Floats, angles, vectors
from sim.geo.land import land_polygons, on_land
from sim.geo.network.obstacles import SOUTH_OF_SHIPPING
from sim.geo.ports import Port, plain, read_ports

COLUMNS = ("locode", "name", "country", "lat", "lon", "sea_lat", "sea_lon", "approach_nm", "main", "aliases", "source",
           "confidence")  # fmt: skip
SAME_NM, SAME_CODE_NM = 5.0, 30.0  # so near, with a like name or with the same code, two rows are one port
NAMED_NM = {HARBORLY: SAME_NM, SEAROUTE: 20.0, SEA_PORTS: 40.0}  # within which a country has no two ports of one name
AGREES_NM, HARBOUR_NM = 3.0, 10.0
ASHORE_NM, INLAND_NM = 3.0, 12.0  # the program itself finds water within 3 nm; farther than 12 nm it is another water
WINDING = 1.3  # a river's miles to a straight mile
# words that tell one port from another only in the mouth of a list
COMMON = {
    "port", "porto", "puerto", "harbor", "harbour", "terminal", "oil", "marine", "maritimo", "lng", "lpg", "bay",
    "mina", "marsa", "ko", "gang", "new", "of", "de", "di", "al", "el", "pelabuhan", "tanjung", "limani", "the",
    "offshore", "field", "bandar",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A port of the table to be written; `sea` (lon, lat) and `approach_nm` where it lies inland."""

    port: Listed
    source: str
    confidence: str
    sea: tuple[float, float] | None = None
    approach_nm: float | None = None


def _xyz(places: Iterable[tuple[float, float]]) -> Floats:
    return vectors(np.array(list(places)).reshape(-1, 2))


class Coast:
    """Distances to the shore of the map."""

    def __init__(self) -> None:
        rings = [np.array(r.coords) for p in land_polygons() for r in (p.exterior, *p.interiors)]
        legs = np.concatenate([np.stack([r[:-1], r[1:]], axis=1) for r in rings])
        self.legs = legs[~(np.abs(legs[:, :, 0]) > 179.999).all(axis=1)]  # the cut of the map is no shore
        self.tree = shapely.STRtree(shapely.linestrings(self.legs))

    def nearest(self, lon: float, lat: float, within_nm: float) -> tuple[float, float, float] | None:
        """Lon, lat and distance (nm) of the nearest shore; None where it is farther."""
        high = within_nm / 60
        shrink = np.cos(np.radians(lat))
        found = self.tree.query(shapely.box(lon - high / shrink, lat - high, lon + high / shrink, lat + high))
        legs = (self.legs[found] - [lon, lat]) * [shrink, 1.0]
        start, along = legs[:, 0], legs[:, 1] - legs[:, 0]
        share = -(start * along).sum(axis=1) / np.maximum((along**2).sum(axis=1), 1e-18)
        feet = start + np.clip(share, 0, 1)[:, None] * along
        away = np.hypot(feet[:, 0], feet[:, 1]) * 60
        if not len(away) or away.min() > within_nm:
            return None
        foot = feet[int(np.argmin(away))]
        return lon + float(foot[0]) / shrink, lat + float(foot[1]), float(away.min())


def core(name: str) -> str:
    """What is left of a name without the words that lists put around it."""
    words = [w for w in map(plain, re.split(r"[\s/(),-]+", name)) if w and w not in COMMON]
    return "".join(words) or plain(name)


def like(one: Iterable[str], other: Iterable[str], closely: float = 0.85) -> bool:
    """Whether two sets of names may mean the same port; `closely` is how like two must be, 1 for the same."""
    first, second = [core(n) for n in one], [core(n) for n in other]
    return any(
        a == b or (min(len(a), len(b)) > 4 and difflib.SequenceMatcher(None, a, b).ratio() >= closely)
        for a in first
        for b in second
    )


class Known:
    """The ports that are listed already, to find a new one among them."""

    def __init__(self, ports: Iterable[Port]) -> None:
        self.names: list[tuple[str, ...]] = []
        self.countries: list[str] = []
        self.codes: dict[str, int] = {}
        self.keys: set[str] = set()
        self.called: set[tuple[str, str]] = set()  # bare names with their countries
        self._at: list[tuple[float, float]] = []
        self.hand = 0
        for p in ports:
            self.enter((p.name, *p.aliases), p.country, p.locode, p.key, p.lon, p.lat)
        self.hand = len(self.names)

    def enter(self, names: tuple[str, ...], country: str, code: str, key: str, lon: float, lat: float) -> None:
        """List a port."""
        if code:
            self.codes[code] = len(self.names)
        self.keys.add(key)
        self.called.update((plain(n), country) for n in names)
        self.names.append(names)
        self.countries.append(country)
        self._at.append((lon, lat))

    def same(self, port: Listed, named_nm: float) -> int | None:
        """The row of the port that a new one is; within `named_nm` its country has no other of its name.

        The lists that go by code have no two ports of a code, whatever positions they give.
        """
        away = angles(vectors((port.lon, port.lat)), _xyz(self._at)) * NM_PER_RADIAN
        row = self.codes.get(port.locode)
        if row is not None and (named_nm > SAME_NM or away[row] <= (SAME_CODE_NM if row < self.hand else SAME_NM)):
            return row
        names = (port.name, *port.aliases)
        cores = {core(n) for n in names}
        for k in map(int, np.argsort(away, kind="stable")):
            if away[k] > named_nm:
                return None
            home = self.countries[k] == port.country  # Helsingborg is not Helsingor
            if away[k] <= SAME_NM and like(names, self.names[k], 0.85 if home else 1.0):
                return k
            if named_nm > SAME_NM and home and not cores.isdisjoint(map(core, self.names[k])):
                return k
        return None


def proper(port: Listed, known: Known) -> Listed:
    """The port without a code that is malformed, another country's or another port's, and with a key of its own."""
    if not CODE.fullmatch(port.locode) or port.locode[:2] != port.country or port.locode in known.codes:
        port = replace(port, locode="")
    if not port.locode and (plain(port.name), port.country) in known.called:
        side = f"{abs(port.lat):.1f} {'N' if port.lat >= 0 else 'S'}"
        port = replace(port, name=f"{port.name} ({side})", aliases=(*port.aliases, port.name))
    return port


Sea = tuple[tuple[float, float] | None, float | None]  # a sea point (lon, lat) and its approach in nm, or neither


def on_the_map(port: Listed, ashore: bool, sure: bool, coast: Coast) -> Sea | str:
    """Sea point and approach of a port that lies inland, or why it is left out."""
    if port.lat < SOUTH_OF_SHIPPING:
        return "in the Antarctic, where no route leads"
    if port.sea:
        return (port.sea[1], port.sea[0]), port.approach_nm
    if not ashore:
        return None, None
    shore = coast.nearest(port.lon, port.lat, INLAND_NM)
    if shore is None:
        return f"more than {INLAND_NM:g} nm from the sea of the map"
    lon, lat, away = shore
    if away <= ASHORE_NM:
        return None, None
    if not sure:
        return f"more than {ASHORE_NM:g} nm from the sea of the map, by a position that may be a town's"
    return (round(lon, 4), round(lat, 4)), float(round(away * WINDING))


@dataclass(frozen=True)
class Graded:
    """Where a position comes from, its confidence ("" leaves the port out), and whether it is surely the port's."""

    told: str
    confidence: str
    sure: bool


def _away(one: Listed, others: list[Listed]) -> Floats:
    return np.asarray(angles(vectors((one.lon, one.lat)), _xyz((o.lon, o.lat) for o in others)) * NM_PER_RADIAN)


def index_graded(port: Listed, harbours: list[Listed], other: Listed | None) -> Graded:
    """A row of the World Port Index: A where the sea-ports list agrees."""
    told = f"World Port Index {port.index}"
    if other is not None and _away(port, [other])[0] <= AGREES_NM:
        return Graded(f"{told}; agrees with sea-ports list within {AGREES_NM:g} nm", "A", True)
    return Graded(told, "B", True)


def searoute_graded(port: Listed, harbours: list[Listed], other: Listed | None) -> Graded:
    """A row of searoute, which sets inland towns on the nearest coast too: something else must speak for it."""
    away = _away(port, harbours) if harbours else np.empty(0)
    name = core(port.name)
    near = [h.name for h, nm in zip(harbours, away, strict=True) if nm <= HARBOUR_NM]
    called = any(name in core(other) or like([port.name, *port.aliases], [other]) for other in near)
    if port.trusted:
        return Graded("searoute ports list", "C", True)
    if port.grain == "minutes":
        return Graded("searoute ports list, in whole minutes as of an older World Port Index", "B", True)
    if called:
        return Graded(f"searoute ports list; a harbour of its name in GeoNames within {HARBOUR_NM:g} nm", "B", True)
    for nm, grade in ((AGREES_NM, "B"), (HARBOUR_NM, "C")):
        if other is not None and _away(port, [other])[0] <= nm:
            return Graded(f"searoute ports list; agrees with sea-ports list within {nm:g} nm", grade, True)
    if port.grain == "hundredths" or port.country == "US":
        return Graded("in searoute alone, and perhaps an inland town", "", False)
    return Graded("searoute ports list, alone", "C", False)


def sea_ports_graded(port: Listed, harbours: list[Listed], other: Listed | None) -> Graded:
    """A row of the sea-ports list, whose positions are often those of towns: another list must have a harbour near."""
    if port.trusted:
        return Graded("sea-ports list", "C", True)
    away = float(_away(port, harbours).min()) if harbours else np.inf
    for nm, grade in ((AGREES_NM, "B"), (HARBOUR_NM, "C")):
        if away <= nm:
            return Graded(f"sea-ports list; another list has a harbour within {nm:g} nm", grade, False)
    return Graded(f"no other list has a harbour of its country within {HARBOUR_NM:g} nm", "", False)


GRADED = {HARBORLY: index_graded, SEAROUTE: searoute_graded, SEA_PORTS: sea_ports_graded}


class Maker:
    """Rows of the lists, one after the other."""

    def __init__(self, hand: Iterable[Port], harbours: Iterable[Listed]) -> None:
        self.known = Known(hand)
        self.coast = Coast()
        self.rows: list[Row] = []
        self.left_out: list[tuple[Listed, str]] = []
        self.same: list[tuple[int, Listed]] = []  # row of the hand-made table, and what a list calls it
        self._harbours: dict[str, list[Listed]] = {}
        for harbour in harbours:
            self._harbours.setdefault(harbour.country, []).append(harbour)

    def enter(self, ports: list[Listed], source: str, check: dict[str, Listed]) -> None:
        """Add the ports of a list. `check` is another list by code."""
        ashore = on_land(np.array([(p.lon, p.lat) for p in ports]))
        for listed, dry in zip(map(lists.named, ports), ashore, strict=True):
            row = self.known.same(listed, NAMED_NM[source])
            if row is not None:
                self._called(row, listed)
                continue
            graded = GRADED[source](listed, self._harbours.get(listed.country, []), check.get(listed.locode))
            found = on_the_map(listed, bool(dry), graded.sure, self.coast)
            if isinstance(found, str) or not graded.confidence:
                self.left_out.append((listed, found if isinstance(found, str) else graded.told))
                continue
            self._add(proper(listed, self.known), graded, found)

    def _called(self, row: int, port: Listed) -> None:
        """Keep what another list calls a port that is listed already."""
        if row < self.known.hand:
            self.same.append((row, port))
            return
        k = row - self.known.hand
        own = self.rows[k].port
        have = set(map(plain, (own.name, *own.aliases, own.locode)))
        more = [n for n in (port.name, *port.aliases) if plain(n) not in have and not set("/,(") & set(n)]
        called = replace(own, aliases=(*own.aliases, *dict.fromkeys(more)), main=own.main or port.main)
        self.rows[k] = replace(self.rows[k], port=called)

    def _add(self, port: Listed, graded: Graded, found: Sea) -> None:
        sea, approach = found
        told, grade = graded.told, graded.confidence
        if sea is not None:
            grade = "C"
            if not port.sea:
                told += f"; approach: straight from the coast of the map and {WINDING - 1:.0%} more"
        self.rows.append(Row(port, "; ".join([told, *port.notes]), grade, sea, approach))
        self._list(port)

    def _list(self, port: Listed) -> None:
        key = port.locode or f"{port.name}/{port.country}"
        if key in self.known.keys:
            raise SystemExit(f"two ports have the key {key}: name one of them otherwise in port_repairs.csv")
        self.known.enter((port.name, *port.aliases), port.country, port.locode, key, port.lon, port.lat)
        self._harbours.setdefault(port.country, []).append(port)


def text_of(rows: list[Row]) -> str:
    """The table, by country and name."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for r in sorted(rows, key=lambda r: (r.port.country, r.port.name, r.port.locode)):
        p = r.port
        sea = ("", "") if r.sea is None else (f"{r.sea[1]:.4f}", f"{r.sea[0]:.4f}")
        nm = "" if r.approach_nm is None else f"{r.approach_nm:g}"
        writer.writerow([p.locode, p.name, p.country, f"{p.lat:.4f}", f"{p.lon:.4f}", *sea, nm,
                         "yes" if p.main else "", ";".join(p.aliases), r.source, r.confidence])  # fmt: skip
    return out.getvalue()


def made(raw: Path) -> Maker:
    """All lists, read, checked and joined to the ports that are listed by hand."""
    index, harbours = lists.world_port_index(lists.archive(HARBORLY, raw))
    others = lists.sea_ports(lists.archive(SEA_PORTS, raw))
    maker = Maker(read_ports(geodata.table("ports.csv")), harbours)
    by_code = {p.locode: p for p in others}
    maker.enter(index, HARBORLY, by_code)
    maker.enter(lists.searoute_ports(lists.archive(SEAROUTE, raw)), SEAROUTE, by_code)
    maker.enter(others, SEA_PORTS, {})
    return maker


def main() -> None:
    """Write the table, and tell what was left out."""
    parser = argparse.ArgumentParser(prog="python -m geodata.build.ports", description=__doc__)
    parser.add_argument("--raw", type=Path, default=geodata.FOLDER / "raw", help="folder of the raw archives")
    parser.add_argument("--left-out", action="store_true", help="list the ports that were left out")
    options = parser.parse_args()
    maker = made(options.raw)
    geodata.table("ports_world.csv").write_text(text_of(maker.rows), encoding="utf-8")
    grades = Counter(r.confidence for r in maker.rows)
    told = ", ".join(f"{n} of {grade}" for grade, n in sorted(grades.items()))
    print(f"{len(maker.rows)} ports ({told}); {len(maker.same)} are listed by hand", file=sys.stderr)
    for why, count in Counter(why for _, why in maker.left_out).items():
        print(f"left out: {count}, {why}", file=sys.stderr)
    if options.left_out:
        for port, why in maker.left_out:
            print(f"{port.index},{port.name},{port.country},{port.lat},{port.lon},{why}")


if __name__ == "__main__":
    main()
