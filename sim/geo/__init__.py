"""Geodesy, land, passages, the sea network and routes through it. Knows no ship, no ice and no money."""
