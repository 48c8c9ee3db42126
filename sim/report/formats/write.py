"""A comparison written in a format: what `northabout run --format` prints, and the file that `--out` adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.errors import UsageError, did_you_mean
from sim.report.formats.sheet import Sheet

if TYPE_CHECKING:
    from sim.scenario.compare import Comparison

# the format, and the file that it is beside the files that `--out` always writes; none where those have it
FORMATS: Final = {
    "table": None, "csv": None, "xlsx": "comparison.xlsx", "markdown": "comparison.md", "latex": "comparison.tex",
    "json": None,
}  # fmt: skip
LEFT: Final = frozenset({"route", "arrives", "USD"})  # columns of words


def check_format(kind: str) -> str:
    """A format that exists. Raises UsageError with the nearest."""
    if kind not in FORMATS:
        raise UsageError(f"--format is '{kind}'{did_you_mean(kind, FORMATS)}, allowed: {', '.join(FORMATS)}")
    return kind


def comparison_in(comparison: Comparison, kind: str) -> str:
    """A comparison as text of a format; XLSX is none. Raises UsageError for what is no text."""
    from sim.report.comparison_view import comparison_text

    if kind == "table":
        return comparison_text(comparison)
    from sim.report.comparison import comparison_csv, comparison_dict
    from sim.report.files import json_text
    from sim.report.formats.latex import latex
    from sim.report.formats.sheets import reader_sheets

    if kind == "csv":
        return comparison_csv(comparison)
    if kind == "json":
        return json_text(comparison_dict(comparison))
    sheets = reader_sheets(comparison)
    if kind == "latex":
        return latex(sheets, [frozenset(_right(sheet)) for sheet in sheets])
    if kind == "markdown":
        return _markdown(comparison, sheets)
    raise UsageError(f"--format is {check_format(kind)}, a file: name the folder for it with --out DIR")


def comparison_file(comparison: Comparison, kind: str) -> dict[str, bytes]:
    """The file of a format by its name; nothing for what `--out` always writes."""
    name = FORMATS[check_format(kind)]
    if name is None:
        return {}
    if kind == "xlsx":
        from sim.report.formats.sheets import value_sheets
        from sim.report.study.files import sheets_workbook

        return {name: sheets_workbook(comparison.scenario.name, value_sheets(comparison))}
    return {name: comparison_in(comparison, kind).encode()}


def _right(sheet: Sheet) -> list[int]:
    """The columns of figures."""
    return [k for k, name in enumerate(sheet.header) if name not in LEFT]


def _markdown(comparison: Comparison, sheets: tuple[Sheet, ...]) -> str:
    from sim.report.page.write.markdown import escaped, paragraph, table_lines

    lines: list[str] = []
    for sheet in sheets:
        lines += [f"**{escaped(sheet.title)}**", "", *table_lines(sheet.header, sheet.rows, _right(sheet)), ""]
        lines += [line for note in sheet.notes for line in (paragraph(note), "")]
    lines += [f"- {paragraph(f'{o.label}: {o.reason}')}" for o in comparison.outcomes if not o.feasible]
    return "\n".join(lines).rstrip() + "\n"
