"""Maps: sheets, coasts, routes, names and ice on them."""
