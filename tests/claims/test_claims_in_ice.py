"""Claims of days saved in ice: rules and words on made-up savings, and a few real voyages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from pydantic import ValidationError

from sim.claims.evaluate import Claim, ClaimResult, Finding, IceRow, Verdict, evaluate, load_claims
from sim.claims.ice import IceSailor, cases, periods_words, sailed_in_ice, scenario_of
from sim.claims.register import IceCase, IceDeparture
from sim.errors import DataError
from sim.geo.network import SeaNetwork
from sim.report.claims import claims_text
from sim.report.layout import WIDTH

CLAIM = next(c for c in load_claims() if c.id == "days_saved_10")
DRY = Finding(10.1, "holds_if", "at speeds up to 13.6 kn", "Miles.", 13.6)
SUMMER = {7: 10.0, 8: 10.7, 9: 10.7, 10: 8.0}
ALL_YEAR = dict.fromkeys(range(1, 13), 10.0)
ICE = "climate of no year, typical single year (mean field at z = +1.0)"


class FakeSail:
    """Savings by month, in open water elsewhere; a month without one is closed. `loss` days a knot above 12.7 kn."""

    def __init__(self, saved: Mapping[int, float], loss: float = 0.0) -> None:
        self.saved, self.loss = saved, loss
        self.asked: list[IceCase] = []

    def __call__(self, cases: Sequence[IceCase]) -> list[IceRow]:
        self.asked += cases
        return [IceRow(c, ICE, tuple(self._one(c, k) for k in range(len(c.months)))) for c in cases]

    def _one(self, case: IceCase, k: int) -> IceDeparture:
        days = self.saved.get(case.months[k])
        if days is None:
            return IceDeparture(case.departs[k], "closed", None, "too much ice")
        return IceDeparture(case.departs[k], "ok", days - self.loss * (case.speed_kn - 12.7))


def judged(saved: Mapping[int, float], dry: Finding = DRY, loss: float = 0.0, whole: bool = False) -> Finding:
    return sailed_in_ice(CLAIM, dry, FakeSail(saved, loss), whole)[0]


# ---- The verdict -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("saved", "dry", "verdict"),
    [
        (ALL_YEAR, "holds", "holds"),
        (ALL_YEAR, "holds_if", "holds_if"),
        (ALL_YEAR, "does_not_hold", "does_not_hold"),
        (ALL_YEAR | {3: 9.4}, "holds", "holds_if"),
        ({8: 9.5}, "holds_if", "holds_if"),
        ({8: 9.49}, "holds_if", "does_not_hold"),
        ({}, "holds", "does_not_hold"),
    ],
)
def test_ice_can_only_take_from_a_verdict(saved: dict[int, float], dry: Verdict, verdict: Verdict) -> None:
    assert judged(saved, replace(DRY, verdict=dry)).verdict == verdict


def test_condition_names_departures_share_and_ship() -> None:
    got = judged(SUMMER)
    days = 31 + 31 + 30
    assert f"departing 15 Jul - 15 Sep (3 of 12 monthly departures, {100 * days / 365:.0f} % of the year)" in (
        got.condition
    )
    assert "Arc4 without icebreaker in the 2020s" in got.condition and "Without ice: at speeds up to" in got.condition
    assert ICE in got.note and "closed 15 Nov - 15 Jun" in got.note and "saving only 8.0 days on 15 Oct" in got.note
    assert got.computed == DRY.computed


def test_departures_are_tried_at_the_solved_speed() -> None:
    sail = FakeSail(SUMMER, loss=1.0)  # 10.0 less 0.9 days at 13.6 kn is too little
    condition = sailed_in_ice(CLAIM, DRY, sail, False)[0].condition
    assert "at 13.6 kn, departing 15 Aug - 15 Sep (2 of 12" in condition
    assert "at 12.7 kn, departing 15 Jul - 15 Sep (3 of 12" in condition
    assert [(c.speed_kn, c.months) for c in sail.asked[1:]] == [(13.6, (7, 8, 9))]
    slower = FakeSail(SUMMER)
    sailed_in_ice(CLAIM, replace(DRY, most_kn=12.0), slower, False)
    assert len(slower.asked) == 1
    assert "at 13.6 kn on none of 12 monthly departures" in judged(SUMMER, loss=9.0).condition


def test_a_case_that_never_holds_names_rows_that_do() -> None:
    class OnlyStrong(FakeSail):
        def _one(self, case: IceCase, k: int) -> IceDeparture:
            strong = FakeSail(SUMMER if case.ice_class == "Arc7" and case.decade == "2050s" else {})
            return strong._one(case, k)

    got = sailed_in_ice(CLAIM, DRY, OnlyStrong({}), True)[0]
    assert got.verdict == "does_not_hold" and "on none of 12 monthly departures" in got.condition
    assert "it is right for Arc7 without icebreaker in the 2050s." in got.condition


@pytest.mark.parametrize(
    ("months", "words"),
    [
        ((7, 8, 9), "15 Jul - 15 Sep"),
        ((8,), "15 Aug"),
        ((1, 2, 11, 12), "15 Nov - 15 Feb"),
        ((1, 12), "15 Dec - 15 Jan"),
        ((6, 8, 9), "15 Jun, 15 Aug - 15 Sep"),
        (tuple(range(1, 13)), "all year"),
    ],
)
def test_runs_of_months(months: tuple[int, ...], words: str) -> None:
    assert periods_words(months, 15) == words


# ---- Rows ------------------------------------------------------------------------------------------------------------


def test_the_table_has_every_ship_and_decade_and_the_case() -> None:
    assert CLAIM.in_ice is not None
    table = cases(CLAIM, whole=True)
    (case,) = cases(CLAIM, whole=False)
    assert table.count(case) == 1 and len(set(table)) == len(table)
    for ship in CLAIM.in_ice.ships:
        decades = [c.decade for c in table if (c.ice_class, c.escort) == (ship.ice_class, ship.escort)]
        assert set(CLAIM.in_ice.decades) <= set(decades) and decades == sorted(decades)
    assert (case.ice_class, case.escort, case.decade, case.least_days) == ("Arc4", "none", "2020s", 9.5)
    assert [d.month for d in case.departs] == list(range(1, 13)) and {d.day for d in case.departs} == {15}
    assert {d.year for d in case.departs} == {2025}


def test_shares_count_the_days_of_the_months() -> None:
    (case,) = cases(CLAIM, whole=False)
    for months, days in (((), 0), ((2,), 28), ((7, 8), 62), (range(1, 13), 365)):
        row = FakeSail(dict.fromkeys(months, 10.0))([case])[0]
        assert row.share_of_year == pytest.approx(days / 365)
    leap = replace(case, decade="2023s", months=(2,))  # the middle of these ten years is 2028
    assert FakeSail({2: 10.0})([leap])[0].share_of_year == pytest.approx(29 / 366)
    assert FakeSail({})([case])[0].best_days is None


def test_both_roads_differ_by_ice_alone() -> None:
    (case,) = cases(CLAIM, whole=False)
    scenario = scenario_of(replace(case, escort="when_needed"))
    assert [(a.route, a.escort, a.speed_kn) for a in scenario.alternatives] == [
        ("suez", None, None), ("nsr", "when_needed", None),
    ]  # fmt: skip
    assert not scenario.canal_speed_limits and scenario.vessel.speed_kn == case.speed_kn and not scenario.waits
    assert scenario.ice is not None and scenario.ice.escort == "none" and scenario.ice.field == "single_year"


def result(whole: bool, saved: Mapping[int, float] = SUMMER) -> ClaimResult:
    finding, rows = sailed_in_ice(CLAIM, DRY, FakeSail(saved), whole)
    return ClaimResult("a", "b", "c", 10, finding.computed, "days", finding.verdict, finding.condition, "", rows)


def test_json_of_the_rows() -> None:
    told = json.loads(json.dumps(result(whole=True).to_dict()))
    assert list(told)[-1] == "in_ice" and len(told["in_ice"]) == len(cases(CLAIM, whole=True))
    for row in told["in_ice"]:
        assert {"ice_class", "escort", "decade", "pathway", "ice", "departures", "share_of_year"} <= set(row)
        assert 0 <= row["share_of_year"] <= 1 and len(row["departures"]) == 12
        for d in row["departures"]:
            assert set(d) == {"depart", "status", "days_saved", "reason"}
            assert (d["days_saved"] is None) == (d["status"] != "ok") == bool(d["reason"])
    assert [len(result(whole=False).to_dict()["in_ice"])] == [1]
    assert "in_ice" not in replace(result(whole=False), in_ice=()).to_dict()


@pytest.mark.parametrize("days", [10.0, -9.97, -123.4])
def test_the_table_fits_the_page(days: float) -> None:
    text = claims_text([result(True, dict.fromkeys(range(1, 13), days))], full=True)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert text.count("100 %" if days > 0 else " 0 %") >= len(cases(CLAIM, whole=True))


def test_the_table_shows_savings_and_closures() -> None:
    lines = claims_text([result(True)], full=True).splitlines()
    row = next(line.split() for line in lines if line.startswith("Arc4  ") and "2020s" in line)
    assert row[2:] == ["-"] * 6 + ["10.0", "10.7", "10.7", "8.0", "-", "-", "10.7", "25", "%"]
    assert any(line.startswith("Arc4 esc") for line in lines) and any(ICE in line for line in lines)


# ---- The register ----------------------------------------------------------------------------------------------------


def test_every_part_of_the_ice_has_a_source() -> None:
    plain = CLAIM.model_dump(by_alias=True)
    for name in plain["in_ice"]["sources"]:
        less = {k: v for k, v in plain["in_ice"]["sources"].items() if k != name}
        with pytest.raises(ValidationError, match=f"no source for {name}"):
            Claim.model_validate(plain | {"in_ice": plain["in_ice"] | {"sources": less}})


def test_ice_goes_with_days_between_two_roads() -> None:
    plain = CLAIM.model_dump(by_alias=True)
    without = {k: v for k, v in plain["with"].items() if k != "shorter"}
    for bad in ({"unit": "nm"}, {"claimed": "ten"}, {"with": without}):
        with pytest.raises(ValidationError, match="in_ice needs"):
            Claim.model_validate(plain | bad)


# ---- Real voyages ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sailor() -> IceSailor:
    return IceSailor(SeaNetwork.load())


def test_a_stronger_class_never_has_a_smaller_share(sailor: IceSailor) -> None:
    """Of three departures in the 2030s: September holds for the Arc classes, January is closed without a class."""
    (case,) = cases(CLAIM, whole=False)
    seen: list[tuple[int, int]] = []
    counted = []
    sailor.progress = lambda done, total: seen.append((done, total))
    for name in ("none", "Arc4", "Arc7"):
        row = sailor([replace(case, ice_class=name, decade="2030s", months=(1, 9, 10))])[0]
        counted.append(row)
        assert "2030s" in row.ice and "typical single year" in row.ice
    assert seen == [(1, 3), (2, 3), (3, 3)] * 3
    none, middle, strong = counted
    assert none.share_of_year <= middle.share_of_year <= strong.share_of_year <= 1
    assert none.departures[0].status == "closed" and none.departures[0].reason
    assert middle.holding[:2] == (False, True)
    # nothing saves more than the miles do without ice
    miles_nm = sailor.net.route("Dalian", "Rotterdam", via="suez").distance_nm
    miles_nm -= sailor.net.route("Dalian", "Rotterdam", via="nsr").distance_nm
    assert all(row.best_days is None or row.best_days < miles_nm / 24 / case.speed_kn + 0.05 for row in counted)


@pytest.mark.slow
def test_several_processes_sail_the_same(sailor: IceSailor) -> None:
    (case,) = cases(CLAIM, whole=False)
    asked = [replace(case, decade=decade, months=(9, 1)) for decade in ("2050s", "2010s")]
    seen: list[tuple[int, int]] = []
    with IceSailor(sailor.net, lambda done, total: seen.append((done, total)), workers=2) as sail:
        assert sail(asked) == sailor(asked)
        assert sail(asked[:1])[0].departures[1].status != "ok"
    assert seen == [(k, 4) for k in (1, 2, 3, 4)] + [(1, 2), (2, 2)]


def test_no_way_on_the_longer_road_is_told(sailor: IceSailor) -> None:
    (case,) = cases(CLAIM, whole=False)
    with pytest.raises(DataError, match="via suez: no feasible route"):
        sailor([replace(case, destination="Baku")])


def test_without_a_sailor_the_answer_says_so(sailor: IceSailor) -> None:
    got = evaluate(CLAIM, sailor.net)
    assert got.verdict == "holds_if" and got.in_ice == () and got.note.endswith("No ice is sailed here.")
