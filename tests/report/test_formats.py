"""A run in CSV, XLSX, Markdown, LaTeX and JSON: all of one record, read back, and no word becomes a command."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import northabout
from sim.cli import main
from sim.errors import UsageError
from sim.report.comparison import comparison_dict
from sim.report.comparison_view import table_of
from sim.report.formats.latex import COMMANDS, escaped, latex
from sim.report.formats.sheet import Sheet
from sim.report.formats.sheets import reader_sheets, value_sheets
from sim.report.formats.write import FORMATS, comparison_file, comparison_in
from sim.scenario.compare import Comparison

FORMULA = "=1+1|*_<b> & 50% \\x"
SCENARIO = {
    "format": 1, "name": "formats", "description": "read back",
    "voyage": {"from": "Shanghai", "to": "Rotterdam", "depart": "2025-08-15"}, "vessel": {"type": "cont_3600_1a"},
    "alternatives": [{"route": "suez"}, {"route": "cape", "name": FORMULA}, {"route": "usual", "avoid": ["suez_canal"],
                                                                            "use": ["hormuz"], "name": "none"}],
    "costs": {"cargo_value_usd": 100_000_000},
}  # fmt: skip


@pytest.fixture(scope="module")
def ran() -> Comparison:
    return northabout.run(SCENARIO)


def test_csv_and_json_read_back_to_the_same_figures(ran: Comparison) -> None:
    rows = list(csv.DictReader(io.StringIO(comparison_in(ran, "csv"))))
    told = json.loads(comparison_in(ran, "json"))
    assert told == comparison_dict(ran)
    for row, d in zip(rows, told["alternatives"], strict=True):
        assert (row["route"], row["status"], row["reason"]) == (d["route"], d["status"], d["reason"])
        for name in ("distance_nm", "days", "fuel_t", "co2_t", "cost_usd"):
            assert (float(row[name]) if row[name] else None) == d.get(name)
        assert row["passages"].split() == d["passages"]


def test_the_workbook_has_the_same_figures_and_no_formula(ran: Comparison) -> None:
    (name, content), *rest = comparison_file(ran, "xlsx").items()
    assert (name, rest) == ("comparison.xlsx", [])
    assert content == comparison_file(ran, "xlsx")["comparison.xlsx"]
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == [s.name for s in value_sheets(ran)] == ["comparison", "ledger", "legs"]
    header, *rows = list(book["comparison"].iter_rows(min_row=2))
    names = [cell.value for cell in header]
    for row, d in zip(rows, comparison_dict(ran)["alternatives"], strict=True):
        values = dict(zip(names, (cell.value for cell in row), strict=True))
        for key in ("route", "distance_nm", "days", "depart", "fuel_t", "co2_t", "cost_usd", "cost_complete"):
            assert values[key] == d.get(key)
    assert not [c for tab in book for line in tab.iter_rows() for c in line if c.data_type == "f"]
    ledger = list(book["ledger"].iter_rows(min_row=3, values_only=True))
    for o in ran.outcomes:
        if o.ledger is not None:
            assert sum(r[2] or 0 for r in ledger if r[0] == o.label) == pytest.approx(o.ledger.total_usd, abs=0.01)


def cells_of(row: str, bar: str) -> list[str]:
    return [c.strip() for c in re.split(rf"(?<!\\){re.escape(bar)}", row)]


def test_markdown_and_latex_hold_the_table_that_is_printed(ran: Comparison) -> None:
    header, rows = table_of(ran)
    text = comparison_in(ran, "markdown")
    lines = [line for line in text.splitlines() if line.startswith("|")][: len(rows) + 2]
    found = [[re.sub(r"\\(.)", r"\1", c) for c in cells_of(line, "|")[1:-1]] for line in lines]
    assert found[0] == header
    assert found[2:] == rows
    tex = comparison_in(ran, "latex")
    body = tex[tex.index(r"\midrule") : tex.index(r"\bottomrule")].splitlines()[1:]
    told = [[unescaped(c) for c in cells_of(line.removesuffix(r" \\"), "&")] for line in body]
    assert told == [[" ".join(c.split()) for c in row] for row in rows]
    none = next(o for o in ran.outcomes if not o.feasible)
    assert re.sub(r"\\(.)", r"\1", text).rstrip().endswith(f"none: {none.reason}")


def unescaped(text: str) -> str:
    """What LaTeX sets for an escaped text."""
    text = text.replace("$-$", "-").replace("-{}-{}", "--")
    back = {command: letter for letter, command in COMMANDS.items()}
    return re.sub("|".join(map(re.escape, sorted(back, key=len, reverse=True))), lambda m: back[m[0]], text)


@given(st.text(st.characters(exclude_categories=["C"]), max_size=40))
def test_any_text_is_set_as_it_is_by_latex(text: str) -> None:
    out = escaped(text)
    assert unescaped(out) == " ".join(text.split())
    assert out.replace(r"\{", "").replace(r"\}", "").count("{") == out.replace(r"\{", "").replace(r"\}", "").count("}")
    for special in "#%&_":
        assert not re.search(rf"(?<!\\){special}", out)
    commands = set(re.findall(r"\\([a-z]+)", out))
    assert commands <= {c[1:-2] for c in COMMANDS.values() if c.endswith("{}")}


def test_a_row_cannot_change_the_end_of_the_row_above_it() -> None:
    tex = latex([Sheet("a", "t", ("x",), (("*",), ("[2cm]",)))], [frozenset()])
    assert not re.search(r"\\\\\s*[*\[]", tex)


def test_ledger_names_are_whole_outside_the_terminal(ran: Comparison) -> None:
    ledger = reader_sheets(ran)[1]
    assert not [row for row in ledger.rows if "..." in row[0]]
    assert any(note.startswith("~") for note in ledger.notes)


@pytest.mark.parametrize("kind", [k for k in FORMATS if k != "xlsx"])
def test_every_format_gives_the_same_text_each_time(ran: Comparison, kind: str) -> None:
    assert comparison_in(ran, kind) == comparison_in(ran, kind)


def called(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["northabout", "run", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "markdwn"], "--format is 'markdwn' (did you mean markdown?), allowed: table, csv, xlsx"),
        (["--format", "xlsx"], "--format is xlsx, a file: name the folder for it with --out DIR"),
        (["--format", "csv", "--json"], "--json prints JSON and --format is csv"),
        (["--format", "latex", "--legs"], "--legs goes with the table"),
    ],
    ids=str,
)
def test_a_wrong_format_is_told_before_anything_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert called(monkeypatch, "absent.yaml", *arguments) == 2
    assert said in capsys.readouterr().err


def test_run_writes_the_format_beside_the_usual_files(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = "scenarios/03-suez-closed.yaml"
    for kind, name in FORMATS.items():
        folder = tmp_path / kind
        assert called(monkeypatch, file, "--format", kind, "--out", folder) == 0
        printed = capsys.readouterr().out
        assert (folder / "comparison.csv").is_file()
        assert {p.name for p in folder.iterdir()} - {"legs.csv", "legs.geojson", "routes.geojson"} == {
            ".northabout-files.json", "comparison.csv", "comparison.json", *([name] if name else []),
        }  # fmt: skip
        if kind == "xlsx":
            assert printed == ""
        elif name:
            assert (folder / name).read_text(encoding="utf-8") == printed


def test_what_is_no_text_is_refused(ran: Comparison) -> None:
    with pytest.raises(UsageError, match="xlsx"):
        comparison_in(ran, "xlsx")
