"""The calendar and the season as text, CSV and picture: shapes, widths, whole files, the same each time."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure

from sim.errors import UsageError
from sim.ice.admission import AdmissionTable
from sim.plot.charts.calendar_plot import draw_calendar, draw_seasons, save_calendar, save_seasons, shade
from sim.plot.figure import SUFFIXES
from sim.plot.labels import overlap
from sim.report.calendar import CSV_COLUMNS, calendar_csv, calendar_text, months_text, periods_text, seasons_text
from sim.study.calendar import Calendar, RouteYear
from sim.study.sailing.sailed import Sailed
from sim.study.seasons import Season, SeasonTable
from sim.voyage.voyage import Block, Cause

NEW_YEAR = datetime(2035, 1, 1, tzinfo=UTC)
SUEZ_DAYS = 36.0


def sailed(k: int, days: float | None, base: float | None = SUEZ_DAYS) -> Sailed:
    """Departure k of a year of weeks; stopped by the ice in the first 20 weeks and not admitted later, without days."""
    depart = NEW_YEAR + timedelta(days=7 * k)
    if days is None:
        if k < 20:
            return Sailed(depart, "beset", Block(Cause.BESET, "chukchi_sea", -170.0, 70.0, depart, 1.0, 2.0))
        ruling = AdmissionTable.load().ruling("none", 19675.0, "Kara SW", 0)
        return Sailed(
            depart, "closed", Block(Cause.NOT_ADMITTED, "kara_sea", 70.0, 75.0, depart, 0.5, 0.5, ruling=ruling)
        )
    saved = None if base is None else base - days
    return Sailed(depart, "ok", None, "", days, 8000.0, 700.0, 0.1, 0.0, depart + timedelta(days=days), saved)


def year_of(*routes: RouteYear, baseline: str = "suez", **changes: Any) -> Calendar:
    made = Calendar(
        scenario="made", description="a made-up year", origin="Dalian", destination="Rotterdam", ship="a ship, 12 kn",
        ice="climate of 2035, typical single year (mean field at z = +1.0)", baseline=baseline, year=2035, every_days=7,
        saving_days=10.0, repeats=True, routes=routes,
    )  # fmt: skip
    return replace(made, **changes)


def summer(label: str = "nsr", first: int = 26, last: int = 41, days: float = 25.0) -> RouteYear:
    there = range(first, last + 1)
    return RouteYear(label, tuple(sailed(k, days + abs(k - 33) / 20 if k in there else None) for k in range(53)))


SUEZ = RouteYear("suez", tuple(sailed(k, SUEZ_DAYS) for k in range(53)))
CAPE = RouteYear("cape", tuple(sailed(k, 46.5) for k in range(53)))
NEVER = RouteYear("never", tuple(sailed(k, None) for k in range(53)))
ALONE = RouteYear("alone", tuple(sailed(k, 30.0 if k in (5, 30) else None) for k in range(53)))
ODD = RouteYear('$x_1$ <b> & "q" \\frac{', summer().departures)
REFERENCE = year_of(SUEZ, CAPE, summer())
MANY = year_of(SUEZ, *(summer(f"a rather long name of route {k}", 20 + k, 40 - k) for k in range(15)))
CALENDARS = {
    "reference": REFERENCE,
    "never open": year_of(NEVER, baseline="never"),
    "closed baseline": year_of(NEVER, replace(ALONE, departures=ALONE.departures), baseline="never"),
    "alone and odd": year_of(SUEZ, ALONE, ODD, NEVER),
    "many": MANY,
    "no ice": year_of(SUEZ, CAPE, ice=""),
}
CLASSES, DECADES = ("none", "Arc4", "Arc9"), ("2020s", "2050s")
SEASONS = SeasonTable(
    pathway="SSP2-4.5", classes=CLASSES, decades=DECADES, warming_c=(1.33, 2.08),
    ice="typical single year (mean field at z = +1.0)", rules="POLARIS", hull="a hull, draft 9.8 m",
    tracks=("nsr_coastal", "nsr_northern"),
    seasons=tuple(
        Season(c, d, e, days, min(days, 190), date(2025, 7, 1), date(2025, 9, 30), e)
        for (c, d, e), days in zip(
            itertools.product(CLASSES, DECADES, (False, True)), (0, 41, 52, 63, 94, 105, 116, 127, 238, 249, 360, 365),
            strict=True,
        )
    ),
)  # fmt: skip
Draw = Callable[[Path], None]
SAVERS: dict[str, Draw] = {
    "calendar": lambda path: save_calendar(REFERENCE, path),
    "seasons": lambda path: save_seasons(SEASONS, path),
}


# --- text


@pytest.mark.parametrize("found", CALENDARS.values(), ids=CALENDARS)
def test_the_text_fits_and_has_a_row_for_each_departure(found: Calendar) -> None:
    lines = calendar_text(found).splitlines()
    assert max(map(len, lines)) <= 100
    tables = sum(line.startswith("departs") for line in lines)
    for sailing in found.routes[0].departures:
        assert sum(line.startswith(f"{sailing.depart:%Y-%m-%d} ") for line in lines) == tables >= 1
    for route in found.routes:
        assert any(line.startswith(f"{route.label}: ") for line in lines)


def test_the_text_says_days_savings_and_why_not() -> None:
    text = calendar_text(REFERENCE)
    flat = " ".join(text.split())
    assert "2035-01-01 36.0 46.5 -10.5 beset 2035-01-08" in flat
    assert "2035-08-20 36.0 46.5 -10.5 25.0 +11.0" in flat
    assert "2035-12-10 36.0 46.5 -10.5 closed 2035-12-17" in flat
    assert "suez: open all year (53 departures) 36.0 days on each of them" in flat
    assert "nsr: open on 16 of 53 departures, 31 % of the year: 2 Jul - 15 Oct" in flat
    assert "25.0 days at best (20 Aug), 25.4 at worst (15 Oct)" in flat
    assert "saves 10 days or more against 'suez' in 31 % of the year" in flat
    assert "cape: open all year" in flat and "never saves 10 days or more against 'suez'" in flat
    assert "beset, stopped by ice: 20 departures of Jan - May (Chukchi Sea 20) first: Chukchi Sea at 70.0" in flat
    assert "closed, not admitted: 17 departures of May - Jun, Oct - Dec (Kara Sea 17) first: Kara Sea at 75.0" in flat
    assert "ice: climate of 2035, typical single year (mean field at z = +1.0)" in flat
    assert "no ice is modelled" in calendar_text(CALENDARS["no ice"])


def test_without_a_baseline_no_saving_is_told() -> None:
    text = calendar_text(
        year_of(NEVER, RouteYear("cape", tuple(sailed(k, 40.0, None) for k in range(53))), baseline="never")
    )
    assert "never: open on none of 53 departures" in text
    assert "no saving is known: the baseline 'never' is never open" in text
    assert "+" not in text.split("never: open")[0].split("departs")[1]


def test_a_year_that_wraps_is_told_from_its_autumn_on() -> None:
    winter = RouteYear("winter", tuple(sailed(k, 20.0 if k < 5 or k > 44 else None) for k in range(53)))
    assert "12 Nov - 29 Jan" in calendar_text(year_of(SUEZ, winter))
    apart = calendar_text(year_of(SUEZ, winter, repeats=False))
    assert "1 Jan - 29 Jan, 12 Nov - 31 Dec" in apart


def test_the_csv_has_a_row_for_each_departure_and_route() -> None:
    rows = list(csv.DictReader(io.StringIO(calendar_csv(REFERENCE))))
    assert len(rows) == 3 * 53 and tuple(rows[0]) == CSV_COLUMNS
    first = rows[2]
    assert (first["depart"], first["route"], first["status"], first["sea"]) == (
        "2035-01-01",
        "nsr",
        "beset",
        "Chukchi Sea",
    )
    assert first["days"] == first["saved_days"] == first["arrive"] == ""
    open_ = [r for r in rows if r["route"] == "nsr" and r["status"] == "ok"]
    assert len(open_) == 16
    assert all(float(r["days"]) + float(r["saved_days"]) == pytest.approx(SUEZ_DAYS, abs=2e-3) for r in open_)


@pytest.mark.parametrize(
    ("months", "text"),
    [
        ((1, 2, 6, 12), "Dec - Feb, Jun"),
        ((3,), "Mar"),
        (tuple(range(1, 13)), "all months"),
        ((1, 3, 4), "Jan, Mar - Apr"),
        ((11, 12), "Nov - Dec"),
        ((1, 12), "Dec - Jan"),
        (tuple(m for m in range(1, 13) if m != 8), "Sep - Jul"),
    ],
)
def test_months_in_runs(months: tuple[int, ...], text: str) -> None:
    assert months_text(months) == text
    assert periods_text(()) == ""


def test_the_seasons_fit_and_say_which_they_are() -> None:
    text = seasons_text(SEASONS)
    lines = text.splitlines()
    assert max(map(len, lines)) <= 100
    flat = " ".join(text.split())
    assert "pathway SSP2-4.5; typical single year (mean field at z = +1.0)" in flat and "(a hull, draft 9.8 m)" in flat
    rows = [line.split() for line in lines if line.startswith(CLASSES)]
    assert rows == [
        ["Arc9", "238/190", "360/190"], ["Arc4", "94", "116"], ["none", "0", "52"],
        ["Arc9", "249/190", "365/190"], ["Arc4", "105", "127"], ["none", "41", "63"],
    ]  # fmt: skip
    assert "rows of low confidence" in text
    sure = replace(SEASONS, seasons=tuple(replace(s, low_confidence=False) for s in SEASONS.seasons))
    assert "low confidence" not in seasons_text(sure)


def test_all_classes_and_decades_side_by_side_fit() -> None:
    decades = tuple(f"20{k}0s" for k in range(1, 10))
    whole = tuple(
        Season(c, d, e, 365, 121, None, None, True) for c in CLASSES for d in decades for e in (False, True)
    )  # fmt: skip
    wide = replace(SEASONS, decades=decades, warming_c=(1.5,) * 9, seasons=whole, hull="a long name of a hull " * 6)
    assert max(map(len, seasons_text(wide).splitlines())) <= 100


# --- pictures


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("save", SAVERS.values(), ids=SAVERS)
def test_a_picture_is_written_whole_and_the_same_each_time(tmp_path: Path, save: Draw, suffix: str) -> None:
    first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix.upper()}"
    save(first)
    save(second)
    assert first.stat().st_size > 10_000
    assert first.read_bytes() == second.read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == [first.name, second.name]


@pytest.mark.parametrize("save", SAVERS.values(), ids=SAVERS)
def test_a_failure_leaves_the_old_file(tmp_path: Path, save: Draw, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(self: Figure, target: Any, **_: object) -> None:
        target.write(b"half")
        raise OSError("disk full")

    out = tmp_path / "picture.png"
    out.write_bytes(b"old")
    monkeypatch.setattr(Figure, "savefig", half)
    with pytest.raises(OSError, match="disk full"):
        save(out)
    assert [p.name for p in tmp_path.iterdir()] == ["picture.png"] and out.read_bytes() == b"old"


@pytest.mark.parametrize("save", SAVERS.values(), ids=SAVERS)
def test_bad_targets_are_usage_errors(tmp_path: Path, save: Draw) -> None:
    with pytest.raises(UsageError, match=r"\.png, \.svg, \.pdf"):
        save(tmp_path / "picture.gif")
    with pytest.raises(UsageError, match="no folder"):
        save(tmp_path / "none" / "picture.png")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [*CALENDARS, "seasons"])
def test_texts_do_not_overlap_and_are_on_paper(name: str) -> None:
    figure = draw_seasons(SEASONS) if name == "seasons" else draw_calendar(CALENDARS[name])
    figure.draw_without_rendering()
    ticks = [
        t
        for axes in figure.axes
        for at, t in zip(axes.get_yticks(), axes.get_yticklabels(), strict=True)
        if axes.get_ylim()[0] <= at <= axes.get_ylim()[1]
    ]
    boxes = [
        (t.get_text(), t.get_window_extent())
        for t in (*figure.texts, *ticks, *(t for axes in figure.axes for t in axes.texts))
        if t.get_text()
    ]
    for text, box in boxes:
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.width and box.y1 <= figure.bbox.height, text
    for (a, one), (b, other) in itertools.combinations(boxes, 2):
        trimmed = [(v.x0 + 1, v.y0 + 3, v.x1 - 1, v.y1 - 3) for v in (one, other)]
        assert not overlap(*trimmed), f"{a!r} covers {b!r}"


def test_lines_stop_where_a_route_is_closed() -> None:
    days, saved = draw_calendar(REFERENCE).axes
    coloured = [line for line in days.lines if line.get_color() != "white" and len(line.get_xdata()) > 2]
    ends = sorted((float(min(line.get_xdata())), float(max(line.get_xdata()))) for line in coloured)
    assert ends == [(0.0, 364.0), (0.0, 364.0), (26 * 7.0, 41 * 7.0)]
    levels = {float(line.get_ydata()[0]) for line in saved.lines if len(line.get_xdata()) == 2}
    assert {0.0, 10.0} <= levels
    assert draw_calendar(CALENDARS["alone and odd"]).axes[0].lines  # a dot for each day that stands alone
    dots = [x for x in draw_calendar(CALENDARS["alone and odd"]).axes[0].lines if x.get_marker() == "o"]
    assert [float(x.get_xdata()[0]) for x in dots] == [35.0, 210.0]


def test_the_picture_says_which_ice_and_ship_and_never_reads_mathematics() -> None:
    figure = draw_calendar(CALENDARS["alone and odd"])
    shown = " ".join(t.get_text() for t in figure.texts)
    assert "typical single year (mean field at z = +1.0)" in shown and "ship, 12 kn" in shown
    assert "never open: not admitted, stopped by ice" in shown and "$x_1$ <b>" in shown
    assert not any(t.get_parse_math() for t in figure.texts)


def test_cells_of_the_season_hold_its_days() -> None:
    texts = [t.get_text() for t in draw_seasons(SEASONS).texts]
    for season in SEASONS.seasons:
        assert str(season.days) in texts
    assert texts.count("190") == sum(s.moving_days != s.days for s in SEASONS.seasons) == 4
    assert "1.3 °C" in texts and "2.1 °C" in texts


def test_more_days_are_darker_and_the_ink_can_be_read() -> None:
    def light(colour: str) -> float:
        rgb = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    cells = [shade(days) for days in range(366)]
    lights = [light(colour) for colour, _ in cells]
    assert lights[0] == max(lights) and all(a >= b - 0.01 for a, b in itertools.pairwise(lights))
    for colour, ink in cells:
        a, b = sorted((light(colour), light("#FFFFFF" if ink == "white" else ink)))
        assert (b + 0.05) / (a + 0.05) >= 3.5
