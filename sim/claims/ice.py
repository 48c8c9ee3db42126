"""Claims of days saved, sailed in ice: by departure, ice class, escort and decade.

The routes are sailed by the same ship at the same speed in open water, without the canal's speed limit and without
waits, so that ice alone parts the answer from the one without it. The ice is the climate of a decade in a normal
season, a typical single year; `IceRow.ice` says so of every row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Literal

from sim.claims.register import (
    ALL_MONTHS,
    Claim,
    Finding,
    IceCase,
    IceDeparture,
    IceRow,
    IceShip,
    Verdict,
    given,
)
from sim.errors import DataError
from sim.result import reason_text
from sim.study.pool import Progress, Workers

if TYPE_CHECKING:
    from sim.geo.network import SeaNetwork
    from sim.scenario.schema import Scenario
    from sim.scenario.simulate import Sailing
    from sim.voyage.ice_route import IceRouter

Sail = Callable[[Sequence[IceCase]], Sequence[IceRow]]  # rows in the order of the cases
ESCORT_WORDS = {
    "none": "without icebreaker",
    "when_needed": "with icebreaker where needed",
    "always": "behind an icebreaker",
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


# ---- Which ice, and what it says of the claim ------------------------------------------------------------------------


def cases(claim: Claim, whole: bool) -> list[IceCase]:
    """The case that decides, or the whole table: by ship, then by decade, the case among them.

    The decade of the case is sailed by all ships of its class, so that the table shows what an icebreaker changes.
    """
    deciding = _case(claim)
    if not whole:
        return [deciding]
    assert claim.in_ice is not None
    out = []
    for ship in claim.in_ice.ships:
        more = [deciding.decade] if ship.ice_class == deciding.ice_class else []
        decades = sorted({*claim.in_ice.decades, *more})
        out += [replace(deciding, ice_class=ship.ice_class, escort=ship.escort, decade=decade) for decade in decades]
    return out if deciding in out else [deciding, *out]


def _case(claim: Claim) -> IceCase:
    """The case that decides the verdict."""
    section, routes = claim.in_ice, claim.parameters
    assert section is not None
    return IceCase(
        origin=routes["origin"],
        destination=routes["destination"],
        longer=routes["longer"],
        shorter=routes["shorter"],
        vessel=section.vessel,
        speed_kn=section.speed_kn,
        ice_class=section.case.ice_class,
        escort=section.case.escort,
        decade=section.case.decade,
        pathway=section.pathway,
        day=section.day,
        least_days=claim.figure - claim.tolerance.allowed(claim.figure),
    )


def sailed_in_ice(claim: Claim, dry: Finding, sail: Sail, whole: bool) -> tuple[Finding, tuple[IceRow, ...]]:
    """What ice makes of a finding without ice, and the rows that were sailed (rules in `sim.claims.register`).

    Where the speed solved for without ice is above that of the case, the departures that hold are sailed at it too.
    """
    rows = tuple(sail(cases(claim, whole)))
    case = _case(claim)
    row = next(r for r in rows if r.case == case)
    held = _months(row)
    verdict: Verdict = "holds_if"
    if dry.verdict == "does_not_hold" or not held:
        verdict = "does_not_hold"
    elif dry.verdict == "holds" and len(held) == len(row.departures):
        verdict = "holds"
    told = [_told(row)]
    if held and dry.most_kn is not None and dry.most_kn > case.speed_kn:
        faster = sail([replace(case, speed_kn=dry.most_kn, months=held)])[0]
        told.insert(0, _told(faster, of=len(row.departures)))
    ship = f"{ship_words(case)} in the {case.decade}"
    condition = f"in ice ({ship}) {'; '.join(told)}"
    if not held and (others := [r for r in rows if _months(r)]):
        condition += "; it is right for " + ", ".join(f"{ship_words(r.case)} in the {r.case.decade}" for r in others)
    note = " ".join(part for part in (dry.note, _about_others(row)) if part)
    return replace(dry, verdict=verdict, condition=f"{condition}. Without ice: {dry.condition}", note=note), rows


def ship_words(ship: IceCase | IceShip) -> str:
    """Class and escort: 'Arc4 without icebreaker'."""
    name = "no ice class" if ship.ice_class == "none" else ship.ice_class
    return f"{name} {ESCORT_WORDS[ship.escort]}"


def _months(row: IceRow) -> tuple[int, ...]:
    """Months of the departures that hold."""
    return tuple(d.depart.month for d, holds in zip(row.departures, row.holding, strict=True) if holds)


def _told(row: IceRow, of: int | None = None) -> str:
    """When a row holds: 'at 12.7 kn, departing 15 Jul - 15 Sep (3 of 12 monthly departures, 25 % of the year)'."""
    held, count = _months(row), of or len(row.departures)
    at = f"at {row.case.speed_kn:.1f} kn"  # not "up to": a slower ship meets the ice on other days
    if not held:
        return f"{at} on none of {count} monthly departures"
    share = f"{len(held)} of {count} monthly departures, {100 * row.share_of_year:.0f} % of the year"
    return f"{at}, departing {periods_words(held, row.case.day)} ({share})"


def _about_others(row: IceRow) -> str:
    """What the departures that do not hold are, and which ice all of this is."""
    ends: dict[str, list[int]] = {}
    less = []
    for d, holds in zip(row.departures, row.holding, strict=True):
        if d.days_saved is None:
            ends.setdefault(d.status, []).append(d.depart.month)
        elif not holds:
            less.append(f"{d.days_saved:.1f} days on {_day(d.depart.month, row.case.day)}")
    parts = [f"{status} {periods_words(months, row.case.day)}" for status, months in ends.items()]
    parts += [f"saving only {', '.join(less)}"] if less else []
    best = "" if row.best_days is None else f" saves {row.best_days:.1f} days at best at {given(row.case.speed_kn)} kn"
    others = f"{'; o' if best else ' o'}ther departures: {', '.join(parts)}" if parts else ""
    return f"In ice {ship_words(row.case)}{best}{others}. Ice: {row.ice}."


def periods_words(months: Sequence[int], day: int) -> str:
    """Monthly departures in runs that may pass New Year: '15 Jul - 15 Sep, 15 Dec'."""
    there = set(months)
    if len(there) == len(MONTHS):
        return "all year"
    runs = []
    for first in (m for m in sorted(there) if (m - 2) % 12 + 1 not in there):
        last = next(first + k for k in range(12) if (first + k) % 12 + 1 not in there)
        runs.append(_day(first, day) + (f" - {_day(last, day)}" if last > first else ""))
    return ", ".join(runs)


def _day(month: int, day: int) -> str:
    return f"{day} {MONTHS[(month - 1) % 12]}"


# ---- Sailing ---------------------------------------------------------------------------------------------------------


def scenario_of(case: IceCase) -> Scenario:
    """The scenario of a case: the longer route, and the shorter one with its escort."""
    from sim.scenario.schema import Scenario

    told: dict[str, Any] = {
        "format": 1,
        "name": "claim",
        "description": "a claim of days saved, in ice",
        "voyage": {"from": case.origin, "to": case.destination, "depart": case.departs[0].isoformat()},
        "vessel": {"type": case.vessel, "ice_class": case.ice_class, "speed_kn": case.speed_kn},
        "ice": {"epoch": case.decade, "pathway": case.pathway, "season": "normal"},
        "alternatives": [{"route": case.longer}, {"route": case.shorter, "escort": case.escort}],
        "canal_speed_limits": False,
    }
    return Scenario.model_validate(told)


class IceSailor:
    """Sails cases on one network; its worker processes, where it has several, end with `with`.

    One departure is one job, so that no process ends long before the others. The lattice is read once in each.
    """

    def __init__(self, net: SeaNetwork, progress: Progress | None = None, workers: int = 1) -> None:
        self.net, self.progress = net, progress
        self._pool = Workers(workers)
        self._sailor = _Sailor(net)  # of this process

    def __enter__(self) -> IceSailor:
        return self

    def __exit__(self, *_: object) -> Literal[False]:
        return self._pool.__exit__()

    def __call__(self, cases: Sequence[IceCase]) -> list[IceRow]:
        """Rows in the order of the cases. Raises DataError where the longer route has no way."""
        single = [replace(case, months=(month,)) for case in cases for month in case.months]
        make = partial(_Sailor, self.net) if self._pool.workers > 1 else lambda: self._sailor
        sailed = self._pool.map(_Sailor.row, make, single, self.progress)
        return [_joined(case, [next(sailed) for _ in case.months]) for case in cases]


def _joined(case: IceCase, parts: Sequence[IceRow]) -> IceRow:
    """One row of rows of single departures."""
    return IceRow(case, parts[0].ice, tuple(d for part in parts for d in part.departures))


class _Sailor:
    """What a process needs to sail cases: the network, the router, and the last case bound to them."""

    def __init__(self, net: SeaNetwork) -> None:
        self.net = net
        self._bound: tuple[IceCase, Sailing, float] | None = None  # of the last case, without its months

    @cached_property
    def _router(self) -> IceRouter:
        from sim.voyage.ice_route import IceRouter

        return IceRouter(self.net)

    def row(self, case: IceCase) -> IceRow:
        """One case sailed. Raises DataError where the longer route has no way."""
        sailing, base_days = self._sailing(case)
        shorter = sailing.scenario.alternatives[1]
        departures = []
        for day in case.departs:
            route, voyage = sailing.sailed(shorter, _midnight(day), explain=False)
            if voyage is None:
                departures.append(IceDeparture(day, route.status, None, route.reason))
            elif voyage.blocked is not None:
                departures.append(IceDeparture(day, voyage.blocked.status, None, reason_text(voyage.blocked)))
            else:
                departures.append(IceDeparture(day, "ok", base_days - voyage.days))
        return IceRow(case, sailing.seas.field(sailing.scenario.voyage.depart).label, tuple(departures))

    def _sailing(self, case: IceCase) -> tuple[Sailing, float]:
        """The case bound to the network, and the days of the longer route: no ice on it, the same on every day."""
        from sim.scenario.load import NOTHING
        from sim.scenario.simulate import Sailing

        of_all_months = replace(case, months=ALL_MONTHS)
        if self._bound is None or self._bound[0] != of_all_months:
            scenario = scenario_of(of_all_months)
            sailing = Sailing(scenario, self.net, NOTHING, self._router)
            route, base = sailing.sailed(scenario.alternatives[0])
            if base is None or base.blocked is not None:
                why = route.reason if base is None or base.blocked is None else reason_text(base.blocked)
                raise DataError(f"{case.origin}-{case.destination} via {case.longer}: no feasible route ({why})")
            self._bound = of_all_months, sailing, base.days
        return self._bound[1:]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
