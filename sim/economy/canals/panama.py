"""Tolls of the Panama Canal: a fixed part for each transit and a part by size, by type of ship and by locks.

The tariff that Panama approved on 12 July 2022 holds from 1 January 2023, with steps in 2024 and 2025; its rates are
rows of panama_tolls.csv. The old locks, 'panamax', know two categories: 'regular' below 91 feet of beam and 'super'
above; the new ones are 'neopanamax'. Dry bulk pays by dwt, boxes by TEU, gas by m3 of cargo, all others by PC/UMS tons.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sim.economy.rates import Charge, Rate, RateTable, checked, join_notes, known, worst
from sim.economy.tolls import full_name, laden_or_not, type_of
from sim.errors import DataError, UsageError
from sim.ship.vessel import Ship

TABLE: Final = "panama_tolls.csv"
LOCKS: Final = ("neopanamax", "panamax")
PASSAGES: Final = MappingProxyType({"panama_canal": "neopanamax", "panama_canal_panamax": "panamax"})
SUPER_BEAM_M: Final = 27.74  # 91 feet
MOST: Final = MappingProxyType({"TEU": 30_000.0, "m3": 400_000.0, "dwt t": 500_000.0, "PC/UMS t": 300_000.0})
LOADED_SHARE: Final = 0.85  # of the capacity in TEU, where the ship's row does not say
PC_UMS_NOTE: Final = "PC/UMS tonnage from the gross tonnage by the formula of measurement, an estimate"
LOADED_NOTE: Final = "loaded boxes taken as {share:.0%} of the capacity (assumption)"


@dataclass(frozen=True)
class _Size:
    """A size in the unit of the tariff, its confidence ('' where given) and a note."""

    number: float
    grade: str = ""
    note: str = ""


def panama_toll(
    ship: Ship | None = None,
    date: dt.date | None = None,
    laden: bool = True,
    *,
    ship_type: str | None = None,
    size: float | None = None,
    locks: str = "neopanamax",
    beam_m: float | None = None,
    loaded_share: float | None = None,
    fresh_water_share: float | None = None,
    strict: bool = False,
) -> list[Charge]:
    """Lines of one transit in USD: toll and fresh water surcharge, of a `size` in the unit of the tariff.

    The unit is m3 of cargo for gas carriers, TEU for container ships, dwt t for dry bulk, PC/UMS t for all others; a
    ship brings its own. `beam_m` (m) decides on the category in the old locks. Of a container ship `loaded_share` of
    the capacity (0 to 1; the ship's own where None) is paid for as loaded boxes. `fresh_water_share` (0 to 0.1 of the
    toll) follows the level of the lake. Raises UsageError for a bad size, beam or type, DataError for a type that has
    no rate in these locks, and with `strict` where no rate is valid on the day.
    """
    name, full = full_name(type_of(ship, ship_type)), laden_or_not(laden)
    category = _category(known("locks", locks, LOCKS), ship, beam_m)
    table = RateTable.load(TABLE)
    rows = table.where(f"Panama toll of {name}, {category}", kind="toll", ship_type=name, locks=locks)
    rows = rows.where(category=category)
    if not rows.rows:
        have = ", ".join(dict.fromkeys(table.where(kind="toll", category=category).values("ship_type")))
        raise DataError(f"no Panama tariff for {name} by the {locks} locks in the tables; known are {have}")
    unit = rows.rows[0].text("size_unit")
    sized = _own_size(ship, name, unit) if size is None else _Size(size)
    number = checked(f"size in {unit}", sized.number, 1, MOST[unit])
    found = rows.only(
        lambda r: r.number("size_from") <= number and (not r.text("size_below") or number < r.number("size_below"))
    ).at(date, strict)
    usd, formula, assumed = _amount(found.rate, number, full, _loaded(ship, loaded_share))
    toll = Charge(
        f"Panama toll, {locks} locks ({'laden' if full else 'ballast'})", usd, f"{category}: {formula}",
        found.rate.source, found.rate.valid_from, worst(found.confidence, sized.grade),
        join_notes(found.note, sized.note, assumed),
    )  # fmt: skip
    return [toll, _fresh_water(toll, date, fresh_water_share, strict)]


def pc_ums_t(gt: float) -> float:
    """Tonnage by the Panama Canal Universal Measurement System in tons, of a gross tonnage; an estimate.

    The volume V in m3 is that of which GT = (0.2 + 0.02 lg V) V (Tonnage Convention of 1969); PC/UMS = K4 V with
    K4 = 0.830 (0.25 + 0.01 lg V), without the term K5 of deep hulls (rules of measurement of 1994, from memory). The
    authority's guide has 46,136 t for a tanker of 100,000 dwt, 18,490 t for one of 40,000; a tanker of 109,999 dwt and
    62,245 GT comes to 51,143 t, 0.8 % more by its dwt. Raises UsageError outside 100 to 400,000.
    """
    size, volume = checked("gross tonnage", gt, 100, 400_000), gt / 0.3
    for _ in range(20):  # a contraction: the factor moves by 0.02 / ln 10 of a relative change
        volume = size / (0.2 + 0.02 * math.log10(volume))
    return 0.830 * (0.25 + 0.01 * math.log10(volume)) * volume


def _category(locks: str, ship: Ship | None, beam_m: float | None) -> str:
    if locks == "neopanamax":
        return locks
    beam = beam_m if beam_m is not None else None if ship is None else ship.beam_m
    if beam is None:
        raise UsageError("the toll of the old locks goes by the beam of the ship: give beam_m")
    return "regular" if checked("beam_m", beam, 1, 100) < SUPER_BEAM_M else "super"


def _own_size(ship: Ship | None, name: str, unit: str) -> _Size:
    """The size of a ship in the unit of its tariff. Raises UsageError where it has none."""
    if ship is not None and unit == "dwt t" and ship.dwt_t is not None:
        return _Size(ship.dwt_t)
    if ship is not None and unit == "PC/UMS t" and ship.gt is not None:
        return _Size(pc_ums_t(ship.gt), "C", PC_UMS_NOTE)
    if ship is None or ship.capacity is None or ship.capacity_unit != unit:
        raise UsageError(f"the Panama toll of {name} needs a size in {unit}")
    return _Size(ship.capacity)


def _loaded(ship: Ship | None, given: float | None) -> float:
    """The share of the capacity that is loaded boxes."""
    if given is not None:
        return checked("loaded_share", given, 0, 1)
    own = None if ship is None else ship.economics.get("payload_share")
    return LOADED_SHARE if own is None else float(own)


def _amount(rate: Rate, number: float, full: bool, loaded_share: float) -> tuple[float, str, str]:
    """The toll in USD, its formula, and what was assumed for it."""
    unit, fixed, each = rate.text("size_unit"), rate.text("fixed_usd"), rate.text("usd_per_unit")
    usd, formula = rate.number("fixed_usd") + rate.number("usd_per_unit") * number, f"{fixed} + {each} x {number:,.0f}"
    if not rate.text("usd_per_loaded"):
        part = 1.0 if full else rate.number("ballast_share")
        return round(usd * part, 2), f"({formula} {unit}) USD x {part:g}", ""
    if not full:
        return round(usd, 2), f"({formula} {unit}) USD", ""
    boxes = loaded_share * number
    usd += rate.number("usd_per_loaded") * boxes
    told = f"({formula} {unit} + {rate.text('usd_per_loaded')} x {boxes:,.0f} loaded {unit}) USD"
    return round(usd, 2), told, LOADED_NOTE.format(share=loaded_share)


def _fresh_water(toll: Charge, date: dt.date | None, given: float | None, strict: bool) -> Charge:
    found = RateTable.load(TABLE).where("Panama fresh water", kind="fresh_water").at(date, strict)
    rate = found.rate
    share = rate.number("share") if given is None else checked("fresh_water_share", given, 0, 0.1)
    usd = round(rate.number("fixed_usd") + share * toll.amount_usd, 2)
    formula = f"{rate.text('fixed_usd')} USD + {share:.1%} of {toll.amount_usd:,.2f} USD"
    confidence = worst(found.confidence, toll.confidence)
    return Charge("Panama Canal fresh water", usd, formula, rate.source, rate.valid_from, confidence, found.note)
