"""GeoPackage: a layer each for routes, legs, waypoints, passages and closures, written by GDAL through pyogrio."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.report.listings import CRS, located

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from sim.report.export.layers import Kind, Layer

MOMENT: Final = "2000-01-01T00:00:00.000Z"  # that the file says it is of: the same result gives the same bytes
TYPES: Final[dict[Kind, str]] = {
    "text": "object", "real": "float64", "whole": "int64", "flag": "boolean", "moment": "datetime64[ms, UTC]",
}  # fmt: skip


def gpkg(given: Sequence[Layer]) -> bytes:
    """The layers as a GeoPackage."""
    import pyogrio

    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": MOMENT})
    try:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "made.gpkg"
            for k, layer in enumerate(given):
                pyogrio.write_dataframe(
                    _frame(layer), file, layer=layer.name, driver="GPKG", append=k > 0,
                    geometry_type=layer.geometry, promote_to_multi=layer.geometry != "Point",
                    layer_options={"DESCRIPTION": layer.title, "FID": "id"},
                )  # fmt: skip
            return file.read_bytes()
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _frame(layer: Layer) -> GeoDataFrame:
    """A layer as a frame with the type of each column, of rows or of none."""
    rows: list[dict[str, Any]] = [dict(zip(layer.columns, row, strict=True)) for row in layer.rows]
    types = {name: TYPES[kind] for name, kind in layer.columns.items()}
    if not rows:
        from geopandas import GeoDataFrame
        from pandas import Series

        return GeoDataFrame({n: Series([], dtype=t) for n, t in types.items()}, geometry=[], crs=CRS)
    return located(rows, list(layer.geometries)).astype(types)
