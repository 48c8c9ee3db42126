"""Speed of a ship in level ice, alone or behind an icebreaker, and the power that a lower speed needs.

Resistance R = at_rest + per_speed * V of level ice: Riska, Wilhelmson, Englund and Leiviska 1997. Net thrust
T = T_B (1 - V / (3 Vow) - 2/3 (V / Vow)^2): Juva and Riska 2002, with the bollard pull T_B = Ke (P D)^(2/3). T = R is a
quadratic in V, so there is a closed form for the speed at a power. With T_B ~ P^(2/3) and Vow ~ P^(1/3) it is a
quadratic in P^(1/3) too, so there is one for the power at a speed. Channel: Finnish-Swedish ice class rules (FSICR).

Assumptions: concentration C scales the resistance by C. Ice below 0.02 m or 10 % is open water; up to 0.05 m and
15 % the resistance fades in, so that the speed has no step and is the plain formula's from there on.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.errors import UsageError, did_you_mean
from sim.geo.geodesy import Floats
from sim.ice import classes
from sim.ice.classes import IceClass
from sim.ice.types import ICE_FROM
from sim.ship.icebreakers import CONCENTRATION_EXPONENT, CONVOY_LIGHT_KN, Icebreaker, convoy_kn, newest
from sim.ship.vessel import IceHull
from sim.units import METRES_PER_NM

MPS_PER_KN = METRES_PER_NM / 3600.0
THRUST_FACTOR = {1: 0.78, 2: 0.98, 3: 1.12}  # Ke of T_B in kN, by propellers (Juva and Riska 2002)
MIN_POWER_FACTOR = {1: 2.03, 2: 1.44, 3: 1.18}  # Ke of FSICR's least power, controllable pitch propellers
NO_ICE_M, FULL_ICE_M = 0.02, 0.05  # resistance fades in between
NO_ICE, FULL_ICE = ICE_FROM, 0.15
DESIGN_ICE_M = (("Arc6", np.inf), ("Arc5", 1.0), ("Arc4", 0.8), ("Ice3", 0.6), ("Ice2", 0.4))  # h0 of FSICR
UNSTRENGTHENED_M = 0.15
DESIGN_KN, CLASS_EXPONENT = 5.0, 0.631
MAX_THICKNESS_M = 10.0  # nothing moves in it; keeps infinities out of the arithmetic
OLD_BRASH_M = (("IA", 1.0), ("IB", 0.8))  # FSICR's design brash of a class and its equals; any lower class as IC
LEAST_OLD_BRASH_M = 0.6
FRESH_BRASH = 0.5  # brash in a channel just broken, as a share of the level ice (assumption)
Channel = Literal["fresh", "old"]


class Resistance(NamedTuple):
    """Ice resistance in kN at rest, and its growth in kN per m/s; any shape."""

    at_rest: Floats
    per_mps: Floats


def presence(concentration: ArrayLike, thickness_m: ArrayLike) -> Floats:
    """0 where ice counts as open water, 1 where it counts in full, between them in thin or scattered ice; (...)."""
    c, h = np.asarray(concentration, dtype=np.float64), np.asarray(thickness_m, dtype=np.float64)
    thick = np.clip((h - NO_ICE_M) / (FULL_ICE_M - NO_ICE_M), 0.0, 1.0)
    close = np.clip((c - NO_ICE) / (FULL_ICE - NO_ICE), 0.0, 1.0)
    return np.asarray(thick * close)


def attainable_kn(
    hull: IceHull,
    concentration: ArrayLike,
    thickness_m: ArrayLike,
    *,
    power_share: ArrayLike = 1.0,
    astern: bool | None = None,
    open_water_kn: ArrayLike | None = None,
) -> Floats:
    """Speed in kn that a ship reaches alone in level ice, (...) by broadcasting; 0 is beset, nan where the ice is nan.

    `concentration` is 0 to 1, `thickness_m` that of the floes, `power_share` P / Pmax. `open_water_kn` is the speed
    that the voyage asks for, which the result never exceeds; without ice it is the result, exactly, as long as the
    power share allows. If absent, it is the hull's own at that power. `astern` None takes the better way round: since
    the model tells ahead and astern apart by the resistance factor alone, that is the one with the smaller factor.
    """
    ice = presence(concentration, thickness_m)
    open_kn, share = _open_water(hull, power_share, open_water_kn)
    v = _speed_kn(hull, _level(hull, concentration, thickness_m, ice, astern), share)
    return _result(ice, open_kn, np.minimum(v, open_kn))


def escorted_kn(
    hull: IceHull,
    concentration: ArrayLike,
    thickness_m: ArrayLike,
    *,
    ice_class: str | IceClass = "IA",
    channel: Channel = "fresh",
    icebreaker: Icebreaker | None = None,
    convoy_cap_kn: float = CONVOY_LIGHT_KN,
    power_share: ArrayLike = 1.0,
    open_water_kn: ArrayLike | None = None,
) -> Floats:
    """Speed in kn behind an icebreaker, (...): the least of the icebreaker, the ship in its channel and the convoy.

    The icebreaker (one of the newest if absent) slows with the ice, ships keep together in it (`convoy_kn`), at most at
    `convoy_cap_kn`, and the ship meets the channel's resistance (see `channel_resistance`) or that of the unbroken ice,
    whichever is less. Without ice the speed is the one in open water, exactly. Arguments else as in `attainable_kn`,
    arrays broadcast; 0 is stopped, nan stays nan.
    """
    ice = presence(concentration, thickness_m)
    open_kn, share = _open_water(hull, power_share, open_water_kn)
    broken = channel_resistance(
        hull, concentration, thickness_m, ice_class=ice_class, channel=channel, icebreaker=icebreaker
    )
    v = np.maximum(
        _speed_kn(hull, broken, share),
        _speed_kn(hull, _level(hull, concentration, thickness_m, ice, None), share),
    )
    c, h = _bounded(concentration, thickness_m)
    limit = np.minimum(convoy_kn(icebreaker or newest(), c, h, convoy_cap_kn), open_kn)
    return _result(ice, open_kn, np.minimum(v, open_kn - (open_kn - limit) * ice))


def class_limit_kn(ice_class: IceClass, concentration: ArrayLike, thickness_m: ArrayLike) -> Floats:
    """Speed in kn, (...), to which a hull of a class keeps in ice whatever its power; inf where the class sets none.

    5 kn in the level ice that the Finnish-Swedish rules design the class's hull for (h0 of the Traficom rules), and as
    a 1A ship at other thicknesses: ~ h^-0.631 (Cheaitou et al. 2019); for scattered ice, whose floes a hull can keep
    off, as in close ice of C^2 h (assumption). Below IC the figure is the 0.15 m of open-water ships (Smith and
    Stephenson 2013). From Arc6 on hulls break ice.
    """
    c, h = np.asarray(concentration, dtype=np.float64), np.asarray(thickness_m, dtype=np.float64)
    design_m = next((m for name, m in DESIGN_ICE_M if ice_class.at_least(name)), UNSTRENGTHENED_M)
    with np.errstate(divide="ignore"):
        return np.asarray(DESIGN_KN * (design_m / (c * c * h)) ** CLASS_EXPONENT)


def needed_power_share(
    hull: IceHull,
    concentration: ArrayLike,
    thickness_m: ArrayLike,
    speed_kn: ArrayLike,
    *,
    astern: bool | None = None,
) -> Floats:
    """P / Pmax that holds a speed in kn alone in level ice, (...), at most 1; the inverse of `attainable_kn`.

    1 also where full power does not reach the speed, so a ship that tries at full power is told so. nan stays nan.
    """
    ice = presence(concentration, thickness_m)
    return _share(hull, _level(hull, concentration, thickness_m, ice, astern), speed_kn)


def needed_power_share_escorted(
    hull: IceHull,
    concentration: ArrayLike,
    thickness_m: ArrayLike,
    speed_kn: ArrayLike,
    *,
    ice_class: str | IceClass = "IA",
    channel: Channel = "fresh",
    icebreaker: Icebreaker | None = None,
) -> Floats:
    """P / Pmax that holds a speed in kn in an icebreaker's channel, (...), at most 1; see `escorted_kn`."""
    alone = needed_power_share(hull, concentration, thickness_m, speed_kn)
    broken = channel_resistance(
        hull, concentration, thickness_m, ice_class=ice_class, channel=channel, icebreaker=icebreaker
    )
    return np.asarray(np.minimum(alone, _share(hull, broken, speed_kn)))


def level_resistance(hull: IceHull, thickness_m: ArrayLike) -> Resistance:
    """Resistance of close level ice, without the ship's factor: Riska et al. 1997; thickness (...) in m."""
    h = np.asarray(thickness_m, dtype=np.float64)
    b, t, phi = hull.beam_m, hull.draft_m, hull.stem_angle_deg
    linear = 0.23 * b * hull.parallel_length_m / (2 * t / b + 1) + (1 + 0.021 * phi) * 0.29 * b * hull.bow_length_m
    square = (1 + 0.021 * phi) * (4.58 * b + 1.47 * hull.bow_length_m)
    steep = 1 + 0.063 * phi
    growth = steep * 0.67 * b + 1.55 * (1 + 1.2 * t / b) * b**2 / hull.length_m**0.5
    return Resistance(np.asarray(h * (linear + square * h)), np.asarray(h * (steep * 18.9 * np.sqrt(h) + growth)))


def brash_channel_kilonewton(hull: IceHull, brash_m: ArrayLike) -> Floats:
    """Resistance in kN of a channel filled with brash ice of a thickness (...) in m: FSICR (Traficom).

    The rules give it for 5 kn and it is taken as the same at every speed. The terms for the consolidated layer, which
    only 1A Super has, are left out.
    """
    hm = np.asarray(brash_m, dtype=np.float64)
    alpha, phi = np.deg2rad(hull.waterline_angle_deg), np.deg2rad(hull.bow_angle_deg)
    psi = np.arctan(np.tan(phi) / np.sin(alpha))
    c_mu = max(0.45, float(0.15 * np.cos(phi) + np.sin(psi) * np.sin(alpha)))
    c_psi = max(0.0, 0.047 * float(np.rad2deg(psi)) - 2.115)
    hf = 0.26 + np.sqrt(hm * hull.beam_m)
    q = min(max((hull.length_m * hull.draft_m / hull.beam_m**2) ** 3, 5.0), 20.0)
    newton = (
        845 * c_mu * (hf + hm) ** 2 * (hull.beam_m + c_psi * hf)
        + 42 * hull.parallel_length_m * hf**2
        + 825 * q * hull.bow_waterplane_m2 / hull.length_m
    )
    return np.asarray(newton / 1000.0)


def least_power_kw(hull: IceHull, brash_m: float) -> float:
    """Power in kW that FSICR asks for, to make 5 kn in a channel with so much brash; controllable pitch."""
    pull = float(brash_channel_kilonewton(hull, brash_m))
    return float(MIN_POWER_FACTOR[hull.propellers] * pull**1.5 / hull.propeller_diameter_m)


def brash_m(thickness_m: ArrayLike, ice_class: str | IceClass, channel: Channel) -> Floats:
    """Thickness (...) in m of the brash in a channel through level ice of a thickness (...) in m.

    Conventions, both assumptions: a fresh channel, which the ship follows the icebreaker into, holds half the level
    ice. An old one, broken over and over, holds the level ice, at most the FSICR design figure of the ship's class
    (1.0 m for IA and its equals, 0.8 m for IB and Ice3, 0.6 m for lower ones), and never less than a fresh one. Raises
    UsageError for another channel or an unknown class.
    """
    h = np.asarray(thickness_m, dtype=np.float64)
    if channel == "fresh":
        return np.asarray(FRESH_BRASH * h)
    if channel != "old":
        raise UsageError(f"channel '{channel}'{did_you_mean(channel, ('fresh', 'old'))}; allowed: fresh, old")
    kind = ice_class if isinstance(ice_class, IceClass) else classes.ice_class(ice_class)
    design_m = next((m for name, m in OLD_BRASH_M if kind.at_least(name)), LEAST_OLD_BRASH_M)
    return np.asarray(np.maximum(FRESH_BRASH * h, np.minimum(h, design_m)))


def channel_resistance(
    hull: IceHull,
    concentration: ArrayLike,
    thickness_m: ArrayLike,
    *,
    ice_class: str | IceClass = "IA",
    channel: Channel = "fresh",
    icebreaker: Icebreaker | None = None,
) -> Resistance:
    """Resistance (...) behind an icebreaker: brash, and where the ship is the broader one, the ice at its sides.

    The share of the beam that the channel does not hold meets that share of the level ice (assumption).
    """
    c, h = _bounded(concentration, thickness_m)
    scale = presence(c, h) * c**CONCENTRATION_EXPONENT
    side = max(0.0, 1.0 - (icebreaker or newest()).beam_m / hull.beam_m) * hull.best_resistance_factor
    level = level_resistance(hull, h)
    brash = brash_channel_kilonewton(hull, brash_m(h, ice_class, channel))
    return Resistance(scale * (brash + side * level.at_rest), scale * side * level.per_mps)


def _bounded(concentration: ArrayLike, thickness_m: ArrayLike) -> tuple[Floats, Floats]:
    c, h = np.asarray(concentration, dtype=np.float64), np.asarray(thickness_m, dtype=np.float64)
    return np.asarray(np.clip(c, 0.0, 1.0)), np.asarray(np.clip(h, 0.0, MAX_THICKNESS_M))


def _level(
    hull: IceHull, concentration: ArrayLike, thickness_m: ArrayLike, ice: Floats, astern: bool | None
) -> Resistance:
    """Resistance of the ice as it lies, with the factor of the ship and of the concentration."""
    if astern is None:
        factor = hull.best_resistance_factor
    elif not astern:
        factor = hull.resistance_factor
    elif hull.resistance_factor_astern is not None:
        factor = hull.resistance_factor_astern
    else:
        raise UsageError("astern is True for a hull that breaks no ice astern (resistance_factor_astern is None)")
    c, h = _bounded(concentration, thickness_m)
    scale = factor * ice * c**CONCENTRATION_EXPONENT
    level = level_resistance(hull, h)
    return Resistance(scale * level.at_rest, scale * level.per_mps)


def _bollard_kilonewton(hull: IceHull) -> float:
    return float(THRUST_FACTOR[hull.propellers] * (hull.power_kw * hull.propeller_diameter_m) ** (2 / 3))


def _open_water(hull: IceHull, power_share: ArrayLike, asked_kn: ArrayLike | None) -> tuple[Floats, Floats]:
    """Speed in kn without ice, and the power share. At full power the ship is believed to reach what is asked."""
    share = np.asarray(power_share, dtype=np.float64)
    if not bool(np.all((share >= 0) & (share <= 1))):
        raise UsageError(f"power_share is {share.min():g} to {share.max():g}, allowed is 0 to 1")
    asked = np.asarray(hull.open_water_kn if asked_kn is None else asked_kn, dtype=np.float64)
    if bool(np.any(asked < 0)):
        raise UsageError(f"open_water_kn is {asked.min():g}, allowed is 0 or more")
    top = np.maximum(asked, hull.open_water_kn) * np.cbrt(share)
    return np.asarray(np.minimum(asked, top)), share


def _speed_kn(hull: IceHull, r: Resistance, share: Floats) -> Floats:
    """Speed in kn at which net thrust and resistance are equal; 0 where they never are."""
    pull, top = _bollard_kilonewton(hull), hull.open_water_kn * MPS_PER_KN
    root = np.cbrt(share)
    a = 2 * pull / (3 * top**2)  # the power cancels: T_B / Vow^2 does not depend on it
    b = pull * root / (3 * top) + r.per_mps
    c = np.maximum(pull * root**2 - r.at_rest, 0.0)
    return np.asarray((np.sqrt(b * b + 4 * a * c) - b) / (2 * a * MPS_PER_KN))


def _share(hull: IceHull, r: Resistance, speed_kn: ArrayLike) -> Floats:
    """P / Pmax whose net thrust is the resistance at a speed in kn, at most 1."""
    v = np.asarray(speed_kn, dtype=np.float64)
    if bool(np.any(v < 0)):
        raise UsageError(f"speed_kn is {np.nanmin(v):g}, allowed is 0 or more")
    x = v / hull.open_water_kn
    load = (r.at_rest + r.per_mps * v * MPS_PER_KN) / _bollard_kilonewton(hull)
    root = x / 6 + np.sqrt(x * x * (25 / 36) + load)
    return np.asarray(np.minimum(root**3, 1.0))


def _result(ice: Floats, open_kn: Floats, in_ice: Floats) -> Floats:
    """The open-water speed where there is no ice, the other where there is, nan where the ice is not known."""
    return np.asarray(np.where(ice == 0.0, open_kn, in_ice))
