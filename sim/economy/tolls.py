"""Tolls of the Suez Canal and of the Turkish Straits, each line with its row, its inputs and a confidence.

Suez dues are a sum over slabs of Suez Canal net tonnage (SCNT), each at its own rate in SDR; surcharges and rebates are
shares of the dues. All rates are rows of suez_tolls.csv and other_tolls.csv in geodata/tables; Panama stands in
`sim.economy.canals.panama`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from sim.economy.currency import exchange_rate
from sim.economy.rates import GIVEN, Charge, Found, RateTable, checked, join_notes, known, worst
from sim.errors import UsageError
from sim.ship.vessel import Ship

# upper end of each slab in SCNT, and the column with its rate
TIERS: Final = (
    (5_000, "sdr_to_5000"), (10_000, "sdr_to_10000"), (20_000, "sdr_to_20000"), (40_000, "sdr_to_40000"),
    (70_000, "sdr_to_70000"), (120_000, "sdr_to_120000"), (180_000, "sdr_to_180000"), (math.inf, "sdr_above"),
)  # fmt: skip
MAX_SCNT: Final = 300_000.0
SHORT_NAMES: Final = MappingProxyType({
    "lng": "lng_carrier", "lpg": "lpg_carrier", "bulk": "dry_bulk", "bulk_carrier": "dry_bulk",
    "containership": "container", "container_ship": "container", "car_carrier": "vehicle_carrier",
})  # fmt: skip
DIRECTIONS: Final = ("northbound", "southbound")
MAX_DECK_TIERS: Final = 20
TURKISH: Final = ("bosporus", "dardanelles")
# passages that cost something which no table has; every other one that has no function here is free
NO_TARIFF: Final[Mapping[str, str]] = MappingProxyType({
    "kiel_canal": "the tariff of the Kiel Canal (in EUR) is not in the tables: its toll is not counted",
    "corinth_canal": "the tariff of the Corinth Canal is not in the tables: its toll is not counted",
    "kerch_strait": "the dues of the Kerch Strait are not in the tables: they are not counted",
    "magellan_strait": "the compulsory pilotage of the Strait of Magellan is not in the tables: it is not counted",
    "torres_strait": "the compulsory pilotage of the Torres Strait is not in the tables: it is not counted",
})  # fmt: skip


@dataclass(frozen=True)
class _Suez:
    """What one transit of Suez is charged on."""

    scnt: float
    ship_type: str
    laden: bool
    date: dt.date | None
    strict: bool

    @property
    def condition(self) -> str:
        return "laden" if self.laden else "ballast"

    def rows(self, kind: str, condition: str = "") -> RateTable:
        words = {"condition": condition} if condition else {}
        table = RateTable.load("suez_tolls.csv").where(f"Suez {kind} of {self.ship_type}", kind=kind, **words)
        return table.where(ship_type=self.ship_type)


def ship_types() -> tuple[str, ...]:
    """The ship types of the Suez tariff."""
    return RateTable.load("suez_tolls.csv").where(kind="dues").values("ship_type")


def suez_toll_sdr(
    scnt: float, ship_type: str, laden: bool, date: dt.date | None = None, *, strict: bool = False
) -> float:
    """Transit dues in SDR before surcharges and rebates, of a net tonnage in SCNT; without a date the newest tariff.

    Source: circulars of the Suez Canal Authority, in suez_tolls.csv. Raises UsageError for a tonnage outside 1 to
    300,000 or an unknown type, DataError with `strict` where no tariff is valid on the day.
    """
    return _dues(_transit(scnt, ship_type, laden, date, strict))[0]


def suez_toll(
    ship: Ship | None = None,
    date: dt.date | None = None,
    laden: bool = True,
    surcharge_share: float | None = None,
    rebate_share: float | None = None,
    *,
    scnt: float | None = None,
    ship_type: str | None = None,
    deck_tiers: int | None = None,
    direction: str | None = None,
    usd_per_sdr: float | None = None,
    ancillary_usd: float | None = None,
    strict: bool = False,
) -> list[Charge]:
    """Lines of one transit in USD: dues, surcharge, rebate, services. Those without an amount are left out.

    Dues come from `scnt` and `ship_type`, else from those of the ship (its tonnage is an estimate). `surcharge_share`
    and `rebate_share` are shares of the dues; None takes those of the table on the day. Container ships are surcharged
    by tiers of boxes on deck, which needs `deck_tiers` and `direction` (northbound, southbound). `usd_per_sdr` and
    `ancillary_usd` replace rows of the tables. Raises as `suez_toll_sdr`.
    """
    size, grade, remark = _tonnage(ship, scnt)
    transit = _transit(size, type_of(ship, ship_type), laden, date, strict)
    sdr, found = _dues(transit)
    fx = exchange_rate("SDR", date, given=usd_per_sdr, strict=strict)
    dues_usd = round(sdr * fx.usd, 2)
    grade = worst(grade, found.confidence, fx.confidence)
    surcharge, no_surcharge = _surcharge(transit, surcharge_share, deck_tiers, direction, dues_usd, grade)
    counted = dues_usd + (surcharge.amount_usd if surcharge else 0.0)
    extra = _on_boxes(transit, counted, grade) if surcharge_share is None else None
    rebate, no_rebate = _rebate(transit, rebate_share, dues_usd, counted, grade)
    dues = Charge(
        what="Suez Canal dues",
        amount_usd=dues_usd,
        formula=f"{size:,.0f} SCNT, {transit.ship_type}, {transit.condition}: {sdr:,.2f} SDR x {fx}",
        source=f"{found.rate.source}; {fx.source}",
        valid_from=found.rate.valid_from,
        confidence=grade,
        note=join_notes(remark, found.note, fx.remark, no_surcharge, no_rebate),
        prices=fx.prices,
    )
    services = _ancillary(transit, ancillary_usd)
    return [line for line in (dues, surcharge, extra, rebate, services) if line is not None]


def _transit(scnt: float, ship_type: str, laden: bool, date: dt.date | None, strict: bool) -> _Suez:
    size = checked("scnt", scnt, 1, MAX_SCNT)
    return _Suez(size, full_name(ship_type), laden_or_not(laden), date, strict)


def full_name(ship_type: str) -> str:
    """The type of the tariff that a name or a short name means. Raises UsageError."""
    return known("ship type", SHORT_NAMES.get(ship_type, ship_type), ship_types())


def laden_or_not(laden: bool) -> bool:
    """A truth value: the word 'ballast' would count as laden."""
    if isinstance(laden, str) or laden not in (True, False):
        raise UsageError(f"laden is {laden!r}, allowed is True or False")
    return bool(laden)


def type_of(ship: Ship | None, ship_type: str | None) -> str:
    """A given type, else the one that the ship has in the Suez tariff. Raises UsageError without either."""
    if ship_type is not None:
        return ship_type
    if ship is None:
        raise UsageError("a toll needs a ship, or its ship_type and size")
    name = ship.economics.get("suez_type")
    if not isinstance(name, str):
        raise UsageError(f"ship '{ship.name}' has no suez_type; give ship_type: {', '.join(ship_types())}")
    return name


def _tonnage(ship: Ship | None, scnt: float | None) -> tuple[float, str, str]:
    """SCNT, its confidence ('' where given) and a note. That of a ship is an estimate from its gross tonnage."""
    if scnt is not None:
        return scnt, "", ""
    if ship is None:
        raise UsageError("a Suez toll needs a ship, or its scnt and ship_type")
    if isinstance(own := ship.economics.get("scnt_est"), float):
        return own, "C", "the net tonnage is an estimate from gross tonnage"
    rows = RateTable.load("suez_tolls.csv").where(kind="scnt", ship_type=type_of(ship, None)).rows
    if ship.gt is None or not rows:
        raise UsageError(f"ship '{ship.name}' has no net tonnage for Suez; give scnt")
    ratio = rows[0].number("scnt_per_gt")
    return ship.gt * ratio, "C", f"the net tonnage is {ratio:g} x gross tonnage, an estimate"


def _dues(transit: _Suez) -> tuple[float, Found]:
    """Dues in SDR and their row. In hundredths, as the rates are, so that the sum is exact."""
    found = transit.rows("dues", transit.condition).at(transit.date, transit.strict)
    below, cents = 0.0, []
    for upper, column in TIERS:
        slab = min(transit.scnt, upper) - below
        if slab <= 0:
            break
        cents.append(slab * round(found.rate.number(column) * 100))
        below = upper
    return round(math.fsum(cents) / 100, 2), found


def _surcharge(
    transit: _Suez, given: float | None, deck_tiers: int | None, direction: str | None, dues_usd: float, grade: str
) -> tuple[Charge | None, str]:
    """The line, or None and what to say about it. Surcharges of the table hold only within their dates."""
    name = "Suez Canal surcharge"
    if given is not None:
        share = checked("surcharge_share", given, 0, 3)
        return _share_of_dues(name, share, dues_usd, GIVEN, None, grade), ""
    if transit.ship_type == "container":
        if deck_tiers is None and direction is None:
            return None, "the surcharge for boxes on deck is not counted: it needs deck_tiers and direction"
        return _deck_surcharge(transit, deck_tiers, direction, dues_usd, grade)
    rows = transit.rows("surcharge", transit.condition)
    held = rows.held(transit.date) if transit.date else tuple(r for r in rows.rows if r.valid_to is None)
    if not held:
        return None, "no surcharge in the table"
    row = held[0]
    line = _share_of_dues(
        name, row.number("share"), dues_usd, row.source, row.valid_from, worst(grade, row.confidence), row.note
    )
    return line, ""


def _deck_surcharge(
    transit: _Suez, deck_tiers: int | None, direction: str | None, dues_usd: float, grade: str
) -> tuple[Charge | None, str]:
    if deck_tiers is None or direction is None:
        raise UsageError("the surcharge for boxes on deck needs both deck_tiers and direction")
    tiers = checked("deck_tiers", deck_tiers, 0, MAX_DECK_TIERS)
    rows = transit.rows("deck", known("direction", direction, DIRECTIONS))
    if tiers == 0:
        return None, "no boxes on deck: no surcharge"
    found = rows.at(transit.date, transit.strict)
    same = sorted((r for r in rows.rows if r.valid_from == found.rate.valid_from), key=lambda r: r.number("deck_tiers"))
    share, top = same[0].number("share"), same[-1]
    for low, high in pairwise(same):
        part = (tiers - low.number("deck_tiers")) / (high.number("deck_tiers") - low.number("deck_tiers"))
        if part >= 0:
            share = low.number("share") + min(part, 1.0) * (high.number("share") - low.number("share"))
    above = tiers - top.number("deck_tiers")
    step = top.number("share_per_tier_above") if top.text("share_per_tier_above") else 0.0
    note = (
        f"the share of {top.number('deck_tiers'):g} tiers is the highest in the table" if above > 0 and not step else ""
    )
    share = round(share + max(above, 0.0) * step, 4)
    name = f"Suez Canal surcharge for {tiers:g} tiers on deck, {direction}"
    confidence = worst(grade, found.confidence)
    line = _share_of_dues(
        name, share, dues_usd, found.rate.source, found.rate.valid_from, confidence, join_notes(found.note, note)
    )
    return line, ""


def _on_boxes(transit: _Suez, counted_usd: float, grade: str) -> Charge | None:
    """A temporary surcharge of container ships, on the dues with the surcharge for boxes on deck; None on most days."""
    if transit.ship_type != "container" or transit.date is None:
        return None
    for row in transit.rows("surcharge", transit.condition).held(transit.date):
        confidence = worst(grade, row.confidence)
        return _share_of_dues(
            "Suez Canal temporary surcharge", row.number("share"), counted_usd, row.source, row.valid_from, confidence,
            row.note,
        )  # fmt: skip
    return None


def _rebate(
    transit: _Suez, given: float | None, dues_usd: float, counted_usd: float, grade: str
) -> tuple[Charge | None, str]:
    """The line, or None and the rebates that hold on conditions which a tariff cannot know.

    One given is a share of the dues; one of the table is counted, as its circular does, with the deck surcharge.
    """
    name = "Suez Canal rebate"
    if given is not None:
        share = checked("rebate_share", given, 0, 1)
        return _share_of_dues(name, -share, dues_usd, GIVEN, None, grade), ""
    held = transit.rows("rebate").held(transit.date) if transit.date else ()
    for row in held:
        if row.text("automatic") == "yes" and transit.scnt >= row.number("min_scnt"):
            confidence = worst(grade, row.confidence)
            line = _share_of_dues(
                name, -row.number("share"), counted_usd, row.source, row.valid_from, confidence, row.note
            )
            return line, ""
    others = [f"{r.number('share'):.0%} {r.text('condition')}" for r in held if r.text("automatic") == "no"]
    return None, f"rebates on conditions are not counted: {', '.join(others)}" if others else ""


def _share_of_dues(
    what: str, share: float, dues_usd: float, source: str, start: dt.date | None, confidence: str, note: str = ""
) -> Charge | None:
    if share == 0:
        return None
    return Charge(
        what, round(share * dues_usd, 2), f"{share:+.1%} of {dues_usd:,.2f} USD", source, start, confidence, note
    )


def _ancillary(transit: _Suez, given: float | None) -> Charge | None:
    name = "Suez Canal pilots, tugs, mooring, agency"
    if given is not None:
        usd = round(checked("ancillary_usd", given, 0, 1e7), 2)
        return Charge(name, usd, f"{usd:,.2f} USD", GIVEN, None, "A") if usd else None
    found = RateTable.load("suez_tolls.csv").where("Suez services", kind="ancillary").at(transit.date, transit.strict)
    usd, rate = found.rate.number("usd"), found.rate
    return Charge(name, usd, f"{usd:,.0f} USD a transit", rate.source, rate.valid_from, found.confidence, found.note)


def turkish_straits_toll(net_t: float, date: dt.date | None = None, *, strict: bool = False) -> Charge:
    """What Bosporus and Dardanelles cost together in USD, of a net tonnage in net tons; one payment covers both.

    Raises UsageError for a tonnage outside 1 to 300,000, DataError with `strict` where no rate is valid on the day.
    """
    size = checked("net_t", net_t, 1, 300_000)
    found = RateTable.load("other_tolls.csv").where("dues of the Turkish Straits", passage="bosporus").at(date, strict)
    rate = found.rate
    usd = rate.number("usd_per_net_t")
    return Charge(
        "Turkish Straits dues", round(usd * size, 2), f"{usd:g} USD x {size:,.0f} net t", rate.source, rate.valid_from,
        found.confidence, found.note,
    )  # fmt: skip
