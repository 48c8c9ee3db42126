"""The report of a study as text for a terminal and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from sim.report.formats.sheet import Sheet
from sim.report.layout import counted, table_blocks, text_table, width, wrapped
from sim.report.study.views import views
from sim.study.findings.findings import Findings

ESCAPED = "\\|*_`<[#"
METHOD_NAMES = {
    "grid": "every combination of a grid", "monte_carlo": "drawn at random", "sobol": "drawn for shares of variance",
    "one_at_a_time": "one key at a time",
}  # fmt: skip


def report_text(found: Findings) -> str:
    """What `northabout study report` prints, as wide as the page."""
    lines = [line for told in head(found) for line in wrapped(told)]
    for view in views(found):
        lines += ["", *wrapped(view.title), "", *_table(view)]
        lines += [line for note in view.notes for line in wrapped(note, rest="")]
    return "\n".join(lines)


def _table(view: Sheet) -> list[str]:
    """A table, or several one below the other where it is wider than the page."""
    table = text_table(view.header, view.rows, right=range(1, len(view.header)) if _numbers(view) else ())
    if max(map(len, table.splitlines())) <= width():
        return table.splitlines()
    first = [view.header[0], *(row[0] for row in view.rows)]
    columns = [[view.header[k], *(row[k] for row in view.rows)] for k in range(1, len(view.header))]
    step = 3 if len(columns) % 3 == 0 else 1
    groups = [columns[k : k + step] for k in range(0, len(columns), step)]
    return "\n\n".join(table_blocks(groups, first)).splitlines()


def _numbers(view: Sheet) -> bool:
    return len(view.header) > 1


def head(found: Findings) -> list[str]:
    """What the study is, in sentences."""
    plan = found.plan
    told = [f"{plan.name}: {plan.description}" if plan.description else plan.name]
    asked = ", ".join(v.key for v in plan.vary) or "nothing"
    told.append(
        f"{counted(found.draws, 'draw')} of {', '.join(plan.alternatives)}, {METHOD_NAMES[plan.method]}"
        + ("" if plan.seed is None else f" (seed {plan.seed})")
        + f"; varied: {asked}"
    )
    if found.sample_draws < found.draws:
        told.append(
            f"probabilities and ranges are of the {found.sample_draws:,} draws of the two base samples, which are "
            "independent of each other"
        )
    if found.failed:
        told.append(f"{counted(found.failed, 'voyage')} failed; they count neither as open nor as closed")
    told.append(
        f"intervals: Wilson's at {100 * found.confidence:g} %"
        + (
            ""
            if plan.sampled
            else ", as if the draws were a random sample; they are none, so it shows how few they are"
        )
        + "; a closed voyage saves nothing"
    )
    return told


def report_markdown(found: Findings, pictures: Sequence[tuple[str, str]] = ()) -> str:
    """The same as Markdown; `pictures` are files beside it with their titles."""
    first, *rest = head(found)
    lines = [f"# {_escaped(first)}", ""]
    lines += [f"- {_escaped(told)}" for told in rest]
    for name, title in pictures:
        lines += ["", f"![{_escaped(title)}]({name})"]
    for view in views(found):
        lines += ["", f"## {_escaped(view.title)}", "", _row(view.header)]
        lines.append("|" + "|".join("---" if k == 0 else "---:" for k in range(len(view.header))) + "|")
        lines += [_row(row) for row in view.rows]
        lines += ["", *map(_escaped, view.notes)] if view.notes else []
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_escaped(c) for c in cells) + " |"


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    return "".join(f"\\{c}" if c in ESCAPED else c for c in text)
