"""Power and fuel of a ship: a power law in open water, and what ice adds to it.

Main engine: F(v) = F_service (v / v_service)^n with the exponent n of the ship's row (3, the cube law), never more than
at full power. The design point is not used for it: it lies on the same curve within the rounding of the table. Fuel is
taken as proportional to power, so a share of the greatest fuel is a share of the greatest power; the rise of the
specific consumption away from about 78 % load (IMO Fourth GHG Study 2020: 4 % at half load, 15 % at a fifth) is left
out, since the register figures behind the table already are consumptions in service: scaled to the dwt of the standard
ships of the Baltic Exchange they are 3 % above what these are described with (standard_ships.csv). So no sea margin is
on top unless the ship's own `sea_margin` says so; 1.15 is the usual one on power in calm water.

A second method, `fuel_4ghg`, is that of the IMO Fourth GHG Study: the two are calibrated apart (the study takes the
reference speed at full power and adds weather and fouling) and must not be mixed.

Assumed: consumption at full power = power times the row's specific consumption, or the design point's where that is
more; no law below the cube at slow steaming; auxiliary engines and boilers run at their load at sea all the time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.errors import UsageError
from sim.geo.geodesy import Floats
from sim.ice.classes import IceClass
from sim.ship.ice_speed import (
    Channel,
    needed_power_share,
    needed_power_share_escorted,
    presence,
)
from sim.ship.icebreakers import Icebreaker
from sim.ship.vessel import IceHull, Ship
from sim.units import HOURS_PER_DAY

SEA_MARGIN = 1.15  # usual extra power for weather and fouling over calm water; only where it is asked for
TONNES_PER_GRAM = 1e-6
# g/kWh, IMO Fourth GHG Study 2020 (after 2000); the boiler's figure for LNG is from memory, confidence C
AUXILIARY_SFOC = {"LNG": 156.0, "MGO": 185.0, "MDO": 185.0}
BOILER_SFOC = {"LNG": 285.0, "MGO": 320.0, "MDO": 320.0}
RESIDUAL_AUXILIARY_SFOC, RESIDUAL_BOILER_SFOC = 195.0, 340.0  # HFO, VLSFO and what is not listed
ETA_WEATHER, ETA_FOULING = 0.867, 0.917  # IMO Fourth GHG Study, where a ship's row has none
DELTA_LARGE_CONTAINER, LARGE_CONTAINER_TEU = 0.75, 14_500.0
DELTA_CRUISE = 0.7
ENGINE_OFF_LOAD = 0.07


def max_main_fuel_tpd(ship: Ship) -> float:
    """Fuel of the main engine at full power, t a day. Raises UsageError for a ship without fuel figures."""
    return _figures(ship)[2]


def full_power_kn(ship: Ship) -> float:
    """Speed in kn that the power law gives at full power, in calm open water."""
    speed_kn, fuel_tpd, most_tpd = _figures(ship)
    return float(speed_kn * (most_tpd / fuel_tpd) ** (1.0 / ship.speed_exponent))


def open_water_share(ship: Ship, speed_kn: ArrayLike, *, sea_margin: float | None = None) -> Floats:
    """P / Pmax in open water at a speed in kn (...), at most 1. `sea_margin` multiplies it; None is the ship's own."""
    v = np.asarray(speed_kn, dtype=np.float64)
    if bool(np.any(v < 0)):
        raise UsageError(f"speed_kn is {np.nanmin(v):g}, allowed is 0 or more")
    margin = ship.sea_margin if sea_margin is None else sea_margin
    if not 0 < margin <= 10:
        raise UsageError(f"sea_margin is {margin:g}, allowed is more than 0 and at most 10")
    service_kn, fuel_tpd, most_tpd = _figures(ship)
    return np.asarray(np.minimum(margin * fuel_tpd / most_tpd * (v / service_kn) ** ship.speed_exponent, 1.0))


def main_fuel_tpd(
    ship: Ship, speed_kn: ArrayLike, power_share: ArrayLike | None = None, *, sea_margin: float | None = None
) -> Floats:
    """Fuel of the main engine in t a day at a speed in kn, (...) by broadcasting; nan where the speed is nan.

    With `power_share` (in ice, from `ice_power_share`; 1 is full power) it is that share of the fuel at full power,
    whatever the speed. Raises UsageError for a ship without fuel figures.
    """
    if power_share is None:
        return np.asarray(open_water_share(ship, speed_kn, sea_margin=sea_margin) * max_main_fuel_tpd(ship))
    share = np.asarray(power_share, dtype=np.float64)
    if bool(np.any((share < 0) | (share > 1))):
        raise UsageError(f"power_share is {np.nanmin(share):g} to {np.nanmax(share):g}, allowed is 0 to 1")
    v, share = np.broadcast_arrays(np.asarray(speed_kn, dtype=np.float64), share)
    return np.asarray(np.where(np.isnan(v), np.nan, share * max_main_fuel_tpd(ship)))


def load_4ghg(ship: Ship, speed_kn: ArrayLike, *, draft_m: float | None = None) -> Floats:
    """Load of the main engine, 0 to 1, at a speed in kn and a mean draft in m (the design draft where None).

    IMO Fourth GHG Study 2020, equation 8: L = delta_w (T / T_ref)^(2/3) (v / v_ref)^3 / (eta_w eta_f), with v_ref the
    design speed; delta_w 0.75 for container ships above 14,500 TEU, 0.7 for cruise ships, else 1.
    """
    v = np.asarray(speed_kn, dtype=np.float64)
    if bool(np.any(v < 0)):
        raise UsageError(f"speed_kn is {np.nanmin(v):g}, allowed is 0 or more")
    _figures(ship)
    if ship.design_speed_kn is None:
        raise UsageError(f"ship '{ship.name}' has no design speed; name a ship of the table")
    large = ship.type == "container" and ship.capacity_unit == "TEU" and (ship.capacity or 0) > LARGE_CONTAINER_TEU
    delta = DELTA_LARGE_CONTAINER if large else DELTA_CRUISE if ship.type == "cruise" else 1.0
    eta_w, eta_f = (
        float(ship.economics.get(name, default))
        for name, default in (("weather_factor_eta_w", ETA_WEATHER), ("fouling_factor_eta_f", ETA_FOULING))
    )
    if draft_m is not None:
        if ship.draft_m is None or not 0 < draft_m <= 1.5 * ship.draft_m:
            most = (
                "none: the ship has no draft"
                if ship.draft_m is None
                else f"more than 0, at most {1.5 * ship.draft_m:g}"
            )
            raise UsageError(f"draft_m is {draft_m:g}, allowed is {most}")
        delta *= (draft_m / ship.draft_m) ** (2 / 3)
    return np.asarray(np.minimum(delta * (v / ship.design_speed_kn) ** 3 / (eta_w * eta_f), 1.0))


def fuel_4ghg(
    ship: Ship, speed_kn: ArrayLike, *, draft_m: float | None = None, engine_off_below: float = 0.0
) -> Floats:
    """Fuel of the main engine in t a day by the IMO Fourth GHG Study, (...), in place of `main_fuel_tpd`.

    Power P L of `load_4ghg` times SFC = SFC_base (0.455 L^2 - 0.710 L + 1.280), at least at L = 0.78. Weather and
    fouling are within: no sea margin on top. The study counts an engine below 7 % load as off, which suits ships that
    drift by a port, not a voyage at that speed; `engine_off_below` (ENGINE_OFF_LOAD) does so. Raises UsageError for a
    ship without fuel figures.
    """
    if not 0 <= engine_off_below <= 1:
        raise UsageError(f"engine_off_below is {engine_off_below:g}, allowed is 0 to 1")
    load = load_4ghg(ship, speed_kn, draft_m=draft_m)
    power_kw, sfoc = ship.main_power_kw or 0.0, ship.sfoc_g_kwh or 0.0
    specific = sfoc * (0.455 * load**2 - 0.710 * load + 1.280)
    burnt = np.where(load < engine_off_below, 0.0, load)
    return np.asarray(power_kw * burnt * specific * HOURS_PER_DAY * TONNES_PER_GRAM)


def auxiliary_fuel_tpd(ship: Ship) -> float:
    """Fuel of auxiliary engines and boilers at sea, t a day. Raises UsageError for a ship without fuel figures."""
    _figures(ship)
    fuel = (ship.default_fuel or "").upper()
    auxiliary = (ship.aux_kw_sea or 0.0) * AUXILIARY_SFOC.get(fuel, RESIDUAL_AUXILIARY_SFOC)
    boiler = (ship.boiler_kw_sea or 0.0) * BOILER_SFOC.get(fuel, RESIDUAL_BOILER_SFOC)
    return (auxiliary + boiler) * HOURS_PER_DAY * TONNES_PER_GRAM


def fuel_tpd(
    ship: Ship, speed_kn: ArrayLike, power_share: ArrayLike | None = None, *, sea_margin: float | None = None
) -> Floats:
    """All fuel at sea in t a day, (...): main engine as `main_fuel_tpd`, auxiliary engines and boilers."""
    main = main_fuel_tpd(ship, speed_kn, power_share, sea_margin=sea_margin)
    return np.asarray(main + auxiliary_fuel_tpd(ship))


def ice_power_share(
    ship: Ship,
    concentration: ArrayLike,
    thickness_m: ArrayLike,
    speed_kn: ArrayLike,
    *,
    escorted: bool = False,
    ice_class: str | IceClass = "IA",
    channel: Channel = "fresh",
    icebreaker: Icebreaker | None = None,
    sea_margin: float | None = None,
) -> Floats:
    """P / Pmax that holds a speed in kn in ice, (...) by broadcasting; 1 where it is not reached.

    For `fuel_tpd`. The thrust model says which part of the power in reserve over open water the ice takes, and the fuel
    law what the open-water share is. So the share is that of open water where there is no ice, exactly, and 1 at the
    speed of full power in ice, though the two models need not agree on the ship's top speed. nan where the ice or the
    speed is nan.
    """
    hull = hull_of(ship)
    own = open_water_share(ship, speed_kn, sea_margin=sea_margin)
    if escorted:
        needed = needed_power_share_escorted(
            hull, concentration, thickness_m, speed_kn, ice_class=ice_class, channel=channel, icebreaker=icebreaker
        )
    else:
        needed = needed_power_share(hull, concentration, thickness_m, speed_kn)
    ice = presence(concentration, thickness_m)
    free = np.minimum((np.asarray(speed_kn, dtype=np.float64) / hull.open_water_kn) ** 3, 1.0)
    reserve = 1.0 - free
    taken = np.where(reserve > 0, np.maximum(needed - free, 0.0) / np.where(reserve > 0, reserve, 1.0), 1.0)
    share = np.minimum(own + np.where(ice == 0.0, 0.0, taken) * (1.0 - own), 1.0)
    return np.asarray(np.where(np.isnan(ice) | np.isnan(needed), np.nan, share))


def hull_of(ship: Ship) -> IceHull:
    """The hull of a ship. Raises UsageError where it has none."""
    if ship.hull is None:
        raise UsageError(f"ship '{ship.name}' has no hull, its speed in ice is not known; name a ship of the table")
    return ship.hull


def _figures(ship: Ship) -> tuple[float, float, float]:
    """Service speed in kn, and fuel of the main engine at it and at full power, t a day."""
    power_kw, sfoc, fuel_tpd = ship.main_power_kw, ship.sfoc_g_kwh, ship.main_fuel_service_tpd
    if power_kw is None or sfoc is None or fuel_tpd is None:
        raise UsageError(f"ship '{ship.name}' has no fuel figures; name a ship of the table")
    most_tpd = power_kw * sfoc * HOURS_PER_DAY * TONNES_PER_GRAM
    return ship.service_speed_kn, fuel_tpd, max(most_tpd, fuel_tpd, ship.main_fuel_design_tpd or 0.0)
