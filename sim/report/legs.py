"""The legs of sailed voyages as CSV and GeoJSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.report.files import csv_text
from sim.report.reasons import ruling_text

if TYPE_CHECKING:
    from sim.geo.geodesy import Floats
    from sim.scenario.compare import Comparison
    from sim.voyage.voyage import VoyageLeg

COLUMNS = (
    "route", "leg", "start", "end", "from_lon", "from_lat", "to_lon", "to_lat", "water", "tag", "passages",
    "distance_nm", "hours", "wait_h", "speed_kn", "concentration", "thickness_m", "rio", "level", "escort",
    "low_confidence", "rule", "fuel_t",
)  # fmt: skip


def leg_dict(leg: VoyageLeg) -> dict[str, Any]:
    """A leg as JSON values; what is not known is null. Level and escort are null where there is no ice."""
    icy = leg.rio is not None
    return {
        "start": leg.start.replace(microsecond=0).isoformat(),
        "end": leg.end.replace(microsecond=0).isoformat(),
        "from_lon": round(float(leg.lonlat[0, 0]), 4),
        "from_lat": round(float(leg.lonlat[0, 1]), 4),
        "to_lon": round(float(leg.lonlat[-1, 0]), 4),
        "to_lat": round(float(leg.lonlat[-1, 1]), 4),
        "water": leg.water,
        "tag": leg.tag,
        "passages": list(leg.passages),
        "distance_nm": round(leg.distance_nm, 2),
        "hours": round(leg.hours, 3),
        "wait_h": round(leg.wait_h, 3),
        "speed_kn": round(leg.speed_kn, 2),
        "concentration": round(leg.concentration, 3),
        "thickness_m": round(leg.thickness_m, 3),
        "rio": round(leg.rio, 2) if leg.rio is not None else None,
        "level": leg.level if icy else None,
        "escort": leg.escorted if icy else None,
        "low_confidence": leg.low_confidence,
        "rule": ruling_text(leg.rule),
        "fuel_t": None if leg.fuel_t is None else round(leg.fuel_t, 3),
    }


def _legs(comparison: Comparison) -> list[tuple[str, int, VoyageLeg]]:
    """Legs of all voyages that reach their port, numbered from 1."""
    return [
        (o.label, k, leg)
        for o in comparison.outcomes
        if o.feasible and o.voyage is not None
        for k, leg in enumerate(o.voyage.legs, start=1)
    ]


def legs_csv(comparison: Comparison) -> str:
    """The legs of all voyages, a row each."""
    rows = []
    for label, number, leg in _legs(comparison):
        values = leg_dict(leg) | {"route": label, "leg": number, "passages": " ".join(leg.passages)}
        rows.append([str(v).lower() if isinstance(v, bool) else v for v in (values[c] for c in COLUMNS)])
    return csv_text(COLUMNS, rows)


def legs_geojson(comparison: Comparison) -> dict[str, Any]:
    """The legs of all voyages as a GeoJSON feature collection, lines cut at 180 degrees."""
    features = [
        {
            "type": "Feature",
            "properties": {"route": label, "leg": number} | leg_dict(leg),
            "geometry": _geometry(leg.lonlat),
        }
        for label, number, leg in _legs(comparison)
    ]
    return {"type": "FeatureCollection", "features": features}


def _geometry(lonlat: Floats) -> dict[str, Any]:
    import numpy as np

    from sim.geo.drawing import cut_line, densified

    lines = [np.round(line, 5).tolist() for line in cut_line(densified(lonlat, 30.0))]
    if len(lines) == 1:
        return {"type": "LineString", "coordinates": lines[0]}
    return {"type": "MultiLineString", "coordinates": lines}
