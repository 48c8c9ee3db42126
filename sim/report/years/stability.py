"""The record of a stability corridor: JSON values, and its cells as a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.geo.cells import CELL_KM
from sim.report.voyages import moment_text

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from sim.study.sailing.stability import StabilityCorridor


def corridor_dict(corridor: StabilityCorridor) -> dict[str, Any]:
    """A corridor as JSON values: `cells` are lon, lat and the days more than the best of each."""
    is_open = corridor.status == "ok"
    cells = zip(corridor.lonlat.tolist(), corridor.extra_days.tolist(), strict=True)
    return {
        "route": corridor.label, "status": corridor.status, "reason": corridor.reason,
        "depart": moment_text(corridor.depart), "allowance_days": corridor.allowance_days,
        "days": round(corridor.days, 3) if is_open else None,
        "area_km2": round(corridor.area_km2) if is_open else None, "cell_km": CELL_KM,
        "cells": [[round(lon, 3), round(lat, 3), round(days, 3)] for (lon, lat), days in cells],
    }  # fmt: skip


def corridor_frame(corridor: StabilityCorridor) -> GeoDataFrame:
    """A row for each cell: the days that the quickest voyage over it takes more than the best, and its middle."""
    from geopandas import GeoDataFrame, points_from_xy

    middles = points_from_xy(*corridor.lonlat.T)
    return GeoDataFrame({"extra_days": corridor.extra_days}, geometry=middles, crs="EPSG:4326")
