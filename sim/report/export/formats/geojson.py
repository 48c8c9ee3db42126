"""GeoJSON (RFC 7946): one collection of all layers, lines cut at 180 degrees, lon, lat on WGS84 without a `crs`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sim.report.files import json_text
from sim.report.voyages import moment_text

if TYPE_CHECKING:
    from sim.report.export.layers import Layer


def geojson(given: Sequence[Layer]) -> bytes:
    """The layers as one document; each feature says in `layer` which one it is of, and its id is its place there."""
    features = [
        {
            "type": "Feature",
            "id": f"{layer.name}/{k}",
            "geometry": geometry,
            "properties": {"layer": layer.name} | {c: _plain(v) for c, v in zip(layer.columns, row, strict=True)},
        }
        for layer in given
        for k, (row, geometry) in enumerate(zip(layer.rows, layer.geometries, strict=True), 1)
    ]
    return json_text({"type": "FeatureCollection", "features": features}).encode()


def _plain(value: Any) -> Any:
    return moment_text(value) if isinstance(value, datetime) else value
