"""What the European Union charges for a voyage: EU ETS allowances and the FuelEU penalty.

EU ETS (Directive (EU) 2023/959): emissions x share of the voyage x phase-in of the year x (1 - ice relief) x price of
an allowance. CO2 from 2024, CH4 and N2O from 2026. The share of a leg is 1 between two EEA ports of call and at berth,
0.5 between one and a port outside, else 0; so a call at Murmansk leaves only the last leg of Dalian-Rotterdam in scope.

FuelEU (Regulation (EU) 2023/1805 Annex IV): penalty = deficit / (intensity x 41000) x 2400 EUR, deficit = (intensity -
target) x energy in scope. Deficits are settled over a ship's year, with banking and pooling: the figure is what the
voyage would owe by itself. Left out: the double count of e-fuels to 2033, the relief for energy in ice (Annex V), wind,
shore power, and the reliefs for islands and outermost regions. A voyage over New Year is for the caller to cut.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from sim.economy.currency import ExchangeRate, exchange_rate
from sim.economy.emissions import G_PER_T, Emissions, FuelUse, emissions
from sim.economy.fuels import MAX_FUEL_T, rule, rule_at, rule_value, rules
from sim.economy.prices.days import PriceDay, dated_row, price_day
from sim.economy.rates import GIVEN, Charge, Rate, RateTable, as_date, checked, join_notes, worst
from sim.errors import UsageError, did_you_mean
from sim.geo.ports import country_codes
from sim.ice.classes import IceClass

RELIEVED_FROM = "IA"  # the lowest ice class with relief; its equals by rank are Arc4 and PC7
MAX_ALLOWANCE_EUR = 2_000.0  # per t of CO2; a slip of the pen above it


@dataclass(frozen=True)
class EtsBill:
    """Allowances of a voyage or leg: `verified_t` CO2e that count, `owed_t` of them to be paid, and the price."""

    verified_t: float
    scope_share: float
    phase_in: float
    relief: float
    owed_t: float
    eur_t: float
    exchange: ExchangeRate
    price_source: str
    price_confidence: str
    rates: tuple[Rate, ...]
    priced: PriceDay | None = None

    @property
    def cost_eur(self) -> float:
        """Allowances times their price, EUR."""
        return self.owed_t * self.eur_t

    @property
    def cost_usd(self) -> float:
        """The cost in USD, unrounded."""
        return self.cost_eur * self.exchange.usd

    def charge(self, what: str = "EU ETS allowances") -> Charge:
        """The line of a ledger."""
        relief = f" x {1 - self.relief:g} ice class" if self.relief else ""
        formula = (
            f"{self.verified_t:,.1f} t CO2e x {self.scope_share:.3g} in scope x {self.phase_in:g} phase-in{relief} x "
            f"{self.eur_t:g} EUR/t at {self.exchange}"
        )
        line = _charge(
            what, self.cost_usd, formula, self.rates, self.exchange, self.price_source, self.price_confidence
        )
        return line if self.priced is None else replace(line, prices=(self.priced, *line.prices))


@dataclass(frozen=True)
class FuelEuBill:
    """FuelEU of a voyage: intensity and target in gCO2e/MJ, balance in tCO2e (a deficit is negative), penalty in EUR.

    `said` tells why nothing is owed: not in force, no energy in scope, a small ship, or a surplus.
    """

    intensity_gco2e_mj: float
    target_gco2e_mj: float
    energy_mj: float
    balance_tco2e: float
    penalty_eur: float
    exchange: ExchangeRate
    said: str
    rates: tuple[Rate, ...]

    @property
    def penalty_usd(self) -> float:
        """The penalty in USD, unrounded."""
        return self.penalty_eur * self.exchange.usd

    def charge(self, what: str = "FuelEU penalty") -> Charge:
        """The line of a ledger."""
        formula = (
            f"{self.energy_mj:,.0f} MJ in scope, {self.intensity_gco2e_mj:.2f} against {self.target_gco2e_mj:.2f} "
            f"gCO2e/MJ, {self.penalty_eur:,.2f} EUR at {self.exchange}"
        )
        return _charge(what, self.penalty_usd, self.said or formula, self.rates, self.exchange)


@lru_cache(maxsize=1)
def eea_countries() -> frozenset[str]:
    """Country codes whose sea ports count as EEA: members, and outermost regions with an own UN/LOCODE prefix."""
    rows = RateTable.load("eea_countries.csv").where(has_sea_ports="yes")
    return frozenset(rows.values("country"))


def is_eea(place: str) -> bool:
    """Whether a country code or UN/LOCODE is in the EEA. Raises UsageError for what is neither."""
    return _country(place) in eea_countries()


def leg_scopes(
    origin: str, destination: str, calls: Sequence[str] = (), *, container_ship: bool = True
) -> tuple[float, ...]:
    """Share of the emissions in scope for each leg between the stops, in order.

    Places are country codes or UN/LOCODEs; `calls` are ports of call, where cargo is worked: stops for bunkers,
    shelter, canals or repair are none and are not named. At Tanger Med and East Port Said (MAPTM, EGPSE; EGPSD in the
    table of ports) a container ship's call does not end the voyage: both legs beside it have the share of the whole.
    Only ports between the two ends can be such; a voyage that begins at one is counted from there.
    """
    stops = [origin, *calls, destination]
    ends = [n for n, stop in enumerate(stops) if n in (0, len(stops) - 1) or not _passed_over(stop, container_ship)]
    inside = [is_eea(stop) for stop in stops]
    scopes: list[float] = []
    for first, last in pairwise(ends):
        key = ("outside", "in_or_out", "inside")[inside[first] + inside[last]]
        scopes += [rule_value("scope", key)] * (last - first)
    return tuple(scopes)


def scope_share(
    origin: str,
    destination: str,
    calls: Sequence[str] = (),
    *,
    leg_weights: Sequence[float] | None = None,
    container_ship: bool = True,
) -> float:
    """Share of a whole voyage's emissions in scope, 0 to 1: the mean of `leg_scopes`, weighted by emissions (or fuel).

    Weights are needed only where legs differ; without them that raises UsageError. All weights 0 give 0.
    """
    scopes = leg_scopes(origin, destination, calls, container_ship=container_ship)
    if leg_weights is None:
        if len(set(scopes)) > 1:
            raise UsageError(f"leg_weights is missing, the legs have shares {scopes}; allowed: one weight for each leg")
        return scopes[0]
    if len(leg_weights) != len(scopes):
        raise UsageError(f"leg_weights has {len(leg_weights)} values, allowed: one for each of the {len(scopes)} legs")
    weights = [checked("a leg weight", w, 0, MAX_FUEL_T) for w in leg_weights]
    total = math.fsum(weights)
    return math.fsum(s * w for s, w in zip(scopes, weights, strict=True)) / total if total else 0.0


def berth_scope(place: str) -> float:
    """Share of the emissions at berth in scope: all in the EEA, else none."""
    return rule_value("scope", "berth") if is_eea(place) else 0.0


def ets_phase_in(when: dt.date) -> float:
    """Share of the emissions in scope to pay for: 0 before 2024, 0.4, 0.7, and 1 from 2026."""
    return rule_at("ets_phase_in", when).rate.number("value")


def allowance_price_eur(
    price: str | float = "base", when: dt.date | None = None, *, strict: bool = False
) -> tuple[float, Rate | None, PriceDay | None]:
    """Price of an allowance in EUR per t CO2, with its row and date: low, base, high, or an own number from 0 to 2,000.

    The base price is that of a day, or the nearest in time; without a day the newest. With `strict` a day whose month
    has none is refused (DataError).
    """
    if not isinstance(price, str):
        return checked("price of an allowance, EUR/t,", price, 0, MAX_ALLOWANCE_EUR), None, None
    rows = rules("eua_price", price).rows
    if len(rows) == 1:
        return rows[0].number("value"), rows[0], None
    row = dated_row("price of an EU allowance", rows, when, strict=strict, key="'costs.eua_eur_t'")
    return row.number("value"), row, price_day("EU allowance", row, when)


def has_ice_relief(ice_class: IceClass) -> bool:
    """Whether a ship is of ice class IA, IA Super or equivalent: Arc4 and PC7 rank with IA, all others by rank."""
    return ice_class.at_least(RELIEVED_FROM)


def ets_bill(
    emitted: Emissions,
    when: dt.date,
    *,
    scope: float,
    price: str | float = "base",
    usd_per_eur: float | None = None,
    gt: float | None = None,
    ice_class_relief: bool = False,
    strict: bool = False,
) -> EtsBill:
    """EU ETS of what was emitted, by the rules of a day, with the share in scope from `scope_share` or `berth_scope`.

    `gt` below 5,000 owes nothing; None is taken as above. `ice_class_relief` takes off 5 % to 2030-12-31, for ships of
    ice class IA, IA Super or their equals (`has_ice_relief`). CO2 of certified renewable fuel counts as zero. `strict`
    refuses a month without a price of its own (DataError). Raises UsageError for absurd numbers.
    """
    day = as_date(when)
    scope = checked("scope", scope, 0, 1)
    phase = rule_at("ets_phase_in", day).rate
    strict = strict and phase.number("value") > 0 and scope > 0 and _large(gt)
    eur_t, price_row, priced = allowance_price_eur(price, day, strict=strict)
    gases = rules("ets_gas").held(day)
    tonnes = {"CO2": emitted.co2_t - emitted.co2_zero_rated_t, "CH4": emitted.ch4_t, "N2O": emitted.n2o_t}
    verified_t = math.fsum(tonnes[r.text("key")] * r.number("value") for r in gases) if _large(gt) else 0.0
    ice = rule("ets_ice_relief")
    relief = ice.number("value") if ice_class_relief and ice.holds(day) else 0.0
    phase_in = phase.number("value")
    return EtsBill(
        verified_t=verified_t,
        scope_share=scope,
        phase_in=phase_in,
        relief=relief,
        owed_t=verified_t * scope * phase_in * (1 - relief),
        eur_t=eur_t,
        exchange=exchange_rate("EUR", day, given=usd_per_eur, strict=strict),
        price_source=price_row.source if price_row else GIVEN,
        price_confidence="C" if priced and not priced.fits else price_row.confidence if price_row else "A",
        rates=(phase, *gases, *([ice] if relief else [])),
        priced=priced,
    )


def fueleu_target_gco2e_mj(when: dt.date) -> float | None:
    """Intensity that a year allows, gCO2e/MJ: 91.16 less 2 % from 2025 to 80 % from 2050; None before 2025."""
    rows = rules("fueleu_reduction").held(when)
    return rule_value("fueleu_reference") * (1 - rows[0].number("value")) if rows else None


def fueleu_bill(
    uses: FuelUse | Iterable[FuelUse],
    when: dt.date,
    *,
    scope: float,
    usd_per_eur: float | None = None,
    gt: float | None = None,
    deficit_years: int = 1,
    strict: bool = False,
) -> FuelEuBill:
    """FuelEU penalty of the fuel of a voyage by itself, with the share in scope from `scope_share`.

    For legs of different shares scale the uses first (`FuelUse.scaled`) and give scope 1. `deficit_years` in a row add
    10 % each after the first. A surplus costs nothing. Raises UsageError for a renewable fuel without certificate.
    """
    scope = checked("scope", scope, 0, 1)
    years = checked("deficit_years", deficit_years, 1, 30)
    listed = [uses] if isinstance(uses, FuelUse) else list(uses)
    total = emissions([use.scaled(scope) for use in listed])
    intensity, target = total.fueleu_intensity_gco2e_mj, fueleu_target_gco2e_mj(when)
    owes = target is not None and total.energy_mj > 0 and _large(gt)
    exchange = exchange_rate("EUR", as_date(when), given=usd_per_eur, strict=strict and owes)
    if target is None or not owes:
        said = "not in force before 2025" if target is None else "" if _large(gt) else "ship below 5,000 GT"
        said = said or "no energy in scope"
        return FuelEuBill(intensity or 0.0, target or 0.0, total.energy_mj, 0.0, 0.0, exchange, said, ())
    if intensity is None:
        names = ", ".join(sorted({u.fuel.id for u in listed if u.fuel.wtt_gco2e_mj is None}))
        raise UsageError(f"fuel {names} has no certificate; give its intensity in gCO2e/MJ (Fuel.certified)")
    price, energy, repeat = (rule("fueleu_penalty", key) for key in ("price", "energy", "repeat"))
    balance_g = (target - intensity) * total.energy_mj
    short_t = max(-balance_g, 0.0) / (intensity * energy.number("value")) if intensity > 0 else 0.0
    penalty_eur = short_t * price.number("value") * (1 + repeat.number("value") * (years - 1))
    used = (*rules("fueleu_reduction").held(when), rule("fueleu_reference"), price, energy)
    said = "no deficit: the fuel is below the target" if balance_g >= 0 else ""
    return FuelEuBill(intensity, target, total.energy_mj, balance_g / G_PER_T, penalty_eur, exchange, said, used)


def _charge(what: str, usd: float, formula: str, rates: Sequence[Rate], exchange: ExchangeRate, *price: str) -> Charge:
    """A line of a ledger on several rows; `price` are the source and the confidence of a price beside them."""
    sources = [r.source for r in rates] + list(price[:1])
    grade = worst(*(r.confidence for r in rates), *price[1:], exchange.confidence if usd else "")
    start = max((r.valid_from for r in rates if r.valid_from), default=None)
    source, prices = join_notes(*sources) or exchange.source, exchange.prices if usd else ()
    return Charge(what, round(usd, 2), formula, source, start, grade, exchange.remark, prices)


def _large(gt: float | None) -> bool:
    return gt is None or checked("gt", gt, 0, MAX_FUEL_T) >= rule_value("min_gt")


def _passed_over(stop: str, container_ship: bool) -> bool:
    """Whether a call is one that does not end a voyage."""
    return container_ship and stop.strip().upper() in rules("transhipment_port").values("key")


def _country(place: str) -> str:
    code, countries = str(place).strip().upper(), _known_countries()
    if len(code) not in (2, 5) or code[:2] not in countries:
        hint = did_you_mean(code, countries) if len(code) == 2 else ""
        raise UsageError(
            f"'{place}' is no country code or UN/LOCODE{hint}; allowed: such as RU or RUMMK, with sea ports"
        )
    return code[:2]


@lru_cache(maxsize=1)
def _known_countries() -> frozenset[str]:
    """Countries with sea ports: those of the tables of ports, and the EEA's."""
    return eea_countries() | frozenset(code for codes in country_codes().values() for code in codes)
