"""Errors against NGA Pub. 151 for several clearance rules: `python benchmarks/clearance.py 8,2,0.15 16,3,0.15 ...`.

Each rule (open, narrow, tight nm) gets a network of its own in memory, without the reduced graph; some minutes each.
The rule of geodata/tables/clearance.json was chosen with this table (docs/decisions/0003-clearance.md).
"""

from __future__ import annotations

import sys
from functools import cache

import numpy as np
from shapely.geometry.base import BaseGeometry
from validation import PUB151, compared, statistics

from geodata.build.__main__ import clearance_rule, stored_network
from geodata.build.clearance import ClearanceRule, ease, grown_land, narrow_waters
from geodata.build.graph import without_pockets
from sim import SeaNetwork
from sim.geo.land import danger_polygons, land_polygons
from sim.geo.passages import PassageTable
from sim.geo.ports import PortTable


@cache
def grown(distance_nm: float, share: float) -> BaseGeometry:
    """Land grown by a distance, made once a run."""
    return grown_land(list(land_polygons()), distance_nm, share)


def network(rule: ClearanceRule) -> SeaNetwork:
    """A network by a rule."""
    share = rule.simplify_share / 3
    kinds = {kind: grown(getattr(rule, f"{kind}_nm"), share) for kind in ("open", "narrow", "tight")}
    blocked = without_pockets(ease(kinds, rule, narrow_waters(), danger_polygons()))
    return SeaNetwork(
        stored_network(list(land_polygons()), blocked, with_lane=False), PortTable.load(), PassageTable.load()
    )


def main() -> None:
    """Print a row a rule."""
    shipped = clearance_rule()
    rules = [tuple(float(v) for v in text.split(",")) for text in sys.argv[1:]]
    rules = rules or [(shipped.open_nm, shipped.narrow_nm, shipped.tight_nm)]
    print("| open | narrow | tight | corners | rows | median abs | 95 % abs | median signed | mean signed | no route |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for open_nm, narrow_nm, tight_nm in rules:
        net = network(ClearanceRule(open_nm, narrow_nm, tight_nm, shipped.simplify_share))
        rows = [r for r in compared(net) if r.group in PUB151]
        good = [r for r in rows if np.isfinite(r.computed)]
        n, median, p95, signed, mean = statistics(good)
        print(
            f"| {open_nm:g} | {narrow_nm:g} | {tight_nm:g} | {net.graph.size:,} | {n} | {median:.2f} % | {p95:.2f} % "
            f"| {signed:+.2f} % | {mean:+.2f} % | {len(rows) - n} |",
            flush=True,
        )
    print(f"\nnarrow waters: {len(narrow_waters())}; dangers: {len(danger_polygons())}")


if __name__ == "__main__":
    main()
