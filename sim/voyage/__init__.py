"""A ship on a route through time."""
