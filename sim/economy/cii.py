"""Carbon intensity indicator (CII): the line, what a year asks for, what a voyage attains, and its letter.

MEPC.353(78): reference = a capacity^-c; required = (1 - Z) reference; attained = CO2 / (capacity nm), in g per t (GT)
and nm. MEPC.354(78): A to E by attained / required. The letter is given for a calendar year; that of one voyage says
what the ship would get if she sailed so all year. The corrections for ice (MEPC.355(78)) and the exempt distance in
heavy weather or ice are left out.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.economy.emissions import G_PER_T
from sim.economy.fuels import MAX_FUEL_T, rule_at, rules
from sim.economy.rates import Found, Rate, checked
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.ship.vessel import Ship

LETTERS = "ABCDE"


@dataclass(frozen=True)
class Cii:
    """Attained and required intensity in gCO2 per capacity and nm, the letter, and the boundaries as ratios.

    `said` is what is to be said of the year's row, else empty; `rules` are the rows used.
    """

    attained_g: float
    required_g: float
    reference_g: float
    letter: str
    boundaries: tuple[float, float, float, float]
    capacity: float
    said: str
    rules: tuple[Rate, ...]

    @property
    def ratio(self) -> float:
        """Attained over required; above 1 is worse than the year asks for."""
        return self.attained_g / self.required_g


def cii_line(cii_type: str, size: float) -> Rate:
    """The reference line of a ship type and size (dwt, GT for vehicle, ro-ro, passenger ships).

    Raises UsageError for an unknown type, with the nearest, and for a size that is not more than 0.
    """
    _positive("size", size)
    for row in rules("cii_line", cii_type).rows:
        more = _more(row)
        if float(more.get("from", 0)) <= size < float(more.get("below", math.inf)):
            return row
    raise UsageError(f"no CII line for {cii_type} of {size:g}")


def reference_cii_g(cii_type: str, size: float) -> float:
    """Reference of 2019, gCO2 per capacity and nm, with the capacity held within what the line allows."""
    return _reference(cii_line(cii_type, size), size)


def required_cii_g(cii_type: str, size: float, year: int, *, strict: bool = False) -> float:
    """What a year asks for, gCO2 per capacity and nm. A year without a row takes the nearest, or raises if strict."""
    return (1 - _reduction(year, strict).rate.number("value")) * reference_cii_g(cii_type, size)


def attained_cii_g(co2_t: float, size: float, distance_nm: float) -> float:
    """CO2 in t over capacity and nm, in g. Raises UsageError where there is no distance."""
    checked("co2_t", co2_t, 0, MAX_FUEL_T)
    return co2_t * G_PER_T / (_positive("size", size) * _positive("distance_nm", distance_nm))


def cii(cii_type: str, size: float, co2_t: float, distance_nm: float, year: int, *, strict: bool = False) -> Cii:
    """Attained and required CII and the letter. `co2_t` is fuel times Cf, without slip taken off (`co2_full_t`)."""
    line = cii_line(cii_type, size)
    found = _reduction(year, strict)
    reference = _reference(line, size)
    required = (1 - found.rate.number("value")) * reference
    attained = attained_cii_g(co2_t, size, distance_nm)
    d1, d2, d3, d4 = (float(d) for d in _more(line)["d"].split("/"))
    letter = LETTERS[sum(attained / required >= d for d in (d1, d2, d3, d4))]
    return Cii(attained, required, reference, letter, (d1, d2, d3, d4), size, found.remark, (line, found.rate))


def ship_cii(ship: Ship, co2_t: float, distance_nm: float, year: int, *, strict: bool = False) -> Cii:
    """The CII of a ship of the table, by its columns cii_type and cii_capacity. Raises UsageError where it has none."""
    kind, size = ship.economics.get("cii_type"), ship.economics.get("cii_capacity")
    if not isinstance(kind, str) or not isinstance(size, float):
        raise UsageError(f"ship '{ship.name}' has no CII type or capacity; name a ship of the table")
    return cii(kind, size, co2_t, distance_nm, year, strict=strict)


def _reference(line: Rate, size: float) -> float:
    more = _more(line)
    capacity = min(max(size, float(more.get("cap_min", 0))), float(more.get("cap_max", math.inf)))
    return line.number("value") * float(capacity ** -float(more["c"]))


def _more(line: Rate) -> dict[str, str]:
    """The further figures of a line: c, capacity, from, below, cap_min, cap_max, and d1 to d4 under d."""
    return dict(part.split("=", 1) for part in line.text("more").split(";"))


def _reduction(year: int, strict: bool) -> Found:
    checked("year", year, 2000, 2200)
    return rule_at("cii_reduction", dt.date(year, 7, 1), strict=strict)


def _positive(what: str, value: float) -> float:
    if checked(what, value, 0, MAX_FUEL_T) == 0:
        raise UsageError(f"{what} is 0, allowed is more than 0")
    return value
