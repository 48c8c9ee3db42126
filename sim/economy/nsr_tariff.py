"""What icebreakers and ice pilots cost on the Northern Sea Route: the order 45-t/1 of 2014 and what studies took.

The rate per GT is a product: base x class of GT x ice class x number of areas x season, rounded to the kopeck. The
order is a ceiling: prices are negotiated, and only an escort that took place is paid for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from sim.economy.currency import exchange_rate
from sim.economy.rates import Charge, Found, Rate, RateTable, as_date, checked, join_notes, known, worst
from sim.errors import DataError, UsageError, did_you_mean
from sim.ice.classes import IceClass
from sim.ice.classes import ice_class as class_of

AREAS: Final = 7
SUMMER, WINTER = SEASONS = ("summer_autumn", "winter_spring")
SUMMER_MONTHS: Final = range(7, 12)  # 1 July to 30 November
MAX_GT: Final = 500_000.0
KOPECK: Final = Decimal("0.01")


@dataclass(frozen=True)
class EscortRate:
    """Roubles per GT, the factors that they are a product of as text, and the rows behind them."""

    rub_per_gt: float
    formula: str
    base: Found
    confidence: str
    note: str


def season_of(date: dt.date) -> str:
    """Season of the tariff: summer_autumn from 1 July to 30 November, else winter_spring."""
    return SUMMER if as_date(date).month in SUMMER_MONTHS else WINTER


def tariff_classes() -> tuple[str, ...]:
    """The ice classes that the tariff names."""
    return _rows("ice_class").values("ice_class")


def tariff_class(name: str | IceClass) -> str:
    """The class of the tariff for an ice class in any usual spelling, say Arc4 for 1A. Raises UsageError."""
    if isinstance(name, IceClass):
        return name.admission_row
    own = {c.casefold(): c for c in tariff_classes()}
    if name is None:  # its text would be the class 'none', at double the price
        raise UsageError(f"ice class is None, allowed: {', '.join(own.values())}")
    word = str(name).replace(" ", "").casefold()
    if word in own:
        return own[word]
    try:
        return class_of(str(name)).admission_row
    except UsageError:
        hint = did_you_mean(str(name), own.values())
        raise UsageError(f"unknown ice class '{name}'{hint}; allowed: {', '.join(own.values())}") from None


def areas_escorted(zones: int | Collection[str] | Collection[int]) -> int:
    """How many of the seven areas: a number 0 to 7, or the areas themselves by name or place in `sim.ice` `SEAS`.

    Raises UsageError for more than seven, an unknown name, or a place outside 0 to 6.
    """
    if isinstance(zones, str):
        return len(_area_names([zones]))
    if isinstance(zones, Collection):
        return len(_area_names(zones))
    number = checked("zones", zones, 0, AREAS)
    if number != int(number):
        raise UsageError(f"zones is {zones!r}, allowed is a whole number from 0 to {AREAS}, or names of areas")
    return int(number)


def _area_names(zones: Collection[str] | Collection[int]) -> set[str]:
    from sim.ice.admission import SEAS  # brings numpy

    names = set()
    for zone in zones:
        if isinstance(zone, str):
            names.add(known("area of the Northern Sea Route", zone, SEAS))
        else:
            names.add(SEAS[int(checked("place of an area", zone, 0, AREAS - 1))])
    return names


def escort_rate(
    gt: float,
    ice_class: str | IceClass,
    zones: int | Collection[str] | Collection[int],
    season: str,
    date: dt.date | None = None,
    *,
    strict: bool = False,
) -> EscortRate:
    """Roubles per GT of the order, to the kopeck. Raises UsageError for bad input, DataError with `strict`.

    Source: FTS order 45-t/1 of 2014-03-04. Its own tables lie one kopeck above the product in 55 cells.
    """
    size = checked("gt", gt, 1, MAX_GT)
    kind, count = tariff_class(ice_class), areas_escorted(zones)
    if count == 0:
        raise UsageError("zones is 0: without an escort there is no rate")
    base = _rows("base").at(date, strict)
    by_gt = _gt_row("gt_class", size, date, strict)
    rows = [
        by_gt,
        _rows("ice_class").where(ice_class=kind).at(date, strict),
        _rows("zones").where(zones=str(count)).at(date, strict),
        _rows("season").where(season=known("season", season, SEASONS)).at(date, strict),
    ]
    value = Decimal(base.rate.text("rub_per_gt"))
    for found in rows:
        value *= Decimal(found.rate.text("factor"))
    rub = value.quantize(KOPECK, ROUND_HALF_UP)
    words = (_gt_words(by_gt.rate), kind, f"{count} area{'s' * (count > 1)}", season)
    factors = " x ".join(f"{f.rate.number('factor'):g} ({word})" for f, word in zip(rows, words, strict=True))
    notes = [f"{word}: {f.rate.note}" for f, word in zip(rows, words, strict=True) if f.rate.confidence == "C"]
    return EscortRate(
        float(rub), f"{base.rate.text('rub_per_gt')} x {factors} = {rub} RUB/GT", base,
        worst(base.confidence, *(f.confidence for f in rows)), join_notes(base.note, *notes),
    )  # fmt: skip


def escort_fee(
    gt: float,
    ice_class: str | IceClass,
    zones: int | Collection[str] | Collection[int],
    date: dt.date | None = None,
    fx: float | None = None,
    index_factor: float = 1.0,
    *,
    season: str | None = None,
    strict: bool = False,
) -> Charge:
    """Icebreaker escort of one voyage in USD, for the areas really escorted; none gives a line of 0 USD.

    `gt` gross tonnage; `fx` roubles per US dollar, else the table's rate of the day; `index_factor` raises or lowers
    the order of 2014. The season comes from `season` or the date. Raises UsageError for bad input, DataError with
    `strict` where no rate is valid on the day. Source: FTS order 45-t/1 of 2014-03-04.
    """
    size = checked("gt", gt, 1, MAX_GT)
    index = checked("index_factor", index_factor, 0, 100)
    if season is None and date is None:
        raise UsageError("an escort fee needs a date or a season")
    part = season if season is not None else season_of(date) if date else SUMMER
    known("season", part, SEASONS)
    rouble = exchange_rate("RUB", date, given=fx, strict=strict)
    what = "NSR icebreaker escort"
    if areas_escorted(zones) == 0:
        tariff_class(ice_class)
        return Charge(what, 0.0, "no area escorted", "order 45-t/1", None, "A", "an escort not given is not paid")
    rate = escort_rate(size, ice_class, zones, part, date, strict=strict)
    usd = round(rate.rub_per_gt * size * index / rouble.quote, 2)
    formula = f"{rate.formula}; x {size:,.0f} GT{_index(index)} / {rouble}"
    return Charge(
        what, usd, formula, f"{rate.base.rate.source}; {rouble.source}", rate.base.rate.valid_from,
        worst(rate.confidence, rouble.confidence), join_notes(rate.note, rouble.remark), rouble.prices,
    )  # fmt: skip


def ice_pilot_fee(
    gt: float, date: dt.date | None = None, fx: float | None = None, index_factor: float = 1.0, *, strict: bool = False
) -> Charge:
    """Ice pilots of one voyage in USD by class of GT; `fx` roubles per US dollar, else the rate of the day.

    Source: Lambert et al. 2021, model inputs. Raises UsageError for bad input, DataError with `strict`.
    """
    size = checked("gt", gt, 1, MAX_GT)
    index = checked("index_factor", index_factor, 0, 100)
    rouble = exchange_rate("RUB", date, given=fx, strict=strict)
    found = _gt_row("ice_pilot", size, date, strict)
    rub = found.rate.number("rub_per_voyage")
    return Charge(
        "NSR ice pilots", round(rub * index / rouble.quote, 2),
        f"{rub:,.0f} RUB a voyage ({_gt_words(found.rate)}){_index(index)} / {rouble}",
        f"{found.rate.source}; {rouble.source}", found.rate.valid_from,
        worst(found.confidence, rouble.confidence), join_notes(found.note, rouble.remark), rouble.prices,
    )  # fmt: skip


def negotiated_escort_fee(cargo_t: float, date: dt.date | None = None, *, strict: bool = False) -> Charge:
    """Escort of one voyage in USD at the price per tonne of cargo that has been agreed instead of the order's.

    Raises UsageError for a cargo outside 0 to 500,000 t, DataError with `strict`.
    """
    cargo = checked("cargo_t", cargo_t, 0, 500_000)
    found = _rows("negotiated").at(date, strict)
    usd = found.rate.number("usd_per_t_cargo")
    return Charge(
        "NSR icebreaker escort, negotiated", round(usd * cargo, 2), f"{usd:g} USD/t x {cargo:,.0f} t",
        found.rate.source, found.rate.valid_from, found.confidence, found.note,
    )  # fmt: skip


def _rows(kind: str) -> RateTable:
    return RateTable.load("nsr_tariffs.csv").where(f"NSR tariff ({kind})", kind=kind)


def _gt_row(kind: str, gt: float, date: dt.date | None, strict: bool) -> Found:
    """The row of the class of GT. Its upper end counts, so that no fraction of a ton falls between two classes."""
    ends = [r.number("gt_to") for r in _rows(kind).rows if r.text("gt_to")]
    end = min((e for e in ends if gt <= e), default=None)
    found = _rows(kind).only(lambda r: (r.number("gt_to") if r.text("gt_to") else None) == end)
    if not found.rows:
        raise DataError(f"NSR tariff ({kind}): no row for {gt:,.0f} GT")
    return found.at(date, strict)


def _gt_words(row: Rate) -> str:
    low, high = row.text("gt_from"), row.text("gt_to")
    return f"{int(low):,}-{int(high):,} GT" if high else f"above {int(low) - 1:,} GT"


def _index(index: float) -> str:
    return "" if index == 1 else f" x {index:g} (index)"
