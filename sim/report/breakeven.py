"""A break-even as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.files import text_table

if TYPE_CHECKING:
    from sim.study.breakeven import BreakEven


def breakeven_text(found: BreakEven) -> str:
    """The values where two alternatives are equal, and the difference over the range."""
    unit = "USD" if found.measure == "cost" else "days"
    roots = ", ".join(f"{v:,.4g}" for v in found.at) or "nowhere"
    lines = [f"{found.first} and {found.second} are equal in {found.measure} at {found.key} = {roots}"]
    lines += [f"looked for from {found.low:,.6g} to {found.high:,.6g}", ""]
    rows = [
        [f"{v:,.6g}", "does not arrive" if d is None else f"{d:+,.{0 if unit == 'USD' else 2}f}", _better(found, d)]
        for v, d in found.samples
    ]
    lines.append(text_table([found.key, f"{found.second} - {found.first}, {unit}", "better"], rows, right=(0, 1)))
    return "\n".join(lines)


def _better(found: BreakEven, difference: float | None) -> str:
    if difference is None:
        return ""
    return found.second if difference < 0 else found.first if difference > 0 else "equal"
