"""Fuels and their prices, and the rows of regulation that all of this room read, each with source and confidence.

Factors of a fuel: Regulation (EU) 2023/1805 (FuelEU Maritime) Annex II; CO2 as MEPC.364(79). VLSFO has the factors of
HFO, since nearly all of it is a residual blend; a blend of light grades is LFO. Prices are parameters of a scenario:
base, which is dated (prices/days.py), low, high, a market that the table knows, or an own number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

import geodata
from sim import tables
from sim.economy.currency import exchange_rate
from sim.economy.prices.days import PriceDay, dated_row, price_day
from sim.economy.rates import GIVEN, Charge, Found, Rate, RateTable, as_date, checked, join_notes, known, worst
from sim.errors import DataError, UsageError, did_you_mean
from sim.tables import NEEDED, UNREAD, Filled, From, Grade, OneOf, Read, Within

if TYPE_CHECKING:
    from sim.ship.vessel import Ship

MAX_PRICE_USD_T = 10_000.0  # ten times the dearest week of VLSFO; more is a slip of the pen
MAX_FUEL_T = 1e9
G_PER_KG = 1000.0
# A tonne of LNG, by the higher heating value, which its price per MMBtu is of: 54.9 MJ/kg. Traders' factors are 51.9
# (hebrewenergy.com) to 52.1 (55.0 MJ/kg, bunkerindex.com); by the lower value of FuelEU, 49.1 MJ/kg, it is 46.5.
LNG_MMBTU_T = 52.0
MAX_LNG_USD_MMBTU = 190.0  # just below 10,000 USD a tonne
OTTO_MS_SFC_G_KWH = 150.0  # LNG engines that use more gas than this run on the Otto cycle at medium speed (156)


Factor = Annotated[float, Within(0)]


def _share(percent: str) -> float:
    if not 0 <= (value := float(percent)) <= 100:
        raise ValueError
    return value / 100


@dataclass(frozen=True)
class Fuel:
    """A fuel. Factors `cf_*` in g per g of fuel burnt, heating value in MJ/kg, `wtt_gco2e_mj` None without certificate.

    `slip_*_share` is the share of the fuel that leaves the main engine, the auxiliaries or the boiler unburnt, as
    methane. `renewable` is '', 'biofuel' or 'rfnbo'; `certified_gco2e_mj` is the intensity E of the certificate.
    """

    id: Filled
    name: Filled
    lcv_mj_kg: Annotated[float, Within(0, above=True)]
    cf_co2: Factor
    cf_ch4: Factor
    cf_n2o: Factor
    slip_main_share: Annotated[float, From("slip_main_pct"), Read(_share, "0 to 100")]
    slip_aux_share: Annotated[float, From("slip_aux_pct"), Read(_share, "0 to 100")]
    slip_boiler_share: Annotated[float, From("slip_boiler_pct"), Read(_share, "0 to 100")]
    wtt_gco2e_mj: Annotated[float | None, Within(0)]
    density_kg_m3: Factor
    sulphur_pct: Factor
    black_carbon_g_kg: Factor
    residual: bool
    renewable: Annotated[str, OneOf(("biofuel", "rfnbo"))] = ""
    certified_gco2e_mj: Annotated[float | None, UNREAD] = None
    aliases: tuple[str, ...] = ()
    note: str = ""
    source: Annotated[str, NEEDED] = ""
    confidence: Annotated[str, OneOf("ABC"), NEEDED] = ""

    @property
    def is_lng(self) -> bool:
        return self.id.startswith("LNG")

    def energy_mj(self, fuel_t: float) -> float:
        """Lower heating value of a mass in t, MJ."""
        return checked("fuel_t", fuel_t, 0, MAX_FUEL_T) * G_PER_KG * self.lcv_mj_kg

    def same_energy_t(self, other: Fuel, other_t: float) -> float:
        """The tonnes of this fuel that hold the energy of `other_t` tonnes of another."""
        return other.energy_mj(other_t) / (G_PER_KG * self.lcv_mj_kg)

    def certified(self, e_gco2e_mj: float) -> Fuel:
        """This fuel with the well-to-wake intensity E of a certificate, gCO2e/MJ: well-to-tank = E - CO2 factor / LCV.

        Its CO2 then counts as zero in the EU ETS. Raises UsageError for a fossil fuel, and for an E above what still
        counts as renewable (65 % saving for biofuels, 70 % for e-fuels; Directive (EU) 2018/2001).
        """
        if not self.renewable:
            raise UsageError(f"fuel {self.id} is fossil, a certificate is for biofuels and e-fuels only")
        most = rule_value("certificate_max", self.renewable)
        e_gco2e_mj = checked(f"certified intensity of {self.id}, gCO2e/MJ,", e_gco2e_mj, 0, most)
        wtt = e_gco2e_mj - G_PER_KG * self.cf_co2 / self.lcv_mj_kg
        return replace(self, wtt_gco2e_mj=wtt, certified_gco2e_mj=e_gco2e_mj)


@dataclass(frozen=True)
class Price:
    """A price of one fuel, USD per t; `case` is low, base, high, a market's name or 'own'.

    It is of the days from `valid_from` to `valid_to` (one day where that is None). `priced` tells how far these lie
    from the day that was asked for; None where the case was chosen by name or the price given.
    """

    fuel_id: Annotated[str, From("fuel"), NEEDED]
    usd_t: Annotated[float, From("price_usd_t"), Within(0)]
    case: Annotated[str, NEEDED, Read(str.casefold)]
    valid_from: dt.date | None
    note: str
    source: Filled
    confidence: Grade
    valid_to: dt.date | None = None
    priced: Annotated[PriceDay | None, UNREAD] = None

    @property
    def prices(self) -> tuple[PriceDay, ...]:
        """The date of the price, where it was looked up for a day."""
        return () if self.priced is None else (self.priced,)


class FuelTable:
    """Fuels and prices by name."""

    def __init__(self, fuels: Iterable[Fuel], prices: Iterable[Price] = ()) -> None:
        self.all = tuple(fuels)
        self.prices: dict[tuple[str, str], tuple[Price, ...]] = {}
        for p in prices:
            self.prices[p.fuel_id, p.case] = (*self.prices.get((p.fuel_id, p.case), ()), p)
        self._by_word = {_plain(w): f for f in self.all for w in (*f.aliases, f.name, f.id)}

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> FuelTable:
        """The shipped fuels and prices. Raises DataError where a price is of no fuel."""
        fuels = tables.rows(geodata.table("fuels.csv"), Fuel, unique="id")
        table = cls(fuels, tables.rows(geodata.table("fuel_prices.csv"), Price))
        if unknown := {fuel for fuel, _ in table.prices} - {f.id for f in table.all}:
            raise DataError(f"fuel_prices.csv: no such fuel in fuels.csv: {', '.join(sorted(unknown))}")
        return table

    def find(self, text: str) -> Fuel:
        """The fuel that an id, a name or an alias means, in any case. Raises UsageError with the nearest names."""
        word = _plain(text)
        if (fuel := self._by_word.get(word)) is not None:
            return fuel
        within = [f.id for f in self.all if len(word) > 2 and word in _plain(f.id)]
        hint = f" (did you mean {', '.join(within)}?)" if within else ""
        hint = hint or did_you_mean(text, [w for f in self.all for w in (f.id, f.name, *f.aliases)])
        raise UsageError(f"unknown fuel '{text}'{hint}; allowed: {', '.join(f.id for f in self.all)}")

    def for_ship(self, ship: Ship, text: str | None = None) -> Fuel:
        """The fuel of a ship, or another by name. Raises UsageError for a ship without fuel.

        Plain 'LNG' is told by the engine, since the slip of methane differs tenfold: Otto medium speed where the ship's
        specific consumption is above 150 g/kWh, else low-pressure Otto slow speed; name LNG_DIESEL for high pressure.
        """
        name = text or ship.default_fuel
        if not name:
            raise UsageError(f"ship '{ship.name}' has no fuel; name one of {', '.join(f.id for f in self.all)}")
        if _plain(name) != "lng":
            return self.find(name)
        return self.find("LNG_OTTO_MS" if (ship.sfoc_g_kwh or 0) > OTTO_MS_SFC_G_KWH else "LNG_OTTO_SS")

    def cases(self, fuel: Fuel) -> tuple[str, ...]:
        """Names of the prices that the table holds of a fuel."""
        return tuple(case for fuel_id, case in self.prices if fuel_id == fuel.id)

    def price(
        self,
        fuel: Fuel | str,
        case: str | float = "base",
        *,
        currency: str = "USD",
        rate: float | None = None,
        date: dt.date | None = None,
        strict: bool = False,
        key: str = "",
    ) -> Price:
        """Price of a fuel in USD per t: a case of the table, or an own number in a currency, from 0 to 10,000 USD.

        The base price is that of the `date`, or the nearest in time, which `priced` tells; without a date the newest.
        `rate` is an own exchange rate in the usual quote, else that of the `date`. Raises UsageError for an unknown
        fuel, case or currency, and for a number that is negative, absurd or none; DataError with `strict` where there
        is no base price of the month: the message names the `key` of a scenario that gives one.
        """
        fuel = self.find(fuel) if isinstance(fuel, str) else fuel
        if not isinstance(case, str):
            exchange = exchange_rate(currency, date, given=rate)
            most = MAX_PRICE_USD_T / exchange.usd
            amount = checked(f"price of {fuel.id}, {exchange.currency}/t,", case, 0, most)
            note = "" if exchange.currency == "USD" else f"{amount:g} {exchange.currency}/t at {exchange}"
            grade = exchange.confidence
            return Price(fuel.id, amount * exchange.usd, "own", None, join_notes(note, exchange.remark), GIVEN, grade)
        found = self.prices.get((fuel.id, case.strip().casefold()))
        if found is None:
            cases = self.cases(fuel)
            hint = did_you_mean(case, cases)
            raise UsageError(
                f"unknown price case '{case}' of {fuel.id}{hint}; allowed: a number or {', '.join(cases) or 'none'}"
            )
        if len(found) == 1 and case.strip().casefold() != "base":
            return found[0]
        day = None if date is None else as_date(date)
        row = dated_row(f"price of {fuel.id}", found, day, strict=strict, key=key)
        priced = price_day(fuel.id, row, day)
        return replace(row, priced=priced, confidence=row.confidence if priced.fits else "C")


def lng_price(fuel: Fuel, usd_mmbtu: float) -> Price:
    """Price of LNG in USD per t of one in USD per MMBtu by the higher heating value (52 MMBtu a tonne).

    Raises UsageError for another fuel, and outside 0 to 190 USD/MMBtu.
    """
    if not fuel.is_lng:
        raise UsageError(f"a price per MMBtu is for LNG, the ship burns {fuel.id}: give 'costs.fuel_usd_t'")
    amount = checked(f"price of {fuel.id}, USD/MMBtu,", usd_mmbtu, 0, MAX_LNG_USD_MMBTU)
    note = f"{amount:g} USD/MMBtu x {LNG_MMBTU_T:g} MMBtu/t, higher heating value"
    return Price(fuel.id, amount * LNG_MMBTU_T, "own", None, note, GIVEN, "A")


def fuel_cost_usd(fuel_t: float, price: Price | float) -> float:
    """Cost in USD, unrounded, of a mass in t at a price in USD per t."""
    usd_t = price.usd_t if isinstance(price, Price) else checked("price, USD/t,", price, 0, MAX_PRICE_USD_T)
    return checked("fuel_t", fuel_t, 0, MAX_FUEL_T) * usd_t


def fuel_charge(what: str, fuel_t: float, price: Price, *, confidence: str = "A") -> Charge:
    """The line of a ledger for a mass of fuel in t; `confidence` is that of the mass."""
    formula = f"{fuel_t:,.1f} t {price.fuel_id} x {price.usd_t:,.2f} USD/t ({price.case})"
    grade = worst(price.confidence, confidence)
    return Charge(
        what, round(fuel_cost_usd(fuel_t, price), 2), formula, price.source, price.valid_from, grade, price.note,
        price.prices,
    )  # fmt: skip


def rules(rule: str, key: str | None = None) -> RateTable:
    """The rows of one rule of geodata/tables/carbon_rules.csv, or of one of its keys, in any case.

    Raises UsageError for an unknown key, with the nearest; DataError where the table has no such rule.
    """
    rows = RateTable.load("carbon_rules.csv").where(rule, rule=rule)
    if not rows.rows:
        raise DataError(f"carbon_rules.csv: there is no row of {rule}")
    if key is None:
        return rows
    keys = {k.casefold(): k for k in rows.values("key")}
    name = keys.get(str(key).strip().casefold(), str(key))
    return rows.where(f"{rule} {name}", key=known(rule, name, keys.values()))


def rule(name: str, key: str | None = None) -> Rate:
    """The only row of a rule and key. Raises as `rules`."""
    return rules(name, key).rows[0]


def rule_value(name: str, key: str | None = None) -> float:
    """The figure of the only row of a rule and key. Raises as `rules`."""
    return rule(name, key).number("value")


def rule_at(name: str, when: dt.date, *, strict: bool = False) -> Found:
    """The row of a rule on a day, or the nearest in time, which its remark says. With `strict` that is refused."""
    return rules(name).at(when, strict)


def _plain(text: str) -> str:
    return "".join(c for c in str(text).casefold() if c.isalnum())
