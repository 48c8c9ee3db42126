"""The navigable season: what must hold of any class, decade and pathway, and that it follows the rules of a voyage."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from sim.errors import UsageError
from sim.ice.admission import AdmissionTable
from sim.ice.classes import ice_class
from sim.ice.field import day_number
from sim.ice.pathways import climate_field, pathways
from sim.ice.season import track
from sim.ship.vessel import VesselTable
from sim.study.seasons import (
    CLASSES,
    DECADES,
    MID_DECADE,
    REFERENCE_SHIP,
    STEP_KM,
    TRACKS,
    Season,
    SeasonTable,
    seasons,
    tracks_for,
)
from sim.voyage.navigation import Bar, Navigator, Places
from sim.voyage.policy import IcePolicy
from sim.voyage.voyage import ClosedBy

CASES = [(p, True) for p in pathways()] + [(p, False) for p in ("SSP1-1.9", "SSP5-8.5")]
NAMES = [f"{p}{'' if with_admission else ', no admission'}" for p, with_admission in CASES]


@cache
def table(pathway: str, with_admission: bool = True) -> SeasonTable:
    return seasons(pathway, with_admission=with_admission)


def figures(season: Season) -> tuple[int, int]:
    return season.days, season.moving_days


@pytest.mark.parametrize(("pathway", "with_admission"), CASES, ids=NAMES)
def test_a_higher_class_never_has_a_shorter_season(pathway: str, with_admission: bool) -> None:
    found = table(pathway, with_admission)
    for decade in DECADES:
        for escorted in (False, True):
            for weak, strong in pairwise(CLASSES):
                a, b = (figures(found.at(c, decade, escorted)) for c in (weak, strong))
                assert a[0] <= b[0] and a[1] <= b[1], (weak, strong, decade, escorted)


@pytest.mark.parametrize(("pathway", "with_admission"), CASES, ids=NAMES)
def test_an_icebreaker_never_shortens_a_season_nor_does_a_hull_lengthen_it(pathway: str, with_admission: bool) -> None:
    found = table(pathway, with_admission)
    for name in CLASSES:
        for decade in DECADES:
            alone, led = (found.at(name, decade, escorted) for escorted in (False, True))
            assert alone.days <= led.days <= 365 and alone.moving_days <= led.moving_days
            assert 0 <= alone.moving_days <= alone.days and led.moving_days <= led.days


def test_rules_and_ice_are_told_apart_at_both_ends_of_a_season() -> None:
    ruled, free = table("SSP2-4.5"), table("SSP2-4.5", with_admission=False)
    for own, by_ice in zip(ruled.seasons, free.seasons, strict=True):
        assert own.ice_days == by_ice.ice_days == by_ice.days >= own.days
        assert by_ice.before in (None, ClosedBy.ICE) and by_ice.after in (None, ClosedBy.ICE)
        if own.days == own.ice_days:
            assert own.before in (None, ClosedBy.ICE, ClosedBy.BOTH)
        if own.ice_class == "none" and own.escorted and own.decade >= "2040s":
            assert own.after == ClosedBy.RULE and own.closes is not None and own.closes <= date(own.closes.year, 11, 15)
    assert {s.after for s in ruled.seasons} >= {ClosedBy.RULE, None}


def test_a_season_of_the_rules_of_2013_ends_on_a_day_and_by_permit_with_the_ice() -> None:
    how: dict[str, object] = {"classes": ["Arc4", "Arc5"], "decades": ["2020s", "2040s", "2090s"]}
    old, new = (seasons(admission=AdmissionTable.load(regime=r), **how) for r in ("rules_2013", "rules_2020"))
    ends = {t: [t.at("Arc4", d, True).closes for d in t.decades] for t in (old, new)}
    assert [(d.month, d.day) for d in ends[old] if d] == [(11, 30)] * 3
    first, second, third = (d.timetuple().tm_yday + 366 * (d.month < 7) for d in ends[new] if d)
    assert first < second < third


@pytest.mark.parametrize("with_admission", [True, False])
def test_a_warmer_decade_never_has_a_shorter_season(with_admission: bool) -> None:
    """Of all pathways together: what counts is the warming, not the date."""
    those = [table(p, w) for p, w in CASES if w == with_admission]
    for name in CLASSES:
        for escorted in (False, True):
            by_warming = sorted(
                (w, *figures(t.at(name, d, escorted))) for t in those for d, w in zip(DECADES, t.warming_c, strict=True)
            )
            assert all(a[1] <= b[1] and a[2] <= b[2] for a, b in pairwise(by_warming)), (name, escorted)


def test_the_rules_of_the_area_only_shorten() -> None:
    strict, free = (table("SSP5-8.5", w) for w in (True, False))
    pairs = [(s, f) for s, f in zip(strict.seasons, free.seasons, strict=True)]
    assert all(s.days <= f.days and s.moving_days <= f.moving_days for s, f in pairs)
    assert any(s.days < f.days for s, f in pairs)
    assert not any(f.low_confidence for f in free.seasons) and any(s.low_confidence for s in strict.seasons)


def test_the_season_says_which_it_is_and_the_mean_is_longer() -> None:
    single, mean, severe = (
        seasons(decades=["2020s", "2040s"], classes=["Arc4"], **how)  # type: ignore[arg-type]
        for how in ({}, {"single_year": False}, {"season": "severe"})
    )
    assert single.ice == "typical single year (mean field at z = +0.80)"
    assert mean.ice == "mean of many years, which is open too long (mean field at z = +0.00)"
    assert severe.ice == "typical single year (mean field at z = +1.80), severe season"
    assert single.pathway == "SSP2-4.5" and "admission rules" in single.rules
    for decade in single.decades:
        heavy, typical, light = (t.at("Arc4", decade).days for t in (severe, single, mean))
        assert heavy <= typical <= light and heavy < light


def test_more_risk_and_decay_never_shorten() -> None:
    how: dict[str, object] = {"decades": ["2010s"], "classes": ["Ice1", "Arc4", "Arc6"], "with_admission": False}
    normal, elevated, summer = (
        seasons(**how, **more)  # type: ignore[arg-type]
        for more in ({"max_risk": "normal"}, {}, {"decay": "summer"})
    )
    for name in normal.classes:
        for escorted in (False, True):
            assert normal.at(name, "2010s", escorted).days <= elevated.at(name, "2010s", escorted).days
            assert elevated.at(name, "2010s", escorted).days <= summer.at(name, "2010s", escorted).days
    assert normal.at("Arc4", "2010s").days < elevated.at("Arc4", "2010s").days


@pytest.mark.parametrize(
    ("name", "escorted", "with_admission"),
    [("Ice2", False, True), ("Arc4", True, True), ("none", True, False), ("Arc7", False, True)],
)
def test_a_season_follows_the_rules_that_a_voyage_follows(name: str, escorted: bool, with_admission: bool) -> None:
    """Day by day the same answer as the navigator's, who steers the voyages of a scenario."""
    decade = "2020s"
    policy = IcePolicy(escort="when_needed" if escorted else "none")
    rules = AdmissionTable.load() if with_admission else None
    navigator = Navigator(VesselTable.load().find(REFERENCE_SHIP), ice_class(name), policy, 12.7, rules)
    field = climate_field(epoch=decade, pathway="SSP2-4.5")
    start = day_number(datetime(int(decade[:4]) + MID_DECADE, 1, 1, 12, tzinfo=UTC))
    there = [Places(track(t).points(STEP_KM), field) for t in TRACKS]
    moving, rules = [], []
    for day in start + np.arange(365.0):
        bars = [navigator.going(places, day).bar for places in there]
        moving.append(any((b == Bar.OPEN).all() for b in bars))
        rules.append(any(((b == Bar.OPEN) | (b == Bar.BESET)).all() for b in bars))
    found = seasons(classes=[name], decades=[decade], with_admission=with_admission).at(name, decade, escorted)
    assert found.moving_days == sum(moving) > 0
    if not escorted:  # behind an icebreaker the navigator names one bar of two
        assert found.days == sum(rules)
        assert found.opens is not None and found.closes is not None
        first, last = (d.timetuple().tm_yday - 1 for d in (found.opens, found.closes))
        assert all(rules[first : last + 1]) and not rules[first - 1] and not rules[last + 1]


def test_the_longest_stretch_lies_in_summer_and_is_no_longer_than_the_season() -> None:
    for season in table("SSP2-4.5").seasons:
        if season.days == 0:
            assert season.opens is season.closes is None
            continue
        assert season.opens is not None and season.closes is not None
        stretch = (season.closes - season.opens).days % 365 + 1
        assert stretch <= season.days
        if season.days < 150:
            assert season.opens.month in (6, 7, 8, 9) and season.closes.month in (9, 10, 11, 12)


def test_a_deep_ship_may_not_use_the_coastal_track() -> None:
    ships = VesselTable.load()
    deep = ships.find("tank_suezmax_1a")
    assert tracks_for(deep) == ("nsr_northern",) and tracks_for(ships.find(REFERENCE_SHIP)) == TRACKS
    how = {"decades": ["2010s"], "classes": ["Ice1", "Arc4"]}
    there, base = seasons(**how, ship=deep), seasons(**how)  # type: ignore[arg-type]
    assert there.tracks == ("nsr_northern",) and "suezmax" in there.hull
    for name in base.classes:
        assert there.at(name, "2010s").days < base.at(name, "2010s").days


def test_the_json_has_every_season() -> None:
    found = table("SSP2-4.5")
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert len(told["seasons"]) == len(CLASSES) * len(DECADES) * 2
    assert told["ice"] == found.ice and told["reference_hull"] == found.hull
    one = next(s for s in told["seasons"] if (s["ice_class"], s["decade"], s["escorted"]) == ("Arc6", "2050s", True))
    assert one["days"] == found.at("Arc6", "2050s", True).days


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"pathway": "SSP9"}, "unknown pathway 'SSP9'"),
        ({"decades": ["2030"]}, r"'2030' \(did you mean 2030s"),
        ({"classes": ["Arc44"]}, r"'Arc44' \(did you mean Arc4"),
        ({"max_risk": "elevate"}, r"'elevate' \(did you mean elevated"),
        ({"classes": []}, "0 classes and 9 decades"),
    ],
)
def test_errors_help(how: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        seasons(**how)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"'PC3' is not in the table.*there: none, Ice1"):
        table("SSP2-4.5").at("PC3", "2030s")
