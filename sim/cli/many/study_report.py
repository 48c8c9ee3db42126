"""The command `study report`: what the results of a study say. Heavy imports wait inside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import check_folder
from sim.cli.output import say, show
from sim.cli.shell.folder import fill
from sim.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from sim.study.findings.findings import Findings

FORMATS = ("text", "markdown", "csv", "xlsx", "json")
SAVING_DAYS = 10.0  # as sim.study.calendar.SAVING_DAYS, which a start does not load

StudyDir = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the results: the --out of a study.")]
ReportDir = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Write the tables in all formats and the pictures there.")
]
Threshold = Annotated[float, typer.Option(metavar="DAYS", help="The saving whose probability is told.")]
Format = Annotated[
    str,
    typer.Option("--format", metavar="KIND", help="Printed: text, markdown, csv or json; xlsx goes with --out."),
]


def report(folder: StudyDir, out: ReportDir = None, threshold: Threshold = SAVING_DAYS, kind: Format = "text") -> None:
    """What the results of a study say: probabilities, fans of days, what decides, cost and CO2 per tonne.

    Prints the tables; --out also writes them whole as text, Markdown, CSV, XLSX and JSON, with the pictures.
    """
    from sim.report.files import json_text
    from sim.report.study.files import findings_dict, long_csv
    from sim.report.study.text import report_markdown, report_text
    from sim.study.findings.findings import findings
    from sim.study.findings.table import read_study

    if kind not in FORMATS:
        raise UsageError(f"--format is '{kind}'{did_you_mean(kind, FORMATS)}, allowed: {', '.join(FORMATS)}")
    if kind == "xlsx" and out is None:
        raise UsageError("--format is xlsx, a file: name the folder for it with --out DIR")
    check_folder(out)
    found = findings(read_study(folder), threshold)
    if out is not None:
        _write(found, out)
    if kind == "text":
        show(report_text(found))
    elif kind == "markdown":
        show(report_markdown(found))
    elif kind == "csv":
        show(long_csv(found))
    elif kind == "json":
        show(json_text(findings_dict(found)))
    if not found.feasible:
        say("no alternative is feasible in any draw")
        raise typer.Exit(1)


def _write(found: Findings, out: Path) -> None:
    """All tables and pictures, whole or none of them."""
    from sim.plot.study.pictures import study_pictures
    from sim.report.files import json_text
    from sim.report.formats.folder import digest
    from sim.report.layout import as_in_files
    from sim.report.study.files import findings_dict, sheet_csv, workbook
    from sim.report.study.sheets import sheets
    from sim.report.study.text import report_markdown, report_text

    pictures = study_pictures(found)
    shown = [(name, picture.title) for name, picture in pictures.items()]
    with as_in_files():
        text = report_text(found) + "\n"
    files = {
        "report.txt": text.encode(),
        "report.md": report_markdown(found, shown).encode(),
        "report.json": json_text(findings_dict(found)).encode(),
        "report.xlsx": workbook(found),
    }
    files |= {f"{sheet.name}.csv": sheet_csv(sheet).encode() for sheet in sheets(found)}
    files |= {name: picture.png for name, picture in pictures.items()}
    fill(out, files, "study report", digest(f"study {found.plan.name}"))
