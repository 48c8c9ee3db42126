"""The departure calendar: what must hold of any year, and that a day of it is the voyage of that day."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import SeaNetwork
from sim.errors import UsageError
from sim.ice.admission import AdmissionTable
from sim.ice.classes import ice_class
from sim.scenario.convert import as_studied
from sim.scenario.schema import Scenario
from sim.scenario.simulate import Sailing
from sim.ship.vessel import VesselTable
from sim.study.calendar import Calendar, RouteYear, calendar, closures, periods
from sim.study.sailing.sailed import NO_ROUTE, Sailed
from sim.voyage.blocks import block_at
from sim.voyage.ice_route import IceRouter
from sim.voyage.navigation import Bar, Navigator, Places
from sim.voyage.policy import IcePolicy
from sim.voyage.voyage import Block, Cause, ClosedBy

NOWHERE = Path("/nonexistent")
BASE: dict[str, Any] = {
    "format": 1,
    "name": "calendar",
    "description": "Dalian to Rotterdam on many days",
    "voyage": {"from": "Dalian", "to": "Rotterdam", "depart": "2035-08-15"},
    "vessel": {"type": "mpp_19k_1a"},
    "alternatives": [{"route": "suez"}, {"route": "nsr"}],
    "baseline": "suez",
    "ice": {},
}
NSR = {"alternatives": [{"route": "nsr"}], "baseline": "nsr"}


@cache
def net() -> SeaNetwork:
    return SeaNetwork.load()


@cache
def router() -> IceRouter:
    return IceRouter(net())


def scenario(**changes: Any) -> Scenario:
    """The base scenario with sections exchanged; a section of keys is merged."""
    data = dict(BASE)
    for key, value in changes.items():
        data[key] = data.get(key, {}) | value if isinstance(value, dict) else value
    return Scenario.model_validate({k: v for k, v in data.items() if v is not None})


def year_of(every_days: int = 91, year: int | None = None, **changes: Any) -> Calendar:
    return calendar(scenario(**changes), net(), NOWHERE, every_days=every_days, year=year, router=router())


@cache
def base() -> Calendar:
    return year_of()


def route(found: Calendar, label: str) -> RouteYear:
    return next(r for r in found.routes if r.label == label)


def open_days(found: Calendar, label: str) -> set[date]:
    return {s.depart.date() for s in route(found, label).departures if s.open}


# --- a year


def test_every_day_is_the_voyage_of_that_day() -> None:
    sailing = Sailing(as_studied(scenario()), net(), NOWHERE, router())
    seen = set()
    for k, alternative in enumerate(sailing.scenario.alternatives):
        for found in base().routes[k].departures:
            route, voyage = sailing.sailed(alternative, found.depart)
            assert voyage is not None
            if voyage.blocked is not None:
                assert (found.status, found.block) == (voyage.blocked.status, voyage.blocked)
                assert found.days is found.arrive is found.fuel_t is found.saved_days is None
                assert found.sea
            else:
                assert (found.days, found.distance_nm) == (voyage.days, route.distance_nm)
                assert (found.fuel_t, found.ice_delay_days) == (voyage.fuel_t, voyage.ice_delay_days)
                assert found.arrive == voyage.arrive
                assert found.arrive == pytest.approx(
                    found.depart + timedelta(days=voyage.days), abs=timedelta(seconds=1)
                )
            seen.add(found.status)
    assert {"ok", "beset"} <= seen


def test_days_saved_are_those_of_the_baseline_less_the_own() -> None:
    suez, nsr = base().routes
    for a, b in zip(suez.departures, nsr.departures, strict=True):
        assert a.saved_days == 0
        assert b.saved_days == (None if b.days is None or a.days is None else pytest.approx(a.days - b.days))
    assert any(s.saved_days is not None and s.saved_days > 5 for s in nsr.departures)


def test_departures_start_on_new_year_and_stay_in_the_year() -> None:
    found = year_of(100, alternatives=[{"route": "suez"}])
    days = [s.depart for s in found.routes[0].departures]
    assert days == [datetime(2035, 1, 1, tzinfo=UTC) + timedelta(days=100 * k) for k in range(4)]
    assert found.weights_days == (100, 100, 100, 65)
    leap = year_of(100, 2024, alternatives=[{"route": "suez"}])
    assert sum(leap.weights_days) == 366


def test_shares_and_counts_agree() -> None:
    for r, s in zip(base().routes, base().summaries, strict=True):
        assert 0 <= s.open_share <= 1
        assert (s.open_share == 1) == (s.open_departures == s.departures)
        assert s.departures == len(r.departures) == len(base().weights_days)
        assert s.open_departures + sum(c.departures for c in s.closures) == s.departures
        assert sum(p.departures for p in s.periods) == s.open_departures
        assert s.best is not None and s.worst is not None and s.best.days is not None and s.worst.days is not None
        assert s.best.days <= s.worst.days
        assert s.saving_share is None if r.label == "suez" else 0 <= (s.saving_share or 0) <= s.open_share
    nsr = base().summary(route(base(), "nsr"))
    assert 0 < nsr.open_departures < nsr.departures


def test_the_share_of_a_saving_falls_with_its_size() -> None:
    shares = [replace(base(), saving_days=d).summaries[1].saving_share for d in (-99.0, 9.0, 10.8, 99.0)]
    assert shares[0] == base().summaries[1].open_share
    assert shares == sorted(shares, key=lambda v: -(v or 0))
    assert shares[1] and shares[3] == 0


def test_warmer_years_are_never_closed_on_more_days() -> None:
    cold, warm = (year_of(182, ice={"epoch": e}, **NSR) for e in ("1990s", "2080s"))
    assert open_days(cold, "nsr") <= open_days(warm, "nsr")
    assert len(open_days(cold, "nsr")) < len(open_days(warm, "nsr"))


def test_an_icebreaker_never_closes_a_day() -> None:
    routes = [{"route": "nsr"}, {"route": "nsr", "name": "led", "escort": "when_needed"}]
    found = year_of(61, 2012, alternatives=routes, baseline="nsr")
    assert open_days(found, "nsr") <= open_days(found, "led")
    assert len(open_days(found, "nsr")) < len(open_days(found, "led"))


def test_without_ice_all_days_are_alike() -> None:
    found = year_of(92, ice=None)
    for r in found.routes:
        assert len({s.days for s in r.departures}) == 1
        assert all(s.open and s.ice_delay_days == 0 for s in r.departures)
    assert found.ice == ""
    assert [s.periods[0].departures for s in found.summaries] == [4, 4]


def test_another_year_has_its_own_ice() -> None:
    there = year_of(200, 2040, alternatives=[{"route": "suez"}])
    assert "climate of 2040" in there.ice and there.year == 2040
    assert all(s.depart.year == 2040 for s in there.routes[0].departures)
    fixed = year_of(200, 2040, alternatives=[{"route": "suez"}], ice={"year": 2030})
    assert "climate of 2030" in fixed.ice


def test_a_route_that_does_not_exist_is_closed_all_year() -> None:
    found = year_of(200, closures=[{"passage": "suez_canal"}], alternatives=[{"route": "suez"}, {"route": "cape"}])
    suez, cape = found.summaries
    assert suez.open_share == 0 and suez.best is None and suez.periods == ()
    assert [(c.status, c.cause, c.departures) for c in suez.closures] == [("unreachable", NO_ROUTE, 2)]
    assert "suez_canal is closed" in suez.closures[0].reason
    assert cape.open_share == 1 and cape.saving_share == 0
    assert all(s.saved_days is None for s in found.routes[1].departures)
    assert found.feasible


def test_progress_counts_every_voyage() -> None:
    calls: list[tuple[int, int]] = []
    calendar(
        scenario(ice=None), net(), NOWHERE, every_days=100, progress=lambda done, total: calls.append((done, total))
    )
    assert calls == [(k, 8) for k in range(1, 9)]


def test_more_workers_give_the_same_calendar() -> None:
    alone, shared = (
        calendar(scenario(ice=None, closures=[{"passage": "suez_canal"}]), net(), NOWHERE, every_days=50, workers=n)
        for n in (1, 2)
    )
    assert alone == shared


def test_the_json_is_json() -> None:
    told = json.loads(json.dumps(base().to_dict(), allow_nan=False))
    assert told["scenario"] == "calendar" and told["year"] == 2035 and "z = +0.80" in told["ice"]
    for r in told["alternatives"]:
        assert len(r["calendar"]) == r["departures"] == 5
        for s in r["calendar"]:
            assert (s["days"] is None) == (s["status"] != "ok") == bool(s["reason"])


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"every_days": 0}, "every_days is 0, allowed is .* 1 to 366"),
        ({"every_days": 7.5}, "every_days is 7.5"),
        ({"workers": 0}, "workers is 0, allowed is 1 to 64"),
        ({"year": 1066}, "year is 1066, allowed is 1900 to 2200, nearest 1900"),
        ({"year": 2150}, "2150 is out of range; allowed: 1979 to 2100, nearest 2100"),
    ],
)
def test_errors_help(how: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        calendar(scenario(alternatives=[{"route": "nsr"}], baseline="nsr"), net(), NOWHERE, **how)


# --- periods and causes


def weeks(count: int) -> list[date]:
    return [date(2035, 1, 1) + timedelta(days=7 * k) for k in range(count)]


def test_a_period_over_new_year_ends_before_it_begins() -> None:
    days = weeks(6)
    found = periods(days, [True, True, False, True, False, True])
    assert [(p.first, p.last, p.departures) for p in found] == [(days[3], days[3], 1), (days[5], days[1], 3)]
    apart = periods(days, [True, True, False, True, False, True], cyclic=False)
    assert [(p.first, p.last) for p in apart] == [(days[0], days[1]), (days[3], days[3]), (days[5], days[5])]
    (whole,) = periods(days, [True] * 6)
    assert (whole.first, whole.last, whole.departures) == (days[0], days[-1], 6)
    assert periods(days, [False] * 6) == ()


@given(st.lists(st.booleans(), min_size=1, max_size=53), st.booleans())
def test_periods_hold_just_the_marked_days(flags: list[bool], cyclic: bool) -> None:
    days = weeks(len(flags))
    marked = {d for d, f in zip(days, flags, strict=True) if f}
    held: list[date] = []
    for p in periods(days, flags, cyclic=cyclic):
        own = [d for d in days if (p.first <= d <= p.last if p.first <= p.last else d >= p.first or d <= p.last)]
        assert len(own) == p.departures
        held += own
    assert sorted(held) == sorted(marked)


def test_causes_are_grouped_with_their_seas_and_months() -> None:
    def shut(month: int, cause: Cause, sea: str) -> Sailed:
        depart = datetime(2035, month, 1, tzinfo=UTC)
        block = Block(cause, sea, 75.0, 75.0, depart + timedelta(days=9), 1.0, 2.0)
        return Sailed(depart, block.status, block)

    days = [shut(m, Cause.BESET, "kara_sea" if m == 3 else "laptev_sea") for m in (1, 2, 3)]
    days += [shut(11, Cause.NOT_ADMITTED, "chukchi_sea"), Sailed(datetime(2035, 8, 1, tzinfo=UTC), "ok")]
    beset, barred = closures(days)
    assert (beset.status, beset.cause, beset.departures, beset.months) == ("beset", Cause.BESET, 3, (1, 2, 3))
    assert beset.seas == (("Laptev Sea", 2), ("Kara Sea", 1)) and beset.first is days[0]
    assert (barred.status, barred.cause, barred.months) == ("closed", Cause.NOT_ADMITTED, (11,))


def test_what_bounds_an_open_period_is_told_on_both_sides(net_free_calendar: Callable[..., Calendar]) -> None:
    closers = [ClosedBy.ICE, None, None, ClosedBy.RULE, ClosedBy.RULE, None, ClosedBy.BOTH]
    found = net_free_calendar(closers, repeats=False).summaries[0].periods
    assert [(p.departures, p.before, p.after) for p in found] == [
        (2, ClosedBy.ICE, ClosedBy.RULE),
        (1, ClosedBy.RULE, ClosedBy.BOTH),
    ]
    open_ends = [None, ClosedBy.RULE, None]
    (first, last) = net_free_calendar(open_ends, repeats=False).summaries[0].periods
    assert (first.before, first.after, last.before, last.after) == (None, ClosedBy.RULE, ClosedBy.RULE, None)
    (whole,) = net_free_calendar(open_ends, repeats=True).summaries[0].periods
    assert (whole.departures, whole.before, whole.after) == (2, ClosedBy.RULE, ClosedBy.RULE)


@pytest.fixture
def net_free_calendar() -> Callable[..., Calendar]:
    """A calendar of departures a week apart, each open (None) or closed by something."""

    def made(closers: list[ClosedBy | None], *, repeats: bool) -> Calendar:
        days = []
        for k, closer in enumerate(closers):
            depart = datetime(2035, 1, 1, tzinfo=UTC) + timedelta(days=7 * k)
            cause = Cause.NOT_ADMITTED if closer in (ClosedBy.RULE, ClosedBy.BOTH) else Cause.TOO_MUCH_RISK
            block = Block(cause, "kara_sea", 75.0, 75.0, depart, 1.0, 2.0, closed_by=closer) if closer else None
            days.append(Sailed(depart, "closed", block) if block else Sailed(depart, "ok", days=30.0))
        every = -(-365 // len(days))
        return Calendar("c", "", "A", "B", "s", "", "nsr", 2035, every, 10.0, repeats, (RouteYear("nsr", tuple(days)),))

    return made


def test_closures_by_rules_alone_stand_apart_from_those_by_ice_too(
    net_free_calendar: Callable[..., Calendar],
) -> None:
    found = net_free_calendar([ClosedBy.RULE, ClosedBy.BOTH, ClosedBy.RULE], repeats=False).routes[0].departures
    assert [(c.closed_by, c.departures) for c in closures(found)] == [(ClosedBy.RULE, 2), (ClosedBy.BOTH, 1)]


class Made:
    """A field with one kind of ice everywhere."""

    kind, label, sources = "file", "made up", ()

    def __init__(self, concentration: float, thickness_m: float) -> None:
        self.ice = concentration, thickness_m

    def sampler(self, lonlat: np.ndarray) -> Made:
        self.count = len(lonlat)
        return self

    def on(self, day: float) -> tuple[np.ndarray, np.ndarray]:
        return np.full(self.count, self.ice[0]), np.full(self.count, self.ice[1])


@pytest.mark.parametrize(
    ("bar", "name", "ice", "admission", "cause", "status"),
    [
        (Bar.UNKNOWN, "Arc4", (np.nan, np.nan), False, Cause.NO_ICE_DATA, "closed"),
        (Bar.NOT_ADMITTED, "none", (0.9, 1.0), True, Cause.NOT_ADMITTED, "closed"),
        (Bar.RISK, "none", (0.9, 1.0), False, Cause.TOO_MUCH_RISK, "closed"),
        (Bar.BESET, "Arc9", (1.0, 2.0), False, Cause.BESET, "beset"),
    ],
)
def test_every_bar_has_its_cause(
    bar: Bar, name: str, ice: tuple[float, float], admission: bool, cause: Cause, status: str
) -> None:
    rules = AdmissionTable.load() if admission else None
    navigator = Navigator(VesselTable.load().find("mpp_19k_1a"), ice_class(name), IcePolicy(), 12.7, rules)
    at, day = np.array([[104.0, 77.9]]), 12784.5  # Vilkitsky Strait, 1 January 2005
    going = navigator.going(Places(at, Made(*ice)), day)
    assert going.bar[0] == bar
    block = block_at(navigator, going, 0, at[0], day)
    assert (block.cause, block.status, block.ice_class) == (cause, status, name)
    assert (block.lon, block.lat, f"{block.moment:%Y-%m-%d}") == (104.0, 77.9, "2005-01-01")
    known = (None, None) if cause == Cause.NO_ICE_DATA else ice
    assert (block.concentration, block.thickness_m) == known
    assert (block.ruling is not None) == admission
    assert block == block_at(navigator, going, 0, at[0], day)  # no nan within: equal in another process too


def test_the_last_departure_of_arc4_moves_with_the_climate_and_not_with_the_letter_of_2013() -> None:
    """From Rotterdam on New Year, led where needed: closed in 2025, open in warmer years; by the letter never."""
    voyage = {"from": "Rotterdam", "to": "Yokohama", "depart": "2025-01-01"}

    def open_on_new_year(year: int, rules: str) -> bool:
        ice = {"admission": rules, "escort": "when_needed"}
        return year_of(366, year, **NSR, voyage=voyage, ice=ice).routes[0].departures[0].open

    assert [open_on_new_year(y, "nsr") for y in (2025, 2035, 2050)] == [False, True, True]
    assert not open_on_new_year(2050, "rules_2013")
