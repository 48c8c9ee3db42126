"""A year of service as text, JSON and CSV."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sim.report.calendar import day_text
from sim.report.files import csv_text
from sim.report.layout import counted, text_table, wrapped
from sim.report.reasons import block_text
from sim.study.relay import Relay, RelayYear
from sim.study.service import Service, ServiceLeg, ShipYear, Way

if TYPE_CHECKING:
    from pandas import DataFrame

LEG_COLUMNS = (
    "ship", "alternative", "leg", "from", "to", "route", "way", "ready", "depart", "arrive", "port_days", "wait_days",
    "sea_days", "distance_nm", "ice_nm", "fuel_t", "co2_t", "cost_usd", "cost_complete",
)  # fmt: skip
NONE = "-"


def service_text(found: Service) -> str:
    """What `northabout service` prints, at most 100 columns: a row an alternative, then the legs of each."""
    lines = wrapped(f"{found.scenario}: {found.description}")
    lines += wrapped(
        f"{' - '.join([*found.calls, found.calls[0]])}, {found.ship}, a year of service from 1 January {found.year}, "
        f"{counted(found.port_days, 'day')} at each call"
    )
    lines += wrapped(f"ice: {found.ice}") if found.ice else ["no ice is modelled"]
    if found.cargo is not None:
        asked = "" if found.flow is None else f"; to be carried one way: {found.flow:,.0f} {found.unit} a year"
        lines += wrapped(f"cargo of a voyage: {found.cargo:,.0f} {found.unit}{asked}")
    lines += ["", _table(found)]
    for year in found.years:
        lines += ["", *_year(found, year)]
    return "\n".join(lines)


def _table(found: Service) -> str:
    header = ["alternative", "round trips", "at sea", "in port", "waiting"]
    rows = [
        [y.alternative, f"{y.round_trips:.2f}", f"{y.sea_days:.0f}", f"{y.port_days:.0f}", f"{y.wait_days:.0f}"]
        for y in found.years
    ]
    if found.cargo is not None:
        header.append(f"{found.unit} one way")
        rows = [[*row, _figure(y.carried, 0)] for row, y in zip(rows, found.years, strict=True)]
    if any(y.usd_per_unit is not None for y in found.years):
        header += [f"USD/{found.unit}", f"kg CO2/{found.unit}"]
        rows = [
            [*row, _figure(y.usd_per_unit, 1) + ("" if y.cost_complete else " !"), _figure(y.co2_kg_per_unit, 1)]
            for row, y in zip(rows, found.years, strict=True)
        ]
    if found.flow is not None:
        header.append("ships")
        rows = [[*row, NONE if y.ships is None else str(y.ships)] for row, y in zip(rows, found.years, strict=True)]
    return text_table(header, rows, right=range(1, len(header)))


def _figure(value: float | None, digits: int) -> str:
    return NONE if value is None else f"{value:,.{digits}f}"


def _year(found: Service, year: ShipYear) -> list[str]:
    """An alternative's year: when it is used, what else is, and its legs."""
    counts = [f"{counted(year.own_legs, 'leg')} by {year.alternative}"]
    counts += [f"{counted(year.baseline_legs, 'leg')} by the baseline '{found.baseline}'"] if year.baseline_legs else []
    counts += [f"{counted(year.usual_legs, 'leg')} by the usual route"] if year.usual_legs else []
    season = ""
    if year.first_own is not None and year.last_own is not None and year.baseline_legs:
        season = f"; by {year.alternative} from {_day(year.first_own)} to {_day(year.last_own)}"
    lines = wrapped(f"{year.alternative}: {', '.join(counts)}{season}")
    if year.usd_per_unit is not None:
        more = "" if year.cost_complete else "; !: of some legs the cost lacks a line, so that it is too low"
        lines += wrapped(
            f"cost and CO2 are for the cargo of one way, with an empty way back; a full one halves them{more}",
            "  ",
            "  ",
        )
    if year.stuck is not None:
        lines += wrapped(_stuck(year), "  ", "    ")
    if year.legs:
        rows = [_leg(leg) for leg in year.legs]
        header = ["from", "to", "by", "departs", "arrives", "waited", "days"]
        lines += text_table(header, rows, right=(5, 6)).splitlines()
    return lines


def _stuck(year: ShipYear) -> str:
    at = year.stuck
    assert at is not None
    why = "there is no route" if at.block is None else block_text(at.block)
    return f"ends at {at.origin} on {_day(at.since)}: within a year no way to {at.destination} opens; {why}"


def _leg(leg: ServiceLeg) -> list[str]:
    by = leg.route + (f" ({leg.way.value})" if leg.way in (Way.BASELINE, Way.WAITED) else "")
    waited = f"{leg.wait_days:.0f}" if leg.wait_days else ""
    return [leg.origin, leg.destination, by, _day(leg.depart), _day(leg.arrive), waited, f"{leg.sea_days:.1f}"]


def _day(moment: datetime) -> str:
    return f"{day_text(moment.date())} {moment:%Y}"


def service_dict(found: Service) -> dict[str, Any]:
    """The document of `northabout service --json`."""
    return {
        "scenario": found.scenario, "description": found.description, "ship": found.ship, "year": found.year,
        "calls": list(found.calls), "port_days": found.port_days, "baseline": found.baseline, "ice": found.ice or None,
        "cargo": _rounded(found.cargo), "unit": found.unit or None, "flow": found.flow,
        "alternatives": [_year_dict(y) for y in found.years],
    }  # fmt: skip


def _year_dict(y: ShipYear) -> dict[str, Any]:
    stuck = None
    if y.stuck is not None:
        at = y.stuck
        stuck = {
            "from": at.origin, "to": at.destination, "since": at.since.isoformat(timespec="seconds"),
            "reason": None if at.block is None else block_text(at.block),
        }  # fmt: skip
    return {
        "route": y.alternative, "round_trips": _rounded(y.round_trips), "trips": y.trips,
        "sea_days": _rounded(y.sea_days), "port_days": _rounded(y.port_days), "wait_days": _rounded(y.wait_days),
        "own_legs": y.own_legs, "baseline_legs": y.baseline_legs, "usual_legs": y.usual_legs,
        "first_own": _moment(y.first_own), "last_own": _moment(y.last_own), "carried": _rounded(y.carried),
        "usd_per_unit": _rounded(y.usd_per_unit),
        "co2_kg_per_unit": _rounded(y.co2_kg_per_unit), "cost_complete": y.cost_complete, "ships": y.ships,
        "stuck": stuck, "legs": [dict(zip(LEG_COLUMNS[2:], row[2:], strict=True)) for row in _rows("", y)],
    }  # fmt: skip


def service_csv(found: Service) -> str:
    """The legs of all alternatives as CSV, in the order of time."""
    return csv_text(LEG_COLUMNS, [row for y in found.years for row in _rows(found.ship, y)])


def service_frame(found: Service) -> DataFrame:
    """The legs with the columns of the CSV; what does not exist is missing."""
    from pandas import DataFrame, to_datetime

    frame = DataFrame([row for y in found.years for row in _rows(found.ship, y)], columns=list(LEG_COLUMNS))
    for column in ("ready", "depart", "arrive"):
        frame[column] = to_datetime(frame[column], utc=True)
    return frame


def _rows(ship: str, y: ShipYear) -> list[Sequence[Any]]:
    return [
        (
            ship, y.alternative, k, leg.origin, leg.destination, leg.route, leg.way.value, _moment(leg.ready),
            _moment(leg.depart), _moment(leg.arrive), _rounded(leg.port_days), _rounded(leg.wait_days),
            _rounded(leg.sea_days), _rounded(leg.distance_nm, 1), _rounded(leg.ice_nm, 1), _rounded(leg.fuel_t, 1),
            _rounded(leg.co2_t, 1), leg.cost_usd, leg.cost_complete,
        )
        for k, leg in enumerate(y.legs, 1)
    ]  # fmt: skip


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")


def _rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None else round(value, digits) + 0.0


def relay_text(found: Relay) -> str:
    """What `northabout service --onward` prints: both services, then both ships together."""
    first, onward = found.first, found.onward
    header = ["alternative", "onward ships a first"]
    rows = [[t.alternative, _figure(t.onward_per_first, 2)] for t in found.together]
    if any(t.usd_per_unit is not None for t in found.together):
        header += [f"USD/{first.unit}", f"kg CO2/{first.unit}"]
        rows = [
            [*row, _figure(t.usd_per_unit, 1) + ("" if t.cost_complete else " !"), _figure(t.co2_kg_per_unit, 1)]
            for row, t in zip(rows, found.together, strict=True)
        ]
    if first.flow is not None:
        header += ["first ships", "onward ships"]
        rows = [
            [*row, *(NONE if n is None else str(n) for n in (t.first_ships, t.onward_ships))]
            for row, t in zip(rows, found.together, strict=True)
        ]
    told = f"Together, {first.calls[0]} to {onward.calls[-1]}: {first.ship} to {found.at}, from there {onward.ship}"
    lines = [service_text(first), "", service_text(onward), "", *wrapped(told)]
    lines += ["", text_table(header, rows, right=range(1, len(header)))]
    return "\n".join([*lines, f"What handling and storing the cargo at {found.at} costs is not counted."])


def relay_dict(found: Relay) -> dict[str, Any]:
    """The document of `northabout service --onward --json`."""
    return {
        "at": found.at, "first": service_dict(found.first), "onward": service_dict(found.onward),
        "together": [_together_dict(t) for t in found.together],
    }  # fmt: skip


def _together_dict(t: RelayYear) -> dict[str, Any]:
    return {
        "route": t.alternative, "usd_per_unit": _rounded(t.usd_per_unit),
        "co2_kg_per_unit": _rounded(t.co2_kg_per_unit), "cost_complete": t.cost_complete,
        "onward_per_first": _rounded(t.onward_per_first),
        "first_ships": t.first_ships, "onward_ships": t.onward_ships,
    }  # fmt: skip


def relay_csv(found: Relay) -> str:
    """The legs of both ships as CSV."""
    both = (found.first, found.onward)
    return csv_text(LEG_COLUMNS, [row for s in both for y in s.years for row in _rows(s.ship, y)])


def relay_frame(found: Relay) -> DataFrame:
    """The legs of both ships with the columns of the CSV."""
    from pandas import concat

    return concat([service_frame(found.first), service_frame(found.onward)], ignore_index=True)
