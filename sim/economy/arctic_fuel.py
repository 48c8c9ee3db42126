"""Which fuel a ship may burn in Arctic waters on a day: the ban on heavy fuel oil.

MARPOL Annex I regulation 43A (MEPC.329(76)): no use, and no carriage for use, of heavy fuel oil from 2024-07-01; ships
with protected fuel tanks, and those with a waiver of an Arctic coastal state in its waters, from 2029-07-01. Heavy is
what is denser than 900 kg/m3 at 15 C or thicker than 180 mm2/s at 50 C; most VLSFO is. Since carriage for use is banned
too, a ship that enters Arctic waters can keep no heavy fuel for the way after them: `carriage_banned` says so, and the
caller decides which fuel is burnt outside. Which waters are Arctic the caller says as well.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sim.economy.emissions import FuelUse
from sim.economy.fuels import Fuel, FuelTable, rule, rule_value
from sim.economy.rates import Rate, as_date, checked
from sim.errors import UsageError


@dataclass(frozen=True)
class ArcticFuel:
    """The fuel for Arctic waters, whether the ban changed it, why, and the row it rests on."""

    fuel: Fuel
    changed: bool
    carriage_banned: bool
    reason: str
    rule: Rate


def is_heavy(fuel: Fuel, *, density_kg_m3: float | None = None, viscosity_mm2_s: float | None = None) -> bool:
    """Whether a fuel is heavy fuel oil by the ban, by its own density in kg/m3 at 15 C or viscosity in mm2/s at 50 C.

    Without figures of its own: a residual fuel by the density of the table. Distillates, gases and alcohols never are.
    """
    if not fuel.residual:
        return False
    density = fuel.density_kg_m3 if density_kg_m3 is None else checked("density_kg_m3", density_kg_m3, 700, 1100)
    thick = viscosity_mm2_s is not None and checked("viscosity_mm2_s", viscosity_mm2_s, 0, 2000) > (
        rule_value("arctic_heavy", "viscosity")
    )
    return thick or density > rule_value("arctic_heavy", "density")


def arctic_fuel(
    fuel: Fuel,
    when: dt.date,
    *,
    exempt: bool = False,
    apply_ban: bool = True,
    substitute: Fuel | str = "MGO",
    density_kg_m3: float | None = None,
    viscosity_mm2_s: float | None = None,
) -> ArcticFuel:
    """The fuel that a ship burns in Arctic waters on a day: its own, or the substitute where the ban forbids that.

    `exempt` is a ship with protected fuel tanks or a coastal state's waiver. `apply_ban` False is for waters where the
    flag and coastal state does not apply the ban. Raises UsageError where the substitute is heavy itself.
    """
    ban = rule("arctic_hfo_ban", "exempt" if exempt else "all")
    other = FuelTable.load().find(substitute) if isinstance(substitute, str) else substitute
    if is_heavy(other):
        raise UsageError(f"substitute in the Arctic is {other.id}, heavy fuel oil; allowed: MGO, LNG and the like")
    if not is_heavy(fuel, density_kg_m3=density_kg_m3, viscosity_mm2_s=viscosity_mm2_s):
        return ArcticFuel(fuel, False, False, f"{fuel.id} is no heavy fuel oil", ban)
    if not apply_ban:
        return ArcticFuel(fuel, False, False, "the ban is not applied in this scenario", ban)
    if not ban.holds(as_date(when)):
        who = "ships with protected tanks or a waiver" if exempt else "all ships but the exempt"
        return ArcticFuel(fuel, False, False, f"the ban on heavy fuel oil binds {who} from {ban.valid_from}", ban)
    why = f"{fuel.id} is heavy fuel oil, banned from {ban.valid_from}; {other.id} instead"
    return ArcticFuel(other, True, True, why, ban)


def arctic_uses(use: FuelUse, choice: ArcticFuel, *, whole_voyage: bool = False) -> tuple[FuelUse, ...]:
    """A use of fuel with its Arctic part burnt as the fuel of `choice`, of the same energy.

    With `whole_voyage` all of it is, as for a ship that can keep no heavy fuel aboard. Tonnes change by the ratio of
    the heating values; the same efficiency of the engine on both fuels is assumed.
    """
    if not choice.changed:
        return (use,)
    if whole_voyage or use.arctic_share == 1:
        return (_as(use, choice.fuel, use.arctic_share),)
    if use.arctic_share == 0:
        return (use,)
    outside = FuelUse(use.fuel, *_tonnes(use.scaled(1 - use.arctic_share)))
    return outside, _as(use.scaled(use.arctic_share), choice.fuel, 1.0)


def _as(use: FuelUse, fuel: Fuel, arctic_share: float) -> FuelUse:
    return FuelUse(fuel, *_tonnes(use, fuel), arctic_share)


def _tonnes(use: FuelUse, fuel: Fuel | None = None) -> tuple[float, float, float]:
    """Main, auxiliary and boiler tonnes, as those of another fuel with the same energy where one is given."""
    if fuel is None:
        return use.main_t, use.auxiliary_t, use.boiler_t
    ratio = fuel.same_energy_t(use.fuel, 1.0)
    return use.main_t * ratio, use.auxiliary_t * ratio, use.boiler_t * ratio
