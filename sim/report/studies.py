"""Break-evens, equidistance and the state of the ice as text, CSV, JSON and frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from sim.report.files import csv_text
from sim.report.layout import cut, signed, text_table, wrapped
from sim.report.listings import CRS
from sim.report.voyages import price_dict, price_text

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from sim.study.breakeven import BreakEven
    from sim.study.equidistance import Nearer, PortSaved
    from sim.study.ice_summary import AreaIce, IceState

ICE_HEADER = ("water", "mean %", ">15 %", "ice 1000 km2", "floes m", "max m", "unknown")
NAME = 44  # columns of the longest name
SINGLE_YEAR = (
    "A typical single year is made for routes through the ice: it has the local blockages that a mean lacks, in all "
    "seas at once. For the ice of all waters together the mean of many years is nearer to what was observed."
)
KINDS = {
    "single_year": "a typical single year", "mean": "a mean of many years", "climate": "a climate",
    "file": "from a file",
}  # fmt: skip
NAMES: Final = {"suez": "Suez", "cape": "the Cape", "nsr": "the Northern Sea Route", "nwp": "the Northwest Passage"}


def breakeven_text(found: BreakEven) -> str:
    """The values where two alternatives are equal, and the difference over the range."""
    unit = "USD" if found.measure == "cost" else "days"
    roots = ", ".join(f"{v:,.4g}" for v in found.at) or "nowhere"
    lines = [f"{found.first} and {found.second} are equal in {found.measure} at {found.key} = {roots}"]
    lines += [f"looked for from {found.low:,.6g} to {found.high:,.6g}", ""]
    mark = " !" if found.missing else ""
    digits = 0 if unit == "USD" else 2
    rows = [
        [f"{v:,.6g}", "does not arrive" if d is None else f"{d:+,.{digits}f}{mark}", better_of(found, d)]
        for v, d in found.samples
    ]
    lines.append(text_table([found.key, f"{found.second} - {found.first}, {unit}", "better"], rows, right=(0, 1)))
    lines += [
        x
        for label, what, why in found.missing
        for x in wrapped(f"!: the total of {label} is incomplete: {what} ({why.value})")
    ]
    prices = [f"{label}, {line}: {price_text(p)}" for label, line, p in found.off_date]
    return "\n".join([*lines, *(x for text in prices for x in wrapped(text))])


def better_of(found: BreakEven, difference: float | None) -> str:
    """The alternative that costs, or takes, less; empty where one of them does not arrive."""
    if difference is None:
        return ""
    return found.second if difference < 0 else found.first if difference > 0 else "equal"


def breakeven_dict(found: BreakEven) -> dict[str, Any]:
    """The document of `northabout breakeven --json`."""
    return {
        "key": found.key,
        "measure": found.measure,
        "alternatives": [found.first, found.second],
        "range": [found.low, found.high],
        "break_even": [float(f"{v:.6g}") for v in found.at],
        "samples": breakeven_rows(found),
        "complete": not found.missing,
        "missing": [{"alternative": a, "what": what, "why": why.value} for a, what, why in found.missing],
        "off_date": [{"alternative": a, "line": line} | price_dict(p) for a, line, p in found.off_date],
    }


def breakeven_rows(found: BreakEven) -> list[dict[str, Any]]:
    """The values tried, with the difference and whether no line of either total is missing."""
    return [
        {
            "value": float(f"{v:.6g}"), "difference": None if d is None else round(d, 3),
            "complete": not found.missing,
        }
        for v, d in found.samples
    ]  # fmt: skip


def breakeven_frame(found: BreakEven) -> DataFrame:
    """A row a value tried; the difference is NaN where one of the alternatives does not arrive."""
    from pandas import DataFrame

    frame = DataFrame(breakeven_rows(found), columns=["value", "difference", "complete"])
    return frame.astype({"value": float, "difference": float, "complete": bool})


def route_name(via: str) -> str:
    """The name of a route within a sentence."""
    return NAMES.get(via, f"'{via}'")


def main_ports(field: Nearer) -> tuple[PortSaved, ...]:
    """The main ports of a region that both routes reach, and the one where they are nearest to equal."""
    names = {*field.region.main_ports, field.balance.name}
    return tuple(p for p in field.ports if p.name in names)


def nearer_text(field: Nearer) -> str:
    """The main ports with both distances, in order of what is saved."""
    ports = sorted(main_ports(field), key=lambda p: -p.saved_nm)
    header = ["port", f"{field.longer} nm", f"{field.shorter} nm", "saved nm"]
    rows = [[p.name, f"{p.longer_nm:,.0f}", f"{p.shorter_nm:,.0f}", signed(p.saved_nm, 0)] for p in ports]
    count = sum(p.saved_nm > 0 for p in field.ports)
    told = (
        f"From {field.origin}, ice-free: {route_name(field.shorter)} is nearer than {route_name(field.longer)} for "
        f"{count} of {len(field.ports)} ports of {field.region.name}. Nearest to equal: {field.balance.name}."
    )
    return "\n".join([*wrapped(told), "", text_table(header, rows, right=(1, 2, 3))])


def nearer_csv(field: Nearer) -> str:
    """All ports of the region with both distances."""
    header = ["locode", "port", "lat", "lon", f"{field.longer}_nm", f"{field.shorter}_nm", "saved_nm"]
    return csv_text(
        header,
        [
            [p.key, p.name, p.lat, p.lon, round(p.longer_nm, 1), round(p.shorter_nm, 1), round(p.saved_nm, 1)]
            for p in field.ports
        ],
    )


def nearer_dict(field: Nearer) -> dict[str, Any]:
    """The document of `northabout nearer --json`."""
    import numpy as np

    return {
        "origin": field.origin,
        "region": field.region.name,
        "longer": field.longer,
        "shorter": field.shorter,
        "balance": field.balance.name,
        "ports": [
            {
                "locode": p.key, "name": p.name, "lon": p.lon, "lat": p.lat, "longer_nm": round(p.longer_nm, 1),
                "shorter_nm": round(p.shorter_nm, 1), "saved_nm": round(p.saved_nm, 1),
            }
            for p in field.ports
        ],
        "equal_line": np.round(field.equal_line(), 2).tolist(),
    }  # fmt: skip


def nearer_frame(field: Nearer) -> GeoDataFrame:
    """All ports of the region with both distances, as points."""
    from geopandas import GeoDataFrame, points_from_xy

    told = nearer_dict(field)["ports"]
    rows = [{k: v for k, v in p.items() if k not in ("lon", "lat")} for p in told]
    return GeoDataFrame(rows, geometry=points_from_xy([p["lon"] for p in told], [p["lat"] for p in told]), crs=CRS)


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
    count = len(ICE_HEADER) if any(a.unknown_share > 0 for group in groups for a in group) else len(ICE_HEADER) - 1
    table = text_table(ICE_HEADER[:count], [row[:count] for row in rows], right=range(1, count)).splitlines()
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


def months_text(states: Sequence[IceState]) -> str:
    """What `northabout ice --months` prints: a row a month."""
    header = ["day", "ice, 1000 km2", "floes m", "NSR mean %", "NSR >15 %", "NSR floes m"]
    rows = []
    for s in states:
        whole, nsr = _row(s.whole), _row(s.nsr)
        rows.append([s.date, whole[3], whole[4], nsr[1], nsr[2], nsr[4]])
    told = wrapped(f"ice month by month: {states[0].label}")
    table = text_table(header, rows, right=(1, 2, 3, 4, 5))
    return "\n".join([*told, "", table, "", "Not an ice forecast, not for navigation."])


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


def ice_dict(state: IceState) -> dict[str, Any]:
    """The document of `northabout ice --json`."""
    from sim.study.ice_summary import EDGE

    out: dict[str, Any] = {"date": state.date, "ice": state.label, "kind": state.kind}
    if state.z is not None:
        out["z"] = round(state.z, 3)
    if state.warming_c is not None:
        out["warming_c"] = round(state.warming_c, 3)
    return out | {
        "edge": EDGE,
        "seas": [area_dict(a) for a in state.seas],
        "straits": [area_dict(a) for a in state.straits],
        "nsr": area_dict(state.nsr),
        "whole": area_dict(state.whole),
        "sources": list(state.sources),
        "note": "not an ice forecast, not for navigation",
    }


def area_dict(area: AreaIce) -> dict[str, Any]:
    """The ice of a sea or strait as JSON values."""
    digits = {"area_1000km2": 1, "ice_area_1000km2": 1, "thickness_m": 2, "max_thickness_m": 2}
    out: dict[str, Any] = {"id": area.id, "name": area.name}
    for key, value in vars(area).items():
        if key not in out:
            # + 0.0: a rounded -0.0 would be printed as such
            out[key] = None if value is None else round(value, digits.get(key, 4)) + 0.0
    return out


def ice_frame(state: IceState) -> DataFrame:
    """A row a sea, a strait, the Northern Sea Route and the whole."""
    from pandas import DataFrame

    return DataFrame([area_dict(a) for a in (*state.seas, *state.straits, state.nsr, state.whole)])
