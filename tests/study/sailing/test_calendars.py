"""Calendars of several years and money in calendars: a year is that year's calendar, a cost is that of `run`."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from sim import SeaNetwork
from sim.economy.rates import Missing
from sim.errors import DataError, UsageError
from sim.report.calendar import calendar_csv, calendar_text
from sim.report.years.calendars import YEAR_COLUMNS, YEAR_MONEY_COLUMNS, calendars_csv, calendars_text, years_csv
from sim.scenario.compare import run
from sim.scenario.schema import Scenario
from sim.study.calendar import Calendar, calendar
from sim.study.sailing.calendars import CalendarYears, calendar_years
from sim.voyage.ice_route import IceRouter

NOWHERE = Path("/nonexistent")
TANKER: dict[str, Any] = {
    "format": 1, "name": "tanker", "description": "The Gulf to Rotterdam", "vessel": {"type": "tank_aframax"},
    "voyage": {"from": "Ras Tanura", "to": "Rotterdam", "depart": "2024-02-10"},
    "alternatives": [{"route": "suez"}, {"route": "cape"}], "baseline": "suez", "costs": {},
}  # fmt: skip
ICY: dict[str, Any] = {
    "format": 1, "name": "icy", "description": "Dalian to Rotterdam", "vessel": {"type": "mpp_19k_1a"},
    "voyage": {"from": "Dalian", "to": "Rotterdam", "depart": "2035-08-19"},
    "alternatives": [{"route": "suez"}, {"route": "nsr"}], "baseline": "suez", "costs": {}, "ice": {"besetting": "off"},
}  # fmt: skip


@cache
def net() -> SeaNetwork:
    return SeaNetwork.load()


@cache
def router() -> IceRouter:
    return IceRouter(net())


def scenario(base: dict[str, Any] = TANKER, **changes: Any) -> Scenario:
    return Scenario.model_validate({k: v for k, v in (base | changes).items() if v is not None})


def one(year: int | None = None, every_days: int = 120, **changes: Any) -> Calendar:
    return calendar(scenario(**changes), net(), NOWHERE, every_days=every_days, year=year)


@cache
def several() -> CalendarYears:
    return calendar_years(scenario(), net(), NOWHERE, "2024-2026", every_days=120)


@cache
def icy() -> CalendarYears:
    """1 January, closed, and 19 August, open, of two years."""
    return calendar_years(scenario(ICY), net(), NOWHERE, (2045, 2035), every_days=230, router=router())


# --- years


def test_a_year_of_a_range_is_the_calendar_of_that_year() -> None:
    assert several().years == (2024, 2025, 2026)
    for found in several().calendars:
        assert found == one(found.year)


def test_a_year_of_a_range_has_its_own_ice() -> None:
    assert icy().years == (2035, 2045)
    for found in icy().calendars:
        assert found == calendar(scenario(ICY), net(), NOWHERE, every_days=230, year=found.year, router=router())
        assert f"climate of {found.year}" in found.ice
        assert [s.status == "ok" for s in found.routes[1].departures] == [False, True]


def test_more_workers_give_the_same_years() -> None:
    shared = calendar_years(scenario(), net(), NOWHERE, "2024-2026", every_days=120, workers=2)
    assert shared == several()


def test_progress_counts_all_years() -> None:
    calls: list[tuple[int, int]] = []
    calendar_years(
        scenario(), net(), NOWHERE, [2024, 2030], every_days=200, progress=lambda done, of: calls.append((done, of))
    )
    assert calls == [(k, 8) for k in range(1, 9)]


def test_too_many_and_impossible_years_are_told_before_anything_is_sailed() -> None:
    def never(done: int, of: int) -> None:
        raise AssertionError("something was sailed")

    with pytest.raises(UsageError, match=r"219,\d{3} voyages are asked for, allowed are 200,000"):
        calendar_years(scenario(), net(), NOWHERE, "1900-2199", every_days=1, progress=never)
    with pytest.raises(UsageError, match="2101 is out of range; allowed: 1979 to 2100"):
        calendar_years(scenario(ICY), net(), NOWHERE, "2099-2101", progress=never, router=router())
    with pytest.raises(UsageError, match="runs backwards"):
        calendar_years(scenario(), net(), NOWHERE, "2030-2020", progress=never)


# --- money


def test_the_cost_of_a_day_is_that_of_its_run() -> None:
    seen = 0
    for found in icy().calendars:
        for k, depart in enumerate(s.depart for s in found.routes[0].departures):
            voyage = ICY["voyage"] | {"depart": f"{depart:%Y-%m-%d}"}
            for route, outcome in zip(found.routes, run(scenario(ICY, voyage=voyage), net()).outcomes, strict=True):
                own = route.departures[k]
                if outcome.ledger is None or not outcome.feasible:
                    assert own.cost_usd is own.cost_complete is own.saved_usd is own.saved_complete is None
                    continue
                assert (own.cost_usd, own.days) == (outcome.ledger.total_usd, outcome.days)
                assert own.cost_complete == outcome.ledger.complete
                assert bool(own.off_date) == bool(outcome.ledger.off_date)
                if route.label != "suez":
                    assert own.saved_usd == pytest.approx(-outcome.versus["cost_usd"])
                    assert own.saved_complete == outcome.versus["cost_complete"]
                    seen += 1
    assert seen == 2


def test_money_of_a_year_is_that_of_its_departures() -> None:
    for found in (*several().calendars, *icy().calendars):
        for route, summary in zip(found.routes, found.summaries, strict=True):
            money, costs = summary.money, [s.cost_usd for s in route.departures if s.cost_usd is not None]
            assert money is not None and summary.median_days is not None and summary.best and summary.worst
            assert money.priced == len(costs) == summary.open_departures
            assert money.median_cost_usd == median(costs)
            assert (summary.best.days or 0) <= summary.median_days <= (summary.worst.days or 0)
            if route.label == found.baseline:
                assert money.best is money.cheaper_share is None
                continue
            saved = [s.saved_usd for s in route.departures if s.saved_usd is not None]
            assert money.best is not None and money.best.saved_usd == max(saved)
            assert money.cheaper_share is not None and 0 <= money.cheaper_share <= summary.open_share
            assert (money.cheaper_share > 0) == (max(saved) > 0)


def test_dearer_fuel_makes_the_way_round_the_cape_cheaper_on_fewer_days() -> None:
    shares = []
    for price in (50.0, 200.0, 400.0, 800.0, 3000.0):
        costs = {"fuel_usd_t": price, "hire": "none", "carbon": False}
        money = one(2024, 61, costs=costs).summaries[1].money
        assert money is not None and money.cheaper_share is not None
        shares.append(money.cheaper_share)
    assert shares == sorted(shares, reverse=True)
    assert (shares[0], shares[-1]) == (1, 0)


def test_without_costs_there_is_no_money() -> None:
    found = one(2024, costs=None)
    assert not found.costed and all(s.money is None for s in found.summaries)
    assert all(s.cost_usd is None for r in found.routes for s in r.departures)
    assert "usd" not in calendar_csv(found) and "cost" not in json.dumps(found.to_dict())
    assert "USD" not in calendar_text(found)
    with_costs = one(2024)
    for a, b in zip(found.routes, with_costs.routes, strict=True):
        assert [s.days for s in a.departures] == [s.days for s in b.departures]


def test_incomplete_totals_are_marked_in_text_csv_json_and_frame() -> None:
    """A floating unit has no Panama tariff in the tables; by Suez her totals are complete."""
    floating: dict[str, Any] = {
        "vessel": {"type": "bulk_panamax"}, "voyage": {"from": "Shanghai", "to": "New York", "depart": "2025-02-10"},
        "alternatives": [{"route": "suez"}, {"route": "panama"}], "costs": {"suez_type": "special_floating_unit"},
    }  # fmt: skip
    found = one(2025, **floating)
    suez, panama = (s.money for s in found.summaries)
    assert suez is not None and panama is not None
    assert suez.cost_complete and not panama.cost_complete and not panama.saved_complete
    assert panama.missing == (("Panama toll", Missing.NO_TARIFF),)
    told = "!: the total of panama is incomplete: Panama toll (no tariff in the tables)"
    own = calendar_text(found).split("panama: ")[1]
    assert told in calendar_text(found) and "USD !" in own
    rows = [r for r in csv.DictReader(io.StringIO(calendar_csv(found))) if r["route"] == "panama"]
    assert {(r["cost_complete"], r["saved_complete"]) for r in rows} == {("False", "False")}
    assert not found.to_frame().query("route == 'panama'")["cost_complete"].any()
    money = json.loads(json.dumps(found.to_dict(), allow_nan=False))["alternatives"][1]["money"]
    assert money["missing"] == [{"what": "Panama toll", "why": "no tariff in the tables"}]
    years = calendar_years(scenario(**floating), net(), NOWHERE, [2024, 2025], every_days=180)
    assert told in calendars_text(years) and " !" in calendars_text(years).split("panama: ")[1]


def test_days_without_a_price_of_their_month_are_told_and_do_not_end_the_year() -> None:
    strict = scenario(costs={"prices": "strict"})
    with pytest.raises(DataError):
        run(Scenario.model_validate(TANKER | {"costs": {"prices": "strict"}} | {
            "voyage": TANKER["voyage"] | {"depart": "2049-01-01"}}), net())  # fmt: skip
    found = calendar(strict, net(), NOWHERE, every_days=120, year=2049)
    assert all(s.open and s.cost_usd is None for r in found.routes for s in r.departures)
    money = found.summaries[1].money
    assert money is not None and (money.priced, money.median_cost_usd, money.cheaper_share) == (0, None, None)
    assert "the prices of no departure are known" in calendar_text(found)


# --- what is told


def test_the_text_has_a_row_a_year_and_fits() -> None:
    for found in (several(), icy()):
        lines = calendars_text(found).splitlines()
        assert max(map(len, lines)) <= 100
        for year in found.years:
            assert sum(line.startswith(f"{year} ") for line in lines) == 2 * len(found.labels)
    text = " ".join(calendars_text(icy()).split())
    assert "2035 19 Aug 37 25.2 25.2 37 " in text
    assert "ice, first: climate of 2035" in text and "ice, last: climate of 2045" in text
    assert "nsr: open on some day in 2 of 2 years saves 10 days or more against 'suez' on some day in 2 of 2" in text


def test_all_departures_and_years_are_in_the_files() -> None:
    for found in (several(), icy()):
        rows = list(csv.DictReader(io.StringIO(calendars_csv(found))))
        frame = found.to_frame()
        count = sum(len(r.departures) for c in found.calendars for r in c.routes)
        assert len(rows) == len(frame) == count
        assert list(frame.columns) == list(rows[0])
        assert {r["depart"][:4] for r in rows} == {r["year"] for r in rows} == {str(y) for y in found.years}
        table = list(csv.DictReader(io.StringIO(years_csv(found))))
        assert tuple(table[0]) == (*YEAR_COLUMNS, *YEAR_MONEY_COLUMNS)
        assert [(r["year"], r["route"]) for r in table] == [(str(y), a) for y in found.years for a in found.labels]
        for r in table:
            closed = sum(int(r[f"closed_{k}"]) for k in ("by_ice", "by_rule", "by_both", "otherwise"))
            assert closed + int(r["open_departures"]) == int(r["departures"])
        told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
        assert [y["year"] for y in told["years"]] == list(found.years)
        assert told["years"][0] == json.loads(json.dumps(found.calendars[0].to_dict()))


def test_the_functions_that_people_call_take_years() -> None:
    import northabout

    found = northabout.departure_calendar(TANKER, year="2024-2026", every_days=120)
    assert found.calendars == several().calendars
    single = northabout.departure_calendar(TANKER, year=2025, every_days=120)
    assert single == several().calendars[1]
    assert single.routes[0].departures[0].depart == datetime(2025, 1, 1, tzinfo=UTC)
    assert northabout.departure_calendar(TANKER, year=[2026], every_days=120).years == (2026,)
    assert "CalendarYears(" in repr(found) and "<table" in found._repr_html_()
    assert single.summaries[1].periods[0].first == date(2025, 1, 1)
