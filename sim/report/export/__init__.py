"""Results as files for other programs: GeoPackage, GPX, KML, RTZ, GeoJSON, NetCDF and XLSX, all from one record."""
