"""Ways over the raw coast, on local grids: the last miles to a berth, and between places near each other."""
