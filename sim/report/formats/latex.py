"""Tables as LaTeX with booktabs; every text is escaped, so that nothing in it is a command."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

from sim.report.formats.sheet import Sheet

COMMANDS: Final = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "'": r"\textquotesingle{}", "`": r"\textasciigrave{}",
    "*": "{*}", "[": "{[}", "]": "{]}",
}  # fmt: skip
HEAD: Final = (
    "% needs \\usepackage{booktabs} and \\usepackage[T1]{fontenc}; words in other scripts need XeLaTeX or LuaLaTeX"
)


def latex(sheets: Sequence[Sheet], right: Sequence[frozenset[int]]) -> str:
    """Tables one below the other; the columns in `right` of each are aligned to the right."""
    parts = [_table(sheet, columns) for sheet, columns in zip(sheets, right, strict=True)]
    return "\n\n".join([HEAD, *parts]) + "\n"


def _table(sheet: Sheet, right: frozenset[int]) -> str:
    columns = "".join("r" if k in right else "l" for k in range(len(sheet.header)))
    lines = [
        r"\begin{table}",
        r"\centering",
        rf"\caption{{{escaped(sheet.title)}}}",
        rf"\begin{{tabular}}{{{columns}}}",
    ]
    lines += [r"\toprule", _row(sheet.header), r"\midrule", *map(_row, sheet.rows), r"\bottomrule", r"\end{tabular}"]
    lines += [rf"\par\smallskip {escaped(note)}" for note in sheet.notes]
    return "\n".join([*lines, r"\end{table}"])


def _row(cells: Sequence[object]) -> str:
    return " & ".join(escaped(str(c)) for c in cells) + r" \\"


def escaped(text: str) -> str:
    """Text on one line that LaTeX sets as it is; a minus before a figure is a minus."""
    flat = " ".join("".join(c if _visible(c) else " " for c in text).split())
    sign = "$-$" if flat[:1] == "-" and flat[1:2].isdigit() else ""
    return sign + "".join(COMMANDS.get(c, c) for c in flat[1 if sign else 0 :]).replace("--", "-{}-{}")


def _visible(character: str) -> bool:
    return unicodedata.category(character)[0] != "C"
