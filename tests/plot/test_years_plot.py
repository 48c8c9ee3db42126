"""The picture of several years: what it shows, whole files, the same each time, words that stand apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from sim.plot.figure import SUFFIXES
from sim.plot.study.years import CLOSED, draw_years, save_years, shown_labels, years_picture
from sim.study.calendar import Calendar, RouteYear
from sim.study.sailing.calendars import CalendarYears
from sim.study.sailing.sailed import Sailed
from sim.voyage.voyage import Block, Cause, ClosedBy

SUEZ_DAYS = 36.0


def departures(year: int, days: float, half: int | None) -> list[Sailed]:
    """Weeks of a year, open within so many days of mid-September (None: always), longer at the ends."""
    out = []
    for k in range(0, (date(year + 1, 1, 1) - date(year, 1, 1)).days, 7):
        depart = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=k)
        away = abs(k - 255)
        if half is None or away <= half:
            out.append(Sailed(depart, "ok", days=days + (0.0 if half is None else 9 * (away / half) ** 2)))
            continue
        by = ClosedBy.RULE if away < half + 30 else ClosedBy.BOTH if away < half + 60 else ClosedBy.ICE
        block = Block(Cause.TOO_MUCH_RISK, "kara_sea", 70.0, 75.0, depart, 0.9, 1.0, closed_by=by)
        out.append(Sailed(depart, "closed", block))
    return out


def made(years: range, shut_suez: bool = False, names: tuple[str, ...] = ("suez", "nsr", "cape")) -> CalendarYears:
    calendars = []
    for year in years:
        own = {
            "suez": departures(year, SUEZ_DAYS, 20 if shut_suez else None),
            "nsr": departures(year, 24.5, 40 + year - 2027), "cape": departures(year, 46.7, None),
        }  # fmt: skip
        shown = {n: own.get(n, own["nsr"]) for n in names}
        base = shown[names[0]]
        routes = tuple(
            RouteYear(n, tuple(a.against(b) for a, b in zip(d, base, strict=True))) for n, d in shown.items()
        )
        ice = f"climate of {year}"
        calendars.append(
            Calendar("m", "made up", "Dalian", "Rotterdam", "a ship, 12 kn", ice, names[0], year, 7, 10.0, True, routes)
        )
    return CalendarYears("m", "made up", "Dalian", "Rotterdam", "a ship, 12 kn", names[0], 7, 10.0, tuple(calendars))


FOUND = {
    "reference": made(range(2027, 2051)),
    "one year": made(range(2030, 2031)),
    "closed baseline": made(range(2027, 2031), shut_suez=True),
    "alone": made(range(2027, 2031), names=("nsr",)),
    "many and odd": made(
        range(2027, 2031), names=("suez", "$x_1$ <b>", *(f"a rather long name {k}" for k in range(7)))
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_every_picture_is_drawn_and_its_words_stand_on_the_paper(name: str) -> None:
    figure = draw_years(FOUND[name])
    figure.canvas.draw()
    page = figure.bbox
    for text in figure.texts:
        box = text.get_window_extent()
        assert page.x0 - 1 <= box.x0 and box.x1 <= page.x1 + 1, text.get_text()
        assert page.y0 - 1 <= box.y0 and box.y1 <= page.y1 + 1, text.get_text()
    assert len(figure.axes) == len(shown_labels(FOUND[name]))


def test_the_baseline_has_a_panel_only_where_it_is_closed_or_alone() -> None:
    assert shown_labels(FOUND["reference"]) == ["nsr", "cape"]
    assert shown_labels(FOUND["closed baseline"]) == ["suez", "nsr", "cape"]
    assert shown_labels(FOUND["alone"]) == ["nsr"]


def test_a_cell_has_the_colour_of_its_departure() -> None:
    from matplotlib.colors import to_rgb

    found = made(range(2027, 2030))
    nsr = draw_years(found).axes[0]
    for row, calendar in enumerate(found.calendars):
        colours = np.asarray(nsr.collections[row].get_array()).reshape(-1, 3)
        days = calendar.routes[1].departures
        assert len(colours) == len(days)
        for colour, sailed in zip(colours, days, strict=True):
            if not sailed.open:
                assert colour == pytest.approx(to_rgb(CLOSED[sailed.closed_by]), abs=1e-6)
            else:
                assert sailed.saved_days is not None
                assert (colour[2] > colour[0]) or sailed.saved_days < 3  # blue for days saved
    assert nsr.get_ylim() == (3, 0) and [t.get_text() for t in nsr.get_yticklabels()] == ["2027", "2028", "2029"]


def test_the_outline_holds_just_the_days_that_save_enough() -> None:
    """Its length is that of the edges between cells that count and cells that do not."""
    found = made(range(2027, 2029))
    (first, _) = (c.routes[1].departures for c in found.calendars)
    inside = sum((s.saved_days or 0) >= 10 for s in first)
    assert 0 < inside < len(first)
    lines = draw_years(found).axes[0].collections[-1].get_segments()
    top = [s for s in lines if s[0][1] == s[1][1] == 0]
    assert len(top) == inside
    upright = [s for s in lines if s[0][0] == s[1][0] and {s[0][1], s[1][1]} == {0, 1}]
    assert len(upright) == 2  # the summer is one run
    assert not draw_years(replace(found, saving_days=99.0)).axes[0].collections[-1].get_segments()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_files_are_whole_and_the_same_each_time(tmp_path: Path, suffix: str) -> None:
    found = FOUND["closed baseline"]
    save_years(found, tmp_path / f"a{suffix}")
    assert (tmp_path / f"a{suffix}").read_bytes() == years_picture(found, suffix)
    assert [p.name for p in tmp_path.iterdir()] == [f"a{suffix}"]


def test_the_result_draws_itself() -> None:
    assert FOUND["one year"].plot().get_size_inches().tolist() == [12.0, 7.5]
