"""In how many years a claim of days saved is true: counted by hand, and the kept table holds to its laws."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise

import pandas as pd
import pytest

from sim.claims.chances import WEEKS, Chance, chances, chances_of_claim, computed
from sim.claims.ice import cases
from sim.claims.register import load_claims
from sim.report.claims import chances_text

CLAIM = "days_saved_10"
CLASSES = ("none", "Arc4", "Arc7")  # from the weakest


def frame(saved: dict[int, list[float | None]], label: str = "alone") -> pd.DataFrame:
    """Voyages of one class and decade: days saved by year and departure; None is closed."""
    return pd.DataFrame(
        [
            {
                "vessel.ice_class": "Arc4", "ice.epoch": "2020s", "ice.seed": year, "alternative": label,
                "voyage.depart": k, "saved_days": days, "status": "closed" if days is None else "ok",
            }
            for year, row in saved.items()
            for k, days in enumerate(row)
        ]
    )  # fmt: skip


def one(saved: dict[int, list[float | None]]) -> Chance:
    (found,) = computed(frame(saved), CLAIM, 9.5, {"alone": "none"}, "SSP2-4.5", "by hand")
    return found


def test_shares_are_those_counted_by_hand() -> None:
    found = one({1: [None, 9.5, 10.2, 3.0], 2: [None, 9.4, None, 2.0], 3: [11.0, 11.0, 12.0, None], 4: [None] * 4})
    assert (found.years, found.departures) == (4, 4)
    assert found.open_share == pytest.approx(8 / 16)
    assert found.share == pytest.approx(5 / 16)  # 9.5 counts, 9.4 does not
    assert found.years_share == pytest.approx(2 / 4)
    assert found.weeks_median == pytest.approx(WEEKS * 0.25)  # of 0, 0, 1/2, 3/4
    assert found.share_low <= found.share <= found.share_high
    assert found.years_low <= found.years_share <= found.years_high


def test_years_are_the_independent_draws() -> None:
    """Ten departures that all stand or fall with their year say no more than one."""
    few = one({k: [10.0 if k % 2 else 0.0] for k in range(20)})
    many = one({k: [10.0 if k % 2 else 0.0] * 10 for k in range(20)})
    assert (many.share_low, many.share_high) == pytest.approx((few.share_low, few.share_high))
    more_years = one({k: [10.0 if k % 2 else 0.0] for k in range(80)})
    assert more_years.share_high - more_years.share_low < few.share_high - few.share_low


def test_alternatives_that_stand_for_no_escort_are_left_out() -> None:
    assert computed(frame({1: [10.0], 2: [9.0]}, "suez"), CLAIM, 9.5, {"alone": "none"}, "SSP2-4.5", "x") == []


def kept() -> Iterator[Chance]:
    yield from chances_of_claim(CLAIM)


def test_the_kept_study_is_of_the_case_of_the_claim() -> None:
    (case,) = cases(next(c for c in load_claims() if c.id == CLAIM), whole=False)
    rows = {(c.ice_class, c.escort, c.decade): c for c in kept()}
    assert (case.ice_class, case.escort, case.decade) in rows
    for row in rows.values():
        assert (row.least_days, row.pathway) == (case.least_days, case.pathway)
        assert row.years >= 20 and row.share <= row.open_share and row.share <= row.years_share
        assert row.share_low <= row.share <= row.share_high and row.years_low <= row.years_share <= row.years_high
        assert row.weeks_low <= row.weeks_median <= row.weeks_high <= WEEKS


def test_warmer_decades_and_icebreakers_make_it_no_less_probable() -> None:
    rows = {(c.ice_class, c.escort, c.decade): c for c in kept()}
    for ice_class in CLASSES:
        for escort in ("none", "when_needed"):
            decades = sorted(d for c, e, d in rows if (c, e) == (ice_class, escort))
            shares = [rows[ice_class, escort, d].share for d in decades]
            assert len(shares) >= 3 and all(a <= b + 0.02 for a, b in pairwise(shares)), (ice_class, escort, shares)


def test_the_table_fits_the_page() -> None:
    text = chances_text(list(kept()))
    assert max(map(len, text.splitlines())) <= 100 and "nan" not in text


def command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "northabout", "claims", *words], capture_output=True, text=True, check=False
    )


def test_the_command_tells_the_study_and_refuses_others() -> None:
    done = command(CLAIM, "--study", "--json")
    assert done.returncode == 0 and len(json.loads(done.stdout)) == len(chances())
    other = command("days_saved_11", "--study")
    assert other.returncode == 2 and "did you mean days_saved_10?" in other.stderr
