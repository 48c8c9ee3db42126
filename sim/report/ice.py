"""The state of the ice as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.files import cut, text_table
from sim.report.tables import wrapped

if TYPE_CHECKING:
    from sim.study.ice_summary import AreaIce, IceState

HEADER = ("water", "mean %", ">15 %", "ice 1000 km2", "floes m", "max m", "unknown")
NAME = 44  # columns of the longest name
SINGLE_YEAR = (
    "A typical single year is made for ways through the ice: it has the local blockages that a mean lacks, in all seas "
    "at once. For the ice of all waters together the mean of many years is nearer to what was observed."
)
KINDS = {
    "single_year": "a typical single year", "mean": "a mean of many years", "climate": "a climate",
    "file": "from a file",
}  # fmt: skip


def ice_text(state: IceState) -> str:
    """What `northabout ice` prints, at most 100 columns."""
    lines = wrapped(f"ice on {state.date}: {state.label}")
    kind = KINDS[state.kind] + (f", z = {state.z:+.2f}" if state.z is not None else "")
    if state.warming_c is not None:
        kind += f", {state.warming_c:.2f} C of warming since 1850-1900"
    lines += [*wrapped(kind), ""]
    groups = (state.seas, (state.nsr, state.whole), state.straits)
    rows = [[*_row(area)] for group in groups for area in group]
    # The column of what is not known stands only where something is not.
    count = len(HEADER) if any(a.unknown_share > 0 for group in groups for a in group) else len(HEADER) - 1
    table = text_table(HEADER[:count], [row[:count] for row in rows], right=range(1, count)).splitlines()
    at = 2
    for group in groups:
        lines += [*(table[:2] if at == 2 else [""]), *table[at : at + len(group)]]
        at += len(group)
    lines += ["", *wrapped(
        "mean %: concentration; >15 %: share of the water with more than 15 % of ice; floes m, max m: mean and highest "
        "thickness there. A sea counts as far as it can freeze; a strait is the water as far from the middle of its "
        "gate as the gate reaches. The Northern Sea Route lies over the seas; North Cape - Murmansk, open all year, is "
        "for comparison.", rest="",
    )]  # fmt: skip
    if state.kind == "single_year":
        lines += wrapped(SINGLE_YEAR, rest="")
    lines += wrapped(f"sources: {'; '.join(state.sources)}")
    return "\n".join([*lines, "Not an ice forecast, not for navigation."])


def _row(area: AreaIce) -> tuple[str, ...]:
    unknown = _percent(area.unknown_share) if area.unknown_share > 0 else ""
    ice = area.ice_area_1000km2
    return (
        cut(area.name, NAME),
        _percent(area.concentration),
        _percent(area.over_15),
        "?" if ice is None else f"{ice:,.0f}" if ice >= 10 else f"{ice:.1f}",
        _metres(area, area.thickness_m),
        _metres(area, area.max_thickness_m),
        f"{unknown} %" if unknown else "",
    )


def _percent(share: float | None) -> str:
    """A share in whole percent; less than half a percent of something is not nothing."""
    if share is None:
        return "?"
    return "<1" if 0 < share < 0.005 else f"{100 * share:.0f}"


def _metres(area: AreaIce, thickness_m: float | None) -> str:
    """A thickness; '-' without ice, '?' where it is not known."""
    if thickness_m is not None:
        return f"{thickness_m:.2f}"
    return "-" if area.concentration is not None and not area.over_15 else "?"
