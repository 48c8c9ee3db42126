"""Obstacles by a law of the local width (docs/decisions/0019-clearance-by-width.md)."""
