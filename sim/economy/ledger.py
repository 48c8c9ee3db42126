"""The ledger of a finished voyage: fuel, tolls, escort, insurance, carbon, hire, inventory in transit, line by line.

Every line is a `Charge` with its inputs, its row's source and date, and a confidence. The total is the sum of the
lines, to the cent.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sim.economy import carbon, nsr_tariff, tolls
from sim.economy.arctic_fuel import arctic_fuel, arctic_uses
from sim.economy.areas.emission import AreaPart, area_uses, may_burn, voyage_areas
from sim.economy.canals import panama
from sim.economy.cii import Cii, ship_cii
from sim.economy.emissions import Emissions, FuelUse, emissions
from sim.economy.fuels import Fuel, FuelTable, lng_price
from sim.economy.plan import Costs
from sim.economy.prices.days import PriceDay
from sim.economy.prices.hire import hire_rate
from sim.economy.rates import GIVEN, Charge, Missing, join_notes, worst
from sim.errors import DataError, UsageError
from sim.geo.network.places import Place
from sim.geo.route import Route
from sim.ice import admission
from sim.ship.power import auxiliary_fuel_tpd
from sim.ship.vessel import Ship
from sim.voyage.voyage import Voyage

DAYS_A_YEAR: Final = 365.0
NET_OF_GROSS: Final = 0.5
# Waters that count as Arctic for the ban on heavy fuel and for black carbon; the line of MARPOL is about 60 N, but
# leaves out most of the Barents Sea (approximate).
ARCTIC_WATERS: Final = ("kara_sea", "laptev_sea", "east_siberian_sea", "chukchi_sea", "central_arctic_ocean", "nwp")
DECK = "it goes by the tiers of boxes on deck, 2 to 57 % of the dues: give 'costs.suez_surcharge_share'"
ANNUITY = "annuity of the newbuilding price: 7 %, 15 years unless given (Lambert et al. 2021, after Hansen 2016)"


@dataclass(frozen=True)
class Ledger:
    """Lines and what they mean; `emitted` is of the fuel after the rules on it, `cii` of this voyage alone.

    `areas` are the emission control areas that she sails through, with miles and tonnes of her own fuel in each.
    """

    lines: tuple[Charge, ...]
    days: float
    emitted: Emissions
    cargo: float | None
    cargo_unit: str
    cii: Cii | None = None
    areas: tuple[AreaPart, ...] = ()

    @property
    def total_usd(self) -> float:
        """Sum of the lines, to the cent."""
        return round(sum(round(line.amount_usd * 100) for line in self.lines) / 100, 2)

    @property
    def usd_per_day(self) -> float:
        return self.total_usd / self.days

    @property
    def usd_per_unit(self) -> float | None:
        """Dollars for each tonne, TEU or m3 of cargo aboard; None where the ship's payload is not known."""
        return self.total_usd / self.cargo if self.cargo else None

    @property
    def missing(self) -> tuple[Charge, ...]:
        """Lines that ought to be there and have no amount: the total is incomplete where there is any."""
        return tuple(line for line in self.lines if line.missing is not None)

    @property
    def complete(self) -> bool:
        return not self.missing

    @property
    def off_date(self) -> tuple[tuple[Charge, PriceDay], ...]:
        """Market prices in the total that are not of the month of departure, each with its line."""
        return tuple((line, p) for line in self.lines for p in line.off_date)

    @property
    def low(self) -> tuple[Charge, ...]:
        """Lines of low confidence (C)."""
        return tuple(line for line in self.lines if line.confidence == "C")


def ledger(voyage: Voyage, route: Route, ship: Ship, plan: Costs, origin: Place, destination: Place) -> Ledger:
    """The ledger of a voyage that reached its port. Raises UsageError for a ship without figures, or absurd prices."""
    if voyage.fuel_t is None:
        raise UsageError(f"ship '{ship.name}' has no fuel figures; costs need a 'type' of the table of ships")
    day = voyage.depart.date()
    areas = voyage_areas(voyage.legs)
    burns = _burns(voyage, ship, plan, day, areas)
    uses = tuple(burn.use for burn in burns)
    emitted = emissions(uses)
    lines = [
        *_fuel(burns, plan, day, areas),
        *_tolls(route, ship, plan, day),
        *_escort(voyage, ship, plan),
        *_insurance(route, voyage, ship, plan),
        *(_carbon(uses, emitted, ship, plan, day, origin, destination) if plan.carbon else []),
        *_hire(voyage, ship, plan),
        *_cargo_and_port(voyage, plan),
    ]
    share = ship.economics.get("payload_share")
    cargo = ship.capacity * float(share) if ship.capacity and share is not None else None
    kept = tuple(line for line in lines if line.amount_usd or line.note or line.missing)
    return Ledger(kept, voyage.days, emitted, cargo, ship.capacity_unit, _cii(ship, emitted, route, day), areas)


def _cii(ship: Ship, emitted: Emissions, route: Route, day: dt.date) -> Cii | None:
    """The carbon intensity of this voyage alone; None for a ship whose type has no line."""
    try:
        return ship_cii(ship, emitted.co2_full_t, route.distance_nm, day.year)
    except UsageError:
        return None


def _given(what: str, usd: float, formula: str, source: str = GIVEN, confidence: str = "A", note: str = "") -> Charge:
    return Charge(what, round(usd, 2), formula, source, None, confidence, note)


def _missing(what: str, why: Missing, note: str) -> Charge:
    """A line that ought to be there and has no amount."""
    return Charge(what, 0.0, "-", "-", None, "C", note, missing=why)


# -- fuel


@dataclass(frozen=True)
class _Burn:
    """Fuel of one kind: the ship's own, that of the Arctic rules, or that of emission control areas."""

    use: FuelUse
    key: str = "fuel_usd_t"  # of the section `costs`, where its price may be given
    where: str = ""


def _burns(voyage: Voyage, ship: Ship, plan: Costs, day: dt.date, areas: tuple[AreaPart, ...]) -> tuple[_Burn, ...]:
    """Fuel by consumer and kind; in the Arctic and in emission control areas what the rules allow."""
    assert voyage.fuel_t is not None
    own = FuelTable.load().for_ship(ship, plan.fuel)
    auxiliary = min(auxiliary_fuel_tpd(ship) * voyage.days, voyage.fuel_t)
    arctic = sum(leg.fuel_t or 0.0 for leg in voyage.legs if leg.water in ARCTIC_WATERS)
    share = min(arctic / voyage.fuel_t, 1.0) if voyage.fuel_t else 0.0
    use = FuelUse(own, main_t=voyage.fuel_t - auxiliary, auxiliary_t=auxiliary, arctic_share=share)
    clean = None
    if not may_burn(own, day, plan.scrubber):
        use, clean = area_uses(use, math.fsum(part.fuel_t or 0.0 for part in areas))
    choice = arctic_fuel(own, day, exempt=plan.hfo_exempt) if share else None
    uses = (use,) if choice is None else arctic_uses(use, choice)
    burns = [
        _Burn(u, "arctic_fuel_usd_t", " in the Arctic" if k else "") if u.fuel is not own else _Burn(u)
        for k, u in enumerate(uses)
        if u.fuel_t or clean is None
    ]
    return (*burns, *([_Burn(clean, "eca_fuel_usd_t", " in emission control areas")] if clean else []))


def _fuel(burns: tuple[_Burn, ...], plan: Costs, day: dt.date, areas: tuple[AreaPart, ...]) -> list[Charge]:
    out = []
    for burn in burns:
        use, own = burn.use, getattr(plan, burn.key)
        if burn.key == "fuel_usd_t" and plan.fuel_usd_mmbtu is not None:
            price = lng_price(use.fuel, plan.fuel_usd_mmbtu)
        else:
            price = FuelTable.load().price(
                use.fuel, own if own is not None else plan.price_case, date=day, strict=plan.strict,
                key=f"'costs.{burn.key}'",
            )  # fmt: skip
        formula = f"{use.fuel_t:,.1f} t x {price.usd_t:g} USD/t ({price.case})"
        grade = price.confidence or "A"
        if burn.key == "eca_fuel_usd_t":
            formula += "; " + ", ".join(f"{part.distance_nm:,.0f} nm {part.name}" for part in areas)
            grade = worst(grade, *(part.confidence for part in areas))
        out.append(
            Charge(
                f"fuel {use.fuel.id}{burn.where}", round(use.fuel_t * price.usd_t, 2), formula, price.source,
                price.valid_from, grade, price.note, price.prices,
            )
        )  # fmt: skip
    return out


# -- tolls and escort


def _tolls(route: Route, ship: Ship, plan: Costs, day: dt.date) -> list[Charge]:
    out: list[Charge] = []
    turkish = False
    for passage in route.passages:
        if passage == "suez_canal":
            out += tolls.suez_toll(
                ship, day, plan.laden, plan.suez_surcharge_share, plan.suez_rebate_share,
                ship_type=plan.suez_type, usd_per_sdr=plan.usd_per_sdr, strict=plan.strict,
            )  # fmt: skip
            if plan.suez_surcharge_share is None and (plan.suez_type or ship.economics.get("suez_type")) == "container":
                out.append(_missing("Suez Canal surcharge", Missing.NOT_GIVEN, DECK))
        elif passage in panama.PASSAGES:
            out += _panama(passage, ship, plan, day)
        elif passage in tolls.TURKISH and not turkish:
            turkish = True
            if not ship.gt:
                out.append(_missing("Turkish Straits dues", Missing.NO_SIZE, "the ship has no gross tonnage"))
                continue
            dues = tolls.turkish_straits_toll(NET_OF_GROSS * ship.gt, day, strict=plan.strict)
            note = join_notes(dues.note, f"net tonnage taken as {NET_OF_GROSS:g} of the gross (assumption)")
            out.append(replace(dues, confidence="C", note=note))
        elif passage in tolls.NO_TARIFF:
            out.append(_missing(f"toll of {passage}", Missing.NO_TARIFF, tolls.NO_TARIFF[passage]))
    return out


def _panama(passage: str, ship: Ship, plan: Costs, day: dt.date) -> list[Charge]:
    locks = panama.PASSAGES[passage]
    try:
        return panama.panama_toll(
            ship, day, plan.laden, ship_type=plan.suez_type, size=plan.panama_size, locks=locks, strict=plan.strict
        )
    except DataError as error:
        if plan.strict:
            raise
        return [_missing("Panama toll", Missing.NO_TARIFF, f"{error}: not counted")]
    except UsageError as error:
        if plan.panama_size is not None:
            raise
        return [_missing("Panama toll", Missing.NO_SIZE, f"{error}: give 'costs.panama_size'")]


def _escort(voyage: Voyage, ship: Ship, plan: Costs) -> list[Charge]:
    escorted = [leg for leg in voyage.legs if leg.escorted]
    on_nsr = voyage.nsr_nm >= 1
    out = []
    if plan.escort_usd is not None and escorted:
        out.append(_given("NSR icebreaker escort", plan.escort_usd, "as given"))
    elif escorted and not ship.gt:
        out.append(_missing("NSR icebreaker escort", Missing.NO_SIZE, "the ship has no gross tonnage"))
    elif escorted and ship.gt:
        middles = np.vstack(
            [leg.lonlat.mean(axis=0) if np.ptp(leg.lonlat[:, 0]) < 180 else leg.lonlat[0] for leg in escorted]
        )
        areas = {admission.SEAS[k] for k in admission.seas(middles) if k >= 0}
        out.append(
            nsr_tariff.escort_fee(
                ship.gt, ship.ice_class, areas, escorted[0].start.date(), plan.rub_per_usd, plan.escort_index,
                strict=plan.strict,
            )
        )  # fmt: skip
    if on_nsr and plan.ice_pilots and ship.gt and voyage.ice_nm >= 1:
        first = next(leg for leg in voyage.legs if leg.rio is not None)
        out.append(nsr_tariff.ice_pilot_fee(ship.gt, first.start.date(), plan.rub_per_usd, strict=plan.strict))
    return out


# -- insurance, carbon, hire, cargo


def _hull_usd(ship: Ship, plan: Costs) -> tuple[float, str]:
    if plan.newbuild_usd is not None:
        return plan.newbuild_usd, "A"
    value = ship.economics.get("newbuild_musd")
    if value is None:
        raise UsageError(f"ship '{ship.name}' has no newbuilding price; give 'newbuild_usd'")
    return float(value) * 1e6, ship.confidence or "C"


def _insurance(route: Route, voyage: Voyage, ship: Ship, plan: Costs) -> list[Charge]:
    out = []
    for passage, share in plan.war_risk_share.items():
        times = route.passages.count(passage)
        if times:
            hull, grade = _hull_usd(ship, plan)
            formula = f"{share:g} of {hull:,.0f} USD x {times}"
            out.append(_given(f"war risk, {passage}", hull * share * times, formula, "share as given", grade))
    if voyage.nsr_nm >= 1 and (plan.arctic_hull_share or plan.arctic_premium_usd):
        hull, _ = _hull_usd(ship, plan)
        extra = hull * plan.arctic_hull_share * voyage.nsr_days / DAYS_A_YEAR
        formula = f"{plan.arctic_hull_share:g} of {hull:,.0f} USD a year x {voyage.nsr_days:.1f} days in the NSR"
        if plan.arctic_premium_usd:
            formula += f" + {plan.arctic_premium_usd:,.0f} USD"
        out.append(
            _given(
                "Arctic insurance", extra + plan.arctic_premium_usd, formula,
                "assumption: NSR cover is twice the usual (INSROP)", "C",
            )
        )  # fmt: skip
    return out


def _carbon(
    uses: tuple[FuelUse, ...], emitted: Emissions, ship: Ship, plan: Costs, day: dt.date, origin: Place, to: Place
) -> list[Charge]:
    ends = [p.port.locode[:2] if p.port is not None and p.port.locode else "" for p in (origin, to)]
    if not all(ends):
        note = "an end of the voyage has no country: EU ETS and FuelEU are not counted"
        return [_missing("EU ETS", Missing.NO_COUNTRY, note)]
    box = ship.type == "container"
    weights = [1.0] * (len(plan.calls) + 1) if plan.calls else None  # legs between calls count alike (assumption)
    scope = carbon.scope_share(ends[0], ends[1], plan.calls, leg_weights=weights, container_ship=box)
    if scope == 0:
        return []
    bill = carbon.ets_bill(
        emitted, day, scope=scope, price=plan.eua_eur_t if plan.eua_eur_t is not None else plan.price_case,
        usd_per_eur=plan.usd_per_eur, gt=ship.gt, ice_class_relief=carbon.has_ice_relief(ship.ice_class),
        strict=plan.strict,
    )  # fmt: skip
    out = [bill.charge()] if bill.owed_t else []
    fuel_eu = carbon.fueleu_bill(uses, day, scope=scope, usd_per_eur=plan.usd_per_eur, gt=ship.gt, strict=plan.strict)
    return [*out, fuel_eu.charge()] if fuel_eu.penalty_usd else out


def _hire(voyage: Voyage, ship: Ship, plan: Costs) -> list[Charge]:
    if plan.hire == "none":
        return []
    if plan.hire == "charter":
        return [_charter(voyage, ship, plan)]
    opex, grade = _daily(plan.opex_usd_day, "opex_usd_day", ship)
    hull, hull_grade = _hull_usd(ship, plan)
    i, years = plan.capital_interest, plan.capital_years
    annuity = hull * (i / -math.expm1(-years * math.log1p(i)) if i > 0 else 1 / years)
    capital, days = annuity / DAYS_A_YEAR, f"{voyage.days:.2f} days"
    return [
        _given("operating cost", opex * voyage.days, f"{opex:,.0f} USD/day x {days}", ship.source, grade),
        _given("capital", capital * voyage.days, f"{capital:,.0f} USD/day x {days}", ANNUITY, hull_grade),
    ]


def _charter(voyage: Voyage, ship: Ship, plan: Costs) -> Charge:
    if plan.charter_usd_day is not None:
        usd_day = plan.charter_usd_day
        return _given("hire", usd_day * voyage.days, f"{usd_day:,.0f} USD/day x {voyage.days:.2f} days")
    rate = hire_rate(ship, voyage.depart.date(), plan.price_case, strict=plan.strict)
    formula = f"{rate.usd_day:,.0f} USD/day x {voyage.days:.2f} days"
    usd = round(rate.usd_day * voyage.days, 2)
    return Charge("hire", usd, formula, rate.source, rate.valid_from, rate.confidence, rate.note, rate.prices)


def _daily(given: float | None, column: str, ship: Ship) -> tuple[float, str]:
    if given is not None:
        return given, "A"
    value = ship.economics.get(column)
    if value is None:
        raise UsageError(f"ship '{ship.name}' has no {column}; give it")
    return float(value), "C" if ship.confidence == "C" else "B"


def _cargo_and_port(voyage: Voyage, plan: Costs) -> list[Charge]:
    out = []
    if plan.cargo_value_usd and plan.cargo_interest:
        usd = plan.cargo_value_usd * plan.cargo_interest / DAYS_A_YEAR * voyage.days
        formula = f"{plan.cargo_value_usd:,.0f} USD x {plan.cargo_interest:g} a year x {voyage.days:.2f} days"
        out.append(_given("in-transit inventory cost", usd, formula))
    if plan.port_usd:
        out.append(_given("ports", plan.port_usd, "as given"))
    return out


__all__ = ["Costs", "Fuel", "Ledger", "ledger"]
