"""The ranking of straits as text, CSV and JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sim.report.files import csv_text
from sim.report.layout import counted, cut, text_table, width, wrapped
from sim.report.trade.exposure import COUNTRIES

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.study.straits.chokepoints import Chokepoints, ClosedSet, FlowCuts
    from sim.study.straits.rounds import Harm

RANKED = {"cost": "extra cost", "ship_days": "extra ship-days", "cut_off": "what is cut off"}
NOTE = (
    "Closed for a whole year. Touched: the usual laden route crosses what is closed. Cut off: no feasible sea route; "
    "bn USD: the worth of that. Ship-days and cost: more than today, a year, for what can still be carried, with the "
    "ballast voyage. Routes are the shortest in miles, ice-free, at service speed, so that a closure can also save "
    "money. No waiting, no stocks, no other supplier, no spare pipeline, no change of price."
)
PADDED = "Sets are listed where each of their passages makes them worse."
EXACT = "Single passages and pairs: all were computed."
SEARCHED = "Larger sets: found by a search, a lower bound of the worst."
PROVED = "Larger sets: exact, no set of so many passages cuts off more."
HEADER = (
    "size", "rank", "passages", "touched_t", "touched_teu", "touched_usd", "cut_t", "cut_teu", "cut_usd", "ship_days",
    "fuel_t", "cost_usd", "cost_missing",
)  # fmt: skip


def chokepoints_text(found: Chokepoints, top: int = 10) -> str:
    """The ranking for a terminal: single passages, pairs, larger sets, and the smallest cuts."""
    volume = found.volume
    lines = wrapped(f"Straits that matter: {_who(found)}, {counted(len(found.flows), 'flow')}, by {RANKED[found.rank]}")
    lines += wrapped(f"supply: {'; '.join(_amounts(volume)) or 'nothing'} a year")
    if found.no_value:
        lines += wrapped(f"without a value in USD, counted as 0: {', '.join(found.no_value)}")
    for size, sets in found.sets.items():
        title = {1: "Single passages", 2: "Pairs"}.get(size, f"Sets of {size}")
        lines += ["", f"{title} closed", "", _table(sets[:top], found)] if sets else ["", f"{title}: none"]
    lines += _cut_lines(found)
    told = [EXACT, PROVED if found.rank == "cut_off" else SEARCHED] if max(found.sets) > 2 else [EXACT]
    gaps = dict.fromkeys(n for sets in found.sets.values() for s in sets[:top] for n in s.cost_missing)
    missing = [*wrapped(f"!: the cost is incomplete, without {', '.join(gaps)}"), ""] if gaps else []
    return "\n".join([*lines, "", *missing, *wrapped(" ".join([NOTE, PADDED, *told]), rest="")])


def _who(found: Chokepoints) -> str:
    goods = found.goods or "all goods"
    if found.importer is None:
        return f"{goods} of all importers"
    return f"{goods} imported by {COUNTRIES.get(found.importer, found.importer)}"


def _amounts(harm: Harm) -> list[str]:
    """Volumes with their units, those that are there."""
    parts = [(harm.cut_t / 1e6, "Mt"), (harm.cut_teu / 1e6, "M TEU"), (harm.cut_usd / 1e9, "bn USD")]
    return [f"{value:,.1f} {unit}" for value, unit in parts if value]


def _table(sets: tuple[ClosedSet, ...], found: Chokepoints) -> str:
    whole = found.volume
    units = [u for u, v in (("t", whole.cut_t), ("teu", whole.cut_teu)) if v]
    shown = {"t": "t", "teu": "TEU"}
    header = ["", "closed", *(f"{w} {shown[u]}" for u in units for w in ("touched", "cut off"))]
    header += ["bn USD", "ship-days", "MUSD"]
    rows = []
    for k, s in enumerate(sets, start=1):
        h = asdict(s.harm)
        shares = [_share(h[f"{w}_{u}"], getattr(whole, f"cut_{u}")) for u in units for w in ("touched", "cut")]
        rows.append(
            [
                str(k), " + ".join(s.passages), *shares, f"{s.harm.cut_usd / 1e9:,.1f}",
                f"{s.harm.ship_days:+,.0f}", f"{s.harm.cost_usd / 1e6:+,.0f}{' !' if s.cost_missing else ''}",
            ]
        )  # fmt: skip
    table = text_table(header, rows, right=[0, *range(2, len(header))])
    return table if max(map(len, table.splitlines())) <= width() else _two_lines(header, rows)


def _two_lines(header: list[str], rows: list[list[str]]) -> str:
    """A table whose sets stand below the figures, where they are too long for a column."""
    table = text_table([header[0], *header[2:]], [[r[0], *r[2:]] for r in rows], right=range(len(header))).splitlines()
    return "\n".join([*table[:2], *(line for t, r in zip(table[2:], rows, strict=True) for line in (t, f"    {r[1]}"))])


def _share(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f} %" if not part or part >= 0.01 * whole else f"{100 * part / whole:.1f} %"


def _cut_lines(found: Chokepoints) -> list[str]:
    """What passages can cut off, and by which smallest sets."""
    cuts = found.cuts
    can = [f for f in cuts.flows if f.cuttable_share > 0]
    cannot = [f for f in cuts.flows if f.cuttable_share < 1]
    lines = ["", "Smallest sets that cut off (exact)", ""]
    if not can:
        return [*lines[:2], *wrapped("no flow: the open sea leads round all passages")]
    share = "; ".join(_amounts(cuts.cuttable))
    lines += wrapped(f"all that passages can cut off, {share} of {'; '.join(_amounts(cuts.supply))} by sea:")
    lines += wrapped(f"{len(cuts.smallest)} passages: {' + '.join(cuts.smallest)}", "  ", "    ")
    by_set: dict[tuple[str, ...], list[FlowCuts]] = {}
    for f in can:
        by_set.setdefault(f.smallest, []).append(f)
    lines.append("by flow:")
    for cut_set, flows in sorted(by_set.items(), key=lambda e: (len(e[0]), e[0])):
        names = "; ".join(_part(f) for f in flows)
        lines += wrapped(f"{len(cut_set)}  {' + '.join(cut_set)}: {names}", "  ", "     ")
    if cannot:
        names = "; ".join(cut(f.flow.name, 48) for f in cannot)
        lines += wrapped(f"by no set, or not in whole (the open sea leads round all passages): {names}")
    return lines


def _part(f: FlowCuts) -> str:
    part = "" if f.cuttable_share == 1 else f" ({100 * f.cuttable_share:.0f} %)"
    return cut(f.flow.name, 48) + part


def chokepoints_csv(found: Chokepoints) -> str:
    """All sets of the ranking, a row a set."""
    return csv_text(HEADER, _rows(found))


def _rows(found: Chokepoints) -> list[list[Any]]:
    """The values of `HEADER`."""
    rows = []
    for size, sets in found.sets.items():
        for k, s in enumerate(sets, start=1):
            harm = _harm(s.harm)
            rows.append([size, k, " ".join(s.passages), *(harm[n] for n in HEADER[3:-1]), "; ".join(s.cost_missing)])
    return rows


def chokepoints_frame(found: Chokepoints) -> DataFrame:
    """The sets of the ranking, with the columns of the CSV."""
    from pandas import DataFrame

    return DataFrame(_rows(found), columns=list(HEADER))


def _harm(harm: Harm) -> dict[str, float]:
    return {name: round(value, 1) for name, value in asdict(harm).items()}


def _volume(harm: Harm) -> dict[str, float]:
    return {"t": round(harm.cut_t, 1), "teu": round(harm.cut_teu, 1), "usd": round(harm.cut_usd, 1)}


def chokepoints_dict(found: Chokepoints) -> dict[str, Any]:
    """The JSON of `northabout chokepoints`."""
    return {
        "importer": found.importer,
        "goods": found.goods,
        "rank": found.rank,
        "assumptions": {"sailing_days": found.sailing_days, "note": NOTE},
        "supply": _volume(found.volume),
        "no_value": list(found.no_value),
        "sets": [
            {
                "passages": list(s.passages), "size": size, "rank": k, **_harm(s.harm),
                "ships": round(s.harm.ship_days / found.sailing_days, 3), "cost_missing": list(s.cost_missing),
                "exact": size <= 2 or found.rank == "cut_off",
            }
            for size, sets in found.sets.items()
            for k, s in enumerate(sets, start=1)
        ],
        "cuts": {
            "smallest": list(found.cuts.smallest),
            "cuttable": _volume(found.cuts.cuttable),
            "by_sea": _volume(found.cuts.supply),
            "flows": [
                {
                    "id": f.flow.id, "name": f.flow.name, "cuttable_share": round(f.cuttable_share, 4),
                    "smallest": list(f.smallest),
                }
                for f in found.cuts.flows
            ],
        },
    }  # fmt: skip
