"""What the results of a study say: laws, counts by hand, and files that cannot be used."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import DataError, UsageError
from sim.study.findings.counts import QUANTILES, Group, share_of
from sim.study.findings.decides import Untold
from sim.study.findings.findings import Findings, findings
from sim.study.findings.savings import saved_shares
from sim.study.findings.table import StudyTable, read_study
from tests.study import study_results as made


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> StudyTable:
    return read_study(made.write(tmp_path_factory.mktemp("mc"), made.voyages(made.monte_carlo(1500))))


@pytest.fixture(scope="module")
def found(table: StudyTable) -> Findings:
    return findings(table)


def read(folder: Path, rows: list[dict[str, Any]], method: str = "monte_carlo", **more: Any) -> StudyTable:
    return read_study(made.write(folder, rows, method, **more))


# -- Wilson's interval

REFERENCE = [  # Newcombe (1998), Stat. Med. 17, 857-872, table I, method 3
    (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718),
]  # fmt: skip


@pytest.mark.parametrize(("count", "draws", "low", "high"), REFERENCE)
def test_wilson_as_published(count: int, draws: int, low: float, high: float) -> None:
    share = share_of(count, draws)
    assert share.low == pytest.approx(low, abs=5e-5)
    assert share.high == pytest.approx(high, abs=5e-5)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_its_share_is_symmetric_and_narrows(counted: tuple[int, int]) -> None:
    count, n = counted
    one, many, mirrored = share_of(count, n), share_of(4 * count, 4 * n), share_of(n - count, n)
    assert one.low is not None and one.high is not None and one.share is not None
    assert many.low is not None and many.high is not None and mirrored.high is not None
    assert 0 <= one.low <= one.share <= one.high <= 1
    assert many.high - many.low < one.high - one.low
    assert mirrored.high == pytest.approx(1 - one.low)
    z = 1.959963984540054
    for p in (one.low, one.high):  # the ends solve |share - p| = z sqrt(p (1 - p) / n)
        if 0 < p < 1:
            assert abs(one.share - p) == pytest.approx(z * math.sqrt(p * (1 - p) / n), abs=1e-9)


def test_a_share_of_nothing_is_none() -> None:
    assert share_of(0, 0).share is None
    assert share_of(0, 0).low is None


@pytest.mark.parametrize("counted", [(-1, 3), (4, 3)])
def test_impossible_counts_are_refused(counted: tuple[int, int]) -> None:
    with pytest.raises(UsageError, match="count is"):
        share_of(*counted)


# -- probabilities


def test_probability_falls_when_the_threshold_rises(found: Findings) -> None:
    assert found.curves
    for curve in found.curves:
        shares = [s.share or 0.0 for s in curve.saves]
        assert list(curve.threshold_days) == sorted(curve.threshold_days)
        assert shares == sorted(shares, reverse=True)


@settings(max_examples=8)
@given(st.lists(st.floats(-40, 40), min_size=2, max_size=4))
def test_probability_falls_when_the_threshold_rises_in_every_group(table: StudyTable, days: list[float]) -> None:
    last: dict[tuple[str, Group], float] = {}
    small = table.where(table["draw"] < 60)
    for threshold in sorted(days):
        for s in saved_shares(small, threshold):
            now = s.saves.share or 0.0
            assert now <= last.get((s.alternative, s.group), 1.0)
            last[s.alternative, s.group] = now


def test_more_draws_narrow_every_interval(table: StudyTable, found: Findings) -> None:
    few = findings(table.where(table["draw"] < 150))
    for one, many in zip(few.saved[:1], found.saved[:1], strict=True):
        assert one.alternative == many.alternative == "nsr"
        assert (many.saves.high or 0) - (many.saves.low or 0) < (one.saves.high or 0) - (one.saves.low or 0)
        assert (many.open.high or 0) - (many.open.low or 0) < (one.open.high or 0) - (one.open.low or 0)


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    rows = made.voyages(made.monte_carlo(80))
    shuffled = [rows[k] for k in np.random.default_rng(3).permutation(len(rows))]
    assert findings(read(tmp_path / "a", rows)) == findings(read(tmp_path / "b", shuffled))


def test_groups_add_up_to_the_whole(found: Findings) -> None:
    for kind in (found.saved, found.open):
        for alternative in ("nsr", "cape"):
            own = [(s.group, s.open) for s in kind if s.alternative == alternative]  # type: ignore[attr-defined]
            whole = next(o for g, o in own if g == Group())
            for key in ("ice_class", "decade", "month", "week"):
                others = [g for g in vars(Group()) if g != key]
                parts = [o for g, o in own if getattr(g, key) and not any(getattr(g, k) for k in others)]
                if parts:
                    assert sum(p.count for p in parts) == whole.count
                    assert sum(p.draws for p in parts) == whole.draws


def test_probabilities_by_hand(tmp_path: Path) -> None:
    """Five draws: saved 12, 10, 9, one closed, one with a closed baseline that is left out; one failed is too."""
    rows = made.voyages([{**i, "voyage.depart": 250.0} for i in made.monte_carlo(6)])
    by = {(r["draw"], r["alternative"]): r for r in rows}
    for draw, saved in enumerate((12.0, 10.0, 9.0)):
        by[draw, "nsr"].update(status="ok", saved_days=saved)
    by[3, "nsr"].update(status="closed", closed_by="ice", days=None, saved_days=None)
    by[4, "suez"].update(status="closed", closed_by=None, days=None)
    by[4, "nsr"].update(status="ok", saved_days=None)
    by[5, "nsr"].update(status="error", days=None, saved_days=None, closed_by=None)
    found = findings(read(tmp_path, rows))
    nsr = next(s for s in found.saved if s.alternative == "nsr")
    assert (nsr.saves.count, nsr.saves.draws, nsr.open.count) == (2, 4, 3)
    assert nsr.median_days == 10.0
    told = next(c for c in found.compared if c.alternative == "nsr")
    assert (told.draws, told.failed, told.without_baseline, told.used) == (6, 1, 1, 4)
    opened = next(o for o in found.open if o.alternative == "nsr")
    assert (opened.open.count, opened.open.draws, opened.failed, opened.by_ice) == (4, 5, 1, 1)
    suez = next(o for o in found.open if o.alternative == "suez")
    assert (suez.by_ice, suez.by_rule, suez.by_both, suez.by_other) == (0, 0, 0, 1)


def test_closers_and_open_voyages_are_all_draws(found: Findings) -> None:
    for o in found.open:
        assert o.open.count + o.by_ice + o.by_rule + o.by_both + o.by_other == o.open.draws


def test_the_fan_is_ordered_and_within_the_days(found: Findings, table: StudyTable) -> None:
    days = table["days"][table.open]
    for f in found.fans:
        told = [d for d in f.days if d is not None]
        assert told == sorted(told)
        assert len(told) in (0, len(QUANTILES))
        assert bool(told) == bool(f.open.count)
        assert all(days.min() <= d <= days.max() for d in told)
    assert {f.week for f in found.fans} <= set(range(1, 54))


def test_weeks_begin_on_new_year(tmp_path: Path) -> None:
    given_days = {0.0: 1, 6.0: 1, 7.0: 2, 363.0: 52, 364.0: 53}
    inputs = [{**made.monte_carlo(1)[0], "voyage.depart": d, "ice.year": 2031.0} for d in given_days]
    table = read(tmp_path, made.voyages(inputs))
    assert [int(w) for w in table.of("suez").week] == list(given_days.values())


def test_a_tonne_by_hand(found: Findings, table: StudyTable) -> None:
    cape = table.of("cape")
    told = next(p for p in found.per_tonne if (p.alternative, p.unit, p.group) == ("cape", "usd", Group()))
    assert told.median == pytest.approx(np.median(cape["cost_usd"] / made.CARGO_T))
    assert told.incomplete == told.voyages == len(cape)
    co2 = next(p for p in found.per_tonne if (p.alternative, p.unit, p.group) == ("suez", "kg", Group()))
    assert co2.median == pytest.approx(np.median(table.of("suez")["co2_t"]) / made.CARGO_T * 1000)
    assert co2.incomplete == 0
    assert all((p.low or 0) <= (p.median or 0) <= (p.high or 0) for p in found.per_tonne)


def test_years_and_pathways_add_up(found: Findings) -> None:
    own = [p for p in found.pathway_years if p.alternative == "nsr"]
    whole = next(s for s in found.saved if s.alternative == "nsr")
    assert {p.pathway for p in own} == set(made.PATHWAYS)
    assert sum(p.saves.count for p in own) == whole.saves.count
    assert sum(p.open.draws for p in own) == whole.saves.draws


def test_classes_stand_from_weak_to_strong(found: Findings) -> None:
    alone = [
        s.group.ice_class
        for s in found.saved
        if s.alternative == "nsr" and s.group == Group(ice_class=s.group.ice_class)
    ]
    assert [c for c in alone if c] == list(made.CLASSES)


@pytest.mark.parametrize("days", [float("nan"), float("inf"), -2000.0])
def test_a_threshold_that_is_none_is_refused(table: StudyTable, days: float) -> None:
    with pytest.raises(UsageError, match="threshold is"):
        findings(table, days)


# -- what decides


def test_what_decides_of_an_open_season(tmp_path: Path) -> None:
    table = read(tmp_path, made.voyages(made.sobol(256, (235, 275))), "sobol")
    found = findings(table)
    assert (found.draws, found.sample_draws) == (7 * 256, 2 * 256)
    at = {(d.alternative, d.figure): d for d in found.decides}
    days = {k.key: k for k in at["suez", "days"].keys}
    assert days["vessel.speed_kn"].total == pytest.approx(1, abs=0.02)
    assert days["ice.year"].total == 0
    cost = {k.key: k for k in at["suez", "cost_usd"].keys}
    assert cost["costs.bunker_usd_t"].first + cost["vessel.speed_kn"].first == pytest.approx(1, abs=0.05)
    assert at["suez", "open"].untold == Untold.NO_VARIANCE
    assert at["nsr", "days"].rows_used == at["nsr", "days"].rows == 256
    assert not at["nsr", "days"].noise
    assert ("suez", "saved_days") not in at


def test_closed_voyages_leave_days_untold_and_make_open_a_figure(tmp_path: Path) -> None:
    table = read(tmp_path, made.voyages(made.sobol(128)), "sobol")
    at = {(d.alternative, d.figure): d for d in findings(table).decides}
    assert at["nsr", "days"].untold == Untold.TOO_SMALL_SHARE
    assert at["nsr", "days"].keys == ()
    opened = {k.key: k for k in at["nsr", "open"].keys}
    assert opened["vessel.ice_class"].total > 0.4
    assert opened["costs.bunker_usd_t"].total == 0


def test_a_season_of_its_own_for_each_draw_is_told(tmp_path: Path) -> None:
    inputs = [{k: v for k, v in i.items() if k != "z"} for i in made.sobol(64, (235, 275))]
    found = findings(read(tmp_path, made.voyages(inputs), "sobol"))
    assert all(d.noise for d in found.decides)


def test_the_order_of_the_base_samples_changes_nothing(tmp_path: Path) -> None:
    """Blocks of all samples, or sample by sample: the same shares, probabilities and ranges."""
    one, other = (
        findings(read(tmp_path / str(k), made.voyages(made.sobol(64, by_sample=k)), "sobol")) for k in (False, True)
    )
    assert one.decides
    assert one == other


def test_draws_in_no_order_of_a_sobol_study_decide_nothing(tmp_path: Path) -> None:
    table = read(tmp_path, made.voyages(made.monte_carlo(7 * 16)), "sobol")
    found = findings(table)
    assert found.decides == ()
    assert found.sample_draws == found.draws


def test_broken_blocks_decide_nothing(tmp_path: Path) -> None:
    rows = made.voyages(made.sobol(64))
    assert findings(read(tmp_path, rows[:-3], "sobol")).decides == ()


# -- one key at a time


def test_the_tornado_by_hand(tmp_path: Path) -> None:
    found = findings(read(tmp_path, made.voyages(made.one_at_a_time()), "one_at_a_time"))
    suez = {b.key: b for b in found.tornado if (b.alternative, b.figure) == ("suez", "days")}
    speed = suez["vessel.speed_kn"]
    assert (speed.base_value, speed.low_value, speed.high_value) == (13.0, 11.0, 15.0)
    assert speed.base == pytest.approx(11_000 / 13 / 24)
    assert speed.low == pytest.approx(11_000 / 11 / 24)
    assert speed.high == pytest.approx(11_000 / 15 / 24)
    assert speed.swing == pytest.approx((speed.low or 0) - (speed.high or 0))
    assert all(b.swing == 0 for k, b in suez.items() if k != "vessel.speed_kn")
    depart = next(b for b in found.tornado if (b.alternative, b.figure, b.key) == ("nsr", "days", "voyage.depart"))
    assert (depart.low_value, depart.low, depart.closed, depart.draws) == (20.0, None, 1, 3)
    hull = next(b for b in found.tornado if (b.alternative, b.figure, b.key) == ("nsr", "days", "vessel.ice_class"))
    assert (hull.base_value, hull.low_value, hull.high_value) == ("Arc4", "Arc7", "Ice1")


def test_the_widest_bar_stands_first(tmp_path: Path) -> None:
    found = findings(read(tmp_path, made.voyages(made.one_at_a_time()), "one_at_a_time"))
    for pair in {(b.alternative, b.figure) for b in found.tornado}:
        swings = [b.swing or 0.0 for b in found.tornado if (b.alternative, b.figure) == pair]
        assert swings == sorted(swings, reverse=True)


# -- files that cannot be used


def test_null_figures_are_none_and_not_zero(tmp_path: Path) -> None:
    rows = [replace_all(r, cost_usd=None, co2_t=None, cargo_t=None) for r in made.voyages(made.monte_carlo(20))]
    table = read(tmp_path, rows)
    assert np.isnan(table["cost_usd"]).all()
    assert findings(table).per_tonne == ()


def replace_all(row: dict[str, Any], **values: Any) -> dict[str, Any]:
    return {**row, **values}


def _no_folder(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


def _manifest(**changes: Any) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        path = folder / "manifest.json"
        told = json.loads(path.read_text(encoding="utf-8"))
        told["study"] |= changes
        path.write_text(json.dumps(told), encoding="utf-8")

    return do


def _column(name: str, values: Any) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        path = folder / "voyages.parquet"
        raw = pq.read_table(path)
        at = raw.column_names.index(name)
        raw = raw.remove_column(at)
        pq.write_table(raw if values is None else raw.add_column(at, name, values(len(raw))), path)

    return do


SPOILT: dict[str, tuple[Callable[[Path], Any], str]] = {
    "no folder": (_no_folder, "there is no such folder"),
    "no manifest": (lambda f: (f / "manifest.json").unlink(), "no folder of a study, it has no manifest.json"),
    "no voyages": (lambda f: (f / "voyages.parquet").unlink(), "has no voyages.parquet yet; run 'northabout study'"),
    "manifest not JSON": (lambda f: (f / "manifest.json").write_text("{"), r"manifest.json: cannot be read \("),
    "manifest a list": (lambda f: (f / "manifest.json").write_text("[]"), "is no manifest of a study; --out names"),
    "no study": (lambda f: (f / "manifest.json").write_text("{}"), "is no manifest of a study; --out names"),
    "method": (_manifest(method="sobl"), r"study.method is 'sobl' \(did you mean sobol"),
    "baseline": (_manifest(baseline="suze"), r"study.baseline is 'suze' \(did you mean suez"),
    "alternatives": (
        _manifest(alternatives=["suez", "nsr"]),
        "has voyages of 'cape', which manifest.json does not name",
    ),
    "one more": (_manifest(alternatives=["suez", "nsr", "cape", "nwp"]), "has no voyage of 'nwp'"),
    "vary": (_manifest(vary=[{"key": "ice.season", "kind": "list"}]), "has no column 'ice.season'"),
    "vary without kind": (_manifest(vary=[{"key": "ice.season"}]), "no 'kind'"),
    "vary a word": (_manifest(vary="all"), "cannot be read as the manifest"),
    "Parquet cut": (lambda f: (f / "voyages.parquet").write_bytes(b"PAR1 cut"), "cannot be read as Parquet"),
    "Parquet empty": (lambda f: (f / "voyages.parquet").write_bytes(b""), "cannot be read as Parquet"),
    "no days": (_column("days", None), "has no column 'days'"),
    "days words": (_column("days", lambda n: pa.array(["x"] * n)), "column 'days' has values of another kind"),
    "no draw": (_column("draw", lambda n: pa.array([None] * n, pa.int64())), "column 'draw' has values"),
    "status": (_column("status", lambda n: pa.array(["okay"] * n)), r"status is 'okay' \(did you mean ok"),
    "draws twice": (_column("draw", lambda n: pa.array([0] * n, pa.int64())), "draw 0 stands there twice"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_spoilt_results_are_told_plainly(name: str, tmp_path: Path) -> None:
    folder = made.write(tmp_path / "results", made.voyages(made.monte_carlo(4)))
    spoil, said = SPOILT[name]
    spoil(folder)
    with pytest.raises(DataError, match=said) as caught:
        read_study(folder)
    assert "results" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    folder = made.write(tmp_path, made.voyages(made.monte_carlo(1)))
    with pytest.raises(DataError, match="is a file; the results of a study are a folder"):
        read_study(folder / "voyages.parquet")


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    folder = made.write(tmp_path, made.voyages(made.monte_carlo(1)))
    path = folder / "voyages.parquet"
    pq.write_table(pq.read_table(path).slice(0, 0), path)
    with pytest.raises(DataError, match="holds no voyage"):
        read_study(folder)


def test_findings_are_values(found: Findings, table: StudyTable) -> None:
    assert found == findings(table)
    assert hash(found) == hash(findings(table))
    assert replace(found, threshold_days=9.0) != found
