"""XLSX: the layers as tabs of a workbook; the lines themselves are not in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sim.report.formats.sheet import Sheet

if TYPE_CHECKING:
    from sim.report.export.layers import Layer


def xlsx(title: str, given: Sequence[Layer]) -> bytes:
    """The layers that have rows, each a tab."""
    from sim.report.study.files import sheets_workbook

    tabs = [
        Sheet(a.name, a.title, tuple(a.columns), tuple(tuple(map(_cell, row)) for row in a.rows))
        for a in given
        if a.rows
    ]
    return sheets_workbook(title, tabs)


def _cell(value: Any) -> Any:
    """A value as a cell: spreadsheets know no zones, the name of the column says UTC."""
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value
