"""A study's report as text, Markdown, CSV, XLSX, JSON and pictures, and the command that writes it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typer
from matplotlib.figure import Figure
from typer.testing import CliRunner

from sim.cli.many.study_report import report
from sim.errors import DataError, NorthaboutError, UsageError
from sim.plot.study.bars import draw_decides, draw_tonne, draw_tornado
from sim.plot.study.pictures import study_pictures, wanted
from sim.plot.study.savings import draw_curves, draw_months, draw_years
from sim.plot.study.weeks import draw_fans, draw_open
from sim.report.layout import WIDTH
from sim.report.study.files import findings_dict, long_csv, sheet_csv, workbook
from sim.report.study.sheets import sheets
from sim.report.study.text import report_markdown, report_text
from sim.report.study.views import interval, percent
from sim.study.findings.counts import share_of
from sim.study.findings.findings import Findings, findings
from sim.study.findings.table import read_study
from tests.study import study_results as made

FORMULA = "=1+1|*_<b>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = made.voyages(made.monte_carlo(400))
    for row in rows:
        row["alternative"] = FORMULA if row["alternative"] == "cape" else row["alternative"]
    labels = ["suez", "nsr", FORMULA]
    return made.write(tmp_path_factory.mktemp("mc"), rows, alternatives=labels, description="made\x07 up, Ж")


@pytest.fixture(scope="module")
def found(folder: Path) -> Findings:
    return findings(read_study(folder))


@pytest.fixture(scope="module")
def book(found: Findings) -> bytes:
    return workbook(found)


@pytest.fixture(scope="module")
def of_method(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Findings]:
    base = tmp_path_factory.mktemp("methods")
    drawn = {"sobol": made.sobol(64, (235, 275)), "one_at_a_time": made.one_at_a_time(), "grid": made.monte_carlo(40)}
    return {m: findings(read_study(made.write(base / m, made.voyages(i), m))) for m, i in drawn.items()}


@pytest.mark.parametrize(
    ("count", "draws", "said"),
    [(0, 10, "0"), (10, 10, "100"), (1, 2000, "<0.1"), (1999, 2000, ">99.9"), (1, 30, "3.3"), (15, 30, "50")],
)
def test_percent(count: int, draws: int, said: str) -> None:
    assert percent(share_of(count, draws).share) == said


def test_nothing_has_no_percent_and_no_interval() -> None:
    assert percent(share_of(0, 0).share) == "-"
    assert interval(share_of(0, 0)) == ""


def test_text_is_no_wider_than_a_page_and_tells_the_rules(found: Findings, of_method: dict[str, Findings]) -> None:
    for one in (found, *of_method.values()):
        text = report_text(one)
        assert max(map(len, text.splitlines())) <= WIDTH
        assert "a closed voyage saves nothing" in text
        assert "intervals: Wilson's at 95 %" in text
    assert "as if the draws were a random sample" in report_text(of_method["grid"])
    assert "as if the draws were a random sample" not in report_text(found)
    assert "of the two base samples" in " ".join(report_text(of_method["sobol"]).split())


def test_text_says_the_figures_of_the_findings(found: Findings) -> None:
    nsr = next(s for s in found.saved if s.alternative == "nsr")
    line = next(x for x in report_text(found).splitlines() if x.startswith("nsr "))
    assert line.split()[:3] == ["nsr", "400", percent(nsr.saves.share)]
    assert interval(nsr.saves) in line


def test_markdown_has_whole_tables_and_no_stray_marks(found: Findings) -> None:
    lines = report_markdown(found, [("saved.png", "A picture")]).splitlines()
    assert "![A picture](saved.png)" in lines
    width = 0
    for line in lines:
        cells = line.replace("\\|", "").count("|")
        if line.startswith("|"):
            assert width in (0, cells)
            width = cells
        else:
            width = 0
    assert FORMULA not in "\n".join(lines)
    assert "=1+1\\|\\*\\_\\<b>" in "\n".join(lines)


def test_csv_json_and_xlsx_hold_the_same_values(found: Findings, book: bytes) -> None:
    tabs = openpyxl.load_workbook(io.BytesIO(book))
    told = json.loads(json.dumps(findings_dict(found), allow_nan=False))
    for sheet in sheets(found):
        rows = list(csv.reader(io.StringIO(sheet_csv(sheet))))
        assert rows[0] == list(sheet.header)
        assert len(rows) == len(sheet.rows) + 1
        tab = list(tabs[sheet.name].iter_rows(min_row=2, values_only=True))
        assert tab[0] == sheet.header
        for k, row in enumerate(sheet.rows):
            assert rows[k + 1] == ["" if v is None else str(v) for v in row]
            plain = tuple(v.replace("\x07", " ") if isinstance(v, str) else v for v in row)
            assert tab[k + 1] == plain
        if sheet.name != "study":
            assert told[sheet.name] == [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows]
    lines = list(csv.reader(io.StringIO(long_csv(found))))
    assert len(lines) - 1 == sum(v is not None for s in sheets(found) for row in s.rows for v in row)


def test_words_are_no_formulas(book: bytes) -> None:
    tabs = openpyxl.load_workbook(io.BytesIO(book))
    cells = [c for tab in tabs for row in tab.iter_rows() for c in row if c.value == FORMULA]
    assert cells and all(c.data_type == "s" for c in cells)


def test_the_same_bytes_twice(found: Findings, book: bytes) -> None:
    assert workbook(found) == book
    assert report_text(found) == report_text(found)


def test_results_write_themselves(found: Findings) -> None:
    assert found.to_dict() == findings_dict(found)
    frame = found.to_frame()
    assert len(frame) == len(found.saved)
    assert {"saves_share", "saves_low", "saves_high"} <= set(frame.columns)
    assert isinstance(found.plot(), Figure)
    assert "<table" in found._repr_html_()


# -- pictures

DRAWN: dict[str, tuple[str, Callable[[Findings], Figure]]] = {
    "curves": ("mc", draw_curves), "months": ("mc", lambda f: draw_months(f, "nsr")), "years": ("mc", draw_years),
    "fans": ("mc", draw_fans), "open": ("mc", draw_open), "tonne": ("mc", draw_tonne),
    "decides": ("sobol", draw_decides), "tornado": ("one_at_a_time", draw_tornado),
}  # fmt: skip


def _beyond(axes: Any) -> set[Any]:
    """Labels of ticks beyond the ends of a scale, which are not drawn."""
    out = set()
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        out |= {t.label1 for t in axis.get_major_ticks() if not low <= t.get_loc() <= high}
    return out


@pytest.mark.parametrize("name", DRAWN)
def test_words_of_pictures_stay_on_the_page(name: str, found: Findings, of_method: dict[str, Findings]) -> None:
    method, draw = DRAWN[name]
    figure = draw(found if method == "mc" else of_method[method])
    figure.canvas.draw()
    canvas: Any = figure.canvas
    page = figure.bbox
    unseen = {label for axes in figure.axes for label in _beyond(axes)}
    texts = figure.findobj(match=lambda a: hasattr(a, "get_text"))
    words = [t for t in texts if t.get_text() and t.get_visible() and t not in unseen]
    assert words
    for word in words:
        box = word.get_window_extent(canvas.get_renderer())
        assert page.x0 - 1 <= box.x0 and box.x1 <= page.x1 + 1, word.get_text()
        assert page.y0 - 1 <= box.y0 and box.y1 <= page.y1 + 1, word.get_text()


def test_words_at_bars_stay_in_their_panels(of_method: dict[str, Findings]) -> None:
    figure = draw_tornado(of_method["one_at_a_time"])
    figure.canvas.draw()
    canvas: Any = figure.canvas
    seen = 0
    for axes in figure.axes:
        for words in (t for t in axes.texts if t.get_text()):
            box, panel = words.get_window_extent(canvas.get_renderer()), axes.get_window_extent()
            assert panel.x0 <= box.x0 and box.x1 <= panel.x1, words.get_text()
            seen += 1
    assert seen > 20


def test_pictures_are_those_that_the_results_have(found: Findings, of_method: dict[str, Findings]) -> None:
    assert {"saved.png", "fan.png", "open.png", "years.png", "per-tonne.png", "saved-months-nsr.png"} == set(
        wanted(found)
    )
    assert "decides.png" in wanted(of_method["sobol"])
    one = study_pictures(of_method["one_at_a_time"])
    assert set(one) == {"tornado.png"}
    assert one == study_pictures(of_method["one_at_a_time"])


# -- the command

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call the command by itself; the code that errors of users end with, and what it said."""
    monkeypatch.chdir(tmp_path)
    app = typer.Typer()
    app.command()(report)

    def do(*arguments: object) -> tuple[int, str, str]:
        result = CliRunner().invoke(app, [str(a) for a in arguments])
        if isinstance(result.exception, NorthaboutError):
            return result.exception.exit_code, result.stdout, str(result.exception)
        return result.exit_code, result.stdout, result.stderr

    return do


def test_command_prints_text(call: Call, folder: Path, found: Findings) -> None:
    code, out, err = call(folder)
    assert (code, out, err) == (0, report_text(found) + "\n", "")


@pytest.mark.parametrize("kind", ["markdown", "csv", "json"])
def test_command_prints_other_formats(call: Call, folder: Path, kind: str) -> None:
    code, out, err = call(folder, "--format", kind, "--threshold", 5)
    assert (code, err) == (0, "")
    if kind == "json":
        assert json.loads(out)["threshold_days"] == 5
    elif kind == "csv":
        assert out.splitlines()[0] == "table,row,column,value"
    else:
        assert out.startswith("# made")


def test_command_writes_all_files_the_same_each_time(call: Call, tmp_path: Path) -> None:
    made.write(tmp_path / "few", made.voyages([i | {"vessel.ice_class": "Arc7"} for i in made.monte_carlo(60)]))
    for out in ("a", "b"):
        code, shown, err = call("few", "--out", out, "--format", "xlsx")
        assert (code, shown) == (0, "")
        assert "wrote report.txt, report.md, report.json, report.xlsx" in err
    first, second = (sorted((tmp_path / x).iterdir()) for x in ("a", "b"))
    assert [p.name for p in first] == [p.name for p in second]
    assert all(p.read_bytes() == q.read_bytes() for p, q in zip(first, second, strict=True))
    names = {p.name for p in first}
    assert {"saved.csv", "open.csv", "fan.csv", "per_tonne.csv", "years.csv", "fan.png", "open.png"} <= names
    shown_in = (tmp_path / "a" / "report.md").read_text(encoding="utf-8")
    assert all(f"({n})" in shown_in for n in names if n.endswith(".png"))


def test_command_ends_with_one_where_nothing_is_open(call: Call, tmp_path: Path) -> None:
    none: dict[str, Any] = {"status": "closed", "days": None, "saved_days": None, "cost_usd": None, "co2_t": None}
    made.write(tmp_path / "shut", [r | none for r in made.voyages(made.monte_carlo(30))])
    code, out, err = call("shut", "--out", "out")
    assert code == 1
    assert "no alternative is feasible in any draw" in err
    assert "Probability that the route is open" in out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--format", "exel"), UsageError.exit_code, "--format is 'exel', allowed: text, markdown, csv, xlsx, json"),
        (("--format", "jsn"), UsageError.exit_code, "--format is 'jsn' (did you mean json"),
        (("--format", "xlsx"), UsageError.exit_code, "name the folder for it with --out"),
        (("--threshold", "nan"), UsageError.exit_code, "threshold is nan, allowed is -1000 to 1000 days"),
        (("--out", "file"), UsageError.exit_code, "file: is a file; --out names a folder"),
    ],
)
def test_command_refuses(
    call: Call, folder: Path, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    got, out, err = call(folder, *arguments)
    assert got == code
    assert said in err
    assert out == ""
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_command_without_results(call: Call) -> None:
    code, _, err = call("nowhere")
    assert code == DataError.exit_code
    assert "nowhere: there is no such folder" in err
