"""The sheets of a study as JSON, CSV and XLSX."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sim.report.files import csv_text
from sim.report.formats.sheet import Sheet
from sim.report.study.sheets import sheet_dicts, sheets
from sim.study.findings.findings import Findings

if TYPE_CHECKING:
    from pandas import DataFrame

MOMENT: Final = datetime(2000, 1, 1)  # that an XLSX says it is of: the same study gives the same bytes
EARLIEST: Final = (1980, 1, 1, 0, 0, 0)  # that a zip can say
WIDEST, NARROWEST = 60, 9  # columns of a tab, characters
LONG_HEADER: Final = ("table", "row", "column", "value")


def findings_dict(found: Findings) -> dict[str, Any]:
    """The document of `northabout study report --format json`: what was asked, and the rows of each sheet."""
    plan = found.plan
    return {
        "study": {
            "name": plan.name, "description": plan.description, "method": plan.method, "samples": plan.samples,
            "seed": plan.seed, "baseline": plan.baseline, "alternatives": list(plan.alternatives),
            "vary": [{"key": v.key, "kind": v.kind} for v in plan.vary],
        },
        "threshold_days": found.threshold_days,
        "confidence": found.confidence,
        "sampled": plan.sampled,
        "draws": found.draws,
        "sample_draws": found.sample_draws,
        "failed": found.failed,
    } | {sheet.name: sheet_dicts(sheet) for sheet in sheets(found) if sheet.name != "study"}  # fmt: skip


def findings_frame(found: Findings) -> DataFrame:
    """The probabilities of saving the threshold, a row a group: the sheet `saved`."""
    from pandas import DataFrame

    rows = [s for s in sheets(found) if s.name == "saved"]
    return DataFrame(sheet_dicts(rows[0])) if rows else DataFrame()


def sheet_csv(sheet: Sheet) -> str:
    """A sheet as CSV: a column a name, an empty cell where there is none."""
    return csv_text(sheet.header, sheet.rows)


def long_csv(found: Findings) -> str:
    """All sheets as one CSV: a line a value, with its table, the number of its row from 1, and its column."""
    lines = [
        (sheet.name, k, column, value)
        for sheet in sheets(found)
        for k, row in enumerate(sheet.rows, 1)
        for column, value in zip(sheet.header, row, strict=True)
        if value is not None
    ]
    return csv_text(LONG_HEADER, lines)


def workbook(found: Findings) -> bytes:
    """All sheets of a study as the tabs of an XLSX file."""
    return sheets_workbook(found.plan.name, sheets(found))


def sheets_workbook(title: str, given: Sequence[Sheet]) -> bytes:
    """Sheets as the tabs of an XLSX file, the same bytes each time. Words are words there, never formulas."""
    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "northabout"
    book.properties.title = _plain(title)
    book.properties.created = book.properties.modified = MOMENT
    for sheet in given:
        _tab(book, sheet)
    raw = io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED)).save()
    return _undated(raw)


def _tab(book: Any, sheet: Sheet) -> None:
    """A tab: the title, the header in bold, which stays in sight, and the rows."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    tab = book.create_sheet(sheet.name)
    for row, line in enumerate([(sheet.title,), sheet.header, *sheet.rows], 1):
        for column, value in enumerate(line, 1):
            cell = tab.cell(row, column)
            if isinstance(value, str):
                cell.value = _plain(value)
                cell.data_type = "s"  # not "f", which a leading = would make it
            else:
                cell.value = value
            if row <= 2:
                cell.font = Font(bold=True)
    tab.freeze_panes = "A3"
    for k, name in enumerate(sheet.header):
        longest = max([len(name), *(len(str(row[k])) for row in sheet.rows if row[k] is not None)])
        tab.column_dimensions[get_column_letter(k + 1)].width = min(max(longest + 2, NARROWEST), WIDEST)
    if sheet.rows:
        tab.auto_filter.ref = f"A2:{get_column_letter(len(sheet.header))}{len(sheet.rows) + 2}"


def _plain(text: str) -> str:
    """A text without control characters, which no XML may hold."""
    return "".join(c if c.isprintable() else " " for c in text)


def _undated(raw: io.BytesIO) -> bytes:
    """A zip with the same files, all of the earliest date."""
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in given.infolist():
            info = zipfile.ZipInfo(entry.filename, EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(info, given.read(entry))
    return out.getvalue()
