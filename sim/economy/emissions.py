"""What burning fuel puts into the air: CO2, CH4 with slip, N2O, black carbon, and well-to-wake.

Per consumer with slip s, of which the regulation knows methane only (Regulation (EU) 2023/1805 Annex I, equation 1):
CO2 = fuel (1 - s) Cf, CH4 = fuel ((1 - s) Cf + s), N2O = fuel (1 - s) Cf. Well-to-tank comes as CO2e per MJ over 100
years with the table's fuel; it is not split by gas, so that over 20 years the methane of the gas wells is counted too
low. Black carbon is counted only where asked for: no regulation does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Final

from sim.economy.fuels import G_PER_KG, MAX_FUEL_T, Fuel, rule_value
from sim.economy.rates import checked, known

GWP_SETS: Final = ("AR5_100", "AR5_20", "AR4_100")  # EU MRV; over 20 years; FuelEU
G_PER_T = 1e6


@dataclass(frozen=True)
class FuelUse:
    """Tonnes of one fuel by consumer, and the share of each that is burnt in the Arctic (0 to 1)."""

    fuel: Fuel
    main_t: float = 0.0
    auxiliary_t: float = 0.0
    boiler_t: float = 0.0
    arctic_share: float = 0.0

    def __post_init__(self) -> None:
        for name in ("main_t", "auxiliary_t", "boiler_t"):
            checked(f"{name} of {self.fuel.id}", getattr(self, name), 0, MAX_FUEL_T)
        checked(f"arctic_share of {self.fuel.id}", self.arctic_share, 0, 1)

    @property
    def fuel_t(self) -> float:
        """All tonnes."""
        return self.main_t + self.auxiliary_t + self.boiler_t

    @property
    def slip_t(self) -> float:
        """Tonnes that leave unburnt, as methane."""
        f = self.fuel
        engines = self.main_t * f.slip_main_share + self.auxiliary_t * f.slip_aux_share
        return engines + self.boiler_t * f.slip_boiler_share

    def scaled(self, factor: float) -> FuelUse:
        """This use times a factor of 0 or more, for example the share of a leg that a rule counts."""
        checked("factor", factor, 0, MAX_FUEL_T)
        return replace(
            self, main_t=self.main_t * factor, auxiliary_t=self.auxiliary_t * factor, boiler_t=self.boiler_t * factor
        )


@dataclass(frozen=True)
class Emissions:
    """Tonnes of a voyage or leg, and energy in MJ; they add up with +.

    `co2_t` is what leaves the funnel. `co2_full_t` is fuel times Cf without taking off the slip, as the CII counts it.
    `co2_zero_rated_t` is the part of `co2_t` from certified renewable fuel. `ch4_slip_t` is part of `ch4_t`,
    `black_carbon_arctic_t` of `black_carbon_t`. `wtt_co2e_t` is None where a fuel has no certificate for it.
    """

    fuel_t: float = 0.0
    energy_mj: float = 0.0
    co2_t: float = 0.0
    co2_full_t: float = 0.0
    co2_zero_rated_t: float = 0.0
    ch4_t: float = 0.0
    ch4_slip_t: float = 0.0
    n2o_t: float = 0.0
    black_carbon_t: float = 0.0
    black_carbon_arctic_t: float = 0.0
    wtt_co2e_t: float | None = 0.0

    def __add__(self, other: Emissions) -> Emissions:
        names = [f.name for f in fields(self) if f.name != "wtt_co2e_t"]
        sums = {name: getattr(self, name) + getattr(other, name) for name in names}
        wtt = None if self.wtt_co2e_t is None or other.wtt_co2e_t is None else self.wtt_co2e_t + other.wtt_co2e_t
        return Emissions(wtt_co2e_t=wtt, **sums)

    def black_carbon_co2e_t(self, gwp_set: str = "AR5_100", *, arctic: bool = True) -> float:
        """CO2e of the black carbon, t; with `arctic` what falls in the Arctic has its own, higher factor.

        Over 20 years 1,200, in the Arctic 6,200 (Lindstad 2016); over 100 years 900 and 1,700, from memory only.
        """
        years = known("gwp_set", gwp_set, GWP_SETS).split("_")[1]
        there = self.black_carbon_arctic_t if arctic else 0.0
        elsewhere_gwp, arctic_gwp = (rule_value("gwp", f"{years}:{key}") for key in ("BC", "BC_arctic"))
        return (self.black_carbon_t - there) * elsewhere_gwp + there * arctic_gwp

    def tank_to_wake_co2e_t(
        self, gwp_set: str = "AR5_100", *, black_carbon: bool = False, arctic_black_carbon: bool = True
    ) -> float:
        """CO2e of what leaves the funnel, t, by the AR5_100, AR5_20 or AR4_100 factors; black carbon on request."""
        ch4, n2o = gwp(gwp_set, "CH4"), gwp(gwp_set, "N2O")
        soot = self.black_carbon_co2e_t(gwp_set, arctic=arctic_black_carbon) if black_carbon else 0.0
        return self.co2_t + ch4 * self.ch4_t + n2o * self.n2o_t + soot

    def well_to_wake_co2e_t(
        self, gwp_set: str = "AR5_100", *, black_carbon: bool = False, arctic_black_carbon: bool = True
    ) -> float | None:
        """CO2e from the well to the wake, t; None where a fuel has no certificate."""
        if self.wtt_co2e_t is None:
            return None
        tank = self.tank_to_wake_co2e_t(gwp_set, black_carbon=black_carbon, arctic_black_carbon=arctic_black_carbon)
        return tank + self.wtt_co2e_t

    @property
    def fueleu_intensity_gco2e_mj(self) -> float | None:
        """Well-to-wake intensity as FuelEU counts it, gCO2e/MJ (AR4); None without fuel or certificate."""
        total = self.well_to_wake_co2e_t("AR4_100")
        return None if total is None or self.energy_mj == 0 else total * G_PER_T / self.energy_mj


def emissions(uses: FuelUse | Iterable[FuelUse]) -> Emissions:
    """Emissions of one or more uses of fuel; linear in the tonnes, zero for none."""
    total = Emissions()
    for use in (uses,) if isinstance(uses, FuelUse) else uses:
        total = total + _of_one(use)
    return total


def gwp(gwp_set: str, gas: str) -> float:
    """Warming potential of CH4 or N2O, g CO2e per g. Raises UsageError for an unknown set or gas."""
    return rule_value("gwp", f"{known('gwp_set', gwp_set, GWP_SETS)}:{gas}")


def _of_one(use: FuelUse) -> Emissions:
    fuel, slip_t = use.fuel, use.slip_t
    burnt_t = use.fuel_t - slip_t
    energy_mj = fuel.energy_mj(use.fuel_t)
    co2_t = burnt_t * fuel.cf_co2
    soot_t = use.fuel_t * fuel.black_carbon_g_kg / G_PER_KG
    wtt = fuel.wtt_gco2e_mj
    return Emissions(
        fuel_t=use.fuel_t,
        energy_mj=energy_mj,
        co2_t=co2_t,
        co2_full_t=use.fuel_t * fuel.cf_co2,
        co2_zero_rated_t=co2_t if fuel.certified_gco2e_mj is not None else 0.0,
        ch4_t=burnt_t * fuel.cf_ch4 + slip_t,
        ch4_slip_t=slip_t,
        n2o_t=burnt_t * fuel.cf_n2o,
        black_carbon_t=soot_t,
        black_carbon_arctic_t=soot_t * use.arctic_share,
        wtt_co2e_t=0.0 if use.fuel_t == 0 else None if wtt is None else energy_mj * wtt / G_PER_T,
    )
