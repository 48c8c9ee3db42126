"""Narrow waters by name: what is drawn by hand, and what must lead through."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
from shapely import Polygon

import geodata
from geodata.build.land import unwrap
from geodata.build.width.channels import Line
from geodata.build.width.ladder import WidthRule
from geodata.build.width.obstacles import Drawn, Shipping, obstacles
from geodata.build.width.shoals import samples, wheel
from sim import tables
from sim.geo.geodesy import lonlat, vectors, way_nm
from sim.geo.land import danger_polygons
from sim.geo.network import SeaNetwork
from sim.geo.passages import Passage, PassageTable, ShipSize
from sim.geo.ports import PortTable, read_ports
from sim.tables import Filled, From, OneOf

CLEARANCE = "clearance.json"
BESIDE_NM = 12.0  # at least so far from its gate a passage is looked for from either side
BESIDE = 0.6  # or this share of the gate's length
AROUND, AROUND_NM = 1.3, 10.0  # a way longer than its water's line by this share and so much more goes round it


@dataclass(frozen=True)
class NarrowWater:
    """A row of narrow_waters.csv: a line of lon, lat degrees that ships sail.

    Kind `drawn`: narrower than the map can tell but dredged or sailed all the same; within `half_width_nm` of the line
    a ship keeps the tight clearance. Kind `by_width`: the law of the width opens it; the line only names it.
    """

    id: Filled
    kind: Annotated[str, OneOf(("by_width", "drawn"))]
    half_width_nm: float
    line: Annotated[Line, From("fairway_lon_lat")]


def narrow_waters() -> list[NarrowWater]:
    """Rows of geodata/tables/narrow_waters.csv."""
    return list(tables.rows(geodata.table("narrow_waters.csv"), NarrowWater, unique="id"))


def through_gate(passage: Passage) -> Line:
    """A line through a gate, square to it."""
    ends = vectors(np.array(passage.gate))
    middle = ends.sum(axis=0)
    middle /= np.linalg.norm(middle)
    along = ends[1] - ends[0]
    length = float(np.linalg.norm(along))
    square = np.cross(middle, along / length)
    reach = max(BESIDE * length, np.deg2rad(BESIDE_NM / 60))
    return tuple(
        (float(lon), float(lat)) for lon, lat in lonlat(np.array([middle + s * reach * square for s in (-1, 1)]))
    )


def _law() -> tuple[WidthRule, float]:
    values = json.loads(geodata.table(CLEARANCE).read_text())
    tight_nm = values.pop("tight_nm")
    return WidthRule(**values), tight_nm


def clear_of(land: list[Polygon], raw: Path) -> list[Polygon]:
    """Polygons that no leg may cross: by the law of the width, with waters drawn by hand, and dangers. `raw` is the
    folder of the raw archives."""
    rule, tight_nm = _law()
    waters = narrow_waters()
    drawn = [Drawn(w.half_width_nm, tight_nm, w.line) for w in waters if w.kind == "drawn"]
    gates = [through_gate(p) for p in PassageTable.load().all if p.kind == "strait"]
    by_hand = len(read_ports(geodata.table("ports.csv")))  # the first of all, and the main ones
    ports = np.array([p.sea or (p.lon, p.lat) for p in PortTable.load().all])
    lines = [w.line for w in waters if len(w.line) > 1] + gates
    shipping = Shipping(ports, by_hand, lines, samples(wheel(raw)))
    return obstacles(land, rule, drawn, danger_polygons(), shipping)


def without_effect(net: SeaNetwork) -> list[str]:
    """What keeps no water open: passages that no leg crosses, and named waters with an end that no ocean joins, or
    that a path of the network from one end to the other goes round."""
    bits = np.bitwise_or.reduce(net.edge_arrays()[3])
    found = [f"passage {p}: no leg crosses its gate" for p in net.passages.ids if not bits & net.passages.bits([p])]
    for water in narrow_waters():
        if len(water.line) < 2:
            continue
        nm = way_nm(unwrap(np.array(water.line)))
        ends = [net.place(end) for end in (water.line[0], water.line[-1])]
        path = net.path(ends[0], ends[1], net.demand("any", (), ShipSize(), (), (), True))
        if not all(end.connected for end in ends) or path is None:
            found.append(f"narrow water {water.id}: an end of its line has no connection to the ocean")
        elif path.length_nm > AROUND * nm + AROUND_NM:
            found.append(f"narrow water {water.id}: {path.length_nm:.0f} nm from end to end, its line is {nm:.0f} nm")
    return found


def check_effect(net: SeaNetwork) -> None:
    """End the build where a passage or a named water has no effect."""
    found = without_effect(net)
    for text in found:
        print(f"  {text}", file=sys.stderr)
    if found:
        raise SystemExit(f"{len(found)} passages and named waters have no effect")
