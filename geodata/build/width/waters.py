"""Waters by name that the law of the width must leave open: narrow ones, gates of straits, and those drawn by hand."""

from __future__ import annotations

import json

import numpy as np
from shapely import Polygon

import geodata
from geodata.build.clearance import narrow_waters
from geodata.build.width.channels import Line
from geodata.build.width.ladder import WidthRule
from geodata.build.width.obstacles import Drawn, obstacles
from sim.geo.geodesy import lonlat, vectors
from sim.geo.land import danger_polygons
from sim.geo.passages import Passage, PassageTable
from sim.geo.ports import PortTable

CLEARANCE = "clearance.json"
BESIDE_NM = 12.0  # at least so far from its gate a passage is looked for from either side
BESIDE = 0.6  # or this share of the gate's length


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


def _law() -> tuple[WidthRule, list[str], float]:
    """The law, the waters that are drawn by hand, and the clearance in them, nm."""
    table = json.loads(geodata.table(CLEARANCE).read_text())
    values = table["by_width"]
    drawn = values.pop("drawn")
    return WidthRule(**values), drawn, float(table["tight_nm"])


def clear_of(land: list[Polygon]) -> list[Polygon]:
    """Polygons that no leg may cross: by the law of the width, with waters drawn by hand, and dangers."""
    rule, by_hand, tight_nm = _law()
    waters = narrow_waters()
    drawn = [Drawn(w.half_width_nm, tight_nm, w.lonlat) for w in waters if w.id in by_hand]
    gates = [through_gate(p) for p in PassageTable.load().all if p.kind == "strait"]
    ports = np.array([p.sea or (p.lon, p.lat) for p in PortTable.load().all])
    lines = [w.lonlat for w in waters if len(w.lonlat) > 1] + gates
    return obstacles(land, rule, drawn, danger_polygons(), ports, lines)
