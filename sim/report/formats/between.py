"""Two results side by side: the figures of each route and the inputs that differ."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sim.errors import UsageError, did_you_mean
from sim.report.files import csv_text, json_text
from sim.report.layout import cut, signed, text_table, width, wrapped

FORMATS: Final = ("table", "json", "csv", "markdown")
# the figures that are compared, with the digits of a table; words have none
FIGURES: Final = {
    "status": None, "reason": None, "distance_nm": 0, "sailed_nm": 0, "days": 1, "depart": None, "arrive": None,
    "fuel_t": 0, "co2_t": 0, "cost_usd": 0, "ice_nm": 0, "passages": None,
}  # fmt: skip
# what a result says of its inputs where it does not hold them all
HEADS: Final = ("description", "from", "to", "ship", "sea_margin", "ice", "draft_m", "baseline", "closures")
COLUMNS: Final = ("part", "key", "a", "b", "difference")
MOMENTS: Final = ("depart", "arrive")
INPUTS: Final = "inputs"
SHORTEST: Final = 16  # characters of a value in the table, where there is no room for more: a moment
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|\+00:00)")  # of an input, in UTC


@dataclass(frozen=True)
class Change:
    """A figure of a route, or an input (`part` is then "inputs"), in both results; None where a result has none.

    `difference` is b - a of numbers, else None.
    """

    part: str
    key: str
    a: Any
    b: Any
    difference: float | None = None

    @property
    def same(self) -> bool:
        return bool(self.a == self.b)


@dataclass(frozen=True)
class Between:
    """Two results, by the names that the user gave them, and all that was compared, in the order of the first."""

    a: str
    b: str
    compared: tuple[Change, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """What is not the same in both."""
        return tuple(c for c in self.compared if not c.same)


def between(a: Mapping[str, Any], b: Mapping[str, Any], names: tuple[str, str]) -> Between:
    """Compare the documents of two results; routes are those of one label. Inputs come first."""
    whole = all(isinstance(d.get(INPUTS), Mapping) for d in (a, b))
    of = [_flat(d[INPUTS]) if whole else _flat({k: d[k] for k in HEADS if k in d}) for d in (a, b)]
    found = [_change(INPUTS, key, of[0].get(key), of[1].get(key)) for key in dict.fromkeys((*of[0], *of[1]))]
    routes = [{str(x["route"]): x for x in d["alternatives"]} for d in (a, b)]
    for label in dict.fromkeys((*routes[0], *routes[1])):
        one, other = routes[0].get(label, {}), routes[1].get(label, {})
        for key in FIGURES:
            if one.get(key) not in (None, "", []) or other.get(key) not in (None, "", []):
                found.append(_change(label, key, _cell(one.get(key)), _cell(other.get(key))))
    return Between(*names, tuple(found))


def _cell(value: Any) -> Any:
    """A value on one line: lists as words apart by blanks."""
    if isinstance(value, list):
        return " ".join(map(str, value)) or None
    return None if value == "" else value


def _flat(value: Mapping[str, Any]) -> dict[str, Any]:
    """Values by their key path: `alternatives #1.route`."""
    from sim.scenario.yaml_text import At, key_path

    def below(node: Any, at: At) -> Iterator[tuple[str, Any]]:
        if isinstance(node, Mapping):
            for key, item in node.items():
                yield from below(item, (*at, str(key)))
        elif isinstance(node, list) and any(isinstance(item, Mapping) for item in node):
            for k, item in enumerate(node):
                yield from below(item, (*at, k))
        else:
            yield key_path(at), _cell(node)

    return dict(below(value, ()))


def _change(part: str, key: str, a: Any, b: Any) -> Change:
    return Change(part, key, a, b, float(b - a) if _number(a) and _number(b) else None)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


# -- formats


def check_format(kind: str) -> str:
    """A format that exists. Raises UsageError with the nearest."""
    if kind not in FORMATS:
        raise UsageError(f"--format is '{kind}'{did_you_mean(kind, FORMATS)}, allowed: {', '.join(FORMATS)}")
    return kind


def between_in(found: Between, kind: str, whole: bool = False) -> str:
    """Two results in a format: what differs, or with `whole` all that was compared."""
    from sim.scenario.yaml_text import printable

    rows = found.compared if whole else found.changes
    if kind == "json":
        return json_text(between_dict(found, rows))
    if kind == "csv":
        return csv_text(COLUMNS, [(c.part, c.key, c.a, c.b, _rounded(c.difference)) for c in rows])
    cells = [
        [printable(v) for v in (c.part, c.key, *(_text(c.key, v) for v in (c.a, c.b)), _difference(c))] for c in rows
    ]
    names = printable(found.a), printable(found.b)
    if kind == "markdown":
        from sim.report.page.write.markdown import paragraph, table_lines

        head = paragraph(f"a: {names[0]}; b: {names[1]}")
        return "\n".join([head, "", *(table_lines(COLUMNS, cells, [4]) if cells else ["Both are the same."])]) + "\n"
    lines = [*wrapped(f"a: {names[0]}"), *wrapped(f"b: {names[1]}"), ""]
    if not rows:
        return "\n".join([*lines, "both are the same"])
    keys = max(len(row[1]) for row in cells)
    longest_part = max(width() - keys - len(COLUMNS[-1]) - 2 * (len(COLUMNS) - 1) - 2 * SHORTEST, SHORTEST)
    cells = [[cut(row[0], min(longest_part, 24)), *row[1:]] for row in cells]
    longest = _room([[*COLUMNS], *cells])
    cells = [[part, key, *_cut_apart(a, b, longest), difference] for part, key, a, b, difference in cells]
    return "\n".join([*lines, text_table(COLUMNS, cells, right=(4,))])


def _room(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """How long the values of either result may be, so that the table is as wide as text is."""
    part, key, a, b, difference = (max(len(row[k]) for row in rows) for k in range(len(COLUMNS)))
    left = max(width() - part - key - difference - 2 * (len(COLUMNS) - 1), 2 * SHORTEST)
    half = left // 2
    return max(half, left - b), max(half, left - a)


def _cut_apart(a: str, b: str, longest: tuple[int, int]) -> tuple[str, str]:
    """Two values cut to their room; of such as differ only behind it the beginning is left out, too."""
    short = cut(a, longest[0]), cut(b, longest[1])
    differs = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    if a == b or (a, b) == short or differs < min(longest) - len("..."):
        return short
    same = a.rfind(" ", 0, differs) + 1  # words stay whole
    return cut(f"...{a[same:]}", longest[0]), cut(f"...{b[same:]}", longest[1])


def between_dict(found: Between, rows: Sequence[Change]) -> dict[str, Any]:
    """Two results as JSON values."""
    told = [
        {"part": c.part, "key": c.key, "a": c.a, "b": c.b}
        | ({} if c.difference is None else {"difference": _rounded(c.difference)})
        for c in rows
    ]
    return {"a": found.a, "b": found.b, "same": not found.changes, "compared": told}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _text(key: str, value: Any) -> str:
    """A value for readers; a figure as in the table of `run`."""
    if value is None:
        return "-"
    digits = FIGURES.get(key)
    if digits is not None and _number(value):
        return f"{value:,.{digits}f}"
    if key in MOMENTS or (isinstance(value, str) and _MOMENT.fullmatch(value)):
        return str(value)[:16].replace("T", " ")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _difference(change: Change) -> str:
    if change.difference is None:
        return ""
    digits = FIGURES.get(change.key)
    if digits is None:
        return f"{change.difference:+,.6g}" if change.difference else "0"
    return signed(change.difference, digits)
