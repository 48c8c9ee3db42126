"""The findings of a study as a part of a report."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.page.inputs import made_section, yaml_text
from sim.report.page.sections import Cell, Image, Part, Section, Source, Table, section, told, words
from sim.report.study.text import head
from sim.report.study.views import views

if TYPE_CHECKING:
    from sim.report.formats.sheet import Sheet
    from sim.study.findings.findings import Findings


def study_part(found: Findings, pictures: Sequence[Image], folder: Path) -> Part:
    """A study: its question, pictures, tables, and the manifest that its results came from."""
    plan = found.plan
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    made = [
        section("pictures", "Pictures", pictures),
        section("result", "Tables", [_table(view) for view in views(found)]),
        section("inputs", "Inputs", [words("What was varied, and the scenario beneath it."), _inputs(manifest)]),
        _made(manifest),
        made_section(),
    ]
    kept: tuple[Section, ...] = tuple(s for s in made if s is not None)
    _, *rest = head(found)
    asked = f"What do {found.draws:,} draws say of {', '.join(plan.alternatives)} against {plan.baseline}?"
    return Part(plan.name, asked, plan.description, tuple(rest), kept)


def _table(view: Sheet) -> Table:
    """A view as a table; the words of its cells are figures already."""
    rows = tuple(tuple(Cell(str(v)) for v in row) for row in view.rows)
    return Table(view.header, rows, tuple(range(1, len(view.header))), view.title, view.notes)


def _inputs(manifest: Mapping[str, Any]) -> Source:
    return Source(yaml_text(manifest["study"]))


def _made(manifest: Mapping[str, Any]) -> Section | None:
    """The program and the data that the voyages were sailed with."""
    rows = [("program", manifest.get("checksums", {}).get("code")), ("data", manifest.get("checksums", {}).get("data"))]
    rows += sorted(manifest.get("checksums", {}).get("files", {}).items())
    rows += sorted(manifest.get("versions", {}).items())
    header = ("sailed with", "version or SHA-256")
    return section(
        "sailed", "What the voyages were sailed with", [Table(header, tuple((told(a), told(b)) for a, b in rows))]
    )
